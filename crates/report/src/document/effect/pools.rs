//! Who may serve as comparison, who may not, and why.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_appraise::assessment::PoolRow;

use super::{NAMES_SHOWN, names};
use crate::document::answer::window;
use crate::document::context::Context;
use crate::document::{Block, Row, Table, Text};
use crate::words;

/// Who may serve as comparison, who may not, and why: windows that come to the same share a disclosure.
pub(super) fn pools(context: &Context<'_>, pools: &[&PoolRow]) -> Vec<Block> {
    let mut groups: Vec<Vec<&PoolRow>> = Vec::new();
    for pool in pools {
        let same = |other: &PoolRow| {
            other.pool == pool.pool && other.admitted == pool.admitted && other.excluded == pool.excluded
        };
        match groups
            .iter_mut()
            .find(|group| group.iter().all(|other| same(other)))
        {
            Some(group) => group.push(pool),
            None => groups.push(vec![pool]),
        }
    }
    groups
        .iter()
        .filter_map(|group| pool_block(context, group))
        .collect()
}

fn pool_block(context: &Context<'_>, group: &[&PoolRow]) -> Option<Block> {
    let pool = *group.first()?;
    let state = if pool.no_admissible_control {
        "nobody may serve as comparison".to_owned()
    } else {
        format!("{} admitted", pool.admitted.len())
    };
    let mut list = Vec::new();
    if pool.contaminated {
        list.push(Text::new().strong(
            "The pool holds providers on purpose: some of those compared pay for what is compared with them.",
        ));
    }
    list.push(Text::plain(format!(
        "Admitted: {}.",
        names(context, &pool.admitted)
    )));
    let mut by_reason: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for place in &pool.excluded {
        by_reason
            .entry(&place.reason)
            .or_default()
            .push(place.place.clone());
    }
    let n_reasons = by_reason.len();
    for (reason, places) in by_reason.into_iter().take(NAMES_SHOWN) {
        list.push(Text::plain(format!(
            "Left out: {}: {reason}.",
            names(context, &places)
        )));
    }
    if n_reasons > NAMES_SHOWN {
        list.push(Text::plain(format!(
            "{} more reasons in data/pools.csv.",
            n_reasons - NAMES_SHOWN
        )));
    }
    for tested in pool.tested.iter().take(NAMES_SHOWN) {
        list.push(Text::plain(format!(
            "Kept and tested: {}: {}.",
            context.place(&tested.place),
            tested.why
        )));
    }
    for part in &pool.not_computed {
        list.push(Text::plain(format!(
            "Not evaluated: {}: {}.",
            words::spaced(&part.place),
            part.why
        )));
    }
    let windows: BTreeSet<String> = group.iter().map(|pool| window(&pool.window)).collect();
    let windows: Vec<String> = windows.into_iter().collect();
    let summary = Text::plain(format!(
        "Compared with: {} ({state}, {} left out; pairings of {})",
        pool.title,
        pool.excluded.len(),
        words::listed(&windows),
    ));
    let mut blocks = vec![Block::List(list)];
    let mut table = Table::new(
        &format!("windows-{}", crate::anchor::sanitised(&pool.id)),
        "Windows in which pairings were looked at",
        &["Pool", "Pairings of", "Admitted#", "Left out#"],
    );
    for pool in group {
        table.rows.push(Row::object(
            &pool.id,
            Some(pool.admitted.len().to_string()),
            vec![
                Text::new().code(pool.id.clone()),
                Text::plain(window(&pool.window)),
                Text::plain(pool.admitted.len().to_string()),
                Text::plain(pool.excluded.len().to_string()),
            ],
        ));
    }
    blocks.push(Block::Table(table));
    Some(Block::Disclosure {
        id: None,
        summary,
        blocks,
    })
}
