//! One specialization being typed: its variables, the block that grows, what names mean here, what was found wrong.
//!
//! Statements and expressions are typed in the modules beside this one, all as methods of [`Typer`]. What cannot be typed is
//! reported where it is met; typing then goes on with the next statement, with the names concerned poisoned, so
//! that one run finds every cause.

use crate::ir::{Block, Constant, Expr, ExprKind, Function, MessagePart, Stmt, StmtKind, Variable, VariableId};
use crate::library::Surroundings;
use crate::object::Receiver;
use crate::returns;
use crate::scope::{Binding, Environment, Known};
use crate::unit::{Argument, Callee, UnitTyper};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::Type;
use hypersonic_syntax::ast::{self, FunctionDef};
use std::collections::{BTreeSet, HashMap};

/// Deepest nesting of statements and expressions.
const MAX_NESTING: usize = 100;

/// It could not be typed, and the reason is reported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reported;

/// Typed, or reported.
pub(crate) type Typed<T> = Result<T, Reported>;

/// What came of typing a function.
pub(crate) struct Outcome {
    /// The function; absent if something was wrong or no result is known yet.
    pub function: Option<Function>,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether a call had no known result yet.
    pub unknown_calls: bool,
}

/// Jumps out of a loop's body and what names mean there.
#[derive(Default)]
pub(crate) struct LoopFrame {
    pub breaks: Vec<(u32, Environment)>,
    pub continues: Vec<(u32, Environment)>,
    /// For the body of a loop over a generator, which is written out within the generator: where `break` and `continue` lead.
    pub labels: Option<(u32, u32)>,
}

/// A function being typed.
pub(crate) struct Typer<'u, 'p> {
    pub unit: &'u mut UnitTyper<'p>,
    /// The object, in a function of its class.
    pub receiver: Option<Receiver>,
    /// Whose names are looked up; another one while a constant of that module is read.
    pub file: u32,
    /// Names that are local by Python's rule.
    pub locals: BTreeSet<String>,
    /// The function that is written out here, if it is not the one that is typed.
    pub frame: Option<crate::expand::Frame>,
    /// Functions of this one that use variables around them, by key.
    pub closures: std::collections::BTreeMap<String, std::sync::Arc<crate::closure::Closure>>,
    /// Generators in variables, by key.
    pub generators: std::collections::BTreeMap<String, crate::stored_generator::Stored>,
    /// Iterators, by key.
    pub iterators: std::collections::BTreeMap<String, crate::iterators::Iterating>,
    /// Slices in variables, by key.
    pub slices: std::collections::BTreeMap<String, ast::Expr>,
    /// Whether the iterator that is made is asked for one item only.
    pub once: bool,
    /// How many loops are around whose body may run again.
    pub repeating: usize,
    /// How many functions are being written out, one in the other.
    pub expansions: usize,
    /// How many were written out for the call around all of them.
    pub written_out: usize,
    /// Whether any was.
    pub copies: bool,
    /// Names that may be unset where they are read, so that a flag says whether they are.
    flagged: BTreeSet<String>,
    /// Names for which a flag was needed in this attempt.
    wanted_flags: BTreeSet<String>,
    pub variables: Vec<Variable>,
    canonical: HashMap<(String, Type), VariableId>,
    /// The block that grows.
    pub block: Block,
    /// What names mean here.
    pub environment: Environment,
    /// Whether control can get here.
    pub reachable: bool,
    pub loops: Vec<LoopFrame>,
    /// The `try` statements around.
    pub attempts: crate::attempt::Attempts,
    /// How many `if` are around that are decided at run time.
    pub conditions: usize,
    /// Parts of expressions around that are evaluated for one outcome only.
    pub choices: usize,
    /// What loops found their names to be at the last attempt, by place.
    pub loop_heads: HashMap<Span, Environment>,
    /// Names that were read where nothing sets them; in a loop, an iteration before may.
    pub unset_reads: BTreeSet<String>,
    pub returns: Vec<(Type, Span)>,
    pub diagnostics: Vec<Diagnostic>,
    /// What goes before a jump, by its number.
    pub patches: HashMap<u32, Block>,
    next_jump: u32,
    next_name: u32,
    /// Names of comprehensions: as written, as bound.
    pub renames: Vec<(String, String)>,
    /// Constants being read: (file, name). Locals are out of sight meanwhile.
    pub constants: Vec<(u32, String)>,
    pub unknown_calls: bool,
    /// Whether a format becomes a value, not the message of an exception.
    pub as_value: bool,
    /// Which specialization this is.
    pub identity: String,
    nesting: usize,
}

impl<'u, 'p> Typer<'u, 'p> {
    /// Types a function for these arguments.
    pub(crate) fn run(unit: &mut UnitTyper<'p>, callee: &Callee, arguments: &[Argument]) -> Outcome {
        let definition = &*callee.definition;
        if callee.method.is_none() {
            unit.note_piece(callee.file, &definition.name);
        }
        let receiver = Receiver::of(unit, callee);
        let mut flagged = BTreeSet::new();
        loop {
            let mut typer = Typer::start(unit, callee.file, definition, receiver.clone(), flagged.clone());
            typer.identity = identity(callee, arguments);
            let (outcome, wanted) = typer.attempt(definition, arguments);
            if wanted.is_subset(&flagged) {
                return outcome;
            }
            // Some names may be unset where they are read: they get a flag each.
            flagged.extend(wanted);
        }
    }

    fn start(
        unit: &'u mut UnitTyper<'p>,
        file: u32,
        definition: &FunctionDef,
        receiver: Option<Receiver>,
        flagged: BTreeSet<String>,
    ) -> Self {
        let mut locals = BTreeSet::new();
        crate::names::assigned(&definition.body, &mut locals);
        Self {
            unit,
            receiver,
            file,
            locals,
            frame: None,
            closures: std::collections::BTreeMap::new(),
            generators: std::collections::BTreeMap::new(),
            iterators: std::collections::BTreeMap::new(),
            slices: std::collections::BTreeMap::new(),
            once: false,
            repeating: 0,
            expansions: 0,
            written_out: 0,
            copies: false,
            flagged,
            wanted_flags: BTreeSet::new(),
            variables: Vec::new(),
            canonical: HashMap::new(),
            block: Block::new(),
            environment: Environment::new(),
            reachable: true,
            loops: Vec::new(),
            attempts: crate::attempt::Attempts::default(),
            conditions: 0,
            choices: 0,
            loop_heads: HashMap::new(),
            unset_reads: BTreeSet::new(),
            returns: Vec::new(),
            diagnostics: Vec::new(),
            patches: HashMap::new(),
            next_jump: 0,
            next_name: 0,
            renames: Vec::new(),
            constants: Vec::new(),
            unknown_calls: false,
            as_value: false,
            identity: String::new(),
            nesting: 0,
        }
    }

    fn attempt(mut self, definition: &FunctionDef, arguments: &[Argument]) -> (Outcome, BTreeSet<String>) {
        self.check_definition(definition);
        let parameters = self.bind_parameters(definition, arguments);
        for name in self.flagged.clone() {
            let set = self.environment.contains_key(&name);
            self.flag(&name, set, definition.name_span);
        }
        self.statements(&definition.body);
        let wanted = std::mem::take(&mut self.wanted_flags);
        self.learn_from_all();
        (returns::finish(self, definition, parameters), wanted)
    }

    /// Learns what containers hold from all conversions of the function, and from what it returns.
    fn learn_from_all(&mut self) {
        let block = std::mem::take(&mut self.block);
        self.learn_from(&block);
        self.block = block;
        let patches: Vec<Block> = self.patches.values().cloned().collect();
        patches.iter().for_each(|patch| self.learn_from(patch));
        let returns = self.returns.clone();
        for pair in returns.windows(2) {
            if crate::unify::unify(&pair[0].0, &pair[1].0).is_some() && pair[0].0.is_object() {
                self.learn(&pair[0].0, &pair[1].0, pair[1].1);
            }
        }
    }

    /// Notes at run time whether a name is set, if that is asked anywhere.
    pub(crate) fn flag(&mut self, name: &str, set: bool, span: Span) {
        if self.flagged.contains(name) {
            let flag = self.variable(&format!(".set.{name}"), &Type::BOOL);
            self.push(StmtKind::Assign(flag, crate::resolve::bool_constant(set, span)), span);
        }
    }

    /// Raises as Python does if the name is not set.
    pub(crate) fn require_set(&mut self, name: &str, bound: &str, span: Span) {
        self.wanted_flags.insert(bound.to_owned());
        let flag = self.variable(&format!(".set.{bound}"), &Type::BOOL);
        let test = crate::logic::negation(self.read(flag, span), span);
        let message = format!("cannot access local variable '{name}' where it is not associated with a value");
        let kind = StmtKind::Raise { exception: "UnboundLocalError".to_owned(), message: vec![MessagePart::Text(message)], retried: true };
        self.push(StmtKind::If { test, then: vec![Stmt { span, kind }], otherwise: Block::new() }, span);
        if let Some(Binding::Value { maybe_unbound, .. }) = self.environment.get_mut(bound) {
            *maybe_unbound = false;
        }
    }

    fn check_definition(&mut self, definition: &FunctionDef) {
        let what = match definition {
            FunctionDef { is_async: true, .. } => "`async`".to_owned(),
            FunctionDef { body, .. } if hypersonic_scan::is_generator(body) => "`yield`".to_owned(),
            _ => return,
        };
        let title = format!("`{}` has {what}, which is not compiled", definition.name);
        let hint = "give every parameter a name of its own";
        self.report(
            Diagnostic::new(Id::UnsupportedDefinition, title, definition.name_span, format!("defined with {what}")).with_hint(hint),
        );
    }

    fn bind_parameters(&mut self, definition: &FunctionDef, arguments: &[Argument]) -> Vec<VariableId> {
        let mut parameters = Vec::new();
        let (names, skipped) = self.bind_receiver(definition);
        let own = definition.parameters.iter().skip(skipped).map(|parameter| (parameter.name.clone(), parameter.span));
        let own = own.chain(definition.vararg.iter().chain(&definition.kwarg).map(|name| (name.clone(), definition.name_span)));
        for ((name, span), argument) in names.into_iter().map(|name| (name, definition.name_span)).chain(own).zip(arguments) {
            self.locals.insert(name.clone());
            let variable = self.variable(&name, &argument.ty);
            if argument.passed {
                parameters.push(variable);
            } else if let Some(constant) = argument.known {
                let value = Expr { ty: argument.ty.clone(), kind: ExprKind::Constant(constant), span };
                self.push(StmtKind::Assign(variable, value), span);
            }
            let binding = Binding::Value {
                ty: argument.ty.clone(),
                variable,
                known: argument.known.map(Known::Constant),
                maybe_unbound: false,
                span,
            };
            self.environment.insert(name, binding);
        }
        self.bind_itself(definition);
        parameters
    }

    /// The variable of that name and type.
    pub(crate) fn variable(&mut self, name: &str, ty: &Type) -> VariableId {
        if let Some(&variable) = self.canonical.get(&(name.to_owned(), ty.clone())) {
            return variable;
        }
        let variable = self.fresh_variable(name.to_owned(), ty.clone());
        self.canonical.insert((name.to_owned(), ty.clone()), variable);
        variable
    }

    pub(crate) fn fresh_variable(&mut self, name: String, ty: Type) -> VariableId {
        let variable = VariableId(u32::try_from(self.variables.len()).unwrap_or(u32::MAX));
        self.variables.push(Variable { name, ty });
        variable
    }

    /// A name that no Python code can have.
    pub(crate) fn fresh_name(&mut self, written: &str) -> String {
        self.next_name += 1;
        format!(".{written}{}", self.next_name)
    }

    /// Adds a statement to the growing block.
    pub(crate) fn push(&mut self, kind: StmtKind, span: Span) {
        self.block.push(Stmt { span, kind });
    }

    /// Reads a variable.
    pub(crate) fn read(&self, variable: VariableId, span: Span) -> Expr {
        let ty = self.variables[variable.0 as usize].ty.clone();
        let kind = if is_unit(&ty) { ExprKind::Unit } else { ExprKind::Variable(variable) };
        Expr { ty, kind, span }
    }

    /// Evaluates the value here and gives the variable that holds it; constants and variables stay as they are.
    pub(crate) fn hold(&mut self, value: Expr) -> Expr {
        if matches!(value.kind, ExprKind::Unit | ExprKind::Constant(_) | ExprKind::Variable(_)) {
            return value;
        }
        let span = value.span;
        self.next_name += 1;
        let variable = self.fresh_variable(format!(".{}", self.next_name), value.ty.clone());
        self.push(StmtKind::Assign(variable, value), span);
        Expr { ty: self.variables[variable.0 as usize].ty.clone(), kind: ExprKind::Variable(variable), span }
    }

    /// If typing what comes after `value` added statements since `mark`, evaluates `value` before them: operands are
    /// evaluated left to right.
    pub(crate) fn keep_order(&mut self, value: &mut Expr, mark: usize) {
        if self.block.len() == mark || matches!(value.kind, ExprKind::Unit | ExprKind::Constant(_) | ExprKind::Variable(_)) {
            return;
        }
        let later = self.block.split_off(mark);
        *value = self.hold(value.clone());
        self.block.extend(later);
    }

    /// Types something in a block of its own.
    pub(crate) fn in_block<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> (Block, T) {
        let outer = std::mem::take(&mut self.block);
        let result = inside(self);
        (std::mem::replace(&mut self.block, outer), result)
    }

    /// What something would be, if it were typed here: nothing is evaluated, and what would be known after it is not known.
    pub(crate) fn peek<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let environment = self.environment.clone();
        let (_, result) = self.in_block(inside);
        self.environment = environment;
        result
    }

    /// What something would be, if it can be typed at all: nothing is said where it cannot.
    pub(crate) fn probe<T>(&mut self, inside: impl FnOnce(&mut Self) -> Typed<T>) -> Option<T> {
        let said = self.diagnostics.len();
        let result = self.peek(inside);
        self.diagnostics.truncate(said);
        result.ok()
    }

    /// Notes a jump out of the flow: conversions can be put before it later.
    pub(crate) fn jump(&mut self, span: Span) -> u32 {
        self.next_jump += 1;
        let placeholder = Expr { ty: Type::None, kind: ExprKind::Constant(Constant::Int(i64::from(self.next_jump))), span };
        self.push(StmtKind::Expr(placeholder), span);
        self.next_jump
    }

    /// Reports.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        let same = |other: &Diagnostic| {
            other.id == diagnostic.id && other.title == diagnostic.title && other.labels.first() == diagnostic.labels.first()
        };
        if !self.diagnostics.iter().any(same) {
            self.diagnostics.push(diagnostic);
        }
        Reported
    }

    /// Reports an expression that is not compiled.
    pub(crate) fn unsupported(&mut self, title: impl Into<String>, span: Span, label: impl Into<String>) -> Reported {
        self.report(Diagnostic::new(Id::UnsupportedExpression, title, span, label))
    }

    /// Reports what Python would answer with a TypeError.
    pub(crate) fn type_error(&mut self, title: impl Into<String>, span: Span, label: impl Into<String>) -> Reported {
        self.report(Diagnostic::new(Id::TypeError, title, span, label))
    }

    /// What the library says, reported if it is a refusal.
    pub(crate) fn accept<T>(&mut self, result: Result<T, Diagnostic>) -> Typed<T> {
        result.map_err(|diagnostic| self.report(diagnostic))
    }

    /// Goes one level deeper, within limits.
    pub(crate) fn nested<T>(&mut self, span: Span, inside: impl FnOnce(&mut Self) -> Typed<T>) -> Typed<T> {
        if self.nesting >= MAX_NESTING {
            let label = format!("more than {MAX_NESTING} levels deep");
            return Err(self.report(Diagnostic::new(Id::TooComplex, "the code is nested too deeply", span, label)));
        }
        if !self.unit.spend() {
            let hint = "split the function, or loop over ranges instead of tuples";
            let diagnostic = Diagnostic::new(Id::TooComplex, "the function is too large", span, "gave up here").with_hint(hint);
            return Err(self.report(diagnostic));
        }
        self.nesting += 1;
        let result = inside(self);
        self.nesting -= 1;
        result
    }

    /// The name under which a local is bound: comprehensions have names of their own.
    pub(crate) fn bound_name(&self, written: &str) -> String {
        let renamed = self.renames.iter().rev().find(|(name, _)| name == written);
        renamed.map_or_else(|| written.to_owned(), |(_, bound)| bound.clone())
    }

    /// The text of an expression as the user wrote it, for messages.
    pub(crate) fn source(&self, expr: &ast::Expr) -> String {
        let file = self.unit.program.files.get(expr.span.file as usize);
        let text = file.and_then(|file| file.source.text.get(expr.span.start as usize..expr.span.end as usize)).unwrap_or("...");
        if text.len() > 40 || text.contains('\n') { "...".to_owned() } else { text.to_owned() }
    }
}

impl Surroundings for Typer<'_, '_> {
    fn temporary(&mut self, value: Expr) -> Expr {
        self.hold(value)
    }

    fn emit(&mut self, stmt: StmtKind, span: Span) {
        self.push(stmt, span);
    }
}

/// A name for one specialization.
fn identity(callee: &Callee, arguments: &[Argument]) -> String {
    let types: Vec<String> = arguments.iter().map(|argument| format!("{:?} {:?}", argument.ty, argument.known)).collect();
    format!("{} {} {}", callee.file, callee.definition.span.start, types.join(", "))
}

/// Whether the type says all about the value.
pub(crate) const fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::None | Type::Text(_) | Type::Function(_) | Type::DtypeValue(..))
}
