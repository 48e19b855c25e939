//! Accounts of providers and recipients.

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::AccountSide;

use super::{File, file, ids, text};

pub(super) fn accounts(all: &Assessment) -> File {
    let rows = all.accounts.iter().map(|row| {
        let money: Vec<String> = row
            .money
            .iter()
            .flat_map(|one| one.transactions.iter().cloned())
            .collect();
        vec![
            text(&row.id),
            text(match row.side {
                AccountSide::Provider => "provider",
                AccountSide::Recipient => "recipient",
            }),
            text(&row.party),
            text(&row.name),
            ids(&row.pairings),
            ids(&money),
            ids(&row.people),
            ids(&row.activities),
            ids(&row.duties),
            ids(&row.claims),
            ids(&row.groups),
        ]
    });
    file(
        "accounts",
        &[
            "account",
            "side",
            "party",
            "name",
            "pairings",
            "transactions",
            "people",
            "activities",
            "duties",
            "claims",
            "groups",
        ],
        rows.collect(),
    )
}
