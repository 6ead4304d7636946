"""Functions as arguments from Python: boosted functions, lambdas, builtins, anything that can be called."""

import functools
import math

import hypersonic
import numpy as np
import pytest
from oracle import answered_by_kernel, compare

SOURCE = """
import math
from collections.abc import Callable
from typing import Optional
import numpy as np
from hypersonic import boost

# pythran export applied(float(float, float), float[:])
def applied(f, a):
    return f(a[0], a[1])

@boost
def integrate(f: Callable[[float], float], a: float, b: float, n: int):
    h = (b - a) / n
    total = 0.0
    for i in range(n):
        total += f(a + (i + 0.5) * h)
    return total * h

@boost
def counted(f: "int(int)", n: int):
    total = 0
    for i in range(n):
        total += f(i)
    return total

@boost
def passed_on(f: Callable[[float], float], x: float):
    return integrate(f, 0.0, x, 10) + f(x)

@boost
def chosen(f: Callable[[float], float], g: Callable[[float], float], k: int):
    h = f if k > 0 else g
    return h(float(k))

@boost
def told(f: Callable[[int, float], None], n: int):
    for i in range(n):
        f(i, i / 2)
    return n

@boost
def maybe(f: Optional[Callable[[float], float]], x: float):
    if f is None:
        return x
    return f(x)

@boost
def truth(f: Callable[[int], bool], n: int):
    return [i for i in range(n) if f(i)]

@boost
def turned(f: Callable[[complex], complex], z: complex):
    return f(z) * 1j

@boost
def none_given(f: "float(None)"):
    return f(None)

@boost
def numpy_scalars(f: "float32(float32)", a: "float32[:]"):
    for i in range(a.shape[0]):
        a[i] = f(a[i])
    return a

@boost
def shared(f: Callable[[float], float], a: "float[:]"):
    before = a[0]
    b = a * 2
    x = f(a[1])
    return before, x, a[0], b, a + 1

@boost
def mapped(f: Callable[[float], float], xs: list[float]):
    for i in range(len(xs)):
        xs[i] = f(xs[i])
    return sum(xs)

@boost
def defaulted(x: float, f: Callable[[float], float] = math.sqrt, *, g: Callable[[float], float] = abs):
    return f(x) + g(x)

@boost
def printing(f: Callable[[int], int], n: int):
    print("begin")
    for i in range(n):
        print(i, f(i))
    return n

@boost
def square(x: float):
    return x * x

@boost
def failing(x: float):
    if x > 0.5:
        raise ValueError("too large")
    return x

class Scaled:
    k: float

    def __init__(self, k):
        self.k = k

    @boost
    def total(self, f: Callable[[float], float], n: int):
        total = 0.0
        for i in range(n):
            total += self.k * f(float(i))
        return total
"""


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE)


class Shift:
    def __init__(self, by):
        self.by = by

    def __call__(self, x):
        return x + self.by

    def move(self, x):
        return x - self.by


FUNCTIONS = [lambda x: x * x, math.sin, Shift(1.5), Shift(0.5).move, functools.partial(pow, 2.0), float, abs, lambda x: 2 * x + 1]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_anything_that_can_be_called(built, function):
    answered_by_kernel(built, "integrate", function, 0.0, 1.0, 20)
    answered_by_kernel(built, "passed_on", function, 2.0)
    answered_by_kernel(built, "chosen", function, math.exp, 2)
    answered_by_kernel(built, "chosen", function, math.exp, -2)


def test_boosted_functions(built):
    answered_by_kernel(built, "integrate", built.module.square, 0.0, 1.0, 20)
    answered_by_kernel(built, "integrate", built.module.square.__wrapped__, 0.0, 1.0, 20)
    answered_by_kernel(built, "integrate", built.module.failing, 0.0, 1.0, 20)


def test_an_int_does_for_a_float(built):
    assert built.module.chosen(lambda x: 2, math.exp, 1) == 2.0
    answered_by_kernel(built, "integrate", lambda x: 1, 0.0, 1.0, 20)


def test_several_arguments_and_results(built):
    answered_by_kernel(built, "applied", lambda x, y: x - y, np.arange(3.0))
    answered_by_kernel(built, "counted", lambda i: i % 7, 30)
    answered_by_kernel(built, "maybe", None, 2.0)
    answered_by_kernel(built, "maybe", math.cosh, 2.0)
    answered_by_kernel(built, "truth", lambda i: i % 3 == 0, 10)
    answered_by_kernel(built, "turned", lambda z: z * z, 1 + 2j)
    answered_by_kernel(built, "turned", abs, 1 + 2j)
    answered_by_kernel(built, "none_given", lambda nothing: 1.5 if nothing is None else 2.5)
    answered_by_kernel(built, "numpy_scalars", lambda x: x * np.float32(2), np.arange(4, dtype="f4"))


def test_what_is_given_is_of_its_type(built):
    seen = []
    built.module.told(lambda *args: seen.append(args), 3)
    assert seen == [(0, 0.0), (1, 0.5), (2, 1.0)]
    assert [type(item) for args in seen for item in args] == [int, float] * 3
    built.module.integrate(lambda x: seen.append(type(x)) or 0.0, 0.0, 1.0, 1)
    assert seen[-1] is float


def test_calls_happen_once_each_and_in_order(built):
    calls = []

    def noted(i):
        calls.append(i)
        return i

    assert built.module.counted(noted, 5) == 10
    assert calls == [0, 1, 2, 3, 4]


def raising(at, error):
    def function(x):
        if x >= at:
            raise error
        return x

    return function


def test_exceptions_are_the_very_objects(built):
    for at in (0, 3):
        error = KeyError("mine")
        with pytest.raises(KeyError) as caught:
            built.module.counted(raising(at, error), 5)
        assert caught.value is error
        with pytest.raises(KeyError) as caught:
            built.module.passed_on(raising(at / 10, error), 5.0)
        assert caught.value is error
    with pytest.raises(KeyboardInterrupt):
        built.module.counted(raising(2, KeyboardInterrupt()), 5)
    answered_by_kernel(built, "integrate", lambda x: 1 / (x - x), 0.0, 1.0, 3)


def test_what_was_written_before_an_exception_stays(built):
    def function(x):
        if x > 1.5:
            raise ValueError("stop")
        return np.float32(x + 10)

    answered_by_kernel(built, "numpy_scalars", function, np.arange(4, dtype="f4"))


@pytest.mark.parametrize("answer", ["text", None, 1.5, 2**70, np.float64(2.5), True, np.int64(3)])
def test_other_types_are_left_to_python(built, answer):
    calls = []

    def function(i):
        calls.append(i)
        return answer

    function_of = built.module.counted
    before = hypersonic.info(function_of).fallbacks
    compare(function_of, function_of.__wrapped__, function, 3, name="counted")
    assert hypersonic.info(function_of).fallbacks == before + 1
    assert "something else" in hypersonic.info(function_of).last_fallback
    # Nobody was called twice for the same thing.
    count = len(calls)
    assert calls[: count // 2] == calls[count // 2 :]


def test_other_types_behind_the_first_call_raise(built):
    with pytest.raises(TypeError, match="gave 'text' where its type says int"):
        built.module.counted(lambda i: "text" if i == 2 else i, 5)
    a = np.arange(3, dtype="f4")
    with pytest.raises(TypeError, match="where its type says float32"):
        built.module.numpy_scalars(lambda x: float(x) + 1, a)


def test_arrays_are_shared(built):
    def changing(a):
        def function(x):
            a[0] += 100
            return x

        return function

    function = built.module.shared
    results = []
    for each in (function, function.__wrapped__):
        a = np.arange(4.0)
        results.append((each(changing(a), a), a))
    (one, a), (other, b) = results
    assert one[:3] == other[:3]
    assert all(np.array_equal(x, y) for x, y in zip(one[3:], other[3:], strict=True))
    assert np.array_equal(a, b)
    answered_by_kernel(built, "shared", math.sin, np.arange(4.0))


def test_lists_are_for_functions_that_cannot_see_them(built):
    answered_by_kernel(built, "mapped", lambda x: x * 2, [1.0, 2.0])
    answered_by_kernel(built, "mapped", math.exp, [1.0, 2.0])
    answered_by_kernel(built, "mapped", built.module.square, [1.0, 2.0])
    k = 3.0
    answered_by_kernel(built, "mapped", lambda x: math.sin(x) * k, [1.0, 2.0])
    function = built.module.mapped
    for each in (function, function.__wrapped__):
        xs = [1.0, 2.0, 3.0]
        before = hypersonic.info(function).fallbacks
        assert each(lambda x, xs=xs: x + len(xs) + xs[0], xs) == 1 + 3 + 1 + 2 + 3 + 5 + 3 + 3 + 5
        assert xs == [5.0, 10.0, 11.0]
    assert hypersonic.info(function).fallbacks == before


def test_defaults_and_keywords(built):
    answered_by_kernel(built, "defaulted", 4.0)
    answered_by_kernel(built, "defaulted", 4.0, lambda x: x)
    assert built.module.defaulted(4.0, g=lambda x: -x) == built.module.defaulted.__wrapped__(4.0, g=lambda x: -x)


def test_what_is_printed_comes_in_order(built, capsys):
    function = built.module.printing
    texts = []
    for each in (function, function.__wrapped__):
        each(lambda i: print("f", i) or i * i, 3)
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]


def test_methods(built):
    scaled = built.module.Scaled(2.0)
    plain = type(scaled).total
    assert scaled.total(math.sin, 5) == plain.__wrapped__(scaled, math.sin, 5)
    before = hypersonic.info(plain).fallbacks

    def changing(x):
        scaled.k += 1
        return x

    assert scaled.total(changing, 3) == 0 * 2 + 1 * 3 + 2 * 4
    assert scaled.k == 5.0
    assert hypersonic.info(plain).fallbacks == before + 1


def test_what_is_no_function_is_python_s(built):
    built.check("integrate", 3, 0.0, 1.0, 5)
    built.check("integrate", lambda: 1.0, 0.0, 1.0, 5)


REFUSED = [
    ("f: Callable, x: float", "return f(x)", "`Callable` does not say what it takes and gives"),
    ("f: Callable[..., float], x: float", "return f(x)", "the arguments of a function are not known"),
    ("f: Callable[[list[int]], float], x: float", "return f([1])", "anything but numbers, arrays and `None`"),
    ("f: Callable[[float], float], x: float", "return f", "gives a function"),
    ("f: Callable[[float], float], x: float", "return f(x, x)", "is called with 2 arguments"),
    ("f: Callable[[int], float], x: float", "return f(x)", "is given `float`"),
    ("f: Callable[[float], float], x: float", "return f(x=x)", "keyword arguments of a function from Python"),
    ("f: Callable[[float], float], x: float", "fs = [f, f]\n    return fs[0](x)", "is not compiled"),
    ("f: Callable[[float], float], x: float", "return 1.0 if f else x", "used as a value"),
    ("f: Callable[[float], float], x: float", "try:\n        return f(x)\n    except ValueError:\n        return x", "within `try`"),
    ("f: list[Callable[[float], float]], x: float", "return x", "functions from Python in a"),
]


@pytest.mark.parametrize(("parameters", "body", "reason"), REFUSED)
def test_what_is_refused_says_why(build, parameters, body, reason):
    built = build(f"from typing import Callable\nfrom hypersonic import boost\n@boost\ndef refused({parameters}):\n    {body}\n")
    assert built.state("refused") == "python"
    assert "`refused` stays pure Python" in built.log or "warning[" in built.log
    assert reason in built.log


DIRECT = """
from collections.abc import Callable
import numpy as np
from hypersonic import boost

@boost
def real(f: Callable[[float], float], n: int):
    return [f(i / 4) for i in range(n)]

@boost
def whole(f: Callable[[int], int], n: int):
    return [f(i) for i in range(n)]

@boost
def both(f: Callable[[int], float], n: int):
    return [f(i) for i in range(n)]

@boost
def narrow(f: "float32(float32)", a: "float32[:]"):
    return f(a[0]) + f(a[1])

@boost
def complexes(f: Callable[[complex], complex], z: complex):
    return f(z), f(z * 2)

@boost
def square(x: float): return x * x

@boost
def either(x: "int or float"): return x + 1

@boost
def large(x: int): return x * 2**61

@boost
def small(x: "float32"): return x * x

@boost
def turn(z: complex): return z * 1j

@boost
def checked(x: float):
    if x > 0.6:
        raise ValueError("too large", x)
    return x

@boost
def inverse(x: int): return 1 // (2 - x)

@boost
def talking(x: int):
    print("got", x)
    return x

@boost
def two(x: int):
    return x, x

@boost
def temporary(x: float):
    a = np.arange(3.0) * x
    return float(a.sum())
"""


@pytest.fixture(scope="module")
def direct(build):
    return build(DIRECT)


@pytest.mark.parametrize(
    ("name", "function", "args"),
    [
        ("real", "square", (5,)),
        ("real", "temporary", (5,)),
        ("real", "either", (3,)),
        ("real", "checked", (2,)),
        ("real", "checked", (5,)),
        ("whole", "either", (5,)),
        ("whole", "large", (3,)),
        ("whole", "inverse", (2,)),
        ("whole", "inverse", (4,)),
        ("whole", "talking", (3,)),
        ("both", "square", (5,)),
        ("narrow", "small", (np.arange(2, dtype="f4") + 1.5,)),
        ("complexes", "turn", (1 + 2j,)),
    ],
)
def test_kernels_are_called_by_kernels(direct, capsys, name, function, args):
    inner = getattr(direct.module, function)
    before = hypersonic.info(inner).fallbacks
    answered_by_kernel(direct, name, inner, *args)
    # Python answers the division by zero, here and where Python calls it.
    assert hypersonic.info(inner).fallbacks - before == (2 if function == "inverse" and args[0] > 2 else 0)
    printed = capsys.readouterr().out
    assert printed[: len(printed) // 2] == printed[len(printed) // 2 :]


def test_a_boosted_function_that_gives_something_else_is_python_s(direct):
    direct.check("whole", direct.module.two, 2)
    with pytest.raises(TypeError, match="9223372036854775808 where its type says int"):
        direct.module.whole(direct.module.large, 5)
