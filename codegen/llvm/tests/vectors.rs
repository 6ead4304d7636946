//! Independent iterations become vector code.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod stage;

use hypersonic_llvm::{Options, assembly, levels};
use hypersonic_loops::{Builder, Cast, Compare, Likely, MemoryClass, Module, Order, Ty, Unary, ValueId};
use stage::{argument, checked, element, entry};

/// The assembly of a module at a level of x86-64, without directives.
fn code(module: Module, suffix: &str) -> String {
    let level = levels("x86_64-linux").iter().find(|level| level.suffix == suffix).expect("a level");
    assembly(&checked(module), level, &Options::default()).expect("compiles")
}

/// A nest over arrays `x`, `y` of doubles and `z` written through `body`.
fn elementwise(body: impl Fn(&mut Builder, ValueId, ValueId) -> ValueId) -> Module {
    entry(|b, arguments, _| {
        let n = argument(b, arguments, 0, Ty::I64);
        let pointers: Vec<ValueId> = (1..4).map(|k| argument(b, arguments, k, Ty::Ptr)).collect();
        b.nest(vec![n], |b, at| {
            let first = element(b, pointers[0], at[0], Ty::F64);
            let x = b.load(Ty::F64, first, MemoryClass(1));
            let second = element(b, pointers[1], at[0], Ty::F64);
            let y = b.load(Ty::F64, second, MemoryClass(1));
            let z = body(b, x, y);
            let third = element(b, pointers[2], at[0], b.ty(z));
            b.store(third, z, MemoryClass(1));
        });
    })
}

fn assert_has(code: &str, words: &[&str]) {
    for word in words {
        assert!(code.contains(word), "no {word} in\n{code}");
    }
}

#[test]
fn arithmetic_uses_the_widest_vectors() {
    let module = || {
        elementwise(|b, x, y| {
            let sum = b.add(x, y);
            let root = b.unary(Unary::Sqrt, sum);
            b.mul(root, x)
        })
    };
    assert_has(&code(module(), "v2"), &["addpd", "mulpd"]);
    assert_has(&code(module(), "v3"), &["vaddpd", "vsqrtpd", "%ymm"]);
    assert!(!code(module(), "v3").contains("vfmadd"));
}

#[test]
fn rounding_choosing_and_converting_stay_vectors() {
    let rounding = elementwise(|b, x, y| {
        let floor = b.unary(Unary::Floor, x);
        let less = b.compare(Compare::FLt, floor, y);
        b.select(less, floor, y)
    });
    assert_has(&code(rounding, "v2"), &["roundpd"]);
    let converting = elementwise(|b, x, y| {
        let sum = b.add(x, y);
        b.cast(Cast::FloatToSigned, sum, Ty::I32)
    });
    assert_has(&code(converting, "v3"), &["vcvttpd2dq"]);
}

#[test]
fn a_choice_of_stores_stays_in_one_loop() {
    // Like `if x < y: z = x`, the way masked stores come.
    let module = entry(|b, arguments, _| {
        let n = argument(b, arguments, 0, Ty::I64);
        let from = argument(b, arguments, 1, Ty::Ptr);
        let to = argument(b, arguments, 2, Ty::Ptr);
        b.repeat(n, Order::Independent, |b, i| {
            let source = element(b, from, i, Ty::F64);
            let x = b.load(Ty::F64, source, MemoryClass(1));
            let zero = b.float(Ty::F64, 0.0);
            let positive = b.compare(Compare::FGt, x, zero);
            b.when(positive, Likely::Unknown, |b| {
                let target = element(b, to, i, Ty::F64);
                b.store(target, x, MemoryClass(2));
            });
        });
    });
    assert_has(&code(module, "v3"), &["vmaskmovpd"]);
}

/// The sum of squares of differences, in order.
fn squares(fastmath: bool) -> Module {
    entry(|b, arguments, results| {
        b.set_fastmath(fastmath);
        let n = argument(b, arguments, 0, Ty::I64);
        let x = argument(b, arguments, 1, Ty::Ptr);
        let y = argument(b, arguments, 2, Ty::Ptr);
        let sum = b.variable("sum", Ty::F64);
        let zero = b.float(Ty::F64, 0.0);
        b.set(sum, zero);
        b.repeat(n, Order::Sequential, |b, i| {
            let first = element(b, x, i, Ty::F64);
            let first = b.load(Ty::F64, first, MemoryClass(1));
            let second = element(b, y, i, Ty::F64);
            let second = b.load(Ty::F64, second, MemoryClass(1));
            let difference = b.sub(first, second);
            let square = b.mul(difference, difference);
            let old = b.read(sum);
            let new = b.add(old, square);
            b.set(sum, new);
        });
        let sum = b.read(sum);
        b.store(results, sum, MemoryClass(2));
    })
}

#[test]
fn a_sum_in_order_is_vectorised_around_its_additions() {
    let code = code(squares(false), "v3");
    assert_has(&code, &["vsubpd", "vmulpd", "vaddsd"]);
    assert!(!code.contains("vaddpd"), "the order of additions is kept");
}

#[test]
fn fast_arithmetic_is_for_those_who_ask() {
    assert_has(&code(squares(true), "v3"), &["vfmadd231pd"]);
    assert!(!code(squares(false), "v3").contains("vfmadd"));
}

#[test]
fn any_layout_has_a_loop_for_packed_elements() {
    // y[i] = x[i] + x[i] with strides from the frame, complex-like pairs left out.
    let module = || {
        entry(|b, arguments, _| {
            let n = argument(b, arguments, 0, Ty::I64);
            let x = argument(b, arguments, 1, Ty::Ptr);
            let x_stride = argument(b, arguments, 2, Ty::I64);
            let y = argument(b, arguments, 3, Ty::Ptr);
            let y_stride = argument(b, arguments, 4, Ty::I64);
            b.nest(vec![n], |b, at| {
                let bytes = b.mul(at[0], x_stride);
                let address = b.offset(x, bytes);
                let value = b.load(Ty::F64, address, MemoryClass(1));
                let twice = b.add(value, value);
                let bytes = b.mul(at[0], y_stride);
                let address = b.offset(y, bytes);
                b.store(address, twice, MemoryClass(2));
            });
        })
    };
    assert_has(&code(module(), "v3"), &["vaddpd", "vmovupd"]);
    let x: Vec<f64> = (0..40).map(f64::from).collect();
    for (n, strides) in [(40_u64, [8_i64, 8]), (20, [16, 8]), (20, [8, 16]), (10, [-8, 8]), (5, [0, 24])] {
        let mut y = vec![-1.0; 40];
        let first = if strides[0] < 0 { &raw const x[9] } else { x.as_ptr() };
        let frame = [n, first as u64, strides[0].cast_unsigned(), y.as_mut_ptr() as u64, strides[1].cast_unsigned()];
        stage::run(module(), &frame, 0);
        let mut expected = vec![-1.0; 40];
        for i in 0..usize::try_from(n).unwrap() {
            let from = if strides[0] < 0 { 9 - i } else { i * usize::try_from(strides[0]).unwrap() / 8 };
            expected[i * usize::try_from(strides[1]).unwrap() / 8] = 2.0 * x[from];
        }
        assert_eq!(y, expected, "{n} {strides:?}");
    }
}

#[test]
fn what_rarely_runs_gets_no_vectors() {
    let module = |likely| {
        entry(|b, arguments, _| {
            let n = argument(b, arguments, 0, Ty::I64);
            let x = argument(b, arguments, 1, Ty::Ptr);
            let y = argument(b, arguments, 2, Ty::Ptr);
            let many = b.i64(1000);
            let choice = b.compare(Compare::SLt, many, n);
            b.when(choice, likely, |b| {
                b.repeat(n, Order::Independent, |b, i| {
                    let source = element(b, x, i, Ty::F64);
                    let value = b.load(Ty::F64, source, MemoryClass(1));
                    let twice = b.add(value, value);
                    let target = element(b, y, i, Ty::F64);
                    b.store(target, twice, MemoryClass(2));
                });
            });
        })
    };
    assert_has(&code(module(Likely::Unknown), "v3"), &["vaddpd"]);
    let rare = code(module(Likely::Otherwise), "v3");
    assert!(rare.contains("vaddsd") && !rare.contains("vaddpd"), "{rare}");
}
