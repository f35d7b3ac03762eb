//! Finds where each statement of a script begins, and its words without comments and literals.
//!
//! The static check reads the words; error messages use the lines. Nothing that is executed depends on it: scripts go
//! to the server whole, and the server parses them.
//! Follows psql's rules: quotes, dollar quotes, nested comments, parentheses, and `begin atomic … end` bodies.

/// One statement of a script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Statement {
    /// The line of its first word, counted from 1.
    pub line: usize,
    /// The line on which its first literal begins: the body of a `do` block or function.
    pub body_line: Option<usize>,
    /// Words in lower case (quoted names as they are), punctuation one by one, literals as `''`.
    pub tokens: Vec<String>,
}

impl Statement {
    /// The tokens with single spaces between them.
    pub fn words(&self) -> String {
        self.tokens.join(" ")
    }
}

/// The statements of `text` in order; empty ones are left out, as the server does.
pub(super) fn statements(text: &str) -> Vec<Statement> {
    let mut scan = Scan {
        text: text.as_bytes(),
        at: 0,
        line: 1,
        open: Open::default(),
        done: Vec::new(),
    };
    while scan.at < scan.text.len() {
        scan.step();
    }
    scan.close();
    scan.done
}

#[derive(Default)]
struct Open {
    statement: Statement,
    parentheses: usize,
    /// Depth inside a `begin atomic … end` body, where `case … end` counts too.
    atomic: usize,
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
    open: Open,
    done: Vec<Statement>,
}

impl Scan<'_> {
    fn step(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        match rest {
            [b'-', b'-', ..] => self.skip(until_line_end(rest)),
            [b'/', b'*', ..] => self.skip(block_comment(rest)),
            [b'\'', ..] => self.literal(quoted(rest, b'\'', false)),
            [b'"', ..] => {
                let length = quoted(rest, b'"', false);
                let name = rest.get(1..length.saturating_sub(1)).unwrap_or_default();
                self.push(String::from_utf8_lossy(name).into_owned());
                self.skip(length);
            }
            [b'$', ..] if dollar_quoted(rest).is_some() => self.literal(dollar_quoted(rest).unwrap_or(1)),
            [first, ..] if is_word(*first) => self.word(rest),
            [b';', ..] if self.open.parentheses == 0 && self.open.atomic == 0 => {
                self.close();
                self.skip(1);
            }
            [first, ..] => self.punctuation(*first),
            [] => {}
        }
    }

    fn word(&mut self, rest: &[u8]) {
        let length = rest.iter().take_while(|b| is_word(**b) || **b == b'$').count();
        let word = String::from_utf8_lossy(rest.get(..length).unwrap_or_default()).to_lowercase();
        if word == "e" && rest.get(length) == Some(&b'\'') {
            let string = quoted(rest.get(length..).unwrap_or_default(), b'\'', true);
            return self.literal(length + string);
        }
        self.follow_atomic_body(&word);
        self.push(word);
        self.skip(length);
    }

    fn follow_atomic_body(&mut self, word: &str) {
        let after_begin = self.open.statement.tokens.last().is_some_and(|last| last == "begin");
        match word {
            "atomic" if after_begin => self.open.atomic += 1,
            "case" if self.open.atomic > 0 => self.open.atomic += 1,
            "end" => self.open.atomic = self.open.atomic.saturating_sub(1),
            _ => {}
        }
    }

    fn punctuation(&mut self, byte: u8) {
        match byte {
            b'(' => self.open.parentheses += 1,
            b')' => self.open.parentheses = self.open.parentheses.saturating_sub(1),
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            self.push(char::from(byte).to_string());
        }
        self.skip(1);
    }

    fn literal(&mut self, length: usize) {
        self.push("''".to_owned());
        self.open.statement.body_line.get_or_insert(self.line);
        self.skip(length);
    }

    fn push(&mut self, token: String) {
        if self.open.statement.tokens.is_empty() {
            self.open.statement.line = self.line;
        }
        self.open.statement.tokens.push(token);
    }

    fn close(&mut self) {
        let open = std::mem::take(&mut self.open);
        if !open.statement.tokens.is_empty() {
            self.done.push(open.statement);
        }
    }

    fn skip(&mut self, length: usize) {
        let end = (self.at + length.max(1)).min(self.text.len());
        self.line += self
            .text
            .get(self.at..end)
            .unwrap_or_default()
            .iter()
            .filter(|b| **b == b'\n')
            .count();
        self.at = end;
    }
}

/// A byte of a name; everything outside ASCII is one for PostgreSQL.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn until_line_end(rest: &[u8]) -> usize {
    rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len())
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match rest.get(at..).unwrap_or_default() {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a quoted string that starts `rest`; a doubled quote is part of it, `\` escapes only in `E''` strings.
fn quoted(rest: &[u8], quote: u8, escapes: bool) -> usize {
    let mut at = 1;
    while let Some(byte) = rest.get(at) {
        match *byte {
            b'\\' if escapes => at += 2,
            b if b == quote && rest.get(at + 1) == Some(&quote) => at += 2,
            b if b == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of a dollar-quoted string that starts `rest`; none when it is a parameter such as `$1`.
fn dollar_quoted(rest: &[u8]) -> Option<usize> {
    let tag = rest.iter().skip(1).take_while(|b| is_word(**b)).count();
    let starts_with_digit = rest.get(1).is_some_and(u8::is_ascii_digit);
    if starts_with_digit || rest.get(tag + 1) != Some(&b'$') {
        return None;
    }
    let (fence, body) = rest.split_at(tag + 2);
    let end = body.windows(fence.len()).position(|window| window == fence);
    Some(end.map_or(rest.len(), |end| fence.len() + end + fence.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        statements(text).iter().map(Statement::words).collect()
    }

    #[test]
    fn semicolons_inside_literals_comments_and_parentheses_do_not_split() {
        let text =
            "select ';', E'\\';', \"a;b\", $$;$$, $x$ $$;$$ $x$; -- ;\n/* ; /* ; */ ; */ create rule r as (a; b);;";
        assert_eq!(
            words(text),
            ["select '' , '' , a;b , '' , ''", "create rule r as ( a ; b )"]
        );
    }

    #[test]
    fn sql_bodies_do_not_split() {
        let text =
            "create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3";
        assert_eq!(statements(text).len(), 2);
    }

    #[test]
    fn lines_are_those_of_the_first_word_and_of_the_body() {
        let found = statements("-- a\n\nselect 1;\n\n/* x */ do\nlanguage plpgsql\n$$ begin\nend $$;");
        assert_eq!(
            found.iter().map(|s| (s.line, s.body_line)).collect::<Vec<_>>(),
            [(3, None), (5, Some(7))]
        );
    }

    #[test]
    fn comments_alone_are_no_statement() {
        assert!(statements("-- nothing\n/* here */ ; ;").is_empty());
        assert_eq!(words("select $1"), ["select $ 1"]);
    }

    #[test]
    fn an_unfinished_literal_ends_with_the_text() {
        assert_eq!(words("select 'abc"), ["select ''"]);
        assert_eq!(words("select $$abc; /* x"), ["select ''"]);
    }
}
