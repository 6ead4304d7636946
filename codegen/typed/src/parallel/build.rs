//! Writes the function of a loop's chunks, and the statements that run them and put together what they give.
//!
//! How many chunks there are follows from the range, the sizes of arrays and what the source says, never from the number of threads.

use crate::ir::{Block, Expr, ExprKind, Function, Marked, Stmt, StmtKind, Unit, Variable, VariableId};
use crate::parallel::cost;
use crate::parallel::live::Set;
use crate::parallel::make::{COUNT, Make};
use crate::parallel::reduction::{By, Reduction};
use crate::passes::inner_blocks_mut;
use hypersonic_ops::{Dtype, ScalarOp as Op, Type};
use std::collections::BTreeMap;

/// Most chunks of a loop: enough for a balance of uneven iterations on many threads.
const MOST_CHUNKS: i64 = 256;

/// Most chunks of a loop whose source says how large they are.
const MOST_SAID: i64 = 1 << 16;

/// Simple operations that are worth a chunk: some ten microseconds, in which a worker has long been woken.
const GRAIN: f64 = 30_000.0;

/// The variables of a loop's body.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    /// Those from outside that it only reads.
    pub captured: Vec<VariableId>,
    /// Those that iterations update.
    pub reductions: BTreeMap<VariableId, Reduction>,
    /// Those of which the last value counts.
    pub last: BTreeMap<VariableId, Last>,
}

/// Who sets the last value of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Last {
    /// Every iteration.
    Always,
    /// Some iterations.
    Perhaps,
}

/// On how many threads a loop runs: a number, 0 for what the runtime says; and whether on several at all.
pub(super) type Team = Option<(Expr, Expr)>;

/// An array with a value per chunk.
struct Partial {
    /// Whose.
    of: VariableId,
    dtype: Dtype,
    /// In the function of the loop.
    outside: VariableId,
    /// In the function of chunks.
    inside: VariableId,
    /// Whether chunks have set it: an array of bools, in both functions, and the variable that says so.
    set: Option<(VariableId, VariableId, VariableId)>,
}

/// What is written.
struct Build<'u> {
    make: Make,
    outer: &'u mut Function,
    inner: Function,
    chunks: VariableId,
    partials: Vec<Partial>,
}

/// Adds the function of the chunks to the unit; gives the statements that stand for the loop. `known` are variables that are set when it begins,
/// and do not change in it.
pub(super) fn build(unit: &mut Unit, position: usize, stmt: &Stmt, marked: &Marked, known: &Set, kinds: &Kinds, team: Team) -> Block {
    let StmtKind::ForRange { variable: index, start, stop, step, body, orelse } = &stmt.kind else { return vec![stmt.clone()] };
    let make = Make(stmt.span);
    let callee = unit.functions.len();
    let work = cost::of(unit, body, known, stmt.span);
    let outer = &mut unit.functions[position];
    let inner = Function {
        name: format!("{}.loop", outer.name),
        parameters: Vec::new(),
        variables: outer.variables.clone(),
        body: Block::new(),
        result: Type::None,
        fastmath: outer.fastmath,
        span: stmt.span,
    };
    let mut written = Block::new();
    let mut bounds = Vec::new();
    for (name, bound) in ["start", "stop", "step"].into_iter().zip([start, stop, step]) {
        let variable = fresh(outer, name, &Type::INT);
        written.push(make.assign(variable, bound.clone()));
        bounds.push(variable);
    }
    let chunks = fresh(outer, "chunks", &Type::INT);
    let trips = fresh(outer, "trips", &COUNT);
    let mut build = Build { make, outer, inner, chunks, partials: Vec::new() };
    written.extend(build.count([bounds[0], bounds[1], bounds[2]], step, trips));
    written.push(make.assign(chunks, build.chunks(trips, marked.chunk, work)));
    build.find_partials(kinds, *index);
    for partial in &build.partials {
        written.extend(build.allocate(partial));
    }
    let mut threads = make.int(0);
    if let Some((number, several)) = team {
        let some = make.counts(Op::Maximum, number, make.int(0));
        threads = make.choose(several, make.convert(some, &Type::INT), make.int(1));
    }
    let mut arguments = vec![make.int(0)];
    arguments.extend(bounds.iter().map(|bound| make.variable(*bound, &Type::INT)));
    arguments.extend([make.variable(trips, &COUNT), make.variable(chunks, &Type::INT)]);
    let given: Vec<VariableId> = kinds.captured.iter().chain(kinds.reductions.keys()).copied().collect();
    arguments.extend(given.iter().map(|variable| make.variable(*variable, &build.outer.variables[variable.0 as usize].ty)));
    for partial in &build.partials {
        arguments.push(make.variable(partial.outside, &Type::Array(partial.dtype, 1)));
        arguments.extend(partial.set.map(|(outside, ..)| make.variable(outside, &Type::Array(Dtype::Bool, 1))));
    }
    let call = make.expr(Type::None, ExprKind::Call(callee, arguments));
    let chunks = make.variable(build.chunks, &Type::INT);
    written.push(make.stmt(StmtKind::Parallel { chunks, threads, call }));
    written.extend(build.join(kinds));
    build.write_chunk(kinds, *index, body, [start, stop, step]);
    written.extend(orelse.iter().cloned());
    let inner = build.inner;
    unit.functions.push(inner);
    written
}

fn fresh(function: &mut Function, name: &str, ty: &Type) -> VariableId {
    let id = VariableId(u32::try_from(function.variables.len()).unwrap_or(u32::MAX));
    function.variables.push(Variable { name: format!(".{name}{}", id.0), ty: ty.clone() });
    id
}

impl Build<'_> {
    /// The length of the range. One that int64 does not hold counts as 1.
    fn count(&self, [start, stop, step]: [VariableId; 3], said: &Expr, trips: VariableId) -> Block {
        let make = self.make;
        let [start, stop, step] = [start, stop, step].map(|variable| make.variable(variable, &Type::INT));
        let length = |low: &Expr, high: &Expr, size: Expr| {
            let distance = make.counts(Op::Subtract, high.clone(), low.clone());
            let before = make.counts(Op::Subtract, distance, make.int(1));
            let whole = make.counts(Op::Add, make.counts(Op::FloorDivide, before, size), make.int(1));
            let some = make.counts(Op::Maximum, whole, make.int(1));
            make.choose(make.compare(Op::Less, low.clone(), high.clone()), some, make.count(make.int(0)))
        };
        let up = length(&start, &stop, step.clone());
        let down = length(&stop, &start, make.counts(Op::Subtract, make.int(0), step.clone()));
        if let ExprKind::Constant(crate::ir::Constant::Int(known)) = said.kind {
            return vec![make.assign(trips, if known < 0 { down } else { up })];
        }
        let message = vec![crate::ir::MessagePart::Text("range() arg 3 must not be zero".to_owned())];
        let raise = StmtKind::Raise { exception: "ValueError".to_owned(), message, retried: true };
        let zero = make.compare(Op::Equal, step.clone(), make.int(0));
        let backwards = make.compare(Op::Less, step, make.int(0));
        vec![make.when(zero, vec![make.stmt(raise)]), make.assign(trips, make.choose(backwards, down, up))]
    }

    /// How many chunks: as the source says, else so that each is worth it.
    fn chunks(&self, trips: VariableId, said: Option<i64>, work: Expr) -> Expr {
        let make = self.make;
        let trips = make.variable(trips, &COUNT);
        let wanted = if let Some(size) = said {
            let up = make.counts(Op::FloorDivide, make.counts(Op::Subtract, trips.clone(), make.int(1)), make.int(size.max(1)));
            make.counts(Op::Minimum, make.counts(Op::Add, up, make.int(1)), make.int(MOST_SAID))
        } else {
            let all = make.floats(Op::Multiply, make.convert(trips.clone(), &Type::FLOAT), work);
            let many = make.floats(Op::Multiply, all, make.float(1.0 / GRAIN));
            #[allow(clippy::cast_precision_loss, reason = "a small number")]
            let many = make.floats(Op::Fmin, many, make.float(MOST_CHUNKS as f64));
            make.count(make.convert(make.floats(Op::Fmax, many, make.float(1.0)), &Type::INT))
        };
        make.convert(make.counts(Op::Minimum, make.counts(Op::Maximum, wanted, make.int(1)), trips), &Type::INT)
    }

    fn find_partials(&mut self, kinds: &Kinds, index: VariableId) {
        let companions = kinds.reductions.values().flat_map(|found| found.companions.iter());
        let all: Vec<(VariableId, bool)> = kinds
            .reductions
            .keys()
            .chain(companions)
            .map(|variable| (*variable, false))
            .chain(kinds.last.iter().map(|(variable, last)| (*variable, *last == Last::Perhaps && *variable != index)))
            .collect();
        for (of, perhaps) in all {
            let dtype = self.outer.variables[of.0 as usize].ty.dtype().unwrap_or(Dtype::I64);
            let outside = fresh(self.outer, "given", &Type::Array(dtype, 1));
            let inside = fresh(&mut self.inner, "given", &Type::Array(dtype, 1));
            let flags = Type::Array(Dtype::Bool, 1);
            let set = perhaps.then(|| {
                (fresh(self.outer, "set", &flags), fresh(&mut self.inner, "set", &flags), fresh(&mut self.inner, "is_set", &Type::BOOL))
            });
            self.partials.push(Partial { of, dtype, outside, inside, set });
        }
    }

    fn allocate(&self, partial: &Partial) -> Block {
        let make = self.make;
        let array = |variable, dtype| {
            let kind = ExprKind::Fill { shape: vec![make.variable(self.chunks, &Type::INT)], value: None };
            make.assign(variable, make.expr(Type::Array(dtype, 1), kind))
        };
        let flags = partial.set.map(|(outside, ..)| array(outside, Dtype::Bool));
        [array(partial.outside, partial.dtype)].into_iter().chain(flags).collect()
    }

    /// What chunks gave, put together in their order.
    fn join(&mut self, kinds: &Kinds) -> Block {
        if self.partials.is_empty() {
            return Block::new();
        }
        let make = self.make;
        let at = fresh(self.outer, "chunk", &Type::INT);
        let ty = |variable: VariableId| self.outer.variables[variable.0 as usize].ty.clone();
        let value = |partial: &Partial| make.item(partial.outside, partial.dtype, at, &ty(partial.of));
        let partial = |variable: VariableId| self.partials.iter().find(|partial| partial.of == variable);
        let mut body = Block::new();
        for (variable, found) in &kinds.reductions {
            let Some(own) = partial(*variable) else { continue };
            let companions: Block =
                found.companions.iter().filter_map(|other| Some(make.assign(*other, value(partial(*other)?)))).collect();
            let joined = found.join(*variable, &ty(*variable), value(own), companions);
            body.push(if found.start(&ty(*variable)).is_some() {
                // The first has begun with what the variable was.
                let first = make.compare(Op::Equal, make.variable(at, &Type::INT), make.int(0));
                let then = vec![make.assign(*variable, value(own))];
                make.stmt(StmtKind::If { test: first, then, otherwise: vec![joined] })
            } else {
                joined
            });
        }
        for variable in kinds.last.keys() {
            let Some(own) = partial(*variable) else { continue };
            let assign = make.assign(*variable, value(own));
            body.push(match own.set {
                Some((flags, ..)) => make.when(make.item(flags, Dtype::Bool, at, &Type::BOOL), vec![assign]),
                None => assign,
            });
        }
        let (start, stop, step) = (make.int(0), make.variable(self.chunks, &Type::INT), make.int(1));
        vec![make.stmt(StmtKind::ForRange { variable: at, start, stop, step, body, orelse: Block::new() })]
    }

    /// The function of a chunk.
    fn write_chunk(&mut self, kinds: &Kinds, index: VariableId, body: &Block, bounds: [&Expr; 3]) {
        let make = self.make;
        let [chunk, start, stop, step] = ["chunk", "start", "stop", "step"].map(|name| fresh(&mut self.inner, name, &Type::INT));
        let trips = fresh(&mut self.inner, "trips", &COUNT);
        let chunks = fresh(&mut self.inner, "chunks", &Type::INT);
        self.inner.parameters = vec![chunk, start, stop, step, trips, chunks];
        self.inner.parameters.extend(&kinds.captured);
        let [begin, end] = ["begin", "end"].map(|name| fresh(&mut self.inner, name, &Type::INT));
        let mut written = Block::new();
        let int = |variable| make.variable(variable, &Type::INT);
        // What is known is known here, too.
        let [start, stop, step] = [(start, bounds[0]), (stop, bounds[1]), (step, bounds[2])].map(|(variable, bound)| match bound.kind {
            ExprKind::Constant(crate::ir::Constant::Int(known)) => make.int(known),
            _ => int(variable),
        });
        // Every chunk has `trips // chunks` iterations, the first few one more.
        let share = |op| make.counts(op, make.variable(trips, &COUNT), int(chunks));
        let first_of = |number: Expr| {
            let before = make.counts(Op::Multiply, number.clone(), share(Op::FloorDivide));
            let more = make.counts(Op::Minimum, number, share(Op::Remainder));
            let distance = make.counts(Op::Multiply, make.counts(Op::Add, before, more), step.clone());
            make.convert(make.counts(Op::Add, start.clone(), distance), &Type::INT)
        };
        let next = make.counts(Op::Add, int(chunk), make.int(1));
        let last = make.compare(Op::Equal, next.clone(), int(chunks));
        written.push(make.assign(begin, first_of(int(chunk))));
        written.push(make.assign(end, make.choose(last, stop, first_of(next))));
        for (variable, found) in &kinds.reductions {
            let ty = self.inner.variables[variable.0 as usize].ty.clone();
            let before = fresh(&mut self.inner, "before", &ty);
            self.inner.parameters.push(before);
            let before = make.variable(before, &ty);
            let value = match found.start(&ty) {
                Some(constant) => {
                    let first = make.compare(Op::Equal, int(chunk), make.int(0));
                    make.choose(first, before, make.expr(ty.clone(), ExprKind::Constant(constant)))
                }
                None => before,
            };
            written.push(make.assign(*variable, value));
        }
        let mut body = body.clone();
        for partial in &self.partials {
            self.inner.parameters.push(partial.inside);
            let ty = self.inner.variables[partial.of.0 as usize].ty.clone();
            if !kinds.reductions.contains_key(&partial.of) {
                written.push(make.assign(partial.of, make.zero(&ty)));
            }
            if let Some((_, flags, is_set)) = partial.set {
                self.inner.parameters.push(flags);
                written.push(make.assign(is_set, make.bool(false)));
                note_sets(&mut body, partial.of, &make.assign(is_set, make.bool(true)));
            }
        }
        written.push(make.stmt(StmtKind::ForRange {
            variable: index,
            start: int(begin),
            stop: int(end),
            step,
            body,
            orelse: Block::new(),
        }));
        for partial in &self.partials {
            let ty = &self.inner.variables[partial.of.0 as usize].ty;
            written.push(make.set_item(partial.inside, partial.dtype, chunk, make.variable(partial.of, ty)));
            if let Some((_, flags, is_set)) = partial.set {
                written.push(make.set_item(flags, Dtype::Bool, chunk, make.variable(is_set, &Type::BOOL)));
            }
        }
        self.inner.body = written;
    }
}

/// Puts a statement behind each that sets a variable.
fn note_sets(block: &mut Block, variable: VariableId, note: &Stmt) {
    let mut written = Block::with_capacity(block.len());
    for mut stmt in std::mem::take(block) {
        let sets = matches!(&stmt.kind, StmtKind::Assign(set, _) if *set == variable);
        if let StmtKind::ForRange { variable: set, body, .. } = &mut stmt.kind
            && *set == variable
        {
            body.insert(0, note.clone());
        }
        inner_blocks_mut(&mut stmt.kind).into_iter().for_each(|inner| note_sets(inner, variable, note));
        written.push(stmt);
        if sets {
            written.push(note.clone());
        }
    }
    *block = written;
}

/// Whether a `reduction` clause and what the body does agree.
pub(super) fn agrees(operator: &str, by: By) -> bool {
    match by {
        By::Operation(Op::Add) => matches!(operator, "+" | "-"),
        By::Operation(Op::Multiply) => operator == "*",
        By::Operation(Op::Maximum | Op::Fmax) | By::Choice(Op::Greater | Op::GreaterEqual) => operator == "max",
        By::Operation(Op::Minimum | Op::Fmin) | By::Choice(Op::Less | Op::LessEqual) => operator == "min",
        By::Operation(Op::BitwiseAnd) => matches!(operator, "&" | "&&"),
        By::Operation(Op::BitwiseOr) => matches!(operator, "|" | "||"),
        By::Operation(Op::BitwiseXor) => operator == "^",
        By::And => operator == "&&",
        By::Or => operator == "||",
        By::Operation(_) | By::Choice(_) => false,
    }
}
