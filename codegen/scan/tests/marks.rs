//! Every way to mark a function, and every comment signature.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics fails")]

mod program;

use hypersonic_scan::scan;
use program::{check, compare, package, reports, signatures};

/// A package whose first file is looked at: its signatures.
fn check_package(files: &[(&str, &str)], expected: &str) {
    let (program, errors) = package(files);
    let (boosted, diagnostics) = scan(&program);
    assert!(errors.is_empty() && diagnostics.is_empty(), "{errors:#?}{diagnostics:#?}");
    assert_eq!(signatures(&boosted), expected, "{files:#?}");
}

#[test]
fn decorators_in_any_spelling() {
    let f = "def f(x: float): return x\n";
    for (head, mark) in [
        ("from hypersonic import boost", "@boost"),
        ("from hypersonic import boost as b", "@b"),
        ("import hypersonic", "@hypersonic.boost"),
        ("import hypersonic as hs", "@hs.boost"),
        ("from transonic import boost", "@boost"),
        ("import transonic as ts", "@ts.boost"),
        ("from transonic import *", "@boost"),
        ("from hypersonic import boost", "@boost()"),
        ("from hypersonic import boost", "@boost(fastmath=False)"),
        (
            "from transonic import boost",
            "@boost(backend='cython', inline=True, boundscheck=False, wraparound=False, cdivision=True, nonecheck=False, nogil=True)",
        ),
        ("try:\n    from hypersonic import boost\nexcept ImportError:\n    def boost(f): return f", "@boost"),
        ("import hypersonic\nboost = hypersonic.boost", "@boost"),
    ] {
        check(&format!("{head}\n\n{mark}\n{f}"), "f: (float)");
    }
    for assignment in ["g = boost(f)", "f = boost(f)", "g = boost(inline=1)(f)", "f = boost(fastmath=True)(f)", "boost(f)"] {
        check(&format!("from transonic import boost\n{f}{assignment}\n"), "f: (float)");
    }
    check(&format!("from functools import cache as boost\n\n@boost\n{f}"), "");
    check(&format!("def boost(f): return f\n\n@boost\n{f}"), "");
}

#[test]
fn fastmath_is_recorded() {
    for (text, expected) in [
        ("@boost(fastmath=True)\ndef f(x: float): return x\n", true),
        ("@boost(inline=True)\ndef f(x: float): return x\n", false),
        ("def f(x: float): return x\nf = boost(fastmath=True)(f)\n", true),
        ("def f(x: float): return x\nf = boost(f, fastmath=True)\n", true),
    ] {
        let (program, _) = package(&[("m.py", &format!("from hypersonic import boost\n{text}"))]);
        assert_eq!(scan(&program).0[0].fastmath, expected, "{text}");
    }
}

#[test]
fn blocks_of_the_top_level() {
    let head = "from transonic import Transonic, boost\nts = Transonic()\n";
    check(&format!("{head}if ts.is_transpiling:\n    X = object\nelse:\n    @boost\n    def f(x: int): return x\n"), "f: (int)");
    check(&format!("{head}try:\n    @boost\n    def f(x: int): return x\nfinally:\n    pass\n"), "f: (int)");
    check(&format!("{head}if ts.is_transpiling:\n    @boost\n    def f(x: int): return x\n"), "f: (int)");
}

#[test]
fn names_through_the_package() {
    check_package(
        &[
            ("p/__init__.py", ""),
            (
                "p/tools.py",
                "from hypersonic import boost as quick, Array\nimport numpy as np\nA = Array[np.float32, '2d']\nfrom .deep.types import *\n",
            ),
            ("p/deep/__init__.py", "from ..tools import quick\n"),
            ("p/deep/types.py", "import numpy\nB = numpy.int8\n"),
            (
                "p/deep/use.py",
                "from . import quick as fast\nfrom .. import tools\nfrom ..tools import A, B\n@fast\ndef f(x: A, y: tools.A, z: B): return x\n",
            ),
            ("p/other.py", "import p.tools as t\n@t.quick\ndef g(x: 't.A', y: t.B): return x\n"),
        ],
        "f: (float32[:, :], float32[:, :], np.int8)\ng: (float32[:, :], np.int8)",
    );
    // A circle of imports ends.
    check_package(&[("p/__init__.py", ""), ("p/a.py", "from .b import x\n@x\ndef f(): pass\n"), ("p/b.py", "from .a import x\n")], "");
}

#[test]
fn transonic_comments() {
    let head = "from transonic import boost\n";
    check(
        &format!("{head}# transonic def func(float[][], float[][])\n@boost\ndef func(a, b): return a\n"),
        "func: (float64[:, :], float64[:, :])",
    );
    check(
        &format!(
            "{head}# transonic def func(int, float)\n# transonic def func(int[][],\n#                     float[][])\n@boost\ndef func(a, b): return a\n"
        ),
        "func: (int, float) (int64[:, :], float64[:, :])",
    );
    check(&format!("{head}#transonic def func(int)\r\n\r\ndef func(a): return a\r\n"), "func: (int)");
    check(
        &format!("{head}# transonic def func(int or float, (int, str2))\nstr2 = int\ndef func(a, b): return a\n"),
        "func: (int, (int, int)) (float, (int, int))",
    );
    check(&format!("{head}# transonic def func(int)\n@boost\ndef func(a: float): return a\n"), "func: (int) (float)");
    check(&format!("{head}# transonic def func(int)\n@boost\ndef func(a: int): return a\n"), "func: (int)");
    check(&format!("{head}# transonic def func()\n@boost\ndef func(): return 1\n"), "func: ()");
    check("# transonic block (A s)\n# a comment on transonic def\nx = 1  # transonic def g(int)\n", "");
}

#[test]
fn pythran_comments() {
    check("#pythran export f(int, float[:])\ndef f(a, b): return a\n", "f: (int, float64[:])");
    check(
        "# pythran export f(int or float, int8[] or None)\ndef f(a, b): return a\n",
        "f: (int, int8[:]) (int, None) (float, int8[:]) (float, None)",
    );
    check(
        "# pythran export f(int), g(float,\n#   float64[:,:] order(F)),\n# h(int), VERSION\ndef f(a): pass\ndef g(a, b): pass\ndef h(a): pass\nVERSION = 1\n",
        "f: (int)\ng: (float, float64[:, :] order(F))\nh: (int)",
    );
    check("# pythran export f(int, float?, bool?)\ndef f(a, b=1.0, c=False): pass\n", "f: (int, float, bool)");
    check(
        "# pythran export f(int)\n# pythran export f(int, float[])\ndef f(a, b=None): pass\n",
        "f: (int, None) (int, float64[:])".replace("(int, float64[:])", "(int, float64[:]) ").trim(),
    );
    check("# pythran export f(int[:] or\n#   float[:])\ndef f(a): pass\n", "f: (int64[:]) (float64[:])");
    check("# pythran export VERSION\nVERSION = 1\n", "");
    check("# pythran export f(uint8[:,3], complex64[::,::])\ndef f(a, b): pass\n", "f: (uint8[:, 3], complex64[::, ::])");
}

#[test]
fn what_is_wrong_with_comments() {
    let f = "def func(a, b): return a\n";
    for (comment, id, place, words) in [
        ("# transonic def fnuc(int, int)", "HS0304", "fnuc", "did you mean `func`"),
        ("# transonic def other(int, int)", "HS0304", "other", "does not define"),
        ("# transonic def func(int, int", "HS0304", "(", "not closed"),
        ("# transonic def func(int, int) x", "HS0304", "x", "cannot be read"),
        ("# transonic def func(int, flaot)", "HS0301", "flaot", "did you mean `float`"),
        ("# transonic def func(int, int, int)", "HS0304", "func(int, int, int)", "3 types"),
        ("# transonic def func(int)", "HS0304", "func(int)", "`b`"),
        ("# transonic def", "HS0304", "# transonic def", "no function name"),
        ("# pythran export func(int: list, int)", "HS0302", "list", "list"),
        ("# pythran export capsule 3", "HS0304", "3", "no function name"),
        ("# pythran export func(float64*, int)", "HS0302", "*", "for capsules only"),
        ("# pythran export capsule func(int[:]*, int)", "HS0302", "int[:]", "to numbers"),
    ] {
        reports(&format!("{comment}\n{f}"), &[(id, place, words)]);
    }
    let text = "# transonic def f(int)\n# transonic def f(int)\ndef f(a): pass\n";
    let (program, _) = package(&[("m.py", text)]);
    let (boosted, diagnostics) = scan(&program);
    assert_eq!(signatures(&boosted), "f: (int)");
    compare(text, &diagnostics, &[("HS0305", "f(int)", "written twice")]);
}

#[test]
fn what_is_not_compiled() {
    let head = "from hypersonic import boost\nfrom functools import cache\n";
    let all = |text: &str, expected: &[(&str, &str, &str)]| reports(&format!("{head}{text}"), expected);
    all("@boost\n@cache\ndef f(x: int): pass\n", &[("HS0208", "cache", "another decorator")]);
    all("@boost\nasync def f(x: int): pass\n", &[("HS0209", "f", "async")]);
    all("@boost\ndef f(x: int, *args): pass\n", &[("HS0209", "f", "`*args`")]);
    all("@boost\ndef f(x: int, **kwargs): pass\n", &[("HS0209", "f", "`**kwargs`")]);
    all("@boost\ndef f(x: int):\n    for i in range(x):\n        yield i\n", &[("HS0209", "yield i", "generator")]);
    all("class C:\n    class D:\n        @boost\n        def m(self): pass\n", &[("HS0209", "m", "`C.D.m` stays")]);
    all("class C:\n    if True:\n        @boost\n        def m(self): pass\n", &[("HS0209", "m", "`C.m` stays")]);
    all("class C:\n    @boost\n    @cache\n    def m(self): pass\n", &[("HS0208", "cache", "another decorator")]);
    all("class C:\n    @boost\n    def m(self, x): pass\n", &[("HS0303", "x", "`C.m` stays")]);
    all("class C:\n    @boost\n    def m(): pass\n", &[("HS0209", "m", "takes no object")]);
    all("@boost\nclass C:\n    def m(self): pass\n", &[("HS0310", "boost", "mark the methods")]);
    all("def outer():\n    @boost\n    def f(x: int): pass\n", &[("HS0209", "f", "nested")]);
    all("from math import sin\ng = boost(sin)\n", &[("HS0209", "boost(sin)", "not found in this package")]);
    // All causes are told.
    all(
        "@boost\n@cache\nasync def f(x, y: flaot, *z): yield x\n",
        &[
            ("HS0208", "cache", ""),
            ("HS0209", "f", "async"),
            ("HS0209", "f", "*z"),
            ("HS0303", "x", ""),
            ("HS0301", "flaot", ""),
            ("HS0209", "yield x", ""),
        ],
    );
}

#[test]
fn options() {
    let text = "from hypersonic import boost\n@boost(fastmat=True)\ndef f(x: int): pass\n";
    let (program, _) = package(&[("m.py", text)]);
    let (boosted, diagnostics) = scan(&program);
    assert_eq!(signatures(&boosted), "f: (int)");
    compare(text, &diagnostics, &[("HS0307", "True", "did you mean `fastmath`")]);
}

#[test]
fn two_definitions_of_one_name() {
    let text = "from hypersonic import boost\nimport sys\nif sys.platform == 'x':\n    @boost\n    def f(x: int): pass\nelse:\n    @boost\n    def f(x: float): pass\n";
    reports(text, &[("HS0209", "f", "more than once")]);
}

#[test]
fn names_that_may_mean_several_functions() {
    let head = "from hypersonic import boost\n";
    for text in [
        "@boost\ndef f(x: int): return 1\n@boost\ndef f(x: int): return 2\n",
        "@boost\ndef f(x: int): return 1\ndef f(x: int): return 2\n",
        "def f(x: int): return 1\ndef f(x: int): return 2\nf = boost(f)\n",
        "try:\n    @boost\n    def f(x: int): return 1\nexcept ImportError:\n    @boost\n    def f(x: int): return 2\n",
        "@boost\ndef f(x: int): return 1\nfor i in range(3):\n    def f(x: int): return i\n",
        "@boost\ndef f(x: int): return 1\nmatch head:\n    case 3:\n        @boost\n        def f(x: int): return 2\n",
        "@boost\ndef f(x: int): return 1\ndef make():\n    global f\n    @boost\n    def f(x: int): return 2\n",
        "try:\n    class C:\n        @boost\n        def f(self, x: int): return 1\nexcept ImportError:\n    class C:\n        @boost\n        def f(self, x: int): return 2\n",
        "class C:\n    @property\n    @boost\n    def f(self): return 1\n    @f.deleter\n    @boost\n    def f(self): return 2\n",
        "# hypersonic def f(int)\ndef f(x): return 1\ndef f(x): return 2\n",
    ] {
        let text = format!("{head}{text}");
        let (program, errors) = package(&[("m.py", &text)]);
        assert!(errors.is_empty(), "{errors:#?}\n{text}");
        let found = hypersonic_scan::scan_all(&program);
        assert_eq!(signatures(&found.boosted), "", "\n{text}");
        assert_eq!(found.refused.iter().filter(|refused| !refused.qualname.contains("locals")).count(), 1, "{:#?}\n{text}", found.refused);
        assert!(found.refused.iter().any(|refused| refused.reasons[0].contains("more than once")), "{:#?}\n{text}", found.refused);
    }
    let overloads =
        "from typing import overload\n@overload\ndef f(x: int): ...\n@overload\ndef f(x: float): ...\n@boost\ndef f(x: float): return x\n";
    check(&format!("{head}{overloads}"), "f: (float)");
}
