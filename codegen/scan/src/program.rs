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
    /// The files with functions of Python's own modules, behind those of the package.
    library: std::ops::Range<u32>,
}

/// Functions of Python's own modules, in Python: `module.name` is `module__name`, with `_` for the dots of the module, in one of these.
pub(crate) const LIBRARY: &[(&str, &str)] = &[
    ("builtins", include_str!("library/builtins.py")),
    ("functions", include_str!("library/functions.py")),
    ("cmath", include_str!("library/cmath.py")),
    ("heapq", include_str!("library/heapq.py")),
    ("itertools", include_str!("library/itertools.py")),
    ("math", include_str!("library/math.py")),
    ("operator", include_str!("library/operator.py")),
    ("random", include_str!("library/random.py")),
    ("said", include_str!("library/said.py")),
    ("statistics", include_str!("library/statistics.py")),
    ("exact", include_str!("library/exact.py")),
];

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
        let first = u32::try_from(files.len()).unwrap_or(u32::MAX);
        files.extend(LIBRARY.iter().map(|(name, text)| SourceFile {
            path: format!("<library>/{name}.py"),
            module: format!("hypersonic_library.{name}"),
            is_package: false,
            text: (*text).to_owned(),
            exports: None,
        }));
        let last = u32::try_from(files.len()).unwrap_or(u32::MAX);
        let mut program = Self { library: first..last, ..Self::default() };
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
        // `operator.__add__` is `operator.add`, `operator.__and__` is `operator.and_`.
        let plain = name.strip_prefix("__").and_then(|name| name.strip_suffix("__")).unwrap_or(name);
        let module = module.replace('.', "_");
        [format!("{module}__{name}"), format!("{module}__{plain}"), format!("{module}__{plain}_")].iter().find_map(|wanted| {
            self.library.clone().find_map(|file| {
                let functions = self.bindings.get(file as usize)?;
                functions.function(wanted).map(|found| (file, found))
            })
        })
    }

    /// Whether a file is not the package's.
    #[must_use]
    pub fn is_library(&self, file: u32) -> bool {
        self.library.contains(&file)
    }

    /// The functions of a file's top level, in order.
    pub(crate) fn functions(&self, file: u32) -> Vec<std::sync::Arc<ast::FunctionDef>> {
        self.bindings.get(file as usize).map(Bindings::functions).unwrap_or_default()
    }
}
