//! All specializations of one unit: the root and what it calls, each typed once per combination of argument types.
//!
//! A recursive call asks for the result of a specialization that is still being typed. The first attempt goes
//! without it, the returns that need no recursion give a guess, and the function is typed again until the guess holds.

use crate::function::{Outcome, Typer};
use crate::ir::{Attribute, Constant, Expr, ExprKind, Function, Marked, MemberUse};
use crate::objects::sites::Sites;
use crate::walk;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::Type;
use hypersonic_scan::{Class, Method, Program};
use hypersonic_syntax::ast::FunctionDef;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Most specializations in one unit.
const MAX_SPECIALIZATIONS: usize = 200;
/// Longest chain of calls.
const MAX_CALL_DEPTH: usize = 60;
/// Most statements and expressions typed for one unit, repetitions counted.
const MAX_WORK: u64 = 300_000;
/// Most values in the arguments of one call, tuples opened: a recursion whose argument grows ends here.
const MAX_LEAVES: usize = 256;
/// Most guesses at the result of a recursive function.
const MAX_GUESSES: usize = 8;

/// What a parameter is given.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Argument {
    /// Its type.
    pub ty: Type,
    /// Its value, if the specialization is for that value only.
    pub known: Option<Constant>,
    /// Whether the value is passed at all: literals of the root's signature are not.
    pub passed: bool,
}

/// A function that is called.
#[derive(Clone, Debug)]
pub(crate) struct Callee {
    /// The file whose names it sees.
    pub file: u32,
    /// Its definition.
    pub definition: Arc<FunctionDef>,
    /// As a function of the class of the object, if it is one. Then it is given the attributes that it needs before its parameters.
    pub method: Option<Method>,
}

type Key = (u32, String, u32, Vec<(Type, Option<(u8, i64)>)>);

enum Slot {
    InProgress { guess: Option<Type>, asked: bool },
    Finished(Function),
    Failed(Vec<Diagnostic>),
}

/// Why a function cannot be called.
pub(crate) enum Refusal {
    /// For these reasons.
    Diagnostics(Vec<Diagnostic>),
    /// Its result is not known yet.
    Unknown,
}

/// State shared by all specializations of a unit.
pub(crate) struct UnitTyper<'p> {
    /// Where definitions are found.
    pub program: &'p Program,
    /// Top-level pieces that were read.
    pub depends: BTreeSet<(u32, String)>,
    /// Free floating point.
    pub fastmath: bool,
    /// The class of the object, if the root is a function of a class.
    pub class: Option<Arc<Class>>,
    /// Places for attributes that were set so far.
    pub attributes: Vec<Attribute>,
    /// What was taken from the class of the object.
    pub members: BTreeSet<MemberUse>,
    /// Whether there was an `assert`.
    pub asserts: bool,
    /// What is looked for among values of another class, by its place: what messages call it.
    pub sought: Vec<(Span, Type)>,
    /// The loops that the source calls parallel.
    pub parallel: Vec<Marked>,
    /// Whether an `isinstance` tells Python's scalars from NumPy's.
    pub asks_types: bool,
    /// Functions that are values, by key: file and definition.
    pub functions: BTreeMap<String, (u32, Arc<FunctionDef>)>,
    /// What containers hold that are made empty.
    pub sites: Sites,
    /// Functions of functions that call themselves, by file and place: the variables that they are given before their parameters.
    pub recursive: BTreeMap<(u32, u32), Vec<String>>,
    /// Lambdas that make the values of a `defaultdict`, by key: file and body.
    pub factories: BTreeMap<String, (u32, hypersonic_syntax::ast::Expr)>,
    /// Exceptions that the package defines, once they were asked for.
    pub exceptions: Option<Arc<Vec<crate::package_exceptions::PackageException>>>,
    slots: Vec<Slot>,
    keys: HashMap<Key, usize>,
    call_depth: usize,
    work: u64,
}

impl<'p> UnitTyper<'p> {
    pub(crate) fn new(program: &'p Program, fastmath: bool, class: Option<Arc<Class>>, attributes: Vec<Attribute>, sites: Sites) -> Self {
        let depends = class.iter().flat_map(|class| class.pieces.iter().cloned()).collect();
        Self {
            program,
            depends,
            fastmath,
            class,
            attributes,
            members: BTreeSet::new(),
            asserts: false,
            sought: Vec::new(),
            parallel: Vec::new(),
            asks_types: false,
            functions: BTreeMap::new(),
            sites,
            recursive: BTreeMap::new(),
            factories: BTreeMap::new(),
            exceptions: None,
            slots: Vec::new(),
            keys: HashMap::new(),
            call_depth: 0,
            work: 0,
        }
    }

    /// Notes that the statement of the top level was read that defines a name, if there is one: what is defined inside a function is part of that.
    pub(crate) fn note_piece(&mut self, file: u32, name: &str) {
        if self.program.is_library(file) {
            return;
        }
        let piece = (file, name.to_owned());
        if !self.depends.contains(&piece) && self.program.piece_text(file, name).is_some() {
            self.depends.insert(piece);
        }
    }

    /// The place for an attribute of that type.
    pub(crate) fn place(&mut self, name: &str, ty: &Type) -> usize {
        let known = self.attributes.iter().position(|attribute| attribute.name == name && attribute.ty == *ty);
        known.unwrap_or_else(|| {
            self.attributes.push(Attribute { name: name.to_owned(), ty: ty.clone() });
            self.attributes.len() - 1
        })
    }

    /// Counts one step of work; false when there was too much.
    pub(crate) fn spend(&mut self) -> bool {
        self.work += 1;
        self.work <= MAX_WORK
    }

    /// Types a function for these arguments, or finds that it was: its position and result.
    pub(crate) fn instance(&mut self, callee: &Callee, arguments: &[Argument], span: Span) -> Result<(usize, Type), Refusal> {
        let definition = &callee.definition;
        if arguments.iter().map(|argument| leaves(&argument.ty)).sum::<usize>() > MAX_LEAVES {
            let title = format!("`{}` is called with too large a tuple", definition.name);
            let label = format!("more than {MAX_LEAVES} values in the arguments of one call");
            return Err(Refusal::Diagnostics(vec![Diagnostic::new(Id::TooComplex, title, span, label)]));
        }
        let key = key(callee.file, definition, arguments);
        if let Some(slot) = self.keys.get(&key).copied().or_else(|| self.in_progress(&key)) {
            return match &mut self.slots[slot] {
                Slot::Finished(function) => Ok((slot, function.result.clone())),
                Slot::Failed(diagnostics) => Err(Refusal::Diagnostics(diagnostics.clone())),
                Slot::InProgress { guess, asked } => {
                    *asked = true;
                    guess.clone().map(|ty| (slot, ty)).ok_or(Refusal::Unknown)
                }
            };
        }
        if self.slots.len() >= MAX_SPECIALIZATIONS || self.call_depth >= MAX_CALL_DEPTH {
            let title = format!("`{}` is one call too many", definition.name);
            let label = format!("more than {MAX_SPECIALIZATIONS} versions of functions, or {MAX_CALL_DEPTH} calls inside each other");
            return Err(Refusal::Diagnostics(vec![Diagnostic::new(Id::TooComplex, title, span, label)]));
        }
        let slot = self.slots.len();
        self.slots.push(Slot::InProgress { guess: None, asked: false });
        self.keys.insert(key, slot);
        self.call_depth += 1;
        let result = self.attempt(slot, callee, arguments);
        self.call_depth -= 1;
        if let Err(Refusal::Diagnostics(diagnostics)) = &result {
            self.slots[slot] = Slot::Failed(diagnostics.clone());
        }
        result
    }

    /// A call of the same function that is being typed, whose types differ in what nothing is known of yet: it is this one, which is learnt. Else
    /// each would have places of its own of which nothing is known, and there were no end to them.
    fn in_progress(&mut self, (file, name, start, arguments): &Key) -> Option<usize> {
        let unknown = |ty: &Type| ty.any(|part| matches!(part, Type::Unknown(_)));
        if !arguments.iter().any(|(ty, _)| unknown(ty)) {
            return None;
        }
        let open = |slot: usize| matches!(self.slots.get(slot), Some(Slot::InProgress { .. }));
        let same = |other: &Key| (&other.0, &other.1, &other.2, other.3.len()) == (file, name, start, arguments.len());
        let alike =
            |(a, known): &(Type, _), (b, also): &(Type, _)| known == also && (a == b || unknown(a) && a.to_string() == b.to_string());
        let mut others = self.keys.iter().filter(|(other, slot)| open(**slot) && same(other));
        let (other, slot) = others.find(|(other, _)| arguments.iter().zip(&other.3).all(|(a, b)| alike(a, b)))?;
        let (other, slot) = (other.3.clone(), *slot);
        for ((a, _), (b, _)) in arguments.iter().zip(&other) {
            // They are the same but for what is not known: nothing contradicts.
            let _ = self.sites.unite(a, b);
        }
        Some(slot)
    }

    fn attempt(&mut self, slot: usize, callee: &Callee, arguments: &[Argument]) -> Result<(usize, Type), Refusal> {
        let definition = &callee.definition;
        let mut guess: Option<Type> = None;
        for _ in 0..MAX_GUESSES {
            self.slots[slot] = Slot::InProgress { guess: guess.clone(), asked: false };
            let Outcome { function, diagnostics, unknown_calls } = Typer::run(self, callee, arguments);
            let asked = matches!(self.slots[slot], Slot::InProgress { asked: true, .. });
            if !diagnostics.is_empty() {
                return Err(Refusal::Diagnostics(diagnostics));
            }
            match function {
                Some(function) => {
                    let result = function.result.clone();
                    if !asked || guess.as_ref() == Some(&result) {
                        self.slots[slot] = Slot::Finished(function);
                        return Ok((slot, result));
                    }
                    guess = Some(result);
                }
                // Every return needs the result of a function further up, which is typed again when it is known.
                None if !asked && unknown_calls => return self.give_up(slot),
                None => break,
            }
            self.forget_after(slot + 1);
        }
        let title = format!("the result type of `{}` could not be found", definition.name);
        let diagnostic =
            Diagnostic::new(Id::RecursionUntyped, title, definition.name_span, "every `return` needs the result of the function itself")
                .with_hint("start with a `return` that does not call the function");
        Err(Refusal::Diagnostics(vec![diagnostic]))
    }

    /// Whether the function that is typed may need the result of one that is being typed: not the first, which nobody has asked for.
    pub(crate) fn may_wait(&self) -> bool {
        self.call_depth > 1 || matches!(self.slots.first(), Some(Slot::InProgress { asked: true, .. }))
    }

    fn give_up(&mut self, slot: usize) -> Result<(usize, Type), Refusal> {
        self.forget_after(slot);
        Err(Refusal::Unknown)
    }

    fn forget_after(&mut self, slot: usize) {
        self.slots.truncate(slot);
        self.keys.retain(|_, position| *position < slot);
    }

    /// The functions that the root needs, root first. Attempts that came to nothing leave others behind.
    pub(crate) fn finish(self) -> Vec<Function> {
        let mut slots: Vec<Option<Function>> = self
            .slots
            .into_iter()
            .map(|slot| match slot {
                Slot::Finished(function) => Some(function),
                _ => None,
            })
            .collect();
        let mut places: HashMap<usize, usize> = HashMap::from([(0, 0)]);
        let mut queue = vec![0];
        let mut functions = Vec::new();
        while let Some(&slot) = queue.get(functions.len()) {
            let Some(mut function) = slots.get_mut(slot).and_then(Option::take) else { break };
            walk::expressions_mut(&mut function.body, &mut |expr| {
                renumber(expr, &mut |called| {
                    *places.entry(called).or_insert_with(|| {
                        queue.push(called);
                        queue.len() - 1
                    })
                });
            });
            functions.push(function);
        }
        functions
    }
}

fn renumber(expr: &mut Expr, place_of: &mut dyn FnMut(usize) -> usize) {
    walk::parts_mut(expr, &mut |part| renumber(part, place_of));
    if let ExprKind::Call(called, _) = &mut expr.kind {
        *called = place_of(*called);
    }
}

/// How many values a type holds, tuples opened; every tuple counts once itself.
fn leaves(ty: &Type) -> usize {
    match ty {
        Type::Tuple(items) => 1 + items.iter().map(leaves).sum::<usize>(),
        Type::Named(_, inner) => leaves(inner),
        _ => 1,
    }
}

fn key(file: u32, definition: &FunctionDef, arguments: &[Argument]) -> Key {
    let arguments = arguments.iter().map(|argument| (argument.ty.clone(), argument.known.and_then(bits))).collect();
    (file, definition.name.clone(), definition.span.start, arguments)
}

fn bits(constant: Constant) -> Option<(u8, i64)> {
    match constant {
        Constant::Bool(value) => Some((0, i64::from(value))),
        Constant::Int(value) => Some((1, value)),
        _ => None,
    }
}
