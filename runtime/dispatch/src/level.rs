//! Which microarchitecture level this processor and its operating system support.

/// The levels of this machine's architecture, lowest first.
#[must_use]
pub fn known() -> &'static [&'static str] {
    if cfg!(target_arch = "x86_64") {
        &["x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"]
    } else if cfg!(target_arch = "aarch64") {
        &["armv8-a"]
    } else {
        &[]
    }
}

/// The highest level that runs here. `is_x86_feature_detected` asks CPUID and, for the wide registers, XGETBV:
/// a feature that the operating system does not save counts as absent.
#[must_use]
pub fn detected() -> Option<&'static str> {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::is_x86_feature_detected as has;
        let v2 = has!("sse3") && has!("ssse3") && has!("sse4.1") && has!("sse4.2") && has!("popcnt") && has!("cmpxchg16b");
        let v3 = v2
            && has!("avx")
            && has!("avx2")
            && has!("bmi1")
            && has!("bmi2")
            && has!("f16c")
            && has!("fma")
            && has!("lzcnt")
            && has!("movbe");
        let v4 = v3 && has!("avx512f") && has!("avx512bw") && has!("avx512cd") && has!("avx512dq") && has!("avx512vl");
        return Some(match (v2, v3, v4) {
            (_, _, true) => "x86-64-v4",
            (_, true, _) => "x86-64-v3",
            (true, ..) => "x86-64-v2",
            _ => "x86-64",
        });
    }
    #[allow(unreachable_code)]
    known().last().copied()
}

/// A level as a user writes it (`x86-64-v2` or `v2`), if this architecture has it.
#[must_use]
pub fn parse(text: &str) -> Option<&'static str> {
    known().iter().copied().find(|level| *level == text || level.strip_prefix("x86-64-").is_some_and(|short| short == text))
}

/// The index of the best of `offered` (lowest first) that is neither above the machine nor above `cap`.
#[must_use]
pub fn choose(offered: &[String], cap: Option<&str>) -> Option<usize> {
    let rank = |level: &str| known().iter().position(|known| *known == level);
    let machine = rank(detected()?)?;
    let limit = cap.and_then(rank).map_or(machine, |cap| cap.min(machine));
    offered
        .iter()
        .enumerate()
        .filter(|(_, level)| rank(level).is_some_and(|rank| rank <= limit))
        .max_by_key(|(_, level)| rank(level))
        .map(|(index, _)| index)
}

/// This machine as the manifest names it.
#[must_use]
pub fn platform() -> Option<&'static str> {
    Some(match (std::env::consts::ARCH, std::env::consts::OS) {
        ("x86_64", "linux") => "x86_64-linux",
        ("aarch64", "linux") => "aarch64-linux",
        ("x86_64", "macos") => "x86_64-macos",
        ("aarch64", "macos") => "aarch64-macos",
        ("x86_64", "windows") => "x86_64-windows",
        ("aarch64", "windows") => "aarch64-windows",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_chosen_below_the_cap() {
        let offered: Vec<String> = known().iter().map(ToString::to_string).collect();
        let best = choose(&offered, None).unwrap();
        assert_eq!(offered[best], detected().unwrap());
        assert_eq!(choose(&offered, Some(known()[0])), Some(0));
        assert_eq!(choose(&["mips".to_owned()], None), None);
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn short_names_are_understood() {
        assert_eq!(parse("v2"), Some("x86-64-v2"));
        assert_eq!(parse("x86-64-v4"), Some("x86-64-v4"));
        assert_eq!(parse("v9"), None);
    }
}
