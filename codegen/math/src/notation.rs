//! Writes loop IR as one writes mathematics: a [`Term`] is a value of the function being built, and the operators
//! on terms emit instructions. Only pure instructions can be written; control flow stays with the builder.

use std::cell::RefCell;
use std::ops::{Add, Div, Mul, Neg, Sub};

use hypersonic_loops::{Binary, Builder, Cast, Compare, Inst, RareFunction, RareId, TableData, TableId, Ty, Unary, ValueId};

/// What instructions are written to.
pub trait Scribe {
    /// Emits an instruction and names its value.
    fn emit(&self, ty: Ty, inst: Inst) -> ValueId;
    /// The type of a value.
    fn ty(&self, value: ValueId) -> Ty;
    /// How a value is defined.
    fn inst(&self, value: ValueId) -> Inst;
}

/// The builder of a function, lent to terms.
#[derive(Debug)]
pub struct Pen<'b, 'm>(RefCell<&'b mut Builder<'m>>);

impl<'b, 'm> Pen<'b, 'm> {
    /// Borrows the builder.
    pub const fn new(builder: &'b mut Builder<'m>) -> Self {
        Self(RefCell::new(builder))
    }

    /// The term of a value.
    pub fn term(&self, id: ValueId) -> Term<'_> {
        Term { scribe: self, id }
    }
}

impl Scribe for Pen<'_, '_> {
    fn emit(&self, ty: Ty, inst: Inst) -> ValueId {
        self.0.borrow_mut().emit(ty, inst)
    }

    fn ty(&self, value: ValueId) -> Ty {
        self.0.borrow().ty(value)
    }

    fn inst(&self, value: ValueId) -> Inst {
        self.0.borrow().inst(value)
    }
}

/// A value of the function being built.
#[derive(Clone, Copy)]
pub struct Term<'p> {
    scribe: &'p dyn Scribe,
    id: ValueId,
}

impl std::fmt::Debug for Term<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Term({})", self.id.0)
    }
}

#[allow(clippy::should_implement_trait, reason = "these give terms, not truth values, or take a constant")]
impl<'p> Term<'p> {
    /// The value.
    #[must_use]
    pub const fn id(self) -> ValueId {
        self.id
    }

    /// Its type.
    #[must_use]
    pub fn ty(self) -> Ty {
        self.scribe.ty(self.id)
    }

    /// The floating constant it is, if it is one.
    #[must_use]
    pub fn as_float(self) -> Option<f64> {
        match (self.scribe.inst(self.id), self.ty()) {
            (Inst::FloatBits(bits), Ty::F64) => Some(f64::from_bits(bits)),
            (Inst::FloatBits(bits), _) => Some(f64::from(f32::from_bits(u32::try_from(bits & 0xffff_ffff).unwrap_or(0)))),
            _ => None,
        }
    }

    /// The integer constant it is, if it is one.
    #[must_use]
    pub fn as_int(self) -> Option<i64> {
        match self.scribe.inst(self.id) {
            Inst::Int(number) => Some(number),
            _ => None,
        }
    }

    fn derive(self, ty: Ty, inst: Inst) -> Self {
        Self { scribe: self.scribe, id: self.scribe.emit(ty, inst) }
    }

    /// A floating constant of this term's type (rounded to it).
    #[must_use]
    #[allow(clippy::cast_possible_truncation, reason = "rounding to f32 is what is asked for")]
    pub fn float(self, value: f64) -> Self {
        let ty = self.ty();
        let bits = if ty == Ty::F32 { u64::from((value as f32).to_bits()) } else { value.to_bits() };
        self.derive(ty, Inst::FloatBits(bits))
    }

    /// An integer constant of this term's type.
    #[must_use]
    pub fn int(self, value: i64) -> Self {
        self.derive(self.ty(), Inst::Int(value))
    }

    /// An integer constant of another type.
    #[must_use]
    pub fn int_of(self, ty: Ty, value: i64) -> Self {
        self.derive(ty, Inst::Int(value))
    }

    /// An F64 constant, whatever this term is.
    #[must_use]
    pub fn double(self, value: f64) -> Self {
        self.derive(Ty::F64, Inst::FloatBits(value.to_bits()))
    }

    /// `op(self, other)`.
    #[must_use]
    pub fn binary(self, op: Binary, other: Self) -> Self {
        self.derive(self.ty(), Inst::Binary(op, self.id, other.id))
    }

    /// `op(self)`.
    #[must_use]
    pub fn unary(self, op: Unary) -> Self {
        self.derive(self.ty(), Inst::Unary(op, self.id))
    }

    /// `self ? other`.
    #[must_use]
    pub fn compare(self, op: Compare, other: Self) -> Self {
        self.derive(Ty::I1, Inst::Compare(op, self.id, other.id))
    }

    /// `if self { a } else { b }`.
    #[must_use]
    pub fn select(self, a: Self, b: Self) -> Self {
        self.derive(a.ty(), Inst::Select(self.id, a.id, b.id))
    }

    /// A conversion.
    #[must_use]
    pub fn cast(self, cast: Cast, ty: Ty) -> Self {
        self.derive(ty, Inst::Cast(cast, self.id))
    }

    /// `a < b`, floating.
    #[must_use]
    pub fn lt(self, other: impl Operand<'p>) -> Self {
        self.compare(Compare::FLt, other.like(self))
    }

    /// `a <= b`, floating.
    #[must_use]
    pub fn le(self, other: impl Operand<'p>) -> Self {
        self.compare(Compare::FLe, other.like(self))
    }

    /// `a > b`, floating.
    #[must_use]
    pub fn gt(self, other: impl Operand<'p>) -> Self {
        self.compare(Compare::FGt, other.like(self))
    }

    /// `a >= b`, floating.
    #[must_use]
    pub fn ge(self, other: impl Operand<'p>) -> Self {
        self.compare(Compare::FGe, other.like(self))
    }

    /// `a == b`, floating.
    #[must_use]
    pub fn equals(self, other: impl Operand<'p>) -> Self {
        self.compare(Compare::FEq, other.like(self))
    }

    /// `a != b` or either is NaN, floating.
    #[must_use]
    pub fn differs(self, other: impl Operand<'p>) -> Self {
        self.compare(Compare::FNe, other.like(self))
    }

    /// Whether it is NaN.
    #[must_use]
    pub fn is_nan(self) -> Self {
        self.compare(Compare::FUnordered, self)
    }

    /// Whether an integer equals a constant.
    #[must_use]
    pub fn int_equals(self, value: i64) -> Self {
        self.compare(Compare::Eq, self.int(value))
    }

    /// Whether an integer differs from a constant.
    #[must_use]
    pub fn int_differs(self, value: i64) -> Self {
        self.compare(Compare::Ne, self.int(value))
    }

    /// Bitwise and.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.binary(Binary::And, other)
    }

    /// Bitwise or.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.binary(Binary::Or, other)
    }

    /// Bitwise exclusive or.
    #[must_use]
    pub fn xor(self, other: Self) -> Self {
        self.binary(Binary::Xor, other)
    }

    /// Bitwise and with a constant.
    #[must_use]
    pub fn mask(self, bits: u64) -> Self {
        self.and(self.int(bits.cast_signed()))
    }

    /// Every bit flipped; for I1 the logical not.
    #[must_use]
    pub fn not(self) -> Self {
        let ones = self.int(if self.ty() == Ty::I1 { 1 } else { -1 });
        self.xor(ones)
    }

    /// Shift left by a constant.
    #[must_use]
    pub fn shl(self, count: i64) -> Self {
        self.binary(Binary::Shl, self.int(count))
    }

    /// Logical shift right by a constant.
    #[must_use]
    pub fn lshr(self, count: i64) -> Self {
        self.binary(Binary::LShr, self.int(count))
    }

    /// Magnitude of a float.
    #[must_use]
    pub fn abs(self) -> Self {
        self.unary(Unary::FAbs)
    }

    /// Correctly rounded square root.
    #[must_use]
    pub fn sqrt(self) -> Self {
        self.unary(Unary::Sqrt)
    }

    /// Largest integer value below.
    #[must_use]
    pub fn floor(self) -> Self {
        self.unary(Unary::Floor)
    }

    /// Towards zero.
    #[must_use]
    pub fn trunc(self) -> Self {
        self.unary(Unary::Trunc)
    }

    /// Magnitude of self, sign of `other`.
    #[must_use]
    pub fn copysign(self, other: impl Operand<'p>) -> Self {
        self.binary(Binary::CopySign, other.like(self))
    }

    /// The bits of an F64 (I64) or F32 (I32).
    #[must_use]
    pub fn bits(self) -> Self {
        let ty = if self.ty() == Ty::F32 { Ty::I32 } else { Ty::I64 };
        self.cast(Cast::Bits, ty)
    }

    /// The float of these bits.
    #[must_use]
    pub fn float_of_bits(self) -> Self {
        let ty = if self.ty() == Ty::I32 { Ty::F32 } else { Ty::F64 };
        self.cast(Cast::Bits, ty)
    }

    /// As F64.
    #[must_use]
    pub fn widen(self) -> Self {
        if self.ty() == Ty::F32 { self.cast(Cast::Extend, Ty::F64) } else { self }
    }

    /// As a float of type `ty`, rounded.
    #[must_use]
    pub fn narrow_to(self, ty: Ty) -> Self {
        if ty == Ty::F32 && self.ty() == Ty::F64 { self.cast(Cast::Narrow, Ty::F32) } else { self }
    }

    /// Element `self` (I64) of a constant table.
    #[must_use]
    pub fn element_of(self, table: &'static TableData) -> Self {
        self.derive(table.ty, Inst::Table(TableId(table), self.id))
    }

    /// `otherwise` where the magnitude of `self` is below the rare function's limit, else that function of `self`.
    #[must_use]
    pub fn rare(self, function: &'static RareFunction, otherwise: Self) -> Self {
        self.rare_with(function, self, otherwise)
    }

    /// As [`Term::rare`], with a function of `self` and `second`; the magnitude of `self` decides.
    #[must_use]
    pub fn rare_with(self, function: &'static RareFunction, second: Self, otherwise: Self) -> Self {
        self.derive(Ty::F64, Inst::Rare(RareId(function), [self.id, second.id, self.id], otherwise.id))
    }

    /// The smaller, `self` if it is NaN: one instruction on most machines.
    #[must_use]
    pub fn at_most(self, limit: impl Operand<'p>) -> Self {
        let limit = limit.like(self);
        limit.lt(self).select(limit, self)
    }

    /// The larger, `self` if it is NaN.
    #[must_use]
    pub fn at_least(self, limit: impl Operand<'p>) -> Self {
        let limit = limit.like(self);
        limit.gt(self).select(limit, self)
    }
}

/// A term, or a constant of the other operand's type.
pub trait Operand<'p> {
    /// This operand as a term beside `other`.
    fn like(self, other: Term<'p>) -> Term<'p>;
}

impl<'p> Operand<'p> for Term<'p> {
    fn like(self, _: Term<'p>) -> Self {
        self
    }
}

impl<'p> Operand<'p> for f64 {
    fn like(self, other: Term<'p>) -> Term<'p> {
        other.float(self)
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $op:ident) => {
        impl<'p, T: Operand<'p>> $trait<T> for Term<'p> {
            type Output = Self;
            fn $method(self, other: T) -> Self {
                let other = other.like(self);
                self.binary(Binary::$op, other)
            }
        }
        impl<'p> $trait<Term<'p>> for f64 {
            type Output = Term<'p>;
            fn $method(self, other: Term<'p>) -> Term<'p> {
                other.float(self).binary(Binary::$op, other)
            }
        }
    };
}
operator!(Add, add, Add);
operator!(Sub, sub, Sub);
operator!(Mul, mul, Mul);
operator!(Div, div, FDiv);

impl Neg for Term<'_> {
    type Output = Self;

    /// Floating: flips the sign bit. Integer: wraps.
    fn neg(self) -> Self {
        if self.ty().is_float() { self.unary(Unary::FNeg) } else { self.int(0) - self }
    }
}
