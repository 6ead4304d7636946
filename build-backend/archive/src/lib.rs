//! Writing wheels and source distributions: canonical zip and tar files, the RECORD, and their publication in one step.
//!
//! The same content always gives the same bytes: entries are sorted, times and modes fixed, and the deflater is one
//! pure-Rust implementation at one level. Every path is a parsed [`EntryPath`], so nothing that could escape the
//! folder it is unpacked to can be written. This room knows nothing of projects, metadata or kernels, and it reads no
//! environment: the time comes in as a value.

mod entry;
mod list;
mod path;
mod publish;
mod record;
mod tar;
mod time;
mod verify;
mod zip;

pub use entry::{Content, Entries, Entry};
pub use list::ListWriter;
pub use path::{EntryPath, PathProblem};
pub use publish::publish;
pub use record::{Record, digest_hex};
pub use tar::TarWriter;
pub use time::{Timestamp, TimestampProblem};
pub use verify::verify_wheel;
pub use zip::ZipWriter;

use std::io;
use std::path::PathBuf;

/// What can go wrong while an archive is written.
#[derive(Debug)]
pub enum Error {
    /// A path that no archive may hold.
    Path(PathProblem),
    /// Two entries that are one file on a case-insensitive file system, or a file where a folder is needed.
    Collision {
        /// The first.
        first: EntryPath,
        /// The one that came later.
        second: EntryPath,
    },
    /// Reading an input or writing the output failed; the message names the path.
    Io(io::Error),
    /// What was written does not read back as what was meant.
    Corrupt {
        /// The archive.
        archive: PathBuf,
        /// What differs.
        reason: String,
    },
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Path(problem) => problem.fmt(f),
            Self::Collision { first, second } if first == second => write!(f, "`{first}` would be in the archive twice"),
            Self::Collision { first, second } => {
                write!(f, "`{first}` and `{second}` cannot both be unpacked on a file system that ignores case")
            }
            Self::Io(error) => error.fmt(f),
            Self::Corrupt { archive, reason } => write!(f, "`{}` does not read back as it was written: {reason}", archive.display()),
        }
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<PathProblem> for Error {
    fn from(problem: PathProblem) -> Self {
        Self::Path(problem)
    }
}

/// One destination for entries: a zip file, a tar file, or a list of what would be written.
pub trait ArchiveWriter {
    /// Writes one entry after those before it.
    ///
    /// # Errors
    /// If the content cannot be read or the archive cannot be written.
    fn add(&mut self, entry: &Entry) -> Result<(), Error>;
}
