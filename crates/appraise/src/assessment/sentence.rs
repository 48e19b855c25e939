//! Sentences generated from values, whose figures lead back to what they are.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words.
    Text(String),
    /// A figure, as printed here, and the id of the object that holds it as said.
    Figure(FigureRef),
}

/// A figure in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct FigureRef {
    /// As printed in the sentence.
    pub shown: String,
    /// Id of the claim, figure, gap or study that holds it.
    pub of: String,
}

/// A sentence: plain text in JSON, with links where it is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sentence {
    parts: Vec<Part>,
}

impl Sentence {
    /// Returns an empty sentence.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a sentence of words alone.
    #[must_use]
    pub fn of(text: impl Into<String>) -> Self {
        Self::new().text(text)
    }

    /// Adds words.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        match self.parts.last_mut() {
            Some(Part::Text(last)) => last.push_str(&text),
            _ => self.parts.push(Part::Text(text)),
        }
        self
    }

    /// Adds a figure that is held by the object `of`.
    #[must_use]
    pub fn figure(mut self, shown: impl Into<String>, of: impl Into<String>) -> Self {
        self.parts.push(Part::Figure(FigureRef {
            shown: shown.into(),
            of: of.into(),
        }));
        self
    }

    /// Adds another sentence's parts.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        for part in other.parts {
            self = match part {
                Part::Text(text) => self.text(text),
                Part::Figure(figure) => self.figure(figure.shown, figure.of),
            };
        }
        self
    }

    /// Returns the parts in order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Returns the figures in order.
    pub fn figures(&self) -> impl Iterator<Item = &FigureRef> {
        self.parts.iter().filter_map(|part| match part {
            Part::Figure(figure) => Some(figure),
            Part::Text(_) => None,
        })
    }
}

impl std::fmt::Display for Sentence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for part in &self.parts {
            match part {
                Part::Text(text) => f.write_str(text)?,
                Part::Figure(figure) => f.write_str(&figure.shown)?,
            }
        }
        Ok(())
    }
}

impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Sentence {
    fn schema_name() -> Cow<'static, str> {
        "Sentence".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}
