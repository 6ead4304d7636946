//! The types of the language: what an expression of a specialization can be.

use crate::dtype::Dtype;
use crate::special::Special;
use hypersonic_abi::object::layout;
use std::sync::Arc;

/// Whose rules a scalar obeys. It decides errors and promotion, never representation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flavor {
    /// A Python `bool`, `int`, `float` or `complex`: weak in NEP 50 promotion; `x / 0` raises; an `int` that
    /// leaves int64 is an overflow, never a wrap.
    Python,
    /// A NumPy scalar: strong in promotion; integers wrap; `x / 0` is inf or nan, integer `x // 0` is 0.
    Numpy,
}

/// What the keys of modules that are values begin with.
const MODULE: &str = "module:";
/// And those of classes of Python's own.
const CLASS: &str = "module:builtins.";
/// The key of the object of a method, where it is a value.
const THIS: &str = "self:";

/// The type of a value in one specialization.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `None`.
    None,
    /// A number. Python's `int` is (I64, Python), `float` (F64, Python), `complex` (C128, Python), `bool`
    /// (Bool, Python); no other dtype has the Python flavor.
    Scalar(Dtype, Flavor),
    /// An array of fixed rank, 0 to 6. A 0-d array is an array, not a scalar.
    Array(Dtype, u8),
    /// A tuple, heterogeneous, of known length.
    Tuple(Vec<Type>),
    /// A string known at compile time (a `Literal` parameter, a message, a keyword such as `order="C"`).
    Text(String),
    /// A function known at compile time: of a library by its full name, of the package by its file, place and name.
    Function(String),
    /// A dtype known at compile time: `np.float64`, `x.dtype`, `float` used as a type.
    DtypeValue(Dtype, Flavor),
    /// A `str` known at run time only.
    Str,
    /// A `list` of elements of one type.
    List(Box<Type>),
    /// A `tuple` of elements of one type, whose length is known at run time only.
    Sequence(Box<Type>),
    /// A `set` of elements of one type.
    Set(Box<Type>),
    /// A `dict`: the types of its keys and of its values.
    Dict(Box<Type>, Box<Type>),
    /// A value of a class that is laid out as that type: a list, tuple, set or dict.
    Special(Special, Box<Type>),
    /// `None` or a value of that type; which, is known at run time only.
    Optional(Box<Type>),
    /// A value of a class of the package that is, in kernels, a value of this type: see [`ClassKind`]. The name is for typing and for the
    /// runtime; lowering never sees it.
    Named(Arc<Class>, Box<Type>),
    /// A function that Python gives at run time: what it takes, by position, and what it is said to give. In kernels it is the address of the
    /// Python object, an int, which the caller holds as long as the call runs.
    Callable(Vec<Type>, Box<Type>),
    /// The elements of a container that was made empty, before it is known what is put into it. Only while a unit is typed: the number says which.
    Unknown(u32),
}

/// A class of the package whose values have a compiled form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Class {
    /// The file whose module has it.
    pub file: u32,
    /// Its name there.
    pub name: String,
    /// What its values are.
    pub kind: ClassKind,
    /// The names of the fields, or of the members of an enum, in order.
    pub names: Vec<String>,
}

/// What the values of a class are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClassKind {
    /// A NamedTuple: a tuple of the fields.
    Tuple,
    /// A dataclass: a reference to a list of one element, the tuple of the fields.
    Object {
        /// Whether `==` compares all fields, and nothing else.
        equality: bool,
        /// Whether `<` does.
        order: bool,
    },
    /// An enum: the int that is a member's value.
    Value(EnumKind),
    /// An enum: the position of a member in the order of definition.
    Position,
    /// Keyword arguments by name (`**options`), which no file of the package has: the tuple of what was given.
    Keywords,
    /// Python's own `slice`, which no file of the package has: the tuple of start, stop and step, ints or None.
    Slice,
}

/// What members of an enum of ints can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EnumKind {
    /// `Enum`: they are compared with each other.
    Plain,
    /// `IntEnum`: they are ints.
    Int,
    /// `Flag`: they are combined with each other.
    Flag,
    /// `IntFlag`: both.
    IntFlag,
}

impl ClassKind {
    /// Whether a value is worked with as what it is in kernels: a tuple, an int.
    #[must_use]
    pub const fn is_transparent(self) -> bool {
        matches!(self, Self::Tuple | Self::Value(EnumKind::Int | EnumKind::IntFlag))
    }

    /// Whether it is an enum.
    #[must_use]
    pub const fn is_enum(self) -> bool {
        matches!(self, Self::Value(_) | Self::Position)
    }
}

impl Type {
    /// Python's `int`.
    pub const INT: Self = Self::Scalar(Dtype::I64, Flavor::Python);
    /// Python's `float`.
    pub const FLOAT: Self = Self::Scalar(Dtype::F64, Flavor::Python);
    /// Python's `complex`.
    pub const COMPLEX: Self = Self::Scalar(Dtype::C128, Flavor::Python);
    /// Python's `bool`.
    pub const BOOL: Self = Self::Scalar(Dtype::Bool, Flavor::Python);

    /// A list of elements of that type.
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::List(Box::new(element))
    }

    /// A module that is an argument, by its name: what it has is known at build time, as of an imported one. So it is with a class of Python's own,
    /// `builtins.list`.
    #[must_use]
    pub fn module(name: &str) -> Self {
        Self::Function(format!("{MODULE}{name}"))
    }

    /// The name of a module that is a value.
    #[must_use]
    pub fn as_module(&self) -> Option<&str> {
        match self {
            Self::Function(key) => key.strip_prefix(MODULE),
            _ => None,
        }
    }

    /// A `slice` of these bounds: ints, or `None`.
    #[must_use]
    pub fn slice(bounds: Vec<Self>) -> Self {
        let names = ["start", "stop", "step"].map(str::to_owned).to_vec();
        let class = Class { file: u32::MAX, name: "slice".to_owned(), kind: ClassKind::Slice, names };
        Self::Named(Arc::new(class), Box::new(Self::Tuple(bounds)))
    }

    /// Keyword arguments of these names and types.
    #[must_use]
    pub fn keywords(names: Vec<String>, types: Vec<Self>) -> Self {
        let class = Class { file: u32::MAX, name: "keyword arguments".to_owned(), kind: ClassKind::Keywords, names };
        Self::Named(Arc::new(class), Box::new(Self::Tuple(types)))
    }

    /// Whether it is a `slice`.
    #[must_use]
    pub fn is_slice(&self) -> bool {
        self.named().is_some_and(|(class, _)| class.kind == ClassKind::Slice)
    }

    /// The object of a method, which is given back.
    #[must_use]
    pub fn this() -> Self {
        Self::Function(THIS.to_owned())
    }

    /// Whether it is the object of the method.
    #[must_use]
    pub fn is_this(&self) -> bool {
        matches!(self, Self::Function(key) if key == THIS)
    }

    /// The full name of something of a library that is known at build time: a function, or a class or module that is an argument.
    #[must_use]
    pub fn full_name(&self) -> Option<&str> {
        match self {
            Self::Function(key) => Some(key.strip_prefix(MODULE).unwrap_or(key)),
            _ => None,
        }
    }

    /// Whether a value is a reference to a list, set, dict, string, or tuple of any length.
    #[must_use]
    pub const fn is_object(&self) -> bool {
        matches!(self, Self::Str | Self::List(_) | Self::Sequence(_) | Self::Set(_) | Self::Dict(..) | Self::Special(..))
    }

    /// The same, of the class `list`, `tuple`, `set` or `dict` if it is laid out as one.
    #[must_use]
    pub fn base(&self) -> &Self {
        match self {
            Self::Special(_, base) => base,
            other => other,
        }
    }

    /// The class, if it is not that of its layout.
    #[must_use]
    pub const fn special(&self) -> Option<&Special> {
        match self {
            Self::Special(special, _) => Some(special),
            _ => None,
        }
    }

    /// A value of that class.
    #[must_use]
    pub fn of(special: Special, base: Self) -> Self {
        Self::Special(special, Box::new(base))
    }

    /// The same class with that layout: what is made of a value of this type.
    #[must_use]
    pub fn like(&self, base: Self) -> Self {
        self.special().map_or_else(|| base.clone(), |special| Self::of(special.clone(), base.clone()))
    }

    /// `bytes`.
    #[must_use]
    pub fn bytes() -> Self {
        Self::of(Special::Bytes, Self::Sequence(Box::new(Self::INT)))
    }

    /// `bytearray`.
    #[must_use]
    pub fn bytearray() -> Self {
        Self::of(Special::Bytearray, Self::list(Self::INT))
    }

    /// Whether it is `bytes` or `bytearray`.
    #[must_use]
    pub const fn is_bytes(&self) -> bool {
        matches!(self.special(), Some(Special::Bytes | Special::Bytearray))
    }

    /// The class of a value of the package, and what the value is in kernels.
    #[must_use]
    pub fn named(&self) -> Option<(&Arc<Class>, &Self)> {
        match self {
            Self::Named(class, inner) => Some((class, inner)),
            _ => None,
        }
    }

    /// The same without names of classes: as lowering sees it.
    #[must_use]
    pub fn erased(&self) -> Self {
        let inner = |ty: &Self| Box::new(ty.erased());
        match self {
            Self::Named(_, value) => value.erased(),
            Self::Callable(..) => Self::INT,
            Self::Tuple(items) => Self::Tuple(items.iter().map(Self::erased).collect()),
            Self::List(element) => Self::List(inner(element)),
            Self::Sequence(element) => Self::Sequence(inner(element)),
            Self::Set(element) => Self::Set(inner(element)),
            Self::Dict(key, value) => Self::Dict(inner(key), inner(value)),
            Self::Optional(value) => Self::Optional(inner(value)),
            Self::Special(special, base) => Self::Special(special.clone(), inner(base)),
            other => other.clone(),
        }
    }

    /// How many words it takes as a part of an element.
    #[must_use]
    pub fn words(&self) -> usize {
        match self {
            Self::Scalar(dtype, _) => 1 + usize::from(matches!(dtype, Dtype::C64 | Dtype::C128)),
            Self::Array(_, rank) => 2 + 2 * usize::from(*rank),
            Self::Tuple(items) => items.iter().map(Self::words).sum(),
            Self::Optional(value) => 1 + value.words(),
            Self::Named(_, value) => value.words(),
            _ => usize::from(self.is_object()),
        }
    }

    /// What an object with these attributes is in kernels: a list of one element, a tuple of them. Those that are too many for an element are
    /// in another such list, the last item.
    #[must_use]
    pub fn object(attributes: &[Self]) -> Self {
        let words: Vec<usize> = attributes.iter().map(Self::words).collect();
        let mut rest = None;
        for group in layout::groups(&words).collect::<Vec<_>>().into_iter().rev() {
            rest = Some(Self::list(Self::Tuple(attributes[group].iter().cloned().chain(rest).collect())));
        }
        rest.unwrap_or(Self::None)
    }

    /// The types of that many attributes of an object.
    #[must_use]
    pub fn attributes(&self, count: usize) -> Vec<Self> {
        let Self::List(element) = self else { return Vec::new() };
        let Self::Tuple(items) = element.as_ref() else { return Vec::new() };
        match items.split_last() {
            Some((rest, own)) if items.len() != count => {
                own.iter().cloned().chain(rest.attributes(count.saturating_sub(own.len()))).collect()
            }
            _ => items.clone(),
        }
    }

    /// The types that it is made of, outermost first: itself, items of tuples, elements of containers.
    pub fn each(&self, see: &mut dyn FnMut(&Self)) {
        see(self);
        match self {
            Self::Tuple(items) => items.iter().for_each(|item| item.each(see)),
            Self::List(element) | Self::Sequence(element) | Self::Set(element) | Self::Optional(element) | Self::Named(_, element) => {
                element.each(see);
            }
            // Itself is seen already.
            Self::Special(_, base) => base.each_inside(see),
            Self::Dict(key, value) => {
                key.each(see);
                value.each(see);
            }
            _ => {}
        }
    }

    fn each_inside(&self, see: &mut dyn FnMut(&Self)) {
        match self {
            Self::List(element) | Self::Sequence(element) | Self::Set(element) => element.each(see),
            Self::Dict(key, value) => {
                key.each(see);
                value.each(see);
            }
            _ => {}
        }
    }

    /// Whether it is, or is made of, something that `is` holds for.
    pub fn any(&self, is: impl Fn(&Self) -> bool) -> bool {
        let mut found = false;
        self.each(&mut |ty| found |= is(ty));
        found
    }

    /// The element type of a scalar or array.
    #[must_use]
    pub const fn dtype(&self) -> Option<Dtype> {
        match self {
            Self::Scalar(dtype, _) | Self::Array(dtype, _) => Some(*dtype),
            _ => None,
        }
    }

    /// The rank of an array, 0 for a scalar.
    #[must_use]
    pub const fn ndim(&self) -> Option<u8> {
        match self {
            Self::Scalar(..) => Some(0),
            Self::Array(_, ndim) => Some(*ndim),
            _ => None,
        }
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => write!(f, "None"),
            Self::Scalar(Dtype::I64, Flavor::Python) => write!(f, "int"),
            Self::Scalar(Dtype::F64, Flavor::Python) => write!(f, "float"),
            Self::Scalar(Dtype::C128, Flavor::Python) => write!(f, "complex"),
            Self::Scalar(Dtype::Bool, Flavor::Python) => write!(f, "bool"),
            Self::Scalar(dtype, _) => write!(f, "np.{}", dtype.name()),
            Self::Array(dtype, ndim) => {
                let colons = vec![":"; usize::from(*ndim)].join(", ");
                write!(f, "{}[{colons}]", dtype.name())
            }
            Self::Tuple(items) => {
                write!(f, "(")?;
                for item in items {
                    write!(f, "{item}, ")?;
                }
                write!(f, ")")
            }
            Self::Text(text) => write!(f, "Literal[{text:?}]"),
            Self::Function(key) if key == THIS => write!(f, "self"),
            Self::Function(key) if key.starts_with(CLASS) => write!(f, "type[{}]", key.trim_start_matches(CLASS)),
            Self::Function(key) if key.starts_with(MODULE) => write!(f, "module {}", key.trim_start_matches(MODULE)),
            Self::Function(key) => write!(f, "function {}", key.rsplit(':').next().unwrap_or(key)),
            Self::DtypeValue(dtype, _) => write!(f, "type[{}]", dtype.name()),
            Self::Str => write!(f, "str"),
            Self::List(element) => write!(f, "list[{element}]"),
            Self::Sequence(element) => write!(f, "tuple[{element}, ...]"),
            Self::Set(element) => write!(f, "set[{element}]"),
            Self::Dict(key, value) => write!(f, "dict[{key}, {value}]"),
            Self::Special(special, base) => match (special, base.as_ref()) {
                (Special::Bytes | Special::Bytearray, _) => write!(f, "{}", special.name()),
                (Special::Counter, Self::Dict(key, _)) => write!(f, "Counter[{key}]"),
                (_, Self::Dict(key, value)) => write!(f, "{}[{key}, {value}]", special.name()),
                (_, Self::List(element) | Self::Sequence(element) | Self::Set(element)) => write!(f, "{}[{element}]", special.name()),
                (_, other) => write!(f, "{}[{other}]", special.name()),
            },
            Self::Optional(value) => write!(f, "{value} | None"),
            Self::Named(class, _) => write!(f, "{}", class.name),
            Self::Callable(parameters, result) => write_callable(f, parameters, result),
            Self::Unknown(_) => write!(f, "?"),
        }
    }
}

/// As an annotation writes it: `Callable[[float, float], float]`.
fn write_callable(f: &mut std::fmt::Formatter<'_>, parameters: &[Type], result: &Type) -> std::fmt::Result {
    let parameters: Vec<String> = parameters.iter().map(ToString::to_string).collect();
    write!(f, "Callable[[{}], {result}]", parameters.join(", "))
}
