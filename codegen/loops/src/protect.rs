//! Turns the failures of a block into jumps: what it would report goes on record, and control leaves the block for whoever asks
//! what was caught. Failures that no handler may catch ([`crate::FailureKind::class`]) leave the function as before.

use crate::ir::{Block, Failure, FailureId, Likely, Stmt};

/// Protects a block that is the body of a `Loop`: a failure in it becomes a `Break` out of that loop.
pub fn protect(block: &mut Block, failures: &[Failure]) {
    at(block, failures, 0);
}

fn at(block: &mut Block, failures: &[Failure], depth: u32) {
    let catchable = |failure: FailureId| failures.get(failure.index()).is_some_and(|failure| failure.kind.class().is_some());
    let mut written = Block::with_capacity(block.len());
    for mut stmt in std::mem::take(block) {
        match stmt {
            Stmt::Check { ok, failure, values } if catchable(failure) => {
                let otherwise = vec![Stmt::Record { failure, values }, Stmt::Break(depth)];
                written.push(Stmt::If { condition: ok, then: Block::new(), otherwise, likely: Likely::Then });
                continue;
            }
            Stmt::Fail { failure, values } if catchable(failure) => {
                written.push(Stmt::Record { failure, values });
                written.push(Stmt::Break(depth));
                continue;
            }
            Stmt::Leave => stmt = Stmt::Break(depth),
            Stmt::Call { ref mut caught, .. } => {
                caught.get_or_insert(depth);
            }
            Stmt::If { ref mut then, ref mut otherwise, .. } => {
                at(then, failures, depth);
                at(otherwise, failures, depth);
            }
            Stmt::For { ref mut body, .. } | Stmt::Loop { ref mut body } => at(body, failures, depth + 1),
            _ => {}
        }
        written.push(stmt);
    }
    *block = written;
}

#[cfg(test)]
mod tests {
    use super::protect;
    use crate::interp::{Memory, Outcome, call};
    use crate::{Builder, Checked, Compare, Failure, FailureKind, FunctionId, Linkage, Module, Order, RECORD_BYTES, Stmt, Ty};
    use crate::{FailureId, Inst};

    fn failure(b: &mut Builder, kind: FailureKind) -> FailureId {
        b.failure(Failure { kind, message: Vec::new(), retry: false, line: 0 })
    }

    /// `f(n)` fails for 7 with IndexError, for 8 with what nobody catches; `g(n)` calls it three times, and gives 5 if it catches.
    fn module(classes: &[&str]) -> Module {
        let mut module = Module::default();
        let mut b = Builder::new(&mut module.failures, "f", Linkage::Internal, vec![Ty::I64], vec![Ty::I64]);
        let n = b.parameter(0);
        for (bad, kind) in [(7, FailureKind::Raise("IndexError".to_owned())), (8, FailureKind::Unsupported)] {
            let failure = failure(&mut b, kind);
            let bad = b.i64(bad);
            let ok = b.compare(Compare::Ne, n, bad);
            b.check(ok, failure, vec![n]);
        }
        b.ret(vec![n]);
        let f = b.finish();
        let mut b = Builder::new(&mut module.failures, "g", Linkage::Internal, vec![Ty::I64], vec![Ty::I64]);
        let n = b.parameter(0);
        let mut body = b.block(|b| {
            let three = b.i64(3);
            b.repeat(three, Order::Sequential, |b, _| {
                b.call(FunctionId(0), vec![n], &[Ty::I64]);
            });
            b.ret(vec![n]);
        });
        protect(&mut body, b.failures);
        b.push(Stmt::Loop { body });
        let place = b.emit(Ty::Ptr, Inst::StackSlot(RECORD_BYTES));
        b.push(Stmt::SaveRecord(place));
        let other = failure(&mut b, FailureKind::User("KeyError".to_owned()));
        b.push(Stmt::Record { failure: other, values: Vec::new() });
        b.push(Stmt::RestoreRecord(place));
        let result = b.bound(Ty::I1);
        b.push(Stmt::Caught { classes: classes.iter().map(ToString::to_string).collect(), result });
        let five = b.i64(5);
        b.when(result, crate::Likely::Unknown, |b| b.ret(vec![five]));
        b.push(Stmt::Leave);
        let g = b.finish();
        module.functions.extend([f, g]);
        Checked::new(module).unwrap().into_inner()
    }

    #[test]
    fn a_failure_is_caught_by_its_class() {
        let run = |classes: &[&str], n| call(&module(classes), FunctionId(1), &[n], &mut Memory::default());
        assert_eq!(run(&["IndexError"], 3), Outcome::Returned(vec![3]));
        assert_eq!(run(&["IndexError"], 7), Outcome::Returned(vec![5]));
        assert_eq!(run(&[], 7), Outcome::Returned(vec![5]));
        assert_eq!(run(&["KeyError"], 7), Outcome::Failed(FailureId(0), vec![7]));
        assert_eq!(run(&[], 8), Outcome::Failed(FailureId(1), vec![8]));
    }
}
