//! The C functions of one signature: what is declared, what is chosen by level, what packs and unpacks.

use crate::frame::Frame;
use hypersonic_abi::manifest::Signature;
use std::fmt::Write as _;

/// Where a function stands.
pub struct Place<'m> {
    /// The prefix of the package's own names.
    pub package: &'m str,
    /// The C function's name.
    pub name: &'m str,
    /// Names of the Python parameters.
    pub parameters: &'m [String],
    /// How many levels the library has.
    pub levels: usize,
    /// How many failures the package has.
    pub failures: usize,
}

/// Writes the functions of a signature.
pub fn write(out: &mut String, place: &Place<'_>, signature: &Signature, packed: &Frame) -> Result<(), String> {
    let name = place.name;
    entry(out, place, &format!("{name}__strided"), &signature.strided);
    // The contiguous versions know C's order only.
    let contiguous = !signature.contiguous.is_empty() && !packed.fortran;
    if contiguous {
        entry(out, place, &format!("{name}__contiguous"), &signature.contiguous);
    }
    let _ = writeln!(out, "/* {} */", signature.text.replace("*/", "* /").replace("/*", "/ *"));
    let known = if contiguous { format!("{name}__contiguous()") } else { "NULL".to_owned() };
    body(out, place, name, packed, &known);
    if packed.takes_arrays && packed.any_strides {
        let strided = Frame::of(signature, place.parameters, true)?;
        body(out, place, &format!("{name}_strided"), &strided, "NULL");
    }
    Ok(())
}

/// The function that gives the entry of this processor's level.
fn entry(out: &mut String, place: &Place<'_>, name: &str, symbols: &[String]) {
    let macro_name = place.package.to_uppercase();
    let _ = writeln!(
        out,
        "static inline hypersonic_entry *{name}(void) {{\n    static hypersonic_entry *known;\n    if (known) return known;\n    switch (hypersonic_level_{}()) {{",
        place.package
    );
    for (level, symbol) in symbols.iter().enumerate().take(place.levels) {
        let _ = writeln!(out, "    case {level}: return known = HYPERSONIC_ENTRY_{macro_name}({symbol});");
    }
    out.push_str("    default: return NULL;\n    }\n}\n");
}

fn body(out: &mut String, place: &Place<'_>, name: &str, frame: &Frame, contiguous: &str) {
    let parameters = frame.parameters.iter().chain(&frame.result_parameters).cloned();
    let parameters: Vec<String> = parameters.chain(["hypersonic_error *error".to_owned()]).collect();
    let _ = writeln!(out, "static inline int {name}({}) {{", parameters.join(", "));
    let words = if frame.words.is_empty() { "0".to_owned() } else { frame.words.join(", ") };
    let _ = writeln!(out, "    uint64_t arguments[] = {{{words}}};\n    uint64_t results[{}];", frame.result_words.max(1));
    let (package, failures) = (place.package, place.failures);
    let strided = format!("{}__strided()", place.name);
    let _ = writeln!(
        out,
        "    hypersonic_context context;\n    int status = hypersonic_run({contiguous}, {strided}, hypersonic_failures_{package}, {failures}, &context, \
         arguments, results, error);\n    if (status) return status;"
    );
    for statement in &frame.results {
        let _ = writeln!(out, "    {statement}");
    }
    out.push_str("    hypersonic_finish(&context);\n    return HYPERSONIC_OK;\n}\n\n");
}
