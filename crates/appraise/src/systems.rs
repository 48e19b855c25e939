//! The systems of a programme: where each stands in the report, how many rows of the record belong to it, and of one
//! without a row, which data it would need.
//!
//! Everything is read off the tables by their own words (flow, kind, act, …); of claims, off the words of topic and
//! property that name the subject.

use counterpart_model::activity::ActivityKind;
use counterpart_model::claim::{Act, Claim};
use counterpart_model::rule::RuleKind;
use counterpart_model::transaction::{Flow, Transaction};
use counterpart_model::{Date, Id, Record};
use counterpart_panel::Places;

use crate::assessment::{Number, Sentence, SystemRow};

/// What is known of a system before any record is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct System {
    /// Id.
    pub id: &'static str,
    /// Name.
    pub name: &'static str,
    /// Members of `report.json` that hold it.
    pub stands_in: &'static [&'static str],
    /// Sections of the page that show it.
    pub sections: &'static [u8],
    /// Tables of a case that hold it, and what belongs to it there.
    pub read_from: &'static str,
    /// Which data it would need, where it has none.
    pub needs: &'static str,
}

macro_rules! systems {
    ($($id:literal, $name:literal, in $stands:expr, sections $sections:expr, from $from:literal, needs $needs:literal;)+) => {
        /// Every system, in the order in which a programme is told.
        pub const SYSTEMS: &[System] = &[$(System {
            id: $id, name: $name, stands_in: &$stands, sections: &$sections, read_from: $from, needs: $needs,
        },)+];
    };
}

systems! {
    "rounds_and_pairs", "Rounds and pairs", in ["rounds", "pairings", "pairing_counts", "pairing_evidence"], sections [3],
        from "`rounds`; `pairings` of kind region",
        needs "rows of rounds and of pairings of kind region";
    "institution_pairs", "Pairs of institutions", in ["pairings", "pairing_counts"], sections [3],
        from "`pairings` of any kind but region",
        needs "rows of pairings of kind hospital, school, park, village, ministry or enterprise";
    "people_sent_and_trained", "People sent and trained", in ["people", "people_totals", "people_parts"], sections [6],
        from "`postings`; `trainings`",
        needs "rows of postings or trainings: counts with provider, recipient, period and concept";
    "first_round_money", "Money of the first round", in ["totals", "ladder"], sections [4],
        from "`transactions` of the pairing fund that begin before the programme's second round",
        needs "rows of transactions with flow pairing_fund whose period begins before the second round";
    "later_money", "Money of later rounds", in ["totals", "ladder"], sections [4],
        from "`transactions` of the pairing fund that begin in the programme's second round or later",
        needs "rows of transactions with flow pairing_fund whose period begins in the second round or later";
    "central_transfers", "Central transfers", in ["totals"], sections [4],
        from "`transactions` with flow central_transfer",
        needs "rows of transactions with flow central_transfer";
    "enterprise_investment", "Enterprise investment", in ["totals"], sections [4],
        from "`transactions` with flow enterprise_investment",
        needs "rows of transactions with flow enterprise_investment";
    "subsidies", "Subsidies", in ["entitlements", "totals"], sections [4, 6],
        from "`transactions` with flow subsidy; `rules` of kind subsidy; `claims` whose topic or property names a subsidy",
        needs "rows of transactions with flow subsidy, or of rules of kind subsidy";
    "subsidy_rule", "The subsidy rule", in ["entitlements", "conditions"], sections [6],
        from "`rules` of kind subsidy; `conditions` attached to them",
        needs "rows of rules of kind subsidy with amount, currency and minimum_count";
    "donations_and_purchases", "Donations and purchases", in ["totals"], sections [4],
        from "`transactions` with flow donation, consumption or in_kind",
        needs "rows of transactions with flow donation, consumption or in_kind";
    "parks_with_targets", "Parks and factories with targets", in ["activities"], sections [5],
        from "`activities` of kind park or factory; `results` of theirs with a target",
        needs "rows of activities of kind park or factory, and of their results with target or target_lower";
    "abandonment", "Abandonment", in ["activities", "claims"], sections [5, 8],
        from "`activities` with abandonment_claims; those claims; `claims` whose property names abandoned or unused works",
        needs "claims that an activity was abandoned, named in activities.abandonment_claims";
    "placements", "Placements in work", in ["people", "people_totals", "people_parts"], sections [6],
        from "`placements`",
        needs "rows of placements: counts with origin, destination, period and concept";
    "gdp_per_head", "GDP per head", in ["gaps", "outcomes", "figures"], sections [2, 9],
        from "`observations` of place and nation of the indicators that `case.toml` names for the gap, else of those named after GDP per head",
        needs "observations of the indicators that case.toml names for the gap";
    "poverty", "Poverty", in ["claims", "outcomes"], sections [7],
        from "`claims` whose topic, property or unit names poverty; `indicators` whose id does, as far as observed",
        needs "claims or observations on poverty, with the line by which the poor are counted";
    "allegations_and_rebuttals", "Allegations and rebuttals", in ["allegations", "conditions", "claims"], sections [8, 6],
        from "`claims` and `conditions` that allege, criticise or deny, and those that answer one",
        needs "claims that allege or criticise, and claims that answer them in responds_to";
    "sanctions_and_listings", "Sanctions and listings", in ["listings", "screening"], sections [6],
        from "`listed_entities`; `claims` whose topic names listings or sanctions",
        needs "rows of listed_entities with list, date and clause";
    "duty", "Duty", in ["duties"], sections [4],
        from "`rules` of kind contribution, growth, spending_share or target",
        needs "rows of rules of kind contribution, growth, spending_share or target";
    "ladder", "The ladder from plan to use", in ["ladder"], sections [4, 5],
        from "`transactions` of any rung; `results`",
        needs "rows of transactions with their type (plan, agreement, arrival, …), and of results";
    "official_reviews", "Official reviews", in ["reviews"], sections [8],
        from "`reviews`",
        needs "rows of reviews: who reviewed whom, for which period, with which finding and repair";
    "tied_money", "Tied money", in ["systems"], sections [11],
        from "`activities` paid for by a provider (`transactions`, or a funding participant) whose implementing participant \
              has its place inside that provider",
        needs "lists of projects with their contractors: participants in the role implementing with the place of the \
               organisation, beside transactions that name activity_id and provider_id";
    "staff_turnover", "Staff turnover", in ["systems", "claims"], sections [11],
        from "`claims` with a figure whose property names turnover; `postings` both out and back of one provider, \
              recipient, round and profession",
        needs "counts of those who left before their term was over, or who came back by batch: postings with direction \
               back beside those with direction out, or claims with a figure whose property names turnover";
}

/// Returns every system with what the record holds of it.
#[must_use]
pub fn of(record: &Record, places: &Places) -> Vec<SystemRow> {
    SYSTEMS
        .iter()
        .map(|system| {
            let mut from = rows(system.id, record, places);
            from.sort();
            from.dedup();
            let needs = from.is_empty().then_some(system.needs);
            let sentence = match from.len() {
                0 => Sentence::of(format!(
                    "{}: nothing on record; it would need {}.",
                    system.name, system.needs
                )),
                1 => Sentence::of(format!("{}: ", system.name))
                    .figure("1", system_id(system))
                    .text(" row on record."),
                n => Sentence::of(format!("{}: ", system.name))
                    .figure(crate::words::grouped(n.into(), 0), system_id(system))
                    .text(" rows on record."),
            };
            SystemRow {
                id: system.id,
                name: system.name,
                rows: Number::count(from.len()),
                stands_in: system.stands_in.to_vec(),
                sections: system.sections.to_vec(),
                needs,
                sentence,
                from,
            }
        })
        .collect()
}

fn system_id(system: &System) -> &'static str {
    system.id
}

/// Returns the ids of the rows that belong to a system.
fn rows(system: &str, record: &Record, places: &Places) -> Vec<String> {
    let flow = |flows: &[Flow]| -> Vec<String> {
        let rows = record.transactions.iter().filter(|row| flows.contains(&row.flow));
        rows.map(|row| row.id.to_string()).collect()
    };
    let rules = |kinds: &[RuleKind]| -> Vec<String> {
        let rows = record.rules.iter().filter(|row| kinds.contains(&row.kind));
        rows.map(|row| row.id.to_string()).collect()
    };
    let claims = |names: &dyn Fn(&Claim) -> bool| -> Vec<String> {
        let rows = record.claims.iter().filter(|row| names(row));
        rows.map(|row| row.id.to_string()).collect()
    };
    let is_region = |kind: &str| kind == "region";
    match system {
        "rounds_and_pairs" => {
            let pairs = record.pairings.iter().filter(|row| is_region(row.kind.as_str()));
            let rounds = record.rounds.iter().map(|row| row.id.to_string());
            rounds.chain(pairs.map(|row| row.id.to_string())).collect()
        }
        "institution_pairs" => {
            let pairs = record.pairings.iter().filter(|row| !is_region(row.kind.as_str()));
            pairs.map(|row| row.id.to_string()).collect()
        }
        "people_sent_and_trained" => {
            let trained = record.trainings.iter().map(|row| row.id.to_string());
            record
                .postings
                .iter()
                .map(|row| row.id.to_string())
                .chain(trained)
                .collect()
        }
        "first_round_money" => pairing_funds(record, true),
        "later_money" => pairing_funds(record, false),
        "central_transfers" => flow(&[Flow::CentralTransfer]),
        "enterprise_investment" => flow(&[Flow::EnterpriseInvestment]),
        "subsidies" => [
            flow(&[Flow::Subsidy]),
            rules(&[RuleKind::Subsidy]),
            claims(&|row| names_any(row, &["subsidy", "subsidies"])),
        ]
        .concat(),
        "subsidy_rule" => {
            let rules = rules(&[RuleKind::Subsidy]);
            let attached = record
                .conditions
                .iter()
                .filter(|row| rules.iter().any(|rule| row.attached_to == rule.as_str()))
                .map(|row| row.id.to_string())
                .collect();
            [rules, attached].concat()
        }
        "donations_and_purchases" => flow(&[Flow::Donation, Flow::Consumption, Flow::InKind]),
        "parks_with_targets" => parks(record),
        "abandonment" => {
            let named: Vec<&Id> = record
                .activities
                .iter()
                .flat_map(|row| &row.abandonment_claims)
                .collect();
            let activities = record
                .activities
                .iter()
                .filter(|row| !row.abandonment_claims.is_empty());
            let by_word = claims(&|row| {
                named.contains(&&row.id) || names_any(row, &["abandoned", "abandonment", "unused"])
            });
            activities.map(|row| row.id.to_string()).chain(by_word).collect()
        }
        "placements" => record.placements.iter().map(|row| row.id.to_string()).collect(),
        "gdp_per_head" => observed_for_the_gap(record),
        "poverty" => {
            let words = ["poverty", "poor"];
            let series = record.indicators.iter().filter(|row| {
                names(row.id.as_str(), &words)
                    && record.observations.iter().any(|seen| seen.indicator_id == row.id)
            });
            let said = claims(&|row| {
                names_any(row, &words) || row.unit.as_deref().is_some_and(|unit| names(unit, &words))
            });
            series.map(|row| row.id.to_string()).chain(said).collect()
        }
        "allegations_and_rebuttals" => {
            let concerns = |act: Act| matches!(act, Act::Alleges | Act::Criticises | Act::Denies);
            let terms = record
                .conditions
                .iter()
                .filter(|row| concerns(row.act) || !row.responds_to.is_empty())
                .map(|row| row.id.to_string());
            claims(&|row| concerns(row.act) || !row.responds_to.is_empty())
                .into_iter()
                .chain(terms)
                .collect()
        }
        "sanctions_and_listings" => record
            .listed_entities
            .iter()
            .map(|row| row.id.to_string())
            .chain(claims(&|row| {
                names_any(row, &["listing", "listed", "sanction", "sanctions"])
            }))
            .collect(),
        "duty" => rules(&[
            RuleKind::Contribution,
            RuleKind::Growth,
            RuleKind::SpendingShare,
            RuleKind::Target,
        ]),
        "ladder" => {
            let results = record.results.iter().map(|row| row.id.to_string());
            record
                .transactions
                .iter()
                .map(|row| row.id.to_string())
                .chain(results)
                .collect()
        }
        "official_reviews" => record.reviews.iter().map(|row| row.id.to_string()).collect(),
        "tied_money" => tied(record, places),
        "staff_turnover" => turnover(record),
        _ => Vec::new(),
    }
}

/// Whether a word stands among those of a text that are joined by `_`, `-` or blanks.
fn names(text: &str, words: &[&str]) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric())
        .any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}

fn names_any(claim: &Claim, words: &[&str]) -> bool {
    names(&claim.property, words) || claim.topic.as_deref().is_some_and(|topic| names(topic, words))
}

/// Pairing funds that begin before the programme's second round, or from it on; of an unknown date, the latter.
fn pairing_funds(record: &Record, first: bool) -> Vec<String> {
    let is_first = |row: &Transaction| {
        let mut starts: Vec<Date> = record
            .rounds
            .iter()
            .filter(|round| row.programme_id.as_ref() == Some(&round.programme_id))
            .filter_map(|round| round.start.or(round.decided_on))
            .collect();
        starts.sort();
        starts.dedup();
        match (starts.get(1), row.period_start) {
            (Some(second), Some(start)) => start.first_day() < second.first_day(),
            // A programme of one round has no later money.
            (None, _) => true,
            (Some(_), None) => false,
        }
    };
    record
        .transactions
        .iter()
        .filter(|row| row.flow == Flow::PairingFund && is_first(row) == first)
        .map(|row| row.id.to_string())
        .collect()
}

fn parks(record: &Record) -> Vec<String> {
    let parks: Vec<&Id> = record
        .activities
        .iter()
        .filter(|row| matches!(row.kind, ActivityKind::Park | ActivityKind::Factory))
        .map(|row| &row.id)
        .collect();
    let targets: Vec<_> = record
        .results
        .iter()
        .filter(|row| {
            parks.contains(&&row.activity_id) && (row.target.is_some() || row.target_lower.is_some())
        })
        .collect();
    let with_target = parks
        .iter()
        .filter(|id| targets.iter().any(|row| row.activity_id == ***id))
        .map(ToString::to_string);
    with_target
        .chain(targets.iter().map(|row| row.id.to_string()))
        .collect()
}

/// Observations of place and nation of the gap's indicators; where a case describes no gap, of those that are named
/// after GDP per head.
fn observed_for_the_gap(record: &Record) -> Vec<String> {
    let is_per_head = |id: &Id| names(id.as_str(), &["gdp"]) && names(id.as_str(), &["head", "capita"]);
    let gap = record.case.gap.as_ref();
    let place = gap.map_or(&record.case.subject, |gap| &gap.place);
    let nation = gap.map_or(&record.case.nation, |gap| &gap.nation);
    record
        .observations
        .iter()
        .filter(|row| {
            gap.map_or_else(
                || is_per_head(&row.indicator_id),
                |gap| gap.indicators.contains(&row.indicator_id),
            ) && (row.place_id == *place || row.place_id == *nation)
                && row.value.is_some()
        })
        .map(|row| {
            format!(
                "{}/{}/{}@{}",
                row.place_id, row.indicator_id, row.period, row.vintage_id
            )
        })
        .collect()
}

/// Activities that a provider pays for and a firm of the provider carries out.
fn tied(record: &Record, places: &Places) -> Vec<String> {
    use counterpart_model::activity::Role;
    let place_of = |id: &Id| -> Option<Id> {
        match record.organisations.iter().find(|row| row.id == *id) {
            Some(row) => row.place_id.clone(),
            None => Some(id.clone()),
        }
    };
    let funders = |activity: &Id| -> Vec<Id> {
        let paid = record
            .transactions
            .iter()
            .filter(|row| row.activity_id.as_ref() == Some(activity))
            .map(|row| row.provider_id.clone());
        let named = record
            .participants
            .iter()
            .filter(|row| row.activity_id == *activity && row.role == Role::Funding)
            .map(|row| row.organisation_id.clone());
        paid.chain(named).collect()
    };
    record
        .participants
        .iter()
        .filter(|row| row.role == Role::Implementing)
        .filter(|row| {
            let Some(home) = place_of(&row.organisation_id) else {
                return false;
            };
            funders(&row.activity_id).iter().any(|funder| {
                *funder != row.organisation_id
                    && place_of(funder).is_some_and(|giver| {
                        record.pairings.iter().any(|pairing| pairing.provider_id == giver)
                            && (giver == home || places.holds(&giver, &home))
                    })
            })
        })
        .map(|row| row.activity_id.to_string())
        .collect()
}

fn turnover(record: &Record) -> Vec<String> {
    use counterpart_model::people::Direction;
    let said = record
        .claims
        .iter()
        .filter(|row| row.figure().is_some() && names(&row.property, &["turnover"]) && row.currency.is_none())
        .filter(|row| {
            row.unit
                .as_deref()
                .is_none_or(|unit| names(unit, &["percent", "persons", "share", "1"]))
        })
        .map(|row| row.id.to_string());
    let both = record.postings.iter().filter(|row| {
        row.batch.is_some()
            && record.postings.iter().any(|other| {
                other.direction != row.direction
                    && other.batch == row.batch
                    && other.provider_id == row.provider_id
                    && other.recipient_id == row.recipient_id
                    && other.round_id == row.round_id
                    && other.profession == row.profession
            })
    });
    let both = both.filter(|row| matches!(row.direction, Direction::Out | Direction::Back));
    said.chain(both.map(|row| row.id.to_string())).collect()
}

/// Returns the page on the systems, as `docs/systems.md` has it.
#[must_use]
pub fn page() -> String {
    let mut text = String::from(
        "# Where each system of a programme stands\n\n\
         Made from `crates/appraise/src/systems.rs`; a test holds this page against it. `report.json` has the same list \
         in `systems`, with\nthe number of rows that a case's record holds of each, their ids, and of a system without a \
         row the data it would need.\n\n\
         | system | `report.json` | sections of the page | read from | where it has no row, it needs |\n\
         |---|---|---|---|---|\n",
    );
    for system in SYSTEMS {
        let stands: Vec<String> = system.stands_in.iter().map(|key| format!("`{key}`")).collect();
        let sections: Vec<String> = system.sections.iter().map(ToString::to_string).collect();
        text.push_str(&format!(
            "| {} (`{}`) | {} | {} | {} | {} |\n",
            system.name,
            system.id,
            stands.join(", "),
            sections.join(", "),
            system.read_from,
            system.needs
        ));
    }
    text
}
