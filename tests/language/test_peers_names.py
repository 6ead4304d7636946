"""Every name of Python's standard library that the peers compile, compared with CPython on ordinary and extreme values."""

from __future__ import annotations

import builtins as python
import functools
import importlib
import random
import re
import tempfile
from pathlib import Path

import oracle
import pytest
from peers_names import Row, builtins, iterators, mathematics, modules, operators

TABLES = {
    "mathematics": mathematics.ROWS,
    "iterators": iterators.ROWS,
    "operators": operators.ROWS,
    "modules": modules.ROWS,
    "builtins": builtins.ROWS,
}
HEADING = """
import array, bisect, cmath, functools, heapq, io, itertools, math, operator, os, os.path, random, statistics, string, time
try:
    import omp
except ImportError:
    pass
from hypersonic import boost
"""


def written(row: Row) -> str:
    """Its function."""
    body = row.body if "return " in row.body else f"return {row.body}"
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"\n@boost\ndef {row.function}({row.parameters}):\n{lines}\n"


@functools.cache
def built(table: str) -> oracle.Built:
    source = HEADING + "".join(written(row) for row in TABLES[table])
    return oracle.build(Path(tempfile.mkdtemp()), source, name=f"peers_{table}")


@pytest.mark.parametrize(("table", "row"), [pytest.param(table, row, id=row.name) for table, rows in TABLES.items() for row in rows])
def test_name(table: str, row: Row) -> None:
    package = built(table)
    if row.stays:
        assert package.state(row.function) == "python"
        assert row.stays in package.log
        return
    assert row.calls
    for arguments in row.calls:
        if row.check == "seeded":
            seeded(package, row, arguments)
        else:
            package.check(row.function, *arguments, ulp=row.ulp)


def seeded(package: oracle.Built, row: Row, arguments: tuple[object, ...]) -> None:
    """Compares results, and the states of the generator behind them."""
    function = getattr(package, row.function)
    assert package.state(row.function) == "cpu", package.log
    outcomes = []
    for each in (function, function.__wrapped__):
        random.seed(20)
        outcomes.append((oracle.run(each, oracle.clone(arguments)), random.getstate()))
    (ours, state), (theirs, expected) = outcomes
    where = f"{row.name}{arguments!r}"
    assert repr(ours.error) == repr(theirs.error), where
    oracle.assert_same((ours.value, ours.args), (theirs.value, theirs.args), row.ulp, where)
    assert state == expected, f"{where}: the generator is in another state"


MODULES = "math cmath itertools functools operator bisect heapq random statistics string time".split()
# Not functions that anybody calls in a kernel: types of Python's own, and what only this version's platform has.
OTHERS = {
    "operator": {"a"},
    "functools": {"WRAPPER_ASSIGNMENTS", "WRAPPER_UPDATES", "cmp_to_key", "Placeholder"},
    "statistics": {"StatisticsError"},
}


def documented() -> set[str]:
    """What `docs/supported.md` names, of modules without those of NumPy."""
    page = (Path(__file__).parents[2] / "docs" / "supported.md").read_text()
    return set(re.findall(r"`([\w.]+)`", page))


@pytest.mark.parametrize("module", MODULES)
def test_every_name_of_the_module_is_compiled_or_said_not_to_be(module: str) -> None:
    loaded = importlib.import_module(module)
    public = getattr(loaded, "__all__", None) or [name for name in dir(loaded) if not name.startswith("_")]
    names = {f"{module}.{name}" for name in public if not isinstance(getattr(loaded, name), type(functools))} - {
        f"{module}.{name}" for name in OTHERS.get(module, set())
    }
    names -= {f"{module}.{name}" for name in dir(loaded) if name.startswith(("CLOCK_", "timezone", "tzname", "altzone", "daylight"))}
    missing = names - documented()
    assert not missing, sorted(missing)


def test_every_row_is_documented() -> None:
    page = documented()
    known = (
        page | set(re.findall(r"`([\w.]+)`", HEADING)) | {name for name in dir(python) if name.endswith(("Error", "Exception", "Warning"))}
    )
    for rows in TABLES.values():
        for row in rows:
            base = row.name
            while base and base not in known and base.replace("__", "") not in known:
                base = base.rpartition(".")[0]
            assert base or row.name.split(".")[0] in {
                *known,
                "KeyboardInterrupt",
                "GeneratorExit",
                "StopAsyncIteration",
                "StopIteration",
                "SystemExit",
            }, row.name
