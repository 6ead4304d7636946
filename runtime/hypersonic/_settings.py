"""The environment variables that decide from outside: `HYPERSONIC` and `HYPERSONIC_CPU_LEVEL`."""

import os

from ._warning import warn_once

MODES = ("off", "cpu", "cuda", "require", "verify")


def mode() -> str:
    """`HYPERSONIC`: `off`, `cpu`, `cuda`, `require` or `verify`; empty if it is not set (or is none of them)."""
    text = os.environ.get("HYPERSONIC", "").strip().lower()
    if text and text not in MODES:
        warn_once(f"HYPERSONIC={text} is ignored: it is none of {', '.join(MODES)}")
        return ""
    return text


def level_cap() -> "str | None":
    """`HYPERSONIC_CPU_LEVEL`: the highest microarchitecture level that may be used."""
    text = os.environ.get("HYPERSONIC_CPU_LEVEL", "").strip().lower()
    if not text:
        return None
    from . import _dispatch

    level = _dispatch.parse_level(text)
    if level is None:
        warn_once(f"HYPERSONIC_CPU_LEVEL={text} is ignored: this machine has no such level")
    return level
