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
//! A block takes the variables that its comments name, and gives those that `use_block` is assigned to. At run time it is a function
//! that is called with variables of its surroundings, so everything that it needs of them must have a type.

use crate::annotation::Reader;
use crate::annotation::cursor::Cursor;
use crate::annotation::spec::{MAX_SIGNATURES, Spec, expand};
use crate::comments::{announced, gather};
use crate::program::Program;
use crate::resolve::Definition;
use crate::signature::{Boosted, ParameterType, Refused, Signature};
use crate::walk;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_syntax::YIELD;
use hypersonic_syntax::ast::{Comment, Expr, ExprKind, FunctionDef, Parameter, ParameterKind, Stmt, StmtKind};
use std::collections::BTreeSet;
use std::sync::Arc;

const FORMS: &[(&str, &str)] = &[("transonic", "block"), ("hypersonic", "block")];

const HINT: &str = "write `# transonic block (float[:] a, b; int n)` as the first thing below `else:`";

/// The name under which the kernels of a block are found.
#[must_use]
pub fn block_name(name: &str) -> String {
    format!("<block {name}>")
}

/// What the blocks of a file come to.
pub(crate) struct Blocks<'p> {
    program: &'p Program,
    file: u32,
    known: BTreeSet<String>,
    pub(crate) boosted: Vec<Boosted>,
    pub(crate) refused: Vec<Refused>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// The functions around a place, innermost last, and the statement of the top level that holds it.
#[derive(Clone, Default)]
struct Around<'t> {
    piece: Option<String>,
    functions: Vec<&'t FunctionDef>,
}

/// A block as it is written.
struct Written<'t> {
    name: String,
    name_span: Span,
    targets: Vec<&'t Expr>,
    statement: &'t Stmt,
    /// The statement that calls `use_block`.
    used: &'t Stmt,
    body: &'t [Stmt],
}

impl<'p> Blocks<'p> {
    /// Reads the blocks of a file.
    pub(crate) fn of(program: &'p Program, file: u32) -> Self {
        let (boosted, refused, diagnostics) = (Vec::new(), Vec::new(), Vec::new());
        let mut blocks = Self { program, file, known: BTreeSet::new(), boosted, refused, diagnostics };
        blocks.search(&program.files[file as usize].tree.body, &Around::default());
        blocks
    }

    fn search(&mut self, body: &'p [Stmt], around: &Around<'p>) {
        for statement in body {
            match &statement.kind {
                StmtKind::FunctionDef(function) => {
                    let mut inside = around.clone();
                    inside.piece.get_or_insert_with(|| function.name.clone());
                    inside.functions.push(function);
                    self.search(&function.body, &inside);
                }
                StmtKind::ClassDef(class) => {
                    let mut inside = around.clone();
                    inside.piece.get_or_insert_with(|| class.name.clone());
                    self.search(&class.body, &inside);
                }
                _ => {
                    if let Some(written) = self.written(statement) {
                        self.read(&written, around);
                    }
                    walk::blocks(statement, false).into_iter().for_each(|block| self.search(block, around));
                }
            }
        }
    }

    /// A statement of the form of a block.
    fn written<'t>(&self, statement: &'t Stmt) -> Option<Written<'t>> {
        let StmtKind::If { test, body, orelse } = &statement.kind else { return None };
        let ExprKind::Attribute(object, asked) = &test.kind else { return None };
        if asked != "is_transpiled" || !self.is_transonic(object) {
            return None;
        }
        let (targets, call, used) = match body.as_slice() {
            [used @ Stmt { kind: StmtKind::Expr(call), .. }] => (Vec::new(), call, used),
            [used @ Stmt { kind: StmtKind::Assign { targets, value }, .. }] => match targets.as_slice() {
                [Expr { kind: ExprKind::Tuple(items), .. }] => (items.iter().collect(), value, used),
                [one] => (vec![one], value, used),
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
        Some(Written { name: text.clone(), name_span: name.span, targets, statement, used, body: orelse })
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
        let comments = self.comments(written);
        let parameters: Vec<(String, Span)> = comments.first().map(|first| first.names.clone()).unwrap_or_default();
        let targets = self.targets(written);
        let signatures = self.signatures(written, &comments);
        let is_array = |at: usize| signatures.iter().all(|signature| matches!(signature.parameters[at], ParameterType::Array { .. }));
        let arrays: BTreeSet<&str> =
            parameters.iter().enumerate().filter(|(at, _)| is_array(*at)).map(|(_, (name, _))| name.as_str()).collect();
        self.refuse_shapes(written, around, &arrays, &parameters, &targets);
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
                signatures,
                fastmath: false,
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

    /// The comments at the head of the block, read.
    fn comments(&mut self, written: &Written<'_>) -> Vec<BlockComment> {
        let parsed = &self.program.files[self.file as usize];
        let text = parsed.source.text.as_str();
        let (from, to) = (written.used.span.end, written.body.first().map_or(written.used.span.end, |first| first.span.start));
        let between = |comment: &&Comment| comment.own_line && comment.span.start >= from && comment.span.end <= to;
        let comments: Vec<&Comment> = parsed.tree.comments.iter().filter(between).collect();
        let mut found = Vec::new();
        let mut next = 0;
        while next < comments.len() {
            let Some((gathered, following)) = gather(text, &comments, next, |comment| announced(comment, FORMS)) else {
                next += 1;
                continue;
            };
            next = following;
            let mut cursor = Cursor::new(&gathered.content, gathered.place(self.file));
            let mut reader = Reader::new(self.program, &block_name(&written.name));
            let read = declarations(&mut reader, &mut cursor);
            let whole = cursor.whole();
            self.diagnostics.extend(reader.finish(whole));
            if let Some((names, types)) = read {
                found.push(BlockComment { names, types, span: whole });
            }
        }
        if comments.iter().all(|comment| announced(&comment.text, FORMS).is_none()) {
            let (what, label) = ("it has no comment that says the types of its variables", "no `# transonic block` below the `else`");
            self.fail(Id::UntypedBlock, written, what, written.name_span, label, HINT);
        }
        found
    }

    /// The names of the variables that the block gives.
    fn targets(&mut self, written: &Written<'_>) -> Vec<(String, Span)> {
        let mut names = Vec::new();
        for target in &written.targets {
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

    fn signatures(&mut self, written: &Written<'_>, comments: &[BlockComment]) -> Vec<Signature> {
        let Some(first) = comments.first() else { return Vec::new() };
        let mut all = Vec::new();
        for comment in comments {
            let types: Option<Vec<Spec>> = first
                .names
                .iter()
                .map(|(name, _)| comment.names.iter().position(|(other, _)| other == name).map(|at| comment.types[at].clone()))
                .collect();
            let (Some(types), true) = (types, comment.names.len() == first.names.len()) else {
                let hint = "name the same variables in every comment of a block";
                self.fail(
                    Id::BadCommentSignature,
                    written,
                    "its comments name different variables",
                    comment.span,
                    "others than the first",
                    hint,
                );
                continue;
            };
            match expand(&types) {
                Ok(signatures) => signatures.into_iter().for_each(|signature| {
                    if !all.contains(&signature) {
                        all.push(signature);
                    }
                }),
                Err(_) => {
                    let what = format!("its types multiply to more than {MAX_SIGNATURES} signatures");
                    self.fail(Id::TooManySignatures, written, &what, comment.span, "too many", "write the types that are needed");
                }
            }
        }
        all
    }

    /// What cannot be cut out of its surroundings.
    fn refuse_shapes(
        &mut self,
        written: &Written<'_>,
        around: &Around<'_>,
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
            let hint = "give the blocks of a module different names";
            self.fail(Id::UnsupportedBlock, written, "the module has two blocks of that name", written.name_span, "again here", hint);
        }
        if around.piece.as_ref().is_some_and(|piece| self.program.is_ambiguous(self.file, piece)) {
            let hint = "give the functions, or classes, different names";
            self.fail(Id::UnsupportedBlock, written, "what it stands in is defined more than once", written.name_span, "this block", hint);
        }
        for (place, what) in leaves(written.body, false) {
            let hint = "leave it to the code around the block";
            self.fail(Id::UnsupportedBlock, written, &format!("it holds {what}"), place, "leads out of the block", hint);
        }
        let surroundings = Surroundings::of(around, written.statement.span);
        let mut set: BTreeSet<String> = parameters.iter().map(|(name, _)| name.clone()).collect();
        let mut reported = BTreeSet::new();
        for (name, span) in reads_before_sets(written.body, &mut set) {
            if surroundings.bound.contains(&name) && reported.insert(name.clone()) {
                let what = format!("its comment does not say the type of `{name}`");
                let hint = format!("add `{name}` with its type to the comment of the block");
                self.fail(Id::UntypedBlock, written, &what, span, "a variable from outside", &hint);
            }
        }
        let mut own = Vec::new();
        walk::bound_names(written.body, &mut own);
        for (name, span) in targets {
            if !own.contains(name) && !parameters.iter().any(|(known, _)| known == name) {
                let hint = "assign what the block sets";
                self.fail(Id::UnsupportedBlock, written, &format!("it does not set `{name}`"), *span, "set where?", hint);
            }
        }
        let given: Vec<&String> = targets.iter().map(|(name, _)| name).collect();
        let rebound = rebound(written.body, arrays);
        for name in own.iter().filter(|name| rebound.contains(*name) && surroundings.read.contains(*name) && !given.contains(name)) {
            if reported.insert(name.clone()) {
                let what = format!("it sets `{name}`, which the code around it reads, but `use_block` does not give it");
                let hint = format!("write `{name} = ts.use_block({:?})`", written.name);
                self.fail(Id::UnsupportedBlock, written, &what, written.used.span, "not given here", &hint);
            }
        }
    }
}

/// A comment of a block.
struct BlockComment {
    names: Vec<(String, Span)>,
    types: Vec<Spec>,
    span: Span,
}

type Declared = (Vec<(String, Span)>, Vec<Spec>);

/// `(T a, b; U c)`. `None` if it could not be read, which is reported.
fn declarations(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>) -> Option<Declared> {
    let (mut names, mut types): Declared = (Vec::new(), Vec::new());
    let open = cursor.here();
    if !cursor.take("(") {
        return reader.comment_error("the comment of a block has no parentheses", open, "not understood", HINT);
    }
    loop {
        if cursor.take(")") {
            return Some((names, types));
        }
        if cursor.at_end() {
            let hint = "add `)`; further lines must be comments right below";
            return reader.comment_error("the comment of a block is not closed", open, "opened here", hint);
        }
        let spec = reader.alternatives(cursor)?;
        loop {
            let Some((name, start)) = cursor.word() else {
                let here = cursor.here();
                return reader.comment_error("the comment of a block names no variable after a type", here, "not a name", HINT);
            };
            let span = cursor.span(start, start + name.len());
            if names.iter().any(|(known, _)| known == name) {
                return reader.comment_error("the comment of a block names a variable twice", span, "again here", "name it once");
            }
            names.push((name.to_owned(), span));
            types.push(spec.clone());
            if !cursor.take(",") {
                break;
            }
        }
        if !cursor.take(";") && !matches!(cursor.peek(), Some(')') | None) {
            let here = cursor.here();
            return reader.comment_error("the comment of a block cannot be read", here, "not understood", HINT);
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
        _ => Some(Expr { span: written.used.span, kind: ExprKind::Tuple(values) }),
    };
    if value.is_some() {
        body.push(Stmt { span: written.used.span, kind: StmtKind::Return(value) });
    }
    FunctionDef {
        span: written.statement.span,
        name_span: written.name_span,
        name: block_name(&written.name),
        decorators: Vec::new(),
        parameters: parameters.into_iter().map(parameter).collect(),
        vararg: None,
        kwarg: None,
        returns: None,
        body,
        is_async: false,
    }
}

/// Statements that lead out of a block, and what they are.
fn leaves(body: &[Stmt], in_loop: bool) -> Vec<(Span, &'static str)> {
    let mut found = Vec::new();
    for statement in body {
        let what = match &statement.kind {
            StmtKind::Return(_) => Some("a `return`"),
            StmtKind::Break | StmtKind::Continue if !in_loop => Some("a `break` or `continue` of a loop around it"),
            StmtKind::Global(_) => Some("a `global` declaration"),
            _ if walk::expressions(statement).into_iter().any(holds_yield) => Some("a `yield`"),
            _ => None,
        };
        found.extend(what.map(|what| (statement.span, what)));
        let repeats = matches!(statement.kind, StmtKind::For { .. } | StmtKind::While { .. });
        for block in walk::blocks(statement, false) {
            found.extend(leaves(block, in_loop || repeats));
        }
    }
    found
}

fn holds_yield(expression: &Expr) -> bool {
    matches!(expression.kind, ExprKind::Other(YIELD)) || walk::children(expression).into_iter().any(holds_yield)
}

/// What the functions around a block bind, and what they read outside of it.
#[derive(Default)]
struct Surroundings {
    bound: BTreeSet<String>,
    read: BTreeSet<String>,
}

impl Surroundings {
    fn of(around: &Around<'_>, block: Span) -> Self {
        let mut found = Self::default();
        for function in &around.functions {
            found.bound.extend(function.parameters.iter().map(|parameter| parameter.name.clone()));
            found.bound.extend(function.vararg.iter().chain(&function.kwarg).cloned());
            let mut names = Vec::new();
            walk::bound_names(&function.body, &mut names);
            found.bound.extend(names);
        }
        if let Some(innermost) = around.functions.last() {
            found.reads(&innermost.body, block);
        }
        found
    }

    fn reads(&mut self, body: &[Stmt], block: Span) {
        for statement in body.iter().filter(|statement| statement.span != block) {
            let mut names = Vec::new();
            walk::expressions(statement).into_iter().for_each(|expression| read_names(expression, &mut names));
            let targets = plain_targets(statement);
            self.read.extend(names.into_iter().filter(|(_, span)| !targets.contains(span)).map(|(name, _)| name));
            walk::blocks(statement, true).into_iter().for_each(|inner| self.reads(inner, block));
        }
    }
}

/// Where a statement assigns whole variables.
fn plain_targets(statement: &Stmt) -> Vec<Span> {
    fn names(target: &Expr, found: &mut Vec<Span>) {
        match &target.kind {
            ExprKind::Name(_) => found.push(target.span),
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|item| names(item, found)),
            ExprKind::Starred(value) => names(value, found),
            _ => {}
        }
    }
    let mut found = Vec::new();
    match &statement.kind {
        StmtKind::Assign { targets, .. } | StmtKind::Delete(targets) => targets.iter().for_each(|target| names(target, &mut found)),
        StmtKind::AnnAssign { target, .. } | StmtKind::For { target, .. } => names(target, &mut found),
        StmtKind::With { items, .. } => items.iter().filter_map(|(_, target)| target.as_ref()).for_each(|target| names(target, &mut found)),
        _ => {}
    }
    found
}

/// The names in an expression.
fn read_names(expression: &Expr, names: &mut Vec<(String, Span)>) {
    if let ExprKind::Name(name) = &expression.kind {
        names.push((name.clone(), expression.span));
    }
    walk::children(expression).into_iter().for_each(|child| read_names(child, names));
}

/// Names that are read where no statement of these has set them for certain.
fn reads_before_sets(body: &[Stmt], set: &mut BTreeSet<String>) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for statement in body {
        let targets = plain_targets(statement);
        let mut names = Vec::new();
        walk::expressions(statement).into_iter().for_each(|expression| read_names(expression, &mut names));
        found.extend(names.into_iter().filter(|(name, span)| !set.contains(name) && !targets.contains(span)));
        for block in walk::blocks(statement, false) {
            // What a branch sets is set in the rest of that branch.
            let mut inside = set.clone();
            if let StmtKind::For { target, .. } = &statement.kind {
                let mut names = Vec::new();
                walk::target_names(target, &mut names);
                inside.extend(names);
            }
            found.extend(reads_before_sets(block, &mut inside));
        }
        if let StmtKind::Assign { targets, .. } = &statement.kind {
            let mut names = Vec::new();
            targets
                .iter()
                .filter(|target| !matches!(target.kind, ExprKind::Subscript(..)))
                .for_each(|target| walk::target_names(target, &mut names));
            set.extend(names);
        }
        if let StmtKind::If { body, orelse, .. } = &statement.kind {
            // What both branches set is set after them.
            let (mut first, mut second) = (set.clone(), set.clone());
            reads_before_sets(body, &mut first);
            reads_before_sets(orelse, &mut second);
            set.extend(first.intersection(&second).cloned().collect::<Vec<_>>());
        }
    }
    found
}

/// Variables that statements bind anew: neither elements of arrays nor arrays that are changed in place.
fn rebound(body: &[Stmt], arrays: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for statement in body {
        let spans = plain_targets(statement);
        let mut all = Vec::new();
        walk::expressions(statement).into_iter().for_each(|expression| read_names(expression, &mut all));
        names.extend(all.into_iter().filter(|(_, span)| spans.contains(span)).map(|(name, _)| name));
        if let StmtKind::AugAssign { target: Expr { kind: ExprKind::Name(name), .. }, .. } = &statement.kind
            && !arrays.contains(name.as_str())
        {
            names.insert(name.clone());
        }
        walk::blocks(statement, false).into_iter().for_each(|block| names.extend(rebound(block, arrays)));
    }
    names
}
