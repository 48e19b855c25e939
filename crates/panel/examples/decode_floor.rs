//! The floor of the benchmark: decodes unit, time, y and first_treated of a Parquet file on two threads, and no more.
//!
//! `decode_floor FILE`

#![expect(clippy::print_stdout, reason = "what it says is its purpose")]

use std::fs::File;

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{FileReader, SerializedFileReader};

const COLUMNS: [&str; 4] = ["unit", "time", "y", "first_treated"];
const PIECE: usize = 65_536;

fn all<T: DataType>(mut reader: ColumnReaderImpl<T>, number: impl Fn(&T::T) -> f64) -> Result<f64> {
    let (mut levels, mut piece, mut sum) = (Vec::new(), Vec::new(), 0.0);
    loop {
        levels.clear();
        piece.clear();
        let (records, ..) = reader.read_records(PIECE, Some(&mut levels), None, &mut piece)?;
        if records == 0 {
            return Ok(sum);
        }
        sum += piece.iter().map(&number).sum::<f64>();
    }
}

/// Decodes every second group of rows.
fn half(path: &str, first: usize) -> Result<f64> {
    let reader = SerializedFileReader::new(File::open(path)?)?;
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let mut sum = 0.0;
    for group in (first..reader.num_row_groups()).step_by(2) {
        let rows = reader.get_row_group(group)?;
        for index in 0..schema.num_columns() {
            if !COLUMNS.contains(&schema.column(index).name()) {
                continue;
            }
            sum += match rows.get_column_reader(index)? {
                ColumnReader::Int32ColumnReader(reader) => all(reader, |v| f64::from(*v))?,
                ColumnReader::Int64ColumnReader(reader) => all(reader, |v| *v as f64)?,
                ColumnReader::DoubleColumnReader(reader) => all(reader, |v| *v)?,
                _ => return Err(ParquetError::General("a column of another type".to_owned())),
            };
        }
    }
    Ok(sum)
}

fn main() -> Result<()> {
    let path = std::env::args()
        .nth(1)
        .ok_or_else(|| ParquetError::General("decode_floor FILE".to_owned()))?;
    let (a, b) = std::thread::scope(|scope| {
        let other = scope.spawn(|| half(&path, 1));
        let own = half(&path, 0);
        let other = other
            .join()
            .unwrap_or_else(|_| Err(ParquetError::General("a thread failed".to_owned())));
        (own, other)
    });
    println!("sum {}", a? + b?);
    Ok(())
}
