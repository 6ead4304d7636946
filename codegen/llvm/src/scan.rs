//! Looks for what a freestanding object must not have: symbols that somebody else would have to define.

use object::{Object as _, ObjectSymbol as _, SymbolKind};

/// Names of the undefined symbols of an object file, or why it cannot be read.
pub(crate) fn undefined(bytes: &[u8]) -> Result<Vec<String>, String> {
    let file = object::File::parse(bytes).map_err(|error| error.to_string())?;
    let mut names: Vec<String> = file
        .symbols()
        .filter(|symbol| symbol.is_undefined() && !matches!(symbol.kind(), SymbolKind::File | SymbolKind::Section))
        .filter_map(|symbol| symbol.name().ok())
        .filter(|name| !name.is_empty() && *name != "_fltused")
        .map(str::to_owned)
        .collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}
