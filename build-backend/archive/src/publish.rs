//! Files appear whole or not at all: written beside their place, synchronised, then renamed.

use crate::Error;
use fs_err as fs;
use std::io;
use std::path::Path;

/// Writes `path` through a temporary file in the same folder, which exists afterwards even if it did not before.
///
/// # Errors
/// If `write` fails, or the folder cannot be written. Then `path` is as it was.
pub fn publish<E: From<Error>>(path: &Path, write: impl FnOnce(&mut std::fs::File) -> Result<(), E>) -> Result<(), E> {
    let named = |error: io::Error| E::from(Error::Io(io::Error::new(error.kind(), format!("cannot write `{}`: {error}", path.display()))));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| E::from(Error::Io(error)))?;
    let mut file = tempfile::Builder::new().prefix(".hypersonic-").suffix(".tmp").tempfile_in(folder).map_err(named)?;
    write(file.as_file_mut())?;
    set_mode(file.as_file()).map_err(named)?;
    file.as_file().sync_all().map_err(named)?;
    file.persist(path).map_err(|error| named(error.error))?;
    synchronise_folder(folder).map_err(named)
}

/// A temporary file is private to its owner; an archive is not.
#[cfg(unix)]
fn set_mode(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_mode(_: &std::fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn synchronise_folder(folder: &Path) -> io::Result<()> {
    match std::fs::File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some file systems cannot synchronise a folder; the rename has happened all the same.
        Err(error)
            if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) =>
        {
            Ok(())
        }
        result => result,
    }
}

#[cfg(not(unix))]
fn synchronise_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::publish;
    use crate::Error;
    use std::io::Write;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub/x.whl");
        publish::<Error>(&path, |file| Ok(file.write_all(b"old")?)).unwrap();
        let failed = publish::<Error>(&path, |file| {
            file.write_all(b"half")?;
            Err(Error::Io(std::io::Error::other("disk on fire")))
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn the_message_names_the_path() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let error = publish::<Error>(&folder.path().join("file/x.whl"), |_| Ok(())).unwrap_err();
        assert!(error.to_string().contains("file"), "{error}");
    }
}
