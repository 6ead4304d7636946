//! The C header of a kernel library: from a manifest to text. C programs call the functions that it lists without Python and without the
//! runtime; what these need at run time stands in `hypersonic.h`, which is shipped beside it. Refuses nothing: what has no C form is left out,
//! and [`refusal`] says why.

mod ctype;
mod failures;
mod frame;
mod function;
mod names;

use frame::Frame;
use function::Place;
use hypersonic_abi::manifest::{Function, Manifest, Signature};
use names::Taken;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The header that all packages share.
pub const RUNTIME: &str = include_str!("hypersonic.h");
/// Its file name.
pub const RUNTIME_NAME: &str = "hypersonic.h";

/// Which functions a header lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that are marked.
    Marked,
    /// All that have a C form.
    All,
}

/// The file name of a package's header.
#[must_use]
pub fn file_name(package: &str) -> String {
    format!("{}.h", names::identifier(package))
}

/// Why a compiled function has no C form.
#[must_use]
pub fn refusal(function: &Function) -> Option<String> {
    if function.object.is_some() {
        return Some("a method needs its object".to_owned());
    }
    function.signatures.iter().find_map(|signature| Frame::of(signature, &function.parameters, false).err())
}

/// A signature and the name of its C function.
struct Listed<'m> {
    name: String,
    parameters: &'m [String],
    signature: &'m Signature,
    frame: Frame,
}

fn listed(manifest: &Manifest, which: Which) -> Vec<Listed<'_>> {
    let mut all = Vec::new();
    let mut taken = Taken::default();
    for (module, entry) in &manifest.modules {
        for (qualname, function) in &entry.functions {
            let wanted = function.exports.c || which == Which::All;
            if !wanted || function.object.is_some() {
                continue;
            }
            let base = names::identifier(&format!("{module}.{qualname}"));
            for signature in &function.signatures {
                let Ok(frame) = Frame::of(signature, &function.parameters, false) else { continue };
                let name = if function.signatures.len() == 1 { base.clone() } else { format!("{base}_{}", names::suffix(signature)) };
                let name = taken.fresh(&name);
                taken.fresh(&format!("{name}_strided"));
                all.push(Listed { name, parameters: &function.parameters, signature, frame });
            }
        }
    }
    all
}

/// The header of a package; `None` if it would list nothing.
#[must_use]
pub fn header(package: &str, manifest: &Manifest, which: Which) -> Option<String> {
    let listed = listed(manifest, which);
    let library = manifest.library.as_ref().filter(|_| !listed.is_empty())?;
    let package = names::identifier(package);
    let guard = format!("HYPERSONIC_PACKAGE_{}", package.to_uppercase());
    let mut out = format!(
        "/* Functions of `{package}` for C and C++, written by {}; they are in {}. Do not edit.\n *\n\
         {} */\n#ifndef {guard}\n#define {guard}\n\n#include \"{RUNTIME_NAME}\"\n\n",
        manifest.generator, library.path, MANUAL
    );
    layout_check(&mut out, &package, manifest.abi);
    let types: BTreeSet<(String, u32)> = listed.iter().flat_map(|listed| listed.frame.array_types.iter().cloned()).collect();
    types.iter().for_each(|(dtype, ndim)| array_structure(&mut out, dtype, *ndim));
    entries(&mut out, &package, &listed);
    failures::table(&mut out, &package, &manifest.failures);
    level(&mut out, &package, &manifest.levels);
    for listed in &listed {
        let (levels, failures) = (manifest.levels.len(), manifest.failures.len());
        let place = Place { package: &package, name: &listed.name, parameters: listed.parameters, levels, failures };
        // A frame for strides is there where one for packed arrays is.
        let _ = function::write(&mut out, &place, listed.signature, &listed.frame);
    }
    out.push_str("#endif\n");
    Some(out)
}

/// What a C programmer has to know, in the header itself.
const MANUAL: &str = " * Every function returns HYPERSONIC_OK (0), or says in `error` (which may be NULL) what Python would raise: hypersonic_exception(),\n \
* hypersonic_message(). Arrays are pointers with extents, C-contiguous, or with strides in bytes in the functions `..._strided`; all are\n \
* aligned for their type. Results come through pointers. An array result is yours: hypersonic_free(result.memory) frees it; where `memory`\n \
* is NULL it lies in an argument. A program links the library, or defines HYPERSONIC_DLOPEN before the first header and opens it by\n \
* hypersonic_open_PACKAGE(path).\n";

/// The C compiler's proof that `hypersonic.h` is of this library's version and has the layouts of `abi`.
fn layout_check(out: &mut String, package: &str, abi: u32) {
    use hypersonic_abi::{Block, Context, ErrorRecord, Support};
    let sizes = [
        ("support", size_of::<Support>()),
        ("block", size_of::<Block>()),
        ("context", size_of::<Context>()),
        ("record", size_of::<ErrorRecord>()),
    ];
    let sizes: Vec<String> = sizes.iter().map(|(name, size)| format!("sizeof(hypersonic_{name}) == {size}")).collect();
    let _ = writeln!(
        out,
        "/* Another version of hypersonic.h was included before. */\ntypedef char hypersonic_h_fits_{package}[HYPERSONIC_ABI == {abi} && {} ? 1 : -1];\n",
        sizes.join(" && ")
    );
}

fn array_structure(out: &mut String, dtype: &str, ndim: u32) {
    let (name, ty, rank) = (frame::array_type(dtype, ndim), ctype::c_type(dtype).unwrap_or("void"), ndim.max(1));
    let guard = name.to_uppercase();
    let _ = writeln!(
        out,
        "#ifndef {guard}\n#define {guard}\n/* Strides are in bytes. */\ntypedef struct {name} {{\n    {ty} *data;\n    int64_t shape[{rank}], \
         strides[{rank}];\n    void *memory;\n}} {name};\n#endif\n"
    );
}

/// Declarations of the entries, or what opens the library.
fn entries(out: &mut String, package: &str, listed: &[Listed<'_>]) {
    let macro_name = package.to_uppercase();
    let symbols: BTreeSet<&String> =
        listed.iter().flat_map(|listed| listed.signature.strided.iter().chain(&listed.signature.contiguous)).collect();
    let _ = writeln!(
        out,
        "#ifdef HYPERSONIC_DLOPEN\nstatic void *hypersonic_library_{package};\n/* Opens the library; returns whether it could be. Once per file that \
         includes this. */\nstatic inline bool hypersonic_open_{package}(const char *path) {{\n    if (!hypersonic_library_{package}) hypersonic_library_{package} = \
         HYPERSONIC_OPEN(path);\n    return hypersonic_library_{package} != NULL;\n}}\n#define HYPERSONIC_ENTRY_{macro_name}(symbol) \
         HYPERSONIC_SYMBOL(hypersonic_library_{package}, #symbol)\n#else\n#define HYPERSONIC_ENTRY_{macro_name}(symbol) symbol\n#ifdef __cplusplus\nextern \"C\" \
         {{\n#endif"
    );
    for symbol in symbols {
        let _ = writeln!(out, "extern hypersonic_entry {symbol};");
    }
    out.push_str("#ifdef __cplusplus\n}\n#endif\n#endif\n\n");
}

/// The function that chooses among the library's levels.
fn level(out: &mut String, package: &str, levels: &[String]) {
    let _ = writeln!(
        out,
        "/* Which of the levels {} runs here, counted from 0; -1 if none does. */\nstatic inline int hypersonic_level_{package}(void) {{\n    int known = \
         hypersonic_cpu_level();",
        levels.join(", ")
    );
    for (at, name) in levels.iter().enumerate().rev() {
        let needed = name.strip_prefix("x86-64-v").and_then(|level| level.parse().ok()).unwrap_or(0_u32);
        let _ = writeln!(out, "    if (known >= {needed}) return {at};");
    }
    out.push_str("    return -1;\n}\n\n");
}
