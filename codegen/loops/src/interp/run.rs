//! Statements and values of one function after the other.

use super::{Memory, Trap, arithmetic};
use crate::ir::{Block, FailureId, Function, FunctionId, Inst, Module, Nest, RareId, Stmt, SupportRow, Ty, ValueId};
use hypersonic_abi::overlap::{Array, overlap};
use std::collections::HashMap;

/// How deep calls may nest.
const DEPTH: u32 = 200;

/// Why a call ended early.
pub(super) enum Stop {
    Failed(FailureId, Vec<u64>),
    Trapped(Trap),
}

impl From<Trap> for Stop {
    fn from(trap: Trap) -> Self {
        Self::Trapped(trap)
    }
}

/// Where control goes after a statement.
enum Flow {
    Next,
    Break(u32),
    Continue(u32),
    Return(Vec<u64>),
}

pub(super) struct Machine<'a> {
    pub module: &'a Module,
    pub memory: &'a mut Memory,
    pub steps: u64,
    pub depth: u32,
    /// The failure on record.
    pub record: Option<(FailureId, Vec<u64>)>,
    /// Records that were saved, by place.
    pub saved: HashMap<u64, (FailureId, Vec<u64>)>,
}

/// One activation.
struct Frame<'a> {
    function: &'a Function,
    arguments: &'a [u64],
    values: Vec<Option<u64>>,
    variables: Vec<Option<u64>>,
    slots: Vec<u64>,
}

impl Frame<'_> {
    fn get(&self, id: ValueId) -> Result<u64, Trap> {
        if let Inst::Parameter(n) = self.function.values[id.index()].inst {
            return Ok(self.arguments[n as usize]);
        }
        self.values[id.index()].ok_or(Trap::Unevaluated(id))
    }

    fn ty(&self, id: ValueId) -> Ty {
        self.function.values[id.index()].ty
    }

    fn all(&self, ids: &[ValueId]) -> Result<Vec<u64>, Trap> {
        ids.iter().map(|id| self.get(*id)).collect()
    }
}

impl Machine<'_> {
    pub(super) fn call(&mut self, id: FunctionId, arguments: &[u64]) -> Result<Vec<u64>, Stop> {
        if self.depth >= DEPTH {
            return Err(Trap::Exhausted.into());
        }
        self.depth += 1;
        let module = self.module;
        let function = module.functions.get(id.index()).ok_or(Trap::Malformed("no such function"))?;
        let mut frame = Frame {
            function,
            arguments,
            values: vec![None; function.values.len()],
            variables: vec![None; function.variables.len()],
            slots: Vec::new(),
        };
        let flow = self.block(&mut frame, &function.body)?;
        self.depth -= 1;
        for slot in frame.slots {
            self.memory.free(slot);
        }
        match flow {
            Flow::Return(values) => Ok(values),
            _ => Err(Trap::Malformed("control fell off the end").into()),
        }
    }

    fn block(&mut self, frame: &mut Frame<'_>, block: &Block) -> Result<Flow, Stop> {
        for stmt in block {
            self.steps = self.steps.checked_sub(1).ok_or(Trap::Exhausted)?;
            match self.statement(frame, stmt)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, frame: &mut Frame<'_>, stmt: &Stmt) -> Result<Flow, Stop> {
        match stmt {
            Stmt::Let(id) => {
                let value = self.evaluate(frame, *id)?;
                frame.values[id.index()] = Some(value);
            }
            Stmt::Set(variable, value) => frame.variables[variable.index()] = Some(frame.get(*value)?),
            Stmt::Store { address, value, .. } => {
                let bits = frame.get(*value)?;
                self.memory.store(frame.ty(*value), frame.get(*address)?, bits)?;
            }
            Stmt::If { condition, then, otherwise, .. } => {
                let chosen = if frame.get(*condition)? == 1 { then } else { otherwise };
                return self.block(frame, chosen);
            }
            Stmt::For { index, count, body, .. } => return self.repeat(frame, *index, *count, body),
            Stmt::Loop { body } => loop {
                self.steps = self.steps.checked_sub(1).ok_or(Trap::Exhausted)?;
                if let Some(flow) = leave(self.block(frame, body)?) {
                    return Ok(flow);
                }
            },
            Stmt::Break(n) => return Ok(Flow::Break(*n)),
            Stmt::Continue(n) => return Ok(Flow::Continue(*n)),
            Stmt::Nest(nest) => return self.nest(frame, nest, 0),
            Stmt::Call { function, arguments, results, caught } => {
                let arguments = frame.all(arguments)?;
                let open = self.depth;
                let values = match (self.call(*function, &arguments), caught) {
                    (Err(Stop::Failed(failure, values)), Some(depth)) => {
                        self.depth = open;
                        self.record = Some((failure, values));
                        return Ok(Flow::Break(*depth));
                    }
                    (outcome, _) => outcome?,
                };
                for (result, value) in results.iter().zip(values) {
                    frame.values[result.index()] = Some(value);
                }
            }
            Stmt::Parallel { function, chunks, arguments, .. } => {
                let words = frame.all(arguments)?;
                for chunk in 0..frame.get(*chunks)?.cast_signed() {
                    let words: Vec<u64> = std::iter::once(chunk.cast_unsigned()).chain(words.iter().copied()).collect();
                    self.call(*function, &words)?;
                }
            }
            Stmt::Support { row, arguments, result } => {
                let arguments = frame.all(arguments)?;
                let value = self.support(*row, &arguments)?;
                if let Some(result) = result {
                    frame.values[result.index()] = Some(value);
                }
            }
            Stmt::Launch { .. } => return Err(Trap::Malformed("launches are not interpreted").into()),
            Stmt::Check { ok, failure, values } => {
                if frame.get(*ok)? != 1 {
                    return Err(Stop::Failed(*failure, frame.all(values)?));
                }
            }
            Stmt::Record { .. } | Stmt::Caught { .. } | Stmt::SaveRecord(_) | Stmt::RestoreRecord(_) | Stmt::Leave => {
                return self.recorded(frame, stmt);
            }
            Stmt::Fail { failure, values } => return Err(Stop::Failed(*failure, frame.all(values)?)),
            Stmt::Return(values) => return Ok(Flow::Return(frame.all(values)?)),
        }
        Ok(Flow::Next)
    }

    /// What is done with the record of failures.
    fn recorded(&mut self, frame: &mut Frame<'_>, stmt: &Stmt) -> Result<Flow, Stop> {
        let nothing = Trap::Malformed("no failure is on record");
        match stmt {
            Stmt::Record { failure, values } => self.record = Some((*failure, frame.all(values)?)),
            Stmt::Caught { classes, result } => {
                let (failure, _) = self.record.as_ref().ok_or(nothing)?;
                let class = self.module.failures.get(failure.index()).and_then(|failure| failure.kind.class());
                let caught = class.is_some_and(|class| classes.is_empty() || classes.iter().any(|name| name == class));
                frame.values[result.index()] = Some(u64::from(caught));
            }
            Stmt::SaveRecord(place) => {
                let record = self.record.clone().ok_or(nothing)?;
                self.saved.insert(frame.get(*place)?, record);
            }
            Stmt::RestoreRecord(place) => self.record = self.saved.get(&frame.get(*place)?).cloned(),
            _ => {
                let (failure, values) = self.record.clone().ok_or(nothing)?;
                return Err(Stop::Failed(failure, values));
            }
        }
        Ok(Flow::Next)
    }

    fn repeat(&mut self, frame: &mut Frame<'_>, index: ValueId, count: ValueId, body: &Block) -> Result<Flow, Stop> {
        let count = frame.get(count)?.cast_signed();
        for n in 0..count {
            self.steps = self.steps.checked_sub(1).ok_or(Trap::Exhausted)?;
            frame.values[index.index()] = Some(n.cast_unsigned());
            if let Some(flow) = leave(self.block(frame, body)?) {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    /// Last iterations first: where the order matters, that is a mistake, and this finds it.
    fn nest(&mut self, frame: &mut Frame<'_>, nest: &Nest, axis: usize) -> Result<Flow, Stop> {
        let Some(extent) = nest.extents.get(axis) else {
            return match self.block(frame, &nest.body)? {
                Flow::Next => Ok(Flow::Next),
                _ => Err(Trap::Malformed("control left a nest").into()),
            };
        };
        let count = frame.get(*extent)?.cast_signed();
        for n in (0..count).rev() {
            frame.values[nest.indices[axis].index()] = Some(n.cast_unsigned());
            self.nest(frame, nest, axis + 1)?;
        }
        Ok(Flow::Next)
    }

    fn support(&mut self, row: SupportRow, arguments: &[u64]) -> Result<u64, Trap> {
        match (row, arguments) {
            (SupportRow::Allocate, [bytes, zeroed]) => {
                if self.memory.refuse_allocation {
                    return Ok(0);
                }
                let size = usize::try_from(*bytes).map_err(|_| Trap::Exhausted)?;
                let data = self.memory.add(vec![if *zeroed == 0 { 0xa5 } else { 0 }; size]);
                Ok(self.memory.add_words(&[data, 1, *bytes, 0, 0, 0]))
            }
            (SupportRow::Release, [block]) => {
                let data = self.memory.load(Ty::I64, *block)?;
                self.memory.free(data);
                self.memory.free(*block);
                Ok(0)
            }
            (SupportRow::PythonRandom, []) => {
                let next = if self.memory.random.is_empty() { 0.5 } else { self.memory.random.remove(0) };
                Ok(next.to_bits())
            }
            (SupportRow::Overlap, [x, x_rank, x_size, y, y_rank, y_size, unless_same]) => {
                let (x, y) = (self.descriptor(*x, *x_rank)?, self.descriptor(*y, *y_rank)?);
                let arrays = (Array::read(&x, x_size.cast_signed()), Array::read(&y, y_size.cast_signed()));
                let (Some(x), Some(y)) = arrays else { return Err(Trap::Malformed("no array")) };
                Ok(u64::from(overlap(&x, &y, *unless_same != 0)))
            }
            (SupportRow::StackEnd, []) => Ok(0),
            _ => Err(Trap::Malformed("wrong arguments for a row of the support table")),
        }
    }

    /// The words of an array of the frame.
    fn descriptor(&self, address: u64, rank: u64) -> Result<Vec<i64>, Trap> {
        (0..=2 * rank).map(|n| self.memory.load(Ty::I64, address + 8 * n).map(u64::cast_signed)).collect()
    }

    /// A rare function, which has no effects, in a machine of its own.
    fn rare(&self, rare: RareId, arguments: [u64; 3]) -> Result<u64, Trap> {
        let module = Module { functions: vec![(rare.0.function)().clone()], failures: Vec::new() };
        let mut memory = Memory::default();
        match super::call(&module, FunctionId(0), &arguments[..rare.0.arity()], &mut memory) {
            super::Outcome::Returned(values) => values.first().copied().ok_or(Trap::Malformed("a rare function gives one value")),
            super::Outcome::Trapped(trap) => Err(trap),
            super::Outcome::Failed(..) => Err(Trap::Malformed("a rare function cannot fail")),
        }
    }

    fn evaluate(&mut self, frame: &mut Frame<'_>, id: ValueId) -> Result<u64, Trap> {
        let ty = frame.ty(id);
        Ok(match frame.function.values[id.index()].inst {
            Inst::Int(value) => arithmetic::wrap(ty, value.cast_unsigned()),
            Inst::FloatBits(bits) => bits,
            Inst::Null => 0,
            Inst::Parameter(_) => frame.get(id)?,
            Inst::Bound => return Err(Trap::Malformed("a bound value in a let")),
            Inst::Read(variable) => frame.variables[variable.index()].ok_or(Trap::Unset(variable.0))?,
            Inst::Binary(op, a, b) => arithmetic::binary(op, ty, frame.get(a)?, frame.get(b)?).ok_or(Trap::Undefined(id))?,
            Inst::Unary(op, a) => arithmetic::unary(op, ty, frame.get(a)?),
            Inst::Compare(op, a, b) => u64::from(arithmetic::compare(op, frame.ty(a), frame.get(a)?, frame.get(b)?)),
            Inst::Overflows(op, a, b) => {
                let over = arithmetic::overflows(op, frame.ty(a), frame.get(a)?, frame.get(b)?);
                u64::from(over.ok_or(Trap::Malformed("only sums and products overflow"))?)
            }
            Inst::Select(c, a, b) => {
                let (a, b) = (frame.get(a)?, frame.get(b)?);
                if frame.get(c)? == 1 { a } else { b }
            }
            Inst::Cast(op, a) => arithmetic::cast(op, frame.ty(a), ty, frame.get(a)?),
            Inst::Load(address, _) => self.memory.load(ty, frame.get(address)?)?,
            Inst::Offset(address, bytes) => frame.get(address)?.wrapping_add(frame.get(bytes)?),
            Inst::StackSlot(bytes) => match frame.values[id.index()] {
                Some(address) => address,
                None => {
                    let address = self.memory.add(vec![0xa5; bytes as usize]);
                    frame.slots.push(address);
                    address
                }
            },
            // The interpreter has a stack of its own.
            Inst::FrameAddress => i64::MAX.cast_unsigned(),
            Inst::Rare(rare, [x, y, z], otherwise) => {
                let (arguments, otherwise) = ([frame.get(x)?, frame.get(y)?, frame.get(z)?], frame.get(otherwise)?);
                if f64::from_bits(arguments[0]).abs() >= rare.0.limit { self.rare(rare, arguments)? } else { otherwise }
            }
            Inst::Table(table, index) => {
                let at = usize::try_from(frame.get(index)?).map_err(|_| Trap::TableIndex(id))?;
                *table.0.bits.get(at).ok_or(Trap::TableIndex(id))?
            }
        })
    }
}

/// What a loop does with the flow out of its body: None to go on.
fn leave(flow: Flow) -> Option<Flow> {
    match flow {
        Flow::Next | Flow::Continue(0) => None,
        Flow::Break(0) => Some(Flow::Next),
        Flow::Break(n) => Some(Flow::Break(n - 1)),
        Flow::Continue(n) => Some(Flow::Continue(n - 1)),
        Flow::Return(values) => Some(Flow::Return(values)),
    }
}
