"""The one category of warnings that hypersonic gives, each text once per process."""

import warnings

_given: set[str] = set()


class HypersonicWarning(RuntimeWarning):
    """Kernels that should be used are not; the Python functions run instead."""


def warn_once(text: str) -> None:
    """Warns, the first time that `text` is given. Never raises, even where warnings are errors: imports go on."""
    if text in _given:
        return
    _given.add(text)
    try:
        warnings.warn(text, HypersonicWarning, stacklevel=2)
    except HypersonicWarning:
        # `-W error`: the user asked for exceptions, but an import must not fail because of us.
        _print(text)


def _print(text: str) -> None:
    import sys

    if sys.stderr is not None:
        sys.stderr.write(f"HypersonicWarning: {text}\n")
