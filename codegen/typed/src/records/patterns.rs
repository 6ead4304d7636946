//! Classes of the package in `isinstance` and in patterns.

use crate::function::{Typed, Typer};
use hypersonic_ops::{ClassKind, EnumKind, Type};
use hypersonic_scan::Record;
use hypersonic_scan::record::Field;
use std::sync::Arc;

/// How a class of the package is named among those of libraries: no module has such a name.
pub(crate) fn own_name(record: &Record) -> String {
    format!("{}:{}", record.name.file, record.name.name)
}

impl Typer<'_, '_> {
    /// Whether a value of a class is an instance of another class, by its full name; none if that is not known.
    pub(crate) fn is_record_instance(&mut self, ty: &Type, class: &str) -> Option<bool> {
        let (own, _) = ty.named()?;
        let own = Arc::clone(own);
        if own.kind == ClassKind::Keywords {
            return Some(matches!(class, "builtins.dict" | "builtins.object"));
        }
        if own.kind == ClassKind::Slice {
            return Some(matches!(class, "builtins.slice" | "builtins.object"));
        }
        if let Some((file, name)) = class.split_once(':') {
            let record = self.unit.program.record_named(&own)?.ok()?;
            let file: u32 = file.parse().ok()?;
            return Some(
                (own.file == file && own.name == name) || record.pieces.iter().any(|(other, piece)| *other == file && piece == name),
            );
        }
        Some(match class {
            "builtins.object" => true,
            "builtins.tuple" => own.kind == ClassKind::Tuple,
            "builtins.int" => matches!(own.kind, ClassKind::Value(EnumKind::Int | EnumKind::IntFlag)),
            "enum.Enum" => own.kind.is_enum(),
            "enum.IntEnum" | "enum.Flag" | "enum.IntFlag" | "numbers.Number" | "numbers.Integral" | "numbers.Real" => return None,
            _ if class.starts_with("builtins.") || class.starts_with("numpy.") || class == "None" => false,
            _ => return None,
        })
    }

    /// The attributes that positional patterns of a class stand for.
    pub(crate) fn match_arguments(&mut self, record: &Record) -> Typed<Vec<String>> {
        let given = |field: &&Field| field.init && !field.keyword_only;
        Ok(record.fields.iter().filter(given).map(|field| field.name.clone()).collect())
    }
}
