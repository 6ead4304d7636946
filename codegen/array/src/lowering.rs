//! The state of lowering one function: the builder, the graph of delayed arrays, what variables hold, what is known.

use crate::effects::Effects;
use crate::facts::{Fact, Facts};
use crate::fuse::Plan;
use crate::ir::{Buffer, Graph, Lifetime, NodeId, NodeKind};
use crate::slice::Cut;
use crate::slots::Slot;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_loops::{Block, Builder, Compare, Failure, FailureId, FailureKind, FunctionId, MemoryClass, MessagePart, Stmt, Ty, ValueId};
use hypersonic_math::{Number, scalar::Unsupported};
use hypersonic_ops::{Dtype, Type};
use hypersonic_typed::ir::{Function, Unit, VariableId};
use std::collections::HashMap;

/// What lowering gives, or why the function stays Python.
pub type Outcome<T> = Result<T, Diagnostic>;

/// The value of an expression.
#[derive(Clone, Debug)]
pub enum Value {
    /// `None`, a string, a dtype.
    Unit,
    /// A number of the expression's dtype.
    Scalar(Number),
    /// A delayed array.
    Array(NodeId),
    /// A tuple.
    Tuple(Vec<Value>),
    /// A list, set, dict or string: the address of its block as I64, and how long the reference lives.
    Object(ValueId, Lifetime),
    /// `None` or a value: whether there is one (I1), and the value, of which nothing is asked if there is none.
    Optional(ValueId, Box<Value>),
}

/// What is released when a block of statements ends.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// References held by the block.
    pub held: Vec<Held>,
}

/// A reference that a block holds.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// The owner word.
    pub owner: ValueId,
    /// In the body of a `try`: what holds the owner word while the block does, for whoever catches an exception.
    pub guard: Option<hypersonic_loops::VariableId>,
}

/// A loop of the source around the current place.
#[derive(Clone, Copy, Debug)]
pub struct Control {
    /// `scopes.len()` outside of its body.
    pub scopes: usize,
    /// Loops of the loop IR open where `break` leads out of the outermost of them, and how `break` and `continue` are spelt.
    pub break_at: u32,
    /// As `break_at`, for `continue`.
    pub continue_at: u32,
    /// Whether `continue` is a `Break` of its level.
    pub continue_leaves: bool,
    /// Set to false by `break`, if an `else` follows.
    pub finished: Option<hypersonic_loops::VariableId>,
}

/// How a function of the unit is called in the module.
#[derive(Clone, Debug)]
pub struct Callee {
    /// Its id.
    pub id: FunctionId,
    /// The types of its results.
    pub results: Vec<Ty>,
}

/// What does not change while a unit is lowered.
pub struct Shared<'u> {
    /// The unit.
    pub unit: &'u Unit,
    /// What its functions do.
    pub effects: Effects,
    /// Internal functions by position in the unit.
    pub callees: HashMap<usize, Callee>,
    /// Those of them that call themselves, directly or through others.
    pub recursive: std::collections::BTreeSet<usize>,
    /// Those whose failures may be caught again and again in one call.
    pub unwinding: std::collections::BTreeSet<usize>,
    /// The source line of a span.
    pub line_of: crate::LineOf<'u>,
    /// Whether array arguments of the entry are C-contiguous.
    pub contiguous: bool,
}

/// An argument that is an array.
pub struct Descriptor {
    /// The address of its words in the frame.
    pub address: ValueId,
    /// The array.
    pub buffer: crate::ir::Buffer,
    /// Its extents.
    pub shape: Vec<ValueId>,
}

/// The lowering of one function.
pub struct Lowering<'u, 'm> {
    /// What does not change.
    pub shared: &'u Shared<'u>,
    /// Position in the unit.
    pub position: usize,
    /// The function.
    pub function: &'u Function,
    /// The loop IR being written.
    pub b: Builder<'m>,
    /// Its delayed arrays.
    pub graph: Graph,
    /// What stays delayed, what needs mutable locals.
    pub plan: Plan,
    /// Mutable locals.
    pub slots: HashMap<VariableId, Slot>,
    /// Variables whose current value is at hand.
    pub known: HashMap<VariableId, Value>,
    /// What is known of integers.
    pub facts: Facts,
    /// Broadcast extents at hand: the extents they come from, and the result.
    pub broadcasts: Vec<(Vec<ValueId>, ValueId)>,
    /// Extents that a check has found equal to another: (this, that).
    pub equals: Vec<(ValueId, ValueId)>,
    /// Counts of slices by constants at hand: the extent that was cut, the cut, the count.
    pub cuts: Vec<(ValueId, Cut, ValueId)>,
    /// Whether a loop was entered or a function called so far, so that starting again would cost.
    pub worked: bool,
    /// Open blocks of statements.
    pub scopes: Vec<Scope>,
    /// Open loops of the source.
    pub control: Vec<Control>,
    /// Open `try` statements.
    pub attempts: Vec<crate::attempt::Attempt>,
    /// The guards of the open bodies of `try` statements.
    pub guards: Vec<Vec<hypersonic_loops::VariableId>>,
    /// Loops of the loop IR that are open.
    pub open_loops: u32,
    /// Whether something that the caller can see may have been changed.
    pub dirty: bool,
    /// Whether the statement being lowered will change something that the caller can see.
    pub pending: bool,
    /// What is being lowered.
    pub span: Span,
    /// The frame of results, for an entry.
    pub results: Option<(ValueId, MemoryClass)>,
    /// Where attributes that are set are noted, if the unit sets any.
    pub attributes: Option<ValueId>,
    /// Where the frame describes arguments that are arrays.
    pub descriptors: Vec<Descriptor>,
    /// The class of block headers.
    pub headers: MemoryClass,
    /// Nesting of expressions and statements.
    pub depth: u32,
    /// How many calls of recursive functions are open, in one of them.
    pub level: Option<[ValueId; 2]>,
}

/// Deeper nesting is refused.
const MAX_DEPTH: u32 = 150;

impl Lowering<'_, '_> {
    /// Runs `write` one level deeper.
    pub fn deeper<T>(&mut self, write: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        if self.depth >= MAX_DEPTH {
            return Err(Diagnostic::new(Id::TooComplex, "the code is nested too deeply", self.span, "here"));
        }
        self.depth += 1;
        let outcome = write(self);
        self.depth -= 1;
        outcome
    }

    /// Runs `write` in a new block of the loop IR with its own scope; what is known inside is forgotten after.
    /// `write` says whether control never leaves by the end.
    pub fn nested(&mut self, write: impl FnOnce(&mut Self) -> Outcome<bool>) -> Outcome<(Block, bool)> {
        let (known, extents, facts) = (self.known.clone(), self.extents_at_hand(), self.facts.mark());
        self.b.open_block();
        self.scopes.push(Scope::default());
        let outcome = write(self);
        if let Ok(false) = outcome {
            self.release_from(self.scopes.len() - 1);
        }
        self.scopes.pop();
        let block = self.b.close_block();
        self.known = known;
        self.forget_extents(extents);
        self.facts.forget_since(facts);
        outcome.map(|ended| (block, ended))
    }

    /// How many broadcast, equal and cut extents are known.
    const fn extents_at_hand(&self) -> [usize; 3] {
        [self.broadcasts.len(), self.equals.len(), self.cuts.len()]
    }

    /// Forgets those since: what was computed in a block is not at hand after it.
    fn forget_extents(&mut self, [broadcasts, equals, cuts]: [usize; 3]) {
        self.broadcasts.truncate(broadcasts);
        self.equals.truncate(equals);
        self.cuts.truncate(cuts);
    }

    /// Writes a block without a scope; for bookkeeping.
    pub fn plain(&mut self, write: impl FnOnce(&mut Self) -> Outcome<()>) -> Outcome<Block> {
        let (extents, facts) = (self.extents_at_hand(), self.facts.mark());
        self.b.open_block();
        let outcome = write(self);
        let block = self.b.close_block();
        self.forget_extents(extents);
        self.facts.forget_since(facts);
        outcome.map(|()| block)
    }

    /// `if condition { then } else { otherwise }` for bookkeeping.
    pub fn choose(
        &mut self,
        condition: ValueId,
        then: impl FnOnce(&mut Self) -> Outcome<()>,
        otherwise: impl FnOnce(&mut Self) -> Outcome<()>,
        likely: hypersonic_loops::Likely,
    ) -> Outcome<()> {
        match self.b.as_int(condition) {
            Some(0) => otherwise(self),
            Some(_) => then(self),
            None => {
                let then = self.plain(then)?;
                let otherwise = self.plain(otherwise)?;
                self.b.push(Stmt::If { condition, then, otherwise, likely });
                Ok(())
            }
        }
    }

    /// A failure at the current place.
    pub fn failure(&mut self, kind: FailureKind, message: Vec<MessagePart>) -> FailureId {
        let retry = !self.dirty && !matches!(kind, FailureKind::User(_));
        let line = (self.shared.line_of)(self.span);
        self.b.failure(Failure { kind, message, retry, line })
    }

    /// A Python exception with a constant message.
    pub fn raises(&mut self, exception: &str, message: &str) -> FailureId {
        self.failure(FailureKind::Raise(exception.to_owned()), text(message))
    }

    /// Fails unless `ok`; nothing if it is known to hold.
    pub fn check(&mut self, ok: ValueId, failure: FailureId, values: Vec<ValueId>) {
        if self.b.as_int(ok) != Some(1) {
            self.b.check(ok, failure, values);
        }
    }

    /// The diagnostic for an operation without a compiled form.
    pub fn unsupported(&self, what: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Id::UnsupportedExpression, what, self.span, "this stays Python")
    }

    /// The diagnostic for a scalar operation without a compiled form.
    pub fn no_operation(&self, unsupported: Unsupported) -> Diagnostic {
        self.unsupported(unsupported.to_string())
    }

    /// The diagnostic for what the typer should not have given.
    pub fn internal(&self, what: &str) -> Diagnostic {
        Diagnostic::new(Id::Internal, format!("the typed form is not lawful: {what}"), self.span, "here")
    }

    /// A node for memory.
    pub fn buffer_node(&mut self, dtype: Dtype, shape: Vec<ValueId>, buffer: Buffer) -> NodeId {
        self.graph.add(dtype, shape, NodeKind::Buffer(buffer))
    }

    /// A node for a number.
    pub fn scalar_node(&mut self, dtype: Dtype, number: Number) -> NodeId {
        self.graph.add(dtype, Vec::new(), NodeKind::Scalar(number))
    }

    /// Whether `x == y` as I1, folded if it is known.
    pub fn equal(&mut self, x: ValueId, y: ValueId) -> ValueId {
        if self.alike(x, y) {
            return self.b.bool(true);
        }
        let (x, y) = (self.canonical(x), self.canonical(y));
        crate::arithmetic::compare(&mut self.b, Compare::Eq, x, y)
    }

    /// An I64 value known to lie in an interval.
    pub fn learn(&mut self, value: ValueId, low: i128, high: i128) {
        self.facts.learn(value, Fact { base: Some((value, 0)), ..Fact::between(low, high) });
    }
}

/// A constant message.
#[must_use]
pub fn text(message: &str) -> Vec<MessagePart> {
    if message.is_empty() { Vec::new() } else { vec![MessagePart::Text(message.to_owned())] }
}

/// A message of literal text around numbers: `{}` stands for the next number as an int.
#[must_use]
pub fn message(pattern: &str) -> Vec<MessagePart> {
    let mut parts = Vec::new();
    for (n, piece) in pattern.split("{}").enumerate() {
        if n > 0 {
            parts.push(MessagePart::Int(u32::try_from(n - 1).unwrap_or(u32::MAX), String::new()));
        }
        if !piece.is_empty() {
            parts.push(MessagePart::Text(piece.to_owned()));
        }
    }
    parts
}

/// The IR types of the words in which a value of that type is passed between functions of a module.
#[must_use]
pub fn word_types(ty: &Type) -> Vec<Ty> {
    match ty {
        Type::Scalar(dtype, _) => vec![hypersonic_math::number::value_ty(*dtype); crate::slots::parts(*dtype)],
        Type::Array(_, rank) => [Ty::Ptr].into_iter().chain(std::iter::repeat_n(Ty::I64, 1 + 2 * usize::from(*rank))).collect(),
        Type::Tuple(items) => items.iter().flat_map(word_types).collect(),
        Type::Optional(value) => [Ty::I1].into_iter().chain(word_types(value)).collect(),
        _ if ty.is_object() => vec![Ty::I64],
        _ => Vec::new(),
    }
}
