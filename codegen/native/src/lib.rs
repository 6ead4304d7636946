//! Finds LLVM and says how it is linked: statically, the three targets in use and nothing more.
//!
//! All of it happens in `build.rs` and `shim`; the room has no Rust code of its own. It exists so that `llvm` and `link`,
//! which both need LLVM's archives, name them in one place.
