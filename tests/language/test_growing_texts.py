"""Texts that grow part by part do so in place, and nobody else who has such a text sees it."""

from __future__ import annotations

import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCE = """
from hypersonic import boost

@boost
def grown(parts: list[str]):
    text = ""
    for part in parts:
        text += part
    return text, len(text)

@boost
def twice(parts: list[str]):
    text = "<"
    for part in parts:
        text += part
        text = text + ","
    return text

@boost
def kept(parts: list[str]):
    text, former, all = "", "", []
    for part in parts:
        former = text
        text += part
        all.append(text)
        text += "."
    return text, former, all

@boost
def doubled(text: str, n: int):
    for i in range(n):
        text += text
    return text

@boost
def given(text: str, n: int):
    first = text
    for i in range(n):
        text += "x"
    return first, text, first == text

@boost
def keys(parts: list[str]):
    text = ""
    found = {}
    for part in parts:
        text += part
        found[text] = len(text)
    text += "!"
    return found, text in found, {text}

def longer(text, n):
    for i in range(n):
        text += "y"
    return text

@boost
def through_calls(text: str):
    text += "-"
    other = longer(text, 3)
    text += "z"
    return text, other, longer(other, 2), other

@boost
def walked(text: str):
    text += "ab"
    for c in text:
        text += c
    return text

@boost
def branches(parts: list[str]):
    text = ""
    other = ""
    for part in parts:
        if len(part) > 1:
            text, other = other, text
        try:
            text += part
            text += str(10 // len(part))
        except ZeroDivisionError:
            text += "0"
    return text, other

@boost
def nested(n: int):
    rows = []
    for i in range(n):
        row = ""
        for j in range(i):
            row += str(j)
        rows.append(row)
    return rows

@boost
def many(n: int):
    text = ""
    for i in range(n):
        text += "ab"
        text += "c"
    return len(text)
"""

PARTS = st.lists(st.text("ab\u00e9\u6f22\U0001f600", max_size=4), max_size=12)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("growing"), SOURCE)


@settings(max_examples=40, deadline=None)
@given(parts=PARTS, text=st.text("ab\u00e9\u6f22", max_size=5), n=st.integers(0, 6))
def test_growing(built: oracle.Built, parts: list[str], text: str, n: int) -> None:
    for name in ("grown", "twice", "kept", "keys", "branches"):
        built.check(name, parts)
    for name in ("doubled", "given"):
        built.check(name, text, n)
    for name in ("through_calls", "walked"):
        built.check(name, text)
    built.check("nested", n)


def test_many_parts(built: oracle.Built) -> None:
    """A text that is copied for each part would take minutes."""
    assert built.check("many", 300_000) == 900_000
