//! From a row of the table to the function that types it: one line per action, nothing else.

use crate::ir::{Arrangement, Expr, Reduction};
use crate::library::bind::Call;
use crate::library::{algebra, builtins, creation, elementwise, mathematics, members, places, reductions, shapes, sorting};
use hypersonic_diagnostics::Diagnostic;
use hypersonic_ops::table::Action;
use hypersonic_ops::{ScalarOp as Op, Type};

type Result = std::result::Result<Expr, Diagnostic>;

/// Whether it is read, not called: `x.shape`.
pub(super) const fn is_attribute(action: Action) -> bool {
    matches!(
        action,
        Action::Shape
            | Action::Ndim
            | Action::Size
            | Action::DtypeOf
            | Action::ItemSize
            | Action::TotalBytes
            | Action::RealPart
            | Action::ImagPart
    )
}

/// Types a call whose arguments are bound.
pub(super) fn perform(call: &mut Call<'_>) -> Result {
    numpy(call).or_else(|| rearrangement(call)).or_else(|| python(call)).unwrap_or_else(|| modules(call))
}

fn numpy(call: &mut Call<'_>) -> Option<Result> {
    Some(match call.operation.action {
        Action::Ufunc(op) => elementwise::ufunc_call(call, op),
        Action::Ldexp => elementwise::ldexp(call),
        Action::Frexp => elementwise::two_results(call, [Op::FrexpMantissa, Op::FrexpExponent]),
        Action::Modf => elementwise::two_results(call, [Op::ModfFraction, Op::ModfInteger]),
        Action::Divmod => elementwise::divmod(call),
        Action::Round => elementwise::round(call),
        Action::Clip => elementwise::clip(call),
        Action::Where if call.is_given("x") || call.is_given("y") => elementwise::choose(call),
        Action::Where => places::nonzero(call, "condition"),
        Action::Angle => elementwise::angle(call),
        Action::RealPart => elementwise::part(call, true),
        Action::ImagPart => elementwise::part(call, false),
        Action::Conjugate => elementwise::conjugate(call),
        Action::IsClose => elementwise::is_close(call),
        Action::AllClose => elementwise::is_close(call).map(elementwise::all_true),
        Action::ArrayEqual => elementwise::array_equal(call),
        Action::NanToNum => elementwise::nan_to_num(call),
        Action::InfinitySign(positive) => elementwise::infinity_sign(call, positive),
        Action::Sum => reductions::reduce(call, Reduction::Sum),
        Action::Prod => reductions::reduce(call, Reduction::Prod),
        Action::Min => reductions::reduce(call, Reduction::Min),
        Action::Max => reductions::reduce(call, Reduction::Max),
        Action::Mean => reductions::reduce(call, Reduction::Mean),
        Action::Any => reductions::reduce(call, Reduction::Any),
        Action::All => reductions::reduce(call, Reduction::All),
        Action::ArgMin => reductions::reduce(call, Reduction::ArgMin),
        Action::ArgMax => reductions::reduce(call, Reduction::ArgMax),
        Action::CountNonzero => reductions::reduce(call, Reduction::CountNonzero),
        Action::Variance => reductions::spread(call, false),
        Action::Deviation => reductions::spread(call, true),
        Action::PeakToPeak => reductions::peak_to_peak(call),
        Action::CumulativeSum => reductions::cumulative(call, Reduction::Sum),
        Action::CumulativeProd => reductions::cumulative(call, Reduction::Prod),
        Action::Filled(value) => creation::filled(call, value),
        Action::FilledLike(value) => creation::filled_like(call, value),
        Action::Full => creation::full(call),
        Action::FullLike => creation::full_like(call),
        Action::Eye => creation::eye(call, false),
        Action::Identity => creation::eye(call, true),
        Action::Arange => creation::arange(call),
        Action::Linspace => creation::linspace(call),
        Action::Array { copies } => creation::array(call, copies),
        Action::CopyOf => creation::copy(call),
        _ => return None,
    })
}

fn rearrangement(call: &mut Call<'_>) -> Option<Result> {
    Some(match call.operation.action {
        Action::Reshape => shapes::reshape(call, false),
        Action::ReshapeMethod => shapes::reshape(call, true),
        Action::Ravel => shapes::ravel(call),
        Action::Flatten => shapes::flatten(call),
        Action::Transpose => shapes::transpose(call, false),
        Action::TransposeMethod => shapes::transpose(call, true),
        Action::SwapAxes => shapes::swap_axes(call),
        Action::MoveAxis => shapes::move_axis(call),
        Action::ExpandDims => shapes::expand_dims(call),
        Action::Squeeze => shapes::squeeze(call),
        Action::Flip(axis) => shapes::flip(call, axis),
        Action::BroadcastTo => shapes::broadcast_to(call),
        Action::AtLeast(rank) => shapes::at_least(call, rank),
        Action::Concatenate => shapes::concatenate(call),
        Action::Stack => shapes::stack(call),
        Action::HorizontalStack => shapes::horizontal_stack(call),
        Action::VerticalStack => shapes::vertical_stack(call),
        Action::ColumnStack => shapes::column_stack(call),
        Action::Diff => shapes::diff(call),
        Action::Roll => shapes::roll(call),
        Action::Shape => shapes::shape(call),
        Action::Ndim => shapes::rank(call),
        Action::Size | Action::SizeFunction => shapes::size(call),
        Action::Sort => sorting::sort(call, Arrangement::Sorted),
        Action::ArgSort => sorting::sort(call, Arrangement::Places),
        Action::SortInPlace => sorting::sort_in_place(call),
        Action::Median => sorting::median(call),
        Action::Unique => sorting::unique(call),
        Action::SearchSorted => sorting::search_sorted(call),
        Action::Nonzero => places::nonzero(call, "a"),
        Action::FlatNonzero => places::flat_nonzero(call),
        Action::ArgWhere => places::arg_where(call),
        Action::Take => places::take(call),
        Action::Dot => algebra::dot(call),
        Action::Inner => algebra::inner(call),
        Action::Outer => algebra::outer(call),
        Action::Vdot => algebra::vdot(call),
        Action::MatMul => algebra::matmul_call(call),
        Action::Norm => algebra::norm(call),
        Action::Trace => algebra::trace(call),
        Action::Diagonal => algebra::diagonal(call, "a"),
        Action::Diag => algebra::diag(call),
        Action::AsType => members::as_type(call),
        Action::Fill => members::fill(call),
        Action::Item => members::item(call),
        Action::IsInteger => members::is_integer(call),
        Action::DtypeOf => members::dtype_of(call),
        Action::DtypeObject => members::dtype_object(call),
        Action::FloatLimits => members::limits(call, true),
        Action::IntegerLimits => members::limits(call, false),
        Action::ItemSize => members::bytes(call, false),
        Action::TotalBytes => members::bytes(call, true),
        Action::ConvertTo(dtype) => members::convert_to(call, dtype),
        _ => return None,
    })
}

fn python(call: &mut Call<'_>) -> Option<Result> {
    Some(match call.operation.action {
        Action::PythonInt => builtins::python_number(call, &Type::INT),
        Action::PythonFloat => builtins::python_number(call, &Type::FLOAT),
        Action::PythonBool => builtins::python_number(call, &Type::BOOL),
        Action::PythonComplex => builtins::python_complex(call),
        Action::PythonAbs => builtins::absolute(call),
        Action::PythonMin => builtins::extremum(call, Op::Less),
        Action::PythonMax => builtins::extremum(call, Op::Greater),
        Action::PythonSum => builtins::fold(call, Op::Add),
        Action::MathProd => builtins::fold(call, Op::Multiply),
        Action::PythonRound => builtins::round(call),
        Action::PythonPow => builtins::power(call),
        Action::PythonLen => builtins::length(call),
        Action::PythonAny => builtins::quantifier(call, false),
        Action::PythonAll => builtins::quantifier(call, true),
        _ => return None,
    })
}

fn modules(call: &mut Call<'_>) -> Result {
    match call.operation.action {
        Action::MathFloat(op) => mathematics::float_function(call, op),
        Action::MathTruth(op) => mathematics::truth(call, op),
        Action::MathInt(op) => mathematics::rounded(call, op),
        Action::MathFold(op) => mathematics::fold(call, op),
        Action::MathLog => mathematics::logarithm(call),
        Action::MathPow => mathematics::power(call),
        Action::MathHypot => mathematics::hypotenuse(call),
        Action::MathDist => mathematics::distance(call),
        Action::MathIsqrt => mathematics::integer_root(call),
        Action::MathFactorial => mathematics::factorial(call),
        Action::MathComb => mathematics::choices(call, false),
        Action::MathPerm => mathematics::choices(call, true),
        Action::MathLdexp => mathematics::ldexp(call),
        Action::MathFrexp => mathematics::frexp(call),
        Action::MathModf => mathematics::modf(call),
        Action::MathIsClose => mathematics::is_close(call),
        Action::ComplexMap(op) => mathematics::complex_function(call, op),
        Action::ComplexLog => mathematics::complex_logarithm(call),
        Action::ComplexPhase => mathematics::phase(call),
        Action::ComplexPolar => mathematics::polar(call),
        Action::ComplexRect => mathematics::rectangular(call),
        Action::ComplexTruth(op) => mathematics::complex_truth(call, op),
        Action::RandomRandom => Ok(mathematics::random(call)),
        Action::RandomUniform => mathematics::uniform(call),
        Action::Asked(answer) => mathematics::ask(call, answer),
        other => Err(Diagnostic::new(
            hypersonic_diagnostics::Id::Internal,
            format!("`{}` has a row and no typing: {other:?}", call.shown),
            call.span,
            "called here",
        )),
    }
}
