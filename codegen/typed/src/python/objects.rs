//! Lists, sets, dicts and strings. Places in a set or dict, which the loops of the IR count, are positions in its order.

use super::Printer;
use super::expressions::{ATOM, Code};
use crate::ir::{Constant, Expr, ExprKind};
use hypersonic_abi::object::{FUNCTIONS, METHODS, Op, combine, slice};
use hypersonic_ops::{Special, Type};

fn constant(value: Option<&Expr>) -> u64 {
    match value.map(|value| &value.kind) {
        Some(ExprKind::Constant(Constant::Int(value))) => value.cast_unsigned(),
        _ => 0,
    }
}

/// A literal of bytes.
fn bytes_text(ty: &Type) -> String {
    let Type::Text(text) = ty else { return "b''".to_owned() };
    let bytes = text.chars().filter_map(|point| u8::try_from(u32::from(point)).ok());
    format!("b\"{}\"", bytes.flat_map(std::ascii::escape_default).map(char::from).collect::<String>())
}

impl Printer<'_> {
    /// An expression that stands alone.
    pub(super) fn effect(&mut self, expr: &Expr) -> String {
        let ExprKind::Object(op, operands) = &expr.kind else { return self.value(expr) };
        let [object, rest @ ..] = operands.as_slice() else { return self.value(expr) };
        let name = self.atom(object);
        match (op, rest) {
            (Op::SetItem | Op::Set, [at, value]) => format!("{name}[{}] = {}", self.value(at), self.value(value)),
            (Op::DeleteItem | Op::Delete, [at]) => format!("del {name}[{}]", self.value(at)),
            (Op::DeleteSlice, _) => format!("del {name}[{}]", self.bounds(rest)),
            (Op::SetSlice, [.., value]) => format!("{name}[{}] = {}", self.bounds(rest), self.value(value)),
            (Op::Discard, [value]) => format!("{name}.discard({})", self.value(value)),
            _ => self.value(expr),
        }
    }

    /// `start:stop:step`, from the bits that say which are given.
    fn bounds(&mut self, operands: &[Expr]) -> String {
        let bits = constant(operands.first());
        let mut part = |bit: u64, n: usize| match operands.get(n) {
            Some(value) if bits & bit != 0 => self.value(value),
            _ => String::new(),
        };
        let (start, stop, step) = (part(slice::START, 1), part(slice::STOP, 2), part(slice::STEP, 3));
        if step.is_empty() { format!("{start}:{stop}") } else { format!("{start}:{stop}:{step}") }
    }

    /// `slice(start, stop, step)`.
    fn slice_value(&mut self, operands: &[Expr]) -> String {
        let bits = constant(operands.first());
        let mut part = |bit: u64, n: usize| match operands.get(n) {
            Some(value) if bits & bit != 0 => self.value(value),
            _ => "None".to_owned(),
        };
        format!("slice({}, {}, {})", part(slice::START, 1), part(slice::STOP, 2), part(slice::STEP, 3))
    }

    pub(super) fn object(&mut self, op: Op, operands: &[Expr], ty: &Type) -> Code {
        let Some(first) = operands.first() else {
            let made = match (ty.special(), ty.base()) {
                (Some(Special::DefaultDict(_)), _) => "defaultdict(None)".to_owned(),
                (Some(special), _) => format!("{}()", special.name()),
                (None, Type::List(_)) => "[]".to_owned(),
                (None, Type::Set(_)) => "set()".to_owned(),
                _ => "{}".to_owned(),
            };
            return Code::atom(made);
        };
        match op {
            Op::Method => return self.method(operands),
            Op::Ask => return self.asked(operands),
            Op::Call => {
                let given = operands.iter().skip(2).map(|value| self.value(value)).collect::<Vec<_>>().join(", ");
                return Code::atom(format!("{}({given})", self.code(first).at(ATOM)));
            }
            Op::Format => return self.format(operands),
            Op::Text => return self.code(first),
            Op::Bytes => return Code::atom(bytes_text(&first.ty)),
            _ => {}
        }
        let rest = &operands[1..];
        let object = self.code(first);
        let name = object.at(ATOM);
        let given: Vec<String> = rest.iter().map(|value| self.value(value)).collect();
        let call = |method: &str| Code::atom(format!("{name}.{method}({})", given.join(", ")));
        let argument = |n: usize| given.get(n).cloned().unwrap_or_default();
        let operand = |printer: &mut Self, n: usize, level: u8| rest.get(n).map(|value| printer.code(value).at(level)).unwrap_or_default();
        match op {
            Op::Append => call("append"),
            Op::Insert => call("insert"),
            Op::Pop | Op::PopAny | Op::PopKey => call("pop"),
            Op::PopEntry => call("popitem"),
            Op::Remove => call("remove"),
            Op::Count => call("count"),
            Op::Reverse => call("reverse"),
            Op::Extend => call("extend"),
            Op::Add => call("add"),
            Op::Clear => call("clear"),
            Op::Copy => call("copy"),
            Op::Merge => call("update"),
            Op::SetItem | Op::Set => call("__setitem__"),
            Op::DeleteItem | Op::Delete => call("__delitem__"),
            Op::RepeatInPlace => call("__imul__"),
            Op::GetItem | Op::Get | Op::Character => Code::atom(format!("{name}[{}]", argument(0))),
            Op::Slice | Op::Substring => Code::atom(format!("{name}[{}]", self.bounds(rest))),
            Op::SetSlice => {
                let (place, value) = (self.slice_value(rest), given.last().cloned().unwrap_or_default());
                Code::atom(format!("(len({name}[{}]), {name}.__setitem__({place}, {value}))[0]", self.bounds(rest)))
            }
            Op::DeleteSlice => Code::atom(format!("{name}.__delitem__({})", self.slice_value(rest))),
            Op::Index => Code::atom(format!("{name}.index({}, {}, {})", argument(2), argument(0), argument(1))),
            Op::Sort => self.sort(&name, rest),
            Op::Contains | Op::HasPart => Code::of(10, format!("{} in {}", operand(self, 0, 11), object.at(11))),
            Op::Equal => Code::of(10, format!("{} == {}", object.at(11), operand(self, 0, 11))),
            Op::Compare => Code::atom(format!("(({name} > {0}) - ({name} < {0}))", operand(self, 0, ATOM))),
            Op::Concatenate | Op::Grow => Code::of(15, format!("{} + {}", object.at(15), operand(self, 0, 16))),
            Op::Repeat => Code::of(16, format!("{} * {}", object.at(16), operand(self, 0, 17))),
            Op::ToList => Code::atom(format!("list({})", object.text)),
            Op::ToTuple => Code::atom(format!("tuple({})", object.text)),
            Op::ToSet => Code::atom(format!("set({})", object.text)),
            Op::Reserve => Code::atom("None"),
            Op::Discard => Code::atom(format!("({0} in {name}, {name}.discard({0}))[0]", argument(0))),
            Op::Combine | Op::Update | Op::Test => self.sets(op, &object, rest),
            Op::Values => Code::atom(format!("list({name}.values())")),
            Op::Items => Code::atom(format!("list({name}.items())")),
            Op::Ord => Code::atom(format!("ord({})", object.text)),
            Op::CodePoint => Code::atom(format!("ord({name}[{}])", argument(0))),
            Op::Chr => Code::atom(format!("chr({})", object.text)),
            Op::ParseInt => match rest.first() {
                Some(Expr { ty: Type::INT, .. }) => Code::atom(format!("int({}, {})", object.text, argument(0))),
                _ => Code::atom(format!("int({})", object.text)),
            },
            Op::ParseFloat => Code::atom(format!("float({})", object.text)),
            Op::Print => Code::atom(format!("print({}, end=\"\")", object.text)),
            Op::Version => Code::atom("0"),
            Op::Same => Code::of(10, format!("{} is {}", object.at(11), operand(self, 0, 11))),
            Op::Next => Code::atom(format!("({0} if {0} < len({name}) else -1)", operand(self, 0, ATOM))),
            Op::ElementAt | Op::KeyAt => Code::atom(format!("list({name})[{}]", argument(0))),
            Op::ValueAt => Code::atom(format!("list({name}.values())[{}]", argument(0))),
            Op::Find => Code::atom(format!("(list({name}).index({0}) if {0} in {name} else -1)", operand(self, 0, ATOM))),
            // Only the array room asks for these.
            Op::SortRows | Op::OrderRows | Op::MiddleRows | Op::Distinct | Op::Search => Code::atom("None"),
            Op::CopyAs | Op::Become => Code::atom(match ty.special() {
                Some(special) => format!("{}({})", special.name(), object.text),
                None if matches!(ty, Type::Set(_)) => format!("set({})", object.text),
                None => format!("dict({})", object.text),
            }),
            Op::Detail => Code::atom(format!("(-1 if {name}.maxlen is None else {name}.maxlen) + 1")),
            // What Python keeps by itself.
            Op::SetDetail | Op::State | Op::Touch => Code::atom("None"),
            Op::New | Op::Text | Op::Bytes | Op::Method | Op::Format | Op::Ask | Op::Call => Code::atom("None"),
        }
    }

    /// A function of Python's modules by its number, with its arguments behind what it gives.
    fn asked(&mut self, operands: &[Expr]) -> Code {
        let place = usize::try_from(constant(operands.first())).unwrap_or(usize::MAX);
        let name = FUNCTIONS.get(place).copied().unwrap_or_default();
        if let Some((module, _)) = name.split_once('.') {
            self.needs(module);
        }
        let given = operands.iter().skip(2).map(|value| self.value(value)).collect::<Vec<_>>().join(", ");
        Code::atom(format!("{name}({given})"))
    }

    /// In place and stable; with keys, by these.
    fn sort(&mut self, list: &str, rest: &[Expr]) -> Code {
        let [keys, reverse] = rest else { return Code::atom(format!("{list}.sort()")) };
        let turned = match &reverse.kind {
            ExprKind::Constant(Constant::Bool(false)) => String::new(),
            _ => format!("reverse={}", self.value(reverse)),
        };
        if !keys.ty.is_object() {
            return Code::atom(format!("{list}.sort({turned})"));
        }
        let keys = self.value(keys);
        let gap = if turned.is_empty() { "" } else { ", " };
        let order = format!("sorted(zip({keys}, {list}), key=lambda pair: pair[0]{gap}{turned})");
        Code::atom(format!("{list}.__setitem__(slice(None), [pair[1] for pair in {order}])"))
    }

    fn sets(&mut self, op: Op, object: &Code, rest: &[Expr]) -> Code {
        let other = rest.first().map(|value| self.code(value)).unwrap_or_else(|| Code::atom("None"));
        let how = constant(rest.get(1));
        if op == Op::Update {
            let method = match how {
                combine::UNION => "update",
                combine::INTERSECTION => "intersection_update",
                combine::DIFFERENCE => "difference_update",
                _ => "symmetric_difference_update",
            };
            return Code::atom(format!("{}.{method}({})", object.at(ATOM), other.text));
        }
        let (sign, level) = match how {
            combine::UNION => ("|", 11),
            combine::INTERSECTION => ("&", 13),
            combine::DIFFERENCE => ("-", 15),
            combine::SYMMETRIC_DIFFERENCE => ("^", 12),
            combine::SUBSET => ("<=", 10),
            combine::PROPER_SUBSET => ("<", 10),
            _ => return Code::atom(format!("{}.isdisjoint({})", object.at(ATOM), other.text)),
        };
        Code::of(level, format!("{} {sign} {}", object.at(level + 1), other.at(level + 1)))
    }

    fn method(&mut self, operands: &[Expr]) -> Code {
        let [number, _, text, values @ ..] = operands else { return Code::atom("None") };
        let method = usize::try_from(constant(Some(number))).ok().and_then(|n| METHODS.get(n)).copied().unwrap_or_default();
        let object = self.code(text);
        if method == "__mod__" {
            let comma = if values.len() == 1 { "," } else { "" };
            return Code::of(16, format!("{} % ({}{comma})", object.at(16), self.list(values)));
        }
        Code::atom(format!("{}.{method}({})", object.at(ATOM), self.list(values)))
    }

    fn format(&mut self, operands: &[Expr]) -> Code {
        let [what, spec, value] = operands else { return Code::atom("None") };
        let text = self.value(value);
        Code::atom(match (constant(Some(what)), &spec.ty) {
            (0, Type::None) => format!("format({text})"),
            (0, _) => format!("format({text}, {})", self.value(spec)),
            (1, _) => format!("str({text})"),
            (2, _) => format!("repr({text})"),
            _ => format!("ascii({text})"),
        })
    }
}
