//! Control flow as Python writes it. Loops that were written out but can be left early run over the number of the iteration;
//! exits of a `try` are exceptions of their own, which no `except Exception` takes.

use super::Printer;
use super::text::{escaped, quoted};
use crate::ir::{Block, Constant, Expr, ExprKind, MessagePart, PYTHON_ANSWERS, Stmt, StmtKind, VariableId};
use crate::walk;
use hypersonic_abi::object::Op;
use hypersonic_abi::object::replay;
use hypersonic_ops::{ScalarOp, Type};

impl Printer<'_> {
    pub(super) fn block(&mut self, block: &Block, depth: usize) {
        let before = self.out.len();
        let mut at = 0;
        while let Some(stmt) = block.get(at) {
            at += self.display(&block[at..], depth).unwrap_or_else(|| {
                self.stmt(stmt, depth);
                1
            });
        }
        if self.out.len() == before {
            self.line(depth, "pass");
        }
    }

    /// A list, set or dict that is made and filled at once; gives how many statements that are.
    fn display(&mut self, block: &[Stmt], depth: usize) -> Option<usize> {
        let StmtKind::Assign(variable, Expr { kind: ExprKind::Object(Op::New, _), ty, .. }) = &block.first()?.kind else { return None };
        let mut items = Vec::new();
        for stmt in block.iter().skip(1) {
            let StmtKind::Expr(Expr { kind: ExprKind::Object(op, operands), .. }) = &stmt.kind else { break };
            let (Some(Expr { kind: ExprKind::Variable(filled), .. }), values) = (operands.first(), &operands[1..]) else { break };
            if filled != variable || values.iter().any(|value| mentions(value, *variable)) {
                break;
            }
            match (op, values) {
                (Op::Append | Op::Add, [value]) => items.push(self.value(value)),
                (Op::Set, [key, value]) => items.push(format!("{}: {}", self.value(key), self.value(value))),
                _ => break,
            }
        }
        let count = items.len() + 1;
        let text = match ty {
            Type::List(_) => format!("[{}]", items.join(", ")),
            Type::Set(_) if items.is_empty() => "set()".to_owned(),
            _ => format!("{{{}}}", items.join(", ")),
        };
        if let Some(StmtKind::Return(Expr { kind: ExprKind::Variable(returned), .. })) = block.get(count).map(|stmt| &stmt.kind)
            && returned == variable
        {
            self.line(depth, &format!("return {text}"));
            return Some(count + 1);
        }
        let target = self.target(*variable);
        self.line(depth, &format!("{target} = {text}"));
        Some(count)
    }

    /// A variable that is assigned, with its type the first time.
    fn target(&mut self, variable: VariableId) -> String {
        let name = self.name(variable);
        match self.variable_type(variable.0).cloned() {
            Some(ty) if self.declared.insert(variable.0) => {
                let text = ty.to_string();
                let plain = !ty.any(|part| matches!(part, Type::Function(_) | Type::Text(_) | Type::Array(_, 0)));
                format!("{name}: {}", if plain { text } else { quoted(&text) })
            }
            _ => name,
        }
    }

    fn stmt(&mut self, stmt: &Stmt, depth: usize) {
        match &stmt.kind {
            StmtKind::Assign(variable, value) => {
                let value = self.value(value);
                let target = self.target(*variable);
                self.line(depth, &format!("{target} = {value}"));
            }
            StmtKind::SetItem { array, index, value } => {
                let text = format!("{} = {}", self.selection(array, index), self.value(value));
                self.line(depth, &text);
            }
            StmtKind::UpdateItem { array, index, op, value, .. } => {
                let sign = super::numbers::sign(*op).map_or("+", |(sign, _)| sign);
                let text = format!("{} {sign}= {}", self.selection(array, index), self.value(value));
                self.line(depth, &text);
            }
            StmtKind::SetAttribute(place, value) => {
                let name = self.unit.attributes.get(*place).map(|attribute| attribute.name.clone()).unwrap_or_default();
                let text = format!("self.{name} = {}", self.value(value));
                self.line(depth, &text);
                if self.asks {
                    self.line(depth, &format!("changed[{}] = {place}", quoted(&name)));
                }
            }
            StmtKind::Expr(Expr { kind: ExprKind::Team(_), .. }) => self.line(depth, "pass  # in parallel"),
            StmtKind::Parallel { .. } => self.line(depth, "pass"),
            StmtKind::Expr(value) => {
                let text = self.effect(value);
                self.line(depth, &text);
            }
            StmtKind::If { test, then, otherwise } => self.choice(test, then, otherwise, depth, "if"),
            StmtKind::While { test, body, orelse } => {
                let text = format!("while {}:", self.test(test));
                self.line(depth, &text);
                self.block(body, depth + 1);
                self.otherwise(orelse, depth);
            }
            StmtKind::ForRange { variable, start, stop, step, body, orelse } => {
                let range = self.range(start, stop, step);
                let text = format!("for {} in range({range}):", self.name(*variable));
                self.line(depth, &text);
                self.block(body, depth + 1);
                self.otherwise(orelse, depth);
            }
            StmtKind::Unrolled { iterations, orelse } => self.unrolled(iterations, orelse, depth),
            StmtKind::Try { .. } => self.attempt(&stmt.kind, depth),
            StmtKind::Reraise(id) => self.line(depth, &format!("raise error{id}")),
            StmtKind::Exit(id, n) => {
                self.exits.insert((*id, *n));
                self.line(depth, &format!("raise Exit{id}x{n}"));
            }
            StmtKind::Break => self.line(depth, "break"),
            StmtKind::Continue => self.line(depth, "continue"),
            StmtKind::Return(value) => {
                let text = format!("return {}", self.value(value));
                self.line(depth, &text);
            }
            StmtKind::Raise { exception, message, .. } => self.raise(exception, message, depth),
        }
    }

    fn otherwise(&mut self, block: &Block, depth: usize) {
        if !block.is_empty() {
            self.line(depth, "else:");
            self.block(block, depth + 1);
        }
    }

    fn choice(&mut self, test: &Expr, then: &Block, otherwise: &Block, depth: usize, word: &str) {
        let turned = then.is_empty() && !otherwise.is_empty();
        let text = if turned { self.opposite(test) } else { self.test(test) };
        self.line(depth, &format!("{word} {text}:"));
        if turned {
            return self.block(otherwise, depth + 1);
        }
        self.block(then, depth + 1);
        if let [Stmt { kind: StmtKind::If { test, then, otherwise }, .. }] = otherwise.as_slice() {
            return self.choice(test, then, otherwise, depth, "elif");
        }
        self.otherwise(otherwise, depth);
    }

    fn range(&mut self, start: &Expr, stop: &Expr, step: &Expr) -> String {
        let is = |value: &Expr, wanted: i64| matches!(value.kind, ExprKind::Constant(Constant::Int(known)) if known == wanted);
        match (is(start, 0), is(step, 1)) {
            (true, true) => self.value(stop),
            (false, true) => format!("{}, {}", self.value(start), self.value(stop)),
            _ => format!("{}, {}, {}", self.value(start), self.value(stop), self.value(step)),
        }
    }

    fn unrolled(&mut self, iterations: &[Block], orelse: &Block, depth: usize) {
        if !iterations.iter().any(crate::passes::has_jumps) {
            iterations.iter().chain([orelse]).filter(|block| !block.is_empty()).for_each(|block| self.block(block, depth));
            return;
        }
        let counter = format!("iteration_{depth}");
        self.line(depth, &format!("for {counter} in range({}):", iterations.len()));
        for (n, iteration) in iterations.iter().enumerate() {
            let word = if n == 0 { "if" } else { "elif" };
            self.line(depth + 1, &format!("{word} {counter} == {n}:"));
            self.block(iteration, depth + 2);
        }
        self.otherwise(orelse, depth);
    }

    fn attempt(&mut self, kind: &StmtKind, depth: usize) {
        let StmtKind::Try { id, body, handlers, orelse, exits } = kind else { return };
        let mut inner = depth;
        if !exits.is_empty() {
            self.line(depth, "try:");
            inner += 1;
        }
        if handlers.is_empty() {
            self.block(body, inner);
            if !orelse.is_empty() {
                self.block(orelse, inner);
            }
        } else {
            self.line(inner, "try:");
            self.block(body, inner + 1);
            for handler in handlers {
                let classes = match handler.classes.as_deref() {
                    None => "Exception".to_owned(),
                    Some([one]) => one.clone(),
                    Some(several) => format!("({})", several.join(", ")),
                };
                self.line(inner, &format!("except {classes} as error{id}:"));
                self.block(&handler.body, inner + 1);
            }
            self.otherwise(orelse, inner);
        }
        for (n, exit) in exits.iter().enumerate() {
            self.exits.insert((*id, n));
            self.line(depth, &format!("except Exit{id}x{n}:"));
            self.block(exit, depth + 1);
        }
    }

    fn raise(&mut self, exception: &str, message: &[MessagePart], depth: usize) {
        if exception == PYTHON_ANSWERS {
            let why: String = message.iter().map(|part| if let MessagePart::Text(text) = part { text.as_str() } else { "" }).collect();
            return self.line(depth, &format!("raise NotImplementedError({})", quoted(&format!("Python answers: {why}"))));
        }
        if message.is_empty() {
            return self.line(depth, &format!("raise {exception}"));
        }
        if let [MessagePart::Python(what), ..] = message {
            return self.line(depth, &format!("raise {exception}({})", quoted(replay::words(what))));
        }
        let mut pattern = String::new();
        let mut values = Vec::new();
        for part in message {
            match part {
                MessagePart::Python(_) => {}
                MessagePart::Text(text) => pattern.push_str(&escaped(text).replace('{', "{{").replace('}', "}}")),
                MessagePart::Value(value, spec) => {
                    pattern.push_str(&if spec.is_empty() { "{}".to_owned() } else { format!("{{:{}}}", escaped(spec)) });
                    values.push(self.value(value));
                }
            }
        }
        let text = match message {
            [MessagePart::Text(text)] => quoted(text),
            _ if values.is_empty() => quoted(&pattern.replace("{{", "{").replace("}}", "}")),
            _ => format!("\"{pattern}\".format({})", values.join(", ")),
        };
        self.line(depth, &format!("raise {exception}({text})"));
    }

    /// A condition: its value need not be a bool.
    pub(super) fn test(&mut self, test: &Expr) -> String {
        match &test.kind {
            ExprKind::Truth(inner) => self.value(inner),
            _ => self.value(test),
        }
    }

    fn opposite(&mut self, test: &Expr) -> String {
        match &test.kind {
            ExprKind::IsNone(inner) => format!("{} is not None", self.atom(inner)),
            ExprKind::Map { op: ScalarOp::LogicalNot, operands, .. } if operands.len() == 1 && operands[0].ty == Type::BOOL => {
                self.test(&operands[0])
            }
            _ => format!("not {}", self.code(test).at(super::expressions::NOT)),
        }
    }

    pub(super) fn name(&self, variable: VariableId) -> String {
        self.names.get(variable.0 as usize).cloned().unwrap_or_default()
    }
}

fn mentions(expr: &Expr, variable: VariableId) -> bool {
    let mut found = matches!(expr.kind, ExprKind::Variable(read) if read == variable);
    walk::parts(expr, &mut |part| found = found || mentions(part, variable));
    found
}
