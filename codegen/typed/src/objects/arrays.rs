//! Lists where arrays are asked for: `np.array(list)`, and every function of NumPy that is given one.

use super::{Writer, length};
use crate::function::{Reported, Typed, Typer};
use crate::ir::{Expr, ExprKind};
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Dtype, Kind, Special, Type};
use hypersonic_syntax::ast::{self, BinaryOp, CompareOp};

/// What an empty list of numbers becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Empty {
    /// An array of floats, as NumPy makes of it.
    IsFloats,
    /// An array of what the list would hold: it is converted, or it is an index.
    IsOfItsKind,
}

impl Typer<'_, '_> {
    /// `a.tolist()`: Python's numbers, in lists of lists for more axes.
    pub(crate) fn array_as_list(&mut self, array: Expr, dtype: Dtype, ndim: u8, span: Span) -> Typed<Expr> {
        let write = Writer { span };
        let (array, item) = (self.named("array", array), write.name(&self.own_name("item")));
        let element = if ndim > 1 {
            // A list at each depth is made at a place of its own, whatever it holds.
            let within = Writer { span: Span { start: span.start + 1, ..span } };
            within.method(item.clone(), "tolist", Vec::new())
        } else {
            let number = match dtype.kind() {
                Kind::Bool => "bool",
                Kind::Integer => "int",
                Kind::Float => "float",
                Kind::Complex => "complex",
            };
            write.call(write.builtin(number), vec![item.clone()])
        };
        self.container_comprehension("list", &element, &[(item, write.name(&array), Vec::new())], span)
    }

    /// The argument of a function of NumPy: a list of numbers, of lists of one length, or of arrays of one shape becomes an array.
    pub(crate) fn list_as_array(&mut self, value: Expr) -> Typed<Expr> {
        self.list_made_array(value, Empty::IsFloats)
    }

    /// The same; what is made of an empty list of numbers may be known from elsewhere.
    pub(crate) fn list_made_array(&mut self, value: Expr, empty: Empty) -> Typed<Expr> {
        let value = match (value.ty.special(), value.ty.base().clone()) {
            (None, Type::Sequence(element)) | (Some(Special::Deque), Type::List(element)) => {
                let span = value.span;
                super::operation(hypersonic_abi::object::Op::ToList, vec![value], Type::List(element), span)
            }
            _ => value,
        };
        let span = value.span;
        if matches!(value.ty, Type::Tuple(_)) && Self::holds_lists(&value.ty) {
            let items = self.tuple_items(value).map_err(|_| Reported)?;
            let items: Vec<Expr> = items.into_iter().map(|item| self.hold(item)).collect();
            let items = items.into_iter().map(|item| self.list_made_array(item, empty)).collect::<Typed<Vec<Expr>>>()?;
            return Ok(crate::expression::tuple(items, span));
        }
        let Type::List(element) = value.ty.clone() else { return Ok(value) };
        match element.as_ref() {
            Type::Scalar(dtype, _) => self.array_of_numbers(value, *dtype, empty, span),
            Type::Array(dtype, ndim) if *ndim < 5 => self.array_of_arrays(value, *dtype, *ndim, span),
            Type::List(_) => {
                let rows = self.rows_as_arrays(value, span)?;
                self.list_as_array(rows)
            }
            Type::Tuple(items) if !items.is_empty() && items.iter().all(|item| matches!(item, Type::Scalar(..))) => {
                let rows = self.rows_as_arrays(value, span)?;
                self.list_as_array(rows)
            }
            Type::Unknown(_) => {
                self.is_unknown(&element);
                Err(Reported)
            }
            other => Err(self.unsupported(format!("a list of `{other}` is not made an array"), span, "no compiled form")),
        }
    }

    /// `[np.array(row) for row in rows]`.
    fn rows_as_arrays(&mut self, rows: Expr, span: Span) -> Typed<Expr> {
        // A place of its own: the rows may be lists that are made here, too.
        let span = Span { start: span.start + 1, ..span };
        let write = Writer { span };
        let (rows, row) = (self.named("rows", rows), self.own_name("row"));
        let element = write.own("array", vec![write.name(&row)]);
        self.container_comprehension("list", &element, &[(write.name(&row), write.name(&rows), Vec::new())], span)
    }

    /// An array of the items, given as `.array(items)` in code that this room writes.
    pub(crate) fn own_array(&mut self, items: &ast::Expr, span: Span) -> Typed<Expr> {
        let value = self.expression(items)?;
        if matches!(value.ty, Type::List(_) | Type::Sequence(_)) {
            return self.list_as_array(value);
        }
        let arguments = crate::library::Arguments { positional: vec![value], keywords: Vec::new(), span };
        self.apply(arguments, |typer, arguments| crate::library::call(typer, "numpy.array", arguments))
    }

    fn array_of_numbers(&mut self, list: Expr, dtype: Dtype, empty: Empty, span: Span) -> Typed<Expr> {
        let write = Writer { span };
        let list = self.hold(list);
        let kind = ExprKind::Fill { shape: vec![length(list.clone(), span)], value: None };
        let array = self.hold(Expr { ty: Type::Array(dtype, 1), kind, span });
        let (list, made, k) = (self.named("list", list), self.named("made", array.clone()), self.own_name("k"));
        let store = write.assign_to(write.item(write.name(&made), write.name(&k)), write.item(write.name(&list), write.name(&k)));
        let size = write.call(write.builtin("len"), vec![write.name(&list)]);
        let each = write.each(write.name(&k), write.call(write.builtin("range"), vec![size]), vec![store]);
        self.statements(&[each]);
        // NumPy makes an array of floats of an empty list, whatever could be in it.
        if dtype != Dtype::F64 && empty == Empty::IsFloats {
            let empty = write.compare(CompareOp::Equal, write.call(write.builtin("len"), vec![write.name(&list)]), write.int(0));
            self.python_answers_if(&empty, "an empty list becomes an array of floats", span)?;
        }
        Ok(array)
    }

    fn array_of_arrays(&mut self, list: Expr, dtype: Dtype, ndim: u8, span: Span) -> Typed<Expr> {
        let write = Writer { span };
        let list = self.named("list", list);
        let size = write.call(write.builtin("len"), vec![write.name(&list)]);
        let empty = write.compare(CompareOp::Equal, size.clone(), write.int(0));
        self.python_answers_if(&empty, "an empty list has no rows", span)?;
        let first = self.expression(&write.item(write.name(&list), write.int(0)))?;
        let first = self.hold(first);
        let rows = self.expression(&size)?;
        let extent = |axis| Expr { ty: Type::INT, kind: ExprKind::Extent(Box::new(first.clone()), axis), span };
        let shape: Vec<Expr> = std::iter::once(rows).chain((0..ndim).map(extent)).collect();
        let array = self.hold(Expr { ty: Type::Array(dtype, ndim + 1), kind: ExprKind::Fill { shape, value: None }, span });
        let (made, k, row) = (self.named("made", array.clone()), self.own_name("k"), self.own_name("row"));
        let here = write.expr(ast::ExprKind::Attribute(Box::new(write.name(&row)), "shape".to_owned()));
        let first = self.named("first", first);
        let there = write.expr(ast::ExprKind::Attribute(Box::new(write.name(&first)), "shape".to_owned()));
        let differ = write.compare(CompareOp::NotEqual, here, there);
        let (other, alike) = (self.own_name("other"), self.own_name("alike"));
        let differs = write.assign(&alike, write.expr(ast::ExprKind::Bool(false)));
        let look =
            vec![write.assign(&row, write.item(write.name(&list), write.name(&other))), write.choose(differ, vec![differs], Vec::new())];
        let all = write.call(write.builtin("range"), vec![size.clone()]);
        self.statements(&[write.assign(&alike, write.expr(ast::ExprKind::Bool(true))), write.each(write.name(&other), all, look)]);
        let message = "setting an array element with a sequence. The requested array has an inhomogeneous shape";
        self.raise_if(&write.not(write.name(&alike)), "ValueError", message, span)?;
        let body = vec![
            write.assign(&row, write.item(write.name(&list), write.name(&k))),
            write.assign_to(write.item(write.name(&made), write.name(&k)), write.name(&row)),
        ];
        self.statements(&[write.each(write.name(&k), write.call(write.builtin("range"), vec![size]), body)]);
        Ok(array)
    }

    /// `np.concatenate(list)` of arrays, along the first axis.
    pub(crate) fn concatenate_list(&mut self, list: Expr, span: Span) -> Typed<Expr> {
        let Type::List(element) = list.ty.clone() else { return Err(Reported) };
        let Type::Array(dtype, ndim @ 1..) = *element else {
            self.is_unknown(&element);
            return Err(self.unsupported(format!("a list of `{element}` is not concatenated"), span, "needs arrays"));
        };
        let write = Writer { span };
        let list = self.named("list", list);
        let size = write.call(write.builtin("len"), vec![write.name(&list)]);
        let empty = write.compare(CompareOp::Equal, size, write.int(0));
        self.raise_if(&empty, "ValueError", "need at least one array to concatenate", span)?;
        let (total, row, at) = (self.own_name("total"), self.own_name("row"), self.own_name("at"));
        let rows = |name: &str| write.call(write.builtin("len"), vec![write.name(name)]);
        let sum = write.assign(&total, write.binary(BinaryOp::Add, write.name(&total), rows(&row)));
        self.statements(&[write.assign(&total, write.int(0)), write.each(write.name(&row), write.name(&list), vec![sum])]);
        let first = self.expression(&write.item(write.name(&list), write.int(0)))?;
        let first = self.hold(first);
        let mut shape = vec![self.local(&total, span)?];
        shape.extend((1..ndim).map(|axis| Expr { ty: Type::INT, kind: ExprKind::Extent(Box::new(first.clone()), axis), span }));
        let array = self.hold(Expr { ty: Type::Array(dtype, ndim), kind: ExprKind::Fill { shape, value: None }, span });
        let made = self.named("made", array.clone());
        let end = write.binary(BinaryOp::Add, write.name(&at), rows(&row));
        let slice = write.expr(ast::ExprKind::Slice(Some(Box::new(write.name(&at))), Some(Box::new(end.clone())), None));
        let mut body = Vec::new();
        if ndim > 1 {
            let first = self.named("first", first);
            let rest = |name: &str| {
                let shape = write.expr(ast::ExprKind::Attribute(Box::new(write.name(name)), "shape".to_owned()));
                write.item(shape, write.expr(ast::ExprKind::Slice(Some(Box::new(write.int(1))), None, None)))
            };
            let differ = write.compare(CompareOp::NotEqual, rest(&row), rest(&first));
            let message = "all the input array dimensions except for the concatenation axis must match exactly";
            let error = write.call(write.name("ValueError"), vec![write.expr(ast::ExprKind::Str(message.to_owned()))]);
            body.push(write.choose(differ, vec![write.stmt(ast::StmtKind::Raise { exc: Some(error), cause: None })], Vec::new()));
        }
        body.push(write.assign_to(write.item(write.name(&made), slice), write.name(&row)));
        body.push(write.assign(&at, end));
        self.statements(&[write.assign(&at, write.int(0)), write.each(write.name(&row), write.name(&list), body)]);
        Ok(array)
    }

    /// Lets Python answer the call if the test holds; where it cannot any more, the call fails.
    fn python_answers_if(&mut self, test: &ast::Expr, why: &str, span: Span) -> Typed<()> {
        self.raise_if(test, "NotImplementedError", why, span)
    }

    /// How many axes the arrays of a list have; lists of numbers have one.
    pub(crate) fn ndim_of_items(list: &Type) -> Option<u8> {
        match list {
            Type::List(item) => match item.as_ref() {
                Type::Array(_, ndim) => Some(*ndim),
                Type::List(number) if matches!(**number, Type::Scalar(..)) => Some(1),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it is a list, or a tuple of some.
    pub(crate) fn holds_lists(ty: &Type) -> bool {
        match ty {
            Type::List(_) | Type::Sequence(_) | Type::Special(Special::Deque, _) => true,
            Type::Tuple(items) => items.iter().any(|item| matches!(item, Type::List(_) | Type::Sequence(_))),
            _ => false,
        }
    }

    /// Whether an argument of a library function becomes an array if it is a list.
    pub(crate) fn takes_arrays(full: &str) -> bool {
        full.starts_with("numpy.")
    }
}
