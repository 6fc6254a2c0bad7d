//! `zhicha-server`: the office's service as one program.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    reason = "a command: what it prints on stdout is its result"
)]

mod cli;

use clap::Parser as _;

fn main() -> std::process::ExitCode {
    match cli::run(cli::Args::parse()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            #[allow(clippy::print_stderr, reason = "the last word of a failed command")]
            {
                eprintln!("{error:#}");
            }
            std::process::ExitCode::FAILURE
        }
    }
}
