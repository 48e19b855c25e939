//! Records of a CSV text (RFC 4180), with the line on which each begins.
//!
//! Our own few lines and not a crate's, because a reader that is strict about quotes, knows the line on which one was
//! opened and goes on behind it is what lets every fault of a file be listed at once. The tests hold it against the
//! `csv` crate on whatever both accept.

use std::borrow::Cow;

/// What breaks a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breach {
    /// A quote that no quote closes.
    UnclosedQuote,
    /// Text between a closing quote and the next comma.
    TextAfterQuote,
}

/// A record that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BrokenRecord {
    /// Line on which the field begins.
    pub(crate) line: u64,
    /// The field, from 1.
    pub(crate) column: u64,
    /// What is wrong.
    pub(crate) breach: Breach,
}

/// Farthest look-ahead for a closing quote on later lines, in bytes.
const LOOK_AHEAD: usize = 65_536;

/// The records of a text.
pub(crate) struct Records<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl<'a> Records<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1 }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Puts the fields of the next record that is not blank into `fields` and returns its line, or `None` at the end.
    ///
    /// Behind a broken record, reading goes on with the line after the one on which the broken field begins.
    pub(crate) fn next(&mut self, fields: &mut Vec<Cow<'a, str>>) -> Option<Result<u64, BrokenRecord>> {
        fields.clear();
        while self.skip_line_end() {}
        self.byte(self.at)?;
        let line = self.line;
        loop {
            let column = fields.len() as u64 + 1;
            let field_line = self.line;
            let field = if self.byte(self.at) == Some(b'"') {
                match self.quoted() {
                    Ok(field) => field,
                    Err(breach) => {
                        self.skip_to_next_line();
                        return Some(Err(BrokenRecord {
                            line: field_line,
                            column,
                            breach,
                        }));
                    }
                }
            } else {
                Cow::Borrowed(self.plain())
            };
            fields.push(field);
            if self.byte(self.at) == Some(b',') {
                self.at += 1;
            } else {
                self.skip_line_end();
                return Some(Ok(line));
            }
        }
    }

    /// Whether a line end stood here; it is passed.
    fn skip_line_end(&mut self) -> bool {
        let n = match (self.byte(self.at), self.byte(self.at + 1)) {
            (Some(b'\n'), _) => 1,
            (Some(b'\r'), Some(b'\n')) => 2,
            _ => return false,
        };
        self.at += n;
        self.line += 1;
        true
    }

    fn skip_to_next_line(&mut self) {
        while let Some(byte) = self.byte(self.at) {
            self.at += 1;
            if byte == b'\n' {
                self.line += 1;
                return;
            }
        }
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn plain(&mut self) -> &'a str {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let n = rest
            .iter()
            .position(|byte| matches!(byte, b',' | b'\n'))
            .unwrap_or(rest.len());
        let mut end = start + n;
        if n > 0 && self.byte(end) == Some(b'\n') && self.byte(end - 1) == Some(b'\r') {
            end -= 1;
        }
        self.at = end;
        self.slice(start, end)
    }

    /// Reads a quoted field; where it is broken, `at` stays on its opening quote.
    fn quoted(&mut self) -> Result<Cow<'a, str>, Breach> {
        let start = self.at + 1;
        let mut at = start;
        let mut doubled = false;
        let mut n_lines = 0;
        loop {
            match self.byte(at) {
                None => return Err(Breach::UnclosedQuote),
                Some(b'"') if self.byte(at + 1) == Some(b'"') => {
                    doubled = true;
                    at += 2;
                }
                Some(b'"') => break,
                Some(b'\n') => {
                    n_lines += 1;
                    at += 1;
                }
                Some(_) => at += 1,
            }
            if n_lines > 0 && at - start > LOOK_AHEAD {
                return Err(Breach::UnclosedQuote);
            }
        }
        let ends = match self.byte(at + 1) {
            None | Some(b',' | b'\n') => true,
            Some(b'\r') => self.byte(at + 2) == Some(b'\n'),
            Some(_) => false,
        };
        if !ends {
            // On a later line it is most likely the opening quote of another field.
            return Err(if n_lines > 0 {
                Breach::UnclosedQuote
            } else {
                Breach::TextAfterQuote
            });
        }
        let inside = self.slice(start, at);
        self.at = at + 1;
        self.line += n_lines;
        Ok(if doubled {
            Cow::Owned(inside.replace("\"\"", "\""))
        } else {
            Cow::Borrowed(inside)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Result<(u64, Vec<String>), BrokenRecord>> {
        let mut records = Records::new(text);
        let mut fields = Vec::new();
        let mut found = Vec::new();
        while let Some(record) = records.next(&mut fields) {
            found.push(record.map(|line| (line, fields.iter().map(|field| field.to_string()).collect())));
        }
        found
    }

    #[test]
    fn records_know_the_line_on_which_they_begin() {
        let text = "a,b\r\n\r\n\"x, \"\"y\"\"\",\r\n1,\"two\nlines\"\n3,4";
        let expected = [
            Ok((1, vec!["a".to_owned(), "b".to_owned()])),
            Ok((3, vec!["x, \"y\"".to_owned(), String::new()])),
            Ok((4, vec!["1".to_owned(), "two\nlines".to_owned()])),
            Ok((6, vec!["3".to_owned(), "4".to_owned()])),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn an_unclosed_quote_is_found_on_its_own_line_and_reading_goes_on_behind_it() {
        let found = read("a,b\n1,\"open\n2,\"closed\"\n3,4\n");
        assert_eq!(
            found.get(1),
            Some(&Err(BrokenRecord {
                line: 2,
                column: 2,
                breach: Breach::UnclosedQuote
            }))
        );
        assert_eq!(found.len(), 4);
        assert_eq!(found.get(3), Some(&Ok((4, vec!["3".to_owned(), "4".to_owned()]))));
    }

    proptest::proptest! {
        #[test]
        fn what_is_accepted_reads_as_the_csv_crate_reads_it(text in "[ab,\"\n\r]{0,24}") {
            let ours = read(&text);
            // A lone carriage return ends a record there and is a character of its field here, where it is refused.
            let lone = text.replace("\r\n", "").contains('\r');
            if !lone && ours.iter().all(Result::is_ok) {
                let mut reader = ::csv::ReaderBuilder::new()
                    .has_headers(false)
                    .flexible(true)
                    .from_reader(text.as_bytes());
                let theirs: Vec<Vec<String>> = reader
                    .records()
                    .map(|record| record.expect("text is UTF-8").iter().map(str::to_owned).collect())
                    .collect();
                let ours: Vec<Vec<String>> = ours.into_iter().flatten().map(|(_, fields)| fields).collect();
                proptest::prop_assert_eq!(ours, theirs);
            }
        }
    }
}
