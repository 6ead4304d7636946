//! What must hold before a region of loops, as code in front of it.
//!
//! Terms (see [`range`]) stand for mathematical integers: that none of them overflows is part of what must hold.

use super::range::{self, Obligation, Term};
use super::uses;
use crate::ir::{Binary, Block, Cast, Compare, Function, Inst, Stmt, Ty, Value, ValueId};
use std::collections::{BTreeSet, HashMap};

/// Code before a region, and whether everything holds that it computed.
#[derive(Debug)]
pub struct Guard<'f> {
    function: &'f mut Function,
    /// What the region defines.
    defined: BTreeSet<ValueId>,
    stmts: Block,
    /// Terms that have been computed, with what says that none of them overflowed.
    terms: HashMap<Term, ValueId>,
    /// Values of the region that have been computed again.
    copies: HashMap<ValueId, ValueId>,
    /// Whether everything holds so far.
    all: Option<ValueId>,
}

impl<'f> Guard<'f> {
    /// Nothing yet, before a region that defines those values.
    #[must_use]
    pub fn new(function: &'f mut Function, defined: BTreeSet<ValueId>) -> Self {
        Self { function, defined, stmts: Block::new(), terms: HashMap::new(), copies: HashMap::new(), all: None }
    }

    /// The code, and the truth value that says whether everything holds; none if nothing was asked.
    #[must_use]
    pub fn finish(self) -> (Block, Option<ValueId>) {
        (self.stmts, self.all)
    }

    /// Computes a value.
    pub fn emit(&mut self, ty: Ty, inst: Inst) -> ValueId {
        self.function.values.push(Value { ty, inst });
        let id = ValueId(u32::try_from(self.function.values.len() - 1).unwrap_or(u32::MAX));
        self.stmts.push(Stmt::Let(id));
        id
    }

    /// The opposite of a truth value.
    pub fn not(&mut self, truth: ValueId) -> ValueId {
        let yes = self.emit(Ty::I1, Inst::Int(1));
        self.emit(Ty::I1, Inst::Binary(Binary::Xor, truth, yes))
    }

    /// Whether both are true.
    pub fn both(&mut self, x: ValueId, y: ValueId) -> ValueId {
        self.emit(Ty::I1, Inst::Binary(Binary::And, x, y))
    }

    /// Whether one of two is true.
    pub fn or(&mut self, x: ValueId, y: ValueId) -> ValueId {
        self.emit(Ty::I1, Inst::Binary(Binary::Or, x, y))
    }

    /// Whether one term is less than or equal to another.
    pub fn at_most(&mut self, x: &Term, y: &Term) -> ValueId {
        let (x, y) = (self.term(x), self.term(y));
        self.emit(Ty::I1, Inst::Compare(Compare::SLe, x, y))
    }

    /// Makes a truth value part of what must hold.
    pub fn and(&mut self, truth: ValueId) {
        self.all = Some(match self.all {
            None => truth,
            Some(all) => self.both(all, truth),
        });
    }

    /// Makes an obligation part of what must hold.
    pub fn oblige(&mut self, obligation: &Obligation) {
        if range::known(obligation) == Some(true) {
            return;
        }
        match obligation {
            Obligation::Fits(term) => {
                self.term(term);
            }
            Obligation::AtMost(x, y) => {
                let truth = self.at_most(x, y);
                self.and(truth);
            }
            Obligation::Holds(ok) => {
                let truth = self.again(*ok);
                self.and(truth);
            }
        }
    }

    /// Computes a term; that it does not overflow becomes part of what must hold.
    pub fn term(&mut self, term: &Term) -> ValueId {
        if let Some(known) = self.terms.get(term) {
            return *known;
        }
        let id = match term {
            Term::Const(number) => self.emit(Ty::I64, Inst::Int(*number)),
            Term::Value(value) => {
                let copy = self.again(*value);
                // The number of an address.
                if self.function.values[copy.index()].ty == Ty::Ptr { self.emit(Ty::I64, Inst::Cast(Cast::Bits, copy)) } else { copy }
            }
            Term::Op(op, x, y) => {
                let (x, y) = (self.term(x), self.term(y));
                if matches!(op, Binary::Add | Binary::Sub | Binary::Mul) {
                    let overflows = self.emit(Ty::I1, Inst::Overflows(*op, x, y));
                    let fits = self.not(overflows);
                    self.and(fits);
                }
                self.emit(Ty::I64, Inst::Binary(*op, x, y))
            }
        };
        self.terms.insert(term.clone(), id);
        id
    }

    /// A value of before the region, or one that does not change in it computed once more.
    fn again(&mut self, value: ValueId) -> ValueId {
        if let Some(known) = self.copies.get(&value) {
            return *known;
        }
        if !self.defined.contains(&value) {
            return value;
        }
        let Value { ty, mut inst } = self.function.values[value.index()];
        let mut operands = uses::operands(&inst);
        operands.iter_mut().for_each(|operand| *operand = self.again(*operand));
        let mut operands = operands.into_iter();
        uses::map_operands(&mut inst, &mut |operand| operands.next().unwrap_or(operand));
        let copy = self.emit(ty, inst);
        self.copies.insert(value, copy);
        copy
    }
}
