//! Chunks of parallel loops: what they are given, and which failure comes back.
#![allow(missing_docs, reason = "tests")]

mod stage;

use hypersonic_loops::{Builder, Compare, Failure, FailureKind, FunctionId, Linkage, MemoryClass, Module, Stmt, Ty};
use stage::{Stage, argument, checked, element, entry, host_levels, run, word_address};

/// `results[chunk] = chunk * n + flag + (x > 0.5)`; fails in chunk `bad` and behind it, with the number of the chunk.
fn chunks() -> Module {
    let mut module = Module::default();
    let parameters = vec![Ty::I64, Ty::I64, Ty::I1, Ty::F32, Ty::Ptr, Ty::I64];
    let mut b = Builder::new(&mut module.failures, "chunk", Linkage::Internal, parameters, vec![]);
    let [chunk, n, flag, x, out, bad] = [0, 1, 2, 3, 4, 5].map(|at| b.parameter(at));
    let failure = b.failure(Failure { kind: FailureKind::User("ValueError".into()), message: vec![], retry: false, line: 0 });
    let fine = b.compare(Compare::SLt, chunk, bad);
    b.check(fine, failure, vec![chunk]);
    let half = b.float(Ty::F32, 0.5);
    let more = b.compare(Compare::FGt, x, half);
    let product = b.mul(chunk, n);
    let (one, zero) = (b.i64(1), b.i64(0));
    let first = b.select(flag, one, zero);
    let second = b.select(more, one, zero);
    let sum = b.add(product, first);
    let sum = b.add(sum, second);
    let address = element(&mut b, out, chunk, Ty::I64);
    b.store(address, sum, MemoryClass::ANY);
    b.ret(vec![]);
    let function = b.finish();
    module.functions.push(function);
    let whole = entry(|b, arguments, results| {
        let [count, n, bad] = [0, 1, 2].map(|at| argument(b, arguments, at, Ty::I64));
        let (x, threads) = (b.float(Ty::F32, 0.75), b.i64(0));
        let flag = b.compare(Compare::SGt, n, threads);
        b.push(Stmt::Parallel { function: FunctionId(0), chunks: count, threads, arguments: vec![n, flag, x, results, bad] });
        let last = word_address(b, results, 7);
        b.store(last, n, MemoryClass::ANY);
    });
    module.functions.extend(whole.functions);
    module
}

#[test]
fn chunks_are_given_values_of_all_kinds() {
    assert_eq!(run(chunks(), &[5, 10, 9], 8), [2, 12, 22, 32, 42, 0, 0, 10]);
    assert_eq!(run(chunks(), &[0, 3, 9], 8)[7], 3);
}

#[test]
fn a_chunk_that_fails_ends_the_caller() {
    let module = checked(chunks());
    for level in host_levels() {
        let mut results = [77; 8];
        let (status, record) = Stage::new(&module, level).call(&[5, 10, 4], &mut results);
        assert_eq!((status, record.failure, record.count, record.values[0]), (1, 0, 1, 4));
        assert_eq!(results[7], 77, "nothing is done behind it");
    }
}

#[test]
fn what_is_no_function_of_chunks_is_refused() {
    let mut module = chunks();
    module.functions[0].parameters[0] = Ty::F64;
    assert!(hypersonic_loops::Checked::new(module).is_err());
    let mut module = chunks();
    for stmt in &mut module.functions[1].body {
        if let Stmt::Parallel { arguments, .. } = stmt {
            arguments.pop();
        }
    }
    assert!(hypersonic_loops::Checked::new(module).is_err());
}
