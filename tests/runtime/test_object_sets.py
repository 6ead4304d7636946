"""Operations on sets: their order is that of Python's, slot by slot."""

import random

import pytest
from object_programs import OK, PYTHON, RAISES, A, B, R, op, program, word, words_of

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
def test_sets_have_pythons_order(objects, name, seed):
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
    log, a, b = getattr(objects, name)(steps, argument, other)
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


def test_sets_from_lists_and_to_lists(objects):
    r = random.Random(1)
    for count in (0, 1, 4, 5, 30, 200, 3000, 60_000):
        values = [r.randrange(count * 3 + 1) * 7 - count for _ in range(count)]
        _, made, _ = objects.int_set_ints(op("ToSet", B, results=1, to=0), set(), values)
        assert list(made) == list(set(values))
        _, _, listed = objects.int_set_ints(op("ToList", A, 1, results=1, to=1), set(values), [])
        assert listed == list(set(values))
        log, _, _ = objects.int_set(op("Next", A, 0, results=1, to=3) + op("ElementAt", A, R(3), results=1), set(values), set())
        assert log[2:] == [OK, next(iter(set(values)))] if values else log[1:3] == [-1, PYTHON]


def test_sets_of_strings(objects):
    words = {f"word {n}" for n in range(100)}
    _, a, b = objects.text_set(program(op("Copy", A, results=1, to=1), op("Update", A, A, 2)), words, set())
    assert a is words and words == set() and b == {f"word {n}" for n in range(100)}
