"""What is said of parallel loops that run on one thread: which, why, and where."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

MARKED = """
import math
import random
import numpy as np
from hypersonic import boost, prange
"""

# The body of a function of these parameters, what is said, and where.
ON_ONE_THREAD = [
    ("for i in prange(1, len(a)):\n    a[i] = a[i - 1]", "an element that another iteration writes", "a[i - 1]"),
    ("for i in prange(len(a)):\n    a[n] += a[i]", "every iteration writes the same elements", "a[n] += a[i]"),
    ("for i in prange(len(a)):\n    b[k[i]] += a[i]", "iterations may update the same element", "b[k[i]] += a[i]"),
    ("for i in prange(len(a)):\n    for j in range(n):\n        b[j] = a[i]", "every iteration writes the same elements", "b[j] = a[i]"),
    ("for i in prange(len(a)):\n    a[i] = np.sum(a)", "an element that another iteration writes", "a"),
    ("for i in prange(len(a)):\n    for j in range(n):\n        a[i] += a[j]", "an element that another iteration writes", "a[j]"),
    ("for i in prange(len(a)):\n    a[i] = a[0] + 1", "an element that another iteration writes", "a[0]"),
    ("for i in prange(len(a)):\n    a[i] = a[-1] + 1", "an element that another iteration writes", "a[-1]"),
    ("for i in prange(len(a)):\n    a[2 * i] = a[i]", "an element that another iteration writes", "a[i]"),
    ("for i in prange(len(a)):\n    a[i] = a[n - i]", "an element that another iteration writes", "a[n - i]"),
    (
        "for i in prange(len(a)):\n    m = 0\n    if a[i] > 0:\n        b[n] = a[i]",
        "every iteration writes the same elements",
        "b[n] = a[i]",
    ),
    ("x = 0.0\nfor i in prange(len(a)):\n    b[i] = x\n    x = a[i]", "`x` goes from one iteration to the next", "x = a[i]"),
    (
        "x = 0.0\nfor i in prange(len(a)):\n    x = x * 0.5 + a[i]\nb[0] = x",
        "`x` goes from one iteration to the next",
        "x = x * 0.5 + a[i]",
    ),
    ("for i in prange(len(a)):\n    if a[i] > 3:\n        break\n    b[i] = a[i]", "`break` leaves the loop", "break"),
    ("for i in prange(len(a)):\n    if a[i] > 3:\n        return\n    b[i] = a[i]", "`return` leaves the loop", "return"),
    ("for i in prange(len(a)):\n    words.append(n)\n", "`words` is shared by the iterations", "words.append(n)"),
    ("for i in prange(len(a)):\n    b[i] = random.random()", "random numbers are drawn in an order", "random.random()"),
    ("for i in prange(len(a)):\n    print(i)", "strings are worked on by one thread", "print(i)"),
    ("for i in prange(len(a)):\n    b[i] = len(str(i))", "strings are worked on by one thread", "str(i)"),
    ("for i in prange(len(a)):\n    i = i + 1\n    b[i - 1] = a[i - 1]", "its variable is set in its body", "for i in prange"),
    ("# omp parallel for reduction(*:s)\nfor i in range(len(a)):\n    s += a[i]\nb[0] = s", "`s` is no reduction by `*`", "s"),
    ("# omp parallel for reduction(+:n)\nfor i in range(len(a)):\n    n = i\nb[0] = n", "`n` is no reduction by `+`", "n"),
    ("# omp parallel for ordered\nfor i in range(len(a)):\n    b[i] = a[i]", "the comment says that iterations run in order", "ordered"),
    (
        "# omp parallel for linear(n:2)\nfor i in range(len(a)):\n    b[i] = a[i]",
        "the clause `linear` of the comment is not understood",
        "linear(n:2)",
    ),
    ("# omp parallel for num_threads(f(n))\nfor i in range(len(a)):\n    b[i] = a[i]", "`f(n)` in the comment is not made of", "f(n)"),
    ("# omp parallel for\nfor x in (1.5, 2.5):\n    b[0] += x", "it does not count through a range when it runs", "for x in"),
]


# Bodies of the same function: loops that are divided.
DIVIDED = [
    "for i in prange(n):\n    a[i] = a[n] + b[i]",
    "for i in prange(n + 1, len(a)):\n    a[i] = a[n] + b[i]",
    "for i in prange(5, 0, -1):\n    a[i] = a[6] + a[0]",
    "for i in prange(len(a) // 2):\n    a[2 * i] = a[2 * i + 1]",
    "for i in prange(1, len(a) - 1):\n    c[1, i] = c[0, i - 1] + c[0, i + 1]",
    "for i in prange(1, len(a) - 1):\n    c[n + 1, i] = c[n, i - 1] + c[n - 1, i + 1]",
    "for i in prange(n + 1, len(c)):\n    for j in range(n, len(c)):\n        c[i, j] -= c[i, n] * c[n, j]",
    "for i in prange(len(c)):\n    row = c[i]\n    for j in range(1, len(row)):\n        row[j] += row[j - 1]",
    "for i in prange(len(c)):\n    for j in range(i + 1, len(c)):\n        c[i, j] = a[i] * a[j]\n        c[j, i] = c[i, j]",
    "for i in prange(len(a)):\n    b[k[i]] = a[i]",
    "for i in prange(len(a)):\n    a[i] = a[i] + 1 if a[i] > 0 else b[i]",
    "for i in prange(len(a)):\n    t = np.zeros(n)\n    for j in range(n):\n        t[j] = a[i] * j\n    c[i] = t[::-1]",
    "top, at = a[0], 0\nfor i in prange(len(a)):\n    if a[i] > top:\n        top, at = a[i], i\nb[0], b[1] = top, at",
    "for i in prange(len(words)):\n    words[i] += 1",
]


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[dict[str, object]]], list[str]]:
    """The notes of each function of `ON_ONE_THREAD`, and the lines of the file."""
    functions = [
        f'@boost\ndef f{number}(a: "float[:]", b: "float[:]", k: "int[:]", n: int, s: float, words: list[int]):\n{textwrap.indent(body, "    ")}\n'
        for number, (body, _, _) in enumerate(ON_ONE_THREAD)
    ]
    path = tmp_path_factory.mktemp("marked") / "marked.py"
    path.write_text(MARKED + "\n\n".join(functions))
    engine = Path(sys.executable).parent / "hypersonic"
    run = subprocess.run([engine, "check", str(path), "--json"], capture_output=True, text=True, check=True)
    report = json.loads(run.stdout)
    assert not report["diagnostics"], run.stdout
    assert all(function["compiled"] == 1 and function["parallel_loops"] == 0 for function in report["functions"]), run.stdout
    return {function["name"]: function["notes"] for function in report["functions"]}, path.read_text().splitlines()


@pytest.mark.parametrize("number", range(len(ON_ONE_THREAD)))
def test_what_stays_on_one_thread_is_said(reported, number):
    notes, lines = reported
    (note,) = notes[f"f{number}"]
    _, why, where = ON_ONE_THREAD[number]
    assert (note["id"], note["severity"]) == ("HS0216", "note")
    assert note["title"].startswith("this loop runs on one thread: ")
    assert why in note["title"]
    (place,) = note["places"]
    assert lines[place["line"] - 1][place["column"] - 1 :].startswith(where)
    assert "docs/parallel.md" in note["hint"]


def test_what_is_seen_to_be_independent_is_divided(tmp_path):
    functions = [
        f'@boost\ndef f{number}(a: "float[:]", b: "float[:]", c: "float[:, :]", k: "int[:]", n: int, words: list[int]):\n'
        f"{textwrap.indent(body, '    ')}\n"
        for number, body in enumerate(DIVIDED)
    ]
    path = tmp_path / "divided.py"
    path.write_text(MARKED + "\n\n".join(functions))
    engine = Path(sys.executable).parent / "hypersonic"
    run = subprocess.run([engine, "check", str(path), "--json"], capture_output=True, text=True, check=True)
    report = json.loads(run.stdout)
    assert not report["diagnostics"], run.stdout
    assert [(function["parallel_loops"], function["notes"]) for function in report["functions"]] == [(1, [])] * len(DIVIDED)


def test_check_and_explain_say_it(tmp_path):
    path = tmp_path / "one.py"
    source = f'{MARKED}\n@boost\ndef f(a: "float[:]", n: int):\n    # omp parallel for num_threads(n)\n    for i in range(len(a)):\n        a[i] = i\n'
    path.write_text(source + "    for i in prange(1, len(a)):\n        a[i] = a[i - 1] + 1\n")
    engine = Path(sys.executable).parent / "hypersonic"

    def said(*arguments: str) -> str:
        run = subprocess.run([engine, *arguments], capture_output=True, text=True, check=True)
        return run.stdout + run.stderr

    assert "HS0216" not in said("check", str(path))
    assert "1 loop on several threads" in said("check", str(path))
    assert "note[HS0216]: this loop runs on one thread" in said("check", "-v", str(path))
    explained = said("explain", f"{path}:f")
    assert "note[HS0216]: this loop runs on one thread" in explained
    assert "for i in range(a.shape[0]):" in explained
    assert "several threads" in said("explain", "HS0216")
