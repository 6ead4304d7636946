//! The gamma function and its logarithm below zero, by reflection: `Gamma(-a) = -pi / (a sin(pi a) Gamma(a))`. Near its
//! zeros the logarithm is a polynomial in the distance from the zero, as logarithms that cancel would leave nothing.

use hypersonic_loops::{TableData, Ty, Unary};

use super::{Stirling, TINY, log_of, roots, stirling};
use crate::notation::Term;
use crate::recipes::coefficients::SIN_PI_TAIL;
use crate::recipes::double::{Double, exact_square, exact_sum, ordered_sum};
use crate::recipes::exponential::exp_parts;
use crate::recipes::long_logarithm::log_double;
use crate::recipes::polynomial::{MAGIC, horner, scale};
use crate::recipes::rare::{rare_function, straight};

rare_function! {
    /// `Gamma` below zero.
    GAMMA, "gamma_below_zero", TINY, straight(|[x]| gamma(x));
    /// `log |Gamma|` below zero.
    LGAMMA, "lgamma_below_zero", TINY, straight(|[x]| lgamma(x));
}

const PI: (f64, f64) = (std::f64::consts::PI, f64::from_bits(0x3ca1_a626_3314_5c07));
const LOG_PI: (f64, f64) = (1.144_729_885_849_400_2, f64::from_bits(0x3c67_abf2_ad8d_5088));
/// `sin(pi x) = x (S_0 + S_1 x^2 + ...)`.
const SINE: [(f64, f64); 4] = [
    PI,
    (-5.16771278004997, f64::from_bits(0x3cb0_5511_c684_76a8)),
    (2.5501640398773455, f64::from_bits(0xbc96_dc0c_bddb_0fc3)),
    (-0.599_264_529_320_792_1, f64::from_bits(0x3c80_6684_7a02_6e69)),
];

/// An argument below zero.
struct Place<'p> {
    /// Its magnitude; 1/2 where that is a whole number.
    a: Term<'p>,
    /// Whether it is one.
    whole: Term<'p>,
    /// The nearest whole number.
    nearest: Term<'p>,
    /// How far to its right the argument is.
    offset: Term<'p>,
}

fn place(x: Term<'_>) -> Place<'_> {
    let whole = x.trunc().equals(x);
    let a = whole.select(x.float(0.5), -x);
    let nearest = a.unary(Unary::RoundEven);
    Place { a, whole, nearest, offset: nearest - a }
}

impl<'p> Place<'p> {
    /// `|sin(pi a)|`.
    fn sine(&self) -> Double<'p> {
        let x = self.offset.abs();
        let (high, low) = exact_square(x);
        let square = Double { high, low };
        let mut sum = Double::from(horner(&SIN_PI_TAIL, high));
        for (high, low) in SINE.iter().rev() {
            sum = Double::constant(x, *high, *low).plus(sum.times(square));
        }
        sum.times_float(x)
    }

    /// Whether `sin(pi a)` is negative.
    fn sine_is_negative(&self) -> Term<'p> {
        let half = self.nearest * 0.5;
        half.floor().differs(half).xor(self.offset.gt(0.0))
    }
}

fn gamma(x: Term<'_>) -> Term<'_> {
    let place = place(x);
    let a = place.a.at_most(200.0);
    let Stirling { log, product } = stirling(a);
    let (power, n) = exp_parts(log.high, log.low);
    let divisor = place.sine().times(power).times_float(a);
    let value = Double::constant(x, PI.0, PI.1).times(product).over(divisor);
    let value = scale(value.value(), -n);
    let value = place.sine_is_negative().select(value, -value);
    place.whole.select(x.float(f64::NAN), value)
}

fn lgamma(x: Term<'_>) -> Term<'_> {
    let place = place(x);
    let divisor = place.sine().times_float(place.a);
    let log = log_double(divisor.high);
    let log = ordered_sum(log.high, log.low + divisor.low / divisor.high);
    let log_pi = Double::constant(x, LOG_PI.0, LOG_PI.1);
    let value = log_pi.plus(log.negated()).plus(log_of(&stirling(place.a)).negated());
    let value = near_root(&place, value.value());
    place.whole.select(x.float(f64::INFINITY), value)
}

macro_rules! columns {
    ($($name:ident),*) => {
        [$({
            static TABLE: TableData =
                TableData { name: concat!("lgamma_root_", stringify!($name)), ty: Ty::F64, bits: &roots::$name };
            &TABLE
        }),*]
    };
}
static COLUMNS: [&TableData; 11] = columns!(C11, C10, C9, C8, C7, C6, C5, C4, C3, C2, C1);
static CENTRE: [&TableData; 4] = columns!(OFFSET, OFFSET_LOW, C0, C0_LOW);
/// The row of the table that stands for no zero.
const NONE: i64 = 1;

/// `u (slope + u P(u))` with the distance u from the nearest zero, where that is near.
fn near_root<'p>(place: &Place<'p>, otherwise: Term<'p>) -> Term<'p> {
    let inside = place.nearest.ge(2.0).and(place.nearest.le(16.0)).and(place.a.gt(2.0));
    let row = (place.nearest.at_most(16.0) + MAGIC).bits().mask(31).shl(1) - place.a.int_of(Ty::I64, 4);
    let row = place.offset.gt(0.0).select(row + row.int(1), row);
    let row = inside.select(row, row.int(NONE));
    let [centre, centre_low, slope, slope_low] = CENTRE.map(|column| row.element_of(column));
    let distance = place.offset - centre;
    let near = inside.and((distance * 16.0).abs().le(centre.abs()));
    let unit = centre.bits().mask(0x7ff0_0000_0000_0000).float_of_bits();
    let u = exact_sum(distance / unit, -centre_low / unit);
    let [first, rest @ ..] = COLUMNS;
    let sum = rest.iter().fold(row.element_of(first), |sum, column| sum * u.high + row.element_of(column));
    let slope = ordered_sum(slope, u.high * sum);
    let value = u.times(Double { high: slope.high, low: slope.low + slope_low }).value();
    near.select(value, otherwise)
}
