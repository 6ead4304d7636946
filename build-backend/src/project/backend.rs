//! `[build-system]`: whether a project is built by this backend, and slips of the pen in its name.

use super::document::Document;
use hypersonic_diagnostics::suggest;
use hypersonic_pipeline::Id;

/// The backend as a project names it.
const BACKEND: &str = "hypersonic_build";

/// Whether a pyproject.toml means this backend, written right or nearly so. Files that cannot be read do not.
pub fn is_ours(text: &str) -> bool {
    let Ok(document) = Document::parse(text) else { return text.contains(BACKEND) };
    let section = document.section("build-system", Id::BadProjectFile);
    section.string("build-backend").is_some_and(|name| name == BACKEND || is_slip(&name))
        || section.strings("requires").is_some_and(|names| !section.has("build-backend") && names.iter().any(|name| is_requirement(name)))
}

/// Records what keeps a front end from calling this backend.
pub fn check(document: &Document) {
    let section = document.section("build-system", Id::BadProjectFile);
    let hint = format!("write build-backend = \"{BACKEND}\", with an underscore");
    match section.string("build-backend") {
        Some(name) if is_slip(&name) => section.wrong("build-backend", format!("is `{name}`, which is no backend"), hint),
        None if section.exists() && !section.has("build-backend") => {
            section.wrong("build-backend", "is missing: front ends would take setuptools", hint);
        }
        _ => {}
    }
}

fn is_slip(name: &str) -> bool {
    suggest(name, [BACKEND]).is_some() || name == "hypersonic"
}

/// Whether a requirement is for this backend's distribution, in whatever spelling.
fn is_requirement(requirement: &str) -> bool {
    let end = requirement.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).unwrap_or(requirement.len());
    requirement[..end].to_ascii_lowercase().replace(['_', '.'], "-") == "hypersonic-build"
}

#[cfg(test)]
mod tests {
    use super::{Document, check, is_ours};

    #[test]
    fn slips_are_ours_and_named() {
        for (text, ours, part) in [
            ("build-backend = \"hypersonic_build\"", true, ""),
            ("build-backend = \"hypersonic-build\"", true, "`hypersonic-build`"),
            ("build-backend = \"hypersonic\"", true, "`hypersonic`"),
            ("requires = [\"Hypersonic_Build>=0.1\"]", true, "is missing"),
            ("build-backend = \"mesonpy\"\nrequires = [\"hypersonic-build\"]", false, ""),
        ] {
            let text = format!("[build-system]\n{text}\n");
            assert_eq!(is_ours(&text), ours, "{text}");
            let document = Document::parse(&text).unwrap();
            check(&document);
            let said = document.finish().err().map(|problems| problems.to_string()).unwrap_or_default();
            assert!(said.contains(part) && said.is_empty() == part.is_empty(), "{said}");
        }
    }
}
