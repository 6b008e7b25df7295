//! `maestrino completions` and `maestrino man`: generates completions for shells and manual pages from the program's
//! arguments.

use std::path::{Path, PathBuf};

use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::failure::Failure;
use crate::cli::output;

/// Write completions of commands and flags for a shell
///
/// bash: maestrino completions bash -o ~/.local/share/bash-completion/completions/maestrino
#[derive(clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Write the manual pages, one for each command
///
/// maestrino man ~/.local/share/man/man1, then: man maestrino-estimate
#[derive(clap::Args)]
pub struct ManArgs {
    /// Directory to write to; created if missing
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

/// Writes completions for a program.
pub fn completions(args: &CompletionsArgs, mut program: clap::Command) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, "maestrino", &mut script);
    output::write(args.output.as_deref(), |out| out.write_all(&script))
}

/// Writes the manual pages of a program.
pub fn man(args: &ManArgs, program: clap::Command) -> Result<(), Failure> {
    let directory = &args.directory;
    let failed = |source| Failure::Output { path: directory.display().to_string(), source };
    std::fs::create_dir_all(directory).map_err(failed)?;
    let mut program = program.disable_help_subcommand(true);
    program.build();
    pages(directory, program)
}

/// Writes the page of a command and those of its subcommands.
fn pages(directory: &Path, command: clap::Command) -> Result<(), Failure> {
    for subcommand in command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set()) {
        pages(directory, subcommand.clone())?;
    }
    let page = Man::new(command);
    output::write(Some(&directory.join(page.get_filename())), |out| page.render(out))
}
