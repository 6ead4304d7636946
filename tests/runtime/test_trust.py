"""Faults and choices: damage, staleness, other machines, environment variables. Import never fails because of us."""

import json
import subprocess
import sys

import pytest
from builder import INT, LEVELS, array, signature

PROBE = """
import json, sys, warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import {package} as package
    import hypersonic
known = hypersonic.info(package.add)
answer = package.add(1.0, 2.0)
print(json.dumps(dict(state=known.state, reason=known.reason, level=known.level, answer=answer,
    warnings=[str(w.message) for w in caught if w.category is hypersonic.HypersonicWarning], numpy="numpy" in sys.modules)))
"""


def probe(run, package, **variables):
    process = run(PROBE.format(package=package.name), package.root, **variables)
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


def test_all_is_well(make, run):
    known = probe(run, make("add"))
    assert known["state"] == "cpu"
    assert known["answer"] == 1003
    assert known["warnings"] == []
    assert known["numpy"] is False


def no_library(package):
    (package.kernels / "kernels.so").unlink()


def truncated_library(package):
    path = package.kernels / "kernels.so"
    path.write_bytes(path.read_bytes()[:100])


def empty_library(package):
    (package.kernels / "kernels.so").write_bytes(b"")


def flipped_bit(package):
    path = package.kernels / "kernels.so"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)


def no_manifest(package):
    (package.kernels / "manifest.json").unlink()


def not_json(package):
    package.write_manifest('{"abi": 1, "gener')


def not_utf8(package):
    (package.kernels / "manifest.json").write_bytes(b'{"abi": "\xff"}')


def deep_json(package):
    package.write_manifest("[" * 100_000)


def one_digit(package):
    path = package.kernels / "manifest.json"
    text = path.read_text()
    assert '"python": "float"' in text
    path.write_text(text.replace('"ndim": 1', '"ndim": 3'))


def edit(package, **changes):
    package.write_manifest({**package.manifest(), **changes})


def other_abi(package):
    edit(package, abi=99)


def other_abi_other_shape(package):
    package.write_manifest({"abi": 99, "everything": "else"})


def other_machine(package):
    edit(package, platform="aarch64-windows")


def other_level(package):
    edit(package, levels=["x86-64-v9"] * len(LEVELS))


def too_few_symbols(package):
    edit(package, levels=[*LEVELS, LEVELS[-1]])


def no_such_symbol(package):
    manifest = package.manifest()
    for each in manifest["modules"][package.name]["functions"]["add"]["signatures"]:
        each["strided"] = ["no_such_symbol"] * len(LEVELS)
    package.write_manifest(manifest)


def other_parameters(package):
    manifest = package.manifest()
    manifest["modules"][package.name]["functions"]["add"]["parameters"] = ["x", "z"]
    package.write_manifest(manifest)


def odd_dtype(package):
    manifest = package.manifest()
    each = manifest["modules"][package.name]["functions"]["add"]["signatures"][0]
    each["parameters"] = [array("float8"), INT]
    package.write_manifest(manifest)


def too_few_parameters(package):
    manifest = package.manifest()
    manifest["modules"][package.name]["functions"]["add"]["signatures"][0]["parameters"].pop()
    package.write_manifest(manifest)


def library_elsewhere(package):
    manifest = package.manifest()
    (package.root / "elsewhere.so").write_bytes(package.library)
    manifest["library"]["path"] = "../../elsewhere.so"
    package.write_manifest(manifest)


def folder_is_empty(package):
    no_library(package)
    no_manifest(package)


DAMAGE = {
    no_library: "kernels.so",
    truncated_library: "damaged",
    empty_library: "damaged",
    flipped_bit: "damaged",
    no_manifest: "manifest.json",
    folder_is_empty: "manifest.json",
    not_json: "not a manifest",
    not_utf8: "not a manifest",
    deep_json: "not a manifest",
    one_digit: "seal does not fit",
    other_abi: "version 99 of the kernel interface",
    other_abi_other_shape: "version 99 of the kernel interface",
    other_machine: "its kernels are for aarch64-windows",
    other_level: "above what may be used here",
    too_few_symbols: "no symbol per level",
    no_such_symbol: "no_such_symbol",
    other_parameters: "its parameters are not those",
    odd_dtype: "unknown dtype `float8`",
    too_few_parameters: "another number of parameters",
    library_elsewhere: "leaves the folder",
}


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_damage_leaves_python_and_one_warning(make, run, damage):
    package = make("add", "scale", "total")
    damage(package)
    known = probe(run, package)
    assert known["state"] == "python"
    assert known["answer"] == ["python", 1, 2]
    assert DAMAGE[damage] in known["reason"]
    assert len(known["warnings"]) == 1
    assert DAMAGE[damage] in known["warnings"][0]
    strict = run(f"import {package.name}", package.root, HYPERSONIC="require")
    assert strict.returncode == 1
    assert "ImportError: HYPERSONIC=require" in strict.stderr
    assert DAMAGE[damage] in strict.stderr
    silent = run(f"import {package.name}", package.root, PYTHONWARNINGS="error")
    assert silent.returncode == 0, silent.stderr


def test_a_damaged_neighbour_spoils_nobody(make, run):
    package = make("add", "scale")
    manifest = package.manifest()
    manifest["modules"][package.name]["functions"]["scale"]["signatures"][0]["strided"] = ["absent"] * len(LEVELS)
    package.write_manifest(manifest)
    assert probe(run, package)["state"] == "cpu"


def test_random_bit_flips_never_run(make, run):
    """Any flipped bit of library or manifest is noticed before anything of them is used."""
    package = make("add")
    code = f"""
import random, sys, pathlib, warnings
warnings.simplefilter("ignore")
from hypersonic import _dispatch
folder = pathlib.Path({str(package.kernels)!r})
generator = random.Random(1)
refused = 0
for name in ("kernels.so", "manifest.json"):
    path = folder / name
    good = path.read_bytes()
    for _ in range(150):
        data = bytearray(good)
        data[generator.randrange(len(data))] ^= 1 << generator.randrange(8)
        path.write_bytes(data)
        try:
            _dispatch.Library(folder)
        except ValueError:
            refused += 1
    path.write_bytes(good)
print(refused)
"""
    process = run(code, package.root)
    assert process.returncode == 0, process.stderr
    # A flip in the name of the seal itself leaves a manifest without one, but whole.
    assert int(process.stdout) >= 295


SOURCE = """import math

from hypersonic import boost

SCALE = 3

@boost
def add(x, y=2.0):
    return ('python', x, y)

def helper(x):
    return x
"""


@pytest.fixture
def edited(make):
    """A package whose `add` was made from itself, SCALE, and `helper` of another module that nobody imports."""
    name = "edited"
    other = "def helper(x):\n    return x\n\nUNUSED = 5\n"
    return make(
        "add",
        package=name,
        sources={f"{name}/__init__.py": SOURCE, f"{name}/sub/__init__.py": "", f"{name}/sub/other.py": other},
        depends={f"{name}:add": [[name, "add"], [name, "SCALE"], [f"{name}.sub.other", "helper"]]},
    )


def replace(package, path, old, new):
    target = package.root / package.name / path
    text = target.read_text()
    assert old in text
    target.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("path", "old", "new", "fresh"),
    [
        ("__init__.py", "import math\n", "import math, os\n# a comment\n\n\n", True),
        ("__init__.py", "return x\n", "return x + 1\n", True),
        ("__init__.py", "\n", "\r\n", True),
        ("__init__.py", "import math\n", "\ufeffimport math\n", True),
        ("__init__.py", "y=2.0", "y=3.0", False),
        ("__init__.py", "@boost", "@boost  # now", False),
        ("__init__.py", "SCALE = 3", "SCALE = 4", False),
        ("__init__.py", "SCALE = 3", "SCALE = 3\nif SCALE:\n    SCALE = 4", False),
        ("__init__.py", "def helper", "SCALE += 1\n\ndef helper", False),
        ("__init__.py", "def helper", "for SCALE in range(3): pass\n\ndef helper", False),
        ("sub/other.py", "UNUSED = 5", "UNUSED = 6", True),
        ("sub/other.py", "return x", "return -x", False),
        ("sub/other.py", "return x", "return (", False),
    ],
)
def test_edited_sources(edited, run, path, old, new, fresh):
    replace(edited, path, old, new)
    known = probe(run, edited)
    assert known["warnings"] == []
    assert (known["state"] == "cpu") == fresh, known
    if not fresh:
        assert "changed" in known["reason"] or "cannot be read" in known["reason"]


def test_reloading_an_edited_module(edited, run):
    code = """
import importlib, pathlib, edited, hypersonic
first = hypersonic.info(edited.add).state
path = pathlib.Path(edited.__file__)
path.write_text(path.read_text().replace("2.0", "7.0"))
importlib.reload(edited)
print(first, hypersonic.info(edited.add).state, edited.add(1))
"""
    assert run(code, edited.root).stdout.strip() == "cpu python ('python', 1, 7.0)"


def test_missing_helper_source(edited, run):
    (edited.root / "edited/sub/other.py").unlink()
    known = probe(run, edited)
    assert known["state"] == "python"
    assert "not available" in known["reason"]


def test_dependencies_are_not_imported(edited, run):
    process = run("import edited, sys; print(sorted(m for m in sys.modules if m.startswith('edited')))", edited.root)
    assert process.stdout.strip() == "['edited']"


def test_code_that_is_not_the_files(make, load):
    module = load(make("add"))
    exec("from hypersonic import boost\n@boost\ndef add(x, y):\n    return 'mine'", module.__dict__)
    assert module.add(1.0, 2.0) == "mine"


def test_uncompiled_functions_say_why(make, run):
    package = make("add", reasons={})
    manifest = package.manifest()
    function = manifest["modules"][package.name]["functions"]["add"]
    function["signatures"], function["reasons"] = [], ["`sorted` has no compiled form", "`set` has none"]
    package.write_manifest(manifest)
    known = probe(run, package)
    assert known["reason"] == "`sorted` has no compiled form; `set` has none"
    assert known["warnings"] == []


@pytest.mark.parametrize(("mode", "state"), [("off", "python"), ("cpu", "cpu"), ("require", "cpu"), ("", "cpu"), ("nonsense", "cpu")])
def test_modes(make, run, mode, state):
    known = probe(run, make("add"), HYPERSONIC=mode)
    assert known["state"] == state
    assert len(known["warnings"]) == (1 if mode == "nonsense" else 0)
    if mode == "off":
        assert known["reason"] == "HYPERSONIC=off"


def test_cuda_without_a_driver_warns_once(make, run):
    known = probe(run, make("add"), HYPERSONIC="cuda", HYPERSONIC_LIBCUDA="/nonexistent/libcuda.so.1")
    assert known["state"] == "cpu"
    assert len(known["warnings"]) == 1
    assert "no GPU is used" in known["warnings"][0]


def test_require_says_nothing_of_packages_without_kernels(tmp_path, run):
    (tmp_path / "plain.py").write_text(SOURCE)
    process = run("import plain, hypersonic; print(hypersonic.info(plain.add).reason)", tmp_path, HYPERSONIC="require")
    assert process.stdout.strip() == "no kernels were built for its package"


@pytest.mark.skipif(len(LEVELS) == 1, reason="one level only")
def test_levels(make, run):
    package = make("level")
    code = f"import {package.name} as m, hypersonic; print(m.level(), hypersonic.info(m.level).level)"
    best = run(code, package.root).stdout.split()
    assert best[1] == f"x86-64-v{best[0]}"
    for text in ("v2", "x86-64-v2"):
        assert run(code, package.root, HYPERSONIC_CPU_LEVEL=text).stdout.split() == ["2", "x86-64-v2"]
    assert run(code, package.root, HYPERSONIC_CPU_LEVEL="v4").stdout.split() == best
    odd = run(code, package.root, HYPERSONIC_CPU_LEVEL="v7")
    assert odd.stdout.split() == best
    assert "HYPERSONIC_CPU_LEVEL=v7 is ignored" in odd.stderr


def test_single_modules(make, run):
    package = make("add", package="lonely", sources={"lonely.py": SOURCE})
    assert probe(run, package)["state"] == "cpu"


def test_editable_kernels(make, run, tmp_path):
    package = make("add")
    target = tmp_path / "site" / "__hypersonic_editable__" / package.name
    target.parent.mkdir(parents=True)
    package.kernels.rename(target)
    code = f"import {package.name} as m, hypersonic; print(hypersonic.info(m.add).state)"
    assert run(code, package.root, tmp_path / "site").stdout.strip() == "cpu"


def test_run_as_main(make, tmp_path, run):
    body = SOURCE + "\nimport hypersonic\n\nprint(hypersonic.info(add).state)\n"
    package = make("add", package="asmain", sources={"asmain/__init__.py": "", "asmain/__main__.py": body}, functions={})
    package.functions = {"asmain.__main__:add": (["x", "y"], [signature("add", [{"python": "float"}] * 2, {"python": "float"})])}
    package.write()
    process = run("import runpy; runpy.run_module('asmain', run_name='__main__', alter_sys=True)", package.root)
    assert process.stdout.strip() == "cpu", process.stderr


def test_without_the_native_part(make, run):
    package = make("add")
    code = f"""
import sys
sys.modules["hypersonic._dispatch"] = None
import {package.name} as m, hypersonic
print(m.add(1.0, 2.0), hypersonic.info(m.add))
"""
    process = run(code, package.root)
    assert process.returncode == 0, process.stderr
    assert "('python', 1.0, 2.0)" in process.stdout
    assert "cannot be imported" in process.stdout


def test_threads_that_import_at_once(make, run):
    package = make("add", sources=None)
    code = f"""
import sys, threading
from hypersonic._packages import package_of
import {package.name}
from hypersonic import _packages
_packages._packages.clear()
found = []
threads = [threading.Thread(target=lambda: found.append(package_of({package.name!r}))) for _ in range(16)]
[t.start() for t in threads]; [t.join() for t in threads]
print(len(set(map(id, found))))
"""
    assert run(code, package.root).stdout.strip() == "1"


def test_the_command_line_lists_functions(make, run):
    package = make("add", "scale", depends={})
    code = f"import runpy, sys; sys.argv = ['hypersonic', {package.name!r}]; runpy.run_module('hypersonic', run_name='__main__')"
    process = run(code, package.root)
    assert process.returncode == 0, process.stderr
    assert f"{package.name}.add: cpu, " in process.stdout
    assert f"{package.name}.scale: cpu, " in process.stdout
    assert run(code.replace(package.name, "json")).stdout.strip() == "json: no kernels were built for it"


def test_import_is_light(run):
    code = "import sys; before = set(sys.modules); import hypersonic; print(*sorted(set(sys.modules) - before))"
    loaded = run(code).stdout.split()
    assert not [name for name in loaded if not name.startswith(("hypersonic", "warnings"))]
    command = [sys.executable, "-X", "importtime", "-c", "import hypersonic"]
    times = []
    for _ in range(5):
        report = subprocess.run(command, capture_output=True, text=True, check=True).stderr
        line = next(line for line in report.splitlines() if line.endswith("| hypersonic"))
        times.append(int(line.split("|")[1]))
    assert min(times) < 5000


def test_the_command_line_names_a_package_that_cannot_be_imported(run, tmp_path):
    code = "import runpy, sys; sys.argv = ['hypersonic', 'no_such_package']; runpy.run_module('hypersonic', run_name='__main__')"
    process = run(code, tmp_path)
    assert process.returncode == 2
    assert "no_such_package cannot be imported" in process.stderr
    assert "Traceback" not in process.stderr


def test_a_signature_that_cannot_be_planned_leaves_those_before_it_and_the_neighbours(make, run):
    unknown = signature("add", [array("float8")], INT, text="add(float8[:])")
    package = make("add", "scale", "negate")
    manifest = package.manifest()
    functions = manifest["modules"][package.name]["functions"]
    functions["add"]["signatures"].append({**unknown, "parameters": [array("float8"), INT]})
    functions["scale"]["signatures"].insert(0, {**functions["scale"]["signatures"][0], "result": array("float8")})
    package.write_manifest(manifest)
    known = probe(run, package)
    assert known["state"] == "cpu"
    assert known["answer"] == 1003
    assert known["reason"] == "`add(float8[:])` is not used: unknown dtype `float8`"
    assert known["warnings"] == [f"kernels of `add` in {package.name!r} are not used: {known['reason']}"]
    code = f"import {package.name} as p, hypersonic\nprint(*[hypersonic.info(f).state for f in (p.add, p.scale, p.negate)])"
    assert run(code, package.root).stdout.split() == ["cpu", "python", "cpu"]
