//! A tiny case of claims alone, invented: a figure that follows, one that does not, an accusation with an answer and
//! one without, and a count of persons too small to publish.

use std::fs;
use std::path::Path;

/// Questions, with the given lens titles.
fn questions(lenses: &[(&str, &str)]) -> String {
    let lenses: String = lenses
        .iter()
        .map(|(id, title)| format!("[[lens]]\nid = \"{id}\"\ntitle = \"{title}\"\nvintage = \"newest\"\n\n"))
        .collect();
    format!(
        r#"title = "An invented twinning"
question = "Does the twinning of Oberau help Unterau?"
nation = "ZZ"
subject = "ZZ-2"
as_of = "2026-01-01"
seed = 1
synthetic = true

[disclosure]
threshold = 10

{lenses}[verdict]
confidence = 0.95
smallest_effect = 0.05
rule = ["no_series", "no_control", "check_failed", "p_floor", "inside", "above", "below", "else_cannot_tell"]
headline = "all_primary_agree"
"#
    )
}

const TABLES: &[(&str, &str)] = &[
    (
        "sources.csv",
        "source_id,title,publisher,publisher_kind,published_on,retrieved_on,address,sha256,licence,may_republish,copy_of
S1,Yearbook of Unterau,Office of Unterau,state,2020,,,,,unknown,
S2,A walk through Unterau,The Valley Paper,journalism,2021-03,,,,,no,
",
    ),
    (
        "speakers.csv",
        "speaker_id,name,name_zh,kind,part_of,source_id,locator
SP-office,Office of Unterau,,state,,S1,cover
SP-paper,The Valley Paper,,journalism,,S2,p1
",
    ),
    (
        "places.csv",
        "place_id,code_system,code_year,name,name_zh,name_local,level,parent_id,lon,lat,valid_from,valid_to,source_id,locator
ZZ,own,,Synthetia,,,nation,,,,,,S1,p1
ZZ-1,own,,Oberau,上奥,,province,ZZ,,,,,S1,p1
ZZ-2,own,,Unterau,下奥,,province,ZZ,,,,,S1,p1
",
    ),
    (
        "claims.csv",
        "claim_id,act,speaker_id,reported_by,attribution,subject,property,place_id,period_start,period_end,value,lower,upper,qualifier,unit,currency,as_said,text,responds_to,topic,source_id,locator
C1,asserts,SP-office,,named,TW,income,ZZ-2,2010,2010,100,,,,thalers,,100 thalers,Income a head was 100 thalers,,,S1,t1
C2,asserts,SP-office,,named,TW,income,ZZ-2,2015,2015,150,,,,thalers,,150 thalers,Income a head was 150 thalers,,,S1,t1
C3,asserts,SP-office,,named,TW,growth,ZZ-2,2010,2015,1.5,,,,ratio,,1.5 times,Income a head is one and a half times what it was,,,S1,p4
C4,asserts,SP-office,,named,TW,growth,ZZ-2,2010,2015,3,,,,ratio,,threefold,Income a head is three times what it was,,,S1,p5
C5,alleges,SP-paper,,named,TW,pressure,ZZ-2,2014,2014,,,,,,,,Families were pressed to move into the new street,,houses,S2,p2
C6,denies,SP-office,,named,TW,pressure,ZZ-2,2014,2014,,,,,,,,Nobody was pressed to move,C5,houses,S1,p9
C7,criticises,SP-paper,,named,TW,roads,ZZ-2,2014,2014,,,,,,,,The new road leads to an empty park,,roads,S2,p3
C8,reports,SP-paper,,named,TW,helpers,ZZ-2,2014,2014,4,,,,persons,,four helpers,Four helpers came,,,S2,p4
",
    ),
    (
        "derivations.csv",
        "derivation_id,claim_id,kind,operands,rounding,digits,source_id,locator
D1,C3,ratio,C2;C1,nearest,1,S1,p4
D2,C4,ratio,C2;C1,nearest,0,S1,p5
",
    ),
    (
        "programmes.csv",
        "programme_id,name,nation_id,decided_on,first_money_on,start,end,notes,source_id,locator
TW,Twinning,ZZ,2010,2010,2010,,,S1,p1
",
    ),
    (
        "rounds.csv",
        "round_id,programme_id,name,decided_on,first_money_on,start,end,notes,source_id,locator
TW-1,TW,First round,2010,2010,2010,,,S1,p1
",
    ),
    (
        "postings.csv",
        "posting_id,programme_id,round_id,batch,direction,provider_id,recipient_id,profession,count,lower,upper,qualifier,unit,term_months,period,speaker_id,source_id,locator
PO1,TW,TW-1,,out,ZZ-1,ZZ-2,teachers,4,,,,persons,,2014,SP-office,S1,p7
",
    ),
    (
        "placements.csv",
        "placement_id,origin_id,destination_id,sector,count,lower,upper,qualifier,concept,within_region,period,wage,wage_lower,wage_upper,currency,speaker_id,part_of,source_id,locator
PL1,ZZ-2,ZZ-1,weaving,40,,,,persons,no,2014,,,,,SP-office,,S1,p8
",
    ),
    (
        "conditions.csv",
        "condition_id,attached_to,text,act,speaker_id,ilo_indicator,responds_to,source_id,locator
CO1,PL1,Weavers could not refuse the work,alleges,SP-paper,,,S2,p5
",
    ),
];

/// Writes the case with one lens.
pub(crate) fn write(folder: &Path) {
    write_with_lenses(folder, &[("all", "Everything on record")]);
}

/// Writes the case with these lenses: ids and titles.
pub(crate) fn write_with_lenses(folder: &Path, lenses: &[(&str, &str)]) {
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join("case.toml"), questions(lenses)).expect("case.toml");
    for (name, text) in TABLES {
        fs::write(folder.join(name), text).expect("a table");
    }
}
