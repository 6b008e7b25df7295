//! The parts that all grammars of the language share: blocks, sizes, dimensions, and errors about what was expected.

use std::collections::HashMap;
use std::fmt::Display;
use std::ops::{Range, RangeInclusive};

use super::lexer::{Kind, Lexer, Token};
use crate::dim::Dim;
use crate::host::formats::diagnostic::{Fault, count_lines, quoted};
use crate::{MAX_EXTENT, Size};

/// The maximum number of warnings that are kept, because finding a warning's line takes time linear in the text.
const MAX_WARNINGS: usize = 16;

/// The help for a `?` where nothing may be open.
pub(super) const OPEN_ELSEWHERE: &str = "a part of a dataflow is open in a file for `maestrino map --freeze`";

/// The current token, and the state of the parser.
pub(super) struct Parser<'a> {
    pub lexer: Lexer<'a>,
    pub token: Token,
    /// The end of the previous token.
    pub last_end: usize,
    /// Keyword and start of each block that is open.
    open: Vec<(&'static str, usize)>,
    constants: HashMap<&'a str, i64>,
    /// Whether parts of a dataflow may be open (`?`).
    pub takes_open: bool,
    pub warnings: Vec<Fault>,
    /// The last position whose line was asked for, and that line.
    line_at: (usize, usize),
}

/// The value of an expression.
pub(super) struct Amount {
    pub base: i64,
    pub of: Option<Dim>,
    pub span: Range<usize>,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str) -> Result<Parser<'a>, Fault> {
        let mut lexer = Lexer::new(text);
        let token = lexer.next()?;
        Ok(Parser {
            lexer,
            token,
            last_end: 0,
            open: Vec::new(),
            constants: HashMap::new(),
            takes_open: false,
            warnings: Vec::new(),
            line_at: (0, 1),
        })
    }

    /// Skips a token that has no meaning here. If it is a `#` at the start of a line, skips the whole line.
    pub fn skip(&mut self) -> Result<(), Fault> {
        let text = self.lexer.text;
        let starts_line = text[..self.token.start].trim_end_matches([' ', '\t', '\u{feff}']);
        if self.text() == "#" && (starts_line.is_empty() || starts_line.ends_with(['\n', '\r'])) {
            let rest = &text[self.token.start..];
            return self.skip_to(self.token.start + rest.find(['\n', '\r']).unwrap_or(rest.len()));
        }
        self.advance().map(drop)
    }

    /// The text of the current token; empty at the end of the file.
    pub fn text(&self) -> &'a str {
        &self.lexer.text[self.token.span()]
    }

    /// Moves on to the next token, and returns the previous one.
    pub fn advance(&mut self) -> Result<Token, Fault> {
        let token = std::mem::replace(&mut self.token, self.lexer.next()?);
        self.last_end = token.end;
        Ok(token)
    }

    /// Moves on to the token after `end`, which is the end of a token.
    pub fn skip_to(&mut self, end: usize) -> Result<(), Fault> {
        self.lexer.at = end;
        self.token = self.lexer.next()?;
        self.last_end = end;
        Ok(())
    }

    /// Skips a token of that kind. `what` is its name in the error if it is missing.
    pub fn expect(&mut self, kind: Kind, what: &str) -> Result<Token, Fault> {
        if self.token.kind == kind { self.advance() } else { Err(self.expected(what)) }
    }

    /// The error that the current token is not what was expected.
    pub fn expected(&self, what: impl Display) -> Fault {
        let span = self.token.span();
        match (self.token.kind, self.open.last()) {
            (Kind::End, None) => Fault::new(span, format!("expected {what}, found the end of the file")),
            (Kind::End, Some(&(block, start))) => {
                let line = 1 + count_lines(&self.lexer.text[..start]);
                Fault::new(span, format!("expected {what}, found the end of the file inside of `{block}`"))
                    .help(format!("the `{block}` block of line {line} has no closing `}}`"))
            }
            _ => Fault::new(span, format!("expected {what}, found {}", quoted(self.text()))),
        }
    }

    /// Keeps a warning.
    pub fn warn(&mut self, warning: Fault) {
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(warning);
        }
    }

    /// The line of a position, from 1. Positions must not decrease from call to call.
    pub fn line(&mut self, at: usize) -> u32 {
        let (last, line) = self.line_at;
        self.line_at = (at, line + count_lines(&self.lexer.text[last..at]));
        u32::try_from(self.line_at.1).unwrap_or(u32::MAX)
    }

    /// Skips the `{` of a block whose keyword starts at `start`.
    pub fn open(&mut self, block: &'static str, start: usize) -> Result<(), Fault> {
        if self.token.kind != Kind::Open {
            return Err(self.expected(format_args!("`{{` after `{block}`")));
        }
        self.advance()?;
        self.open.push((block, start));
        Ok(())
    }

    /// Skips the `}` of a block, if it is the current token. Returns whether it was.
    pub fn closed(&mut self) -> Result<bool, Fault> {
        let closes = self.token.kind == Kind::Close;
        if closes {
            self.advance()?;
            self.open.pop();
        }
        Ok(closes)
    }

    /// Reads `Constant NAME VALUE`, at the keyword.
    pub fn constant(&mut self) -> Result<(), Fault> {
        self.advance()?;
        let name = self.text();
        if self.token.kind != Kind::Word || name.as_bytes()[0].is_ascii_digit() || name == "Sz" {
            return Err(self.expected("the name of a constant"));
        }
        let span = self.advance()?.span();
        let value = self.amount(false)?.base;
        if self.constants.insert(name, value).is_some_and(|old| old != value) {
            let warning = Fault::new(span, format!("the constant {} is defined again", quoted(name)));
            self.warn(warning.help("from here on it has the new value"));
        }
        Ok(())
    }

    /// Reads a dimension.
    pub fn dim(&mut self) -> Result<Dim, Fault> {
        let text = self.text();
        let dim = match text {
            "X’" => Some(Dim::OutX),
            "Y’" => Some(Dim::OutY),
            _ => Dim::from_name(text),
        };
        let Some(dim) = dim else {
            let fault = self.expected(format!("a dimension ({})", Dim::ALL.map(Dim::name).join(", ")));
            let hint = Dim::from_name(&text.to_ascii_uppercase());
            return Err(match hint {
                Some(dim) if self.token.kind == Kind::Word => fault.help(format!("did you mean `{dim}`?")),
                _ => fault,
            });
        };
        self.advance()?;
        Ok(dim)
    }

    /// Reads a sum of products of integers and constants. It may include one `Sz(DIM)` if `sz_allowed` is set.
    pub fn amount(&mut self, sz_allowed: bool) -> Result<Amount, Fault> {
        let start = self.token.start;
        let mut sum = Amount { base: 0, of: None, span: start..start };
        let mut negative = self.token.kind == Kind::Minus;
        if matches!(self.token.kind, Kind::Plus | Kind::Minus) {
            self.advance()?;
        }
        loop {
            if self.text() == "Sz" {
                if !sz_allowed {
                    return Err(self.expected("an integer or a constant"));
                }
                if negative || sum.of.is_some() {
                    let fault =
                        Fault::new(self.token.span(), "a size has at most one `Sz(...)`, and does not subtract it");
                    return Err(fault);
                }
                sum.of = Some(self.size_of()?);
            } else {
                let product = self.product()?;
                let product = if negative { product.checked_neg() } else { Some(product) };
                let base = product.and_then(|product| sum.base.checked_add(product));
                sum.base = base.ok_or_else(|| too_large(start..self.last_end))?;
            }
            negative = if self.operator(Kind::Plus, "+")? {
                false
            } else if self.operator(Kind::Minus, "-")? {
                true
            } else {
                break;
            };
        }
        sum.span.end = self.last_end;
        Ok(sum)
    }

    /// Skips a binary operator, if it is the current token. A separator before the operator ends the expression; a
    /// separator after it is an error.
    fn operator(&mut self, kind: Kind, text: &str) -> Result<bool, Fault> {
        if self.token.kind != kind || self.token.separated {
            return Ok(false);
        }
        let operator = self.advance()?;
        match self.token.separated {
            true => Err(Fault::new(operator.span(), format!("expected an integer or a constant after `{text}`"))),
            false => Ok(true),
        }
    }

    /// Reads `Sz(DIM)`.
    fn size_of(&mut self) -> Result<Dim, Fault> {
        self.advance()?;
        self.expect(Kind::ParenOpen, "`(` after `Sz`")?;
        let dim = self.dim()?;
        self.expect(Kind::ParenClose, "`)`")?;
        match self.token.kind {
            Kind::Star => Err(Fault::new(self.token.span(), "`Sz(...)` cannot be multiplied")),
            _ => Ok(dim),
        }
    }

    fn product(&mut self) -> Result<i64, Fault> {
        let start = self.token.start;
        let mut product = self.factor()?;
        while self.operator(Kind::Star, "*")? {
            if self.text() == "Sz" {
                return Err(Fault::new(self.token.span(), "`Sz(...)` cannot be multiplied"));
            }
            let factor = self.factor()?;
            product = product.checked_mul(factor).ok_or_else(|| too_large(start..self.last_end))?;
        }
        Ok(product)
    }

    /// Reads an integer or a constant.
    fn factor(&mut self) -> Result<i64, Fault> {
        let text = self.text();
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return self.integer().map(i64::from);
        }
        if self.token.kind != Kind::Word {
            return Err(self.expected("an integer or a constant"));
        }
        let Some(&value) = self.constants.get(text) else {
            let fault = self.expected("an integer or a constant");
            return Err(match Dim::from_name(text) {
                Some(dim) => fault.help(format!("the size of a dimension is written `Sz({dim})`")),
                None => fault.help("a constant is defined before it is used: `Constant NAME 1;`"),
            });
        };
        self.advance()?;
        Ok(value)
    }

    /// Reads an integer that is not negative. `8.0` counts as one.
    pub fn integer(&mut self) -> Result<u32, Fault> {
        let text = match self.text().split_once('.') {
            Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => whole,
            _ => self.text(),
        };
        match self.token.kind {
            Kind::Minus => Err(self.expected("an integer that is not negative")),
            Kind::Word if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
                let value = text.parse().map_err(|_| {
                    let message = format!("{} is too large, an integer is at most {}", quoted(text), u32::MAX);
                    Fault::new(self.token.span(), message)
                })?;
                self.advance()?;
                Ok(value)
            }
            _ => Err(self.expected("an integer")),
        }
    }

    /// Reads a number within a range: `0.046`.
    pub fn decimal(&mut self, range: &RangeInclusive<f64>) -> Result<f64, Fault> {
        let (text, span) = (self.text(), self.token.span());
        let plain = self.token.kind == Kind::Word && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        match text.parse::<f64>() {
            Ok(number) if plain && range.contains(&number) => self.advance().map(|_| number),
            Ok(_) if plain => {
                let message = format!("expected a number from {} to {}, not {text}", range.start(), range.end());
                Err(Fault::new(span, message))
            }
            _ => Err(self.expected("a number such as `0.046`")),
        }
    }

    /// Reads an extent without `Sz`, from 1 to [`MAX_EXTENT`]. Returns its range in the text, too.
    pub fn extent(&mut self, what: impl Display) -> Result<(u32, Range<usize>), Fault> {
        let amount = self.amount(false)?;
        check_extent(&amount, what)?;
        Ok((amount.base as u32, amount.span))
    }

    /// Skips a `?`, if it is the current token and parts may be open. Returns whether it did.
    pub fn open_part(&mut self) -> Result<bool, Fault> {
        let open = self.takes_open && self.text() == "?";
        if open {
            self.advance()?;
        }
        Ok(open)
    }

    /// Reads a size or offset of a directive; `None` if it is open.
    pub fn open_size(&mut self, what: impl Display) -> Result<Option<Size>, Fault> {
        if self.open_part()? {
            return Ok(None);
        }
        let help = match (self.takes_open, self.text()) {
            (true, _) if self.token.kind != Kind::Word => Some("`?` leaves it open"),
            (false, "?") => Some(OPEN_ELSEWHERE),
            _ => None,
        };
        self.size(what).map(Some).map_err(|fault| if let Some(help) = help { fault.help(help) } else { fault })
    }

    /// Reads a size or offset of a directive.
    fn size(&mut self, what: impl Display) -> Result<Size, Fault> {
        let amount = self.amount(true)?;
        if amount.of.is_none() {
            check_extent(&amount, what)?;
        }
        let base = i32::try_from(amount.base).map_err(|_| too_large(amount.span))?;
        Ok(Size { base, of: amount.of })
    }
}

fn check_extent(amount: &Amount, what: impl Display) -> Result<(), Fault> {
    match amount.base {
        1.. if amount.base <= i64::from(MAX_EXTENT) => Ok(()),
        base => Err(Fault::new(amount.span.clone(), format!("{what} must be 1 to {MAX_EXTENT}, not {base}"))),
    }
}

fn too_large(span: Range<usize>) -> Fault {
    Fault::new(span, "the value is too large")
}
