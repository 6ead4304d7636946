"""Every name of Python's standard library that the peers compile, compared with CPython on ordinary and extreme values."""

from __future__ import annotations

import functools
import random
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
import array, bisect, cmath, functools, heapq, itertools, math, operator, os, os.path, random, statistics, string, time
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
