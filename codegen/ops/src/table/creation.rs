//! Functions that make arrays.

use super::{Action, DtypeRule, Operation, row};

const LIKE: &str = "a, dtype=None, !order='K', !subok=True, shape=None, *, !device=None";
const ORDER: &str = "Always in C order.";

/// The rows.
pub const ROWS: &[Operation] = &[
    row(
        &["numpy.zeros"],
        "shape, dtype=float, !order='C', *, !device=None, !like=None",
        Action::Filled(Some(0)),
        DtypeRule::Given,
        "All zeros.",
    ),
    row(
        &["numpy.ones"],
        "shape, dtype=None, !order='C', *, !device=None, !like=None",
        Action::Filled(Some(1)),
        DtypeRule::Given,
        "All ones.",
    ),
    row(
        &["numpy.empty"],
        "shape, dtype=float, !order='C', *, !device=None, !like=None",
        Action::Filled(None),
        DtypeRule::Given,
        "Not initialised.",
    ),
    row(
        &["numpy.full"],
        "shape, fill_value, dtype=None, !order='C', *, !device=None, !like=None",
        Action::Full,
        DtypeRule::Given,
        "All of one value, whose dtype it takes.",
    ),
    row(&["numpy.zeros_like"], LIKE, Action::FilledLike(Some(0)), DtypeRule::Same, "Zeros of the shape of another.").notes(ORDER),
    row(&["numpy.ones_like"], LIKE, Action::FilledLike(Some(1)), DtypeRule::Same, "Ones of the shape of another.").notes(ORDER),
    row(
        &["numpy.empty_like"],
        "prototype, dtype=None, !order='K', !subok=True, shape=None, *, !device=None",
        Action::FilledLike(None),
        DtypeRule::Same,
        "Of the shape of another.",
    )
    .notes(ORDER),
    row(
        &["numpy.full_like"],
        "a, fill_value, dtype=None, !order='K', !subok=True, shape=None, *, !device=None",
        Action::FullLike,
        DtypeRule::Same,
        "Of the shape of another, all of one value.",
    )
    .notes(ORDER),
    row(
        &["numpy.eye"],
        "N, M=None, k=0, dtype=float, !order='C', *, !device=None, !like=None",
        Action::Eye,
        DtypeRule::Given,
        "Ones on a diagonal.",
    ),
    row(&["numpy.identity"], "n, dtype=None, *, !like=None", Action::Identity, DtypeRule::Given, "The identity matrix."),
    row(
        &["numpy.arange"],
        "start, stop=None, step=None, dtype=None, *, !device=None, !like=None",
        Action::Arange,
        DtypeRule::Promoted,
        "Evenly spaced by a step.",
    ),
    row(
        &["numpy.linspace"],
        "start, stop, num=50, endpoint=True, !retstep=False, dtype=None, !axis=0, *, !device=None",
        Action::Linspace,
        DtypeRule::Given,
        "So many numbers, evenly spaced.",
    )
    .notes("The ends are scalars."),
    row(
        &["numpy.array"],
        "object, dtype=None, *, copy=True, !order='K', !subok=False, !ndmin=0, !like=None",
        Action::Array { copies: true },
        DtypeRule::Promoted,
        "A copy of an array, or an array of the numbers or arrays of a list.",
    ),
    row(
        &["numpy.asarray"],
        "a, dtype=None, !order=None, *, copy=None, !device=None, !like=None",
        Action::Array { copies: false },
        DtypeRule::Promoted,
        "The array itself if it has the dtype.",
    ),
    row(&["numpy.copy"], "a, !order='K', !subok=False", Action::CopyOf, DtypeRule::Same, "A copy.").notes(ORDER),
    row(&["ndarray.copy"], "a, !order='C'", Action::CopyOf, DtypeRule::Same, "A copy."),
];
