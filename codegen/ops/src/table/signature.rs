//! Parameters of an operation, read from the text that Python would print.
//!
//! `a, axis=None, *, keepdims=False, !out=None`: `*` starts the keyword-only ones, `*name` takes the rest, `!name` is
//! known but compiled only with its default, `/` is ignored.

/// One parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its default as Python text, if it has one.
    pub default: Option<&'static str>,
    /// Whether it can be given by position.
    pub positional: bool,
    /// Whether it takes all further positional arguments.
    pub rest: bool,
    /// Whether only its default is compiled.
    pub refused: bool,
}

/// The parameters of a signature.
#[must_use]
pub fn parameters(signature: &'static str) -> Vec<Parameter> {
    let mut found = Vec::new();
    let mut positional = true;
    for piece in signature.split(',').map(str::trim).filter(|piece| !piece.is_empty() && *piece != "/") {
        if piece == "*" {
            positional = false;
            continue;
        }
        let (piece, refused) = piece.strip_prefix('!').map_or((piece, false), |rest| (rest, true));
        let (piece, rest) = piece.strip_prefix('*').map_or((piece, false), |name| (name, true));
        let (name, default) = piece.split_once('=').map_or((piece, None), |(name, default)| (name, Some(default)));
        found.push(Parameter { name, default, positional, rest, refused });
        positional &= !rest;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_python_writes() {
        let found = parameters("a, /, axis=None, *, !out=None");
        assert_eq!(found.iter().map(|p| p.name).collect::<Vec<_>>(), ["a", "axis", "out"]);
        assert_eq!(found[1].default, Some("None"));
        assert!(found[1].positional && !found[2].positional && found[2].refused && !found[1].refused);
        let rest = parameters("*shape, order='C'");
        assert!(rest[0].rest && !rest[1].positional);
        assert!(parameters("").is_empty());
    }
}
