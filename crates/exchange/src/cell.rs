//! One cell: its text read as its column's kind, or what is wrong with it.

use counterpart_model::table::ColumnKind;
use counterpart_model::{Date, Decimal, FaultCode, Id, Period, Value};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc, is_nfc_quick};

use crate::currency;
use crate::hint::did_you_mean;

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CellFault {
    pub(crate) code: FaultCode,
    pub(crate) expected: String,
    pub(crate) hint: Option<String>,
}

impl CellFault {
    fn new(code: FaultCode, expected: impl Into<String>) -> Self {
        Self {
            code,
            expected: expected.into(),
            hint: None,
        }
    }

    fn hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }
}

/// Most digits of a decimal, on both sides of the point together.
const MOST_DIGITS: usize = 28;
/// Letters of an observation's status.
const STATUS: &[&str] = &["p", "r", "e", "b", "x"];
/// First folders of paths that mean nothing on another machine.
const MACHINE_FOLDERS: &[&str] = &[
    "work", "home", "root", "tmp", "farm", "usr", "var", "opt", "mnt", "media", "srv", "Users", "Volumes",
];

/// Checks what holds for a cell of any column: form, spaces, paths.
pub(crate) fn check_text(text: &str) -> Result<(), CellFault> {
    let bytes = text.as_bytes();
    if bytes.iter().any(|byte| *byte < 0x20 || *byte == 0x7F) {
        return Err(CellFault::new(
            FaultCode::WrongType,
            "text of one line, without tabs and control characters",
        ));
    }
    if text.trim() != text {
        return Err(
            CellFault::new(FaultCode::WrongType, "text without spaces at its ends").hint(Some(format!(
                "write {:?}",
                text.trim().chars().take(80).collect::<String>()
            ))),
        );
    }
    if !text.is_ascii() && !in_nfc(text) {
        return Err(
            CellFault::new(FaultCode::Encoding, "text in Unicode normal form C").hint(Some(format!(
                "write {:?}, with composed letters",
                text.nfc().take(80).collect::<String>()
            ))),
        );
    }
    if bytes.iter().any(|byte| matches!(byte, b'/' | b'\\')) && has_machine_path(text) {
        return Err(
            CellFault::new(FaultCode::MachinePath, "no path of one machine's disk")
                .hint(Some("name the document, its page or its address instead".into())),
        );
    }
    Ok(())
}

fn in_nfc(text: &str) -> bool {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => true,
        IsNormalized::No => false,
        IsNormalized::Maybe => is_nfc(text),
    }
}

fn has_machine_path(text: &str) -> bool {
    let begins_path =
        |before: Option<char>| before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '"' | '\''));
    let unix = text.match_indices('/').any(|(at, _)| {
        let before = text.get(..at).and_then(|part| part.chars().next_back());
        let after = text.get(at + 1..).unwrap_or_default();
        begins_path(before)
            && after
                .split_once('/')
                .is_some_and(|(folder, _)| MACHINE_FOLDERS.contains(&folder))
    });
    let windows = text.match_indices(":\\").any(|(at, _)| {
        text.get(..at)
            .and_then(|part| part.chars().next_back())
            .is_some_and(|c| c.is_ascii_alphabetic())
    });
    unix || windows
}

/// Reads the text of a cell that is not empty.
pub(crate) fn read(kind: ColumnKind, text: &str) -> Result<Value, CellFault> {
    check_text(text)?;
    let wrong = || CellFault::new(FaultCode::WrongType, kind.in_words());
    let as_text = || Value::Text(text.to_owned());
    match kind {
        ColumnKind::Id => {
            if Id::is_valid(text) {
                Ok(as_text())
            } else {
                Err(wrong())
            }
        }
        ColumnKind::Text
        | ColumnKind::Reference(_)
        | ColumnKind::References(_)
        | ColumnKind::BaseIndicator
        | ColumnKind::Operands
        | ColumnKind::Formula => Ok(as_text()),
        ColumnKind::Word(words) => {
            if words.contains(&text) {
                Ok(as_text())
            } else {
                Err(CellFault::new(FaultCode::UnknownWord, kind.in_words())
                    .hint(did_you_mean(text, words.iter().copied())))
            }
        }
        ColumnKind::Date => text
            .parse::<Date>()
            .map(Value::Date)
            .map_err(|_| wrong().hint(date_hint(text))),
        ColumnKind::Period => read_period(text, wrong),
        ColumnKind::Decimal => read_decimal(text),
        ColumnKind::Count => {
            if text.bytes().all(|byte| byte.is_ascii_digit()) {
                text.parse().map(Value::Integer).map_err(|_| wrong())
            } else {
                Err(wrong().hint(decimal_hint(text)))
            }
        }
        ColumnKind::Integer => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                text.parse().map(Value::Integer).map_err(|_| wrong())
            } else {
                Err(wrong())
            }
        }
        ColumnKind::Currency => {
            if currency::is_code(text) {
                Ok(as_text())
            } else {
                Err(wrong().hint(currency::hint(text)))
            }
        }
        ColumnKind::Sha256 => {
            if text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
                Ok(as_text())
            } else {
                Err(wrong())
            }
        }
        ColumnKind::ObservationStatus => {
            let letter = text
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
                .unwrap_or(text);
            if STATUS.contains(&letter) {
                Ok(Value::Text(letter.to_owned()))
            } else {
                Err(CellFault::new(FaultCode::UnknownWord, kind.in_words()))
            }
        }
    }
}

fn read_period(text: &str, wrong: impl Fn() -> CellFault) -> Result<Value, CellFault> {
    let period: Period = text.parse().map_err(|_| wrong().hint(date_hint(text)))?;
    match period.end {
        Some(end) if period.start.is_after(end) => Err(CellFault::new(
            FaultCode::Reversed,
            "a period that ends after it begins",
        )
        .hint(Some(format!("{} is after {end}", period.start)))),
        _ => Ok(Value::Period(period)),
    }
}

fn read_decimal(text: &str) -> Result<Value, CellFault> {
    let kind = ColumnKind::Decimal;
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = match digits.split_once('.') {
        None => is_digits(digits),
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
    };
    if !plain {
        return Err(CellFault::new(FaultCode::WrongType, kind.in_words()).hint(decimal_hint(text)));
    }
    let n_digits = digits.bytes().filter(u8::is_ascii_digit).count();
    let many = || {
        CellFault::new(
            FaultCode::WrongType,
            format!("a decimal of at most {MOST_DIGITS} digits"),
        )
        .hint(Some(format!("it has {n_digits}")))
    };
    if n_digits > MOST_DIGITS {
        return Err(many());
    }
    Decimal::from_str_exact(text)
        .map(Value::Decimal)
        .map_err(|_| many())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns how a figure that is no plain decimal might be written.
fn decimal_hint(text: &str) -> Option<String> {
    let scale = [
        ("万亿", 12),
        ("亿", 8),
        ("万", 4),
        ("trillion", 12),
        ("billion", 9),
        ("million", 6),
    ]
    .into_iter()
    .find(|(word, _)| text.contains(word));
    if let Some((word, exponent)) = scale {
        let figure = text.split(word).next().unwrap_or_default().trim();
        let written: Option<Decimal> = Decimal::from_str_exact(figure)
            .ok()
            .and_then(|value| value.checked_mul(Decimal::from(10_u64.pow(exponent))));
        return written.map(|value| format!("write {}; keep {text:?} in as_said", value.normalize()));
    }
    let is_number = |text: &str| Decimal::from_str_exact(text).is_ok() && text.len() <= MOST_DIGITS;
    let parts: Vec<&str> = text.split(',').collect();
    let in_thousands = parts.len() > 1
        && parts
            .first()
            .is_some_and(|first| (1..=3).contains(&first.trim_start_matches('-').len()))
        && parts
            .iter()
            .skip(1)
            .all(|part| part.split('.').next().is_some_and(|whole| whole.len() == 3));
    let candidate = if in_thousands {
        text.replace(',', "")
    } else if parts.len() == 2 && !text.contains('.') {
        text.replace(',', ".")
    } else {
        text.replace([' ', '\u{a0}', '%', '+', '_'], "")
    };
    if candidate != text && is_number(&candidate) {
        return Some(format!("write {candidate}; keep {text:?} in as_said"));
    }
    None
}

/// Returns how a date that is not in ISO 8601 might be written.
fn date_hint(text: &str) -> Option<String> {
    let parts: Vec<&str> = text
        .split(['/', '-', '.', '年', '月', '日'])
        .filter(|part| !part.is_empty())
        .collect();
    if parts.is_empty() || parts.len() > 3 || !parts.iter().all(|part| is_digits(part)) {
        return None;
    }
    if parts.first().is_some_and(|year| year.len() != 4) {
        return None;
    }
    let written: Vec<String> = parts.iter().map(|part| format!("{part:0>2}")).collect();
    let written = written.join("-");
    (written != text && written.parse::<Date>().is_ok()).then(|| format!("write {written}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(kind: ColumnKind, text: &str) -> String {
        match read(kind, text) {
            Ok(value) => format!("{value:?}"),
            Err(fault) => fault.hint.unwrap_or_default(),
        }
    }

    #[test]
    fn hints_write_the_figure_that_was_meant() {
        let d = ColumnKind::Decimal;
        assert_eq!(hint(d, "3,94"), r#"write 3.94; keep "3,94" in as_said"#);
        assert_eq!(
            hint(d, "1,500,000"),
            r#"write 1500000; keep "1,500,000" in as_said"#
        );
        assert_eq!(
            hint(d, "39.4亿元"),
            r#"write 3940000000; keep "39.4亿元" in as_said"#
        );
        assert_eq!(hint(d, "5 %"), r#"write 5; keep "5 %" in as_said"#);
        assert_eq!(hint(d, "12345678901234567890123456789"), "it has 29");
        assert_eq!(hint(d, "many"), "");
        assert_eq!(hint(ColumnKind::Date, "2010/5/1"), "write 2010-05-01");
        assert_eq!(hint(ColumnKind::Date, "2010年5月"), "write 2010-05");
    }

    #[test]
    fn decimals_keep_the_scale_they_were_written_at() {
        for text in ["0.30", "-1.5", "0", "1500000", "9999999999999999999999999999"] {
            assert_eq!(
                read(ColumnKind::Decimal, text).map(|value| value.to_string()),
                Ok(text.to_owned())
            );
        }
        for text in [
            "+1", ".5", "5.", "1e9", "-", "", "１", "0x1", "1 000", "NaN", "inf",
        ] {
            assert!(read(ColumnKind::Decimal, text).is_err(), "{text}");
        }
    }

    #[test]
    fn paths_of_a_machine_are_told_from_other_slashes() {
        for text in ["see /home/a/b.pdf", "C:\\data\\x.csv", "(/opt/data/x)"] {
            assert!(has_machine_path(text), "{text}");
        }
        for text in [
            "https://a.example/home/x",
            "2018/2020",
            "铜川市/2009",
            "p. 3 / table 2",
            "a/home/b",
        ] {
            assert!(!has_machine_path(text), "{text}");
        }
    }
}
