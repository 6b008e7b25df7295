//! Runs the program itself, and turns its warnings into Python's.

use std::ffi::{CString, OsString};

use pyo3::exceptions::PyUserWarning;
use pyo3::prelude::*;

use crate::cli::failure::Failure;
use crate::cli::{self, output, progress};

/// Runs the program with these arguments, the first of which is its name. Returns its exit code.
#[pyfunction]
#[pyo3(signature = (arguments, /))]
pub fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| cli::main(arguments))
}

/// Runs the program within a process that goes on. Returns its exit code and its messages; progress goes to standard
/// error. Only one can run at a time.
#[pyfunction]
#[pyo3(signature = (arguments, /))]
pub fn within(py: Python<'_>, arguments: Vec<OsString>) -> (u8, String) {
    let (code, messages) = py.detach(|| output::collected(|| cli::main(arguments)));
    progress::end();
    (code, messages.join("\n"))
}

/// Runs `work` without Python's lock. Messages that the program would print to standard error become warnings.
pub fn with_warnings<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, Failure> + Send) -> PyResult<T> {
    let (outcome, messages) = py.detach(|| output::collected(work));
    for line in messages {
        let line = CString::new(line.trim_start_matches("warning: ").replace('\0', " "))?;
        PyErr::warn(py, &py.get_type::<PyUserWarning>(), &line, 1)?;
    }
    Ok(outcome?)
}
