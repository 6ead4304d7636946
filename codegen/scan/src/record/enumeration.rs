//! Enums: their members and what these are.

use super::{Base, EnumMember, Found, Header, Record, Wrong, is_plain};
use crate::resolve::Definition;
use hypersonic_ops::{Class as Name, ClassKind, EnumKind};
use hypersonic_syntax::ast::{BinaryOp, Expr, ExprKind, Span, StmtKind, UnaryOp};
use std::sync::Arc;

/// The value of a member, as far as it is a constant.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Int(i64),
    Float(f64),
    Text(String),
    Tuple(Vec<Value>),
}

/// A class with an enum among its bases.
pub(super) fn of_class(header: &Header<'_>, bases: &[(Base, Span)]) -> Option<Found> {
    let mut kind = None;
    let mut int = false;
    for (base, _) in bases {
        match base {
            Base::External(name) => match name.as_str() {
                "enum.Enum" => kind = Some(if int { EnumKind::Int } else { EnumKind::Plain }),
                "enum.IntEnum" => kind = Some(EnumKind::Int),
                "enum.Flag" => kind = Some(EnumKind::Flag),
                "enum.IntFlag" => kind = Some(EnumKind::IntFlag),
                "enum.StrEnum" => {
                    let span = header.class.name_span;
                    return Some(Err(header.wrong(span, "its members are strings", "use an `Enum`, and `.value` for the string")));
                }
                "builtins.int" => int = true,
                _ => {}
            },
            // An enum without members is a base for others.
            Base::Record(Ok(record)) if record.name.kind.is_enum() => {
                kind = Some(match record.name.kind {
                    ClassKind::Value(kind) => kind,
                    _ => EnumKind::Plain,
                });
            }
            _ => {}
        }
    }
    let kind = kind?;
    let known = |base: &Base| match base {
        Base::External(name) => name.starts_with("enum.") || (int && name == "builtins.int"),
        Base::Record(Ok(record)) => record.name.kind.is_enum() && record.members.is_empty(),
        Base::Plain => true,
        _ => false,
    };
    Some(match bases.iter().find(|(base, _)| !known(base)) {
        Some((_, span)) => Err(header.wrong(*span, "it has a base that is not followed", "inherit from `Enum` or `IntEnum` alone")),
        None => read(header, kind),
    })
}

fn read(header: &Header<'_>, kind: EnumKind) -> Found {
    for name in ["__new__", "_generate_next_value_", "_missing_", "_ignore_", "__eq__", "__hash__", "__bool__"] {
        if let Some(span) = header.defines(name) {
            return Err(header.wrong(span, &format!("it has a `{name}`"), "write the values of the members out"));
        }
    }
    let mut members: Vec<(String, Value, Option<Expr>)> = Vec::new();
    for stmt in &header.class.body {
        let (name, value) = match &stmt.kind {
            StmtKind::Assign { targets, value } => match targets.as_slice() {
                [Expr { kind: ExprKind::Name(name), .. }] => (name, value),
                _ => return Err(not_known(header, stmt.span)),
            },
            StmtKind::AnnAssign { target: Expr { kind: ExprKind::Name(name), .. }, value: Some(value), .. } => (name, value),
            StmtKind::AnnAssign { value: None, .. } => continue,
            _ if is_plain(stmt) => continue,
            _ => return Err(not_known(header, stmt.span)),
        };
        if name.starts_with('_') {
            continue;
        }
        let known = constant(header, value, &members, kind, 0).ok_or_else(|| not_known(header, value.span))?;
        members.push((name.clone(), known, Some(value.clone())));
    }
    let by_value = members.iter().all(|(_, value, _)| matches!(value, Value::Int(_)));
    if !by_value && kind != EnumKind::Plain {
        return Err(not_known(header, header.class.name_span));
    }
    let mut found: Vec<EnumMember> = Vec::new();
    let mut names = Vec::new();
    for (n, (name, value, written)) in members.iter().enumerate() {
        let first = members[..n].iter().position(|(_, other, _)| equal(other, value));
        let number = match (value, first) {
            (Value::Int(value), _) if by_value => *value,
            (_, Some(first)) => found[first].number,
            (_, None) => i64::try_from(names.len()).unwrap_or(i64::MAX),
        };
        if first.is_none() {
            names.push(name.clone());
        }
        let automatic = written.as_ref().is_some_and(|value| is_auto(header, value));
        let value = written.clone().filter(|_| !automatic);
        found.push(EnumMember { name: name.clone(), number, value, alias: first.is_some() });
    }
    let kind = if by_value { ClassKind::Value(kind) } else { ClassKind::Position };
    let name = Name { file: header.file, name: header.class.name.clone(), kind, names };
    Ok(Record {
        name: Arc::new(name),
        class: None,
        fields: Vec::new(),
        members: found,
        equality: true,
        order: false,
        frozen: true,
        unmade: None,
        pieces: vec![(header.file, header.class.name.clone())],
    })
}

fn not_known(header: &Header<'_>, span: Span) -> Wrong {
    header.wrong(span, "the value of a member is not known at build time", "write the values of members as constants")
}

/// Python's `==` of two constants.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        #[allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "a rough answer errs on no constant that a person writes")]
        (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => *a as f64 == *b,
        (Value::Tuple(a), Value::Tuple(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        _ => a == b,
    }
}

fn is_auto(header: &Header<'_>, value: &Expr) -> bool {
    let ExprKind::Call(callee, arguments, keywords) = &value.kind else { return false };
    let auto = matches!(header.program.resolve_expression(header.file, callee), Some(Definition::External(full)) if full == "enum.auto");
    auto && arguments.is_empty() && keywords.is_empty()
}

type Members = [(String, Value, Option<Expr>)];

/// A constant expression in the body of an enum.
fn constant(header: &Header<'_>, value: &Expr, members: &Members, kind: EnumKind, depth: usize) -> Option<Value> {
    if depth > 16 {
        return None;
    }
    let inner = |value: &Expr| constant(header, value, members, kind, depth + 1);
    Some(match &value.kind {
        ExprKind::Int(value, _) => Value::Int((*value)?),
        ExprKind::Float(value) if !value.is_nan() => Value::Float(*value),
        ExprKind::Str(text) => Value::Text(text.clone()),
        ExprKind::Tuple(items) => Value::Tuple(items.iter().map(inner).collect::<Option<_>>()?),
        ExprKind::Unary(UnaryOp::Negative, operand) => match inner(operand)? {
            Value::Int(value) => Value::Int(value.checked_neg()?),
            Value::Float(value) => Value::Float(-value),
            _ => return None,
        },
        ExprKind::Binary(op, left, right) => {
            let (Value::Int(a), Value::Int(b)) = (inner(left)?, inner(right)?) else { return None };
            Value::Int(match op {
                BinaryOp::Add => a.checked_add(b)?,
                BinaryOp::Subtract => a.checked_sub(b)?,
                BinaryOp::Multiply => a.checked_mul(b)?,
                BinaryOp::BitOr => a | b,
                BinaryOp::BitAnd => a & b,
                BinaryOp::BitXor => a ^ b,
                BinaryOp::LeftShift if (0..62).contains(&b) && a >= 0 && a.leading_zeros() > u32::try_from(b).ok()? + 1 => a << b,
                _ => return None,
            })
        }
        ExprKind::Name(name) => match members.iter().find(|(other, ..)| other == name) {
            Some((_, value, _)) => value.clone(),
            None => match header.program.resolve(header.file, name)? {
                Definition::Constant(_, _, value) => literal(&value)?,
                _ => return None,
            },
        },
        ExprKind::Call(..) if is_auto(header, value) => automatic(members, kind)?,
        _ => return None,
    })
}

fn literal(value: &Expr) -> Option<Value> {
    match &value.kind {
        ExprKind::Int(value, _) => Some(Value::Int((*value)?)),
        ExprKind::Float(value) if !value.is_nan() => Some(Value::Float(*value)),
        ExprKind::Str(text) => Some(Value::Text(text.clone())),
        _ => None,
    }
}

/// What `auto()` gives: one more than the largest value, or the bit above the highest. Versions of Python differ where the last value is not the
/// largest.
fn automatic(members: &Members, kind: EnumKind) -> Option<Value> {
    let mut largest = None;
    for (_, value, _) in members {
        let Value::Int(value) = value else { return None };
        largest = Some(largest.map_or(*value, |largest: i64| largest.max(*value)));
    }
    let Some(largest) = largest else { return Some(Value::Int(1)) };
    if matches!(kind, EnumKind::Flag | EnumKind::IntFlag) {
        let bits = 64 - u32::try_from(largest).ok()?.leading_zeros().saturating_add(32);
        return Some(Value::Int(1 << bits));
    }
    let last = members.last().map(|(_, value, _)| value.clone());
    if last == Some(Value::Int(largest)) { Some(Value::Int(largest.checked_add(1)?)) } else { None }
}
