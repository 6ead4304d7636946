//! What compiled snippets compute, from the user's side; NumPy and CPython gave the expected values.
#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "tests")]

mod world;

use world::{Arg, Out, array, compile, eval, run};

fn floats(values: &[f64]) -> Out {
    Out::Array(values.to_vec(), vec![i64::try_from(values.len()).unwrap()])
}

#[test]
fn scalars_and_control_flow() {
    assert_eq!(eval("@boost\ndef f(a: int, b: int):\n    return a + b\n", &[Arg::Int(2), Arg::Int(3)]), Out::Int(5));
    let collatz = "@boost\ndef f(n: int):\n    steps = 0\n    while n != 1:\n        if n % 2 == 0:\n            n = n // 2\n        else:\n            n = 3 * n + 1\n        steps += 1\n    return steps\n";
    assert_eq!(eval(collatz, &[Arg::Int(27)]), Out::Int(111));
    let search = "@boost\ndef f(n: int):\n    for i in range(2, n):\n        if n % i == 0:\n            break\n    else:\n        return 0\n    return i\n";
    assert_eq!(eval(search, &[Arg::Int(91)]), Out::Int(7));
    assert_eq!(eval(search, &[Arg::Int(97)]), Out::Int(0));
    let down = "@boost\ndef f(n: int):\n    s = 0\n    for i in range(n, 0, -2):\n        if i == 5:\n            continue\n        s = s * 10 + i\n    return s\n";
    assert_eq!(eval(down, &[Arg::Int(9)]), Out::Int(9731));
}

#[test]
fn recursion_and_helpers() {
    let fib = "@boost\ndef fib(n: int) -> int:\n    if n < 2:\n        return n\n    return fib(n - 1) + fib(n - 2)\n";
    assert_eq!(eval(fib, &[Arg::Int(15)]), Out::Int(610));
    let helper = "def scaled(x, k):\n    return x * k\n\n@boost\ndef f(a: 'float[:]'):\n    s = 0.0\n    for i in range(10):\n        b = scaled(a, 2.0)\n        s += b[1]\n    return s\n";
    let ran = run(helper, &[array(&[1.0, 2.0, 3.0], &[3])]);
    assert_eq!(ran.out, Ok(Out::Float(40.0)));
    assert_eq!(ran.live, 0, "nothing is left");
}

#[test]
fn overflow_and_zero_division() {
    let add = "@boost\ndef f(a: int, b: int):\n    return a + b\n";
    let ran = run(add, &[Arg::Int(i64::MAX), Arg::Int(1)]);
    assert!(ran.out.unwrap_err().contains("IntegerOverflow"));
    let divide = "@boost\ndef f(a: int, b: int):\n    return a // b\n";
    assert!(run(divide, &[Arg::Int(1), Arg::Int(0)]).out.unwrap_err().contains("ZeroDivisionError"));
}

#[test]
fn fused_elementwise_expressions() {
    let source = "@boost\ndef f(x: 'float[:]', y: 'float[:]'):\n    temp = (x - y) ** 2\n    return temp + 2 * temp\n";
    let args = [array(&[1.0, 2.0, 3.0], &[3]), array(&[0.0, 5.0, 1.0], &[3])];
    assert_eq!(eval(source, &args), floats(&[3.0, 27.0, 12.0]));
    let compiled = compile(source, hypersonic_array::Version::Contiguous).unwrap();
    assert_eq!(compiled.text.matches("Allocate(").count(), 1, "{}", compiled.text);
    assert!(run(source, &[array(&[1.0, 2.0, 3.0], &[3]), array(&[0.0, 5.0], &[2])]).out.unwrap_err().contains("broadcast"));
    assert_eq!(eval(source, &[array(&[1.0, 2.0, 3.0], &[3]), array(&[1.0], &[1])]), floats(&[0.0, 3.0, 12.0]));
}

#[test]
fn broadcasting_of_ranks_and_columns() {
    let source = "@boost\ndef f(a: 'float[:, :]', b: 'float[:]'):\n    return a * b[:, None] + b\n";
    let out = eval(source, &[array(&[1.0, 2.0, 3.0, 4.0], &[2, 2]), array(&[10.0, 20.0], &[2])]);
    assert_eq!(out, Out::Array(vec![20.0, 40.0, 70.0, 100.0], vec![2, 2]));
}

#[test]
fn views_and_overlap() {
    let shift = "@boost\ndef f(a: 'float[:]'):\n    a[1:] = a[:-1]\n";
    assert_eq!(run(shift, &[array(&[1.0, 2.0, 3.0, 4.0], &[4])]).after[0], [1.0, 1.0, 2.0, 3.0]);
    let reverse = "@boost\ndef f(a: 'float[:]'):\n    a[...] = a[::-1]\n";
    assert_eq!(run(reverse, &[array(&[1.0, 2.0, 3.0], &[3])]).after[0], [3.0, 2.0, 1.0]);
    let in_place = "@boost\ndef f(a: 'float[:]', b: 'float[:]'):\n    a += b\n";
    assert_eq!(run(in_place, &[array(&[1.0, 2.0], &[2]), array(&[5.0, 6.0], &[2])]).after[0], [6.0, 8.0]);
    let overlap = run(in_place, &[array(&[1.0, 2.0, 3.0, 4.0], &[3]), Arg::Same(0, vec![3], vec![1], 1)]);
    assert_eq!(overlap.after[0], [3.0, 5.0, 7.0, 4.0]);
    let view = "@boost\ndef f(a: 'float[:]'):\n    b = a[1:3]\n    b[0] = 9.0\n    return b\n";
    let ran = run(view, &[array(&[1.0, 2.0, 3.0, 4.0], &[4])]);
    assert_eq!(ran.out, Ok(floats(&[9.0, 3.0])));
    assert_eq!(ran.after[0], [1.0, 9.0, 3.0, 4.0]);
    let transposed = "@boost\ndef f(a: 'float[:, :]'):\n    return a.T\n";
    assert_eq!(
        eval(transposed, &[array(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[2, 3])]),
        Out::Array(vec![1.0, 4.0, 2.0, 5.0, 3.0, 6.0], vec![3, 2])
    );
}

#[test]
fn slices_follow_python() {
    let source = "@boost\ndef f(a: 'float[:]', i: int, j: int, k: int):\n    return a[i:j:k]\n";
    let data: Vec<f64> = (0..7).map(f64::from).collect();
    for (i, j, k) in [(0, 7, 1), (-3, 100, 1), (5, 1, -2), (100, -100, -1), (3, 3, 1), (-100, 4, 3), (6, 0, -4), (2, 5, 10)] {
        let indices: Vec<f64> = python_slice(7, i, j, k);
        let out = eval(source, &[array(&data, &[7]), Arg::Int(i), Arg::Int(j), Arg::Int(k)]);
        assert_eq!(out, floats(&indices), "{i}:{j}:{k}");
    }
    assert!(
        run(source, &[array(&data, &[7]), Arg::Int(0), Arg::Int(1), Arg::Int(0)]).out.unwrap_err().contains("slice step cannot be zero")
    );
}

#[allow(clippy::cast_precision_loss, reason = "small")]
fn python_slice(n: i64, i: i64, j: i64, k: i64) -> Vec<f64> {
    let (low, high) = if k > 0 { (0, n) } else { (-1, n - 1) };
    let place = |x: i64| (if x < 0 { x + n } else { x }).clamp(low, high);
    let (mut at, end) = (place(i), place(j));
    let mut found = Vec::new();
    while (k > 0 && at < end) || (k < 0 && at > end) {
        found.push(at as f64);
        at += k;
    }
    found
}

#[test]
fn explicit_loops_and_index_errors() {
    let sum = "@boost\ndef f(a: 'float[:]'):\n    s = 0.0\n    for i in range(a.shape[0]):\n        s += a[i]\n    return s\n";
    assert_eq!(eval(sum, &[array(&[1.0, 2.0, 3.5], &[3])]), Out::Float(6.5));
    let text = world::loops(sum);
    assert_eq!(text.matches("check").count(), 1, "the bounds are known, if there is an element:\n{text}");
    let stencil = "@boost\ndef f(a: 'float[:]', out: 'float[:]'):\n    n = a.shape[0]\n    for i in range(1, n - 1):\n        out[i] = a[i - 1] + a[i + 1]\n";
    let ran = run(stencil, &[array(&[1.0, 2.0, 4.0, 8.0], &[4]), array(&[0.0; 4], &[4])]);
    assert_eq!(ran.after[1], [0.0, 5.0, 10.0, 0.0]);
    let pick = "@boost\ndef f(a: 'float[:]', i: int):\n    return a[i]\n";
    assert_eq!(eval(pick, &[array(&[1.0, 2.0], &[2]), Arg::Int(-1)]), Out::Float(2.0));
    let failure = run(pick, &[array(&[1.0, 2.0], &[2]), Arg::Int(5)]).out.unwrap_err();
    assert!(failure.contains("out of bounds for axis 0") && failure.contains("(retry)") && failure.ends_with("[5, 2]"), "{failure}");
}

#[test]
fn failures_after_a_write_are_final() {
    let source = "@boost\ndef f(a: 'float[:]', i: int):\n    a[0] = 1.0\n    return a[i]\n";
    let failure = run(source, &[array(&[0.0, 2.0], &[2]), Arg::Int(5)]).out.unwrap_err();
    assert!(!failure.contains("(retry)"), "{failure}");
    let fresh = "@boost\ndef f(n: int, i: int):\n    a = np.zeros(n)\n    a[0] = 1.0\n    return a[i]\n";
    assert!(run(fresh, &[Arg::Int(3), Arg::Int(5)]).out.unwrap_err().contains("(retry)"));
}

#[test]
fn masks() {
    let load = "@boost\ndef f(a: 'float[:]'):\n    return a[a > 1]\n";
    assert_eq!(eval(load, &[array(&[1.0, 2.0, 0.0, 3.0], &[4])]), floats(&[2.0, 3.0]));
    let store = "@boost\ndef f(a: 'float[:]'):\n    a[a > 1] = 0.5\n";
    assert_eq!(run(store, &[array(&[1.0, 2.0, 0.0, 3.0], &[4])]).after[0], [1.0, 0.5, 0.0, 0.5]);
    let several = "@boost\ndef f(a: 'float[:]', b: 'float[:]'):\n    a[a > 1] = b\n";
    assert_eq!(run(several, &[array(&[1.0, 2.0, 0.0, 3.0], &[4]), array(&[7.0, 8.0], &[2])]).after[0], [1.0, 7.0, 0.0, 8.0]);
    let failure = run(several, &[array(&[1.0, 2.0, 0.0, 3.0], &[4]), array(&[7.0, 8.0, 9.0], &[3])]).out.unwrap_err();
    assert!(failure.contains("where the mask is true") && failure.ends_with("[3, 2]"), "{failure}");
    let update = "@boost\ndef f(a: 'float[:]', m: 'bool[:]'):\n    a[m] += 10\n";
    assert_eq!(run(update, &[array(&[1.0, 2.0], &[2]), Arg::Bools(vec![false, true], vec![2])]).after[0], [1.0, 12.0]);
}

#[test]
fn reductions() {
    let source = "@boost\ndef f(a: 'float[:, :]'):\n    return a.sum(), a.sum(axis=0), a.max(axis=1), a.mean()\n";
    let out = eval(source, &[array(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[2, 3])]);
    assert_eq!(out, Out::Tuple(vec![Out::Float(21.0), floats(&[5.0, 7.0, 9.0]), floats(&[3.0, 6.0]), Out::Float(3.5)]));
    let normalised = "@boost\ndef f(x: 'float[:]'):\n    y = x * 2\n    return y / y.sum()\n";
    assert_eq!(eval(normalised, &[array(&[1.0, 3.0], &[2])]), floats(&[0.25, 0.75]));
}

#[test]
fn variables_that_hold_other_arrays_in_turn() {
    let source = "@boost\ndef f(u: 'float[:]', n: int):\n    for i in range(n):\n        old = u\n        u = old + 1\n    return u\n";
    let ran = run(source, &[array(&[1.0, 2.0], &[2]), Arg::Int(5)]);
    assert_eq!(ran.out, Ok(floats(&[6.0, 7.0])));
    assert!(ran.live <= 3, "{} blocks live", ran.live);
    let swap = "@boost\ndef f(a: 'float[:]', n: int):\n    u = a.copy()\n    v = np.zeros_like(a)\n    for i in range(n):\n        v[:] = u * 2\n        t = u\n        u = v\n        v = t\n    return u\n";
    let ran = run(swap, &[array(&[1.0, 2.0], &[2]), Arg::Int(3)]);
    assert_eq!(ran.out, Ok(floats(&[8.0, 16.0])));
}
