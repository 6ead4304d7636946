//! Operators, comparisons and membership of objects.

use super::sets::how;
use super::{length, operation};
use crate::function::{Typed, Typer};
use crate::ir::{Expr, ExprKind};
use crate::logic::{negation, truth};
use crate::resolve::{bool_constant, int_constant};
use crate::unify::unify_element;
use hypersonic_abi::object::{Op, combine};
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Dtype, Flavor, ScalarOp, Type};
use hypersonic_syntax::ast::{BinaryOp, CompareOp};

/// Whether the truth of a value is whether it has items.
pub(crate) const fn is_container_truth(ty: &Type) -> bool {
    ty.is_object()
}

/// That truth.
pub(crate) fn truth_of_length(value: Expr) -> Expr {
    let span = value.span;
    let operands = vec![length(value, span), int_constant(0, span)];
    Expr { ty: Type::BOOL, kind: ExprKind::Map { op: ScalarOp::NotEqual, loop_dtype: Dtype::I64, operands }, span }
}

const fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::Text(_) | Type::Str)
}

impl Typer<'_, '_> {
    /// `left op right`, if it is an operation on objects.
    pub(crate) fn object_operator(&mut self, op: BinaryOp, left: &Expr, right: &Expr, span: Span) -> Option<Typed<Expr>> {
        let formats = op == BinaryOp::Modulo && is_text(&left.ty);
        let repeats = op == BinaryOp::Multiply && (is_text(&left.ty) || is_text(&right.ty));
        let text = formats || repeats || (is_text(&left.ty) && right.ty == Type::Str);
        if !(left.ty.is_object() || right.ty.is_object() || text) {
            return None;
        }
        if op == BinaryOp::Modulo && is_text(&left.ty) {
            return Some(self.percent_format(left, right, span));
        }
        if matches!(left.ty, Type::Array(..)) || matches!(right.ty, Type::Array(..)) {
            return Some(self.beside_array(left, right).and_then(|(left, right)| self.combine(op, left, right, span)));
        }
        let (left, right) = (super::as_string(left.clone()), super::as_string(right.clone()));
        let sides = if op == BinaryOp::Add { self.both_of_any_length(left, right) } else { Ok((left, right)) };
        Some(sides.and_then(|(left, right)| self.operate(op, left, right, span)))
    }

    /// A list beside an array becomes one.
    fn beside_array(&mut self, left: &Expr, right: &Expr) -> Typed<(Expr, Expr)> {
        let left = self.hold(left.clone());
        let right = self.hold(right.clone());
        let (left, right) = (self.list_as_array(left)?, self.list_as_array(right)?);
        for side in [&left, &right] {
            if side.ty.is_object() || is_text(&side.ty) {
                let label = format!("`{}`", side.ty);
                return Err(self.type_error("an array is combined with what is no number and no array", side.span, label));
            }
        }
        Ok((left, right))
    }

    fn operate(&mut self, op: BinaryOp, left: Expr, right: Expr, span: Span) -> Typed<Expr> {
        let set = |op| match op {
            BinaryOp::BitOr => Some(combine::UNION),
            BinaryOp::BitAnd => Some(combine::INTERSECTION),
            BinaryOp::Subtract => Some(combine::DIFFERENCE),
            BinaryOp::BitXor => Some(combine::SYMMETRIC_DIFFERENCE),
            _ => None,
        };
        match (op, &left.ty, &right.ty) {
            (BinaryOp::Add, Type::Str, Type::Str) => Ok(operation(Op::Concatenate, vec![left, right], Type::Str, span)),
            (BinaryOp::Add, Type::List(_), Type::List(_)) | (BinaryOp::Add, Type::Sequence(_), Type::Sequence(_)) => {
                let (left, right, ty) = self.alike(left, right)?;
                Ok(operation(Op::Concatenate, vec![left, right], ty, span))
            }
            (BinaryOp::Multiply, Type::Str | Type::List(_) | Type::Sequence(_), Type::Scalar(Dtype::I64 | Dtype::Bool, Flavor::Python)) => {
                let ty = left.ty.clone();
                let count = self.python_int(right, "the number of repetitions")?;
                Ok(operation(Op::Repeat, vec![left, count], ty, span))
            }
            (BinaryOp::Multiply, Type::Scalar(Dtype::I64 | Dtype::Bool, Flavor::Python), Type::Str | Type::List(_) | Type::Sequence(_)) => {
                let ty = right.ty.clone();
                // The count is evaluated first.
                let count = self.python_int(left, "the number of repetitions")?;
                let count = self.hold(count);
                Ok(operation(Op::Repeat, vec![right, count], ty, span))
            }
            (_, Type::Set(_), Type::Set(_)) if set(op).is_some() => {
                let (left, right, ty) = self.alike(left, right)?;
                Ok(operation(Op::Combine, vec![left, right, how(set(op).unwrap_or_default(), span)], ty, span))
            }
            (BinaryOp::BitOr, Type::Dict(..), Type::Dict(..)) => {
                let (left, right, ty) = self.alike(left, right)?;
                let right = self.hold(right);
                let copy = operation(Op::Copy, vec![left], ty, span);
                let copy = self.hold(copy);
                self.perform(Op::Merge, vec![copy.clone(), right], span);
                Ok(copy)
            }
            (_, a, b) => {
                let title = format!("the operator is not compiled for `{a}` and `{b}`");
                Err(self.unsupported(title, span, "here"))
            }
        }
    }

    /// Two containers as two of one type.
    fn alike(&mut self, left: Expr, right: Expr) -> Typed<(Expr, Expr, Type)> {
        let Some(ty) = unify_element(&left.ty, &right.ty) else {
            let title = format!("`{}` and `{}` do not make one container", left.ty, right.ty);
            return Err(self.unsupported(title, right.span, "compiled containers hold values of one type"));
        };
        let left = self.element(left, &ty, "a container")?;
        let right = self.element(right, &ty, "a container")?;
        Ok((left, right, ty))
    }

    /// `target op= value` where that changes an object in place; false if it does not.
    pub(crate) fn in_place(&mut self, op: BinaryOp, target: &Expr, value: &Expr, span: Span) -> Typed<bool> {
        let kind = match op {
            BinaryOp::BitOr => combine::UNION,
            BinaryOp::BitAnd => combine::INTERSECTION,
            BinaryOp::Subtract => combine::DIFFERENCE,
            BinaryOp::BitXor => combine::SYMMETRIC_DIFFERENCE,
            _ => u64::MAX,
        };
        match (op, &target.ty, &value.ty) {
            (BinaryOp::Multiply, Type::List(_), Type::Scalar(Dtype::I64, Flavor::Python)) => {
                self.perform(Op::RepeatInPlace, vec![target.clone(), value.clone()], span);
                Ok(true)
            }
            (_, Type::Set(_), Type::Set(_)) if kind != u64::MAX => {
                let (left, right, _) = self.alike(target.clone(), value.clone())?;
                self.perform(Op::Update, vec![left, right, how(kind, span)], span);
                Ok(true)
            }
            (BinaryOp::BitOr, Type::Dict(..), Type::Dict(..)) => {
                let (left, right, _) = self.alike(target.clone(), value.clone())?;
                self.perform(Op::Merge, vec![left, right], span);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// `left op right` for comparisons of objects.
    pub(crate) fn compare_objects(&mut self, op: CompareOp, left: &Expr, right: &Expr, span: Span) -> Option<Typed<Expr>> {
        let equality = matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        let strings = is_text(&left.ty) && is_text(&right.ty) && (left.ty == Type::Str || right.ty == Type::Str || !equality);
        if !(left.ty.is_object() || right.ty.is_object() || strings) {
            return None;
        }
        if equality && (left.ty == Type::None || right.ty == Type::None) {
            self.evaluate(left);
            self.evaluate(right);
            return Some(Ok(bool_constant(op == CompareOp::NotEqual, span)));
        }
        if matches!(left.ty, Type::Array(..)) || matches!(right.ty, Type::Array(..)) {
            return Some(self.beside_array(left, right).and_then(|(left, right)| self.compare_values(op, left, right, span)));
        }
        let (left, right) = (super::as_string(left.clone()), super::as_string(right.clone()));
        let (left, right) = match self.both_of_any_length(left, right) {
            Ok(sides) => sides,
            Err(reported) => return Some(Err(reported)),
        };
        if unify_element(&left.ty, &right.ty).is_none() {
            // Values of different types are not equal: a list is no tuple. Containers of ints and floats may be equal.
            let differs = !(same_kind(&left.ty, &right.ty) || (contains_arrays(&left.ty) || contains_arrays(&right.ty)));
            if equality && differs {
                self.evaluate(&left);
                self.evaluate(&right);
                return Some(Ok(bool_constant(op == CompareOp::NotEqual, span)));
            }
            let title = format!("`{}` and `{}` are not compared", left.ty, right.ty);
            return Some(Err(self.unsupported(title, span, "no compiled form")));
        }
        if contains_arrays(&left.ty) {
            return Some(Err(self.unsupported("containers of arrays are not compared", span, "the truth of an array is ambiguous")));
        }
        Some(self.compare_alike(op, left, right, span))
    }

    fn compare_alike(&mut self, op: CompareOp, left: Expr, right: Expr, span: Span) -> Typed<Expr> {
        if let (Some(a), Some(b), Some(scalar)) = (code_point(&left), code_point(&right), crate::compare::operation(op)) {
            return Ok(Expr { ty: Type::BOOL, kind: ExprKind::Map { op: scalar, loop_dtype: Dtype::I64, operands: vec![a, b] }, span });
        }
        let (left, right, ty) = self.alike(left, right)?;
        self.require_compared(&ty, span)?;
        let test = |kind, a: Expr, b: Expr| operation(Op::Test, vec![a, b, how(kind, span)], Type::BOOL, span);
        match (op, &ty) {
            (CompareOp::Equal, _) => Ok(operation(Op::Equal, vec![left, right], Type::BOOL, span)),
            (CompareOp::NotEqual, _) => Ok(negation(operation(Op::Equal, vec![left, right], Type::BOOL, span), span)),
            (CompareOp::LessEqual, Type::Set(_)) => Ok(test(combine::SUBSET, left, right)),
            (CompareOp::Less, Type::Set(_)) => Ok(test(combine::PROPER_SUBSET, left, right)),
            (CompareOp::GreaterEqual, Type::Set(_)) => {
                let left = self.hold(left);
                Ok(test(combine::SUBSET, right, left))
            }
            (CompareOp::Greater, Type::Set(_)) => {
                let left = self.hold(left);
                Ok(test(combine::PROPER_SUBSET, right, left))
            }
            (_, Type::Str | Type::List(_) | Type::Sequence(_)) if is_ordered(&ty) => {
                let order = operation(Op::Compare, vec![left, right], Type::INT, span);
                let scalar = match op {
                    CompareOp::Less => ScalarOp::Less,
                    CompareOp::LessEqual => ScalarOp::LessEqual,
                    CompareOp::Greater => ScalarOp::Greater,
                    _ => ScalarOp::GreaterEqual,
                };
                let operands = vec![order, int_constant(0, span)];
                Ok(Expr { ty: Type::BOOL, kind: ExprKind::Map { op: scalar, loop_dtype: Dtype::I64, operands }, span })
            }
            _ => Err(self.type_error(format!("`{ty}` has no order"), span, "compared here")),
        }
    }

    /// `left in right` for objects.
    pub(crate) fn member_of(&mut self, left: &Expr, right: &Expr, span: Span) -> Option<Typed<Expr>> {
        let strings = is_text(&right.ty) && left.ty == Type::Str;
        if !(right.ty.is_object() || strings) {
            return None;
        }
        let right = super::as_string(right.clone());
        Some(self.contains(left.clone(), right, span))
    }

    fn contains(&mut self, left: Expr, right: Expr, span: Span) -> Typed<Expr> {
        match &right.ty {
            Type::Str => {
                let left = super::as_string(left);
                if left.ty != Type::Str {
                    return Err(self.type_error("`in` of a string needs a string", left.span, format!("`{}`", left.ty)));
                }
                // The part is evaluated first.
                let left = self.hold(left);
                Ok(operation(Op::HasPart, vec![right, left], Type::BOOL, span))
            }
            Type::List(element) | Type::Sequence(element) | Type::Set(element) | Type::Dict(element, _) => {
                let element = element.as_ref().clone();
                self.require_compared(&element, span)?;
                if contains_arrays(&element) {
                    return Err(self.unsupported("arrays are not looked for in containers", span, "the truth of an array is ambiguous"));
                }
                let left = self.hold(left);
                let value = self.sought(left, &element, "a container")?;
                Ok(operation(Op::Contains, vec![right, value], Type::BOOL, span))
            }
            _ => Ok(truth(left)),
        }
    }
}

/// The code point of one character, where that needs no string: characters compare as their code points do.
pub(super) fn code_point(text: &Expr) -> Option<Expr> {
    match &text.kind {
        ExprKind::Object(Op::Character, operands) => Some(operation(Op::CodePoint, operands.clone(), Type::INT, text.span)),
        ExprKind::Object(Op::Text, literal) => {
            let Some(Type::Text(literal)) = literal.first().map(|literal| &literal.ty) else { return None };
            let mut characters = literal.chars();
            match (characters.next(), characters.next()) {
                (Some(only), None) => Some(int_constant(i64::from(u32::from(only)), text.span)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn contains_arrays(ty: &Type) -> bool {
    ty.any(|part| matches!(part, Type::Array(..)))
}

/// Whether both are lists, sets, ...: then their elements decide whether they are equal.
const fn same_kind(a: &Type, b: &Type) -> bool {
    matches!(
        (a, b),
        (Type::List(_), Type::List(_))
            | (Type::Sequence(_), Type::Sequence(_))
            | (Type::Set(_), Type::Set(_))
            | (Type::Dict(..), Type::Dict(..))
            | (Type::Str, Type::Str)
    )
}

/// Whether values of that type have an order.
pub(crate) fn is_ordered(ty: &Type) -> bool {
    !ty.any(|part| match part {
        Type::Scalar(dtype, _) => matches!(dtype, Dtype::C64 | Dtype::C128),
        Type::Array(..) | Type::Set(_) | Type::Dict(..) | Type::None => true,
        Type::Named(class, _) => !crate::records::is_ordered(class),
        _ => false,
    })
}
