//! Functions of arguments that hardly occur, out of line.

use hypersonic_loops::{Builder, Function, Linkage, Ty};

use crate::notation::{Pen, Term};

/// The function of one F64 that `of` writes.
pub(super) fn build(name: &str, of: impl for<'p> FnOnce(Term<'p>) -> Term<'p>) -> Function {
    let mut failures = Vec::new();
    let mut b = Builder::new(&mut failures, name, Linkage::Internal, vec![Ty::F64], vec![Ty::F64]);
    let x = b.parameter(0);
    let result = {
        let pen = Pen::new(&mut b);
        of(pen.term(x)).id()
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
