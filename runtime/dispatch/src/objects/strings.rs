//! The operations that make strings of values, values of strings, and call methods: the short way where there is one, else Python's.

use crate::objects::head::{Done, Head, Stop};
use crate::objects::method::{self, Answer};
use crate::objects::operations::Words;
use crate::objects::value::Value;
use crate::objects::{format, python_text, text};
use crate::support;
use hypersonic_abi::object::{METHODS, Op};

/// Runs one of them.
///
/// # Safety
/// The words are those that the operation takes and gives.
pub unsafe fn run(op: Op, words: Words) -> Done {
    match op {
        Op::Method => call(words),
        Op::Format => {
            let (what, spec) = (words.argument(0), words.object::<Head>(1));
            let (value, _) = Value::read(words.from(2))?;
            let empty = spec.is_null() || (*spec).object.length == 0;
            let plain = match what {
                _ if empty => format::plain(words.context, value, what > 1),
                0 => format::fixed(words.context, value, spec),
                _ => None,
            };
            words.give_object(match plain {
                Some(done) => done,
                None => python_text::format(words.context, what, spec, value),
            })
        }
        Op::ParseInt => {
            let (this, base) = (words.object::<Head>(0), words.argument(1) as i64);
            let short = if matches!(base, 0 | 10) { decimal(text::points(this)?) } else { None };
            words.give(match short {
                Some(value) => value,
                None => python_text::parse_int(this, base)?,
            } as u64)
        }
        Op::ParseFloat => words.give(python_text::parse_float(words.object(0))?.to_bits()),
        Op::Print => support::state(words.context).print(words.object(0)),
        _ => Err(Stop::Python),
    }
}

/// `int` of plain digits, if it is as easy as that.
fn decimal(points: &[u32]) -> Option<i64> {
    let (sign, digits) = match points.split_first()? {
        (first, rest) if *first == u32::from(b'-') => (-1, rest),
        _ => (1, points),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    digits.iter().try_fold(0, |sum: i64, point| Some(sum * 10 + i64::from(char::from_u32(*point)?.to_digit(10)?))).map(|sum| sign * sum)
}

/// Most values that a method takes.
const MOST: usize = 64;

unsafe fn call(words: Words) -> Done {
    let name = usize::try_from(words.argument(0)).ok().and_then(|method| METHODS.get(method)).ok_or(Stop::Python)?;
    let (expected, count) = (words.argument(1), words.argument(2) as usize);
    let mut values = [Value::None; MOST];
    let mut at = 3;
    for place in values.get_mut(..count).ok_or(Stop::Python)? {
        let (value, width) = Value::read(words.from(at))?;
        *place = value;
        at += width;
    }
    let Some((this, given)) = values[..count].split_first() else { return Err(Stop::Python) };
    let short = match this {
        Value::Text(this) => method::call(words.context, name, *this, given)?,
        Value::Bytes(_) => None,
        _ => return Err(Stop::Python),
    };
    let answer = match short {
        Some(answer) if answer.kind() == expected => answer,
        _ => python_text::method(words.context, name, *this, given, expected)?,
    };
    match answer {
        Answer::Text(text) | Answer::Texts(text) => words.give(text as u64),
        Answer::Int(value) => words.give(value as u64),
        Answer::Bool(value) => words.give(u64::from(value)),
        Answer::Three(three) => {
            for (n, text) in three.into_iter().enumerate() {
                *words.results().add(n) = text as u64;
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_digits_are_read_here() {
        let points = |text: &str| text.chars().map(u32::from).collect::<Vec<u32>>();
        for (text, expected) in [("0", Some(0)), ("-12", Some(-12)), ("007", Some(7)), ("", None), ("-", None), ("+1", None), ("1_0", None)]
        {
            assert_eq!(decimal(&points(text)), expected, "{text}");
        }
    }
}
