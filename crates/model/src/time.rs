//! Dates at the precision they are known, and periods of one or two dates.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What is wrong with a text that should be a date or a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an ISO 8601 date (2010, 2014-09 or 2020-12-31)")]
pub struct NotADate;

/// A date at the precision it is known: a year, a month of a year, or a day.
///
/// Ordered by its first day, the coarser date first where two begin on the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

impl Date {
    /// Returns a whole year.
    #[must_use]
    pub const fn year_only(year: i16) -> Self {
        Self {
            year,
            month: None,
            day: None,
        }
    }

    /// Returns the year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.year as i32
    }

    /// Returns the month, 1–12, where it is known.
    #[must_use]
    pub const fn month(self) -> Option<i8> {
        self.month
    }

    /// Returns the day of the month where it is known.
    #[must_use]
    pub const fn day(self) -> Option<i8> {
        self.day
    }

    /// Returns the first day that this date may mean, as (year, month, day).
    #[must_use]
    pub fn first_day(self) -> (i32, i8, i8) {
        (self.year(), self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// Returns the last day that this date may mean, as (year, month, day); 31 stands for the end of any month.
    #[must_use]
    pub fn last_day(self) -> (i32, i8, i8) {
        (self.year(), self.month.unwrap_or(12), self.day.unwrap_or(31))
    }

    /// Whether every day of `self` is after every day of `other`, at the coarser precision of the two.
    #[must_use]
    pub fn is_after(self, other: Self) -> bool {
        self.first_day() > other.last_day()
    }

    /// Whether this is a whole year.
    #[must_use]
    pub const fn is_year(self) -> bool {
        self.month.is_none()
    }
}

impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let bytes = text.as_bytes();
        let digits = |range: std::ops::Range<usize>| -> Option<i16> {
            let part = text.get(range)?;
            if part.bytes().all(|byte| byte.is_ascii_digit()) {
                part.parse().ok()
            } else {
                None
            }
        };
        let year = digits(0..4).ok_or(NotADate)?;
        let month = match bytes.get(4) {
            None => None,
            Some(b'-') => Some(digits(5..7).and_then(|m| i8::try_from(m).ok()).ok_or(NotADate)?),
            Some(_) => return Err(NotADate),
        };
        let day = match bytes.get(7) {
            None => None,
            Some(b'-') => Some(digits(8..10).and_then(|d| i8::try_from(d).ok()).ok_or(NotADate)?),
            Some(_) => return Err(NotADate),
        };
        let whole = match bytes.len() {
            4 => month.is_none(),
            7 => month.is_some() && day.is_none(),
            10 => day.is_some(),
            _ => false,
        };
        if !whole || jiff::civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).is_err() {
            return Err(NotADate);
        }
        Ok(Self { year, month, day })
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

/// A date, or a start and an end written `2018/2020-07`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// First date.
    pub start: Date,
    /// Last date, where the period has two.
    pub end: Option<Date>,
}

impl Period {
    /// Returns the period that is one year.
    #[must_use]
    pub const fn year_only(year: i16) -> Self {
        Self {
            start: Date::year_only(year),
            end: None,
        }
    }

    /// Returns the year, where the period is exactly one.
    #[must_use]
    pub fn as_year(self) -> Option<i32> {
        (self.end.is_none() && self.start.is_year()).then(|| self.start.year())
    }

    /// Returns the last date: the end, or the start where there is only one date.
    #[must_use]
    pub fn last(self) -> Date {
        self.end.unwrap_or(self.start)
    }
}

impl FromStr for Period {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        match text.split_once('/') {
            None => Ok(Self {
                start: text.parse()?,
                end: None,
            }),
            Some((start, end)) => Ok(Self {
                start: start.parse()?,
                end: Some(end.parse()?),
            }),
        }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.start)?;
        if let Some(end) = self.end {
            write!(f, "/{end}")?;
        }
        Ok(())
    }
}

macro_rules! serde_as_text {
    ($($name:ty),+) => {$(
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(|error: NotADate| serde::de::Error::custom(format!("{text:?}: expected {error}")))
            }
        }
    )+};
}
serde_as_text!(Date, Period);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_the_precision_they_were_written_at() {
        for text in ["2010", "2014-09", "2020-12-31", "2020-02-29"] {
            assert_eq!(
                text.parse::<Date>().map(|date| date.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn days_that_do_not_exist_are_no_dates() {
        for text in [
            "",
            "10",
            "2010-",
            "2010-13",
            "2011-02-29",
            "2010-1-1",
            "2010/01",
            "20100101",
            "２０１０",
        ] {
            assert_eq!(text.parse::<Date>(), Err(NotADate), "{text}");
        }
    }

    #[test]
    fn a_year_is_not_after_a_month_inside_it() {
        let year = Date::year_only(2010);
        let month: Date = "2010-06".parse().expect("a date");
        assert!(!year.is_after(month) && !month.is_after(year));
        assert!("2011".parse::<Date>().expect("a date").is_after(month));
    }
}
