"""The decorator of functions that are compiled when they are called."""

from ._settings import mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar, overload

    F = TypeVar("F", bound=Callable[..., Any])
else:

    def overload(function):
        return function


@overload
def jit(function: "F", /) -> "F": ...


@overload
def jit(function: None = None, /, *, background: bool = False, fastmath: bool = False, **transonic: "Any") -> "Callable[[F], F]": ...


def jit(function=None, /, *, background=False, fastmath=False, **transonic):  # type: ignore[no-untyped-def]
    """Compiles a function when it is called with types that are new to it, and runs the kernels from then on.

    Used as `@jit` or `@jit(option=value)`. No annotations are needed. With `background=True` Python answers until the
    kernels are there. `fastmath=True` means what it means for `boost`. Transonic's options (`native`, `xsimd`, `openmp`,
    `backend`) are taken and mean nothing.

    Kernels are kept on disk by what they were made from: `$HYPERSONIC_CACHE_DIR`, else the user's cache folder. The
    compiler is the distribution `hypersonic-build` (`pip install hypersonic[jit]`); without it, or where something cannot
    be compiled, the Python function answers, after one warning.

    Raises TypeError for options that nobody knows. Under `HYPERSONIC=require` a call raises RuntimeError where Python would
    have to answer because nothing was compiled.
    """
    unknown = transonic.keys() - {"native", "xsimd", "openmp", "backend"}
    if unknown:
        raise TypeError(f"jit() has no option {sorted(unknown)[0]!r}")
    if function is None:
        return lambda function: jit(function, background=background, fastmath=fastmath)
    if type(function) is not type(jit) or mode() == "off":
        return function
    try:
        from ._just_in_time.function import JitFunction
    except ImportError:
        # PyPy: there is no native part.
        return function
    plain: "Any" = function
    return JitFunction(plain, background, fastmath)
