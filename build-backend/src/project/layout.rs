//! Which Python packages and modules a project ships, and where they lie: flat or under `src`, named or found.

use super::document::PROJECT_FILE;
use super::settings::{Settings, is_identifier};
use super::tree::{Found, globs, walk};
use crate::problem::{Problem, Result};
use globset::GlobSet;
use hypersonic_diagnostics::suggest;
use hypersonic_pipeline::Id;
use std::collections::BTreeMap;
use std::path::Path;

/// What is shipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The folder on the import path, relative to the root: empty or for example `src`.
    pub source_root: String,
    /// Each top-level import name, in order.
    pub tops: Vec<Top>,
    /// Files by `include`, for the sdist.
    pub included: Vec<Found>,
}

/// One top-level package or module, or one in a namespace package, whose kernels lie in a folder of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Top {
    /// Its import name, with dots if it lies in a namespace package.
    pub name: String,
    /// Whether it is a folder.
    pub is_package: bool,
    /// Its files.
    pub files: Vec<Found>,
}

impl Layout {
    /// Finds the files. `name` is the project's, used when the settings name no package.
    pub fn find(root: &Path, name: &str, settings: &Settings) -> Result<Self> {
        let exclude = read_globs("exclude", &settings.exclude)?;
        let include = read_globs("include", &settings.include)?;
        let (source_root, packages, modules) = if settings.packages.is_empty() && settings.modules.is_empty() {
            discover(root, name, settings.source_root.as_deref())?
        } else {
            let source_root =
                settings.source_root.clone().unwrap_or_else(|| if root.join("src").is_dir() { "src".into() } else { ".".into() });
            (source_root, settings.packages.clone(), settings.modules.clone())
        };
        let source_root = if source_root == "." { String::new() } else { source_root };
        let mut tops: BTreeMap<String, Top> = BTreeMap::new();
        for package in &packages {
            let folder = joined(&source_root, &package.replace('.', "/"));
            require(root.join(&folder).is_dir(), "packages", package, &folder)?;
            let name = owner(root, &source_root, package).to_owned();
            let top = tops.entry(name.clone()).or_insert_with(|| Top { name, is_package: true, files: Vec::new() });
            top.files.extend(walk(root, &folder)?.into_iter().filter(|found| !exclude.is_match(&found.relative)));
        }
        for module in &modules {
            let file = format!("{}.py", joined(&source_root, &module.replace('.', "/")));
            require(root.join(&file).is_file(), "modules", module, &file)?;
            let name = owner(root, &source_root, module).to_owned();
            let is_package = name != *module;
            let top = tops.entry(name.clone()).or_insert_with(|| Top { name, is_package, files: Vec::new() });
            top.files.extend(walk(root, &file)?);
        }
        for top in tops.values_mut() {
            top.files.sort_by(|left, right| left.relative.cmp(&right.relative));
            top.files.dedup();
        }
        let included = if settings.include.is_empty() { Vec::new() } else { walk(root, "")? };
        let included =
            included.into_iter().filter(|found| include.is_match(&found.relative) && !exclude.is_match(&found.relative)).collect();
        Ok(Self { source_root, tops: tops.into_values().collect(), included })
    }

    /// The path in a wheel of a file of the project.
    pub fn import_path<'a>(&self, relative: &'a str) -> &'a str {
        if self.source_root.is_empty() { relative } else { relative[self.source_root.len()..].trim_start_matches('/') }
    }
}

/// The outermost package with an `__init__.py` that a package or module is or lies in, else itself: a namespace package
/// belongs to several projects, so nothing may lie in it but packages.
fn owner<'a>(root: &Path, source_root: &str, name: &'a str) -> &'a str {
    let ends = name.match_indices('.').map(|(end, _)| end);
    let mut packages = ends.map(|end| &name[..end]);
    packages.find(|package| root.join(joined(source_root, &package.replace('.', "/"))).join("__init__.py").is_file()).unwrap_or(name)
}

/// The dotted name of a Python file and whether it is an `__init__.py`; none if it cannot be imported by name.
pub fn module_name(import_path: &str) -> Option<(String, bool)> {
    let stem = import_path.strip_suffix(".py")?;
    let (stem, is_package) = stem.strip_suffix("/__init__").map_or((stem, false), |stem| (stem, true));
    stem.split('/').all(is_identifier).then(|| (stem.replace('/', "."), is_package))
}

fn joined(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

fn require(exists: bool, key: &str, name: &str, path: &str) -> Result<()> {
    if exists {
        return Ok(());
    }
    let problem = Problem::new(Id::MissingFile, format!("`tool.hypersonic.{key}` names `{name}`, but `{path}` is not there"));
    Err(problem.in_file(PROJECT_FILE, None).hint("correct the name, or say with `source-root` where it lies").into())
}

fn read_globs(key: &str, patterns: &[String]) -> Result<GlobSet> {
    globs(patterns).map_err(|(pattern, reason)| {
        let problem = Problem::new(Id::BadSetting, format!("`tool.hypersonic.{key}` holds `{pattern}`, which is not a glob: {reason}"));
        problem.in_file(PROJECT_FILE, None).hint("use `*`, `**`, `?`, `[abc]` and `{a,b}`").into()
    })
}

/// Source root, packages, modules.
type Discovery = (String, Vec<String>, Vec<String>);

/// Looks for `name/__init__.py` or `name.py` under `src` and in the root.
fn discover(root: &Path, name: &str, source_root: Option<&str>) -> Result<Discovery> {
    let wanted = name.replace(['-', '.'], "_").to_lowercase();
    let folders: Vec<&str> = source_root.map_or_else(|| vec!["src", "."], |folder| vec![folder]);
    let mut hits: Vec<Discovery> = Vec::new();
    let mut seen = Vec::new();
    for folder in &folders {
        let Ok(entries) = fs_err::read_dir(root.join(folder)) else { continue };
        for entry in entries {
            let Ok(file) = entry?.file_name().into_string() else { continue };
            let path = root.join(folder).join(&file);
            let is_package = path.join("__init__.py").is_file();
            let import_name = if is_package { Some(file.as_str()) } else { file.strip_suffix(".py") };
            let Some(import_name) = import_name.filter(|name| is_identifier(name)).map(str::to_owned) else { continue };
            if import_name.to_lowercase() == wanted {
                let names = vec![import_name.clone()];
                let (packages, modules) = if is_package { (names, Vec::new()) } else { (Vec::new(), names) };
                hits.push(((*folder).to_owned(), packages, modules));
            }
            seen.push(import_name);
        }
    }
    if hits.len() == 1 {
        return Ok(hits.remove(0));
    }
    Err(undecided(&wanted, &folders, &hits, seen).into())
}

fn undecided(wanted: &str, folders: &[&str], hits: &[Discovery], mut seen: Vec<String>) -> Problem {
    if !hits.is_empty() {
        let places: Vec<String> = hits
            .iter()
            .map(|(folder, packages, _)| format!("`{folder}/{wanted}{}`", if packages.is_empty() { ".py" } else { "" }))
            .collect();
        return Problem::new(Id::MissingFile, format!("the project could ship {}", places.join(" or ")))
            .in_file(PROJECT_FILE, None)
            .hint(format!("say which: packages = [\"{wanted}\"] or modules = [\"{wanted}\"], and `source-root`, in [tool.hypersonic]"));
    }
    let text = format!(
        "no package `{wanted}/__init__.py` and no module `{wanted}.py` was found in {}",
        folders.iter().map(|folder| format!("`{folder}`")).collect::<Vec<_>>().join(" or ")
    );
    seen.sort();
    let near = suggest(wanted, seen.iter().map(String::as_str))
        .or_else(|| seen.iter().map(String::as_str).find(|name| !["setup", "conftest", "tests", "noxfile"].contains(name)));
    let hint = match near {
        Some(near) => format!("there is `{near}`: write packages = [\"{near}\"] (or modules) in [tool.hypersonic]"),
        None => "create it, or name what to ship with `packages` or `modules` in [tool.hypersonic]".to_owned(),
    };
    Problem::new(Id::MissingFile, text).in_file(PROJECT_FILE, None).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::{Layout, Settings, module_name};
    use std::fs;

    fn find(files: &[&str], settings: &Settings) -> Result<(String, Vec<String>), String> {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let layout = Layout::find(folder.path(), "My-Pkg", settings).map_err(|problems| problems.to_string())?;
        let paths = layout.tops.iter().flat_map(|top| &top.files).map(|found| layout.import_path(&found.relative).to_owned()).collect();
        Ok((layout.source_root, paths))
    }

    #[test]
    fn packages_and_modules_are_found_by_name() {
        let none = Settings::default();
        for (files, root, shipped) in [
            (&["my_pkg/__init__.py", "my_pkg/data.json", "setup.py"][..], "", &["my_pkg/__init__.py", "my_pkg/data.json"][..]),
            (&["src/my_pkg/__init__.py", "src/my_pkg/sub/x.py"], "src", &["my_pkg/__init__.py", "my_pkg/sub/x.py"]),
            (&["my_pkg.py", "tests/test_x.py"], "", &["my_pkg.py"]),
            (&["src/My_Pkg.py"], "src", &["My_Pkg.py"]),
        ] {
            let (source_root, paths) = find(files, &none).unwrap();
            assert_eq!(
                (source_root.as_str(), paths.as_slice()),
                (root, shipped.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>().as_slice())
            );
        }
    }

    #[test]
    fn named_packages_include_namespaces() {
        let settings = Settings { packages: vec!["ns.inner".into()], exclude: vec!["*.c".into()], ..Settings::default() };
        let (_, paths) = find(&["ns/inner/__init__.py", "ns/inner/x.c", "ns/other/__init__.py"], &settings).unwrap();
        assert_eq!(paths, ["ns/inner/__init__.py"]);
    }

    #[test]
    fn what_is_missing_or_ambiguous_is_explained() {
        let none = Settings::default();
        let named = Settings { packages: vec!["gone".into()], ..Settings::default() };
        for (files, settings, part) in [
            (&["mypkg/__init__.py"][..], &none, "there is `mypkg`"),
            (&["my_pkg.py", "src/my_pkg/__init__.py"], &none, "could ship `src/my_pkg` or `./my_pkg.py`"),
            (&["README.md"], &none, "create it"),
            (&["a.py"], &named, "names `gone`, but `gone` is not there"),
        ] {
            let text = find(files, settings).unwrap_err();
            assert!(text.contains(part) && text.contains("HS0505"), "{text}");
        }
    }

    #[test]
    fn module_names() {
        for (path, name) in [
            ("a/__init__.py", Some(("a", true))),
            ("a/b.py", Some(("a.b", false))),
            ("m.py", Some(("m", false))),
            ("a/b-c.py", None),
            ("a/b.txt", None),
        ] {
            assert_eq!(module_name(path), name.map(|(name, is_package)| (name.to_owned(), is_package)));
        }
    }
}
