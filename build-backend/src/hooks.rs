//! The hooks of PEP 517 and PEP 660, one request in, one result out. The Python side only passes them on.

use crate::build::{WheelKind, build_sdist, build_wheel};
use crate::compiler::Compiler;
use crate::plan;
use crate::problem::{Problem, Problems, Result};
use crate::project::{Project, core_metadata};
use crate::write;
use hypersonic_archive::publish;
use hypersonic_pipeline::Id;
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a front end asked for.
#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    /// The folder with pyproject.toml.
    pub source: PathBuf,
    /// Where the result goes.
    #[serde(default)]
    pub directory: Option<PathBuf>,
    /// As the front end gave them.
    #[serde(default)]
    pub config_settings: Value,
    /// What an earlier hook prepared.
    #[serde(default)]
    pub metadata_directory: Option<PathBuf>,
    /// The file for the answer.
    pub result: PathBuf,
}

/// The hooks by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Hook {
    /// Further requirements.
    GetRequiresForBuildWheel,
    /// Further requirements.
    GetRequiresForBuildSdist,
    /// Further requirements.
    GetRequiresForBuildEditable,
    /// Metadata without a build.
    PrepareMetadataForBuildWheel,
    /// Metadata without a build.
    PrepareMetadataForBuildEditable,
    /// A wheel.
    BuildWheel,
    /// An editable wheel.
    BuildEditable,
    /// A source distribution.
    BuildSdist,
}

/// Does what the hook says and writes the answer, `{"result": ...}`.
pub fn run(compiler: &dyn Compiler, hook: Hook, request: &str) -> Result<()> {
    let request: Request =
        serde_json::from_str(request).map_err(|error| Problem::new(Id::Internal, format!("the hook's request cannot be read: {error}")))?;
    let project = Project::read(&request.source, &request.config_settings)?;
    let answer = answer(compiler, hook, &request, &project)?;
    let bytes = json!({ "result": answer }).to_string();
    publish::<Problems>(&request.result, |file| Ok(file.write_all(bytes.as_bytes())?))
}

fn answer(compiler: &dyn Compiler, hook: Hook, request: &Request, project: &Project) -> Result<Value> {
    let directory = || request.directory.as_deref().ok_or_else(|| Problem::new(Id::Internal, "the hook's request names no directory"));
    match hook {
        Hook::GetRequiresForBuildWheel | Hook::GetRequiresForBuildSdist | Hook::GetRequiresForBuildEditable => Ok(json!([])),
        Hook::PrepareMetadataForBuildWheel | Hook::PrepareMetadataForBuildEditable => {
            write::write_folder(plan::dist_info(project)?.iter(), directory()?)?;
            Ok(json!(plan::dist_info_name(project)))
        }
        Hook::BuildWheel => wheel(compiler, project, WheelKind::Standard, directory()?, request.metadata_directory.as_deref()),
        Hook::BuildEditable => wheel(compiler, project, WheelKind::Editable, directory()?, request.metadata_directory.as_deref()),
        Hook::BuildSdist => file_name(&build_sdist(project, directory()?)?),
    }
}

fn wheel(compiler: &dyn Compiler, project: &Project, kind: WheelKind, directory: &Path, prepared: Option<&Path>) -> Result<Value> {
    if let Some(prepared) = prepared {
        let path = prepared.join("METADATA");
        if path.is_file() && fs_err::read(&path)? != core_metadata::render(&project.metadata).as_bytes() {
            let problem = Problem::new(Id::BadMetadata, format!("`{}` was prepared from other metadata", path.display()));
            return Err(problem.hint("pyproject.toml changed during the build: run it again").into());
        }
    }
    let built = build_wheel(compiler, project, kind, directory)?;
    eprint!("{}", built.report.text());
    file_name(&built.path)
}

fn file_name(path: &Path) -> Result<Value> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(|name| json!(name)).ok_or_else(|| Problem::new(Id::Internal, "the archive has no name").into())
}
