//! `Annotated[NDArray[np.float64], Shape("n", 3)]`: arrays as type checkers know them, with their axes said beside.

use super::Reader;
use super::array::Shape;
use super::spec::{Rank, Spec};
use crate::resolve::Definition;
use crate::signature::Order;
use hypersonic_diagnostics::Span;
use hypersonic_syntax::ast::{Expr, ExprKind};

const SHAPE_HINT: &str =
    "write one argument per axis, a name for any length or a number: `Shape(\"n\", 3)`; or all in one string: `Shape(\"[:, 3]\")`";

impl Reader<'_> {
    /// `Annotated[X, ...]`: `X`, of the shape that a `Shape` among the rest says.
    pub(super) fn annotated(&mut self, file: u32, arguments: &[Expr]) -> Option<Spec> {
        let (first, rest) = arguments.split_first()?;
        let mut spec = self.expression(file, first)?;
        for note in rest {
            if let Some((shape, span)) = self.shape_note(file, note)? {
                spec = self.shaped(spec, &shape, span)?;
            }
        }
        Some(spec)
    }

    /// The shape that a note of `Annotated` says, if it says one; what other libraries write there means nothing.
    fn shape_note(&mut self, file: u32, note: &Expr) -> Option<Option<(Shape, Span)>> {
        match &note.kind {
            ExprKind::Name(_) | ExprKind::Attribute(..) => match self.program.resolve_expression(file, note) {
                Some(Definition::Constant(other, _, value)) => self.deeper(note.span, |reader| reader.shape_note(other, &value)),
                _ => Some(None),
            },
            ExprKind::Call(callee, axes, keywords) => match self.program.resolve_expression(file, callee) {
                Some(Definition::External(name)) if name == "hypersonic.Shape" => {
                    self.shape_call(axes, keywords, note.span).map(|shape| Some((shape, note.span)))
                }
                _ => Some(None),
            },
            _ => Some(None),
        }
    }

    fn shape_call(&mut self, axes: &[Expr], keywords: &[(Option<String>, Expr)], span: Span) -> Option<Shape> {
        let mut shape = match axes {
            [Expr { kind: ExprKind::Str(text), .. }] if is_whole_shape(text) => self.shape_text(text.trim(), span)?,
            _ => {
                let mut extents = Vec::new();
                for axis in axes {
                    extents.push(match &axis.kind {
                        ExprKind::Str(_) | ExprKind::None => None,
                        ExprKind::Int(Some(extent), _) if *extent >= 0 => Some(*extent),
                        _ => return self.bad("an axis of `Shape` is neither a name nor a length", axis.span, "not an axis", SHAPE_HINT),
                    });
                }
                let rank = self.fixed_rank(i64::try_from(extents.len()).unwrap_or(i64::MAX), span)?;
                if extents.iter().all(Option::is_none) {
                    extents.clear();
                }
                Shape { rank, extents, order: Order::Any }
            }
        };
        for (name, value) in keywords {
            if name.as_deref() != Some("order") {
                return self.bad("`Shape` is given a keyword that it does not have", value.span, "not known", "its keyword is `order`");
            }
            let said = self.modifier(span.file, value)?;
            shape.order = said.unwrap_or(shape.order);
        }
        Some(shape)
    }

    /// The arrays of a type, with a shape; alternatives take it each.
    fn shaped(&mut self, spec: Spec, shape: &Shape, span: Span) -> Option<Spec> {
        match spec {
            Spec::Array { element, rank, .. } if matches!(rank, Rank::Unknown(_)) || rank == shape.rank => {
                Some(Spec::Array { element, rank: shape.rank.clone(), order: shape.order, extents: shape.extents.clone() })
            }
            Spec::Array { .. } => self.bad("`Shape` has another number of axes than the array", span, "which rank?", SHAPE_HINT),
            Spec::Choice(items) => {
                let items: Option<Vec<Spec>> = items.into_iter().map(|item| self.shaped(item, shape, span)).collect();
                items.map(Spec::Choice)
            }
            _ => self.bad(
                "`Shape` stands beside what is no array",
                span,
                "not an array",
                "write `Annotated[NDArray[np.float64], Shape(\"n\")]`",
            ),
        }
    }
}

/// Whether a text says all axes (`"2d"`, `"[:, 3]"`) rather than naming one.
fn is_whole_shape(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('[')
        || text.strip_suffix(['d', 'D']).is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}
