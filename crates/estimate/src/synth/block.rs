//! The rectangle of donors and treated units that synthetic methods work on.

use crate::error::EstimateError;
use crate::panel::Panel;
use crate::result::Warning;
use crate::sample::{DropReason, Ledger};
use crate::spec::Spec;

/// Outcomes of donors and treated units in the same periods, one onset.
pub(crate) struct Block<'a> {
    pub(crate) panel: &'a Panel,
    pub(crate) ledger: Ledger<'a>,
    pub(crate) warnings: Vec<Warning>,
    /// Donors, ascending.
    pub(crate) donors: Vec<usize>,
    /// Treated units, ascending.
    pub(crate) treated: Vec<usize>,
    /// Periods kept, ascending.
    pub(crate) periods: Vec<i64>,
    /// Number of periods before treatment (less anticipation).
    pub(crate) n_pre: usize,
    pub(crate) onset: i64,
    /// Outcome by unit (donors, then treated) and period.
    pub(crate) outcome: Vec<Vec<f64>>,
}

impl<'a> Block<'a> {
    pub(crate) fn new(panel: &'a Panel, spec: &Spec) -> Result<Self, EstimateError> {
        spec.check()?;
        if !spec.covariates.is_empty() {
            return Err(EstimateError::NoSuchInference {
                inference: spec.method.name().into(),
                reason: "covariates are not offered: weights rest on outcomes".into(),
                instead: "outcomes alone: leave the covariates out".into(),
            });
        }
        let mut ledger = Ledger::new(panel);
        let mut warnings = Vec::new();
        for u in (0..panel.n_units()).filter(|&u| panel.is_always_treated(u)) {
            ledger.drop_unit(u, DropReason::AlwaysTreated);
        }
        let onsets = panel.cohorts();
        let onset = match onsets {
            [] => {
                let dropped = panel.units().iter().filter(|u| u.cohort.is_some()).count();
                return Err(EstimateError::NoTreated { dropped });
            }
            [one] => *one,
            many => {
                return Err(EstimateError::SeveralOnsets {
                    onsets: many.to_vec(),
                });
            }
        };
        let unit = |u: usize| &panel.units()[u];
        let treated: Vec<usize> = (0..panel.n_units())
            .filter(|&u| unit(u).cohort == Some(onset))
            .collect();
        // Periods in which every treated unit is seen; donors must be seen in all of them.
        let kept: Vec<usize> = (0..panel.n_periods())
            .filter(|&p| treated.iter().all(|&u| panel.row_of(u, p).is_some()))
            .collect();
        if kept.len() < panel.n_periods() {
            let missing: Vec<String> = (0..panel.n_periods())
                .filter(|p| !kept.contains(p))
                .map(|p| panel.periods()[p].to_string())
                .collect();
            warnings.push(Warning::new(
                "periods_left_out",
                format!(
                    "a treated unit has no outcome in {}: these periods are left out",
                    missing.join(", ")
                ),
            ));
            for r in (0..panel.n_rows()).filter(|&r| !kept.contains(&panel.row_period()[r])) {
                ledger.drop_row(r, DropReason::NoPair);
            }
        }
        let mut donors = Vec::new();
        let mut incomplete = Vec::new();
        for u in (0..panel.n_units()).filter(|&u| unit(u).cohort.is_none()) {
            if kept.iter().all(|&p| panel.row_of(u, p).is_some()) {
                donors.push(u);
            } else {
                ledger.drop_unit(u, DropReason::NotBalanced);
                incomplete.push(unit(u).id.clone());
            }
        }
        if !incomplete.is_empty() {
            let named: Vec<String> = incomplete.iter().take(5).cloned().collect();
            warnings.push(Warning::new(
                "incomplete_donors",
                format!(
                    "{} donors lack an outcome in some period and are left out: {}",
                    incomplete.len(),
                    named.join(", ")
                ),
            ));
        }
        if donors.len() < 2 {
            return Err(EstimateError::NoControls {
                wanted: "two donors seen in every period".into(),
                n_never_treated: panel.n_never_treated(),
                n_not_yet_treated: 0,
                hint: "add untreated units, or cut the window to periods that all of them have".into(),
            });
        }
        let periods: Vec<i64> = kept.iter().map(|&p| panel.periods()[p]).collect();
        let n_pre = periods
            .iter()
            .filter(|&&t| t < onset - i64::from(spec.anticipation))
            .count();
        if n_pre < 2 {
            return Err(EstimateError::NoPrePeriod {
                cohort: Some(onset),
                needed: 2,
                found: n_pre,
            });
        }
        if !periods.iter().any(|&t| t >= onset) {
            return Err(EstimateError::NoPostPeriod);
        }
        let outcome = donors
            .iter()
            .chain(&treated)
            .map(|&u| kept.iter().filter_map(|&p| panel.outcome_of(u, p)).collect())
            .collect();
        Ok(Self {
            panel,
            ledger,
            warnings,
            donors,
            treated,
            periods,
            n_pre,
            onset,
            outcome,
        })
    }

    pub(crate) fn n_donors(&self) -> usize {
        self.donors.len()
    }

    /// First index of periods at or after onset; anticipated periods lie between.
    pub(crate) fn first_post(&self) -> usize {
        self.periods.partition_point(|&t| t < self.onset)
    }

    pub(crate) fn name(&self, unit: usize) -> String {
        self.panel.units()[unit].id.clone()
    }

    /// Mean of the treated units by period.
    pub(crate) fn treated_mean(&self) -> Vec<f64> {
        let rows = &self.outcome[self.n_donors()..];
        (0..self.periods.len())
            .map(|t| rows.iter().map(|r| r[t]).sum::<f64>() / rows.len() as f64)
            .collect()
    }
}
