"""Runs every case on the GPU, on the CPU and in Python, and prints what differs: one JSON object a line.

The GPU must give the CPU's bits, and both what NumPy gives, within the units in the last place of the case.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent), sys.argv[1]]

import hypersonic
import numpy as np
import oracle
from cases import CASES, Case
from device import OnDevice, launches, to_host

package = importlib.import_module(sys.argv[2])


def arrays(value: Any) -> list[Any]:
    """What in a result should be an array."""
    return [item for item in oracle.leaves(value) if isinstance(item, np.ndarray)]


def problem(case: Case) -> str:
    """What is wrong; nothing if all is well."""
    function = getattr(package, case.name)
    on_cpu, on_python = oracle.clone(case.args), oracle.clone(case.args)
    devices = [OnDevice(value) if isinstance(value, np.ndarray) else value for value in oracle.clone(case.args)]
    before = launches()
    result = function(*devices)
    launched = launches() - before
    cpu = oracle.run(function, on_cpu)
    python = oracle.run(function.__wrapped__, on_python)
    if cpu.error or python.error:
        return f"no answer: {cpu.error!r}, {python.error!r}"
    for item in oracle.leaves(result):
        if not isinstance(item, hypersonic.DeviceArray | OnDevice) and item is not None:
            return f"a result is {item!r}"
    if (launched > 0) != case.launches:
        return f"{launched} launches: {hypersonic.info(function).last_fallback}"
    try:
        oracle.assert_same(to_host(result), cpu.value, 0, "GPU and CPU")
        oracle.assert_same(cpu.value, python.value, case.ulp, "CPU and NumPy")
        for n, (device, mine, other) in enumerate(zip(devices, on_cpu, on_python, strict=True)):
            oracle.assert_same(to_host(device), mine, 0, f"argument {n}, GPU and CPU")
            oracle.assert_same(mine, other, case.ulp, f"argument {n}, CPU and NumPy")
    except AssertionError as error:
        return str(error)
    return ""


for number, case in enumerate(CASES[sys.argv[2]]):
    try:
        found = problem(case)
    except Exception as error:
        found = f"{type(error).__name__}: {error}"
    print(json.dumps({"number": number, "problem": found[:2000]}), flush=True)
