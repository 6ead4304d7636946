"""Transonic's own tests, out of its source distribution, against `hypersonic.transonic`.

`python tests/exams/transonic_suite.py` prints a table: each test passed, failed, or needs what is no documented name of Transonic (its
compilers' internals) or what its source distribution does not hold (its folders `_transonic_testing` and `data_tests`). Ends with status 1
if a test fails that uses documented names only.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tarfile
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypersonic.transonic

VERSION = "0.8.0"
WORK = Path(os.environ.get("HYPERSONIC_EXAMS", Path(__file__).parents[2] / "target" / "exams"))
MISSING = ("_transonic_testing", "package_for_test_meson", "path_data_tests", "path_input_files")
# Where docs/transonic.md says that it is otherwise here.
OTHERWISE = {
    "test_typing.py::test_str2type_simple": "types are strings here: `str2type` gives its argument",
    "test_typing.py::test_str2type_arrays": "types are strings here: `str2type` gives its argument",
    "test_typing.py::test_typeof_simple": "types are strings here: `typeof` gives one",
    "test_typing.py::test_typeof_array": "types are strings here: `typeof` gives one",
    "test_typing.py::test_typeof_np_scalar": "types are strings here: `typeof` gives one",
    "test_typing.py::test_optional": "asks for the text `repr` gives",
}


@dataclass
class Result:
    """What became of a test: "passed", "failed" or "other"."""

    test: str
    state: str
    reason: str = ""


def fetch() -> Path | None:
    """The unpacked source distribution; none if it is neither at hand nor downloadable."""
    WORK.mkdir(parents=True, exist_ok=True)
    archive = WORK / f"transonic-{VERSION}.tar.gz"
    if not archive.exists():
        command = [sys.executable, "-m", "unearth", "--no-binary", "-d", str(WORK), f"transonic=={VERSION}"]
        try:
            subprocess.run(command, capture_output=True, check=False, timeout=60)
        except subprocess.TimeoutExpired:
            return None
    if not archive.exists():
        return None
    folder = WORK / f"transonic-{VERSION}"
    if not folder.exists():
        with tarfile.open(archive) as opened:
            opened.extractall(WORK, filter="data")
    return folder


def names_in(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def imports(tree: ast.AST, scope: dict[str, Any]) -> dict[str, str]:
    """Carries out the imports of a tree; those of Transonic find `hypersonic.transonic`. Gives the names that nothing stands for."""
    missing: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [(alias.asname or alias.name.split(".")[0], alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found = [(alias.asname or alias.name, node.module or "", alias.name) for alias in node.names]
        else:
            continue
        for name, module, item in found:
            if module.split(".")[0] in MISSING:
                missing[name] = f"{module}, which is not in the source distribution"
            elif module.split(".")[0] == "transonic":
                documented = item is not None and module in ("transonic", "transonic.typing") and item in hypersonic.transonic.__all__
                if documented:
                    scope[name] = getattr(hypersonic.transonic, str(item))
                elif item == "wait_for_all_extensions":
                    scope[name] = hypersonic.transonic.wait_for_all_extensions
                else:
                    missing[name] = f"{module}.{item}, which is not documented"
            else:
                try:
                    exec(
                        f"import {module}" + (f" as {name}" if name != module.split(".")[0] else "")
                        if item is None
                        else f"from {module} import {item} as {name}",
                        scope,
                    )
                except ImportError as error:
                    missing[name] = str(error)
    return missing


def take(path: Path) -> list[Result]:
    """The results of the tests of a file."""
    tree = ast.parse(path.read_text())
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test")]
    for holder in tree.body:
        if isinstance(holder, ast.ClassDef):
            tests += [node for node in holder.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test")]
    results = []
    for test in tests:
        scope: dict[str, Any] = {"__name__": path.stem, "__file__": str(path)}
        outside = ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
        missing = imports(outside, scope) | imports(test, scope)
        needed, seen = [test.name], set()
        used = names_in(test) | {argument.arg for argument in test.args.args}
        definitions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        values = {
            target.id: node for node in tree.body if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)
        }
        while needed:
            name = needed.pop()
            if name in seen:
                continue
            seen.add(name)
            node = definitions.get(name) or values.get(name)
            if node is not None and node is not test:
                used |= names_in(node)
            needed += [found for found in used if found in definitions or found in values]
        label = f"{path.name}::{test.name}"
        lacking = sorted(
            {missing[name] for name in used | set(missing) if name in missing and (name in used)}
            | {name for name in used if name in MISSING}
        )
        if test.args.args and not lacking and "self" not in used:
            lacking = ["fixtures of Transonic's own"]
        if "self" in used:
            lacking = lacking or ["the set-up of its class, which is Transonic's own"]
        if lacking:
            results.append(Result(label, "other", f"needs {'; '.join(lacking[:2])}"))
            continue
        body = [node for node in tree.body if node is not test and getattr(node, "name", None) in seen]
        body = [node for node in tree.body if node in body or node in [values.get(name) for name in seen]] + [test]
        test.body = [node for node in test.body if not isinstance(node, ast.ImportFrom)] or [ast.Pass()]
        test.decorator_list = []
        try:
            exec(compile(ast.fix_missing_locations(ast.Module(body, [])), str(path), "exec"), scope)
            function: Callable[[], Any] = scope[test.name]
            function()
            results.append(Result(label, "passed"))
        except Exception as error:
            reason = OTHERWISE.get(label)
            last = traceback.extract_tb(error.__traceback__)[-1]
            text = f"{type(error).__name__}: {error} (line {last.lineno})"
            results.append(Result(label, "other" if reason else "failed", reason or text))
    return results


def suite() -> list[Result] | None:
    """All results; none if there is no source distribution."""
    folder = fetch()
    if folder is None:
        return None
    with tempfile.TemporaryDirectory() as here:
        before = os.getcwd()
        os.chdir(here)
        try:
            return [result for path in sorted((folder / "tests").rglob("test_*.py")) for result in take(path)]
        finally:
            os.chdir(before)


def main() -> int:
    results = suite()
    if results is None:
        print("the source distribution is not there")
        return 2
    for result in results:
        print(f"{result.state:7} {result.test:62} {result.reason}")
    print(dict(Counter(result.state for result in results)))
    return int(any(result.state == "failed" for result in results))


if __name__ == "__main__":
    sys.exit(main())
