//! The snippets of `data/make_snippets.py`: what they give, and what they leave in their arguments, is what CPython with
//! NumPy gave, to the bit, in both versions.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod world;

use hypersonic_array::Version;
use world::{Arg, Out, array, call, compile};

fn numbers<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> Vec<T> {
    text.split_whitespace().map(|word| word.parse().unwrap()).collect()
}

fn argument(line: &str) -> Arg {
    match line.split_once(' ').unwrap() {
        ("int", value) => Arg::Int(value.parse().unwrap()),
        ("float", value) => Arg::Float(value.parse().unwrap()),
        ("array", rest) => {
            let (elements, shape) = rest.split_once(';').unwrap();
            array(&numbers::<f64>(elements), &numbers::<i64>(shape))
        }
        (other, _) => panic!("{other}"),
    }
}

fn bits(value: f64) -> String {
    if value.is_nan() { "nan".to_owned() } else { format!("{:016x}", value.to_bits()) }
}

fn words(out: &Out) -> Vec<String> {
    match out {
        Out::None => vec!["None".to_owned()],
        Out::Int(value) => vec![value.to_string()],
        Out::Bool(value) => vec![u8::from(*value).to_string()],
        Out::Float(value) => vec![bits(*value)],
        Out::Complex(re, im) => vec![bits(*re), bits(*im)],
        Out::Array(elements, shape) => [format!("{shape:?}")].into_iter().chain(elements.iter().map(|value| bits(*value))).collect(),
        Out::Tuple(items) => items.iter().flat_map(words).collect(),
    }
}

#[test]
fn snippets_give_what_numpy_gives() {
    let mut wrong = Vec::new();
    let cases: Vec<&str> = include_str!("data/snippets.txt").split("\n=====\n").filter(|case| !case.is_empty()).collect();
    assert!(cases.len() > 150, "{} cases", cases.len());
    for case in cases {
        let [source, given, expected] = case.split("\n-----\n").collect::<Vec<_>>()[..] else { panic!("{case}") };
        let args: Vec<Arg> = given.lines().map(argument).collect();
        for version in [Version::Contiguous, Version::Strided] {
            let compiled = compile(source, version).unwrap_or_else(|why| panic!("{why}\n{source}"));
            let ran = call(&compiled, &args);
            // The runtime then calls the strided version, which comes next here.
            if version == Version::Contiguous && matches!(&ran.out, Err(failure) if failure.starts_with("Strided")) {
                continue;
            }
            let mut found = match &ran.out {
                Ok(out) => words(out),
                Err(failure) => vec!["error".to_owned(), failure.split('"').nth(1).unwrap_or_default().to_owned()],
            };
            let retried = ran.out.as_ref().is_err_and(|failure| failure.contains("(retry)"));
            for elements in &ran.after {
                found.push("|".to_owned());
                found.extend(elements.iter().map(|value| bits(*value)));
            }
            // What Python answers again may have been written by nobody.
            let same = if retried { expected.starts_with("error") } else { found.join(" ") == expected };
            if !same {
                wrong.push(format!("{version:?}\n{source}\n{given}\nexpected {expected}\nfound    {}\n{:?}", found.join(" "), ran.out));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n\n"));
}
