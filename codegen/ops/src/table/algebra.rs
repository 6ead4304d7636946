//! Products of vectors and matrices.

use super::{Action, DtypeRule, Operation, row};

/// The rows.
pub const ROWS: &[Operation] = &[
    row(&["numpy.dot", "ndarray.dot"], "a, b, !out=None", Action::Dot, DtypeRule::Promoted, "Product of vectors, matrices or scalars.")
        .notes("The second operand has at most two axes. Sums of products may differ from NumPy's BLAS in the last bits."),
    row(
        &["numpy.matmul"],
        "x1, x2, /, !out=None",
        Action::MatMul,
        DtypeRule::Promoted,
        "The operator @: vectors, matrices and stacks of matrices.",
    ),
    row(&["numpy.inner"], "a, b, /", Action::Inner, DtypeRule::Promoted, "Product over the last axes, at most two axes each."),
    row(&["numpy.outer"], "a, b, !out=None", Action::Outer, DtypeRule::Promoted, "All products of the elements of two flat arrays."),
    row(&["numpy.vdot"], "a, b, /", Action::Vdot, DtypeRule::Promoted, "Product of two flat arrays, the first conjugated."),
    row(
        &["numpy.linalg.norm"],
        "x, !ord=None, axis=None, keepdims=False",
        Action::Norm,
        DtypeRule::Deviation,
        "Euclidean norm of the flat array, or along an axis.",
    ),
    row(
        &["numpy.trace", "ndarray.trace"],
        "a, offset=0, !axis1=0, !axis2=1, dtype=None, !out=None",
        Action::Trace,
        DtypeRule::Sum,
        "Sum of a diagonal of a matrix.",
    ),
    row(
        &["numpy.diagonal", "ndarray.diagonal"],
        "a, offset=0, !axis1=0, !axis2=1",
        Action::Diagonal,
        DtypeRule::Same,
        "A diagonal of a matrix.",
    )
    .notes("A copy, where NumPy gives a read-only view."),
    row(&["numpy.diag"], "v, k=0", Action::Diag, DtypeRule::Same, "The diagonal of a matrix, or the matrix of a diagonal.")
        .notes("A copy; the place of the diagonal is constant."),
];
