"""Random parallel loops over ints, which give on every number of threads what Python gives: variables of all kinds, in every order."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import hypersonic
import numpy as np
import oracle
import pytest

FUNCTIONS = int(os.environ.get("HYPERSONIC_TEST_LOOPS", "60"))
SEED = int(os.environ.get("HYPERSONIC_TEST_SEED", "1"))


class Program:
    """A random function with one loop."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        # The last of them is not always set before the loop.
        self.names = ["s", "t", "u", "v", "w"]
        self.inner = 0
        # Few programs may read what others set: most of such loops are not divided.
        self.reads = self.random.random() < 0.35

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def value(self, depth: int = 0) -> str:
        kind = self.random.random()
        if depth > 2 or kind < 0.5:
            known = ["i", "int(a[i])", "int(b[i])", str(self.random.randint(-3, 9))]
            known += ["j"] * (2 * min(self.inner, 1)) + (self.names if self.reads and self.random.random() < 0.3 else [])
            return self.random.choice(known)
        if kind < 0.85:
            return f"({self.value(depth + 1)} {self.pick('+', '-', '*', '&', '|', '^')} {self.value(depth + 1)}) % 1009"
        if kind < 0.95:
            return f"{self.pick('min', 'max')}({self.value(depth + 1)}, {self.value(depth + 1)})"
        return f"({self.value(depth + 1)} if {self.test()} else {self.value(depth + 1)})"

    def test(self) -> str:
        return f"{self.value(2)} {self.pick('<', '>', '<=', '>=', '==', '!=')} {self.value(2)}"

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def block(self, depth: int) -> None:
        for _ in range(self.random.randint(1, 3)):
            self.statement(depth)

    def statement(self, depth: int) -> None:
        kind, name = self.random.random(), self.random.choice(self.names)
        # A variable is updated in one way as a rule.
        update = {"s": "+", "t": "^", "u": "max", "v": "-", "w": "|"}[name] if self.random.random() < 0.9 else self.pick("+", "&", "min")
        if kind < 0.4:
            if update in ("max", "min"):
                value = self.value()
                if self.random.random() < 0.5:
                    self.line(depth, f"{name} = {update}({name}, {value})")
                else:
                    self.line(depth, f"if {value} {'>' if update == 'max' else '<'} {name}:")
                    self.line(depth + 1, f"{name} = {value}")
                    if self.random.random() < 0.3:
                        self.line(depth + 1, f"at = {self.value()}")
            else:
                self.line(depth, f"{name} {update}= {self.value()}")
        elif kind < 0.5:
            self.line(depth, f"{self.pick('last', name)} = {self.value()}")
        elif kind < 0.65:
            self.line(depth, f"out[i] {self.pick('', '+', '^')}= {self.value()}")
        elif kind < 0.72:
            own = self.pick("x", "y")
            self.line(depth, f"{own} = {self.value()}")
            self.line(depth, f"out[i] += {own}")
            self.line(depth, f"{name} {update if len(update) == 1 else '+'}= {own}")
        elif kind < 0.86 and depth < 4:
            self.line(depth, f"if {self.test()}:")
            self.block(depth + 1)
            if self.random.random() < 0.2 and not self.inner:
                self.line(depth + 1, "continue")
            elif self.random.random() < 0.4:
                self.line(depth, "else:")
                self.block(depth + 1)
        elif depth < 4 and not self.inner:
            self.inner += 1
            self.line(depth, f"for j in range({self.pick('3', 'int(a[i]) % 4', 'n % 5')}):")
            self.block(depth + 1)
            self.inner -= 1
        else:
            self.line(depth, f"out[i] = {self.value()}")

    def source(self, name: str) -> str:
        self.line(0, "@boost")
        self.line(0, f'def {name}(a: "int[:]", b: "int[:]", out: "int[:]", n: int):')
        for variable in self.names[:4]:
            self.line(1, f"{variable} = {self.random.randint(-5, 5)}")
        self.line(1, self.pick("w = 3", "w = 3", "if n > 2:\n        w = 4"))
        self.line(1, f"last, at, i = 0, {self.pick('0', '-1')}, -7")
        self.line(1, f"# omp parallel for schedule(static, {self.random.randint(1, 4)})")
        self.line(1, f"for i in {self.pick('prange(n)', 'range(n)', 'prange(n - 1, -1, -1)', 'range(0, n, 2)')}:")
        for _ in range(self.random.randint(1, 4)):
            self.statement(2)
        self.line(1, f"return {', '.join(self.random.sample(self.names, 3))}, last, at, i")
        return "\n".join(self.lines) + "\n"


@pytest.fixture(scope="module")
def built(build) -> oracle.Built:
    functions = [Program(SEED * 100_000 + number).source(f"f{number}") for number in range(FUNCTIONS)]
    return build("from hypersonic import boost, prange\n\n" + "\n\n".join(functions))


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    before = hypersonic.get_num_threads()
    yield
    hypersonic.set_num_threads(before)


def test_most_of_them_are_divided(built):
    divided = sum(
        hypersonic.info(getattr(built, f"f{number}")).threads > 1 for number in range(FUNCTIONS) if hypersonic.set_num_threads(2) is None
    )
    assert divided > FUNCTIONS // 3


@pytest.mark.parametrize("number", range(FUNCTIONS))
def test_a_loop(built, number):
    name, rng = f"f{number}", np.random.default_rng(number)
    if built.state(name) != "cpu":
        pytest.skip("it stays Python")
    for n in (0, 1, 2, 7, 23):
        args = (rng.integers(-9, 60, n), rng.integers(-3, 4, n), rng.integers(0, 9, n), n)
        outcome = oracle.run(getattr(built, name).__wrapped__, oracle.clone(args))
        if outcome.error is None and any(not -(2**63) <= value < 2**63 for value in outcome.value):
            # Documented: an int never wraps.
            continue
        for threads in (1, 2, 7):
            hypersonic.set_num_threads(threads)
            built.check(name, *args)
