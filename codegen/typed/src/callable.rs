//! Functions that Python gives at run time: calls of them, and what must not be done with them. A value of type [`Type::Callable`] is the
//! address of the Python object, about which nothing is known but that it can be called.

use crate::calls::Keywords;
use crate::function::{Typed, Typer};
use crate::ir::{Block, Expr, ExprKind, Function, StmtKind};
use crate::passes::inner_blocks;
use crate::{objects, walk};
use hypersonic_abi::object::{Op, value};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Dtype, Flavor, Type};
use hypersonic_syntax::ast;
use std::collections::BTreeSet;

impl Typer<'_, '_> {
    /// A call of a function from Python. What it is given goes as what it is: the types that were said decide what is compiled, not what is passed.
    pub(crate) fn call_python(&mut self, function: Expr, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        let Type::Callable(parameters, result) = function.ty.clone() else {
            return Err(self.type_error("this cannot be called", span, "not a function"));
        };
        if let Some((_, value)) = keywords.first() {
            let title = "keyword arguments of a function from Python are not compiled";
            return Err(self.unsupported(title, value.span, "its type names no parameters: give it by position"));
        }
        let function = self.hold(function);
        let values = self.given(arguments, keywords, span)?.positional;
        if values.len() != parameters.len() {
            let title = format!("a function of type `{}` is called with {} arguments", function.ty, values.len());
            return Err(self.type_error(title, span, format!("{} are said", parameters.len())));
        }
        for (given, parameter) in values.iter().zip(&parameters) {
            if !takes(parameter, &given.ty) {
                let title = format!("a function of type `{}` is given `{}`", function.ty, given.ty);
                return Err(self.type_error(title, given.span, format!("this is `{}`, not `{parameter}`", given.ty)));
            }
        }
        let wanted = crate::resolve::int_constant(tag(&result).unwrap_or(value::NONE).cast_signed(), span);
        let operands = [function, wanted].into_iter().chain(values).collect();
        if *result == Type::None {
            let call = objects::operation(Op::Call, operands, Type::INT, span);
            self.push(StmtKind::Expr(call), span);
            return Ok(self.none(span));
        }
        Ok(objects::operation(Op::Call, operands, *result, span))
    }
}

/// Whether a parameter that is said to be of a type may be given a value: a number of its kind, or of one that is taken for it.
fn takes(parameter: &Type, given: &Type) -> bool {
    match (parameter, given) {
        (Type::Scalar(wanted, _), Type::Scalar(own, _)) => wanted.takes(*own),
        _ => parameter == given,
    }
}

/// How [`value`] names a type, if it does.
#[must_use]
pub fn tag(ty: &Type) -> Option<u64> {
    Some(match ty {
        Type::None => value::NONE,
        Type::Scalar(Dtype::Bool, Flavor::Python) => value::BOOL,
        Type::Scalar(Dtype::I64, Flavor::Python) => value::INT,
        Type::Scalar(Dtype::F64, Flavor::Python) => value::FLOAT,
        Type::Scalar(Dtype::C128, Flavor::Python) => value::COMPLEX,
        Type::Scalar(dtype, _) => value::NUMPY + value::position(dtype.name())?,
        Type::Array(dtype, rank) => value::ARRAY + 8 * value::position(dtype.name())? + u64::from(*rank),
        _ if ty.is_object() => value::OBJECT,
        _ => return None,
    })
}

/// Whether an expression itself asks a function from Python.
pub(crate) const fn is_call(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Object(Op::Call, _))
}

/// What is wrong with the use of functions from Python in a unit.
pub(crate) fn check(functions: &[Function]) -> Option<Diagnostic> {
    let used = functions.iter().any(|function| function.variables.iter().any(|variable| holds(&variable.ty)));
    if !used {
        return None;
    }
    functions.iter().find_map(|function| contained(function).or_else(|| misused(function))).or_else(|| tried(functions))
}

/// Whether a value of that type is or holds a function from Python.
pub(crate) fn holds(ty: &Type) -> bool {
    ty.any(|part| matches!(part, Type::Callable(..)))
}

/// A list of such functions.
fn contained(function: &Function) -> Option<Diagnostic> {
    let in_container = |ty: &Type| ty.any(|part| (part.is_object() || matches!(part, Type::Named(..) | Type::Optional(_))) && holds(part));
    let variable = function.variables.iter().find(|variable| in_container(&variable.ty))?;
    let title = format!("functions from Python in a `{}` are not compiled", variable.ty);
    let diagnostic = Diagnostic::new(Id::UnsupportedExpression, title, function.span, "in this function");
    Some(diagnostic.with_hint("take each of them as an argument of its own, or in a tuple"))
}

/// Such a function where something else than a call, a name or a choice is made of it: its truth, an element.
fn misused(function: &Function) -> Option<Diagnostic> {
    fn look(expr: &Expr, found: &mut Option<Span>) {
        let first = is_call(expr);
        let fine = matches!(expr.kind, ExprKind::Call(..) | ExprKind::Conditional { .. } | ExprKind::Tuple(_) | ExprKind::TupleItem(..));
        let mut n = 0;
        walk::parts(expr, &mut |part| {
            if holds(&part.ty) && !fine && !(first && n == 0) {
                found.get_or_insert(part.span);
            }
            n += 1;
            look(part, found);
        });
    }
    let mut found = None;
    walk::expressions(&function.body, &mut |expr| look(expr, &mut found));
    let diagnostic = Diagnostic::new(Id::UnsupportedExpression, "a function from Python is used as a value", found?, "here");
    Some(diagnostic.with_hint("call it, give it to another function, or compare it with `None`"))
}

/// A call within `try`: which handler takes what it raises, only Python knows.
fn tried(functions: &[Function]) -> Option<Diagnostic> {
    let mut asking = BTreeSet::new();
    loop {
        let before = asking.len();
        for (n, function) in functions.iter().enumerate() {
            if first_call(&function.body, &asking).is_some() {
                asking.insert(n);
            }
        }
        if asking.len() == before {
            break;
        }
    }
    functions.iter().find_map(|function| {
        let mut found = None;
        attempts(&function.body, &mut |body| found = found.or_else(|| first_call(body, &asking)));
        let title = "a function from Python is called within `try`";
        let diagnostic = Diagnostic::new(Id::UnsupportedHandler, title, found?, "which handler takes what it raises, only Python knows");
        Some(diagnostic.with_hint("call it before the `try`, or behind it"))
    })
}

/// Shows the body of every `try` with handlers.
fn attempts(block: &Block, see: &mut dyn FnMut(&Block)) {
    for stmt in block {
        if let StmtKind::Try { body, handlers, .. } = &stmt.kind
            && !handlers.is_empty()
        {
            see(body);
        }
        inner_blocks(&stmt.kind).into_iter().for_each(|inner| attempts(inner, see));
    }
}

fn first_call(block: &Block, asking: &BTreeSet<usize>) -> Option<Span> {
    fn look(expr: &Expr, asking: &BTreeSet<usize>, found: &mut Option<Span>) {
        let called = matches!(&expr.kind, ExprKind::Call(position, _) if asking.contains(position));
        if is_call(expr) || called {
            found.get_or_insert(expr.span);
        }
        walk::parts(expr, &mut |part| look(part, asking, found));
    }
    let mut found = None;
    walk::expressions(block, &mut |expr| look(expr, asking, &mut found));
    found
}
