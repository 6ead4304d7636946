//! Corners where a wrong shortcut would show: knowledge that holds in one branch only, delays past writes, references.
#![allow(clippy::unwrap_used, reason = "tests")]

mod world;

use hypersonic_array::Version;
use world::{Arg, Out, array, compile, eval, run};

fn floats(values: &[f64]) -> Out {
    Out::Array(values.to_vec(), vec![i64::try_from(values.len()).unwrap()])
}

#[test]
fn what_a_branch_checks_holds_only_there() {
    let source = "@boost\ndef f(a: 'float[:]', n: int):\n    if n > 0:\n        b = np.zeros(n)\n        b[0] = 1.0\n    return a[n]\n";
    assert_eq!(eval(source, &[array(&[1.0, 2.0], &[2]), Arg::Int(-1)]), Out::Float(2.0));
    let indexed = "@boost\ndef f(a: 'float[:]', i: int):\n    s = 0.0\n    if i < 100:\n        s = a[i]\n    return s + (i + 1)\n";
    assert_eq!(eval(indexed, &[array(&[1.0, 2.0], &[2]), Arg::Int(1)]), Out::Float(4.0));
    assert!(run(indexed, &[array(&[1.0], &[1]), Arg::Int(i64::MAX)]).out.unwrap_err().contains("IntegerOverflow"));
}

#[test]
fn a_delayed_array_is_not_delayed_past_a_write() {
    let source = "@boost\ndef f(a: 'float[:]'):\n    t = a * 2\n    a[0] = 100.0\n    return t + 0\n";
    assert_eq!(eval(source, &[array(&[1.0, 2.0], &[2])]), floats(&[2.0, 4.0]));
    let helper = "def spoil(x):\n    x[0] = 100.0\n\n@boost\ndef f(a: 'float[:]'):\n    t = a * 2\n    spoil(a)\n    return t + a\n";
    let ran = run(helper, &[array(&[1.0, 2.0], &[2])]);
    assert_eq!(ran.out, Ok(floats(&[102.0, 6.0])));
    let through_view = "@boost\ndef f(a: 'float[:]'):\n    v = a[1:]\n    t = v + 1\n    a[1] = 9.0\n    return t * 1\n";
    assert_eq!(eval(through_view, &[array(&[1.0, 2.0], &[2])]), floats(&[3.0]));
    let fresh = "@boost\ndef f(a: 'float[:]'):\n    b = a + 1\n    t = b * 2\n    b[0] = 50.0\n    return t + b\n";
    assert_eq!(eval(fresh, &[array(&[1.0, 2.0], &[2])]), floats(&[54.0, 9.0]));
    let shifted = "@boost\ndef f(a: 'float[:]'):\n    t = a[1:] * 2\n    a[:-1] = t\n    a[1:] += a[:-1]\n";
    assert_eq!(run(shifted, &[array(&[1.0, 2.0, 3.0], &[3])]).after[0], [4.0, 10.0, 9.0]);
}

#[test]
fn a_write_to_what_was_computed_stays_with_it() {
    let source = "@boost\ndef f(a: 'float[:]'):\n    b = a.copy()\n    c = b\n    c[0] = 7.0\n    return a[0], b[0]\n";
    assert_eq!(eval(source, &[array(&[1.0, 2.0], &[2])]), Out::Tuple(vec![Out::Float(1.0), Out::Float(7.0)]));
    let branch = "@boost\ndef f(a: 'float[:]', b: 'float[:]', c: bool):\n    x = a if c else b\n    x[0] = 5.0\n    return x\n";
    let ran = run(branch, &[array(&[1.0], &[1]), array(&[2.0], &[1]), Arg::Bool(false)]);
    assert_eq!((ran.after[0].as_slice(), ran.after[1].as_slice()), ([1.0].as_slice(), [5.0].as_slice()));
    let chosen = "@boost\ndef f(a: 'float[:]', c: bool):\n    if c:\n        x = a + 1\n    else:\n        x = a\n    return x * 2\n";
    assert_eq!(eval(chosen, &[array(&[1.0], &[1]), Arg::Bool(true)]), floats(&[4.0]));
    assert_eq!(eval(chosen, &[array(&[1.0], &[1]), Arg::Bool(false)]), floats(&[2.0]));
}

#[test]
fn expressions_shared_many_times_stay_small() {
    let mut source = "@boost\ndef f(a: 'float[:]'):\n    t0 = a * 0.5\n".to_owned();
    for n in 0..40 {
        source += &format!("    t{} = t{n} * 0.5 + t{n}\n", n + 1);
    }
    source += "    return t40\n";
    let compiled = compile(&source, Version::Contiguous).unwrap();
    assert!(compiled.text.lines().count() < 400, "{} lines", compiled.text.lines().count());
    assert_eq!(compiled.text.matches("Allocate(").count(), 1);
}

#[test]
fn loops_do_not_grow_memory() {
    let source = "@boost\ndef f(a: 'float[:]', n: int):\n    s = 0.0\n    for i in range(n):\n        if i == 7:\n            continue\n        b = a + i\n        b[0] = 1.0\n        c = b[1:]\n        if i > 50:\n            break\n        s += c.sum() + (b * b).max()\n    return s\n";
    let ran = run(source, &[array(&[1.0, 2.0, 3.0], &[3]), Arg::Int(100)]);
    assert_eq!(ran.live, 0);
    let early = "def pick(a, k):\n    for i in range(10):\n        b = a * i\n        if i == k:\n            return b[1:]\n    return a\n\n@boost\ndef f(a: 'float[:]', n: int):\n    s = 0.0\n    for i in range(n):\n        s += pick(a, i % 12)[0]\n    return s\n";
    let ran = run(early, &[array(&[1.0, 2.0], &[2]), Arg::Int(24)]);
    assert_eq!(ran.out, Ok(Out::Float(184.0)));
    assert_eq!(ran.live, 0);
}

#[test]
fn impossible_sizes_are_refused() {
    let source = "@boost\ndef f(n: int, m: int):\n    return np.zeros((n, m))\n";
    assert!(run(source, &[Arg::Int(1 << 61), Arg::Int(2)]).out.unwrap_err().contains("Memory"));
    assert!(run(source, &[Arg::Int(1 << 40), Arg::Int(1 << 40)]).out.unwrap_err().contains("Memory"));
    assert!(run(source, &[Arg::Int(-1), Arg::Int(2)]).out.unwrap_err().contains("negative dimensions"));
    assert_eq!(eval(source, &[Arg::Int(0), Arg::Int(2)]), Out::Array(vec![], vec![0, 2]));
}

#[test]
fn strides_of_every_kind() {
    let source = "@boost\ndef f(a: 'float[:, :]'):\n    return a + a.T, a.sum(), a[::-1, 0]\n";
    let fortran = Arg::View(vec![1.0, 3.0, 2.0, 4.0], vec![2, 2], vec![1, 2], 0);
    let out = Out::Tuple(vec![Out::Array(vec![2.0, 5.0, 5.0, 8.0], vec![2, 2]), Out::Float(10.0), floats(&[3.0, 1.0])]);
    assert_eq!(eval(source, &[fortran]), out);
    let backwards = Arg::View(vec![4.0, 3.0, 2.0, 1.0], vec![2, 2], vec![-2, -1], 3);
    assert_eq!(eval(source, &[backwards]), out);
    let constant = Arg::View(vec![5.0], vec![2, 2], vec![0, 0], 0);
    assert_eq!(eval("@boost\ndef f(a: 'float[:, :]'):\n    return a.sum()\n", &[constant]), Out::Float(20.0));
}

#[test]
fn reshapes_and_joins() {
    let source = "@boost\ndef f(a: 'float[:, :]'):\n    b = a.reshape(-1)\n    b[0] = 9.0\n    return np.concatenate((b, b[:2])), np.stack((b, b)).shape[0], a.ravel()[0]\n";
    let ran = run(source, &[array(&[1.0, 2.0, 3.0, 4.0], &[2, 2])]);
    assert_eq!(ran.out, Ok(Out::Tuple(vec![floats(&[9.0, 2.0, 3.0, 4.0, 9.0, 2.0]), Out::Int(2), Out::Float(9.0)])));
    assert_eq!(ran.after[0][0], 9.0);
    let fortran = Arg::View(vec![1.0, 3.0, 2.0, 4.0], vec![2, 2], vec![1, 2], 0);
    let ran = run(source, &[fortran]);
    assert_eq!(ran.out, Ok(Out::Tuple(vec![floats(&[9.0, 2.0, 3.0, 4.0, 9.0, 2.0]), Out::Int(2), Out::Float(1.0)])));
    assert_eq!(ran.after[0][0], 1.0);
    let strided = "@boost\ndef f(a: 'float[:]'):\n    b = a[::2].reshape(2, 2)\n    b[1, 0] = 9.0\n    return b\n";
    let ran = run(strided, &[array(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], &[8])]);
    assert_eq!((ran.out, ran.after[0][4]), (Ok(Out::Array(vec![1.0, 3.0, 9.0, 7.0], vec![2, 2])), 9.0));
    let wrong = "@boost\ndef f(a: 'float[:]', n: int):\n    return a.reshape((n, -1))\n";
    assert!(run(wrong, &[array(&[1.0, 2.0, 3.0], &[3]), Arg::Int(2)]).out.unwrap_err().contains("cannot reshape"));
}

#[test]
fn products_and_counting() {
    let source = "@boost\ndef f(a: 'float[:, :]', b: 'float[:]'):\n    return a @ b, b @ a, a @ a, b @ b\n";
    let out = eval(source, &[array(&[1.0, 2.0, 3.0, 4.0], &[2, 2]), array(&[1.0, 10.0], &[2])]);
    let square = Out::Array(vec![7.0, 10.0, 15.0, 22.0], vec![2, 2]);
    assert_eq!(out, Out::Tuple(vec![floats(&[21.0, 43.0]), floats(&[31.0, 42.0]), square, Out::Float(101.0)]));
    let arange = "@boost\ndef f(n: int):\n    return np.arange(n) * 2, np.arange(1.0, 2.0, 0.25), np.linspace(0, 1, 3), np.eye(2)\n";
    let out = eval(arange, &[Arg::Int(3)]);
    let eye = Out::Array(vec![1.0, 0.0, 0.0, 1.0], vec![2, 2]);
    let expected = vec![floats(&[0.0, 2.0, 4.0]), floats(&[1.0, 1.25, 1.5, 1.75]), floats(&[0.0, 0.5, 1.0]), eye];
    assert_eq!(out, Out::Tuple(expected));
}

#[test]
fn which_arguments_are_written() {
    let source = "@boost\ndef f(a: 'float[:]', b: 'float[:]', c: 'float[:]'):\n    v = b[1:]\n    v[:] = a[1:]\n    t = c * 2\n    t[0] = 1.0\n    return t\n";
    let compiled = compile(source, Version::Contiguous).unwrap();
    assert_eq!(compiled.info.writes, [1]);
    assert!(compiled.info.bounded);
    assert!(!compile("@boost\ndef f(n: int):\n    return np.zeros(n)\n", Version::Strided).unwrap().info.bounded);
}

#[test]
fn errors_in_shapes_have_numpys_words() {
    let set = "@boost\ndef f(a: 'float[:]', b: 'float[:]'):\n    a[:] = b\n";
    let failure = run(set, &[array(&[1.0, 2.0], &[2]), array(&[1.0, 2.0, 3.0], &[3])]).out.unwrap_err();
    assert!(
        failure.contains("could not broadcast input array from shape ({i0:},) into shape ({i1:},)") && failure.ends_with("[3, 2]"),
        "{failure}"
    );
    let update = "@boost\ndef f(a: 'float[:]', b: 'float[:]'):\n    a += b\n";
    let failure = run(update, &[array(&[1.0], &[1]), array(&[1.0, 2.0], &[2])]).out.unwrap_err();
    assert!(failure.contains("non-broadcastable output operand"), "{failure}");
    let mask = "@boost\ndef f(a: 'float[:]', m: 'bool[:]'):\n    return a[m]\n";
    let failure = run(mask, &[array(&[1.0, 2.0], &[2]), Arg::Bools(vec![true], vec![1])]).out.unwrap_err();
    assert!(failure.contains("boolean index did not match indexed array along axis 0") && failure.ends_with("[2, 1]"), "{failure}");
}

#[test]
fn tuples_unroll_with_jumps() {
    let source = "@boost\ndef f(x: float):\n    s = 0.0\n    for k in (1.0, 2.0, 3.0, 4.0):\n        if k == 2.0:\n            continue\n        if k * x > 30:\n            break\n        s += k * x\n    else:\n        s = -s\n    return s\n";
    assert_eq!(eval(source, &[Arg::Float(10.0)]), Out::Float(40.0));
    assert_eq!(eval(source, &[Arg::Float(1.0)]), Out::Float(-8.0));
}

#[test]
fn counters_are_not_checked_and_sums_are() {
    let source = "@boost\ndef f(a: 'float[:]'):\n    k = 0\n    s = 0.0\n    while k < a.shape[0]:\n        s += a[k]\n        k += 1\n    return s, k\n";
    assert_eq!(eval(source, &[array(&[1.0, 2.0], &[2])]), Out::Tuple(vec![Out::Float(3.0), Out::Int(2)]));
    let text = world::loops(source);
    assert!(!text.contains("Overflows"), "{text}");
    assert!(!text.contains("Select") && text.matches("check").count() == 1, "a counter is not negative, and below the extent:\n{text}");
    let total = "@boost\ndef f(n: int, step: int):\n    k = 0\n    for i in range(n):\n        k += step\n    return k\n";
    assert!(run(total, &[Arg::Int(3), Arg::Int(i64::MAX / 2)]).out.unwrap_err().contains("IntegerOverflow"));
}

#[test]
fn expensive_expressions_are_compiled_once() {
    let source = "@boost\ndef f(a: 'float[:, :]', b: 'float[:, :]'):\n    return np.exp(a) * np.exp(b) + np.sqrt(a + b)\n";
    let text = world::loops(source);
    assert_eq!(text.matches("Sqrt").count(), 1, "{text}");
    let (row, column) = (array(&[0.0, 0.0], &[1, 2]), array(&[0.0, 1.0, 4.0], &[3, 1]));
    let plain = "@boost\ndef f(a: 'float[:, :]', b: 'float[:, :]'):\n    c = np.zeros((3, 2)) + a\n    d = np.zeros((3, 2)) + b\n    return np.exp(c) * np.exp(d) + np.sqrt(c + d)\n";
    assert_eq!(eval(source, &[row.clone(), column.clone()]), eval(plain, &[row.clone(), column.clone()]));
    let ran = run(source, &[row, column]);
    assert_eq!(ran.live, 2, "only the result is live: its block and its data");
}

/// Functions, arguments, how many checks the contiguous version makes (one is that no array is empty), and how many the
/// strided one; not counted is that there is memory.
const CUTS: [(&str, usize, usize); 12] = [
    ("a[1:] - a[:-1]", 1, 0),
    ("a[2:] - 2 * a[1:-1] + a[:-2]", 1, 0),
    ("a[1:][1:] - a[:-2]", 1, 0),
    ("a[::2] + a[::2]", 1, 0),
    ("a[2:] - b[2:]", 2, 1),
    ("a[1:-1] - b[1:-1] + b[2:]", 2, 1),
    ("a[:1] * a", 1, 1),
    ("a[-1:] * a", 1, 1),
    ("a[1:2] * a", 2, 1),
    ("a[:0] + b[:0]", 1, 0),
    ("a[-3:] - a[-3:]", 1, 0),
    ("a[3:-3] - a[6:]", 1, 0),
];

#[test]
fn cuts_of_one_extent_are_known_to_be_equal() {
    for (expression, contiguous, strided) in CUTS {
        let source = format!("@boost\ndef f(a: 'float[:]', b: 'float[:]'):\n    return {expression}\n");
        for (version, checks) in [(Version::Contiguous, contiguous), (Version::Strided, strided)] {
            let text = compile(&source, version).unwrap().text;
            assert_eq!(text.matches("  check").count() - 1, checks, "{expression}, {version:?}:\n{text}");
        }
        for size in 0..8_u8 {
            let numbers: Vec<f64> = (0..size).map(|n| f64::from(n) * f64::from(n)).collect();
            let a = array(&numbers, &[i64::from(size)]);
            // The versions agree, and with what runs on copies, whose extents have nothing to do with each other.
            let copies = expression.replace("a[", "(a + 0)[").replace("b[", "(b + 0)[");
            let plain = format!("@boost\ndef f(a: 'float[:]', b: 'float[:]'):\n    return {copies}\n");
            assert_eq!(run(&source, &[a.clone(), a.clone()]).out, run(&plain, &[a.clone(), a]).out, "{expression} of {size}");
        }
    }
}

#[test]
fn what_a_block_has_cut_is_not_at_hand_after_it() {
    let source = "@boost\ndef f(a: 'float[:]', n: int):\n    s = 0.0\n    if n > 0:\n        s = np.sum(a[1:] + a[:-1])\n    return s + np.sum(a[1:] * a[:-1])\n";
    let a = array(&[1.0, 2.0, 4.0], &[3]);
    assert_eq!(eval(source, &[a.clone(), Arg::Int(1)]), Out::Float(19.0));
    assert_eq!(eval(source, &[a, Arg::Int(0)]), Out::Float(10.0));
}
