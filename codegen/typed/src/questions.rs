//! `isinstance`: answered by the type, so that the branch for other types is never looked at.

use crate::function::{Typed, Typer};
use crate::ir::{Expr, ExprKind as ExprKindOf};
use crate::resolve::{Static, bool_constant};
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Dtype, Flavor, Kind, Type};
use hypersonic_syntax::ast::{self, BinaryOp, ExprKind};

impl Typer<'_, '_> {
    /// `isinstance(value, class)`.
    pub(crate) fn is_instance(&mut self, value: &ast::Expr, class: &ast::Expr, span: Span) -> Typed<Expr> {
        let value = self.entity(value)?;
        let optional = matches!(value.ty, Type::Optional(_));
        let value = if optional { self.hold(value) } else { value };
        self.evaluate(&value);
        let mut classes = Vec::new();
        self.classes(class, &mut classes)?;
        let mut answer = false;
        let mut of_none = false;
        let inner = crate::expression::present(value.clone()).ty;
        for (name, span) in classes {
            let known = match inner.named() {
                Some(_) => self.is_record_instance(&inner, &name),
                None if name.contains(':') => Some(false),
                None => is_instance_of(&inner, &name),
            };
            match known {
                Some(is_instance) => {
                    answer |= is_instance;
                    of_none |= is_instance_of(&Type::None, &name).unwrap_or(false);
                    // What a caller gives may be NumPy's: functions of ours do not mind.
                    if let Type::Scalar(dtype, Flavor::Python) = inner
                        && !self.unit.program.is_library(self.file)
                    {
                        let given = Type::Scalar(dtype, Flavor::Numpy);
                        self.unit.asks_types |= dtype != Dtype::Bool && is_instance_of(&given, &name) != Some(is_instance);
                    }
                }
                None => {
                    return Err(self.unsupported(format!("`isinstance` with `{name}` is not compiled"), span, "not a type that is known"));
                }
            }
        }
        if optional && answer != of_none {
            let is_none = Expr { ty: Type::BOOL, kind: ExprKindOf::IsNone(Box::new(value)), span };
            return Ok(if of_none { is_none } else { crate::logic::negation(is_none, span) });
        }
        Ok(bool_constant(answer, span))
    }

    fn classes(&mut self, class: &ast::Expr, names: &mut Vec<(String, Span)>) -> Typed<()> {
        match &class.kind {
            ExprKind::Tuple(items) => items.iter().try_for_each(|item| self.classes(item, names)),
            ExprKind::Binary(BinaryOp::BitOr, left, right) => {
                self.classes(left, names)?;
                self.classes(right, names)
            }
            ExprKind::None => {
                names.push(("None".to_owned(), class.span));
                Ok(())
            }
            _ if let Some(record) = self.record_of(class) => {
                names.push((crate::records::own_name(&*record?), class.span));
                Ok(())
            }
            _ => match self.static_of(class) {
                Some(Static::External(full)) => {
                    names.push((full, class.span));
                    Ok(())
                }
                Some(Static::Constant(_, _, value)) => self.nested(class.span, |typer| typer.classes(&value, names)),
                _ => Err(self.unsupported("`isinstance` needs types that are known at build time", class.span, "not known")),
            },
        }
    }
}

fn is_special(ty: &Type, class: &str) -> bool {
    ty.special().is_some_and(|special| class.ends_with(&format!(".{}", special.name())))
}

/// Whether a value of that type is an instance of the class, as Python's and NumPy's class trees have it.
fn is_instance_of(ty: &Type, class: &str) -> Option<bool> {
    if matches!(ty, Type::Callable(..)) {
        // Only Python knows what it is.
        return matches!(class, "None" | "types.NoneType" | "builtins.object").then_some(class == "builtins.object");
    }
    let scalar = match ty {
        Type::Scalar(dtype, flavor) => Some((*dtype, *flavor)),
        _ => None,
    };
    let kind = scalar.map(|(dtype, _)| dtype.kind());
    let numpy = matches!(scalar, Some((_, Flavor::Numpy)));
    let python = matches!(scalar, Some((_, Flavor::Python)));
    Some(match class {
        "None" | "types.NoneType" => *ty == Type::None,
        "builtins.object" => true,
        "builtins.bool" => *ty == Type::BOOL,
        "builtins.int" => python && matches!(kind, Some(Kind::Integer | Kind::Bool)),
        // np.float64 is a float, np.complex128 a complex.
        "builtins.float" => matches!(scalar, Some((Dtype::F64, _))),
        "builtins.complex" => matches!(scalar, Some((Dtype::C128, _))),
        "builtins.str" => matches!(ty, Type::Text(_) | Type::Str),
        "builtins.tuple" => matches!(ty, Type::Tuple(_) | Type::Sequence(_)),
        "builtins.slice" => matches!(ty, Type::Function(key) if key.starts_with(crate::written::SLICE)),
        "builtins.list" => matches!(ty, Type::List(_)),
        "builtins.set" => matches!(ty, Type::Set(_)),
        // Those of `collections` are dicts.
        "builtins.dict" => matches!(ty.base(), Type::Dict(..)),
        "builtins.frozenset" | "builtins.bytes" | "builtins.bytearray" => is_special(ty, class),
        "collections.deque" | "collections.defaultdict" | "collections.Counter" | "collections.OrderedDict" => is_special(ty, class),
        "builtins.type" => matches!(ty, Type::DtypeValue(_, Flavor::Python)),
        "numpy.ndarray" => matches!(ty, Type::Array(..)),
        "numpy.generic" => numpy,
        "numpy.number" => numpy && kind != Some(Kind::Bool),
        "numpy.inexact" => numpy && matches!(kind, Some(Kind::Float | Kind::Complex)),
        "numpy.floating" => numpy && kind == Some(Kind::Float),
        "numpy.complexfloating" => numpy && kind == Some(Kind::Complex),
        "numpy.integer" => numpy && kind == Some(Kind::Integer),
        "numpy.signedinteger" => numpy && matches!(scalar, Some((dtype, _)) if dtype.is_signed()),
        "numpy.unsignedinteger" => numpy && matches!(scalar, Some((dtype, _)) if dtype.is_unsigned()),
        "numpy.bool_" | "numpy.bool" => numpy && kind == Some(Kind::Bool),
        // NumPy registers its scalars with `numbers`, bools excepted.
        "numbers.Number" | "numbers.Complex" => scalar.is_some() && !(numpy && kind == Some(Kind::Bool)),
        "numbers.Real" => kind.is_some_and(|kind| kind != Kind::Complex) && !(numpy && kind == Some(Kind::Bool)),
        "numbers.Integral" | "numbers.Rational" => kind == Some(Kind::Integer) || (python && kind == Some(Kind::Bool)),
        _ => {
            let dtype = match class.strip_prefix("numpy.")? {
                "double" => Dtype::F64,
                "single" => Dtype::F32,
                "intp" | "int_" => Dtype::I64,
                "csingle" => Dtype::C64,
                "cdouble" => Dtype::C128,
                name => Dtype::from_name(name)?,
            };
            scalar == Some((dtype, Flavor::Numpy))
        }
    })
}
