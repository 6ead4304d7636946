//! Where import statements name their modules, in a whole file, functions and branches included.

use hypersonic_diagnostics::{Diagnostic, Span};
use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{Identifier, Mod, Stmt};
use ruff_text_size::Ranged;

/// An absolute import of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its dotted name.
    pub module: String,
    /// Where that stands.
    pub span: Span,
    /// What binds a name.
    pub form: ImportForm,
}

/// The forms of import statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportForm {
    /// `from module import ...`
    From,
    /// `import module`: binds the first part of the name.
    Plain,
    /// `import module as name`
    Renamed,
}

/// The imports of a file, in order.
///
/// # Errors
/// As [`crate::parse`].
pub fn imports(text: &str, file: u32) -> Result<Vec<Import>, Vec<Diagnostic>> {
    crate::with_parsed(text, file, |parsed| {
        let mut finder = Finder { file, found: Vec::new() };
        if let Mod::Module(module) = parsed.syntax() {
            finder.visit_body(&module.body);
        }
        finder.found
    })
}

struct Finder {
    file: u32,
    found: Vec<Import>,
}

impl Finder {
    fn add(&mut self, name: &Identifier, form: ImportForm) {
        let span = Span { file: self.file, start: name.range().start().to_u32(), end: name.range().end().to_u32() };
        self.found.push(Import { module: name.to_string(), span, form });
    }
}

impl<'a> Visitor<'a> for Finder {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::ImportFrom(import) if import.level == 0 => {
                if let Some(module) = &import.module {
                    self.add(module, ImportForm::From);
                }
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    self.add(&alias.name, if alias.asname.is_some() { ImportForm::Renamed } else { ImportForm::Plain });
                }
            }
            _ => walk_stmt(self, statement),
        }
    }
}
