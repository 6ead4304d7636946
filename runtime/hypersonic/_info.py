"""What runs when a boosted function is called, and why."""

from dataclasses import dataclass, field
from typing import Any, Literal

from ._boost import Record, ufuncs
from ._settings import mode


@dataclass(frozen=True)
class Info:
    """The answer of `hypersonic.info`.

    `state` is `"cpu"` or `"cuda"` where kernels are attached, else `"python"`, and `reason` then says why (beside kernels it says which
    signature is not used, if one is not): `"cuda"` if the last call that a kernel answered ran on a GPU, or if `HYPERSONIC=cuda` and one is
    there. `level` is the microarchitecture level of the kernels (`x86-64-v3`), `signatures` the compiled ones in the order in which a call
    tries them. `threads` is on how many threads at most its parallel loops run, 1 if it has none. `fallbacks` counts the calls that
    Python answered all the same, `last_fallback` says why the last of them did.
    """

    state: Literal["cpu", "cuda", "python"]
    level: "str | None" = None
    reason: "str | None" = None
    signatures: "list[str]" = field(default_factory=list)
    fallbacks: int = 0
    last_fallback: "str | None" = None
    threads: int = 1

    def __str__(self) -> str:
        if self.state == "python":
            return f"Python: {self.reason}"
        head = f"{self.state}, {self.level}" + (f", {self.threads} threads" if self.threads > 1 else "")
        lines = [head, *(f"  {signature}" for signature in self.signatures)]
        if self.reason is not None:
            lines.append(f"  {self.reason}")
        if self.fallbacks:
            calls = "1 call" if self.fallbacks == 1 else f"{self.fallbacks} calls"
            lines.append(f"  {calls} answered by Python; the last one: {self.last_fallback}")
        return "\n".join(lines)


def info(function: Any) -> Info:
    """What runs when `function` is called. Takes any object; a function that was never boosted is just Python."""
    if isinstance(function, property):
        function = function.fget
    function = getattr(function, "__func__", function)
    record = ufuncs[id(function)][1] if id(function) in ufuncs else getattr(function, "__hypersonic__", None)
    if not isinstance(record, Record):
        return Info("python", reason="it is not a boosted function")
    if record.reason is not None:
        return Info("python", reason=record.reason)
    from . import _dispatch

    function = getattr(function, "__hypersonic_kernels__", function)
    fallbacks, last = _dispatch.fallbacks(function) or (0, None)
    expected = mode() == "cuda" and _dispatch.has_gpu_kernels(function) and _dispatch.driver_problem() is None
    on_gpu = expected or _dispatch.ran_on_gpu(function)
    threads = _dispatch.get_num_threads() if _dispatch.has_parallel_loops(function) else 1
    return Info("cuda" if on_gpu else "cpu", record.level, record.refused, list(record.signatures), fallbacks, last, threads)
