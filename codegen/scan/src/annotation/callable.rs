//! Functions as types: `Callable[[float], float]`, and `float(float)` in the language of Pythran.

use super::Reader;
use super::cursor::Cursor;
use super::spec::Spec;
use crate::signature::ParameterType;
use hypersonic_diagnostics::Span;
use hypersonic_syntax::ast::{Expr, ExprKind};

/// Most arguments of a function that is an argument.
const MOST: usize = 16;

const HINT: &str = "say numbers and arrays that it takes and gives: `Callable[[float, int], float]`, or `float(float, int)` in a string";

impl Reader<'_> {
    /// `Callable[[float, int], float]`.
    pub(super) fn callable(&mut self, file: u32, arguments: &[Expr], span: Span) -> Option<Spec> {
        let [parameters, result] = arguments else {
            return self.bad("`Callable` does not say what it takes and gives", span, "incomplete", HINT);
        };
        let ExprKind::List(parameters) = &parameters.kind else {
            return self.bad("the arguments of a function are not known", parameters.span, "of what types?", HINT);
        };
        let parameters: Vec<Option<Spec>> = parameters.iter().map(|parameter| self.expression(file, parameter)).collect();
        let result = self.expression(file, result);
        self.function_type(parameters.into_iter().collect::<Option<_>>()?, result?, span)
    }

    /// `float(float, int)`, from the parenthesis on.
    pub(super) fn function_after(&mut self, result: Spec, cursor: &mut Cursor<'_>, start: usize) -> Option<Spec> {
        let open = cursor.position();
        cursor.take("(");
        let mut parameters = Vec::new();
        while !cursor.take(")") {
            parameters.push(self.alternatives(cursor)?);
            if !cursor.take(",") && cursor.peek() != Some(')') {
                return self.bad("a parenthesis is not closed", cursor.span(open, open + 1), "opened here", "add `)`");
            }
        }
        let span = cursor.span(start, cursor.at);
        self.function_type(parameters, result, span)
    }

    fn function_type(&mut self, mut parameters: Vec<Spec>, result: Spec, span: Span) -> Option<Spec> {
        if parameters.len() > MOST {
            return self.bad("a function takes too many arguments", span, format!("at most {MOST}"), HINT);
        }
        if !parameters.iter().all(is_value) || !is_value(&result) {
            let what = "functions that take or give anything but numbers, arrays and `None` have no compiled form as arguments";
            return self.bad(what, span, "a function type", HINT);
        }
        parameters.push(result);
        Some(Spec::Callable(parameters))
    }
}

/// Whether a function from Python may take or give it.
fn is_value(spec: &Spec) -> bool {
    match spec {
        Spec::One(one) => matches!(one, ParameterType::None | ParameterType::Scalar(..)),
        Spec::Array { .. } => true,
        Spec::Choice(items) | Spec::Variable(_, items) => items.iter().all(is_value),
        _ => false,
    }
}
