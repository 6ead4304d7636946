//! Chunks of parallel loops: the call, and what it is given.

use crate::ir::{Buffer, Graph, NodeKind};
use crate::lowering::{Lowering, Outcome, Value};
use hypersonic_loops::{Stmt, ValueId};
use hypersonic_typed::ir::{Expr, ExprKind};

impl Lowering<'_, '_> {
    /// Runs the chunks of a loop.
    pub fn parallel(&mut self, chunks: &Expr, threads: &Expr, call: &Expr) -> Outcome<()> {
        let ExprKind::Call(callee, arguments) = &call.kind else { return Err(self.internal("chunks of no function")) };
        let shared = self.shared;
        let Some(function) = shared.callees.get(callee).map(|found| found.id) else {
            return Err(self.internal("a call of an unknown function"));
        };
        let (chunks, threads) = (self.integer(chunks)?, self.integer(threads)?);
        let values = self.in_order(arguments.get(1..).unwrap_or_default())?;
        let mut words = Vec::new();
        for value in values {
            let value = self.lent(value)?;
            words.extend(self.to_words(&value)?);
        }
        words.extend(self.attributes);
        self.dirty |= shared.effects.function(*callee).visible();
        self.worked = true;
        self.b.push(Stmt::Parallel { function, chunks, threads, arguments: words });
        Ok(())
    }

    /// A value whose arrays seem to be the caller's: several threads must not count the references to one block. We hold it until they are done.
    fn lent(&mut self, value: Value) -> Outcome<Value> {
        Ok(match value {
            Value::Array(node) => {
                let (shape, buffer) = self.in_memory(node)?;
                let dtype = self.graph.dtype(node);
                let owner: ValueId = self.b.i64(1);
                let buffer = Buffer { owner, ..buffer };
                Value::Array(Graph::add(&mut self.graph, dtype, shape, NodeKind::Buffer(buffer)))
            }
            Value::Tuple(items) => Value::Tuple(items.into_iter().map(|item| self.lent(item)).collect::<Outcome<_>>()?),
            Value::Optional(given, inner) => Value::Optional(given, Box::new(self.lent(*inner)?)),
            other => other,
        })
    }
}
