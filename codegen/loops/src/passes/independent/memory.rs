//! What a nest's iterations touch of memory, and what must hold in front of it so that none touches what another writes.
//!
//! An access lies at an address that does not change (its root) plus an affine form of the loops' indices. For one
//! iteration of the nest it covers a stretch of bytes, over the loops within the iteration; where that stretch begins is
//! affine in the nest's indices. Two accesses keep apart if the stretches of different iterations do (both lie the same
//! way, and moving an index moves them by more than they cover), or if all that they ever touch lies apart.

use super::HostAddresses;
use crate::ir::{Binary, Function, Inst, MemoryClass, Stmt, Value, ValueId};
use crate::passes::range::{Affine, Obligation, Region, Term, known};
use crate::passes::uses;
use std::collections::{BTreeMap, BTreeSet};

/// What must hold in front of a nest.
#[derive(Debug)]
pub struct Conditions {
    /// Of the nest, outermost first; none is negative where there is an iteration.
    pub extents: Vec<Term>,
    /// All of these.
    pub obligations: Vec<Obligation>,
    /// And each of these.
    pub asked: Vec<Asked>,
}

/// One of several lists of comparisons `.0 <= .1` holds as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked(pub Vec<Vec<(Term, Term)>>);

/// Pairs of accesses that are compared, at most: each costs a few instructions in front of the nest.
const PAIR_LIMIT: usize = 160;

/// What must hold so that the iterations of the first `depth` loops are independent. None if they are not, or if it
/// cannot be told.
pub fn conditions(region: &Region, hosts: &HostAddresses, stmt: &Stmt, depth: usize) -> Option<Conditions> {
    let mut out = Conditions { extents: Vec::new(), obligations: Vec::new(), asked: Vec::new() };
    for (_, count) in &region.loops[..depth] {
        let (form, obligations) = region.form(*count)?;
        out.obligations.extend(obligations);
        out.extents.push(form.coefficients.is_empty().then_some(form.base)?);
    }
    let stretches = stretches(region, hosts, stmt, depth, &mut out.obligations)?;
    let mut pairs = 0;
    for (at, written) in stretches.iter().enumerate().filter(|(_, stretch)| stretch.written) {
        // Two that are both written are looked at once.
        let later = stretches.iter().enumerate().filter(|(other, stretch)| !stretch.written || *other >= at);
        let (near, far): (Vec<_>, Vec<_>) =
            later.map(|(_, other)| other).filter(|other| written.may_meet(other)).partition(|other| other.root == written.root);
        let far = joined(far)?;
        for other in near.into_iter().chain(&far) {
            pairs += 1;
            let asked = written.apart(other, &out.extents)?;
            if pairs > PAIR_LIMIT || asked.0.is_empty() {
                return None;
            }
            if asked.0.iter().all(|list| !list.is_empty()) && !out.asked.contains(&asked) {
                out.asked.push(asked);
            }
        }
    }
    Some(out)
}

/// What an access covers in one iteration of the nest.
#[derive(Clone, Debug)]
struct Stretch {
    root: ValueId,
    class: MemoryClass,
    written: bool,
    /// By loop of the nest: how many bytes further it is one iteration later.
    steps: Vec<Term>,
    /// The first byte behind the root, in iteration 0.
    low: Term,
    /// The byte behind the last.
    high: Term,
}

fn stretches(region: &Region, hosts: &HostAddresses, stmt: &Stmt, depth: usize, obligations: &mut Vec<Obligation>) -> Option<Vec<Stretch>> {
    let mut accesses = Vec::new();
    let mut written = BTreeSet::new();
    uses::each_stmt(std::slice::from_ref(stmt), &mut |stmt| match stmt {
        Stmt::Let(id) => {
            let Value { ty, inst } = region.function.values[id.index()];
            if let Inst::Load(address, class) = inst {
                accesses.push((address, class, ty, false));
            }
        }
        Stmt::Store { address, value, class } => {
            written.insert(*class);
            accesses.push((*address, *class, region.function.values[value.index()].ty, true));
        }
        _ => {}
    });
    let mut out: Vec<Stretch> = Vec::new();
    for (address, class, ty, store) in accesses {
        if hosts.has(region.function, address) {
            return None;
        }
        let meets = written.iter().any(|other| *other == class || *other == MemoryClass::ANY || class == MemoryClass::ANY);
        if !meets {
            continue;
        }
        let (root, form, needed) = place(region, address)?;
        let size = Term::Const(i64::try_from(ty.size()).ok()?);
        let (low, high) = (reach(region, &form, depth, Binary::SMin)?, reach(region, &form, depth, Binary::SMax)?);
        let steps = (0..depth).map(|number| form.coefficients.get(&number).cloned().unwrap_or(Term::Const(0))).collect();
        let stretch = Stretch { root, class, written: store, steps, low, high: Term::combine(Binary::Add, &high, &size)? };
        for obligation in needed {
            if known(&obligation) != Some(true) && !obligations.contains(&obligation) {
                obligations.push(obligation);
            }
        }
        match out.iter_mut().find(|known| known.joins(&stretch)) {
            Some(known) => known.join(&stretch)?,
            None => out.push(stretch),
        }
    }
    Some(out)
}

/// Those of one root that lie the same way, as one.
fn joined(stretches: Vec<&Stretch>) -> Option<Vec<Stretch>> {
    let mut out: Vec<Stretch> = Vec::new();
    for stretch in stretches {
        match out.iter_mut().find(|known| known.root == stretch.root && known.steps == stretch.steps) {
            Some(known) => known.join(stretch)?,
            None => out.push(stretch.clone()),
        }
    }
    Some(out)
}

/// The root of an address, how many bytes behind it the address is, and what must hold for that.
fn place(region: &Region, mut address: ValueId) -> Option<(ValueId, Affine, Vec<Obligation>)> {
    let mut sum = Affine { base: Term::Const(0), coefficients: BTreeMap::new() };
    let mut needed = Vec::new();
    while let Inst::Offset(base, bytes) = region.function.values[address.index()].inst {
        let (form, obligations) = region.form(bytes)?;
        sum = sum.plus(Binary::Add, &form)?;
        needed.extend(obligations);
        address = base;
    }
    region.invariant(address, 24).then(|| (same(region.function, address), sum, needed))
}

/// One name for all readings of a variable in a region that does not set it.
fn same(function: &Function, address: ValueId) -> ValueId {
    let inst = function.values[address.index()].inst;
    let first = function.values.iter().position(|value| matches!(inst, Inst::Read(_)) && value.inst == inst);
    first.and_then(|first| u32::try_from(first).ok()).map_or(address, ValueId)
}

/// The least or greatest value of a form, over the loops from `from` on, where the indices of the others are 0.
fn reach(region: &Region, form: &Affine, from: usize, side: Binary) -> Option<Term> {
    let mut base = form.base.clone();
    for (number, coefficient) in form.coefficients.range(from..) {
        let (count, _) = region.form(region.loops.get(*number)?.1)?;
        let most = reach(region, &count, 0, Binary::SMax)?;
        base = Term::combine(Binary::Add, &base, &way(coefficient, &most, side)?)?;
    }
    Some(base)
}

/// How far a step leads to one side, done as often as there are iterations but the first.
fn way(step: &Term, count: &Term, side: Binary) -> Option<Term> {
    let last = Term::combine(Binary::SMax, &Term::combine(Binary::Add, count, &Term::Const(-1))?, &Term::Const(0))?;
    Term::combine(side, &Term::Const(0), &Term::combine(Binary::Mul, step, &last)?)
}

impl Stretch {
    fn may_meet(&self, other: &Self) -> bool {
        self.class == other.class || self.class == MemoryClass::ANY || other.class == MemoryClass::ANY
    }

    /// Whether two are parts of one element, or the same.
    fn joins(&self, other: &Self) -> bool {
        let near = |x: &Term, y: &Term| matches!(Term::combine(Binary::Sub, x, y), Some(Term::Const(-8..=8)));
        self.root == other.root
            && self.class == other.class
            && self.steps == other.steps
            && near(&self.low, &other.low)
            && near(&self.high, &other.high)
    }

    /// Covers what another covers, too.
    fn join(&mut self, other: &Self) -> Option<()> {
        self.written |= other.written;
        self.low = Term::combine(Binary::SMin, &self.low, &other.low)?;
        self.high = Term::combine(Binary::SMax, &self.high, &other.high)?;
        Some(())
    }

    /// What keeps two apart in different iterations: nothing is listed if nothing does, an empty list if that is known.
    fn apart(&self, other: &Self, extents: &[Term]) -> Option<Asked> {
        let mut asked = Vec::new();
        if self.root == other.root {
            if self.steps != other.steps || recurs(&self.steps, &self.low, &other.low) {
                return Some(Asked(Vec::new()));
            }
            let low = Term::combine(Binary::SMin, &self.low, &other.low)?;
            let high = Term::combine(Binary::SMax, &self.high, &other.high)?;
            asked.extend(injective(&self.steps, extents, &Term::combine(Binary::Sub, &high, &low)?)?);
        } else {
            // The same array given twice.
            let mut same = vec![(Term::Value(self.root), Term::Value(other.root)), (Term::Value(other.root), Term::Value(self.root))];
            let terms = |stretch: &Self| stretch.steps.iter().chain([&stretch.low, &stretch.high]).cloned().collect::<Vec<_>>();
            for (x, y) in terms(self).into_iter().zip(terms(other)).filter(|(x, y)| x != y) {
                same.extend([(x.clone(), y.clone()), (y, x)]);
            }
            let each = injective(&self.steps, extents, &Term::combine(Binary::Sub, &self.high, &self.low)?)?;
            asked.extend(each.into_iter().map(|list| same.iter().cloned().chain(list).collect()));
        }
        let (mine, its) = (self.whole(other, extents)?, other.whole(self, extents)?);
        if !std::ptr::eq(self, other) {
            asked.extend([vec![(mine.1, its.0)], vec![(its.1, mine.0)]]);
        }
        Some(Asked(asked.into_iter().filter_map(simplified).collect()))
    }

    /// The first byte that is touched in all iterations, and the byte behind the last; with the address of the root if
    /// it is another than the other's.
    fn whole(&self, other: &Self, extents: &[Term]) -> Option<(Term, Term)> {
        let (mut low, mut high) = (self.low.clone(), self.high.clone());
        for (step, extent) in self.steps.iter().zip(extents) {
            low = Term::combine(Binary::Add, &low, &way(step, extent, Binary::SMin)?)?;
            high = Term::combine(Binary::Add, &high, &way(step, extent, Binary::SMax)?)?;
        }
        if self.root != other.root {
            let root = Term::Value(self.root);
            low = Term::combine(Binary::Add, &root, &low)?;
            high = Term::combine(Binary::Add, &root, &high)?;
        }
        Some((low, high))
    }
}

/// A list without what is known to hold; none if something is known not to.
fn simplified(list: Vec<(Term, Term)>) -> Option<Vec<(Term, Term)>> {
    let mut kept = Vec::new();
    for (x, y) in list {
        match known(&Obligation::AtMost(x.clone(), y.clone())) {
            Some(true) => {}
            Some(false) => return None,
            None => kept.push((x, y)),
        }
    }
    Some(kept)
}

/// Lists of comparisons, each of which says that stretches of that width never overlap in different iterations: in some
/// order of the loops, each step leads beyond all that the loops before it cover.
fn injective(steps: &[Term], extents: &[Term], width: &Term) -> Option<Vec<Vec<(Term, Term)>>> {
    if steps.iter().zip(extents).any(|(step, extent)| *step == Term::Const(0) && *extent != Term::Const(1)) {
        return Some(Vec::new());
    }
    orders(steps.len()).into_iter().map(|order| in_order(steps, extents, width, &order)).collect()
}

fn in_order(steps: &[Term], extents: &[Term], width: &Term, order: &[usize]) -> Option<Vec<(Term, Term)>> {
    let (mut list, mut covered) = (Vec::new(), width.clone());
    for number in order {
        let (step, extent) = (&steps[*number], &extents[*number]);
        let size = Term::combine(Binary::SMax, step, &Term::combine(Binary::Sub, &Term::Const(0), step)?)?;
        list.push((covered.clone(), beyond(&covered, &size, extent)?));
        let last = Term::combine(Binary::SMax, &Term::combine(Binary::Add, extent, &Term::Const(-1))?, &Term::Const(0))?;
        covered = Term::combine(Binary::Add, &covered, &Term::combine(Binary::Mul, &size, &last)?)?;
    }
    Some(list)
}

/// What must not be less than what is covered: the step, or anything if there is at most one iteration. An axis of one
/// element may have any stride.
fn beyond(covered: &Term, size: &Term, extent: &Term) -> Option<Term> {
    if known(&Obligation::AtMost(covered.clone(), size.clone())).is_some() {
        return Some(size.clone());
    }
    let single = Term::combine(Binary::SMax, &Term::combine(Binary::Sub, &Term::Const(2), extent)?, &Term::Const(0))?;
    Term::combine(Binary::SMax, size, &Term::combine(Binary::Mul, covered, &single)?)
}

/// Orders of loops, the fastest first: all of up to three, of more the two that arrays have.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let rows: Vec<usize> = (0..count).rev().collect();
    let columns: Vec<usize> = (0..count).collect();
    match count {
        0 | 1 => vec![rows],
        3 => vec![rows, columns, vec![2, 0, 1], vec![1, 2, 0], vec![1, 0, 2], vec![0, 2, 1]],
        _ => vec![rows, columns],
    }
}

/// Whether one access is where the other is some fixed number of iterations later, as in `a[i] = a[i - 1]`.
fn recurs(steps: &[Term], x: &Term, y: &Term) -> bool {
    let (Some(x), Some(y)) = (Polynomial::of(x), Polynomial::of(y)) else { return false };
    let mut difference = x.plus(&y, -1);
    if difference.0.is_empty() {
        return false;
    }
    for step in steps.iter().filter_map(Polynomial::of) {
        let Some((product, coefficient)) = step.0.iter().next_back() else { continue };
        let times = difference.0.get(product).copied().unwrap_or(0);
        if times % coefficient == 0 {
            difference = difference.plus(&step, -(times / coefficient));
        }
    }
    difference.0.is_empty()
}

/// Products of values, with their coefficients.
struct Polynomial(BTreeMap<Vec<ValueId>, i64>);

impl Polynomial {
    fn of(term: &Term) -> Option<Self> {
        Some(match term {
            Term::Const(0) => Self(BTreeMap::new()),
            Term::Const(number) => Self(BTreeMap::from([(Vec::new(), *number)])),
            Term::Value(value) => Self(BTreeMap::from([(vec![*value], 1)])),
            Term::Op(Binary::Add, x, y) => Self::of(x)?.plus(&Self::of(y)?, 1),
            Term::Op(Binary::Sub, x, y) => Self::of(x)?.plus(&Self::of(y)?, -1),
            Term::Op(Binary::Mul, x, y) => Self::of(x)?.times(&Self::of(y)?)?,
            Term::Op(..) => return None,
        })
    }

    fn plus(mut self, other: &Self, times: i64) -> Self {
        for (product, coefficient) in &other.0 {
            let sum = self.0.entry(product.clone()).or_insert(0);
            *sum = sum.wrapping_add(coefficient.wrapping_mul(times));
            if *sum == 0 {
                self.0.remove(product);
            }
        }
        self
    }

    fn times(&self, other: &Self) -> Option<Self> {
        let mut out = Self(BTreeMap::new());
        for (x, p) in &self.0 {
            for (y, q) in &other.0 {
                let mut product: Vec<ValueId> = x.iter().chain(y).copied().collect();
                product.sort_unstable();
                let term = Self(BTreeMap::from([(product, p.checked_mul(*q)?)]));
                out = out.plus(&term, 1);
            }
        }
        Some(out)
    }
}
