//! What was made of what: the manifest, the report per function, the diagnostics in order.

use crate::back::{Library, Made};
use crate::exports;
use crate::front::Front;
use crate::rewrite::Rewritten;
use crate::unit::signature_text;
use crate::{FunctionReport, Output, Request};
use hypersonic_abi::exports::Exports;
use hypersonic_abi::manifest::{self, FileDigest, Literal, Manifest, MemberKind, Named, ValueType};
use hypersonic_array::described::{named, scalar, value_type};
use hypersonic_diagnostics::{Diagnostic, Span};
use hypersonic_loops::{Failure, FailureKind, MessagePart};
use hypersonic_ops::{Dtype, Flavor};
use hypersonic_scan::{Boosted, MethodKind, Order, ParameterType, Refused};
use hypersonic_typed::ir::MemberUse;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Puts everything together.
pub fn output(front: &Front, library: Library, request: &Request) -> Output {
    let rewritten = if request.rewrite { Rewritten::of(front, &library) } else { Rewritten::default() };
    let modules = modules(front, &library, &rewritten);
    let wrong = exports::refused(front, &library.made, &modules);
    let name = request.platform.library_name();
    let manifest = Manifest {
        abi: hypersonic_abi::ABI_VERSION,
        generator: request.generator.clone(),
        library: library.bytes.as_ref().map(|bytes| FileDigest { path: name.to_owned(), sha256: digest(bytes) }),
        platform: request.platform.name().to_owned(),
        levels: library.levels.clone(),
        ptx: library.ptx.as_ref().map(|text| FileDigest { path: "kernels.ptx".to_owned(), sha256: digest(text.as_bytes()) }),
        gpu_kernels: library.gpu_kernels.clone(),
        failures: library.failures.iter().map(|known| failure(front, known)).collect(),
        modules,
    };
    let compiled = front.boosted.iter().enumerate();
    let compiled = compiled.map(|(number, function)| (function.definition.span, report(front, &library, number, function)));
    let refused = front.refused.iter().map(|refused| (refused.definition.span, report_refused(front, refused)));
    let mut functions: Vec<(Span, FunctionReport)> = compiled.chain(refused).collect();
    functions.sort_by_key(|(span, _)| (span.file, span.start));
    let functions = functions.into_iter().map(|(_, function)| function).collect();
    let mut diagnostics: Vec<Diagnostic> = front.diagnostics.clone();
    for (_, diagnostic) in &library.diagnostics {
        if !diagnostics.contains(diagnostic) {
            diagnostics.push(diagnostic.clone());
        }
    }
    diagnostics.extend(wrong);
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| (label.span, diagnostic.id)));
    let rewritten = rewritten.into_texts().map(|(file, text)| (front.program.files[file as usize].source.path.clone(), text)).collect();
    Output { library: library.bytes, ptx: library.ptx, manifest, diagnostics, functions, rewritten }
}

fn report(front: &Front, library: &Library, number: usize, function: &Boosted) -> FunctionReport {
    let made: Vec<&Made> = library.made.iter().filter(|made| made.unit.function == number).collect();
    FunctionReport {
        module: front.program.files[function.file as usize].source.module.clone(),
        name: function.qualname.clone(),
        file: function.file,
        signatures: function.signatures.len(),
        compiled: made.len(),
        left: library.left.iter().filter(|left| **left == number).count(),
        gpu_kernels: made.iter().map(|made| made.gpu_kernels).sum(),
        parallel: different(made.iter().flat_map(|made| &made.unit.parallel)),
        notes: different(made.iter().flat_map(|made| &made.unit.notes)),
    }
}

/// Each once, in order of the first.
fn different<'t, T: Clone + PartialEq + 't>(all: impl Iterator<Item = &'t T>) -> Vec<T> {
    all.fold(Vec::new(), |mut found, each| {
        if !found.contains(each) {
            found.push(each.clone());
        }
        found
    })
}

fn report_refused(front: &Front, refused: &Refused) -> FunctionReport {
    FunctionReport {
        module: module_name(front, refused.file),
        name: refused.qualname.clone(),
        file: refused.file,
        signatures: 0,
        compiled: 0,
        left: 0,
        gpu_kernels: 0,
        parallel: Vec::new(),
        notes: Vec::new(),
    }
}

fn modules(front: &Front, library: &Library, rewritten: &Rewritten) -> BTreeMap<String, manifest::Module> {
    let mut modules: BTreeMap<String, manifest::Module> = BTreeMap::new();
    let mut pieces: BTreeSet<(u32, String)> = BTreeSet::new();
    for (number, function) in front.boosted.iter().enumerate() {
        let made: Vec<&Made> = library.made.iter().filter(|made| made.unit.function == number).collect();
        let depends: BTreeSet<(u32, String)> = made.iter().flat_map(|made| made.unit.depends.iter().cloned()).collect();
        pieces.extend(depends.iter().cloned());
        let reasons: BTreeSet<String> =
            library.diagnostics.iter().filter(|(owner, _)| *owner == number).map(|(_, found)| found.title.clone()).collect();
        let row = manifest::Function {
            depends: depends.iter().map(|(file, piece)| (module_name(front, *file), piece.clone())).collect(),
            parameters: function.definition.parameters.iter().map(|parameter| parameter.name.clone()).collect(),
            signatures: made.iter().map(|made| signature(front, function, made)).collect(),
            reasons: reasons.into_iter().collect(),
            object: object(front, function, &made),
            asserts: made.iter().any(|made| made.unit.asserts),
            left: made.is_empty() && library.left.contains(&number),
            parallel: made.iter().any(|made| !made.unit.parallel.is_empty()),
            exports: exports::of_manifest(function, &made),
        };
        entry(front, &mut modules, function.file).functions.insert(function.qualname.clone(), row);
    }
    for refused in &front.refused {
        let row = manifest::Function {
            depends: Vec::new(),
            parameters: refused.definition.parameters.iter().map(|parameter| parameter.name.clone()).collect(),
            signatures: Vec::new(),
            reasons: refused.reasons.clone(),
            object: None,
            asserts: false,
            left: false,
            parallel: false,
            exports: Exports::default(),
        };
        entry(front, &mut modules, refused.file).functions.entry(refused.qualname.clone()).or_insert(row);
    }
    for (file, piece) in pieces {
        let text = rewritten.piece_text(file, &piece).or_else(|| front.program.piece_text(file, &piece)).unwrap_or_default();
        entry(front, &mut modules, file).pieces.insert(piece, digest(text.as_bytes()));
    }
    for (file, source) in (0u32..).zip(&front.program.files) {
        if let (Some(text), Some(module)) = (rewritten.text(file), modules.get_mut(&source.source.module)) {
            module.sha256 = digest(text.as_bytes());
        }
    }
    modules
}

/// What a method needs of its object, in any of its signatures.
fn object(front: &Front, function: &Boosted, made: &[&Made]) -> Option<manifest::Object> {
    let found = function.method.as_ref().filter(|found| found.method.kind.has_receiver())?;
    let used: BTreeSet<&MemberUse> = made.iter().flat_map(|made| &made.unit.info.members).collect();
    let member = |used: &MemberUse| manifest::Member {
        name: used.name.clone(),
        kind: match used.kind {
            MethodKind::Plain => MemberKind::Method,
            MethodKind::Property => MemberKind::Property,
            MethodKind::OfClass => MemberKind::Class,
            MethodKind::Static => MemberKind::Static,
        },
        module: module_name(front, used.file),
        qualname: used.qualname.clone(),
        behind: used.behind.as_ref().map(|(file, class)| (module_name(front, *file), class.clone())),
    };
    Some(manifest::Object { attributes: found.attributes.clone(), members: used.into_iter().map(member).collect() })
}

fn module_name(front: &Front, file: u32) -> String {
    front.program.files[file as usize].source.module.clone()
}

fn entry<'m>(front: &Front, modules: &'m mut BTreeMap<String, manifest::Module>, file: u32) -> &'m mut manifest::Module {
    let source = &front.program.files[file as usize].source;
    modules.entry(source.module.clone()).or_insert_with(|| manifest::Module {
        sha256: digest(source.text.as_bytes()),
        pieces: BTreeMap::new(),
        functions: BTreeMap::new(),
    })
}

fn signature(front: &Front, function: &Boosted, made: &Made) -> manifest::Signature {
    let signature = &function.signatures[made.unit.signature];
    let attributes = made.unit.info.attributes.iter();
    manifest::Signature {
        text: signature_text(function, made.unit.signature),
        parameters: signature.parameters.iter().map(|kind| with_modules(front, parameter(kind))).collect(),
        result: with_modules(front, value_type(&made.unit.shown.0)),
        sets: attributes
            .zip(&made.unit.shown.1)
            .map(|(attribute, ty)| (attribute.name.clone(), with_modules(front, value_type(ty))))
            .collect(),
        writes: made.unit.info.writes.clone(),
        writes_elements: made.unit.info.writes_elements,
        exact_scalars: made.unit.given.exact,
        plain_results: made.unit.given.plain,
        contiguous: made.contiguous.clone(),
        strided: made.strided.clone(),
        gpu: made.gpu.clone(),
        rehearsed: made.rehearsed,
        glances: made.unit.info.glances,
        reads_characters: made.unit.info.reads_characters,
        releases_gil: !made.unit.info.bounded,
    }
}

/// The same with the names of modules.
fn with_modules(front: &Front, value: ValueType) -> ValueType {
    let inner = |value: ValueType| with_modules(front, value);
    let all = |values: Vec<ValueType>| values.into_iter().map(inner).collect();
    match value {
        ValueType::Named(named) => {
            let module = named.module.parse().map_or_else(|_| named.module.clone(), |file| module_name(front, file));
            ValueType::Named(Box::new(Named { module, value: inner(named.value), ..*named }))
        }
        ValueType::Tuple(items) => ValueType::Tuple(all(items)),
        ValueType::List(element) => ValueType::List(Box::new(inner(*element))),
        ValueType::Sequence(element) => ValueType::Sequence(Box::new(inner(*element))),
        ValueType::Set(element) => ValueType::Set(Box::new(inner(*element))),
        ValueType::Dict(entry) => ValueType::Dict(Box::new((inner(entry.0), inner(entry.1)))),
        ValueType::Optional(value) => ValueType::Optional(Box::new(inner(*value))),
        ValueType::Special(class, base) => ValueType::Special(class, Box::new(inner(*base))),
        other => other,
    }
}

fn parameter(parameter: &ParameterType) -> ValueType {
    let inner = |kind: &ParameterType| self::parameter(kind);
    match parameter {
        ParameterType::None => ValueType::None,
        ParameterType::Scalar(dtype, flavor) => scalar(*dtype, *flavor),
        ParameterType::Array { dtype, ndim, order, extents } => ValueType::Array {
            dtype: dtype.name().to_owned(),
            ndim: u32::from(*ndim),
            extents: extents.clone(),
            order: match order {
                Order::C => Some("C".to_owned()),
                Order::F => Some("F".to_owned()),
                Order::Any | Order::Strided => None,
            },
        },
        ParameterType::Tuple(items) => ValueType::Tuple(items.iter().map(inner).collect()),
        ParameterType::List(element) => ValueType::List(Box::new(inner(element))),
        ParameterType::Sequence(element) => ValueType::Sequence(Box::new(inner(element))),
        ParameterType::Set(element) => ValueType::Set(Box::new(inner(element))),
        ParameterType::Dict(key, value) => ValueType::Dict(Box::new((inner(key), inner(value)))),
        ParameterType::Special(special, base) => ValueType::Special(hypersonic_typed::class_number(special), Box::new(inner(base))),
        ParameterType::Str => ValueType::Str,
        ParameterType::Optional(value) => ValueType::Optional(Box::new(inner(value))),
        ParameterType::Named(class, value) => named(class, inner(value)),
        ParameterType::Slice(given) => {
            let bound = |given: &bool| if *given { scalar(Dtype::I64, Flavor::Python) } else { ValueType::None };
            ValueType::Slice(given.iter().map(bound).collect())
        }
        ParameterType::Class(name) => ValueType::Type(name.clone()),
        ParameterType::Module(name) => ValueType::Module(name.clone()),
        ParameterType::Callable(..) => ValueType::Callable(parameter.to_string()),
        ParameterType::LiteralBool(value) => ValueType::Literal(Literal::Bool(*value)),
        ParameterType::LiteralInt(value) => ValueType::Literal(Literal::Int(*value)),
        ParameterType::LiteralText(text) => ValueType::Literal(Literal::Text(text.clone())),
        ParameterType::TypeObject(dtype, flavor) => ValueType::Type(match scalar(*dtype, *flavor) {
            ValueType::Python(name) | ValueType::Numpy(name) => name,
            _ => dtype.name().to_owned(),
        }),
    }
}

/// What a user reads where Python would go on with a larger int, but cannot be asked: an argument is written already.
const LEFT_64_BITS: &str =
    "an int left the 64 bits of a compiled function after an argument was written (HYPERSONIC=off runs the Python function)";

/// The same where something has no compiled form for these values.
const ONLY_PYTHON: &str = "only Python can compute this, but an argument was written already (HYPERSONIC=off runs the Python function)";

fn failure(front: &Front, failure: &Failure) -> manifest::Failure {
    let (exception, retry) = match &failure.kind {
        FailureKind::Raise(name) => (name.clone(), failure.retry),
        FailureKind::User(name) => (name.clone(), false),
        FailureKind::IntegerOverflow => ("OverflowError".to_owned(), failure.retry),
        FailureKind::Memory => ("MemoryError".to_owned(), failure.retry),
        FailureKind::Unsupported | FailureKind::Strided => ("NotImplementedError".to_owned(), failure.retry),
    };
    let answered_by_python = match &failure.kind {
        FailureKind::IntegerOverflow => Some(LEFT_64_BITS),
        FailureKind::Unsupported | FailureKind::Strided => Some(ONLY_PYTHON),
        _ => None,
    };
    if let Some(text) = answered_by_python {
        let message = vec![manifest::MessagePart::Text(text.to_owned())];
        return manifest::Failure { exception, message, retry, line: failure.line };
    }
    let message = failure
        .message
        .iter()
        .map(|part| match part {
            MessagePart::Text(text) => manifest::MessagePart::Text(text.clone()),
            MessagePart::Int(number, spec) => manifest::MessagePart::Int(*number, spec.clone()),
            MessagePart::Float(number, spec) => manifest::MessagePart::Float(*number, spec.clone()),
            MessagePart::Python(what, value) => {
                let value = value.clone().map(|value| with_modules(front, value));
                manifest::MessagePart::Python(what.clone(), value)
            }
            MessagePart::Object(number) => manifest::MessagePart::Object(*number),
            MessagePart::Argument(number, kind) => manifest::MessagePart::Argument(*number, (*kind).to_owned()),
            MessagePart::Next => manifest::MessagePart::Next,
        })
        .collect();
    manifest::Failure { exception, message, retry, line: failure.line }
}

impl Output {
    /// The bytes of `manifest.json`: the manifest and the seal by which a runtime knows that it is whole.
    ///
    /// # Errors
    /// What the JSON writer says; a manifest has nothing that it could refuse.
    pub fn sealed_manifest(&self) -> Result<Vec<u8>, String> {
        let json = serde_json::to_vec(&self.manifest).map_err(|error| error.to_string())?;
        Ok(manifest::seal(json, digest))
    }
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
