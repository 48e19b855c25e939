//! People, a subsidy rule, terms and a listing of the made-up case.

use counterpart_appraise::assessment::{
    ConditionRow, CountLeftOut, CountLeftOutCode, EntitlementAt, EntitlementRow, LeadKind, LeadReason,
    ListingRow, Number, PeopleKind, PeopleRow, PeopleTotal, PersonCount, Reply, ScreeningRow, Sentence,
    SystemRow,
};
use counterpart_appraise::{entitlement, people, systems};

fn number(text: &str) -> Number {
    Number::exact(text.parse().expect("a number"))
}

fn row(id: &str, count: PersonCount) -> PeopleRow {
    let mut row = PeopleRow {
        id: id.to_owned(),
        kind: PeopleKind::Posting,
        programme: Some("TW".to_owned()),
        round: None,
        batch: Some("2".to_owned()),
        direction: Some("out".to_owned()),
        provider: "N-R".to_owned(),
        provider_name: "Richland".to_owned(),
        recipient: "N-F".to_owned(),
        recipient_name: "Farland".to_owned(),
        group: Some("teachers".to_owned()),
        concept: "persons".to_owned(),
        no_number: count.is_empty().then_some(people::NO_NUMBER),
        count,
        qualifier: None,
        term_months: None,
        person_months: None,
        period: Some("2012/2013".to_owned()),
        ahead: false,
        running: false,
        within_region: None,
        part_of: None,
        wage: None,
        speaker: Some("SP1".to_owned()),
        speaker_name: "The Gazette".to_owned(),
        source: "A0".to_owned(),
        locator: "p3".to_owned(),
        sentence: Sentence::new(),
        from: Vec::new(),
    };
    row.sentence = people::say(&row);
    row
}

pub(crate) fn people() -> Vec<PeopleRow> {
    vec![
        row("PO1", PersonCount::exact(number("1234"))),
        row("PO2", PersonCount::between(Some(number("600")), None)),
        row("PO3", PersonCount::default()),
        row("PO4", PersonCount::withheld()),
    ]
}

pub(crate) fn totals() -> Vec<PeopleTotal> {
    let mut total = PeopleTotal {
        id: "people/posting/TW/out/persons/all".to_owned(),
        kind: PeopleKind::Posting,
        concept: "persons".to_owned(),
        direction: Some("out".to_owned()),
        programme: Some("TW".to_owned()),
        within_region: None,
        by: "all".to_owned(),
        of: None,
        of_name: None,
        count: PersonCount::exact(number("1234")),
        addends: vec!["PO1".to_owned()],
        left_out: vec![CountLeftOut {
            id: "PO2".to_owned(),
            code: CountLeftOutCode::BoundWithoutValue,
            reason: "a bound without a value".to_owned(),
        }],
        person_months: None,
        still_running: Vec::new(),
        with_term: Vec::new(),
        sentence: Sentence::new(),
        from: vec!["PO1".to_owned()],
    };
    total.sentence = people::totals::say(&total);
    vec![total]
}

pub(crate) fn entitlements() -> Vec<EntitlementRow> {
    let at = |contracts: &str, amount: &str| EntitlementAt {
        id: format!("entitlement/R1@{contracts}"),
        contracts: number(contracts),
        amount: number(amount),
        currency: Some("CNY".to_owned()),
        from: vec!["R1".to_owned()],
    };
    let mut row = EntitlementRow {
        id: "entitlement/R1".to_owned(),
        rule: "R1".to_owned(),
        programme: "TW".to_owned(),
        who: "N-R".to_owned(),
        who_name: "Richland".to_owned(),
        text: "Paid for each worker".to_owned(),
        amount: Some(number("1500.5")),
        currency: Some("CNY".to_owned()),
        minimum_count: Some(number("20")),
        rate_lower: None,
        rate_upper: None,
        period_start: None,
        period_end: None,
        speaker: Some("SP1".to_owned()),
        speaker_name: "The Gazette".to_owned(),
        source: "A0".to_owned(),
        locator: "p4".to_owned(),
        missing: vec!["when it holds is not on record".to_owned()],
        schedule: vec![at("19", "0"), at("20", "30010"), at("21", "31510.5")],
        on_record: Vec::new(),
        beside: Vec::new(),
        conditions: vec!["CO1".to_owned()],
        screen: vec!["lead/CO1/excessive_overtime".to_owned()],
        sentence: Sentence::new(),
        from: vec!["R1".to_owned()],
    };
    row.sentence = entitlement::say(&row);
    vec![row]
}

fn answer() -> Reply {
    Reply {
        id: "CO2".to_owned(),
        act: "denies".to_owned(),
        speaker: "SP2".to_owned(),
        attributed: "The Office denies: Nobody works longer".to_owned(),
    }
}

const ALLEGED: &str = "The Gazette alleges: Overtime is asked for every day; in answer, The Office denies: Nobody works longer.";

pub(crate) fn conditions() -> Vec<ConditionRow> {
    vec![ConditionRow {
        id: "CO1".to_owned(),
        attached_to: "R1".to_owned(),
        attached_name: "Paid for each worker".to_owned(),
        act: "alleges".to_owned(),
        speaker: "SP1".to_owned(),
        ilo_indicator: None,
        attributed: ALLEGED.to_owned(),
        responds_to: Vec::new(),
        answers: vec![answer()],
        reply: "answered",
        date: Some("2014".to_owned()),
        source: "A0".to_owned(),
        locator: "p5".to_owned(),
    }]
}

const LISTED: &str = "The Bureau lists Farland Mills Ltd. in “A list” on 2020-01-02; no reply on record.";

pub(crate) fn listings() -> Vec<ListingRow> {
    vec![ListingRow {
        id: "E1".to_owned(),
        name: "Farland Mills Ltd.".to_owned(),
        aliases: Vec::new(),
        list: "A list".to_owned(),
        listed_on: "2020-01-02".to_owned(),
        clause: None,
        place: None,
        place_name: None,
        lister: "The Bureau".to_owned(),
        listing_claims: Vec::new(),
        answers: Vec::new(),
        reply: "no reply on record",
        sentence: LISTED.to_owned(),
        source: "A0".to_owned(),
        locator: "row 1".to_owned(),
    }]
}

fn lead(id: &str, statement: &str, kind: LeadKind, sentence: &str) -> ScreeningRow {
    let is_listing = kind == LeadKind::Listing;
    ScreeningRow {
        id: id.to_owned(),
        kind,
        reason: if is_listing {
            LeadReason::OnList
        } else {
            LeadReason::MatchingWords
        },
        indicator: (!is_listing).then(|| "excessive overtime".to_owned()),
        words: Vec::new(),
        statement: statement.to_owned(),
        entity: is_listing.then(|| statement.to_owned()),
        list: is_listing.then(|| "A list".to_owned()),
        clause: None,
        date: None,
        name_match: None,
        answers: if is_listing { Vec::new() } else { vec![answer()] },
        reply: if is_listing {
            "no reply on record"
        } else {
            "answered"
        },
        sentence: sentence.to_owned(),
        source: "A0".to_owned(),
        locator: "p5".to_owned(),
        from: vec![statement.to_owned()],
    }
}

pub(crate) fn leads() -> Vec<ScreeningRow> {
    vec![
        lead("lead/CO1/excessive_overtime", "CO1", LeadKind::Indicator, ALLEGED),
        lead("lead/E1/listed", "E1", LeadKind::Listing, LISTED),
    ]
}

pub(crate) fn systems() -> Vec<SystemRow> {
    let system = systems::SYSTEMS.last().expect("a system");
    vec![SystemRow {
        id: system.id,
        name: system.name,
        rows: Number::count(0),
        stands_in: system.stands_in.to_vec(),
        sections: system.sections.to_vec(),
        needs: Some(system.needs),
        sentence: Sentence::of(format!("{}: nothing on record.", system.name)),
        from: Vec::new(),
    }]
}
