"""Strings made at run time: built, compared, sliced, formatted, split; CPython's answers and exceptions."""

from __future__ import annotations

import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCE = """
import numpy as np
from hypersonic import boost

@boost
def build(name: str, n: int):
    text = ""
    for i in range(n):
        text += name + "-"
    return text, name * n, "x" * n, n * "ab", len(text), len(name)

@boost
def compare(a: str, b: str):
    return a == b, a != b, a < b, a <= b, a > b, a >= b, a in b, a not in b, bool(a), not b, a == "x", "b" in a

@boost
def subscripts(a: str, i: int, j: int, k: int):
    return a[i:j], a[i:], a[:j], a[::-1], a[i:j:k], a[:], [c for c in a], a[-2:]

@boost
def character(a: str, i: int):
    return a[i], ord(a[i]), chr(ord(a[i]) + 1)

@boost
def methods(a: str, b: str):
    return (a.upper(), a.lower(), a.strip(), a.title(), a.capitalize(), a.swapcase(), a.startswith(b), a.endswith(b), a.find(b), a.rfind(b),
            a.count(b), a.replace(b, "_"), a.split(), a.splitlines(), a.isdigit(), a.isalpha(), a.isspace(), a.islower(), a.isupper(),
            a.lstrip(), a.rstrip("x"), a.zfill(8), a.center(9), a.ljust(7, "."), a.rjust(7), a.startswith(("a", b)), a.removeprefix(b))

@boost
def splits(a: str, sep: str):
    return a.split(sep), a.split(sep, 1), a.rsplit(sep, maxsplit=1), a.partition(sep), sep.join(a.split()), "".join([c + sep for c in a])

@boost
def index(a: str, b: str):
    return a.index(b)

@boost
def formats(n: int, x: float, s: str, flag: bool):
    return (f"{n}", f"{x}", f"{s}", f"{flag}", f"{n:5d}|{n:<5}|{n:05}|{n:x}|{n:,}", f"{x:.3f} {x:e} {x:10.2g} {x!r}", f"{s:>8}|{s!r}|{s:^9}",
            "%d %s %5.2f" % (n, s, x), "%s" % s, "{} {:>4} {:.1f}".format(s, n, x), str(n), str(x), str(flag), repr(x), repr(s), format(n, "04d"))

@boost
def numpy_formats(a: "float32[:]", b: "int16[:]"):
    return f"{a[0]}", f"{a[0]:.2f}", str(b[0]), f"{b[0]:3d}", repr(a[0])

@boost
def parse(a: str):
    return int(a)

@boost
def parse_base(a: str, base: int):
    return int(a, base)

@boost
def parse_float(a: str):
    return float(a)

@boost
def caesar(text: str, k: int):
    out = []
    for c in text:
        if c.isalpha() and c.islower():
            out.append(chr((ord(c) - 97 + k) % 26 + 97))
        else:
            out.append(c)
    return "".join(out)

@boost
def palindrome(text: str):
    kept = "".join([c for c in text.lower() if c.isalnum()])
    return kept == kept[::-1]

@boost
def words(text: str):
    lengths = {}
    for i, word in enumerate(text.split()):
        lengths[word] = (i, len(word))
    return lengths, sorted(lengths), sorted(text), min(text.split(), key=len), set(text.split())

@boost
def chosen(n: int):
    kind = "even" if n % 2 == 0 else "odd"
    if n > 10:
        kind = "large " + kind
    return kind

@boost
def literals(kind: str, x: float):
    if kind == "double":
        return x * 2
    elif kind == "half":
        return x / 2
    return x

@boost
def unpacked(text: str):
    a, b, *c = text
    return a + b, c

@boost
def raises(text: str, n: int):
    if n > 3:
        raise ValueError("too large")
    return text[n]
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("strings"), SOURCE)


TEXTS = ["", "a", "xxabcxx", "Hello, World", "  a b\tc\n d ", "straße É", "\U0001f600 ok", "123", "a,b,,c", "\x00x", "ǅ ﬃ İ"]


@pytest.mark.parametrize("text", TEXTS)
def test_texts(built: oracle.Built, text: str) -> None:
    for n in (-1, 0, 3):
        built.check("build", text, n)
        built.check("character", text, n)
        built.check("raises", text, n)
        built.check("caesar", text, n)
    for other in ("", "a", "x", "l", text[:1], text, "\U0001f600", "É"):
        built.check("compare", text, other)
        built.check("methods", text, other)
        built.check("splits", text, other)
        built.check("index", text, other)
    built.check("palindrome", text)
    built.check("unpacked", text)
    built.check("words", text)
    for parse in ("parse", "parse_float"):
        built.check(parse, text)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=12), *[st.integers(-14, 14)] * 3)
def test_subscripts(built: oracle.Built, text: str, i: int, j: int, k: int) -> None:
    built.check("subscripts", text, i, j, k)


@settings(deadline=None, max_examples=200)
@given(st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(max_size=5), st.booleans())
def test_formats(built: oracle.Built, n: int, x: float, s: str, flag: bool) -> None:
    built.check("formats", n, x, s, flag)


def test_numbers(built: oracle.Built) -> None:
    import numpy as np

    built.check("numpy_formats", np.array([0.1, 2], "f4"), np.array([7], "i2"))
    for text in ("12", " -7 ", "1_000", "0x1f", "9223372036854775807", "9223372036854775808", "1.5", "inf", "nan", "1e400", "٣"):
        built.check("parse", text)
        built.check("parse_float", text)
        for base in (0, 2, 10, 16, 36, 40):
            built.check("parse_base", text, base)


def test_chosen(built: oracle.Built) -> None:
    for n in (0, 3, 12, 13):
        built.check("chosen", n)
    for kind in ("double", "half", "other"):
        built.check("literals", kind, 3.0)


def test_other_types_are_pythons(built: oracle.Built) -> None:
    class Text(str):
        __slots__ = ()

    assert built.build(Text("a"), 2) == built.build.__wrapped__(Text("a"), 2)
    assert type(built.chosen(3)) is str
