"""Writes `dtype_table.csv`: the result dtypes that the installed NumPy gives, for every function and operator we compile.

Each line is `function,left operand,results`: one letter per right operand in the order of OPERANDS (one letter in
all for functions of one operand). Letters are NumPy's type codes; `p`, `q`, `c` as operands are Python's int, float
and complex; as results `e` is float16 and `-` stands for TypeError.
"""

import operator
import sys
import warnings
from pathlib import Path

import numpy as np

DTYPES = "?bhilBHILfdFD"
WEAK = {"p": 1, "q": 1.5, "c": 1.5j}
OPERANDS = DTYPES + "".join(WEAK)
CODES = {"q": "l", "Q": "L"}

UFUNCS = """
absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh bitwise_and bitwise_count bitwise_or bitwise_xor cbrt ceil
conjugate copysign cos cosh deg2rad degrees divide equal exp exp2 expm1 fabs float_power floor floor_divide fmax fmin fmod gcd
greater greater_equal heaviside hypot invert isfinite isinf isnan lcm ldexp left_shift less less_equal log log10 log1p log2
logaddexp logaddexp2 logical_and logical_not logical_or logical_xor matmul maximum minimum multiply negative nextafter not_equal
positive power rad2deg radians reciprocal remainder right_shift rint sign signbit sin sinh spacing sqrt square subtract tan tanh
trunc
""".split()
OPERATORS = "add sub mul truediv floordiv mod pow and_ or_ xor lshift rshift eq ne lt le gt ge".split()
UNARY = "sum prod mean cumsum cumprod min max any all argmin argmax std var count_nonzero angle real imag fix round isclose".split()


def value(code):
    return WEAK[code] if code in WEAK else np.ones(1, dtype=code)


def letter(function, *arguments):
    try:
        result = function(*arguments)
    except TypeError:
        return "-"
    char = np.asarray(result).dtype.char
    return CODES.get(char, char)


def lines():
    for name in UFUNCS:
        ufunc = getattr(np, name)
        if ufunc.nin == 1:
            for left in OPERANDS:
                yield f"{name},{left},{letter(ufunc, value(left))}"
        else:
            for left in OPERANDS:
                if name == "matmul" and left in WEAK:
                    continue
                rights = DTYPES if name == "matmul" else OPERANDS
                yield f"{name},{left},{''.join(letter(ufunc, value(left), value(right)) for right in rights)}"
    for name in OPERATORS:
        function = getattr(operator, name)
        for left in OPERANDS:
            rights = DTYPES if left in WEAK else OPERANDS
            yield f"operator.{name},{left},{''.join(letter(function, value(left), value(right)) for right in rights)}"
    for name in ("modf", "frexp"):
        for part in (0, 1):
            for left in OPERANDS:
                yield f"{name}.{part},{left},{letter(lambda x, n=name, i=part: getattr(np, n)(x)[i], value(left))}"
    for name in UNARY:
        function = (lambda x: np.isclose(x, x)) if name == "isclose" else getattr(np, name)
        for left in DTYPES:
            yield f"{name},{left},{letter(function, value(left))}"
    condition = np.ones(1, dtype=bool)
    pairs = {
        "where": lambda x, y: np.where(condition, x, y),
        "clip": lambda x, y: np.clip(x, y, y),
        "concatenate": lambda x, y: np.concatenate((x, y)),
    }
    for name, function in pairs.items():
        rows = DTYPES if name in ("concatenate", "clip") else OPERANDS
        for left in rows:
            rights = DTYPES if name == "concatenate" else OPERANDS
            yield f"{name},{left},{''.join(letter(function, value(left), value(right)) for right in rights)}"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("dtype_table.csv")
    target.write_text("\n".join(["function,left,results", *lines()]) + "\n", encoding="ascii")
