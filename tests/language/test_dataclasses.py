"""Dataclasses: attributes read and written back, aliases, nesting, made in kernels, comparisons, patterns; CPython's answers and exceptions."""

from __future__ import annotations

from typing import Any

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCE = """
import dataclasses
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
from hypersonic import boost

@dataclass
class Body:
    mass: float
    x: float = 0.0
    speed: float = field(default=1.5)
    unit: ClassVar[float] = 2.0

    def energy(self):
        return 0.5 * self.mass * self.speed**2 * self.unit

    @property
    def momentum(self):
        return self.mass * self.speed

    def advance(self, dt):
        self.x += self.speed * dt

@dataclass(frozen=True)
class Config:
    steps: int
    dt: float = 0.25
    name: str = "run"

@dataclass(order=True)
class Version:
    major: int
    minor: int = 0
    note: str = field(default="", compare=False)

@dataclass(eq=False)
class Token:
    kind: int

@dataclass
class System:
    bodies: list[Body]
    first: Body
    energy: "float[:]"
    config: Config
    counts: dict[str, int] = field(default_factory=dict)
    best: "Body | None" = None

@dataclass
class Base:
    a: int = 1

@dataclass
class Derived(Base):
    b: float = 2.0

@dataclass(slots=True)
class Slotted:
    n: int
    items: list[int] = field(default_factory=list)

@dataclass(kw_only=True)
class Named:
    left: int
    right: int = 3

@boost
def read(b: Body):
    return b.mass, b.x + b.speed, b.energy(), b.momentum, b.unit, Body.unit

@boost
def write(b: Body, dt: float):
    b.x += b.speed * dt
    b.speed = -b.speed
    b.advance(dt)
    return b.x

@boost
def alias(a: Body, b: Body):
    a.x = 5.0
    b.x += 1.0
    a.x *= 2.0
    return a.x, b.x, a is b, a == b, a

@boost
def made(m: float, n: int):
    a = Body(m)
    b = Body(mass=m, speed=2.0)
    c = Body(m, 1.0, speed=n)
    a.x = 7.5
    d = a
    d.x += 1
    return a, b, c, [a, d, b], (a, c), Config(n), Version(n, 2, "x"), Slotted(n), Slotted(n, [n, 2]), Named(left=n), Derived(n), Derived(b=m)

@boost
def config(c: Config):
    total = 0.0
    for _ in range(c.steps):
        total += c.dt
    return total, c.name + "!", replace(c, steps=c.steps + 1), c == Config(3), c == Config(3, 0.25, c.name), c

@boost
def compared(a: Version, b: Version):
    return a == b, a != b, a < b, a <= b, a > b, a >= b, max(a, b), min(b, a)

@boost
def tokens(a: Token, b: Token):
    return a == b, a != b, a is b, a == a, Token(1) == Token(1)

@boost
def system(s: System, dt: float):
    for n, b in enumerate(s.bodies):
        b.advance(dt)
        s.energy[n] = b.energy()
        if s.best is None or b.x > s.best.x:
            s.best = b
    s.first.mass += 1.0
    s.counts["steps"] = s.counts.get("steps", 0) + s.config.steps
    s.bodies.append(Body(9.0, x=s.first.x))
    return s.best, s.bodies[0] is s.first, len(s.bodies)

@boost
def replaced(s: System, b: Body):
    s.first = b
    s.bodies = [b, b]
    s.energy = s.energy * 2.0
    b.x = 100.0
    return s

@boost
def derived(d: Derived, b: Base):
    d.a += 1
    b.a += 10
    return d.b + d.a, isinstance(d, Base), isinstance(b, Derived), isinstance(d, Derived), d == b

@boost
def slotted(s: Slotted):
    s.n += 1
    s.items.append(s.n)
    return s

@boost
def elements(bodies: list[Body], named: dict[str, Body]):
    for b in bodies:
        b.mass *= 2.0
    for key, b in named.items():
        b.x += len(key)
    if bodies:
        named["last"] = bodies[-1]
        bodies.append(bodies[0])
        bodies[0].speed = -3.0
    return sum([b.mass for b in bodies], 0.0)

@boost
def matched(b: Body, c: Config):
    match b:
        case Body(mass=0.0):
            return 0.0
        case Body(m, 0.0):
            return m
        case Body(m, x, speed=1.5) if x > m:
            return x
        case Body():
            return -1.0

@boost
def fails(b: Body, a: "float[:]", i: int):
    b.x = 42.0
    a[0] = 1.0
    b.mass = float(a[i])
    b.speed = 43.0
    return b

@boost
def raises(b: Body, k: int):
    b.x = 1.25
    if k > 2:
        raise ValueError("too much")
    b.speed = 1.0 / k

@boost
def optional(b: "Body | None", c: bool):
    if b is None:
        if c:
            b = Body(1.0)
    else:
        b.x = 3.0
    return b, b is None

@boost
def loop(n: int):
    total = Body(0.0)
    for i in range(n):
        part = Body(float(i), speed=total.speed)
        if i % 2:
            total = part
        total.mass += part.x + i
    return total

@boost
def conditional(a: Body, b: Body, c: bool):
    d = a if c else b
    d.x = -1.0
    return d, d is a, bool(a), a and b

@boost
def named(n: Named):
    n.left, n.right = n.right, n.left
    return n

@dataclass
class Flow:
    name: str
    u: "float[:, :]"
    v: "float[:, :]"
    w: "float[:, :]"
    steps: int = 0
    history: list[float] = field(default_factory=list)
    p: "complex[:, :] | None" = None
    a: float = 0.0
    b: float = 1.0
    c: float = 2.0

@boost
def flow(f: Flow, dt: float, n: int):
    f.u[0, 0] += dt
    f.v = f.u * dt
    f.w[...] = f.v + f.u
    f.steps += n
    f.history.append(float(f.w.sum()))
    f.a, f.c = f.c, f.a
    f.name += "!"
    if n > 3:
        f.p = f.u + 1j * f.v
    return f.a + f.b, f

@boost
def flow_last(f: Flow):
    f.c = 17.0

@boost
def flows(n: int):
    a = np.ones((n, n))
    f = Flow("x", a, a * 2, a + 1, c=float(n))
    g = replace(f, steps=3, b=1.5)
    g.a += f.c
    return f, g, [f, g], f.b < g.b

@dataclass
class Knot:
    value: int
    weight: float
    row: list[int]
    label: str
    partner: "Body | None"

@boost
def program(knots: list[Knot], bodies: list[Body], steps: list[tuple[int, int, int]]):
    log = []
    for op, i, j in steps:
        a, b = knots[i % len(knots)], knots[j % len(knots)]
        if op == 0:
            a.value += b.value + 1
            b.weight -= a.value
        elif op == 1:
            a.row, b.row = b.row, a.row
            a.row.append(j)
        elif op == 2:
            a.partner = bodies[j % len(bodies)]
        elif op == 3:
            if a.partner is not None:
                a.partner.x += 1.0
                log.append(a.partner is b.partner)
        elif op == 4:
            knots.append(Knot(i, b.weight, a.row, a.label + str(j), b.partner))
        elif op == 5:
            knots[i % len(knots)] = b
            log.append(knots[0] is knots[-1])
        elif op == 6:
            bodies.append(Body(float(i), x=b.weight))
            a.label, a.weight = b.label, 0.5 * b.weight
        elif op == 7:
            a.value //= b.value
        elif op == 8:
            a.row = b.row[:]
            log.append(a.row == b.row)
        else:
            bodies[i % len(bodies)].speed = -1.0
            a.row[j % 3] = 7
            log.append(a is b)
    return log, knots[0], bodies[-1], knots

@boost
def astuple(b: Body, c: Config):
    return dataclasses.astuple(b), dataclasses.astuple(c)

def helper(b, k):
    b.mass += k
    return b

@boost
def passed(b: Body, k: float):
    c = helper(b, k)
    helper(c, k)
    return b is c, c
"""


@pytest.fixture(scope="module")
def built(build: Any) -> oracle.Built:
    return build(SOURCE)


floats = st.floats(-100, 100) | st.sampled_from([0.0, -0.0, 1.5, float("inf"), float("nan")])
quick = settings(max_examples=60, deadline=None)


@quick
@given(m=floats, x=floats, v=floats, dt=floats)
def test_attributes_are_read_and_written_back(built: oracle.Built, m: float, x: float, v: float, dt: float) -> None:
    b = built.Body(m, x, v)
    built.check("read", b)
    built.check("write", b, dt)
    built.check("passed", b, dt)


@quick
@given(x=floats, y=floats)
def test_one_object_given_twice_is_one(built: oracle.Built, x: float, y: float) -> None:
    a, b = built.Body(x), built.Body(y)
    for pair in (a, b), (a, a):
        built.check("alias", *pair)
        built.check("conditional", *pair, True)
        built.check("conditional", *pair, False)
    assert built.alias(a, a)[4] is a


def test_they_are_made(built: oracle.Built) -> None:
    made = built.check("made", 2.5, 3)
    assert made[3][0] is made[0] and made[3][1] is made[0] and made[4][0] is made[0]
    built.check("loop", 6)
    built.check("named", built.Named(left=1))


def test_frozen_ones(built: oracle.Built) -> None:
    config = built.Config(3)
    built.check("config", config)
    assert built.config(config)[5] is config
    built.check("astuple", built.Body(1.0), config)


@quick
@given(
    a=st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from("ab")),
    b=st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from("ab")),
)
def test_order_and_equality(built: oracle.Built, a: tuple[int, int, str], b: tuple[int, int, str]) -> None:
    one, other = built.Version(*a), built.Version(*b)
    built.check("compared", one, other)
    built.check("compared", one, one)
    token = built.Token(1)
    built.check("tokens", token, token)
    built.check("tokens", token, built.Token(1))


def system(built: oracle.Built, n: int) -> Any:
    bodies = [built.Body(1.0 + i, i * 0.5, 2.0 - i) for i in range(n)]
    return built.System(bodies, bodies[0], np.zeros(n), built.Config(4), {"a": 1})


def test_nested_ones(built: oracle.Built) -> None:
    for n in 1, 3:
        built.check("system", system(built, n), 0.5)
        built.check("replaced", system(built, n), built.Body(7.0))
    mine = system(built, 2)
    mine.best = mine.bodies[1]
    built.check("system", mine, 0.25)
    built.check("replaced", mine, mine.bodies[1])
    bodies, first = mine.bodies, mine.first
    best, is_first, count = built.system(mine, 1.0)
    assert is_first and count == 3 and mine.bodies is bodies and mine.first is first and mine.best is best and best in bodies
    body = built.Body(1.0)
    assert (
        built.replaced(mine, body) is mine and mine.first is body and mine.bodies[0] is mine.bodies[1] is body and bodies is not mine.bodies
    )


def test_inherited_ones(built: oracle.Built) -> None:
    built.check("derived", built.Derived(1, 2.0), built.Base(3))
    d = built.Derived()
    oracle.compare(built.derived, built.derived.__wrapped__, d, d)
    built.check("slotted", built.Slotted(3, [1]))


@quick
@given(masses=st.lists(floats, max_size=5), shared=st.booleans())
def test_elements(built: oracle.Built, masses: list[float], shared: bool) -> None:
    bodies = [built.Body(m) for m in masses]
    if shared and bodies:
        bodies.append(bodies[0])
    built.check("elements", bodies, {"a": built.Body(1.0), **{str(n): b for n, b in enumerate(bodies)}})


@quick
@given(m=st.sampled_from([0.0, 1.0, 2.0]), x=st.sampled_from([0.0, 1.5, 3.0]), v=st.sampled_from([1.5, 2.0]))
def test_patterns(built: oracle.Built, m: float, x: float, v: float) -> None:
    built.check("matched", built.Body(m, x, v), built.Config(1))


@pytest.mark.parametrize("i", [0, 2, 3, -4])
def test_what_was_written_before_an_exception_stays(built: oracle.Built, i: int) -> None:
    built.check("fails", built.Body(3.0), np.arange(3.0), i)
    built.check("raises", built.Body(1.0), i)


def test_many_attributes(built: oracle.Built) -> None:
    u = np.arange(4.0).reshape(2, 2)
    for n in 1, 5:
        built.check("flow", built.Flow("f", u, u.copy(), u.copy()), 0.5, n)
        built.check("flow", built.Flow("f", u, u, u[::-1]), 0.5, n)
    built.check("flow_last", built.Flow("f", u, u, u))
    built.check("flows", 2)
    mine = built.Flow("f", u, u, u)
    built.flow_last(mine)
    assert mine.c == 17.0 and mine.u is u and "p" in vars(mine)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_random_programs_with_aliases(built: oracle.Built, data: st.DataObject) -> None:
    count, partners = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    bodies = [built.Body(float(n)) for n in range(partners)]
    bodies += data.draw(st.lists(st.sampled_from(bodies), max_size=2))
    rows: list[list[int]] = [[n, 1, 2] for n in range(2)]
    chosen = st.tuples(st.integers(0, 3), st.sampled_from(rows), st.sampled_from([None, *bodies]))
    knots = [
        built.Knot(value, 0.5, row, "k", partner) for value, row, partner in data.draw(st.lists(chosen, min_size=count, max_size=count))
    ]
    knots += data.draw(st.lists(st.sampled_from(knots), max_size=2))
    steps = data.draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5), st.integers(0, 5)), max_size=12))
    ours, theirs = oracle.clone((knots, bodies, steps)), oracle.clone((knots, bodies, steps))
    first, second = oracle.run(built.program, ours), oracle.run(built.program.__wrapped__, theirs)
    assert type(first.error) is type(second.error)
    # Everything that can be reached, and which of it is one object.
    assert shape((first.value, ours)) == shape((second.value, theirs))


def shape(root: Any) -> list[Any]:
    """What can be reached, in order, with numbers for objects that come again."""
    seen: dict[int, int] = {}
    found: list[Any] = []

    def visit(value: Any) -> None:
        if isinstance(value, list) or hasattr(value, "__dict__"):
            if id(value) in seen:
                found.append(("again", seen[id(value)]))
                return
            seen[id(value)] = len(seen)
        found.append(type(value).__name__)
        if isinstance(value, list | tuple):
            found.append(len(value))
            for item in value:
                visit(item)
        elif hasattr(value, "__dict__"):
            for name, item in vars(value).items():
                found.append(name)
                visit(item)
        else:
            found.append(repr(value))

    visit(root)
    return found


def test_they_may_be_none(built: oracle.Built) -> None:
    for c in True, False:
        built.check("optional", None, c)
        built.check("optional", built.Body(1.0), c)


def test_only_attributes_that_changed_are_set(built: oracle.Built) -> None:
    body = built.Body(1e300, 0.0, 2.5)
    mass, speed = body.mass, body.speed
    built.check("write", body, 0.5)
    built.write(body, 0.5)
    assert body.mass is mass and body.speed == -2.5 and body.speed is not speed


def test_an_attribute_that_only_its_class_has_is_python_s(built: oracle.Built) -> None:
    for dt in 0.0, 0.5:
        bodies = object.__new__(built.Body), object.__new__(built.Body)
        for body, function in zip(bodies, (built.write, built.write.__wrapped__), strict=True):
            body.mass, body.speed = 1.0, 2.0
            function(body, dt)
        assert list(vars(bodies[0])) == list(vars(bodies[1])) and bodies[0] == bodies[1]


def test_other_values_are_python_s(built: oracle.Built) -> None:
    class Sub(built.Body):  # type: ignore[name-defined,misc]
        pass

    for value in Sub(1.0), built.Config(1), built.Body(1), built.Body("a"), built.Body(np.float64(1)), None, 1.0:
        oracle.compare(built.read, built.read.__wrapped__, value)
        oracle.compare(built.write, built.write.__wrapped__, value, 0.5)


def test_a_missing_attribute_is_python_s(built: oracle.Built) -> None:
    body = built.Body(1.0)
    del body.mass
    for function in built.read, built.read.__wrapped__:
        with pytest.raises(AttributeError, match="no attribute 'mass'"):
            function(body)


def test_other_attributes_are_left_alone(built: oracle.Built) -> None:
    body = built.Body(1.0)
    body.extra = "kept"
    built.write(body, 1.0)
    assert body.extra == "kept" and list(vars(body)) == ["mass", "x", "speed", "extra"]
