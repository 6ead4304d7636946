"""Generator expressions, `map` and `filter` in variables, of which some is taken now and some later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from program_types import BOOL, INT, Type, list_of, random_type

if TYPE_CHECKING:
    from program_statements import Statements


def lazily(write: Statements) -> None:
    """Statements that make one and run over it in parts."""
    random = write.random
    kind = random_type(random, 1, False)
    if kind.kind in ("optional", "array") or write.loops >= 2:
        return write.assign()
    name = write.name("g")
    write.line(f"{name} = {made(write, kind)}")
    for _ in range(random.randint(1, 3)):
        part(write, name, kind)
    return None


def made(write: Statements, kind: Type) -> str:
    """One that gives values of a type."""
    choice = write.random.random()
    if choice < 0.15:
        return f"filter(None, {write.make(list_of(kind), 1)})"
    before = dict(write.variables)
    if choice < 0.3:
        other = write.random.choice((INT, kind))
        item = write.name("p")
        write.variables[item] = other
        function = f"lambda {item}: {write.make(kind, 1)}"
        write.variables = before
        return f"map({function}, {write.make(list_of(other), 1)})"
    source, item = write.iterable(1)
    target, names = write.bind(item)
    write.variables.update(names)
    condition = f" if {write.make(BOOL, 1)}" if write.random.random() < 0.35 else ""
    element = write.make(kind, 2)
    write.variables = before
    return f"({element} for {target} in {source}{condition})"


def part(write: Statements, name: str, kind: Type) -> None:
    """Takes some of what is left."""
    choice = write.random.random()
    target = write.name()
    if choice < 0.35:
        write.line(f"{target} = next({name}, {write.make(kind, 1)})")
        write.variables[target] = kind
    elif choice < 0.45:
        write.line(f"{target} = next({name})")
        write.variables[target] = kind
    elif choice < 0.7:
        write.line(f"{target} = list({name})[:5]")
        write.variables[target] = list_of(kind)
    else:
        write.line(f"for {target} in {name}:")
        write.loops += 1
        write.block({target: kind}, most=2)
        write.loops -= 1
        if write.random.random() < 0.7:
            write.line("    break")
