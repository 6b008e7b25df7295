//! Splits text into words and punctuation, and into names, which follow rules of their own.

use std::borrow::Cow;
use std::ops::Range;

use crate::host::formats::diagnostic::Fault;

/// Kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword, number, constant or dimension.
    Word,
    Open,
    Close,
    ParenOpen,
    ParenClose,
    Plus,
    Minus,
    Star,
    /// A character that may only occur in names.
    Other,
    End,
}

/// A name and its range in the text.
pub(super) type Name<'a> = (Cow<'a, str>, Range<usize>);

/// A token: its kind and its range in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    /// Whether a separator comes before the token. So `8, -1` is not a difference.
    pub separated: bool,
}

impl Token {
    pub fn span(self) -> Range<usize> {
        self.start..self.end
    }
}

/// Reads tokens from `text`. Separators (`,`, `;`, `:`, `->`) are skipped like spaces.
pub(super) struct Lexer<'a> {
    pub text: &'a str,
    /// The position of the next token or name, or of the separators before it.
    pub at: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a str) -> Lexer<'a> {
        Lexer { text, at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 } }
    }

    pub fn next(&mut self) -> Result<Token, Fault> {
        let separated = self.skip()?;
        let start = self.at;
        let Some(&byte) = self.text.as_bytes().get(start) else {
            // An error at the end points just after the last character, not to an empty line far below.
            let end = self.text.trim_end().len();
            return Ok(Token { kind: Kind::End, start: end, end, separated });
        };
        let kind = match byte {
            b'{' => Kind::Open,
            b'}' => Kind::Close,
            b'(' => Kind::ParenOpen,
            b')' => Kind::ParenClose,
            b'+' => Kind::Plus,
            b'-' => Kind::Minus,
            b'*' => Kind::Star,
            _ if is_word(byte) || !byte.is_ascii() => Kind::Word,
            _ => Kind::Other,
        };
        self.at = if kind == Kind::Word { self.run(is_word) } else { start + 1 };
        Ok(Token { kind, start, end: self.at, separated })
    }

    /// Reads a name, if one follows: a run of any characters except spaces, braces and comments, or a quoted string.
    pub fn name(&mut self) -> Result<Option<Name<'a>>, Fault> {
        self.skip()?;
        let start = self.at;
        let name = match self.text.as_bytes().get(start) {
            None | Some(b'{' | b'}') => return Ok(None),
            Some(b'"') => self.string()?,
            Some(_) => {
                let rest = self.text.as_bytes();
                loop {
                    self.at = self.run(|byte| is_name(byte) && byte != b'/');
                    match rest.get(self.at..) {
                        Some([b'/', b'/' | b'*', ..]) => break,
                        Some([b'/', ..]) => self.at += 1,
                        _ => break,
                    }
                }
                Cow::Borrowed(&self.text[start..self.at])
            }
        };
        Ok(Some((name, start..self.at)))
    }

    /// Reads a string in double quotes on one line.
    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = start + 1;
        let mut plain = true;
        loop {
            match &bytes[end..] {
                [b'"', ..] => break,
                [] | [b'\n' | b'\r', ..] => {
                    let fault = Fault::new(start..start + 1, "expected a closing `\"`, found the end of the line");
                    return Err(fault.help("inside of quotes write `\\\"` for a quote and `\\\\` for a backslash"));
                }
                [b'\\', escaped, ..] if !matches!(escaped, b'\n' | b'\r') => (end, plain) = (end + 2, false),
                _ => end += 1,
            }
        }
        self.at = end + 1;
        let text = &self.text[start + 1..end];
        if plain {
            return Ok(Cow::Borrowed(text));
        }
        let mut name = String::with_capacity(text.len());
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            name.push(match c {
                '\\' => match chars.next() {
                    Some('n') => '\n',
                    Some('r') => '\r',
                    other => other.unwrap_or('\\'),
                },
                c => c,
            });
        }
        Ok(Cow::Owned(name))
    }

    /// The end of the run that starts here and consists of `wanted` bytes and of non-ASCII characters other than
    /// spaces.
    fn run(&self, wanted: impl Fn(u8) -> bool) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        loop {
            while bytes.get(at).is_some_and(|&byte| wanted(byte)) {
                at += 1;
            }
            // A character of several bytes. These are rare.
            match self.text.get(at..).and_then(|rest| rest.chars().next()) {
                Some(c) if !c.is_ascii() && !c.is_whitespace() => at += c.len_utf8(),
                _ => return at,
            }
        }
    }

    /// Skips spaces, separators and comments. Returns whether there was a separator.
    fn skip(&mut self) -> Result<bool, Fault> {
        let bytes = self.text.as_bytes();
        let mut separated = false;
        loop {
            while let Some(b' ' | b'\t'..=b'\r') = bytes.get(self.at) {
                self.at += 1;
            }
            match &bytes[self.at..] {
                [b',' | b';' | b':', ..] => (self.at, separated) = (self.at + 1, true),
                [b'-', b'>', ..] => (self.at, separated) = (self.at + 2, true),
                [b'/', b'/', rest @ ..] => {
                    let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                    self.at += 2 + length.unwrap_or(rest.len());
                }
                [b'/', b'*', ..] => match self.text[self.at + 2..].find("*/") {
                    Some(length) => self.at += length + 4,
                    None => {
                        let span = self.at..self.at + 2;
                        return Err(Fault::new(span, "expected `*/`: the comment that starts here has no end"));
                    }
                },
                [0x80..=0xff, ..] => match self.text[self.at..].chars().next() {
                    Some(c) if c.is_whitespace() => self.at += c.len_utf8(),
                    _ => return Ok(separated),
                },
                _ => return Ok(separated),
            }
        }
    }
}

/// Whether an ASCII character is part of words. It is a table because it is used for every byte of a file.
fn is_word(byte: u8) -> bool {
    const WORD: [bool; 256] = {
        let mut word = [false; 256];
        let mut byte = 0u8;
        while byte < 128 {
            word[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'\'');
            byte += 1;
        }
        word
    };
    WORD[usize::from(byte)]
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii() && !matches!(byte, b' ' | b'\t'..=b'\r' | b'{' | b'}')
}

/// Writes a name so that [`Lexer::name`] reads it back: in quotes if necessary.
pub(super) fn write_name(name: &str) -> Cow<'_, str> {
    let mut lexer = Lexer { text: name, at: 0 };
    if let Ok(Some((read, span))) = lexer.name()
        && read == name
        && span == (0..name.len())
    {
        return Cow::Borrowed(name);
    }
    let escaped = name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r");
    Cow::Owned(format!("\"{escaped}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut lexer = Lexer::new(text);
        let mut words = Vec::new();
        loop {
            let token = lexer.next().unwrap();
            if token.kind == Kind::End {
                return words;
            }
            words.push(&text[token.span()]);
        }
    }

    #[test]
    fn separators_spaces_and_comments_only_separate() {
        assert_eq!(words("\u{feff}K:64,C->3;;R\u{a0}7//x\rS/*{\n*/1"), ["K", "64", "C", "3", "R", "7", "S", "1"]);
        assert_eq!(words("(Sz(X’)-1*2+3)"), ["(", "Sz", "(", "X’", ")", "-", "1", "*", "2", "+", "3", ")"]);
        assert_eq!(words("a#=\"/ 1.5"), ["a", "#", "=", "\"", "/", "1.5"]);
        assert_eq!(words("// only"), [""; 0]);
    }

    #[test]
    fn a_comment_needs_an_end() {
        let fault = Lexer::new("a /* b *").next().and_then(|_| Lexer::new(" /* b *").next()).unwrap_err();
        assert_eq!((fault.span.clone(), fault.message.contains("`*/`")), (1..3, true));
    }

    #[test]
    fn names_are_kept_verbatim() {
        for name in ["torchvision.models.googlenet", "Conv2d-7", "a:b", "a/b", "conv(3x3);", "x->y", "Größe", "=\"#"]
        {
            for text in [format!(" : {name} {{"), format!("{name}{{"), format!("{name}//{{"), format!("{name}/*{{*/")] {
                let (read, span) = Lexer::new(&text).name().unwrap().unwrap();
                assert_eq!((read.as_ref(), &text[span]), (name, name));
            }
        }
        assert!(Lexer::new(" // a\n{").name().unwrap().is_none());
        assert!(Lexer::new("").name().unwrap().is_none());
    }

    #[test]
    fn names_can_be_quoted() {
        let (name, span) = Lexer::new(r#" "a {\"b\"} \\ ä" {"#).name().unwrap().unwrap();
        assert_eq!((name.as_ref(), span), ("a {\"b\"} \\ ä", 1..18));
        for open in ["\"a", "\"a\n\"", "\"a\\\n\"", "\"a\\", "\"a\\\""] {
            assert_eq!(Lexer::new(open).name().unwrap_err().span, 0..1);
        }
    }

    #[test]
    fn written_names_are_quoted_only_where_needed() {
        assert_eq!(write_name("Conv2d-7:a"), "Conv2d-7:a");
        assert_eq!(write_name(":a"), "\":a\"");
        assert_eq!(write_name("a b"), "\"a b\"");
        assert_eq!(write_name(""), "\"\"");
        assert_eq!(write_name("a//b"), "\"a//b\"");
        assert_eq!(write_name("\"\r\\"), r#""\"\r\\""#);
    }
}
