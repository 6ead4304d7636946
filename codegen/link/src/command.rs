//! Decides the linker's command line for each platform. Acts on nothing.

use crate::LinkError;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Everything that one link needs.
#[derive(Debug)]
pub struct Job {
    /// Where the objects are to be written, in order.
    pub inputs: Vec<PathBuf>,
    /// Other files to be written.
    pub texts: Vec<(PathBuf, String)>,
    /// Where the library will be.
    pub output: PathBuf,
    /// The command line.
    pub arguments: Vec<String>,
}

/// Plans the link of `count` objects in the folder `scratch`.
pub fn plan(scratch: &Path, count: usize, platform: &str, exports: &[String]) -> Result<Job, LinkError> {
    let inputs: Vec<PathBuf> = (0..count).map(|n| scratch.join(format!("{n}.o"))).collect();
    // The name is written into a DLL, and nowhere else.
    let output = scratch.join("kernels.dll");
    let mut job = Job { inputs, texts: Vec::new(), output, arguments: Vec::new() };
    match platform {
        "x86_64-linux" => elf(&mut job, scratch, exports, "elf_x86_64", 0x1000),
        "aarch64-linux" => elf(&mut job, scratch, exports, "aarch64linux", 0x10000),
        "x86_64-macos" => macho(&mut job, scratch, exports, "x86_64", "10.15"),
        "aarch64-macos" => macho(&mut job, scratch, exports, "arm64", "11.0"),
        "x86_64-windows" => coff(&mut job, exports, "x64"),
        "aarch64-windows" => coff(&mut job, exports, "arm64"),
        _ => return Err(LinkError::UnknownPlatform(platform.to_owned())),
    }
    Ok(job)
}

fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn words(line: &str) -> impl Iterator<Item = String> + '_ {
    line.split_whitespace().map(str::to_owned)
}

/// A shared object that needs and reveals nothing. Pages of 64 KiB on aarch64 suit every kernel there.
fn elf(job: &mut Job, scratch: &Path, exports: &[String], emulation: &str, page: u32) {
    let script = scratch.join("exports.map");
    let mut text = String::from("{\n");
    if !exports.is_empty() {
        text.push_str("  global:\n");
    }
    for name in exports {
        let _ = writeln!(text, "    {name};");
    }
    text.push_str("  local:\n    *;\n};\n");
    job.texts.push((script.clone(), text));
    job.arguments.push("ld.lld".to_owned());
    job.arguments
        .extend(words("-shared --build-id=none --hash-style=both --gc-sections --strip-all --no-undefined --no-undefined-version"));
    job.arguments.extend(words("-z noexecstack -z relro -z now -z text --threads=1 --eh-frame-hdr"));
    job.arguments.extend([format!("-zmax-page-size={page}"), "-m".to_owned(), emulation.to_owned()]);
    job.arguments.extend(["--version-script".to_owned(), path(&script), "-o".to_owned(), path(&job.output)]);
    job.arguments.extend(job.inputs.iter().map(|input| path(input)));
}

/// What the system library looks like to the linker: nothing is taken from it.
const SYSTEM_LIBRARY: &str = "--- !tapi-tbd
tbd-version: 4
targets: [ x86_64-macos, arm64-macos ]
install-name: '/usr/lib/libSystem.B.dylib'
current-version: 1
...
";

/// A dynamic library signed ad hoc, named by its place in the wheel. The loader of macOS refuses images that name no
/// library at all, so the system library is named, though nothing is imported.
fn macho(job: &mut Job, scratch: &Path, exports: &[String], architecture: &str, oldest: &str) {
    let list = scratch.join("exports.txt");
    job.texts.push((list.clone(), exports.iter().fold(String::new(), |text, name| text + "_" + name + "\n")));
    let system = scratch.join("libSystem.tbd");
    job.texts.push((system.clone(), SYSTEM_LIBRARY.to_owned()));
    job.arguments.push("ld64.lld".to_owned());
    job.arguments.extend(words("-dylib -dead_strip -x -S -adhoc_codesign -install_name @rpath/kernels.dylib --threads=1"));
    job.arguments.extend(["-arch".to_owned(), architecture.to_owned()]);
    job.arguments.extend(words("-platform_version macos"));
    job.arguments.extend([oldest.to_owned(), oldest.to_owned()]);
    job.arguments.extend(["-exported_symbols_list".to_owned(), path(&list), "-o".to_owned(), path(&job.output)]);
    job.arguments.extend(job.inputs.iter().map(|input| path(input)));
    job.arguments.push(path(&system));
}

/// A DLL without entry point, its time stamp a hash of its content.
fn coff(job: &mut Job, exports: &[String], machine: &str) {
    job.arguments.push("lld-link".to_owned());
    job.arguments.extend(words("/dll /noentry /nodefaultlib /brepro /opt:ref /opt:icf /noimplib /threads:1 /debug:none /nologo"));
    job.arguments.extend([format!("/machine:{machine}"), format!("/out:{}", path(&job.output))]);
    job.arguments.extend(exports.iter().map(|name| format!("/export:{name}")));
    job.arguments.extend(job.inputs.iter().map(|input| path(input)));
}
