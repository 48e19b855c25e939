//! NIST Statistical Reference Datasets, linear regression.

use counterpart_estimate::regression::{Design, Fit, fit};
use counterpart_estimate::spec::Variance;
use counterpart_estimate::variance::{SmallSample, vcov};

use crate::data::{digits, path};

struct Set {
    certified: Vec<(f64, f64)>,
    rows: Vec<Vec<f64>>,
}

fn read(name: &str) -> Set {
    let text = std::fs::read_to_string(path(&format!("data/nist/{name}.dat"))).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let number = |s: &str| s.parse::<f64>().ok();
    let certified = lines
        .iter()
        .filter_map(|l| {
            let w: Vec<&str> = l.split_whitespace().collect();
            match w.as_slice() {
                [b, x, s] if b.starts_with('B') && b[1..].parse::<u32>().is_ok() => {
                    Some((number(x)?, number(s)?))
                }
                _ => None,
            }
        })
        .collect();
    let start = lines.iter().rposition(|l| l.starts_with("Data:")).unwrap();
    let rows = lines[start + 1..]
        .iter()
        .map(|l| l.split_whitespace().filter_map(number).collect::<Vec<f64>>())
        .filter(|r: &Vec<f64>| r.len() > 1)
        .collect();
    Set { certified, rows }
}

fn solve(set: &Set, degree: Option<i32>) -> Fit {
    let y: Vec<f64> = set.rows.iter().map(|r| r[0]).collect();
    let mut design = Design::new().with("B0", vec![1.0; y.len()]);
    match degree {
        Some(d) => {
            for p in 1..=d {
                design.push(format!("B{p}"), set.rows.iter().map(|r| r[1].powi(p)).collect());
            }
        }
        None => {
            for j in 1..set.rows[0].len() {
                design.push(format!("B{j}"), set.rows.iter().map(|r| r[j]).collect());
            }
        }
    }
    fit(&y, &design, &[], None).unwrap()
}

fn worst(set: &Set, fit: &Fit) -> f64 {
    assert_eq!(
        fit.coefficients.len(),
        set.certified.len(),
        "dropped: {:?}",
        fit.dropped
    );
    set.certified
        .iter()
        .zip(&fit.coefficients)
        .map(|(c, b)| digits(*b, c.0))
        .fold(15.0, f64::min)
}

fn worst_error(set: &Set, fit: &Fit) -> f64 {
    let v = vcov(fit, Variance::Iid, &[], SmallSample::default()).unwrap();
    let k = fit.coefficients.len();
    (0..k)
        .map(|j| digits(v.values[j * k + j].sqrt(), set.certified[j].1))
        .fold(15.0, f64::min)
}

#[test]
fn norris() {
    let set = read("Norris");
    let f = solve(&set, Some(1));
    assert!(worst(&set, &f) >= 13.0, "{}", worst(&set, &f));
    assert!(worst_error(&set, &f) >= 13.0, "{}", worst_error(&set, &f));
}

#[test]
fn longley() {
    let set = read("Longley");
    let f = solve(&set, None);
    assert!(worst(&set, &f) >= 13.0, "{}", worst(&set, &f));
    assert!(worst_error(&set, &f) >= 12.0, "{}", worst_error(&set, &f));
}

#[test]
fn wampler_has_exact_coefficients_and_no_standard_error() {
    let set = read("Wampler1");
    let f = solve(&set, Some(5));
    assert!(worst(&set, &f) >= 13.0, "{}", worst(&set, &f));
    // Certified residuals are zero: a standard error would be rounding.
    assert!(f.is_exact());
    assert!(vcov(&f, Variance::Iid, &[], SmallSample::default()).is_err());
}
