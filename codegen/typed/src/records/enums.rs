//! Members of enums: by name, by value, their names and values, all of them.

use super::attributes::text;
use super::{as_class, bare, is_free};
use crate::calls::Keywords;
use crate::expression::tuple;
use crate::function::{Reported, Typed, Typer};
use crate::ir::{Constant, Expr, ExprKind, MessagePart, Stmt, StmtKind};
use crate::logic::{constant_bool, negation, truth};
use crate::resolve::{bool_constant, int_constant};
use crate::unify::{coerce, unify};
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Class, ClassKind, Dtype, EnumKind, ScalarOp, Type};
use hypersonic_scan::Record;
use hypersonic_syntax::ast::{self, CompareOp};
use std::sync::Arc;

impl Typer<'_, '_> {
    /// `.name` and `.value` of a member.
    pub(super) fn enum_attribute(&mut self, class: &Arc<Class>, value: Expr, name: &str, span: Span) -> Typed<Option<Expr>> {
        let record = match name {
            "value" | "_value_" | "name" | "_name_" => self.record_named(class, span)?,
            _ => return Ok(None),
        };
        let wants_name = matches!(name, "name" | "_name_");
        if !wants_name && matches!(class.kind, ClassKind::Value(_)) {
            return Ok(Some(bare(value)));
        }
        let number = bare(value);
        let known = match number.kind {
            ExprKind::Constant(Constant::Int(known)) => Some(known),
            _ => None,
        };
        if wants_name && matches!(class.kind, ClassKind::Value(EnumKind::Flag | EnumKind::IntFlag)) {
            let member = record.members.iter().find(|member| known == Some(member.number) && !member.alias);
            return match member.filter(|member| member.number.count_ones() == 1) {
                Some(member) => Ok(Some(text(&member.name, span))),
                None => Err(self.refused_record(
                    format!("the name of a `{}` that may have several bits is not compiled", class.name),
                    span,
                    "known at run time only",
                    "compare it with the members",
                )),
            };
        }
        let number = if is_free(&number) { number } else { self.hold(number) };
        let mut choices = Vec::new();
        for member in record.members.iter().filter(|member| !member.alias) {
            if known.is_some_and(|known| known != member.number) {
                continue;
            }
            let chosen = if wants_name { text(&member.name, span) } else { self.written_value(&record, member.value.as_ref(), span)? };
            choices.push((member.number, chosen));
        }
        self.choose(&number, choices, span).map(Some)
    }

    /// The value of a member, as it is written in the class.
    fn written_value(&mut self, record: &Record, value: Option<&ast::Expr>, span: Span) -> Typed<Expr> {
        match value {
            Some(value) => self.constant_value(record.name.file, record.name.name.clone(), value, span),
            None => {
                Err(self.refused_record("the value of `auto()` is not known", span, "asked for here", "write the values of the members"))
            }
        }
    }

    /// Which of several constants belongs to a number.
    fn choose(&mut self, number: &Expr, choices: Vec<(i64, Expr)>, span: Span) -> Typed<Expr> {
        let mut choices = choices.into_iter().rev();
        let Some((_, mut chosen)) = choices.next() else { return Err(Reported) };
        for (known, value) in choices {
            let Some(ty) = unify(&chosen.ty, &value.ty).or_else(|| Some(Type::Str).filter(|_| chosen.ty == Type::Str)) else {
                return Err(self.unsupported(
                    "the values of the members differ in type",
                    span,
                    "which member it is is known at run time only",
                ));
            };
            if chosen.ty != value.ty && ty != Type::Str {
                return Err(self.unsupported(
                    "the values of the members differ in type",
                    span,
                    "which member it is is known at run time only",
                ));
            }
            let test = equal(number, known, span);
            let (then, otherwise) = (Box::new(coerce(value, &ty)), Box::new(coerce(chosen, &ty)));
            chosen = Expr { ty, kind: ExprKind::Conditional { test: Box::new(test), then, otherwise }, span };
        }
        Ok(chosen)
    }

    /// `Color(value)`.
    pub(super) fn member_of_value(&mut self, record: &Record, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        let class = &record.name;
        let ([argument], true) = (arguments, keywords.is_empty()) else {
            return Err(self.refused_record(
                format!("this call of `{}` is not compiled", class.name),
                span,
                "called here",
                "give it one value",
            ));
        };
        let value = self.entity(argument)?;
        if matches!(value.ty.named(), Some((own, _)) if own == class) {
            return Ok(value);
        }
        let value = self.hold(value);
        let flags = matches!(class.kind, ClassKind::Value(EnumKind::Flag | EnumKind::IntFlag));
        if flags {
            let all = record.members.iter().fold(0, |all, member| all | member.number);
            return match (&value.ty, &value.kind) {
                (ty, ExprKind::Constant(Constant::Int(known))) if *ty == Type::INT && *known >= 0 && *known & !all == 0 => {
                    Ok(as_class(class, value))
                }
                _ => {
                    let title = format!("making a `{}` of a number is not compiled", class.name);
                    Err(self.refused_record(title, span, "known at run time only", "combine its members"))
                }
            };
        }
        let mut found = bool_constant(false, span);
        let mut number = int_constant(-1, span);
        for member in record.members.iter().filter(|member| !member.alias).rev() {
            let other = match class.kind {
                ClassKind::Value(_) => int_constant(member.number, span),
                _ => self.written_value(record, member.value.as_ref(), span)?,
            };
            let test = truth(self.compare_values(CompareOp::Equal, value.clone(), other, span)?);
            match constant_bool(&test) {
                Some(false) => continue,
                Some(true) => (found, number) = (test, int_constant(member.number, span)),
                None => {
                    let test = self.hold(test);
                    found = Expr { ty: Type::BOOL, kind: ExprKind::Or(Box::new(test.clone()), Box::new(found)), span };
                    let (then, otherwise) = (Box::new(int_constant(member.number, span)), Box::new(number));
                    number = Expr { ty: Type::INT, kind: ExprKind::Conditional { test: Box::new(test), then, otherwise }, span };
                }
            }
        }
        if constant_bool(&found) != Some(true) {
            let mut message = vec![MessagePart::Text(format!("value is not a valid {}", class.name))];
            if value.ty == Type::INT {
                message = vec![MessagePart::Value(value, String::new()), MessagePart::Text(format!(" is not a valid {}", class.name))];
            }
            let raise = Stmt { span, kind: StmtKind::Raise { exception: "ValueError".to_owned(), message, retried: true } };
            self.push(StmtKind::If { test: negation(found, span), then: vec![raise], otherwise: Vec::new() }, span);
        }
        Ok(as_class(class, number))
    }

    /// `Color["RED"]`; none if the base is no enum.
    pub(crate) fn member_by_name(&mut self, base: &ast::Expr, index: &ast::Expr, span: Span) -> Option<Typed<Expr>> {
        let record = match self.record_of(base)? {
            Ok(record) => record,
            Err(reported) => return Some(Err(reported)),
        };
        if !record.name.kind.is_enum() {
            return None;
        }
        Some(self.entity(index).and_then(|key| {
            let found = match &key.ty {
                Type::Text(name) => record.member(name),
                _ => None,
            };
            match found {
                Some(member) => Ok(self.member_constant(&record, member.number, span)),
                None => {
                    let title = format!("the name of a member of `{}` is not known at build time", record.name.name);
                    Err(self.refused_record(title, index.span, "known at run time only", "write the member, or give it to the function"))
                }
            }
        }))
    }

    /// The members of an enum that a name stands for, in order, where they are run over; none if it is no such enum.
    pub(crate) fn members_of(&mut self, expr: &ast::Expr) -> Option<Typed<Expr>> {
        if !matches!(expr.kind, ast::ExprKind::Name(_) | ast::ExprKind::Attribute(..)) {
            return None;
        }
        let record = match self.record_of(expr)? {
            Ok(record) => record,
            Err(reported) => return Some(Err(reported)),
        };
        match record.name.kind {
            ClassKind::Position | ClassKind::Value(EnumKind::Plain | EnumKind::Int) => {
                let members = record.members.iter().filter(|member| !member.alias);
                let members = members.map(|member| self.member_constant(&record, member.number, expr.span)).collect();
                Some(Ok(tuple(members, expr.span)))
            }
            _ => None,
        }
    }
}

/// `number == known`.
fn equal(number: &Expr, known: i64, span: Span) -> Expr {
    let operands = vec![number.clone(), int_constant(known, span)];
    Expr { ty: Type::BOOL, kind: ExprKind::Map { op: ScalarOp::Equal, loop_dtype: Dtype::I64, operands }, span }
}
