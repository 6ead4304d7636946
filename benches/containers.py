"""Lists, dicts, sets, strings and recursion: every kernel beside the Python function that it is made of, one process, interleaved.

    python benches/containers.py [--rounds N] [--only NAME] [--json FILE]

Times are those of the thread on its processor. A ratio is the median of the rounds: how many times faster than Python the kernel is. All are
compiled here (`always`); the last column says which are left to Python otherwise, as those that are below 1 should be.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

import oracle

SOURCE = """
import heapq
import math
import random

from hypersonic import boost

@boost
def count_words(words: list[str]):
    counts = {}
    for w in words:
        counts[w] = counts.get(w, 0) + 1
    return counts

@boost
def count_numbers(numbers: list[int]):
    counts = {}
    for n in numbers:
        counts[n] = counts.get(n, 0) + 1
    return counts

@boost
def group(words: list[str]):
    groups = {}
    for w in words:
        groups.setdefault(len(w), []).append(w)
    return groups

@boost
def grown_text(n: int):
    s = ""
    for i in range(n):
        s += "ab"
    return len(s)

@boost
def joined_numbers(n: int):
    parts = []
    for i in range(n):
        parts.append(str(i))
    return ",".join(parts)

@boost
def joined(words: list[str]):
    return " ".join(words)

@boost
def split_and_join(text: str):
    return "-".join(text.split())

@boost
def characters(text: str):
    n = 0
    for c in text:
        if c == "a":
            n += 1
    return n

@boost
def sort_floats(numbers: list[float]):
    return sorted(numbers)

@boost
def sort_in_place(numbers: list[int]):
    numbers.sort()

@boost
def sort_words(words: list[str]):
    return sorted(words)

@boost
def sort_by_key(pairs: list[tuple[int, float]]):
    return sorted(pairs, key=lambda p: p[1])

@boost
def one_of_list(numbers: list[float], i: int):
    return numbers[i]

@boost
def one_of_ints(numbers: list[int], i: int):
    return numbers[i]

@boost
def one_of_words(words: list[str], i: int):
    return words[i]

@boost
def one_of_dict(table: dict[int, int], i: int):
    return table[i]

@boost
def one_of_set(table: set[int], i: int):
    return i in table

@boost
def length(numbers: list[float]):
    return len(numbers)

@boost
def set_one(numbers: list[float], i: int):
    numbers[i] = 0.5

@boost
def append_one(numbers: list[int], x: int):
    numbers.append(x)

@boost
def put_one(table: dict[int, int], k: int):
    table[k] = k

@boost
def total(numbers: list[float]):
    s = 0.0
    for x in numbers:
        s += x
    return s

@boost
def squares(n: int):
    return [i * i for i in range(n)]

@boost
def set_comprehension(n: int):
    return {i * 7 % 1000 for i in range(n)}

@boost
def dict_comprehension(n: int):
    return {i: i * i for i in range(n)}

@boost
def set_inside(n: int):
    return len({i * i for i in range(n)})

@boost
def dict_inside(n: int):
    d = {i: i * i for i in range(n)}
    s = 0
    for k, v in d.items():
        s += k ^ v
    return s

@boost
def fib_pair(n: int):
    if n == 0:
        return (0, 1)
    a, b = fib_pair(n // 2)
    c = a * (2 * b - a)
    d = a * a + b * b
    if n % 2 == 0:
        return (c, d)
    return (d, c + d)

@boost
def moves(n: int, a: tuple[int, int]):
    if n == 0:
        return a
    x, y = moves(n - 1, (a[1], a[0] + 1))
    u, v = moves(n - 1, (x, y))
    return (u + 1, v)

@boost
def tree_depth(parent: list[int], i: int):
    n = 0
    while i >= 0:
        i = parent[i]
        n += 1
    return n

@boost
def sieve(n: int):
    flags = [True] * (n + 1)
    i = 2
    while i * i <= n:
        if flags[i]:
            for j in range(i * i, n + 1, i):
                flags[j] = False
        i += 1
    return sum([1 for i in range(2, n + 1) if flags[i]])

@boost
def unique(words: list[str]):
    return len(set(words))

@boost
def lengths(words: list[str]):
    n = 0
    for w in words:
        n += len(w)
    return n

@boost
def exact_sum(numbers: list[float]):
    return math.fsum(numbers)

@boost
def shuffled(numbers: list[float]):
    random.shuffle(numbers)

@boost
def push(heap: list[int], n: int):
    heapq.heappush(heap, n)

@boost
def upper(text: str):
    return text.upper()

@boost
def formatted(n: int):
    out = []
    for i in range(n):
        out.append(f"{i}: {i * 0.5:.2f}")
    return out
"""

random.seed(1)
MILLION = 1_000_000
WORDS = [random.choice("abcdefgh") * random.randint(1, 5) + str(random.randint(0, 300)) for _ in range(100_000)]
FLOATS = [random.random() for _ in range(MILLION)]
INTS = [random.randrange(10**9) for _ in range(MILLION)]

CASES: dict[str, Callable[[], tuple[Any, ...]]] = {
    "count_words": lambda: (WORDS,),
    "count_numbers": lambda: ([n % 1000 for n in INTS[:100_000]],),
    "group": lambda: (WORDS,),
    "grown_text": lambda: (100_000,),
    "joined_numbers": lambda: (100_000,),
    "joined": lambda: (WORDS,),
    "split_and_join": lambda: (" ".join(WORDS),),
    "characters": lambda: ("".join(WORDS),),
    "sort_floats": lambda: (FLOATS[:100_000],),
    "sort_in_place": lambda: (INTS[:100_000],),
    "sort_words": lambda: (WORDS,),
    "sort_by_key": lambda: (list(zip(INTS[:100_000], FLOATS, strict=False)),),
    "one_of_list": lambda: (FLOATS, 500),
    "one_of_ints": lambda: (INTS, 500),
    "one_of_words": lambda: (WORDS * 10, 500),
    "one_of_dict": lambda: (dict.fromkeys(range(MILLION), 1), 500),
    "one_of_set": lambda: (set(range(MILLION)), 500),
    "length": lambda: (FLOATS,),
    "set_one": lambda: (FLOATS, 500),
    "append_one": lambda: (INTS, 500),
    "put_one": lambda: (dict.fromkeys(range(MILLION), 1), 500),
    "total": lambda: (FLOATS,),
    "squares": lambda: (100_000,),
    "set_comprehension": lambda: (100_000,),
    "dict_comprehension": lambda: (100_000,),
    "set_inside": lambda: (100_000,),
    "dict_inside": lambda: (100_000,),
    "fib_pair": lambda: (60,),
    "moves": lambda: (12, (1, 2)),
    "tree_depth": lambda: (list(range(-1, 999)), 999),
    "sieve": lambda: (100_000,),
    "unique": lambda: (WORDS,),
    "lengths": lambda: (WORDS,),
    "exact_sum": lambda: (FLOATS[:100_000],),
    "shuffled": lambda: (FLOATS[:10_000],),
    "push": lambda: (list(range(1000)), 500),
    "upper": lambda: ("a few words",),
    "formatted": lambda: (20_000,),
}
# Those that change their arguments get copies; the copy is not timed.
CHANGING = {"sort_in_place", "shuffled"}


def seconds(function: Callable[..., Any], args: tuple[Any, ...], name: str) -> float:
    """The time of one call on this thread, of many if one is short."""
    if name in CHANGING:
        args = tuple(list(arg) for arg in args)
    gc.collect()
    began = time.thread_time_ns()
    function(*args)
    once = time.thread_time_ns() - began
    if once > 200_000 or name in CHANGING:
        return once / 1e9
    times = 200_000 // max(once, 100) + 1
    began = time.thread_time_ns()
    for _ in range(times):
        function(*args)
    return (time.thread_time_ns() - began) / times / 1e9


def left_to_python(folder: Path) -> set[str]:
    """The functions that Python is known to run faster."""
    file = folder / "checked.py"
    file.write_text(SOURCE)
    run = subprocess.run(
        [str(Path(sys.executable).parent / "hypersonic"), "check", "--json", str(file)], capture_output=True, text=True, check=True
    )
    return {function["name"] for function in json.loads(run.stdout)["functions"] if function["left"]}


def main() -> None:
    """Builds, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", action="append")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        built, left = oracle.build(Path(work), SOURCE), left_to_python(Path(work))
        # The functions themselves call the compiled ones where they call themselves.
        plain: dict[str, Any] = {}
        exec(SOURCE.replace("@boost\n", "").replace("from hypersonic import boost\n", ""), plain)
        figures = {}
        print(f"{'kernel':20} {'Python':>12} {'hypersonic':>12} {'ratio':>8}  left to Python")
        for name, make in CASES.items():
            if options.only and name not in options.only:
                continue
            function, args = getattr(built.module, name), make()
            state = built.state(name)
            ours, theirs, ratios = [], [], []
            for _ in range(options.rounds):
                theirs.append(seconds(plain[name], args, name))
                ours.append(seconds(function, args, name))
                ratios.append(theirs[-1] / ours[-1])
            figures[name] = statistics.median(ratios)
            micros = [1e6 * statistics.median(times) for times in (theirs, ours)]
            print(
                f"{name:20} {micros[0]:9.1f} us {micros[1]:9.1f} us {figures[name]:8.2f}"
                f"  {'yes' if name in left else ''}{'' if state == 'cpu' else 'stays Python'}",
                flush=True,
            )
        if options.json:
            options.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
