//! C signatures as they are written for `scipy.LowLevelCallable`: `double (int, double *, void *)`.

use hypersonic_llvm::thunk::Number;
use hypersonic_loops::Ty;
use hypersonic_ops::{Dtype, Kind};

/// A type of C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CType {
    /// `void`: as a result only.
    Void,
    /// A number.
    Number(Number),
    /// A pointer to numbers.
    Pointer(Number),
    /// `void *`.
    Anything,
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CSignature {
    /// What is returned.
    pub returns: CType,
    /// The parameters.
    pub parameters: Vec<CType>,
}

const fn signed(ty: Ty) -> Number {
    Number { ty, signed: true }
}

const fn unsigned(ty: Ty) -> Number {
    Number { ty, signed: false }
}

/// Names of numbers. `long` is that of Unix.
const NUMBERS: &[(&str, Number)] = &[
    ("double", signed(Ty::F64)),
    ("float", signed(Ty::F32)),
    ("bool", unsigned(Ty::I8)),
    ("_Bool", unsigned(Ty::I8)),
    ("npy_bool", unsigned(Ty::I8)),
    ("signed char", signed(Ty::I8)),
    ("unsigned char", unsigned(Ty::I8)),
    ("short", signed(Ty::I16)),
    ("unsigned short", unsigned(Ty::I16)),
    ("int", signed(Ty::I32)),
    ("unsigned int", unsigned(Ty::I32)),
    ("long", signed(Ty::I64)),
    ("unsigned long", unsigned(Ty::I64)),
    ("long long", signed(Ty::I64)),
    ("unsigned long long", unsigned(Ty::I64)),
    ("int8_t", signed(Ty::I8)),
    ("int16_t", signed(Ty::I16)),
    ("int32_t", signed(Ty::I32)),
    ("int64_t", signed(Ty::I64)),
    ("uint8_t", unsigned(Ty::I8)),
    ("uint16_t", unsigned(Ty::I16)),
    ("uint32_t", unsigned(Ty::I32)),
    ("uint64_t", unsigned(Ty::I64)),
    ("intptr_t", signed(Ty::I64)),
    ("ptrdiff_t", signed(Ty::I64)),
    ("npy_intp", signed(Ty::I64)),
    ("Py_ssize_t", signed(Ty::I64)),
    ("size_t", unsigned(Ty::I64)),
    ("uintptr_t", unsigned(Ty::I64)),
];

/// The number of a dtype, as C has it and as frames and arrays do; complex ones have none.
pub const fn number_of(dtype: Dtype) -> Option<Number> {
    Some(match dtype {
        Dtype::Bool | Dtype::U8 => unsigned(Ty::I8),
        Dtype::I8 => signed(Ty::I8),
        Dtype::I16 => signed(Ty::I16),
        Dtype::I32 => signed(Ty::I32),
        Dtype::I64 => signed(Ty::I64),
        Dtype::U16 => unsigned(Ty::I16),
        Dtype::U32 => unsigned(Ty::I32),
        Dtype::U64 => unsigned(Ty::I64),
        Dtype::F32 => signed(Ty::F32),
        Dtype::F64 => signed(Ty::F64),
        Dtype::C64 | Dtype::C128 => return None,
    })
}

/// The parts of a dtype's number, and how many.
pub const fn parts_of(dtype: Dtype) -> (Number, usize) {
    match (number_of(dtype), dtype) {
        (Some(number), _) => (number, 1),
        (None, Dtype::C64) => (signed(Ty::F32), 2),
        (None, _) => (signed(Ty::F64), 2),
    }
}

/// How C calls the number of a dtype.
pub const fn name_of(dtype: Dtype) -> &'static str {
    match dtype {
        Dtype::Bool => "_Bool",
        Dtype::I8 => "int8_t",
        Dtype::I16 => "int16_t",
        Dtype::I32 => "int",
        // So SciPy calls the sizes in its callbacks.
        Dtype::I64 => "intptr_t",
        Dtype::U8 => "uint8_t",
        Dtype::U16 => "uint16_t",
        Dtype::U32 => "uint32_t",
        Dtype::U64 => "uint64_t",
        Dtype::F32 => "float",
        Dtype::F64 => "double",
        Dtype::C64 => "float _Complex",
        Dtype::C128 => "double _Complex",
    }
}

/// Whether a C number may stand for a dtype: no bit is lost on the way.
pub fn takes(dtype: Dtype, given: Number) -> bool {
    let Some(own) = number_of(dtype) else { return false };
    let narrow = |ty: Ty| matches!(ty, Ty::F32) || !ty.is_float();
    match dtype.kind() {
        Kind::Float => given.ty.is_float() && (own.ty == Ty::F64 || narrow(given.ty)),
        Kind::Bool => given == own,
        Kind::Integer => {
            let (mine, other) = (width(own.ty), width(given.ty));
            !given.ty.is_float() && (other < mine && (own.signed || !given.signed) || other == mine && own.signed == given.signed)
        }
        Kind::Complex => false,
    }
}

/// Whether a result of a dtype may be returned as a C number: as C converts.
pub fn gives(dtype: Dtype, wanted: Number) -> bool {
    number_of(dtype).is_some_and(|own| own.ty.is_float() == wanted.ty.is_float())
}

const fn width(ty: Ty) -> u32 {
    match ty {
        Ty::I8 => 8,
        Ty::I16 => 16,
        Ty::I32 => 32,
        _ => 64,
    }
}

/// Reads a signature. What is wrong with it, otherwise.
pub fn parse(text: &str) -> Result<CSignature, String> {
    let Some((returns, rest)) = text.split_once('(') else { return Err(format!("`{text}` has no parameters in parentheses")) };
    let Some(inside) = rest.trim_end().strip_suffix(')') else { return Err(format!("`{text}` does not end in `)`")) };
    let returns = c_type(returns)?;
    if matches!(returns, CType::Pointer(_) | CType::Anything) {
        return Err("it returns a pointer".to_owned());
    }
    let inside = inside.trim();
    let parameters =
        if inside.is_empty() || inside == "void" { Vec::new() } else { inside.split(',').map(c_type).collect::<Result<Vec<_>, _>>()? };
    if parameters.contains(&CType::Void) {
        return Err("a parameter cannot be `void`".to_owned());
    }
    Ok(CSignature { returns, parameters })
}

fn c_type(text: &str) -> Result<CType, String> {
    let text = text.trim();
    let (base, pointer) = text.strip_suffix('*').map_or((text, false), |base| (base.trim_end(), true));
    let words: Vec<&str> = base.split_whitespace().filter(|word| *word != "const").collect();
    let base = words.join(" ");
    match (base.as_str(), pointer) {
        ("void", true) => return Ok(CType::Anything),
        ("void", false) => return Ok(CType::Void),
        _ => {}
    }
    let Some((_, number)) = NUMBERS.iter().find(|(name, _)| *name == base) else {
        return Err(format!("`{text}` is not a type that is known here"));
    };
    Ok(if pointer { CType::Pointer(*number) } else { CType::Number(*number) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_read() {
        let signature = parse("double (int, const double *, void *)").unwrap();
        assert_eq!(signature.returns, CType::Number(signed(Ty::F64)));
        assert_eq!(signature.parameters, [CType::Number(signed(Ty::I32)), CType::Pointer(signed(Ty::F64)), CType::Anything]);
        assert_eq!(parse("void(void)").unwrap().parameters, []);
        for (text, why) in [
            ("double", "parentheses"),
            ("double (x", "does not end"),
            ("double (complex)", "`complex`"),
            ("double (double **)", "not a type"),
            ("double (void)(int)", "not a type"),
            ("double * (int)", "returns a pointer"),
            ("int (double, void)", "cannot be `void`"),
        ] {
            assert!(parse(text).unwrap_err().contains(why), "{text}: {:?}", parse(text));
        }
    }

    #[test]
    fn no_bit_is_lost() {
        assert!(takes(Dtype::I64, signed(Ty::I32)) && takes(Dtype::I64, unsigned(Ty::I32)) && takes(Dtype::F64, signed(Ty::F32)));
        assert!(!takes(Dtype::I32, signed(Ty::I64)) && !takes(Dtype::F32, signed(Ty::F64)) && !takes(Dtype::I64, unsigned(Ty::I64)));
        assert!(!takes(Dtype::U64, signed(Ty::I32)) && !takes(Dtype::F64, signed(Ty::I32)) && !takes(Dtype::C128, signed(Ty::F64)));
    }
}
