//! Claims as HTML: a filter, groups by topic, a trail under each.

use counterpart_appraise::assessment::CheckStatus;

use super::{blocks, escape, inline};
use crate::anchor::Anchors;
use crate::document::{ClaimGroup, ClaimItem, Step};
use crate::words;

const STATUSES: [CheckStatus; 6] = [
    CheckStatus::Reproduced,
    CheckStatus::OnlyWith,
    CheckStatus::Contradicted,
    CheckStatus::Implied,
    CheckStatus::NotCheckable,
    CheckStatus::NoDerivation,
];

/// Writes all claims; group titles stand at `level`.
pub(super) fn claims(groups: &[ClaimGroup], level: u8, anchors: &Anchors, out: &mut String) {
    filter(groups, out);
    for group in groups {
        out.push_str(&format!(
            "<div class=\"cg\"><h{level}>{} <span class=\"n-of\">{}</span></h{level}>",
            escape(&group.topic),
            group.claims.len()
        ));
        for claim in &group.claims {
            item(claim, level, anchors, out);
        }
        out.push_str("</div>\n");
    }
}

fn filter(groups: &[ClaimGroup], out: &mut String) {
    let count = |status: CheckStatus| {
        groups
            .iter()
            .flat_map(|group| &group.claims)
            .filter(|claim| claim.status == status)
            .count()
    };
    let all: usize = groups.iter().map(|group| group.claims.len()).sum();
    out.push_str("<div class=\"chips\" role=\"radiogroup\" aria-label=\"Show claims by result\">");
    out.push_str(&format!(
        "<label><input type=\"radio\" name=\"ck\" value=\"*\" checked><span>All {all}</span></label>"
    ));
    for status in STATUSES {
        let n = count(status);
        if n > 0 {
            out.push_str(&format!(
                "<label><input type=\"radio\" name=\"ck\" value=\"{}\"><span>{} {n}</span></label>",
                words::status_class(status),
                inline::status(status)
            ));
        }
    }
    out.push_str("<output id=\"shown\"></output></div>\n");
}

fn item(claim: &ClaimItem, level: u8, anchors: &Anchors, out: &mut String) {
    let id = anchors
        .place(&claim.id)
        .map_or_else(String::new, |id| format!(" id=\"{id}\""));
    let value = if claim.figure.is_empty() {
        String::new()
    } else {
        format!(" data-value=\"{}\"", escape(&claim.figure))
    };
    out.push_str(&format!(
        "<details class=\"cl\" data-k=\"{}\"{id}{value}><summary><span class=\"fg\">{}</span><span class=\"wh\">{}</span>{}",
        words::status_class(claim.status),
        escape(&claim.figure),
        escape(&claim.text),
        inline::status(claim.status)
    ));
    if !claim.why.is_empty() {
        out.push_str(&format!(
            "<span class=\"why\">{}</span>",
            inline::text(&claim.why, anchors)
        ));
    }
    out.push_str("</summary><ol class=\"steps\">");
    for step in &claim.steps {
        self::step(step, level, anchors, out);
    }
    out.push_str("</ol></details>");
}

fn step(step: &Step, level: u8, anchors: &Anchors, out: &mut String) {
    out.push_str(&format!("<li><b>{}</b><div>", step.name));
    for block in &step.blocks {
        blocks::block(block, level, anchors, out);
    }
    out.push_str("</div></li>");
}
