//! PEP 639: licence expressions and licence files.

use super::document::Section;
use super::tree::walk;
use crate::problem::Result;
use globset::GlobBuilder;
use std::path::Path;

/// What is taken for licence files when the project does not say.
const USUAL: [&str; 4] = ["LICEN[CS]E*", "COPYING*", "NOTICE*", "AUTHORS*"];

/// A checked SPDX expression, with the case of its identifiers put right.
pub fn expression(section: &Section<'_>, key: &str) -> Option<String> {
    let text = section.line(key)?;
    let mode = spdx::ParseMode {
        allow_slash_as_or_operator: false,
        allow_imprecise_license_names: false,
        allow_postfix_plus_on_gpl: true,
        allow_deprecated: true,
        allow_unknown: false,
    };
    let tidied: Vec<String> = text.replace('(', " ( ").replace(')', " ) ").split_whitespace().map(canonical_word).collect();
    let tidied = tidied.join(" ").replace("( ", "(").replace(" )", ")");
    match spdx::Expression::parse_mode(&tidied, mode) {
        Ok(_) => Some(tidied),
        Err(error) => {
            let hint = "write an SPDX expression such as \"BSD-3-Clause\" or \"MIT OR Apache-2.0\"; for others, \"LicenseRef-Name\"";
            section.wrong(key, format!("is `{text}`, which is not an SPDX licence expression: {}", error.reason), hint);
            None
        }
    }
}

/// Operators in capitals, identifiers as the SPDX list writes them.
fn canonical_word(word: &str) -> String {
    let upper = word.to_ascii_uppercase();
    if matches!(upper.as_str(), "AND" | "OR" | "WITH") {
        return upper;
    }
    let (bare, plus) = word.strip_suffix('+').map_or((word, ""), |bare| (bare, "+"));
    let licenses = spdx::identifiers::LICENSES.iter().map(|license| license.name);
    let exceptions = spdx::identifiers::EXCEPTIONS.iter().map(|exception| exception.name);
    match licenses.chain(exceptions).find(|name| name.eq_ignore_ascii_case(bare)) {
        Some(name) => format!("{name}{plus}"),
        None => word.to_owned(),
    }
}

/// The paths that `license-files` matches, or the usual ones if the key is absent.
pub fn files(section: &Section<'_>, root: &Path) -> Result<Vec<String>> {
    const KEY: &str = "license-files";
    if section.has(KEY) {
        let patterns = section.strings(KEY).unwrap_or_default();
        let found = if patterns.is_empty() { Vec::new() } else { walk(root, "")? };
        let mut paths = Vec::new();
        for pattern in &patterns {
            if let Err(reason) = check_pattern(pattern) {
                section.wrong(KEY, format!("holds `{pattern}`: {reason}"), "use letters, digits, `_-./`, `*`, `**`, `?` and `[...]`");
                continue;
            }
            let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build().map(|glob| glob.compile_matcher()) else {
                section.wrong(KEY, format!("holds `{pattern}`, which is not a glob"), "close its brackets");
                continue;
            };
            let before = paths.len();
            paths.extend(found.iter().filter(|found| glob.is_match(&found.relative)).map(|found| found.relative.clone()));
            if paths.len() == before {
                section.wrong(KEY, format!("holds `{pattern}`, which matches no file"), "correct it, or add the file");
            }
        }
        paths.sort();
        paths.dedup();
        check_text(section, root, &paths);
        return Ok(paths);
    }
    let mut paths = Vec::new();
    for entry in fs_err::read_dir(root)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let usual = USUAL.iter().any(|glob| globset::Glob::new(glob).is_ok_and(|glob| glob.compile_matcher().is_match(&name)));
        if usual && entry.path().is_file() {
            paths.push(name);
        }
    }
    paths.sort();
    Ok(paths)
}

fn check_text(section: &Section<'_>, root: &Path, paths: &[String]) {
    for path in paths {
        if fs_err::read(root.join(path)).is_ok_and(|bytes| std::str::from_utf8(&bytes).is_err()) {
            section.wrong("license-files", format!("names `{path}`, which is not UTF-8"), "save it as UTF-8");
        }
    }
}

/// The restricted glob grammar of the standard.
fn check_pattern(pattern: &str) -> std::result::Result<(), &'static str> {
    if pattern.is_empty() || pattern.starts_with('/') {
        return Err("a pattern must be relative");
    }
    if pattern.split('/').any(|segment| segment == "..") {
        return Err("`..` is not allowed");
    }
    if pattern.split('/').any(|segment| segment.contains("**") && segment != "**") {
        return Err("`**` must be a whole segment");
    }
    let allowed = |c: char| c.is_alphanumeric() || "_-./*?[] ".contains(c);
    if pattern.chars().all(allowed) { Ok(()) } else { Err("it has a character that is not allowed") }
}

#[cfg(test)]
mod tests {
    use super::{canonical_word, check_pattern};

    #[test]
    fn words_get_their_case() {
        for (word, right) in [
            ("mit", "MIT"),
            ("bsd-3-clause", "BSD-3-Clause"),
            ("or", "OR"),
            ("apache-2.0", "Apache-2.0"),
            ("LicenseRef-X", "LicenseRef-X"),
            ("llvm-exception", "LLVM-exception"),
        ] {
            assert_eq!(canonical_word(word), right);
        }
    }

    #[test]
    fn patterns_are_restricted() {
        for (pattern, ok) in [
            ("LICEN[CS]E*", true),
            ("a/**/b.txt", true),
            ("/a", false),
            ("../a", false),
            ("a**", false),
            ("{a,b}", false),
            ("a\\b", false),
            ("", false),
        ] {
            assert_eq!(check_pattern(pattern).is_ok(), ok, "{pattern}");
        }
    }
}
