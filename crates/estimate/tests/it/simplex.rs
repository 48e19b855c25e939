//! Simplex weights are held to the conditions of the optimum, and synthetic estimates to their invariances.

use counterpart_estimate::rng::Stream;
use counterpart_estimate::spec::Method;
use counterpart_estimate::synth::simplex::{gram, least_norm};
use counterpart_estimate::{Columns, Panel, Spec, estimate};

#[test]
fn weights_meet_the_conditions_of_the_optimum() {
    for case in 0..2_000_u64 {
        let mut s = Stream::new(11, case);
        let (n, rows) = (2 + s.below(40), 1 + s.below(30));
        let columns: Vec<Vec<f64>> = (0..n).map(|_| (0..rows).map(|_| s.normal()).collect()).collect();
        let target: Vec<f64> = (0..rows).map(|_| 0.5 * s.normal()).collect();
        let ridge = if case % 3 == 0 { s.uniform() } else { 0.0 };
        let g = gram(&columns, &target, ridge, case % 2 == 0);
        let found = least_norm(&g, n).unwrap();
        let scale = (0..n).map(|j| g[j * n + j]).fold(0.0_f64, f64::max);
        assert!((found.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(found.weights.iter().all(|w| *w >= 0.0));
        let product = |j: usize| (0..n).map(|k| g[j * n + k] * found.weights[k]).sum::<f64>();
        let objective: f64 = (0..n).map(|j| found.weights[j] * product(j)).sum();
        for j in 0..n {
            // No column lowers the objective, and columns with weight are level with it.
            assert!(product(j) >= objective - 1e-10 * scale, "case {case}");
            assert!(
                found.weights[j] < 1e-9 || (product(j) - objective).abs() <= 1e-9 * scale,
                "case {case}"
            );
        }
    }
}

fn block(f: impl Fn(usize, usize, f64) -> f64) -> Panel {
    let mut s = Stream::new(3, 0);
    let factor: Vec<f64> = (0..16).map(|_| s.normal()).collect();
    let y: Vec<Vec<Option<f64>>> = (0..12)
        .map(|u| {
            (0..16)
                .map(|t| Some(f(u, t, u as f64 * 0.3 + factor[t] * (u % 4) as f64 + s.normal())))
                .collect()
        })
        .collect();
    let names: Vec<String> = (0..12).map(|u| format!("{u:02}")).collect();
    let g: Vec<Option<i64>> = (0..12).map(|u| (u == 5).then_some(11)).collect();
    Panel::build(Columns::from_rectangle(
        &names,
        &(0..16).collect::<Vec<i64>>(),
        &y,
        &g,
        None,
        None,
    ))
    .unwrap()
}

#[test]
fn synthetic_did_moves_as_it_must_when_the_outcome_is_shifted_or_scaled() {
    let spec = Spec::new(Method::SyntheticDid);
    let run = |p: &Panel| estimate(p, &spec).unwrap().rows()[0].estimate;
    let base = run(&block(|_, _, y| y));
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-8 * b.abs().max(1.0), "{a} {b}");
    close(run(&block(|u, _, y| y + 10.0 * u as f64)), base);
    // A common step a period keeps the spread of first differences, and with it the penalty; other paths do not.
    close(run(&block(|_, t, y| y + 3.0 * t as f64)), base);
    close(run(&block(|_, _, y| y * 1e6)), base * 1e6);
    close(run(&block(|_, _, y| y * 1e-6)) * 1e6, base);
    close(
        run(&block(|u, t, y| y + if u == 5 && t >= 11 { 7.0 } else { 0.0 })),
        base + 7.0,
    );
}

#[test]
fn synthetic_control_moves_as_it_must() {
    let spec = Spec::new(Method::SyntheticControl);
    let run = |p: &Panel| estimate(p, &spec).unwrap().rows()[0].estimate;
    let base = run(&block(|_, _, y| y));
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-8 * b.abs().max(1.0), "{a} {b}");
    close(run(&block(|_, t, y| y + (t * t) as f64)), base);
    close(run(&block(|_, _, y| y * 1e6)), base * 1e6);
    close(
        run(&block(|u, t, y| y + if u == 5 && t >= 11 { 7.0 } else { 0.0 })),
        base + 7.0,
    );
}
