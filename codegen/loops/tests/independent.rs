//! Loops that become nests: they compute the same with their last iterations first, or give up before they write.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_sign_loss, clippy::cast_possible_wrap)]

use hypersonic_loops::interp::{Memory, Outcome, call};
use hypersonic_loops::passes::{independent, uses};
use hypersonic_loops::{
    Builder, Checked, Compare, Failure, FailureKind, FunctionId, Likely, Linkage, MemoryClass, Module, Order, Stmt, Ty, ValueId,
};

const WORDS: u64 = 60;

/// An entry whose frame holds the addresses of two arrays and some numbers.
fn entry(numbers: u64, write: impl FnOnce(&mut Builder, [ValueId; 2], &[ValueId])) -> Module {
    let mut module = Module::default();
    let mut b = Builder::new(&mut module.failures, "f", Linkage::Internal, vec![Ty::Ptr], vec![]);
    let frame = b.parameter(0);
    let word = |b: &mut Builder, n: u64, ty: Ty| {
        let bytes = b.i64(8 * n as i64);
        let address = b.offset(frame, bytes);
        b.load(ty, address, MemoryClass(7))
    };
    let arrays = [word(&mut b, 0, Ty::Ptr), word(&mut b, 1, Ty::Ptr)];
    let numbers: Vec<ValueId> = (2..2 + numbers).map(|n| word(&mut b, n, Ty::I64)).collect();
    write(&mut b, arrays, &numbers);
    b.ret(vec![]);
    let function = b.finish();
    module.functions.push(function);
    Checked::new(module).unwrap().into_inner()
}

/// The same with nests, and whether it may give up behind a write.
fn with_nests(module: &Module) -> (Module, bool) {
    let mut changed = module.clone();
    let gives_up = Failure { kind: FailureKind::Unsupported, message: vec![], retry: true, line: 0 };
    changed.failures.push(gives_up);
    let row = hypersonic_loops::FailureId(u32::try_from(changed.failures.len() - 1).unwrap());
    let late = independent::run(&mut changed.functions[0], row);
    (Checked::new(changed).unwrap_or_else(|complaints| panic!("{complaints:#?}")).into_inner(), late)
}

fn nests(module: &Module) -> Vec<usize> {
    let mut found = Vec::new();
    uses::each_stmt(&module.functions[0].body, &mut |stmt| {
        if let Stmt::Nest(nest) = stmt {
            found.push(nest.extents.len());
        }
    });
    found
}

/// Outcome and memory after a call; the second array begins `shift` words behind the first.
fn run(module: &Module, shift: u64, numbers: &[i64]) -> (Outcome, Vec<u64>) {
    let mut memory = Memory::default();
    let data = memory.add_words(&(0..WORDS).collect::<Vec<u64>>());
    let words: Vec<u64> = [data, data + 8 * shift].into_iter().chain(numbers.iter().map(|n| *n as u64)).collect();
    let frame = memory.add_words(&words);
    let outcome = call(module, FunctionId(0), &[frame], &mut memory);
    (outcome, memory.words(data))
}

/// The address of the word with a number.
fn word(b: &mut Builder, array: ValueId, number: ValueId) -> ValueId {
    let eight = b.i64(8);
    let bytes = b.mul(number, eight);
    b.offset(array, bytes)
}

fn bump(b: &mut Builder, array: ValueId, number: ValueId, by: ValueId) {
    let address = word(b, array, number);
    let old = b.load(Ty::I64, address, MemoryClass::ANY);
    let new = b.add(old, by);
    b.store(address, new, MemoryClass::ANY);
}

#[test]
fn a_rectangle_is_one_nest_where_its_rows_do_not_overlap() {
    // for i in 0..n: for j in 0..m: x[i * stride + j] += j
    let module = entry(3, |b, [x, _], numbers| {
        let (n, m, stride) = (numbers[0], numbers[1], numbers[2]);
        b.repeat(n, Order::Sequential, |b, i| {
            b.repeat(m, Order::Sequential, |b, j| {
                let row = b.mul(i, stride);
                let at = b.add(row, j);
                bump(b, x, at, j);
            });
        });
    });
    let (changed, late) = with_nests(&module);
    assert_eq!((nests(&changed), late), (vec![2], false));
    for numbers in [[5, 8, 10], [5, 10, 10], [0, 8, 0], [1, 8, 0], [5, 1, 1]] {
        assert_eq!(run(&changed, 0, &numbers), run(&module, 0, &numbers), "{numbers:?}");
    }
    for numbers in [[5, 11, 10], [2, 8, 0], [5, 2, 1]] {
        let (outcome, memory) = run(&changed, 0, &numbers);
        assert!(matches!(outcome, Outcome::Failed(..)), "{numbers:?}");
        assert_eq!(memory, (0..WORDS).collect::<Vec<_>>());
    }
}

#[test]
fn what_one_iteration_writes_for_the_next_stays_a_loop() {
    let running = entry(1, |b, [x, _], numbers| {
        b.repeat(numbers[0], Order::Sequential, |b, i| {
            let one = b.i64(1);
            let before = word(b, x, i);
            let next = b.add(i, one);
            let old = b.load(Ty::I64, before, MemoryClass::ANY);
            bump(b, x, next, old);
        });
    });
    assert_eq!(nests(&with_nests(&running).0), Vec::<usize>::new());
    let carried = entry(1, |b, [x, _], numbers| {
        let sum = b.variable("sum", Ty::I64);
        let zero = b.i64(0);
        b.set(sum, zero);
        b.repeat(numbers[0], Order::Sequential, |b, i| {
            let old = b.read(sum);
            let new = b.add(old, i);
            b.set(sum, new);
            bump(b, x, i, new);
        });
    });
    assert_eq!(nests(&with_nests(&carried).0), Vec::<usize>::new());
    let seen_behind = entry(1, |b, [x, _], numbers| {
        let last = b.variable("last", Ty::I64);
        let zero = b.i64(0);
        b.set(last, zero);
        b.repeat(numbers[0], Order::Sequential, |b, i| {
            b.set(last, i);
            bump(b, x, i, i);
        });
        let value = b.read(last);
        let address = word(b, x, zero);
        b.store(address, value, MemoryClass::ANY);
    });
    assert_eq!(nests(&with_nests(&seen_behind).0), Vec::<usize>::new());
}

#[test]
fn columns_of_running_sums_are_independent() {
    // for j in 0..m: for i in 1..n: x[(i + 1) * m + j] += x[i * m + j]: the loop over j alone
    let module = entry(2, |b, [x, _], numbers| {
        let (n, m) = (numbers[0], numbers[1]);
        b.repeat(m, Order::Sequential, |b, j| {
            b.repeat(n, Order::Sequential, |b, i| {
                let row = b.mul(i, m);
                let from = b.add(row, j);
                let to = b.add(from, m);
                let address = word(b, x, from);
                let old = b.load(Ty::I64, address, MemoryClass::ANY);
                bump(b, x, to, old);
            });
        });
    });
    let (changed, _) = with_nests(&module);
    for numbers in [[4, 10], [0, 10], [5, 1], [1, 5]] {
        let (outcome, memory) = run(&changed, 0, &numbers);
        if matches!(outcome, Outcome::Returned(_)) {
            assert_eq!((outcome, memory), run(&module, 0, &numbers), "{numbers:?}");
        }
    }
}

#[test]
fn two_arrays_are_compared_by_where_they_lie() {
    // y[i] += x[i]
    let module = entry(1, |b, [x, y], numbers| {
        b.repeat(numbers[0], Order::Sequential, |b, i| {
            let address = word(b, x, i);
            let value = b.load(Ty::I64, address, MemoryClass::ANY);
            bump(b, y, i, value);
        });
    });
    let (changed, _) = with_nests(&module);
    assert_eq!(nests(&changed), [1]);
    for (shift, fits) in [(0, true), (20, true), (30, true), (19, false), (1, false)] {
        let (outcome, memory) = run(&changed, shift, &[20]);
        assert_eq!(matches!(outcome, Outcome::Returned(_)), fits, "{shift}");
        if fits {
            assert_eq!((outcome, memory), run(&module, shift, &[20]), "{shift}");
        }
    }
}

/// Numbers that depend on a seed only.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// A sum of some indices times constants or numbers, and a constant.
    fn place(&mut self, b: &mut Builder, indices: &[ValueId], numbers: &[ValueId]) -> ValueId {
        let mut sum = b.i64(self.roll(3) as i64);
        for index in indices {
            let factor = match self.roll(5) {
                0 => b.i64(0),
                1 | 2 => b.i64(1 + self.roll(3) as i64),
                3 => b.i64(6),
                _ => numbers[self.roll(numbers.len() as u64) as usize],
            };
            let term = b.mul(*index, factor);
            sum = b.add(sum, term);
        }
        sum
    }

    fn loops(&mut self, b: &mut Builder, arrays: [ValueId; 2], numbers: &[ValueId], indices: &[ValueId], depth: u64) {
        let count = if !indices.is_empty() && self.roll(6) == 0 { indices[0] } else { numbers[self.roll(2) as usize] };
        b.repeat(count, Order::Sequential, |b, index| {
            let mut inner = indices.to_vec();
            inner.push(index);
            if depth > 0 {
                self.loops(b, arrays, numbers, &inner, depth - 1);
                if self.roll(4) != 0 {
                    return;
                }
            }
            let variable = b.variable("v", Ty::I64);
            if self.roll(8) != 0 {
                b.set(variable, index);
            }
            if self.roll(3) == 0 {
                let condition = b.compare(Compare::SLt, index, numbers[0]);
                b.when(condition, Likely::Unknown, |b| {
                    b.set(variable, numbers[1]);
                    if self.roll(2) == 0 {
                        b.push(Stmt::Continue(0));
                    }
                });
            } else {
                b.set(variable, index);
            }
            for _ in 0..=self.roll(2) {
                let from = self.place(b, &inner, numbers);
                let array = arrays[self.roll(2) as usize];
                let address = word(b, array, from);
                let value = b.load(Ty::I64, address, MemoryClass::ANY);
                let read = b.read(variable);
                let value = b.add(value, read);
                let to = if self.roll(2) == 0 { from } else { self.place(b, &inner, numbers) };
                let address = word(b, arrays[self.roll(2) as usize], to);
                b.store(address, value, MemoryClass::ANY);
            }
        });
    }
}

#[test]
fn random_loops_do_the_same_backwards_or_give_up() {
    let (mut returned, mut gave_up) = (0, 0);
    for seed in 0..3000 {
        let mut dice = Dice(seed);
        let module = entry(4, |b, arrays, numbers| {
            for _ in 0..=dice.roll(2) {
                let depth = dice.roll(3);
                dice.loops(b, arrays, numbers, &[], depth);
            }
        });
        let (changed, late) = with_nests(&module);
        if nests(&changed).is_empty() {
            continue;
        }
        for _ in 0..10 {
            let numbers = [dice.roll(5) as i64, dice.roll(5) as i64 - 1, dice.roll(10) as i64 - 2, dice.roll(8) as i64];
            let shift = [0, 0, 1, 5, 30][dice.roll(5) as usize];
            let expected = run(&module, shift, &numbers);
            if !matches!(expected.0, Outcome::Returned(_)) {
                continue;
            }
            let found = run(&changed, shift, &numbers);
            if matches!(found.0, Outcome::Failed(..)) {
                gave_up += 1;
                assert!(late || found.1 == (0..WORDS).collect::<Vec<_>>(), "seed {seed} {numbers:?}: gave up behind a write");
            } else {
                returned += 1;
                assert_eq!(found, expected, "seed {seed} {shift} {numbers:?}\n{}", hypersonic_loops::text::module(&changed));
            }
        }
    }
    assert!(returned > 3000 && gave_up > 500, "{returned} {gave_up}");
}
