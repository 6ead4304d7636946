"""What a call of a `@jit` function goes through: the types of its arguments choose the kernel, or have it made."""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
import queue
import sys
import threading
import types
from collections.abc import Callable
from typing import Any

from .. import _dispatch
from .._boost import Record, as_mode_says
from .._settings import level_cap, mode
from .._warning import warn_once
from . import engine, store
from .signatures import type_of
from .snapshot import NotCompilable, Snapshot


class JitFunction:
    """A function whose kernels are made when it is called with types that are new to it.

    Whatever cannot be compiled is answered by the Python function, with one warning. What the function reads (functions,
    constants) is looked at before each call: if a name was bound anew, kernels are made anew.
    """

    def __init__(self, function: types.FunctionType, background: bool, fastmath: bool) -> None:
        functools.update_wrapper(self, function)
        self._function = function
        self._background = background
        self._fastmath = fastmath
        self._signature = inspect.signature(function)
        self._positional = len(self._signature.parameters)
        self._defaults = function.__defaults__ or ()
        # A keyword-only parameter cannot be left out by position.
        self._required = self._positional - len(self._defaults) if function.__kwdefaults__ is None else self._positional
        self._lock = threading.RLock()
        self._forget()

    def _forget(self) -> None:
        self._snapshot: Snapshot | None = None
        self._kernels: dict[Any, Callable[..., Any]] = {}
        self._signatures: list[str] = []
        self._level: str | None = None
        self._reason = "it was not called yet"

    @property
    def __hypersonic__(self) -> Record:
        """What `hypersonic.info` reads."""
        return Record(self._level, None if self._signatures else self._reason, list(self._signatures))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        count = len(args)
        if kwargs:
            try:
                bound = self._signature.bind(*args, **kwargs)
            except TypeError:
                return self._function(*args, **kwargs)
            bound.apply_defaults()
            if bound.kwargs:
                return self._function(*args, **kwargs)
            args = bound.args
        elif count != self._positional:
            if not self._required <= count < self._positional:
                return self._function(*args)
            args += self._defaults[count - self._required :]
        try:
            key = tuple(map(_key, args))
        except RecursionError:
            # A container that holds itself, or is nested very deeply.
            return self._function(*args)
        snapshot = self._snapshot
        if snapshot is not None and snapshot.may_change() and not snapshot.is_current():
            with self._lock:
                self._forget()
        kernel = self._kernels.get(key)
        if kernel is None:
            kernel = self._first(key, args)
        return kernel(*args)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    def __reduce__(self) -> str:
        return self.__qualname__  # type: ignore[no-any-return, attr-defined]

    def _first(self, key: Any, args: tuple[Any, ...]) -> Callable[..., Any]:
        try:
            names = [type_of(value) for value in args]
        except RecursionError:
            return self._stay(key, "an argument is nested too deeply", quiet=True)
        if None in names:
            which = self._signature.parameters
            culprit = next(name for name, found in zip(which, names, strict=False) if found is None)
            return self._stay(key, f"no kernel takes an argument such as `{culprit}`", quiet=True)
        text = f"{self._function.__name__}({', '.join(map(str, names))})"
        if not self._background:
            return self._make(key, text)
        with self._lock:
            if key not in self._kernels:
                self._kernels[key] = self._function
                _submit(lambda: self._make(key, text, anew=True))
        return self._function

    def _make(self, key: Any, text: str, anew: bool = False) -> Callable[..., Any]:
        with self._lock:
            known = self._kernels.get(key)
            if known is not None and not anew:
                return known
            try:
                if self._snapshot is None:
                    self._snapshot = Snapshot(self._function)
                kernel = _kernel(self._function, self._snapshot, text, self._fastmath)
            except (NotCompilable, engine.EngineError) as problem:
                return self._stay(key, str(problem))
            except RecursionError:
                return self._stay(key, "its source is nested too deeply")
            self._kernels[key] = kernel
            self._signatures += [signature for signature in kernel.__hypersonic__.signatures if signature not in self._signatures]
            self._level = kernel.__hypersonic__.level
            return kernel  # type: ignore[no-any-return]

    def _stay(self, key: Any, reason: str, quiet: bool = False) -> Callable[..., Any]:
        """Python answers calls with these types from now on."""
        if mode() == "require":
            raise RuntimeError(f"HYPERSONIC=require: {self._function.__qualname__} stays Python: {reason}")
        self._reason = reason
        self._kernels[key] = self._function
        if not quiet:
            warn_once(f"`{self._function.__qualname__}` stays Python: {reason}")
        return self._function


def _key(value: Any) -> Any:
    """What tells types apart as signatures do."""
    kind = type(value)
    if kind is tuple:
        return tuple(map(_key, value))
    if kind in (list, set, dict):
        # The kernel looks at every element, and leaves calls with others to Python.
        first = next(iter(value), None)
        return kind, bool(value), _key(first), _key(value[first]) if kind is dict and value else None
    dtype = getattr(value, "dtype", None)
    return kind if dtype is None else (kind, dtype, getattr(value, "ndim", 0))


def _kernel(function: types.FunctionType, snapshot: Snapshot, signature: str, fastmath: bool) -> Any:
    """The kernel of a signature: from the store, or made and put there."""
    texts = snapshot.texts()
    main = snapshot.module.name
    mark = "@boost(fastmath=True)" if fastmath else "@boost"
    text = texts[main].replace(f"def {snapshot.name}(", f"{mark}\ndef {snapshot.name}(", 1)
    texts[main] = f"from hypersonic import boost\n# hypersonic def {signature}\n{text}"
    level = _dispatch.host_level(level_cap())
    options = ["--level", level] if level is not None else []
    if mode() != "cuda":
        options.append("--no-gpu")
    made_from = json.dumps([engine.find()[1], sys.byteorder, options, sorted(texts.items())])
    entry = (store.folder() or store.temporary()) / hashlib.sha256(made_from.encode()).hexdigest()
    for attempt in (1, 2):
        said = "" if entry.is_dir() else engine.compile_to(entry, texts, options)
        try:
            library = _dispatch.Library(entry, level_cap())
            facts = library.function(main, snapshot.name)
            if facts is None:
                raise NotCompilable(said or "the compiler found no function")
            _, signatures, reasons = facts
            if not signatures:
                raise NotCompilable("; ".join(reasons) or said or "none of its signatures could be compiled")
            kernel = library.bind(main, snapshot.name, function)
        except (ValueError, OSError) as error:
            # Damaged on disk, or of another time.
            store.remove(entry)
            if attempt == 2:
                raise engine.EngineError(f"its kernels cannot be used: {error}") from None
            continue
        kernel.__hypersonic__ = Record(library.level, None, signatures)
        return as_mode_says(kernel, function)
    raise AssertionError("unreachable")


_jobs: queue.SimpleQueue[Callable[[], Any]] = queue.SimpleQueue()
_worker: threading.Thread | None = None
_pending = threading.Condition()
_count = 0


def _submit(job: Callable[[], Any]) -> None:
    """Has a job done by the one thread for compilations in the background."""
    global _worker, _count
    with _pending:
        _count += 1
        _jobs.put(job)
        if _worker is None:
            _worker = threading.Thread(target=_work, name="hypersonic-jit", daemon=True)
            _worker.start()


def _work() -> None:
    global _count
    while True:
        job = _jobs.get()
        try:
            job()
        except Exception as error:  # A call must not be spoiled by what happens beside it.
            warn_once(f"a compilation in the background failed: {error}")
        with _pending:
            _count -= 1
            _pending.notify_all()


def wait_for_compilations(timeout: float | None = None) -> bool:
    """Waits until nothing is being compiled in the background; whether that came to be within `timeout` seconds."""
    with _pending:
        return _pending.wait_for(lambda: _count == 0, timeout)
