//! Shows the progress of commands that take more than a second on standard error: a bar on a terminal, and lines
//! elsewhere, such as in a log. The time between lines doubles.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::output;

/// The environment variable with the seconds before progress is shown. The default is 1; with 0, each step is shown
/// when it begins.
const SECONDS: &str = "MAESTRINO_PROGRESS";

/// The current steps, the innermost last.
static STEPS: Mutex<Vec<Step>> = Mutex::new(Vec::new());

/// A step of a command.
struct Step {
    what: String,
    done: Arc<AtomicUsize>,
    /// The number of parts; 0 if it is not known.
    of: usize,
    start: Instant,
    /// The time, from the start of the step, when it is shown next.
    next: Duration,
    bar: Option<ProgressBar>,
}

/// A step that is under way. The step ends when this is dropped.
pub struct Work(Arc<AtomicUsize>);

fn steps() -> MutexGuard<'static, Vec<Step>> {
    STEPS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn first() -> Duration {
    let given = std::env::var(SECONDS).ok().and_then(|seconds| Duration::try_from_secs_f64(seconds.parse().ok()?).ok());
    given.unwrap_or(Duration::from_secs(1))
}

/// Starts to show progress. Between steps, shows that the command is still working.
pub fn watch() {
    static WATCHER: Once = Once::new();
    let next = first().max(Duration::from_millis(100));
    *steps() = vec![Step { next, ..Step::new("still at work".to_string(), 0) }];
    WATCHER.call_once(|| {
        std::thread::spawn(|| {
            loop {
                std::thread::sleep(Duration::from_millis(100));
                if let Some(step) = steps().last_mut() {
                    step.draw();
                }
            }
        });
    });
}

/// Stops showing progress, because the command has ended.
#[cfg(feature = "python")]
pub fn end() {
    steps().clear();
}

/// Begins a step of `parts` parts; 0 if they are not counted.
pub fn begin(what: impl Into<String>, parts: usize) -> Work {
    let mut step = Step::new(what.into(), parts);
    if step.next.is_zero() {
        step.draw();
    }
    let work = Work(step.done.clone());
    steps().push(step);
    work
}

impl Work {
    /// Counts another part as done.
    pub fn advance(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let mut steps = steps();
        if let Some(place) = steps.iter().rposition(|step| Arc::ptr_eq(&step.done, &self.0)) {
            // Removes the bar of the step.
            steps.remove(place).bar.iter().for_each(ProgressBar::finish_and_clear);
            // The outer step is not shown at once, because this one may have been shown just now.
            if let Some(outer) = steps.last_mut() {
                outer.next = outer.next.max(outer.start.elapsed() + first());
            }
        }
    }
}

impl Step {
    fn new(what: String, of: usize) -> Step {
        Step { what, done: Arc::default(), of, start: Instant::now(), next: first(), bar: None }
    }

    /// Shows the step, if it is due.
    fn draw(&mut self) {
        let elapsed = self.start.elapsed();
        if elapsed < self.next {
            return;
        }
        let done = self.done.load(Ordering::Relaxed);
        if io::stderr().is_terminal() {
            self.bar.get_or_insert_with(|| bar(&self.what, self.of)).set_position(done as u64);
            return;
        }
        self.next = (2 * elapsed).max(Duration::from_secs(1));
        let parts = if self.of > 0 { format!("{done} of {}, ", self.of) } else { String::new() };
        output::message(format_args!("{}: {parts}{} s", self.what, elapsed.as_secs()));
    }
}

fn bar(what: &str, of: usize) -> ProgressBar {
    let (bar, template) = match of {
        0 => (ProgressBar::new_spinner(), "{spinner} {prefix}: {elapsed}"),
        of => (ProgressBar::new(of as u64), "{prefix} [{wide_bar}] {pos}/{len}, {eta} left"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.with_prefix(what.to_string())
}
