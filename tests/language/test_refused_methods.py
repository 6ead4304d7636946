"""Methods that stay Python: why, where it is said, and that a changed class is not run by old kernels."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hypersonic
import oracle


def test_a_changed_class_makes_its_methods_stale(build: Callable[..., oracle.Built]) -> None:
    files = {"base.py": "class Base:\n    k: float = 2.0\n    def helper(self, x):\n        return x * self.k\n\nOTHER = 1\n"}
    source = """
    from hypersonic import boost
    from .base import Base

    class C(Base):
        @boost
        def m(self, x: float):
            return self.helper(x)

    @boost
    def f(x: float):
        return x
    """
    made = build(source, files=files)
    assert made.module.C().m(3.0) == 6.0 and hypersonic.info(made.module.C.m).state == "cpu"
    name, folder = made.module.__name__, Path(str(made.module.__file__)).parent
    script = f"import hypersonic, {name} as m; print(m.C().m(3.0), hypersonic.info(m.C.m).state, hypersonic.info(m.f).state)"

    def run() -> str:
        return subprocess.run([sys.executable, "-c", script], cwd=folder.parent, capture_output=True, text=True, check=True).stdout.strip()

    text = (folder / "base.py").read_text()
    (folder / "base.py").write_text(text.replace("OTHER = 1", "OTHER = 2"))
    assert run() == "6.0 cpu cpu"
    (folder / "base.py").write_text(text.replace("x * self.k", "x * self.k + 1"))
    assert run() == "7.0 python cpu"


REFUSED = """
import functools
import numpy as np
from hypersonic import boost

def outside(x): return x

class Bad:
    k: float
    where: "floaat"

    def __init__(self):
        self.untyped = 1.0

    @boost
    def no_annotation(self): return self.untyped
    @boost
    def unknown(self): return self.untypd
    @boost
    def bad_type(self): return self.where
    @boost
    def passed(self): return outside(self)
    @boost
    def as_value(self): return self.plain
    @boost
    def chosen(self, c: bool): return (self.plain() if c else 1.0) + self.k
    @boost
    def outer_call(self): return super().plain()
    @functools.cache
    @boost
    def cached(self): return self.k
    @boost
    def parameter(self, x): return self.k
    @boost
    def rebinds(self):
        self = 1
        return self
    @boost
    def sets_method(self): self.plain = 1.0
    @classmethod
    @boost
    def sets_class(cls): cls.k = 1.0
    def plain(self):
        self.k = 2.0
        return self.k
    class Inner:
        @boost
        def inner(self): return 1.0

@boost
class Nothing:
    def m(self): return 1.0

def function():
    @boost
    def nested(x: float): return x
    return nested

@boost
def fine(x: float): return x
"""


def test_what_is_refused_says_why_and_runs_as_python(build: Callable[..., oracle.Built]) -> None:
    refused = build(REFUSED)
    expected = {
        "no_annotation": "HS0308",
        "unknown": "HS0309",
        "bad_type": "HS0301",
        "passed": "HS0212",
        "as_value": "HS0212",
        "chosen": "HS0212",
        "outer_call": "HS0212",
        "cached": "HS0208",
        "parameter": "HS0303",
        "rebinds": "HS0212",
        "sets_method": "HS0212",
        "sets_class": "HS0212",
    }
    functions = oracle.manifest(refused)["modules"][refused.module.__name__]["functions"]
    for name, code in expected.items():
        assert f"[{code}]" in refused.log, (name, refused.log)
        row = functions[f"Bad.{name}"]
        assert row["reasons"] and not row["signatures"], name
        assert f"Bad.{name} " in refused.log
        if name != "cached":
            method = inspect.getattr_static(refused.module.Bad, name)
            info = hypersonic.info(method)
            assert info.state == "python" and info.reason == "; ".join(row["reasons"]), name
    assert "did you mean `untyped`?" in refused.log
    assert "or in `__init__`: `self.untyped: float = 0.0`" in refused.log
    assert {"Bad.Inner.inner", "function.<locals>.nested", "fine"} <= set(functions)
    assert "HS0310" in refused.log
    assert f"hypersonic: 1 of {len(functions)} functions compiled" in refused.log, refused.log
    assert refused.module.Bad().no_annotation() == 1.0
    assert "only methods that stand directly" in str(hypersonic.info(refused.module.Bad.Inner.inner).reason)
