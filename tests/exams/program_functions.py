"""Random programs: a boosted function, the helpers and the generators that it calls."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from program_statements import BUDGET, Statements
from program_types import (
    BOOL,
    FLOAT,
    INT,
    STR,
    Type,
    annotation,
    has_array,
    list_of,
    mutable,
    numpy_scalar,
    optional,
    random_type,
    tuple_of,
    value,
)


@dataclass(frozen=True)
class Program:
    """A module's worth of source: helpers and one boosted function, named `{name}` and called with values of `parameters`."""

    source: str
    parameters: tuple[Type, ...]

    def text(self, name: str) -> str:
        return self.source.replace("FUNCTION", name)

    def arguments(self, random: Random) -> tuple[Any, ...]:
        """One list of arguments; arrays share an extent mostly."""
        extent = random.choice((0, 1, 3, 4, 5))
        return tuple(value(random, kind, size=extent if random.random() < 0.9 else None) for kind in self.parameters)


def helper(random: Random, name: str) -> tuple[list[str], tuple[Type, ...], Type]:
    """A function that the boosted one calls."""
    body = Statements(random, budget=3)
    kinds = tuple(random_type(random, 1) for _ in range(random.randint(1, 3)))
    kind = random.choice((INT, FLOAT, STR, BOOL, list_of(INT), tuple_of(INT, STR), optional(INT)))
    names = [body.name("p") for _ in kinds]
    body.variables = dict(zip(names, kinds, strict=True))
    body.line(f"def {name}({', '.join(names)}):")
    body.result = kind
    body.depth = 1
    for _ in range(random.randint(0, 2)):
        body.statement()
    body.line(f"return {body.make(kind, 2)}")
    return body.lines, kinds, kind


def generator(random: Random, name: str) -> tuple[list[str], tuple[Type, ...], Type]:
    """A generator that the boosted one runs over."""
    body = Statements(random, budget=3)
    kinds = tuple(random_type(random, 1, False) for _ in range(random.randint(1, 2)))
    kind = random.choice((INT, INT, FLOAT, STR, tuple_of(INT, INT)))
    names = [body.name("p") for _ in kinds]
    body.variables = dict(zip(names, kinds, strict=True))
    body.line(f"def {name}({', '.join(names)}):")
    body.yields = kind
    body.depth = 1
    if random.random() < 0.3:
        body.line(f"yield {body.make(kind, 1)}")
    source, item = body.iterable(1)
    target, bound = body.bind(item)
    body.line(f"for {target} in {source}:")
    before = dict(body.variables)
    body.variables.update(bound)
    body.depth += 1
    body.loops = 1
    if random.random() < 0.5:
        body.statement()
    if random.random() < 0.4:
        body.line(f"if {body.make(BOOL, 1)}:")
        body.line(f"    yield {body.make(kind, 1)}")
    else:
        body.line(f"yield {body.make(kind, 1)}")
    body.depth -= 1
    body.variables = before
    body.loops = 0
    if random.random() < 0.2:
        body.line(f"yield {body.make(kind, 1)}")
    return body.lines, kinds, kind


def program(random: Random, budget: int = BUDGET) -> Program:
    """A random program."""
    main = Statements(random, budget)
    lines: list[str] = []
    for number in range(random.choice((0, 0, 1, 1, 2))):
        name = f"FUNCTION_h{number}"
        text, kinds, kind = helper(random, name)
        lines += [*text, ""]
        main.functions[name] = (kinds, kind)
    if random.random() < 0.3:
        text, kinds, kind = generator(random, "FUNCTION_g")
        lines += [*text, ""]
        main.generators["FUNCTION_g"] = (kinds, kind)
    parameters = tuple(random_type(random) for _ in range(random.randint(1, 4)))
    names = [main.name("p") for _ in parameters]
    main.variables = dict(zip(names, parameters, strict=True))
    lines.append("@boost")
    lines.append(f"def FUNCTION({', '.join(f'{n}: {annotation(kind)!r}' for n, kind in zip(names, parameters, strict=True))}):")
    main.depth = 1
    for _ in range(random.randint(1, 3)):
        kind = random_type(random)
        if has_array(kind) and not main.pick(kind):
            kind = INT
        name = main.name()
        text = main.make(kind, 1)
        hint = (
            f": {annotation(kind)!r}"
            if kind.kind in ("list", "dict", "set", "optional") and random.random() < 0.3 and not has_array(kind)
            else ""
        )
        if hint and kind.kind in ("list", "dict") and random.random() < 0.5:
            text = "[]" if kind.kind == "list" else "{}"
        if kind.kind == "optional":
            text = random.choice(("None", text))
        main.line(f"{name}{hint} = {text}")
        main.variables[name] = kind
    kept = dict(main.variables)
    results = random.sample(list(kept), min(len(kept), random.randint(2, 5)))
    main.result = tuple_of(*(kept[name] for name in results))
    for _ in range(random.randint(1, 5)):
        main.statement()
    extra = (
        [name for name in main.variables if name not in kept and not name.startswith("w")]
        if not any("    return" in line for line in main.lines)
        else []
    )
    main.line(f"return {', '.join([*results, *extra])}" + ("," if len(results) + len(extra) == 1 else ""))
    return Program("\n".join([*lines, *main.lines, ""]), parameters)


__all__ = ["Program", "program", "mutable", "numpy_scalar"]
