//! Faults first.

use counterpart_estimate::panel::FaultKind;
use counterpart_estimate::{Columns, FirstTreated, Panel, Timing};

fn columns() -> Columns {
    let mut unit = Vec::new();
    let mut period = Vec::new();
    let mut outcome = Vec::new();
    let mut first = Vec::new();
    for (u, g) in [("a", Some(3.0)), ("b", Some(3.0)), ("c", None), ("d", None)] {
        for t in 1..=4 {
            unit.push(u.to_owned());
            period.push(t);
            outcome.push(Some(f64::from(t as i32) + unit.len() as f64 * 0.5));
            first.push(FirstTreated::from(g));
        }
    }
    Columns::new(unit, period, outcome, Timing::FirstTreated(first))
}

fn kinds(c: Columns) -> Vec<(FaultKind, Option<usize>)> {
    let faults = match Panel::build(c) {
        Ok(p) => p.warnings().clone(),
        Err(f) => f,
    };
    faults.list().iter().map(|f| (f.kind, f.row)).collect()
}

#[test]
fn a_sound_panel_has_no_fault_and_counts_its_readings() {
    let panel = Panel::build(columns()).unwrap();
    assert!(panel.warnings().is_empty());
    assert_eq!((panel.readings().treated, panel.readings().never_missing), (2, 2));
    assert!(panel.is_balanced());
}

#[test]
fn every_fault_of_a_file_is_listed_at_once() {
    let mut c = columns();
    c.period[1] = 1; // duplicate of row 0
    c.outcome[5] = Some(f64::INFINITY);
    if let Timing::FirstTreated(g) = &mut c.timing {
        g[10] = FirstTreated(Some(2.0)); // varies inside c
        g[14] = FirstTreated(Some(2.5)); // no whole period
    }
    c.unit[15] = String::new();
    let met = kinds(c);
    for wanted in [
        (FaultKind::DuplicateUnitPeriod, Some(1)),
        (FaultKind::NotFinite, Some(5)),
        (FaultKind::CohortVaries, Some(10)),
        (FaultKind::CohortNotWhole, Some(14)),
        (FaultKind::EmptyUnit, Some(15)),
    ] {
        assert!(met.contains(&wanted), "{wanted:?} not in {met:?}");
    }
}

#[test]
fn never_treated_in_every_coding_is_read_by_one_rule() {
    for code in [None, Some(0.0), Some(f64::INFINITY), Some(9999.0)] {
        let mut c = columns();
        if let Timing::FirstTreated(g) = &mut c.timing {
            g[8..].iter_mut().for_each(|x| *x = FirstTreated(code));
        }
        let panel = Panel::build(c).unwrap();
        assert_eq!(panel.n_never_treated(), 2, "{code:?}");
    }
    let mut c = columns();
    if let Timing::FirstTreated(g) = &mut c.timing {
        g[8..12].iter_mut().for_each(|x| *x = FirstTreated(Some(0.0)));
        g[12..].iter_mut().for_each(|x| *x = FirstTreated(Some(9999.0)));
    }
    let met = kinds(c);
    assert!(met.iter().any(|m| m.0 == FaultKind::MixedNeverCodes));
    assert!(
        met.iter()
            .any(|m| m.0 == FaultKind::CodeReadAsNever && m.1 == Some(12))
    );
}

#[test]
fn panels_that_cannot_answer_are_refused() {
    let all = |g: f64| {
        let mut c = columns();
        if let Timing::FirstTreated(x) = &mut c.timing {
            x.iter_mut().for_each(|v| *v = FirstTreated(Some(g)));
        }
        kinds(c)
    };
    assert!(all(3.0).iter().any(|m| m.0 == FaultKind::NoComparison));
    assert!(all(0.0).iter().any(|m| m.0 == FaultKind::NoTreated));
    assert!(all(1.0).iter().any(|m| m.0 == FaultKind::AlwaysTreated));
    let mut c = columns();
    c.outcome.iter_mut().for_each(|y| *y = Some(4.0));
    assert!(kinds(c).iter().any(|m| m.0 == FaultKind::ConstantOutcome));
    let mut c = columns();
    c.outcome.pop();
    assert!(kinds(c).iter().any(|m| m.0 == FaultKind::ColumnLength));
}

#[test]
fn gaps_single_rows_and_missing_outcomes_are_named() {
    let mut c = columns();
    c.outcome[2] = None;
    c.unit.remove(6);
    c.period.remove(6);
    c.outcome.remove(6);
    if let Timing::FirstTreated(g) = &mut c.timing {
        g.remove(6);
    }
    let met = kinds(c);
    assert!(met.contains(&(FaultKind::MissingOutcome, Some(2))), "{met:?}");
    assert!(met.contains(&(FaultKind::Gap, Some(6))), "{met:?}");
}

#[test]
fn treatment_that_reverses_and_clusters_that_move_are_faults() {
    let mut c = columns();
    let on: Vec<bool> = (0..16).map(|i| i == 2 || i == 6 || i == 7).collect();
    c.timing = Timing::Absorbing(on);
    let mut cluster: Vec<String> = c.unit.clone();
    cluster[9] = "x".into();
    let met = kinds(c.with_cluster("area", cluster));
    assert!(met.contains(&(FaultKind::TreatmentReverses, Some(3))), "{met:?}");
    assert!(met.contains(&(FaultKind::ClusterVaries, Some(9))), "{met:?}");
}
