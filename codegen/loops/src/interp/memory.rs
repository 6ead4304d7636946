//! Simulated memory: segments far apart, so that no access strays from one into the next.

use super::Trap;
use crate::ir::Ty;

/// Distance between the addresses of two segments.
const STRIDE: u64 = 1 << 40;

/// Segments of bytes and what `random.random()` gives.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    segments: Vec<Option<Vec<u8>>>,
    /// What [`crate::SupportRow::PythonRandom`] gives, one after the other; 0.5 when used up.
    pub random: Vec<f64>,
    /// Whether allocations fail.
    pub refuse_allocation: bool,
}

impl Memory {
    /// Adds a segment; gives its address, aligned to 64 bytes.
    pub fn add(&mut self, bytes: Vec<u8>) -> u64 {
        self.segments.push(Some(bytes));
        self.segments.len() as u64 * STRIDE
    }

    /// Adds a segment of floats.
    pub fn add_doubles(&mut self, numbers: &[f64]) -> u64 {
        self.add(numbers.iter().flat_map(|number| number.to_le_bytes()).collect())
    }

    /// Adds a segment of 64-bit integers.
    pub fn add_words(&mut self, numbers: &[u64]) -> u64 {
        self.add(numbers.iter().flat_map(|number| number.to_le_bytes()).collect())
    }

    /// The bytes of the segment at this address; none if it was freed.
    #[must_use]
    pub fn bytes(&self, address: u64) -> Option<&[u8]> {
        let index = usize::try_from((address / STRIDE).checked_sub(1)?).ok()?;
        self.segments.get(index)?.as_deref()
    }

    /// The segment at this address as floats.
    #[must_use]
    pub fn doubles(&self, address: u64) -> Vec<f64> {
        self.words(address).into_iter().map(f64::from_bits).collect()
    }

    /// The segment at this address as 64-bit integers.
    #[must_use]
    pub fn words(&self, address: u64) -> Vec<u64> {
        let (words, _) = self.bytes(address).unwrap_or_default().as_chunks::<8>();
        words.iter().map(|word| u64::from_le_bytes(*word)).collect()
    }

    /// How many segments are live.
    #[must_use]
    pub fn live(&self) -> usize {
        self.segments.iter().flatten().count()
    }

    /// Frees the segment at this address.
    pub fn free(&mut self, address: u64) {
        if let Some(index) = (address / STRIDE).checked_sub(1).and_then(|index| usize::try_from(index).ok())
            && let Some(segment) = self.segments.get_mut(index)
        {
            *segment = None;
        }
    }

    /// Reads an element.
    pub(super) fn load(&self, ty: Ty, address: u64) -> Result<u64, Trap> {
        let size = ty.size();
        let start = self.place(address, size)?;
        let segment = self.bytes(address).ok_or(Trap::OutOfBounds(address, size))?;
        let bytes = segment.get(start..start + size as usize).ok_or(Trap::OutOfBounds(address, size))?;
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        Ok(u64::from_le_bytes(word))
    }

    /// Writes an element.
    pub(super) fn store(&mut self, ty: Ty, address: u64, bits: u64) -> Result<(), Trap> {
        let size = ty.size();
        let start = self.place(address, size)?;
        let index = usize::try_from(address / STRIDE - 1).map_err(|_| Trap::OutOfBounds(address, size))?;
        let segment = self.segments.get_mut(index).and_then(Option::as_mut).ok_or(Trap::OutOfBounds(address, size))?;
        let place = segment.get_mut(start..start + size as usize).ok_or(Trap::OutOfBounds(address, size))?;
        place.copy_from_slice(&bits.to_le_bytes()[..size as usize]);
        Ok(())
    }

    fn place(&self, address: u64, size: u64) -> Result<usize, Trap> {
        if self.bytes(address).is_none() {
            return Err(Trap::OutOfBounds(address, size));
        }
        if !address.is_multiple_of(size) {
            return Err(Trap::Misaligned(address));
        }
        usize::try_from(address % STRIDE).map_err(|_| Trap::OutOfBounds(address, size))
    }
}
