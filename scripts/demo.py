"""Builds an example with pip in a fresh environment, installs it, and shows what became faster.

An example is a project with a `bench.py` whose `cases()` gives (name, function, arguments).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"


def run(command: list[str | Path], **environment: str) -> str:
    """Run a command; its standard output. What it says to standard error is shown."""
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"{done.stdout}\ndemo: failed: {' '.join(map(str, command))}")
    return done.stdout


def demonstrate(example: Path, work: Path) -> None:
    """Build, install, measure, print."""
    print(f"building {example.name} with pip, in an environment of its own")
    start = time.perf_counter()
    wheels = work / "wheels"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    run([*pip, "wheel", "--quiet", "--no-index", "--no-deps", "--find-links", DIST, "--wheel-dir", wheels, example])
    (wheel,) = wheels.glob("*.whl")
    print(f"  {wheel.name}\n  {wheel.stat().st_size} bytes, {time.perf_counter() - start:.1f} s")

    print("installing it into another fresh environment, without the compiler")
    venv.create(work / "environment", with_pip=True)
    python = work / "environment" / "bin" / "python"
    install: list[str | Path] = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run([*install, "numpy"])
    run([*install, "--no-index", "--no-deps", "--find-links", DIST, "hypersonic", wheel])

    measure: list[str | Path] = [python, __file__, "--measure", example]
    compiled = json.loads(run(measure))
    plain = {row["name"]: row for row in json.loads(run(measure, HYPERSONIC="off"))}
    show(compiled, plain)


def show(compiled: list[dict[str, Any]], plain: dict[str, dict[str, Any]]) -> None:
    """The table: function, where it runs, level, times, ratio."""
    print(f"\n{'function':<24}{'runs on':<9}{'level':<12}{'NumPy/Python':>14}{'hypersonic':>14}{'speed-up':>10}")
    for row in compiled:
        before, after = plain[row["name"]]["seconds"], row["seconds"]
        times = f"{before * 1e3:>11.3f} ms{after * 1e3:>11.3f} ms{before / after:>9.1f}x"
        print(f"{row['name']:<24}{row['state']:<9}{row['level'] or '-':<12}{times}")
        if row["reason"]:
            print(f"  {row['reason']}")


def measure(example: Path) -> list[dict[str, Any]]:
    """The median time of each case, in this process."""
    import hypersonic

    spec = importlib.util.spec_from_file_location("bench", example / "bench.py")
    assert spec is not None and spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    rows = []
    for name, function, arguments in bench.cases():
        info = hypersonic.info(function)
        seconds = median_seconds(function, arguments)
        rows.append(
            {"name": name, "seconds": seconds, "state": info.state, "level": info.level, "reason": info.reason},
        )
    return rows


def median_seconds(function: Callable[..., object], arguments: list[Any], budget: float = 1.0) -> float:
    """Of as many calls as fit the budget, after one to warm up."""
    function(*arguments)
    times: list[float] = []
    while len(times) < 3 or (sum(times) < budget and len(times) < 200):
        start = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", nargs="*", type=Path, default=[ROOT / "examples" / "geodistance"])
    parser.add_argument("--measure", type=Path, help="time one example, installed here, and print JSON")
    arguments = parser.parse_args()
    if arguments.measure is not None:
        print(json.dumps(measure(arguments.measure)))
        return
    for example in arguments.examples:
        with tempfile.TemporaryDirectory(prefix="hypersonic-demo-") as work:
            demonstrate(example.resolve(), Path(work))


if __name__ == "__main__":
    main()
