//! What is known about each access to memory, as metadata on loads and stores.

use super::function::FunctionText;
use hypersonic_loops::{Function, Inst, Linkage, MemoryClass, ValueId};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Alias scopes of a function's classes of memory.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    by_class: BTreeMap<MemoryClass, usize>,
    others: BTreeMap<MemoryClass, usize>,
    empty: Option<usize>,
}

/// What an address was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    /// The frame of arguments of an entry: nobody writes to it.
    Arguments,
    /// Function-local memory.
    Local,
    /// Anything else.
    Other(ValueId),
}

/// Follows an address to what it was made from.
pub(crate) fn root(function: &Function, mut address: ValueId) -> Root {
    loop {
        match function.values[address.index()].inst {
            Inst::Offset(base, _) => address = base,
            Inst::Parameter(0) if function.linkage == Linkage::Entry => return Root::Arguments,
            Inst::StackSlot(_) => return Root::Local,
            _ => return Root::Other(address),
        }
    }
}

impl FunctionText<'_, '_> {
    /// Gives every class that the function names a scope.
    pub(super) fn find_scopes(&mut self) {
        let mut classes: Vec<MemoryClass> = Vec::new();
        for value in &self.function.values {
            if let Inst::Load(_, class) = value.inst {
                classes.push(class);
            }
        }
        stored_classes(&self.function.body, &mut classes);
        classes.sort_unstable();
        classes.dedup();
        classes.retain(|class| *class != MemoryClass::ANY);
        if classes.len() < 2 {
            return;
        }
        let metadata = &mut self.module.metadata;
        let domain = metadata.domain();
        let scopes: Vec<(MemoryClass, usize)> = classes.iter().map(|class| (*class, metadata.scope(domain))).collect();
        for (class, scope) in &scopes {
            let others: Vec<usize> = scopes.iter().filter(|(other, _)| other != class).map(|(_, scope)| *scope).collect();
            let own = metadata.list(&[*scope]);
            let others = metadata.list(&others);
            self.scopes.by_class.insert(*class, own);
            self.scopes.others.insert(*class, others);
        }
    }

    /// The metadata of an access, to be put behind it.
    pub(super) fn access(&mut self, address: ValueId, class: MemoryClass, is_load: bool) -> String {
        let mut text = String::new();
        let root = root(self.function, address);
        // Inlined into a thunk, an entry reads a frame that was written just before.
        if is_load && root == Root::Arguments && !self.module.has_thunks {
            text.push_str(", !invariant.load ");
            let empty = *self.scopes.empty.get_or_insert_with(|| self.module.metadata.shared("!{}".to_owned()));
            let _ = write!(text, "!{empty}");
        }
        if let (Some(own), Some(others)) = (self.scopes.by_class.get(&class), self.scopes.others.get(&class)) {
            let _ = write!(text, ", !alias.scope !{own}, !noalias !{others}");
        }
        if root != Root::Local {
            text.push_str(&self.group_mark());
        }
        text
    }

    /// The access groups of the independent loops around this place.
    pub(super) fn group_mark(&mut self) -> String {
        match self.groups.as_slice() {
            [] => String::new(),
            [group] => format!(", !llvm.access.group !{group}"),
            several => {
                let list = self.module.metadata.list(several);
                format!(", !llvm.access.group !{list}")
            }
        }
    }
}

fn stored_classes(block: &[hypersonic_loops::Stmt], classes: &mut Vec<MemoryClass>) {
    use hypersonic_loops::Stmt;
    for stmt in block {
        match stmt {
            Stmt::Store { class, .. } => classes.push(*class),
            Stmt::If { then, otherwise, .. } => {
                stored_classes(then, classes);
                stored_classes(otherwise, classes);
            }
            Stmt::For { body, .. } | Stmt::Loop { body } => stored_classes(body, classes),
            Stmt::Nest(nest) => stored_classes(&nest.body, classes),
            _ => {}
        }
    }
}
