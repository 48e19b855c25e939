//! The ladder: plan, agreement, arrival, spent, asset, in use; for rounds, providers and projects.
//!
//! A rung holds statements and never their sum. From one rung to the next there is a share only between two
//! statements of the same provider, receiver, period, flow, currency and basis; where no two are alike, the row says
//! what differs between the two that come closest. `docs/ladder.md` says which statement stands on which rung.

mod rung;
mod step;

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::{Id, Record};

use crate::assessment::{
    LadderRow, LadderScope, LadderStep, Number, Rung, RungAmount, RungStatement, Sentence,
};
use crate::carried;
use crate::graph_counts::Rounds;
use rung::Stated;

/// Returns the ladder of every programme, round, provider and project that has a statement, by id.
#[must_use]
pub fn rows(record: &Record) -> Vec<LadderRow> {
    let stated = rung::all(record);
    let rounds = Rounds::of(record);
    let mut scopes: BTreeMap<Scope, Vec<&Stated<'_>>> = BTreeMap::new();
    for one in &stated {
        if let Some(programme) = one.programme {
            let round = rounds.holding(programme, one.provider, one.span());
            let scope = match round {
                Some(round) => Scope::Round(programme.clone(), round.clone()),
                None => Scope::Programme(programme.clone()),
            };
            scopes.entry(scope).or_default().push(one);
            if let Some(provider) = one.provider {
                let scope = Scope::Provider(programme.clone(), provider.clone());
                scopes.entry(scope).or_default().push(one);
            }
        }
        if let Some(activity) = one.activity {
            scopes
                .entry(Scope::Activity(activity.clone()))
                .or_default()
                .push(one);
        }
    }
    let mut rows: Vec<LadderRow> = scopes
        .iter()
        .map(|(scope, stated)| row(record, scope, stated))
        .collect();
    rows.sort_by(|a, b| (a.scope, &a.id).cmp(&(b.scope, &b.id)));
    rows
}

/// What a ladder is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    Programme(Id),
    Round(Id, Id),
    Provider(Id, Id),
    Activity(Id),
}

impl Scope {
    fn id(&self) -> String {
        match self {
            Self::Programme(id) => format!("ladder:programme:{id}"),
            Self::Round(_, id) => format!("ladder:round:{id}"),
            Self::Provider(programme, id) => format!("ladder:provider:{programme}:{id}"),
            Self::Activity(id) => format!("ladder:activity:{id}"),
        }
    }
}

fn row(record: &Record, scope: &Scope, stated: &[&Stated<'_>]) -> LadderRow {
    let id = scope.id();
    let mut stated: Vec<&Stated<'_>> = stated.to_vec();
    stated.sort_by(|a, b| (a.rung, a.flow, a.span(), &a.of).cmp(&(b.rung, b.flow, b.span(), &b.of)));
    let reached: BTreeSet<Rung> = stated.iter().map(|one| one.rung).collect();
    let steps = step::steps(&id, &reached, &stated);
    let mut from: Vec<String> = stated.iter().map(|one| one.of.clone()).collect();
    from.sort();
    from.dedup();
    let activity_programme = |activity: &Id| {
        record
            .activities
            .iter()
            .find(|row| row.id == *activity)
            .and_then(|row| row.programme_id.as_ref())
            .map(ToString::to_string)
    };
    let (kind, programme, round, provider, activity, name) = match scope {
        Scope::Programme(programme) => (
            LadderScope::Programme,
            Some(programme.to_string()),
            None,
            None,
            None,
            named(
                record.programmes.iter().map(|row| (&row.id, &row.name)),
                programme,
            ),
        ),
        Scope::Round(programme, round) => (
            LadderScope::Round,
            Some(programme.to_string()),
            Some(round.to_string()),
            None,
            None,
            named(record.rounds.iter().map(|row| (&row.id, &row.name)), round),
        ),
        Scope::Provider(programme, provider) => (
            LadderScope::Provider,
            Some(programme.to_string()),
            None,
            Some(provider.to_string()),
            None,
            carried::name(record, provider),
        ),
        Scope::Activity(activity) => (
            LadderScope::Activity,
            activity_programme(activity),
            None,
            None,
            Some(activity.to_string()),
            named(
                record.activities.iter().map(|row| (&row.id, &row.title)),
                activity,
            ),
        ),
    };
    LadderRow {
        scope: kind,
        programme,
        round,
        provider,
        activity,
        sentence: sentence(&name, &id, &stated, &reached, &steps),
        name,
        reached: reached.iter().copied().collect(),
        empty: Rung::ALL
            .into_iter()
            .filter(|rung| !reached.contains(rung))
            .collect(),
        statements: stated.iter().map(|one| statement(&id, one)).collect(),
        amounts: amounts(&id, &stated),
        steps,
        from,
        id,
    }
}

fn named<'a>(mut rows: impl Iterator<Item = (&'a Id, &'a String)>, id: &Id) -> String {
    rows.find(|(known, _)| *known == id)
        .map_or_else(|| id.to_string(), |(_, name)| name.clone())
}

fn statement(ladder: &str, one: &Stated<'_>) -> RungStatement {
    let number = |value: Option<counterpart_model::Decimal>| value.map(Number::exact);
    RungStatement {
        id: one.id(ladder),
        rung: one.rung,
        of: one.of.clone(),
        why: one.why.clone(),
        flow: one.flow.map(|flow| flow.to_string()),
        basis: one.basis.map(|basis| basis.to_string()),
        provider: one.provider.map(ToString::to_string),
        receiver: one.receiver.map(ToString::to_string),
        indicator: one.indicator.map(str::to_owned),
        unit: one.unit.map(str::to_owned),
        value: number(one.value),
        lower: number(one.lower),
        upper: number(one.upper),
        qualifier: one.qualifier.map(|word| word.to_string()),
        period: one.period(),
        speaker: one.speaker.map(ToString::to_string),
        from: vec![one.of.clone()],
    }
}

/// The span of amounts of each rung, kind of money, currency and basis.
fn amounts(ladder: &str, stated: &[&Stated<'_>]) -> Vec<RungAmount> {
    let mut kinds: BTreeMap<(Rung, String, String, String), Vec<&Stated<'_>>> = BTreeMap::new();
    for one in stated {
        if let (Some(flow), Some(basis), Some(currency)) = (one.flow, one.basis, one.unit) {
            kinds
                .entry((one.rung, flow.to_string(), currency.to_owned(), basis.to_string()))
                .or_default()
                .push(one);
        }
    }
    kinds
        .into_iter()
        .map(|((rung, flow, currency, basis), stated)| {
            let said = || stated.iter().filter_map(|one| one.value.or(one.lower));
            let mut from: Vec<String> = stated.iter().map(|one| one.of.clone()).collect();
            from.sort();
            RungAmount {
                id: format!("{ladder}:{}:{flow}:{currency}:{basis}", key(rung)),
                rung,
                statements: stated.len(),
                smallest: said().min().map(Number::exact),
                largest: said().max().map(Number::exact),
                flow,
                currency,
                basis,
                from,
            }
        })
        .collect()
}

/// A rung as part of an id.
fn key(rung: Rung) -> String {
    rung.words().replace(' ', "_")
}

fn sentence(
    name: &str,
    id: &str,
    stated: &[&Stated<'_>],
    reached: &BTreeSet<Rung>,
    steps: &[LadderStep],
) -> Sentence {
    let mut sentence = Sentence::of(format!("{}: ", crate::words::without_full_stop(name)));
    for (index, rung) in reached.iter().enumerate() {
        let n = stated.iter().filter(|one| one.rung == *rung).count();
        let joined = if index > 0 { ", " } else { "" };
        sentence = sentence
            .text(format!("{joined}{} ", rung.words()))
            .figure(n.to_string(), id)
            .text(if n == 1 { " statement" } else { " statements" });
    }
    let empty: Vec<String> = Rung::ALL
        .into_iter()
        .filter(|rung| !reached.contains(rung))
        .map(|rung| rung.words().to_owned())
        .collect();
    if !empty.is_empty() {
        sentence = sentence.text(format!("; nothing on record of {}", crate::words::list(&empty)));
    }
    let shares = steps.iter().filter(|step| step.share.is_some()).count();
    if !steps.is_empty() {
        sentence = sentence.text(match shares {
            0 => "; no two statements on neighbouring rungs have the same scope".to_owned(),
            _ => "; shares between neighbouring rungs stand with their statements".to_owned(),
        });
    }
    sentence.text(".")
}
