"""Lists, sets, dicts and strings: what kernels get, change and return; every operation against Python's own."""

import itertools
import random
import re
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from builder import BOOL, COMPLEX, FLOAT, INT, KernelPackage, array, numpy, signature
from conftest import names_of, source_of

from hypersonic import info

OBJECT_RS = Path(__file__).parents[2] / "runtime/abi/src/object.rs"


def names_in(start, end):
    """Names of a list in the contract, in order."""
    text = OBJECT_RS.read_text()
    body = text[text.index(start) :]
    return re.findall(r'^    "?([A-Za-z_]+)"?,$', body[: body.index(end)], re.MULTILINE)


OPS = {name: number for number, name in enumerate(names_in("\noperations! {", "\n}\n"))}
METHODS = {name: number for number, name in enumerate(names_in("METHODS: [&str", "];"))}
OK, RAISES, MEMORY, PYTHON, END = range(5)

STR = "str"


def list_of(kind):
    return {"list": kind}


def set_of(kind):
    return {"set": kind}


def dict_of(key, value):
    return {"dict": [key, value]}


def tuple_of(*kinds):
    return {"tuple": list(kinds)}


TYPES = {
    "ints": list_of(INT),
    "bools": list_of(BOOL),
    "floats": list_of(FLOAT),
    "complexes": list_of(COMPLEX),
    "pairs": list_of(tuple_of(INT, FLOAT)),
    "nested": list_of(list_of(INT)),
    "arrays": list_of(array()),
    "singles": list_of(numpy("float32")),
    "halves": list_of(numpy("complex64")),
    "strings": list_of(STR),
    "text": STR,
    "int_set": set_of(INT),
    "float_set": set_of(FLOAT),
    "bool_set": set_of(BOOL),
    "pair_set": set_of(tuple_of(INT, FLOAT)),
    "text_set": set_of(STR),
    "table": dict_of(INT, FLOAT),
    "names": dict_of(STR, list_of(INT)),
    "grid": dict_of(tuple_of(INT, INT), BOOL),
    "records": list_of(tuple_of(STR, dict_of(STR, INT), array("int32", 2))),
}


def interpreter(kind, other=None):
    other = other or kind
    return ("program, a, b", [signature("interpret", [list_of(INT), kind, other], tuple_of(list_of(INT), kind, other))])


FUNCTIONS = {name: interpreter(kind) for name, kind in TYPES.items()}
FUNCTIONS["text_ints"] = interpreter(STR, list_of(INT))
FUNCTIONS["text_strings"] = interpreter(STR, list_of(STR))
FUNCTIONS["int_set_ints"] = interpreter(set_of(INT), list_of(INT))
FUNCTIONS["table_ints"] = interpreter(dict_of(INT, FLOAT), list_of(INT))
FUNCTIONS["table_items"] = interpreter(dict_of(INT, FLOAT), list_of(tuple_of(INT, FLOAT)))
FUNCTIONS["both"] = ("n", [signature("both", [INT], tuple_of(array(), list_of(array())))])
FUNCTIONS["refuse_retry"] = ("a", [signature("refuse_retry", [list_of(INT)], "none")])


@pytest.fixture(scope="module")
def run(library, tmp_path_factory):
    import importlib

    root = tmp_path_factory.mktemp("objects")
    functions = {f"objects_of_tests:{name}": (names_of(text), signatures) for name, (text, signatures) in FUNCTIONS.items()}
    KernelPackage(root, "objects_of_tests", library, {"objects_of_tests/__init__.py": source_of(FUNCTIONS)}, functions).write()
    sys.path.insert(0, str(root))
    yield importlib.import_module("objects_of_tests")
    sys.path.remove(str(root))


class R(int):
    """A register."""


A, B = R(0), R(1)


def word(value):
    if isinstance(value, float):
        return struct.unpack("<q", struct.pack("<d", value))[0]
    return int(value)


def op(name, *arguments, results=0, to=2):
    words = [(1, int(value)) if isinstance(value, R) else (0, word(value)) for value in arguments]
    number = {"Fail": -1, "Release": -2, "Array": -3}.get(name) or OPS[name]
    return [number, len(words), *itertools.chain(*words), results, int(to)]


def program(*ops):
    return list(itertools.chain(*ops))


# What goes in comes out.

VALUES = {
    "ints": [1, -(2**63), 2**63 - 1],
    "bools": [True, False],
    "floats": [1.5, -0.0, float("nan")],
    "complexes": [1 + 2j],
    "pairs": [(1, 2.0), (3, 4.5)],
    "nested": [[1, 2], [], [3]],
    "arrays": [np.arange(3.0), np.arange(10.0)[::-2]],
    "singles": [np.float32(0.1)],
    "halves": [np.complex64(1 + 2j)],
    "strings": ["a", "ä", "\U0001f600", "\ud800", ""],
    "text": "grün",
    "int_set": {5, 3, 8, 1000003},
    "float_set": {0.5, -1.0, 1e300},
    "bool_set": {True},
    "pair_set": {(1, 2.5), (-1, 0.0)},
    "text_set": {"a", "b"},
    "table": {3: 1.5, 1: 2.5},
    "names": {"x": [1], "y": []},
    "grid": {(1, 2): True, (0, 0): False},
    "records": [("a", {"k": 1}, np.zeros((2, 2), "int32"))],
}


@pytest.mark.parametrize("name", TYPES)
def test_arguments_come_back_as_they_are(run, name):
    value, empty = VALUES[name], type(VALUES[name])()
    before = [sys.getrefcount(value), sys.getrefcount(empty)]
    log, a, b = getattr(run, name)([], value, empty)
    assert log == []
    assert a is value and b is empty
    del a, b
    assert [sys.getrefcount(value), sys.getrefcount(empty)] == before


def copies(value):
    if isinstance(value, str):
        return value
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, dict):
        return {key: copies(item) for key, item in value.items()}
    return type(value)(copies(item) for item in value) if isinstance(value, (list, tuple, set)) else value


@pytest.mark.parametrize("name", [name for name in TYPES if name != "text"])
def test_copies_are_new_and_equal(run, name):
    value = VALUES[name]
    log, a, b = getattr(run, name)(program(op("Copy", A, results=1, to=1)), value, type(value)())
    assert log[0] == OK and a is value
    assert b is not value and type(b) is type(value)
    assert repr(b) == repr(value)
    for mine, other in zip(value, b, strict=True):
        if isinstance(mine, (list, np.ndarray, str)):
            assert other is mine


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ints", (1,)),
        ("ints", [True]),
        ("ints", [1.0]),
        ("ints", [2**63]),
        ("ints", [np.int64(1)]),
        ("ints", [1, None]),
        ("floats", [1]),
        ("floats", [np.float64(1)]),
        ("bools", [1]),
        ("pairs", [(1, 2)]),
        ("pairs", [(1, 2.0, 3)]),
        ("pairs", [[1, 2.0]]),
        ("nested", [[1], (2,)]),
        ("arrays", [np.zeros(3, "float32")]),
        ("arrays", [np.zeros((3, 3))]),
        ("arrays", [[1.0]]),
        ("singles", [1.0]),
        ("strings", ["a", b"b"]),
        ("text", np.str_("a")),
        ("int_set", frozenset({1})),
        ("int_set", {1, 2.5}),
        ("float_set", {float("nan")}),
        ("table", {1: 2}),
        ("table", {True: 2.0}),
        ("ints", type("Own", (list,), {})([1])),
        ("table", type("Own", (dict,), {})({1: 2.0})),
    ],
)
def test_what_is_not_exactly_the_type_is_left_to_python(run, name, value):
    assert getattr(run, name)([], value, value)[0] == "python"


def test_one_object_in_two_places_is_one(run):
    inner, row = [1], np.arange(3.0)
    steps = program(op("GetItem", A, 0, results=1, to=3), op("Append", R(3), 7))
    _, a, b = run.nested(steps, [inner, inner], [inner])
    assert inner == [1, 7]
    assert a[0] is a[1] is b[0] is inner
    arrays = [row, row]
    _, a, b = run.arrays(program(op("Copy", A, results=1, to=1)), arrays, arrays)
    assert a is arrays and b[0] is b[1] is row


def test_new_objects_in_two_places_are_one(run):
    # A new inner list twice in a new outer one, and again in the argument.
    outer = []
    steps = program(
        op("New", 1, 1, 0, 0, results=1, to=3),
        op("New", 1, 5, 0, 0, results=1, to=1),
        op("Append", R(3), 4),
        op("Append", B, R(3)),
        op("Append", B, R(3)),
        op("Append", A, R(3)),
        op("Release", R(3)),
    )
    log, a, b = run.nested(steps, outer, [])
    assert a is outer and outer == [[4]] and b == [[4], [4]]
    assert b[0] is b[1] is outer[0]


def test_failures_that_are_raised_keep_what_was_written(run):
    values = [1, 2]
    with pytest.raises(KeyError):
        run.ints(program(op("Append", A, 3), op("Fail", 3)), values, [])
    assert values == [1, 2, 3]


def test_failures_that_python_answers_do_not(run):
    values = [1, 2]
    assert run.ints(program(op("Append", A, 3), op("Fail", 4)), values, [])[0] == "python"
    assert values == [1, 2]


def test_changes_go_into_the_objects(run):
    inner = [1]
    table = {"x": inner, "y": [5]}
    copy = dict(table)
    _, a, _ = run.names(program(op("NextEntry", A, 0, results=3, to=3), op("Append", R(5), 9)), table, {})
    assert a is table and table == copy and table["x"] is inner and inner == [1, 9]
    numbers = {3, 1}
    _, a, _ = run.int_set(program(op("Add", A, 77)), numbers, set())
    assert a is numbers and numbers == {3, 1, 77}
    floats = {1: 1.0, 2: 2.0}
    _, a, _ = run.table(program(op("Delete", A, 1), op("Set", A, 9, 9.5), op("Set", A, 1, 0.5)), floats, {})
    assert a is floats and list(floats.items()) == [(2, 2.0), (9, 9.5), (1, 0.5)]


def test_nothing_is_leaked(run):
    value = [f"string number {n}" for n in range(50)]
    counts = [sys.getrefcount(text) for text in value]
    for _ in range(20):
        run.strings(program(op("Concatenate", A, A, results=1, to=1), op("Clear", A)), list(value), [])
    assert [sys.getrefcount(text) for text in value] == counts


# Lists against Python's.

VALUES_OF = {
    "ints": lambda r: r.randrange(-3, 4),
    "floats": lambda r: r.choice([0.0, -0.0, 1.5, -2.5, float("inf"), 3.0]),
    "bools": lambda r: r.random() < 0.5,
    "pairs": lambda r: (r.randrange(3), r.choice([0.0, -0.0, 1.0])),
}


def words_of(value):
    return value if isinstance(value, tuple) else (value,)


def attempt(action):
    try:
        return OK, action()
    except (IndexError, ValueError, KeyError):
        return RAISES, None


def bound(r):
    return r.choice([0, 0, r.randrange(-12, 12), r.randrange(-12, 12), 2**63 - 1, -(2**63)])


def slice_of(r):
    bits, words, parts = 0, [], []
    for n in range(3):
        given = r.random() < 0.7
        value = bound(r) if n < 2 else r.choice([1, 1, 2, 3, -1, -2, 2**63 - 1, -(2**63), 0])
        bits |= given << n
        words.append(value if given else 99)
        parts.append(value if given else None)
    return [bits, *words], slice(*parts)


def list_step(r, make, mine, other):
    """An operation, and what Python does."""
    item, index = make(r), r.randrange(-8, 8)
    words, part = slice_of(r)
    width = len(words_of(item))
    w = words_of(item)

    def assign():
        mine[part] = other

    def remove_slice():
        del mine[part]

    def remove_item():
        del mine[index]

    def set_item():
        mine[index] = item

    length = len(range(*part.indices(len(mine)))) if part.step != 0 else -1
    count = r.randrange(-1, 3)
    steps = [
        (op("Append", A, *w), lambda: mine.append(item), False),
        (op("Append", A, *w), lambda: mine.append(item), False),
        (op("Insert", A, index, *w), lambda: mine.insert(index, item), False),
        (op("Pop", A, index, results=width, to=8), lambda: mine.pop(index), True),
        (op("SetItem", A, index, *w), set_item, False),
        (op("GetItem", A, index, results=width, to=8), lambda: mine[index], True),
        (op("DeleteItem", A, index), remove_item, False),
        (op("Remove", A, *w), lambda: mine.remove(item), False),
        (op("Index", A, -5, 7, *w, results=1, to=8), lambda: mine.index(item, -5, 7), True),
        (op("Count", A, *w, results=1, to=8), lambda: mine.count(item), True),
        (op("Contains", A, *w, results=1, to=8), lambda: item in mine, True),
        (op("Reverse", A), mine.reverse, False),
        (op("Sort", A, 0, 0), mine.sort, False),
        (op("Sort", A, 0, 1), lambda: mine.sort(reverse=True), False),
        (op("Slice", A, *words, results=1, to=1), lambda: other.__setitem__(slice(None), mine[part]), False),
        (op("SetSlice", A, *words, B, results=1, to=8), assign, length),
        (op("DeleteSlice", A, *words), remove_slice, False),
        (op("Extend", A, B), lambda: mine.extend(other), False),
        (op("Extend", A, A), lambda: mine.extend(mine), False),
        (op("Concatenate", A, B, results=1, to=1), lambda: other.__setitem__(slice(None), mine + other), False),
        (op("Repeat", A, count, results=1, to=1), lambda: other.__setitem__(slice(None), mine * count), False),
        (op("RepeatInPlace", A, count), lambda: mine.__imul__(count), False),
        (op("Equal", A, B, results=1, to=8), lambda: mine == other, True),
        (op("Compare", A, B, results=1, to=8), lambda: (mine > other) - (mine < other), True),
        (op("Reserve", A, 30), lambda: None, False),
    ]
    return r.choice(steps)


@pytest.mark.parametrize("name", VALUES_OF)
@pytest.mark.parametrize("seed", range(60))
def test_lists_do_what_pythons_do(run, name, seed):
    r = random.Random(seed)
    make = VALUES_OF[name]
    start = [make(r) for _ in range(r.randrange(6))]
    mine, other = list(start), []
    steps, expected = [], []
    for _ in range(30):
        if len(mine) + len(other) > 100:
            break
        step, action, result = list_step(r, make, mine, other)
        steps += step
        status, value = attempt(action)
        expected.append(status)
        if result is True and status == OK:
            expected += [word(part) for part in words_of(value)]
        elif result is True or result is False:
            expected += [None] * step[-2]
        else:
            expected.append(result)
    argument = list(start)
    log, a, b = getattr(run, name)(steps, argument, [])
    assert len(log) == len(expected)
    assert all(want is None or got == want for got, want in zip(log, expected, strict=True))
    assert a is argument
    assert repr(a) == repr(mine) and repr(b) == repr(other)


def test_a_nan_is_pythons(run):
    nan = float("nan")
    for step in [
        op("Sort", A, 0, 0),
        op("Contains", A, nan, results=1),
        op("Index", A, 0, 9, nan, results=1),
        op("Count", A, nan, results=1),
        op("Remove", A, nan),
        op("Equal", A, B, results=1),
    ]:
        values = [2.0, nan, 1.0]
        log, a, _ = run.floats(step, values, [2.0, nan, 1.0])
        assert log[0] == PYTHON and repr(a) == "[2.0, nan, 1.0]"
    assert run.floats(op("Contains", A, 1.0, results=1), [nan, 1.0], [])[0] == [OK, 1]
    assert run.floats(op("Equal", A, B, results=1), [nan, 1.0], [nan, 2.0])[0] == [OK, 0]
    assert run.float_set(op("Add", A, nan), {1.0}, set())[0] == [PYTHON]
    assert run.float_set(op("Contains", A, nan, results=1), {1.0}, set())[0][0] == PYTHON


@pytest.mark.parametrize("seed", range(40))
def test_sorting_by_keys_is_stable(run, seed):
    r = random.Random(seed)
    keys = [r.randrange(4) for _ in range(r.randrange(60))]
    values = list(range(len(keys)))
    for reverse in (0, 1):
        expected = sorted(values, key=lambda n: keys[n], reverse=bool(reverse))
        _, a, _ = run.ints(op("Sort", A, B, reverse), list(values), list(keys))
        assert a == expected


def test_nested_lists_and_strings_are_compared_and_sorted(run):
    r = random.Random(3)
    nested = [[r.randrange(3) for _ in range(r.randrange(4))] for _ in range(50)]
    _, a, _ = run.nested(op("Sort", A, 0, 0), list(nested), [])
    assert a == sorted(nested) and {id(item) for item in a} == {id(item) for item in nested}
    strings = ["".join(r.choice("abé\U0001f600") for _ in range(r.randrange(4))) for _ in range(50)]
    _, a, _ = run.strings(op("Sort", A, 0, 1), list(strings), [])
    assert a == sorted(strings, reverse=True)


# Dicts against Python's.


@pytest.mark.parametrize("seed", range(60))
def test_dicts_do_what_pythons_do(run, seed):
    r = random.Random(seed)
    start = {r.randrange(20): float(n) for n in range(r.randrange(6))}
    mine, other = dict(start), {}
    steps, expected = [], []
    high = r.choice([6, 40, 10**6])
    for _ in range(60):
        key, value = r.randrange(high) * r.choice([1, 1, 2**40]), r.random()
        if mine and r.random() < 0.6:
            key = r.choice(list(mine))

        def delete(key=key):
            del mine[key]

        def copy():
            nonlocal other
            other = dict(mine)

        choices = [
            (op("Set", A, key, value), lambda: mine.__setitem__(key, value), 0),
            (op("Set", A, key, value), lambda: mine.__setitem__(key, value), 0),
            (op("Get", A, key, results=1, to=8), lambda: [mine[key]], 1),
            (op("Contains", A, key, results=1, to=8), lambda: [key in mine], 1),
            (op("Delete", A, key), delete, 0),
            (op("PopKey", A, key, results=1, to=8), lambda: [mine.pop(key)], 1),
            (op("PopEntry", A, results=2, to=8), lambda: mine.popitem(), 2),
            (op("Merge", A, B), lambda: mine.update(other), 0),
            (op("Copy", A, results=1, to=1), copy, 0),
            (op("Equal", A, B, results=1, to=8), lambda: [mine == other], 1),
        ]
        step, action, results = r.choice(choices + choices[:2] * 2)
        steps += step
        status, value = attempt(action)
        expected += [status] + ([word(part) for part in value] if results and status == OK else [None] * results)
        if step[0] == OPS["Copy"]:
            expected.append(None)
    argument = dict(start)
    log, a, b = run.table(steps, argument, {})
    assert len(log) == len(expected)
    assert all(want is None or got == want for got, want in zip(log, expected, strict=True))
    assert a is argument
    assert list(a.items()) == list(mine.items()) and list(b.items()) == list(other.items())


def test_parts_of_dicts(run):
    table = {5: 1.0, 3: 2.0}
    assert run.table_ints(op("ToList", A, 1, results=1, to=1), table, [])[2] == [5, 3]
    assert run.table_items(op("Items", A, results=1, to=1), table, [])[2] == [(5, 1.0), (3, 2.0)]
    log, _, _ = run.table(program(*(op("NextEntry", A, n, results=3, to=8) for n in range(3))), table, {})
    assert log[:8] == [OK, 1, 5, word(1.0), OK, 2, 3, word(2.0)] and log[8] == END
    _, a, _ = run.names(program(op("Clear", A)), {"a": [1]}, {})
    assert a == {}


# Sets: their order is that of Python's.

SETS = {
    "int_set": lambda r: r.randrange(r.choice([10, 100, 10**5])) * r.choice([1, 1, 32, -1, 2**40]),
    "float_set": lambda r: r.choice([r.randrange(-50, 50) / 4, r.uniform(-1e9, 1e9), float("inf"), 0.0, -0.0]),
    "bool_set": lambda r: r.random() < 0.5,
    "pair_set": lambda r: (r.randrange(-20, 20), r.randrange(5) / 2),
}


class Sets:
    """What a program does to two sets of Python's."""

    def __init__(self, a, b):
        self.a, self.b = a, b

    def do(self, r, make):
        element = r.choice(list(self.a)) if self.a and r.random() < 0.4 else make(r)
        words = words_of(element)
        how = r.randrange(4)
        name = r.choice(["Add"] * 8 + ["Discard"] * 3 + ["PopAny", "Combine", "Update", "Copy", "Swap", "Clear", "Test", "Contains"])
        if name == "Add":
            return op("Add", A, *words), [], self.a.add(element)
        if name == "Discard":
            there = element in self.a
            self.a.discard(element)
            return op("Discard", A, *words, results=1, to=8), [there], None
        if name == "Contains":
            return op("Contains", A, *words, results=1, to=8), [element in self.a], None
        if name == "PopAny":
            if not self.a:
                return op("PopAny", A, results=0, to=8), RAISES, None
            return op("PopAny", A, results=len(words), to=8), [word(part) for part in words_of(self.a.pop())], None
        if name == "Combine":
            left, right = r.choice([("a", "b"), ("b", "a"), ("a", "a")])
            x, y = getattr(self, left), getattr(self, right)
            self.b = [x | y, x & y, x - y, x ^ y][how]
            return op("Combine", *(A if n == "a" else B for n in (left, right)), how, results=1, to=1), [None], None
        if name == "Update":
            x, y = (self.a, self.b) if r.random() < 0.9 else (self.a, self.a)
            step = op("Update", A, B if y is self.b else A, how)
            if y is self.a and x is not self.b:
                step = op("Update", A, A, how)
            [x.update, x.intersection_update, x.difference_update, x.symmetric_difference_update][how](y)
            return step, [], None
        if name == "Copy":
            self.b = self.a.copy()
            return op("Copy", A, results=1, to=1), [None], None
        if name == "Swap":
            self.a.update(self.b)
            return op("Update", A, B, 0), [], None
        if name == "Clear":
            if r.random() < 0.7:
                return op("Contains", A, *words, results=1, to=8), [element in self.a], None
            self.a.clear()
            return op("Clear", A), [], None
        tests = [self.a <= self.b, self.a < self.b, self.a.isdisjoint(self.b)]
        how = r.randrange(3)
        return op("Test", A, B, how + 4, results=1, to=8), [tests[how]], None


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("seed", range(150))
def test_sets_have_pythons_order(run, name, seed):
    r = random.Random(seed)
    make = SETS[name]
    first = {make(r) for _ in range(r.randrange(40))}
    for _ in range(r.randrange(20)):
        first.discard(r.choice(list(first) or [make(r)]))
    second = {make(r) for _ in range(r.randrange(40))}
    argument, other = rebuilt(first), rebuilt(second)
    first, second = rebuilt(first), rebuilt(second)
    assert list(first) == list(argument)
    # Python's own operations, on sets with the same past.
    sets = Sets(first, second)
    steps, expected = [], []
    for _ in range(r.choice([5, 60, 400])):
        step, results, _ = sets.do(r, make)
        steps += step
        expected += [RAISES] if results == RAISES else [OK, *(None if word is None else int(word) for word in results)]
    log, a, b = getattr(run, name)(steps, argument, other)
    assert len(log) == len(expected)
    assert all(want is None or got == want for got, want in zip(log, expected, strict=True))
    assert a is argument
    assert list(a) == list(sets.a)
    assert [repr(item) for item in b] == [repr(item) for item in sets.b]
    # And whatever is done to them afterwards.
    for _ in range(30):
        element = make(r)
        a.add(element), sets.a.add(element)
        b.discard(element), sets.b.discard(element)
        b.add(element), sets.b.add(element)
        if a and r.random() < 0.3:
            assert a.pop() == sets.a.pop()
        assert list(a) == list(sets.a) and list(b) == list(sets.b)


def rebuilt(elements):
    """A set with a past: other elements came and went."""
    result = set()
    for n, element in enumerate(elements):
        result.add(element)
        if n % 3 == 0 and len(result) > 2:
            gone = next(iter(result))
            result.discard(gone)
            if n % 2:
                result.add(gone)
    return result


def test_sets_from_lists_and_to_lists(run):
    r = random.Random(1)
    for count in (0, 1, 4, 5, 30, 200, 3000, 60_000):
        values = [r.randrange(count * 3 + 1) * 7 - count for _ in range(count)]
        _, made, _ = run.int_set_ints(op("ToSet", B, results=1, to=0), set(), values)
        assert list(made) == list(set(values))
        _, _, listed = run.int_set_ints(op("ToList", A, 1, results=1, to=1), set(values), [])
        assert listed == list(set(values))
        log, _, _ = run.int_set(op("NextElement", A, 0, results=2), set(values), set())
        assert log[0] == (OK if values else END) and (not values or log[2] == next(iter(set(values))))


def test_sets_of_strings(run):
    words = {f"word {n}" for n in range(100)}
    _, a, b = run.text_set(program(op("Copy", A, results=1, to=1), op("Update", A, A, 2)), words, set())
    assert a is words and words == set() and b == {f"word {n}" for n in range(100)}


# Strings.

SOME = ["", "a", "abc", "Grün", "\U0001f600 ok", "aXbXc", "ab" * 40, "\ud800", "  a b ", "ß"]


@pytest.mark.parametrize("seed", range(40))
def test_strings_do_what_pythons_do(run, seed):
    r = random.Random(seed)
    a, b = r.choice(SOME), r.choice(SOME)
    index, count = r.randrange(-4, 4), r.randrange(-1, 4)
    words, part = slice_of(r)
    assert run.text(op("Concatenate", A, B, results=1, to=0), a, b)[1] == a + b
    assert run.text(op("Repeat", A, count, results=1, to=0), a, b)[1] == a * count
    status, expected = attempt(lambda: a[part])
    log, got, _ = run.text(op("Substring", A, *words, results=1, to=0), a, b)
    assert log[0] == status and (status != OK or got == expected)
    status, expected = attempt(lambda: a[index])
    log, got, _ = run.text(op("Character", A, index, results=1, to=0), a, b)
    assert log[0] == status and (status != OK or got == expected)
    assert run.text(op("Equal", A, B, results=1), a, b)[0] == [OK, a == b]
    assert run.text(op("Compare", A, B, results=1), a, b)[0] == [OK, (a > b) - (a < b)]
    assert run.text(op("HasPart", A, B, results=1), a, b)[0] == [OK, b in a]
    assert run.text_strings(op("ToList", A, 5, results=1, to=1), a, [])[2] == list(a)
    data = a.encode("utf-8", "surrogatepass")
    row = [int.from_bytes(data[n : n + 8], "little", signed=len(data[n : n + 8]) == 8) for n in range(0, len(data), 8)]
    assert run.text(op("Text", len(data), *row, results=1, to=1), "", "")[2] == a


def test_characters_and_numbers(run):
    assert run.text(op("Ord", A, results=1), "é", "")[0] == [OK, 233]
    assert run.text(op("Ord", A, results=1), "éa", "")[0][0] == PYTHON
    assert run.text(op("Chr", 0x1F600, results=1, to=0), "", "")[1] == "\U0001f600"
    assert run.text(op("Chr", 0x110000, results=1, to=2), "", "")[0][0] == RAISES
    assert run.text(op("Chr", -1, results=1, to=2), "", "")[0][0] == RAISES


def text(string, register):
    """Makes a string in a register."""
    data = string.encode("utf-8", "surrogatepass")
    pieces = [data[n : n + 8] for n in range(0, len(data), 8)]
    row = [int.from_bytes(piece, "little", signed=len(piece) == 8) for piece in pieces]
    return op("Text", len(data), *row, results=1, to=register)


def value(item, register):
    """The words of a value, and what makes it in a register first."""
    if isinstance(item, str):
        return [5, R(register)], text(item, register)
    if isinstance(item, list):
        steps = op("New", 1, 5, 0, 0, results=1, to=register)
        for part in item:
            steps = steps + text(part, register + 1) + op("Append", R(register), R(register + 1))
        return [5, R(register)], steps
    if isinstance(item, np.generic):
        number = 16 + SCALARS.index(item.dtype.name)
        data = item.tobytes()
        if item.dtype.kind == "c":
            half = len(data) // 2
            return [number, *(int.from_bytes(part, "little", signed=half == 8) for part in (data[:half], data[half:]))], []
        signed = item.dtype.kind == "i" or len(data) == 8
        return [number, int.from_bytes(data, "little", signed=signed)], []
    if isinstance(item, bool):
        return [2, item], []
    if isinstance(item, int):
        return [1, item], []
    if isinstance(item, float):
        return [3, item], []
    if isinstance(item, complex):
        return [4, item.real, item.imag], []
    return [0], []


SCALARS = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128".split()
RESULTS = {str: 0, int: 1, bool: 2, list: 3, tuple: 4}
RECEIVERS = ["", "a", " a b\t c\n", "Abc dEf", "12", "-7", "+", "a,b,,c", "aXbXc", "xxabxx", "l1\nl2\r\nl3\r", "\x1c a\x85", "Grüße ß", "ǆ",
             "\U0001f600 ok", "٣", "\ud800x", "%s=%d", "abab" * 9, "\u2028x", "x y"]
ARGUMENTS = {
    "join": [[["a"]], [[]], [["a", "bé", ""]]],
    **dict.fromkeys(["find", "rfind", "index", "rindex", "count", "startswith", "endswith", "__contains__", "partition", "rpartition"],
                    [["a"], ["ab"], [""], ["X"], ["ß"], ["nowhere"]]),
    **dict.fromkeys(["removeprefix", "removesuffix"], [["a"], ["x"], [""], ["xx"]]),
    **dict.fromkeys(["split", "rsplit"], [[], [None], [","], ["X"], ["ab"], [""], [",", 1], [None, 1]]),
    **dict.fromkeys(["strip", "lstrip", "rstrip"], [[], [None], ["x"], ["ab"], [""], ["ß "]]),
    "replace": [["a", "bb"], ["", "-"], ["ab", ""], ["ß", "ss"], ["x", "y", 1]],
    **dict.fromkeys(["ljust", "rjust", "center", "zfill"], [[0], [5], [12]]),
    "expandtabs": [[], [4]],
    "splitlines": [[], [True]],
    "__mod__": [["x", 3], [1.5]],
}


def run_method(run, name, receiver, arguments, expected):
    words, steps = [], []
    for n, item in enumerate([receiver, *arguments]):
        more, first = value(item, 2 + 3 * n)
        words += more
        steps += first
    count = 3 if expected == 4 else 1
    made = {0: 0, 3: 1}.get(expected, 20)
    steps += op("Method", METHODS[name], expected, len(arguments) + 1, *words, results=count, to=made)
    log, a, b = run.text_strings(steps, "", [])
    return log[-count - 1], log[-count:], a, b


@pytest.mark.parametrize("name", METHODS)
def test_methods_of_strings(run, name):
    for receiver in RECEIVERS:
        for arguments in ARGUMENTS.get(name, [[]]):
            try:
                status, expected = OK, getattr(receiver, name)(*([tuple(arguments)] if name == "__mod__" else arguments))
            except ValueError:
                status, expected = RAISES, None
            except TypeError:
                status, expected = PYTHON, None
            kind = RESULTS.get(type(expected), 0)
            got, words, a, b = run_method(run, name, receiver, arguments, kind)
            assert got == status, (receiver, arguments)
            if status == OK:
                given = {0: a, 1: words[0], 2: words[0], 3: b}.get(kind)
                assert kind == 4 or given == expected, (receiver, arguments)


def test_methods_that_give_three_strings(run):
    for name, parts in (("partition", ("k", "=", "v=w")), ("rpartition", ("k=v", "=", "w"))):
        steps = text("k=v=w", 2) + text("=", 3) + op("Method", METHODS[name], 4, 2, 5, R(2), 5, R(3), results=3, to=4)
        for n, part in enumerate(parts):
            log, a, _ = run.text(steps + op("Copy", R(4 + n), results=1, to=0), "", "")
            assert a == part


NUMBERS = [0, -1, 2**63 - 1, -(2**63), True, False, None, 0.1, 1e16, -0.0, 1e-5, float("nan"), float("-inf"), 1 + 2j, "a'é", np.float32(0.1),
           np.float64(2), np.int8(-3), np.bool_(True), np.complex64(1 - 2j), np.uint64(2**64 - 1)]


def run_format(run, what, spec, item):
    words, steps = value(item, 2)
    if spec:
        steps = steps + text(spec, 8)
    log, a, _ = run.text(steps + op("Format", what, R(8) if spec else 0, *words, results=1, to=0), "", "")
    return log[-2], a


@pytest.mark.parametrize("item", NUMBERS, ids=repr)
def test_formats(run, item):
    for what, function in enumerate([format, str, repr, ascii]):
        assert run_format(run, what, "", item) == (OK, function(item))
    for spec in (">8", ".3f", "05d", "x", ",", "nonsense"):
        try:
            expected = OK, format(item, spec)
        except ValueError:
            expected = RAISES, ""
        except TypeError:
            expected = PYTHON, ""
        assert run_format(run, 0, spec, item) == expected


def test_floats_are_written_as_python_writes_them(run):
    r = random.Random(7)
    values = [2.0**n for n in range(-1074, 1024)] + [10.0**n for n in range(-300, 300, 7)]
    values += [struct.unpack("<d", r.randbytes(8))[0] for _ in range(3000)] + [r.uniform(-1e6, 1e6) for _ in range(1000)]
    values += [round(r.uniform(-1000, 1000), r.randrange(5)) for _ in range(1000)]
    steps = program(*(op("Format", 2, 0, 3, item, results=1, to=3) + op("Append", B, R(3)) + op("Release", R(3)) for item in values))
    _, _, b = run.text_strings(steps, "", [])
    assert b == [repr(item) for item in values]


def test_numbers_are_read(run):
    for string in ["12", "-7", " 3 ", "+4", "1_000", "٣", "", "x", "9" * 25, "0x1f", "1.5", "inf"]:
        for base in (0, 16, 99):
            try:
                expected = [OK, int(string, base) if base else int(string)]
            except ValueError:
                expected = [RAISES]
            if expected[0] == OK and not -(2**63) <= expected[1] < 2**63:
                expected = [PYTHON]
            log, _, _ = run.text(op("ParseInt", A, base, results=1, to=3), string, "")
            assert log[: len(expected)] == expected
        status, expected = attempt(lambda: float(string))
        log, _, _ = run.text(op("ParseFloat", A, results=1, to=3), string, "")
        assert log[0] == status and (status != OK or log[1] == word(expected))


def test_printing(run, capsys):
    assert run.text(op("Print", A) + op("Print", B), "a\n", "ü")[0] == [OK, OK]
    assert capsys.readouterr().out == "a\nü"


# Arrays in lists.


def test_arrays_in_lists_stay_the_arrays(run):
    row = np.arange(4.0)
    values = [row, row[::2]]
    view = values[1]
    _, a, b = run.arrays(program(op("Concatenate", A, A, results=1, to=1), op("Reverse", A)), values, [])
    assert a is values and a[0] is view and a[1] is row
    assert [item is other for item, other in zip(b, [row, view, row, view], strict=True)] == [True] * 4


def test_new_arrays_in_lists(run):
    fresh = op("Array", 5, results=4, to=4)
    element = (R(4), R(5), R(6), R(7))
    single = program(fresh, op("Append", A, *element), op("Release", R(5)))
    values = []
    run.arrays(single, values, [])
    assert values[0].tolist() == [0.0] * 5 and values[0].base is None and values[0].flags.owndata and values[0].flags.writeable
    twice = program(op("New", 1, 0x7767, 0, 0, results=1, to=1), fresh, op("Append", A, *element), op("Append", B, *element))
    values = []
    _, a, b = run.arrays(program(twice, op("Append", B, *element), op("Release", R(5))), values, [])
    assert a is values and b[0] is b[1] is a[0]
    a[0][:] = 3
    assert b[1].sum() == 15
    with pytest.raises(KeyError):
        run.arrays(program(single, single, op("Fail", 3)), values, [])
    assert [item.tolist() for item in values[1:]] == [[0.0] * 5] * 2
    many = []
    run.arrays(single * 3000, many, [])
    assert len({id(item) for item in many}) == len({item.ctypes.data for item in many}) == 3000


def test_arrays_that_are_results_and_in_lists(run):
    whole, (same, part) = run.both(10)
    assert same is whole
    whole[:] = np.arange(10)
    assert part.tolist() == [5, 6, 7, 8, 9] and np.shares_memory(part, whole)


def test_python_is_called_without_the_gil_held(run):
    numbers = list(range(5000))
    steps = text("%d", 2) + op("Method", METHODS["__mod__"], 0, 2, 5, R(2), 1, 7, results=1, to=3)
    log, a, _ = run.ints(steps, numbers, [])
    assert log[:1] == [OK] and log[2] == OK and a is numbers


def test_records_of_everything(run):
    record = ("a", {"k": 1}, np.zeros((2, 2), "int32"))
    values = [record]
    _, a, b = run.records(program(op("Concatenate", A, A, results=1, to=1), op("Clear", A)), values, [])
    assert a is values and values == []
    assert b[0][0] is record[0] and b[0][1] is record[1] and b[0][2] is record[2] and b[1][1] is record[1]


def test_why_python_answers(run):
    run.float_set([], {float("nan")}, set())
    assert "NaN" in str(info(run.float_set))
