//! Functions that rearrange elements without computing on them.

use super::{Action, DtypeRule, Operation, row};

const AXES: &str = "Axes are constants.";

/// The rows.
pub const ROWS: &[Operation] = &[
    row(
        &["numpy.reshape"],
        "a, shape, !order='C', *, !copy=None",
        Action::Reshape,
        DtypeRule::Same,
        "Another shape, a view where NumPy gives one; one extent may be -1.",
    ),
    row(
        &["ndarray.reshape"],
        "a, *shape, !order='C', !copy=None",
        Action::ReshapeMethod,
        DtypeRule::Same,
        "Another shape, a view where NumPy gives one; one extent may be -1.",
    ),
    row(&["numpy.ravel", "ndarray.ravel"], "a, !order='C'", Action::Ravel, DtypeRule::Same, "One axis, a view where NumPy gives one."),
    row(&["ndarray.flatten"], "a, !order='C'", Action::Flatten, DtypeRule::Same, "One axis, a copy."),
    row(&["numpy.transpose", "numpy.permute_dims"], "a, axes=None", Action::Transpose, DtypeRule::Same, "Axes permuted, a view.")
        .notes(AXES),
    row(&["ndarray.transpose"], "a, *axes", Action::TransposeMethod, DtypeRule::Same, "Axes permuted, a view.").notes(AXES),
    row(&["numpy.swapaxes", "ndarray.swapaxes"], "a, axis1, axis2", Action::SwapAxes, DtypeRule::Same, "Two axes exchanged, a view.")
        .notes(AXES),
    row(&["numpy.moveaxis"], "a, source, destination", Action::MoveAxis, DtypeRule::Same, "One axis moved, a view.").notes(AXES),
    row(&["numpy.expand_dims"], "a, axis", Action::ExpandDims, DtypeRule::Same, "A new axis of extent 1, a view.").notes(AXES),
    row(&["numpy.squeeze", "ndarray.squeeze"], "a, axis=None", Action::Squeeze, DtypeRule::Same, "Without an axis of extent 1, a view.")
        .notes("The axis must be given, since the rank of the result is fixed when compiling."),
    row(&["numpy.flip"], "m, axis=None", Action::Flip(None), DtypeRule::Same, "Reversed along axes, a view.").notes(AXES),
    row(&["numpy.flipud"], "m", Action::Flip(Some(0)), DtypeRule::Same, "Reversed along the first axis, a view."),
    row(&["numpy.fliplr"], "m", Action::Flip(Some(1)), DtypeRule::Same, "Reversed along the second axis, a view."),
    row(&["numpy.broadcast_to"], "array, shape, !subok=False", Action::BroadcastTo, DtypeRule::Same, "Repeated to a shape.")
        .notes("A copy, where NumPy gives a read-only view."),
    row(&["numpy.atleast_1d"], "a", Action::AtLeast(1), DtypeRule::Same, "With one axis at least.").notes("One argument."),
    row(&["numpy.atleast_2d"], "a", Action::AtLeast(2), DtypeRule::Same, "With two axes at least.").notes("One argument."),
    row(
        &["numpy.concatenate", "numpy.concat"],
        "arrays, /, axis=0, !out=None, *, dtype=None, !casting='same_kind'",
        Action::Concatenate,
        DtypeRule::Promoted,
        "Joined along an axis.",
    ),
    row(
        &["numpy.stack"],
        "arrays, axis=0, !out=None, *, dtype=None, !casting='same_kind'",
        Action::Stack,
        DtypeRule::Promoted,
        "Joined along a new axis.",
    ),
    row(
        &["numpy.hstack"],
        "tup, *, dtype=None, !casting='same_kind'",
        Action::HorizontalStack,
        DtypeRule::Promoted,
        "Joined along the second axis, or the first of one-dimensional ones.",
    ),
    row(
        &["numpy.vstack", "numpy.row_stack"],
        "tup, *, dtype=None, !casting='same_kind'",
        Action::VerticalStack,
        DtypeRule::Promoted,
        "Joined along the first axis, one-dimensional ones as rows.",
    ),
    row(
        &["numpy.column_stack"],
        "tup",
        Action::ColumnStack,
        DtypeRule::Promoted,
        "Joined along the second axis, one-dimensional ones as columns.",
    ),
    row(
        &["numpy.diff"],
        "a, !n=1, axis=-1, !prepend=None, !append=None",
        Action::Diff,
        DtypeRule::Same,
        "Differences of neighbours along an axis.",
    ),
    row(&["numpy.roll"], "a, shift, axis=None", Action::Roll, DtypeRule::Same, "Shifted cyclically along an axis.")
        .notes("One axis; without one, one-dimensional arrays."),
];
