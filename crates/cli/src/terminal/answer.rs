//! Screen 1: the answer first, then what it hangs on, then where to read more; at most 24 lines.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::{CheckStatus, LensAnswer, PoolRow, StudyRow, Verdict, VerdictReason};
use unicode_width::UnicodeWidthStr;

use crate::settings::Settings;
use crate::terminal::marks::{LABEL, TITLE, status_words, verdict_style};
use crate::terminal::number::{self, count};
use crate::terminal::page::{Align, Cell, Page, cut};
use crate::terminal::spark::{scale, spark};

/// Width of the labels at the left edge.
const LABEL_COLUMNS: usize = 11;

/// Lines of a screen that nobody has to scroll.
const LINES: usize = 24;

/// Most lenses in the table.
const LENSES: usize = 7;

/// Widest title of a lens; where one is wider, all lenses go by their ids, which `--lens` takes.
const LENS_COLUMNS: usize = 24;

/// Columns before the sparkline, without the names: verdict, effect, rank, p and the gaps between.
const NUMBER_COLUMNS: usize = 4 * 2 + 8 + 7 + 5;

/// What was written, and how long it took.
#[derive(Debug)]
pub(crate) struct Written {
    /// The page to open.
    pub(crate) index: String,
    /// Its size in bytes.
    pub(crate) bytes: u64,
    /// Wall time of the command.
    pub(crate) seconds: f64,
}

/// Returns the screen of an answer.
pub(crate) fn screen(assessment: &Assessment, written: &Written, settings: &Settings) -> String {
    let mut page = Page::new(settings);
    page.paragraph(0, &assessment.case.question, TITLE);
    page.blank();
    verdict(&mut page, assessment);
    page.blank();
    lenses(&mut page, assessment);
    page.blank();
    let mut below = Page::new(settings);
    figures(&mut below, assessment);
    pool(&mut below, assessment);
    below.blank();
    report(&mut below, assessment, written);
    let room = LINES.saturating_sub(page.lines() + below.lines());
    hangs_on(&mut page, assessment, room);
    page.finish() + &below.finish()
}

fn report(page: &mut Page, assessment: &Assessment, written: &Written) {
    page.push_styled(&format!("{:<LABEL_COLUMNS$}", "report"), LABEL);
    page.line(&written.index);
    let digest: String = assessment.case.digest.chars().take(8).collect();
    page.line(&format!(
        "{:LABEL_COLUMNS$}{} · case {digest} · seed {} · {} s",
        "",
        number::size(written.bytes),
        assessment.case.seed,
        number::decimals(written.seconds, 1),
    ));
}

/// The word that every lens agrees on, or how many lenses say which; then every specification by its verdict.
fn verdict(page: &mut Page, assessment: &Assessment) {
    let marks = page.marks();
    let mut by_verdict: BTreeMap<Verdict, usize> = BTreeMap::new();
    for answer in &assessment.answer.by_lens {
        *by_verdict.entry(answer.verdict).or_default() += 1;
    }
    let words: Vec<String> = by_verdict
        .iter()
        .map(|(verdict, lenses)| {
            let word = format!("{} {}", marks.verdict(*verdict), verdict.words());
            if by_verdict.len() == 1 {
                word
            } else {
                format!("{word} ({})", count(*lenses, "lens", "lenses"))
            }
        })
        .collect();
    let words = words.join("  ");
    match by_verdict.keys().next() {
        Some(only) if by_verdict.len() == 1 => page.push_styled(&words, verdict_style(*only)),
        _ => page.push_styled(&words, TITLE),
    }
    let indent = if by_verdict.len() == 1 {
        words.width() + 3
    } else {
        2
    };
    let specifications = assessment.specification_curve.len();
    let mut about = about(assessment);
    let counted = count(specifications, "specification", "specifications");
    let room = page.columns().saturating_sub(indent);
    let counts_beside = about.width() + 2 + counted.width() <= room;
    if counts_beside && specifications > 0 {
        about = format!("{about}, {counted}");
    }
    if by_verdict.len() > 1 {
        page.blank();
        page.line(&format!("{:indent$}{}", "", cut(&about, room, marks)));
    } else {
        page.line(&format!("   {}", cut(&about, room, marks)));
    }
    if specifications == 0 {
        return;
    }
    let tally = |verdict: Verdict| {
        let rows = assessment
            .specification_curve
            .iter()
            .filter(|row| row.verdict == verdict)
            .count();
        format!("{} {rows}", marks.verdict(verdict))
    };
    let tallies = [
        Verdict::Harmed,
        Verdict::NoDetectableEffect,
        Verdict::Helped,
        Verdict::CannotTell,
    ]
    .map(tally)
    .join("   ");
    if counts_beside {
        page.line(&format!("{:indent$}{tallies}", ""));
    } else {
        page.line(&format!("{:indent$}{counted}:   {tallies}", ""));
    }
}

/// "GDP per head, from 2011".
fn about(assessment: &Assessment) -> String {
    let main: Vec<&StudyRow> = assessment
        .answer
        .by_lens
        .iter()
        .flat_map(|answer| main_rows(assessment, answer))
        .collect();
    let mut parts: Vec<String> = Vec::new();
    for row in &main {
        let name = assessment
            .indicators
            .iter()
            .find(|indicator| indicator.id == row.outcome)
            .map_or(row.outcome.as_str(), |indicator| indicator.name.as_str());
        if !parts.iter().any(|part| part == name) {
            parts.push(name.to_owned());
        }
    }
    parts.truncate(2);
    let mut parts = vec![parts.join(" and ")];
    parts.retain(|part| !part.is_empty());
    if let Some(row) = main.first() {
        parts.push(format!("from {}", row.onset));
    }
    if main.is_empty() {
        parts.push("no study".to_owned());
    }
    parts.join(", ")
}

/// The rows that a lens's verdict was read off.
fn main_rows<'a>(assessment: &'a Assessment, answer: &'a LensAnswer) -> impl Iterator<Item = &'a StudyRow> {
    answer
        .from
        .iter()
        .filter_map(|id| assessment.studies.iter().find(|row| row.id == *id))
}

/// What is printed of a lens.
struct LensLine<'a> {
    answer: &'a LensAnswer,
    name: String,
    /// The row whose numbers are printed.
    row: Option<&'a StudyRow>,
    /// Whether the verdict waits for another estimator than that row's.
    beside: bool,
    path: Vec<(i64, f64)>,
}

impl<'a> LensLine<'a> {
    fn of(assessment: &'a Assessment, answer: &'a LensAnswer, name: String) -> Self {
        let main: Vec<&StudyRow> = main_rows(assessment, answer).collect();
        let estimated = main.iter().copied().find(|row| row.estimate.is_some());
        let beside = main.first().and_then(|first| {
            assessment
                .studies
                .iter()
                .find(|row| row.estimate.is_some() && row.variant.is_none() && is_same_question(row, first))
        });
        let row = estimated.or(beside).or_else(|| main.first().copied());
        let with_points = row.and_then(|row| {
            std::iter::once(row)
                .chain(
                    assessment
                        .studies
                        .iter()
                        .filter(|other| other.variant.is_none() && is_same_question(other, row)),
                )
                .find(|row| !row.points.is_empty())
        });
        Self {
            answer,
            name,
            row,
            beside: estimated.is_none() && beside.is_some(),
            path: with_points.map(path).unwrap_or_default(),
        }
    }

    fn numbers(&self, none: &str) -> [String; 3] {
        let effect = self.row.and_then(|row| {
            let estimate = row.estimate.as_ref()?.as_f64();
            let shown = if row.transform == "log" {
                number::log_as_percent(estimate)
            } else {
                number::decimals(estimate, 1)
            };
            Some(if self.beside { format!("{shown}*") } else { shown })
        });
        let p = self.row.and_then(|row| row.p_value.as_ref()).map(|p| p.as_f64());
        let floor = self.row.and_then(|row| row.p_floor.as_ref()).map(|p| p.as_f64());
        let rank = p.zip(floor).and_then(|(p, floor)| number::rank(p, floor));
        [effect, rank, p.map(number::p_value)].map(|shown| shown.unwrap_or_else(|| none.to_owned()))
    }
}

/// Whether two rows differ in their estimator alone.
fn is_same_question(a: &StudyRow, b: &StudyRow) -> bool {
    (&a.study, &a.lens, &a.pool, &a.outcome, &a.onset, &a.window)
        == (&b.study, &b.lens, &b.pool, &b.outcome, &b.onset, &b.window)
}

/// A row's path in time order, in per cent where the outcome is a logarithm.
fn path(row: &StudyRow) -> Vec<(i64, f64)> {
    let mut points: Vec<(i64, f64)> = row
        .points
        .iter()
        .map(|point| {
            let estimate = point.estimate.as_f64();
            let shown = if row.transform == "log" {
                estimate.exp_m1() * 100.0
            } else {
                estimate
            };
            (point.event_time, shown)
        })
        .collect();
    points.sort_by_key(|(event_time, _)| *event_time);
    points
}

fn lenses(page: &mut Page, assessment: &Assessment) {
    let marks = page.marks();
    let answers = &assessment.answer.by_lens;
    let title = |answer: &LensAnswer| {
        assessment
            .lenses
            .iter()
            .find(|lens| lens.id == answer.lens)
            .map_or_else(|| answer.lens.clone(), |lens| lens.title.clone())
    };
    let lines_named = |by_title: bool| -> Vec<LensLine> {
        answers
            .iter()
            .take(LENSES)
            .map(|answer| {
                let name = if by_title {
                    title(answer)
                } else {
                    answer.lens.clone()
                };
                LensLine::of(assessment, answer, name)
            })
            .collect()
    };
    let verdicts = answers
        .iter()
        .map(|answer| answer.verdict.words().width() + 2)
        .max()
        .unwrap_or(0);
    let room_beside = |lines: &[LensLine]| {
        let names = lines
            .iter()
            .map(|line| line.name.width())
            .max()
            .unwrap_or(0)
            .max(4);
        page.columns().saturating_sub(names + verdicts + NUMBER_COLUMNS)
    };
    let longest = |lines: &[LensLine]| lines.iter().map(|line| line.path.len() + 1).max().unwrap_or(0);
    // Titles are for people; ids are shorter where titles would leave no room for the paths.
    let mut lines = lines_named(true);
    let widest = lines.iter().map(|line| line.name.width()).max().unwrap_or(0);
    if widest > LENS_COLUMNS || longest(&lines) > room_beside(&lines) {
        lines = lines_named(false);
    }
    let room = room_beside(&lines);
    let longest = longest(&lines);
    let draws = longest > 1 && longest <= room;
    let scale = scale(
        lines
            .iter()
            .flat_map(|line| line.path.iter().map(|(_, value)| *value)),
    );

    let head = |text: &str| Cell::styled(text, LABEL);
    let window = lines
        .iter()
        .find(|line| !line.path.is_empty())
        .and_then(|line| line.row)
        .map(|row| years(&row.window))
        .unwrap_or_default();
    let mut rows = vec![vec![
        head("lens"),
        head("verdict"),
        head("effect"),
        head("rank"),
        head("p"),
        if draws {
            head(&cut(&format!("gap {window}, ±{}", plain(scale)), room, marks))
        } else {
            Cell::default()
        },
    ]];
    for line in &lines {
        let [effect, rank, p] = line.numbers(marks.none());
        let last = if line.row.is_none_or(|row| row.estimate.is_none()) {
            cut(&why_none(line.row), room, marks)
        } else if draws {
            spark(&line.path, scale, marks)
        } else {
            String::new()
        };
        rows.push(vec![
            Cell::new(line.name.clone()),
            Cell::styled(
                format!(
                    "{} {}",
                    marks.verdict(line.answer.verdict),
                    line.answer.verdict.words()
                ),
                verdict_style(line.answer.verdict),
            ),
            Cell::new(effect),
            Cell::new(rank),
            Cell::new(p),
            Cell::new(last),
        ]);
    }
    page.table(
        &rows,
        &[
            Align::Left,
            Align::Left,
            Align::Right,
            Align::Right,
            Align::Right,
            Align::Left,
        ],
    );
    if let Some(row) = lines.iter().find(|line| line.beside).and_then(|line| line.row) {
        page.line(&format!(
            "* by {}; the rule reads another estimator, not available",
            row.estimator
        ));
    }
    if let Some(more) = answers.len().checked_sub(LENSES).filter(|more| *more > 0) {
        page.line(&format!(
            "and {} in the report",
            count(more, "more lens", "more lenses")
        ));
    }
}

/// Why a lens has no estimate, in a few words.
fn why_none(row: Option<&StudyRow>) -> String {
    let Some(row) = row else {
        return "no study".to_owned();
    };
    if let Some(text) = row.not_available.as_ref().filter(|text| text.width() <= 20) {
        return text.clone();
    }
    match row.reason {
        VerdictReason::NoSeries => "no series",
        VerdictReason::NoControl => "no control",
        VerdictReason::CheckFailed => "a check fails",
        VerdictReason::CheckNotComputed => "a check is missing",
        VerdictReason::PFloor => "no p small enough",
        _ => "no estimate",
    }
    .to_owned()
}

/// "2001–19" of a window in one century, "1995–2004" across two.
fn years(window: &[String; 2]) -> String {
    let [first, last] = window.each_ref().map(|date| date.get(..4).unwrap_or(date));
    match (first.get(..2), last.get(..2), last.get(2..)) {
        (Some(a), Some(b), Some(short)) if a == b => format!("{first}–{short}"),
        _ => format!("{first}–{last}"),
    }
}

/// A scale without needless decimals.
fn plain(scale: f64) -> String {
    if scale.fract() == 0.0 {
        format!("{scale:.0}")
    } else {
        format!("{scale}")
    }
}

/// What would change a verdict, in as many lines as there is room for.
fn hangs_on(page: &mut Page, assessment: &Assessment, room: usize) {
    const SHOWN: usize = 2;
    // What changes a verdict comes before what only moves an estimate.
    let mut depends: Vec<(bool, String)> = Vec::new();
    for answer in &assessment.answer.by_lens {
        for one in &answer.hangs_on {
            let entry = (one.verdict_after == answer.verdict, one.sentence.to_string());
            if !depends.contains(&entry) {
                depends.push(entry);
            }
        }
    }
    depends.sort_by_key(|(keeps_the_verdict, _)| *keeps_the_verdict);
    let sentences: Vec<String> = depends.into_iter().map(|(_, sentence)| sentence).collect();
    if sentences.is_empty() {
        page.labelled(
            0,
            LABEL_COLUMNS,
            "hangs on",
            "no single thing that was left out or exchanged",
        );
    }
    let more = sentences.len().saturating_sub(SHOWN);
    let shown = sentences.len().clamp(1, SHOWN);
    let room = room.saturating_sub(usize::from(more > 0));
    for (index, sentence) in sentences.iter().take(SHOWN).enumerate() {
        let label = if index == 0 { "hangs on" } else { "" };
        // An odd line goes to the first, which says most.
        let most = room / shown + usize::from(index < room % shown);
        page.labelled_at_most(0, LABEL_COLUMNS, label, sentence, most.clamp(1, 3));
    }
    if more > 0 {
        page.labelled(0, LABEL_COLUMNS, "", &format!("and {more} more in the report"));
    }
}

fn figures(page: &mut Page, assessment: &Assessment) {
    let statuses = [
        CheckStatus::Reproduced,
        CheckStatus::OnlyWith,
        CheckStatus::Contradicted,
        CheckStatus::NotCheckable,
        CheckStatus::Implied,
    ];
    let counts: Vec<(CheckStatus, usize)> = statuses
        .into_iter()
        .map(|status| {
            let claims = assessment
                .claims
                .iter()
                .filter(|claim| claim.check.status == status);
            (status, claims.count())
        })
        .filter(|(_, claims)| *claims > 0)
        .collect();
    let total: usize = counts.iter().map(|(_, claims)| claims).sum();
    let text = if total == 0 {
        "none is said to follow from others".to_owned()
    } else {
        let parts: Vec<String> = counts
            .iter()
            .map(|(status, claims)| format!("{claims} {}", status_words(*status)))
            .collect();
        format!("{total}: {}", parts.join(", "))
    };
    page.labelled_at_most(0, LABEL_COLUMNS, "figures", &text, 2);
}

fn pool(page: &mut Page, assessment: &Assessment) {
    let main = assessment
        .answer
        .by_lens
        .iter()
        .flat_map(|answer| main_rows(assessment, answer))
        .find_map(|row| assessment.pools.iter().find(|pool| pool.id == row.pool))
        .or_else(|| assessment.pools.first());
    let text = main.map_or_else(|| "none".to_owned(), pool_text);
    page.labelled_at_most(0, LABEL_COLUMNS, "pool", &text, 2);
}

fn pool_text(pool: &PoolRow) -> String {
    let treated: BTreeSet<&str> = pool.treated.iter().map(String::as_str).collect();
    let admitted: BTreeSet<&str> = pool.admitted.iter().map(String::as_str).collect();
    let others: BTreeSet<&str> = pool
        .excluded
        .iter()
        .map(|row| row.place.as_str())
        .filter(|place| !treated.contains(place))
        .collect();
    let considered = admitted.len() + treated.len() + others.len();
    let mut text = if pool.no_admissible_control {
        format!("no admissible control among {considered}")
    } else {
        format!("{} of {considered}", admitted.len())
    };
    text.push_str(&format!(": {} treated", treated.len()));
    if !others.is_empty() {
        text.push_str(&format!(
            " and {} left out",
            count(others.len(), "other", "others")
        ));
    }
    if !pool.tested.is_empty() {
        text.push_str(&format!(
            "; {} of another programme kept and tested",
            pool.tested.len()
        ));
    }
    if pool.contaminated {
        text.push_str("; lets providers in");
    }
    text
}
