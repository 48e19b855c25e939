//! A panel as one Parquet file: the columns that an estimator asks for, by name, every fault at once.
//!
//! Only the wanted columns are decoded. Cells are read by the rules of [`crate::panel_file`]; an empty cell is a null, a
//! number with NaN is missing, and names that are stored as numbers are written out: 8001, or 8001.0 of a floating
//! column. A fault's line is the row, counted from 1. Dates, times, decimals and nested columns are refused, because
//! what they would mean as a number is not for us to say.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use counterpart_model::{Fault, FaultCode, Location};
use parquet::basic::{ConvertedType, LogicalType, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;
use sha2::{Digest, Sha256};

use crate::error::ReadError;
use crate::panel_file::{
    Cell, Kind, PanelTable, Spellings, Wanted, Wrong, cell, find, none_of, push, unread, whole,
};

/// Records that are decoded in one go.
const PIECE: usize = 65_536;

/// One value as it is stored.
#[derive(Debug, Clone, PartialEq)]
enum Stored {
    Null,
    Flag(bool),
    Whole(i64),
    Number(f64),
    Text(String),
}

/// Reads the wanted columns of a Parquet file.
pub(crate) fn read(path: &Path, name: &str, wanted: &[Wanted<'_>]) -> Result<PanelTable, ReadError> {
    let sha256 = digest(path).map_err(ReadError::io(path))?;
    let file = File::open(path).map_err(ReadError::io(path))?;
    Ok(match decode(file, name, &sha256, wanted) {
        Ok(table) => table,
        Err(error) => {
            let fault = Fault::new(
                Location::file(name),
                FaultCode::Panel,
                &error.to_string(),
                "a Parquet file, compressed with Snappy, gzip or Zstandard or not at all",
            );
            unread(name, sha256, fault.hint("write it again, or as CSV"))
        }
    })
}

pub(crate) fn digest(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            n => hasher.update(piece.get(..n).unwrap_or_default()),
        }
    }
    Ok(hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

fn decode(file: File, name: &str, sha256: &str, wanted: &[Wanted<'_>]) -> Result<PanelTable, ParquetError> {
    let reader = SerializedFileReader::new(file)?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let flat: Vec<usize> = (0..schema.num_columns())
        .filter(|index| {
            let column = schema.column(*index);
            column.max_rep_level() == 0 && column.path().parts().len() == 1
        })
        .collect();
    let headings: Vec<String> = flat
        .iter()
        .map(|index| schema.column(*index).name().to_owned())
        .collect();
    let n_rows = usize::try_from(reader.metadata().file_metadata().num_rows()).unwrap_or(0);
    let nothing = Fault::new(
        Location::file(name),
        FaultCode::EmptyTable,
        "",
        "at least one row",
    );
    let mut table = unread(name, sha256.to_owned(), nothing);
    if n_rows > 0 {
        table.faults.clear();
    }
    table.n_rows = n_rows;
    let mut stored: Vec<Option<Vec<Stored>>> = Vec::with_capacity(wanted.len());
    for column in wanted {
        let place = find(name, &headings, column, &mut table.faults).and_then(|place| flat.get(place));
        let Some(&index) = place else {
            stored.push(None);
            continue;
        };
        if let Some(fault) = foreign(name, &schema.column(index), column) {
            table.faults.push(fault);
            stored.push(None);
            continue;
        }
        let mut values = Vec::with_capacity(n_rows);
        for group in 0..reader.num_row_groups() {
            let group = reader.get_row_group(group)?;
            values_of(
                group.get_column_reader(index)?,
                &schema.column(index),
                &mut values,
            )?;
        }
        if column.kind == Kind::Label {
            values.iter_mut().for_each(written_out);
        }
        stored.push(Some(values));
    }
    table.headings = headings;
    table.columns = wanted
        .iter()
        .zip(&stored)
        .map(|(column, values)| values.as_ref().map(|_| none_of(column.kind)))
        .collect();
    rows(&mut table, wanted, &stored);
    Ok(table)
}

/// Puts rows together and keeps those that are whole.
fn rows(table: &mut PanelTable, wanted: &[Wanted<'_>], stored: &[Option<Vec<Stored>>]) {
    let mut spellings: Vec<Spellings> = wanted.iter().map(|_| Spellings::default()).collect();
    for row in 0..table.n_rows {
        let line = row as u64 + 1;
        let mut cells = Vec::with_capacity(wanted.len());
        let mut is_whole = true;
        for ((column, values), spelt) in wanted.iter().zip(stored).zip(&mut spellings) {
            let Some(value) = values.as_ref().and_then(|values| values.get(row)) else {
                cells.push(None);
                continue;
            };
            match cell_of(column.kind, value).and_then(|cell| spelt.check(column.kind, cell)) {
                Ok(cell) => cells.push(Some(cell)),
                Err((code, expected, hint)) => {
                    is_whole = false;
                    let place = table.headings.iter().position(|met| met == column.heading);
                    let place = place.map_or(0, |index| index as u64 + 1);
                    let at = Location::cell(table.file.as_str(), line, place, column.heading);
                    let fault = Fault::new(at, code, &shown(value), expected);
                    table.faults.push(match hint {
                        Some(hint) => fault.hint(hint),
                        None => fault,
                    });
                    cells.push(None);
                }
            }
        }
        if is_whole {
            table.lines.push(line);
            for (values, cell) in table.columns.iter_mut().zip(&cells) {
                push(values.as_mut(), cell.as_ref());
            }
        }
    }
}

/// Returns the fault of a column whose stored type is none of ours.
fn foreign(file: &str, column: &ColumnDescriptor, wanted: &Wanted<'_>) -> Option<Fault> {
    let logical = match column.logical_type_ref() {
        Some(LogicalType::Date) => Some("a date"),
        Some(LogicalType::Timestamp { .. } | LogicalType::Time { .. }) => Some("a time"),
        Some(LogicalType::Decimal { .. }) => Some("a decimal of fixed digits"),
        _ => None,
    };
    let converted = match column.converted_type() {
        ConvertedType::DATE => Some("a date"),
        ConvertedType::TIMESTAMP_MILLIS
        | ConvertedType::TIMESTAMP_MICROS
        | ConvertedType::TIME_MILLIS
        | ConvertedType::TIME_MICROS => Some("a time"),
        ConvertedType::DECIMAL => Some("a decimal of fixed digits"),
        _ => None,
    };
    let physical = match column.physical_type() {
        Type::INT96 => Some("a time"),
        Type::FIXED_LEN_BYTE_ARRAY => Some("bytes of fixed length"),
        _ => None,
    };
    let met = logical.or(converted).or(physical)?;
    let location = Location {
        heading: Some(wanted.heading.to_owned()),
        ..Location::file(file)
    };
    let expected = format!(
        "whole numbers, numbers, flags or text in the column {}",
        wanted.heading
    );
    let fault = Fault::new(location, FaultCode::WrongType, met, expected);
    Some(fault.hint("write years as whole numbers and amounts as numbers"))
}

/// Adds the values of a column in one group of rows.
fn values_of(
    reader: ColumnReader,
    column: &ColumnDescriptor,
    values: &mut Vec<Stored>,
) -> Result<(), ParquetError> {
    let unsigned = matches!(
        column.converted_type(),
        ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64
    );
    match reader {
        ColumnReader::BoolColumnReader(reader) => {
            all(reader, column, values, |value| Ok(Stored::Flag(*value)))
        }
        ColumnReader::Int32ColumnReader(reader) => all(reader, column, values, |value| {
            Ok(Stored::Whole(if unsigned {
                i64::from(value.cast_unsigned())
            } else {
                i64::from(*value)
            }))
        }),
        ColumnReader::Int64ColumnReader(reader) => all(reader, column, values, |value| {
            Ok(if unsigned && *value < 0 {
                Stored::Number(value.cast_unsigned() as f64)
            } else {
                Stored::Whole(*value)
            })
        }),
        ColumnReader::FloatColumnReader(reader) => all(reader, column, values, |value| {
            Ok(Stored::Number(f64::from(*value)))
        }),
        ColumnReader::DoubleColumnReader(reader) => {
            all(reader, column, values, |value| Ok(Stored::Number(*value)))
        }
        ColumnReader::ByteArrayColumnReader(reader) => all(reader, column, values, |value: &ByteArray| {
            let text = value.as_utf8()?.trim();
            Ok(Stored::Text(text.to_owned()))
        }),
        ColumnReader::Int96ColumnReader(_) | ColumnReader::FixedLenByteArrayColumnReader(_) => Err(
            ParquetError::General(format!("column {} has no readable type", column.name())),
        ),
    }
}

/// Decodes all records of one column in one group.
fn all<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    column: &ColumnDescriptor,
    values: &mut Vec<Stored>,
    stored: impl Fn(&T::T) -> Result<Stored, ParquetError>,
) -> Result<(), ParquetError> {
    let most = column.max_def_level();
    let (mut levels, mut piece) = (Vec::new(), Vec::new());
    loop {
        levels.clear();
        piece.clear();
        let (records, ..) = reader.read_records(PIECE, Some(&mut levels), None, &mut piece)?;
        if records == 0 {
            return Ok(());
        }
        if most == 0 {
            for value in &piece {
                values.push(stored(value)?);
            }
            continue;
        }
        let mut there = piece.iter();
        for level in &levels {
            values.push(match (*level == most).then(|| there.next()).flatten() {
                Some(value) => stored(value)?,
                None => Stored::Null,
            });
        }
    }
}

/// Turns the value of a name into its text.
fn written_out(value: &mut Stored) {
    let text = match value {
        Stored::Whole(_) | Stored::Number(_) | Stored::Flag(_) => shown(value),
        Stored::Null | Stored::Text(_) => return,
    };
    *value = Stored::Text(text);
}

fn shown(value: &Stored) -> String {
    match value {
        Stored::Null => String::new(),
        Stored::Flag(flag) => flag.to_string(),
        Stored::Whole(number) => number.to_string(),
        Stored::Number(number) => format!("{number:?}"),
        Stored::Text(text) => text.clone(),
    }
}

fn cell_of(kind: Kind, value: &Stored) -> Result<Cell<'_>, Wrong> {
    match (kind, value) {
        (_, Stored::Null) => cell(kind, ""),
        (_, Stored::Text(text)) => cell(kind, text),
        (Kind::Number | Kind::FullNumber, Stored::Whole(number)) => Ok(Cell::Number(Some(*number as f64))),
        (Kind::Number | Kind::FullNumber, Stored::Number(number)) if !number.is_nan() => {
            Ok(Cell::Number(Some(*number)))
        }
        (Kind::Period, Stored::Whole(number)) => Ok(Cell::Period(*number)),
        (Kind::Flag, Stored::Flag(flag)) => Ok(Cell::Flag(*flag)),
        (Kind::Flag, Stored::Whole(number @ (0 | 1))) => Ok(Cell::Flag(*number == 1)),
        (Kind::Period, Stored::Number(number)) if !number.is_nan() => {
            whole(&shown(value)).map(Cell::Period).ok_or_else(|| {
                (
                    FaultCode::WrongType,
                    "a whole number, such as 2004".to_owned(),
                    None,
                )
            })
        }
        (_, Stored::Number(number)) if number.is_nan() => cell(kind, ""),
        _ => own_words(kind, value),
    }
}

/// Reads what is left by its text, whose borrow ends here: it is a number, a flag, or a fault.
fn own_words(kind: Kind, value: &Stored) -> Result<Cell<'static>, Wrong> {
    match cell(kind, &shown(value))? {
        Cell::Number(number) => Ok(Cell::Number(number)),
        Cell::Period(period) => Ok(Cell::Period(period)),
        Cell::Flag(flag) => Ok(Cell::Flag(flag)),
        Cell::Label(_) => Err((FaultCode::WrongType, "a name as text".to_owned(), None)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use crate::panel_file::{Kind, PanelTable, Wanted, read};

    const COLUMNS: [Wanted<'static>; 4] = [
        Wanted {
            heading: "u",
            role: "--unit",
            kind: Kind::Label,
        },
        Wanted {
            heading: "t",
            role: "--time",
            kind: Kind::Period,
        },
        Wanted {
            heading: "y",
            role: "--outcome",
            kind: Kind::Number,
        },
        Wanted {
            heading: "c",
            role: "--cluster",
            kind: Kind::Label,
        },
    ];

    /// Writes two groups of the same three rows.
    fn written(schema: &str, date: bool) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let schema = Arc::new(parse_message_type(schema).expect("a schema"));
        let sink = file.reopen().expect("a file");
        let mut writer =
            SerializedFileWriter::new(sink, schema, Arc::new(WriterProperties::builder().build()))
                .expect("a writer");
        for group in 0..2_i64 {
            let mut rows = writer.next_row_group().expect("a group");
            let mut column = rows.next_column().expect("a column").expect("u");
            let units = [10 + group, 20 + group, 30 + group];
            column
                .typed::<Int64Type>()
                .write_batch(&units, None, None)
                .expect("units");
            column.close().expect("closed");
            let mut column = rows.next_column().expect("a column").expect("t");
            let days = [2001, 2002, 2003];
            column
                .typed::<Int32Type>()
                .write_batch(&days, None, None)
                .expect("periods");
            column.close().expect("closed");
            let mut column = rows.next_column().expect("a column").expect("y");
            let numbers = [1.5, f64::NAN];
            column
                .typed::<DoubleType>()
                .write_batch(&numbers, Some(&[1, 0, 1]), None)
                .expect("numbers");
            column.close().expect("closed");
            let mut column = rows.next_column().expect("a column").expect("c");
            let names = ["a", "b", if date { "" } else { "b" }].map(ByteArray::from);
            column
                .typed::<ByteArrayType>()
                .write_batch(&names, None, None)
                .expect("names");
            column.close().expect("closed");
            rows.close().expect("closed");
        }
        writer.close().expect("closed");
        file
    }

    #[test]
    fn a_parquet_file_reads_as_the_csv_of_the_same_cells() {
        let schema =
            "message p { required int64 u; required int32 t; optional double y; required binary c (UTF8); }";
        let parquet = read(written(schema, false).path(), &COLUMNS).expect("read");
        let csv = tempfile::NamedTempFile::new().expect("a file");
        let text =
            "u,t,y,c\n10,2001,1.5,a\n20,2002,,b\n30,2003,NaN,b\n11,2001,1.5,a\n21,2002,,b\n31,2003,,b\n";
        std::fs::write(csv.path(), text).expect("written");
        let csv = read(csv.path(), &COLUMNS).expect("read");
        assert_eq!(parquet.faults, []);
        assert_eq!(parquet.lines, [1, 2, 3, 4, 5, 6]);
        assert_eq!(parquet.columns, csv.columns);
    }

    #[test]
    fn faults_have_their_row_and_dates_are_refused() {
        let schema = "message p { required int64 u; required int32 t (DATE); optional double y; required binary c (UTF8); }";
        let file = written(schema, true);
        let PanelTable { faults, n_rows, .. } = read(file.path(), &COLUMNS).expect("read");
        let told: Vec<String> = faults
            .iter()
            .map(|fault| {
                let line = fault.location.line;
                format!(
                    "{line}:{} {:?}: {}",
                    fault.location.column, fault.value, fault.expected
                )
            })
            .collect();
        assert_eq!(n_rows, 6);
        assert_eq!(
            told,
            [
                "0:0 \"a date\": whole numbers, numbers, flags or text in the column t",
                "3:4 \"\": a name",
                "6:4 \"\": a name"
            ]
        );
    }

    #[test]
    fn a_broken_file_is_a_fault() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), b"PAR1 and no more PAR1").expect("written");
        let table = read(file.path(), &COLUMNS).expect("read");
        assert_eq!(table.faults.len(), 1);
    }
}
