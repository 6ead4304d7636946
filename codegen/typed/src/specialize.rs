//! The door of this room: one boosted function and one signature in, a unit of typed IR or diagnostics out.

use crate::ir::{Constant, Unit};
use crate::objects::sites::Sites;
use crate::records::erase;
use crate::unit::{Argument, Callee, Refusal, UnitTyper};
use hypersonic_diagnostics::{Diagnostic, Id};
use hypersonic_ops::{Factory, Flavor, Special, Type};
use hypersonic_scan::{Boosted, ParameterType, Program, Signature};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Enough for the deepest nesting of the deepest chain of calls that the limits allow.
const STACK_BYTES: usize = 256 << 20;

/// Most times that a unit is typed anew because attributes of more types were set, or more is known of what containers hold.
const MAX_ATTEMPTS: usize = 40;

/// Types a function for one signature, with everything it calls.
///
/// # Errors
/// Every reason found why it cannot be compiled, in order of place; never empty.
pub fn specialize(program: &Program, function: &Boosted, signature: &Signature) -> Result<Unit, Vec<Diagnostic>> {
    let work = || specialize_here(program, function, signature);
    std::thread::scope(|scope| match std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work) {
        Ok(handle) => handle.join().unwrap_or_else(|_| Err(vec![broken(function)])),
        Err(_) => work(),
    })
}

fn broken(function: &Boosted) -> Diagnostic {
    let title = format!("`{}` could not be typed", function.qualname);
    Diagnostic::new(Id::Internal, title, function.definition.name_span, "typing stopped here")
}

fn specialize_here(program: &Program, function: &Boosted, signature: &Signature) -> Result<Unit, Vec<Diagnostic>> {
    let definition = &function.definition;
    let method = function.method.as_ref();
    let object = method.is_some_and(|method| method.method.kind.has_receiver());
    let given = definition.parameters.len() - usize::from(object) + method.map_or(0, |method| method.attributes.len());
    if signature.parameters.len() != given {
        let title = format!("`{}` has {given} parameters, the signature {}", function.qualname, signature.parameters.len());
        return Err(vec![Diagnostic::new(Id::BadAnnotation, title, definition.name_span, "defined here")]);
    }
    let arguments: Vec<Argument> = signature.parameters.iter().map(argument).collect();
    let (class, method) = (method.map(|method| Arc::clone(&method.class)), method.map(|method| method.method.clone()));
    let callee = Callee { file: function.file, definition: Arc::clone(definition), method };
    let mut attributes = Vec::new();
    let mut sites = Sites::default();
    for _ in 0..MAX_ATTEMPTS {
        let known = attributes.len();
        let mut unit = UnitTyper::new(program, function.fastmath, class.clone(), attributes, sites);
        let outcome = unit.instance(&callee, &arguments, definition.name_span);
        // What containers hold may be known only now. What nothing says is decided last.
        let undecided = unit.sites.any_unknown() && (unit.sites.unresolved || outcome.is_ok());
        if unit.sites.learnt || undecided {
            unit.sites.begin(!unit.sites.learnt);
            // Places of what was not known yet are found anew.
            attributes = unit.attributes;
            attributes.retain(|attribute| !attribute.ty.any(|part| matches!(part, Type::Unknown(_))));
            sites = unit.sites;
            continue;
        }
        sites = unit.sites.clone();
        match outcome {
            // Places that were found late may be read by what was typed before.
            Ok(_) if unit.attributes.len() > known => attributes = unit.attributes,
            Ok((_, result)) => {
                let sets_dtype = unit.attributes.iter().any(|attribute| holds_dtype(&attribute.ty));
                if holds_function(&result) || unit.attributes.iter().any(|attribute| holds_function(&attribute.ty)) {
                    let title = format!("`{}` gives a function", function.qualname);
                    let diagnostic =
                        Diagnostic::new(Id::UnsupportedExpression, title, definition.name_span, "functions are values inside only");
                    return Err(vec![diagnostic]);
                }
                let attributes = unit.attributes.iter().map(|attribute| &attribute.ty);
                if attributes.chain([&result]).any(|ty| ty.any(|part| crate::options::names_of(part).is_some())) {
                    let title = format!("`{}` gives keyword arguments as a dict", function.qualname);
                    let diagnostic = Diagnostic::new(Id::UnsupportedExpression, title, definition.name_span, "they are values inside only");
                    return Err(vec![diagnostic.with_hint("give `{\"a\": options[\"a\"]}`")]);
                }
                if holds_lambda(&result) || unit.attributes.iter().any(|attribute| holds_lambda(&attribute.ty)) {
                    return Err(vec![lambda_leaves(function)]);
                }
                if holds_dtype(&result) || sets_dtype {
                    return Err(vec![dtype_leaves(function)]);
                }
                // A block is read with the statement that it stands in.
                unit.depends.extend(function.within.iter().map(|within| (function.file, within.clone())));
                let shown = (result, unit.attributes.iter().map(|attribute| attribute.ty.clone()).collect());
                let mut classes = BTreeSet::new();
                for ty in arguments.iter().map(|argument| &argument.ty).chain(unit.attributes.iter().map(|attribute| &attribute.ty)) {
                    erase::note(ty, &mut classes);
                }
                let mut attributes = unit.attributes.clone();
                attributes.iter_mut().for_each(|attribute| attribute.ty = attribute.ty.erased());
                let (mut depends, members) = (unit.depends.clone(), unit.members.iter().cloned().collect());
                let (asserts, asks_types) = (unit.asserts, unit.asks_types);
                let (parallel, sought) = (std::mem::take(&mut unit.parallel), std::mem::take(&mut unit.sought));
                let mut functions = unit.finish();
                if let Some(diagnostic) = crate::callable::check(&functions) {
                    return Err(vec![diagnostic]);
                }
                let mut asked = Vec::new();
                functions.iter_mut().for_each(|function| erase::function(function, &mut classes, &sought, &mut asked));
                depends.extend(erase::pieces(program, classes));
                let depends = depends.into_iter().collect();
                return Ok(Unit { functions, depends, attributes, members, shown, asked, asserts, asks_types, parallel });
            }
            Err(Refusal::Diagnostics(mut diagnostics)) => {
                diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| (label.span.file != function.file, label.span)));
                if diagnostics.is_empty() {
                    diagnostics.push(broken(function));
                }
                return Err(diagnostics);
            }
            Err(Refusal::Unknown) => return Err(vec![broken(function)]),
        }
    }
    let title = format!("`{}` sets attributes of types that cannot be found", function.qualname);
    let diagnostic = Diagnostic::new(Id::TypeConflict, title, definition.name_span, "the types grow with every call");
    Err(vec![diagnostic.with_hint("set every attribute to values of one type")])
}

fn holds_function(ty: &Type) -> bool {
    match ty {
        Type::Function(_) => !ty.is_this(),
        Type::Callable(..) => true,
        Type::Tuple(items) => items.iter().any(holds_function),
        Type::Named(_, inner) => holds_function(inner),
        _ => false,
    }
}

/// Whether a value is or holds a `defaultdict` that was made with a lambda.
fn holds_lambda(ty: &Type) -> bool {
    ty.any(|part| matches!(part, Type::Special(Special::DefaultDict(Factory::Function(_)), _)))
}

fn lambda_leaves(function: &Boosted) -> Diagnostic {
    let title = format!("`{}` gives away a `defaultdict` whose factory is a lambda", function.qualname);
    let diagnostic = Diagnostic::new(Id::UnsupportedExpression, title, function.definition.name_span, "functions are values inside only");
    diagnostic.with_hint("give `dict(...)` of it, or make it with `int`, `float`, `str`, `list`, `set` or `dict`")
}

/// Inside, `a.dtype` and `np.float64` are one thing; outside they are two, and which of them it was is not known any more.
fn holds_dtype(ty: &Type) -> bool {
    match ty {
        Type::DtypeValue(_, Flavor::Numpy) => true,
        Type::Tuple(items) => items.iter().any(holds_dtype),
        Type::Named(_, inner) => holds_dtype(inner),
        _ => false,
    }
}

fn dtype_leaves(function: &Boosted) -> Diagnostic {
    let title = format!("`{}` returns a dtype, which is not compiled", function.qualname);
    let diagnostic = Diagnostic::new(Id::UnsupportedExpression, title, function.definition.name_span, "returns or sets a dtype");
    diagnostic.with_hint("return an array or a number of that dtype, or ask for the dtype in a Python function")
}

fn argument(parameter: &ParameterType) -> Argument {
    let known = match parameter {
        ParameterType::LiteralBool(value) => Some(Constant::Bool(*value)),
        ParameterType::LiteralInt(value) => Some(Constant::Int(*value)),
        _ => None,
    };
    Argument { ty: parameter.to_type(), known, passed: known.is_none() }
}
