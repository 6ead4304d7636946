//! What a kernel library offers besides entries: plain C functions and loops of ufuncs, as the manifest names them.

use serde::{Deserialize, Serialize};

/// What is made of a function besides a Python function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exports {
    /// Whether it stands in the C header.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub c: bool,
    /// Its plain C function.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capsule: Option<Capsule>,
    /// The loops of the ufunc that it is, in the order in which NumPy tries them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ufunc: Vec<UfuncLoop>,
}

impl Exports {
    /// Whether it is a Python function and nothing else.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// A plain C function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capsule {
    /// Its C signature: `double (double, void *)`.
    pub signature: String,
    /// Its symbol, per level.
    pub symbols: Vec<String>,
    /// Whether the module's name is the capsule.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replaces: bool,
}

/// A loop of a ufunc: `void (char **arguments, const npy_intp *count, const npy_intp *steps, void *)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UfuncLoop {
    /// Names of the dtypes that it takes.
    pub inputs: Vec<String>,
    /// Name of the dtype that it gives.
    pub output: String,
    /// Its symbol, per level.
    pub symbols: Vec<String>,
}
