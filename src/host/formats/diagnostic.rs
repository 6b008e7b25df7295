//! Messages about a place in a text: what is wrong there, and what was expected.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

/// The number of characters of the offending line that are kept on either side of the start of the span.
const CONTEXT: usize = 100;

/// Whether the text could still be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The text could not be read.
    Error,
    /// The text was read.
    Warning,
}

/// A message about a place in a text. It contains the lines that it shows, so it can outlive the text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// The name of the file, as given by the caller.
    pub file: String,
    /// Line of the first offending character, from 1.
    pub line: u32,
    /// Column of the first offending character, from 1, in characters.
    pub column: u32,
    /// The range of the offending text, in bytes from the start of the text.
    pub span: Range<usize>,
    /// The offending text up to the end of its first line, shortened if it is long; empty at the end of the file.
    pub found: String,
    /// What is wrong: `expected ..., found ...`.
    pub message: String,
    /// What to do about it, if that is known.
    pub help: Option<String>,
    /// The offending line, or the part of it around the span.
    excerpt: String,
    /// The range of the offending text in `excerpt`, in bytes.
    highlight: Range<usize>,
}

impl Diagnostic {
    /// Looks up the place of a fault in `text`. This takes time linear in the text, so it suits only a few faults.
    pub(crate) fn locate(fault: Fault, severity: Severity, text: &str, file: &str) -> Diagnostic {
        let Parts { span, message, help } = *fault.0;
        let before = text[..span.start].trim_start_matches('\u{feff}');
        let start_of_line = before.rfind(is_line_end).map_or(0, |at| at + 1);
        let left = &before[start_of_line..];
        let right = text[span.start..].split(is_line_end).next().unwrap_or_default();
        let (shown_left, shown_right) = (last_chars(left, CONTEXT), first_chars(right, CONTEXT));
        let left_mark = if shown_left.len() < left.len() { "..." } else { "" };
        let right_mark = if shown_right.len() < right.len() { "..." } else { "" };
        let found = &shown_right[..span.len().min(shown_right.len())];
        let at = left_mark.len() + shown_left.len();
        Diagnostic {
            severity,
            file: file.to_owned(),
            line: saturate(1 + count_lines(before)),
            column: saturate(1 + left.chars().count()),
            found: found.to_owned(),
            highlight: at..at + found.len(),
            excerpt: format!("{left_mark}{shown_left}{shown_right}{right_mark}"),
            span,
            message,
            help,
        }
    }

    /// The diagnostic with the offending line, in colour for a terminal or plain.
    pub fn render(&self, color: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let (line, column) = (self.line as usize, self.column as usize);
        let snippet = Snippet::source(self.excerpt.as_str())
            .line_start(line)
            .annotation(AnnotationKind::Primary.span(self.highlight.clone()));
        let title = level.primary_title(&self.message);
        let mut report = if self.excerpt[..self.highlight.start].chars().count() + 1 == column {
            title.element(snippet.path(&self.file))
        } else {
            // Without an explicit origin, the snippet would show the column within the shortened line.
            title.element(Origin::path(&self.file).line(line).char_column(column)).element(snippet)
        };
        if let Some(help) = &self.help {
            report = report.element(Level::HELP.message(help));
        }
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[report])
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// Why a text could not be read: a [`Diagnostic`], boxed to keep results small.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseError(Box<Diagnostic>);

impl ParseError {
    pub(crate) fn locate(fault: Fault, text: &str, file: &str) -> ParseError {
        ParseError(Box::new(Diagnostic::locate(fault, Severity::Error, text, file)))
    }
}

impl std::ops::Deref for ParseError {
    type Target = Diagnostic;
    fn deref(&self) -> &Diagnostic {
        &self.0
    }
}

/// A diagnostic whose line has not been looked up yet. It is boxed because it is rare but part of the result of every
/// parser step.
#[derive(Debug)]
pub(crate) struct Fault(Box<Parts>);

#[derive(Debug)]
pub(crate) struct Parts {
    pub span: Range<usize>,
    pub message: String,
    pub help: Option<String>,
}

impl std::ops::Deref for Fault {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Fault {
    pub fn new(span: Range<usize>, message: impl Into<String>) -> Fault {
        Fault(Box::new(Parts { span, message: message.into(), help: None }))
    }

    /// Sets the help of the fault, and replaces any other.
    pub fn help(mut self, help: impl Into<String>) -> Fault {
        self.0.help = Some(help.into());
        self
    }
}

/// Text for a message: in backquotes, shortened if it is long, with unprintable characters escaped.
pub(crate) fn quoted(text: &str) -> String {
    let shown = first_chars(text, 40);
    let mut quoted = String::from("`");
    for c in shown.chars() {
        match c {
            '\'' | '"' | '\\' => quoted.push(c),
            c => quoted.extend(c.escape_debug()),
        }
    }
    quoted.push_str(if shown.len() < text.len() { "...`" } else { "`" });
    quoted
}

/// The number of line ends in `text`: LF, CR, or both together.
pub(crate) fn count_lines(text: &str) -> usize {
    let mut before = 0;
    let mut lines = 0;
    for &byte in text.as_bytes() {
        lines += usize::from(byte == b'\r' || (byte == b'\n' && before != b'\r'));
        before = byte;
    }
    lines
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

fn saturate(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn first_chars(text: &str, n: usize) -> &str {
    text.char_indices().nth(n).map_or(text, |(end, _)| &text[..end])
}

fn last_chars(text: &str, n: usize) -> &str {
    match n.checked_sub(1).and_then(|n| text.char_indices().rev().nth(n)) {
        Some((start, _)) => &text[start..],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locate(text: &str, span: Range<usize>) -> Diagnostic {
        Diagnostic::locate(Fault::new(span, "expected peace").help("breathe"), Severity::Error, text, "a.m")
    }

    #[test]
    fn lines_end_in_any_way_and_columns_count_characters() {
        let text = "\u{feff}a\nb\r\nc\rdä\tx y\nz";
        let at = text.find('x').unwrap();
        let diagnostic = locate(text, at..at + 1);
        assert_eq!((diagnostic.line, diagnostic.column, diagnostic.found.as_str()), (4, 4, "x"));
        assert_eq!(diagnostic.excerpt, "dä\tx y");
        assert_eq!((locate(text, 3..4).line, locate(text, 3..4).column), (1, 1));
        assert_eq!(count_lines("\r\r\n\n"), 3);
    }

    #[test]
    fn the_rendering_shows_the_line() {
        let expected = "\
error: expected peace
 --> a.m:2:3
  |
2 | K war C
  |   ^^^
  |
  = help: breathe";
        let diagnostic = locate("\nK war C\n", 3..6);
        assert_eq!(diagnostic.to_string(), expected);
        assert!(diagnostic.render(true).contains("\u{1b}["));
        let warning = Diagnostic { severity: Severity::Warning, help: None, ..diagnostic };
        assert!(warning.to_string().starts_with("warning: expected peace\n"));
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let text = "é".repeat(5000);
        let diagnostic = locate(&text, 4000..8000);
        assert_eq!((diagnostic.line, diagnostic.column), (1, 2001));
        assert_eq!(diagnostic.excerpt.chars().count(), 206);
        assert_eq!(diagnostic.found.chars().count(), 100);
        assert!(diagnostic.to_string().contains("--> a.m:1:2001\n"));
        assert!(diagnostic.to_string().len() < 1000);
    }

    #[test]
    fn the_end_of_a_text_can_be_shown() {
        for text in ["", "x", "x\n"] {
            let diagnostic = locate(text, text.len()..text.len());
            assert_eq!(diagnostic.found, "");
            let place = format!("--> a.m:{}:{}\n", diagnostic.line, diagnostic.column);
            assert!(diagnostic.to_string().contains(&place), "{diagnostic}");
        }
    }

    #[test]
    fn unprintable_characters_are_escaped_in_messages() {
        assert_eq!(quoted("é\"\u{202e}"), "`é\"\\u{202e}`");
        assert_eq!(quoted("X'\u{1b}[1m"), "`X'\\u{1b}[1m`");
        assert_eq!(quoted(&"x".repeat(41)), format!("`{}...`", "x".repeat(40)));
    }
}
