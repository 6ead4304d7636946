//! All files of a package, parsed together, so that names can be followed from one to another.

use crate::bindings::Bindings;
use hypersonic_diagnostics::Diagnostic;
use hypersonic_syntax::ast;
use std::collections::HashMap;

/// One source file of the package, as given to the compiler.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// For messages and the manifest: relative path with `/`.
    pub path: String,
    /// Dotted module name.
    pub module: String,
    /// Whether it is an `__init__.py`.
    pub is_package: bool,
    /// Its text.
    pub text: String,
    /// The text of the `.pythran` file beside it, which holds signatures.
    pub exports: Option<String>,
}

/// All files of the package, parsed. A [`ast::Span`]'s `file` is the index in `files`. Made by [`Program::parse`].
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// In the order given.
    pub files: Vec<ParsedFile>,
    pub(crate) bindings: Vec<Bindings>,
    pub(crate) modules: HashMap<String, u32>,
    /// The file with functions of Python's own modules, behind those of the package.
    library: Option<u32>,
}

/// Functions of Python's own modules, in Python.
const LIBRARY: &str = include_str!("library.py");

/// A file and its tree.
#[derive(Clone, Debug)]
pub struct ParsedFile {
    /// The file.
    pub source: SourceFile,
    /// Its tree; empty if it is not valid Python.
    pub tree: ast::Module,
}

impl Program {
    /// Parses every file. A file with syntax errors stays in the program with an empty tree.
    #[must_use]
    pub fn parse(mut files: Vec<SourceFile>) -> (Self, Vec<Diagnostic>) {
        let mut program = Self { library: u32::try_from(files.len()).ok(), ..Self::default() };
        let (path, module) = ("<library>".to_owned(), "<library>".to_owned());
        files.push(SourceFile { path, module, is_package: false, text: LIBRARY.to_owned(), exports: None });
        let mut diagnostics = Vec::new();
        for (index, source) in (0u32..).zip(files) {
            let tree = hypersonic_syntax::parse(&source.text, index).unwrap_or_else(|errors| {
                diagnostics.extend(errors);
                ast::Module::default()
            });
            program.bindings.push(Bindings::of(&tree));
            program.modules.entry(source.module.clone()).or_insert(index);
            program.files.push(ParsedFile { source, tree });
        }
        (program, diagnostics)
    }

    /// The function of one of Python's own modules by its full name (`bisect.bisect_left`), if it is written in Python here.
    #[must_use]
    pub fn library_function(&self, full: &str) -> Option<(u32, std::sync::Arc<ast::FunctionDef>)> {
        let (module, name) = full.rsplit_once('.')?;
        let file = self.library?;
        let wanted = format!("{module}__{name}");
        let found = self.functions(file).into_iter().find(|function| function.name == wanted)?;
        Some((file, found))
    }

    /// A function of ours that has no name of Python's: what a method does.
    #[must_use]
    pub fn library_helper(&self, name: &str) -> Option<(u32, std::sync::Arc<ast::FunctionDef>)> {
        let file = self.library?;
        let found = self.functions(file).into_iter().find(|function| function.name == name)?;
        Some((file, found))
    }

    /// Whether a file is not the package's.
    #[must_use]
    pub fn is_library(&self, file: u32) -> bool {
        self.library == Some(file)
    }

    /// The classes of the package's top levels, with their files.
    #[must_use]
    pub fn classes(&self) -> Vec<(u32, std::sync::Arc<ast::ClassDef>)> {
        let files = self.bindings.iter().enumerate().filter_map(|(file, bindings)| Some((u32::try_from(file).ok()?, bindings)));
        files.flat_map(|(file, bindings)| bindings.classes().map(move |class| (file, std::sync::Arc::clone(class)))).collect()
    }

    /// The functions of a file's top level, in order.
    pub(crate) fn functions(&self, file: u32) -> Vec<std::sync::Arc<ast::FunctionDef>> {
        self.bindings.get(file as usize).map(Bindings::functions).unwrap_or_default()
    }
}
