//! Constants, and conversions that fold them, so that later rooms see `x ** 2` and `x / 2` for what they are.

use crate::lowering::Lowering;
use hypersonic_loops::{Builder, Inst};
use hypersonic_math::{Number, number};
use hypersonic_ops::{Dtype, Kind};
use hypersonic_typed::ir::Constant;

/// Integers up to here are floats exactly.
const EXACT: i64 = 1 << 53;

/// A number of one dtype as one of another, by NumPy's casts.
pub fn convert(b: &mut Builder, from: Dtype, to: Dtype, given: Number) -> Number {
    match (given, from.kind(), to.kind()) {
        (Number::Real(value), Kind::Bool | Kind::Integer, Kind::Float | Kind::Complex) => match b.as_int(value) {
            Some(known) if known.abs() <= EXACT && (known >= 0 || from.is_signed()) => real(b, to, known),
            _ => hypersonic_math::convert::convert(b, from, to, given),
        },
        (Number::Real(value), Kind::Float, Kind::Float | Kind::Complex) => match b.inst(value) {
            Inst::FloatBits(bits) if from == Dtype::F64 => floating(b, to, f64::from_bits(bits)),
            _ => hypersonic_math::convert::convert(b, from, to, given),
        },
        _ => hypersonic_math::convert::convert(b, from, to, given),
    }
}

#[allow(clippy::cast_precision_loss, reason = "checked to be exact")]
fn real(b: &mut Builder, to: Dtype, known: i64) -> Number {
    floating(b, to, known as f64)
}

fn floating(b: &mut Builder, to: Dtype, value: f64) -> Number {
    let ty = number::value_ty(to);
    let re = b.float(ty, value);
    if to.kind() == Kind::Complex { Number::Complex(re, b.float(ty, 0.0)) } else { Number::Real(re) }
}

impl Lowering<'_, '_> {
    /// A constant of a dtype.
    pub fn constant(&mut self, constant: Constant, dtype: Dtype) -> Number {
        let ty = number::value_ty(dtype);
        #[allow(clippy::cast_precision_loss, reason = "the typer gives integers to floats only where they fit")]
        let (re, im) = match constant {
            Constant::Bool(value) => (f64::from(u8::from(value)), 0.0),
            Constant::Int(value) if dtype.kind() <= Kind::Integer => return Number::Real(self.b.int(ty, value)),
            Constant::Int(value) => (value as f64, 0.0),
            Constant::Float(value) => (value, 0.0),
            Constant::Complex(re, im) => (re, im),
        };
        match dtype.kind() {
            Kind::Complex => Number::Complex(self.b.float(ty, re), self.b.float(ty, im)),
            Kind::Float => Number::Real(self.b.float(ty, re)),
            #[allow(clippy::cast_possible_truncation, reason = "a bool")]
            _ => Number::Real(self.b.int(ty, re as i64)),
        }
    }
}
