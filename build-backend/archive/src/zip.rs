//! The zip form, as wheels use it: deflate at one level, no data descriptors, no extra fields, no comments, no folders.

use crate::{ArchiveWriter, Entry, Error, Timestamp};
use std::io::{self, Seek, Write};
use zip::write::SimpleFileOptions;

/// Compresses as well as the deflater can; wheels are written once and read often.
const LEVEL: i64 = 9;

/// From here on zip needs its 64-bit form.
const LARGE: usize = u32::MAX as usize;

/// Writes a zip file to `W`.
pub struct ZipWriter<W: Write + Seek> {
    inner: zip::ZipWriter<W>,
    options: SimpleFileOptions,
}

impl<W: Write + Seek> ZipWriter<W> {
    /// An empty archive whose every entry carries this time.
    pub fn new(out: W, time: Timestamp) -> Self {
        let (year, month, day, hour, minute, second) = time.civil();
        let stamp = zip::DateTime::from_date_and_time(year, month, day, hour, minute, second).unwrap_or_default();
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .compression_level(Some(LEVEL))
            .last_modified_time(stamp);
        Self { inner: zip::ZipWriter::new(out), options }
    }

    /// Writes the directory and gives the output back.
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish(self) -> Result<W, Error> {
        self.inner.finish().map_err(as_io)
    }
}

impl<W: Write + Seek> ArchiveWriter for ZipWriter<W> {
    fn add(&mut self, entry: &Entry) -> Result<(), Error> {
        let bytes = entry.read()?;
        let options = self.options.unix_permissions(entry.mode()).large_file(bytes.len() >= LARGE);
        self.inner.start_file(entry.path.as_str(), options).map_err(as_io)?;
        self.inner.write_all(&bytes)?;
        Ok(())
    }
}

fn as_io(error: zip::result::ZipError) -> Error {
    Error::Io(io::Error::from(error))
}
