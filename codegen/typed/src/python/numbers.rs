//! Scalar operations, and those mapped over arrays: an operator where Python's own gives the same type by the same way, else a
//! function of `math` or NumPy on operands of the dtype that it is computed in.

use super::Printer;
use super::expressions::{ATOM, COMPARE, Code, NOT, UNARY, python_name};
use crate::ir::{Expr, ExprKind, StmtKind, is_python_scalar};
use crate::library::{Operator, Surroundings, binary};
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp as Op, Type};

/// The sign of an operator of two operands and how tightly it holds.
pub(super) const fn sign(op: Op) -> Option<(&'static str, u8)> {
    Some(match op {
        Op::Power => ("**", 18),
        Op::Multiply => ("*", 16),
        Op::Divide => ("/", 16),
        Op::FloorDivide => ("//", 16),
        Op::Remainder => ("%", 16),
        Op::Add => ("+", 15),
        Op::Subtract => ("-", 15),
        Op::LeftShift => ("<<", 14),
        Op::RightShift => (">>", 14),
        Op::BitwiseAnd => ("&", 13),
        Op::BitwiseXor => ("^", 12),
        Op::BitwiseOr => ("|", 11),
        Op::Equal => ("==", 10),
        Op::NotEqual => ("!=", 10),
        Op::Less => ("<", 10),
        Op::LessEqual => ("<=", 10),
        Op::Greater => (">", 10),
        Op::GreaterEqual => (">=", 10),
        _ => return None,
    })
}

/// Typing that may only look.
struct Looker {
    changed: bool,
}

impl Surroundings for Looker {
    fn temporary(&mut self, value: Expr) -> Expr {
        self.changed = true;
        value
    }

    fn emit(&mut self, _: StmtKind, _: Span) {
        self.changed = true;
    }
}

/// Whether Python's operator on these operands is this operation.
fn is_natural(op: Op, loop_dtype: Dtype, operands: &[Expr], ty: &Type) -> bool {
    let [left, right] = operands else { return false };
    let mut looker = Looker { changed: false };
    let Ok(typed) = binary(&mut looker, Operator::Scalar(op), left.clone(), right.clone(), left.span) else { return false };
    let same = matches!(&typed.kind, ExprKind::Map { op: found, loop_dtype: dtype, .. } if *found == op && *dtype == loop_dtype);
    same && !looker.changed && typed.ty == *ty
}

impl Printer<'_> {
    pub(super) fn map(&mut self, op: Op, loop_dtype: Dtype, operands: &[Expr], expr: &Expr) -> Code {
        if let (Some((sign, level)), [left, right]) = (sign(op), operands) {
            let natural = is_natural(op, loop_dtype, operands, &expr.ty);
            let python = is_python_scalar(&expr.ty);
            let (a, b) = match (natural, python) {
                (true, _) => (self.code(left), self.code(right)),
                (false, true) => (self.as_python(left, loop_dtype), self.as_python(right, loop_dtype)),
                (false, false) => (self.as_numpy(left, loop_dtype), self.as_numpy(right, loop_dtype)),
            };
            // NumPy's `**` and `power` of an array take short ways for some exponents that are scalars; `float_power` does not.
            let array = operands.iter().any(|operand| matches!(operand.ty, Type::Array(..)));
            let plain = is_python_scalar(&right.ty) || matches!(right.ty, Type::Array(_, 1..));
            if op == Op::Power && array && !(natural && plain) {
                self.needs("numpy");
                let name = if matches!(loop_dtype, Dtype::F64 | Dtype::C128) { "float_power" } else { "power" };
                return Code::atom(format!("np.{name}({}, {})", a.text, b.text));
            }
            let (first, second) = if op == Op::Power { (ATOM, ATOM) } else { (level + u8::from(level == 10), level + 1) };
            let text = Code::of(level, format!("{} {sign} {}", a.at(first), b.at(second)));
            let numpy = operands.iter().any(|operand| !is_python_scalar(&operand.ty));
            return if expr.ty == Type::BOOL && natural && numpy { Code::atom(format!("bool({})", text.text)) } else { text };
        }
        if let Some(code) = self.unary(op, loop_dtype, operands, &expr.ty) {
            return code;
        }
        if is_python_scalar(&expr.ty) {
            self.python_function(op, loop_dtype, operands, &expr.ty)
        } else {
            self.numpy_function(op, loop_dtype, operands, &expr.ty)
        }
    }

    /// An operator of one operand.
    fn unary(&mut self, op: Op, loop_dtype: Dtype, operands: &[Expr], ty: &Type) -> Option<Code> {
        let [operand] = operands else { return None };
        if op == Op::LogicalNot && *ty == Type::BOOL {
            if let ExprKind::IsNone(inner) = &operand.kind {
                return Some(Code::of(COMPARE, format!("{} is not None", self.atom(inner))));
            }
            let inner = match &operand.kind {
                ExprKind::Truth(inner) => self.code(inner),
                _ => self.code(operand),
            };
            return Some(Code::of(NOT, format!("not {}", inner.at(NOT))));
        }
        let same = operand.ty.dtype() == Some(loop_dtype) && is_python_scalar(ty) == is_python_scalar(&operand.ty);
        if !same || loop_dtype == Dtype::Bool {
            return None;
        }
        let atom = |printer: &mut Self| printer.atom(operand);
        Some(match op {
            Op::Negative => Code::of(UNARY, format!("-{}", self.code(operand).at(UNARY + 1))),
            Op::Positive => Code::of(UNARY, format!("+{}", self.code(operand).at(UNARY + 1))),
            Op::Invert => Code::of(UNARY, format!("~{}", self.code(operand).at(UNARY + 1))),
            Op::Absolute => Code::atom(format!("abs({})", self.value(operand))),
            Op::Square => Code::of(18, format!("{} ** 2", atom(self))),
            Op::Real => Code::atom(format!("{}.real", atom(self))),
            Op::Imag => Code::atom(format!("{}.imag", atom(self))),
            Op::Conjugate => Code::atom(format!("{}.conjugate()", atom(self))),
            _ => return None,
        })
    }

    /// As a Python number of that dtype.
    fn as_python(&mut self, operand: &Expr, dtype: Dtype) -> Code {
        if is_python_scalar(&operand.ty) && operand.ty.dtype() == Some(dtype) {
            return self.code(operand);
        }
        Code::atom(format!("{}({})", python_name(dtype), self.value(operand)))
    }

    /// As a NumPy scalar or array of that dtype.
    fn as_numpy(&mut self, operand: &Expr, dtype: Dtype) -> Code {
        match &operand.ty {
            Type::Scalar(own, Flavor::Numpy) | Type::Array(own, _) if *own == dtype => self.code(operand),
            Type::Scalar(..) => self.conversion(operand, &Type::Scalar(dtype, Flavor::Numpy)),
            _ => Code::atom(format!("{}.astype({})", self.atom(operand), self.dtype(dtype))),
        }
    }

    fn python_function(&mut self, op: Op, loop_dtype: Dtype, operands: &[Expr], ty: &Type) -> Code {
        if let (Op::Where, [test, then, otherwise]) = (op, operands) {
            let (test, then, otherwise) = (self.code(test), self.as_python(then, loop_dtype), self.as_python(otherwise, loop_dtype));
            return Code::of(6, format!("{} if {} else {}", then.at(7), test.at(7), otherwise.at(6)));
        }
        if let (Op::RoundDigits | Op::Ldexp, [value, digits]) = (op, operands) {
            let function = if op == Op::Ldexp { "math.ldexp" } else { "round" };
            self.needs("math");
            return Code::atom(format!("{function}({}, {})", self.as_python(value, loop_dtype).text, self.value(digits)));
        }
        let given = operands.iter().map(|operand| self.as_python(operand, loop_dtype).text).collect::<Vec<_>>().join(", ");
        let complex = loop_dtype.kind() == Kind::Complex;
        if let Some((name, item)) = python_name_of(op, complex) {
            if let Some((module, _)) = name.split_once('.') {
                self.needs(module);
            }
            return Code::atom(format!("{name}({given}){item}"));
        }
        // What only NumPy has, as a Python number.
        let (name, item) = numpy_name(op);
        self.needs("numpy");
        let result = ty.dtype().map_or("", python_name);
        Code::atom(format!("{result}(np.{name}({given}){item})"))
    }

    fn numpy_function(&mut self, op: Op, loop_dtype: Dtype, operands: &[Expr], ty: &Type) -> Code {
        let array = matches!(ty, Type::Array(..));
        if let (Op::Where, [test, then, otherwise]) = (op, operands) {
            let then = self.as_numpy(then, loop_dtype);
            let otherwise = self.as_numpy(otherwise, loop_dtype);
            let test = self.code(test);
            if array {
                self.needs("numpy");
                return Code::atom(format!("np.where({}, {}, {})", test.text, then.text, otherwise.text));
            }
            return Code::of(6, format!("{} if {} else {}", then.at(7), test.at(7), otherwise.at(6)));
        }
        if op == Op::MakeComplex {
            let (dtype, parts) = (self.dtype(loop_dtype.as_complex()), self.list(operands));
            // Multiplying by 1j would not leave infinities and signs of zeros alone.
            return Code::atom(if array {
                format!("np.stack(({parts}), axis=-1).view({dtype})[..., 0]")
            } else {
                format!("{dtype}(complex({parts}))")
            });
        }
        let second = matches!(op, Op::Ldexp | Op::RoundDigits);
        let given: Vec<String> = operands
            .iter()
            .enumerate()
            .map(|(n, operand)| if second && n == 1 { self.value(operand) } else { self.as_numpy(operand, loop_dtype).text })
            .collect();
        let (name, item) = numpy_name(op);
        self.needs("numpy");
        Code::atom(format!("np.{name}({}){item}", given.join(", ")))
    }
}

/// What Python calls an operation on its own numbers, and which item of the answer is meant.
fn python_name_of(op: Op, complex: bool) -> Option<(String, &'static str)> {
    let plain = |name: &str| Some((name.to_owned(), ""));
    match op {
        Op::Absolute => return plain("abs"),
        Op::Maximum => return plain("max"),
        Op::Minimum => return plain("min"),
        Op::MakeComplex => return plain("complex"),
        Op::Positive => return plain("+"),
        Op::FrexpMantissa => return Some(("math.frexp".to_owned(), "[0]")),
        Op::FrexpExponent => return Some(("math.frexp".to_owned(), "[1]")),
        Op::ModfFraction => return Some(("math.modf".to_owned(), "[0]")),
        Op::ModfInteger => return Some(("math.modf".to_owned(), "[1]")),
        Op::Angle if complex => return plain("cmath.phase"),
        _ => {}
    }
    let name = match op {
        Op::Sqrt => "sqrt",
        Op::Cbrt => "cbrt",
        Op::Hypot => "hypot",
        Op::Exp => "exp",
        Op::Exp2 => "exp2",
        Op::Expm1 => "expm1",
        Op::Log => "log",
        Op::Log2 => "log2",
        Op::Log10 => "log10",
        Op::Log1p => "log1p",
        Op::Sin => "sin",
        Op::Cos => "cos",
        Op::Tan => "tan",
        Op::Arcsin => "asin",
        Op::Arccos => "acos",
        Op::Arctan => "atan",
        Op::Arctan2 => "atan2",
        Op::Sinh => "sinh",
        Op::Cosh => "cosh",
        Op::Tanh => "tanh",
        Op::Arcsinh => "asinh",
        Op::Arccosh => "acosh",
        Op::Arctanh => "atanh",
        Op::Degrees => "degrees",
        Op::Radians => "radians",
        Op::Fmod => "fmod",
        Op::Copysign => "copysign",
        Op::Nextafter => "nextafter",
        Op::Gcd => "gcd",
        Op::Lcm => "lcm",
        Op::Erf => "erf",
        Op::Erfc => "erfc",
        Op::Gamma => "gamma",
        Op::Lgamma => "lgamma",
        Op::Factorial => "factorial",
        Op::Isnan => "isnan",
        Op::Isinf => "isinf",
        Op::Isfinite => "isfinite",
        _ => return None,
    };
    plain(&format!("{}.{name}", if complex { "cmath" } else { "math" }))
}

/// What NumPy calls an operation, and which item of the answer is meant.
fn numpy_name(op: Op) -> (String, &'static str) {
    let (name, item) = match op {
        Op::FrexpMantissa => ("frexp", "[0]"),
        Op::FrexpExponent => ("frexp", "[1]"),
        Op::ModfFraction => ("modf", "[0]"),
        Op::ModfInteger => ("modf", "[1]"),
        Op::RoundDigits => ("round", ""),
        _ => ("", ""),
    };
    if !name.is_empty() {
        return (name.to_owned(), item);
    }
    // The other operations bear NumPy's names; only their words run together here.
    let mut text = String::new();
    for (n, character) in format!("{op:?}").chars().enumerate() {
        if character.is_ascii_uppercase() && n > 0 {
            text.push('_');
        }
        text.push(character.to_ascii_lowercase());
    }
    (text, "")
}
