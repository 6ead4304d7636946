//! Typed access to pyproject.toml: every wrong type or unknown key becomes a problem with its line.

use crate::problem::{Problem, Problems, Result};
use crate::spelling::suggestion;
use hypersonic_pipeline::Id;
use std::cell::RefCell;
use toml_edit::{Document as Toml, Item, TableLike};

/// The file's name, in messages.
pub const PROJECT_FILE: &str = "pyproject.toml";

/// The parsed file and what was found wrong with it so far.
pub struct Document {
    toml: Toml<String>,
    problems: RefCell<Vec<Problem>>,
}

/// One table of the document.
#[derive(Clone, Copy)]
pub struct Section<'a> {
    document: &'a Document,
    table: Option<&'a dyn TableLike>,
    name: &'a str,
    id: Id,
}

impl Document {
    /// Parses the text.
    pub fn parse(text: &str) -> Result<Self> {
        let toml = Toml::parse(text.to_owned()).map_err(|error| {
            let line = error.span().map(|span| line_of(text, span.start));
            let message = error.message().lines().collect::<Vec<_>>().join("; ");
            Problem::new(Id::BadProjectFile, format!("{PROJECT_FILE} is not valid TOML: {message}"))
                .in_file(PROJECT_FILE, line)
                .hint("see https://toml.io for the syntax")
        })?;
        Ok(Self { toml, problems: RefCell::default() })
    }

    /// The table `name` (dots lead to inner tables), whose mistakes carry `id`; it reads as empty if it is absent.
    pub fn section<'a>(&'a self, name: &'a str, id: Id) -> Section<'a> {
        let mut item = Some(self.toml.as_item());
        for part in name.split('.') {
            item = item.and_then(|item| item.get(part));
        }
        let table = item.and_then(Item::as_table_like);
        if table.is_none() && item.is_some() {
            self.add(Problem::new(id, format!("`{name}` must be a table")).in_file(PROJECT_FILE, item.and_then(|item| self.line(item))));
        }
        Section { document: self, table, name, id }
    }

    /// Records a problem.
    pub fn add(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// All problems, if there are any.
    pub fn finish(&self) -> Result<()> {
        let problems = self.problems.take();
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }

    fn line(&self, item: &Item) -> Option<usize> {
        item.span().map(|span| line_of(self.toml.raw(), span.start))
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|&byte| byte == b'\n').count() + 1
}

impl<'a> Section<'a> {
    /// Whether the table is there.
    pub fn exists(&self) -> bool {
        self.table.is_some()
    }

    /// Whether the key is there.
    pub fn has(&self, key: &str) -> bool {
        self.item(key).is_some()
    }

    /// The line on which a key's value stands.
    pub fn line_of(&self, key: &str) -> Option<usize> {
        self.item(key).and_then(|item| self.document.line(item))
    }

    /// The value as it stands.
    pub fn item(&self, key: &str) -> Option<&'a Item> {
        self.table.and_then(|table| table.get(key)).filter(|item| !item.is_none())
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a Item)> {
        self.table.into_iter().flat_map(TableLike::iter)
    }

    /// Records that a key is wrong.
    pub fn wrong(&self, key: &str, text: impl AsRef<str>, hint: impl Into<String>) {
        let name = self.name;
        let line = self.line_of(key);
        let shown = if key.is_empty() { name.to_owned() } else { format!("{name}.{key}") };
        self.document.add(Problem::new(self.id, format!("`{shown}` {}", text.as_ref())).in_file(PROJECT_FILE, line).hint(hint));
    }

    /// Records every key that is not in the list.
    pub fn only(&self, known: &[&str], id: Id) {
        for (key, item) in self.iter() {
            if !known.contains(&key) {
                let problem = Problem::new(id, format!("`{}.{key}` is not a known key", self.name));
                self.document.add(problem.in_file(PROJECT_FILE, self.document.line(item)).hint(suggestion(key, known)));
            }
        }
    }

    /// A string.
    pub fn string(&self, key: &str) -> Option<String> {
        let item = self.item(key)?;
        let text = item.as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong(key, format!("must be a string, not {}", item.type_name()), "put the value in quotes");
        }
        text
    }

    /// A string of one line.
    pub fn line(&self, key: &str) -> Option<String> {
        let text = self.string(key)?;
        if text.contains(['\n', '\r']) {
            self.wrong(key, "must be one line", "join its lines");
            return None;
        }
        Some(text)
    }

    /// `true` or `false`.
    pub fn boolean(&self, key: &str) -> Option<bool> {
        let item = self.item(key)?;
        if item.as_bool().is_none() {
            self.wrong(key, format!("must be true or false, not {}", item.type_name()), "write true or false without quotes");
        }
        item.as_bool()
    }

    /// An array of strings.
    pub fn strings(&self, key: &str) -> Option<Vec<String>> {
        let item = self.item(key)?;
        let texts =
            item.as_array().and_then(|array| array.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>());
        if texts.is_none() {
            self.wrong(key, "must be an array of strings", format!("write `{key} = [\"...\"]`"));
        }
        texts
    }

    /// A table whose values are strings, in order.
    pub fn string_table(&self, key: &str) -> Vec<(String, String)> {
        let Some(item) = self.item(key) else { return Vec::new() };
        let rows = item.as_table_like().and_then(|table| {
            table.iter().map(|(key, value)| value.as_str().map(|text| (key.to_owned(), text.to_owned()))).collect::<Option<Vec<_>>>()
        });
        if rows.is_none() {
            self.wrong(key, "must be a table of strings", format!("write a table [{}.{key}] with `name = \"...\"` lines", self.name));
        }
        rows.unwrap_or_default()
    }
}
