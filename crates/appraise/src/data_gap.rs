//! Data gaps: what is missing, who would hold it, which verdict, check or duty it would move.
//!
//! Who would hold a thing is read off the record: whoever published or said the like of it elsewhere, or the party that a
//! rule or claim names; *not known* where nothing tells. A gap is one thing, however many findings wait for it.

mod holder;

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::programme::PairingBasis;
use counterpart_model::{Id, Record, TableId};

use crate::assessment::{
    ActivityRow, CheckStatusWord, ClaimRow, DataGap, Duty, DutyInput, DutyStatus, PoolRow, ResultKind,
    StudyRow, VerdictReason,
};
use crate::carried;
use crate::disclosure::INPUT_WITHHELD;
use crate::words;
use holder::Holders;

/// What the gaps are read off.
pub(crate) struct Found<'a> {
    pub(crate) claims: &'a [ClaimRow],
    pub(crate) duties: &'a [Duty],
    pub(crate) activities: &'a [ActivityRow],
    pub(crate) studies: &'a [StudyRow],
    pub(crate) pools: &'a [PoolRow],
}

/// One gap while findings that wait for it are gathered.
#[derive(Default)]
struct Gap {
    what: String,
    who: String,
    settles: BTreeSet<String>,
    checks: BTreeSet<String>,
    duties: BTreeSet<String>,
    from: BTreeSet<String>,
}

/// Returns every gap, by id.
#[must_use]
pub(crate) fn rows(record: &Record, found: &Found<'_>) -> Vec<DataGap> {
    let mut gaps = Gaps {
        record,
        holders: Holders::of(record),
        by_id: BTreeMap::new(),
    };
    gaps.of_claims(found.claims);
    gaps.of_duties(found.duties);
    gaps.of_studies(found.studies);
    gaps.of_pools(found.pools);
    gaps.of_pairings(found.studies);
    gaps.of_results(found.activities);
    gaps.of_postings();
    gaps.by_id
        .into_iter()
        .map(|(id, gap)| DataGap {
            id,
            what: gap.what,
            who_holds: gap.who,
            would_settle: gap.settles.into_iter().collect(),
            would_check: gap.checks.into_iter().collect(),
            would_duty: gap.duties.into_iter().collect(),
            from: gap.from.into_iter().collect(),
        })
        .collect()
}

struct Gaps<'a> {
    record: &'a Record,
    holders: Holders<'a>,
    by_id: BTreeMap<String, Gap>,
}

impl Gaps<'_> {
    /// The gap of an id, made where it is not there yet.
    fn gap(&mut self, id: String, what: impl FnOnce(&Self) -> (String, String)) -> &mut Gap {
        // An indicator of a result may be words.
        let id = id.split_whitespace().collect::<Vec<&str>>().join("_");
        if !self.by_id.contains_key(&id) {
            let (what, who) = what(self);
            let gap = Gap {
                what,
                who,
                ..Gap::default()
            };
            self.by_id.insert(id.clone(), gap);
        }
        self.by_id.entry(id).or_default()
    }

    /// Operands that claims are said to follow from and that nothing on record gives.
    fn of_claims(&mut self, claims: &[ClaimRow]) {
        for claim in claims {
            for derivation in &claim.check.by_derivation {
                // What is withheld is on record.
                let missing = derivation.missing.iter().filter(|what| *what != INPUT_WITHHELD);
                for missing in missing {
                    // A reason in words is about this derivation; an operand is one thing for all that wait for it.
                    let is_operand = !missing.contains(' ');
                    let id = if is_operand {
                        format!("missing:operand:{missing}")
                    } else {
                        format!("missing:derivation:{}", derivation.id)
                    };
                    let gap = self.gap(id, |gaps| {
                        if is_operand {
                            (
                                format!("{missing} is not on record"),
                                gaps.holders.of_operand(missing),
                            )
                        } else {
                            (missing.clone(), gaps.holders.of_speaker(&claim.speaker))
                        }
                    });
                    gap.checks.insert(claim.id.clone());
                    gap.from.extend([claim.id.clone(), derivation.id.clone()]);
                }
            }
        }
    }

    /// Inputs that duties lack, by rule, provider and input.
    fn of_duties(&mut self, duties: &[Duty]) {
        let mut lacking: BTreeMap<(&str, &str, DutyInput, &str), Vec<&Duty>> = BTreeMap::new();
        for duty in duties
            .iter()
            .filter(|duty| duty.status == DutyStatus::NotCheckable)
        {
            for input in &duty.missing {
                // Payments of other periods are payments that are missing.
                let input = match input {
                    DutyInput::Period => &DutyInput::Payment,
                    other => other,
                };
                let base = match input {
                    DutyInput::Base => duty.base_indicator.as_str(),
                    _ => "",
                };
                // What the rule itself leaves open is one gap for all who owe.
                let provider = match input {
                    DutyInput::Base | DutyInput::Payment | DutyInput::Period => duty.provider.as_str(),
                    _ => "",
                };
                lacking
                    .entry((&duty.rule, provider, *input, base))
                    .or_default()
                    .push(duty);
            }
        }
        for ((rule, provider, input, base), duties) in lacking {
            let Some(first) = duties.first() else { continue };
            let word = input_in_words(input);
            let parts: Vec<&str> = ["missing", "duty", word.0, rule, provider, base]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect();
            let periods: BTreeSet<&str> = duties.iter().map(|duty| duty.period.as_str()).collect();
            let periods: Vec<String> = periods.into_iter().map(str::to_owned).collect();
            let gap = self.gap(parts.join(":"), |gaps| {
                let what = match input {
                    DutyInput::Base => format!(
                        "{base} of {} as the base of {rule} for {}",
                        first.provider_name,
                        words::list(&periods)
                    ),
                    DutyInput::Payment | DutyInput::Period => format!(
                        "what {} paid under {rule}, year by year, for {}",
                        first.provider_name,
                        words::list(&periods)
                    ),
                    _ => format!("{} of {rule} ({})", word.1, words::list(&periods)),
                };
                let who = match input {
                    DutyInput::Base => gaps.holders.of_series(base, Some(provider)),
                    DutyInput::Payment | DutyInput::Period => gaps.holders.of_payments(provider),
                    _ => gaps.holders.of_rule(rule),
                };
                (what, who)
            });
            gap.duties.extend(duties.iter().map(|duty| duty.id.clone()));
            gap.from.insert(rule.to_owned());
        }
    }

    /// What keeps the main estimate of a study from a verdict.
    fn of_studies(&mut self, rows: &[StudyRow]) {
        for row in rows.iter().filter(|row| row.main) {
            match (row.reason, &row.not_available) {
                (VerdictReason::NoSeries | VerdictReason::NoControl, Some(why)) => {
                    let id = format!("missing:study:{}:{}:{}", row.study, row.outcome, row.lens);
                    let gap = self.gap(id, |gaps| {
                        (why.clone(), gaps.holders.of_series(&row.outcome, None))
                    });
                    gap.settles.insert(row.study.clone());
                    gap.from.insert(row.id.clone());
                }
                (VerdictReason::PFloor, _) => {
                    let [groups, treated] = row.assignment_groups;
                    let id = format!("missing:assignment:{}", row.study);
                    let gap = self.gap(id, |_| {
                        (
                            format!(
                                "{treated} of {groups} {} units of assignment treated: a verdict needs more of them",
                                row.assignment_level
                            ),
                            "nobody: no more of them were treated".to_owned(),
                        )
                    });
                    gap.settles.insert(row.study.clone());
                    gap.from.insert(row.id.clone());
                }
                _ => {}
            }
            for check in &row.checks {
                // Without an estimate there is nothing to check, and that has been said.
                let lacks = check.required && check.status == CheckStatusWord::NotComputed;
                if !lacks || row.estimate.is_none() {
                    continue;
                }
                let id = format!("missing:check:{}:{}:{}", row.study, row.outcome, check.name);
                let gap = self.gap(id, |gaps| {
                    let why = check
                        .reason
                        .clone()
                        .unwrap_or_else(|| "no reason given".to_owned());
                    (
                        format!("what the check {} needs: {why}", check.name),
                        gaps.holders.of_series(&row.outcome, None),
                    )
                });
                gap.settles.insert(row.study.clone());
                gap.from.insert(row.id.clone());
            }
        }
    }

    /// Parts of pool rules that could not be evaluated.
    fn of_pools(&mut self, pools: &[PoolRow]) {
        for pool in pools {
            // A note says what was done, not what is missing.
            for part in pool.not_computed.iter().filter(|part| part.place != "note") {
                let id = format!("missing:pool:{}:{}:{}", pool.study, pool.pool, part.place);
                let gap = self.gap(id, |_| {
                    (
                        format!("{}: {}", part.place, part.why),
                        holder::UNKNOWN.to_owned(),
                    )
                });
                gap.settles.insert(pool.study.clone());
                gap.from.insert(pool.id.clone());
            }
        }
    }

    /// Pairings that rest on inference and that a study reads.
    fn of_pairings(&mut self, studies: &[StudyRow]) {
        let ran: BTreeSet<&str> = studies.iter().map(|row| row.study.as_str()).collect();
        let read: Vec<(Id, Id)> = self
            .record
            .case
            .studies
            .iter()
            .filter(|study| ran.contains(study.id.as_str()))
            .flat_map(|study| study.rounds.iter().map(|round| (study.id.clone(), round.clone())))
            .collect();
        for (study, round) in read {
            let inferred: Vec<&counterpart_model::programme::Pairing> = self
                .record
                .pairings
                .iter()
                .filter(|row| row.round_id == round && row.basis == PairingBasis::Inferred)
                .collect();
            if inferred.is_empty() {
                continue;
            }
            let ids: Vec<String> = inferred.iter().map(|row| row.id.to_string()).collect();
            let count = inferred.len();
            let gap = self.gap(format!("missing:pairings:{round}"), |gaps| {
                let pairings = if count == 1 { "pairing" } else { "pairings" };
                (
                    format!("a list of {round} that names {count} {pairings} now inferred"),
                    gaps.holders.of_pairings(&round),
                )
            });
            gap.settles.insert(study.to_string());
            gap.from.extend(ids);
        }
    }

    /// Promises without a date, and promises without anything on record of what was reached.
    fn of_results(&mut self, activities: &[ActivityRow]) {
        for activity in activities {
            for result in &activity.results {
                let promises = matches!(result.kind, ResultKind::Target | ResultKind::Both);
                if !promises || result.withheld.is_some() {
                    continue;
                }
                let indicator = result.indicator.replace('_', " ");
                if result.due_on.is_none() {
                    let gap = self.gap(format!("missing:due:{}", result.id), |gaps| {
                        (
                            format!(
                                "the date by which {indicator} of “{}” was promised",
                                activity.title
                            ),
                            gaps.holders.of_speaker(&result.speaker),
                        )
                    });
                    gap.checks.insert(result.id.clone());
                    gap.from.insert(result.id.clone());
                }
                if result.against.is_empty() {
                    let id = format!(
                        "missing:actual:{}:{}:{}",
                        activity.id, result.indicator, result.unit
                    );
                    let gap = self.gap(id, |gaps| {
                        (
                            format!(
                                "what “{}” reached: {indicator}, in {}",
                                activity.title, result.unit
                            ),
                            gaps.holders.of_activity(activity, &result.speaker),
                        )
                    });
                    gap.checks.insert(result.id.clone());
                    gap.from.insert(result.id.clone());
                }
            }
        }
    }

    /// Postings and trainings that were said to happen without a number; one gap for each programme and speaker.
    fn of_postings(&mut self) {
        let postings = self.record.postings.iter().filter(|row| {
            row.count.is_none()
                && row.lower.is_none()
                && row.upper.is_none()
                && !self.record.is_withheld(TableId::Postings, row.id.as_str())
        });
        let found: Vec<(String, String, String)> = postings
            .map(|row| {
                (
                    row.id.to_string(),
                    row.speaker_id
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                    carried::name(self.record, &row.provider_id),
                )
            })
            .collect();
        for (posting, speaker, provider) in found {
            let gap = self.gap(format!("missing:posting:{posting}"), |gaps| {
                (
                    format!("how many people {provider} sent ({posting})"),
                    gaps.holders.of_speaker(&speaker),
                )
            });
            gap.checks.insert(posting.clone());
            gap.from.insert(posting);
        }
    }
}

/// An input as a part of an id, and in words.
const fn input_in_words(input: DutyInput) -> (&'static str, &'static str) {
    match input {
        DutyInput::Rate => ("rate", "the rate"),
        DutyInput::Base => ("base", "the base"),
        DutyInput::Payment | DutyInput::Period => ("payment", "the payments"),
        DutyInput::Purpose => ("purpose", "what the money was spent on, for the share"),
        DutyInput::Due => ("due", "the date"),
        DutyInput::Measure => ("measure", "what is measured, for the target"),
        DutyInput::Exactness => ("exactness", "the exact amount paid, where only a bound was said,"),
        DutyInput::Currency => ("currency", "amounts in one currency"),
    }
}
