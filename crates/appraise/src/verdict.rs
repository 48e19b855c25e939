//! The decision table of a case, and the headline of a lens.
//!
//! Lines are read in the order in which `case.toml` has them, and the first that matches wins. Two things are not
//! lines: without the main estimator, or without a required check, the table is not reached beyond its refusals,
//! and the verdict is *cannot tell*.
//!
//! `inside` asks for two things: the interval lies inside (−δ, +δ), and it does not exclude zero. An effect that is
//! told apart from zero and is smaller than the smallest of interest is not "no detectable effect": it was
//! detected. It is left undecided (`docs/decisions/0005-inside-holds-zero.md`).

use counterpart_model::case::{VerdictLine, VerdictRule};

use crate::assessment::{CheckResult, CheckStatusWord, Verdict, VerdictReason};

/// What the decision table reads of one estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Facts<'a> {
    /// Whether the lens leaves a series.
    pub has_series: bool,
    /// Whether anyone may serve as comparison.
    pub has_control: bool,
    /// The estimate; none where the estimator is not available.
    pub estimate: Option<f64>,
    /// Its interval at the level of assignment, where the design gives one.
    pub interval: Option<(f64, f64)>,
    /// Its p-value at the level of assignment.
    pub p_value: Option<f64>,
    /// The smallest p-value that the design can reach.
    pub p_floor: Option<f64>,
    /// The checks.
    pub checks: &'a [CheckResult],
}

/// Returns the verdict of one estimate and the line that gave it.
#[must_use]
pub fn decide(rule: &VerdictRule, facts: &Facts<'_>) -> (Verdict, VerdictReason) {
    let alpha = 1.0 - rule.confidence;
    let delta = rule.smallest_effect;
    let required = |status: CheckStatusWord| {
        facts
            .checks
            .iter()
            .any(|check| check.required && check.status == status)
    };
    // A line that reads the estimate is reached only with an estimate and every required check.
    let not_computed = facts.estimate.is_none() || required(CheckStatusWord::NotComputed);
    for line in &rule.rule {
        let found = match line {
            VerdictLine::NoSeries => {
                (!facts.has_series).then_some((Verdict::CannotTell, VerdictReason::NoSeries))
            }
            VerdictLine::NoControl => {
                (!facts.has_control).then_some((Verdict::CannotTell, VerdictReason::NoControl))
            }
            VerdictLine::CheckFailed => {
                required(CheckStatusWord::Fails).then_some((Verdict::CannotTell, VerdictReason::CheckFailed))
            }
            VerdictLine::PFloor => facts
                .p_floor
                .filter(|floor| *floor > alpha)
                .map(|_| (Verdict::CannotTell, VerdictReason::PFloor)),
            VerdictLine::Inside | VerdictLine::Above | VerdictLine::Below | VerdictLine::ElseCannotTell
                if not_computed =>
            {
                Some((Verdict::CannotTell, VerdictReason::CheckNotComputed))
            }
            VerdictLine::Inside => facts
                .interval
                .filter(|(low, high)| *low > -delta && *high < delta && *low <= 0.0 && *high >= 0.0)
                .map(|_| (Verdict::NoDetectableEffect, VerdictReason::Inside)),
            VerdictLine::Above => facts
                .estimate
                .filter(|estimate| *estimate >= delta && beyond_zero(facts, alpha, 1.0))
                .map(|_| (Verdict::Helped, VerdictReason::Above)),
            VerdictLine::Below => facts
                .estimate
                .filter(|estimate| *estimate <= -delta && beyond_zero(facts, alpha, -1.0))
                .map(|_| (Verdict::Harmed, VerdictReason::Below)),
            VerdictLine::ElseCannotTell => Some((Verdict::CannotTell, VerdictReason::Undecided)),
        };
        if let Some(found) = found {
            return found;
        }
    }
    (Verdict::CannotTell, VerdictReason::Undecided)
}

/// Whether the interval lies on the side of `sign`; without an interval, whether the placebo p is small enough.
fn beyond_zero(facts: &Facts<'_>, alpha: f64, sign: f64) -> bool {
    match facts.interval {
        Some((low, high)) => {
            if sign > 0.0 {
                low > 0.0
            } else {
                high < 0.0
            }
        }
        None => {
            facts.p_value.is_some_and(|p| p <= alpha + 1e-12)
                && facts.estimate.is_some_and(|estimate| estimate * sign > 0.0)
        }
    }
}

/// Returns the verdict of a study from those of its outcomes: one word where they agree, else *cannot tell*.
#[must_use]
pub fn of_outcomes(verdicts: &[(Verdict, VerdictReason)]) -> (Verdict, VerdictReason) {
    match verdicts {
        [] => (Verdict::CannotTell, VerdictReason::NoSeries),
        [first, rest @ ..] => {
            if rest.iter().all(|(verdict, _)| *verdict == first.0) {
                *first
            } else {
                (Verdict::CannotTell, VerdictReason::OutcomesDisagree)
            }
        }
    }
}

/// Returns the headline of a lens: the word that all primary studies agree on, else *cannot tell*.
#[must_use]
pub fn headline(studies: &[Verdict]) -> Verdict {
    match studies {
        [first, rest @ ..] if rest.iter().all(|verdict| verdict == first) => *first,
        _ => Verdict::CannotTell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterpart_model::case::HeadlineRule;

    fn rule() -> VerdictRule {
        VerdictRule {
            confidence: 0.95,
            smallest_effect: 0.05,
            reason: None,
            rule: vec![
                VerdictLine::NoSeries,
                VerdictLine::NoControl,
                VerdictLine::CheckFailed,
                VerdictLine::PFloor,
                VerdictLine::Inside,
                VerdictLine::Above,
                VerdictLine::Below,
                VerdictLine::ElseCannotTell,
            ],
            headline: HeadlineRule::AllPrimaryAgree,
        }
    }

    fn facts(estimate: f64, low: f64, high: f64) -> Facts<'static> {
        Facts {
            has_series: true,
            has_control: true,
            estimate: Some(estimate),
            interval: Some((low, high)),
            p_value: Some(0.01),
            p_floor: Some(0.001),
            checks: &[],
        }
    }

    fn check(status: CheckStatusWord) -> CheckResult {
        CheckResult {
            name: "pre_trend".into(),
            required: true,
            status,
            value: None,
            threshold: None,
            reason: None,
        }
    }

    #[test]
    fn the_first_line_that_matches_wins() {
        let decided = |facts: Facts<'_>| decide(&rule(), &facts).1;
        assert_eq!(decided(facts(0.1, 0.06, 0.14)), VerdictReason::Above);
        assert_eq!(decided(facts(-0.1, -0.14, -0.06)), VerdictReason::Below);
        assert_eq!(decided(facts(0.01, -0.02, 0.04)), VerdictReason::Inside);
        assert_eq!(decided(facts(0.04, -0.02, 0.10)), VerdictReason::Undecided);
        assert_eq!(
            decided(Facts {
                has_series: false,
                ..facts(0.1, 0.06, 0.14)
            }),
            VerdictReason::NoSeries
        );
        assert_eq!(
            decided(Facts {
                has_control: false,
                ..facts(0.1, 0.06, 0.14)
            }),
            VerdictReason::NoControl
        );
        assert_eq!(
            decided(Facts {
                p_floor: Some(0.2),
                ..facts(0.1, 0.06, 0.14)
            }),
            VerdictReason::PFloor
        );
    }

    #[test]
    fn an_effect_told_apart_from_zero_is_not_undetectable() {
        assert_eq!(
            decide(&rule(), &facts(0.03, 0.02, 0.04)),
            (Verdict::CannotTell, VerdictReason::Undecided)
        );
    }

    #[test]
    fn a_required_check_that_fails_or_is_missing_means_cannot_tell() {
        for (status, reason) in [
            (CheckStatusWord::Fails, VerdictReason::CheckFailed),
            (CheckStatusWord::NotComputed, VerdictReason::CheckNotComputed),
        ] {
            let checks = [check(status)];
            assert_eq!(
                decide(
                    &rule(),
                    &Facts {
                        checks: &checks,
                        ..facts(0.1, 0.06, 0.14)
                    }
                ),
                (Verdict::CannotTell, reason)
            );
        }
    }

    #[test]
    fn without_an_interval_the_placebo_decides_and_inside_never_holds() {
        let placebo = |p: f64| Facts {
            interval: None,
            p_value: Some(p),
            ..facts(0.1, 0.0, 0.0)
        };
        assert_eq!(decide(&rule(), &placebo(0.05)).0, Verdict::Helped);
        assert_eq!(decide(&rule(), &placebo(0.06)).0, Verdict::CannotTell);
        let small = Facts {
            estimate: Some(0.0),
            ..placebo(0.9)
        };
        assert_eq!(decide(&rule(), &small).0, Verdict::CannotTell);
    }

    #[test]
    fn studies_that_disagree_leave_the_headline_open() {
        assert_eq!(headline(&[Verdict::Helped, Verdict::Helped]), Verdict::Helped);
        assert_eq!(
            headline(&[Verdict::Helped, Verdict::NoDetectableEffect]),
            Verdict::CannotTell
        );
        assert_eq!(headline(&[]), Verdict::CannotTell);
    }
}
