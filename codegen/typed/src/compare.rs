//! Comparisons: chains, identity, membership, and what types alone decide.

use crate::expression::present;
use crate::fold;
use crate::function::{Typed, Typer, is_unit};
use crate::ir::{Constant, Expr, ExprKind, StmtKind, VariableId};
use crate::library::{self, Operator};
use crate::logic::{constant_bool, negation, truth};
use crate::objects::Filled;
use crate::resolve::bool_constant;
use crate::unify::{coerce, unify};
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp, Special, Type};
use hypersonic_syntax::ast::{self, CompareOp};

impl Typer<'_, '_> {
    /// `first op a op b ...`: every operand is evaluated once, and only as far as the outcome needs it.
    pub(crate) fn compare(&mut self, first: &ast::Expr, rest: &[(CompareOp, ast::Expr)], span: Span) -> Typed<Expr> {
        let mut left = self.value(first)?;
        if let [(op @ (CompareOp::In | CompareOp::NotIn), right)] = rest
            && let Some(found) = self.in_range(&left, right, span)
        {
            let found = found?;
            return Ok(if *op == CompareOp::In { found } else { negation(found, span) });
        }
        let mut joined: Option<Expr> = None;
        for (position, (op, right)) in rest.iter().enumerate() {
            let last = position + 1 == rest.len();
            let (block, pair) = self.in_choice(position > 0, right.span, |typer| {
                let mut operand = left.clone();
                // What is only searched needs no list.
                let mut right = match (op, &right.kind) {
                    (CompareOp::In | CompareOp::NotIn, ast::ExprKind::Set(items)) => {
                        typer.set_filled(items, Filled::OneByOne, right.span)?
                    }
                    (CompareOp::In | CompareOp::NotIn, _) => typer.sequence_of(right)?,
                    _ => typer.value(right)?,
                };
                typer.keep_order(&mut operand, 0);
                if !last {
                    let mark = typer.block.len();
                    right = typer.hold(right);
                    typer.keep_order(&mut operand, mark);
                }
                let result = typer.compare_pair(*op, operand, right.clone(), span)?;
                Ok((result, right))
            });
            let (result, right) = pair?;
            left = right;
            joined = Some(match joined {
                None => {
                    self.block.extend(block);
                    result
                }
                Some(before) => self.chain(before, block, result, span)?,
            });
        }
        joined.ok_or(crate::function::Reported)
    }

    /// `before and (block; result)`.
    fn chain(&mut self, before: Expr, block: crate::ir::Block, result: Expr, span: Span) -> Typed<Expr> {
        if constant_bool(&before) == Some(false) {
            return Ok(before);
        }
        let (Type::Scalar(..), Type::Scalar(..), Some(ty)) = (&before.ty, &result.ty, unify(&before.ty, &result.ty)) else {
            return Err(self.type_error("a chain of comparisons needs scalars", span, "compares arrays; write `(a < b) & (b < c)`"));
        };
        if constant_bool(&before) == Some(true) {
            self.block.extend(block);
            return Ok(result);
        }
        let (before, result) = (coerce(before, &ty), coerce(result, &ty));
        if block.is_empty() {
            return Ok(Expr { ty, kind: ExprKind::And(Box::new(before), Box::new(result)), span });
        }
        let name = self.fresh_name("");
        let variable = self.variable(&name, &ty);
        self.push(StmtKind::Assign(variable, before), span);
        let test = truth(self.read(variable, span));
        let mut then = block;
        then.push(crate::ir::Stmt { span, kind: StmtKind::Assign(variable, result) });
        self.push(StmtKind::If { test, then, otherwise: Vec::new() }, span);
        Ok(self.read(variable, span))
    }

    fn compare_pair(&mut self, op: CompareOp, left: Expr, right: Expr, span: Span) -> Typed<Expr> {
        match op {
            CompareOp::Is => self.identity(&left, &right, span),
            CompareOp::IsNot => self.identity(&left, &right, span).map(|test| negation(test, span)),
            CompareOp::In => self.membership(left, right, span),
            CompareOp::NotIn => self.membership(left, right, span).map(|test| negation(test, span)),
            _ => self.compare_values(op, left, right, span),
        }
    }

    fn identity(&mut self, left: &Expr, right: &Expr, span: Span) -> Typed<Expr> {
        if let (Type::Optional(_), Type::None) | (Type::None, Type::Optional(_)) = (&left.ty, &right.ty) {
            let asked = if left.ty == Type::None { right } else { left };
            return Ok(Expr { ty: Type::BOOL, kind: ExprKind::IsNone(Box::new(asked.clone())), span });
        }
        if let Some(result) = self.record_identity(left, right, span) {
            return result;
        }
        let answer = match (&left.ty, &right.ty) {
            (Type::None, other) | (other, Type::None) => Some(*other == Type::None),
            (a, b) if has_identity(a) && has_identity(b) => {
                if unify(a, b).is_none() {
                    Some(false)
                } else {
                    let operands = vec![left.clone(), right.clone()];
                    return Ok(crate::objects::operation(Op::Same, operands, Type::BOOL, span));
                }
            }
            (Type::DtypeValue(a, _), Type::DtypeValue(b, _)) => Some(a == b),
            (Type::Text(a), Type::Text(b)) => Some(a == b),
            (a, b) if a.as_module().is_some() || b.as_module().is_some() => same_class(a, b),
            (a, b) if *a == Type::BOOL && *b == Type::BOOL => {
                let kind = ExprKind::Map { op: ScalarOp::Equal, loop_dtype: Dtype::Bool, operands: vec![left.clone(), right.clone()] };
                let known = fold::compare(CompareOp::Equal, left, right);
                return Ok(known.map_or(Expr { ty: Type::BOOL, kind, span }, |known| bool_constant(known, span)));
            }
            (a, b) if (*a == Type::BOOL) != (*b == Type::BOOL) => Some(false),
            _ => None,
        };
        match answer {
            Some(answer) => {
                self.evaluate(left);
                self.evaluate(right);
                Ok(bool_constant(answer, span))
            }
            None => {
                let label = format!("`{}` and `{}`", left.ty, right.ty);
                Err(self.unsupported("`is` is compiled for `None`, bools, strings and dtypes only", span, label))
            }
        }
    }

    fn membership(&mut self, left: Expr, right: Expr, span: Span) -> Typed<Expr> {
        if let (Type::Text(part), Type::Text(whole)) = (&left.ty, &right.ty) {
            return Ok(bool_constant(whole.contains(part.as_str()), span));
        }
        if let Some(result) = self.has_option(&left, &right, span) {
            return result;
        }
        if let Some(result) = self.flags_within(&left, &right, span) {
            return result;
        }
        let right = crate::records::transparent(right);
        if let Some(result) = self.member_of(&left, &right, span) {
            return result;
        }
        let left = self.hold(left);
        let items = match self.tuple_items(right) {
            Ok(items) => items,
            Err(right) => {
                return Err(self.unsupported("`in` needs a tuple of known length", span, format!("searched in `{}`", right.ty)));
            }
        };
        // All items are evaluated, whichever is found.
        let items = self.settle(items);
        let mut joined = bool_constant(false, span);
        for item in items {
            let before = negation(joined.clone(), span);
            let test = self.same_item(left.clone(), item, before, span)?;
            joined = match (constant_bool(&joined), constant_bool(&test)) {
                (Some(true), _) | (_, Some(false)) => joined,
                (Some(false), _) => test,
                (_, Some(true)) => test,
                (None, None) => Expr { ty: Type::BOOL, kind: ExprKind::Or(Box::new(joined), Box::new(test)), span },
            };
        }
        Ok(joined)
    }

    pub(crate) fn compare_values(&mut self, op: CompareOp, left: Expr, right: Expr, span: Span) -> Typed<Expr> {
        let (left, right) = match self.record_compare(op, left, right, span)? {
            Ok(result) => return Ok(result),
            Err(operands) => operands,
        };
        if let Some(known) = fold::compare(op, &left, &right) {
            return Ok(bool_constant(known, span));
        }
        if matches!(left.ty, Type::Optional(_)) || matches!(right.ty, Type::Optional(_)) {
            return self.compare_optional(op, left, right, span);
        }
        if let Some(result) = self.compare_objects(op, &left, &right, span) {
            return result;
        }
        if let Some(equal) = equality_by_type(&left.ty, &right.ty)
            && matches!(op, CompareOp::Equal | CompareOp::NotEqual)
        {
            self.evaluate(&left);
            self.evaluate(&right);
            return Ok(bool_constant(equal == (op == CompareOp::Equal), span));
        }
        if let (Type::Tuple(a), Type::Tuple(b)) = (&left.ty, &right.ty)
            && matches!(op, CompareOp::Equal | CompareOp::NotEqual)
        {
            if a.len() != b.len() {
                self.evaluate(&left);
                self.evaluate(&right);
                return Ok(bool_constant(op == CompareOp::NotEqual, span));
            }
            let equal = self.compare_tuples(left, right, bool_constant(true, span), span)?;
            return Ok(if op == CompareOp::Equal { equal } else { negation(equal, span) });
        }
        if let (Type::Tuple(_), Type::Tuple(_), Some(_)) = (&left.ty, &right.ty, operation(op)) {
            return self.order_tuples(op, left, right, span);
        }
        let Some(operation) = operation(op) else {
            return Err(self.unsupported("the comparison is not compiled", span, "here"));
        };
        let result = library::binary(self, Operator::Scalar(operation), left, right, span);
        self.accept(result)
    }

    /// A comparison with what may be `None`, which equals nothing else and has no order.
    fn compare_optional(&mut self, op: CompareOp, left: Expr, right: Expr, span: Span) -> Typed<Expr> {
        if !matches!(op, CompareOp::Equal | CompareOp::NotEqual) {
            return self.compare_values(op, present(left), present(right), span);
        }
        let left = self.hold(left);
        let right = self.hold(right);
        let none = |side: &Expr| match side.ty {
            Type::Optional(_) => Some(Expr { ty: Type::BOOL, kind: ExprKind::IsNone(Box::new(side.clone())), span }),
            _ => (side.ty == Type::None).then(|| bool_constant(true, span)),
        };
        let differs = op == CompareOp::NotEqual;
        let (first, second) = (none(&left), none(&right));
        if left.ty == Type::None || right.ty == Type::None {
            let both = first.filter(|_| right.ty == Type::None).or(second).unwrap_or_else(|| bool_constant(false, span));
            return Ok(if differs { negation(both, span) } else { both });
        }
        if let (Some(_), Some(_)) = (&first, &second) {
            return Err(self.unsupported("two values that may both be `None` are not compared", span, "no compiled form"));
        }
        let test = first.or(second).unwrap_or_else(|| bool_constant(false, span));
        let (block, compared) = self.in_block(|typer| typer.compare_values(op, present(left), present(right), span));
        let compared = truth(compared?);
        if block.is_empty() {
            let (then, otherwise) = (Box::new(bool_constant(differs, span)), Box::new(compared));
            return Ok(Expr { ty: Type::BOOL, kind: ExprKind::Conditional { test: Box::new(test), then, otherwise }, span });
        }
        Err(self.unsupported("this comparison with what may be `None` is not compiled", span, "ask with `is None` before"))
    }

    /// `<` and its kin on tuples: the first items that differ decide, else the lengths.
    fn order_tuples(&mut self, op: CompareOp, left: Expr, right: Expr, span: Span) -> Typed<Expr> {
        let left = self.tuple_items(left).unwrap_or_default();
        let left: Vec<Expr> = left.into_iter().map(|item| self.hold(item)).collect();
        let right = self.tuple_items(right).unwrap_or_default();
        let right: Vec<Expr> = right.into_iter().map(|item| self.hold(item)).collect();
        let (a, b) = (left.len(), right.len());
        let mut decided = bool_constant(
            match op {
                CompareOp::Less => a < b,
                CompareOp::LessEqual => a <= b,
                CompareOp::Greater => a > b,
                _ => a >= b,
            },
            span,
        );
        let pairs: Vec<(Expr, Expr)> = left.into_iter().zip(right).collect();
        let (mut before, mut same) = (bool_constant(true, span), Vec::new());
        for (x, y) in &pairs {
            let test = self.same_item(x.clone(), y.clone(), before.clone(), span)?;
            let test = self.hold(test);
            before = Expr { ty: Type::BOOL, kind: ExprKind::And(Box::new(before), Box::new(test.clone())), span };
            same.push(test);
        }
        for ((x, y), same) in pairs.into_iter().zip(same).rev() {
            let (block, here) = self.in_block(|typer| typer.compare_values(op, x, y, span));
            let here = truth(here?);
            if !block.is_empty() {
                return Err(self.unsupported("the order of these tuples is not compiled", span, "compare their items"));
            }
            let kind = ExprKind::Conditional { test: Box::new(same), then: Box::new(decided), otherwise: Box::new(here) };
            decided = Expr { ty: Type::BOOL, kind, span };
        }
        Ok(decided)
    }

    /// `left == right` of two tuples of one length, asked if `before` holds.
    fn compare_tuples(&mut self, left: Expr, right: Expr, before: Expr, span: Span) -> Typed<Expr> {
        let mut left = self.tuple_items(left).unwrap_or_default();
        let mark = self.block.len();
        let right = self.tuple_items(right).unwrap_or_default();
        self.keep_all_in_order(&mut left, mark);
        // All items are evaluated, whichever decides.
        let (left, right) = (self.settle(left), self.settle(right));
        let mut joined = bool_constant(true, span);
        for (a, b) in left.into_iter().zip(right) {
            let asked = Expr { ty: Type::BOOL, kind: ExprKind::And(Box::new(before.clone()), Box::new(joined.clone())), span };
            let test = self.same_item(a, b, asked, span)?;
            joined = match (constant_bool(&joined), constant_bool(&test)) {
                (Some(false), _) | (_, Some(true)) => joined,
                (Some(true), _) | (_, Some(false)) => test,
                (None, None) => Expr { ty: Type::BOOL, kind: ExprKind::And(Box::new(joined), Box::new(test)), span },
            };
        }
        Ok(joined)
    }
}

impl Typer<'_, '_> {
    /// Whether two items of tuples count as the same, asked if `before` holds. Python asks first whether they are one object: for two NaN
    /// that decides, and unless both are what one variable holds, only Python knows it.
    fn same_item(&mut self, a: Expr, b: Expr, before: Expr, span: Span) -> Typed<Expr> {
        if let (Type::Tuple(left), Type::Tuple(right)) = (&a.ty, &b.ty)
            && left.len() == right.len()
        {
            return self.compare_tuples(a, b, before, span);
        }
        let inexact = |ty: &Type| matches!(ty, Type::Scalar(dtype, _) if dtype.kind() >= Kind::Float);
        if !inexact(&a.ty) || !inexact(&b.ty) {
            return Ok(truth(self.compare_values(CompareOp::Equal, a, b, span)?));
        }
        if is_one_place(&a, &b) {
            return Ok(bool_constant(true, span));
        }
        let apart = self.is_new(&a) || self.is_new(&b);
        let (a, b) = (self.hold(a), self.hold(b));
        let mut test = before;
        for value in [&a, &b] {
            let Type::Scalar(dtype, _) = value.ty else { continue };
            let kind = ExprKind::Map { op: ScalarOp::NotEqual, loop_dtype: dtype, operands: vec![value.clone(), value.clone()] };
            let nan = Expr { ty: Type::BOOL, kind, span };
            test = Expr { ty: Type::BOOL, kind: ExprKind::And(Box::new(test), Box::new(nan)), span };
        }
        let never = [&a, &b].into_iter().any(|value| matches!(value.kind, ExprKind::Constant(Constant::Float(value)) if !value.is_nan()));
        if !never && !apart {
            let answer = self.python_answers_stmt("whether two NaN are one object", true, span);
            self.push(StmtKind::If { test, then: vec![answer], otherwise: Vec::new() }, span);
        }
        Ok(truth(self.compare_values(CompareOp::Equal, a, b, span)?))
    }

    /// Whether Python makes a new object for this value: a result of arithmetic, an element of an array.
    fn is_new(&self, value: &Expr) -> bool {
        use ScalarOp::{Add, Divide, FloorDivide, Multiply, Negative, Power, Remainder, Subtract};
        match &value.kind {
            ExprKind::Map { op, .. } => matches!(op, Add | Divide | FloorDivide | Multiply | Negative | Power | Remainder | Subtract),
            ExprKind::Index(..) => true,
            ExprKind::Variable(variable) => self.just_held(*variable).is_some_and(|held| self.is_new(held)),
            ExprKind::TupleItem(whole, n) => match &whole.kind {
                ExprKind::Variable(variable) => self.just_held(*variable).is_some_and(|held| match &held.kind {
                    ExprKind::Tuple(items) => items.get(*n).is_some_and(|item| self.is_new(item)),
                    _ => false,
                }),
                _ => false,
            },
            _ => false,
        }
    }

    /// What a variable of the compiler's own, which is set once, was set to a few statements ago.
    fn just_held(&self, variable: VariableId) -> Option<&Expr> {
        self.variables[variable.0 as usize].name.starts_with('.').then_some(())?;
        self.block.iter().rev().take(32).find_map(|stmt| match &stmt.kind {
            StmtKind::Assign(target, value) if *target == variable => Some(value),
            _ => None,
        })
    }
}

/// Whether two values are what one variable holds, or one part of it.
fn is_one_place(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Variable(a), ExprKind::Variable(b)) => a == b,
        (ExprKind::TupleItem(a, n), ExprKind::TupleItem(b, m)) => n == m && is_one_place(a, b),
        _ => false,
    }
}

/// Whether a class or module that is an argument is the other one; none if that is no class, function or module.
fn same_class(a: &Type, b: &Type) -> Option<bool> {
    match (a.full_name(), b.full_name()) {
        (Some(a), Some(b)) => Some(a == b),
        _ if is_unit(a) && is_unit(b) => Some(false),
        _ => None,
    }
}

/// Whether values of these types are equal, where the types alone say so.
fn equality_by_type(a: &Type, b: &Type) -> Option<bool> {
    match (a, b) {
        (Type::DtypeValue(a, _), Type::DtypeValue(b, _)) => Some(a == b),
        (Type::DtypeValue(dtype, _), Type::Text(name)) | (Type::Text(name), Type::DtypeValue(dtype, _)) => {
            let named = match name.as_str() {
                "float" => Some(Dtype::F64),
                "int" => Some(Dtype::I64),
                "complex" => Some(Dtype::C128),
                _ => Dtype::from_name(name),
            };
            named.map(|named| named == *dtype)
        }
        (a, b) if a.as_module().is_some() || b.as_module().is_some() => same_class(a, b),
        (a, b) if is_unit(a) && is_unit(b) => Some(a == b),
        (unit, Type::Scalar(..) | Type::Tuple(_)) | (Type::Scalar(..) | Type::Tuple(_), unit) if is_unit(unit) => Some(false),
        (Type::Scalar(_, Flavor::Python), Type::Tuple(_)) | (Type::Tuple(_), Type::Scalar(_, Flavor::Python)) => Some(false),
        _ => None,
    }
}

pub(crate) const fn operation(op: CompareOp) -> Option<ScalarOp> {
    Some(match op {
        CompareOp::Equal => ScalarOp::Equal,
        CompareOp::NotEqual => ScalarOp::NotEqual,
        CompareOp::Less => ScalarOp::Less,
        CompareOp::LessEqual => ScalarOp::LessEqual,
        CompareOp::Greater => ScalarOp::Greater,
        CompareOp::GreaterEqual => ScalarOp::GreaterEqual,
        CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn => return None,
    })
}

/// Whether values are objects that can be told apart from equal ones: those that change.
fn has_identity(ty: &Type) -> bool {
    match ty {
        Type::List(_) | Type::Set(_) | Type::Dict(..) => true,
        Type::Special(special, _) => !matches!(special, Special::FrozenSet | Special::Bytes),
        _ => false,
    }
}
