//! Element types, their sizes, and NumPy's promotion lattice.

/// An element type of an array, or the type of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dtype {
    /// `np.bool_`, one byte, 0 or 1.
    Bool,
    /// `np.int8`.
    I8,
    /// `np.int16`.
    I16,
    /// `np.int32`.
    I32,
    /// `np.int64`; also Python's `int` inside compiled code.
    I64,
    /// `np.uint8`.
    U8,
    /// `np.uint16`.
    U16,
    /// `np.uint32`.
    U32,
    /// `np.uint64`.
    U64,
    /// `np.float32`.
    F32,
    /// `np.float64`; also Python's `float`.
    F64,
    /// `np.complex64`, two float32.
    C64,
    /// `np.complex128`, two float64; also Python's `complex`.
    C128,
}

/// The kind of a dtype, ordered as NEP 50 orders them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Booleans.
    Bool,
    /// Signed and unsigned integers.
    Integer,
    /// Real floating point.
    Float,
    /// Complex floating point.
    Complex,
}

impl Dtype {
    /// Every dtype, in NumPy's type-number order by kind.
    pub const ALL: [Self; 13] = [
        Self::Bool,
        Self::I8,
        Self::I16,
        Self::I32,
        Self::I64,
        Self::U8,
        Self::U16,
        Self::U32,
        Self::U64,
        Self::F32,
        Self::F64,
        Self::C64,
        Self::C128,
    ];

    /// NumPy's name: `float64`, `bool`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::I8 => "int8",
            Self::I16 => "int16",
            Self::I32 => "int32",
            Self::I64 => "int64",
            Self::U8 => "uint8",
            Self::U16 => "uint16",
            Self::U32 => "uint32",
            Self::U64 => "uint64",
            Self::F32 => "float32",
            Self::F64 => "float64",
            Self::C64 => "complex64",
            Self::C128 => "complex128",
        }
    }

    /// NumPy's type code: `d` for float64. Codes are those of a platform whose `long` has 64 bits.
    #[must_use]
    pub const fn code(self) -> char {
        match self {
            Self::Bool => '?',
            Self::I8 => 'b',
            Self::I16 => 'h',
            Self::I32 => 'i',
            Self::I64 => 'l',
            Self::U8 => 'B',
            Self::U16 => 'H',
            Self::U32 => 'I',
            Self::U64 => 'L',
            Self::F32 => 'f',
            Self::F64 => 'd',
            Self::C64 => 'F',
            Self::C128 => 'D',
        }
    }

    /// The dtype of that NumPy type code.
    #[must_use]
    pub fn from_code(code: char) -> Option<Self> {
        Self::ALL.into_iter().find(|dtype| dtype.code() == code)
    }

    /// `np.can_cast(self, other, "safe")`.
    #[must_use]
    pub fn casts_safely(self, other: Self) -> bool {
        self.promote(other) == other
    }

    /// `np.can_cast(self, other, "same_kind")`: what `a += b` allows.
    #[must_use]
    pub fn casts_same_kind(self, other: Self) -> bool {
        let unsigned_from_signed = other.is_unsigned() && self.is_signed();
        self.casts_safely(other) || (self.kind() <= other.kind() && !unsigned_from_signed)
    }

    /// The dtype of that NumPy name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dtype| dtype.name() == name)
    }

    /// Bytes per element.
    #[must_use]
    pub const fn size(self) -> u64 {
        match self {
            Self::Bool | Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 | Self::C64 => 8,
            Self::C128 => 16,
        }
    }

    /// Whether a number of that dtype is taken for one of this: one of its kind, an int for a float, either for a complex; a bool is neither.
    #[must_use]
    pub fn takes(self, given: Self) -> bool {
        self.kind() == given.kind() || (given != Self::Bool && self.kind() > given.kind())
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Bool => Kind::Bool,
            Self::F32 | Self::F64 => Kind::Float,
            Self::C64 | Self::C128 => Kind::Complex,
            _ => Kind::Integer,
        }
    }

    /// Whether it is a signed integer type.
    #[must_use]
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::I8 | Self::I16 | Self::I32 | Self::I64)
    }

    /// Whether it is an unsigned integer type.
    #[must_use]
    pub const fn is_unsigned(self) -> bool {
        matches!(self, Self::U8 | Self::U16 | Self::U32 | Self::U64)
    }

    /// The real type of a complex one; itself otherwise.
    #[must_use]
    pub const fn real(self) -> Self {
        match self {
            Self::C64 => Self::F32,
            Self::C128 => Self::F64,
            other => other,
        }
    }

    /// `np.promote_types(self, other)`.
    #[must_use]
    pub fn promote(self, other: Self) -> Self {
        if self == other {
            return self;
        }
        let (low, high) = if (self.kind(), self.size()) <= (other.kind(), other.size()) { (self, other) } else { (other, self) };
        match (low.kind(), high.kind()) {
            (Kind::Bool, _) => high,
            (Kind::Integer, Kind::Integer) => Self::promote_integers(low, high),
            (Kind::Integer, Kind::Float) => low.as_float().wider(high),
            (Kind::Integer, Kind::Complex) => low.as_float().wider(high.real()).as_complex(),
            (Kind::Float, Kind::Complex) => low.wider(high.real()).as_complex(),
            _ => high,
        }
    }

    fn promote_integers(low: Self, high: Self) -> Self {
        if low.is_signed() == high.is_signed() {
            return high;
        }
        let (signed, unsigned) = if low.is_signed() { (low, high) } else { (high, low) };
        if signed.size() > unsigned.size() {
            return signed;
        }
        match unsigned.size() {
            1 => Self::I16,
            2 => Self::I32,
            4 => Self::I64,
            _ => Self::F64,
        }
    }

    fn wider(self, other: Self) -> Self {
        if self.size() >= other.size() { self } else { other }
    }

    /// The smallest float type that NumPy promotes this integer type to (float16 is not compiled: 8-bit
    /// integers promote with float32 to float32).
    #[must_use]
    pub const fn as_float(self) -> Self {
        match self {
            Self::Bool | Self::I8 | Self::U8 | Self::I16 | Self::U16 | Self::F32 | Self::C64 => Self::F32,
            _ => Self::F64,
        }
    }

    /// The complex type whose parts are of this float type.
    #[must_use]
    pub const fn as_complex(self) -> Self {
        match self {
            Self::F32 | Self::C64 => Self::C64,
            _ => Self::C128,
        }
    }
}
