//! Writes loop IR: thin words over the arena and the stack of open blocks.

use crate::ir::{
    Binary, Block, Cast, Compare, Failure, FailureId, Function, FunctionId, Inst, Likely, Linkage, MemoryClass, Module, Nest, Order,
    RareFunction, RareId, Stmt, SupportRow, TableData, TableId, Ty, Unary, Value, ValueId, Variable, VariableId,
};

/// Builds one function of a module.
#[derive(Debug)]
pub struct Builder<'m> {
    /// The failures of the module, shared by its functions.
    pub failures: &'m mut Vec<Failure>,
    function: Function,
    open: Vec<Block>,
    next_class: u32,
    next_nest: u32,
}

impl<'m> Builder<'m> {
    /// Starts a function.
    pub fn new(
        module_failures: &'m mut Vec<Failure>,
        name: impl Into<String>,
        linkage: Linkage,
        parameters: Vec<Ty>,
        results: Vec<Ty>,
    ) -> Self {
        let function = Function {
            name: name.into(),
            linkage,
            parameters,
            results,
            variables: Vec::new(),
            values: Vec::new(),
            body: Vec::new(),
            fastmath: false,
        };
        Self { failures: module_failures, function, open: vec![Vec::new()], next_class: 1, next_nest: 0 }
    }

    /// Ends it.
    #[must_use]
    pub fn finish(mut self) -> Function {
        self.function.body = self.open.pop().unwrap_or_default();
        self.function
    }

    /// The type of a value.
    #[must_use]
    pub fn ty(&self, value: ValueId) -> Ty {
        self.function.values[value.index()].ty
    }

    /// How a value is defined.
    #[must_use]
    pub fn inst(&self, value: ValueId) -> Inst {
        self.function.values[value.index()].inst
    }

    /// The constant an integer value is, if it is one.
    #[must_use]
    pub fn as_int(&self, value: ValueId) -> Option<i64> {
        match self.inst(value) {
            Inst::Int(number) => Some(number),
            _ => None,
        }
    }

    /// A new class of memory, disjoint from every other.
    pub fn new_class(&mut self) -> MemoryClass {
        self.next_class += 1;
        MemoryClass(self.next_class - 1)
    }

    /// Marks the function as free in its floating point.
    pub fn set_fastmath(&mut self, on: bool) {
        self.function.fastmath = on;
    }

    fn define(&mut self, ty: Ty, inst: Inst) -> ValueId {
        let id = ValueId(u32::try_from(self.function.values.len()).unwrap_or(u32::MAX));
        self.function.values.push(Value { ty, inst });
        id
    }

    /// Evaluates an instruction at this point.
    pub fn emit(&mut self, ty: Ty, inst: Inst) -> ValueId {
        let id = self.define(ty, inst);
        self.push(Stmt::Let(id));
        id
    }

    /// Appends a statement to the open block.
    pub fn push(&mut self, stmt: Stmt) {
        if let Some(block) = self.open.last_mut() {
            block.push(stmt);
        }
    }

    /// An unlisted value that a statement will bind.
    pub fn bound(&mut self, ty: Ty) -> ValueId {
        self.define(ty, Inst::Bound)
    }

    /// The n-th parameter.
    pub fn parameter(&mut self, n: usize) -> ValueId {
        let ty = self.function.parameters[n];
        self.define(ty, Inst::Parameter(u32::try_from(n).unwrap_or(u32::MAX)))
    }

    /// An integer constant of any integer type.
    pub fn int(&mut self, ty: Ty, value: i64) -> ValueId {
        self.emit(ty, Inst::Int(value))
    }

    /// An I64 constant.
    pub fn i64(&mut self, value: i64) -> ValueId {
        self.int(Ty::I64, value)
    }

    /// An I1 constant.
    pub fn bool(&mut self, value: bool) -> ValueId {
        self.int(Ty::I1, i64::from(value))
    }

    /// A floating constant of type F32 (rounded from f64) or F64.
    #[allow(clippy::cast_possible_truncation, reason = "rounding to f32 is what is asked for")]
    pub fn float(&mut self, ty: Ty, value: f64) -> ValueId {
        let bits = if ty == Ty::F32 { u64::from((value as f32).to_bits()) } else { value.to_bits() };
        self.emit(ty, Inst::FloatBits(bits))
    }

    /// The null address.
    pub fn null(&mut self) -> ValueId {
        self.emit(Ty::Ptr, Inst::Null)
    }

    /// `op(a, b)`.
    pub fn binary(&mut self, op: Binary, a: ValueId, b: ValueId) -> ValueId {
        let ty = self.ty(a);
        self.emit(ty, Inst::Binary(op, a, b))
    }

    /// `a + b`, wrapping or floating.
    pub fn add(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.binary(Binary::Add, a, b)
    }

    /// `a - b`.
    pub fn sub(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.binary(Binary::Sub, a, b)
    }

    /// `a * b`.
    pub fn mul(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.binary(Binary::Mul, a, b)
    }

    /// `a / b`, floating.
    pub fn fdiv(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.binary(Binary::FDiv, a, b)
    }

    /// `op(a)`.
    pub fn unary(&mut self, op: Unary, a: ValueId) -> ValueId {
        let ty = self.ty(a);
        self.emit(ty, Inst::Unary(op, a))
    }

    /// `a ? b`: I1.
    pub fn compare(&mut self, op: Compare, a: ValueId, b: ValueId) -> ValueId {
        self.emit(Ty::I1, Inst::Compare(op, a, b))
    }

    /// Whether signed `op(a, b)` leaves the type.
    pub fn overflows(&mut self, op: Binary, a: ValueId, b: ValueId) -> ValueId {
        self.emit(Ty::I1, Inst::Overflows(op, a, b))
    }

    /// `if c { a } else { b }`.
    pub fn select(&mut self, c: ValueId, a: ValueId, b: ValueId) -> ValueId {
        let ty = self.ty(a);
        self.emit(ty, Inst::Select(c, a, b))
    }

    /// A conversion.
    pub fn cast(&mut self, cast: Cast, a: ValueId, ty: Ty) -> ValueId {
        self.emit(ty, Inst::Cast(cast, a))
    }

    /// `!a` for I1.
    pub fn not(&mut self, a: ValueId) -> ValueId {
        let one = self.bool(true);
        self.binary(Binary::Xor, a, one)
    }

    /// `a & b`.
    pub fn and(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.binary(Binary::And, a, b)
    }

    /// `a | b`.
    pub fn or(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.binary(Binary::Or, a, b)
    }

    /// Memory at `address`.
    pub fn load(&mut self, ty: Ty, address: ValueId, class: MemoryClass) -> ValueId {
        self.emit(ty, Inst::Load(address, class))
    }

    /// `address + bytes`.
    pub fn offset(&mut self, address: ValueId, bytes: ValueId) -> ValueId {
        self.emit(Ty::Ptr, Inst::Offset(address, bytes))
    }

    /// Element `index` of a constant table.
    pub fn table(&mut self, table: &'static TableData, index: ValueId) -> ValueId {
        self.emit(table.ty, Inst::Table(TableId(table), index))
    }

    /// `otherwise` where the magnitude of `x` is below the rare function's limit, else that function of `x`.
    pub fn rare(&mut self, function: &'static RareFunction, x: ValueId, otherwise: ValueId) -> ValueId {
        self.rare_with(function, [x; 3], otherwise)
    }

    /// As [`Builder::rare`], with a function of several; the magnitude of the first decides. The first is repeated for those that it does not take.
    pub fn rare_with(&mut self, function: &'static RareFunction, arguments: [ValueId; 3], otherwise: ValueId) -> ValueId {
        self.emit(Ty::F64, Inst::Rare(RareId(function), arguments, otherwise))
    }

    /// Writes memory.
    pub fn store(&mut self, address: ValueId, value: ValueId, class: MemoryClass) {
        self.push(Stmt::Store { address, value, class });
    }

    /// A new mutable local.
    pub fn variable(&mut self, name: impl Into<String>, ty: Ty) -> VariableId {
        let id = VariableId(u32::try_from(self.function.variables.len()).unwrap_or(u32::MAX));
        self.function.variables.push(Variable { name: name.into(), ty });
        id
    }

    /// The current value of a mutable local.
    pub fn read(&mut self, variable: VariableId) -> ValueId {
        let ty = self.function.variables[variable.index()].ty;
        self.emit(ty, Inst::Read(variable))
    }

    /// Sets a mutable local.
    pub fn set(&mut self, variable: VariableId, value: ValueId) {
        self.push(Stmt::Set(variable, value));
    }

    /// Runs `write` with a fresh open block and returns that block.
    pub fn block(&mut self, write: impl FnOnce(&mut Self)) -> Block {
        self.open.push(Vec::new());
        write(self);
        self.open.pop().unwrap_or_default()
    }

    /// Opens a block that [`Builder::close_block`] takes back, for writers that a closure does not fit.
    pub fn open_block(&mut self) {
        self.open.push(Vec::new());
    }

    /// Takes back the block opened last.
    pub fn close_block(&mut self) -> Block {
        self.open.pop().unwrap_or_default()
    }

    /// Appends a nest whose indices are bound and whose body is written.
    pub fn push_nest(&mut self, extents: Vec<ValueId>, indices: Vec<ValueId>, body: Block) {
        let id = self.next_nest;
        self.next_nest += 1;
        self.push(Stmt::Nest(Nest { id, extents, indices, body }));
    }

    /// As [`Builder::block`], for a body that can fail to lower.
    ///
    /// # Errors
    /// What `write` returns.
    pub fn try_block<E>(&mut self, write: impl FnOnce(&mut Self) -> Result<(), E>) -> Result<Block, E> {
        self.open.push(Vec::new());
        let outcome = write(self);
        let block = self.open.pop().unwrap_or_default();
        outcome.map(|()| block)
    }

    /// `if condition { then }`.
    pub fn when(&mut self, condition: ValueId, likely: Likely, then: impl FnOnce(&mut Self)) {
        let then = self.block(then);
        self.push(Stmt::If { condition, then, otherwise: Vec::new(), likely });
    }

    /// `for index in 0..count`.
    pub fn repeat(&mut self, count: ValueId, order: Order, body: impl FnOnce(&mut Self, ValueId)) {
        let index = self.bound(Ty::I64);
        let body = self.block(|b| body(b, index));
        self.push(Stmt::For { index, count, order, body });
    }

    /// A nest of independent iterations.
    pub fn nest(&mut self, extents: Vec<ValueId>, body: impl FnOnce(&mut Self, &[ValueId])) {
        let indices: Vec<ValueId> = extents.iter().map(|_| self.bound(Ty::I64)).collect();
        let body = self.block(|b| body(b, &indices));
        let id = self.next_nest;
        self.next_nest += 1;
        self.push(Stmt::Nest(Nest { id, extents, indices, body }));
    }

    /// Calls a function of the module.
    pub fn call(&mut self, function: FunctionId, arguments: Vec<ValueId>, results: &[Ty]) -> Vec<ValueId> {
        let results: Vec<ValueId> = results.iter().map(|ty| self.bound(*ty)).collect();
        self.push(Stmt::Call { function, arguments, results: results.clone(), caught: None });
        results
    }

    /// Calls the runtime.
    pub fn support(&mut self, row: SupportRow, arguments: Vec<ValueId>, result: Option<Ty>) -> Option<ValueId> {
        let result = result.map(|ty| self.bound(ty));
        self.push(Stmt::Support { row, arguments, result });
        result
    }

    /// A row of the table of failures; equal rows are one.
    pub fn failure(&mut self, failure: Failure) -> FailureId {
        let at = self.failures.iter().position(|known| *known == failure).unwrap_or_else(|| {
            self.failures.push(failure);
            self.failures.len() - 1
        });
        FailureId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// Fails unless `ok`.
    pub fn check(&mut self, ok: ValueId, failure: FailureId, values: Vec<ValueId>) {
        self.push(Stmt::Check { ok, failure, values });
    }

    /// Returns.
    pub fn ret(&mut self, values: Vec<ValueId>) {
        self.push(Stmt::Return(values));
    }
}

/// Makes an empty module.
#[must_use]
pub fn module() -> Module {
    Module::default()
}
