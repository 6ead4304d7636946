"""`bytes` and `bytearray`: literals, items, operators, methods, what is written back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Built, build

SOURCE = r"""
from hypersonic import boost
import numpy as np

@boost
def literals():
    return b"", b"abc\x00\xff", b"a" b"b", [b"x", b"yy"], {b"k": 1}, (b"t", 1), len(b"abc"), b"abc"[1], b"abc"[-2:], b"a" < b"b"

@boost
def items(b: bytes, i: int, j: int):
    return b[i], b[i:j], b[::-1], len(b), b + b"x", b * 2, 3 * b, [x for x in b], sum(b), list(b), sorted(b), bool(b), max(b, default=-1)

@boost
def compare(a: bytes, b: bytes, c: bytearray):
    return a == b, a < b, a >= b, a == c, c == a, a != c, c < a, a in b, b"a" in a, a == "x"

@boost
def within(b: bytes, n: int):
    return n in b, n not in b

@boost
def checksum(b: bytes):
    a, s = 1, 0
    for x in b:
        a = (a + x) % 65521
        s = (s + a) % 65521
    return s << 16 | a

@boost
def methods(b: bytes, part: bytes):
    return (b.upper(), b.lower(), b.title(), b.swapcase(), b.capitalize(), b.strip(), b.lstrip(), b.rstrip(part), b.find(part), b.rfind(part), b.count(part),
            b.startswith(part), b.endswith(part), b.replace(part, b"--"), b.replace(b"a", b"", 1), b.split(), b.split(None, 1), b.splitlines(True),
            b.isalpha(), b.isdigit(), b.isalnum(), b.isspace(), b.isupper(), b.islower(), b.istitle(), b.isascii(), b.center(9, b"*"), b.ljust(7), b.rjust(7), b.zfill(8),
            b.expandtabs(4), b.removeprefix(part), b.removesuffix(part), b.hex(), b.hex(":"), b.find(97), b.count(97, 1), b.rsplit(b"a", maxsplit=1))

@boost
def parts(b: bytes, by: bytes):
    return b.split(by), b.partition(by), b.rpartition(by), by.join(b.split(by)), b.index(by)

@boost
def texts(t: str, b: bytes):
    return t.encode(), t.encode("utf-16-le"), t.encode(encoding="latin-1", errors="replace"), t.encode().decode(), b.decode("latin-1"), b.decode("ascii", "ignore"), bytes(t, "utf-8")

@boost
def decoded(b: bytes):
    return b.decode()

@boost
def decoded_or(b: bytes):
    try:
        return b.decode()
    except ValueError:
        return "?"

@boost
def from_hex(t: str):
    return bytes.fromhex(t), bytearray.fromhex(t)

@boost
def made(n: int, ints: list[int]):
    return bytes(n), bytearray(n), bytes(ints), bytearray(ints), bytes(), bytearray(), bytes([n, 1]), bytes(x % 7 for x in ints), bytearray(b"ab"), bytes(bytearray(b"ab"))

@boost
def changed(b: bytearray, operations: list[tuple[int, int]]):
    taken = []
    for what, value in operations:
        if what == 0:
            b.append(value)
        elif what == 1:
            b[value] = value + 1
        elif what == 2:
            taken.append(b.pop())
        elif what == 3:
            taken.append(b.pop(value))
        elif what == 4:
            b.extend(b"xyz")
        elif what == 5:
            b += bytes([value % 256])
        elif what == 6:
            b[1:value] = b"--"
        elif what == 7:
            del b[value]
        elif what == 8:
            b.reverse()
        elif what == 9:
            b.insert(value, 7)
        elif what == 10:
            b.remove(value)
        elif what == 11:
            b.extend([value, 1])
        elif what == 12:
            del b[::2]
        elif what == 13:
            b[2:4] = [value, 2]
        elif what == 14:
            b *= 2
        elif what == 15:
            b += b
        else:
            b.clear()
    return taken, len(b), bytes(b), b.copy(), b[:2], b + b"!", b.hex(), b.find(b"z")

@boost
def kept(b: bytearray):
    c = b
    c.append(1)
    return c, b is c, b is bytearray(b)

@boost
def keys(words: list[bytes]):
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts, sorted(set(words)), [w for w in counts if w.startswith(b"a")]

@boost
def shown(b: bytes, c: bytearray):
    return repr(b), str(c), f"{b!r}"

@boost
def after_a_write(a: "float[:]", b: bytes, i: int):
    a[0] = 1.0
    return b[i]

@boost
def array_after_a_write(a: "float[:]", b: bytearray, i: int):
    a[0] = 1.0
    b[i] = 300
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("bytes"), SOURCE)


some = st.lists(st.sampled_from(list(b"abAZ09 \t\n\x00\xff\x85-")), max_size=9).map(bytes)


def test_literals(built: Built) -> None:
    built.check("literals")


@settings(deadline=None)
@given(b=some, i=st.integers(-4, 4), j=st.integers(-4, 6))
def test_items(built: Built, b: bytes, i: int, j: int) -> None:
    built.check("items", b, i, j)
    built.check("within", b, i * 80)
    built.check("checksum", b)
    built.check("shown", b, bytearray(b))


@settings(deadline=None)
@given(a=some, b=some)
def test_comparisons(built: Built, a: bytes, b: bytes) -> None:
    built.check("compare", a, b, bytearray(b))
    built.check("compare", a, a + b, bytearray(a))
    built.check("keys", [a, b, a, b"", b"a"])


@settings(deadline=None)
@given(b=some, part=some)
def test_methods(built: Built, b: bytes, part: bytes) -> None:
    built.check("methods", b, part)
    built.check("methods", b, b[1:2])
    built.check("parts", b, part)
    built.check("parts", b, b[1:2])


@settings(deadline=None)
@given(t=st.text(max_size=6), b=some)
def test_texts(built: Built, t: str, b: bytes) -> None:
    built.check("texts", t, b)
    built.check("decoded", b)
    built.check("decoded", t.encode(errors="replace"))
    built.check("decoded_or", b)
    built.check("from_hex", b.hex())
    built.check("from_hex", t)


@settings(deadline=None)
@given(n=st.integers(-2, 300), ints=st.lists(st.integers(-1, 256), max_size=5))
def test_made(built: Built, n: int, ints: list[int]) -> None:
    built.check("made", n, ints)
    built.check("made", n % 256, [abs(value) % 256 for value in ints])


operations = st.lists(st.tuples(st.integers(0, 16), st.sampled_from([-3, -1, 0, 1, 2, 3, 5, 97, 256])), max_size=10)


@settings(deadline=None)
@given(b=some, operations=operations)
def test_bytearrays_change(built: Built, b: bytes, operations: list[tuple[int, int]]) -> None:
    built.check("changed", bytearray(b), operations)


def test_the_very_object(built: Built) -> None:
    array = bytearray(b"x")
    result, same, other = built.kept(array)
    assert result is array and same and not other and array == b"x\x01"


def test_subclasses_and_other_buffers_are_python(built: Built) -> None:
    class Mine(bytes):
        pass

    built.check("checksum", Mine(b"abc"))
    built.check("checksum", bytearray(b"abc"))


def test_messages_where_python_cannot_answer(built: Built) -> None:
    import numpy as np

    built.check("after_a_write", np.zeros(1), b"ab", 5)
    built.check("array_after_a_write", np.zeros(1), bytearray(b"ab"), 0)


def test_what_has_no_form_is_said(tmp_path: Path) -> None:
    source = """
    from hypersonic import boost

    @boost
    def f(b: bytes):
        return b.translate(None)

    @boost
    def g(b: bytes):
        return ord(b)
    """
    made = build(tmp_path, source)
    assert made.state("f") == made.state("g") == "python"
    assert "`.translate` of `bytes` has no compiled form" in made.log
    assert "`ord` of `bytes` is not compiled" in made.log
