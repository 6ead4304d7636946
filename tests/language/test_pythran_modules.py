"""Modules written for Pythran: functions that comments export, without a decorator."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hypersonic
import numpy as np
import oracle

MODULE = '''
"""A module as Pythran takes it."""
import numpy as np

# pythran export double(float64[:] or int64[:])
# pythran export total(float64[:, :], int?), dot(float64[],
#                      float64[])


def helper(x):
    return x * 2


def double(x):
    return helper(x)


def total(a, power=1):
    s = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            s += a[i, j] ** power
    return s


def dot(a, b):
    return np.sum(a * b)


def plain(x):
    return x'''


def test_exported_functions_have_kernels(build: Callable[..., oracle.Built]) -> None:
    built = build(MODULE)
    module = built.module
    for name in ("double", "total", "dot"):
        assert hypersonic.info(getattr(module, name)).state == "cpu", name
    assert hypersonic.info(module.plain).state == hypersonic.info(module.helper).state == "python"
    built.check("double", np.arange(4.0))
    built.check("double", np.arange(4))
    built.check("double", np.arange(4, dtype=np.float32))
    built.check("total", np.arange(6.0).reshape(2, 3))
    built.check("total", np.arange(6.0).reshape(2, 3), 2)
    built.check("dot", np.arange(5.0), np.ones(5))


def test_the_copy_is_the_source_and_one_line(build: Callable[..., oracle.Built]) -> None:
    built = build(MODULE)
    text = Path(str(built.module.__file__)).read_text()
    lines = text.splitlines()
    assert "hypersonic" in lines[-1] and MODULE.strip() in text
    # Where hypersonic is not installed, the module is what it was.
    script = f"""
import importlib.util, runpy
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "hypersonic" else find(name, *rest)
print(type(runpy.run_path({str(built.module.__file__)!r})["double"]).__name__)
"""
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout == "function\n"


def test_a_file_of_exports(build: Callable[..., oracle.Built]) -> None:
    files = {
        "inner.py": "def twice(x, y=1.0):\n    return 2 * x + y\n\ndef other(n):\n    return n + 1\n",
        "inner.pythran": "# Types.\nexport twice(float64[:], float)  # one\nexport other(int),\n  other(float)\n",
    }
    built = build("from .inner import other, twice\n", files=files)
    for name in ("twice", "other"):
        assert hypersonic.info(getattr(built.module, name)).state == "cpu", name
    assert len(hypersonic.info(built.module.other).signatures) == 2
    built.check("twice", np.arange(3.0))
    built.check("other", 3)


def test_a_module_without_exports_stays_as_it_is(build: Callable[..., oracle.Built]) -> None:
    source = "from hypersonic import boost\n@boost\ndef f(x: float):\n    return x\n"
    built = build(source)
    assert "attach" not in Path(str(built.module.__file__)).read_text()
