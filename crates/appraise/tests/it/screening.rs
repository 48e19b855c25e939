//! Leads: why each is there, who says so, what answers it; and names that agree or do not.

use std::collections::BTreeSet;

use counterpart_appraise::assessment::{LeadKind, LeadReason, ScreeningRow};
use counterpart_appraise::screening::{Screening, of};
use counterpart_appraise::systems;
use counterpart_model::claim::Act;
use counterpart_model::people::IloIndicator;
use counterpart_model::{Id, Record};
use counterpart_panel::Places;

use crate::cases::{folder, record};

fn lead() -> Record {
    let case = folder("xinjiang");
    record(case.case, case.tables)
}

fn names(screening: &Screening) -> Vec<&ScreeningRow> {
    screening
        .leads
        .iter()
        .filter(|row| row.kind == LeadKind::Name)
        .collect()
}

#[test]
fn every_statement_that_accuses_stands_with_its_speaker_and_its_answers() {
    let record = lead();
    let screening = of(&record);
    assert_eq!(screening.conditions.len(), record.conditions.len());
    for (row, condition) in screening.conditions.iter().zip(&record.conditions) {
        let speaker = record
            .speakers
            .iter()
            .find(|speaker| speaker.id == condition.speaker_id);
        let speaker = speaker.expect("a speaker");
        let is_named = speaker.kind != counterpart_model::source::SpeakerKind::Unattributed;
        assert!(
            !is_named || row.attributed.starts_with(&speaker.name),
            "{}",
            row.attributed
        );
        let answers: Vec<&str> = record
            .conditions
            .iter()
            .filter(|other| other.responds_to.contains(&condition.id))
            .map(|other| other.id.as_str())
            .collect();
        assert_eq!(
            row.answers
                .iter()
                .map(|answer| answer.id.as_str())
                .collect::<Vec<_>>(),
            answers
        );
        for answer in &row.answers {
            assert!(
                row.attributed.contains(answer.attributed.trim_end_matches('.')),
                "{}",
                row.attributed
            );
        }
        if condition.act == Act::Alleges && answers.is_empty() {
            assert!(
                row.attributed.contains("no reply on record"),
                "{}",
                row.attributed
            );
        }
    }
    for listing in &screening.listings {
        let answered = listing
            .answers
            .iter()
            .all(|answer| listing.sentence.contains(&answer.attributed));
        assert!(answered, "{}", listing.sentence);
        assert_eq!(
            listing.sentence.contains("no reply on record"),
            listing.answers.is_empty()
        );
        assert!(
            listing
                .sentence
                .contains(listing.lister.trim_start_matches("not on record; printed by "))
                && listing.sentence.contains(&listing.listed_on)
        );
    }
}

#[test]
fn an_indicator_named_by_the_statement_and_one_in_its_words_are_told_apart() {
    let mut record = lead();
    let stated = |screening: &Screening, reason: LeadReason| -> Vec<(String, String)> {
        screening
            .leads
            .iter()
            .filter(|row| row.reason == reason)
            .map(|row| (row.statement.clone(), row.indicator.clone().unwrap_or_default()))
            .collect()
    };
    let before = of(&record);
    let named: Vec<_> = record
        .conditions
        .iter()
        .filter_map(|row| Some((row.id.to_string(), row.ilo_indicator?.to_string())))
        .collect();
    assert_eq!(stated(&before, LeadReason::StatedBySpeaker), named);
    let condition = record
        .conditions
        .iter_mut()
        .find(|row| row.act == Act::Alleges && row.ilo_indicator.is_none())
        .expect("an allegation");
    condition.text = "Wages are withheld and guards stand at the gate".to_owned();
    let id = condition.id.to_string();
    let after = of(&record);
    let found: Vec<_> = stated(&after, LeadReason::MatchingWords)
        .into_iter()
        .filter(|(statement, _)| *statement == id)
        .map(|(_, indicator)| indicator)
        .collect();
    let wanted = [
        IloIndicator::RestrictionOfMovement,
        IloIndicator::WithholdingOfWages,
    ];
    assert_eq!(found, wanted.map(|word| word.to_string()));
    let lead = after
        .leads
        .iter()
        .find(|row| row.statement == id)
        .expect("a lead");
    assert_eq!(lead.words, ["guards"]);
    assert!(lead.sentence.contains("“guards”"), "{}", lead.sentence);
    // A denial in the same words is an answer, not a lead.
    record
        .conditions
        .iter_mut()
        .find(|row| row.id == id.as_str())
        .expect("it")
        .act = Act::Denies;
    assert!(of(&record).leads.iter().all(|row| row.statement != id));
}

#[test]
fn leads_stand_in_the_stated_order_and_none_twice() {
    let screening = of(&lead());
    let ids: BTreeSet<&str> = screening.leads.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids.len(), screening.leads.len());
    for pair in screening.leads.windows(2) {
        let key = |row: &ScreeningRow| {
            (
                row.kind,
                row.reason,
                row.date.is_none(),
                row.date.clone(),
                row.id.clone(),
            )
        };
        assert!(key(&pair[0]) < key(&pair[1]), "{} {}", pair[0].id, pair[1].id);
    }
    for lead in &screening.leads {
        assert!(!lead.sentence.is_empty() && !lead.source.is_empty());
    }
}

/// A record with one listed entity and one organisation.
fn two(base: &Record, listed: &str, aliases: Option<&str>, name: &str, own: Option<&str>) -> Record {
    let mut record = base.clone();
    record.observations.clear();
    record.listed_entities.truncate(1);
    record.listed_entities[0].name = listed.to_owned();
    record.listed_entities[0].aliases = aliases.map(str::to_owned);
    record.organisations.truncate(1);
    record.organisations[0].name = name.to_owned();
    record.organisations[0].name_zh = own.map(str::to_owned);
    record
        .speakers
        .retain(|row| row.kind != counterpart_model::source::SpeakerKind::Company);
    record
}

#[test]
fn names_agree_across_aliases_scripts_legal_forms_and_order() {
    let base = lead();
    for (listed, aliases, name, own) in [
        (
            "Hengyuan Spring Apparel Co., Ltd.",
            None,
            "Hengyuan Spring Apparel Limited",
            None,
        ),
        (
            "Hengyuan Spring Apparel Co., Ltd.",
            None,
            "Spring Hengyuan Apparel",
            None,
        ),
        (
            "Something Else",
            Some("Hengyuan Textile; Hengyuan Apparel"),
            "Hengyuan Apparel Co Ltd",
            None,
        ),
        (
            "Hengyuan Textile Co., Ltd.",
            None,
            "A translated name",
            Some("恒源纺织有限公司"),
        ),
        ("恒源纺织股份有限公司", None, "Hengyuan Textiles Ltd", None),
        (
            "恒源纺织股份有限公司",
            None,
            "A translated name",
            Some("恒源纺织有限责任公司"),
        ),
    ] {
        let record = two(&base, listed, aliases, name, own);
        let screening = of(&record);
        let [found] = names(&screening)[..] else {
            panic!("{listed} and {name}: {:#?}", names(&screening))
        };
        let how = found.name_match.as_ref().expect("how");
        assert!(how.similarity.as_f64() >= how.threshold.as_f64());
        assert!(found.sentence.contains(&how.listed_name) && found.sentence.contains(how.method));
        assert_eq!(
            found.from,
            [
                record.organisations[0].id.to_string(),
                record.listed_entities[0].id.to_string()
            ]
        );
    }
}

#[test]
fn names_that_share_a_town_a_trade_or_a_legal_form_do_not_agree() {
    let record = lead();
    let town = record
        .places
        .iter()
        .find(|place| place.name_zh.is_some())
        .expect("a place");
    let town = town.name.clone();
    for (listed, name) in [
        (
            format!("{town} Hengyuan Apparel Co., Ltd."),
            format!("{town} Dongsheng Apparel Co., Ltd."),
        ),
        (
            format!("{town} Hengyuan Apparel Co., Ltd."),
            format!("{town} Apparel Co., Ltd."),
        ),
        (
            format!("{town} Apparel Co., Ltd."),
            format!("{town} Textile Co., Ltd."),
        ),
        (
            "Hengyuan Apparel Co., Ltd.".to_owned(),
            "Apparel Co., Ltd.".to_owned(),
        ),
        ("Hengyuan Apparel".to_owned(), "Hengyuan Real Estate".to_owned()),
        ("Huafang Textile".to_owned(), "Huafeng Textile".to_owned()),
    ] {
        let screening = of(&two(&record, &listed, None, &name, None));
        assert!(
            names(&screening).is_empty(),
            "{listed} and {name}: {:#?}",
            names(&screening)
        );
    }
}

#[test]
fn only_companies_among_speakers_are_compared() {
    let mut record = two(&lead(), "Office of Something", None, "Another", None);
    let mut speaker = record.speakers[0].clone();
    speaker.id = Id::new("made-up");
    speaker.name = "Office of Something".to_owned();
    record.speakers.push(speaker);
    assert!(names(&of(&record)).is_empty());
    record.speakers.last_mut().expect("it").kind = counterpart_model::source::SpeakerKind::Company;
    assert_eq!(names(&of(&record)).len(), 1);
}

#[test]
fn a_changed_answer_changes_the_leads_that_it_answers() {
    let mut record = lead();
    let before = of(&record);
    let answer = record
        .conditions
        .iter_mut()
        .find(|row| row.responds_to.len() > 1)
        .expect("an answer to several");
    let dropped = answer.responds_to.remove(0);
    let answer = answer.id.to_string();
    let after = of(&record);
    for (a, b) in before.conditions.iter().zip(&after.conditions) {
        let concerned = dropped == a.id.as_str() || a.id == answer;
        assert_eq!(a != b, concerned, "{}", a.id);
    }
    for (a, b) in before.leads.iter().zip(&after.leads) {
        assert_eq!(a != b, dropped == a.statement.as_str(), "{}", a.id);
    }
    assert_eq!(before.listings, after.listings);
}

#[test]
fn a_changed_alias_changes_the_leads_of_its_entity() {
    let mut record = lead();
    let before = of(&record);
    let target = record.organisations[3].clone();
    record.listed_entities[0].aliases = Some(target.name.clone());
    let id = record.listed_entities[0].id.to_string();
    let after = of(&record);
    let old: BTreeSet<&str> = before.leads.iter().map(|row| row.id.as_str()).collect();
    let new: Vec<&ScreeningRow> = after
        .leads
        .iter()
        .filter(|row| !old.contains(row.id.as_str()))
        .collect();
    let [lead] = new[..] else { panic!("{new:#?}") };
    assert_eq!(
        (lead.entity.as_deref(), lead.statement.as_str()),
        (Some(id.as_str()), target.id.as_str())
    );
    for row in &before.leads {
        assert!(after.leads.contains(row), "{}", row.id);
    }
}

#[test]
fn nothing_on_record_gives_no_lead() {
    let mut record = lead();
    record.conditions.clear();
    record.listed_entities.clear();
    let screening = of(&record);
    assert!(screening.leads.is_empty() && screening.conditions.is_empty() && screening.listings.is_empty());
}

#[test]
fn every_system_has_rows_or_says_what_it_would_need() {
    let record = lead();
    let rows = systems::of(&record, &Places::of(&record));
    assert_eq!(rows.len(), systems::SYSTEMS.len());
    let without: Vec<&str> = rows
        .iter()
        .filter(|row| row.needs.is_some())
        .map(|row| row.id)
        .collect();
    assert_eq!(without, ["tied_money", "staff_turnover"]);
    for row in &rows {
        assert_eq!(row.rows.to_string(), row.from.len().to_string());
        assert!(row.sentence.to_string().starts_with(row.name));
    }
    let empty = Record::new(record.case.clone());
    let rows = systems::of(&empty, &Places::of(&empty));
    assert!(
        rows.iter()
            .all(|row| row.needs.is_some() && row.rows.as_str() == "0")
    );
}

#[test]
fn the_page_on_the_systems_is_what_the_code_says() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/systems.md");
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        page,
        systems::page(),
        "docs/systems.md: cargo run -q -p counterpart-appraise --example systems > docs/systems.md"
    );
}

/// Kind, reason, indicator and words of each lead, how names agree, and how many answers there are.
fn found(screening: &Screening) -> Vec<String> {
    let mut found: Vec<String> = screening
        .leads
        .iter()
        .map(|row| {
            let names = row
                .name_match
                .as_ref()
                .map(|names| (names.method, names.similarity.to_string()));
            format!(
                "{:?} {:?} {:?} {:?} {names:?} {} {}",
                row.kind,
                row.reason,
                row.indicator,
                row.words,
                row.answers.len(),
                row.reply
            )
        })
        .collect();
    found.sort();
    found
}

#[test]
fn other_ids_names_and_years_give_the_same_leads_and_systems() {
    let straight = lead();
    let (case, tables) = crate::renamed::renamed("xinjiang");
    let other = record(case, tables);
    assert_eq!(found(&of(&straight)), found(&of(&other)));
    let counted = |record: &Record| -> Vec<(&'static str, String)> {
        systems::of(record, &Places::of(record))
            .into_iter()
            .map(|row| (row.id, row.rows.to_string()))
            .collect()
    };
    assert_eq!(counted(&straight), counted(&other));
}
