//! Nothing that is written in a file brings the scanner down: damaged text, random bytes, and, on request, a whole corpus.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics fails")]

mod program;

use hypersonic_diagnostics::render;
use hypersonic_scan::scan;
use program::package;
use std::path::{Path, PathBuf};

const SEEDS: &[&str] = &[
    "from hypersonic import boost, Array, Type, NDim\nimport numpy as np\nT = Type(np.float32, np.float64)\nN = NDim(1, 2)\nA = Array[T, N + 1, 'C']\n@boost(fastmath=True)\ndef f(x: A, y: 'int[:, 3] or (int, float[::])' = None, *, z: 'Union[int, None]' = 1):\n    '''doc'''\n    return x[..., 1:] + y\n",
    "# pythran export f(int or float[:,:] order(F), int?,\n#   str: int dict), g(T(U))\n# transonic def h(int[][], float*)\ndef f(a, b=2j, c=-1): yield a\ndef g(a): return f'{a!r:>{a}}{a=}'\n",
    "from .a import *\nfrom . import b as c, d\nimport x.y, x.z as w\ntry:\n    from transonic import boost\nexcept ImportError as e:\n    boost = lambda f: f\nif TYPE_CHECKING:\n    K = (1, 2)\nelif __name__ == '__main__':\n    (a, *b), c.d, e[0] = K\nmatch K:\n    case {'a': [x, *y], **z}: pass\ng = boost(inline=1)(boost)\nclass C:\n    @boost\n    async def m(self, x: list[C]): await x\n",
];

/// A small generator of numbers (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % (below.max(1) as u64)).unwrap()
    }
}

/// Everything that is asked of a program, the printing of its diagnostics included.
fn exercise(files: &[(&str, &str)]) {
    let (program, mut diagnostics) = package(files);
    let (boosted, more) = scan(&program);
    diagnostics.extend(more);
    for diagnostic in &diagnostics {
        assert!(render(diagnostic, files, true, "warning").lines().count() >= 2);
    }
    for function in boosted {
        assert!(!function.signatures.is_empty());
        let piece = program.piece_text(function.file, &function.qualname).unwrap();
        assert!(piece.contains("def"), "{piece}");
    }
}

const PIECES: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    "::",
    ",",
    "'",
    "\"",
    "'''",
    "#",
    "\n",
    "\r",
    "\t",
    " ",
    "\\",
    "\u{0}",
    "é",
    "\u{feff}",
    "日",
    "@boost\n",
    "def ",
    "or ",
    "int",
    "float[:]",
    "# pythran export ",
    "# transonic def f(",
    "Array[",
    "NDim(",
    "Type(",
    "lambda ",
    "yield ",
    "await ",
    "f'{",
    "=",
    ":=",
    "*",
    "**",
    "-",
    "not ",
    "if ",
    "else ",
    "1e999",
    "9999999999999999999999",
    "0x",
    "None",
    "...",
    "import ",
    "from . import *\n",
    "    ",
    "\u{c}",
    "type A = ",
    "match x:\n",
    "\u{202e}",
    "order(",
    "list",
    "?",
    "|",
];

#[test]
fn damaged_text() {
    let mut random = Random(1);
    for round in 0..3_000 {
        let mut text: String = SEEDS[round % SEEDS.len()].to_owned();
        for _ in 0..=random.next(6) {
            let at = text.floor_char_boundary(random.next(text.len() + 1));
            match random.next(4) {
                0 => {
                    let end = text.floor_char_boundary((at + random.next(20)).min(text.len())).max(at);
                    text.replace_range(at..end, "");
                }
                1 => {
                    let end = text.floor_char_boundary((at + random.next(40)).min(text.len())).max(at);
                    let copy = text[at..end].to_owned();
                    let to = text.floor_char_boundary(random.next(text.len() + 1));
                    text.insert_str(to, &copy);
                }
                _ => text.insert_str(at, PIECES[random.next(PIECES.len())]),
            }
        }
        exercise(&[("p/__init__.py", SEEDS[(round + 1) % SEEDS.len()]), ("p/a.py", &text)]);
    }
}

#[test]
fn random_text() {
    let mut random = Random(2);
    for _ in 0..2_000 {
        let bytes: Vec<u8> = (0..random.next(60)).map(|_| u8::try_from(random.next(256)).unwrap()).collect();
        exercise(&[("a.py", &String::from_utf8_lossy(&bytes))]);
        let words: String = (0..random.next(40)).map(|_| PIECES[random.next(PIECES.len())]).collect();
        exercise(&[("a.py", &words)]);
    }
}

#[test]
fn random_annotations() {
    let mut random = Random(3);
    let words = [
        "int",
        "float",
        "np.float64",
        "T",
        "A",
        "[:]",
        "[:, :]",
        "[",
        "]",
        "(",
        ")",
        ",",
        " or ",
        " | ",
        "'",
        "Union[",
        "Array[",
        "'2d'",
        "Literal[",
        "None",
        "list",
        ":",
        "N",
        "+ 1",
        "order(C)",
        "?",
        "*",
        "é",
        "x",
    ];
    let head = "import numpy as np\nfrom typing import *\nfrom hypersonic import *\nT = Type(int, float)\nN = NDim(1, 2)\nA = Array[T, N]\nx = 'x'\n";
    for _ in 0..3_000 {
        let annotation: String = (0..=random.next(8)).map(|_| words[random.next(words.len())]).collect();
        exercise(&[(
            "a.py",
            &format!(
                "{head}# pythran export g({annotation})\n@boost\ndef f(a: {:?}): pass\ndef g(a): pass\n",
                annotation.replace('\'', "\"")
            ),
        )]);
        exercise(&[("a.py", &format!("{head}@boost\ndef f(a: {annotation}): pass\n"))]);
    }
}

#[test]
fn deep_annotations_end() {
    let deep = 3_000;
    for annotation in [
        format!("{}int{}", "(".repeat(deep), ")".repeat(deep)),
        format!("{}int{}", "Union[".repeat(deep), "]".repeat(deep)),
        format!("int{}", " or int".repeat(deep)),
        format!("int{}", "[:]".repeat(deep)),
        format!("int{}", " type".repeat(deep)),
        "'".repeat(deep),
        "(".repeat(deep),
    ] {
        exercise(&[(
            "a.py",
            &format!(
                "from hypersonic import boost\nfrom typing import Union\n# pythran export g({annotation})\n@boost\ndef f(a: \"{annotation}\"): pass\ndef g(a): pass\n"
            ),
        )]);
        exercise(&[(
            "a.py",
            &format!(
                "from hypersonic import boost\nfrom typing import Union\n@boost\ndef f(a: {}): pass\n",
                annotation.replace(" or ", " | ")
            ),
        )]);
    }
    let chain: String = (1..500).map(|n| format!("A{n} = A{}\n", n - 1)).collect();
    exercise(&[("a.py", &format!("from hypersonic import boost\nA0 = int\n{chain}@boost\ndef f(a: A499): pass\n"))]);
    let doubled: String = (1..60).map(|n| format!("A{n} = Union[A{0}, tuple[A{0}, A{0}]]\n", n - 1)).collect();
    exercise(&[(
        "a.py",
        &format!("from hypersonic import boost\nfrom typing import Union\nA0 = int\n{doubled}@boost\ndef f(a: A59): pass\n"),
    )]);
}

fn python_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            python_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "py") {
            found.push(path);
        }
    }
}

/// `HYPERSONIC_CORPUS=folder:folder cargo test -p hypersonic-scan --test robust -- --ignored --nocapture`
#[test]
#[ignore = "needs HYPERSONIC_CORPUS, folders of Python files"]
fn corpus() {
    let folders = std::env::var("HYPERSONIC_CORPUS").unwrap();
    let mut files = Vec::new();
    std::env::split_paths(&folders).for_each(|folder| python_files(&folder, &mut files));
    files.sort();
    let (mut bytes, mut refused) = (0, Vec::new());
    let started = std::time::Instant::now();
    for path in &files {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        bytes += text.len();
        exercise(&[("a.py", &text)]);
        if let Some(error) = package(&[("a.py", &text)]).1.first() {
            refused.push(format!("{}: {}", path.display(), error.title));
        }
    }
    println!("{} files, {bytes} bytes, {:.1} s", files.len(), started.elapsed().as_secs_f64());
    println!("{} without a tree: {refused:#?}", refused.len());
}

/// `HYPERSONIC_PACKAGE=folder cargo test -p hypersonic-scan --test robust one_package -- --ignored --nocapture`
#[test]
#[ignore = "needs HYPERSONIC_PACKAGE, a folder that holds a package"]
fn one_package() {
    let root = PathBuf::from(std::env::var("HYPERSONIC_PACKAGE").unwrap());
    let mut paths = Vec::new();
    python_files(&root, &mut paths);
    paths.sort();
    let base = root.parent().unwrap();
    let texts: Vec<(String, String)> = paths
        .iter()
        .filter_map(|path| Some((path.strip_prefix(base).ok()?.to_string_lossy().replace('\\', "/"), std::fs::read_to_string(path).ok()?)))
        .collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (program, mut diagnostics) = package(&files);
    let (boosted, more) = scan(&program);
    diagnostics.extend(more);
    for diagnostic in &diagnostics {
        print!("{}", render(diagnostic, &files, false, "warning"));
    }
    for function in &boosted {
        println!("{}: {} {}", files[function.file as usize].0, function.qualname, function.signatures.len());
        function.signatures.iter().for_each(|signature| println!("    {signature}"));
    }
    println!("{} functions, {} signatures", boosted.len(), boosted.iter().map(|function| function.signatures.len()).sum::<usize>());
}
