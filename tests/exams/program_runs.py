"""Builds many programs in one package and compares each with CPython, in a process that may crash or hang."""

from __future__ import annotations

import hashlib
import math
import multiprocessing
import re
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import hypersonic
import numpy as np
import oracle
from program_functions import Program

HEADER = "import math\nimport numpy as np\nfrom hypersonic import boost\n\n"
QUICK = oracle.QUICK + "optimize = false\n"
MEMORY = 4 << 30
CALLS = 5
# Of processor time, whatever else the machine has to do: for a call in both languages, and for a kernel that does not come back.
CALL_SECONDS = 5
PROGRAM_SECONDS = 60
# Of waiting: for a build, and for a process that stands still.
PATIENCE = 1200


@dataclass
class Outcome:
    """What became of a program.

    `state` is "equal", "mismatch", "crash", "hang", "slow" (it takes too long, or too much memory) or "python"; `text` is the reason or
    what differs, `args` the arguments for which it does. `answered` counts the calls that returned from the kernel,
    `raised` those that raise in Python, `fallbacks` those that Python answered although they raise nothing, `messages`
    those whose exception lacks the text that Python gives it (see `shortened`), `declined` those that a kernel cannot finish
    (see `documented`).
    """

    state: str
    text: str = ""
    args: tuple[Any, ...] | None = None
    answered: int = 0
    raised: int = 0
    fallbacks: int = 0
    messages: int = 0
    declined: int = 0
    reasons: list[str] = field(default_factory=list)


@dataclass
class Case:
    """A program and the lists of arguments that it is called with."""

    program: Program
    arguments: Sequence[tuple[Any, ...]]


class Slow(BaseException):
    """A call took too long."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises `Slow` after so much processor time, in a main thread."""

    def stop(_: int, __: FrameType | None) -> None:
        raise Slow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
        # What is raised within a call of a kernel into Python does not come out of it.
        if signal.setitimer(signal.ITIMER_PROF, 0)[0] == 0:
            raise Slow
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def case(program: Program, seed: int) -> Case:
    random = Random(seed)
    return Case(program, [program.arguments(random) for _ in range(CALLS)])


def build(programs: Sequence[Program], folder: Path, optimize: bool) -> oracle.Built:
    source = HEADER + "\n\n".join(program.text(f"f{number}") for number, program in enumerate(programs))
    name = "programs_" + hashlib.sha256(source.encode()).hexdigest()[:16]
    return oracle.build(folder, source, name=name, extra=oracle.QUICK if optimize else QUICK)


# Where docs/semantics.md says that the two differ.
OVERFLOW = "OverflowError"


def documented(ours: oracle.Outcome, theirs: oracle.Outcome) -> bool:
    """Whether the difference is one that docs/semantics.md lists for what is behind a write that the caller can see: what leaves 64 bits,
    and what only Python knows (a NaN that is looked for, a dict whose keys are exchanged in a loop over it)."""
    if isinstance(ours.error, NotImplementedError):
        return str(ours.error).startswith("only Python can compute this")
    return isinstance(ours.error, OverflowError) and "64" in str(ours.error)


def shortened(ours: oracle.Outcome, theirs: oracle.Outcome) -> bool:
    """Whether it is an exception behind a write, of the right type, that lacks its cause, or whose text lacks the value: kernels have none for it."""
    if theirs.error is None or type(ours.error) is not type(theirs.error):
        return False
    texts = ("", "''", "pop index out of range", "invalid literal for int()", "could not convert string to float", "value is not in list")
    if str(ours.error) != str(theirs.error):
        return str(ours.error) in texts
    writable = any(isinstance(argument, list | dict | set | np.ndarray) for argument in theirs.args)
    return writable and ours.error.__cause__ is None and theirs.error.__cause__ is not None


def judge(function: Any, case: Case, internal: set[str]) -> Outcome:
    """Calls the function with all its arguments."""
    information = hypersonic.info(function)
    if information.state != "cpu":
        reason = str(information.reason)
        return Outcome("internal" if function.__name__ in internal else "python", reason)
    done = Outcome("equal")
    for args in case.arguments:
        try:
            with limited(CALL_SECONDS):
                before = hypersonic.info(function).fallbacks
                theirs = oracle.run(function.__wrapped__, oracle.clone(args))
                ours = oracle.run(function, oracle.clone(args))
        except Slow:
            return Outcome("slow")
        # The process has so much memory and no more.
        if isinstance(ours.error, MemoryError) or isinstance(theirs.error, MemoryError):
            return Outcome("slow")
        if documented(ours, theirs):
            done.declined += 1
            continue
        if shortened(ours, theirs):
            done.messages += 1
            continue
        try:
            same(ours, theirs)
        except AssertionError as error:
            return Outcome("mismatch", str(error), args)
        after = hypersonic.info(function)
        if theirs.error is not None:
            done.raised += 1
        elif after.fallbacks > before:
            done.fallbacks += 1
            done.reasons.append(str(after.last_fallback))
        else:
            done.answered += 1
    return done


def same(ours: oracle.Outcome, theirs: oracle.Outcome) -> None:
    """Asserts equal values or exceptions, and equal arguments afterwards."""
    if theirs.error is not None or ours.error is not None:
        assert type(ours.error) is type(theirs.error), f"{ours.error!r} ({ours.value!r}) is not {theirs.error!r} ({theirs.value!r})"
        assert str(ours.error) == str(theirs.error), f"{ours.error!r} is not {theirs.error!r}"
        assert type(ours.error.__cause__) is type(theirs.error.__cause__), (
            f"cause {ours.error.__cause__!r} is not {theirs.error.__cause__!r}"
        )  # type: ignore[union-attr]
    else:
        oracle.assert_same(ours.value, theirs.value, 0, "result")
        assert aliases(ours) == aliases(theirs), f"identity {aliases(ours)} is not {aliases(theirs)}"
    for number, (mine, other) in enumerate(zip(ours.args, theirs.args, strict=True)):
        oracle.assert_same(mine, other, 0, f"argument {number} afterwards")


def aliases(outcome: oracle.Outcome) -> list[tuple[int, int]]:
    """Which lists, dicts and sets of the result and of the arguments are one object, and which arrays share memory."""
    found: list[Any] = []

    def walk(value: Any) -> None:
        # An empty array that is a view on another path is not told from it: it has no memory.
        if isinstance(value, list | dict | set) or (type(value).__name__ == "ndarray" and value.size):
            found.append(value)
        if isinstance(value, list | tuple | set):
            for item in value if not isinstance(value, set) else ():
                walk(item)
        elif isinstance(value, dict):
            for item in value.values():
                walk(item)

    walk(outcome.value)
    walk(outcome.args)
    pairs = []
    for i, one in enumerate(found[:40]):
        for j, two in enumerate(found[:i]):
            if one is two or oracle.shares(one, two):
                pairs.append((j, i))
    return pairs


def work(cases: Sequence[Case], folder: Path, optimize: bool, pipe: Connection) -> None:
    """The process: builds, calls, sends (number, outcome)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    built = build([case.program for case in cases], folder, optimize)
    pipe.send((None, None))
    internal = set(re.findall(r"HS0901\]: [^\n]*?`(f\d+)`", built.log))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    for number, one in enumerate(cases):
        pipe.send((number, None))
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + PROGRAM_SECONDS, most))
        pipe.send((number, judge(getattr(built.module, f"f{number}"), one, internal)))
    pipe.send((None, None))


def run(cases: Sequence[Case], optimize: bool = True) -> Iterator[tuple[int, Outcome]]:
    """The outcome of each program, by its number."""
    start = 0
    context = multiprocessing.get_context("fork")
    while start < len(cases):
        with tempfile.TemporaryDirectory(prefix="programs-") as folder:
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=work, args=(cases[start:], Path(folder), optimize, sender), daemon=True)
            process.start()
            sender.close()
            current, built = start - 1, False
            finished = start
            while True:
                ready = receiver.poll(PATIENCE)
                try:
                    number, outcome = receiver.recv() if ready else (None, Outcome("hang"))
                except EOFError:
                    break
                if outcome is None:
                    built = True
                    current = start + number if number is not None else current
                elif outcome.state == "hang":
                    process.kill()
                    if built:
                        yield current, outcome
                        finished = current + 1
                    break
                else:
                    yield (start + number), outcome
                    finished = max(finished, start + number + 1)
            process.join()
            if finished < len(cases) and process.exitcode not in (0, None) and finished == current and built:
                hangs = process.exitcode == -signal.SIGXCPU
                yield current, Outcome("hang") if hangs else Outcome("crash", f"exit status {process.exitcode}")
                finished = current + 1
            elif not built:
                yield from failed_build(cases, start, optimize)
                return
            start = finished


def failed_build(cases: Sequence[Case], start: int, optimize: bool) -> Iterator[tuple[int, Outcome]]:
    """Finds the program with which the build itself ends."""
    count = len(cases) - start
    if count == 1:
        yield start, Outcome("crash", "the build failed")
        return
    half = start + count // 2
    for low, high in ((start, half), (half, len(cases))):
        for number, outcome in run(cases[low:high], optimize):
            yield (low + number), outcome
