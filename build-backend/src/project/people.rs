//! `authors` and `maintainers`.

use super::document::Section;

/// One of them; at least one field is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// As an e-mail header can carry it.
    pub name: Option<String>,
    /// Address.
    pub email: Option<String>,
}

/// Reads an array of tables with `name`, `email` or both.
pub fn read(section: &Section<'_>, key: &str) -> Vec<Person> {
    const FORM: &str = "write `{name = \"...\", email = \"...\"}`";
    let Some(item) = section.item(key) else { return Vec::new() };
    let mut people = Vec::new();
    let inline = item
        .as_array()
        .map(|array| array.iter().map(|value| value.as_inline_table().map(|table| table as &dyn toml_edit::TableLike)).collect::<Vec<_>>());
    let blocks = item.as_array_of_tables().map(|array| array.iter().map(|table| Some(table as &dyn toml_edit::TableLike)).collect());
    let Some(tables) = inline.or(blocks) else {
        section.wrong(key, "must be an array of tables", FORM);
        return people;
    };
    for table in tables {
        let Some(table) = table else {
            section.wrong(key, "must hold tables", FORM);
            continue;
        };
        if let Some((other, _)) = table.iter().find(|(key, value)| !["name", "email"].contains(key) || value.as_str().is_none()) {
            section.wrong(key, format!("has a table with `{other}`, which is not a name or email text"), FORM);
        }
        let text = |field: &str| table.get(field).and_then(|value| value.as_str()).map(str::to_owned);
        let person = Person { name: text("name"), email: text("email") };
        if person.name.as_ref().is_some_and(|name| name.contains([',', '\n'])) {
            section.wrong(key, "has a name with a comma or a line break", "give each person a table");
        }
        if person.email.as_ref().is_some_and(|email| !email.contains('@') || email.contains([',', '\n', '<', '>', ' '])) {
            section.wrong(
                key,
                format!("has the email `{}`, which is not an address", person.email.as_deref().unwrap_or_default()),
                "write name@host",
            );
        }
        if person.name.is_none() && person.email.is_none() {
            section.wrong(key, "has a table with neither name nor email", FORM);
        }
        people.push(person);
    }
    people
}

/// The names of those without address, and the others as `Name <mail>`, each joined by commas.
pub fn header_values(people: &[Person]) -> (Option<String>, Option<String>) {
    let names: Vec<String> = people.iter().filter(|person| person.email.is_none()).filter_map(|person| person.name.clone()).collect();
    let mails: Vec<String> =
        people.iter().filter_map(|person| person.email.as_ref().map(|email| address(person.name.as_deref(), email))).collect();
    let joined = |texts: Vec<String>| (!texts.is_empty()).then(|| texts.join(", "));
    (joined(names), joined(mails))
}

fn address(name: Option<&str>, email: &str) -> String {
    match name {
        None => email.to_owned(),
        Some(name) if name.contains(|c| "()<>@:;\".[]\\".contains(c)) => {
            format!("\"{}\" <{email}>", name.replace('\\', "\\\\").replace('"', "\\\""))
        }
        Some(name) => format!("{name} <{email}>"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Person, header_values};

    #[test]
    fn headers() {
        let person = |name: Option<&str>, email: Option<&str>| Person { name: name.map(str::to_owned), email: email.map(str::to_owned) };
        let people = [
            person(Some("Ada"), None),
            person(Some("E. Noether"), Some("e@n.org")),
            person(None, Some("x@y.z")),
            person(Some("Zoë Ü"), Some("z@u.de")),
        ];
        let (names, mails) = header_values(&people);
        assert_eq!(names.unwrap(), "Ada");
        assert_eq!(mails.unwrap(), "\"E. Noether\" <e@n.org>, x@y.z, Zoë Ü <z@u.de>");
    }
}
