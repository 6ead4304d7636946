"""`try`, `except`, `else`, `finally`, and what is raised again."""

from __future__ import annotations

import gc
import resource
from typing import Any

import hypersonic
import numpy as np
import oracle
import pytest

SOURCE = """
import math
import numpy as np
from hypersonic import boost

class Own(ValueError):
    pass

ERRORS = (IndexError, ZeroDivisionError)

@boost
def item(a: "float[:]", i: int):
    try:
        return float(a[i])
    except IndexError:
        return -1.0

@boost
def by_class(a: "float[:]", i: int, d: int):
    try:
        x = a[i] / d
        y = math.sqrt(x)
    except ZeroDivisionError:
        return 1.0
    except (IndexError, KeyError):
        return 2.0
    except ArithmeticError:
        return 3.0
    else:
        return float(x + y)
    finally:
        a[0] += 100.0

@boost
def bare(a: "float[:]", i: int):
    k = 0
    try:
        k = 1
        a[0] = 7.0
        k = 2
        a[i] = 8.0
        k = 3
    except:
        k += 10
    return k

@boost
def constant_tuple(a: "float[:]", i: int, d: int):
    try:
        return float(a[i] // d)
    except ERRORS as e:
        return 0.5

@boost
def partial(a: "float[:]", b: "int[:]"):
    n = 0
    try:
        for i in range(len(b)):
            a[b[i]] += 1.0
            n += 1
    except IndexError:
        a[0] = -1.0
    return n

@boost
def in_a_loop(a: "float[:]", b: "int[:]"):
    missed = 0
    total = 0.0
    for k in b:
        try:
            total += a[k]
        except IndexError:
            missed += 1
            continue
        if missed > 3:
            break
    else:
        total = -total
    return missed, float(total)

@boost
def nested(a: "float[:]", i: int, d: float):
    log = 0
    try:
        try:
            x = float(a[i]) // d
        except ZeroDivisionError:
            log = log * 10 + 1
            x = float(a[i + 1])
        else:
            log = log * 10 + 2
            x += float(a[i + 2])
        finally:
            log = log * 10 + 3
    except IndexError:
        log = log * 10 + 4
        x = -1.0
    else:
        log = log * 10 + 5
    finally:
        log = log * 10 + 6
    return log, x

@boost
def raises(k: int):
    if k == 1: raise ValueError("one")
    if k == 2: raise KeyError("two")
    if k == 3: raise RuntimeError(f"number {k:04d}")
    if k == 4: raise NotImplementedError
    if k == 5: raise SystemError
    if k == 6: raise KeyboardInterrupt
    return k

@boost
def catches(k: int):
    try:
        return raises(k)
    except ValueError:
        return -1
    except LookupError:
        return -2
    except RuntimeError:
        return -3

@boost
def own(k: int):
    try:
        return raises(k)
    except Own:
        return -1
    except Exception:
        return -2

@boost
def again(a: "float[:]", k: int):
    try:
        a[0] = 1.0
        return raises(k)
    except (ValueError, RuntimeError):
        a[0] = 2.0
        raise
    finally:
        a[1] = 3.0

@boost
def again_by_name(a: "float[:]", k: int):
    a[0] += 1.0
    try:
        return raises(k)
    except Exception as e:
        a[0] += 1.0
        try:
            return raises(k - 1)
        except RuntimeError:
            a[1] += 1.0
            raise e
        except KeyError as f:
            raise e from f
        except ValueError:
            raise

@boost
def index_again(a: "float[:]", i: int):
    try:
        return float(a[i])
    except IndexError:
        a[0] += 1.0
        raise

@boost
def caused(k: int):
    try:
        return raises(k)
    except ValueError as e:
        raise RuntimeError(f"while {k}") from e
    except KeyError:
        raise TypeError("no context") from None
    except RuntimeError as e:
        raise OverflowError("other") from ValueError("cause")

@boost
def text_of(k: int):
    try:
        return raises(k)
    except ValueError as e:
        raise RuntimeError("because of " + str(e))
    except RuntimeError as e:
        message = str(e)
        raise KeyError(message)

@boost
def raise_in_handler(a: "float[:]", i: int):
    try:
        try:
            return float(a[i])
        except IndexError:
            raise ZeroDivisionError("mine")
    except ZeroDivisionError:
        return float(a[0]) / 0.0 if i > 100 else 3.25

@boost
def else_is_not_protected(a: "float[:]", i: int):
    try:
        try:
            x = float(a[0])
        except IndexError:
            return -1.0
        else:
            x = float(a[i])
    except IndexError:
        return -2.0
    return x

@boost
def unbound(a: "float[:]", i: int):
    try:
        x = a[i]
        y = a[i + 1]
    except IndexError:
        pass
    return x + y

@boost
def type_grows(a: "float[:]", i: int):
    x = 1
    try:
        x = 2
        x = x + a[i]
        x = 3
        a[i + 1] = 0.0
        x = 4.5
    except IndexError:
        x = x * 2
    return float(x)

@boost
def loop_type_grows(a: "float[:]", b: "int[:]"):
    s = 0
    try:
        for k in b:
            s += a[k]
    except IndexError:
        pass
    return float(s)

@boost
def arrays(a: "float[:]", i: int):
    b = a * 2.0
    try:
        b = a + 1.0
        c = b[1:] * a[:-1]
        b = c + a[i:i + len(c)]
        d = np.empty(i)
    except ValueError:
        return b + 0.5
    return b * 3.0

@boost
def views(a: "float[:, :]", i: int):
    v = a[0]
    try:
        v = a[i]
        v[:] = 1.0
        v = a[i + 1]
        v[:] = 2.0
    except IndexError:
        v[:] = 3.0
    return v

@boost
def shapes(a: "float[:]", b: "float[:]"):
    try:
        return a + b
    except ValueError:
        return a * 2.0

@boost
def half_done(a: "float[:]", b: "float[:]"):
    try:
        a[:] = 1.0
        a[1:] = b
        a[0] = 5.0
    except ValueError:
        return False
    return True

@boost
def many(n: int, size: int):
    caught = 0
    for k in range(n):
        try:
            caught += failing(k, size)
        except ValueError:
            t = np.ones(size)
            caught += int(t[0])
    return caught

def failing(k: int, size: int):
    a = np.zeros(size)
    b = a + k
    if k % 3:
        raise ValueError("no")
    return int(b[0])

@boost
def many_here(n: int, size: int):
    caught = 0
    for k in range(n):
        try:
            a = np.zeros(size)
            b = (a + k)[::-1] * 2.0
            c = np.cumsum(b)
            if k % 2:
                d = np.sort(c) if False else c[k % 7:]
                x = d[size]
            caught += int(b[0])
        except IndexError:
            caught -= 1
    return caught

@boost
def overflow(a: int):
    try:
        return a * a * a
    except OverflowError:
        return -1

@boost
def overflow_after_write(x: "int[:]", i: int):
    try:
        x[0] = 5
        return int(x[i])
    except IndexError:
        return 2**62 * len(x)

@boost
def converted(x: float):
    try:
        return int(x)
    except OverflowError:
        return -1
    except ValueError:
        return -2

@boost
def asserts(x: float):
    try:
        assert x > 0, f"{x:.1f} is not positive"
        return math.sqrt(x)
    except AssertionError:
        return -1.0

@boost
def printed(a: "float[:]", i: int):
    try:
        return float(a[i])
    except IndexError as e:
        print("caught", e, end="")
        return 0.0

@boost
def recursion(n: int):
    try:
        if n == 0:
            raise ValueError("bottom")
        return recursion(n - 1)
    except ValueError:
        if n == 3:
            return 33
        raise

@boost
def name_is_gone(a: "float[:]", i: int):
    e = 4.0
    try:
        x = float(a[i])
    except IndexError as e:
        x = 1.0
    else:
        x = 2.0
    if i < len(a):
        return x + e
    return x

@boost
def del_in_try(a: "float[:]", i: int):
    x = 1.0
    try:
        del x
        x = float(a[i])
    except IndexError:
        pass
    return x

@boost
def while_condition(a: "float[:]"):
    i = 0
    try:
        while a[i] >= 0.0:
            i += 1
    except IndexError:
        return -i
    return i

@boost
def comprehension(a: "float[:]", n: int):
    try:
        return float(sum(a[i] for i in range(n)))
    except IndexError:
        return -1.0

@boost
def walrus(a: "float[:]", i: int):
    x = 0.0
    y = 0
    try:
        z = (x := float(a[0])) + (y := i) + float(a[i])
    except IndexError:
        z = 100.0
    return x, y, z
"""

A = np.array([4.0, 0.0, -2.0, 8.0])


@pytest.fixture(scope="module")
def built(build: Any) -> oracle.Built:
    return build(SOURCE)  # type: ignore[no-any-return]


def native(built: oracle.Built, name: str, *args: Any) -> Any:
    """As `check`, and Python has not answered."""
    function = getattr(built.module, name)
    before = hypersonic.info(function).fallbacks
    value = built.check(name, *args)
    assert hypersonic.info(function).fallbacks == before, (name, args, hypersonic.info(function).last_fallback)
    return value


@pytest.mark.parametrize("i", [0, 3, 4, -4, -5, 100])
def test_an_exception_is_caught(built: oracle.Built, i: int) -> None:
    for name in ("item", "bare", "else_is_not_protected", "type_grows", "walrus"):
        native(built, name, A, i)
    built.check("raise_in_handler", A, i)
    built.check("printed", A, i)
    built.check("name_is_gone", A, i)
    built.check("del_in_try", A, i)
    built.check("unbound", A, i)
    built.check("index_again", A, i)


@pytest.mark.parametrize("i", [0, 1, 2, 3, 4, 5, -1, -9])
@pytest.mark.parametrize("d", [0, 1, 3])
def test_by_class(built: oracle.Built, i: int, d: int) -> None:
    built.check("by_class", A, i, d)
    native(built, "constant_tuple", A, i, d)
    native(built, "nested", A, i, float(d))


def test_what_was_done_before_stays_done(built: oracle.Built) -> None:
    for indices in ([0, 1, 2], [0, 1, 9, 2], [9], [], [3, 3, -4, -5]):
        native(built, "partial", A, np.array(indices, int))
        native(built, "in_a_loop", A, np.array(indices * 3, int))
        native(built, "loop_type_grows", A, np.array(indices, int))
    for b in (np.ones(3), np.ones(1), np.ones(2), np.ones(5)):
        native(built, "half_done", A, b)
        native(built, "shapes", A, b)
    native(built, "while_condition", A)
    native(built, "while_condition", np.ones(5))
    native(built, "while_condition", np.ones(0))
    native(built, "comprehension", A, 4)
    native(built, "comprehension", A, 5)


@pytest.mark.parametrize("k", range(7))
def test_exceptions_of_functions(built: oracle.Built, k: int) -> None:
    if k < 5:
        native(built, "catches", k)
    built.check("own", k) if k < 6 else None
    if k < 6:
        built.check("again", A, k)
        built.check("again_by_name", A, k)
        built.check("caused", k)
        built.check("text_of", k)
    with pytest.raises(KeyboardInterrupt) if k == 6 else oracle.np.errstate():
        built.module.own(k)


def test_a_cause_is_known(built: oracle.Built) -> None:
    with pytest.raises(RuntimeError) as caught:
        built.module.caused(1)
    assert isinstance(caught.value.__cause__, ValueError)
    with pytest.raises(TypeError) as without:
        built.module.caused(2)
    assert without.value.__cause__ is None


def test_arrays(built: oracle.Built) -> None:
    for i in (-3, -1, 0, 1, 2, 5):
        built.check("arrays", A, i)
        built.check("views", np.arange(6.0).reshape(3, 2), i)


def test_what_only_python_knows(built: oracle.Built) -> None:
    for n in (2, 2**40, -(2**62)):
        built.check("overflow", n)
    for x in (1.5, 1e300, float("inf"), float("nan"), -2.9):
        built.check("converted", x)
        built.check("asserts", x)
    for n in range(6):
        built.check("recursion", n)
    built.check("overflow_after_write", np.zeros(1, int), 0)
    built.check("overflow_after_write", np.zeros(1, int), 1)


def test_nothing_is_held(built: oracle.Built) -> None:
    built.check("many", 100, 3)
    built.check("many_here", 100, 9)
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    built.module.many(2000, 100_000)
    built.module.many_here(2000, 100_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
