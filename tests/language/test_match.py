"""`match`: literals, tuples, captures, alternatives, conditions, classes."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from typing import Any

import hypersonic
import numpy as np
import oracle
import pytest

SOURCE = """
import math
import numpy as np
from hypersonic import boost
from . import names

LIMIT = 7

class Config:
    size = 3

@boost
def literals(k: int):
    match k:
        case 0:
            return 10
        case 1 | 2 | -3:
            return 20
        case 4:
            r = 40
        case names.FIVE:
            r = 50
        case _:
            r = k
    return r + 1

@boost
def floats(x: float):
    match x:
        case 1: return 1
        case 2.5: return 2
        case -0.0: return 3
        case True: return 4
    return 5

@boost
def guards(k: int, a: "float[:]"):
    match k:
        case 0 if a[0] > 0.0:
            return 1
        case n if n < 0:
            a[0] = n
            return 2
        case (0 | 1) as m if a[k] == 3.0:
            return m + 3
        case other:
            a[1] += other
    return 9

@boost
def pairs(a: int, b: int):
    match a, b:
        case 0, 0:
            return 0
        case (0, y):
            return y
        case (x, 0):
            return -x
        case (x, y) if x == y:
            return 1000
        case x, y:
            return x * y

@boost
def either(a: int, b: int):
    match (a, b):
        case (0, x) | (x, 0):
            return x + 1
        case (1 | 2, 3 | 4) | (5, 6):
            return 100
        case [x, *_]:
            return -x

@boost
def deep(a: int, t: "(int, (float, int))"):
    match (a, t):
        case (1, (2, (x, 3))):
            return x
        case (n, (m, (x, _))) if n > m:
            return -x
        case (_, (*_, (y, z))):
            return y + z
        case (_,):
            return missing

@boost
def classes(x: "int or float or bool or float[:] or (int, int)"):
    match x:
        case bool(): return 1
        case int(n) if n > 5: return n
        case int(0 | 1): return 3
        case int(): return 4
        case float(y): return y + 0.5
        case (p, q): return p - q
        case _: return 6

@boost
def optional(x: "int or None" = None):
    match x:
        case None: return -1
        case 3: return 30
        case n: return n

@boost
def truth(x: bool):
    match x:
        case True: return 1
        case False: return 0
        case _: return 2

@boost
def by_name(name: str, x: float):
    match name:
        case "sin": return math.sin(x)
        case "cos" | "cosine": return math.cos(x)
        case _: return x

@boost
def in_loop(a: "int[:]"):
    total = 0
    for i in range(len(a)):
        match int(a[i]):
            case 0: continue
            case 1 | 2: total += 10
            case n if n % 7 == 0 and n > 0:
                total += 1000
                break
            case n if n < 0:
                total -= 1
            case _:
                total += 100
        total *= 2
    else:
        total += 5
    return total

@boost
def binds_stay(k: int):
    n = 1
    match k:
        case n if n > 10: pass
        case 3: n += 100
    return n

@boost
def one_is_unbound(k: int):
    match k:
        case 0: x = 1
        case 1: y = 2
    return x

@boost
def subject_once(a: "int[:]"):
    match a[0] + a[1]:
        case 3: a[0] = 100
        case 4: a[0] = 200
    return a[0]

@boost
def with_try(k: int, a: "float[:]"):
    match k:
        case n if a[n] > 1.0:
            try:
                a[n + 1] = 5.0
            except IndexError:
                return -1.0
            finally:
                a[0] += 1.0
        case _:
            return -2.0
    return float(a[0])

@boost
def array_subject(a: "float[:]"):
    match a:
        case (x, y): return 1
        case [*_]: return 2
        case b: return 3

@boost
def all_return(k: int):
    match k % 3:
        case 0: return 1.5
        case 1: return 2.5
        case _: return 3.5
"""


@pytest.fixture(scope="module")
def built(build: Any) -> oracle.Built:
    return build(SOURCE, files={"names.py": "FIVE = 5\n"})  # type: ignore[no-any-return]


def test_values(built: oracle.Built) -> None:
    for k in range(-5, 9):
        for name in ("literals", "binds_stay", "one_is_unbound", "all_return"):
            built.check(name, k)
    for x in (1.0, 2.5, 0.0, -0.0, float("nan"), 4.0):
        built.check("floats", x)
    for truth in (True, False):
        built.check("truth", truth)
    for k in (None, 3, 4):
        built.check("optional", k)


def test_conditions(built: oracle.Built) -> None:
    for a in (np.array([3.0, 3.0]), np.array([-3.0, 3.0]), np.array([3.0, 0.0]), np.array([0.0, 0.0])):
        for k in range(-3, 3):
            built.check("guards", k, a)
            built.check("with_try", k, a)
    generator = np.random.default_rng(3)
    for _ in range(40):
        built.check("in_loop", generator.integers(-3, 9, 6))
    built.check("in_loop", np.array([1, 14, 3]))
    for a in ([1, 2], [1, 3], [0, 0]):
        built.check("subject_once", np.array(a))


def test_sequences(built: oracle.Built) -> None:
    for a in range(-1, 7):
        for b in range(-1, 7):
            built.check("pairs", a, b)
            built.check("either", a, b)
            built.check("deep", a, (b, (0.5, 3)))
            built.check("deep", a, (b, (0.25, 4)))
    built.check("array_subject", np.array([1.0, 2.0]))


def test_classes(built: oracle.Built) -> None:
    for x in (True, False, 0, 1, 2, 6, 9, 1.5, (4, 9), np.array([1.0])):
        built.check("classes", x)
    for name in ("sin", "cos", "cosine"):
        built.check("by_name", name, 0.5, ulp=1)


def test_what_stays_python(build: Any) -> None:
    built = build("""
from hypersonic import boost

@boost
def rest(a: int, b: int):
    match (a, b, a):
        case (x, *rest): return rest

@boost
def keywords(a: complex):
    match a:
        case complex(real=1.0): return 1
        case _: return 2
""")
    for name, words in (("rest", "`*rest`"), ("keywords", "`real`")):
        info = hypersonic.info(getattr(built.module, name))
        assert info.state == "python" and words in info.reason
    assert built.module.rest(1, 2) == [2, 1]


SEQUENCES = """
from collections import Counter, OrderedDict, defaultdict, deque
from typing import Optional
from hypersonic import boost

@boost
def of_list(a: list[int]):
    match a:
        case []:
            return "empty", 0
        case [x]:
            return "one", x
        case [0, y]:
            return "zero", y
        case [x, y] if x > y:
            return "down", x - y
        case [x, *_, 9]:
            return "nine", x
        case [x, *rest, y]:
            return "rest", x + y + sum(rest)
    return "none", -1

@boost
def of_deque(d: deque[int], t: tuple[int, ...], b: bytes, s: str):
    found = []
    match d:
        case [1 | 2, *_]:
            found.append(1)
        case [_, _]:
            found.append(2)
        case _:
            found.append(3)
    match t:
        case (x, y):
            found.append(x + y)
        case (x, *_):
            found.append(x)
    match b:
        case [_, _]:
            found.append(10)
        case b"ab":
            found.append(11)
    match s:
        case [_, _]:
            found.append(20)
        case str():
            found.append(21)
    return found

@boost
def nested(rows: list[tuple[int, str]], deep: list[list[int]]):
    match rows:
        case [(1, name), *_]:
            first = name
        case [(n, "b"), (m, _)]:
            first = str(n + m)
        case _:
            first = "?"
    match deep:
        case [[x], [y, z]]:
            return first, x + y + z
        case [[], *_]:
            return first, -2
    return first, -1

@boost
def classes(a: list[int], n: int):
    found = None
    if n > 0:
        found = n
    match a:
        case list():
            r = 1
        case _:
            r = 2
    match found:
        case int(x) if x > 2:
            r += 10
        case int():
            r += 20
        case None:
            r += 30
    return r
"""


@pytest.mark.parametrize("a", [[], [4], [0, 3], [5, 2], [2, 5], [2, 9], [1, 5, 9], [1, 2, 3, 4], [0, 0, 0]])
def test_lists_in_patterns(sequences, a):
    sequences.check("of_list", a)
    sequences.check("of_deque", deque(a), tuple(a), b"ab"[: len(a)], "ab"[: len(a)])
    sequences.check("classes", a, len(a))


@pytest.mark.parametrize("rows", [[], [(1, "a")], [(2, "b"), (3, "c")], [(2, "a"), (3, "c")]])
@pytest.mark.parametrize("deep", [[], [[1], [2, 3]], [[], [1]], [[1], [2]]])
def test_patterns_in_patterns(sequences, rows, deep):
    sequences.check("nested", rows, deep)


@pytest.fixture(scope="module")
def sequences(tmp_path_factory):
    return oracle.build(tmp_path_factory.mktemp("sequences"), SEQUENCES)


MAPPINGS = """
from collections import Counter, OrderedDict, defaultdict
from typing import Optional
from hypersonic import boost

KEY = "k"

class Names:
    key = "named"

@boost
def shape(d: dict[str, int]):
    match d:
        case {"x": 0, "y": y}:
            return "line", y
        case {"x": x, "y": y} if x > y:
            return "down", x - y
        case {"x": x, **rest}:
            return "x", x + len(rest)
        case {"z": 1 | 2 as z}:
            return "z", z
        case {}:
            return "other", len(d)

@boost
def rest_of(d: dict[int, list[int]]):
    match d:
        case {1: [x, *_], **others}:
            others[7] = [x]
            return x, others
        case {2: []}:
            return -1, d
        case {**everything}:
            return 0, everything

@boost
def nested(d: dict[str, tuple[int, str]], rows: list[dict[str, int]]):
    found = []
    match d:
        case {"a": (0, name)} | {"b": (_, name)}:
            found.append(name)
        case {"c": (n, _)}:
            found.append(str(n))
    match rows:
        case [{"id": a}, {"id": b}]:
            found.append(str(a + b))
        case [{"id": a}, *_]:
            found.append(str(a))
    return found

@boost
def kinds(a: defaultdict[str, int], b: Counter[str], c: OrderedDict[str, int], n: int, t: tuple[int, int]):
    found = 0
    match a:
        case {"x": x, "y": y}: found += x + y
    match b:
        case {"x": x}: found += 10 * x
    match c:
        case {"x": x, **rest}: found += 100 * x + len(rest)
    match n:
        case {}: found += 1000
    match t:
        case {}: found += 1000
    match a:
        case {1: x}: found += 5000
    return found, len(a), len(b)

@boost
def alternatives(t: tuple[int, int, int], a: list[int]):
    match t:
        case (0, (1 as x) | x, _) | (_, x, 0) if x > 0:
            r = x
        case (1, 5 | 6 as y, z) | (y, z, 1):
            r = 10 * y + z
        case _:
            r = -1
    match a:
        case [0, x] | [x, _] | [x, _, _] if x > 1:
            return r, x
        case [x, *_]:
            return r, -5
    return r, -6
"""


@pytest.fixture(scope="module")
def mappings(build):
    return build(MAPPINGS)


@pytest.mark.parametrize("d", [{}, {"x": 0, "y": 2}, {"x": 5, "y": 2}, {"x": 1, "y": 2}, {"x": 3}, {"z": 2}, {"z": 3, "w": 1}])
def test_mappings(mappings, d):
    mappings.check("shape", d)


@pytest.mark.parametrize("d", [{}, {1: [4, 5], 3: []}, {1: [], 2: []}, {2: []}, {2: [1], 1: []}])
def test_the_rest_of_a_mapping(mappings, d):
    mappings.check("rest_of", d)


def test_mappings_in_patterns(mappings):
    for d in ({}, {"a": (0, "p")}, {"a": (1, "p"), "b": (2, "q")}, {"c": (7, "r")}):
        for rows in ([], [{"id": 1}, {"id": 2}], [{"id": 1}, {}], [{}, {"id": 1}]):
            mappings.check("nested", d, rows)
    for d in ({}, {"x": 1, "y": 2}, {"x": 3}):
        mappings.check("kinds", defaultdict(int, d), Counter(d), OrderedDict(d), 0, (1, 2))


@pytest.mark.parametrize("t", [(0, 1, 5), (0, 2, 5), (3, 4, 0), (3, -4, 0), (1, 5, 9), (1, 7, 1), (2, 2, 2), (0, -1, 3)])
@pytest.mark.parametrize("a", [[0, 5], [0, 1], [3, 4], [1, 4], [2, 0, 0], [0, 0, 0]])
def test_alternatives_with_names(mappings, t, a):
    mappings.check("alternatives", t, a)
