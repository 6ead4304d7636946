//! What names mean, across the modules of a package.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics fails")]

mod program;

use hypersonic_scan::{Definition, Program};
use program::package;

fn described(program: &Program, file: u32, name: &str) -> String {
    match program.resolve(file, name) {
        None => {
            if program.is_bound(file, name) {
                "bound".to_owned()
            } else {
                "unbound".to_owned()
            }
        }
        Some(Definition::Function(file, function)) => format!("function {file} {}", function.name),
        Some(Definition::Constant(file, name, value)) => {
            let text = &program.files[file as usize].source.text;
            format!("constant {file} {name} = {}", &text[value.span.start as usize..value.span.end as usize])
        }
        Some(Definition::Class(file, class)) => format!("class {file} {}", class.name),
        Some(Definition::Module(name)) => format!("module {name}"),
        Some(Definition::External(name)) => format!("external {name}"),
        Some(Definition::InternalModule(file)) => format!("file {file}"),
    }
}

#[test]
fn names_of_one_module() {
    let text = "
import numpy as np, os.path, scipy.special, scipy.linalg
import os.path as p
from numpy import sin as sine, random
from math import pi
K = 3
L: int = 4
A = B = 5
C, (D, E) = 1, (2, 3)
twice = 1
twice = 2
grown = 1
grown += 1
gone = 1
del gone
changed = [1]
changed[0] = 2
counted = 0
def count():
    global counted
    counted += 1
def f(): pass
class K2: pass
for i in range(3): j = i
with open('x') as handle: pass
try:
    from fast import speed
except ImportError as error:
    speed = None
try:
    import missing
except ImportError:
    missing = None
if K > 2:
    either = 1
else:
    either = 2
if __name__ == '__main__':
    K = 7
match K:
    case 3:
        matched = 1
        L2 = 2
    case [star, *rest]: pass
L2 = 3
if (w := 3): pass
g = f
s = np.sin
t = np
u = u
v = np.float64(3)
";
    let (program, errors) = package(&[("m.py", text)]);
    assert!(errors.is_empty(), "{errors:?}");
    for (name, expected) in [
        ("np", "module numpy"),
        ("os", "module os"),
        ("scipy", "module scipy"),
        ("p", "module os.path"),
        ("sine", "external numpy.sin"),
        ("random", "external numpy.random"),
        ("pi", "external math.pi"),
        ("K", "constant 0 K = 3"),
        ("L", "constant 0 L = 4"),
        ("A", "constant 0 A = 5"),
        ("B", "constant 0 B = 5"),
        ("C", "constant 0 C = 1"),
        ("D", "constant 0 D = 2"),
        ("E", "constant 0 E = 3"),
        ("twice", "bound"),
        ("grown", "bound"),
        ("gone", "bound"),
        ("changed", "bound"),
        ("counted", "bound"),
        ("count", "function 0 count"),
        ("f", "function 0 f"),
        ("K2", "class 0 K2"),
        ("i", "bound"),
        ("j", "bound"),
        ("handle", "bound"),
        ("speed", "external fast.speed"),
        ("missing", "module missing"),
        ("either", "bound"),
        ("matched", "bound"),
        ("star", "bound"),
        ("rest", "bound"),
        ("L2", "bound"),
        ("w", "bound"),
        ("g", "function 0 f"),
        ("s", "external numpy.sin"),
        ("t", "module numpy"),
        ("u", "constant 0 u = u"),
        ("v", "constant 0 v = np.float64(3)"),
        ("range", "unbound"),
    ] {
        assert_eq!(described(&program, 0, name), expected, "{name}");
    }
}

#[test]
fn names_of_a_package() {
    let (program, errors) = package(&[
        ("p/__init__.py", "from .core import norm\nfrom . import core, sub\n"),
        ("p/core.py", "SIZE = 8\ndef norm(x): return x\nfrom .sub import deep\n"),
        ("p/sub/__init__.py", "from .deep import *\nfrom ..core import SIZE as size\n"),
        (
            "p/sub/deep.py",
            "from p import core as c\nDEPTH = 2\n_hidden = 3\nfrom p.core import norm as n\nfrom ..core import missing\nimport p.sub.deep\n",
        ),
        (
            "main.py",
            "from p import *\nfrom p.sub import size, DEPTH, _hidden, deep\nimport p.core\nimport p.sub.deep as d\nfrom math import *\nfrom p.nothing import x\n",
        ),
    ]);
    assert!(errors.is_empty());
    for (file, name, expected) in [
        (0, "norm", "function 1 norm"),
        (0, "core", "file 1"),
        (0, "sub", "file 2"),
        (1, "deep", "file 3"),
        (2, "DEPTH", "constant 3 DEPTH = 2"),
        (2, "_hidden", "unbound"),
        (2, "size", "constant 1 SIZE = 8"),
        (3, "c", "file 1"),
        (3, "n", "function 1 norm"),
        (3, "missing", "bound"),
        (3, "p", "file 0"),
        (4, "norm", "function 1 norm"),
        (4, "size", "constant 1 SIZE = 8"),
        (4, "DEPTH", "constant 3 DEPTH = 2"),
        (4, "p", "file 0"),
        (4, "d", "file 3"),
        (4, "sin", "external math.sin"),
        (4, "range", "unbound"),
        (4, "x", "external p.nothing.x"),
    ] {
        assert_eq!(described(&program, file, name), expected, "{name} in {file}");
    }
    let Some(package) = program.resolve(4, "p") else { panic!() };
    let Some(core) = program.attribute(&package, "core") else { panic!() };
    assert!(matches!(program.attribute(&core, "norm"), Some(Definition::Function(1, _))));
    assert!(
        matches!(program.attribute(&Definition::Module("numpy".to_owned()), "sin"), Some(Definition::External(name)) if name == "numpy.sin")
    );
    assert_eq!(program.module_index("p.sub.deep"), Some(3));
    assert_eq!(program.module_index("p.sub.none"), None);
}

#[test]
fn text_of_pieces() {
    let text =
        "\u{feff}K = 3; M = (1,\n  2)\n@a\n@b(\n 1)\ndef f(x):\n    # inside\n    return x  # tail\n\nif 1:\n    def g():\n        pass\n";
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let (program, errors) = package(&[("m.py", &text)]);
        assert!(errors.is_empty(), "{errors:?}");
        let piece = |name| program.piece_text(0, name);
        assert_eq!(piece("f").as_deref(), Some("@a\n@b(\n 1)\ndef f(x):\n    # inside\n    return x  # tail"));
        assert_eq!(piece("K").as_deref(), Some("K = 3; M = (1,"));
        assert_eq!(piece("M").as_deref(), Some("K = 3; M = (1,\n  2)"));
        assert_eq!(piece("g").as_deref(), Some("    def g():\n        pass"));
        assert_eq!(piece("nothing"), None);
    }
}
