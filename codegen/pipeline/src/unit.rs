//! One signature of one function to checked loop IR, in all its versions. A mistake of ours in one function is
//! reported for that function and spoils no other.

use crate::copies::{self, Speed};
use crate::exports::{self, Thunks};
use crate::front::Front;
use crate::partly;
use crate::{Observer, Progress};
use hypersonic_array::{EntryInfo, Version};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_loops::{Checked, Module, passes};
use hypersonic_ops::Type;
use hypersonic_scan::{Boosted, Program};
use hypersonic_typed::parallel::{self, Outlined};
use hypersonic_typed::specialize;
use hypersonic_typed::weak::{GivenScalars, given_scalars};
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

/// A signature as loop IR.
pub struct Unit {
    /// Position of the function in [`Front::boosted`].
    pub function: usize,
    /// Position of the signature in the function.
    pub signature: usize,
    /// The version for C-contiguous arrays, if it takes arrays at all.
    pub contiguous: Option<Checked<Module>>,
    /// The version for any strides.
    pub strided: Checked<Module>,
    /// That version for GPUs, if loops of the other ones are functions of chunks.
    pub whole: Option<Checked<Module>>,
    /// Its loops that may run on several threads.
    pub parallel: Vec<Span>,
    /// Why other loops that are marked stay on one thread.
    pub notes: Vec<Diagnostic>,
    /// What is known of the entries.
    pub info: EntryInfo,
    /// How many operations there are beside functions that are Python's own, if these do all that takes long.
    pub passes_on: Option<usize>,
    /// What a call with NumPy's scalars for Python's must heed.
    pub given: GivenScalars,
    /// What it was made from: (file, piece).
    pub depends: Vec<(u32, String)>,
    /// What it returns and sets, with the names of classes.
    pub shown: (Type, Vec<Type>),
    /// Whether it has an `assert`.
    pub asserts: bool,
    /// Functions around its entry for arrays of any strides.
    pub thunks: Thunks,
}

/// The units that could be made, and why the others could not.
#[derive(Default)]
pub struct Units {
    /// In order of function and signature.
    pub made: Vec<Unit>,
    /// In no order.
    pub diagnostics: Vec<(usize, Diagnostic)>,
    /// The functions of signatures that are left to Python, each as often as it has some.
    pub left: Vec<usize>,
}

/// Lowers every signature of every function. Those that Python runs faster are left to it, unless `always`.
pub fn lower(front: &Front, always: bool, observer: &Observer<'_>) -> Units {
    let lines: Vec<Vec<u32>> = front.program.files.iter().map(|file| line_ends(&file.source.text)).collect();
    let outcomes: Vec<_> = front
        .boosted
        .par_iter()
        .enumerate()
        .map(|(number, function)| {
            let outcome: Vec<_> = function
                .signatures
                .iter()
                .enumerate()
                .map(|(at, _)| guarded(function, || one(&front.program, number, function, at, &lines)))
                .collect();
            observer(Progress::Done(&front.program.files[function.file as usize].source.module, &function.qualname));
            (number, outcome)
        })
        .collect();
    let mut units = Units::default();
    for (number, outcome) in outcomes {
        let function = &front.boosted[number];
        let (before, left) = (units.made.len(), units.left.len());
        let (mut failed, mut slow) = (Vec::new(), Vec::new());
        for (at, signature) in outcome.into_iter().enumerate() {
            match signature.map(|unit| (copies::judge(function, &unit, always), unit)) {
                Ok((Some(Speed::Slower(found)), _)) => {
                    units.left.push(number);
                    slow.push(found);
                }
                Ok((found, unit)) => {
                    slow.extend(found.map(Speed::into_diagnostic));
                    units.made.push(unit);
                }
                Err(diagnostics) => failed.push((at, diagnostics)),
            }
        }
        let diagnostics: Vec<Diagnostic> = if units.made.len() > before || units.left.len() > left {
            partly::diagnostics(function, failed).into_iter().chain(slow.into_iter().next()).collect()
        } else {
            failed.into_iter().flat_map(|(_, diagnostics)| diagnostics).collect()
        };
        units.diagnostics.extend(diagnostics.into_iter().map(|found| (number, found)));
    }
    units
}

/// Turns a panic of ours into a diagnostic.
pub fn guarded<T>(function: &Boosted, work: impl FnOnce() -> Result<T, Vec<Diagnostic>>) -> Result<T, Vec<Diagnostic>> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
        Err(vec![internal(function, &text.unwrap_or_default())])
    })
}

/// A signature as it is shown: `f(float64[:], int)`.
pub fn signature_text(function: &Boosted, at: usize) -> String {
    let names = function.method.iter().flat_map(|found| &found.attributes).map(|name| format!("self.{name}: "));
    let names = names.chain(std::iter::repeat(String::new()));
    let types = function.signatures[at].parameters.iter().map(|parameter| parameter.to_type().to_string());
    let parameters: Vec<String> = names.zip(types).map(|(name, ty)| name + &ty).collect();
    format!("{}({})", function.qualname, parameters.join(", "))
}

/// A mistake of ours in a function.
pub fn internal(function: &Boosted, text: &str) -> Diagnostic {
    let title = format!("`{}` stays pure Python: the compiler made a mistake", function.qualname);
    let mut diagnostic = Diagnostic::new(Id::Internal, title, function.definition.name_span, "in this function");
    diagnostic.text = text.to_owned();
    diagnostic.with_hint("please report it with this text and the function")
}

/// A signature as typed IR, after its passes.
pub struct Typed {
    /// The unit.
    pub unit: hypersonic_typed::Checked<hypersonic_typed::ir::Unit>,
    /// What a call with NumPy's scalars for Python's must heed: as the user wrote the functions.
    pub given: GivenScalars,
}

/// Types a signature and runs the passes over it; `see` is told of the unit before them (`typed`) and after each.
pub fn typed(
    program: &Program,
    function: &Boosted,
    at: usize,
    see: &(dyn Fn(&str, &hypersonic_typed::ir::Unit) + Sync),
) -> Result<Typed, Vec<Diagnostic>> {
    let unit = specialize(program, function, &function.signatures[at])?;
    let given = given_scalars(&unit);
    let unit = hypersonic_typed::check::check(unit)?;
    see("typed", &unit);
    let unit = hypersonic_typed::passes::run(unit, see)?;
    Ok(Typed { unit, given })
}

fn one(program: &Program, number: usize, function: &Boosted, at: usize, lines: &[Vec<u32>]) -> Result<Unit, Vec<Diagnostic>> {
    let passes_on = OnceLock::new();
    let Typed { unit, given } = typed(program, function, at, &|pass, unit| {
        if pass == "typed" {
            passes_on.get_or_init(|| hypersonic_array::glances::passes_on(unit, |file| program.is_library(file)));
        }
    })?;
    let passes_on = passes_on.into_inner().flatten();
    let (depends, shown, asserts) = (unit.depends.clone(), unit.shown.clone(), unit.asserts);
    let line_of = |span: Span| {
        let before = lines.get(span.file as usize).map_or(0, |ends| ends.partition_point(|end| *end < span.start));
        u32::try_from(before + 1).unwrap_or(0)
    };
    let name = entry_name(program, number, function, at);
    let version = |unit: &hypersonic_typed::Checked<hypersonic_typed::ir::Unit>, version: Version, suffix: &str| {
        let mut module = Module::default();
        let info = hypersonic_array::lower(unit, &format!("{name}_{suffix}"), version, &mut module, &line_of)?;
        let module = Checked::new(module).and_then(passes::run).map_err(|problems| vec![internal(function, &problems.join("\n"))])?;
        Ok::<_, Vec<Diagnostic>>((module, info))
    };
    let versions = |unit: &hypersonic_typed::Checked<hypersonic_typed::ir::Unit>| {
        let (strided, info) = version(unit, Version::Strided, "strided")?;
        let contiguous = if info.takes_arrays { Some(version(unit, Version::Contiguous, "contiguous")?.0) } else { None };
        Ok::<_, Vec<Diagnostic>>((strided, contiguous, info))
    };
    let Outlined { unit: outlined, loops: parallel, notes } = parallel::outline(&unit)?;
    let (strided, contiguous, info) = versions(outlined.as_ref().unwrap_or(&unit))?;
    let whole = if outlined.is_some() { Some(version(&unit, Version::Strided, "strided")?.0) } else { None };
    let thunks = exports::thunks(function, at, &info.result, &format!("{name}_strided"));
    Ok(Unit {
        function: number,
        signature: at,
        contiguous,
        strided,
        whole,
        parallel,
        notes,
        info,
        passes_on,
        given,
        depends,
        shown,
        asserts,
        thunks,
    })
}

/// Byte offsets of the ends of lines.
fn line_ends(text: &str) -> Vec<u32> {
    text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX)).collect()
}

/// A C identifier that is unique in the library and tells what it is.
fn entry_name(program: &Program, number: usize, function: &Boosted, at: usize) -> String {
    let module = &program.files[function.file as usize].source.module;
    let readable: String =
        format!("{module}_{}", function.qualname).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("hs_{number}_{at}_{readable}")
}
