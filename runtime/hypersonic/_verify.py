"""`HYPERSONIC=verify`: every call of a kernel is made a second time by the Python function, on copies, and both are compared."""

from __future__ import annotations

import contextlib
import functools
import io
import sys
from typing import TYPE_CHECKING, Any

from ._copies import Uncopyable, copies
from ._differences import difference
from ._warning import warn_once

if TYPE_CHECKING:
    from collections.abc import Callable


class MismatchError(AssertionError):
    """A kernel and its Python function did not do the same; only raised under `HYPERSONIC=verify`."""


def verified(boosted: Any, function: Callable[..., Any]) -> Any:
    """A function that calls the kernels and compares with the Python function.

    `boosted` is the function with kernels that were made from `function`. The caller gets what the kernels give, MismatchError
    if Python gives another value, writes something else to the arguments, or raises another exception. Calls that Python answers
    anyway are not compared; nor are those whose arguments cannot be copied, about which a warning is given once.
    """

    @functools.wraps(function)
    def both(*args: Any, **kwargs: Any) -> Any:
        try:
            copied_args, copied_kwargs = copies((args, kwargs))
        except Uncopyable as problem:
            warn_once(f"HYPERSONIC=verify: a call of `{function.__qualname__}` is not compared: {problem}")
            return boosted(*args, **kwargs)
        before = _random_state()
        expected, raised, printed = _outcome(function, copied_args, copied_kwargs)
        after = _random_state()
        _restore(before)
        answered = _fallbacks(boosted)
        value, error, written = _outcome(boosted, args, kwargs)
        print(written, end="")
        if _fallbacks(boosted) == answered:
            found = _compare((value, error), (expected, raised))
            found = found or difference(args, copied_args, "argument ") or difference(kwargs, copied_kwargs, "argument ")
            found = found or _sharing(value, args, expected, copied_args)
            if found is None and written != printed:
                found = f"the kernel prints {written!r}, Python {printed!r}"
            if found is None and _random_state() != after:
                found = "the state of the module `random` is not the same afterwards"
            if found is not None:
                raise MismatchError(f"`{function.__module__}.{function.__qualname__}`: kernel and Python differ: {found}") from error
        if error is not None:
            try:
                raise error
            finally:
                # The frame would keep the exception that keeps the frame.
                del error, raised
        return value

    both.__hypersonic_kernels__ = boosted  # type: ignore[attr-defined]
    both.__hypersonic__ = boosted.__hypersonic__  # type: ignore[attr-defined]
    return both


def _outcome(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, BaseException | None, str]:
    """The value, the exception, and what was printed."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        try:
            return function(*args, **kwargs), None, output.getvalue()
        except MismatchError:
            # Of a function that this one calls.
            raise
        except Exception as error:
            return None, error, output.getvalue()


def _fallbacks(boosted: Any) -> int:
    from . import _dispatch

    return (_dispatch.fallbacks(boosted) or (0, None))[0]


def _compare(ours: tuple[Any, BaseException | None], theirs: tuple[Any, BaseException | None]) -> str | None:
    (value, error), (expected, raised) = ours, theirs
    if error is None and raised is None:
        return difference(value, expected, "result")
    if type(error) is type(raised) and str(error) == str(raised):
        return None
    return f"the kernel {_said(value, error)}, Python {_said(expected, raised)}"


def _said(value: Any, error: BaseException | None) -> str:
    if error is not None:
        return f"raises {error!r}"
    text = repr(value)
    return f"gives {text if len(text) <= 200 else text[:197] + '...'}"


def _sharing(value: Any, args: tuple[Any, ...], expected: Any, copied: tuple[Any, ...]) -> str | None:
    """Whether the result is a view of an argument in one and not in the other."""
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(value, numpy.ndarray):
        return None
    for place, argument in enumerate(args):
        if isinstance(argument, numpy.ndarray):
            of_kernel, of_python = numpy.may_share_memory(value, argument), numpy.may_share_memory(expected, copied[place])
            if of_kernel != of_python:
                whose = "kernel" if of_kernel else "Python function"
                return f"the result of the {whose} alone is a view of argument {place}"
    return None


def _random_state() -> Any:
    module = sys.modules.get("random")
    return None if module is None else module.getstate()


def _restore(state: Any) -> None:
    if state is not None:
        sys.modules["random"].setstate(state)
