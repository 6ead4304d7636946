//! Which strides of a loop would make its accesses consecutive, if they happened to be the size of an element.
//!
//! Code for arrays of any layout multiplies indices with strides that are known only at run time. Nearly always the
//! last axis is packed all the same, and knowing so is what makes vector loads of it. This room only asks; the back end
//! writes the loop twice where it is worth it.

use super::uses::{self, Uses};
use crate::ir::{Binary, Block, Function, Inst, Stmt, Ty, ValueId};
use std::collections::{BTreeMap, BTreeSet};

/// A stride that would be packed if it were `bytes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packed {
    /// The stride: an I64 from before the loop.
    pub stride: ValueId,
    /// The size of the elements that it leads to.
    pub bytes: i64,
}

/// More strides than this are not likely to be packed all at once.
const LIMIT: usize = 8;

/// The strides that address elements directly in the body of a loop with these indices. None if there are too many, or one leads to elements
/// of several sizes.
#[must_use]
pub fn packed(function: &Function, indices: &[ValueId], body: &Block) -> Vec<Packed> {
    let inst = |id: ValueId| function.values[id.index()].inst;
    let mut defined = Uses::of(function, body).defined;
    defined.extend(indices);
    let mut sizes: BTreeMap<ValueId, BTreeSet<i64>> = BTreeMap::new();
    for (address, size) in accesses(function, body) {
        let Inst::Offset(_, bytes) = inst(address) else { continue };
        let Inst::Binary(Binary::Mul | Binary::MulExact, x, y) = inst(bytes) else { continue };
        let stride = match (defined.contains(&x), defined.contains(&y)) {
            (true, false) => y,
            (false, true) => x,
            _ => continue,
        };
        if !matches!(inst(stride), Inst::Int(_)) {
            sizes.entry(stride).or_default().insert(size);
        }
    }
    let found: Vec<Packed> = sizes
        .iter()
        .filter(|(_, sizes)| sizes.len() == 1)
        .filter_map(|(stride, sizes)| sizes.first().map(|bytes| Packed { stride: *stride, bytes: *bytes }))
        .collect();
    if found.len() == sizes.len() && found.len() <= LIMIT { found } else { Vec::new() }
}

/// Addresses that are loaded from or stored to, with the size of the element there: twice the part's for complex numbers,
/// whose second part lies at an offset from the first.
fn accesses(function: &Function, body: &Block) -> Vec<(ValueId, i64)> {
    let mut parts: BTreeMap<ValueId, i64> = BTreeMap::new();
    let mut size = |address: ValueId, ty: Ty| parts.insert(address, ty.size().cast_signed());
    uses::each_stmt(body, &mut |stmt| match stmt {
        Stmt::Let(id) => {
            if let Inst::Load(address, _) = function.values[id.index()].inst {
                size(address, function.values[id.index()].ty);
            }
        }
        Stmt::Store { address, value, .. } => {
            size(*address, function.values[value.index()].ty);
        }
        _ => {}
    });
    let seconds: BTreeMap<ValueId, i64> = parts
        .iter()
        .filter_map(|(address, size)| match function.values[address.index()].inst {
            Inst::Offset(first, by) if function.values[by.index()].inst == Inst::Int(*size) && parts.contains_key(&first) => {
                Some((first, *size))
            }
            _ => None,
        })
        .collect();
    parts.into_iter().map(|(address, size)| (address, if seconds.contains_key(&address) { 2 * size } else { size })).collect()
}
