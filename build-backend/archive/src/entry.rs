//! The entries of an archive before it is written: a sorted set in which no two collide.

use crate::{EntryPath, Error};
use fs_err as fs;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Where an entry's bytes come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Made here.
    Bytes(Vec<u8>),
    /// Read from this file when the archive is written.
    File(PathBuf),
}

/// One file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path.
    pub path: EntryPath,
    /// Its bytes.
    pub content: Content,
    /// Whether an installer should make it executable.
    pub executable: bool,
}

impl Entry {
    /// An ordinary file with these bytes.
    #[must_use]
    pub fn bytes(path: EntryPath, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path, content: Content::Bytes(bytes.into()), executable: false }
    }

    /// The bytes.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(&self) -> Result<Cow<'_, [u8]>, Error> {
        match &self.content {
            Content::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
            Content::File(path) => Ok(Cow::Owned(fs::read(path)?)),
        }
    }

    /// Unix permission bits: only the x bit of the source counts, the umask of the builder does not.
    pub(crate) fn mode(&self) -> u32 {
        if self.executable { 0o755 } else { 0o644 }
    }
}

/// Entries sorted by path.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    by_path: BTreeMap<EntryPath, Entry>,
    folded_files: BTreeMap<String, EntryPath>,
    folded_folders: BTreeMap<String, EntryPath>,
}

impl Entries {
    /// Adds an entry.
    ///
    /// # Errors
    /// If it collides with one that is there, also by case, or if one is a folder of the other.
    pub fn insert(&mut self, entry: Entry) -> Result<(), Error> {
        let folded = entry.path.folded();
        let other = self.folded_files.get(&folded).or_else(|| self.folded_folders.get(&folded));
        let above = folders_of(&folded).find_map(|folder| self.folded_files.get(folder));
        let spelled_otherwise = folders_of(entry.path.as_str()).zip(folders_of(&folded)).find_map(|(folder, folded)| {
            self.folded_folders.get(folded).filter(|known| !known.as_str().starts_with(&format!("{folder}/")))
        });
        if let Some(first) = other.or(above).or(spelled_otherwise) {
            return Err(Error::Collision { first: first.clone(), second: entry.path });
        }
        for folder in folders_of(&folded) {
            self.folded_folders.entry(folder.to_owned()).or_insert_with(|| entry.path.clone());
        }
        self.folded_files.insert(folded, entry.path.clone());
        self.by_path.insert(entry.path.clone(), entry);
        Ok(())
    }

    /// Whether the path is there.
    #[must_use]
    pub fn contains(&self, path: &EntryPath) -> bool {
        self.by_path.contains_key(path)
    }

    /// In order of path.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.by_path.values()
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_path.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }
}

/// `a`, `a/b` of `a/b/c`.
fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::{Entries, Entry};
    use crate::EntryPath;

    fn insert_all(paths: &[&str]) -> Result<Entries, crate::Error> {
        let mut entries = Entries::default();
        for path in paths {
            entries.insert(Entry::bytes(EntryPath::parse(path)?, "x"))?;
        }
        Ok(entries)
    }

    #[test]
    fn entries_come_sorted() {
        let entries = insert_all(&["b", "a/z", "a/b"]).unwrap();
        assert_eq!(entries.iter().map(|entry| entry.path.as_str()).collect::<Vec<_>>(), ["a/b", "a/z", "b"]);
    }

    #[test]
    fn collisions_are_refused() {
        for paths in [&["a", "a"][..], &["A.py", "a.py"], &["a", "a/b"], &["a/b", "a"], &["a/b", "A/c"], &["Ä", "ä"]] {
            assert!(insert_all(paths).is_err(), "{paths:?}");
        }
        assert!(insert_all(&["a/b", "a/c", "ab", "a.b"]).is_ok());
    }
}
