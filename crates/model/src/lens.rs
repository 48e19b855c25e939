//! Lenses: rules that pick among conflicting statements.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Id;
use crate::source::{PublisherKind, SpeakerKind};

/// A rule that picks among conflicting statements.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lens {
    /// Its id.
    pub id: Id,
    /// Its title.
    pub title: String,
    /// Which vintages observations may come from.
    #[serde(default)]
    pub vintage: VintageChoice,
    /// Observations of sources with these publishers are passed over.
    #[serde(default)]
    pub exclude_publisher_kinds: Vec<PublisherKind>,
    /// Only claims and transactions of these kinds of speakers are read; empty means any.
    #[serde(default)]
    pub speaker_kinds: Vec<SpeakerKind>,
    /// Claims and transactions of these kinds of speakers are passed over.
    #[serde(default)]
    pub exclude_speaker_kinds: Vec<SpeakerKind>,
    /// Only claims and transactions of these speakers are read; empty means any.
    #[serde(default)]
    pub speakers: Vec<Id>,
    /// Statements of sources that copy another are passed over.
    #[serde(default)]
    pub independent_only: bool,
    /// Observed indicators that others stand in for, inside formulas too.
    #[serde(default)]
    pub outcome_map: BTreeMap<Id, Id>,
}

/// Which vintages observations may come from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(untagged)]
pub enum VintageChoice {
    /// The newest, by the rule of the `vintages` table.
    Word(NewestWord),
    /// These, in order of preference.
    Listed(Vec<Id>),
    /// Any, each on its own.
    #[default]
    Any,
}

words! {
    /// The one word that `vintage` may be.
    pub enum NewestWord {
        /// The newest vintage.
        Newest = "newest",
    }
}
