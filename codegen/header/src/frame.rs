//! The parameters of a C function, and what they put into the frame of arguments and take out of that of results.

use crate::ctype::{self, c_type, dtype_of};
use crate::names::Taken;
use hypersonic_abi::manifest::{NamedKind, Signature, ValueType};
use std::collections::BTreeSet;

/// A signature as C sees it.
#[derive(Default)]
pub struct Frame {
    /// Parameters of the C function: `double x`.
    pub parameters: Vec<String>,
    /// Words of the frame of arguments, as expressions.
    pub words: Vec<String>,
    /// Statements that take the results out.
    pub results: Vec<String>,
    /// Parameters for the results.
    pub result_parameters: Vec<String>,
    /// Words of the frame of results.
    pub result_words: usize,
    /// Types of array results: dtype, rank.
    pub array_types: BTreeSet<(String, u32)>,
    /// Whether arrays are among the arguments.
    pub takes_arrays: bool,
    /// Whether all of them may lie as they like.
    pub any_strides: bool,
    /// Whether one of them is in Fortran's order.
    pub fortran: bool,
    strided: bool,
    arrays: u32,
}

impl Frame {
    /// Of a signature, for arrays of any strides or for contiguous ones. Why it has none, otherwise.
    pub fn of(signature: &Signature, names: &[String], strided: bool) -> Result<Self, String> {
        if !signature.sets.is_empty() {
            return Err("it sets attributes of an object".to_owned());
        }
        let mut frame = Self { strided, any_strides: true, ..Self::default() };
        let mut taken = Taken::default();
        // What the bodies of the functions call their own.
        for own in ["arguments", "results", "context", "status", "error", "result"] {
            taken.fresh(own);
        }
        for (at, kind) in signature.parameters.iter().enumerate() {
            let name = names.get(at).map_or("x", String::as_str);
            frame.argument(kind, name, &signature.writes, &mut taken)?;
        }
        frame.result(&signature.result, "result")?;
        Ok(frame)
    }

    fn argument(&mut self, kind: &ValueType, name: &str, writes: &[u32], taken: &mut Taken) -> Result<(), String> {
        match kind {
            ValueType::None | ValueType::Literal(_) | ValueType::Type(_) | ValueType::Module(_) => {}
            ValueType::Python(dtype) | ValueType::Numpy(dtype) => {
                let dtype = dtype_of(dtype);
                let name = taken.fresh(name);
                self.parameters.push(format!("{} {name}", c_type(dtype).ok_or_else(|| unknown(dtype))?));
                self.words.extend(ctype::to_words(dtype, &name));
            }
            ValueType::Array { dtype, ndim, extents, order } => {
                self.array(name, (dtype, *ndim), extents, order.as_deref(), writes, taken)?;
            }
            ValueType::Tuple(items) | ValueType::Slice(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.argument(item, &format!("{name}_{at}"), writes, taken)?;
                }
            }
            // What it is in kernels: the items of a tuple, the number of a member.
            ValueType::Named(named) if named.kind != NamedKind::Object => self.argument(&named.value, name, writes, taken)?,
            ValueType::List(_)
            | ValueType::Sequence(_)
            | ValueType::Special(..)
            | ValueType::Set(_)
            | ValueType::Dict(_)
            | ValueType::Str
            | ValueType::Named(_)
            | ValueType::Callable(_)
            | ValueType::This
            | ValueType::Optional(_) => {
                return Err(no_form(kind));
            }
        }
        Ok(())
    }

    /// A pointer, the extents that are not fixed, the strides if they are asked for.
    fn array(
        &mut self,
        name: &str,
        (dtype, ndim): (&str, u32),
        extents: &[Option<i64>],
        order: Option<&str>,
        writes: &[u32],
        taken: &mut Taken,
    ) -> Result<(), String> {
        let constant = if writes.contains(&self.arrays) { "" } else { "const " };
        let (ty, pointer) = (c_type(dtype).ok_or_else(|| unknown(dtype))?, taken.fresh(name));
        self.arrays += 1;
        self.takes_arrays = true;
        self.any_strides &= order.is_none();
        self.fortran |= order == Some("F");
        self.parameters.push(format!("{constant}{ty} *{pointer}"));
        self.words.push(format!("hypersonic_of_pointer({pointer})"));
        let mut shape = Vec::new();
        for axis in 0..ndim as usize {
            shape.push(match extents.get(axis).copied().flatten() {
                Some(extent) => format!("(uint64_t){extent}"),
                None => {
                    let extent = taken.fresh(&format!("{pointer}_shape{axis}"));
                    self.parameters.push(format!("int64_t {extent}"));
                    format!("(uint64_t){extent}")
                }
            });
        }
        self.words.extend(shape.iter().cloned());
        for axis in 0..ndim as usize {
            self.words.push(if self.strided {
                let stride = taken.fresh(&format!("{pointer}_stride{axis}"));
                self.parameters.push(format!("int64_t {stride}"));
                format!("(uint64_t){stride}")
            } else {
                let inner = if order == Some("F") { &shape[..axis] } else { &shape[axis + 1..] };
                let factors = std::iter::once(format!("(uint64_t){}", ctype::size(dtype))).chain(inner.iter().cloned());
                factors.collect::<Vec<_>>().join(" * ")
            });
        }
        Ok(())
    }

    fn result(&mut self, kind: &ValueType, name: &str) -> Result<(), String> {
        match kind {
            ValueType::None | ValueType::Literal(_) | ValueType::Type(_) | ValueType::Module(_) => {}
            ValueType::Python(dtype) | ValueType::Numpy(dtype) => {
                let dtype = dtype_of(dtype);
                self.result_parameters.push(format!("{} *{name}", c_type(dtype).ok_or_else(|| unknown(dtype))?));
                self.results.extend(ctype::from_words(dtype, self.result_words, name));
                self.result_words += ctype::words(dtype);
            }
            ValueType::Array { dtype, ndim, .. } => {
                let (ty, at, rank) = (c_type(dtype).ok_or_else(|| unknown(dtype))?, self.result_words, *ndim as usize);
                self.array_types.insert((dtype.clone(), *ndim));
                self.result_parameters.push(format!("{} *{name}", array_type(dtype, *ndim)));
                self.results.push(format!("{name}->memory = hypersonic_take(&context, results[{at}]);"));
                self.results.push(format!("{name}->data = ({ty} *)(uintptr_t)results[{}];", at + 1));
                for axis in 0..rank {
                    self.results.push(format!("{name}->shape[{axis}] = (int64_t)results[{}];", at + 2 + axis));
                    self.results.push(format!("{name}->strides[{axis}] = (int64_t)results[{}];", at + 2 + rank + axis));
                }
                self.result_words += hypersonic_abi::frame::array_result_words(rank);
            }
            ValueType::Tuple(items) | ValueType::Slice(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.result(item, &format!("{name}_{at}"))?;
                }
            }
            // What it is in kernels: the items of a tuple, the number of a member.
            ValueType::Named(named) if named.kind != NamedKind::Object => self.result(&named.value, name)?,
            ValueType::List(_)
            | ValueType::Sequence(_)
            | ValueType::Special(..)
            | ValueType::Set(_)
            | ValueType::Dict(_)
            | ValueType::Str
            | ValueType::Named(_)
            | ValueType::Callable(_)
            | ValueType::This
            | ValueType::Optional(_) => {
                return Err(no_form(kind));
            }
        }
        Ok(())
    }
}

/// The structure that an array result is.
pub fn array_type(dtype: &str, ndim: u32) -> String {
    format!("hypersonic_{dtype}_{ndim}d")
}

fn unknown(dtype: &str) -> String {
    format!("`{dtype}` has no C form")
}

fn no_form(kind: &ValueType) -> String {
    let what = match kind {
        ValueType::List(_) => "a list",
        ValueType::Sequence(_) => "a tuple of any length",
        ValueType::Set(_) => "a set",
        ValueType::Dict(_) => "a dict",
        ValueType::Special(..) => "an object of another container class",
        ValueType::Named(_) => "an object with attributes",
        ValueType::Optional(_) => "what may be `None`",
        ValueType::Callable(_) => "a function from Python",
        ValueType::This => "the object of a method",
        _ => "a string",
    };
    format!("{what} has no C form")
}
