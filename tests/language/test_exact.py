"""Functions that CPython computes exactly and rounds once, and those of big numbers: on generated values."""

from __future__ import annotations

import math
import random

import hypersonic
import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

AVERAGES = "mean fmean median pvariance variance stdev pstdev harmonic_mean".split()
SOURCE = """
import math, random, statistics
from hypersonic import boost

@boost
def fsum(a: list[float]):
    return math.fsum(a)

@boost
def quantiles(a: list[float]):
    return statistics.quantiles(a, n=7), statistics.quantiles(a, n=3, method="inclusive")

@boost
def power(a: int, b: int, m: int):
    return pow(a, b, m)

@boost
def hashes(x: float, n: int):
    return hash(x), hash(n), n.bit_length(), bin(n), math.ulp(x)

@boost
def quotient(a: int, b: int):
    return a / b

@boost
def quotients(a: list[int], n: int):
    return [x / n for x in a], [n / x for x in a]

@boost
def quotients_of_array(a: "int64[:]", n: int, out: "float[:]"):
    for i in range(len(a)):
        out[i] = int(a[i]) / n

@boost
def remainder(x: float, y: float):
    return math.remainder(x, y)

@boost
def dist(p: list[float], q: list[float]):
    return math.dist(p, q)

@boost
def samples(a: list[int], k: int, n: int):
    return random.sample(a, k), random.sample(range(n), min(n, k)), random.choices(a, [abs(x) + 1 for x in a], k=k)
""" + "".join(f"\n@boost\ndef {name}(a: list[float]):\n    return statistics.{name}(a)\n" for name in AVERAGES)

TAME = st.lists(st.floats(-1e60, 1e60), max_size=12) | st.lists(
    st.sampled_from([0.1, 0.2, 0.3, 1e16, 1.0, -1e16, 0.5, -0.0, 2.5]), max_size=12
)
ANY = TAME | st.lists(st.floats(), max_size=6)
INTS = st.integers(-10, 10) | st.integers(-(2**63), 2**63 - 1) | st.integers(-(2**31), 2**31)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("exact"), SOURCE)


@settings(deadline=None, max_examples=300)
@given(ANY)
def test_averages(built: oracle.Built, numbers: list[float]) -> None:
    built.check("fsum", numbers)
    built.check("harmonic_mean", [abs(x) for x in numbers])
    for name in AVERAGES:
        if not any(math.isnan(x) for x in numbers):
            built.check(name, numbers)


@settings(deadline=None, max_examples=100)
@given(TAME)
def test_points(built: oracle.Built, numbers: list[float]) -> None:
    built.check("quantiles", numbers)
    built.check("dist", numbers, numbers[::-1], ulp=2)


@settings(deadline=None, max_examples=500)
@given(INTS, INTS | st.integers(0, 60), INTS)
def test_powers(built: oracle.Built, base: int, exponent: int, modulus: int) -> None:
    built.check("power", base, exponent, modulus)


@settings(deadline=None, max_examples=1000)
@given(INTS, INTS, st.lists(INTS, max_size=9))
def test_quotients(built: oracle.Built, x: int, y: int, numbers: list[int]) -> None:
    built.check("quotient", x, y)
    built.check("quotients", numbers, y)
    if y:
        before = hypersonic.info(built.quotient).fallbacks
        built.quotient(x, y)
        assert hypersonic.info(built.quotient).fallbacks == before
        built.check("quotients_of_array", np.array(numbers, np.int64), y, np.zeros(len(numbers)))


@settings(deadline=None, max_examples=500)
@given(st.floats(allow_nan=False), INTS, st.floats())
def test_numbers(built: oracle.Built, x: float, n: int, y: float) -> None:
    built.check("hashes", x, n)
    built.check("remainder", x, y)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=60), st.integers(1, 60), st.integers(1, 3000), st.integers(0, 9))
def test_samples(built: oracle.Built, numbers: list[int], k: int, n: int, seed: int) -> None:
    outcomes = []
    for function in (built.samples, built.samples.__wrapped__):
        random.seed(seed)
        outcomes.append((function(list(numbers), min(k, len(numbers)), n), random.getstate()))
    assert outcomes[0] == outcomes[1]
