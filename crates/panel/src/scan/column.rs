//! Columns of a group of rows, page by page: as runs, as codes of periods, as numbers.

use std::collections::HashMap;
use std::sync::Mutex;

use parquet::basic::{ConvertedType, Encoding, LogicalType, Type};
use parquet::column::page::{Page, PageReader};
use parquet::errors::ParquetError;
use parquet::schema::types::ColumnDescriptor;

use super::Why;
use super::hybrid::{Part, parts};

/// A value of a column as 64 bits: a whole number, the bits of a double, or the code of a label.
pub(super) type Bits = u64;

/// The same value in several rows; `None`: nothing is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) value: Option<Bits>,
    pub(super) n: usize,
}

/// How a column is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int32,
    Int64,
    Float,
    Double,
    Text,
}

impl Kind {
    /// Returns how a column is stored, where cells of it can be read here as they are read in memory.
    pub(super) fn of(column: &ColumnDescriptor) -> Option<Self> {
        let plain_logical = matches!(
            column.logical_type_ref(),
            None | Some(LogicalType::String) | Some(LogicalType::Integer(_))
        );
        let plain_converted = matches!(
            column.converted_type(),
            ConvertedType::NONE
                | ConvertedType::UTF8
                | ConvertedType::INT_8
                | ConvertedType::INT_16
                | ConvertedType::INT_32
                | ConvertedType::INT_64
        );
        if !plain_logical || !plain_converted || column.max_rep_level() > 0 || column.max_def_level() > 1 {
            return None;
        }
        match column.physical_type() {
            Type::INT32 => Some(Self::Int32),
            Type::INT64 => Some(Self::Int64),
            Type::FLOAT => Some(Self::Float),
            Type::DOUBLE => Some(Self::Double),
            Type::BYTE_ARRAY => Some(Self::Text),
            _ => None,
        }
    }

    pub(super) fn is_whole(self) -> bool {
        matches!(self, Self::Int32 | Self::Int64)
    }

    pub(super) fn is_number(self) -> bool {
        self != Self::Text
    }

    /// Returns the number that bits of this kind are.
    pub(super) fn number(self, bits: Bits) -> f64 {
        if self.is_whole() {
            bits.cast_signed() as f64
        } else {
            f64::from_bits(bits)
        }
    }
}

/// Labels by code, shared by all groups of rows. The codes hang on which thread came first: nothing may hang on them.
#[derive(Default)]
pub(super) struct Labels(Mutex<(HashMap<String, u32>, Vec<String>)>);

impl Labels {
    pub(super) fn code(&self, label: &str) -> Result<u32, Why> {
        let poisoned = |_| Why::Not("another thread failed".to_owned());
        let mut own = self.0.lock().map_err(poisoned)?;
        if let Some(code) = own.0.get(label) {
            return Ok(*code);
        }
        let code = u32::try_from(own.1.len()).map_err(|_| Why::Not("too many labels".to_owned()))?;
        own.0.insert(label.to_owned(), code);
        own.1.push(label.to_owned());
        Ok(code)
    }

    pub(super) fn into_list(self) -> Vec<String> {
        self.0.into_inner().map(|own| own.1).unwrap_or_default()
    }
}

/// A column of one group of rows.
pub(super) struct Column<'a> {
    pages: Box<dyn PageReader>,
    kind: Kind,
    optional: bool,
    labels: Option<&'a Labels>,
    dictionary: Vec<Bits>,
}

/// The values of a page, before they are decoded.
struct Values<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    /// Values that are there.
    n: usize,
    /// Whether each row has one; `None`: all have.
    there: Option<Vec<bool>>,
}

impl<'a> Column<'a> {
    pub(super) fn new(
        pages: Box<dyn PageReader>,
        kind: Kind,
        optional: bool,
        labels: Option<&'a Labels>,
    ) -> Self {
        Self {
            pages,
            kind,
            optional,
            labels,
            dictionary: Vec::new(),
        }
    }

    /// Returns the dictionary where the column begins with one.
    pub(super) fn dictionary_first(mut self) -> Result<Option<Vec<Bits>>, Why> {
        match self.pages.get_next_page()? {
            Some(Page::DictionaryPage { buf, num_values, .. }) => {
                self.read_dictionary(&buf, num_values as usize)?;
                Ok(Some(self.dictionary))
            }
            _ => Ok(None),
        }
    }

    fn read_dictionary(&mut self, bytes: &[u8], n: usize) -> Result<(), Why> {
        let mut dictionary = Vec::with_capacity(n);
        self.plain(bytes, n, |bits| dictionary.push(bits))?;
        self.dictionary = dictionary;
        Ok(())
    }

    /// The next page with data.
    fn next_page(&mut self) -> Result<Option<Page>, Why> {
        loop {
            match self.pages.get_next_page()? {
                Some(Page::DictionaryPage { buf, num_values, .. }) => {
                    self.read_dictionary(&buf, num_values as usize)?;
                }
                other => return Ok(other),
            }
        }
    }

    fn plain(&self, bytes: &[u8], n: usize, mut f: impl FnMut(Bits)) -> Result<(), Why> {
        let short = || ParquetError::General("a page ends before its values".to_owned());
        if let Some(labels) = self.labels.filter(|_| self.kind.is_whole()) {
            let mut known: HashMap<i64, Bits> = HashMap::new();
            let mut last: Option<(i64, Bits)> = None;
            let mut code_of = |number: i64| -> Result<Bits, Why> {
                if let Some((_, code)) = last.filter(|(before, _)| *before == number) {
                    return Ok(code);
                }
                let code = match known.get(&number) {
                    Some(code) => *code,
                    None => u64::from(labels.code(&number.to_string())?),
                };
                known.insert(number, code);
                last = Some((number, code));
                Ok(code)
            };
            if self.kind == Kind::Int32 {
                for four in bytes.get(..n * 4).ok_or_else(short)?.as_chunks::<4>().0 {
                    f(code_of(i64::from(i32::from_le_bytes(*four)))?);
                }
            } else {
                for eight in bytes.get(..n * 8).ok_or_else(short)?.as_chunks::<8>().0 {
                    f(code_of(i64::from_le_bytes(*eight))?);
                }
            }
            return Ok(());
        }
        match self.kind {
            Kind::Int32 | Kind::Float => {
                let all = bytes.get(..n * 4).ok_or_else(short)?;
                let is_whole = self.kind == Kind::Int32;
                for four in all.as_chunks::<4>().0 {
                    f(if is_whole {
                        i64::from(i32::from_le_bytes(*four)).cast_unsigned()
                    } else {
                        f64::from(f32::from_le_bytes(*four)).to_bits()
                    });
                }
            }
            Kind::Int64 | Kind::Double => {
                let all = bytes.get(..n * 8).ok_or_else(short)?;
                all.as_chunks::<8>()
                    .0
                    .iter()
                    .for_each(|eight| f(u64::from_le_bytes(*eight)));
            }
            Kind::Text => {
                let mut rest = bytes;
                let mut last: Option<(&[u8], Bits)> = None;
                for _ in 0..n {
                    let (length, after) = rest.split_first_chunk::<4>().ok_or_else(short)?;
                    let length = u32::from_le_bytes(*length) as usize;
                    let (text, after) = after.split_at_checked(length).ok_or_else(short)?;
                    rest = after;
                    if let Some((_, code)) = last.filter(|(before, _)| *before == text) {
                        f(code);
                        continue;
                    }
                    let label = std::str::from_utf8(text).map_err(|_| Why::Fault)?.trim();
                    // A name is never empty.
                    if label.is_empty() {
                        return Err(Why::Fault);
                    }
                    let labels = self.labels.ok_or_else(|| Why::Not("text".to_owned()))?;
                    let code = u64::from(labels.code(label)?);
                    last = Some((text, code));
                    f(code);
                }
            }
        }
        Ok(())
    }

    /// Splits a page into levels and values.
    fn values<'p>(&self, page: &'p Page) -> Result<Values<'p>, Why> {
        let short = || ParquetError::General("a page ends before its levels".to_owned());
        let levels = |bytes: &[u8], n: usize| -> Result<Option<Vec<bool>>, Why> {
            let mut all = true;
            parts(bytes, 1, n, |part| match part {
                Part::Run(_, value) => all &= value == 1,
                Part::Packed(packed) => packed.each(|value| all &= value == 1),
            })?;
            if all {
                return Ok(None);
            }
            let mut there = Vec::with_capacity(n);
            parts(bytes, 1, n, |part| match part {
                Part::Run(n, value) => there.extend(std::iter::repeat_n(value == 1, n)),
                Part::Packed(packed) => packed.each(|value| there.push(value == 1)),
            })?;
            Ok(Some(there))
        };
        match page {
            Page::DataPage {
                buf,
                num_values,
                encoding,
                def_level_encoding,
                ..
            } => {
                let n = *num_values as usize;
                let (mut bytes, mut there) = (&buf[..], None);
                if self.optional {
                    if *def_level_encoding != Encoding::RLE {
                        return Err(Why::Not("levels in an old encoding".to_owned()));
                    }
                    let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(short)?;
                    let length = u32::from_le_bytes(*length) as usize;
                    let (own, rest) = rest.split_at_checked(length).ok_or_else(short)?;
                    there = levels(own, n)?;
                    bytes = rest;
                }
                let n = there.as_ref().map_or(n, |t| t.iter().filter(|t| **t).count());
                Ok(Values {
                    bytes,
                    encoding: *encoding,
                    n,
                    there,
                })
            }
            Page::DataPageV2 {
                buf,
                num_values,
                encoding,
                num_nulls,
                def_levels_byte_len,
                rep_levels_byte_len,
                ..
            } => {
                let from = *rep_levels_byte_len as usize;
                let to = from + *def_levels_byte_len as usize;
                let own = buf.get(from..to).ok_or_else(short)?;
                let n = *num_values as usize;
                let there = if *num_nulls > 0 { levels(own, n)? } else { None };
                Ok(Values {
                    bytes: buf.get(to..).unwrap_or_default(),
                    encoding: *encoding,
                    n: n - *num_nulls as usize,
                    there,
                })
            }
            Page::DictionaryPage { .. } => Err(Why::Not("a dictionary amid data".to_owned())),
        }
    }

    /// Calls `f` with runs of values that are there.
    fn each(&self, values: &Values<'_>, mut f: impl FnMut(usize, Bits)) -> Result<(), Why> {
        match values.encoding {
            Encoding::PLAIN => self.plain(values.bytes, values.n, |bits| f(1, bits)),
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
                if values.n == 0 {
                    return Ok(());
                }
                let short = || ParquetError::General("a page without indices".to_owned());
                let (&width, bytes) = values.bytes.split_first().ok_or_else(short)?;
                let mut beyond = false;
                let mut look = |index: u32| {
                    let found = self.dictionary.get(index as usize).copied();
                    beyond |= found.is_none();
                    found.unwrap_or(0)
                };
                parts(bytes, u32::from(width), values.n, |part| match part {
                    Part::Run(n, index) => f(n, look(index)),
                    Part::Packed(packed) => packed.each(|index| f(1, look(index))),
                })?;
                if beyond {
                    return Err(ParquetError::General("an index beyond the dictionary".to_owned()).into());
                }
                Ok(())
            }
            other => Err(Why::Not(format!("encoding {other}"))),
        }
    }

    /// Decodes the next page into runs; false at the end.
    pub(super) fn next_runs(&mut self, runs: &mut Vec<Run>) -> Result<bool, Why> {
        runs.clear();
        let Some(page) = self.next_page()? else {
            return Ok(false);
        };
        let values = self.values(&page)?;
        let add = |runs: &mut Vec<Run>, value: Option<Bits>, n: usize| match runs.last_mut() {
            Some(last) if last.value == value => last.n += n,
            _ => runs.push(Run { value, n }),
        };
        let Some(there) = &values.there else {
            self.each(&values, |n, bits| add(runs, Some(bits), n))?;
            return Ok(true);
        };
        let mut found = Vec::with_capacity(values.n);
        self.each(&values, |n, bits| found.extend(std::iter::repeat_n(bits, n)))?;
        let mut found = found.into_iter();
        for is_there in there {
            add(runs, is_there.then(|| found.next()).flatten(), 1);
        }
        Ok(true)
    }

    /// Decodes the next page into codes; false at the end. A row without a value is a fault.
    pub(super) fn next_codes(
        &mut self,
        code: &dyn Fn(Bits) -> Option<u16>,
        codes: &mut Vec<u16>,
    ) -> Result<bool, Why> {
        codes.clear();
        let Some(page) = self.next_page()? else {
            return Ok(false);
        };
        let values = self.values(&page)?;
        if values.there.is_some() {
            return Err(Why::Fault);
        }
        codes.reserve(values.n);
        let mut unknown = false;
        if values.encoding != Encoding::PLAIN {
            let of_index: Vec<Option<u16>> = self.dictionary.iter().map(|bits| code(*bits)).collect();
            let Some((&width, bytes)) = values.bytes.split_first() else {
                return Err(Why::Not("a page without indices".to_owned()));
            };
            let mut look = |index: u32| {
                let found = of_index.get(index as usize).copied().flatten();
                unknown |= found.is_none();
                found.unwrap_or(0)
            };
            if !matches!(
                values.encoding,
                Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY
            ) {
                return Err(Why::Not(format!("encoding {}", values.encoding)));
            }
            parts(bytes, u32::from(width), values.n, |part| match part {
                Part::Run(n, index) => codes.extend(std::iter::repeat_n(look(index), n)),
                Part::Packed(packed) => packed.each(|index| codes.push(look(index))),
            })?;
        } else {
            let mut last: Option<(Bits, Option<u16>)> = None;
            self.each(&values, |_, bits| {
                let found = match last {
                    Some((before, found)) if before == bits => found,
                    _ => code(bits),
                };
                last = Some((bits, found));
                unknown |= found.is_none();
                codes.push(found.unwrap_or(0));
            })?;
        }
        if unknown { Err(Why::Periods) } else { Ok(true) }
    }

    /// Decodes the next page into numbers, NaN where there is none; false at the end.
    pub(super) fn next_numbers(&mut self, numbers: &mut Vec<f64>) -> Result<bool, Why> {
        numbers.clear();
        let Some(page) = self.next_page()? else {
            return Ok(false);
        };
        let values = self.values(&page)?;
        numbers.reserve(values.n);
        if values.encoding == Encoding::PLAIN && self.kind == Kind::Double {
            let Some(all) = values.bytes.get(..values.n * 8) else {
                return Err(ParquetError::General("a page ends before its values".to_owned()).into());
            };
            numbers.extend(all.as_chunks::<8>().0.iter().map(|b| f64::from_le_bytes(*b)));
        } else {
            let kind = self.kind;
            self.each(&values, |n, bits| {
                numbers.extend(std::iter::repeat_n(kind.number(bits), n));
            })?;
        }
        if let Some(there) = &values.there {
            let found = std::mem::take(numbers);
            let mut found = found.into_iter();
            numbers.extend(
                there
                    .iter()
                    .map(|t| t.then(|| found.next()).flatten().unwrap_or(f64::NAN)),
            );
        }
        Ok(true)
    }
}
