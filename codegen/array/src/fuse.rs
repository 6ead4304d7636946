//! Decides which variables live in mutable locals and which array variables stay delayed.
//!
//! A variable needs no mutable local if every use is dominated by the assignment that it sees. An array variable
//! stays delayed if it is assigned once, is never written or passed on as memory, nothing that it reads is
//! written before it is used, and it is computed once: it is used once outside deeper loops, or all its uses
//! meet at the same index of one consumer.

use crate::effects::{Effects, Roots};
use crate::walk;
use hypersonic_ops::Type;
use hypersonic_typed::ir::{Block, Expr, ExprKind, Function, Index, Stmt, StmtKind, VariableId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What was decided for one function.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Variables that need mutable locals.
    pub slots: BTreeSet<VariableId>,
    /// Array variables that stay delayed.
    pub delayed: BTreeSet<VariableId>,
    /// Counters, and the intervals in which they stay.
    pub counters: BTreeMap<VariableId, (i128, i128)>,
}

/// Decides for function `n` of the unit.
#[must_use]
pub fn plan(n: usize, function: &Function, effects: &Effects) -> Plan {
    let mut slots = Slots { known: function.parameters.iter().copied().collect(), slots: BTreeSet::new() };
    slots.block(&function.body);
    let mut survey =
        Survey { n, function, effects, definitions: HashMap::new(), uses: HashMap::new(), path: Vec::new(), loops: 0, consumers: 0 };
    survey.block(&function.body);
    let mut plan = Plan { slots: slots.slots, delayed: BTreeSet::new(), counters: crate::counters::counters(function) };
    let mut order: Vec<VariableId> = survey.definitions.keys().copied().collect();
    order.sort_by(|x, y| survey.definitions[y].path.cmp(&survey.definitions[x].path));
    let mut final_uses: HashMap<VariableId, Use> = HashMap::new();
    for variable in order {
        if let Some(last) = survey.decide(variable, &plan, &final_uses) {
            plan.delayed.insert(variable);
            final_uses.insert(variable, last);
        }
    }
    plan
}

/// Follows which variables have a known value, exactly as the lowering does.
struct Slots {
    known: BTreeSet<VariableId>,
    slots: BTreeSet<VariableId>,
}

impl Slots {
    fn block(&mut self, block: &Block) {
        for stmt in block {
            self.stmt(stmt);
        }
    }

    fn nested(&mut self, block: &Block) {
        let before = self.known.clone();
        self.block(block);
        self.known = before;
    }

    fn forget(&mut self, blocks: &[&Block]) {
        for block in blocks {
            for variable in walk::assigned(block) {
                self.known.remove(&variable);
            }
        }
    }

    fn uses(&mut self, expr: &Expr) {
        walk::everything(expr, &mut |each| {
            if let ExprKind::Variable(variable) = &each.kind
                && !self.known.contains(variable)
            {
                self.slots.insert(*variable);
            }
        });
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let blocks = walk::blocks(stmt);
        let is_loop = matches!(stmt.kind, StmtKind::While { .. } | StmtKind::ForRange { .. } | StmtKind::Unrolled { .. });
        if let StmtKind::While { .. } = stmt.kind {
            self.forget(&blocks);
        }
        walk::expressions(stmt, &mut |expr| self.uses(expr));
        if is_loop {
            self.forget(&blocks);
        }
        if let StmtKind::Unrolled { iterations, orelse } = &stmt.kind
            && !iterations.iter().any(walk::jumps)
        {
            iterations.iter().chain([orelse]).for_each(|block| self.block(block));
            return;
        }
        if let StmtKind::ForRange { variable, .. } = &stmt.kind {
            self.known.remove(variable);
        }
        if let StmtKind::Try { body, handlers, orelse, exits, .. } = &stmt.kind {
            self.nested(body);
            self.forget(&[body]);
            handlers.iter().map(|handler| &handler.body).chain([orelse]).for_each(|block| self.nested(block));
            self.forget(&blocks);
            exits.iter().for_each(|block| self.nested(block));
            return;
        }
        for (position, block) in blocks.iter().enumerate() {
            let before = self.known.clone();
            if let StmtKind::ForRange { variable, .. } = &stmt.kind
                && position == 0
            {
                self.known.insert(*variable);
            }
            self.nested(block);
            self.known = before;
        }
        self.forget(&blocks);
        if let StmtKind::Assign(variable, _) = &stmt.kind {
            self.known.insert(*variable);
        }
    }
}

/// Where a statement stands: indices of statements and blocks from the function's body inwards.
type Path = Vec<u32>;

#[derive(Clone, Debug)]
struct Definition {
    path: Path,
    loops: u32,
    count: u32,
    inputs: Roots,
    calls: bool,
}

#[derive(Clone, Debug)]
struct Use {
    path: Path,
    loops: u32,
    /// What pulls the elements: uses with the same number meet at the same index, if `aligned`.
    consumer: u32,
    aligned: bool,
    /// The variable that the value becomes part of.
    into: Option<VariableId>,
    /// Whether memory is needed.
    memory: bool,
}

struct Survey<'a> {
    n: usize,
    function: &'a Function,
    effects: &'a Effects,
    definitions: HashMap<VariableId, Definition>,
    uses: HashMap<VariableId, Vec<Use>>,
    path: Path,
    loops: u32,
    consumers: u32,
}

impl Survey<'_> {
    fn is_array(&self, variable: VariableId) -> bool {
        matches!(self.function.variables[variable.0 as usize].ty, Type::Array(..))
    }

    fn block(&mut self, block: &Block) {
        for (n, stmt) in block.iter().enumerate() {
            self.path.push(u32::try_from(n).unwrap_or(u32::MAX));
            self.stmt(stmt);
            self.path.pop();
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let is_loop = matches!(stmt.kind, StmtKind::While { .. } | StmtKind::ForRange { .. });
        if is_loop && matches!(stmt.kind, StmtKind::While { .. }) {
            self.loops += 1;
        }
        self.consumers += 1;
        let consumer = self.consumers;
        match &stmt.kind {
            StmtKind::Assign(variable, value) => {
                let into = self.is_array(*variable).then_some(*variable);
                self.expr(value, consumer, into.is_some(), into);
                if into.is_some() {
                    self.define(*variable, value);
                }
            }
            StmtKind::SetItem { array, index, value } | StmtKind::UpdateItem { array, index, value, .. } => {
                self.memory(array);
                walk::indices(index, &mut |each| {
                    self.consumers += 1;
                    self.expr(each, self.consumers, false, None);
                });
                let masked = index.iter().any(|each| matches!(each, Index::Mask(_) | Index::Array(_)));
                self.expr(value, consumer, !masked && matches!(value.ty, Type::Array(..)), None);
            }
            // What the attribute holds is the variable's array itself.
            StmtKind::SetAttribute(_, value) => self.memory(value),
            StmtKind::Return(value) => self.expr(value, consumer, matches!(value.ty, Type::Array(..)), None),
            _ => walk::expressions(stmt, &mut |each| self.expr(each, consumer, false, None)),
        }
        if is_loop && !matches!(stmt.kind, StmtKind::While { .. }) {
            self.loops += 1;
        }
        for (n, block) in walk::blocks(stmt).into_iter().enumerate() {
            self.path.push(u32::try_from(n).unwrap_or(u32::MAX));
            self.block(block);
            self.path.pop();
        }
        if is_loop {
            self.loops -= 1;
        }
    }

    fn define(&mut self, variable: VariableId, value: &Expr) {
        let mut inputs = self.effects.roots(self.n, value).0;
        let mut calls = false;
        walk::everything(value, &mut |each| match &each.kind {
            ExprKind::Variable(read) => {
                inputs = inputs.union(self.effects.variable(self.n, *read));
                if let Some(known) = self.definitions.get(read) {
                    inputs = inputs.union(known.inputs);
                }
            }
            ExprKind::Call(..) | ExprKind::Attribute(_) | ExprKind::IsSet(_) | ExprKind::Object(..) => calls = true,
            _ => {}
        });
        let (path, loops) = (self.path.clone(), self.loops);
        let entry = self.definitions.entry(variable).or_insert(Definition { path, loops, count: 0, inputs, calls });
        entry.count += 1;
    }

    /// A use that needs the array in memory.
    fn memory(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Variable(variable) => self.record(*variable, 0, false, None, true),
            ExprKind::Index(array, index) => {
                self.memory(array);
                walk::indices(index, &mut |each| self.expr(each, 0, false, None));
            }
            ExprKind::Transpose(array, _) | ExprKind::ComplexPart(array, _) | ExprKind::TupleItem(array, _) => self.memory(array),
            ExprKind::Reshape(array, shape) => {
                self.memory(array);
                shape.iter().for_each(|each| self.expr(each, 0, false, None));
            }
            _ => self.expr(expr, 0, false, None),
        }
    }

    fn record(&mut self, variable: VariableId, consumer: u32, aligned: bool, into: Option<VariableId>, memory: bool) {
        let found = Use { path: self.path.clone(), loops: self.loops, consumer, aligned, into, memory };
        self.uses.entry(variable).or_default().push(found);
    }

    fn expr(&mut self, expr: &Expr, consumer: u32, aligned: bool, into: Option<VariableId>) {
        match &expr.kind {
            ExprKind::Variable(variable) => self.record(*variable, consumer, aligned, into, false),
            ExprKind::Map { operands, .. } => {
                for operand in operands {
                    let same = operand.ty.ndim() == expr.ty.ndim();
                    self.expr(operand, consumer, aligned && same, into);
                }
            }
            ExprKind::Convert(operand) | ExprKind::Copy(operand) => self.expr(operand, consumer, aligned, into),
            ExprKind::Extent(array, _) | ExprKind::Size(array) if matches!(array.kind, ExprKind::Variable(_)) => {}
            ExprKind::Reduce { array, .. } => {
                self.consumers += 1;
                self.expr(array, self.consumers, true, None);
            }
            ExprKind::Call(_, arguments) => arguments.iter().for_each(|each| self.memory(each)),
            ExprKind::Conditional { test, then, otherwise } if matches!(expr.ty, Type::Array(..)) => {
                self.expr(test, consumer, false, None);
                self.memory(then);
                self.memory(otherwise);
            }
            _ => {
                // One view of a delayed array can be pulled through, but not at the consumer's index.
                let into = if matches!(expr.kind, ExprKind::Index(..) | ExprKind::Transpose(..)) { into } else { None };
                walk::children(expr, &mut |child| self.expr(child, consumer, false, into));
            }
        }
    }

    fn decide(&self, variable: VariableId, plan: &Plan, final_uses: &HashMap<VariableId, Use>) -> Option<Use> {
        let definition = &self.definitions[&variable];
        if definition.count != 1 || definition.calls || plan.slots.contains(&variable) || self.function.parameters.contains(&variable) {
            return None;
        }
        let mut uses = Vec::new();
        for each in self.uses.get(&variable)? {
            if each.memory {
                return None;
            }
            match each.into.and_then(|into| final_uses.get(&into)) {
                Some(last) => uses.push(Use { aligned: each.aligned && last.aligned, ..last.clone() }),
                None => uses.push(each.clone()),
            }
        }
        let first = uses.first()?.clone();
        let meet = uses.len() == 1 || uses.iter().all(|each| each.aligned && each.consumer == first.consumer && each.path == first.path);
        (meet && first.loops == definition.loops && self.undisturbed(definition, &first)).then_some(first)
    }

    /// Whether nothing between the definition and the use writes what the definition reads.
    fn undisturbed(&self, definition: &Definition, last: &Use) -> bool {
        let depth = definition.path.len();
        if last.path.len() < depth || last.path[..depth - 1] != definition.path[..depth - 1] {
            return false;
        }
        let Some(block) = self.block_at(&definition.path[..depth - 1]) else { return false };
        let (from, to) = (definition.path[depth - 1] as usize, last.path[depth - 1] as usize);
        if to <= from {
            return false;
        }
        let mut between: Vec<(&Stmt, bool)> = block[from + 1..to].iter().map(|stmt| (stmt, true)).collect();
        between.push((&block[to], last.path.len() > depth));
        between.iter().all(|(stmt, whole)| {
            let effect = if *whole { self.effects.stmt(self.n, stmt) } else { self.effects.expressions(self.n, stmt) };
            !(effect.disturbs().meets(definition.inputs) || (*whole && self.rebinds(stmt)))
        })
    }

    /// Whether a statement gives an array variable that lives in a mutable local another array, whose old one may go.
    fn rebinds(&self, stmt: &Stmt) -> bool {
        let mut found = false;
        let block = [stmt.clone()];
        walk::statements(&block.to_vec(), &mut |each| {
            if let StmtKind::Assign(variable, _) = &each.kind {
                found |= crate::effects::holds_memory(&self.function.variables[variable.0 as usize].ty)
                    && self.definitions.get(variable).is_none_or(|definition| definition.count > 1);
            }
        });
        found
    }

    fn block_at(&self, path: &[u32]) -> Option<&Block> {
        let mut block = &self.function.body;
        for pair in path.chunks_exact(2) {
            let stmt = block.get(pair[0] as usize)?;
            block = walk::blocks(stmt).get(pair[1] as usize).copied()?;
        }
        Some(block)
    }
}
