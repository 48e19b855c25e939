//! The example on each page of `docs/estimators` is what the code says today.
//!
//! `UPDATE_PAGES=1 cargo nextest run -p counterpart-estimate pages` writes the blocks anew; read the difference.

use std::fmt::Write as _;
use std::path::PathBuf;

use counterpart_estimate::diagnose::honest_did::{EventStudy, Restriction, breakdown, honest_did};
use counterpart_estimate::diagnose::placebo::placebo_in_time;
use counterpart_estimate::diagnose::power::{analytic, by_randomisation};
use counterpart_estimate::diagnose::pretrend::pre_trend;
use counterpart_estimate::diagnose::specification_curve::specification_curve;
use counterpart_estimate::moments::CohortMoments;
use counterpart_estimate::registry::MEMBERS;
use counterpart_estimate::regression::{Design, Factor, fit};
use counterpart_estimate::resample::randomisation::randomisation;
use counterpart_estimate::resample::wild_cluster::wild_cluster;
use counterpart_estimate::result::Estimate;
use counterpart_estimate::spec::{Aggregation, Control, CovariateMethod, Method, Variance};
use counterpart_estimate::synth::leave_one_out;
use counterpart_estimate::variance::{SmallSample, vcov};
use counterpart_estimate::{Columns, Estimated, FirstTreated, Panel, Spec, TidyRow, Timing, did, estimate};

use crate::data::{mpdta, mpdta_columns};
use crate::golden_synth::california;

fn line(out: &mut String, row: &TidyRow) {
    let name = match row.aggregation {
        Some(a) if row.term == "ATT" => format!("ATT, {a}"),
        _ => row.term.clone(),
    };
    let _ = write!(out, "{name:<22} {:>11.6}", row.estimate);
    if let (Some(se), Some(low), Some(high)) = (row.std_error, row.conf_low, row.conf_high) {
        let _ = write!(out, "  ({se:.6})  [{low:.6}, {high:.6}]");
    }
    if row.is_reference {
        out.push_str("  reference");
    }
    out.push('\n');
}

fn table(e: &Estimated, wanted: impl Fn(&TidyRow) -> bool) -> String {
    let mut out = String::new();
    e.rows()
        .iter()
        .filter(|r| wanted(r))
        .for_each(|r| line(&mut out, r));
    let s = e.sample();
    let _ = writeln!(
        out,
        "rows {} of {}, units {}: {} treated, {} controls, {} clusters",
        s.n_rows_used(),
        s.n_rows_read(),
        s.n_units(),
        s.n_treated_units(),
        s.n_control_units(),
        s.n_clusters()
    );
    out
}

/// Ten places of two units each, three of them treated in the fourth of six periods by 2.
fn small() -> Panel {
    let (mut unit, mut period, mut y, mut g, mut place) = (vec![], vec![], vec![], vec![], vec![]);
    for p in 0..10_usize {
        for u in 0..2_usize {
            for t in 1..=6_usize {
                unit.push(format!("{p}{u}"));
                place.push(format!("place {p}"));
                period.push(t as i64);
                let noise = ((p * 31 + u * 17 + t * 7) % 11) as f64 / 11.0;
                y.push(Some(
                    p as f64 + t as f64 / 2.0 + noise + if p < 3 && t >= 4 { 2.0 } else { 0.0 },
                ));
                g.push(FirstTreated::from(if p < 3 { Some(4.0) } else { None }));
            }
        }
    }
    let columns = Columns::new(unit, period, y, Timing::FirstTreated(g));
    Panel::build(
        columns
            .with_cluster("place", place.clone())
            .with_assignment("place", place),
    )
    .unwrap()
}

fn example(name: &str) -> String {
    let panel = mpdta();
    let run = |spec: &Spec| estimate(&panel, spec).unwrap();
    let mut out = String::new();
    match name {
        "did" => {
            for v in [
                Variance::Cluster,
                Variance::Iid,
                Variance::Hc1,
                Variance::Hc2,
                Variance::Hc3,
            ] {
                let _ = write!(out, "{:<8} ", v.name());
                line(&mut out, &run(&Spec::did().with_variance(v)).rows()[0]);
            }
            out + &table(&run(&Spec::did()), |_| false)
        }
        "event-study" => table(&run(&Spec::event_study()), |_| true),
        "callaway-santanna" => {
            let spec = Spec::new(Method::CallawaySantanna);
            out += &table(&run(&spec), |r| {
                r.aggregation != Some(Aggregation::GroupTime) && (r.term == "ATT" || r.event_time.is_some())
            });
            for m in CovariateMethod::ALL {
                let _ = write!(out, "given lpop, {:<4} ", m.name());
                line(
                    &mut out,
                    &run(&spec.clone().with_covariates(&["lpop"], *m)).rows()[0],
                );
            }
            out.push_str("not yet treated  ");
            line(&mut out, &run(&spec.with_control(Control::NotYet)).rows()[0]);
            out
        }
        "sun-abraham" => table(&run(&Spec::new(Method::SunAbraham)), |r| {
            r.aggregation != Some(Aggregation::GroupTime)
        }),
        "imputation" => table(&run(&Spec::new(Method::Imputation)), |r| {
            matches!(
                r.aggregation,
                Some(Aggregation::Simple | Aggregation::Dynamic | Aggregation::Group)
            )
        }),
        "dose" => {
            let columns = mpdta_columns();
            let dose = (0..columns.unit.len())
                .map(|i| 1.0 + (i / 5 % 3) as f64)
                .collect();
            let panel = Panel::build(columns.with_dose("dose", dose)).unwrap();
            table(&estimate(&panel, &Spec::new(Method::Dose)).unwrap(), |_| true)
        }
        "synthetic-control" | "synthetic-did" => {
            let e = estimate(&california(), &Spec::new(Method::parse(name).unwrap())).unwrap();
            out += &table(&e, |r| r.term == "ATT");
            for w in e.weights().iter().filter(|w| w.weight > 0.05) {
                let who = w
                    .unit
                    .clone()
                    .unwrap_or_else(|| w.period.unwrap_or_default().to_string());
                let _ = writeln!(out, "weight {who:<15} {:.6}", w.weight);
            }
            for d in e.diagnostics() {
                let _ = write!(out, "{} {:.6}", d.name, d.value.unwrap());
                if let Some(p) = d.p_value {
                    let _ = write!(out, ", p {p:.6}");
                }
                let _ = writeln!(out, " ({})", d.reason.as_deref().unwrap_or_default());
            }
            out
        }
        "ols" => {
            let x: Vec<f64> = (0..panel.n_rows())
                .map(|r| f64::from(panel.is_treated_row(r)))
                .collect();
            let factors = [
                Factor::new("unit", panel.row_unit()),
                Factor::new("period", panel.row_period()),
            ];
            let f = fit(panel.outcome(), &Design::new().with("treated", x), &factors, None).unwrap();
            let k = SmallSample::default();
            for v in Variance::ALL {
                let vc = vcov(&f, *v, &factors[..1], k).unwrap();
                let _ = writeln!(
                    out,
                    "{:<8} {:.6} ({:.6}) df {}",
                    v.name(),
                    f.coefficients[0],
                    vc.values[0].sqrt(),
                    vc.df
                );
            }
            let two = vcov(&f, Variance::Cluster, &factors, k).unwrap();
            let _ = writeln!(
                out,
                "two-way  {:.6} ({:.6}) df {}",
                f.coefficients[0],
                two.values[0].sqrt(),
                two.df
            );
            let _ = writeln!(
                out,
                "parameters {}, sweeps {}",
                f.n_parameters(),
                f.absorption.iterations
            );
            out
        }
        "cohort-moments" => {
            let m = CohortMoments::of_panel(&panel).unwrap();
            for (cohort, n) in m.cohort_sizes() {
                let _ = writeln!(
                    out,
                    "cohort {:<6} {n} units",
                    cohort.map_or("never".into(), |g| g.to_string())
                );
            }
            line(
                &mut out,
                &m.estimate(&Spec::new(Method::CallawaySantanna)).unwrap().rows()[0],
            );
            out.push_str("did, ");
            line(&mut out, &m.estimate(&Spec::did()).unwrap().rows()[0]);
            out
        }
        "randomisation" => {
            let t = randomisation(&small(), &Spec::did()).unwrap();
            let _ = writeln!(
                out,
                "estimate {:.6}, p {:.6}, smallest possible p {:.6}",
                t.estimate, t.p_value, t.p_floor
            );
            let _ = writeln!(
                out,
                "{} of {} places treated, {} assignments, all tried: {}",
                t.n_treated_groups, t.n_groups, t.n_tried, t.exhaustive
            );
            let _ = writeln!(
                out,
                "interval [{:.6}, {:.6}]",
                t.conf_low.unwrap(),
                t.conf_high.unwrap()
            );
            out
        }
        "wild-cluster" => {
            let t = wild_cluster(&small(), &Spec::did()).unwrap();
            let _ = writeln!(
                out,
                "estimate {:.6}, t {:.6}, p {:.6}, smallest possible p {:.6}",
                t.estimate, t.statistic, t.p_value, t.p_floor
            );
            let _ = writeln!(
                out,
                "{} clusters, {} treated, {} sign vectors",
                t.n_clusters, t.n_treated_clusters, t.n_tried
            );
            out
        }
        "pre-trend" => {
            let w = pre_trend(&panel, &Spec::event_study()).unwrap();
            let _ = writeln!(
                out,
                "F({}, {}) = {:.6}, p {:.6}, event times {:?}",
                w.n_restrictions,
                w.df.unwrap(),
                w.f,
                w.p_value,
                w.event_times
            );
            out
        }
        "placebo-in-time" => table(&placebo_in_time(&small(), &Spec::did()).unwrap(), |_| true),
        "honest-did" => {
            let study = EventStudy::of(&run(&Spec::new(Method::CallawaySantanna))).unwrap();
            let _ = writeln!(
                out,
                "{:<26} identified set            95 % interval",
                "restriction"
            );
            for (text, r) in [
                ("relative magnitudes 0.5", Restriction::RelativeMagnitudes(0.5)),
                ("relative magnitudes 1", Restriction::RelativeMagnitudes(1.0)),
                ("smoothness 0", Restriction::Smoothness(0.0)),
                ("smoothness 0.005", Restriction::Smoothness(0.005)),
                ("smoothness 0.05", Restriction::Smoothness(0.05)),
            ] {
                let i = honest_did(&study, r, 0.95, 1).unwrap();
                let set = match (i.set_low, i.set_high) {
                    (Some(a), Some(b)) => format!("[{a:.6}, {b:.6}]"),
                    _ => "empty at the estimates".into(),
                };
                let _ = writeln!(
                    out,
                    "{text:<26} {set:<25} [{:.6}, {:.6}]",
                    i.conf_low, i.conf_high
                );
            }
            let _ = writeln!(
                out,
                "breakdown value {:.3}",
                breakdown(&study, 0.95, 1).unwrap().unwrap()
            );
            out
        }
        "leave-one-out" => {
            for r in leave_one_out(&california(), &Spec::new(Method::SyntheticControl)).unwrap() {
                let _ = writeln!(out, "without {:<15} {:>11.6}", r.unit, r.estimate);
            }
            out
        }
        "detectable-effect" => {
            let e = run(&Spec::did());
            let m = analytic(e.rows()[0].std_error.unwrap(), e.df(), 0.8, 0.95).unwrap();
            let _ = writeln!(out, "counties, analytic           {:.6}", m.effect.unwrap());
            let m = by_randomisation(&small(), &Spec::did(), 0.8).unwrap();
            let _ = writeln!(out, "ten places, by randomisation {:.6}", m.effect.unwrap());
            out
        }
        "specification-curve" => {
            let mut specs = vec![
                Spec::did(),
                Spec::new(Method::Imputation),
                Spec::new(Method::SunAbraham),
            ];
            for c in Control::ALL {
                specs.push(Spec::new(Method::CallawaySantanna).with_control(*c));
                for m in CovariateMethod::ALL {
                    specs.push(
                        Spec::new(Method::CallawaySantanna)
                            .with_control(*c)
                            .with_covariates(&["lpop"], *m),
                    );
                }
            }
            let c = specification_curve(&[("all".into(), &panel)], &specs);
            for p in &c.points {
                let r = p.row.as_ref().unwrap();
                let _ = writeln!(
                    out,
                    "{:>10.6} p {:.6}  {} {} {}",
                    r.estimate,
                    r.p_value.unwrap(),
                    p.spec.method,
                    p.spec.control,
                    if p.spec.covariates.is_empty() {
                        "no covariates".into()
                    } else {
                        format!("lpop, {}", p.spec.covariate_method)
                    }
                );
            }
            let _ = writeln!(
                out,
                "median {:.6}, above zero {:.2}, significant {:.2}",
                c.median.unwrap(),
                c.share_positive.unwrap(),
                c.share_significant.unwrap()
            );
            out
        }
        other => panic!("no example for {other}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "the one switch of this test")]
#[test]
fn the_example_on_each_page_is_what_the_code_says() {
    let _ = did::did;
    let mut stale = Vec::new();
    for m in MEMBERS {
        let path =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/estimators/{}.md", m.name));
        let text = std::fs::read_to_string(&path).unwrap();
        let (open, close) = ("```text example\n", "```");
        let start = text
            .find(open)
            .unwrap_or_else(|| panic!("{}: no example block", m.name))
            + open.len();
        let end = start + text[start..].find(close).unwrap();
        let now: String = example(m.name)
            .lines()
            .map(|l| format!("{}\n", l.trim_end()))
            .collect();
        if text[start..end] != now {
            if std::env::var_os("UPDATE_PAGES").is_some() {
                std::fs::write(&path, format!("{}{now}{}", &text[..start], &text[end..])).unwrap();
            } else {
                stale.push(format!("{}:\n{now}", m.name));
            }
        }
    }
    assert!(
        stale.is_empty(),
        "pages out of date, see the top of this file:\n{}",
        stale.join("\n")
    );
}
