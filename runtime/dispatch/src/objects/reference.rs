//! References in elements: which words of a layout are some, counting them, finding all that an object holds.

use crate::objects::dict::Dict;
use crate::objects::head::{Head, give_up};
use crate::objects::set::Set;
use hypersonic_abi::frame::A_VIEW;
use hypersonic_abi::object::{kind, layout};
use hypersonic_abi::{Block, Context};

/// The tag of a word.
#[inline]
pub const fn tag(layout: u64, word: usize) -> u64 {
    (layout >> (4 * word)) & 15
}

/// Whether elements of a layout refer to blocks.
#[inline]
pub const fn any(layout: u64) -> bool {
    let mut rest = layout;
    while rest != 0 {
        if rest & 15 == layout::OBJECT || rest & 15 == layout::OWNER {
            return true;
        }
        rest >>= 4;
    }
    false
}

/// The block that a word refers to, if it does.
#[inline]
pub const fn block_of(tag: u64, word: u64) -> Option<*mut Block> {
    match tag {
        // Kernels have 1 where an optional object is not there.
        layout::OBJECT if word > 1 => Some(word as *mut Block),
        layout::OWNER if word & 1 == 0 && word & !A_VIEW != 0 => Some((word & !A_VIEW) as *mut Block),
        _ => None,
    }
}

/// Counts the references of an element once more.
///
/// # Safety
/// `element` has the words of `layout`.
#[inline]
pub unsafe fn retain(layout: u64, element: *const u64) {
    each(layout, element, |block| (*block).references += 1);
}

/// Gives up the references of an element.
///
/// # Safety
/// As for [`retain`]; they were counted, and `context` is of a running call.
#[inline]
pub unsafe fn release(context: *mut Context, layout: u64, element: *const u64) {
    each(layout, element, |block| give_up(context, block));
}

/// As [`release`], of `count` elements in a row.
///
/// # Safety
/// As for [`release`].
pub unsafe fn release_row(context: *mut Context, layout: u64, elements: *const u64, count: usize) {
    if any(layout) {
        let words = layout::words(layout);
        for index in 0..count {
            release(context, layout, elements.add(index * words));
        }
    }
}

/// As [`retain`], of `count` elements in a row.
///
/// # Safety
/// As for [`retain`].
pub unsafe fn retain_row(layout: u64, elements: *const u64, count: usize) {
    if any(layout) {
        let words = layout::words(layout);
        for index in 0..count {
            retain(layout, elements.add(index * words));
        }
    }
}

#[inline]
unsafe fn each(layout: u64, element: *const u64, mut see: impl FnMut(*mut Block)) {
    let mut rest = layout;
    let mut word = 0;
    while rest != 0 {
        if let Some(block) = block_of(rest & 15, *element.add(word)) {
            see(block);
        }
        rest >>= 4;
        word += 1;
    }
}

/// All blocks that an object refers to, as often as it does.
///
/// # Safety
/// `head` is an object that is whole.
pub unsafe fn each_in(head: *mut Head, mut see: impl FnMut(*mut Block)) {
    let (layout, values) = ((*head).object.layout, (*head).object.value_layout);
    match (*head).kind() {
        kind::LIST | kind::TUPLE if any(layout) => {
            let words = layout::words(layout);
            for index in 0..(*head).length() {
                each(layout, (*head).object.block.data.cast::<u64>().add(index * words), &mut see);
            }
        }
        kind::SET if any(layout) => {
            for element in (*head.cast::<Set>()).table.elements() {
                each(layout, element.as_ptr(), &mut see);
            }
        }
        kind::DICT if any(layout) || any(values) => {
            for (key, value) in (*head.cast::<Dict>()).rows.entries() {
                each(layout, key.as_ptr(), &mut see);
                each(values, value.as_ptr(), &mut see);
            }
        }
        _ => (),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_counted_owners_are_references() {
        assert!(any(layout::SIGNED | layout::OBJECT << 4));
        assert!(!any(layout::RAW | layout::DOUBLE << 4));
        assert_eq!(block_of(layout::OWNER, hypersonic_abi::frame::borrowed_owner(3)), None);
        assert_eq!(block_of(layout::OWNER, 64 | A_VIEW), Some(64 as *mut Block));
        assert_eq!(block_of(layout::SIGNED, 64), None);
    }
}
