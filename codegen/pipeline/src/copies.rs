//! Kernels that are slower than Python: those that do little with what takes long to copy. Where that is certain the function is left to Python when
//! Python calls it; where only the user knows how much is done with an element it is compiled, and said to be so.

use crate::unit::Unit;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::Type;
use hypersonic_scan::Boosted;

/// How fast a kernel is beside Python, where it may not be faster.
pub enum Speed {
    /// It may be slower.
    Unsure(Diagnostic),
    /// It is slower.
    Slower(Diagnostic),
}

impl Speed {
    /// What is said of it.
    pub fn into_diagnostic(self) -> Diagnostic {
        match self {
            Self::Unsure(found) | Self::Slower(found) => found,
        }
    }
}

/// Most operations of a function without loops, recursion and sorting that a call costs more than: 0.2 us for what it takes and gives, where Python needs 15 to 30 ns for
/// an operation.
const FEW: usize = 6;
/// Most operations in a round that making one tuple, container or entry costs more than: 100 to 200 ns.
const FEW_A_ROUND: usize = 12;

/// What is known of a unit, if anything is. With `always` nothing is left to Python.
pub fn judge(function: &Boosted, unit: &Unit, always: bool) -> Option<Speed> {
    let always = always || function.always || function.within.is_some();
    // What C calls, and the methods of classes, have no Python in their place.
    if function.method.is_some() {
        return None;
    }
    let exported = function.exports.c.is_some() || function.exports.capsule.is_some() || function.exports.ufunc.is_some();
    let stays = !always && !exported;
    let parameters = || function.definition.parameters.iter().zip(&function.signatures[unit.signature].parameters);
    let mut objects = parameters().filter(|(_, ty)| ty.to_type().any(Type::is_object)).map(|(parameter, _)| parameter.span);
    let taken = objects.next();
    if !unit.info.lasts || unit.passes_on.is_some() {
        let little = stays && unit.passes_on.unwrap_or(unit.info.work) <= FEW && !unit.info.takes_arrays;
        let given = unit.info.result.any(Type::is_object).then_some(function.definition.name_span);
        let span = taken.or(given).filter(|_| little)?;
        return Some(Speed::Slower(left(function, span, "to take or give this costs more than what is done with it")));
    }
    if !unit.info.passes_once || unit.info.glances {
        return None;
    }
    let few = stays && unit.info.work <= FEW_A_ROUND;
    let mut given = parameters().filter_map(|(parameter, ty)| Some((parameter, costly(&ty.to_type(), false)?)));
    if let Some((parameter, what)) = given.next() {
        let label = format!("{what} are copied, each time");
        let certain = what != "strings" || !unit.info.looks_up || costly_inside(&unit.info.result);
        return Some(if few && certain {
            Speed::Slower(left(function, parameter.span, &label))
        } else {
            let hint = "do more with them in one call, or leave the function to Python; see `hypersonic explain HS0217`";
            Speed::Unsure(Diagnostic::new(Id::CopiesMore, maybe(function), parameter.span, label).with_hint(hint))
        });
    }
    let what = costly(&unit.info.result, true)?;
    let label = format!("gives {what}, which are made twice");
    let span = function.definition.name_span;
    Some(if few && what != "strings" && taken.is_none() {
        Speed::Slower(left(function, span, &label))
    } else {
        let hint = "give arrays or lists of numbers, or leave the function to Python; see `hypersonic explain HS0217`";
        Speed::Unsure(Diagnostic::new(Id::CopiesMore, maybe(function), span, label).with_hint(hint))
    })
}

fn maybe(function: &Boosted) -> String {
    format!("`{}` may be slower than Python", function.qualname)
}

/// What is said of a function that is left to Python.
fn left(function: &Boosted, span: Span, label: &str) -> Diagnostic {
    let title = format!("`{}` is left to Python, which is faster", function.qualname);
    let hint = "write `@boost(always=True)` to have it compiled all the same; kernels that call it have it compiled in any case";
    Diagnostic::new(Id::CopiesMore, title, span, label).with_hint(hint)
}

/// Whether a result holds containers or tuples in containers.
fn costly_inside(ty: &Type) -> bool {
    match ty {
        Type::Dict(_, value) => costly(&Type::List(value.clone()), true).is_some_and(|what| what != "strings"),
        other => costly(other, true).is_some_and(|what| what != "strings"),
    }
}

/// What a container holds that takes long to copy.
fn costly(ty: &Type, result: bool) -> Option<&'static str> {
    let element = |ty: &Type| match ty {
        Type::Str => Some("strings"),
        Type::Tuple(_) | Type::Sequence(_) => Some("tuples"),
        Type::List(_) | Type::Set(_) | Type::Dict(..) => Some("containers"),
        _ => None,
    };
    match ty {
        Type::Dict(..) if result => Some("the entries of a dict"),
        Type::List(inner) | Type::Set(inner) | Type::Sequence(inner) => element(inner),
        Type::Dict(key, value) => element(key).or_else(|| element(value)),
        Type::Tuple(items) => items.iter().find_map(|item| costly(item, result)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::{SourceFile, check};

    fn files(text: &str) -> Vec<SourceFile> {
        let text = format!("import heapq, math, random\nfrom hypersonic import boost\nimport numpy as np\n\n\n@boost\n{text}");
        vec![SourceFile { path: "a.py".to_owned(), module: "a".to_owned(), is_package: false, text, exports: None }]
    }

    fn said(text: &str) -> Vec<String> {
        check(files(text), false).diagnostics.iter().map(|found| format!("{} {}", found.id.code(), found.labels[0].text)).collect()
    }

    #[test]
    fn what_is_copied_for_one_pass_is_said() {
        let count = "def f(words: list[str]):\n    n = 0\n    for w in words:\n        n += len(w)\n    return n\n";
        assert_eq!(said(count), ["HS0217 strings are copied, each time"]);
        assert_eq!(
            said("def f(n: int):\n    return {i: i for i in range(n)}\n"),
            ["HS0217 gives the entries of a dict, which are made twice"]
        );
        assert_eq!(said("def f(a: list[tuple[int, int]]):\n    return sorted(a)\n"), ["HS0217 tuples are copied, each time"]);
    }

    /// How many of one function are compiled, and how many are left to Python.
    fn made(text: &str, always: bool) -> (usize, usize) {
        let output = check(files(text), always);
        (output.functions[0].compiled, output.functions[0].left)
    }

    #[test]
    fn what_is_slower_for_certain_is_left_to_python() {
        for text in [
            "def f(a: list[str]):\n    return a[0]\n",
            "def f(a: list[int], x: int):\n    a.append(x)\n",
            "def f(a: str):\n    return a.upper()\n",
            "def f(x: float):\n    return [x, x]\n",
            "def f(a: list[float]):\n    random.shuffle(a)\n",
            "def f(a: list[float], x: float):\n    heapq.heappush(a, x)\n",
            "def f(n: int):\n    return {i: i for i in range(n)}\n",
            "def f(a: list[tuple[int, int]]):\n    return sorted(a)\n",
            "def f(a: list[str]):\n    n = 0\n    for x in a:\n        n += len(x)\n    return n\n",
        ] {
            assert_eq!(made(text, false), (0, 1), "{text}");
            assert_eq!(made(text, true), (1, 0), "{text}");
        }
        assert_eq!(made("def f(a: str):\n    return a.upper()\n", false), (0, 1));
    }

    #[test]
    fn the_mark_insists() {
        for (option, expected) in [("always=True", (1, 0)), ("always=False", (0, 1)), ("c=True", (1, 0))] {
            let text = format!("from hypersonic import boost\n\n\n@boost({option})\ndef f(a: list[int]):\n    return a[0]\n");
            let files = vec![SourceFile { path: "a.py".to_owned(), module: "a".to_owned(), is_package: false, text, exports: None }];
            let output = check(files, false);
            let made = (output.functions[0].compiled, output.functions[0].left);
            // What C cannot be given is said elsewhere.
            assert_eq!(made, expected, "{option}");
        }
    }

    #[test]
    fn numbers_loops_in_loops_and_what_is_done_faster_are_compiled() {
        for text in [
            "def f(a: list[float]):\n    return sorted(a)\n",
            "def f(a: list[str]):\n    n = 0\n    for x in a:\n        for y in a:\n            n += x < y\n    return n\n",
            "def f(n: int):\n    return [i * i for i in range(n)]\n",
            "def f(x: float):\n    return x + 1.0, x\n",
            "def f(a: list[str]):\n    return len(set(a))\n",
            "def f(a: list[float]):\n    return math.fsum(a)\n",
        ] {
            assert_eq!(said(text), Vec::<String>::new(), "{text}");
            assert_eq!(made(text, false), (1, 0), "{text}");
        }
    }
}
