//! Reading a wheel back before it is published: what installers and indexes demand of its zip form and its RECORD.

use crate::{EntryPath, Error, Record};
use std::io::{Read, Seek};
use std::path::Path;

/// Checks that every entry of the wheel is where it should be, in canonical form, and as the RECORD, which is last, says.
///
/// # Errors
/// [`Error::Corrupt`] with the first difference.
pub fn verify_wheel(name: &Path, file: impl Read + Seek) -> Result<(), Error> {
    let corrupt = |reason: String| Error::Corrupt { archive: name.to_owned(), reason };
    let mut archive = zip::ZipArchive::new(file).map_err(|error| corrupt(error.to_string()))?;
    let last = archive.len().checked_sub(1).ok_or_else(|| corrupt("it is empty".to_owned()))?;
    let mut record = Record::default();
    for at in 0..=last {
        let mut entry = archive.by_index(at).map_err(|error| corrupt(error.to_string()))?;
        let name = entry.name().map_err(|error| corrupt(error.to_string()))?;
        let path = EntryPath::parse(&name)?;
        if entry.extra_data().is_some_and(|extra| !extra.is_empty()) || !entry.comment().is_empty() {
            return Err(corrupt(format!("`{path}` has extra fields or a comment")));
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(|error| corrupt(format!("`{path}`: {error}")))?;
        if at < last {
            record.add(&path, &bytes);
        } else if !path.as_str().ends_with(".dist-info/RECORD") || std::mem::take(&mut record).finish(&path).as_bytes() != bytes {
            return Err(corrupt("the RECORD does not say what the wheel holds".to_owned()));
        }
    }
    Ok(())
}
