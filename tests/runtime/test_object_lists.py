"""Operations on lists and dicts, against Python's own."""

import random

import pytest
from object_programs import OK, PYTHON, A, B, attempt, op, program, slice_of, word, words_of

VALUES_OF = {
    "ints": lambda r: r.randrange(-3, 4),
    "floats": lambda r: r.choice([0.0, -0.0, 1.5, -2.5, float("inf"), 3.0]),
    "bools": lambda r: r.random() < 0.5,
    "pairs": lambda r: (r.randrange(3), r.choice([0.0, -0.0, 1.0])),
}


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
        (op("SetSlice", A, *words, B), assign, False),
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
def test_lists_do_what_pythons_do(objects, name, seed):
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
        if status != OK:
            # A number of the runtime's own.
            expected += [None] * step[-2]
        elif result is True:
            expected += [word(part) for part in words_of(value)]
        elif result is False:
            expected += [None] * step[-2]
        else:
            expected.append(result)
    argument = list(start)
    log, a, b = getattr(objects, name)(steps, argument, [])
    assert len(log) == len(expected)
    assert all(want is None or got == want for got, want in zip(log, expected, strict=True))
    assert a is argument
    assert repr(a) == repr(mine) and repr(b) == repr(other)


def test_a_nan_is_pythons(objects):
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
        log, a, _ = objects.floats(step, values, [2.0, nan, 1.0])
        assert log[0] == PYTHON and repr(a) == "[2.0, nan, 1.0]"
    assert objects.floats(op("Contains", A, 1.0, results=1), [nan, 1.0], [])[0] == [OK, 1]
    assert objects.floats(op("Equal", A, B, results=1), [nan, 1.0], [nan, 2.0])[0] == [OK, 0]
    assert objects.float_set(op("Add", A, nan), {1.0}, set())[0] == [PYTHON]
    assert objects.float_set(op("Contains", A, nan, results=1), {1.0}, set())[0][0] == PYTHON


@pytest.mark.parametrize("seed", range(40))
def test_sorting_by_keys_is_stable(objects, seed):
    r = random.Random(seed)
    keys = [r.randrange(4) for _ in range(r.randrange(60))]
    values = list(range(len(keys)))
    for reverse in (0, 1):
        expected = sorted(values, key=lambda n: keys[n], reverse=bool(reverse))
        _, a, _ = objects.ints(op("Sort", A, B, reverse), list(values), list(keys))
        assert a == expected


def test_nested_lists_and_strings_are_compared_and_sorted(objects):
    r = random.Random(3)
    nested = [[r.randrange(3) for _ in range(r.randrange(4))] for _ in range(50)]
    _, a, _ = objects.nested(op("Sort", A, 0, 0), list(nested), [])
    assert a == sorted(nested) and {id(item) for item in a} == {id(item) for item in nested}
    strings = ["".join(r.choice("abé\U0001f600") for _ in range(r.randrange(4))) for _ in range(50)]
    _, a, _ = objects.strings(op("Sort", A, 0, 1), list(strings), [])
    assert a == sorted(strings, reverse=True)


def dict_step(r, key, mine, other):
    """An operation, what Python does, and how many numbers it gives."""
    item = r.random()

    def delete():
        del mine[key]

    def copy():
        other.clear()
        other.update(mine)

    steps = [
        (op("Get", A, key, results=1, to=8), lambda: [mine[key]], 1),
        (op("Contains", A, key, results=1, to=8), lambda: [key in mine], 1),
        (op("Delete", A, key), delete, 0),
        (op("PopKey", A, key, results=1, to=8), lambda: [mine.pop(key)], 1),
        (op("PopEntry", A, results=2, to=8), mine.popitem, 2),
        (op("Merge", A, B), lambda: mine.update(other), 0),
        (op("Copy", A, results=1, to=1), copy, 0),
        (op("Equal", A, B, results=1, to=8), lambda: [mine == other], 1),
    ]
    return r.choice([*steps, *[(op("Set", A, key, item), lambda: mine.__setitem__(key, item), 0)] * 6])


@pytest.mark.parametrize("seed", range(60))
def test_dicts_do_what_pythons_do(objects, seed):
    r = random.Random(seed)
    start = {r.randrange(20): float(n) for n in range(r.randrange(6))}
    mine, other = dict(start), {}
    steps, expected = [], []
    high = r.choice([6, 40, 10**6])
    for _ in range(60):
        key = r.randrange(high) * r.choice([1, 1, 2**40])
        if mine and r.random() < 0.6:
            key = r.choice(list(mine))
        step, action, results = dict_step(r, key, mine, other)
        steps += step
        status, value = attempt(action)
        expected += [status] + ([word(part) for part in value] if results and status == OK else [None] * step[-2])
    argument = dict(start)
    log, a, b = objects.table(steps, argument, {})
    assert len(log) == len(expected)
    assert all(want is None or got == want for got, want in zip(log, expected, strict=True))
    assert a is argument
    assert list(a.items()) == list(mine.items()) and list(b.items()) == list(other.items())


def test_parts_of_dicts(objects):
    table = {5: 1.0, 3: 2.0}
    assert objects.table_ints(op("ToList", A, 1, results=1, to=1), table, [])[2] == [5, 3]
    assert objects.table_items(op("Items", A, results=1, to=1), table, [])[2] == [(5, 1.0), (3, 2.0)]
    steps = program(*(op(name, A, n, results=1) for name in ("Next", "KeyAt", "ValueAt") for n in range(2)))
    log, _, _ = objects.table(steps + op("Next", A, 2, results=1) + op("Find", A, 3, results=1) + op("Find", A, 4, results=1), table, {})
    assert log == [OK, 0, OK, 1, OK, 5, OK, 3, OK, word(1.0), OK, word(2.0), OK, -1, OK, 1, OK, -1]
    _, a, _ = objects.names(program(op("Clear", A)), {"a": [1]}, {})
    assert a == {}
