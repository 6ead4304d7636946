@boost
def changes(x: int):
    x = x + 0.5
    x = x * 1j
    return x
#: def changes(x: int) -> complex:
#:     x'2: float = (x +:float64 0.5): float
#:     x'3: complex = (x'2 *:complex128 (0.0+1.0j)): complex
#:     return x'3

#====
@boost
def joined(n: int, f: np.float32):
    if n > 0:
        x = n
        y = f
        t = (1, 2.0)
    else:
        x = 2.5
        y = 1
        t = (3, n)
    return x, y, t
#: def joined(n: int, f: np.float32) -> (float, np.float32, (int, float, ), ):
#:     if (n > 0):
#:         x: int = n
#:         y: np.float32 = f
#:         t: (int, float, ) = (1, 2.0,)
#:         x'2: float = float(x)
#:     else:
#:         x'2: float = 2.5
#:         y'2: int = 1
#:         t'2: (int, int, ) = (3, n,)
#:         t: (int, float, ) = (t'2.0, float(t'2.1),)
#:         y: np.float32 = np.float32(y'2)
#:     return (x'2, y, t,)

#====
@boost
def one_branch(n: int, a: "float[:]"):
    tmp = 1
    if n > 0:
        tmp = a
    tmp = 2
    return tmp
#: def one_branch(n: int, a: float64[:]) -> int:
#:     tmp: int = 1
#:     if (n > 0):
#:         tmp'2: float64[:] = a
#:     tmp: int = 2
#:     return 2

#====
@boost
def conflict(n: int, a: "float[:]"):
    if n > 0:
        x = a
    else:
        x = 1.0
    return x
#: HS0205 `x` has types that one variable cannot hold
#:     module.py:7 `x`: read here, after paths with different types
#:     module.py:4 `x`: `float64[:]` here
#:     module.py:6 `x`: `float` here
#:     help: give the two values different names, or the same type

#====
@boost
def unbound(n: int):
    if n > 0:
        x = 1
    for i in range(n):
        y = i
    return x + y + z_unknown
#: HS0204 `z_unknown` is not known at build time
#:     module.py:7 `z_unknown`: not a local variable, nor a constant, function or module that the source shows
#:     help: give `z_unknown` to the function as an argument

#====
@boost
def read_first(n: int):
    k = k + n
    return k
#: HS0207 `k` is read before it is set
#:     module.py:3 `k`: not set here

#====
@boost
def leaves(n: int):
    if n > 0:
        x = 1
    else:
        raise ValueError("n")
    return x
#: def leaves(n: int) -> int:
#:     if (n > 0):
#:         x: int = 1
#:     else:
#:         raise ValueError("n")
#:     return 1

#====
@boost
def none_or(n: int, a: "None or float[:]" = None):
    if a is None:
        a = np.zeros(n)
    return a[0]
#: def none_or(n: int, a: None) -> np.float64:
#:     a'2: float64[:] = fill((n), np.float64(0.0)): float64[:]
#:     return a'2[0]
#: def none_or(n: int, a: float64[:]) -> np.float64:
#:     return a[0]

#====
@boost
def last_one(a: "float[:]", n: int):
    for i in range(n):
        c = a * 2
        if c[0] > 3:
            raise ValueError("stop")
    if n > 3:
        del n
    return c, i, n
#: def last_one(a: float64[:], n: int) -> (float64[:], int, int, ):
#:     .set.c: bool = False
#:     .set.i: bool = False
#:     .set.n: bool = True
#:     for i in range(0, n, 1):
#:         .set.i: bool = True
#:         c: float64[:] = (a *:float64 2): float64[:]
#:         .set.c: bool = True
#:         if truth((c[0] >:float64 3): np.bool):
#:             raise ValueError("stop")
#:     if (n > 3):
#:         .set.n: bool = False
#:     if not .set.c:
#:         raise UnboundLocalError("cannot access local variable 'c' where it is not associated with a value")
#:     if not .set.i:
#:         raise UnboundLocalError("cannot access local variable 'i' where it is not associated with a value")
#:     if not .set.n:
#:         raise UnboundLocalError("cannot access local variable 'n' where it is not associated with a value")
#:     return (c, i, n,)

#====
@boost
def previous(n: int):
    y = 0
    for i in range(n):
        if i > 0:
            y = y + x
        x = i
    return y
#: def previous(n: int) -> int:
#:     .set.x: bool = False
#:     y: int = 0
#:     for i in range(0, n, 1):
#:         if (i > 0):
#:             if not .set.x:
#:                 raise UnboundLocalError("cannot access local variable 'x' where it is not associated with a value")
#:             y: int = (y + x)
#:         x: int = i
#:         .set.x: bool = True
#:     return y

#====
@boost
def never_set(n: int):
    for i in range(n):
        y = x
    return [3, 4][0]
#: HS0204 `x` is not known at build time
#:     module.py:4 `x`: not a local variable, nor a constant, function or module that the source shows
#:     help: give `x` to the function as an argument
