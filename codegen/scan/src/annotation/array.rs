//! Arrays: `Array[T, N, "C"]`, ranks and template variables over them.

use super::Reader;
use super::expression::TYPE_HINT;
use super::spec::{Rank, Spec};
use crate::resolve::Definition;
use crate::signature::Order;
use hypersonic_diagnostics::Span;
use hypersonic_syntax::ast::{BinaryOp, Expr, ExprKind, UnaryOp};

/// The highest rank that is compiled.
const MAX_RANK: i64 = 6;

/// What the second argument of `Array` says.
pub(super) struct Shape {
    pub rank: Rank,
    pub extents: Vec<Option<i64>>,
    pub order: Order,
}

impl Reader<'_> {
    /// An array of known axes, each free or of fixed extent.
    pub(super) fn array(&mut self, element: Spec, dims: Vec<Option<i64>>, order: Order, span: Span) -> Option<Spec> {
        let element = self.element(element, span)?;
        let rank = self.fixed_rank(i64::try_from(dims.len()).unwrap_or(i64::MAX), span)?;
        let extents = if dims.iter().all(Option::is_none) { Vec::new() } else { dims };
        Some(Spec::Array { element: Box::new(element), rank, order, extents })
    }

    pub(super) fn element(&mut self, element: Spec, span: Span) -> Option<Spec> {
        if element.is_number() {
            return Some(element);
        }
        self.bad("the elements of an array must be numbers", span, "not an element type", "write an element type such as `np.float64`")
    }

    pub(super) fn fixed_rank(&mut self, rank: i64, span: Span) -> Option<Rank> {
        match u8::try_from(rank) {
            Ok(small) if rank <= MAX_RANK => Some(Rank::Fixed(small)),
            _ => self.bad(
                &format!("arrays of {rank} dimensions have no compiled form"),
                span,
                "rank out of bounds",
                "ranks 0 to 6 are compiled",
            ),
        }
    }

    pub(super) fn unknown_rank(&mut self) -> Rank {
        self.unknown_ranks += 1;
        Rank::Unknown((u32::MAX - 1, self.unknown_ranks))
    }

    /// `Array[element, shape, modifiers...]`.
    pub(super) fn array_generic(&mut self, file: u32, arguments: &[Expr], span: Span) -> Option<Spec> {
        let Some((first, rest)) = arguments.split_first() else {
            return self.bad("`Array` needs an element type and a rank", span, "incomplete", "write `Array[np.float64, \"2d\"]`");
        };
        let element = self.expression(file, first).and_then(|element| self.element(element, first.span));
        let Some((second, modifiers)) = rest.split_first() else {
            return self.bad(
                "`Array` needs a rank",
                span,
                "which rank?",
                "write `Array[np.float64, \"2d\"]` or `Array[np.float64, \"[:, :]\"]`",
            );
        };
        let shape = self.shape(file, second);
        let mut order = None;
        let mut fine = true;
        for modifier in modifiers {
            match self.modifier(file, modifier) {
                Some(said) => order = said.or(order),
                None => fine = false,
            }
        }
        let (element, shape) = (element?, shape?);
        if !fine {
            return None;
        }
        let order = order.unwrap_or(shape.order);
        Some(Spec::Array { element: Box::new(element), rank: shape.rank, order, extents: shape.extents })
    }

    /// `"C"`, `"strided"`, ...: the order that it asks for, if any.
    pub(super) fn modifier(&mut self, file: u32, expression: &Expr) -> Option<Option<Order>> {
        if let ExprKind::Name(name) = &expression.kind
            && let Some(Definition::Constant(other, _, value)) = self.program.resolve(file, name)
        {
            return self.deeper(expression.span, |reader| reader.modifier(other, &value));
        }
        let ExprKind::Str(text) = &expression.kind else {
            return self.bad("a modifier of `Array` is not a string", expression.span, "not a modifier", MODIFIER_HINT);
        };
        match text.trim() {
            "C" => Some(Some(Order::C)),
            "F" => Some(Some(Order::F)),
            "strided" => Some(Some(Order::Strided)),
            "C_or_F" | "any" => Some(Some(Order::Any)),
            "positive_indices" | "memview" | "const" => Some(None),
            other => {
                let words = ["C", "F", "C_or_F", "strided", "positive_indices", "memview", "const"];
                let hint = hypersonic_diagnostics::suggest(other, words)
                    .map_or_else(|| MODIFIER_HINT.to_owned(), |near| format!("did you mean \"{near}\"?"));
                self.bad("a modifier of `Array` is not known", expression.span, "not a modifier", hint)
            }
        }
    }

    /// The second argument: `2`, `"2d"`, `"[:, :, 3]"`, `N`, `N + 1`, `NDim(1, 2)`.
    fn shape(&mut self, file: u32, expression: &Expr) -> Option<Shape> {
        let span = expression.span;
        let plain = |rank| Shape { rank, extents: Vec::new(), order: Order::Any };
        match &expression.kind {
            ExprKind::Int(Some(rank), _) => self.fixed_rank(*rank, span).map(plain),
            ExprKind::Str(text) => self.shape_text(text.trim(), span),
            ExprKind::Name(_) | ExprKind::Attribute(..) => match self.program.resolve_expression(file, expression) {
                Some(Definition::Constant(other, _, value)) => self.deeper(span, |reader| reader.shape(other, &value)),
                _ => self.bad("a rank cannot be read from the source", span, "not a rank", RANK_HINT),
            },
            ExprKind::Call(callee, arguments, _) => {
                let is_ndim = matches!(self.program.resolve_expression(file, callee),
                    Some(Definition::External(name)) if matches!(name.as_str(), "transonic.NDim" | "hypersonic.NDim"));
                if is_ndim {
                    self.ndim(file, arguments, span).map(plain)
                } else {
                    self.bad("a rank is neither a number nor `NDim`", span, "not a rank", RANK_HINT)
                }
            }
            ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), left, right) => {
                let (base, number) = match (integer(left), integer(right)) {
                    (_, Some(number)) => (left, number),
                    (Some(number), _) if *op == BinaryOp::Add => (right, number),
                    _ => return self.bad("a rank is not of the form `N + 1` or `N - 1`", span, "not a rank", RANK_HINT),
                };
                let number = if *op == BinaryOp::Subtract { number.saturating_neg() } else { number };
                let base = self.deeper(span, |reader| reader.shape(file, base))?;
                self.moved(base, number, span)
            }
            _ => self.bad("a rank is neither a number nor `NDim`", span, "not a rank", RANK_HINT),
        }
    }

    fn moved(&mut self, base: Shape, by: i64, span: Span) -> Option<Shape> {
        let rank = match base.rank {
            Rank::Fixed(rank) => self.fixed_rank(i64::from(rank).saturating_add(by), span)?,
            Rank::Variable { id, values, offset } => {
                let offset = offset.saturating_add(by);
                self.variable_rank(id, values, offset, span)?
            }
            unknown @ Rank::Unknown(_) => unknown,
        };
        Some(Shape { rank, extents: Vec::new(), order: base.order })
    }

    fn variable_rank(&mut self, id: (u32, u32), values: Vec<i64>, offset: i64, span: Span) -> Option<Rank> {
        for value in &values {
            self.fixed_rank(value.saturating_add(offset), span)?;
        }
        Some(Rank::Variable { id, values, offset })
    }

    /// `NDim(1, 2)`; its place is its identity.
    fn ndim(&mut self, file: u32, arguments: &[Expr], span: Span) -> Option<Rank> {
        let named = usize::from(matches!(arguments.first(), Some(Expr { kind: ExprKind::Str(_), .. })));
        let mut values = Vec::new();
        for argument in &arguments[named..] {
            let value = match &argument.kind {
                ExprKind::Name(_) => match self.program.resolve_expression(file, argument) {
                    Some(Definition::Constant(_, _, value)) => integer(&value),
                    _ => None,
                },
                _ => integer(argument),
            };
            match value {
                Some(value) if values.contains(&value) => {}
                Some(value) => values.push(value),
                None => return self.bad("an argument of `NDim` is not a number", argument.span, "not a rank", RANK_HINT),
            }
        }
        if values.is_empty() {
            return self.bad("`NDim` needs at least one rank", span, "no rank", "write `NDim(1, 2)`");
        }
        // Whether each rank is in bounds is asked where it is used: `N - 1` may bring it there.
        if let Some(value) = values.iter().find(|value| !(-MAX_RANK..=2 * MAX_RANK).contains(*value)) {
            let what = format!("arrays of {value} dimensions have no compiled form");
            return self.bad(&what, span, "rank out of bounds", "ranks 0 to 6 are compiled");
        }
        Some(Rank::Variable { id: (span.file, span.start), values, offset: 0 })
    }

    /// `2d`, `[:, :, 3]`, `[::, ::]`.
    pub(super) fn shape_text(&mut self, text: &str, span: Span) -> Option<Shape> {
        if let Some(digits) = text.strip_suffix(['d', 'D'])
            && let Ok(rank) = digits.trim().parse::<i64>()
        {
            let rank = self.fixed_rank(rank, span)?;
            return Some(Shape { rank, extents: Vec::new(), order: Order::Any });
        }
        match super::text::axes(text) {
            Some((dims, order)) => {
                let rank = self.fixed_rank(i64::try_from(dims.len()).unwrap_or(i64::MAX), span)?;
                let extents = if dims.iter().all(Option::is_none) { Vec::new() } else { dims };
                Some(Shape { rank, extents, order })
            }
            None => self.bad("a rank in `Array` cannot be read", span, "not a rank", RANK_HINT),
        }
    }

    /// `NDim(...)` where a type is wanted.
    pub(super) fn ndim_as_type<T>(&mut self, span: Span) -> Option<T> {
        self.bad("`NDim` is a rank, not a type", span, "a rank", TYPE_HINT)
    }
}

fn integer(expression: &Expr) -> Option<i64> {
    match &expression.kind {
        ExprKind::Int(value, _) => *value,
        ExprKind::Unary(UnaryOp::Negative, operand) => integer(operand)?.checked_neg(),
        _ => None,
    }
}

const RANK_HINT: &str = "write `\"2d\"`, `\"[:, :]\"`, `2`, or a template variable made by `NDim(1, 2)`";
const MODIFIER_HINT: &str = "the modifiers are \"C\", \"F\", \"C_or_F\", \"strided\", \"positive_indices\", \"memview\" and \"const\"";
