//! Numbers compared with a stated tolerance.

/// Asserts that two numbers differ by at most a tolerance, absolutely or as a share of the second.
///
/// # Example
/// ```
/// counterpart_testkit::assert_close!(0.1 + 0.2, 0.3, 1e-15);
/// counterpart_testkit::assert_close!(1_000_001.0, 1_000_000.0, 2e-6);
/// ```
#[macro_export]
macro_rules! assert_close {
    ($met:expr, $expected:expr, $tolerance:expr $(,)?) => {{
        let (met, expected, tolerance): (f64, f64, f64) = ($met, $expected, $tolerance);
        let most = tolerance * expected.abs().max(1.0);
        assert!(
            (met - expected).abs() <= most,
            "{met} is not within {most} of {expected}"
        );
    }};
}
