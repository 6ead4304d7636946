//! Random programs: machine code at every level does what the interpreter of loop IR does, to the bit.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap
)]

mod stage;

use hypersonic_loops::interp::{self, Memory, Outcome};
use hypersonic_loops::{
    Binary, Builder, Cast, Compare, Failure, FailureKind, FunctionId, Likely, MemoryClass, Module, Order, Stmt, Ty, Unary, ValueId,
    VariableId,
};
use stage::{Stage, argument, checked, element, entry, host_levels};

/// Numbers that depend on a seed only.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides) as usize
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len() as u64)]
    }
}

/// A program in the making: the words of an array, values by kind, and variables.
struct Writer<'b, 'm> {
    b: &'b mut Builder<'m>,
    dice: Dice,
    data: ValueId,
    integers: Vec<ValueId>,
    floats: Vec<ValueId>,
    variables: Vec<VariableId>,
}

const WORDS: i64 = 16;

impl Writer<'_, '_> {
    fn integer(&mut self, depth: u32) -> ValueId {
        if depth == 0 {
            let constants = [0, 1, -1, 7, -3, 1 << 40, i64::MAX, i64::MIN];
            return match self.dice.roll(3) {
                0 => {
                    let constant = self.dice.one(&constants);
                    self.b.i64(constant)
                }
                1 => {
                    let variable = self.dice.one(&self.variables.clone());
                    self.b.read(variable)
                }
                _ => self.dice.one(&self.integers.clone()),
            };
        }
        let x = self.integer(depth - 1);
        match self.dice.roll(16) {
            0 => {
                let op = self.dice.one(&[Unary::PopCount, Unary::LeadingZeros, Unary::TrailingZeros]);
                self.b.unary(op, x)
            }
            1 => {
                let truth = self.truth(depth - 1);
                let y = self.integer(depth - 1);
                self.b.select(truth, x, y)
            }
            2 => {
                let x = self.float(depth - 1);
                let cast = self.dice.one(&[Cast::FloatToSigned, Cast::FloatToUnsigned]);
                self.b.cast(cast, x, Ty::I64)
            }
            3 => {
                let ty = self.dice.one(&[Ty::I8, Ty::I16, Ty::I32]);
                let narrow = self.b.cast(Cast::Truncate, x, ty);
                let widen = self.dice.one(&[Cast::SignExtend, Cast::ZeroExtend]);
                self.b.cast(widen, narrow, Ty::I64)
            }
            4 => {
                let op = self.dice.one(&[Binary::UDiv, Binary::URem]);
                let one = self.b.i64(1);
                let y = self.integer(depth - 1);
                let y = self.b.binary(Binary::Or, y, one);
                self.b.binary(op, x, y)
            }
            5 => {
                let op = self.dice.one(&[Binary::Shl, Binary::AShr, Binary::LShr]);
                let mask = self.b.i64(63);
                let y = self.integer(depth - 1);
                let y = self.b.and(y, mask);
                self.b.binary(op, x, y)
            }
            _ => {
                let ops = [
                    Binary::Add,
                    Binary::Sub,
                    Binary::Mul,
                    Binary::And,
                    Binary::Or,
                    Binary::Xor,
                    Binary::SMin,
                    Binary::SMax,
                    Binary::UMin,
                    Binary::UMax,
                    Binary::UMulHigh,
                ];
                let op = self.dice.one(&ops);
                let y = self.integer(depth - 1);
                self.b.binary(op, x, y)
            }
        }
    }

    fn float(&mut self, depth: u32) -> ValueId {
        if depth == 0 {
            return if self.dice.roll(2) == 0 {
                let constant = self.dice.one(&[0.0, -1.5, 0.1, 1e300, f64::INFINITY]);
                self.b.float(Ty::F64, constant)
            } else {
                self.dice.one(&self.floats.clone())
            };
        }
        let x = self.float(depth - 1);
        match self.dice.roll(8) {
            0 => {
                let ops = [Unary::FAbs, Unary::Sqrt, Unary::Floor, Unary::Ceil, Unary::Trunc, Unary::RoundEven];
                let op = self.dice.one(&ops);
                self.b.unary(op, x)
            }
            1 => {
                let truth = self.truth(depth - 1);
                let y = self.float(depth - 1);
                self.b.select(truth, x, y)
            }
            2 => {
                let x = self.integer(depth - 1);
                let cast = self.dice.one(&[Cast::SignedToFloat, Cast::UnsignedToFloat]);
                self.b.cast(cast, x, Ty::F64)
            }
            3 => {
                let narrow = self.b.cast(Cast::Narrow, x, Ty::F32);
                let root = self.b.unary(Unary::Sqrt, narrow);
                let sum = self.b.add(root, narrow);
                self.b.cast(Cast::Extend, sum, Ty::F64)
            }
            _ => {
                // The sign of a NaN is nobody's promise, so nothing asks for it.
                let op = self.dice.one(&[Binary::Add, Binary::Sub, Binary::Mul, Binary::FDiv]);
                let y = self.float(depth - 1);
                self.b.binary(op, x, y)
            }
        }
    }

    fn truth(&mut self, depth: u32) -> ValueId {
        if self.dice.roll(3) == 0 {
            let (x, y) = (self.float(depth), self.float(depth));
            let op = self.dice.one(&[Compare::FEq, Compare::FNe, Compare::FLt, Compare::FGe, Compare::FUnordered]);
            return self.b.compare(op, x, y);
        }
        let (x, y) = (self.integer(depth), self.integer(depth));
        if self.dice.roll(4) == 0 {
            let op = self.dice.one(&[Binary::Add, Binary::Sub, Binary::Mul]);
            return self.b.overflows(op, x, y);
        }
        let op = self.dice.one(&[Compare::Eq, Compare::SLt, Compare::ULe, Compare::SGe, Compare::UGt]);
        self.b.compare(op, x, y)
    }

    fn place(&mut self) -> ValueId {
        let mask = self.b.i64(WORDS - 1);
        let index = self.integer(1);
        let index = self.b.and(index, mask);
        element(self.b, self.data, index, Ty::I64)
    }

    fn inner(&mut self, depth: u32, index: Option<ValueId>, in_loop: bool) -> Vec<Stmt> {
        let (integers, floats) = (self.integers.len(), self.floats.len());
        self.integers.extend(index);
        self.b.open_block();
        self.statements(depth, in_loop);
        self.integers.truncate(integers);
        self.floats.truncate(floats);
        self.b.close_block()
    }

    fn statements(&mut self, depth: u32, in_loop: bool) {
        for _ in 0..2 + self.dice.roll(3) {
            match self.dice.roll(if depth == 0 { 5 } else { 8 }) {
                0 => {
                    let value = self.integer(2);
                    let variable = self.dice.one(&self.variables.clone());
                    self.b.set(variable, value);
                }
                1 => {
                    let address = self.place();
                    let value = self.integer(3);
                    self.b.store(address, value, MemoryClass(1));
                }
                2 => {
                    let address = self.place();
                    let value = self.b.load(Ty::I64, address, MemoryClass(1));
                    self.integers.push(value);
                }
                3 => {
                    let value = self.float(3);
                    self.floats.push(value);
                }
                4 => {
                    // NaN is stored as one bit pattern.
                    let value = self.float(2);
                    let address = self.place();
                    let unordered = self.b.compare(Compare::FUnordered, value, value);
                    let bits = self.b.cast(Cast::Bits, value, Ty::I64);
                    let seven = self.b.i64(7);
                    let bits = self.b.select(unordered, seven, bits);
                    self.b.store(address, bits, MemoryClass(1));
                }
                5 => {
                    let condition = self.truth(1);
                    let then = self.inner(depth - 1, None, in_loop);
                    let otherwise = self.inner(depth - 1, None, in_loop);
                    let likely = self.dice.one(&[Likely::Unknown, Likely::Then, Likely::Otherwise]);
                    self.b.push(Stmt::If { condition, then, otherwise, likely });
                }
                6 => {
                    let five = self.b.i64(5);
                    let count = self.integer(1);
                    let count = self.b.binary(Binary::SMin, count, five);
                    let index = self.b.bound(Ty::I64);
                    let body = self.inner(depth - 1, Some(index), true);
                    self.b.push(Stmt::For { index, count, order: Order::Sequential, body });
                }
                _ if in_loop => {
                    let condition = self.truth(1);
                    let leave = if self.dice.roll(2) == 0 { Stmt::Break(0) } else { Stmt::Continue(0) };
                    self.b.when(condition, Likely::Unknown, |b| b.push(leave));
                }
                _ => {
                    let failure = Failure { kind: FailureKind::Unsupported, message: vec![], retry: true, line: self.dice.roll(3) as u32 };
                    let failure = self.b.failure(failure);
                    let (ok, number) = (self.truth(1), self.integer(1));
                    self.b.check(ok, failure, vec![number]);
                }
            }
        }
    }
}

fn program(seed: u64) -> Module {
    entry(|b, arguments, _| {
        let data = argument(b, arguments, 0, Ty::Ptr);
        let integers: Vec<ValueId> = (1..4).map(|n| argument(b, arguments, n, Ty::I64)).collect();
        let floats: Vec<ValueId> = (4..6).map(|n| argument(b, arguments, n, Ty::F64)).collect();
        let variables: Vec<VariableId> = (0..3).map(|n| b.variable(format!("x{n}"), Ty::I64)).collect();
        for (variable, value) in variables.iter().zip(&integers) {
            b.set(*variable, *value);
        }
        let mut writer = Writer { b, dice: Dice(seed), data, integers, floats, variables };
        writer.statements(3, false);
    })
}

#[test]
fn machine_code_does_what_the_interpreter_does() {
    let (mut failed, mut returned) = (0, 0);
    for seed in 0..60 {
        let module = checked(program(seed));
        let stages: Vec<Stage> = host_levels().into_iter().map(|level| Stage::new(&module, level)).collect();
        let mut dice = Dice(seed ^ 0xABCD);
        for _ in 0..8 {
            let integers = [0, 1, -2, 5, i64::MAX, i64::MIN, 1 << 33];
            let floats = [0.0, -0.0, 1.5, -1e19, f64::NAN, f64::NEG_INFINITY, 1e-320];
            let mut frame: Vec<u64> = vec![0];
            frame.extend((0..3).map(|_| dice.one(&integers) as u64));
            frame.extend((0..2).map(|_| dice.one(&floats).to_bits()));
            let start: Vec<u64> = (0..WORDS as u64).map(|n| n * n).collect();

            let mut memory = Memory::default();
            let data = memory.add_words(&start);
            let words = memory.add_words(&[&[data], &frame[1..]].concat());
            let results = memory.add_words(&[0]);
            let outcome = interp::call(&module, FunctionId(0), &[words, results], &mut memory);
            let expected = match &outcome {
                Outcome::Returned(_) => (0, 0, 0),
                Outcome::Failed(failure, values) => (1, failure.0, values[0]),
                Outcome::Trapped(trap) => panic!("seed {seed}: {trap:?}"),
            };
            if expected.0 == 0 {
                returned += 1
            } else {
                failed += 1
            }
            for stage in &stages {
                let mut real = start.clone();
                frame[0] = real.as_mut_ptr() as u64;
                let (status, record) = stage.call(&frame, &mut [0]);
                assert_eq!((status, record.failure, record.values[0]), expected, "seed {seed} {frame:?}");
                assert_eq!(real, memory.words(data), "seed {seed} {frame:?}\n{}", hypersonic_loops::text::module(&module));
            }
        }
    }
    assert!(failed > 20 && returned > 100, "{failed} {returned}");
}
