//! `[tool.hypersonic]` and `--config-settings`: what a project may decide.

use super::document::{Document, PROJECT_FILE, Section};
use crate::problem::{Problem, Problems, Result};
use crate::spelling::suggestion;
use hypersonic_diagnostics::suggest;
use hypersonic_pipeline::Id;
use serde_json::Value;

/// All settings, with their defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Dotted names of the packages to ship; none: found by the project's name.
    pub packages: Vec<String>,
    /// Names of single modules to ship.
    pub modules: Vec<String>,
    /// The folder that holds them; none: `src` or the project's root.
    pub source_root: Option<String>,
    /// Globs of more files for the sdist (and for the wheel, if they lie in a package).
    pub include: Vec<String>,
    /// Globs of files to leave out of both.
    pub exclude: Vec<String>,
    /// Whether a function that stays Python is an error.
    pub strict: bool,
    /// Microarchitecture levels; empty: the platform's default set.
    pub levels: Vec<String>,
    /// Whether to make GPU kernels.
    pub gpu: bool,
    /// Whether kernels for CPUs are optimised.
    pub optimize: bool,
    /// Whether functions are compiled even where Python is known to be faster.
    pub always: bool,
    /// The file that `version` is read from, if it is dynamic.
    pub version_path: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            packages: Vec::new(),
            modules: Vec::new(),
            source_root: None,
            include: Vec::new(),
            exclude: Vec::new(),
            strict: false,
            levels: Vec::new(),
            gpu: true,
            optimize: true,
            always: false,
            version_path: None,
        }
    }
}

/// Every key of `[tool.hypersonic]`.
const KEYS: [&str; 11] =
    ["packages", "modules", "source-root", "include", "exclude", "strict", "levels", "gpu", "optimize", "always", "version-path"];

/// Those that `--config-settings` may set.
const CONFIG_KEYS: [&str; 5] = ["strict", "levels", "gpu", "optimize", "always"];

/// The prefix under which they may also be given, to keep them apart from other tools' keys.
const PREFIX: &str = "hypersonic";

/// The levels that can be asked for.
pub const LEVELS: [&str; 3] = ["x86-64-v2", "x86-64-v3", "x86-64-v4"];

impl Settings {
    /// Reads the table.
    pub fn read(document: &Document) -> Self {
        let section = document.section("tool.hypersonic", Id::BadSetting);
        section.only(&KEYS, Id::UnknownSetting);
        let levels = section.strings("levels").unwrap_or_default();
        for level in levels.iter().filter(|level| !LEVELS.contains(&level.as_str())) {
            section.wrong("levels", format!("names the unknown level `{level}`"), known_levels());
        }
        if section.has("levels") && levels.is_empty() && section.item("levels").is_some_and(toml_edit::Item::is_array) {
            section.wrong("levels", "names no level", format!("leave it out to compile all levels; {}", known_levels()));
        }
        Self {
            packages: names(&section, "packages"),
            modules: names(&section, "modules"),
            source_root: folder(&section, "source-root"),
            include: section.strings("include").unwrap_or_default(),
            exclude: section.strings("exclude").unwrap_or_default(),
            strict: section.boolean("strict").unwrap_or(false),
            levels: sorted(levels),
            gpu: section.boolean("gpu").unwrap_or(true),
            optimize: section.boolean("optimize").unwrap_or(true),
            always: section.boolean("always").unwrap_or(false),
            version_path: folder(&section, "version-path"),
        }
    }

    /// Applies what the front end passes: `null`, or a table of strings, booleans, lists and inner tables.
    pub fn apply_config(&mut self, config: &Value) -> Result<()> {
        let Value::Object(table) = config else {
            let problem = Problem::new(Id::BadSetting, "--config-settings must be a table of keys and values");
            return if config.is_null() { Ok(()) } else { Err(problem.into()) };
        };
        let mut problems = Vec::new();
        for (key, value) in table {
            let own = key.strip_prefix(PREFIX).and_then(|rest| rest.strip_prefix('.')).unwrap_or(key);
            match value {
                Value::Object(_) if key == PREFIX => {
                    problems.extend(self.apply_config(value).err().into_iter().flat_map(|problems| problems.0))
                }
                _ => problems.extend(self.apply_key(own, value).err()),
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }

    fn apply_key(&mut self, key: &str, value: &Value) -> std::result::Result<(), Problem> {
        match key {
            "strict" => self.strict = truth(key, value)?,
            "gpu" => self.gpu = truth(key, value)?,
            "optimize" => self.optimize = truth(key, value)?,
            "always" => self.always = truth(key, value)?,
            "levels" => self.levels = level_list(value)?,
            _ if KEYS.contains(&key) => {
                return Err(Problem::new(Id::BadSetting, format!("the config setting `{key}` can only be set in pyproject.toml"))
                    .hint("write it in [tool.hypersonic]"));
            }
            _ => {
                let problem = Problem::new(Id::UnknownSetting, format!("`{key}` is not a known config setting"));
                return Err(problem.hint(suggestion(key, &CONFIG_KEYS)));
            }
        }
        Ok(())
    }
}

/// What to say where a table `[tool.X]` is near to ours, which is not there.
pub fn misspelt_table(document: &Document) -> Option<Problem> {
    let tools = document.section("tool", Id::BadSetting);
    let near = |name: &str| suggest(name, [PREFIX]).is_some();
    let (name, _) = tools.iter().find(|(name, item)| near(name) && item.is_table_like()).filter(|_| !tools.has(PREFIX))?;
    let problem = Problem::new(Id::UnknownSetting, format!("[tool.{name}] is not read"));
    Some(problem.in_file(PROJECT_FILE, tools.line_of(name)).hint(format!("did you mean [tool.{PREFIX}]?")))
}

fn known_levels() -> String {
    format!("known are: {}", LEVELS.join(", "))
}

fn sorted(mut levels: Vec<String>) -> Vec<String> {
    levels.sort();
    levels.dedup();
    levels
}

fn names(section: &Section<'_>, key: &str) -> Vec<String> {
    let names = section.strings(key).unwrap_or_default();
    for name in names.iter().filter(|name| !name.split('.').all(is_identifier)) {
        section.wrong(
            key,
            format!("holds `{name}`, which is not a name that Python can import"),
            "write names with dots, not paths: `pkg.sub`",
        );
    }
    names
}

/// Whether Python could take it for a name; keywords are the user's own affair.
pub fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c == '_' || c.is_alphabetic()) && text.chars().all(|c| c == '_' || c.is_alphanumeric())
}

fn folder(section: &Section<'_>, key: &str) -> Option<String> {
    let text = section.string(key)?;
    if text == "." || hypersonic_archive::EntryPath::parse(&text).is_ok() {
        return Some(text);
    }
    section.wrong(key, format!("is `{text}`, which does not lie in the project"), "write a path relative to pyproject.toml, with `/`");
    None
}

/// The last of a list counts, as when an option is given twice.
fn truth(key: &str, value: &Value) -> std::result::Result<bool, Problem> {
    match value {
        Value::Bool(value) => return Ok(*value),
        Value::Array(values) if !values.is_empty() => return truth(key, &values[values.len() - 1]),
        Value::String(text) => match text.to_lowercase().as_str() {
            "true" | "1" | "on" | "yes" | "" => return Ok(true),
            "false" | "0" | "off" | "no" => return Ok(false),
            _ => {}
        },
        _ => {}
    }
    Err(Problem::new(Id::BadSetting, format!("the config setting `{key}` cannot be {value}"))
        .hint(format!("write {key}=true or {key}=false")))
}

fn level_list(value: &Value) -> std::result::Result<Vec<String>, Problem> {
    let texts: Option<Vec<&str>> = match value {
        Value::String(text) => Some(vec![text]),
        Value::Array(values) => values.iter().map(Value::as_str).collect(),
        _ => None,
    };
    let wrong = |text: String, hint| Problem::new(Id::BadSetting, text).hint(hint);
    let texts = texts
        .ok_or_else(|| wrong(format!("the config setting `levels` cannot be {value}"), format!("write levels={}", LEVELS.join(","))))?;
    let levels: Vec<String> = texts.iter().flat_map(|text| text.split(',')).map(|level| level.trim().to_owned()).collect();
    match levels.iter().find(|level| !LEVELS.contains(&level.as_str())) {
        Some(level) => Err(wrong(format!("the config setting `levels` names the unknown level `{level}`"), known_levels())),
        None => Ok(sorted(levels)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, Settings};
    use serde_json::json;

    fn read(text: &str) -> (Settings, String) {
        let document = Document::parse(text).unwrap();
        let settings = Settings::read(&document);
        (settings, document.finish().err().map(|problems| problems.to_string()).unwrap_or_default())
    }

    #[test]
    fn config_settings_in_every_form() {
        for config in [
            json!({"strict": "true", "levels": "x86-64-v3,x86-64-v2", "gpu": "off", "optimize": "no"}),
            json!({"hypersonic.strict": ["false", "1"], "levels": ["x86-64-v2", "x86-64-v3"], "gpu": false, "optimize": [true, "0"]}),
            json!({"hypersonic": {"strict": true, "levels": ["x86-64-v2,x86-64-v3"], "gpu": "0", "optimize": false}}),
        ] {
            let mut settings = Settings::default();
            settings.apply_config(&config).unwrap();
            assert_eq!((settings.strict, settings.gpu, settings.optimize, settings.levels.len()), (true, false, false, 2), "{config}");
        }
        Settings::default().apply_config(&json!(null)).unwrap();
    }

    #[test]
    fn every_bad_config_setting_is_named_with_a_remedy() {
        let config = json!({"strikt": "1", "gpu": "maybe", "levels": "x86-64-v9", "packages": "a"});
        let text = Settings::default().apply_config(&config).unwrap_err().to_string();
        for part in ["`strikt`", "did you mean `strict`?", "gpu=true", "`x86-64-v9`", "[tool.hypersonic]"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn the_table_is_checked() {
        let (settings, problems) = read("[tool.hypersonic]\npackages = [\"a\", \"b.c\"]\nstrict = true\n");
        assert_eq!((settings.packages.len(), settings.strict, problems.as_str()), (2, true, ""));
        for (text, parts) in [
            ("pakages = []", ["tool.hypersonic.pakages", "did you mean `packages`?"]),
            ("strict = \"yes\"", ["tool.hypersonic.strict", "true or false"]),
            ("packages = [\"src/a\"]", ["`src/a`", "names with dots"]),
            ("source-root = \"../x\"", ["`../x`", "does not lie in the project"]),
            ("levels = [\"avx2\"]", ["`avx2`", "known are: x86-64-v2"]),
            ("levels = [\"x86-64-v5\"]", ["`x86-64-v5`", "x86-64-v2, x86-64-v3, x86-64-v4"]),
            ("levels = []", ["names no level", "x86-64-v2, x86-64-v3, x86-64-v4"]),
        ] {
            let (_, problems) = read(&format!("[tool.hypersonic]\n{text}\n"));
            for part in parts.iter().chain(&["pyproject.toml:2"]) {
                assert!(problems.contains(part), "{part}: {problems}");
            }
        }
    }
}
