//! Methods and attributes that are not functions of NumPy too.

use super::{Action, DtypeRule, Operation, row};

/// The rows.
pub const ROWS: &[Operation] = &[
    row(
        &["ndarray.astype"],
        "a, dtype, !order='K', !casting='unsafe', !subok=True, copy=True",
        Action::AsType,
        DtypeRule::Given,
        "Converted to another dtype, as C casts.",
    ),
    row(&["ndarray.conj", "ndarray.conjugate"], "a", Action::Conjugate, DtypeRule::Same, "Complex conjugate.").loops("?bBhHiIlLefdFD"),
    row(&["ndarray.fill"], "a, value", Action::Fill, DtypeRule::Other, "Sets every element."),
    row(&["ndarray.item"], "a, *args", Action::Item, DtypeRule::Python, "An element as a Python number."),
    row(&["ndarray.is_integer"], "a", Action::IsInteger, DtypeRule::Python, "Whether a float has an integer value."),
    row(&["numpy.shape", "ndarray.shape"], "a", Action::Shape, DtypeRule::Other, "The extents, a tuple of ints."),
    row(&["numpy.ndim", "ndarray.ndim"], "a", Action::Ndim, DtypeRule::Python, "The rank, an int."),
    row(&["numpy.size"], "a, axis=None", Action::SizeFunction, DtypeRule::Python, "The number of elements, an int."),
    row(&["ndarray.size"], "a", Action::Size, DtypeRule::Python, "The number of elements, an int."),
    row(&["ndarray.dtype"], "a", Action::DtypeOf, DtypeRule::Other, "The dtype."),
    row(&["ndarray.itemsize"], "a", Action::ItemSize, DtypeRule::Python, "Bytes per element, an int."),
    row(&["ndarray.nbytes"], "a", Action::TotalBytes, DtypeRule::Python, "Bytes of all elements, an int."),
    row(&["ndarray.T", "ndarray.mT"], "a", Action::Transpose, DtypeRule::Same, "Axes reversed (`mT`: the last two), a view."),
    row(&["ndarray.real"], "a", Action::RealPart, DtypeRule::Real, "Real part, a view."),
    row(&["ndarray.imag"], "a", Action::ImagPart, DtypeRule::Real, "Imaginary part, a view of a complex array."),
];
