"""The real wheel, the real launcher and the real PTX, on a GPU that is not there: `tests/standin-cuda` interprets the PTX
and finds accesses out of bounds. What comes out is the CPU's result bit for bit, and NumPy's."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cases import CASES

HERE = Path(__file__).parent

OnGpu = Callable[..., str]
Outcome = Callable[[str, str], list[str]]


@pytest.fixture(scope="session")
def outcome(built: Any, built_loops: Any, example: Callable[[str], Path], environment: dict[str, str]) -> Outcome:
    """What is wrong with each case of a package, by whether the last thread runs first."""

    @functools.cache
    def outcome(package: str, backwards: str) -> list[str]:
        ours = {"gpu_kernels": built, "gpu_loops": built_loops}
        folder = str(ours[package].site) if package in ours else str(example(package))
        command = [sys.executable, str(HERE / "run_cases.py"), folder, package]
        variables = {**environment, "HYPERSONIC_STANDIN_BACKWARDS": backwards}
        done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return [json.loads(line)["problem"] for line in done.stdout.splitlines()]

    return outcome


ALL = [
    pytest.param(package, number, id=f"{package} {case.name} {case.label}".strip())
    for package, cases in CASES.items()
    for number, case in enumerate(cases)
]


@pytest.mark.parametrize("order", ["0", "1"], ids=["forwards", "backwards"])
@pytest.mark.parametrize(("package", "number"), ALL)
def test_the_gpu_gives_what_the_cpu_and_numpy_give(package: str, number: int, order: str, outcome: Outcome) -> None:
    assert outcome(package, order)[number] == ""


def test_nothing_may_be_contracted(built: Any) -> None:
    text = (built.site / "gpu_kernels" / "__hypersonic__" / "kernels.ptx").read_text()
    assert "mul.rn.f64" in text and "add.rn.f32" in text
    entries = [(body.split("(", 1)[0], body) for body in text.split(".entry ")]
    loose = re.compile(r"\b(?:add|sub|mul|mad|div|sqrt|rcp)\.(?:full\.|approx\.|ftz\.)*f(?:32|64)")
    found = {name for name, body in entries if loose.search(body)}
    assert found and all("_fast_" in name for name in found), "only fastmath may"


def test_fast_mathematics_is_near(on_gpu: OnGpu) -> None:
    on_gpu("""
    a, b = np.random.default_rng(1).random((2, 500)) + 0.5
    for mine, other in zip(to_host(package.fast(OnDevice(a), OnDevice(b))), package.fast.__wrapped__(a, b)):
        assert np.allclose(mine, other, rtol=1e-12)
    assert launches() > 0
    """)


def test_the_state_says_that_the_gpu_runs(on_gpu: OnGpu) -> None:
    on_gpu("assert hypersonic.info(package.arc_distance).state == 'cuda'", HYPERSONIC="cuda")
    on_gpu("assert hypersonic.info(package.loop).state != 'cuda', hypersonic.info(package.loop)", HYPERSONIC="cuda")
    on_gpu("""
    a = np.ones(5)
    states = []
    for array in a, OnDevice(a), a:
        package.minus(array, array)
        states.append(hypersonic.info(package.minus).state)
    assert states == ["cpu", "cuda", "cpu"], states
    """)


@pytest.mark.parametrize("name", ["total", "loop", "view", "index_dependent"])
def test_what_has_no_gpu_version_is_left_to_python(name: str, on_gpu: OnGpu) -> None:
    on_gpu(f"""
    class Array(OnDevice):
        def __len__(self):
            return 2
        def __getitem__(self, key):
            return 4.0
        def sum(self):
            return 8.0
    shape = (3, 3) if {name!r} == "view" else 3
    array = Array(np.ones(shape))
    arguments = (5, array) if {name!r} == "index_dependent" else (array,)
    result = package.{name}(*arguments)
    expected = package.{name}.__wrapped__(*arguments)
    assert np.array_equal(result, expected), result
    assert launches() == 0
    """)


def test_nothing_is_leaked_and_scratch_memory_is_freed(on_gpu: OnGpu) -> None:
    on_gpu("""
    a = OnDevice(np.ones(100))
    live = cuda.standin_live()
    result = package.twice(a)
    assert cuda.standin_live() == live + 1
    again = package.minus(result, a)
    assert again.copy_to_host().tolist() == [1.0] * 100
    del result, again
    gc.collect()
    assert cuda.standin_live() == live
    """)


def test_arguments_that_share_memory(on_gpu: OnGpu) -> None:
    for backwards in "01":
        on_gpu(
            """
        a = OnDevice(np.arange(1000.0))
        reversed_a = types.SimpleNamespace(__cuda_array_interface__={
            **a.__cuda_array_interface__, "strides": (-8,), "data": (a.address + 8 * 999, False)})
        package.copy(a, reversed_a)
        assert (a.host() == np.arange(999.0, -1, -1) * 2).all()
        """,
            HYPERSONIC_STANDIN_BACKWARDS=backwards,
        )


def test_shapes_that_do_not_fit_are_left_to_the_arrays_library(on_gpu: OnGpu) -> None:
    on_gpu("""
    class Array(OnDevice):
        def __sub__(self, other):
            raise ValueError("operands could not be broadcast together")
    try:
        package.minus(Array(np.ones(3)), Array(np.ones(4)))
    except ValueError as error:
        assert "broadcast" in str(error)
    else:
        raise AssertionError("no error")
    assert launches() == 0
    """)


def test_an_access_out_of_bounds_fails_the_launch_and_python_answers(on_gpu: OnGpu) -> None:
    log = on_gpu("""
    class Array(OnDevice):
        def __sub__(self, other):
            return "python"
    long = Array(np.ones(1000))
    short = Array(np.ones(10), shape=(1000,))
    assert package.minus(short, long) == "python"
    fallback = hypersonic.info(package.minus).last_fallback
    assert "an illegal memory access was encountered (700)" in fallback, fallback
    assert package.minus(long, long).copy_to_host().tolist() == [0.0] * 1000
    """)
    assert "read of 8 bytes" in log
    assert "80 bytes behind an allocation of 80, PTX line" in log
    assert "thread 10 of block 0" in log


def test_a_launch_that_fails_behind_others_is_an_error(on_gpu: OnGpu) -> None:
    on_gpu("""
    a, b = OnDevice(np.ones(1000, np.float32)), OnDevice(np.ones(1000, np.int32))
    short = OnDevice(np.ones(10, np.uint8), shape=(1000,))
    live = cuda.standin_live()
    try:
        package.mixed(a, b, short)
    except RuntimeError as error:
        assert "an illegal memory access was encountered (700)" in str(error), error
    else:
        raise AssertionError("no error")
    assert launches() > 1
    assert cuda.standin_live() == live
    """)


def test_a_write_out_of_bounds_is_found(on_gpu: OnGpu) -> None:
    log = on_gpu("""
    class Array(OnDevice):
        def __imul__(self, other):
            self.python = True
            return self
    short = Array(np.ones(300), shape=(301,))
    package.double_in_place(short)
    assert short.python
    """)
    assert "8 bytes at" in log
    assert "thread 44 of block 1" in log


def test_memory_that_was_freed_is_not_touched(on_gpu: OnGpu) -> None:
    on_gpu("""
    class Array(OnDevice):
        def __sub__(self, other):
            return "python"
    a, b = Array(np.ones(1000)), Array(np.ones(1000))
    a.free()
    assert package.minus(b, a) == "python"
    """)


def test_misaligned_arrays(on_gpu: OnGpu) -> None:
    on_gpu("""
    class Array(OnDevice):
        def __sub__(self, other):
            return "python"
    a = Array(np.ones(1000))
    odd = Array(np.ones(1000))
    odd.__cuda_array_interface__.update(shape=(999,), data=(odd.address + 4, False))
    a.__cuda_array_interface__.update(shape=(999,))
    assert package.minus(a, odd) == "python"
    """)


def test_no_memory_left(on_gpu: OnGpu) -> None:
    on_gpu(
        """
    class Array(OnDevice):
        def __sub__(self, other):
            return "python"
    a = Array(np.ones(100_000))
    assert package.minus(a, a) == "python"
    assert "out of memory" in hypersonic.info(package.minus).last_fallback
    """,
        HYPERSONIC_STANDIN_MEMORY="1000000",
    )


def test_results_are_the_arrays_of_the_arguments_library(on_gpu: OnGpu) -> None:
    on_gpu("""
    class ndarray(OnDevice):
        pass
    ndarray.__module__ = "cupy._core.core"
    cupy = types.ModuleType("cupy")
    cupy.asarray = lambda array: ("cupy", array)
    sys.modules["cupy"] = cupy
    first, second = package.like(ndarray(np.ones((3, 4))))
    assert first[0] == second[0] == "cupy"
    assert second[1].copy_to_host().tolist() == [[3.0] * 4] * 3

    class Tensor(OnDevice):
        device = "cuda:0"
    Tensor.__module__ = "torch"
    torch = types.ModuleType("torch")
    torch.as_tensor = lambda array, device: (device, array)
    torch.cuda = types.SimpleNamespace(current_stream=lambda device: types.SimpleNamespace(cuda_stream=2))
    sys.modules["torch"] = torch
    device, array = package.minus(Tensor(np.ones(3)), Tensor(np.zeros(3)))
    assert device == "cuda:0" and array.copy_to_host().tolist() == [1.0] * 3
    """)


def test_several_gpus(on_gpu: OnGpu) -> None:
    on_gpu(
        """
    import ctypes
    other = ctypes.c_void_p()
    check(cuda.cuDevicePrimaryCtxRetain(ctypes.byref(other), 1))
    class Array(OnDevice):
        def __sub__(self, value):
            return "python"
    first = Array(np.ones(5))
    check(cuda.cuCtxPushCurrent_v2(other))
    second = Array(np.ones(5))
    result = package.minus(second, second)
    assert repr(result).endswith("on GPU 1>")
    assert result.copy_to_host().tolist() == [0.0] * 5
    assert package.minus(first, second) == "python"
    """,
        HYPERSONIC_STANDIN_DEVICES="2",
    )


def test_a_machine_without_a_gpu(on_gpu: OnGpu) -> None:
    on_gpu(
        """
    class Array:
        __cuda_array_interface__ = dict(shape=(3,), typestr="<f8", data=(4096, False), version=3)
        def __sub__(self, other):
            return "python"
    os.environ["HYPERSONIC_STANDIN_DEVICES"] = "0"
    assert package.minus(Array(), Array()) == "python"
    assert package.minus(np.ones(3), np.ones(3)).tolist() == [0.0] * 3
    """
    )
