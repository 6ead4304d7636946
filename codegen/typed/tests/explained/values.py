@boost
def sets(x: bool, y: bool):
    n = 1 if x else 3
    m = 2 if y else 4
    return n * m < 13, n * m, n == m
#: def sets(x: "bool", y: "bool") -> "(bool, int, bool, )":
#:     n: int = 1 if x else 3
#:     m: int = 2 if y else 4
#:     return (True, n * m, False)

#====
@boost
def ranges(a: "float[:]"):
    s = 0.0
    for i in range(len(a)):
        if i >= 0:
            s += a[i]
        if i < 0:
            s -= 1.0
    return s
#: def ranges(a: "float64[:]") -> "np.float64":
#:     s: np.float64 = np.float64(0.0)
#:     for i in range(a.shape[0]):
#:         s = s + a[i]
#:     return s

#====
@boost
def kept(n: int):
    a = 1 // n
    b = [1, 2]
    c = n * 2
    return 3
#: def kept(n: "int") -> "int":
#:     a: int = 1 // n
#:     t1: list[int] = [1, 2]
#:     c: int = n * 2
#:     return 3

#====
@boost
def refined(n: int):
    if n > 5:
        if n > 3:
            return n
        return -1
    return n == 7
#: HS0205 `refined` returns values that no one type holds

#====
@boost
def collatz():
    n = 27
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps
#: def collatz() -> "int":
#:     return 111

#====
@boost
def endless(n: int):
    k = 0
    while True:
        k += 1
        if k * k > n:
            break
    return k
#: def endless(n: "int") -> "int":
#:     k: int = 0
#:     while True:
#:         k = k + 1
#:         if k * k > n:
#:             break
#:     return k

#====
@boost
def overflows():
    n = 2
    for i in range(10):
        n = n * n
    return n
#: def overflows() -> "int":
#:     n: int = 2
#:     for i in range(10):
#:         n = n * n
#:     return n

#====
@boost
def raises():
    total = 0
    for i in range(3, -1, -1):
        total += 6 // i
    return total
#: def raises() -> "int":
#:     total: int = 0
#:     for i in range(3, -1, -1):
#:         total = total + 6 // i
#:     return total

#====
@boost
def squares(n: int):
    a = [i * i for i in range(5)]
    a.append(n)
    return a
#: def squares(n: "int") -> "list[int]":
#:     return [0, 1, 4, 9, 16, n]

#====
@boost
def searched():
    for n in range(2, 100):
        if n * n > 1000:
            return n
    return -1
#: def searched() -> "int":
#:     return 32

#====
@boost
def floats():
    x = 0.1
    for i in range(10):
        x = x * 1.5 - 0.25 / (i + 1)
    return x, math.sin(1.0), math.sqrt(2.25), 7.5 % -2.0, -0.0
#: def floats() -> "(float, float, float, float, float, )":
#:     return (-10.031831287202381, math.sin(1.0), 1.5, -0.5, -0.0)

#====
@boost
def literals(kind: "Literal[3, 4]", x: float):
    if kind == 3:
        return x
    return x + kind
#: HS0301 `literals` stays pure Python: `Literal` is not a known type
