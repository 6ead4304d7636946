//! Expressions: names, operators, choices, tuples. Calls, comparisons, subscripts and comprehensions have modules of their own.

use crate::fold;
use crate::function::{Typed, Typer};
use crate::ir::{Constant, Expr, ExprKind, StmtKind};
use crate::library::{self, Arguments, Operator};
use crate::logic::negation;
use crate::resolve::int_constant;
use crate::scope::{Binding, Known};
use crate::unify::{is_pure, tuple_item};
use hypersonic_diagnostics::{Diagnostic, Id, Label, Span};
use hypersonic_ops::{Dtype, Flavor, ScalarOp, Type};
use hypersonic_syntax::ast::{self, BinaryOp, UnaryOp};

impl Typer<'_, '_> {
    /// Types an expression whose value is worked with: what may be `None` raises TypeError if it is.
    pub(crate) fn expression(&mut self, expr: &ast::Expr) -> Typed<Expr> {
        self.value(expr).map(plain)
    }

    /// As [`Typer::expression`], but what is a value of a class stays one.
    pub(crate) fn entity(&mut self, expr: &ast::Expr) -> Typed<Expr> {
        self.value(expr).map(present)
    }

    /// Types an expression; its value may be `None` at run time.
    pub(crate) fn value(&mut self, expr: &ast::Expr) -> Typed<Expr> {
        self.nested(expr.span, |typer| typer.expression_of_kind(expr))
    }

    fn expression_of_kind(&mut self, expr: &ast::Expr) -> Typed<Expr> {
        use ast::ExprKind as Kind;
        let span = expr.span;
        let constant = |ty, value| Ok(Expr { ty, kind: ExprKind::Constant(value), span });
        let unit = |ty| Ok(Expr { ty, kind: ExprKind::Unit, span });
        match &expr.kind {
            Kind::None => unit(Type::None),
            Kind::Str(text) => unit(Type::Text(text.clone())),
            Kind::Bool(value) => constant(Type::BOOL, Constant::Bool(*value)),
            Kind::Int(Some(value), _) => constant(Type::INT, Constant::Int(*value)),
            Kind::Unary(UnaryOp::Negative, operand) if is_magnitude_of_least(operand) => constant(Type::INT, Constant::Int(i64::MIN)),
            Kind::Int(None, text) => {
                let title = format!("`{}` does not fit in signed 64 bits", shorten(text));
                Err(self.unsupported(title, span, "compiled integers have 64 bits, one of them for the sign"))
            }
            Kind::Float(value) => constant(Type::FLOAT, Constant::Float(*value)),
            Kind::Imaginary(value) => constant(Type::COMPLEX, Constant::Complex(0.0, *value)),
            Kind::Name(name) => self.name(name, expr),
            Kind::Attribute(base, attribute) => self.attribute(expr, base, attribute),
            Kind::Subscript(base, index) => self.subscript(base, index, span),
            Kind::Call(..) if self.endless(expr).is_some() => self.iterator(expr, span),
            Kind::Call(function, arguments, keywords) => self.call(function, arguments, keywords, span),
            Kind::Unary(op, operand) => self.unary(*op, operand, span),
            Kind::Binary(op, left, right) => self.binary(*op, left, right, span),
            Kind::Logic(op, items) => self.logic(*op, items, span),
            Kind::Compare(first, rest) => self.compare(first, rest, span),
            Kind::Conditional(test, then, otherwise) => self.conditional(test, then, otherwise, span),
            Kind::Tuple(items) if self.has_open_star(items) => self.starred_tuple(items, span),
            Kind::Tuple(items) => {
                let items = self.values(items, Self::value)?;
                Ok(tuple(items, span))
            }
            Kind::Comprehension { kind: "generator", .. } => {
                let diagnostic =
                    Diagnostic::new(Id::UnsupportedExpression, "a generator expression is not compiled here", span, "used as a value");
                Err(self.report(
                    diagnostic.with_hint("give it to `sum`, `min`, `max`, `any`, `all`, `list`, `set`, `dict`, `sorted` or `tuple`"),
                ))
            }
            Kind::Comprehension { kind, element, clauses } => self.container_comprehension(kind, element, clauses, span),
            Kind::List(items) => self.list_display(items, span),
            Kind::Set(items) => self.set_display(items, false, span),
            Kind::FString(parts) => self.fstring(parts, span),
            Kind::Walrus(name, value) => self.walrus(name, value, span),
            Kind::Lambda(definition) => self.lambda(definition, span),
            Kind::Dict(items) => self.dict_display(items, span),
            Kind::Bytes(bytes) => Ok(crate::objects::bytes_literal(bytes, span)),
            Kind::Ellipsis => Err(self.unsupported("`...` is used as a value", span, "`...` is compiled in subscripts only")),
            Kind::Slice(..) => Err(self.unsupported("a slice is used as a value", span, "slices are compiled in subscripts only")),
            Kind::Starred(_) => Err(self.unsupported("`*` is not compiled here", span, "unpacked here")),
            Kind::Yield(_) | Kind::YieldFrom(_) => Err(self.yield_as_value(span)),
            Kind::Other(what) => Err(self.unsupported(format!("{what} is not compiled"), span, "used here")),
        }
    }

    /// The operands of an operation, evaluated left to right; lists among them are tuples.
    pub(crate) fn operands(&mut self, exprs: &[ast::Expr]) -> Typed<Vec<Expr>> {
        self.values(exprs, Self::argument)
    }

    /// Types several expressions, evaluated left to right. All are looked at, so that each says what is wrong with it.
    pub(crate) fn values(&mut self, exprs: &[ast::Expr], value: fn(&mut Self, &ast::Expr) -> Typed<Expr>) -> Typed<Vec<Expr>> {
        let mut typed: Vec<Expr> = Vec::with_capacity(exprs.len());
        let mut failed = None;
        for expr in exprs {
            let mark = self.block.len();
            let items = match &expr.kind {
                ast::ExprKind::Starred(inner) => self.starred(inner),
                _ => value(self, expr).map(|value| vec![value]),
            };
            match items {
                Ok(items) => {
                    self.keep_all_in_order(&mut typed, mark);
                    typed.extend(items);
                }
                Err(reported) => failed = Some(reported),
            }
        }
        failed.map_or(Ok(typed), Err)
    }

    /// As [`Typer::keep_order`], for several.
    pub(crate) fn keep_all_in_order(&mut self, values: &mut [Expr], mark: usize) {
        if self.block.len() == mark {
            return;
        }
        let later = self.block.split_off(mark);
        for value in values {
            *value = self.hold(value.clone());
        }
        self.block.extend(later);
    }

    pub(crate) fn starred(&mut self, inner: &ast::Expr) -> Typed<Vec<Expr>> {
        let value = self.sequence_of(inner)?;
        match self.tuple_items(value) {
            Ok(items) => Ok(items),
            Err(value) => Err(self.unsupported("`*` needs a tuple of known length", inner.span, format!("this is `{}`", value.ty))),
        }
    }

    /// Types an argument of a call: also a list, as a tuple.
    pub(crate) fn argument(&mut self, expr: &ast::Expr) -> Typed<Expr> {
        match &expr.kind {
            ast::ExprKind::List(items) => {
                let items = self.nested(expr.span, |typer| typer.operands(items))?;
                Ok(tuple(items, expr.span))
            }
            ast::ExprKind::Tuple(items) => {
                let items = self.nested(expr.span, |typer| typer.operands(items))?;
                Ok(tuple(items, expr.span))
            }
            ast::ExprKind::Comprehension { kind: "list", element, clauses } => self.sequence_of_comprehension(element, clauses, expr.span),
            _ => self.expression(expr),
        }
    }

    /// What is taken apart at once, a list as a tuple; its items are values.
    pub(crate) fn sequence_of(&mut self, expr: &ast::Expr) -> Typed<Expr> {
        if let Some(members) = self.members_of(expr) {
            return members;
        }
        match &expr.kind {
            ast::ExprKind::List(items) | ast::ExprKind::Tuple(items) if !self.has_open_star(items) => {
                let items = self.nested(expr.span, |typer| typer.values(items, Self::value))?;
                Ok(tuple(items, expr.span))
            }
            _ => self.argument(expr),
        }
    }

    /// The items of a tuple, each free to be used once; the value itself if it is no tuple.
    pub(crate) fn tuple_items(&mut self, value: Expr) -> Result<Vec<Expr>, Expr> {
        let value = crate::records::transparent(value);
        let Type::Tuple(types) = &value.ty else { return Err(value) };
        let count = types.len();
        if let ExprKind::Tuple(items) = value.kind {
            return Ok(items);
        }
        let value = if is_pure(&value) { value } else { self.hold(value) };
        Ok((0..count).map(|n| tuple_item(&value, n)).collect())
    }

    fn name(&mut self, name: &str, expr: &ast::Expr) -> Typed<Expr> {
        if self.is_local(name) {
            return self.local(name, expr.span);
        }
        match self.static_of(expr) {
            Some(found) => self.static_value(found, expr.span),
            None => Err(self.unknown_name(name, expr.span)),
        }
    }

    /// `name := value`, where it is always evaluated.
    fn walrus(&mut self, name: &str, value: &ast::Expr, span: Span) -> Typed<Expr> {
        if !name.starts_with('.') && (self.choices > 0 || !self.renames.is_empty()) {
            let title = "`:=` is not compiled in a part of an expression that may be left out, nor in a comprehension";
            let diagnostic = Diagnostic::new(Id::UnsupportedExpression, title, span, "assigned inside an expression");
            return Err(self.report(diagnostic.with_hint("assign in a statement before")));
        }
        let value = self.value(value)?;
        let value = self.hold(value);
        // What was read of the name before, in the same expression, is in another variable.
        let ty = value.ty.clone();
        let variable = self.fresh_variable(name.to_owned(), ty.clone());
        if !crate::function::is_unit(&ty) {
            self.push(StmtKind::Assign(variable, value), span);
        }
        let binding = Binding::Value { ty, variable, known: None, maybe_unbound: false, span };
        let bound = self.bound_name(name);
        self.environment.insert(bound.clone(), binding);
        self.keep_name(&bound, span);
        self.local(name, span)
    }

    /// Reads a local variable.
    pub(crate) fn local(&mut self, name: &str, span: Span) -> Typed<Expr> {
        match self.environment.get(&self.bound_name(name)).cloned() {
            Some(Binding::Value { ty, variable, known, maybe_unbound, .. }) => {
                if maybe_unbound && !name.starts_with('.') {
                    self.require_set(name, &self.bound_name(name), span);
                }
                Ok(match known {
                    Some(Known::Constant(constant)) => Expr { ty, kind: ExprKind::Constant(constant), span },
                    Some(Known::Present) => present(self.read(variable, span)),
                    None => self.read(variable, span),
                })
            }
            Some(Binding::Conflict((first, first_span), (second, second_span))) => {
                let title = format!("`{name}` has types that one variable cannot hold");
                let mut diagnostic = Diagnostic::new(Id::TypeConflict, title, span, "read here, after paths with different types");
                let (first, second) = crate::objects::told_apart(&first, &second);
                diagnostic.labels.push(Label { span: first_span, text: format!("{first} here") });
                diagnostic.labels.push(Label { span: second_span, text: format!("{second} here") });
                Err(self.report(diagnostic.with_hint("give the two values different names, or the same type")))
            }
            Some(Binding::Poisoned) => Err(crate::function::Reported),
            Some(Binding::Receiver) => Err(self.object_as_value(name, span)),
            Some(Binding::Exception(_)) => Err(self.exception_as_value(name, span)),
            Some(Binding::Imported(full)) => self.static_value(crate::resolve::Static::External(full), span),
            // Behind what always raises nothing is known, and nothing is evaluated.
            None if !self.reachable => Err(crate::function::Reported),
            None => {
                self.unset_reads.insert(self.bound_name(name));
                let title = format!("`{name}` is read before it is set");
                Err(self.report(Diagnostic::new(Id::UnboundLocal, title, span, "not set here")))
            }
        }
    }

    fn attribute(&mut self, expr: &ast::Expr, base: &ast::Expr, attribute: &str) -> Typed<Expr> {
        if self.is_receiver(base) {
            return self.read_attribute(attribute, expr.span);
        }
        if let Some(name) = self.super_member(expr) {
            return self.super_call(name, None, expr.span);
        }
        if let Some(value) = self.class_attribute(base, attribute, expr.span) {
            return value;
        }
        if let Some(found) = self.static_of(expr) {
            return self.static_value(found, expr.span);
        }
        if let ast::ExprKind::Name(name) = &base.kind
            && !self.is_local(name)
            && self.static_of(base).is_none()
        {
            return Err(self.unknown_name(name, base.span));
        }
        let receiver = match self.record_attribute(base, attribute, expr.span)? {
            Ok(value) => return Ok(value),
            Err(receiver) => receiver,
        };
        if receiver.ty.is_this() {
            return self.read_attribute(attribute, expr.span);
        }
        if attribute == "maxlen" && receiver.ty.special() == Some(&hypersonic_ops::Special::Deque) {
            return self.maxlen(receiver, expr.span);
        }
        let arguments = Arguments { positional: vec![receiver], keywords: Vec::new(), span: expr.span };
        self.apply(arguments, |typer, mut arguments| {
            let receiver = arguments.positional.remove(0);
            library::attribute(typer, attribute, receiver, arguments.span)
        })
    }

    fn unary(&mut self, op: UnaryOp, operand: &ast::Expr, span: Span) -> Typed<Expr> {
        if op == UnaryOp::Not {
            let test = self.test(operand)?;
            return Ok(negation(test, span));
        }
        let value = self.entity(operand)?;
        let value = match self.record_unary(op, value, span)? {
            Ok(result) => return Ok(result),
            Err(value) => value,
        };
        if let Some(folded) = fold::unary(op, &value) {
            return Ok(Expr { span, ..folded });
        }
        let op = match op {
            UnaryOp::Negative => ScalarOp::Negative,
            UnaryOp::Positive => ScalarOp::Positive,
            UnaryOp::Invert | UnaryOp::Not => ScalarOp::Invert,
        };
        if value.ty.special() == Some(&hypersonic_ops::Special::Counter) && op != ScalarOp::Invert {
            return self.signed_counter(op == ScalarOp::Negative, value, span);
        }
        let result = library::unary(op, value, span);
        self.accept(result)
    }

    fn binary(&mut self, op: BinaryOp, left: &ast::Expr, right: &ast::Expr, span: Span) -> Typed<Expr> {
        if let (BinaryOp::Modulo, ast::ExprKind::Str(format)) = (op, &left.kind) {
            return self.percent_text(format, right, span);
        }
        let left = self.entity(left);
        let mark = self.block.len();
        let right = self.entity(right);
        let (mut left, right) = (left?, right?);
        self.keep_order(&mut left, mark);
        self.combine(op, left, right, span)
    }

    /// Types `left op right`.
    pub(crate) fn combine(&mut self, op: BinaryOp, left: Expr, right: Expr, span: Span) -> Typed<Expr> {
        let (left, right) = match self.record_binary(op, left, right, span)? {
            Ok(result) => return Ok(result),
            Err(operands) => operands,
        };
        if let Some(folded) = fold::binary(op, &left, &right) {
            return Ok(Expr { span, ..folded });
        }
        match (op, &left.ty, &right.ty) {
            (BinaryOp::MatMultiply, a, b) if !matches!(a, Type::Array(..)) && !matches!(b, Type::Array(..)) => {
                let title = format!("`@` is not defined for `{a}` and `{b}`");
                return Err(self.type_error(title, span, "TypeError in Python"));
            }
            (BinaryOp::Add, Type::Text(a), Type::Text(b)) => {
                return Ok(Expr { ty: Type::Text(format!("{a}{b}")), kind: ExprKind::Unit, span });
            }
            (BinaryOp::Add, Type::Tuple(_), Type::Tuple(_)) => return Ok(self.join_tuples(left, right, span)),
            (BinaryOp::Multiply, Type::Tuple(_), Type::Scalar(Dtype::I64, Flavor::Python)) => return self.repeat_tuple(left, &right, span),
            (BinaryOp::Multiply, Type::Scalar(Dtype::I64, Flavor::Python), Type::Tuple(_)) => return self.repeat_tuple(right, &left, span),
            _ => {}
        }
        if let Some(result) = self.object_operator(op, &left, &right, span) {
            return result;
        }
        let result = library::binary(self, operator(op), left, right, span);
        self.accept(result)
    }

    fn join_tuples(&mut self, left: Expr, right: Expr, span: Span) -> Expr {
        let mut items = self.tuple_items(left).unwrap_or_default();
        let mark = self.block.len();
        let more = self.tuple_items(right).unwrap_or_default();
        self.keep_all_in_order(&mut items, mark);
        items.extend(more);
        tuple(items, span)
    }

    fn repeat_tuple(&mut self, value: Expr, count: &Expr, span: Span) -> Typed<Expr> {
        let ExprKind::Constant(Constant::Int(count)) = count.kind else {
            return Err(self.unsupported(
                "a tuple is repeated a number of times that is not constant",
                span,
                "the length is not known at build time",
            ));
        };
        let items = self.tuple_items(value).unwrap_or_default();
        let Some(count) = usize::try_from(count.max(0)).ok().filter(|count| count * items.len() <= 1000) else {
            return Err(self.unsupported("a tuple is too long", span, "more than 1000 items"));
        };
        let items: Vec<_> = items.into_iter().map(|item| self.hold(item)).collect();
        let repeated = std::iter::repeat_n(items, count).flatten().collect();
        Ok(tuple(repeated, span))
    }
}

/// The value of an optional, which must not be `None`, and a NamedTuple as the tuple that it is; other values as they are.
pub(crate) fn plain(value: Expr) -> Expr {
    crate::records::transparent(present(value))
}

/// The value of an optional, which must not be `None`; other values as they are.
pub(crate) fn present(value: Expr) -> Expr {
    match &value.ty {
        Type::Optional(inner) => {
            let (ty, span) = (inner.as_ref().clone(), value.span);
            Expr { ty, kind: ExprKind::Unwrap(Box::new(value)), span }
        }
        _ => value,
    }
}

/// A tuple of these items.
pub(crate) fn tuple(items: Vec<Expr>, span: Span) -> Expr {
    Expr { ty: Type::Tuple(items.iter().map(|item| item.ty.clone()).collect()), kind: ExprKind::Tuple(items), span }
}

/// The library's operator for one of Python's.
pub(crate) const fn operator(op: BinaryOp) -> Operator {
    match scalar_op(op) {
        Some(op) => Operator::Scalar(op),
        None => Operator::MatMul,
    }
}

/// The scalar operation of an operator; none for `@`.
pub(crate) const fn scalar_op(op: BinaryOp) -> Option<ScalarOp> {
    Some(match op {
        BinaryOp::Add => ScalarOp::Add,
        BinaryOp::Subtract => ScalarOp::Subtract,
        BinaryOp::Multiply => ScalarOp::Multiply,
        BinaryOp::Divide => ScalarOp::Divide,
        BinaryOp::FloorDivide => ScalarOp::FloorDivide,
        BinaryOp::Modulo => ScalarOp::Remainder,
        BinaryOp::Power => ScalarOp::Power,
        BinaryOp::LeftShift => ScalarOp::LeftShift,
        BinaryOp::RightShift => ScalarOp::RightShift,
        BinaryOp::BitAnd => ScalarOp::BitwiseAnd,
        BinaryOp::BitOr => ScalarOp::BitwiseOr,
        BinaryOp::BitXor => ScalarOp::BitwiseXor,
        BinaryOp::MatMultiply => return None,
    })
}

/// A constant int or the length of a tuple, as an int constant.
pub(crate) fn length_constant(length: usize, span: Span) -> Expr {
    int_constant(i64::try_from(length).unwrap_or(i64::MAX), span)
}

fn shorten(text: &str) -> String {
    if text.len() <= 24 { text.to_owned() } else { format!("{}...", text.chars().take(20).collect::<String>()) }
}

/// Whether it is written as 2**63, which has no place in 64 bits without its sign.
fn is_magnitude_of_least(expr: &ast::Expr) -> bool {
    let ast::ExprKind::Int(None, text) = &expr.kind else { return false };
    let digits = text.replace('_', "").to_lowercase();
    let radix = |prefix: &str| digits.strip_prefix(prefix);
    let value = match (radix("0x"), radix("0o"), radix("0b")) {
        (Some(digits), ..) => u128::from_str_radix(digits, 16),
        (_, Some(digits), _) => u128::from_str_radix(digits, 8),
        (.., Some(digits)) => u128::from_str_radix(digits, 2),
        _ => digits.parse(),
    };
    value == Ok(1 << 63)
}
