//! Taking withheld figures out: of typed rows, and of rows as they are stored.

use counterpart_model::activity::{Activity, ActivityResult};
use counterpart_model::claim::Claim;
use counterpart_model::evidence::{PublishedStudy, Review};
use counterpart_model::people::{Condition, Placement, Posting, Training};
use counterpart_model::programme::{Organisation, Pairing, Programme, Round};
use counterpart_model::rule::Rule;
use counterpart_model::source::Source;
use counterpart_model::table::ColumnKind;
use counterpart_model::transaction::Transaction;
use counterpart_model::{Record, Row, TableId, Value};

use super::Control;

/// What stands where a text told a withheld count.
pub(super) const TEXT: &str = "A text that tells of few persons, which is withheld";

/// What stands where a figure as said told a withheld count.
const SAID: &str = "withheld";

/// The columns that hold figures of a table in which rows may be withheld.
const FIGURES: [&str; 15] = [
    "count",
    "value",
    "lower",
    "upper",
    "baseline",
    "target",
    "target_lower",
    "actual",
    "actual_lower",
    "qualifier",
    "wage",
    "wage_lower",
    "wage_upper",
    "as_said",
    "flag",
];

/// The columns of text about a figure, which go with it.
const ABOUT: [&str; 3] = ["text", "note", "notes"];

/// What a row tells in words of its own.
trait Texts {
    fn texts(&mut self, each: &mut dyn FnMut(&mut String));
}

macro_rules! texts {
    ($($type:ty { $($field:ident),* ; $($optional:ident),* })+) => {
        $(impl Texts for $type {
            fn texts(&mut self, each: &mut dyn FnMut(&mut String)) {
                $(each(&mut self.$field);)*
                $(if let Some(text) = &mut self.$optional { each(text); })*
                for text in self.extra.values_mut() { each(text); }
            }
        })+
    };
}

texts! {
    Claim { text; as_said, locator }
    Condition { text; locator }
    Review { finding; repair, locator }
    Rule { text; locator }
    Activity { title; locator }
    ActivityResult { indicator; locator }
    PublishedStudy { title; data, method, outcome, finding, locator }
    Source { title; note }
    Transaction { ; as_said, locator }
    Posting { ; batch, profession, locator }
    Training { ; batch, profession, locator }
    Placement { ; sector, locator }
    Programme { name; }
    Round { name; }
    Organisation { name; }
    Pairing { ; locator }
}

impl Control {
    /// Returns the record without what is withheld.
    pub(super) fn redact(&self, mut record: Record) -> Record {
        self.figures(&mut record);
        let mut clean = |text: &mut String| {
            if self.tells(text) {
                TEXT.clone_into(text);
            }
        };
        macro_rules! clean {
            ($($table:ident),+) => { $(for row in &mut record.$table { row.texts(&mut clean); })+ };
        }
        clean!(
            claims,
            conditions,
            reviews,
            rules,
            activities,
            results,
            literature,
            sources,
            transactions,
            postings,
            trainings,
            placements,
            programmes,
            rounds,
            organisations,
            pairings
        );
        record.withheld = Some(self.withheld.clone());
        record
    }

    fn figures(&self, record: &mut Record) {
        let is_out = |table: TableId, id: &str| self.is_withheld(table, id);
        for row in &mut record.claims {
            if is_out(TableId::Claims, row.id.as_str()) {
                row.value = None;
                row.lower = None;
                row.upper = None;
                row.qualifier = None;
                row.as_said = Some(SAID.to_owned());
                row.text = match row.unit.as_deref() {
                    Some(unit) if super::unit::counts_persons(unit) => {
                        "A count of persons, which is withheld"
                    }
                    _ => "A figure that would tell of few persons, which is withheld",
                }
                .to_owned();
                row.extra.clear();
                self.place(&mut row.locator);
            }
        }
        for row in &mut record.placements {
            if is_out(TableId::Placements, row.id.as_str()) {
                row.count = None;
                row.lower = None;
                row.upper = None;
                row.qualifier = None;
                row.wage = None;
                row.wage_lower = None;
                row.wage_upper = None;
                row.extra.clear();
                self.place(&mut row.locator);
            }
        }
        for row in &mut record.postings {
            if is_out(TableId::Postings, row.id.as_str()) {
                row.count = None;
                row.lower = None;
                row.upper = None;
                row.qualifier = None;
                row.extra.clear();
                self.place(&mut row.locator);
            }
        }
        for row in &mut record.trainings {
            if is_out(TableId::Trainings, row.id.as_str()) {
                row.count = None;
                row.lower = None;
                row.upper = None;
                row.qualifier = None;
                row.extra.clear();
                self.place(&mut row.locator);
            }
        }
        for row in &mut record.results {
            if is_out(TableId::Results, row.id.as_str()) {
                row.baseline = None;
                row.target = None;
                row.target_lower = None;
                row.actual = None;
                row.actual_lower = None;
                row.qualifier = None;
                row.extra.clear();
                self.place(&mut row.locator);
            }
        }
        for row in &mut record.transactions {
            if is_out(TableId::Transactions, row.id.as_str()) {
                row.value = None;
                row.lower = None;
                row.upper = None;
                row.qualifier = None;
                row.as_said = Some(SAID.to_owned());
                row.extra.clear();
                self.place(&mut row.locator);
            }
        }
        if self
            .withheld
            .iter()
            .any(|(table, _)| *table == TableId::Observations)
        {
            for row in &mut record.observations {
                let key = super::cells::observation_key(row);
                if is_out(TableId::Observations, &key) {
                    row.value = None;
                    row.flag = None;
                    row.extra.clear();
                }
            }
        }
    }

    /// A locator that has the count in it ("row 7") says too much.
    fn place(&self, locator: &mut Option<String>) {
        if locator
            .as_deref()
            .is_some_and(|text| super::words::has_number(text, &self.digits))
        {
            *locator = Some(SAID.to_owned());
        }
    }

    /// Returns a row as it may be shown; none where that is the row itself.
    pub(super) fn redact_row(&self, row: &Row) -> Option<Row> {
        if row.table == TableId::Observations && !self.withholds(TableId::Observations) {
            return None;
        }
        let shown = self.shown(row);
        (shown != *row).then_some(shown)
    }

    fn shown(&self, row: &Row) -> Row {
        let mut row = row.clone();
        let is_out = self.is_withheld(row.table, &row.key()) || self.is_withheld_version(&row);
        let columns = row.table.columns();
        for (column, value) in columns.iter().zip(&mut row.values) {
            if is_out && FIGURES.contains(&column.name) {
                *value = (column.name == "as_said" && value.is_some()).then(|| Value::Text(SAID.to_owned()));
                continue;
            }
            let Some(Value::Text(text)) = value else { continue };
            let about = is_out && ABOUT.contains(&column.name);
            let place = is_out && column.name == "locator" && super::words::has_number(text, &self.digits);
            let tells = column.kind == ColumnKind::Text && self.tells(text);
            if about || tells {
                TEXT.clone_into(text);
            } else if place {
                SAID.clone_into(text);
            }
        }
        if is_out {
            row.extra.clear();
        } else {
            for text in row.extra.values_mut() {
                if self.tells(text) {
                    TEXT.clone_into(text);
                }
            }
        }
        row
    }
}
