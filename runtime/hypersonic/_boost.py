"""The decorator: attaches kernels to a function, or leaves it as it is and remembers why."""

from ._packages import Package, package_of
from ._settings import mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar, overload

    F = TypeVar("F", bound=Callable[..., Any])
else:

    def overload(function):
        return function


_Function = type(lambda: None)


# Ufuncs by identity, with what was decided for them: they take no attributes.
ufuncs: "dict[int, tuple[Any, Record]]" = {}


class Record:
    """What was decided for a function; kept as its attribute `__hypersonic__`, read by `info`."""

    __slots__ = ("level", "parallel", "reason", "refused", "signatures")

    def __init__(
        self,
        level: "str | None",
        reason: "str | None",
        signatures: "list[str]",
        refused: "str | None" = None,
        parallel: bool = False,
    ) -> None:
        self.level = level
        self.reason = reason
        self.signatures = signatures
        self.refused = refused
        self.parallel = parallel


@overload
def boost(function: "F", /) -> "F": ...


@overload
def boost(function: None = None, /, **options: "Any") -> "Callable[[F], F]": ...


def boost(function=None, /, **options):  # type: ignore[no-untyped-def]
    """Runs a function as compiled kernels where they fit, as Python everywhere else.

    Used as `@boost` or `@boost(option=value)`. The options are read from the source when the wheel is built and mean
    nothing at run time, but for `ufunc=True`, which makes a ufunc of the function, compiled or not. A method is boosted in the
    body of its class, under `property`, `staticmethod` and `classmethod` or above them. A class, or anything else, is returned
    unchanged.

    Raises ImportError only under `HYPERSONIC=require`, when the package has kernels but this function stays Python.
    """
    if function is None:
        return _boost_ufunc if options.get("ufunc") is True else boost
    kind = type(function)
    if kind is _Function:
        return _attach(function)
    if kind in (staticmethod, classmethod) and type(function.__func__) is _Function:
        return kind(_attach(function.__func__))
    if kind is property and type(function.fget) is _Function:
        return function.getter(_attach(function.fget))
    return function


def _boost_ufunc(function: "Any") -> "Any":
    """What `@boost(ufunc=True)` does."""
    boosted = boost(function)
    if type(function) is not _Function or id(boosted) in ufuncs:
        return boosted
    # Without loops of its own a function is called with every element, compiled or not.
    from ._ufunc import PythonUfunc

    ufunc = PythonUfunc(boosted)
    ufunc.__hypersonic__ = boosted.__hypersonic__
    return ufunc


def attach(scope: "dict[str, Any]") -> None:
    """Gives the functions of a module their kernels that comments such as `# pythran export f(float[:])` asked for.

    Called by the last line of such modules in wheels, with their `globals()`. Functions that have no kernels stay as they are.
    Raises ImportError only under `HYPERSONIC=require`, as `boost` does.
    """
    module = module_name(scope)
    package = None if module is None or mode() == "off" else package_of(module)
    if package is None or package.library is None:
        return
    for name, function in list(scope.items()):
        if type(function) is _Function and function.__qualname__ == name and function.__globals__ is scope:
            facts = package.library.function(str(module), name)
            if facts is not None and not hasattr(function, "__hypersonic__"):
                scope[name] = _attach(function)
                _, is_capsule = package.library.exports(str(module), name) or (False, False)
                if is_capsule and type(scope[name]) is not _Function:
                    scope[name] = package.library.capsule(str(module), name, function)


def _attach(function: "Any") -> "Any":
    scope = function.__globals__
    module = module_name(scope)
    if module is None or function.__module__ != scope.get("__name__"):
        return _python(function, None, "it belongs to no installed package")
    if mode() == "off":
        return _python(function, None, "HYPERSONIC=off")
    package = package_of(module)
    if package is None:
        return _python(function, None, "no kernels were built for its package")
    if package.library is None:
        return _python(function, package, package.reason or "its kernels cannot be used")
    facts = package.library.function(module, function.__qualname__)
    if facts is None:
        return _python(function, package, "no kernels were built for it")
    depends, signatures, reasons = facts
    if not signatures and package.library.is_left(module, function.__qualname__):
        # Decided, not missing: nothing that `HYPERSONIC=require` is about.
        return _python(function, None, "; ".join(reasons))
    if not signatures:
        return _python(function, package, "; ".join(reasons) or "none of its signatures could be compiled")
    if not __debug__ and package.library.has_asserts(module, function.__qualname__):
        return _python(function, package, "python -O leaves out its assert statements")
    if hasattr(function, "__wrapped__") or function.__code__.co_name != function.__name__:
        # It bears the name of the function inside, which the kernels are made of.
        return _python(function, package, "another decorator has changed it")
    path = scope.get("__file__")
    if not isinstance(path, str) or function.__code__.co_filename != path:
        return _python(function, package, "its source is not available")
    stale = package.staleness(module, path, depends)
    if stale is not None:
        return _python(function, package, stale)
    from . import _dispatch

    try:
        boosted = package.library.bind(module, function.__qualname__, function)
    except ValueError as error:
        package.warn_of(function.__qualname__, str(error))
        return _python(function, package, str(error))
    count, refused = _dispatch.planned(boosted) or (len(signatures), None)
    if refused is not None:
        package.warn_of(function.__qualname__, refused)
    record = Record(package.library.level, None, signatures[:count], refused)
    boosted.__hypersonic__ = record
    is_ufunc, _ = package.library.exports(module, function.__qualname__) or (False, False)
    return _ufunc(package, module, function, record) if is_ufunc else as_mode_says(boosted, function)


def as_mode_says(boosted: "Any", function: "Any") -> "Any":
    """The function with kernels, under `HYPERSONIC=verify` beside the Python function that they are compared with."""
    if mode() != "verify":
        return boosted
    from ._verify import verified

    return verified(boosted, function)


def _ufunc(package: "Package", module: str, function: "Any", record: Record) -> "Any":
    """The ufunc that a function is."""
    try:
        assert package.library is not None
        ufunc = package.library.ufunc(module, function.__qualname__, function)
    except (ImportError, ValueError, AttributeError) as error:
        package.warn_of(function.__qualname__, str(error))
        return _python(function, package, str(error))
    ufuncs[id(ufunc)] = (ufunc, record)
    return ufunc


def module_name(scope: "dict[str, Any]") -> "str | None":
    """The dotted name of the module that a function stands in; None for scripts and for code of no module."""
    name = scope.get("__name__")
    if name == "__main__":
        # `python -m package.module` runs a module under another name.
        name = getattr(scope.get("__spec__"), "name", None)
    return name if isinstance(name, str) else None


def _python(function: "Any", package: "Package | None", reason: str) -> "Any":
    """The function itself, its reason attached."""
    if package is not None and mode() == "require":
        raise ImportError(f"HYPERSONIC=require: {function.__module__}.{function.__qualname__} stays Python: {reason}")
    function.__hypersonic__ = Record(None, reason, [])
    return function
