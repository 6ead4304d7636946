//! METADATA and PKG-INFO: core metadata as e-mail headers, in the lowest version that can say it.

use super::metadata::Metadata;
use super::people::header_values;

/// The whole text.
pub fn render(metadata: &Metadata) -> String {
    let mut headers = Headers(String::new());
    let has_imports = metadata.import_names.is_some() || metadata.import_namespaces.is_some();
    headers.add("Metadata-Version", if has_imports { "2.5" } else { "2.4" });
    headers.add("Name", &metadata.name);
    headers.add("Version", &metadata.version);
    headers.add_all("Import-Name", metadata.import_names.iter().flatten());
    headers.add_all("Import-Namespace", metadata.import_namespaces.iter().flatten());
    headers.add_some("Summary", metadata.description.as_ref());
    let (authors, author_emails) = header_values(&metadata.authors);
    let (maintainers, maintainer_emails) = header_values(&metadata.maintainers);
    headers.add_some("Author", authors.as_ref());
    headers.add_some("Author-email", author_emails.as_ref());
    headers.add_some("Maintainer", maintainers.as_ref());
    headers.add_some("Maintainer-email", maintainer_emails.as_ref());
    headers.add_some("License", metadata.license_text.as_ref());
    headers.add_some("License-Expression", metadata.license.as_ref());
    headers.add_all("License-File", &metadata.license_files);
    if !metadata.keywords.is_empty() {
        headers.add("Keywords", &metadata.keywords.join(","));
    }
    headers.add_all("Classifier", &metadata.classifiers);
    headers.add_all("Project-URL", &metadata.urls.iter().map(|(label, url)| format!("{label}, {url}")).collect::<Vec<_>>());
    headers.add_some("Requires-Python", metadata.requires_python.as_ref());
    headers.add_all("Requires-Dist", &metadata.dependencies);
    for (extra, requirements) in &metadata.optional_dependencies {
        headers.add("Provides-Extra", extra);
        for requirement in requirements {
            headers.add("Requires-Dist", &with_extra(requirement, extra));
        }
    }
    let body = metadata.readme.as_ref().map(|readme| {
        headers.add("Description-Content-Type", &readme.content_type);
        format!("\n{}", readme.text)
    });
    headers.0 + &body.unwrap_or_default()
}

struct Headers(String);

impl Headers {
    /// Further lines of a value are indented, so that no value can end the headers.
    fn add(&mut self, name: &str, value: &str) {
        let value = value.trim_end().replace("\r\n", "\n").replace(['\n', '\r'], "\n        ");
        self.0 += &format!("{name}: {value}\n");
    }

    fn add_some(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    fn add_all<'a>(&mut self, name: &str, values: impl IntoIterator<Item = &'a String>) {
        values.into_iter().for_each(|value| self.add(name, value));
    }
}

/// `x; a or b` of the extra `e` becomes `x; (a or b) and extra == 'e'`.
fn with_extra(requirement: &str, extra: &str) -> String {
    // In `name @ address ; marker` the address may hold semicolons, so there a space comes first.
    let mark = if requirement.contains('@') { " ;" } else { ";" };
    match requirement.split_once(mark) {
        Some((what, marker)) => format!("{}; ({}) and extra == '{extra}'", what.trim_end(), marker.trim()),
        None if mark == " ;" => format!("{requirement} ; extra == '{extra}'"),
        None => format!("{requirement}; extra == '{extra}'"),
    }
    .replacen("; (", if mark == " ;" { " ; (" } else { "; (" }, 1)
}

#[cfg(test)]
mod tests {
    use super::with_extra;

    #[test]
    fn extras_join_markers() {
        for (requirement, expected) in [
            ("numpy", "numpy; extra == 'e'"),
            ("numpy>=2", "numpy>=2; extra == 'e'"),
            ("x; a == 'b' or c == 'd'", "x; (a == 'b' or c == 'd') and extra == 'e'"),
            ("x @ https://h/x;y", "x @ https://h/x;y ; extra == 'e'"),
            ("x @ https://h/x ; a == 'b'", "x @ https://h/x ; (a == 'b') and extra == 'e'"),
        ] {
            assert_eq!(with_extra(requirement, "e"), expected);
        }
    }
}
