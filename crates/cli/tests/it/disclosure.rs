//! What is withheld is withheld everywhere: canaries in every table and column, looked for in every output.

use std::fs;
use std::path::Path;

use crate::{run::run, tiny};

/// Counts under a threshold of 50,000 that are easy to find again, and 61,844, which would give 31,843 away.
const SECRET: [&str; 12] = [
    "31841",
    "31842",
    "31843",
    "31844",
    "31845",
    "31846",
    "31847",
    "31848",
    "31849",
    "127392000",
    "61844",
    "KANARIE",
];

const TABLES: &[(&str, &str)] = &[
    (
        "activities.csv",
        "activity_id,programme_id,title,kind,place_id,status,planned_start,actual_start,planned_end,abandonment_claims,source_id,locator
ACT,TW,A weaving mill,factory,ZZ-2,,2012,,2020,,S1,p20
",
    ),
    (
        "rules.csv",
        "rule_id,programme_id,kind,who_id,base_indicator,rate_lower,rate_upper,base_lag,amount,currency,minimum_count,period_start,period_end,text,speaker_id,source_id,locator
RU1,TW,subsidy,ZZ-1,,,,,4000,CNY,30,2014,,4000 for each contract from thirty on,SP-office,S1,p21
",
    ),
    (
        "postings.csv",
        "posting_id,programme_id,round_id,batch,direction,provider_id,recipient_id,profession,count,lower,upper,qualifier,unit,term_months,period,speaker_id,source_id,locator,note,x_note
PO1,TW,TW-1,,out,ZZ-1,ZZ-2,teachers,31841,,,,persons,18,2014,SP-office,S1,p7,KANARIE 31841,KANARIE
PO2,TW,TW-1,,out,ZZ-1,ZZ-2,nurses,,31849,,more_than,persons,,2014,SP-office,S1,table of 31849,,
PO3,TW,TW-1,,out,ZZ-1,ZZ-2,drivers,600001,,,,persons,,2015,SP-office,S1,p7,,
",
    ),
    (
        "trainings.csv",
        "training_id,programme_id,round_id,batch,direction,provider_id,recipient_id,profession,count,lower,upper,qualifier,unit,term_months,period,speaker_id,source_id,locator,note
TR1,TW,TW-1,,out,ZZ-1,ZZ-2,weavers,31842,,,,person_times,,2014,SP-paper,S2,p7,KANARIE
",
    ),
    (
        "placements.csv",
        "placement_id,origin_id,destination_id,sector,count,lower,upper,qualifier,concept,within_region,period,wage,wage_lower,wage_upper,currency,speaker_id,part_of,source_id,locator,note,x_note
PL0,ZZ-2,ZZ-1,,793687,,,,persons,no,2014,,,,,SP-office,,S1,p8,,
PL1,ZZ-2,ZZ-1,weaving,31843,,,,persons,no,2014,31844,,,CNY,SP-office,PL0,S1,p8,KANARIE,KANARIE
PL2,ZZ-2,ZZ-1,carving,61844,,,,persons,no,2014,,,,,SP-office,PL0,S1,p8,KANARIE 61844,
PL3,ZZ-2,ZZ-1,mining,700000,,,,persons,no,2014,,,,,SP-office,PL0,S1,p8,,
",
    ),
    (
        "claims.csv",
        "claim_id,act,speaker_id,reported_by,attribution,subject,property,place_id,period_start,period_end,value,lower,upper,qualifier,unit,currency,as_said,text,responds_to,topic,source_id,locator,x_own
C1,asserts,SP-office,,named,TW,helpers,ZZ-2,2010,2010,31845,,,,persons,,31845 KANARIE,31845 helpers KANARIE,,,S1,t1,KANARIE
C2,asserts,SP-office,,named,TW,helpers of all kinds,ZZ-2,2010,2010,731845,,,,persons,,so many,731845 helpers of all kinds,,,S1,t2,
C3,asserts,SP-office,,named,TW,other helpers,ZZ-2,2010,2010,700000,,,,persons,,so many,700000 other helpers,,,S1,t3,
C4,asserts,SP-office,,named,TW,share of helpers,ZZ-2,2010,2010,4.35,,,,percent,,4.35 %,A share,,,S1,t4,
C5,alleges,SP-paper,,named,TW,helpers who left,ZZ-2,2014,2014,31845,,,,persons,,31845,31845 helpers left KANARIE,,houses,S2,p2,
C6,denies,SP-office,,named,TW,helpers who left,ZZ-2,2014,2014,,,,,,,,It was not so that 31845 helpers left,C5,houses,S1,p9,
C7,reports,SP-paper,,named,TW,drivers,ZZ-2,2014,2014,,,,,,,,Another text of 31841 teachers,,roads,S2,p3,
C8,reports,SP-paper,,named,TW,helpers,ZZ-2,2010,2010,90000,,,,persons,,90000,90000 helpers came,,,S2,p4,
",
    ),
    (
        "derivations.csv",
        "derivation_id,claim_id,kind,operands,rounding,digits,source_id,locator
D1,C2,sum,C1;C3,nearest,0,S1,p4
D2,C4,share,C1;C2,nearest,2,S1,p5
",
    ),
    (
        "results.csv",
        "result_id,activity_id,indicator,unit,baseline,target,target_lower,actual,actual_lower,qualifier,due_on,period,speaker_id,source_id,locator,note
RE1,ACT,jobs,persons,,900000,,31846,,,2020,2020,SP-office,S1,p22,KANARIE
",
    ),
    (
        "transactions.csv",
        "transaction_id,programme_id,flow,type,basis,provider_id,receiver_id,activity_id,value,lower,upper,qualifier,currency,as_said,period_start,period_end,part_of,copy_of,speaker_id,source_id,locator,note
T1,TW,subsidy,disbursement,annual,ZZ-1,ZZ-2,ACT,127392000,,,,CNY,KANARIE 127392000,2014,2014,,,SP-office,S1,p23,KANARIE for 31848
",
    ),
    (
        "indicators.csv",
        "indicator_id,name,name_zh,unit,kind,better,derive,source_id,locator
heads,Residents,,persons,level,neither,,S1,p30
gdp,Product,,CNY,level,higher,,S1,p30
gdp_pc,Product a head,,CNY,level,higher,gdp / heads,S1,p30
",
    ),
    (
        "vintages.csv",
        "vintage_id,series,kind,published_on,population_basis,supersedes,note,source_id,locator
V1,Yearbook,edition,2020,,,,S1,p30
",
    ),
    (
        "observations.csv",
        "place_id,indicator_id,period,vintage_id,value,unit,status,flag,source_id,locator
ZZ-2,heads,2014,V1,31847,persons,,,S1,p31
ZZ-1,heads,2014,V1,9100000,persons,,,S1,p31
ZZ,heads,2014,V1,9131847,persons,,,S1,p31
ZZ-2,gdp,2014,V1,5000000,CNY,,,S1,p31
ZZ,gdp,2014,V1,900000000,CNY,,,S1,p31
",
    ),
];

fn write(folder: &Path, threshold: u32) {
    tiny::write(folder);
    for (name, text) in TABLES {
        fs::write(folder.join(name), text).expect("a table");
    }
    let toml = fs::read_to_string(folder.join("case.toml")).expect("case.toml");
    let toml = toml.replace("threshold = 10", &format!("threshold = {threshold}"));
    let gap = "[gap]\nplace = \"ZZ-2\"\nnation = \"ZZ\"\nindicators = [\"gdp_pc\"]\n\n[verdict]";
    fs::write(folder.join("case.toml"), toml.replace("[verdict]", gap)).expect("case.toml");
}

/// Every secret in a text; digits also with commas between thousands.
fn found(text: &str) -> Vec<&'static str> {
    let plain: String = text
        .chars()
        .filter(|mark| !matches!(mark, ',' | '\u{202f}' | '\u{a0}' | '_'))
        .collect();
    let whole = |text: &str, secret: &str| {
        text.match_indices(secret).any(|(at, _)| {
            let is_digit = |mark: Option<char>| mark.is_some_and(|mark| mark.is_ascii_digit());
            !is_digit(text[..at].chars().next_back()) && !is_digit(text[at + secret.len()..].chars().next())
        })
    };
    SECRET
        .into_iter()
        .filter(|secret| whole(text, secret) || whole(&plain, secret))
        .collect()
}

fn files(folder: &Path, each: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, each);
        } else {
            let bytes = fs::read(&path).expect("a file");
            each(&path, &String::from_utf8_lossy(&bytes));
        }
    }
}

/// Finds objects that count persons, whatever their type, with a number under a threshold.
fn counts_of_few(value: &serde_json::Value, threshold: f64, few: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| counts_of_few(item, threshold, few)),
        serde_json::Value::Object(object) => {
            let counts = ["unit", "concept"].iter().any(|name| {
                let unit = object.get(*name).and_then(serde_json::Value::as_str);
                unit.is_some_and(|unit| matches!(unit, "persons" | "person_times"))
            });
            let numbers = [
                "value",
                "lower",
                "upper",
                "baseline",
                "target",
                "target_lower",
                "actual",
                "actual_lower",
                "stated",
            ];
            let is_small = |name: &&str| {
                let number = object.get(*name).and_then(serde_json::Value::as_f64);
                number.is_some_and(|number| number > 0.0 && number < threshold)
            };
            if counts && numbers.iter().any(is_small) {
                few.push(value.to_string());
            }
            object
                .values()
                .for_each(|item| counts_of_few(item, threshold, few));
        }
        _ => {}
    }
}

#[test]
fn a_withheld_count_is_in_no_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    write(&here.join("case"), 50_000);
    let ran = run(here, &["validate", "case"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ids = [
        "C1",
        "C2",
        "C3",
        "C4",
        "C5",
        "C6",
        "C7",
        "C8",
        "PO1",
        "PO2",
        "TR1",
        "PL0",
        "PL1",
        "PL2",
        "RE1",
        "T1",
        "ACT",
        "RU1",
        "ZZ-2/heads/2014@V1",
        "ZZ-2/heads/2014",
        "D1",
        "disclosure",
    ];
    let mut commands: Vec<Vec<&str>> = vec![
        vec!["assess", "case", "--out", "report", "--ledger", "case.ledger"],
        vec!["assess", "case.ledger", "--out", "report2", "--json"],
        vec!["check", "case"],
        vec!["check", "case", "--json"],
        vec!["owed", "case"],
        vec!["owed", "case", "--json"],
        vec!["log", "--ledger", "case.ledger"],
    ];
    for table in [
        "postings",
        "trainings",
        "placements",
        "claims",
        "results",
        "transactions",
        "observations",
        "people",
        "entitlements",
        "contradictions",
        "activities",
        "totals",
    ] {
        commands.push(vec!["list", table, "case.ledger"]);
        commands.push(vec!["list", table, "case.ledger", "--json"]);
    }
    for id in ids {
        commands.push(vec!["show", id, "case.ledger"]);
        commands.push(vec!["show", id, "case.ledger", "--json"]);
        commands.push(vec!["log", "--of", id, "--ledger", "case.ledger"]);
        commands.push(vec!["log", "--of", id, "--ledger", "case.ledger", "--json"]);
    }
    let mut well = 0;
    for command in commands {
        let ran = run(here, &command);
        well += usize::from(ran.code == Some(0));
        for (stream, text) in [("out", &ran.out), ("err", &ran.err)] {
            assert_eq!(found(text), Vec::<&str>::new(), "{command:?} {stream}:\n{text}");
        }
    }
    assert!(well > 60, "only {well} commands did anything");
    for report in ["report", "report2"] {
        files(&here.join(report), &mut |path, text| {
            assert_eq!(found(text), Vec::<&str>::new(), "{}", path.display());
        });
    }
    let text = fs::read_to_string(here.join("report/report.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let mut few = Vec::new();
    counts_of_few(&report, 50_000.0, &mut few);
    assert_eq!(few, Vec::<String>::new());
    // The keeper's copy has them all.
    let ran = run(here, &["export", "copy", "--ledger", "case.ledger"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let mut kept = String::new();
    files(&here.join("copy"), &mut |_, text| kept.push_str(text));
    assert_eq!(found(&kept), SECRET);
}

#[test]
fn the_threshold_of_the_case_is_the_one_that_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    for (threshold, hidden) in [(3_u32, 0_usize), (31_841, 0), (31_842, 2), (31_850, 12)] {
        let case = format!("case-{threshold}");
        write(&here.join(&case), threshold);
        let out = format!("out-{threshold}");
        let ran = run(here, &["assess", &case, "--out", &out]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let text = fs::read_to_string(here.join(&out).join("report.json")).expect("a report");
        let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let withheld = report["disclosure"]["withheld"].as_array().expect("a list").len();
        if hidden == 0 {
            assert_eq!(withheld, 0, "{threshold}: {}", report["disclosure"]);
        } else {
            assert!(withheld >= hidden / 2, "{threshold}: {}", report["disclosure"]);
            assert!(!found(&text).contains(&"31841"), "{threshold}");
        }
    }
}

#[test]
fn what_was_published_is_on_record_and_kept_from_being_subtracted() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    let placements = |total: u32, small: Option<u32>| {
        let mut text = String::from(
            "placement_id,origin_id,destination_id,sector,count,lower,upper,qualifier,concept,within_region,period,wage,wage_lower,wage_upper,currency,speaker_id,part_of,source_id,locator\n",
        );
        let mut line = |id: &str, sector: &str, count: u32, whole: &str| {
            text.push_str(&format!(
                "{id},ZZ-2,ZZ-1,{sector},{count},,,,persons,no,2014,,,,,SP-office,{whole},S1,p8\n"
            ));
        };
        line("PL1", "", total, "");
        line("PL2", "weaving", 40, "PL1");
        line("PL3", "mining", 60, "PL1");
        if let Some(small) = small {
            line("PL4", "carving", small, "PL1");
        }
        text
    };
    let count = |out: &str, id: &str| {
        let text = fs::read_to_string(here.join(out).join("report.json")).expect("a report");
        let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let row = report["people"]
            .as_array()
            .expect("people")
            .iter()
            .find(|row| row["id"] == id)
            .expect("a row")
            .clone();
        row.get("value").cloned()
    };
    tiny::write(&here.join("case"));
    fs::write(here.join("case/placements.csv"), placements(100, None)).expect("a table");
    let assess = |out: &str| {
        let ran = run(here, &["assess", "case", "--ledger", "l", "--out", out]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    };
    assess("first");
    assert_eq!(count("first", "PL1"), Some(100.into()));
    let note = [
        "publish",
        "--report",
        "first",
        "--ledger",
        "l",
        "--recorded-at",
        "2026-01-02",
    ];
    let ran = run(here, &note);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    // The same note again makes no commit, and the ledger stays whole.
    let ran = run(here, &note);
    assert!(ran.out.contains("already"), "{}", ran.out);
    assert_eq!(run(here, &["verify", "l"]).code, Some(0));
    // Five more: the parts are out, so that the new total has to go.
    fs::write(here.join("case/placements.csv"), placements(105, Some(5))).expect("a table");
    assess("second");
    assert_eq!(count("second", "PL2"), Some(40.into()));
    assert_eq!(count("second", "PL3"), Some(60.into()));
    assert_eq!(count("second", "PL4"), None);
    assert_eq!(count("second", "PL1"), None);
    // A report of another state than the ledger's is not put on record.
    assert_eq!(
        run(here, &["publish", "--report", "first", "--ledger", "l"]).code,
        Some(2)
    );
    // Without the note, one of the parts would have gone and the total stayed.
    let ran = run(here, &["assess", "case", "--out", "alone"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(count("alone", "PL1"), Some(105.into()));
    assert_eq!(count("alone", "PL2"), None);
}
