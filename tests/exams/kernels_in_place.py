"""A plugin of pytest: puts modules of ours in the place of modules of installed packages, and notes which tests call their functions.

`$KERNELS_IN_PLACE` is a file of JSON: `{"modules": {"scipy.signal._max_len_seq_inner": [folder, module]}, "report": path}`. With no modules the
packages' own stay, which are looked at all the same. The report says what became of each test that called a function of them, and how often Python
answered each function in the kernel's place.
"""

from __future__ import annotations

import functools
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import sys
import types
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import hypersonic
import pytest

TASK: dict[str, Any] = json.loads(open(os.environ["KERNELS_IN_PLACE"]).read())
calls: Counter[str] = Counter()
kernels: dict[str, Any] = {}
tests: dict[str, dict[str, Any]] = {}


def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function; counts its calls."""

    @functools.wraps(function)
    def call(*args: Any, **keywords: Any) -> Any:
        calls[name] += 1
        return function(*args, **keywords)

    return call


class InPlace(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds our modules under the packages' names."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(name, self) if name in TASK["modules"] else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        folder, module = TASK["modules"][spec.name]
        sys.path.insert(0, folder)
        try:
            built = importlib.import_module(module)
        finally:
            sys.path.remove(folder)
        found = types.ModuleType(spec.name)
        for name, value in vars(built).items():
            if not name.startswith("__"):
                boosted = hasattr(value, "__hypersonic__")
                if boosted:
                    kernels[f"{spec.name}.{name}"] = value
                setattr(found, name, counted(f"{spec.name}.{name}", value) if boosted else value)
        return found

    def exec_module(self, module: types.ModuleType) -> None:
        pass


sys.meta_path.insert(0, InPlace())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    before = Counter(calls)
    yield
    called = sorted((calls - before).keys())
    if called:
        tests.setdefault(item.nodeid, {"outcome": "passed"})["calls"] = called


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.outcome != "passed" and tests.get(report.nodeid, {}).get("outcome") != "failed":
        wanted = hasattr(report, "wasxfail")
        outcome = "expected" if wanted else report.outcome
        tests[report.nodeid] = {"outcome": outcome, "reason": str(report.longreprtext)[-600:]}


def pytest_sessionfinish() -> None:
    functions = {}
    for name, function in kernels.items():
        info = hypersonic.info(function)
        functions[name] = {
            "calls": calls[name],
            "state": info.state,
            "signatures": len(info.signatures),
            "fallbacks": info.fallbacks,
            "reason": info.last_fallback or info.reason,
        }
    with open(TASK["report"], "w") as file:
        json.dump({"functions": functions, "tests": tests}, file, indent=1)
