"""Recursion on the stack that a thread really has: Python answers where it ends, whatever the frames hold."""

import subprocess
import sys

import oracle
import pytest

SOURCE = """
from hypersonic import boost
import numpy as np

@boost
def words(n: int, parts: list[str]):
    def down(k, name):
        if k == 0:
            return len(name)
        mine = {name + str(k): [k, k + 1]}
        other = [a + b for a, b in zip(mine.keys(), parts)]
        return down(k - 1, name) + len(mine) + len(other)
    return down(n, "x")

@boost
def keep(n: int, values: list[int]):
    def down(k):
        if k == 0:
            return 0
        values.append(k)
        text = f"{k}-{len(values)}"
        return down(k - 1) + len(text)
    return down(n)

@boost
def plain(n: int):
    def down(k):
        return k if k <= 0 else down(k - 1) + 1
    return down(n)

def even(k, a):
    return 0.0 if k == 0 else odd(k - 1, a) + np.sum(a * k)

def odd(k, a):
    return 1.0 if k == 0 else even(k - 1, (a[1:] + a[:-1]) * 0.5) - np.median(a)

@boost
def turns(n: int, a: "float[:]"):
    return even(n, a)

@boost
def written(n: int, a: "float[:]", parts: list[str]):
    a[0] = 1.0
    def down(k):
        texts = [p + str(k) for p in parts]
        return len(texts) if k == 0 else down(k - 1) + len(sorted(texts, key=len))
    return down(n)
"""

RUN = """
import sys, threading
import numpy as np
sys.path.insert(0, {site!r})
sys.setrecursionlimit(100_000)
import {name} as package, hypersonic

def run(function, *arguments):
    try:
        return function(*arguments)
    except RecursionError as error:
        return str(error)

def work(n):
    a = np.arange(3000.0)
    values = [1, 2]
    got = [run(package.words, n, ["a", "b"]), run(package.keep, n, values), run(package.plain, n), run(package.turns, n, a)]
    wanted = [run(package.words.__wrapped__, n, ["a", "b"]), run(package.keep.__wrapped__, n, [1, 2])]
    wanted += [run(package.plain.__wrapped__, n), run(package.turns.__wrapped__, n, a)]
    assert got == wanted and len(values) == n + 2, (got, wanted)
    assert run(package.written, n, a, ["x"]) in (n + 1, "maximum recursion depth exceeded")

threading.stack_size({size})
for n in (50, 500, 2900):
    failed = []
    def guarded():
        try:
            work(n)
        except BaseException as error:
            failed.append(error)
    thread = threading.Thread(target=guarded)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
print(hypersonic.info(package.plain).fallbacks, hypersonic.info(package.words).fallbacks)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return oracle.build(tmp_path_factory.mktemp("stacks"), SOURCE)


@pytest.mark.parametrize("kilobytes", [128, 256, 512, 1024, 16384])
def test_too_deep_for_the_stack_is_python_not_a_crash(built, kilobytes):
    for name in ("words", "keep", "plain", "turns", "written"):
        assert built.state(name) == "cpu", built.log
    code = RUN.format(site=str(built.site), name=built.module.__name__, size=kilobytes << 10)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    plain, words = map(int, done.stdout.split())
    if kilobytes == 16384:
        assert plain == words == 0, "a large stack has room for all of it"
    if kilobytes <= 256:
        assert words > 0, "a small one has not"
