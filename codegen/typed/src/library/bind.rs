//! Matching the arguments of a call to the parameters of its row in the table. Which values they may have is the
//! business of whoever asks for them.

use crate::ir::{Constant, Expr, ExprKind};
use crate::library::{Arguments, Surroundings, make};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::table::Operation;
use hypersonic_ops::table::signature::{Parameter, parameters};
use hypersonic_ops::{Dtype, Flavor, Type};

/// A call of an operation: its row, its arguments by parameter, and what surrounds it.
pub(super) struct Call<'a> {
    pub(super) surroundings: &'a mut dyn Surroundings,
    pub(super) operation: &'static Operation,
    /// As the user may have written it: `np.sum`, `.sum()`.
    pub(super) shown: String,
    pub(super) span: Span,
    parameters: Vec<Parameter>,
    values: Vec<Option<Expr>>,
    rest: Vec<Expr>,
}

/// A full name as a user writes it.
pub(super) fn shown(name: &str) -> String {
    if let Some(rest) = name.strip_prefix("numpy.") {
        return format!("np.{rest}");
    }
    if let Some(rest) = name.strip_prefix("ndarray.") {
        return format!(".{rest}");
    }
    name.strip_prefix("builtins.").unwrap_or(name).to_owned()
}

impl<'a> Call<'a> {
    /// Binds the arguments.
    pub(super) fn bind(
        surroundings: &'a mut dyn Surroundings,
        operation: &'static Operation,
        name: &str,
        arguments: Arguments,
    ) -> Result<Self, Diagnostic> {
        let parameters = parameters(operation.signature);
        let mut call = Self {
            surroundings,
            operation,
            shown: shown(name),
            span: arguments.span,
            values: vec![None; parameters.len()],
            parameters,
            rest: Vec::new(),
        };
        call.place_positional(arguments.positional)?;
        for (keyword, value) in arguments.keywords {
            call.place_keyword(&keyword, value)?;
        }
        for (place, parameter) in call.parameters.iter().enumerate() {
            match &call.values[place] {
                None if parameter.default.is_none() && !parameter.rest => {
                    let title = format!("`{}` misses its argument `{}`", call.shown, parameter.name);
                    return Err(Diagnostic::new(Id::TypeError, title, call.span, "called here"));
                }
                Some(value) if parameter.refused && !is_default(value, parameter.default.unwrap_or_default()) => {
                    let title = format!("`{}` is not compiled with the argument `{}`", call.shown, parameter.name);
                    let diagnostic = Diagnostic::new(Id::UnsupportedCall, title, value.span, "given here");
                    return Err(diagnostic.with_hint(hint_for(parameter.name)));
                }
                _ => {}
            }
        }
        Ok(call)
    }

    fn place_positional(&mut self, values: Vec<Expr>) -> Result<(), Diagnostic> {
        let mut place = 0;
        let count = values.len();
        for value in values {
            match self.parameters.get(place).filter(|parameter| parameter.positional) {
                Some(parameter) if parameter.rest => self.rest.push(value),
                Some(_) => {
                    self.values[place] = Some(value);
                    place += 1;
                }
                None => {
                    let title = format!("`{}` takes {place} positional arguments and is given {count}", self.shown);
                    return Err(Diagnostic::new(Id::TypeError, title, value.span, "one too many"));
                }
            }
        }
        Ok(())
    }

    fn place_keyword(&mut self, keyword: &str, value: Expr) -> Result<(), Diagnostic> {
        let Some(place) = self.parameters.iter().position(|parameter| parameter.name == keyword && !parameter.rest) else {
            let title = format!("`{}` has no compiled argument `{keyword}`", self.shown);
            let known: Vec<_> = self.parameters.iter().filter(|parameter| !parameter.refused).map(|parameter| parameter.name).collect();
            let diagnostic = Diagnostic::new(Id::UnsupportedCall, title, value.span, "given here");
            return Err(diagnostic.with_hint(format!("its compiled arguments are: {}", known.join(", "))));
        };
        if self.values[place].is_some() {
            let title = format!("`{}` is given `{keyword}` twice", self.shown);
            return Err(Diagnostic::new(Id::TypeError, title, value.span, "the second time"));
        }
        self.values[place] = Some(value);
        Ok(())
    }

    /// Takes a required argument.
    pub(super) fn take(&mut self, name: &str) -> Result<Expr, Diagnostic> {
        self.take_given(name).ok_or_else(|| {
            let title = format!("the row of `{}` has no parameter `{name}`", self.shown);
            Diagnostic::new(Id::Internal, title, self.span, "called here")
        })
    }

    /// Takes an argument if it is given.
    pub(super) fn take_given(&mut self, name: &str) -> Option<Expr> {
        let place = self.parameters.iter().position(|parameter| parameter.name == name)?;
        self.values[place].take()
    }

    /// Whether an argument is given that was not taken yet.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.parameters.iter().zip(&self.values).any(|(parameter, value)| parameter.name == name && value.is_some())
    }

    /// Takes an argument that is neither absent nor None.
    pub(super) fn take_some(&mut self, name: &str) -> Option<Expr> {
        self.take_given(name).filter(|value| value.ty != Type::None)
    }

    /// Puts an argument back.
    pub(super) fn give(&mut self, name: &str, value: Expr) {
        if let Some(place) = self.parameters.iter().position(|parameter| parameter.name == name) {
            self.values[place] = Some(value);
        }
    }

    /// Takes the arguments behind the last named parameter.
    pub(super) fn take_rest(&mut self) -> Vec<Expr> {
        std::mem::take(&mut self.rest)
    }

    /// Takes the arguments of `*name`, which one tuple may hold too.
    pub(super) fn take_spread(&mut self) -> Vec<Expr> {
        let mut rest = self.take_rest();
        if rest.len() == 1 && matches!(rest[0].ty, Type::Tuple(_)) {
            let tuple = rest.remove(0);
            return self.items(tuple);
        }
        rest
    }

    /// Takes a constant bool.
    pub(super) fn take_flag(&mut self, name: &str, default: bool) -> Result<bool, Diagnostic> {
        match self.take_some(name) {
            None => Ok(default),
            Some(value) => make::constant_bool(&value).ok_or_else(|| self.refuse(name, &value, "it must be a constant `True` or `False`")),
        }
    }

    /// Takes a dtype.
    pub(super) fn take_dtype(&mut self, name: &str) -> Result<Option<Dtype>, Diagnostic> {
        match self.take_some(name) {
            None => Ok(None),
            Some(value) => self.dtype_of(name, &value).map(Some),
        }
    }

    /// The dtype that an argument names.
    pub(super) fn dtype_of(&self, name: &str, value: &Expr) -> Result<Dtype, Diagnostic> {
        match &value.ty {
            Type::DtypeValue(dtype, _) => Ok(*dtype),
            Type::Text(text) => dtype_named(text).ok_or_else(|| self.refuse(name, value, "this dtype is not compiled")),
            _ => Err(self.refuse(name, value, "it must be a dtype that is known when compiling, such as `np.float64` or `x.dtype`")),
        }
    }

    /// The items of a tuple.
    pub(super) fn items(&mut self, tuple: Expr) -> Vec<Expr> {
        items(self.surroundings, tuple)
    }

    /// Says that an argument cannot be compiled as it is.
    pub(super) fn refuse(&self, parameter: &str, value: &Expr, why: &str) -> Diagnostic {
        let title = format!("`{}` is not compiled with this `{parameter}`", self.shown);
        Diagnostic::new(Id::UnsupportedCall, title, value.span, format!("`{}`", value.ty)).with_hint(why)
    }

    /// Says that Python or NumPy would raise TypeError.
    pub(super) fn mistyped(&self, value: &Expr, why: impl Into<String>) -> Diagnostic {
        let title = format!("`{}` is not defined for `{}`", self.shown, value.ty);
        Diagnostic::new(Id::TypeError, title, value.span, why)
    }
}

/// The items of a tuple, each free to be used once; the value itself if it is none.
pub(super) fn items(surroundings: &mut dyn Surroundings, tuple: Expr) -> Vec<Expr> {
    let Type::Tuple(types) = &tuple.ty else { return vec![tuple] };
    let types = types.clone();
    if let ExprKind::Tuple(items) = tuple.kind {
        return items;
    }
    let span = tuple.span;
    let tuple = make::shared(surroundings, tuple);
    let item = |(place, ty)| Expr { ty, kind: ExprKind::TupleItem(Box::new(tuple.clone()), place), span };
    types.into_iter().enumerate().map(item).collect()
}

/// The dtype of a name or type code, as `np.dtype(text)` reads it.
pub(super) fn dtype_named(text: &str) -> Option<Dtype> {
    let text = text.trim_start_matches(['=', '<', '|']);
    Dtype::from_name(text).or(match text {
        "float" | "double" | "f8" => Some(Dtype::F64),
        "single" | "f4" => Some(Dtype::F32),
        "int" | "long" | "i8" | "intp" => Some(Dtype::I64),
        "i4" | "intc" => Some(Dtype::I32),
        "i2" => Some(Dtype::I16),
        "i1" => Some(Dtype::I8),
        "u8" | "uint" | "uintp" => Some(Dtype::U64),
        "u4" => Some(Dtype::U32),
        "u2" => Some(Dtype::U16),
        "u1" => Some(Dtype::U8),
        "complex" | "c16" => Some(Dtype::C128),
        "c8" => Some(Dtype::C64),
        "bool_" | "b1" => Some(Dtype::Bool),
        _ => single_code(text),
    })
}

fn single_code(text: &str) -> Option<Dtype> {
    let mut codes = text.chars();
    codes.next().filter(|_| codes.next().is_none()).and_then(Dtype::from_code)
}

/// Whether an argument says no more than its default does.
fn is_default(value: &Expr, default: &str) -> bool {
    match &value.ty {
        Type::None => default == "None",
        Type::Text(text) => default.trim_matches('\'') == text || (default == "'K'" && text == "C") || (default == "None" && text == "C"),
        Type::Scalar(_, Flavor::Python) => match value.kind {
            ExprKind::Constant(Constant::Bool(value)) => default == if value { "True" } else { "False" },
            ExprKind::Constant(Constant::Int(value)) => default == value.to_string(),
            _ => false,
        },
        _ => false,
    }
}

fn hint_for(parameter: &str) -> &'static str {
    match parameter {
        "out" => "assign the result instead: `a[...] = f(...)` writes into `a` without a temporary array",
        "where" => "use `np.where(condition, result, other)`",
        "order" => "arrays are made in C order",
        "dtype" => "convert the result with `.astype(dtype)`",
        "initial" => "combine the result with the initial value by an operator",
        _ => "leave it out, or keep the function as Python",
    }
}
