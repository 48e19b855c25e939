//! The little CSV that tasks read out of the shipped cases.

/// Reads the records of a CSV text: quotes, doubled quotes, fields of several lines.
pub(crate) fn records(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quoted, c) {
            (true, '"') if chars.peek() == Some(&'"') => {
                field.push('"');
                chars.next();
            }
            (_, '"') => quoted = !quoted,
            (false, ',') => row.push(std::mem::take(&mut field)),
            (false, '\n') => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            (false, '\r') => {}
            _ => field.push(c),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows
}

/// Returns each row as the values of the columns asked for, empty where a column is missing.
pub(crate) fn columns<const N: usize>(text: &str, wanted: [&str; N]) -> Vec<[String; N]> {
    let rows = records(text);
    let Some((header, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let at = wanted.map(|name| header.iter().position(|heading| heading == name));
    rows.iter()
        .map(|row| at.map(|i| i.and_then(|i| row.get(i)).cloned().unwrap_or_default()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_fields_keep_commas_quotes_and_lines() {
        assert_eq!(
            records("a,b\n\"x,\"\"y\"\"\",\"1\n2\"\n"),
            [vec!["a", "b"], vec!["x,\"y\"", "1\n2"]]
        );
    }

    #[test]
    fn columns_come_by_their_heading() {
        assert_eq!(
            columns("a,b,c\n1,2,3\n4,5\n", ["c", "a", "x"]),
            [["3", "1", ""], ["", "4", ""]]
        );
    }
}
