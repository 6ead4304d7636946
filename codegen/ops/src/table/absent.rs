//! Names of Python's own modules that have no compiled form, with the reason and what to write instead: the diagnostic and
//! `docs/supported.md` are made of this.

/// Names that stay Python.
#[derive(Clone, Copy, Debug)]
pub struct Absent {
    /// Full names; one that ends with a dot stands for the whole module.
    pub names: &'static [&'static str],
    /// Why.
    pub why: &'static str,
    /// What to write instead.
    pub hint: &'static str,
}

const fn absent(names: &'static [&'static str], why: &'static str, hint: &'static str) -> Absent {
    Absent { names, why, hint }
}

/// The names.
pub const ABSENT: &[Absent] = &[
    absent(&["builtins.id"], "compiled objects have no address that Python would see", "compare with `is`"),
    absent(&["builtins.type"], "types are known when the call is compiled", "ask with `isinstance`"),
    absent(&["builtins.open", "io."], "files are Python's", "read the file in Python, and give what it holds to the function"),
    absent(&["builtins.input"], "asks a person", "ask in Python, and give the answer to the function"),
    absent(&["builtins.hasattr", "builtins.setattr"], "the attribute is not known when the call is compiled", "write `object.name`"),
    absent(&["array.array"], "its type code decides at run time", "use a NumPy array, or a list"),
    absent(&["omp."], "threads are those of hypersonic", "loops over `hypersonic.prange`"),
    absent(
        &["random.getstate", "random.setstate", "random.Random", "random.SystemRandom", "random.randbytes", "random.binomialvariate"],
        "the generator is Python's own",
        "use the functions of the module, or `random.seed`",
    ),
    absent(
        &[
            "functools.cache",
            "functools.lru_cache",
            "functools.cached_property",
            "functools.wraps",
            "functools.update_wrapper",
            "functools.singledispatch",
            "functools.singledispatchmethod",
            "functools.partialmethod",
            "functools.total_ordering",
            "functools.cmp_to_key",
        ],
        "changes a function in a way that is not known when it is compiled",
        "call the function itself",
    ),
    absent(
        &[
            "statistics.correlation",
            "statistics.covariance",
            "statistics.linear_regression",
            "statistics.geometric_mean",
            "statistics.median_grouped",
            "statistics.NormalDist",
            "statistics.fmean_weighted",
            "statistics.kde",
            "statistics.kde_random",
        ],
        "not written yet",
        "use NumPy's functions",
    ),
    absent(&["string.Formatter", "string.Template", "string.templatelib"], "formats at run time", "use an f-string"),
    absent(
        &[
            "time.ctime",
            "time.asctime",
            "time.localtime",
            "time.gmtime",
            "time.mktime",
            "time.strftime",
            "time.strptime",
            "time.tzset",
            "time.get_clock_info",
            "time.struct_time",
            "time.thread_time",
            "time.thread_time_ns",
            "time.process_time_ns",
            "time.clock_gettime",
            "time.clock_gettime_ns",
            "time.clock_getres",
            "time.clock_settime",
            "time.clock_settime_ns",
            "time.pthread_getcpuclockid",
        ],
        "dates are Python's",
        "use `time.time` or `time.perf_counter`",
    ),
    absent(&["math.sumprod", "math.fma"], "newer than the oldest Python that is served", "use `math.fsum` of products"),
];

/// Why a name has no compiled form, if the table says it.
#[must_use]
pub fn absent_name(full: &str) -> Option<&'static Absent> {
    ABSENT.iter().find(|absent| absent.names.iter().any(|name| *name == full || (name.ends_with('.') && full.starts_with(name))))
}
