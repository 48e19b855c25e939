//! Every key of `case.toml`: what it holds, whether it is needed, what it says.
//!
//! The reader and `docs/case-folder.md` both go by this list; a test holds it against the model's types.

use counterpart_model::case::{HeadlineRule, VerdictLine};
use counterpart_model::lens::NewestWord;
use counterpart_model::place::Level;
use counterpart_model::pool::{Exclusion, Handling, Reach};
use counterpart_model::source::{PublisherKind, SpeakerKind};
use counterpart_model::study::{AssignmentLevel, Check, Estimator, StudyRole, Transform};

/// What an id of `case.toml` points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A row of one of these tables.
    Rows(&'static [counterpart_model::TableId]),
    /// A place of level `group`.
    Group,
    /// A `[[lens]]`.
    Lens,
    /// A `[[pool]]`.
    Pool,
    /// A `[[study]]`.
    Study,
    /// Nothing: it is the id of what it stands in.
    Itself,
}

/// What a key may hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Text in quotes.
    Text,
    /// An id.
    Id(Target),
    /// A date in quotes.
    Date,
    /// A whole number from the first to the second.
    Whole(u64, u64),
    /// A number above the first and below the second.
    Number(f64, f64),
    /// `true` or `false`.
    Flag,
    /// One word of a closed list.
    Word(&'static [&'static str]),
    /// A list.
    List(&'static Kind),
    /// A first and a last date.
    Window,
    /// One of two kinds.
    Either(&'static Kind, &'static Kind),
    /// A table, `[name]` or `{ … }`.
    Table(&'static [Key]),
    /// A list of tables, `[[name]]` or `[{ … }]`.
    Tables(&'static [Key]),
    /// A table whose keys are ids too.
    Map(Target, &'static Kind),
}

impl Kind {
    /// Returns the kind in words, as documentation and faults say it.
    #[must_use]
    pub fn in_words(self) -> String {
        match self {
            Self::Text => "text in quotes".into(),
            Self::Id(target) => target.in_words(),
            Self::Date => "an ISO 8601 date in quotes (\"2010\", \"2014-09\" or \"2020-12-31\")".into(),
            Self::Whole(0, u64::MAX) => "a whole number from 0".into(),
            Self::Whole(least, u64::MAX) => format!("a whole number from {least}"),
            Self::Whole(least, most) => format!("a whole number from {least} to {most}"),
            Self::Number(above, below) if below.is_infinite() => format!("a number above {above}"),
            Self::Number(above, below) => format!("a number between {above} and {below}"),
            Self::Flag => "true or false".into(),
            Self::Word([word]) => format!("\"{word}\""),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::List(of) => format!("a list, each {}", of.in_words()),
            Self::Window => "a list of two dates in quotes, the first not after the second".into(),
            Self::Either(one, other) => format!("{}, or {}", one.in_words(), other.in_words()),
            Self::Table(_) => "a table".into(),
            Self::Tables(_) => "a list of tables".into(),
            Self::Map(keys, of) => format!("a table: {} = {}", keys.in_words(), of.in_words()),
        }
    }
}

impl Target {
    /// Returns what an id of this kind is, in words.
    #[must_use]
    pub fn in_words(self) -> String {
        match self {
            Self::Rows(tables) => {
                let names: Vec<&str> = tables.iter().map(|table| table.name()).collect();
                format!("a key of {}", names.join(" or "))
            }
            Self::Group => "a place of level group".into(),
            Self::Lens => "the id of a [[lens]]".into(),
            Self::Pool => "the id of a [[pool]]".into(),
            Self::Study => "the id of a [[study]]".into(),
            Self::Itself => "an id of printable ASCII without spaces".into(),
        }
    }
}

/// A key of `case.toml`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Whether it has to be there.
    pub needed: bool,
    /// What it says.
    pub about: &'static str,
}

const fn may(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key {
        name,
        kind,
        needed: false,
        about,
    }
}

const fn must(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key {
        name,
        kind,
        needed: true,
        about,
    }
}

use Kind::{Date, Either, Flag, Id, List, Map, Number, Table, Tables, Text, Whole, Window, Word};
use counterpart_model::TableId::{Claims, Indicators, Places, Programmes, Rounds, Speakers, Vintages};

const PLACE: Kind = Id(Target::Rows(&[Places]));
const INDICATOR: Kind = Id(Target::Rows(&[Indicators]));
const ITSELF: Kind = Id(Target::Itself);
const ANY: u64 = u64::MAX;

/// The keys at the top of `case.toml`.
pub const CASE: &[Key] = &[
    must("title", Text, "Title of the case."),
    may("title_zh", Text, "Title in Chinese."),
    must("question", Text, "The question that the report answers."),
    must("nation", PLACE, "The nation that the subject is compared with."),
    must("subject", PLACE, "The recipient that the case is about."),
    must("as_of", Date, "The clock of every report."),
    must("seed", Whole(0, ANY), "Seed of everything that draws."),
    may(
        "synthetic",
        Flag,
        "Whether nothing in the folder is about a real place.",
    ),
    may("gap", Table(GAP), "The description that comes before any effect."),
    must(
        "disclosure",
        Table(DISCLOSURE),
        "What is withheld in what is published.",
    ),
    may("lens", Tables(LENS), "Whose figures."),
    may("pool", Tables(POOL), "Compared with whom."),
    may("study", Tables(STUDY), "Which effects."),
    may(
        "lens_study",
        Tables(LENS_STUDY),
        "Which studies run under which lens; all of them under a lens that is not named here.",
    ),
    may("grid", Table(GRID), "Limits of the grid of estimates."),
    must(
        "verdict",
        Table(VERDICT),
        "The rule by which estimates become words.",
    ),
];

/// The keys of `[gap]`.
pub const GAP: &[Key] = &[
    must("place", PLACE, "The place."),
    must("nation", PLACE, "The nation."),
    must(
        "indicators",
        List(&INDICATOR),
        "Indicators, each a line of its own.",
    ),
    may(
        "fallback_nation",
        INDICATOR,
        "The nation's indicator where a vintage has no national row.",
    ),
    may("goals", Tables(GOAL), "Goals that were stated for places."),
];

/// The keys of an entry of `gap.goals`.
pub const GOAL: &[Key] = &[
    must("place", PLACE, "The place."),
    must(
        "claim",
        Id(Target::Rows(&[Claims])),
        "The claim that states the goal.",
    ),
];

/// The keys of `[disclosure]`.
pub const DISCLOSURE: &[Key] = &[
    must(
        "threshold",
        Whole(0, 1_000_000),
        "Counts of persons from 1 to below this are withheld.",
    ),
    may("cells", Text, "What counts as a cell, in words."),
];

const PUBLISHER_KIND: Kind = Word(PublisherKind::WORDS);
const SPEAKER_KIND: Kind = Word(SpeakerKind::WORDS);
const SPEAKER: Kind = Id(Target::Rows(&[Speakers]));
const NEWEST: Kind = Word(NewestWord::WORDS);
const VINTAGE: Kind = Id(Target::Rows(&[Vintages]));
const VINTAGES: Kind = List(&VINTAGE);

/// The keys of `[[lens]]`.
pub const LENS: &[Key] = &[
    must("id", ITSELF, "Its id."),
    must("title", Text, "Its title."),
    may(
        "vintage",
        Either(&NEWEST, &VINTAGES),
        "Which vintages observations may come from, in order of preference; empty lets none in, left out lets in any.",
    ),
    may(
        "exclude_publisher_kinds",
        List(&PUBLISHER_KIND),
        "Observations of sources with these publishers are passed over.",
    ),
    may(
        "speaker_kinds",
        List(&SPEAKER_KIND),
        "Only claims and transactions of these kinds of speakers are read.",
    ),
    may(
        "exclude_speaker_kinds",
        List(&SPEAKER_KIND),
        "Claims and transactions of these kinds of speakers are passed over.",
    ),
    may(
        "speakers",
        List(&SPEAKER),
        "Only claims and transactions of these speakers are read.",
    ),
    may(
        "independent_only",
        Flag,
        "Whether statements of sources that copy another are passed over.",
    ),
    may(
        "outcome_map",
        Map(Target::Rows(&[Indicators]), &INDICATOR),
        "Observed indicators that others stand in for, inside formulas too.",
    ),
];

const EVERY: Kind = Word(&["all"]);
const PROGRAMME: Kind = Id(Target::Rows(&[Programmes]));
const PROGRAMMES: Kind = List(&PROGRAMME);
const GROUP: Kind = Id(Target::Group);
const EXCLUSION: Kind = Word(Exclusion::WORDS);
const HANDLING: Kind = Word(Handling::WORDS);

/// The keys of `[[pool]]`.
pub const POOL: &[Key] = &[
    must("id", ITSELF, "Its id."),
    must("title", Text, "Its title."),
    must(
        "programmes",
        Either(&EVERY, &PROGRAMMES),
        "Programmes whose pairings exclude; no other pairing does.",
    ),
    must("level", Word(Level::WORDS), "Level of the places to choose from."),
    may("places", List(&PLACE), "Places inside which to choose."),
    may(
        "groups",
        List(&GROUP),
        "Groups among whose members to choose. With neither places nor groups: all places of the level.",
    ),
    must(
        "window",
        Window,
        "Window in which a pairing counts; inside a study the study's window replaces it.",
    ),
    may(
        "exclude",
        List(&EXCLUSION),
        "Who is left out: providers of the study's rounds, any provider, whoever a pairing begins to reach in the window, any recipient.",
    ),
    may(
        "already_treated",
        HANDLING,
        "What becomes of places that a pairing reached before the window.",
    ),
    may(
        "neighbours",
        HANDLING,
        "What becomes of neighbours of treated places.",
    ),
    may(
        "contaminated",
        Flag,
        "Whether the rule lets providers in on purpose.",
    ),
    may(
        "reach",
        Word(Reach::WORDS),
        "Whether a pairing reaches places inside and around its ends, or only places of their own level.",
    ),
];

/// The keys of an entry of `study.outcomes`.
pub const OUTCOMES: &[Key] = &[
    must("indicator", INDICATOR, "The indicator."),
    may(
        "transform",
        Word(Transform::WORDS),
        "What it is turned into before estimation.",
    ),
];
const POOL_ID: Kind = Id(Target::Pool);
const ROUND: Kind = Id(Target::Rows(&[Rounds]));
const A_DATE: Kind = Date;
const A_WINDOW: Kind = Window;
const ESTIMATOR: Kind = Word(Estimator::WORDS);
const CHECK: Kind = Word(Check::WORDS);
const WORDS_OF_OWN: Kind = Text;

/// The keys of `[[study]]`.
pub const STUDY: &[Key] = &[
    must("id", ITSELF, "Its id."),
    must("title", Text, "Its title."),
    must("role", Word(StudyRole::WORDS), "Whether it enters the headline."),
    must(
        "outcomes",
        Tables(OUTCOMES),
        "Outcomes: an indicator and its transform.",
    ),
    must("level", Word(Level::WORDS), "Level of its units."),
    must(
        "treated",
        PLACE,
        "The treated place or group; members below the level are counted in the place that holds them.",
    ),
    may(
        "pools",
        List(&POOL_ID),
        "Control pools; the first is the study's own, the others are shown beside it.",
    ),
    must("rounds", List(&ROUND), "Rounds that treat."),
    must("onset", Date, "First treated period."),
    may(
        "onset_basis",
        Text,
        "What that date is: decided_on, first_money_on, plan_period, first_full_year …",
    ),
    may("onset_beside", List(&A_DATE), "Onsets shown beside it."),
    must("window", Window, "First and last period."),
    may("windows_beside", List(&A_WINDOW), "Windows shown beside it."),
    must("estimators", List(&ESTIMATOR), "Estimators."),
    may(
        "main_estimator",
        ESTIMATOR,
        "The one that the verdict reads; else the first.",
    ),
    may(
        "cluster",
        Word(AssignmentLevel::WORDS),
        "Level at which standard errors are clustered; else the unit.",
    ),
    may("inference", Table(INFERENCE), "Inference beside the default."),
    must(
        "assignment_level",
        Word(AssignmentLevel::WORDS),
        "Level at which treatment was given: inference is at this level.",
    ),
    may(
        "required_checks",
        List(&CHECK),
        "Checks without which there is no verdict.",
    ),
    may(
        "variants",
        List(&WORDS_OF_OWN),
        "Variants, from the closed list below.",
    ),
    may("dose", Table(DOSE), "A continuous dose."),
    may(
        "confounds",
        List(&WORDS_OF_OWN),
        "What cannot be told apart from the effect, in words.",
    ),
    may(
        "looked_at_before",
        Text,
        "When the data had been looked at before the rule was written, and what had been seen.",
    ),
];

const DRAWS: Kind = Whole(1, 10_000_000);

/// The keys of `study.inference`.
pub const INFERENCE: &[Key] = &[
    may("crv1", Text, "What is done with one-way cluster standard errors."),
    may("wild", Table(WILD), "Wild cluster bootstrap."),
    may("randomisation", Table(RANDOMISATION), "Randomisation inference."),
];

/// The keys of `study.inference.wild`.
pub const WILD: &[Key] = &[
    must("weights", Text, "Distribution of the weights."),
    must("draws", DRAWS, "Draws."),
];

/// The keys of `study.inference.randomisation`.
pub const RANDOMISATION: &[Key] = &[
    must("draws", DRAWS, "Draws."),
    may("permute", Text, "What is permuted."),
];

/// The keys of `study.dose`.
pub const DOSE: &[Key] = &[
    must("base", INDICATOR, "Indicator that the dose is made of."),
    must("year", Date, "Year of the base."),
    must("form", Text, "Form of the dose: log or level."),
    must("of", Text, "Whose base it is: provider or recipient."),
    may(
        "controls_by_year",
        List(&WORDS_OF_OWN),
        "Controls that are interacted with years.",
    ),
    may(
        "apart",
        Tables(APART),
        "Providers counted apart from the region that holds them.",
    ),
];

/// The keys of an entry of `study.dose.apart`.
pub const APART: &[Key] = &[
    must("provider", PLACE, "The provider."),
    must("from", PLACE, "The region that holds it."),
];

const STUDY_ID: Kind = Id(Target::Study);

/// The keys of `[[lens_study]]`.
pub const LENS_STUDY: &[Key] = &[
    must("lens", Id(Target::Lens), "The lens."),
    must("studies", List(&STUDY_ID), "Its studies."),
];

/// The keys of `[grid]`.
pub const GRID: &[Key] = &[must(
    "cap",
    Whole(1, 10_000_000),
    "Most estimates in one report, variants included.",
)];

const LINE: Kind = Word(VerdictLine::WORDS);

/// The keys of `[verdict]`.
pub const VERDICT: &[Key] = &[
    must("confidence", Number(0.0, 1.0), "Confidence of intervals."),
    must(
        "smallest_effect",
        Number(0.0, f64::INFINITY),
        "Smallest effect of interest, in the outcome's unit: 0.05 of a log is about 5 %.",
    ),
    may("reason", Text, "Why that one."),
    must(
        "rule",
        List(&LINE),
        "Lines of the decision table; the first that matches wins.",
    ),
    must(
        "headline",
        Word(HeadlineRule::WORDS),
        "How the verdicts of studies make a headline.",
    ),
];
