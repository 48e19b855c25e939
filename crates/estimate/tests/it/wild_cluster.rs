//! Wild cluster bootstrap against the slow road: rebuild y*, estimate again.

use counterpart_estimate::regression::{Design, Factor, fit};
use counterpart_estimate::resample::wild_cluster::wild_cluster;
use counterpart_estimate::{Columns, FirstTreated, Panel, Spec, Timing};

fn panel() -> (Panel, Vec<usize>) {
    let (mut unit, mut period, mut y, mut g, mut area, mut index) =
        (vec![], vec![], vec![], vec![], vec![], vec![]);
    for c in 0..7_usize {
        for u in 0..3_usize {
            for t in 1..=4_i64 {
                if (c + u + t as usize).is_multiple_of(9) {
                    continue;
                }
                unit.push(format!("{c}{u}"));
                area.push(format!("{c}"));
                index.push(c);
                period.push(t);
                let noise = ((c * 13 + u * 29 + t as usize * 5) % 17) as f64 / 4.0;
                y.push(Some(noise + if c < 3 && t > 2 { 1.5 } else { 0.0 }));
                g.push(FirstTreated::from(if c < 3 { Some(3.0) } else { None }));
            }
        }
    }
    (
        Panel::build(Columns::new(unit, period, y, Timing::FirstTreated(g)).with_cluster("area", area))
            .unwrap(),
        index,
    )
}

#[test]
fn the_fast_road_equals_the_slow_one() {
    let (panel, _) = panel();
    let got = wild_cluster(&panel, &Spec::did()).unwrap();
    assert!(got.exhaustive && got.n_tried == 128);
    let unit = Factor::new("u", panel.row_unit());
    let period = Factor::new("t", panel.row_period());
    let area: Vec<usize> = panel
        .row_unit()
        .iter()
        .map(|&u| panel.units()[u].cluster)
        .collect();
    let x: Vec<f64> = (0..panel.n_rows())
        .map(|r| f64::from(panel.is_treated_row(r)))
        .collect();
    let factors = [unit, period];
    let null = fit(panel.outcome(), &Design::new(), &factors, None).unwrap();
    let fitted: Vec<f64> = panel
        .outcome()
        .iter()
        .zip(&null.residuals)
        .map(|(y, e)| y - e)
        .collect();
    let t_of = |y: &[f64]| {
        let f = fit(y, &Design::new().with("x", x.clone()), &factors, None).unwrap();
        let mut sums = [0.0; 7];
        (0..y.len()).for_each(|i| sums[area[i]] += f.score(i, 0));
        f.coefficients[0] / (f.bread[0] * sums.iter().map(|s| s * s).sum::<f64>().sqrt())
    };
    let observed = t_of(panel.outcome());
    assert!((observed - got.statistic).abs() < 1e-8 * observed.abs());
    let mut extreme = 0;
    for index in 0..128 {
        let y: Vec<f64> = (0..fitted.len())
            .map(|i| fitted[i] + null.residuals[i] * if index >> area[i] & 1 == 0 { 1.0 } else { -1.0 })
            .collect();
        extreme += usize::from(t_of(&y).abs() >= observed.abs() * (1.0 - 1e-9));
    }
    assert!((got.p_value - extreme as f64 / 128.0).abs() < 1e-12);
}
