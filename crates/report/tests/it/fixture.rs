//! A small assessment of a made-up case, with names that try to be markup.

use counterpart_appraise::assessment::{
    AllegationRow, Answer, Candidate, CandidateInput, CaseRow, CheckResult, CheckStatus, CheckStatusWord,
    ClaimCheck, ClaimRow, CompanionReason, DataGap, DependsOn, DerivationStatus, ExcludedPlace, Figure,
    FigureKind, GapRow, IndicatorRow, LensAnswer, LensRow, Number, PairingRow, PlaceRow, Point, PoolRow,
    RemovedKind, RoundRow, RuleRow, SampleRow, SampleSummary, Sentence, SourceRow, SpeakerRow, Specification,
    StudyRow, Verdict, VerdictReason, VintageRow,
};
use counterpart_appraise::{Assessment, Published};
use counterpart_model::case::Disclosure;
use counterpart_model::record::GeoFile;

/// A name that would be markup, a formula and a disguise if anybody let it.
pub(crate) const CANARY: &str = "<script>alert(\"x\")</script> & 'quotes' \u{202E}txt";

pub(crate) fn number(text: &str) -> Number {
    Number::exact(text.parse().expect("a decimal"))
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

pub(crate) fn published() -> Published<Assessment> {
    assessment()
        .publish(&Disclosure {
            threshold: 10,
            cells: None,
        })
        .expect("serialises")
}

/// An assessment with nothing in it.
pub(crate) fn empty() -> Assessment {
    Assessment {
        answer: Answer {
            sentence: Sentence::of("The record cannot tell."),
            by_lens: Vec::new(),
        },
        gaps: Vec::new(),
        claims: Vec::new(),
        pairings: Vec::new(),
        allegations: Vec::new(),
        pools: Vec::new(),
        studies: Vec::new(),
        specification_curve: Vec::new(),
        data_gaps: Vec::new(),
        sources: Vec::new(),
        speakers: Vec::new(),
        figures: Vec::new(),
        vintages: Vec::new(),
        indicators: Vec::new(),
        places: Vec::new(),
        rounds: Vec::new(),
        lenses: Vec::new(),
        shapes: Vec::new(),
        ..assessment()
    }
}

pub(crate) fn assessment() -> Assessment {
    let study = "s:l1:p1:income:2010:did";
    Assessment {
        schema: counterpart_appraise::assessment::SCHEMA,
        version: "0.0.0".to_owned(),
        case: CaseRow {
            id: "abcdef01".to_owned(),
            title: "Twinning of Farland".to_owned(),
            question: "Is twinning helping Farland?".to_owned(),
            as_of: "2024-01-01".to_owned(),
            seed: 7,
            digest: "abcdef01".repeat(8),
            nation: "N".to_owned(),
            subject: "N-F".to_owned(),
            synthetic: true,
        },
        view_digest: String::new(),
        block_digests: std::collections::BTreeMap::new(),
        answer: Answer {
            sentence: Sentence::of("The record cannot tell: ")
                .figure("−4.1%", study)
                .text(" under the newest figures."),
            by_lens: vec![LensAnswer {
                lens: "l1".to_owned(),
                verdict: Verdict::CannotTell,
                sentence: Sentence::of("The record cannot tell: ")
                    .figure("−4.1%", study)
                    .text("."),
                primary_studies: owned(&["s"]),
                from: owned(&[study]),
                hangs_on: vec![DependsOn {
                    removes: "N-C".to_owned(),
                    kind: RemovedKind::Control,
                    verdict_after: Verdict::Harmed,
                    estimate_after: Some(number("-0.2")),
                    sentence: Sentence::of("Without Coastland the estimate is ")
                        .figure("−18%", study)
                        .text("."),
                    from: owned(&[study]),
                }],
            }],
        },
        gaps: gaps(),
        claims: claims(),
        totals: Vec::new(),
        transactions: Vec::new(),
        rules: Vec::new(),
        duties: Vec::new(),
        accounts: Vec::new(),
        contradictions: Vec::new(),
        activities: Vec::new(),
        people: crate::fixture_people::people(),
        people_totals: crate::fixture_people::totals(),
        people_parts: Vec::new(),
        entitlements: crate::fixture_people::entitlements(),
        conditions: crate::fixture_people::conditions(),
        listings: crate::fixture_people::listings(),
        screening: crate::fixture_people::leads(),
        screening_method: counterpart_appraise::screening::method(),
        systems: crate::fixture_people::systems(),
        reviews: Vec::new(),
        disclosure: counterpart_appraise::assessment::DisclosureRow {
            id: "disclosure".to_owned(),
            threshold: 10,
            withheld: Vec::new(),
            from: Vec::new(),
        },
        speaker_accounts: Vec::new(),
        promises: Vec::new(),
        pairing_evidence: Vec::new(),
        pairing_counts: Vec::new(),
        evidence_counts: Vec::new(),
        pairings: pairings(),
        allegations: vec![
            AllegationRow {
                claim: "K3".to_owned(),
                act: "alleges".to_owned(),
                speaker: "SP1".to_owned(),
                topic: None,
                sentence: String::new(),
                answers: owned(&["K4"]),
                replies: Vec::new(),
                on_record: owned(&["K1"]),
                conditions: Vec::new(),
                listings: Vec::new(),
                reviews: Vec::new(),
                reply: "answered",
            },
            AllegationRow {
                claim: "K5".to_owned(),
                act: "criticises".to_owned(),
                speaker: "SP1".to_owned(),
                topic: None,
                sentence: String::new(),
                answers: Vec::new(),
                replies: Vec::new(),
                on_record: Vec::new(),
                conditions: Vec::new(),
                listings: Vec::new(),
                reviews: Vec::new(),
                reply: "no reply on record",
            },
        ],
        ladder: Vec::new(),
        outcomes: Vec::new(),
        pools: vec![PoolRow {
            id: "pool:s:p1".to_owned(),
            pool: "p1".to_owned(),
            title: "Provinces outside".to_owned(),
            study: "s".to_owned(),
            window: ["2005".to_owned(), "2015".to_owned()],
            contaminated: false,
            no_admissible_control: false,
            treated: owned(&["N-F"]),
            admitted: owned(&["N-C"]),
            excluded: vec![ExcludedPlace {
                place: "N-R".to_owned(),
                reason: "provides to Farland (PR1)".to_owned(),
                from: owned(&["PR1"]),
            }],
            tested: Vec::new(),
            not_computed: Vec::new(),
        }],
        studies: vec![
            study_row(study, "income"),
            study_row("s:l1:p1:income per head:2010:did", "per_head"),
        ],
        specification_curve: ["-0.21", "-0.041", "0.03"]
            .iter()
            .map(|text| specification(study, text))
            .collect(),
        evidence_map: Vec::new(),
        data_gaps: vec![DataGap {
            id: "DG1".to_owned(),
            what: "Light by month".to_owned(),
            would_settle: owned(&["s"]),
            who_holds: "not known".to_owned(),
            would_check: owned(&["K1"]),
            would_duty: Vec::new(),
            from: Vec::new(),
        }],
        sources: vec![
            source("A0", Some("https://example.org/?a=1&b=\"2\"")),
            source("A1", Some("javascript:alert(1)")),
        ],
        speakers: vec![
            SpeakerRow {
                id: "SP1".to_owned(),
                name: "The Gazette".to_owned(),
                kind: "journalism".to_owned(),
            },
            SpeakerRow {
                id: "SP2".to_owned(),
                name: CANARY.to_owned(),
                kind: "state".to_owned(),
            },
        ],
        figures: vec![
            figure("N-F/income/2015@v1", "39959"),
            figure("N/income/2015@v1", "49351"),
        ],
        vintages: vec![VintageRow {
            id: "v1".to_owned(),
            kind: "edition".to_owned(),
            published_on: Some("2020".to_owned()),
            population_basis: Some("first census".to_owned()),
            note: None,
            source: "A1".to_owned(),
        }],
        indicators: vec![IndicatorRow {
            id: "income".to_owned(),
            name: "Income per head".to_owned(),
            unit: Some("CNY_per_person".to_owned()),
            derive: None,
        }],
        places: places(),
        rounds: vec![RoundRow {
            id: "R1".to_owned(),
            programme: "P".to_owned(),
            programme_name: "Twinning".to_owned(),
            name: "First round".to_owned(),
            decided_on: Some("2010-03-01".to_owned()),
            first_money_on: None,
            start: Some("2010".to_owned()),
            end: None,
        }],
        lenses: vec![LensRow {
            id: "l1".to_owned(),
            title: "Newest figures".to_owned(),
            describes: "Each series in its newest vintage.".to_owned(),
        }],
        rule: RuleRow {
            confidence: number("0.95"),
            smallest_effect: number("0.05"),
            reason: Some("five per cent is within revisions".to_owned()),
            lines: owned(&["no series: cannot tell"]),
            headline: "All primary studies agree.".to_owned(),
        },
        shapes: vec![GeoFile {
            name: "a.geojson".to_owned(),
            text: SHAPES.to_owned(),
        }],
    }
}

const SHAPES: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","id":"N-F","properties":{"name":"Farland","level":"province"},"geometry":{"type":"Polygon","coordinates":[[[70,30],[80,30],[80,40],[70,40],[70,30]]]}},
{"type":"Feature","id":"N-R","properties":{"name":"Richland","level":"province"},"geometry":{"type":"Polygon","coordinates":[[[80,30],[90,30],[90,40],[80,40],[80,30]]]}},
{"type":"Feature","id":"N-F-1","properties":{"name":"westfar","level":"district"},"geometry":{"type":"Polygon","coordinates":[[[70,30],[75,30],[75,40],[70,40],[70,30]]]}},
{"type":"Feature","id":"N-F-2","properties":{"name":"eastfar","level":"district"},"geometry":{"type":"Polygon","coordinates":[[[75,30],[80,30],[80,40],[75,40],[75,30]]]}}]}"#;

fn gaps() -> Vec<GapRow> {
    ["2014", "2015", "2016"]
        .iter()
        .zip(["0.79", "0.809689773256874", "0.77"])
        .map(|(period, ratio)| GapRow {
            id: format!("gap/{period}@v1"),
            place: "N-F".to_owned(),
            nation: "N".to_owned(),
            indicator: "income".to_owned(),
            indicator_nation: "income".to_owned(),
            period: (*period).to_owned(),
            vintage_place: "v1".to_owned(),
            vintage_nation: "v1".to_owned(),
            basis_place: Some("first census".to_owned()),
            basis_nation: Some("first census".to_owned()),
            like_for_like: true,
            value_place: number("39959"),
            value_nation: number("49351"),
            ratio: number(ratio),
            difference: number("9392"),
            from: owned(&["N-F/income/2015@v1", "N/income/2015@v1"]),
        })
        .collect()
}

fn claim(id: &str, act: &str, speaker: &str, text: &str) -> ClaimRow {
    ClaimRow {
        id: id.to_owned(),
        act: act.to_owned(),
        speaker: speaker.to_owned(),
        attribution: "named".to_owned(),
        text: text.to_owned(),
        attributed: format!("The speaker {act}: {text}"),
        as_said: None,
        value: None,
        lower: None,
        upper: None,
        qualifier: None,
        unit: None,
        topic: Some("outcome".to_owned()),
        subject: "N-F".to_owned(),
        property: "share_of_nation".to_owned(),
        place: Some("N-F".to_owned()),
        period_start: None,
        period_end: None,
        source: "A0".to_owned(),
        locator: "p2".to_owned(),
        reported_by: None,
        responds_to: Vec::new(),
        from: Vec::new(),
        answered_by: Vec::new(),
        answers: Vec::new(),
        reply: None,
        check: ClaimCheck {
            status: CheckStatus::NoDerivation,
            kind: None,
            by_derivation: Vec::new(),
            stated: None,
            candidates: Vec::new(),
            inputs_belong_together: true,
            reasons: Vec::new(),
            sentence: Sentence::of("Nothing is said about what it follows from."),
            figures: Vec::new(),
        },
    }
}

fn claims() -> Vec<ClaimRow> {
    let input = |id: &str, value: &str| CandidateInput {
        id: id.to_owned(),
        value: number(value),
        vintage: Some("v1".to_owned()),
        population_basis: Some("first census".to_owned()),
    };
    let mut share = claim(
        "K1",
        "asserts",
        "SP1",
        "Income per head stood at 76 per cent of the nation's",
    );
    share.as_said = Some("just 76 per cent".to_owned());
    share.value = Some(number("76"));
    share.unit = Some("percent".to_owned());
    share.period_start = Some("2015".to_owned());
    share.period_end = Some("2015".to_owned());
    share.check = ClaimCheck {
        status: CheckStatus::Contradicted,
        kind: Some("ratio".to_owned()),
        by_derivation: vec![DerivationStatus {
            id: "D1".to_owned(),
            kind: "ratio".to_owned(),
            operands: owned(&["N-F/income/2015", "N/income/2015"]),
            status: CheckStatus::Contradicted,
            missing: Vec::new(),
            n_evaluated: 2,
            n_reproducing: 0,
            lowest: Some(number("74")),
            highest: Some(number("80.97")),
            sentence: Sentence::of("D1 gives ").figure("80.97%", "D1#1").text("."),
        }],
        stated: Some(number("76")),
        candidates: vec![
            Candidate {
                id: "D1#1".to_owned(),
                derivation: "D1".to_owned(),
                value: Some(number("80.97")),
                holds: None,
                measured: None,
                difference: Some(number("4.97")),
                reproduces: false,
                inputs: vec![
                    input("N-F/income/2015@v1", "39959"),
                    input("N/income/2015@v1", "49351"),
                ],
                reasons: vec![CompanionReason::DifferentVintage],
                from: owned(&["N-F/income/2015@v1", "N/income/2015@v1"]),
            },
            Candidate {
                id: "D1#2".to_owned(),
                derivation: "D1".to_owned(),
                value: Some(number("74")),
                holds: None,
                measured: None,
                difference: Some(number("-2")),
                reproduces: false,
                inputs: vec![input("T001", "3"), input("K2", "4")],
                reasons: Vec::new(),
                from: owned(&["T001", "K2"]),
            },
        ],
        inputs_belong_together: false,
        reasons: vec![CompanionReason::DifferentVintage],
        sentence: Sentence::of("The Gazette says “just 76 per cent”. ")
            .figure("39,959", "N-F/income/2015@v1")
            .text(" ÷ ")
            .figure("49,351", "N/income/2015@v1")
            .text(" comes to ")
            .figure("80.97%", "D1#1")
            .text("."),
        figures: Vec::new(),
    };
    let mut formula = claim("K2", "asserts", "SP1", "=HYPERLINK(\"http://example.org\")");
    formula.as_said = Some("-4 | *bold* [x](y)".to_owned());
    let mut alleged = claim("K3", "alleges", "SP2", CANARY);
    alleged.attributed = format!("A ministry alleges that {CANARY}");
    alleged.answered_by = owned(&["K4"]);
    alleged.answers = vec![counterpart_appraise::assessment::Reply {
        id: "K4".to_owned(),
        act: "denies".to_owned(),
        speaker: "SP1".to_owned(),
        attributed: "The other ministry denies that this is so".to_owned(),
    }];
    alleged.reply = Some("answered");
    let mut denied = claim("K4", "denies", "SP1", "that is not so");
    denied.attributed = "The other ministry denies that this is so".to_owned();
    denied.responds_to = owned(&["K3"]);
    let mut alone = claim("K5", "criticises", "SP1", "projects stand empty");
    alone.attributed = "The Gazette finds that projects stand empty".to_owned();
    alone.reply = Some("no reply on record");
    vec![share, formula, alleged, denied, alone]
}

fn pairings() -> Vec<PairingRow> {
    ["N-F-1", "N-F-2"]
        .iter()
        .enumerate()
        .map(|(index, recipient)| PairingRow {
            id: format!("PR{}", index + 1),
            programme: "P".to_owned(),
            round: "R1".to_owned(),
            provider: "N-R".to_owned(),
            provider_name: "Richland".to_owned(),
            recipient: (*recipient).to_owned(),
            recipient_name: CANARY.to_owned(),
            kind: "region".to_owned(),
            start: Some("2010".to_owned()),
            end: None,
            basis: if index == 0 { "official_list" } else { "inferred" }.to_owned(),
            confidence: if index == 0 { "high" } else { "low" }.to_owned(),
            source: "A1".to_owned(),
            locator: "list".to_owned(),
        })
        .collect()
}

fn study_row(id: &str, outcome: &str) -> StudyRow {
    let point = |time: i64, estimate: &str, reference: bool| Point {
        event_time: time,
        estimate: number(estimate),
        conf_low: (!reference).then(|| number("-0.1")),
        conf_high: (!reference).then(|| number("0.08")),
        reference,
    };
    StudyRow {
        id: id.to_owned(),
        study: "s".to_owned(),
        title: "Farland against the rest".to_owned(),
        role: "primary".to_owned(),
        lens: "l1".to_owned(),
        pool: "pool:s:p1".to_owned(),
        outcome: outcome.to_owned(),
        transform: "log".to_owned(),
        onset: "2010".to_owned(),
        window: ["2005".to_owned(), "2015".to_owned()],
        estimator: "event-study".to_owned(),
        main: true,
        variant: None,
        vintages: owned(&["v1"]),
        panel_digest: Some("00ff".repeat(16)),
        estimate: Some(number("-0.0418")),
        std_error: Some(number("0.03")),
        conf_low: Some(number("-0.1")),
        conf_high: Some(number("0.02")),
        conf_low_clustered: Some(number("-0.09")),
        conf_high_clustered: Some(number("0.01")),
        p_value: Some(number("0.2")),
        p_value_clustered: Some(number("0.1")),
        p_floor: Some(number("0.2")),
        assignment_level: "province".to_owned(),
        assignment_groups: [5, 1],
        cluster: "prefecture".to_owned(),
        n_treated: 2,
        n_controls: 4,
        n_clusters: 6,
        checks: vec![
            CheckResult {
                name: "pre_trend".to_owned(),
                required: true,
                status: CheckStatusWord::Holds,
                value: Some(number("0.4")),
                threshold: Some(number("0.05")),
                reason: None,
            },
            CheckResult {
                name: "honest_breakdown".to_owned(),
                required: true,
                status: CheckStatusWord::NotComputed,
                value: None,
                threshold: None,
                reason: Some("comes with a later version".to_owned()),
            },
        ],
        points: vec![
            point(-3, "0.01", false),
            point(-2, "0.02", false),
            point(-1, "0", true),
            point(0, "-0.03", false),
            point(1, "-0.05", false),
        ],
        sample: Some(SampleSummary {
            rows_read: 60,
            rows_used: 55,
            dropped: Vec::new(),
            units: 6,
            treated: owned(&["N-F-1", "N-F-2"]),
            controls: owned(&["N-C"]),
            treated_units: 2,
            control_units: 4,
            clusters: 6,
            periods: 11,
            rows: vec![SampleRow {
                unit: "N-F-1".to_owned(),
                period: "2005".to_owned(),
                role: "treated".to_owned(),
                reason: String::new(),
                from: Vec::new(),
            }],
        }),
        detectable_effect: Some(number("0.09")),
        breakdown: None,
        verdict: Verdict::CannotTell,
        reason: VerdictReason::PFloor,
        sentence: Sentence::of("Income fell behind: ")
            .figure("−4.1%", id)
            .text(", p = ")
            .figure("0.20", id)
            .text("."),
        figures: vec![counterpart_appraise::assessment::FigureRef {
            shown: "−4.1%".to_owned(),
            of: id.to_owned(),
        }],
        confounds: owned(&["a drought in the same year"]),
        looked_at_before: None,
        not_available: None,
        warnings: Vec::new(),
        method: "Two-way fixed effects.".to_owned(),
        from: owned(&["pool:s:p1", "v1"]),
    }
}

fn specification(id: &str, estimate: &str) -> Specification {
    Specification {
        id: id.to_owned(),
        study: "s".to_owned(),
        lens: "l1".to_owned(),
        pool: "pool:s:p1".to_owned(),
        outcome: "income".to_owned(),
        estimator: "did".to_owned(),
        window: ["2005".to_owned(), "2015".to_owned()],
        onset: "2010".to_owned(),
        estimate: number(estimate),
        conf_low: Some(number("-0.3")),
        conf_high: Some(number("0.1")),
        p_value: Some(number("0.2")),
        verdict: if estimate == "-0.21" {
            Verdict::Harmed
        } else {
            Verdict::CannotTell
        },
        from: Vec::new(),
    }
}

fn source(id: &str, address: Option<&str>) -> SourceRow {
    SourceRow {
        id: id.to_owned(),
        title: format!("Source {id} {CANARY}"),
        publisher: "Publisher".to_owned(),
        publisher_kind: "academic".to_owned(),
        published_on: Some("2021".to_owned()),
        address: address.map(str::to_owned),
        sha256: None,
        licence: None,
        may_republish: "unknown".to_owned(),
        copy_of: None,
    }
}

fn figure(id: &str, value: &str) -> Figure {
    Figure {
        id: id.to_owned(),
        kind: FigureKind::Observed,
        value: number(value),
        unit: Some("CNY_per_person".to_owned()),
        label: format!("Income per head, {id}"),
        status: None,
        source: Some("A1".to_owned()),
        locator: Some("table 3".to_owned()),
        formula: None,
        from: Vec::new(),
    }
}

fn places() -> Vec<PlaceRow> {
    let place = |id: &str, name: &str, level: &str, parent: Option<&str>| PlaceRow {
        id: id.to_owned(),
        name: name.to_owned(),
        name_zh: None,
        level: level.to_owned(),
        parent: parent.map(str::to_owned),
        lon: None,
        lat: None,
    };
    vec![
        place("N", "Nation", "nation", None),
        place("N-F", "Farland", "province", Some("N")),
        place("N-R", "Richland", "province", Some("N")),
        place("N-C", "Coastland", "province", Some("N")),
        place("N-F-1", "West Far", "district", Some("N-F")),
        place("N-F-2", "East Far", "district", Some("N-F")),
    ]
}
