//! Statements: assignment, control flow, returns and raises.

use crate::arithmetic::{self, compare};
use crate::effects;
use crate::facts::Fact;
use crate::lowering::{Control, Lowering, Outcome, Value};
use crate::slots::Slot;
use crate::walk;
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_loops::{Binary, Cast, Compare, FailureKind, Likely, MessagePart, Order, Stmt as Loop, Ty, ValueId};
use hypersonic_math::{Number, number};
use hypersonic_ops::{Dtype, Kind, Type};
use hypersonic_typed::ir::{self as typed, Block, Expr, ExprKind, Stmt, StmtKind, VariableId};

impl Lowering<'_, '_> {
    /// Writes statements in order; gives whether control never comes to their end.
    pub fn block(&mut self, block: &Block) -> Outcome<bool> {
        for stmt in block {
            if self.statement(stmt)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn statement(&mut self, stmt: &Stmt) -> Outcome<bool> {
        if stmt.span != Span::default() {
            self.span = stmt.span;
        }
        let mark = self.scopes.last().map_or(0, |scope| scope.held.len());
        let ended = self.deeper(|this| this.write_statement(stmt))?;
        let keeps = match &stmt.kind {
            StmtKind::Assign(variable, _) => effects::holds_memory(&self.function.variables[variable.0 as usize].ty),
            // Written in the current block, perhaps: what they assign may be used later.
            StmtKind::If { .. } | StmtKind::Unrolled { .. } | StmtKind::ForRange { .. } | StmtKind::While { .. } | StmtKind::Try { .. } => {
                true
            }
            _ => false,
        };
        if !ended && !keeps {
            self.release_since(mark);
        }
        Ok(ended)
    }

    fn write_statement(&mut self, stmt: &Stmt) -> Outcome<bool> {
        match &stmt.kind {
            StmtKind::Assign(variable, value) => self.bind(*variable, value).map(|()| false),
            StmtKind::SetItem { array, index, value } => self.set_item(array, index, value).map(|()| false),
            StmtKind::UpdateItem { array, index, op, loop_dtype, value } => {
                self.update_item(array, index, *op, *loop_dtype, value).map(|()| false)
            }
            StmtKind::SetAttribute(place, value) => self.set_attribute(*place, value).map(|()| false),
            StmtKind::Expr(value) => self.expr(value).map(|_| false),
            StmtKind::Parallel { chunks, threads, call } => self.parallel(chunks, threads, call).map(|()| false),
            StmtKind::If { test, then, otherwise } => self.branch(test, then, otherwise),
            StmtKind::While { test, body, orelse } => self.repeat_while(stmt, test, body, orelse),
            StmtKind::ForRange { .. } => self.for_range(stmt),
            StmtKind::Unrolled { iterations, orelse } => self.unrolled(stmt, iterations, orelse),
            StmtKind::Try { .. } => self.attempt(stmt),
            StmtKind::Reraise(id) => self.raise_again(*id).map(|()| true),
            StmtKind::Exit(id, n) => self.exit(*id, *n).map(|()| true),
            StmtKind::Break => self.leave(true).map(|()| true),
            StmtKind::Continue => self.leave(false).map(|()| true),
            StmtKind::Return(value) => self.give_back(value).map(|()| true),
            StmtKind::Raise { exception, message, retried } => self.raise(exception, message, *retried).map(|()| true),
        }
    }

    fn bind(&mut self, variable: VariableId, expr: &Expr) -> Outcome<()> {
        if let Some(part) = grown_by(variable, expr)
            && let Some(Slot::Object(slot)) = self.slots.get(&variable).cloned()
        {
            let grown = self.grown_text(slot, part)?;
            let old = self.b.read(slot);
            self.release(old);
            self.b.set(slot, grown);
            self.known.remove(&variable);
            return Ok(());
        }
        let mut value = self.expr(expr)?;
        if !self.plan.delayed.contains(&variable) {
            value = self.settled(value)?;
        }
        self.keep(&value);
        if let Some(slot) = self.slots.get(&variable).cloned() {
            self.set_slot(&slot, &value)?;
        }
        self.known.insert(variable, value);
        Ok(())
    }

    /// The value with every array in memory.
    fn settled(&mut self, value: Value) -> Outcome<Value> {
        Ok(match value {
            Value::Array(node) => Value::Array(self.materialise(node)?),
            Value::Tuple(items) => Value::Tuple(items.into_iter().map(|item| self.settled(item)).collect::<Outcome<_>>()?),
            Value::Optional(given, value) => Value::Optional(given, Box::new(self.settled(*value)?)),
            other => other,
        })
    }

    /// Forgets the values of the variables that blocks may set.
    pub fn forget(&mut self, blocks: &[&Block]) {
        for block in blocks {
            for variable in walk::assigned(block) {
                self.known.remove(&variable);
            }
        }
    }

    fn branch(&mut self, test: &Expr, then: &Block, otherwise: &Block) -> Outcome<bool> {
        let condition = self.truth(test)?;
        match self.b.as_int(condition) {
            Some(0) => return self.block(otherwise),
            Some(_) => return self.block(then),
            None => {}
        }
        let before = (self.dirty, self.worked);
        let (first, first_ends) = self.nested(|this| this.assuming(condition, true, then))?;
        let first_did = (self.dirty, self.worked);
        (self.dirty, self.worked) = before;
        let (second, second_ends) = self.nested(|this| this.assuming(condition, false, otherwise))?;
        // What a branch did that never comes back here does not matter after it.
        let after = |first: bool, second: bool, before: bool| (first && !first_ends) || (second && !second_ends) || before;
        self.dirty = after(first_did.0, self.dirty, before.0);
        self.worked = after(first_did.1, self.worked, before.1);
        self.b.push(Loop::If { condition, then: first, otherwise: second, likely: likely(then, otherwise) });
        self.forget(&[then, otherwise]);
        Ok(first_ends && second_ends)
    }

    /// A block that is only reached when a condition holds, or does not.
    fn assuming(&mut self, condition: ValueId, holds: bool, block: &Block) -> Outcome<bool> {
        self.facts.assume(&self.b, condition, holds);
        self.block(block)
    }

    fn repeat_while(&mut self, stmt: &Stmt, test: &Expr, body: &Block, orelse: &Block) -> Outcome<bool> {
        self.forget(&[body, orelse]);
        self.dirty |= self.shared.effects.stmt(self.position, stmt).visible();
        let (scopes, level) = (self.scopes.len(), self.open_loops);
        let mut endless = false;
        self.open_loops += 1;
        self.worked = true;
        let (block, _) = self.nested(|this| {
            let mark = this.scopes.last().map_or(0, |scope| scope.held.len());
            let condition = this.truth(test)?;
            this.release_since(mark);
            endless = this.b.as_int(condition).is_some_and(|known| known != 0);
            if !endless {
                let done = arithmetic::not(&mut this.b, condition);
                let (leave, ended) = this.nested(|this| this.block(orelse))?;
                let mut leave = leave;
                if !ended {
                    leave.push(Loop::Break(0));
                }
                this.b.push(Loop::If { condition: done, then: leave, otherwise: Vec::new(), likely: Likely::Otherwise });
            }
            this.control.push(Control { scopes, break_at: level, continue_at: level, continue_leaves: false, finished: None });
            let ended = this.assuming(condition, true, body);
            this.control.pop();
            ended
        })?;
        self.open_loops -= 1;
        self.b.push(Loop::Loop { body: block });
        self.forget(&[body, orelse]);
        Ok(endless && !breaks(body))
    }

    fn for_range(&mut self, stmt: &Stmt) -> Outcome<bool> {
        let StmtKind::ForRange { variable, start, stop, step, body, orelse } = &stmt.kind else {
            return Err(self.internal("a loop"));
        };
        let (start, stop, step) = (self.integer(start)?, self.integer(stop)?, self.integer(step)?);
        if self.b.as_int(step).is_none_or(|known| known == 0) {
            let zero = self.b.i64(0);
            let ok = compare(&mut self.b, Compare::Ne, step, zero);
            let failure = self.raises("ValueError", "range() arg 3 must not be zero");
            self.check(ok, failure, Vec::new());
        }
        let count = self.range_count(start, stop, step);
        self.forget(&[body, orelse]);
        self.known.remove(variable);
        self.dirty |= self.shared.effects.stmt(self.position, stmt).visible();
        let finished = (!orelse.is_empty() && breaks(body)).then(|| self.b.variable("finished", Ty::I1));
        if let Some(flag) = finished {
            let yes = self.b.bool(true);
            self.b.set(flag, yes);
        }
        let (scopes, level) = (self.scopes.len(), self.open_loops);
        let index = self.b.bound(Ty::I64);
        self.open_loops += 1;
        self.worked = true;
        let (block, _) = self.nested(|this| {
            let value = this.range_value(index, start, stop, step);
            let value = Value::Scalar(Number::Real(value));
            if let Some(slot) = this.slots.get(variable).cloned() {
                this.set_slot(&slot, &value)?;
            }
            this.known.insert(*variable, value);
            this.control.push(Control { scopes, break_at: level, continue_at: level, continue_leaves: false, finished });
            let ended = this.block(body);
            this.control.pop();
            ended
        })?;
        self.open_loops -= 1;
        self.b.push(Loop::For { index, count, order: Order::Sequential, body: block });
        self.forget(&[body, orelse]);
        let Some(flag) = finished else { return self.block(orelse) };
        let condition = self.b.read(flag);
        let (then, _) = self.nested(|this| this.block(orelse))?;
        self.b.push(Loop::If { condition, then, otherwise: Vec::new(), likely: Likely::Unknown });
        self.forget(&[orelse]);
        Ok(false)
    }

    /// `len(range(start, stop, step))`; what int64 cannot hold is the largest int64.
    fn range_count(&mut self, start: ValueId, stop: ValueId, step: ValueId) -> ValueId {
        let zero = self.b.i64(0);
        let step_known = self.b.as_int(step);
        let (low, high) = if step_known == Some(-1) { (stop, start) } else { (start, stop) };
        if matches!(step_known, Some(1 | -1)) && self.facts.arithmetic(&self.b, hypersonic_ops::ScalarOp::Subtract, high, low).is_some() {
            return arithmetic::sub(&mut self.b, high, low);
        }
        let backwards = compare(&mut self.b, Compare::SLt, step, zero);
        let first = arithmetic::select(&mut self.b, backwards, stop, start);
        let last = arithmetic::select(&mut self.b, backwards, start, stop);
        let some = compare(&mut self.b, Compare::SLt, first, last);
        let distance = self.b.sub(last, first);
        let negated = self.b.sub(zero, step);
        let size = arithmetic::select(&mut self.b, backwards, negated, step);
        let one = self.b.i64(1);
        // A step of zero has failed before; a division must not see it all the same.
        let size = if step_known.is_some_and(|known| known != 0) { size } else { self.b.binary(Binary::UMax, size, one) };
        let before = self.b.sub(distance, one);
        let whole = self.b.binary(Binary::UDiv, before, size);
        let most = self.b.i64(i64::MAX - 1);
        let whole = self.b.binary(Binary::UMin, whole, most);
        let count = self.b.add(whole, one);
        arithmetic::select(&mut self.b, some, count, zero)
    }

    fn range_value(&mut self, index: ValueId, start: ValueId, stop: ValueId, step: ValueId) -> ValueId {
        let distance = arithmetic::mul(&mut self.b, index, step);
        let value = arithmetic::add(&mut self.b, start, distance);
        let (first, last) = (self.facts.of(&self.b, start), self.facts.of(&self.b, stop));
        let known = self.facts.of(&self.b, step);
        let own = Some((value, 0));
        if known.low > 0 {
            self.facts.learn(value, Fact { low: first.low, high: last.high - 1, base: own, below: last.base });
        } else if known.high < 0 {
            let below = first.base.and_then(|(base, offset)| Some((base, offset.checked_add(1)?)));
            self.facts.learn(value, Fact { low: last.low + 1, high: first.high, base: own, below });
        }
        value
    }

    fn unrolled(&mut self, stmt: &Stmt, iterations: &[Block], orelse: &Block) -> Outcome<bool> {
        self.forget(&walk::blocks(stmt));
        if !iterations.iter().any(walk::jumps) {
            for iteration in iterations.iter().chain([orelse]) {
                if self.block(iteration)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let (scopes, level) = (self.scopes.len(), self.open_loops);
        self.open_loops += 1;
        self.worked = true;
        let (outer, _) = self.nested(|this| {
            for iteration in iterations {
                this.open_loops += 1;
                this.control.push(Control {
                    scopes: scopes + 1,
                    break_at: level,
                    continue_at: level + 1,
                    continue_leaves: true,
                    finished: None,
                });
                let inner = this.nested(|this| this.block(iteration));
                this.control.pop();
                this.open_loops -= 1;
                let (mut inner, ended) = inner?;
                if !ended {
                    inner.push(Loop::Break(0));
                }
                this.b.push(Loop::Loop { body: inner });
            }
            let (last, ended) = this.nested(|this| this.block(orelse))?;
            last.into_iter().for_each(|stmt| this.b.push(stmt));
            if !ended {
                this.release_from(scopes);
                this.b.push(Loop::Break(0));
            }
            Ok(true)
        })?;
        self.open_loops -= 1;
        self.b.push(Loop::Loop { body: outer });
        self.forget(&walk::blocks(stmt));
        Ok(false)
    }

    fn leave(&mut self, breaking: bool) -> Outcome<()> {
        let Some(control) = self.control.last().copied() else { return Err(self.internal("a jump out of no loop")) };
        self.release_from(control.scopes);
        if breaking && let Some(flag) = control.finished {
            let no = self.b.bool(false);
            self.b.set(flag, no);
        }
        let level = if breaking { control.break_at } else { control.continue_at };
        let distance = self.open_loops - 1 - level;
        self.b.push(if breaking || control.continue_leaves { Loop::Break(distance) } else { Loop::Continue(distance) });
        Ok(())
    }

    fn give_back(&mut self, expr: &Expr) -> Outcome<()> {
        let value = self.expr(expr)?;
        let words = self.to_words(&value)?;
        let ty = self.function.result.clone();
        if let Some((frame, class)) = self.results {
            // An object that stands twice in a result, or in an argument, is known by its count.
            let mut objects = Vec::new();
            objects_in(&value, &mut objects);
            objects.into_iter().for_each(|owner| self.retain(owner));
            let mut offset = 0;
            let mut rest = self.told_views(expr, words).into_iter();
            self.store_results(&ty, &mut rest, frame, class, &mut offset);
            self.b.ret(Vec::new());
            return Ok(());
        }
        let mut owners = Vec::new();
        let settled =
            self.from_words(&ty, &mut words.clone().into_iter(), crate::ir::Lifetime::Scope, hypersonic_loops::MemoryClass::ANY)?;
        self.owners(&settled, &mut |owner, _| owners.push(owner));
        owners.into_iter().for_each(|owner| self.retain(owner));
        self.release_everything();
        self.b.ret(words);
        Ok(())
    }

    /// Releases what an internal function holds, before it returns.
    pub fn release_everything(&mut self) {
        self.release_from(0);
        let slots: Vec<_> = self.plan.slots.iter().filter_map(|variable| self.slots.get(variable).cloned()).collect();
        slots.iter().for_each(|slot| self.release_slot(slot));
    }

    fn raise(&mut self, exception: &str, parts: &[typed::MessagePart], retried: bool) -> Outcome<()> {
        if exception == typed::PYTHON_ANSWERS {
            if self.dirty && retried {
                let why = match parts {
                    [typed::MessagePart::Text(why)] => why.as_str(),
                    _ => "only Python can go on",
                };
                return Err(self.unsupported(format!("{why}, after something that the caller can see")));
            }
            let failure = self.failure(FailureKind::Unsupported, Vec::new());
            self.b.push(Loop::Fail { failure, values: Vec::new() });
            return Ok(());
        }
        let mut message = Vec::new();
        let mut values = Vec::new();
        for part in parts {
            let (expr, spec) = match part {
                typed::MessagePart::Text(text) => {
                    message.push(MessagePart::Text(text.clone()));
                    continue;
                }
                typed::MessagePart::Python(what) => {
                    message.push(MessagePart::Python((*what).to_owned(), None));
                    continue;
                }
                typed::MessagePart::Value(expr, spec) => (expr, spec),
            };
            let number = self.scalar(expr)?;
            let n = u32::try_from(values.len()).unwrap_or(u32::MAX);
            let dtype = expr.ty.dtype().unwrap_or(Dtype::I64);
            match dtype.kind() {
                Kind::Integer => message.push(MessagePart::Int(n, spec.clone())),
                Kind::Float => message.push(MessagePart::Float(n, spec.clone())),
                _ => return Err(self.unsupported("a bool or complex number in the message of an exception")),
            }
            values.push(self.as_word(dtype, number.real(), true));
        }
        if values.len() > 8 {
            return Err(self.unsupported("more than 8 numbers in the message of an exception"));
        }
        let kind = if retried { FailureKind::Raise(exception.to_owned()) } else { FailureKind::User(exception.to_owned()) };
        let failure = self.failure(kind, message);
        self.b.push(Loop::Fail { failure, values });
        Ok(())
    }

    /// A number as a 64-bit word; a float32 as a float64 if `wide`, else by its bits.
    pub fn as_word(&mut self, dtype: Dtype, value: ValueId, wide: bool) -> ValueId {
        match number::value_ty(dtype) {
            Ty::I64 => value,
            Ty::F64 => self.b.cast(Cast::Bits, value, Ty::I64),
            Ty::F32 if wide => {
                let double = self.b.cast(Cast::Extend, value, Ty::F64);
                self.b.cast(Cast::Bits, double, Ty::I64)
            }
            Ty::F32 => {
                let bits = self.b.cast(Cast::Bits, value, Ty::I32);
                self.b.cast(Cast::ZeroExtend, bits, Ty::I64)
            }
            _ if dtype.is_signed() => self.b.cast(Cast::SignExtend, value, Ty::I64),
            _ => self.b.cast(Cast::ZeroExtend, value, Ty::I64),
        }
    }
}

/// The part in `text = text + part`.
fn grown_by(variable: VariableId, expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Object(Op::Concatenate, operands) => match operands.as_slice() {
            [Expr { kind: ExprKind::Variable(text), ty: Type::Str, .. }, part] if *text == variable => Some(part),
            _ => None,
        },
        _ => None,
    }
}

/// The words of the objects in a value.
fn objects_in(value: &Value, found: &mut Vec<ValueId>) {
    match value {
        Value::Object(owner, _) => found.push(*owner),
        Value::Tuple(items) => items.iter().for_each(|item| objects_in(item, found)),
        Value::Optional(_, value) => objects_in(value, found),
        _ => {}
    }
}

fn likely(then: &Block, otherwise: &Block) -> Likely {
    let rare = |block: &Block| matches!(block.last().map(|stmt| &stmt.kind), Some(StmtKind::Raise { .. } | StmtKind::Reraise(_)));
    match (rare(then), rare(otherwise)) {
        (true, false) => Likely::Otherwise,
        (false, true) => Likely::Then,
        _ => Likely::Unknown,
    }
}

/// Whether a loop's body has a `break` of that loop.
fn breaks(block: &Block) -> bool {
    block.iter().any(|stmt| match &stmt.kind {
        StmtKind::Break => true,
        StmtKind::If { then, otherwise, .. } => breaks(then) || breaks(otherwise),
        StmtKind::While { orelse, .. } | StmtKind::ForRange { orelse, .. } | StmtKind::Unrolled { orelse, .. } => breaks(orelse),
        StmtKind::Try { .. } => walk::blocks(stmt).into_iter().any(breaks),
        _ => false,
    })
}
