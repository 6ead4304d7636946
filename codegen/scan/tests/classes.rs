//! Methods: which attributes they need, of which types, and what a name of an object means.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics fails")]

mod program;

use hypersonic_scan::{Member, MethodKind, scan, scan_all};
use program::{package, signatures};

/// A package whose boosted functions are written as `C.m[attributes]: signatures`.
fn check(files: &[(&str, &str)], expected: &str) {
    let (program, errors) = package(files);
    let (boosted, diagnostics) = scan(&program);
    assert!(errors.is_empty() && diagnostics.is_empty(), "{errors:#?}{diagnostics:#?}");
    let attributes = |line: (String, &hypersonic_scan::Boosted)| match &line.1.method {
        Some(found) => line.0.replacen(':', &format!("[{}]:", found.attributes.join(" ")), 1),
        None => line.0,
    };
    let lines = signatures(&boosted);
    let lines: Vec<String> = lines.lines().map(str::to_owned).zip(&boosted).map(attributes).collect();
    assert_eq!(lines.join("\n"), expected, "{files:#?}");
}

fn one(body: &str, expected: &str) {
    let head = "import numpy as np\nfrom hypersonic import boost, Array, Type, NDim\n";
    check(&[("m.py", &format!("{head}{body}"))], expected);
}

#[test]
fn attributes_come_first_in_order_of_use() {
    one(
        "@boost\nclass C:\n    k: float\n    a: 'int[:]'\n    u: int\n    @boost\n    def m(self, x: bool): return self.a[0] * self.k + self.a[1]\n",
        "C.m[a k]: (int64[:], float, bool)",
    );
    one("class C:\n    k = 1.5\n    n: int = 2\n    @boost\n    def m(this): return this.k + this.n\n", "C.m[k n]: (float, int)");
    one(
        "class C:\n    def __init__(self, k):\n        self.k: float = k\n        self.j = 1\n    @boost\n    def m(self): return self.k\n",
        "C.m[k]: (float)",
    );
    one("class C:\n    __k: float\n    @boost\n    def m(self): return self.__k\n", "C.m[_C__k]: (float)");
}

#[test]
fn template_variables_bind_across_attributes_and_parameters() {
    let body =
        "A = Array[Type(np.float32, np.float64), NDim(1, 2)]\nclass C:\n    a: A\n    @boost\n    def m(self, x: A): return self.a + x\n";
    one(body, "C.m[a]: (float32[:], float32[:]) (float32[:, :], float32[:, :]) (float64[:], float64[:]) (float64[:, :], float64[:, :])");
}

#[test]
fn what_is_set_first_is_not_needed() {
    let class = |method: &str| format!("class C:\n    k: float\n    n: int\n{method}");
    one(&class("    @boost\n    def m(self):\n        self.k = 1.0\n        return self.k\n"), "C.m[]: ()");
    one(&class("    @boost\n    def m(self):\n        self.k += 1.0\n"), "C.m[k]: (float)");
    one(
        &class("    @boost\n    def m(self, c: bool):\n        if c:\n            self.k = 1.0\n        return self.k\n"),
        "C.m[k]: (float, bool)",
    );
    one(&class("    @boost\n    def m(self):\n        self.k, self.n = self.n, 1\n        return self.k\n"), "C.m[n]: (int)");
}

#[test]
fn methods_that_are_called_are_followed() {
    let base =
        "class Base:\n    g: float\n    def h(self): return self.g + self.p\n    @property\n    def p(self): return self.q\n    q: int\n";
    let derived = "from hypersonic import boost\nfrom .base import Base\nclass C(Base):\n    k: float\n    @boost\n    def m(self, x: float): return self.h() + self.m(self.k)\n    @staticmethod\n    @boost\n    def s(x: int): return x\n    @classmethod\n    @boost\n    def c(cls): return cls.q\n";
    check(
        &[("p/__init__.py", ""), ("p/base.py", base), ("p/use.py", derived)],
        "C.m[g q k]: (float, int, float, float)\nC.s[]: (int)\nC.c[q]: (int)",
    );
    let (program, _) = package(&[("p/__init__.py", ""), ("p/base.py", base), ("p/use.py", derived)]);
    let found = scan(&program).0.remove(0).method.unwrap();
    assert!(
        matches!(found.class.member("p"), Some(Member::Function(method)) if method.kind == MethodKind::Property && method.owner == "Base")
    );
    let names: Vec<&str> = found.class.pieces.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["C", "Base", "Base"]);
}

#[test]
fn bases_are_looked_up_in_pythons_order() {
    let body = "class A:\n    k: int\nclass B(A):\n    pass\nclass D(A):\n    k: float\nclass C(B, D):\n    @boost\n    def m(self): return self.k\n";
    one(body, "C.m[k]: (float)");
    // A type that is said wins over how the class comes by the value.
    one("class C:\n    k: int\n    @property\n    def k(self): return 1\n    @boost\n    def m(self): return self.k\n", "C.m[k]: (int)");
}

#[test]
fn what_is_marked_in_vain_has_a_row() {
    let text = "from hypersonic import boost\nclass C:\n    @boost\n    def m(self, x): pass\n    class D:\n        @boost\n        def n(self): pass\ndef f():\n    @boost\n    def g(): pass\n";
    let (program, _) = package(&[("m.py", text)]);
    let found = scan_all(&program);
    let names: Vec<&str> = found.refused.iter().map(|refused| refused.qualname.as_str()).collect();
    assert_eq!(names, ["C.m", "C.D.n", "f.<locals>.g"]);
    assert!(found.refused.iter().all(|refused| !refused.reasons.is_empty()));
}
