//! Types with arguments: `Union[...]`, `Optional[...]`, `Literal[...]`, `NDArray[...]`, `Type(...)` and their kin.

use super::Reader;
use super::expression::{TYPE_HINT, number, union};
use super::spec::{Container, Rank, Spec};
use crate::resolve::Definition;
use crate::signature::{Order, ParameterType};
use hypersonic_diagnostics::Span;
use hypersonic_syntax::ast::{Expr, ExprKind, UnaryOp};

/// Classes of Python's containers and strings that can be arguments.
pub(super) const CLASSES: &[&str] = &["list", "set", "dict", "tuple", "str", "frozenset", "bytes", "bytearray"];

/// What a subscripted name is.
#[derive(Clone, Copy)]
enum Generic {
    Array,
    Union,
    Optional,
    Tuple,
    Literal,
    Annotated,
    First,
    NDArray,
    NumpyNdarray,
    TypeObject,
    Container,
    Callable,
    Holder(Container),
    /// Any of these.
    AnyOf(&'static [Container]),
}

impl Reader<'_> {
    pub(super) fn subscript(&mut self, file: u32, base: &Expr, index: &Expr, span: Span) -> Option<Spec> {
        let arguments = match &index.kind {
            ExprKind::Tuple(items) => items.as_slice(),
            _ => std::slice::from_ref(index),
        };
        let Some(generic) = self.generic(file, base) else {
            let element = self.expression(file, base)?;
            if element.is_number() {
                return self.array_of(file, element, index, span);
            }
            return self.bad("this type takes no arguments", base.span, "takes no arguments", TYPE_HINT);
        };
        match generic {
            Generic::Array => self.array_generic(file, arguments, span),
            Generic::Union => {
                let items: Vec<Option<Spec>> = arguments.iter().map(|argument| self.expression(file, argument)).collect();
                union(items)
            }
            Generic::Optional => {
                let items: Vec<Option<Spec>> = arguments.iter().map(|argument| self.expression(file, argument)).collect();
                union(items.into_iter().chain([Some(Spec::One(ParameterType::None))]))
            }
            Generic::Tuple => self.tuple_generic(file, arguments, span),
            Generic::Literal => {
                let items: Vec<Option<Spec>> = arguments.iter().map(|argument| self.literal(file, argument)).collect();
                union(items)
            }
            Generic::Annotated => self.annotated(file, arguments),
            Generic::First => self.expression(file, arguments.first()?),
            Generic::NDArray => {
                let element = self.elements_of(file, arguments.first()?, span)?;
                let rank = self.unknown_rank();
                Some(Spec::Array { element: Box::new(element), rank, order: Order::Any, extents: Vec::new() })
            }
            Generic::NumpyNdarray => self.numpy_ndarray(file, arguments, span),
            Generic::TypeObject => self.type_object(file, arguments.first()?),
            Generic::Container => self.containers(span),
            Generic::Callable => self.callable(file, arguments, span),
            Generic::Holder(kind) => self.holder(file, &[kind], arguments, span),
            Generic::AnyOf(kinds) => self.holder(file, kinds, arguments, span),
        }
    }

    /// `list[float]`; or any of several containers that hold the same.
    fn holder(&mut self, file: u32, kinds: &[Container], arguments: &[Expr], span: Span) -> Option<Spec> {
        let wanted = kinds.first()?.arguments();
        if arguments.len() != wanted {
            let hint = "write `list[float]`, `set[int]`, `dict[str, float]`";
            return self.bad("a container needs the types of what it holds", span, format!("{wanted} needed"), hint);
        }
        let items: Option<Vec<Spec>> = arguments.iter().map(|argument| self.expression(file, argument)).collect();
        let items = items?;
        union(kinds.iter().map(|kind| Some(Spec::container(*kind, items.clone()))))
    }

    fn generic(&self, file: u32, base: &Expr) -> Option<Generic> {
        let name = match self.program.resolve_expression(file, base) {
            Some(Definition::External(name)) => name,
            None => match &base.kind {
                ExprKind::Name(name) if !self.program.is_bound(file, name) => format!("builtins.{name}"),
                _ => return None,
            },
            _ => return None,
        };
        let (module, name) = name.rsplit_once('.')?;
        let ours = matches!(module, "hypersonic" | "transonic" | "transonic.typing" | "transonic.aheadoftime");
        let typing = matches!(module, "typing" | "typing_extensions");
        Some(match name {
            "Array" if ours => Generic::Array,
            "Union" if ours || typing => Generic::Union,
            "Optional" if ours || typing => Generic::Optional,
            "Tuple" if ours || typing => Generic::Tuple,
            "tuple" if module == "builtins" => Generic::Tuple,
            "Literal" if ours || typing => Generic::Literal,
            "Annotated" if typing => Generic::Annotated,
            "Final" | "ClassVar" | "Required" if typing => Generic::First,
            "const" if ours => Generic::First,
            "NDArray" if module == "numpy.typing" || module == "nptyping" => Generic::NDArray,
            "ndarray" if module == "numpy" => Generic::NumpyNdarray,
            "Type" if typing => Generic::TypeObject,
            "type" if module == "builtins" => Generic::TypeObject,
            "frozenset" if module == "builtins" => Generic::Holder(Container::FrozenSet),
            "FrozenSet" if typing => Generic::Holder(Container::FrozenSet),
            "deque" if module == "collections" => Generic::Holder(Container::Deque),
            "Deque" if typing => Generic::Holder(Container::Deque),
            "defaultdict" if module == "collections" => Generic::Holder(Container::DefaultDict),
            "DefaultDict" if typing => Generic::Holder(Container::DefaultDict),
            "Counter" if module == "collections" || typing => Generic::Holder(Container::Counter),
            "OrderedDict" if module == "collections" || typing => Generic::Holder(Container::OrderedDict),
            "List" if ours || typing => Generic::Holder(Container::List),
            "Set" if ours || typing => Generic::Holder(Container::Set),
            "Dict" if ours || typing => Generic::Holder(Container::Dict),
            "list" if module == "builtins" => Generic::Holder(Container::List),
            "set" if module == "builtins" => Generic::Holder(Container::Set),
            "dict" if module == "builtins" => Generic::Holder(Container::Dict),
            "Callable" if typing || module == "collections.abc" => Generic::Callable,
            _ if (typing || module == "collections.abc") && abstract_containers(name).is_some() => {
                Generic::AnyOf(abstract_containers(name)?)
            }
            "List" | "Dict" | "Set" | "Sequence" | "Iterable" | "Iterator" | "Mapping" | "Callable" => Generic::Container,
            _ => return None,
        })
    }

    fn tuple_generic(&mut self, file: u32, arguments: &[Expr], span: Span) -> Option<Spec> {
        let open = |argument: &Expr| matches!(argument.kind, ExprKind::Ellipsis);
        if let [element, rest] = arguments
            && open(rest)
            && !open(element)
        {
            return self.expression(file, element).map(|element| Spec::container(Container::Sequence, vec![element]));
        }
        if arguments.iter().any(open) {
            return self.bad("`...` stands in a tuple where it has no meaning", span, "how many items?", "write `tuple[int, ...]`");
        }
        self.tuple(file, arguments)
    }

    /// Element types; `Any` stands for nothing.
    fn elements_of(&mut self, file: u32, argument: &Expr, span: Span) -> Option<Spec> {
        let argument = match &argument.kind {
            // np.dtype[np.float64]
            ExprKind::Subscript(base, inner) => match self.program.resolve_expression(file, base) {
                Some(Definition::External(name)) if name == "numpy.dtype" => inner,
                _ => argument,
            },
            _ => argument,
        };
        let element = self.expression(file, argument)?;
        self.element(element, span)
    }

    /// `np.ndarray[tuple[int, int], np.dtype[np.float64]]`: the shape's tuple says the rank.
    fn numpy_ndarray(&mut self, file: u32, arguments: &[Expr], span: Span) -> Option<Spec> {
        let [shape, dtype] = arguments else {
            return self.bad(
                "`np.ndarray[...]` needs a shape and a dtype",
                span,
                "incomplete",
                "write `NDArray[np.float64]` or `Array[np.float64, \"2d\"]`",
            );
        };
        let element = self.elements_of(file, dtype, span)?;
        let axes = match &shape.kind {
            ExprKind::Subscript(base, index) if matches!(self.generic(file, base), Some(Generic::Tuple)) => match &index.kind {
                ExprKind::Tuple(items) => Some(items.as_slice()),
                _ => Some(std::slice::from_ref(index.as_ref())),
            },
            _ => None,
        };
        match axes {
            Some(axes) if !axes.iter().any(|axis| matches!(axis.kind, ExprKind::Ellipsis)) => {
                self.array(element, vec![None; axes.len()], Order::Any, span)
            }
            _ => {
                let rank: Rank = self.unknown_rank();
                Some(Spec::Array { element: Box::new(element), rank, order: Order::Any, extents: Vec::new() })
            }
        }
    }

    /// One argument of `Literal`: a value, or, as Transonic has it, a type object.
    fn literal(&mut self, file: u32, argument: &Expr) -> Option<Spec> {
        match literal_value(argument) {
            Some(value) => Some(Spec::One(value)),
            None => match &argument.kind {
                ExprKind::Name(_) | ExprKind::Attribute(..) => self.type_object(file, argument),
                _ => self.bad("an argument of `Literal` is not a value", argument.span, "not a value", "write strings, ints or bools"),
            },
        }
    }

    pub(super) fn type_object(&mut self, file: u32, argument: &Expr) -> Option<Spec> {
        if let ExprKind::Name(name) = &argument.kind
            && CLASSES.contains(&name.as_str())
            && !self.program.is_bound(file, name)
        {
            return Some(Spec::One(ParameterType::Class(name.clone())));
        }
        let spec = self.expression(file, argument)?;
        self.type_object_of(spec, argument.span)
    }

    pub(super) fn type_object_of(&mut self, spec: Spec, span: Span) -> Option<Spec> {
        if let Some((dtype, flavor)) = number(&spec) {
            return Some(Spec::One(ParameterType::TypeObject(dtype, flavor)));
        }
        match spec {
            Spec::Choice(items) => {
                let items: Vec<Option<Spec>> = items.into_iter().map(|item| self.type_object_of(item, span)).collect();
                union(items)
            }
            _ => self.bad(
                "only number types, and `list`, `set`, `dict`, `tuple` and `str`, can be passed as type objects",
                span,
                "not such a type",
                "write a type such as `float` or `np.float64`, without what a container holds",
            ),
        }
    }

    pub(super) fn call(&mut self, file: u32, callee: &Expr, arguments: &[Expr], span: Span) -> Option<Spec> {
        let full = match self.program.resolve_expression(file, callee) {
            Some(Definition::External(name)) => name,
            _ => String::new(),
        };
        let (module, name) = full.rsplit_once('.').unwrap_or(("", ""));
        let ours = matches!(module, "hypersonic" | "transonic" | "transonic.typing");
        match name {
            "Type" if ours => self.template(file, arguments, span),
            "TypeVar" if matches!(module, "typing" | "typing_extensions") => self.template(file, arguments, span),
            "NDim" if ours => self.ndim_as_type(span),
            "const" if ours => self.expression(file, arguments.first()?),
            "str2type" if ours => self.expression(file, arguments.first()?),
            "dtype" if module == "numpy" => {
                self.bad("a dtype object is not a type", span, "a dtype object", "write the scalar type: `np.float64`")
            }
            _ => self.bad("an annotation calls something that is not known", span, "not a type", TYPE_HINT),
        }
    }

    /// `T` of `def f[T: (np.float32, np.float64)]`.
    pub(super) fn type_parameter(&mut self, file: u32, name: &str, place: Span, constraints: Option<&Expr>) -> Option<Spec> {
        match constraints {
            Some(Expr { kind: ExprKind::Tuple(items), .. }) => {
                let items = items.clone();
                self.template(file, &items, place)
            }
            Some(bound) => self.expression(file, bound),
            None => self.bad(
                &format!("the type parameter `{name}` may be any type"),
                place,
                "which types?",
                format!("write `{name}: (np.float32, np.float64)`"),
            ),
        }
    }

    /// `Type(np.float32, np.float64)`; its place is its identity.
    fn template(&mut self, file: u32, arguments: &[Expr], span: Span) -> Option<Spec> {
        let named = match arguments.first() {
            Some(Expr { kind: ExprKind::Str(text), .. }) => {
                arguments.len() > 1 && super::dtypes::bare(text).is_none() && !text.contains('[')
            }
            _ => false,
        };
        let items: Vec<Option<Spec>> = arguments.iter().skip(usize::from(named)).map(|argument| self.expression(file, argument)).collect();
        if items.is_empty() {
            return self.bad("a template variable needs at least one type", span, "no type", "write `Type(np.float32, np.float64)`");
        }
        match union(items)? {
            Spec::Choice(items) => Some(Spec::Variable((span.file, span.start), items)),
            one => Some(one),
        }
    }
}

/// The containers of Python's own that an abstract class stands for; with others that it stands for, too, Python answers.
pub(super) fn abstract_containers(name: &str) -> Option<&'static [Container]> {
    use Container::{Dict, FrozenSet, List, Sequence, Set};
    Some(match name {
        "Sequence" | "Reversible" => &[List, Sequence],
        "Iterable" | "Collection" | "Container" => &[List, Sequence, Set],
        "MutableSequence" => &[List],
        "AbstractSet" | "Set" => &[Set, FrozenSet],
        "MutableSet" => &[Set],
        "Mapping" | "MutableMapping" => &[Dict],
        _ => return None,
    })
}

/// A value that can be written in `Literal[...]`.
pub(crate) fn literal_value(expression: &Expr) -> Option<ParameterType> {
    match &expression.kind {
        ExprKind::None => Some(ParameterType::None),
        ExprKind::Bool(value) => Some(ParameterType::LiteralBool(*value)),
        ExprKind::Int(value, _) => value.map(ParameterType::LiteralInt),
        ExprKind::Str(text) => Some(ParameterType::LiteralText(text.clone())),
        ExprKind::Unary(UnaryOp::Negative, operand) => match &operand.kind {
            ExprKind::Int(value, _) => value.and_then(i64::checked_neg).map(ParameterType::LiteralInt),
            _ => None,
        },
        _ => None,
    }
}
