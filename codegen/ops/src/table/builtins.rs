//! Python's builtins, and types used as functions.

use super::{Action, DtypeRule, Operation, row};
use crate::dtype::Dtype;

/// The rows.
pub const ROWS: &[Operation] = &[
    row(&["builtins.abs"], "x, /", Action::PythonAbs, DtypeRule::Same, "Absolute value."),
    row(
        &["builtins.min"],
        "*args",
        Action::PythonMin,
        DtypeRule::Promoted,
        "The least of two or more numbers, of a tuple, or of a one-dimensional array.",
    )
    .notes("Numbers of several types are joined to one: `min(1, 2.5)` is the float 1.0."),
    row(
        &["builtins.max"],
        "*args",
        Action::PythonMax,
        DtypeRule::Promoted,
        "The greatest of two or more numbers, of a tuple, or of a one-dimensional array.",
    )
    .notes("Numbers of several types are joined to one: `max(3, 2.5)` is the float 3.0."),
    row(
        &["builtins.sum"],
        "iterable, /, start=0",
        Action::PythonSum,
        DtypeRule::Promoted,
        "Sum of a tuple or of a one-dimensional array, from left to right.",
    )
    .notes("Of an empty array: the zero of its dtype."),
    row(
        &["builtins.round"],
        "number, ndigits=None",
        Action::PythonRound,
        DtypeRule::Python,
        "Rounded half to even: an int, or so many decimals.",
    ),
    row(&["builtins.divmod"], "x, y, /", Action::Divmod, DtypeRule::Promoted, "Quotient rounded down, and remainder.").loops("bBhHiIlLefd"),
    row(&["builtins.pow"], "base, exp, !mod=None", Action::PythonPow, DtypeRule::Promoted, "base ** exp.").ulp(1),
    row(&["builtins.len"], "obj, /", Action::PythonLen, DtypeRule::Python, "Extent of the first axis, or length of a tuple or string."),
    row(
        &["builtins.any"],
        "iterable, /",
        Action::PythonAny,
        DtypeRule::Python,
        "Whether any item of a tuple or one-dimensional array is true.",
    ),
    row(
        &["builtins.all"],
        "iterable, /",
        Action::PythonAll,
        DtypeRule::Python,
        "Whether all items of a tuple or one-dimensional array are true.",
    ),
    row(&["builtins.int"], "x=0, /, !base=None", Action::PythonInt, DtypeRule::Python, "Truncated to an int."),
    row(&["builtins.float"], "x=0.0, /", Action::PythonFloat, DtypeRule::Python, "Converted to a float; of a constant string too."),
    row(&["builtins.complex"], "real=0, imag=0", Action::PythonComplex, DtypeRule::Python, "A complex number of two parts.")
        .notes("One number, or two real ones."),
    row(&["builtins.bool"], "x=False, /", Action::PythonBool, DtypeRule::Python, "Its truth."),
    row(
        &["numpy.bool_", "numpy.bool"],
        "x=False, /",
        Action::ConvertTo(Dtype::Bool),
        DtypeRule::Given,
        "A NumPy bool, or an array of them.",
    ),
    row(&["numpy.int8", "numpy.byte"], "x=0, /", Action::ConvertTo(Dtype::I8), DtypeRule::Given, "Converted."),
    row(&["numpy.int16", "numpy.short"], "x=0, /", Action::ConvertTo(Dtype::I16), DtypeRule::Given, "Converted."),
    row(&["numpy.int32", "numpy.intc"], "x=0, /", Action::ConvertTo(Dtype::I32), DtypeRule::Given, "Converted."),
    row(
        &["numpy.int64", "numpy.int_", "numpy.intp", "numpy.longlong"],
        "x=0, /",
        Action::ConvertTo(Dtype::I64),
        DtypeRule::Given,
        "Converted.",
    ),
    row(&["numpy.uint8", "numpy.ubyte"], "x=0, /", Action::ConvertTo(Dtype::U8), DtypeRule::Given, "Converted."),
    row(&["numpy.uint16", "numpy.ushort"], "x=0, /", Action::ConvertTo(Dtype::U16), DtypeRule::Given, "Converted."),
    row(&["numpy.uint32", "numpy.uintc"], "x=0, /", Action::ConvertTo(Dtype::U32), DtypeRule::Given, "Converted."),
    row(
        &["numpy.uint64", "numpy.uint", "numpy.uintp", "numpy.ulonglong"],
        "x=0, /",
        Action::ConvertTo(Dtype::U64),
        DtypeRule::Given,
        "Converted.",
    ),
    row(&["numpy.float32", "numpy.single"], "x=0, /", Action::ConvertTo(Dtype::F32), DtypeRule::Given, "Converted."),
    row(&["numpy.float64", "numpy.double"], "x=0, /", Action::ConvertTo(Dtype::F64), DtypeRule::Given, "Converted."),
    row(&["numpy.complex64", "numpy.csingle"], "x=0, /", Action::ConvertTo(Dtype::C64), DtypeRule::Given, "Converted."),
    row(&["numpy.complex128", "numpy.cdouble"], "x=0, /", Action::ConvertTo(Dtype::C128), DtypeRule::Given, "Converted."),
    row(
        &["numpy.dtype"],
        "dtype, !align=False, !copy=False",
        Action::DtypeObject,
        DtypeRule::Other,
        "A dtype from a type or a constant name.",
    ),
    row(&["numpy.finfo"], "dtype", Action::FloatLimits, DtypeRule::Other, "The limits of a float dtype: eps, max, min, tiny, bits."),
    row(&["numpy.iinfo"], "type", Action::IntegerLimits, DtypeRule::Other, "The limits of an integer dtype: max, min, bits.")
        .notes("Not `max` of uint64, which no compiled `int` holds."),
];
