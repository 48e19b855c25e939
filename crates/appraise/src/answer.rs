//! The answer: one verdict a lens from its primary studies, and what it hangs on.

use counterpart_model::study::StudyRole;
use counterpart_model::{Id, Record};

use crate::assessment::{
    Answer, CheckResult, CheckStatusWord, DependsOn, LensAnswer, Number, RemovedKind, Sentence, StudyRow,
    Verdict, VerdictReason,
};
use crate::study::{MostTelling, percent_of};
use crate::verdict;
use crate::words;

/// Returns the answer of a case under the lenses that were asked for.
#[must_use]
pub fn of(record: &Record, lenses: &[Id], rows: &[StudyRow], telling: &[MostTelling]) -> Answer {
    let by_lens: Vec<LensAnswer> = lenses
        .iter()
        .map(|lens| under(record, lens, rows, telling))
        .collect();
    let mut words: Vec<Verdict> = by_lens.iter().map(|answer| answer.verdict).collect();
    words.sort();
    words.dedup();
    let titles = |verdict: Verdict| -> String {
        let named: Vec<String> = by_lens
            .iter()
            .filter(|answer| answer.verdict == verdict)
            .map(|answer| lens_title(record, &answer.lens))
            .collect();
        words::list(&named)
    };
    let sentence = match words.as_slice() {
        [] => Sentence::of("No lens was asked for."),
        [Verdict::CannotTell] => Sentence::of(format!(
            "The record cannot tell, under {}.",
            if by_lens.len() == 1 {
                "the one lens".to_owned()
            } else {
                format!("any of {} lenses", by_lens.len())
            }
        )),
        [only] => Sentence::of(format!("{} under every lens.", capital(only.words()))),
        several => {
            let parts: Vec<String> = several
                .iter()
                .map(|verdict| format!("{} under {}", verdict.words(), titles(*verdict)))
                .collect();
            Sentence::of(format!("{}.", capital(&parts.join("; "))))
        }
    };
    Answer { sentence, by_lens }
}

pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}", first.to_uppercase(), letters.as_str())
    })
}

/// The title of a pool from the id of its row, `pool:STUDY:POOL:WINDOW`.
fn pool_title(record: &Record, row: &str) -> String {
    let id = row.split(':').nth(2).unwrap_or(row);
    record
        .case
        .pools
        .iter()
        .find(|pool| pool.id == id)
        .map_or_else(|| row.to_owned(), |pool| pool.title.clone())
}

/// The name of a place, or the text itself where it is none.
fn place_name(record: &Record, id: &str) -> String {
    record
        .places
        .iter()
        .find(|place| place.id == id)
        .map_or_else(|| id.to_owned(), |place| place.name.clone())
}

fn lens_title(record: &Record, lens: &str) -> String {
    record
        .case
        .lenses
        .iter()
        .find(|row| row.id == lens)
        .map_or_else(|| lens.to_owned(), |row| row.title.clone())
}

fn under(record: &Record, lens: &Id, rows: &[StudyRow], telling: &[MostTelling]) -> LensAnswer {
    let primary: Vec<&str> = record
        .case
        .studies_under(lens)
        .filter(|study| study.role == StudyRole::Primary)
        .map(|study| study.id.as_str())
        .collect();
    let of_study = |study: &str| -> Vec<&StudyRow> {
        rows.iter()
            .filter(|row| row.lens == lens.as_str() && row.study == study && row.main)
            .collect()
    };
    let decided: Vec<(&str, Verdict, VerdictReason)> = primary
        .iter()
        .map(|study| {
            let outcomes: Vec<(Verdict, VerdictReason)> = of_study(study)
                .iter()
                .map(|row| (row.verdict, row.reason))
                .collect();
            let (verdict, reason) = verdict::of_outcomes(&outcomes);
            (*study, verdict, reason)
        })
        .collect();
    let headline = verdict::headline(&decided.iter().map(|(_, verdict, _)| *verdict).collect::<Vec<_>>());
    let mut sentence = Sentence::of(match headline {
        Verdict::CannotTell => "The record cannot tell. ",
        Verdict::Helped => "Helped. ",
        Verdict::Harmed => "Harmed. ",
        Verdict::NoDetectableEffect => "No detectable effect. ",
    });
    if primary.is_empty() {
        sentence = sentence.text("No primary study runs under this lens.");
    }
    for (index, (study, verdict, reason)) in decided.iter().enumerate() {
        if index > 0 {
            sentence = sentence.text(" ");
        }
        let title = record
            .case
            .studies
            .iter()
            .find(|row| row.id == *study)
            .map_or_else(|| (*study).to_owned(), |row| row.title.clone());
        sentence = sentence.text(format!("{title}: "));
        let main = of_study(study);
        if *reason == VerdictReason::OutcomesDisagree {
            sentence = sentence.text(format!(
                "the outcomes disagree ({}).",
                words::list(
                    &main
                        .iter()
                        .map(|row| format!("{}: {}", row.outcome, row.verdict.words()))
                        .collect::<Vec<_>>()
                )
            ));
        } else if let Some(row) = main.first() {
            sentence = sentence.join(why(row, record.case.verdict.smallest_effect));
        } else {
            sentence = sentence.text(format!(
                "{}; no estimate was asked for under this lens.",
                verdict.words()
            ));
        }
    }
    LensAnswer {
        lens: lens.to_string(),
        verdict: headline,
        sentence,
        primary_studies: primary.iter().map(|study| (*study).to_owned()).collect(),
        from: primary
            .iter()
            .flat_map(|study| of_study(study))
            .map(|row| row.id.clone())
            .collect(),
        hangs_on: primary
            .iter()
            .flat_map(|study| hangs_on(record, &of_study(study), rows, telling))
            .collect(),
    }
}

/// Says why the verdict of a row is what it is.
#[must_use]
pub fn why(row: &StudyRow, delta: f64) -> Sentence {
    let delta = percent_of(delta, &row.transform)
        .trim_start_matches('+')
        .to_owned();
    let checks = |status: CheckStatusWord| -> Sentence {
        let concerned: Vec<&CheckResult> = row
            .checks
            .iter()
            .filter(|check| check.required && check.status == status)
            .collect();
        let mut sentence = Sentence::new();
        for (index, check) in concerned.iter().enumerate() {
            sentence = sentence.text(match index {
                0 => "",
                last if last + 1 == concerned.len() => " and ",
                _ => ", ",
            });
            sentence = sentence.text(check.name.replace('_', " "));
            if let (Some(value), Some(threshold), CheckStatusWord::Fails) =
                (&check.value, &check.threshold, status)
            {
                sentence = sentence
                    .text(" (")
                    .figure(short(value), row.id.as_str())
                    .text(" against ")
                    .figure(short(threshold), row.id.as_str())
                    .text(")");
            }
        }
        sentence.text(".")
    };
    match row.reason {
        VerdictReason::NoSeries => Sentence::of(format!(
            "no series is left under this lens{}.",
            row.not_available
                .as_ref()
                .map(|why| format!(" ({})", words::without_full_stop(why)))
                .unwrap_or_default()
        )),
        VerdictReason::NoControl => Sentence::of("no place on record may serve as comparison."),
        VerdictReason::CheckFailed => {
            Sentence::of("a required check fails: ").join(checks(CheckStatusWord::Fails))
        }
        VerdictReason::CheckNotComputed => match &row.not_available {
            Some(why) => Sentence::of(format!(
                "the estimator that the rule reads, {}, gives no estimate ({}).",
                row.estimator,
                words::without_full_stop(why)
            )),
            None => {
                Sentence::of("a required check was not computed: ").join(checks(CheckStatusWord::NotComputed))
            }
        },
        VerdictReason::PFloor => {
            let [groups, treated] = row.assignment_groups;
            let begin = Sentence::of(format!(
                "{treated} of {groups} {} treated, so that no p below ",
                words::plural(&row.assignment_level)
            ));
            match &row.p_floor {
                Some(floor) => begin
                    .figure(short(floor), row.id.as_str())
                    .text(" exists in this design."),
                None => begin.text("the confidence asked for exists."),
            }
        }
        VerdictReason::OutcomesDisagree => Sentence::of("its outcomes disagree."),
        VerdictReason::Undecided => row.sentence.clone().text(format!(
            " That is neither clear of zero and at least the smallest effect of interest ({delta}), nor inside it with zero."
        )),
        VerdictReason::Inside => row
            .sentence
            .clone()
            .text(format!(" Anything above the smallest effect of interest ({delta}) would have shown.")),
        VerdictReason::Above | VerdictReason::Below => row.sentence.clone(),
    }
}

fn short(number: &Number) -> String {
    let value = number.as_f64();
    if value.abs() >= 0.01 || value == 0.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.1e}")
    }
}

/// What exchanging one choice, or leaving out one control, would make of the verdict: whatever changes it, and of
/// each kind that changes nothing the one that moves the estimate most.
fn hangs_on(
    record: &Record,
    main: &[&StudyRow],
    rows: &[StudyRow],
    telling: &[MostTelling],
) -> Vec<DependsOn> {
    let mut found = Vec::new();
    for row in main {
        let Some(estimate) = row.estimate.as_ref().map(Number::as_f64) else {
            continue;
        };
        let same = |other: &StudyRow| {
            other.study == row.study
                && other.outcome == row.outcome
                && other.variant == row.variant
                && other.id != row.id
        };
        let others = rows
            .iter()
            .filter(|other| same(other) && other.estimate.is_some());
        let mut nearest: Vec<(RemovedKind, DependsOn, f64)> = Vec::new();
        for other in others {
            let differs = [
                other.lens != row.lens,
                other.pool != row.pool,
                other.window != row.window || other.onset != row.onset,
                other.estimator != row.estimator,
            ];
            if differs.iter().filter(|differs| **differs).count() != 1 {
                continue;
            }
            let (kind, removes, how) = match differs {
                [true, ..] => (
                    RemovedKind::Vintage,
                    other.lens.clone(),
                    format!("Under the lens “{}”", lens_title(record, &other.lens)),
                ),
                [_, true, ..] => (
                    RemovedKind::Control,
                    other.pool.clone(),
                    format!("With the pool “{}”", pool_title(record, &other.pool)),
                ),
                [_, _, true, _] => (
                    RemovedKind::Window,
                    format!("{}:{}/{}", other.onset, other.window[0], other.window[1]),
                    format!(
                        "With onset {} in {}–{}",
                        other.onset, other.window[0], other.window[1]
                    ),
                ),
                _ => (
                    RemovedKind::Estimator,
                    other.estimator.clone(),
                    format!("By {}", other.estimator.replace('-', " ")),
                ),
            };
            let Some(after) = other.estimate.clone() else {
                continue;
            };
            let moved = (after.as_f64() - estimate).abs();
            let sentence = Sentence::of(format!("{how}: "))
                .figure(percent_of(after.as_f64(), &other.transform), other.id.as_str())
                .text(" instead of ")
                .figure(percent_of(estimate, &row.transform), row.id.as_str())
                .text(format!(", {} ({}).", other.verdict.words(), row.title));
            let depends = DependsOn {
                removes,
                kind,
                verdict_after: other.verdict,
                estimate_after: Some(after),
                sentence,
                from: vec![row.id.clone(), other.id.clone()],
            };
            if other.verdict == row.verdict {
                nearest.push((kind, depends, moved));
            } else {
                found.push(depends);
            }
        }
        if let Some(one) = telling.iter().find(|one| one.row == row.id) {
            let moved = (one.estimate - estimate).abs();
            if let Some(after) = Number::estimate(one.estimate) {
                nearest.push((
                    RemovedKind::Control,
                    DependsOn {
                        removes: one.removes.clone(),
                        kind: RemovedKind::Control,
                        verdict_after: row.verdict,
                        estimate_after: Some(after),
                        sentence: Sentence::of(format!("Without {}: ", place_name(record, &one.removes)))
                            .figure(percent_of(one.estimate, &row.transform), one.figure_id())
                            .text(" instead of ")
                            .figure(percent_of(estimate, &row.transform), row.id.as_str())
                            .text(format!(
                                ", the control whose removal moves it most ({}).",
                                row.title
                            )),
                        from: vec![row.id.clone()],
                    },
                    moved,
                ));
            }
        }
        nearest.sort_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| b.2.total_cmp(&a.2))
                .then_with(|| a.1.removes.cmp(&b.1.removes))
        });
        let mut last = None;
        for (kind, depends, _) in nearest {
            if last != Some(kind) {
                found.push(depends);
                last = Some(kind);
            }
        }
    }
    found
}
