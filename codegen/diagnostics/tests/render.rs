//! Diagnostics as they are printed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics fails")]

use hypersonic_diagnostics::{Diagnostic, Id, Label, Report, Span, render};

fn span(text: &str, piece: &str) -> Span {
    let start = text.find(piece).unwrap();
    Span { file: 0, start: u32::try_from(start).unwrap(), end: u32::try_from(start + piece.len()).unwrap() }
}

fn printed(text: &str, piece: &str) -> String {
    let diagnostic = Diagnostic::new(Id::UnsupportedCall, "title", span(text, piece), "label");
    render(&diagnostic, &[("m.py", text)], false, "warning")
}

#[test]
fn the_frame_of_the_style_guide() {
    let text = "\n".repeat(40) + "    order = sorted(points, key=norm)\n";
    let diagnostic = Diagnostic::new(
        Id::UnsupportedCall,
        "`pairwise` stays pure Python: `sorted(key=...)` has no compiled form",
        span(&text, "key=norm"),
        "key functions are not compiled",
    )
    .with_hint("use `np.argsort(norms)`; see `hypersonic explain HS0203`");
    let expected = "\
warning[HS0203]: `pairwise` stays pure Python: `sorted(key=...)` has no compiled form
  --> src/geo/metric.py:41:28
   |
41 |     order = sorted(points, key=norm)
   |                            ^^^^^^^^ key functions are not compiled
   = help: use `np.argsort(norms)`; see `hypersonic explain HS0203`
";
    assert_eq!(render(&diagnostic, &[("src/geo/metric.py", &text)], false, "warning"), expected);
}

#[test]
fn several_labels_files_and_reasons() {
    let (first, second) = ("A = flaot\n\n\ndef f(x: A): pass\n", "from m import A\n");
    let mut diagnostic = Diagnostic::new(Id::UnknownType, "unknown", span(first, "flaot"), "not a type").with_hint("one\ntwo");
    diagnostic.text = "because".to_owned();
    diagnostic.labels.push(Label { span: span(first, "A)").shrink(1), text: "used here".to_owned() });
    diagnostic.labels.push(Label { span: Span { file: 1, ..span(second, "A") }, text: "and here".to_owned() });
    let expected = "\
error[HS0301]: unknown
 --> m.py:1:5
  |
1 | A = flaot
  |     ^^^^^ not a type
...
4 | def f(x: A): pass
  |          - used here
 ::: n.py:1:15
  |
1 | from m import A
  |               - and here
  = because
  = help: one
          two
";
    assert_eq!(render(&diagnostic, &[("m.py", first), ("n.py", second)], false, "error"), expected);
}

trait Shrink {
    fn shrink(self, by: u32) -> Self;
}

impl Shrink for Span {
    fn shrink(self, by: u32) -> Self {
        Self { end: self.end - by, ..self }
    }
}

#[test]
fn spans_over_several_lines() {
    let text = "x = f(\n    1,\n    2,\n)  # end\n";
    let expected = "\
warning[HS0203]: title
 --> m.py:1:5
  |
1 | x = f(
  |     ^^
...
4 | )  # end
  | ^ label
";
    assert_eq!(printed(text, "f(\n    1,\n    2,\n)"), expected);
}

#[test]
fn tabs_wide_and_combining_characters() {
    assert!(printed("\tx = bad\n", "bad").contains("1 |     x = bad\n  |         ^^^ label\n"));
    assert!(printed("a\tbad\n", "bad").contains("1 | a   bad\n  |     ^^^ label\n"));
    assert!(printed("'日本' + bad\n", "bad").contains("1 | '日本' + bad\n  |          ^^^ label\n"));
    assert!(printed("e\u{301} + bad\n", "bad").contains("  |     ^^^ label\n"));
    assert!(printed("\u{feff}bad\n", "bad").contains("--> m.py:1:1\n  |\n1 | bad\n  | ^^^ label\n"));
    assert!(printed("größe = bad", "größe").contains("  | ^^^^^ label\n"));
}

#[test]
fn nothing_steers_the_terminal() {
    let text = "x = '\u{1b}[31m\u{202e}\u{8}' + bad\n";
    let out = printed(text, "bad");
    assert!(out.contains(r"1 | x = '\x1b[31m\u202e\x08' + bad"), "{out}");
    assert!(out.contains("\n  |                            ^^^ label"), "{out}");
    let diagnostic = Diagnostic::new(Id::UnknownType, "a\u{1b}[0mb\nc", Span::default(), "\u{7}").with_hint("\u{9b}");
    let out = render(&diagnostic, &[("p\u{1b}.py", "x")], false, "warning");
    assert!(out.chars().all(|letter| letter == '\n' || !letter.is_control()), "{out:?}");
    assert!(out.starts_with("warning[HS0301]: a\\x1b[0mb\\nc\n"), "{out}");
}

#[test]
fn long_lines_are_cut_around_the_mark() {
    let text = format!("{}bad{}\n", "a + ".repeat(5000), " + a".repeat(5000));
    let out = printed(&text, "bad");
    assert!(out.lines().all(|line| line.chars().count() < 160), "{out}");
    let lines: Vec<&str> = out.lines().collect();
    let mark = lines[4].find('^').unwrap();
    let shown: String = lines[3].chars().skip(mark).take(3).collect();
    assert_eq!(shown, "bad", "{out}");
    let whole = printed(&text, text.trim_end());
    assert!(whole.lines().all(|line| line.chars().count() < 160), "{whole}");
}

#[test]
fn spans_that_fit_nothing_do_no_harm() {
    let text = "é\n";
    for (start, end) in [(0, 0), (1, 1), (3, 3), (99, 100), (2, 1), (0, 99), (u32::MAX, u32::MAX)] {
        let diagnostic = Diagnostic::new(Id::Internal, "t", Span { file: 0, start, end }, "l");
        assert!(render(&diagnostic, &[("m.py", text)], true, "error").contains('^'));
        let empty = render(&diagnostic, &[("m.py", "")], false, "error");
        assert!(empty.contains("--> m.py:1:1"), "{empty}");
        assert_eq!(render(&diagnostic, &[], false, "error"), "error[HS0901]: t\n");
    }
}

#[test]
fn colour_only_adds_escapes() {
    let text = "x = bad\n";
    let diagnostic = Diagnostic::new(Id::UnknownType, "t", span(text, "bad"), "l").with_hint("h");
    let (plain, colored) = (render(&diagnostic, &[("m.py", text)], false, "error"), render(&diagnostic, &[("m.py", text)], true, "error"));
    let mut stripped = String::new();
    let mut inside = false;
    for letter in colored.chars() {
        match letter {
            '\u{1b}' => inside = true,
            'm' if inside => inside = false,
            _ if !inside => stripped.push(letter),
            _ => {}
        }
    }
    assert_eq!(stripped, plain);
    assert!(colored.contains("\u{1b}[1;31merror[HS0301]\u{1b}[0m"));
}

#[test]
fn the_form_for_machines() {
    let text = "a = 1\nbé = bad\n";
    let diagnostic = Diagnostic::new(Id::UnknownType, "t", span(text, "bad"), "l").with_hint("h");
    let report = serde_json::to_value(Report::new(&diagnostic, &[("m.py", text)], "warning")).unwrap();
    let expected = serde_json::json!({
        "id": "HS0301", "name": "unknown-type", "severity": "warning", "title": "t", "text": "", "hint": "h",
        "places": [{"path": "m.py", "line": 2, "column": 6, "end_line": 2, "end_column": 9, "text": "l"}],
    });
    assert_eq!(report, expected);
}
