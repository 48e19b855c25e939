//! Chains: whoever follows `part_of`, `parent_id`, `copy_of` or `supersedes` never comes back to where they began.

use std::collections::BTreeMap;

use counterpart_model::{Fault, FaultCode, TableId};

use super::{Tables, ids};
use crate::table_file::PlacedRow;

const CHAINS: &[(TableId, &str)] = &[
    (TableId::Sources, "copy_of"),
    (TableId::Speakers, "part_of"),
    (TableId::Places, "parent_id"),
    (TableId::Transactions, "part_of"),
    (TableId::Transactions, "copy_of"),
    (TableId::Placements, "part_of"),
    (TableId::Vintages, "supersedes"),
];

pub(super) fn check(tables: &Tables) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (table, heading) in CHAINS {
        let Some(key) = table.key().first() else { continue };
        let rows: BTreeMap<&str, &PlacedRow> = tables
            .of(*table)
            .iter()
            .filter_map(|placed| Some((placed.row.text(key)?, placed)))
            .collect();
        let links: BTreeMap<&str, Vec<&str>> = rows
            .iter()
            .map(|(id, placed)| (*id, ids(&placed.row, heading).collect()))
            .collect();
        for circle in circles(&links) {
            let first = circle.first().copied().unwrap_or_default();
            if let Some(placed) = rows.get(first) {
                faults.push(tables.fault(
                    placed,
                    heading,
                    FaultCode::Circular,
                    &in_words(&circle),
                    format!("a chain of {heading} that ends"),
                ));
            }
        }
    }
    faults
}

pub(super) fn in_words(circle: &[&str]) -> String {
    let first = circle.first().copied().unwrap_or_default();
    let mut shown: Vec<&str> = circle.iter().copied().take(6).collect();
    if circle.len() > 6 {
        shown.push("…");
    }
    shown.push(first);
    shown.join(" → ")
}

/// Returns the circles of a graph, each once, beginning with its smallest node.
///
/// A walk in depth from every node; an edge back to a node of the present path closes a circle. Circles that share an
/// edge with one that was found already may stay unnamed until that one is opened.
pub(super) fn circles<'a>(links: &BTreeMap<&'a str, Vec<&'a str>>) -> Vec<Vec<&'a str>> {
    let mut found = Vec::new();
    let mut done: BTreeMap<&str, bool> = BTreeMap::new();
    for start in links.keys() {
        if done.contains_key(start) {
            continue;
        }
        // Each entry: a node of the path and how many of its links were followed.
        let mut path: Vec<(&str, usize)> = vec![(start, 0)];
        done.insert(start, false);
        while let Some((node, followed)) = path.last_mut() {
            let next = links.get(*node).and_then(|next| next.get(*followed)).copied();
            *followed += 1;
            match next {
                None => {
                    done.insert(node, true);
                    path.pop();
                }
                Some(next) if !links.contains_key(next) => {}
                Some(next) => match done.get(next) {
                    Some(true) => {}
                    Some(false) => {
                        let from = path.iter().position(|(node, _)| *node == next).unwrap_or(0);
                        let mut circle: Vec<&str> = path.iter().skip(from).map(|(node, _)| *node).collect();
                        let smallest = (0..circle.len()).min_by_key(|index| circle.get(*index).copied());
                        circle.rotate_left(smallest.unwrap_or(0));
                        found.push(circle);
                    }
                    None => {
                        done.insert(next, false);
                        path.push((next, 0));
                    }
                },
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_named_once_from_their_smallest_member() {
        let links = BTreeMap::from([
            ("a", vec!["b"]),
            ("b", vec!["c", "x"]),
            ("c", vec!["b"]),
            ("d", vec!["d"]),
            ("e", vec!["a", "unknown"]),
            ("x", vec![]),
        ]);
        assert_eq!(circles(&links), [vec!["b", "c"], vec!["d"]]);
        assert_eq!(in_words(&["b", "c"]), "b → c → b");
    }
}
