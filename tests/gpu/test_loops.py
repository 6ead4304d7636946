"""Explicit loops that must not run on a GPU as they are, and what happens then: Python answers, and nothing was written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

OnGpu = Callable[..., str]

PYTHON = """
class Array(OnDevice):
    python = False
    @property
    def shape(self):
        return self.values.shape
    def __len__(self):
        return self.values.shape[0]
    def __getitem__(self, key):
        self.python = True
        return self.host()[key]
    def __setitem__(self, key, value):
        self.python = True
def unchanged(array):
    assert (array.host() == array.values).all()
"""


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("running", "Array(np.ones(300))"),
        ("last", "Array(np.ones(300)), Array(np.zeros(300))"),
        ("chosen", "Array(np.ones(300)), Array(np.arange(3))"),
        ("collide", "Array(np.ones(300))"),
        # The columns are independent, but they lie in one another.
        ("column_scan", "Array(np.ones((9, 300)))"),
    ],
)
def test_dependent_loops_have_no_gpu_version(name: str, arguments: str, on_gpu: OnGpu) -> None:
    on_gpu(
        PYTHON
        + f"""
arguments = [{arguments}]
package.{name}(*arguments)
assert arguments[0].python and launches() == 0
""",
        package="gpu_loops",
    )


def test_arrays_that_overlap_are_left_to_python(on_gpu: OnGpu) -> None:
    on_gpu(
        PYTHON
        + """
a = Array(np.arange(300.0))
before = Array(np.arange(299.0))
before.__cuda_array_interface__["data"] = (a.address, False)
behind = Array(np.arange(299.0))
behind.__cuda_array_interface__["data"] = (a.address + 8, False)
package.scaled(before, behind, 2.0)
assert behind.python and launches() == 0
unchanged(a)
assert "overlap" in hypersonic.info(package.scaled).last_fallback, hypersonic.info(package.scaled)
package.scaled(a, a, 2.0)
assert launches() == 1, "the same array twice is fine"
assert (a.host() == 2 * a.values + np.arange(300)).all()
""",
        package="gpu_loops",
    )


def test_an_index_out_of_range_writes_nothing(on_gpu: OnGpu) -> None:
    on_gpu(
        PYTHON
        + """
for name in "filled", "twice":
    a = Array(np.ones(300))
    try:
        getattr(package, name)(a, 301)
    except IndexError:
        pass
    assert a.python, name
    unchanged(a)
assert launches() == 0
""",
        package="gpu_loops",
    )


def test_a_step_that_is_behind_a_write_is_rehearsed(on_gpu: OnGpu) -> None:
    on_gpu(
        PYTHON
        + """
a, b = Array(np.random.default_rng(1).random((20, 30))), Array(np.zeros((20, 30)))
package.heat(a, b, 7)
assert launches() == 14
expected, scratch = a.values.copy(), np.zeros((20, 30))
package.heat.__wrapped__(expected, scratch, 7)
assert (a.host() == expected).all()
small = Array(np.zeros((20, 20)))
try:
    package.heat(a, small, 7)
except IndexError:
    pass
else:
    raise AssertionError("no error")
assert launches() == 14 and (a.host() == expected).all()
unchanged(small)
""",
        package="gpu_loops",
    )
