//! Headings about private persons are refused in every table, in every language we know them in, with the reason.

use std::path::Path;

use counterpart_exchange::refuse::{REFUSED, Trait, refused};
use counterpart_model::{FaultCode, TableId};

use crate::faults::{faults_of, laid_over, message};

/// Headings as they stand in real spreadsheets, four languages of the lead case and three more.
const MET: &[(&str, Trait)] = &[
    // English
    ("Full Name", Trait::Name),
    ("id_no", Trait::Identity),
    ("Passport No.", Trait::Identity),
    ("mobile phone", Trait::Contact),
    ("dob", Trait::Birth),
    ("Gender", Trait::Sex),
    ("ethnicity", Trait::Ethnicity),
    ("x_religion", Trait::Religion),
    ("political_views", Trait::Politics),
    ("home address", Trait::Home),
    ("household", Trait::Home),
    ("Photo", Trait::Body),
    ("biometric_data", Trait::Body),
    // Chinese
    ("姓名", Trait::Name),
    ("工人姓名", Trait::Name),
    ("身份证号码", Trait::Identity),
    ("手机号", Trait::Contact),
    ("出生日期", Trait::Birth),
    ("性别", Trait::Sex),
    ("民族", Trait::Ethnicity),
    ("宗教信仰", Trait::Religion),
    ("政治面貌", Trait::Politics),
    ("家庭住址", Trait::Home),
    ("户口", Trait::Home),
    ("x_照片", Trait::Body),
    // Uyghur
    ("ئىسمى", Trait::Name),
    ("پاسپورت", Trait::Identity),
    ("تېلېفون", Trait::Contact),
    ("تۇغۇلغان ۋاقتى", Trait::Birth),
    ("جىنسى", Trait::Sex),
    ("مىللىتى", Trait::Ethnicity),
    ("دىنى", Trait::Religion),
    ("ئادرېس", Trait::Home),
    ("سۈرەت", Trait::Body),
    // Russian
    ("Фамилия", Trait::Name),
    ("номер_паспорта", Trait::Identity),
    ("телефон", Trait::Contact),
    ("Дата рождения", Trait::Birth),
    ("пол", Trait::Sex),
    ("этническая принадлежность", Trait::Ethnicity),
    ("религия", Trait::Religion),
    ("политические взгляды", Trait::Politics),
    ("домашний адрес", Trait::Home),
    ("отпечатки пальцев", Trait::Body),
    // French, German, Spanish
    ("Prénom", Trait::Name),
    ("prenom", Trait::Name),
    ("Geburtsdatum", Trait::Birth),
    ("teléfono", Trait::Contact),
];

#[test]
fn headings_met_in_spreadsheets_are_refused_in_every_table() {
    for (heading, about) in MET {
        for table in TableId::ALL {
            assert_eq!(refused(Some(*table), heading), Some(*about), "{table}: {heading}");
        }
        assert_eq!(
            refused(None, heading),
            Some(*about),
            "a table of the case's own: {heading}"
        );
    }
}

#[test]
fn every_heading_of_the_list_is_refused_with_case_spaces_and_prefix_changed() {
    for (_, headings) in REFUSED {
        for heading in *headings {
            for written in [
                (*heading).to_owned(),
                heading.to_uppercase(),
                heading.replace(' ', "_"),
                format!("x_{heading}"),
                format!(" {heading}"),
            ] {
                assert!(
                    refused(Some(TableId::Placements), &written).is_some(),
                    "{written}"
                );
            }
        }
    }
}

#[test]
fn a_table_with_such_headings_is_refused_by_name_with_the_reason() {
    let dir = laid_over(Path::new(""));
    let path = dir.path().join("postings.csv");
    std::fs::write(&path, "posting_id,姓名,جىنسى,дата рождения,home address\n1,,,,\n").unwrap();
    let faults: Vec<_> = faults_of(dir.path())
        .into_iter()
        .filter(|fault| fault.code == FaultCode::RefusedColumn)
        .collect();
    insta::assert_snapshot!(message(&faults), @r#"
    postings.csv:1:2 姓名 [refused_column]
      value     "姓名"
      expected  no column about persons or their traits; this would hold a private person's name
      hint      counts by origin, sector and period only; see docs/case-folder.md#refused
    postings.csv:1:3 جىنسى [refused_column]
      value     "جىنسى"
      expected  no column about persons or their traits; this would hold a person's sex or gender
      hint      counts by origin, sector and period only; see docs/case-folder.md#refused
    postings.csv:1:4 дата рождения [refused_column]
      value     "дата рождения"
      expected  no column about persons or their traits; this would hold a person's date or place of birth
      hint      counts by origin, sector and period only; see docs/case-folder.md#refused
    postings.csv:1:5 home address [refused_column]
      value     "home address"
      expected  no column about persons or their traits; this would hold a person's home or household
      hint      counts by origin, sector and period only; see docs/case-folder.md#refused
    "#);
}
