"""Exceptions behind something that the caller can see, where Python cannot be asked: CPython's own text and arguments."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import oracle
import pytest

# Parameters, what is done behind a write, arguments that make it raise.
CASES: dict[str, tuple[str, str, list[tuple[Any, ...]]]] = {
    "get": ("d: dict[str, int], k: str", "return d[k]", [({"a": 1}, "it's")]),
    "get_int": ("d: dict[int, int], k: int", "return d[k]", [({1: 1}, 5)]),
    "get_tuple": ("d: dict[tuple[int, str], int], k: int", 'return d[k, "x"]', [({(1, "x"): 1}, 5)]),
    "get_float": ("d: dict[float, int], k: float", "return d[k]", [({1.0: 1}, 5.0)]),
    "get_bool": ("d: dict[bool, int], k: bool", "return d[k]", [({True: 1}, False)]),
    "get_open": ("d: dict[tuple[int, ...], int], k: tuple[int, ...]", "return d[k]", [({(1,): 1}, (1, 2))]),
    "delete": ("d: dict[str, int], k: str", "del d[k]", [({"a": 1}, "b")]),
    "pop_key": ("d: dict[str, int], k: str", "return d.pop(k)", [({"a": 1}, "b")]),
    "popitem": ("d: dict[str, int]", "return d.popitem()", [({},)]),
    "augmented": ("d: dict[str, int], k: str", "d[k] += 1", [({"a": 1}, "b")]),
    "set_remove": ("s: set[int], k: int", "s.remove(k)", [({1}, 2)]),
    "set_remove_pair": ("s: set[tuple[int, int]], k: int", "s.remove((k, k))", [({(1, 2)}, 2)]),
    "set_pop": ("s: set[int]", "return s.pop()", [(set(),)]),
    "pop": ("l: list[int]", "return l.pop()", [([],)]),
    "pop_at": ("l: list[int], i: int", "return l.pop(i)", [([1], 4), ([], 0)]),
    "item": ("l: list[int], i: int", "return l[i]", [([1], 4)]),
    "set_item": ("l: list[int], i: int", "l[i] = 3", [([1], 4)]),
    "delete_item": ("l: list[int], i: int", "del l[i]", [([1], 4)]),
    "tuple_item": ("t: tuple[int, ...], i: int", "return t[i]", [((1,), 4)]),
    "tuple_index": ("t: tuple[int, ...], i: int", "return t.index(i)", [((1,), 4)]),
    "remove": ("l: list[int], i: int", "l.remove(i)", [([1], 4)]),
    "index": ("l: list[int], i: int", "return l.index(i)", [([1], 4)]),
    "index_text": ("l: list[str], i: str", "return l.index(i)", [(["a"], "b")]),
    "substring": ("s: str, t: str", "return s.index(t), s.rindex(t)", [("abc", "x")]),
    "rindex": ("s: str, t: str", "return s.rindex(t)", [("abc", "x")]),
    "split": ("s: str, t: str", "return s.split(t)", [("abc", "")]),
    "partition": ("s: str, t: str", "return s.partition(t)", [("abc", "")]),
    "slice_step": ("l: list[int], n: int", "return l[::n]", [([1], 0)]),
    "set_slice": ("l: list[int], n: int", "l[::n] = [1, 2, 3]", [([1], 0), ([1, 2, 3, 4], 2)]),
    "character": ("n: int", "return chr(n)", [(-1,), (1114112,)]),
    "code": ("s: str", "return ord(s)", [("ab",), ("",)]),
    "whole": ("s: str", "return int(s)", [("abc",), (" ",)]),
    "whole_base": ("s: str, b: int", "return int(s, b)", [("abc", 7), ("1", 1)]),
    "real": ("s: str", "return float(s)", [("abc",), ("",)]),
    "formatted": ("n: int, s: str", "return format(n, s)", [(1, "z")]),
    "unpack": ("l: list[int]", "a, b = l\n    return a + b", [([1],), ([1, 2, 3],), ([],)]),
    "unpack_starred": ("l: list[int]", "a, *b = l\n    return a", [([],)]),
    "unpack_text": ("s: str", "a, b = s\n    return a + b", [("abc",)]),
    "largest": ("l: list[int]", "return max(l)", [([],)]),
    "smallest": ("l: list[int]", "return min(l, key=lambda x: -x)", [([],)]),
    "largest_text": ("s: str", "return max(s)", [("",)]),
    "heap": ("l: list[int]", "return heapq.heappop(l)", [([],)]),
    "changed": (
        "s: set[int]",
        "for k in s:\n        s.add(k + 10)\n        if len(s) > 5:\n            break",
        [({1},)],
    ),
}


def source() -> str:
    lines = ["import heapq", "from hypersonic import boost"]
    for name, (parameters, body, _) in CASES.items():
        lines.append(f'@boost\ndef {name}({parameters}, z: "float[:]"):\n    z[0] = 7.0\n    {body}')
        nested = body.replace("\n", "\n    ")
        lines.append(
            f'@boost\ndef {name}_late({parameters}, z: "float[:]"):\n    try:\n        {nested}\n    finally:\n        z[0] += 1.0\n'
            "        try:\n            z[0] = float([2][int(z[1])])\n        except IndexError:\n            z[1] = 3.0"
        )
    lines.append(
        '@boost\ndef many(d: dict[str, int], k: list[str], z: "float[:]"):\n    for n in k:\n        try:\n            z[0] += d[n]\n'
        "        except KeyError:\n            z[1] += 1.0\n    return d[k[-1]]"
    )
    return "\n".join(lines)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("texts"), source())


def raised(function: Any, *args: Any) -> BaseException:
    with pytest.raises(Exception) as info:
        function(*copy.deepcopy(args))
    return info.value


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("suffix", ["", "_late"])
def test_text_and_arguments(built: oracle.Built, name: str, suffix: str) -> None:
    for args in CASES[name][2]:
        for last in (np.zeros(2), np.full(2, 9.0)):
            built.check(name + suffix, *args, last)
            function = getattr(built.module, name + suffix)
            ours, theirs = raised(function, *args, last), raised(function.__wrapped__, *args, last)
            assert (type(ours), ours.args) == (type(theirs), theirs.args)


def test_many_are_caught_before(built: oracle.Built) -> None:
    words = [f"word {n}" for n in range(100)]
    built.check("many", {"word 3": 2}, words, np.zeros(2))
