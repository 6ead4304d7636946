//! Wheels as installers see them: canonical bytes, and a self-check that notices every damage.
#![allow(clippy::unwrap_used)]

use hypersonic_archive::{ArchiveWriter, Entry, EntryPath, Error, Record, Timestamp, ZipWriter, verify_wheel};
use std::io::Cursor;
use std::path::Path;

fn wheel(record_lies: bool) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()), Timestamp::parse("1700000000").unwrap());
    let mut record = Record::default();
    for (path, text) in [("pkg/__init__.py", "x = 1\n".repeat(50)), ("pkg/ü.py", String::new())] {
        let entry = Entry::bytes(EntryPath::parse(path).unwrap(), text);
        record.add(&entry.path, if record_lies { b"other" } else { entry.read().unwrap().leak() });
        writer.add(&entry).unwrap();
    }
    let path = EntryPath::parse("pkg-1.dist-info/RECORD").unwrap();
    let text = record.finish(&path);
    writer.add(&Entry::bytes(path, text)).unwrap();
    writer.finish().unwrap().into_inner()
}

trait Leak {
    fn leak(self) -> &'static [u8];
}

impl Leak for std::borrow::Cow<'_, [u8]> {
    fn leak(self) -> &'static [u8] {
        Vec::leak(self.into_owned())
    }
}

#[test]
fn a_wheel_reads_back() {
    verify_wheel(Path::new("pkg-1.whl"), Cursor::new(wheel(false))).unwrap();
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    assert_eq!(wheel(false), wheel(false));
}

#[test]
fn headers_are_canonical() {
    let bytes = wheel(false);
    assert_eq!(&bytes[..4], b"PK\x03\x04");
    let flags = u16::from_le_bytes([bytes[6], bytes[7]]);
    assert_eq!(flags & 0b1000, 0, "no data descriptor");
    let extra = u16::from_le_bytes([bytes[28], bytes[29]]);
    assert_eq!(extra, 0, "no extra field");
    assert_eq!(&bytes[bytes.len() - 2..], [0, 0], "no comment");
}

#[test]
fn a_lying_record_is_noticed() {
    assert!(matches!(verify_wheel(Path::new("pkg-1.whl"), Cursor::new(wheel(true))), Err(Error::Corrupt { .. })));
}

#[test]
fn every_damaged_byte_of_content_is_noticed() {
    let good = wheel(false);
    for at in 30 + "pkg/__init__.py".len()..50 + "pkg/__init__.py".len() {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        assert!(verify_wheel(Path::new("pkg-1.whl"), Cursor::new(bad)).is_err(), "byte {at}");
    }
}
