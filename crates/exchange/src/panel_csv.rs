//! A panel as one CSV file: the wanted columns of it, every fault at once.

use std::borrow::Cow;

use counterpart_model::{Fault, FaultCode, Location};
use sha2::{Digest, Sha256};

use crate::csv::Records;
use crate::decode::to_text;
use crate::panel_file::{Cell, Kind, PanelTable, Spellings, Wanted, cell, find, none_of, push, unread};
use crate::table_file::broken_record;

/// Reads the wanted columns of the bytes of a CSV file of that name.
pub(crate) fn from_bytes(file: &str, bytes: Vec<u8>, wanted: &[Wanted<'_>]) -> PanelTable {
    let sha256 = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    match to_text(file, bytes) {
        Ok(text) => from_text(file, sha256, &text, wanted),
        Err(fault) => unread(file, sha256, *fault),
    }
}

fn from_text(file: &str, sha256: String, text: &str, wanted: &[Wanted<'_>]) -> PanelTable {
    let mut records = Records::new(text);
    let mut fields: Vec<Cow<'_, str>> = Vec::new();
    let empty = |met: &str| {
        Fault::new(
            Location::file(file),
            FaultCode::EmptyTable,
            "",
            "a header and at least one row",
        )
        .hint(met.to_owned())
    };
    match records.next(&mut fields) {
        Some(Ok(_)) => {}
        Some(Err(broken)) => return unread(file, sha256, broken_record(file, broken)),
        None => return unread(file, sha256, empty("the file holds nothing")),
    }
    let headings: Vec<String> = fields.iter().map(|field| field.trim().to_owned()).collect();
    if let Some(fault) = separator(file, &headings, text) {
        return unread(file, sha256, fault);
    }
    let mut table = unread(file, sha256, empty("the file holds a header only"));
    table.faults.clear();
    let places: Vec<Option<usize>> = wanted
        .iter()
        .map(|column| find(file, &headings, column, &mut table.faults))
        .collect();
    table.headings = headings;
    table.columns = wanted
        .iter()
        .zip(&places)
        .map(|(column, place)| place.map(|_| none_of(column.kind)))
        .collect();
    let mut spellings: Vec<Spellings> = wanted.iter().map(|_| Spellings::default()).collect();
    while let Some(record) = records.next(&mut fields) {
        table.n_rows += 1;
        let line = match record {
            Ok(line) => line,
            Err(broken) => {
                table.faults.push(broken_record(file, broken));
                continue;
            }
        };
        if fields.len() != table.headings.len() {
            table
                .faults
                .push(ragged(file, line, fields.len(), table.headings.len()));
            continue;
        }
        let mut cells: Vec<Option<Cell<'_>>> = Vec::with_capacity(wanted.len());
        let mut placed = true;
        for ((column, place), spelt) in wanted.iter().zip(&places).zip(&mut spellings) {
            let Some(field) = place.and_then(|place| fields.get(place).map(|field| (place, field))) else {
                cells.push(None);
                continue;
            };
            let (place, field) = field;
            let read = cell(column.kind, field.trim()).and_then(|cell| spelt.check(column.kind, cell));
            match read {
                Ok(cell) => cells.push(Some(cell)),
                Err((code, expected, hint)) => {
                    let stand_in = stand_in(column);
                    placed &= stand_in.is_some();
                    let at = Location::cell(file, line, place as u64 + 1, column.heading);
                    let fault = Fault::new(at, code, field, expected);
                    table.faults.push(match hint {
                        Some(hint) => fault.hint(hint),
                        None => fault,
                    });
                    cells.push(stand_in);
                }
            }
        }
        if placed {
            table.lines.push(line);
            for (values, cell) in table.columns.iter_mut().zip(&cells) {
                push(values.as_mut(), cell.as_ref());
            }
        }
    }
    if table.n_rows == 0 {
        table.faults.push(empty("the file holds a header only"));
    }
    table
}

/// What stands in for a number that could not be read, so that the row's unit and period still count as seen; nothing
/// for cells that say where a row belongs. The fault is listed, and the table is not for estimating.
fn stand_in(column: &Wanted<'_>) -> Option<Cell<'static>> {
    match column.kind {
        _ if column.role == "--first-treated" => None,
        Kind::Number => Some(Cell::Number(None)),
        Kind::FullNumber => Some(Cell::Number(Some(1.0))),
        Kind::Label | Kind::Period | Kind::Flag => None,
    }
}

fn ragged(file: &str, line: u64, met: usize, n_headings: usize) -> Fault {
    Fault::new(
        Location::line(file, line),
        FaultCode::NotCsv,
        &format!("{met} cells"),
        format!("{n_headings} cells, as many as the header has"),
    )
    .hint("quote a cell that holds a comma")
}

fn separator(file: &str, headings: &[String], text: &str) -> Option<Fault> {
    let [only] = headings else { return None };
    if !text.contains('\n') && only.contains('\r') {
        let fault = Fault::new(
            Location::line(file, 1),
            FaultCode::NotCsv,
            "\\r",
            "lines that end in \\n or \\r\\n",
        );
        return Some(fault.hint("save the file with Unix or Windows line ends"));
    }
    let separator = [';', '\t', '|'].into_iter().find(|mark| only.contains(*mark))?;
    Some(
        Fault::new(
            Location::line(file, 1),
            FaultCode::NotCsv,
            only,
            "headings separated by commas",
        )
        .hint(format!("save the file with , instead of {separator:?}")),
    )
}

#[cfg(test)]
mod tests {
    use super::from_bytes;
    use crate::panel_file::{Kind, Values, Wanted};

    fn wanted<'a>(heading: &'a str, role: &'a str, kind: Kind) -> Wanted<'a> {
        Wanted { heading, role, kind }
    }

    #[test]
    fn words_for_nothing_are_read_by_one_rule() {
        let text = "\u{feff}u,t,y\r\na,2004,NA\r\nb,2004.0, nan \r\nNA,\"2004\",.\r\nd,2004,-1.5e1\r\ne,2004,inf\r\n";
        let columns = [
            wanted("u", "--unit", Kind::Label),
            wanted("t", "--time", Kind::Period),
            wanted("y", "--outcome", Kind::Number),
        ];
        let table = from_bytes("p.csv", text.as_bytes().to_vec(), &columns);
        assert_eq!(table.faults, []);
        assert_eq!(table.lines, [2, 3, 4, 5, 6]);
        let labels = ["a", "b", "NA", "d", "e"].map(str::to_owned).to_vec();
        let numbers = vec![None, None, None, Some(-15.0), Some(f64::INFINITY)];
        assert_eq!(
            table.columns,
            [
                Some(Values::Labels(labels)),
                Some(Values::Periods(vec![2004; 5])),
                Some(Values::Numbers(numbers))
            ]
        );
    }

    #[test]
    fn every_fault_is_listed_with_its_place_and_what_to_do() {
        let text = "unit,year,y,w\nA 1,2004-01-01,\"1,5\",1\na 1,2004\n,x,3%,\na  1,2005,2,1\nA 1,2005,2,1\n";
        let columns = [
            wanted("unit", "--unit", Kind::Label),
            wanted("year", "--time", Kind::Period),
            wanted("y", "--outcome", Kind::Number),
            wanted("w", "--weights", Kind::FullNumber),
            wanted("yaer", "--cluster", Kind::Label),
        ];
        let table = from_bytes("p.csv", text.as_bytes().to_vec(), &columns);
        let told: Vec<String> = table
            .faults
            .iter()
            .map(|fault| {
                let hint = fault.hint.as_deref().unwrap_or("-");
                format!("{} {:?}: {}; {hint}", fault.location, fault.value, fault.expected)
            })
            .collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        p.csv:1 "": the column yaer of --cluster; did you mean year?
        p.csv:2:2 "2004-01-01": a whole number, such as 2004; write the year, or number the periods 1, 2, 3
        p.csv:2:3 "1,5": a decimal with a point, or an empty cell; write a decimal point, and no separator of thousands
        p.csv:3 "2 cells": 4 cells, as many as the header has; quote a cell that holds a comma
        p.csv:4:1 "": a name; -
        p.csv:4:2 "x": a whole number, such as 2004; periods are whole numbers one step apart, such as years
        p.csv:4:3 "3%": a decimal with a point, or an empty cell; write the number without %
        p.csv:4:4 "": a number, 0 where there is none; -
        p.csv:5:1 "a  1": one spelling of a name: A 1 as in the rows before; names are compared letter by letter; make the two alike, or unlike beyond doubt
        "#);
        assert_eq!(table.lines, [6]);
        assert_eq!(table.n_rows, 5);
    }

    #[test]
    fn what_is_no_csv_is_one_fault() {
        for bytes in [&b""[..], b"a;b\n1;2\n", b"u\n", b"\xFF\xFEu\0,\0t\0\n\0"] {
            let table = from_bytes("p", bytes.to_vec(), &[wanted("u", "--unit", Kind::Label)]);
            assert_eq!(table.faults.len(), 1, "{bytes:?} {:?}", table.faults);
        }
    }
}
