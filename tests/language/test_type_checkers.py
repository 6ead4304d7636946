"""A boosted package under `mypy --strict`: the spellings of types that checkers know need no `type: ignore`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import hypersonic
import numpy as np

SOURCE = """
from collections.abc import Callable
from typing import Annotated, Final, Literal, TypeAlias

import hypersonic
import numpy as np
from hypersonic import boost, jit, prange
from hypersonic.typing import Shape
from numpy.typing import NDArray

Vector: TypeAlias = Annotated[NDArray[np.float64], Shape("n")]
Points = Annotated[NDArray[np.float64], Shape("n", 3)]
LIMIT: Final = 10


@boost
def norms(points: Points) -> Vector:
    result: NDArray[np.float64] = np.sqrt(np.sum(points * points, axis=1))
    return result


@boost(fastmath=True)
def scale(x: Vector | float, k: int | None = None, how: Literal["up", "down"] = "up") -> Vector | float:
    factor = LIMIT if k is None else k
    return x * factor if how == "up" else x / factor


@boost
def tally(words: list[str], counts: dict[str, int], seen: set[int], pair: tuple[int, float]) -> dict[str, int]:
    for i in prange(len(words)):
        counts[words[i]] = counts.get(words[i], 0) + pair[0]
    return counts


@jit
def late(x: float) -> float:
    with hypersonic.block(x=float):
        y = x * 2
    return y


class Field:
    k: float = 2.0

    @boost
    def scaled(self, x: Vector) -> Vector:
        return self.k * x

    @property
    @boost
    def twice(self) -> float:
        return 2 * self.k


def used() -> None:
    a: NDArray[np.float64] = norms(np.ones((2, 3)))
    b: float = late(1.0)
    c: float = Field().twice
    d: Callable[[float], float] = late
    state: str = hypersonic.info(norms).state
    print(a, b, c, d, state)
"""


def test_a_boosted_package_is_clean_under_mypy(tmp_path: Path) -> None:
    package = tmp_path / "boosted"
    package.mkdir()
    (package / "__init__.py").write_text(SOURCE)
    (package / "py.typed").touch()
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(package)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    # A mistake in the call of a boosted function is seen through the decorator.
    (package / "__init__.py").write_text(SOURCE.replace("norms(np.ones((2, 3)))", "norms('three')"))
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1 and 'Argument 1 to "norms" has incompatible type "str"' in run.stdout, run.stdout


def test_that_package_is_compiled(build) -> None:  # type: ignore[no-untyped-def]
    built = build(SOURCE)
    for name in ("norms", "scale", "tally"):
        assert hypersonic.info(getattr(built.module, name)).state == "cpu", name
    built.check("norms", np.arange(12.0).reshape(4, 3))
    built.check("scale", 2.0, 3, "down")
    built.check("scale", np.arange(3.0))
    built.check("tally", ["a", "b", "a"], {"b": 5}, {1}, (2, 0.5))
