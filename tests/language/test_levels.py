"""The same bits on every microarchitecture level, and the level that was asked for."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import oracle
import pytest

SOURCE = """
import numpy as np
from hypersonic import boost

@boost
def elementary(x: "float[:]"):
    return (np.exp(x), np.expm1(x), np.log(np.abs(x)), np.sin(x), np.cos(x), np.tan(x), np.arctan2(x, 1.5), np.sinh(x), np.tanh(x), np.cbrt(x),
            np.arcsinh(x), np.hypot(x, 2.0), np.power(np.abs(x), 0.3), np.log1p(np.abs(x)), np.exp2(x), np.arctan(x))

@boost
def elementary32(x: "float32[:]"): return np.exp(x), np.sin(x), np.cos(x), np.log(np.abs(x)), np.tanh(x), np.sqrt(np.abs(x)) / x

@boost
def arithmetic(x: "float[:]", y: "float[:]"): return x * y + x / y - y * y, (x * y).sum(), x.mean(), np.sum(x[::2]), (x % y), (x * 3 + 1j * y) * (y - 1j * x)

@boost
def loops(x: "float[:]", m: "float[:, :]"):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i - 1]
    out = np.zeros_like(m)
    for i in range(1, m.shape[0] - 1):
        for j in range(1, m.shape[1] - 1):
            out[i, j] = m[i - 1, j] * 0.3 + m[i, j + 1] / 7.0 - m[i, j]
    return s, out, m @ m
"""

SCRIPT = """
import sys, hashlib
sys.path.insert(0, {site!r})
import numpy as np, hypersonic, {name} as case
rng = np.random.default_rng(0)
x = np.concatenate((rng.standard_normal(1000) * 10.0 ** rng.uniform(-8, 3, 1000), [0.0, -0.0, 1e22, -1e15, 710.0, -745.0, 5e-324]))
y, m = rng.uniform(0.1, 9, x.size), rng.standard_normal((33, 33))
digest = hashlib.sha256()
def take(value):
    if isinstance(value, tuple):
        for item in value: take(item)
    else:
        digest.update(np.where(np.isnan(value), 0, value).tobytes())
for result in (case.elementary(x), case.elementary32(x.astype(np.float32)), case.arithmetic(x, y), case.loops(x, m)): take(result)
info = hypersonic.info(case.loops)
print(info.state, info.level, digest.hexdigest())
"""


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE, extra=oracle.ALL)


def run(built, level):
    script = SCRIPT.format(site=str(built.wheel.parent.parent / "site"), name=built.module.__name__)
    environment = dict(os.environ, HYPERSONIC_CPU_LEVEL=level)
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_every_level_gives_the_same_bits(built):
    results = {level: run(built, level) for level in ("x86-64-v2", "x86-64-v3", "x86-64-v4")}
    assert all(state == "cpu" for state, _, _ in results.values())
    assert results["x86-64-v2"][1] == "x86-64-v2", "the level asked for"
    assert len({bits for _, _, bits in results.values()}) == 1, results


def test_a_wheel_is_the_same_bytes_each_time(build, built):
    again = build(SOURCE, extra=oracle.ALL)
    assert hashlib.sha256(again.wheel.read_bytes()).digest() == hashlib.sha256(built.wheel.read_bytes()).digest()


def test_the_same_bits_without_optimisation(build, built):
    plain = build(SOURCE, extra=oracle.ALL + "\ngpu = false\noptimize = false\n")
    assert [run(plain, level) for level in ("x86-64-v2", "x86-64-v3")] == [run(built, level) for level in ("x86-64-v2", "x86-64-v3")]
    assert plain.wheel.read_bytes() != built.wheel.read_bytes()


def test_the_library_imports_nothing(built):
    library = next((built.wheel.parent.parent / "site").rglob("kernels.so"))
    dynamic = subprocess.run(["readelf", "-d", str(library)], capture_output=True, text=True, check=True).stdout
    assert "NEEDED" not in dynamic and "RPATH" not in dynamic and "RUNPATH" not in dynamic
    symbols = subprocess.run(["readelf", "--dyn-syms", "-W", str(library)], capture_output=True, text=True, check=True).stdout
    assert [line for line in symbols.splitlines() if " UND " in line and not line.rstrip().endswith("UND")] == []
