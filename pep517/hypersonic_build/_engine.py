"""Finding the engine, the program `hypersonic` that came with this package, and talking to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from typing import Any

_BUG = 70


def find() -> str:
    """The path of the engine.

    Looked for where installers put scripts: of this interpreter, of the folder that this package was installed to
    (a prefix, a `--target` folder, a build environment), of the user; then in the search path.
    """
    name = "hypersonic" + (sysconfig.get_config_var("EXE") or "")
    override = os.environ.get("HYPERSONIC_ENGINE")
    if override:
        return override
    tried = []
    for folder in dict.fromkeys(_folders()):
        path = os.path.join(folder, name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
        tried.append(folder)
    raise FileNotFoundError(
        f"the program {name!r} of hypersonic-build was not found in {', '.join(map(repr, tried))}; "
        "reinstall hypersonic-build, or set HYPERSONIC_ENGINE to the program's path"
    )


def _folders() -> Iterator[str]:
    package = os.path.dirname(os.path.abspath(__file__))
    library = os.path.dirname(package)
    scripts = "Scripts" if os.name == "nt" else "bin"
    # pip install --target: the scripts lie beside the packages.
    yield os.path.join(library, scripts)
    # A prefix: lib/python3.x/site-packages or Lib/site-packages.
    for up in (("..", "..", ".."), ("..", "..")):
        yield os.path.normpath(os.path.join(library, *up, scripts))
    yield sysconfig.get_path("scripts")
    yield os.path.dirname(sys.executable)
    yield sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user"))
    yield from filter(None, os.environ.get("PATH", "").split(os.pathsep))


def request(
    hook: str,
    config_settings: Any,
    directory: str | None = None,
    metadata_directory: str | None = None,
) -> object:
    """Run one hook in the engine. What it has to say goes to standard error; a failure ends this process with its code."""
    with tempfile.TemporaryDirectory(prefix="hypersonic-") as folder:
        result = os.path.join(folder, "result.json")
        message = {
            "source": os.getcwd(),
            "directory": None if directory is None else os.path.abspath(directory),
            "config_settings": config_settings,
            "metadata_directory": None if metadata_directory is None else os.path.abspath(metadata_directory),
            "result": result,
        }
        path = os.path.join(folder, "request.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(message, file, default=dict)
        sys.stdout.flush()
        sys.stderr.flush()
        done = subprocess.run([find(), "pep517", hook, path], stdin=subprocess.DEVNULL, check=False)
        if done.returncode < 0:
            print(
                f"hypersonic: the engine was ended by signal {-done.returncode}. Unless you ended it, this is a bug of "
                "hypersonic, not of your project. Nothing was written. Please report it.",
                file=sys.stderr,
            )
            raise SystemExit(_BUG)
        if done.returncode != 0:
            raise SystemExit(done.returncode)
        with open(result, encoding="utf-8") as file:
            answer: dict[str, object] = json.load(file)
        return answer["result"]
