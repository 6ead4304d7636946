//! Source text to syntax tree. The only room that names the Python parser.

pub mod ast;
