//! Python's own exceptions, each with the class that it derives from: one table, for what can be raised and what a handler takes.

/// Names and bases, those of modules with the module. What has two names stands here twice.
const CLASSES: &[(&str, &str)] = &[
    ("ArithmeticError", "Exception"),
    ("AssertionError", "Exception"),
    ("AttributeError", "Exception"),
    ("BaseException", ""),
    ("BlockingIOError", "OSError"),
    ("BrokenPipeError", "ConnectionError"),
    ("BufferError", "Exception"),
    ("BytesWarning", "Warning"),
    ("ChildProcessError", "OSError"),
    ("ConnectionAbortedError", "ConnectionError"),
    ("ConnectionError", "OSError"),
    ("ConnectionRefusedError", "ConnectionError"),
    ("ConnectionResetError", "ConnectionError"),
    ("DeprecationWarning", "Warning"),
    ("EOFError", "Exception"),
    ("EncodingWarning", "Warning"),
    ("EnvironmentError", "OSError"),
    ("Exception", "BaseException"),
    ("FileExistsError", "OSError"),
    ("FileNotFoundError", "OSError"),
    ("FloatingPointError", "ArithmeticError"),
    ("FutureWarning", "Warning"),
    ("GeneratorExit", "BaseException"),
    ("IOError", "OSError"),
    ("ImportError", "Exception"),
    ("ImportWarning", "Warning"),
    ("IndentationError", "SyntaxError"),
    ("IndexError", "LookupError"),
    ("InterruptedError", "OSError"),
    ("IsADirectoryError", "OSError"),
    ("KeyError", "LookupError"),
    ("KeyboardInterrupt", "BaseException"),
    ("LookupError", "Exception"),
    ("MemoryError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("NameError", "Exception"),
    ("NotADirectoryError", "OSError"),
    ("NotImplementedError", "RuntimeError"),
    ("OSError", "Exception"),
    ("OverflowError", "ArithmeticError"),
    ("PendingDeprecationWarning", "Warning"),
    ("PermissionError", "OSError"),
    ("ProcessLookupError", "OSError"),
    ("RecursionError", "RuntimeError"),
    ("ReferenceError", "Exception"),
    ("ResourceWarning", "Warning"),
    ("RuntimeError", "Exception"),
    ("RuntimeWarning", "Warning"),
    ("StopAsyncIteration", "Exception"),
    ("StopIteration", "Exception"),
    ("SyntaxError", "Exception"),
    ("SyntaxWarning", "Warning"),
    ("SystemError", "Exception"),
    ("SystemExit", "BaseException"),
    ("TabError", "IndentationError"),
    ("TimeoutError", "OSError"),
    ("TypeError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("UnicodeDecodeError", "UnicodeError"),
    ("UnicodeEncodeError", "UnicodeError"),
    ("UnicodeError", "ValueError"),
    ("UnicodeTranslateError", "UnicodeError"),
    ("UnicodeWarning", "Warning"),
    ("UserWarning", "Warning"),
    ("ValueError", "Exception"),
    ("Warning", "Exception"),
    ("ZeroDivisionError", "ArithmeticError"),
    ("statistics.StatisticsError", "ValueError"),
];

/// Whether it is one of them.
pub(crate) fn is_exception(name: &str) -> bool {
    base(name).is_some()
}

/// Whether it can be made of one message, or of nothing.
pub(crate) fn takes_a_message(name: &str) -> bool {
    !matches!(name, "UnicodeDecodeError" | "UnicodeEncodeError" | "UnicodeTranslateError")
}

fn base(name: &str) -> Option<&'static str> {
    CLASSES.iter().find(|(class, _)| *class == name).map(|(_, base)| *base)
}

/// The exceptions that a handler of that class takes.
pub(crate) fn taken_by(class: &str) -> Vec<String> {
    let class = if matches!(class, "IOError" | "EnvironmentError") { "OSError" } else { class };
    CLASSES.iter().filter(|(name, _)| derives(name, class)).map(|(name, _)| (*name).to_owned()).collect()
}

fn derives(name: &str, class: &str) -> bool {
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
        assert!(taken_by("ValueError").iter().any(|name| name == "statistics.StatisticsError"));
        assert!(!is_exception("MyError"));
    }
}
