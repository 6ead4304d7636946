//! Links LLVM, zlib, zstd and the C++ library statically, so that the engine asks for nothing but libc at run time.
//!
//! The archives of targets that we do not use stay out; what LLD says to them is answered by `link/shim`. The
//! solver Z3 stays out because nothing calls it.
#![allow(clippy::expect_used, clippy::panic, reason = "a build script that cannot go on says why and stops")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGETS: [&str; 3] = ["X86", "AArch64", "NVPTX"];
/// Archives that nothing of ours calls and that would want libxml2 and libffi.
const LEFT_OUT: [&str; 2] = ["WindowsManifest", "Interpreter"];

fn main() {
    println!("cargo:rerun-if-env-changed=LLVM_SYS_221_PREFIX");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=shim");
    let prefix = PathBuf::from(std::env::var_os("LLVM_SYS_221_PREFIX").unwrap_or_else(|| "/usr/lib/llvm-22".into()));
    let config = prefix.join("bin/llvm-config");
    assert!(config.is_file(), "no LLVM 22 in {}: install llvm-22-dev and liblld-22-dev, or set LLVM_SYS_221_PREFIX", prefix.display());
    println!("cargo:root={}", prefix.display());
    let include = ask(&config, &["--includedir"]);
    println!("cargo:include={include}");
    compile_options(&include);
    println!("cargo:rustc-link-search=native={}", ask(&config, &["--libdir"]));
    let built = ask(&config, &["--targets-built"]);
    let unwanted: Vec<&str> = built.split_whitespace().filter(|target| !TARGETS.contains(target)).collect();
    for name in ask(&config, &["--libnames", "--link-static"]).split_whitespace() {
        let Some(library) = name.strip_prefix("lib").and_then(|name| name.strip_suffix(".a")) else {
            panic!("llvm-config names {name}, which is not a static library");
        };
        let bare = library.trim_start_matches("LLVM");
        if !LEFT_OUT.contains(&bare) && !unwanted.iter().any(|target| belongs(bare, target)) {
            println!("cargo:rustc-link-lib=static:-bundle={library}");
        }
    }
    compile_stubs(&unwanted);
    link_system_libraries();
}

/// The shim that sets LLVM's options.
fn compile_options(include: &str) {
    cc::Build::new()
        .cpp(true)
        .std("c++17")
        .include(include)
        .flags(["-fno-exceptions", "-fno-rtti"])
        .warnings(false)
        .opt_level(2)
        .debug(false)
        .cpp_link_stdlib(None)
        .file("shim/options.cpp")
        .compile("hypersonic_llvm_options");
}

/// Empty definitions of what LLD's drivers and LLVM's "all targets" functions call for each target that stays out.
fn compile_stubs(unwanted: &[&str]) {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("set by cargo"));
    let file = out.join("unwanted_targets.c");
    let mut text = String::new();
    for target in unwanted {
        for part in ["TargetInfo", "Target", "TargetMC", "AsmPrinter", "AsmParser", "Disassembler", "TargetMCA"] {
            let _ = writeln!(text, "void LLVMInitialize{target}{part}(void) {{}}");
        }
    }
    std::fs::write(&file, text).expect("OUT_DIR is writable");
    cc::Build::new().file(file).compile("hypersonic_unwanted_targets");
}

/// Whether the archive `name` is one of those of a target.
fn belongs(name: &str, target: &str) -> bool {
    const PARTS: [&str; 8] = ["CodeGen", "Desc", "Info", "Utils", "AsmParser", "Disassembler", "TargetMCA", "Analysis"];
    name.strip_prefix(target).is_some_and(|part| PARTS.contains(&part))
}

fn link_system_libraries() {
    for library in ["z", "zstd", "stdc++"] {
        let file = format!("lib{library}.a");
        let answer = ask(Path::new("c++"), &[&format!("-print-file-name={file}")]);
        match Path::new(&answer).parent().filter(|folder| folder.is_absolute()) {
            Some(folder) => {
                println!("cargo:rustc-link-search=native={}", folder.display());
                println!("cargo:rustc-link-lib=static:-bundle={library}");
            }
            None => println!("cargo:rustc-link-lib={}", if library == "stdc++" && cfg!(target_os = "macos") { "c++" } else { library }),
        }
    }
}

fn ask(program: &Path, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    assert!(output.status.success(), "{} {arguments:?} failed: {}", program.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("a path is UTF-8").trim().to_owned()
}
