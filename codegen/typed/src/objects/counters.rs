//! Methods of `Counter` and `OrderedDict`, beside those that they have of dicts.

use super::classes::int_test;
use super::{Writer, operation};
use crate::calls::Keywords;
use crate::function::{Reported, Typed, Typer};
use crate::ir::{Expr, StmtKind};
use crate::resolve::int_constant;
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{ScalarOp, Special, Type};
use hypersonic_syntax::ast::{self, BinaryOp};

impl Typer<'_, '_> {
    /// A method that dicts do not have, or have differently; none if it is that of a dict.
    pub(super) fn special_dict_method(
        &mut self,
        dict: &Expr,
        (key, value): (&Type, &Type),
        method: &str,
        (arguments, keywords): (&[ast::Expr], &Keywords),
        span: Span,
    ) -> Option<Typed<Expr>> {
        Some(match (dict.ty.special()?, method, arguments) {
            (Special::Counter, "update" | "subtract", _) => {
                let done = self.count_into(dict.clone(), method, arguments, keywords, span);
                done.map(|()| self.none(span))
            }
            (Special::Counter, "most_common", [] | [_]) => self.most_common(dict.clone(), arguments.first(), keywords, span),
            (Special::Counter, "total", []) => self.helper("counter_total", vec![dict.clone()], span),
            (Special::Counter, "elements", []) => {
                let title = "`.elements()` is compiled where it is run over at once, as in `list(...)` or a `for`";
                Err(self.unsupported(title, span, "an iterator as a value"))
            }
            (Special::OrderedDict, "popitem" | "move_to_end", _) => {
                self.ordered_method(dict.clone(), (key, value), method, (arguments, keywords), span)
            }
            (Special::DefaultDict(hypersonic_ops::Factory::Open), "copy", _) => {
                Err(self.unsupported("a copy of a defaultdict whose `default_factory` is not known is not compiled", span, "copied here"))
            }
            _ => return None,
        })
    }

    /// `counter.update(...)`, `counter.subtract(...)`.
    pub(super) fn count_into(
        &mut self,
        counter: Expr,
        method: &str,
        arguments: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Typed<()> {
        let merge = if method == "subtract" { "counter_subtract" } else { "counter_update" };
        match arguments {
            [] => {}
            [ast::Expr { kind: ast::ExprKind::None, .. }] => {}
            [other] => {
                let write = Writer { span };
                let expanded = self.expanded(other)?;
                let iterable = if self.runs_once(&expanded) {
                    expanded
                } else {
                    let value = self.consumed(&expanded)?;
                    if matches!(value.ty.base(), Type::Dict(..)) {
                        let Type::Dict(_, count) = value.ty.base() else { return Err(Reported) };
                        if **count != Type::INT && !self.is_unknown(&count.clone()) {
                            let title = format!("a `Counter` of `{count}` is not compiled");
                            return Err(self.unsupported(title, span, "counts are ints"));
                        }
                        let value = self.hold(value);
                        self.helper(merge, vec![counter.clone(), value], span)?;
                        return self.count_keywords(counter, merge, keywords, span);
                    }
                    write.name(&self.named("other", super::as_string(value)))
                };
                let (own, item) = (self.named("counter", counter.clone()), self.own_name("item"));
                let named = || write.name(&own);
                let former = write.method(named(), "get", vec![write.name(&item), write.int(0)]);
                let op = if method == "subtract" { BinaryOp::Subtract } else { BinaryOp::Add };
                let set = write.assign_to(write.item(named(), write.name(&item)), write.binary(op, former, write.int(1)));
                let found = self.diagnostics.len();
                self.statements(&[write.each(write.name(&item), iterable, vec![set])]);
                if self.diagnostics.len() > found {
                    return Err(Reported);
                }
            }
            _ => return Err(self.type_error(format!("`.{method}` takes one iterable or dict"), span, "given more")),
        }
        self.count_keywords(counter, merge, keywords, span)
    }

    fn count_keywords(&mut self, counter: Expr, merge: &str, keywords: &Keywords, span: Span) -> Typed<()> {
        if keywords.is_empty() {
            return Ok(());
        }
        let other = self.dict_of_keywords(keywords, span)?;
        self.helper(merge, vec![counter, other], span).map(|_| ())
    }

    fn most_common(&mut self, counter: Expr, count: Option<&ast::Expr>, keywords: &Keywords, span: Span) -> Typed<Expr> {
        let count = match (count, keywords) {
            (Some(count), []) => Some(count),
            (None, [(Some(name), count)]) if name == "n" => Some(count),
            (None, []) => None,
            _ => return Err(self.type_error("`.most_common` takes a number", span, "given something else")),
        };
        let count = match count {
            Some(count) => self.expression(count)?,
            None => self.none(span),
        };
        if count.ty == Type::None {
            return self.helper("counter_most_common", vec![counter], span);
        }
        let count = self.python_int(count, "the number of elements")?;
        self.helper("counter_most_common_of", vec![counter, count], span)
    }

    /// `a + b` and its kin of counters.
    pub(super) fn combine_counters(&mut self, op: BinaryOp, left: Expr, right: Expr, span: Span) -> Typed<Expr> {
        let name = match op {
            BinaryOp::Add => "counter_plus",
            BinaryOp::Subtract => "counter_minus",
            BinaryOp::BitOr => "counter_union",
            BinaryOp::BitAnd => "counter_intersection",
            _ => return Err(self.unsupported("the operator is not compiled for counters", span, "here")),
        };
        self.helper(name, vec![left, right], span)
    }

    /// `a += b` and its kin of counters: in place.
    pub(super) fn combine_counters_in_place(&mut self, op: BinaryOp, left: Expr, right: Expr, span: Span) -> Typed<()> {
        let name = match op {
            BinaryOp::Add => "counter_add_in_place",
            BinaryOp::Subtract => "counter_subtract_in_place",
            BinaryOp::BitOr => "counter_unite_in_place",
            BinaryOp::BitAnd => "counter_intersect_in_place",
            _ => return Err(self.unsupported("the operator is not compiled for counters", span, "here")),
        };
        self.helper(name, vec![left, right], span).map(|_| ())
    }

    /// `+a`, `-a` of a counter.
    pub(crate) fn signed_counter(&mut self, negative: bool, counter: Expr, span: Span) -> Typed<Expr> {
        let counter = self.hold(counter);
        self.helper(if negative { "counter_negative" } else { "counter_positive" }, vec![counter], span)
    }

    fn ordered_method(
        &mut self,
        dict: Expr,
        (key, value): (&Type, &Type),
        method: &str,
        (arguments, keywords): (&[ast::Expr], &Keywords),
        span: Span,
    ) -> Typed<Expr> {
        let write = Writer { span };
        let takes_key = usize::from(method == "move_to_end");
        let last = match (arguments.get(takes_key), keywords) {
            (Some(last), []) => last.clone(),
            (None, [(Some(name), last)]) if name == "last" => last.clone(),
            (None, []) => write.expr(ast::ExprKind::Bool(true)),
            _ => return Err(self.type_error(format!("this form of `.{method}` is not Python's"), span, "given here")),
        };
        if arguments.len() < takes_key || arguments.len() > takes_key + 1 {
            return Err(self.type_error(format!("this form of `.{method}` is not Python's"), span, "given here"));
        }
        if self.is_unknown(key) || self.is_unknown(value) {
            return Err(Reported);
        }
        let wanted = match arguments.first().filter(|_| takes_key == 1) {
            Some(wanted) => {
                let wanted = self.expression(wanted)?;
                let wanted = self.element(wanted, key, "a dict with keys")?;
                Some(self.hold(wanted))
            }
            None => None,
        };
        let last = self.test(&last)?;
        let Some(known) = crate::logic::constant_bool(&last) else {
            return Err(self.unsupported(
                format!("`.{method}` is compiled where `last` is `True` or `False`"),
                last.span,
                "known at run time only",
            ));
        };
        let first = operation(Op::Next, vec![dict.clone(), int_constant(0, span)], Type::INT, span);
        let Some(wanted) = wanted else {
            if known {
                return Ok(operation(Op::PopEntry, vec![dict], Type::Tuple(vec![key.clone(), value.clone()]), span));
            }
            let first = self.hold(first);
            self.raise_where(int_test(ScalarOp::Less, first.clone(), int_constant(0, span), span), "KeyError", "dictionary is empty", span);
            let taken = self.hold(operation(Op::KeyAt, vec![dict.clone(), first], key.clone(), span));
            let item = self.hold(operation(Op::PopKey, vec![dict, taken.clone()], value.clone(), span));
            return Ok(crate::expression::tuple(vec![taken, item], span));
        };
        let item = self.hold(operation(Op::Get, vec![dict.clone(), wanted.clone()], value.clone(), span));
        let place = self.hold(operation(Op::Find, vec![dict.clone(), wanted.clone()], Type::INT, span));
        if known {
            let one = int_constant(1, span);
            let kind = crate::ir::ExprKind::Map { op: ScalarOp::Add, loop_dtype: hypersonic_ops::Dtype::I64, operands: vec![place, one] };
            let behind = Expr { ty: Type::INT, kind, span };
            let next = operation(Op::Next, vec![dict.clone(), behind], Type::INT, span);
            let test = int_test(ScalarOp::GreaterEqual, next, int_constant(0, span), span);
            let (then, ()) = self.in_block(|typer| {
                typer.perform(Op::Delete, vec![dict.clone(), wanted.clone()], span);
                typer.perform(Op::Set, vec![dict, wanted, item], span);
            });
            self.push(StmtKind::If { test, then, otherwise: Vec::new() }, span);
            return Ok(self.none(span));
        }
        let test = int_test(ScalarOp::NotEqual, first, place, span);
        let (then, moved) = self.in_block(|typer| typer.helper("ordered_to_front", vec![dict, wanted], span).map(|_| ()));
        moved?;
        self.push(StmtKind::If { test, then, otherwise: Vec::new() }, span);
        Ok(self.none(span))
    }
}
