//! Arrays of a few numbers that are made, filled and consumed in one function become the numbers themselves, and short loops over
//! them their iterations: `sum(np.array([v, w, x, y, z]) * (.1, .2, .3, .2, .1))` touches no array.
//!
//! An array becomes scalars if all that is done with it is known element by element: it is assigned in one place, from a fresh array
//! of known length or an operation on such arrays that cannot fail, and read or written at known indices, or summed.
//! NumPy adds fewer than 8 numbers one by one, starting from 0, so sums keep their bits; longer ones stay arrays.

use super::Pass;
use super::number;
use super::state::{assigned_by, blocks, blocks_mut, jumps};
use super::total::{asks_no_memory, is_total, is_total_conversion, weight};
use crate::ir::{Block, Constant, Expr, ExprKind, Function, Index, Reduction, Stmt, StmtKind, Unit, Variable, VariableId};
use crate::walk;
use hypersonic_ops::{Dtype, Flavor, Type};
use std::collections::{BTreeMap, BTreeSet};

/// The pass.
pub const PASS: Pass = Pass { name: "scalars", why: "no memory is asked for a handful of numbers", run };

/// Longest array that becomes scalars.
const MAX_LENGTH: usize = 16;
/// NumPy adds so many numbers, and more, in another order.
const LANES: usize = 8;
/// Largest loop that is written out, iterations times expressions.
const MAX_UNROLLED: usize = 400;

fn run(unit: &mut Unit) {
    for function in &mut unit.functions {
        let mut lengths = lengths(function);
        if lengths.is_empty() {
            continue;
        }
        while !lengths.is_empty() {
            let mut uses = Uses { lengths: &lengths, refused: BTreeSet::new(), counters: BTreeMap::new() };
            uses.block(&function.body);
            let refused = uses.refused;
            if refused.is_empty() {
                break;
            }
            lengths.retain(|variable, _| !refused.contains(variable));
        }
        if lengths.is_empty() {
            continue;
        }
        unroll(&mut function.body, &lengths);
        Writer::write(function, &lengths);
    }
}

type Lengths = BTreeMap<VariableId, usize>;

/// Arrays that are assigned once, from something of known length.
fn lengths(function: &Function) -> Lengths {
    let mut definitions: BTreeMap<VariableId, Vec<&Expr>> = BTreeMap::new();
    collect(&function.body, &mut definitions);
    let mut known = Lengths::new();
    loop {
        let before = known.len();
        for (variable, values) in &definitions {
            if let [value] = values.as_slice()
                && !function.parameters.contains(variable)
                && let Some(length) = length(value, &known)
            {
                known.insert(*variable, length);
            }
        }
        if known.len() == before {
            return known;
        }
    }
}

fn collect<'f>(block: &'f Block, definitions: &mut BTreeMap<VariableId, Vec<&'f Expr>>) {
    for stmt in block {
        if let StmtKind::Assign(variable, value) = &stmt.kind {
            definitions.entry(*variable).or_default().push(value);
        }
        blocks(&stmt.kind).into_iter().for_each(|inner| collect(inner, definitions));
    }
}

/// The length of an array whose elements are known one by one.
fn length(value: &Expr, known: &Lengths) -> Option<usize> {
    let Type::Array(dtype, 1) = value.ty else { return None };
    match &value.kind {
        ExprKind::Variable(variable) => known.get(variable).copied(),
        ExprKind::Fill { shape, value } => {
            let [Expr { kind: ExprKind::Constant(Constant::Int(extent)), .. }] = shape.as_slice() else { return None };
            let fine = value.as_deref().is_none_or(|value| is_total(value) && is_total_conversion(&value.ty, &element(dtype)));
            usize::try_from(*extent).ok().filter(|length| fine && *length <= MAX_LENGTH)
        }
        ExprKind::Copy(inner) => length(inner, known),
        ExprKind::Convert(inner) => {
            let from = inner.ty.dtype()?;
            is_total_conversion(&element(from), &element(dtype)).then(|| length(inner, known)).flatten()
        }
        ExprKind::Map { op, loop_dtype, operands } => {
            let mut found = None;
            for operand in operands {
                match &operand.ty {
                    Type::Array(..) => {
                        let here = length(operand, known)?;
                        if found.is_some_and(|length| length != here) {
                            return None;
                        }
                        found = Some(here);
                    }
                    ty if is_atom(operand) && is_total_conversion(ty, &element(*loop_dtype)) => {}
                    _ => return None,
                }
            }
            number::is_total(*op, *loop_dtype, &element(dtype)).then_some(found).flatten()
        }
        _ => None,
    }
}

const fn element(dtype: Dtype) -> Type {
    Type::Scalar(dtype, Flavor::Numpy)
}

fn is_atom(value: &Expr) -> bool {
    matches!(value.kind, ExprKind::Constant(_) | ExprKind::Variable(_)) && matches!(value.ty, Type::Scalar(..))
}

/// A constant index within a length.
fn constant_place(index: &[Index], length: usize) -> Option<usize> {
    let [Index::Integer(Expr { kind: ExprKind::Constant(Constant::Int(at)), .. })] = index else { return None };
    let length_ = i64::try_from(length).ok()?;
    let at = if *at < 0 { at + length_ } else { *at };
    usize::try_from(at).ok().filter(|at| *at < length)
}

/// The values of the variable of a loop that can be written out.
fn iterations(stmt: &StmtKind) -> Option<(VariableId, Vec<i64>)> {
    let StmtKind::ForRange { variable, start, stop, step, body, .. } = stmt else { return None };
    let constant = |value: &Expr| match value.kind {
        ExprKind::Constant(Constant::Int(value)) => Some(value),
        _ => None,
    };
    let (mut at, stop, step) = (constant(start)?, constant(stop)?, constant(step)?);
    if step == 0 || jumps(body) || body.iter().any(|stmt| assigned_by(&stmt.kind).contains(variable)) {
        return None;
    }
    let mut values = Vec::new();
    while (step > 0 && at < stop) || (step < 0 && at > stop) {
        values.push(at);
        if values.len() > MAX_LENGTH {
            return None;
        }
        at = at.checked_add(step)?;
    }
    let mut size = 0;
    walk::expressions(body, &mut |expr| size += weight(expr));
    (size * values.len() <= MAX_UNROLLED).then_some((*variable, values))
}

/// Looks for uses of arrays that need the array.
struct Uses<'l> {
    lengths: &'l Lengths,
    refused: BTreeSet<VariableId>,
    /// Variables of loops around that can be written out.
    counters: BTreeMap<VariableId, Vec<i64>>,
}

impl Uses<'_> {
    fn block(&mut self, block: &Block) {
        for stmt in block {
            self.stmt(&stmt.kind);
        }
    }

    fn stmt(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Assign(variable, value) if self.lengths.contains_key(variable) => self.elements(value),
            StmtKind::SetItem { array, index, value } => {
                if let ExprKind::Variable(variable) = array.kind
                    && let Some(length) = self.lengths.get(&variable)
                {
                    let fits = array.ty.dtype().is_some_and(|dtype| is_total_conversion(&value.ty, &element(dtype)));
                    if !fits || constant_place(index, *length).is_none() {
                        self.refused.insert(variable);
                    }
                    self.expr(value);
                } else {
                    walk::expressions(&vec![plain(kind)], &mut |expr| self.expr(expr));
                }
            }
            StmtKind::ForRange { start, stop, step, body, orelse, .. } => {
                [start, stop, step].into_iter().for_each(|bound| self.expr(bound));
                let counter = iterations(kind);
                let name = counter.as_ref().map(|(variable, _)| *variable);
                self.counters.extend(counter);
                self.block(body);
                if let Some(name) = name {
                    self.counters.remove(&name);
                }
                self.block(orelse);
            }
            StmtKind::If { test, .. } | StmtKind::While { test, .. } => {
                self.expr(test);
                blocks(kind).into_iter().for_each(|inner| self.block(inner));
            }
            StmtKind::Unrolled { .. } | StmtKind::Try { .. } => blocks(kind).into_iter().for_each(|inner| self.block(inner)),
            _ => walk::expressions(&vec![plain(kind)], &mut |expr| self.expr(expr)),
        }
    }

    /// An array of which only elements are needed.
    fn elements(&mut self, value: &Expr) {
        if !matches!(value.kind, ExprKind::Variable(_)) {
            walk::parts(value, &mut |part| if matches!(part.ty, Type::Array(..)) { self.elements(part) } else { self.expr(part) });
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Variable(variable) => {
                if self.lengths.contains_key(variable) {
                    self.refused.insert(*variable);
                }
            }
            ExprKind::Index(array, index) => {
                if let ExprKind::Variable(variable) = array.kind
                    && let Some(length) = self.lengths.get(&variable)
                {
                    if !matches!(expr.ty, Type::Scalar(..)) || !self.is_within(index, *length) {
                        self.refused.insert(variable);
                    }
                    return;
                }
                walk::parts(expr, &mut |part| self.expr(part));
            }
            ExprKind::Extent(array, _) | ExprKind::Size(array) if length(array, self.lengths).is_some() => self.elements(array),
            ExprKind::Reduce { .. } if summed(expr, self.lengths).is_some() => walk::parts(expr, &mut |part| self.elements(part)),
            _ => walk::parts(expr, &mut |part| self.expr(part)),
        }
    }

    fn is_within(&self, index: &[Index], length: usize) -> bool {
        if let [Index::Integer(Expr { kind: ExprKind::Variable(variable), .. })] = index {
            let inside = |at: &i64| usize::try_from(*at).is_ok_and(|at| at < length);
            return self.counters.get(variable).is_some_and(|values| values.iter().all(inside));
        }
        constant_place(index, length).is_some()
    }
}

fn plain(kind: &StmtKind) -> Stmt {
    Stmt { span: hypersonic_diagnostics::Span::default(), kind: kind.clone() }
}

/// How many elements a sum adds that can be written out, and the array.
fn summed<'e>(expr: &'e Expr, lengths: &Lengths) -> Option<(usize, &'e Expr)> {
    let ExprKind::Reduce { op: Reduction::Sum, array, keepdims: false, .. } = &expr.kind else { return None };
    let length = length(array, lengths).filter(|length| (1..LANES).contains(length))?;
    let same = array.ty.dtype() == expr.ty.dtype() && matches!(expr.ty, Type::Scalar(Dtype::F64 | Dtype::I64, Flavor::Numpy));
    same.then_some((length, array))
}

/// Writes out the loops over arrays that become scalars.
fn unroll(block: &mut Block, lengths: &Lengths) {
    let mut out = Block::with_capacity(block.len());
    for mut stmt in std::mem::take(block) {
        blocks_mut(&mut stmt.kind).into_iter().for_each(|inner| unroll(inner, lengths));
        let Some((variable, values)) = iterations(&stmt.kind).filter(|(variable, _)| is_counted(&stmt.kind, *variable, lengths)) else {
            out.push(stmt);
            continue;
        };
        let StmtKind::ForRange { body, orelse, .. } = stmt.kind else { continue };
        for value in values {
            let constant = Expr { ty: Type::INT, kind: ExprKind::Constant(Constant::Int(value)), span: stmt.span };
            out.push(Stmt { span: stmt.span, kind: StmtKind::Assign(variable, constant.clone()) });
            let mut iteration = body.clone();
            walk::expressions_mut(&mut iteration, &mut |expr| put(expr, variable, &constant));
            out.extend(iteration);
        }
        out.extend(orelse);
    }
    *block = out;
}

fn put(expr: &mut Expr, variable: VariableId, constant: &Expr) {
    if matches!(expr.kind, ExprKind::Variable(read) if read == variable) {
        *expr = constant.clone();
    }
    walk::parts_mut(expr, &mut |part| put(part, variable, constant));
}

/// Whether a loop reads such an array where it counts.
fn is_counted(stmt: &StmtKind, variable: VariableId, lengths: &Lengths) -> bool {
    fn look(expr: &Expr, variable: VariableId, lengths: &Lengths, found: &mut bool) {
        if let ExprKind::Index(array, index) = &expr.kind
            && let (ExprKind::Variable(array), [Index::Integer(at)]) = (&array.kind, index.as_slice())
        {
            *found |= lengths.contains_key(array) && matches!(at.kind, ExprKind::Variable(read) if read == variable);
        }
        walk::parts(expr, &mut |part| look(part, variable, lengths, found));
    }
    let mut found = false;
    for inner in blocks(stmt) {
        walk::expressions(inner, &mut |expr| look(expr, variable, lengths, &mut found));
    }
    found
}

/// Writes scalars for arrays.
struct Writer<'l> {
    lengths: &'l Lengths,
    /// The variables of the elements.
    elements: BTreeMap<VariableId, (Dtype, Vec<VariableId>)>,
}

impl<'l> Writer<'l> {
    fn write(function: &mut Function, lengths: &'l Lengths) {
        let mut elements = BTreeMap::new();
        for (array, length) in lengths {
            let Some(Variable { name, ty: Type::Array(dtype, _) }) = function.variables.get(array.0 as usize).cloned() else { continue };
            let mut own = Vec::new();
            for n in 0..*length {
                own.push(VariableId(u32::try_from(function.variables.len()).unwrap_or(u32::MAX)));
                function.variables.push(Variable { name: format!("{name}_{n}"), ty: element(dtype) });
            }
            elements.insert(*array, (dtype, own));
        }
        let writer = Self { lengths, elements };
        writer.block(&mut function.body);
    }

    fn block(&self, block: &mut Block) {
        let mut out = Block::with_capacity(block.len());
        let mut rest = std::mem::take(block).into_iter();
        while let Some(mut stmt) = rest.next() {
            blocks_mut(&mut stmt.kind).into_iter().for_each(|inner| self.block(inner));
            match &stmt.kind {
                StmtKind::Assign(variable, value) if self.elements.contains_key(variable) => {
                    let filled = filled(*variable, value, rest.as_slice());
                    out.extend(self.assign(*variable, value, &filled));
                }
                StmtKind::SetItem { array: Expr { kind: ExprKind::Variable(variable), .. }, index, value } => {
                    let place = self.elements.get(variable).and_then(|(dtype, own)| {
                        constant_place(index, own.len()).and_then(|at| own.get(at).copied()).map(|own| (*dtype, own))
                    });
                    match place {
                        Some((dtype, own)) => {
                            let mut value = converted(value.clone(), dtype);
                            self.expr(&mut value);
                            out.push(Stmt { span: stmt.span, kind: StmtKind::Assign(own, value) });
                        }
                        None => out.push(self.rewritten(stmt)),
                    }
                }
                _ => out.push(self.rewritten(stmt)),
            }
        }
        *block = out;
    }

    fn rewritten(&self, stmt: Stmt) -> Stmt {
        let mut own = vec![stmt];
        walk::expressions_mut(&mut own, &mut |expr| self.expr(expr));
        own.remove(0)
    }

    /// Assigns the elements, but for those that the next statements fill.
    fn assign(&self, variable: VariableId, value: &Expr, filled: &BTreeSet<i64>) -> Block {
        let Some((_, own)) = self.elements.get(&variable) else { return Block::new() };
        let needed = own.iter().zip(0..).filter(|(_, n)| !filled.contains(n));
        let elements = needed.filter_map(|(own, n)| Some((own, self.element(value, usize::try_from(n).ok()?)?)));
        elements.map(|(own, element)| Stmt { span: value.span, kind: StmtKind::Assign(*own, element) }).collect()
    }

    /// The n-th element of an array. What was not written yet is 0 as well as anything.
    fn element(&self, value: &Expr, n: usize) -> Option<Expr> {
        let Type::Array(dtype, _) = value.ty else { return Some(value.clone()) };
        let kind = match &value.kind {
            ExprKind::Variable(variable) => ExprKind::Variable(*self.elements.get(variable)?.1.get(n)?),
            ExprKind::Fill { value: Some(value), .. } => return Some(converted((**value).clone(), dtype)),
            ExprKind::Fill { value: None, .. } => ExprKind::Constant(zero(dtype)),
            ExprKind::Copy(inner) => return self.element(inner, n),
            ExprKind::Convert(inner) => return Some(converted(self.element(inner, n)?, dtype)),
            ExprKind::Map { op, loop_dtype, operands } => {
                let operands = operands.iter().map(|operand| self.element(operand, n)).collect::<Option<Vec<_>>>()?;
                ExprKind::Map { op: *op, loop_dtype: *loop_dtype, operands }
            }
            _ => return None,
        };
        Some(Expr { ty: element(dtype), kind, span: value.span })
    }

    fn expr(&self, expr: &mut Expr) {
        let written = match &expr.kind {
            ExprKind::Index(array, index) => match array.kind {
                ExprKind::Variable(variable) => self.lengths.get(&variable).and_then(|length| {
                    let at = constant_place(index, *length)?;
                    self.element(array, at)
                }),
                _ => None,
            },
            ExprKind::Extent(array, _) | ExprKind::Size(array) => length(array, self.lengths)
                .filter(|_| self.mentions(array))
                .and_then(|length| i64::try_from(length).ok())
                .map(|length| Expr { ty: Type::INT, kind: ExprKind::Constant(Constant::Int(length)), span: expr.span }),
            ExprKind::Reduce { .. } => summed(expr, self.lengths).filter(|(_, array)| self.mentions(array)).and_then(|(length, array)| {
                let dtype = array.ty.dtype()?;
                let start = Expr { ty: element(dtype), kind: ExprKind::Constant(zero(dtype)), span: expr.span };
                (0..length).try_fold(start, |sum, n| {
                    let operands = vec![sum, self.element(array, n)?];
                    let kind = ExprKind::Map { op: hypersonic_ops::ScalarOp::Add, loop_dtype: dtype, operands };
                    Some(Expr { ty: element(dtype), kind, span: expr.span })
                })
            }),
            _ => None,
        };
        match written {
            Some(written) => *expr = written,
            None => walk::parts_mut(expr, &mut |part| self.expr(part)),
        }
    }

    /// Whether an array is made of arrays that become scalars.
    fn mentions(&self, array: &Expr) -> bool {
        let mut found = matches!(array.kind, ExprKind::Variable(variable) if self.elements.contains_key(&variable));
        walk::parts(array, &mut |part| found = found || self.mentions(part));
        found && asks_nothing_else(array)
    }
}

/// The elements that the statements behind an `np.empty` fill one by one.
fn filled(variable: VariableId, value: &Expr, behind: &[Stmt]) -> BTreeSet<i64> {
    let mut found = BTreeSet::new();
    if !matches!(value.kind, ExprKind::Fill { value: None, .. }) {
        return found;
    }
    for stmt in behind {
        let StmtKind::SetItem { array, index, value } = &stmt.kind else { break };
        let own = matches!(array.kind, ExprKind::Variable(filled) if filled == variable);
        match index.as_slice() {
            [Index::Integer(Expr { kind: ExprKind::Constant(Constant::Int(at)), .. })] if own && is_total(value) => {
                found.insert(*at);
            }
            _ => break,
        }
    }
    found
}

/// Whether an array is elementwise, so that leaving parts of it out changes nothing.
fn asks_nothing_else(array: &Expr) -> bool {
    let mut fine = matches!(array.ty, Type::Array(..)) || asks_no_memory(array);
    walk::parts(array, &mut |part| fine = fine && asks_nothing_else(part));
    fine
}

fn converted(value: Expr, dtype: Dtype) -> Expr {
    let ty = element(dtype);
    if value.ty == ty {
        return value;
    }
    let span = value.span;
    Expr { ty, kind: ExprKind::Convert(Box::new(value)), span }
}

const fn zero(dtype: Dtype) -> Constant {
    match dtype.kind() {
        hypersonic_ops::Kind::Bool => Constant::Bool(false),
        hypersonic_ops::Kind::Integer => Constant::Int(0),
        hypersonic_ops::Kind::Float => Constant::Float(0.0),
        hypersonic_ops::Kind::Complex => Constant::Complex(0.0, 0.0),
    }
}
