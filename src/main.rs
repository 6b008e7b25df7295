//! The program `maestrino`: the command line of the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    maestrino::cli::main(std::env::args_os()).into()
}
