"""Writes what NumPy answers: `generate_numpy.py FILE KIND`, KIND being integers, floats or complex.

A line `# op dtype tolerance` begins the cases of one operation; each case is the bits of the operands, `=` and the bits of the
result, complex numbers as two words. The tolerance is in units in the last place (0: the same bits, any NaN for a NaN).
"""

import random
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")
np.seterr(all="ignore")

NAMES = {
    "Add": np.add, "Subtract": np.subtract, "Multiply": np.multiply, "Divide": np.divide, "FloorDivide": np.floor_divide,
    "Remainder": np.remainder, "Fmod": np.fmod, "Power": np.power, "Negative": np.negative, "Positive": np.positive,
    "Absolute": np.absolute, "Sign": np.sign, "Square": np.square, "Reciprocal": np.reciprocal, "Conjugate": np.conjugate,
    "Sqrt": np.sqrt, "Floor": np.floor, "Ceil": np.ceil, "Trunc": np.trunc, "Rint": np.rint, "Maximum": np.maximum,
    "Minimum": np.minimum, "Fmax": np.fmax, "Fmin": np.fmin, "Clip": np.clip, "Heaviside": np.heaviside, "Equal": np.equal,
    "NotEqual": np.not_equal, "Less": np.less, "LessEqual": np.less_equal, "Greater": np.greater, "GreaterEqual": np.greater_equal,
    "LogicalAnd": np.logical_and, "LogicalOr": np.logical_or, "LogicalXor": np.logical_xor, "LogicalNot": np.logical_not,
    "Isnan": np.isnan, "Isinf": np.isinf, "Isfinite": np.isfinite, "Signbit": np.signbit, "BitwiseAnd": np.bitwise_and,
    "BitwiseOr": np.bitwise_or, "BitwiseXor": np.bitwise_xor, "Invert": np.invert, "LeftShift": np.left_shift,
    "RightShift": np.right_shift, "BitwiseCount": np.bitwise_count, "Gcd": np.gcd, "Lcm": np.lcm, "Copysign": np.copysign,
    "Nextafter": np.nextafter, "Spacing": np.spacing, "FrexpMantissa": lambda x: np.frexp(x)[0],
    "FrexpExponent": lambda x: np.frexp(x)[1], "ModfFraction": lambda x: np.modf(x)[0], "ModfInteger": lambda x: np.modf(x)[1],
    "Angle": np.angle, "Real": np.real, "Imag": np.imag, "Degrees": np.degrees, "Radians": np.radians,
    "Exp": np.exp, "Exp2": np.exp2, "Expm1": np.expm1, "Log": np.log, "Log2": np.log2, "Log10": np.log10, "Log1p": np.log1p,
    "Sin": np.sin, "Cos": np.cos, "Tan": np.tan, "Arcsin": np.arcsin, "Arccos": np.arccos, "Arctan": np.arctan, "Sinh": np.sinh,
    "Cosh": np.cosh, "Tanh": np.tanh, "Arcsinh": np.arcsinh, "Arccosh": np.arccosh, "Arctanh": np.arctanh,
}  # fmt: skip
ONE = "Negative Positive Absolute Sign Square Reciprocal Conjugate".split()
TWO = "Add Subtract Multiply Maximum Minimum Fmax Fmin Equal NotEqual Less LessEqual Greater GreaterEqual LogicalAnd LogicalOr LogicalXor".split()
ROUNDING = "Floor Ceil Trunc".split()
TESTS = "LogicalNot Isnan Isinf Isfinite".split()
DIVISION = "FloorDivide Remainder Fmod".split()
BITS = "BitwiseAnd BitwiseOr BitwiseXor".split()
KINDS = {
    "integers": (
        ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"],
        {1: [*ONE, *ROUNDING, *TESTS, "Invert", "BitwiseCount", "Real", "Imag"], 2: [*TWO, *DIVISION, *BITS, "LeftShift", "RightShift", "Gcd", "Lcm", "Power"], 3: ["Clip"]},
    ),
    "floats": (
        ["float32", "float64"],
        {1: [*ONE, *ROUNDING, *TESTS, "Rint", "Sqrt", "Signbit", "Spacing", "FrexpMantissa", "FrexpExponent", "ModfFraction", "ModfInteger", "Real", "Imag", "Degrees", "Radians", "Angle"],
         2: [*TWO, *DIVISION, "Divide", "Heaviside", "Copysign", "Nextafter"], 3: ["Clip"]},
    ),
    "complex": (
        ["complex64", "complex128"],
        {1: [*ONE, *TESTS, "Rint", "Real", "Imag", "Angle", "Sqrt", "Exp", "Exp2", "Expm1", "Log", "Log2", "Log10", "Log1p", "Sin", "Cos", "Tan", "Arcsin", "Arccos", "Arctan", "Sinh", "Cosh", "Tanh", "Arcsinh", "Arccosh", "Arctanh"],
         2: [*TWO, "Divide", "Power"], 3: ["Clip"]},
    ),
}  # fmt: skip
ELEMENTARY = set("Sqrt Exp Exp2 Expm1 Log Log2 Log10 Log1p Sin Cos Tan Arcsin Arccos Arctan Sinh Cosh Tanh Arcsinh Arccosh Arctanh Power".split())
SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.5, -2.5, 0.5, np.inf, -np.inf, np.nan, 3.0, -7.0, 1e-40, 5e-324, 1e300, -1e300, 1e16, 0.1]


def values(dtype, rng):
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return [False, True]
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        near = [info.min, info.min + 1, -3, -2, -1, 0, 1, 2, 3, 7, 8, 31, 63, 64, 100, info.max - 1, info.max]
        near = [x for x in near if info.min <= x <= info.max]
        return [*near, *(rng.randint(info.min, info.max) for _ in range(4)), *(rng.randint(0, 100) for _ in range(3))]
    if dtype.kind == "f":
        return [*SPECIAL, *(rng.uniform(-10, 10) for _ in range(6)), *(rng.uniform(-1, 1) * 10.0 ** rng.randint(-30, 30) for _ in range(4))]
    parts = [0.0, -0.0, 1.0, -1.0, 0.5, np.inf, -np.inf, np.nan, -3.0]
    grid = [complex(x, y) for x in parts for y in parts]
    return grid + [complex(rng.uniform(-3, 3), rng.uniform(-3, 3)) for _ in range(20)]


def words(x):
    array = np.atleast_1d(np.asarray(x))
    unsigned = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}
    if array.dtype.kind == "c":
        array = array.view(array.real.dtype)
    return " ".join(f"{int(word):x}" for word in array.view(unsigned[array.dtype.itemsize]))


def skip(name, operands):
    if name == "Power" and operands[0].dtype.kind in "iu":
        return operands[1] < 0
    if name == "Power" and operands[0].dtype.kind == "c":
        # Left to the C library, which differs from platform to platform.
        return not all(np.isfinite(operands))
    # C99 leaves the sign of the infinite part open.
    if name == "Sin" and np.isinf(operands[0].imag):
        return not np.isfinite(operands[0].real)
    if name == "Sinh" and np.isinf(operands[0].real):
        return not np.isfinite(operands[0].imag)
    return False


def tolerance(name, dtype):
    if np.dtype(dtype).kind == "c" and name in {"Sign", "Absolute", "Angle", "Divide", "Reciprocal", "Multiply", "Square"}:
        # NumPy multiplies with fused operations where the machine has them.
        return 4
    return 0 if name not in ELEMENTARY or np.dtype(dtype).kind in "iu" else 1 if name == "Sqrt" and np.dtype(dtype).kind == "f" else 64


def main():
    dtypes, operations = KINDS[sys.argv[2]]
    rng = random.Random(5)
    with open(sys.argv[1], "w") as out:
        for arity, names in operations.items():
            for name in names:
                for dtype in dtypes:
                    kind = np.dtype(dtype).type
                    pool = [kind(x) for x in values(dtype, rng)]
                    cases = [(x,) for x in pool] if arity == 1 else [tuple(rng.choice(pool) for _ in range(arity)) for _ in range(70)]
                    lines = []
                    for case in cases:
                        if skip(name, case):
                            continue
                        try:
                            # In an array, so that no scalar path of NumPy answers.
                            result = NAMES[name](*[np.full(1, x) for x in case])
                        except TypeError:
                            lines = []
                            break
                        if dtype == "bool" and result.dtype != bool and name != "BitwiseCount":
                            lines = []
                            break
                        if name in ("FloorDivide", "Power") and result.dtype != np.dtype(dtype):
                            lines = []
                            break
                        lines.append(" ".join(words(x) for x in case) + " = " + words(result) + "\n")
                    if lines:
                        out.write(f"# {name} {dtype} {tolerance(name, dtype)}\n" + "".join(lines))


if __name__ == "__main__":
    main()
