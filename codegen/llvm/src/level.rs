//! The table of targets: which microarchitecture levels each platform gets.

/// A microarchitecture level of a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Level {
    /// As the manifest names it: `x86-64-v3`, `armv8-a`.
    pub name: &'static str,
    /// What the symbols of this level end in, after two underscores.
    pub suffix: &'static str,
    /// The platform it belongs to, as the manifest names it: `x86_64-linux`.
    pub platform: &'static str,
    /// LLVM's name of the target.
    pub triple: &'static str,
    /// LLVM's name of the processor.
    pub cpu: &'static str,
    /// Features beyond those of the processor.
    pub features: &'static str,
    /// The widest vector worth using, in bits; 0 leaves it to LLVM. The highest level of x86 may use 512 but prefers
    /// 256: many such processors lower their clock for the wider ones.
    pub vector_bits: u32,
    /// Whether processors of this level are so old that small code is worth more than the last bit of speed: loops are
    /// vectorised, but neither unrolled nor interleaved, and where higher levels exist the strided code serves contiguous
    /// arrays, too (it has loops for packed axes).
    pub light: bool,
    /// Whether arrays of any strides get code of their own at this level. Otherwise that of the level below serves them:
    /// its vectors are as wide, and what is strided waits for memory.
    pub own_strided: bool,
    /// Whether C-contiguous arrays get code of their own only in functions whose loops compute much per element. Vectors are no wider than at
    /// the level below, so that others have nothing to gain from more registers.
    pub only_heavy: bool,
}

macro_rules! x86 {
    ($platform:literal, $triple:literal) => {
        [
            Level {
                name: "x86-64-v2",
                suffix: "v2",
                platform: $platform,
                triple: $triple,
                cpu: "x86-64-v2",
                features: "",
                vector_bits: 0,
                light: true,
                own_strided: true,
                only_heavy: false,
            },
            Level {
                name: "x86-64-v3",
                suffix: "v3",
                platform: $platform,
                triple: $triple,
                cpu: "x86-64-v3",
                features: "",
                vector_bits: 0,
                light: false,
                own_strided: true,
                only_heavy: false,
            },
            Level {
                name: "x86-64-v4",
                suffix: "v4",
                platform: $platform,
                triple: $triple,
                cpu: "x86-64-v4",
                features: "",
                vector_bits: 256,
                light: false,
                own_strided: false,
                only_heavy: true,
            },
        ]
    };
}

macro_rules! arm {
    ($platform:literal, $triple:literal, $cpu:literal) => {
        [Level {
            name: "armv8-a",
            suffix: "v8a",
            platform: $platform,
            triple: $triple,
            cpu: $cpu,
            features: "+neon",
            vector_bits: 0,
            light: false,
            own_strided: true,
            only_heavy: false,
        }]
    };
}

static X86_64_LINUX: [Level; 3] = x86!("x86_64-linux", "x86_64-unknown-linux-gnu");
static X86_64_MACOS: [Level; 3] = x86!("x86_64-macos", "x86_64-apple-macosx10.15.0");
static X86_64_WINDOWS: [Level; 3] = x86!("x86_64-windows", "x86_64-pc-windows-msvc");
static AARCH64_LINUX: [Level; 1] = arm!("aarch64-linux", "aarch64-unknown-linux-gnu", "generic");
static AARCH64_MACOS: [Level; 1] = arm!("aarch64-macos", "arm64-apple-macosx11.0.0", "apple-m1");
static AARCH64_WINDOWS: [Level; 1] = arm!("aarch64-windows", "aarch64-pc-windows-msvc", "generic");

/// Every platform, by the manifest's name.
pub const PLATFORMS: [&str; 6] = ["x86_64-linux", "aarch64-linux", "x86_64-macos", "aarch64-macos", "x86_64-windows", "aarch64-windows"];

/// The levels of a platform, lowest first; none if there is no such platform.
#[must_use]
pub fn levels(platform: &str) -> &'static [Level] {
    match platform {
        "x86_64-linux" => &X86_64_LINUX,
        "x86_64-macos" => &X86_64_MACOS,
        "x86_64-windows" => &X86_64_WINDOWS,
        "aarch64-linux" => &AARCH64_LINUX,
        "aarch64-macos" => &AARCH64_MACOS,
        "aarch64-windows" => &AARCH64_WINDOWS,
        _ => &[],
    }
}

/// The symbol of an entry at a level, or of its GPU variant with [`GPU_SUFFIX`].
#[must_use]
pub fn symbol(entry: &str, suffix: &str) -> String {
    format!("{entry}__{suffix}")
}

/// What the symbols of GPU variants end in.
pub const GPU_SUFFIX: &str = "gpu";
