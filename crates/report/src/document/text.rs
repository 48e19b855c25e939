//! Running text: words, figures that lead back to what holds them, links to other objects.

use counterpart_appraise::assessment::{CheckStatus, Part, Sentence, Verdict};

/// A part of running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Words.
    Words(String),
    /// Words that stand out.
    Strong(String),
    /// Second text: remarks, ids, locators.
    Small(String),
    /// A formula or an id as written.
    Code(String),
    /// A figure and the object that holds it as said.
    Number {
        /// As printed.
        shown: String,
        /// The object.
        of: String,
    },
    /// Words that lead to an object of the page.
    Link {
        /// As printed.
        shown: String,
        /// The object.
        of: String,
    },
    /// Words that lead to a section of the page.
    Section {
        /// As printed.
        shown: String,
        /// The section's address.
        id: &'static str,
    },
    /// The address of a document elsewhere.
    Address(String),
    /// A verdict with its glyph.
    Verdict(Verdict),
    /// A check's status with its glyph.
    Status(CheckStatus),
}

/// Running text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text(pub Vec<Inline>);

impl Text {
    /// Returns an empty text.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns plain words.
    #[must_use]
    pub fn plain(words: impl Into<String>) -> Self {
        Self::new().words(words)
    }

    /// Returns a sentence with its figures as links.
    #[must_use]
    pub fn of(sentence: &Sentence) -> Self {
        Self::new().sentence(sentence)
    }

    /// Adds words.
    #[must_use]
    pub fn words(mut self, words: impl Into<String>) -> Self {
        let words = words.into();
        if !words.is_empty() {
            self.0.push(Inline::Words(words));
        }
        self
    }

    /// Adds words that stand out.
    #[must_use]
    pub fn strong(mut self, words: impl Into<String>) -> Self {
        self.0.push(Inline::Strong(words.into()));
        self
    }

    /// Adds second text.
    #[must_use]
    pub fn small(mut self, words: impl Into<String>) -> Self {
        let words = words.into();
        if !words.is_empty() {
            self.0.push(Inline::Small(words));
        }
        self
    }

    /// Adds a formula or an id as written.
    #[must_use]
    pub fn code(mut self, words: impl Into<String>) -> Self {
        self.0.push(Inline::Code(words.into()));
        self
    }

    /// Adds a figure.
    #[must_use]
    pub fn number(mut self, shown: impl Into<String>, of: impl Into<String>) -> Self {
        self.0.push(Inline::Number {
            shown: shown.into(),
            of: of.into(),
        });
        self
    }

    /// Adds a link to an object.
    #[must_use]
    pub fn link(mut self, shown: impl Into<String>, of: impl Into<String>) -> Self {
        self.0.push(Inline::Link {
            shown: shown.into(),
            of: of.into(),
        });
        self
    }

    /// Adds links to objects by their ids, with commas between.
    #[must_use]
    pub fn ids<'a>(mut self, ids: impl IntoIterator<Item = &'a String>) -> Self {
        for (index, id) in ids.into_iter().enumerate() {
            if index > 0 {
                self = self.words(", ");
            }
            self = self.link(id.clone(), id.clone());
        }
        self
    }

    /// Adds any other part.
    #[must_use]
    pub fn with(mut self, part: Inline) -> Self {
        self.0.push(part);
        self
    }

    /// Adds a sentence with its figures as links.
    #[must_use]
    pub fn sentence(mut self, sentence: &Sentence) -> Self {
        for part in sentence.parts() {
            self.0.push(match part {
                Part::Text(words) => Inline::Words(words.clone()),
                Part::Figure(figure) => Inline::Number {
                    shown: figure.shown.clone(),
                    of: figure.of.clone(),
                },
            });
        }
        self
    }

    /// Adds another text.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether a figure in it leads to what holds it.
    #[must_use]
    pub fn has_number(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Inline::Number { .. }))
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the words alone, for labels that cannot hold links.
    #[must_use]
    pub fn to_plain(&self) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Inline::Words(text)
                | Inline::Strong(text)
                | Inline::Small(text)
                | Inline::Code(text)
                | Inline::Address(text) => text.clone(),
                Inline::Number { shown, .. } | Inline::Link { shown, .. } | Inline::Section { shown, .. } => {
                    shown.clone()
                }
                Inline::Verdict(verdict) => verdict.words().to_owned(),
                Inline::Status(status) => crate::words::status(*status).to_owned(),
            })
            .collect()
    }
}
