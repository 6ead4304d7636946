//! The form that writes nothing: what an archive would hold.

use crate::{ArchiveWriter, Entry, Error};

/// Path and size of every entry, in the order of writing.
#[derive(Clone, Debug, Default)]
pub struct ListWriter {
    /// The rows.
    pub rows: Vec<(String, usize)>,
}

impl ArchiveWriter for ListWriter {
    fn add(&mut self, entry: &Entry) -> Result<(), Error> {
        self.rows.push((entry.path.to_string(), entry.read()?.len()));
        Ok(())
    }
}
