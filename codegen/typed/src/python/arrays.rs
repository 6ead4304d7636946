//! Arrays as NumPy writes them.

use super::Printer;
use super::expressions::Code;
use crate::ir::{Arrangement, Constant, Expr, ExprKind, Index, Reduction};
use hypersonic_ops::{Dtype, Flavor, Kind, Type};

impl Printer<'_> {
    /// `array[index]`, of all its elements if there is no index.
    pub(super) fn selection(&mut self, array: &Expr, index: &[Index]) -> String {
        let array = self.atom(array);
        if index.is_empty() {
            return format!("{array}[...]");
        }
        format!("{array}[{}]", self.index(index))
    }

    fn index(&mut self, index: &[Index]) -> String {
        let parts: Vec<String> = index
            .iter()
            .map(|part| match part {
                Index::Integer(value) | Index::Mask(value) | Index::Array(value) => self.value(value),
                Index::NewAxis => "None".to_owned(),
                Index::Slice(lower, upper, step) => {
                    let mut bound = |value: &Option<Expr>| value.as_ref().map_or_else(String::new, |value| self.value(value));
                    let (lower, upper, step) = (bound(lower), bound(upper), bound(step));
                    if step.is_empty() { format!("{lower}:{upper}") } else { format!("{lower}:{upper}:{step}") }
                }
            })
            .collect();
        parts.join(", ")
    }

    fn numpy(&mut self, call: impl Into<String>) -> Code {
        self.needs("numpy");
        Code::atom(format!("np.{}", call.into()))
    }

    pub(super) fn array(&mut self, expr: &Expr) -> Code {
        let dtype = expr.ty.dtype().unwrap_or(Dtype::F64);
        match &expr.kind {
            ExprKind::Index(array, index) => {
                let whole = matches!(expr.ty, Type::Array(_, 0)) && index.iter().all(|part| matches!(part, Index::Integer(_)));
                let source = self.atom(array);
                let index = self.index(index);
                Code::atom(match (index.is_empty(), whole) {
                    (true, true) => format!("{source}[...]"),
                    (true, false) => format!("{source}[()]"),
                    (false, true) => format!("{source}[{index}, ...]"),
                    (false, false) => format!("{source}[{index}]"),
                })
            }
            ExprKind::Extent(array, axis) => Code::atom(format!("{}.shape[{axis}]", self.atom(array))),
            ExprKind::Size(array) => Code::atom(format!("{}.size", self.atom(array))),
            ExprKind::Reduce { op, array, axes, keepdims } => self.reduce(*op, array, axes, *keepdims, &expr.ty),
            ExprKind::Cumulative { op, array, axis } => {
                let name = if *op == Reduction::Prod { "cumprod" } else { "cumsum" };
                let (array, dtype) = (self.value(array), self.dtype(dtype));
                self.numpy(format!("{name}({array}, axis={axis}, dtype={dtype})"))
            }
            ExprKind::Fill { shape, value } => self.fill(shape, value.as_deref(), dtype),
            ExprKind::Arange { start, stop, step } => {
                let (given, dtype) = (format!("{}, {}, {}", self.value(start), self.value(stop), self.value(step)), self.dtype(dtype));
                self.numpy(format!("arange({given}, dtype={dtype})"))
            }
            ExprKind::Linspace { start, stop, num, endpoint } => {
                let given = format!("{}, {}, {}", self.value(start), self.value(stop), self.value(num));
                let end = if *endpoint { "" } else { ", endpoint=False" };
                let dtype = self.dtype(dtype);
                self.numpy(format!("linspace({given}{end}, dtype={dtype})"))
            }
            ExprKind::Eye { rows, columns, diagonal } => {
                let given = format!("{}, {}, {}", self.value(rows), self.value(columns), self.value(diagonal));
                let dtype = self.dtype(dtype);
                self.numpy(format!("eye({given}, dtype={dtype})"))
            }
            ExprKind::Copy(array) => {
                let array = self.value(array);
                self.numpy(format!("array({array}, order=\"C\")"))
            }
            ExprKind::Reshape(array, shape) => {
                let source = self.atom(array);
                let ravel = shape.is_empty() && expr.ty.ndim() == Some(1);
                let given = self.list(shape);
                Code::atom(match (ravel, shape.len()) {
                    (true, _) => format!("{source}.ravel()"),
                    (_, 0) => format!("{source}.reshape(())"),
                    _ => format!("{source}.reshape({given})"),
                })
            }
            ExprKind::Transpose(array, axes) => {
                let source = self.atom(array);
                let reversed = axes.iter().rev().copied().eq(0..u8::try_from(axes.len()).unwrap_or(0));
                let axes: Vec<String> = axes.iter().map(ToString::to_string).collect();
                Code::atom(if reversed { format!("{source}.T") } else { format!("{source}.transpose({})", axes.join(", ")) })
            }
            ExprKind::ComplexPart(array, real) => Code::atom(format!("{}.{}", self.atom(array), if *real { "real" } else { "imag" })),
            ExprKind::Concatenate(arrays, axis) | ExprKind::Stack(arrays, axis) => {
                let name = if matches!(expr.kind, ExprKind::Stack(..)) { "stack" } else { "concatenate" };
                let other = arrays.iter().any(|array| array.ty.dtype() != Some(dtype));
                let dtype = if other { format!(", dtype={}, casting=\"unsafe\"", self.dtype(dtype)) } else { String::new() };
                let comma = if arrays.len() == 1 { "," } else { "" };
                let arrays = self.list(arrays);
                self.numpy(format!("{name}(({arrays}{comma}), axis={axis}{dtype})"))
            }
            ExprKind::MatMul(a, b) => {
                let mut operand = |operand: &Expr| {
                    if operand.ty.dtype() == Some(dtype) {
                        return self.code(operand);
                    }
                    Code::atom(format!("{}.astype({})", self.atom(operand), self.dtype(dtype)))
                };
                let (a, b) = (operand(a), operand(b));
                Code::of(16, format!("{} @ {}", a.at(16), b.at(17)))
            }
            ExprKind::Nonzero(array) => {
                let array = self.value(array);
                self.numpy(format!("nonzero({array})"))
            }
            ExprKind::Arrange { how, array, axis } => {
                // A sorted row has its middle where it belongs.
                let name = if *how == Arrangement::Places { "argsort" } else { "sort" };
                let array = self.value(array);
                self.numpy(format!("{name}({array}, axis={axis}, kind=\"stable\")"))
            }
            ExprKind::Distinct(array) => {
                let array = self.value(array);
                self.numpy(format!("unique({array})"))
            }
            ExprKind::Search { array, values, right } => {
                let given = format!("{}, {}", self.value(array), self.value(values));
                let side = if *right { ", side=\"right\"" } else { "" };
                self.numpy(format!("searchsorted({given}{side})"))
            }
            // Every other kind is written where expressions are.
            _ => Code::atom("None"),
        }
    }

    fn fill(&mut self, shape: &[Expr], value: Option<&Expr>, dtype: Dtype) -> Code {
        let shape_text = self.list(shape);
        let shape_text = if shape.len() == 1 { shape_text } else { format!("({shape_text})") };
        let name = self.dtype(dtype);
        let text = match value {
            None => format!("empty({shape_text}, dtype={name})"),
            Some(value) => match &value.kind {
                ExprKind::Constant(Constant::Int(0) | Constant::Bool(false)) => format!("zeros({shape_text}, dtype={name})"),
                ExprKind::Constant(Constant::Float(zero)) if zero.to_bits() == 0 => format!("zeros({shape_text}, dtype={name})"),
                _ => format!("full({shape_text}, {}, dtype={name})", self.value(value)),
            },
        };
        self.numpy(text)
    }

    fn reduce(&mut self, op: Reduction, array: &Expr, axes: &[u8], keepdims: bool, ty: &Type) -> Code {
        let name = match op {
            Reduction::Sum => "sum",
            Reduction::Prod => "prod",
            Reduction::Min => "min",
            Reduction::Max => "max",
            Reduction::Mean => "mean",
            Reduction::Any => "any",
            Reduction::All => "all",
            Reduction::ArgMin => "argmin",
            Reduction::ArgMax => "argmax",
            Reduction::CountNonzero => "count_nonzero",
        };
        let full = array.ty.ndim().map(usize::from) == Some(axes.len());
        let mut more = String::new();
        match axes {
            _ if full => {}
            [axis] => more.push_str(&format!(", axis={axis}")),
            _ => more.push_str(&format!(", axis=({})", axes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))),
        }
        let from = array.ty.dtype();
        let counted = matches!(op, Reduction::Sum | Reduction::Prod | Reduction::Mean);
        let float = from.is_some_and(|dtype| dtype.kind() >= Kind::Float);
        let natural = float && from == ty.dtype();
        if let (true, false, Some(dtype)) = (counted, natural, ty.dtype()) {
            more.push_str(&format!(", dtype={}", self.dtype(dtype)));
        }
        if keepdims {
            more.push_str(", keepdims=True");
        }
        let array = self.value(array);
        let code = self.numpy(format!("{name}({array}{more})"));
        match ty {
            Type::Scalar(dtype, Flavor::Python) => Code::atom(format!("{}({})", super::expressions::python_name(*dtype), code.text)),
            Type::Scalar(dtype, Flavor::Numpy) if op == Reduction::CountNonzero => {
                Code::atom(format!("{}({})", self.dtype(*dtype), code.text))
            }
            _ => code,
        }
    }
}
