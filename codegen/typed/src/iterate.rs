//! What a `for` runs over: ranges, arrays, tuples, and `enumerate`, `zip`, `reversed` of them.
//!
//! What has a length known by its type is unrolled; everything else becomes a loop that counts.

use crate::assign::first_axis_item;
use crate::expression::{length_constant, tuple};
use crate::flow::Counter;
use crate::fold;
use crate::function::{Reported, Typed, Typer};
use crate::ir::{Constant, Expr, ExprKind, Index, MessagePart, Stmt, StmtKind};
use crate::objects::{View, dicts};
use crate::resolve::{Static, int_constant};
use crate::scope::Binding;
use crate::unify::{is_pure, is_static};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Dtype, Flavor, ScalarOp, Type};
use hypersonic_syntax::ast::{self, BinaryOp};
use std::collections::BTreeSet;

/// Longest constant range that is unrolled where that is needed.
const MAX_UNROLLED_RANGE: usize = 1000;

/// Something to iterate; all of its parts are evaluated already.
#[derive(Clone, Debug)]
pub(crate) enum Iterable {
    Range {
        start: Expr,
        stop: Expr,
        step: Expr,
    },
    Array(Expr),
    /// `array.flat`: elements in C order.
    Flat(Expr),
    Items(Vec<Expr>),
    Enumerate(Box<Iterable>, Expr),
    Zip(Vec<Iterable>),
    Reversed(Box<Iterable>),
    /// `itertools.count` of ints.
    Count(Expr, Expr),
    /// `itertools.repeat` without a number.
    Repeat(Expr),
    /// `itertools.cycle` of a list.
    Cycle(Expr),
    /// A list, string, set or dict; of a dict what is run over.
    Object(Expr, View),
}

impl Typer<'_, '_> {
    /// `for`.
    pub(crate) fn for_loop(
        &mut self,
        target: &ast::Expr,
        iter: &ast::Expr,
        body: &[ast::Stmt],
        orelse: &[ast::Stmt],
        span: Span,
    ) -> Typed<()> {
        if let Some(rewritten) = self.without_map(target, iter, body) {
            return match rewritten {
                Ok(loops) => self.for_loop(&loops.target, &loops.iter, &loops.body, orelse, span),
                Err(reported) => {
                    self.poison(std::slice::from_ref(target));
                    Err(reported)
                }
            };
        }
        if let Some(result) = self.for_generator(target, iter, body, orelse, span) {
            return result;
        }
        self.mark_parallel(iter, span);
        let Ok(iterable) = self.iterable(iter) else {
            // The body may have more to say.
            let changed = self.changed_names(Some(target), body);
            let (_, ()) = self.in_block(|typer| {
                let looped = typer.fixpoint(span, &changed, |typer| {
                    typer.poison(std::slice::from_ref(target));
                    typer.statements(body);
                });
                typer.end_loop(Some(looped.head), orelse, looped.breaks, span);
            });
            return Err(Reported);
        };
        if let (Iterable::Range { start, stop, step }, ast::ExprKind::Name(name)) = (&iterable, &target.kind) {
            let name = self.bound_name(name);
            let never_empty = constant_length(start, stop, step).is_some_and(|length| length > 0);
            let counter = Counter {
                variable: self.variable(&name, &Type::INT),
                start: start.clone(),
                stop: stop.clone(),
                step: step.clone(),
                never_empty,
            };
            let binding =
                Binding::Value { ty: Type::INT, variable: counter.variable, known: None, maybe_unbound: false, span: target.span };
            let bind = |typer: &mut Self, _| {
                typer.flag(&name, true, target.span);
                typer.environment.insert(name.clone(), binding.clone());
                typer.keep_name(&name, target.span);
                Ok(())
            };
            self.counted(counter, target, body, orelse, bind, span);
            return Ok(());
        }
        if let Some(done) = self.object_loop(&iterable, target, body, orelse, span) {
            return done;
        }
        if let Some(items) = self.unrolled_items(&iterable, false) {
            let changed = self.changed_names(Some(target), body);
            let items =
                items.into_iter().map(|item| if is_static(&item) || !self.mentions(&item, &changed) { item } else { self.snapshot(item) });
            let items = items.collect();
            self.unrolled(items, target, body, orelse, span);
            return Ok(());
        }
        let changed = self.changed_names(Some(target), body);
        let iterable = self.held(iterable, &changed);
        let length = self.length(&iterable, iter.span)?;
        let never_empty = matches!(length.kind, ExprKind::Constant(Constant::Int(n)) if n > 0);
        let name = self.fresh_name("k");
        let variable = self.variable(&name, &Type::INT);
        let counter = Counter { variable, start: int_constant(0, span), stop: length, step: int_constant(1, span), never_empty };
        let bind = |typer: &mut Self, counter| {
            let counter = typer.read(counter, target.span);
            let item = typer.item(&iterable, counter, target.span);
            typer.assign(target, item)
        };
        self.counted(counter, target, body, orelse, bind, span);
        Ok(())
    }

    /// Types what is iterated.
    pub(crate) fn iterable(&mut self, expr: &ast::Expr) -> Typed<Iterable> {
        self.nested(expr.span, |typer| {
            if let ast::ExprKind::Call(function, arguments, keywords) = &expr.kind
                && let Some(Static::External(full)) = typer.static_of(function)
            {
                match full.as_str() {
                    "builtins.range" | "hypersonic.prange" => return typer.range(arguments, keywords, expr.span),
                    "builtins.enumerate" => return typer.enumerate(arguments, keywords, expr.span),
                    "builtins.zip" => return typer.zip(arguments, keywords, expr.span),
                    "builtins.iter" if arguments.len() == 1 && keywords.is_empty() => return typer.iterable(&arguments[0]),
                    "builtins.reversed" => return typer.reversed(arguments, expr.span),
                    "builtins.list" | "builtins.tuple" if arguments.len() == 1 && keywords.is_empty() => {
                        // Nothing changes a range while the loop runs.
                        if let ast::ExprKind::Call(inner, ..) = &arguments[0].kind
                            && matches!(typer.static_of(inner), Some(Static::External(full)) if full == "builtins.range")
                        {
                            return typer.iterable(&arguments[0]);
                        }
                    }
                    _ => {}
                }
            }
            if let Some(range) = typer.held_range(expr) {
                return typer.iterable(&range);
            }
            if let Some(name) = typer.endless(expr) {
                return typer.endless_iterable(name, expr);
            }
            if let Some((base, view)) = dicts::view_call(expr) {
                let value = typer.expression(base)?;
                if view == "elements" && dicts::has_view(&value.ty, view) {
                    let elements = typer.dict_view(value, view, expr.span)?;
                    return typer.iterable_value(elements, expr.span);
                }
                if dicts::has_view(&value.ty, view) {
                    return Ok(Iterable::Object(typer.hold(value), View::of(view)));
                }
                let value = typer.method_on(value, view, &[], &[], expr.span)?;
                return typer.iterable_value(value, expr.span);
            }
            if let ast::ExprKind::Attribute(base, name) = &expr.kind
                && name == "flat"
            {
                let value = typer.argument(base)?;
                if let Type::Array(_, 1..) = value.ty {
                    return Ok(Iterable::Flat(typer.hold(value)));
                }
            }
            let value = match &expr.kind {
                ast::ExprKind::Set(items) => typer.set_display(items, true, expr.span)?,
                _ => typer.sequence_of(expr)?,
            };
            typer.iterable_value(value, expr.span)
        })
    }

    fn iterable_value(&mut self, value: Expr, span: Span) -> Typed<Iterable> {
        self.require_known_order(&value.ty, span)?;
        match value.ty.base() {
            Type::Tuple(_) => {
                let items = self.tuple_items(value).map_err(|_| Reported)?;
                Ok(Iterable::Items(items.into_iter().map(|item| if is_pure(&item) { item } else { self.hold(item) }).collect()))
            }
            Type::Array(_, ndim) if *ndim > 0 => Ok(Iterable::Array(self.hold(value))),
            Type::Text(_) | Type::Str | Type::List(_) | Type::Sequence(_) | Type::Set(_) | Type::Dict(..) => {
                let value = crate::objects::as_string(value);
                Ok(Iterable::Object(self.hold(value), View::Keys))
            }
            other => {
                let title = format!("`{other}` cannot be iterated");
                let hint = "loops run over ranges, arrays, tuples, and `enumerate`, `zip`, `reversed` of them";
                Err(self.report(Diagnostic::new(Id::TypeError, title, span, "iterated here").with_hint(hint)))
            }
        }
    }

    fn range(&mut self, arguments: &[ast::Expr], keywords: &[(Option<String>, ast::Expr)], span: Span) -> Typed<Iterable> {
        let mut bounds = Vec::new();
        for value in self.operands(arguments)? {
            bounds.push(self.python_int(value, "an argument of `range`")?);
        }
        let (zero, one) = (int_constant(0, span), int_constant(1, span));
        let mut bounds = bounds.into_iter();
        match (bounds.next(), bounds.next(), bounds.next(), bounds.next()) {
            _ if !keywords.is_empty() => Err(self.type_error("`range` takes no keywords", span, "given here")),
            (Some(stop), None, ..) => Ok(Iterable::Range { start: zero, stop, step: one }),
            (Some(start), Some(stop), step, None) => Ok(Iterable::Range { start, stop, step: step.unwrap_or(one) }),
            _ => Err(self.type_error("`range` takes one to three arguments", span, "given here")),
        }
    }

    fn enumerate(&mut self, arguments: &[ast::Expr], keywords: &[(Option<String>, ast::Expr)], span: Span) -> Typed<Iterable> {
        let start = match (arguments, keywords) {
            ([_], []) => None,
            ([_, start], []) => Some(start),
            ([_], [(Some(name), start)]) if name == "start" => Some(start),
            _ => return Err(self.type_error("`enumerate` takes one iterable and a start", span, "given something else")),
        };
        let inner = self.iterable(&arguments[0])?;
        let start = match start {
            Some(start) => {
                let start = self.expression(start)?;
                let start = self.python_int(start, "the start of `enumerate`")?;
                self.snapshot(start)
            }
            None => int_constant(0, span),
        };
        Ok(Iterable::Enumerate(Box::new(inner), start))
    }

    fn zip(&mut self, arguments: &[ast::Expr], keywords: &[(Option<String>, ast::Expr)], span: Span) -> Typed<Iterable> {
        if !keywords.is_empty() || arguments.is_empty() {
            return Err(self.unsupported("this form of `zip` is not compiled", span, "takes iterables, no keywords"));
        }
        if let [ast::Expr { kind: ast::ExprKind::Starred(rows), .. }] = arguments {
            let columns = self.zip_of_rows(rows, span)?;
            return self.iterable_value(columns, span);
        }
        let mut parts = Vec::new();
        for argument in arguments {
            parts.push(self.iterable(argument)?);
        }
        let unrolled = |part: &Iterable| self.unrolled_items(part, true).is_some();
        let endless = |part: &Iterable| matches!(part, Iterable::Count(..) | Iterable::Repeat(_));
        if !parts.iter().all(|part| unrolled(part) || endless(part)) {
            parts = parts.into_iter().map(|part| self.as_list(part, span)).collect::<Typed<Vec<Iterable>>>()?;
        }
        Ok(Iterable::Zip(parts))
    }

    /// A tuple of values of one type as a list of them, whose items have numbers at run time; anything else as it is.
    pub(crate) fn as_list(&mut self, iterable: Iterable, span: Span) -> Typed<Iterable> {
        match iterable {
            Iterable::Items(items) if !items.is_empty() && self.probe(|typer| typer.list_of_values(items.clone(), span)).is_some() => {
                let list = self.list_of_values(items, span)?;
                Ok(Iterable::Object(self.hold(list), crate::objects::View::Keys))
            }
            Iterable::Enumerate(inner, start) => Ok(Iterable::Enumerate(Box::new(self.as_list(*inner, span)?), start)),
            other => Ok(other),
        }
    }

    fn reversed(&mut self, arguments: &[ast::Expr], span: Span) -> Typed<Iterable> {
        let [argument] = arguments else {
            return Err(self.type_error("`reversed` takes one argument", span, "given here"));
        };
        match self.iterable(argument)? {
            Iterable::Items(items) => Ok(Iterable::Items(items.into_iter().rev().collect())),
            Iterable::Array(array) => Ok(Iterable::Reversed(Box::new(Iterable::Array(array)))),
            object @ Iterable::Object(..) => Ok(Iterable::Reversed(Box::new(object))),
            range @ Iterable::Range { .. } => {
                let range = self.held(range, &BTreeSet::new());
                let length = self.length(&range, span)?;
                let Iterable::Range { start, step, .. } = range else { return Err(Reported) };
                let steps = int_op(BinaryOp::Subtract, length, int_constant(1, span));
                let last = int_op(BinaryOp::Add, start.clone(), int_op(BinaryOp::Multiply, steps, step.clone()));
                let stop = int_op(BinaryOp::Subtract, start, step.clone());
                Ok(Iterable::Range { start: last, stop, step: int_op(BinaryOp::Subtract, int_constant(0, span), step) })
            }
            _ => Err(self.type_error("`reversed` needs a sequence", span, "this can only be run forwards")),
        }
    }

    /// Everything evaluated into variables that the names in `changed` do not touch, so that it can be read in each iteration.
    pub(crate) fn held(&mut self, iterable: Iterable, changed: &BTreeSet<String>) -> Iterable {
        let mut keep = |value: Expr| {
            let stays = is_static(&value) || (is_pure(&value) && !self.mentions(&value, changed));
            if stays { value } else { self.snapshot(value) }
        };
        match iterable {
            Iterable::Range { start, stop, step } => Iterable::Range { start: keep(start), stop: keep(stop), step: keep(step) },
            Iterable::Array(array) => Iterable::Array(keep(array)),
            Iterable::Flat(array) => Iterable::Flat(keep(array)),
            Iterable::Items(items) => Iterable::Items(items),
            Iterable::Enumerate(inner, start) => {
                let start = keep(start);
                Iterable::Enumerate(Box::new(self.held(*inner, changed)), start)
            }
            Iterable::Zip(parts) => Iterable::Zip(parts.into_iter().map(|part| self.held(part, changed)).collect()),
            Iterable::Reversed(inner) => Iterable::Reversed(Box::new(self.held(*inner, changed))),
            Iterable::Count(start, step) => Iterable::Count(keep(start), keep(step)),
            Iterable::Repeat(item) => Iterable::Repeat(keep(item)),
            Iterable::Cycle(list) => Iterable::Cycle(keep(list)),
            Iterable::Object(object, view) => Iterable::Object(keep(object), view),
        }
    }

    /// The items, if their number is known by type; constant ranges count only if `ranges`.
    pub(crate) fn unrolled_items(&self, iterable: &Iterable, ranges: bool) -> Option<Vec<Expr>> {
        match iterable {
            Iterable::Items(items) => Some(items.clone()),
            Iterable::Enumerate(inner, start) => {
                let items = self.unrolled_items(inner, ranges)?;
                let number = |n| int_op(BinaryOp::Add, start.clone(), length_constant(n, start.span));
                Some(items.into_iter().enumerate().map(|(n, item)| tuple(vec![number(n), item.clone()], item.span)).collect())
            }
            Iterable::Zip(parts) => {
                // One tuple among them decides that all are unrolled.
                let ranges = ranges || parts.iter().any(|part| self.unrolled_items(part, false).is_some());
                let endless = |part: &Iterable| matches!(part, Iterable::Count(..) | Iterable::Repeat(_));
                let ends = parts.iter().filter(|part| !endless(part));
                let count = ends.map(|part| self.unrolled_items(part, ranges).map(|items| items.len())).collect::<Option<Vec<_>>>()?;
                let count = count.into_iter().min()?;
                let column = |part: &Iterable| match part {
                    Iterable::Count(start, step) => {
                        let offset = |n| int_op(BinaryOp::Multiply, length_constant(n, start.span), step.clone());
                        Some((0..count).map(|n| int_op(BinaryOp::Add, start.clone(), offset(n))).collect())
                    }
                    Iterable::Repeat(item) => Some(vec![item.clone(); count]),
                    part => self.unrolled_items(part, ranges),
                };
                let columns = parts.iter().map(column).collect::<Option<Vec<Vec<Expr>>>>()?;
                let row = |n: usize| columns.iter().map(|column| column[n].clone()).collect::<Vec<_>>();
                Some((0..count).map(|n| tuple(row(n), columns[0][n].span)).collect())
            }
            Iterable::Range { start, stop, step } if ranges => {
                let length = constant_length(start, stop, step).and_then(|length| usize::try_from(length).ok())?;
                if length > MAX_UNROLLED_RANGE {
                    return None;
                }
                let value = |n| {
                    let offset = int_op(BinaryOp::Multiply, length_constant(n, start.span), step.clone());
                    int_op(BinaryOp::Add, start.clone(), offset)
                };
                Some((0..length).map(value).collect())
            }
            Iterable::Reversed(inner) => self.unrolled_items(inner, ranges).map(|items| items.into_iter().rev().collect()),
            Iterable::Count(..) | Iterable::Repeat(_) | Iterable::Cycle(_) => None,
            Iterable::Range { .. } | Iterable::Array(_) | Iterable::Flat(_) | Iterable::Object(..) => None,
        }
    }

    /// How many items there are: an int, perhaps negative if there are none.
    pub(crate) fn length(&mut self, iterable: &Iterable, span: Span) -> Typed<Expr> {
        match iterable {
            Iterable::Items(items) => Ok(length_constant(items.len(), span)),
            Iterable::Array(array) => Ok(Expr { ty: Type::INT, kind: ExprKind::Extent(Box::new(array.clone()), 0), span }),
            Iterable::Object(object, _) => Ok(crate::objects::length(object.clone(), span)),
            Iterable::Count(..) | Iterable::Repeat(_) => Ok(int_constant(i64::MAX, span)),
            Iterable::Cycle(_) => Err(self.unsupported("`itertools.cycle` is not compiled here", span, "beside a generator")),
            Iterable::Flat(array) => Ok(Expr { ty: Type::INT, kind: ExprKind::Size(Box::new(array.clone())), span }),
            Iterable::Enumerate(inner, _) | Iterable::Reversed(inner) => self.length(inner, span),
            Iterable::Range { start, stop, step } => Ok(self.range_length(start, stop, step, span)),
            Iterable::Zip(parts) => {
                if parts.iter().any(|part| self.unrolled_items(part, false).is_some()) {
                    let title = "`zip` of a tuple with something of unknown length is not compiled";
                    return Err(self.unsupported(title, span, "one part is a tuple, another an array or range"));
                }
                let mut shortest: Option<Expr> = None;
                for part in parts {
                    let length = self.length(part, span)?;
                    shortest = Some(match shortest {
                        None => length,
                        Some(other) => int_map(ScalarOp::Minimum, vec![other, length], span),
                    });
                }
                shortest.ok_or(Reported)
            }
        }
    }

    pub(crate) fn range_length(&mut self, start: &Expr, stop: &Expr, step: &Expr, span: Span) -> Expr {
        if let Some(length) = constant_length(start, stop, step) {
            return int_constant(length, span);
        }
        let subtract = |a: &Expr, b: &Expr| int_op(BinaryOp::Subtract, a.clone(), b.clone());
        let up = |step: &Expr| {
            let rounded = int_op(BinaryOp::Add, subtract(stop, start), int_op(BinaryOp::Subtract, step.clone(), int_constant(1, span)));
            if matches!(step.kind, ExprKind::Constant(Constant::Int(1))) {
                rounded
            } else {
                int_op(BinaryOp::FloorDivide, rounded, step.clone())
            }
        };
        let down = |step: &Expr| {
            let size = int_op(BinaryOp::Subtract, int_constant(0, span), step.clone());
            let rounded = int_op(BinaryOp::Add, subtract(start, stop), int_op(BinaryOp::Subtract, size.clone(), int_constant(1, span)));
            if matches!(size.kind, ExprKind::Constant(Constant::Int(1))) { rounded } else { int_op(BinaryOp::FloorDivide, rounded, size) }
        };
        match step.kind {
            ExprKind::Constant(Constant::Int(n)) if n > 0 => up(step),
            ExprKind::Constant(Constant::Int(n)) if n < 0 => down(step),
            _ => {
                let zero = int_constant(0, span);
                let compare = |op| Expr {
                    ty: Type::BOOL,
                    kind: ExprKind::Map { op, loop_dtype: Dtype::I64, operands: vec![step.clone(), zero.clone()] },
                    span,
                };
                let message = vec![MessagePart::Text("range() arg 3 must not be zero".to_owned())];
                let raise = Stmt { span, kind: StmtKind::Raise { exception: "ValueError".to_owned(), message, retried: true } };
                self.push(StmtKind::If { test: compare(ScalarOp::Equal), then: vec![raise], otherwise: Vec::new() }, span);
                let kind = ExprKind::Conditional {
                    test: Box::new(compare(ScalarOp::Greater)),
                    then: Box::new(up(step)),
                    otherwise: Box::new(down(step)),
                };
                self.hold(Expr { ty: Type::INT, kind, span })
            }
        }
    }

    /// The item of iteration `counter`.
    pub(crate) fn item(&mut self, iterable: &Iterable, counter: Expr, span: Span) -> Expr {
        match iterable {
            Iterable::Array(array) => first_axis_item(array, counter, span),
            Iterable::Flat(array) => flat_item(array, counter, span),
            Iterable::Range { start, step, .. } => {
                let offset = if matches!(step.kind, ExprKind::Constant(Constant::Int(1))) {
                    counter
                } else {
                    int_op(BinaryOp::Multiply, counter, step.clone())
                };
                if matches!(start.kind, ExprKind::Constant(Constant::Int(0))) {
                    offset
                } else {
                    int_op(BinaryOp::Add, start.clone(), offset)
                }
            }
            Iterable::Enumerate(inner, start) => {
                let number = if matches!(start.kind, ExprKind::Constant(Constant::Int(0))) {
                    counter.clone()
                } else {
                    int_op(BinaryOp::Add, start.clone(), counter.clone())
                };
                tuple(vec![number, self.item(inner, counter, span)], span)
            }
            Iterable::Zip(parts) => {
                let items = parts.iter().map(|part| self.item(part, counter.clone(), span)).collect();
                tuple(items, span)
            }
            Iterable::Reversed(inner) => {
                let length = match inner.as_ref() {
                    Iterable::Array(array) => Expr { ty: Type::INT, kind: ExprKind::Extent(Box::new(array.clone()), 0), span },
                    _ => int_constant(0, span),
                };
                let last = int_op(BinaryOp::Subtract, length, int_constant(1, span));
                self.item(inner, int_op(BinaryOp::Subtract, last, counter), span)
            }
            Iterable::Count(start, step) => {
                let offset = int_op(BinaryOp::Multiply, counter, step.clone());
                int_op(BinaryOp::Add, start.clone(), offset)
            }
            Iterable::Repeat(item) => item.clone(),
            Iterable::Object(object, _) => crate::objects::item_at(object.clone(), counter, span),
            Iterable::Items(_) | Iterable::Cycle(_) => tuple(Vec::new(), span),
        }
    }
}

/// Element `counter` of an array in C order.
fn flat_item(array: &Expr, counter: Expr, span: Span) -> Expr {
    let extent = |axis| Expr { ty: Type::INT, kind: ExprKind::Extent(Box::new(array.clone()), axis), span };
    let ndim = array.ty.ndim().unwrap_or(1);
    let mut index = Vec::new();
    let mut rest = counter;
    for axis in (1..ndim).rev() {
        index.push(Index::Integer(int_op(BinaryOp::Modulo, rest.clone(), extent(axis))));
        rest = int_op(BinaryOp::FloorDivide, rest, extent(axis));
    }
    index.push(Index::Integer(rest));
    index.reverse();
    let ty = Type::Scalar(array.ty.dtype().unwrap_or(Dtype::F64), Flavor::Numpy);
    Expr { ty, kind: ExprKind::Index(Box::new(array.clone()), index), span }
}

fn constant_int(value: &Expr) -> Option<i64> {
    match value.kind {
        ExprKind::Constant(Constant::Int(value)) => Some(value),
        _ => None,
    }
}

/// `len(range(start, stop, step))`, if all are constant.
fn constant_length(start: &Expr, stop: &Expr, step: &Expr) -> Option<i64> {
    let (start, stop, step) = (i128::from(constant_int(start)?), i128::from(constant_int(stop)?), i128::from(constant_int(step)?));
    let length = match step {
        0 => return None,
        step if step > 0 => (stop - start + step - 1).div_euclid(step),
        step => (start - stop - step - 1).div_euclid(-step),
    };
    i64::try_from(length.max(0)).ok()
}

/// An operation on ints, folded if constant.
pub(crate) fn int_op(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    if let Some(folded) = fold::binary(op, &left, &right) {
        return folded;
    }
    match (op, constant_int(&left), constant_int(&right)) {
        (BinaryOp::Add | BinaryOp::Subtract, _, Some(0)) | (BinaryOp::Multiply | BinaryOp::FloorDivide, _, Some(1)) => return left,
        (BinaryOp::Add, Some(0), _) | (BinaryOp::Multiply, Some(1), _) => return right,
        _ => {}
    }
    let span = left.span;
    match crate::expression::scalar_op(op) {
        Some(op) => int_map(op, vec![left, right], span),
        None => left,
    }
}

pub(crate) fn int_map(op: ScalarOp, operands: Vec<Expr>, span: Span) -> Expr {
    Expr { ty: Type::INT, kind: ExprKind::Map { op, loop_dtype: Dtype::I64, operands }, span }
}
