"""`hypersonic explain FILE:FUNCTION`: what it prints, and that what it prints gives what the function gives."""

from __future__ import annotations

import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import oracle
import pytest
from hypersonic_build._engine import find
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HEADER = "import math\nimport random\nimport numpy as np\nfrom hypersonic import boost\n\n"


def explain(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command."""
    return subprocess.run([str(find()), "explain", *arguments], capture_output=True, text=True, check=False)


def code_of(file: Path, name: str, *options: str) -> str:
    """What is printed below the imports and the line of the signature."""
    done = explain(f"{file}:{name}", *options)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n# signature", 1)[1].split("\n", 1)[1].rstrip("\n")


def program(file: Path, name: str, *options: str) -> Callable[..., Any]:
    """The printed function."""
    done = explain(f"{file}:{name}", *options)
    assert done.returncode == 0, done.stderr
    namespace: dict[str, Any] = {}
    exec(compile(done.stdout, f"explained {name}", "exec"), namespace)
    function: Callable[..., Any] = namespace[name.rsplit(".", maxsplit=1)[-1]]
    return function


@pytest.fixture
def module(tmp_path):
    """Writes a module and gives its path."""

    def write(text: str) -> Path:
        path = tmp_path / "module.py"
        path.write_text(HEADER + textwrap.dedent(text))
        return path

    return write


TALK = {
    "joined": (
        "@boost\ndef joined(x: bool):\n    y = 1 if x else 2\n    return y == 3\n",
        'def joined(x: "bool") -> "bool":\n    return False',
    ),
    "bar": (
        "def foo(a):\n    return a + 1\n\n@boost\ndef bar(b: int, c: int):\n    return foo(b), foo(2 * c)\n",
        'def bar(b: "int", c: "int") -> "(int, int, )":\n    return (b + 1, 2 * c + 1)',
    ),
    "loops": (
        "@boost\ndef loops():\n    ret = 0\n    for i in range(1, 3):\n        for j in range(1, 4):\n            ret += i * j\n    return ret\n",
        'def loops() -> "int":\n    return 18',
    ),
    "fibs": (
        "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n\n@boost\ndef fibs():\n    return [fib(i) for i in [1, 2, 8, 20]]\n",
        'def fibs() -> "list[int]":\n    return [1, 1, 21, 6765]',
    ),
    "weighted": (
        "@boost\ndef weighted(v: float, w: float, x: float, y: float, z: float):\n"
        "    return sum(np.array([v, w, x, y, z]) * (.1, .2, .3, .2, .1))\n",
        'def weighted(v: "float", w: "float", x: "float", y: "float", z: "float") -> "np.float64":\n'
        "    return np.float64(0.0) + np.float64(v) * np.float64(0.1) + np.float64(w) * np.float64(0.2)"
        " + np.float64(x) * np.float64(0.3) + np.float64(y) * np.float64(0.2) + np.float64(z) * np.float64(0.1)",
    ),
}


@pytest.mark.parametrize("name", TALK)
def test_the_examples_of_the_talk(module, name):
    source, expected = TALK[name]
    assert code_of(module(source), name) == expected


def test_the_examples_of_the_talk_compiled(build):
    built = build(HEADER + "\n".join(source for source, _ in TALK.values()))
    for x in (False, True):
        assert built.check("joined", x) is False
    built.check("bar", 3, 4)
    built.check("bar", 2**62, 2**62)
    assert built.check("loops") == 18
    assert built.check("fibs") == [1, 1, 21, 6765]
    for values in ([0.1, 0.2, 0.3, 0.4, 0.5], [-0.0] * 5, [1e300, -1e300, 1e-300, np.inf, 3.0], [np.nan, 1.0, 2.0, 3.0, 4.0]):
        built.check("weighted", *values)


CASES = """
def clamp(x, low, high):
    if x < low:
        return low
    if x > high:
        return high
    return x

@boost
def clamped(a: "float[:]", n: int):
    for i in range(n):
        y = clamp(a[i], 0.0, 1.0)
        a[i] = y
    return clamp(n, 1, 5)

@boost
def control(a: "float[:]", n: int):
    best = -1
    for i, x in enumerate(a):
        if x > n:
            best = i
            break
    else:
        raise ValueError(f"nothing {'{'}above{'}'} {n:03d}")
    while n > 0:
        n -= 1
        if n == 3:
            continue
    return best

@boost
def leave(n: int):
    for step in (1, 2, 3):
        if n % step == 2:
            break
        if n > 100:
            continue
    else:
        step = 0
    return step

@boost
def words(text: str, n: int):
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + n
    return sorted(counts.items()), f"{n:>4}|{text!r}"

@boost
def numbers(n: int, x: float, z: complex, i: "np.int32", f: "np.float32"):
    return n / 3 + x, i * n, f + x, abs(z), not n, n and 3, -n ** 2, (n - 1) - (n - 2), round(x, 2), math.atan2(x, n), i // 2, ~i, -(x - 1) * 2

@boost
def exceptions(n: int, a: "int[:]"):
    try:
        return int(a[n]) // n
    except (IndexError, ZeroDivisionError):
        n += 1
    finally:
        n += 2
    return n

@boost
def nested(n: int):
    log = [0]
    for i in range(3):
        try:
            if n == i:
                raise KeyError("here")
            log.append(6 // (n - 2))
        except ZeroDivisionError:
            log.append(-1)
            if i == 1:
                break
        except KeyError as error:
            log.append(-2)
            raise ValueError("again") from error
        else:
            log.append(i)
    return log

@boost
def sets(n: int):
    s = {n, 2}
    s.add(n + 1)
    s.discard(2)
    return len(s | {7}), n in s, [x for x in s if x > 1], {n: 1.5, 3: 2.5}

@boost
def whole(a: "float[:, :]", mask: "bool[:]", b: "float32[:]"):
    c = a[mask, 1:] * 2
    c[0] += a.T[0].sum(axis=0)
    b[::2] = np.sqrt(b[::2])
    a[:, 0] = 1
    return c.mean(axis=1), np.where(b > 0, b, 0), a.max(), np.concatenate((b, b[:1])), a.T @ a, np.cumsum(b), np.arange(3) // 2

@boost
def cross(ax: float, ay: float, az: float, b: "float[:]"):
    a = np.array([ax, ay, az])
    c = np.empty(3)
    c[0] = a[1] * b[2] - a[2] * b[1]
    c[1] = a[2] * b[0] - a[0] * b[2]
    c[2] = a[0] * b[1] - a[1] * b[0]
    return c[0] + c[1] + c[2]

@boost
def stencil(u: "float[:]", v: "float[:]"):
    w = np.array([1.0, -2.0, 1.0])
    for i in range(1, len(u) - 1):
        s = 0.0
        for k in range(3):
            s += w[k] * u[i + k - 1]
        v[i] = s

@boost
def summed(x: float, n: int):
    return np.array([x, -0.0]).sum(), sum(np.array([n, 2, 3])), (np.array([x, x, x]) * 0.1).sum(), np.array([n, n]).sum()

@boost
def sorting(a: "list[int]", n: int):
    b = sorted(a, key=lambda x: -x % 5)
    a.sort(reverse=True)
    del a[:1]
    a[1:2] = [n, n]
    return b, a.index(n), a[::-1], b * 2 + [1], max(a), b == a, b < a

@boost
def gcd(a: int, b: int) -> int:
    return a if b == 0 else gcd(b, a % b)
"""

CALLS: dict[str, list[tuple[Any, ...]]] = {
    "clamped": [(np.array([-1.0, 0.5, 2.0]), 3), (np.array([1.0]), 9)],
    "control": [(np.array([1.0, 5.0]), 2), (np.array([1.0]), 12)],
    "leave": [(n,) for n in range(8)],
    "words": [("b a b", 2), ("", 1)],
    "numbers": [(7, -2.567, 3 + 4j, np.int32(-5), np.float32(0.1)), (0, 0.5, 0j, np.int32(3), np.float32(2))],
    "exceptions": [(n, np.array([5, 6, 7])) for n in (0, 1, 2, 3, -1)],
    "nested": [(n,) for n in range(5)],
    "sets": [(n,) for n in (0, 2, 7)],
    "whole": [(np.arange(12.0).reshape(3, 4), np.array([True, False, True]), np.array([4.0, -1, 9, 2], np.float32))],
    "cross": [(1.5, 2.0, -3.0, np.array([0.5, 1.0, 2.0])), (1.0, 2.0, 3.0, np.array([1.0]))],
    "stencil": [(np.arange(6.0) ** 2, np.zeros(6)), (np.zeros(0), np.zeros(0))],
    "summed": [(-0.0, 2), (0.1, 2**62)],
    "sorting": [([3, 1, 9, 4], 4), ([7, 7], 5)],
    "gcd": [(12, 18), (7, 0)],
}


def test_printed_functions_give_what_the_originals_give(build):
    built = build(HEADER + CASES)
    file = Path(str(built.module.__file__))
    for name, calls in CALLS.items():
        printed = program(file, name)
        for arguments in calls:
            built.check(name, *arguments)
            oracle.compare(printed, getattr(built.module, name).__wrapped__, *arguments, name=f"explained {name}")


METHODS = """
class Body:
    x: float
    v: float

    def __init__(self, x, v):
        self.x = x
        self.v = v

    def force(self):
        return -self.x

    def push(self, dt):
        self.v = self.v + self.force() * dt
        if dt > 1:
            self.x = 0.0

    @boost
    def step(self, dt: float, often: int):
        for i in range(often):
            self.push(dt)
            self.x += self.v * dt
        return self.x
"""


def test_methods(build):
    built = build(HEADER + METHODS)
    printed = program(Path(str(built.module.__file__)), "Body.step")
    for dt, often in ((0.5, 3), (2.0, 2), (0.1, 0)):
        results = []
        for step in (printed, built.Body.step, built.Body.step.__wrapped__):
            body = built.Body(1.0, 0.25)
            results.append((step(body, dt, often), body.x, body.v))
        assert results[0] == results[1] == results[2]


def test_signatures_literals_and_helpers(module):
    file = module("""
        from typing import Literal

        def half(x):
            return x / 2 if x > 1 else half(x + 1)

        @boost
        def f(x: "int or float", kind: Literal[3, "a"]):
            if kind == 3:
                return half(x)
            return x + 1
    """)
    done = explain(f"{file}:f")
    assert done.returncode == 0 and done.stdout.count("\ndef f(x: ") == 4 and "# signature 1 of 4: f(int, " in done.stdout
    assert program(file, "f", "--signature", "1")(4, 3) == 2.0
    assert "# signature 2 of 4" in explain(f"{file}:f", "--signature", "2").stdout
    wrong = explain(f"{file}:f", "--signature", "5")
    assert wrong.returncode == 1 and "HS0504" in wrong.stderr and "4: f(float" in wrong.stderr


def test_passes_can_be_watched(module):
    file = module(TALK["bar"][0])
    assert "foo(2 * c)" in explain(f"{file}:bar", "--print-after", "typed").stdout
    shown = explain(f"{file}:bar", "--print-after=inline").stdout
    assert "# after inline" in shown and "2 * c + 1" in shown
    assert explain(f"{file}:bar", "--print-after=scalars").returncode == 0
    wrong = explain(f"{file}:bar", "--print-after=fuse")
    assert wrong.returncode == 1 and "the passes are typed, propagate" in wrong.stderr


def test_what_cannot_be_explained(module, tmp_path):
    file = module("""
        def helper(x):
            return x

        @boost
        def marked(x: int):
            return helper(x)

        @boost
        def untyped(x):
            return x

        @boost
        def refused(x: int):
            return open(str(x))
    """)
    missing = explain(f"{tmp_path / 'nothing.py'}:f")
    assert missing.returncode == 1 and "HS0505" in missing.stderr and "is not there" in missing.stderr
    unknown = explain(f"{file}:market")
    assert unknown.returncode == 1 and "HS0512" in unknown.stderr and "did you mean `marked`?" in unknown.stderr
    plain = explain(f"{file}:helper")
    assert plain.returncode == 1 and "nothing marks `helper`" in plain.stderr and "marked are marked, refused, untyped" in plain.stderr
    untyped = explain(f"{file}:untyped")
    assert untyped.returncode == 1 and "HS0303" in untyped.stderr and "stays Python" in untyped.stderr
    refused = explain(f"{file}:refused")
    assert refused.returncode == 1 and "open" in refused.stderr and "# stays Python" in refused.stdout
    assert "name a function of it" in explain(str(file)).stderr
    file.write_text("def broken(:\n")
    assert "HS0101" in explain(f"{file}:broken").stderr


def test_names_of_other_modules_of_a_package(tmp_path):
    package = tmp_path / "pack"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "tools.py").write_text("FACTOR = 3\n\n\ndef scaled(x):\n    return FACTOR * x\n")
    (package / "main.py").write_text(
        "from hypersonic import boost\nfrom .tools import scaled\n\n\n@boost\ndef f(x: int):\n    return scaled(x)\n"
    )
    assert code_of(package / "main.py", "f") == 'def f(x: "int") -> "int":\n    return 3 * x'


# --- random functions -----------------------------------------------------------------------------------------------

ATOMS = ["a", "b", "x", "y", "0", "1", "2", "3", "-1", "7"]
atoms = st.sampled_from(ATOMS)
operators = st.sampled_from(["+", "-", "*", "//", "%", "&", "|"])
comparisons = st.sampled_from(["<", "<=", ">", "==", "!="])


def values() -> st.SearchStrategy[str]:
    """Expressions of ints."""

    def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return (
            st.builds(lambda a, op, b: f"({a} {op} {b})", inner, operators, inner)
            | st.builds(lambda a, c, b, d, e: f"({a} if {c} {b} {d} else {e})", inner, inner, comparisons, inner, inner)
            | st.builds(lambda a, b: f"helper({a}, {b})", inner, inner)
            | st.builds(lambda a: f"small({a})", inner)
            | st.builds(lambda a, b: f"max({a}, {b})", inner, inner)
            | st.builds(lambda a: f"(-{a})", inner)
            | st.builds(lambda a: f"abs({a})", inner)
        )

    return st.recursive(atoms, deeper, max_leaves=6)


tests = st.builds(lambda a, op, b: f"{a} {op} {b}", values(), comparisons, values())
floating = st.builds(lambda a, op, b: f"{a} {op} {b}", st.sampled_from(["0.1", "s", "1.5", "-0.0"]), st.sampled_from("+-*"), values())


def indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


def statements(depth: int) -> st.SearchStrategy[list[str]]:
    """A few statements over the ints a, b, x, y, the float s and the list items."""
    simple = (
        st.builds(lambda n, v: [f"{n} = tame({v})"], st.sampled_from(["x", "y", "a"]), values())
        | st.builds(lambda v: [f"s = {v}"], floating)
        | st.builds(lambda v: [f"items.append({v})"], values())
        | st.builds(lambda v, w: [f"t = np.array([s, {v}, 2.5])", f"s += float((t * {w}).sum())"], values(), st.sampled_from(["0.5", "t"]))
        | st.builds(lambda v, w: [f"x, y = tame({v}), tame({w})"], values(), values())
        | st.builds(lambda v: [f"for k in ({v}, 2, 3):", "    y += k", "    if y > 50:", "        break"], atoms)
    )
    if depth == 0:
        return st.lists(simple, min_size=1, max_size=3).map(lambda found: sum(found, []))
    inner = statements(depth - 1)
    nested = (
        st.builds(lambda t, a, b: [f"if {t}:", *indented(a), "else:", *indented(b)], tests, inner, inner)
        | st.builds(
            lambda n, a: [f"for i in range({n}):", *indented([*a, "x += i"])], st.sampled_from(["3", "1, 4", "5, 0, -2", "b % 4"]), inner
        )
        | st.builds(lambda t, a: [f"n{depth} = 0", f"while n{depth} < 4 and {t}:", *indented([*a, f"n{depth} += 1"])], tests, inner)
        | st.builds(lambda t, v: [f"if {t}:", f"    return {v}, s, items, x == 3"], tests, values())
        | st.builds(lambda a, v: ["try:", *indented(a), "except ZeroDivisionError:", f"    y = {v}"], inner, atoms)
    )
    return st.lists(simple | nested, min_size=1, max_size=4).map(lambda found: sum(found, []))


RANDOM_HEADER = """
def tame(n):
    return n if -1000000 < n < 1000000 else 7

def small(n):
    return n * 2 + 1

def helper(m, n):
    if m > n:
        return m - n
    total = 0
    for i in range(n % 5):
        total += i * m
    return total
"""


@pytest.mark.parametrize("seed", range(3))
def test_random_functions(build, seed):
    bodies: list[list[str]] = []

    @settings(max_examples=50, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.integers(seed, seed), statements(2))
    def collect(_: int, body: list[str]) -> None:
        bodies.append(body)

    collect()
    lines = [HEADER, RANDOM_HEADER]
    for number, body in enumerate(bodies):
        lines += ["@boost", f"def f{number}(a: int, b: int):", "    x, y, s, items = 1, 2, 0.5, [0]"]
        lines += [*indented(body), "    return x + y, s, items, y == 3"]
    built = build("\n".join(lines) + "\n")
    file = Path(str(built.module.__file__))
    for number, body in enumerate(bodies):
        name = f"f{number}"
        printed = program(file, name)
        for arguments in ((0, 0), (1, 2), (-3, 7), (5, -1), (100, 3)):
            try:
                built.check(name, *arguments)
                oracle.compare(printed, getattr(built.module, name).__wrapped__, *arguments, name="explained")
            except AssertionError as error:
                raise AssertionError("\n".join(body) + f"\n{explain(f'{file}:{name}').stdout}\n{error}") from error


def test_values_that_may_be_none_and_sorting(module):
    file = module("""
    @boost
    def best(numbers: list[float], least: float):
        found = None
        for x in numbers:
            if found is None or x > found:
                found = x
        if found is not None and found > least:
            return found * 2.0
        return least

    @boost
    def arranged(a: "float[:]"):
        order = np.argsort(a)
        return np.sort(a), a[order], np.unique(a), np.searchsorted(np.sort(a), a, side="right"), np.nonzero(a)[0], np.median(a)
    """)
    text = code_of(file, "best")
    assert "found is None or" in text
    assert "found is not None" in text
    best, arranged = program(file, "best"), program(file, "arranged")
    for numbers in ([], [1.0, 3.0, 2.0], [-1.0]):
        assert best(numbers, 0.5) == (max(numbers) * 2.0 if numbers and max(numbers) > 0.5 else 0.5)
    a = np.array([3.0, 0.0, -1.0, 3.0, 2.0])
    expected = np.sort(a), np.sort(a), np.unique(a), np.searchsorted(np.sort(a), a, side="right"), np.nonzero(a)[0], np.median(a)
    for ours, theirs in zip(arranged(a), expected, strict=True):
        assert np.array_equal(ours, theirs)
