//! The gap of a place to its nation, by pair of vintages: a description, not an effect.
//!
//! Place and nation are read like for like, in the same vintages, where the nation has a row in them. Where a vintage
//! has no national row, the nation is the fallback indicator (provinces together) in the place's own vintages, and
//! that is said. Where the place's vintages give neither, every vintage of the nation stands beside it, not like for
//! like.

use std::collections::BTreeSet;

use counterpart_model::case::Gap;
use counterpart_model::observation::VintageKind;
use counterpart_model::{Date, Decimal, Id, Period, RoundingStrategy};

use crate::assessment::{GapRow, Number};
use crate::reading::{Figures, Reader, Reading};

/// Returns the gap in every period and pair of vintages on record, ordered by indicator, vintages and period.
#[must_use]
pub fn rows(reader: &Reader<'_>, gap: &Gap, figures: &mut Figures) -> Vec<GapRow> {
    let mut rows = Vec::new();
    let periods = periods(reader, gap);
    for indicator in &gap.indicators {
        for period in &periods {
            let period = *period;
            let places = reader.readings(&gap.place, indicator, period);
            if places.is_empty() {
                continue;
            }
            let nations = reader.readings(&gap.nation, indicator, period);
            let fallback = gap.fallback_nation.as_ref();
            for place in places.iter() {
                let like = nations.iter().find(|nation| nation.vintages == place.vintages);
                if let Some(nation) = like {
                    rows.extend(row(
                        reader, gap, indicator, indicator, period, place, nation, figures,
                    ));
                    continue;
                }
                let together = fallback.and_then(|fallback| {
                    let readings = reader.readings(&gap.nation, fallback, period);
                    readings
                        .iter()
                        .find(|nation| nation.vintages == place.vintages)
                        .map(|nation| (fallback, nation.clone()))
                });
                if let Some((fallback, nation)) = together {
                    rows.extend(row(
                        reader, gap, indicator, fallback, period, place, &nation, figures,
                    ));
                    continue;
                }
                for nation in nations.iter() {
                    rows.extend(row(
                        reader, gap, indicator, indicator, period, place, nation, figures,
                    ));
                }
            }
        }
    }
    rows.sort_by(|a, b| {
        (&a.indicator, &a.vintage_place, &a.vintage_nation, &a.period).cmp(&(
            &b.indicator,
            &b.vintage_place,
            &b.vintage_nation,
            &b.period,
        ))
    });
    rows
}

/// Whether no vintage was put together by others from several editions.
fn is_of_one_making(reader: &Reader<'_>, vintages: &str) -> bool {
    vintages.split('+').all(|id| {
        let vintage = reader.record().vintages.iter().find(|vintage| vintage.id == id);
        vintage.is_some_and(|vintage| vintage.kind_or_edition() != VintageKind::Mixed)
    })
}

/// Years for which the place has any observation.
fn periods(reader: &Reader<'_>, gap: &Gap) -> Vec<Period> {
    let years: BTreeSet<i32> = reader
        .record()
        .observations
        .iter()
        .filter(|observation| observation.place_id == gap.place)
        .filter_map(|observation| observation.period.as_year())
        .collect();
    years
        .into_iter()
        .filter_map(|year| i16::try_from(year).ok())
        .map(|year| Period {
            start: Date::year_only(year),
            end: None,
        })
        .collect()
}

#[expect(
    clippy::too_many_arguments,
    reason = "the parts of one row, each of another kind"
)]
fn row(
    reader: &Reader<'_>,
    gap: &Gap,
    indicator: &Id,
    indicator_nation: &Id,
    period: Period,
    place: &Reading,
    nation: &Reading,
    figures: &mut Figures,
) -> Option<GapRow> {
    let ratio = place.value.checked_div(nation.value)?;
    let difference = nation.value.checked_sub(place.value)?;
    reader.note(place, figures);
    reader.note(nation, figures);
    let printed = |value: Decimal| {
        Number::exact(value.round_dp_with_strategy(9, RoundingStrategy::MidpointAwayFromZero))
    };
    Some(GapRow {
        id: format!(
            "gap:{}:{indicator}:{period}:{}:{indicator_nation}:{}",
            gap.place, place.vintages, nation.vintages
        ),
        place: gap.place.to_string(),
        nation: gap.nation.to_string(),
        indicator: indicator.to_string(),
        indicator_nation: indicator_nation.to_string(),
        period: period.to_string(),
        vintage_place: place.vintages.clone(),
        vintage_nation: nation.vintages.clone(),
        basis_place: place.basis.clone(),
        basis_nation: nation.basis.clone(),
        like_for_like: place.vintages == nation.vintages
            && indicator == indicator_nation
            && place.basis == nation.basis
            && is_of_one_making(reader, &place.vintages),
        value_place: printed(place.value),
        value_nation: printed(nation.value),
        ratio: printed(ratio),
        difference: printed(difference),
        from: vec![place.id.clone(), nation.id.clone()],
    })
}
