"""What is not compiled of NamedTuples, enums and dataclasses: why, where it is said, and what can be done; and that changed classes are Python's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hypersonic
import oracle
import pytest

HEAD = """
import enum
from collections import namedtuple
from dataclasses import InitVar, dataclass, field
from typing import NamedTuple
from hypersonic import boost

class Point(NamedTuple):
    x: float
    y: float = 0.0

class Color(enum.Enum):
    RED = 1
    BLUE = "b"

class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2

class Access(enum.Flag):
    READ = 1
    WRITE = 2

@dataclass
class Body:
    mass: float
    n: int = 0

    @property
    def twice(self):
        return 2 * self.mass

@dataclass(frozen=True)
class Fixed:
    n: int

Plain = namedtuple("Plain", "a b")

@dataclass
class Posted:
    a: float
    def __post_init__(self): self.a *= 2

@dataclass
class Keyed:
    a: float
    def __len__(self): return 3

def decorator(c): return c

@decorator
@dataclass
class Decorated:
    a: float

@dataclass
class WithInitVar:
    a: float
    b: InitVar[int] = 3

@dataclass
class Node:
    v: int
    next: "Node | None" = None

class Text(str, enum.Enum):
    A = "a"

class Unknown(enum.Enum):
    A = object()

class Equal(enum.Enum):
    A = 1
    def __eq__(self, other): return True
"""

# The function's body and parameters; id, the place that is marked, the title, the hint.
REFUSED = [
    ("p: Point", "return p.z", "HS0309", "p.z", "`Point` has no attribute `z` that the source shows", "`Point` has: x, y"),
    ("p: Point", "return Color.REDD", "HS0309", "Color.REDD", "`Color` has no attribute `REDD`", "did you mean `RED`?"),
    ("p: Point", "p.x = 1.0", "HS0206", "p.x", "the attribute `x` of `Point` cannot be set", ""),
    ("p: Point", "return Point()", "HS0206", "Point()", "Point() missing 1 required argument: 'x'", ""),
    ("p: Point", "return Point(1.0, z=2.0)", "HS0206", "2.0", "Point() got an unexpected keyword argument 'z'", ""),
    ("p: Point", "return Point(1.0, x=2.0)", "HS0206", "2.0", "Point() got multiple values for argument 'x'", ""),
    ("p: Point", "return Point(1.0, 2.0, 3.0)", "HS0206", "3.0", "Point() takes fewer positional arguments", ""),
    ("p: Point", "return p is p", "HS0202", "p is p", "`is` of NamedTuples is not compiled", ""),
    ("p: Point", "return f'{p}'", "HS0212", "p", "an object of `Point` has no compiled form as a string", "show its fields"),
    (
        "p: Point",
        "return [p, Point(1)]",
        "HS0205",
        "Point(1)",
        "a list holds `Point` with `float` as `x` and `Point` with `int` as `x`",
        "",
    ),
    ("p: Plain", "return p.a", "HS0302", "Plain", "the field `a` of `Plain` has no type", "write the types"),
    ("c: Color", "return c.value", "HS0202", "c.value", "the values of the members differ in type", ""),
    ("c: Color", "return c + 1", "HS0212", "c", "the operator is not compiled for an object of `Color`", "use its `.value`"),
    ("c: Color", "return c < Color.RED", "HS0206", "c < Color.RED", "members of `Color` have no order", ""),
    ("c: Color", "return str(c)", "HS0212", "c", "an object of `Color` has no compiled form as a string", "`.name`"),
    ("c: set[Color]", "return [x for x in c]", "HS0212", "[x for x in c]", "the order of `set[Color]` is not known", "use a list"),
    ("n: int", "return Access(n)", "HS0212", "Access(n)", "making a `Access` of a number is not compiled", "combine its members"),
    ("c: Color, l: Level", "return [c, l]", "HS0205", "l", "", ""),
    ("f: Fixed", "f.n = 3", "HS0206", "f.n", "the attribute `n` of `Fixed` cannot be set", ""),
    ("b: Body", "b.twice = 3.0", "HS0212", "b.twice", "`twice` of `Body` is set, but it is no field", "set the fields"),
    ("b: Body", "b.other = 3.0", "HS0309", "b.other", "`Body` has no attribute `other`", "`Body` has: mass, n"),
    ("b: Body", "b.mass = 1", "HS0205", "1", "the attribute `mass` of `Body` is `float`, and is set to `int`", "`float(...)`"),
    ("b: Body, a: 'float[:]'", "b.mass = a[0]", "HS0205", "a[0]", "is set to `np.float64`", "`float(...)`"),
    ("b: Body", "return b < b", "HS0206", "b < b", "objects of `Body` have no order", ""),
    ("b: Body", "return {b: 1}", "HS0202", "{b: 1}", "objects of `Body` in sets, and as keys of dicts, are not compiled", ""),
    ("b: Body", "return b[0]", "HS0206", "b[0]", "`Body` cannot be subscripted", ""),
    ("b: Body", "x, y = b", "HS0206", "x, y", "`Body` cannot be unpacked", ""),
    ("b: Body", "for x in b: pass", "HS0206", "b", "`Body` cannot be iterated", ""),
    ("b: Body", "return len(b)", "HS0206", "b", "`len` is not defined for `Body`", ""),
    ("b: Body", "return float(b)", "HS0206", "b", "`float` is not defined for `Body`", ""),
    ("b: Body", "return -b", "HS0212", "-b", "the operator is not compiled for an object of `Body`", "define the operator in the class"),
    ("b: Body", "return b.mass()", "HS0212", "b.mass()", "`mass` of `Body` is called, but it is no method", "call a method"),
    ("b: Body", "return b.nothing()", "HS0309", "b.nothing()", "`Body` has no attribute `nothing`", "`Body` has: mass, n"),
    ("b: Body", "return sum([b])", "HS0206", "b", "`sum` adds `Body` to 0", ""),
    (
        "b: Body",
        "return Posted(1.0)",
        "HS0212",
        "Posted(1.0)",
        "`Posted` has a `__post_init__`, so making one is not compiled",
        "in a Python function",
    ),
    ("b: Keyed", "return b.a", "HS0302", "Keyed", "it has a `__len__`", "give functions what it holds"),
    ("b: Decorated", "return b.a", "HS0302", "Decorated", "a decorator changes it", "remove the decorator"),
    ("b: WithInitVar", "return b.a", "HS0302", "WithInitVar", "it has an `InitVar`", "make the field an attribute"),
    ("b: Node", "return b.v", "HS0302", "Node", "hold objects of the same class", "by their numbers"),
    ("c: Text", "return c", "HS0302", "Text", "it has a base that is not followed", "inherit from `Enum` or `IntEnum` alone"),
    ("c: Unknown", "return c", "HS0302", "Unknown", "the value of a member is not known at build time", "as constants"),
    ("c: Equal", "return c", "HS0302", "Equal", "it has a `__eq__`", ""),
]


@pytest.fixture(scope="module")
def refused(build: Callable[..., oracle.Built]) -> oracle.Built:
    bodies = (f"\n@boost\ndef f{n}({parameters}):\n    {body}\n" for n, (parameters, body, *_) in enumerate(REFUSED))
    return build(HEAD + "".join(bodies))


@pytest.mark.parametrize("n", range(len(REFUSED)))
def test_what_is_refused_says_why_and_where(refused: oracle.Built, n: int) -> None:
    _, body, code, place, title, hint = REFUSED[n]
    assert refused.state(f"f{n}") == "python"
    source = Path(str(refused.module.__file__)).read_text().splitlines()
    first = source.index(next(line for line in source if line.startswith(f"def f{n}("))) + 1
    found = [block for block in refused.log.split("\n\n") if f"f{n}(" in block or f"__init__.py:{first + 1}:" in block]
    assert any(f"[{code}]" in block and title in block and hint in block and marked(block) == place for block in found), (body, found)


def marked(block: str) -> str:
    """The place that a diagnostic marks with carets."""
    lines = block.splitlines()
    for above, below in zip(lines, lines[1:], strict=False):
        if "^" in below:
            start = below.index("^")
            return above[start : below.rindex("^", start, start + len(below)) + 1]
    return ""


def test_changed_classes_are_python_s(build: Callable[..., oracle.Built]) -> None:
    shapes = """
    from dataclasses import dataclass
    from enum import Enum
    from typing import NamedTuple

    class Point(NamedTuple):
        x: float
        y: float

    class Kind(Enum):
        A = 1
        B = 2

    @dataclass
    class Body:
        n: int

    OTHER = 1
    """
    source = """
    from hypersonic import boost
    from .shapes import Body, Kind, Point

    @boost
    def f(p: Point, k: Kind, b: Body):
        b.n += 1
        return p.x, k.name, Point(1.0, 2.0), Kind.B, b
    """
    made = build(source, files={"shapes.py": shapes})
    name, folder = made.module.__name__, Path(str(made.module.__file__)).parent
    script = f"import hypersonic, {name} as m; print(m.f(m.Point(1.0, 2.0), m.Kind.A, m.Body(1)) is not None, hypersonic.info(m.f).state)"

    def run() -> str:
        return subprocess.run([sys.executable, "-c", script], cwd=folder.parent, capture_output=True, text=True, check=True).stdout.strip()

    text = (folder / "shapes.py").read_text()
    changes = {
        "OTHER = 1": ("OTHER = 2", "cpu"),
        "n: int": ("n: float", "python"),
        "B = 2": ("B = 3", "python"),
        "y: float": ("z: float", "python"),
    }
    for old, (new, state) in changes.items():
        (folder / "shapes.py").write_text(text.replace(old, new))
        assert run() == f"True {state}", old


def test_a_class_that_was_exchanged_is_python_s(build: Callable[..., oracle.Built]) -> None:
    """Whatever a program does to a class before its first use."""
    made = build(
        """
        from dataclasses import dataclass
        from hypersonic import boost

        @dataclass
        class Body:
            n: int

        @dataclass
        class Watched:
            n: int

        @boost
        def f(b: Body):
            b.n += 1
            return b.n

        @boost
        def g(b: Watched):
            b.n += 1
            return b.n
        """
    )
    seen = []
    made.module.Watched.__setattr__ = lambda self, name, value: (seen.append(name), object.__setattr__(self, name, value))[0]
    watched = made.module.Watched(1)
    seen.clear()
    assert made.g(watched) == 2 and seen == ["n"]
    first = made.module.Body
    made.module.Body = type("Body", (), {})
    body = first(1)
    assert made.f(body) == 2 and body.n == 2
    assert "no compiled signature" in str(hypersonic.info(made.f))
