"""`@jit`: compiled at the first call, kept on disk, never stale, and Python wherever that does not work."""

from __future__ import annotations

import concurrent.futures
import functools
import os
import pickle
import random
import subprocess
import sys
import textwrap
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypersonic
import numpy as np
import pytest
from hypersonic import HypersonicWarning, info, jit, prange

FACTOR = 2.0


def scaled(x: Any, by: float = 1.0) -> Any:
    return FACTOR * x + by


@jit
def total(a, n=3):
    """Adds up."""
    s = 0.0
    for i in range(len(a)):
        s += scaled(a[i]) * n
    return s


@jit
def branch(x, y):
    if x > y:
        return np.sqrt(x - y)
    return np.sqrt(y - x)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("HYPERSONIC_CACHE_DIR", str(tmp_path / "cache"))
    yield tmp_path / "cache" / "jit" / "1"


def python(function: Any) -> Any:
    return function.__wrapped__


def entries(cache: Path) -> list[Path]:
    return sorted(path for path in cache.iterdir() if not path.name.startswith("."))


@pytest.mark.parametrize(
    "argument",
    [np.linspace(0, 1, 50), np.arange(9), np.arange(9, dtype=np.int16), np.ones(4, np.float32), np.ones(40)[::3], np.ones(5) + 1j],
    ids=lambda value: f"{value.dtype}",
)
def test_types_are_found_at_the_call(argument: Any) -> None:
    for arguments in [(argument,), (argument, 2), (argument, 2.5), (argument, True)]:
        mine, expected = total(*arguments), python(total)(*arguments)
        assert type(mine) is type(expected) and mine == expected
    assert info(total).state == "cpu"


@jit
def in_parallel(a):
    s = 0
    for i in prange(len(a)):
        for _ in range(100):
            s += a[i]
    return s


def test_prange() -> None:
    a = np.arange(3000)
    assert in_parallel(a) == 100 * a.sum()
    assert (info(in_parallel).state, info(in_parallel).threads) == ("cpu", hypersonic.get_num_threads())


def test_keywords_and_defaults() -> None:
    a = np.arange(5.0)
    assert total(a=a) == total(a, n=3) == total(a) == python(total)(a)
    with pytest.raises(TypeError, match="unexpected keyword"):
        total(a, m=1)
    with pytest.raises(TypeError, match="missing 1 required"):
        total()


def test_numpy_scalars_keep_their_types() -> None:
    for x, y in [(1.5, 2), (np.float64(1.5), np.float64(0.5)), (np.float32(1), np.int8(4)), (3, 2), (True, False)]:
        try:
            expected = python(branch)(x, y)
        except TypeError as error:
            with pytest.raises(TypeError, match=str(error)[:20]):
                branch(x, y)
            continue
        mine = branch(x, y)
        assert type(mine) is type(expected) and mine == expected


def test_it_looks_like_the_function() -> None:
    assert (total.__name__, total.__doc__, total.__module__) == ("total", "Adds up.", __name__)
    assert pickle.loads(pickle.dumps(total)) is total


def test_what_is_no_type_of_a_kernel_goes_to_python() -> None:
    @jit
    def first(a):
        return a[0]

    for value in ([1, "a"], [], np.array(["x"], dtype=object), np.ones(3, ">f8"), np.ones(3, np.float16)):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert not len(value) or first(value) == value[0]
    assert info(first).state == "python" and "`a`" in str(info(first).reason)


def test_what_has_no_compiled_form_goes_to_python_with_one_warning() -> None:
    @jit
    def ordered(a):
        return np.kron(a, a)

    with pytest.warns(HypersonicWarning, match="`np.kron` has no compiled form"):
        assert list(ordered(np.array([2.0, 1.0]))) == [4.0, 2.0, 2.0, 1.0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(ordered(np.array([2.0, 1.0]))) == [4.0, 2.0, 2.0, 1.0]
    assert "kron" in str(info(ordered).reason)


def test_a_name_that_is_bound_anew_means_what_it_means_now(monkeypatch: pytest.MonkeyPatch) -> None:
    a = np.arange(6.0)
    before = total(a)
    monkeypatch.setitem(globals(), "FACTOR", 10.0)
    assert total(a) == python(total)(a) != before
    monkeypatch.setitem(globals(), "scaled", lambda x: -x)
    with pytest.warns(HypersonicWarning, match="not defined by `def`"):
        total(a)
    assert total(a) == python(total)(a)


def test_closures() -> None:
    def make(power: int) -> Any:
        @jit
        def raised(a):
            return a**power

        return raised

    square, cube = make(2), make(3)
    a = np.arange(4.0)
    assert square(a).tolist() == [0, 1, 4, 9] and cube(a).tolist() == [0, 1, 8, 27]
    assert info(square).state == info(cube).state == "cpu"


def test_a_variable_of_a_closure_that_changes() -> None:
    k = 1.0

    @jit
    def shifted(a):
        return a + k

    a = np.zeros(2)
    assert shifted(a).tolist() == [1, 1]
    k = 5.0
    assert shifted(a).tolist() == [5, 5]


def test_errors_are_pythons() -> None:
    @jit
    def pick(a, n):
        return a[n]

    assert pick(np.arange(3.0), -1) == 2.0
    with pytest.raises(IndexError, match="index 3 is out of bounds"):
        pick(np.arange(3.0), 3)


def test_in_the_background() -> None:
    @jit(background=True)
    def slow(a):
        return a * 3

    a = np.ones(3)
    assert slow(a).tolist() == [3, 3, 3]
    assert hypersonic.wait_for_compilations(120)
    assert info(slow).state == "cpu"
    assert slow(a).tolist() == [3, 3, 3]


def test_threads_compile_once(cache: Path) -> None:
    @jit
    def doubled(a):
        return 2 * a

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for result in pool.map(doubled, [np.ones(3)] * 32):
            assert result.tolist() == [2, 2, 2]
    assert len(entries(cache)) == 1


def test_options_that_nobody_knows() -> None:
    with pytest.raises(TypeError, match="no option 'fats'"):
        jit(fats=True)
    assert jit(native=True, xsimd=True)(python(branch))(3, 2) == 1.0


SCRIPT = """
import sys, warnings
import numpy as np
from hypersonic import info, jit

@jit
def energy(x, k):
    return np.sum(x * x) * k

expected = energy.__wrapped__(np.arange(10.0), 0.5)
assert energy(np.arange(10.0), 0.5) == expected
print(info(energy).state)
"""


def run(folder: Path, **variables: str) -> subprocess.Popen[str]:
    script = folder / "script.py"
    if not script.exists():
        script.write_text(textwrap.dedent(SCRIPT))
    environment = {**os.environ, **variables}
    return subprocess.Popen([sys.executable, str(script)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> tuple[str, str]:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out.strip(), err


def test_processes_share_the_cache(tmp_path: Path, cache: Path) -> None:
    processes = [run(tmp_path) for _ in range(6)]
    assert [finish(process)[0] for process in processes] == ["cpu"] * 6
    (entry,) = entries(cache)
    assert sorted(path.name for path in entry.iterdir()) == ["kernels.so", "manifest.json"]
    assert [path for path in cache.iterdir() if path.name.startswith(".")] == [], "nothing half-made is left"


@pytest.mark.parametrize("name", ["kernels.so", "manifest.json"])
def test_a_damaged_cache_is_made_anew(name: str, tmp_path: Path, cache: Path) -> None:
    finish(run(tmp_path))
    (entry,) = entries(cache)
    whole = (entry / name).read_bytes()
    dice = random.Random(5)
    for damage in range(6):
        bad = bytearray(whole)
        if damage == 0:
            bad = bad[: len(bad) // 2]
        elif damage == 1:
            bad.clear()
        else:
            bad[dice.randrange(len(bad))] ^= 1 << dice.randrange(8)
        (entry / name).write_bytes(bad)
        assert finish(run(tmp_path))[0] == "cpu"
        assert (entry / name).read_bytes() == whole


def test_no_cache_to_be_had(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert finish(run(tmp_path, HYPERSONIC_CACHE_DIR=str(blocked / "below")))[0] == "cpu"


def test_others_must_not_write_to_the_cache(tmp_path: Path, cache: Path) -> None:
    cache.mkdir(parents=True)
    cache.chmod(0o777)
    assert finish(run(tmp_path))[0] == "cpu"
    assert entries(cache) == []


def test_off_and_without_a_compiler(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(SCRIPT).replace("energy.__wrapped__", "getattr(energy, '__wrapped__', energy)"))
    assert finish(run(tmp_path, HYPERSONIC="off"))[0] == "python"
    out, err = finish(run(tmp_path, HYPERSONIC_ENGINE=str(tmp_path / "absent")))
    assert out == "python" and "the compiler" in err


def doubled(function: Any) -> Any:
    @functools.wraps(function)
    def inner(x: Any) -> Any:
        return 2.0 * function(x)

    return inner


@doubled
def decorated(x: Any) -> Any:
    return 2.0 * x


def test_other_decorators_are_not_looked_through() -> None:
    @jit
    def of_decorated(x):
        return decorated(x)

    @jit
    @doubled
    def inside(x):
        return 2.0 * x

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HypersonicWarning)
        assert of_decorated(2.0) == 8.0
        assert inside(2.0) == 8.0
    assert info(inside).state == "python"


def test_assertions_are_left_out_as_python_does(tmp_path: Path) -> None:
    script = "from hypersonic import info, jit\n@jit\ndef f(x):\n    assert x > 0.0\n    return x\nprint(f(-1.0), info(f).state)\n"
    path = tmp_path / "script.py"
    path.write_text(script)
    run = subprocess.run([sys.executable, "-O", str(path)], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "-1.0 cpu", run.stderr


def test_containers_and_strings() -> None:
    @jit
    def total(numbers, names):  # type: ignore[no-untyped-def]
        numbers.append(len(names))
        return sum(numbers), {name: n for n, name in enumerate(names)}

    numbers = [1, 2]
    assert total(numbers, ["a", "b"]) == (5, {"a": 0, "b": 1})
    assert numbers == [1, 2, 2]
    assert info(total).state == "cpu"
    assert total([0.5], ["a"]) == (1.5, {"a": 0})
    assert total([], []) == (0, {})

    @jit
    def shout(text):  # type: ignore[no-untyped-def]
        return text.upper() + "!"

    assert shout("ab") == "AB!"
    assert info(shout).state == "cpu"

    @jit
    def both(data, array, chosen):  # type: ignore[no-untyped-def]
        array.append(len(data))
        return data + array, 3 in chosen

    array = bytearray(b"x")
    assert both(b"ab", array, frozenset([3])) == (b"abx\x02", True)
    assert array == b"x\x02"
    assert info(both).state == "cpu"
