//! Values as Python writes them: names, constants, choices, calls, conversions.

use super::Printer;
use super::text;
use crate::ir::{Constant, Expr, ExprKind};
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp as Op, Type};

/// How tightly a piece of code holds together, from `a if b else c` to a name.
pub(super) const CONDITIONAL: u8 = 6;
const OR: u8 = 7;
const AND: u8 = 8;
pub(super) const NOT: u8 = 9;
pub(super) const COMPARE: u8 = 10;
pub(super) const UNARY: u8 = 17;
pub(super) const ATOM: u8 = 20;

/// A piece of code and how tightly it holds together.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub text: String,
    pub level: u8,
}

impl Code {
    pub(super) fn atom(text: impl Into<String>) -> Self {
        Self { text: text.into(), level: ATOM }
    }

    pub(super) fn of(level: u8, text: impl Into<String>) -> Self {
        Self { text: text.into(), level }
    }

    /// In a place that needs that much.
    pub(super) fn at(&self, level: u8) -> String {
        if self.level < level { format!("({})", self.text) } else { self.text.clone() }
    }
}

impl Printer<'_> {
    /// A value in a place that takes any.
    pub(super) fn value(&mut self, expr: &Expr) -> String {
        self.code(expr).text
    }

    /// A value that something is asked of: `value.shape`.
    pub(super) fn atom(&mut self, expr: &Expr) -> String {
        self.code(expr).at(ATOM)
    }

    pub(super) fn list(&mut self, values: &[Expr]) -> String {
        values.iter().map(|value| self.value(value)).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn code(&mut self, expr: &Expr) -> Code {
        match &expr.kind {
            ExprKind::Unit => self.unit_value(&expr.ty),
            ExprKind::Constant(value) => self.constant(*value, &expr.ty),
            ExprKind::Variable(variable) => Code::atom(self.name(*variable)),
            ExprKind::Tuple(items) => {
                let items_text = self.list(items);
                Code::atom(if items.len() == 1 { format!("({items_text},)") } else { format!("({items_text})") })
            }
            ExprKind::TupleItem(tuple, n) => Code::atom(format!("{}[{n}]", self.atom(tuple))),
            ExprKind::Convert(inner) => self.conversion(inner, &expr.ty),
            ExprKind::Map { op, loop_dtype, operands } => self.map(*op, *loop_dtype, operands, expr),
            ExprKind::Truth(inner) => Code::atom(format!("bool({})", self.value(inner))),
            ExprKind::And(a, b) => Code::of(AND, format!("{} and {}", self.code(a).at(AND), self.code(b).at(NOT))),
            ExprKind::Or(a, b) => Code::of(OR, format!("{} or {}", self.code(a).at(OR), self.code(b).at(AND))),
            ExprKind::Conditional { test, then, otherwise } => {
                let then = self.code(then).at(OR);
                let test = match &test.kind {
                    ExprKind::Truth(inner) => self.code(inner).at(OR),
                    _ => self.code(test).at(OR),
                };
                let otherwise = self.code(otherwise).at(CONDITIONAL);
                Code::of(CONDITIONAL, format!("{then} if {test} else {otherwise}"))
            }
            ExprKind::IsNone(inner) => Code::of(COMPARE, format!("{} is None", self.code(inner).at(COMPARE + 1))),
            ExprKind::Unwrap(inner) => self.code(inner),
            ExprKind::Length(inner) => Code::atom(format!("len({})", self.value(inner))),
            ExprKind::Call(position, arguments) => {
                let name = self.functions.get(*position).cloned().unwrap_or_default();
                let given = self.list(arguments);
                let object = if *position != 0 && self.objects.contains(position) { self.objects() } else { "" };
                let gap = if object.is_empty() || given.is_empty() { "" } else { ", " };
                Code::atom(format!("{name}({object}{gap}{given})"))
            }
            ExprKind::PythonRandom => {
                self.needs("random");
                Code::atom("random.random()")
            }
            ExprKind::IsSet(place) => {
                let name = self.attribute(*place);
                Code::atom(format!("(changed.get({}) == {place})", text::quoted(&name)))
            }
            ExprKind::Attribute(place) => Code::atom(format!("self.{}", self.attribute(*place))),
            ExprKind::Object(op, operands) => self.object(*op, operands, &expr.ty),
            _ => self.array(expr),
        }
    }

    fn attribute(&self, place: usize) -> String {
        self.unit.attributes.get(place).map(|attribute| attribute.name.clone()).unwrap_or_default()
    }

    fn unit_value(&mut self, ty: &Type) -> Code {
        match ty {
            Type::Text(text) => Code::atom(text::quoted(text)),
            Type::DtypeValue(dtype, Flavor::Python) => Code::atom(python_name(*dtype)),
            Type::DtypeValue(dtype, Flavor::Numpy) => Code::atom(self.dtype(*dtype)),
            // A function that is known is called by name, never by its value.
            _ => Code::atom("None"),
        }
    }

    /// `np.float64`.
    pub(super) fn dtype(&mut self, dtype: Dtype) -> String {
        self.needs("numpy");
        if dtype == Dtype::Bool { "np.bool_".to_owned() } else { format!("np.{}", dtype.name()) }
    }

    pub(super) fn constant(&mut self, value: Constant, ty: &Type) -> Code {
        let float = |printer: &mut Self, value: f64| {
            if !value.is_finite() {
                printer.needs("math");
            }
            text::float(value)
        };
        let plain = match value {
            Constant::Bool(true) => "True".to_owned(),
            Constant::Bool(false) => "False".to_owned(),
            Constant::Int(value) if ty.dtype() == Some(Dtype::U64) => value.cast_unsigned().to_string(),
            Constant::Int(value) => value.to_string(),
            Constant::Float(value) => float(self, value),
            Constant::Complex(re, im) => format!("complex({}, {})", float(self, re), float(self, im)),
        };
        match ty {
            Type::Scalar(dtype, Flavor::Numpy) => Code::atom(format!("{}({plain})", self.dtype(*dtype))),
            _ if plain.starts_with('-') => Code::of(UNARY, plain),
            _ => Code::atom(plain),
        }
    }

    pub(super) fn conversion(&mut self, inner: &Expr, ty: &Type) -> Code {
        let (Some(from), Some(to)) = (inner.ty.dtype(), ty.dtype()) else { return self.code(inner) };
        if let Some(checked) = within_bits(inner, to) {
            // What does not fit raises here, as Python answers there.
            return Code::atom(format!("{}({})", self.dtype(to), self.value(checked)));
        }
        let drops_imaginary = from.kind() == Kind::Complex && to.kind() < Kind::Complex && to.kind() != Kind::Bool;
        let source = if drops_imaginary { Code::atom(format!("{}.real", self.atom(inner))) } else { self.code(inner) };
        if matches!(ty, Type::Array(..)) {
            return Code::atom(format!("{}.astype({})", source.at(ATOM), self.dtype(to)));
        }
        match (&inner.ty, ty) {
            (_, Type::Scalar(_, Flavor::Python)) => {
                // int() of a numpy.bool is refused by nobody; `float` of a complex was made real above.
                Code::atom(format!("{}({})", python_name(to), source.text))
            }
            (Type::Scalar(_, Flavor::Python), _) if wraps(inner, to) => {
                Code::atom(format!("{}({}).astype({})", self.dtype(Dtype::I64), source.text, self.dtype(to)))
            }
            (Type::Scalar(_, Flavor::Numpy), _) if from.kind() >= to.kind() && from != to => {
                Code::atom(format!("{}.astype({})", source.at(ATOM), self.dtype(to)))
            }
            _ => Code::atom(format!("{}({})", self.dtype(to), source.text)),
        }
    }
}

/// Whether a Python int becomes an integer that need not hold it: its low bits are taken, where NumPy would raise.
fn wraps(value: &Expr, to: Dtype) -> bool {
    let known = match value.kind {
        ExprKind::Constant(Constant::Int(known)) => Some(known),
        _ => None,
    };
    let bits = u32::try_from(to.size() * 8).unwrap_or(64);
    let fits = known.is_some_and(|known| (0..1_i64 << (bits - 1).min(62)).contains(&known));
    value.ty == Type::INT && to.kind() == Kind::Integer && to != Dtype::I64 && !fits
}

/// The int behind sums and products that only leave 64 bits where it does not fit an integer of NumPy: see `unify`.
fn within_bits(value: &Expr, to: Dtype) -> Option<&Expr> {
    if value.ty != Type::INT || to.kind() != Kind::Integer || to == Dtype::I64 {
        return None;
    }
    let (mut inner, bits) = (value, to.size() * 8);
    let middle = if to.is_signed() { 0 } else { i64::MIN >> (64 - bits) };
    let scale = 1_i64 << (64 - bits);
    if middle != 0 {
        inner = operand(inner, Op::Subtract, middle)?;
    }
    if bits < 64 {
        inner = operand(operand(inner, Op::FloorDivide, scale)?, Op::Multiply, scale)?;
    }
    if middle != 0 {
        inner = operand(inner, Op::Add, middle)?;
    }
    Some(inner)
}

/// The first operand of that operation by a constant.
fn operand(value: &Expr, wanted: Op, by: i64) -> Option<&Expr> {
    let ExprKind::Map { op, operands, .. } = &value.kind else { return None };
    match operands.as_slice() {
        [inner, Expr { kind: ExprKind::Constant(Constant::Int(known)), .. }] if *op == wanted && *known == by => Some(inner),
        _ => None,
    }
}

/// The type of Python for a dtype.
pub(super) const fn python_name(dtype: Dtype) -> &'static str {
    match dtype.kind() {
        Kind::Bool => "bool",
        Kind::Integer => "int",
        Kind::Float => "float",
        Kind::Complex => "complex",
    }
}
