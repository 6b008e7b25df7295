//! The exception for errors, which has file, line and layers.

use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::cli::failure::Failure;

create_exception!(
    maestrino,
    Error,
    PyValueError,
    "What is wrong with a layer, a file, an accelerator or a command, and what to do.\n\n\
     `file`, `line` and `column` are where it stands, if it is in a file; `layers` has a tuple (name, line, what is wrong) for each \
     layer that cannot be costed; `code` is the program's exit code: 1 for bad input, 2 for bad usage."
);

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> PyErr {
        Python::attach(|py| {
            let text = failure.to_string();
            let text = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
            let error =
                Error::new_err(text.trim_end_matches("For more information, try '--help'.").trim_end().to_string());
            match fill(error.value(py), &failure) {
                Ok(()) => error,
                Err(error) => error,
            }
        })
    }
}

fn fill(error: &Bound<'_, pyo3::exceptions::PyBaseException>, failure: &Failure) -> PyResult<()> {
    let (mut file, mut line, mut column) = (None, None, None);
    if let Failure::Parse(parse) = failure {
        let at: &crate::host::formats::diagnostic::Diagnostic = parse;
        (file, line, column) = (Some(at.file.clone()), Some(at.line), Some(at.column));
    }
    if let Failure::Read { path, .. } | Failure::Output { path, .. } = failure {
        file = Some(path.clone());
    }
    let layers: Vec<(String, Option<u32>, String)> = match failure {
        Failure::Layers(errors, _) => {
            errors.iter().map(|error| (error.layer.clone(), error.line, error.error.to_string())).collect()
        }
        _ => Vec::new(),
    };
    error.setattr("file", file)?;
    error.setattr("line", line)?;
    error.setattr("column", column)?;
    error.setattr("layers", layers)?;
    error.setattr("code", failure.code())
}

/// An error of the library.
pub fn input(error: impl std::fmt::Display) -> Failure {
    Failure::Input(error.to_string())
}
