//! The program itself, and its warnings as those of Python.

use std::ffi::{CString, OsString};

use pyo3::exceptions::PyUserWarning;
use pyo3::prelude::*;

use crate::cli::failure::Failure;
use crate::cli::{self, output, progress};

/// Runs the program with these arguments, the first of which is its name; gives its exit code.
#[pyfunction]
#[pyo3(signature = (arguments, /))]
pub fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| cli::main(arguments))
}

/// The same within a process that goes on: gives its exit code and its messages; progress goes to standard error. One at a time.
#[pyfunction]
#[pyo3(signature = (arguments, /))]
pub fn within(py: Python<'_>, arguments: Vec<OsString>) -> (u8, String) {
    let (code, messages) = py.detach(|| output::collected(|| cli::main(arguments)));
    progress::end();
    (code, messages.join("\n"))
}

/// Does something without Python's lock. What the program would print to standard error becomes a warning.
pub fn with_warnings<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, Failure> + Send) -> PyResult<T> {
    let (outcome, messages) = py.detach(|| output::collected(work));
    for line in messages {
        let line = CString::new(line.trim_start_matches("warning: ").replace('\0', " "))?;
        PyErr::warn(py, &py.get_type::<PyUserWarning>(), &line, 1)?;
    }
    Ok(outcome?)
}
