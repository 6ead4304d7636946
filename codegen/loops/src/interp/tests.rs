//! The interpreter on small programs with known answers.

use super::*;
use crate::ir::{Binary, Cast, Compare, Failure, FailureKind, Likely, MemoryClass, Order, SupportRow};

fn returned(outcome: Outcome) -> Vec<u64> {
    match outcome {
        Outcome::Returned(values) => values,
        other => panic!("{other:?}"),
    }
}

#[test]
fn sums_an_array() {
    let mut failures = Vec::new();
    let mut b = Builder::new(&mut failures, "sum", Linkage::Internal, vec![Ty::Ptr, Ty::I64], vec![Ty::F64]);
    let (data, count) = (b.parameter(0), b.parameter(1));
    let total = b.variable("total", Ty::F64);
    let zero = b.float(Ty::F64, 0.0);
    b.set(total, zero);
    b.repeat(count, Order::Sequential, |b, index| {
        let size = b.i64(8);
        let bytes = b.mul(index, size);
        let address = b.offset(data, bytes);
        let item = b.load(Ty::F64, address, MemoryClass::ANY);
        let so_far = b.read(total);
        let sum = b.add(so_far, item);
        b.set(total, sum);
    });
    let result = b.read(total);
    b.ret(vec![result]);
    let module = Module { functions: vec![b.finish()], failures };
    let mut memory = Memory::default();
    let data = memory.add_doubles(&[1.0, 2.5, 4.0]);
    assert_eq!(returned(call(&module, FunctionId(0), &[data, 3], &mut memory)), [7.5f64.to_bits()]);
    let beyond = call(&module, FunctionId(0), &[data, 4], &mut memory);
    assert_eq!(beyond, Outcome::Trapped(Trap::OutOfBounds(data + 24, 8)));
    let crooked = call(&module, FunctionId(0), &[data + 4, 1], &mut memory);
    assert_eq!(crooked, Outcome::Trapped(Trap::Misaligned(data + 4)));
}

#[test]
fn loops_break_and_continue() {
    // The sum of the odd numbers below the first that is 7.
    let outcome = eval1(&[(Ty::I64, 7)], |b, x| {
        let (n, total) = (b.variable("n", Ty::I64), b.variable("total", Ty::I64));
        let (zero, one) = (b.i64(0), b.i64(1));
        b.set(n, zero);
        b.set(total, zero);
        let body = b.block(|b| {
            let now = b.read(n);
            let done = b.compare(Compare::Eq, now, x[0]);
            b.when(done, Likely::Unknown, |b| b.push(Stmt::Break(0)));
            let next = b.add(now, one);
            b.set(n, next);
            let bit = b.and(now, one);
            let even = b.compare(Compare::Eq, bit, zero);
            b.when(even, Likely::Unknown, |b| b.push(Stmt::Continue(0)));
            let so_far = b.read(total);
            let sum = b.add(so_far, now);
            b.set(total, sum);
        });
        b.push(Stmt::Loop { body });
        b.read(total)
    });
    assert_eq!(returned(outcome), [1 + 3 + 5]);
}

#[test]
fn refuses_what_the_law_forbids() {
    let divide = |x: u64, y: u64| eval1(&[(Ty::I8, x), (Ty::I8, y)], |b, v| b.binary(Binary::SDiv, v[0], v[1]));
    assert_eq!(returned(divide(0xf9, 2)), [0xfd]);
    assert!(matches!(divide(1, 0), Outcome::Trapped(Trap::Undefined(_))));
    assert!(matches!(divide(0x80, 0xff), Outcome::Trapped(Trap::Undefined(_))));
    let shift = |n| eval1(&[(Ty::I16, 1), (Ty::I16, n)], |b, v| b.binary(Binary::Shl, v[0], v[1]));
    assert_eq!(returned(shift(15)), [0x8000]);
    assert!(matches!(shift(16), Outcome::Trapped(Trap::Undefined(_))));
}

#[test]
fn casts_as_x86_does() {
    let cast = |x: f64, op, ty| returned(eval1(&[(Ty::F64, x.to_bits())], |b, v| b.cast(op, v[0], ty)))[0];
    assert_eq!(cast(-1.5, Cast::FloatToSigned, Ty::I32), 0xffff_ffff);
    assert_eq!(cast(1e20, Cast::FloatToSigned, Ty::I64), 1 << 63);
    assert_eq!(cast(f64::NAN, Cast::FloatToSigned, Ty::I32), 1 << 31);
    assert_eq!(cast(1.8e19, Cast::FloatToUnsigned, Ty::I64), 18_000_000_000_000_000_000);
    assert_eq!(cast(1e20, Cast::FloatToUnsigned, Ty::I64), 0);
    assert_eq!(cast(0.1, Cast::Narrow, Ty::F32), u64::from(0.1f32.to_bits()));
}

#[test]
fn allocates_releases_and_fails() {
    let mut failures = Vec::new();
    let mut b = Builder::new(&mut failures, "f", Linkage::Internal, vec![Ty::I64], vec![]);
    let bytes = b.parameter(0);
    let zeroed = b.i64(1);
    let block = b.support(SupportRow::Allocate, vec![bytes, zeroed], Some(Ty::Ptr)).expect("a result");
    b.support(SupportRow::Release, vec![block], None);
    let limit = b.i64(100);
    let small = b.compare(Compare::SLt, bytes, limit);
    let failure = b.failure(Failure { kind: FailureKind::Memory, message: Vec::new(), retry: false, line: 0 });
    b.check(small, failure, vec![bytes]);
    b.ret(Vec::new());
    let module = Module { functions: vec![b.finish()], failures };
    let mut memory = Memory::default();
    assert_eq!(returned(call(&module, FunctionId(0), &[8], &mut memory)), []);
    assert_eq!(memory.live(), 0);
    assert_eq!(call(&module, FunctionId(0), &[100], &mut memory), Outcome::Failed(FailureId(0), vec![100]));
}
