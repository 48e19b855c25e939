//! What each speaker said, and accusations that never stand without their answers.

use std::collections::BTreeSet;

use counterpart_appraise::Assessment;
use counterpart_model::{TableId, Value};

use crate::cases::{appraise, folder, set};
use crate::rows::{claim, money, row, whole};

fn lead() -> (counterpart_model::case::Case, crate::rows::Tables) {
    let read = folder("xinjiang");
    let mut case = read.case;
    case.studies.clear();
    case.lens_studies.clear();
    (case, read.tables)
}

#[test]
fn an_account_counts_statements_and_rates_nobody() {
    let all = whole(vec![
        claim("C1", "P1", "S1", &[("value", "19")]),
        claim("C2", "P2", "S2", &[("value", "25"), ("act", "asserts")]),
        claim(
            "C3",
            "P2",
            "S2",
            &[("property", "width"), ("act", "alleges"), ("text", "bad")],
        ),
        claim(
            "C4",
            "P1",
            "S1",
            &[
                ("property", "width"),
                ("act", "denies"),
                ("responds_to", "C3"),
                ("text", "not so"),
            ],
        ),
        money("T1", "P1", "S1", &[("value", "100")]),
        row(
            TableId::Conditions,
            &[
                ("condition_id", "CO"),
                ("attached_to", "A"),
                ("act", "criticises"),
                ("speaker_id", "P2"),
                ("text", "worse"),
            ],
        ),
    ]);
    let speakers: Vec<&str> = all
        .speaker_accounts
        .iter()
        .map(|row| row.speaker.as_str())
        .collect();
    assert_eq!(speakers, ["P1", "P2"]);
    let second = &all.speaker_accounts[1];
    let counts: Vec<(String, String)> = second
        .by_act
        .iter()
        .chain(&second.by_status)
        .chain(&second.by_table)
        .map(|count| (count.kind.clone(), count.count.to_string()))
        .collect();
    let expected = [
        ("alleges", "1"),
        ("asserts", "1"),
        ("no_derivation", "2"),
        ("conditions", "1"),
    ];
    assert_eq!(counts, expected.map(|(kind, n)| (kind.to_owned(), n.to_owned())));
    assert_eq!(second.contradictions.len(), 1);
    let sentences: Vec<&str> = second.disputes.iter().map(|one| one.sentence.as_str()).collect();
    assert_eq!(
        sentences,
        [
            "Speaker P2 alleges: bad; in answer, Speaker P1 denies: not so.",
            "Speaker P2 criticises: worse; no reply on record."
        ]
    );
    for count in second
        .by_act
        .iter()
        .chain(&second.by_status)
        .chain(&second.by_table)
    {
        assert_eq!(
            count.count.to_string(),
            count.from.len().to_string(),
            "{}",
            count.id
        );
    }
}

/// Every accusation of an assessment stands with its speaker and its answers, wherever its text is.
fn accusations_are_answered(all: &Assessment) {
    for row in &all.allegations {
        let claim = all
            .claims
            .iter()
            .find(|claim| claim.id == row.claim)
            .expect("the claim");
        for sentence in [row.sentence.clone(), claim.check.sentence.to_string()] {
            if row.answers.is_empty() {
                assert!(
                    sentence.to_lowercase().contains("no reply on record"),
                    "{sentence}"
                );
            }
            for reply in &row.replies {
                assert!(
                    sentence.contains(reply.attributed.trim_end_matches('.')),
                    "{}: {sentence}",
                    reply.id
                );
            }
        }
        assert_eq!(claim.reply, Some(row.reply));
        assert_eq!(claim.answers, row.replies);
        let ids: Vec<&String> = row.replies.iter().map(|reply| &reply.id).collect();
        assert_eq!(ids, row.answers.iter().collect::<Vec<_>>());
    }
}

#[test]
fn taking_away_an_answer_puts_the_words_in_its_place() {
    let (case, tables) = lead();
    let before = appraise(case.clone(), tables.clone());
    accusations_are_answered(&before);
    let silent = |all: &Assessment| -> BTreeSet<String> {
        all.allegations
            .iter()
            .filter(|row| row.reply == "no reply on record")
            .map(|row| row.claim.clone())
            .collect()
    };
    let answered = before
        .allegations
        .iter()
        .find(|row| row.answers.len() == 1)
        .expect("an allegation with one answer");
    let mut fewer = tables.clone();
    let rows = fewer.get_mut(&TableId::Claims).expect("claims");
    let answer = rows
        .iter_mut()
        .find(|row| row.text("claim_id") == answered.answers.first().map(String::as_str))
        .expect("the answer");
    set(answer, "responds_to", None);
    let after = appraise(case.clone(), fewer);
    accusations_are_answered(&after);
    assert!(silent(&after).contains(&answered.claim));
    assert!(silent(&before).is_subset(&silent(&after)));
    // And an answer that is added appears.
    let open = before
        .allegations
        .iter()
        .find(|row| row.answers.is_empty())
        .expect("an allegation without an answer");
    let mut more = tables;
    let rows = more.get_mut(&TableId::Claims).expect("claims");
    let denial = rows
        .iter_mut()
        .find(|row| row.text("act") == Some("denies"))
        .expect("a denial");
    let id = denial.text("claim_id").expect("an id").to_owned();
    let others = denial
        .text("responds_to")
        .map(|ids| format!("{ids};"))
        .unwrap_or_default();
    set(
        denial,
        "responds_to",
        Some(Value::Text(format!("{others}{}", open.claim))),
    );
    let after = appraise(case, more);
    accusations_are_answered(&after);
    let row = after
        .allegations
        .iter()
        .find(|row| row.claim == open.claim)
        .expect("the allegation");
    assert_eq!(row.answers, [id]);
    assert_eq!(row.reply, "answered");
}

#[test]
fn what_stands_beside_an_allegation_is_of_its_topic_or_matter_and_says_which_side_nothing_is() {
    let (case, tables) = lead();
    let all = appraise(case, tables);
    let act = |id: &str| {
        all.claims
            .iter()
            .find(|claim| claim.id == id)
            .map(|claim| claim.act.as_str())
    };
    for row in &all.allegations {
        for id in &row.on_record {
            assert!(
                !matches!(act(id), Some("alleges" | "criticises" | "denies") | None),
                "{id}"
            );
            assert!(!row.answers.contains(id));
        }
    }
    assert!(all.allegations.iter().any(|row| !row.listings.is_empty()));
    assert!(all.allegations.iter().any(|row| !row.conditions.is_empty()));
}
