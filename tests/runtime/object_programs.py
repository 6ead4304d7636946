"""Programs of operations on objects, for the kernel that interprets them: see `interpret` in kernels.c."""

import itertools
import re
import struct
from pathlib import Path

import numpy as np
from builder import BOOL, COMPLEX, FLOAT, INT, array, numpy, signature

OBJECT_RS = Path(__file__).parents[2] / "runtime/abi/src/object.rs"


def names_in(start, end):
    """Names of a list in the contract, in order."""
    text = OBJECT_RS.read_text()
    body = text[text.index(start) :]
    return re.findall(r'^    "?([A-Za-z_]+)"?,$', body[: body.index(end)], re.MULTILINE)


OPS = {name: number for number, name in enumerate(names_in("\noperations! {", "\n}\n"))}
METHODS = {name: number for number, name in enumerate(names_in("METHODS: [&str", "];"))}
OK, RAISES, MEMORY, PYTHON = range(4)

STR = "str"


def list_of(kind):
    return {"list": kind}


def set_of(kind):
    return {"set": kind}


def dict_of(key, value):
    return {"dict": [key, value]}


def tuple_of(*kinds):
    return {"tuple": list(kinds)}


TYPES = {
    "ints": list_of(INT),
    "bools": list_of(BOOL),
    "floats": list_of(FLOAT),
    "complexes": list_of(COMPLEX),
    "pairs": list_of(tuple_of(INT, FLOAT)),
    "nested": list_of(list_of(INT)),
    "arrays": list_of(array()),
    "singles": list_of(numpy("float32")),
    "halves": list_of(numpy("complex64")),
    "strings": list_of(STR),
    "text": STR,
    "int_set": set_of(INT),
    "float_set": set_of(FLOAT),
    "bool_set": set_of(BOOL),
    "pair_set": set_of(tuple_of(INT, FLOAT)),
    "text_set": set_of(STR),
    "table": dict_of(INT, FLOAT),
    "names": dict_of(STR, list_of(INT)),
    "grid": dict_of(tuple_of(INT, INT), BOOL),
    "records": list_of(tuple_of(STR, dict_of(STR, INT), array("int32", 2))),
}


def interpreter(kind, other=None):
    other = other or kind
    return ("program, a, b", [signature("interpret", [list_of(INT), kind, other], tuple_of(list_of(INT), kind, other))])


FUNCTIONS = {name: interpreter(kind) for name, kind in TYPES.items()}
FUNCTIONS["text_ints"] = interpreter(STR, list_of(INT))
FUNCTIONS["text_strings"] = interpreter(STR, list_of(STR))
FUNCTIONS["int_set_ints"] = interpreter(set_of(INT), list_of(INT))
FUNCTIONS["table_ints"] = interpreter(dict_of(INT, FLOAT), list_of(INT))
FUNCTIONS["table_items"] = interpreter(dict_of(INT, FLOAT), list_of(tuple_of(INT, FLOAT)))
FUNCTIONS["both"] = ("n", [signature("both", [INT], tuple_of(array(), list_of(array())))])


class R(int):
    """A register."""


A, B = R(0), R(1)


def word(value):
    if isinstance(value, float):
        return struct.unpack("<q", struct.pack("<d", value))[0]
    return int(value)


def op(name, *arguments, results=0, to=2):
    words = [(1, int(value)) if isinstance(value, R) else (0, word(value)) for value in arguments]
    number = {"Fail": -1, "Release": -2, "Array": -3}.get(name) or OPS[name]
    return [number, len(words), *itertools.chain(*words), results, int(to)]


def program(*ops):
    return list(itertools.chain(*ops))


def words_of(value):
    return value if isinstance(value, tuple) else (value,)


def attempt(action):
    try:
        return OK, action()
    except (IndexError, ValueError, KeyError):
        return RAISES, None


def bound(r):
    return r.choice([0, 0, r.randrange(-12, 12), r.randrange(-12, 12), 2**63 - 1, -(2**63)])


def slice_of(r):
    bits, words, parts = 0, [], []
    for n in range(3):
        given = r.random() < 0.7
        value = bound(r) if n < 2 else r.choice([1, 1, 2, 3, -1, -2, 2**63 - 1, -(2**63), 0])
        bits |= given << n
        words.append(value if given else 99)
        parts.append(value if given else None)
    return [bits, *words], slice(*parts)


SCALARS = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128".split()


def text(string, register):
    """Makes a string in a register."""
    data = string.encode("utf-8", "surrogatepass")
    pieces = [data[n : n + 8] for n in range(0, len(data), 8)]
    row = [int.from_bytes(piece, "little", signed=len(piece) == 8) for piece in pieces]
    return op("Text", len(data), *row, results=1, to=register)


def value(item, register):
    """The words of a value, and what makes it in a register first."""
    if isinstance(item, str):
        return [5, R(register)], text(item, register)
    if isinstance(item, list):
        steps = op("New", 1, 5, 0, 0, results=1, to=register)
        for part in item:
            steps = steps + text(part, register + 1) + op("Append", R(register), R(register + 1))
        return [5, R(register)], steps
    if isinstance(item, np.generic):
        number = 16 + SCALARS.index(item.dtype.name)
        data = item.tobytes()
        if item.dtype.kind == "c":
            half = len(data) // 2
            return [number, *(int.from_bytes(part, "little", signed=half == 8) for part in (data[:half], data[half:]))], []
        signed = item.dtype.kind == "i" or len(data) == 8
        return [number, int.from_bytes(data, "little", signed=signed)], []
    if isinstance(item, bool):
        return [2, item], []
    if isinstance(item, int):
        return [1, item], []
    if isinstance(item, float):
        return [3, item], []
    if isinstance(item, complex):
        return [4, item.real, item.imag], []
    return [0], []
