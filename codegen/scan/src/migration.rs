//! From Transonic to hypersonic: what to change in a source file, and where a person has to look.

use hypersonic_diagnostics::{Diagnostic, Span};
use hypersonic_syntax::{Import, ImportForm, imports};

/// The module that offers Transonic's names.
const OURS: &str = "hypersonic.transonic";

/// A replacement of a piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// The edits of a file, in order, and the imports of Transonic that have no counterpart.
///
/// # Errors
/// The file's syntax errors.
pub fn migrate(text: &str, file: u32) -> Result<(Vec<Edit>, Vec<Span>), Vec<Diagnostic>> {
    let (mut edits, mut left) = (Vec::new(), Vec::new());
    for Import { module, span, form } in imports(text, file)? {
        match (module.as_str(), form) {
            ("transonic", ImportForm::From | ImportForm::Renamed) => edits.push(Edit { span, text: OURS.to_owned() }),
            ("transonic", ImportForm::Plain) => edits.push(Edit { span, text: format!("{OURS} as transonic") }),
            // Where older code takes `boost` and the types from.
            ("transonic.aheadoftime" | "transonic.typing" | "transonic.justintime", ImportForm::From) => {
                edits.push(Edit { span, text: OURS.to_owned() });
            }
            (other, _) if other.starts_with("transonic.") => left.push(span),
            _ => {}
        }
    }
    Ok((edits, left))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn migrated(text: &str) -> (String, usize) {
        let (edits, left) = migrate(text, 0).unwrap();
        let mut out = text.to_owned();
        for edit in edits.iter().rev() {
            out.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        (out, left.len())
    }

    #[test]
    fn imports_are_changed_wherever_they_stand() {
        let (text, left) = migrated(
            "# transonic def f(int)\nfrom transonic import boost, Array\nimport transonic, os\nimport transonic as ts\ndef f():\n    try:\n        from transonic import jit\n    except ImportError: pass\nfrom .transonic import x\n",
        );
        assert_eq!(
            text,
            "# transonic def f(int)\nfrom hypersonic.transonic import boost, Array\nimport hypersonic.transonic as transonic, os\nimport hypersonic.transonic as ts\ndef f():\n    try:\n        from hypersonic.transonic import jit\n    except ImportError: pass\nfrom .transonic import x\n"
        );
        assert_eq!(left, 0);
    }

    #[test]
    fn what_has_no_counterpart_is_left_and_named() {
        assert_eq!(
            migrated("from transonic.dist import make_backend_files\n"),
            ("from transonic.dist import make_backend_files\n".to_owned(), 1)
        );
    }

    #[test]
    fn deep_files_are_read_and_deeper_ones_refused() {
        for levels in [50, 90] {
            let blocks: String = (0..levels).map(|level| format!("{}if x:\n", " ".repeat(level))).collect();
            let text = format!("{blocks}{}from transonic import jit\n", " ".repeat(levels));
            assert_eq!(migrate(&text, 0).unwrap().0.len(), 1);
        }
        assert!(migrate(&"(".repeat(100_000), 0).is_err());
    }
}
