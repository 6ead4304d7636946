//! Compiles the shim around LLD and links LLD's archives.
#![allow(clippy::expect_used, reason = "a build script that cannot go on says why and stops")]

fn main() {
    println!("cargo:rerun-if-changed=shim");
    println!("cargo:rerun-if-changed=build.rs");
    let variable = |name: &str| std::env::var(name).expect("set by the build script of hypersonic-native");
    cc::Build::new()
        .cpp(true)
        .std("c++17")
        .include(variable("DEP_HYPERSONIC_NATIVE_INCLUDE"))
        .flags(["-fno-exceptions", "-fno-rtti"])
        .define("__STDC_CONSTANT_MACROS", None)
        .define("__STDC_FORMAT_MACROS", None)
        .define("__STDC_LIMIT_MACROS", None)
        .warnings(false)
        .opt_level(2)
        .debug(false)
        .cpp_link_stdlib(None)
        .file("shim/link.cpp")
        .file("shim/manifest.cpp")
        .compile("hypersonic_link_shim");
    for library in ["lldELF", "lldMachO", "lldCOFF", "lldCommon"] {
        println!("cargo:rustc-link-lib=static:-bundle={library}");
    }
}
