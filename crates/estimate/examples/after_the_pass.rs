//! What costs how much once a panel is in moments: 10,000 specifications, and 9,999 draws of randomisation.
//!
//! `after_the_pass`: a made-up panel of 100,000 units × 10, 500 assignment units.

#![expect(clippy::print_stdout, reason = "what it says is its purpose")]
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::time::Instant;

use counterpart_estimate::moments::CohortMoments;
use counterpart_estimate::resample::randomisation::{Prepared, randomisation};
use counterpart_estimate::rng::Stream;
use counterpart_estimate::spec::{BasePeriod, Control, Method};
use counterpart_estimate::{Columns, Panel, Spec};

const UNITS: usize = 100_000;
const PERIODS: i64 = 10;
const GROUPS: usize = 500;

fn panel() -> Result<Panel, Box<dyn std::error::Error>> {
    let mut stream = Stream::new(1, 0);
    let names: Vec<String> = (0..UNITS).map(|u| u.to_string()).collect();
    let groups: Vec<String> = (0..UNITS).map(|u| format!("g{}", u % GROUPS)).collect();
    let periods: Vec<i64> = (1..=PERIODS).collect();
    let cohort = |u: usize| match u % GROUPS % 10 {
        0..6 => None,
        k => Some(k as i64 - 2),
    };
    let cohorts: Vec<Option<i64>> = (0..UNITS).map(cohort).collect();
    let outcome: Vec<Vec<Option<f64>>> = (0..UNITS)
        .map(|u| {
            let level = stream.normal();
            periods
                .iter()
                .map(|&t| {
                    let effect = cohorts[u].map_or(0.0, |g| if t >= g { 1.0 } else { 0.0 });
                    Some(level + 0.1 * t as f64 + effect + stream.normal())
                })
                .collect()
        })
        .collect();
    let columns = Columns::from_rectangle(&names, &periods, &outcome, &cohorts, None, Some(&groups));
    Ok(Panel::build(columns)?)
}

/// Specifications that differ in method, comparison, base, anticipation, bins and level.
fn specs() -> Vec<Spec> {
    let mut specs = Vec::new();
    'all: for level in 0_u32.. {
        for anticipation in 0..3 {
            for control in [Control::Never, Control::NotYet] {
                for base in [BasePeriod::Universal, BasePeriod::Varying] {
                    for method in [
                        Method::CallawaySantanna,
                        Method::Imputation,
                        Method::Did,
                        Method::EventStudy,
                    ] {
                        let mut spec = Spec::new(method)
                            .with_control(control)
                            .with_base_period(base)
                            .with_level(0.5 + f64::from(level % 490) / 1000.0);
                        spec.anticipation = anticipation;
                        specs.push(spec);
                        if specs.len() == 10_000 {
                            break 'all;
                        }
                    }
                }
            }
        }
    }
    specs
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let panel = panel()?;
    let seconds = |start: Instant| start.elapsed().as_secs_f64();
    let start = Instant::now();
    let moments = CohortMoments::of_panel(&panel)?;
    println!(
        "moments of {UNITS} units x {PERIODS} in memory: {:.3} s",
        seconds(start)
    );
    let specs = specs();
    let start = Instant::now();
    let answered = moments.curve(&specs).iter().filter(|r| r.is_ok()).count();
    println!(
        "{} specifications (a quarter each callaway-santanna with all averages, imputation, did, event-study), {answered} answered: {:.3} s",
        specs.len(),
        seconds(start)
    );
    let spec = Spec::did().with_draws(9_999, 1);
    let start = Instant::now();
    let prepared = Prepared::new(&panel, &spec)?;
    println!(
        "sums by assignment unit ({GROUPS} of them): {:.3} s",
        seconds(start)
    );
    let start = Instant::now();
    let test = prepared.test(&spec)?;
    println!(
        "randomisation with 9,999 draws: {:.3} s, p {:.4}",
        seconds(start),
        test.p_value
    );
    assert_eq!(test.p_value, randomisation(&panel, &spec)?.p_value);
    Ok(())
}
