//! Parses configurations: the numbers in their fields, and errors.

use std::str::FromStr;

/// Why a text is not a configuration of a space.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{column}: {what}")]
pub struct ConfigError {
    /// The field that it is about.
    pub column: String,
    /// What was found, and what was expected.
    pub what: String,
}

impl ConfigError {
    pub(super) fn new(column: &str, what: impl Into<String>) -> ConfigError {
        ConfigError { column: column.to_string(), what: what.into() }
    }
}

/// The place of `text` among the numbers that a field may have.
pub(super) fn choice_of<T: FromStr + PartialEq + ToString>(
    column: &str,
    place: usize,
    text: &str,
    legal: &[T],
) -> Result<u16, ConfigError> {
    let found = text.parse().ok().and_then(|number: T| legal.iter().position(|legal| *legal == number));
    found.map(|choice| choice as u16).ok_or_else(|| {
        let legal: Vec<_> = legal.iter().map(T::to_string).collect();
        ConfigError::new(column, format!("number {place} is '{text}', expected {}", legal.join(", ")))
    })
}

/// The numbers of a field, separated by spaces.
pub(super) fn numbers<'a>(column: &str, text: &'a str, count: usize) -> Result<Vec<&'a str>, ConfigError> {
    let numbers: Vec<_> = text.split_ascii_whitespace().collect();
    if numbers.len() != count {
        let what = format!("expected {count} numbers separated by spaces, found {} ('{text}')", numbers.len());
        return Err(ConfigError::new(column, what));
    }
    Ok(numbers)
}
