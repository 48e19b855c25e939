//! Subsidy rules, terms of work, listings and leads as lines: every allegation in one sentence with its speaker and
//! what answers it.

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::{ConditionRow, EntitlementRow, ListingRow, ScreeningRow, SystemRow};
use serde::Serialize;

use super::{Other, place_in_source};

/// Returns what of the screening has an id; a rule's id leads to what it comes to.
pub(super) fn of(assessment: &Assessment, id: &str) -> Vec<Other> {
    let mut found = Vec::new();
    let rules = assessment.entitlements.iter().filter(|row| {
        row.id == id
            || row.rule == id
            || row.schedule.iter().any(|at| at.id == id)
            || row.on_record.iter().any(|one| one.id == id)
    });
    found.extend(rules.map(|row| entitlement(assessment, row)));
    let conditions = assessment.conditions.iter().filter(|row| row.id == id);
    found.extend(conditions.map(|row| condition(assessment, row)));
    let listings = assessment.listings.iter().filter(|row| row.id == id);
    found.extend(listings.map(|row| listing(assessment, row)));
    let leads = assessment.screening.iter().filter(|row| row.id == id);
    found.extend(leads.map(|row| lead(assessment, row)));
    let systems = assessment.systems.iter().filter(|row| row.id == id);
    found.extend(systems.map(system));
    found
}

/// Returns the ids that [`of`] finds.
pub(super) fn ids(assessment: &Assessment) -> impl Iterator<Item = &str> {
    let entitlements = assessment.entitlements.iter().map(|row| row.id.as_str());
    let conditions = assessment.conditions.iter().map(|row| row.id.as_str());
    let listings = assessment.listings.iter().map(|row| row.id.as_str());
    let leads = assessment.screening.iter().map(|row| row.id.as_str());
    let systems = assessment.systems.iter().map(|row| row.id);
    entitlements
        .chain(conditions)
        .chain(listings)
        .chain(leads)
        .chain(systems)
}

/// Labels and texts in order.
#[derive(Default)]
pub(super) struct Lines(Vec<(String, String)>);

impl Lines {
    pub(super) fn add(&mut self, label: &str, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.0.push((label.to_owned(), text));
        }
    }

    pub(super) fn made(
        self,
        kind: &'static str,
        label: &str,
        from: &[String],
        value: &impl Serialize,
    ) -> Other {
        Other {
            kind,
            lines: self.0,
            from: from.to_vec(),
            label: label.to_owned(),
            value: serde_json::to_value(value).unwrap_or_default(),
            beside: false,
        }
    }
}

fn entitlement(assessment: &Assessment, row: &EntitlementRow) -> Other {
    let mut lines = Lines::default();
    lines.add("says", row.sentence.to_string());
    lines.add("as said", format!("{}: {}", row.speaker_name, row.text));
    lines.add(
        "where",
        place_in_source(assessment, &row.source, Some(&row.locator)),
    );
    for at in &row.schedule {
        let currency = at.currency.as_deref().unwrap_or("(currency not on record)");
        lines.add(
            "contracts",
            format!("{} → {} {currency}", at.contracts, at.amount),
        );
    }
    for one in &row.on_record {
        lines.add("on record", format!("{}: {}", one.placement, one.sentence));
    }
    for what in &row.missing {
        lines.add("missing", what.clone());
    }
    for id in &row.conditions {
        if let Some(condition) = assessment.conditions.iter().find(|other| other.id == *id) {
            lines.add("condition", format!("{id}: {}", condition.attributed));
        }
    }
    lines.add("beside", row.beside.join(", "));
    for id in &row.screen {
        lines.add("lead", id.clone());
    }
    lines.made("subsidy rule", &row.sentence.to_string(), &row.from, row)
}

fn condition(assessment: &Assessment, row: &ConditionRow) -> Other {
    let mut lines = Lines::default();
    lines.add("said", row.attributed.clone());
    lines.add("attached", format!("{} ({})", row.attached_name, row.attached_to));
    lines.add(
        "where",
        place_in_source(assessment, &row.source, Some(&row.locator)),
    );
    if let Some(indicator) = &row.ilo_indicator {
        lines.add("describes", format!("{indicator} (indicator of the ILO)"));
    }
    for id in &row.responds_to {
        let answered = assessment.conditions.iter().find(|other| other.id == *id);
        lines.add(
            "answers",
            answered.map_or_else(|| id.clone(), |other| format!("{id}: {}", other.attributed)),
        );
    }
    let leads: Vec<&str> = assessment
        .screening
        .iter()
        .filter(|lead| lead.statement == row.id)
        .map(|lead| lead.id.as_str())
        .collect();
    lines.add("leads", leads.join(", "));
    lines.made("condition", &row.attributed, &[], row)
}

fn listing(assessment: &Assessment, row: &ListingRow) -> Other {
    let mut lines = Lines::default();
    lines.add("says", row.sentence.clone());
    lines.add("also named", row.aliases.join("; "));
    lines.add("place", row.place_name.clone().unwrap_or_default());
    lines.add(
        "where",
        place_in_source(assessment, &row.source, Some(&row.locator)),
    );
    let names = assessment
        .screening
        .iter()
        .filter(|lead| lead.entity.as_deref() == Some(row.id.as_str()) && lead.name_match.is_some());
    for lead in names {
        lines.add("name", lead.sentence.clone());
    }
    lines.made("listing", &row.sentence, &row.listing_claims, row)
}

fn lead(assessment: &Assessment, row: &ScreeningRow) -> Other {
    let mut lines = Lines::default();
    lines.add("says", row.sentence.clone());
    lines.add("words", row.words.join(", "));
    lines.add("date", row.date.clone().unwrap_or_default());
    lines.add("clause", row.clause.clone().unwrap_or_default());
    lines.add(
        "where",
        place_in_source(assessment, &row.source, Some(&row.locator)),
    );
    lines.made("lead", &row.sentence, &row.from, row)
}

fn system(row: &SystemRow) -> Other {
    let mut lines = Lines::default();
    lines.add("says", row.sentence.to_string());
    lines.add("stands in", row.stands_in.join(", "));
    lines.made("system", &row.sentence.to_string(), &row.from, row)
}
