//! The tar form, as source distributions use it: pax headers, gzip, one owner, one time, no folders and no links.

use crate::{ArchiveWriter, Entry, Error, Timestamp};
use flate2::{Compression, GzBuilder, write::GzEncoder};
use std::io::Write;
use tar::{EntryType, Header};

/// What fits in the name field of a header.
const NAME_FIELD: usize = 100;

/// Says "unknown" in gzip's field for the operating system.
const NO_OPERATING_SYSTEM: u8 = 255;

/// Writes a `.tar.gz` file to `W`.
pub struct TarWriter<W: Write> {
    inner: tar::Builder<GzEncoder<W>>,
    time: Timestamp,
}

impl<W: Write> TarWriter<W> {
    /// An empty archive whose every entry carries this time.
    pub fn new(out: W, time: Timestamp) -> Self {
        let gzip = GzBuilder::new().mtime(0).operating_system(NO_OPERATING_SYSTEM).write(out, Compression::new(9));
        Self { inner: tar::Builder::new(gzip), time }
    }

    /// Writes the end mark and gives the output back.
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish(self) -> Result<W, Error> {
        Ok(self.inner.into_inner()?.finish()?)
    }

    fn header(&self, kind: EntryType, name: &str, size: usize, mode: u32) -> Header {
        let mut header = Header::new_ustar();
        let ascii: Vec<u8> = name.bytes().map(|byte| if byte.is_ascii() { byte } else { b'_' }).take(NAME_FIELD).collect();
        header.as_old_mut().name[..ascii.len()].copy_from_slice(&ascii);
        header.set_entry_type(kind);
        header.set_size(size as u64);
        header.set_mode(mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(self.time.seconds());
        header.set_cksum();
        header
    }
}

impl<W: Write> ArchiveWriter for TarWriter<W> {
    fn add(&mut self, entry: &Entry) -> Result<(), Error> {
        let bytes = entry.read()?;
        let name = entry.path.as_str();
        if name.len() > NAME_FIELD || !name.is_ascii() {
            let extension = pax_record("path", name);
            let header = self.header(EntryType::XHeader, "PaxHeader", extension.len(), 0o644);
            self.inner.append(&header, extension.as_bytes())?;
        }
        let header = self.header(EntryType::Regular, name, bytes.len(), entry.mode());
        self.inner.append(&header, &*bytes)?;
        Ok(())
    }
}

/// `LENGTH key=value\n`, where LENGTH counts itself.
fn pax_record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    while length != rest.len() + length.to_string().len() {
        length = rest.len() + length.to_string().len();
    }
    format!("{length}{rest}")
}

#[cfg(test)]
mod tests {
    use super::{TarWriter, pax_record};
    use crate::{ArchiveWriter, Entry, EntryPath, Timestamp};
    use std::io::Read;

    #[test]
    fn a_pax_record_counts_itself() {
        assert_eq!(pax_record("path", "ab"), "11 path=ab\n");
        let long = "x".repeat(90);
        let record = pax_record("path", &long);
        assert_eq!(record.split(' ').next().unwrap(), record.len().to_string());
    }

    #[test]
    fn long_and_foreign_names_read_back() {
        let names = ["a/b.py".to_owned(), format!("{}/ü.py", "long".repeat(40)), "x".repeat(101)];
        let mut writer = TarWriter::new(Vec::new(), Timestamp::default());
        for name in &names {
            writer.add(&Entry::bytes(EntryPath::parse(name).unwrap(), name.as_bytes())).unwrap();
        }
        let bytes = writer.finish().unwrap();
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(&bytes[..]));
        for (entry, name) in archive.entries().unwrap().zip(&names) {
            let mut entry = entry.unwrap();
            assert_eq!(entry.path().unwrap().to_str().unwrap(), name);
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            assert_eq!(&text, name);
        }
    }
}
