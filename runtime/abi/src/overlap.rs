//! Whether two arrays share memory, asked of their descriptors: what a store asks before it reads one array and writes another.

/// An array as a frame describes it.
#[derive(Clone, Copy, Debug)]
pub struct Array<'f> {
    /// Address of its first element.
    pub data: u64,
    /// Its extents.
    pub shape: &'f [i64],
    /// Bytes from one element to the next, per axis.
    pub strides: &'f [i64],
    /// Bytes of an element.
    pub size: i64,
}

impl<'f> Array<'f> {
    /// Reads a descriptor: the address, the extents, the strides.
    #[must_use]
    pub fn read(words: &'f [i64], size: i64) -> Option<Self> {
        let (data, rest) = words.split_first()?;
        let (shape, strides) = rest.split_at_checked(rest.len() / 2)?;
        Some(Self { data: data.cast_unsigned(), shape, strides, size })
    }

    /// The first address of its elements and the one after the last. For an array without elements they are near it.
    fn range(&self) -> (u64, u64) {
        let (mut low, mut high) = (self.data, self.data.wrapping_add_signed(self.size));
        for (extent, stride) in self.shape.iter().zip(self.strides) {
            let reach = extent.wrapping_sub(1).wrapping_mul(*stride);
            low = low.wrapping_add_signed(reach.min(0));
            high = high.wrapping_add_signed(reach.max(0));
        }
        (low, high)
    }

    fn is(&self, other: &Self) -> bool {
        self.data == other.data && self.shape == other.shape && self.strides == other.strides
    }
}

/// Whether the memory of two arrays overlaps. With `unless_same`, not if they are the same elements at the same indices.
#[must_use]
pub fn overlap(x: &Array<'_>, y: &Array<'_>, unless_same: bool) -> bool {
    let ((low, high), (other_low, other_high)) = (x.range(), y.range());
    low < other_high && other_low < high && !(unless_same && x.is(y))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array<'f>(words: &'f [i64]) -> Array<'f> {
        Array::read(words, 8).unwrap()
    }

    #[test]
    fn ranges_that_meet_overlap() {
        let whole = [1000, 10, 8];
        assert!(overlap(&array(&whole), &array(&whole), false));
        assert!(!overlap(&array(&whole), &array(&whole), true));
        assert!(overlap(&array(&whole), &array(&[1008, 9, 8]), true), "shifted");
        assert!(overlap(&array(&whole), &array(&[1072, 10, -8]), true), "backwards");
        assert!(!overlap(&array(&whole), &array(&[1080, 10, 8]), false), "right behind");
        assert!(!overlap(&array(&whole), &array(&[992, 1, 8]), false), "right before");
        assert!(overlap(&array(&[1000, 2, 5, 40, 8]), &array(&[1032, 1, 1, 0, 0]), true), "two axes");
        assert!(overlap(&array(&[1000]), &array(&whole), true), "no axis");
    }
}
