//! The methods of strings that programs call most, on code points, without Python: where the answer needs nothing but what ASCII says, or
//! nothing of what characters are. Everything else is Python's.

use crate::objects::head::{Done, Head, Stop};
use crate::objects::text::Characters;
use crate::objects::value::Value;
use crate::objects::{list, text};
use hypersonic_abi::Context;
use hypersonic_abi::object::{layout, result};
use std::ptr;

/// What a method gave.
pub enum Answer {
    /// A string.
    Text(*mut Head),
    /// An int.
    Int(i64),
    /// A bool.
    Bool(bool),
    /// A list of strings.
    Texts(*mut Head),
    /// Three strings.
    Three([*mut Head; 3]),
}

impl Answer {
    /// The number of the contract.
    pub const fn kind(&self) -> u64 {
        match self {
            Answer::Text(_) => result::STR,
            Answer::Int(_) => result::INT,
            Answer::Bool(_) => result::BOOL,
            Answer::Texts(_) => result::STRINGS,
            Answer::Three(_) => result::THREE,
        }
    }
}

/// Calls a method; `None` if Python must be asked.
///
/// # Safety
/// `context` is of a running call, of which the string and the values are.
pub unsafe fn call(context: *mut Context, method: &str, this: *mut Head, given: &[Value]) -> Done<Option<Answer>> {
    let all = text::points(this)?;
    Ok(Some(match (method, given) {
        ("join", [Value::Texts(parts)]) if (**parts).object.layout == layout::OBJECT => Answer::Text(join(context, this, *parts)?),
        ("find", [Value::Text(part)]) => Answer::Int(text::find(all, text::points(*part)?).map_or(-1, |at| at as i64)),
        ("index", [Value::Text(part)]) => Answer::Int(text::find(all, text::points(*part)?).ok_or(Stop::Raises)? as i64),
        ("count", [Value::Text(part)]) => Answer::Int(count(all, text::points(*part)?)),
        ("__contains__", [Value::Text(part)]) => Answer::Bool(text::find(all, text::points(*part)?).is_some()),
        ("startswith", [Value::Text(part)]) => Answer::Bool(all.starts_with(text::points(*part)?)),
        ("endswith", [Value::Text(part)]) => Answer::Bool(all.ends_with(text::points(*part)?)),
        ("removeprefix", [Value::Text(part)]) => Answer::Text(piece(context, this, all.strip_prefix(text::points(*part)?).unwrap_or(all))?),
        ("removesuffix", [Value::Text(part)]) => Answer::Text(piece(context, this, all.strip_suffix(text::points(*part)?).unwrap_or(all))?),
        ("replace", [Value::Text(old), Value::Text(new)]) if (**old).object.length > 0 => {
            Answer::Text(replace(context, this, text::points(*old)?, text::points(*new)?)?)
        }
        ("split", [Value::Text(separator)]) if (**separator).object.length > 0 => {
            Answer::Texts(split_at(context, all, text::points(*separator)?)?)
        }
        ("partition", [Value::Text(separator)]) if (**separator).object.length > 0 => partition(context, this, *separator)?,
        ("strip" | "lstrip" | "rstrip", [Value::Text(unwanted)]) => {
            let unwanted = text::points(*unwanted)?;
            Answer::Text(piece(context, this, stripped(all, method, |point| unwanted.contains(&point)))?)
        }
        ("ljust" | "rjust", [Value::Int(width)]) => Answer::Text(padded(context, this, *width, method == "rjust")?),
        ("zfill", [Value::Int(width)]) => Answer::Text(zero_filled(context, this, *width)?),
        ("isascii", []) => Answer::Bool(is_ascii(all)),
        _ if is_ascii(all) => return ascii(context, method, this, given),
        _ => return Ok(None),
    }))
}

/// What is simple where all characters are ASCII.
unsafe fn ascii(context: *mut Context, method: &str, this: *mut Head, given: &[Value]) -> Done<Option<Answer>> {
    let all = text::points(this)?;
    let is = |test: fn(&u8) -> bool| Answer::Bool(!all.is_empty() && all.iter().all(|point| test(&(*point as u8))));
    Ok(Some(match (method, given) {
        ("upper", []) => Answer::Text(mapped(context, all, u8::to_ascii_uppercase)?),
        ("lower" | "casefold", []) => Answer::Text(mapped(context, all, u8::to_ascii_lowercase)?),
        ("isdigit" | "isdecimal" | "isnumeric", []) => is(u8::is_ascii_digit),
        ("isalpha", []) => is(u8::is_ascii_alphabetic),
        ("isalnum", []) => is(u8::is_ascii_alphanumeric),
        ("isspace", []) => is(|byte| is_space(u32::from(*byte))),
        ("strip" | "lstrip" | "rstrip", [] | [Value::None]) => Answer::Text(piece(context, this, stripped(all, method, is_space))?),
        ("split", [] | [Value::None]) => Answer::Texts(words_of(context, all)?),
        ("splitlines", []) => Answer::Texts(lines_of(context, all)?),
        _ => return Ok(None),
    }))
}

fn is_ascii(points: &[u32]) -> bool {
    points.iter().all(|point| *point < 0x80)
}

/// White space of ASCII, as `str.isspace` has it.
fn is_space(point: u32) -> bool {
    matches!(point, 0x09..=0x0d | 0x1c..=0x20)
}

/// A part of a string; the string itself if it is all of it.
unsafe fn piece(context: *mut Context, this: *mut Head, part: &[u32]) -> Done<*mut Head> {
    if part.len() == (*this).length() { Ok(text::shared(this)) } else { text::of_points(context, part) }
}

unsafe fn mapped(context: *mut Context, points: &[u32], map: fn(&u8) -> u8) -> Done<*mut Head> {
    let result = text::new(context, points.len())?;
    for (to, from) in text::points_mut(result).iter_mut().zip(points) {
        *to = u32::from(map(&(*from as u8)));
    }
    Ok(result)
}

fn count(all: &[u32], part: &[u32]) -> i64 {
    if part.is_empty() {
        return all.len() as i64 + 1;
    }
    let (mut rest, mut count) = (all, 0);
    while let Some(at) = text::find(rest, part) {
        rest = &rest[at + part.len()..];
        count += 1;
    }
    count
}

fn stripped<'a>(all: &'a [u32], method: &str, unwanted: impl Fn(u32) -> bool) -> &'a [u32] {
    let wanted = |point: &u32| !unwanted(*point);
    let start = if method == "rstrip" { 0 } else { all.iter().position(wanted).unwrap_or(all.len()) };
    let stop = if method == "lstrip" { all.len() } else { all.iter().rposition(wanted).map_or(start, |last| last + 1) };
    &all[start..stop.max(start)]
}

/// Writes pieces one after the other.
struct Writer<'a> {
    rest: &'a mut [u32],
}

impl Writer<'_> {
    fn write(&mut self, characters: Characters<'_>) {
        let length = match characters {
            Characters::Narrow(bytes) => bytes.len(),
            Characters::Wide(points) => points.len(),
        };
        let (place, rest) = std::mem::take(&mut self.rest).split_at_mut(length);
        characters.write(place);
        self.rest = rest;
    }
}

unsafe fn join(context: *mut Context, this: *mut Head, parts: *mut Head) -> Done<*mut Head> {
    let parts: &[u64] = list::all_words(parts);
    if let [only] = parts {
        return Ok(text::shared(*only as *mut Head));
    }
    let gaps = (*this).length().checked_mul(parts.len().saturating_sub(1)).ok_or(Stop::Memory)?;
    let length = parts.iter().try_fold(gaps, |sum, part| sum.checked_add((*(*part as *mut Head)).length())).ok_or(Stop::Memory)?;
    let result = text::new(context, length)?;
    let mut writer = Writer { rest: text::points_mut(result) };
    for (n, part) in parts.iter().enumerate() {
        if n > 0 {
            writer.write(text::characters(this));
        }
        writer.write(text::characters(*part as *mut Head));
    }
    Ok(result)
}

unsafe fn replace(context: *mut Context, this: *mut Head, old: &[u32], new: &[u32]) -> Done<*mut Head> {
    let all = text::points(this)?;
    let count = count(all, old) as usize;
    if count == 0 {
        return Ok(text::shared(this));
    }
    let added = new.len().checked_mul(count).ok_or(Stop::Memory)?;
    let result = text::new(context, all.len() - old.len() * count + added)?;
    let mut writer = Writer { rest: text::points_mut(result) };
    let mut rest = all;
    while let Some(at) = text::find(rest, old) {
        writer.write(Characters::Wide(&rest[..at]));
        writer.write(Characters::Wide(new));
        rest = &rest[at + old.len()..];
    }
    writer.write(Characters::Wide(rest));
    Ok(result)
}

/// Adds a new string to a list.
unsafe fn add(context: *mut Context, to: *mut Head, points: &[u32]) -> Done {
    let text = text::of_points(context, points)? as u64;
    list::push(to, ptr::from_ref(&text))
}

unsafe fn split_at(context: *mut Context, all: &[u32], separator: &[u32]) -> Done<*mut Head> {
    let result = list::new(context, layout::OBJECT, 0)?;
    let mut rest = all;
    while let Some(at) = text::find(rest, separator) {
        add(context, result, &rest[..at])?;
        rest = &rest[at + separator.len()..];
    }
    add(context, result, rest)?;
    Ok(result)
}

unsafe fn words_of(context: *mut Context, all: &[u32]) -> Done<*mut Head> {
    let result = list::new(context, layout::OBJECT, 0)?;
    for word in all.split(|point| is_space(*point)).filter(|word| !word.is_empty()) {
        add(context, result, word)?;
    }
    Ok(result)
}

unsafe fn lines_of(context: *mut Context, all: &[u32]) -> Done<*mut Head> {
    const RETURN: u32 = 0x0d;
    const FEED: u32 = 0x0a;
    let result = list::new(context, layout::OBJECT, 0)?;
    let mut rest = all;
    while !rest.is_empty() {
        let end = rest.iter().position(|point| matches!(point, 0x0a..=0x0d | 0x1c..=0x1e)).unwrap_or(rest.len());
        add(context, result, &rest[..end])?;
        let width = if rest[end..].starts_with(&[RETURN, FEED]) { 2 } else { 1 };
        rest = rest.get(end + width..).unwrap_or(&[]);
    }
    Ok(result)
}

unsafe fn partition(context: *mut Context, this: *mut Head, separator: *mut Head) -> Done<Answer> {
    let all = text::points(this)?;
    let Some(at) = text::find(all, text::points(separator)?) else {
        return Ok(Answer::Three([text::shared(this), text::new(context, 0)?, text::new(context, 0)?]));
    };
    let before = text::of_points(context, &all[..at])?;
    let after = text::of_points(context, &all[at + (*separator).length()..])?;
    Ok(Answer::Three([before, text::shared(separator), after]))
}

/// With spaces on the right, or on the left.
unsafe fn padded(context: *mut Context, this: *mut Head, width: i64, left: bool) -> Done<*mut Head> {
    let all = text::points(this)?;
    if width <= all.len() as i64 {
        return Ok(text::shared(this));
    }
    let result = text::new(context, width as usize)?;
    let points = text::points_mut(result);
    points.fill(u32::from(b' '));
    let start = if left { points.len() - all.len() } else { 0 };
    points[start..start + all.len()].copy_from_slice(all);
    Ok(result)
}

/// With zeros behind the sign.
unsafe fn zero_filled(context: *mut Context, this: *mut Head, width: i64) -> Done<*mut Head> {
    let all = text::points(this)?;
    if width <= all.len() as i64 {
        return Ok(text::shared(this));
    }
    let result = text::new(context, width as usize)?;
    let points = text::points_mut(result);
    let start = points.len() - all.len();
    points.fill(u32::from(b'0'));
    points[start..].copy_from_slice(all);
    if all.first().is_some_and(|point| *point == u32::from(b'+') || *point == u32::from(b'-')) {
        points[0] = all[0];
        points[start] = u32::from(b'0');
    }
    Ok(result)
}
