"""Strings of arguments lie where Python has them until a kernel wants them otherwise: values, identity, memory, however wide the characters are."""

import gc
import sys

import oracle
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SOURCE = """
from hypersonic import boost

@boost
def count(words: list[str]):
    counts = {}
    for w in words:
        counts[w] = counts.get(w, 0) + 1
    return counts

@boost
def ordered(words: list[str], reverse: bool):
    return sorted(words, reverse=reverse)

@boost
def different(words: list[str]):
    return len(set(words))

@boost
def found(words: list[str], made: list[str]):
    return [(a + b) in words for a in made for b in made]

@boost
def looked_up(table: dict[str, int], a: str, b: str):
    return table.get(a + b, -1), table.get(b, -2), a < b, a == b, a + b == b + a

@boost
def grouped(words: list[str]):
    groups = {}
    for w in words:
        groups.setdefault(len(w), []).append(w)
    return groups

@boost
def letters(words: list[str]):
    out = []
    for w in words:
        for c in w:
            if c == "a":
                out.append(ord(w[-1]))
            else:
                out.append(ord(c))
    return out

@boost
def parts(words: list[str], by: str):
    return by.join(words), [w.split(by) for w in words], [w[1:-1] for w in words], [w.find(by) for w in words], [w * 2 for w in words]

@boost
def grown(words: list[str]):
    s = ""
    for w in words:
        s += w
        s += s[:2]
    return s

@boost
def written(x: float):
    return f"{x:.0f} {x:.2f} {x:.7f} {x:.12f}"

@boost
def whole(n: int):
    return f"{n}", str(n)
"""

CHARACTERS = st.one_of(
    st.sampled_from("ab\0\x01 z"),
    st.characters(max_codepoint=0x7F, exclude_categories=()),
    st.characters(max_codepoint=0xFF, exclude_categories=()),
    st.characters(exclude_categories=()),
    st.sampled_from(["\ud800", "\udfff", "\U0010ffff", "\u0100", "\xff", "\x80"]),
)
TEXTS = st.text(CHARACTERS, max_size=12)
WORDS = st.lists(TEXTS, max_size=12)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    """The functions, all of them compiled."""
    return oracle.build(tmp_path_factory.mktemp("strings"), SOURCE)


@given(WORDS, st.booleans())
@QUICK
def test_words_are_what_they_are_in_python(built: oracle.Built, words: list[str], reverse: bool) -> None:
    words = words + words[:3]
    for name in ("count", "different", "grouped", "letters", "grown"):
        if name == "letters" and "" in words:
            words = [w or "x" for w in words]
        built.check(name, words)
    built.check("ordered", words, reverse)


@given(WORDS, st.lists(TEXTS, max_size=4), TEXTS, TEXTS)
@QUICK
def test_strings_that_kernels_make_meet_those_of_arguments(built: oracle.Built, words: list[str], made: list[str], a: str, b: str) -> None:
    words = words + [x + y for x in made[:2] for y in made]
    built.check("found", words, made)
    built.check("looked_up", {w: n for n, w in enumerate(words + [a + b])}, a, b)
    if b:
        built.check("parts", words, b)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "a",
        "12345678",
        "123456789",
        "1234567890",
        "12345678\x01",
        "a\0",
        "\0",
        "\x7f",
        "\x80",
        "gr\xfcn",
        "\u0100",
        "a\U0001f600",
        "\udc80",
    ],
)
def test_no_two_words_are_taken_for_one(built: oracle.Built, word: str) -> None:
    near = [word, word + "\0", word + "\x01", "\0" + word, word[:-1], word + word, word.upper()]
    built.check("count", near)
    built.check("different", near)
    built.check("found", near, [word, "", "\0"])


def test_results_are_the_strings_that_were_given(built: oracle.Built) -> None:
    words = ["".join(["wo", "rd", str(n % 7), "\xe4" * (n % 2), "\u0100" * (n % 3)]) for n in range(60)]
    by_id = {id(w) for w in words}
    assert all(id(w) in by_id for w in built.ordered(words, False))
    first = {w: next(v for v in words if v == w) for w in words}
    assert all(key is first[key] for key in built.count(words))
    assert all(
        w is v
        for group, theirs in zip(built.grouped(words).values(), built.grouped.__wrapped__(words).values())
        for w, v in zip(group, theirs)
    )


def test_every_reference_is_given_back(built: oracle.Built) -> None:
    words = ["".join(["some", str(n), "\xe4" * (n % 2), "\u0100" * (n % 3)]) for n in range(500)]
    for name, args in [("count", ()), ("grouped", ()), ("ordered", (True,)), ("letters", ()), ("parts", ("m",)), ("grown", ())]:
        getattr(built.module, name)(words, *args)
    gc.collect()
    before = [sys.getrefcount(w) for w in words]
    for name, args in [("count", ()), ("grouped", ()), ("ordered", (True,)), ("letters", ()), ("parts", ("m",)), ("grown", ())]:
        getattr(built.module, name)(words, *args)
    # What fails on its way in, at the end of many.
    built.module.ordered([*words, "x"], False)
    with pytest.raises(TypeError):
        built.ordered([*words, 3], False)
    gc.collect()
    assert [sys.getrefcount(w) for w in words] == before


@given(st.floats(allow_nan=True, allow_infinity=True), st.integers(0, 12), st.integers(-(10**9), 10**9))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_fixed_digits_are_those_of_python(built: oracle.Built, x: float, digits: int, n: int) -> None:
    built.check("written", x)
    built.check("written", n / 10**digits)
    built.check("written", (2 * n + 1) / 2 ** (digits + 1))


@given(st.integers(-(2**63), 2**63 - 1))
@QUICK
def test_ints_are_written_as_in_python(built: oracle.Built, n: int) -> None:
    built.check("whole", n)
