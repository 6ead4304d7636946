"""Random well-typed functions: parameters, statements, helpers, results."""

from __future__ import annotations

from random import Random

from program_expressions import Expressions
from program_lazily import lazily
from program_types import (
    BOOL,
    FLOAT,
    INT,
    STR,
    Type,
    has_array,
    has_text,
    list_of,
    ordered,
    random_type,
)

ERRORS = ("ValueError", "IndexError", "KeyError", "ZeroDivisionError", "TypeError", "LookupError", "ArithmeticError", "RuntimeError")
CAUGHT = (
    "ValueError",
    "IndexError",
    "KeyError",
    "ZeroDivisionError",
    "LookupError",
    "(ValueError, IndexError)",
    "(KeyError, ZeroDivisionError)",
    "ArithmeticError",
    "Exception",
    "TypeError",
)
BUDGET = 16


class Statements(Expressions):
    """Writes statements; `result` is the type of everything that is returned."""

    def __init__(self, random: Random, budget: int = BUDGET) -> None:
        super().__init__(random)
        self.lines: list[str] = []
        self.budget = budget
        self.result: Type | None = None
        self.depth = 0
        self.readonly: set[str] = set()
        self.in_try = 0
        self.yields: Type | None = None
        self.closure = False

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def limited(self, kind: Type, text: str) -> str:
        """The value, kept small where a loop could make it grow without end."""
        if not self.loops:
            return text
        if kind == INT and any(sign in text for sign in ("*", "<<", "sum(", "gcd", "(")):
            return f"({text}) % {self.random.choice((7, 101, 1000003))}"
        if kind == STR:
            return f"({text})[:{self.random.choice((5, 12))}]"
        if kind.kind == "list":
            return f"({text})[:5]"
        return text

    # --- blocks -------------------------------------------------------------------------------------------------

    def block(self, names: dict[str, Type] | None = None, most: int = 3, narrowed: str | None = None) -> None:
        """An indented block; variables first set in it are forgotten behind it."""
        before = dict(self.variables)
        self.variables.update(names or {})
        if narrowed:
            self.variables[narrowed] = self.variables[narrowed].parts[0]
            self.readonly.add(narrowed)
        self.depth += 1
        count = self.random.randint(1, most)
        start = len(self.lines)
        for _ in range(count):
            self.statement()
        if len(self.lines) == start:
            self.line("pass")
        self.depth -= 1
        if narrowed:
            self.readonly.discard(narrowed)
        self.variables = before

    def statement(self) -> None:
        """One statement of a random kind."""
        if self.budget <= 0:
            self.assign()
            return
        self.budget -= 1
        simple = (self.assign, self.augmented, self.change, self.change, self.store)
        compound = (self.conditional, self.loop, self.loop, self.attempt_block, self.narrow, self.matching, self.while_loop)
        rare = (self.leave, self.unpack, self.delete, self.walrus, self.raising, self.define, self.lazily)
        chance = self.random.random()
        if chance < 0.52 or self.depth > 4:
            self.random.choice(simple)()
        elif chance < 0.83:
            self.random.choice(compound)()
        else:
            self.random.choice(rare)()

    def assignable(self, kind: Type | None = None) -> str | None:
        return (
            self.random.choice(found)
            if (found := [n for n, its in self.variables.items() if n not in self.readonly and (kind is None or its == kind)])
            else None
        )

    # --- simple statements --------------------------------------------------------------------------------------

    def assign(self) -> None:
        name = self.assignable()
        if self.closure or (name and self.random.random() < 0.7):
            if name is None:
                self.line("pass")
                return
            kind = self.variables[name]
            self.line(f"{name} = {self.limited(kind, self.make(kind, 2))}")
            return
        kind = random_type(self.random)
        if kind.kind == "optional" or (has_array(kind) and not self.pick(kind)):
            kind = INT
        text = self.limited(kind, self.make(kind, 2))
        name = self.name()
        self.line(f"{name} = {text}")
        self.variables[name] = kind

    def augmented(self) -> None:
        name = self.assignable()
        kind = self.variables[name] if name else None
        if name is None or kind is None:
            return self.assign()
        made = self.make(kind, 1) if kind.kind not in ("optional", "tuple", "bool") else ""
        if kind == INT:
            operator = self.random.choice(("+=", "-=", "+=", "|=", "&=", "^=", "//=", "%=", ">>="))
            self.line(f"{name} {operator} {self.random.randint(1, 4) if operator == '>>=' else made}")
        elif kind in (FLOAT, Type("complex")):
            self.line(f"{name} {self.random.choice(('+=', '-=', '*=', '/='))} {made}")
        elif kind == BOOL:
            self.line(f"{name} {self.random.choice('&|^')}= {self.make(BOOL, 1)}")
        elif kind == STR:
            self.line(f"{name} += ({made})[:6]")
        elif kind.kind == "list":
            self.line(f"{name} += {self.random.choice((f'({made})[:4]', '[' + self.make(kind.parts[0], 1) + ']'))}")
            if self.loops:
                # The body of a nested function counts as one loop, which has no `break`.
                ends = ("break", f"{name} = {name}[:3]", f"del {name}[2:]")[self.closure :]
                self.line(f"if len({name}) > 12: {self.random.choice(ends)}")
        elif kind.kind == "set":
            self.line(f"{name} {self.random.choice('|&-^')}= {made}")
        elif kind.kind == "dict":
            self.line(f"{name} |= {made}")
        elif kind.kind.startswith("array") and kind.parts[0].kind not in ("np.bool_",):
            self.line(f"{name} {self.random.choice(('+=', '-=', '*='))} {self.random.choice((made, '2', '1'))}")
        else:
            self.assign()
        return None

    def guard(self, box: str) -> None:
        """What makes a container longer is done only while it is short."""
        self.line(f"if len({box}) < {self.random.choice((6, 10))}:")

    def change(self) -> None:
        """A method or a statement that changes a container."""
        box = self.pick_where(lambda its: its.kind in ("list", "dict", "set"))
        if box is None:
            return self.assign()
        kind = self.variables[box]
        getattr(self, f"change_{kind.kind}")(box, kind)
        return None

    def change_list(self, xs: str, kind: Type) -> None:
        item = self.make(kind.parts[0], 1)
        choice = self.random.randrange(16)
        if choice <= 6:
            self.guard(xs)
            grow = (
                f"{xs}.append({item})",
                f"{xs}.append({item})",
                f"{xs}.insert({self.index(0)}, {item})",
                f"{xs}.extend({self.make(kind, 1)})",
                f"{xs} += [{item}]" if xs not in self.readonly and not self.closure else f"{xs}.append({item})",
            )
            self.line("    " + self.random.choice(grow))
        elif choice == 7:
            self.line(f"{xs}.remove({item})" if not has_array(kind) else f"{xs}.pop()")
        elif choice == 8:
            self.line(f"{xs}.pop({self.random.choice(('', '', '0', '-1', self.index(0)))})")
        elif choice == 9:
            self.line(f"{xs}.reverse()")
        elif choice == 10 and ordered(kind.parts[0]):
            self.line(f"{xs}.sort({self.random.choice(('', '', 'reverse=True'))})")
        elif choice == 11:
            self.line(f"del {xs}[{self.random.choice((self.index(0), self.cut(0)))}]")
        elif choice == 12:
            self.line(f"{xs}[{self.bound(0)}:{self.bound(0)}] = ({self.make(kind, 1)})[:3]")
            if self.loops:
                self.line(f"del {xs}[8:]")
        elif choice == 13 and not self.closure:
            name = self.name()
            self.line(f"{name} = {xs}.pop({self.random.choice(('', '0'))})")
            self.variables[name] = kind.parts[0]
        elif choice == 14 and self.random.random() < 0.4:
            self.line(f"{xs}.clear()")
        else:
            self.line(f"{xs}[{self.index(1)}] = {self.limited(kind.parts[0], item)}")

    def change_dict(self, table: str, kind: Type) -> None:
        key, item = self.make(kind.parts[0], 1), self.make(kind.parts[1], 1)
        choice = self.random.randrange(12)
        if choice <= 3:
            self.line(f"{table}[{key}] = {self.limited(kind.parts[1], item)}")
        elif choice == 4:
            self.line(f"{self.random.choice(('del ' + f'{table}[{key}]', f'{table}.pop({key})'))}")
        elif choice == 5:
            self.line(f"{table}.update({self.make(kind, 1)})")
        elif choice == 6:
            self.line(f"{table}.setdefault({key}, {item})")
        elif choice == 7 and kind.parts[1] in (INT, FLOAT):
            self.line(f"{table}[{key}] = {table}.get({key}, {'0' if kind.parts[1] == INT else '0.0'}) + 1")
        elif choice == 8 and kind.parts[1] in (INT, FLOAT):
            self.line(f"{table}[{key}] += {item}")
        elif choice == 9 and kind.parts[1].kind == "list":
            self.line(f"{table}.setdefault({key}, []).append({self.make(kind.parts[1].parts[0], 0)})")
        elif choice == 10 and not self.closure:
            name = self.name()
            self.line(f"{name} = {table}.pop({key}, {item})")
            self.variables[name] = kind.parts[1]
        elif choice == 11 and self.random.random() < 0.3:
            self.line(self.random.choice((f"{table}.clear()", f"{table}.popitem()")))
        else:
            self.line(f"if {key} in {table}:")
            self.line(f"    {table}[{key}] = {item}")

    def change_set(self, items: str, kind: Type) -> None:
        item = self.make(kind.parts[0], 1)
        method = self.random.choice(("add", "add", "discard", "remove", "update", "difference_update", "intersection_update", "pop"))
        if method == "pop":
            self.line(f"{items}.pop()" if not has_text(kind) else f"{items}.clear()")
        elif method.endswith("update"):
            self.line(f"{items}.{method}({self.make(kind, 1)})")
        else:
            self.line(f"{items}.{method}({item})")

    def store(self) -> None:
        """A write to an array."""
        a = self.pick_where(lambda its: its.kind.startswith("array"))
        if a is None:
            return self.change()
        kind = self.variables[a]
        dtype = kind.parts[0].kind
        scalar = {"f": self.make(FLOAT, 1), "c": self.make(Type("complex"), 1), "b": self.make(BOOL, 0)}.get(dtype[3], self.make(INT, 0))
        if dtype == "np.uint8":
            scalar = str(self.random.randint(0, 255))
        if self.random.random() < 0.3:
            scalar = self.make(kind.parts[0], 1)
        choice = self.random.randrange(6)
        rank2 = kind.kind == "array2"
        place = f"{self.index(0)}, {self.index(0)}" if rank2 else self.index(0)
        if choice <= 1:
            self.line(f"{a}[{place}] = {scalar}")
        elif choice == 2 and dtype != "np.bool_":
            self.line(f"{a}[{place}] {self.random.choice(('+=', '-=', '*='))} {scalar}")
        elif choice == 3:
            self.line(f"{a}[{self.cut(0)}] = {scalar}")
        elif choice == 4 and not rank2 and dtype != "np.bool_":
            left, right = self.random.choice((("1:", ":-1"), (":-1", "1:"), ("::-1", ":"), (":", "::-1")))
            self.line(f"{a}[{left}] {self.random.choice(('=', '+=', '-='))} {a}[{right}]")
        elif choice == 5 and dtype not in ("np.complex128", "np.bool_"):
            self.line(f"{a}[{a} > {self.random.randint(0, 2)}] = {scalar}")
        else:
            self.line(f"{a}[:] = {self.make(kind, 1)}")
        return None

    # --- compound statements ------------------------------------------------------------------------------------

    def conditional(self) -> None:
        self.line(f"if {self.make(BOOL, 2)}:")
        self.block()
        if self.random.random() < 0.25:
            self.line(f"elif {self.make(BOOL, 1)}:")
            self.block(most=2)
        if self.random.random() < 0.4:
            self.line("else:")
            self.block(most=2)

    def narrow(self) -> None:
        name = self.pick_where(lambda its: its.kind == "optional")
        if name is None or name in self.readonly:
            return self.conditional()
        if self.random.random() < 0.7:
            self.line(f"if {name} is not None:")
            self.block(narrowed=name)
            if self.random.random() < 0.4:
                self.line("else:")
                self.line(f"    {name} = {self.make(self.variables[name].parts[0], 1)}" if not self.closure else "    pass")
        else:
            self.line(f"if {name} is None:")
            self.block()
            self.line("else:")
            self.block(narrowed=name)
        return None

    def loop(self) -> None:
        if self.loops >= 2:
            return self.conditional()
        source, kind = self.iterable(1)
        if "[" in source.split("(", 1)[0] and source.startswith("["):
            source = f"({source})"
        target, names = self.bind(kind)
        self.line(f"for {target} in {source}:")
        self.loops += 1
        self.block(names)
        self.loops -= 1
        if self.random.random() < 0.12:
            self.line("else:")
            self.block(most=1)
        return None

    def while_loop(self) -> None:
        if self.loops >= 2 or self.closure:
            return self.loop()
        count = self.name("w")
        self.line(f"{count} = {self.random.choice(('0', '0', '1'))}")
        self.line(f"while {count} < {self.random.randint(2, 5)}" + (f" and {self.make(BOOL, 1)}:" if self.random.random() < 0.4 else ":"))
        self.depth += 1
        self.line(f"{count} += 1")
        self.depth -= 1
        self.loops += 1
        self.readonly.add(count)
        self.block({count: INT})
        self.loops -= 1
        if self.random.random() < 0.12:
            self.line("else:")
            self.block(most=1)
        return None

    def attempt_block(self) -> None:
        if self.yields is not None:
            return self.conditional()
        self.line("try:")
        self.in_try += 1
        self.block()
        self.in_try -= 1
        kind = self.random.random()
        if kind < 0.85:
            for _ in range(self.random.choice((1, 1, 1, 2))):
                bound = self.random.random() < 0.15
                self.line(f"except {self.random.choice(CAUGHT)}{' as e' if bound else ''}:")
                self.block(most=2)
                if bound and self.random.random() < 0.5:
                    self.line(
                        "    " + self.random.choice(("raise", "raise e", "raise RuntimeError('again') from e", "raise KeyError('k')"))
                    )
            if self.random.random() < 0.2:
                self.line("else:")
                self.block(most=2)
        if kind >= 0.85 or self.random.random() < 0.25:
            self.line("finally:")
            self.block(most=2)
        return None

    def matching(self) -> None:
        subject = self.pick_where(
            lambda its: its in (INT, STR) or (its.kind == "tuple" and all(part in (INT, FLOAT, STR) for part in its.parts))
        )
        if subject is None:
            return self.conditional()
        kind = self.variables[subject]
        self.line(f"match {subject}:")
        self.depth += 1
        for _ in range(self.random.randint(1, 3)):
            names: dict[str, Type] = {}
            pattern = self.pattern(kind, names)
            before = dict(self.variables)
            self.variables.update(names)
            condition = f" if {self.make(BOOL, 1)}" if pattern.isidentifier() or self.random.random() < 0.3 else ""
            self.variables = before
            self.line(f"case {pattern}{condition}:")
            self.block(names, most=2)
        if self.random.random() < 0.6:
            self.line("case _:")
            self.block(most=2)
        self.depth -= 1
        return None

    def pattern(self, kind: Type, names: dict[str, Type]) -> str:
        if kind.kind == "tuple":
            return "(" + ", ".join(self.pattern(part, names) for part in kind.parts) + ")"
        choice = self.random.random()
        if choice < 0.3:
            name = self.name("m")
            names[name] = kind
            return name
        if choice < 0.4:
            return "_"
        options = {INT: ("0", "1", "-1", "2 | 3", "5"), FLOAT: ("0.0", "1.0", "0.5", "2.0"), STR: ("'a'", "'b' | 'ab'", "''", "'xyz'")}[
            kind
        ]
        return self.random.choice(options)

    # --- rarer statements ---------------------------------------------------------------------------------------

    def leave(self) -> None:
        """`break`, `continue` or `return` on a condition."""
        choices = ["return"] if self.result is not None or self.yields is not None else []
        if self.loops and not self.closure:
            choices += ["break", "continue", "break"]
        if not choices:
            return self.assign()
        self.line(f"if {self.make(BOOL, 1)}:")
        what = self.random.choice(choices)
        if what == "return" and self.yields is None and self.result is not None:
            what = f"return {self.make(self.result, 1)}"
        self.line("    " + what)
        return None

    def unpack(self) -> None:
        if self.closure:
            return self.assign()
        choice = self.random.randrange(3)
        if choice == 0:
            a = self.assignable()
            b = self.assignable(self.variables[a]) if a else None
            if a and b and a != b:
                self.line(f"{a}, {b} = {b}, {a}")
                return None
        if choice == 1 and (t := self.pick_where(lambda its: its.kind == "tuple")):
            target, names = self.bind(self.variables[t])
            self.line(f"{target} = {t}")
            self.variables.update(names)
            return None
        if choice == 2 and (xs := self.pick_where(lambda its: its.kind == "list")):
            first, rest = self.name(), self.name()
            self.line(self.random.choice((f"{first}, *{rest} = {xs}", f"*{rest}, {first} = {xs}")))
            self.variables[first], self.variables[rest] = self.variables[xs].parts[0], self.variables[xs]
            return None
        return self.assign()

    def delete(self) -> None:
        """A new variable that is deleted, and at times read afterwards."""
        if self.closure:
            return self.assign()
        name = self.name()
        self.line(f"{name} = {self.make(INT, 1)}")
        sometimes = self.random.random() < 0.3
        self.line(f"if {self.make(BOOL, 1)}: del {name}" if sometimes else f"del {name}")
        if sometimes and (x := self.assignable(INT)):
            self.line(f"if {self.make(BOOL, 1)}: {x} = {name}")
        return None

    def walrus(self) -> None:
        if self.closure:
            return self.assign()
        kind = self.random.choice((INT, FLOAT, STR))
        name = self.name()
        self.line(f"if ({name} := {self.limited(kind, self.make(kind, 2))}) {self.random.choice(('<', '>=', '=='))} {self.make(kind, 1)}:")
        self.variables[name] = kind
        self.block(most=2)
        return None

    def raising(self) -> None:
        error = self.random.choice(ERRORS)
        value = self.pick(INT) or self.pick(STR)
        text = self.random.choice(("'text'", "", f'f"{{{value}}} is bad"' if value else "'more'"))
        if self.random.random() < 0.2:
            self.line(f"assert {self.make(BOOL, 1)}{self.random.choice(('', ', ' + repr('why')))}")
            return
        self.line(f"if {self.make(BOOL, 1)}:")
        self.line(f"    raise {error}({text})")

    def define(self) -> None:
        """A closure: a lambda, or a function that changes variables around it."""
        if self.depth > 1 or self.closure or self.yields is not None:
            return self.assign()
        kinds = tuple(random_type(self.random, 1, False) for _ in range(self.random.randint(1, 2)))
        kind = self.random.choice((INT, FLOAT, STR, BOOL, list_of(INT)))
        name, names = self.name("f"), [self.name("p") for _ in kinds]
        before, functions = dict(self.variables), dict(self.functions)
        outer = {key: its for key, its in self.variables.items() if its.kind != "optional"}
        if self.random.random() < 0.5:
            self.variables = {**outer, **dict(zip(names, kinds, strict=True))}
            self.line(f"{name} = lambda {', '.join(names)}: {self.make(kind, 2)}")
        else:
            self.line(f"def {name}({', '.join(names)}):")
            chosen = [key for key, its in outer.items() if not key.startswith("w")]
            changed = self.random.sample(chosen, min(len(chosen), self.random.choice((0, 0, 1, 1, 2))))
            parameters = set(self.nonlocals_forbidden())
            changed = [key for key in changed if key not in parameters]
            if changed:
                self.line(f"    nonlocal {', '.join(changed)}")
            readonly, loops, result, depth = self.readonly, self.loops, self.result, self.depth
            self.readonly = set(outer) - set(changed)
            self.closure, self.loops, self.result = True, 1, kind
            self.block(dict(zip(names, kinds, strict=True)), most=2)
            self.line(f"    return {self.make(kind, 1)}" if not names else f"    return {self.returned(kind, names, kinds)}")
            self.readonly, self.loops, self.result, self.depth, self.closure = readonly, loops, result, depth, False
            if changed:
                target = self.name()
                self.variables = before
                self.functions = functions
                self.line(f"{target} = {name}({', '.join(self.make(part, 1) for part in kinds)})")
                self.variables[target] = kind
                return None
        self.variables = before
        self.functions = {**functions, name: (kinds, kind)}
        return None

    def lazily(self) -> None:
        """A generator expression that is run over in parts."""
        lazily(self)

    def nonlocals_forbidden(self) -> list[str]:
        return []

    def returned(self, kind: Type, names: list[str], kinds: tuple[Type, ...]) -> str:
        before = dict(self.variables)
        self.variables.update(zip(names, kinds, strict=True))
        text = self.make(kind, 2)
        self.variables = before
        return text
