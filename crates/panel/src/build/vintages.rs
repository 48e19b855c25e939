//! Which vintage each observed indicator is read in, and over which years.

use std::collections::BTreeSet;

use counterpart_model::Id;
use counterpart_model::observation::Vintage;

use super::{NoPanel, PanelUnit, in_year};
use crate::derive::{Choice, Deriver, Need, NotDerived, ReadIn};
use crate::series::{Reading, Series};

/// What was chosen.
pub(super) struct Chosen {
    pub(super) choice: Choice,
    pub(super) read_in: Vec<ReadIn>,
    pub(super) window: (i32, i32),
    pub(super) notes: Vec<String>,
}

/// The years that a vintage of one observed indicator holds.
struct Holds<'a> {
    vintage: &'a Vintage,
    years: BTreeSet<i32>,
}

impl Holds<'_> {
    fn all(&self, window: (i32, i32)) -> bool {
        (window.0..=window.1).all(|year| self.years.contains(&year))
    }
}

pub(super) fn choose<S: Series + ?Sized>(
    deriver: &Deriver<'_, S>,
    outcome: &Id,
    units: &[PanelUnit],
    asked: (i32, i32),
    onset: i32,
) -> Result<Chosen, NoPanel> {
    let observed = deriver.observed(outcome)?;
    let mut held: Vec<Vec<Holds<'_>>> = Vec::with_capacity(observed.len());
    for indicator in observed {
        let vintages = deriver.series().vintages(indicator);
        if vintages.is_empty() {
            let reason = "no vintage that may be read has it".to_owned();
            return Err(NoPanel::NoSeries {
                indicator: indicator.clone(),
                reason,
            });
        }
        held.push(
            vintages
                .into_iter()
                .map(|vintage| Holds {
                    vintage,
                    years: BTreeSet::new(),
                })
                .collect(),
        );
    }
    for year in asked.0..=asked.1 {
        holds_in(deriver, outcome, observed, units, year, &mut held)?;
    }
    let both_sides = |window: &(i32, i32)| window.0 < onset && onset <= window.1;
    let every_slot = |window: &(i32, i32)| {
        held.iter()
            .all(|slot| slot.iter().any(|holds| holds.all(*window)))
    };
    let window = stretches(asked).find(|window| both_sides(window) && every_slot(window));
    let Some(window) = window else {
        return Err(no_series(outcome, observed, &held, asked, onset));
    };
    let mut notes = Vec::new();
    if window != asked {
        let short: Vec<String> = observed
            .iter()
            .zip(&held)
            .filter(|(_, slot)| !slot.iter().any(|holds| holds.all(asked)))
            .map(|(indicator, _)| indicator.to_string())
            .collect();
        let why = if short.is_empty() {
            "no years hold all that the outcome needs".to_owned()
        } else {
            format!(
                "no vintage of {} holds all that the outcome needs, earlier years included where its formula looks back",
                short.join(" or ")
            )
        };
        notes.push(format!(
            "the window {} to {} is cut to {} to {}: {why}",
            asked.0, asked.1, window.0, window.1
        ));
    }
    let (mut choice, mut read_in) = (Choice::new(), Vec::new());
    for (indicator, slot) in observed.iter().zip(&held) {
        let Some(at) = slot.iter().position(|holds| holds.all(window)) else {
            return Err(no_series(outcome, observed, &held, asked, onset));
        };
        let (before, from) = slot.split_at(at);
        let Some(holds) = from.first() else {
            return Err(no_series(outcome, observed, &held, asked, onset));
        };
        let vintage = holds.vintage.id.clone();
        // Vintages about other places are no rivals; those that hold a part of the window are.
        let rivals: Vec<&str> = before
            .iter()
            .filter(|holds| (window.0..=window.1).any(|year| holds.years.contains(&year)))
            .map(|holds| holds.vintage.id.as_str())
            .collect();
        if !rivals.is_empty() {
            notes.push(format!(
                "{indicator} is read in {vintage}, the first vintage that holds all of {} to {}; a part only: {}",
                window.0,
                window.1,
                rivals.join(", ")
            ));
        }
        read_in.push(deriver.read_in(indicator, &vintage));
        choice.insert(indicator.clone(), vintage);
    }
    Ok(Chosen {
        choice,
        read_in,
        window,
        notes,
    })
}

/// Returns every stretch of years inside `asked`, the longest first, of one length the earliest first.
fn stretches(asked: (i32, i32)) -> impl Iterator<Item = (i32, i32)> {
    let n_years = asked.1 - asked.0 + 1;
    (1..=n_years)
        .rev()
        .flat_map(move |length| (asked.0..=asked.1 - length + 1).map(move |from| (from, from + length - 1)))
}

/// Notes for one year which vintages hold it.
fn holds_in<S: Series + ?Sized>(
    deriver: &Deriver<'_, S>,
    outcome: &Id,
    observed: &[Id],
    units: &[PanelUnit],
    year: i32,
    held: &mut [Vec<Holds<'_>>],
) -> Result<(), NotDerived> {
    let Some(period) = in_year(year) else {
        return Ok(());
    };
    let needs: Vec<(bool, BTreeSet<Need>)> = units
        .iter()
        .map(|unit| Ok((unit.treated, deriver.needs(outcome, &unit.id, period)?)))
        .collect::<Result<_, NotDerived>>()?;
    for (number, (indicator, slot)) in observed.iter().zip(held).enumerate() {
        for holds in slot {
            let has = |(slot, place, period): &Need| {
                *slot != number
                    || matches!(
                        deriver.series().reading(place, indicator, *period, &holds.vintage.id),
                        Reading::Value(row) if row.value.is_some()
                    )
            };
            let side = |wanted: bool| {
                needs
                    .iter()
                    .any(|(treated, needs)| *treated == wanted && needs.iter().all(has))
            };
            if side(true) && side(false) {
                holds.years.insert(year);
            }
        }
    }
    Ok(())
}

/// Says why no stretch of years will do.
fn no_series(
    outcome: &Id,
    observed: &[Id],
    held: &[Vec<Holds<'_>>],
    asked: (i32, i32),
    onset: i32,
) -> NoPanel {
    let wanting = observed.iter().zip(held).find(|(_, slot)| {
        !stretches(asked)
            .filter(|window| window.0 < onset && onset <= window.1)
            .any(|window| slot.iter().any(|holds| holds.all(window)))
    });
    let span = format!("inside {} to {} on both sides of {onset}", asked.0, asked.1);
    match wanting {
        Some((indicator, slot)) => {
            let names: Vec<&str> = slot.iter().map(|holds| holds.vintage.id.as_str()).collect();
            NoPanel::NoSeries {
                indicator: indicator.clone(),
                reason: format!(
                    "none of {} has it for a treated and a comparison unit in consecutive years {span}",
                    names.join(", ")
                ),
            }
        }
        None => NoPanel::NoSeries {
            indicator: outcome.clone(),
            reason: format!("its inputs share no consecutive years {span}"),
        },
    }
}
