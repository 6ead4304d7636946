"""Short ways for texts, which give what the long ways give: formats of floats, sorting, comparison with literals, single characters."""

from __future__ import annotations

import math

import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCE = """
from hypersonic import boost

@boost
def formatted(x: float):
    return f"{x:.2f}|{x:.0f}|{x:.12f}|{x:.13f}|{x:.6f}", format(x, ".1f")

@boost
def ordered(words: list[str], k: int):
    tagged = [(w, n) for n, w in enumerate(words)]
    by_text = sorted(tagged, key=lambda t: t[0], reverse=True)
    words.sort()
    return by_text, sorted(words, reverse=True), sorted(words, key=lambda w: w[::-1])

@boost
def compared(text: str):
    n = 0
    for c in text:
        if c == "a":
            n += 1
        elif c != "\u00e9" and "\u6f22" == c:
            n += 10
        elif c == "" or c == "ab":
            n += 100
    return n, text == "", text == "aa", text != "ab\u6f22", text == "a\\0", "aaaaaaaa" == text

@boost
def letters(text: str):
    found = {}
    parts = []
    for c in text:
        found[c] = found.get(c, 0) + 1
        c += c
        parts.append(c)
    return found, parts, list(text), text[0] if text else "none"
"""

TEXT = st.text("ab\0\u00e9\u00ff\u0100\u6f22\U0001f600", max_size=12)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("shortcuts"), SOURCE)


@settings(max_examples=80, deadline=None)
@given(x=st.floats() | st.integers(-(2**40), 2**40).map(lambda n: n / 64))
def test_formats(built: oracle.Built, x: float) -> None:
    built.check("formatted", x)


def test_formats_of_ties(built: oracle.Built) -> None:
    for x in (0.125, 0.375, 0.5, 1.5, 2.5, -0.5, -0.0, 0.25, 1e15, 1e15 - 0.5, 1e22, math.nan, -math.inf, 5e-324, 2.675):
        built.check("formatted", x)


@settings(max_examples=80, deadline=None)
@given(words=st.lists(TEXT, max_size=12), text=TEXT)
def test_texts(built: oracle.Built, words: list[str], text: str) -> None:
    built.check("ordered", words, 0)
    built.check("compared", text)
    built.check("letters", text)


def test_long_words_with_the_same_beginning(built: oracle.Built) -> None:
    words = ["abcdefgh" * k + tail for k in range(3) for tail in ("", "b", "a", "\0", "\u6f22")] * 2
    built.check("ordered", words, 0)
