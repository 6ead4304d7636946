"""Random programs compiled and compared with CPython: `python tests/exams/programs.py --count 300000 --seed 1`.

Prints failing programs, made as small as they get, and a table of what became of all. Ends with status 1 if any failed.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import program_baseline

if __name__ in ("__main__", "__mp_main__"):
    program_baseline.choose()

from program_functions import program
from program_runs import Case, Outcome, case, run
from program_shrinking import shrink
from program_statements import BUDGET

BATCH = 200
FAILED = ("mismatch", "crash", "hang", "internal")


def cases(seed: int, count: int, budget: int = BUDGET) -> list[Case]:
    """The programs of a batch."""
    return [case(program(Random(f"{seed}/{number}"), budget), number) for number in range(count)]


def optimized(seed: int) -> bool:
    """Whether the programs of this batch are optimised by LLVM, which costs three times as much as all the rest: a quarter of them is."""
    return seed % 4 == 0


def batch(seed: int, count: int, budget: int = BUDGET) -> list[tuple[int, Outcome]]:
    """Runs the batch with this seed."""
    warnings.simplefilter("ignore")
    return outcomes(cases(seed, count, budget), optimized(seed))


def outcomes(chosen: list[Case], optimize: bool) -> list[tuple[int, Outcome]]:
    """Runs these programs."""
    return list(run(chosen, optimize))


def processes(jobs: int) -> ProcessPoolExecutor:
    """Processes with the NumPy that kernels are compared with."""
    return ProcessPoolExecutor(jobs, get_context("spawn"), program_baseline.choose)


def reason(text: str) -> str:
    """A reason without the names of this program."""
    return re.sub(r"\bf\d+(_\w+)?|\b[a-z]\d+\b", "_", text.splitlines()[0] if text else "?")[:150]


def batches(seed: int, count: int, size: int, jobs: int, budget: int) -> Iterator[tuple[int, list[tuple[int, Outcome]]]]:
    """The outcomes of all batches, as they come."""
    numbers = list(range(-(-count // size)))
    sizes = [min(size, count - number * size) for number in numbers]
    seeds = [seed * 1_000_000 + number for number in numbers]
    with processes(jobs) as pool:
        yield from zip(seeds, pool.map(batch, seeds, sizes, [budget] * len(seeds)), strict=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--budget", type=int, default=BUDGET, help="statements in a program, about")
    parser.add_argument("--no-shrink", action="store_true")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N programs and end")
    parser.add_argument("--only", default="", metavar="SEED/N,...", help="run these programs of batches and end")
    parser.add_argument("--python", default="", help="print the programs that stay Python for a reason with this text")
    options = parser.parse_args()
    if options.show:
        for one in cases(options.seed * 1_000_000, options.show, options.budget):
            print(one.program.text("f"))
        return 0
    warnings.simplefilter("ignore")
    for chosen in filter(None, options.only.split(",")):
        seed, number = map(int, chosen.split("/"))
        one = cases(seed, number + 1, options.budget)[number]
        for _, outcome in run([one], optimized(seed)):
            print(f"=== {outcome.state}: {chosen}: {outcome.text}", flush=True)
            if outcome.state in FAILED:
                report(one, outcome, optimized(seed), not options.no_shrink)
    if options.only:
        return 0
    started = time.time()
    states: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    fallbacks: Counter[str] = Counter()
    for seed, done in batches(options.seed, options.count, options.batch, options.jobs, options.budget):
        made = cases(seed, options.batch, options.budget)
        for number, outcome in done:
            states[outcome.state] += 1
            calls.update({kind: getattr(outcome, kind) for kind in ("answered", "raised", "fallbacks", "messages", "declined")})
            fallbacks.update(map(reason, outcome.reasons))
            if outcome.state == "python":
                reasons[reason(outcome.text)] += 1
                if options.python and options.python in outcome.text:
                    print(outcome.text, made[number].program.text("f"), sep="\n", flush=True)
            if outcome.state in FAILED:
                print(f"=== {outcome.state}: seed {seed}, program {number}: {outcome.text}", flush=True)
                report(made[number], outcome, optimized(seed), not options.no_shrink)
    print(f"{sum(states.values())} programs in {time.time() - started:.0f} s: {dict(states)}; calls: {dict(calls)}")
    for title, table in (("stay Python", reasons), ("calls that Python answered", fallbacks)):
        print(f"{title}:")
        for text, count in table.most_common(40):
            print(f"{count:6d}  {text}")
    return int(any(states[state] for state in FAILED))


def report(failing: Case, outcome: Outcome, optimize: bool, smaller: bool) -> None:
    """Prints a failing program, shrunk."""
    smallest, last = failing.program, outcome
    args = outcome.args
    if smaller:
        if args is None:
            for candidate in failing.arguments:
                if any(found.state == outcome.state for _, found in run([Case(failing.program, [candidate])], optimize)):
                    args = candidate
                    break
        smallest, last = shrink(failing.program, outcome, args, optimize)
    print(smallest.text("f"), f"f{args!r}", last.text, "", sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
