//! Statements: control flow, stores, calls, failures.

use super::function::{FunctionText, LoopLabels, Shape, global, internal_name, return_type};
use super::packed::{FOR_LIMIT, NEST_LIMIT};
use super::types;
use hypersonic_abi::{Support, status};
use hypersonic_loops::{Block, FailureId, FailureKind, FunctionId, Inst, Likely, Nest, Order, Stmt, SupportRow, Ty, ValueId};
use std::fmt::Write as _;
use std::mem::offset_of;

/// How much likelier the usual way is than the rare one.
const USUAL: u32 = 2000;

impl FunctionText<'_, '_> {
    pub(crate) fn block(&mut self, block: &Block) {
        for stmt in block {
            self.statement(stmt);
        }
        self.decline();
    }

    fn statement(&mut self, stmt: &Stmt) {
        if !self.pure(stmt) {
            self.decline();
        }
        match stmt {
            Stmt::Let(id) => self.instruction(*id),
            Stmt::Set(variable, value) => {
                let line = format!("store {}, ptr {}", self.typed(*value), Self::variable(*variable));
                self.line(line);
            }
            Stmt::Store { address, value, class } => {
                let access = self.access(*address, *class, false);
                let size = self.ty(*value).size();
                let line = format!("store {}, ptr {}, align {size}{access}", self.typed(*value), self.operand(*address));
                self.line(line);
            }
            Stmt::If { condition, then, otherwise, likely } => self.choose(*condition, then, otherwise, *likely),
            Stmt::For { index, count, order, body } => self.counted(*index, *count, *order, body),
            Stmt::Loop { body } => self.endless(body),
            Stmt::Break(depth) => {
                let label = self.labels_at(*depth).exit.clone();
                self.end(format_args!("br label %{label}"));
            }
            Stmt::Continue(depth) => {
                let label = self.labels_at(*depth).next.clone();
                self.end(format_args!("br label %{label}"));
            }
            Stmt::Nest(nest) => self.nest(nest),
            Stmt::Call { function, arguments, results, caught } => self.call(*function, arguments, results, *caught),
            Stmt::Parallel { function, chunks, threads, arguments } => self.parallel(*function, [*chunks, *threads], arguments),
            Stmt::Record { failure, values } => self.record(*failure, values),
            Stmt::Caught { classes, result } => self.caught(classes, *result),
            Stmt::SaveRecord(place) => self.copy_record("%error".to_owned(), self.operand(*place).to_owned()),
            Stmt::RestoreRecord(place) => self.copy_record(self.operand(*place).to_owned(), "%error".to_owned()),
            Stmt::Leave => self.leave(&status::FAILED.to_string()),
            Stmt::Support { row, arguments, result } => self.support(*row, arguments, *result),
            Stmt::Launch { kernel, count, parameters, failure } => self.launch(*kernel, *count, parameters, *failure),
            Stmt::Check { ok, failure, .. } if self.declines(*failure) => {
                let ok = self.operand(*ok).to_owned();
                self.usual = Some(match self.usual.take() {
                    Some(before) => self.compute(format_args!("and i1 {before}, {ok}")),
                    None => ok,
                });
            }
            Stmt::Check { ok, failure, values } => {
                let (good, bad) = (self.label(), self.label());
                let weights = self.module.metadata.weights(USUAL, 1);
                let line = format!("br i1 {}, label %{good}, label %{bad}, !prof !{weights}", self.operand(*ok));
                self.end(line);
                self.begin(&bad);
                self.fail(*failure, values);
                self.begin(&good);
            }
            Stmt::Fail { failure, values } => self.fail(*failure, values),
            Stmt::Return(values) => self.give(values),
        }
    }

    /// Whether a statement can as well come before an earlier check that would have left the call to the strided version.
    fn pure(&self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Let(id) => !matches!(self.function.values[id.index()].inst, Inst::Load(..) | Inst::Rare(..)),
            Stmt::Check { failure, .. } => self.declines(*failure),
            _ => false,
        }
    }

    fn declines(&self, failure: FailureId) -> bool {
        self.module.module.failures[failure.index()].kind == FailureKind::Strided
    }

    /// Leaves the call to the strided version unless all of the checks hold that were put together.
    fn decline(&mut self) {
        let Some(usual) = self.usual.take() else { return };
        let (good, bad) = (self.label(), self.label());
        let weights = self.module.metadata.weights(USUAL, 1);
        self.end(format_args!("br i1 {usual}, label %{good}, label %{bad}, !prof !{weights}"));
        self.begin(&bad);
        self.leave(&status::STRIDED.to_string());
        self.begin(&good);
    }

    fn labels_at(&self, depth: u32) -> &LoopLabels {
        &self.loops[self.loops.len() - 1 - depth as usize]
    }

    fn choose(&mut self, condition: ValueId, then: &Block, otherwise: &Block, likely: Likely) {
        let (first, second, after) = (self.label(), self.label(), self.label());
        let weights = match likely {
            Likely::Unknown => String::new(),
            Likely::Otherwise => format!(", !prof !{}", self.module.metadata.weights(1, USUAL)),
            Likely::Then => format!(", !prof !{}", self.module.metadata.weights(USUAL, 1)),
        };
        let line = format!("br i1 {}, label %{first}, label %{second}{weights}", self.operand(condition));
        self.end(line);
        self.begin(&first);
        self.rarely(likely == Likely::Otherwise, |this| this.block(then));
        self.jump(&after);
        self.begin(&second);
        self.rarely(likely == Likely::Then, |this| this.block(otherwise));
        self.jump(&after);
        self.begin(&after);
    }

    fn counted(&mut self, index: ValueId, count: ValueId, order: Order, body: &Block) {
        let group = (order == Order::Independent).then(|| self.module.metadata.distinct(&[]));
        let count = self.operand(count).to_owned();
        self.groups.extend(group);
        self.packed_or_not(&[index], body, FOR_LIMIT, |this| this.guarded(index, &count, group, |this| this.block(body)));
        if group.is_some() {
            self.groups.pop();
        }
    }

    /// A loop of `count` iterations, if there are any.
    fn guarded(&mut self, index: ValueId, count: &str, group: Option<usize>, body: impl FnOnce(&mut Self)) {
        let (enter, next, exit) = (self.label(), self.label(), self.label());
        let any = self.compute(format_args!("icmp sgt i64 {count}, 0"));
        self.end(format_args!("br i1 {any}, label %{enter}, label %{exit}"));
        self.loops.push(LoopLabels { next: next.clone(), exit: exit.clone() });
        self.looped(index, count, group, [&enter, &next, &exit], body);
        self.loops.pop();
    }

    /// A loop of at least one iteration, with its labels.
    fn looped(&mut self, index: ValueId, count: &str, group: Option<usize>, [enter, next, exit]: [&str; 3], body: impl FnOnce(&mut Self)) {
        let top = self.label();
        self.begin(enter);
        self.end(format_args!("br label %{top}"));
        self.begin(&top);
        let following = self.temporary();
        let at = self.bind(index);
        self.line(format_args!("{at} = phi i64 [ 0, %{enter} ], [ {following}, %{next} ]"));
        body(self);
        self.jump(next);
        self.begin(next);
        self.line(format_args!("{following} = add nuw nsw i64 {at}, 1"));
        let more = self.compute(format_args!("icmp slt i64 {following}, {count}"));
        let properties = self.module.metadata.loop_properties(group, self.care).map(|id| format!(", !llvm.loop !{id}")).unwrap_or_default();
        self.end(format_args!("br i1 {more}, label %{top}, label %{exit}{properties}"));
        self.begin(exit);
    }

    fn endless(&mut self, body: &Block) {
        let (top, exit) = (self.label(), self.label());
        self.jump(&top);
        self.begin(&top);
        self.loops.push(LoopLabels { next: top.clone(), exit: exit.clone() });
        self.block(body);
        self.loops.pop();
        self.jump(&top);
        self.begin(&exit);
    }

    /// A nest as loops. One group of accesses serves all of them: any two iterations are independent, so two that
    /// differ in one index only are.
    fn nest(&mut self, nest: &Nest) {
        let group = self.module.metadata.distinct(&[]);
        let loops = std::mem::take(&mut self.loops);
        self.groups.push(group);
        self.packed_or_not(&nest.indices, &nest.body, NEST_LIMIT, |this| {
            let (enter, exit) = (this.label(), this.label());
            let any = this.any_iteration(&nest.extents);
            this.end(format_args!("br i1 {any}, label %{enter}, label %{exit}"));
            this.nest_level(nest, 0, group, [&enter, &exit]);
        });
        self.groups.pop();
        self.loops = loops;
    }

    /// Whether all extents are positive.
    fn any_iteration(&mut self, extents: &[ValueId]) -> String {
        let mut all = "true".to_owned();
        for extent in extents {
            let one = self.compute(format!("icmp sgt i64 {}, 0", self.operand(*extent)));
            all = self.compute(format_args!("and i1 {all}, {one}"));
        }
        all
    }

    fn nest_level(&mut self, nest: &Nest, level: usize, group: usize, [enter, exit]: [&str; 2]) {
        let count = self.operand(nest.extents[level]).to_owned();
        let next = self.label();
        self.looped(nest.indices[level], &count, Some(group), [enter, &next, exit], |this| {
            if level + 1 == nest.extents.len() {
                return this.block(&nest.body);
            }
            let (enter, exit) = (this.label(), this.label());
            this.jump(&enter);
            this.nest_level(nest, level + 1, group, [&enter, &exit]);
        });
    }

    fn call(&mut self, callee: FunctionId, arguments: &[ValueId], results: &[ValueId], caught: Option<u32>) {
        let module = self.module.module;
        let function = &module.functions[callee.index()];
        let mut words = String::from("ptr %support, ptr %context, ptr %error");
        for argument in arguments {
            let _ = write!(words, ", {}", self.typed(*argument));
        }
        let name = global(&internal_name(&function.name));
        let ty = return_type(function, Shape::Internal);
        let outcome = self.compute(format_args!("call {ty} {name}({words}) #0"));
        let state =
            if function.results.is_empty() { outcome.clone() } else { self.compute(format_args!("extractvalue {ty} {outcome}, 0")) };
        let fine = self.compute(format_args!("icmp eq i32 {state}, 0"));
        let (good, bad) = (self.label(), self.label());
        let weights = self.module.metadata.weights(USUAL, 1);
        self.end(format_args!("br i1 {fine}, label %{good}, label %{bad}, !prof !{weights}"));
        self.begin(&bad);
        if let Some(depth) = caught {
            let (handler, others) = (self.labels_at(depth).exit.clone(), self.label());
            let failed = self.compute(format_args!("icmp eq i32 {state}, {}", status::FAILED));
            self.end(format_args!("br i1 {failed}, label %{handler}, label %{others}"));
            self.begin(&others);
        }
        self.leave(&state);
        self.begin(&good);
        for (n, result) in results.iter().enumerate() {
            self.define(*result, format_args!("extractvalue {ty} {outcome}, {}", n + 1));
        }
    }

    /// Loads a row of the support table.
    pub(super) fn row(&mut self, offset: usize) -> String {
        let address = self.compute(format_args!("getelementptr inbounds i8, ptr %support, i64 {offset}"));
        let empty = self.module.metadata.shared("!{}".to_owned());
        self.compute(format_args!("load ptr, ptr {address}, align 8, !invariant.load !{empty}"))
    }

    fn support(&mut self, row: SupportRow, arguments: &[ValueId], result: Option<ValueId>) {
        let (offset, gives) = match row {
            SupportRow::Allocate => (offset_of!(Support, allocate), "noalias ptr"),
            SupportRow::Release => (offset_of!(Support, release), "void"),
            SupportRow::PythonRandom => (offset_of!(Support, python_random), "double"),
            SupportRow::Overlap => (offset_of!(Support, overlap), "i64"),
            SupportRow::Object => (offset_of!(Support, object), "i64"),
            SupportRow::StackEnd => (offset_of!(Support, stack_end), "i64"),
        };
        let function = self.row(offset);
        let mut words = String::from("ptr %context");
        for argument in arguments {
            let _ = write!(words, ", {}", self.typed(*argument));
        }
        let line = format!("call {gives} {function}({words}) nounwind");
        match result {
            Some(result) => self.define(result, line),
            None => self.line(line),
        }
    }

    fn launch(&mut self, kernel: u32, count: ValueId, parameters: &[ValueId], failure: FailureId) {
        let words = self.allocate(8 * parameters.len().max(1) as u64);
        for (n, parameter) in parameters.iter().enumerate() {
            let word = self.word(*parameter);
            let address = self.compute(format_args!("getelementptr inbounds i8, ptr {words}, i64 {}", 8 * n));
            self.line(format_args!("store i64 {word}, ptr {address}, align 8"));
        }
        let function = self.row(offset_of!(Support, launch));
        let count = self.operand(count).to_owned();
        let refused = self.compute(format_args!(
            "call i32 {function}(ptr %context, i32 {kernel}, i64 {count}, ptr {words}, i64 {}) nounwind",
            parameters.len()
        ));
        let fine = self.compute(format_args!("icmp eq i32 {refused}, 0"));
        let (good, bad) = (self.label(), self.label());
        self.end(format_args!("br i1 {fine}, label %{good}, label %{bad}"));
        self.begin(&bad);
        self.fail(failure, &[]);
        self.begin(&good);
    }

    /// A value as a 64-bit word.
    pub(super) fn word(&mut self, value: ValueId) -> String {
        let typed = self.typed(value);
        match self.ty(value) {
            Ty::I64 => self.operand(value).to_owned(),
            Ty::F64 => self.compute(format_args!("bitcast {typed} to i64")),
            Ty::Ptr => self.compute(format_args!("ptrtoint {typed} to i64")),
            Ty::F32 => {
                let narrow = self.compute(format_args!("bitcast {typed} to i32"));
                self.compute(format_args!("zext i32 {narrow} to i64"))
            }
            _ => self.compute(format_args!("zext {typed} to i64")),
        }
    }

    /// Fills the error record in and returns.
    fn fail(&mut self, failure: FailureId, values: &[ValueId]) {
        if self.declines(failure) {
            return self.leave(&status::STRIDED.to_string());
        }
        self.record(failure, values);
        self.leave(&status::FAILED.to_string());
    }

    /// Returns with a status that is not OK.
    pub(super) fn leave(&mut self, state: &str) {
        let ty = self.return_type();
        if self.shape == Shape::Internal && !self.function.results.is_empty() {
            let outcome = self.compute(format_args!("insertvalue {ty} zeroinitializer, i32 {state}, 0"));
            self.end(format_args!("ret {ty} {outcome}"));
        } else {
            self.end(format_args!("ret {ty} {state}"));
        }
    }

    fn give(&mut self, values: &[ValueId]) {
        let ty = self.return_type();
        if self.shape == Shape::Kernel {
            return self.end("ret void");
        }
        if self.shape == Shape::Rare {
            let value = values.first().map_or_else(|| "double poison".to_owned(), |value| self.typed(*value));
            return self.end(format_args!("ret {value}"));
        }
        if self.shape == Shape::Entry || self.function.results.is_empty() {
            return self.end(format_args!("ret i32 {}", status::OK));
        }
        let mut outcome = format!("{ty} {{ i32 {}", status::OK);
        for ty in &self.function.results {
            let _ = write!(outcome, ", {} poison", types::name(*ty));
        }
        outcome.push_str(" }");
        for (n, value) in values.iter().enumerate() {
            let line = format!("insertvalue {outcome}, {}, {}", self.typed(*value), n + 1);
            outcome = format!("{ty} {}", self.compute(line));
        }
        self.end(format_args!("ret {outcome}"));
    }
}
