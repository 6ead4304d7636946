//! Subscripts of arrays and tuples: what is selected and what comes of it.

use crate::expression::tuple;
use crate::function::{Reported, Typed, Typer};
use crate::ir::{Constant, Expr, ExprKind, Index, MessagePart, StmtKind};
use crate::library;
use crate::objects::Empty;
use crate::resolve::int_constant;
use crate::unify::{coerce, is_pure, unify};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp, Type};
use hypersonic_syntax::ast;

/// Most dimensions of an array.
const MAX_NDIM: usize = 6;

/// What a subscript of an array selects.
pub(crate) struct Selection {
    /// One entry per axis and new axis.
    pub index: Vec<Index>,
    /// The type of what is selected.
    pub ty: Type,
}

#[allow(clippy::large_enum_variant, reason = "nearly all of them are indices")]
enum Part {
    Index(Index),
    Ellipsis,
}

impl Typer<'_, '_> {
    /// Types `base[index]`.
    pub(crate) fn subscript(&mut self, base: &ast::Expr, index: &ast::Expr, span: Span) -> Typed<Expr> {
        if let Some(found) = self.constant_dict_item(base, index, span) {
            return found;
        }
        if let Some(found) = self.member_by_name(base, index, span) {
            return found;
        }
        // A part of a list is a list; an item is taken from values side by side.
        let is_list = matches!(base.kind, ast::ExprKind::List(_) | ast::ExprKind::Comprehension { kind: "list", .. });
        let mut value = if is_list && self.is_slice(index) { self.expression(base)? } else { self.sequence_of(base)? };
        if crate::options::names_of(&value.ty).is_some() {
            return self.option_item(value, index, span);
        }
        let index = &self.spelt_index(index)?;
        match &value.ty {
            Type::Tuple(_) => self.tuple_subscript(value, index, span),
            ty if ty.is_object() || matches!(ty, Type::Text(_)) => self.object_subscript(value, index, span),
            Type::Array(..) => {
                let selection = self.select(&mut value, index, span)?;
                Ok(Expr { ty: selection.ty, kind: ExprKind::Index(Box::new(value), selection.index), span })
            }
            other => {
                let title = format!("`{other}` cannot be subscripted");
                Err(self.type_error(title, span, format!("`{}` is no array or tuple here", self.source(base))))
            }
        }
    }

    fn is_slice(&mut self, index: &ast::Expr) -> bool {
        self.probe(|typer| typer.spelt_index(index)).is_some_and(|index| matches!(index.kind, ast::ExprKind::Slice(..)))
    }

    /// Types the subscript of an array.
    pub(crate) fn select(&mut self, array: &mut Expr, index: &ast::Expr, span: Span) -> Typed<Selection> {
        let Type::Array(dtype, ndim) = array.ty else {
            return Err(self.type_error(format!("`{}` cannot be subscripted", array.ty), span, "no array"));
        };
        let single = std::slice::from_ref(index);
        let written = match &index.kind {
            ast::ExprKind::Tuple(items) => items.as_slice(),
            _ => single,
        };
        let start = self.block.len();
        let mut parts: Vec<Part> = Vec::new();
        let mut failed = None;
        for item in written {
            let mark = self.block.len();
            let before = parts.len();
            if let Err(reported) = self.part(item, written.len() == 1, &mut parts) {
                failed = Some(reported);
            }
            if self.block.len() > mark {
                let later = self.block.split_off(mark);
                for part in parts.iter_mut().take(before) {
                    self.hold_part(part);
                }
                self.block.extend(later);
            }
        }
        self.keep_order(array, start);
        if let Some(reported) = failed {
            return Err(reported);
        }
        self.complete(parts, dtype, ndim, span)
    }

    fn hold_part(&mut self, part: &mut Part) {
        match part {
            Part::Index(Index::Integer(value) | Index::Mask(value) | Index::Array(value)) => *value = self.hold(value.clone()),
            Part::Index(Index::Slice(lower, upper, step)) => {
                for value in [lower, upper, step].into_iter().flatten() {
                    *value = self.hold(value.clone());
                }
            }
            Part::Index(Index::NewAxis) | Part::Ellipsis => {}
        }
    }

    fn part(&mut self, item: &ast::Expr, alone: bool, parts: &mut Vec<Part>) -> Typed<()> {
        match &item.kind {
            ast::ExprKind::Ellipsis => parts.push(Part::Ellipsis),
            ast::ExprKind::Slice(lower, upper, step) => {
                let bounds = self.bounds(lower.as_deref(), upper.as_deref(), step.as_deref())?;
                let [lower, upper, step] = bounds;
                parts.push(Part::Index(Index::Slice(lower, upper, step)));
            }
            ast::ExprKind::Starred(inner) => {
                let value = self.expression(inner)?;
                let items = self.tuple_items(value).map_err(|value| self.not_an_index(&value))?;
                for item in items {
                    let index = self.index_of(item)?;
                    parts.push(Part::Index(index));
                }
            }
            _ => {
                let value = self.argument(item)?;
                if alone && matches!(value.ty, Type::Tuple(_)) && !matches!(item.kind, ast::ExprKind::List(_)) {
                    for item in self.tuple_items(value).unwrap_or_default() {
                        let index = self.index_of(item)?;
                        parts.push(Part::Index(index));
                    }
                } else {
                    let index = self.index_of(value)?;
                    parts.push(Part::Index(index));
                }
            }
        }
        Ok(())
    }

    pub(crate) fn bounds(
        &mut self,
        lower: Option<&ast::Expr>,
        upper: Option<&ast::Expr>,
        step: Option<&ast::Expr>,
    ) -> Typed<[Option<Expr>; 3]> {
        let mut typed: [Option<Expr>; 3] = [None, None, None];
        for (position, part) in [lower, upper, step].into_iter().enumerate() {
            let Some(part) = part else { continue };
            let mark = self.block.len();
            let value = self.expression(part)?;
            if self.block.len() > mark {
                let later = self.block.split_off(mark);
                for value in typed.iter_mut().flatten() {
                    *value = self.hold(value.clone());
                }
                self.block.extend(later);
            }
            typed[position] = if value.ty == Type::None { None } else { Some(self.python_int(value, "a bound of a slice")?) };
        }
        Ok(typed)
    }

    /// A value with `__index__`, as a Python int.
    pub(crate) fn python_int(&mut self, value: Expr, what: &str) -> Typed<Expr> {
        match &value.ty {
            Type::Scalar(dtype, Flavor::Python) if matches!(dtype.kind(), Kind::Integer | Kind::Bool) => {
                Ok(library::convert(value, &Type::INT))
            }
            Type::Scalar(dtype, Flavor::Numpy) if dtype.kind() == Kind::Integer => Ok(library::convert(value, &Type::INT)),
            Type::Array(dtype, 0) if dtype.kind() == Kind::Integer => Ok(library::convert(element(value), &Type::INT)),
            other => {
                let label = format!("`{other}`");
                Err(self.type_error(format!("{what} must be an integer"), value.span, label))
            }
        }
    }

    fn index_of(&mut self, value: Expr) -> Typed<Index> {
        match value.ty {
            Type::None => Ok(Index::NewAxis),
            Type::Scalar(dtype, _) if dtype.kind() == Kind::Integer => Ok(Index::Integer(value)),
            Type::Array(Dtype::Bool, ndim) if ndim > 0 => Ok(Index::Mask(value)),
            Type::Array(dtype, 0) if dtype.kind() == Kind::Integer => Ok(Index::Integer(element(value))),
            Type::Array(dtype, _) if dtype.kind() == Kind::Integer => Ok(Index::Array(value)),
            Type::Tuple(ref items) if !items.is_empty() => {
                let arguments = library::Arguments { span: value.span, positional: vec![value], keywords: Vec::new() };
                let array = self.apply(arguments, |typer, arguments| library::call(typer, "numpy.array", arguments))?;
                self.index_of(array)
            }
            Type::List(ref element) => {
                // `a[[]]` is a whole number's index.
                let whole = matches!(element.as_ref(), Type::Scalar(dtype, _) if dtype.kind() == Kind::Integer);
                let empty = if whole { Empty::IsOfItsKind } else { Empty::IsFloats };
                let array = self.list_made_array(value, empty)?;
                self.index_of(array)
            }
            _ => Err(self.not_an_index(&value)),
        }
    }

    fn not_an_index(&mut self, value: &Expr) -> Reported {
        match &value.ty {
            Type::Tuple(_) => self.unsupported("an empty list is no compiled index", value.span, "of what type?"),
            other => self.type_error(
                "only integers, slices, `None`, `...`, integer arrays and bool arrays are compiled as indices",
                value.span,
                format!("`{other}`"),
            ),
        }
    }

    fn complete(&mut self, parts: Vec<Part>, dtype: Dtype, ndim: u8, span: Span) -> Typed<Selection> {
        let ndim = usize::from(ndim);
        let covered: usize = parts.iter().map(covers).sum();
        let ellipses = parts.iter().filter(|part| matches!(part, Part::Ellipsis)).count();
        if ellipses > 1 {
            return Err(self.type_error("an index can have one `...` only", span, "several `...`"));
        }
        if covered > ndim {
            let title = format!("too many indices: the array has {ndim} dimensions, {covered} are indexed");
            return Err(self.type_error(title, span, format!("`{}` here", Type::Array(dtype, u8::try_from(ndim).unwrap_or(u8::MAX)))));
        }
        let hidden = covered == ndim && ellipsis_between(&parts);
        let mut index = Vec::new();
        let full = || std::iter::repeat_with(|| Index::Slice(None, None, None)).take(ndim - covered);
        for part in parts {
            match part {
                Part::Index(part) => index.push(part),
                Part::Ellipsis => index.extend(full()),
            }
        }
        if ellipses == 0 {
            index.extend(full());
        }
        let masks = index.iter().filter(|part| matches!(part, Index::Mask(_))).count();
        let integers = index.iter().filter(|part| matches!(part, Index::Integer(_))).count();
        let arrays = index.iter().filter(|part| matches!(part, Index::Array(_))).count();
        if masks > 1 || (masks == 1 && integers + arrays > 0) {
            let title = "a mask beside integers, arrays or other masks comes later";
            let diagnostic = Diagnostic::new(Id::UnsupportedExpression, title, span, "indexed here");
            return Err(self.report(diagnostic.with_hint("index twice: `a[i][mask]`, or by `np.flatnonzero(mask)`")));
        }
        if arrays > 0 && hidden {
            let title = "`...` for no axes stands between integers and arrays";
            return Err(self.unsupported(title, span, "NumPy moves the axes of the arrays to the front here"));
        }
        let rank = index.len() - integers - arrays + broadcast_rank(&index);
        if rank > MAX_NDIM {
            return Err(self.unsupported(format!("arrays have at most {MAX_NDIM} dimensions"), span, format!("this has {rank}")));
        }
        let ty = if rank == 0 && ellipses == 0 {
            Type::Scalar(dtype, Flavor::Numpy)
        } else {
            Type::Array(dtype, u8::try_from(rank).unwrap_or(u8::MAX))
        };
        Ok(Selection { index, ty })
    }

    fn tuple_subscript(&mut self, value: Expr, index: &ast::Expr, span: Span) -> Typed<Expr> {
        if let ast::ExprKind::Slice(lower, upper, step) = &index.kind {
            let bounds = self.bounds(lower.as_deref(), upper.as_deref(), step.as_deref())?;
            return self.tuple_slice(value, bounds, span);
        }
        let index = self.expression(index)?;
        let index = self.python_int(index, "the index of a tuple")?;
        let Type::Tuple(types) = &value.ty else { return Err(Reported) };
        let length = types.len();
        if let ExprKind::Constant(Constant::Int(n)) = index.kind {
            return match position(n, length) {
                Some(n) => match self.tuple_items(value) {
                    Ok(items) if items.iter().enumerate().all(|(k, item)| k == n || is_pure(item)) => {
                        Ok(items.into_iter().nth(n).ok_or(Reported)?)
                    }
                    Ok(items) => Ok(crate::unify::tuple_item(&tuple(items, span), n)),
                    Err(_) => Err(Reported),
                },
                None => Err(self.type_error("tuple index out of range", span, format!("the tuple has {length} items"))),
            };
        }
        self.tuple_at(value, index, span)
    }

    fn tuple_slice(&mut self, value: Expr, bounds: [Option<Expr>; 3], span: Span) -> Typed<Expr> {
        let mut constants = [None; 3];
        for (constant, bound) in constants.iter_mut().zip(&bounds) {
            match bound.as_ref().map(|bound| &bound.kind) {
                None => {}
                Some(ExprKind::Constant(Constant::Int(n))) => *constant = Some(*n),
                Some(_) => {
                    return Err(self.unsupported(
                        "a tuple is sliced by bounds that are not constant",
                        span,
                        "the length is not known at build time",
                    ));
                }
            }
        }
        let items = self.tuple_items(value).map_err(|_| Reported)?;
        let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let step = constants[2].unwrap_or(1);
        if step == 0 {
            return Err(self.type_error("slice step cannot be zero", span, "here"));
        }
        let (lowest, highest) = if step > 0 { (0, length) } else { (-1, length - 1) };
        let clamp = |n: i64| if n < 0 { n.saturating_add(length).max(lowest) } else { n.min(highest) };
        let start = constants[0].map_or(if step > 0 { lowest } else { highest }, clamp);
        let stop = constants[1].map_or(if step > 0 { highest } else { lowest }, clamp);
        let items: Vec<_> = items.into_iter().map(|item| if is_pure(&item) { item } else { self.hold(item) }).collect();
        let mut chosen = Vec::new();
        let mut n = start;
        while (step > 0 && n < stop) || (step < 0 && n > stop) {
            chosen.extend(usize::try_from(n).ok().and_then(|n| items.get(n)).cloned());
            n = n.saturating_add(step);
        }
        Ok(tuple(chosen, span))
    }

    /// `tuple[index]` where the index is only known at run time: the items must have one type.
    fn tuple_at(&mut self, value: Expr, index: Expr, span: Span) -> Typed<Expr> {
        let items = self.tuple_items(value).map_err(|_| Reported)?;
        let items: Vec<_> = items.into_iter().map(|item| if is_pure(&item) { item } else { self.hold(item) }).collect();
        let index = self.hold(index);
        let mut types = items.iter().map(|item| Some(item.ty.clone()));
        let first = types.next().flatten();
        let ty = types.fold(first, |a, b| unify(&a?, &b?));
        let Some(ty) = ty.filter(|ty| items.iter().all(|item| item.ty == *ty)) else {
            return Err(self.unsupported("the items of the tuple differ in type", span, "which item is not known at build time"));
        };
        let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let compare = |op, n: i64| Expr {
            ty: Type::BOOL,
            kind: ExprKind::Map { op, loop_dtype: Dtype::I64, operands: vec![index.clone(), int_constant(n, span)] },
            span,
        };
        let (low, high) = (compare(ScalarOp::Less, -count), compare(ScalarOp::GreaterEqual, count));
        let outside = Expr { ty: Type::BOOL, kind: ExprKind::Or(Box::new(low), Box::new(high)), span };
        let message = vec![MessagePart::Text("tuple index out of range".to_owned())];
        let raise = crate::ir::Stmt { span, kind: StmtKind::Raise { exception: "IndexError".to_owned(), message, retried: true } };
        self.push(StmtKind::If { test: outside, then: vec![raise], otherwise: Vec::new() }, span);
        let mut items = items.into_iter().enumerate().rev();
        let Some((_, mut chosen)) = items.next() else { return Err(Reported) };
        for (n, item) in items {
            let n = i64::try_from(n).unwrap_or(i64::MAX);
            let (here, from_end) = (compare(ScalarOp::Equal, n), compare(ScalarOp::Equal, n - count));
            let test = Expr { ty: Type::BOOL, kind: ExprKind::Or(Box::new(here), Box::new(from_end)), span };
            let kind = ExprKind::Conditional { test: Box::new(test), then: Box::new(coerce(item, &ty)), otherwise: Box::new(chosen) };
            chosen = Expr { ty: ty.clone(), kind, span };
        }
        Ok(chosen)
    }
}

/// The rank to which the integer arrays of a subscript broadcast.
pub(crate) fn broadcast_rank(index: &[Index]) -> usize {
    let rank = |part: &Index| if let Index::Array(places) = part { places.ty.ndim().map(usize::from) } else { None };
    index.iter().filter_map(rank).max().unwrap_or(0)
}

/// Whether `...` has integers or arrays on both sides.
fn ellipsis_between(parts: &[Part]) -> bool {
    let Some(at) = parts.iter().position(|part| matches!(part, Part::Ellipsis)) else { return false };
    let advanced = |part: &Part| matches!(part, Part::Index(Index::Integer(_) | Index::Array(_)));
    parts[..at].iter().any(advanced) && parts[at..].iter().any(advanced)
}

fn covers(part: &Part) -> usize {
    match part {
        Part::Index(Index::Integer(_) | Index::Array(_) | Index::Slice(..)) => 1,
        Part::Index(Index::Mask(mask)) => usize::from(mask.ty.ndim().unwrap_or(0)),
        Part::Index(Index::NewAxis) | Part::Ellipsis => 0,
    }
}

fn position(n: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let n = if n < 0 { n + length } else { n };
    usize::try_from(n).ok().filter(|_| n < length)
}

/// The one element of a 0-d array, as a NumPy scalar.
pub(crate) fn element(array: Expr) -> Expr {
    let span = array.span;
    match array.ty {
        Type::Array(dtype, 0) => Expr { ty: Type::Scalar(dtype, Flavor::Numpy), kind: ExprKind::Index(Box::new(array), Vec::new()), span },
        _ => array,
    }
}
