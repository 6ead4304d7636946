@boost
def control(a: "float[:]", n: int):
    best = -1
    for i, x in enumerate(a):
        if x > n:
            best = i
            break
    else:
        raise ValueError(f"nothing above {n}")
    while n > 0:
        n -= 1
        if n == 3:
            continue
    return best
#: def control(a: "float64[:]", n: "int") -> "int":
#:     best: int = -1
#:     for k1 in range(a.shape[0]):
#:         x: np.float64 = a[k1]
#:         if x > n:
#:             best = k1
#:             break
#:     else:
#:         raise ValueError("nothing above {}".format(n))
#:     while n > 0:
#:         n = n - 1
#:         if n == 3:
#:             continue
#:     return best

#====
@boost
def leave(n: int):
    for step in (1, 2, 3):
        if n % step == 2:
            break
    else:
        step = 0
    return step
#: def leave(n: "int") -> "int":
#:     for iteration_1 in range(3):
#:         if iteration_1 == 0:
#:             pass
#:         elif iteration_1 == 1:
#:             pass
#:         elif iteration_1 == 2:
#:             step: int = 3
#:             if n % 3 == 2:
#:                 break
#:     else:
#:         step = 0
#:     return step

#====
@boost
def words(text: str, n: int):
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + n
    return sorted(counts.items()), f"{n:>4}|{text!r}"
#: def words(text: "str", n: "int") -> "(list[(str, int, )], str, )":
#:     t1: dict[str, int] = {}
#:     t2: list[str] = text.split()
#:     k3: int = 0
#:     while k3 < len(t2):
#:         word: str = t2[k3]
#:         k3 = k3 + 1
#:         place8: int = (list(t1).index(word) if word in t1 else -1)
#:         t9: int = (list(t1.values())[place8] if place8 >= 0 else 0) + n
#:         t1[word] = t9
#:     t10: list[(str, int, )] = list(t1.items())
#:     t10.sort()
#:     t11: str = format(n, ">4")
#:     t12: str = repr(text)
#:     return (t10, t11 + "|" + t12)

#====
@boost
def numbers(n: int, x: float, z: complex, i: "np.int32", f: "np.float32"):
    return n / 3 + x, i * n, f + x, abs(z), not n, n and 3, -n ** 2, (n - 1) - (n - 2), round(x, 2), math.atan2(x, n), i // 2, ~i
#: def numbers(n: "int", x: "float", z: "complex", i: "np.int32", f: "np.float32") -> "(float, np.int32, np.float32, float, bool, int, int, int, float, float, np.int32, np.int32, )":
#:     t1: float = n / 3 + x
#:     if n < -2147483648 or n > 2147483647:
#:         raise OverflowError("Python integer {} out of bounds for int32".format(n))
#:     return (t1, i * np.int64(n).astype(np.int32), f + x, abs(z), not n, n and 3, -n ** 2, n - 1 - (n - 2), round(x, 2), math.atan2(x, float(n)), i // 2, ~i)

#====
@boost
def exceptions(n: int, a: "int[:]"):
    try:
        return a[n] // n
    except (IndexError, ZeroDivisionError):
        n += 1
    finally:
        n += 2
    return n
#: class Exit1x0(BaseException):
#:     pass
#:
#:
#: def exceptions(n: "int", a: "int64[:]") -> "np.int64":
#:     try:
#:         try:
#:             try:
#:                 t1: np.int64 = a[n] // n
#:                 raise Exit1x0
#:             except (IndexError, ZeroDivisionError) as error2:
#:                 n = n + 1
#:         except Exception as error1:
#:             n = n + 2
#:             raise error1
#:     except Exit1x0:
#:         n = n + 2
#:         return t1
#:     n = n + 2
#:     return np.int64(n)

#====
@boost
def sets(n: int):
    s = {n, 2}
    s.add(n + 1)
    s.discard(2)
    return len(s | {7}), n in s, [x for x in s if x > 1]
#: def sets(n: "int") -> "(int, bool, list[int], )":
#:     t1: set[int] = {n, 2, n + 1}
#:     t1.discard(2)
#:     t2: set[int] = {7}
#:     t12: int = len(t1 | t2)
#:     t13: bool = n in t1
#:     t3: list[int] = []
#:     size8: int = len(t1)
#:     next10: int = 0
#:     while True:
#:         if not len(t1) == size8:
#:             raise RuntimeError("Set changed size during iteration")
#:         t11: int = (next10 if next10 < len(t1) else -1)
#:         if not t11 >= 0:
#:             break
#:         next10 = t11 + 1
#:         x_6: int = list(t1)[t11]
#:         if x_6 > 1:
#:             t3.append(x_6)
#:     return (t12, t13, t3)

#====
@boost
def chance():
    return random.random() * np.pi
#: def chance() -> "float":
#:     return random.random() * 3.141592653589793

#====
@boost
def powers(a: "float[:]", b: "float[:]", f: "np.float64", n: int):
    return a ** 2, a ** b, f ** f, np.float_power(a, 0.5), a ** n, n ** 2
#: def powers(a: "float64[:]", b: "float64[:]", f: "np.float64", n: "int") -> "(float64[:], float64[:], np.float64, float64[:], float64[:], int, )":
#:     return (a ** 2, a ** b, f ** f, np.float_power(a, np.float64(0.5)), a ** n, n ** 2)
