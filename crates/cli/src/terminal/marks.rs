//! What the screens draw with: the report's marks, or ASCII alone.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use counterpart_appraise::assessment::{CheckStatus, Verdict};

/// The marks of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marks {
    ascii: bool,
}

impl Marks {
    pub(crate) const fn unicode() -> Self {
        Self { ascii: false }
    }

    pub(crate) const fn ascii() -> Self {
        Self { ascii: true }
    }

    /// Returns the glyph of a verdict.
    pub(crate) const fn verdict(self, verdict: Verdict) -> char {
        match (self.ascii, verdict) {
            (false, _) => verdict.glyph(),
            (true, Verdict::Helped) => '+',
            (true, Verdict::Harmed) => '-',
            (true, Verdict::NoDetectableEffect) => '=',
            (true, Verdict::CannotTell) => '?',
        }
    }

    /// Returns the levels of a sparkline, lowest first; the middle one is nothing.
    pub(crate) const fn spark(self) -> &'static [char] {
        if self.ascii {
            &['.', ':', '-', '=', '#']
        } else {
            &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
        }
    }

    /// Returns the mark of the period in which the round begins.
    pub(crate) const fn onset(self) -> char {
        if self.ascii { '|' } else { '│' }
    }

    /// Returns what stands where there is no number.
    pub(crate) const fn none(self) -> &'static str {
        if self.ascii { "-" } else { "–" }
    }

    /// Returns what ends a text that was cut.
    pub(crate) const fn cut(self) -> char {
        if self.ascii { '~' } else { '…' }
    }

    /// Returns text that is safe to print, with the marks that the program itself sets in ASCII where that is wanted.
    ///
    /// Control and direction marks of a case's text never reach a terminal. Names and quoted text stay as they are
    /// otherwise: a name spelled in another script is another name.
    pub(crate) fn text(self, text: &str) -> Cow<'_, str> {
        if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Cow::Borrowed(text);
        }
        let mut plain = String::with_capacity(text.len());
        for mark in text.chars() {
            match mark {
                '\n' => plain.push('\n'),
                '\t' => plain.push(' '),
                other if steers_a_terminal(other) => plain.push(if self.ascii { '?' } else { '\u{fffd}' }),
                other if !self.ascii => plain.push(other),
                '−' | '–' | '—' | '▼' | '·' => plain.push('-'),
                '▲' => plain.push('+'),
                '±' => plain.push_str("+/-"),
                '×' => plain.push('x'),
                '÷' => plain.push('/'),
                '…' => plain.push_str("..."),
                '│' => plain.push('|'),
                '’' | '‘' => plain.push('\''),
                '“' | '”' => plain.push('"'),
                '≤' => plain.push_str("<="),
                '≥' => plain.push_str(">="),
                '≈' => plain.push('~'),
                '→' => plain.push_str("->"),
                '\u{a0}' | '\u{202f}' => plain.push(' '),
                other => plain.push(other),
            }
        }
        Cow::Owned(plain)
    }
}

/// Whether a character moves the cursor, colours, or turns the direction of what follows.
fn steers_a_terminal(mark: char) -> bool {
    mark.is_control()
        || matches!(mark, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// Returns the colour that repeats a verdict's glyph.
pub(crate) const fn verdict_style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Helped => AnsiColor::Green.on_default(),
        Verdict::Harmed => AnsiColor::Red.on_default(),
        Verdict::NoDetectableEffect => AnsiColor::Blue.on_default(),
        Verdict::CannotTell => AnsiColor::Yellow.on_default(),
    }
}

/// Returns the words of a claim check's status.
pub(crate) const fn status_words(status: CheckStatus) -> &'static str {
    match status {
        CheckStatus::Reproduced => "reproduced",
        CheckStatus::OnlyWith => "only with a vintage",
        CheckStatus::Contradicted => "contradicted",
        CheckStatus::NotCheckable => "not checkable",
        CheckStatus::Implied => "implied",
        CheckStatus::NoDerivation => "no derivation",
    }
}

/// Returns the colour that repeats a status's words.
pub(crate) const fn status_style(status: CheckStatus) -> Style {
    match status {
        CheckStatus::Reproduced => AnsiColor::Green.on_default(),
        CheckStatus::OnlyWith => AnsiColor::Yellow.on_default(),
        CheckStatus::Contradicted => AnsiColor::Red.on_default(),
        CheckStatus::NotCheckable | CheckStatus::Implied | CheckStatus::NoDerivation => Style::new(),
    }
}

/// The labels of a screen's left edge.
pub(crate) const LABEL: Style = Style::new().dimmed();

/// The word `error`.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();

/// What the screen is about.
pub(crate) const TITLE: Style = Style::new().bold();

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn ascii_replaces_our_marks_and_keeps_names() {
        assert_eq!(Marks::ascii().text("−0.9% · 东山"), "-0.9% - 东山");
        assert_eq!(Marks::unicode().text("−0.9%"), "−0.9%");
    }

    #[test]
    fn text_of_a_case_cannot_steer_the_terminal() {
        assert_eq!(
            Marks::unicode().text("a\u{1b}[2Jb\u{202e}c"),
            "a\u{fffd}[2Jb\u{fffd}c"
        );
    }
}
