//! Holds the tree of a `case.toml` against the list of keys.

use std::collections::BTreeSet;

use counterpart_model::{Date, Fault, FaultCode, Id};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{CASE, Key, Kind, Target};
use super::location;
use crate::cell;
use crate::check::Keys;
use crate::hint::did_you_mean;

/// Returns every fault of form, and with `keys` every id that points nowhere.
pub(super) fn check(text: &str, tree: &DeTable<'_>, keys: Option<&Keys<'_>>) -> Vec<Fault> {
    let mut walk = Walk {
        text,
        keys,
        own: Target::OWN.map(|(target, name)| (target, ids_of(tree, name))),
        faults: Vec::new(),
    };
    walk.table(tree, CASE, "", 0);
    for name in ["lens", "pool", "study"] {
        walk.twice(tree, name, "id");
    }
    walk.twice(tree, "lens_study", "lens");
    walk.faults
}

impl Target {
    const OWN: [(Self, &'static str); 3] =
        [(Self::Lens, "lens"), (Self::Pool, "pool"), (Self::Study, "study")];
}

fn entries<'a, 'i>(tree: &'a DeTable<'i>, name: &str) -> impl Iterator<Item = &'a DeTable<'i>> {
    tree.get(name)
        .and_then(|value| value.get_ref().as_array())
        .into_iter()
        .flat_map(|list| list.iter())
        .filter_map(|entry| entry.get_ref().as_table())
}

fn ids_of(tree: &DeTable<'_>, name: &str) -> BTreeSet<String> {
    entries(tree, name)
        .filter_map(|entry| Some(entry.get("id")?.get_ref().as_str()?.to_owned()))
        .collect()
}

struct Walk<'a, 'k> {
    text: &'a str,
    keys: Option<&'a Keys<'k>>,
    own: [(Target, BTreeSet<String>); 3],
    faults: Vec<Fault>,
}

impl Walk<'_, '_> {
    fn fault(
        &mut self,
        at: usize,
        path: &str,
        code: FaultCode,
        value: &str,
        expected: String,
        hint: Option<String>,
    ) {
        let fault = Fault::new(
            location(self.text, at, Some(path.to_owned())),
            code,
            value,
            expected,
        );
        self.faults.push(match hint {
            Some(hint) => fault.hint(hint),
            None => fault,
        });
    }

    fn table(&mut self, table: &DeTable<'_>, keys: &[Key], path: &str, at: usize) {
        let inside = |name: &str| {
            if path.is_empty() {
                name.to_owned()
            } else {
                format!("{path}.{name}")
            }
        };
        for (name, value) in table {
            match keys.iter().find(|key| key.name == name.get_ref().as_ref()) {
                Some(key) => self.value(value, key.kind, &inside(key.name)),
                None => {
                    let name_text = name.get_ref().as_ref();
                    let hint = did_you_mean(name_text, keys.iter().map(|key| key.name));
                    let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
                    self.fault(
                        name.span().start,
                        &inside(name_text),
                        FaultCode::CaseFile,
                        name_text,
                        format!("a key of case.toml here: {}", names.join(", ")),
                        hint,
                    );
                }
            }
        }
        for key in keys
            .iter()
            .filter(|key| key.needed && !table.contains_key(key.name))
        {
            self.fault(
                at,
                &inside(key.name),
                FaultCode::MissingValue,
                "",
                format!("the key {}: {}", key.name, key.kind.in_words()),
                Some(key.about.to_owned()),
            );
        }
    }

    fn wrong(&mut self, value: &Spanned<DeValue<'_>>, kind: Kind, path: &str) {
        let met = self.text.get(value.span()).unwrap_or_default().to_owned();
        let hint = match (kind, value.get_ref()) {
            (Kind::Date, DeValue::Datetime(_) | DeValue::Integer(_)) => {
                Some(format!("write \"{met}\", in quotes"))
            }
            (Kind::List(_), DeValue::String(_)) => Some(format!("write [{met}]")),
            _ => None,
        };
        self.fault(
            value.span().start,
            path,
            FaultCode::WrongType,
            &met,
            kind.in_words(),
            hint,
        );
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, kind: Kind, path: &str) {
        match (kind, value.get_ref()) {
            (Kind::Text, DeValue::String(text)) => {
                if let Err(fault) = cell::check_text(text) {
                    self.fault(
                        value.span().start,
                        path,
                        fault.code,
                        text,
                        fault.expected,
                        fault.hint,
                    );
                }
            }
            (Kind::Id(target), DeValue::String(id)) => self.id(value.span().start, id, target, path),
            (Kind::Date, DeValue::String(date)) if date.parse::<Date>().is_ok() => {}
            (Kind::Flag, DeValue::Boolean(_)) => {}
            (Kind::Whole(least, most), DeValue::Integer(number)) => {
                // TOML's integers are signed: a seed above their largest cannot be written.
                match u64::from_str_radix(&number.as_str().replace('_', ""), number.radix()) {
                    Ok(number) if (least..=most).contains(&number) && i64::try_from(number).is_ok() => {}
                    _ => self.wrong(value, kind, path),
                }
            }
            (Kind::Number(above, below), DeValue::Float(_) | DeValue::Integer(_)) => {
                let met = self.text.get(value.span()).unwrap_or_default().replace('_', "");
                match met.parse::<f64>() {
                    Ok(number) if number > above && number < below => {}
                    _ => self.wrong(value, kind, path),
                }
            }
            (Kind::Word(words), DeValue::String(word)) => {
                if !words.contains(&word.as_ref()) {
                    self.fault(
                        value.span().start,
                        path,
                        FaultCode::UnknownWord,
                        word,
                        kind.in_words(),
                        did_you_mean(word, words.iter().copied()),
                    );
                }
            }
            (Kind::List(of), DeValue::Array(list)) => {
                for entry in list.iter() {
                    self.value(entry, *of, path);
                }
            }
            (Kind::Window, DeValue::Array(list)) => self.window(value, list.iter().collect(), path),
            (Kind::Either(one, other), met) => {
                let chosen = if fits(*one, met) { *one } else { *other };
                let unknown = matches!((chosen, met), (Kind::Word(words), DeValue::String(word)) if !words.contains(&word.as_ref()));
                if fits(chosen, met) && !unknown {
                    self.value(value, chosen, path);
                } else {
                    self.wrong(value, kind, path);
                }
            }
            (Kind::Table(keys), DeValue::Table(table)) => self.table(table, keys, path, value.span().start),
            (Kind::Tables(keys), DeValue::Array(list)) => {
                for entry in list.iter() {
                    match entry.get_ref() {
                        DeValue::Table(table) => self.table(table, keys, path, entry.span().start),
                        _ => self.wrong(entry, Kind::Table(keys), path),
                    }
                }
            }
            (Kind::Map(target, of), DeValue::Table(table)) => {
                for (name, value) in table {
                    self.id(name.span().start, name.get_ref(), target, path);
                    self.value(value, *of, path);
                }
            }
            _ => self.wrong(value, kind, path),
        }
    }

    fn window(&mut self, value: &Spanned<DeValue<'_>>, list: Vec<&Spanned<DeValue<'_>>>, path: &str) {
        let dates: Vec<Option<Date>> = list
            .iter()
            .map(|entry| entry.get_ref().as_str().and_then(|date| date.parse().ok()))
            .collect();
        match dates.as_slice() {
            [Some(first), Some(last)] if first.is_after(*last) => {
                let met = self.text.get(value.span()).unwrap_or_default().to_owned();
                self.fault(
                    value.span().start,
                    path,
                    FaultCode::Reversed,
                    &met,
                    Kind::Window.in_words(),
                    None,
                );
            }
            [Some(_), Some(_)] => {}
            [_, _] => {
                for entry in list {
                    self.value(entry, Kind::Date, path);
                }
            }
            _ => self.wrong(value, Kind::Window, path),
        }
    }

    fn id(&mut self, at: usize, id: &str, target: Target, path: &str) {
        if !Id::is_valid(id) {
            self.fault(
                at,
                path,
                FaultCode::WrongType,
                id,
                Target::Itself.in_words(),
                None,
            );
            return;
        }
        let hint = match target {
            Target::Itself => return,
            Target::Rows(tables) => match self.keys {
                Some(keys) if !keys.holds(tables, id) => did_you_mean(id, keys.of(tables)),
                _ => return,
            },
            Target::Group => match self.keys {
                Some(keys) if !keys.groups.contains(id) => did_you_mean(id, keys.groups.iter().copied()),
                _ => return,
            },
            Target::Lens | Target::Pool | Target::Study => {
                let own = self.own.iter().find(|(of, _)| *of == target).map(|(_, ids)| ids);
                match own {
                    Some(ids) if !ids.contains(id) => did_you_mean(id, ids.iter().map(String::as_str)),
                    _ => return,
                }
            }
        };
        self.fault(
            at,
            path,
            FaultCode::DanglingReference,
            id,
            target.in_words(),
            hint,
        );
    }

    /// Finds ids that two entries of a list of tables have.
    fn twice(&mut self, tree: &DeTable<'_>, name: &str, key: &str) {
        let mut seen = BTreeSet::new();
        for entry in entries(tree, name) {
            if let Some(value) = entry.get(key)
                && let Some(id) = value.get_ref().as_str()
                && !seen.insert(id.to_owned())
            {
                self.fault(
                    value.span().start,
                    &format!("{name}.{key}"),
                    FaultCode::DuplicateKey,
                    id,
                    format!("each [[{name}]] with {key} of its own"),
                    None,
                );
            }
        }
    }
}

/// Whether a value has the outer form of a kind.
fn fits(kind: Kind, value: &DeValue<'_>) -> bool {
    match kind {
        Kind::Word(_) | Kind::Text | Kind::Id(_) | Kind::Date => value.is_str(),
        Kind::List(_) | Kind::Window | Kind::Tables(_) => value.is_array(),
        Kind::Table(_) | Kind::Map(..) => value.is_table(),
        Kind::Whole(..) => value.is_integer(),
        Kind::Number(..) => value.is_float() || value.is_integer(),
        Kind::Flag => value.is_bool(),
        Kind::Either(one, other) => fits(*one, value) || fits(*other, value),
    }
}
