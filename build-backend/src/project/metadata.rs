//! `[project]` as PEP 621, 639 and 794 define it, checked key by key.

use super::document::{Document, Section};
use super::entry_points::{self, Group};
use super::license;
use super::people::{self, Person};
use super::readme::{self, Readme};
use crate::problem::Result;
use hypersonic_pipeline::Id;
use pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::{Requirement, VerbatimUrl};
use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

/// Everything that METADATA says.
#[derive(Clone, Debug)]
pub struct Metadata {
    /// As written.
    pub name: String,
    /// In normal form.
    pub version: String,
    /// One line.
    pub description: Option<String>,
    /// The long description.
    pub readme: Option<Readme>,
    /// A version specifier.
    pub requires_python: Option<String>,
    /// An SPDX expression.
    pub license: Option<String>,
    /// The text of the deprecated table form.
    pub license_text: Option<String>,
    /// Paths relative to the root.
    pub license_files: Vec<String>,
    /// Who wrote it.
    pub authors: Vec<Person>,
    /// Who maintains it.
    pub maintainers: Vec<Person>,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Trove classifiers.
    pub classifiers: Vec<String>,
    /// Label and address.
    pub urls: Vec<(String, String)>,
    /// PEP 508 requirements.
    pub dependencies: Vec<String>,
    /// By extra, in normal form.
    pub optional_dependencies: BTreeMap<String, Vec<String>>,
    /// Groups of entry points, scripts included.
    pub entry_points: Vec<Group>,
    /// PEP 794.
    pub import_names: Option<Vec<String>>,
    /// PEP 794.
    pub import_namespaces: Option<Vec<String>>,
}

const KEYS: [&str; 20] = [
    "name",
    "version",
    "description",
    "readme",
    "requires-python",
    "license",
    "license-files",
    "authors",
    "maintainers",
    "keywords",
    "classifiers",
    "urls",
    "scripts",
    "gui-scripts",
    "entry-points",
    "dependencies",
    "optional-dependencies",
    "dynamic",
    "import-names",
    "import-namespaces",
];

/// The project's name, which is needed before anything else.
pub fn read_name(document: &Document) -> String {
    let section = document.section("project", Id::BadMetadata);
    if !section.exists() {
        section.wrong("", "is missing", "add a table [project] with `name` and `version`");
        return String::new();
    }
    let name = section.string("name").unwrap_or_default();
    let inner = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let valid = name.chars().all(inner)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric());
    if !section.has("name") {
        section.wrong("name", "is missing", "add `name = \"...\"` to [project]");
    } else if !valid {
        section.wrong(
            "name",
            format!("is `{name}`, which is not a name for a distribution"),
            "use ASCII letters, digits, `-`, `_` and `.`, with a letter or digit at both ends",
        );
    }
    name
}

/// Whether the version is to be read from a file.
pub fn version_is_dynamic(document: &Document) -> bool {
    let section = document.section("project", Id::BadMetadata);
    section
        .item("dynamic")
        .and_then(|item| item.as_array())
        .is_some_and(|array| array.iter().any(|value| value.as_str() == Some("version")))
}

impl Metadata {
    /// Reads the table. `dynamic_version` is the text found in the project's source, if the version is dynamic.
    pub fn read(document: &Document, root: &Path, name: String, dynamic_version: Option<String>) -> Result<Self> {
        let section = document.section("project", Id::BadMetadata);
        section.only(&KEYS, Id::BadMetadata);
        check_dynamic(&section);
        let license_table = section.item("license").is_some_and(|item| item.is_table_like());
        let mut license_files = license::files(&section, root)?;
        let mut license_text = None;
        if license_table {
            license_text = legacy_license(document, root, &mut license_files);
        }
        let license = if license_table { None } else { license::expression(&section, "license") };
        let metadata = Self {
            version: version(&section, dynamic_version),
            description: section.line("description"),
            readme: readme::read(document, &section, root),
            requires_python: requires_python(&section),
            license,
            license_text,
            license_files,
            authors: people::read(&section, "authors"),
            maintainers: people::read(&section, "maintainers"),
            keywords: keywords(&section),
            classifiers: section.strings("classifiers").unwrap_or_default(),
            urls: urls(&section),
            dependencies: requirements(&section, "dependencies", section.strings("dependencies").unwrap_or_default()),
            optional_dependencies: optional_dependencies(document, &section),
            entry_points: entry_points::read(document, &section),
            import_names: section.strings("import-names"),
            import_namespaces: section.strings("import-namespaces"),
            name,
        };
        metadata.check_together(&section);
        Ok(metadata)
    }

    fn check_together(&self, section: &Section<'_>) {
        if let Some(classifier) = self.classifiers.iter().find(|text| self.license.is_some() && text.starts_with("License ::")) {
            section.wrong(
                "classifiers",
                format!("holds `{classifier}` beside a licence expression"),
                "remove the classifier: the expression says it",
            );
        }
        if self.license.is_some() && self.license_text.is_some() {
            section.wrong("license", "has two forms", "write an SPDX expression");
        }
        let bare = |name: &String| name.split(';').next().unwrap_or(name).trim().to_owned();
        let namespaces: Vec<String> = self.import_namespaces.iter().flatten().map(bare).collect();
        if let Some(both) = self.import_names.iter().flatten().map(bare).find(|name| namespaces.contains(name)) {
            section.wrong("import-names", format!("holds `{both}`, which is in import-namespaces too"), "name it in one of them");
        }
    }

    /// The name for comparison: lower case, runs of `-_.` as one `-`.
    pub fn normal_name(&self) -> String {
        normal_name(&self.name)
    }

    /// `name-version` as file names write it.
    pub fn stem(&self) -> String {
        format!("{}-{}", self.normal_name().replace('-', "_"), self.version)
    }

    /// Whether some dependency, also of an extra, is the distribution `name`.
    pub fn depends_on(&self, name: &str) -> bool {
        let required = |text: &String| {
            normal_name(text.split(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).next().unwrap_or_default()) == name
        };
        self.dependencies.iter().any(required)
    }
}

/// As PEP 503 has it.
pub fn normal_name(name: &str) -> String {
    name.split(['-', '_', '.']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-").to_lowercase()
}

fn check_dynamic(section: &Section<'_>) {
    let dynamic = section.strings("dynamic").unwrap_or_default();
    for key in &dynamic {
        match key.as_str() {
            "name" => section.wrong("dynamic", "holds `name`, which must be static", "remove it from `dynamic`"),
            "version" if section.has("version") => section.wrong("dynamic", "holds `version`, which is also given", "keep one of the two"),
            "version" => {}
            _ if KEYS.contains(&key.as_str()) => {
                section.wrong(
                    "dynamic",
                    format!("holds `{key}`, which is not computed here; only `version` can be"),
                    format!("write `{key}` in [project] and remove it from `dynamic`"),
                );
            }
            _ => section.wrong("dynamic", format!("holds the unknown key `{key}`"), crate::spelling::suggestion(key, &KEYS)),
        }
    }
    if !section.has("version") && !dynamic.iter().any(|key| key == "version") {
        section.wrong(
            "version",
            "is missing",
            "add `version = \"...\"`, or `dynamic = [\"version\"]` to read `__version__` from the package",
        );
    }
}

fn version(section: &Section<'_>, dynamic: Option<String>) -> String {
    let Some(text) = dynamic.or_else(|| section.string("version")) else { return String::new() };
    match Version::from_str(text.trim()) {
        Ok(version) => version.to_string(),
        Err(error) => {
            let reason = error.to_string().lines().next().unwrap_or_default().to_owned();
            section.wrong(
                "version",
                format!("is `{text}`, which is not a version (PEP 440): {reason}"),
                "write for example \"1.2.3\" or \"1.0rc1\"",
            );
            String::new()
        }
    }
}

fn requires_python(section: &Section<'_>) -> Option<String> {
    let text = section.line("requires-python")?;
    if let Err(error) = VersionSpecifiers::from_str(&text) {
        let reason = error.to_string().lines().next().unwrap_or_default().to_owned();
        section.wrong(
            "requires-python",
            format!("is `{text}`, which is not a version specifier: {reason}"),
            "write for example \">=3.10\"",
        );
    }
    Some(text)
}

fn keywords(section: &Section<'_>) -> Vec<String> {
    let keywords = section.strings("keywords").unwrap_or_default();
    if let Some(bad) = keywords.iter().find(|word| word.contains([',', '\n'])) {
        section.wrong(
            "keywords",
            format!("holds `{}`, which is more than one", bad.escape_debug()),
            "make each keyword a string of its own",
        );
    }
    keywords
}

fn urls(section: &Section<'_>) -> Vec<(String, String)> {
    let urls = section.string_table("urls");
    for (label, url) in &urls {
        if label.chars().count() > 32 || label.contains(['\n', ',']) {
            section.wrong("urls", format!("has the label `{label}`, which is longer than 32 characters or holds a comma"), "shorten it");
        }
        if url.contains(char::is_whitespace) || url.is_empty() {
            section.wrong("urls", format!("has an address with spaces for `{label}`"), "write one address");
        }
    }
    urls
}

fn requirements(section: &Section<'_>, key: &str, texts: Vec<String>) -> Vec<String> {
    for text in &texts {
        if let Err(error) = Requirement::<VerbatimUrl>::from_str(text) {
            let reason = error.to_string().lines().next().unwrap_or_default().to_owned();
            section.wrong(
                key,
                format!("holds `{text}`, which is not a requirement (PEP 508): {reason}"),
                "write for example \"numpy>=2; python_version>='3.10'\"",
            );
        }
    }
    texts
}

fn optional_dependencies(document: &Document, section: &Section<'_>) -> BTreeMap<String, Vec<String>> {
    const KEY: &str = "optional-dependencies";
    let mut extras = BTreeMap::new();
    if section.has(KEY) {
        let table = document.section("project.optional-dependencies", Id::BadMetadata);
        for (extra, _) in table.iter() {
            let valid = extra.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) && !normal_name(extra).is_empty();
            if !valid {
                table.wrong(extra, "is not a name for an extra", "use letters, digits and `-`");
            }
            let texts = requirements(&table, extra, table.strings(extra).unwrap_or_default());
            if extras.insert(normal_name(extra), texts).is_some() {
                table.wrong(extra, "is, in normal form, the same extra as another", "merge the two");
            }
        }
    }
    extras
}

/// `license = {text = ...}` and `{file = ...}`: deprecated, still legal.
fn legacy_license(document: &Document, root: &Path, files: &mut Vec<String>) -> Option<String> {
    let table = document.section("project.license", Id::BadMetadata);
    table.only(&["text", "file"], Id::BadMetadata);
    if table.has("text") == table.has("file") {
        table.wrong("", "must have either `text` or `file`", "better, write an SPDX expression: license = \"MIT\"");
    }
    if let Some(file) = table.string("file") {
        if hypersonic_archive::EntryPath::parse(&file).is_err() || !root.join(&file).is_file() {
            table.wrong("file", format!("names `{file}`, which is not a file of the project"), "correct the path");
        } else if !files.contains(&file) {
            files.push(file);
            files.sort();
        }
    }
    table.string("text")
}
