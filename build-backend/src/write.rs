//! Plans become files: each is written beside its place, read back, and only then given its name.

use crate::plan::{SdistPlan, WheelPlan};
use crate::problem::{Problem, Problems, Result};
use hypersonic_archive::{ArchiveWriter, Entry, EntryPath, Error, Record, TarWriter, Timestamp, ZipWriter, publish, verify_wheel};
use hypersonic_pipeline::Id;
use std::io::{BufWriter, Seek};
use std::path::{Path, PathBuf};

/// The time that all entries carry: `SOURCE_DATE_EPOCH`, or a fixed one.
pub fn entry_time() -> Result<Timestamp> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Err(_) => Ok(Timestamp::default()),
        Ok(text) => Timestamp::parse(&text).map_err(|problem| {
            Problem::new(Id::BadSetting, format!("the environment variable SOURCE_DATE_EPOCH is wrong: {problem}"))
                .hint("unset it or give seconds")
                .into()
        }),
    }
}

/// Writes the wheel into the folder; gives its path.
pub fn write_wheel(plan: &WheelPlan, folder: &Path) -> Result<PathBuf> {
    let time = entry_time()?;
    let path = folder.join(&plan.file_name);
    publish::<Problems>(&path, |file| {
        let mut zip = ZipWriter::new(BufWriter::new(&mut *file), time);
        let mut record = Record::default();
        for entry in plan.entries() {
            let bytes = entry.read()?.into_owned();
            record.add(&entry.path, &bytes);
            zip.add(&Entry { content: hypersonic_archive::Content::Bytes(bytes), ..entry.clone() })?;
        }
        let own_path = EntryPath::parse(&format!("{}/RECORD", plan.dist_info)).map_err(Error::from)?;
        let text = record.finish(&own_path);
        zip.add(&Entry::bytes(own_path, text))?;
        zip.finish()?.into_inner().map_err(|error| Problems::from(error.into_error()))?;
        file.rewind()?;
        verify_wheel(&path, std::io::BufReader::new(file))?;
        Ok(())
    })?;
    Ok(path)
}

/// Writes the source distribution into the folder; gives its path.
pub fn write_sdist(plan: &SdistPlan, folder: &Path) -> Result<PathBuf> {
    let time = entry_time()?;
    let path = folder.join(&plan.file_name);
    publish::<Problems>(&path, |file| {
        let mut tar = TarWriter::new(BufWriter::new(file), time);
        for entry in plan.entries() {
            tar.add(entry)?;
        }
        tar.finish()?.into_inner().map_err(|error| Problems::from(error.into_error()))?;
        Ok(())
    })?;
    Ok(path)
}

/// Writes entries as a folder that is there only when it is whole; leaves one that is there already as it is.
pub fn publish_folder<'a>(entries: impl Iterator<Item = &'a Entry>, folder: &Path) -> Result<()> {
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs_err::create_dir_all(parent)?;
    let draft = tempfile::Builder::new().prefix(".hypersonic-").suffix(".tmp").tempdir_in(parent)?;
    write_folder(entries, draft.path())?;
    match fs_err::rename(draft.path(), folder) {
        Ok(()) => {
            // It is not where it would be deleted any more.
            let _moved = draft.keep();
            Ok(())
        }
        Err(_) if folder.is_dir() => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Writes entries as loose files: the folder of prepared metadata.
pub fn write_folder<'a>(entries: impl Iterator<Item = &'a Entry>, folder: &Path) -> Result<()> {
    for entry in entries {
        let bytes = entry.read()?;
        publish::<Problems>(&folder.join(entry.path.as_str()), |file| Ok(std::io::Write::write_all(file, &bytes)?))?;
    }
    Ok(())
}
