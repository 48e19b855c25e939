//! Claims as they are printed: a sentence with its speaker; an accusation never without its answers.

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::{CheckStatus, ClaimRow};

use anstyle::Style;

use crate::settings::Settings;
use crate::terminal::marks::{TITLE, status_style, status_words};
use crate::terminal::number::count;
use crate::terminal::page::Page;

/// Statuses in the order in which a reader wants them.
const ORDER: [CheckStatus; 6] = [
    CheckStatus::Contradicted,
    CheckStatus::OnlyWith,
    CheckStatus::Reproduced,
    CheckStatus::NotCheckable,
    CheckStatus::Implied,
    CheckStatus::NoDerivation,
];

/// Whether a claim accuses or finds fault: then it is printed with its answers or not at all.
pub(crate) fn accuses(claim: &ClaimRow) -> bool {
    matches!(claim.act.as_str(), "alleges" | "criticises")
}

/// Returns one sentence with the speaker in it; of an accusation, with every answer or that none is on record.
pub(crate) fn attributed(assessment: &Assessment, claim: &ClaimRow) -> String {
    let allegation = assessment.allegations.iter().find(|row| row.claim == claim.id);
    if let Some(allegation) = allegation.filter(|_| accuses(claim)) {
        allegation.sentence.clone()
    } else if accuses(claim) {
        format!("{}.", with_answers(assessment, claim, &mut Vec::new()))
    } else {
        claim.attributed.trim_end().to_owned()
    }
}

/// Returns a claim's sentence without its full stop; an accusation that answers another has its own answers with it.
fn with_answers<'a>(assessment: &'a Assessment, claim: &'a ClaimRow, told: &mut Vec<&'a str>) -> String {
    let own = claim.attributed.trim_end().trim_end_matches(['.', '。']);
    if !accuses(claim) || told.contains(&claim.id.as_str()) {
        return own.to_owned();
    }
    told.push(&claim.id);
    let answers: Vec<String> = assessment
        .claims
        .iter()
        .filter(|other| is_answer(assessment, claim, other))
        .map(|answer| with_answers(assessment, answer, told))
        .collect();
    if answers.is_empty() {
        format!("{own}; no reply on record")
    } else {
        format!("{own}; in answer, {}", answers.join("; and "))
    }
}

/// Whether `other` answers `claim`.
pub(crate) fn is_answer(assessment: &Assessment, claim: &ClaimRow, other: &ClaimRow) -> bool {
    claim.answered_by.contains(&other.id)
        || other.responds_to.contains(&claim.id)
        || assessment
            .allegations
            .iter()
            .any(|row| row.claim == claim.id && row.answers.contains(&other.id))
}

/// Returns the screen of the claim check: first the claims whose figure is said to follow from others, then in a line
/// each what rests on nothing else.
pub(crate) fn screen(assessment: &Assessment, chosen: &[&ClaimRow], settings: &Settings) -> String {
    let mut page = Page::new(settings);
    for status in ORDER {
        for claim in chosen.iter().filter(|claim| claim.check.status == status) {
            page.push_styled(&format!("{:<8}", claim.id), TITLE);
            page.push_styled(status_words(status), status_style(status));
            page.blank();
            if accuses(claim) || status == CheckStatus::NoDerivation {
                page.paragraph(8, &attributed(assessment, claim), Style::new());
            }
            if status != CheckStatus::NoDerivation {
                page.paragraph(8, &claim.check.sentence.to_string(), Style::new());
            }
            page.blank();
        }
    }
    page.line(&tally(chosen));
    page.finish()
}

/// "48 figures: 8 reproduced, …".
fn tally(chosen: &[&ClaimRow]) -> String {
    let parts: Vec<String> = ORDER
        .into_iter()
        .filter_map(|status| {
            let claims = chosen.iter().filter(|claim| claim.check.status == status).count();
            (claims > 0).then(|| format!("{claims} {}", status_words(status)))
        })
        .collect();
    let total = count(chosen.len(), "claim", "claims");
    if parts.is_empty() {
        total
    } else {
        format!("{total}: {}", parts.join(", "))
    }
}
