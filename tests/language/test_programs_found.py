"""Programs that the generator of tests/exams found and that were compiled wrongly, made small."""

from __future__ import annotations

import hypersonic
import numpy as np
import oracle
import pytest

SOURCE = """
import numpy as np
from hypersonic import boost

@boost
def update_by_a_set(s: set[int]):
    s = s.intersection(s)
    s.add(80)
    s.update(s.intersection(s))
    t = {5}
    t.update({x * 8 for x in s})
    t.update([x + 1 for x in t])
    return s, t, list(t)

@boost
def kinds_of_comprehensions(xs: list[int]):
    return (list({x % 3 for x in xs}), sorted({x % 3 for x in xs}), set({x: 1.5 for x in xs}), list({x % 3: x for x in xs}),
            sum({x % 3: 100 for x in xs}), sum({x % 3 for x in xs}), dict({x: x for x in xs}))

@boost
def list_is_made_first(xs: list[int]):
    xs += [x for x in xs]
    xs.extend([len(xs), len(xs)])
    xs.extend(sorted(xs))
    return xs

@boost
def all_of_a_list(xs: list[int]):
    return any([1 // x > 0 for x in xs]), all([1 // x > 0 for x in xs])

@boost
def deletes_what_it_lists(d: dict[int, int]):
    for k in list(d.keys()):
        if k % 2:
            del d[k]
    for k, v in list(d.items()):
        d[v + 100] = k
    return d

@boost
def grows_what_it_reverses(xs: list[int]):
    for x in list(reversed(xs)):
        xs.append(x)
    return xs

@boost
def lists_in_displays(n: int):
    for x in [["a"], ["b", "c"]]:
        x.append("d")
    y = [[n], [2, 3]][n % 2]
    for z in reversed([[1], [n, 3]]):
        z.append(n)
    return x, y, z, sorted([[n], [2, 3]]), list([[1], [2, 3]])

def pairs(n):
    yield [n, n + 1]
    yield [n]

@boost
def yields_lists(n: int):
    for x in pairs(n):
        x.append(7)
    return x

@boost
def words(given: list[str], table: dict[str, int]):
    found = []
    for word in given:
        if word == "x":
            found.append("y")
        elif word in table:
            table[word] += 1
    return found, table

@boost
def pops(lists: list[list[int] | None], n: int):
    for _ in range(n):
        last = lists.pop()
    return last, lists

@boost
def none_first(n: int):
    found = []
    found.append(None)
    for i in range(n):
        found.append(i)
    return found

@boost
def matches_strings(table: dict[bool, str]):
    name = table[True]
    match name:
        case "xyz" | "abc":
            return 1
        case "x":
            return 2
    return 3

@boost
def matches_optional(n: "int | None"):
    match n:
        case 3:
            return 1
        case None:
            return 2
        case x:
            return x

@boost
def pops_strings(names: "list[str | None]"):
    last = names.pop()
    names.append("x" if last is None else last + "y")
    return last, names

@boost
def constant_before_a_try(n: int):
    name, found = "a", None
    try:
        if n == 1:
            raise ValueError
        name = "b" * n
        found = n
        if n == 2:
            raise ValueError
    except ValueError:
        name = name + "c"
    return name, found

@boost
def constant_in_a_loop(n: int):
    handled = []
    for name in ["b", "ab"]:
        try:
            if n == 1:
                raise ValueError
            name += name
        except ValueError:
            handled.append(name)
    return handled

@boost
def tries_in_tries(p: "dict[tuple[str, int], int]", n: int):
    # Each body is typed until names keep their types: what the compiler names itself counts for nothing.
    for i in [2, 5, 10]:
        try:
            try:
                p = dict(zip([("", 100), ("c", i)], [5])) if n else dict(zip([("a", 255), ("b", n)], [i, 4]))
                n = 10 // n
            except ValueError:
                n = 3
            finally:
                i = i + 1
            n = n + i // (n - 1)
        except (KeyError, ZeroDivisionError):
            i = i + 2
        p = dict(zip([("c", i), ("d", n)] + [("a", 2)], [i] * 2))
    return p, n

@boost
def default_in_a_try(n: int):
    try:
        def g(x=n * 2):
            return x + 1
        k = 10 // n
    except ZeroDivisionError:
        k = g() + 100
    return k, g()

@boost
def empty_lists_made_arrays(n: int):
    numbers = [i for i in range(n)]
    return (np.array(numbers, np.float64), np.asarray(numbers, dtype=np.int32), np.array([x > 1 for x in numbers], np.complex128),
            np.arange(5.0)[numbers])

@boost
def empty_lists_of_no_dtype(n: int):
    numbers = [i for i in range(n)]
    return np.array(numbers, None), np.array(numbers, dtype=None), np.array(numbers, copy=True)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("found"), SOURCE)


@pytest.mark.parametrize("numbers", [[], [10, 5, 255], [1, 2, 3, 4, 5, 6, 7, 8], [0, 1], [1, 0], [3]])
def test_containers_of_ints(built: oracle.Built, numbers: list[int]) -> None:
    built.check("update_by_a_set", set(numbers))
    for name in ("kinds_of_comprehensions", "list_is_made_first", "all_of_a_list", "grows_what_it_reverses"):
        built.check(name, numbers)
    built.check("deletes_what_it_lists", {x: x * 2 for x in numbers})


@pytest.mark.parametrize("n", [0, 1, 2])
def test_lists_of_lists(built: oracle.Built, n: int) -> None:
    built.check("lists_in_displays", n)
    built.check("yields_lists", n)
    built.check("none_first", n)
    for lists in ([None], [None, [1]], [[1], None], [[1], [2], None, None]):
        built.check("pops", lists, n)


def test_strings_in_containers_are_any_strings(built: oracle.Built) -> None:
    built.check("words", ["x", "z", "y"], {"z": 1, "u": 2})
    assert not oracle.hypersonic.info(built.words).fallbacks


def test_patterns(built: oracle.Built) -> None:
    for name in ("xyz", "abc", "x", "other"):
        built.check("matches_strings", {True: name})
    for n in (3, None, 4):
        built.check("matches_optional", n)
    for names in ([None], ["a"], [None, "b"], ["b", None]):
        built.check("pops_strings", names)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_constants_before_a_try(built: oracle.Built, n: int) -> None:
    built.check("constant_before_a_try", n)
    built.check("constant_in_a_loop", n)
    built.check("tries_in_tries", {("a", 1): 3}, n)
    built.check("default_in_a_try", n)


@pytest.mark.parametrize("n", [0, 3])
def test_empty_lists_made_arrays(built: oracle.Built, n: int) -> None:
    fallbacks = hypersonic.info(built.empty_lists_made_arrays).fallbacks
    built.check("empty_lists_made_arrays", n)
    assert hypersonic.info(built.empty_lists_made_arrays).fallbacks == fallbacks
    built.check("empty_lists_of_no_dtype", n)


UNSET = """
from hypersonic import boost


@boost
def greatest(n: int):
    if n > 2:
        w = n
    return max(w, n), abs(w)


@boost
def size(n: int):
    if n > 2:
        w = 4
    return abs(w)


@boost
def stored(n: int, out: "float[:]"):
    if n > 2:
        w = 4
    for j in range(n):
        out[j] = max(w * j, w)
    return out
"""


@pytest.mark.parametrize("n", [1, 3])
def test_names_that_are_looked_at_before_they_are_read(build, n):
    built = build(UNSET)
    built.check("greatest", n)
    built.check("size", n)
    built.check("stored", n, np.zeros(4))


def test_values_made_of_one_another_many_times_over(build):
    # There are 2^60 ways from the last to the first.
    chain = "".join(f"        v{k} = v{k - 1} + v{k - 1}\n" for k in range(1, 60))
    loops = [
        f"@boost\ndef {name}(a: 'float[:]', n: int):\n    for i in {over}(n):\n        v0 = i\n{chain}        a[i] = v59\n    return a\n"
        for name, over in (("one", "range"), ("many", "prange"))
    ]
    built = build("from hypersonic import boost, prange\n\n\n" + "\n\n".join(loops))
    built.check("one", np.zeros(8), 8)
    built.check("many", np.zeros(8), 8)


PARTS_OF_LISTS = """
from hypersonic import boost


@boost
def parts(a: list[int], n: int):
    found = [[1]]

    def put(x):
        nonlocal found
        found = [[x] for i in range(3)][:2]

    put(n)
    s = slice(1, None)
    reals = [x for x in [1.5, 3.5][::-1]]
    return (found, [n, 2][s], [n, 2][slice(n)], [[1], a, [n]][1:], [x for x in a][:n], reals, ([n, 2] + [4])[1:],
            ([n] if n else [2, 3])[:1], [][:], [n][5:], len([n, 1, 2][:2]), [1, 2, 3][:2] == [1, 2], [n, *a][:2], (n, 2)[:1])
"""


@pytest.mark.parametrize("n", [0, 1, 7])
def test_parts_of_displays_are_lists(build, n):
    build(PARTS_OF_LISTS).check("parts", [5, 3], n)


NEVER = """
from hypersonic import boost


@boost
def divides(numbers: list[int], n: int):
    k = 1
    while k < n:
        k += 1
        if +k <= 0:
            n = sum(k for x in numbers) + 0 // k
    return n
"""


@pytest.mark.parametrize("n", [0, 1, 5])
def test_a_division_that_is_never_reached(build, n):
    build(NEVER).check("divides", [1, 2], n)


NAN_BEHIND_A_WRITE = """
from hypersonic import boost


@boost
def collected(numbers: "float[:]", x: float):
    numbers[0] = 1.5
    return {x for k in range(2)}
"""


def test_a_nan_in_a_set_behind_a_write_says_why(build):
    built = build(NAN_BEHIND_A_WRITE)
    built.check("collected", np.zeros(2), 2.0)
    with pytest.raises(NotImplementedError, match="only Python can compute this, but an argument was written already"):
        built.collected(np.zeros(2), float("nan"))


EMPTY_INTO_A_FUNCTION = """
from hypersonic import boost


def negated(items, n):
    for item in items:
        items = [not item for k in range(n)]
    return n


@boost
def of_nothing(flag: bool):
    none = [x for x in [1] if False]
    return negated([], 3), negated(none, 4), none, negated([k for j in {5} for k in [False, False] if k], 3)
"""


def test_what_an_empty_list_holds_in_a_function_that_takes_it(build):
    build(EMPTY_INTO_A_FUNCTION).check("of_nothing", True)


NEVER_MADE = """
from hypersonic import boost


def always(x):
    for k in range(3):
        if x in (x, x):
            raise TypeError()
        yield x


@boost
def comes_to_nothing(a: list[int]):
    return [1 for k in always(1)], a


@boost
def is_caught(a: list[int]):
    try:
        v = {k: 1 for k in always(1)}
    except TypeError:
        a.append(1)
    return a
"""


def test_comprehensions_that_always_raise(build):
    built = build(NEVER_MADE)
    built.check("comes_to_nothing", [1])
    built.check("is_caught", [1])


BESIDE_A_DICT = """
from hypersonic import boost


def two(x):
    yield x
    yield x


@boost
def grows(d: dict[int, int]):
    for k, v in zip(two(1), d.values()):
        d[5] = v
    return d


@boost
def values_of_then(d: dict[int, int], s: set[int]):
    found = []
    for v, x, (a, b), y in zip(d.values(), s, d.items(), two(1)):
        found.append((v, x, a, b, y))
        for k in d:
            d[k] += 10
    for y, k in zip(two(2), d):
        found.append((y, k, 0, 0, 0))
    else:
        found.append((0, 0, 0, 0, 0))
    return found, d


def changes(a):
    a[0] = 70
    yield 1
    a[1] = 80
    yield 2
    a.pop()
    a.pop()
    yield 3


@boost
def taken_before(a: list[int]):
    return [(x, y) for x, y in zip(a, changes(a))], a
"""


@pytest.mark.parametrize("d", [{}, {1: 2}, {1: 2, 3: 4}, {1: 2, 3: 4, 5: 6}])
def test_what_stands_beside_a_generator_may_change(build, d):
    built = build(BESIDE_A_DICT)
    built.check("grows", d)
    built.check("values_of_then", d, {1, 2})
    built.check("taken_before", [1, 2, 3, 4])


OF_NOTHING_KNOWN = """
from hypersonic import boost


def joined(strings, mark):
    if not strings:
        return ""
    first = strings[0]
    if len(strings) == 1:
        return mark + first
    one, rest = [], []
    for s in strings:
        if len(s) == 1:
            one.append(s)
        else:
            rest.append(s)
    if len(one) > 1:
        if rest:
            return mark + joined(rest, "") + "|" + "".join(one)
        return mark + "".join(one)
    reversed_ones = [s[::-1] for s in strings]
    return mark + joined([s[1:] for s in reversed_ones if s], "(") + joined(sorted(s[:-1] for s in strings if s), "[") + joined(rest[1:], "")


@boost
def joined_all(strings: list[str]):
    return joined(strings, "<")


def nothing(items, depth):
    made = []
    if depth == 0:
        return 0
    return nothing(made, depth - 1) + nothing([], depth - 1) + len(made)


@boost
def deep(depth: int):
    return nothing([], depth)
"""


def test_functions_that_call_themselves_with_lists_of_which_nothing_is_known(build):
    # Each such call was another one to type, which was without end.
    built = build(OF_NOTHING_KNOWN)
    for strings in (["ab", "abc", "a", "b", "xyz"], ["abc", "de"], ["a"], ["a", "b"], []):
        built.check("joined_all", strings)
    built.check("deep", 4)
