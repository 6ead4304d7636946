//! Constants of library modules, and types used as values.

use super::Action;
use crate::dtype::Dtype;
use crate::types::Flavor;

/// A name that stands for a value known at compile time.
#[derive(Clone, Copy, Debug)]
pub struct Constant {
    /// Full names.
    pub names: &'static [&'static str],
    /// What it stands for.
    pub meaning: Meaning,
}

/// What a constant stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// A Python float.
    Float(f64),
    /// A Python complex.
    Complex(f64, f64),
    /// `None`, `numpy.newaxis`.
    None,
    /// A string.
    Text(&'static str),
}

const fn float(names: &'static [&'static str], value: f64) -> Constant {
    Constant { names, meaning: Meaning::Float(value) }
}

const fn text(names: &'static [&'static str], value: &'static str) -> Constant {
    Constant { names, meaning: Meaning::Text(value) }
}

/// The constants. Types as values (`numpy.float64`, `float`) are the rows of the table that convert to them.
pub const CONSTANTS: &[Constant] = &[
    float(&["math.pi", "cmath.pi", "numpy.pi"], std::f64::consts::PI),
    float(&["math.e", "cmath.e", "numpy.e"], std::f64::consts::E),
    float(&["math.tau", "cmath.tau"], std::f64::consts::TAU),
    float(&["math.inf", "cmath.inf", "numpy.inf"], f64::INFINITY),
    float(&["math.nan", "cmath.nan", "numpy.nan"], f64::NAN),
    float(&["numpy.euler_gamma"], 0.577_215_664_901_532_9),
    Constant { names: &["cmath.infj"], meaning: Meaning::Complex(0.0, f64::INFINITY) },
    Constant { names: &["cmath.nanj"], meaning: Meaning::Complex(0.0, f64::NAN) },
    Constant { names: &["numpy.newaxis"], meaning: Meaning::None },
    text(&["string.ascii_letters"], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    text(&["string.ascii_lowercase"], "abcdefghijklmnopqrstuvwxyz"),
    text(&["string.ascii_uppercase"], "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    text(&["string.digits"], "0123456789"),
    text(&["string.hexdigits"], "0123456789abcdefABCDEF"),
    text(&["string.octdigits"], "01234567"),
    text(&["string.punctuation"], "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
    text(&["string.whitespace"], " \t\n\r\x0b\x0c"),
    text(
        &["string.printable"],
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n\r\x0b\x0c",
    ),
    text(&["array.typecodes"], "bBuhHiIlLqQfd"),
];

/// The dtype that a type used as a value stands for, and whether it is Python's: `numpy.float64`, `builtins.float`.
#[must_use]
pub fn type_object(action: Action) -> Option<(Dtype, Flavor)> {
    use Flavor::{Numpy, Python};
    match action {
        Action::ConvertTo(dtype) => Some((dtype, Numpy)),
        Action::PythonInt => Some((Dtype::I64, Python)),
        Action::PythonFloat => Some((Dtype::F64, Python)),
        Action::PythonComplex => Some((Dtype::C128, Python)),
        Action::PythonBool => Some((Dtype::Bool, Python)),
        _ => None,
    }
}
