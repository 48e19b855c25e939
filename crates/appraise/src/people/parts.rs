//! Wholes beside their parts: a placement with those that name it, a count of several providers with theirs.

use counterpart_model::Decimal;

use super::scope::{Ends, Item, Scopes};
use super::totals::{Sum, sum};
use super::{by_id, concept_in_words, count_in_words, decimal};
use crate::assessment::{CountLeftOutCode, Number, PeopleKind, PeopleParts, PersonCount, Sentence};

/// Returns every whole that has parts, in the order of their ids.
pub(crate) fn of(items: &[Item<'_>], scopes: &Scopes<'_>) -> Vec<PeopleParts> {
    let known = by_id(items);
    let mut found: Vec<PeopleParts> = items
        .iter()
        .filter_map(|whole| {
            let named: Vec<&Item<'_>> = items
                .iter()
                .filter(|item| item.row.part_of.as_deref() == Some(whole.row.id.as_str()))
                .collect();
            let parts = if named.is_empty() {
                listed(whole, items, scopes)
            } else {
                named
            };
            (!parts.is_empty() && known.contains_key(whole.row.id.as_str()))
                .then(|| beside(whole, &parts, scopes))
        })
        .collect();
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found
}

/// Returns the rows that one document lists beside a count of several providers: same people but for the provider.
fn listed<'a>(whole: &Item<'_>, items: &'a [Item<'a>], scopes: &Scopes<'_>) -> Vec<&'a Item<'a>> {
    if whole.row.kind == PeopleKind::Placement || !scopes.provider_is_collective(whole) {
        return Vec::new();
    }
    let parts: Vec<&Item<'_>> = items
        .iter()
        .filter(|item| {
            item.row.id != whole.row.id
                && item.row.kind == whole.row.kind
                && item.original == whole.original
                && item.row.programme == whole.row.programme
                && item.row.direction == whole.row.direction
                && item.row.recipient == whole.row.recipient
                && item.row.group == whole.row.group
                && item.row.batch == whole.row.batch
                && item.row.concept == whole.row.concept
                && item.period == whole.period
                && !scopes.provider_is_collective(item)
                && scopes.providers(item, whole) == Ends::May
        })
        .collect();
    if parts.len() < 2 { Vec::new() } else { parts }
}

fn beside(whole: &Item<'_>, parts: &[&Item<'_>], scopes: &Scopes<'_>) -> PeopleParts {
    let Sum { addends, left_out } = sum(&whole.row.concept, parts, scopes);
    let total = addends
        .iter()
        .try_fold(Decimal::ZERO, |sum, item| sum.checked_add(item.value?));
    let count = match total {
        Some(total) if !addends.is_empty() => PersonCount::exact(Number::exact(total)),
        _ => PersonCount::default(),
    };
    // What a part without a value holds is not known: then the remainder is no more than what is left.
    let is_whole = left_out
        .iter()
        .all(|row| matches!(row.code, CountLeftOutCode::CopyOf | CountLeftOutCode::SameThing));
    let remainder = total.filter(|_| !addends.is_empty()).and_then(|total| {
        let minus = |number: &Option<Number>| {
            let value = decimal(number.as_ref()?)?;
            value.checked_sub(total).map(Number::exact)
        };
        let said = &whole.row.count;
        let left = match (&said.value, is_whole) {
            (Some(_), true) => PersonCount {
                value: minus(&said.value),
                ..PersonCount::default()
            },
            (Some(_), false) => PersonCount::between(None, minus(&said.value)),
            (None, true) => PersonCount::between(minus(&said.lower), minus(&said.upper)),
            (None, false) => PersonCount::between(None, minus(&said.upper)),
        };
        (!left.is_empty()).then(|| left.unless_small(scopes.threshold))
    });
    let mut row = PeopleParts {
        id: format!("people/parts/{}", whole.row.id),
        kind: whole.row.kind,
        whole: whole.row.id.clone(),
        concept: whole.row.concept.clone(),
        parts: addends.iter().map(|item| item.row.id.clone()).collect(),
        left_out,
        count,
        remainder,
        sentence: Sentence::new(),
        from: Vec::new(),
    };
    row.from = std::iter::once(row.whole.clone())
        .chain(row.parts.iter().cloned())
        .collect();
    row.sentence = say(&row, &whole.row.count, whole.row.qualifier.as_deref());
    row
}

/// Writes the sentence of a whole and its parts.
#[must_use]
pub fn say(row: &PeopleParts, whole: &PersonCount, qualifier: Option<&str>) -> Sentence {
    let concept = concept_in_words(&row.concept);
    let mut sentence = Sentence::of("Of ");
    sentence = match count_in_words(whole, qualifier) {
        Some(shown) if whole.is_withheld() => sentence.text(shown),
        Some(shown) => sentence.figure(shown, row.whole.as_str()),
        None => sentence.text("a number not in the text"),
    };
    sentence = sentence.text(format!(" {concept}, "));
    sentence = match count_in_words(&row.count, None) {
        Some(shown) if row.count.is_withheld() => sentence.text(shown),
        Some(shown) => sentence.figure(shown, row.id.as_str()),
        None => sentence.text("no part with a count"),
    };
    let n = row.parts.len();
    sentence = sentence.text(format!(
        " {} in {n} {}",
        if n == 1 { "stands" } else { "stand" },
        if n == 1 { "part" } else { "parts" }
    ));
    if let Some(left) = &row.remainder {
        let is_over = left
            .value
            .as_ref()
            .and_then(decimal)
            .is_some_and(|value| value.is_sign_negative());
        if left
            .value
            .as_ref()
            .and_then(decimal)
            .is_some_and(|value| value.is_zero())
        {
            sentence = sentence.text(": the parts are the whole");
        } else if is_over {
            sentence = sentence.text(": the parts are more than the whole");
        } else if let Some(shown) = count_in_words(left, None) {
            sentence = sentence.text(format!("; {shown} in none of them"));
        }
    }
    sentence.text(".")
}
