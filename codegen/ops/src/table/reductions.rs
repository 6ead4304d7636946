//! Reductions and cumulative operations, as functions and as methods.

use super::{Action, DtypeRule, Operation, row};

const FOLD: &str = "a, axis=None, dtype=None, !out=None, keepdims=False, !initial=None, !where=True";
const CHOOSE: &str = "a, axis=None, !out=None, keepdims=False, !initial=None, !where=True";
const TRUTH: &str = "a, axis=None, !out=None, keepdims=False, *, !where=True";
const PLACE: &str = "a, axis=None, !out=None, *, keepdims=False";
const SPREAD: &str = "a, axis=None, dtype=None, !out=None, ddof=0, keepdims=False, *, !where=True, !mean=None, !correction=None";
const SCAN: &str = "a, axis=None, dtype=None, !out=None";

/// The rows.
pub const ROWS: &[Operation] = &[
    row(&["numpy.sum", "ndarray.sum"], FOLD, Action::Sum, DtypeRule::Sum, "Sum over axes, pairwise in NumPy's order."),
    row(&["numpy.prod", "ndarray.prod"], FOLD, Action::Prod, DtypeRule::Sum, "Product over axes."),
    row(&["numpy.min", "numpy.amin", "ndarray.min"], CHOOSE, Action::Min, DtypeRule::Same, "Least element; NaN if there is one."),
    row(&["numpy.max", "numpy.amax", "ndarray.max"], CHOOSE, Action::Max, DtypeRule::Same, "Greatest element; NaN if there is one."),
    row(
        &["numpy.mean", "ndarray.mean"],
        "a, axis=None, dtype=None, !out=None, keepdims=False, *, !where=True",
        Action::Mean,
        DtypeRule::Mean,
        "Arithmetic mean.",
    ),
    row(&["numpy.any", "ndarray.any"], TRUTH, Action::Any, DtypeRule::Bool, "Whether any element is true."),
    row(&["numpy.all", "ndarray.all"], TRUTH, Action::All, DtypeRule::Bool, "Whether all elements are true."),
    row(&["numpy.argmin", "ndarray.argmin"], PLACE, Action::ArgMin, DtypeRule::Index, "Place of the first least element.")
        .notes("One axis, or none for the flat place."),
    row(&["numpy.argmax", "ndarray.argmax"], PLACE, Action::ArgMax, DtypeRule::Index, "Place of the first greatest element.")
        .notes("One axis, or none for the flat place."),
    row(
        &["numpy.count_nonzero"],
        "a, axis=None, *, keepdims=False",
        Action::CountNonzero,
        DtypeRule::Index,
        "Number of elements that are true.",
    ),
    row(&["numpy.var", "ndarray.var"], SPREAD, Action::Variance, DtypeRule::Deviation, "Variance."),
    row(&["numpy.std", "ndarray.std"], SPREAD, Action::Deviation, DtypeRule::Deviation, "Standard deviation."),
    row(&["numpy.ptp"], "a, axis=None, !out=None, keepdims=False", Action::PeakToPeak, DtypeRule::Same, "Greatest minus least element."),
    row(
        &["numpy.cumsum", "ndarray.cumsum"],
        SCAN,
        Action::CumulativeSum,
        DtypeRule::Sum,
        "Running sum along an axis, of the flat array if none is given.",
    ),
    row(&["numpy.cumprod", "ndarray.cumprod"], SCAN, Action::CumulativeProd, DtypeRule::Sum, "Running product."),
];
