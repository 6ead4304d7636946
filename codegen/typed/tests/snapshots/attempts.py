@boost
def caught(a: "float[:]", i: int):
    try:
        x = a[i]
    except (IndexError, KeyError):
        x = 0.0
    except ArithmeticError as e:
        raise e
    else:
        x += 1.0
    return x
#: def caught(a: float64[:], i: int) -> np.float64:
#:     try 1:
#:         x: np.float64 = a[i]
#:     except IndexError, KeyError:
#:         x'2: float = 0.0
#:         x: np.float64 = np.float64(x'2)
#:     except ArithmeticError, FloatingPointError, OverflowError, ZeroDivisionError:
#:         raise again 1
#:     else:
#:         x: np.float64 = (x +:float64 1.0): np.float64
#:     return x

#====
@boost
def finally_behind_every_way(a: "float[:]", n: int):
    for i in range(n):
        try:
            if a[i] < 0.0:
                break
            if a[i] > 5.0:
                return i
        finally:
            a[0] = 1.0
    return n
#: def finally_behind_every_way(a: float64[:], n: int) -> int:
#:     for i in range(0, n, 1):
#:         try 1:
#:             if truth((a[i] <:float64 0.0): np.bool):
#:                 leave 1 to exit 0
#:             if truth((a[i] >:float64 5.0): np.bool):
#:                 .1: int = i
#:                 leave 1 to exit 1
#:         except all:
#:             a[0] = 1.0
#:             raise again 1
#:         exit 0:
#:             a[0] = 1.0
#:             break
#:         exit 1:
#:             a[0] = 1.0
#:             return .1
#:         a[0] = 1.0
#:     return n

#====
@boost
def kept_as_the_common_type(a: "float[:]", i: int):
    x = 1
    try:
        x = 2
        x = 0.5
        a[i] = 1.0
    except IndexError:
        return x
    return 0.0
#: def kept_as_the_common_type(a: float64[:], i: int) -> float:
#:     x: int = 1
#:     x'2: float = float(x)
#:     try 1:
#:         x: int = 2
#:         x'2: float = float(x)
#:         x'2: float = 0.5
#:         a[i] = 1.0
#:     except IndexError:
#:         return x'2
#:     return 0.0
