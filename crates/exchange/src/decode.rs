//! From bytes to text: limits first, then the encoding.
//!
//! A file is read piece by piece and given up at the first field, row or size beyond the limits, so that a hostile
//! file costs no more memory than an honest one.

use std::io::Read;
use std::path::Path;

use counterpart_model::{Fault, FaultCode, Location};

/// Largest file, in bytes.
pub const MOST_FILE_BYTES: u64 = 256 * 1024 * 1024;
/// Largest `case.toml`, in bytes.
pub const MOST_CASE_TOML_BYTES: u64 = 1024 * 1024;
/// Largest file of shapes, in bytes: its coordinates take several times that in memory.
pub const MOST_GEO_BYTES: u64 = 32 * 1024 * 1024;
/// Largest panel of an estimate, in bytes.
pub const MOST_PANEL_BYTES: u64 = 4 * 1024 * 1024 * 1024;
/// Longest field, in bytes.
pub const MOST_FIELD_BYTES: usize = 1024 * 1024;
/// Longest row, in bytes.
pub const MOST_ROW_BYTES: usize = 4 * 1024 * 1024;
/// Most columns of a row.
pub const MOST_COLUMNS: usize = 500;

const PIECE: usize = 256 * 1024;

/// What a file is, which decides its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nature {
    /// A CSV table.
    Table,
    /// `case.toml`.
    CaseToml,
    /// Shapes.
    Geo,
    /// A panel of an estimate.
    Panel,
}

/// Returns the text of a file.
///
/// The outer error is the disk's, the inner one the file's.
pub(crate) fn read_text(
    path: &Path,
    name: &str,
    nature: Nature,
) -> std::io::Result<Result<String, Box<Fault>>> {
    Ok(read_bytes(path, name, nature)?.and_then(|bytes| to_text(name, bytes)))
}

/// Returns the bytes of a file within its limits.
pub(crate) fn read_bytes(
    path: &Path,
    name: &str,
    nature: Nature,
) -> std::io::Result<Result<Vec<u8>, Box<Fault>>> {
    let file = std::fs::File::open(path)?;
    let most = match nature {
        Nature::CaseToml => MOST_CASE_TOML_BYTES,
        Nature::Table => MOST_FILE_BYTES,
        Nature::Geo => MOST_GEO_BYTES,
        Nature::Panel => MOST_PANEL_BYTES,
    };
    let mut file = file.take(most + 1);
    let mut bytes = Vec::new();
    let mut gauge = Gauge::new();
    loop {
        let before = bytes.len();
        bytes.resize(before + PIECE, 0);
        let n = match file.read(bytes.get_mut(before..).unwrap_or_default()) {
            Ok(n) => n,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => 0,
            Err(error) => return Err(error),
        };
        bytes.truncate(before + n);
        if n == 0 {
            return Ok(Ok(bytes));
        }
        if matches!(nature, Nature::Table | Nature::Panel)
            && let Some(mut fault) = gauge.feed(name, bytes.get(before..).unwrap_or_default())
        {
            if fault.code == FaultCode::TooLarge {
                let start = bytes.get(gauge.field_start..).unwrap_or_default();
                let start = start.get(..start.len().min(40)).unwrap_or_default();
                fault.value = format!("{}…", String::from_utf8_lossy(start).trim_end_matches('\u{fffd}'));
            }
            return Ok(Err(Box::new(fault)));
        }
        if bytes.len() as u64 > most {
            let fault = Fault::new(
                Location::file(name),
                FaultCode::TooLarge,
                "",
                format!("a file of at most {most} bytes"),
            )
            .hint(match nature {
                Nature::Panel => "keep only the columns that the estimate needs",
                _ => "observations may be split over several files of observations/, shapes over several of geo/",
            });
            return Ok(Err(Box::new(fault)));
        }
    }
}

/// Measures fields and rows while bytes come in.
struct Gauge {
    line: u64,
    column: u64,
    n_bytes: usize,
    /// Byte of the file at which the present field begins.
    field_start: usize,
    field_bytes: usize,
    row_bytes: usize,
    in_quotes: bool,
    quoted_on: u64,
    /// Byte of the row at which a quoted field was last closed; 0 where none was.
    closed_at: usize,
}

impl Gauge {
    const fn new() -> Self {
        Self {
            line: 1,
            column: 1,
            n_bytes: 0,
            field_start: 0,
            field_bytes: 0,
            row_bytes: 0,
            in_quotes: false,
            quoted_on: 0,
            closed_at: 0,
        }
    }

    fn feed(&mut self, name: &str, bytes: &[u8]) -> Option<Fault> {
        for byte in bytes {
            self.n_bytes += 1;
            self.field_bytes += 1;
            self.row_bytes += 1;
            match byte {
                // A quote opens a field at its start, closes it, or is doubled inside it.
                b'"' if self.in_quotes => {
                    self.in_quotes = false;
                    self.closed_at = self.row_bytes;
                }
                b'"' if self.field_bytes == 1 => {
                    self.in_quotes = true;
                    self.quoted_on = self.line;
                }
                b'"' if self.closed_at > 0 && self.closed_at + 1 == self.row_bytes => self.in_quotes = true,
                b',' if !self.in_quotes => {
                    self.column += 1;
                    self.field_bytes = 0;
                    self.field_start = self.n_bytes;
                    if self.column > MOST_COLUMNS as u64 {
                        return Some(self.fault(name, format!("at most {MOST_COLUMNS} columns")));
                    }
                }
                b'\n' => {
                    self.line += 1;
                    if !self.in_quotes {
                        self.column = 1;
                        self.field_bytes = 0;
                        self.field_start = self.n_bytes;
                        self.row_bytes = 0;
                        self.closed_at = 0;
                    }
                }
                _ => {}
            }
            if self.field_bytes > MOST_FIELD_BYTES {
                return Some(if self.in_quotes && self.quoted_on < self.line {
                    unclosed_quote(name, self.quoted_on, self.column)
                } else {
                    self.fault(name, format!("a field of at most {MOST_FIELD_BYTES} bytes"))
                });
            }
            if self.row_bytes > MOST_ROW_BYTES {
                return Some(self.fault(name, format!("a row of at most {MOST_ROW_BYTES} bytes")));
            }
        }
        None
    }

    fn fault(&self, name: &str, expected: String) -> Fault {
        let location = Location {
            column: self.column,
            ..Location::line(name, self.line)
        };
        Fault::new(location, FaultCode::TooLarge, "", expected)
    }
}

/// Returns the fault of a quote that is never closed.
pub(crate) fn unclosed_quote(name: &str, line: u64, column: u64) -> Fault {
    let location = Location {
        column,
        ..Location::line(name, line)
    };
    Fault::new(
        location,
        FaultCode::NotCsv,
        "\"",
        "a quote that closes the one opened here",
    )
    .hint("close it on the same line; a quote inside a quoted field is written twice")
}

/// Returns the text of UTF-8 bytes, without a byte order mark.
pub(crate) fn to_text(name: &str, mut bytes: Vec<u8>) -> Result<String, Box<Fault>> {
    if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        bytes.drain(..3);
    }
    if let Some(encoding) = wide(&bytes) {
        return Err(Box::new(foreign(name, 1, encoding)));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let line = 1 + bytes
            .get(..valid)
            .unwrap_or_default()
            .iter()
            .filter(|byte| **byte == b'\n')
            .count() as u64;
        let encoding = if mixed(&bytes, valid) {
            ""
        } else {
            guess(&bytes, valid)
        };
        Box::new(foreign(name, line, encoding))
    })
}

/// Returns the name of a two- or four-byte encoding: by its mark, or by its zero bytes.
fn wide(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] => return Some("UTF-32LE"),
        [0, 0, 0xFE, 0xFF, ..] => return Some("UTF-32BE"),
        [0xFF, 0xFE, ..] => return Some("UTF-16LE"),
        [0xFE, 0xFF, ..] => return Some("UTF-16BE"),
        _ => {}
    }
    let start = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let zeros = |parity: usize| {
        start
            .iter()
            .skip(parity)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    // Headings are ASCII, so every other byte of a UTF-16 header is zero.
    let many = start.len() / 8;
    if start.len() < 8 {
        None
    } else if zeros(1) > many && zeros(1) > zeros(0) {
        Some("UTF-16LE")
    } else if zeros(0) > many {
        Some("UTF-16BE")
    } else {
        None
    }
}

/// Whether the text before the first bad byte is UTF-8 beyond ASCII: a few letters may look so by chance.
fn mixed(bytes: &[u8], first_bad: usize) -> bool {
    let before = bytes.get(..first_bad).unwrap_or_default();
    let n_letters = before.iter().filter(|byte| **byte >= 0xC0).count();
    n_letters > 3
}

/// Returns the legacy encoding that the bytes around the first one that is no UTF-8 look like, if they can be read in it.
fn guess(bytes: &[u8], first_bad: usize) -> &'static str {
    let around = bytes
        .get(first_bad.saturating_sub(4096)..(first_bad + 65_536).min(bytes.len()))
        .unwrap_or_default();
    let mut detector = chardetng::EncodingDetector::new();
    detector.feed(around, true);
    let encoding = detector.guess(None, false);
    let name = match encoding.name() {
        // Every GBK text is a GB18030 text, and the newer name is the national standard's.
        "GBK" => "GB18030",
        name => name,
    };
    let (_, unreadable) = encoding.decode_without_bom_handling(bytes);
    if is_western(name) && is_gb2312(bytes) {
        // A few Chinese cells in an English file: too little for the statistics, which fall back on Western text.
        EITHER
    } else if unreadable {
        ""
    } else {
        name
    }
}

/// What bytes are that are whole pairs of GB2312 and that statistics take for Western text.
const EITHER: &str = "GB18030 or windows-1252";

/// Whether an encoding is one that nearly any bytes can be read in.
fn is_western(name: &str) -> bool {
    matches!(
        name,
        "windows-1252" | "windows-1250" | "windows-1254" | "windows-1257" | "ISO-8859-2" | "ISO-8859-4"
    )
}

/// Whether every run of bytes beyond ASCII is made of whole pairs that GB2312, the core of GB18030, gives a character.
///
/// Western text fails this at its first accented letter between plain ones.
fn is_gb2312(bytes: &[u8]) -> bool {
    bytes
        .split(u8::is_ascii)
        .filter(|run| !run.is_empty())
        .all(|run| {
            let pairs = run.chunks_exact(2);
            pairs.remainder().is_empty()
                && run
                    .chunks_exact(2)
                    .all(|pair| matches!(pair, [0xA1..=0xA9 | 0xB0..=0xF7, 0xA1..=0xFE]))
        })
}

fn foreign(name: &str, line: u64, encoding: &str) -> Fault {
    let fault = Fault::new(
        Location::line(name, line),
        FaultCode::Encoding,
        encoding,
        "text in UTF-8, with or without a byte order mark",
    );
    if encoding.is_empty() {
        fault.hint("what stands before fits UTF-8 and this line does not: was text of two encodings pasted together?")
    } else if encoding == EITHER {
        fault.hint(format!(
            "it looks like GB18030 (GBK); if this is no Chinese text, windows-1252: iconv -f GB18030 -t UTF-8 {name}"
        ))
    } else {
        fault.hint(format!(
            "it looks like {encoding}: iconv -f {encoding} -t UTF-8 {name}"
        ))
    }
}
