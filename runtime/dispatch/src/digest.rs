//! SHA-256 as lower-case hex.

use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::Path;

/// Of bytes.
#[must_use]
pub fn of_bytes(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string never fails.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Of a file.
pub fn of_file(path: &Path) -> std::io::Result<String> {
    std::fs::read(path).map(|bytes| of_bytes(&bytes))
}

#[cfg(test)]
mod tests {
    #[test]
    fn known_digest() {
        assert_eq!(super::of_bytes(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
