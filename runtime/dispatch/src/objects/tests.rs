//! Objects as kernels use them: through the support table, references counted in place.

use crate::objects::head::Head;
use crate::support::{self, CPU, CallState};
use hypersonic_abi::object::{Op, combine, kind, layout, status};
use hypersonic_abi::{Block, Context};
use std::ptr;

/// A running call, and what a kernel does in it.
struct Kernel {
    _state: Box<CallState>,
    context: Context,
}

impl Kernel {
    fn new() -> Kernel {
        let state = Box::new(CallState::new(ptr::null()));
        let context = support::context(&state);
        Kernel { _state: state, context }
    }

    fn try_to(&mut self, op: Op, arguments: &[u64]) -> (i64, [u64; 8]) {
        let mut results = [0; 8];
        let status = (CPU.object)(&raw mut self.context, op as u64, arguments.as_ptr(), results.as_mut_ptr());
        (status, results)
    }

    fn run(&mut self, op: Op, arguments: &[u64]) -> [u64; 8] {
        let (status, results) = self.try_to(op, arguments);
        assert_eq!(status, status::OK, "{op:?}");
        results
    }

    fn new_object(&mut self, kind: u64, layout: u64, value_layout: u64) -> u64 {
        self.run(Op::New, &[kind, layout, value_layout, 0])[0]
    }

    fn text(&mut self, text: &str) -> u64 {
        let mut words = vec![text.len() as u64];
        for piece in text.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..piece.len()].copy_from_slice(piece);
            words.push(u64::from_le_bytes(word));
        }
        self.run(Op::Text, &words)[0]
    }

    /// As kernels do it.
    fn release(&mut self, object: u64) {
        let block = object as *mut Block;
        // SAFETY: it is an object of the call.
        unsafe { (*block).references -= 1 };
        // SAFETY: as above.
        if unsafe { (*block).references } == 0 {
            (CPU.release)(&raw mut self.context, block);
        }
    }

    fn list(&mut self, layout: u64, elements: &[u64]) -> u64 {
        let list = self.new_object(kind::LIST, layout, 0);
        for element in elements {
            self.run(Op::Append, &[list, *element]);
        }
        list
    }

    fn order(&mut self, set: u64) -> Vec<i64> {
        let mut order = Vec::new();
        let mut position = 0;
        loop {
            let place = self.run(Op::Next, &[set, position])[0];
            if place == u64::MAX {
                return order;
            }
            order.push(self.run(Op::ElementAt, &[set, place])[0] as i64);
            position = place + 1;
        }
    }

    fn set(&mut self, elements: impl IntoIterator<Item = i64>) -> u64 {
        let set = self.new_object(kind::SET, layout::SIGNED, 0);
        for element in elements {
            self.run(Op::Add, &[set, element as u64]);
        }
        set
    }
}

fn length(object: u64) -> i64 {
    // SAFETY: it is an object of the call.
    unsafe { (*(object as *const Head)).object.length }
}

#[test]
fn what_nobody_holds_is_gone() {
    let mut kernel = Kernel::new();
    let dict = kernel.new_object(kind::DICT, layout::OBJECT, layout::OBJECT);
    for key in ["a", "b", "c"] {
        let (key, value) = (kernel.text(key), kernel.list(layout::DOUBLE, &[1, 2, 3]));
        kernel.run(Op::Set, &[dict, key, value]);
        kernel.run(Op::Set, &[dict, key, value]);
        kernel.release(key);
        kernel.release(value);
    }
    let key = kernel.text("b");
    let value = kernel.run(Op::PopKey, &[dict, key])[0];
    let copy = kernel.run(Op::Copy, &[dict])[0];
    let values = kernel.run(Op::Values, &[copy])[0];
    assert_eq!((length(value), length(copy), length(values)), (3, 2, 2));
    let entry = kernel.run(Op::PopEntry, &[copy]);
    for object in [key, value, dict, values, entry[0], entry[1]] {
        kernel.release(object);
    }
    assert!(!kernel.context.blocks.is_null());
    kernel.release(copy);
    assert!(kernel.context.blocks.is_null());
}

#[test]
fn lists_give_up_what_they_lose() {
    let mut kernel = Kernel::new();
    let texts: Vec<u64> = ["x", "y", "z", "x"].map(|text| kernel.text(text)).to_vec();
    let list = kernel.list(layout::OBJECT, &texts);
    texts.iter().for_each(|text| kernel.release(*text));
    let twice = kernel.run(Op::Repeat, &[list, 2])[0];
    let two = kernel.run(Op::Slice, &[twice, 2, 0, 2, 0])[0];
    kernel.run(Op::SetSlice, &[list, 7, 0, 4, 2, two]);
    kernel.release(two);
    kernel.run(Op::DeleteSlice, &[twice, 4, 0, 0, (-3i64) as u64]);
    kernel.run(Op::Insert, &[twice, 1, texts[1]]);
    kernel.run(Op::Sort, &[twice, 0, 1]);
    kernel.run(Op::DeleteItem, &[twice, 0]);
    kernel.run(Op::Clear, &[twice]);
    kernel.release(twice);
    kernel.release(list);
    assert!(kernel.context.blocks.is_null());
}

#[test]
fn however_deep_the_stack_stays() {
    let mut kernel = Kernel::new();
    let mut outer = kernel.new_object(kind::LIST, layout::OBJECT, 0);
    for _ in 0..200_000 {
        let list = kernel.list(layout::OBJECT, &[outer]);
        kernel.release(outer);
        outer = list;
    }
    kernel.release(outer);
    assert!(kernel.context.blocks.is_null());
}

#[test]
fn what_does_not_fit_memory_is_no_end() {
    let mut kernel = Kernel::new();
    assert_eq!(kernel.try_to(Op::New, &[kind::LIST, layout::SIGNED, 0, i64::MAX as u64]).0, status::MEMORY);
    let list = kernel.list(layout::SIGNED, &[1, 2]);
    assert_eq!(kernel.try_to(Op::Reserve, &[list, 1 << 60]).0, status::MEMORY);
    assert_eq!(kernel.try_to(Op::Repeat, &[list, 1 << 62]).0, status::MEMORY);
    assert_eq!(kernel.try_to(Op::RepeatInPlace, &[list, 1 << 58]).0, status::MEMORY);
    let text = kernel.text("ab");
    assert_eq!(kernel.try_to(Op::Repeat, &[text, 1 << 60]).0, status::MEMORY);
    assert_eq!(kernel.try_to(Op::Pop, &[list, 2]).0, status::RAISES);
    assert_eq!(length(list), 2);
    kernel.release(list);
    kernel.release(text);
}

#[test]
fn sets_are_walked_as_in_python() {
    let mut kernel = Kernel::new();
    // `list({n * n * 7 - 50 for n in range(12)})` and more, from CPython.
    let a = kernel.set((0..12).map(|n| n * n * 7 - 50));
    assert_eq!(kernel.order(a), [293, 517, -22, 202, 650, 13, -50, 398, 797, -43, 125, 62]);
    let b = kernel.set((0..30).map(|n| n * 13 - 50));
    for (how, expected) in [
        (
            combine::UNION,
            &[
                2, 132, 517, 262, 650, 13, 398, 15, 145, 275, 28, 797, 158, 288, 293, 41, 171, 301, 54, 184, 314, 62, 67, 197, 327, 202,
                -50, 80, 210, -43, -37, 93, 223, -24, -22, 106, 236, -11, 119, 249, 125,
            ][..],
        ),
        (combine::INTERSECTION, &[-50]),
        (combine::DIFFERENCE, &[517, 293, 202, -22, 650, 13, 398, -43, 125, 797, 62]),
        (
            combine::SYMMETRIC_DIFFERENCE,
            &[
                2, 517, 262, 13, 15, 275, 28, 797, 288, 293, 41, 301, 54, 314, 62, 67, 327, 80, 93, 106, 119, 125, 132, 650, 398, 145, 158,
                171, 184, 197, 202, 210, -43, -37, 223, -24, -22, 236, -11, 249,
            ],
        ),
    ] {
        let result = kernel.run(Op::Combine, &[a, b, how])[0];
        assert_eq!(kernel.order(result), expected);
        kernel.release(result);
    }
    kernel.release(a);
    kernel.release(b);
    assert!(kernel.context.blocks.is_null());
}
