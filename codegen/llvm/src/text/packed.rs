//! Loops for arrays of any layout, written twice: for packed last axes, and for any.

use super::function::FunctionText;
use super::metadata::Care;
use hypersonic_loops::passes::{stride, uses, weight};
use hypersonic_loops::{Block, Stmt, ValueId};

/// Statements of a loop that is written twice, at most.
pub(super) const FOR_LIMIT: usize = 300;
/// The same for nests: in larger ones arithmetic outweighs how elements are gathered.
pub(super) const NEST_LIMIT: usize = 80;

impl FunctionText<'_, '_> {
    /// Writes what is rarely run, if it is, without copies and vectors.
    pub(super) fn rarely(&mut self, rare: bool, write: impl FnOnce(&mut Self)) {
        let before = (self.once, self.care);
        if rare {
            (self.once, self.care) = (true, Care::Scalar);
        }
        write(self);
        (self.once, self.care) = before;
    }

    /// Writes a loop with those indices and that body: if its strides could be those of packed elements, once for when they are and once
    /// for when not.
    pub(super) fn packed_or_not(&mut self, indices: &[ValueId], body: &Block, limit: usize, write: impl Fn(&mut Self)) {
        let strides = if self.once || !small(body, limit) { Vec::new() } else { stride::packed(self.function, indices, body) };
        if strides.is_empty() {
            return write(self);
        }
        let mut all = "true".to_owned();
        for each in &strides {
            let one = self.compute(format!("icmp eq i64 {}, {}", self.operand(each.stride), each.bytes));
            all = self.compute(format_args!("and i1 {all}, {one}"));
        }
        let (first, second, after) = (self.label(), self.label(), self.label());
        self.end(format_args!("br i1 {all}, label %{first}, label %{second}"));
        self.once = true;
        self.begin(&first);
        let before: Vec<String> = strides.iter().map(|each| self.operand(each.stride).to_owned()).collect();
        strides.iter().for_each(|each| self.alias(each.stride, each.bytes.to_string()));
        write(self);
        strides.iter().zip(before).for_each(|(each, text)| self.alias(each.stride, text));
        self.jump(&after);
        self.begin(&second);
        let care = self.care;
        self.care = care.max(if weight::heavy(self.function, body) { Care::Rolled } else { Care::Scalar });
        write(self);
        self.care = care;
        self.jump(&after);
        self.begin(&after);
        self.once = false;
    }
}

/// Whether a body has few statements and no nests of its own.
fn small(body: &Block, limit: usize) -> bool {
    let (mut size, mut nests) = (0, false);
    uses::each_stmt(body, &mut |stmt| {
        size += 1;
        nests |= matches!(stmt, Stmt::Nest(_));
    });
    size <= limit && !nests
}
