//! The door of this room: one boosted function and one signature in, a unit of typed IR or diagnostics out.

use crate::ir::{Constant, Unit};
use crate::unit::{Argument, Refusal, UnitTyper};
use hypersonic_diagnostics::{Diagnostic, Id};
use hypersonic_scan::{Boosted, ParameterType, Program, Signature};

/// Enough for the deepest nesting of the deepest chain of calls that the limits allow.
const STACK_BYTES: usize = 256 << 20;

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
    if signature.parameters.len() != definition.parameters.len() {
        let title =
            format!("`{}` has {} parameters, the signature {}", definition.name, definition.parameters.len(), signature.parameters.len());
        return Err(vec![Diagnostic::new(Id::BadAnnotation, title, definition.name_span, "defined here")]);
    }
    let arguments: Vec<Argument> = signature.parameters.iter().map(argument).collect();
    let mut unit = UnitTyper::new(program, function.fastmath);
    match unit.instance(function.file, definition, &arguments, definition.name_span) {
        Ok(_) => {
            let depends = unit.depends.iter().cloned().collect();
            Ok(Unit { functions: unit.finish(), depends })
        }
        Err(Refusal::Diagnostics(mut diagnostics)) => {
            diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| (label.span.file != function.file, label.span)));
            if diagnostics.is_empty() {
                diagnostics.push(broken(function));
            }
            Err(diagnostics)
        }
        Err(Refusal::Unknown) => Err(vec![broken(function)]),
    }
}

fn argument(parameter: &ParameterType) -> Argument {
    let known = match parameter {
        ParameterType::LiteralBool(value) => Some(Constant::Bool(*value)),
        ParameterType::LiteralInt(value) => Some(Constant::Int(*value)),
        _ => None,
    };
    Argument { ty: parameter.to_type(), known, passed: known.is_none() }
}
