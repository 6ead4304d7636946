//! Annotations that are Python expressions: `np.float64`, `A | None`, `Array[...]`, and names of module-level aliases.

use super::dtypes::{self, Named};
use super::generic::abstract_containers;
use super::spec::Spec;
use super::{Reader, shown};
use crate::resolve::Definition;
use crate::signature::{Order, ParameterType};
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Dtype, Flavor, Special};
use hypersonic_syntax::ast::{BinaryOp, BoolOp, Expr, ExprKind};

impl Reader<'_> {
    /// Reads an expression as a type, in the scope of a file's module.
    pub(super) fn expression(&mut self, file: u32, expression: &Expr) -> Option<Spec> {
        self.deeper(expression.span, |reader| reader.expression_kind(file, expression))
    }

    fn expression_kind(&mut self, file: u32, expression: &Expr) -> Option<Spec> {
        let span = expression.span;
        match &expression.kind {
            ExprKind::None => Some(Spec::One(ParameterType::None)),
            ExprKind::Str(text) => self.string(file, text, span),
            ExprKind::Name(name) => self.name(file, name, span),
            ExprKind::Attribute(..) => match self.program.resolve_expression(file, expression) {
                Some(definition) => self.definition(&definition, span),
                None => {
                    let written = self.source(span);
                    self.unknown(&written, span)
                }
            },
            ExprKind::Subscript(base, index) => self.subscript(file, base, index, span),
            ExprKind::Binary(BinaryOp::BitOr, left, right) => {
                let items = [left, right].map(|side| self.expression(file, side));
                union(items)
            }
            ExprKind::Logic(BoolOp::Or, items) => {
                let items: Vec<Option<Spec>> = items.iter().map(|item| self.expression(file, item)).collect();
                union(items)
            }
            ExprKind::Tuple(items) => self.tuple(file, items),
            ExprKind::Call(callee, arguments, _) => self.call(file, callee, arguments, span),
            ExprKind::List(_) => self.containers(span),
            _ => self.bad("an annotation is not a type", span, "not a type", TYPE_HINT),
        }
    }

    pub(super) fn tuple(&mut self, file: u32, items: &[Expr]) -> Option<Spec> {
        let items: Vec<Option<Spec>> = items.iter().map(|item| self.expression(file, item)).collect();
        Some(Spec::Tuple(items.into_iter().collect::<Option<_>>()?))
    }

    /// A bare name: what the module binds, else a builtin.
    fn name(&mut self, file: u32, name: &str, span: Span) -> Option<Spec> {
        if let Some((name, place, constraints)) = self.type_parameters.iter().find(|(own, ..)| own == name).cloned() {
            return self.type_parameter(file, &name, place, constraints.as_ref());
        }
        if let Some(definition) = self.program.resolve(file, name) {
            return self.definition(&definition, span);
        }
        if self.program.is_bound(file, name) && dtypes::python(name).is_none() {
            return self.bad(
                &format!("`{}` is not an alias of a type that can be read from the source", shown(name)),
                span,
                "assigned more than once, or a class",
                "assign the alias once, at the top level of the module",
            );
        }
        if let Some((dtype, flavor)) = dtypes::python(name) {
            return Some(Spec::One(ParameterType::Scalar(dtype, flavor)));
        }
        match name {
            "list" | "set" | "dict" | "frozenset" => self.bare_container(name, span),
            "bytes" => Some(Spec::One(ParameterType::Special(Special::Bytes, Box::new(ParameterType::Sequence(int()))))),
            "bytearray" => Some(Spec::One(ParameterType::Special(Special::Bytearray, Box::new(ParameterType::List(int()))))),
            "str" => self.strings(),
            "slice" => Some(Spec::slices()),
            "tuple" => self.bad("`tuple` does not say its items", span, "which items?", "write `tuple[int, float]`"),
            "object" => self.object(span),
            _ => match dtypes::numpy(name) {
                Some(_) => self.fail(
                    hypersonic_diagnostics::Id::UnknownType,
                    &format!("`{name}` is not defined in this module"),
                    span,
                    "not imported",
                    format!("write `np.{name}` or import it: `from numpy import {name}`"),
                ),
                None => self.unknown(name, span),
            },
        }
    }

    /// A name that was followed to its definition.
    pub(super) fn definition(&mut self, definition: &Definition, span: Span) -> Option<Spec> {
        if let Some(found) = self.program.record(definition) {
            return self.deeper(span, |reader| reader.record(found, span));
        }
        match definition {
            Definition::External(name) => self.external(name, span),
            Definition::Constant(file, _, value) => self.deeper(span, |reader| reader.expression(*file, value)),
            Definition::Function(_, function) => {
                self.bad(&format!("`{}` is a function, not a type", shown(&function.name)), span, "a function", TYPE_HINT)
            }
            Definition::Class(_, class) => {
                self.bad(&format!("objects of the class `{}` have no compiled form", shown(&class.name)), span, "a class", TYPE_HINT)
            }
            Definition::Module(_) | Definition::InternalModule(_) => self.bad("a module is not a type", span, "a module", TYPE_HINT),
        }
    }

    fn external(&mut self, full: &str, span: Span) -> Option<Spec> {
        let (module, name) = full.rsplit_once('.').unwrap_or(("", full));
        match (module, name) {
            ("numpy", "ndarray") | ("numpy.typing", "NDArray" | "ArrayLike") => self.bad(
                &format!("`{name}` says neither element type nor rank"),
                span,
                "an array of what?",
                "write `\"float[:, :]\"`, `Array[np.float64, \"2d\"]` or `NDArray[np.float64]`",
            ),
            ("numpy", _) => match dtypes::numpy(name) {
                Some(named) => self.named(named, full, span),
                None => self.unknown(&self.source(span), span),
            },
            ("builtins", _) if dtypes::python(name).is_some() => {
                dtypes::python(name).map(|(dtype, flavor)| Spec::One(ParameterType::Scalar(dtype, flavor)))
            }
            ("types", "ModuleType") => Some(Spec::One(ParameterType::Module("numpy".to_owned()))),
            ("typing" | "typing_extensions", "Any") => self.object(span),
            (
                "typing" | "typing_extensions" | "transonic" | "collections.abc",
                "List" | "Dict" | "Set" | "FrozenSet" | "Deque" | "DefaultDict" | "Counter" | "OrderedDict",
            )
            | ("collections", "deque" | "defaultdict" | "Counter" | "OrderedDict") => self.bare_container(name, span),
            ("typing" | "typing_extensions" | "collections.abc", _) if abstract_containers(name).is_some() => {
                self.bare_container(name, span)
            }
            ("transonic" | "hypersonic" | "typing" | "typing_extensions", _) if GENERIC.contains(&name) => {
                self.bad(&format!("`{name}` needs arguments"), span, "incomplete", format!("write `{name}[...]`"))
            }
            ("typing" | "typing_extensions" | "collections.abc", "Callable") => self.callable(0, &[], span),
            ("numbers", "Number" | "Real" | "Complex" | "Integral") => self.bad(
                &format!("`{name}` stands for several types"),
                span,
                "which type?",
                "write `int`, `float` or `complex`, or a union of them",
            ),
            _ => self.unknown(&self.source(span), span),
        }
    }

    pub(super) fn named(&mut self, named: Named, name: &str, span: Span) -> Option<Spec> {
        match named {
            Named::Number((dtype, flavor)) => Some(Spec::One(ParameterType::Scalar(dtype, flavor))),
            Named::Refused(why, hint) => self.bad(&format!("`{}`: {why}", shown(name)), span, "not compiled", hint),
        }
    }

    /// Containers that are not lists, sets or dicts.
    pub(super) fn containers<T>(&mut self, span: Span) -> Option<T> {
        self.bad(
            "this container has no compiled form",
            span,
            "a container",
            "write `list[float]`, `set[int]`, `dict[str, float]`, an array or a tuple",
        )
    }

    /// A container that does not say what it holds.
    fn bare_container<T>(&mut self, name: &str, span: Span) -> Option<T> {
        if matches!(name, "List" | "Set" | "Dict" | "list" | "set" | "dict") {
            let arguments = if name.eq_ignore_ascii_case("dict") { "str, float" } else { "float" };
            let hint = format!("write `{}[{arguments}]`", name.to_ascii_lowercase());
            return self.bad(&format!("`{name}` does not say what it holds"), span, "of what?", hint);
        }
        if matches!(name, "frozenset" | "FrozenSet" | "deque" | "Deque" | "defaultdict" | "DefaultDict" | "Counter" | "OrderedDict") {
            let arguments = match name {
                "defaultdict" | "DefaultDict" | "OrderedDict" => "str, float",
                "Counter" => "str",
                _ => "float",
            };
            let hint = format!("write `{name}[{arguments}]`");
            return self.bad(&format!("`{name}` does not say what it holds"), span, "of what?", hint);
        }
        if abstract_containers(name).is_some() {
            let arguments = if name.ends_with("Mapping") { "str, float" } else { "float" };
            let hint = format!("write `{name}[{arguments}]`");
            return self.bad(&format!("`{name}` does not say what it holds"), span, "of what?", hint);
        }
        self.containers(span)
    }

    /// `str`: the strings that the function tells apart, and any other, if it does nothing else with it; else any.
    pub(super) fn strings(&self) -> Option<Spec> {
        let any = Spec::One(ParameterType::Str);
        if self.texts.known.is_empty() {
            return Some(any);
        }
        let known = self.texts.known.iter().map(|text| Spec::One(ParameterType::LiteralText(text.clone())));
        // A C function has one signature, and no strings.
        let others = !self.texts.keys && !self.pointers;
        Some(Spec::Choice(known.chain(others.then_some(any)).collect()))
    }

    pub(super) fn object<T>(&mut self, span: Span) -> Option<T> {
        self.bad("the annotation allows any object", span, "any object", TYPE_HINT)
    }

    /// The text that a span covers.
    pub(super) fn source(&self, span: Span) -> String {
        let text = self.program.files.get(span.file as usize).map_or("", |file| file.source.text.as_str());
        text.get(span.start as usize..span.end as usize).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// `float[:, :]` written as Python.
    pub(super) fn array_of(&mut self, file: u32, element: Spec, index: &Expr, span: Span) -> Option<Spec> {
        let axes = match &index.kind {
            ExprKind::Tuple(items) => items.as_slice(),
            _ => std::slice::from_ref(index),
        };
        let mut dims = Vec::new();
        let mut strided = false;
        for axis in axes {
            match &axis.kind {
                ExprKind::Slice(None, None, None) => {
                    strided |= self.source(axis.span).contains("::");
                    dims.push(None);
                }
                ExprKind::Int(Some(extent), _) if *extent >= 0 => dims.push(Some(*extent)),
                _ => {
                    let place = if file == axis.span.file { axis.span } else { span };
                    return self.bad(
                        "an axis of an array is not `:` or a number",
                        place,
                        "not an axis",
                        "write one `:` per axis: `\"float[:, :]\"`",
                    );
                }
            }
        }
        let order = if strided { Order::Strided } else { Order::Any };
        self.array(element, dims, order, span)
    }
}

/// Names that only make a type together with arguments.
pub(super) const GENERIC: &[&str] =
    &["Array", "Type", "NDim", "Union", "Optional", "Tuple", "Literal", "Annotated", "Final", "ClassVar", "const", "TypeVar"];

pub(super) const TYPE_HINT: &str = "write a type such as `float`, `np.float64`, `\"float[:, :]\"` or `Array[np.float64, \"2d\"]`";

/// All alternatives, if all could be read; nested unions are joined.
pub(super) fn union(items: impl IntoIterator<Item = Option<Spec>>) -> Option<Spec> {
    let items: Vec<Option<Spec>> = items.into_iter().collect();
    let mut all: Vec<Spec> = Vec::new();
    for item in items.into_iter().collect::<Option<Vec<_>>>()? {
        let parts = match item {
            Spec::Choice(parts) => parts,
            other => vec![other],
        };
        for part in parts {
            if !all.contains(&part) {
                all.push(part);
            }
        }
    }
    if all.len() == 1 { all.pop() } else { Some(Spec::Choice(all)) }
}

/// `int`.
fn int() -> Box<ParameterType> {
    Box::new(ParameterType::Scalar(Dtype::I64, Flavor::Python))
}

/// A number type, if the type is exactly one.
pub(super) const fn number(spec: &Spec) -> Option<(hypersonic_ops::Dtype, Flavor)> {
    match spec {
        Spec::One(ParameterType::Scalar(dtype, flavor)) => Some((*dtype, *flavor)),
        _ => None,
    }
}
