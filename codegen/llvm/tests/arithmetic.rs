//! Every instruction at its edges, at every level of this machine, against Rust's arithmetic.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::float_cmp
)]

mod stage;

use hypersonic_loops::{Binary, Builder, Cast, Compare, Inst, MemoryClass, Module, TableData, Ty, Unary, ValueId};
use stage::{argument, entry, run, word_address};

const INTEGERS: [i64; 14] = [0, 1, -1, 2, 7, -7, 63, 127, -128, 0x7FFF_FFFF, -0x8000_0000, i64::MAX, i64::MIN, 0x0123_4567_89AB_CDEF];
const FLOATS: [f64; 26] = [
    0.0,
    -0.0,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    1e-310,
    -1e-310,
    0.49999999999999994,
    3.7,
    -3.7,
    127.9,
    128.0,
    -128.9,
    32768.0,
    2147483647.5,
    -2147483648.9,
    9007199254740993.0,
    9.3e18,
    -9.3e18,
    1.9e19,
    1e300,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

fn bits(ty: Ty) -> u32 {
    (ty.size() * 8) as u32
}

/// The word that holds an integer of a type.
fn wrapped(ty: Ty, value: i64) -> i64 {
    let shift = 64 - bits(ty);
    value << shift >> shift
}

fn unsigned(ty: Ty, value: i64) -> u64 {
    (value as u64) << (64 - bits(ty)) >> (64 - bits(ty))
}

/// Loads an argument word as a value of the type.
fn load(b: &mut Builder, frame: ValueId, n: usize, ty: Ty) -> ValueId {
    match ty {
        Ty::I64 | Ty::F64 | Ty::Ptr => argument(b, frame, n, ty),
        Ty::F32 => {
            let word = argument(b, frame, n, Ty::I64);
            let low = b.cast(Cast::Truncate, word, Ty::I32);
            b.cast(Cast::Bits, low, Ty::F32)
        }
        _ => {
            let word = argument(b, frame, n, Ty::I64);
            b.cast(Cast::Truncate, word, ty)
        }
    }
}

/// Stores a value as a result word: integers sign-extended.
fn store(b: &mut Builder, frame: ValueId, n: usize, value: ValueId) {
    let word = match b.ty(value) {
        Ty::I64 | Ty::F64 | Ty::Ptr => value,
        Ty::I1 => b.cast(Cast::ZeroExtend, value, Ty::I64),
        Ty::F32 => {
            let low = b.cast(Cast::Bits, value, Ty::I32);
            b.cast(Cast::ZeroExtend, low, Ty::I64)
        }
        _ => b.cast(Cast::SignExtend, value, Ty::I64),
    };
    let address = word_address(b, frame, n);
    b.store(address, word, MemoryClass::ANY);
}

/// An entry that maps `pairs` pairs of argument words through `op`.
fn pairwise(pairs: usize, operand: Ty, op: impl Fn(&mut Builder, ValueId, ValueId) -> ValueId) -> Module {
    entry(|b, arguments, results| {
        for n in 0..pairs {
            let x = load(b, arguments, 2 * n, operand);
            let y = load(b, arguments, 2 * n + 1, operand);
            let z = op(b, x, y);
            store(b, results, n, z);
        }
    })
}

fn pairs<T: Copy>(values: &[T]) -> Vec<(T, T)> {
    values.iter().flat_map(|x| values.iter().map(|y| (*x, *y))).collect()
}

fn check_integers(ty: Ty, op: Binary, allowed: impl Fn(i64, i64) -> bool, expected: impl Fn(i64, i64) -> i64) {
    let values: Vec<i64> = INTEGERS.iter().map(|value| wrapped(ty, *value)).collect();
    let pairs: Vec<(i64, i64)> = pairs(&values).into_iter().filter(|(x, y)| allowed(*x, *y)).collect();
    let words: Vec<u64> = pairs.iter().flat_map(|(x, y)| [*x as u64, *y as u64]).collect();
    let got = run(pairwise(pairs.len(), ty, |b, x, y| b.binary(op, x, y)), &words, pairs.len());
    for ((x, y), got) in pairs.iter().zip(got) {
        assert_eq!(got as i64, wrapped(ty, expected(*x, *y)), "{op:?} {ty:?} {x} {y}");
    }
}

#[test]
fn integers_wrap_divide_and_compare() {
    for ty in [Ty::I8, Ty::I16, Ty::I32, Ty::I64] {
        let least = wrapped(ty, i64::MIN >> (64 - bits(ty)));
        let divides = move |x: i64, y: i64| y != 0 && !(x == least && y == -1);
        check_integers(ty, Binary::Add, |_, _| true, i64::wrapping_add);
        check_integers(ty, Binary::Sub, |_, _| true, i64::wrapping_sub);
        check_integers(ty, Binary::Mul, |_, _| true, i64::wrapping_mul);
        check_integers(ty, Binary::SDiv, divides, |x, y| x / y);
        check_integers(ty, Binary::SRem, divides, |x, y| x % y);
        check_integers(ty, Binary::UDiv, |_, y| y != 0, move |x, y| (unsigned(ty, x) / unsigned(ty, y)) as i64);
        check_integers(ty, Binary::URem, |_, y| y != 0, move |x, y| (unsigned(ty, x) % unsigned(ty, y)) as i64);
        check_integers(ty, Binary::SMin, |_, _| true, i64::min);
        check_integers(ty, Binary::SMax, |_, _| true, i64::max);
        check_integers(ty, Binary::UMin, |_, _| true, move |x, y| unsigned(ty, x).min(unsigned(ty, y)) as i64);
        check_integers(ty, Binary::UMax, |_, _| true, move |x, y| unsigned(ty, x).max(unsigned(ty, y)) as i64);
    }
}

#[test]
fn bits_and_shifts() {
    for ty in [Ty::I8, Ty::I32, Ty::I64] {
        let shift = move |_: i64, y: i64| (0..i64::from(bits(ty))).contains(&y);
        check_integers(ty, Binary::And, |_, _| true, |x, y| x & y);
        check_integers(ty, Binary::Or, |_, _| true, |x, y| x | y);
        check_integers(ty, Binary::Xor, |_, _| true, |x, y| x ^ y);
        check_integers(ty, Binary::Shl, shift, |x, y| x << y);
        check_integers(ty, Binary::AShr, shift, |x, y| x >> y);
        check_integers(ty, Binary::LShr, shift, move |x, y| (unsigned(ty, x) >> y) as i64);
    }
    check_integers(Ty::I64, Binary::UMulHigh, |_, _| true, |x, y| ((u128::from(x as u64) * u128::from(y as u64)) >> 64) as i64);
    for (op, expected) in [
        (Binary::AddExact, i64::checked_add as fn(i64, i64) -> Option<i64>),
        (Binary::SubExact, i64::checked_sub),
        (Binary::MulExact, i64::checked_mul),
    ] {
        check_integers(Ty::I64, op, |x, y| expected(x, y).is_some(), |x, y| expected(x, y).unwrap());
    }
}

#[test]
fn counts_of_bits() {
    for ty in [Ty::I8, Ty::I16, Ty::I32, Ty::I64] {
        let words: Vec<u64> = INTEGERS.iter().flat_map(|x| [wrapped(ty, *x) as u64, 0]).collect();
        for op in [Unary::PopCount, Unary::LeadingZeros, Unary::TrailingZeros] {
            let got = run(pairwise(INTEGERS.len(), ty, |b, x, _| b.unary(op, x)), &words, INTEGERS.len());
            for (x, got) in INTEGERS.iter().zip(got) {
                let x = unsigned(ty, *x);
                let expected = match op {
                    Unary::PopCount => x.count_ones(),
                    Unary::LeadingZeros => x.leading_zeros() - (64 - bits(ty)),
                    _ => x.trailing_zeros().min(bits(ty)),
                };
                assert_eq!(got, u64::from(expected), "{op:?} {ty:?} {x:#x}");
            }
        }
    }
}

#[test]
fn overflow_is_seen() {
    for (op, expected) in [
        (Binary::Add, i64::overflowing_add as fn(i64, i64) -> (i64, bool)),
        (Binary::Sub, i64::overflowing_sub),
        (Binary::Mul, i64::overflowing_mul),
    ] {
        let pairs = pairs(&INTEGERS);
        let words: Vec<u64> = pairs.iter().flat_map(|(x, y)| [*x as u64, *y as u64]).collect();
        let got = run(pairwise(pairs.len(), Ty::I64, |b, x, y| b.overflows(op, x, y)), &words, pairs.len());
        for ((x, y), got) in pairs.iter().zip(got) {
            assert_eq!(got == 1, expected(*x, *y).1, "{op:?} {x} {y}");
        }
    }
}

#[test]
fn comparisons() {
    let integers = pairs(&INTEGERS);
    let words: Vec<u64> = integers.iter().flat_map(|(x, y)| [*x as u64, *y as u64]).collect();
    type Case<T> = (Compare, fn(T, T) -> bool);
    let cases: [Case<i64>; 10] = [
        (Compare::Eq, |x, y| x == y),
        (Compare::Ne, |x, y| x != y),
        (Compare::SLt, |x, y| x < y),
        (Compare::SLe, |x, y| x <= y),
        (Compare::SGt, |x, y| x > y),
        (Compare::SGe, |x, y| x >= y),
        (Compare::ULt, |x, y| (x as u64) < y as u64),
        (Compare::ULe, |x, y| x as u64 <= y as u64),
        (Compare::UGt, |x, y| x as u64 > y as u64),
        (Compare::UGe, |x, y| x as u64 >= y as u64),
    ];
    for (op, expected) in cases {
        let got = run(pairwise(integers.len(), Ty::I64, |b, x, y| b.compare(op, x, y)), &words, integers.len());
        for ((x, y), got) in integers.iter().zip(got) {
            assert_eq!(got == 1, expected(*x, *y), "{op:?} {x} {y}");
        }
    }
    let floats = pairs(&FLOATS);
    let words: Vec<u64> = floats.iter().flat_map(|(x, y)| [x.to_bits(), y.to_bits()]).collect();
    let cases: [Case<f64>; 7] = [
        (Compare::FEq, |x, y| x == y),
        (Compare::FNe, |x, y| x != y),
        (Compare::FLt, |x, y| x < y),
        (Compare::FLe, |x, y| x <= y),
        (Compare::FGt, |x, y| x > y),
        (Compare::FGe, |x, y| x >= y),
        (Compare::FUnordered, |x, y| x.is_nan() || y.is_nan()),
    ];
    for (op, expected) in cases {
        let got = run(pairwise(floats.len(), Ty::F64, |b, x, y| b.compare(op, x, y)), &words, floats.len());
        for ((x, y), got) in floats.iter().zip(got) {
            assert_eq!(got == 1, expected(*x, *y), "{op:?} {x} {y}");
        }
    }
}

#[test]
fn floats_are_strict() {
    type Case<T> = (Binary, fn(T, T) -> T);
    let wide: [Case<f64>; 5] = [
        (Binary::Add, |x, y| x + y),
        (Binary::Sub, |x, y| x - y),
        (Binary::Mul, |x, y| x * y),
        (Binary::FDiv, |x, y| x / y),
        (Binary::CopySign, f64::copysign),
    ];
    let all = pairs(&FLOATS);
    let words: Vec<u64> = all.iter().flat_map(|(x, y)| [x.to_bits(), y.to_bits()]).collect();
    for (op, expected) in wide {
        let got = run(pairwise(all.len(), Ty::F64, |b, x, y| b.binary(op, x, y)), &words, all.len());
        for ((x, y), got) in all.iter().zip(got) {
            let (got, expected) = (f64::from_bits(got), expected(*x, *y));
            assert!(got.to_bits() == expected.to_bits() || (got.is_nan() && expected.is_nan()), "{op:?} {x} {y}: {got} {expected}");
        }
    }
    let narrow: [Case<f32>; 5] = [
        (Binary::Add, |x, y| x + y),
        (Binary::Sub, |x, y| x - y),
        (Binary::Mul, |x, y| x * y),
        (Binary::FDiv, |x, y| x / y),
        (Binary::CopySign, f32::copysign),
    ];
    let all: Vec<(f32, f32)> = all.iter().map(|(x, y)| (*x as f32, *y as f32)).collect();
    let words: Vec<u64> = all.iter().flat_map(|(x, y)| [u64::from(x.to_bits()), u64::from(y.to_bits())]).collect();
    for (op, expected) in narrow {
        let got = run(pairwise(all.len(), Ty::F32, |b, x, y| b.binary(op, x, y)), &words, all.len());
        for ((x, y), got) in all.iter().zip(got) {
            let (got, expected) = (f32::from_bits(got as u32), expected(*x, *y));
            assert!(got.to_bits() == expected.to_bits() || (got.is_nan() && expected.is_nan()), "{op:?} {x} {y}: {got} {expected}");
        }
    }
}

#[test]
fn a_product_and_a_sum_are_not_contracted() {
    let (x, y) = (1.0 + f64::EPSILON, 1.0 - f64::EPSILON);
    let module = pairwise(1, Ty::F64, |b, x, y| {
        let product = b.mul(x, y);
        let one = b.float(Ty::F64, -1.0);
        b.add(product, one)
    });
    assert_eq!(f64::from_bits(run(module, &[x.to_bits(), y.to_bits()], 1)[0]), x * y - 1.0);
}

#[test]
fn rounding_and_roots() {
    type Case = (Unary, fn(f64) -> f64, fn(f32) -> f32);
    let cases: [Case; 7] = [
        (Unary::FNeg, |x| -x, |x| -x),
        (Unary::FAbs, f64::abs, f32::abs),
        (Unary::Sqrt, f64::sqrt, f32::sqrt),
        (Unary::Floor, f64::floor, f32::floor),
        (Unary::Ceil, f64::ceil, f32::ceil),
        (Unary::Trunc, f64::trunc, f32::trunc),
        (Unary::RoundEven, f64::round_ties_even, f32::round_ties_even),
    ];
    for (op, wide, narrow) in cases {
        let words: Vec<u64> = FLOATS.iter().flat_map(|x| [x.to_bits(), 0]).collect();
        let got = run(pairwise(FLOATS.len(), Ty::F64, |b, x, _| b.unary(op, x)), &words, FLOATS.len());
        for (x, got) in FLOATS.iter().zip(got) {
            let (got, expected) = (f64::from_bits(got), wide(*x));
            assert!(got.to_bits() == expected.to_bits() || (got.is_nan() && expected.is_nan()), "{op:?} {x}: {got} {expected}");
        }
        let words: Vec<u64> = FLOATS.iter().flat_map(|x| [u64::from((*x as f32).to_bits()), 0]).collect();
        let got = run(pairwise(FLOATS.len(), Ty::F32, |b, x, _| b.unary(op, x)), &words, FLOATS.len());
        for (x, got) in FLOATS.iter().zip(got) {
            let (got, expected) = (f32::from_bits(got as u32), narrow(*x as f32));
            assert!(got.to_bits() == expected.to_bits() || (got.is_nan() && expected.is_nan()), "{op:?} {x}: {got} {expected}");
        }
    }
}

fn signed_as_x86(x: f64, ty: Ty) -> i64 {
    let limit = 2f64.powi(bits(ty) as i32 - 1);
    if x.trunc() >= -limit && x.trunc() < limit { x.trunc() as i64 } else { -limit as i64 }
}

#[test]
fn floats_to_integers() {
    for from in [Ty::F32, Ty::F64] {
        let value = |x: f64| if from == Ty::F32 { f64::from(x as f32) } else { x };
        let word = |x: f64| if from == Ty::F32 { u64::from((x as f32).to_bits()) } else { x.to_bits() };
        let words: Vec<u64> = FLOATS.iter().flat_map(|x| [word(*x), 0]).collect();
        for to in [Ty::I8, Ty::I16, Ty::I32, Ty::I64] {
            let got = run(pairwise(FLOATS.len(), from, |b, x, _| b.cast(Cast::FloatToSigned, x, to)), &words, FLOATS.len());
            for (x, got) in FLOATS.iter().zip(got) {
                assert_eq!(got as i64, signed_as_x86(value(*x), to), "{from:?} {to:?} {x}");
            }
        }
        let got = run(pairwise(FLOATS.len(), from, |b, x, _| b.cast(Cast::FloatToUnsigned, x, Ty::I64)), &words, FLOATS.len());
        for (x, got) in FLOATS.iter().zip(got) {
            let x = value(*x);
            let limit = 2f64.powi(63);
            let expected = if x >= limit { signed_as_x86(x - limit, Ty::I64) as u64 ^ (1 << 63) } else { signed_as_x86(x, Ty::I64) as u64 };
            assert_eq!(got, expected, "{from:?} {x}");
        }
    }
}

#[test]
fn other_conversions() {
    let words: Vec<u64> = INTEGERS.iter().flat_map(|x| [*x as u64, 0]).collect();
    let count = INTEGERS.len();
    let signed = run(pairwise(count, Ty::I64, |b, x, _| b.cast(Cast::SignedToFloat, x, Ty::F64)), &words, count);
    let unsigned = run(pairwise(count, Ty::I64, |b, x, _| b.cast(Cast::UnsignedToFloat, x, Ty::F64)), &words, count);
    let narrow = run(pairwise(count, Ty::I64, |b, x, _| b.cast(Cast::UnsignedToFloat, x, Ty::F32)), &words, count);
    for (n, x) in INTEGERS.iter().enumerate() {
        assert_eq!(f64::from_bits(signed[n]), *x as f64);
        assert_eq!(f64::from_bits(unsigned[n]), *x as u64 as f64);
        assert_eq!(f32::from_bits(narrow[n] as u32), *x as u64 as f32);
    }
    let small = run(pairwise(count, Ty::I8, |b, x, _| b.cast(Cast::ZeroExtend, x, Ty::I32)), &words, count);
    let truth = run(pairwise(count, Ty::I64, |b, x, _| b.cast(Cast::Truncate, x, Ty::I1)), &words, count);
    for (n, x) in INTEGERS.iter().enumerate() {
        assert_eq!(small[n], u64::from(*x as u8));
        assert_eq!(truth[n], *x as u64 & 1);
    }
    let words: Vec<u64> = FLOATS.iter().flat_map(|x| [x.to_bits(), 0]).collect();
    let there_and_back = |b: &mut Builder, x: ValueId, _: ValueId| {
        let narrow = b.cast(Cast::Narrow, x, Ty::F32);
        b.cast(Cast::Extend, narrow, Ty::F64)
    };
    let got = run(pairwise(FLOATS.len(), Ty::F64, there_and_back), &words, FLOATS.len());
    for (x, got) in FLOATS.iter().zip(got) {
        let (got, expected) = (f64::from_bits(got), f64::from(*x as f32));
        assert!(got.to_bits() == expected.to_bits() || got.is_nan() && expected.is_nan(), "{x}");
    }
    let same = run(pairwise(1, Ty::F64, |b, x, _| b.cast(Cast::Bits, x, Ty::I64)), &[1.5f64.to_bits(), 0], 1);
    assert_eq!(same, [1.5f64.to_bits()]);
}

static POWERS: TableData =
    TableData { name: "powers", ty: Ty::F64, bits: &[0x3FF0_0000_0000_0000, 0x4000_0000_0000_0000, 0x4010_0000_0000_0000] };
static NUMBERS: TableData = TableData { name: "numbers", ty: Ty::I64, bits: &[5, u64::MAX, 1 << 63] };

#[test]
fn tables_selections_and_constants() {
    let module = entry(|b, arguments, results| {
        let n = argument(b, arguments, 0, Ty::I64);
        let power = b.table(&POWERS, n);
        store(b, results, 0, power);
        let number = b.table(&NUMBERS, n);
        store(b, results, 1, number);
        let two = b.i64(2);
        let is_two = b.compare(Compare::Eq, n, two);
        let chosen = b.select(is_two, power, power);
        store(b, results, 2, chosen);
        let tenth = b.float(Ty::F32, 0.1);
        store(b, results, 3, tenth);
        let byte = b.int(Ty::I8, 200);
        store(b, results, 4, byte);
        let nan = b.emit(Ty::F32, Inst::FloatBits(0xFFC0_1234));
        store(b, results, 5, nan);
        let null = b.null();
        store(b, results, 6, null);
        let yes = b.bool(true);
        let no = b.not(yes);
        store(b, results, 7, no);
    });
    let expected = [4.0f64.to_bits(), 1 << 63, 4.0f64.to_bits(), u64::from(0.1f32.to_bits()), -56i64 as u64, 0xFFC0_1234, 0, 0];
    assert_eq!(run(module, &[2], 8), expected);
}
