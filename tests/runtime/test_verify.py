"""`HYPERSONIC=verify`: kernels beside the Python functions that they are compared with."""

import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from hypersonic._copies import Uncopyable, copies
from hypersonic._differences import difference

SOURCE = """
import random

import numpy as np
from hypersonic import boost


@boost
def smooth(a: "float[:]", k: float):
    a[1:-1] += k * (a[:-2] - 2 * a[1:-1] + a[2:])
    return np.sum(np.sin(a)), a[::2]


@boost
def count(words: "list[str]"):
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    words.clear()
    print("counted", len(counts))
    return counts


@boost
def divide(a: int, b: int):
    return a // b


@boost
def total(a: "float[:]"):
    s = 0.0
    for x in a:
        s += x
    return s + divide(7, 2)


class Walker:
    x: int
    trail: "float[:]"

    def __init__(self):
        self.x = 1
        self.trail = np.zeros(3)

    @boost
    def step(self, by: int):
        self.x += by
        self.trail[0] = self.x
        return self.x
"""


def run(site, code, mode="verify", **variables):
    """What the code prints, with the package importable."""
    code = "import numpy as np, hypersonic, case\n" + code
    environment = {**os.environ, "HYPERSONIC": mode, "PYTHONPATH": str(site), **variables}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)


@pytest.fixture(scope="module")
def site(build):
    return build(SOURCE, name="case").site


def test_kernels_that_do_as_python_does_pass(site):
    code = """
a = np.linspace(0, 1, 11)
value, view = case.smooth(a, 0.1)
assert np.shares_memory(view, a)
words = ["a", "b", "a"]
assert case.count(words) == {"a": 2, "b": 1} and words == []
assert case.total(np.ones(3)) == 6.0
try:
    case.divide(1, 0)
except ZeroDivisionError as error:
    print(error)
walker = case.Walker()
assert walker.step(3) == 4 and walker.x == 4 and walker.trail[0] == 4.0
known = hypersonic.info(case.smooth)
print(known.state, known.fallbacks, case.smooth.__name__, case.smooth.__wrapped__.__name__)
"""
    done = run(site, code)
    assert done.returncode == 0, done.stderr
    # What is printed is printed once.
    assert done.stdout.splitlines() == [
        "counted 2",
        run(site, "case.divide.__wrapped__(1, 0)").stderr.splitlines()[-1][19:],
        "cpu 0 smooth smooth",
    ]


def test_calls_that_python_answers_are_not_compared(site):
    done = run(site, "assert case.divide(2.5, 1) == 2.0\nknown = hypersonic.info(case.divide)\nprint(known.fallbacks, known.last_fallback)")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 ")


def test_what_cannot_be_copied_is_not_compared(site):
    code = """
import threading
walker = case.Walker()
walker.lock = threading.Lock()
assert walker.step(3) == 4
"""
    done = run(site, code)
    assert done.returncode == 0, done.stderr
    assert "`Walker.step` is not compared: its arguments cannot be copied" in done.stderr


def test_a_kernel_that_gives_another_value_is_found(make, run):
    # The kernels of these packages were written by hand, to be told from their Python functions.
    package = make("add", "fill", "refuse")
    code = f"""
import numpy as np, hypersonic, {package.name} as package
for call in (lambda: package.add(1.0, 2.0), lambda: package.refuse(3, 1.0)):
    try:
        call()
    except hypersonic.MismatchError as error:
        print(error)
"""
    done = run(code, package.root, HYPERSONIC="verify")
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first == f"`{package.name}.add`: kernel and Python differ: result: 1003.0 (float) is not ('python', 1.0, 2.0) (tuple)"
    assert second.startswith(f"`{package.name}.refuse`: kernel and Python differ: the kernel raises ")
    assert second.endswith("Python gives ('python', 3, 1.0)")


def test_jit(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import hypersonic, numpy as np\n@hypersonic.jit\ndef f(a):\n    a += 1\n    return a.sum()\n"
        "assert f(np.ones(3)) == 6.0\nprint(hypersonic.info(f).state, hypersonic.info(f).signatures)\n"
    )
    environment = {**os.environ, "HYPERSONIC": "verify", "HYPERSONIC_CACHE_DIR": str(tmp_path / "cache")}
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env=environment, check=False)
    assert done.stdout == "cpu ['f(float64[:])']\n", done.stderr


def test_copies_share_as_the_originals_do():
    base = np.arange(12.0).reshape(3, 4)
    frozen = base[1]
    frozen.flags.writeable = False
    swapped = np.arange(3, dtype=">i4")
    values = {"a": [base, base.T], "b": (base[::-1, ::2], frozen), "c": swapped, "d": base}
    copied = copies(values)
    assert copied["a"][0] is copied["d"]
    assert copied["c"].dtype == swapped.dtype
    assert copied["b"][0].strides == values["b"][0].strides
    assert not copied["b"][1].flags.writeable
    copied["a"][1][1, 0] = 100.0
    assert copied["d"][0, 1] == 100.0
    assert copied["b"][1].tolist() == [4.0, 5.0, 6.0, 7.0]
    assert base[0, 1] == 1.0
    with pytest.raises(Uncopyable):
        copies([sys.stdout.buffer if hasattr(sys.stdout, "buffer") else (x for x in ()), (x for x in ())])


DIFFERENT = [
    (1, True, "result: 1 (int) is not True (bool)"),
    (1.0, 1.0 + 1e-6, "result: 1.0 is not 1.000001"),
    ([1, [2.0, 3]], [1, [2.0, 4]], "result[1][1]: 3 is not 4"),
    ([1], [1, 2], "result: 1 items, not 2"),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "result: the keys ['a', 'b'] are not ['b', 'a']"),
    (np.float32(1), np.float64(1), r"result: .*1\.0\)? \(float32\) is not .*1\.0\)? \(float64\)"),
    (np.zeros(2, np.int32), np.zeros(2, np.int64), "result: its dtype int32 is not int64"),
    (np.zeros((2, 1)), np.zeros((1, 2)), "result: its shape (2, 1) is not (1, 2)"),
    (np.array([1, 2, 3]), np.array([1, 5, 4]), "result[1]: "),
    (np.array([1.0, np.nan]), np.array([1.0, np.inf]), "result[1]: "),
    ({1, 2}, {1, 3}, "result: {1, 2} is not {1, 3}"),
    (complex(1, float("nan")), complex(1, 0), "result: (1+nanj) is not (1+0j)"),
]


@pytest.mark.parametrize(("ours", "theirs", "text"), DIFFERENT)
def test_differences_are_named(ours, theirs, text):
    found = difference(ours, theirs, "result")
    assert found is not None
    assert re.match(text, found) if isinstance(ours, np.float32) else found.startswith(text)


SAME = [
    (float("nan"), float("nan")),
    (1.0, 1.0 + 1e-12),
    (np.array([1e20, 1.0]), np.array([1e20, 2.0])),
    (np.array([np.nan, np.inf, -0.0]), np.array([np.nan, np.inf, 0.0])),
    (np.float32([1.0]), np.float32([1.00001])),
    (complex("nan"), complex("nan")),
    ([(1, None), {"k": "v"}], [(1, None), {"k": "v"}]),
]


@pytest.mark.parametrize(("ours", "theirs"), SAME)
def test_rounding_is_no_difference(ours, theirs):
    assert difference(ours, theirs, "result") is None


def test_the_tolerance_can_be_said(monkeypatch):
    monkeypatch.setenv("HYPERSONIC_VERIFY_RTOL", "0")
    assert difference(1.0, 1.0 + 1e-12, "result") is not None
    assert json.dumps(difference(1.0, 1.0, "result")) == "null"


def test_objects_that_hold_themselves_end():
    one, two = [1], [1]
    one.append(one)
    two.append(two)
    assert difference(one, two, "result") is None
    two[0] = 2
    assert difference(one, two, "result") == "result[0]: 1 is not 2"
