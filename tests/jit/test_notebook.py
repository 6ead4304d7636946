"""`%%boost` in a real notebook kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager


@pytest.fixture
def execute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], tuple[str, str]]]:
    """Runs a cell in a fresh kernel; gives what it printed, and the error."""
    monkeypatch.setenv("HYPERSONIC_CACHE_DIR", str(tmp_path / "cache"))
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    def execute(cell: str) -> tuple[str, str]:
        out: list[str] = []

        def collect(message: dict[str, dict[str, str]]) -> None:
            out.append(message["content"].get("text", ""))

        reply = client.execute_interactive(cell, timeout=120, output_hook=collect)["content"]
        return "".join(out), reply.get("evalue", "")

    yield execute
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_functions_of_a_cell_are_compiled(execute: Callable[[str], tuple[str, str]]) -> None:
    assert execute("%load_ext hypersonic\nimport numpy as np, hypersonic\nscale = 2.0") == ("", "")
    assert execute("def helper(x):\n    return scale * x")[1] == ""
    cell = "%%boost\ndef f(a):\n    s = 0.0\n    for x in a:\n        s += helper(x)\n    return s\n\nprint('ran')"
    assert execute(cell) == ("ran\n", "")
    assert execute("print(f(np.arange(4.0)), hypersonic.info(f).state)") == ("12.0 cpu\n", "")
    # Another cell changes what it reads.
    assert execute("scale = 10.0\nprint(f(np.arange(4.0)))") == ("60.0\n", "")
    assert execute(cell.replace("s += helper", "s -= helper")) == ("ran\n", "")
    assert execute("print(f(np.arange(4.0)), hypersonic.info(f).state)") == ("-60.0 cpu\n", "")


def test_mistakes_of_a_cell(execute: Callable[[str], tuple[str, str]]) -> None:
    execute("%load_ext hypersonic")
    assert "fats=True" in execute("%%boost fats=True\ndef f(a):\n    return a")[1]
    execute("%%boost\n1 / 0\ndef f(a):\n    return a")
    assert "not defined" in execute("f")[1]
