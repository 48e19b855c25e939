//! Times synthetic control with every unit as placebo (40 × 30) and synthetic difference in differences with 200
//! placebos (200 × 60): `cargo run --release -p counterpart-estimate --example synthetic`. One JSON line a run.

#![expect(clippy::print_stdout, reason = "prints what it measured")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::cast_possible_wrap, reason = "period numbers fit")]

use std::time::Instant;

use counterpart_estimate::result::Estimate;
use counterpart_estimate::rng::Stream;
use counterpart_estimate::spec::{Inference, Method, Solver};
use counterpart_estimate::{Columns, FirstTreated, Panel, Spec, Timing, estimate};

/// Three factors that walk at random, loadings between 0 and 1, and unit 0 treated for the last third.
fn panel(units: usize, periods: usize) -> Panel {
    let mut draw = Stream::new(units as u64, 0);
    let mut at = [0.0; 3];
    let factors: Vec<[f64; 3]> = (0..periods)
        .map(|_| {
            at.iter_mut().for_each(|f| *f += draw.normal());
            at
        })
        .collect();
    let onset = 2 * periods / 3;
    let (mut unit, mut time, mut y, mut first) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for j in 0..units {
        let loading = [draw.uniform(), draw.uniform(), draw.uniform()];
        for (t, factor) in factors.iter().enumerate() {
            let effect = if j == 0 && t >= onset { 2.0 } else { 0.0 };
            let common: f64 = factor.iter().zip(&loading).map(|(f, l)| f * l).sum();
            unit.push(format!("{j:03}"));
            time.push(t as i64);
            y.push(Some(common + effect + 0.3 * draw.normal()));
            first.push(FirstTreated::from((j == 0).then_some(onset as i64)));
        }
    }
    Panel::build(Columns::new(unit, time, y, Timing::FirstTreated(first))).expect("a panel without faults")
}

fn main() {
    for (units, periods) in [(40, 30), (200, 60)] {
        let panel = panel(units, periods);
        let mut specs = vec![Spec::new(Method::SyntheticControl)];
        for solver in [Solver::Exact, Solver::Reference] {
            let mut spec = Spec::new(Method::SyntheticDid);
            spec.inference = Inference::Placebo;
            spec.solver = solver;
            spec.draws = 200;
            specs.push(spec);
        }
        for spec in specs {
            for _ in 0..3 {
                let start = Instant::now();
                let got = estimate(&panel, &spec).expect("it is identified");
                println!(
                    "{{\"method\":\"{}\",\"solver\":\"{}\",\"units\":{units},\"periods\":{periods},\"placebos\":{},\"estimate\":{:.9},\"seconds\":{:.4}}}",
                    spec.method.name(),
                    spec.solver,
                    got.placebos().len(),
                    got.points()[0].estimate,
                    start.elapsed().as_secs_f64(),
                );
            }
        }
    }
}
