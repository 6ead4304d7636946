//! Versioned loops: what they compute, what they fail with, and that the fast ones are free of checks.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_sign_loss, clippy::cast_possible_wrap)]

use hypersonic_loops::interp::{Memory, Outcome, call};
use hypersonic_loops::passes::{uses, version};
use hypersonic_loops::{
    Binary, Block, Builder, Checked, Compare, Failure, FailureId, FailureKind, FunctionId, Inst, Likely, Linkage, MemoryClass, Module,
    Order, Stmt, Ty, ValueId,
};

fn module(parameters: usize, write: impl FnOnce(&mut Builder, ValueId, &[ValueId])) -> Module {
    let mut module = Module::default();
    let mut types = vec![Ty::I64; parameters + 1];
    types[0] = Ty::Ptr;
    let mut b = Builder::new(&mut module.failures, "f", Linkage::Internal, types, vec![]);
    let data = b.parameter(0);
    let values: Vec<ValueId> = (1..=parameters).map(|n| b.parameter(n)).collect();
    write(&mut b, data, &values);
    b.ret(vec![]);
    let function = b.finish();
    module.functions.push(function);
    module
}

fn versioned(module: &Module) -> Module {
    let mut changed = module.clone();
    (version::PASS.run)(&mut changed);
    Checked::new(changed).unwrap_or_else(|complaints| panic!("{complaints:#?}")).into_inner()
}

fn failure(b: &mut Builder, name: &str) -> FailureId {
    b.failure(Failure { kind: FailureKind::Raise(name.to_owned()), message: vec![], retry: false, line: 0 })
}

/// Checks an index against an extent, negative ones counted from the end, and gives the element's address.
fn element(b: &mut Builder, data: ValueId, given: ValueId, extent: ValueId) -> ValueId {
    let zero = b.i64(0);
    let negative = b.compare(Compare::SLt, given, zero);
    let wrapped = b.add(given, extent);
    let index = b.select(negative, wrapped, given);
    let ok = b.compare(Compare::ULt, index, extent);
    let failure = failure(b, "IndexError");
    b.check(ok, failure, vec![given, extent]);
    let eight = b.i64(8);
    let bytes = b.binary(Binary::MulExact, index, eight);
    b.offset(data, bytes)
}

/// `x op y`, failing when it leaves int64.
fn exact(b: &mut Builder, op: Binary, x: ValueId, y: ValueId) -> ValueId {
    let overflows = b.overflows(op, x, y);
    let ok = b.not(overflows);
    let failure = failure(b, "OverflowError");
    b.check(ok, failure, vec![]);
    let exact = match op {
        Binary::Add => Binary::AddExact,
        Binary::Sub => Binary::SubExact,
        _ => Binary::MulExact,
    };
    b.binary(exact, x, y)
}

fn checks(block: &Block) -> usize {
    let mut count = 0;
    uses::each_stmt(block, &mut |stmt| count += usize::from(matches!(stmt, Stmt::Check { .. })));
    count
}

/// The fast side of the first versioned loop.
fn fast(block: &Block) -> Option<&Block> {
    block.iter().find_map(|stmt| match stmt {
        Stmt::If { then, otherwise, likely: Likely::Then, .. }
            if matches!(then.first(), Some(Stmt::For { .. })) && matches!(otherwise.first(), Some(Stmt::For { .. })) =>
        {
            Some(then)
        }
        _ => None,
    })
}

/// Outcome and memory after a call on 40 words.
fn run(module: &Module, numbers: &[i64]) -> (Outcome, Vec<u64>) {
    let mut memory = Memory::default();
    let data = memory.add_words(&(0..40).collect::<Vec<u64>>());
    let arguments: Vec<u64> = std::iter::once(data).chain(numbers.iter().map(|n| *n as u64)).collect();
    let outcome = call(module, FunctionId(0), &arguments, &mut memory);
    (outcome, memory.words(data))
}

/// `for i in 0..n: data[i + shift] += i`
fn shifted() -> Module {
    module(3, |b, data, numbers| {
        let (n, shift, extent) = (numbers[0], numbers[1], numbers[2]);
        b.repeat(n, Order::Sequential, |b, i| {
            let index = exact(b, Binary::Add, i, shift);
            let address = element(b, data, index, extent);
            let old = b.load(Ty::I64, address, MemoryClass(1));
            let new = b.add(old, i);
            b.store(address, new, MemoryClass(1));
        });
    })
}

#[test]
fn checks_leave_a_loop() {
    let original = shifted();
    let changed = versioned(&original);
    let body = &changed.functions[0].body;
    assert_eq!(checks(fast(body).expect("is versioned")), 0);
    assert_eq!(checks(body), checks(&original.functions[0].body), "the slow loop keeps its checks");
    for numbers in [
        [10, 0, 40],
        [10, 30, 40],
        [11, 30, 40],
        [10, -5, 40],
        [5, -5, 40],
        [10, i64::MAX - 3, 40],
        [0, 0, 40],
        [-3, 7, 0],
        [3, i64::MIN, 40],
    ] {
        assert_eq!(run(&changed, &numbers), run(&original, &numbers), "{numbers:?}");
    }
}

#[test]
fn a_rectangle_is_versioned_as_a_whole() {
    // for i in 0..n: for j in 0..m: data[i * m + j] with its bounds checked per axis and flat
    let original = module(3, |b, data, numbers| {
        let (n, m, extent) = (numbers[0], numbers[1], numbers[2]);
        b.repeat(n, Order::Sequential, |b, i| {
            b.repeat(m, Order::Sequential, |b, j| {
                let row = exact(b, Binary::Mul, i, m);
                let index = exact(b, Binary::Add, row, j);
                let address = element(b, data, index, extent);
                b.store(address, j, MemoryClass(1));
            });
        });
    });
    let changed = versioned(&original);
    assert_eq!(checks(fast(&changed.functions[0].body).expect("is versioned")), 0);
    for numbers in [[5, 8, 40], [5, 8, 39], [6, 8, 40], [0, 8, 40], [2, -1, 40], [i64::MAX, i64::MAX, 40], [1, 40, 40], [3, i64::MIN, 40]] {
        if numbers[0].min(numbers[1]) < 100 {
            assert_eq!(run(&changed, &numbers), run(&original, &numbers), "{numbers:?}");
        }
    }
}

#[test]
fn an_index_that_is_loaded_keeps_its_check() {
    let original = module(2, |b, data, numbers| {
        let (n, extent) = (numbers[0], numbers[1]);
        b.repeat(n, Order::Sequential, |b, i| {
            let address = element(b, data, i, extent);
            let index = b.load(Ty::I64, address, MemoryClass(1));
            let address = element(b, data, index, extent);
            b.store(address, i, MemoryClass(1));
        });
    });
    let changed = versioned(&original);
    assert_eq!(checks(fast(&changed.functions[0].body).expect("is versioned")), 1);
    for numbers in [[40, 40], [41, 40], [10, 5]] {
        assert_eq!(run(&changed, &numbers), run(&original, &numbers));
    }
}

#[test]
fn a_check_that_always_fails_somewhere_is_left_alone() {
    // data[i - 1] for i from 0 wraps around in the first iteration, always.
    let original = module(2, |b, data, numbers| {
        let (n, extent) = (numbers[0], numbers[1]);
        b.repeat(n, Order::Sequential, |b, i| {
            let one = b.i64(1);
            let before = b.binary(Binary::SubExact, i, one);
            let address = element(b, data, before, extent);
            b.store(address, i, MemoryClass(1));
        });
    });
    let changed = versioned(&original);
    assert!(fast(&changed.functions[0].body).is_none());
    assert_eq!(run(&changed, &[5, 40]), run(&original, &[5, 40]));
}

#[test]
fn a_stride_that_may_be_zero_is_a_constant_in_the_fast_loop() {
    // for i in 0..n: data[i * stride] += i, stride 0 if the extent is 1
    let original = module(2, |b, data, numbers| {
        let (n, extent) = (numbers[0], numbers[1]);
        let (zero, one, eight) = (b.i64(0), b.i64(1), b.i64(8));
        let single = b.compare(Compare::Eq, extent, one);
        let stride = b.select(single, zero, eight);
        b.repeat(n, Order::Sequential, |b, i| {
            let bytes = b.binary(Binary::MulExact, i, stride);
            let address = b.offset(data, bytes);
            let old = b.load(Ty::I64, address, MemoryClass(1));
            let new = b.add(old, i);
            b.store(address, new, MemoryClass(1));
        });
    });
    let changed = versioned(&original);
    let function = &changed.functions[0];
    let Some(Stmt::For { body, .. }) = fast(&function.body).expect("is versioned").first() else { panic!("no loop") };
    let constant = body.iter().any(|stmt| match stmt {
        Stmt::Let(id) => match function.values[id.index()].inst {
            Inst::Binary(Binary::MulExact, _, y) => function.values[y.index()].inst == Inst::Int(8),
            _ => false,
        },
        _ => false,
    });
    assert!(constant);
    for numbers in [[10, 1], [10, 10], [0, 1], [40, 40]] {
        assert_eq!(run(&changed, &numbers), run(&original, &numbers), "{numbers:?}");
    }
}

/// Numbers that depend on a seed only.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn number(&mut self) -> i64 {
        match self.roll(12) {
            0 => i64::MAX - self.roll(3) as i64,
            1 => i64::MIN + self.roll(3) as i64,
            2 => -1 - self.roll(6) as i64,
            _ => self.roll(9) as i64,
        }
    }

    /// An integer expression of the values at hand.
    fn expression(&mut self, b: &mut Builder, values: &[ValueId], depth: u64) -> ValueId {
        if depth == 0 || self.roll(3) == 0 {
            return if self.roll(4) == 0 { b.i64(self.roll(7) as i64 - 3) } else { values[self.roll(values.len() as u64) as usize] };
        }
        let x = self.expression(b, values, depth - 1);
        let y = self.expression(b, values, depth - 1);
        match self.roll(9) {
            0 => b.sub(x, y),
            1 => b.mul(x, y),
            2 => b.binary(Binary::SMin, x, y),
            3 => b.binary(Binary::SMax, x, y),
            4 => exact(b, Binary::Mul, x, y),
            5 => exact(b, Binary::Sub, x, y),
            6 => exact(b, Binary::Add, x, y),
            _ => b.add(x, y),
        }
    }

    /// Loops in loops, of which the innermost touch checked elements.
    fn loops(&mut self, b: &mut Builder, data: ValueId, values: &[ValueId], depth: u64) {
        for _ in 0..=self.roll(2) {
            let count = self.expression(b, values, 1);
            let few = b.i64(6);
            let count = if self.roll(3) == 0 { values[0] } else { b.binary(Binary::SMin, count, few) };
            b.repeat(count, Order::Sequential, |b, index| {
                let mut inner = values.to_vec();
                inner.push(index);
                if depth > 0 {
                    self.loops(b, data, &inner, depth - 1);
                }
                let given = self.expression(b, &inner, 2);
                let extent = values[1];
                if self.roll(5) == 0 {
                    let condition = b.compare(Compare::SLt, index, values[2]);
                    b.when(condition, Likely::Unknown, |b| {
                        let address = element(b, data, given, extent);
                        b.store(address, index, MemoryClass(1));
                    });
                } else {
                    let address = element(b, data, given, extent);
                    let old = b.load(Ty::I64, address, MemoryClass(1));
                    let new = b.add(old, index);
                    b.store(address, new, MemoryClass(1));
                }
            });
        }
    }
}

#[test]
fn random_programs_do_the_same() {
    let (mut versions, mut failed, mut returned) = (0, 0, 0);
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let original = module(5, |b, data, numbers| {
            let depth = dice.roll(3);
            dice.loops(b, data, numbers, depth);
        });
        let original = Checked::new(original).unwrap().into_inner();
        let changed = versioned(&original);
        versions += usize::from(changed.functions[0].body.len() > original.functions[0].body.len());
        for _ in 0..12 {
            let mut numbers: Vec<i64> = (0..5).map(|_| dice.number()).collect();
            numbers[0] = dice.roll(7) as i64 - 1;
            numbers[1] = dice.roll(41) as i64;
            let expected = run(&original, &numbers);
            match &expected.0 {
                Outcome::Returned(_) => returned += 1,
                Outcome::Failed(..) => failed += 1,
                Outcome::Trapped(trap) => panic!("seed {seed} {numbers:?}: {trap:?}"),
            }
            assert_eq!(run(&changed, &numbers), expected, "seed {seed} {numbers:?}\n{}", hypersonic_loops::text::module(&changed));
        }
    }
    assert!(versions > 100 && failed > 500 && returned > 500, "{versions} {failed} {returned}");
}
