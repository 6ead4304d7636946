"""Every name of Python's standard library that the peers compile, compared with CPython on ordinary and extreme values."""

from __future__ import annotations

import functools
import random
import tempfile
from pathlib import Path

import oracle
import pytest
from peers_names import Row, iterators, mathematics

TABLES = {"mathematics": mathematics.ROWS, "iterators": iterators.ROWS}
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
        states = []
        if row.check == "seeded":
            random.seed(20)
        package.check(row.function, *arguments, ulp=row.ulp)
        states.append(random.getstate())
