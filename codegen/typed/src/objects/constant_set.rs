//! Sets that are written as constants. CPython makes a frozenset of them when it compiles: what is run over is that frozenset, and a display
//! of three or more is a set into which it is merged, in a table of another size than one element after the other would make. In which order
//! a frozenset is filled depends on whether the module was compiled just now or read from its cache, so constants that fall on one place
//! of the table have no order.

use super::display::Filled;
use crate::function::{Typed, Typer};
use crate::ir::{Constant, Expr, ExprKind};
use hypersonic_diagnostics::Span;
use hypersonic_ops::Type;
use hypersonic_syntax::ast::{self, BinaryOp, UnaryOp};

/// Whether CPython computes an expression when it compiles.
fn is_constant(expr: &ast::Expr) -> bool {
    use ast::ExprKind as Kind;
    match &expr.kind {
        Kind::None | Kind::Str(_) | Kind::Bool(_) | Kind::Int(..) | Kind::Float(_) | Kind::Imaginary(_) => true,
        Kind::Unary(op, inner) => *op != UnaryOp::Not && is_constant(inner),
        Kind::Binary(op, a, b) => *op != BinaryOp::MatMultiply && is_constant(a) && is_constant(b),
        Kind::Tuple(items) => items.iter().all(is_constant),
        _ => false,
    }
}

/// How a display of these items is filled, if it is used for what is said.
pub(super) fn filled(items: &[ast::Expr], run_over: bool) -> Filled {
    let constant = !items.is_empty() && items.iter().all(is_constant);
    match (constant, run_over) {
        (true, true) => Filled::Frozen,
        (true, false) if items.len() > 2 => Filled::Merged,
        _ => Filled::OneByOne,
    }
}

/// The prime that CPython reduces numbers by.
const MODULUS: u64 = (1 << 61) - 1;

/// What CPython hashes a number to; none for strings, which have an order of their own in every process, and for what is not known here.
fn hash(value: &Expr) -> Option<i64> {
    let ExprKind::Constant(constant) = &value.kind else { return None };
    let signed = |magnitude: u64, negative: bool| {
        let hash = i64::try_from(magnitude).unwrap_or(0) * if negative { -1 } else { 1 };
        if hash == -1 { -2 } else { hash }
    };
    match *constant {
        Constant::Bool(value) => Some(i64::from(value)),
        Constant::Int(value) => Some(signed(value.unsigned_abs() % MODULUS, value < 0)),
        Constant::Float(value) if value.is_finite() => {
            let bits = value.abs().to_bits();
            let (exponent, fraction) = (i64::try_from(bits >> 52).unwrap_or(0), bits & ((1 << 52) - 1));
            let (whole, exponent) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
            let power = (0..exponent.rem_euclid(61)).fold(1_u128, |power, _| power * 2 % u128::from(MODULUS));
            let magnitude = u64::try_from(u128::from(whole) * power % u128::from(MODULUS)).unwrap_or(0);
            Some(signed(magnitude, value < 0.0))
        }
        _ => None,
    }
}

/// The slots of the table at the end, less one, for so many different elements.
fn mask(count: usize, how: Filled) -> i64 {
    let size_above = |minimum: usize| (minimum + 1).next_power_of_two().max(8);
    let mut size = 8;
    if how == Filled::Merged {
        size = if count * 5 >= 7 * 3 { size_above(count * 2) } else { 8 };
    } else {
        for used in 1..=count {
            if used * 5 >= (size - 1) * 3 {
                size = size_above(used * 4);
            }
        }
    }
    i64::try_from(size - 1).unwrap_or(7)
}

impl Typer<'_, '_> {
    /// Refuses constants whose order is not known.
    pub(super) fn require_order(&mut self, values: &[Expr], how: Filled, span: Span) -> Typed<()> {
        let known = values.iter().all(|value| matches!(value.ty, Type::Scalar(..)));
        if how == Filled::OneByOne || !known {
            // Of strings no order is known, and of tuples none that could be looked at here.
            return self.require_strings(values, how, span);
        }
        let Some(mut hashes) = values.iter().map(hash).collect::<Option<Vec<i64>>>() else {
            return Err(self.without_order(span));
        };
        hashes.sort_unstable();
        hashes.dedup();
        let mask = mask(hashes.len(), how);
        let mut places: Vec<i64> = hashes.iter().map(|hash| hash & mask).collect();
        places.sort_unstable();
        places.dedup();
        if places.len() == hashes.len() { Ok(()) } else { Err(self.without_order(span)) }
    }

    fn require_strings(&mut self, values: &[Expr], how: Filled, span: Span) -> Typed<()> {
        let strings = |ty: &Type| ty.any(|part| matches!(part, Type::Text(_) | Type::Str));
        if how == Filled::OneByOne || values.iter().any(|value| strings(&value.ty)) { Ok(()) } else { Err(self.without_order(span)) }
    }

    fn without_order(&mut self, span: Span) -> crate::function::Reported {
        let title = "the order of these constants in a set is CPython's secret";
        self.unsupported(title, span, "write `set([...])`, or `in` with the display itself")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_grow_as_in_python() {
        assert_eq!([3, 4, 5, 8].map(|count| mask(count, Filled::Merged)), [7, 7, 15, 31]);
        assert_eq!([1, 4, 5, 18, 19].map(|count| mask(count, Filled::Frozen)), [7, 7, 31, 31, 127]);
    }

    #[test]
    fn numbers_hash_as_in_python() {
        let of = |ty: Type, value| hash(&Expr { ty, kind: ExprKind::Constant(value), span: Span::default() });
        assert_eq!(of(Type::INT, Constant::Int(-1)), Some(-2));
        assert_eq!(of(Type::INT, Constant::Int(i64::MIN)), Some(-4));
        assert_eq!(of(Type::FLOAT, Constant::Float(0.5)), Some(1_152_921_504_606_846_976));
        assert_eq!(of(Type::FLOAT, Constant::Float(3.25)), Some(576_460_752_303_423_491));
        assert_eq!(of(Type::FLOAT, Constant::Float(-1e300)), Some(-1_224_995_262_755_759_164));
    }
}
