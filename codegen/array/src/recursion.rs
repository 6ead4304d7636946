//! Recursion: functions that call themselves, directly or through others, count how deep they are and look how much is left of the
//! thread's stack, so that too deep a recursion is Python's RecursionError and never the end of the native stack. Refuses: loops, which
//! need no stack.

use crate::lowering::{Lowering, Shared};
use crate::walk;
use hypersonic_loops::{Compare, Function, Inst, Stmt, SupportRow, Ty, ValueId};
use hypersonic_typed::ir::{ExprKind, Unit};
use std::collections::BTreeSet;

/// Calls of recursive functions that may be open at a time: more than Python's own limit allows by default.
const DEEPEST: i64 = 3000;

/// Bytes that a call takes besides its stack slots, at most.
const FRAME_BYTES: i64 = 4096;

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

/// Those of `functions` that call themselves, directly or through others: they take their depth and the end of the
/// stack as two more parameters.
#[must_use]
pub fn recursive(unit: &Unit, functions: &BTreeSet<usize>) -> BTreeSet<usize> {
    functions.iter().copied().filter(|position| called(unit, *position).contains(position)).collect()
}

impl Lowering<'_, '_> {
    /// Raises RecursionError if the function is too deep, or the stack has no room for it: it takes its depth as parameter `position`, and
    /// the end of the stack as the next. Gives how much room it wants, a constant that [`limit`] sets.
    pub fn guard_recursion(&mut self, position: usize) -> ValueId {
        let (level, end) = (self.b.parameter(position), self.b.parameter(position + 1));
        self.level = Some([level, end]);
        let limit = self.b.i64(DEEPEST);
        let shallow = self.b.compare(Compare::SLt, level, limit);
        let failure = self.raises("RecursionError", "maximum recursion depth exceeded");
        self.b.check(shallow, failure, Vec::new());
        let here = self.b.emit(Ty::I64, Inst::FrameAddress);
        let room = self.b.sub(here, end);
        let wanted = self.b.i64(FRAME_BYTES);
        let fits = self.b.compare(Compare::SGt, room, wanted);
        self.b.check(fits, failure, Vec::new());
        wanted
    }

    /// The depth and the end of the stack that a callee is given, if it takes them.
    pub fn callee_level(&mut self, shared: &Shared, callee: usize) -> Option<[ValueId; 2]> {
        if !shared.recursive.contains(&callee) {
            return None;
        }
        let one = self.b.i64(1);
        Some(match self.level {
            Some([level, end]) => [crate::arithmetic::add(&mut self.b, level, one), end],
            None => {
                let end = self.b.bound(Ty::I64);
                self.b.push(Stmt::Support { row: SupportRow::StackEnd, arguments: Vec::new(), result: Some(end) });
                [one, end]
            }
        })
    }
}

/// Sets how much of the stack the guards at `places` (function, constant) of `functions` want: any of the functions may be inlined into a
/// recursive one and bring its stack slots along.
pub fn limit(functions: &mut [Function], places: &[(usize, ValueId)]) {
    let slots = functions.iter().flat_map(|function| &function.values).map(|value| match value.inst {
        Inst::StackSlot(bytes) => i64::from(bytes).max(64),
        _ => 0,
    });
    let wanted = FRAME_BYTES + slots.sum::<i64>();
    for (function, constant) in places {
        functions[*function].values[constant.index()].inst = Inst::Int(wanted);
    }
}
