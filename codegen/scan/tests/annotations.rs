//! Every form of annotation, from the user's side: a snippet and the signatures that it gives.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics fails")]

mod program;

use program::{check, reports};

const HEAD: &str = "import numpy as np\nimport numpy\nfrom numpy import float64\nfrom typing import Annotated, Any, Final, List, Literal, Optional, Tuple, TypeVar, Union\nfrom numpy.typing import NDArray\nfrom hypersonic import Array, NDim, Shape, Type, boost, const, str2type\n";

/// The signatures of a function of one parameter `x` with this annotation.
fn one(annotation: &str, expected: &str) {
    check(&format!("{HEAD}\n@boost\ndef f(x: {annotation}):\n    return x\n"), &format!("f: {expected}"));
}

/// The signatures of `f`, after some module-level lines.
fn with(lines: &str, parameters: &str, expected: &str) {
    check(&format!("{HEAD}{lines}\n\n@boost\ndef f({parameters}):\n    return 1\n"), &format!("f: {expected}"));
}

/// What is reported on a function of one parameter.
fn refused(annotation: &str, id: &str, place: &str, words: &str) {
    reports(&format!("{HEAD}\n@boost\ndef f(x: {annotation}):\n    return x\n"), &[(id, place, words)]);
}

#[test]
fn scalars() {
    for name in ["int", "float", "complex", "bool"] {
        one(name, &format!("({name})"));
        one(&format!("\"{name}\""), &format!("({name})"));
    }
    for name in ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "complex64", "complex128"]
    {
        one(&format!("np.{name}"), &format!("(np.{name})"));
        one(&format!("numpy.{name}"), &format!("(np.{name})"));
        one(&format!("\"{name}\""), &format!("(np.{name})"));
        one(&format!("\"np.{name}\""), &format!("(np.{name})"));
    }
    one("float64", "(np.float64)");
    one("np.bool_", "(np.bool)");
    one("np.bool", "(np.bool)");
    for (name, same) in [
        ("intc", "int32"),
        ("intp", "int64"),
        ("int_", "int64"),
        ("uint", "uint64"),
        ("uintc", "uint32"),
        ("uintp", "uint64"),
        ("byte", "int8"),
        ("ubyte", "uint8"),
        ("short", "int16"),
        ("longlong", "int64"),
        ("single", "float32"),
        ("double", "float64"),
        ("csingle", "complex64"),
        ("cdouble", "complex128"),
    ] {
        one(&format!("np.{name}"), &format!("(np.{same})"));
        one(&format!("\"{name}\""), &format!("(np.{same})"));
    }
    one("None", "(None)");
    one("\"None\"", "(None)");
}

#[test]
fn type_parameters() {
    let all = |definition: &str, expected: &str| {
        check(&format!("{HEAD}@boost\n{definition}: return 1\n"), &format!("f: {expected}"));
    };
    all("def f[T: (np.float32, np.float64)](x: list[T], y: T)", "(list[np.float32], np.float32) (list[np.float64], np.float64)");
    all("def f[T: float](x: T)", "(float)");
}

#[test]
fn containers() {
    one("list[int]", "(list[int])");
    one("frozenset[int]", "(frozenset[int])");
    one("List[List[float]]", "(list[list[float]])");
    one("dict[str, tuple[int, float]]", "(dict[str, (int, float)])");
    one("set[np.int32] | None", "(set[np.int32]) (None)");
    one("\"int list\"", "(list[int])");
    one("\"float[:] list list\"", "(list[list[float64[:]]])");
    one("\"str: int list dict\"", "(dict[str, list[int]])");
    one("\"int: float dict list or str set\"", "(list[dict[int, float]]) (set[str])");
    one("\"(int, int) list\"", "(list[(int, int)])");
    one("list[int | None]", "(list[int | None])");
    one("dict[str, Optional[list[float]]]", "(dict[str, list[float] | None])");
    one("str", "(str)");
}

#[test]
fn strings() {
    one("\"float[:]\"", "(float64[:])");
    one("\"float[:, :]\"", "(float64[:, :])");
    one("\"int[:,:,:]\"", "(int64[:, :, :])");
    one("\"bool[:]\"", "(bool[:])");
    one("\"complex128[][]\"", "(complex128[:, :])");
    one("\"complex128[][][]\"", "(complex128[:, :, :])");
    one("\"float[]\"", "(float64[:])");
    one("\"float32 [ : , : ]\"", "(float32[:, :])");
    one("\"int[:] or float[:]\"", "(int64[:]) (float64[:])");
    one("\"int[:] | float[:]\"", "(int64[:]) (float64[:])");
    one("\"float or int\"", "(int) (float)");
    one("\"float or int or float\"", "(int) (float)");
    one("\"float[::, ::]\"", "(float64[::, ::])");
    one("\"float[::]\"", "(float64[::])");
    one("\"float[:, 3]\"", "(float64[:, 3])");
    one("\"uint8[:, :, 3]\"", "(uint8[:, :, 3])");
    one("\"float64[:,:] order(F)\"", "(float64[:, :] order(F))");
    one("\"float64[:,:] order(C)\"", "(float64[:, :] order(C))");
    one("\"(int, float[:])\"", "((int, float64[:]))");
    one("\"(int, float[:, :])\"", "((int, float64[:, :]))");
    one("\"(int,)\"", "((int,))");
    one("\"(int)\"", "(int)");
    one("\"(int or float, bool)\"", "((int, bool)) ((float, bool))");
    one("\"int type\"", "(type[int])");
    one("\"np.float64\"", "(np.float64)");
    one("\"np.float32[:]\"", "(float32[:])");
    one("\"Union[int, float]\"", "(int) (float)");
    one("\"Optional[int]\"", "(int) (None)");
    one("\"Tuple[int, 'float[:]']\"", "((int, float64[:]))");
    one("\"int | None\"", "(int) (None)");
    one("'''float[:,\n   :]'''", "(float64[:, :])");
    one("r'float[:]'", "(float64[:])");
    one("'float' '[:]'", "(float64[:])");
    one("str2type(\"float[:] or int\")", "(float64[:]) (int)");
    one("\"int[:, :, :, :, :, :]\"", "(int64[:, :, :, :, :, :])");
}

#[test]
fn arrays() {
    one("Array[int, \"2d\"]", "(int64[:, :])");
    one("Array[float, 1]", "(float64[:])");
    one("Array[np.complex128, \"3d\", \"C\"]", "(complex128[:, :, :] order(C))");
    one("Array[np.float32, \"2d\", \"F\"]", "(float32[:, :] order(F))");
    one("Array[np.float32, \"2d\", \"C_or_F\"]", "(float32[:, :])");
    one("Array[float, \"2d\", \"strided\"]", "(float64[::, ::])");
    one("Array[int, \"[:, :, 3]\"]", "(int64[:, :, 3])");
    one("Array[int, \"1d\", \"C\", \"positive_indices\"]", "(int64[:] order(C))");
    one("Array[np.float64, \"1d\", \"memview\"]", "(float64[:])");
    one("Array[\"float64\", \"2d\"]", "(float64[:, :])");
    one("Array[Type(np.float32, np.float64), \"1d\"]", "(float32[:]) (float64[:])");
    one("Array[float, NDim(1, 3)]", "(float64[:]) (float64[:, :, :])");
    one("Array[float, \"0d\"]", "(float64[])");
    one("NDArray[np.float64]", "(float64[:]) (float64[:, :]) (float64[:, :, :])");
    one("np.ndarray[tuple[int, int], np.dtype[np.float32]]", "(float32[:, :])");
    one("np.ndarray[Any, np.dtype[np.float32]]", "(float32[:]) (float32[:, :]) (float32[:, :, :])");
}

#[test]
fn unions_and_the_like() {
    one("Union[int, float]", "(int) (float)");
    one("int | float | None", "(int) (float) (None)");
    one("Optional[float]", "(float) (None)");
    one("Union[\"float[:]\", None]", "(float64[:]) (None)");
    one("Tuple[int, \"float[:]\"]", "((int, float64[:]))");
    one("tuple[int, float]", "((int, float))");
    one("const(Array[float, \"1d\"])", "(float64[:])");
    one("const(\"float[:]\")", "(float64[:])");
    one("Annotated[float, \"metres\"]", "(float)");
    one("Annotated[float, metres(2)]", "(float)");
    one("Final[int]", "(int)");
    one("Type(np.float32, np.float64)", "(np.float32) (np.float64)");
    one("Type(int, float)", "(int) (float)");
    one("Literal[\"a\", \"b\"]", "(Literal[\"a\"]) (Literal[\"b\"])");
    one("Literal[1, -2, True, None]", "(Literal[1]) (Literal[-2]) (Literal[True]) (None)");
    one("Literal[int, float]", "(type[int]) (type[float])");
    one("type[np.float32]", "(type[np.float32])");
    one("\"Literal['a']\"", "(Literal[\"a\"])");
}

#[test]
fn shapes_beside_arrays() {
    one("Annotated[NDArray[np.float64], Shape(\"n\", \"m\")]", "(float64[:, :])");
    one("Annotated[NDArray[np.float64], Shape(None, 3)]", "(float64[:, 3])");
    one("Annotated[NDArray[np.float64], Shape(\"[:, :, 3]\")]", "(float64[:, :, 3])");
    one("Annotated[NDArray[np.float64], Shape(\"3d\"), \"metres\"]", "(float64[:, :, :])");
    one("Annotated[NDArray[np.float32] | NDArray[np.float64], Shape(\"n\")]", "(float32[:]) (float64[:])");
    one("Annotated[NDArray[np.float64], \"metres\", Shape()]", "(float64[])");
    with("V = Shape(\"n\")\nA = Annotated[NDArray[np.float64], V]", "x: A, y: A", "(float64[:], float64[:])");
    with("import hypersonic.typing as ht", "x: Annotated[NDArray[np.int8], ht.Shape(2)]", "(int8[2])");
    with(
        "from hypersonic.typing import Array as A, Shape as S",
        "x: A[float, \"2d\"], y: Annotated[NDArray[np.int8], S(\"n\")]",
        "(float64[:, :], int8[:])",
    );
    refused("Annotated[float, Shape(2)]", "HS0302", "Shape(2)", "what is no array");
    refused("Annotated[Array[float, \"1d\"], Shape(2, 2)]", "HS0302", "Shape(2, 2)", "another number of axes");
    refused("Annotated[NDArray[np.float64], Shape(-1)]", "HS0302", "-1", "neither a name nor a length");
    refused("Annotated[NDArray[np.float64], Shape(1, 1, 1, 1, 1, 1, 1)]", "HS0302", "Shape(1, 1, 1, 1, 1, 1, 1)", "7 dimensions");
    refused("Annotated[NDArray[np.float64], Shape(2, order=\"Q\")]", "HS0302", "\"Q\"", "not known");
    refused("Annotated[NDArray[np.float64], Shape(2, oder=\"C\")]", "HS0302", "\"C\"", "keyword");
}

#[test]
fn aliases() {
    with("A = Array[float, \"2d\"]", "x: A", "(float64[:, :])");
    with("A = \"float[:]\"", "x: A, y: \"A\"", "(float64[:], float64[:])");
    with("A = \"float[:]\"\nB = A", "x: B | None", "(float64[:]) (None)");
    with("type A = Union[int, float]", "x: A", "(int) (float)");
    with("A: Any = Array[float, \"2d\"]", "x: A", "(float64[:, :])");
    with("dt = np.float32\nrank = 2", "x: Array[dt, rank], y: \"dt[:]\"", "(float32[:, :], float32[:])");
    with("if True:\n    A = int\nelse:\n    A = float", "x: A", "(int)");
    with("A, B = int, float", "x: A, y: B", "(int, float)");
    with("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from numpy import int8 as small", "x: \"small[:]\"", "(int8[:])");
    check(
        "from __future__ import annotations\nimport numpy as np\nfrom hypersonic import boost\n\n@boost\ndef f(x: np.int8, y: float[:, :], z: np.float32[::] | None): pass\n",
        "f: (np.int8, float64[:, :], float32[::]) (np.int8, float64[:, :], None)",
    );
}

#[test]
fn template_variables_are_bound() {
    with(
        "T = Type(np.float32, np.float64)\nA = Array[T, \"1d\"]",
        "x: A, y: A, a: T",
        "(float32[:], float32[:], np.float32) (float64[:], float64[:], np.float64)",
    );
    with("N = NDim(1, 2)\nA = Array[int, N]\nB = Array[int, N + 1]", "x: A, y: B", "(int64[:], int64[:, :]) (int64[:, :], int64[:, :, :])");
    with("N = NDim(2, 3)", "x: Array[int, N], y: Array[int, N - 1]", "(int64[:, :], int64[:]) (int64[:, :, :], int64[:, :])");
    with(
        "T = Type(np.float32, np.float64)\nN = NDim(1, 2)",
        "x: Array[T, N], y: Array[T, \"1d\"]",
        "(float32[:], float32[:]) (float32[:, :], float32[:]) (float64[:], float64[:]) (float64[:, :], float64[:])",
    );
    with(
        "A = Union[\"int[:]\", \"float[:]\"]",
        "x: A, y: A",
        "(int64[:], int64[:]) (int64[:], float64[:]) (float64[:], int64[:]) (float64[:], float64[:])",
    );
    with("T = TypeVar(\"T\", int, float)", "x: T, y: T", "(int, int) (float, float)");
    with(
        "N = NDim(2, 3, 4)\nA = Array[np.complex128, N, \"C\"]",
        "x: A, y: Array[np.float64, N, \"C\"]",
        "(complex128[:, :] order(C), float64[:, :] order(C)) (complex128[:, :, :] order(C), float64[:, :, :] order(C)) (complex128[:, :, :, :] order(C), float64[:, :, :, :] order(C))",
    );
    let four = "a: NDArray[np.int8], b: NDArray[np.int8], c: NDArray[np.int8], d: NDArray[np.int8]";
    with(
        "",
        four,
        "(int8[:], int8[:], int8[:], int8[:]) (int8[:, :], int8[:, :], int8[:, :], int8[:, :]) (int8[:, :, :], int8[:, :, :], int8[:, :, :], int8[:, :, :])",
    );
}

#[test]
fn defaults() {
    with("", "n: int = 2", "(int)");
    with("", "x: float = 0", "(float)");
    with("", "x: \"float[:]\" = None", "(float64[:]) (None)");
    with("", "flag=False, n=-1, x=1.5, z=2j, none=None", "(bool, int, float, complex, None)");
    with("", "x: \"float[:] or None\" = None", "(float64[:]) (None)");
    with("", "flag: int = True", "(int) (bool)");
    with("", "mode: Literal[\"a\", \"b\"] = \"a\"", "(Literal[\"a\"]) (Literal[\"b\"])");
    with("", "mode: int = \"a\"", "(int) (Literal[\"a\"])");
    with("K = 3", "n=K, m=(1, 2.0), d=np.float32, p=np.pi, big=2 * np.pi", "(int, (int, float), type[np.float32], float, float)");
    with("", "a: float, /, b: int, *, c: bool = True", "(float, int, bool)");
    with("", "", "()");
    with("", "f: \"float(int, None)\", s: \"list type\", xp: \"numpy pkg\"", "(float(int, None), type[list], numpy pkg)");
}

#[test]
fn refusals_point_at_the_cause() {
    refused("flaot", "HS0301", "flaot", "did you mean `float`");
    refused("np.flaot64", "HS0301", "np.flaot64", "did you mean `np.float64`");
    refused("\"int[:] or flaot[:]\"", "HS0301", "flaot", "did you mean `float`");
    refused("float32", "HS0301", "float32", "np.float32");
    refused("np.ndarray", "HS0302", "np.ndarray", "NDArray[np.float64]");
    refused("NDArray", "HS0302", "NDArray", "element type");
    refused("np.float16", "HS0302", "np.float16", "float16 has no compiled form");
    refused("np.float", "HS0302", "np.float", "without `np.`");
    refused("np.floating", "HS0302", "np.floating", "list the types");
    refused("\"str: int\"", "HS0302", "str: int", "str: int dict");
    refused("\"set\"", "HS0302", "set", "set[float]");
    refused("List", "HS0302", "List", "list[float]");
    refused("list[int, float]", "HS0302", "list[int, float]", "dict[str, float]");
    refused("frozenset", "HS0302", "frozenset", "does not say what it holds");
    refused("Any", "HS0302", "Any", "any object");
    refused("\"\"", "HS0302", "\"\"", "empty");
    refused("\"float[:\"", "HS0302", "[", "not closed");
    refused("\"float[:, x]\"", "HS0302", "[:, x]", "not `:` or a number");
    refused("\"(int, float\"", "HS0302", "(", "not closed");
    refused("\"float or\"", "HS0302", "r", "missing");
    refused("\"float float\"", "HS0302", "f", "cannot be read");
    refused("\"float64*\"", "HS0302", "*", "pointers");
    refused("\"float(str)\"", "HS0302", "float(str)", "anything but numbers");
    refused("\"int(int\"", "HS0302", "(", "not closed");
    refused("\"torch pkg\"", "HS0302", "torch", "write `numpy pkg`");
    refused("Array[int, \"7d\"]", "HS0302", "\"7d\"", "7 dimensions");
    refused("Array[int, NDim(6) + 1]", "HS0302", "NDim(6) + 1", "7 dimensions");
    refused("Array[int, NDim(0) - 1]", "HS0302", "NDim(0) - 1", "-1 dimensions");
    refused("Array[int]", "HS0302", "Array[int]", "rank");
    refused("Array[int, \"2d\", \"stridded\"]", "HS0302", "\"stridded\"", "did you mean \"strided\"");
    refused("tuple[int, float, ...]", "HS0302", "tuple[int, float, ...]", "no meaning");
    refused("Union[int, flaot]", "HS0301", "flaot", "did you mean");
    refused("3", "HS0302", "3", "not a type");
    refused("np", "HS0302", "np", "module");
    refused("f", "HS0302", "f", "a function");
    reports(
        &format!("{HEAD}\n@boost\ndef f(x, y: float, z): pass\n"),
        &[("HS0303", "x", "`x` has no annotation"), ("HS0303", "z", "`z` has no annotation")],
    );
    reports(
        &format!("{HEAD}A = flaot\n@boost\ndef f(x: A, y: strr): pass\n"),
        &[("HS0301", "flaot", "did you mean `float`"), ("HS0301", "strr", "not a known type")],
    );
    reports(&format!("{HEAD}A = A2\nA2 = A\n@boost\ndef f(x: A): pass\n"), &[("HS0302", "A", "")]);
    let wide = "Union[int, float, bool, np.int8, np.int16, np.int32, np.int64, np.uint8]";
    reports(&format!("{HEAD}\n@boost\ndef f(a: {wide}, b: {wide}, c: {wide}, d: {wide}): pass\n"), &[("HS0306", "f", "512")]);
}
