//! Functions around entries, for callers that have no frames: plain C functions, and the loops of ufuncs. Described here, written by
//! `text::thunk`.

use hypersonic_loops::Ty;

/// A function around an entry of the same module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thunk {
    /// Its name, without what symbols of a level end in.
    pub name: String,
    /// The entry's.
    pub entry: String,
    /// How it is called.
    pub form: Form,
}

/// How a thunk is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// As a C function with numbers and pointers.
    Plain(Plain),
    /// As the inner loop of a ufunc: `void (char **, const intptr_t *count, const intptr_t *steps, void *)`.
    Loop(Loop),
}

/// A number of C. Its type is none of `I1` and `Ptr`; a bool is an unsigned byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its type.
    pub ty: Ty,
    /// Whether an integer is signed.
    pub signed: bool,
}

/// A plain C function. What it gives if the entry fails: NaN or 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// Its parameters; `None` for a pointer.
    pub parameters: Vec<Option<Number>>,
    /// The frame of arguments.
    pub words: Vec<Word>,
    /// How many words the frame of results has.
    pub result_words: usize,
    /// Words of the results that are stored where a parameter points: the parameter, the word, the number as the frame has it.
    pub stores: Vec<(usize, usize, Number)>,
    /// What it returns.
    pub returns: Returns,
}

/// A word of the frame of arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// A parameter that is a number, as this type of number.
    Number(usize, Number),
    /// A parameter that is a pointer.
    Pointer(usize),
    /// Always the same.
    Constant(i64),
}

/// What a plain C function returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returns {
    /// Nothing.
    Nothing,
    /// 1, or 0 if the entry fails, as a C `int`.
    Status,
    /// The word of the results, the number as the frame has it, the number that is returned.
    Word(usize, Number, Number),
}

/// The loop of a ufunc: of each element, the numbers that it is made of (complex ones have two parts of one type).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loop {
    /// Of each argument, the type of its parts and their count.
    pub inputs: Vec<(Number, usize)>,
    /// Of the result.
    pub output: (Number, usize),
}
