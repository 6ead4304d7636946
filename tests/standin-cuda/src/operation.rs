//! Instructions that compute registers from registers, by name. Values are bits; what is above an operand's type is ignored.

use crate::{arithmetic, comparison, conversion};

/// One operand.
pub type Unary = fn(u64) -> u64;
/// Two operands.
pub type Binary = fn(u64, u64) -> u64;
/// Three operands.
pub type Ternary = fn(u64, u64, u64) -> u64;

/// What an instruction computes.
#[derive(Clone, Copy, Debug)]
pub enum Operation {
    /// From one operand.
    Unary(Unary),
    /// From two.
    Binary(Binary),
    /// From three.
    Ternary(Ternary),
}

/// The operation with a name, if it is known here.
#[must_use]
pub fn operation(opcode: &str) -> Option<Operation> {
    let words: Vec<&str> = opcode.split('.').collect();
    match words[..] {
        ["setp", relation, kind] => comparison::compare(relation, kind).map(Operation::Binary),
        ["testp", class, kind] => comparison::test(class, kind).map(Operation::Unary),
        ["cvt", ref words @ ..] => conversion::convert(words).map(Operation::Unary),
        ["mov", kind] => crate::parse::bits(kind).map(|_| Operation::Unary(|a| a)),
        ["selp", kind] => crate::parse::bits(kind).map(|_| Operation::Ternary(|a, b, p| if p & 1 == 1 { a } else { b })),
        ["cvta", "to", "global"] | ["cvta", "global"] | ["cvta", "to", "global", _] | ["cvta", "global", _] => {
            Some(Operation::Unary(|a| a))
        }
        _ => arithmetic::integer(&words).or_else(|| arithmetic::float(opcode)).or_else(|| arithmetic::bitwise(opcode)),
    }
}
