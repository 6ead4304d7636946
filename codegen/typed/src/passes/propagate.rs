//! Constants, ranges and sets of values through assignments, choices and joins; calls and loops whose inputs are known are
//! evaluated. `y = 1 if x else 2; return y == 3` becomes `return False`.
//!
//! One walk forward over each function. A loop is entered knowing nothing of what its body assigns, so nothing is visited twice. What
//! may raise or has an effect is kept, whatever is known of its value.

use super::Pass;
use super::facts::{Fact, simplify, value_of};
use super::interpret::{Flow, Frame, Machine, Value, as_expr};
use super::known::Known;
use super::state::{State, assigned_by, jumps};
use super::total::weight;
use crate::ir::{Block, Constant, Expr, ExprKind, Function, Index, MessagePart, Stmt, StmtKind, Unit, VariableId};
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::Type;

/// The pass.
pub const PASS: Pass = Pass {
    name: "propagate",
    why: "what is known when the code is compiled is not computed when it runs, and what follows from it is decided",
    run,
};

/// Most statements and expressions that an evaluated loop may leave behind.
const MAX_RESULT: usize = 400;

fn run(unit: &mut Unit) {
    let functions = unit.functions.clone();
    let mut machine = Machine::new(&functions);
    for function in &mut unit.functions {
        let body = std::mem::take(&mut function.body);
        let mut walk = Walk { machine: &mut machine, function };
        let mut state = Some(State::default());
        let body = walk.block(body, &mut state);
        function.body = body;
    }
}

struct Walk<'w, 'u> {
    machine: &'w mut Machine<'u>,
    function: &'w Function,
}

impl Walk<'_, '_> {
    fn block(&mut self, block: Block, state: &mut Option<State>) -> Block {
        let mut out = Vec::with_capacity(block.len());
        for stmt in block {
            let Some(known) = state.take() else { break };
            *state = self.stmt(stmt, known, &mut out);
        }
        out
    }

    fn value(&mut self, value: &mut Expr, state: &State) -> Fact {
        simplify(value, state, self.machine)
    }

    fn indices(&mut self, index: &mut [Index], state: &State) {
        for part in index {
            match part {
                Index::Integer(value) | Index::Mask(value) | Index::Array(value) => {
                    self.value(value, state);
                }
                Index::Slice(lower, upper, step) => {
                    for bound in [lower, upper, step].into_iter().flatten() {
                        self.value(bound, state);
                    }
                }
                Index::NewAxis => {}
            }
        }
    }

    /// Walks a statement, writes what becomes of it, and says what is known behind it: nothing at all if control does not come there.
    fn stmt(&mut self, stmt: Stmt, mut state: State, out: &mut Block) -> Option<State> {
        let Stmt { span, mut kind } = stmt;
        match &mut kind {
            StmtKind::Assign(variable, value) => {
                let fact = self.value(value, &state);
                state.forget(*variable);
                state.learn(*variable, fact.known);
                if let ExprKind::Variable(source) = value.kind
                    && source != *variable
                {
                    state.copies.insert(*variable, source);
                }
            }
            StmtKind::SetAttribute(_, value) | StmtKind::Expr(value) => {
                self.value(value, &state);
            }
            StmtKind::SetItem { array, index, value } | StmtKind::UpdateItem { array, index, value, .. } => {
                self.value(array, &state);
                self.indices(index, &state);
                self.value(value, &state);
            }
            StmtKind::Return(value) => {
                self.value(value, &state);
                out.push(Stmt { span, kind });
                return None;
            }
            StmtKind::Raise { message, .. } => {
                for part in message {
                    if let MessagePart::Value(value, _) = part {
                        self.value(value, &state);
                    }
                }
                out.push(Stmt { span, kind });
                return None;
            }
            StmtKind::Break | StmtKind::Continue | StmtKind::Exit(..) | StmtKind::Reraise(_) => {
                out.push(Stmt { span, kind });
                return None;
            }
            // Written behind all passes.
            StmtKind::Parallel { .. } => {}
            StmtKind::If { .. } => return self.choice(span, kind, state, out),
            StmtKind::While { .. } | StmtKind::ForRange { .. } => return self.repeat(Stmt { span, kind }, state, out),
            StmtKind::Unrolled { .. } => return self.unrolled(Stmt { span, kind }, state, out),
            StmtKind::Try { .. } => return self.attempt(span, kind, state, out),
        }
        out.push(Stmt { span, kind });
        Some(state)
    }

    fn choice(&mut self, span: Span, kind: StmtKind, state: State, out: &mut Block) -> Option<State> {
        let StmtKind::If { mut test, then, otherwise } = kind else { return Some(state) };
        let fact = self.value(&mut test, &state);
        let mut known = Some(state);
        if let (Some(truth), true) = (fact.known.truth(), fact.total) {
            let chosen = self.block(if truth { then } else { otherwise }, &mut known);
            out.extend(chosen);
            return known;
        }
        let mut other = known.clone();
        if let (Some(yes), Some(no)) = (&mut known, &mut other) {
            yes.assume(&test, true);
            no.assume(&test, false);
        }
        let then = self.block(then, &mut known);
        let otherwise = self.block(otherwise, &mut other);
        out.push(Stmt { span, kind: StmtKind::If { test, then, otherwise } });
        State::join(known, other)
    }

    fn repeat(&mut self, stmt: Stmt, mut state: State, out: &mut Block) -> Option<State> {
        let inputs = match &stmt.kind {
            StmtKind::ForRange { start, stop, step, .. } => vec![start, stop, step],
            StmtKind::While { test, .. } => vec![test],
            _ => Vec::new(),
        };
        let mut constant = true;
        for input in inputs {
            let mut input = input.clone();
            let fact = self.value(&mut input, &state);
            constant &= fact.total && fact.known.single().is_some();
        }
        if constant && let Some(after) = self.evaluate(&stmt, &state, out) {
            return after;
        }
        let Stmt { span, mut kind } = stmt;
        let mut bodies = assigned_by(&kind);
        match &mut kind {
            StmtKind::ForRange { variable, start, stop, step, body, orelse } => {
                let facts = [start, stop, step].map(|bound| self.value(bound, &state));
                let counted = counted(&facts);
                bodies.insert(*variable);
                state.forget_all(&bodies);
                let mut inside = Some(state.clone());
                if let Some(inside) = &mut inside {
                    inside.learn(*variable, counted);
                }
                *body = self.block(std::mem::take(body), &mut inside);
                let mut behind = Some(state.clone());
                *orelse = self.block(std::mem::take(orelse), &mut behind);
            }
            StmtKind::While { test, body, orelse } => {
                let never = self.value(&mut test.clone(), &state);
                if never.total && never.known.truth() == Some(false) {
                    let mut known = Some(state);
                    out.extend(self.block(std::mem::take(orelse), &mut known));
                    return known;
                }
                state.forget_all(&bodies);
                self.value(test, &state);
                let mut inside = state.clone();
                inside.assume(test, true);
                *body = self.block(std::mem::take(body), &mut Some(inside));
                let mut behind = Some(state.clone());
                *orelse = self.block(std::mem::take(orelse), &mut behind);
            }
            _ => {}
        }
        out.push(Stmt { span, kind });
        Some(state)
    }

    fn unrolled(&mut self, stmt: Stmt, mut state: State, out: &mut Block) -> Option<State> {
        let Stmt { span, kind: StmtKind::Unrolled { iterations, orelse } } = stmt else { return Some(state) };
        if !iterations.iter().any(jumps) {
            // Nothing leaves it early: its iterations stand one behind the other.
            let mut known = Some(state);
            for iteration in iterations.into_iter().chain([orelse]) {
                if known.is_some() {
                    out.extend(self.block(iteration, &mut known));
                }
            }
            return known;
        }
        let whole = Stmt { span, kind: StmtKind::Unrolled { iterations, orelse } };
        if let Some(after) = self.evaluate(&whole, &state, out) {
            return after;
        }
        let bodies = assigned_by(&whole.kind);
        let StmtKind::Unrolled { iterations, orelse } = whole.kind else { return Some(state) };
        state.forget_all(&bodies);
        let iterations = iterations.into_iter().map(|iteration| self.block(iteration, &mut Some(state.clone()))).collect();
        let orelse = self.block(orelse, &mut Some(state.clone()));
        out.push(Stmt { span, kind: StmtKind::Unrolled { iterations, orelse } });
        Some(state)
    }

    fn attempt(&mut self, span: Span, kind: StmtKind, state: State, out: &mut Block) -> Option<State> {
        let all = assigned_by(&kind);
        let StmtKind::Try { id, body, handlers, orelse, exits } = kind else { return Some(state) };
        let mut behind = state.clone();
        behind.forget_all(&all);
        let body = self.block(body, &mut Some(state));
        let mut handlers = handlers;
        for handler in &mut handlers {
            handler.body = self.block(std::mem::take(&mut handler.body), &mut Some(behind.clone()));
        }
        let orelse = self.block(orelse, &mut Some(behind.clone()));
        let exits = exits.into_iter().map(|exit| self.block(exit, &mut Some(behind.clone()))).collect();
        out.push(Stmt { span, kind: StmtKind::Try { id, body, handlers, orelse, exits } });
        Some(behind)
    }

    /// Runs a loop here if all that it needs is known, and writes what it leaves behind.
    #[allow(clippy::option_option, reason = "whether it was run, and whether control comes behind it")]
    fn evaluate(&mut self, stmt: &Stmt, state: &State, out: &mut Block) -> Option<Option<State>> {
        let mut frame = Frame::new();
        for (number, variable) in self.function.variables.iter().enumerate() {
            let id = VariableId(u32::try_from(number).ok()?);
            let known = state.facts.get(&id).and_then(|known| value_of(known, &variable.ty));
            if let Some(value) = known {
                frame.insert(id, value);
            } else if matches!(variable.ty, Type::List(_)) {
                frame.insert(id, Value::Outside(id));
            }
        }
        let flow = self.machine.run(stmt, &mut frame)?;
        let mut left = Block::new();
        let span = stmt.span;
        for (list, value) in &self.machine.appended {
            let ty = &self.function.variables.get(list.0 as usize)?.ty;
            let Type::List(element) = ty else { return None };
            let list = Expr { ty: ty.clone(), kind: ExprKind::Variable(*list), span };
            let append = ExprKind::Object(Op::Append, vec![list, as_expr(value, element, span)?]);
            left.push(Stmt { span, kind: StmtKind::Expr(Expr { ty: Type::None, kind: append, span }) });
        }
        let mut after = state.clone();
        match flow {
            Flow::Return(value) => {
                let value = as_expr(&value, &self.function.result, span)?;
                left.push(Stmt { span, kind: StmtKind::Return(value) });
            }
            Flow::Next => {
                for variable in assigned_by(&stmt.kind) {
                    let ty = &self.function.variables.get(variable.0 as usize)?.ty;
                    let Some(value) = frame.get(&variable) else { continue };
                    let mut value = as_expr(value, ty, span)?;
                    let fact = simplify(&mut value, state, self.machine);
                    after.forget(variable);
                    after.learn(variable, fact.known);
                    left.push(Stmt { span, kind: StmtKind::Assign(variable, value) });
                }
            }
            _ => return None,
        }
        let size: usize = left.iter().map(|stmt| statement_weight(&stmt.kind)).sum();
        if size > MAX_RESULT {
            return None;
        }
        let ends = matches!(left.last(), Some(Stmt { kind: StmtKind::Return(_), .. }));
        out.extend(left);
        Some((!ends).then_some(after))
    }
}

fn statement_weight(kind: &StmtKind) -> usize {
    match kind {
        StmtKind::Assign(_, value) | StmtKind::Return(value) | StmtKind::Expr(value) => 1 + weight(value),
        _ => 1,
    }
}

/// What is known of the variable of a `for` over a range.
fn counted([start, stop, step]: &[Fact; 3]) -> Known {
    let Some(Constant::Int(step)) = step.known.single() else { return Known::Any };
    let lowest = |fact: &Fact| fact.known.range().map(|ends| ends.0);
    let highest = |fact: &Fact| fact.known.range().map(|ends| ends.1);
    let ends = if step > 0 {
        lowest(start).zip(Some(highest(stop).unwrap_or(i64::MAX).saturating_sub(1)))
    } else {
        Some(lowest(stop).unwrap_or(i64::MIN).saturating_add(1)).zip(highest(start))
    };
    match ends {
        Some((low, high)) if step != 0 && low <= high => Known::Range(low, high),
        _ => Known::Any,
    }
}
