//! The list of keys says of `case.toml` what the model's types say of it.

use std::collections::BTreeSet;

use counterpart_exchange::case_toml::{keys, keys::Key, keys::Kind, parse};
use counterpart_exchange::{ReadError, WriteError};
use counterpart_model::{Fault, FaultCode, Faults, Location, case, lens, pool, study};
use serde::de::DeserializeOwned;
use toml::{Table, Value};

/// Returns a value that a key may have.
fn example(kind: Kind) -> Value {
    match kind {
        Kind::Text | Kind::Id(_) => Value::from("x"),
        Kind::Date => Value::from("2010"),
        Kind::Whole(least, _) => Value::from(i64::try_from(least).unwrap()),
        Kind::Number(..) => Value::from(0.5),
        Kind::Flag => Value::from(true),
        Kind::Word(words) => Value::from(words[0]),
        Kind::List(of) => Value::from(vec![example(*of)]),
        Kind::Window => Value::from(vec!["2010", "2011"]),
        Kind::Either(one, _) => example(*one),
        Kind::Table(keys) => Value::from(all(keys)),
        Kind::Tables(keys) => Value::from(vec![all(keys)]),
        Kind::Map(_, of) => Value::from(Table::from_iter([("x".to_owned(), example(*of))])),
    }
}

fn all(keys: &[Key]) -> Table {
    keys.iter()
        .map(|key| (key.name.to_owned(), example(key.kind)))
        .collect()
}

fn reads<T: DeserializeOwned>(table: &Table) -> Result<(), String> {
    T::deserialize(table.clone())
        .map(drop)
        .map_err(|error| error.to_string())
}

fn agree<T: DeserializeOwned>(keys: &[Key]) {
    let name = std::any::type_name::<T>();
    let whole = all(keys);
    assert_eq!(reads::<T>(&whole), Ok(()), "{name}");
    for key in keys {
        let mut without = whole.clone();
        without.remove(key.name);
        assert_eq!(reads::<T>(&without).is_err(), key.needed, "{name}.{}", key.name);
    }
    // Serde names the fields of a type when it meets one that it does not know.
    let mut more = whole;
    more.insert("unheard_of".to_owned(), Value::from(1));
    let message = reads::<T>(&more).unwrap_err();
    let fields: BTreeSet<&str> = message.split('`').skip(3).step_by(2).collect();
    let names: BTreeSet<&str> = keys.iter().map(|key| key.name).collect();
    assert_eq!(fields, names, "{message}");
}

#[test]
fn keys_are_the_fields_of_the_models_types() {
    agree::<case::Case>(keys::CASE);
    agree::<case::Gap>(keys::GAP);
    agree::<case::Goal>(keys::GOAL);
    agree::<case::Disclosure>(keys::DISCLOSURE);
    agree::<case::LensStudies>(keys::LENS_STUDY);
    agree::<case::Grid>(keys::GRID);
    agree::<case::VerdictRule>(keys::VERDICT);
    agree::<lens::Lens>(keys::LENS);
    agree::<pool::Pool>(keys::POOL);
    agree::<study::Study>(keys::STUDY);
    agree::<study::Outcome>(keys::OUTCOMES);
    agree::<study::Dose>(keys::DOSE);
    agree::<study::Apart>(keys::APART);
    agree::<study::Inference>(keys::INFERENCE);
    agree::<study::Wild>(keys::WILD);
    agree::<study::Randomisation>(keys::RANDOMISATION);
}

/// What the walk over the keys lets pass, the types read: otherwise only the first mistake would be listed.
#[test]
fn whole_numbers_stand_for_numbers() {
    let mut table = all(keys::VERDICT);
    table.insert("smallest_effect".to_owned(), Value::from(3));
    assert_eq!(reads::<case::VerdictRule>(&table), Ok(()));
    let text = toml::to_string(&Table::from_iter([("verdict".to_owned(), Value::from(table))])).unwrap();
    let faults = parse(&text).unwrap_err();
    assert!(
        faults
            .as_slice()
            .iter()
            .all(|fault| fault.code == FaultCode::MissingValue)
    );
}

#[test]
fn every_error_has_its_words() {
    let io = || std::io::Error::new(std::io::ErrorKind::PermissionDenied, "permission denied");
    let path = || std::path::PathBuf::from("cases/mine");
    let faults = Faults::one(Fault::new(Location::file("a.csv"), FaultCode::Unit, "", "a unit"));
    let two = Faults::from_vec(vec![
        Fault::new(Location::line("a.csv", 2), FaultCode::Unit, "", "a unit"),
        Fault::new(Location::line("b.csv", 2), FaultCode::Unit, "", "a unit"),
    ])
    .unwrap();
    let said = [
        ReadError::Faults(faults).to_string(),
        ReadError::Faults(two).to_string(),
        ReadError::NotAFolder { path: path() }.to_string(),
        ReadError::Io {
            path: path(),
            source: io(),
        }
        .to_string(),
        WriteError::Exists { path: path() }.to_string(),
        WriteError::Name {
            name: "Mine".to_owned(),
        }
        .to_string(),
        WriteError::Io {
            path: path(),
            source: io(),
        }
        .to_string(),
    ];
    insta::assert_snapshot!(said.join("\n"), @r#"
    1 fault in 1 file
    2 faults in 2 files
    cases/mine: no such folder
    cases/mine: permission denied
    cases/mine: already there; nothing is written over
    "Mine": a case's name is made of small letters, digits, - and _, and begins with a letter
    cases/mine: permission denied
    "#);
}
