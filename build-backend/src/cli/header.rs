//! `hypersonic header`: the C header of kernels that were built, out of their manifest.

use crate::problem::{Problem, Result};
use hypersonic_pipeline::{Id, Manifest, header};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Of `header`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A wheel, a folder with `manifest.json`, or a folder of a package with `__hypersonic__` in it.
    kernels: PathBuf,
    /// List every function that has a C form, not only those that are marked `@boost(c=True)`.
    #[arg(long)]
    all: bool,
    /// Where to put the header, `hypersonic.h` and, out of a wheel, the library; by default the header is printed.
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Kernels that were found.
struct Found {
    /// Whose they are: the folder or file name without what we add to it.
    package: String,
    manifest: Vec<u8>,
    /// Name and bytes, if they came out of a wheel.
    library: Option<(String, Vec<u8>)>,
}

/// Prints or writes the headers.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let all = if arguments.kernels.is_file() { in_wheel(&arguments.kernels)? } else { vec![in_folder(&arguments.kernels)?] };
    let which = if arguments.all { header::Which::All } else { header::Which::Marked };
    let mut listed = false;
    for found in all {
        let manifest: Manifest = serde_json::from_slice(&found.manifest)
            .map_err(|error| Problem::new(Id::MissingFile, format!("the manifest of `{}` cannot be read: {error}", found.package)))?;
        let Some(text) = header::header(&found.package, &manifest, which) else { continue };
        listed = true;
        let Some(out) = &arguments.out else {
            print!("{text}");
            continue;
        };
        fs_err::create_dir_all(out)?;
        let path = out.join(header::file_name(&found.package));
        fs_err::write(&path, text)?;
        fs_err::write(out.join(header::RUNTIME_NAME), header::RUNTIME)?;
        println!("{}", path.display());
        if let Some((name, bytes)) = found.library {
            fs_err::write(out.join(name), bytes)?;
        }
    }
    if listed {
        return Ok(ExitCode::SUCCESS);
    }
    let problem = Problem::new(Id::UnsupportedExport, format!("`{}` exports nothing to C", arguments.kernels.display()));
    Err(problem.hint("mark functions with @boost(c=True), or take --all").into())
}

/// `pkg/__hypersonic__`, `__hypersonic__module` or `__hypersonic_editable__/pkg`: whose kernels they are. `kernels` if nothing says it.
fn package_of(folder: &Path) -> String {
    let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    let (own, above) = (name(folder), folder.parent().map(name).unwrap_or_default());
    match own.strip_prefix("__hypersonic__") {
        Some("") if !above.is_empty() => above,
        Some(module) if !module.is_empty() => module.to_owned(),
        _ if above == "__hypersonic_editable__" => own,
        _ => "kernels".to_owned(),
    }
}

fn in_folder(folder: &Path) -> Result<Found> {
    let folder = fs_err::canonicalize(folder)?;
    let inner = folder.join("__hypersonic__");
    let folder = if inner.is_dir() { inner } else { folder };
    let path = folder.join("manifest.json");
    if !path.is_file() {
        let problem = Problem::new(Id::MissingFile, format!("`{}` has no manifest.json", folder.display()));
        return Err(problem.hint("name a wheel, or a folder that `hypersonic build` or `hypersonic compile` has filled").into());
    }
    Ok(Found { package: package_of(&folder), manifest: fs_err::read(path)?, library: None })
}

fn in_wheel(path: &Path) -> Result<Vec<Found>> {
    let broken = |error: zip::result::ZipError| Problem::new(Id::MissingFile, format!("`{}` is not a wheel: {error}", path.display()));
    let mut wheel = zip::ZipArchive::new(fs_err::File::open(path)?).map_err(&broken)?;
    let names: Vec<String> = wheel.file_names().flatten().map(|name| name.into_owned()).collect();
    let mut read = |name: &str| -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        wheel.by_name(name).map_err(&broken)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let mut all = Vec::new();
    for name in names.iter().filter(|name| name.ends_with("/manifest.json") && name.contains("__hypersonic")) {
        let folder = name.trim_end_matches("/manifest.json");
        let library = names
            .iter()
            .find(|other| other.strip_prefix(folder).is_some_and(|rest| rest.starts_with("/kernels.") && !rest.ends_with(".ptx")));
        let library = match library {
            Some(library) => Some((library[folder.len() + 1..].to_owned(), read(library)?)),
            None => None,
        };
        all.push(Found { package: package_of(Path::new(folder)), manifest: read(name)?, library });
    }
    Ok(all)
}
