//! Runs Python snippets through parser, scanner, typer and lowering, and interprets the loops over simulated memory.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "each test file uses a part; tests may panic")]

use hypersonic_array::{EntryInfo, Version, lower};
use hypersonic_loops::interp::{self, Memory};
use hypersonic_loops::{Checked, FunctionId, Module, text};
use hypersonic_ops::{Dtype, Flavor, Type};
use hypersonic_scan::{Program, SourceFile};

/// An argument.
#[derive(Clone, Debug)]
pub enum Arg {
    Int(i64),
    Float(f64),
    Bool(bool),
    /// Elements, extents, strides in elements, index of the first element.
    View(Vec<f64>, Vec<i64>, Vec<i64>, i64),
    /// int64 elements and extents.
    Ints(Vec<i64>, Vec<i64>),
    /// bool elements and extents.
    Bools(Vec<bool>, Vec<i64>),
    /// The same memory as argument n: extents, strides in elements, index of the first.
    Same(usize, Vec<i64>, Vec<i64>, i64),
}

/// A C-contiguous float64 array.
pub fn array(elements: &[f64], shape: &[i64]) -> Arg {
    Arg::View(elements.to_vec(), shape.to_vec(), packed(shape), 0)
}

fn packed(shape: &[i64]) -> Vec<i64> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis];
    }
    strides
}

/// A result.
#[derive(Clone, Debug, PartialEq)]
pub enum Out {
    None,
    Int(i64),
    Float(f64),
    Bool(bool),
    Complex(f64, f64),
    Array(Vec<f64>, Vec<i64>),
    Tuple(Vec<Out>),
}

/// What a call came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    pub out: Result<Out, String>,
    /// The float64 elements of each array argument afterwards.
    pub after: Vec<Vec<f64>>,
    /// Blocks that are live afterwards.
    pub live: usize,
}

pub struct Compiled {
    pub module: Checked<Module>,
    pub info: EntryInfo,
    pub text: String,
}

/// Compiles the last function of a snippet, whose annotations are its first signature.
pub fn compile(source: &str, version: Version) -> Result<Compiled, String> {
    let text = format!("import math\nimport numpy as np\nfrom hypersonic import boost\n{source}");
    let file = SourceFile { path: "m.py".into(), module: "m".into(), is_package: false, text, exports: None };
    let (program, mistakes) = Program::parse(vec![file]);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let (boosted, diagnostics) = hypersonic_scan::scan(&program);
    let function = boosted.last().ok_or_else(|| format!("{diagnostics:?}"))?;
    let unit = hypersonic_typed::specialize(&program, function, &function.signatures[0]).map_err(|found| format!("{found:?}"))?;
    let unit = hypersonic_typed::check::check(unit).map_err(|found| format!("{found:?}"))?;
    let mut module = Module::default();
    let info = lower(&unit, "entry", version, &mut module, &|_| 7).map_err(|found| format!("{found:?}"))?;
    let text = text::module(&module);
    let module = Checked::new(module).map_err(|found| format!("{}\n{text}", found.join("\n")))?;
    Ok(Compiled { module, info, text })
}

fn write_argument(memory: &mut Memory, arg: &Arg, bases: &mut Vec<u64>, words: &mut Vec<u64>) {
    let mut view = |base: u64, size: i64, shape: &[i64], strides: &[i64], first: i64, bases: &mut Vec<u64>| {
        bases.push(base);
        words.push(base.wrapping_add((first * size).cast_unsigned()));
        words.extend(shape.iter().map(|extent| extent.cast_unsigned()));
        words.extend(strides.iter().map(|stride| (stride * size).cast_unsigned()));
    };
    match arg {
        Arg::Int(value) => words.push(value.cast_unsigned()),
        Arg::Bool(value) => words.push(u64::from(*value)),
        Arg::Float(value) => words.push(value.to_bits()),
        Arg::View(elements, shape, strides, first) => {
            let base = memory.add_doubles(elements);
            view(base, 8, shape, strides, *first, bases);
        }
        Arg::Ints(elements, shape) => {
            let base = memory.add_words(&elements.iter().map(|value| value.cast_unsigned()).collect::<Vec<_>>());
            view(base, 8, shape, &packed(shape), 0, bases);
        }
        Arg::Bools(elements, shape) => {
            let base = memory.add(elements.iter().map(|value| u8::from(*value)).collect());
            view(base, 1, shape, &packed(shape), 0, bases);
        }
        Arg::Same(n, shape, strides, first) => {
            let base = bases[*n];
            view(base, 8, shape, strides, *first, bases);
        }
    }
}

/// Calls what was compiled.
pub fn call(compiled: &Compiled, args: &[Arg]) -> Ran {
    let mut memory = Memory::default();
    let (mut bases, mut words) = (Vec::new(), Vec::new());
    for arg in args {
        write_argument(&mut memory, arg, &mut bases, &mut words);
    }
    words.push(0);
    let frame = memory.add_words(&words);
    let results = memory.add_words(&[0; 64]);
    let before = memory.live();
    let outcome = interp::call(&compiled.module, FunctionId(0), &[frame, results], &mut memory);
    let out = match outcome {
        interp::Outcome::Returned(_) => {
            let words = memory.words(results);
            Ok(read(&memory, &compiled.info.result, &mut words.into_iter()))
        }
        interp::Outcome::Failed(failure, values) => {
            let row = &compiled.module.failures[failure.index()];
            Err(format!("{} {:?}", text::describe(row), values.iter().map(|value| value.cast_signed()).collect::<Vec<_>>()))
        }
        interp::Outcome::Trapped(trap) => panic!("{trap:?}\n{}", compiled.text),
    };
    let after = bases.iter().map(|base| memory.doubles(*base)).collect();
    Ran { out, after, live: memory.live() - before }
}

fn read(memory: &Memory, ty: &Type, words: &mut dyn Iterator<Item = u64>) -> Out {
    let mut next = || words.next().unwrap();
    match ty {
        Type::Scalar(Dtype::Bool, _) => Out::Bool(next() & 1 == 1),
        Type::Scalar(Dtype::F64, _) => Out::Float(f64::from_bits(next())),
        Type::Scalar(Dtype::F32, _) => Out::Float(f64::from(f32::from_bits(u32::try_from(next()).unwrap()))),
        Type::Scalar(Dtype::C128, _) => Out::Complex(f64::from_bits(next()), f64::from_bits(next())),
        Type::Scalar(_, Flavor::Python | Flavor::Numpy) => Out::Int(next().cast_signed()),
        Type::Array(dtype, rank) => {
            let _owner = next();
            let data = next();
            let shape: Vec<i64> = (0..*rank).map(|_| next().cast_signed()).collect();
            let strides: Vec<i64> = (0..*rank).map(|_| next().cast_signed()).collect();
            let count: i64 = shape.iter().product();
            let mut elements = Vec::new();
            for n in 0..count {
                let (mut rest, mut address) = (n, data.cast_signed());
                for (extent, stride) in shape.iter().zip(&strides).rev() {
                    address += rest % extent * stride;
                    rest /= extent;
                }
                elements.push(element(memory, *dtype, address.cast_unsigned()));
            }
            Out::Array(elements, shape)
        }
        Type::Tuple(items) => Out::Tuple(items.iter().map(|item| read(memory, item, words)).collect()),
        _ => Out::None,
    }
}

fn element(memory: &Memory, dtype: Dtype, address: u64) -> f64 {
    let bytes = memory.bytes(address).unwrap();
    let at = usize::try_from(address & 0xff_ffff_ffff).unwrap();
    let mut word = [0; 8];
    let size = usize::try_from(dtype.size()).unwrap().min(8);
    word[..size].copy_from_slice(&bytes[at..at + size]);
    let bits = u64::from_le_bytes(word);
    match dtype {
        Dtype::F64 | Dtype::C128 => f64::from_bits(bits),
        Dtype::F32 => f64::from(f32::from_bits(u32::try_from(bits).unwrap())),
        #[allow(clippy::cast_precision_loss, reason = "tests use small integers")]
        _ => bits.cast_signed() as f64,
    }
}

/// Runs a snippet in both versions; they must agree, unless the first leaves the call to the other as the runtime is told.
/// `Strided` only, if an argument is not contiguous.
pub fn run(source: &str, args: &[Arg]) -> Ran {
    let contiguous = args.iter().all(|arg| match arg {
        Arg::View(_, shape, strides, _) | Arg::Same(_, shape, strides, _) => *strides == packed(shape),
        _ => true,
    });
    let strided = call(&compile(source, Version::Strided).unwrap(), args);
    if contiguous {
        let other = call(&compile(source, Version::Contiguous).unwrap(), args);
        if !matches!(&other.out, Err(text) if text.starts_with("Strided")) {
            assert_eq!(strided, other, "the versions differ");
        }
    }
    strided
}

/// The result of a snippet that does not fail.
pub fn eval(source: &str, args: &[Arg]) -> Out {
    run(source, args).out.unwrap()
}

/// The loop IR of the contiguous version.
pub fn loops(source: &str) -> String {
    compile(source, Version::Contiguous).unwrap().text
}
