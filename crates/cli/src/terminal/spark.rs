//! Sparklines: one mark a period, the onset marked, nothing in the middle, one scale for all.

use crate::terminal::marks::Marks;

/// Returns the marks of a path, its points in time order.
///
/// `points` are (periods since onset, value); `scale` is the value of the highest mark. The onset's mark stands before
/// the first point at or after it.
pub(crate) fn spark(points: &[(i64, f64)], scale: f64, marks: Marks) -> String {
    let levels = marks.spark();
    let mut line = String::new();
    let mut begun = false;
    for (event_time, value) in points {
        if *event_time >= 0 && !begun {
            line.push(marks.onset());
            begun = true;
        }
        line.push(level(*value, scale, levels));
    }
    line
}

/// Returns the smallest round scale that holds every value.
pub(crate) fn scale(values: impl IntoIterator<Item = f64>) -> f64 {
    let largest = values
        .into_iter()
        .filter(|value| value.is_finite())
        .fold(0.0_f64, |largest, value| largest.max(value.abs()));
    if largest <= 0.0 {
        return 1.0;
    }
    let magnitude = 10_f64.powf(largest.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|step| step * magnitude)
        .find(|step| *step >= largest * (1.0 - 1e-9))
        .unwrap_or(10.0 * magnitude)
}

fn level(value: f64, scale: f64, levels: &[char]) -> char {
    let share = (value / scale + 1.0) / 2.0;
    let mut chosen = levels.first().copied().unwrap_or(' ');
    for (index, mark) in levels.iter().enumerate() {
        if share * levels.len() as f64 >= index as f64 {
            chosen = *mark;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::{scale, spark};
    use crate::terminal::marks::Marks;

    #[test]
    fn nothing_is_the_middle_and_the_onset_is_marked() {
        let points = [(-2, 0.0), (-1, -0.1), (0, 20.0), (1, -20.0), (2, 9.9)];
        assert_eq!(spark(&points, 20.0, Marks::unicode()), "▅▄│█▁▆");
        assert_eq!(spark(&points, 20.0, Marks::ascii()), "--|#.=");
    }

    #[test]
    fn the_scale_is_a_round_number_that_holds_all() {
        assert!((scale([3.0, -17.5]) - 20.0).abs() < 1e-12);
        assert!((scale([50.0]) - 50.0).abs() < 1e-12);
        assert!((scale([]) - 1.0).abs() < 1e-12);
    }
}
