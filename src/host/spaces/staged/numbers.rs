//! Numbers of a file, fixed or free (a list of choices): where they are in the file, and their range.

use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{SeqAccess, Visitor};
use toml::Spanned;

use crate::host::formats::diagnostic::Fault;

/// The maximum number of choices of a number.
const MAX_CHOICES: usize = 1000;

pub type Number = Spanned<f64>;
pub type Given = Spanned<Numbers>;

/// A number, or a list of them to choose from.
pub enum Numbers {
    One(f64),
    Several(Vec<Number>),
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Numbers, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Numbers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, or a list of them to choose from")
            }

            fn visit_i64<E>(self, number: i64) -> Result<Numbers, E> {
                Ok(Numbers::One(number as f64))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Numbers, E> {
                Ok(Numbers::One(number))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Numbers, A::Error> {
                let mut numbers = Vec::new();
                while let Some(number) = list.next_element()? {
                    numbers.push(number);
                }
                Ok(Numbers::Several(numbers))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// The range of the number of a key.
pub struct Rule {
    pub key: &'static str,
    pub least: f64,
    pub most: f64,
    pub whole: bool,
}

pub const fn whole(key: &'static str, most: u32) -> Rule {
    Rule { key, least: 1.0, most: most as f64, whole: true }
}

pub const fn decimal(key: &'static str, least: f64, most: f64) -> Rule {
    Rule { key, least, most, whole: false }
}

/// The choices for a number, and where they are in the file.
#[derive(Clone)]
pub struct Values {
    pub values: Vec<f64>,
    pub span: Range<usize>,
}

impl Rule {
    fn check(&self, number: f64, span: Range<usize>) -> Result<f64, Fault> {
        let Rule { key, least, most, whole } = *self;
        if (least..=most).contains(&number) && (!whole || number.fract() == 0.0) {
            return Ok(number);
        }
        let what = if whole { "a whole number" } else { "a number" };
        let fault = Fault::new(span, format!("`{key}` is {number}: expected {what} from {least} to {most}"));
        Err(if key == "width" { fault.help("widths are percent of all channels: 35, not 0.35") } else { fault })
    }

    /// Checks a single number.
    pub fn one(&self, given: &Number) -> Result<f64, Fault> {
        self.check(*given.get_ref(), given.span())
    }

    /// The same, or `default` if none is given.
    pub fn one_or(&self, given: Option<&Number>, default: u32) -> Result<u32, Fault> {
        given.map_or(Ok(default), |given| Ok(self.one(given)? as u32))
    }

    /// Checks a number or a list of choices.
    pub fn several(&self, given: &Given) -> Result<Values, Fault> {
        let (key, span) = (self.key, given.span());
        let numbers = match given.get_ref() {
            Numbers::One(number) => return Ok(Values { values: vec![self.check(*number, span.clone())?], span }),
            Numbers::Several(numbers) => numbers,
        };
        if numbers.is_empty() {
            return Err(Fault::new(span, format!("`{key}` has no choices")).help("give a number, or a list of them"));
        }
        if numbers.len() > MAX_CHOICES {
            return Err(Fault::new(span, format!("`{key}` has more than {MAX_CHOICES} choices")));
        }
        let mut values = Vec::with_capacity(numbers.len());
        for number in numbers {
            let value = self.one(number)?;
            if values.contains(&value) {
                return Err(
                    Fault::new(number.span(), format!("`{key}` has {value} twice")).help("leave one of them out")
                );
            }
            values.push(value);
        }
        Ok(Values { values, span })
    }
}

impl Values {
    /// A number that is not given in the file.
    pub fn fixed(value: f64) -> Values {
        Values { values: vec![value], span: 0..0 }
    }

    /// The largest choice.
    pub fn most(&self) -> f64 {
        self.values.iter().copied().fold(0.0, f64::max)
    }
}
