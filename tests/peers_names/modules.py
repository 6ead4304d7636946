"""`statistics`, `random`, `string`, `time`, `os.path`, `array` and others."""

from __future__ import annotations

from . import LISTS, NAN, Row, one, two

_DATA = [
    [],
    [1.0],
    [1.5, -2.25, 0.0],
    [0.1] * 10,
    [1e16, 1.0, -1e16],
    [3.0, 1.0, 2.0, 2.0],
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.7],
    [1e-5, 1e5, 3.3, 7.25],
    [2.5] * 3,
]
_MEANS = "mean fmean median median_low median_high mode pvariance pstdev variance stdev harmonic_mean"
_SEEDS = [1, 2, 3]


def seeded(name: str, parameters: str, body: str, calls: list[tuple[object, ...]], ulp: float = 0) -> Row:
    """A row whose calls all start from the same state of the generator."""
    return Row(name, parameters, body, calls, ulp=ulp, check="seeded")


ROWS = [
    *(Row(f"statistics.{name}", "a: list[float]", f"statistics.{name}(a)", one(_DATA)) for name in _MEANS.split()),
    Row(
        "statistics.mean.extreme",
        "a: list[float]",
        "statistics.mean(a)",
        one([[1e308, 1e308], [float("inf"), 1.0], [NAN], [5e-324, 0.0], [-0.0]]),
    ),
    Row(
        "statistics.stdev.extreme",
        "a: list[float]",
        "statistics.stdev(a)",
        one([[1e308, 1e308], [1e200, -1e200], [5e-324, 0.0], [-0.0, 0.0], [1e-200, 2e-200]]),
    ),
    Row("statistics.fmean.ints", "a: list[int]", "statistics.fmean(a)", one(LISTS)),
    Row(
        "statistics.median_low.ints", "a: list[int]", "statistics.median_low(a), statistics.median_high(a), statistics.mode(a)", one(LISTS)
    ),
    Row("statistics.multimode", "a: list[int]", "statistics.multimode(a)", one(LISTS)),
    Row("statistics.mode.text", "a: list[str]", "statistics.mode(a)", one([["a", "b", "b"], []])),
    Row(
        "statistics.quantiles",
        "a: list[float]",
        "statistics.quantiles(a), statistics.quantiles(a, n=10), statistics.quantiles(a, n=5, method='inclusive')",
        one(_DATA),
    ),
    Row("statistics.mean.ints", "a: list[int]", "statistics.mean(a)", [], stays="`statistics.mean` is compiled for lists of floats"),
    seeded("random.random", "n: int", "[random.random() for _ in range(n)]", one([0, 1, 5])),
    seeded("random.uniform", "a: float, b: float", "random.uniform(a, b)", two([0.0, -1.5], [1.0, 1e300])),
    seeded("random.randint", "a: int, b: int", "[random.randint(a, b) for _ in range(20)]", two([0, -5, 7], [7, 6, 100, 2**40, 2**62])),
    seeded(
        "random.randrange",
        "a: int, b: int, c: int",
        "random.randrange(a, b, c), random.randrange(b), random.randrange(a, b)",
        [(0, 10, 1), (0, 10, 3), (10, 0, -3), (5, 1, 1), (1, 5, 0), (0, -5, 1)],
    ),
    seeded("random.getrandbits", "n: int", "random.getrandbits(n)", one([0, 1, 31, 32, 33, 62, 63, 64, 100, -1])),
    seeded("random.choice", "a: list[int]", "[random.choice(a) for _ in range(5)]", one(LISTS)),
    seeded("random.choice.text", "a: str", "random.choice(a), random.choice((1, 2, 3)), random.choice(range(5))", one(["abc"])),
    seeded("random.shuffle", "a: list[int]", "random.shuffle(a)\nreturn a", one(LISTS)),
    seeded(
        "random.sample",
        "a: list[int], k: int",
        "random.sample(a, k), random.sample(range(1000), 5), random.sample(range(10), 7)",
        two(LISTS, [0, 1, 3]),
    ),
    seeded(
        "random.choices",
        "a: list[int], k: int",
        "random.choices(a, k=k), random.choices(a, weights=[1.0] * len(a), k=k)",
        two(LISTS[1:], [0, 1, 5]),
    ),
    seeded(
        "random.gauss",
        "mu: float, sigma: float",
        "[random.gauss(mu, sigma) for _ in range(5)], random.gauss()",
        two([0.0, 1.5], [1.0, 0.0]),
    ),
    seeded(
        "random.normalvariate",
        "mu: float, sigma: float",
        "[random.normalvariate(mu, sigma) for _ in range(5)]",
        two([0.0, 1.5], [1.0, 0.0]),
        ulp=4,
    ),
    seeded("random.expovariate", "rate: float", "[random.expovariate(rate) for _ in range(5)]", one([1.0, 2.5, -1.0, 0.0]), ulp=1),
    seeded(
        "random.lognormvariate",
        "mu: float, sigma: float",
        "[random.lognormvariate(mu, sigma) for _ in range(5)]",
        two([0.0, 1.5], [1.0, 0.0]),
        ulp=4,
    ),
    seeded(
        "random.triangular",
        "low: float, high: float",
        "random.triangular(low, high), random.triangular(), random.triangular(low, high, 0.5)",
        two([0.0, 1.5], [1.0, 1.5]),
    ),
    seeded("random.betavariate", "a: float, b: float", "random.betavariate(a, b)", two([1.5, 2.0], [3.0]), ulp=64),
    seeded(
        "random.gammavariate",
        "a: float, b: float",
        "[random.gammavariate(a, b) for _ in range(4)]",
        two([0.5, 1.0, 1.5, 2.0, -1.0], [3.0]),
        ulp=64,
    ),
    seeded("random.paretovariate", "a: float", "random.paretovariate(a)", one([1.5, 2.0]), ulp=2),
    seeded("random.weibullvariate", "a: float, b: float", "random.weibullvariate(a, b)", two([1.5, 2.0], [1.5]), ulp=2),
    seeded("random.vonmisesvariate", "a: float, b: float", "random.vonmisesvariate(a, b)", two([1.5, 2.0], [1.5, 0.0]), ulp=8),
    seeded("random.seed", "n: int", "random.seed(n)\nreturn random.random(), random.getrandbits(20)", one([0, 1, -5, 2**40])),
    seeded("random.seed.float", "x: float", "random.seed(x)\nreturn random.random()", one([0.5, -2.0])),
    *(
        Row(f"string.{name}", "", f"string.{name}", [()])
        for name in (
            "ascii_letters",
            "ascii_lowercase",
            "ascii_uppercase",
            "digits",
            "hexdigits",
            "octdigits",
            "punctuation",
            "whitespace",
            "printable",
        )
    ),
    Row("string.capwords", "s: str", "string.capwords(s), string.capwords(s, '-')", one(["", "ab cd", " x  YZ-q"])),
    *(
        Row(f"time.{name}", "", f"before = time.{name}()\nafter = time.{name}()\nreturn after >= before, before > 0", [()])
        for name in ("time", "time_ns", "perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time")
    ),
    Row("time.sleep", "x: float", "return time.sleep(x)", one([0.0, 0.001, -1.0])),
    Row(
        "os.path.join",
        "a: str, b: str",
        "os.path.join(a, b), os.path.join(a), os.path.join(a, b, 'c', '')",
        two(["", "a", "a/", "/"], ["", "b", "/b", "b/"]),
    ),
    Row("array.array", "x: float", "array.array('d', [x])[0]", [], stays="its type code decides at run time"),
    Row("io.StringIO", "s: str", "io.StringIO(s).read()", [], stays="files are Python's"),
    Row("omp.get_num_threads", "n: int", "omp.get_num_threads()", [], stays="threads are those of hypersonic"),
    Row("array.typecodes", "", "array.typecodes", [()]),
]
