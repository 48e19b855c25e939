//! The address of every object inside the page.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Returns an id's plain form: letters, digits, `_`, `.` and `-` stay, everything else becomes `-`.
///
/// ```
/// assert_eq!(counterpart_report::anchor::sanitised("A/gdp/2015@v1+v2"), "A-gdp-2015-v1-v2");
/// ```
#[must_use]
pub fn sanitised(id: &str) -> String {
    let kept: String = id
        .chars()
        .map(|c| match c {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '.' | '-' => c,
            _ => '-',
        })
        .collect();
    if kept.is_empty() { "x".to_owned() } else { kept }
}

/// Addresses of objects: unique, and the same for the same objects in the same order.
#[derive(Debug, Default)]
pub struct Anchors {
    of: BTreeMap<String, String>,
    used: BTreeSet<String>,
    placed: RefCell<BTreeSet<String>>,
}

impl Anchors {
    /// Keeps a name of the page's own structure from being given to an object.
    pub fn reserve(&mut self, name: &str) {
        self.used.insert(name.to_owned());
    }

    /// Gives an object an address; the first registration counts.
    pub fn register(&mut self, id: &str) {
        if self.of.contains_key(id) {
            return;
        }
        let plain = sanitised(id);
        let mut name = plain.clone();
        let mut again = 2_usize;
        while self.used.contains(&name) {
            name = format!("{plain}-{again}");
            again += 1;
        }
        self.used.insert(name.clone());
        self.of.insert(id.to_owned(), name);
    }

    /// Returns the address of an object, or `None` where the page does not show it.
    #[must_use]
    pub fn of(&self, id: &str) -> Option<&str> {
        self.of.get(id).map(String::as_str)
    }

    /// Returns the address for the element that shows the object; `None` from the second time on, so that no two
    /// elements bear one address.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<&str> {
        let name = self.of.get(id)?;
        self.placed
            .borrow_mut()
            .insert(id.to_owned())
            .then_some(name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Anchors;

    #[test]
    fn two_ids_with_one_plain_form_get_two_addresses() {
        let mut anchors = Anchors::default();
        anchors.reserve("gap");
        for id in ["gap", "a/b", "a b", "a/b"] {
            anchors.register(id);
        }
        assert_eq!(anchors.of("gap"), Some("gap-2"));
        assert_eq!(anchors.of("a/b"), Some("a-b"));
        assert_eq!(anchors.of("a b"), Some("a-b-2"));
        assert_eq!(anchors.place("a/b"), Some("a-b"));
        assert_eq!(anchors.place("a/b"), None);
        assert_eq!(anchors.of("elsewhere"), None);
    }
}
