@boost
def cross(ax: float, ay: float, az: float, b: "float[:]"):
    a = np.array([ax, ay, az])
    c = np.empty(3)
    c[0] = a[1] * b[2] - a[2] * b[1]
    c[1] = a[2] * b[0] - a[0] * b[2]
    c[2] = a[0] * b[1] - a[1] * b[0]
    return c[0] + c[1] + c[2]
#: def cross(ax: "float", ay: "float", az: "float", b: "float64[:]") -> "np.float64":
#:     t1_0: np.float64 = np.float64(ax)
#:     t1_1: np.float64 = np.float64(ay)
#:     t1_2: np.float64 = np.float64(az)
#:     c_0: np.float64 = t1_1 * b[2] - t1_2 * b[1]
#:     c_1: np.float64 = t1_2 * b[0] - t1_0 * b[2]
#:     c_2: np.float64 = t1_0 * b[1] - t1_1 * b[0]
#:     return c_0 + c_1 + c_2

#====
@boost
def stencil(u: "float[:]", v: "float[:]"):
    w = np.array([1.0, -2.0, 1.0])
    for i in range(1, len(u) - 1):
        s = 0.0
        for k in range(3):
            s += w[k] * u[i + k - 1]
        v[i] = s
#: def stencil(u: "float64[:]", v: "float64[:]") -> "None":
#:     for i in range(1, u.shape[0] - 1):
#:         s: np.float64 = np.float64(0.0) + np.float64(1.0) * u[i + 0 - 1]
#:         s = s + np.float64(-2.0) * u[i + 1 - 1]
#:         s = s + np.float64(1.0) * u[i + 2 - 1]
#:         v[i] = s
#:     return None

#====
@boost
def kept(n: int):
    a = np.zeros(3)
    a[n] = 1.0
    return a.sum()
#: def kept(n: "int") -> "np.float64":
#:     a: float64[:] = np.zeros(3, dtype=np.float64)
#:     a[n] = 1.0
#:     return np.sum(a)

#====
@boost
def returned(x: float):
    a = np.array([x, 2 * x])
    return a
#: def returned(x: "float") -> "float64[:]":
#:     t1: float64[:] = np.empty(2, dtype=np.float64)
#:     t1[0] = np.float64(x)
#:     t1[1] = np.float64(2 * x)
#:     return t1

#====
@boost
def whole(a: "float[:, :]", mask: "bool[:]", b: "float32[:]"):
    c = a[mask, 1:] * 2
    c[0] += a.T[0].sum(axis=0)
    b[::2] = np.sin(b[::2])
    a[:, 0] = 1
    return c.mean(axis=1), np.where(b > 0, b, 0), a.max()
#: def whole(a: "float64[:, :]", mask: "bool[:]", b: "float32[:]") -> "(float64[:], float32[:], np.float64, )":
#:     c: float64[:, :] = a[mask, 1:] * 2
#:     c[0, :] += np.sum(a.T[0, :])
#:     b[::2] = np.sin(b[::2])
#:     a[:, 0] = 1
#:     return (np.mean(c, axis=1), np.where(b > 0, b, np.float32(0)), np.max(a))
