//! Counts of the pairing graph against what is stated.

use counterpart_appraise::assessment::{CountStatus, Layer, PairingCount};
use counterpart_appraise::graph_counts::{counts, evidence};
use counterpart_model::{Record, Row, TableId};

use crate::cases::{folder, record};
use crate::rows::{case, claim, money, row};

fn pairing(id: &str, provider: &str, recipient: &str, more: &[(&str, &str)]) -> Row {
    let mut cells = more.to_vec();
    for (heading, value) in [
        ("pairing_id", id),
        ("programme_id", "PR"),
        ("round_id", "R1"),
        ("provider_id", provider),
        ("recipient_id", recipient),
        ("kind", "region"),
        ("confidence", "high"),
        ("basis", "official_list"),
    ] {
        if !more.iter().any(|(given, _)| *given == heading) {
            cells.push((heading, value));
        }
    }
    row(TableId::Pairings, &cells)
}

/// B and its city B1 give to two counties of A1; a hospital pair stands apart.
fn record_of(mut rows: Vec<Row>) -> Record {
    for (id, level, parent) in [
        ("B1", "prefecture", "B"),
        ("A11", "county", "A1"),
        ("A12", "county", "A1"),
    ] {
        rows.push(row(
            TableId::Places,
            &[
                ("place_id", id),
                ("name", id),
                ("level", level),
                ("parent_id", parent),
            ],
        ));
    }
    rows.push(row(
        TableId::Programmes,
        &[
            ("programme_id", "PR"),
            ("name", "A programme"),
            ("nation_id", "N"),
        ],
    ));
    rows.push(row(
        TableId::Rounds,
        &[
            ("round_id", "R1"),
            ("programme_id", "PR"),
            ("name", "Round one"),
            ("start", "2010"),
        ],
    ));
    rows.push(row(
        TableId::Organisations,
        &[
            ("organisation_id", "H"),
            ("name", "Hospital"),
            ("kind", "hospital"),
        ],
    ));
    rows.extend([
        pairing("X1", "B", "A11", &[]),
        pairing("X2", "B1", "A12", &[("basis", "inferred"), ("confidence", "low")]),
        pairing("X3", "H", "A11", &[("kind", "hospital")]),
    ]);
    let (case, tables) = case(rows);
    record(case, tables)
}

fn find<'a>(rows: &'a [PairingCount], id: &str) -> &'a PairingCount {
    rows.iter().find(|row| row.id == id).unwrap_or_else(|| {
        panic!(
            "{id} is none of {:?}",
            rows.iter().map(|row| &row.id).collect::<Vec<_>>()
        )
    })
}

fn stated(id: &str, property: &str, value: &str, more: &[(&str, &str)]) -> Row {
    let mut cells = vec![("subject", "R1"), ("property", property), ("value", value)];
    cells.retain(|(heading, _)| !more.iter().any(|(given, _)| given == heading));
    cells.extend(more.iter().copied());
    claim(id, "P1", "S1", &cells)
}

#[test]
fn a_place_inside_another_is_counted_apart_and_the_other_reading_stands_beside() {
    let record = record_of(vec![stated("C1", "providers_count", "2", &[])]);
    let rows = counts(&record);
    let providers = find(&rows, "count:R1:providers");
    assert_eq!(
        (providers.value.as_str(), providers.other_value.as_str()),
        ("2", "1")
    );
    assert_eq!(providers.inside_another, ["B1"]);
    assert_eq!(providers.on_weak_evidence.as_str(), "1");
    assert_eq!(
        (providers.status, providers.stated.len()),
        (CountStatus::Equal, 1)
    );
    assert_eq!(providers.stated[0].reading.as_deref(), Some("each counted apart"));
    assert_eq!(providers.from, ["X1", "X2"]);
    let one = counts(&record_of(vec![stated("C1", "providers_count", "1", &[])]));
    let one = find(&one, "count:R1:providers");
    assert_eq!(one.status, CountStatus::Equal);
    assert_eq!(
        one.stated[0].reading.as_deref(),
        Some("those inside another counted within it")
    );
    let three = counts(&record_of(vec![stated("C1", "providers_count", "3", &[])]));
    assert_eq!(find(&three, "count:R1:providers").status, CountStatus::Different);
    assert_eq!(
        find(&three, "count:R1:providers").stated[0]
            .difference
            .as_ref()
            .map(ToString::to_string),
        Some("-1".to_owned())
    );
}

#[test]
fn levels_institutions_and_what_nobody_states_are_told_apart() {
    let rows = counts(&record_of(vec![
        stated("C1", "recipient_counties_count", "2", &[]),
        stated("C2", "recipient_prefectures_count", "1", &[]),
        stated(
            "C3",
            "providers_count",
            "5",
            &[("unit", "CNY"), ("currency", "CNY")],
        ),
        stated(
            "C4",
            "providers_count",
            "",
            &[("lower", "2"), ("qualifier", "at_least")],
        ),
    ]));
    assert_eq!(
        find(&rows, "count:R1:recipients:county").status,
        CountStatus::Equal
    );
    let prefectures = find(&rows, "count:R1:recipients:prefecture");
    assert_eq!(
        (prefectures.value.as_str(), prefectures.other_value.as_str()),
        ("0", "1")
    );
    assert_eq!(prefectures.status, CountStatus::Equal);
    // Money is no count; a bound is met by what it allows.
    let providers = find(&rows, "count:R1:providers");
    assert_eq!(
        providers
            .stated
            .iter()
            .map(|one| one.id.as_str())
            .collect::<Vec<_>>(),
        ["C4"]
    );
    assert_eq!(providers.status, CountStatus::Equal);
    let hospital = find(&rows, "count:R1:providers:institutional");
    assert_eq!(
        (hospital.value.as_str(), hospital.layer),
        ("1", Layer::Institutional)
    );
    assert_eq!(hospital.from, ["X3"]);
    assert_eq!(find(&rows, "count:R1:pairs").status, CountStatus::NotStated);
}

#[test]
fn the_size_of_a_group_that_pays_is_a_statement_too() {
    let mut rows = vec![
        row(
            TableId::Places,
            &[
                ("place_id", "G"),
                ("name", "Givers"),
                ("level", "group"),
                ("parent_id", "N"),
            ],
        ),
        money(
            "T1",
            "P1",
            "S1",
            &[("programme_id", "PR"), ("provider_id", "G"), ("value", "5")],
        ),
    ];
    for member in ["B", "B1"] {
        rows.push(row(
            TableId::PlaceMembers,
            &[("group_id", "G"), ("place_id", member)],
        ));
    }
    let rows = counts(&record_of(rows));
    let providers = find(&rows, "count:R1:providers");
    assert_eq!(providers.stated[0].id, "G");
    assert_eq!(
        (providers.status, providers.stated[0].only_one_side.len()),
        (CountStatus::Equal, 0)
    );
}

#[test]
fn evidence_adds_up_to_the_pairings() {
    for name in ["xinjiang", "wenchuan"] {
        let case = folder(name);
        let record = record(case.case, case.tables);
        let rows: usize = evidence(&record).iter().map(|row| row.from.len()).sum();
        assert_eq!(rows, record.pairings.len());
        for count in counts(&record) {
            assert_eq!(
                count.status == CountStatus::NotStated,
                count.stated.is_empty(),
                "{}",
                count.id
            );
            assert!(
                !count.from.is_empty() || count.value.as_str() == "0",
                "{}",
                count.id
            );
        }
    }
}

#[test]
fn no_pairings_make_no_counts() {
    let (case, tables) = case(Vec::new());
    let record = record(case, tables);
    assert!(counts(&record).is_empty() && evidence(&record).is_empty());
}
