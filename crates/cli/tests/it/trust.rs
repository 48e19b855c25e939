//! Planted mistakes on a public panel, through the program: each is named with its row or changes nothing at all.
//!
//! A plant is one mistake in `mpdta.csv`. It counts as caught if the program says what it is and where (a fault with its
//! line, or a remark with line, unit and kind), and as harmless if the answer is that of the clean file to the byte.
//! What is neither changes an answer in silence, and fails.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::{Ran, run};

/// Columns of the panel.
const YEAR: usize = 0;
const UNIT: usize = 1;
const LPOP: usize = 2;
const LEMP: usize = 3;
const FIRST: usize = 4;

type Table = Vec<Vec<String>>;

/// What has to be said.
#[derive(Clone, Copy)]
enum Said {
    /// Exit 2; a fault whose text holds this, on this line (0: no line of its own).
    Fault(&'static str, usize),
    /// An answer with a remark of this code, and the line of one such row on standard error (0: about the whole panel).
    Remark(&'static str, usize),
    /// An answer whose count of this reading changed, and the same numbers.
    Reading(&'static str),
    /// Exit 2 from the estimator, with this in its text.
    Refused(&'static str),
    /// The same numbers, to the byte.
    Same,
}

struct Plant {
    class: &'static str,
    what: &'static str,
    said: Said,
    /// Options beside those of every run.
    more: &'static [&'static str],
    /// Changes the rows; the header is row 0, so that index + 1 is the line.
    rows: fn(&mut Table),
    /// Changes the text.
    text: fn(String) -> String,
}

fn same_text(text: String) -> String {
    text
}

fn same_rows(_: &mut Table) {}

fn clean() -> Table {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../estimate/tests/data/mpdta.csv");
    let text = fs::read_to_string(file).expect("the panel");
    text.lines()
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

fn text_of(rows: &Table) -> String {
    let mut text = String::new();
    for row in rows {
        let _ = writeln!(text, "{}", row.join(","));
    }
    text
}

fn set(rows: &mut Table, at: usize, column: usize, value: &str) {
    rows[at][column] = value.to_owned();
}

/// Writes a value in every row of the column that has another one.
fn recode(rows: &mut Table, column: usize, from: &str, to: &str) {
    for row in rows.iter_mut().skip(1).filter(|row| row[column] == from) {
        to.clone_into(&mut row[column]);
    }
}

/// Writes a value in each row of the unit of a row.
fn of_unit(rows: &mut Table, at: usize, column: usize, value: &str) {
    let unit = rows[at][UNIT].clone();
    for row in rows.iter_mut().filter(|row| row[UNIT] == unit) {
        value.clone_into(&mut row[column]);
    }
}

/// The first row with this first treated period.
fn first_with(rows: &Table, first: &str) -> usize {
    rows.iter().position(|row| row[FIRST] == first).expect("a row")
}

fn keep(rows: &mut Table, wanted: impl Fn(usize, &[String]) -> bool) {
    let mut index = 0;
    rows.retain(|row| {
        index += 1;
        index == 1 || wanted(index - 1, row)
    });
}

fn add(rows: &mut Table, heading: &str, value: impl Fn(usize, &[String]) -> String) {
    for (index, row) in rows.iter_mut().enumerate() {
        let cell = if index == 0 {
            heading.to_owned()
        } else {
            value(index, row)
        };
        row.push(cell);
    }
}

#[rustfmt::skip]
fn plants() -> Vec<Plant> {
    use Said::{Fault, Reading, Refused, Remark, Same};
    let rows = |class, what, said, rows: fn(&mut Table)| Plant { class, what, said, more: &[], rows, text: same_text };
    let with = |class, what, said, more, rows: fn(&mut Table)| Plant { class, what, said, more, rows, text: same_text };
    let text = |class, what, said, text: fn(String) -> String| Plant { class, what, said, more: &[], rows: same_rows, text };
    vec![
        rows("duplicate unit and period", "next to its twin", Fault("one row per unit and period", 3), |r| { let y = r[1][YEAR].clone(); set(r, 2, YEAR, &y); }),
        rows("duplicate unit and period", "far away", Fault("one row per unit and period", 2001), |r| { r[2000] = r[1].clone(); }),
        rows("duplicate unit and period", "the whole row again at the end", Fault("one row per unit and period", 2502), |r| { let last = r[2500].clone(); r.push(last); }),
        rows("cohort varies within a unit", "one year off", Fault("of the unit's 5 rows", 4), |r| set(r, 3, FIRST, "2006.0")),
        rows("cohort varies within a unit", "0 among years", Fault("of the unit's 5 rows", 5), |r| set(r, 4, FIRST, "0")),
        rows("cohort varies within a unit", "empty among years", Fault("of the unit's 5 rows", 3), |r| set(r, 2, FIRST, "")),
        rows("never treated in another code", "empty for all", Reading("never_missing"), |r| recode(r, FIRST, "0.0", "")),
        rows("never treated in another code", "inf for all", Reading("never_infinite"), |r| recode(r, FIRST, "0.0", "inf")),
        rows("never treated in another code", "NA for all", Reading("never_missing"), |r| recode(r, FIRST, "0.0", "NA")),
        rows("never treated in another code", "9999 for all", Remark("code_read_as_never", first_zero()), |r| recode(r, FIRST, "0.0", "9999")),
        rows("never treated in another code", "a year after the last one", Remark("code_read_as_never", first_zero()), |r| recode(r, FIRST, "0.0", "2012")),
        rows("never treated in another code", "one unit empty, the others 0", Remark("mixed_never_codes", 0), |r| { let at = first_with(r, "0.0"); of_unit(r, at, FIRST, ""); }),
        rows("never treated in another code", "one unit 9999, the others 0", Remark("mixed_never_codes", 0), |r| { let at = first_with(r, "0.0"); of_unit(r, at, FIRST, "9999"); }),
        rows("never treated in another code", "0 lies inside the periods", Remark("code_read_as_never", first_zero()), |r| for row in r.iter_mut().skip(1) { for c in [YEAR, FIRST] { let v: f64 = row[c].parse().expect("a number"); if !(c == FIRST && v == 0.0) { row[c] = (v - 2005.0).to_string(); } } }),
        rows("no never-treated units", "they were left out", Refused("never-treated"), |r| keep(r, |_, row| row[FIRST] != "0.0")),
        rows("no never-treated units", "all of them in the last cohort", Refused("never-treated"), |r| recode(r, FIRST, "0.0", "2007")),
        rows("no never-treated units", "all of them in a cohort of their own", Refused("never-treated"), |r| recode(r, FIRST, "0.0", "2005")),
        rows("always treated", "one unit", Remark("always_treated", 2), |r| of_unit(r, 1, FIRST, "2003")),
        rows("always treated", "a cohort from before the panel", Remark("always_treated", first_2006()), |r| recode(r, FIRST, "2006.0", "1999")),
        rows("always treated", "−1 as a code for never", Fault("at least one never-treated unit", 0), |r| { recode(r, FIRST, "0.0", "-1"); set(r, 1, LEMP, "x"); }),
        rows("always treated", "−1 as a code for some", Remark("always_treated", first_zero()), |r| { let at = first_with(r, "0.0"); of_unit(r, at, FIRST, "-1"); }),
        rows("not finite", "inf", Fault("a finite number", 8), |r| set(r, 7, LEMP, "inf")),
        rows("not finite", "NaN", Remark("missing_outcome", 9), |r| set(r, 8, LEMP, "NaN")),
        rows("not finite", "a number too large", Fault("a decimal with a point", 10), |r| set(r, 9, LEMP, "1e999")),
        with("not finite", "-inf in a covariate", Fault("a finite number", 10), &["--covariates", "lpop"], |r| set(r, 9, LPOP, "-inf")),
        rows("gaps", "one row missing", Remark("gap", 4), |r| { r.remove(3); }),
        rows("gaps", "a unit without its last year", Remark("gap", 2), |r| { r.remove(5); }),
        rows("gaps", "a year missing for many", Remark("gap", 4), |r| keep(r, |i, row| row[YEAR] != "2005" || i % 3 != 0)),
        rows("gaps", "an outcome missing", Remark("missing_outcome", 12), |r| set(r, 11, LEMP, "")),
        rows("gaps", "a unit seen once", Remark("single_row", 2), |r| { for _ in 0..4 { r.remove(2); } }),
        rows("cohort of one", "a unit alone in 2005", Remark("cohort_of_one", 2), |r| of_unit(r, 1, FIRST, "2005")),
        rows("cohort of one", "a never-treated unit alone in 2005", Remark("cohort_of_one", first_zero()), |r| { let at = first_with(r, "0.0"); of_unit(r, at, FIRST, "2005"); }),
        rows("cohort of one", "all but one of 2004 left out", Remark("cohort_of_one", first_2004()), |r| { let unit = r[first_with(r, "2004.0")][UNIT].clone(); keep(r, |_, row| row[FIRST] != "2004.0" || row[UNIT] == unit); }),
        rows("constant outcome", "everywhere", Fault("an outcome that varies", 0), |r| for row in r.iter_mut().skip(1) { "5".clone_into(&mut row[LEMP]); }),
        rows("constant outcome", "0 everywhere", Fault("an outcome that varies", 0), |r| for row in r.iter_mut().skip(1) { "0".clone_into(&mut row[LEMP]); }),
        rows("constant outcome", "where it is not missing", Fault("an outcome that varies", 0), |r| for (i, row) in r.iter_mut().enumerate().skip(1) { if i % 2 == 0 { "7.5" } else { "" }.clone_into(&mut row[LEMP]); }),
        rows("unsorted rows", "from last to first", Same, |r| r[1..].reverse()),
        rows("unsorted rows", "by year", Same, |r| r[1..].sort_by(|a, b| a[YEAR].cmp(&b[YEAR]))),
        rows("unsorted rows", "shuffled", Same, |r| { let n = r.len() - 1; let all: Table = (0..n).map(|k| r[1 + (k * 1237 + 11) % n].clone()).collect(); r.truncate(1); r.extend(all); }),
        text("quirks of CSV", "a byte order mark", Same, |t| format!("\u{feff}{t}")),
        text("quirks of CSV", "line ends of Windows", Same, |t| t.replace('\n', "\r\n")),
        text("quirks of CSV", "every cell in quotes", Same, |t| t.lines().map(|l| format!("\"{}\"\n", l.replace(',', "\",\""))).collect()),
        text("quirks of CSV", "blanks around cells", Same, |t| t.replace(',', " , ")),
        text("quirks of CSV", "no line end at the end", Same, |t| t.trim_end().to_owned()),
        text("quirks of CSV", "a nameless empty column", Same, |t| t.lines().map(|l| format!("{l},\n")).collect()),
        text("quirks of CSV", "semicolons", Fault("commas", 1), |t| t.replace(',', ";")),
        text("quirks of CSV", "tabs", Fault("commas", 1), |t| t.replace(',', "\t")),
        text("quirks of CSV", "a decimal comma in quotes", Fault("a decimal with a point", 2), |t| t.replacen("8.461469042643875", "\"8,461469042643875\"", 1)),
        text("quirks of CSV", "a decimal comma without", Fault("6 cells", 2), |t| t.replacen("8.461469042643875", "8,461469042643875", 1)),
        text("quirks of CSV", "a comma too many", Fault("6 cells", 3), |t| t.lines().enumerate().map(|(i, l)| if i == 2 { format!("{l},\n") } else { format!("{l}\n") }).collect()),
        text("quirks of CSV", "blank lines", Same, |t| t.replacen('\n', "\n\n", 3) + "\n\n"),
        text("quirks of CSV", "an open quote", Fault("", 2), |t| t.replacen("2003,", "\"2003,", 1)),
        rows("text years", "a fiscal year", Fault("a whole number", 5), |r| set(r, 4, YEAR, "FY2006")),
        rows("text years", "dates", Fault("a whole number", 2), |r| for row in r.iter_mut().skip(1) { row[YEAR].push_str("-01-01"); }),
        rows("text years", "half a year", Fault("a whole number", 3), |r| set(r, 2, YEAR, "2004.5")),
        rows("text years", "quoted as text", Same, |r| for row in r.iter_mut().skip(1) { row[YEAR] = format!("\"{}\"", row[YEAR]); }),
        rows("text years", "a year in words for first treatment", Fault("a decimal with a point", 6), |r| set(r, 5, FIRST, "never")),
        rows("numbers as text", "a per cent sign", Fault("a decimal with a point", 7), |r| set(r, 6, LEMP, "8%")),
        rows("numbers as text", "a separator of thousands", Fault("a decimal with a point", 7), |r| set(r, 6, LEMP, "\"8,123.5\"")),
        rows("numbers as text", "a word", Fault("a decimal with a point", 7), |r| set(r, 6, LEMP, "missing")),
        rows("labels", "8001 beside 8001.0", Fault("one spelling of a name", 4), |r| set(r, 3, UNIT, "8001")),
        rows("labels", "an empty unit", Fault("a name", 4), |r| set(r, 3, UNIT, "")),
        rows("labels", "another unit's name", Fault("one row per unit and period", 9), |r| { let unit = r[1][UNIT].clone(); let first = r[1][FIRST].clone(); set(r, 8, UNIT, &unit); set(r, 8, FIRST, &first); }),
        with("weights", "negative", Fault("a positive number", 5), &["--weights", "w"], |r| { add(r, "w", |i, _| if i == 4 { "-1".into() } else { "1".into() }); }),
        with("weights", "zero", Fault("a positive number", 5), &["--weights", "w"], |r| { add(r, "w", |i, _| if i == 4 { "0".into() } else { "1".into() }); }),
        with("weights", "missing", Fault("a number", 5), &["--weights", "w"], |r| { add(r, "w", |i, _| if i == 4 { String::new() } else { "1".into() }); }),
        with("weights", "one that changes within a unit", Remark("weight_varies", 4), &["--weights", "w"], |r| { add(r, "w", |i, _| if i == 3 { "2".into() } else { "1".into() }); }),
        with("clusters", "a unit in two clusters", Fault("of the unit's 5 rows", 4), &["--cluster", "state"], |r| { add(r, "state", |i, row| if i == 3 { "x".into() } else { row[UNIT][..1].to_owned() }); }),
        with("clusters", "a cluster missing", Fault("a name", 4), &["--cluster", "state"], |r| { add(r, "state", |i, row| if i == 3 { String::new() } else { row[UNIT][..1].to_owned() }); }),
        with("covariates", "one missing", Remark("missing_covariate", 10), &["--covariates", "lpop"], |r| set(r, 9, LPOP, "")),
        with("covariates", "one that never varies", Refused("collinear"), &["--covariates", "k"], |r| add(r, "k", |_, _| "3".into())),
        with("covariates", "one that is twice another", Refused("collinear"), &["--covariates", "lpop,twice"], |r| add(r, "twice", |_, row| (2.0 * row[LPOP].parse::<f64>().expect("a number")).to_string())),
        with("columns", "a name with two letters changed", Fault("did you mean", 1), &["--covariates", "lpopp"], same_rows),
        text("columns", "the outcome twice", Fault("a heading that occurs once", 1), |t| t.lines().enumerate().map(|(i, l)| if i == 0 { format!("{l},lemp\n") } else { format!("{l},1\n") }).collect()),
        text("empty files", "nothing", Fault("a header and at least one row", 0), |_| String::new()),
        text("empty files", "a header only", Fault("a header and at least one row", 0), |t| t.lines().next().map(|l| format!("{l}\n")).unwrap_or_default()),
    ]
}

fn first_zero() -> usize {
    first_with(&clean(), "0.0") + 1
}

fn first_2006() -> usize {
    first_with(&clean(), "2006.0") + 1
}

fn first_2004() -> usize {
    first_with(&clean(), "2004.0") + 1
}

fn ask(home: &Path, more: &[&str]) -> Ran {
    let mut arguments = vec![
        "estimate",
        "p.csv",
        "--outcome",
        "lemp",
        "--unit",
        "countyreal",
        "--time",
        "year",
        "--first-treated",
        "first_treat",
        "--method",
        "callaway-santanna",
        "--json",
        "--all-faults",
    ];
    arguments.extend(more);
    run(home, &arguments)
}

/// What a document says without what depends on the bytes of the file.
fn answer(ran: &Ran) -> Value {
    let mut document = ran.json();
    document["input"]["sha256"] = Value::Null;
    document
}

/// Returns how a plant was met, or what was not said.
fn met(plant: &Plant, home: &Path, whole: &Value) -> Result<&'static str, String> {
    let ran = ask(home, plant.more);
    let told = || {
        format!(
            "exit {:?}\n{}\n{}",
            ran.code,
            &ran.out[..ran.out.len().min(1500)],
            ran.err
        )
    };
    let fail = |what: &str| Err(format!("{what}: {}", told()));
    match plant.said {
        Said::Fault(text, line) => {
            if ran.code != Some(2) {
                return fail("no fault");
            }
            let document = ran.json();
            let faults = document["faults"].as_array().cloned().unwrap_or_default();
            let here = |fault: &&Value| {
                let said = fault.to_string();
                said.contains(text)
                    && (line == 0 || fault["location"]["line"] == line || fault["line"] == line)
            };
            if faults.iter().find(here).is_some() {
                Ok("named")
            } else {
                fail("another fault")
            }
        }
        Said::Refused(text) => {
            if ran.code == Some(2) && (ran.out.contains(text) || ran.err.contains(text)) {
                Ok("refused")
            } else {
                fail("not refused")
            }
        }
        Said::Remark(code, line) => {
            if ran.code != Some(0) {
                return fail("no answer");
            }
            let document = ran.json();
            let warnings = document["warnings"].as_array().cloned().unwrap_or_default();
            if !warnings.iter().any(|warning| warning["code"] == code) {
                return fail("no remark");
            }
            let place = format!("p.csv:{line}:");
            if line > 0 && !ran.err.contains(&place) {
                return fail("no line");
            }
            Ok("remarked")
        }
        Said::Reading(key) => {
            let (document, clean) = (answer(&ran), whole);
            if document["readings"][key] == 309 && document["estimates"] == clean["estimates"] {
                Ok("read by the rule")
            } else {
                fail("another reading")
            }
        }
        Said::Same => {
            if ran.code == Some(0) && answer(&ran) == *whole {
                Ok("same bytes")
            } else {
                fail("not the same")
            }
        }
    }
}

#[test]
fn planted_mistakes_are_named_and_none_changes_an_answer_in_silence() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("p.csv");
    fs::write(&file, text_of(&clean())).expect("a panel");
    let whole = answer(&ask(home.path(), &[]));
    let plants = plants();
    let (mut tally, mut missed) = (String::new(), Vec::new());
    let mut classes: Vec<(&str, usize)> = Vec::new();
    for plant in &plants {
        let mut rows = clean();
        (plant.rows)(&mut rows);
        fs::write(&file, (plant.text)(text_of(&rows))).expect("a panel");
        match met(plant, home.path(), &whole) {
            Ok(how) => {
                let _ = writeln!(tally, "{:<32} {:<45} {how}", plant.class, plant.what);
            }
            Err(why) => missed.push(format!("{}, {}: {why}", plant.class, plant.what)),
        }
        match classes.iter_mut().find(|(class, _)| *class == plant.class) {
            Some((_, number)) => *number += 1,
            None => classes.push((plant.class, 1)),
        }
    }
    println!(
        "{tally}{} of {} plants",
        plants.len() - missed.len(),
        plants.len()
    );
    assert!(
        missed.is_empty(),
        "{} missed:\n{}",
        missed.len(),
        missed.join("\n\n")
    );
    assert!(plants.len() >= 40);
    for class in [
        "duplicate unit and period",
        "cohort varies within a unit",
        "never treated in another code",
        "no never-treated units",
        "always treated",
        "not finite",
        "gaps",
        "cohort of one",
        "constant outcome",
        "unsorted rows",
        "quirks of CSV",
        "text years",
    ] {
        assert!(
            classes.iter().any(|(met, number)| *met == class && *number >= 3),
            "{class}"
        );
    }
}

#[test]
fn all_mistakes_of_one_file_are_listed_in_one_run() {
    let home = tempfile::tempdir().expect("a folder");
    let mut rows = clean();
    add(&mut rows, "w", |_, _| "1".into());
    add(&mut rows, "state", |_, row| row[UNIT][..1].to_owned());
    let (w, state) = (rows[0].len() - 2, rows[0].len() - 1);
    // Each on a unit of its own: line, what is planted, what has to be said of that line.
    let plants: [(usize, usize, &str, &str); 10] = [
        (6, LEMP, "inf", "a finite number"),
        (11, LEMP, "x", "a decimal with a point"),
        (16, FIRST, "2004", "of the unit's 5 rows"),
        (24, w, "-2", "a positive number"),
        (27, w, "", "a number"),
        (32, state, "z", "of the unit's 5 rows"),
        (37, LPOP, "inf", "a finite number"),
        (41, LEMP, "", "a number (unit"),
        (52, LEMP, "8,1", "a decimal with a point"),
        (57, LEMP, "9%", "a decimal with a point"),
    ];
    for (line, column, value, _) in plants {
        let cell = if value.contains(',') {
            format!("\"{value}\"")
        } else {
            value.to_owned()
        };
        set(&mut rows, line - 1, column, &cell);
    }
    // And what is about units: a duplicate, one treated from the start, one alone in its cohort.
    let twin = rows[66].clone();
    rows.push(twin);
    of_unit(&mut rows, 71, FIRST, "2003");
    of_unit(&mut rows, 81, FIRST, "2005");
    fs::write(home.path().join("p.csv"), text_of(&rows)).expect("a panel");
    let ran = ask(
        home.path(),
        &["--weights", "w", "--cluster", "state", "--covariates", "lpop"],
    );
    assert_eq!((ran.code, ran.err.as_str()), (Some(2), ""));
    let document = ran.json();
    let faults = document["faults"].as_array().expect("faults");
    let said = |line: usize, text: &str| {
        faults
            .iter()
            .any(|fault| fault["location"]["line"] == line && fault.to_string().contains(text))
    };
    for (line, _, value, text) in plants {
        assert!(said(line, text), "{value:?} on line {line}: {document}");
    }
    assert!(said(2502, "one row per unit and period"), "{document}");
    assert!(
        document
            .to_string()
            .contains("a period after 2003, the first one"),
        "{document}"
    );
    assert!(
        document.to_string().contains("at least two units in a cohort"),
        "{document}"
    );
    // A weight of −2 is a weight that changes within its unit too.
    assert_eq!(faults.len(), plants.len() + 4, "{document}");
}
