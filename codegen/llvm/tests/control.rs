//! Loops, choices, failures, calls and the support table, through a loaded library.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_sign_loss)]

mod stage;

use hypersonic_loops::{
    Binary, Builder, Cast, Compare, Failure, FailureKind, FunctionId, Inst, Likely, Linkage, MemoryClass, Module, Order, Stmt, SupportRow,
    Ty,
};
use stage::{RELEASED, Stage, argument, checked, element, entry, host_levels, run, word_address};

fn failure(kind: FailureKind) -> Failure {
    Failure { kind, message: vec![], retry: true, line: 0 }
}

#[test]
fn a_nest_of_two_extents_fills_a_rectangle() {
    let module = entry(|b, arguments, _| {
        let rows = argument(b, arguments, 0, Ty::I64);
        let columns = argument(b, arguments, 1, Ty::I64);
        let data = argument(b, arguments, 2, Ty::Ptr);
        b.nest(vec![rows, columns], |b, at| {
            let base = b.mul(at[0], columns);
            let index = b.add(base, at[1]);
            let address = element(b, data, index, Ty::I64);
            let hundred = b.i64(100);
            let value = b.mul(at[0], hundred);
            let value = b.add(value, at[1]);
            b.store(address, value, MemoryClass(1));
        });
    });
    let mut data = [-1_i64; 21];
    run(module.clone(), &[3, 7, data.as_mut_ptr() as u64], 0);
    let expected: Vec<i64> = (0..3).flat_map(|row| (0..7).map(move |column| row * 100 + column)).collect();
    assert_eq!(data.as_slice(), expected);
    let mut none = [-1_i64; 2];
    run(module.clone(), &[0, 7, none.as_mut_ptr() as u64], 0);
    run(module, &[7, (-3_i64) as u64, none.as_mut_ptr() as u64], 0);
    assert_eq!(none, [-1, -1]);
}

#[test]
fn loops_break_and_continue_at_any_depth() {
    // Sums i * j for odd j < i, and stops altogether once the sum passes 100.
    let module = entry(|b, arguments, results| {
        let n = argument(b, arguments, 0, Ty::I64);
        let sum = b.variable("sum", Ty::I64);
        let zero = b.i64(0);
        b.set(sum, zero);
        b.repeat(n, Order::Sequential, |b, i| {
            let j = b.variable("j", Ty::I64);
            b.set(j, zero);
            let body = b.block(|b| {
                let one = b.i64(1);
                let now = b.read(j);
                let next = b.add(now, one);
                b.set(j, next);
                let done = b.compare(Compare::SGe, now, i);
                b.when(done, Likely::Otherwise, |b| b.push(Stmt::Break(0)));
                let odd = b.and(now, one);
                let even = b.compare(Compare::Eq, odd, zero);
                b.when(even, Likely::Unknown, |b| b.push(Stmt::Continue(0)));
                let old = b.read(sum);
                let product = b.mul(i, now);
                let new = b.add(old, product);
                b.set(sum, new);
                let hundred = b.i64(100);
                let over = b.compare(Compare::SGt, new, hundred);
                b.when(over, Likely::Otherwise, |b| b.push(Stmt::Break(1)));
            });
            b.push(Stmt::Loop { body });
        });
        let total = b.read(sum);
        let address = word_address(b, results, 0);
        b.store(address, total, MemoryClass::ANY);
    });
    let expected = |n: i64| {
        let mut sum = 0;
        for i in 0..n {
            for j in (1..i).step_by(2) {
                sum += i * j;
                if sum > 100 {
                    return sum;
                }
            }
        }
        sum
    };
    for n in [0, 1, 4, 5, 9, 1000] {
        assert_eq!(run(module.clone(), &[n as u64], 1)[0], expected(n) as u64, "{n}");
    }
}

#[test]
fn a_failing_check_fills_the_record_in() {
    let mut module = entry(|b, arguments, results| {
        b.failure(failure(FailureKind::Memory));
        let index = b.failure(failure(FailureKind::Raise("IndexError".into())));
        let n = argument(b, arguments, 0, Ty::I64);
        let limit = b.i64(10);
        let fine = b.compare(Compare::ULt, n, limit);
        b.check(fine, index, vec![n, limit]);
        let address = word_address(b, results, 0);
        b.store(address, n, MemoryClass::ANY);
    });
    module.failures.truncate(2);
    let module = checked(module);
    for level in host_levels() {
        let stage = Stage::new(&module, level);
        let mut results = [77];
        assert_eq!(stage.call(&[9], &mut results).0, 0);
        assert_eq!(results, [9]);
        let (status, record) = stage.call(&[u64::MAX], &mut results);
        assert_eq!((status, record.failure, record.count), (1, 1, 2));
        assert_eq!(record.values[..2], [u64::MAX, 10]);
        assert_eq!(results, [9], "nothing is stored after a failure");
    }
}

/// A recursive factorial that fails for negative numbers, called by an entry.
fn factorial() -> Module {
    let mut module = Module::default();
    let mut b = Builder::new(&mut module.failures, "factorial", Linkage::Internal, vec![Ty::I64], vec![Ty::I64, Ty::F64]);
    let n = b.parameter(0);
    let negative = b.failure(failure(FailureKind::User("ValueError".into())));
    let zero = b.i64(0);
    let one = b.i64(1);
    let half = b.float(Ty::F64, 0.5);
    let fine = b.compare(Compare::SGe, n, zero);
    b.check(fine, negative, vec![n]);
    let last = b.compare(Compare::Eq, n, zero);
    b.when(last, Likely::Unknown, |b| b.ret(vec![one, half]));
    let less = b.sub(n, one);
    let rest = b.call(FunctionId(0), vec![less], &[Ty::I64, Ty::F64]);
    let product = b.mul(n, rest[0]);
    b.ret(vec![product, rest[1]]);
    let function = b.finish();
    module.functions.push(function);
    let mut b = Builder::new(&mut module.failures, "f", Linkage::Entry, vec![Ty::Ptr, Ty::Ptr], vec![]);
    let (arguments, results) = (b.parameter(0), b.parameter(1));
    let n = argument(&mut b, arguments, 0, Ty::I64);
    let given = b.call(FunctionId(0), vec![n], &[Ty::I64, Ty::F64]);
    for (at, value) in given.into_iter().enumerate() {
        let address = word_address(&mut b, results, at);
        b.store(address, value, MemoryClass::ANY);
    }
    b.ret(vec![]);
    let function = b.finish();
    module.functions.push(function);
    module
}

#[test]
fn calls_give_results_and_pass_failures_on() {
    assert_eq!(run(factorial(), &[10], 2), [3_628_800, 0.5_f64.to_bits()]);
    let module = checked(factorial());
    let (status, record) = Stage::new(&module, host_levels()[0]).call(&[(-5_i64) as u64], &mut [0, 0]);
    assert_eq!((status, record.values[0]), (1, (-5_i64) as u64));
}

#[test]
fn the_runtime_is_called_through_the_table() {
    let module = entry(|b, _, results| {
        let sixteen = b.i64(16);
        let one = b.i64(1);
        let block = b.support(SupportRow::Allocate, vec![sixteen, one], Some(Ty::Ptr)).expect("gives a block");
        let data = b.load(Ty::Ptr, block, MemoryClass::ANY);
        let eight = b.i64(8);
        let second = b.offset(data, eight);
        let zeroed = b.load(Ty::I64, second, MemoryClass::ANY);
        let address = word_address(b, results, 0);
        b.store(address, zeroed, MemoryClass::ANY);
        b.support(SupportRow::Release, vec![block], None);
        let random = b.support(SupportRow::PythonRandom, vec![], Some(Ty::F64)).expect("gives a number");
        let address = word_address(b, results, 1);
        b.store(address, random, MemoryClass::ANY);
    });
    RELEASED.set(0);
    assert_eq!(run(module, &[], 2), [0, 0.25_f64.to_bits()]);
    assert_eq!(RELEASED.take(), host_levels().len());
}

#[test]
fn stack_slots_keep_what_is_stored() {
    let module = entry(|b, arguments, results| {
        let slot = b.emit(Ty::Ptr, Inst::StackSlot(64));
        let n = argument(b, arguments, 0, Ty::I64);
        let eight = b.i64(8);
        b.repeat(eight, Order::Sequential, |b, i| {
            let address = element(b, slot, i, Ty::I64);
            let value = b.mul(i, n);
            b.store(address, value, MemoryClass(1));
        });
        let seven = b.i64(7);
        let index = b.binary(Binary::SMin, n, seven);
        let address = element(b, slot, index, Ty::I64);
        let value = b.load(Ty::I64, address, MemoryClass(1));
        let address = word_address(b, results, 0);
        b.store(address, value, MemoryClass::ANY);
        let low = b.cast(Cast::Bits, slot, Ty::I64);
        let mask = b.i64(63);
        let rest = b.and(low, mask);
        let address = word_address(b, results, 1);
        b.store(address, rest, MemoryClass::ANY);
    });
    assert_eq!(run(module, &[5], 2), [25, 0]);
}

#[test]
fn copying_and_filling_need_no_library() {
    // The loops that LLVM would like to make memcpy, memmove and memset of.
    let module = entry(|b, arguments, _| {
        let n = argument(b, arguments, 0, Ty::I64);
        let from = argument(b, arguments, 1, Ty::Ptr);
        let to = argument(b, arguments, 2, Ty::Ptr);
        for order in [Order::Independent, Order::Sequential] {
            b.repeat(n, order, |b, i| {
                let source = element(b, from, i, Ty::F64);
                let value = b.load(Ty::F64, source, MemoryClass(1));
                let address = element(b, to, i, Ty::F64);
                b.store(address, value, MemoryClass(2));
            });
        }
        let half = b.binary(Binary::AShr, n, n);
        b.repeat(half, Order::Sequential, |b, i| {
            let address = element(b, to, i, Ty::I8);
            let zero = b.int(Ty::I8, 0);
            b.store(address, zero, MemoryClass(2));
        });
        b.repeat(n, Order::Sequential, |b, i| {
            let address = element(b, from, i, Ty::I64);
            let zero = b.i64(0);
            b.store(address, zero, MemoryClass(1));
        });
    });
    let mut from: Vec<f64> = (0..100).map(f64::from).collect();
    let expected = from.clone();
    let mut to = vec![0.0; 100];
    let level = host_levels()[0];
    let stage = Stage::new(&checked(module), level);
    assert_eq!(stage.call(&[100, from.as_mut_ptr() as u64, to.as_mut_ptr() as u64], &mut []).0, 0);
    assert_eq!(to, expected);
    assert!(from.iter().all(|x| *x == 0.0));
}

#[test]
fn a_launch_passes_words_and_reports_refusal() {
    let module = entry(|b, arguments, _| {
        let refused = b.failure(failure(FailureKind::Unsupported));
        let count = argument(b, arguments, 0, Ty::I64);
        let narrow = b.float(Ty::F32, 1.5);
        let byte = b.int(Ty::I8, -1);
        let wide = b.float(Ty::F64, 2.5);
        b.push(Stmt::Launch { kernel: 4, count, parameters: vec![count, narrow, byte, wide, arguments], failure: refused });
    });
    let stage = Stage::new(&checked(module), host_levels()[0]);
    let frame = [100_u64];
    assert_eq!(stage.call(&frame, &mut []).0, 0);
    let seen = stage::LAUNCHES.take();
    let words = vec![100, u64::from(1.5_f32.to_bits()), 0xFF, 2.5_f64.to_bits(), frame.as_ptr() as u64];
    assert_eq!(seen, [(4, 100, words)]);
    assert_eq!(stage.call(&[13], &mut []).0, 1);
}
