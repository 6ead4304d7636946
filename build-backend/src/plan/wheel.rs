//! Wheels: the user's files, kernels beside them, `.dist-info` last. A file is unchanged, but for what the compiler writes anew in it so that
//! its functions find their kernels.

use super::tag::Tag;
use super::{add_file, add_text, dist_info, dist_info_name};
use crate::compiler::{Compiled, GENERATOR, host};
use crate::problem::{Problem, Result};
use crate::project::Project;
use hypersonic_archive::{Entries, Entry, EntryPath};
use hypersonic_pipeline::{Id, header};

/// A wheel that is not written yet.
#[derive(Clone, Debug)]
pub struct WheelPlan {
    /// Its name.
    pub file_name: String,
    /// `name-version.dist-info`.
    pub dist_info: String,
    body: Entries,
    about: Entries,
}

impl WheelPlan {
    /// Every entry but the RECORD, in the order of writing.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.body.iter().chain(self.about.iter())
    }

    fn new(project: &Project, body: Entries, has_kernels: bool) -> Result<Self> {
        let tag = Tag::new(has_kernels.then(host));
        let dist_info_name = dist_info_name(project);
        let mut about = dist_info(project)?;
        add_text(&mut about, &format!("{dist_info_name}/WHEEL"), tag.wheel_file(GENERATOR))?;
        let file_name = format!("{}-{}.whl", project.metadata.stem(), tag.compressed());
        Ok(Self { file_name, dist_info: dist_info_name, body, about })
    }
}

/// The wheel that is released.
pub fn wheel(project: &Project, compiled: &[Compiled]) -> Result<WheelPlan> {
    let mut body = Entries::default();
    for found in project.layout.tops.iter().flat_map(|top| &top.files) {
        let path = project.layout.import_path(&found.relative);
        match compiled.iter().find_map(|top| top.output.rewritten.get(&found.relative)) {
            Some(text) => {
                let entry = Entry { executable: found.executable, ..Entry::bytes(EntryPath::parse(path)?, text.as_bytes()) };
                body.insert(entry)?;
            }
            None => add_file(&mut body, path, found.absolute.clone(), found.executable)?,
        }
    }
    for top in compiled {
        add_kernels(&mut body, &kernel_folder(top), top)?;
    }
    WheelPlan::new(project, body, compiled.iter().any(Compiled::has_kernels))
}

/// The wheel of an editable installation: the source folder by a plain path, kernels outside the source tree.
pub fn editable(project: &Project, compiled: &[Compiled]) -> Result<WheelPlan> {
    let source = fs_err::canonicalize(project.root.join(&project.layout.source_root))?;
    let line = source.to_str().filter(|path| !path.contains('\n')).ok_or_else(|| {
        let problem = Problem::new(Id::UnsafePath, format!("`{}` cannot stand in a .pth file", source.display()));
        problem.hint("move the project to a folder whose name is UTF-8, of one line")
    })?;
    let mut body = Entries::default();
    add_text(&mut body, &format!("_hypersonic_editable_{}.pth", project.metadata.normal_name().replace('-', "_")), format!("{line}\n"))?;
    for top in compiled {
        add_kernels(&mut body, &format!("__hypersonic_editable__/{}", top.name), top)?;
    }
    WheelPlan::new(project, body, compiled.iter().any(Compiled::has_kernels))
}

/// Where the runtime looks for the kernels of a package or module: in it, or beside it.
fn kernel_folder(top: &Compiled) -> String {
    let path = top.name.replace('.', "/");
    match path.rsplit_once('/') {
        _ if top.is_package => format!("{path}/__hypersonic__"),
        Some((folder, module)) => format!("{folder}/__hypersonic__{module}"),
        None => format!("__hypersonic__{path}"),
    }
}

/// The kernels alone.
pub fn kernels(compiled: &Compiled) -> Result<Entries> {
    let mut entries = Entries::default();
    add_kernels(&mut entries, "", compiled)?;
    Ok(entries)
}

/// A package without boosted functions gets nothing; one whose functions all stay Python gets a manifest that says why.
fn add_kernels(body: &mut Entries, folder: &str, top: &Compiled) -> Result<()> {
    let output = &top.output;
    if output.functions.is_empty() {
        return Ok(());
    }
    let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let manifest = output.sealed_manifest().map_err(|error| Problem::new(Id::Internal, error))?;
    add_text(body, &path("manifest.json"), manifest)?;
    if let Some(library) = &output.library {
        add_text(body, &path(host().library_name()), library.as_slice())?;
    }
    let package = if top.name.is_empty() { "kernels" } else { &top.name };
    if let Some(text) = header::header(package, &output.manifest, header::Which::Marked) {
        add_text(body, &path(&header::file_name(package)), text)?;
        add_text(body, &path(header::RUNTIME_NAME), header::RUNTIME)?;
    }
    if let Some(ptx) = &output.ptx {
        add_text(body, &path("kernels.ptx"), ptx.as_bytes())?;
    }
    Ok(())
}
