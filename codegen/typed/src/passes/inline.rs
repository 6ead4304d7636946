//! Small calls of the unit are written where they are called: `bar(b, c)` that returns `foo(b), foo(2 * c)` becomes
//! `return b + 1, 2 * c + 1`.
//!
//! A function that is one `return` of an expression is put into the expression that calls it, where its arguments then are still
//! evaluated once, in order, and before anything of it that may fail or asks memory. Other functions replace statements that are a
//! call and nothing else. Functions that call themselves stay, for Python counts how deep they are.

use super::Pass;
use super::rename;
use super::state::{blocks, blocks_mut};
use super::total::{asks_no_memory, is_total, is_total_operation, weight};
use crate::ir::{Block, Expr, ExprKind, Function, Stmt, StmtKind, Unit, VariableId};
use crate::walk;
use hypersonic_ops::Type;
use std::collections::BTreeSet;

/// The pass.
pub const PASS: Pass =
    Pass { name: "inline", why: "what a small function computes is simplified together with what its caller computes", run };

/// Largest function that is written wherever it is called.
const SMALL: usize = 40;
/// Largest function that is written where it is called if that is the only place.
const ONCE: usize = 150;
/// Largest function that anything is written into.
const LARGE: usize = 4000;

fn run(unit: &mut Unit) {
    let calls: Vec<Vec<usize>> = unit.functions.iter().map(|function| called(&function.body)).collect();
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    visit(0, &calls, &mut seen, &mut order);
    let recursive: Vec<bool> = (0..calls.len()).map(|n| reaches(&calls, n)).collect();
    let mut sites = vec![0_usize; calls.len()];
    for position in calls.iter().flatten() {
        if let Some(count) = sites.get_mut(*position) {
            *count += 1;
        }
    }
    for position in order {
        let Some(function) = unit.functions.get_mut(position) else { continue };
        let mut function = std::mem::replace(function, empty(function));
        let mut body = std::mem::take(&mut function.body);
        let mut attempts = 0;
        rename::attempts(&mut body, &mut |id| attempts = attempts.max(*id + 1));
        let mut inliner = Inliner {
            functions: &unit.functions,
            recursive: &recursive,
            sites: &sites,
            own: position,
            function,
            size: size(&body),
            attempts,
        };
        inliner.block(&mut body);
        function = inliner.function;
        function.body = body;
        if let Some(place) = unit.functions.get_mut(position) {
            *place = function;
        }
    }
}

/// In place of a function that is being changed; nothing is inlined from it.
fn empty(function: &Function) -> Function {
    let (name, result) = (function.name.clone(), function.result.clone());
    Function {
        name,
        parameters: Vec::new(),
        variables: Vec::new(),
        body: Vec::new(),
        result,
        fastmath: function.fastmath,
        span: function.span,
    }
}

fn called(block: &Block) -> Vec<usize> {
    fn look(expr: &Expr, found: &mut Vec<usize>) {
        if let ExprKind::Call(position, _) = expr.kind {
            found.push(position);
        }
        walk::parts(expr, &mut |part| look(part, found));
    }
    let mut found = Vec::new();
    walk::expressions(block, &mut |expr| look(expr, &mut found));
    found
}

/// Callees before callers.
fn visit(position: usize, calls: &[Vec<usize>], seen: &mut BTreeSet<usize>, order: &mut Vec<usize>) {
    if seen.insert(position) {
        calls.get(position).into_iter().flatten().for_each(|callee| visit(*callee, calls, seen, order));
        order.push(position);
    }
}

/// Whether a function calls itself, directly or through others.
fn reaches(calls: &[Vec<usize>], from: usize) -> bool {
    let mut open = calls.get(from).cloned().unwrap_or_default();
    let mut seen = BTreeSet::new();
    while let Some(position) = open.pop() {
        if position == from {
            return true;
        }
        if seen.insert(position) {
            open.extend(calls.get(position).into_iter().flatten());
        }
    }
    false
}

fn size(block: &Block) -> usize {
    let mut sum = 0;
    walk::expressions(block, &mut |expr| sum += 1 + weight(expr));
    sum
}

struct Inliner<'u> {
    functions: &'u [Function],
    recursive: &'u [bool],
    sites: &'u [usize],
    own: usize,
    function: Function,
    size: usize,
    /// A number that no `try` has, nor any above it.
    attempts: u32,
}

impl Inliner<'_> {
    fn block(&mut self, block: &mut Block) {
        let mut out = Block::with_capacity(block.len());
        for mut stmt in std::mem::take(block) {
            let nested = !blocks(&stmt.kind).is_empty();
            blocks_mut(&mut stmt.kind).into_iter().for_each(|inner| self.block(inner));
            let mut own = vec![stmt];
            if nested {
                self.heads(&mut own);
            } else {
                walk::expressions_mut(&mut own, &mut |expr| self.expression(expr));
            }
            for stmt in own {
                match self.statement(&stmt) {
                    Some(written) => out.extend(written),
                    None => out.push(stmt),
                }
            }
        }
        *block = out;
    }

    /// The expressions of a statement itself; its blocks are done.
    fn heads(&mut self, stmts: &mut Block) {
        for stmt in stmts {
            match &mut stmt.kind {
                StmtKind::If { test, .. } | StmtKind::While { test, .. } => self.expression(test),
                StmtKind::ForRange { start, stop, step, .. } => [start, stop, step].into_iter().for_each(|bound| self.expression(bound)),
                _ => {}
            }
        }
    }

    /// The function that is called, if it may be written here.
    fn callee(&self, position: usize) -> Option<(&Function, usize)> {
        let function = self.functions.get(position)?;
        let fine = position != self.own && self.recursive.get(position) == Some(&false) && function.fastmath == self.function.fastmath;
        let size = size(&function.body);
        let small = size <= SMALL || size <= ONCE && self.sites.get(position) == Some(&1);
        (fine && small && self.size + size <= LARGE).then_some((function, size))
    }

    fn expression(&mut self, expr: &mut Expr) {
        walk::parts_mut(expr, &mut |part| self.expression(part));
        let ExprKind::Call(position, arguments) = &expr.kind else { return };
        let Some((function, size)) = self.callee(*position) else { return };
        let [Stmt { kind: StmtKind::Return(result), .. }] = function.body.as_slice() else { return };
        if !may_substitute(&function.parameters, arguments, result) {
            return;
        }
        let mut written = result.clone();
        substitute(&mut written, &function.parameters, arguments);
        self.size += size;
        *expr = written;
    }

    /// What a statement that is a call, and nothing else, becomes.
    fn statement(&mut self, stmt: &Stmt) -> Option<Block> {
        let (StmtKind::Return(value) | StmtKind::Assign(_, value) | StmtKind::Expr(value)) = &stmt.kind else { return None };
        let ExprKind::Call(position, arguments) = &value.kind else { return None };
        let (function, size) = self.callee(*position)?;
        let mut body = function.body.clone();
        if !ends(&body) {
            if function.result != Type::None {
                return None;
            }
            let none = Expr { ty: Type::None, kind: ExprKind::Unit, span: stmt.span };
            body.push(Stmt { span: stmt.span, kind: StmtKind::Return(none) });
        }
        let mut body = match &stmt.kind {
            StmtKind::Assign(variable, _) => with_results(body, &|value| StmtKind::Assign(Shifted::outer(*variable), value))?,
            StmtKind::Expr(_) => with_results(body, &StmtKind::Expr)?,
            _ => body,
        };
        let (parameters, variables) = (function.parameters.clone(), function.variables.clone());
        let base = u32::try_from(self.function.variables.len()).ok()?;
        rename::rename(&mut body, &mut |variable| *variable = Shifted::inner(*variable, base));
        let (next, mut last) = (self.attempts, self.attempts);
        rename::attempts(&mut body, &mut |id| {
            *id += next;
            last = last.max(*id + 1);
        });
        self.attempts = last;
        self.function.variables.extend(variables);
        self.size += size;
        let given = parameters.iter().zip(arguments).map(|(parameter, argument)| {
            let kind = StmtKind::Assign(Shifted::inner(*parameter, base), argument.clone());
            Stmt { span: argument.span, kind }
        });
        Some(given.chain(body).collect())
    }
}

/// Variables of a caller among those of a callee, while these are renumbered.
struct Shifted;

impl Shifted {
    const OUTER: u32 = 1 << 31;

    const fn outer(variable: VariableId) -> VariableId {
        VariableId(variable.0 | Self::OUTER)
    }

    const fn inner(variable: VariableId, base: u32) -> VariableId {
        if variable.0 & Self::OUTER == 0 { VariableId(variable.0 + base) } else { VariableId(variable.0 & !Self::OUTER) }
    }
}

/// Whether control never comes to the end of a block.
fn ends(block: &Block) -> bool {
    match block.last().map(|stmt| &stmt.kind) {
        Some(StmtKind::Return(_) | StmtKind::Raise { .. }) => true,
        Some(StmtKind::If { then, otherwise, .. }) => ends(then) && ends(otherwise),
        _ => false,
    }
}

fn has_return(block: &Block) -> bool {
    block.iter().any(|stmt| matches!(stmt.kind, StmtKind::Return(_)) || blocks(&stmt.kind).into_iter().any(has_return))
}

/// A body whose returns stand at its ends, with something else in their place.
fn with_results(block: Block, result: &dyn Fn(Expr) -> StmtKind) -> Option<Block> {
    let mut out = Block::new();
    let mut rest = block.into_iter();
    while let Some(Stmt { span, kind }) = rest.next() {
        match kind {
            StmtKind::Return(value) => {
                out.push(Stmt { span, kind: result(value) });
                return Some(out);
            }
            StmtKind::If { test, mut then, mut otherwise } if has_return(&then) || has_return(&otherwise) => {
                let rest: Block = rest.collect();
                match (ends(&then), ends(&otherwise)) {
                    (true, true) => {}
                    (true, false) => otherwise.extend(rest),
                    (false, true) => then.extend(rest),
                    (false, false) => return None,
                }
                let (then, otherwise) = (with_results(then, result)?, with_results(otherwise, result)?);
                out.push(Stmt { span, kind: StmtKind::If { test, then, otherwise } });
                return Some(out);
            }
            kind if blocks(&kind).into_iter().any(has_return) => return None,
            kind => out.push(Stmt { span, kind }),
        }
    }
    Some(out)
}

/// What happens when an expression is evaluated, in order.
enum Event {
    /// The n-th argument is used; not certainly if this is so.
    Use(usize, bool),
    /// Something may fail, or asks memory.
    Risk,
}

fn events(expr: &Expr, parameters: &[VariableId], conditional: bool, found: &mut Vec<Event>) {
    match &expr.kind {
        ExprKind::Variable(variable) => {
            found.extend(parameters.iter().position(|parameter| parameter == variable).map(|n| Event::Use(n, conditional)));
        }
        ExprKind::And(a, b) | ExprKind::Or(a, b) => {
            events(a, parameters, conditional, found);
            events(b, parameters, true, found);
        }
        ExprKind::Conditional { test, then, otherwise } => {
            events(test, parameters, conditional, found);
            events(then, parameters, true, found);
            events(otherwise, parameters, true, found);
        }
        _ => {
            walk::parts(expr, &mut |part| events(part, parameters, conditional, found));
            if !is_safe(expr) {
                found.push(Event::Risk);
            }
        }
    }
}

/// Whether what an expression itself does, its parts aside, cannot fail and asks no memory.
fn is_safe(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Map { op, loop_dtype, operands } => {
            is_total_operation(*op, *loop_dtype, &expr.ty, operands.iter().map(|operand| &operand.ty))
        }
        ExprKind::Convert(inner) => super::total::is_total_conversion(&inner.ty, &expr.ty),
        ExprKind::Truth(inner) => matches!(inner.ty, Type::Scalar(..)),
        ExprKind::Unit | ExprKind::Constant(_) | ExprKind::Tuple(_) | ExprKind::TupleItem(..) => true,
        ExprKind::Extent(..) | ExprKind::Size(_) | ExprKind::Transpose(..) | ExprKind::ComplexPart(..) => true,
        _ => false,
    }
}

/// Whether arguments can stand where the parameters are.
fn may_substitute(parameters: &[VariableId], arguments: &[Expr], result: &Expr) -> bool {
    let mut found = Vec::new();
    events(result, parameters, false, &mut found);
    let mut last = None;
    for (n, argument) in arguments.iter().enumerate() {
        if matches!(argument.kind, ExprKind::Unit | ExprKind::Constant(_) | ExprKind::Variable(_)) {
            continue;
        }
        let uses: Vec<(usize, bool)> = found
            .iter()
            .enumerate()
            .filter_map(|(at, event)| match event {
                Event::Use(used, conditional) if *used == n => Some((at, *conditional)),
                _ => None,
            })
            .collect();
        if is_total(argument) && asks_no_memory(argument) && uses.len() <= 1 {
            continue;
        }
        let [(at, false)] = uses.as_slice() else { return false };
        if last.is_some_and(|before| before > *at) || found.iter().take(*at).any(|event| matches!(event, Event::Risk)) {
            return false;
        }
        last = Some(*at);
    }
    true
}

fn substitute(expr: &mut Expr, parameters: &[VariableId], arguments: &[Expr]) {
    if let ExprKind::Variable(variable) = expr.kind {
        let found = parameters.iter().position(|parameter| *parameter == variable).and_then(|n| arguments.get(n));
        if let Some(argument) = found {
            *expr = argument.clone();
        }
        return;
    }
    walk::parts_mut(expr, &mut |part| substitute(part, parameters, arguments));
}
