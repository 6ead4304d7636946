//! The content-addressed store that builds, editable installs and `jit` will share.
//!
//! Empty on purpose: a wheel build compiles each function once and needs no cache. It is written when there is a second reader.
