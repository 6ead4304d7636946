//! Exceptions that the package defines: classes whose bases end in Python's own.

use crate::exceptions::{derives, is_exception};
use crate::function::Typer;
use hypersonic_scan::{Definition, Program};
use hypersonic_syntax::ast::{ClassDef, Expr, ExprKind, StmtKind};
use std::sync::Arc;

/// Longest chain of bases.
const MAX_BASES: usize = 16;

/// A class of the package that is an exception.
#[derive(Clone, Debug)]
pub(crate) struct PackageException {
    /// Its name with its module, by which the runtime finds it.
    pub full: String,
    /// Itself and what it derives from in the package: file, name, full name.
    pub package: Vec<(u32, String, String)>,
    /// Python's exceptions that it derives from.
    pub builtin: Vec<String>,
    /// Whether making one runs code of the package.
    pub constructs: bool,
}

impl PackageException {
    /// Reads a class; none if it is no exception, or a decorator or a base hides what it is.
    pub(crate) fn of(program: &Program, file: u32, class: &Arc<ClassDef>) -> Option<Self> {
        let mut found = Self { full: full_name(program, file, class)?, package: Vec::new(), builtin: Vec::new(), constructs: false };
        found.add(program, file, class, 0)?;
        (!found.builtin.is_empty()).then_some(found)
    }

    fn add(&mut self, program: &Program, file: u32, class: &Arc<ClassDef>, depth: usize) -> Option<()> {
        if depth > MAX_BASES || !class.decorators.is_empty() || class.bases.is_empty() {
            return None;
        }
        self.package.push((file, class.name.clone(), full_name(program, file, class)?));
        self.constructs |= class.body.iter().any(|stmt| match &stmt.kind {
            StmtKind::FunctionDef(function) => matches!(function.name.as_str(), "__init__" | "__new__"),
            // What makes a name in a way that is not followed.
            StmtKind::Pass | StmtKind::Expr(_) | StmtKind::AnnAssign { .. } => false,
            StmtKind::Assign { targets, .. } => targets.iter().any(|target| !is_plain_name(target)),
            _ => true,
        });
        for base in &class.bases {
            match program.resolve_expression(file, base) {
                Some(Definition::Class(other, definition)) => self.add(program, other, &definition, depth + 1)?,
                None => {
                    let ExprKind::Name(name) = &base.kind else { return None };
                    if !is_exception(name) || program.is_bound(file, name) {
                        return None;
                    }
                    self.builtin.push(name.clone());
                }
                Some(_) => return None,
            }
        }
        Some(())
    }

    /// Whether a handler of that exception of Python takes it.
    fn derives_from(&self, class: &str) -> bool {
        let class = if class == "IOError" { "OSError" } else { class };
        self.builtin.iter().any(|base| derives(if base == "IOError" { "OSError" } else { base }, class))
    }
}

fn is_plain_name(target: &Expr) -> bool {
    matches!(&target.kind, ExprKind::Name(name) if !matches!(name.as_str(), "__init__" | "__new__"))
}

/// The name of a class that its module gives one meaning.
fn full_name(program: &Program, file: u32, class: &Arc<ClassDef>) -> Option<String> {
    match program.resolve(file, &class.name) {
        Some(Definition::Class(other, found)) if other == file && found.span == class.span => {
            Some(format!("{}.{}", program.files.get(file as usize)?.source.module, class.name))
        }
        _ => None,
    }
}

impl Typer<'_, '_> {
    /// The exception of the package that an expression names.
    pub(crate) fn package_exception(&mut self, class: &Expr) -> Option<PackageException> {
        let (ExprKind::Name(_) | ExprKind::Attribute(..)) = &class.kind else { return None };
        if hypersonic_scan::names_of(class).iter().any(|name| self.is_local(name)) {
            return None;
        }
        let Some(Definition::Class(file, definition)) = self.unit.program.resolve_expression(self.file, class) else { return None };
        let found = PackageException::of(self.unit.program, file, &definition)?;
        for (file, name, _) in &found.package {
            self.unit.note_piece(*file, name);
        }
        Some(found)
    }

    /// The exceptions of the package that a handler of that exception of Python takes.
    pub(crate) fn package_exceptions_of(&mut self, class: &str) -> Vec<String> {
        self.all_package_exceptions().iter().filter(|known| known.derives_from(class)).map(|known| known.full.clone()).collect()
    }

    /// An exception of the package, and those that derive from it.
    pub(crate) fn derived_exceptions(&mut self, class: &PackageException) -> Vec<String> {
        let all = self.all_package_exceptions();
        let derived = all.iter().filter(|known| known.package.iter().any(|(_, _, full)| *full == class.full));
        derived.map(|known| known.full.clone()).collect()
    }

    fn all_package_exceptions(&mut self) -> Arc<Vec<PackageException>> {
        let program = self.unit.program;
        let all = self.unit.exceptions.get_or_insert_with(|| {
            let classes = program.classes();
            Arc::new(classes.iter().filter_map(|(file, class)| PackageException::of(program, *file, class)).collect())
        });
        Arc::clone(all)
    }
}
