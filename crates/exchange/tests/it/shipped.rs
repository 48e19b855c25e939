//! The cases of this repository read without fault, and fast.

use counterpart_exchange::case;
use counterpart_testkit::shipped_case;

fn read(name: &str) -> counterpart_exchange::CaseFolder {
    match case::read(&shipped_case(name)) {
        Ok(folder) => folder,
        Err(counterpart_exchange::ReadError::Faults(faults)) => panic!("{name}:\n{faults}"),
        Err(error) => panic!("{name}: {error}"),
    }
}

#[test]
fn every_shipped_case_reads_without_fault_and_as_structs() {
    for name in [
        "xinjiang",
        "wenchuan",
        "planted/plus",
        "planted/zero",
        "planted/minus",
        "planted/broken_trend",
    ] {
        let folder = read(name);
        let record = folder.record().expect("rows have the types of their structs");
        assert_eq!(
            record.sources.len(),
            folder.tables[&counterpart_model::TableId::Sources].len(),
            "{name}"
        );
        assert!(!record.observations.is_empty(), "{name}");
        assert_eq!(folder.warnings, [], "{name}");
    }
}
