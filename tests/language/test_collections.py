"""`collections`: deques, default dicts, counters and ordered dicts, as arguments, inside and as results."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Built, build

SOURCE = """
from collections import Counter, OrderedDict, defaultdict, deque
import collections
from hypersonic import boost

@boost
def totals(words: list[str], weights: list[float]):
    found = defaultdict(float)
    for word, weight in zip(words, weights):
        found[word] += weight
    return found

@boost
def groups(words: list[str]):
    found = defaultdict(list)
    for word in words:
        found[len(word)].append(word)
    return found

@boost
def neighbours(edges: list[tuple[int, int]]):
    graph = defaultdict(set)
    for a, b in edges:
        graph[a].add(b)
        graph[b].add(a)
    return sorted(graph.items(), key=lambda entry: entry[0]), graph

@boost
def nested(pairs: list[tuple[str, str]]):
    table = defaultdict(dict)
    for a, b in pairs:
        table[a][b] = table[a].get(b, 0) + 1
    return table

@boost
def of_lambda(keys: list[int]):
    found = defaultdict(lambda: 7)
    rows = collections.defaultdict(lambda: [0, 1])
    for key in keys:
        found[key] += key
        rows[key % 3].append(key)
    return dict(found), dict(rows), found[1000], len(found)

@boost
def read_only(table: defaultdict[str, int], key: str):
    before = len(table)
    value = table[key]
    return value, before, len(table), key in table, table.get("nothing"), table

@boost
def of_argument(table: defaultdict[int, list[int]], key: int):
    table[key].append(key)
    return sum(len(row) for row in table.values())

@boost
def count(words: list[str]):
    return Counter(words)

@boost
def count_text(text: str, more: str):
    counter = Counter(text)
    counter.update(more)
    counter.subtract("ab")
    return counter, counter.most_common(), counter.most_common(2), counter.total(), list(counter.elements()), counter["?"], len(counter)

@boost
def calculate(a: Counter[int], b: Counter[int]):
    return a + b, a - b, a & b, a | b, +a, -a, a == b, a != b

@boost
def change(a: Counter[int], b: Counter[int], key: int):
    a[key] += 1
    a += b
    a.update(b)
    a.update({key: 3})
    del a[99]
    a.subtract(b)
    return a[-1]

@boost
def change_by(a: Counter[int], b: Counter[int], how: int):
    if how == 0:
        a -= b
    elif how == 1:
        a |= b
    else:
        a &= b
    return a

@boost
def of_counts(counts: dict[str, int]):
    c = Counter(counts)
    d = Counter(a=2, b=3)
    c.update(d)
    c.update(a=4)
    return c, sorted(c.items()), max(c.values(), default=0), "a" in c, c.get("zz", -1)

@boost
def ordered(keys: list[int], moved: int):
    entries = OrderedDict()
    for key in keys:
        entries[key] = key * 0.5
    entries.move_to_end(moved)
    first = entries.popitem(last=False)
    last = entries.popitem()
    return entries, first, last, list(entries), list(reversed(entries))

@boost
def to_front(entries: OrderedDict[str, int], key: str):
    entries.move_to_end(key, last=False)
    return list(entries.items())

@boost
def order_counts(a: list[int], b: list[int]):
    x = OrderedDict((key, 1) for key in a)
    y = OrderedDict((key, 1) for key in b)
    z = dict.fromkeys(b, 1)
    return x == y, x != y, x == z, z == y

@boost
def cache(keys: list[int], size: int):
    held: OrderedDict[int, int] = OrderedDict()
    hits = 0
    for key in keys:
        if key in held:
            hits += 1
            held.move_to_end(key)
        else:
            held[key] = key * key
            if len(held) > size:
                held.popitem(last=False)
    return hits, list(held)

@boost
def queue(start: int, edges: dict[int, list[int]]):
    seen = {start}
    found = []
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        found.append(node)
        for other in edges.get(node, []):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return found

@boost
def both_ends(items: deque[int], operations: list[tuple[int, int]]):
    taken = []
    for what, value in operations:
        if what == 0:
            items.append(value)
        elif what == 1:
            items.appendleft(value)
        elif what == 2:
            taken.append(items.pop())
        elif what == 3:
            taken.append(items.popleft())
        elif what == 4:
            items.rotate(value)
        elif what == 5:
            items.extend([value, value + 1])
        elif what == 6:
            items.extendleft([value, value + 1, value + 2])
        elif what == 7:
            items.reverse()
        elif what == 8:
            items.insert(value, value)
        elif what == 9:
            items.remove(value)
        elif what == 10:
            items[value] = 50
        elif what == 11:
            taken.append(items[value])
        elif what == 12:
            del items[value]
        elif what == 13:
            taken.append(items.count(value))
        elif what == 14:
            taken.append(items.index(value))
        elif what == 15:
            items += items
        else:
            items.clear()
    return taken, len(items), items.maxlen, list(items), sum(items)

@boost
def window(values: list[float], n: int):
    last = deque(maxlen=n)
    means = []
    for value in values:
        last.append(value)
        if len(last) == n:
            means.append(sum(last) / n)
    return means, last

@boost
def made(values: list[int], n: int):
    a = deque(values)
    b = deque(values, n)
    c = deque((v * v for v in values), maxlen=n)
    d = deque("text")
    e = a.copy()
    e.append(1)
    return a, b, c, d, e, a == b, a == c, a < c, 3 in a, deque(range(n)), a == values

@boost
def over(items: deque[int], at: int, what: int):
    found = []
    for n, item in enumerate(items):
        found.append(item)
        if n == at:
            if what == 0:
                items.append(1)
            elif what == 1:
                items.pop()
            elif what == 2:
                items.rotate(0)
            elif what == 3:
                items.clear()
            elif what == 4:
                items[0] = 5
            elif what == 5:
                items.reverse()
    return found

@boost
def over_ordered(entries: OrderedDict[int, int], at: int, what: int):
    found = []
    for n, key in enumerate(entries):
        found.append(key)
        if n == at:
            if what == 0:
                entries[100] = 1
            elif what == 1:
                entries.move_to_end(key)
            elif what == 2:
                entries[key] = -1
            elif what == 3:
                entries.move_to_end(key, last=False)
            elif what == 4:
                del entries[key]
    return found

@boost
def inside(values: list[int]):
    parts: list[deque[int]] = [deque(), deque()]
    for value in values:
        parts[value % 2].append(value)
    return parts, {1: parts[0]}

@boost
def same(a: deque[int], b: deque[int]):
    c = a
    return a is b, a is c, a is not b, [a] == [b]

@boost
def tails(items: deque[tuple[int, str]]):
    first, *rest = items
    return first, rest, [n for n, _ in reversed(items)], tuple(items), set(n for n, _ in items)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("collections"), SOURCE)


small = st.lists(st.integers(-3, 6), max_size=8)
words = st.lists(st.sampled_from(["a", "bb", "cc", "ddd", ""]), max_size=10)


@settings(deadline=None)
@given(words=words)
def test_default_dicts(built: Built, words: list[str]) -> None:
    built.check("totals", words, [float(n) for n in range(len(words))])
    built.check("groups", words)
    built.check("nested", list(zip(words, words[1:], strict=False)))
    built.check("of_lambda", [len(word) for word in words])
    table = defaultdict(int, {word: len(word) for word in words})
    for key in ["a", "new"]:
        built.check("read_only", table, key)


@settings(deadline=None)
@given(numbers=small)
def test_default_dicts_of_arguments(built: Built, numbers: list[int]) -> None:
    built.check("of_argument", defaultdict(list, {n: [n] for n in numbers}), 2)
    built.check("neighbours", list(zip(numbers, numbers[1:], strict=False)))


def test_a_default_dict_with_another_factory_is_python(built: Built) -> None:
    built.check("read_only", defaultdict(lambda: 4, {"a": 1}), "b")
    built.check("of_argument", defaultdict(None, {1: [1]}), 1)
    built.check("of_argument", defaultdict(None, {1: [1]}), 2)


@settings(deadline=None)
@given(words=words, text=st.text("abc?", max_size=8), more=st.text("abx", max_size=8))
def test_counters(built: Built, words: list[str], text: str, more: str) -> None:
    built.check("count", words)
    built.check("count_text", text, more)
    built.check("of_counts", {word: len(word) for word in words})


counters = st.builds(Counter, st.dictionaries(st.integers(0, 5), st.integers(-2, 4), max_size=6))


@settings(deadline=None)
@given(a=counters, b=counters, key=st.integers(0, 6))
def test_arithmetic_of_counters(built: Built, a: Counter[int], b: Counter[int], key: int) -> None:
    built.check("calculate", a, b)
    built.check("change", a, b, key)
    for how in range(3):
        built.check("change_by", a, b, how)
        built.check("change_by", a, a, how)


@settings(deadline=None)
@given(keys=small, moved=st.integers(-3, 6))
def test_ordered_dicts(built: Built, keys: list[int], moved: int) -> None:
    built.check("ordered", keys, moved)
    built.check("order_counts", keys, sorted(keys))
    built.check("cache", keys, 3)
    entries = OrderedDict((str(key), key) for key in keys)
    built.check("to_front", entries, str(moved))
    for what in range(5):
        for at in range(4):
            built.check("over_ordered", OrderedDict.fromkeys(keys, 1), at, what)


operations = st.lists(st.tuples(st.integers(0, 16), st.integers(-4, 6)), max_size=12)


@settings(deadline=None)
@given(items=small, operations=operations, most=st.none() | st.integers(0, 6))
def test_both_ends_of_deques(built: Built, items: list[int], operations: list[tuple[int, int]], most: int | None) -> None:
    built.check("both_ends", deque(items, most), operations, messages=False)


@settings(deadline=None)
@given(items=small, n=st.integers(-1, 4))
def test_deques_are_made(built: Built, items: list[int], n: int) -> None:
    built.check("made", items, n)
    built.check("window", [float(item) for item in items], n)
    built.check("inside", items)
    for what in range(6):
        for at in range(3):
            built.check("over", deque(items), at, what)
    one = deque(items)
    built.check("same", one, deque(items))
    assert built.same(one, one) == (True, True, False, True)
    built.check("tails", deque((item, str(item)) for item in items))


def test_a_search_in_breadth(built: Built) -> None:
    edges = {0: [1, 2], 1: [3], 2: [3, 4], 4: [0, 5]}
    assert built.check("queue", 0, edges) == [0, 1, 2, 3, 4, 5]


def test_written_back_into_the_very_objects(built: Built) -> None:
    items = deque([1, 2], maxlen=3)
    kept = items
    built.both_ends(items, [(0, 5), (0, 6)])
    assert kept is items and list(items) == [2, 5, 6]
    counts = Counter([1, 1])
    assert built.change(counts, Counter([2]), 1) == 0
    assert counts == {1: 6, 2: 1}


def test_a_default_dict_whose_lambda_is_known_stays_inside(tmp_path: Path) -> None:
    source = """
    from collections import defaultdict
    from hypersonic import boost

    @boost
    def f(n: int):
        found = defaultdict(lambda: 1)
        found[n] += 1
        return found
    """
    made = build(tmp_path, source)
    assert made.state("f") == "python"
    assert "lambda" in made.log
