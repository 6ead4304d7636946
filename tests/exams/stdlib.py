"""`hypersonic check` over Python's own standard library: no internal error, no panic, no hang.

`python tests/exams/stdlib.py` takes every file of `lib/python3.x` of the interpreters below `~/.pyenv/versions` (or of those given), as it is
and with `@boost` and made-up annotations on every function, each as a package of its own with 10 s of CPU time and 1 GB. Prints what went wrong, ends with
status 1 if anything did. `--sample N` takes every N-th file, `--first N` goes on where a run was ended: every hundredth file is said on standard error.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

SECONDS = 10
# Of the clock: a busy machine may well take this long for what needs 10 s, so only what waits for nothing gets here.
PATIENCE = 300
MEMORY = 1 << 30
PYPROJECT = """
[build-system]
requires = ["hypersonic-build"]
build-backend = "hypersonic_build"

[project]
name = "exam"
version = "1"
dependencies = ["hypersonic"]

[tool.hypersonic]
levels = ["x86-64-v2"]
gpu = false
"""
ANNOTATIONS = {
    "floats": ("float",),
    "mixed": (
        "int",
        "float",
        "str",
        "'float[:]'",
        "list[float]",
        "dict[str, int]",
        "'int | None'",
        "tuple[int, str]",
        "bool",
        "set[int]",
        "list[str]",
        "complex",
    ),
}
ENGINE = Path(sys.executable).parent / "hypersonic"


def marked(source: str, kinds: tuple[str, ...], seed: str) -> str | None:
    """The source with `@boost` alone on every function and method of its top level, and annotations of these types."""
    random = Random(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            return None
    for holder in [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]:
        for node in holder.body:
            if not isinstance(node, ast.FunctionDef):
                continue
            node.decorator_list = [ast.Name("boost", ast.Load())]
            arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
            for argument in arguments[1:] if isinstance(holder, ast.ClassDef) else arguments:
                argument.annotation = ast.parse(random.choice(kinds), mode="eval").body
    future = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    last = tree.body.index(future[-1]) + 1 if future else int(bool(ast.get_docstring(tree)))
    tree.body.insert(last, ast.ImportFrom("hypersonic", [ast.alias("boost")], 0))
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def limits() -> None:
    # Address space, of which stacks that are hardly used take much: what is really used is looked at afterwards.
    resource.setrlimit(resource.RLIMIT_AS, (4 * MEMORY, 4 * MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Of all threads together, so a loaded machine is not taken for a slow engine.
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))


def check(text: bytes | str, folder: Path) -> tuple[str | None, str]:
    """What went wrong with a package that holds this text, and all that was printed."""
    package = folder / "exam"
    package.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    path = package / "__init__.py"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    try:
        run = subprocess.run(
            [str(ENGINE), "check"],
            cwd=folder,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            preexec_fn=limits,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"not done after {PATIENCE} s of the clock", ""
    log = run.stdout + run.stderr
    if run.returncode == -signal.SIGXCPU:
        return f"more than {SECONDS} s of CPU time", log
    if run.returncode < 0:
        return f"killed by {signal.Signals(-run.returncode).name}", log
    if run.returncode not in (0, 1):
        return f"exit status {run.returncode}: {log[-300:]}", log
    found = re.search(r"HS0901[^\n]*|[^\n]*panicked at[^\n]*", log)
    return (found.group() if found else None), log


def examine(path: Path) -> list[tuple[str, str | None, int]]:
    """(variant, trouble, functions compiled) for a file."""
    source = path.read_bytes()
    variants: dict[str, bytes | str | None] = {"as it is": source}
    text = source.decode("utf-8", "replace")
    for name, kinds in ANNOTATIONS.items():
        variants[name] = marked(text, kinds, str(path.name))
    results = []
    for name, variant in variants.items():
        if variant is None:
            continue
        with tempfile.TemporaryDirectory(prefix="stdlib-") as folder:
            trouble, log = check(variant, Path(folder) / "project")
        compiled = re.search(r"(\d+) functions? compiled", log)
        results.append((name, trouble, int(compiled.group(1)) if compiled else 0))
    return results


def trees() -> list[Path]:
    versions = Path.home() / ".pyenv" / "versions"
    return sorted(path for minor in ("3.11", "3.13") for path in versions.glob(f"{minor}.*/lib/python{minor}"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trees", nargs="*", type=Path)
    parser.add_argument("--sample", type=int, default=1, help="every N-th file")
    parser.add_argument("--first", type=int, default=0, help="how many of the files to leave out")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    files = [path for tree in options.trees or trees() for path in sorted(tree.rglob("*.py"))][options.first :: options.sample]
    troubles: Counter[str] = Counter()
    compiled = runs = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for number, (path, results) in enumerate(zip(files, pool.map(examine, files))):
            if number and number % 100 == 0:
                print(f"{number} of {len(files)} files, {runs} checks, {compiled} functions compiled", file=sys.stderr, flush=True)
            for name, trouble, count in results:
                runs += 1
                compiled += count
                if trouble:
                    troubles[trouble] += 1
                    print(f"{path} ({name}): {trouble}", flush=True)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10
    if most > MEMORY:
        troubles[f"{most >> 20} MB for one file"] += 1
    print(f"most memory {most >> 20} MB")
    print(f"{len(files)} files, {runs} checks, {compiled} functions compiled, {sum(troubles.values())} troubles")
    return int(bool(troubles) or not files)


if __name__ == "__main__":
    sys.exit(main())
