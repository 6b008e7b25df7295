//! The command line of this run, for files that record it.

use std::ffi::OsString;
use std::sync::{Mutex, PoisonError};

/// The arguments without the program's name. They are the ones given to [`crate::cli::main`], which may differ from
/// those of the process, or those of the command whose parts are joined.
static ARGUMENTS: Mutex<Vec<OsString>> = Mutex::new(Vec::new());

/// Keeps the arguments of this run, without the program's name.
pub fn keep(arguments: Vec<OsString>) {
    *ARGUMENTS.lock().unwrap_or_else(PoisonError::into_inner) = arguments;
}

/// The arguments of this run, without the program's name.
pub fn arguments() -> Vec<OsString> {
    ARGUMENTS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Flags for the output. Each has a value.
pub const OUTPUT: [&str; 2] = ["--output", "-o"];

/// The arguments without these flags and their values. All of the flags must have values.
pub fn without(mut arguments: impl Iterator<Item = String>, flags: &[&str]) -> Vec<String> {
    let mut others = Vec::new();
    while let Some(argument) = arguments.next() {
        let joined = |flag: &&str| match flag.strip_prefix("--") {
            Some(_) => argument.strip_prefix(*flag).is_some_and(|value| value.starts_with('=')),
            None => argument.starts_with(*flag),
        };
        if flags.contains(&argument.as_str()) {
            arguments.next();
        } else if !flags.iter().any(joined) {
            others.push(argument);
        }
    }
    others
}
