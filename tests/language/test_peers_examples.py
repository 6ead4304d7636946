"""The ways in which Transonic and Pythran let types be said: each form compiles, and the kernel takes what it names."""

import operator

import hypersonic
import numpy as np
import pytest

TRANSONIC = """
import numpy as np
from hypersonic.transonic import Array, Dict, List, Literal, NDim, Optional, Set, Transonic, Tuple, Type, Union, boost, const, str2type

ts = Transonic()

T = Type(np.float32, np.float64)
N = NDim(1, 2)
A = Array[T, N]
A1 = Array[T, N + 1]
U = Union[A, float]


@boost
def text(a: "float[:, :]", n: int = 2):
    return a * n


# transonic def several(float[][], float[][])
# transonic def several(int[][],
#                       float[][])
@boost
def several(a, b):
    return (a * np.log(b)).max()


@boost
class Body:
    arr: Array[float, "2d"]
    k: float

    def __init__(self, k):
        self.arr = np.ones((2, 2))
        self.k = k

    @boost
    def scale(self, x: "float[]") -> "float[]":
        return x * self.k

    @boost
    def power(self, n: int) -> float:
        if n == 0:
            return 1.0
        return self.k * self.power(n - 1)


def block(s, t, dt):
    if ts.is_transpiled:
        ts.use_block("name0")
    else:
        # transonic block (A s, t; float dt)
        # transonic block (int[:] s, t; int dt)
        s[:] = s + dt * t
    return s


def block_result(s, dt):
    if ts.is_transpiled:
        r = ts.use_block("name1")
    else:
        # transonic block (float[:] s; float dt)
        r = s * dt
    return r


@boost
def fused(a: A, b: A1):
    return b + a


@boost
def union(a: U):
    return a + 1


@boost
def text_union(a: "float or int"):
    return a * 2


@boost
def two_d(a: Array[int, "2d"]):
    return a.sum()


@boost
def order_c(a: Array[int, "2d", "C"]):
    return a.sum()


@boost
def order_f(a: Array[int, "2d", "F"]):
    return a.sum()


@boost
def order_any(a: Array[int, "2d", "C_or_F"]):
    return a.sum()


@boost
def strided(a: Array[int, "2d", "strided"]):
    return a.sum()


@boost
def fixed(a: Array[int, "[:, :, 3]"]):
    return a[:, :, 2].sum()


@boost
def positive(a: Array[int, "1d", "C", "positive_indices"], i: int):
    return a[i]


@boost
def memview(a: Array[np.float64, "1d", "memview"]):
    return a[0]


@boost
def optional(a: Optional[int] = None):
    return -1 if a is None else a + 1


@boost
def pair(a: Tuple[int, "float[:]"]):
    return a[0] * a[1]


@boost
def rows(a: List[List[int]]):
    return [sum(row) for row in a]


@boost
def table(a: Dict[str, int]):
    return sorted(a.items())


@boost
def names(a: Set[str], b: str):
    return b in a


@boost
def constant(a: const(A), b: A):
    b[...] = a
    return b


@boost
def text_dict(a: "str: int dict"):
    return a["x"]


@boost
def text_list(a: "int list"):
    return a[-1]


@boost
def text_set(a: "int set"):
    return len(a)


@boost
def text_tuple(a: "(int, float[:, :])"):
    return a[1] + a[0]


@boost
def brackets(a: "complex128[][][]"):
    return a.sum()


@boost
def from_text(a: str2type("int[:,:] or float")):
    return a + 1


@boost
def hinted(a: "float[:]"):
    i: int
    res: "float[:]" = np.zeros_like(a)
    for i in range(a.shape[0]):
        res[i] = a[i] * i
    return res


@boost
def convert(a: "float[:]", kind: Literal[int, float]):
    return a.astype(kind)


@boost(inline=True)
def inlined(a: float):
    return a + 1


@boost(boundscheck=False, wraparound=False, cdivision=True, nonecheck=False, nogil=True, backend="pythran")
def options(a: "float[:]", i: int):
    return a[i] / 2


def later(a: float):
    return inlined(a) * 2


later = boost(later)


# omp parallel for
def _helper(x):
    return x


@boost
def parallel(a: "float[:]"):
    s = 0.0
    # omp parallel for reduction(+:s)
    for i in range(a.shape[0]):
        s += _helper(a[i])
    return s
"""

F1, F2, F3 = np.arange(3.0), np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(2, 2, 3)
I1, I2, I3 = F1.astype(int), F2.astype(int), F3.astype(int)

CALLS = [
    ("text", (F2,)),
    ("text", (F2, 3)),
    ("several", (F2, F2 + 1)),
    ("several", (I2, F2 + 1)),
    ("fused", (F1, F2)),
    ("fused", (F1.astype("f4"), F2.astype("f4"))),
    ("fused", (F2, F3)),
    ("union", (F1,)),
    ("union", (F2.astype("f4"),)),
    ("union", (1.5,)),
    ("text_union", (1.5,)),
    ("text_union", (2,)),
    ("two_d", (I2,)),
    ("order_c", (I2,)),
    ("order_f", (np.asfortranarray(I2),)),
    ("order_any", (np.asfortranarray(I2),)),
    ("order_any", (I2,)),
    ("strided", (I2[:, ::2],)),
    ("fixed", (I3,)),
    ("positive", (I1, 2)),
    ("memview", (F1,)),
    ("optional", ()),
    ("optional", (3,)),
    ("pair", ((2, F1),)),
    ("rows", ([[1, 2], [3]],)),
    ("table", ({"b": 1, "a": 2},)),
    ("names", ({"a"}, "a")),
    ("constant", (F2, F2 + 1)),
    ("text_dict", ({"x": 3},)),
    ("text_list", ([1, 2],)),
    ("text_set", ({1, 2},)),
    ("text_tuple", ((2, F2),)),
    ("brackets", (F3 * 1j,)),
    ("from_text", (I2,)),
    ("from_text", (1.5,)),
    ("hinted", (F1,)),
    ("convert", (F1, int)),
    ("convert", (F1, float)),
    ("inlined", (1.0,)),
    ("options", (F1, 2)),
    ("later", (2.0,)),
    ("parallel", (F1,)),
]


@pytest.fixture(scope="module")
def transonic(build):
    return build(TRANSONIC)


@pytest.mark.parametrize(("name", "args"), CALLS, ids=lambda value: value if isinstance(value, str) else "")
def test_transonic(transonic, name, args):
    function = getattr(transonic.module, name)
    before = hypersonic.info(function).fallbacks
    transonic.check(name, *args, ulp=2)
    assert hypersonic.info(function).fallbacks == before, hypersonic.info(function).last_fallback


def test_transonic_methods_and_blocks(transonic):
    body = transonic.module.Body(2.0)
    for method in (type(body).scale, type(body).power):
        assert hypersonic.info(method).state == "cpu", hypersonic.info(method).reason
    assert body.scale(F1).tolist() == [0.0, 2.0, 4.0]
    assert body.power(3) == 8.0
    assert transonic.module.ts.is_transpiled
    assert transonic.module.block(F1.copy(), F1, 0.5).tolist() == [0.0, 1.5, 3.0]
    assert transonic.module.block(I1.copy(), I1, 2).tolist() == [0, 3, 6]
    assert transonic.module.block_result(F1, 2.0).tolist() == [0.0, 2.0, 4.0]


DTYPES = (
    "bool byte complex int float uint8 uint16 uint32 uint64 uintc uintp int8 int16 int32 int64 intc intp float32 float64 complex64 complex128"
).split()

PYTHRAN = (
    """
import numpy as np

#pythran export single(int)
# pythran export chained(float), alternatives(int or float,
#                                             float[] or int[:]), SCALE
# pythran export optional(int, float?, str?)
# pythran export order_f(float[:, :] order(F))
# pythran export order_c(float[:, :] order(C))
# pythran export strided(float[::]), strided_two(float[::, :]), fixed(float[:, 3])
# pythran export bare(float[]), brackets(float[][])
# pythran export containers(int list, float set, str: int dict, (int, float[:]))
# pythran export texts(str, None), texts(str, str)
# pythran export sliced(float[:], slice)
# pythran export applied(float(float, float), float[:])
# pythran export typed(float[:], int type)
# pythran export grouped(int list, list type or set type or tuple type), named(int, str type or dict type)
# pythran export package(float[:], numpy pkg)
# pythran export hinted(int)
SCALE = 3


def single(n):
    return n + SCALE


def chained(x):
    return x * SCALE


def alternatives(x, y):
    return x + y


def optional(a, b=2.0, c="c"):
    return a * b, c


def order_f(a):
    return a + 1


def order_c(a):
    return a + 1


def strided(a):
    return a.sum()


def strided_two(a):
    return a.sum()


def fixed(a):
    return a[:, 2]


def bare(a):
    return a * 2


def brackets(a):
    return a * 2


def containers(a, b, c, d):
    return a[0], len(b), c["k"], d[0] * d[1]


def texts(a, b):
    return a if b is None else a + b


def sliced(a, s):
    return a[s]


def applied(f, a):
    return f(a[0], a[1])


def typed(a, kind):
    return a.astype(kind)


def grouped(items, kind):
    made = kind(items)
    return made, isinstance(made, kind), isinstance(items, kind)


def named(n, kind):
    return kind(n) if kind is str else "none"


def package(a, xp):
    return xp.sin(a)


def hinted(n):
    x: list[int] = []
    y: int | None = None
    z: type(x) = []
    for i in range(n):
        x.append(i)
        y = i
    z.append(1)
    return x, y, z
"""
    + "\n".join(
        f"# pythran export d_{name}({name}), a_{name}({name}[:])\ndef d_{name}(x):\n    return x\ndef a_{name}(x):\n    return x[::-1]"
        for name in DTYPES
    )
    + "\n"
)

OBJECTS = {
    "bool": bool,
    "byte": np.int8,
    "complex": complex,
    "int": int,
    "float": float,
    "uintc": np.uintc,
    "uintp": np.uintp,
    "intc": np.intc,
    "intp": np.intp,
}

PYTHRAN_CALLS = [
    ("single", (2,)),
    ("chained", (2.0,)),
    ("alternatives", (2, F1)),
    ("alternatives", (2.0, I1)),
    ("optional", (2,)),
    ("optional", (2, 3.0)),
    ("optional", (2, 3.0, "d")),
    ("order_f", (np.asfortranarray(F2),)),
    ("order_c", (F2,)),
    ("strided", (F1[::2],)),
    ("strided_two", (F2[:, ::2],)),
    ("fixed", (F2,)),
    ("bare", (F1,)),
    ("brackets", (F2,)),
    ("containers", ([1], {2.0}, {"k": 3}, (2, F1))),
    ("texts", ("a", None)),
    ("texts", ("a", "b")),
    ("typed", (F1, int)),
    ("sliced", (F1, slice(1, None))),
    ("sliced", (F1, slice(None, None, -1))),
    ("applied", (operator.sub, F1)),
    ("package", (F1, np)),
    ("grouped", ([3, 1, 3], list)),
    ("grouped", ([3, 1, 3], set)),
    ("grouped", ([3, 1, 3], tuple)),
    ("named", (5, str)),
    ("hinted", (3,)),
    *((f"d_{name}", (OBJECTS.get(name, getattr(np, name, None))(1),)) for name in DTYPES),
    *((f"a_{name}", (np.arange(3).astype(OBJECTS.get(name, name)),)) for name in DTYPES),
]


@pytest.fixture(scope="module")
def pythran(build):
    return build(PYTHRAN)


@pytest.mark.parametrize(("name", "args"), PYTHRAN_CALLS, ids=lambda value: value if isinstance(value, str) else "")
def test_pythran(pythran, name, args):
    function = getattr(pythran.module, name)
    before = hypersonic.info(function).fallbacks
    pythran.check(name, *args, ulp=2)
    assert hypersonic.info(function).fallbacks == before, hypersonic.info(function).last_fallback


@pytest.mark.parametrize(
    ("kind", "reason"), [("float128", "float128"), ("complex256", "complex256"), ("torch pkg", "the module `torch` is not known")]
)
def test_types_that_are_refused_say_why(build, kind, reason):
    built = build(f"# pythran export f({kind})\ndef f(x):\n    return x\n\n\n# pythran export g(int)\ndef g(x):\n    return x\n")
    assert built.state("g") == "cpu"
    assert "`f` stays pure Python" in built.log
    assert reason in built.log
