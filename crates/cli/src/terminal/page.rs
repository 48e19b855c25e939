//! Lines of a screen: labels at the left edge, wrapped text, aligned columns; East Asian names two columns wide.

use anstyle::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::settings::Settings;
use crate::terminal::marks::{LABEL, Marks};

/// A screen that is being laid out.
#[derive(Debug)]
pub(crate) struct Page {
    columns: usize,
    marks: Marks,
    text: String,
}

/// How a column of a table is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// One cell of a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            style: Style::new(),
        }
    }

    pub(crate) fn styled(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
        }
    }
}

impl Page {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            columns: settings.columns,
            marks: settings.marks,
            text: String::new(),
        }
    }

    pub(crate) const fn columns(&self) -> usize {
        self.columns
    }

    pub(crate) const fn marks(&self) -> Marks {
        self.marks
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Adds a line as it is, however long: paths are copied from the terminal and must not be broken.
    pub(crate) fn line(&mut self, text: &str) {
        let text = self.marks.text(text).into_owned();
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    /// Adds wrapped text, every line indented.
    pub(crate) fn paragraph(&mut self, indent: usize, text: &str, style: Style) {
        let text = self.marks.text(text).into_owned();
        for line in wrap(&text, self.columns.saturating_sub(indent)) {
            self.text.push_str(&" ".repeat(indent));
            self.push_styled(&line, style);
            self.text.push('\n');
        }
    }

    /// Adds a label of `label_columns` at the left edge and wrapped text beside it.
    pub(crate) fn labelled(&mut self, indent: usize, label_columns: usize, label: &str, text: &str) {
        self.labelled_at_most(indent, label_columns, label, text, usize::MAX);
    }

    /// As [`Self::labelled`], with no more than `most` lines; the last one shows that text was cut.
    pub(crate) fn labelled_at_most(
        &mut self,
        indent: usize,
        label_columns: usize,
        label: &str,
        text: &str,
        most: usize,
    ) {
        let text = self.marks.text(text).into_owned();
        let room = self.columns.saturating_sub(indent + label_columns);
        let mut lines = wrap(&text, room);
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                *last = cut(&format!("{last}{}", " ".repeat(room)), room, self.marks);
                *last = format!(
                    "{}{}",
                    last.trim_end_matches(self.marks.cut()).trim_end(),
                    self.marks.cut()
                );
                *last = cut(last, room, self.marks);
            }
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
        for (index, line) in lines.iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let gap = label_columns.saturating_sub(label.width());
            self.text.push_str(&" ".repeat(indent));
            self.push_styled(label, LABEL);
            self.text.push_str(&" ".repeat(gap));
            self.text.push_str(line);
            let kept = self.text.trim_end_matches(' ').len();
            self.text.truncate(kept);
            self.text.push('\n');
        }
    }

    /// Adds aligned columns, two blanks apart; a cell that is too wide for its column's limit is cut.
    pub(crate) fn table(&mut self, rows: &[Vec<Cell>], align: &[Align]) {
        let rows: Vec<Vec<Cell>> = rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|cell| Cell::styled(self.marks.text(&cell.text).into_owned(), cell.style))
                    .collect()
            })
            .collect();
        let widths: Vec<usize> = (0..align.len())
            .map(|column| {
                rows.iter()
                    .filter_map(|row| row.get(column))
                    .map(|cell| cell.text.width())
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        for row in &rows {
            let start = self.text.len();
            let mut used = 0;
            for (index, ((cell, align), width)) in row.iter().zip(align).zip(&widths).enumerate() {
                if *width == 0 {
                    continue;
                }
                if index > 0 {
                    self.text.push_str("  ");
                    used += 2;
                }
                let shown = cut(&cell.text, self.columns.saturating_sub(used), self.marks);
                let gap = width.saturating_sub(shown.width());
                if *align == Align::Right {
                    self.text.push_str(&" ".repeat(gap));
                }
                self.push_styled(&shown, cell.style);
                if *align == Align::Left {
                    self.text.push_str(&" ".repeat(gap));
                }
                used += width;
            }
            let kept = self.text.trim_end_matches(' ').len().max(start);
            self.text.truncate(kept);
            self.text.push('\n');
        }
    }

    /// Returns how many lines there are.
    pub(crate) fn lines(&self) -> usize {
        self.text.lines().count()
    }

    /// Returns the screen.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// Adds text in a style that ends with it.
    pub(crate) fn push_styled(&mut self, text: &str, style: Style) {
        if style.is_plain() || text.is_empty() {
            self.text.push_str(text);
        } else {
            self.text.push_str(&format!("{style}{text}{style:#}"));
        }
    }
}

/// Cuts text to a number of columns; a cut shows.
pub(crate) fn cut(text: &str, columns: usize, marks: Marks) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for mark in text.chars() {
        let width = mark.width().unwrap_or(0);
        if used + width + 1 > columns {
            break;
        }
        kept.push(mark);
        used += width;
    }
    if columns > 0 {
        kept.push(marks.cut());
    }
    kept
}

/// Breaks text into lines of at most `columns`: at blanks, and between East Asian characters where there are none.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let width = word.width();
            if used > 0 && used + 1 + width > columns {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            if used + width <= columns {
                line.push_str(word);
                used += width;
                continue;
            }
            for mark in word.chars() {
                let width = mark.width().unwrap_or(0);
                if used + width > columns {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push(mark);
                used += width;
            }
        }
        if used > 0 {
            lines.push(line);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::{Align, Cell, Page, cut, wrap};
    use crate::settings::Settings;
    use crate::terminal::marks::Marks;

    #[test]
    fn wide_names_count_two_columns() {
        assert_eq!(cut("对口支援东山", 7, Marks::unicode()), "对口支…");
        assert!(
            wrap(&"对口支援".repeat(20), 15)
                .iter()
                .all(|line| line.width() <= 15)
        );
    }

    #[test]
    fn columns_line_up_whatever_the_script() {
        let mut page = Page::new(&Settings::plain(false));
        page.table(
            &[
                vec![Cell::new("东山"), Cell::new("1.0")],
                vec![Cell::new("Nowhe"), Cell::new("−12.0")],
            ],
            &[Align::Left, Align::Right],
        );
        assert_eq!(page.finish(), "东山     1.0\nNowhe  −12.0\n");
    }

    #[test]
    fn a_cut_text_says_so_and_fits() {
        let mut page = Page::new(&Settings::plain(false));
        page.labelled_at_most(0, 11, "hangs on", &"many words ".repeat(30), 2);
        let text = page.finish();
        assert_eq!(text.lines().count(), 2);
        assert!(text.trim_end().ends_with('…'), "{text}");
        assert!(
            text.lines()
                .all(|line| line.replace("\u{1b}[2m", "").replace("\u{1b}[0m", "").width() <= 80)
        );
    }
}
