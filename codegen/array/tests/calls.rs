//! Every library call that is typed computes what NumPy and CPython compute: the expressions and values of typing's table,
//! `codegen/typed/tests/data/call_table.txt`, lowered in both versions and interpreted.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "tests")]

use hypersonic_array::{Version, lower};
use hypersonic_loops::interp::{self, Memory};
use hypersonic_loops::{Checked, FunctionId, Module, text};
use hypersonic_ops::{Dtype, Kind, Type};
use hypersonic_scan::{ParameterType, Program, SourceFile};
use std::fmt::Write as _;

/// Extents and numbers of one value; complex numbers are two.
type Value = (Vec<i64>, Vec<f64>);

struct Parameter<'t> {
    name: &'t str,
    ty: &'t str,
    value: Value,
}

fn parse(text: &str) -> Vec<Value> {
    let one = |part: &str| {
        let (extents, numbers) = part.split_once(':').unwrap();
        let extents = extents.split(',').filter(|word| !word.is_empty()).map(|word| word.parse().unwrap()).collect();
        (extents, numbers.split(' ').filter(|word| !word.is_empty()).map(|word| word.parse().unwrap()).collect())
    };
    text.split('|').filter(|part| !part.is_empty()).map(one).collect()
}

fn word(dtype: Dtype, number: f64) -> u64 {
    match dtype.real() {
        Dtype::F32 => u64::from((number as f32).to_bits()),
        Dtype::F64 => number.to_bits(),
        _ => (number as i64).cast_unsigned(),
    }
}

fn number(dtype: Dtype, word: u64) -> f64 {
    let size = dtype.real().size();
    let unused = 64 - 8 * size;
    match dtype.real() {
        Dtype::F32 => f64::from(f32::from_bits(word as u32)),
        Dtype::F64 => f64::from_bits(word),
        signed if signed.is_signed() => ((word << unused).cast_signed() >> unused) as f64,
        _ => (word << unused >> unused) as f64,
    }
}

fn argument(memory: &mut Memory, ty: &ParameterType, (extents, numbers): &Value, words: &mut Vec<u64>) {
    match ty {
        ParameterType::Scalar(dtype, _) => words.extend(numbers.iter().map(|value| word(*dtype, *value))),
        ParameterType::Array { dtype, .. } => {
            let size = usize::try_from(dtype.real().size()).unwrap();
            let bytes = numbers.iter().flat_map(|value| word(*dtype, *value).to_le_bytes()[..size].to_vec()).collect();
            words.push(memory.add(bytes));
            words.extend(extents.iter().map(|extent| extent.cast_unsigned()));
            let mut strides = vec![dtype.size(); extents.len()];
            for axis in (1..extents.len()).rev() {
                strides[axis - 1] = strides[axis] * extents[axis].cast_unsigned();
            }
            words.extend(strides);
        }
        other => panic!("no argument of {other:?}"),
    }
}

fn load(memory: &Memory, dtype: Dtype, address: u64) -> Vec<f64> {
    let bytes = memory.bytes(address).unwrap();
    let size = usize::try_from(dtype.real().size()).unwrap();
    let parts = if dtype.kind() == Kind::Complex { 2 } else { 1 };
    let part = |n: usize| {
        let at = usize::try_from(address & 0xff_ffff_ffff).unwrap() + n * size;
        let mut word = [0; 8];
        word[..size].copy_from_slice(&bytes[at..at + size]);
        number(dtype, u64::from_le_bytes(word))
    };
    (0..parts).map(part).collect()
}

fn read(memory: &Memory, ty: &Type, words: &mut dyn Iterator<Item = u64>, values: &mut Vec<Value>) {
    match ty {
        Type::Scalar(dtype, _) => {
            let parts = if dtype.kind() == Kind::Complex { 2 } else { 1 };
            values.push((Vec::new(), words.take(parts).map(|word| number(*dtype, word)).collect()));
        }
        Type::Array(dtype, rank) => {
            let head: Vec<i64> = words.take(2 + 2 * usize::from(*rank)).map(u64::cast_signed).collect();
            let (extents, strides) = head[2..].split_at(usize::from(*rank));
            let mut numbers = Vec::new();
            for place in 0..extents.iter().product() {
                let (mut rest, mut address) = (place, head[1]);
                for (extent, stride) in extents.iter().zip(strides).rev() {
                    address += rest % extent * stride;
                    rest /= extent;
                }
                numbers.extend(load(memory, *dtype, address.cast_unsigned()));
            }
            values.push((extents.to_vec(), numbers));
        }
        Type::Tuple(items) => items.iter().for_each(|item| read(memory, item, words, values)),
        _ => {}
    }
}

fn evaluate(parameters: &[Parameter], expression: &str, version: Version) -> Result<Vec<Value>, String> {
    let list: Vec<_> = parameters.iter().map(|parameter| format!("{}: '{}'", parameter.name, parameter.ty)).collect();
    let header = "import cmath\nimport math\nimport random\nimport numpy as np\nfrom hypersonic import boost\n\n@boost\n";
    let source = format!("{header}def function({}):\n    return {expression}\n", list.join(", "));
    let file = SourceFile { path: "module.py".into(), module: "module".into(), is_package: false, text: source, exports: None };
    let (program, _) = Program::parse(vec![file]);
    let (boosted, _) = hypersonic_scan::scan(&program);
    let signature = &boosted[0].signatures[0];
    let unit = hypersonic_typed::specialize(&program, &boosted[0], signature).and_then(hypersonic_typed::check::check);
    let unit = unit.map_err(|found| found[0].title.clone())?;
    let mut module = Module::default();
    let info = lower(&unit, "entry", version, &mut module, &|_| 1).map_err(|found| format!("{} {}", found[0].title, found[0].text))?;
    let module = Checked::new(module).map_err(|found| found.join("; "))?;
    let (mut memory, mut words) = (Memory::default(), Vec::new());
    for (parameter, ty) in parameters.iter().zip(&signature.parameters) {
        argument(&mut memory, ty, &parameter.value, &mut words);
    }
    let frame = memory.add_words(&words);
    let results = memory.add_words(&[0; 64]);
    match interp::call(&module, FunctionId(0), &[frame, results], &mut memory) {
        interp::Outcome::Returned(_) => {
            let mut values = Vec::new();
            read(&memory, &info.result, &mut memory.words(results).into_iter(), &mut values);
            Ok(values)
        }
        interp::Outcome::Failed(failure, _) => Err(text::describe(&module.failures[failure.index()])),
        interp::Outcome::Trapped(trap) => Err(format!("{trap:?}")),
    }
}

/// Elementary functions have bounds of a few units in the last place; everything else is exact, and mostly tested so elsewhere.
fn close(found: f64, expected: f64, tolerance: f64) -> bool {
    found == expected || (found.is_nan() && expected.is_nan()) || (found - expected).abs() <= tolerance * expected.abs().max(1e-3)
}

/// The parameters, the calls that return, and the calls that raise.
fn table() -> (Vec<Parameter<'static>>, &'static str, &'static str) {
    let table = include_str!("../../typed/tests/data/call_table.txt");
    let [head, returning, raising] = <[&str; 3]>::try_from(table.split("---\n").collect::<Vec<_>>()).unwrap();
    let parameter = |line: &'static str| {
        let [name, ty, value] = columns(line);
        Parameter { name, ty, value: parse(value).remove(0) }
    };
    (head.lines().map(parameter).collect(), returning, raising)
}

fn columns(line: &'static str) -> [&'static str; 3] {
    <[&str; 3]>::try_from(line.split('\t').collect::<Vec<_>>()).unwrap()
}

#[test]
fn every_call_that_raises_raises_the_same() {
    let (parameters, _, raising) = table();
    let mut wrong = String::new();
    for case in raising.lines() {
        let [exception, expression, message] = columns(case);
        let found = evaluate(&parameters, expression, Version::Strided);
        // Numbers in messages are filled in by the runtime; the words up to the first one are compared.
        let words = message.split(|c: char| c.is_ascii_digit() || c == '-').next().unwrap();
        if !found.as_ref().is_err_and(|failure| failure.contains(exception) && failure.contains(words)) {
            let _ = writeln!(wrong, "{expression}: Python {exception}({message}), ours {found:?}");
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{wrong}", wrong.lines().count());
}

#[test]
fn every_call_computes_what_python_computes() {
    let (parameters, cases, _) = table();
    let (mut wrong, mut checked) = (String::new(), 0);
    for case in cases.lines() {
        let [ty, expression, value] = columns(case);
        if value.is_empty() {
            continue;
        }
        let expected = parse(value);
        let tolerance = if ty.contains("32") || ty.contains("complex64") { 2.0 * f64::from(f32::EPSILON) } else { 5.0 * f64::EPSILON };
        for version in [Version::Strided, Version::Contiguous] {
            checked += 1;
            let found = evaluate(&parameters, expression, version);
            let same = |found: &[Value]| {
                found.len() == expected.len()
                    && found.iter().zip(&expected).all(|(found, expected)| {
                        let near = found.1.iter().zip(&expected.1).all(|(found, expected)| close(*found, *expected, tolerance));
                        found.0 == expected.0 && found.1.len() == expected.1.len() && near
                    })
            };
            if !found.as_ref().is_ok_and(|found| same(found)) {
                let _ = writeln!(wrong, "{expression} ({version:?}): Python {expected:?}, ours {found:?}");
            }
        }
    }
    assert!(checked > 1400, "only {checked} checked");
    assert!(wrong.is_empty(), "{} wrong:\n{wrong}", wrong.lines().count());
}
