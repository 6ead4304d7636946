//! Nests as GPU kernels: the words that are passed, the bits that come out, and text that NVIDIA's assembler accepts.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_sign_loss, clippy::cast_precision_loss)]

mod stage;

use hypersonic_llvm::{GPU_SUFFIX, Options, Ptx, compile, compile_ptx, levels};
use hypersonic_loops::passes::offload::{Entry, Offloaded, offload};
use hypersonic_loops::{
    Binary, Builder, Cast, Compare, FunctionId, Likely, Linkage, MemoryClass, Module, Order, Stmt, SupportRow, TableData, Ty, Unary,
    ValueId,
};
use stage::{LAUNCHES, Stage, argument, checked, element, entry, host_levels, word_address};
use std::process::Command;

static SQUARES: TableData =
    TableData { name: "squares", ty: Ty::F64, bits: &[0, 0x3FF0_0000_0000_0000, 0x4010_0000_0000_0000, 0x4022_0000_0000_0000] };

/// Frame: rows, columns, row stride of `x` in bytes, x, y, scale (f32), limit (i64).
/// `y[i, j] = floor(x[i, j]) * scale + squares[(i + j) & 3]`, doubled until it passes the limit.
fn sample() -> Module {
    entry(|b, arguments, _| {
        let rows = argument(b, arguments, 0, Ty::I64);
        let columns = argument(b, arguments, 1, Ty::I64);
        let stride = argument(b, arguments, 2, Ty::I64);
        let x = argument(b, arguments, 3, Ty::Ptr);
        let y = argument(b, arguments, 4, Ty::Ptr);
        let scale = argument(b, arguments, 5, Ty::F32);
        let limit = argument(b, arguments, 6, Ty::I64);
        let outside = b.variable("outside", Ty::I64);
        b.set(outside, limit);
        b.nest(vec![rows, columns], |b, at| body(b, at, columns, stride, x, y, scale, outside));
    })
}

#[allow(clippy::too_many_arguments, reason = "what a nest takes from around it")]
fn body(
    b: &mut Builder,
    at: &[ValueId],
    columns: ValueId,
    stride: ValueId,
    x: ValueId,
    y: ValueId,
    scale: ValueId,
    outside: hypersonic_loops::VariableId,
) {
    let offset = b.mul(at[0], stride);
    let row = b.offset(x, offset);
    let address = element(b, row, at[1], Ty::F64);
    let value = b.load(Ty::F64, address, MemoryClass(1));
    let floor = b.unary(Unary::Floor, value);
    let factor = b.cast(Cast::Extend, scale, Ty::F64);
    let product = b.mul(floor, factor);
    let sum = b.add(at[0], at[1]);
    let three = b.i64(3);
    let which = b.and(sum, three);
    let square = b.table(&SQUARES, which);
    let start = b.add(product, square);
    let result = b.variable("result", Ty::F64);
    b.set(result, start);
    let fifty = b.i64(50);
    let limit = b.read(outside);
    let limit = b.cast(Cast::SignedToFloat, limit, Ty::F64);
    b.repeat(fifty, Order::Sequential, |b, _| {
        let now = b.read(result);
        let passed = b.compare(Compare::FGt, now, limit);
        b.when(passed, Likely::Unknown, |b| b.push(Stmt::Break(0)));
        let magnitude = b.unary(Unary::FAbs, now);
        let one = b.float(Ty::F64, 1.0);
        let more = b.add(magnitude, one);
        b.set(result, more);
    });
    let result = b.read(result);
    let base = b.mul(at[0], columns);
    let index = b.add(base, at[1]);
    let address = element(b, y, index, Ty::F64);
    b.store(address, result, MemoryClass(2));
}

fn offloaded(module: Module) -> (Offloaded, Ptx) {
    let offloaded = offload(&checked(module), 0);
    let ptx = compile_ptx(&offloaded.kernels).unwrap_or_else(|bug| panic!("{bug}\n{}", bug.ir));
    (offloaded, ptx)
}

/// A module whose entry `f` runs a kernel for each index below the first word, with the words behind it.
fn interpreted(offloaded: &Offloaded, row: usize) -> Module {
    let kernel = offloaded.kernels[row].function.clone();
    let parameters = kernel.parameters.clone();
    let mut module = Module { functions: vec![kernel], failures: Vec::new() };
    let mut b = Builder::new(&mut module.failures, "f", Linkage::Entry, vec![Ty::Ptr, Ty::Ptr], vec![]);
    let frame = b.parameter(0);
    let count = argument(&mut b, frame, 0, Ty::I64);
    let words: Vec<ValueId> = parameters.iter().enumerate().skip(1).map(|(n, ty)| argument(&mut b, frame, n, *ty)).collect();
    b.repeat(count, Order::Sequential, |b, index| {
        let arguments = std::iter::once(index).chain(words.iter().copied()).collect();
        b.call(FunctionId(0), arguments, &[]);
    });
    b.ret(vec![]);
    let function = b.finish();
    module.functions.push(function);
    module
}

#[test]
fn a_kernel_does_per_index_what_the_nest_does() {
    let (rows, columns) = (5_usize, 7_usize);
    let x: Vec<f64> = (0..rows * (columns + 2)).map(|n| n as f64 * 0.37 - 3.0).collect();
    let frame = |y: &mut Vec<f64>| {
        let pointers = [x.as_ptr() as u64, y.as_mut_ptr() as u64];
        vec![rows as u64, columns as u64, 8 * (columns as u64 + 2), pointers[0], pointers[1], u64::from(1.5_f32.to_bits()), 9]
    };
    let mut expected = vec![0.0; rows * columns];
    assert_eq!(Stage::new(&checked(sample()), host_levels()[0]).call(&frame(&mut expected), &mut []).0, 0);

    let (offloaded, ptx) = offloaded(sample());
    assert_eq!(offloaded.entries, [Entry { name: "f".to_owned(), rehearsed: false }]);
    assert_eq!(ptx.kernels, ["f__0"]);
    let mut found = vec![0.0; rows * columns];
    LAUNCHES.take();
    let host = checked(offloaded.host.clone());
    assert_eq!(Stage::new(&host, host_levels()[0]).call(&frame(&mut found), &mut []).0, 0);
    let launches = LAUNCHES.take();
    assert_eq!(launches.len(), 1);
    let (kernel, count, words) = &launches[0];
    assert_eq!((*kernel, *count), (0, 35));
    let mut frame = vec![*count];
    frame.extend(words);
    assert_eq!(Stage::new(&checked(interpreted(&offloaded, 0)), host_levels()[0]).call(&frame, &mut []).0, 0);
    assert_eq!(found, expected);
    assert!(expected.iter().any(|value| *value > 9.0));
}

#[test]
fn the_host_variant_has_a_symbol_of_its_own() {
    let (offloaded, _) = offloaded(sample());
    let options = Options { suffix: Some(GPU_SUFFIX), ..Options::default() };
    let object = compile(&checked(offloaded.host), &[&levels("aarch64-linux")[0]], &options).remove(0).unwrap();
    assert_eq!(object.symbols, ["f__gpu"]);
}

#[test]
fn entries_that_touch_elements_outside_of_nests_stay_on_the_host() {
    let touching = |write: fn(&mut Builder, ValueId, ValueId)| {
        let module = entry(|b, arguments, results| {
            let n = argument(b, arguments, 0, Ty::I64);
            let x = argument(b, arguments, 1, Ty::Ptr);
            b.nest(vec![n], |b, at| {
                let address = element(b, x, at[0], Ty::F64);
                let one = b.float(Ty::F64, 1.0);
                b.store(address, one, MemoryClass(1));
            });
            write(b, x, results);
        });
        offload(&checked(module), 0).entries.len()
    };
    assert_eq!(touching(|_, _, _| {}), 1);
    // A result word, and a block's header.
    assert_eq!(
        touching(|b, _, results| {
            let bytes = b.i64(64);
            let block = b.support(SupportRow::Allocate, vec![bytes, bytes], Some(Ty::Ptr)).unwrap();
            let data = b.load(Ty::Ptr, block, MemoryClass(2));
            let address = word_address(b, results, 0);
            b.store(address, data, MemoryClass::ANY);
        }),
        1
    );
    // An element.
    assert_eq!(
        touching(|b, x, _| {
            b.load(Ty::F64, x, MemoryClass(1));
        }),
        0
    );
    assert_eq!(offload(&checked(entry(|_, _, _| {})), 0).entries.len(), 0, "no nest at all");
}

#[test]
fn kernels_are_rounded_to_nearest_and_never_contracted() {
    let (_, ptx) = offloaded(everything());
    assert!(ptx.text.contains("mul.rn.f64") && ptx.text.contains("add.rn.f64"), "{}", ptx.text);
    assert!(ptx.text.contains("div.rn.f64") && ptx.text.contains("sqrt.rn.f64") && ptx.text.contains("div.rn.f32"));
    for word in ["fma.rn", "mad.rn", "approx", ".ftz", "mul.f64", "add.f64", "LLVM", "//", "ld.local", ".extern"] {
        assert!(!ptx.text.contains(word), "{word} in\n{}", ptx.text);
    }
    assert!(ptx.text.contains("ld.global") && !ptx.text.contains("ld.f64"), "loads know where they load from");
    assert_eq!(offloaded(everything()).1, ptx, "the same text every time");
}

/// Uses of every instruction that can stand in a nest, on doubles, floats and integers.
fn everything() -> Module {
    entry(|b, arguments, _| {
        let n = argument(b, arguments, 0, Ty::I64);
        let out = argument(b, arguments, 1, Ty::Ptr);
        b.nest(vec![n, n, n], |b, at| {
            let x = b.cast(Cast::SignedToFloat, at[2], Ty::F64);
            let y = b.cast(Cast::UnsignedToFloat, at[1], Ty::F64);
            let mut sum = b.mul(x, y);
            for op in [Binary::Add, Binary::Sub, Binary::Mul, Binary::FDiv, Binary::CopySign] {
                let next = b.binary(op, sum, y);
                sum = b.add(next, x);
            }
            for op in [Unary::FNeg, Unary::FAbs, Unary::Sqrt, Unary::Floor, Unary::Ceil, Unary::Trunc, Unary::RoundEven] {
                let next = b.unary(op, sum);
                sum = b.add(next, x);
            }
            let narrow = b.cast(Cast::Narrow, sum, Ty::F32);
            let quotient = b.fdiv(narrow, narrow);
            let root = b.unary(Unary::Sqrt, quotient);
            let wide = b.cast(Cast::Extend, root, Ty::F64);
            sum = b.add(sum, wide);
            let mut bits = b.cast(Cast::FloatToSigned, sum, Ty::I64);
            let unsigned = b.cast(Cast::FloatToUnsigned, sum, Ty::I64);
            let one = b.i64(1);
            let divisor = b.binary(Binary::Or, unsigned, one);
            for op in [Binary::SDiv, Binary::UDiv, Binary::SRem, Binary::URem, Binary::UMulHigh, Binary::SMin, Binary::UMax, Binary::Xor] {
                let next = b.binary(op, bits, divisor);
                bits = b.add(next, at[0]);
            }
            for op in [Unary::PopCount, Unary::LeadingZeros, Unary::TrailingZeros] {
                let next = b.unary(op, bits);
                bits = b.add(bits, next);
            }
            let three = b.i64(3);
            let amount = b.and(bits, three);
            let shifted = b.binary(Binary::Shl, bits, amount);
            let overflows = b.overflows(Binary::Mul, shifted, bits);
            let square = b.table(&SQUARES, amount);
            let chosen = b.select(overflows, square, sum);
            let small = b.cast(Cast::Truncate, bits, Ty::I8);
            let address = element(b, out, at[0], Ty::F64);
            b.store(address, chosen, MemoryClass(1));
            let address = element(b, out, at[1], Ty::I8);
            b.store(address, small, MemoryClass(2));
        });
    })
}

#[test]
fn many_kernels_are_one_module_and_share_tables() {
    let text = many(20).text;
    assert_eq!(text.matches(".version").count(), 1);
    assert_eq!(text.matches(".global .align").count(), 1);
    assert_eq!(text.matches(".visible .entry").count(), 20);
    assert_eq!(text, many(20).text);
    assert_eq!(compile_ptx(&[]).unwrap(), Ptx::default());
}

/// The same two kernels under many names.
fn many(count: usize) -> Ptx {
    let both = [offloaded(sample()).0, offloaded(everything()).0];
    let kernels: Vec<_> = (0..count)
        .map(|n| {
            let mut kernel = both[n % 2].kernels[0].clone();
            kernel.name = format!("f{n}__0");
            kernel
        })
        .collect();
    compile_ptx(&kernels).unwrap_or_else(|bug| panic!("{bug}\n{}", bug.ir))
}

#[test]
fn the_assembler_accepts_the_text() {
    let Some(assembler) = std::env::var_os("HYPERSONIC_PTXAS") else {
        eprintln!("SKIPPED: set HYPERSONIC_PTXAS to the path of `ptxas` (in `nvidia-cuda-nvcc` on PyPI) to run this test");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let texts = [("sample", offloaded(sample()).1), ("everything", offloaded(everything()).1), ("many", many(20))];
    for (name, Ptx { text, .. }) in texts {
        let path = folder.path().join(format!("{name}.ptx"));
        std::fs::write(&path, text).unwrap();
        for architecture in ["sm_75", "sm_90", "sm_100", "sm_120"] {
            let output = Command::new(&assembler)
                .args(["-arch", architecture, "-o"])
                .args([&folder.path().join("cubin"), &path])
                .output()
                .expect("ptxas runs");
            assert!(output.status.success(), "{name} {architecture}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
