//! [`hypersonic_abi::Support::object`]: from the number of an operation to the function that does it.

use crate::objects::dict::{self, Part};
use crate::objects::head::{Done, Head, Stop};
use crate::objects::slice::{self, Range};
use crate::objects::{asked, called, classes, list, replay, rows_of_numbers, set, sort, strings, text, words};
use hypersonic_abi::Context;
use hypersonic_abi::object::{Op, class, kind, layout, status};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The words that an operation takes, and where those that it gives go.
#[derive(Clone, Copy)]
pub struct Words {
    /// Of the running call.
    pub context: *mut Context,
    arguments: *const u64,
    results: *mut u64,
}

impl Words {
    /// An argument.
    pub unsafe fn argument(self, n: usize) -> u64 {
        *self.arguments.add(n)
    }

    /// Where arguments begin from one on.
    pub unsafe fn from(self, n: usize) -> *const u64 {
        self.arguments.add(n)
    }

    /// An argument that is an object.
    pub unsafe fn object<T>(self, n: usize) -> *mut T {
        self.argument(n) as *mut T
    }

    unsafe fn range(self, n: usize, length: i64) -> Done<Range> {
        Range::new([self.argument(n), self.argument(n + 1), self.argument(n + 2), self.argument(n + 3)], length)
    }

    /// How long the slice of [`Op::SetSlice`] is, of a list of that length; -1 for a step of 0.
    pub unsafe fn sliced(self, length: i64) -> i64 {
        self.range(1, length).map_or(-1, |range| range.count)
    }

    /// Gives a word.
    pub unsafe fn give(self, word: u64) -> Done {
        *self.results = word;
        Ok(())
    }

    /// Gives an object.
    pub unsafe fn give_object<T>(self, object: Done<*mut T>) -> Done {
        self.give(object? as u64)
    }

    /// Where results go.
    pub fn results(self) -> *mut u64 {
        self.results
    }
}

/// For kernels on the CPU.
pub extern "C" fn operate(context: *mut Context, op: u64, arguments: *const u64, results: *mut u64) -> i64 {
    let Some(op) = usize::try_from(op).ok().and_then(|op| Op::ALL.get(op)) else { return status::PYTHON };
    let words = Words { context, arguments, results };
    // SAFETY: a kernel passes the context it was given, and the words that the operation is documented to take and give.
    let done = catch_unwind(AssertUnwindSafe(|| unsafe { run(*op, words) }));
    match done {
        Ok(Ok(())) => status::OK,
        Ok(Err(stop)) => {
            if stop == Stop::Raises {
                // SAFETY: as above.
                unsafe { replay::remember(*op, words) };
            }
            stop.status()
        }
        Err(_) => status::PYTHON,
    }
}

/// For kernels on a GPU, which have no objects.
pub extern "C" fn none(_: *mut Context, _: u64, _: *const u64, _: *mut u64) -> i64 {
    status::PYTHON
}

unsafe fn run(op: Op, words: Words) -> Done {
    match op {
        Op::Version => words.give((*words.object::<Head>(0)).object.capacity as u64),
        Op::Same => words.give(u64::from(words.argument(0) == words.argument(1))),
        Op::New | Op::Copy | Op::Clear | Op::Equal | Op::Compare | Op::ToList | Op::ToSet | Op::ToTuple => run_on_any(op, words),
        Op::Contains | Op::Concatenate | Op::Repeat | Op::Next | Op::CopyAs | Op::Become => run_on_any(op, words),
        Op::Detail | Op::SetDetail | Op::State | Op::Touch => run_on_head(op, words),
        Op::Slice | Op::SetSlice | Op::DeleteSlice => run_on_slice(op, words),
        Op::Add | Op::Discard | Op::PopAny | Op::ElementAt | Op::Combine | Op::Update | Op::Test => run_on_set(op, words),
        Op::Get
        | Op::Set
        | Op::Delete
        | Op::PopKey
        | Op::PopEntry
        | Op::Merge
        | Op::Values
        | Op::Items
        | Op::Find
        | Op::KeyAt
        | Op::ValueAt => run_on_dict(op, words),
        Op::Text | Op::Bytes | Op::Grow | Op::Character | Op::CodePoint | Op::Substring | Op::HasPart | Op::Ord | Op::Chr => {
            run_on_text(op, words)
        }
        Op::SortRows | Op::OrderRows | Op::MiddleRows | Op::Distinct | Op::Search => rows_of_numbers::run(op, words),
        Op::Ask => asked::ask(words),
        Op::Call => called::call(words),
        Op::Method | Op::Format | Op::ParseInt | Op::ParseFloat | Op::Print => strings::run(op, words),
        _ => run_on_list(op, words),
    }
}

/// What several kinds of objects have.
unsafe fn run_on_any(op: Op, words: Words) -> Done {
    let context = words.context;
    let this: *mut Head = words.object(0);
    if op == Op::New {
        let (kind, class) = kind_and_class(words.argument(0));
        let made: *mut Head = match kind {
            kind::LIST => list::new(context, words.argument(1), words.argument(3) as i64)?,
            kind::SET => set::new(context, words.argument(1))?.cast(),
            kind::DICT => dict::new(context, words.argument(1), words.argument(2))?.cast(),
            kind::STR => return words.give_object(text::new(context, 0)),
            _ => return Err(Stop::Python),
        };
        (*made).object.class = class;
        return words.give_object(Ok(made));
    }
    if op == Op::Become {
        let (kind, class) = kind_and_class(words.argument(1));
        (*this).object.block.kind = kind;
        (*this).object.class = class;
        return words.give_object(Ok(text::shared(this)));
    }
    if op == Op::CopyAs {
        return words.give_object(copied_as(context, this, words.argument(1)));
    }
    match (op, (*this).kind()) {
        (Op::Same, _) => words.give(u64::from(words.argument(0) == words.argument(1))),
        (Op::Copy, kind::LIST) => words.give_object(alike(this, copied(context, this))),
        (Op::Copy, kind::SET) => words.give_object(alike(this, set::copy(context, this.cast()).map(|set| set.cast::<Head>()))),
        (Op::Copy, kind::DICT) => words.give_object(alike(this, dict::copy(context, this.cast()).map(|dict| dict.cast::<Head>()))),
        (Op::Copy, _) => words.give_object(Ok(text::shared(this))),
        (Op::Clear, kind::LIST) => {
            list::clear(context, this);
            Ok(())
        }
        (Op::Clear, kind::SET) => set::clear(context, this.cast()),
        (Op::Clear, kind::DICT) => dict::clear(context, this.cast()),
        (Op::Equal, _) => words.give(u64::from(words::objects_equal(this, words.object(1)).known()?)),
        (Op::Compare, _) => {
            let mut unknown = false;
            let order = words::objects_order(this, words.object(1), &mut unknown);
            if unknown { Err(Stop::Python) } else { words.give(order as i64 as u64) }
        }
        (Op::ToTuple, kind::TUPLE) if (*this).object.class == class::PLAIN => words.give_object(Ok(text::shared(this))),
        (Op::ToTuple, kind::LIST | kind::TUPLE) => words.give_object(as_tuple(copied(context, this)?)),
        (Op::ToList, kind::LIST | kind::TUPLE) => words.give_object(copied(context, this)),
        (Op::ToList, kind::SET) => words.give_object(set_to_list(context, this.cast())),
        (Op::ToList, kind::DICT) => words.give_object(dict::listed(context, this.cast(), Part::Keys)),
        (Op::ToList, _) => words.give_object(text::all_letters(context, this)),
        (Op::ToSet, kind::SET) => words.give_object(set::copy(context, this.cast())),
        (Op::ToSet, kind::LIST | kind::TUPLE) => words.give_object(set::of_list(context, this)),
        (Op::Contains, kind::LIST | kind::TUPLE) => words.give(u64::from(list::contains(this, words.from(1))?)),
        (Op::Contains, kind::SET) => words.give(u64::from(set::contains(this.cast(), words.from(1))?)),
        (Op::Contains, kind::DICT) => words.give(u64::from(dict::contains(this.cast(), words.from(1))?)),
        (Op::Next, kind::SET) => words.give(place(set::next(this.cast(), words.argument(1)))),
        (Op::Next, kind::DICT) => words.give(place(dict::next(this.cast(), words.argument(1)))),
        (Op::Concatenate, kind::LIST | kind::TUPLE) => {
            let other: *mut Head = words.object(1);
            let length = (*this).object.length.checked_add((*other).object.length).ok_or(Stop::Memory)?;
            let result = list::new(context, (*this).object.layout, length)?;
            list::append_row(result, list::at(this, 0), (*this).length())?;
            list::append_row(result, list::at(other, 0), (*other).length())?;
            words.give_object(alike(this, Ok(result)))
        }
        (Op::Concatenate, kind::STR) => words.give_object(text::concatenate(context, this, words.object(1))),
        (Op::Repeat, kind::LIST | kind::TUPLE) => words.give_object(alike(this, list::repeat(context, this, words.argument(1) as i64))),
        (Op::Repeat, kind::STR) => words.give_object(text::repeat(context, this, words.argument(1) as i64)),
        _ => Err(Stop::Python),
    }
}

/// A list of the elements of a list or tuple.
unsafe fn copied(context: *mut Context, this: *mut Head) -> Done<*mut Head> {
    slice::get(context, this, Range::new([0; 4], (*this).object.length)?)
}

fn kind_and_class(word: u64) -> (u64, u64) {
    (word & 0xff, word >> 8)
}

/// What was made of an object, of its class.
unsafe fn alike(this: *mut Head, made: Done<*mut Head>) -> Done<*mut Head> {
    let made = made?;
    (*made).become_like(&*this);
    Ok(made)
}

/// A copy of another class, which keeps nothing of its own yet.
unsafe fn copied_as(context: *mut Context, this: *mut Head, word: u64) -> Done<*mut Head> {
    let (kind, class) = kind_and_class(word);
    let made: *mut Head = match (*this).kind() {
        kind::LIST | kind::TUPLE => copied(context, this)?,
        kind::SET => set::copy(context, this.cast())?.cast(),
        kind::DICT => dict::copy(context, this.cast())?.cast(),
        _ => return Err(Stop::Python),
    };
    (*made).object.block.kind = kind;
    (*made).object.class = class;
    Ok(made)
}

/// What kernels do in place.
unsafe fn run_on_head(op: Op, words: Words) -> Done {
    let this: *mut Head = words.object(0);
    let object = &mut (*this).object;
    match op {
        Op::Detail => words.give(object.detail as u64),
        Op::SetDetail => {
            object.detail = words.argument(1) as i64;
            Ok(())
        }
        Op::State => words.give(object.state),
        Op::Touch => {
            object.state += 1;
            object.modified = 1;
            Ok(())
        }
        _ => Err(Stop::Python),
    }
}

/// A list that nobody else has as a tuple.
unsafe fn as_tuple(list: *mut Head) -> Done<*mut Head> {
    (*list).object.block.kind = kind::TUPLE;
    Ok(list)
}

/// A place as a word: -1 if there is none.
fn place(found: Option<usize>) -> u64 {
    found.map_or(u64::MAX, |place| place as u64)
}

unsafe fn set_to_list(context: *mut Context, set: *mut set::Set) -> Done<*mut Head> {
    let list = list::new(context, (*set).table.layout, (*set).table.used as i64)?;
    for element in (*set).table.elements() {
        list::append(list, element.as_ptr())?;
    }
    Ok(list)
}

unsafe fn run_on_list(op: Op, words: Words) -> Done {
    let context = words.context;
    let this: *mut Head = words.object(0);
    let second = || words.argument(1) as i64;
    match op {
        Op::Reserve => list::grow(this, second().saturating_sub((*this).object.length)),
        Op::Append => list::append(this, words.from(1)),
        Op::Insert => list::insert(this, second(), words.from(2)),
        Op::Pop => list::pop(this, second(), words.results()),
        Op::SetItem => list::set_item(context, this, second(), words.from(2)),
        Op::GetItem => list::get_item(this, second(), words.results()),
        Op::DeleteItem => list::delete_item(context, this, second()),
        Op::Remove if (*this).kind() == kind::SET => {
            if set::discard(context, this.cast(), words.from(1))? {
                Ok(())
            } else {
                Err(Stop::Raises)
            }
        }
        Op::Remove => {
            let index = list::index(this, 0, i64::MAX, words.from(1))?;
            list::delete_item(context, this, index)
        }
        Op::Index => words.give(list::index(this, second(), words.argument(2) as i64, words.from(3))? as u64),
        Op::Count => words.give(list::count(this, words.from(1))?),
        Op::Reverse => {
            list::reverse(this);
            Ok(())
        }
        Op::Sort => sort::sort(this, words.object(1), words.argument(2) != 0),
        Op::Extend => {
            let other: *mut Head = words.object(1);
            let count = (*other).length();
            list::grow(this, count as i64)?;
            list::append_row(this, list::at(other, 0), count)
        }
        Op::RepeatInPlace => list::repeat_in_place(context, this, second()),
        _ => Err(Stop::Python),
    }
}

unsafe fn run_on_slice(op: Op, words: Words) -> Done {
    let this: *mut Head = words.object(0);
    let range = words.range(1, (*this).object.length);
    match op {
        Op::Slice => words.give_object(alike(this, slice::get(words.context, this, range?))),
        Op::DeleteSlice => slice::delete(words.context, this, range?),
        _ => slice::set(words.context, this, range?, words.object(5)),
    }
}

unsafe fn run_on_set(op: Op, words: Words) -> Done {
    let context = words.context;
    let this: *mut set::Set = words.object(0);
    match op {
        Op::Add => set::add(this, words.from(1)),
        Op::Discard => words.give(u64::from(set::discard(context, this, words.from(1))?)),
        Op::PopAny => set::pop(this, words.results()),
        Op::ElementAt => set::element_at(this, words.argument(1), words.results()),
        Op::Combine => {
            let made = set::combined(context, this, words.object(1), words.argument(2)).map(|set| set.cast::<Head>());
            words.give_object(alike(words.object(0), made))
        }
        Op::Update if (*words.object::<Head>(1)).kind() == kind::DICT => set::update_with_keys(this, words.object(1)),
        Op::Update => set::update(context, this, words.object(1), words.argument(2)),
        _ => words.give(u64::from(set::test(this, words.object(1), words.argument(2))?)),
    }
}

unsafe fn run_on_dict(op: Op, words: Words) -> Done {
    let context = words.context;
    let this: *mut dict::Dict = words.object(0);
    let key = words.from(1);
    match op {
        Op::Get => dict::get(this, key, words.results()),
        Op::Set => dict::set(context, this, key, key.add(layout::words((*this).head.object.layout))),
        Op::Delete => dict::delete(context, this, key),
        Op::PopKey => dict::pop(context, this, key, words.results()),
        Op::PopEntry => dict::pop_entry(this, words.results()),
        Op::Find => words.give(place(dict::find(this, key)?)),
        Op::KeyAt => dict::at(this, words.argument(1), Part::Keys, words.results()),
        Op::ValueAt => dict::at(this, words.argument(1), Part::Values, words.results()),
        Op::Merge => dict::merge(context, this, words.object(1)),
        Op::Values => words.give_object(dict::listed(context, this, Part::Values)),
        _ => words.give_object(dict::listed(context, this, Part::Items)),
    }
}

unsafe fn run_on_text(op: Op, words: Words) -> Done {
    let context = words.context;
    match op {
        Op::Text => {
            let bytes = match words.argument(0) as usize {
                0 => &[],
                bytes => std::slice::from_raw_parts(words.from(1).cast::<u8>(), bytes),
            };
            words.give_object(text::of_utf8(context, bytes))
        }
        Op::Bytes => {
            let bytes = match words.argument(0) as usize {
                0 => &[],
                bytes => std::slice::from_raw_parts(words.from(1).cast::<u8>(), bytes),
            };
            words.give_object(classes::of_bytes(context, kind::TUPLE, class::BYTES, bytes))
        }
        Op::Grow => words.give_object(text::grow(context, words.object(0), words.object(1))),
        Op::CodePoint => {
            let character = text::character(context, words.object(0), words.argument(1) as i64)?;
            words.give(text::ord(character)?)
        }
        Op::Character => words.give_object(text::character(context, words.object(0), words.argument(1) as i64)),
        Op::Substring => {
            let this: *mut Head = words.object(0);
            let range = words.range(1, (*this).object.length)?;
            if range.step == 1 && range.count == (*this).object.length {
                return words.give_object(Ok(text::shared(this)));
            }
            words.give_object(text::substring(context, this, range))
        }
        Op::HasPart => words.give(u64::from(text::find(text::points(words.object(0))?, text::points(words.object(1))?).is_some())),
        Op::Ord => words.give(text::ord(words.object(0)).map_err(|_| Stop::Raises)?),
        _ => words.give_object(text::chr(context, words.argument(0) as i64)),
    }
}
