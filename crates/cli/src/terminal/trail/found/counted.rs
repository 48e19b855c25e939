//! Counts of people, their sums and their parts as lines.

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::{CountLeftOut, PeopleParts, PeopleRow, PeopleTotal, Wage};
use counterpart_appraise::people::{concept_in_words, count_in_words};

use super::screened::Lines;
use super::{Other, place_in_source};

/// Returns what of the counts has an id.
pub(super) fn of(assessment: &Assessment, id: &str) -> Vec<Other> {
    let mut found = Vec::new();
    let rows = assessment.people.iter().filter(|row| row.id == id);
    found.extend(rows.map(|row| count(assessment, row)));
    let totals = assessment.people_totals.iter().filter(|row| row.id == id);
    found.extend(totals.map(total));
    let parts = assessment.people_parts.iter().filter(|row| row.id == id);
    found.extend(parts.map(parts_of));
    found
}

/// Returns the ids that [`of`] finds.
pub(super) fn ids(assessment: &Assessment) -> impl Iterator<Item = &str> {
    let rows = assessment.people.iter().map(|row| row.id.as_str());
    let totals = assessment.people_totals.iter().map(|row| row.id.as_str());
    let parts = assessment.people_parts.iter().map(|row| row.id.as_str());
    rows.chain(totals).chain(parts)
}

fn count(assessment: &Assessment, row: &PeopleRow) -> Other {
    let mut lines = Lines::default();
    lines.add("says", row.sentence.to_string());
    lines.add(
        "where",
        place_in_source(assessment, &row.source, Some(&row.locator)),
    );
    let count = count_in_words(&row.count, row.qualifier.as_deref());
    let count = count.unwrap_or_else(|| row.no_number.unwrap_or_default().to_owned());
    lines.add("count", format!("{count} ({})", concept_in_words(&row.concept)));
    lines.add("programme", row.programme.clone().unwrap_or_default());
    lines.add("round", row.round.clone().unwrap_or_default());
    if let Some(months) = row
        .person_months
        .as_ref()
        .and_then(|months| count_in_words(months, row.qualifier.as_deref()))
    {
        let term = row
            .term_months
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        lines.add("months", format!("{months} person-months, count times {term}"));
    }
    if let Some(within) = &row.within_region {
        lines.add(
            "inside",
            format!("{within} (whether inside the recipient region)"),
        );
    }
    if let Some(wage) = &row.wage {
        lines.add("wage", wage_in_words(wage));
    }
    if row.ahead {
        lines.add("ahead", "published before the period was over: a plan, in no sum");
    }
    if row.running {
        lines.add("running", "published while the period was running");
    }
    lines.add("part of", row.part_of.clone().unwrap_or_default());
    for whole in assessment
        .people_parts
        .iter()
        .filter(|other| other.whole == row.id)
    {
        lines.add("parts", whole.sentence.to_string());
    }
    for condition in assessment
        .conditions
        .iter()
        .filter(|other| other.attached_to == row.id)
    {
        lines.add("condition", format!("{}: {}", condition.id, condition.attributed));
    }
    let sums: Vec<&str> = assessment
        .people_totals
        .iter()
        .filter(|total| total.addends.contains(&row.id))
        .map(|total| total.id.as_str())
        .collect();
    lines.add("in sums", sums.join(", "));
    lines.made("count of people", &row.sentence.to_string(), &row.from, row)
}

fn wage_in_words(wage: &Wage) -> String {
    let ends: Vec<String> = match &wage.value {
        Some(value) => vec![value.to_string()],
        None => wage
            .lower
            .iter()
            .chain(&wage.upper)
            .map(ToString::to_string)
            .collect(),
    };
    let per = wage
        .per
        .as_deref()
        .map_or(", per what is not said".to_owned(), |per| format!(" a {per}"));
    format!(
        "{} {}{per}, as said",
        ends.join(" to "),
        wage.currency.as_deref().unwrap_or("(currency not said)")
    )
}

fn total(row: &PeopleTotal) -> Other {
    let mut lines = Lines::default();
    lines.add("says", row.sentence.to_string());
    lines.add("addends", row.addends.join(", "));
    left_out(&mut lines, &row.left_out);
    lines.add("with term", row.with_term.join(", "));
    lines.add("running", row.still_running.join(", "));
    lines.made("sum of counts", &row.sentence.to_string(), &row.from, row)
}

fn parts_of(row: &PeopleParts) -> Other {
    let mut lines = Lines::default();
    lines.add("says", row.sentence.to_string());
    lines.add("whole", row.whole.clone());
    lines.add("parts", row.parts.join(", "));
    left_out(&mut lines, &row.left_out);
    lines.made("whole and parts", &row.sentence.to_string(), &row.from, row)
}

fn left_out(lines: &mut Lines, rows: &[CountLeftOut]) {
    for row in rows {
        lines.add("left out", format!("{}: {}", row.id, row.reason));
    }
}
