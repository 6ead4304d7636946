//! Operations that are more than one value per element: reductions, cumulative operations, products.
//!
//! Everything here writes loop IR from closures that give an element and take a result, so that a delayed array is
//! reduced without being stored. This room knows no array nodes, no ownership and no shapes errors: who calls it
//! has checked shapes and holds the destination.

pub mod create;
pub mod cumulative;
pub mod extremum;
pub mod lanes;
pub mod matmul;
pub mod pairwise;
pub mod reduce;

use hypersonic_loops::{Block, Builder, Order, Stmt, Ty, ValueId};
use hypersonic_math::Number;
use hypersonic_math::scalar::Unsupported;
use hypersonic_ops::Dtype;

/// Gives the element at an index, one value (I64) per axis.
pub type Element<'a> = dyn FnMut(&mut Builder<'_>, &[ValueId]) -> Result<Number, Unsupported> + 'a;

/// Takes the result at an index.
pub type Sink<'a> = dyn FnMut(&mut Builder<'_>, &[ValueId], Number) -> Result<(), Unsupported> + 'a;

/// Does something at an index.
pub type Visit<'a> = dyn FnMut(&mut Builder<'_>, &[ValueId]) -> Result<(), Unsupported> + 'a;

/// An array to read: its element type, its extents, and how to get an element.
pub struct Source<'a> {
    /// Of the elements that `element` gives.
    pub dtype: Dtype,
    /// One per axis (I64). Axes that are reduced together and contiguous in memory should come as one.
    pub extents: Vec<ValueId>,
    /// Gives an element.
    pub element: &'a mut Element<'a>,
    /// Whether an element is only a load: then it is read in place; else blocks of elements are computed first.
    pub direct: bool,
}

/// Where results go when they are also read back: an array of the result's dtype.
pub struct Cell<'a> {
    /// Reads the result so far.
    pub load: &'a mut Element<'a>,
    /// Writes it.
    pub store: &'a mut Sink<'a>,
}

/// `for index in 0..count` with a body that can fail to lower.
///
/// # Errors
/// What the body gives.
pub fn each(
    b: &mut Builder<'_>,
    count: ValueId,
    order: Order,
    body: impl FnOnce(&mut Builder<'_>, ValueId) -> Result<(), Unsupported>,
) -> Result<(), Unsupported> {
    let index = b.bound(Ty::I64);
    let body: Block = b.try_block(|b| body(b, index))?;
    b.push(Stmt::For { index, count, order, body });
    Ok(())
}

/// Loops over a rectangle, last index fastest, and gives all indices to the body.
///
/// # Errors
/// What the body gives.
pub fn each_of(b: &mut Builder<'_>, extents: &[ValueId], order: Order, body: &mut Visit<'_>) -> Result<(), Unsupported> {
    fn level(
        b: &mut Builder<'_>,
        extents: &[ValueId],
        order: Order,
        indices: &mut Vec<ValueId>,
        body: &mut Visit<'_>,
    ) -> Result<(), Unsupported> {
        let Some(&extent) = extents.get(indices.len()) else {
            return body(b, indices);
        };
        each(b, extent, order, |b, index| {
            indices.push(index);
            let outcome = level(b, extents, order, indices, body);
            indices.pop();
            outcome
        })
    }
    level(b, extents, order, &mut Vec::new(), body)
}

/// The product of extents (I64); 1 for none. Extents of an existing array never overflow it.
pub fn product(b: &mut Builder<'_>, extents: &[ValueId]) -> ValueId {
    let Some((&first, rest)) = extents.split_first() else {
        return b.i64(1);
    };
    rest.iter().fold(first, |total, &extent| b.binary(hypersonic_loops::Binary::MulExact, total, extent))
}

/// The indices, last fastest, of the element number `linear` of a rectangle.
pub fn unravel(b: &mut Builder<'_>, linear: ValueId, extents: &[ValueId]) -> Vec<ValueId> {
    use hypersonic_loops::Binary::{UDiv, URem};
    let mut rest = linear;
    let mut indices = Vec::with_capacity(extents.len());
    for (axis, &extent) in extents.iter().enumerate().rev() {
        if axis == 0 {
            indices.push(rest);
        } else {
            indices.push(b.binary(URem, rest, extent));
            rest = b.binary(UDiv, rest, extent);
        }
    }
    indices.reverse();
    indices
}

/// A mutable number: one variable, or two for a complex dtype.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    parts: [hypersonic_loops::VariableId; 2],
    complex: bool,
}

impl Slot {
    /// A new one that holds `initial`.
    pub fn new(b: &mut Builder<'_>, name: &str, initial: Number) -> Self {
        let (re, im) = match initial {
            Number::Real(value) => (value, None),
            Number::Complex(re, im) => (re, Some(im)),
        };
        let ty = b.ty(re);
        let first = b.variable(name, ty);
        let second = if im.is_some() { b.variable(format!("{name}.imag"), ty) } else { first };
        let slot = Self { parts: [first, second], complex: im.is_some() };
        slot.set(b, initial);
        slot
    }

    /// What it holds.
    pub fn get(self, b: &mut Builder<'_>) -> Number {
        let re = b.read(self.parts[0]);
        if self.complex { Number::Complex(re, b.read(self.parts[1])) } else { Number::Real(re) }
    }

    /// Changes it.
    pub fn set(self, b: &mut Builder<'_>, number: Number) {
        match number {
            Number::Real(value) => b.set(self.parts[0], value),
            Number::Complex(re, im) => {
                b.set(self.parts[0], re);
                b.set(self.parts[1], im);
            }
        }
    }
}

/// A constant of a dtype: the same value in the real part, zero in the imaginary part.
pub fn constant(b: &mut Builder<'_>, dtype: Dtype, value: f64) -> Number {
    let ty = hypersonic_math::number::value_ty(dtype);
    if ty.is_float() {
        let re = b.float(ty, value);
        if matches!(dtype, Dtype::C64 | Dtype::C128) {
            let im = b.float(ty, if value == 0.0 { value } else { 0.0 });
            return Number::Complex(re, im);
        }
        return Number::Real(re);
    }
    #[allow(clippy::cast_possible_truncation, reason = "identities are 0 and 1")]
    let integer = value as i64;
    Number::Real(b.int(ty, integer))
}

/// Adds floats, complex numbers part by part, or integers with wrapping.
pub fn add(b: &mut Builder<'_>, left: Number, right: Number) -> Number {
    match (left, right) {
        (Number::Complex(a, x), Number::Complex(c, y)) => Number::Complex(b.add(a, c), b.add(x, y)),
        _ => Number::Real(b.add(left.real(), right.real())),
    }
}
