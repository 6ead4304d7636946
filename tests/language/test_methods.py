"""Methods and classes: attributes read and set, methods that call each other, and who answers when an object is not as it was."""

from __future__ import annotations

import copy
import inspect
import pickle
import sys
import types
from collections.abc import Callable
from typing import Any

import hypersonic
import numpy as np
import oracle
import pytest

SOURCE = '''
import abc
import functools
import numpy as np
from hypersonic import Array, NDim, Type, boost

T = Type(np.float32, np.float64)
N = NDim(1, 2)
A = Array[T, N]

@boost
def scale(x, k: float = 2.0):
    """Not annotated: called only."""
    return x * k

class Base:
    gamma: float = 1.5
    k: float

    def __init__(self, k=2.0):
        self.k = k

    def helper(self, y):
        return y * self.gamma + self.k

    @property
    def twice(self):
        return 2 * self.k

@boost
class Field(Base):
    arr: Array[float, "2d"]
    v: "float[:]"
    n: int
    t: float
    name: str
    offset = 3
    __hidden: float

    def __init__(self, n=0):
        super().__init__()
        self.arr = np.arange(6.0).reshape(2, 3)
        self.v = np.ones(3)
        self.n = n
        self.t = 0.0
        self.name = "field"
        self.__hidden = 4.0
        self.late: float = 1.0

    @boost
    def read(self, x: "float[:]"):
        """Reads."""
        return x * self.k + self.arr[0] + self.offset

    @boost
    def hidden(self):
        return self.__hidden + self.late

    @boost
    def through(self, y: float):
        return self.helper(y) + self.twice + scale(y, k=self.gamma) + Field.__len__(self) if False else self.helper(y) + self.twice

    @boost
    def set_scalar(self, dt: float):
        self.t += dt
        self.n = self.n + 1
        self.k = 0
        return self.t

    @boost
    def set_item(self, x: float):
        self.arr[1, :] = x
        self.v += x
        self.v *= self.v

    @boost
    def set_array(self, x: "float[:]"):
        self.v = x * 2
        self.v[0] = 7.0
        self.v[1:] += self.v[:-1]
        return self.v

    @boost
    def set_alias(self, x: "float[:]"):
        self.v = x
        x[0] = -1.0
        return self.v

    @boost
    def set_view(self, x: "float[:]"):
        self.v = x[::2]

    @boost
    def set_branch(self, c: bool):
        if c:
            self.t = 5.0
            self.n = 8
        return self.n

    @boost
    def set_kinds(self, c: int):
        if c == 0:
            self.t = 1
        elif c == 1:
            self.t = self.arr[0, 1]
        elif c == 2:
            self.t = 2.5
        self.flag = c > 1
        self.pair = (c, self.v)
        self.nothing = None
        self.word = "done"

    @boost
    def bump(self, by: int = 1):
        self.n += by
        return self.n

    @boost
    def order(self):
        return self.n * 1000 + self.bump() * 100 + self.n * 10 + self.bump(by=2)

    @boost
    def rebind_through(self, x: "float[:]"):
        before = self.v
        self.set_array(x)
        self.v += 1.0
        return before[0] + self.v[0]

    @boost
    def loop(self, m: int):
        for i in range(m):
            if i % 2:
                self.bump()
            elif i > 5:
                self.t = self.t * 0.5
            self.t += self.n
        while self.n > 0:
            self.bump(-1)
        return self.t

    @boost
    def while_called(self):
        while self.bump() < 5:
            self.k *= 2
            if self.k > 1e6:
                break
        return self.n

    @boost
    def jumps(self, m: int):
        for i in range(m):
            self.bump()
            if i == 1:
                self.k = 4.0
                continue
            if self.n > 4:
                self.t = 9.0
                break
            self.v = self.v * 2
        else:
            self.bump(100)
        assert self.n != 3, f"three {self.bump()}"
        return self.n + self.k

    @boost
    def swap(self):
        self.v, self.k = self.v * self.k, self.v[0]
        return self.v

    @boost
    def views(self, x: "float[:]"):
        a = self.v[1:]
        b = self.v * 2
        self.set_array(x)
        self.v[1] = 100.0
        return a + self.v[1:], b

    @boost
    def iterates(self, x: "float[:]"):
        s = 0.0
        for i, value in enumerate(self.v):
            self.v = x
            s = s * 10 + value + self.v[i]
        return s + sum(self.helper(y) for y in self.v)

    @boost
    def flat(self):
        s = 0.0
        for i, value in enumerate(self.arr.flat):
            s = s * 3 + value * i
        for value in self.arr.T[::-1].flat:
            s = s * 3 + value
        return s

    @boost
    def factorial(self, n: int):
        if n <= 1:
            return self.k
        return n * self.factorial(n - 1)

    @boost
    def count_down(self, n: int):
        if n <= 0:
            return 0
        self.n += n
        return 1 + self.count_down(n - 1)

    @staticmethod
    @boost
    def fixed(x: float, y: float = 1.0):
        return x + y

    @boost
    @staticmethod
    def fixed_above(x: float):
        return 2 * x

    @classmethod
    @boost
    def of_class(cls, x: float):
        return x * cls.gamma

    @property
    @boost
    def energy(self):
        return np.sum(self.v**2) * self.k

    @boost
    @property
    def energy_above(self):
        return self.energy + self.fixed(1.0)

    @boost
    def raises(self, i: int):
        self.t = 5.0
        if i < 0:
            raise ValueError(f"bad {i}")
        self.arr[0, 0] = 3.0
        self.n = 9
        self.v = self.arr[0] * 2
        if i > 3:
            raise ValueError(f"late {i}")
        self.t = 6.0
        return self.arr[i, 0]

    @boost
    def overflows(self, n: int):
        self.n = n
        self.n *= n
        return self.n

    @boost
    def template(self, x: A, y: A):
        return x + y * self.k

@boost
class Template:
    a: A
    x: "int or float"

    @boost
    def both(self, b: A):
        return self.a + b + self.x

class Unmarked:
    k: float = 2.0

    @boost
    def m(self, x: float):
        return x * self.k

@boost
class Counter:
    """Attributes that methods set first are not read."""
    @boost
    def reset(self):
        self.total = 0.0
        self.count = 0
        return self.total

class Sub(Field):
    pass

class Overrides(Field):
    def helper(self, y):
        return -y

class PropertyK(Field):
    @property
    def k(self):
        return 11.0
    @k.setter
    def k(self, value):
        self.seen = value

class Watching(Field):
    def __setattr__(self, name, value):
        vars(self).setdefault("log", []).append(name)
        object.__setattr__(self, name, value)

class Special:
    k: float
    def __init__(self):
        self.start(1.0)
    @boost
    def start(self, k: float):
        self.k = k
    @boost
    def __call__(self, x: float, *, y: float = 1.0):
        return x * self.k + y
    @boost
    def __len__(self):
        return 3
    @boost
    def __add__(self, other: float):
        return self.k + other

class Slots:
    __slots__ = ("k", "n")
    k: float
    n: int
    @boost
    def step(self, x: float):
        self.n += 1
        self.k = x
        return self.k
'''


@pytest.fixture(scope="module")
def built(build: Callable[..., oracle.Built]) -> oracle.Built:
    return build(SOURCE)


@pytest.fixture(scope="module")
def plain(built: oracle.Built) -> types.ModuleType:
    """The same source as a module that belongs to no package: nothing of it is compiled."""
    module = types.ModuleType("plain")
    vars(module)["__builtins__"] = __builtins__
    exec(compile(SOURCE, "plain.py", "exec"), vars(module))
    return module


def state(thing: Any) -> dict[str, Any]:
    """The attributes of an object, slots included."""
    names = [*getattr(type(thing), "__slots__", ()), *getattr(thing, "__dict__", ())]
    return {name: getattr(thing, name) for name in names if hasattr(thing, name)}


def check(
    built: oracle.Built, plain: types.ModuleType, name: str, method: str, *args: Any, prepare: Any = None, compiled: bool = True
) -> Any:
    """Calls a method on equal objects, compiled and not, and compares results, attributes, arguments and exceptions."""
    outcomes = []
    for module in (built.module, plain):
        thing = getattr(module, name)()
        if prepare is not None:
            prepare(thing)
        function = inspect.getattr_static(type(thing), method)
        given = oracle.clone(args)
        before = hypersonic.info(function)
        if isinstance(function, property):
            outcome = oracle.run(lambda _, thing=thing: getattr(thing, method), (None,))
        else:
            outcome = oracle.run(getattr(thing, method), given)
        if module is built.module:
            assert before.state == "cpu", f"{before.reason}\n{built.log}"
            after = hypersonic.info(function)
            assert (after.fallbacks == before.fallbacks) is compiled, after.last_fallback
        outcomes.append((thing, given, outcome))
    (mine, mine_given, ours), (other, other_given, theirs) = outcomes
    where = f"{name}.{method}{args}"
    assert type(ours.error) is type(theirs.error), f"{where}: {ours.error!r} is not {theirs.error!r}"
    assert str(ours.error) == str(theirs.error), where
    oracle.assert_same(ours.value, theirs.value, 0, where)
    one, two = state(mine), state(other)
    assert list(one) == list(two), where
    for key in one:
        if not isinstance(one[key], types.FunctionType):
            oracle.assert_same(one[key], two[key], 0, f"{where}: {key}")
    for index, (given, expected) in enumerate(zip(mine_given, other_given, strict=True)):
        oracle.assert_same(given, expected, 0, f"{where}: argument {index}")
        for key in one:
            assert related(one[key], given) == related(two[key], expected), f"{where}: {key} and argument {index}"
    for key in one:
        assert related(one[key], ours.value) == related(two[key], theirs.value), f"{where}: {key} and the result"
    return ours.value


def related(one: Any, other: Any) -> tuple[bool, bool]:
    """Whether two arrays are one object, and whether they share memory."""
    return isinstance(one, np.ndarray) and one is other, oracle.shares(one, other)


X = np.array([1.0, -2.0, 4.0])


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("read", (X,)),
        ("hidden", ()),
        ("through", (1.5,)),
        ("set_scalar", (0.25,)),
        ("set_item", (2.0,)),
        ("set_array", (X,)),
        ("set_alias", (X,)),
        ("set_view", (X,)),
        ("set_branch", (True,)),
        ("set_branch", (False,)),
        ("set_kinds", (0,)),
        ("set_kinds", (1,)),
        ("set_kinds", (2,)),
        ("set_kinds", (3,)),
        ("bump", ()),
        ("bump", (4,)),
        ("order", ()),
        ("rebind_through", (X,)),
        ("loop", (9,)),
        ("loop", (0,)),
        ("while_called", ()),
        ("jumps", (0,)),
        ("jumps", (2,)),
        ("jumps", (3,)),
        ("jumps", (9,)),
        ("swap", ()),
        ("views", (X,)),
        ("iterates", (X,)),
        ("flat", ()),
        ("factorial", (6,)),
        ("count_down", (5,)),
        ("fixed", (1.5,)),
        ("fixed_above", (1.5,)),
        ("of_class", (1.5,)),
        ("energy", ()),
        ("energy_above", ()),
        ("template", (X, X)),
        ("template", (X.astype(np.float32), X.astype(np.float32))),
        ("raises", (1,)),
        ("raises", (-1,)),
        ("raises", (5,)),
        ("raises", (2,)),
    ],
)
def test_methods_do_what_python_does(built: oracle.Built, plain: types.ModuleType, method: str, args: tuple[Any, ...]) -> None:
    check(built, plain, "Field", method, *args)
    check(built, plain, "Sub", method, *args)


def test_template_variables_bind_attributes_and_parameters(built: oracle.Built, plain: types.ModuleType) -> None:
    def prepare(dtype: Any, x: Any, shape: Any = 3) -> Callable[[Any], None]:
        return lambda thing: vars(thing).update(a=np.ones(shape, dtype), x=x)

    check(built, plain, "Template", "both", X, prepare=prepare(float, 2))
    check(built, plain, "Template", "both", X.astype(np.float32), prepare=prepare(np.float32, 2.5))
    check(built, plain, "Template", "both", X, prepare=prepare(np.float32, 2), compiled=False)
    check(built, plain, "Template", "both", np.ones((2, 3)), prepare=prepare(float, 2, (2, 3)))
    texts = hypersonic.info(built.module.Template.both).signatures
    assert len(texts) == 8 and "self.a: float32[:]" in texts[0]


def test_an_int_that_leaves_64_bits_is_pythons(built: oracle.Built, plain: types.ModuleType) -> None:
    check(built, plain, "Field", "overflows", 3)
    check(built, plain, "Field", "overflows", 2**40, compiled=False)


def test_a_class_needs_no_mark(built: oracle.Built, plain: types.ModuleType) -> None:
    assert check(built, plain, "Unmarked", "m", 3.0) == 6.0
    assert isinstance(built.module.Field, type) and built.module.Field.__name__ == "Field"


def test_what_is_set_first_need_not_be_there(built: oracle.Built, plain: types.ModuleType) -> None:
    assert check(built, plain, "Counter", "reset") == 0.0


def test_special_methods(built: oracle.Built, plain: types.ModuleType) -> None:
    for method, args in [("__call__", (2.0,)), ("__len__", ()), ("__add__", (3.5,)), ("start", (2.0,))]:
        check(built, plain, "Special", method, *args)
    special = built.module.Special()
    assert (special(2.0, y=5.0), len(special), special + 1.5) == (7.0, 3, 2.5)


def test_slots_are_plain(built: oracle.Built, plain: types.ModuleType) -> None:
    def prepare(thing: Any) -> None:
        thing.k, thing.n = 1.0, 2

    check(built, plain, "Slots", "step", 4.0, prepare=prepare)


def test_python_answers_for_other_classes(built: oracle.Built, plain: types.ModuleType) -> None:
    assert check(built, plain, "Overrides", "through", 1.0, compiled=False) == 3.0
    check(built, plain, "PropertyK", "read", X)
    check(built, plain, "PropertyK", "set_scalar", 0.5, compiled=False)
    check(built, plain, "Watching", "set_scalar", 0.5, compiled=False)
    check(built, plain, "Watching", "read", X)
    info = hypersonic.info(built.module.Field.through)
    assert info.last_fallback == "the object has a `helper` of its own"


def test_python_answers_for_other_objects(built: oracle.Built, plain: types.ModuleType) -> None:
    def without(thing: Any) -> None:
        del thing.k

    def own_method(thing: Any) -> None:
        thing.helper = lambda y: y

    def other_type(thing: Any) -> None:
        thing.k = "text"

    check(built, plain, "Field", "factorial", 3, prepare=without, compiled=False)
    assert "no attribute `k`" in str(hypersonic.info(built.module.Field.factorial).last_fallback)
    check(built, plain, "Field", "through", 3.0, prepare=own_method, compiled=False)
    check(built, plain, "Field", "factorial", 1, prepare=other_type, compiled=False)
    check(built, plain, "Field", "set_array", X.tolist(), compiled=False)
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        built.module.Field().factorial()


def test_a_method_that_is_replaced_later(built: oracle.Built, monkeypatch: pytest.MonkeyPatch) -> None:
    thing = built.module.Field()
    assert thing.through(1.0) == 7.5
    monkeypatch.setattr(built.module.Base, "helper", lambda self, y: 100.0)
    assert thing.through(1.0) == 104.0
    monkeypatch.setattr(built.module.Base, "twice", property(lambda self: 1.0))
    assert thing.through(1.0) == 101.0
    monkeypatch.undo()
    fallbacks = hypersonic.info(built.module.Field.through).fallbacks
    assert thing.through(1.0) == 7.5
    assert hypersonic.info(built.module.Field.through).fallbacks == fallbacks


def test_methods_look_like_methods(built: oracle.Built) -> None:
    field = built.module.Field
    method = field.read
    assert (method.__name__, method.__qualname__, method.__doc__, method.__module__) == (
        "read",
        "Field.read",
        "Reads.",
        built.module.__name__,
    )
    assert list(inspect.signature(method).parameters) == ["self", "x"]
    assert list(inspect.signature(field().read).parameters) == ["x"]
    assert inspect.ismethod(field().read) and method.__wrapped__.__name__ == "read"
    assert str(hypersonic.info(field().read)) == str(hypersonic.info(method))
    assert hypersonic.info(field.energy).state == hypersonic.info(field.fixed).state == "cpu"
    assert hypersonic.info(field.of_class).state == "cpu"
    assert field.fixed(1.0) == field().fixed(1.0) == 2.0 and field.of_class(2.0) == field().of_class(2.0) == 3.0
    assert super(built.module.Sub, built.module.Sub()).bump(3) == 3


def test_methods_are_pickled_and_copied_by_name(built: oracle.Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, built.module.__name__, built.module)
    method = built.module.Field.read
    assert pickle.loads(pickle.dumps(method)) is method and copy.deepcopy(method) is method
    bound = pickle.loads(pickle.dumps(built.module.Field().bump))
    assert bound() == 1


def test_the_report_has_a_row_for_every_method(built: oracle.Built) -> None:
    functions = oracle.manifest(built)["modules"][built.module.__name__]["functions"]
    assert {"Field.read", "Field.energy", "Field.fixed", "Unmarked.m", "scale"} <= set(functions)
    assert functions["Field.through"]["object"]["attributes"] == ["gamma", "k"]
    assert "Field.read" in built.log
