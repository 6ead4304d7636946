//! Scripts and entry points, checked as the entry-points specification demands.

use super::document::{Document, Section};
use super::settings::is_identifier;
use hypersonic_pipeline::Id;
use std::fmt::Write;

/// A group: its name, and names with object references.
pub type Group = (String, Vec<(String, String)>);

/// Reads `scripts`, `gui-scripts` and `entry-points`.
pub fn read(document: &Document, section: &Section<'_>) -> Vec<Group> {
    let mut groups = Vec::new();
    for (key, group) in [("scripts", "console_scripts"), ("gui-scripts", "gui_scripts")] {
        let rows = section.string_table(key);
        rows.iter().for_each(|(name, target)| check(section, key, name, target, true));
        if !rows.is_empty() {
            groups.push((group.to_owned(), rows));
        }
    }
    if section.has("entry-points") {
        let table = document.section("project.entry-points", Id::BadMetadata);
        for (group, _) in table.iter() {
            if ["console_scripts", "gui_scripts"].contains(&group) {
                table.wrong(group, "is not allowed here", "use [project.scripts] or [project.gui-scripts]");
                continue;
            }
            if !group.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c == '_' || c == '-' || c.is_alphanumeric())) {
                table.wrong(group, "is not a name for a group", "use letters, digits, `_` and `.`");
            }
            let rows = table.string_table(group);
            rows.iter().for_each(|(name, target)| check(&table, group, name, target, false));
            groups.push((group.to_owned(), rows));
        }
    }
    groups
}

fn check(section: &Section<'_>, key: &str, name: &str, target: &str, is_script: bool) {
    let bad_name = name.trim().is_empty() || name.trim() != name || name.contains(['=', '\n', '[', ']']);
    if bad_name || is_script && name.contains(['/', '\\']) {
        section.wrong(
            key,
            format!("has the name `{}`, which entry points cannot have", name.escape_debug()),
            "use letters, digits, `-`, `_` and `.`",
        );
    }
    let (reference, _) = target.split_once('[').unwrap_or((target, ""));
    let (module, object) =
        reference.trim().split_once(':').map_or((reference.trim(), None), |(module, object)| (module.trim(), Some(object.trim())));
    let dotted = |text: &str| text.split('.').all(is_identifier);
    if !dotted(module) || !object.map_or(!is_script, dotted) {
        section.wrong(key, format!("has `{name} = \"{target}\"`, which is not an object reference"), "write \"package.module:function\"");
    }
}

/// The text of entry_points.txt; none if there is nothing to say.
pub fn render(groups: &[Group]) -> Option<String> {
    if groups.is_empty() {
        return None;
    }
    let mut sorted: Vec<&Group> = groups.iter().collect();
    sorted.sort();
    let mut text = String::new();
    for (group, rows) in sorted {
        let _infallible = writeln!(text, "{}[{group}]", if text.is_empty() { "" } else { "\n" });
        let mut rows: Vec<_> = rows.iter().collect();
        rows.sort();
        for (name, target) in rows {
            let _infallible = writeln!(text, "{name} = {target}");
        }
    }
    Some(text)
}
