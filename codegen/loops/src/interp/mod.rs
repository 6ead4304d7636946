//! An interpreter of loop IR over simulated memory: the law of [`crate::ir`] made executable, for tests, fuzzing and as an
//! oracle for back ends. It is bit-exact, checks every bound and alignment, and reports what the law forbids as
//! a [`Trap`] instead of doing it. Refuses: speed, threads, GPU launches.

mod arithmetic;
mod memory;
mod run;
#[cfg(test)]
mod tests;

pub use memory::Memory;

use crate::build::Builder;
use crate::ir::{FailureId, FunctionId, Linkage, Module, Stmt, Ty, ValueId};
use std::collections::HashMap;

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It returned these values, as bits.
    Returned(Vec<u64>),
    /// It reported a failure with these numbers.
    Failed(FailureId, Vec<u64>),
    /// It broke the law of the IR.
    Trapped(Trap),
}

/// A breach of the law of the IR, or the end of patience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trap {
    /// An access outside of live memory, of this many bytes.
    OutOfBounds(u64, u64),
    /// An access that is not naturally aligned.
    Misaligned(u64),
    /// A division by zero, `MIN / -1`, or a shift by the width.
    Undefined(ValueId),
    /// A value used before it was evaluated.
    Unevaluated(ValueId),
    /// A variable read before it was set.
    Unset(u32),
    /// An exact operation that left its type.
    Inexact(ValueId),
    /// A table index out of range.
    TableIndex(ValueId),
    /// Too many steps or calls in calls.
    Exhausted,
    /// Control fell off the end, or a statement that is not interpreted.
    Malformed(&'static str),
}

/// Steps after which a call is given up.
const PATIENCE: u64 = 1 << 32;

/// Calls a function with arguments as bits.
pub fn call(module: &Module, function: FunctionId, arguments: &[u64], memory: &mut Memory) -> Outcome {
    let mut machine = run::Machine { module, memory, steps: PATIENCE, depth: 0, record: None, saved: HashMap::new() };
    match machine.call(function, arguments) {
        Ok(values) => Outcome::Returned(values),
        Err(run::Stop::Failed(failure, values)) => Outcome::Failed(failure, values),
        Err(run::Stop::Trapped(trap)) => Outcome::Trapped(trap),
    }
}

/// A function of one result, built once and evaluated often.
#[derive(Debug)]
pub struct Expression {
    module: Module,
}

impl Expression {
    /// Builds a function of `parameters` that returns what `build` gives.
    pub fn new(parameters: &[Ty], build: impl FnOnce(&mut Builder, &[ValueId]) -> Vec<ValueId>) -> Self {
        let mut failures = Vec::new();
        let mut b = Builder::new(&mut failures, "expression", Linkage::Internal, parameters.to_vec(), Vec::new());
        let values: Vec<ValueId> = (0..parameters.len()).map(|n| b.parameter(n)).collect();
        let results = build(&mut b, &values);
        let types = results.iter().map(|value| b.ty(*value)).collect();
        b.push(Stmt::Return(results));
        let mut function = b.finish();
        function.results = types;
        Self { module: Module { functions: vec![function], failures } }
    }

    /// Evaluates it.
    #[must_use]
    pub fn evaluate(&self, arguments: &[u64]) -> Outcome {
        call(&self.module, FunctionId(0), arguments, &mut Memory::default())
    }

    /// The module it makes.
    #[must_use]
    pub const fn module(&self) -> &Module {
        &self.module
    }
}

/// Evaluates one value built from arguments given as (type, bits).
pub fn eval1(arguments: &[(Ty, u64)], build: impl FnOnce(&mut Builder, &[ValueId]) -> ValueId) -> Outcome {
    let types: Vec<Ty> = arguments.iter().map(|(ty, _)| *ty).collect();
    let bits: Vec<u64> = arguments.iter().map(|(_, bits)| *bits).collect();
    Expression::new(&types, |b, values| vec![build(b, values)]).evaluate(&bits)
}
