"""`itertools`, `functools`, `heapq`, `bisect`."""

from __future__ import annotations

from . import FLOATS, LISTS, NAN, Row, one, two

_N = [0, 1, 2, 3, 5, 100, -1]
_PAIRS = two(LISTS[:5], LISTS[1:4])
_LOOP = "found = []\nfor {target} in {iterable}:\n    found.append({target})\nreturn found"
_BOUNDS = [
    (a, x, lo, hi) for a in ([], [1], [1, 2, 2, 3], list(range(20))) for x in (-1, 2, 30) for lo in (0, 1, 3, -1) for hi in (0, 2, 4, 25)
]


def loop(target: str, iterable: str) -> str:
    """A list of what a loop sees, which one of `list` sees, too."""
    return f"found = []\nfor {target} in {iterable}:\n    found.append(({target},))\nreturn found, list({iterable})"


ROWS = [
    Row(
        "itertools.count",
        "n: int",
        "found = []\nfor i in itertools.count(n):\n    if i > 9:\n        break\n    found.append(i)\nreturn found",
        one(_N[:5]),
    ),
    Row(
        "itertools.count.step",
        "x: float, step: float",
        "found = []\nfor i, y in zip(range(7), itertools.count(x, step)):\n    found.append((i, y))\nreturn found",
        two([0.1, -1.0]),
    ),
    Row("itertools.count.enumerated", "a: list[int]", "return [(i, x) for x, i in zip(a, itertools.count(2, 3))]", one(LISTS)),
    Row(
        "itertools.count.float_step",
        "n: int",
        "found = []\nfor i in itertools.count(n, 0.5):\n    if i > 9:\n        break\n    found.append(i)\nreturn found",
        [],
        stays="`itertools.count` of an int with a step that is a float gives numbers of two types",
    ),
    Row("itertools.count.next", "n: int", "c = itertools.count(n)\nnext(c)\nreturn next(c), next(c)", one([0, 5])),
    Row("itertools.count.chained", "n: int", "list(itertools.takewhile(lambda v: v * v < n, itertools.count(1)))", one([0, 50])),
    Row("itertools.cycle.zip", "a: list[int], b: list[int]", "list(zip(a, itertools.cycle(b)))", _PAIRS),
    Row(
        "itertools.cycle.next",
        "n: int",
        "c = itertools.cycle([1, 2])\nfound = []\nfor _ in range(n):\n    found.append(next(c))\nreturn found",
        one([0, 5]),
    ),
    Row(
        "itertools.chain.lazy",
        "a: list[int]",
        "list(itertools.chain((x * x for x in a), itertools.islice(itertools.count(), 2), map(abs, a)))",
        one(LISTS),
    ),
    Row(
        "itertools.cycle",
        "a: list[int], n: int",
        "found = []\nfor i, x in enumerate(itertools.cycle(a)):\n    if i >= n:\n        break\n    found.append(x)\nreturn found",
        two(LISTS, _N),
    ),
    Row("itertools.repeat", "x: float, n: int", loop("y", "itertools.repeat(x, n)"), two([1.5], _N)),
    Row("itertools.repeat.keyword", "x: float, n: int", loop("y", "itertools.repeat(x, times=n)"), two([1.5], _N)),
    Row(
        "itertools.repeat.forever",
        "n: int",
        "found = []\nfor i, x in enumerate(itertools.repeat(7)):\n    if i >= n:\n        break\n    found.append(x)\nreturn found",
        one(_N),
    ),
    Row("itertools.repeat.zip", "a: list[int]", "return [x**e for x, e in zip(a, itertools.repeat(2))]", one(LISTS)),
    Row("itertools.chain", "a: list[int], b: list[int]", loop("x", "itertools.chain(a, b, (7, 8), range(2))"), _PAIRS),
    Row("itertools.chain.none", "", "list(itertools.chain([1], []))", [()]),
    Row(
        "itertools.chain.from_iterable",
        "a: list[list[int]]",
        loop("x", "itertools.chain.from_iterable(a)"),
        one([[], [[]], [[1], [], [2, 3]]]),
    ),
    Row("itertools.compress", "a: list[int], b: list[int]", loop("x", "itertools.compress(a, b)"), _PAIRS),
    Row("itertools.dropwhile", "a: list[int]", loop("x", "itertools.dropwhile(lambda v: v < 4, a)"), one(LISTS)),
    Row("itertools.takewhile", "a: list[int]", loop("x", "itertools.takewhile(lambda v: v < 4, a)"), one(LISTS)),
    Row("itertools.filterfalse", "a: list[int]", loop("x", "itertools.filterfalse(lambda v: v % 2, a)"), one(LISTS)),
    Row("itertools.filterfalse.none", "a: list[int]", loop("x", "itertools.filterfalse(None, a)"), one(LISTS)),
    Row(
        "itertools.groupby",
        "a: list[int]",
        "found = []\nfor k, g in itertools.groupby(a):\n    found.append((k, list(g)))\nreturn found",
        one([*LISTS, [1, 1, 2, 1]]),
    ),
    Row(
        "itertools.groupby.key",
        "a: list[int]",
        "found = []\nfor k, g in itertools.groupby(a, key=lambda v: v % 3):\n    found.append((k, sum(g)))\nreturn found",
        one(LISTS),
    ),
    Row("itertools.islice", "a: list[int], n: int", loop("x", "itertools.islice(a, n)"), two(LISTS, _N)),
    Row("itertools.islice.start", "a: list[int], n: int", loop("x", "itertools.islice(a, n, 4)"), two(LISTS, _N)),
    Row("itertools.islice.step", "a: list[int], n: int", loop("x", "itertools.islice(a, 1, None, n)"), two(LISTS, _N)),
    Row("itertools.islice.count", "n: int", loop("x", "itertools.islice(itertools.count(3), n)"), one(_N)),
    Row(
        "itertools.starmap",
        "a: list[tuple[int, int]]",
        loop("x", "itertools.starmap(lambda p, q: p * 10 + q, a)"),
        one([[], [(1, 2)], [(1, 2), (3, 4)]]),
    ),
    Row("itertools.starmap.pow", "a: list[int]", "list(itertools.starmap(pow, [(x, 2) for x in a]))", one([[], [3, -2]])),
    Row("itertools.tee", "a: list[int]", "p, q = itertools.tee(a)\nreturn list(p), sum(q)", one(LISTS)),
    Row(
        "itertools.tee.pairs",
        "a: list[int]",
        "p, q, r = itertools.tee(a, 3)\nfound = []\nfor x in p:\n    found.append(x)\nfor x in q:\n    found.append(-x)\nreturn found, max(r)",
        one(LISTS),
    ),
    Row("itertools.zip_longest", "a: list[int], b: list[int]", loop("p", "itertools.zip_longest(a, b, fillvalue=-1)"), _PAIRS),
    Row("itertools.zip_longest.none", "a: list[int], b: list[int]", loop("p", "itertools.zip_longest(a, b)"), _PAIRS),
    Row("itertools.zip_longest.three", "a: list[int], b: list[int]", loop("p", "itertools.zip_longest(a, b, a, fillvalue=0)"), _PAIRS),
    Row("itertools.product", "a: list[int], b: list[int]", loop("p", "itertools.product(a, b)"), _PAIRS),
    Row(
        "itertools.product.mixed",
        "a: list[int], b: list[str]",
        loop("p", "itertools.product(a, b, (0.5, 1.5))"),
        two(LISTS[:3], [["x"], [], ["p", "q"]]),
    ),
    Row(
        "itertools.product.repeat",
        "a: list[int]",
        loop("p", "itertools.product(a, repeat=2)") + ", list(itertools.product(a, repeat=3)), list(itertools.product(a))",
        one(LISTS),
    ),
    Row("itertools.product.many", "a: list[int], n: int", "list(itertools.product(a, repeat=n))", two(LISTS[:4], [0, 1, 2, 3, -1])),
    Row("itertools.permutations", "a: list[int]", loop("p", "itertools.permutations(a)"), one(LISTS[:5])),
    Row("itertools.permutations.two", "a: list[int]", loop("p", "itertools.permutations(a, 2)"), one(LISTS)),
    Row("itertools.permutations.many", "a: list[int], n: int", "list(itertools.permutations(a, n))", two(LISTS[:5], [0, 1, 2, 3, 9, -1])),
    Row("itertools.combinations", "a: list[int], n: int", loop("p", "itertools.combinations(a, n)"), two(LISTS, [0, 1, 2, 3, 9, -1])),
    Row(
        "itertools.combinations.pairs",
        "a: list[float]",
        "[x * y for x, y in itertools.combinations(a, 2)], [x * y * z for x, y, z in itertools.combinations(a, 3)]",
        one(FLOATS),
    ),
    Row(
        "itertools.combinations_with_replacement",
        "a: list[int], n: int",
        loop("p", "itertools.combinations_with_replacement(a, n)"),
        two(LISTS, [0, 1, 2, 3, -1]),
    ),
    Row(
        "itertools.combinations_with_replacement.pairs",
        "a: list[int]",
        "[x * y for x, y in itertools.combinations_with_replacement(a, 2)]",
        one(LISTS),
    ),
    Row("itertools.accumulate", "a: list[int]", loop("x", "itertools.accumulate(a)"), one(LISTS)),
    Row(
        "itertools.accumulate.func",
        "a: list[float]",
        "list(itertools.accumulate(a, max)), list(itertools.accumulate(a, operator.mul)), list(itertools.accumulate(a, lambda p, q: p - q))",
        one(FLOATS),
    ),
    Row(
        "itertools.accumulate.initial",
        "a: list[int], n: int",
        "list(itertools.accumulate(a, initial=n)), list(itertools.accumulate(a, operator.mul, initial=n))",
        two(LISTS, [0, 3]),
    ),
    Row("itertools.pairwise", "a: list[int]", loop("p", "itertools.pairwise(a)"), one(LISTS)),
    Row("functools.reduce", "a: list[int]", "functools.reduce(lambda p, q: p * 3 + q, a)", one(LISTS)),
    Row(
        "functools.reduce.initial",
        "a: list[int], n: int",
        "functools.reduce(operator.add, a, n), functools.reduce(max, range(n), -1)",
        two(LISTS, [0, 3]),
    ),
    Row(
        "functools.partial",
        "x: float, y: float",
        "f = functools.partial(math.pow, x)\nreturn f(y), list(map(f, [1.0, 2.0]))",
        two([2.0, 0.5]),
        ulp=1,
    ),
    Row(
        "functools.partial.keyword",
        "x: int",
        "f = functools.partial(round, ndigits=1)\nreturn f(x + 0.25)",
        one([2, 5]),
    ),
    Row("heapq.heapify", "a: list[int]", "heapq.heapify(a)\nreturn a", one(LISTS)),
    Row("heapq.heappush", "a: list[int], x: int", "heapq.heapify(a)\nheapq.heappush(a, x)\nreturn a", two(LISTS, [0, 4])),
    Row("heapq.heappop", "a: list[int]", "heapq.heapify(a)\nreturn heapq.heappop(a)", one(LISTS)),
    Row("heapq.heappushpop", "a: list[int], x: int", "heapq.heapify(a)\nreturn heapq.heappushpop(a, x), a", two(LISTS, [-9, 4])),
    Row("heapq.heapreplace", "a: list[int], x: int", "heapq.heapify(a)\nreturn heapq.heapreplace(a, x), a", two(LISTS, [-9, 4])),
    Row(
        "heapq.heappop.nan",
        "a: list[float]",
        "heapq.heapify(a)\nreturn heapq.heappop(a), a",
        one([*FLOATS, [3.0, NAN, 1.0, 2.0, NAN, -1.0]]),
    ),
    Row("heapq.nsmallest", "a: list[int], n: int", "heapq.nsmallest(n, a), heapq.nsmallest(n, a, key=lambda v: -v)", two(LISTS, _N)),
    Row("heapq.nlargest", "a: list[int], n: int", "heapq.nlargest(n, a), heapq.nlargest(n, a, key=lambda v: v % 3)", two(LISTS, _N)),
    Row("heapq.merge", "a: list[int], b: list[int]", "a.sort()\nb.sort()\nreturn list(heapq.merge(a, b, [2, 4]))", _PAIRS),
    Row(
        "heapq.merge.key",
        "a: list[int], b: list[int]",
        "a.sort(reverse=True)\nb.sort(reverse=True)\nreturn list(heapq.merge(a, b, reverse=True)), list(heapq.merge(a, b, key=lambda v: -v))",
        _PAIRS,
    ),
    *(
        Row(
            f"bisect.{name}",
            "a: list[int], x: int, lo: int, hi: int",
            f"bisect.{name}(a, x), bisect.{name}(a, x, lo, hi), bisect.{name}(a, x, lo=lo)",
            _BOUNDS,
        )
        for name in ("bisect", "bisect_left", "bisect_right")
    ),
    *(
        Row(f"bisect.{name}.key", "a: list[int], x: int", f"bisect.{name}(a, x, key=lambda v: v // 2)", two([[], [1, 2, 2, 5]], [0, 1, 4]))
        for name in ("bisect", "bisect_left", "bisect_right")
    ),
    *(
        Row(
            f"bisect.{name}",
            "a: list[int], x: int, lo: int, hi: int",
            f"bisect.{name}(a, x)\nbisect.{name}(a, x, lo, hi)\nreturn a",
            _BOUNDS,
        )
        for name in ("insort", "insort_left", "insort_right")
    ),
    *(
        Row(
            f"bisect.{name}.key",
            "a: list[int], x: int",
            f"bisect.{name}(a, x, key=lambda v: v // 2)\nreturn a",
            two([[], [1, 2, 2, 5]], [0, 1, 4]),
        )
        for name in ("insort", "insort_left", "insort_right")
    ),
]
