//! Where a target stands at the clock of a case: what was to be reached, by when, and what is said to have been.
//!
//! | status | when |
//! |---|---|
//! | met | something on record reaches it, whenever that was ([`Standing::late`] says whether after the date) |
//! | on time | not reached, and the date has not passed |
//! | missed | the date has passed, and what is on record for that date or later is less |
//! | overdue | the date has passed, and what is on record is from before it, or a bound that settles nothing |
//! | silent since | the date has passed, and nothing at all is on record about what was reached |
//! | unknown | not reached, and no date on record |

use counterpart_model::quantity::Figure;
use counterpart_model::{Date, Decimal};

use crate::assessment::AsOfStatus;

/// Which way a target is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// By as much or more.
    #[default]
    Up,
    /// By as little or less.
    Down,
}

impl Way {
    /// Returns the way from a baseline to a target: down only where the baseline lies above it.
    #[must_use]
    pub fn from_baseline(baseline: Option<Decimal>, target: Option<Decimal>) -> Self {
        match (baseline, target) {
            (Some(baseline), Some(target)) if target < baseline => Self::Down,
            _ => Self::Up,
        }
    }

    /// Whether every value that a figure may stand for reaches the threshold.
    fn reaches(self, figure: Figure, threshold: Decimal) -> bool {
        match (self, figure) {
            (_, Figure::Value(value)) => self.is_there(value, threshold),
            (Self::Up, Figure::AtLeast(lower) | Figure::Between(lower, _)) => lower >= threshold,
            (Self::Down, Figure::AtMost(upper) | Figure::Between(_, upper)) => upper <= threshold,
            (Self::Up, Figure::AtMost(_)) | (Self::Down, Figure::AtLeast(_)) => false,
        }
    }

    /// Whether no value that a figure may stand for reaches the threshold.
    fn falls_short(self, figure: Figure, threshold: Decimal) -> bool {
        match (self, figure) {
            (_, Figure::Value(value)) => !self.is_there(value, threshold),
            (Self::Up, Figure::AtMost(upper) | Figure::Between(_, upper)) => upper < threshold,
            (Self::Down, Figure::AtLeast(lower) | Figure::Between(lower, _)) => lower > threshold,
            (Self::Up, Figure::AtLeast(_)) | (Self::Down, Figure::AtMost(_)) => false,
        }
    }

    fn is_there(self, value: Decimal, threshold: Decimal) -> bool {
        match self {
            Self::Up => value >= threshold,
            Self::Down => value <= threshold,
        }
    }
}

/// What was to be reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// The statement that sets it.
    pub id: String,
    /// How much; none where something was to happen at all, such as a completion.
    pub threshold: Option<Decimal>,
    /// Which way.
    pub way: Way,
    /// When it was said.
    pub said_on: Option<Date>,
    /// By when.
    pub due_on: Option<Date>,
}

/// What is said to have been reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The statement.
    pub id: String,
    /// How much; none where it says only that it happened.
    pub figure: Option<Figure>,
    /// The last date that it is about.
    pub about: Option<Date>,
}

/// Where a target stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Status.
    pub status: AsOfStatus,
    /// Statements that decide it, in the order given.
    pub by: Vec<String>,
    /// Where it is silent: the last date of anything on record about it.
    pub since: Option<Date>,
    /// Whether it was met by a statement about a time after the date.
    pub late: bool,
}

/// Returns where a target stands at the clock `as_of`, given everything on record about what was reached.
///
/// What is about a time after the clock is passed over. A bound counts only for what it excludes: "more than 400"
/// neither meets a target of 500 nor misses it.
///
/// # Example
/// ```
/// # use counterpart_appraise::due::{Reached, Target, standing};
/// # use counterpart_appraise::assessment::AsOfStatus;
/// # use counterpart_model::quantity::Figure;
/// let target = Target {
///     id: "target".into(),
///     threshold: Some(500.into()),
///     due_on: "2020".parse().ok(),
///     ..Target::default()
/// };
/// let reached = Reached {
///     id: "actual".into(),
///     figure: Some(Figure::Value(480.into())),
///     about: "2020-12".parse().ok(),
/// };
/// let now = "2026-11-24".parse()?;
/// assert_eq!(standing(&target, &[reached], now).status, AsOfStatus::Missed);
/// # Ok::<(), counterpart_model::time::NotADate>(())
/// ```
#[must_use]
pub fn standing(target: &Target, reached: &[Reached], as_of: Date) -> Standing {
    let known: Vec<&Reached> = reached
        .iter()
        .filter(|one| one.about.is_none_or(|about| !about.is_after(as_of)))
        .collect();
    let ids = |rows: &[&Reached]| rows.iter().map(|one| one.id.clone()).collect();
    let plain = |status: AsOfStatus, by: Vec<String>| Standing {
        status,
        by,
        since: None,
        late: false,
    };
    let there: Vec<&Reached> = known
        .iter()
        .filter(|one| match (target.threshold, one.figure) {
            (Some(threshold), Some(figure)) => target.way.reaches(figure, threshold),
            (Some(_), None) => false,
            (None, _) => true,
        })
        .copied()
        .collect();
    if !there.is_empty() {
        let after = |one: &&Reached| match (one.about, target.due_on) {
            (Some(about), Some(due)) => about.is_after(due),
            _ => false,
        };
        return Standing {
            late: there.iter().all(after),
            ..plain(AsOfStatus::Met, ids(&there))
        };
    }
    let Some(due) = target.due_on else {
        return plain(AsOfStatus::Unknown, ids(&known));
    };
    if !as_of.is_after(due) {
        return plain(AsOfStatus::OnTime, ids(&known));
    }
    let short: Vec<&Reached> = known
        .iter()
        .filter(|one| {
            let covers = one.about.is_some_and(|about| about.last_day() >= due.last_day());
            let is_less = match (target.threshold, one.figure) {
                (Some(threshold), Some(figure)) => target.way.falls_short(figure, threshold),
                _ => false,
            };
            covers && is_less
        })
        .copied()
        .collect();
    if !short.is_empty() {
        plain(AsOfStatus::Missed, ids(&short))
    } else if known.is_empty() {
        Standing {
            since: target.said_on.or(Some(due)),
            ..plain(AsOfStatus::SilentSince, Vec::new())
        }
    } else {
        plain(AsOfStatus::Overdue, ids(&known))
    }
}

/// Returns, for each of several targets of one thing, the later and less demanding one that took its place, if any.
///
/// Later is what was said later, or, where neither is known to be, what is due later. Of several the first
/// that was said later counts.
#[must_use]
pub fn ratcheted(targets: &[Target]) -> Vec<Option<String>> {
    targets
        .iter()
        .map(|one| {
            let mut later: Vec<&Target> = targets
                .iter()
                .filter(|other| {
                    let said = one.said_on.zip(other.said_on);
                    let is_later = match said {
                        Some((one, other)) if other.is_after(one) => true,
                        Some((one, other)) if one.is_after(other) => false,
                        _ => match (one.due_on, other.due_on) {
                            (Some(one), Some(other)) => other.is_after(one),
                            _ => false,
                        },
                    };
                    let is_less = match (one.threshold, other.threshold) {
                        (Some(one_is), Some(other)) => match one.way {
                            Way::Up => other < one_is,
                            Way::Down => other > one_is,
                        },
                        _ => false,
                    };
                    is_later && is_less
                })
                .collect();
            later.sort_by(|a, b| (a.said_on, a.due_on, &a.id).cmp(&(b.said_on, b.due_on, &b.id)));
            later.first().map(|other| other.id.clone())
        })
        .collect()
}
