//! Duties as a table: by rule and base, a line a provider or a period; the total of all who owe comes last.

use anstyle::{AnsiColor, Style};
use counterpart_appraise::assessment::{Duty, DutyInput, DutyStatus, Number};
use counterpart_appraise::duty::Office;
use counterpart_model::Record;

use crate::settings::Settings;
use crate::terminal::marks::TITLE;
use crate::terminal::number::{count, decimals};
use crate::terminal::page::{Align, Cell, Page};

/// What was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    /// One provider.
    pub(crate) provider: bool,
    /// One year.
    pub(crate) year: bool,
}

/// Returns the screen of the duties chosen.
pub(crate) fn screen(
    record: &Record,
    office: &Office,
    chosen: &[&Duty],
    asked: Asked,
    settings: &Settings,
) -> String {
    let mut page = Page::new(settings);
    if office.duties.is_empty() {
        page.line("The case has no rule about money: nothing is owed on record.");
        return page.finish();
    }
    if chosen.is_empty() {
        page.line("No duty on record is of that year and provider.");
        years(&mut page, office);
        return page.finish();
    }
    // Without a choice, what all owe together; each provider stands in the report and behind --provider and --year.
    let is_shown = |row: &&Duty| asked.provider || asked.year || row.together || !is_of_group(office, row);
    let shown: Vec<&Duty> = chosen.iter().copied().filter(is_shown).collect();
    for rows in shown.chunk_by(|a, b| a.rule == b.rule) {
        rule(&mut page, record, rows, asked);
    }
    tally(&mut page, chosen, &shown);
    page.finish()
}

/// Whether a rule binds several, of whom this is one.
fn is_of_group(office: &Office, row: &Duty) -> bool {
    office
        .duties
        .iter()
        .any(|other| other.together && other.rule == row.rule)
}

fn rule(page: &mut Page, record: &Record, rows: &[&Duty], asked: Asked) {
    let Some(first) = rows.first() else { return };
    let id = page.marks().text(&first.rule).into_owned();
    page.push_styled(&id, TITLE);
    page.line(&format!("  {}", first.kind.replace('_', " ")));
    if let Some(rule) = record.rules.iter().find(|rule| rule.id == first.rule.as_str()) {
        let speaker = rule.speaker_id.as_ref().map_or_else(
            || rule.source_id.to_string(),
            |id| {
                record
                    .speakers
                    .iter()
                    .find(|speaker| speaker.id == *id)
                    .map_or_else(|| id.to_string(), |speaker| speaker.name.clone())
            },
        );
        page.paragraph(2, &format!("{speaker}: {}", rule.text), Style::new());
    }
    let mut sorted: Vec<&Duty> = rows.to_vec();
    sorted.sort_by(|a, b| {
        let key = |row: &Duty| {
            let base = (!row.base_named, row.base_indicator.clone());
            (
                base,
                row.together,
                row.provider.clone(),
                row.period.contains('/'),
                row.period.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    for rows in sorted.chunk_by(|a, b| a.base_indicator == b.base_indicator) {
        base(page, record, rows, asked);
    }
    page.blank();
}

fn base(page: &mut Page, record: &Record, rows: &[&Duty], asked: Asked) {
    let Some(first) = rows.first() else { return };
    let name = match first.base_indicator.strip_prefix("flow:") {
        Some(flow) => flow.replace('_', " "),
        None => record
            .indicators
            .iter()
            .find(|row| row.id == first.base_indicator.as_str())
            .map_or_else(|| first.base_indicator.clone(), |row| row.name.clone()),
    };
    let named = if first.base_named {
        ""
    } else {
        " (not the base that the rule names)"
    };
    let (scale, unit) = scale(rows);
    let currency = rows
        .iter()
        .find_map(|row| row.currency.as_deref())
        .unwrap_or("amounts");
    page.blank();
    page.paragraph(2, &format!("of {name}{named}; {unit}{currency}"), Style::new());
    let by_provider = asked.year && !asked.provider;
    let is_both = by_provider && rows.iter().any(|row| row.period.contains('/'));
    let mut table = vec![
        [
            if by_provider { "who" } else { "period" },
            "base",
            "vintage",
            "owed",
            "paid",
            "status",
        ]
        .into_iter()
        .map(|head| Cell::styled(head, crate::terminal::marks::LABEL))
        .collect::<Vec<Cell>>(),
    ];
    for row in rows {
        let period = row.period.replace('/', "–");
        let label = match (by_provider, row.together) {
            (true, true) => format!("all {period}"),
            (true, false) if is_both && row.period.contains('/') => {
                format!("{} {period}", row.provider_name)
            }
            (true, false) => row.provider_name.clone(),
            (false, _) => period,
        };
        let none = page.marks().none();
        let base = row
            .base
            .as_ref()
            .map_or_else(|| none.to_owned(), |base| amount(base, scale));
        let owed = match (&row.owed_low, &row.owed_high) {
            (Some(low), Some(high)) if low != high => {
                format!("{}–{}", amount(low, scale), amount(high, scale))
            }
            (Some(low), Some(_)) => amount(low, scale),
            (Some(low), None) => format!("≥{}", amount(low, scale)),
            (None, Some(high)) => format!("≤{}", amount(high, scale)),
            (None, None) => none.to_owned(),
        };
        let paid = match (&row.paid_value, row.against.first()) {
            (Some(paid), _) => format!("{}{}", mark(row.paid_qualifier.as_deref()), amount(paid, scale)),
            (None, Some(plan)) => {
                format!(
                    "({}{})",
                    mark(plan.qualifier.as_deref()),
                    amount(&plan.value, scale)
                )
            }
            (None, None) => none.to_owned(),
        };
        table.push(vec![
            Cell::new(label),
            Cell::new(base),
            Cell::new(row.base_vintage.clone().unwrap_or_else(|| none.to_owned())),
            Cell::new(owed),
            Cell::new(paid),
            Cell::styled(status(row), style(row.status)),
        ]);
    }
    page.table(
        &table,
        &[
            Align::Left,
            Align::Right,
            Align::Left,
            Align::Right,
            Align::Right,
            Align::Left,
        ],
    );
    let mut said: Vec<&String> = Vec::new();
    for note in rows.iter().flat_map(|row| &row.notes) {
        if !said.contains(&note) {
            said.push(note);
            page.paragraph(2, note, Style::new());
        }
    }
}

/// The number that amounts of a table are divided by, and its word.
fn scale(rows: &[&Duty]) -> (f64, &'static str) {
    let most = rows
        .iter()
        .flat_map(|row| [&row.owed_high, &row.owed_low, &row.paid_value, &row.base])
        .flatten()
        .map(Number::as_f64)
        .fold(0.0_f64, |most, value| most.max(value.abs()));
    if most >= 1e9 {
        (1e9, "billion ")
    } else if most >= 1e6 {
        (1e6, "million ")
    } else {
        (1.0, "")
    }
}

/// An amount at three digits or more.
fn amount(number: &Number, scale: f64) -> String {
    let value = number.as_f64() / scale;
    let digits = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    let text = decimals(value, digits);
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), ""), |parts| parts);
    let n = whole.chars().filter(char::is_ascii_digit).count();
    let mut grouped = String::new();
    let mut left = n;
    for mark in whole.chars() {
        if mark.is_ascii_digit() {
            if left < n && left % 3 == 0 {
                grouped.push(',');
            }
            left -= 1;
        }
        grouped.push(mark);
    }
    if fraction.is_empty() {
        grouped
    } else {
        format!("{grouped}.{fraction}")
    }
}

fn mark(qualifier: Option<&str>) -> &'static str {
    match qualifier {
        Some("more_than" | "at_least") => ">",
        Some("less_than" | "up_to") => "<",
        Some("nearly" | "about") => "~",
        _ => "",
    }
}

/// The status, or the first input that is missing.
fn status(row: &Duty) -> String {
    if row.status != DutyStatus::NotCheckable {
        return row.status.words().to_owned();
    }
    let missing = row.missing.first().map_or("not checkable", |what| match what {
        DutyInput::Rate => "no rate",
        DutyInput::Base => "no base",
        DutyInput::Payment => "no payment",
        DutyInput::Period => "other periods",
        DutyInput::Purpose => "purpose unknown",
        DutyInput::Due => "no due year",
        DutyInput::Measure => "not of money",
        DutyInput::Exactness => "only a bound",
        DutyInput::Currency => "other currency",
    });
    missing.to_owned()
}

const fn style(status: DutyStatus) -> Style {
    match status {
        DutyStatus::Met => AnsiColor::Green.on_default(),
        DutyStatus::Below => AnsiColor::Red.on_default(),
        DutyStatus::Above => AnsiColor::Blue.on_default(),
        DutyStatus::NotCheckable => Style::new(),
    }
}

fn tally(page: &mut Page, chosen: &[&Duty], shown: &[&Duty]) {
    let parts: Vec<String> = [
        DutyStatus::Met,
        DutyStatus::Below,
        DutyStatus::Above,
        DutyStatus::NotCheckable,
    ]
    .into_iter()
    .filter_map(|status| {
        let n = chosen.iter().filter(|row| row.status == status).count();
        (n > 0).then(|| format!("{n} {}", status.words()))
    })
    .collect();
    page.line(&format!(
        "{}: {}",
        count(chosen.len(), "duty", "duties"),
        parts.join(", ")
    ));
    let hidden = chosen.len().saturating_sub(shown.len());
    if hidden > 0 {
        page.line(&format!(
            "{} not listed: name one with --provider, or a year with --year",
            count(
                hidden,
                "duty of single providers is",
                "duties of single providers are"
            )
        ));
    }
    page.line("( ) planned, agreed or committed, not paid; ~ about or nearly; > more than.");
    page.line("--json and the report have every base, vintage and reason.");
}

/// Which years there are.
fn years(page: &mut Page, office: &Office) {
    let mut years: Vec<&str> = office
        .duties
        .iter()
        .map(|row| row.period.as_str())
        .filter(|period| !period.contains('/') && *period != "undated")
        .collect();
    years.sort_unstable();
    if let (Some(first), Some(last)) = (years.first(), years.last()) {
        page.line(&format!("Duties of single years run from {first} to {last}."));
    }
}
