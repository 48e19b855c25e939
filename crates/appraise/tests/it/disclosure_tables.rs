//! A thousand random tables of persons: a linear programme over everything published pins down no small count.
//!
//! The attacker here knows the tables' structure and is written apart from the one inside the library: its unknowns are the
//! innermost cells alone, and everything published, by any speaker, in any table, vintage and earlier report, is an equation
//! over them.

use std::collections::BTreeMap;

use counterpart_appraise::disclosure::{Control, Publication, public};
use counterpart_model::case::Case;
use counterpart_model::{Record, Row, TableId, Value};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem};

use crate::cases::{record, set};

const CASE: &str = r#"
title = "Tables"
question = "Who can be found?"
nation = "ZZ"
subject = "ZZ"
as_of = "2026-01-01"
seed = 1
synthetic = true
[disclosure]
threshold = 10
[grid]
cap = 10
[verdict]
confidence = 0.95
smallest_effect = 0.03
rule = ["no_series", "else_cannot_tell"]
headline = "all_primary_agree"
"#;

fn case(threshold: u32) -> Case {
    let mut case: Case = toml::from_str(CASE).expect("a case");
    case.disclosure.threshold = threshold;
    case
}

/// A small generator with a written rule, so that table 617 is the same for ever.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// A published number: which row, what it sums, whether it is an innermost cell.
struct Statement {
    table: TableId,
    key: String,
    cells: Vec<usize>,
    value: i64,
}

/// One state of the record.
struct State {
    record: Record,
    statements: Vec<Statement>,
    values: Vec<i64>,
    /// Shares that are claimed: part, whole, per cent as printed to one decimal.
    shares: Vec<(String, usize, Vec<usize>)>,
}

fn text(text: &str) -> Option<Value> {
    Some(Value::Text(text.to_owned()))
}

fn row(table: TableId, cells: &[(&str, Option<Value>)]) -> Row {
    let mut row = Row {
        table,
        values: vec![None; table.columns().len()],
        extra: BTreeMap::new(),
    };
    for (heading, value) in cells {
        set(&mut row, heading, value.clone());
    }
    row
}

fn place(id: &str, parent: Option<&str>) -> Row {
    row(
        TableId::Places,
        &[
            ("place_id", text(id)),
            ("name", text(id)),
            ("level", text("county")),
            ("parent_id", parent.and_then(text)),
            ("source_id", text("S")),
        ],
    )
}

/// How a kind of table says what its innermost cells are and which sums it prints.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// Placements by origin, destination and sector; margins are coarser places and no sector.
    Cross,
    /// Postings by provider, batch and profession.
    Sent,
    /// Placements whose rows name the larger one.
    PartOf,
    /// Claims with sums and shares.
    Claims,
    /// Statistics in two editions.
    Vintages,
}

const SHAPES: [Shape; 5] = [
    Shape::Cross,
    Shape::Sent,
    Shape::PartOf,
    Shape::Claims,
    Shape::Vintages,
];

struct Plan {
    shape: Shape,
    sizes: [usize; 3],
    threshold: u32,
    /// Which margins are printed, by bits of what is summed over.
    margins: [bool; 8],
    speakers: usize,
}

impl Plan {
    fn of(dice: &mut Dice, number: usize) -> Self {
        let shape = SHAPES[number % SHAPES.len()];
        let two_way = dice.one_in(2);
        let most = if two_way { 3 } else { 2 };
        let mut sizes = [2 + dice.below(most) as usize, 2 + dice.below(most) as usize, 2];
        if two_way || matches!(shape, Shape::Claims | Shape::Vintages | Shape::PartOf) {
            sizes[2] = 1;
        }
        if matches!(shape, Shape::Vintages) {
            sizes[1] = 1 + dice.below(2) as usize;
        }
        let mut margins = [true; 8];
        for margin in margins.iter_mut().skip(1) {
            *margin = !dice.one_in(4);
        }
        Self {
            shape,
            sizes,
            threshold: [3, 10, 10, 10, 10, 50][dice.below(6) as usize],
            margins,
            speakers: 1 + dice.below(2) as usize,
        }
    }

    fn n_cells(&self) -> usize {
        self.sizes.iter().product()
    }

    fn values(&self, dice: &mut Dice) -> Vec<i64> {
        (0..self.n_cells()).map(|_| draw(dice)).collect()
    }

    /// The sums that are printed: for each the labels of its dimensions, none where it sums over them.
    fn sums(&self) -> Vec<([Option<usize>; 3], Vec<usize>)> {
        let mut sums = Vec::new();
        for (mask, _) in self.margins.iter().enumerate().filter(|(_, printed)| **printed) {
            // There is nothing to sum over in one, and heads of two years are not summed.
            let sums_over = |dim: usize| mask & (1 << dim) != 0;
            if (0..3).any(|dim| sums_over(dim) && self.sizes[dim] == 1)
                || (self.shape == Shape::Vintages && sums_over(1))
            {
                continue;
            }
            // A row names one larger row: what else it is part of, nobody can know.
            if self.shape == Shape::PartOf && mask == 1 {
                continue;
            }
            let range = |dim: usize| -> Vec<Option<usize>> {
                if mask & (1 << dim) != 0 {
                    vec![None]
                } else {
                    (0..self.sizes[dim]).map(Some).collect()
                }
            };
            for i in range(0) {
                for j in range(1) {
                    for k in range(2) {
                        let labels = [i, j, k];
                        let cells = (0..self.n_cells())
                            .filter(|cell| {
                                let at = self.place_of(*cell);
                                labels
                                    .iter()
                                    .zip(at)
                                    .all(|(label, at)| label.is_none_or(|label| label == at))
                            })
                            .collect();
                        sums.push((labels, cells));
                    }
                }
            }
        }
        sums
    }

    fn place_of(&self, cell: usize) -> [usize; 3] {
        let [_, b, c] = self.sizes;
        [cell / (b * c), cell / c % b, cell % c]
    }

    fn state(&self, values: &[i64]) -> State {
        let mut tables: BTreeMap<TableId, Vec<Row>> = BTreeMap::new();
        let mut statements = Vec::new();
        let mut shares = Vec::new();
        tables.insert(TableId::Places, self.places());
        for (labels, cells) in self.sums() {
            let value: i64 = cells.iter().map(|cell| values[*cell]).sum();
            let name = labels
                .map(|label| label.map_or("x".to_owned(), |label| label.to_string()))
                .join("");
            for speaker in 0..self.speakers {
                let (table, key, line) = self.line(&labels, &name, speaker, value);
                tables.entry(table).or_default().push(line);
                statements.push(Statement {
                    table,
                    key,
                    cells: cells.clone(),
                    value,
                });
            }
        }
        if self.shape == Shape::Claims {
            self.derive(values, &statements, &mut tables, &mut shares);
        }
        State {
            record: record(case(self.threshold), tables),
            statements,
            values: values.to_vec(),
            shares,
        }
    }

    fn places(&self) -> Vec<Row> {
        let mut places = vec![place("ZZ", None), place("O", Some("ZZ")), place("D", None)];
        for (dim, name) in ["O", "D"].iter().enumerate() {
            places.extend((0..self.sizes[dim]).map(|at| place(&format!("{name}{at}"), Some(name))));
        }
        places
    }

    fn line(
        &self,
        labels: &[Option<usize>; 3],
        name: &str,
        speaker: usize,
        value: i64,
    ) -> (TableId, String, Row) {
        let at = |prefix: &str, label: Option<usize>| {
            text(&label.map_or(prefix.to_owned(), |label| format!("{prefix}{label}")))
        };
        let only =
            |prefix: &str, label: Option<usize>| label.and_then(|label| text(&format!("{prefix}{label}")));
        let said = text(&format!("SP{speaker}"));
        let key = format!("R{name}s{speaker}");
        let period = Some(Value::Period("2020".parse().expect("a period")));
        match self.shape {
            Shape::Cross => (
                TableId::Placements,
                key.clone(),
                row(
                    TableId::Placements,
                    &[
                        ("placement_id", text(&key)),
                        ("origin_id", at("O", labels[0])),
                        ("destination_id", at("D", labels[1])),
                        ("sector", only("sector ", labels[2])),
                        ("count", Some(Value::Integer(value))),
                        ("concept", text("persons")),
                        ("period", period),
                        ("speaker_id", said),
                        ("source_id", text("S")),
                    ],
                ),
            ),
            Shape::Sent => (
                TableId::Postings,
                key.clone(),
                row(
                    TableId::Postings,
                    &[
                        ("posting_id", text(&key)),
                        ("programme_id", text("P")),
                        ("round_id", text("R")),
                        ("direction", text("out")),
                        ("provider_id", at("O", labels[0])),
                        ("recipient_id", text("ZZ")),
                        ("batch", only("batch ", labels[1])),
                        ("profession", only("kind ", labels[2])),
                        ("count", Some(Value::Integer(value))),
                        ("unit", text("persons")),
                        ("period", period),
                        ("speaker_id", said),
                        ("source_id", text("S")),
                    ],
                ),
            ),
            // Nothing but the names of the larger rows tells how these hang together.
            Shape::PartOf => {
                let whole = match labels {
                    [None, None, _] => None,
                    [Some(_), None, _] | [None, Some(_), _] => {
                        self.margins[3].then(|| format!("Rxx0s{speaker}"))
                    }
                    [Some(i), Some(_), _] if self.margins[2] => Some(format!("R{i}x0s{speaker}")),
                    [Some(_), Some(_), _] => self.margins[3].then(|| format!("Rxx0s{speaker}")),
                };
                (
                    TableId::Placements,
                    key.clone(),
                    row(
                        TableId::Placements,
                        &[
                            ("placement_id", text(&key)),
                            ("origin_id", text("ZZ")),
                            ("destination_id", text("ZZ")),
                            ("sector", text(&format!("of {name}"))),
                            ("count", Some(Value::Integer(value))),
                            ("concept", text("persons")),
                            ("period", period),
                            ("part_of", whole.as_deref().and_then(text)),
                            ("speaker_id", said),
                            ("source_id", text("S")),
                        ],
                    ),
                )
            }
            Shape::Claims => (
                TableId::Claims,
                key.clone(),
                row(
                    TableId::Claims,
                    &[
                        ("claim_id", text(&key)),
                        ("act", text("asserts")),
                        ("speaker_id", said),
                        ("attribution", text("named")),
                        ("subject", text(&format!("subject {name}"))),
                        ("property", text("workers")),
                        ("value", Some(Value::Decimal(value.into()))),
                        ("unit", text("persons")),
                        ("text", text("so many went")),
                        ("source_id", text(&format!("S{name}"))),
                    ],
                ),
            ),
            Shape::Vintages => {
                let period = labels[1].unwrap_or(9);
                let place = labels[0].map_or("O".to_owned(), |at| format!("O{at}"));
                let key = format!("{place}/heads/{}/V{speaker}", 2000 + period);
                (
                    TableId::Observations,
                    key,
                    row(
                        TableId::Observations,
                        &[
                            ("place_id", text(&place)),
                            ("indicator_id", text("heads")),
                            (
                                "period",
                                Some(Value::Period(
                                    (2000 + period).to_string().parse().expect("a period"),
                                )),
                            ),
                            ("vintage_id", text(&format!("V{speaker}"))),
                            ("value", Some(Value::Decimal(value.into()))),
                            ("unit", text("persons")),
                            ("source_id", text("S")),
                        ],
                    ),
                )
            }
        }
    }

    /// Claims that are sums of others, and claims of shares.
    fn derive(
        &self,
        values: &[i64],
        statements: &[Statement],
        tables: &mut BTreeMap<TableId, Vec<Row>>,
        shares: &mut Vec<(String, usize, Vec<usize>)>,
    ) {
        let find = |cells: &[usize], speaker: &str| {
            statements
                .iter()
                .find(|one| one.cells == cells && one.key.ends_with(speaker))
                .map(|one| one.key.clone())
        };
        let mut derivations = Vec::new();
        let mut add = |claim: &str, kind: &str, operands: &[String]| {
            let id = format!("D{}", derivations.len());
            derivations.push(row(
                TableId::Derivations,
                &[
                    ("derivation_id", text(&id)),
                    ("claim_id", text(claim)),
                    ("kind", text(kind)),
                    ("operands", text(&operands.join(";"))),
                    ("rounding", text("nearest")),
                    ("digits", Some(Value::Integer(1))),
                    ("source_id", text("S")),
                ],
            ));
        };
        for whole in statements.iter().filter(|one| one.cells.len() > 1) {
            let speaker = &whole.key[whole.key.len() - 2..];
            // By rows, by columns, and by cells: as far as they are printed.
            for dim in 0..2 {
                let parts: Option<Vec<String>> = (0..self.sizes[dim])
                    .map(|at| {
                        let cells: Vec<usize> = whole
                            .cells
                            .iter()
                            .copied()
                            .filter(|cell| self.place_of(*cell)[dim] == at)
                            .collect();
                        find(&cells, speaker).filter(|key| *key != whole.key)
                    })
                    .collect();
                if let Some(parts) = parts {
                    add(&whole.key, "sum", &parts);
                }
            }
            let Some(cell) = whole.cells.first().filter(|_| whole.value > 0) else {
                continue;
            };
            if let Some(part) = find(&[*cell], speaker) {
                let share = (values[*cell] as f64 / whole.value as f64 * 1000.0).round() / 10.0;
                let id = format!("Q{}", whole.key);
                let mut line = self.line(&[None; 3], "", 0, 0).2;
                set(&mut line, "claim_id", text(&id));
                set(&mut line, "subject", text(&id));
                set(&mut line, "source_id", text(&id));
                set(&mut line, "unit", text("percent"));
                set(
                    &mut line,
                    "value",
                    Some(Value::Decimal(format!("{share}").parse().expect("a decimal"))),
                );
                tables.entry(TableId::Claims).or_default().push(line);
                add(&id, "share", &[part, whole.key.clone()]);
                shares.push((id, *cell, whole.cells.clone()));
            }
        }
        tables.insert(TableId::Derivations, derivations);
    }
}

fn draw(dice: &mut Dice) -> i64 {
    (match dice.below(10) {
        0 => 0,
        1..=3 => 1 + dice.below(9),
        4..=7 => 10 + dice.below(60),
        _ => 100 + dice.below(900),
    }) as i64
}

/// What a published record says of a row; none where it is withheld.
fn printed(record: &Record, table: TableId, key: &str) -> Option<f64> {
    let number = |text: String| text.parse::<f64>().expect("a number");
    match table {
        TableId::Placements => record
            .placements
            .iter()
            .find(|row| row.id == *key)?
            .count
            .map(|n| n as f64),
        TableId::Postings => record
            .postings
            .iter()
            .find(|row| row.id == *key)?
            .count
            .map(|n| n as f64),
        TableId::Claims => record
            .claims
            .iter()
            .find(|row| row.id == *key)?
            .value
            .map(|n| number(n.to_string())),
        _ => record
            .observations
            .iter()
            .find(|row| {
                [
                    row.place_id.as_str(),
                    row.indicator_id.as_str(),
                    &row.period.to_string(),
                    row.vintage_id.as_str(),
                ]
                .join("/")
                    == key
            })?
            .value
            .map(|n| number(n.to_string())),
    }
}

/// Coefficients by unknown, relation and right-hand side.
type Equation = (Vec<(usize, f64)>, ComparisonOp, f64);

/// Everything that was ever published, as equations over innermost cells.
#[derive(Default)]
struct Attacker {
    /// Number of each innermost cell by its place and value: a cell that stayed the same is one unknown.
    unknowns: BTreeMap<(usize, i64, usize), usize>,
    equations: Vec<Equation>,
}

impl Attacker {
    fn unknown(&mut self, state: &State, version: usize, cell: usize) -> usize {
        // Only what is said by name can be known to be the same as before.
        let said = state.statements.iter().any(|one| one.cells == [cell]);
        let next = self.unknowns.len();
        *self
            .unknowns
            .entry((cell, state.values[cell], if said { 0 } else { version + 1 }))
            .or_insert(next)
    }

    fn terms(&mut self, state: &State, version: usize, cells: &[usize]) -> Vec<(usize, f64)> {
        let mut terms: BTreeMap<usize, f64> = BTreeMap::new();
        for cell in cells {
            *terms.entry(self.unknown(state, version, *cell)).or_default() += 1.0;
        }
        terms.into_iter().collect()
    }

    fn read(&mut self, state: &State, version: usize, published: &Record) {
        for one in &state.statements {
            if let Some(value) = printed(published, one.table, &one.key) {
                let terms = self.terms(state, version, &one.cells);
                // Two speakers who say the same are one equation.
                if !self
                    .equations
                    .iter()
                    .any(|(known, _, said)| *known == terms && *said == value)
                {
                    self.equations.push((terms, ComparisonOp::Eq, value));
                }
            }
        }
        for (id, part, whole) in &state.shares {
            let Some(share) = printed(published, TableId::Claims, id) else {
                continue;
            };
            for (bound, op) in [(share - 0.05, ComparisonOp::Ge), (share + 0.05, ComparisonOp::Le)] {
                let mut terms: BTreeMap<usize, f64> = BTreeMap::new();
                for (cells, factor) in [(std::slice::from_ref(part), 100.0), (whole.as_slice(), -bound)] {
                    for (unknown, one) in self.terms(state, version, cells) {
                        *terms.entry(unknown).or_default() += one * factor;
                    }
                }
                self.equations.push((terms.into_iter().collect(), op, 0.0));
            }
        }
    }

    fn extreme(&self, of: &[(usize, f64)], direction: OptimizationDirection) -> f64 {
        let mut problem = Problem::new(direction);
        let variables: Vec<_> = (0..self.unknowns.len())
            .map(|at| {
                let weight = of
                    .iter()
                    .find(|(unknown, _)| *unknown == at)
                    .map_or(0.0, |(_, weight)| *weight);
                problem.add_var(weight, (0.0, f64::INFINITY))
            })
            .collect();
        for (terms, op, value) in &self.equations {
            let mut sum = LinearExpr::empty();
            for (at, factor) in terms {
                sum.add(variables[*at], *factor);
            }
            problem.add_constraint(sum, *op, *value);
        }
        match problem.solve() {
            Ok(outcome) => outcome.solution().expect("an optimum").objective(),
            Err(microlp::Error::Unbounded) => f64::INFINITY,
            Err(error) => panic!("what is published is true, so that it can hold: {error}"),
        }
    }
}

/// Publishes states one after the other and attacks all that was published; returns how many small counts there were.
fn attack(plan: &Plan, states: &[State], name: &str) -> usize {
    let mut attacker = Attacker::default();
    let mut earlier: Vec<Publication> = Vec::new();
    let mut withheld = Vec::new();
    for (version, state) in states.iter().enumerate() {
        let control = Control::of(&state.record, &earlier);
        let published = public(&state.record, &earlier).into_owned();
        attacker.read(state, version, &published);
        // The note goes through the text that a ledger keeps.
        earlier.push(Publication::of_text(&control.publication(&state.record).to_text()).expect("a note"));
        for one in &state.statements {
            let is_small = one.value > 0 && one.value < i64::from(plan.threshold);
            if is_small {
                assert_eq!(
                    printed(&published, one.table, &one.key),
                    None,
                    "{name}: {} is printed",
                    one.key
                );
                let terms = attacker.terms(state, version, &one.cells);
                withheld.push((one.key.clone(), one.value, terms));
            }
        }
        if !state
            .statements
            .iter()
            .any(|one| one.value > 0 && one.value < i64::from(plan.threshold))
            && version == 0
        {
            assert!(
                state
                    .statements
                    .iter()
                    .all(|one| printed(&published, one.table, &one.key).is_some()),
                "{name}: something is withheld although nothing is small"
            );
        }
    }
    withheld.sort_by(|a, b| a.2.partial_cmp(&b.2).expect("numbers"));
    withheld.dedup_by(|a, b| a.2 == b.2);
    for (key, value, terms) in &withheld {
        // The true value can hold: where one more could too, there are two whole numbers to choose from.
        let high = attacker.extreme(terms, OptimizationDirection::Maximize);
        if high >= *value as f64 + 1.0 - 1e-6 {
            continue;
        }
        let low = attacker.extreme(terms, OptimizationDirection::Minimize);
        assert!(
            (high + 1e-6).floor() - (low - 1e-6).ceil() >= 1.0,
            "{name}: {key} = {value} lies between {low} and {high}"
        );
    }
    withheld.len()
}

/// Makes and attacks one table; returns how many small counts it had.
fn table(number: usize) -> usize {
    let mut dice = Dice(number as u64 * 7_919 + 17);
    let plan = Plan::of(&mut dice, number);
    let mut values = plan.values(&mut dice);
    let mut states = vec![plan.state(&values)];
    // A third of them are published two or three times, with some cells changed in between.
    for _ in 0..(if dice.one_in(3) { 1 + dice.below(2) } else { 0 }) {
        for value in &mut values {
            if dice.one_in(4) {
                *value = draw(&mut dice);
            }
        }
        states.push(plan.state(&values));
    }
    attack(&plan, &states, &format!("table {number}"))
}

// Two halves, which a runner does at the same time.
#[test]
fn a_thousand_tables_pin_down_no_small_count_first_half() {
    let small: usize = (0..500).map(table).sum();
    assert!(small > 1_000, "{small} small counts are too few to mean much");
}

#[test]
fn a_thousand_tables_pin_down_no_small_count_second_half() {
    let small: usize = (500..1_000).map(table).sum();
    assert!(small > 1_000, "{small} small counts are too few to mean much");
}
