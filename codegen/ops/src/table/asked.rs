//! Functions that the running Python is asked for: clocks, and what changes its generator of random numbers.

use super::{Action, Answer, DtypeRule, Operation, row};

const fn float(name: &'static [&'static str], signature: &'static str, doc: &'static str) -> Operation {
    row(name, signature, Action::Asked(Answer::Float), DtypeRule::Python, doc)
}

const fn int(name: &'static [&'static str], signature: &'static str, doc: &'static str) -> Operation {
    row(name, signature, Action::Asked(Answer::Int), DtypeRule::Python, doc)
}

/// The rows.
pub const ROWS: &[Operation] = &[
    float(&["time.time"], "", "Seconds since the epoch."),
    int(&["time.time_ns"], "", "Nanoseconds since the epoch."),
    float(&["time.perf_counter"], "", "Seconds of the finest clock."),
    int(&["time.perf_counter_ns"], "", "Nanoseconds of the finest clock."),
    float(&["time.monotonic"], "", "Seconds of a clock that never goes back."),
    int(&["time.monotonic_ns"], "", "Nanoseconds of a clock that never goes back."),
    float(&["time.process_time"], "", "Seconds that the process has used."),
    row(&["time.sleep"], "seconds, /", Action::Asked(Answer::None), DtypeRule::Python, "Waits."),
    int(&["random.getrandbits"], "k, /", "So many random bits, an int.").notes("Up to 63 bits; Python answers for more."),
    float(&["random.gauss"], "mu=0.0, sigma=1.0", "A number of the normal distribution, with the second of a pair kept, as Python has it."),
    row(&["random.seed"], "a, !version=2", Action::Asked(Answer::None), DtypeRule::Python, "Starts the generator anew from a number."),
];
