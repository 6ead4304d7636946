//! Functions for rare arguments: the same answers in every position of a vector, and no cost to ordinary ones.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod stage;

use std::sync::LazyLock;

use hypersonic_llvm::{Options, assembly, compile_ptx, levels};
use hypersonic_loops::passes::offload::offload;
use hypersonic_loops::{
    Builder, Compare, Function, Likely, Linkage, MemoryClass, Module, RareFunction, Stmt, TableData, Ty, Unary, ValueId,
};
use stage::{argument, checked, element, entry, run};

static HUNDREDS: TableData = TableData { name: "hundreds", ty: Ty::F64, bits: &[0x4059_0000_0000_0000, 0x4069_0000_0000_0000] };

/// From 10 on: the square root, plus 200.
static LARGE: RareFunction = RareFunction {
    name: "large",
    limit: 10.0,
    function: || {
        static FUNCTION: LazyLock<Function> = LazyLock::new(|| {
            let mut failures = Vec::new();
            let mut b = Builder::new(&mut failures, "large", Linkage::Internal, vec![Ty::F64], vec![Ty::F64]);
            let x = b.parameter(0);
            let root = b.unary(Unary::Sqrt, x);
            let one = b.i64(1);
            let hundreds = b.table(&HUNDREDS, one);
            let sum = b.add(root, hundreds);
            b.ret(vec![sum]);
            b.finish()
        });
        &FUNCTION
    },
};

/// From 10 on, of two arguments: the first halved until it is below the second.
static HALVED: RareFunction = RareFunction {
    name: "halved",
    limit: 10.0,
    function: || {
        static FUNCTION: LazyLock<Function> = LazyLock::new(|| {
            let mut failures = Vec::new();
            let mut b = Builder::new(&mut failures, "halved", Linkage::Internal, vec![Ty::F64; 2], vec![Ty::F64]);
            let (x, y) = (b.parameter(0), b.parameter(1));
            let left = b.variable("left", Ty::F64);
            b.set(left, x);
            let body = b.block(|b| {
                let now = b.read(left);
                let done = b.compare(Compare::FLt, now, y);
                b.when(done, Likely::Unknown, |b| b.push(Stmt::Break(0)));
                let half = b.float(Ty::F64, 0.5);
                let next = b.mul(now, half);
                b.set(left, next);
            });
            b.push(Stmt::Loop { body });
            let result = b.read(left);
            b.ret(vec![result]);
            b.finish()
        });
        &FUNCTION
    },
};

/// `y[i] = x[i] * x[i]`, but for large numbers what [`LARGE`] gives.
fn module() -> Module {
    entry(|b, arguments, _| {
        let n = argument(b, arguments, 0, Ty::I64);
        let pointers: Vec<ValueId> = (1..3).map(|k| argument(b, arguments, k, Ty::Ptr)).collect();
        b.nest(vec![n], |b, at| {
            let from = element(b, pointers[0], at[0], Ty::F64);
            let x = b.load(Ty::F64, from, MemoryClass(1));
            let square = b.mul(x, x);
            let value = b.rare(&LARGE, x, square);
            let to = element(b, pointers[1], at[0], Ty::F64);
            b.store(to, value, MemoryClass(2));
        });
    })
}

#[test]
fn every_lane_gets_its_own_answer() {
    for count in [1, 2, 7, 16, 61] {
        let x: Vec<f64> = (0..count).map(|n| if n % 5 == 3 { 16.0 } else { f64::from(n % 10) }).collect();
        let mut y = vec![0.0f64; x.len()];
        run(module(), &[x.len() as u64, x.as_ptr() as u64, y.as_mut_ptr() as u64], 0);
        for (n, (x, y)) in x.iter().zip(&y).enumerate() {
            let expected = if *x >= 10.0 { 204.0 } else { x * x };
            assert!(y.to_bits() == expected.to_bits(), "{y} not {expected} at {n} of {count}");
        }
    }
}

#[test]
fn a_rare_function_may_loop_and_take_two_arguments() {
    let module = entry(|b, arguments, _| {
        let n = argument(b, arguments, 0, Ty::I64);
        let pointers: Vec<ValueId> = (1..4).map(|k| argument(b, arguments, k, Ty::Ptr)).collect();
        b.nest(vec![n], |b, at| {
            let from = element(b, pointers[0], at[0], Ty::F64);
            let x = b.load(Ty::F64, from, MemoryClass(1));
            let from = element(b, pointers[1], at[0], Ty::F64);
            let y = b.load(Ty::F64, from, MemoryClass(2));
            let sum = b.add(x, y);
            let value = b.rare_with(&HALVED, [x, y, x], sum);
            let to = element(b, pointers[2], at[0], Ty::F64);
            b.store(to, value, MemoryClass(3));
        });
    });
    let x: Vec<f64> = (0..23).map(|n| if n % 4 == 1 { 48.0 + f64::from(n) } else { f64::from(n % 10) }).collect();
    let y: Vec<f64> = (0..23).map(|n| f64::from(n) + 1.0).collect();
    let mut z = vec![0.0f64; x.len()];
    run(module, &[x.len() as u64, x.as_ptr() as u64, y.as_ptr() as u64, z.as_mut_ptr() as u64], 0);
    for n in 0..x.len() {
        let mut expected = x[n];
        while expected >= y[n] {
            expected *= 0.5;
        }
        let expected = if x[n] >= 10.0 { expected } else { x[n] + y[n] };
        assert!(z[n].to_bits() == expected.to_bits(), "{} not {expected} at {n}", z[n]);
    }
}

#[test]
fn the_loop_stays_a_vector_loop() {
    let level = levels("x86_64-linux").iter().find(|level| level.suffix == "v3").expect("a level");
    let code = assembly(&checked(module()), level, &Options::default()).expect("compiles");
    assert!(code.contains("rare.large.v4") && code.contains("vmulpd") && code.contains("%ymm"), "{code}");
}

#[test]
fn a_kernel_of_the_gpu_branches() {
    let offloaded = offload(&checked(module()), 0);
    let ptx = compile_ptx(&offloaded.kernels).unwrap_or_else(|bug| panic!("{bug}\n{}", bug.ir));
    assert!(ptx.text.contains("sqrt.rn.f64"), "{}", ptx.text);
    assert!(!ptx.text.contains(".extern") && !ptx.text.contains(".func"), "{}", ptx.text);
}
