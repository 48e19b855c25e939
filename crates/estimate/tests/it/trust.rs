//! Planted mistakes on a public panel: each is named with its row, and none changes an answer in silence.

use counterpart_estimate::panel::FaultKind;
use counterpart_estimate::sample::DropReason;
use counterpart_estimate::{Columns, FirstTreated, Panel, Spec, Timing, did};

use crate::data::mpdta_columns;

type Plant = (&'static str, FaultKind, Option<usize>, fn(&mut Columns));

fn cohorts(c: &mut Columns) -> &mut Vec<FirstTreated> {
    match &mut c.timing {
        Timing::FirstTreated(g) => g,
        _ => panic!("the panel has first treated periods"),
    }
}

/// Rows of the first unit with this first treated period.
fn rows_of(c: &Columns, g: f64) -> Vec<usize> {
    let Timing::FirstTreated(all) = &c.timing else {
        panic!("first treated")
    };
    let first = (0..c.unit.len()).find(|&i| all[i].0 == Some(g)).unwrap();
    (0..c.unit.len())
        .filter(|&i| c.unit[i] == c.unit[first])
        .collect()
}

fn recode(c: &mut Columns, from: f64, to: Option<f64>) {
    cohorts(c)
        .iter_mut()
        .filter(|g| g.0 == Some(from))
        .for_each(|g| *g = FirstTreated(to));
}

fn with<T: Clone>(c: &Columns, value: T) -> Vec<T> {
    vec![value; c.unit.len()]
}

fn keep(c: &mut Columns, wanted: impl Fn(usize, &Columns) -> bool) {
    let kept: Vec<usize> = (0..c.unit.len()).filter(|&i| wanted(i, c)).collect();
    c.unit = kept.iter().map(|&i| c.unit[i].clone()).collect();
    c.period = kept.iter().map(|&i| c.period[i]).collect();
    c.outcome = kept.iter().map(|&i| c.outcome[i]).collect();
    let g = kept.iter().map(|&i| cohorts(c)[i]).collect();
    c.timing = Timing::FirstTreated(g);
    c.covariates.clear();
}

#[rustfmt::skip]
fn plants() -> Vec<Plant> {
    use FaultKind as K;
    vec![
        ("duplicate, next to its twin", K::DuplicateUnitPeriod, Some(1), |c| c.period[1] = c.period[0]),
        ("duplicate, far away", K::DuplicateUnitPeriod, Some(2000), |c| { c.unit[2000] = c.unit[0].clone(); c.period[2000] = c.period[0]; let g = cohorts(c)[0]; cohorts(c)[2000] = g; }),
        ("duplicate, at the end", K::DuplicateUnitPeriod, Some(2499), |c| c.period[2499] = c.period[2498]),
        ("cohort varies, one year off", K::CohortVaries, Some(3), |c| cohorts(c)[3] = FirstTreated(Some(2006.0))),
        ("cohort varies, zero among years", K::CohortVaries, Some(4), |c| cohorts(c)[4] = FirstTreated(Some(0.0))),
        ("cohort varies, missing among years", K::CohortVaries, Some(2), |c| cohorts(c)[2] = FirstTreated(None)),
        ("never treated as missing beside zero", K::MixedNeverCodes, None, |c| { for i in rows_of(c, 0.0) { cohorts(c)[i] = FirstTreated(None); } }),
        ("never treated as infinity beside zero", K::MixedNeverCodes, None, |c| { for i in rows_of(c, 0.0) { cohorts(c)[i] = FirstTreated(Some(f64::INFINITY)); } }),
        ("never treated as 9999 beside zero", K::MixedNeverCodes, None, |c| { for i in rows_of(c, 0.0) { cohorts(c)[i] = FirstTreated(Some(9999.0)); } }),
        ("9999 read as never", K::CodeReadAsNever, None, |c| recode(c, 0.0, Some(9999.0))),
        ("a year after the last read as never", K::CodeReadAsNever, None, |c| recode(c, 2007.0, Some(2010.0))),
        ("zero lies inside the periods", K::CodeReadAsNever, None, |c| { c.period.iter_mut().for_each(|t| *t -= 2005); cohorts(c).iter_mut().for_each(|g| if g.0 != Some(0.0) { g.0 = g.0.map(|v| v - 2005.0) }); }),
        ("no never-treated: zero became a cohort", K::NoNeverTreated, None, |c| recode(c, 0.0, Some(2005.0))),
        ("no never-treated: dropped", K::NoNeverTreated, None, |c| keep(c, |i, c| !matches!(&c.timing, Timing::FirstTreated(g) if g[i].0 == Some(0.0)))),
        ("no never-treated: last cohort everywhere", K::NoNeverTreated, None, |c| recode(c, 0.0, Some(2007.0))),
        ("always treated: one unit", K::AlwaysTreated, None, |c| { for i in rows_of(c, 2004.0) { cohorts(c)[i] = FirstTreated(Some(2003.0)); } }),
        ("always treated: minus one as a code", K::AlwaysTreated, None, |c| { for i in rows_of(c, 0.0) { cohorts(c)[i] = FirstTreated(Some(-1.0)); } }),
        ("always treated: a year before the panel", K::AlwaysTreated, None, |c| recode(c, 2006.0, Some(1999.0))),
        ("infinite outcome", K::NotFinite, Some(7), |c| c.outcome[7] = Some(f64::INFINITY)),
        ("outcome is not a number", K::NotFinite, Some(8), |c| c.outcome[8] = Some(f64::NAN)),
        ("infinite covariate", K::NotFinite, Some(9), |c| c.covariates[0].1[9] = Some(f64::NEG_INFINITY)),
        ("infinite weight", K::NotFinite, Some(10), |c| { let mut w = with(c, 1.0); w[10] = f64::INFINITY; c.weight = Some(w); }),
        ("gap: one row missing", K::Gap, Some(3), |c| keep(c, |i, _| i != 3)),
        ("gap: a unit without its last year", K::Gap, None, |c| keep(c, |i, _| i != 4)),
        ("gap: a year missing for many", K::Gap, None, |c| keep(c, |i, c| c.period[i] != 2005 || i % 3 != 0)),
        ("missing outcome", K::MissingOutcome, Some(11), |c| c.outcome[11] = None),
        ("missing outcome of a whole unit", K::MissingOutcome, Some(0), |c| (0..5).for_each(|i| c.outcome[i] = None)),
        ("missing covariate", K::MissingCovariate, Some(12), |c| c.covariates[0].1[12] = None),
        ("cohort of one: typing error", K::CohortOfOne, Some(0), |c| (0..5).for_each(|i| cohorts(c)[i] = FirstTreated(Some(2005.0)))),
        ("cohort of one: others dropped", K::CohortOfOne, None, |c| { let first = c.unit[rows_of(c, 2004.0)[0]].clone(); keep(c, move |i, c| !matches!(&c.timing, Timing::FirstTreated(g) if g[i].0 == Some(2004.0)) || c.unit[i] == first); }),
        ("cohort of one in between", K::OnsetBetweenPeriods, None, |c| { keep(c, |i, c| c.period[i] != 2006); }),
        ("constant outcome", K::ConstantOutcome, None, |c| c.outcome.iter_mut().for_each(|y| *y = Some(1.0))),
        ("cohort in fractions", K::CohortNotWhole, Some(5), |c| cohorts(c)[5] = FirstTreated(Some(2006.5))),
        ("no treated unit", K::NoTreated, None, |c| cohorts(c).iter_mut().for_each(|g| *g = FirstTreated(None))),
        ("everyone treated at once", K::NoComparison, None, |c| cohorts(c).iter_mut().for_each(|g| *g = FirstTreated(Some(2005.0)))),
        ("treatment switched off", K::TreatmentReverses, Some(4), |c| { let mut on = with(c, false); on[3] = true; c.timing = Timing::Absorbing(on); }),
        ("flag that changes under an onset", K::CohortVaries, Some(0), |c| { let mut flag = with(c, false); flag[0] = true; c.timing = Timing::Onset { treated: flag, onset: 2005 }; }),
        ("unit without a name", K::EmptyUnit, Some(6), |c| c.unit[6].clear()),
        ("weight of zero", K::WeightNotPositive, Some(13), |c| { let mut w = with(c, 1.0); w[13] = 0.0; c.weight = Some(w); }),
        ("weight that moves", K::WeightVaries, Some(1), |c| { let mut w = with(c, 1.0); w[1] = 2.0; c.weight = Some(w); }),
        ("cluster that moves", K::ClusterVaries, Some(2), |c| { let mut a = c.unit.clone(); a[2] = "elsewhere".into(); c.cluster = Some(a); }),
        ("treatment inside an assignment unit", K::TreatmentVariesWithinAssignment, None, |c| c.assignment = Some(with(c, "all".to_owned()))),
        ("years two apart", K::UnevenPeriods, None, |c| keep(c, |i, c| c.period[i] != 2004)),
        ("a year typed with a digit too many", K::UnevenPeriods, None, |c| c.period[4] = 20070),
        ("one period only", K::OnePeriod, None, |c| keep(c, |i, c| c.period[i] == 2005)),
        ("a column cut short", K::ColumnLength, None, |c| { c.outcome.pop(); }),
    ]
}

#[test]
fn every_planted_mistake_is_named_with_its_row() {
    let all = plants();
    assert!(all.len() >= 40);
    for (what, kind, row, plant) in all {
        let mut columns = mpdta_columns();
        plant(&mut columns);
        let faults = match Panel::build(columns) {
            Ok(panel) => panel.warnings().clone(),
            Err(faults) => faults,
        };
        let met = faults
            .list()
            .iter()
            .any(|f| f.kind == kind && (row.is_none() || f.row == row));
        assert!(
            met,
            "{what}: {:?}",
            faults.list().iter().take(5).collect::<Vec<_>>()
        );
        assert!(
            faults
                .list()
                .iter()
                .all(|f| !f.expected.is_empty() && !f.remedy.is_empty()),
            "{what}"
        );
    }
}

#[test]
fn mistakes_that_leave_a_panel_change_no_answer_in_silence() {
    let base = did::did(&Panel::build(mpdta_columns()).unwrap(), &Spec::did()).unwrap();
    for (what, _, _, plant) in plants() {
        let mut columns = mpdta_columns();
        plant(&mut columns);
        let Ok(panel) = Panel::build(columns) else {
            continue;
        };
        let Ok(e) = did::did(&panel, &Spec::did()) else {
            continue;
        };
        if (e.rows()[0].estimate - base.rows()[0].estimate).abs() > 1e-12 {
            assert!(!panel.warnings().is_empty() || !e.warnings().is_empty(), "{what}");
        }
    }
}

#[test]
fn all_faults_of_one_file_are_listed_in_one_run() {
    let mut c = mpdta_columns();
    c.period[1] = c.period[0];
    cohorts(&mut c)[8] = FirstTreated(Some(2006.5));
    cohorts(&mut c)[13] = FirstTreated(Some(2005.0));
    c.outcome[17] = Some(f64::NAN);
    c.unit[21].clear();
    let mut weight = with(&c, 1.0);
    weight[26] = -1.0;
    let c = c.with_weight("weight", weight);
    let faults = Panel::build(c).unwrap_err();
    let rows: Vec<(&str, Option<usize>)> = faults
        .list()
        .iter()
        .filter(|f| f.kind.is_error())
        .map(|f| (f.kind.code(), f.row))
        .collect();
    for wanted in [
        ("duplicate_unit_period", Some(1)),
        ("cohort_not_whole", Some(8)),
        ("cohort_varies", Some(13)),
        ("not_finite", Some(17)),
        ("empty_unit", Some(21)),
        ("weight_not_positive", Some(26)),
    ] {
        assert!(rows.contains(&wanted), "{wanted:?} not in {rows:?}");
    }
}

#[test]
fn units_treated_from_the_start_are_dropped_by_name_and_kept_on_request() {
    let mut c = mpdta_columns();
    recode(&mut c, 2004.0, Some(2003.0));
    let panel = Panel::build(c).unwrap();
    let e = did::did(&panel, &Spec::did()).unwrap();
    assert_eq!(e.sample().dropped()[&DropReason::AlwaysTreated].units, 20);
    assert!(
        e.warnings()
            .iter()
            .any(|w| w.code == "always_treated" && w.message.contains("20 units"))
    );
    let mut spec = Spec::did();
    spec.keep_always_treated = true;
    let kept = did::did(&panel, &spec).unwrap();
    assert_eq!(kept.sample().n_rows_used(), 2500);
    assert!(kept.warnings().iter().any(|w| w.code == "always_treated"));
}
