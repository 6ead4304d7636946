@boost
def a(x: bool):
    y = 1 if x else 2
    return y == 3
#: def a(x: "bool") -> "bool":
#:     return False

#====
def foo(a):
    return a + 1


@boost
def bar(b: int, c: int):
    return foo(b), foo(2 * c)
#: def bar(b: "int", c: "int") -> "(int, int, )":
#:     return (b + 1, 2 * c + 1)

#====
@boost
def double():
    ret = 0
    for i in range(1, 3):
        for j in range(1, 4):
            ret += i * j
    return ret
#: def double() -> "int":
#:     return 18

#====
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@boost
def fibs():
    return [fib(i) for i in [1, 2, 8, 20]]
#: def fibs() -> "list[int]":
#:     return [1, 1, 21, 6765]

#====
@boost
def weighted(v: float, w: float, x: float, y: float, z: float):
    return sum(np.array([v, w, x, y, z]) * (.1, .2, .3, .2, .1))
#: def weighted(v: "float", w: "float", x: "float", y: "float", z: "float") -> "np.float64":
#:     return np.float64(0.0) + np.float64(v) * np.float64(0.1) + np.float64(w) * np.float64(0.2) + np.float64(x) * np.float64(0.3) + np.float64(y) * np.float64(0.2) + np.float64(z) * np.float64(0.1)

#====
@boost
def weighted2(v: float, w: float, x: float, y: float, z: float):
    return np.sum(np.array([v, w, x, y, z]) * (.1, .2, .3, .2, .1))
#: def weighted2(v: "float", w: "float", x: "float", y: "float", z: "float") -> "np.float64":
#:     return np.float64(0.0) + np.float64(v) * np.float64(0.1) + np.float64(w) * np.float64(0.2) + np.float64(x) * np.float64(0.3) + np.float64(y) * np.float64(0.2) + np.float64(z) * np.float64(0.1)
