//! `maestrino report`: draws the results of a search as a page.

use std::path::{Path, PathBuf};

use crate::host::directory::Lock;
use crate::host::report::codesign;
use crate::host::report::page::Page;
use crate::host::report::plot::PlotError;

use crate::cli::failure::Failure;
use crate::cli::{output, progress};

/// Draw the tables that `maestrino codesign` wrote: a self-contained HTML page, and every figure as SVG and PDF in
/// the width of a paper's column, and as CSV
#[derive(clap::Args)]
pub struct ReportArgs {
    /// Directory that `maestrino codesign --output` wrote
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// Page to write; its figures go to a folder `figures` beside it [default: DIR/report.html]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The folder of the figures, next to the page.
const FIGURES: &str = "figures";

/// Runs the command.
pub fn run(args: &ReportArgs) -> Result<(), Failure> {
    // Only one command at a time may write into the search's own directory, so a page that goes there needs the lock.
    let lock = match &args.output {
        None if args.directory.is_dir() => Some(Lock::take(&args.directory)),
        _ => None,
    };
    let lock = lock.transpose().map_err(|error| Failure::Input(error.to_string()))?;
    let reading = progress::begin(format!("reading {}", args.directory.display()), 0);
    let page = codesign::report(&args.directory).map_err(|error| Failure::Input(error.to_string()))?;
    drop(reading);
    let path = args.output.clone().unwrap_or_else(|| args.directory.join("report.html"));
    save(&page, &path, lock.as_ref())?;
    let count = page.figures().count();
    let folder = path.parent().unwrap_or(Path::new("")).join(FIGURES);
    output::write(None, |out| {
        writeln!(out, "{}: {count} figures, in {} as SVG, PDF and CSV", path.display(), folder.display())
    })
}

/// Writes a page, and its figures into a folder next to it.
pub fn save(page: &Page, path: &Path, lock: Option<&Lock>) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("")).join(FIGURES);
    let failed = |path: &Path, source| Failure::Output { path: path.display().to_string(), source };
    std::fs::create_dir_all(&folder).map_err(|source| failed(&folder, source))?;
    if let Some(lock) = lock {
        lock.remove_temporary(&folder).map_err(|source| failed(&folder, source))?;
    }
    let drawing = progress::begin("drawing figures", page.figures().count());
    for figure in page.figures() {
        drawing.advance();
        let drawn = |error: PlotError| Failure::Input(error.to_string());
        let csv = folder.join(format!("{}.csv", figure.id));
        let data = figure.data.csv().map_err(|error| failed(&csv, std::io::Error::other(error)))?;
        let svg = figure.drawing.svg().map_err(drawn)?.into_bytes();
        let pdf = figure.drawing.pdf(&figure.caption).map_err(drawn)?;
        for (extension, bytes) in [("csv", data), ("svg", svg), ("pdf", pdf)] {
            let file = folder.join(format!("{}.{extension}", figure.id));
            output::write(Some(&file), |out| out.write_all(&bytes))?;
        }
    }
    output::write(Some(path), |out| out.write_all(page.html(FIGURES).as_bytes()))
}
