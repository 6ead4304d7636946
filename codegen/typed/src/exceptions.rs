//! Python's own exceptions, each with the class that it derives from: one table, for what can be raised and what a handler takes.

/// Names and bases. What has two names stands here twice.
const CLASSES: &[(&str, &str)] = &[
    ("ArithmeticError", "Exception"),
    ("AssertionError", "Exception"),
    ("AttributeError", "Exception"),
    ("BaseException", ""),
    ("BufferError", "Exception"),
    ("EOFError", "Exception"),
    ("Exception", "BaseException"),
    ("FloatingPointError", "ArithmeticError"),
    ("IOError", "OSError"),
    ("ImportError", "Exception"),
    ("IndexError", "LookupError"),
    ("KeyError", "LookupError"),
    ("KeyboardInterrupt", "BaseException"),
    ("LookupError", "Exception"),
    ("MemoryError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("NameError", "Exception"),
    ("NotImplementedError", "RuntimeError"),
    ("OSError", "Exception"),
    ("OverflowError", "ArithmeticError"),
    ("RecursionError", "RuntimeError"),
    ("ReferenceError", "Exception"),
    ("RuntimeError", "Exception"),
    ("StopIteration", "Exception"),
    ("SyntaxError", "Exception"),
    ("SystemError", "Exception"),
    ("SystemExit", "BaseException"),
    ("TimeoutError", "OSError"),
    ("TypeError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("ValueError", "Exception"),
    ("Warning", "Exception"),
    ("ZeroDivisionError", "ArithmeticError"),
];

/// Whether it is one of them.
pub(crate) fn is_exception(name: &str) -> bool {
    base(name).is_some()
}

fn base(name: &str) -> Option<&'static str> {
    CLASSES.iter().find(|(class, _)| *class == name).map(|(_, base)| *base)
}

/// The exceptions that a handler of that class takes.
pub(crate) fn taken_by(class: &str) -> Vec<String> {
    let class = if class == "IOError" { "OSError" } else { class };
    CLASSES.iter().filter(|(name, _)| derives(name, class)).map(|(name, _)| (*name).to_owned()).collect()
}

/// Whether an exception of Python is another, or derives from it.
pub(crate) fn derives(name: &str, class: &str) -> bool {
    name == class || base(name).is_some_and(|base| !base.is_empty() && derives(base, class))
}

#[cfg(test)]
mod tests {
    use super::{is_exception, taken_by};

    #[test]
    fn a_handler_takes_subclasses() {
        assert_eq!(taken_by("LookupError"), ["IndexError", "KeyError", "LookupError"]);
        assert!(taken_by("Exception").iter().any(|name| name == "ZeroDivisionError"));
        assert!(!taken_by("Exception").iter().any(|name| name == "SystemExit"));
        assert_eq!(taken_by("IOError"), taken_by("OSError"));
        assert!(!is_exception("MyError"));
    }
}
