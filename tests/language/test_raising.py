"""What exceptions are made with, exceptions of the package, and `%` formats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Built, build

SOURCE = r"""
from hypersonic import boost
from .errors import Late, Nested, Made, NAMES
from . import errors
import numpy as np

class Bad(ValueError):
    '''Of this module.'''
    code = 3

class Worse(Bad, KeyError):
    pass

@boost
def text(word: str, n: int, x: float, what: int):
    if what == 0:
        raise ValueError(word)
    if what == 1:
        raise KeyError(word)
    if what == 2:
        raise ValueError("of " + word + "!")
    if what == 3:
        raise ValueError(f"{word!r} {word:>8} {n:04d} {x:.2f} {n > 3} {word}")
    if what == 4:
        raise ValueError("%s %5d %-6s| %r %x %g %%" % (word, n, word, word, n, x))
    if what == 5:
        raise ValueError("{} {:>6} {}".format(word, word, n > 2))
    if what == 6:
        message = word.upper() + str(n)
        raise RuntimeError(message)
    if what == 7:
        raise ValueError("yes" if n > 2 else word)
    if what == 8:
        raise ValueError("")
    if what == 9:
        raise ValueError(str(x) + ", ".join([word, word]))
    assert n != n, word
    return 1

@boost
def several(word: str, n: int, x: float, what: int):
    if what == 0:
        raise ValueError("no", n)
    if what == 1:
        raise OSError(n, word)
    if what == 2:
        raise KeyError(n)
    if what == 3:
        raise ValueError(x, n > 2, None, word, "")
    if what == 4:
        raise ValueError(n)
    if what == 5:
        raise ValueError(None)
    if what == 6:
        raise IndexError(f"{n}", word)
    raise StopIteration(x)

@boost
def package(word: str, n: int, what: int):
    if what == 0:
        raise Bad(word)
    if what == 1:
        raise Bad
    if what == 2:
        raise Worse(word, n)
    if what == 3:
        raise Late("late", n)
    if what == 4:
        raise errors.Late()
    if what == 5:
        raise Nested(f"{word} {n}") from None
    return n

@boost
def made(n: int):
    if n > 0:
        raise Made(n, "made")
    return n

@boost
def caught(word: str, n: int, what: int):
    try:
        package(word, n, what)
    except Worse:
        return "worse"
    except Bad:
        return "bad"
    except LookupError:
        return "lookup"
    except Late:
        return "late"
    finally:
        n += 1
    return "none"

@boost
def caught_builtin(word: str, n: int, what: int):
    found = ""
    for k in range(what + 1):
        try:
            package(word, n, k)
        except ValueError:
            found += "v"
        except (ArithmeticError, OSError):
            found += "a"
        except Exception:
            found += "e"
    return found

@boost
def again(word: str, n: int, what: int, a: "float[:]"):
    try:
        a[0] += 1.0
        package(word + "-" + word, n, what)
    except NAMES:
        a[0] += 1.0
        raise
    except Bad as e:
        a[0] += 2.0
        raise e
    return 0

@boost
def written(a: "float[:]", word: str, n: int):
    a[0] = n
    if n > 1:
        raise Bad(word + word, n, n > 2)
    if n > 0:
        raise KeyError(word)
    raise ValueError(f"{word} {a[0]:.3f}")

@boost
def percent(n: int, x: float, word: str, t: tuple[int, str]):
    return ("%x %X %o %#x" % (n, n, n, n), "%5.2f|%-8.3e|%+g|% f" % (x, x, x, x), "%s %r" % (word, word), "%d items" % n, "%s" % x, "%5s|%-5s|%.2s" % (word, word, word),
            "%05d|%-5d|%+d|% d|%i|%u" % (n, n, n, n, n, n), "%s:%s" % t, "%r" % x, "%s %s" % (n > 0, None), "100%%" % (), "%08.2f" % x, "%5s" % n, "%s" % (word,), "%r" % n)

@boost
def known_later(fmt: str, n: int, word: str):
    return fmt % (n, word)
"""

ERRORS = """
class Base(Exception):
    pass

class Late(Base, OSError):
    def where(self):
        return self.args

class Nested(ArithmeticError):
    pass

class Made(ValueError):
    def __init__(self, n, text):
        super().__init__(f"{text}: {n}")
        self.n = n

NAMES = (Late, Nested)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("raising"), SOURCE, files={"errors.py": ERRORS})


def same(built: Built, name: str, *args: Any) -> None:
    """The same exception with the same arguments."""
    built.check(name, *args)
    function = getattr(built.module, name)
    outcomes = []
    for each in (function, function.__wrapped__):
        try:
            each(*args)
        except Exception as error:
            outcomes.append((type(error), error.args, getattr(error, "__dict__", None)))
    assert outcomes[:1] == outcomes[1:]


words = st.text(max_size=5)


@settings(deadline=None)
@given(word=words, n=st.integers(-5, 300), x=st.floats(allow_nan=False))
def test_texts_and_arguments(built: Built, word: str, n: int, x: float) -> None:
    for what in range(11):
        same(built, "text", word, n, x, what)
    for what in range(8):
        same(built, "several", word, n, x, what)


@settings(deadline=None)
@given(word=words, n=st.integers(-1, 3))
def test_exceptions_of_the_package(built: Built, word: str, n: int) -> None:
    import numpy as np

    for what in range(7):
        same(built, "package", word, n, what)
        built.check("caught", word, n, what)
        built.check("caught_builtin", word, n, what)
        same(built, "again", word, n, what, np.zeros(1))
    same(built, "made", n)
    same(built, "written", np.zeros(1), word, n)


@settings(deadline=None)
@given(n=st.integers(-(2**40), 2**40), x=st.floats(), word=words)
def test_percent(built: Built, n: int, x: float, word: str) -> None:
    built.check("percent", n, x, word, (n, word))
    built.check("known_later", "%d-%s", n, word)
    built.check("known_later", "%d", n, word)


def test_the_class_is_that_of_the_module(built: Built) -> None:
    with pytest.raises(built.module.Worse) as raised:
        built.package("x", 1, 2)
    assert raised.value.args == ("x", 1) and raised.value.code == 3
    assert built.caught_builtin("x", 1, 6) == "vvvaaa"


def test_what_cannot_be_raised_is_said(tmp_path: Path) -> None:
    source = """
    from hypersonic import boost

    class NoError:
        pass

    @boost
    def f(a: list[int]):
        raise ValueError(a)

    @boost
    def g(n: int):
        raise NoError("x")

    @boost
    def h(n: int, a: "float[:]"):
        a[0] = 1.0
        raise ValueError(*[n, n])
    """
    made = build(tmp_path, source)
    assert made.state("f") == made.state("g") == made.state("h") == "python"
    assert "an exception is made with strings" in made.log
    assert "`NoError` is not one of them" in made.log
    assert "`*` in an exception" in made.log
