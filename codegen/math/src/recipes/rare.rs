//! Functions of arguments that hardly occur, out of line.

use hypersonic_loops::{Builder, Function, Linkage, Ty, ValueId};

use crate::notation::{Pen, Term};

/// The function of `N` arguments that `write` writes, by its name.
pub(crate) fn written<const N: usize>(write: impl FnOnce(&mut Builder, [ValueId; N]) -> ValueId) -> impl FnOnce(&str) -> Function {
    |name| {
        let mut failures = Vec::new();
        let mut b = Builder::new(&mut failures, name, Linkage::Internal, vec![Ty::F64; N], vec![Ty::F64]);
        let arguments = std::array::from_fn(|n| b.parameter(n));
        let result = write(&mut b, arguments);
        b.ret(vec![result]);
        b.finish()
    }
}

/// As [`written`], of terms only.
pub(crate) fn straight<const N: usize>(of: impl for<'p> FnOnce([Term<'p>; N]) -> Term<'p>) -> impl FnOnce(&str) -> Function {
    written(|b, arguments| {
        let pen = Pen::new(b);
        of(arguments.map(|argument| pen.term(argument))).id()
    })
}

/// One static per function: its name in Rust and in the IR, from which magnitude on it applies, and what makes it of its
/// name.
macro_rules! rare_function {
    ($($(#[$doc:meta])* $static:ident, $name:literal, $limit:expr, $make:expr;)*) => {
        $(
            $(#[$doc])*
            pub static $static: hypersonic_loops::RareFunction = hypersonic_loops::RareFunction {
                name: $name,
                limit: $limit,
                function: || {
                    static FUNCTION: std::sync::LazyLock<hypersonic_loops::Function> = std::sync::LazyLock::new(|| ($make)($name));
                    &FUNCTION
                },
            };
        )*
    };
}
pub(crate) use rare_function;
