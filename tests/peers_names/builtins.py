"""Builtins, and exceptions."""

from __future__ import annotations

from . import FLOATS, INF, INTS, LISTS, NAN, REALS, SOME, Row, one, two

_EXCEPTIONS = """BaseException Exception ArithmeticError AssertionError AttributeError BlockingIOError BrokenPipeError BufferError
BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError
EnvironmentError FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning
IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError NameError NotADirectoryError
NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError RecursionError ReferenceError
ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError
TimeoutError TypeError UnboundLocalError UnicodeError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError"""
_TEXTS = ["", "a", "abc", "é", "🙂x", "0x1f", " 12 ", "1e5", "nan", "-inf"]

ROWS = [
    Row("abs", "x: float, n: int, z: complex", "abs(x), abs(n), abs(z)", [(x, n, complex(x, 1.0)) for x in SOME for n in INTS[:9]]),
    Row("all", "a: list[int]", "all(a), all(x > 0 for x in a), all([x < 9 for x in a])", one(LISTS)),
    Row("any", "a: list[int]", "any(a), any(x > 4 for x in a)", one(LISTS)),
    Row("bin", "n: int", "bin(n), hex(n), oct(n)", one(INTS)),
    Row("hex", "n: int", "hex(n)", one(INTS)),
    Row("oct", "n: int", "oct(n)", one(INTS)),
    Row(
        "bool",
        "x: float, n: int, s: str, a: list[int]",
        "bool(x), bool(n), bool(s), bool(a), bool(), bool(None)",
        [(x, 1, "", []) for x in SOME] + [(0.0, 0, "a", [0])],
    ),
    Row("chr", "n: int", "chr(n)", one([0, 65, 233, 0x10FFFF, 0xD800, 0x110000, -1])),
    Row("ord", "s: str", "ord(s)", one(_TEXTS)),
    Row("complex", "x: float, y: float", "complex(x, y), complex(x), complex()", two(SOME)),
    Row("dict", "a: list[int]", "dict(), dict(a=1, b=2), dict([(x, x * 2) for x in a]), dict(zip(a, a))", one(LISTS)),
    Row("divmod", "a: int, b: int", "divmod(a, b)", two([0, 7, -7, 2**62, -(2**63)], [0, 1, -1, 2, -2, 3])),
    Row("divmod.float", "a: float, b: float", "divmod(a, b)", two(SOME)),
    Row("enumerate", "a: list[int]", "list(enumerate(a)), [i * x for i, x in enumerate(a, 3)], list(enumerate('ab', start=2))", one(LISTS)),
    Row("filter", "a: list[int]", "list(filter(lambda v: v > 1, a)), list(filter(None, a))", one(LISTS)),
    Row("float", "x: float, n: int, s: str", "float(x), float(n), float(s), float(), float('inf')", [(1.5, 2, s) for s in _TEXTS]),
    Row("int", "x: float, s: str", "int(x), int(), int(True)", [(x, "") for x in REALS]),
    Row("int.text", "s: str", "int(s)", one(_TEXTS)),
    Row("int.base", "s: str", "int(s, 16), int('101', 2)", one(["ff", "-0x1F", "zz", ""])),
    Row("hash", "n: int", "hash(n)", one(INTS)),
    Row("hash.float", "x: float", "hash(x)", one([x for x in REALS if x == x])),
    Row("hash.bool", "n: int", "hash(True), hash(n > 0)", one([0, 1])),
    Row("hash.text", "s: str", "hash(s)", [], stays="of a string it differs from process to process"),
    Row("id", "a: list[int]", "id(a) == id(a)", [], stays="compiled objects have no address"),
    Row("getattr", "z: complex", "getattr(z, 'imag') + getattr(z, 'real')", [(1 + 2j,)]),
    Row("getattr.unknown", "z: complex, name: str", "getattr(z, name)", [], stays="`getattr` needs a literal string"),
    Row("int.bit_length", "n: int", "n.bit_length(), n.bit_count()", one(INTS)),
    Row("float.is_integer", "x: float", "x.is_integer()", one(REALS)),
    Row(
        "isinstance",
        "x: float, n: int, a: list[int]",
        "isinstance(x, float), isinstance(n, (int, str)), isinstance(a, list), isinstance(True, int), isinstance(n, dict)",
        [(1.0, 2, [])],
    ),
    Row("type", "x: float, n: int", "type(x) is float, type(n) == int, type(x) == type(n)", [], stays="ask with `isinstance`"),
    Row(
        "iter", "a: list[int]", "it = iter(a)\nfound = []\nfor x in it:\n    found.append(x)\n    break\nreturn found, list(it)", one(LISTS)
    ),
    Row("next", "a: list[int]", "it = iter(a)\nreturn next(it), next(it)", one(LISTS)),
    Row("next.default", "a: list[int], n: int", "it = iter(a)\nreturn next(it, n), next(it, None), sum(it)", two(LISTS, [5])),
    Row(
        "next.stop",
        "a: list[int]",
        "it = iter(a)\nfound = []\ntry:\n    while True:\n        found.append(next(it))\nexcept StopIteration:\n    return found",
        one(LISTS),
    ),
    Row("next.first", "a: list[int]", "return next((x for x in a if x > 2), -1), next(x for x in a if x > 0)", one(LISTS)),
    Row(
        "next.tuple",
        "n: int",
        "it = iter((n, n + 1))\nr = iter(range(n))\nreturn next(it), next(it), next(r, -1), next(iter('abc'))",
        one([0, 3]),
    ),
    Row("list", "a: list[int], s: str", "list(), list(a), list(s), list(range(3)), list((1, 2))", [(a, "abé") for a in LISTS]),
    Row("map", "a: list[int]", "list(map(lambda v: v * 2, a)), list(map(pow, a, [2, 2])), sum(map(abs, a))", one(LISTS)),
    Row("max", "a: list[int]", "max(a, default=-1), max(3, 1, 2), max(a, key=lambda v: -v, default=0)", one(LISTS)),
    Row("max.raises", "a: list[float]", "max(a), min(a)", one(FLOATS)),
    Row("min", "a: list[int]", "min(a, default=-1), min(3, 1, 2), min(a, key=lambda v: -v, default=0)", one(LISTS)),
    Row("min.text", "a: list[str]", "min(a), max(a, key=len)", one([["b", "a", "cc"], [], ["é"]])),
    Row("open", "s: str", "open(s)", [], stays="read the file in Python"),
    Row("pow", "a: int, b: int", "pow(a, b)", two([0, 1, -1, 2, 3, -2], [0, 1, 2, 5, 62])),
    Row(
        "pow.modulo",
        "a: int, b: int, m: int",
        "pow(a, b, m)",
        [
            (a, b, m)
            for a in (0, 2, 3, -7, 2**40, 2**62)
            for b in (0, 1, 2, 10, 2**40, -1, -3)
            for m in (1, 7, -7, 10, 2**31 - 1, 2**61 - 1, -(2**62), 0)
        ],
    ),
    Row("pow.float", "a: float, b: float", "pow(a, b)", two([0.5, 2.0, 0.0], [0.5, 2.0, -1.0]), ulp=1),
    Row("print", "n: int", "print(n, 'x', sep='')\nreturn n", one([1])),
    Row(
        "range",
        "a: int, b: int, c: int",
        "list(range(a)), list(range(a, b)), list(range(a, b, c)), 3 in range(a, b, c), len(range(a, b, c))",
        [(0, 5, 1), (5, 0, -2), (2, 9, 3), (1, 5, 0), (-3, 3, 1)],
    ),
    Row("reversed", "a: list[int]", "list(reversed(a)), [x for x in reversed('abc')], list(reversed(range(4)))", one(LISTS)),
    Row("round", "x: float", "round(x), round(x, 2)", one([x for x in REALS if abs(x) < 1e18 or x != x])),
    Row(
        "round.digits",
        "x: float, n: int",
        "round(x, n)",
        two([0.5, 1.5, 2.675, -2.5, 123.456, 1e22, 5e-324, INF, NAN], [0, 1, 2, -1, -2, 20, 400, -400]),
    ),
    Row("round.int", "x: int, n: int", "round(x), round(x, n)", two([0, 15, 25, -25, 1234567, 2**62], [0, 1, -1, -2, -30])),
    Row("set", "a: list[int]", "set(), set(a), set(range(3)), set('a')", one(LISTS)),
    Row(
        "slice",
        "a: list[int], n: int",
        "s = slice(1, n)\nreturn a[s], a[slice(n)], a[slice(None, None, 2)], 'abcdef'[s]",
        two(LISTS, [0, 2, -1]),
    ),
    Row("slice.array", "n: int", "a = [0, 1, 2, 3]\na[slice(0, n)] = [9]\nreturn a", one([0, 2])),
    Row("sorted", "a: list[int]", "sorted(a), sorted(a, reverse=True), sorted(a, key=lambda v: -v), sorted('hello')", one(LISTS)),
    Row("str", "x: float, n: int, s: str", "str(x), str(n), str(s), str(), str(True), str(None)", [(x, 3, "é") for x in SOME]),
    Row("repr", "x: float, n: int, s: str", "repr(x), repr(n), repr(s), repr(True)", [(x, 3, "é'") for x in REALS]),
    Row("format", "x: float, n: int", "format(x, '.3f'), format(n, '05d'), format(x)", [(x, 3) for x in REALS]),
    Row(
        "sum",
        "a: list[int], b: list[float]",
        "sum(a), sum(b), sum(a, 10), sum(x * 2 for x in a), sum(b, 1.5)",
        [(a, b) for a in LISTS for b in FLOATS[1:]],
    ),
    Row("tuple", "a: list[int], s: str", "tuple(a), tuple(s), tuple((1, 2)), tuple(x + 1 for x in a), tuple()", [(a, "xy") for a in LISTS]),
    Row(
        "zip",
        "a: list[int], b: list[float]",
        "list(zip(a, b)), [x * y for x, y in zip(a, b)], list(zip(a))",
        [(a, b) for a in LISTS for b in FLOATS[:4]],
    ),
    Row("zip.strict", "a: list[int], b: list[float]", "list(zip(a, b, strict=True))", [], stays="this form of `zip` is not compiled"),
    Row("callable", "x: float", "callable(math.sin), callable(x)", [(1.0,)]),
    Row("len", "a: list[int], s: str", "len(a), len(s), len((1, 2)), len(range(4)), len({1: 2}), len({3})", [(a, "aé🙂") for a in LISTS]),
    *(
        Row(
            name,
            "n: int",
            f"if n > 0:\n    raise {name}('text')\nif n < 0:\n    raise {name}\nreturn n",
            one([0, 1, -1] if issubclass(__import__("builtins").__dict__[name], Exception) else [0]),
        )
        for name in _EXCEPTIONS.split()
    ),
    *(
        Row(
            f"{name}.caught",
            "a: list[int]",
            f"try:\n    if a:\n        raise {name}('x')\nexcept {name}:\n    return 1\nreturn 2",
            one([[], [1]]),
        )
        for name in _EXCEPTIONS.split()
        if name != "BaseException"
    ),
]
