//! Ten thousand random panels: no row gets lost, and every ATT(g, t) is had again from the units that are listed for it.

use std::collections::BTreeMap;

use counterpart_estimate::rng::Stream;
use counterpart_estimate::sample::RowUse;
use counterpart_estimate::spec::{Aggregation, BasePeriod, Control, Inference, Method, PanelUse};
use counterpart_estimate::{Columns, Estimated, FirstTreated, Panel, Spec, Timing, estimate};
use rayon::prelude::*;

/// As many as give ten thousand that can be estimated; the others are refused with a reason.
const PANELS: u64 = 17_000;

/// Unit, period, outcome, first treated, weight.
type Row = (String, i64, Option<f64>, Option<i64>, f64);

/// One panel in any order of rows.
struct Random {
    rows: Vec<Row>,
    weighted: bool,
    spec: Spec,
}

fn random(index: u64) -> Random {
    let mut rng = Stream::new(20_240_601, index);
    let units = 3 + rng.below(12);
    let periods = 2 + rng.below(5);
    let weighted = rng.below(4) == 0;
    // Outcomes of very different sizes, some far from zero.
    let scale = [1.0, 1e-6, 1e6][rng.below(3)];
    let level = [0.0, 1e3][rng.below(2)] * scale;
    let mut rows = Vec::new();
    for u in 0..units {
        let first = [None, None, Some(2), Some(3), Some(4), Some(1), Some(99)][rng.below(7)];
        let weight = 0.5 + rng.uniform();
        let own = rng.normal();
        for t in 1..=periods as i64 {
            match rng.below(10) {
                0 => continue,
                1 => rows.push((format!("u{u}"), t, None, first, weight)),
                _ => {
                    let y = level + scale * (own + 0.3 * t as f64 + rng.normal());
                    rows.push((format!("u{u}"), t, Some(y), first, weight));
                }
            }
        }
    }
    rng.shuffle(&mut rows);
    let mut spec = Spec::new(Method::CallawaySantanna);
    spec.aggregations = vec![Aggregation::GroupTime];
    spec.control = Control::ALL[rng.below(2)];
    spec.base_period = BasePeriod::ALL[rng.below(2)];
    spec.anticipation = u32::try_from(rng.below(2)).unwrap();
    spec.panel_use = PanelUse::ALL[rng.below(3)];
    spec.inference = Inference::Analytic;
    Random { rows, weighted, spec }
}

fn columns(random: &Random) -> Columns {
    let rows = &random.rows;
    let columns = Columns::new(
        rows.iter().map(|r| r.0.clone()).collect(),
        rows.iter().map(|r| r.1).collect(),
        rows.iter().map(|r| r.2).collect(),
        Timing::FirstTreated(rows.iter().map(|r| FirstTreated::from(r.3)).collect()),
    );
    if random.weighted {
        columns.with_weight("w", rows.iter().map(|r| r.4).collect())
    } else {
        columns
    }
}

/// The cell by hand, out of nothing but the input rows that are kept and the names of the units listed.
fn by_hand(
    random: &Random,
    sample: &BTreeMap<(&str, i64), (f64, f64)>,
    (treated, control): (&[&str], &[&str]),
    (period, base): (i64, i64),
) -> f64 {
    let mean = |values: &[(f64, f64)]| -> f64 {
        let weight: f64 = values.iter().map(|v| v.1).sum();
        values.iter().map(|v| v.0 * v.1).sum::<f64>() / weight
    };
    let side = |units: &[&str]| -> f64 {
        if random.spec.panel_use == PanelUse::CrossSection {
            let level = |t: i64| -> f64 {
                let seen: Vec<(f64, f64)> = units
                    .iter()
                    .filter_map(|u| sample.get(&(*u, t)).copied())
                    .collect();
                mean(&seen)
            };
            return level(period) - level(base);
        }
        let change = |u: &&str| {
            let (now, before) = (sample[&(*u, period)], sample[&(*u, base)]);
            (now.0 - before.0, if base < period { before.1 } else { now.1 })
        };
        mean(&units.iter().map(change).collect::<Vec<_>>())
    };
    side(treated) - side(control)
}

fn check(index: u64) -> (usize, bool) {
    let random = random(index);
    let panel = match Panel::build(columns(&random)) {
        Ok(panel) => panel,
        Err(faults) => {
            assert!(faults.has_errors(), "panel {index}");
            return (0, false);
        }
    };
    let Ok(estimated): Result<Estimated, _> = estimate(&panel, &random.spec) else {
        return (0, false);
    };
    let sample = estimated.sample();
    let dropped: usize = sample.dropped().values().map(|d| d.rows).sum();
    assert_eq!(sample.n_rows_used() + dropped, random.rows.len(), "panel {index}");
    assert_eq!(sample.rows().len(), random.rows.len(), "panel {index}");
    let mut kept = BTreeMap::new();
    for (row, input) in sample.rows().iter().zip(&random.rows) {
        assert_eq!(
            (sample.unit_id(row.unit), row.period),
            (input.0.as_str(), input.1)
        );
        match (row.row_use, input.2) {
            (RowUse::Dropped(_), _) => {}
            (_, Some(y)) => {
                let weight = if random.weighted { input.4 } else { 1.0 };
                assert!(kept.insert((input.0.as_str(), input.1), (y, weight)).is_none());
            }
            (_, None) => panic!("panel {index}: a row without outcome is kept"),
        }
    }
    let size = random
        .rows
        .iter()
        .filter_map(|r| r.2)
        .fold(0.0_f64, |m, y| m.max(y.abs()));
    let mut n = 0;
    for row in estimated.rows().iter().filter(|r| !r.is_reference) {
        let cell = sample
            .cells()
            .iter()
            .find(|c| (Some(c.cohort), Some(c.period)) == (row.group, row.time))
            .unwrap();
        let names = |units: &[usize]| -> Vec<&str> { units.iter().map(|&u| sample.unit_id(u)).collect() };
        let (treated, control) = (names(&cell.treated), names(&cell.control));
        assert!(!treated.is_empty() && !control.is_empty());
        let ours = by_hand(
            &random,
            &kept,
            (&treated, &control),
            (cell.period, cell.base_period),
        );
        assert!(
            (ours - row.estimate).abs() <= 1e-12 * size,
            "panel {index}, {}: {ours} and {}",
            row.term,
            row.estimate
        );
        n += 1;
    }
    (n, true)
}

#[test]
fn every_effect_follows_from_its_listed_units_on_ten_thousand_panels() {
    let all: Vec<(usize, bool)> = (0..PANELS).into_par_iter().map(check).collect();
    let estimated = all.iter().filter(|(_, done)| *done).count();
    let effects: usize = all.iter().map(|(n, _)| n).sum();
    println!("{estimated} of {PANELS} panels estimated, {effects} effects recomputed");
    assert!(estimated >= 10_000, "{estimated} panels");
    assert!(effects > 40_000, "{effects} effects");
}
