//! What is published: small counts of persons, and what was computed from them, never leave.

use counterpart_appraise::assessment::CheckStatus;
use counterpart_model::{TableId, Value};

use crate::cases::{appraise, folder, set};

/// A count that is easy to find again in text.
const FEW: &str = "7.31997";

#[test]
fn a_small_count_of_persons_leaves_in_no_form() {
    let case = folder("xinjiang");
    let disclosure = case.case.disclosure.clone();
    let mut quiet = case.case.clone();
    quiet.studies.clear();
    quiet.lens_studies.clear();
    let mut tables = case.tables;
    let derivations: Vec<(String, String)> = tables[&TableId::Derivations]
        .iter()
        .map(|row| {
            (
                row.text("claim_id").unwrap_or_default().to_owned(),
                row.text("operands").unwrap_or_default().to_owned(),
            )
        })
        .collect();
    // A claim about persons that another claim's figure is computed from.
    let claims = tables.get_mut(&TableId::Claims).expect("claims");
    let chosen = claims
        .iter_mut()
        .find(|row| {
            let id = row.text("claim_id").unwrap_or_default().to_owned();
            let is_operand = derivations
                .iter()
                .any(|(of, operands)| *of != id && operands.split(';').any(|part| part == id));
            row.text("unit") == Some("persons") && row.get("value").is_some() && is_operand
        })
        .expect("a claim about persons");
    let id = chosen.text("claim_id").expect("an id").to_owned();
    set(
        chosen,
        "value",
        Some(Value::Decimal(FEW.parse().expect("a decimal"))),
    );
    set(chosen, "as_said", Some(Value::Text(FEW.to_owned())));
    set(chosen, "text", Some(Value::Text(format!("{FEW} of them went"))));
    let published = appraise(quiet, tables).publish(&disclosure).expect("publishable");
    let text = serde_json::to_string(&published).expect("serialises");
    assert!(
        !text.contains(FEW),
        "{}",
        &text[text.find(FEW).unwrap_or(0).saturating_sub(300)..][..600]
    );
    let claim = published
        .claims
        .iter()
        .find(|claim| claim.id == id)
        .expect("the claim");
    assert_eq!(claim.as_said.as_deref(), Some("withheld"));
    for claim in &published.claims {
        assert!(
            claim.check.candidates.iter().all(|row| !row.from.contains(&id)),
            "{}",
            claim.id
        );
    }
}

#[test]
fn where_nothing_is_small_nothing_is_withheld() {
    let case = folder("wenchuan");
    let disclosure = case.case.disclosure.clone();
    let assessment = appraise(case.case, case.tables);
    let published = assessment.clone().publish(&disclosure).expect("publishable");
    assert_eq!(assessment.claims, published.claims);
    assert_eq!(assessment.figures, published.figures);
}

#[test]
fn a_relation_does_not_give_away_what_is_withheld() {
    let case = folder("xinjiang");
    let disclosure = case.case.disclosure.clone();
    let mut quiet = case.case.clone();
    quiet.studies.clear();
    quiet.lens_studies.clear();
    let mut tables = case.tables;
    let model = |table: TableId| tables[&table].first().expect("a row").clone();
    let (claim, derivation) = (model(TableId::Claims), model(TableId::Derivations));
    for (id, value) in [("ZZ1", 7), ("ZZ2", 7_193_457), ("ZZ3", 7_193_450)] {
        let mut row = claim.clone();
        for (heading, text) in [
            ("claim_id", id),
            ("unit", "persons"),
            ("as_said", "so many"),
            ("text", "so many"),
        ] {
            set(&mut row, heading, Some(Value::Text(text.to_owned())));
        }
        set(&mut row, "value", Some(Value::Decimal(value.into())));
        tables.get_mut(&TableId::Claims).expect("claims").push(row);
    }
    for (id, of, kind, operands) in [
        ("DZ1", "ZZ1", "difference", "ZZ2;ZZ3"),
        ("DZ2", "ZZ2", "sum", "ZZ1;ZZ3"),
    ] {
        let mut row = derivation.clone();
        for (heading, text) in [
            ("derivation_id", id),
            ("claim_id", of),
            ("kind", kind),
            ("operands", operands),
        ] {
            set(&mut row, heading, Some(Value::Text(text.to_owned())));
        }
        set(&mut row, "digits", None);
        tables
            .get_mut(&TableId::Derivations)
            .expect("derivations")
            .push(row);
    }
    let published = appraise(quiet, tables).publish(&disclosure).expect("publishable");
    let text = serde_json::to_string(&published).expect("serialises");
    let shown = ["7193457", "7193450"]
        .into_iter()
        .filter(|value| text.contains(value))
        .count();
    assert!(shown < 2, "both other parts of the relation are in the report");
    for claim in published.claims.iter().filter(|claim| claim.id.starts_with("ZZ")) {
        assert!(claim.check.candidates.is_empty(), "{claim:?}");
        let is_silent = matches!(
            claim.check.status,
            CheckStatus::NotCheckable | CheckStatus::NoDerivation
        );
        assert!(is_silent, "{claim:?}");
    }
}
