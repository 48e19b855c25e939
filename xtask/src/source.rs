//! Rust text cut into code, strings and comments, well enough to look for words in each.

/// What a piece of source text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Everything that is neither a string nor a comment.
    Code,
    /// The inside of a string literal of any kind.
    Text,
    /// A comment or doc comment.
    Comment,
}

/// A run of source text of one kind, with the line on which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) kind: Kind,
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// Cuts Rust source into pieces, in order, leaving out items under `#[cfg(test)]`.
pub(crate) fn pieces(source: &str) -> Vec<Piece> {
    without_tests(cut(source))
}

fn cut(source: &str) -> Vec<Piece> {
    let chars: Vec<char> = source.chars().collect();
    let mut pieces = Vec::new();
    let mut code = String::new();
    let (mut at, mut line, mut code_line) = (0, 1, 1);
    let peek = |at: usize| chars.get(at).copied().unwrap_or('\0');
    while at < chars.len() {
        let start = at;
        let found = match peek(at) {
            '/' if peek(at + 1) == '/' => {
                at = find(&chars, at, |c| c == '\n');
                Some((Kind::Comment, start + 2, at, at))
            }
            '/' if peek(at + 1) == '*' => {
                at = block_comment_end(&chars, at);
                Some((Kind::Comment, start + 2, at.saturating_sub(2), at))
            }
            '"' => {
                let end = string_end(&chars, at + 1);
                Some((Kind::Text, start + 1, end, end + 1))
            }
            'r' if !ends_in_word(&code) || code.ends_with('b') => raw_string(&chars, at),
            '\'' => {
                // A character literal would otherwise open a string at '"'; a lifetime is left to the code.
                let end = if peek(at + 1) == '\\' {
                    find(&chars, at + 3, |c| c == '\'')
                } else {
                    at + 2
                };
                (peek(end) == '\'').then_some((Kind::Text, start + 1, end, end + 1))
            }
            _ => None,
        };
        let Some((kind, from, to, next)) = found else {
            if code.is_empty() {
                code_line = line;
            }
            code.push(peek(start));
            line += usize::from(peek(start) == '\n');
            at = start + 1;
            continue;
        };
        if !code.is_empty() {
            pieces.push(Piece {
                kind: Kind::Code,
                line: code_line,
                text: std::mem::take(&mut code),
            });
        }
        let (to, next) = (to.min(chars.len()), next.min(chars.len()));
        pieces.push(Piece {
            kind,
            line,
            text: chars[from.min(to)..to].iter().collect(),
        });
        line += chars[start..next].iter().filter(|c| **c == '\n').count();
        at = next;
    }
    if !code.is_empty() {
        pieces.push(Piece {
            kind: Kind::Code,
            line: code_line,
            text: code,
        });
    }
    pieces
}

fn find(chars: &[char], from: usize, wanted: impl Fn(char) -> bool) -> usize {
    (from..chars.len())
        .find(|at| wanted(chars[*at]))
        .unwrap_or(chars.len())
}

fn string_end(chars: &[char], from: usize) -> usize {
    let mut at = from;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at
}

fn block_comment_end(chars: &[char], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0_usize);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => {
                (depth, at) = (depth - 1, at + 2);
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

/// Reads `r"…"`, `r#"…"#` and so on; none where the `r` begins a word or a raw identifier.
fn raw_string(chars: &[char], from: usize) -> Option<(Kind, usize, usize, usize)> {
    let quote = find(chars, from + 1, |c| c != '#');
    let hashes = quote - from - 1;
    if chars.get(quote) != Some(&'"') {
        return None;
    }
    let closes = |at: &usize| chars[*at] == '"' && (1..=hashes).all(|n| chars.get(at + n) == Some(&'#'));
    let end = (quote + 1..chars.len()).find(closes).unwrap_or(chars.len());
    Some((Kind::Text, quote + 1, end, end + 1 + hashes))
}

fn ends_in_word(code: &str) -> bool {
    code.chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// Leaves out the item after each `#[cfg(test)]`: up to its closing brace, or to the semicolon that ends it.
fn without_tests(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut kept = Vec::new();
    let mut depth: Option<i64> = None;
    for piece in pieces {
        if piece.kind != Kind::Code {
            if depth.is_none() {
                kept.push(piece);
            }
            continue;
        }
        let mut text = String::new();
        let mut rest = piece.text.as_str();
        while let Some(c) = rest.chars().next() {
            if depth.is_none() && rest.starts_with("#[cfg(test)]") {
                (depth, rest) = (Some(0), &rest["#[cfg(test)]".len()..]);
                continue;
            }
            match (depth, c) {
                (None, _) => text.push(c),
                (Some(n), '{') => depth = Some(n + 1),
                (Some(1), '}') | (Some(0), ';') => depth = None,
                (Some(n), '}') => depth = Some(n - 1),
                (Some(_), '\n') => text.push('\n'), // lines keep their numbers
                _ => {}
            }
            rest = &rest[c.len_utf8()..];
        }
        kept.push(Piece { text, ..piece });
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: Kind, source: &str) -> Vec<String> {
        pieces(source)
            .into_iter()
            .filter(|p| p.kind == kind)
            .map(|p| p.text)
            .collect()
    }

    #[test]
    fn strings_of_every_kind_are_found() {
        let source = "let a = \"one \\\" two\"; let b = r#\"a \"raw\" one\"#; let c = b\"bytes\"; let d = br\"x\"; let e = '\"'; let f: &'a str = \"end\";";
        assert_eq!(
            of(Kind::Text, source),
            ["one \\\" two", "a \"raw\" one", "bytes", "x", "\"", "end"]
        );
    }

    #[test]
    fn comments_nest_and_keep_their_lines() {
        let found = pieces("let a = 1; // first\n/* one /* two */ three */ let b = \"x\";\n");
        let lines: Vec<(Kind, usize)> = found.iter().map(|p| (p.kind, p.line)).collect();
        assert_eq!(
            lines,
            [
                (Kind::Code, 1),
                (Kind::Comment, 1),
                (Kind::Code, 1),
                (Kind::Comment, 2),
                (Kind::Code, 2),
                (Kind::Text, 2),
                (Kind::Code, 2)
            ]
        );
    }

    #[test]
    fn items_under_cfg_test_are_left_out() {
        let source = "const A: &str = \"kept\";\n#[cfg(test)]\nmod tests { fn x() { let y = \"gone\"; } }\nconst B: &str = \"also\";\n#[cfg(test)]\nmod other;\nfn c() { \"last\"; }";
        assert_eq!(of(Kind::Text, source), ["kept", "also", "last"]);
    }

    #[test]
    fn a_raw_identifier_and_a_word_that_ends_in_r_are_code() {
        assert_eq!(of(Kind::Text, "let r#type = for_r; let x = \"y\";"), ["y"]);
    }
}
