//! Prints typed IR for people: `--print-after=typed` and the tests. Nothing reads it back.
//!
//! Variables are `name` or `name'2` where a name has several; every expression whose type is not plain from its
//! operands carries it after a colon.

use crate::ir::{Block, Constant, Expr, ExprKind, Function, Index, MessagePart, Stmt, StmtKind, Unit, VariableId};
use hypersonic_ops::{ScalarOp, Type};
use std::fmt::Write;

/// The whole unit.
#[must_use]
pub fn unit(unit: &Unit) -> String {
    unit.functions.iter().map(|function| print(function, &unit.functions)).collect::<Vec<_>>().join("\n")
}

/// One function.
#[must_use]
pub fn function(function: &Function) -> String {
    print(function, &[])
}

fn print(function: &Function, functions: &[Function]) -> String {
    let mut printer = Printer { names: names(function), functions, out: String::new() };
    let parameters: Vec<String> = function
        .parameters
        .iter()
        .map(|parameter| format!("{}: {}", printer.name(*parameter), function.variables[parameter.0 as usize].ty))
        .collect();
    let fastmath = if function.fastmath { " fastmath" } else { "" };
    let _ = writeln!(printer.out, "def {}({}) -> {}{fastmath}:", function.name, parameters.join(", "), function.result);
    printer.block(&function.body, 1);
    printer.out
}

/// A distinct name per variable.
fn names(function: &Function) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for variable in &function.variables {
        let mut name = variable.name.clone();
        let mut n = 1;
        while names.contains(&name) {
            n += 1;
            name = format!("{}'{n}", variable.name);
        }
        names.push(name);
    }
    names
}

struct Printer<'a> {
    names: Vec<String>,
    functions: &'a [Function],
    out: String,
}

impl Printer<'_> {
    fn name(&self, variable: VariableId) -> String {
        self.names.get(variable.0 as usize).cloned().unwrap_or_else(|| format!("?{}", variable.0))
    }

    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{:indent$}{text}", "", indent = depth * 4);
    }

    fn block(&mut self, block: &Block, depth: usize) {
        if block.is_empty() {
            self.line(depth, "pass");
        }
        for stmt in block {
            self.stmt(stmt, depth);
        }
    }

    fn part(&mut self, head: &str, block: &Block, depth: usize) {
        if !block.is_empty() {
            self.line(depth, head);
            self.block(block, depth + 1);
        }
    }

    fn stmt(&mut self, stmt: &Stmt, depth: usize) {
        match &stmt.kind {
            StmtKind::Assign(variable, value) => {
                let text = format!("{}: {} = {}", self.name(*variable), value.ty, self.expr(value));
                self.line(depth, &text);
            }
            StmtKind::SetItem { array, index, value } => {
                let text = format!("{}[{}] = {}", self.expr(array), self.index(index), self.expr(value));
                self.line(depth, &text);
            }
            StmtKind::UpdateItem { array, index, op, loop_dtype, value } => {
                let text = format!("{}[{}] {op:?}.{}= {}", self.expr(array), self.index(index), loop_dtype.name(), self.expr(value));
                self.line(depth, &text);
            }
            StmtKind::SetAttribute(place, value) => {
                let text = format!("attribute {place}: {} = {}", value.ty, self.expr(value));
                self.line(depth, &text);
            }
            StmtKind::Expr(value) => {
                let text = self.expr(value);
                self.line(depth, &text);
            }
            StmtKind::Parallel { chunks, threads, call } => {
                let text = format!("parallel {} on {}: {}", self.expr(chunks), self.expr(threads), self.expr(call));
                self.line(depth, &text);
            }
            StmtKind::If { test, then, otherwise } => {
                let text = format!("if {}:", self.expr(test));
                self.line(depth, &text);
                self.block(then, depth + 1);
                self.part("else:", otherwise, depth);
            }
            StmtKind::While { test, body, orelse } => {
                let text = format!("while {}:", self.expr(test));
                self.line(depth, &text);
                self.block(body, depth + 1);
                self.part("else:", orelse, depth);
            }
            StmtKind::ForRange { variable, start, stop, step, body, orelse } => {
                let range = format!("{}, {}, {}", self.expr(start), self.expr(stop), self.expr(step));
                let text = format!("for {} in range({range}):", self.name(*variable));
                self.line(depth, &text);
                self.block(body, depth + 1);
                self.part("else:", orelse, depth);
            }
            StmtKind::Unrolled { iterations, orelse } => {
                self.line(depth, "unrolled:");
                for iteration in iterations {
                    self.line(depth + 1, "iteration:");
                    self.block(iteration, depth + 2);
                }
                self.part("else:", orelse, depth);
            }
            StmtKind::Try { id, body, handlers, orelse, exits } => {
                self.line(depth, &format!("try {id}:"));
                self.block(body, depth + 1);
                for handler in handlers {
                    let classes = handler.classes.as_ref().map_or_else(|| "all".to_owned(), |classes| classes.join(", "));
                    self.line(depth, &format!("except {classes}:"));
                    self.block(&handler.body, depth + 1);
                }
                self.part("else:", orelse, depth);
                for (n, exit) in exits.iter().enumerate() {
                    self.line(depth, &format!("exit {n}:"));
                    self.block(exit, depth + 1);
                }
            }
            StmtKind::Reraise(id) => self.line(depth, &format!("raise again {id}")),
            StmtKind::Exit(id, n) => self.line(depth, &format!("leave {id} to exit {n}")),
            StmtKind::Break => self.line(depth, "break"),
            StmtKind::Continue => self.line(depth, "continue"),
            StmtKind::Return(value) => {
                let text = format!("return {}", self.expr(value));
                self.line(depth, &text);
            }
            StmtKind::Raise { exception, message, .. } => {
                let parts: Vec<String> = message.iter().map(|part| self.message(part)).collect();
                let text = format!("raise {exception}({})", parts.join(" "));
                self.line(depth, &text);
            }
        }
    }

    fn message(&self, part: &MessagePart) -> String {
        match part {
            MessagePart::Text(text) => format!("{text:?}"),
            MessagePart::Python(what) => format!("Python's of {what}"),
            MessagePart::Value(value, spec) => format!("{{{}:{spec}}}", self.expr(value)),
        }
    }

    fn index(&self, index: &[Index]) -> String {
        let part = |part: &Index| match part {
            Index::Integer(value) => self.expr(value),
            Index::Slice(lower, upper, step) => {
                let bound = |value: &Option<Expr>| value.as_ref().map_or_else(String::new, |value| self.expr(value));
                let step = step.as_ref().map_or_else(String::new, |step| format!(":{}", self.expr(step)));
                format!("{}:{}{step}", bound(lower), bound(upper))
            }
            Index::NewAxis => "None".to_owned(),
            Index::Mask(value) => format!("mask {}", self.expr(value)),
            Index::Array(value) => format!("array {}", self.expr(value)),
        };
        index.iter().map(part).collect::<Vec<_>>().join(", ")
    }

    fn list(&self, values: &[Expr]) -> String {
        values.iter().map(|value| self.expr(value)).collect::<Vec<_>>().join(", ")
    }

    fn expr(&self, expr: &Expr) -> String {
        let ty = &expr.ty;
        match &expr.kind {
            ExprKind::Unit => ty.to_string(),
            ExprKind::Constant(value) => constant(*value, ty),
            ExprKind::Variable(variable) => self.name(*variable),
            ExprKind::Tuple(items) => {
                format!("({})", items.iter().map(|item| format!("{}, ", self.expr(item))).collect::<String>().trim_end())
            }
            ExprKind::TupleItem(value, n) => format!("{}.{n}", self.expr(value)),
            ExprKind::Convert(value) => format!("{ty}({})", self.expr(value)),
            ExprKind::Map { op, loop_dtype, operands } => self.map(*op, loop_dtype.name(), operands, ty),
            ExprKind::Truth(value) => format!("truth({})", self.expr(value)),
            ExprKind::And(a, b) => format!("({} and {})", self.expr(a), self.expr(b)),
            ExprKind::Or(a, b) => format!("({} or {})", self.expr(a), self.expr(b)),
            ExprKind::Conditional { test, then, otherwise } => {
                format!("({} if {} else {})", self.expr(then), self.expr(test), self.expr(otherwise))
            }
            ExprKind::Index(array, index) => format!("{}[{}]", self.expr(array), self.index(index)),
            ExprKind::Extent(array, axis) => format!("{}.shape[{axis}]", self.expr(array)),
            ExprKind::IsNone(inner) => format!("({} is None)", self.expr(inner)),
            ExprKind::Unwrap(inner) => format!("unwrap({})", self.expr(inner)),
            ExprKind::Length(inner) => format!("length({})", self.expr(inner)),
            ExprKind::Team(items) => format!("team({})", self.list(items)),
            ExprKind::Object(op, operands) => format!("{op:?}({}): {ty}", self.list(operands)),
            ExprKind::Call(position, arguments) => {
                let name = self.functions.get(*position).map_or("?", |function| function.name.as_str());
                format!("{name}#{position}({})", self.list(arguments))
            }
            other => self.array_expr(other, ty),
        }
    }

    fn array_expr(&self, kind: &ExprKind, ty: &Type) -> String {
        match kind {
            ExprKind::Size(array) => format!("{}.size", self.expr(array)),
            ExprKind::Reduce { op, array, axes, keepdims } => {
                let keepdims = if *keepdims { " keepdims" } else { "" };
                format!("reduce.{op:?}({}, axes={axes:?}{keepdims}): {ty}", self.expr(array))
            }
            ExprKind::Cumulative { op, array, axis } => format!("cumulative.{op:?}({}, axis={axis}): {ty}", self.expr(array)),
            ExprKind::Nonzero(array) => format!("nonzero({})", self.expr(array)),
            ExprKind::Arrange { how, array, axis } => format!("arrange.{how:?}({}, axis={axis}): {ty}", self.expr(array)),
            ExprKind::Distinct(array) => format!("distinct({})", self.expr(array)),
            ExprKind::Search { array, values, right } => {
                format!("search({}, {}, right={right}): {ty}", self.expr(array), self.expr(values))
            }
            ExprKind::Fill { shape, value } => {
                let value = value.as_ref().map_or_else(|| "empty".to_owned(), |value| self.expr(value));
                format!("fill(({}), {value}): {ty}", self.list(shape))
            }
            ExprKind::Arange { start, stop, step } => {
                format!("arange({}, {}, {}): {ty}", self.expr(start), self.expr(stop), self.expr(step))
            }
            ExprKind::Linspace { start, stop, num, endpoint } => {
                format!("linspace({}, {}, {}, endpoint={endpoint}): {ty}", self.expr(start), self.expr(stop), self.expr(num))
            }
            ExprKind::Eye { rows, columns, diagonal } => {
                format!("eye({}, {}, {}): {ty}", self.expr(rows), self.expr(columns), self.expr(diagonal))
            }
            ExprKind::Copy(array) => format!("copy({})", self.expr(array)),
            ExprKind::Reshape(array, shape) => format!("reshape({}, ({})): {ty}", self.expr(array), self.list(shape)),
            ExprKind::Transpose(array, axes) => format!("transpose({}, {axes:?})", self.expr(array)),
            ExprKind::ComplexPart(array, real) => format!("{}.{}", self.expr(array), if *real { "real" } else { "imag" }),
            ExprKind::Concatenate(arrays, axis) => format!("concatenate(({}), {axis}): {ty}", self.list(arrays)),
            ExprKind::Stack(arrays, axis) => format!("stack(({}), {axis}): {ty}", self.list(arrays)),
            ExprKind::MatMul(a, b) => format!("({} @ {}): {ty}", self.expr(a), self.expr(b)),
            other => format!("{other:?}: {ty}"),
        }
    }

    fn map(&self, op: ScalarOp, loop_dtype: &str, operands: &[Expr], ty: &Type) -> String {
        // The dtype and flavor only where they do not follow from the operands.
        let plain = operands.iter().all(|operand| operand.ty == *ty && operand.ty.dtype().is_some_and(|dtype| dtype.name() == loop_dtype));
        let comparison =
            *ty == Type::BOOL && operands.iter().all(|operand| operand.ty.dtype().is_some_and(|dtype| dtype.name() == loop_dtype));
        let sign = match op {
            ScalarOp::Add => "+",
            ScalarOp::Subtract => "-",
            ScalarOp::Multiply => "*",
            ScalarOp::Divide => "/",
            ScalarOp::FloorDivide => "//",
            ScalarOp::Remainder => "%",
            ScalarOp::Power => "**",
            ScalarOp::Equal => "==",
            ScalarOp::NotEqual => "!=",
            ScalarOp::Less => "<",
            ScalarOp::LessEqual => "<=",
            ScalarOp::Greater => ">",
            ScalarOp::GreaterEqual => ">=",
            _ => "",
        };
        let suffix = if plain || comparison { String::new() } else { format!(":{loop_dtype}") };
        let text = match operands {
            [a, b] if !sign.is_empty() => format!("({} {sign}{suffix} {})", self.expr(a), self.expr(b)),
            [a] if op == ScalarOp::LogicalNot && *ty == Type::BOOL => return format!("not {}", self.expr(a)),
            _ => format!("{op:?}{suffix}({})", self.list(operands)),
        };
        if plain || comparison { text } else { format!("{text}: {ty}") }
    }
}

fn constant(value: Constant, ty: &Type) -> String {
    let text = match value {
        Constant::Bool(true) => "True".to_owned(),
        Constant::Bool(false) => "False".to_owned(),
        Constant::Int(value) => value.to_string(),
        Constant::Float(value) => format!("{value:?}"),
        Constant::Complex(re, im) => format!("({re:?}+{im:?}j)"),
    };
    let python = matches!(ty, Type::Scalar(_, hypersonic_ops::Flavor::Python));
    if python && natural(value) == Some(ty.clone()) { text } else { format!("{ty}({text})") }
}

fn natural(value: Constant) -> Option<Type> {
    Some(match value {
        Constant::Bool(_) => Type::BOOL,
        Constant::Int(_) => Type::INT,
        Constant::Float(_) => Type::FLOAT,
        Constant::Complex(..) => Type::COMPLEX,
    })
}
