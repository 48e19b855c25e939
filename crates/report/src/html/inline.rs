//! Running text as HTML.

use counterpart_appraise::assessment::{CheckStatus, Verdict};

use super::escape;
use crate::anchor::Anchors;
use crate::document::{Inline, Text};
use crate::words;

/// Returns running text as HTML.
pub(super) fn text(text: &Text, anchors: &Anchors) -> String {
    text.0.iter().map(|part| inline(part, anchors)).collect()
}

/// Returns running text without links, for what is itself pressed: a control inside a control answers to nobody.
pub(super) fn unlinked(text: &Text, anchors: &Anchors) -> String {
    let part = |part: &Inline| match part {
        Inline::Number { shown, .. } => format!("<span class=\"num\">{}</span>", escape(shown)),
        Inline::Link { shown, .. } | Inline::Section { shown, .. } => escape(shown),
        Inline::Address(address) => escape(address),
        other => inline(other, anchors),
    };
    text.0.iter().map(part).collect()
}

fn inline(part: &Inline, anchors: &Anchors) -> String {
    match part {
        Inline::Words(words) => escape(words),
        Inline::Strong(words) => format!("<b>{}</b>", escape(words)),
        Inline::Small(words) => format!("<small>{}</small>", escape(words)),
        Inline::Code(words) => format!("<code>{}</code>", escape(words)),
        Inline::Number { shown, of } => match anchors.of(of) {
            Some(anchor) => format!("<a class=\"num\" href=\"#{anchor}\">{}</a>", escape(shown)),
            None => format!("<span class=\"num\">{}</span>", escape(shown)),
        },
        Inline::Link { shown, of } => match anchors.of(of) {
            Some(anchor) => format!("<a class=\"ref\" href=\"#{anchor}\">{}</a>", escape(shown)),
            None => escape(shown),
        },
        Inline::Section { shown, id } => format!("<a href=\"#{id}\">{}</a>", escape(shown)),
        Inline::Address(address) => link(address),
        Inline::Verdict(verdict) => self::verdict(*verdict),
        Inline::Status(status) => self::status(*status),
    }
}

/// Returns the address of a page elsewhere as a link that tells nobody where it was followed from; anything that is
/// no web address stays text.
fn link(address: &str) -> String {
    let lower = address.to_ascii_lowercase();
    if !(lower.starts_with("https://") || lower.starts_with("http://")) {
        return escape(address);
    }
    let shown = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = shown.split(['/', '?', '#']).next().unwrap_or(shown);
    format!(
        "<a class=\"ext\" rel=\"noreferrer noopener external\" href=\"{}\">{}</a>",
        escape(address),
        escape(host)
    )
}

/// Returns a verdict with its glyph.
pub(super) fn verdict(verdict: Verdict) -> String {
    let class = match verdict {
        Verdict::Helped => "helped",
        Verdict::NoDetectableEffect => "noeffect",
        Verdict::Harmed => "harmed",
        Verdict::CannotTell => "cannot",
    };
    format!(
        "<span class=\"v v-{class}\"><i aria-hidden=\"true\">{}</i>{}</span>",
        verdict.glyph(),
        verdict.words()
    )
}

/// Returns a check's status with its glyph.
pub(super) fn status(status: CheckStatus) -> String {
    format!(
        "<span class=\"ck ck-{}\"><i aria-hidden=\"true\">{}</i>{}</span>",
        words::status_class(status),
        words::status_glyph(status),
        words::status(status)
    )
}
