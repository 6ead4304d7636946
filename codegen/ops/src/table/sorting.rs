//! Sorting, searching, and places of elements.

use super::{Action, DtypeRule, Operation, row};

const ORDER: &str = "a, axis=-1, kind=None, !order=None, *, stable=None";
const STABLE: &str = "Always stable, whatever the kind. NaN last; complex numbers by their parts.";

/// The rows.
pub const ROWS: &[Operation] = &[
    row(&["numpy.sort"], ORDER, Action::Sort, DtypeRule::Same, "Sorted along an axis, a copy in C order; the flat array for `axis=None`.")
        .notes(STABLE),
    row(&["ndarray.sort"], ORDER, Action::SortInPlace, DtypeRule::Other, "Sorts in place along an axis.").notes(STABLE),
    row(&["numpy.argsort", "ndarray.argsort"], ORDER, Action::ArgSort, DtypeRule::Index, "Places that would sort along an axis.")
        .notes("Always stable: NumPy leaves open how its default kind orders equal elements."),
    row(
        &["numpy.median"],
        "a, axis=None, !out=None, !overwrite_input=False, keepdims=False",
        Action::Median,
        DtypeRule::Mean,
        "The middle of the sorted elements, or the mean of the two in the middle; NaN if there is one.",
    )
    .notes("One axis, or none for the flat array. Which zero is in the middle of -0.0 and 0.0 is left open, as in NumPy."),
    row(
        &["numpy.unique"],
        "ar, !return_index=False, !return_inverse=False, !return_counts=False, !axis=None, *, !equal_nan=True, !sorted=True",
        Action::Unique,
        DtypeRule::Same,
        "The different elements, sorted; NaN once.",
    ),
    row(
        &["numpy.searchsorted", "ndarray.searchsorted"],
        "a, v, side='left', !sorter=None",
        Action::SearchSorted,
        DtypeRule::Index,
        "Where elements belong in a sorted array.",
    )
    .notes("In an array that is not sorted the places may be others than NumPy's."),
    row(&["numpy.nonzero", "ndarray.nonzero"], "a", Action::Nonzero, DtypeRule::Index, "Where elements are true: an array per axis."),
    row(&["numpy.flatnonzero"], "a", Action::FlatNonzero, DtypeRule::Index, "Where elements of the flat array are true."),
    row(&["numpy.argwhere"], "a", Action::ArgWhere, DtypeRule::Index, "Where elements are true: a row per element."),
    row(
        &["numpy.take", "ndarray.take"],
        "a, indices, axis=None, !out=None, !mode='raise'",
        Action::Take,
        DtypeRule::Same,
        "Elements at places along an axis, of the flat array if none is given: a copy.",
    ),
];
