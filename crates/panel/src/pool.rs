//! Control pools: who may serve as comparison, who may not, and why.
//!
//! A pool is a rule in the pairing graph's own words. [`evaluate`] applies it to every candidate place and says
//! of each what became of it, with the pairings that decide. That nobody is admitted is an answer, not an error.

mod neighbours;
mod told;

use std::collections::BTreeSet;

use counterpart_model::place::Level;
use counterpart_model::pool::{Exclusion, Handling, Pool, ProgrammeChoice};
use counterpart_model::study::Study;
use counterpart_model::{Id, Record};

use crate::error::PanelError;
use crate::graph::{Graph, Side, Touch};
use crate::places::{Places, Window};
use told::tell;

/// Why a place cannot serve as comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// It is treated in the study.
    Treated,
    /// It holds a treated place.
    HoldsTreated,
    /// It lies inside a treated place.
    InsideTreated,
    /// The study names it as treated, and no pairing of its rounds reaches it.
    NotPaired,
    /// It gives in a round of the study.
    Provider,
    /// It gives in some round.
    AnyProvider,
    /// A pairing begins to reach it inside the window.
    NewlyTreated,
    /// A pairing reaches it in the window.
    AnyRecipient,
    /// A pairing reached it before the window.
    AlreadyTreated,
    /// It borders on a treated place.
    Neighbour,
    /// A pairing of the pool's programmes reaches it in the window and the rule lets it in.
    Contaminated,
    /// It is under a programme that the pool does not look at.
    OtherProgramme,
}

impl Why {
    /// Returns the word that stands for it in data.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Treated => "treated",
            Self::HoldsTreated => "holds_treated",
            Self::InsideTreated => "inside_treated",
            Self::NotPaired => "not_paired",
            Self::Provider => "provider",
            Self::AnyProvider => "any_provider",
            Self::NewlyTreated => "newly_treated",
            Self::AnyRecipient => "any_recipient",
            Self::AlreadyTreated => "already_treated",
            Self::Neighbour => "neighbour",
            Self::OtherProgramme => "other_programme",
            Self::Contaminated => "contaminated",
        }
    }
}

/// One reason that a rule found for a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Which one.
    pub why: Why,
    /// The pairings that say so, by id; empty where none does.
    pub pairings: Vec<Id>,
    /// The reason as a sentence without its subject, with dates.
    pub text: String,
}

/// A place with the reasons found for it; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The place.
    pub place: Id,
    /// The reasons, in the order of [`Why`].
    pub reasons: Vec<Reason>,
}

impl Judged {
    /// Returns the reasons as one text.
    #[must_use]
    pub fn text(&self) -> String {
        self.reasons
            .iter()
            .map(|reason| reason.text.as_str())
            .collect::<Vec<_>>()
            .join("; ")
    }

    /// Returns the pairings behind the reasons, each once, by id.
    #[must_use]
    pub fn pairings(&self) -> BTreeSet<Id> {
        self.reasons
            .iter()
            .flat_map(|reason| reason.pairings.iter().cloned())
            .collect()
    }
}

/// Part of a rule that could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotComputed {
    /// Which part, in the pool's own word.
    pub part: &'static str,
    /// Why.
    pub why: String,
}

/// What a pool rule came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolOutcome {
    /// The pool.
    pub pool: Id,
    /// The study.
    pub study: Id,
    /// Level of all units.
    pub level: Level,
    /// Window in which pairings counted.
    pub window: Window,
    /// Whether the rule lets providers in on purpose.
    pub contaminated: bool,
    /// Treated units, by id.
    pub treated: Vec<Id>,
    /// Controls, by id.
    pub admitted: Vec<Id>,
    /// Candidates left out, with all their reasons, by id.
    pub excluded: Vec<Judged>,
    /// Admitted places that a variant leaves out, with their reasons, by id.
    pub tested: Vec<Judged>,
    /// Parts of the rule that could not be evaluated.
    pub not_computed: Vec<NotComputed>,
    /// What else is to be said.
    pub notes: Vec<String>,
}

impl PoolOutcome {
    /// Whether nobody may serve as comparison.
    #[must_use]
    pub fn no_admissible_control(&self) -> bool {
        self.admitted.is_empty()
    }
}

/// The treated units of a study, with what has to be said of how they were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Treated {
    /// Units of the study's level, by id.
    pub units: Vec<Id>,
    /// What is to be said.
    pub notes: Vec<String>,
}

/// Returns the treated units of a study.
///
/// Members below the study's level are counted once, in the place that holds them; a member above it stands for
/// the places inside it. Both are said. A member that has no place of the level is named and left out.
///
/// # Errors
/// [`PanelError::UnknownPlace`], [`PanelError::NoTreated`].
pub fn treated(places: &Places, study: &Study, window: Window) -> Result<Treated, PanelError> {
    if !places.has(&study.treated) && !places.is_group(&study.treated) {
        return Err(PanelError::UnknownPlace {
            asked_by: study.id.clone(),
            place: study.treated.clone(),
        });
    }
    let mut units = BTreeSet::new();
    let mut notes = Vec::new();
    for member in places.members(&study.treated, Some(window)) {
        let named = places.name_and_id(&member);
        if places.level(&member) == Some(study.level) {
            units.insert(member);
        } else if let Some(holder) = places.at_level(&member, study.level) {
            notes.push(format!(
                "{named} is counted in {}, which holds it",
                places.name_and_id(&holder)
            ));
            units.insert(holder);
        } else {
            let inside = places.inside(&member, study.level);
            if inside.is_empty() {
                notes.push(format!(
                    "{named} has no place of level {} and is left out",
                    study.level
                ));
            } else {
                notes.push(format!(
                    "{named} stands for its {} places of level {}",
                    inside.len(),
                    study.level
                ));
            }
            units.extend(inside);
        }
    }
    if units.is_empty() {
        return Err(PanelError::NoTreated {
            study: study.id.clone(),
            treated: study.treated.clone(),
            level: study.level,
        });
    }
    Ok(Treated {
        units: units.into_iter().collect(),
        notes,
    })
}

/// Returns what the rule of a pool comes to in a study, over a window that replaces the pool's own.
///
/// A unit is treated if the study names it and a pairing of the study's rounds reaches it; one that is named and
/// not reached stands on neither side. Only pairings of the pool's programmes exclude, and only those that overlap the window. A place under another
/// programme is kept and listed in [`PoolOutcome::tested`] with dates. Treated places, places that hold one and
/// places inside one never serve.
///
/// # Errors
/// [`PanelError`] where the study or the pool cannot be evaluated as it is written.
pub fn evaluate(
    record: &Record,
    graph: &Graph,
    pool: &Pool,
    study: &Study,
    window: Window,
) -> Result<PoolOutcome, PanelError> {
    let places = graph.places();
    if window.0.first_day() > window.1.last_day() {
        return Err(PanelError::WindowReversed {
            study: study.id.clone(),
            from: window.0,
            to: window.1,
        });
    }
    if pool.level != study.level {
        return Err(PanelError::LevelsDiffer {
            study: study.id.clone(),
            study_level: study.level,
            pool: pool.id.clone(),
            pool_level: pool.level,
        });
    }
    let Treated {
        units: named,
        mut notes,
    } = treated(places, study, window)?;
    let paired = |unit: &Id| {
        let mut touches = graph.reaching(unit, pool.reach);
        touches.any(|touch| study.rounds.contains(&touch.edge.round))
    };
    let (treated, unpaired): (Vec<Id>, Vec<Id>) = named.into_iter().partition(paired);
    if !unpaired.is_empty() {
        let names: Vec<String> = unpaired.iter().map(|unit| places.name_and_id(unit)).collect();
        notes.push(format!(
            "named as treated, and reached by no pairing of the study's rounds, so counted on neither side: {}",
            names.join(", ")
        ));
    }
    if treated.is_empty() {
        return Err(PanelError::NoTreated {
            study: study.id.clone(),
            treated: study.treated.clone(),
            level: study.level,
        });
    }
    let candidates = candidates(places, pool, &treated, window)?;
    let mut not_computed = Vec::new();
    let bordering = match pool.neighbours {
        None => Vec::new(),
        Some(_) => match neighbours::of(record, places, &treated, &candidates) {
            Ok(found) => found,
            Err(why) => {
                not_computed.push(NotComputed {
                    part: "neighbours",
                    why,
                });
                Vec::new()
            }
        },
    };
    let judge = Judge {
        graph,
        pool,
        study,
        window,
        treated: &treated,
    };
    let mut outcome = PoolOutcome {
        pool: pool.id.clone(),
        study: study.id.clone(),
        level: pool.level,
        window,
        contaminated: pool.contaminated,
        treated: treated.clone(),
        admitted: Vec::new(),
        excluded: Vec::new(),
        tested: Vec::new(),
        not_computed,
        notes: Vec::new(),
    };
    for place in candidates {
        let (mut against, mut doubts) = judge.reasons(&place);
        if unpaired.contains(&place) {
            against.push(Reason {
                why: Why::NotPaired,
                pairings: Vec::new(),
                text: "is named as treated by the study, and no pairing of its rounds reaches it".to_owned(),
            });
        }
        let borders: Vec<&Id> = bordering
            .iter()
            .filter(|(candidate, _)| *candidate == place)
            .map(|(_, treated)| treated)
            .collect();
        if !borders.is_empty() {
            let names: Vec<String> = borders
                .iter()
                .map(|treated| places.name_and_id(treated))
                .collect();
            let reason = Reason {
                why: Why::Neighbour,
                pairings: Vec::new(),
                text: format!("borders on {}, which is treated", names.join(", ")),
            };
            match pool.neighbours {
                Some(Handling::Exclude) => against.push(reason),
                Some(Handling::KeepAndTest) => doubts.push(reason),
                Some(Handling::Keep) | None => {}
            }
        }
        against.sort_by_key(|reason| reason.why);
        doubts.sort_by_key(|reason| reason.why);
        if against.is_empty() {
            if !doubts.is_empty() {
                outcome.tested.push(Judged {
                    place: place.clone(),
                    reasons: doubts,
                });
            }
            outcome.admitted.push(place);
        } else {
            outcome.excluded.push(Judged {
                place,
                reasons: against,
            });
        }
    }
    let institutional = graph
        .institutional()
        .filter(|edge| edge.span.overlaps(window))
        .count();
    if institutional > 0 {
        notes.push(format!(
            "pairings of institutions treat no place; in the window: {institutional}"
        ));
    }
    outcome.notes = notes;
    Ok(outcome)
}

/// Returns the places that a pool chooses from, by id.
fn candidates(places: &Places, pool: &Pool, treated: &[Id], window: Window) -> Result<Vec<Id>, PanelError> {
    let mut found = BTreeSet::new();
    for place in pool.places.iter().chain(&pool.groups) {
        if !places.has(place) && !places.is_group(place) {
            return Err(PanelError::UnknownPlace {
                asked_by: pool.id.clone(),
                place: place.clone(),
            });
        }
        for member in places.members(place, Some(window)) {
            match places.at_level(&member, pool.level) {
                Some(unit) => found.extend([unit]),
                None => found.extend(places.inside(&member, pool.level)),
            }
        }
    }
    if pool.places.is_empty() && pool.groups.is_empty() {
        // Other nations on record are no comparison for this one.
        let nations: BTreeSet<Option<Id>> = treated
            .iter()
            .map(|unit| places.at_level(unit, Level::Nation))
            .collect();
        let mut all = places.of_level(pool.level);
        all.retain(|place| nations.contains(&places.at_level(place, Level::Nation)));
        found.extend(all);
    }
    Ok(found.into_iter().collect())
}

/// What is needed to judge one candidate.
struct Judge<'a> {
    graph: &'a Graph,
    pool: &'a Pool,
    study: &'a Study,
    window: Window,
    treated: &'a [Id],
}

impl Judge<'_> {
    /// Returns the reasons against a place and the reasons to test it.
    fn reasons(&self, place: &Id) -> (Vec<Reason>, Vec<Reason>) {
        let places = self.graph.places();
        let (mut against, mut doubts) = (self.treatment(places, place), Vec::new());
        let touches: Vec<Touch<'_>> = self.graph.reaching(place, self.pool.reach).collect();
        let (counted, other): (Vec<Touch<'_>>, Vec<Touch<'_>>) =
            touches
                .into_iter()
                .partition(|touch| match &self.pool.programmes {
                    ProgrammeChoice::All => true,
                    ProgrammeChoice::Listed(ids) => ids.contains(&touch.edge.programme),
                });
        let window = self.window;
        let in_window = |touch: &&Touch<'_>| touch.edge.span.overlaps(window);
        let gives: Vec<Touch<'_>> = counted
            .iter()
            .filter(|touch| touch.side == Side::Provider)
            .filter(in_window)
            .copied()
            .collect();
        let own: Vec<Touch<'_>> = gives
            .iter()
            .filter(|touch| self.study.rounds.contains(&touch.edge.round))
            .copied()
            .collect();
        let receives: Vec<Touch<'_>> = counted
            .iter()
            .filter(|touch| touch.side == Side::Recipient)
            .filter(in_window)
            .copied()
            .collect();
        let newly: Vec<Touch<'_>> = receives
            .iter()
            .filter(|touch| touch.edge.span.begins_in(window))
            .copied()
            .collect();
        let before: Vec<Touch<'_>> = counted
            .iter()
            .filter(|touch| touch.side == Side::Recipient && touch.edge.span.begins_before(window))
            .copied()
            .collect();
        let words = format!("{} to {}", window.0, window.1);
        let add = |list: &mut Vec<Reason>, why: Why, text: &str, touches: &[Touch<'_>]| {
            if !touches.is_empty() {
                let (pairings, told) = tell(places, touches, why == Why::OtherProgramme);
                list.push(Reason {
                    why,
                    pairings,
                    text: format!("{text}: {told}"),
                });
            }
        };
        for word in &self.pool.exclude {
            match word {
                Exclusion::Providers => {
                    add(&mut against, Why::Provider, "gives in a round of the study", &own);
                }
                Exclusion::AnyProvider => add(&mut against, Why::AnyProvider, "gives", &gives),
                Exclusion::NewlyTreated => {
                    let text = format!("begins to receive inside {words}");
                    add(&mut against, Why::NewlyTreated, &text, &newly);
                }
                Exclusion::AnyRecipient => {
                    add(
                        &mut against,
                        Why::AnyRecipient,
                        &format!("receives in {words}"),
                        &receives,
                    );
                }
            }
        }
        let text = format!("received before {}", window.0);
        match self.pool.already_treated {
            Some(Handling::Exclude) => add(&mut against, Why::AlreadyTreated, &text, &before),
            Some(Handling::Keep) => {}
            Some(Handling::KeepAndTest) | None => add(&mut doubts, Why::AlreadyTreated, &text, &before),
        }
        // Whatever the rule does not exclude stays visible: these reasons count only where the place is admitted.
        let others: Vec<Touch<'_>> = gives
            .iter()
            .filter(|touch| !self.study.rounds.contains(&touch.edge.round))
            .copied()
            .collect();
        add(
            &mut doubts,
            Why::Contaminated,
            "gives in a round of the study and is let in",
            &own,
        );
        add(
            &mut doubts,
            Why::Contaminated,
            "gives in another round and is let in",
            &others,
        );
        add(
            &mut doubts,
            Why::Contaminated,
            "begins to receive inside the window and is let in",
            &newly,
        );
        let other: Vec<Touch<'_>> = other.iter().filter(in_window).copied().collect();
        let (whole, part): (Vec<Touch<'_>>, Vec<Touch<'_>>) = other
            .into_iter()
            .partition(|touch| touch.edge.span.covers(window));
        let text = "is under another programme in the whole window";
        add(&mut doubts, Why::OtherProgramme, text, &whole);
        let text = "is under another programme in part of the window";
        add(&mut doubts, Why::OtherProgramme, text, &part);
        (against, doubts)
    }

    fn treatment(&self, places: &Places, place: &Id) -> Vec<Reason> {
        let plain = |why, text| Reason {
            why,
            pairings: Vec::new(),
            text,
        };
        if self.treated.binary_search(place).is_ok() {
            return vec![plain(Why::Treated, "is treated in the study".to_owned())];
        }
        let mut found = Vec::new();
        let ends = places.members(&self.study.treated, Some(self.window));
        let held: Vec<&Id> = self
            .treated
            .iter()
            .chain(&ends)
            .filter(|treated| places.holds(place, treated))
            .collect();
        if let Some(first) = held.first() {
            let more = held.iter().collect::<BTreeSet<_>>().len() - 1;
            let rest = if more == 0 {
                String::new()
            } else {
                format!(" and {more} more treated places")
            };
            found.push(plain(
                Why::HoldsTreated,
                format!("holds {}{rest}", places.name_and_id(first)),
            ));
        }
        let outer = self
            .treated
            .iter()
            .chain(&ends)
            .find(|treated| places.holds(treated, place));
        if let Some(outer) = outer {
            let text = format!("lies inside {}, which is treated", places.name_and_id(outer));
            found.push(plain(Why::InsideTreated, text));
        }
        found
    }
}
