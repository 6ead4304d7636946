@boost
def selections(a: "float[:, :, :]", i: int, j: np.int32, m: "bool[:, :]"):
    b = a[i]
    c = a[..., j]
    d = a[1:, None, ::2, -1]
    e = a[m]
    f = a[i, j, -1]
    k = (1, 2)
    g = a[k]
    return b, c, d, e, f, g, a[:, np.newaxis].shape[1]
#: def selections(a: float64[:, :, :], i: int, j: np.int32, m: bool[:, :]) -> (float64[:, :], float64[:, :], float64[:, :, :], float64[:, :], np.float64, float64[:], int, ):
#:     b: float64[:, :] = a[i, :, :]
#:     c: float64[:, :] = a[:, :, j]
#:     d: float64[:, :, :] = a[1:, None, ::2, -1]
#:     e: float64[:, :] = a[mask m, :]
#:     f: np.float64 = a[i, j, -1]
#:     k: (int, int, ) = (1, 2,)
#:     g: float64[:] = a[k.0, k.1, :]
#:     .1: float64[:, :, :, :] = a[:, None, :, :]
#:     return (b, c, d, e, f, g, .1.shape[1],)

#====
@boost
def too_many(a: "float[:]"):
    return a[0, 1]
#: HS0206 too many indices: the array has 1 dimensions, 2 are indexed
#:     module.py:3 `a[0, 1]`: `float64[:]` here

#====
@boost
def fancy(a: "float[:]", k: "int[:]"):
    return a[k] + a[[0, 1]]
#: def fancy(a: float64[:], k: int64[:]) -> float64[:]:
#:     .2: float64[:] = a[array k]
#:     .1: int64[:] = fill((2), empty): int64[:]
#:     .1[0] = np.int64(0)
#:     .1[1] = np.int64(1)
#:     return (.2 + a[array .1])

#====
@boost
def wrong(a: "float[:]", x: float, n: int):
    a[x] = 1
    b = a["key"]
    c = n[0]
    a[0] = 1j
    a[0] = a
    return a[1.5:]
#: HS0206 only integers, slices, `None`, `...`, integer arrays and bool arrays are compiled as indices
#:     module.py:3 `x`: `float`
#: HS0206 only integers, slices, `None`, `...`, integer arrays and bool arrays are compiled as indices
#:     module.py:4 `"key"`: `Literal["key"]`
#: HS0206 `int` cannot be subscripted
#:     module.py:5 `n[0]`: `n` is no array or tuple here
#: HS0206 a complex value is stored in a real array
#:     module.py:6 `a[0]`: the imaginary part would be lost
#:     help: store `.real`
#: HS0206 an array is stored in a place of fewer dimensions
#:     module.py:7 `a[0]`: `float64[:]` into `np.float64`
#: HS0206 a bound of a slice must be an integer
#:     module.py:8 `1.5`: `float`
