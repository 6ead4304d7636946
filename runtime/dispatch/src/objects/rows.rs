//! The rows of a dict in order of insertion, and the index by which keys are found. Counts no references.

use crate::objects::head::{Done, Stop};
use crate::objects::{text_hash, words};
use hypersonic_abi::object::layout;

/// A place of the index that was never taken.
const FREE: u32 = 0;
/// One whose row is gone.
const GONE: u32 = u32::MAX;
/// Places of the smallest index.
const SMALLEST: usize = 8;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It was deleted.
    Gone,
    /// It is what it was when the dict was settled.
    Same,
    /// It is new, or has another value.
    Changed,
}

/// Rows: a hash, the words of the key, those of the value.
#[derive(Debug)]
pub struct Rows {
    layout: u64,
    key_words: usize,
    stride: usize,
    rows: Vec<u64>,
    states: Vec<State>,
    /// Whether a row was deleted since the dict was settled.
    shrunk: bool,
    /// Row numbers, counted from 1, by hash; a power of two.
    index: Vec<u32>,
    /// Places of the index that are not free.
    entered: usize,
    /// How many rows are alive.
    pub used: usize,
    /// All rows before this one are gone.
    start: usize,
}

impl Rows {
    /// No rows.
    pub fn new(layout: u64, value_layout: u64) -> Done<Rows> {
        let key_words = layout::words(layout);
        let stride = 1 + key_words + layout::words(value_layout);
        Ok(Rows {
            layout,
            key_words,
            stride,
            rows: Vec::new(),
            states: Vec::new(),
            shrunk: true,
            index: index_of(SMALLEST)?,
            entered: 0,
            used: 0,
            start: 0,
        })
    }

    /// The hash of a row.
    pub fn hash(&self, row: usize) -> u64 {
        self.rows[row * self.stride]
    }

    /// The key of a row.
    pub fn key(&self, row: usize) -> &[u64] {
        let at = row * self.stride + 1;
        &self.rows[at..at + self.key_words]
    }

    /// The value of a row.
    pub fn value(&self, row: usize) -> &[u64] {
        &self.rows[row * self.stride + 1 + self.key_words..(row + 1) * self.stride]
    }

    /// The value of a row, to be changed.
    pub fn value_mut(&mut self, row: usize) -> &mut [u64] {
        self.states[row] = State::Changed;
        &mut self.rows[row * self.stride + 1 + self.key_words..(row + 1) * self.stride]
    }

    /// From here on changes are counted.
    pub fn settle(&mut self) {
        self.states.iter_mut().filter(|state| **state != State::Gone).for_each(|state| *state = State::Same);
        self.shrunk = false;
    }

    /// The rows that are new or have other values, in order; none if rows were deleted, or never settled.
    pub fn changes(&self) -> Option<impl Iterator<Item = (&[u64], &[u64])>> {
        let changed = self.states.iter().enumerate().filter(|(_, state)| **state == State::Changed);
        (!self.shrunk).then(|| changed.map(|(row, _)| (self.key(row), self.value(row))))
    }

    /// The first living row from one on.
    pub fn next(&self, row: usize) -> Option<usize> {
        let row = row.max(self.start);
        self.states.get(row..)?.iter().position(|state| *state != State::Gone).map(|offset| row + offset)
    }

    /// The last living row; the dead ones behind it are forgotten.
    pub fn last(&mut self) -> Option<usize> {
        let count = self.states.iter().rposition(|state| *state != State::Gone).map_or(0, |row| row + 1);
        self.states.truncate(count);
        self.start = self.start.min(count);
        self.rows.truncate(count * self.stride);
        count.checked_sub(1)
    }

    /// The living rows, in order.
    pub fn living(&self) -> impl Iterator<Item = usize> {
        self.states.iter().enumerate().filter(|(_, state)| **state != State::Gone).map(|(row, _)| row)
    }

    /// Their keys and values.
    pub fn entries(&self) -> impl Iterator<Item = (&[u64], &[u64])> {
        self.living().map(|row| (self.key(row), self.value(row)))
    }

    fn places(&self, hash: u64) -> impl Iterator<Item = usize> {
        let mask = self.index.len() - 1;
        // Hashes of ints are the ints: what is high in the product depends on all of their bits.
        let start = (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize;
        (0..).map(move |n| start.wrapping_add(n) & mask)
    }

    /// Where a key is in the index, and its row.
    fn place_of(&self, hash: u64, key: &[u64]) -> Done<Option<(usize, usize)>> {
        // SAFETY: it is a key of this layout, kept alive by who holds it.
        let certain = unsafe { text_hash::says_all(self.layout, hash, key) };
        for place in self.places(hash) {
            match self.index[place] {
                FREE => break,
                GONE => (),
                number => {
                    let row = number as usize - 1;
                    // SAFETY: both are keys of this layout, kept alive by those who hold them.
                    let equal = || unsafe { words::equal(self.layout, self.key(row).as_ptr(), key.as_ptr()) }.known();
                    if self.hash(row) == hash && (certain || equal()?) {
                        return Ok(Some((place, row)));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The row of a key.
    pub fn find(&self, hash: u64, key: &[u64]) -> Done<Option<usize>> {
        Ok(self.place_of(hash, key)?.map(|(_, row)| row))
    }

    /// Adds a row for a key that has none.
    pub fn add(&mut self, hash: u64, key: &[u64], value: &[u64]) -> Done {
        // A third of the index stays free of living and dead.
        if (self.entered + 1) * 3 > self.index.len() * 2 {
            self.rebuild()?;
        }
        self.rows.try_reserve(self.stride)?;
        self.states.try_reserve(1)?;
        let number = u32::try_from(self.states.len() + 1).ok().filter(|number| *number != GONE).ok_or(Stop::Memory)?;
        self.rows.push(hash);
        self.rows.extend_from_slice(key);
        self.rows.extend_from_slice(value);
        self.states.push(State::Changed);
        self.used += 1;
        self.enter(hash, number);
        Ok(())
    }

    /// Makes room for that many rows.
    pub fn reserve(&mut self, count: usize) -> Done {
        if let Some(more) = count.checked_sub(self.used) {
            self.rows.try_reserve(more.checked_mul(self.stride).ok_or(Stop::Memory)?)?;
            self.states.try_reserve(more)?;
            self.rebuild_for(count)?;
        }
        Ok(())
    }

    fn enter(&mut self, hash: u64, number: u32) {
        let place = self.places(hash).find(|place| self.index[*place] == FREE);
        if let Some(place) = place {
            self.index[place] = number;
            self.entered += 1;
        }
    }

    /// Closes the gaps that deleted rows left, and makes the index anew, with room to grow.
    fn rebuild(&mut self) -> Done {
        self.rebuild_for((self.used + 1).saturating_mul(2))
    }

    /// As [`Rows::rebuild`], with an index for that many rows.
    fn rebuild_for(&mut self, count: usize) -> Done {
        let size = (count / 2 + 1).checked_mul(3).and_then(usize::checked_next_power_of_two).ok_or(Stop::Memory)?.max(SMALLEST);
        let index = index_of(size)?;
        let mut to = 0;
        for row in 0..self.states.len() {
            if self.states[row] != State::Gone {
                self.states[to] = self.states[row];
                self.rows.copy_within(row * self.stride..(row + 1) * self.stride, to * self.stride);
                to += 1;
            }
        }
        self.rows.truncate(to * self.stride);
        self.states.truncate(to);
        self.start = 0;
        self.index = index;
        self.entered = 0;
        for row in 0..to {
            self.enter(self.hash(row), row as u32 + 1);
        }
        Ok(())
    }

    /// Deletes the row of a key; its words stay readable until a row is added.
    pub fn delete(&mut self, hash: u64, key: &[u64]) -> Done<Option<usize>> {
        let Some((place, row)) = self.place_of(hash, key)? else { return Ok(None) };
        self.index[place] = GONE;
        self.kill(row);
        Ok(Some(row))
    }

    /// Deletes a living row, as [`Rows::delete`].
    pub fn delete_row(&mut self, row: usize) {
        let number = row as u32 + 1;
        let place = self.places(self.hash(row)).find(|place| self.index[*place] == number);
        if let Some(place) = place {
            self.index[place] = GONE;
        }
        self.kill(row);
    }

    fn kill(&mut self, row: usize) {
        self.states[row] = State::Gone;
        self.shrunk = true;
        self.used -= 1;
        while self.states.get(self.start) == Some(&State::Gone) {
            self.start += 1;
        }
    }

    /// A copy without gaps.
    pub fn copy(&self, value_layout: u64) -> Done<Rows> {
        let mut copy = Rows::new(self.layout, value_layout)?;
        copy.reserve(self.used)?;
        for row in self.living() {
            copy.add(self.hash(row), self.key(row), self.value(row))?;
        }
        Ok(copy)
    }
}

fn index_of(size: usize) -> Done<Vec<u32>> {
    let mut index = Vec::new();
    index.try_reserve_exact(size)?;
    index.resize(size, FREE);
    Ok(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(rows: &Rows) -> Vec<u64> {
        rows.entries().map(|(key, _)| key[0]).collect()
    }

    #[test]
    fn rows_keep_their_order() {
        let mut rows = Rows::new(layout::SIGNED, layout::SIGNED).unwrap();
        let mut expected = Vec::new();
        let mut state = 1u64;
        for _ in 0..5000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let key = state >> 40 & 255;
            match (rows.find(key, &[key]).unwrap(), state >> 60) {
                (None, _) => {
                    rows.add(key, &[key], &[key + 1]).unwrap();
                    expected.push(key);
                }
                (Some(_), 0..8) => {
                    assert!(rows.delete(key, &[key]).unwrap().is_some());
                    expected.retain(|other| *other != key);
                }
                (Some(row), _) => assert_eq!(rows.value(row), [key + 1]),
            }
            assert_eq!(rows.used, expected.len());
        }
        assert_eq!(keys(&rows), expected);
        assert_eq!(keys(&rows.copy(layout::SIGNED).unwrap()), expected);
        while let Some(row) = rows.last() {
            assert_eq!(rows.key(row)[0], expected.pop().unwrap());
            rows.delete_row(row);
        }
        assert!(expected.is_empty() && rows.next(0).is_none());
    }
}
