//! The parser: one function per line of the grammar, positions in characters.

use rust_decimal::Decimal;

use super::{Formula, Operator};
use crate::Id;
use crate::place::Level;

/// Why a text is no formula.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("character {position}: expected {expected}, met {met}")]
pub struct FormulaError {
    /// Character of the text, from 1.
    pub position: usize,
    /// What was met there.
    pub met: String,
    /// What was expected.
    pub expected: String,
}

/// Longest formula, in characters.
const MOST_CHARACTERS: usize = 4_000;
/// Deepest nesting of parentheses and functions.
const MOST_DEPTH: usize = 32;
/// Most parts, so that a long chain of operators stays shallow enough to walk.
const MOST_PARTS: usize = 500;

/// Returns the formula that `text` writes.
///
/// # Errors
/// [`FormulaError`] names the first character that does not fit the grammar, or the limit that is passed: 4 000
/// characters, 32 levels of nesting, 500 parts.
///
/// # Example
/// ```
/// let formula = counterpart_model::formula::parse("product / product[-1] - 1")?;
/// assert_eq!(formula.to_string(), "product / product[-1] - 1");
/// # Ok::<(), counterpart_model::formula::FormulaError>(())
/// ```
pub fn parse(text: &str) -> Result<Formula, FormulaError> {
    let characters: Vec<char> = text.chars().take(MOST_CHARACTERS + 1).collect();
    let mut parser = Parser {
        characters: &characters,
        at: 0,
        depth: 0,
        n_parts: 0,
    };
    if characters.len() > MOST_CHARACTERS {
        parser.at = MOST_CHARACTERS;
        return Err(parser.expected(format!("at most {MOST_CHARACTERS} characters")));
    }
    let formula = parser.sum()?;
    parser.skip_space();
    if parser.at < characters.len() {
        return Err(parser.expected("an operator (+ - * /) or the end"));
    }
    Ok(formula)
}

struct Parser<'a> {
    characters: &'a [char],
    at: usize,
    depth: usize,
    n_parts: usize,
}

impl Parser<'_> {
    fn expected(&self, expected: impl Into<String>) -> FormulaError {
        let met = match self.characters.get(self.at) {
            Some(character) => format!("{character:?}"),
            None => "the end".to_owned(),
        };
        FormulaError {
            position: self.at + 1,
            met,
            expected: expected.into(),
        }
    }

    fn skip_space(&mut self) {
        while self.characters.get(self.at).is_some_and(|c| *c == ' ') {
            self.at += 1;
        }
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_space();
        self.characters.get(self.at).copied()
    }

    fn take(&mut self, wanted: char) -> Result<(), FormulaError> {
        if self.peek() == Some(wanted) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.expected(format!("{wanted:?}")))
        }
    }

    /// Returns the longest run of characters from here that `fits`.
    fn run(&mut self, fits: impl Fn(char) -> bool) -> String {
        let rest = self.characters.get(self.at..).unwrap_or_default();
        let word: String = rest.iter().copied().take_while(|c| fits(*c)).collect();
        self.at += word.chars().count();
        word
    }

    fn part(&mut self, formula: Formula) -> Result<Formula, FormulaError> {
        self.n_parts += 1;
        if self.n_parts > MOST_PARTS {
            return Err(self.expected(format!("a formula of at most {MOST_PARTS} parts")));
        }
        Ok(formula)
    }

    fn sum(&mut self) -> Result<Formula, FormulaError> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(self.expected(format!("at most {MOST_DEPTH} levels of nesting")));
        }
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                Some('+') => Operator::Add,
                Some('-') => Operator::Subtract,
                _ => break,
            };
            self.at += 1;
            let right = self.product()?;
            left = self.binary(operator, left, right)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn product(&mut self) -> Result<Formula, FormulaError> {
        let mut left = self.signed()?;
        loop {
            let operator = match self.peek() {
                Some('*') => Operator::Multiply,
                Some('/') => Operator::Divide,
                _ => break,
            };
            self.at += 1;
            let right = self.signed()?;
            left = self.binary(operator, left, right)?;
        }
        Ok(left)
    }

    fn binary(&mut self, operator: Operator, left: Formula, right: Formula) -> Result<Formula, FormulaError> {
        self.part(Formula::Binary {
            operator,
            left: Box::new(left),
            right: Box::new(right),
        })
    }

    fn signed(&mut self) -> Result<Formula, FormulaError> {
        if self.peek() != Some('-') {
            return self.atom();
        }
        self.at += 1;
        let of = self.atom()?;
        self.part(Formula::Negative(Box::new(of)))
    }

    fn atom(&mut self) -> Result<Formula, FormulaError> {
        match self.peek() {
            Some('(') => {
                self.at += 1;
                let inside = self.sum()?;
                self.take(')')?;
                Ok(inside)
            }
            Some(c) if c.is_ascii_digit() => self.number(),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => self.name_or_function(),
            _ => Err(self.expected("an indicator, a number or a parenthesis")),
        }
    }

    fn number(&mut self) -> Result<Formula, FormulaError> {
        let start = self.at;
        let digits = self.run(|c| c.is_ascii_digit() || c == '.');
        match Decimal::from_str_exact(&digits) {
            Ok(value) if !digits.ends_with('.') => self.part(Formula::Number(value)),
            _ => {
                self.at = start;
                Err(self.expected("a plain decimal"))
            }
        }
    }

    fn name_or_function(&mut self) -> Result<Formula, FormulaError> {
        let name = self.run(|c| c.is_ascii_alphanumeric() || c == '_');
        if self.peek() != Some('(') {
            let lag = self.lag()?;
            return self.part(Formula::Indicator {
                id: Id::new(&name),
                lag,
            });
        }
        match name.as_str() {
            "mean" => self.mean(),
            "sum_of" => self.sum_of(),
            "at" => self.at_place(),
            _ => Err(self.expected("an operator; the functions are mean, sum_of and at")),
        }
    }

    fn lag(&mut self) -> Result<u32, FormulaError> {
        if self.peek() != Some('[') {
            return Ok(0);
        }
        self.at += 1;
        self.take('-')?;
        self.skip_space();
        let start = self.at;
        let digits = self.run(|c| c.is_ascii_digit());
        let lag = match digits.parse::<u32>() {
            Ok(years @ 1..=99) => years,
            _ => {
                self.at = start;
                return Err(self.expected("a number of years from 1 to 99"));
            }
        };
        self.take(']')?;
        Ok(lag)
    }

    fn mean(&mut self) -> Result<Formula, FormulaError> {
        self.take('(')?;
        let mut parts = vec![self.sum()?];
        while self.peek() == Some(',') {
            self.at += 1;
            parts.push(self.sum()?);
        }
        self.take(')')?;
        self.part(Formula::Mean(parts))
    }

    fn sum_of(&mut self) -> Result<Formula, FormulaError> {
        self.take('(')?;
        let of = Box::new(self.sum()?);
        self.take(',')?;
        for word in ["places", "level"] {
            self.skip_space();
            let start = self.at;
            if self.run(|c| c.is_ascii_alphabetic()) != word {
                self.at = start;
                return Err(self.expected("places level=LEVEL"));
            }
        }
        self.take('=')?;
        self.skip_space();
        let start = self.at;
        let word = self.run(|c| c.is_ascii_alphabetic());
        let Ok(level) = word.parse::<Level>() else {
            self.at = start;
            return Err(self.expected(format!("one of {}", Level::WORDS.join(", "))));
        };
        self.take(')')?;
        self.part(Formula::SumOf { of, level })
    }

    fn at_place(&mut self) -> Result<Formula, FormulaError> {
        self.take('(')?;
        self.skip_space();
        let start = self.at;
        let place = self.run(|c| c.is_ascii_graphic() && c != ',' && c != '(' && c != ')');
        if place.is_empty() {
            self.at = start;
            return Err(self.expected("a place_id"));
        }
        self.take(',')?;
        let of = Box::new(self.sum()?);
        self.take(')')?;
        self.part(Formula::At {
            place: Id::new(&place),
            of,
        })
    }
}
