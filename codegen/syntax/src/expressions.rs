//! Expressions of the parser's tree to expressions of ours.

use crate::Lowering;
use crate::ast::{BinaryOp, BoolOp, CompareOp, Expr, ExprKind, FStringPart, UnaryOp};
use crate::limits::{MAX_DEPTH, TOO_DEEP};
use ruff_python_ast as python;
use ruff_text_size::Ranged;
use std::sync::Arc;

impl Lowering<'_> {
    pub(crate) fn expressions(&mut self, list: &[python::Expr]) -> Vec<Expr> {
        list.iter().map(|expression| self.expression(expression)).collect()
    }

    pub(crate) fn optional(&mut self, expression: Option<&python::Expr>) -> Option<Expr> {
        expression.map(|expression| self.expression(expression))
    }

    fn boxed(&mut self, expression: &python::Expr) -> Box<Expr> {
        Box::new(self.expression(expression))
    }

    pub(crate) fn expression(&mut self, expression: &python::Expr) -> Expr {
        self.depth += 1;
        let kind = if self.depth > MAX_DEPTH { ExprKind::Other(TOO_DEEP) } else { self.expression_kind(expression) };
        self.depth -= 1;
        Expr { span: self.span(expression.range()), kind }
    }

    fn expression_kind(&mut self, expression: &python::Expr) -> ExprKind {
        use python::Expr as P;
        match expression {
            P::Name(node) => ExprKind::Name(node.id.to_string()),
            P::NumberLiteral(_) | P::StringLiteral(_) | P::BytesLiteral(_) | P::BooleanLiteral(_) => self.literal(expression),
            P::NoneLiteral(_) => ExprKind::None,
            P::Yield(node) => ExprKind::Yield(node.value.as_deref().map(|value| Box::new(self.expression(value)))),
            P::YieldFrom(node) => ExprKind::YieldFrom(Box::new(self.expression(&node.value))),
            P::EllipsisLiteral(_) => ExprKind::Ellipsis,
            P::FString(node) => self.fstring(&node.value),
            P::Attribute(node) => ExprKind::Attribute(self.boxed(&node.value), node.attr.to_string()),
            P::Subscript(node) => ExprKind::Subscript(self.boxed(&node.value), self.boxed(&node.slice)),
            P::Slice(node) => ExprKind::Slice(
                node.lower.as_deref().map(|part| self.boxed(part)),
                node.upper.as_deref().map(|part| self.boxed(part)),
                node.step.as_deref().map(|part| self.boxed(part)),
            ),
            P::Call(node) => self.call(node),
            P::UnaryOp(node) => ExprKind::Unary(unary_operator(node.op), self.boxed(&node.operand)),
            P::BinOp(node) => ExprKind::Binary(Self::binary_operator(node.op), self.boxed(&node.left), self.boxed(&node.right)),
            P::BoolOp(node) => {
                let op = if node.op == python::BoolOp::And { BoolOp::And } else { BoolOp::Or };
                ExprKind::Logic(op, self.expressions(&node.values))
            }
            P::Compare(node) => {
                let left = self.boxed(&node.left);
                let rest =
                    node.ops.iter().zip(&node.comparators).map(|(op, right)| (compare_operator(*op), self.expression(right))).collect();
                ExprKind::Compare(left, rest)
            }
            P::If(node) => ExprKind::Conditional(self.boxed(&node.test), self.boxed(&node.body), self.boxed(&node.orelse)),
            P::Tuple(node) => ExprKind::Tuple(self.expressions(&node.elts)),
            P::List(node) => ExprKind::List(self.expressions(&node.elts)),
            P::Starred(node) => ExprKind::Starred(self.boxed(&node.value)),
            P::ListComp(node) => self.comprehension("list", &node.elt, &node.generators),
            P::Set(node) => ExprKind::Set(self.expressions(&node.elts)),
            P::DictComp(node) => self.dict_comprehension(node),
            P::SetComp(node) => self.comprehension("set", &node.elt, &node.generators),
            P::Generator(node) => self.comprehension("generator", &node.elt, &node.generators),
            P::Named(node) => self.walrus(node),
            P::Lambda(node) => ExprKind::Lambda(Arc::new(self.lambda(node))),
            P::Dict(node) => {
                ExprKind::Dict(node.items.iter().map(|item| (self.optional(item.key.as_ref()), self.expression(&item.value))).collect())
            }
            _ => ExprKind::Other(construct_name(expression)),
        }
    }

    fn literal(&self, expression: &python::Expr) -> ExprKind {
        match expression {
            python::Expr::NumberLiteral(node) => match &node.value {
                python::Number::Int(value) => ExprKind::Int(value.as_i64(), self.slice(node.range).to_owned()),
                python::Number::Float(value) => ExprKind::Float(*value),
                python::Number::Complex { imag, .. } => ExprKind::Imaginary(*imag),
            },
            python::Expr::StringLiteral(node) => ExprKind::Str(node.value.to_str().to_owned()),
            python::Expr::BooleanLiteral(node) => ExprKind::Bool(node.value),
            python::Expr::BytesLiteral(node) => ExprKind::Bytes(node.value.bytes().collect()),
            other => ExprKind::Other(construct_name(other)),
        }
    }

    fn call(&mut self, node: &python::ExprCall) -> ExprKind {
        let function = self.boxed(&node.func);
        let arguments = self.expressions(&node.arguments.args);
        let keywords = node
            .arguments
            .keywords
            .iter()
            .map(|keyword| (keyword.arg.as_ref().map(ToString::to_string), self.expression(&keyword.value)))
            .collect();
        ExprKind::Call(function, arguments, keywords)
    }

    fn walrus(&mut self, node: &python::ExprNamed) -> ExprKind {
        match node.target.as_ref() {
            python::Expr::Name(name) => ExprKind::Walrus(name.id.to_string(), self.boxed(&node.value)),
            _ => ExprKind::Other("an assignment expression"),
        }
    }

    fn comprehension(&mut self, kind: &'static str, element: &python::Expr, generators: &[python::Comprehension]) -> ExprKind {
        if generators.iter().any(|generator| generator.is_async) {
            return ExprKind::Other("an async comprehension");
        }
        let element = self.boxed(element);
        ExprKind::Comprehension { kind, element, clauses: self.clauses(generators) }
    }

    fn dict_comprehension(&mut self, node: &python::ExprDictComp) -> ExprKind {
        if node.generators.iter().any(|generator| generator.is_async) {
            return ExprKind::Other("an async comprehension");
        }
        let Some(key) = &node.key else { return ExprKind::Other("a dict comprehension without keys") };
        let pair = vec![self.expression(key), self.expression(&node.value)];
        let element = Box::new(Expr { span: self.span(node.range()), kind: ExprKind::Tuple(pair) });
        ExprKind::Comprehension { kind: "dict", element, clauses: self.clauses(&node.generators) }
    }

    fn clauses(&mut self, generators: &[python::Comprehension]) -> Vec<(Expr, Expr, Vec<Expr>)> {
        generators
            .iter()
            .map(|clause| (self.expression(&clause.target), self.expression(&clause.iter), self.expressions(&clause.ifs)))
            .collect()
    }

    fn fstring(&mut self, value: &python::FStringValue) -> ExprKind {
        let mut parts = Vec::new();
        for part in value {
            match part {
                python::FStringPart::Literal(literal) => parts.push(FStringPart::Text(literal.value.to_string())),
                python::FStringPart::FString(string) => {
                    for element in string.elements.iter() {
                        self.fstring_element(element, &mut parts);
                    }
                }
            }
        }
        ExprKind::FString(parts)
    }

    fn fstring_element(&mut self, element: &python::InterpolatedStringElement, parts: &mut Vec<FStringPart>) {
        match element {
            python::InterpolatedStringElement::Literal(literal) => parts.push(FStringPart::Text(literal.value.to_string())),
            python::InterpolatedStringElement::Interpolation(node) => {
                let mut conversion = node.conversion.to_byte().map(char::from);
                if let Some(debug) = &node.debug_text {
                    let expression = self.slice(node.expression.range());
                    parts.push(FStringPart::Text(format!("{}{expression}{}", debug.leading(), debug.trailing())));
                    if conversion.is_none() && node.format_spec.is_none() {
                        conversion = Some('r');
                    }
                }
                let spec = node.format_spec.as_ref().map_or_else(|| Some(String::new()), |spec| constant_spec(&spec.elements));
                parts.push(FStringPart::Value { value: self.boxed(&node.expression), conversion, spec });
            }
        }
    }

    pub(crate) const fn binary_operator(op: python::Operator) -> BinaryOp {
        match op {
            python::Operator::Add => BinaryOp::Add,
            python::Operator::Sub => BinaryOp::Subtract,
            python::Operator::Mult => BinaryOp::Multiply,
            python::Operator::MatMult => BinaryOp::MatMultiply,
            python::Operator::Div => BinaryOp::Divide,
            python::Operator::Mod => BinaryOp::Modulo,
            python::Operator::Pow => BinaryOp::Power,
            python::Operator::LShift => BinaryOp::LeftShift,
            python::Operator::RShift => BinaryOp::RightShift,
            python::Operator::BitOr => BinaryOp::BitOr,
            python::Operator::BitXor => BinaryOp::BitXor,
            python::Operator::BitAnd => BinaryOp::BitAnd,
            python::Operator::FloorDiv => BinaryOp::FloorDivide,
        }
    }
}

/// The text of a format spec without nested fields.
fn constant_spec(elements: &[python::InterpolatedStringElement]) -> Option<String> {
    let mut spec = String::new();
    for element in elements {
        match element {
            python::InterpolatedStringElement::Literal(literal) => spec.push_str(&literal.value),
            python::InterpolatedStringElement::Interpolation(_) => return None,
        }
    }
    Some(spec)
}

const fn unary_operator(op: python::UnaryOp) -> UnaryOp {
    match op {
        python::UnaryOp::Invert => UnaryOp::Invert,
        python::UnaryOp::Not => UnaryOp::Not,
        python::UnaryOp::UAdd => UnaryOp::Positive,
        python::UnaryOp::USub => UnaryOp::Negative,
    }
}

const fn compare_operator(op: python::CmpOp) -> CompareOp {
    match op {
        python::CmpOp::Eq => CompareOp::Equal,
        python::CmpOp::NotEq => CompareOp::NotEqual,
        python::CmpOp::Lt => CompareOp::Less,
        python::CmpOp::LtE => CompareOp::LessEqual,
        python::CmpOp::Gt => CompareOp::Greater,
        python::CmpOp::GtE => CompareOp::GreaterEqual,
        python::CmpOp::Is => CompareOp::Is,
        python::CmpOp::IsNot => CompareOp::IsNot,
        python::CmpOp::In => CompareOp::In,
        python::CmpOp::NotIn => CompareOp::NotIn,
    }
}

const fn construct_name(expression: &python::Expr) -> &'static str {
    match expression {
        python::Expr::Await(_) => "an await expression",
        python::Expr::TString(_) => "a template string",
        _ => "an expression of another language",
    }
}
