//! The closed list of ids, each with its code, its name and its explanation: one table, from which everything else is read.

use serde::{Serialize, Serializer};

macro_rules! ids {
    ($($variant:ident = $code:literal, $name:literal, $explain:literal;)*) => {
        /// Every diagnostic there is. `HS01xx`: reading the source; `HS02xx`: functions that stay Python;
        /// `HS03xx`: annotations and signatures; `HS05xx`: packaging; `HS09xx`: our own mistakes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Id { $(#[doc = $explain] $variant,)* }
        impl Id {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// `HS0203`.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code,)* } }
            /// A short name in kebab case.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name,)* } }
            /// What `hypersonic explain` prints.
            #[must_use]
            pub const fn explanation(self) -> &'static str { match self { $(Self::$variant => $explain,)* } }
        }
    };
}

ids! {
    SyntaxError = "HS0101", "syntax-error", "The file is not valid Python. No function of it is compiled; the file is packed as it is.";
    UnreadableSource = "HS0102", "unreadable-source", "The file could not be read, or is not UTF-8. Save it as UTF-8; Python's coding comments are not followed.";
    UnsupportedStatement = "HS0201", "unsupported-statement", "This kind of statement has no compiled form yet. The function stays Python; the others compile.";
    UnsupportedExpression = "HS0202", "unsupported-expression", "This kind of expression has no compiled form yet. The function stays Python; the others compile.";
    UnsupportedCall = "HS0203", "unsupported-call", "This function, or this way of calling it, has no compiled form. docs/supported.md lists what is compiled.";
    UnknownName = "HS0204", "unknown-name", "The name is not a local variable, a module constant, an imported module, or a function whose source is in the package.";
    TypeConflict = "HS0205", "type-conflict", "A variable, or the result, would have types that one compiled variable cannot hold, such as an array on one path and a number on the other.";
    TypeError = "HS0206", "type-error", "Python would raise TypeError here for these argument types, or the operation is not defined for them.";
    UnboundLocal = "HS0207", "unbound-local", "A variable may be read before it is set. Set it on every path.";
    UnsupportedDecorator = "HS0208", "unsupported-decorator", "Another decorator changes the function in a way that is not known at build time.";
    UnsupportedDefinition = "HS0209", "unsupported-definition", "Boosted functions that take *args or **kwargs or yield, async functions, functions inside functions that outlive the call of the function around them, classes in classes and methods in blocks of a class are not compiled.";
    RecursionUntyped = "HS0210", "recursion-untyped", "The result type of a recursive function could not be found: give it a return annotation or a first return without recursion.";
    TooComplex = "HS0211", "too-complex", "The function is nested too deeply or is too large to compile within the limits.";
    UnsupportedObject = "HS0212", "unsupported-object", "An object (`self`, `cls`) is used in a way that has no compiled form: passed on, compared, or called by a method that is not followed. Compiled are attributes read and set, calls of its methods, also through `super()`, and `return self`.";
    PartlyCompiled = "HS0213", "partly-compiled", "Some signatures of the function are compiled; calls that fit the others run in Python. An array annotation without a rank, such as `NDArray[np.float64]`, stands for the ranks 1, 2 and 3: write the one that is meant, `\"float64[:]\"`.";
    UnsupportedHandler = "HS0214", "unsupported-handler", "A handler of exceptions cannot be compiled: it takes classes that are not known at build time, or uses the exception in a way that needs the object. Compiled are Python's own exceptions, tuples of them, and `raise`, `raise e` and `raise ... from e`; where nothing was written yet, Python answers a call that does more with `e`.";
    UnsupportedGenerator = "HS0215", "unsupported-generator", "A generator is compiled where a loop runs over it: `for`, `sum`, `min`, `max`, `any`, `all`, with `enumerate` around it, also from a variable that is used once. It is written out there. One that is asked for single items (`next`), runs beside another one, is given away, or yields within `try` with `except`, stays Python.";
    SequentialLoop = "HS0216", "sequential-loop", "A loop that is marked as parallel (`prange`, `# omp parallel for`) is compiled, and runs on one thread: its iterations depend on each other, leave the loop, or work on something that one thread at a time may work on. docs/parallel.md says what runs on several threads.";
    CopiesMore = "HS0217", "copies-more", "The function works through its containers only once, or does little with them, and what they hold takes longer to copy than most work on it saves: strings 30 to 50 ns each, tuples and other containers 100 to 200 ns, where numbers take 5 to 10. The same is true of a dict, or of a list of tuples, that it gives back. Where Python is faster for certain the function is left to it when Python calls it, and compiled into kernels that call it; `@boost(always=True)`, or `always = true` in [tool.hypersonic], has it compiled all the same. Else it is compiled: do more in one call, give and take numbers or arrays, or leave the function to Python. docs/performance.md has figures.";
    UnknownType = "HS0301", "unknown-type", "The annotation names a type that is not known.";
    BadAnnotation = "HS0302", "bad-annotation", "The annotation is not one of the forms that docs/language.md lists.";
    MissingAnnotation = "HS0303", "missing-annotation", "A parameter has no annotation and no comment signature gives its type, so there is nothing to compile.";
    BadCommentSignature = "HS0304", "bad-comment-signature", "A `# transonic def` or `# pythran export` comment could not be read.";
    DuplicateSignature = "HS0305", "duplicate-signature", "Two signatures of the function accept the same arguments; the first is used.";
    TooManySignatures = "HS0306", "too-many-signatures", "The unions of the annotations multiply to more signatures than the limit.";
    UnknownOption = "HS0307", "unknown-option", "The decorator was given a keyword that it does not know.";
    UntypedAttribute = "HS0308", "untyped-attribute", "A compiled method reads an attribute of its object whose type is not said. Write it in the body of the class (`k: float`), or where a method sets it (`self.k: float = 0.0`).";
    UnknownAttribute = "HS0309", "unknown-attribute", "A compiled method uses an attribute that neither the class, nor its bases in the package, nor any of their methods mention.";
    NoMarkedMethod = "HS0310", "no-marked-method", "`@boost` on a class compiles nothing by itself: the methods that are to be compiled are marked, too.";
    UntypedBlock = "HS0311", "untyped-block", "A block (`ts.use_block`) has no comment, or its comment does not name a variable that it takes from the code around it. Write `# transonic block (float[:] a, b; int n)` below the `else:`.";
    UnsupportedBlock = "HS0312", "unsupported-block", "A block cannot be cut out of the code around it: it jumps out, it sets variables that `use_block` does not give, or its name is not its own.";
    UnsupportedExport = "HS0313", "unsupported-export", "The function cannot be exported as asked: to the C header, as a capsule or as a ufunc. What has a C form is listed in docs/exports.md. The function itself is compiled all the same.";
    BadProjectFile = "HS0501", "bad-project-file", "pyproject.toml is missing, is not valid TOML, or lacks a table that every project needs.";
    BadMetadata = "HS0502", "bad-metadata", "A key of [project] is not as the packaging standards demand. The message names the key and the rule.";
    UnknownSetting = "HS0503", "unknown-setting", "A key of [tool.hypersonic] or of --config-settings is not known, often by a slip of the pen.";
    BadSetting = "HS0504", "bad-setting", "A key of [tool.hypersonic] or of --config-settings has a value that it cannot have.";
    MissingFile = "HS0505", "missing-file", "A package, module, readme or licence file that the project names, or that its name implies, is not there.";
    UnsafePath = "HS0506", "unsafe-path", "A file cannot be packed: its name cannot be unpacked everywhere, or it is a link that leads out of the project.";
    RuntimeNotDeclared = "HS0507", "runtime-not-declared", "The package has compiled functions but does not depend on `hypersonic`, which loads them. Add it to project.dependencies.";
    VersionNotFound = "HS0508", "version-not-found", "project.version is dynamic, and no `__version__ = \"...\"` was found where it is read from.";
    StrictBuild = "HS0509", "strict-build", "strict is set, and some function stays Python. Nothing was written.";
    CannotWrite = "HS0510", "cannot-write", "A file could not be read or written. The message names the path and what the system says.";
    NativeFile = "HS0511", "native-file", "A package holds a file of machine code that was not built here. It is packed, but the wheel's tag does not speak for it.";
    UnknownFunction = "HS0512", "unknown-function", "`hypersonic explain FILE:FUNCTION` was asked for a function that the file does not have, or that nothing marks to be compiled. Functions that marked ones call are shown with these.";
    Internal = "HS0901", "internal-error", "This is a mistake of hypersonic, not yours. The function stays Python. Please report it with the text shown.";
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for Id {
    type Err = UnknownId;

    /// From a code (`HS0203`, in any case) or a name (`unsupported-call`).
    fn from_str(text: &str) -> Result<Self, UnknownId> {
        Self::ALL.iter().copied().find(|id| id.code().eq_ignore_ascii_case(text) || id.name() == text).ok_or(UnknownId)
    }
}

/// The text is neither a code nor a name of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownId;

/// Ids are written as their codes.
impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Id;

    #[test]
    fn codes_and_names_are_unique_and_lead_back() {
        for (place, id) in Id::ALL.iter().enumerate() {
            assert_eq!(id.code().parse(), Ok(*id));
            assert_eq!(id.name().parse(), Ok(*id));
            assert_eq!(id.code().len(), 6);
            assert!(id.explanation().ends_with('.') || id.explanation().ends_with("shown."));
            assert!(Id::ALL[..place].iter().all(|other| other.code() != id.code() && other.name() != id.name()));
        }
        assert!("HS9999".parse::<Id>().is_err());
    }
}
