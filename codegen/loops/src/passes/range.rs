//! What is known of integers over all iterations of a region of loops, as terms that can be computed before the region.
//!
//! An index is written as an affine form: a base and one coefficient per loop of the region. Over the iterations of the
//! region it lies between two terms, and a check holds in all iterations if some obligations between terms hold. Terms
//! stand for mathematical integers; computing them, an overflow makes the obligation fail. Nothing is emitted here.

use crate::ir::{Binary, Compare, Function, Inst, Ty, ValueId, VariableId};
use std::collections::{BTreeMap, BTreeSet};

/// An integer known before the region.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    /// A constant.
    Const(i64),
    /// A value that does not change in the region: defined before it, or to be computed again. An address is its number.
    Value(ValueId),
    /// A sum, difference, product, minimum or maximum.
    Op(Binary, Box<Term>, Box<Term>),
}

impl Term {
    /// `op` of two terms, constants folded; none if the result leaves int64.
    pub fn combine(op: Binary, x: &Self, y: &Self) -> Option<Self> {
        Some(match (op, x, y) {
            (_, Self::Const(p), Self::Const(q)) => Self::Const(fold(op, *p, *q)?),
            (Binary::Add | Binary::Sub, _, Self::Const(0)) | (Binary::Mul, _, Self::Const(1)) => x.clone(),
            (Binary::Add, Self::Const(0), _) | (Binary::Mul, Self::Const(1), _) => y.clone(),
            (Binary::Mul, Self::Const(0), _) | (Binary::Mul, _, Self::Const(0)) => Self::Const(0),
            (Binary::Sub, _, _) if x == y => Self::Const(0),
            (Binary::SMin | Binary::SMax, _, _) if x == y => x.clone(),
            // (a + p) + q = a + (p + q), so that bounds such as `(n - 1) + 1` cancel.
            (Binary::Add | Binary::Sub, Self::Op(Binary::Add, a, p), Self::Const(q)) if matches!(**p, Self::Const(_)) => {
                Self::combine(Binary::Add, a, &Self::combine(op, p, &Self::Const(*q))?)?
            }
            (Binary::Sub, _, Self::Const(q)) => Self::Op(Binary::Add, Box::new(x.clone()), Box::new(Self::Const(q.checked_neg()?))),
            (Binary::Add, Self::Const(_), _) => Self::combine(op, y, x)?,
            _ => Self::Op(op, Box::new(x.clone()), Box::new(y.clone())),
        })
    }
}

fn fold(op: Binary, p: i64, q: i64) -> Option<i64> {
    match op {
        Binary::Add => p.checked_add(q),
        Binary::Sub => p.checked_sub(q),
        Binary::Mul => p.checked_mul(q),
        Binary::SMin => Some(p.min(q)),
        _ => Some(p.max(q)),
    }
}

/// Something that must hold before the region.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Obligation {
    /// The first is less than or equal to the second.
    AtMost(Term, Term),
    /// The term can be computed in int64.
    Fits(Term),
    /// A truth value that does not change in the region.
    Holds(ValueId),
}

/// What makes checks redundant.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// What must hold before the region.
    pub obligations: Vec<Obligation>,
    /// Truth values of the region and what they then are in all iterations.
    pub assumed: BTreeMap<ValueId, bool>,
    /// How many integers were looked at.
    steps: u32,
}

/// A base and coefficients of the region's loops, by their numbers.
#[derive(Clone, Debug)]
pub struct Affine {
    /// What it is where all indices are 0.
    pub base: Term,
    /// By number of the loop; loops that are not there have coefficient 0.
    pub coefficients: BTreeMap<usize, Term>,
}

/// A region: a loop and everything in it.
#[derive(Debug)]
pub struct Region<'f> {
    /// The function.
    pub function: &'f Function,
    /// Index and count of each loop in it, an outer loop before those in it.
    pub loops: Vec<(ValueId, ValueId)>,
    /// What it defines.
    pub defined: BTreeSet<ValueId>,
    /// What it sets.
    pub set: BTreeSet<VariableId>,
}

const DEPTH: u32 = 24;
/// Most integers that are looked at for one proof: where operands are shared, there are many more ways to them than values.
const MOST_STEPS: u32 = 4096;

impl Proof {
    /// Counts one more; none if there were too many.
    fn step(&mut self, depth: u32) -> Option<u32> {
        self.steps += 1;
        if self.steps > MOST_STEPS { None } else { depth.checked_sub(1) }
    }
}

impl Region<'_> {
    fn inst(&self, value: ValueId) -> Inst {
        self.function.values[value.index()].inst
    }

    fn loop_number(&self, value: ValueId) -> Option<usize> {
        self.loops.iter().position(|(index, _)| *index == value)
    }

    /// Whether a value is the same in all iterations and can be computed before the region.
    #[must_use]
    pub fn invariant(&self, value: ValueId, depth: u32) -> bool {
        self.invariant_within(value, depth, &mut BTreeMap::new())
    }

    /// `answers` has what was found before: operands are shared, so that there are many more ways to them than values.
    fn invariant_within(&self, value: ValueId, depth: u32, answers: &mut BTreeMap<(ValueId, u32), bool>) -> bool {
        if !self.defined.contains(&value) {
            return true;
        }
        if depth == 0 {
            return false;
        }
        if let Some(known) = answers.get(&(value, depth)) {
            return *known;
        }
        let answer = match self.inst(value) {
            Inst::Int(_) | Inst::FloatBits(_) | Inst::Null => true,
            Inst::Read(variable) => !self.set.contains(&variable),
            Inst::Binary(Binary::SDiv | Binary::UDiv | Binary::SRem | Binary::URem, _, _)
            | Inst::Parameter(_)
            | Inst::Bound
            | Inst::Load(..)
            | Inst::StackSlot(_)
            | Inst::FrameAddress
            | Inst::Table(..) => false,
            // Behind a check they are exact; before it they may not be.
            Inst::Binary(Binary::AddExact | Binary::SubExact | Binary::MulExact, _, _) => false,
            inst => super::uses::operands(&inst).into_iter().all(|operand| self.invariant_within(operand, depth - 1, answers)),
        };
        answers.insert((value, depth), answer);
        answer
    }

    /// Proves that a truth value holds in all iterations.
    #[must_use]
    pub fn prove(&self, ok: ValueId) -> Option<Proof> {
        let mut proof = Proof::default();
        self.holds(ok, true, &mut proof, DEPTH)?;
        let mut seen = BTreeSet::new();
        let mut kept = Vec::new();
        for obligation in std::mem::take(&mut proof.obligations) {
            match known(&obligation) {
                Some(false) => return None,
                Some(true) => {}
                None => {
                    if seen.insert(format!("{obligation:?}")) {
                        kept.push(obligation);
                    }
                }
            }
        }
        proof.obligations = kept;
        Some(proof)
    }

    fn holds(&self, ok: ValueId, wanted: bool, proof: &mut Proof, depth: u32) -> Option<()> {
        let depth = proof.step(depth)?;
        match self.inst(ok) {
            Inst::Int(known) => return ((known & 1 == 1) == wanted).then_some(()),
            Inst::Binary(Binary::And, x, y) if wanted => {
                self.holds(x, true, proof, depth)?;
                return self.holds(y, true, proof, depth);
            }
            Inst::Binary(Binary::Or, x, y) if !wanted => {
                self.holds(x, false, proof, depth)?;
                return self.holds(y, false, proof, depth);
            }
            Inst::Binary(Binary::Xor, x, y) if self.inst(y) == Inst::Int(1) => return self.holds(x, !wanted, proof, depth),
            _ => {}
        }
        if wanted && self.invariant(ok, DEPTH) {
            proof.obligations.push(Obligation::Holds(ok));
            return Some(());
        }
        match self.inst(ok) {
            Inst::Compare(op, x, y) if self.function.values[x.index()].ty == Ty::I64 => self.compares(op, wanted, x, y, proof, depth),
            Inst::Overflows(op, x, y) if !wanted && self.function.values[x.index()].ty == Ty::I64 => {
                let (low, high) = self.operation_range(op, x, y, proof, depth)?;
                proof.obligations.extend([Obligation::Fits(low), Obligation::Fits(high)]);
                Some(())
            }
            _ => None,
        }
    }

    fn compares(&self, op: Compare, wanted: bool, x: ValueId, y: ValueId, proof: &mut Proof, depth: u32) -> Option<()> {
        let (small, large, strict, unsigned) = match (op, wanted) {
            (Compare::SLt, true) | (Compare::SGe, false) => (x, y, true, false),
            (Compare::SLe, true) | (Compare::SGt, false) => (x, y, false, false),
            (Compare::SGt, true) | (Compare::SLe, false) => (y, x, true, false),
            (Compare::SGe, true) | (Compare::SLt, false) => (y, x, false, false),
            (Compare::ULt, true) => (x, y, true, true),
            (Compare::ULe, true) => (x, y, false, true),
            _ => return None,
        };
        let (least, most) = self.range(small, proof, depth)?;
        let (limit, _) = self.range(large, proof, depth)?;
        if unsigned {
            proof.obligations.push(Obligation::AtMost(Term::Const(0), least));
        }
        let most = if strict { Term::combine(Binary::Add, &most, &Term::Const(1))? } else { most };
        proof.obligations.push(Obligation::AtMost(most, limit));
        Some(())
    }

    /// The least and the greatest that an integer can be.
    fn range(&self, value: ValueId, proof: &mut Proof, depth: u32) -> Option<(Term, Term)> {
        let depth = proof.step(depth)?;
        let (obligations, assumed) = (proof.obligations.len(), proof.assumed.clone());
        if let Some(bounds) = self.affine(value, proof, depth).and_then(|form| self.bounds(&form, proof, depth)) {
            return Some(bounds);
        }
        proof.obligations.truncate(obligations);
        proof.assumed = assumed;
        match self.inst(value) {
            Inst::Binary(op @ (Binary::SMin | Binary::SMax), x, y) => {
                let (low, high) = (self.range(x, proof, depth)?, self.range(y, proof, depth)?);
                Some((Term::combine(op, &low.0, &high.0)?, Term::combine(op, &low.1, &high.1)?))
            }
            Inst::Select(condition, x, y) if !self.wraps(condition, y) => {
                let (first, second) = (self.range(x, proof, depth)?, self.range(y, proof, depth)?);
                Some((Term::combine(Binary::SMin, &first.0, &second.0)?, Term::combine(Binary::SMax, &first.1, &second.1)?))
            }
            Inst::Binary(op @ (Binary::Mul | Binary::MulExact), x, y) => {
                let bounds = self.operation_range(op, x, y, proof, depth)?;
                if op == Binary::Mul {
                    proof.obligations.extend([Obligation::Fits(bounds.0.clone()), Obligation::Fits(bounds.1.clone())]);
                }
                Some(bounds)
            }
            _ => None,
        }
    }

    /// The range of the mathematical result of an operation.
    fn operation_range(&self, op: Binary, x: ValueId, y: ValueId, proof: &mut Proof, depth: u32) -> Option<(Term, Term)> {
        let (obligations, assumed) = (proof.obligations.len(), proof.assumed.clone());
        if let Some(bounds) = self.operation(op, x, y, proof, depth).and_then(|form| self.bounds(&form, proof, depth)) {
            return Some(bounds);
        }
        proof.obligations.truncate(obligations);
        proof.assumed = assumed;
        let (first, second) = (self.range(x, proof, depth)?, self.range(y, proof, depth)?);
        match op {
            Binary::Add | Binary::AddExact => {
                Some((Term::combine(Binary::Add, &first.0, &second.0)?, Term::combine(Binary::Add, &first.1, &second.1)?))
            }
            Binary::Sub | Binary::SubExact => {
                Some((Term::combine(Binary::Sub, &first.0, &second.1)?, Term::combine(Binary::Sub, &first.1, &second.0)?))
            }
            _ => {
                // Of numbers that are not negative.
                proof
                    .obligations
                    .extend([Obligation::AtMost(Term::Const(0), first.0.clone()), Obligation::AtMost(Term::Const(0), second.0.clone())]);
                Some((Term::combine(Binary::Mul, &first.0, &second.0)?, Term::combine(Binary::Mul, &first.1, &second.1)?))
            }
        }
    }

    /// An integer as a base and coefficients, and what must hold for that.
    #[must_use]
    pub fn form(&self, value: ValueId) -> Option<(Affine, Vec<Obligation>)> {
        let mut proof = Proof::default();
        let form = self.affine(value, &mut proof, DEPTH)?;
        Some((form, proof.obligations))
    }

    fn affine(&self, value: ValueId, proof: &mut Proof, depth: u32) -> Option<Affine> {
        let depth = proof.step(depth)?;
        if let Inst::Int(number) = self.inst(value) {
            return Some(Affine { base: Term::Const(number), coefficients: BTreeMap::new() });
        }
        if let Some(number) = self.loop_number(value) {
            return Some(Affine { base: Term::Const(0), coefficients: BTreeMap::from([(number, Term::Const(1))]) });
        }
        match self.inst(value) {
            Inst::Binary(op @ (Binary::AddExact | Binary::SubExact | Binary::MulExact), x, y) if self.defined.contains(&value) => {
                self.operation(op, x, y, proof, depth)
            }
            _ if self.invariant(value, DEPTH) => Some(Affine { base: Term::Value(value), coefficients: BTreeMap::new() }),
            Inst::Binary(op @ (Binary::Add | Binary::Sub | Binary::Mul), x, y) => {
                let form = self.operation(op, x, y, proof, depth)?;
                let (low, high) = self.bounds(&form, proof, depth)?;
                proof.obligations.extend([Obligation::Fits(low), Obligation::Fits(high)]);
                Some(form)
            }
            Inst::Select(condition, x, y) if matches!(self.inst(condition), Inst::Int(_)) => {
                let chosen = if self.inst(condition) == Inst::Int(1) { x } else { y };
                self.affine(chosen, proof, depth)
            }
            Inst::Select(condition, wrapped, given) => self.index(condition, wrapped, given, proof, depth),
            _ => None,
        }
    }

    /// Whether a condition asks whether an index is negative.
    fn wraps(&self, condition: ValueId, given: ValueId) -> bool {
        matches!(self.inst(condition), Inst::Compare(Compare::SLt, tested, zero) if tested == given && self.inst(zero) == Inst::Int(0))
    }

    /// `if given < 0 { given + extent } else { given }`: one of the two in all iterations.
    fn index(&self, condition: ValueId, wrapped: ValueId, given: ValueId, proof: &mut Proof, depth: u32) -> Option<Affine> {
        if !self.wraps(condition, given) {
            return None;
        }
        let form = self.affine(given, proof, depth)?;
        let (low, high) = self.bounds(&form, proof, depth)?;
        let not_negative = Obligation::AtMost(Term::Const(0), low);
        if known(&not_negative) != Some(false) {
            proof.obligations.push(not_negative);
            proof.assumed.insert(condition, false);
            return Some(form);
        }
        // Negative in some iteration: worth a loop of its own only if in all.
        if known(&Obligation::AtMost(high, Term::Const(-1))) != Some(true) {
            return None;
        }
        proof.assumed.insert(condition, true);
        self.affine(wrapped, proof, depth)
    }

    fn operation(&self, op: Binary, x: ValueId, y: ValueId, proof: &mut Proof, depth: u32) -> Option<Affine> {
        let (first, second) = (self.affine(x, proof, depth)?, self.affine(y, proof, depth)?);
        match op {
            Binary::Add | Binary::AddExact => first.plus(Binary::Add, &second),
            Binary::Sub | Binary::SubExact => first.plus(Binary::Sub, &second),
            _ if second.coefficients.is_empty() => first.times(&second.base),
            _ if first.coefficients.is_empty() => second.times(&first.base),
            _ => None,
        }
    }

    /// The least and the greatest value of a form: from the innermost loop outwards, an index is 0 or its loop's count
    /// less one, by the sign of its coefficient.
    fn bounds(&self, form: &Affine, proof: &mut Proof, depth: u32) -> Option<(Term, Term)> {
        let depth = depth.checked_sub(1)?;
        let (mut low, mut high) = (form.clone(), form.clone());
        for (number, (_, count)) in self.loops.iter().enumerate().rev() {
            for (side, is_high) in [(&mut low, false), (&mut high, true)] {
                let Some(coefficient) = side.coefficients.remove(&number) else { continue };
                let rising = match coefficient {
                    Term::Const(known) => known >= 0,
                    ref term => {
                        proof.obligations.push(Obligation::AtMost(Term::Const(0), term.clone()));
                        true
                    }
                };
                if rising == is_high {
                    let last = self.affine(*count, proof, depth)?;
                    if last.coefficients.keys().any(|inner| *inner >= number) {
                        return None;
                    }
                    let last = Affine { base: Term::combine(Binary::Add, &last.base, &Term::Const(-1))?, ..last };
                    *side = side.plus(Binary::Add, &last.times(&coefficient)?)?;
                }
            }
        }
        Some((low.base, high.base))
    }
}

impl Affine {
    /// The sum or difference of two forms; none if a constant leaves int64.
    #[must_use]
    pub fn plus(&self, op: Binary, other: &Self) -> Option<Self> {
        let mut sum = Self { base: Term::combine(op, &self.base, &other.base)?, coefficients: self.coefficients.clone() };
        for (number, coefficient) in &other.coefficients {
            let own = sum.coefficients.get(number).cloned().unwrap_or(Term::Const(0));
            let both = Term::combine(op, &own, coefficient)?;
            if both == Term::Const(0) {
                sum.coefficients.remove(number);
            } else {
                sum.coefficients.insert(*number, both);
            }
        }
        Some(sum)
    }

    fn times(&self, factor: &Term) -> Option<Self> {
        let mut product = Self { base: Term::combine(Binary::Mul, &self.base, factor)?, coefficients: BTreeMap::new() };
        for (number, coefficient) in &self.coefficients {
            product.coefficients.insert(*number, Term::combine(Binary::Mul, coefficient, factor)?);
        }
        Some(product)
    }
}

/// Whether an obligation is known to hold or not to hold.
#[must_use]
pub fn known(obligation: &Obligation) -> Option<bool> {
    match obligation {
        Obligation::AtMost(Term::Const(x), Term::Const(y)) => Some(x <= y),
        Obligation::AtMost(x, y) if x == y => Some(true),
        Obligation::AtMost(Term::Op(Binary::Add, x, more), y) if **x == *y => match **more {
            Term::Const(more) => Some(more <= 0),
            _ => None,
        },
        Obligation::Fits(Term::Const(_) | Term::Value(_)) => Some(true),
        _ => None,
    }
}
