//! Times absorbed fixed effects on the two graphs of the benchmark: `cargo run --release -p counterpart-estimate
//! --example absorption [ROWS]`. Prints one JSON line a graph; `bench/` sets it beside the peers.

#![expect(clippy::print_stdout, reason = "prints what it measured")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "level numbers fit"
)]

use std::time::Instant;

use counterpart_estimate::regression::singletons::singletons;
use counterpart_estimate::regression::{Design, Factor, fit};
use counterpart_estimate::rng::Stream;
use counterpart_estimate::spec::Variance;
use counterpart_estimate::variance::{SmallSample, vcov};

fn main() {
    let rows: usize = std::env::args()
        .nth(1)
        .and_then(|a| a.parse().ok())
        .unwrap_or(1_000_000);
    for hard in [false, true] {
        let mut draw = Stream::new(7, u64::from(hard));
        let (n1, n2) = (rows / 10, rows / 100);
        let mut first = Vec::with_capacity(rows);
        let mut second = Vec::with_capacity(rows);
        for i in 0..rows {
            if hard {
                let worker = i / 10;
                let firm = worker * n2 / n1;
                let moves = draw.uniform() < 0.05;
                first.push(worker as i64);
                second.push((if moves { (firm + 1).min(n2 - 1) } else { firm }) as i64);
            } else {
                first.push(draw.below(n1) as i64);
                second.push(draw.below(n2) as i64);
            }
        }
        let (a, b): (Vec<f64>, Vec<f64>) = (
            (0..n1).map(|_| draw.normal()).collect(),
            (0..n2).map(|_| draw.normal()).collect(),
        );
        let x1: Vec<f64> = (0..rows).map(|_| draw.normal()).collect();
        let x2: Vec<f64> = (0..rows).map(|_| draw.normal()).collect();
        let y: Vec<f64> = (0..rows)
            .map(|i| x1[i] - 0.5 * x2[i] + a[first[i] as usize] + b[second[i] as usize] + draw.normal())
            .collect();
        let cluster: Vec<i64> = first.iter().map(|f| f % 997).collect();
        for _ in 0..3 {
            let start = Instant::now();
            let factors = [
                Factor::of_integers("fe1", &first),
                Factor::of_integers("fe2", &second),
            ];
            let clusters = Factor::of_integers("cluster", &cluster);
            let made = start.elapsed();
            let alone = singletons(&factors).iter().filter(|a| a.is_some()).count();
            let looked = start.elapsed();
            let design = Design::new().with("x1", x1.clone()).with("x2", x2.clone());
            let fitted = fit(&y, &design, &factors, None).expect("the regression is identified");
            let fitted_at = start.elapsed();
            let v = vcov(&fitted, Variance::Cluster, &[clusters], SmallSample::default())
                .expect("two clusters or more");
            let end = start.elapsed();
            println!(
                "{{\"graph\":\"{}\",\"factors\":{:.3},\"singletons\":{:.3},\"n_singletons\":{alone},\"fit\":{:.3},\"vcov\":{:.3},\"total\":{:.3},\"x1\":{:.9},\"se\":{:.9},\"iterations\":{},\"handed_over\":{}}}",
                if hard { "hard" } else { "easy" },
                made.as_secs_f64(),
                (looked - made).as_secs_f64(),
                (fitted_at - looked).as_secs_f64(),
                (end - fitted_at).as_secs_f64(),
                end.as_secs_f64(),
                fitted.coefficients[0],
                v.values[0].sqrt(),
                fitted.absorption.iterations,
                fitted.absorption.handed_over,
            );
        }
    }
}
