"""Random well-typed expressions over the variables of a scope."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from program_types import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    PLAIN,
    STR,
    Type,
    dict_of,
    has_array,
    has_text,
    hashable,
    list_of,
    literal,
    numpy_scalar,
    optional,
    ordered,
    random_type,
    set_of,
    tuple_of,
)

FORMATS = {
    INT: ("", "", ":d", ":5d", ":<4", ":04d", ":x", ":+d", ":,", "!r", ":>6", ":^7d", ":b"),
    FLOAT: ("", "", ":.2f", ":8.3f", ":e", ":g", ":+.1f", "!r", ":.0f", ":010.2f", ":.3%"),
    STR: ("", "", ":>6", ":<5", ":^7", "!r", ":.2", ":*^9"),
    BOOL: ("", "!r"),
}


class Expressions:
    """Makes expressions; `variables` says what may be read."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.variables: dict[str, Type] = {}
        self.functions: dict[str, tuple[tuple[Type, ...], Type]] = {}
        self.generators: dict[str, tuple[tuple[Type, ...], Type]] = {}
        self.fresh = 0
        self.loops = 0

    def name(self, prefix: str = "v") -> str:
        self.fresh += 1
        return f"{prefix}{self.fresh}"

    def pick(self, kind: Type) -> str | None:
        """A variable of this type, if there is one."""
        found = [name for name, its in self.variables.items() if its == kind]
        return self.random.choice(found) if found else None

    def pick_where(self, condition: Callable[[Type], bool]) -> str | None:
        found = [name for name, its in self.variables.items() if condition(its)]
        return self.random.choice(found) if found else None

    def make(self, kind: Type, depth: int = 2) -> str:
        """An expression of this type."""
        found = self.pick(kind)
        if found and self.random.random() < (0.75 if depth <= 0 else 0.3):
            return found
        if depth <= 0:
            return self.leaf(kind)
        for _ in range(8):
            text = self.attempt(kind, depth)
            if text is not None:
                return text
        return found or self.leaf(kind)

    def attempt(self, kind: Type, depth: int) -> str | None:
        name = kind.kind.removeprefix("np.") if kind in PLAIN else kind.kind
        if name.startswith("array"):
            return self.make_array(kind, depth)
        if name.startswith("np."):
            return self.make_numpy_scalar(kind, depth)
        if self.random.random() < 0.25:
            return self.general(kind, depth)
        method: Callable[[Type, int], str | None] = getattr(self, f"make_{name}")
        return method(kind, depth)

    def leaf(self, kind: Type) -> str:
        if kind.kind == "optional":
            return "None" if self.random.random() < 0.4 else self.leaf(kind.parts[0])
        if kind.kind == "tuple":
            return "(" + ", ".join(self.leaf(part) for part in kind.parts) + ")"
        if kind.kind.startswith("array"):
            dtype = kind.parts[0].kind
            extent = self.random.randint(1, 4)
            shape = str(extent) if kind.kind == "array1" else f"({self.random.randint(1, 3)}, {extent})"
            return self.random.choice((f"np.zeros({shape}, {dtype})", f"np.ones({shape}, {dtype})", f"np.full({shape}, 3, {dtype})"))
        if kind.kind.startswith("np."):
            return f"{kind.kind}({self.random.randint(0, 3)})"
        if kind.kind == "list" and self.random.random() < 0.9:
            return "[" + ", ".join(self.leaf(kind.parts[0]) for _ in range(self.random.randint(1, 3))) + "]"
        if kind.kind in ("list", "dict", "set"):
            for _ in range(20):
                text = literal(self.random, kind)
                if text not in ("[]", "{}"):
                    return text
            return literal(self.random, kind)
        return literal(self.random, kind)

    # --- of any type --------------------------------------------------------------------------------------------

    def general(self, kind: Type, depth: int) -> str | None:
        """Forms that there are for every type."""
        d = depth - 1
        choice = self.random.randrange(8)
        if choice == 0:
            return f"({self.make(kind, d)} if {self.make(BOOL, d)} else {self.make(kind, d)})"
        if choice == 1 and (xs := self.pick(list_of(kind))):
            return f"{xs}[{self.index(d)}]"
        if choice == 2 and (t := self.pick_where(lambda its: its.kind == "tuple" and kind in its.parts)):
            places = [i for i, part in enumerate(self.variables[t].parts) if part == kind]
            return f"{t}[{self.random.choice(places)}]"
        if choice == 3 and (table := self.pick_where(lambda its: its.kind == "dict" and its.parts[1] == kind)):
            key = self.make(self.variables[table].parts[0], d)
            return self.random.choice((f"{table}[{key}]", f"{table}.get({key}, {self.make(kind, d)})"))
        if choice == 4 and (maybe := self.pick(optional(kind))):
            return f"({maybe} if {maybe} is not None else {self.make(kind, d)})"
        if choice >= 5:
            calls = [name for name, (_, result) in self.functions.items() if result == kind]
            if calls:
                name = self.random.choice(calls)
                return f"{name}({', '.join(self.make(part, d) for part in self.functions[name][0])})"
        return None

    def index(self, depth: int) -> str:
        return self.random.choice(("0", "-1", "1", str(self.random.randint(-4, 4)), self.make(INT, depth)))

    def bound(self, depth: int) -> str:
        return self.random.choice(("", "", "1", "-1", "2", self.make(INT, depth)))

    def cut(self, depth: int) -> str:
        step = self.random.choice(("", "", "", ":2", ":-1", ":-2", ":" + self.make(INT, 0)))
        return f"{self.bound(depth)}:{self.bound(depth)}{step}"

    def bind(self, pattern: Type) -> tuple[str, dict[str, Type]]:
        """A loop's target for items of a type, and the names that it sets."""
        if pattern.kind == "tuple" and self.random.random() < 0.8:
            names = [self.bind(part) for part in pattern.parts]
            text = ", ".join(f"({name})" if "," in name else name for name, _ in names)
            return text, {key: its for _, bound in names for key, its in bound.items()}
        name = self.name("i")
        return name, {name: pattern}

    def iterable(self, depth: int, allow_sets: bool = True) -> tuple[str, Type]:
        """Something that a loop runs over, and the type of its items."""
        choice = self.random.randrange(13)
        if choice <= 2:
            start = self.random.choice(("", "1, ", "-2, "))
            return f"range({start}{self.random.choice(('3', '4', '2', 'len(' + self.sized(depth) + ')'))})", INT
        if choice == 3:
            return f"range({self.random.randint(2, 5)}, {self.random.randint(-2, 1)}, -{self.random.randint(1, 2)})", INT
        if choice == 4 and (text := self.pick(STR)):
            return text, STR
        if choice == 5:
            inner, kind = self.iterable(depth - 1, allow_sets)
            start = self.random.choice(("", "", ", 1", ", start=2"))
            return f"enumerate({inner}{start})", tuple_of(INT, kind)
        if choice == 6:
            a, kind_a = self.iterable(depth - 1, allow_sets)
            b, kind_b = self.iterable(depth - 1, allow_sets)
            return f"zip({a}, {b})", tuple_of(kind_a, kind_b)
        if choice == 7 and (table := self.pick_where(lambda its: its.kind == "dict")):
            key, item = self.variables[table].parts
            which = self.random.randrange(4)
            return ((table, key), (f"{table}.items()", tuple_of(key, item)), (f"{table}.values()", item), (f"{table}.keys()", key))[which]
        if choice == 8 and allow_sets and (items := self.pick_where(lambda its: its.kind == "set" and not has_text(its))):
            return items, self.variables[items].parts[0]
        if choice == 9 and (xs := self.pick_where(lambda its: its.kind == "list")):
            return f"reversed({xs})", self.variables[xs].parts[0]
        if choice == 10 and self.generators:
            name = self.random.choice(list(self.generators))
            kinds, kind = self.generators[name]
            return f"{name}({', '.join(self.make(part, depth - 1) for part in kinds)})", kind
        if choice == 11 and (a := self.pick_where(lambda its: its.kind == "array1")):
            return a, self.variables[a].parts[0]
        xs = self.pick_where(lambda its: its.kind == "list")
        if xs:
            return self.random.choice((xs, xs, f"{xs}[{self.cut(0)}]")), self.variables[xs].parts[0]
        item = random_type(self.random, 1, False)
        return self.make(list_of(item), depth - 1), item

    def sized(self, depth: int) -> str:
        return self.pick_where(lambda its: its.kind in ("list", "dict", "set", "str", "tuple")) or self.make(STR, depth)

    def comprehension(self, depth: int, item: Callable[[int], str]) -> str:
        """`item for ... in ... if ...` whose item may read the loop's names."""
        before = dict(self.variables)
        text = ""
        for _ in range(self.random.choice((1, 1, 1, 2))):
            source, kind = self.iterable(min(depth, 1) if text == "" else 0)
            target, names = self.bind(kind)
            self.variables.update(names)
            text += f" for {target} in {source}"
            if self.random.random() < 0.35:
                text += f" if {self.make(BOOL, min(depth, 1))}"
        made = item(depth)
        self.variables = before
        return made + text

    # --- numbers ------------------------------------------------------------------------------------------------

    def make_int(self, _: Type, depth: int) -> str | None:
        d = depth - 1
        e = lambda: self.make(INT, d)  # noqa: E731
        small = str(self.random.randint(1, 5))
        choice = self.random.randrange(30)
        if choice <= 4:
            return f"({e()} {self.random.choice('+-+-*')} {e()})"
        if choice == 5:
            return f"({e()} {self.random.choice(('//', '%'))} {self.random.choice((small, e()))})"
        if choice == 6:
            return self.random.choice((f"(-{e()})", f"abs({e()})", f"(~{e()})", f"(+{e()})"))
        if choice == 7:
            return f"{self.random.choice(('min', 'max'))}({e()}, {e()})"
        if choice == 8:
            return f"len({self.sized(d)})"
        if choice == 9:
            return f"({e()} {self.random.choice('&|^')} {e()})"
        if choice == 10:
            return f"({e()} {self.random.choice(('<<', '>>'))} {small})"
        if choice == 11:
            return f"({self.make(INT, 0)} ** {self.random.choice(('2', '3', '0'))})"
        if choice == 12:
            return f"divmod({e()}, {self.random.choice((small, e()))})[{self.random.randint(0, 1)}]"
        if choice == 13:
            return f"{self.random.choice(('int', 'round', 'math.floor', 'math.ceil'))}({self.make(FLOAT, d)})"
        if choice == 14:
            return f"int({self.make(self.random.choice((BOOL, STR)), d)})"
        if choice == 15:
            return f"{self.make(STR, d)}.{self.random.choice(('find', 'count', 'rfind', 'index'))}({self.make(STR, d)})"
        if choice == 16 and (s := self.pick(STR)):
            return f"ord({s}[{self.index(0)}])"
        if choice in (17, 18):
            return f"sum({self.brackets(self.comprehension(d, lambda k: self.make(INT, k)))})"
        if choice == 19 and (xs := self.pick(list_of(INT))):
            return self.random.choice((f"sum({xs})", f"max({xs})", f"min({xs}, default={e()})", f"sum({xs}, {e()})"))
        if choice == 20 and (xs := self.pick_where(lambda its: its.kind == "list" and its.parts[0] in (INT, STR, FLOAT, BOOL))):
            item = self.make(self.variables[xs].parts[0], d)
            return f"{xs}.{self.random.choice(('count', 'index'))}({item})"
        if choice == 21:
            return f"math.gcd({e()}, {e()})"
        if choice == 22:
            return f"({e()} if {self.make(BOOL, d)} else {e()})"
        if choice == 23:
            return f"({e()} {self.random.choice(('or', 'and'))} {e()})"
        if choice == 24:
            return f"({e()} + {self.make(BOOL, d)})"
        if choice == 25 and (xs := self.pick_where(lambda its: its.kind == "list" and its.parts[0] == INT)):
            key = self.random.choice(("abs", "lambda x: -x", "lambda x: x % 3", "lambda x: (x % 2, x)"))
            return f"{self.random.choice(('max', 'min'))}({xs}, key={key}, default={e()})"
        if choice == 26 and (a := self.pick_where(lambda its: its.kind.startswith("array"))):
            return self.random.choice((f"len({a})", f"{a}.size", f"{a}.shape[0]"))
        if choice == 27 and (a := self.pick_where(lambda its: its in (Type("array1", (numpy_scalar("int64"),)),))):
            return f"int({a}[{self.index(0)}])"
        return None

    def brackets(self, text: str) -> str:
        return f"[{text}]" if self.random.random() < 0.3 else text

    def make_float(self, _: Type, depth: int) -> str | None:
        d = depth - 1
        e = lambda: self.make(FLOAT, d)  # noqa: E731
        choice = self.random.randrange(20)
        if choice <= 4:
            return f"({e()} {self.random.choice('+-*/+-*')} {e()})"
        if choice == 5:
            return f"({e()} {self.random.choice(('//', '%'))} {e()})"
        if choice == 6:
            return self.random.choice((f"(-{e()})", f"abs({e()})", f"math.sqrt(abs({e()}))", f"math.fabs({e()})"))
        if choice == 7:
            return f"{self.random.choice(('min', 'max'))}({e()}, {e()})"
        if choice in (8, 9):
            return f"({e()} {self.random.choice('+-*')} {self.make(INT, d)})"
        if choice == 10:
            return f"float({self.pick(STR) or self.make(self.random.choice((INT, BOOL)), d)})"
        if choice == 11:
            return f"round({e()}, {self.random.choice(('1', '2', '0'))})"
        if choice == 12:
            return f"({self.make(INT, d)} / {self.make(INT, d)})"
        if choice == 13:
            return f"{self.make(COMPLEX, 0)}.{self.random.choice(('real', 'imag'))}"
        if choice == 14 and (xs := self.pick(list_of(FLOAT))):
            return self.random.choice((f"max({xs})", f"min({xs}, default={e()})", f"sum({xs}, 0.0)"))
        if choice == 15:
            return f"sum([{self.comprehension(d, lambda k: self.make(FLOAT, k))}], 0.0)"
        if choice == 16 and (a := self.pick_where(lambda its: its in (Type("array1", (numpy_scalar("float64"),)),))):
            return self.random.choice((f"float({a}[{self.index(0)}])", f"float({a}.sum())", f"{a}[{self.index(0)}].item()"))
        if choice == 17:
            return f"math.copysign({e()}, {e()})"
        if choice == 18:
            return f"({e()} {self.random.choice(('or', 'and'))} {e()})"
        return None

    def make_complex(self, _: Type, depth: int) -> str | None:
        d = depth - 1
        e = lambda: self.make(COMPLEX, d)  # noqa: E731
        choice = self.random.randrange(6)
        if choice <= 1:
            return f"({e()} {self.random.choice('+-*')} {e()})"
        if choice == 2:
            return f"complex({self.make(FLOAT, d)}, {self.make(FLOAT, d)})"
        if choice == 3:
            return self.random.choice((f"(-{e()})", f"{e()}.conjugate()", f"({e()} ** 2)"))
        if choice == 4:
            return f"({e()} {self.random.choice('+-*/')} {self.make(self.random.choice((FLOAT, INT)), d)})"
        return f"({e()} / {e()})"

    def make_bool(self, _: Type, depth: int) -> str | None:
        d = depth - 1
        e = lambda: self.make(BOOL, d)  # noqa: E731
        choice = self.random.randrange(20)
        if choice <= 3:
            kind = self.random.choice((INT, INT, FLOAT, STR))
            return f"({self.make(kind, d)} {self.random.choice(('<', '<=', '==', '!=', '>', '>='))} {self.make(kind, d)})"
        if choice == 4:
            return f"(not {e()})"
        if choice in (5, 6):
            return f"({e()} {self.random.choice(('and', 'or'))} {e()})"
        if choice == 7:
            return f"({self.make(INT, d)} < {self.make(INT, d)} <= {self.make(INT, d)})"
        if choice == 8 and (box := self.pick_where(lambda its: its.kind in ("list", "dict", "set") and not has_array(its))):
            item = self.make(self.variables[box].parts[0], d)
            return f"({item} {self.random.choice(('in', 'not in'))} {box})"
        if choice == 9:
            return f"({self.make(STR, d)} in {self.make(STR, d)})"
        if choice == 10:
            return f"{self.make(STR, d)}.{self.random.choice(('startswith', 'endswith'))}({self.make(STR, d)})"
        if choice == 11:
            return f"{self.make(STR, d)}.{self.random.choice(('isdigit', 'isalpha', 'isupper', 'islower', 'isspace', 'isalnum'))}()"
        if choice == 12 and (maybe := self.pick_where(lambda its: its.kind == "optional")):
            return f"({maybe} {self.random.choice(('is', 'is not'))} None)"
        if choice == 13:
            return f"{self.random.choice(('any', 'all'))}({self.brackets(self.comprehension(d, lambda k: self.make(BOOL, k)))})"
        if choice == 14 and (box := self.pick_where(lambda its: its.kind in ("list", "dict", "set", "tuple") and not has_array(its))):
            kind = self.variables[box]
            less = ("<",) if ordered(kind) else ()
            return f"({box} {self.random.choice(('==', '!=', *less))} {self.make(kind, d)})"
        if choice == 15:
            return f"bool({self.make(self.random.choice((INT, FLOAT, STR)), d)})"
        if choice == 16:
            return f"({self.make(INT, d)} {self.random.choice(('<', '==', '>='))} {self.make(FLOAT, d)})"
        if choice == 17:
            return f"({self.make(INT, d)} in ({self.make(INT, d)}, {self.make(INT, d)}))"
        if choice == 18:
            return f"({e()} {self.random.choice('&|^')} {e()})"
        if choice == 19 and (maybe := self.pick_where(lambda its: its.kind == "optional" and its.parts[0] in PLAIN)):
            return f"({maybe} == {self.make(self.variables[maybe].parts[0], d)})"
        return None

    # --- strings ------------------------------------------------------------------------------------------------

    def make_str(self, _: Type, depth: int) -> str | None:
        d = depth - 1
        e = lambda: self.make(STR, d)  # noqa: E731
        choice = self.random.randrange(20)
        if choice <= 1:
            return f"({e()} + {e()})"
        if choice in (2, 3, 4):
            return self.format_string(d)
        if choice == 5 and (s := self.pick(STR)):
            return f"{s}[{self.cut(d)}]"
        if choice == 6 and (s := self.pick(STR)):
            return f"{s}[{self.index(d)}]"
        if choice == 7:
            return f"{e()}.{self.random.choice(('upper', 'lower', 'strip', 'title', 'capitalize', 'swapcase', 'lstrip', 'rstrip'))}()"
        if choice == 8:
            return f"{e()}.replace({e()}, {e()})"
        if choice == 9:
            return f"{self.random.choice(('str', 'repr'))}({self.make(self.random.choice((INT, FLOAT, BOOL, STR)), d)})"
        if choice in (10, 11):
            return f"{e()}.join({self.make(list_of(STR), d)})"
        if choice == 12:
            return f"({e()} * {self.random.choice(('2', '0', '3'))})"
        if choice == 13:
            return f"('%d|%s' % ({self.make(INT, d)}, {e()}))"
        if choice == 14:
            return f"'{{}}:{{}}'.format({e()}, {self.make(self.random.choice((INT, FLOAT)), d)})"
        if choice == 15:
            return f"chr({self.random.choice(('97 + ', '65 + '))}{self.make(INT, d)} % 26)"
        if choice == 16:
            return f"{e()}.{self.random.choice(('ljust', 'rjust', 'center', 'zfill'))}({self.random.randint(0, 6)})"
        if choice == 17:
            return f"{e()}.{self.random.choice(('removeprefix', 'removesuffix', 'strip', 'lstrip'))}({e()})"
        if choice == 18:
            return f"''.join({self.brackets(self.comprehension(d, lambda k: self.make(STR, k)))})"
        return f"({e()} {self.random.choice(('or', 'and'))} {e()})"

    def format_string(self, depth: int) -> str:
        parts = []
        for _ in range(self.random.randint(1, 3)):
            kind = self.random.choice((INT, INT, FLOAT, STR, STR, BOOL))
            text = self.make(kind, depth)
            if "'" in text or '"' in text or "{" in text or "\\" in text or "lambda" in text or ":=" in text or "!=" in text:
                text = self.pick(kind) or ("1" if kind != STR else "n")
                if text == "n":
                    parts.append("n")
                    continue
                kind = self.variables.get(text, INT)
            parts.append("{" + text + self.random.choice(FORMATS[kind]) + "}")
        return 'f"' + self.random.choice(("", " ", "-")).join(parts) + self.random.choice(("", ".", "{{}}")) + '"'

    # --- containers ---------------------------------------------------------------------------------------------

    def make_tuple(self, kind: Type, depth: int) -> str | None:
        d = depth - 1
        if kind == tuple_of(INT, INT) and self.random.random() < 0.2:
            return f"divmod({self.make(INT, d)}, {self.random.randint(1, 4)})"
        return "(" + ", ".join(self.make(part, d) for part in kind.parts) + ")"

    def make_optional(self, kind: Type, depth: int) -> str | None:
        d = depth - 1
        choice = self.random.randrange(4)
        inner = kind.parts[0]
        if choice == 0:
            return f"(None if {self.make(BOOL, d)} else {self.make(inner, d)})"
        if choice == 1 and (table := self.pick_where(lambda its: its.kind == "dict" and its.parts[1] == inner)):
            return f"{table}.get({self.make(self.variables[table].parts[0], d)})"
        return "None" if choice == 2 else self.make(inner, d)

    def make_list(self, kind: Type, depth: int) -> str | None:
        d = depth - 1
        item = kind.parts[0]
        choice = self.random.randrange(18)
        if choice <= 2:
            return "[" + ", ".join(self.make(item, d) for _ in range(self.random.randint(1, 3))) + "]"
        if choice <= 6:
            return f"[{self.comprehension(d, lambda k: self.make(item, k))}]"
        if choice == 7:
            return f"({self.make(kind, d)} + {self.make(kind, d)})"
        if choice == 8 and (xs := self.pick(kind)):
            return f"{xs}[{self.cut(d)}]"
        if choice == 9 and ordered(item):
            reverse = self.random.choice(("", "", ", reverse=True"))
            source = self.make(kind, d)
            if item == INT and self.random.random() < 0.5:
                return f"sorted({source}, key={self.random.choice(('abs', 'lambda x: -x', 'lambda x: (x % 3, x)', 'lambda x: x % 2'))}{reverse})"
            if item == STR and self.random.random() < 0.5:
                return f"sorted({source}, key={self.random.choice(('len', 'lambda s: s[::-1]', 'lambda s: (len(s), s)'))}{reverse})"
            return f"sorted({source}{reverse})"
        if choice == 10 and item == INT:
            return f"list(range({self.make(INT, 0)} % 5))"
        if choice == 11 and (table := self.pick_where(lambda its: its.kind == "dict" and item in its.parts)):
            return f"list({table})" if self.variables[table].parts[0] == item else f"list({table}.values())"
        if choice == 12 and (xs := self.pick(kind)):
            return self.random.choice((f"{xs}.copy()", f"list({xs})", f"list(reversed({xs}))"))
        if choice == 13:
            return f"([{self.make(item, d)}] * {self.random.choice(('2', '3', '0'))})"
        if choice == 14 and item == STR:
            return self.random.choice(
                (
                    f"{self.make(STR, d)}.split()",
                    f"{self.make(STR, d)}.split({self.random.choice(('a', ' ', ',', 'b'))!r})",
                    f"list({self.make(STR, d)})",
                )
            )
        if choice == 15 and not has_text(item) and (items := self.pick(set_of(item))):
            return f"list({items})"
        if choice == 15 and has_text(item) and ordered(item) and (items := self.pick(set_of(item))):
            return f"sorted({items})"
        if choice == 16 and self.generators:
            names = [name for name, (_, its) in self.generators.items() if its == item]
            if names:
                name = self.random.choice(names)
                return f"list({name}({', '.join(self.make(part, d) for part in self.generators[name][0])}))"
        if choice == 17 and item.kind == "tuple" and len(item.parts) == 2:
            return f"list(zip({self.make(list_of(item.parts[0]), d)}, {self.make(list_of(item.parts[1]), d)}))"
        return None

    def make_set(self, kind: Type, depth: int) -> str | None:
        d = depth - 1
        item = kind.parts[0]
        choice = self.random.randrange(7)
        if choice <= 1:
            return "{" + ", ".join(self.make(item, d) for _ in range(self.random.randint(1, 2))) + "}"
        if choice == 2:
            return "{" + self.comprehension(d, lambda k: self.make(item, k)) + "}"
        if choice == 3:
            return f"set({self.make(list_of(item), d)})"
        if choice == 4 and (xs := self.pick(kind)):
            return f"({xs} {self.random.choice('|&-^')} {self.make(kind, d)})"
        if choice == 5 and (xs := self.pick(kind)):
            return f"{xs}.{self.random.choice(('union', 'intersection', 'difference', 'symmetric_difference'))}({self.make(kind, d)})"
        if choice == 6 and (xs := self.pick(kind)):
            return f"{xs}.copy()"
        return None

    def make_dict(self, kind: Type, depth: int) -> str | None:
        d = depth - 1
        key, item = kind.parts
        choice = self.random.randrange(6)
        if choice <= 1:
            return "{" + ", ".join(f"{self.make(key, d)}: {self.make(item, d)}" for _ in range(self.random.randint(1, 3))) + "}"
        if choice == 2:
            return "{" + self.comprehension(d, lambda k: f"{self.make(key, k)}: {self.make(item, k)}") + "}"
        if choice == 3:
            return f"dict(zip({self.make(list_of(key), d)}, {self.make(list_of(item), d)}))"
        if choice == 4 and (table := self.pick(kind)):
            return self.random.choice((f"{table}.copy()", f"dict({table})"))
        if choice == 5 and (table := self.pick(kind)):
            return f"({table} | {self.make(kind, d)})"
        return None

    # --- arrays -------------------------------------------------------------------------------------------------

    def make_array(self, kind: Type, depth: int) -> str | None:
        d = depth - 1
        dtype = kind.parts[0].kind
        a = self.pick(kind)
        choice = self.random.randrange(10)
        if a is None:
            return None
        if choice <= 2:
            operators = "&|^" if dtype == "np.bool_" else "+-*"
            return f"({a} {self.random.choice(operators)} {self.make(kind, d)})"
        if choice == 3 and dtype not in ("np.bool_", "np.uint8"):
            return f"({a} {self.random.choice('+-*')} {self.random.randint(1, 3)})"
        if choice == 4:
            return f"{a}.copy()"
        if choice == 5 and kind.kind == "array1":
            return f"{a}[{self.cut(0)}]"
        if choice == 5:
            return self.random.choice((f"{a}[{self.bound(0)}:]", f"{a}[:, {self.bound(0)}:]", f"{a}[::-1, ::2]"))
        if choice == 6 and kind.kind == "array1" and (m := self.pick(Type("array2", kind.parts))):
            return self.random.choice((f"{m}[{self.index(0)}]", f"{m}[:, {self.index(0)}]"))
        if choice == 7 and dtype != "np.bool_":
            return f"np.{self.random.choice(('abs', 'square', 'negative') if dtype not in ('np.complex128', 'np.uint8') else ('square',))}({a})"
        if choice == 8 and dtype not in ("np.bool_", "np.complex128"):
            return f"np.where({a} > {self.random.randint(0, 2)}, {a}, {self.make(kind, 0)})"
        if choice == 9 and kind.kind == "array1" and dtype == "np.float64":
            return f"np.array({self.make(list_of(FLOAT), d)}, {dtype})"
        return None

    def make_numpy_scalar(self, kind: Type, depth: int) -> str | None:
        d = depth - 1
        choice = self.random.randrange(4)
        if choice <= 1 and (a := self.pick(Type("array1", (kind,)))):
            return f"{a}[{self.index(0)}]"
        if choice == 2 and (a := self.pick(Type("array2", (kind,)))):
            return f"{a}[{self.index(0)}, {self.index(0)}]"
        if choice == 3 and kind.kind != "np.bool_":
            return f"({self.make(kind, d)} {self.random.choice('+-*')} {self.make(kind, d)})"
        return None


__all__ = ["Expressions", "dict_of", "hashable"]
