def clamp(x, low, high):
    if x < low:
        return low
    if x > high:
        return high
    return x


@boost
def clamped(a: "float[:]", n: int):
    for i in range(n):
        y = clamp(a[i], 0.0, 1.0)
        a[i] = y
    return clamp(n, 1, 5)
#: def clamped(a: "float64[:]", n: "int") -> "int":
#:     for i in range(n):
#:         x: np.float64 = a[i]
#:         if x < 0.0:
#:             y: np.float64 = np.float64(0.0)
#:         elif x > 1.0:
#:             y = np.float64(1.0)
#:         else:
#:             y = x
#:         a[i] = y
#:     if n < 1:
#:         return 1
#:     if n > 5:
#:         return 5
#:     return n

#====
def average(a, b):
    return (a + b) / 2


@boost
def order(a: "int[:]", i: int, j: int):
    return average(a[i], a[j]), average(i, 1 // j)
#: def order(a: "int64[:]", i: "int", j: "int") -> "(np.float64, float, )":
#:     return ((a[i] + a[j]) / 2, (i + 1 // j) / 2)

#====
def first(a, b):
    return a - 1 if a > 0 else b


@boost
def lazy(n: int, k: int):
    return first(n, n // k)
#: def lazy(n: "int", k: "int") -> "int":
#:     b: int = n // k
#:     return n - 1 if n > 0 else b

#====
def fact(n):
    return 1 if n < 2 else n * fact(n - 1)


@boost
def factorials(n: int):
    return fact(10), fact(n)
#: def factorials(n: "int") -> "(int, int, )":
#:     return (3628800, fact(n))
#:
#:
#: def fact(n: "int") -> "int":
#:     return 1 if n < 2 else n * fact(n - 1)

#====
class Body:
    x: float
    v: float

    def force(self):
        return -self.x

    @boost
    def step(self, dt: float):
        self.v += self.force() * dt
        self.x += self.v * dt
#: def step(self, dt: "float") -> "None":
#:     changed = {}
#:     self_v = self.v
#:     self_x = self.x
#:     self_v = self_v + -self_x * dt
#:     self.v = self_v
#:     changed["v"] = 0
#:     self_x = self_x + self_v * dt
#:     self.x = self_x
#:     changed["x"] = 1
#:     return None

#====
def twice(x):
    try:
        y = 1 // x
    except ZeroDivisionError:
        y = 0
    return y


@boost
def tried(n: int, m: int):
    a = twice(n)
    b = twice(m)
    return a + b
#: def tried(n: "int", m: "int") -> "int":
#:     try:
#:         y: int = 1 // n
#:     except ZeroDivisionError as error1:
#:         y = 0
#:     try:
#:         y_2: int = 1 // m
#:     except ZeroDivisionError as error3:
#:         y_2 = 0
#:     return y + y_2
