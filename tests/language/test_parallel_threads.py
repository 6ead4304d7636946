"""The pool of threads: who works, beside what, after `fork`, at the end of the process, and how many there are."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hypersonic
import numpy as np
import oracle
import pytest

SOURCE = """
import numpy as np
from hypersonic import boost, prange

def inner(a, i):
    s = 0
    # omp parallel for schedule(static, 1)
    for j in prange(a.shape[1]):
        s += a[i, j] * (j + 1)
    return s

@boost
def nested(a: "int[:, :]", out: "int[:, :]"):
    total = 0
    # omp parallel for schedule(static, 1)
    for i in prange(a.shape[0]):
        # omp parallel for schedule(static, 1)
        for j in prange(a.shape[1]):
            out[i, j] = 2 * a[i, j]
        total += inner(a, i)
    return total

@boost
def sums(a: "float[:]"):
    s, z, p = 0.25, 0j, 1.0
    # omp parallel for schedule(guided, 4)
    for i in prange(a.shape[0]):
        s += a[i]
        z -= a[i] * 1.5j
        p *= 1.0 + a[i] / 64
    return s, z, p

@boost
def heavy(a: "float[:]", n: int):
    for i in prange(a.shape[0]):
        x = a[i]
        for _ in range(n):
            x = x * 0.999 + 0.001 * a[i]
        a[i] = x

@boost
def limited(a: "float[:]", n: int, threads: int, least: int):
    # omp parallel for num_threads(threads) if(len(a) >= least)
    for i in range(a.shape[0]):
        x = a[i]
        for _ in range(n):
            x = x * 0.999 + 0.001 * a[i]
        a[i] = x

@boost
def plain(a: "float[:]"):
    return a[0]
"""


@pytest.fixture(scope="module")
def built(build) -> oracle.Built:
    return build(SOURCE)


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    before = hypersonic.get_num_threads()
    yield
    hypersonic.set_num_threads(before)


def worker_time() -> float:
    """Seconds that the threads of the pool have run."""
    total = 0
    for task in Path("/proc/self/task").iterdir():
        try:
            if (task / "comm").read_text().strip() == "hypersonic":
                total += int((task / "schedstat").read_text().split()[0])
        except FileNotFoundError:
            continue
    return total / 1e9


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="the kernel does not say what threads do")
def test_several_threads_work(built):
    a = np.arange(3000.0)
    hypersonic.set_num_threads(1)
    built.heavy(a, 2000)
    before = worker_time()
    built.heavy(a, 2000)
    hypersonic.set_num_threads(4)
    built.limited(a, 2000, 1, 0)
    built.limited(a, 2000, 4, 3001)
    assert worker_time() < before + 0.005
    deadline = time.monotonic() + 60
    while worker_time() < before + 0.05 and time.monotonic() < deadline:
        built.heavy(a, 2000)
    assert worker_time() >= before + 0.05
    # A loop may ask for more than there are by default.
    hypersonic.set_num_threads(1)
    before = worker_time()
    while worker_time() < before + 0.05 and time.monotonic() < deadline:
        built.limited(a, 2000, 3, 3000)
    assert worker_time() >= before + 0.05


def test_several_python_threads_at_once(built):
    hypersonic.set_num_threads(3)
    a = np.random.default_rng(5).integers(0, 100, (40, 30))
    expected = int(np.sum(a * (np.arange(30) + 1)))
    wrong: list[object] = []

    def work() -> None:
        for _ in range(50):
            out = np.zeros_like(a)
            if built.nested(a, out) != expected or not np.array_equal(out, 2 * a):
                wrong.append(out)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
    assert not wrong


def run_apart(built: oracle.Built, code: str, **environment: str) -> str:
    """What a program prints that may import the package."""
    prelude = f"import sys\nsys.path.insert(0, {str(built.site)!r})\nimport {built.module.__name__} as m\n"
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    program = [sys.executable, "-c", prelude + textwrap.dedent(code)]
    run = subprocess.run(program, capture_output=True, text=True, timeout=120, env=clean | environment, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout.strip()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_after_fork(built):
    out = run_apart(
        built,
        """
        import os, threading, warnings
        import numpy as np, hypersonic
        warnings.simplefilter("ignore")
        hypersonic.set_num_threads(3)
        a = np.arange(200).reshape(20, 10)
        expected = int(np.sum(a * (np.arange(10) + 1)))
        def right():
            return all(m.nested(a, np.zeros_like(a)) == expected for _ in range(20))
        assert right()
        busy = threading.Thread(target=lambda: [right() for _ in range(30)])
        busy.start()
        children = []
        for _ in range(5):
            child = os.fork()
            if child == 0:
                grandchild = os.fork()
                if grandchild == 0:
                    os._exit(0 if right() else 1)
                _, status = os.waitpid(grandchild, 0)
                os._exit(0 if right() and status == 0 else 1)
            children.append(child)
        print([os.waitpid(child, 0)[1] for child in children], right())
        busy.join()
        """,
    )
    assert out == "[0, 0, 0, 0, 0] True"


def test_a_process_ends_while_loops_run(built):
    out = run_apart(
        built,
        """
        import threading, time
        import numpy as np, hypersonic
        hypersonic.set_num_threads(4)
        def forever():
            while True:
                m.heavy(np.arange(1000.0), 1000)
        for _ in range(3):
            threading.Thread(target=forever, daemon=True).start()
        time.sleep(0.3)
        print("end")
        """,
    )
    assert out == "end"


NUMBER = "import hypersonic; print(hypersonic.get_num_threads(), hypersonic.info(m.heavy).threads, hypersonic.info(m.plain).threads)"


def test_the_number_of_threads(built):
    assert run_apart(built, NUMBER, HYPERSONIC_NUM_THREADS="5", OMP_NUM_THREADS="3") == "5 5 1"
    assert run_apart(built, NUMBER, OMP_NUM_THREADS="3,2") == "3 3 1"
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if not Path("/sys/fs/cgroup/cpu.max").exists():
        assert run_apart(built, NUMBER, HYPERSONIC_NUM_THREADS="none", OMP_NUM_THREADS="-1").split()[0] == str(cpus)
    if hasattr(os, "sched_setaffinity"):
        one = "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]); " + NUMBER
        assert run_apart(built, one).split()[0] == "1"
    hypersonic.set_num_threads(6)
    assert hypersonic.get_num_threads() == 6
    assert "6 threads" in str(hypersonic.info(built.heavy))
    for bad, error in ((0, ValueError), (-1, ValueError), (1.5, TypeError)):
        with pytest.raises(error):
            hypersonic.set_num_threads(bad)
    assert hypersonic.get_num_threads() == 6


def test_the_answer_does_not_depend_on_what_else_runs(built):
    """A loop that Python's threads start at the same time has the bits that it has alone."""
    a = np.random.default_rng(6).random(5000)
    hypersonic.set_num_threads(1)
    alone = built.sums(a)
    hypersonic.set_num_threads(4)
    results: list[object] = []
    threads = [threading.Thread(target=lambda: results.extend(built.sums(a) for _ in range(20))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 80
    assert all(result == alone for result in results)
