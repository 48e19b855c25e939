//! `check` and `show` on claims: sentences with their speakers, accusations with their answers.

use tempfile::TempDir;

use crate::run::{Ran, run};
use crate::tiny;

fn ran(arguments: &[&str]) -> Ran {
    let home: TempDir = tempfile::tempdir().expect("a folder");
    tiny::write(&home.path().join("tiny"));
    run(home.path(), arguments)
}

#[test]
fn every_figure_that_follows_from_others_gets_a_sentence() {
    let ran = ran(&["check", "tiny"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    insta::assert_snapshot!(ran.out, @r#"
    C4      contradicted
            Office of Unterau says “threefold”. 150 thalers (claim C2) ÷ 100 thalers
            (claim C1) comes to 150%: not the figure said (1.5 ratio below it). The
            inputs do not simply belong together: they are about different periods.

    C3      reproduced
            Office of Unterau says “1.5 times”. 150 thalers (claim C2) ÷ 100 thalers
            (claim C1) comes to 150%: the figure said. The inputs do not simply
            belong together: they are about different periods.

    C1      no derivation
            Office of Unterau says: Income a head was 100 thalers.

    C2      no derivation
            Office of Unterau says: Income a head was 150 thalers.

    C5      no derivation
            The Valley Paper alleges: Families were pressed to move into the new
            street; in answer, Office of Unterau denies: Nobody was pressed to move.

    C6      no derivation
            Office of Unterau denies: Nobody was pressed to move.

    C7      no derivation
            The Valley Paper criticises: The new road leads to an empty park; no
            reply on record.

    C8      no derivation
            The Valley Paper reports: A count of persons, which is withheld.

    8 claims: 1 contradicted, 1 reproduced, 6 no derivation
    "#);
}

#[test]
fn a_document_of_claims_has_their_checks() {
    let document = ran(&["check", "tiny", "--json"]).json();
    assert_eq!(document["schema"], "counterpart.check/1");
    let statuses: Vec<(&str, &str)> = document["claims"]
        .as_array()
        .expect("claims")
        .iter()
        .filter_map(|claim| Some((claim["id"].as_str()?, claim["check"]["status"].as_str()?)))
        .collect();
    // All of them, whether or not anything is said to follow.
    assert_eq!(statuses.len(), 8);
    let checked: Vec<(&str, &str)> = statuses
        .into_iter()
        .filter(|(_, status)| *status != "no_derivation")
        .collect();
    assert_eq!(checked, [("C3", "reproduced"), ("C4", "contradicted")]);
}

#[test]
fn an_accusation_is_printed_with_its_speaker_and_its_answer() {
    let ran = ran(&["check", "tiny", "--claim", "C5"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    insta::assert_snapshot!(ran.out, @r#"
    C5      no derivation
            The Valley Paper alleges: Families were pressed to move into the new
            street; in answer, Office of Unterau denies: Nobody was pressed to move.

    1 claim: 1 no derivation
    "#);
}

#[test]
fn a_document_of_an_accusation_carries_its_answer() {
    let document = ran(&["check", "tiny", "--claim", "C5", "--json"]).json();
    assert_eq!(document["answers"][0]["id"], "C6");
    assert_eq!(document["allegations"][0]["reply"], "answered");
    let document = ran(&["show", "C5", "tiny", "--json"]).json();
    assert_eq!(document["answers"][0]["id"], "C6");
}

#[test]
fn an_accusation_without_an_answer_says_so_in_the_same_sentence() {
    for arguments in [
        &["check", "tiny", "--claim", "C7"][..],
        &["show", "C7", "tiny"],
        &["show", "CO1", "tiny"],
    ] {
        let ran = ran(arguments);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let one_line = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        let sentence = one_line
            .split(". ")
            .find(|sentence| sentence.contains("empty park") || sentence.contains("could not refuse"))
            .unwrap_or_else(|| panic!("{one_line}"));
        assert!(sentence.contains("The Valley Paper"), "{sentence}");
        assert!(sentence.contains("no reply on record"), "{sentence}");
    }
}

#[test]
fn the_trail_of_a_claim_leads_to_its_inputs_and_its_row() {
    let ran = ran(&["show", "C4", "tiny"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    insta::assert_snapshot!(ran.out, @r#"
    C4  claim

    said       Office of Unterau says: Income a head is three times what it was.
    by         Office of Unterau (state), asserts, named
    where      p5 of S1, Yearbook of Unterau, Office of Unterau, 2020
    about      Unterau 下奥 (ZZ-2), 2010 to 2015
    figure     3 ratio (as said: threefold)
    check      contradicted
               Office of Unterau says “threefold”. 150 thalers (claim C2) ÷ 100
               thalers (claim C1) comes to 150%: not the figure said (1.5 ratio
               below it). The inputs do not simply belong together: they are about
               different periods.
    reading    D2#1 = 1.5, from
                 C2 = 150
                   Office of Unterau says: Income a head was 150 thalers.
                 C1 = 100
                   Office of Unterau says: Income a head was 100 thalers.
    on record  commit 1, claims row 4, recorded 2026-01-01 by counterpart

    C4  contradiction

    says       Growth, Twinning, 2010 to 2015: Office of Unterau says 1.5 ratio;
               Office of Unterau says 3 ratio. These cannot all hold: the largest is
               100% above the smallest. One speaker stands behind all of them.
    kind       speakers
    speakers   1
    statement  C3: Office of Unterau, “1.5 times”, S1, Yearbook of Unterau, Office
               of Unterau, 2020
    statement  C4: Office of Unterau, “threefold”, S1, Yearbook of Unterau, Office
               of Unterau, 2020
    "#);
}

#[test]
fn the_trail_of_an_accusation_has_both_sides() {
    let ran = ran(&["show", "C5", "tiny"]);
    insta::assert_snapshot!(ran.out, @r#"
    C5  claim

    said       The Valley Paper alleges: Families were pressed to move into the new
               street; in answer, Office of Unterau denies: Nobody was pressed to
               move.
    by         The Valley Paper (journalism), alleges, named
    where      p2 of S2, A walk through Unterau, The Valley Paper, 2021-03
    about      Unterau 下奥 (ZZ-2), 2014
    answered   Office of Unterau denies: Nobody was pressed to move.
    check      no derivation
    on record  commit 1, claims row 6, recorded 2026-01-01 by counterpart
    "#);
}

#[test]
fn a_count_of_few_persons_is_withheld() {
    let claim = ran(&["show", "C8", "tiny"]);
    assert!(
        claim.out.contains("figure     withheld") && !claim.out.contains("value      4"),
        "{}",
        claim.out
    );
    let posting = ran(&["show", "PO1", "tiny"]);
    insta::assert_snapshot!(posting.out, @r#"
    PO1  count of people

    says       Office of Unterau: persons (teachers) sent from Oberau to Unterau,
               2014; the number is withheld.
    where      p7 of S1, Yearbook of Unterau, Office of Unterau, 2020
    count      a number that is withheld (persons)
    programme  TW
    round      TW-1
    on record  commit 1, postings row 1, recorded 2026-01-01 by counterpart
    "#);
    let document = ran(&["show", "PO1", "tiny", "--json"]).json();
    let cells = &document["statements"][0]["cells"];
    assert!(cells.is_object() && cells.get("count").is_none(), "{cells}");
}

#[test]
fn an_unknown_claim_is_answered_with_its_neighbours() {
    insta::assert_snapshot!(ran(&["check", "tiny", "--claim", "c9"]).told(), @r#"
    error: no claim has the id "c9"
    hint: did you mean C1, C2 or C3?
    [exit 2]
    "#);
}

#[test]
fn many_lenses_with_wide_names_still_fit_on_a_screen() {
    use unicode_width::UnicodeWidthStr;
    let home = tempfile::tempdir().expect("a folder");
    let ids: Vec<String> = (1..=12).map(|number| format!("lens_{number}")).collect();
    let lenses: Vec<(&str, &str)> = ids
        .iter()
        .map(|id| (id.as_str(), "官方统计最新修订版与初次公布的数字"))
        .collect();
    tiny::write_with_lenses(&home.path().join("tiny"), &lenses);
    let ran = run(home.path(), &["assess", "tiny"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.lines().count() <= 24, "{}", ran.out);
    assert!(ran.out.lines().all(|line| line.width() <= 80), "{}", ran.out);
    assert!(ran.out.contains("and 5 more lenses in the report"), "{}", ran.out);
}
