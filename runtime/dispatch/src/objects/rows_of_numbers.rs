//! Sorting and searching rows of numbers in memory, in NumPy's order: NaN behind all numbers, complex numbers by their parts.
//! Sorting is stable throughout; no Python object is touched.

use crate::objects::head::{Done, Stop};
use crate::objects::operations::Words;
use hypersonic_abi::object::{Op, value};
use std::cmp::Ordering;
use std::slice;

/// A number with NumPy's order for sorting.
trait Sortable: Copy {
    fn order(&self, other: &Self) -> Ordering;
    /// Whether it is no number: all such are one to `np.unique`.
    fn is_missing(&self) -> bool {
        false
    }
}

macro_rules! integers {
    ($($ty:ty),*) => {
        $(impl Sortable for $ty {
            fn order(&self, other: &Self) -> Ordering {
                self.cmp(other)
            }
        })*
    };
}
integers!(i8, i16, i32, i64, u8, u16, u32, u64);

/// Real numbers in order, all NaN equal and behind them; -0.0 and 0.0 are equal.
fn real<T: PartialOrd>(x: &T, y: &T) -> Ordering {
    x.partial_cmp(y).unwrap_or_else(|| is_nan(x).cmp(&is_nan(y)))
}

#[allow(clippy::eq_op, reason = "a NaN is what is not equal to itself")]
fn is_nan<T: PartialOrd>(x: &T) -> bool {
    x != x
}

impl Sortable for f32 {
    fn order(&self, other: &Self) -> Ordering {
        real(self, other)
    }

    fn is_missing(&self) -> bool {
        self.is_nan()
    }
}

impl Sortable for f64 {
    fn order(&self, other: &Self) -> Ordering {
        real(self, other)
    }

    fn is_missing(&self) -> bool {
        self.is_nan()
    }
}

/// A complex number in memory.
#[derive(Clone, Copy)]
#[repr(C)]
struct Complex<T>(T, T);

impl<T: PartialOrd + Copy> Sortable for Complex<T> {
    /// Those with a NaN come last: first those with a NaN for the imaginary part only, then for the real, then for both.
    fn order(&self, other: &Self) -> Ordering {
        let kind = |number: &Self| (is_nan(&number.0), is_nan(&number.1));
        kind(self).cmp(&kind(other)).then_with(|| real(&self.0, &other.0)).then_with(|| real(&self.1, &other.1))
    }

    fn is_missing(&self) -> bool {
        is_nan(&self.0) || is_nan(&self.1)
    }
}

/// Does one of the operations.
///
/// # Safety
/// The words are those of the operation, and the memory at their addresses is not used by anyone else meanwhile.
pub unsafe fn run(op: Op, words: Words) -> Done {
    let dtype = match op {
        Op::Distinct => words.argument(2),
        Op::Search => words.argument(4),
        _ => words.argument(3),
    };
    match usize::try_from(dtype).ok().and_then(|dtype| value::DTYPES.get(dtype)).copied().unwrap_or_default() {
        "bool" | "uint8" => perform::<u8>(op, words),
        "int8" => perform::<i8>(op, words),
        "int16" => perform::<i16>(op, words),
        "int32" => perform::<i32>(op, words),
        "int64" => perform::<i64>(op, words),
        "uint16" => perform::<u16>(op, words),
        "uint32" => perform::<u32>(op, words),
        "uint64" => perform::<u64>(op, words),
        "float32" => perform::<f32>(op, words),
        "float64" => perform::<f64>(op, words),
        "complex64" => perform::<Complex<f32>>(op, words),
        "complex128" => perform::<Complex<f64>>(op, words),
        _ => Err(Stop::Python),
    }
}

/// Numbers in memory; of none the address does not matter.
unsafe fn numbers<'a, T>(address: u64, count: usize) -> &'a mut [T] {
    if count == 0 { &mut [] } else { slice::from_raw_parts_mut(address as *mut T, count) }
}

unsafe fn perform<T: Sortable>(op: Op, words: Words) -> Done {
    let size = |n: usize| words.argument(n) as usize;
    match op {
        Op::SortRows | Op::MiddleRows => {
            let (count, length) = (size(1), size(2));
            for row in numbers::<T>(words.argument(0), count * length).chunks_exact_mut(length.max(1)) {
                if op == Op::SortRows { row.sort_by(T::order) } else { middle(row) }
            }
            Ok(())
        }
        Op::OrderRows => {
            let (count, length) = (size(1), size(2));
            let rows = numbers::<T>(words.argument(0), count * length).chunks_exact(length.max(1));
            let places = numbers::<i64>(words.argument(4), count * length).chunks_exact_mut(length.max(1));
            for (row, places) in rows.zip(places) {
                places.iter_mut().zip(0..).for_each(|(place, n)| *place = n);
                places.sort_by(|x, y| row[*x as usize].order(&row[*y as usize]));
            }
            Ok(())
        }
        Op::Distinct => {
            let count = keep_different(numbers::<T>(words.argument(0), size(1)));
            words.give(count as u64)
        }
        _ => {
            let (row, sought) = (numbers::<T>(words.argument(0), size(1)), numbers::<T>(words.argument(2), size(3)));
            let right = words.argument(5) != 0;
            for (place, number) in numbers::<i64>(words.argument(6), sought.len()).iter_mut().zip(sought) {
                let before = |other: &T| other.order(number) == Ordering::Less || (right && other.order(number) == Ordering::Equal);
                *place = row.partition_point(before) as i64;
            }
            Ok(())
        }
    }
}

/// Puts the middle and the last where they belong.
fn middle<T: Sortable>(row: &mut [T]) {
    let half = row.len() / 2;
    if row.is_empty() {
        return;
    }
    row.select_nth_unstable_by(half, T::order);
    let (before, from) = row.split_at_mut(half);
    if from.len() == before.len() && half > 0 {
        before.select_nth_unstable_by(half - 1, T::order);
    }
    if from.len() > 1 {
        let last = from.len() - 1;
        from[1..].select_nth_unstable_by(last - 1, T::order);
    }
}

/// Sorts, and moves the different numbers to the front; gives how many there are. Of equal ones, and of all that are no numbers, the first
/// stays.
fn keep_different<T: Sortable>(row: &mut [T]) -> usize {
    let missing = row.iter().find(|number| number.is_missing()).copied();
    row.sort_by(T::order);
    let mut kept = 0;
    for n in 0..row.len() {
        let number = row[n];
        if number.is_missing() {
            break;
        }
        if kept == 0 || number.order(&row[kept - 1]) != Ordering::Equal {
            row[kept] = number;
            kept += 1;
        }
    }
    if let Some(missing) = missing {
        row[kept] = missing;
        kept += 1;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_comes_last() {
        let mut row = [f64::NAN, 1.0, f64::NEG_INFINITY, f64::INFINITY, 0.0];
        row.sort_by(Sortable::order);
        assert_eq!(row[..4], [f64::NEG_INFINITY, 0.0, 1.0, f64::INFINITY]);
        let mut row = [Complex(f64::NAN, 1.0), Complex(1.0, f64::NAN), Complex(1.0, 2.0), Complex(1.0, -2.0)];
        row.sort_by(Sortable::order);
        assert_eq!((row[0].1, row[1].1, row[2].0, row[3].1), (-2.0, 2.0, 1.0, 1.0));
        let mut row = [row[3], row[0], row[2], row[0]];
        assert_eq!(keep_different(&mut row), 2);
        assert!(row[0].1 == -2.0 && row[1].0.is_nan());
    }

    #[test]
    fn the_middle_is_where_it_belongs() {
        for length in 1..20_usize {
            let mut row: Vec<i64> = (0..length as i64).map(|n| n * 7 % 11).collect();
            let mut sorted = row.clone();
            sorted.sort_unstable();
            middle(&mut row);
            let half = length / 2;
            let places = [(length - 1) / 2, half, length - 1];
            assert!(places.iter().all(|place| row[*place] == sorted[*place]), "{row:?}");
        }
    }
}
