//! Classes of Python whose values are laid out as a list, tuple, set or dict, and are none.

/// Which class.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Special {
    /// `collections.deque`: a list.
    Deque,
    /// `collections.defaultdict`: a dict.
    DefaultDict(Factory),
    /// `collections.Counter`: a dict of ints.
    Counter,
    /// `collections.OrderedDict`: a dict.
    OrderedDict,
    /// `frozenset`: a set.
    FrozenSet,
    /// `bytes`: a tuple of ints.
    Bytes,
    /// `bytearray`: a list of ints.
    Bytearray,
}

/// What a `defaultdict` makes for a missing key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Factory {
    /// The empty value of the type of its values: `int`, `float`, `list`, ...
    Empty,
    /// A function that was written; the key of its type. Such a dict does not leave the function.
    Function(String),
    /// An argument's, which only Python knows.
    Open,
}

impl Special {
    /// Its name in Python.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Deque => "deque",
            Self::DefaultDict(_) => "defaultdict",
            Self::Counter => "Counter",
            Self::OrderedDict => "OrderedDict",
            Self::FrozenSet => "frozenset",
            Self::Bytes => "bytes",
            Self::Bytearray => "bytearray",
        }
    }
}
