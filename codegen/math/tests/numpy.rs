//! Every scalar operation against what NumPy answered, for every dtype that has the operation.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::path::Path;

use hypersonic_loops::interp::{Expression, Outcome};
use hypersonic_loops::{Cast, Ty};
use hypersonic_math::number::value_ty;
use hypersonic_math::{Number, emit, result_dtype};
use hypersonic_ops::{Dtype, Kind, ScalarOp};

/// The operation of a name in a table.
fn operation(name: &str) -> ScalarOp {
    use ScalarOp as S;
    let all = [
        S::Add,
        S::Subtract,
        S::Multiply,
        S::Divide,
        S::FloorDivide,
        S::Remainder,
        S::Fmod,
        S::Power,
        S::Negative,
        S::Positive,
        S::Absolute,
        S::Sign,
        S::Square,
        S::Reciprocal,
        S::Conjugate,
        S::Sqrt,
        S::Floor,
        S::Ceil,
        S::Trunc,
        S::Rint,
        S::Maximum,
        S::Minimum,
        S::Fmax,
        S::Fmin,
        S::Clip,
        S::Heaviside,
        S::Equal,
        S::NotEqual,
        S::Less,
        S::LessEqual,
        S::Greater,
        S::GreaterEqual,
        S::LogicalAnd,
        S::LogicalOr,
        S::LogicalXor,
        S::LogicalNot,
        S::Isnan,
        S::Isinf,
        S::Isfinite,
        S::Signbit,
        S::BitwiseAnd,
        S::BitwiseOr,
        S::BitwiseXor,
        S::Invert,
        S::LeftShift,
        S::RightShift,
        S::BitwiseCount,
        S::Gcd,
        S::Lcm,
        S::Copysign,
        S::Nextafter,
        S::Spacing,
        S::FrexpMantissa,
        S::FrexpExponent,
        S::ModfFraction,
        S::ModfInteger,
        S::Angle,
        S::Real,
        S::Imag,
        S::Degrees,
        S::Radians,
        S::Exp,
        S::Exp2,
        S::Expm1,
        S::Log,
        S::Log2,
        S::Log10,
        S::Log1p,
        S::Sin,
        S::Cos,
        S::Tan,
        S::Arcsin,
        S::Arccos,
        S::Arctan,
        S::Sinh,
        S::Cosh,
        S::Tanh,
        S::Arcsinh,
        S::Arccosh,
        S::Arctanh,
    ];
    *all.iter().find(|op| format!("{op:?}") == name).unwrap_or_else(|| panic!("{name}"))
}

/// A function of the operands' words whose results are the words of the answer.
fn expression(op: ScalarOp, dtype: Dtype, arity: usize) -> Expression {
    let parts = if dtype.kind() == Kind::Complex { 2 } else { 1 };
    let word = if dtype == Dtype::Bool { Ty::I8 } else { value_ty(dtype) };
    Expression::new(&vec![word; arity * parts], |b, words| {
        let operands: Vec<Number> = words
            .chunks(parts)
            .map(|number| match (number, dtype) {
                ([re, im], _) => Number::Complex(*re, *im),
                (_, Dtype::Bool) => Number::Real(b.cast(Cast::Truncate, number[0], Ty::I1)),
                _ => Number::Real(number[0]),
            })
            .collect();
        match emit(b, op, dtype, &operands).unwrap_or_else(|error| panic!("{error}")) {
            Number::Complex(re, im) => vec![re, im],
            Number::Real(value) => vec![value],
        }
    })
}

fn value(bits: u64, dtype: Dtype) -> f64 {
    if dtype == Dtype::F32 { f64::from(f32::from_bits(u32::try_from(bits).expect("32 bits"))) } else { f64::from_bits(bits) }
}

/// Whether words of a real dtype agree; floats within `tolerance` units of `scale`, the largest part of the answer.
fn agree(got: u64, expected: u64, dtype: Dtype, tolerance: f64, scale: f64) -> bool {
    if got == expected {
        return true;
    }
    if dtype.kind() != Kind::Float {
        return false;
    }
    let (g, e) = (value(got, dtype), value(expected, dtype));
    let epsilon = if dtype == Dtype::F32 { f64::from(f32::EPSILON) } else { f64::EPSILON };
    let least = if dtype == Dtype::F32 { 1e-44 } else { 0.0 };
    (g.is_nan() && e.is_nan()) || (tolerance > 0.0 && g.is_finite() && (g - e).abs() <= tolerance * (epsilon * scale + least))
}

fn check(table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/numpy").join(table);
    let table = std::fs::read_to_string(path).expect("a table");
    let mut current = None;
    let mut wrong: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut cases = 0;
    for line in table.lines() {
        if let Some(header) = line.strip_prefix("# ") {
            let words: Vec<&str> = header.split(' ').collect();
            let dtype = Dtype::from_name(words[1]).expect("a dtype");
            current = Some((operation(words[0]), dtype, words[2].parse::<f64>().expect("a tolerance"), None));
            continue;
        }
        let (op, dtype, tolerance, compiled) = current.as_mut().expect("a header");
        let (operands, answer) = line.split_once(" = ").expect("a case");
        let parse = |text: &str| -> Vec<u64> { text.split(' ').map(|word| u64::from_str_radix(word, 16).expect("hex")).collect() };
        let (operands, answer) = (parse(operands), parse(answer));
        let parts = if dtype.kind() == Kind::Complex { 2 } else { 1 };
        let expression = compiled.get_or_insert_with(|| expression(*op, *dtype, operands.len() / parts));
        let Outcome::Returned(got) = expression.evaluate(&operands) else {
            panic!("{op:?} {} trapped at {line}: {:?}", dtype.name(), expression.evaluate(&operands));
        };
        let part = result_dtype(*op, *dtype).real();
        let scale = answer.iter().map(|bits| value_or_zero(*bits, part).abs()).filter(|x| x.is_finite()).fold(0.0, f64::max);
        cases += 1;
        if got.len() != answer.len() || !got.iter().zip(&answer).all(|(g, e)| agree(*g, *e, part, *tolerance, scale)) {
            let show = |words: &[u64], dtype: Dtype| -> Vec<String> {
                words
                    .iter()
                    .map(|w| if dtype.kind() == Kind::Float { format!("{:?}", value(*w, dtype)) } else { format!("{w:x}") })
                    .collect()
            };
            let (of, here, there) = (show(&operands, dtype.real()), show(&got, part), show(&answer, part));
            let entry = wrong.entry(format!("{op:?} {}", dtype.name())).or_insert((0, String::new()));
            entry.0 += 1;
            if entry.0 <= 6 {
                entry.1 += &format!("\n  of {of:?} got {here:?} not {there:?}");
            }
        }
    }
    assert!(cases > 1000);
    let report: Vec<String> = wrong.iter().map(|(name, (count, examples))| format!("{name}: {count} wrong{examples}")).collect();
    assert!(wrong.is_empty(), "{}", report.join("\n"));
}

fn value_or_zero(bits: u64, dtype: Dtype) -> f64 {
    if dtype.kind() == Kind::Float { value(bits, dtype) } else { 0.0 }
}

#[test]
fn integers_answer_as_numpy() {
    check("integers.txt");
}

#[test]
fn floats_answer_as_numpy() {
    check("floats.txt");
}

#[test]
fn complex_numbers_answer_as_numpy() {
    check("complex.txt");
}
