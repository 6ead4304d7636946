//! Numbered metadata: branch weights, alias scopes, access groups, loop properties.

use std::collections::BTreeMap;
use std::fmt::Write as _;

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

    /// The properties of a loop whose accesses of `group`, if given, are independent between iterations. A loop that
    /// rarely runs stays as it is: neither vectors nor copies of its body.
    pub(crate) fn loop_properties(&mut self, group: Option<usize>, rare: bool) -> Option<usize> {
        if rare {
            let scalar = self.shared("!{!\"llvm.loop.vectorize.enable\", i1 false}".to_owned());
            let rolled = self.shared("!{!\"llvm.loop.unroll.disable\"}".to_owned());
            return Some(self.distinct(&[format!("!{scalar}"), format!("!{rolled}")]));
        }
        let group = group?;
        let parallel = self.shared(format!("!{{!\"llvm.loop.parallel_accesses\", !{group}}}"));
        Some(self.distinct(&[format!("!{parallel}")]))
    }

    pub(crate) fn write(&self, text: &mut String) {
        for (id, node) in self.nodes.iter().enumerate() {
            let _ = writeln!(text, "!{id} = {node}");
        }
    }
}
