"""Arrays on a GPU, by way of a stand-in driver: who is called, with what, and what comes back."""

import textwrap

import pytest
from builder import compile_library

PTX = b".version 6.0\n.target sm_70\n.visible .entry gpu_scale() { ret; }\n.visible .entry gpu_fill() { ret; }\n"

PRELUDE = """
import ctypes, gc, json, os, sys, threading, warnings
import numpy as np
import hypersonic
import {package} as package

cuda = ctypes.CDLL(os.environ["HYPERSONIC_LIBCUDA"])

class OnDevice:
    "An array of the stand-in's memory; `device` says on which GPU."
    def __init__(self, values, device=0, stream=None, strides=None, read_only=False, typestr=None, version=3):
        values = np.ascontiguousarray(values)
        address = ctypes.c_uint64()
        assert cuda.standin_allocate(ctypes.byref(address), ctypes.c_size_t(max(values.nbytes, 1)), device) == 0
        self.address = address.value
        assert cuda.cuMemcpyHtoD_v2(address, values.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(values.nbytes)) == 0
        self.shape, self.nbytes = values.shape, values.nbytes
        self.__cuda_array_interface__ = dict(shape=values.shape, typestr=typestr or values.dtype.str, strides=strides,
            data=(self.address, read_only), version=version)
        if stream is not None:
            self.__cuda_array_interface__["stream"] = stream
        self.host = np.frombuffer((ctypes.c_char * max(values.nbytes, 1)).from_address(self.address), values.dtype, values.size)

def is_python(result):
    return isinstance(result, tuple) and result[0] == "python"
"""


@pytest.fixture(scope="session")
def libcuda(tmp_path_factory):
    return compile_library("standin_libcuda.c", tmp_path_factory.mktemp("driver") / "libcuda.so.1")


@pytest.fixture
def on_gpu(make, run, libcuda):
    def on_gpu(code, ptx=PTX, damage=None, **variables):
        package = make("scale", "fill", "add", "every_other", ptx=ptx, gpu_kernels=["gpu_scale", "gpu_fill"])
        if damage:
            damage(package)
        text = PRELUDE.format(package=package.name) + textwrap.dedent(code)
        process = run(text, package.root, **{"HYPERSONIC_LIBCUDA": str(libcuda), **variables})
        assert process.returncode == 0, process.stderr
        return process

    return on_gpu


def test_a_kernel_runs_and_its_result_lives_on_the_device(on_gpu):
    on_gpu("""
    a = OnDevice(np.arange(1000.0))
    live = cuda.standin_live()
    result = package.scale(a, 3.0)
    assert type(result) is hypersonic.DeviceArray
    assert result.shape == (1000,) and result.dtype == "float64"
    assert repr(result) == "<DeviceArray float64[1000] on GPU 0>"
    assert (result.copy_to_host() == np.arange(1000.0) * 3).all()
    assert cuda.standin_live() == live + 1, "the scratch block is freed, the result is not"
    again = package.scale(result, 2.0)
    assert (again.copy_to_host() == np.arange(1000.0) * 6).all()
    del result, again
    gc.collect()
    assert cuda.standin_live() == live
    assert cuda.standin_launches() == 2
    """)


def test_writing_in_place_and_strides(on_gpu):
    on_gpu("""
    a = OnDevice(np.zeros((4, 6)))
    assert package.fill(a, 7.0) is None
    assert (a.host == 7).all()
    b = OnDevice(np.arange(10.0), strides=(16,))
    b.__cuda_array_interface__["shape"] = (5,)
    assert package.scale(b, 1.0).copy_to_host().tolist() == [0, 2, 4, 6, 8]
    c = OnDevice(np.zeros((2, 2)), read_only=True)
    assert is_python(package.fill(c, 7.0))
    """)


def test_nothing_is_loaded_without_arrays_on_a_gpu(make, run, libcuda):
    package = make("scale", ptx=PTX, gpu_kernels=["gpu_scale", "gpu_fill"])
    code = f"""
import numpy, hypersonic, {package.name} as package
package.scale(numpy.arange(3.0), 2.0), package.scale([1.0], 2.0), package.scale(object(), 2.0)
assert hypersonic.info(package.scale).state == "cpu"
assert "libcuda" not in open("/proc/self/maps").read()
"""
    process = run(code, package.root, HYPERSONIC_LIBCUDA=str(libcuda))
    assert process.returncode == 0, process.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        "OnDevice(np.arange(3.0, dtype='f4')), 2.0",
        "OnDevice(np.zeros((2, 2))), 2.0",
        "OnDevice(np.arange(3.0), typestr='>f8'), 2.0",
        "OnDevice(np.arange(3.0)), OnDevice(np.arange(3.0))",
        "OnDevice(np.arange(3.0)), np.arange(3.0)",
        "OnDevice(np.arange(3.0)), 'x'",
        "OnDevice(np.arange(3.0), strides=(4,)), 2.0",
    ],
)
def test_python_answers_what_no_kernel_takes(on_gpu, arguments):
    on_gpu(f"assert is_python(package.scale({arguments}))\nassert cuda.standin_launches() == 0")


@pytest.mark.parametrize(
    "interface", ["5", "{}", "{'shape': (3,), 'typestr': '<f8', 'data': 7}", "{'shape': (-1,), 'typestr': '<f8', 'data': (64, False)}"]
)
def test_broken_interfaces(on_gpu, interface):
    on_gpu(f"""
    class Odd:
        __cuda_array_interface__ = {interface}
    class Raising:
        @property
        def __cuda_array_interface__(self):
            raise RuntimeError("no")
    assert is_python(package.scale(Odd(), 2.0))
    assert is_python(package.scale(Raising(), 2.0))
    """)


def test_masked_and_foreign_memory(on_gpu):
    on_gpu("""
    a = OnDevice(np.arange(3.0))
    a.__cuda_array_interface__["mask"] = a
    assert is_python(package.scale(a, 2.0))
    b = OnDevice(np.arange(3.0))
    b.__cuda_array_interface__["data"] = (64, False)
    assert is_python(package.scale(b, 2.0))
    assert "cuPointerGetAttribute" in hypersonic.info(package.scale).last_fallback
    """)


def test_streams(on_gpu):
    on_gpu("""
    package.scale(OnDevice(np.arange(3.0), stream=77), 2.0)
    cuda.standin_last_stream.restype = ctypes.c_uint64
    assert cuda.standin_last_stream() == 77
    result = package.scale(OnDevice(np.arange(3.0)), 2.0)
    assert cuda.standin_last_stream() == 1
    assert result.__cuda_array_interface__["stream"] == 1
    assert result.__cuda_array_interface__["version"] == 3
    """)


def test_other_devices(on_gpu):
    on_gpu("""
    result = package.scale(OnDevice(np.arange(3.0), device=1), 2.0)
    assert repr(result).endswith("on GPU 1>")
    assert result.copy_to_host().tolist() == [0, 2, 4]
    """)


def test_empty_arrays(on_gpu):
    on_gpu("""
    assert package.scale(OnDevice(np.zeros(0)), 2.0).copy_to_host().shape == (0,)
    assert cuda.standin_launches() == 0
    """)


def test_refused_launches_and_memory_go_to_python(on_gpu):
    on_gpu("""
    a = OnDevice(np.arange(3.0))
    live = cuda.standin_live()
    cuda.standin_fail_launch(1)
    assert is_python(package.scale(a, 2.0))
    assert "cuLaunchKernel: no such luck (701)" in hypersonic.info(package.scale).last_fallback
    cuda.standin_fail_launch(0)
    huge = OnDevice(np.arange(3.0), strides=(0,))
    huge.__cuda_array_interface__["shape"] = (1 << 40,)
    assert is_python(package.scale(huge, 2.0))
    assert "cuMemAlloc: out of memory (2)" in hypersonic.info(package.scale).last_fallback
    assert cuda.standin_live() == live + 1
    """)


def flip(package):
    path = package.kernels / "kernels.ptx"
    path.write_bytes(path.read_bytes().replace(b"6.0", b"7.0"))


def remove(package):
    (package.kernels / "kernels.ptx").unlink()


@pytest.mark.parametrize(
    ("damage", "ptx", "words"),
    [(flip, PTX, "damaged"), (remove, PTX, "kernels.ptx"), (None, b"nonsense", "218"), (None, None, "no GPU kernels")],
)
def test_bad_ptx(on_gpu, damage, ptx, words):
    process = on_gpu(
        """
    a = OnDevice(np.arange(3.0))
    assert is_python(package.scale(a, 2.0))
    assert is_python(package.scale(a, 2.0))
    print(hypersonic.info(package.scale).last_fallback)
    assert package.scale(np.arange(3.0), 2.0).tolist() == [0, 2, 4]
    """,
        ptx,
        damage,
    )
    assert words in process.stdout
    assert process.stderr.count("HypersonicWarning") == 1


@pytest.mark.parametrize("variables", [{"HYPERSONIC": "cpu"}, {"HYPERSONIC": "off"}, {"STANDIN_NO_DEVICE": "1"}])
def test_forbidden_or_absent(on_gpu, variables):
    on_gpu("assert is_python(package.scale(OnDevice(np.arange(3.0)), 2.0))", **variables)


def test_state(on_gpu):
    on_gpu("assert hypersonic.info(package.scale).state == 'cuda', hypersonic.info(package.scale)", HYPERSONIC="cuda")


def test_results_go_to_the_library_of_the_arguments(on_gpu):
    on_gpu("""
    import types
    cupy = types.ModuleType("cupy")
    cupy.asarray = lambda array: ("cupy", array)
    sys.modules["cupy"] = cupy
    OnDevice.__module__ = "cupy._core"
    library, array = package.scale(OnDevice(np.arange(3.0)), 2.0)
    assert library == "cupy" and array.copy_to_host().tolist() == [0, 2, 4]

    torch = types.ModuleType("torch")
    torch.as_tensor = lambda array, device: (device, array)
    torch.cuda = types.SimpleNamespace(current_stream=lambda device: types.SimpleNamespace(cuda_stream=99))
    sys.modules["torch"] = torch
    OnDevice.__module__ = "torch"
    OnDevice.device = "cuda:0"
    library, array = package.scale(OnDevice(np.arange(3.0)), 2.0)
    assert library == "cuda:0" and array.__cuda_array_interface__["stream"] == 99
    """)


def test_threads(on_gpu):
    on_gpu("""
    problems = []
    def work(seed):
        a = OnDevice(np.arange(3000.0) + seed)
        for _ in range(20):
            if not (package.scale(a, 2.0).copy_to_host() == (np.arange(3000.0) + seed) * 2).all():
                problems.append(seed)
    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    [t.start() for t in threads]; [t.join() for t in threads]
    assert problems == []
    """)
