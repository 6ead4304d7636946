//! Source text in, our tree out; deep or damaged text never brings the process down.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics fails")]

use hypersonic_syntax::ast::{ExprKind, FStringPart, Module, StmtKind};
use hypersonic_syntax::{MAX_DEPTH, TOO_DEEP, parse};

fn tree(text: &str) -> Module {
    parse(text, 0).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn value(text: &str) -> ExprKind {
    match tree(text).body.into_iter().next().map(|statement| statement.kind) {
        Some(StmtKind::Expr(expression)) => expression.kind,
        other => panic!("{other:?}"),
    }
}

/// What becomes of deep text: "whole", "cut" (a tree with a hole) or the names of the errors.
fn fate(text: &str) -> String {
    match parse(text, 0) {
        Ok(module) => if format!("{module:?}").contains(TOO_DEEP) { "cut" } else { "whole" }.to_owned(),
        Err(errors) => errors.iter().map(|error| error.id.name()).collect::<Vec<_>>().join(","),
    }
}

#[test]
fn a_function_spans_from_its_first_decorator_to_its_last_statement() {
    let text = "x = 1\n@first\n@second(1)\ndef f(a, /, b: int = 2, *args, c=3, **rest) -> int:\n    '''doc'''\n    return a\n\n# after\n";
    let module = tree(text);
    let StmtKind::FunctionDef(function) = &module.body[1].kind else { panic!("{module:#?}") };
    assert_eq!(&text[function.span.start as usize..function.span.end as usize], text[6..].split("\n\n").next().unwrap());
    assert_eq!(&text[function.name_span.start as usize..function.name_span.end as usize], "f");
    let names: Vec<&str> = function.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!((function.vararg.as_deref(), function.kwarg.as_deref()), (Some("args"), Some("rest")));
}

#[test]
fn comments_know_whether_they_stand_alone() {
    let text = "# one\nx = 1  # two\n\t # three\nf(\n  # four\n)\n'# no'\n\u{c}# five";
    let found: Vec<(String, bool)> = tree(text).comments.into_iter().map(|comment| (comment.text, comment.own_line)).collect();
    let expected = [("# one", true), ("# two", false), ("# three", true), ("# four", true), ("# five", true)];
    assert_eq!(found, expected.map(|(text, own)| (text.to_owned(), own)));
}

#[test]
fn literals() {
    assert!(matches!(value("0x_ff"), ExprKind::Int(Some(255), text) if text == "0x_ff"));
    assert!(matches!(value("9223372036854775808"), ExprKind::Int(None, text) if text == "9223372036854775808"));
    assert!(matches!(value("1e3"), ExprKind::Float(value) if (value - 1000.0).abs() < 1e-9));
    assert!(matches!(value("2j"), ExprKind::Imaginary(value) if (value - 2.0).abs() < 1e-9));
    assert!(matches!(value("'a' \"b\""), ExprKind::Str(text) if text == "ab"));
    assert!(matches!(value(r"b'a' b'\xff'"), ExprKind::Bytes(bytes) if bytes == [0x61, 0xff]));
    assert!(matches!(value("{1: 2, **b}"), ExprKind::Dict(items) if matches!(items.as_slice(), [(Some(_), _), (None, _)])));
    assert!(matches!(value("{1, 2}"), ExprKind::Set(items) if items.len() == 2));
    assert!(matches!(value("{a: b for a, b in c}"), ExprKind::Comprehension { kind: "dict", .. }));
    assert!(matches!(value("lambda a, b=1: a"), ExprKind::Lambda(function) if function.parameters.len() == 2));
    let ExprKind::FString(parts) = value("'a' f'{x!r:>{w}} {y:.3f}{z=}'") else { panic!() };
    assert_eq!(parts.len(), 6, "{parts:#?}");
    assert!(matches!(&parts[0], FStringPart::Text(text) if text == "a"));
    assert!(matches!(&parts[1], FStringPart::Value { conversion: Some('r'), spec: None, .. }));
    assert!(matches!(&parts[3], FStringPart::Value { conversion: None, spec: Some(spec), .. } if spec == ".3f"));
    assert!(matches!(&parts[4], FStringPart::Text(text) if text == "z="));
    assert!(matches!(&parts[5], FStringPart::Value { conversion: Some('r'), .. }));
}

#[test]
fn odd_but_valid_text() {
    for text in [
        "",
        "\u{feff}x = 1\r\n",
        "x = 1\r\ny = 2\r\n",
        "if x:\n\ty = 1\n",
        "\u{c}x = 1\n\u{c}",
        "größe = 1\nπ = 3.14\nprint(größe)",
        "x = 1\\\n + 2",
        "#",
        "x=1 #é",
    ] {
        tree(text);
    }
    let module = tree("\u{feff}x = 1");
    assert_eq!((module.body[0].span.start, module.body[0].span.end), (3, 8));
}

#[test]
fn errors_have_a_place_and_a_message() {
    for (text, place) in
        [("x = = 1\n", "="), ("def f(:\n  pass\n", ":"), ("x = (1,\n", ""), ("print 'a'\n", "'a'"), ("  x = 1\n y = 2\n", "")]
    {
        let errors = parse(text, 7).unwrap_err();
        let span = errors[0].labels[0].span;
        assert_eq!((errors[0].id.code(), span.file), ("HS0101", 7), "{text}");
        assert!(span.end as usize <= text.len() && span.start <= span.end, "{text}: {span:?}");
        if !place.is_empty() {
            assert_eq!(&text[span.start as usize..span.end as usize], place, "{text}");
        }
    }
}

#[test]
fn expressions_keep_their_kind_and_place() {
    let text = "(a[1:2, ..., None] if not b and c < d <= e else [*f, (g := 1)])";
    let ExprKind::Conditional(test, body, orelse) = value(text) else { panic!() };
    assert!(matches!(test.kind, ExprKind::Logic(..)));
    assert!(matches!(body.kind, ExprKind::Subscript(..)));
    assert_eq!(&text[body.span.start as usize..body.span.end as usize], "a[1:2, ..., None]");
    assert!(matches!(orelse.kind, ExprKind::List(items) if items.len() == 2));
}

#[test]
fn deep_expressions_are_refused_or_cut() {
    let many = |piece: &str, count: usize| piece.repeat(count);
    for (before, piece, middle, after) in [
        ("x = ", "(", "1", ")"),
        ("x = ", "[", "1", "]"),
        ("x = ", "{1:", "1", "}"),
        ("x = ", "f(", "1", ")"),
        ("x = ", "-", "1", ""),
        ("x = ", "not ", "1", ""),
        ("x = ", "lambda a, b: ", "1", ""),
        ("x = ", "a if b else ", "1", ""),
        ("x = ", "f'{", "1", "}'"),
        ("x = a", ".b", "", ""),
        ("x = a", "+a", "", ""),
        ("x = a", "[0]", "", ""),
        ("x = a", "(1)", "", ""),
        ("x = 2", "**2", "", ""),
        ("", "(", "", ""),
        ("", "if (a,): (", "", ""),
    ] {
        for count in [100_000, 4_000] {
            let fate = fate(&format!("{before}{}{middle}{}", many(piece, count), many(after, count)));
            let allowed: &[&str] = match (count, piece) {
                (100_000, "f'{") => &["syntax-error", "too-complex"],
                (100_000, _) => &["too-complex"],
                (_, "(") => &["whole", "syntax-error"],
                _ => &["cut", "too-complex", "syntax-error"],
            };
            let first = fate.split(',').next().unwrap_or_default();
            assert!(allowed.contains(&first), "{before}{piece} {count}: {first}");
        }
    }
}

#[test]
fn deep_blocks_are_refused_or_cut() {
    let nested = |depth: usize, line: &str| {
        let levels: String = (0..depth).map(|level| format!("{}{line}\n", " ".repeat(level))).collect();
        format!("{levels}{}y = 1\n", " ".repeat(depth))
    };
    assert_eq!(fate(&nested(90, "if x:")), "whole");
    assert_eq!(fate(&nested(900, "if x:")), "cut");
    assert_eq!(fate(&nested(2_000, "if x:")), "too-complex");
    assert_eq!(fate(&nested(900, "def f():")), "cut");
    // Error recovery leaves the bracket and meets the blocks.
    assert!(fate(&format!("(\n{}", nested(900, "if x,:"))).starts_with("syntax-error"));
    assert_eq!(fate(&format!("(\n{}", nested(2_000, "if x,:"))), "too-complex");
}

#[test]
fn shallow_text_is_whole() {
    assert_eq!(fate(&format!("x = a{}", "+a".repeat(MAX_DEPTH - 10))), "whole");
    assert_eq!(fate(&format!("x = [{}]", "1, ".repeat(50_000))), "whole");
    assert_eq!(fate(&format!("x = [{}]", "-1 + 2, ".repeat(20_000))), "whole");
    assert_eq!(fate(&"x = a + b * c\n".repeat(20_000)), "whole");
}

#[test]
fn a_chain_of_elif_nests() {
    let chain = |count: usize| -> String {
        (1..count).map(|n| format!("elif x == {n}:\n  z{n} = {n}\n")).fold("if x == 0:\n  y = 1\n".to_owned(), |all, next| all + &next)
    };
    let module = tree("if a: x\nelif b: y\nelse: z\n");
    let StmtKind::If { orelse, .. } = &module.body[0].kind else { panic!() };
    let StmtKind::If { body, orelse, .. } = &orelse[0].kind else { panic!() };
    assert_eq!((body.len(), orelse.len()), (1, 1));
    assert_eq!(fate(&chain(150)), "whole");
    let module = tree(&chain(5_000));
    assert!(format!("{module:?}").contains(TOO_DEEP));
    assert!(module.hidden_names.contains(&"z4999".to_owned()));
}
