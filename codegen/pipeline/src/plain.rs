//! How a C signature and the signature of a function fit together: which C parameters make the frame of arguments, and where the
//! result goes.
//!
//! Parameters are taken in order. A number takes a number; an array of one axis a pointer with its length behind it or in front of it, or a
//! pointer alone if its extent is fixed. The result is returned if C wants such a number; otherwise its numbers go where the next
//! pointers point, and C gets 1, or 0 after a failure. A last `void *` that nothing takes is ignored.

use crate::c_signature::{self, CSignature, CType, gives, name_of, number_of, takes};
use hypersonic_llvm::thunk::{Number, Plain, Returns, Word};
use hypersonic_loops::Ty;
use hypersonic_ops::{Dtype, Type};
use hypersonic_scan::ParameterType;

/// Why they do not fit.
pub type Why = String;

/// The C signature that the types alone have.
pub fn derived(parameters: &[ParameterType], result: &Type) -> Result<String, Why> {
    let mut words = Vec::new();
    for parameter in parameters {
        match parameter {
            ParameterType::Scalar(dtype, _) => words.push(c_name(*dtype)?.to_owned()),
            ParameterType::Array { dtype, ndim: 1, extents, .. } => {
                words.push(format!("{} *", c_name(*dtype)?));
                if extents.first().copied().flatten().is_none() {
                    words.push("intptr_t".to_owned());
                }
            }
            ParameterType::LiteralBool(_) | ParameterType::LiteralInt(_) | ParameterType::LiteralText(_) | ParameterType::None => {}
            other => return Err(no_form(other)),
        }
    }
    let returns = match result {
        Type::None => "int",
        Type::Scalar(dtype, _) => c_name(*dtype)?,
        _ => return Err("it returns more than one number".to_owned()),
    };
    Ok(format!("{returns} ({})", if words.is_empty() { "void".to_owned() } else { words.join(", ") }))
}

fn c_name(dtype: Dtype) -> Result<&'static str, Why> {
    number_of(dtype).map(|_| name_of(dtype)).ok_or_else(|| format!("`{}` has no plain C form", dtype.name()))
}

fn no_form(parameter: &ParameterType) -> Why {
    format!("`{parameter}` has no plain C form")
}

/// Fits a signature to a C signature.
pub fn fit(parameters: &[ParameterType], result: &Type, c: &CSignature) -> Result<Plain, Why> {
    let mut fitting = Fitting { c, next: 0, words: Vec::new() };
    for parameter in parameters {
        fitting.parameter(parameter)?;
    }
    let Fitting { mut next, words, .. } = fitting;
    let mut numbers = Vec::new();
    flatten(result, &mut numbers)?;
    let mut stores = Vec::new();
    let number = |dtype: Dtype| number_of(dtype).ok_or_else(|| format!("`{}` has no plain C form", dtype.name()));
    let returns = match (c.returns, numbers.as_slice()) {
        (CType::Number(wanted), [one]) if gives(*one, wanted) => Returns::Word(0, number(*one)?, wanted),
        (returns, _) => {
            for (word, dtype) in numbers.iter().enumerate() {
                let own = number(*dtype)?;
                if c.parameters.get(next) != Some(&CType::Pointer(own)) {
                    return Err(format!("the result, a {}, is neither returned nor is there a pointer left for it", dtype.name()));
                }
                stores.push((next, word, own));
                next += 1;
            }
            match returns {
                CType::Void => Returns::Nothing,
                CType::Number(Number { ty: Ty::I32, signed: true }) => Returns::Status,
                _ => return Err("the C function returns a number, the function does not".to_owned()),
            }
        }
    };
    if c.parameters.get(next) == Some(&CType::Anything) {
        next += 1;
    }
    if next < c.parameters.len() {
        return Err(format!("parameter {} of the C function has no counterpart", next + 1));
    }
    let as_number = |ty: &CType| if let CType::Number(number) = ty { Some(*number) } else { None };
    Ok(Plain { parameters: c.parameters.iter().map(as_number).collect(), words, result_words: numbers.len(), stores, returns })
}

fn flatten(result: &Type, numbers: &mut Vec<Dtype>) -> Result<(), Why> {
    match result {
        Type::None => Ok(()),
        Type::Scalar(dtype, _) => {
            numbers.push(*dtype);
            Ok(())
        }
        Type::Tuple(items) => items.iter().try_for_each(|item| flatten(item, numbers)),
        other => Err(format!("it returns `{other}`")),
    }
}

struct Fitting<'c> {
    c: &'c CSignature,
    next: usize,
    words: Vec<Word>,
}

impl Fitting<'_> {
    fn take(&mut self) -> Option<(usize, CType)> {
        let at = self.next;
        let found = *self.c.parameters.get(at)?;
        self.next += 1;
        Some((at, found))
    }

    fn parameter(&mut self, parameter: &ParameterType) -> Result<(), Why> {
        match parameter {
            ParameterType::None | ParameterType::LiteralBool(_) | ParameterType::LiteralInt(_) | ParameterType::LiteralText(_) => Ok(()),
            ParameterType::Scalar(dtype, _) => match (self.take(), number_of(*dtype)) {
                (Some((at, CType::Number(given))), Some(own)) if takes(*dtype, given) => {
                    self.words.push(Word::Number(at, own));
                    Ok(())
                }
                (None, _) => Err(too_few(parameter)),
                (Some((at, _)), _) => Err(format!("parameter {} of the C function does not fit `{parameter}`", at + 1)),
            },
            ParameterType::Array { dtype, ndim: 1, extents, .. } => {
                let fixed = extents.first().copied().flatten();
                let (pointer, length) = self.array(parameter, *dtype, fixed)?;
                let size = i64::try_from(dtype.size()).unwrap_or(8);
                self.words.extend([Word::Pointer(pointer), length, Word::Constant(size)]);
                Ok(())
            }
            other => Err(no_form(other)),
        }
    }

    /// The pointer, and the word of the length.
    fn array(&mut self, parameter: &ParameterType, dtype: Dtype, fixed: Option<i64>) -> Result<(usize, Word), Why> {
        const LENGTH: Number = Number { ty: Ty::I64, signed: true };
        let is_pointer = |ty: CType| match ty {
            CType::Pointer(number) => number_of(dtype) == Some(number),
            CType::Anything => fixed.is_some(),
            _ => false,
        };
        let is_length = |ty: CType| matches!(ty, CType::Number(number) if takes(Dtype::I64, number) || number.ty == Ty::I64);
        let (at, first) = self.take().ok_or_else(|| too_few(parameter))?;
        let wrong = |at: usize| format!("parameter {} of the C function does not fit `{parameter}`", at + 1);
        if let Some(extent) = fixed {
            return if is_pointer(first) { Ok((at, Word::Constant(extent))) } else { Err(wrong(at)) };
        }
        let (behind, second) = self.take().ok_or_else(|| format!("there is no length for `{parameter}`"))?;
        if is_pointer(first) && is_length(second) {
            Ok((at, Word::Number(behind, LENGTH)))
        } else if is_length(first) && is_pointer(second) {
            Ok((behind, Word::Number(at, LENGTH)))
        } else {
            Err(wrong(at))
        }
    }
}

fn too_few(parameter: &ParameterType) -> Why {
    format!("the C function has no parameter for `{parameter}`")
}

/// Reads a C signature and fits it.
pub fn of_text(parameters: &[ParameterType], result: &Type, text: &str) -> Result<Plain, Why> {
    fit(parameters, result, &c_signature::parse(text)?)
}
