//! Integer operations whose number of steps depends on the operands: powers, greatest common divisors.

use hypersonic_loops::{Binary, Builder, Compare, Likely, Stmt, Ty, ValueId};
use hypersonic_ops::{Dtype, ScalarOp};

/// Power, gcd and lcm; None for other operations.
pub fn emit(b: &mut Builder, op: ScalarOp, dtype: Dtype, x: &[ValueId]) -> Option<ValueId> {
    let signed = dtype.is_signed();
    match (op, x) {
        (ScalarOp::Power, [base, exponent]) => Some(power(b, *base, *exponent)),
        (ScalarOp::Gcd, [first, second]) => Some(gcd(b, signed, *first, *second)),
        (ScalarOp::Lcm, [first, second]) => Some(lcm(b, signed, *first, *second)),
        _ => None,
    }
}

/// `base ** exponent`, wrapping, by squaring; the exponent is read as unsigned (the caller refuses negative ones).
fn power(b: &mut Builder, base: ValueId, exponent: ValueId) -> ValueId {
    let ty = b.ty(base);
    if let Some(constant) = b.as_int(exponent).filter(|n| (0..=64).contains(n)) {
        return constant_power(b, base, constant);
    }
    let (result, square, rest) = (b.variable("power", ty), b.variable("square", ty), b.variable("exponent", ty));
    let (one, zero) = (b.int(ty, 1), b.int(ty, 0));
    b.set(result, one);
    b.set(square, base);
    b.set(rest, exponent);
    let body = b.block(|b| {
        let left = b.read(rest);
        let done = b.compare(Compare::Eq, left, zero);
        b.when(done, Likely::Unknown, |b| b.push(Stmt::Break(0)));
        let (factor, product) = (b.read(square), b.read(result));
        let next = b.mul(product, factor);
        let bit = b.and(left, one);
        let odd = b.compare(Compare::Ne, bit, zero);
        let next = b.select(odd, next, product);
        b.set(result, next);
        let squared = b.mul(factor, factor);
        b.set(square, squared);
        let halved = b.binary(Binary::LShr, left, one);
        b.set(rest, halved);
    });
    b.push(Stmt::Loop { body });
    b.read(result)
}

fn constant_power(b: &mut Builder, base: ValueId, exponent: i64) -> ValueId {
    let mut result = None;
    let (mut square, mut rest) = (base, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result = Some(result.map_or(square, |product| b.mul(product, square)));
        }
        rest >>= 1;
        if rest > 0 {
            square = b.mul(square, square);
        }
    }
    let ty = b.ty(base);
    result.unwrap_or_else(|| b.int(ty, 1))
}

fn magnitude(b: &mut Builder, signed: bool, a: ValueId) -> ValueId {
    if !signed {
        return a;
    }
    let ty = b.ty(a);
    let zero = b.int(ty, 0);
    let negative = b.sub(zero, a);
    b.binary(Binary::SMax, a, negative)
}

/// Euclid's algorithm on magnitudes, read as unsigned.
fn gcd(b: &mut Builder, signed: bool, first: ValueId, second: ValueId) -> ValueId {
    let ty = b.ty(first);
    let (x, y) = (magnitude(b, signed, first), magnitude(b, signed, second));
    let (large, small) = (b.variable("large", ty), b.variable("small", ty));
    b.set(large, x);
    b.set(small, y);
    let (zero, one) = (b.int(ty, 0), b.int(ty, 1));
    let body = b.block(|b| {
        let divisor = b.read(small);
        let done = b.compare(Compare::Eq, divisor, zero);
        b.when(done, Likely::Unknown, |b| b.push(Stmt::Break(0)));
        let dividend = b.read(large);
        let safe = b.select(done, one, divisor);
        let remainder = b.binary(Binary::URem, dividend, safe);
        b.set(large, divisor);
        b.set(small, remainder);
    });
    b.push(Stmt::Loop { body });
    b.read(large)
}

/// `a // gcd * b` on magnitudes, wrapping; 0 if either is 0.
fn lcm(b: &mut Builder, signed: bool, first: ValueId, second: ValueId) -> ValueId {
    let divisor = gcd(b, signed, first, second);
    let (x, y) = (magnitude(b, signed, first), magnitude(b, signed, second));
    let ty: Ty = b.ty(first);
    let (zero, one) = (b.int(ty, 0), b.int(ty, 1));
    let none = b.compare(Compare::Eq, divisor, zero);
    let safe = b.select(none, one, divisor);
    let quotient = b.binary(Binary::UDiv, x, safe);
    let product = b.mul(quotient, y);
    b.select(none, zero, product)
}
