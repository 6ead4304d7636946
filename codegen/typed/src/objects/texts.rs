//! Strings that are made at run time: methods, f-strings and other formats, conversions from and to numbers.

use super::{as_string, operation};
use crate::calls::Keywords;
use crate::function::{Reported, Typed, Typer};
use crate::ir::{Expr, ExprKind, MessagePart};
use crate::library::{self, Arguments};
use crate::resolve::int_constant;
use hypersonic_abi::object::{METHODS, Op, result};
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Flavor, Type};
use hypersonic_syntax::ast::{self, FStringPart};

/// What [`Op::Format`] does.
pub(crate) const FORMAT: i64 = 0;
pub(crate) const STR: i64 = 1;
pub(crate) const REPR: i64 = 2;
const ASCII: i64 = 3;

/// What a method of `str` gives.
fn gives(method: &str) -> Option<(u64, Type)> {
    Some(match method {
        "count" | "find" | "index" | "rfind" | "rindex" => (result::INT, Type::INT),
        "endswith" | "startswith" => (result::BOOL, Type::BOOL),
        _ if method.starts_with("is") => (result::BOOL, Type::BOOL),
        "encode" => (result::BYTES, Type::bytes()),
        "decode" | "hex" | "fromhex" => return None,
        "rsplit" | "split" | "splitlines" => (result::STRINGS, Type::list(Type::Str)),
        "partition" | "rpartition" => (result::THREE, Type::Tuple(vec![Type::Str; 3])),
        _ if method.starts_with("__") || !METHODS.contains(&method) => return None,
        _ => (result::STR, Type::Str),
    })
}

impl Typer<'_, '_> {
    pub(super) fn string_method(
        &mut self,
        text: Expr,
        method: &str,
        arguments: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Typed<Expr> {
        let Some((kind, ty)) = gives(method) else { return Err(self.no_method(&text.ty, method, &METHODS[..42], span)) };
        let mut values = if let ("join", [items]) = (method, arguments) {
            let list = self.list_of(items, span)?;
            let wanted = Type::list(Type::Str);
            vec![self.element(list, &wanted, "`join`")?]
        } else {
            self.values(arguments, Self::expression)?
        };
        self.keyword_arguments(method, keywords, &mut values)?;
        if let ("startswith" | "endswith", [Expr { ty: Type::Tuple(_), .. }, ..]) = (method, values.as_slice()) {
            return self.any_affix(text, method, values, span);
        }
        self.call_method(text, method, (kind, ty), values, span)
    }

    /// A method of a string, of bytes or of a bytearray that Python is asked for.
    pub(super) fn call_method(
        &mut self,
        receiver: Expr,
        method: &str,
        (kind, ty): (u64, Type),
        values: Vec<Expr>,
        span: Span,
    ) -> Typed<Expr> {
        let of_bytes = receiver.ty.is_bytes();
        let position = METHODS.iter().position(|known| *known == method).and_then(|n| i64::try_from(n).ok()).ok_or(Reported)?;
        let mut operands = vec![int_constant(position, span), int_constant(kind.cast_signed(), span), receiver];
        for value in values {
            let value = as_string(value);
            let passes = match &value.ty {
                Type::None | Type::Scalar(_, Flavor::Python) | Type::Str => true,
                Type::List(element) if of_bytes => element.is_bytes(),
                ty => {
                    if of_bytes {
                        ty.is_bytes()
                    } else {
                        ty.is_object()
                    }
                }
            };
            if !passes {
                return Err(self.type_error(format!("`.{method}` is given `{}`", value.ty), value.span, "not compiled"));
            }
            operands.push(value);
        }
        Ok(operation(Op::Method, operands, ty, span))
    }

    /// Keywords of `split`, `rsplit`, `splitlines`, `expandtabs`, `replace`, put behind the positional arguments.
    pub(super) fn keyword_arguments(&mut self, method: &str, keywords: &Keywords, values: &mut Vec<Expr>) -> Typed<()> {
        let names: &[&str] = match method {
            "split" | "rsplit" => &["sep", "maxsplit"],
            "splitlines" => &["keepends"],
            "expandtabs" => &["tabsize"],
            "encode" | "decode" => &["encoding", "errors"],
            _ => &[],
        };
        for (name, value) in keywords {
            let place = names.iter().position(|known| Some(*known) == name.as_deref());
            let Some(place) = place.filter(|place| *place >= values.len()) else {
                return Err(self.type_error(format!("`.{method}` takes no such keyword"), value.span, "given here"));
            };
            let value = self.expression(value)?;
            while values.len() < place {
                values.push(self.none(value.span));
            }
            values.push(value);
        }
        Ok(())
    }

    /// `text.startswith((a, b))`.
    fn any_affix(&mut self, text: Expr, method: &str, mut values: Vec<Expr>, span: Span) -> Typed<Expr> {
        let first = values.remove(0);
        let mut any: Option<Expr> = None;
        for affix in self.tuple_items(first).map_err(|_| Reported)? {
            let mut given = vec![affix];
            given.extend(values.iter().cloned());
            let test = self.call_method(text.clone(), method, (result::BOOL, Type::BOOL), given, span)?;
            let test = self.hold(test);
            any = Some(match any {
                Some(before) => Expr { ty: Type::BOOL, kind: ExprKind::Or(Box::new(before), Box::new(test)), span },
                None => test,
            });
        }
        Ok(any.unwrap_or_else(|| crate::resolve::bool_constant(false, span)))
    }

    /// Builtins of strings; none if it is not one.
    pub(super) fn string_call(&mut self, name: &str, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Option<Typed<Expr>> {
        if !keywords.is_empty() {
            return None;
        }
        Some(match (name, arguments) {
            ("str", []) => Ok(Expr { ty: Type::Text(String::new()), kind: ExprKind::Unit, span }),
            ("str" | "repr" | "ascii" | "format", [value]) => {
                let what = match name {
                    "repr" => REPR,
                    "ascii" => ASCII,
                    _ => STR,
                };
                self.text_value(value).and_then(|value| self.shown(what, None, value, span))
            }
            ("format", [value, spec]) => self.text_value(value).and_then(|value| {
                let value = self.hold(value);
                let spec = self.expression(spec)?;
                self.shown(FORMAT, Some(as_string(spec)), value, span)
            }),
            ("bool", [value]) => self.entity(value).and_then(|value| {
                if value.ty.is_object() || value.ty.named().is_some() || matches!(value.ty, Type::Text(_) | Type::Tuple(_)) {
                    let value = if value.ty.is_object() { value } else { self.hold(value) };
                    return Ok(crate::logic::truth(value));
                }
                let arguments = Arguments { positional: vec![value], keywords: Vec::new(), span };
                self.apply(arguments, |typer, arguments| library::call(typer, "builtins.bool", arguments))
            }),
            ("int" | "float", [value]) => self.expression(value).and_then(|value| self.number_of(name, value, None, span)),
            ("int", [value, base]) => self.expression(value).and_then(|value| {
                let value = self.hold(value);
                let base = self.expression(base)?;
                let base = self.python_int(base, "the base")?;
                self.number_of(name, value, Some(base), span)
            }),
            ("ord", [text]) => self.expression(text).and_then(|text| {
                let text = as_string(text);
                if text.ty != Type::Str {
                    return Err(self.unsupported(format!("`ord` of `{}` is not compiled", text.ty), span, "needs a character"));
                }
                Ok(super::operate::code_point(&text).unwrap_or_else(|| operation(Op::Ord, vec![text], Type::INT, span)))
            }),
            ("chr", [code]) => self.expression(code).and_then(|code| {
                let code = self.python_int(code, "the argument of `chr`")?;
                Ok(operation(Op::Chr, vec![code], Type::Str, span))
            }),
            _ => return None,
        })
    }

    /// `int(value)`, `float(value)`: of a string, or of what the library knows.
    fn number_of(&mut self, name: &str, value: Expr, base: Option<Expr>, span: Span) -> Typed<Expr> {
        if !matches!(value.ty, Type::Str | Type::Text(_)) {
            if base.is_some() {
                return Err(self.type_error("int() can't convert non-string with explicit base", span, format!("`{}`", value.ty)));
            }
            let arguments = Arguments { positional: vec![value], keywords: Vec::new(), span };
            let full = format!("builtins.{name}");
            return self.apply(arguments, |typer, arguments| library::call(typer, &full, arguments));
        }
        if name == "float" {
            return Ok(match &value.ty {
                // `float("inf")` is a constant that the library knows.
                Type::Text(text) if text.parse::<f64>().is_ok() => {
                    let arguments = Arguments { positional: vec![value], keywords: Vec::new(), span };
                    return self.apply(arguments, |typer, arguments| library::call(typer, "builtins.float", arguments));
                }
                _ => operation(Op::ParseFloat, vec![as_string(value)], Type::FLOAT, span),
            });
        }
        let base = base.unwrap_or_else(|| int_constant(10, span));
        Ok(operation(Op::ParseInt, vec![as_string(value), base], Type::INT, span))
    }

    /// A value as a string.
    pub(crate) fn shown(&mut self, what: i64, spec: Option<Expr>, value: Expr, span: Span) -> Typed<Expr> {
        let plain = spec.is_none() && matches!(what, STR | FORMAT);
        if plain && matches!(value.ty, Type::Str | Type::Text(_)) {
            return Ok(value);
        }
        let value = as_string(value);
        let has_form = matches!(value.ty, Type::Scalar(..) | Type::Str | Type::None) || (value.ty.is_bytes() && what != FORMAT);
        if !has_form {
            let title = format!("`{}` has no compiled form as a string", value.ty);
            return Err(self.unsupported(title, value.span, "shown here"));
        }
        let spec = spec.unwrap_or_else(|| self.none(span));
        Ok(operation(Op::Format, vec![int_constant(what, span), spec, value], Type::Str, span))
    }

    /// `print(values, sep=..., end=...)`.
    pub(crate) fn print_text(&mut self, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<()> {
        let literal = |text: &str| Expr { ty: Type::Text(text.to_owned()), kind: ExprKind::Unit, span };
        let mut values = self.values(arguments, Self::text_value)?;
        values = values.into_iter().map(|value| self.hold(value)).collect();
        let (mut separator, mut end) = (literal(" "), literal("\n"));
        for (name, value) in keywords {
            let value = self.expression(value)?;
            let value = self.hold(value);
            match (name.as_deref(), &value.ty) {
                (Some("sep" | "end"), Type::None) => {}
                (Some("sep"), Type::Text(_) | Type::Str) => separator = value,
                (Some("end"), Type::Text(_) | Type::Str) => end = value,
                // All is written when the call has come to its end.
                (Some("flush"), _) => {}
                _ => return Err(self.unsupported("this argument of `print` is not compiled", value.span, "given here")),
            }
        }
        let mut pieces = Vec::new();
        for (n, value) in values.into_iter().enumerate() {
            if n > 0 {
                pieces.push(separator.clone());
            }
            let piece = self.shown(STR, None, value, span)?;
            pieces.push(self.hold(piece));
        }
        pieces.push(end);
        let text = as_string(self.joined(pieces, span));
        self.perform(Op::Print, vec![text], span);
        Ok(())
    }

    /// An f-string as a value.
    pub(crate) fn fstring(&mut self, parts: &[FStringPart], span: Span) -> Typed<Expr> {
        let mut pieces = Vec::new();
        for part in parts {
            match part {
                FStringPart::Text(text) => pieces.push(Expr { ty: Type::Text(text.clone()), kind: ExprKind::Unit, span }),
                FStringPart::Value { value, conversion, spec } => {
                    let Some(spec) = spec else {
                        return Err(self.unsupported("a computed format is not compiled", span, "the format is known at run time only"));
                    };
                    let mut typed = self.text_value(value)?;
                    let what = match conversion {
                        Some('r') => Some(REPR),
                        Some('a') => Some(ASCII),
                        Some(_) => Some(STR),
                        None => None,
                    };
                    if let Some(what) = what {
                        typed = self.shown(what, None, typed, span)?;
                    }
                    let spec = (!spec.is_empty()).then(|| as_string(Expr { ty: Type::Text(spec.clone()), kind: ExprKind::Unit, span }));
                    let piece = self.shown(FORMAT, spec, typed, span)?;
                    pieces.push(self.hold(piece));
                }
            }
        }
        Ok(self.joined(pieces, span))
    }

    /// `"..." % values`, of a format that is known.
    pub(crate) fn percent_text(&mut self, format: &str, values: &ast::Expr, span: Span) -> Typed<Expr> {
        let parts = self.as_text(|typer| typer.percent(format, values, span))?;
        self.text_of_parts(parts, span)
    }

    /// `"...".format(values)`, of a format that is known.
    pub(crate) fn format_text(&mut self, format: &str, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        let parts = self.as_text(|typer| typer.format_method(format, arguments, keywords, span))?;
        self.text_of_parts(parts, span)
    }

    fn as_text<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.as_value, true);
        let result = write(self);
        self.as_value = outer;
        result
    }

    fn text_of_parts(&mut self, parts: Vec<MessagePart>, span: Span) -> Typed<Expr> {
        let mut pieces = Vec::new();
        for part in parts {
            match part {
                MessagePart::Python(_) => {}
                MessagePart::Text(text) => pieces.push(Expr { ty: Type::Text(text), kind: ExprKind::Unit, span }),
                // Of exceptions only.
                MessagePart::Argument(_) | MessagePart::Next => {}
                MessagePart::Value(value, spec) => {
                    let spec = (!spec.is_empty()).then(|| as_string(Expr { ty: Type::Text(spec), kind: ExprKind::Unit, span }));
                    let piece = self.shown(FORMAT, spec, value, span)?;
                    pieces.push(self.hold(piece));
                }
            }
        }
        Ok(self.joined(pieces, span))
    }

    /// Strings one after the other: a literal if all are.
    fn joined(&mut self, pieces: Vec<Expr>, span: Span) -> Expr {
        let mut joined = Expr { ty: Type::Text(String::new()), kind: ExprKind::Unit, span };
        for piece in pieces {
            joined = match (&joined.ty, &piece.ty) {
                (Type::Text(a), Type::Text(b)) => Expr { ty: Type::Text(format!("{a}{b}")), kind: ExprKind::Unit, span },
                (Type::Text(a), _) if a.is_empty() => piece,
                (_, Type::Text(b)) if b.is_empty() => joined,
                _ => operation(Op::Concatenate, vec![as_string(joined), as_string(piece)], Type::Str, span),
            };
        }
        joined
    }

    /// `text % value` of values that are typed already.
    pub(super) fn percent_format(&mut self, left: &Expr, right: &Expr, span: Span) -> Typed<Expr> {
        let left = as_string(left.clone());
        let values = match self.tuple_items(right.clone()) {
            Ok(items) => items,
            Err(value) => vec![value],
        };
        self.call_method(left, "__mod__", (result::STR, Type::Str), values, span)
    }
}
