//! Values that strings are made of, as operations take them: a kind, then its words.

use crate::dtype::Dtype;
use crate::objects::head::{Done, Head, Stop};
use hypersonic_abi::object::{class, kind, value};

/// A value.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// `None`.
    None,
    /// An int.
    Int(i64),
    /// A bool.
    Bool(bool),
    /// A float.
    Float(f64),
    /// A complex.
    Complex(f64, f64),
    /// A string.
    Text(*mut Head),
    /// A list of strings, or of bytes.
    Texts(*mut Head),
    /// A bytes object or bytearray.
    Bytes(*mut Head),
    /// An array: its dtype, its rank, and its words as an element.
    Array(Dtype, usize, *const u64),
    /// A NumPy scalar and its words.
    Numpy(Dtype, [u64; 2]),
}

impl Value {
    /// The value at `words`, and how many words it takes.
    ///
    /// # Safety
    /// They are those of a value.
    pub unsafe fn read(words: *const u64) -> Done<(Value, usize)> {
        let word = |n: usize| *words.add(n);
        Ok(match *words {
            value::NONE => (Value::None, 1),
            value::INT => (Value::Int(word(1) as i64), 2),
            value::BOOL => (Value::Bool(word(1) != 0), 2),
            value::FLOAT => (Value::Float(f64::from_bits(word(1))), 2),
            value::COMPLEX => (Value::Complex(f64::from_bits(word(1)), f64::from_bits(word(2))), 3),
            value::OBJECT => {
                let head = word(1) as *mut Head;
                match ((*head).kind(), (*head).object.class) {
                    (kind::STR, _) => (Value::Text(head), 2),
                    (kind::LIST | kind::TUPLE, class::BYTES | class::BYTEARRAY) => (Value::Bytes(head), 2),
                    (kind::LIST, _) => (Value::Texts(head), 2),
                    _ => return Err(Stop::Python),
                }
            }
            other if other >= value::ARRAY => {
                let (position, rank) = ((other - value::ARRAY) / 8, (other % 8) as usize);
                let dtype = *Dtype::ALL.get(position as usize).ok_or(Stop::Python)?;
                (Value::Array(dtype, rank, words.add(1)), 3 + 2 * rank)
            }
            other => {
                let position = other.checked_sub(value::NUMPY).ok_or(Stop::Python)?;
                let dtype = *Dtype::ALL.get(position as usize).ok_or(Stop::Python)?;
                if matches!(dtype, Dtype::Complex64 | Dtype::Complex128) {
                    (Value::Numpy(dtype, [word(1), word(2)]), 3)
                } else {
                    (Value::Numpy(dtype, [word(1), 0]), 2)
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dtypes_stand_in_the_order_of_the_contract() {
        assert!(Dtype::ALL.iter().map(|dtype| dtype.name()).eq(value::DTYPES));
    }
}
