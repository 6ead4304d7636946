//! Every elementary function against reference values from high-precision arithmetic: within one unit in the last
//! place, and exact where convention decides. `ACCURACY_DATA` names another folder of tables for longer runs.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::path::{Path, PathBuf};

use hypersonic_loops::Ty;
use hypersonic_loops::interp::{Expression, Outcome};
use hypersonic_math::{Number, emit};
use hypersonic_ops::{Dtype, ScalarOp as S};

const FUNCTIONS: &[(&str, S, f64)] = &[
    ("exp", S::Exp, 1.0),
    ("exp2", S::Exp2, 1.0),
    ("expm1", S::Expm1, 1.0),
    ("log", S::Log, 1.0),
    ("log2", S::Log2, 1.0),
    ("log10", S::Log10, 1.0),
    ("log1p", S::Log1p, 1.0),
    ("sin", S::Sin, 1.0),
    ("cos", S::Cos, 1.0),
    ("tan", S::Tan, 1.0),
    ("arcsin", S::Arcsin, 1.0),
    ("arccos", S::Arccos, 1.0),
    ("arctan", S::Arctan, 1.0),
    ("sinh", S::Sinh, 1.0),
    ("cosh", S::Cosh, 1.0),
    ("tanh", S::Tanh, 1.0),
    ("arcsinh", S::Arcsinh, 1.0),
    ("arccosh", S::Arccosh, 1.0),
    ("arctanh", S::Arctanh, 1.0),
    ("cbrt", S::Cbrt, 1.0),
    ("power", S::Power, 1.0),
    ("arctan2", S::Arctan2, 1.0),
    ("hypot", S::Hypot, 1.0),
    ("logaddexp", S::Logaddexp, 1.0),
    ("logaddexp2", S::Logaddexp2, 1.0),
    ("erf", S::Erf, 1.0),
    ("erfc", S::Erfc, 1.0),
    ("gamma", S::Gamma, 1.0),
    ("lgamma", S::Lgamma, 1.0),
];

fn value(bits: u64, dtype: Dtype) -> f64 {
    if dtype == Dtype::F32 { f64::from(f32::from_bits(u32::try_from(bits).expect("32 bits"))) } else { f64::from_bits(bits) }
}

/// The distance from a number to the next one away from zero.
fn unit(x: f64, dtype: Dtype) -> f64 {
    let (fraction, least) = if dtype == Dtype::F32 { (23, -149) } else { (52, -1074) };
    let exponent = i32::try_from((x.abs().to_bits() >> 52) & 0x7ff).expect("small") - 1023;
    let exponent = (exponent - fraction).max(least);
    if exponent < -1022 { f64::from_bits(1 << (exponent + 1074)) } else { 2f64.powi(exponent) }
}

/// Units in the last place between a result and the exact value.
fn distance(got: u64, expected: u64, rest: f64, dtype: Dtype) -> f64 {
    let (g, e) = (value(got, dtype), value(expected, dtype));
    if e.is_nan() {
        return if g.is_nan() { 0.0 } else { f64::INFINITY };
    }
    if !e.is_finite() || (e == 0.0 && rest == 0.0) || !g.is_finite() {
        return if got == expected { 0.0 } else { f64::INFINITY };
    }
    ((g - e) / unit(e, dtype) - rest / 1000.0).abs()
}

/// Worst distance over a table and the line it is at.
fn worst(path: &Path, op: S, dtype: Dtype) -> (f64, String) {
    let table = std::fs::read_to_string(path).expect("a table");
    let arity = table.lines().next().map_or(1, |line| line.split(' ').count() - 2);
    let ty = if dtype == Dtype::F32 { Ty::F32 } else { Ty::F64 };
    let expression = Expression::new(&vec![ty; arity], |b, x| {
        let operands: Vec<Number> = x.iter().map(|value| Number::Real(*value)).collect();
        vec![emit(b, op, dtype, &operands).expect("supported").real()]
    });
    let mut worst = (0.0, String::new());
    for line in table.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let bits: Vec<u64> = words[..=arity].iter().map(|word| u64::from_str_radix(word, 16).expect("hex")).collect();
        let rest: f64 = words[arity + 1].parse().expect("a number");
        let Outcome::Returned(got) = expression.evaluate(&bits[..arity]) else {
            panic!("{op:?} trapped at {line}: {:?}", expression.evaluate(&bits[..arity]));
        };
        let far = distance(got[0], bits[arity], rest, dtype);
        if far > worst.0 {
            let arguments: Vec<String> = bits[..arity].iter().map(|x| format!("{:e}", value(*x, dtype))).collect();
            worst = (far, format!("at {} got {:e} not {:e}", arguments.join(", "), value(got[0], dtype), value(bits[arity], dtype)));
        }
    }
    worst
}

#[test]
fn elementary_functions_are_within_one_unit() {
    let folder =
        std::env::var_os("ACCURACY_DATA").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/accuracy"), PathBuf::from);
    let mut failed = Vec::new();
    for (name, op, bound) in FUNCTIONS {
        for dtype in [Dtype::F64, Dtype::F32] {
            let path = folder.join(format!("{name}.{}.txt", dtype.name()));
            if !path.exists() {
                continue;
            }
            let (far, place) = worst(&path, *op, dtype);
            println!("{name:12} {:8} {far:.3} {place}", dtype.name());
            if far > *bound {
                failed.push(format!("{name} {}: {far} {place}", dtype.name()));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
