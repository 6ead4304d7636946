//! How the root of a unit is called: its parameters as the user wrote them, which the unit no longer says.

use super::text;
use hypersonic_scan::{Boosted, Signature};
use hypersonic_syntax::ast::{Expr, ExprKind, UnaryOp};

/// How the root is called from Python.
#[derive(Clone, Debug, Default)]
pub struct Heading {
    /// The parameter that takes the object, if it is a method.
    pub receiver: Option<String>,
    /// Its other parameters, literals included: name, type, and ` = default` where there is one. What the unit says if there is no heading.
    pub parameters: Option<Vec<(String, String, String)>>,
}

impl Heading {
    /// Of a function in one of its signatures.
    #[must_use]
    pub fn of(function: &Boosted, signature: &Signature) -> Self {
        let method = function.method.as_ref();
        let receiver = method.filter(|found| found.method.kind.has_receiver()).and_then(|found| found.method.receiver());
        let attributes = method.map_or(0, |found| found.attributes.len());
        let written = function.definition.parameters.iter().skip(usize::from(receiver.is_some()));
        let types = signature.parameters.iter().skip(attributes).map(|parameter| parameter.to_type().to_string());
        let mut parameters: Vec<(String, String, String)> = written
            .zip(types)
            .map(|(parameter, ty)| {
                let default = parameter.default.as_ref().and_then(literal).map(|default| format!(" = {default}"));
                (parameter.name.clone(), ty, default.unwrap_or_default())
            })
            .collect();
        // A default that is no literal is not known here, and nothing with a default comes before what has none.
        let last = parameters.iter().rposition(|(.., default)| default.is_empty()).unwrap_or(0);
        parameters.iter_mut().take(last).for_each(|(.., default)| default.clear());
        Self { receiver: receiver.map(str::to_owned), parameters: Some(parameters) }
    }
}

fn literal(value: &Expr) -> Option<String> {
    Some(match &value.kind {
        ExprKind::None => "None".to_owned(),
        ExprKind::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        ExprKind::Int(Some(value), _) => value.to_string(),
        ExprKind::Float(value) if value.is_finite() => text::float(*value),
        ExprKind::Str(value) => text::quoted(value),
        ExprKind::Unary(UnaryOp::Negative, inner) => format!("-{}", literal(inner)?),
        _ => return None,
    })
}
