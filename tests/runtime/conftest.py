"""One package with every test kernel, imported once; others are made by the tests that damage them."""

import importlib
import itertools
import os
import subprocess
import sys

import pytest
from builder import BOOL, COMPLEX, FLOAT, INT, LEVELS, NONE, KernelPackage, array, compile_kernels, literal, numpy, signature
from object_programs import FUNCTIONS

_numbers = itertools.count()
PAIR = {"tuple": [array(), INT]}
SCALARS = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128".split()

#: name: (parameters as in Python, signatures)
KERNELS = {
    "add": ("x, y=2.0", [signature("add", [FLOAT, FLOAT], FLOAT)]),
    "add_int": ("a, b", [signature("add_int", [INT, INT], INT)]),
    "negate": ("flag", [signature("negate", [BOOL], BOOL)]),
    "conjugate": ("z", [signature("conjugate", [COMPLEX], COMPLEX)]),
    "single": ("x", [signature("single", [numpy("float32")], numpy("float32"))]),
    "double": ("x", [signature("echo", [numpy("float64")], numpy("float64"))]),
    "scale": ("a, s", [signature("scale", [array(), FLOAT], array(), gpu="scale_on_gpu")]),
    "fill": ("a, value", [signature("fill", [array(ndim=2), FLOAT], NONE, writes=[0], gpu="fill_on_gpu")]),
    "total": ("a", [signature("total", [array(ndim=2)], FLOAT)]),
    "layout": ("a", [signature("is_strided", [array(ndim=2)], INT, contiguous="is_contiguous")]),
    "ordered": (
        "a",
        [
            signature("is_contiguous", [array(ndim=2, order="C")], INT),
            signature("is_strided", [array(ndim=2, order="F")], INT),
        ],
    ),
    "level": ("", [signature("", [], INT, levels=["level_2", "level_3", "level_4"][: len(LEVELS)])]),
    "every_other": ("a", [signature("every_other", [array()], array())]),
    "same": ("a, b", [signature("same", [array(), array()], array())]),
    "halves": ("n", [signature("halves", [INT], {"tuple": [array(), array()]})]),
    "tail": ("n", [signature("tail", [INT], array())]),
    "point": ("", [signature("point", [], array(ndim=0))]),
    "stranger": ("", [signature("stranger", [], array())]),
    "refuse": ("n, x", [signature("refuse", [INT, FLOAT], NONE)]),
    "refuse_bare": ("", [signature("refuse_bare", [], NONE)]),
    "refuse_dotted": ("", [signature("refuse_dotted", [], NONE)]),
    "refuse_own": ("", [signature("refuse_own", [], NONE)]),
    "refuse_unknown": ("", [signature("refuse_unknown", [], NONE)]),
    "refuse_retry": ("a", [signature("refuse_retry", [array()], NONE)]),
    "crash_status": ("", [signature("crash_status", [], NONE)]),
    "greedy": ("n", [signature("greedy", [INT], INT)]),
    "wait": ("a", [signature("wait", [array("int64")], INT, releases_gil=True)]),
    "chance": ("", [signature("chance", [], FLOAT)]),
    "weigh": ("pair, z", [signature("weigh", [PAIR, COMPLEX], FLOAT)]),
    "fixed": ("a", [signature("is_strided", [array(ndim=2, extents=[None, 3])], INT)]),
    "many": ("a, b, c, d, s", [signature("many", [array()] * 4 + [FLOAT], FLOAT, contiguous="many")]),
    "eight": ("a, b, c, d, e, f, g, h", [signature("eight", [FLOAT] * 8, array())]),
    "everything": ("", [signature("everything", [], {"tuple": [numpy(name) for name in SCALARS]})]),
    "constants": (
        "",
        [
            signature(
                "nothing",
                [],
                {"tuple": [NONE, literal("é"), literal(-3), literal(True), {"tuple": []}, {"type": "int"}, {"type": "float32"}]},
            )
        ],
    ),
    "choose": (
        "mode",
        [signature("level_2", [literal(value)], INT) for value in ("two", 2, True)]
        + [signature("level_3", [{"type": kind}], INT) for kind in ("float", "float64")]
        + [signature("level_4", [NONE], INT)],
    ),
    "kinds": ("a, *, b=1, c", [signature("add_int", [INT, INT, INT], INT)]),
    "only": ("a, /, b", [signature("add_int", [INT, INT], INT)]),
    "nothing": ("", [signature("nothing", [], NONE)]),
    "g": ("a", [signature("is_strided", [array()], INT, contiguous="is_contiguous")]),
    **{f"echo_{name}": ("x", [signature("echo_pair", [numpy(name)], numpy(name))]) for name in SCALARS},
    **{f"is_{name}": ("a", [signature("nothing", [array(name, 0)], NONE)]) for name in SCALARS},
}

HEAD = '"""Kernels of the tests."""\n\nfrom hypersonic import boost\n\nclass OwnError(Exception):\n    pass\n\n'


def names_of(parameters):
    """Parameter names in `co_varnames` order."""
    plain = [part.split("=")[0].strip() for part in parameters.split(",")]
    return [name for name in plain if name and name not in "*/"]


def source_of(functions):
    return (
        HEAD
        + "\n\n".join(
            f"@boost\ndef {name}({parameters}):\n    'Doc of {name}.'\n    return ('python', {', '.join(names_of(parameters))})"
            for name, (parameters, _) in functions.items()
        )
        + "\n"
    )


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    return compile_kernels(tmp_path_factory.mktemp("library"))


@pytest.fixture
def make(library, tmp_path):
    """Makes a package of some kernels: `make("add", "scale")`; keyword arguments go to KernelPackage."""

    def make(*names, root=tmp_path, package=None, sources=None, functions=None, **more):
        package = package or f"made_{next(_numbers)}"
        chosen = {name: KERNELS[name] for name in names}
        if sources is None:
            sources = {f"{package}/__init__.py": source_of(chosen)}
        if functions is None:
            functions = {f"{package}:{name}": (names_of(text), signatures) for name, (text, signatures) in chosen.items()}
        return KernelPackage(root, package, library, sources, functions, **more).write()

    return make


@pytest.fixture(scope="session")
def kernels(library, tmp_path_factory):
    """The imported module with every kernel."""
    root = tmp_path_factory.mktemp("packages")
    functions = {f"kernels_of_tests:{name}": (names_of(text), signatures) for name, (text, signatures) in KERNELS.items()}
    sources = {"kernels_of_tests/__init__.py": source_of(KERNELS)}
    KernelPackage(root, "kernels_of_tests", library, sources, functions).write()
    sys.path.insert(0, str(root))
    yield importlib.import_module("kernels_of_tests")
    sys.path.remove(str(root))


@pytest.fixture
def load(monkeypatch):
    """Imports a made package."""

    def load(package):
        monkeypatch.syspath_prepend(str(package.root))
        importlib.invalidate_caches()
        return importlib.import_module(package.name)

    return load


@pytest.fixture
def run():
    """Runs code in a fresh interpreter that finds made packages; returns the finished process."""

    def run(code, *roots, **variables):
        paths = os.pathsep.join(str(root) for root in roots)
        environment = {**{k: v for k, v in os.environ.items() if not k.startswith("HYPERSONIC")}, **variables, "PYTHONPATH": paths}
        command = [sys.executable, "-c", code]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    return run


@pytest.fixture(scope="session")
def objects(library, tmp_path_factory):
    """The imported module with a kernel per type of object; each runs a program of operations on two of them."""
    root = tmp_path_factory.mktemp("objects")
    functions = {f"objects_of_tests:{name}": (names_of(text), signatures) for name, (text, signatures) in FUNCTIONS.items()}
    KernelPackage(root, "objects_of_tests", library, {"objects_of_tests/__init__.py": source_of(FUNCTIONS)}, functions).write()
    sys.path.insert(0, str(root))
    yield importlib.import_module("objects_of_tests")
    sys.path.remove(str(root))
