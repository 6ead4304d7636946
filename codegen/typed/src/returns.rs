//! The end of typing a function: one result type from all returns, conversions put where they are due.

use crate::function::{Outcome, Typer, is_unit};
use crate::ir::{Block, Constant, Expr, ExprKind, Function, Handler, Stmt, StmtKind, Variable, VariableId};
use crate::unify::{coerce, is_pure, unify};
use hypersonic_diagnostics::{Diagnostic, Id, Label, Span};
use hypersonic_ops::Type;
use hypersonic_syntax::ast::FunctionDef;
use std::collections::HashMap;

/// Finishes the function.
pub(crate) fn finish(mut typer: Typer<'_, '_>, definition: &FunctionDef, parameters: Vec<VariableId>) -> Outcome {
    let unknown_calls = typer.unknown_calls;
    if typer.reachable {
        typer.returns.push((Type::None, definition.name_span));
        let none = Expr { ty: Type::None, kind: ExprKind::Unit, span: definition.name_span };
        typer.push(StmtKind::Return(none), definition.name_span);
    }
    typer.refuse_copies(definition.name_span);
    let result = result_type(&mut typer, definition);
    let function = match result {
        Some(result) if typer.diagnostics.is_empty() => {
            let mut patcher = Patcher { patches: &typer.patches, variables: &mut typer.variables, result: &result };
            let body = patcher.block(std::mem::take(&mut typer.block));
            Some(Function {
                name: definition.name.clone(),
                parameters,
                variables: typer.variables,
                body,
                result,
                fastmath: typer.unit.fastmath,
                span: definition.name_span,
            })
        }
        _ => None,
    };
    Outcome { function, diagnostics: typer.diagnostics, unknown_calls }
}

fn result_type(typer: &mut Typer<'_, '_>, definition: &FunctionDef) -> Option<Type> {
    let returns = typer.returns.clone();
    let Some((first, first_span)) = returns.first().cloned() else {
        // Nothing ever returns: it only raises, or all returns wait for a recursive call.
        let waits = typer.unknown_calls && typer.unit.may_wait();
        return if waits { None } else { Some(Type::None) };
    };
    let mut result = first;
    for (ty, span) in returns.iter().skip(1) {
        match unify(&result, ty) {
            Some(both) => result = both,
            None => {
                let title = format!("`{}` returns values that no one type holds", definition.name);
                let mut diagnostic = Diagnostic::new(Id::TypeConflict, title, *span, describe(ty, *span == definition.name_span));
                diagnostic.labels.push(Label { span: first_span, text: describe(&result, false) });
                typer.report(diagnostic.with_hint("return values of one type, rank and dtype on every path"));
                return None;
            }
        }
    }
    Some(result)
}

fn describe(ty: &Type, falls_off: bool) -> String {
    if falls_off { "the end of the function can be reached, which gives `None`".to_owned() } else { format!("this gives `{ty}`") }
}

/// Puts conversions before jumps and around returned values.
struct Patcher<'a> {
    patches: &'a HashMap<u32, Block>,
    variables: &'a mut Vec<Variable>,
    result: &'a Type,
}

impl Patcher<'_> {
    fn block(&mut self, block: Block) -> Block {
        let mut patched = Block::with_capacity(block.len());
        for stmt in block {
            self.stmt(stmt, &mut patched);
        }
        patched
    }

    fn stmt(&mut self, stmt: Stmt, patched: &mut Block) {
        let Stmt { span, kind } = stmt;
        let kind = match kind {
            StmtKind::Expr(Expr { ty: Type::None, kind: ExprKind::Constant(Constant::Int(jump)), .. }) => {
                let conversions = u32::try_from(jump).ok().and_then(|jump| self.patches.get(&jump));
                patched.extend(conversions.into_iter().flatten().cloned());
                return;
            }
            StmtKind::Return(value) => StmtKind::Return(self.returned(value, span, patched)),
            StmtKind::If { test, then, otherwise } => StmtKind::If { test, then: self.block(then), otherwise: self.block(otherwise) },
            StmtKind::While { test, body, orelse } => StmtKind::While { test, body: self.block(body), orelse: self.block(orelse) },
            StmtKind::ForRange { variable, start, stop, step, body, orelse } => {
                StmtKind::ForRange { variable, start, stop, step, body: self.block(body), orelse: self.block(orelse) }
            }
            StmtKind::Unrolled { iterations, orelse } => {
                let iterations = iterations.into_iter().map(|block| self.block(block)).collect();
                StmtKind::Unrolled { iterations, orelse: self.block(orelse) }
            }
            StmtKind::Try { id, body, handlers, orelse, exits } => {
                let (body, orelse) = (self.block(body), self.block(orelse));
                let handlers = handlers.into_iter().map(|handler| Handler { body: self.block(handler.body), ..handler }).collect();
                StmtKind::Try { id, body, handlers, orelse, exits: exits.into_iter().map(|exit| self.block(exit)).collect() }
            }
            other => other,
        };
        patched.push(Stmt { span, kind });
    }

    fn returned(&mut self, mut value: Expr, span: Span, patched: &mut Block) -> Expr {
        if value.ty == *self.result {
            return value;
        }
        let is_tuple = crate::unify::is_tuple(&value.ty);
        if is_tuple && !is_pure(&value) && !matches!(value.kind, ExprKind::Tuple(_)) && !is_unit(&value.ty) {
            let variable = VariableId(u32::try_from(self.variables.len()).unwrap_or(u32::MAX));
            self.variables.push(Variable { name: ".returned".to_owned(), ty: value.ty.clone() });
            let held = Expr { ty: value.ty.clone(), kind: ExprKind::Variable(variable), span };
            patched.push(Stmt { span, kind: StmtKind::Assign(variable, value) });
            value = held;
        }
        coerce(value, self.result)
    }
}
