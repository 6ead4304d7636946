"""C programs that call kernels by the header of a package, without Python: compiled with the system's compiler, run, compared."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hypersonic
import oracle
import pytest

SOURCE = """
import numpy as np
from hypersonic import boost
from typing import Literal


@boost(c=True)
def area(x: float, n: int) -> float:
    return x * n


@boost(c=True)
def pick(x: "float[:]", i: int):
    return x[i]


@boost(c=True)
def double(x: "float[:, :]"):
    return x * 2.0


@boost(c=True)
def fill(x: "float32[:]", value: "float32"):
    x[:] = value


@boost(c=True)
def rotate(z: complex, up: bool):
    return (z * 1j if up else z * -1j), up


@boost(c=True)
def tail(x: "int[:]"):
    y = x * 2
    return x[1:], y, y[1:], x.sum()


@boost(c=True)
def bad(x: float):
    if x < 0:
        raise ValueError(f"x is {x} and half {x / 2:.3f}, 100%?")
    return 1.0 / x


@boost(c=True)
def either(a: "int or float", b: (int, float)):
    return a + b[0] * b[1]


@boost(c=True)
def power(register: int):
    return register ** 20


@boost(c=True)
def scaled(x: "float[:, :] order(F)", mode: Literal["twice", "thrice"]):
    return x * 2 if mode == "twice" else x * 3


@boost(c=True)
def level(stdin: float, class_: float, u0061: int, ψ: bool):
    return stdin + class_ + u0061 if ψ else 0.0


@boost
def hidden(x: float):
    return x


@boost(c=True)
def total(x: "complex64[:]"):
    return x.sum()


@boost(c=True)
def halves(x: "float[:]", limit: float):
    s = 0.0
    last = -1
    # omp parallel for reduction(+:s) schedule(static, 2)
    for i in range(x.shape[0]):
        row = np.full(3, x[i])
        if x[i] > limit:
            raise ValueError(f"{x[i]} at {i}")
        x[i] = np.sum(row) / 6
        s += x[i]
        last = i
    return s, last
"""

CC = shutil.which("cc")
pytestmark = pytest.mark.skipif(CC is None or sys.platform == "win32", reason="needs a C compiler")


@pytest.fixture(scope="module")
def package(build: Callable[..., oracle.Built]) -> oracle.Built:
    """All levels: the header chooses."""
    return build(SOURCE, name="cdemo", extra=oracle.ALL)


def run(
    package: oracle.Built, tmp_path: Path, body: str, before: str = "", dlopen: bool = False, language: str = "c", **environment: str
) -> str:
    """What a program with this `main` prints."""
    folder = hypersonic.get_include(package.module.__name__)
    header = f"{package.module.__name__}.h"
    source = tmp_path / f"main.{language}"
    define = "#define HYPERSONIC_DLOPEN\n" if dlopen else ""
    source.write_text(f"{define}{before}\n#include <stdio.h>\n#include <{header}>\nint main(void) {{\n{body}\nreturn 0;\n}}\n")
    program = tmp_path / "program"
    compiler, standard = ("cc", "-std=c11") if language == "c" else ("c++", "-std=c++11")
    library = [] if dlopen else [f"{folder}/kernels.so", f"-Wl,-rpath,{folder}"]
    warnings = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-function", *([] if dlopen else ["-Wpedantic"])]
    command = [
        compiler,
        standard,
        "-O1",
        "-fsanitize=undefined",
        *warnings,
        str(source),
        f"-I{folder}",
        "-o",
        str(program),
        *library,
        "-ldl",
    ]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    done = subprocess.run([str(program)], capture_output=True, text=True, check=False, env={**os.environ, **environment})
    assert done.returncode == 0, f"{done.returncode}: {done.stdout}{done.stderr}"
    assert not done.stderr, done.stderr
    return done.stdout


def test_numbers_and_tuples(package: oracle.Built, tmp_path: Path) -> None:
    body = r"""
    double x; bool up; hypersonic_complex128 z, w = {1.5, -2.5};
    printf("%d ", cdemo_area(2.5, -3, &x, NULL)); printf("%.17g\n", x);
    printf("%d ", cdemo_rotate(w, true, &z, &up, NULL)); printf("%.17g %.17g %d\n", z.real, z.imag, up);
    printf("%d ", cdemo_either_float64_int64_float64(0.5, 3, 1.5, &x, NULL)); printf("%.17g\n", x);
    printf("%d ", cdemo_either_int64_int64_float64(2, 3, 1.5, &x, NULL)); printf("%.17g\n", x);
    """
    z, up = package.rotate.__wrapped__(1.5 - 2.5j, True)
    expected = f"0 {2.5 * -3:.17g}\n0 {z.real:.17g} {z.imag:.17g} {up:d}\n0 5\n0 6.5\n"
    assert run(package, tmp_path, body) == expected


@pytest.mark.parametrize("dlopen", [False, True])
def test_arrays_in_and_out(package: oracle.Built, tmp_path: Path, dlopen: bool) -> None:
    opened = f'if (!hypersonic_open_cdemo("{hypersonic.get_include("cdemo")}/kernels.so")) return 9;' if dlopen else ""
    body = (
        opened
        + r"""
    double x[] = {1, 2, 3, 4, 5, 6};
    hypersonic_float64_2d y;
    printf("%d:", cdemo_double(x, 2, 3, &y, NULL));
    for (int i = 0; i < 6; i++) printf(" %g", y.data[i]);
    printf(" (%d, %d) (%d, %d)\n", (int)y.shape[0], (int)y.shape[1], (int)y.strides[0], (int)y.strides[1]);
    hypersonic_free(y.memory);
    /* The transposed. */
    printf("%d:", cdemo_double_strided(x, 3, 2, 8, 24, &y, NULL));
    for (int i = 0; i < 3; i++) for (int j = 0; j < 2; j++)
        printf(" %g", *(double *)((char *)y.data + i * y.strides[0] + j * y.strides[1]));
    hypersonic_free(y.memory);
    float f[3];
    printf("\n%d:", cdemo_fill(f, 3, 1.5f, NULL));
    printf(" %g %g %g\n", f[0], f[1], f[2]);
    hypersonic_complex64 c[] = {{1, 2}, {3, 4}}, total;
    printf("%d:", cdemo_total(c, 2, &total, NULL));
    printf(" %g %g\n", total.real, total.imag);
    """
    )
    expected = "0: 2 4 6 8 10 12 (2, 3) (24, 8)\n0: 2 8 4 10 6 12\n0: 1.5 1.5 1.5\n0: 4 6\n"
    assert run(package, tmp_path, body, dlopen=dlopen) == expected


def test_parallel_loops_run_on_the_thread_that_calls(package: oracle.Built, tmp_path: Path) -> None:
    body = r"""
    double x[7] = {2, 4, 6, 8, 10, 12, 14}, s;
    int64_t last;
    char text[200];
    hypersonic_error e;
    printf("%d ", cdemo_halves(x, 7, 100, &s, &last, NULL));
    printf("%g %d\n", s, (int)last);
    printf("%d ", cdemo_halves(x, 7, 4.5, &s, &last, &e));
    hypersonic_message(&e, text, sizeof text);
    printf("%s: %s;", hypersonic_exception(&e), text);
    for (int i = 0; i < 7; i++) printf(" %g", x[i]);
    """
    assert run(package, tmp_path, body) == "0 28 6\n1 ValueError: 5.0 at 4; 0.5 1 1.5 2 5 6 7"


def test_who_owns_results(package: oracle.Built, tmp_path: Path) -> None:
    before = """
    #include <stdlib.h>
    static int live;
    static void *counted(size_t n) { live++; return malloc(n); }
    static void uncounted(void *p) { live--; free(p); }
    #define HYPERSONIC_MALLOC(n) counted(n)
    #define HYPERSONIC_FREE(p) uncounted(p)
    """
    body = r"""
    int64_t x[] = {1, 2, 3, 4}, sum;
    hypersonic_int64_1d view, y, rest;
    printf("%d ", cdemo_tail(x, 4, &view, &y, &rest, &sum, NULL));
    printf("%d %d %d %d\n", (int)sum, view.memory == NULL, view.data == x + 1, y.memory == rest.memory && y.data + 1 == rest.data);
    hypersonic_free(view.memory); hypersonic_free(y.memory);
    printf("%d ", live);
    printf("%d ", (int)rest.data[2]);
    hypersonic_free(rest.memory);
    printf("%d\n", live);
    """
    assert run(package, tmp_path, body, before) == "0 10 1 1 1\n1 8 0\n"


def test_what_raises(package: oracle.Built, tmp_path: Path) -> None:
    body = r"""
    double x[3] = {1, 2, 3}, y;
    int64_t n;
    char text[200];
    hypersonic_error e;
    int status = cdemo_pick(x, 3, -4, &y, &e);
    hypersonic_message(&e, text, sizeof text);
    printf("%d %s: %s, %u\n", status, hypersonic_exception(&e), text, hypersonic_line(&e));
    double values[] = {-0.1, -1e22, -1e-5, -123456789.0, -1e16, -1e15, -3.0, 0.0};
    for (int i = 0; i < 8; i++) {
        status = cdemo_bad(values[i], &y, &e);
        hypersonic_message(&e, text, sizeof text);
        printf("%d %s: %s\n", status, hypersonic_exception(&e), text);
    }
    printf("%d %d ", cdemo_bad(-1, &y, NULL), (int)hypersonic_message(&e, text, 6));
    printf("%s\n", text);
    status = cdemo_power(1000, &n, &e);
    printf("%d %s\n", status, hypersonic_exception(&e));
    """
    lines = run(package, tmp_path, body).splitlines()
    line = SOURCE[: SOURCE.index("return x[i]")].count("\n") + 1
    assert lines[0] == f"1 IndexError: index -4 is out of bounds for axis 0 with size 3, {line}"
    for value, shown in zip([-0.1, -1e22, -1e-5, -123456789.0, -1e16, -1e15, -3.0], lines[1:8], strict=True):
        with pytest.raises(ValueError, match="half") as caught:
            package.bad.__wrapped__(value)
        assert shown == f"1 ValueError: {caught.value}"
    assert lines[8].startswith("1 ZeroDivisionError: ")
    assert lines[9].startswith("1 ") and lines[9].endswith(" float")
    assert lines[10] == "1 OverflowError"


def test_memory_that_is_not_there(package: oracle.Built, tmp_path: Path) -> None:
    before = "#include <stddef.h>\n#define HYPERSONIC_MALLOC(n) ((void)(n), NULL)\n#define HYPERSONIC_FREE(p) ((void)(p))\n"
    body = r"""
    double x[6] = {0};
    hypersonic_float64_2d y;
    hypersonic_error e;
    int status = cdemo_double(x, 2, 3, &y, &e);
    printf("%d %s\n", status, hypersonic_exception(&e));
    """
    assert run(package, tmp_path, body, before) == "1 MemoryError\n"


def test_orders_and_literals(package: oracle.Built, tmp_path: Path) -> None:
    body = r"""
    double x[] = {1, 2, 3, 4, 5, 6};
    hypersonic_float64_2d y;
    printf("%d:", cdemo_scaled_float64_2df_thrice(x, 2, 3, &y, NULL));
    for (int i = 0; i < 2; i++) for (int j = 0; j < 3; j++)
        printf(" %g", *(double *)((char *)y.data + i * y.strides[0] + j * y.strides[1]));
    hypersonic_free(y.memory);
    """
    assert run(package, tmp_path, body) == "0: 3 9 15 6 12 18"


@pytest.mark.parametrize("cap", ["v2", "x86-64-v3", "v4", "x86-64"])
def test_levels(package: oracle.Built, tmp_path: Path, cap: str) -> None:
    levels = oracle.manifest(package)["levels"]
    body = (
        'double x; printf("%d ", hypersonic_level_cdemo()); int s = cdemo_area(2, 3, &x, NULL); printf("%d", s); if (!s) printf(" %g", x);'
    )
    printed = run(package, tmp_path, body, HYPERSONIC_CPU_LEVEL=cap)
    from hypersonic import _dispatch

    best = _dispatch.host_level(_dispatch.parse_level(cap))
    assert printed == (f"{levels.index(best)} 0 6" if best else "-1 2")


def test_a_library_that_is_not_open(package: oracle.Built, tmp_path: Path) -> None:
    body = r"""
    double x; hypersonic_error e; char text[100];
    printf("%d %d ", hypersonic_open_cdemo("/nowhere.so"), cdemo_area(2, 3, &x, &e));
    hypersonic_message(&e, text, 100);
    puts(text);
    """
    assert run(package, tmp_path, body, dlopen=True).startswith("0 2 this processor is too old for the kernels, or they are not loaded")


@pytest.mark.skipif(shutil.which("c++") is None, reason="needs a C++ compiler")
def test_cplusplus(package: oracle.Built, tmp_path: Path) -> None:
    assert run(package, tmp_path, 'double x; printf("%d", cdemo_area(2, 3, &x, nullptr)); printf(" %g", x);', language="cpp") == "0 6"


def test_names_that_c_does_not_have(package: oracle.Built, tmp_path: Path) -> None:
    assert run(package, tmp_path, 'double x; printf("%d", cdemo_level(1, 2, 3, true, &x, NULL)); printf(" %g", x);') == "0 6"


def test_only_what_is_marked_is_listed(package: oracle.Built) -> None:
    text = (Path(hypersonic.get_include("cdemo")) / "cdemo.h").read_text()
    assert "cdemo_area(" in text
    assert "hidden" not in text


def engine(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = os.environ.get("HYPERSONIC_ENGINE", str(Path(sys.executable).parent / "hypersonic"))
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def test_the_command_line_writes_headers(package: oracle.Built, tmp_path: Path) -> None:
    folder = Path(hypersonic.get_include("cdemo"))
    assert engine("header", str(folder)).stdout == (folder / "cdemo.h").read_text()
    assert "cdemo_hidden(" in engine("header", "--all", str(folder.parent)).stdout
    done = engine("header", str(package.wheel), "--out", str(tmp_path / "include"))
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "include").iterdir()} == {"cdemo.h", "hypersonic.h", "kernels.so"}
    assert engine("header", str(tmp_path)).returncode == 1


def test_nothing_is_marked(build: Callable[..., oracle.Built]) -> None:
    built = build("from hypersonic import boost\n@boost\ndef f(x: float):\n    return x\n")
    with pytest.raises(FileNotFoundError, match="is marked"):
        hypersonic.get_include(built.module.__name__)
    with pytest.raises(FileNotFoundError, match="no kernels"):
        hypersonic.get_include("json")
    folder = Path(str(built.module.__file__)).parent / "__hypersonic__"
    assert "exports nothing to C" in engine("header", str(folder)).stderr
    assert "exports" not in json.dumps(oracle.manifest(built))


def test_methods_have_no_c_form(build: Callable[..., oracle.Built]) -> None:
    built = build(
        """
        from hypersonic import boost

        class C:
            k: float
            @boost(c=True)
            def f(self, x: float):
                return self.k * x
        """
    )
    assert "HS0313" in built.log and "a method needs its object" in built.log
