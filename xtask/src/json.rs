//! The little JSON that `cargo metadata` needs: a reader into a tree, nothing more.

use std::collections::BTreeMap;

/// One JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    /// `null`, a boolean or a number, as written: no task computes with them.
    Bare(String),
    /// A string, unescaped.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object; key order does not matter to any task.
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// Returns the value under `key`, where this is an object that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(fields) => fields.get(key),
            _ => None,
        }
    }

    /// Returns the text, where this is a string.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the elements; none where this is not an array.
    pub(crate) fn list(&self) -> &[Json] {
        match self {
            Json::List(items) => items,
            _ => &[],
        }
    }
}

/// Reads one JSON document; the error says at which character reading stopped.
pub(crate) fn parse(text: &str) -> Result<Json, String> {
    let mut reader = Reader {
        rest: text.chars().collect(),
        at: 0,
    };
    let value = reader.value()?;
    reader.space();
    if reader.at == reader.rest.len() {
        Ok(value)
    } else {
        Err(reader.stopped("the end"))
    }
}

struct Reader {
    rest: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += 1;
        c
    }

    fn stopped(&self, expected: &str) -> String {
        format!(
            "JSON: expected {expected} at character {}, met {:?}",
            self.at,
            self.peek()
        )
    }

    fn space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn expect(&mut self, wanted: char) -> Result<(), String> {
        self.space();
        if self.peek() == Some(wanted) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.stopped(&format!("{wanted:?}")))
        }
    }

    fn value(&mut self) -> Result<Json, String> {
        self.space();
        match self.peek() {
            Some('{') => self.object(),
            Some('[') => self.array(),
            Some('"') => Ok(Json::Text(self.string()?)),
            Some(_) => self.bare(),
            None => Err(self.stopped("a value")),
        }
    }

    fn bare(&mut self) -> Result<Json, String> {
        let mut word = String::new();
        while let Some(c) = self
            .peek()
            .filter(|c| c.is_ascii_alphanumeric() || "+-.".contains(*c))
        {
            word.push(c);
            self.at += 1;
        }
        if word.is_empty() {
            Err(self.stopped("a value"))
        } else {
            Ok(Json::Bare(word))
        }
    }

    fn object(&mut self) -> Result<Json, String> {
        self.expect('{')?;
        let mut fields = BTreeMap::new();
        self.space();
        if self.peek() != Some('}') {
            loop {
                self.space();
                let key = self.string()?;
                self.expect(':')?;
                fields.insert(key, self.value()?);
                self.space();
                if self.peek() != Some(',') {
                    break;
                }
                self.at += 1;
            }
        }
        self.expect('}')?;
        Ok(Json::Object(fields))
    }

    fn array(&mut self) -> Result<Json, String> {
        self.expect('[')?;
        let mut items = Vec::new();
        self.space();
        if self.peek() != Some(']') {
            loop {
                items.push(self.value()?);
                self.space();
                if self.peek() != Some(',') {
                    break;
                }
                self.at += 1;
            }
        }
        self.expect(']')?;
        Ok(Json::List(items))
    }

    fn string(&mut self) -> Result<String, String> {
        self.expect('"')?;
        let mut text = String::new();
        loop {
            match self.next() {
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escape()?),
                Some(c) => text.push(c),
                None => return Err(self.stopped("the end of a string")),
            }
        }
    }

    /// Reads what follows a backslash. A surrogate pair becomes the replacement character: no task reads such names.
    fn escape(&mut self) -> Result<char, String> {
        match self.next() {
            Some('n') => Ok('\n'),
            Some('t') => Ok('\t'),
            Some('r') => Ok('\r'),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('u') => {
                let digits: String = (0..4).filter_map(|_| self.next()).collect();
                let code =
                    u32::from_str_radix(&digits, 16).map_err(|_| self.stopped("four hexadecimal digits"))?;
                Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
            }
            Some(c) => Ok(c),
            None => Err(self.stopped("an escape")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_values_escapes_and_numbers_are_read() {
        let json = parse(r#" {"a": [1, -2.5e3, null, true], "b": {"c": "x\"\u00e9\n"}, "d": [], "e": {}} "#)
            .unwrap();
        assert_eq!(json.get("a").unwrap().list().len(), 4);
        assert_eq!(
            json.get("b").and_then(|b| b.get("c")).and_then(Json::text),
            Some("x\"é\n")
        );
        assert!(json.get("d").unwrap().list().is_empty());
    }

    #[test]
    fn what_is_cut_short_is_an_error() {
        for text in [
            "",
            "{",
            "[1,",
            "\"abc",
            "{\"a\" 1}",
            "[1] 2",
            "{\"a\": \"\\u12\"}",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
