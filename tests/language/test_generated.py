"""Random programs and random arguments: CPython with NumPy is the oracle for all that a caller can see."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.5, -7.25, 1e300, -1e-300, np.inf, -np.inf, np.nan]
INTS = [0, 1, -1, 2, 3, -7, 100, 2**31, 2**62, -(2**63), 2**63 - 1]

floats = st.sampled_from(SPECIAL) | st.floats(-1e6, 1e6)
ints = st.sampled_from(INTS) | st.integers(-50, 50)


def expressions(leaves: list[str], integer: bool) -> st.SearchStrategy[str]:
    """Expressions over names; integer ones have integer operators only."""
    leaf = st.sampled_from(leaves) | st.sampled_from(["2", "3", "-1"] if integer else ["2", "0.5", "-1.25", "3"])
    binary = ["+", "-", "*", "//", "%"] if integer else ["+", "-", "*", "/"]

    def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return (
            st.builds(lambda a, op, b: f"({a} {op} {b})", inner, st.sampled_from(binary), inner)
            | st.builds(lambda a: f"(-{a})", inner)
            | st.builds(lambda a: f"abs({a})", inner)
        )

    return st.recursive(leaf, deeper, max_leaves=8)


def array_expressions(leaves: list[str]) -> st.SearchStrategy[str]:
    """Expressions over arrays of one shape."""
    leaf = st.sampled_from(leaves) | st.sampled_from(["2", "0.5", "-1.5"])

    def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return (
            st.builds(lambda a, op, b: f"({a} {op} {b})", inner, st.sampled_from(["+", "-", "*", "/"]), inner)
            | st.builds(lambda f, a: f"np.{f}({a})", st.sampled_from(["abs", "negative", "square", "floor", "sqrt", "sign"]), inner)
            | st.builds(lambda f, a, b: f"np.{f}({a}, {b})", st.sampled_from(["maximum", "minimum", "copysign"]), inner, inner)
            | st.builds(lambda c, a, b: f"np.where({c} > 0, {a}, {b})", inner, inner, inner)
        )

    return st.recursive(leaf, deeper, max_leaves=8)


STATEMENTS = """
x[{i}:] = {e}[{i}:] * 1.0 + x[{i}:]
x += {e}
x *= 0.5
y = {e} + y
x[::2] -= y[::2]
x[1:] = x[:-1]
x[:-1] += x[1:]
x[y > 0] = {k}
z = {e} + x
x[::-1] *= z + 0
t = t + ({e} + x).sum()
t = t + ({e} + x).max()
t = t + x[{j}] * y[-1]
x[{j}] = t
y = np.concatenate((y[{i}:], y[:{i}]))
x = x + y
x, y = y, x
z = x[::-1]
z = np.cumsum(y)
""".strip().splitlines()


@st.composite
def programs(draw: st.DrawFn) -> str:
    """The body of a function of arrays x, y (one extent, at least 3) that changes them and gives results."""
    lines = ["z = x + 0", "t = 0.0"]
    count = draw(st.integers(1, 6))
    for _ in range(count):
        line = draw(st.sampled_from(STATEMENTS))
        expression = draw(array_expressions(["x", "y", "z"]))
        text = line.format(
            e=f"({expression} + x * 0)", i=draw(st.integers(0, 2)), j=draw(st.integers(-3, 2)), k=draw(st.sampled_from(["1.5", "-2", "t"]))
        )
        shape = draw(st.integers(0, 5))
        if shape == 0:
            lines += [f"for i in range({draw(st.integers(0, 3))}):", f"    {text}"]
        elif shape == 1:
            lines += [f"if x[0] > {draw(st.sampled_from(['0', '1.5', 'y[0]']))}:", f"    {text}", "else:", "    y = y * 2"]
        elif shape == 2:
            lines += [
                "for i in range(len(x)):",
                f"    x[i] = y[i - 1] + {draw(st.sampled_from(['x[i]', 'i', 't', 'x[i - 2]']))}",
                "    if x[i] > 100: break",
            ]
        else:
            lines.append(text)
    return "\n".join(lines + ["return x, y, z, t"])


def layouts() -> st.SearchStrategy[tuple[slice, ...]]:
    """How the vector is cut out of a longer one."""
    return st.sampled_from([np.s_[:], np.s_[::2], np.s_[::-1], np.s_[1:], np.s_[::-3]])


COUNT = 40


@pytest.mark.parametrize("seed", range(4))
def test_programs_on_arrays(build, seed):
    sources: list[str] = []

    @settings(max_examples=COUNT, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.integers(seed, seed), programs())
    def collect(_: int, body: str) -> None:
        sources.append(body)

    collect()
    lines = ["import numpy as np", "from hypersonic import boost"]
    for number, body in enumerate(sources):
        lines += ["@boost", f'def f{number}(x: "float[:]", y: "float[:]"):', *("    " + line for line in body.splitlines())]
    built = build("\n".join(lines) + f"\n# {seed}\n")
    rng = np.random.default_rng(seed)
    for number, body in enumerate(sources):
        for cut in (np.s_[:], np.s_[::2], np.s_[::-1]):
            base = rng.standard_normal(12)
            base[rng.integers(0, 12, 2)] = rng.choice([0.0, -0.0, np.inf, np.nan], 2)
            x, y = base[cut], rng.standard_normal(12)[cut]
            try:
                built.check(f"f{number}", x, y)
                built.check(f"f{number}", x, x)
            except AssertionError as error:
                raise AssertionError(f"{body}\n{error}") from error


@pytest.mark.parametrize("integer", [True, False], ids=["int", "float"])
def test_programs_on_scalars(build, integer):
    sources: list[str] = []

    @settings(max_examples=80, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(expressions(["a", "b", "c"], integer))
    def collect(text: str) -> None:
        sources.append(text)

    collect()
    kind = "int" if integer else "float"
    lines = ["from hypersonic import boost"]
    for number, text in enumerate(sources):
        lines += ["@boost", f"def f{number}(a: {kind}, b: {kind}, c: {kind}): return {text}"]
    built = build("\n".join(lines) + "\n")
    rng = np.random.default_rng(1)
    pool = INTS if integer else SPECIAL
    for number in range(len(sources)):
        for _ in range(12):
            values = [pool[i] for i in rng.integers(0, len(pool), 3)]
            built.check(f"f{number}", *values)


ELEMENTWISE = """
import numpy as np
from hypersonic import boost

@boost
def mixed(a: "float64[:, :]", b: "float64[:, :]", s: float): return (a - b) * s + np.where(a > b, a, b) / (1 + np.abs(b)), (a * b).sum(axis=0), a.max()

@boost
def integers(a: "int32[:, :]", b: "int32[:, :]"): return a + b, a * b - 1, a // b, a % b, a == b, a & b, (a - b).sum(axis=1), a > b

@boost
def assign(a: "float64[:, :]", b: "float64[:, :]"):
    a[...] = b
    a[a > 0] *= -1
    a[:, :1] += b[:, :1]
    return a.T
"""


@pytest.fixture(scope="module")
def built(build):
    return build(ELEMENTWISE)


@st.composite
def matrices(draw: st.DrawFn, dtype: type, elements: st.SearchStrategy[object]) -> np.ndarray:
    """Matrices of up to 5 by 5 in any layout, empty ones and those of one element included."""
    shape = draw(hnp.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=5))
    layout = draw(st.sampled_from(["C", "F", "step", "reverse", "broadcast"]))
    if layout == "broadcast":
        return np.broadcast_to(draw(hnp.arrays(dtype, (shape[1],), elements=elements)), shape)
    array = draw(hnp.arrays(dtype, shape, elements=elements))
    if layout == "F":
        return np.asfortranarray(array)
    if layout == "reverse":
        return array[::-1, ::-1]
    if layout == "step":
        wide = np.zeros((2 * shape[0], 3 * shape[1]), dtype)
        wide[::2, ::3] = array
        return wide[::2, ::3]
    return array


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(a=matrices(np.float64, floats), b=matrices(np.float64, floats), s=floats)
def test_float_matrices(built, a, b, s):
    built.check("mixed", a, b, s)
    if a.flags.writeable:
        built.check("assign", a, b)


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(a=matrices(np.int32, st.integers(-(2**31), 2**31 - 1)), b=matrices(np.int32, st.sampled_from([0, 1, -1, 2, 7, -(2**31)])))
def test_int_matrices(built, a, b):
    built.check("integers", a, b)
