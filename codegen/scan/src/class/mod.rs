//! Classes of the package as far as reading tells: their bases in Python's order, what a name of an object means, and which
//! attributes a method needs and sets, itself and through what it calls on the same object.
//!
//! Bases from outside the package are out of sight: what they define is found at run time, where a guard compares.

mod above;

pub use above::{Above, of_super};

use crate::marks::is_mark;
use crate::program::Program;
use crate::resolve::Definition;
use crate::walk;
use hypersonic_syntax::ast::{ClassDef, Expr, ExprKind, FunctionDef, Span, Stmt, StmtKind};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Longest chain of bases.
const MAX_BASES: usize = 32;

/// A class, with what it inherits from classes of the package.
#[derive(Clone, Debug)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// (file, name) of every statement that says what it is: its own, those of its bases, and how it knows them.
    pub pieces: Vec<(u32, String)>,
    members: BTreeMap<String, Member>,
    /// The class and its bases in Python's order, each with what its own body defines.
    order: Vec<(u32, String, BTreeMap<String, Member>)>,
    /// Whether a base is out of sight.
    open: bool,
    /// Attributes that some method sets without saying their type.
    assigned: BTreeSet<String>,
}

/// What a name of an object means.
#[derive(Clone, Debug)]
pub enum Member {
    /// A function of the class.
    Function(Method),
    /// A value.
    Attribute(Attribute),
    /// Something that is not followed: where, and what it is.
    Other(Span, &'static str),
}

/// A function in the body of a class.
#[derive(Clone, Debug)]
pub struct Method {
    /// The file of the class that defines it.
    pub file: u32,
    /// The name of that class.
    pub owner: String,
    /// Its definition.
    pub definition: Arc<FunctionDef>,
    /// How it is called.
    pub kind: MethodKind,
}

/// How a function of a class is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MethodKind {
    /// With the object first.
    Plain,
    /// By reading an attribute: `@property`.
    Property,
    /// With the class first: `@classmethod`.
    OfClass,
    /// With its arguments alone: `@staticmethod`.
    Static,
}

/// A value that objects have, or their class.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The file of the class that speaks of it.
    pub file: u32,
    /// What its annotation says.
    pub annotation: Option<Expr>,
    /// What the class's body gives it.
    pub value: Option<Expr>,
}

/// Attributes that a method reads and sets, and those that what it calls on the same object does.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    /// Read, in order of first use.
    pub reads: Vec<String>,
    /// Set, in order of first use.
    pub writes: Vec<String>,
}

type Ancestors = Vec<(u32, Arc<ClassDef>)>;

impl MethodKind {
    /// Whether the first parameter is the object or its class.
    #[must_use]
    pub const fn has_receiver(self) -> bool {
        !matches!(self, Self::Static)
    }
}

impl Method {
    /// `C.method`.
    #[must_use]
    pub fn qualname(&self) -> String {
        format!("{}.{}", self.owner, self.definition.name)
    }

    /// The name of the parameter that takes the object or its class.
    #[must_use]
    pub fn receiver(&self) -> Option<&str> {
        self.definition.parameters.first().filter(|_| self.kind.has_receiver()).map(|parameter| parameter.name.as_str())
    }
}

impl Class {
    /// Reads a class and its bases.
    #[must_use]
    pub fn of(program: &Program, file: u32, definition: &Arc<ClassDef>) -> Self {
        let mut pieces = Vec::new();
        let ancestors = ancestors(program, file, definition, &mut pieces, 0);
        let open = ancestors.iter().any(|(file, class)| class.bases.iter().any(|base| above::is_out_of_sight(program, *file, base)));
        let (members, assigned, order) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
        let mut class = Self { name: definition.name.clone(), pieces, members, order, open, assigned };
        for (file, ancestor) in &ancestors {
            let own = self::members(program, *file, ancestor);
            for (name, member) in &own {
                class.members.entry(name.clone()).or_insert_with(|| member.clone());
            }
            class.order.push((*file, ancestor.name.clone(), own));
        }
        for (file, ancestor) in &ancestors {
            class.set_by_methods(*file, ancestor);
        }
        class
    }

    /// What a name of an object means; nothing if the package does not say.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.get(name)
    }

    /// Whether some method sets that attribute, without a type.
    #[must_use]
    pub fn is_assigned(&self, name: &str) -> bool {
        self.assigned.contains(name)
    }

    /// Names that objects have.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.keys().chain(&self.assigned).map(String::as_str)
    }

    /// What a method reads and sets.
    #[must_use]
    pub fn uses(&self, method: &Method) -> Uses {
        let mut uses = Uses::default();
        self.collect(method, &mut uses, &mut BTreeSet::new(), &BTreeSet::new());
        uses
    }

    /// The attributes whose values a method is given: those that it reads and whose type is known.
    #[must_use]
    pub fn needs(&self, method: &Method) -> Vec<String> {
        let known = |name: &String| match self.member(name) {
            Some(Member::Attribute(attribute)) => attribute.annotation.is_some() || attribute.value.is_some(),
            _ => false,
        };
        self.uses(method).reads.into_iter().filter(known).collect()
    }

    fn collect(&self, method: &Method, uses: &mut Uses, seen: &mut BTreeSet<Span>, set: &BTreeSet<String>) {
        let Some(receiver) = method.receiver() else { return };
        if seen.insert(method.definition.span) {
            let mut walk = Walk { class: Some(self), file: method.file, owner: &method.owner, receiver, uses, seen, set: set.clone() };
            walk.block(&method.definition.body, true);
        }
    }

    /// Attributes that methods set: with a type (`self.k: float = 0.0`) or without.
    fn set_by_methods(&mut self, file: u32, ancestor: &ClassDef) {
        for stmt in &ancestor.body {
            let StmtKind::FunctionDef(definition) = &stmt.kind else { continue };
            let Some(receiver) = definition.parameters.first() else { continue };
            let (mut uses, mut seen) = (Uses::default(), BTreeSet::new());
            let (owner, receiver) = (ancestor.name.as_str(), receiver.name.as_str());
            Walk { class: None, file, owner, receiver, uses: &mut uses, seen: &mut seen, set: BTreeSet::new() }
                .block(&definition.body, true);
            self.assigned.extend(uses.writes);
            let mut said = Vec::new();
            annotated(&definition.body, receiver, &mut said);
            for (name, annotation) in said {
                let attribute = Attribute { file, annotation: Some(annotation.clone()), value: None };
                self.members.entry(mangled(&ancestor.name, name)).or_insert(Member::Attribute(attribute));
            }
        }
    }
}

/// A name as Python changes it inside a class: `__x` in `C` is `_C__x`.
#[must_use]
pub fn mangled(owner: &str, name: &str) -> String {
    let owner = owner.trim_start_matches('_');
    if name.starts_with("__") && !name.ends_with("__") && !owner.is_empty() { format!("_{owner}{name}") } else { name.to_owned() }
}

fn push(names: &mut Vec<String>, name: String) {
    if !names.contains(&name) {
        names.push(name);
    }
}

/// The class and its bases in Python's order of looking names up, as far as they are in the package.
fn ancestors(program: &Program, file: u32, class: &Arc<ClassDef>, pieces: &mut Vec<(u32, String)>, depth: usize) -> Ancestors {
    pieces.push((file, class.name.clone()));
    let mut lists = Vec::new();
    let mut direct = Vec::new();
    for base in class.bases.iter().filter(|_| depth < MAX_BASES) {
        if let Some(Definition::Class(other, definition)) = program.resolve_expression(file, base) {
            if let Some(name) = first_name(base) {
                pieces.push((file, name.to_owned()));
            }
            lists.push(ancestors(program, other, &definition, pieces, depth + 1));
            direct.push((other, definition));
        }
    }
    lists.push(direct);
    let mut order = vec![(file, Arc::clone(class))];
    // Python's own merge: the first head that is in no tail. Where there is none Python refuses the class.
    while let Some(next) = lists
        .iter()
        .filter_map(|list| list.first())
        .find(|head| !lists.iter().any(|list| list.iter().skip(1).any(|other| is_same(other, head))))
        .cloned()
    {
        for list in &mut lists {
            list.retain(|other| !is_same(other, &next));
        }
        order.push(next);
    }
    order
}

fn is_same(one: &(u32, Arc<ClassDef>), other: &(u32, Arc<ClassDef>)) -> bool {
    one.0 == other.0 && one.1.span == other.1.span
}

fn first_name(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Attribute(value, _) => first_name(value),
        _ => None,
    }
}

/// What the body of one class defines.
fn members(program: &Program, file: u32, class: &ClassDef) -> BTreeMap<String, Member> {
    let mut found: BTreeMap<String, Member> = BTreeMap::new();
    for stmt in &class.body {
        match &stmt.kind {
            StmtKind::FunctionDef(definition) => {
                let name = mangled(&class.name, &definition.name);
                let accessor = definition.decorators.iter().any(|decorator| is_accessor(decorator, &definition.name));
                let is_property = matches!(found.get(&name), Some(Member::Function(Method { kind: MethodKind::Property, .. })));
                // Where a type is said, objects are asked for the value, however the class comes by it.
                let is_said = matches!(found.get(&name), Some(Member::Attribute(Attribute { annotation: Some(_), value: None, .. })));
                if (accessor && is_property) || is_said {
                    continue;
                }
                let member = match (found.get(&name), kind_of(program, file, definition)) {
                    (None, Some(kind)) => {
                        let owner = class.name.clone();
                        Member::Function(Method { file, owner, definition: Arc::clone(definition), kind })
                    }
                    (None, None) => Member::Other(definition.name_span, "decorated in a way that is not known at build time"),
                    (Some(_), _) => Member::Other(definition.name_span, "defined more than once"),
                };
                found.insert(name, member);
            }
            StmtKind::AnnAssign { target: Expr { kind: ExprKind::Name(name), .. }, annotation, value } => {
                value_of(&mut found, file, mangled(&class.name, name), Some(annotation), value.as_ref(), stmt);
            }
            StmtKind::Assign { targets, value } => {
                for target in targets {
                    match &target.kind {
                        ExprKind::Name(name) => value_of(&mut found, file, mangled(&class.name, name), None, Some(value), stmt),
                        _ => hide(&mut found, &class.name, stmt),
                    }
                }
            }
            _ => hide(&mut found, &class.name, stmt),
        }
    }
    found
}

fn value_of(found: &mut BTreeMap<String, Member>, file: u32, name: String, annotation: Option<&Expr>, value: Option<&Expr>, stmt: &Stmt) {
    let member = match found.get(&name) {
        None => Member::Attribute(Attribute { file, annotation: annotation.cloned(), value: value.cloned() }),
        Some(Member::Function(_)) if annotation.is_some() && value.is_none() => {
            Member::Attribute(Attribute { file, annotation: annotation.cloned(), value: None })
        }
        Some(Member::Attribute(old)) if old.annotation.is_none() || annotation.is_none() => {
            let annotation = annotation.cloned().or_else(|| old.annotation.clone());
            Member::Attribute(Attribute { file, annotation, value: value.cloned().or_else(|| old.value.clone()) })
        }
        Some(_) => Member::Other(stmt.span, "defined more than once"),
    };
    found.insert(name, member);
}

/// Names that a statement binds in a way that is not followed.
fn hide(found: &mut BTreeMap<String, Member>, class: &str, stmt: &Stmt) {
    let mut names = Vec::new();
    walk::bound_names(std::slice::from_ref(stmt), &mut names);
    for name in names {
        found.insert(mangled(class, &name), Member::Other(stmt.span, "bound in a way that is not followed"));
    }
}

/// `@name.setter` and its like.
fn is_accessor(decorator: &Expr, name: &str) -> bool {
    matches!(&decorator.kind, ExprKind::Attribute(value, kind)
        if matches!(kind.as_str(), "setter" | "deleter") && matches!(&value.kind, ExprKind::Name(property) if property == name))
}

/// How a function with these decorators is called; nothing if one of them is not known.
pub(crate) fn kind_of(program: &Program, file: u32, definition: &FunctionDef) -> Option<MethodKind> {
    let mut kind = MethodKind::Plain;
    for decorator in &definition.decorators {
        match builtin_decorator(program, file, decorator) {
            Some(found) if kind == MethodKind::Plain => kind = found,
            None if is_mark(program, file, decorator) => {}
            _ => return None,
        }
    }
    // Python makes a class method of it by itself, or a static one.
    match definition.name.as_str() {
        "__new__" | "__init_subclass__" | "__class_getitem__" => None,
        _ => Some(kind),
    }
}

/// Whether a decorator is one of Python's own that say how a function of a class is called.
pub(crate) fn builtin_decorator(program: &Program, file: u32, decorator: &Expr) -> Option<MethodKind> {
    let ExprKind::Name(name) = &decorator.kind else { return None };
    let kind = match name.as_str() {
        "property" => MethodKind::Property,
        "classmethod" => MethodKind::OfClass,
        "staticmethod" => MethodKind::Static,
        _ => return None,
    };
    (!program.is_bound(file, name)).then_some(kind)
}

/// A walk over a method that finds the attributes of its object.
struct Walk<'a> {
    /// Whose methods are followed; none are without it.
    class: Option<&'a Class>,
    file: u32,
    owner: &'a str,
    receiver: &'a str,
    uses: &'a mut Uses,
    seen: &'a mut BTreeSet<Span>,
    /// Attributes that were certainly set before: reading them needs nothing from outside.
    set: BTreeSet<String>,
}

impl Walk<'_> {
    /// `always` if the statements are run whenever the method comes this far.
    fn block(&mut self, body: &[Stmt], always: bool) {
        for stmt in body {
            match &stmt.kind {
                StmtKind::Assign { targets, value } => {
                    self.read(value);
                    targets.iter().for_each(|target| self.write(target, always));
                }
                StmtKind::AnnAssign { target, value, .. } => {
                    if let Some(value) = value {
                        self.read(value);
                        self.write(target, always);
                    }
                }
                StmtKind::AugAssign { target, value, .. } => {
                    self.read(target);
                    self.read(value);
                    self.write(target, always);
                }
                StmtKind::For { target, iter, .. } => {
                    self.read(iter);
                    self.write(target, false);
                }
                StmtKind::Expr(value) => {
                    self.read(value);
                    if let (true, Some(class)) = (always, self.class) {
                        self.set.extend(class.set_by_call(value, (self.file, self.owner, self.receiver), 0));
                    }
                }
                _ => walk::expressions(stmt).into_iter().for_each(|expr| self.read(expr)),
            }
            walk::blocks(stmt, false).into_iter().for_each(|block| self.block(block, false));
        }
    }

    fn read(&mut self, expr: &Expr) {
        if let Some(name) = of_super(expr, self.owner, self.receiver) {
            let name = mangled(self.owner, name);
            if let Some(class) = self.class
                && let Above::Member(Member::Function(called)) = class.above(self.file, self.owner, &name)
            {
                class.collect(called, self.uses, self.seen, &self.set);
            }
            return;
        }
        if let (ExprKind::Attribute(base, _), Some(class)) = (&expr.kind, self.class)
            && class.is_itself(base, (self.file, self.owner, self.receiver))
        {
            self.read(base);
        }
        let Some(name) = self.of_itself(expr) else {
            // The arguments of a call come before what it does.
            if let ExprKind::Call(function, arguments, keywords) = &expr.kind {
                arguments.iter().chain(keywords.iter().map(|(_, value)| value)).for_each(|argument| self.read(argument));
                return self.read(function);
            }
            return walk::children(expr).into_iter().for_each(|child| self.read(child));
        };
        let name = mangled(self.owner, name);
        match self.class.and_then(|class| Some((class, class.member(&name)?))) {
            Some((class, Member::Function(called))) => class.collect(called, self.uses, self.seen, &self.set),
            _ if self.set.contains(&name) => {}
            _ => push(&mut self.uses.reads, name),
        }
    }

    /// The name in `receiver.name`, and behind a method that gives the object back.
    fn of_itself<'e>(&self, expr: &'e Expr) -> Option<&'e str> {
        let ExprKind::Attribute(base, name) = &expr.kind else { return None };
        let plain = of_receiver(expr, self.receiver).is_some();
        let given = || self.class.is_some_and(|class| class.is_itself(base, (self.file, self.owner, self.receiver)));
        (plain || given()).then_some(name)
    }

    fn write(&mut self, target: &Expr, always: bool) {
        match (&target.kind, of_receiver(target, self.receiver)) {
            (_, Some(name)) => {
                let name = mangled(self.owner, name);
                if always {
                    self.set.insert(name.clone());
                }
                push(&mut self.uses.writes, name);
            }
            (ExprKind::Tuple(items) | ExprKind::List(items), None) => items.iter().for_each(|item| self.write(item, always)),
            (ExprKind::Starred(value), None) => self.write(value, always),
            _ => self.read(target),
        }
    }
}

/// The name in `receiver.name`.
fn of_receiver<'e>(expr: &'e Expr, receiver: &str) -> Option<&'e str> {
    match &expr.kind {
        ExprKind::Attribute(value, name) => matches!(&value.kind, ExprKind::Name(base) if base == receiver).then_some(name.as_str()),
        _ => None,
    }
}

/// `receiver.name: annotation`, at any depth of blocks.
fn annotated<'e>(body: &'e [Stmt], receiver: &str, found: &mut Vec<(&'e str, &'e Expr)>) {
    for stmt in body {
        if let StmtKind::AnnAssign { target, annotation, .. } = &stmt.kind
            && let Some(name) = of_receiver(target, receiver)
        {
            found.push((name, annotation));
        }
        walk::blocks(stmt, false).into_iter().for_each(|block| annotated(block, receiver, found));
    }
}
