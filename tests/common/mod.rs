//! Helpers that all integration tests share: they run the program, each time in a directory of its own.

pub mod skipped;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The path of a file in `tests/`.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// The text of a file in `tests/`.
pub fn text(name: &str) -> String {
    read(&data(name))
}

/// The text of a file.
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Panics with the first line that differs, if there is one.
#[track_caller]
pub fn assert_same_text(expected: &str, actual: &str) {
    let lines = (1..).zip(expected.lines().zip(actual.lines()));
    if let Some((number, (expected, actual))) = lines.into_iter().find(|(_, (expected, actual))| expected != actual) {
        panic!("line {number} is '{actual}', not '{expected}'");
    }
    assert_eq!(expected.len(), actual.len(), "lengths");
}

/// A new directory to run the program in.
pub struct Dir(TempDir);

impl Dir {
    pub fn new() -> Dir {
        Dir(TempDir::new().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file and returns its name.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).unwrap();
        name.to_string()
    }

    /// The names of the files in the directory, including hidden ones.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A command that runs the program in this directory. Progress lines are switched off, so the machine's speed
    /// does not matter.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_maestrino"));
        command.current_dir(self.0.path()).env("MAESTRINO_PROGRESS", "1e6");
        command
    }

    /// Runs the program in this directory. Spaces separate the arguments.
    pub fn run(&self, arguments: &str) -> Run {
        Run::of(arguments, self.command().args(arguments.split_whitespace()))
    }
}

/// The outcome of a run of the program.
pub struct Run {
    pub arguments: String,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn of(arguments: &str, command: &mut Command) -> Run {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let run =
            Run { arguments: arguments.to_string(), code: status.code(), stdout: text(stdout), stderr: text(stderr) };
        assert!(!run.stderr.contains("panicked"), "{arguments}: {}", run.stderr);
        run
    }

    /// Asserts that the run succeeded and printed nothing on standard error.
    #[track_caller]
    pub fn quiet(self) -> Run {
        let run = self.well();
        assert_eq!(run.stderr, "", "{}", run.arguments);
        run
    }

    /// Asserts that the run succeeded.
    #[track_caller]
    pub fn well(self) -> Run {
        assert_eq!(self.code, Some(0), "{}: {}", self.arguments, self.stderr);
        self
    }

    /// Asserts that the run ended with this exit code and printed nothing on standard output. Returns its standard
    /// error.
    #[track_caller]
    pub fn failed(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{}: {}{}", self.arguments, self.stdout, self.stderr);
        assert_eq!(self.stdout, "", "{}", self.arguments);
        assert!(self.stderr.starts_with("error: "), "{}: {}", self.arguments, self.stderr);
        self.stderr
    }
}
