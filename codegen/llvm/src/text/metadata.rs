//! Numbered metadata: branch weights, alias scopes, access groups, loop properties.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a loop is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Care {
    /// Whatever LLVM can do.
    Usual,
    /// Vectors, but no copies of its body.
    Rolled,
    /// Neither: it hardly ever runs, or waits for memory.
    Scalar,
}

/// The metadata of one module, in order of their numbers.
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    nodes: Vec<String>,
    shared: BTreeMap<String, usize>,
}

impl Metadata {
    fn push(&mut self, node: String) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// A node of which equal ones are one.
    pub(crate) fn shared(&mut self, node: String) -> usize {
        if let Some(known) = self.shared.get(&node) {
            return *known;
        }
        let id = self.push(node.clone());
        self.shared.insert(node, id);
        id
    }

    /// A node that is different from any other, with a reference to itself first if `content` is not empty.
    pub(crate) fn distinct(&mut self, content: &[String]) -> usize {
        let id = self.nodes.len();
        let list = if content.is_empty() { String::new() } else { format!("!{id}, {}", content.join(", ")) };
        self.push(format!("distinct !{{{list}}}"))
    }

    /// A domain of alias scopes.
    pub(crate) fn domain(&mut self) -> usize {
        let id = self.nodes.len();
        self.push(format!("distinct !{{!{id}}}"))
    }

    /// A scope of a domain.
    pub(crate) fn scope(&mut self, domain: usize) -> usize {
        let id = self.nodes.len();
        self.push(format!("distinct !{{!{id}, !{domain}}}"))
    }

    /// A list of nodes.
    pub(crate) fn list(&mut self, nodes: &[usize]) -> usize {
        let items: Vec<String> = nodes.iter().map(|node| format!("!{node}")).collect();
        self.shared(format!("!{{{}}}", items.join(", ")))
    }

    /// Weights of a branch's two ways.
    pub(crate) fn weights(&mut self, taken: u32, other: u32) -> usize {
        self.shared(format!("!{{!\"branch_weights\", i32 {taken}, i32 {other}}}"))
    }

    /// The properties of a loop whose accesses of `group`, if given, are independent between iterations.
    pub(crate) fn loop_properties(&mut self, group: Option<usize>, care: Care) -> Option<usize> {
        let mut properties = Vec::new();
        if care == Care::Scalar {
            properties.push(self.shared("!{!\"llvm.loop.vectorize.enable\", i1 false}".to_owned()));
        } else if let Some(group) = group {
            properties.push(self.shared(format!("!{{!\"llvm.loop.parallel_accesses\", !{group}}}")));
        }
        if care != Care::Usual {
            properties.push(self.shared("!{!\"llvm.loop.unroll.disable\"}".to_owned()));
        }
        let properties: Vec<String> = properties.iter().map(|id| format!("!{id}")).collect();
        (!properties.is_empty()).then(|| self.distinct(&properties))
    }

    pub(crate) fn write(&self, text: &mut String) {
        for (id, node) in self.nodes.iter().enumerate() {
            let _ = writeln!(text, "!{id} = {node}");
        }
    }
}
