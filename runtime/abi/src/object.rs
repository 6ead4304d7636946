//! Lists, sets, dicts and strings in kernels. An **object** is a [`Block`] with more words behind it; a value of such a type
//! takes one word, the address of its block, and counts as one reference. Kernels read lengths and elements in place and
//! leave the rest to [`crate::Support::object`].
//!
//! - An element takes consecutive 64-bit words, laid out as a value of its type between functions of a kernel library: scalars as in
//!   [`crate::frame`]; arrays as data, owner, extents, strides; tuples item by item; objects one word.
//! - A [`layout`] says of each word of an element what it is, four bits a word, the first word in the lowest bits; 0 ends it.
//! - Objects of arguments are copies that the runtime makes before the call; what was changed in them is written back into the
//!   Python objects when the kernel has returned or raised, and not if Python answers instead. The runtime holds a reference of its own
//!   to each while the call runs.
//! - A tuple whose length is known at run time only is a list that never changes. What is said of lists below holds for it where nothing is
//!   changed; what makes a new list of it makes a tuple.
//! - A set walks its elements in Python's order if their words say what Python hashes them to: one word is a scalar, several are a flat
//!   tuple of scalars. Sets of complex numbers, of tuples of one, and of tuples in tuples are refused as arguments and results, and are not
//!   to be walked; sets of strings have an order of their own in every process anyway.

use crate::Block;
use core::ffi::c_void;

/// What a block is: [`Block::kind`].
pub mod kind {
    /// Plain memory.
    pub const MEMORY: u64 = 0;
    /// A `list`: elements in a row.
    pub const LIST: u64 = 1;
    /// A `set`.
    pub const SET: u64 = 2;
    /// A `dict`, in order of insertion.
    pub const DICT: u64 = 3;
    /// A `str`: its code points in a row, 4 bytes each. Those of arguments may be in no memory yet (`data` is null) where a signature does not say
    /// that its kernels read them ([`crate::manifest::Signature::reads_characters`]).
    pub const STR: u64 = 4;
    /// A `tuple` of elements of one type: they lie as those of a list, and never change.
    pub const TUPLE: u64 = 5;
    /// Memory that a Python object holds, which functions from Python were given or gave. Only the runtime looks at what is in it.
    pub const SHARED: u64 = 6;
}

/// Which of Python's classes an object is, where its kind alone does not say it: [`Object::class`].
pub mod class {
    /// The class of its kind: `list`, `set`, `dict`, `str`, `tuple`.
    pub const PLAIN: u64 = 0;
    /// `collections.deque`: a list. [`super::Object::detail`] is its `maxlen` + 1, or 0.
    pub const DEQUE: u64 = 1;
    /// `collections.defaultdict`: a dict. Its `default_factory` is what makes the empty value of the type of its values.
    pub const DEFAULT_DICT: u64 = 2;
    /// The same with a `default_factory` that is not known: only Python knows what a missing key gives.
    pub const OPEN_DEFAULT_DICT: u64 = 3;
    /// `collections.Counter`: a dict.
    pub const COUNTER: u64 = 4;
    /// `collections.OrderedDict`: a dict.
    pub const ORDERED_DICT: u64 = 5;
    /// `frozenset`: a set that never changes.
    pub const FROZEN_SET: u64 = 6;
    /// `bytes`: a tuple of ints.
    pub const BYTES: u64 = 7;
    /// `bytearray`: a list of ints.
    pub const BYTEARRAY: u64 = 8;
    /// Their names, by number.
    pub const NAMES: [&str; 9] =
        ["", "deque", "defaultdict", "open defaultdict", "Counter", "OrderedDict", "frozenset", "bytes", "bytearray"];

    /// The first word of [`super::Op::New`] and the second of [`super::Op::CopyAs`]: a kind and a class.
    #[must_use]
    pub const fn word(kind: u64, class: u64) -> u64 {
        kind | class << 8
    }
}

/// Tags of a layout.
pub mod layout {
    /// A signed integer.
    pub const SIGNED: u64 = 1;
    /// An unsigned integer or a bool.
    pub const UNSIGNED: u64 = 2;
    /// The bits of a double; also each part of a complex128.
    pub const DOUBLE: u64 = 3;
    /// The bits of a float32 in the low half; also each part of a complex64.
    pub const SINGLE: u64 = 4;
    /// A reference to an object.
    pub const OBJECT: u64 = 5;
    /// The owner word of an array: a reference if its lowest bit is 0, else memory of an argument ([`crate::frame::borrowed_owner`]).
    pub const OWNER: u64 = 6;
    /// A word of an array that is not compared: address, extent, stride.
    pub const RAW: u64 = 7;
    /// Most words of an element.
    pub const MAX_WORDS: usize = 16;

    /// How the attributes of an object are dealt out, by the words that each takes: to one list of one element, or, where they are too many,
    /// to several, of which each but the last holds the next one behind its own attributes.
    pub fn groups(words: &[usize]) -> impl Iterator<Item = core::ops::Range<usize>> + '_ {
        let mut start = Some(0);
        core::iter::from_fn(move || {
            let first = start?;
            if words[first..].iter().sum::<usize>() <= MAX_WORDS {
                start = None;
                return Some(first..words.len());
            }
            let (mut end, mut used) = (first, 0);
            while end < words.len() && used + words[end] < MAX_WORDS {
                used += words[end];
                end += 1;
            }
            // What is too wide for any list is refused by whoever makes one.
            end = end.max(first + 1);
            start = Some(end).filter(|end| *end < words.len());
            Some(first..end)
        })
    }

    /// How many words an element has.
    #[must_use]
    pub const fn words(layout: u64) -> usize {
        (64 - layout.leading_zeros()).div_ceil(4) as usize
    }
}

/// What every object begins with. `block.data` is where the elements of a list, or the code points of a string, are.
#[repr(C)]
#[derive(Debug)]
pub struct Object {
    /// The header that all blocks have.
    pub block: Block,
    /// How many elements, entries, code points.
    pub length: i64,
    /// The Python object that it is a copy of; null for what kernels made. Only the runtime looks at it.
    pub origin: *mut c_void,
    /// Of a string: its hash, 0 while unknown. Only the runtime looks at it.
    pub hash: u64,
    /// How many elements a list has room for at `block.data`; how often a key was added to a dict.
    pub capacity: i64,
    /// Of an element of a list or set, of a key of a dict; nothing of a string, which ends in front of this: there may be very many
    /// of them, and what follows says nothing of strings.
    pub layout: u64,
    /// Of a value of a dict.
    pub value_layout: u64,
    /// Not 0 once it was changed: kernels that write elements in place set it.
    pub modified: u64,
    /// Which of Python's classes it is: [`class`].
    pub class: u64,
    /// What its class keeps besides elements.
    pub detail: i64,
    /// Counts what a loop over a deque or an OrderedDict must not see happen.
    pub state: u64,
    /// How many elements a list had room for in front of `block.data`: what was taken from its front.
    pub front: i64,
}

/// What [`crate::Support::object`] answers.
pub mod status {
    /// Done; the results are written.
    pub const OK: i64 = 0;
    /// Python raises here; which exception follows from the operation. The first word of the results is then a number by which the
    /// runtime knows it again: see [`super::replay`].
    pub const RAISES: i64 = 1;
    /// Out of memory.
    pub const MEMORY: i64 = 2;
    /// Only Python knows: a NaN is looked for by identity, an int leaves 64 bits, a string operation is not known.
    pub const PYTHON: i64 = 3;
}

/// Bits that say which parts of a slice were written: bounds that were not are to be taken from the direction.
pub mod slice {
    /// `start:` is given.
    pub const START: u64 = 1;
    /// `:stop` is given.
    pub const STOP: u64 = 2;
    /// `::step` is given (else 1).
    pub const STEP: u64 = 4;
}

/// What Python is made to raise where it cannot be asked to run the function, so that the exception has its own words.
pub mod replay {
    /// What an operation raised that answered [`super::status::RAISES`]: the first number of the failure is the word that it gave then.
    pub const OPERATION: &str = "operation";
    /// Unpacking into a number of names; the numbers are how many there were, and how many names.
    pub const UNPACK: &str = "unpack";
    /// Unpacking into a number of names and a starred one.
    pub const UNPACK_STARRED: &str = "unpack starred";
    /// `max` of nothing.
    pub const MAX: &str = "max";
    /// `min` of nothing.
    pub const MIN: &str = "min";
    /// What a function raised that [`super::Op::Call`] called: that very exception.
    pub const CALLED: &str = "called";

    /// What to say where there is no Python.
    #[must_use]
    pub fn words(what: &str) -> &'static str {
        match what {
            UNPACK => "the number of values to unpack is another",
            UNPACK_STARRED => "not enough values to unpack",
            MAX => "max() iterable argument is empty",
            MIN => "min() iterable argument is empty",
            _ => "",
        }
    }
}

/// How two sets are combined or compared.
pub mod combine {
    /// `a | b`.
    pub const UNION: u64 = 0;
    /// `a & b`.
    pub const INTERSECTION: u64 = 1;
    /// `a - b`.
    pub const DIFFERENCE: u64 = 2;
    /// `a ^ b`.
    pub const SYMMETRIC_DIFFERENCE: u64 = 3;
    /// `a <= b`.
    pub const SUBSET: u64 = 4;
    /// `a < b`.
    pub const PROPER_SUBSET: u64 = 5;
    /// `a.isdisjoint(b)`.
    pub const DISJOINT: u64 = 6;
}

/// What a value is that a string is made of, in front of its words.
pub mod value {
    /// None; no word.
    pub const NONE: u64 = 0;
    /// An int; one word.
    pub const INT: u64 = 1;
    /// A bool; one word.
    pub const BOOL: u64 = 2;
    /// A float; one word.
    pub const FLOAT: u64 = 3;
    /// A complex; two words.
    pub const COMPLEX: u64 = 4;
    /// An object; one word: a string, bytes, or a list of these.
    pub const OBJECT: u64 = 5;
    /// An array, `ARRAY + 8 *` the position of its dtype in [`DTYPES`] `+` its rank; its words as an element.
    pub const ARRAY: u64 = 64;
    /// A NumPy scalar, `NUMPY + ` the position of its dtype in [`DTYPES`]; as many words as in a frame.
    pub const NUMPY: u64 = 16;
    /// NumPy's dtypes by position.
    pub const DTYPES: [&str; 13] =
        ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "complex64", "complex128"];

    /// The position of a dtype in [`DTYPES`], by its name.
    #[must_use]
    pub fn position(dtype: &str) -> Option<u64> {
        DTYPES.iter().position(|name| *name == dtype).and_then(|position| u64::try_from(position).ok())
    }
}

/// What a method of a string gives.
pub mod result {
    /// A string: one word.
    pub const STR: u64 = 0;
    /// An int: one word.
    pub const INT: u64 = 1;
    /// A bool: one word.
    pub const BOOL: u64 = 2;
    /// A list of strings: one word.
    pub const STRINGS: u64 = 3;
    /// A tuple of three strings: three words.
    pub const THREE: u64 = 4;
    /// A float: one word.
    pub const FLOAT: u64 = 5;
    /// A bytes object or bytearray: one word.
    pub const BYTES: u64 = 7;
    /// A list of these: one word.
    pub const BYTES_LIST: u64 = 8;
    /// A tuple of three of these: three words.
    pub const THREE_BYTES: u64 = 9;
    /// Nothing: one word, 0.
    pub const NONE: u64 = 6;
}

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// Operations of [`crate::Support::object`], with the words that each takes and gives: `E` are the words of an element, `K` and
        /// `V` those of a key and a value of a dict. Arguments are borrowed; objects and owners in results are new references. What
        /// may be missing answers [`status::RAISES`] as noted; indices are as Python has them, negative ones from the end.
        #[repr(u64)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Op { $($(#[$doc])* $name),* }

        impl Op {
            /// All, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

operations! {
    /// `[kind and class, layout, value layout, capacity] -> [object]`: an empty list, set or dict; see [`class::word`].
    New,
    /// `[object] -> [object]`: a shallow copy.
    Copy,
    /// `[object] -> []`: empties it.
    Clear,
    /// `[a, b] -> [0 or 1]`: `a == b` of two of one type.
    Equal,
    /// `[a, b] -> [-1, 0 or 1]`: the order of two lists or strings of one type.
    Compare,
    /// `[object, layout] -> [list]`: the elements of a list, set, the keys of a dict, the characters of a string (layout OBJECT).
    ToList,
    /// `[list or set] -> [set]`: a set of the elements.
    ToSet,
    /// `[list, length] -> []`: makes room for at least that many elements; the length stays.
    Reserve,
    /// `[list, E] -> []`: appends.
    Append,
    /// `[list, index, E] -> []`: inserts before, as `list.insert`.
    Insert,
    /// `[list, index] -> [E]`: removes and gives; RAISES IndexError.
    Pop,
    /// `[list, index, E] -> []`: replaces; RAISES IndexError.
    SetItem,
    /// `[list, index] -> [E]`: RAISES IndexError.
    GetItem,
    /// `[list, index] -> []`: deletes; RAISES IndexError.
    DeleteItem,
    /// `[list or set, E] -> []`: removes it, of a list the first equal one; RAISES ValueError, of a set KeyError.
    Remove,
    /// `[list, start, stop, E] -> [index]`: RAISES ValueError.
    Index,
    /// `[list, E] -> [count]`.
    Count,
    /// `[list or set, E] -> [0 or 1]`; `[dict, K] -> [0 or 1]`.
    Contains,
    /// `[list] -> []`: reverses in place.
    Reverse,
    /// `[list, keys or 0, reverse] -> []`: sorts in place, stably; `keys`, a list as long, decides the order.
    Sort,
    /// `[list, bits, start, stop, step] -> [list]`: RAISES ValueError for a step of 0.
    Slice,
    /// `[list, bits, start, stop, step, other] -> []`: `list[start:stop:step] = other`; RAISES
    /// ValueError.
    SetSlice,
    /// `[list, bits, start, stop, step] -> []`: `del list[start:stop:step]`; RAISES ValueError.
    DeleteSlice,
    /// `[list, other] -> []`: extends by a list.
    Extend,
    /// `[a, b] -> [object]`: `a + b` of two lists or strings.
    Concatenate,
    /// `[object, n] -> [object]`: `a * n` of a list or string.
    Repeat,
    /// `[list, n] -> []`: `a *= n`.
    RepeatInPlace,
    /// `[set, E] -> []`.
    Add,
    /// `[set, E] -> [whether it was there]`.
    Discard,
    /// `[set] -> [E]`: removes one; RAISES KeyError.
    PopAny,
    /// `[a, b, how] -> [set]`: see [`combine`].
    Combine,
    /// `[a, b, how] -> []`: into `a`.
    Update,
    /// `[a, b, how] -> [0 or 1]`: see [`combine`].
    Test,
    /// `[dict, K] -> [V]`: RAISES KeyError.
    Get,
    /// `[dict, K, V] -> []`.
    Set,
    /// `[dict, K] -> []`: RAISES KeyError.
    Delete,
    /// `[dict, K] -> [V]`: removes; RAISES KeyError.
    PopKey,
    /// `[dict] -> [K, V]`: removes the last; RAISES KeyError.
    PopEntry,
    /// `[dict, other] -> []`: `update` with a dict.
    Merge,
    /// `[dict] -> [list]`: the values.
    Values,
    /// `[dict] -> [list]`: the entries, as tuples of a key and a value.
    Items,
    /// `[bytes, words...] -> [str]`: a string of UTF-8 (surrogates as three bytes each), eight bytes a word.
    Text,
    /// `[str, index] -> [str]`: a character; RAISES IndexError.
    Character,
    /// `[str, bits, start, stop, step] -> [str]`: RAISES ValueError for a step of 0.
    Substring,
    /// `[str, part] -> [0 or 1]`: `part in str`.
    HasPart,
    /// `[str] -> [code point]`: `ord`; RAISES TypeError unless it is one character.
    Ord,
    /// `[code point] -> [str]`: `chr`; RAISES ValueError.
    Chr,
    /// `[method, result, count, (value, words...)...] -> results`: a method of `str` by its position in [`METHODS`], the string itself
    /// the first of the values, those behind it for `__mod__` items of one tuple; see [`value`] and [`result`]. RAISES ValueError; PYTHON for other exceptions.
    Method,
    /// `[what, spec or 0, value, words...] -> [str]`: `format(value, spec)` (0), `str(value)` (1), `repr(value)` (2), `ascii(value)` (3). RAISES ValueError.
    Format,
    /// `[str, base or 0] -> [int]`: `int(str, base)`; RAISES ValueError, PYTHON beyond 64 bits.
    ParseInt,
    /// `[str] -> [float]`: RAISES ValueError.
    ParseFloat,
    /// `[str] -> []`: prints it to `sys.stdout` when the call has come to its end, no newline added; not if Python answers the call.
    Print,
    /// `[set or dict, position] -> [position]`: the first place from a position on (0 at the start) that holds an element or entry; -1 at the end.
    Next,
    /// `[set, position] -> [E]`: the element at a place that [`Op::Next`] gave.
    ElementAt,
    /// `[dict, position] -> [K]`: the key there.
    KeyAt,
    /// `[dict, position] -> [V]`: the value there.
    ValueAt,
    /// `[dict, K] -> [position]`: the place of a key, -1 if there is none.
    Find,
    /// `[str, index] -> [code point]`: that of a character; RAISES IndexError. Kernels do it in place.
    CodePoint,
    /// `[list or tuple] -> [tuple]`: a tuple of the elements.
    ToTuple,
    /// `[address, rows, length, dtype] -> []`: sorts rows of numbers in place, stably, in NumPy's order: NaN last, complex numbers by
    /// their parts. The rows lie one after the other in C order; a dtype is its position in [`value::DTYPES`], here as below.
    SortRows,
    /// `[address, rows, length, dtype, to] -> []`: the places (int64) of the elements of the stably sorted rows, to an address.
    OrderRows,
    /// `[address, rows, length, dtype] -> []`: moves the elements of the rows until the one or two in the middle and the last are where they are in
    /// the sorted row.
    MiddleRows,
    /// `[address, length, dtype] -> [count]`: leaves the different numbers of a row, sorted, in front; NaN counts once.
    Distinct,
    /// `[address, length, values, count, dtype, right, to] -> []`: the places (int64) where numbers belong in a sorted row, before equal ones
    /// or, if `right`, behind.
    Search,
    /// `[object, kind and class] -> [object]`: a shallow copy of a list or tuple, set, or dict as one of another class; see [`class::word`].
    CopyAs,
    /// `[length, the bytes, eight in a word...] -> [object]`: a bytes object.
    Bytes,
    /// The same object as one of another class, which nobody else has: what was made for it.
    Become,
    /// `[object] -> [detail]`: see [`Object::detail`]. Kernels do it in place, as the next three.
    Detail,
    /// `[object, detail] -> []`.
    SetDetail,
    /// `[object] -> [state]`: see [`Object::state`].
    State,
    /// `[object] -> []`: counts a change.
    Touch,
    /// `[dict] -> [count]`: how often a key was added. Kernels do it in place.
    Version,
    /// `[a, b] -> [0 or 1]`: whether two are one object. Kernels do it in place.
    Same,
    /// `[str, part] -> [str]`: `a + b`, for the variable that holds `a`: in `a` itself, if nothing else holds it and there is room; else with
    /// room to grow.
    Grow,
    /// `[function, result, count, (value, words...)...] -> [number]`: a function of Python's own modules by its position in [`FUNCTIONS`], of
    /// numbers; gives an int or a float as [`result`] says, or 0 for None. An exception is kept and raised when the call has come to its end.
    Ask,
    /// `[function, wanted, clean, count, (value, words...)...] -> [words of the result]`: calls a Python object, by its address, with numbers,
    /// arrays and `None`. What it gives must be what is wanted, as [`value`] names it (`None` gives a word 0). RAISES what the function raises. If it gives
    /// something else: PYTHON if this is the first call and `clean` says that nothing can be seen of the call yet, else RAISES TypeError.
    Call,
}

/// Functions of Python's own modules that [`Op::Ask`] calls, by position. The first [`QUIET`] change nothing.
pub const FUNCTIONS: [&str; 11] = [
    "time.time",
    "time.time_ns",
    "time.perf_counter",
    "time.perf_counter_ns",
    "time.monotonic",
    "time.monotonic_ns",
    "time.process_time",
    "time.sleep",
    "random.getrandbits",
    "random.gauss",
    "random.seed",
];

/// How many of [`FUNCTIONS`] can be asked again without anybody noticing.
pub const QUIET: usize = 7;

/// Methods of `str`, `bytes` and `bytearray` that [`Op::Method`] calls, by position.
pub const METHODS: [&str; 48] = [
    "capitalize",
    "casefold",
    "center",
    "count",
    "endswith",
    "expandtabs",
    "find",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "upper",
    "zfill",
    "__contains__",
    "__mod__",
    "encode",
    "decode",
    "hex",
    "fromhex",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_has_as_many_words_as_tags() {
        assert_eq!(layout::words(0), 0);
        assert_eq!(layout::words(layout::SIGNED), 1);
        assert_eq!(layout::words(layout::DOUBLE | layout::OBJECT << 4 | layout::RAW << 8), 3);
        assert_eq!(layout::words(u64::MAX), layout::MAX_WORDS);
    }

    #[test]
    fn attributes_are_dealt_out_with_room_for_the_next_list() {
        assert!(layout::groups(&[]).eq(std::iter::once(0..0)));
        assert!(layout::groups(&[1; 16]).eq(std::iter::once(0..16)));
        assert!(layout::groups(&[1; 17]).eq([0..15, 15..17]));
        assert!(layout::groups(&[6, 6, 6, 1]).eq([0..2, 2..4]));
        assert!(layout::groups(&[1; 40]).eq([0..15, 15..30, 30..40]));
        assert!(layout::groups(&[40, 1]).eq([0..1, 1..2]));
        assert!(layout::groups(&[1, 40]).eq([0..1, 1..2]));
    }

    #[test]
    fn operations_are_numbered_in_order() {
        assert!(Op::ALL.iter().enumerate().all(|(n, op)| *op as usize == n));
    }
}
