//! Accounts: everything on record about one provider or one recipient, by id.
//!
//! An account lists and does not add: what may be added stands in the totals that it names. What is said of a group to
//! which the party belongs is about all of it and stands in the group's own account.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::transaction::{Flow, Transaction};
use counterpart_model::{Id, Record};
use counterpart_panel::Places;

use crate::assessment::{Account, AccountMoney, AccountSide, Duty, Total};
use crate::naming::Names;

/// Returns an account for each side of each party that a pairing, a statement about money or a duty names, providers
/// first, by id.
#[must_use]
pub fn rows(record: &Record, places: &Places, totals: &[Total], duties: &[Duty]) -> Vec<Account> {
    let names = Names::of(record);
    let mut parties: BTreeMap<(AccountSide, String), Account> = BTreeMap::new();
    let mut open = |side: AccountSide, party: &str| {
        parties
            .entry((side, party.to_owned()))
            .or_insert_with(|| blank(side, party, &names));
    };
    for row in &record.pairings {
        open(AccountSide::Provider, row.provider_id.as_str());
        open(AccountSide::Recipient, row.recipient_id.as_str());
    }
    for row in &record.transactions {
        open(AccountSide::Provider, row.provider_id.as_str());
        open(AccountSide::Recipient, row.receiver_id.as_str());
    }
    for row in duties.iter().filter(|row| row.kind == "contribution") {
        open(AccountSide::Provider, &row.provider);
    }
    let in_totals = totals_of(totals);
    let groups = groups_of(record);
    let mut accounts: Vec<Account> = parties.into_values().collect();
    for account in &mut accounts {
        fill(record, places, account, &in_totals, duties);
        account.groups = groups
            .get(&Id::new(&account.party))
            .map(|ids| ids.iter().map(ToString::to_string).collect())
            .unwrap_or_default();
        account.from = account
            .pairings
            .iter()
            .chain(account.money.iter().flat_map(|money| &money.transactions))
            .chain(&account.people)
            .cloned()
            .collect();
    }
    accounts
}

fn blank(side: AccountSide, party: &str, names: &Names<'_>) -> Account {
    let word = match side {
        AccountSide::Provider => "provider",
        AccountSide::Recipient => "recipient",
    };
    Account {
        id: format!("account:{word}:{party}"),
        side,
        party: party.to_owned(),
        name: names.name(&Id::new(party)),
        pairings: Vec::new(),
        money: Vec::new(),
        people: Vec::new(),
        activities: Vec::new(),
        duties: Vec::new(),
        claims: Vec::new(),
        groups: Vec::new(),
        from: Vec::new(),
    }
}

/// Totals of everything on record by the statements in them.
fn totals_of(totals: &[Total]) -> BTreeMap<&str, Vec<&str>> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for total in totals.iter().filter(|total| total.lens.is_none()) {
        for addend in &total.addends {
            found.entry(addend).or_default().push(&total.id);
        }
    }
    found
}

fn groups_of(record: &Record) -> BTreeMap<Id, BTreeSet<Id>> {
    let mut found: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for row in &record.place_members {
        found
            .entry(row.place_id.clone())
            .or_default()
            .insert(row.group_id.clone());
    }
    found
}

fn fill(
    record: &Record,
    places: &Places,
    account: &mut Account,
    in_totals: &BTreeMap<&str, Vec<&str>>,
    duties: &[Duty],
) {
    let party = account.party.clone();
    let gives = account.side == AccountSide::Provider;
    let own = |provider: &Id, recipient: &Id| {
        if gives {
            provider == &*party
        } else {
            recipient == &*party
        }
    };
    account.pairings = record
        .pairings
        .iter()
        .filter(|row| own(&row.provider_id, &row.recipient_id))
        .map(|row| row.id.to_string())
        .collect();
    let mut by_flow: BTreeMap<Flow, Vec<&Transaction>> = BTreeMap::new();
    for row in record
        .transactions
        .iter()
        .filter(|row| own(&row.provider_id, &row.receiver_id))
    {
        by_flow.entry(row.flow).or_default().push(row);
    }
    let mut activities: BTreeSet<String> = BTreeSet::new();
    account.money = by_flow
        .into_iter()
        .map(|(flow, rows)| {
            activities.extend(
                rows.iter()
                    .filter_map(|row| row.activity_id.as_ref())
                    .map(ToString::to_string),
            );
            let totals: BTreeSet<&str> = rows
                .iter()
                .filter_map(|row| in_totals.get(row.id.as_str()))
                .flatten()
                .copied()
                .collect();
            AccountMoney {
                flow: flow.to_string(),
                transactions: rows.iter().map(|row| row.id.to_string()).collect(),
                totals: totals.into_iter().map(str::to_owned).collect(),
            }
        })
        .collect();
    let mut people: Vec<String> = Vec::new();
    let is_own = |id: &Id| id == &*party;
    for (id, provider, recipient) in record
        .postings
        .iter()
        .map(|row| (&row.id, &row.provider_id, &row.recipient_id))
        .chain(
            record
                .trainings
                .iter()
                .map(|row| (&row.id, &row.provider_id, &row.recipient_id)),
        )
    {
        if is_own(if gives { provider } else { recipient }) {
            people.push(id.to_string());
        }
    }
    // Workers go from the recipient to the provider.
    people.extend(
        record
            .placements
            .iter()
            .filter(|row| {
                is_own(if gives {
                    &row.destination_id
                } else {
                    &row.origin_id
                })
            })
            .map(|row| row.id.to_string()),
    );
    account.people = people;
    if !gives {
        let inside = Id::new(&party);
        activities.extend(
            record
                .activities
                .iter()
                .filter(|row| row.place_id == inside || places.holds(&inside, &row.place_id))
                .map(|row| row.id.to_string()),
        );
    }
    activities.extend(
        record
            .participants
            .iter()
            .filter(|row| row.organisation_id == *party)
            .map(|row| row.activity_id.to_string()),
    );
    account.activities = activities.into_iter().collect();
    if gives {
        account.duties = duties
            .iter()
            .filter(|row| row.provider == party && row.kind != "target")
            .map(|row| row.id.clone())
            .collect();
    }
    account.claims = record
        .claims
        .iter()
        .filter(|row| row.subject == party || row.place_id.as_ref().is_some_and(|place| place == &*party))
        .map(|row| row.id.to_string())
        .collect();
}
