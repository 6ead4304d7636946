//! Default arguments: the type that a call without the argument brings.

use crate::annotation::generic::literal_value;
use crate::annotation::spec::Spec;
use crate::program::Program;
use crate::resolve::Definition;
use crate::signature::ParameterType;
use hypersonic_ops::{Dtype, Flavor};
use hypersonic_syntax::ast::{Expr, ExprKind, UnaryOp};

/// A default whose type is known.
pub(crate) struct Default {
    /// The type of the value.
    pub(crate) of: ParameterType,
    /// The value itself, if `Literal` can write it.
    literal: Option<ParameterType>,
}

impl Default {
    /// Reads a default. `None` if its type is not known.
    pub(crate) fn read(program: &Program, file: u32, value: &Expr) -> Option<Self> {
        let of = type_of(program, file, value, 0)?;
        Some(Self { of, literal: literal_value(value) })
    }

    /// The alternatives of a parameter, and the default's own type if none of them takes it.
    pub(crate) fn join(self, spec: Spec) -> Spec {
        if spec.accepts(&self.of) || self.literal.as_ref().is_some_and(|value| spec.accepts(value)) {
            return spec;
        }
        match spec {
            Spec::Choice(mut items) => {
                items.push(Spec::One(self.of));
                Spec::Choice(items)
            }
            other => Spec::Choice(vec![other, Spec::One(self.of)]),
        }
    }
}

const MAX_NAMES: usize = 16;

fn type_of(program: &Program, file: u32, value: &Expr, depth: usize) -> Option<ParameterType> {
    let python = |dtype| Some(ParameterType::Scalar(dtype, Flavor::Python));
    if depth > MAX_NAMES {
        return None;
    }
    match &value.kind {
        ExprKind::None => Some(ParameterType::None),
        ExprKind::Bool(_) => python(Dtype::Bool),
        ExprKind::Int(value, _) => value.and_then(|_| python(Dtype::I64)),
        ExprKind::Float(_) => python(Dtype::F64),
        ExprKind::Imaginary(_) => python(Dtype::C128),
        ExprKind::Str(text) => Some(ParameterType::LiteralText(text.clone())),
        ExprKind::Unary(UnaryOp::Negative | UnaryOp::Positive, operand) => match type_of(program, file, operand, depth + 1)? {
            ParameterType::Scalar(Dtype::Bool, flavor) => Some(ParameterType::Scalar(Dtype::I64, flavor)),
            number @ ParameterType::Scalar(..) => Some(number),
            _ => None,
        },
        ExprKind::Binary(_, left, right) => {
            // `1 + 2j`, `2 * np.pi`: the wider kind; an int divided or raised is not followed.
            let sides = (type_of(program, file, left, depth + 1)?, type_of(program, file, right, depth + 1)?);
            match sides {
                (ParameterType::Scalar(left, Flavor::Python), ParameterType::Scalar(right, Flavor::Python))
                    if matches!(left.promote(right), Dtype::F64 | Dtype::C128) =>
                {
                    python(left.promote(right))
                }
                _ => None,
            }
        }
        ExprKind::Tuple(items) => {
            Some(ParameterType::Tuple(items.iter().map(|item| type_of(program, file, item, depth + 1)).collect::<Option<_>>()?))
        }
        ExprKind::Name(_) | ExprKind::Attribute(..) => named(program, file, value, depth),
        _ => None,
    }
}

/// The enum of which a value is a member.
fn member(program: &Program, file: u32, value: &Expr) -> Option<ParameterType> {
    let ExprKind::Attribute(base, name) = &value.kind else { return None };
    let record = program.record(&program.resolve_expression(file, base)?)?.ok()?;
    record.member(name)?;
    Some(ParameterType::Named(std::sync::Arc::clone(&record.name), Box::new(ParameterType::Scalar(Dtype::I64, Flavor::Python))))
}

fn named(program: &Program, file: u32, value: &Expr, depth: usize) -> Option<ParameterType> {
    if let Some(member) = member(program, file, value) {
        return Some(member);
    }
    match program.resolve_expression(file, value) {
        Some(Definition::Constant(other, _, value)) => type_of(program, other, &value, depth + 1),
        Some(Definition::Module(name)) if name == "numpy" => Some(ParameterType::Module(name)),
        Some(Definition::External(name)) => {
            let (module, name) = name.rsplit_once('.')?;
            match (module, name) {
                ("math" | "numpy" | "cmath", "pi" | "e" | "inf" | "nan" | "tau" | "euler_gamma") => {
                    Some(ParameterType::Scalar(Dtype::F64, Flavor::Python))
                }
                ("numpy", "newaxis") => Some(ParameterType::None),
                ("numpy", _) => match crate::annotation::dtypes::numpy(name)? {
                    crate::annotation::dtypes::Named::Number((dtype, flavor)) => Some(ParameterType::TypeObject(dtype, flavor)),
                    crate::annotation::dtypes::Named::Refused(..) => None,
                },
                _ => None,
            }
        }
        Some(_) => None,
        None => match &value.kind {
            ExprKind::Name(name) if !program.is_bound(file, name) => {
                crate::annotation::dtypes::python(name).map(|(dtype, flavor)| ParameterType::TypeObject(dtype, flavor))
            }
            _ => None,
        },
    }
}
