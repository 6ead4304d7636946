//! What marks and comments ask for besides Python functions.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod program;

use hypersonic_scan::scan;
use program::{check, compare, package, signatures};

/// What is asked of each function: `f: c capsule(double (double)) replaces ufunc`.
fn exports(text: &str) -> String {
    let (program, errors) = package(&[("m.py", text)]);
    assert!(errors.is_empty(), "{errors:#?}");
    let (boosted, diagnostics) = scan(&program);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    let line = |function: &hypersonic_scan::Boosted| {
        let mut words = vec![format!("{}:", function.qualname)];
        words.extend(function.exports.c.map(|_| "c".to_owned()));
        if let Some(capsule) = &function.exports.capsule {
            words.push(format!("capsule({})", capsule.signature.clone().unwrap_or_default()));
            words.extend(capsule.replaces.then(|| "replaces".to_owned()));
        }
        words.extend(function.exports.ufunc.map(|_| "ufunc".to_owned()));
        words.join(" ")
    };
    boosted.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn marks_ask_for_exports() {
    let head = "from hypersonic import boost\n";
    let all = |text: &str| exports(&format!("{head}{text}"));
    assert_eq!(all("@boost(c=True)\ndef f(x: float): pass\n"), "f: c");
    assert_eq!(all("@boost(c=False, ufunc=True, fastmath=True)\ndef f(x: float): pass\n"), "f: ufunc");
    assert_eq!(all("@boost(capsule=True)\ndef f(x: float): pass\n"), "f: capsule()");
    assert_eq!(all("@boost(capsule='int (int)')\ndef f(x: float): pass\n"), "f: capsule(int (int))");
    assert_eq!(all("def f(x: float): pass\ng = boost(c=True)(f)\n"), "f: c");
}

#[test]
fn comments_ask_for_exports() {
    assert_eq!(exports("# pythran export capsule f(int, float64*)\ndef f(n, x): pass\n"), "f: capsule() replaces");
    assert_eq!(exports("# pythran export ufunc f(int)\n# pythran export ufunc f(float)\ndef f(n): pass\n"), "f: ufunc");
    assert_eq!(exports("# hypersonic export c f(int)\ndef f(n): pass\n"), "f: c");
    // Functions may have these names.
    check("# pythran export ufunc(int), c(int)\ndef ufunc(n): pass\ndef c(n): pass\n", "ufunc: (int)\nc: (int)");
}

#[test]
fn pointers_are_arrays_without_an_end() {
    check("# pythran export capsule f(int, float64*)\ndef f(n, x): pass\n", "f: (int, float64*)");
    check("from hypersonic import boost\n@boost(capsule=True)\ndef f(x: 'int32*'): pass\n", "f: (int32*)");
}

#[test]
fn options_that_are_no_values() {
    let text = "from hypersonic import boost\n@boost(c=1, capsule=2, ufunc='x', cc=True)\ndef f(x: float): pass\n";
    let (program, _) = package(&[("m.py", text)]);
    let (boosted, diagnostics) = scan(&program);
    let expected = [
        ("HS0307", "1", "`c` is neither"),
        ("HS0307", "2", "nor a C signature"),
        ("HS0307", "'x'", "`ufunc` is neither"),
        ("HS0307", "True", "no option `cc`"),
    ];
    compare(text, &diagnostics, &expected);
    assert_eq!(signatures(&boosted), "f: (float)");
}
