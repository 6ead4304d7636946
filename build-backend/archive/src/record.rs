//! The RECORD of a wheel: path, digest and size of every file, as the binary distribution format demands.

use crate::EntryPath;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Rows in the order in which the files were written.
#[derive(Clone, Debug, Default)]
pub struct Record {
    rows: String,
}

impl Record {
    /// Adds the row of a file.
    pub fn add(&mut self, path: &EntryPath, bytes: &[u8]) {
        let digest = url_safe_base64(&Sha256::digest(bytes));
        let _infallible = writeln!(self.rows, "{},sha256={digest},{}", quoted(path.as_str()), bytes.len());
    }

    /// The text, with the row of the RECORD itself, which has no digest, at its end.
    #[must_use]
    pub fn finish(mut self, own_path: &EntryPath) -> String {
        let _infallible = writeln!(self.rows, "{},,", quoted(own_path.as_str()));
        self.rows
    }
}

/// SHA-256 in lower-case hex.
#[must_use]
pub fn digest_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

/// A CSV field. [`EntryPath`] has no quotes and no line ends, so only commas matter.
fn quoted(field: &str) -> String {
    if field.contains(',') { format!("\"{field}\"") } else { field.to_owned() }
}

fn url_safe_base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 3);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().enumerate().fold(0u32, |group, (at, &byte)| group | u32::from(byte) << (16 - 8 * at));
        for at in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(group >> (18 - 6 * at) & 63) as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Record, digest_hex, url_safe_base64};
    use crate::EntryPath;

    #[test]
    fn base64_without_padding() {
        for (bytes, text) in [(&b""[..], ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (&[0xfb, 0xff], "-_8")] {
            assert_eq!(url_safe_base64(bytes), text);
        }
    }

    #[test]
    fn rows() {
        let mut record = Record::default();
        record.add(&EntryPath::parse("a,b.py").unwrap(), b"");
        let text = record.finish(&EntryPath::parse("x.dist-info/RECORD").unwrap());
        assert_eq!(text, "\"a,b.py\",sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\nx.dist-info/RECORD,,\n");
    }

    #[test]
    fn hex() {
        assert!(digest_hex(b"").starts_with("e3b0c44298fc1c14"));
    }
}
