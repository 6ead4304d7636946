//! Recursion: functions that call themselves, directly or through others, count how deep they are, so that too deep a recursion is
//! Python's RecursionError and never the end of the native stack. Refuses: loops, which need no stack.

use crate::lowering::{Lowering, Shared};
use crate::walk;
use hypersonic_loops::{Compare, Function, Inst, ValueId};
use hypersonic_typed::ir::{ExprKind, Unit};
use std::collections::BTreeSet;

/// Calls of recursive functions that may be open at a time: more than Python's own limit allows by default.
const DEEPEST: i64 = 3000;

/// Bytes of the stack that open calls may take: a quarter of what the main thread of a process has.
const STACK_BYTES: i64 = 2 << 20;

/// Bytes that a call takes besides its stack slots, at most.
const FRAME_BYTES: i64 = 512;

/// The functions of a unit that a function calls, itself or through others, in order.
#[must_use]
pub fn called(unit: &Unit, from: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(position) = open.pop() {
        walk::statements(&unit.functions[position].body, &mut |stmt| {
            walk::expressions(stmt, &mut |expr| {
                walk::everything(expr, &mut |each| {
                    if let ExprKind::Call(callee, _) = each.kind
                        && found.insert(callee)
                    {
                        open.push(callee);
                    }
                });
            });
        });
    }
    found
}

/// Those of `functions` that call themselves, directly or through others: they take their depth as one more parameter.
#[must_use]
pub fn recursive(unit: &Unit, functions: &BTreeSet<usize>) -> BTreeSet<usize> {
    functions.iter().copied().filter(|position| called(unit, *position).contains(position)).collect()
}

impl Lowering<'_, '_> {
    /// Raises RecursionError if the function, which takes its depth as parameter `position`, is too deep. Gives the limit, a constant
    /// that [`limit`] may lower.
    pub fn guard_recursion(&mut self, position: usize) -> ValueId {
        let level = self.b.parameter(position);
        self.level = Some(level);
        let limit = self.b.i64(DEEPEST);
        let ok = self.b.compare(Compare::SLt, level, limit);
        let failure = self.raises("RecursionError", "maximum recursion depth exceeded");
        self.b.check(ok, failure, Vec::new());
        limit
    }

    /// The depth that a callee is given, if it takes one.
    pub fn callee_level(&mut self, shared: &Shared, callee: usize) -> Option<ValueId> {
        if !shared.recursive.contains(&callee) {
            return None;
        }
        let one = self.b.i64(1);
        Some(match self.level {
            Some(level) => crate::arithmetic::add(&mut self.b, level, one),
            None => one,
        })
    }
}

/// Lowers the limits at `places` (function, constant) of `functions` to what the stack has room for: any of the functions may be
/// inlined into a recursive one and bring its stack slots along.
pub fn limit(functions: &mut [Function], places: &[(usize, ValueId)]) {
    let slots = functions.iter().flat_map(|function| &function.values).map(|value| match value.inst {
        Inst::StackSlot(bytes) => i64::from(bytes).max(64),
        _ => 0,
    });
    let deepest = (STACK_BYTES / (FRAME_BYTES + slots.sum::<i64>())).clamp(10, DEEPEST);
    for (function, limit) in places {
        functions[*function].values[limit.index()].inst = Inst::Int(deepest);
    }
}
