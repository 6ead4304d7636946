//! What a function is besides a Python function: an entry of the C header, a capsule, a ufunc. Marks and comments say so; what they
//! ask for is not judged here.

use hypersonic_diagnostics::Span;

/// What is made of a function, and where that is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exports {
    /// `@boost(c=True)`, `# hypersonic export c f(...)`: it stands in the C header.
    pub c: Option<Span>,
    /// `@boost(capsule=...)`, `# pythran export capsule f(...)`.
    pub capsule: Option<Capsule>,
    /// `@boost(ufunc=True)`, `# pythran export ufunc f(...)`.
    pub ufunc: Option<Span>,
}

/// A plain C function in a `PyCapsule`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capsule {
    /// The C signature as it was written; that of the types if none was.
    pub signature: Option<String>,
    /// Whether the module's name becomes the capsule, as in Pythran.
    pub replaces: bool,
    /// Where it is asked for.
    pub span: Span,
}

/// The words behind `export` that ask for another thing than a function.
pub(crate) const KINDS: [&str; 3] = ["c", "capsule", "ufunc"];

impl Exports {
    /// What a word of [`KINDS`] asks for; nothing for other words.
    pub(crate) fn of_comment(kind: &str, span: Span) -> Self {
        Self {
            c: (kind == "c").then_some(span),
            capsule: (kind == "capsule").then_some(Capsule { signature: None, replaces: true, span }),
            ufunc: (kind == "ufunc").then_some(span),
        }
    }

    /// Both. Where both say something of a capsule, the first holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { c: self.c.or(other.c), capsule: self.capsule.or(other.capsule), ufunc: self.ufunc.or(other.ufunc) }
    }
}
