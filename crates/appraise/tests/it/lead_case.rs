//! The lead case end to end: what the first study has to be able to say.

use std::collections::BTreeSet;

use counterpart_appraise::assessment::{CheckStatusWord, StudyRow, Verdict};

use crate::cases::{appraise, folder};

#[test]
fn studies_with_a_pool_give_numbers_and_lists_or_a_typed_reason() {
    let case = folder("xinjiang");
    let assessment = appraise(case.case, case.tables);
    let of = |estimator: &str| -> Vec<&StudyRow> {
        assessment
            .studies
            .iter()
            .filter(|row| {
                row.role == "primary" && row.assignment_groups[0] > 2 && row.outcome.starts_with("gdp")
            })
            .filter(|row| row.estimator == estimator && row.variant.is_none() && row.cluster == "prefecture")
            .collect()
    };
    for estimator in ["did", "event-study"] {
        let rows = of(estimator);
        let outcomes: BTreeSet<&str> = rows.iter().map(|row| row.outcome.as_str()).collect();
        let onsets: BTreeSet<&str> = rows.iter().map(|row| row.onset.as_str()).collect();
        assert_eq!((outcomes.len(), onsets.len()), (2, 2), "{estimator}");
        for row in rows {
            assert!(row.estimate.is_some() && row.std_error.is_some(), "{}", row.id);
            assert!(row.p_value.is_some() && row.p_floor.is_some(), "{}", row.id);
            for name in ["pre_trend", "placebo_in_time"] {
                let check = row
                    .checks
                    .iter()
                    .find(|check| check.name == name)
                    .expect("a check");
                assert!(
                    check.status != CheckStatusWord::NotComputed && check.value.is_some(),
                    "{}: {check:?}",
                    row.id
                );
            }
            let sample = row.sample.as_ref().expect("a sample");
            assert_eq!(
                (sample.treated.len(), sample.controls.len()),
                (row.n_treated, row.n_controls)
            );
            assert_eq!(estimator == "event-study", !row.points.is_empty());
        }
    }
}

#[test]
fn one_treated_unit_of_assignment_never_says_helped_or_harmed() {
    let case = folder("xinjiang");
    let alpha = 1.0 - case.case.verdict.confidence;
    let assessment = appraise(case.case, case.tables);
    for row in &assessment.studies {
        if row.p_floor.as_ref().is_some_and(|floor| floor.as_f64() > alpha) {
            assert_eq!(row.verdict, Verdict::CannotTell, "{}", row.id);
        }
    }
}

#[test]
fn everything_that_a_sentence_points_at_is_in_the_report() {
    for name in ["xinjiang", "wenchuan"] {
        let case = folder(name);
        let assessment = appraise(case.case, case.tables);
        let mut known: BTreeSet<&str> = assessment
            .figures
            .iter()
            .map(|figure| figure.id.as_str())
            .collect();
        known.extend(assessment.claims.iter().map(|claim| claim.id.as_str()));
        known.extend(
            assessment
                .claims
                .iter()
                .flat_map(|claim| claim.check.candidates.iter().map(|c| c.id.as_str())),
        );
        known.extend(assessment.studies.iter().map(|row| row.id.as_str()));
        let mut sentences = vec![&assessment.answer.sentence];
        for answer in &assessment.answer.by_lens {
            sentences.push(&answer.sentence);
            sentences.extend(answer.hangs_on.iter().map(|depends| &depends.sentence));
        }
        sentences.extend(assessment.claims.iter().map(|claim| &claim.check.sentence));
        sentences.extend(assessment.studies.iter().map(|row| &row.sentence));
        for figure in sentences.into_iter().flat_map(|sentence| sentence.figures()) {
            assert!(known.contains(figure.of.as_str()), "{name}: {figure:?}");
        }
    }
}

#[test]
fn an_allegation_has_its_speaker_in_the_sentence_and_its_answers_beside_it() {
    let case = folder("xinjiang");
    let assessment = appraise(case.case, case.tables);
    assert!(!assessment.allegations.is_empty());
    for row in &assessment.allegations {
        let claim = assessment
            .claims
            .iter()
            .find(|claim| claim.id == row.claim)
            .expect("the claim");
        let verb = if claim.act == "alleges" {
            "alleges: "
        } else {
            "criticises: "
        };
        let (speaker, _) = claim
            .attributed
            .split_once(verb)
            .unwrap_or_else(|| panic!("{}", claim.attributed));
        assert!(!speaker.trim().is_empty());
        assert_eq!(row.answers, claim.answered_by);
        assert_eq!(row.reply == "no reply on record", row.answers.is_empty());
    }
}
