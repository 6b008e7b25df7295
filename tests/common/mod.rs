//! What the integration tests share: the program, and directories of their own to run it in.

pub mod skipped;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A file of `tests/`.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// The text of a file of `tests/`.
pub fn text(name: &str) -> String {
    read(&data(name))
}

/// The text of a file.
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Fails with the first line that differs, if one does.
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

    /// Writes a file; what its name is.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).unwrap();
        name.to_string()
    }

    /// The files in it, hidden ones included.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The program in this directory. It says nothing of its progress, however slow the machine is.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_maestrino"));
        command.current_dir(self.0.path()).env("MAESTRINO_PROGRESS", "1e6");
        command
    }

    /// Runs the program in this directory, arguments separated by spaces.
    pub fn run(&self, arguments: &str) -> Run {
        Run::of(arguments, self.command().args(arguments.split_whitespace()))
    }
}

/// How a run of the program ended.
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

    /// The run, if it ended well and without a word on standard error.
    #[track_caller]
    pub fn quiet(self) -> Run {
        let run = self.well();
        assert_eq!(run.stderr, "", "{}", run.arguments);
        run
    }

    /// The run, if it ended well.
    #[track_caller]
    pub fn well(self) -> Run {
        assert_eq!(self.code, Some(0), "{}: {}", self.arguments, self.stderr);
        self
    }

    /// Standard error, if the run ended with this code, with nothing on standard output.
    #[track_caller]
    pub fn failed(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{}: {}{}", self.arguments, self.stdout, self.stderr);
        assert_eq!(self.stdout, "", "{}", self.arguments);
        assert!(self.stderr.starts_with("error: "), "{}: {}", self.arguments, self.stderr);
        self.stderr
    }
}
