@boost
def swap(a: int, b: int):
    """Docstrings are skipped."""
    a, b = b, a
    pass
    return a, b
#: def swap(a: int, b: int) -> (int, int, ):
#:     .1: int = b
#:     .2: int = a
#:     a: int = .1
#:     b: int = .2
#:     return (a, b,)

#====
@boost
def chained(x: float):
    y = z = x + 1
    w: "float" = y
    v: int
    return y + z + w
#: def chained(x: float) -> float:
#:     .1: float = (x +:float64 1): float
#:     y: float = .1
#:     z: float = .1
#:     w: float = y
#:     return ((y + z) + w)

#====
@boost
def unpack_shape(a: "float[:, :]"):
    [n, m] = a.shape
    (p, q), r = (n, m), 3
    return n * m + p + q + r
#: def unpack_shape(a: float64[:, :]) -> int:
#:     n: int = a.shape[0]
#:     m: int = a.shape[1]
#:     p: int = n
#:     q: int = m
#:     r: int = 3
#:     return ((((n * m) + p) + q) + 3)

#====
@boost
def unpack_array(a: "float[:]"):
    x, y = a
    return x - y
#: def unpack_array(a: float64[:]) -> np.float64:
#:     if (a.shape[0] < 2):
#:         raise ValueError("not enough values to unpack (expected 2, got " {a.shape[0]:} ")")
#:     if (a.shape[0] > 2):
#:         raise ValueError("too many values to unpack (expected 2)")
#:     x: np.float64 = a[0]
#:     y: np.float64 = a[1]
#:     return (x - y)

#====
@boost
def in_place(a: "float[:]", b: "float[:]", i: int):
    a += b
    a[i] += 1
    a[1:] *= 2.0
    a[b > 0] -= 1
    a[...] = 0
    a[i] = b[i] = 3
#: def in_place(a: float64[:], b: float64[:], i: int) -> None:
#:     a[] Add.float64= b
#:     a[i] = (a[i] +:float64 1): np.float64
#:     a[1:] Multiply.float64= 2.0
#:     .1: bool[:] = (b >:float64 0): bool[:]
#:     a[mask .1] Subtract.float64= 1
#:     a[:] = 0
#:     a[i] = 3
#:     b[i] = 3
#:     return None

#====
@boost
def static_branches(a: "float[:] or float[:, :] or float", absolute: "None or float" = None):
    if isinstance(a, float):
        return a
    if a.ndim == 2 and absolute is None:
        return a[0, 0]
    elif absolute is not None:
        return a.dtype == np.float64
    return 1.0
#: def static_branches(a: float64[:], absolute: None) -> float:
#:     return 1.0
#: def static_branches(a: float64[:], absolute: float) -> bool:
#:     return True
#: def static_branches(a: float64[:, :], absolute: None) -> np.float64:
#:     return a[0, 0]
#: def static_branches(a: float64[:, :], absolute: float) -> bool:
#:     return True
#: def static_branches(a: float, absolute: None) -> float:
#:     return a
#: def static_branches(a: float, absolute: float) -> float:
#:     return a

#====
@boost
def fails(n: int, x: float, a: "float[:]"):
    assert n > 0
    assert n < 10, f"n is {n}"
    assert True
    if n == 3:
        raise ValueError("three %d and %.3f%%" % (n, x))
    if n == 4:
        raise IndexError
    if n == 5:
        raise TypeError("shape {} of {0:>3d}".format(n) + ", " + f"{a.shape}")
    raise RuntimeError("always")
    return n
#: def fails(n: int, x: float, a: float64[:]) -> None:
#:     if not (n > 0):
#:         raise AssertionError()
#:     if not (n < 10):
#:         raise AssertionError("n is " {n:})
#:     if (n == 3):
#:         raise ValueError("three " {n:d} " and " {x:.3f} "%")
#:     if (n == 4):
#:         raise IndexError()
#:     if (n == 5):
#:         raise TypeError("shape " {n:} " of " {n:>3d} ", (" {a.shape[0]:} ",)")
#:     raise RuntimeError("always")

#====
@boost
def mixed_returns(n: int, a: "float[:]"):
    if n > 2:
        return n, a[0]
    with np.errstate(divide="ignore"):
        if n > 1:
            return 1.5, 2
    return (3, n)
#: def mixed_returns(n: int, a: float64[:]) -> (float, np.float64, ):
#:     if (n > 2):
#:         return (float(n), a[0],)
#:     if (n > 1):
#:         return (1.5, np.float64(2),)
#:     return (float(3), np.float64(n),)

#====
@boost
def nothing(a: "float[:]"):
    a[0] = 1
    del a
#: def nothing(a: float64[:]) -> None:
#:     a[0] = 1
#:     return None

#====
@boost
def literal(x: float, mode: "Literal['a', 'b']" = "a"):
    if mode == "a":
        return x
    return x * 2
#: def literal(x: float, mode: Literal["a"]) -> float:
#:     return x
#: def literal(x: float, mode: Literal["b"]) -> float:
#:     return (x *:float64 2): float

#====
@boost
def prints(a: "float[:]", n: int):
    if n > 3:
        print("large", n)
        n = 3
    for x in a:
        if x > 0:
            return n
    print(a)
    raise ValueError("none")
#: def prints(a: float64[:], n: int) -> int:
#:     if (n > 3):
#:         .1: str = Format(1, None, n): str
#:         Print(Concatenate(Concatenate(Text(Literal["large "]): str, .1): str, Text(Literal["\n"]): str): str): None
#:         n: int = 3
#:     for .k2 in range(0, a.shape[0], 1):
#:         x: np.float64 = a[.k2]
#:         if truth((x >:float64 0): np.bool):
#:             return n
#:     raise Python answers("`print` needs Python")

#====
@boost
def always_prints(n: int):
    print(n)
    for i in range(n):
        print(i)
    return n
#: def always_prints(n: int) -> int:
#:     .1: str = Format(1, None, n): str
#:     Print(Concatenate(.1, Text(Literal["\n"]): str): str): None
#:     for i in range(0, n, 1):
#:         .2: str = Format(1, None, i): str
#:         Print(Concatenate(.2, Text(Literal["\n"]): str): str): None
#:     return n
