"""Arguments for the functions of `loops.py`."""

from __future__ import annotations

from typing import Any

import numpy as np


def plain(seed: int, *shape: int) -> Any:
    """Values between 0 and 1."""
    return np.random.default_rng(seed).random(shape)


def grid(height: int, width: int) -> Any:
    """Points about the Mandelbrot set."""
    return np.linspace(-2, 0.5, width) + 1j * np.linspace(-1.2, 1.2, height)[:, None]


LOOPS: list[tuple[str, tuple[Any, ...], str]] = [
    ("scaled", (plain(1, 700), np.zeros(700), 2.5), ""),
    ("scaled", (plain(1, 700)[::2], np.zeros(1050)[::3], -1.0), "strided"),
    ("scaled", (plain(1, 700), np.zeros(701), 2.5), "longer"),
    ("stencil", (plain(2, 30, 40), np.zeros((30, 40))), ""),
    ("stencil", (plain(2, 40, 30).T, np.zeros((60, 80))[::2, ::2]), "strided"),
    ("stencil", (plain(2, 3, 3), np.zeros((3, 3))), "one"),
    ("heat", (plain(3, 20, 30), np.zeros((20, 30)), 5), ""),
    ("mandelbrot", (grid(20, 30), 50), ""),
    ("product", (plain(4, 12, 9), plain(5, 9, 14), np.zeros((12, 14))), ""),
    ("product", (plain(4, 12, 9), plain(5, 14, 9).T, np.zeros((14, 12)).T), "Fortran"),
    ("pairwise", (plain(6, 25, 3),), ""),
    ("triangle", (plain(7, 20), np.zeros((20, 20))), ""),
    ("pairs", (plain(8, 701).astype("float32"),), ""),
    ("backwards", (np.arange(300, dtype="int32"), np.zeros(300, "int32")), ""),
    ("clipped", (plain(9, 500) * 4 - 2, np.full(500, 9.0)), ""),
    ("row_sums", (plain(10, 300, 7), np.zeros(300)), ""),
    ("row_sums", (plain(10, 7, 300).T, np.zeros(300)), "transposed"),
    ("halves", (plain(12, 601),), ""),
    ("numbered", (np.zeros((5, 6, 7), np.int64),), ""),
    ("phases", ((plain(13, 300) + 1j * plain(14, 300)).astype("complex64"), plain(15, 300)), ""),
    ("flags", (plain(16, 400), np.zeros(400, bool)), ""),
    ("mixed", (plain(17, 400),), ""),
    ("filled", (plain(18, 400), 400), ""),
    ("filled", (plain(18, 400), 300), "part"),
    ("twice", (plain(19, 400), 400), ""),
]
"""Name, arguments, what is special."""
