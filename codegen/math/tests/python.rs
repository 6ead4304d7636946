//! Python's operators and `math`: what they give and what they raise.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use hypersonic_loops::interp::{Expression, Outcome};
use hypersonic_loops::{Builder, Failure, FailureId, FailureKind, MessagePart, Ty, ValueId};
use hypersonic_math::{Number, PythonError, Unsupported, convert_python, emit_math, emit_python};
use hypersonic_ops::{Dtype, ScalarOp as S};

fn record(b: &mut Builder, error: PythonError) -> FailureId {
    let (kind, text) = match error {
        PythonError::Raise { exception, message } => (FailureKind::Raise(exception.to_owned()), message),
        PythonError::IntegerOverflow => (FailureKind::IntegerOverflow, ""),
        PythonError::Unsupported => (FailureKind::Unsupported, ""),
    };
    b.failure(Failure { kind, message: vec![MessagePart::Text(text.to_owned())], retry: true, line: 0 })
}

/// The bits of the answer, or the failure in words.
fn outcome(expression: &Expression, arguments: &[u64]) -> Result<u64, String> {
    match expression.evaluate(arguments) {
        Outcome::Returned(values) => Ok(values[0]),
        Outcome::Failed(failure, _) => {
            let failure = &expression.module().failures[failure.index()];
            let text = match failure.message.first() {
                Some(MessagePart::Text(text)) => text.as_str(),
                _ => "",
            };
            Err(match &failure.kind {
                FailureKind::Raise(name) => format!("{name}: {text}"),
                FailureKind::IntegerOverflow => "overflow".to_owned(),
                _ => "unsupported".to_owned(),
            })
        }
        Outcome::Trapped(trap) => panic!("{trap:?}"),
    }
}

type Emit = fn(&mut Builder, S, Dtype, &[Number], &mut dyn FnMut(&mut Builder, PythonError) -> FailureId) -> Result<Number, Unsupported>;

fn compile(emit: Emit, op: S, dtype: Dtype, types: &[Ty]) -> Expression {
    Expression::new(types, |b, values| {
        let operands: Vec<Number> = values.iter().map(|value: &ValueId| Number::Real(*value)).collect();
        vec![emit(b, op, dtype, &operands, &mut record).expect("supported").real()]
    })
}

fn int(op: S, arguments: &[i64]) -> Result<i64, String> {
    let bits: Vec<u64> = arguments.iter().map(|x| x.cast_unsigned()).collect();
    let expression = compile(|b, o, d, x, f| emit_python(b, o, d, x, f), op, Dtype::I64, &vec![Ty::I64; bits.len()]);
    outcome(&expression, &bits).map(u64::cast_signed)
}

fn int_to_float(op: S, arguments: &[i64]) -> Result<f64, String> {
    int(op, arguments).map(|bits| f64::from_bits(bits.cast_unsigned()))
}

fn float(op: S, arguments: &[f64]) -> Result<f64, String> {
    let bits: Vec<u64> = arguments.iter().map(|x| x.to_bits()).collect();
    let expression = compile(|b, o, d, x, f| emit_python(b, o, d, x, f), op, Dtype::F64, &vec![Ty::F64; bits.len()]);
    outcome(&expression, &bits).map(f64::from_bits)
}

fn math(op: S, arguments: &[f64]) -> Result<f64, String> {
    let bits: Vec<u64> = arguments.iter().map(|x| x.to_bits()).collect();
    let expression = compile(|b, o, d, x, f| emit_math(b, o, d, x, f), op, Dtype::F64, &vec![Ty::F64; bits.len()]);
    outcome(&expression, &bits).map(f64::from_bits)
}

fn raises(text: &str) -> Result<f64, String> {
    Err(text.to_owned())
}

#[test]
fn ints_never_wrap() {
    let overflow = Err("overflow".to_owned());
    assert_eq!(int(S::Add, &[i64::MAX, 1]), overflow);
    assert_eq!(int(S::Add, &[i64::MAX, -1]), Ok(i64::MAX - 1));
    assert_eq!(int(S::Subtract, &[i64::MIN, 1]), overflow);
    assert_eq!(int(S::Multiply, &[1 << 32, 1 << 31]), overflow);
    assert_eq!(int(S::Multiply, &[1 << 31, -(1 << 32)]), Ok(i64::MIN));
    assert_eq!(int(S::Negative, &[i64::MIN]), overflow);
    assert_eq!(int(S::Absolute, &[i64::MIN]), overflow);
    assert_eq!(int(S::Absolute, &[-5]), Ok(5));
    assert_eq!(int(S::FloorDivide, &[i64::MIN, -1]), overflow);
    assert_eq!(int(S::Remainder, &[i64::MIN, -1]), Ok(0));
    assert_eq!(int(S::LeftShift, &[1, 62]), Ok(1 << 62));
    assert_eq!(int(S::LeftShift, &[1, 63]), overflow);
    assert_eq!(int(S::LeftShift, &[-1, 63]), Ok(i64::MIN));
    assert_eq!(int(S::LeftShift, &[0, 1000]), Ok(0));
    assert_eq!(int(S::RightShift, &[-5, 1000]), Ok(-1));
    assert_eq!(int(S::Power, &[3, 39]), Ok(4_052_555_153_018_976_267));
    assert_eq!(int(S::Power, &[3, 40]), overflow);
    assert_eq!(int(S::Power, &[-2, 63]), Ok(i64::MIN));
    assert_eq!(int(S::Power, &[1, 1_000_000]), Ok(1));
    assert_eq!(int(S::Power, &[7, 0]), Ok(1));
    assert_eq!(int(S::Factorial, &[20]), Ok(2_432_902_008_176_640_000));
    assert_eq!(int(S::Factorial, &[21]), overflow);
    assert_eq!(int(S::Gcd, &[-12, 18]), Ok(6));
    assert_eq!(int(S::Lcm, &[4, 6]), Ok(12));
    assert_eq!(int(S::Lcm, &[i64::MAX, i64::MAX - 1]), overflow);
}

#[test]
fn ints_divide_as_python() {
    assert_eq!(int(S::FloorDivide, &[-7, 2]), Ok(-4));
    assert_eq!(int(S::Remainder, &[-7, 2]), Ok(1));
    assert_eq!(int(S::Remainder, &[7, -2]), Ok(-1));
    assert_eq!(int(S::FloorDivide, &[1, 0]), Err("ZeroDivisionError: integer division or modulo by zero".to_owned()));
    assert_eq!(int(S::Remainder, &[1, 0]), Err("ZeroDivisionError: integer modulo by zero".to_owned()));
    assert_eq!(int_to_float(S::Divide, &[1, 3]), Ok(1.0 / 3.0));
    assert_eq!(int_to_float(S::Divide, &[1, 0]), raises("ZeroDivisionError: division by zero"));
    assert_eq!(int(S::Power, &[2, -1]), Err("unsupported".to_owned()));
    assert_eq!(int(S::RightShift, &[1, -1]), Err("ValueError: negative shift count".to_owned()));
}

#[test]
fn floats_raise_as_python() {
    assert_eq!(float(S::Divide, &[1.0, 0.0]), raises("ZeroDivisionError: float division by zero"));
    assert_eq!(float(S::FloorDivide, &[1.0, 0.0]), raises("ZeroDivisionError: float floor division by zero"));
    assert_eq!(float(S::Remainder, &[1.0, 0.0]), raises("ZeroDivisionError: float modulo"));
    assert_eq!(float(S::Remainder, &[-1.0, 3.0]), Ok(2.0));
    assert_eq!(float(S::FloorDivide, &[-1.0, f64::INFINITY]), Ok(-1.0));
    assert_eq!(float(S::Power, &[0.0, -1.0]), raises("ZeroDivisionError: 0.0 cannot be raised to a negative power"));
    assert_eq!(float(S::Power, &[-8.0, 1.0 / 3.0]), raises("unsupported"));
    assert_eq!(float(S::Power, &[10.0, 400.0]), raises("OverflowError: (34, 'Numerical result out of range')"));
    assert_eq!(float(S::Power, &[10.0, -400.0]), Ok(0.0));
    assert_eq!(float(S::Power, &[f64::INFINITY, 2.0]), Ok(f64::INFINITY));
    assert_eq!(float(S::Maximum, &[1.0, f64::NAN]), Ok(1.0));
    assert_eq!(float(S::Minimum, &[2.0, 1.0]), Ok(1.0));
}

#[test]
fn functions_of_math_know_their_domains() {
    let domain = || raises("ValueError: math domain error");
    let range = || raises("OverflowError: math range error");
    assert_eq!(math(S::Sqrt, &[-1.0]), domain());
    assert_eq!(math(S::Log, &[0.0]), domain());
    assert_eq!(math(S::Log, &[-1.0]), domain());
    assert_eq!(math(S::Log, &[f64::INFINITY]), Ok(f64::INFINITY));
    assert_eq!(math(S::Log1p, &[-1.0]), domain());
    assert_eq!(math(S::Sin, &[f64::INFINITY]), domain());
    assert_eq!(math(S::Exp, &[1000.0]), range());
    assert_eq!(math(S::Exp, &[-1000.0]), Ok(0.0));
    assert_eq!(math(S::Cosh, &[1000.0]), range());
    assert_eq!(math(S::Power, &[0.0, -1.0]), domain());
    assert_eq!(math(S::Power, &[-8.0, 0.5]), domain());
    assert_eq!(math(S::Power, &[1e200, 2.0]), range());
    assert_eq!(math(S::Arctanh, &[1.0]), domain());
    assert_eq!(math(S::Arccosh, &[0.5]), domain());
    assert_eq!(math(S::Fmod, &[1.0, 0.0]), domain());
    assert_eq!(math(S::Fmod, &[-7.5, 2.0]), Ok(-1.5));
    assert_eq!(math(S::Gamma, &[-1.0]), domain());
    assert_eq!(math(S::Gamma, &[0.0]), domain());
    assert_eq!(math(S::Gamma, &[200.0]), range());
    assert_eq!(math(S::Gamma, &[5.0]), Ok(24.0));
    assert_eq!(math(S::Lgamma, &[-3.0]), domain());
    assert_eq!(math(S::Sqrt, &[f64::NAN]).map(f64::is_nan), Ok(true));
}

#[test]
fn gamma_functions_end_as_pythons() {
    let (infinity, domain, range) = (f64::INFINITY, raises("ValueError: math domain error"), raises("OverflowError: math range error"));
    for pole in [0.0, -0.0, -1.0, -2.0, -4_503_599_627_370_496.0, -1e300] {
        assert_eq!(math(S::Gamma, &[pole]), domain, "gamma({pole})");
        assert_eq!(math(S::Lgamma, &[pole]), domain, "lgamma({pole})");
    }
    assert_eq!(math(S::Gamma, &[-infinity]), domain);
    for large in [171.624_376_956_302_74, 1e300, 5e-324, -5e-324, 1e-309] {
        assert_eq!(math(S::Gamma, &[large]), range, "gamma({large})");
    }
    assert_eq!(math(S::Lgamma, &[2.559_983_327_851_638_6e305]), range);
    assert_eq!(math(S::Lgamma, &[f64::MAX]), range);
    // The sign of what underflows is kept, and whole answers are whole.
    let cases = [
        (S::Gamma, infinity, infinity),
        (S::Gamma, -190.5, -0.0),
        (S::Gamma, -199.5, 0.0),
        (S::Gamma, -200.5, -0.0),
        (S::Gamma, -201.5, 0.0),
        (S::Gamma, 1e-308, 1e308),
        (S::Gamma, -1e-30, -9.999_999_999_999_999e29),
        (S::Gamma, 22.0, 51_090_942_171_709_440_000.0),
        (S::Lgamma, infinity, infinity),
        (S::Lgamma, -infinity, infinity),
        (S::Lgamma, 1.0, 0.0),
        (S::Lgamma, 2.0, 0.0),
        (S::Lgamma, 2.559_983_327_851_638_3e305, 1.797_693_134_862_315_7e308),
        (S::Lgamma, 5e-324, 744.440_071_921_381_2),
        (S::Lgamma, -5e-324, 744.440_071_921_381_2),
    ];
    for (op, x, expected) in cases {
        assert_eq!(math(op, &[x]).map(f64::to_bits), Ok(expected.to_bits()), "{op:?} of {x}");
    }
    for op in [S::Gamma, S::Lgamma] {
        assert_eq!(math(op, &[f64::NAN]).map(f64::is_nan), Ok(true));
    }
}

#[test]
fn rounds_to_decimals_as_python() {
    let round = |x: f64, n: i64| {
        let expression = compile(|b, o, d, x, f| emit_python(b, o, d, x, f), S::RoundDigits, Dtype::F64, &[Ty::F64, Ty::I64]);
        outcome(&expression, &[x.to_bits(), n.cast_unsigned()]).map(f64::from_bits)
    };
    // 2.675 lies below its decimal, 1.005 too; 0.125 and 2.5 are true ties.
    for (x, n, expected) in [
        (2.675, 2, 2.67),
        (1.005, 2, 1.0),
        (0.125, 2, 0.12),
        (0.375, 2, 0.38),
        (2.5, 0, 2.0),
        (-2.5, 0, -2.0),
        (1e22, 2, 1e22),
        (1.234_567_890_123_456_7e-5, 15, 1.234_567_890_1e-5),
        (0.1 + 0.2, 16, 0.3),
        (5.015, 2, 5.01),
        (1234.5678, 30, 1234.5678),
    ] {
        assert_eq!(round(x, n), Ok(expected), "round({x}, {n})");
    }
    assert_eq!(round(-0.001, 2).map(f64::to_bits), Ok((-0.0f64).to_bits()));
    assert_eq!(round(15.0, -1), raises("unsupported"));
    assert_eq!(round(f64::INFINITY, 2), Ok(f64::INFINITY));
}

#[test]
fn int_of_a_float_truncates_or_raises() {
    let expression =
        Expression::new(&[Ty::F64], |b, x| vec![convert_python(b, Dtype::F64, Dtype::I64, Number::Real(x[0]), &mut record).real()]);
    let int = |x: f64| outcome(&expression, &[x.to_bits()]).map(u64::cast_signed);
    assert_eq!(int(-2.9), Ok(-2));
    assert_eq!(int(-9_223_372_036_854_775_808.0), Ok(i64::MIN));
    assert_eq!(int(9_223_372_036_854_775_808.0), Err("overflow".to_owned()));
    assert_eq!(int(f64::NAN), Err("ValueError: cannot convert float NaN to integer".to_owned()));
    assert_eq!(int(f64::NEG_INFINITY), Err("OverflowError: cannot convert float infinity to integer".to_owned()));
}

#[test]
fn complex_division_by_zero_raises() {
    let expression = Expression::new(&[Ty::F64; 4], |b, x| {
        let operands = [Number::Complex(x[0], x[1]), Number::Complex(x[2], x[3])];
        match emit_python(b, S::Divide, Dtype::C128, &operands, &mut record) {
            Ok(Number::Complex(re, im)) => vec![re, im],
            other => panic!("{other:?}"),
        }
    });
    let bits = |x: [f64; 4]| x.map(f64::to_bits);
    assert_eq!(outcome(&expression, &bits([1.0, 2.0, 0.0, 0.0])), Err("ZeroDivisionError: complex division by zero".to_owned()));
    assert_eq!(outcome(&expression, &bits([4.0, 2.0, 1.0, -1.0])).map(f64::from_bits), Ok(1.0));
    let power = Expression::new(&[Ty::F64; 4], |b, x| {
        let operands = [Number::Complex(x[0], x[1]), Number::Complex(x[2], x[3])];
        match emit_python(b, S::Power, Dtype::C128, &operands, &mut record) {
            Ok(Number::Complex(re, im)) => vec![re, im],
            other => panic!("{other:?}"),
        }
    });
    let text = "ZeroDivisionError: 0.0 to a negative or complex power".to_owned();
    assert_eq!(outcome(&power, &bits([0.0, 0.0, -1.0, 0.0])), Err(text.clone()));
    assert_eq!(outcome(&power, &bits([0.0, 0.0, 1.0, 1.0])), Err(text));
    assert_eq!(outcome(&power, &bits([0.0, 0.0, 0.5, 0.0])).map(f64::from_bits), Ok(0.0));
}

/// What CPython gives for ints that are no floats.
#[test]
fn quotients_of_long_ints_are_rounded_once() {
    for ((x, y), expected) in [
        ((9007199254740993, 3), 3002399751580331.0),
        ((i64::MAX, 3), 3.0744573456182584e+18),
        ((i64::MIN, 7), -1.3176245766935393e+18),
        ((1763985600123456789, 1000000000), 1763985600.1234567),
        ((7, i64::MAX), 7.589415207398531e-19),
        ((i64::MIN, i64::MIN), 1.0),
        ((i64::MAX, 4611686018427387905), 2.0),
        ((0, i64::MIN), -0.0),
        ((18014398509481986, 2), 9007199254740992.0),
        ((18014398509481990, 4), 4503599627370498.0),
        ((-1152921504606846977, 1152921504606846975), -1.0),
    ] {
        let quotient = int_to_float(S::Divide, &[x, y]).unwrap();
        assert_eq!(quotient.to_bits(), f64::to_bits(expected), "{x} / {y}");
    }
}
