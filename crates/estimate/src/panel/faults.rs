//! What is wrong with the columns of a panel, all of it at once.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// How many faults of one kind are listed; further ones are only counted.
pub const LISTED_PER_KIND: usize = 1_000;

/// Kinds of faults. Errors stop the panel from being built; warnings travel with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultKind {
    /// A column is shorter or longer than the others. Error.
    ColumnLength,
    /// No row at all. Error.
    Empty,
    /// A unit has two rows for one period. Error.
    DuplicateUnitPeriod,
    /// A unit without a name. Error.
    EmptyUnit,
    /// NaN or infinity where a number is needed. Error.
    NotFinite,
    /// A weight that is zero or negative. Error.
    WeightNotPositive,
    /// First treatment differs between rows of one unit. Error.
    CohortVaries,
    /// First treatment is not a whole period. Error.
    CohortNotWhole,
    /// Treatment is switched off again. Error.
    TreatmentReverses,
    /// The cluster differs between rows of one unit. Error.
    ClusterVaries,
    /// The level of assignment differs between rows of one unit. Error.
    AssignmentVaries,
    /// No unit is treated inside the panel. Error.
    NoTreated,
    /// All units are treated in the same first period: nothing to compare with. Error.
    NoComparison,
    /// The outcome never changes. Error.
    ConstantOutcome,
    /// One period only. Error.
    OnePeriod,
    /// No unit stays untreated; comparisons end when the last cohort starts. Warning.
    NoNeverTreated,
    /// A unit is treated from the first period on. Warning.
    AlwaysTreated,
    /// A cohort of one unit. Warning.
    CohortOfOne,
    /// A unit lacks rows for some periods. Warning.
    Gap,
    /// An outcome is missing. Warning.
    MissingOutcome,
    /// A unit has one row only. Warning.
    SingleRow,
    /// Periods are not one step apart. Warning.
    UnevenPeriods,
    /// A unit's treatment starts in a period the panel does not hold. Warning.
    OnsetBetweenPeriods,
    /// Never-treated units are coded in more than one way. Warning.
    MixedNeverCodes,
    /// A code for never treated that could be read as a period. Warning.
    CodeReadAsNever,
    /// Units of one assignment unit are treated at different times. Warning; randomisation refuses.
    TreatmentVariesWithinAssignment,
    /// A weight differs between rows of one unit. Warning.
    WeightVaries,
    /// A covariate is missing. Warning.
    MissingCovariate,
}

impl FaultKind {
    /// Returns whether the panel cannot be built with this fault.
    #[must_use]
    pub fn is_error(self) -> bool {
        self < Self::NoNeverTreated
    }

    /// Returns the name as faces print it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ColumnLength => "column_length",
            Self::Empty => "empty",
            Self::DuplicateUnitPeriod => "duplicate_unit_period",
            Self::EmptyUnit => "empty_unit",
            Self::NotFinite => "not_finite",
            Self::WeightNotPositive => "weight_not_positive",
            Self::CohortVaries => "cohort_varies",
            Self::CohortNotWhole => "cohort_not_whole",
            Self::TreatmentReverses => "treatment_reverses",
            Self::ClusterVaries => "cluster_varies",
            Self::AssignmentVaries => "assignment_varies",
            Self::NoTreated => "no_treated",
            Self::NoComparison => "no_comparison",
            Self::ConstantOutcome => "constant_outcome",
            Self::OnePeriod => "one_period",
            Self::NoNeverTreated => "no_never_treated",
            Self::AlwaysTreated => "always_treated",
            Self::CohortOfOne => "cohort_of_one",
            Self::Gap => "gap",
            Self::MissingOutcome => "missing_outcome",
            Self::SingleRow => "single_row",
            Self::UnevenPeriods => "uneven_periods",
            Self::OnsetBetweenPeriods => "onset_between_periods",
            Self::MixedNeverCodes => "mixed_never_codes",
            Self::CodeReadAsNever => "code_read_as_never",
            Self::TreatmentVariesWithinAssignment => "treatment_varies_within_assignment",
            Self::WeightVaries => "weight_varies",
            Self::MissingCovariate => "missing_covariate",
        }
    }
}

/// One fault of a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Fault {
    /// What kind.
    pub kind: FaultKind,
    /// Input row, counted from 0; absent where the whole panel is meant.
    pub row: Option<usize>,
    /// The unit concerned.
    pub unit: Option<String>,
    /// The column, by the name the caller gave it.
    pub column: String,
    /// The value met.
    pub value: String,
    /// What was expected instead.
    pub expected: String,
    /// What to do next.
    pub remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {}, ", row + 1)?;
        }
        write!(f, "column `{}`", self.column)?;
        if let Some(unit) = &self.unit {
            write!(f, ", unit {unit}")?;
        }
        write!(
            f,
            ": {} ({} expected)\nhint: {}",
            self.value, self.expected, self.remedy
        )
    }
}

/// All faults of a panel, errors first, then by kind and row. Never empty when returned as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct PanelFaults {
    list: Vec<Fault>,
    counts: BTreeMap<FaultKind, usize>,
}

impl PanelFaults {
    /// Returns the listed faults; at most [`LISTED_PER_KIND`] of a kind.
    #[must_use]
    pub fn list(&self) -> &[Fault] {
        &self.list
    }

    /// Returns how many faults of each kind were met, listed or not.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<FaultKind, usize> {
        &self.counts
    }

    /// Returns the number of faults of one kind.
    #[must_use]
    pub fn count(&self, kind: FaultKind) -> usize {
        self.counts.get(&kind).copied().unwrap_or(0)
    }

    /// Returns whether a panel cannot be built.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.counts.keys().any(|k| k.is_error())
    }

    /// Returns whether nothing was met.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    pub(crate) fn push(&mut self, fault: Fault) {
        let count = self.counts.entry(fault.kind).or_insert(0);
        *count += 1;
        if *count <= LISTED_PER_KIND {
            self.list.push(fault);
        }
    }

    /// Counts faults that are not listed.
    pub(crate) fn count_more(&mut self, kind: FaultKind, n: usize) {
        if n > 0 {
            *self.counts.entry(kind).or_insert(0) += n;
        }
    }

    pub(crate) fn sort(&mut self) {
        self.list
            .sort_by(|a, b| (a.kind, a.row, &a.unit, &a.column).cmp(&(b.kind, b.row, &b.unit, &b.column)));
    }
}

impl fmt::Display for PanelFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors: usize = self
            .counts
            .iter()
            .filter(|(k, _)| k.is_error())
            .map(|(_, n)| n)
            .sum();
        write!(f, "the panel has {errors} faults")?;
        for fault in self.list.iter().filter(|x| x.kind.is_error()).take(20) {
            write!(f, "\n{fault}")?;
        }
        if errors > 20 {
            write!(f, "\nand {} more", errors - 20)?;
        }
        Ok(())
    }
}
