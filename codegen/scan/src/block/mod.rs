//! Blocks: parts of functions that are compiled as functions of their own.
//!
//! ```python
//! if ts.is_transpiled:
//!     x = ts.use_block("name")
//! else:
//!     # transonic block (float[:] a; float b)
//!     x = a + b
//! ```
//!
//! or, the same, `with hypersonic.block(a="float[:]", b=float):`, which the wheel's copy of the file says otherwise.
//!
//! A block takes the variables whose types are said, and gives those that `use_block` is assigned to, or that it sets and the code around it
//! reads. At run time it is a function
//! that is called with variables of its surroundings, so everything that it needs of them must have a type.

mod names;
mod types;

use crate::exports::Exports;
use crate::migration::Edit;
use crate::program::Program;
use crate::resolve::Definition;
use crate::signature::{Boosted, ParameterType, Refused};
use crate::walk;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_syntax::ast::{Expr, ExprKind, FunctionDef, Parameter, ParameterKind, Stmt, StmtKind};
use names::{Surroundings, following_statements, leaves, reads_before_sets, rebound};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const FORMS: &[(&str, &str)] = &[("transonic", "block"), ("hypersonic", "block")];

const HINT: &str = "write `# transonic block (float[:] a, b; int n)` as the first thing below `else:`";

/// The name under which the kernels of a block are found.
pub(crate) fn block_name(name: &str) -> String {
    format!("<block {name}>")
}

/// What the blocks of a file come to.
pub(crate) struct Blocks<'p> {
    program: &'p Program,
    file: u32,
    known: BTreeSet<String>,
    /// Those of which there are several.
    doubles: BTreeSet<String>,
    /// How many `with` blocks each function has so far.
    counts: BTreeMap<String, usize>,
    pub(crate) boosted: Vec<Boosted>,
    pub(crate) refused: Vec<Refused>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// The functions around a place, innermost last, and the statement of the top level that holds it.
#[derive(Clone, Default)]
struct Around<'t> {
    piece: Option<String>,
    /// Names of functions and classes, outermost first.
    path: Vec<&'t str>,
    functions: Vec<&'t FunctionDef>,
}

/// A block as it is written.
struct Written<'t> {
    name: String,
    name_span: Span,
    form: Form<'t>,
    statement: &'t Stmt,
    /// What calls `use_block`, or says `with`.
    used: Span,
    body: &'t [Stmt],
}

/// The two forms of a block.
#[derive(Clone, Copy)]
enum Form<'t> {
    /// `x, y = ts.use_block("name")`: what it is assigned to.
    Used(&'t [Expr]),
    /// `with hypersonic.block(a=type):`: the callee and the types.
    With(&'t Expr, &'t [(Option<String>, Expr)]),
}

impl<'p> Blocks<'p> {
    /// Reads the blocks of a file.
    pub(crate) fn of(program: &'p Program, file: u32) -> Self {
        let (boosted, refused, diagnostics) = (Vec::new(), Vec::new(), Vec::new());
        let mut blocks = Self {
            program,
            file,
            known: BTreeSet::new(),
            doubles: BTreeSet::new(),
            counts: BTreeMap::new(),
            boosted,
            refused,
            diagnostics,
        };
        blocks.search(&program.files[file as usize].tree.body, &Around::default());
        // Which of them is meant is known at run time only.
        let (first, rest) = std::mem::take(&mut blocks.boosted).into_iter().partition(|block| blocks.doubles.contains(&block.qualname));
        blocks.boosted = rest;
        let first: Vec<Boosted> = first;
        blocks.refused.extend(first.into_iter().map(|block| Refused {
            file,
            reasons: vec![format!("the module has two blocks named {}", block.qualname)],
            qualname: block.qualname,
            definition: block.definition,
        }));
        blocks
    }

    fn search(&mut self, body: &'p [Stmt], around: &Around<'p>) {
        for statement in body {
            match &statement.kind {
                StmtKind::FunctionDef(function) => {
                    let mut inside = around.clone();
                    inside.piece.get_or_insert_with(|| function.name.clone());
                    inside.functions.push(function);
                    inside.path.push(&function.name);
                    self.search(&function.body, &inside);
                }
                StmtKind::ClassDef(class) => {
                    let mut inside = around.clone();
                    inside.piece.get_or_insert_with(|| class.name.clone());
                    inside.path.push(&class.name);
                    self.search(&class.body, &inside);
                }
                _ => {
                    if let Some(written) = self.used_block(statement).or_else(|| self.with_block(statement, around)) {
                        self.read(&written, around);
                        self.search(written.body, around);
                        continue;
                    }
                    walk::expressions(statement).into_iter().for_each(|expression| self.stray(expression));
                    walk::blocks(statement, false).into_iter().for_each(|block| self.search(block, around));
                }
            }
        }
    }

    /// `with hypersonic.block(...)`, and nothing else in it.
    fn with_block<'t>(&mut self, statement: &'t Stmt, around: &Around<'_>) -> Option<Written<'t>> {
        let StmtKind::With { items, body } = &statement.kind else { return None };
        let [(Expr { kind: ExprKind::Call(callee, arguments, types), span }, None)] = items.as_slice() else { return None };
        let is_block = matches!(self.program.resolve_expression(self.file, callee), Some(Definition::External(name))
            if name == "hypersonic.block");
        if !is_block || !arguments.is_empty() {
            return None;
        }
        let function = around.path.join(".");
        let count = self.counts.entry(function.clone()).or_default();
        *count += 1;
        let name = format!("{function}:{count}");
        Some(Written { name, name_span: *span, form: Form::With(callee, types), statement, used: *span, body })
    }

    /// `if ts.is_transpiled: ts.use_block(...)`.
    fn used_block<'t>(&self, statement: &'t Stmt) -> Option<Written<'t>> {
        let StmtKind::If { test, body, orelse } = &statement.kind else { return None };
        let ExprKind::Attribute(object, asked) = &test.kind else { return None };
        if asked != "is_transpiled" || !self.is_transonic(object) {
            return None;
        }
        let (targets, call, used) = match body.as_slice() {
            [Stmt { kind: StmtKind::Expr(call), span }] => ([].as_slice(), call, *span),
            [Stmt { kind: StmtKind::Assign { targets, value }, span }] => match targets.as_slice() {
                [Expr { kind: ExprKind::Tuple(items), .. }] => (items.as_slice(), value, *span),
                [_] => (targets.as_slice(), value, *span),
                _ => return None,
            },
            _ => return None,
        };
        let ExprKind::Call(function, arguments, _) = &call.kind else { return None };
        let (ExprKind::Attribute(object, method), [name]) = (&function.kind, arguments.as_slice()) else { return None };
        if method != "use_block" || !self.is_transonic(object) {
            return None;
        }
        let ExprKind::Str(text) = &name.kind else { return None };
        Some(Written { name: text.clone(), name_span: name.span, form: Form::Used(targets), statement, used, body: orelse })
    }

    /// A call of `use_block` that is not in the form of a block.
    fn stray(&mut self, expression: &Expr) {
        if let ExprKind::Call(function, arguments, _) = &expression.kind
            && let ExprKind::Attribute(object, method) = &function.kind
            && method == "use_block"
            && self.is_transonic(object)
            && let [Expr { kind: ExprKind::Str(name), .. }] = arguments.as_slice()
        {
            let title = format!("block `{name}` stays pure Python: it is not written as blocks are");
            let diagnostic = Diagnostic::new(Id::UnsupportedBlock, title.clone(), expression.span, "called here");
            let hint = "write `if ts.is_transpiled: x = ts.use_block(\"name\")`, and the Python code behind `else:`";
            self.diagnostics.push(diagnostic.with_hint(hint));
            let definition = FunctionDef {
                span: expression.span,
                name_span: expression.span,
                name: block_name(name),
                decorators: Vec::new(),
                type_parameters: Vec::new(),
                parameters: Vec::new(),
                vararg: None,
                kwarg: None,
                returns: None,
                body: Vec::new(),
                is_async: false,
            };
            let qualname = block_name(name);
            self.refused.push(Refused { file: self.file, qualname, definition: Arc::new(definition), reasons: vec![title] });
        }
        walk::children(expression).into_iter().for_each(|child| self.stray(child));
    }

    /// Whether an expression is a name that the module gives a `Transonic()`.
    fn is_transonic(&self, object: &Expr) -> bool {
        let ExprKind::Name(name) = &object.kind else { return false };
        let Some(Definition::Constant(file, _, Expr { kind: ExprKind::Call(class, _, _), .. })) = self.program.resolve(self.file, name)
        else {
            return false;
        };
        matches!(self.program.resolve_expression(file, &class), Some(Definition::External(name))
            if matches!(name.as_str(), "transonic.Transonic" | "transonic.aheadoftime.Transonic" | "hypersonic.transonic.Transonic"))
    }

    fn read(&mut self, written: &Written<'_>, around: &Around<'_>) {
        let before = self.diagnostics.len();
        let comments = self.said(written);
        let parameters: Vec<(String, Span)> = comments.first().map(|first| first.names.clone()).unwrap_or_default();
        let signatures = self.signatures(written, &comments);
        let is_array = |at: usize| signatures.iter().all(|signature| matches!(signature.parameters[at], ParameterType::Array { .. }));
        let arrays: BTreeSet<&str> =
            parameters.iter().enumerate().filter(|(at, _)| is_array(*at)).map(|(_, (name, _))| name.as_str()).collect();
        let surroundings = Surroundings::of(&around.functions, written.statement.span);
        let targets = match written.form {
            Form::Used(targets) => self.targets(written, targets),
            Form::With(..) => {
                let seen = self.read_after(around, written.statement.span);
                let names = rebound(written.body, &arrays).into_iter().filter(|name| seen.as_ref().is_none_or(|seen| seen.contains(name)));
                names.map(|name| (name, written.used)).collect()
            }
        };
        self.refuse_shapes(written, around, &surroundings, &arrays, &parameters, &targets);
        let header = self.header(written, &targets);
        let definition = Arc::new(definition(written, parameters, &targets));
        let qualname = block_name(&written.name);
        let failed = self.diagnostics.len() > before;
        match &around.piece {
            Some(piece) if !failed && !signatures.is_empty() => self.boosted.push(Boosted {
                file: self.file,
                qualname,
                definition,
                method: None,
                within: Some(piece.clone()),
                undecorated: false,
                header,
                signatures,
                fastmath: false,
                always: true,
                exports: Exports::default(),
                span: written.statement.span,
            }),
            _ => {
                let reasons = self.diagnostics[before..].iter().map(|diagnostic| diagnostic.title.clone()).collect();
                self.refused.push(Refused { file: self.file, qualname, definition, reasons });
            }
        }
    }

    fn fail(&mut self, id: Id, written: &Written<'_>, what: &str, span: Span, label: &str, hint: &str) {
        let title = format!("block `{}` stays pure Python: {what}", written.name);
        self.diagnostics.push(Diagnostic::new(id, title, span, label).with_hint(hint));
    }

    /// The variables that the code around a block may read after it, before it sets them itself. Where the function does what is not followed
    /// here (it yields, holds functions, looks at its variables by name), every word of it counts; nothing if even that may not be all.
    fn read_after(&self, around: &Around<'_>, block: Span) -> Option<BTreeSet<String>> {
        let text = self.program.files[self.file as usize].source.text.as_str();
        let (innermost, outermost) = (around.functions.last()?, around.functions.first()?);
        let before = text.get(outermost.span.start as usize..block.start as usize)?;
        let after = text.get(block.end as usize..outermost.span.end as usize)?;
        let words = |text: &str| -> Vec<String> {
            text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').map(str::to_owned).collect()
        };
        let all = [words(before), words(after)].concat();
        let holds = |names: &[&str]| all.iter().any(|word| names.contains(&word.as_str()));
        if holds(&["locals", "vars", "eval", "exec", "dir", "_getframe", "currentframe"]) {
            return None;
        }
        let functions = all.iter().filter(|word| *word == "def").count();
        let unfollowed = functions > 1
            || holds(&["yield", "await", "async", "lambda", "class", "match", "global", "nonlocal"])
            || before.contains('{')
            || after.contains('{');
        if unfollowed {
            return Some(all.into_iter().collect());
        }
        let mut following = Vec::new();
        following_statements(&innermost.body, block, &mut following);
        Some(reads_before_sets(&following, &mut BTreeSet::new()).into_iter().map(|(name, _)| name).collect())
    }

    /// How the wheel's copy begins a `with` block.
    fn header(&self, written: &Written<'_>, targets: &[(String, Span)]) -> Option<Edit> {
        let Form::With(callee, _) = written.form else { return None };
        let text = self.program.files[self.file as usize].source.text.as_str();
        let callee = text.get(callee.span.start as usize..callee.span.end as usize)?;
        let (start, end) = (written.statement.span.start as usize, written.used.end as usize);
        // Nothing but parentheses and comments may come before the colon.
        let mut comment = false;
        let colon = text.get(end..)?.char_indices().find_map(|(at, letter)| {
            comment = letter == '#' || comment && letter != '\n';
            (letter == ':' && !comment).then_some(end + at + 1)
        })?;
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let indent = &text[line..start];
        let names: Vec<&str> = targets.iter().map(|(name, _)| name.as_str()).collect();
        let given = if names.is_empty() { String::new() } else { format!("{} = ", names.join(", ")) };
        let name = &written.name;
        let plain = indent.trim().is_empty() && !callee.contains('\n');
        plain.then(|| Edit {
            span: Span { end: u32::try_from(colon).unwrap_or(u32::MAX), ..written.statement.span },
            text: format!("if {callee}.compiled({name:?}): {given}{callee}.run({name:?})\n{indent}else:"),
        })
    }

    /// The names of the variables that the block gives.
    fn targets(&mut self, written: &Written<'_>, targets: &[Expr]) -> Vec<(String, Span)> {
        let mut names = Vec::new();
        for target in targets {
            match &target.kind {
                ExprKind::Name(name) => names.push((name.clone(), target.span)),
                _ => self.fail(
                    Id::UnsupportedBlock,
                    written,
                    "its result is assigned to something that is no variable",
                    target.span,
                    "not a name",
                    "assign it to a variable, and that to what you like below",
                ),
            }
        }
        names
    }

    /// What cannot be cut out of its surroundings.
    fn refuse_shapes(
        &mut self,
        written: &Written<'_>,
        around: &Around<'_>,
        surroundings: &Surroundings,
        arrays: &BTreeSet<&str>,
        parameters: &[(String, Span)],
        targets: &[(String, Span)],
    ) {
        if around.functions.is_empty() {
            let hint = "put it in a function";
            self.fail(Id::UnsupportedBlock, written, "it stands in no function", written.name_span, "this block", hint);
            return;
        }
        if !self.known.insert(written.name.clone()) {
            self.doubles.insert(block_name(&written.name));
            let hint = "give the blocks of a module different names";
            self.fail(Id::UnsupportedBlock, written, "the module has two blocks of that name", written.name_span, "again here", hint);
        }
        let private = |name: &str| name.starts_with("__") && !name.ends_with("__");
        let in_class = around.path.len() > around.functions.len();
        let mut bound = Vec::new();
        walk::bound_names(written.body, &mut bound);
        if let Some(name) = parameters.iter().map(|(name, _)| name).chain(&bound).find(|name| in_class && private(name)) {
            let hint = "give the variable a name with fewer underscores";
            let what = format!("the class gives `{name}` another name");
            self.fail(Id::UnsupportedBlock, written, &what, written.name_span, "this block", hint);
        }
        if around.piece.as_ref().is_some_and(|piece| self.program.is_ambiguous(self.file, piece)) {
            let hint = "give the functions, or classes, different names";
            self.fail(Id::UnsupportedBlock, written, "what it stands in is defined more than once", written.name_span, "this block", hint);
        }
        for (place, what) in leaves(written.body, false) {
            let hint = "leave it to the code around the block";
            self.fail(Id::UnsupportedBlock, written, &format!("it holds {what}"), place, "leads out of the block", hint);
        }
        let mut set: BTreeSet<String> = parameters.iter().map(|(name, _)| name.clone()).collect();
        let mut reported = BTreeSet::new();
        for (name, span) in reads_before_sets(written.body, &mut set) {
            if surroundings.bound.contains(&name) && reported.insert(name.clone()) {
                let what = format!("the type of `{name}` is not said");
                let hint = match written.form {
                    Form::Used(_) => format!("add `{name}` with its type to the comment of the block"),
                    Form::With(..) if name == "self" => "assign what it has to variables before the block".to_owned(),
                    Form::With(..) => format!("add it: `hypersonic.block({name}=type)`"),
                };
                self.fail(Id::UntypedBlock, written, &what, span, "a variable from outside", &hint);
            }
        }
        let mut own = Vec::new();
        walk::bound_names(written.body, &mut own);
        for (name, _) in targets.iter().filter(|(name, _)| matches!(written.form, Form::With(..)) && !set.contains(name)) {
            // It would keep the value from before, or have none, which shows only where it is read.
            if reported.insert(name.clone()) {
                let what = format!("it sets `{name}` on some paths only");
                let hint = format!("say its type, so that it keeps its value on the others: `hypersonic.block({name}=type)`");
                self.fail(Id::UntypedBlock, written, &what, written.used, "this block", &hint);
            }
        }
        for (name, span) in targets {
            if !own.contains(name) && !parameters.iter().any(|(known, _)| known == name) {
                let hint = "assign what the block sets";
                self.fail(Id::UnsupportedBlock, written, &format!("it does not set `{name}`"), *span, "set where?", hint);
            }
        }
        if let Form::Used(_) = written.form {
            self.refuse_kept(written, around, surroundings, targets, &rebound(written.body, arrays), &mut reported);
        }
    }

    /// Variables that the code around reads and `use_block` does not give.
    fn refuse_kept(
        &mut self,
        written: &Written<'_>,
        around: &Around<'_>,
        surroundings: &Surroundings,
        targets: &[(String, Span)],
        rebound: &BTreeSet<String>,
        reported: &mut BTreeSet<String>,
    ) {
        let after = self.read_after(around, written.statement.span);
        let needed = |name: &String| surroundings.read.contains(name) && after.as_ref().is_none_or(|after| after.contains(name));
        let given = |name: &String| targets.iter().any(|(target, _)| target == name);
        for name in rebound.iter().filter(|name| needed(name) && !given(name)) {
            if reported.insert(name.clone()) {
                let what = format!("it sets `{name}`, which the code around it reads, but `use_block` does not give it");
                let hint = format!("write `{name} = ts.use_block({:?})`", written.name);
                self.fail(Id::UnsupportedBlock, written, &what, written.used, "not given here", &hint);
            }
        }
    }
}

/// The block as a function.
fn definition(written: &Written<'_>, parameters: Vec<(String, Span)>, targets: &[(String, Span)]) -> FunctionDef {
    let parameter = |(name, span)| Parameter { span, name, kind: ParameterKind::Positional, annotation: None, default: None };
    let mut body = written.body.to_vec();
    let mut values: Vec<Expr> = targets.iter().map(|(name, span)| Expr { span: *span, kind: ExprKind::Name(name.clone()) }).collect();
    let value = match values.len() {
        0 => None,
        1 => values.pop(),
        _ => Some(Expr { span: written.used, kind: ExprKind::Tuple(values) }),
    };
    if value.is_some() {
        body.push(Stmt { span: written.used, kind: StmtKind::Return(value) });
    }
    FunctionDef {
        span: written.statement.span,
        name_span: written.name_span,
        name: block_name(&written.name),
        decorators: Vec::new(),
        type_parameters: Vec::new(),
        parameters: parameters.into_iter().map(parameter).collect(),
        vararg: None,
        kwarg: None,
        returns: None,
        body,
        is_async: false,
    }
}
