//! Control pools: who may serve as comparison, in the pairing graph's own words.

use serde::{Deserialize, Deserializer};

use crate::place::Level;
use crate::{Date, Id};

/// A control-pool rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Its id.
    pub id: Id,
    /// Its title.
    pub title: String,
    /// Programmes whose pairings exclude.
    pub programmes: ProgrammeChoice,
    /// Level of the places to choose from.
    pub level: Level,
    /// Places whose members at the level are chosen from; empty with `groups` empty means all of the level.
    #[serde(default)]
    pub places: Vec<Id>,
    /// Groups whose members are chosen from.
    #[serde(default)]
    pub groups: Vec<Id>,
    /// Window in which a pairing counts; a study's own window replaces it.
    pub window: (Date, Date),
    /// Who is left out.
    #[serde(default)]
    pub exclude: Vec<Exclusion>,
    /// What becomes of places that another round treated before the window.
    #[serde(default)]
    pub already_treated: Option<Handling>,
    /// What becomes of neighbours of treated places.
    #[serde(default)]
    pub neighbours: Option<Handling>,
    /// Whether the rule lets providers in on purpose.
    #[serde(default)]
    pub contaminated: bool,
    /// How far a pairing reaches.
    #[serde(default)]
    pub reach: Reach,
}

/// Programmes whose pairings exclude.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgrammeChoice {
    /// Every programme on record.
    All,
    /// These.
    Listed(Vec<Id>),
}

impl<'de> Deserialize<'de> for ProgrammeChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Raw {
            Word(String),
            List(Vec<Id>),
        }
        match Raw::deserialize(deserializer)? {
            Raw::List(ids) => Ok(Self::Listed(ids)),
            Raw::Word(word) if word == "all" => Ok(Self::All),
            Raw::Word(word) => Err(serde::de::Error::custom(format!(
                "{word:?}: expected \"all\" or a list of programme ids"
            ))),
        }
    }
}

words! {
    /// Who is left out of a pool.
    pub enum Exclusion {
        /// Providers of the study's rounds.
        Providers = "providers",
        /// Providers of any round of the pool's programmes.
        AnyProvider = "any_provider",
        /// Places that a pairing begins to reach inside the window.
        NewlyTreated = "newly_treated",
        /// Places that any pairing reaches in the window.
        AnyRecipient = "any_recipient",
    }
}

words! {
    /// What becomes of places that a rule is in doubt about.
    pub enum Handling {
        /// Kept, listed, and left out in a variant.
        KeepAndTest = "keep_and_test",
        /// Left out.
        Exclude = "exclude",
        /// Kept.
        Keep = "keep",
    }
}

words! {
    /// How far a pairing reaches.
    #[derive(Default)]
    pub enum Reach {
        /// Every place inside its ends and every place that contains one.
        #[default]
        InsideAndAround = "inside_and_around",
        /// Only places of its ends' own level.
        OwnLevel = "own_level",
    }
}
