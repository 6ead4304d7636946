//! Conditions and choices: `and`, `or`, `not`, conditional expressions, the truth of values.
//!
//! What only one outcome evaluates is typed in a block of its own; if that block has statements, the choice becomes an `if`.

use crate::effects::is_harmless;
use crate::function::{Reported, Typed, Typer, is_unit};
use crate::ir::{Block, Constant, Expr, ExprKind, Stmt, StmtKind, VariableId};
use crate::resolve::bool_constant;
use crate::unify::{coerce, is_pure, unify};
use hypersonic_diagnostics::{Diagnostic, Id, Label, Span};
use hypersonic_ops::{Dtype, ScalarOp, Type};
use hypersonic_syntax::ast::{self, BoolOp, UnaryOp};

impl Typer<'_, '_> {
    /// Types a condition: a Python bool, constant if it is known.
    pub(crate) fn test(&mut self, expr: &ast::Expr) -> Typed<Expr> {
        self.nested(expr.span, |typer| match &expr.kind {
            ast::ExprKind::Logic(op, items) => typer.logic_test(*op, items, expr.span),
            ast::ExprKind::Unary(UnaryOp::Not, operand) => {
                let test = typer.test(operand)?;
                Ok(negation(test, expr.span))
            }
            _ => {
                let value = typer.value(expr)?;
                let value = if matches!(value.ty, Type::Optional(_)) { typer.hold(value) } else { value };
                if crate::unify::is_tuple(&value.ty) {
                    // Its length is its truth.
                    typer.evaluate(&value);
                }
                Ok(truth(value))
            }
        })
    }

    fn logic_test(&mut self, op: BoolOp, items: &[ast::Expr], span: Span) -> Typed<Expr> {
        let decisive = op == BoolOp::Or;
        let mut joined: Option<Expr> = None;
        for (n, item) in items.iter().enumerate() {
            let (block, test) =
                self.in_choice(joined.is_some(), item.span, |typer| typer.assuming(&items[..n], !decisive, |typer| typer.test(item)));
            let test = test?;
            match (joined.take(), constant_bool(&test)) {
                (None, Some(value)) => {
                    // What comes first is always evaluated.
                    self.block.extend(block);
                    if value == decisive {
                        return Ok(test);
                    }
                }
                (None, _) => {
                    self.block.extend(block);
                    joined = Some(test);
                }
                (Some(before), Some(value)) if block.is_empty() && value != decisive => joined = Some(before),
                (Some(before), Some(_)) if block.is_empty() && is_harmless(&before) => return Ok(test),
                (Some(before), _) => joined = Some(self.short_circuit(op, before, block, test, span)),
            }
        }
        Ok(joined.unwrap_or_else(|| bool_constant(!decisive, span)))
    }

    /// `before op after` on values of one type, where `block` runs only if `after` is evaluated.
    pub(crate) fn short_circuit(&mut self, op: BoolOp, before: Expr, block: Block, after: Expr, span: Span) -> Expr {
        let ty = before.ty.clone();
        if block.is_empty() && matches!(ty, Type::Scalar(..)) {
            let (before, after) = (Box::new(before), Box::new(after));
            let kind = if op == BoolOp::And { ExprKind::And(before, after) } else { ExprKind::Or(before, after) };
            return Expr { ty, kind, span };
        }
        let name = self.fresh_name("");
        let variable = self.variable(&name, &ty);
        self.push(StmtKind::Assign(variable, before), span);
        let test = truth(Expr { ty: ty.clone(), kind: ExprKind::Variable(variable), span });
        let mut run = block;
        run.push(Stmt { span, kind: StmtKind::Assign(variable, after) });
        let (then, otherwise) = if op == BoolOp::And { (run, Vec::new()) } else { (Vec::new(), run) };
        self.push(StmtKind::If { test, then, otherwise }, span);
        self.read(variable, span)
    }

    /// `a and b`, `a or b` as values.
    pub(crate) fn logic(&mut self, op: BoolOp, items: &[ast::Expr], span: Span) -> Typed<Expr> {
        let decisive = op == BoolOp::Or;
        let mut joined: Option<Expr> = None;
        for (n, item) in items.iter().enumerate() {
            let (block, value) =
                self.in_choice(joined.is_some(), item.span, |typer| typer.assuming(&items[..n], !decisive, |typer| typer.value(item)));
            let value = match value {
                // As in a conditional expression.
                Err(Reported) if self.unknown_calls && joined.is_some() => break,
                value => value?,
            };
            let Some(before) = joined.take() else {
                self.block.extend(block);
                joined = Some(value);
                continue;
            };
            match constant_bool(&truth(before.clone())) {
                Some(known) if known == decisive => return Ok(before),
                Some(_) => {
                    self.evaluate(&before);
                    self.block.extend(block);
                    joined = Some(value);
                    continue;
                }
                None => {}
            }
            let Some(ty) = unify(&before.ty, &value.ty) else {
                return Err(self.conflict("`and` and `or` give one of their operands", &before, &value, span));
            };
            let (before, value) = (if is_pure(&before) { before } else { self.hold(before) }, value);
            joined = Some(self.short_circuit(op, coerce(before, &ty), block, coerce(value, &ty), span));
        }
        joined.ok_or(Reported)
    }

    /// `then if test else otherwise`.
    pub(crate) fn conditional(&mut self, test: &ast::Expr, then: &ast::Expr, otherwise: &ast::Expr, span: Span) -> Typed<Expr> {
        let asked = std::slice::from_ref(test);
        let test = self.test(test)?;
        if let Some(known) = constant_bool(&test) {
            return self.value(if known { then } else { otherwise });
        }
        let (then_block, then) = self.in_choice(true, then.span, |typer| typer.assuming(asked, true, |typer| typer.value(then)));
        let (otherwise_block, otherwise) =
            self.in_choice(true, otherwise.span, |typer| typer.assuming(asked, false, |typer| typer.value(otherwise)));
        let (then, otherwise) = match (then, otherwise) {
            // One waits for the result of a call that is being typed: this attempt learns the type from the other.
            (Ok(known), Err(Reported)) | (Err(Reported), Ok(known)) if self.unknown_calls => return Ok(known),
            (then, otherwise) => (then?, otherwise?),
        };
        let Some(ty) = unify(&then.ty, &otherwise.ty) else {
            return Err(self.conflict("the two values of the conditional expression differ in type", &then, &otherwise, span));
        };
        if is_unit(&ty) {
            if then_block.is_empty() && otherwise_block.is_empty() {
                self.evaluate(&test);
            } else {
                self.push(StmtKind::If { test, then: then_block, otherwise: otherwise_block }, span);
            }
            return Ok(then);
        }
        let plain =
            then_block.is_empty() && otherwise_block.is_empty() && simple_to_coerce(&then, &ty) && simple_to_coerce(&otherwise, &ty);
        if plain {
            let kind = ExprKind::Conditional {
                test: Box::new(test),
                then: Box::new(coerce(then, &ty)),
                otherwise: Box::new(coerce(otherwise, &ty)),
            };
            return Ok(Expr { ty, kind, span });
        }
        let name = self.fresh_name("");
        let variable = self.variable(&name, &ty);
        let then = self.branch(then_block, variable, then, &ty);
        let otherwise = self.branch(otherwise_block, variable, otherwise, &ty);
        self.push(StmtKind::If { test, then, otherwise }, span);
        Ok(self.read(variable, span))
    }

    fn branch(&mut self, block: Block, variable: VariableId, value: Expr, ty: &Type) -> Block {
        let span = value.span;
        let (block, ()) = self.in_block(|typer| {
            typer.block = block;
            let value = if simple_to_coerce(&value, ty) { value } else { typer.hold(value) };
            typer.push(StmtKind::Assign(variable, coerce(value, ty)), span);
        });
        block
    }

    fn conflict(&mut self, title: &str, first: &Expr, second: &Expr, span: Span) -> Reported {
        let mut diagnostic = Diagnostic::new(Id::TypeConflict, title, span, "one compiled value cannot be both");
        diagnostic.labels.push(Label { span: first.span, text: format!("`{}`", first.ty) });
        diagnostic.labels.push(Label { span: second.span, text: format!("`{}`", second.ty) });
        self.report(diagnostic)
    }
}

fn simple_to_coerce(value: &Expr, ty: &Type) -> bool {
    value.ty == *ty || !crate::unify::is_tuple(&value.ty) || matches!(value.kind, ExprKind::Tuple(_)) || is_pure(value)
}

/// The truth of a value: a Python bool, constant if the type or value says it.
pub(crate) fn truth(value: Expr) -> Expr {
    let span = value.span;
    if let Some(truth) = crate::records::truth(&value) {
        return truth;
    }
    let known = match (&value.ty, &value.kind) {
        (Type::None, _) => Some(false),
        (Type::Text(text), _) => Some(!text.is_empty()),
        (Type::DtypeValue(..) | Type::Function(_), _) => Some(true),
        (Type::Tuple(items), _) => Some(!items.is_empty()),
        (_, ExprKind::Constant(Constant::Bool(value))) => Some(*value),
        (_, ExprKind::Constant(Constant::Int(value))) => Some(*value != 0),
        (_, ExprKind::Constant(Constant::Float(value))) => Some(*value != 0.0),
        (_, ExprKind::Constant(Constant::Complex(re, im))) => Some(*re != 0.0 || *im != 0.0),
        _ => None,
    };
    match known {
        Some(known) => bool_constant(known, span),
        None if matches!(value.ty, Type::Optional(_)) => {
            let test = Expr { ty: Type::BOOL, kind: ExprKind::IsNone(Box::new(value.clone())), span };
            let (then, otherwise) = (Box::new(bool_constant(false, span)), Box::new(truth(crate::expression::plain(value))));
            Expr { ty: Type::BOOL, kind: ExprKind::Conditional { test: Box::new(test), then, otherwise }, span }
        }
        None if value.ty == Type::BOOL => value,
        None if crate::objects::is_container_truth(&value.ty) => crate::objects::truth_of_length(value),
        None => Expr { ty: Type::BOOL, kind: ExprKind::Truth(Box::new(value)), span },
    }
}

/// `not test`, of a Python bool.
pub(crate) fn negation(test: Expr, span: Span) -> Expr {
    match constant_bool(&test) {
        Some(known) => bool_constant(!known, span),
        None => {
            Expr { ty: Type::BOOL, kind: ExprKind::Map { op: ScalarOp::LogicalNot, loop_dtype: Dtype::Bool, operands: vec![test] }, span }
        }
    }
}

/// The value of a constant bool.
pub(crate) const fn constant_bool(test: &Expr) -> Option<bool> {
    match test.kind {
        ExprKind::Constant(Constant::Bool(value)) => Some(value),
        _ => None,
    }
}
