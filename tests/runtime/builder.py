"""Makes packages with kernels by hand: C kernels, a manifest, Python sources; as the engine would, but without it."""

import copy
import hashlib
import json
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
LEVELS = ["x86-64-v2", "x86-64-v3", "x86-64-v4"] if platform.machine() == "x86_64" else ["armv8-a"]
PLATFORM = f"{'x86_64' if platform.machine() == 'x86_64' else 'aarch64'}-{'macos' if sys.platform == 'darwin' else 'linux'}"

FLOAT, INT, BOOL, COMPLEX = ({"python": name} for name in ("float", "int", "bool", "complex"))
NONE = "none"
INT64 = {"numpy": "int64"}


def array(dtype="float64", ndim=1, **more):
    return {"array": {"dtype": dtype, "ndim": ndim, **more}}


def numpy(dtype):
    return {"numpy": dtype}


def literal(value):
    kind = {bool: "bool", int: "int", str: "text"}[type(value)]
    return {"literal": {kind: value}}


def signature(symbol, parameters, result, *, contiguous=None, levels=None, writes=(), releases_gil=False, gpu=None, text=None):
    count = len(LEVELS)
    return {
        "text": text or f"{symbol}(...)",
        "parameters": parameters,
        "result": result,
        "writes": list(writes),
        "contiguous": [contiguous] * count if contiguous else [],
        "strided": levels or [symbol] * count,
        "gpu": gpu,
        "releases_gil": releases_gil,
    }


def failure(exception, *message, retry=False, line=0):
    return {"exception": exception, "message": list(message), "retry": retry, "line": line}


FAILURES = [
    failure("OverflowError", {"text": "int too large"}, retry=True, line=7),
    failure("ValueError", {"text": "bad "}, {"int": [0, ">5d"]}, {"text": " and "}, {"float": [1, ".2f"]}),
    failure("MemoryError", {"text": "no memory"}),
    failure("KeyError"),
    failure("IndexError", {"text": "never seen"}, retry=True),
    failure("OwnError", {"text": "mine"}),
    failure("numpy.linalg.LinAlgError", {"text": "Singular matrix"}),
]


FREESTANDING = ["-nostdlib", "-ffreestanding", "-fno-stack-protector"]


def compile_library(source, target, *options):
    """A C file of this folder as a shared library."""
    command = ["gcc", "-O2", "-std=gnu11", "-shared", "-fPIC", *options]
    subprocess.run([*command, "-o", str(target), str(HERE / source)], check=True)
    return target


def compile_kernels(folder):
    """The test kernels as a freestanding shared library."""
    return compile_library("kernels.c", folder / "kernels.so", *FREESTANDING).read_bytes()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def sealed(text):
    """A manifest with its own digest as the last member."""
    return f'{text[:-1]},"seal":"{sha256(text[:-1].encode())}"}}'


class KernelPackage:
    """A package in the making. `functions` maps `module:qualname` to (parameter names, signatures)."""

    def __init__(self, root, name, library, sources, functions, depends=None, reasons=None, ptx=None, gpu_kernels=()):
        self.root, self.name, self.library = root, name, library
        self.sources, self.functions = sources, functions
        self.ptx, self.gpu_kernels = ptx, list(gpu_kernels)
        self.depends, self.reasons = depends or {}, reasons or {}

    def write(self):
        for path, text in self.sources.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        self.kernels.mkdir(parents=True, exist_ok=True)
        (self.kernels / "kernels.so").write_bytes(self.library)
        if self.ptx is not None:
            (self.kernels / "kernels.ptx").write_bytes(self.ptx)
        self.write_manifest(self.manifest())
        return self

    @property
    def is_package(self):
        return f"{self.name}/__init__.py" in self.sources

    @property
    def kernels(self):
        return self.root / self.name / "__hypersonic__" if self.is_package else self.root / f"__hypersonic__{self.name}"

    def write_manifest(self, manifest):
        text = manifest if isinstance(manifest, str) else sealed(json.dumps(manifest))
        (self.kernels / "manifest.json").write_text(text)

    def manifest(self):
        modules = {}
        for path, text in self.sources.items():
            module = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
            pieces = {name: sha256(piece.encode()) for name, piece in top_level_pieces(text).items()}
            modules[module] = {"sha256": sha256(text.encode()), "pieces": pieces, "functions": {}}
        for key, (parameters, signatures) in self.functions.items():
            module, name = key.split(":")
            modules[module]["functions"][name] = {
                "depends": self.depends.get(key, [[module, name]]),
                "parameters": parameters,
                "signatures": copy.deepcopy(signatures),
                "reasons": self.reasons.get(key, []),
            }
        return {
            "abi": 6,
            "generator": "hypersonic-build 0.1.0",
            "library": {"path": "kernels.so", "sha256": sha256(self.library)},
            "platform": PLATFORM,
            "levels": LEVELS,
            "ptx": None if self.ptx is None else {"path": "kernels.ptx", "sha256": sha256(self.ptx)},
            "gpu_kernels": self.gpu_kernels,
            "failures": FAILURES,
            "modules": modules,
        }


def top_level_pieces(text):
    """Paragraphs of a source in which every top-level statement is followed by an empty line."""
    pieces = {}
    for paragraph in text.strip("\n").split("\n\n"):
        for line in paragraph.split("\n"):
            words = line.replace("(", " ").replace(":", " ").split()
            if line.startswith("def "):
                pieces[words[1]] = paragraph
            elif len(words) > 1 and words[1] == "=" and not line.startswith(" "):
                pieces[words[0]] = paragraph
    return pieces
