"""Lists, dicts and what they hold: what kernels get, change and return."""

import sys

import numpy as np
import pytest
from hypersonic import info
from object_programs import METHODS, OK, TYPES, A, B, R, op, program, text

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
def test_arguments_come_back_as_they_are(objects, name):
    value, empty = VALUES[name], type(VALUES[name])()
    before = [sys.getrefcount(value), sys.getrefcount(empty)]
    log, a, b = getattr(objects, name)([], value, empty)
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
def test_copies_are_new_and_equal(objects, name):
    value = VALUES[name]
    log, a, b = getattr(objects, name)(program(op("Copy", A, results=1, to=1)), value, type(value)())
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
def test_what_is_not_exactly_the_type_is_left_to_python(objects, name, value):
    assert getattr(objects, name)([], value, value)[0] == "python"


def test_one_object_in_two_places_is_one(objects):
    inner, row = [1], np.arange(3.0)
    steps = program(op("GetItem", A, 0, results=1, to=3), op("Append", R(3), 7))
    _, a, b = objects.nested(steps, [inner, inner], [inner])
    assert inner == [1, 7]
    assert a[0] is a[1] is b[0] is inner
    arrays = [row, row]
    _, a, b = objects.arrays(program(op("Copy", A, results=1, to=1)), arrays, arrays)
    assert a is arrays and b[0] is b[1] is row


def test_new_objects_in_two_places_are_one(objects):
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
    log, a, b = objects.nested(steps, outer, [])
    assert a is outer and outer == [[4]] and b == [[4], [4]]
    assert b[0] is b[1] is outer[0]


def test_failures_that_are_raised_keep_what_was_written(objects):
    values = [1, 2]
    with pytest.raises(KeyError):
        objects.ints(program(op("Append", A, 3), op("Fail", 3)), values, [])
    assert values == [1, 2, 3]


def test_failures_that_python_answers_do_not(objects):
    values = [1, 2]
    assert objects.ints(program(op("Append", A, 3), op("Fail", 4)), values, [])[0] == "python"
    assert values == [1, 2]


def test_changes_go_into_the_objects(objects):
    inner = [1]
    table = {"x": inner, "y": [5]}
    copy = dict(table)
    _, a, _ = objects.names(program(op("ValueAt", A, 0, results=1, to=3), op("Append", R(3), 9)), table, {})
    assert a is table and table == copy and table["x"] is inner and inner == [1, 9]
    numbers = {3, 1}
    _, a, _ = objects.int_set(program(op("Add", A, 77)), numbers, set())
    assert a is numbers and numbers == {3, 1, 77}
    floats = {1: 1.0, 2: 2.0}
    _, a, _ = objects.table(program(op("Delete", A, 1), op("Set", A, 9, 9.5), op("Set", A, 1, 0.5)), floats, {})
    assert a is floats and list(floats.items()) == [(2, 2.0), (9, 9.5), (1, 0.5)]


def test_nothing_is_leaked(objects):
    value = [f"string number {n}" for n in range(50)]
    counts = [sys.getrefcount(text) for text in value]
    for _ in range(20):
        objects.strings(program(op("Concatenate", A, A, results=1, to=1), op("Clear", A)), list(value), [])
    assert [sys.getrefcount(text) for text in value] == counts


def test_arrays_in_lists_stay_the_arrays(objects):
    row = np.arange(4.0)
    values = [row, row[::2]]
    view = values[1]
    _, a, b = objects.arrays(program(op("Concatenate", A, A, results=1, to=1), op("Reverse", A)), values, [])
    assert a is values and a[0] is view and a[1] is row
    assert [item is other for item, other in zip(b, [row, view, row, view], strict=True)] == [True] * 4


def test_new_arrays_in_lists(objects):
    fresh = op("Array", 5, results=4, to=4)
    element = (R(4), R(5), R(6), R(7))
    single = program(fresh, op("Append", A, *element), op("Release", R(5)))
    values = []
    objects.arrays(single, values, [])
    assert values[0].tolist() == [0.0] * 5 and values[0].base is None and values[0].flags.owndata and values[0].flags.writeable
    twice = program(op("New", 1, 0x7767, 0, 0, results=1, to=1), fresh, op("Append", A, *element), op("Append", B, *element))
    values = []
    _, a, b = objects.arrays(program(twice, op("Append", B, *element), op("Release", R(5))), values, [])
    assert a is values and b[0] is b[1] is a[0]
    a[0][:] = 3
    assert b[1].sum() == 15
    with pytest.raises(KeyError):
        objects.arrays(program(single, single, op("Fail", 3)), values, [])
    assert [item.tolist() for item in values[1:]] == [[0.0] * 5] * 2
    many = []
    objects.arrays(single * 3000, many, [])
    assert len({id(item) for item in many}) == len({item.ctypes.data for item in many}) == 3000


def test_arrays_that_are_results_and_in_lists(objects):
    whole, (same, part) = objects.both(10)
    assert same is whole
    whole[:] = np.arange(10)
    assert part.tolist() == [5, 6, 7, 8, 9] and np.shares_memory(part, whole)


def test_python_is_called_without_the_gil_held(objects):
    numbers = list(range(5000))
    steps = text("%d", 2) + op("Method", METHODS["__mod__"], 0, 2, 5, R(2), 1, 7, results=1, to=3)
    log, a, _ = objects.ints(steps, numbers, [])
    assert log[:1] == [OK] and log[2] == OK and a is numbers


def test_records_of_everything(objects):
    record = ("a", {"k": 1}, np.zeros((2, 2), "int32"))
    values = [record]
    _, a, b = objects.records(program(op("Concatenate", A, A, results=1, to=1), op("Clear", A)), values, [])
    assert a is values and values == []
    assert b[0][0] is record[0] and b[0][1] is record[1] and b[0][2] is record[2] and b[1][1] is record[1]


def test_why_python_answers(objects):
    objects.float_set([], {float("nan")}, set())
    assert "NaN" in str(info(objects.float_set))
