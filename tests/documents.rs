//! Tests of the documents: the commands in the README and in the guide work as written, and print the output shown
//! below them.
//!
//! A fence `sh` is run by a shell. All fences of a page share a directory with the project's `tests/`. If fences
//! `text` follow in the same section, their lines must be printed in this order; `...` stands for omitted lines. In a
//! fence `text`, lines that begin with `$` are run as commands. A fence with `not run: WHY` is only parsed, to check
//! that its flags exist.
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::common::{Dir, read};

/// The number of fences that are not run.
const NOT_RUN: usize = 13;

/// A block of code on a page.
struct Fence {
    /// The text after the language on the first line.
    info: String,
    lines: Vec<String>,
    /// The number of headings before it.
    section: usize,
}

impl Fence {
    fn is(&self, language: &str) -> bool {
        self.info.split([' ', ',']).next() == Some(language)
    }

    fn runs(&self) -> bool {
        !self.info.contains("not run")
    }

    /// The script for a shell to run, if there is one.
    fn script(&self) -> Option<String> {
        if self.is("sh") {
            return Some(self.lines.join("\n"));
        }
        let mut script = String::new();
        let mut goes_on = false;
        for line in self.lines.iter().filter(|_| self.is("text")) {
            if goes_on || line.starts_with("$ ") {
                script += line.trim_start_matches("$ ");
                script.push('\n');
                goes_on = line.ends_with('\\');
            }
        }
        (!script.is_empty()).then_some(script)
    }
}

fn fences(page: &str) -> Vec<Fence> {
    let mut fences: Vec<Fence> = Vec::new();
    let (mut inside, mut section) = (false, 0);
    for line in page.lines() {
        match (inside, line.strip_prefix("```")) {
            (false, Some(info)) => {
                fences.push(Fence { info: info.to_string(), lines: Vec::new(), section });
                inside = true;
            }
            (true, Some(_)) => inside = false,
            (true, None) => fences.last_mut().unwrap().lines.push(line.to_string()),
            (false, None) => section += usize::from(line.starts_with('#')),
        }
    }
    assert!(!inside, "a fence does not end");
    fences
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_dir(root.join("src/guide")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = guide.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    pages.extend(["README.md", "CONTRIBUTING.md"].map(|name| root.join(name)));
    pages.sort();
    pages
}

/// A directory with the project's `tests/` and a `cargo` that runs the program as it has been built.
fn directory() -> Dir {
    let dir = Dir::new();
    std::os::unix::fs::symlink(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), dir.path("tests")).unwrap();
    std::fs::create_dir(dir.path("bin")).unwrap();
    let cargo = dir.path("bin/cargo");
    std::fs::write(
        &cargo,
        "#!/bin/sh\n[ \"$1\" = run ] || exit 0\nwhile [ \"$1\" != -- ]; do shift; done\nshift\nexec maestrino \"$@\"\n",
    )
    .unwrap();
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755)).unwrap();
    dir
}

fn shell(dir: &Dir, script: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_maestrino")).parent().unwrap();
    let path = format!("{}:{}:{}", dir.path("bin").display(), program.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.args(["-ec", script]).current_dir(dir.path(".")).env("PATH", path).env("MAESTRINO_PROGRESS", "1e6");
    command.output().unwrap()
}

/// Checks that the lines are printed in this order. The lines after `...` need not follow immediately.
fn shows(printed: &str, lines: &[String]) -> Result<(), String> {
    let mut printed = printed.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let mut skips = true;
    for line in lines.iter().map(|line| line.trim_end()).filter(|line| !line.is_empty()) {
        if line == "..." {
            skips = true;
            continue;
        }
        let next = if skips { printed.find(|own| *own == line) } else { printed.next() };
        if next != Some(line) {
            return Err(format!("expected:\n{line}\nprinted:\n{}", next.unwrap_or("nothing more that is it")));
        }
        skips = false;
    }
    Ok(())
}

/// The program's commands in a script, with continued lines joined and comments removed.
fn commands(script: &str) -> Vec<Vec<String>> {
    let joined = script.replace("\\\n", " ");
    let lines = joined.lines().filter(|line| line.trim_start().starts_with("maestrino "));
    let words = |line: &str| {
        line.split_whitespace()
            .skip(1)
            .take_while(|word| !word.starts_with(['#', '|', ';']))
            .map(String::from)
            .collect()
    };
    lines.map(words).collect()
}

/// The failures on a page, the number of its blocks that were run, and the blocks that were not.
fn check(page: &Path) -> (Vec<String>, usize, Vec<String>) {
    let started = std::time::Instant::now();
    let name = page.file_name().unwrap().to_string_lossy().into_owned();
    let dir = directory();
    let (mut wrong, mut ran, mut left) = (Vec::new(), 0, Vec::new());
    let mut printed: Option<(usize, String)> = None;
    for fence in fences(&read(page)) {
        let Some(script) = fence.script() else {
            // Several outputs may follow in the same section, with text between them.
            if let Some((section, printed)) = &printed
                && *section == fence.section
                && fence.is("text")
                && let Err(difference) = shows(printed, &fence.lines)
            {
                wrong.push(format!("{name}: {difference}"));
            }
            continue;
        };
        printed = None;
        if !fence.runs() {
            left.push(format!("{name}: {}", fence.info));
            for words in commands(&script) {
                // A word that a shell would replace is assumed to be a number.
                let words =
                    words.into_iter().map(|word| if word.contains(['$', '{', '*']) { "1/2".into() } else { word });
                let output = dir.command().args(words.clone()).arg("--help").output().unwrap();
                if !output.status.success() {
                    wrong.push(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)));
                }
            }
            continue;
        }
        let output = shell(&dir, &script);
        ran += 1;
        if !output.status.success() {
            wrong.push(format!("{name}: {script}\n{}", String::from_utf8_lossy(&output.stderr)));
        }
        printed = Some((fence.section, String::from_utf8(output.stdout).unwrap()));
    }
    println!("{name}: {ran} blocks in {:.1} s", started.elapsed().as_secs_f64());
    // The pictures of a page are those that its commands draw.
    let pictures = std::fs::read_dir(page.with_extension("")).into_iter().flatten().map(|entry| entry.unwrap());
    for picture in pictures {
        let drawn = dir.path(&picture.file_name().to_string_lossy());
        if drawn.exists() && read(&drawn) != read(&picture.path()) {
            wrong.push(format!("{name}: {} is another one", picture.path().display()));
        }
    }
    (wrong, ran, left)
}

#[test]
fn every_command_works_as_it_stands() {
    let pages = pages();
    let checked: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = pages.iter().map(|page| scope.spawn(|| check(page))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let ran: usize = checked.iter().map(|(_, ran, _)| ran).sum();
    let wrong: Vec<&String> = checked.iter().flat_map(|(wrong, ..)| wrong).collect();
    let left: Vec<&String> = checked.iter().flat_map(|(.., left)| left).collect();
    println!("{ran} blocks of commands run, {} not run: {left:#?}", left.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(ran >= 24, "{ran}");
    assert_eq!(left.len(), NOT_RUN, "{left:#?}");
}

#[test]
fn the_pages_and_the_readme_know_each_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (readme, guide) = (read(&root.join("README.md")), read(&root.join("src/guide.rs")));
    for page in pages().iter().filter(|page| page.parent().unwrap().ends_with("guide")) {
        let name = page.file_name().unwrap().to_string_lossy().into_owned();
        assert!(guide.contains(&format!("include_str!(\"guide/{name}\")")), "docs.rs does not show {name}");
        assert!(readme.contains(&format!("(src/guide/{name})")), "the README does not know {name}");
    }
    // The README's links to files.
    for link in readme.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap()) {
        assert!(link.starts_with("https://") || root.join(link).exists(), "{link}");
    }
    assert!(readme.lines().count() <= 160, "{}", readme.lines().count());
    let program = |text: &str| text.split_once("```c\n").unwrap().1.split_once("```").unwrap().0.to_string();
    assert_eq!(program(&readme), program(&read(&root.join("src/guide/firmware.md"))), "the example in C");
}

#[test]
fn columns_are_told() {
    let dir = Dir::new();
    let header = dir.run("estimate --hw edge16 --format csv").quiet().stdout;
    let page = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/formats.md"));
    let columns: Vec<&str> = header.lines().next().unwrap().split(',').collect();
    assert!(columns.len() > 50, "{columns:?}");
    for column in columns {
        assert!(page.contains(&format!("`{column}`")), "{column}");
    }
}
