@boost
def total(a: "float[:]"):
    s = 0
    for i in range(len(a)):
        s += a[i]
    return s
#: def total(a: float64[:]) -> np.float64:
#:     s: int = 0
#:     s'2: np.float64 = np.float64(s)
#:     for i in range(0, a.shape[0], 1):
#:         s'2: np.float64 = (s'2 + a[i])
#:     return s'2

#====
@boost
def grow(n: int):
    x = 0
    y = 1
    for i in range(n):
        x = y
        y = y / 2
    return x
#: def grow(n: int) -> float:
#:     x: int = 0
#:     y: int = 1
#:     x'2: float = float(x)
#:     y'2: float = float(y)
#:     for i in range(0, n, 1):
#:         x'2: float = y'2
#:         y'2: float = (y'2 /:float64 2): float
#:     return x'2

#====
@boost
def mandelbrot(c: complex, n: int):
    z = 0
    for i in range(n):
        z = z * z + c
        if abs(z) > 2:
            break
    else:
        return -1
    return i
#: def mandelbrot(c: complex, n: int) -> int:
#:     z: int = 0
#:     z'2: complex = complex(z)
#:     for i in range(0, n, 1):
#:         z'2: complex = ((z'2 * z'2) + c)
#:         if (Absolute:complex128(z'2): float >:float64 2): bool:
#:             break
#:     else:
#:         return -1
#:     return i

#====
@boost
def break_types(n: int):
    x = 0
    while n > 0:
        n -= 1
        if n == 5:
            x = 1.5
            break
        if n == 7:
            x = n
            continue
    return x
#: def break_types(n: int) -> float:
#:     x: int = 0
#:     while (n > 0):
#:         n: int = (n - 1)
#:         if (n == 5):
#:             x'2: float = 1.5
#:             break
#:         if (n == 7):
#:             x: int = n
#:             continue
#:     else:
#:         x'2: float = float(x)
#:     return x'2

#====
@boost
def search(a: "float[:]", limit: float):
    i = 0
    while i < a.size and a[i] < limit:
        i += 1
    return i
#: def search(a: float64[:], limit: float) -> int:
#:     i: int = 0
#:     while ((i < a.size) and truth((a[i] <:float64 limit): np.bool)):
#:         i: int = (i + 1)
#:     return i

#====
@boost
def forever(n: int):
    while True:
        n = n // 2
        if n < 10:
            last = n
            break
    return last
#: def forever(n: int) -> int:
#:     while True:
#:         n: int = (n // 2)
#:         if (n < 10):
#:             last: int = n
#:             break
#:     return last

#====
@boost
def rows(a: "float[:, :]"):
    s = 0.0
    for row in a:
        for x in row:
            s = s + x
    return s
#: def rows(a: float64[:, :]) -> np.float64:
#:     s: float = 0.0
#:     s'2: np.float64 = np.float64(s)
#:     for .k1 in range(0, a.shape[0], 1):
#:         row: float64[:] = a[.k1, :]
#:         for .k3 in range(0, row.shape[0], 1):
#:             x: np.float64 = row[.k3]
#:             s'2: np.float64 = (s'2 + x)
#:     return s'2

#====
@boost
def unrolled(a: "float[:]", b: "int[:]"):
    s = 0.0
    for k, x in enumerate((a, b, 2)):
        if k == 1:
            continue
        s = s + np.sum(x)
    return s
#: def unrolled(a: float64[:], b: int64[:]) -> np.float64:
#:     s: float = 0.0
#:     unrolled:
#:         iteration:
#:             k: int = 0
#:             x: float64[:] = a
#:             s'2: np.float64 = (0.0 +:float64 reduce.Sum(x, axes=[0]): np.float64): np.float64
#:         iteration:
#:             k: int = 1
#:             x'2: int64[:] = b
#:             continue
#:         iteration:
#:             k: int = 2
#:             x'3: int = 2
#:             s'2: np.float64 = (s'2 +:float64 np.int64(2)): np.float64
#:     return s'2

#====
@boost
def enumerated(a: "float[:]", b: "float[:]", n: int):
    s = 0.0
    for i, x in enumerate(a, 1):
        s += i * x
    for x, y in zip(a, b):
        s += x * y
    for i, (x, j) in enumerate(zip(b, range(n, 0, -2))):
        s += x * i * j
    for k in reversed(range(n)):
        s += k
    return s
#: def enumerated(a: float64[:], b: float64[:], n: int) -> np.float64:
#:     s: float = 0.0
#:     s'2: np.float64 = np.float64(s)
#:     for .k1 in range(0, a.shape[0], 1):
#:         i: int = (1 + .k1)
#:         x: np.float64 = a[.k1]
#:         s'2: np.float64 = (s'2 + (i *:float64 x): np.float64)
#:     for .k2 in range(0, Minimum(a.shape[0], b.shape[0]), 1):
#:         x: np.float64 = a[.k2]
#:         y: np.float64 = b[.k2]
#:         s'2: np.float64 = (s'2 + (x * y))
#:     for .k3 in range(0, Minimum(b.shape[0], ((n + 1) // 2)), 1):
#:         i: int = .k3
#:         x: np.float64 = b[.k3]
#:         j: int = (n + (.k3 * -2))
#:         s'2: np.float64 = (s'2 + ((x *:float64 i): np.float64 *:float64 j): np.float64)
#:     for k in range((n - 1), -1, -1):
#:         s'2: np.float64 = (s'2 +:float64 k): np.float64
#:     return s'2

#====
@boost
def bound_after(n: int):
    for i in range(3):
        last = i * 2
    return last + i
#: def bound_after(n: int) -> int:
#:     for i in range(0, 3, 1):
#:         last: int = (i * 2)
#:     return (last + i)

#====
@boost
def generators(a: "float[:]", n: int):
    t = tuple(2 * k for k in (1, 2, n))
    s = sum(x * x for x in a if x > 0)
    m = max(abs(x) for x in a)
    ok = any(a[i] > a[j] for i in range(n) for j in range(i))
    every = all(x > 0 for x in a)
    return t, s, m, ok, every, sum(range(n))
#: def generators(a: float64[:], n: int) -> ((int, int, int, ), np.float64, np.float64, bool, bool, int, ):
#:     .k.1: int = 1
#:     .k.2: int = 2
#:     .k.3: int = n
#:     t: (int, int, int, ) = (2, 4, (2 * .k.3),)
#:     .sum5: int = 0
#:     .sum5'2: np.float64 = np.float64(.sum5)
#:     for .k6 in range(0, a.shape[0], 1):
#:         .x.4: np.float64 = a[.k6]
#:         if truth((.x.4 >:float64 0): np.bool):
#:             .sum5'2: np.float64 = (.sum5'2 + (.x.4 * .x.4))
#:     s: np.float64 = .sum5'2
#:     .empty9: bool = True
#:     for .k11 in range(0, a.shape[0], 1):
#:         .x.7: np.float64 = a[.k11]
#:         .item10: np.float64 = Absolute(.x.7)
#:         if .empty9:
#:             .max8: np.float64 = .item10
#:             .empty9: bool = False
#:         else:
#:             if truth((.item10 >:float64 .max8): np.bool):
#:                 .max8: np.float64 = .item10
#:     if .empty9:
#:         raise ValueError(Python's of max)
#:     m: np.float64 = .max8
#:     .any14: bool = False
#:     for .i.12 in range(0, n, 1):
#:         for .j.13 in range(0, .i.12, 1):
#:             if truth((a[.i.12] >:float64 a[.j.13]): np.bool):
#:                 .any14: bool = True
#:                 break
#:         if .any14:
#:             break
#:     ok: bool = .any14
#:     .all16: bool = True
#:     for .k17 in range(0, a.shape[0], 1):
#:         .x.15: np.float64 = a[.k17]
#:         if not truth((.x.15 >:float64 0): np.bool):
#:             .all16: bool = False
#:             break
#:     every: bool = .all16
#:     .sum19: int = 0
#:     for ..item.18 in range(0, n, 1):
#:         .sum19: int = (.sum19 + ..item.18)
#:     return (t, s, m, ok, every, .sum19,)

#====
@boost
def nested(a: "float[:, :]"):
    n, m = a.shape
    for i in range(1, n - 1):
        for j in range(1, m - 1):
            t = a[i, j - 1] + a[i, j + 1]
            a[i, j] = 0.25 * (t + a[i - 1, j] + a[i + 1, j])
#: def nested(a: float64[:, :]) -> None:
#:     n: int = a.shape[0]
#:     m: int = a.shape[1]
#:     for i in range(1, (n - 1), 1):
#:         for j in range(1, (m - 1), 1):
#:             t: np.float64 = (a[i, (j - 1)] + a[i, (j + 1)])
#:             a[i, j] = (0.25 *:float64 ((t + a[(i - 1), j]) + a[(i + 1), j])): np.float64
#:     return None
