//! `# omp parallel for` and its clauses, as text.
//!
//! Private variables need no clause: what an iteration sets before it reads it is its own, and the last value is there behind the loop. Refuses what
//! says that iterations run in an order, and what it does not know.

use crate::ir::Claim;
use hypersonic_diagnostics::Span;

/// The words that announce it.
const WORDS: [&str; 3] = ["omp", "parallel", "for"];

/// The operators of `reduction`.
const OPERATORS: [&str; 10] = ["+", "-", "*", "&", "|", "^", "&&", "||", "max", "min"];

/// Clauses that say what holds anyway, or leaves the answer as it is.
const IDLE: [&str; 7] = ["private", "firstprivate", "lastprivate", "shared", "default", "nowait", "proc_bind"];

/// What a comment says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Directive {
    /// What it says of reductions.
    pub reductions: Vec<Claim>,
    /// How many iterations a chunk has.
    pub chunk: Option<i64>,
    /// `num_threads`: the expression, and where it stands in the comment.
    pub threads: Option<(String, Span)>,
    /// `if`.
    pub condition: Option<(String, Span)>,
    /// What leaves the loop to one thread.
    pub problem: Option<(Span, String)>,
}

/// Where the clauses begin in a comment that announces some.
#[must_use]
pub fn opening(comment: &str) -> Option<usize> {
    let mut rest = comment.trim_start_matches('#');
    for word in WORDS {
        rest = rest.trim_start().strip_prefix(word)?;
        if rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
            return None;
        }
    }
    Some(comment.len() - rest.len())
}

/// Reads clauses; the text begins at `start`.
#[must_use]
pub fn read(text: &str, start: Span) -> Directive {
    let mut directive = Directive::default();
    let mut at = 0;
    while let Some(clause) = next(text, &mut at) {
        let span = |from: usize, to: usize| Span { file: start.file, start: start.start + offset(from), end: start.start + offset(to) };
        if let Err(problem) = directive.clause(&clause, &span) {
            let whole = span(clause.begin, at);
            directive.problem.get_or_insert((whole, problem));
        }
    }
    directive
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(0)
}

struct Clause<'t> {
    begin: usize,
    word: &'t str,
    /// What stands in its parentheses, and where.
    inner: Option<(&'t str, usize)>,
}

/// The clause at a place, which is moved behind it.
fn next<'t>(text: &'t str, at: &mut usize) -> Option<Clause<'t>> {
    let begin = *at + text.get(*at..)?.find(|letter: char| !letter.is_whitespace() && letter != ',')?;
    let rest = text.get(begin..)?;
    let length = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
    let word = &rest[..length];
    let behind = begin + length;
    let gap = text[behind..].len() - text[behind..].trim_start().len();
    if !text[behind + gap..].starts_with('(') || word.is_empty() {
        // A sign that begins no clause is one.
        *at = behind.max(begin + rest.chars().next().map_or(1, char::len_utf8));
        return Some(Clause { begin, word, inner: None });
    }
    let open = behind + gap + 1;
    let mut depth = 1_u32;
    for (n, letter) in text[open..].char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            *at = open + n + 1;
            return Some(Clause { begin, word, inner: Some((&text[open..open + n], open)) });
        }
    }
    *at = text.len();
    Some(Clause { begin, word: "", inner: None })
}

impl Directive {
    fn clause(&mut self, clause: &Clause<'_>, span: &dyn Fn(usize, usize) -> Span) -> Result<(), String> {
        let unknown = || Err(format!("the clause `{}` of the comment is not understood", clause.word));
        let Some((inner, at)) = clause.inner else {
            return match clause.word {
                "nowait" => Ok(()),
                "ordered" => Err("the comment says that iterations run in order".to_owned()),
                _ => Err("the comment cannot be read".to_owned()),
            };
        };
        let trimmed = inner.trim();
        let begin = at + inner.len() - inner.trim_start().len();
        let whole = span(begin, begin + trimmed.len());
        match clause.word {
            "reduction" => self.reduction(inner, at, span),
            "schedule" => self.schedule(trimmed),
            "num_threads" => {
                self.threads = Some((trimmed.to_owned(), whole));
                Ok(())
            }
            "if" => {
                let text =
                    trimmed.strip_prefix("parallel").map_or(trimmed, |rest| rest.trim_start().strip_prefix(':').unwrap_or(trimmed)).trim();
                let begin = begin + trimmed.len() - text.len();
                self.condition = Some((text.to_owned(), span(begin, begin + text.len())));
                Ok(())
            }
            // The outermost loop is divided, whatever lies in it.
            "collapse" if trimmed.parse::<u32>().is_ok_and(|depth| depth > 0) => Ok(()),
            word if IDLE.contains(&word) => Ok(()),
            _ => unknown(),
        }
    }

    fn reduction(&mut self, inner: &str, at: usize, span: &dyn Fn(usize, usize) -> Span) -> Result<(), String> {
        let Some((operator, names)) = inner.split_once(':') else { return Err("a `reduction` has no operator".to_owned()) };
        let mut place = at + operator.len() + 1;
        let operator = operator.trim();
        if !OPERATORS.contains(&operator) {
            return Err(format!("there is no reduction by `{operator}`"));
        }
        for name in names.split(',') {
            let begin = place + name.len() - name.trim_start().len();
            place += name.len() + 1;
            let name = name.trim();
            self.reductions.push(Claim { operator: operator.to_owned(), name: name.to_owned(), span: span(begin, begin + name.len()) });
        }
        Ok(())
    }

    fn schedule(&mut self, text: &str) -> Result<(), String> {
        let text = text.rsplit(':').next().unwrap_or(text);
        let (kind, size) = text.split_once(',').map_or((text, None), |(kind, size)| (kind, Some(size.trim())));
        if !matches!(kind.trim(), "static" | "dynamic" | "guided" | "auto" | "runtime") {
            return Err(format!("there is no schedule `{}`", kind.trim()));
        }
        // A size that is known when it runs only is left to the runtime.
        self.chunk = size.and_then(|size| size.parse().ok()).filter(|size| *size > 0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Directive, opening, read};
    use hypersonic_diagnostics::Span;

    fn of(comment: &str) -> Directive {
        let at = opening(comment).unwrap();
        read(&comment[at..], Span { file: 0, start: u32::try_from(at).unwrap(), end: 0 })
    }

    #[test]
    fn clauses_are_read() {
        let found =
            of("#omp parallel for reduction(+:a, b) schedule(dynamic, 4), if(n > f(2)) num_threads(3) private(i)collapse(2) nowait");
        let claims: Vec<_> =
            found.reductions.iter().map(|claim| (claim.operator.as_str(), claim.name.as_str(), claim.span.start)).collect();
        assert_eq!(claims, [("+", "a", 30), ("+", "b", 33)]);
        assert_eq!((found.chunk, found.problem), (Some(4), None));
        assert_eq!(found.condition.unwrap().0, "n > f(2)");
        assert_eq!(found.threads.unwrap().0, "3");
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for text in ["reduction(s)", "reduction(%:s)", "schedule(often)", "ordered", "linear(i:1)", "if(", "collapse(0)", "; x", "é("] {
            assert!(of(&format!("# omp parallel for {text}")).problem.is_some(), "{text}");
        }
    }

    #[test]
    fn other_comments_announce_nothing() {
        for text in ["# omp parallel", "# omp for", "# omp parallel forty", "# parallel for", "#", "# ompparallel for"] {
            assert_eq!(opening(text), None, "{text}");
        }
    }
}
