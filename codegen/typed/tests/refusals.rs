//! What is not compiled is refused with the argument named and a next step; what NumPy would raise is said before it runs.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypersonic_diagnostics::Id;
use hypersonic_scan::{Program, SourceFile, scan};
use hypersonic_typed::{specialize, text};

const PARAMETERS: &str = "x: 'float64[:]', a: 'float64[:, :]', k: 'int8[:]', u: 'uint64[:]', i: 'int64[:]', n: int, s: float";

fn compile(body: &str) -> Result<String, Vec<(Id, String)>> {
    let text =
        format!("import math\nimport numpy as np\nfrom hypersonic import boost\n\n@boost\ndef function({PARAMETERS}):\n    {body}\n");
    let file = SourceFile { path: "module.py".into(), module: "module".into(), is_package: false, text, exports: None };
    let (program, errors) = Program::parse(vec![file]);
    assert!(errors.is_empty(), "{body}: {errors:?}");
    let (boosted, more) = scan(&program);
    assert!(more.is_empty(), "{body}: {more:?}");
    match specialize(&program, &boosted[0], &boosted[0].signatures[0]) {
        Ok(unit) => Ok(text::unit(&unit)),
        Err(found) => {
            Err(found.into_iter().map(|d| (d.id, format!("{} | {} | {}", d.title, d.labels[0].text, d.hint.unwrap_or_default()))).collect())
        }
    }
}

#[track_caller]
fn refused(expression: &str, id: Id, fragments: &[&str]) {
    let found = compile(&format!("return {expression}")).unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, id, "{found:?}");
    for fragment in fragments {
        assert!(found[0].1.contains(fragment), "{expression}: {fragment:?} is not in {:?}", found[0].1);
    }
}

#[test]
fn unknown_names_are_guessed() {
    refused("np.quicksort(x)", Id::UnsupportedCall, &["`np.quicksort` has no compiled form", "docs/supported.md"]);
    refused("np.sqtr(x)", Id::UnsupportedCall, &["did you mean `np.sqrt`?"]);
    refused("np.zeros_lik(x)", Id::UnsupportedCall, &["did you mean `np.zeros_like`?"]);
    refused("math.sine(s)", Id::UnsupportedCall, &["did you mean `math.sin"]);
    // NumPy's own names were meant.
    refused("np.partition(x, 1)", Id::UnsupportedCall, &["docs/supported.md lists what is compiled"]);
    refused("x.partition(1)", Id::UnsupportedCall, &["docs/supported.md lists the methods"]);
    refused("x.summ()", Id::UnsupportedCall, &["did you mean `.sum`?"]);
    refused("x.shap", Id::UnsupportedCall, &["did you mean `.shape`?"]);
}

#[test]
fn arguments_are_named() {
    refused("np.sin(x, out=x)", Id::UnsupportedCall, &["`np.sin` is not compiled with the argument `out`", "a[...] = f(...)"]);
    refused("x * 'ab'", Id::TypeError, &["what is no number and no array"]);
    refused("'ab' * a", Id::TypeError, &["what is no number and no array"]);
    refused("np.sum(x, where=x > 0)", Id::UnsupportedCall, &["argument `where`"]);
    refused("np.zeros(3, order='F')", Id::UnsupportedCall, &["argument `order`", "C order"]);
    refused("np.zeros(3, shape=4)", Id::TypeError, &["`shape` twice"]);
    refused("np.sum(x, axes=0)", Id::UnsupportedCall, &["no compiled argument `axes`", "axis"]);
    refused("np.where(x > 0, x)", Id::TypeError, &["`np.where` is given one of `x` and `y`", "both or neither"]);
    refused("np.nonzero(s)", Id::TypeError, &["0d arrays"]);
    refused("np.sort(x, kind='fast')", Id::UnsupportedCall, &["this `kind`", "'stable'"]);
    refused("np.unique(x, return_index=True)", Id::UnsupportedCall, &["argument `return_index`"]);
    refused("np.searchsorted(a, 1)", Id::TypeError, &["not one axis"]);
    refused("np.take(x, x)", Id::TypeError, &["no integers"]);
    refused("np.arctan2(x)", Id::TypeError, &["misses its argument `x2`"]);
    refused("math.sin(s, s)", Id::TypeError, &["takes 1 positional arguments"]);
    refused("np.sum(a, axis=n)", Id::UnsupportedCall, &["this `axis`", "constant"]);
    refused("np.sum(a, axis=2)", Id::TypeError, &["axis 2 is out of bounds for array of dimension 2"]);
    refused("np.sum(a, axis=(0, -2))", Id::TypeError, &["twice"]);
    refused("np.sum(a, keepdims=n)", Id::UnsupportedCall, &["this `keepdims`", "`True` or `False`"]);
    refused("np.zeros(3, dtype=n)", Id::UnsupportedCall, &["this `dtype`", "known when compiling"]);
    refused("np.squeeze(a)", Id::UnsupportedCall, &["unknown rank", "squeeze(axis=0)"]);
}

#[test]
fn a_name_that_is_refused_where_it_is_defined_is_not_refused_where_it_is_read() {
    for (body, id) in [
        ("@s\n    def avg(y):\n        return y\n    return avg(s) + avg(n)", Id::UnsupportedDecorator),
        ("class A:\n        pass\n    return A() + s", Id::UnsupportedStatement),
    ] {
        let found = compile(body).unwrap_err();
        assert_eq!(found.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id], "{found:?}");
    }
}

#[test]
fn defaults_may_be_spelled_out() {
    for call in [
        "np.sin(x, out=None)",
        "np.zeros(3, order='C')",
        "np.sum(x, None, None, None)",
        "x.copy(order='C')",
        "x.astype(float, casting='unsafe')",
    ] {
        assert!(compile(&format!("return {call}")).is_ok(), "{call}");
    }
}

#[test]
fn float16_is_said_by_name() {
    refused("np.sin(k)", Id::UnsupportedCall, &["float16", "astype(np.float32)"]);
    refused("np.sqrt(x > 0)", Id::UnsupportedCall, &["float16"]);
}

#[test]
fn type_errors_of_numpy_are_said() {
    refused("(x > 0) - (x > 1)", Id::TypeError, &["`-` is not defined", "`^`"]);
    refused("x & 1", Id::TypeError, &["`&` is not defined for `float64[:]` and `int`"]);
    refused("a @ s", Id::TypeError, &["`@` is not defined", "use `*`"]);
    refused("math.sin(x)", Id::TypeError, &["numbers, not arrays", "function of NumPy"]);
}

#[test]
fn python_ints_must_fit() {
    refused("k + 300", Id::TypeError, &["Python integer 300 out of bounds for int8"]);
    refused("u + -1", Id::TypeError, &["Python integer -1 out of bounds for uint64"]);
    assert!(compile("return k + 100").is_ok());
    assert!(compile("return k < 300").is_ok(), "comparisons are exact");
    let checked = compile("return k + n").unwrap();
    assert!(checked.contains("OverflowError") && checked.contains("out of bounds for int8"), "{checked}");
    let free = compile("return i + n").unwrap();
    assert!(!free.contains("OverflowError"), "{free}");
}

#[test]
fn in_place_casts_are_checked() {
    let refuse = |body: &str, fragment: &str| {
        let found = compile(body).unwrap_err();
        assert!(found.iter().any(|(id, text)| *id == Id::TypeError && text.contains(fragment)), "{body}: {found:?}");
    };
    refuse("i /= 2", "float64, which `int64[:]` cannot hold");
    refuse("i += s", "same_kind");
    refuse("k += 300", "out of bounds for int8");
    for body in ["x += 1", "x *= i", "i += 1", "k += i", "x /= 2", "k <<= 1"] {
        assert!(compile(body).is_ok(), "{body}: {:?}", compile(body));
    }
}

#[test]
fn a_deep_list_is_refused() {
    let deep = format!("np.array({}1{})", "[".repeat(30), "]".repeat(30));
    refused(&deep, Id::TooComplex, &["nested too deeply"]);
}
