//! What is made of functions besides Python functions: an entry of the C header, a plain C function, the loops of a ufunc. Decides which
//! thunks a unit gets, and says of each wish that cannot be met why.

use crate::back::Made;
use crate::c_signature::parts_of;
use crate::front::Front;
use crate::plain;
use hypersonic_abi::exports::{Capsule, Exports, UfuncLoop};
use hypersonic_abi::manifest::{self, Function};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_llvm::thunk::{Form, Loop, Thunk};
use hypersonic_ops::{Dtype, Type};
use hypersonic_scan::{Boosted, ParameterType};
use std::collections::BTreeMap;

/// The thunks of a unit.
#[derive(Clone, Debug, Default)]
pub struct Thunks {
    /// All of them: that of the capsule, that of the ufunc.
    pub all: Vec<Thunk>,
    /// The C signature of the capsule.
    capsule: Option<String>,
    /// What the loop of the ufunc takes and gives.
    ufunc: Option<(Vec<Dtype>, Dtype)>,
    /// What is not made, and why.
    pub refused: Vec<Diagnostic>,
}

/// Which thunks a signature gets; `entry` is the entry that takes arrays of any strides.
pub fn thunks(function: &Boosted, at: usize, result: &Type, entry: &str) -> Thunks {
    let mut thunks = Thunks::default();
    let parameters = function.signatures.get(at).map(|signature| signature.parameters.as_slice()).unwrap_or_default();
    let mut refuse = |what: &str, why: &str, span: Span| thunks.refused.push(refusal(function, what, why, span));
    if let Some(capsule) = &function.exports.capsule {
        let made = match &capsule.signature {
            _ if function.method.is_some() => Err("it is a method".to_owned()),
            _ if function.signatures.len() > 1 => Err("it has several signatures, and a C function has one".to_owned()),
            Some(text) => Ok(text.clone()),
            None => plain::derived(parameters, result),
        };
        match made.and_then(|text| Ok((plain::of_text(parameters, result, &text)?, text))) {
            Ok((form, text)) => {
                thunks.all.push(Thunk { name: format!("{entry}_capsule"), entry: entry.to_owned(), form: Form::Plain(form) });
                thunks.capsule = Some(text);
            }
            Err(why) if at == 0 => refuse("has no capsule", &why, capsule.span),
            Err(_) => {}
        }
    }
    if let Some(span) = function.exports.ufunc {
        match ufunc(function, parameters, result) {
            Ok((inputs, output)) => {
                let of = Loop { inputs: inputs.iter().copied().map(parts_of).collect(), output: parts_of(output) };
                thunks.all.push(Thunk { name: format!("{entry}_ufunc"), entry: entry.to_owned(), form: Form::Loop(of) });
                thunks.ufunc = Some((inputs, output));
            }
            Err(why) => refuse("is no ufunc", &why, span),
        }
    }
    thunks
}

/// The dtypes that the loop of a ufunc takes and gives.
fn ufunc(function: &Boosted, parameters: &[ParameterType], result: &Type) -> Result<(Vec<Dtype>, Dtype), String> {
    if function.method.is_some() {
        return Err("it is a method".to_owned());
    }
    if parameters.is_empty() {
        return Err("it takes nothing".to_owned());
    }
    let dtype = |parameter: &ParameterType| match parameter {
        ParameterType::Scalar(dtype, _) => Ok(*dtype),
        other => Err(format!("it takes `{other}`, not only numbers")),
    };
    let inputs = parameters.iter().map(dtype).collect::<Result<_, _>>()?;
    match result {
        Type::Scalar(dtype, _) => Ok((inputs, *dtype)),
        other => Err(format!("it returns `{other}`, not one number")),
    }
}

/// What the manifest says of the exports of a function, of which `made` is compiled.
pub fn of_manifest(function: &Boosted, made: &[&Made]) -> Exports {
    let symbols = |made: &Made, end: &str| {
        let found = made.unit.thunks.all.iter().position(|thunk| thunk.name.ends_with(end));
        found.and_then(|at| made.thunks.get(at)).cloned().unwrap_or_default()
    };
    let capsule = made.iter().find_map(|made| {
        let signature = made.unit.thunks.capsule.clone()?;
        let replaces = function.undecorated && function.exports.capsule.as_ref().is_some_and(|capsule| capsule.replaces);
        Some(Capsule { signature, symbols: symbols(made, "_capsule"), replaces })
    });
    let mut loops: Vec<(&Vec<Dtype>, Dtype, &Made)> = made
        .iter()
        .filter_map(|made| {
            let (inputs, output) = made.unit.thunks.ufunc.as_ref()?;
            Some((inputs, *output, *made))
        })
        .collect();
    // A function is a ufunc with all its signatures, or not at all. NumPy takes the first loop that it can cast to.
    if loops.len() < function.signatures.len() {
        loops.clear();
    }
    loops.sort_by(|one, other| one.0.cmp(other.0));
    let name = |dtype: &Dtype| dtype.name().to_owned();
    let ufunc = loops.into_iter().map(|(inputs, output, made)| UfuncLoop {
        inputs: inputs.iter().map(name).collect(),
        output: name(&output),
        symbols: symbols(made, "_ufunc"),
    });
    Exports { c: function.exports.c.is_some() && !made.is_empty(), capsule, ufunc: ufunc.collect() }
}

/// What is wrong with the exports of functions that were compiled.
pub fn refused(front: &Front, made: &[Made], modules: &BTreeMap<String, manifest::Module>) -> Vec<Diagnostic> {
    let row = |function: &Boosted| {
        let module = &front.program.files.get(function.file as usize)?.source.module;
        modules.get(module)?.functions.get(&function.qualname)
    };
    let compiled = front.boosted.iter().filter_map(|function| Some((function, row(function).filter(|row| !row.signatures.is_empty())?)));
    let from_c = compiled.filter_map(|(function, row)| refused_by_c(function, row));
    from_c.chain(made.iter().flat_map(|made| made.unit.thunks.refused.iter().cloned())).collect()
}

fn refused_by_c(function: &Boosted, row: &Function) -> Option<Diagnostic> {
    let span = function.exports.c?;
    hypersonic_header::refusal(row).map(|why| refusal(function, "is not in the C header", &why, span))
}

/// A function of which something is not made.
fn refusal(function: &Boosted, what: &str, why: &str, span: Span) -> Diagnostic {
    let title = format!("`{}` {what}: {why}", function.qualname);
    Diagnostic::new(Id::UnsupportedExport, title, span, "asked for here")
        .with_hint("docs/exports.md says what can be exported; the function itself is compiled all the same")
}
