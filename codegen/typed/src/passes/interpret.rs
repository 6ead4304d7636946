//! An interpreter of typed IR for values that are known at compile time: scalars, tuples, lists.
//!
//! `None` anywhere means that nothing can be said: the budget is spent, something raises or would need an array, an attribute, the
//! caller's memory. Then whatever was computed is forgotten and the code stays as it is. It reads nothing but its frame and writes
//! nothing else, so a result is the result.

use super::number;
use crate::ir::{Block, Constant, Expr, ExprKind, Function, Stmt, StmtKind, VariableId};
use hypersonic_abi::object::Op;
use hypersonic_ops::Type;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Most expressions and statements evaluated for one unit.
const UNIT_STEPS: u32 = 400_000;
/// Most of them for one call or loop.
const STEPS: u32 = 150_000;
/// Most calls inside each other: far fewer than Python allows.
const DEPTH: u32 = 200;
/// Most items of a list.
const LENGTH: usize = 10_000;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Its type says it.
    Unit,
    /// A scalar.
    Scalar(Constant),
    /// A tuple.
    Tuple(Vec<Value>),
    /// A list that was made here.
    List(Rc<RefCell<Vec<Value>>>),
    /// A list of the surroundings, which can only be appended to.
    Outside(VariableId),
}

/// How a statement ends.
#[derive(Clone, Debug)]
pub(super) enum Flow {
    /// The next one follows.
    Next,
    /// As `break`.
    Break,
    /// As `continue`.
    Continue,
    /// With this value.
    Return(Value),
    /// To an exit of a `try`.
    Exit(u32, usize),
}

/// Variables of a function that runs.
pub(super) type Frame = HashMap<VariableId, Value>;

type Key = (usize, Vec<(u8, u64, u64)>);

/// What runs functions of a unit.
pub(super) struct Machine<'u> {
    functions: &'u [Function],
    left: u32,
    steps: u32,
    depth: u32,
    results: HashMap<Key, Option<Value>>,
    /// What was appended to lists of the surroundings.
    pub appended: Vec<(VariableId, Value)>,
}

impl<'u> Machine<'u> {
    pub(super) fn new(functions: &'u [Function]) -> Self {
        Self { functions, left: UNIT_STEPS, steps: 0, depth: 0, results: HashMap::new(), appended: Vec::new() }
    }

    /// Runs a statement in that frame.
    pub(super) fn run(&mut self, stmt: &Stmt, frame: &mut Frame) -> Option<Flow> {
        self.attempt(|machine| machine.stmt(stmt, frame))
    }

    /// Calls a function with arguments that hold no lists.
    pub(super) fn call(&mut self, position: usize, arguments: Vec<Value>) -> Option<Value> {
        self.attempt(|machine| machine.invoke(position, arguments))
    }

    fn attempt<T>(&mut self, work: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let given = self.left.min(STEPS);
        self.steps = given;
        self.depth = 0;
        self.appended.clear();
        let result = work(self);
        self.left -= given - self.steps;
        result
    }

    fn spend(&mut self) -> Option<()> {
        self.steps = self.steps.checked_sub(1)?;
        Some(())
    }

    fn invoke(&mut self, position: usize, arguments: Vec<Value>) -> Option<Value> {
        let function = self.functions.get(position)?;
        let mut words = Vec::new();
        let plain = arguments.iter().all(|argument| key_words(argument, &mut words));
        let key = plain.then_some((position, words));
        if let Some(known) = key.as_ref().and_then(|key| self.results.get(key)) {
            return known.clone();
        }
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let mut frame: Frame = function.parameters.iter().copied().zip(arguments).collect();
        let result = self.block(&function.body, &mut frame).and_then(|flow| match flow {
            Flow::Return(value) => Some(value),
            Flow::Next => Some(Value::Unit),
            _ => None,
        });
        self.depth -= 1;
        // What the budget cut short may come out another time; what holds a list is a new one each time.
        let certain = result.as_ref().map_or(self.steps > 0, |value| key_words(value, &mut Vec::new()));
        if let (Some(key), true) = (key, certain) {
            self.results.insert(key, result.clone());
        }
        result
    }

    fn block(&mut self, block: &Block, frame: &mut Frame) -> Option<Flow> {
        for stmt in block {
            match self.stmt(stmt, frame)? {
                Flow::Next => {}
                other => return Some(other),
            }
        }
        Some(Flow::Next)
    }

    fn stmt(&mut self, stmt: &Stmt, frame: &mut Frame) -> Option<Flow> {
        self.spend()?;
        match &stmt.kind {
            StmtKind::Assign(variable, value) => {
                let value = self.expr(value, frame)?;
                frame.insert(*variable, value);
            }
            StmtKind::Expr(value) => {
                self.expr(value, frame)?;
            }
            StmtKind::Parallel { .. } => return None,
            StmtKind::If { test, then, otherwise } => {
                let chosen = if self.test(test, frame)? { then } else { otherwise };
                return self.block(chosen, frame);
            }
            StmtKind::While { test, body, orelse } => {
                while self.test(test, frame)? {
                    self.spend()?;
                    match self.block(body, frame)? {
                        Flow::Next | Flow::Continue => {}
                        Flow::Break => return Some(Flow::Next),
                        other => return Some(other),
                    }
                }
                return self.block(orelse, frame);
            }
            StmtKind::ForRange { variable, start, stop, step, body, orelse } => {
                let (mut at, stop, step) = (self.int(start, frame)?, self.int(stop, frame)?, self.int(step, frame)?);
                while (step > 0 && at < stop) || (step < 0 && at > stop) {
                    self.spend()?;
                    frame.insert(*variable, Value::Scalar(Constant::Int(at)));
                    match self.block(body, frame)? {
                        Flow::Next | Flow::Continue => {}
                        Flow::Break => return Some(Flow::Next),
                        other => return Some(other),
                    }
                    at = at.checked_add(step)?;
                }
                return if step == 0 { None } else { self.block(orelse, frame) };
            }
            StmtKind::Unrolled { iterations, orelse } => {
                for iteration in iterations {
                    match self.block(iteration, frame)? {
                        Flow::Next | Flow::Continue => {}
                        Flow::Break => return Some(Flow::Next),
                        other => return Some(other),
                    }
                }
                return self.block(orelse, frame);
            }
            StmtKind::Try { id, body, orelse, exits, .. } => {
                let flow = match self.block(body, frame)? {
                    Flow::Next => self.block(orelse, frame)?,
                    other => other,
                };
                return match flow {
                    Flow::Exit(left, n) if left == *id => self.block(exits.get(n)?, frame),
                    other => Some(other),
                };
            }
            StmtKind::Exit(id, n) => return Some(Flow::Exit(*id, *n)),
            StmtKind::Break => return Some(Flow::Break),
            StmtKind::Continue => return Some(Flow::Continue),
            StmtKind::Return(value) => return self.expr(value, frame).map(Flow::Return),
            StmtKind::SetItem { .. }
            | StmtKind::UpdateItem { .. }
            | StmtKind::SetAttribute(..)
            | StmtKind::Reraise(_)
            | StmtKind::Raise { .. } => return None,
        }
        Some(Flow::Next)
    }

    fn test(&mut self, test: &Expr, frame: &mut Frame) -> Option<bool> {
        self.scalar(test, frame).map(number::truth)
    }

    fn int(&mut self, value: &Expr, frame: &mut Frame) -> Option<i64> {
        match self.scalar(value, frame)? {
            Constant::Int(value) => Some(value),
            _ => None,
        }
    }

    fn scalar(&mut self, value: &Expr, frame: &mut Frame) -> Option<Constant> {
        match self.expr(value, frame)? {
            Value::Scalar(value) => Some(value),
            _ => None,
        }
    }

    fn values(&mut self, values: &[Expr], frame: &mut Frame) -> Option<Vec<Value>> {
        values.iter().map(|value| self.expr(value, frame)).collect()
    }

    fn expr(&mut self, expr: &Expr, frame: &mut Frame) -> Option<Value> {
        self.spend()?;
        Some(match &expr.kind {
            ExprKind::Unit => Value::Unit,
            ExprKind::Constant(value) => {
                if !is_known_type(&expr.ty) {
                    return None;
                }
                Value::Scalar(*value)
            }
            ExprKind::Variable(variable) => frame.get(variable)?.clone(),
            ExprKind::Tuple(items) => Value::Tuple(self.values(items, frame)?),
            ExprKind::TupleItem(tuple, n) => match self.expr(tuple, frame)? {
                Value::Tuple(items) => items.into_iter().nth(*n)?,
                _ => return None,
            },
            ExprKind::Convert(value) => {
                let dtype = expr.ty.dtype().filter(|_| matches!(expr.ty, Type::Scalar(..)))?;
                Value::Scalar(number::cast(self.scalar(value, frame)?, dtype)?)
            }
            ExprKind::Map { op, loop_dtype, operands } => {
                let operands = operands.iter().map(|operand| self.scalar(operand, frame)).collect::<Option<Vec<_>>>()?;
                Value::Scalar(number::apply(*op, *loop_dtype, &expr.ty, &operands)?)
            }
            ExprKind::Truth(value) => Value::Scalar(Constant::Bool(self.test(value, frame)?)),
            ExprKind::And(a, b) | ExprKind::Or(a, b) => {
                let first = self.scalar(a, frame)?;
                let second = number::truth(first) == matches!(expr.kind, ExprKind::And(..));
                if second { self.expr(b, frame)? } else { Value::Scalar(first) }
            }
            ExprKind::Conditional { test, then, otherwise } => {
                let chosen = if self.test(test, frame)? { then } else { otherwise };
                self.expr(chosen, frame)?
            }
            ExprKind::Call(position, arguments) => {
                let arguments = self.values(arguments, frame)?;
                self.invoke(*position, arguments)?
            }
            ExprKind::Length(object) => match self.expr(object, frame)? {
                Value::List(items) => Value::Scalar(Constant::Int(i64::try_from(items.borrow().len()).ok()?)),
                _ => return None,
            },
            ExprKind::Object(op, operands) => self.object(*op, operands, &expr.ty, frame)?,
            _ => return None,
        })
    }

    fn object(&mut self, op: Op, operands: &[Expr], ty: &Type, frame: &mut Frame) -> Option<Value> {
        let operands = self.values(operands, frame)?;
        match (op, operands.as_slice()) {
            (Op::New, []) if matches!(ty, Type::List(_)) => Some(Value::List(Rc::default())),
            (Op::Append, [Value::List(items), value]) => {
                items.borrow_mut().push(value.clone());
                (items.borrow().len() <= LENGTH).then_some(Value::Unit)
            }
            (Op::Append, [Value::Outside(list), value]) => {
                self.appended.push((*list, value.clone()));
                (self.appended.len() <= LENGTH).then_some(Value::Unit)
            }
            (Op::GetItem, [Value::List(items), Value::Scalar(Constant::Int(at))]) => {
                let at = place(*at, items.borrow().len())?;
                items.borrow().get(at).cloned()
            }
            (Op::SetItem, [Value::List(items), Value::Scalar(Constant::Int(at)), value]) => {
                let at = place(*at, items.borrow().len())?;
                *items.borrow_mut().get_mut(at)? = value.clone();
                Some(Value::Unit)
            }
            _ => None,
        }
    }
}

/// An index of Python, negative ones from the end.
fn place(at: i64, length: usize) -> Option<usize> {
    let at = if at < 0 { at.checked_add(i64::try_from(length).ok()?)? } else { at };
    usize::try_from(at).ok()
}

/// Whether constants of that type are told apart by their value: those of uint64 are bits.
pub(super) fn is_known_type(ty: &Type) -> bool {
    ty.dtype().is_some_and(|dtype| dtype != hypersonic_ops::Dtype::U64)
}

/// The words of a value without lists; false if it has one.
fn key_words(value: &Value, words: &mut Vec<(u8, u64, u64)>) -> bool {
    match value {
        Value::Unit => words.push((0, 0, 0)),
        Value::Scalar(Constant::Bool(value)) => words.push((1, u64::from(*value), 0)),
        Value::Scalar(Constant::Int(value)) => words.push((2, value.cast_unsigned(), 0)),
        Value::Scalar(Constant::Float(value)) => words.push((3, value.to_bits(), 0)),
        Value::Scalar(Constant::Complex(re, im)) => words.push((4, re.to_bits(), im.to_bits())),
        Value::Tuple(items) => {
            words.push((5, items.len() as u64, 0));
            return items.iter().all(|item| key_words(item, words));
        }
        Value::List(_) | Value::Outside(_) => return false,
    }
    true
}

/// A value as an expression of that type, if it holds no list.
pub(super) fn as_expr(value: &Value, ty: &Type, span: hypersonic_diagnostics::Span) -> Option<Expr> {
    let kind = match (value, ty) {
        (Value::Unit, Type::None | Type::Text(_) | Type::Function(_) | Type::DtypeValue(..)) => ExprKind::Unit,
        (Value::Scalar(value), Type::Scalar(..)) => ExprKind::Constant(*value),
        (Value::Tuple(items), Type::Tuple(types)) if items.len() == types.len() => {
            let items = items.iter().zip(types).map(|(item, ty)| as_expr(item, ty, span));
            ExprKind::Tuple(items.collect::<Option<Vec<_>>>()?)
        }
        _ => return None,
    };
    Some(Expr { ty: ty.clone(), kind, span })
}
