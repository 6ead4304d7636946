//! Which crate may know which: arrows run downward only.

use super::SourceFile;
use toml_edit::{Document, Item};

const PREFIX: &str = "hypersonic-";

/// A crate's folder and the crates of ours (without prefix) that it may name.
const ALLOWED: &[(&str, &[&str])] = &[
    ("codegen/diagnostics", &[]),
    ("codegen/ops", &["abi"]),
    ("codegen/syntax", &["diagnostics"]),
    ("codegen/scan", &["diagnostics", "syntax", "ops"]),
    ("codegen/typed", &["diagnostics", "syntax", "ops", "scan", "abi"]),
    ("codegen/loops", &["abi"]),
    ("codegen/math", &["ops", "loops"]),
    ("codegen/array", &["diagnostics", "ops", "typed", "loops", "math", "abi"]),
    ("codegen/native", &[]),
    ("codegen/llvm", &["loops", "abi", "native"]),
    ("codegen/link", &["native"]),
    ("codegen/header", &["abi"]),
    ("codegen/pipeline", &["diagnostics", "syntax", "ops", "scan", "typed", "array", "loops", "llvm", "header", "link", "abi"]),
    ("build-backend/archive", &[]),
    ("build-backend", &["archive", "pipeline", "diagnostics"]),
    ("fuzz", &["pipeline"]),
    ("runtime/abi", &[]),
    ("runtime/gpu", &["abi"]),
    ("runtime/pool", &[]),
    ("runtime/dispatch", &["abi", "gpu", "pool"]),
    ("tests/standin-cuda", &[]),
    ("xtask", &["ops", "scan"]),
];

/// A crate of others and the only one of ours that may name it.
const RESERVED: [(&str, &str); 4] = [
    ("inkwell", "codegen/llvm"),
    ("ruff_python_parser", "codegen/syntax"),
    ("ruff_python_ast", "codegen/syntax"),
    ("pyo3", "runtime/dispatch"),
];

/// Checks one Cargo.toml. Tests may know more than the code they test.
pub fn check(file: &SourceFile) -> Vec<String> {
    let Some(folder) = file.path.strip_suffix("/Cargo.toml") else { return Vec::new() };
    let Some((_, allowed)) = ALLOWED.iter().find(|(room, _)| *room == folder) else {
        return vec![format!("{}: is a new room: say in xtask/src/tidy/arrows.rs what it may know", file.path)];
    };
    let Ok(toml) = Document::parse(file.text.as_str()) else { return vec![format!("{}: is not valid TOML", file.path)] };
    let dependencies = toml.as_item().get("dependencies").and_then(Item::as_table_like);
    let mut found = Vec::new();
    for (name, _) in dependencies.into_iter().flat_map(|table| table.iter()) {
        if name.strip_prefix(PREFIX).is_some_and(|ours| !allowed.contains(&ours)) {
            found.push(format!("{}: must not know `{name}`", file.path));
        }
        if RESERVED.iter().any(|(reserved, room)| *reserved == name && *room != folder) {
            found.push(format!("{}: must not name `{name}`", file.path));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{SourceFile, check};

    #[test]
    fn arrows() {
        let check = |path: &str, text: &str| check(&SourceFile { path: path.into(), text: text.into() }).join("\n");
        assert_eq!(check("codegen/llvm/Cargo.toml", "[dependencies]\nhypersonic-loops.workspace = true\ninkwell.workspace = true"), "");
        assert!(check("codegen/loops/Cargo.toml", "[dependencies]\nhypersonic-llvm.workspace = true").contains("must not know"));
        assert!(check("codegen/ops/Cargo.toml", "[dependencies]\ninkwell = \"1\"").contains("must not name"));
        assert!(check("codegen/new/Cargo.toml", "").contains("new room"));
    }
}
