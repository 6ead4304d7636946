//! The hash table of a set, slot for slot as CPython lays it out: the order in which a set is walked is that of its slots, and programs
//! see it. Ten slots in a row are looked at before the next place is tried; deleted slots stay as dummies until the table is made anew.
//! Counts no references.

use crate::objects::head::{Done, Stop};
use crate::objects::{text_hash, words};
use hypersonic_abi::object::layout;

/// Slots of the smallest table.
pub const SMALLEST: usize = 8;
/// Slots that are looked at after the first.
const PROBES: usize = 9;

/// What is in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Nothing, ever.
    Free,
    /// Something that was deleted.
    Dummy,
    /// An element.
    Taken,
}

/// A table.
#[derive(Debug)]
pub struct Table {
    /// The layout of an element.
    pub layout: u64,
    width: usize,
    /// By slot.
    pub slots: Vec<Slot>,
    /// By slot; those of elements mean something.
    pub hashes: Vec<u64>,
    elements: Vec<u64>,
    /// Slots that are not free.
    pub fill: usize,
    /// Elements.
    pub used: usize,
    /// Where `pop` begins to look.
    pub finger: usize,
}

/// The slots of a chain, in the order in which they are tried.
struct Chain {
    mask: usize,
    at: usize,
    left: usize,
    next: usize,
    perturbed: u64,
}

impl Chain {
    fn new(hash: u64, mask: usize) -> Chain {
        let mut chain = Chain { mask, at: 0, left: 0, next: hash as usize & mask, perturbed: hash };
        chain.jump();
        chain
    }

    fn jump(&mut self) {
        self.at = self.next;
        self.left = if self.at + PROBES <= self.mask { PROBES } else { 0 };
        self.perturbed >>= 5;
        self.next = self.at.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturbed as usize) & self.mask;
    }

    fn advance(&mut self) {
        if self.left == 0 {
            self.jump();
        } else {
            self.left -= 1;
            self.at += 1;
        }
    }
}

impl Table {
    /// An empty table of the smallest size.
    pub fn new(layout: u64) -> Done<Table> {
        Table::of_size(layout, SMALLEST)
    }

    /// An empty table with `size` slots, a power of two.
    pub fn of_size(layout: u64, size: usize) -> Done<Table> {
        let width = layout::words(layout);
        let mut table = Table { layout, width, slots: Vec::new(), hashes: Vec::new(), elements: Vec::new(), fill: 0, used: 0, finger: 0 };
        let words = size.checked_mul(width).ok_or(Stop::Memory)?;
        table.slots.try_reserve_exact(size)?;
        table.hashes.try_reserve_exact(size)?;
        table.elements.try_reserve_exact(words)?;
        table.slots.resize(size, Slot::Free);
        table.hashes.resize(size, 0);
        table.elements.resize(words, 0);
        Ok(table)
    }

    /// The number of slots, less one.
    pub fn mask(&self) -> usize {
        self.slots.len() - 1
    }

    /// The words of a slot.
    pub fn element(&self, slot: usize) -> &[u64] {
        &self.elements[slot * self.width..(slot + 1) * self.width]
    }

    /// The next slot with an element, from `slot` on.
    pub fn next_taken(&self, slot: usize) -> Option<usize> {
        self.slots.get(slot..)?.iter().position(|state| *state == Slot::Taken).map(|offset| slot + offset)
    }

    /// The slots with elements, in order.
    pub fn taken(&self) -> impl Iterator<Item = usize> {
        self.slots.iter().enumerate().filter(|(_, state)| **state == Slot::Taken).map(|(slot, _)| slot)
    }

    /// The elements, in order.
    pub fn elements(&self) -> impl Iterator<Item = &[u64]> {
        self.taken().map(|slot| self.element(slot))
    }

    /// The hash of an element.
    ///
    /// # Safety
    /// `element` has the words of the layout.
    pub unsafe fn hash(&self, element: *const u64) -> Done<u64> {
        words::hash(self.layout, element)
    }

    fn holds(&self, slot: usize, hash: u64, element: &[u64]) -> Done<bool> {
        if self.slots[slot] != Slot::Taken || self.hashes[slot] != hash {
            return Ok(false);
        }
        // SAFETY: both are elements of this layout, kept alive by those who hold them.
        unsafe {
            if text_hash::says_all(self.layout, hash, element) {
                return Ok(true);
            }
            words::equal(self.layout, self.element(slot).as_ptr(), element.as_ptr()).known()
        }
    }

    /// Where an element is.
    pub fn find(&self, hash: u64, element: &[u64]) -> Done<Option<usize>> {
        let mut chain = Chain::new(hash, self.mask());
        loop {
            if self.slots[chain.at] == Slot::Free {
                return Ok(None);
            }
            if self.holds(chain.at, hash, element)? {
                return Ok(Some(chain.at));
            }
            chain.advance();
        }
    }

    /// Adds an element; whether it is new.
    pub fn add(&mut self, hash: u64, element: &[u64]) -> Done<bool> {
        let mut chain = Chain::new(hash, self.mask());
        let mut dummy = None;
        loop {
            match self.slots[chain.at] {
                Slot::Free => break,
                Slot::Dummy => dummy = Some(chain.at),
                Slot::Taken if self.holds(chain.at, hash, element)? => return Ok(false),
                Slot::Taken => (),
            }
            chain.advance();
        }
        if let Some(slot) = dummy {
            self.put(slot, hash, element);
            self.used += 1;
            return Ok(true);
        }
        self.put(chain.at, hash, element);
        self.used += 1;
        self.fill += 1;
        if self.fill * 5 >= self.mask() * 3
            && let Err(stop) = self.resize(self.room())
        {
            self.slots[chain.at] = Slot::Free;
            self.used -= 1;
            self.fill -= 1;
            return Err(stop);
        }
        Ok(true)
    }

    /// What a table that is too full, or too full of dummies, makes room for.
    fn room(&self) -> usize {
        if self.used > 50_000 { self.used.saturating_mul(2) } else { self.used * 4 }
    }

    fn put(&mut self, slot: usize, hash: u64, element: &[u64]) {
        self.slots[slot] = Slot::Taken;
        self.hashes[slot] = hash;
        self.elements[slot * self.width..(slot + 1) * self.width].copy_from_slice(element);
    }

    /// Puts an element that is not there into a table without dummies, which must have room.
    fn put_new(&mut self, hash: u64, element: &[u64]) {
        let mut chain = Chain::new(hash, self.mask());
        while self.slots[chain.at] != Slot::Free {
            chain.advance();
        }
        self.put(chain.at, hash, element);
    }

    /// Makes the table anew, with more slots than `minimum`.
    fn resize(&mut self, minimum: usize) -> Done {
        let mut size = SMALLEST;
        while size <= minimum {
            size = size.checked_mul(2).ok_or(Stop::Memory)?;
        }
        if size == SMALLEST && self.slots.len() == SMALLEST && self.fill == self.used {
            return Ok(());
        }
        let mut table = Table::of_size(self.layout, size)?;
        for slot in self.taken() {
            table.put_new(self.hashes[slot], self.element(slot));
        }
        table.finger = self.finger;
        table.used = self.used;
        table.fill = self.used;
        *self = table;
        Ok(())
    }

    /// Deletes what is in a slot; its words stay readable there.
    pub fn delete(&mut self, slot: usize) {
        self.slots[slot] = Slot::Dummy;
        self.used -= 1;
    }

    /// Where `pop` finds an element, which it then begins to look behind.
    pub fn next_to_pop(&mut self) -> Option<usize> {
        let start = self.finger & self.mask();
        let slot = self.next_taken(start).or_else(|| self.next_taken(0))?;
        self.finger = slot + 1;
        Some(slot)
    }

    /// After elements were deleted in bulk: gets rid of dummies if they are many.
    pub fn tidy(&mut self) -> Done {
        if self.fill - self.used <= self.mask() / 4 { Ok(()) } else { self.resize(self.room()) }
    }

    /// Makes room for that many more at once.
    pub fn make_room(&mut self, more: usize) -> Done {
        if (self.fill + more) * 5 >= self.mask() * 3 { self.resize((self.used + more).saturating_mul(2)) } else { Ok(()) }
    }

    /// Before another set is merged in: makes room for all of it. If nothing else is to be done, takes its elements over; else the caller
    /// adds them one by one.
    pub fn merge_whole(&mut self, other: &Table) -> Done<bool> {
        self.make_room(other.used)?;
        if self.fill != 0 {
            return Ok(false);
        }
        if self.mask() == other.mask() && other.fill == other.used {
            self.slots.copy_from_slice(&other.slots);
            self.hashes.copy_from_slice(&other.hashes);
            self.elements.copy_from_slice(&other.elements);
        } else {
            for slot in other.taken() {
                self.put_new(other.hashes[slot], other.element(slot));
            }
        }
        self.fill = other.used;
        self.used = other.used;
        Ok(true)
    }

    /// Takes over a slot of another table, or of Python's: only for tables that are filled once.
    pub fn fill_slot(&mut self, slot: usize, hash: u64, element: Option<&[u64]>) {
        self.fill += 1;
        match element {
            Some(element) => {
                self.put(slot, hash, element);
                self.used += 1;
            }
            None => self.slots[slot] = Slot::Dummy,
        }
    }
}
