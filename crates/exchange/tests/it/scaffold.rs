//! A new case holds no fault and reads as what was written.

use counterpart_exchange::{WriteError, scaffold};
use counterpart_model::TableId;

use crate::faults::accepted;

#[test]
fn a_new_case_holds_no_fault_and_no_warning() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("my-case");
    scaffold::new_case("my-case", &path).unwrap();
    let folder = accepted(&path);
    assert_eq!(folder.warnings, []);
    assert!(folder.case.synthetic);
    assert_eq!(folder.case.title, "Synthetic case: my-case");
    assert_eq!(folder.tables[&TableId::Observations].len(), 144);
    assert_eq!(folder.tables[&TableId::Pairings].len(), 6);
    assert_eq!(folder.tables.len(), 13);
    let record = folder.record().unwrap();
    assert!(record.observations.iter().all(|row| row.value.is_some()));
    assert!(path.join("README.md").is_file() && path.join("datapackage.json").is_file());
    let error = scaffold::new_case("my-case", &path).unwrap_err();
    assert!(matches!(error, WriteError::Exists { .. }));
}

#[test]
fn names_that_could_lead_elsewhere_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["", "../up", "A", "with space", "1st", "ä", "a/b"] {
        let error = scaffold::new_case(name, &dir.path().join("x")).unwrap_err();
        assert!(matches!(error, WriteError::Name { .. }), "{name}");
    }
    assert!(!dir.path().join("x").exists());
}
