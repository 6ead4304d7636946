//! Signatures: what a boosted function accepts.

use crate::class::{Class, Method};
use crate::exports::Exports;
use crate::migration::Edit;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Class as ClassName, ClassKind, Dtype, Flavor, Special, Type};
use hypersonic_syntax::ast::FunctionDef;
use std::sync::Arc;

/// A function marked `@boost` (or by a comment signature).
#[derive(Clone, Debug)]
pub struct Boosted {
    /// Index of its file in the program.
    pub file: u32,
    /// `f`, `C.method`.
    pub qualname: String,
    /// Its definition.
    pub definition: Arc<FunctionDef>,
    /// What is said of it as a function of a class.
    pub method: Option<InClass>,
    /// For a block: the name that the top-level statement defines in which it stands.
    pub within: Option<String>,
    /// Whether a comment alone marks it, so that nothing gives it its kernels when its module is imported.
    pub undecorated: bool,
    /// For a `with` block: how the wheel's copy of the file begins it.
    pub header: Option<Edit>,
    /// In the order in which a call tries them; never empty.
    pub signatures: Vec<Signature>,
    /// `@boost(fastmath=True)`.
    pub fastmath: bool,
    /// `@boost(always=True)`: compiled for calls from Python even where Python is known to be faster.
    pub always: bool,
    /// What is made of it besides a Python function.
    pub exports: Exports,
    /// Where it is marked.
    pub span: Span,
}

/// A function of a class.
#[derive(Clone, Debug)]
pub struct InClass {
    /// The class.
    pub class: Arc<Class>,
    /// The function in it.
    pub method: Method,
    /// The attributes whose values come before its parameters in its signatures; the object itself is not among these.
    pub attributes: Vec<String>,
}

/// A marked function that has no signature which can be compiled.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Index of its file in the program.
    pub file: u32,
    /// `f`, `C.method`.
    pub qualname: String,
    /// Its definition.
    pub definition: Arc<FunctionDef>,
    /// Titles of the diagnostics that say why, if they are about this function alone.
    pub reasons: Vec<String>,
}

/// One type per attribute that is needed, then one per parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    /// In the order of attributes and parameters.
    pub parameters: Vec<ParameterType>,
}

impl Signature {
    /// Whether another one differs from this only in strings that are known there and any here: then this one is for all other strings.
    #[must_use]
    pub fn is_for_other_strings(&self, other: &Self) -> bool {
        let alike = |(here, there): (&ParameterType, &ParameterType)| {
            here == there || matches!((here, there), (ParameterType::Str, ParameterType::LiteralText(_)))
        };
        self != other && self.parameters.len() == other.parameters.len() && self.parameters.iter().zip(&other.parameters).all(alike)
    }

    /// Puts signatures that take less in front of those that take the same and more, an `int` before a `float` before a `complex`,
    /// so that the first one that fits a call is the closest one. The order is otherwise kept.
    pub(crate) fn narrow_first(signatures: Vec<Self>) -> Vec<Self> {
        let mut ordered: Vec<Self> = Vec::with_capacity(signatures.len());
        for signature in signatures {
            let place = ordered.iter().position(|other| all_take(&other.parameters, &signature.parameters));
            ordered.insert(place.unwrap_or(ordered.len()), signature);
        }
        ordered
    }
}

/// What one parameter accepts in one signature.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ParameterType {
    /// `None`.
    None,
    /// A number: `int`, `float`, `np.float32`, ...
    Scalar(Dtype, Flavor),
    /// An array.
    Array {
        /// Element type.
        dtype: Dtype,
        /// Rank, 0 to 6.
        ndim: u8,
        /// Order that the annotation speaks of.
        order: Order,
        /// Fixed extents, `None` where free; empty if all are free.
        extents: Vec<Option<i64>>,
    },
    /// A tuple.
    Tuple(Vec<ParameterType>),
    /// A `list` of elements of one type.
    List(Box<ParameterType>),
    /// A `tuple` of any length, of elements of one type.
    Sequence(Box<ParameterType>),
    /// A `set`.
    Set(Box<ParameterType>),
    /// A `dict`: key and value.
    Dict(Box<ParameterType>, Box<ParameterType>),
    /// A value of a class that is laid out as that container.
    Special(Special, Box<ParameterType>),
    /// Any `str`.
    Str,
    /// In a container: `None` or a value.
    Optional(Box<ParameterType>),
    /// A value of a class of the package, and what it is in kernels.
    Named(Arc<ClassName>, Box<ParameterType>),
    /// Exactly this value.
    LiteralBool(bool),
    /// Exactly this value.
    LiteralInt(i64),
    /// Exactly this value.
    LiteralText(String),
    /// A type object: `Literal[int]`, `int type`.
    TypeObject(Dtype, Flavor),
    /// A class of Python's containers and strings as an argument: `list type`.
    Class(String),
    /// A module of that name, which is an argument: `numpy pkg`.
    Module(String),
    /// A `slice`: whether start, stop and step are ints; else they are `None`.
    Slice([bool; 3]),
    /// A function, with what it takes and what it gives: `Callable[[float], float]`, `float(float)`.
    Callable(Vec<ParameterType>, Box<ParameterType>),
}

/// The length of the array that a pointer is, in signatures of capsules (`float64*`): nobody knows where it ends.
pub const POINTER_LENGTH: i64 = 1 << 48;

/// Memory order asked for by an annotation. Whatever it says, any layout is accepted at run time; it decides
/// which versions are compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// Nothing said.
    Any,
    /// C order.
    C,
    /// Fortran order.
    F,
    /// Strided.
    Strided,
}

fn all_take(wide: &[ParameterType], narrow: &[ParameterType]) -> bool {
    wide.len() == narrow.len() && wide.iter().zip(narrow).all(|(wide, narrow)| wide.takes(narrow))
}

impl ParameterType {
    /// Whether it takes every argument that another type does.
    fn takes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Scalar(wide, Flavor::Python), Self::Scalar(narrow, Flavor::Python)) => wide.takes(*narrow),
            (Self::Tuple(items), Self::Tuple(others)) => all_take(items, others),
            (Self::Str, Self::LiteralText(_)) => true,
            _ => self == other,
        }
    }

    /// The type inside the function.
    #[must_use]
    pub fn to_type(&self) -> Type {
        match self {
            Self::None => Type::None,
            Self::Scalar(dtype, flavor) => Type::Scalar(*dtype, *flavor),
            Self::Array { dtype, ndim, .. } => Type::Array(*dtype, *ndim),
            Self::Tuple(items) => Type::Tuple(items.iter().map(Self::to_type).collect()),
            Self::List(element) => Type::list(element.to_type()),
            Self::Sequence(element) => Type::Sequence(Box::new(element.to_type())),
            Self::Set(element) => Type::Set(Box::new(element.to_type())),
            Self::Dict(key, value) => Type::Dict(Box::new(key.to_type()), Box::new(value.to_type())),
            Self::Special(special, base) => Type::of(special.clone(), base.to_type()),
            Self::Str => Type::Str,
            Self::Optional(value) => Type::Optional(Box::new(value.to_type())),
            Self::Named(class, value) => Type::Named(
                Arc::clone(class),
                Box::new(match value.as_ref() {
                    Self::List(attributes) if matches!(class.kind, ClassKind::Object { .. }) => match attributes.to_type() {
                        Type::Tuple(types) => Type::object(&types),
                        other => Type::list(other),
                    },
                    value => value.to_type(),
                }),
            ),
            Self::LiteralBool(_) => Type::BOOL,
            Self::LiteralInt(_) => Type::INT,
            Self::LiteralText(text) => Type::Text(text.clone()),
            Self::TypeObject(dtype, flavor) => Type::DtypeValue(*dtype, *flavor),
            Self::Module(name) => Type::module(name),
            Self::Class(name) => Type::module(&format!("builtins.{name}")),
            Self::Slice(given) => Type::slice(given.iter().map(|given| if *given { Type::INT } else { Type::None }).collect()),
            Self::Callable(parameters, result) => {
                Type::Callable(parameters.iter().map(Self::to_type).collect(), Box::new(result.to_type()))
            }
        }
    }
}

/// As an annotation would write it: `int`, `np.float32`, `float64[:, 3] order(F)`, `(int, float)`.
impl std::fmt::Display for ParameterType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Array { dtype, ndim, order, extents } => {
                let free = if *order == Order::Strided { "::" } else { ":" };
                let axes: Vec<String> = (0..usize::from(*ndim))
                    .map(|axis| extents.get(axis).copied().flatten().map_or_else(|| free.to_owned(), |extent| extent.to_string()))
                    .collect();
                if *extents == [Some(POINTER_LENGTH)] {
                    return write!(f, "{}*", dtype.name());
                }
                write!(f, "{}[{}]", dtype.name(), axes.join(", "))?;
                match order {
                    Order::C => write!(f, " order(C)"),
                    Order::F => write!(f, " order(F)"),
                    Order::Any | Order::Strided => Ok(()),
                }
            }
            Self::Tuple(items) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                if let [one] = items.as_slice() { write!(f, "({one},)") } else { write!(f, "({})", items.join(", ")) }
            }
            Self::LiteralBool(value) => write!(f, "Literal[{}]", if *value { "True" } else { "False" }),
            Self::LiteralInt(value) => write!(f, "Literal[{value}]"),
            Self::LiteralText(text) => write!(f, "Literal[{text:?}]"),
            Self::TypeObject(dtype, flavor) => write!(f, "type[{}]", Type::Scalar(*dtype, *flavor)),
            Self::Module(name) => write!(f, "{name} pkg"),
            Self::Class(name) => write!(f, "type[{name}]"),
            Self::Slice(given) => {
                let [start, stop, step] = given.map(|given| if given { "int" } else { "None" });
                write!(f, "slice[{start}, {stop}, {step}]")
            }
            Self::Callable(parameters, result) => {
                let items: Vec<String> = parameters.iter().map(ToString::to_string).collect();
                write!(f, "{result}({})", items.join(", "))
            }
            Self::List(element) => write!(f, "list[{element}]"),
            Self::Optional(value) => write!(f, "{value} | None"),
            Self::Named(class, _) => write!(f, "{}", class.name),
            Self::Sequence(element) => write!(f, "tuple[{element}, ...]"),
            Self::Set(element) => write!(f, "set[{element}]"),
            Self::Dict(key, value) => write!(f, "dict[{key}, {value}]"),
            Self::None | Self::Scalar(..) | Self::Str | Self::Special(..) => write!(f, "{}", self.to_type()),
        }
    }
}

/// The parameters in parentheses: `(float64[:, :], int)`.
impl std::fmt::Display for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let items: Vec<String> = self.parameters.iter().map(ToString::to_string).collect();
        write!(f, "({})", items.join(", "))
    }
}
