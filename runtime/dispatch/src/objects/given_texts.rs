//! The strings of arguments: many short headers in few pieces of memory, which all go when the call has come to its end. Characters of a byte
//! each stay where Python has them, which is where `block.next` says, until somebody wants them four bytes wide.

use crate::objects::ahead::{AHEAD, prefetch};
use crate::objects::characters::Places;
use crate::objects::head::{Done, Head, Stop, Text};
use crate::objects::text_hash;
use hypersonic_abi::Block;
use hypersonic_abi::object::kind;
use pyo3::ffi::{self, PyObject};
use std::ptr;

/// Fewest and most texts of a piece of memory.
const FEWEST: usize = 4;
const MOST: usize = 1 << 20;

/// Texts in a row. Behind the last there is room for the rest of a [`Head`].
struct Row {
    first: *mut Text,
    used: usize,
    room: usize,
}

/// The texts of a call.
#[derive(Default)]
pub struct GivenTexts {
    rows: Vec<Row>,
}

/// The characters of a string that are in no memory of ours, if that is where they are.
///
/// # Safety
/// `text` is a string.
#[inline]
pub unsafe fn narrow<'a>(text: *const Head) -> Option<&'a [u8]> {
    let object = &raw const (*text).object;
    if (*object).block.data.is_null() {
        Some(std::slice::from_raw_parts((*object).block.next.cast_const().cast(), (*object).length as usize))
    } else {
        None
    }
}

/// Makes characters that [`narrow`] gives four bytes wide.
///
/// # Safety
/// `text` is a string of an argument, `characters` what [`narrow`] gave.
#[cold]
pub unsafe fn widen(text: *const Head, characters: &[u8]) -> Done {
    let points = allocate(characters.len())?;
    for (n, byte) in characters.iter().enumerate() {
        *points.add(n) = u32::from(*byte);
    }
    let block = &raw mut (*text.cast_mut()).object.block;
    (*block).data = points.cast();
    Ok(())
}

/// Memory for code points, never null.
unsafe fn allocate(length: usize) -> Done<*mut u32> {
    let bytes = length.max(1).checked_mul(4).filter(|bytes| *bytes <= isize::MAX as usize).ok_or(Stop::Memory)?;
    let points = libc::malloc(bytes).cast::<u32>();
    if points.is_null() { Err(Stop::Memory) } else { Ok(points) }
}

impl GivenTexts {
    /// Makes room for that many texts.
    pub fn reserve(&mut self, count: usize) -> Done {
        if self.rows.last().is_none_or(|row| row.room - row.used < count.min(MOST)) {
            self.add_row(count)?;
        }
        Ok(())
    }

    fn add_row(&mut self, count: usize) -> Done {
        self.rows.try_reserve(1)?;
        let room = count.clamp(FEWEST, MOST);
        // SAFETY: any size may be asked for.
        let first = unsafe { libc::malloc(room * size_of::<Text>() + size_of::<Head>()) }.cast::<Text>();
        if first.is_null() {
            return Err(Stop::Memory);
        }
        self.rows.push(Row { first, used: 0, room });
        Ok(())
    }

    /// A string, as a reference of the call that is not counted. Its code points lie ready if `ready`, or if they must.
    ///
    /// # Safety
    /// The GIL is held, no exception is set (nor is one after), `object` is exactly a string.
    #[inline]
    pub unsafe fn add(&mut self, places: Option<Places>, object: *mut PyObject, ready: bool) -> Done<*mut Head> {
        if self.rows.last().is_none_or(|row| row.used == row.room) {
            let all: usize = self.rows.iter().map(|row| row.room).sum();
            self.add_row(all)?;
        }
        let Some(row) = self.rows.last_mut() else { return Err(Stop::Memory) };
        let (data, narrow, length, hash): (*mut u8, *const u8, usize, u64) = match places.and_then(|places| places.characters(object)) {
            Some(characters) if !ready => {
                (ptr::null_mut(), characters.as_ptr(), characters.len(), text_hash::of_short(characters).unwrap_or(0))
            }
            _ => {
                let length = ffi::PyUnicode_GetLength(object);
                let Ok(size) = usize::try_from(length) else {
                    ffi::PyErr_Clear();
                    return Err(Stop::Python);
                };
                let points = allocate(size)?;
                if size > 0 && ffi::PyUnicode_AsUCS4(object, points, length, 0).is_null() {
                    libc::free(points.cast());
                    ffi::PyErr_Clear();
                    return Err(Stop::Memory);
                }
                (points.cast(), ptr::null(), size, 0)
            }
        };
        ffi::Py_INCREF(object);
        let next = narrow.cast_mut().cast();
        let block = Block { data, references: 1, bytes: 0, next, previous: ptr::null_mut(), kind: kind::STR };
        let place = row.first.add(row.used);
        place.write(Text { block, length: length as i64, origin: object.cast(), hash, capacity: 0 });
        row.used += 1;
        Ok(place.cast())
    }

    /// Ends all of them.
    ///
    /// # Safety
    /// The GIL is held; nothing refers to them any more.
    pub unsafe fn drop_all(&mut self) {
        for row in self.rows.drain(..) {
            for n in 0..row.used {
                let text = row.first.add(n);
                prefetch((*row.first.add((n + AHEAD).min(row.used - 1))).origin.cast());
                if !(*text).block.data.is_null() {
                    libc::free((*text).block.data.cast());
                }
                ffi::Py_DECREF((*text).origin.cast());
            }
            libc::free(row.first.cast());
        }
    }
}
