"""Random programs, a fixed set of them: `programs.py` is the same without an end."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from program_functions import Program, program
from program_runs import case
from programs import BATCH, BUDGET, FAILED, batches, cases, outcomes, processes

COUNT = int(os.environ.get("HYPERSONIC_PROGRAMS", "10000"))
# So many of a hundred programs are compiled.
COMPILED = 85


def test_programs_do_what_they_do_in_python() -> None:
    states: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    failures = []
    for seed, done in batches(0, COUNT, BATCH, os.cpu_count() or 1, BUDGET):
        for number, outcome in done:
            states[outcome.state] += 1
            calls.update(answered=outcome.answered, declined=outcome.declined)
            if outcome.state in FAILED:
                source = cases(seed, number + 1)[number].program.text("f")
                failures.append(f"{outcome.state} ({seed}/{number}): {outcome.text}\n{source}\nf{outcome.args!r}")
    print(dict(states), dict(calls))
    first_lines = "\n".join(failure.splitlines()[0] for failure in failures)
    assert not failures, "\n\n".join(failures[:5]) + f"\n{first_lines}\n{len(failures)} in all; programs.py --only SEED/N makes one smaller"
    assert sum(states.values()) == COUNT
    assert states["equal"] * 100 >= COMPILED * COUNT, states
    # What kernels cannot finish behind a write is as rare as that.
    assert calls["declined"] * 1000 <= calls["answered"], calls


def test_programs_that_hypothesis_chooses() -> None:
    """The same generator, fed with Hypothesis's choices, which go to corners that a plain generator of numbers rarely does."""
    found: list[Program] = []

    @settings(max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.randoms(use_true_random=False))
    def collect(random: Random) -> None:
        found.append(program(random, 8))

    collect()
    with processes(1) as pool:
        done = [outcome for _, outcome in pool.submit(outcomes, [case(one, number) for number, one in enumerate(found)], True).result()]
    assert len(done) == len(found)
    for one, outcome in zip(found, done, strict=True):
        assert outcome.state not in FAILED, f"{outcome.text}\n{one.text('f')}\nf{outcome.args!r}"
