@boost
def chain(a: int, b: int, c: int):
    return a < b <= c + 1 < 10
#: def chain(a: int, b: int, c: int) -> bool:
#:     .2: bool = (a < b)
#:     if .2:
#:         .1: int = (c + 1)
#:         .2: bool = (b <= .1)
#:     return (.2 and (.1 < 10))

#====
@boost
def logic(a: int, b: int, x: float):
    return a and b, a or 2, x or a, not a
#: def logic(a: int, b: int, x: float) -> (int, int, float, bool, ):
#:     return ((a and b), (a or 2), (x or float(a)), not truth(a),)

#====
@boost
def ternary(a: int, x: float):
    y = a if x > 0 else x
    return y if isinstance(y, float) else "never"
#: def ternary(a: int, x: float) -> float:
#:     y: float = (float(a) if (x >:float64 0): bool else x)
#:     return y

#====
@boost
def membership(n: int, s: "Literal['C', 'F']"):
    return n in (1, 2, 3), n not in (4,), s in ("C", "K"), s == "C"
#: def membership(n: int, s: Literal["C"]) -> (bool, bool, bool, bool, ):
#:     return ((((n == 1) or (n == 2)) or (n == 3)), not (n == 4), True, True,)
#: def membership(n: int, s: Literal["F"]) -> (bool, bool, bool, bool, ):
#:     return ((((n == 1) or (n == 2)) or (n == 3)), not (n == 4), False, False,)

#====
N = 3
HALF = 1 / 2
SHAPE = (N, N + 1)
TWO_PI = 2 * np.pi
@boost
def constants(x: float):
    k = SHAPE[1] if N > 2 else 0
    return x * TWO_PI + HALF, k, SHAPE[::-1], len(SHAPE), -N
#: def constants(x: float) -> (float, int, (int, int, ), int, int, ):
#:     k: int = 4
#:     return (((x * (2 *:float64 3.141592653589793): float) + (1 /:int64 2): float), 4, (4, 3,), 2, -3,)

#====
@boost
def tuples(n: int):
    t = (n, n + 1, 2.5)
    u = t[:2] + (7,)
    return t[-1], u[n], u * 2, t[0] == 1
#: def tuples(n: int) -> (float, int, (int, int, int, int, int, int, ), bool, ):
#:     t: (int, int, float, ) = (n, (n + 1), 2.5,)
#:     u: (int, int, int, ) = (t.0, t.1, 7,)
#:     .1: float = t.2
#:     if ((n < -3) or (n >= 3)):
#:         raise IndexError("tuple index out of range")
#:     .5: int = (u.0 if ((n == 0) or (n == -3)) else (u.1 if ((n == 1) or (n == -2)) else u.2))
#:     .2: int = u.0
#:     .3: int = u.1
#:     .4: int = u.2
#:     return (.1, .5, (.2, .3, .4, .2, .3, .4,), (t.0 == 1),)

#====
@boost
def dtypes(a: "float32[:]"):
    dtype = a.dtype
    b = np.zeros(3, dtype=dtype)
    if dtype in (np.float64, np.float32):
        return b
    return 1
#: def dtypes(a: float32[:]) -> float32[:]:
#:     b: float32[:] = fill((3), np.float32(0.0)): float32[:]
#:     return b

#====
@boost
def evaluation_order(a: "float[:]", i: int):
    return a[i] + sum(x for x in a) * 2
#: def evaluation_order(a: float64[:], i: int) -> np.float64:
#:     .4: np.float64 = a[i]
#:     .sum2: int = 0
#:     .sum2'2: np.float64 = np.float64(.sum2)
#:     for .k3 in range(0, a.shape[0], 1):
#:         .x.1: np.float64 = a[.k3]
#:         .sum2'2: np.float64 = (.sum2'2 + .x.1)
#:     return (.4 + (.sum2'2 *:float64 2): np.float64)

#====
def check(a):
    a[0] = 1.0
@boost
def none(a: "float[:]"):
    if check(a) is None and a[7] is not None:
        return 1
    return 2
#: def none(a: float64[:]) -> int:
#:     check#1(a)
#:     a[7]
#:     return 1
#:
#: def check(a: float64[:]) -> None:
#:     a[0] = 1.0
#:     return None

#====
def bump(a):
    a[0] += 1.0
    return a
@boost
def types(a: "float[:]", b: "float[:, :]", i: int):
    n = bump(a).ndim + len((bump(a), bump(a)))
    if isinstance(bump(a), float):
        n += 1
    return n, a[7].ndim, (1 // i) is None, np.shape(b[7, 7]), (a + b).ndim, b.T.ndim
#: def types(a: float64[:], b: float64[:, :], i: int) -> (int, int, bool, (), int, int, ):
#:     .1: float64[:] = bump#1(a)
#:     bump#1(a)
#:     bump#1(a)
#:     n: int = 3
#:     bump#1(a)
#:     .2: np.float64 = a[7]
#:     (1 // i)
#:     .3: np.float64 = b[7, 7]
#:     .5: () = ()
#:     .4: float64[:, :] = (a +:float64 b): float64[:, :]
#:     return (3, 0, False, .5, 2, 2,)
#:
#: def bump(a: float64[:]) -> float64[:]:
#:     a[0] = (a[0] +:float64 1.0): np.float64
#:     return a

#====
@boost
def asserted(a: "float[:]", b: "float[:]"):
    assert (a - b).ndim == 1
    return (None if a[7] > 0.0 else None), (a[5], 1) == (a[6], 2), 1 in (1, a[8]), (a[9], 0)[1]
#: def asserted(a: float64[:], b: float64[:]) -> (None, bool, bool, int, ):
#:     .1: float64[:] = (a - b)
#:     truth((a[7] >:float64 0.0): np.bool)
#:     .2: np.float64 = a[5]
#:     .3: np.float64 = a[6]
#:     .4: np.float64 = a[8]
#:     return (None, False, True, (a[9], 0,).1,)
