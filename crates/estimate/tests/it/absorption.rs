//! Fixed effects on every road: the residual is orthogonal to every level, and what was taken out is explained.

use counterpart_estimate::absorb::Absorber;
use counterpart_estimate::regression::{Design, Factor, fit};
use counterpart_estimate::rng::Stream;

fn check(factors: &[Factor], weights: Option<&[f64]>, handed_over: Option<usize>) {
    let n = factors[0].levels().len();
    let mut s = Stream::new(9, 9);
    let y: Vec<f64> = (0..n).map(|i| 100.0 + (i % 7) as f64 + s.normal()).collect();
    let absorber = Absorber::new(factors, weights).unwrap();
    let mut columns = vec![y.clone()];
    let report = absorber.absorb(&mut columns).unwrap();
    if let Some(k) = handed_over {
        assert_eq!(report.handed_over, k, "{report:?}");
    }
    for f in factors {
        let mut sums = vec![0.0; f.n_levels()];
        f.levels()
            .iter()
            .enumerate()
            .for_each(|(i, &l)| sums[l as usize] += columns[0][i] * weights.map_or(1.0, |w| w[i]));
        assert!(
            sums.iter().all(|v| v.abs() < 1e-7),
            "{} {:?}",
            f.name(),
            sums.iter().fold(0.0_f64, |a, b| a.max(b.abs()))
        );
    }
    let mut taken: Vec<Vec<f64>> = vec![y.iter().zip(&columns[0]).map(|(a, b)| a - b).collect()];
    absorber.absorb(&mut taken).unwrap();
    assert!(
        taken[0].iter().all(|v| v.abs() < 1e-6),
        "{:?}",
        taken[0].iter().fold(0.0_f64, |a, b| a.max(b.abs()))
    );
}

#[test]
fn two_factors_three_factors_and_weights() {
    let mut s = Stream::new(1, 1);
    let draw = |s: &mut Stream, k: usize| -> Vec<usize> { (0..3_000).map(|_| s.below(k)).collect() };
    let (a, b, c) = (draw(&mut s, 300), draw(&mut s, 40), draw(&mut s, 12));
    let w: Vec<f64> = (0..3_000).map(|_| 0.5 + s.uniform()).collect();
    let (a, b, c) = (Factor::new("a", &a), Factor::new("b", &b), Factor::new("c", &c));
    for weights in [None, Some(w.as_slice())] {
        check(std::slice::from_ref(&a), weights, Some(0));
        check(&[a.clone(), b.clone()], weights, Some(0));
        check(&[b.clone(), a.clone(), c.clone()], weights, Some(0));
    }
}

#[test]
fn a_badly_connected_graph_is_handed_over() {
    // Workers form a chain of firms: each firm is linked to the next by one mover.
    let (mut worker, mut firm) = (Vec::new(), Vec::new());
    for f in 0..3_000_usize {
        for m in 0..3_usize {
            for t in 0..3_usize {
                worker.push(f * 3 + m);
                firm.push(f + usize::from(m == 0 && t == 2));
            }
        }
    }
    check(
        &[Factor::new("worker", &worker), Factor::new("firm", &firm)],
        None,
        Some(1),
    );
}

#[test]
fn a_polynomial_of_degree_ten_loses_no_column() {
    // As badly scaled as the hardest NIST set: x from −9 to −3, powers up to ten.
    let x: Vec<f64> = (0..82).map(|i| -9.0 + 6.0 * f64::from(i) / 81.0).collect();
    let y: Vec<f64> = x.iter().map(|v| (0..=10).map(|p| v.powi(p)).sum()).collect();
    let mut design = Design::new();
    (0..=10).for_each(|p| design.push(format!("x{p}"), x.iter().map(|v| v.powi(p)).collect()));
    let f = fit(&y, &design, &[], None).unwrap();
    assert!(f.dropped.is_empty(), "{:?}", f.dropped);
    // The powers reach 3.5e9 and y is rounded there, so that the small coefficients are the data's to lose; the fit is not.
    let largest = y.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    assert!(
        f.residuals.iter().all(|e| e.abs() < 4.0 * f64::EPSILON * largest),
        "{:?}",
        f.residuals
    );
    assert!((f.coefficients[10] - 1.0).abs() < 1e-8, "{:?}", f.coefficients);
}
