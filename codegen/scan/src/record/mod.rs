//! Classes of the package whose values have a compiled form: NamedTuples, dataclasses and enums, as far as reading tells what they
//! hold and how they are made. What a class does that is not followed (a metaclass, `__setattr__`, a decorator) makes it no record, with
//! the reason.

mod dataclass;
mod enumeration;
mod fields;
mod tuple;

use crate::class::Class;
use crate::program::Program;
use crate::resolve::Definition;
use hypersonic_diagnostics::{Diagnostic, Id};
use hypersonic_ops::Class as Name;
use hypersonic_syntax::ast::{ClassDef, Expr, ExprKind, Span, Stmt, StmtKind};
use std::sync::Arc;

/// What changes how objects are read, set, compared, or taken for sequences.
const SPECIAL: [&str; 19] = [
    "__setattr__",
    "__getattribute__",
    "__getattr__",
    "__delattr__",
    "__class__",
    "__getitem__",
    "__iter__",
    "__len__",
    "__contains__",
    "__bool__",
    "__hash__",
    "__eq__",
    "__ne__",
    "__lt__",
    "__le__",
    "__gt__",
    "__ge__",
    "__match_args__",
    "__index__",
];

/// Longest chain of bases.
const MAX_BASES: usize = 32;

/// A class whose values have a compiled form.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its name, and what its values are.
    pub name: Arc<Name>,
    /// Its methods and properties, if it is written as a class.
    pub class: Option<Arc<Class>>,
    /// What it holds, in order; nothing for an enum.
    pub fields: Vec<Field>,
    /// The members of an enum, aliases too, in order.
    pub members: Vec<EnumMember>,
    /// Whether `==` compares fields (else it asks whether it is the same object).
    pub equality: bool,
    /// Whether `<` and its kin compare fields.
    pub order: bool,
    /// Whether fields cannot be set.
    pub frozen: bool,
    /// Why calling the class is not compiled.
    pub unmade: Option<Wrong>,
    /// (file, name) of every statement that says what it is.
    pub pieces: Vec<(u32, String)>,
}

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The file of the class that says it.
    pub file: u32,
    /// Its type, as written.
    pub annotation: Option<Expr>,
    /// What it is where it is not given.
    pub default: Option<Given>,
    /// Whether it is given by keyword only.
    pub keyword_only: bool,
    /// Whether it is a parameter.
    pub init: bool,
    /// Whether comparisons look at it.
    pub compare: bool,
}

/// What a field is where it is not given.
#[derive(Clone, Debug)]
pub enum Given {
    /// One value for all.
    Value(Expr),
    /// What this gives when it is called.
    Factory(Expr),
}

/// A name of a member of an enum.
#[derive(Clone, Debug)]
pub struct EnumMember {
    /// The name.
    pub name: String,
    /// Its value, or the position of the member, as the class's kind has it.
    pub number: i64,
    /// What stands behind `=`; nothing for `auto()`.
    pub value: Option<Expr>,
    /// Whether another name of the same member comes before.
    pub alias: bool,
}

/// Why a class is not what it seems to be.
#[derive(Clone, Debug)]
pub struct Wrong {
    /// Where.
    pub span: Span,
    /// What: "`P` has a `__setattr__`".
    pub title: String,
    /// What can be done.
    pub hint: String,
}

impl Wrong {
    pub(crate) fn new(span: Span, title: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { span, title: title.into(), hint: hint.into() }
    }

    /// As a diagnostic about a place that uses the class.
    #[must_use]
    pub fn diagnostic(&self, span: Span) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(Id::UnsupportedObject, self.title.clone(), span, "used here");
        if self.span != span {
            diagnostic.labels.push(hypersonic_diagnostics::Label { span: self.span, text: "because of this".to_owned() });
        }
        diagnostic.with_hint(self.hint.clone())
    }
}

/// A record, or why it is none although it is a NamedTuple, a dataclass or an enum.
pub type Found = Result<Record, Wrong>;

impl Record {
    /// The member of that name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&EnumMember> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The position of a field.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

impl Program {
    /// The NamedTuple, dataclass or enum that a name was followed to; nothing if it is none.
    #[must_use]
    pub fn record(&self, definition: &Definition) -> Option<Found> {
        self.record_at(definition, 0)
    }

    /// The record of a class by its name.
    #[must_use]
    pub fn record_named(&self, name: &Name) -> Option<Found> {
        self.resolve(name.file, &name.name).and_then(|definition| self.record(&definition))
    }

    fn record_at(&self, definition: &Definition, depth: usize) -> Option<Found> {
        if depth > MAX_BASES {
            return None;
        }
        match definition {
            Definition::Constant(file, name, value) => tuple::of_call(self, *file, name, value),
            Definition::Class(file, class) => {
                let of_class = Header { program: self, file: *file, class, depth };
                let found = of_class.read()?;
                Some(found.and_then(|record| of_class.checked(record)))
            }
            _ => None,
        }
    }
}

/// A class that is looked at.
pub(crate) struct Header<'a> {
    program: &'a Program,
    file: u32,
    class: &'a Arc<ClassDef>,
    depth: usize,
}

/// A base of a class.
enum Base {
    /// By its full name.
    External(String),
    /// A record.
    Record(Found),
    /// A class of the package that is no record.
    Plain,
    /// `namedtuple(...)`.
    Call(Found),
    /// Anything else.
    Unknown,
}

impl Header<'_> {
    fn read(&self) -> Option<Found> {
        let bases: Vec<(Base, Span)> = self.class.bases.iter().map(|base| (self.base(base), base.span)).collect();
        if let Some(found) = tuple::of_class(self, &bases) {
            return Some(found);
        }
        if let Some(found) = enumeration::of_class(self, &bases) {
            return Some(found);
        }
        dataclass::of_class(self, bases)
    }

    fn base(&self, base: &Expr) -> Base {
        if let ExprKind::Call(..) = base.kind {
            return tuple::of_call(self.program, self.file, &self.class.name, base).map_or(Base::Unknown, Base::Call);
        }
        match self.program.resolve_expression(self.file, base) {
            Some(Definition::External(name)) => Base::External(name),
            Some(definition @ (Definition::Class(..) | Definition::Constant(..))) => self
                .program
                .record_at(&definition, self.depth + 1)
                .map_or_else(|| if matches!(definition, Definition::Class(..)) { Base::Plain } else { Base::Unknown }, Base::Record),
            None if matches!(&base.kind, ExprKind::Name(name) if name == "object" && !self.program.is_bound(self.file, name)) => {
                Base::External("builtins.object".to_owned())
            }
            None if matches!(&base.kind, ExprKind::Name(name) if matches!(name.as_str(), "int" | "str" | "float") && !self.program.is_bound(self.file, name)) => {
                Base::External(format!("builtins.{}", self.program_text(base)))
            }
            _ => Base::Unknown,
        }
    }

    fn program_text(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Name(name) => name.clone(),
            _ => self.class.name.clone(),
        }
    }

    /// The full name of what a decorator is, and the keywords that it is given.
    fn decorator<'t>(&self, decorator: &'t Expr) -> (Option<String>, &'t [(Option<String>, Expr)]) {
        let (callee, keywords) = match &decorator.kind {
            ExprKind::Call(callee, arguments, keywords) if arguments.is_empty() => (callee.as_ref(), keywords.as_slice()),
            _ => (decorator, [].as_slice()),
        };
        let full = match self.program.resolve_expression(self.file, callee) {
            Some(Definition::External(full)) => Some(full),
            _ => None,
        };
        (full, keywords)
    }

    fn wrong(&self, span: Span, what: &str, hint: &str) -> Wrong {
        Wrong::new(span, format!("objects of the class `{}` have no compiled form: {what}", self.class.name), hint)
    }

    /// What a record may not have, in its class and its bases.
    fn checked(&self, mut record: Record) -> Found {
        for decorator in &self.class.decorators {
            let (full, _) = self.decorator(decorator);
            let known = matches!(
                full.as_deref(),
                Some("dataclasses.dataclass" | "enum.unique" | "typing.final" | "typing_extensions.final" | "typing.runtime_checkable")
            );
            if !known && !crate::marks::is_mark(self.program, self.file, decorator) {
                return Err(self.wrong(
                    decorator.span,
                    "a decorator changes it in a way that is not known at build time",
                    "remove the decorator",
                ));
            }
        }
        for name in SPECIAL {
            if let Some(span) = self.defines(name) {
                return Err(self.wrong(span, &format!("it has a `{name}`"), "give functions what it holds, not the object"));
            }
        }
        for name in ["__new__", "__init__", "__post_init__"] {
            if let (Some(span), None) = (self.defines(name), &record.unmade) {
                let title = format!("`{}` has a `{name}`, so making one is not compiled", self.class.name);
                record.unmade = Some(Wrong::new(span, title, "make it in a Python function, and give it to this one"));
            }
        }
        let class = Class::of(self.program, self.file, self.class);
        record.pieces.extend(class.pieces.iter().cloned());
        record.class = Some(Arc::new(class));
        Ok(record)
    }

    /// Where the class itself defines a name in its body.
    fn defines(&self, name: &str) -> Option<Span> {
        self.class.body.iter().find_map(|stmt| match &stmt.kind {
            StmtKind::FunctionDef(definition) if definition.name == name => Some(definition.name_span),
            StmtKind::Assign { targets, .. } => {
                let found = targets.iter().find(|target| matches!(&target.kind, ExprKind::Name(other) if other == name));
                found.map(|target| target.span)
            }
            _ => None,
        })
    }
}

/// Whether a statement of a class's body binds no name of interest: docstrings, methods, `pass`.
fn is_plain(stmt: &Stmt) -> bool {
    matches!(stmt.kind, StmtKind::FunctionDef(_) | StmtKind::Expr(_) | StmtKind::Pass)
}
