"""Operations on strings, against Python's own."""

import random
import struct

import numpy as np
import pytest
from object_programs import METHODS, OK, PYTHON, RAISES, A, B, R, attempt, op, program, slice_of, text, value, word

SOME = ["", "a", "abc", "Grün", "\U0001f600 ok", "aXbXc", "ab" * 40, "\ud800", "  a b ", "ß"]


@pytest.mark.parametrize("seed", range(40))
def test_strings_do_what_pythons_do(objects, seed):
    r = random.Random(seed)
    a, b = r.choice(SOME), r.choice(SOME)
    index, count = r.randrange(-4, 4), r.randrange(-1, 4)
    words, part = slice_of(r)
    assert objects.text(op("Concatenate", A, B, results=1, to=0), a, b)[1] == a + b
    assert objects.text(op("Repeat", A, count, results=1, to=0), a, b)[1] == a * count
    status, expected = attempt(lambda: a[part])
    log, got, _ = objects.text(op("Substring", A, *words, results=1, to=0), a, b)
    assert log[0] == status and (status != OK or got == expected)
    status, expected = attempt(lambda: a[index])
    log, got, _ = objects.text(op("Character", A, index, results=1, to=0), a, b)
    assert log[0] == status and (status != OK or got == expected)
    assert objects.text(op("Equal", A, B, results=1), a, b)[0] == [OK, a == b]
    assert objects.text(op("Compare", A, B, results=1), a, b)[0] == [OK, (a > b) - (a < b)]
    assert objects.text(op("HasPart", A, B, results=1), a, b)[0] == [OK, b in a]
    assert objects.text_strings(op("ToList", A, 5, results=1, to=1), a, [])[2] == list(a)
    data = a.encode("utf-8", "surrogatepass")
    row = [int.from_bytes(data[n : n + 8], "little", signed=len(data[n : n + 8]) == 8) for n in range(0, len(data), 8)]
    assert objects.text(op("Text", len(data), *row, results=1, to=1), "", "")[2] == a


def test_characters_and_numbers(objects):
    assert objects.text(op("Ord", A, results=1), "é", "")[0] == [OK, 233]
    assert objects.text(op("Ord", A, results=1), "éa", "")[0][0] == RAISES
    assert objects.text(op("Chr", 0x1F600, results=1, to=0), "", "")[1] == "\U0001f600"
    assert objects.text(op("Chr", 0x110000, results=1, to=2), "", "")[0][0] == RAISES
    assert objects.text(op("Chr", -1, results=1, to=2), "", "")[0][0] == RAISES


RESULTS = {str: 0, int: 1, bool: 2, list: 3, tuple: 4}
RECEIVERS = [
    "",
    "a",
    " a b\t c\n",
    "Abc dEf",
    "12",
    "-7",
    "+",
    "a,b,,c",
    "aXbXc",
    "xxabxx",
    "l1\nl2\r\nl3\r",
    "\x1c a\x85",
    "Grüße ß",
    "ǆ",
    "\U0001f600 ok",
    "٣",
    "\ud800x",
    "%s=%d",
    "abab" * 9,
    "\u2028x",
    "x y",
]
ARGUMENTS = {
    "join": [[["a"]], [[]], [["a", "bé", ""]]],
    **dict.fromkeys(
        ["find", "rfind", "index", "rindex", "count", "startswith", "endswith", "__contains__", "partition", "rpartition"],
        [["a"], ["ab"], [""], ["X"], ["ß"], ["nowhere"]],
    ),
    **dict.fromkeys(["removeprefix", "removesuffix"], [["a"], ["x"], [""], ["xx"]]),
    **dict.fromkeys(["split", "rsplit"], [[], [None], [","], ["X"], ["ab"], [""], [",", 1], [None, 1]]),
    **dict.fromkeys(["strip", "lstrip", "rstrip"], [[], [None], ["x"], ["ab"], [""], ["ß "]]),
    "replace": [["a", "bb"], ["", "-"], ["ab", ""], ["ß", "ss"], ["x", "y", 1]],
    **dict.fromkeys(["ljust", "rjust", "center", "zfill"], [[0], [5], [12]]),
    "expandtabs": [[], [4]],
    "splitlines": [[], [True]],
    "__mod__": [["x", 3], [1.5]],
}


def run_method(objects, name, receiver, arguments, expected):
    words, steps = [], []
    for n, item in enumerate([receiver, *arguments]):
        more, first = value(item, 2 + 3 * n)
        words += more
        steps += first
    count = 3 if expected == 4 else 1
    made = {0: 0, 3: 1}.get(expected, 20)
    steps += op("Method", METHODS[name], expected, len(arguments) + 1, *words, results=count, to=made)
    log, a, b = objects.text_strings(steps, "", [])
    return log[-count - 1], log[-count:], a, b


# What takes or gives bytes is tested with them, in tests/language/test_bytes.py.
OF_BYTES = {"encode", "decode", "hex", "fromhex"}


@pytest.mark.parametrize("name", [name for name in METHODS if name not in OF_BYTES])
def test_methods_of_strings(objects, name):
    for receiver in RECEIVERS:
        for arguments in ARGUMENTS.get(name, [[]]):
            try:
                status, expected = OK, getattr(receiver, name)(*([tuple(arguments)] if name == "__mod__" else arguments))
            except ValueError:
                status, expected = RAISES, None
            except TypeError:
                status, expected = PYTHON, None
            kind = RESULTS.get(type(expected), 0)
            got, words, a, b = run_method(objects, name, receiver, arguments, kind)
            assert got == status, (receiver, arguments)
            if status == OK:
                given = {0: a, 1: words[0], 2: words[0], 3: b}.get(kind)
                assert kind == 4 or given == expected, (receiver, arguments)


def test_methods_that_give_three_strings(objects):
    for name, parts in (("partition", ("k", "=", "v=w")), ("rpartition", ("k=v", "=", "w"))):
        steps = text("k=v=w", 2) + text("=", 3) + op("Method", METHODS[name], 4, 2, 5, R(2), 5, R(3), results=3, to=4)
        for n, part in enumerate(parts):
            log, a, _ = objects.text(steps + op("Copy", R(4 + n), results=1, to=0), "", "")
            assert a == part


NUMBERS = [
    0,
    -1,
    2**63 - 1,
    -(2**63),
    True,
    False,
    None,
    0.1,
    1e16,
    -0.0,
    1e-5,
    float("nan"),
    float("-inf"),
    1 + 2j,
    "a'é",
    np.float32(0.1),
    np.float64(2),
    np.int8(-3),
    np.bool_(True),
    np.complex64(1 - 2j),
    np.uint64(2**64 - 1),
]


def run_format(objects, what, spec, item):
    words, steps = value(item, 2)
    if spec:
        steps = steps + text(spec, 8)
    log, a, _ = objects.text(steps + op("Format", what, R(8) if spec else 0, *words, results=1, to=0), "", "")
    return log[-2], a


@pytest.mark.parametrize("item", NUMBERS, ids=repr)
def test_formats(objects, item):
    for what, function in enumerate([format, str, repr, ascii]):
        assert run_format(objects, what, "", item) == (OK, function(item))
    for spec in (">8", ".3f", "05d", "x", ",", "nonsense"):
        try:
            expected = OK, format(item, spec)
        except ValueError:
            expected = RAISES, ""
        except TypeError:
            expected = PYTHON, ""
        assert run_format(objects, 0, spec, item) == expected


def test_floats_are_written_as_python_writes_them(objects):
    r = random.Random(7)
    values = [2.0**n for n in range(-1074, 1024)] + [10.0**n for n in range(-300, 300, 7)]
    values += [struct.unpack("<d", r.randbytes(8))[0] for _ in range(3000)] + [r.uniform(-1e6, 1e6) for _ in range(1000)]
    values += [round(r.uniform(-1000, 1000), r.randrange(5)) for _ in range(1000)]
    steps = program(*(op("Format", 2, 0, 3, item, results=1, to=3) + op("Append", B, R(3)) + op("Release", R(3)) for item in values))
    _, _, b = objects.text_strings(steps, "", [])
    assert b == [repr(item) for item in values]


def test_numbers_are_read(objects):
    for string in ["12", "-7", " 3 ", "+4", "1_000", "٣", "", "x", "9" * 25, "0x1f", "1.5", "inf"]:
        for base in (0, 16, 99):
            try:
                expected = [OK, int(string, base) if base else int(string)]
            except ValueError:
                expected = [RAISES]
            if expected[0] == OK and not -(2**63) <= expected[1] < 2**63:
                expected = [PYTHON]
            log, _, _ = objects.text(op("ParseInt", A, base, results=1, to=3), string, "")
            assert log[: len(expected)] == expected
        status, expected = attempt(lambda string=string: float(string))
        log, _, _ = objects.text(op("ParseFloat", A, results=1, to=3), string, "")
        assert log[0] == status and (status != OK or log[1] == word(expected))


def test_printing(objects, capsys):
    assert objects.text(op("Print", A) + op("Print", B), "a\n", "ü")[0] == [OK, OK]
    assert capsys.readouterr().out == "a\nü"
