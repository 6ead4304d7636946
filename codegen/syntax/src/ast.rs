//! Our own syntax tree: Python as far as the compiler can name it, each node with its span.
//!
//! What the compiler has no word for becomes [`StmtKind::Other`] or [`ExprKind::Other`] with the construct's
//! name, so that it is reported where it is met and not where it is parsed.

pub use hypersonic_diagnostics::Span;

/// A parsed module.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// Its statements.
    pub body: Vec<Stmt>,
    /// Its comments, in order, `#` included.
    pub comments: Vec<Comment>,
    /// Names that may be bound inside constructs that this tree has no word for ([`StmtKind::Other`], such as a match
    /// statement): whoever asks whether a module's name is assigned once must look here too.
    pub hidden_names: Vec<String>,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Where.
    pub span: Span,
    /// With its `#`.
    pub text: String,
    /// Whether nothing but white space stands before it on its line.
    pub own_line: bool,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: StmtKind,
}

/// Kinds of statements.
#[derive(Clone, Debug)]
pub enum StmtKind {
    /// `def`.
    FunctionDef(std::sync::Arc<FunctionDef>),
    /// `class`.
    ClassDef(std::sync::Arc<ClassDef>),
    /// `a = b = value`.
    Assign {
        /// At least one.
        targets: Vec<Expr>,
        /// The value.
        value: Expr,
    },
    /// `a op= value`.
    AugAssign {
        /// The target.
        target: Expr,
        /// The operator.
        op: BinaryOp,
        /// The operand.
        value: Expr,
    },
    /// `a: annotation = value`.
    AnnAssign {
        /// The target.
        target: Expr,
        /// The annotation.
        annotation: Expr,
        /// The value, if any.
        value: Option<Expr>,
    },
    /// `for target in iter: body else: orelse`.
    For {
        /// The loop variable or pattern.
        target: Expr,
        /// What is iterated.
        iter: Expr,
        /// The body.
        body: Vec<Stmt>,
        /// The `else` part.
        orelse: Vec<Stmt>,
    },
    /// `while test: body else: orelse`.
    While {
        /// The condition.
        test: Expr,
        /// The body.
        body: Vec<Stmt>,
        /// The `else` part.
        orelse: Vec<Stmt>,
    },
    /// `if test: body else: orelse` (`elif` is nested).
    If {
        /// The condition.
        test: Expr,
        /// The body.
        body: Vec<Stmt>,
        /// The `else` part.
        orelse: Vec<Stmt>,
    },
    /// `return value`.
    Return(Option<Expr>),
    /// `raise exc from cause`.
    Raise {
        /// The exception.
        exc: Option<Expr>,
        /// The cause.
        cause: Option<Expr>,
    },
    /// `assert test, message`.
    Assert {
        /// The condition.
        test: Expr,
        /// The message.
        message: Option<Expr>,
    },
    /// An expression for its effect.
    Expr(Expr),
    /// `import a.b as c`: (dotted name, alias).
    Import(Vec<(String, Option<String>)>),
    /// `from module import name as alias`.
    ImportFrom {
        /// The module, empty for `from . import x`.
        module: String,
        /// Number of leading dots.
        level: u32,
        /// (name, alias); `*` is a name.
        names: Vec<(String, Option<String>)>,
    },
    /// `pass`.
    Pass,
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `del a, b`.
    Delete(Vec<Expr>),
    /// `global a`.
    Global(Vec<String>),
    /// `with ...:`; the body is kept so that names in it are seen.
    With {
        /// (context expression, target).
        items: Vec<(Expr, Option<Expr>)>,
        /// The body.
        body: Vec<Stmt>,
    },
    /// `try:`; bodies kept.
    Try {
        /// The body.
        body: Vec<Stmt>,
        /// Handlers: (type, name, body).
        handlers: Vec<(Option<Expr>, Option<String>, Vec<Stmt>)>,
        /// `else`.
        orelse: Vec<Stmt>,
        /// `finally`.
        finalbody: Vec<Stmt>,
    },
    /// `match subject:`.
    Match {
        /// What is looked at.
        subject: Expr,
        /// In order.
        cases: Vec<Case>,
    },
    /// `nonlocal a`.
    Nonlocal(Vec<String>),
    /// Anything else, by name: "an async for loop".
    Other(&'static str),
}

/// `case pattern if guard:`.
#[derive(Clone, Debug)]
pub struct Case {
    /// The pattern.
    pub pattern: Pattern,
    /// The condition, if any.
    pub guard: Option<Expr>,
    /// The body.
    pub body: Vec<Stmt>,
}

/// A pattern of a `case`.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: PatternKind,
}

/// Kinds of patterns.
#[derive(Clone, Debug)]
pub enum PatternKind {
    /// A literal or a dotted name: equal to it.
    Value(Expr),
    /// `None`, `True`, `False`: the same object.
    Singleton(Expr),
    /// `[a, b]`, `a, b`.
    Sequence(Vec<Pattern>),
    /// `*name` in a sequence; `*_` has none.
    Star(Option<String>),
    /// `class(positional, name=keyword)`.
    Class {
        /// The class.
        class: Expr,
        /// By position.
        positional: Vec<Pattern>,
        /// By name.
        keywords: Vec<(String, Pattern)>,
    },
    /// `{key: pattern, **rest}`.
    Mapping(Vec<(Expr, Pattern)>, Option<String>),
    /// `pattern as name`; a capture has no pattern, `_` has neither.
    As(Option<Box<Pattern>>, Option<String>),
    /// `a | b`.
    Or(Vec<Pattern>),
    /// What is nested too deeply, by name.
    Other(&'static str, Vec<String>),
}

impl Pattern {
    /// Adds the names that it binds.
    pub fn names(&self, names: &mut Vec<String>) {
        match &self.kind {
            PatternKind::Value(_) | PatternKind::Singleton(_) => {}
            PatternKind::Sequence(patterns) | PatternKind::Or(patterns) => patterns.iter().for_each(|pattern| pattern.names(names)),
            PatternKind::Star(name) => names.extend(name.clone()),
            PatternKind::Class { positional, keywords, .. } => {
                positional.iter().chain(keywords.iter().map(|(_, pattern)| pattern)).for_each(|pattern| pattern.names(names));
            }
            PatternKind::As(pattern, name) => {
                pattern.iter().for_each(|pattern| pattern.names(names));
                names.extend(name.clone());
            }
            PatternKind::Mapping(items, rest) => {
                items.iter().for_each(|(_, pattern)| pattern.names(names));
                names.extend(rest.clone());
            }
            PatternKind::Other(_, all) => names.extend(all.clone()),
        }
    }

    /// Adds the expressions in it.
    pub fn expressions<'p>(&'p self, found: &mut Vec<&'p Expr>) {
        match &self.kind {
            PatternKind::Value(value) | PatternKind::Singleton(value) => found.push(value),
            PatternKind::Sequence(patterns) | PatternKind::Or(patterns) => {
                patterns.iter().for_each(|pattern| pattern.expressions(found));
            }
            PatternKind::Class { class, positional, keywords } => {
                found.push(class);
                positional.iter().chain(keywords.iter().map(|(_, pattern)| pattern)).for_each(|pattern| pattern.expressions(found));
            }
            PatternKind::As(pattern, _) => pattern.iter().for_each(|pattern| pattern.expressions(found)),
            PatternKind::Mapping(items, _) => {
                for (key, pattern) in items {
                    found.push(key);
                    pattern.expressions(found);
                }
            }
            PatternKind::Star(_) | PatternKind::Other(..) => {}
        }
    }
}

/// A class definition.
#[derive(Clone, Debug)]
pub struct ClassDef {
    /// From the first decorator to the last statement.
    pub span: Span,
    /// Span of the name.
    pub name_span: Span,
    /// Its name.
    pub name: String,
    /// Its decorators.
    pub decorators: Vec<Expr>,
    /// Its bases, keywords (`metaclass=...`) left out.
    pub bases: Vec<Expr>,
    /// Its body, docstring included.
    pub body: Vec<Stmt>,
}

/// A function definition.
#[derive(Clone, Debug)]
pub struct FunctionDef {
    /// From the first decorator to the last statement.
    pub span: Span,
    /// Span of the name.
    pub name_span: Span,
    /// Its name.
    pub name: String,
    /// Its decorators.
    pub decorators: Vec<Expr>,
    /// `[T: (A, B), S: A]`: type parameters with their constraints or bound.
    pub type_parameters: Vec<(String, Span, Option<Expr>)>,
    /// Positional-only, positional and keyword-only parameters, in order.
    pub parameters: Vec<Parameter>,
    /// `*args`.
    pub vararg: Option<String>,
    /// `**kwargs`.
    pub kwarg: Option<String>,
    /// The return annotation.
    pub returns: Option<Expr>,
    /// The body, docstring included.
    pub body: Vec<Stmt>,
    /// Whether `async`.
    pub is_async: bool,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Where.
    pub span: Span,
    /// Its name.
    pub name: String,
    /// How it can be given.
    pub kind: ParameterKind,
    /// Its annotation.
    pub annotation: Option<Expr>,
    /// Its default.
    pub default: Option<Expr>,
}

/// How a parameter can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// By position only.
    PositionalOnly,
    /// Either way.
    Positional,
    /// By keyword only.
    KeywordOnly,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: ExprKind,
}

/// Kinds of expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A name.
    Name(String),
    /// `None`.
    None,
    /// `True`, `False`.
    Bool(bool),
    /// `...`.
    Ellipsis,
    /// An int literal; `None` if it leaves int64 (then the text is `.1`).
    Int(Option<i64>, String),
    /// A float literal.
    Float(f64),
    /// The imaginary part of an imaginary literal.
    Imaginary(f64),
    /// A string (implicit concatenation joined).
    Str(String),
    /// A bytes literal.
    Bytes(Vec<u8>),
    /// An f-string.
    FString(Vec<FStringPart>),
    /// `value.attr`.
    Attribute(Box<Expr>, String),
    /// `value[index]`.
    Subscript(Box<Expr>, Box<Expr>),
    /// `lower:upper:step` inside a subscript.
    Slice(Option<Box<Expr>>, Option<Box<Expr>>, Option<Box<Expr>>),
    /// `func(args, keywords)`; a keyword without a name is `**value`.
    Call(Box<Expr>, Vec<Expr>, Vec<(Option<String>, Expr)>),
    /// `-x`, `+x`, `~x`, `not x`.
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`, ...
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `a and b and c` or `a or b or c`.
    Logic(BoolOp, Vec<Expr>),
    /// `a < b <= c`.
    Compare(Box<Expr>, Vec<(CompareOp, Expr)>),
    /// `body if test else orelse`: (test, body, orelse).
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `(a, b)`.
    Tuple(Vec<Expr>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `*value`.
    Starred(Box<Expr>),
    /// `{a, b}`.
    Set(Vec<Expr>),
    /// `element for target in iter if cond ...`, of `kind` "list", "set", "dict" (the element is a tuple of key and value) or "generator".
    Comprehension {
        /// Which of the kinds.
        kind: &'static str,
        /// The element.
        element: Box<Expr>,
        /// (target, iter, conditions).
        clauses: Vec<(Expr, Expr, Vec<Expr>)>,
    },
    /// `name := value`.
    Walrus(String, Box<Expr>),
    /// `yield value`.
    Yield(Option<Box<Expr>>),
    /// `yield from value`.
    YieldFrom(Box<Expr>),
    /// `lambda`: a function named `<lambda>` whose body returns the expression.
    Lambda(std::sync::Arc<FunctionDef>),
    /// `{key: value}`; a part without a key is `**value`.
    Dict(Vec<(Option<Expr>, Expr)>),
    /// Anything else, by name: "a set display".
    Other(&'static str),
}

/// A part of an f-string.
#[derive(Clone, Debug)]
pub enum FStringPart {
    /// Literal text.
    Text(String),
    /// `{value!conversion:spec}`; the spec as text if it is constant.
    Value {
        /// What is formatted.
        value: Box<Expr>,
        /// `r`, `s`, `a` or none.
        conversion: Option<char>,
        /// The format spec, `None` if it is computed.
        spec: Option<String>,
    },
}

/// Unary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum UnaryOp {
    Negative,
    Positive,
    Invert,
    Not,
}

/// Binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    MatMultiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    LeftShift,
    RightShift,
    BitAnd,
    BitOr,
    BitXor,
}

/// `and`, `or`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BoolOp {
    And,
    Or,
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CompareOp {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Is,
    IsNot,
    In,
    NotIn,
}
