//! `object[index]`: read, assigned, deleted, combined in place.

use super::{Writer, operation};
use crate::expression::tuple;
use crate::function::{Reported, Typed, Typer};
use crate::ir::Expr;
use crate::resolve::int_constant;
use crate::unify::unify_element;
use hypersonic_abi::object::{Op, replay, slice};
use hypersonic_diagnostics::Span;
use hypersonic_ops::Type;
use hypersonic_syntax::ast::{self, BinaryOp};

type Bounds = [Option<Expr>; 3];

impl Typer<'_, '_> {
    /// `object[index]`.
    pub(crate) fn object_subscript(&mut self, object: Expr, index: &ast::Expr, span: Span) -> Typed<Expr> {
        let object = super::as_string(object);
        if let ast::ExprKind::Slice(lower, upper, step) = &index.kind {
            let object = self.hold(object);
            let bounds = self.bounds(lower.as_deref(), upper.as_deref(), step.as_deref())?;
            let ty = object.ty.clone();
            let op = match ty {
                Type::Str => Op::Substring,
                Type::List(_) | Type::Sequence(_) => Op::Slice,
                _ => return Err(self.type_error(format!("`{ty}` cannot be sliced"), span, "sliced here")),
            };
            let operands = slice_operands(object, bounds, span);
            return Ok(operation(op, operands, ty, span));
        }
        let mark = self.block.len();
        let index = self.entity(index)?;
        let mut object = object;
        self.keep_order(&mut object, mark);
        self.item_of(object, index, span)
    }

    fn item_of(&mut self, object: Expr, index: Expr, span: Span) -> Typed<Expr> {
        match object.ty.clone() {
            Type::List(element) | Type::Sequence(element) => {
                let what = if matches!(object.ty, Type::List(_)) { "the index of a list" } else { "the index of a tuple" };
                let index = self.python_int(index, what)?;
                if self.is_unknown(&element) {
                    return Err(Reported);
                }
                Ok(operation(Op::GetItem, vec![object, index], *element, span))
            }
            Type::Str => {
                let index = self.python_int(index, "the index of a string")?;
                Ok(operation(Op::Character, vec![object, index], Type::Str, span))
            }
            Type::Dict(key, value) => {
                let index = self.sought(index, &key, "a dict with keys")?;
                if self.is_unknown(&value) {
                    return Err(Reported);
                }
                Ok(operation(Op::Get, vec![object, index], *value, span))
            }
            other => Err(self.type_error(format!("`{other}` cannot be subscripted"), span, "here")),
        }
    }

    /// `object[index] = value`; the value is evaluated.
    pub(crate) fn set_object_item(&mut self, object: Expr, index: &ast::Expr, value: Expr, span: Span) -> Typed<()> {
        let object = self.hold(object);
        if let (ast::ExprKind::Slice(lower, upper, step), Type::List(_)) = (&index.kind, &object.ty) {
            let bounds = self.bounds(lower.as_deref(), upper.as_deref(), step.as_deref())?;
            return self.set_slice(object, bounds, value, span);
        }
        let index = self.entity(index)?;
        self.store_item(object, index, value, span)
    }

    fn store_item(&mut self, object: Expr, index: Expr, value: Expr, span: Span) -> Typed<()> {
        match object.ty.clone() {
            Type::List(element) => {
                let index = self.python_int(index, "the index of a list")?;
                let value = self.element(value, &element, "a list")?;
                self.perform(Op::SetItem, vec![object, index, value], span);
                Ok(())
            }
            Type::Dict(key, item) => {
                self.require_hashable(&index.ty, span)?;
                let index = self.element(index, &key, "a dict with keys")?;
                let value = self.element(value, &item, "a dict with values")?;
                self.perform(Op::Set, vec![object, index, value], span);
                Ok(())
            }
            other => Err(self.type_error(format!("items of `{other}` cannot be assigned"), span, "assigned here")),
        }
    }

    fn set_slice(&mut self, list: Expr, bounds: Bounds, value: Expr, span: Span) -> Typed<()> {
        let ty = list.ty.clone();
        let value = if matches!(&value.ty, Type::List(_)) && unify_element(&value.ty, &ty).is_some() {
            self.element(value, &ty, "a list")?
        } else {
            let name = self.named("values", value);
            let made = self.list_of(&Writer { span }.name(&name), span)?;
            self.element(made, &ty, "a list")?
        };
        let mut operands = slice_operands(list, bounds, span);
        operands.push(value);
        self.discard(operation(Op::SetSlice, operands, Type::INT, span), span);
        Ok(())
    }

    /// `del object[index]`.
    pub(crate) fn delete_item(&mut self, object: &ast::Expr, index: &ast::Expr, span: Span) -> Typed<()> {
        let object = self.expression(object)?;
        let object = self.hold(object);
        let index = &self.spelt_index(index)?;
        if let (ast::ExprKind::Slice(lower, upper, step), Type::List(_)) = (&index.kind, &object.ty) {
            let bounds = self.bounds(lower.as_deref(), upper.as_deref(), step.as_deref())?;
            let operands = slice_operands(object, bounds, span);
            self.perform(Op::DeleteSlice, operands, span);
            return Ok(());
        }
        let index = self.entity(index)?;
        match object.ty.clone() {
            Type::List(_) => {
                let index = self.python_int(index, "the index of a list")?;
                self.perform(Op::DeleteItem, vec![object, index], span);
                Ok(())
            }
            Type::Dict(key, _) => {
                let index = self.sought(index, &key, "a dict with keys")?;
                self.perform(Op::Delete, vec![object, index], span);
                Ok(())
            }
            other => Err(self.type_error(format!("items of `{other}` cannot be deleted"), span, "deleted here")),
        }
    }

    /// `object[index] op= value`.
    pub(crate) fn augmented_object_item(
        &mut self,
        object: Expr,
        index: &ast::Expr,
        op: BinaryOp,
        value: &ast::Expr,
        span: Span,
    ) -> Typed<()> {
        let object = self.hold(object);
        let index = self.entity(index)?;
        let index = self.hold(index);
        let current = self.item_of(object.clone(), index.clone(), span)?;
        let current = self.hold(current);
        if matches!(current.ty, Type::List(_)) && op == BinaryOp::Add {
            self.extend(current.clone(), value, span)?;
            return self.store_item(object, index, current, span);
        }
        let value = self.entity(value)?;
        if matches!(current.ty, Type::Array(..)) {
            self.update(current.clone(), Vec::new(), op, value, span)?;
            return self.store_item(object, index, current, span);
        }
        if self.in_place(op, &current, &value, span)? {
            return self.store_item(object, index, current, span);
        }
        let result = self.combine(op, current, value, span)?;
        self.store_item(object, index, result, span)
    }

    /// `first, second = list`: as many items as there are names, or ValueError. One name may be starred.
    pub(crate) fn unpack_list(&mut self, targets: &[ast::Expr], list: Expr, span: Span) -> Typed<()> {
        let write = Writer { span };
        // What is left of a string or tuple is a list.
        let list = match list.ty.clone() {
            Type::Str => operation(Op::ToList, vec![list], Type::list(Type::Str), span),
            Type::Sequence(element) => operation(Op::ToList, vec![list], Type::List(element), span),
            _ => list,
        };
        let name = self.named("unpacked", list);
        let starred = targets.iter().position(|target| matches!(target.kind, ast::ExprKind::Starred(_)));
        let count = i64::try_from(targets.len()).unwrap_or(i64::MAX);
        let fixed = count - i64::from(starred.is_some());
        let size = write.call(write.builtin("len"), vec![write.name(&name)]);
        let (op, message) = match starred {
            Some(_) => (ast::CompareOp::Less, replay::UNPACK_STARRED),
            None => (ast::CompareOp::NotEqual, replay::UNPACK),
        };
        let numbers = vec![self.expression(&size)?, int_constant(fixed, span)];
        self.raise_as_python(&write.compare(op, size, write.int(fixed)), "ValueError", message, numbers, span)?;
        let mut result = Ok(());
        for (n, target) in (0..count).zip(targets) {
            let (target, item) = match (&target.kind, starred.map(|at| i64::try_from(at).unwrap_or(i64::MAX))) {
                (ast::ExprKind::Starred(inner), Some(at)) => {
                    let end = n + 1 - count;
                    let upper = (end < 0).then(|| Box::new(write.int(end)));
                    let index = ast::ExprKind::Slice(Some(Box::new(write.int(at))), upper, None);
                    (inner.as_ref(), write.item(write.name(&name), write.expr(index)))
                }
                (_, Some(at)) if n > at => (target, write.item(write.name(&name), write.int(n - count))),
                _ => (target, write.item(write.name(&name), write.int(n))),
            };
            let item = self.entity(&item)?;
            if let Err(reported) = self.assign(target, item) {
                self.poison(std::slice::from_ref(target));
                result = Err(reported);
            }
        }
        result
    }

    /// `first, *rest = tuple`: the rest is a list.
    pub(crate) fn unpack_starred(&mut self, targets: &[ast::Expr], value: Expr, span: Span) -> Typed<()> {
        if value.ty.is_object() {
            return self.unpack_list(targets, value, span);
        }
        let Ok(items) = self.tuple_items(value) else {
            return Err(self.unsupported("`*` in an assignment needs a tuple or a list", span, "takes the rest"));
        };
        let items: Vec<Expr> = items.into_iter().map(|item| self.hold(item)).collect();
        let at = targets.iter().position(|target| matches!(target.kind, ast::ExprKind::Starred(_))).unwrap_or(0);
        let after = targets.len() - at - 1;
        if items.len() + 1 < targets.len() {
            return Err(self.type_error("not enough values to unpack", span, format!("{} values", items.len())));
        }
        let rest = items[at..items.len() - after].to_vec();
        let rest = self.list_of_values(rest, span)?;
        let mut values = items[..at].to_vec();
        values.push(rest);
        values.extend_from_slice(&items[items.len() - after..]);
        let plain: Vec<ast::Expr> = targets
            .iter()
            .map(|target| match &target.kind {
                ast::ExprKind::Starred(inner) => inner.as_ref().clone(),
                _ => target.clone(),
            })
            .collect();
        self.unpack(&plain, tuple(values, span), span)
    }
}

/// The operands of an operation on a slice: the object, which bounds are given, and the bounds.
fn slice_operands(object: Expr, bounds: Bounds, span: Span) -> Vec<Expr> {
    let mut bits = 0;
    let mut values = Vec::new();
    for (bound, bit) in bounds.into_iter().zip([slice::START, slice::STOP, slice::STEP]) {
        if bound.is_some() {
            bits |= bit;
        }
        values.push(bound.unwrap_or_else(|| int_constant(0, span)));
    }
    let mut operands = vec![object, int_constant(bits.cast_signed(), span)];
    operands.extend(values);
    operands
}
