//! The blocks of a page, without any format: HTML and Markdown render the same ones, and live pages may.

mod alleged;
mod answer;
mod claims;
mod context;
mod contradictions;
mod effect;
mod evidence;
mod gap;
mod methods;
mod money;
mod outcomes;
mod pairings;
mod people;
mod printed;
mod projects;
mod promises;
mod screening;
mod settle;
mod speakers;
mod systems;
mod table;
mod text;

use std::collections::BTreeSet;

use counterpart_appraise::assessment::{CheckStatus, Verdict};
use counterpart_appraise::{Assessment, Published};

use crate::chart::Chart;
pub use table::{Cell, Column, Row, Table};
pub use text::{Inline, Text};

pub(crate) use claims::{reply, said};
use context::Context;

/// A whole page.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The case's title.
    pub title: String,
    /// The line above the question.
    pub kicker: String,
    /// The case's question.
    pub question: String,
    /// The answer in one or two sentences.
    pub answer: Text,
    /// A remark above everything, where the case is made up.
    pub banner: Option<String>,
    /// Sections in the order of reading.
    pub sections: Vec<Section>,
    /// The last lines.
    pub colophon: Vec<Text>,
}

/// A section.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its address.
    pub id: &'static str,
    /// Its number.
    pub number: u8,
    /// Its name in the index.
    pub short: &'static str,
    /// The question it answers; absent where the page's own question is the title.
    pub title: Option<String>,
    /// Two or three sentences that answer it.
    pub standfirst: Text,
    /// What follows.
    pub blocks: Vec<Block>,
}

/// A block of a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading with the line under it.
    Heading {
        /// The object it names, for its address.
        of: Option<String>,
        /// The title.
        text: String,
        /// The line under it.
        sub: Text,
    },
    /// A paragraph.
    Paragraph(Text),
    /// A sentence generated from values, each of whose figures is a link.
    Finding(Text),
    /// A list.
    List(Vec<Text>),
    /// Cards side by side.
    Cards(Vec<Card>),
    /// A figure with its table twin.
    Figure(Box<Figure>),
    /// A table by itself.
    Table(Table),
    /// Claims by topic, each with its trail.
    Claims(Vec<ClaimGroup>),
    /// Allegations with their answers.
    Pairs(Vec<Pair>),
    /// Something to open.
    Disclosure {
        /// The object it shows, for its address.
        id: Option<String>,
        /// Its line.
        summary: Text,
        /// What it holds.
        blocks: Vec<Block>,
    },
}

/// The verdict under one lens.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// The lens.
    pub title: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub text: Text,
    /// What each main estimate of its primary studies gives.
    pub estimates: Vec<Text>,
    /// What it hangs on, most telling first.
    pub hangs_on: Vec<Text>,
}

/// A figure: a drawing whose title is its finding, and the table of what it draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Its address.
    pub id: String,
    /// The finding.
    pub title: String,
    /// Measure, unit, place, period, how to read the marks.
    pub sub: Text,
    /// The drawing.
    pub drawing: Drawing,
    /// Where it comes from.
    pub source: Text,
    /// The table twin; absent where the drawing is a table.
    pub table: Option<Table>,
    /// The file under `data/` that holds all rows.
    pub file: Option<&'static str>,
}

/// What a figure draws.
#[derive(Debug, Clone, PartialEq)]
pub enum Drawing {
    /// A chart.
    Chart(Box<Chart>),
    /// Who with whom, as a table.
    Matrix(Matrix),
    /// Nothing, and why.
    Refused(String),
}

/// Providers by recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// Names of recipients: name, and name in the place's own script.
    pub columns: Vec<(String, String)>,
    /// Providers.
    pub rows: Vec<MatrixRow>,
    /// Rounds, newest first.
    pub rounds: Vec<String>,
}

/// A provider's row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixRow {
    /// Name.
    pub label: String,
    /// Name in its own script.
    pub label_own: String,
    /// Marks by column.
    pub cells: Vec<Vec<Mark>>,
}

/// A mark of the matrix: pairings of one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// How many pairings.
    pub count: usize,
    /// Index of the round; 0 is the newest.
    pub round: usize,
    /// Whether the evidence is weak.
    pub weak: bool,
}

/// Claims of one topic.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimGroup {
    /// The topic.
    pub topic: String,
    /// Claims in the order of the record.
    pub claims: Vec<ClaimItem>,
}

/// A claim with its trail.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimItem {
    /// The claim's id.
    pub id: String,
    /// Figure as said.
    pub figure: String,
    /// What is said; with the speaker inside where it accuses, denies or finds fault.
    pub text: String,
    /// The check in a sentence.
    pub why: Text,
    /// Status of the check.
    pub status: CheckStatus,
    /// Steps of the trail.
    pub steps: Vec<Step>,
}

/// A step of a trail.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// An allegation with its answers, for side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The topic.
    pub topic: String,
    /// Allegations that have the same answers.
    pub alleged: Vec<Said>,
    /// Answers; empty means that no reply is on record.
    pub answers: Vec<Said>,
    /// What the record holds for neither side.
    pub on_record: Vec<Said>,
}

/// A statement with its speaker inside, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The sentence.
    pub text: String,
    /// Speaker, date, source and id.
    pub cite: Text,
}

/// Makes the blocks of a published assessment.
#[must_use]
pub fn of(assessment: &Published<Assessment>) -> Document {
    let context = Context::new(assessment);
    let sections = [
        Some(answer::section(&context)),
        gap::section(&context).or_else(|| outcomes::section(&context)),
        pairings::section(&context),
        money::section(&context),
        projects::section(&context),
        people::section(&context),
        claims::section(&context),
        alleged::section(&context),
        effect::section(&context).or_else(|| evidence::section(&context)),
        settle::section(&context),
    ];
    let mut sections: Vec<Section> = sections.into_iter().flatten().collect();
    let methods = methods::section(&context, &referenced(&sections));
    sections.push(methods);
    let answer = context.sentence(&assessment.answer.sentence);
    printed::add(&answer, &mut sections);
    Document {
        title: assessment.case.title.clone(),
        kicker: format!(
            "Counterpart · {} · as of {}",
            assessment.case.title, assessment.case.as_of
        ),
        question: assessment.case.question.clone(),
        answer,
        banner: assessment.case.synthetic.then(|| {
            "Nothing on this page is about a real place: the case was made up for tests.".to_owned()
        }),
        sections,
        colophon: methods::colophon(&context),
    }
}

/// Returns the ids that sections lead to.
fn referenced(sections: &[Section]) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut look = |text: &Text| {
        for part in &text.0 {
            if let Inline::Number { of, .. } | Inline::Link { of, .. } = part {
                ids.insert(of.clone());
            }
        }
    };
    for section in sections {
        look(&section.standfirst);
        for block in &section.blocks {
            each_text(block, &mut look);
        }
    }
    ids
}

/// Calls a function with every running text of a block.
pub(crate) fn each_text(block: &Block, look: &mut impl FnMut(&Text)) {
    let table = |table: &Table, look: &mut dyn FnMut(&Text)| {
        table.rows.iter().flat_map(|row| &row.cells).for_each(look);
    };
    match block {
        Block::Heading { sub, .. } => look(sub),
        Block::Paragraph(text) | Block::Finding(text) => look(text),
        Block::List(items) => items.iter().for_each(look),
        Block::Cards(cards) => cards.iter().for_each(|card| {
            look(&card.text);
            card.estimates.iter().for_each(&mut *look);
            card.hangs_on.iter().for_each(&mut *look);
        }),
        Block::Figure(figure) => {
            look(&figure.sub);
            look(&figure.source);
            if let Some(twin) = &figure.table {
                table(twin, look);
            }
        }
        Block::Table(rows) => table(rows, look),
        Block::Claims(groups) => {
            for claim in groups.iter().flat_map(|group| &group.claims) {
                look(&claim.why);
                for block in claim.steps.iter().flat_map(|step| &step.blocks) {
                    each_text(block, look);
                }
            }
        }
        Block::Pairs(pairs) => {
            for said in pairs
                .iter()
                .flat_map(|pair| pair.alleged.iter().chain(&pair.answers).chain(&pair.on_record))
            {
                look(&said.cite);
            }
        }
        Block::Disclosure { summary, blocks, .. } => {
            look(summary);
            for block in blocks {
                each_text(block, look);
            }
        }
    }
}
