//! Functions of arguments that hardly occur, out of line.

use hypersonic_loops::{Builder, Function, Linkage, Ty, ValueId};

use crate::notation::{Pen, Term};

/// The function of `N` arguments that `of` writes.
pub(super) fn build<const N: usize>(name: &str, of: impl for<'p> FnOnce([Term<'p>; N]) -> Term<'p>) -> Function {
    let mut failures = Vec::new();
    let mut b = Builder::new(&mut failures, name, Linkage::Internal, vec![Ty::F64; N], vec![Ty::F64]);
    let arguments: [ValueId; N] = std::array::from_fn(|n| b.parameter(n));
    let result = {
        let pen = Pen::new(&mut b);
        of(arguments.map(|argument| pen.term(argument))).id()
    };
    b.ret(vec![result]);
    b.finish()
}

/// One static per function: its name in Rust and in the IR, from which magnitude on it applies, and what writes it.
macro_rules! rare_function {
    ($($(#[$doc:meta])* $static:ident, $name:literal, $limit:expr, $of:expr;)*) => {
        $(
            $(#[$doc])*
            pub static $static: hypersonic_loops::RareFunction = hypersonic_loops::RareFunction {
                name: $name,
                limit: $limit,
                function: || {
                    static FUNCTION: std::sync::LazyLock<hypersonic_loops::Function> =
                        std::sync::LazyLock::new(|| $crate::recipes::rare::build($name, $of));
                    &FUNCTION
                },
            };
        )*
    };
}
pub(super) use rare_function;
