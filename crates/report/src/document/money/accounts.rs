//! Accounts of providers and recipients: what is on record about each.

use counterpart_appraise::assessment::{Account, AccountSide};

use super::super::context::Context;
use super::super::{Block, Row, Table, Text};
use crate::words;

/// Most ids that one cell lists.
const LISTED: usize = 12;

pub(super) fn blocks(context: &Context<'_>) -> Vec<Block> {
    let all = &context.all.accounts;
    if all.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading {
        of: None,
        text: "Accounts".to_owned(),
        sub: Text::plain(
            "Everything on record about one giver or one receiver. An account lists; what may be added stands in the \
             totals. What is said of a group stands in the group's own account.",
        ),
    }];
    for (side, one, many) in [
        (AccountSide::Provider, "giver", "givers"),
        (AccountSide::Recipient, "receiver", "receivers"),
    ] {
        let rows: Vec<&Account> = all.iter().filter(|row| row.side == side).collect();
        if rows.is_empty() {
            continue;
        }
        let mut table = Table::new(
            &format!("accounts-{many}"),
            &format!("What is on record about each of the {many}"),
            &[
                "Who", "Pairs#", "Money", "People", "Projects", "Duties#", "Claims#", "Groups",
            ],
        )
        .stacked();
        for row in &rows {
            table.rows.push(account(context, row));
        }
        blocks.push(Block::Disclosure {
            id: None,
            summary: Text::plain(words::count(rows.len(), one, many)),
            blocks: vec![Block::Table(table)],
        });
    }
    blocks
}

fn account(context: &Context<'_>, row: &Account) -> Row {
    let mut money = Text::new();
    for one in &row.money {
        money = money
            .words(format!("{}: ", words::spaced(&one.flow)))
            .join(listed(&one.transactions))
            .words(" ");
    }
    let groups: Vec<String> = row.groups.iter().map(|id| context.place(id)).collect();
    Row::object(
        &row.id,
        None,
        vec![
            Text::plain(row.name.clone()),
            Text::plain(row.pairings.len().to_string()),
            money,
            listed(&row.people),
            listed(&row.activities),
            Text::plain(row.duties.len().to_string()),
            Text::plain(row.claims.len().to_string()),
            Text::plain(groups.join("; ")),
        ],
    )
}

fn listed(ids: &[String]) -> Text {
    let text = Text::new().ids(ids.iter().take(LISTED));
    match ids.len().saturating_sub(LISTED) {
        0 => text,
        more => text.words(format!(" and {more} more")),
    }
}
