//! The options of `boost(...)`, read from the source; reports what it does not know.

use crate::exports::{Capsule, Exports};
use hypersonic_diagnostics::{Diagnostic, Id, suggest};
use hypersonic_syntax::ast::{Expr, ExprKind};

/// What a mark says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) fastmath: Option<bool>,
    pub(crate) always: Option<bool>,
    pub(crate) exports: Exports,
}

/// Transonic's options: read, and without effect here.
const IGNORED: &[&str] = &["backend", "inline", "boundscheck", "wraparound", "cdivision", "nonecheck", "nogil", "parallel"];
/// Ours.
const KNOWN: [&str; 5] = ["fastmath", "always", "c", "capsule", "ufunc"];

/// Reads the options of a call of `boost`.
pub(crate) fn read(call: &Expr, diagnostics: &mut Vec<Diagnostic>) -> Options {
    let mut options = Options::default();
    let ExprKind::Call(_, arguments, keywords) = &call.kind else { return options };
    // In `boost(f)` the one argument is the function.
    for argument in arguments.iter().filter(|argument| !matches!(argument.kind, ExprKind::Name(_) | ExprKind::None)) {
        let title = "`boost` takes its options by keyword";
        diagnostics.push(
            Diagnostic::new(Id::UnknownOption, title, argument.span, "ignored").with_hint("write `@boost` or `@boost(fastmath=True)`"),
        );
    }
    for (name, value) in keywords {
        match name.as_deref() {
            Some(name) if KNOWN.contains(&name) => option(name, value, &mut options, diagnostics),
            Some(name) if IGNORED.contains(&name) => {}
            name => diagnostics.push(unknown(name, value)),
        }
    }
    options
}

/// Whether a decorator says `ufunc=True`.
pub(crate) fn makes_ufunc(decorator: &Expr) -> bool {
    let ExprKind::Call(_, _, keywords) = &decorator.kind else { return false };
    keywords.iter().any(|(name, value)| name.as_deref() == Some("ufunc") && matches!(value.kind, ExprKind::Bool(true)))
}

/// Reads an option of ours.
fn option(name: &str, value: &Expr, options: &mut Options, diagnostics: &mut Vec<Diagnostic>) {
    let span = value.span;
    let capsule = |signature| Some(Capsule { signature, replaces: false, span });
    match (name, &value.kind) {
        ("fastmath", ExprKind::Bool(on)) => options.fastmath = Some(*on),
        ("always", ExprKind::Bool(on)) => options.always = Some(*on),
        ("c", ExprKind::Bool(on)) => options.exports.c = on.then_some(span),
        ("ufunc", ExprKind::Bool(on)) => options.exports.ufunc = on.then_some(span),
        ("capsule", ExprKind::Bool(on)) => options.exports.capsule = if *on { capsule(None) } else { None },
        ("capsule", ExprKind::Str(text)) => options.exports.capsule = capsule(Some(text.clone())),
        _ => {
            let also = if name == "capsule" { ", nor a C signature such as \"double (double, void *)\"" } else { "" };
            let title = format!("`{name}` is neither `True` nor `False`{also}");
            let hint = "options are read from the source: write the value itself";
            diagnostics.push(Diagnostic::new(Id::UnknownOption, title, span, "ignored").with_hint(hint));
        }
    }
}

fn unknown(name: Option<&str>, value: &Expr) -> Diagnostic {
    let title = name.map_or_else(|| "`boost` cannot be given `**options`".to_owned(), |name| format!("`boost` has no option `{name}`"));
    let known = || IGNORED.iter().copied().chain(KNOWN);
    let hint = name.and_then(|name| suggest(name, known())).map_or_else(
        || "the options of hypersonic are `fastmath`, `always`, `c`, `capsule` and `ufunc`; Transonic's options are accepted".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Diagnostic::new(Id::UnknownOption, title, value.span, "ignored").with_hint(hint)
}
