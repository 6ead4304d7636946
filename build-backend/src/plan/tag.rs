//! Wheel tags: a kernel library imports nothing, so only the operating system's file format and the machine count.

use hypersonic_pipeline::Platform;

/// The platform tags of a wheel with kernels for `platform`, sorted as file names demand.
const fn platform_tags(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::X86_64Linux => &["manylinux2014_x86_64", "manylinux_2_17_x86_64", "musllinux_1_1_x86_64"],
        Platform::Aarch64Linux => &["manylinux2014_aarch64", "manylinux_2_17_aarch64", "musllinux_1_1_aarch64"],
        Platform::X86_64Macos => &["macosx_10_12_x86_64"],
        Platform::Aarch64Macos => &["macosx_11_0_arm64"],
        Platform::X86_64Windows => &["win_amd64"],
        Platform::Aarch64Windows => &["win_arm64"],
    }
}

/// What a wheel claims to run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag(Option<Platform>);

impl Tag {
    /// For kernels of a platform, or for pure Python.
    pub const fn new(kernels: Option<Platform>) -> Self {
        Self(kernels)
    }

    fn platforms(self) -> &'static [&'static str] {
        self.0.map_or(&["any"], platform_tags)
    }

    /// As in the file name.
    pub fn compressed(self) -> String {
        format!("py3-none-{}", self.platforms().join("."))
    }

    /// The file `WHEEL`.
    pub fn wheel_file(self, generator: &str) -> String {
        let pure = self.0.is_none();
        let mut text = format!("Wheel-Version: 1.0\nGenerator: {generator}\nRoot-Is-Purelib: {pure}\n");
        self.platforms().iter().for_each(|platform| text += &format!("Tag: py3-none-{platform}\n"));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Platform, Tag, platform_tags};

    #[test]
    fn tags_are_sorted_and_expanded() {
        for platform in [Platform::X86_64Linux, Platform::Aarch64Linux] {
            assert!(platform_tags(platform).is_sorted());
        }
        let tag = Tag::new(Some(Platform::X86_64Linux));
        assert_eq!(tag.compressed(), "py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.musllinux_1_1_x86_64");
        assert_eq!(tag.wheel_file("g").matches("Tag: ").count(), 3);
        assert!(tag.wheel_file("g").contains("Root-Is-Purelib: false"));
        assert_eq!(Tag::new(None).compressed(), "py3-none-any");
        assert!(Tag::new(None).wheel_file("g").contains("Root-Is-Purelib: true"));
    }
}
