//! `zhicha`: the phone as a command, for scripts, load tests, the demo, and checking a vault.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command: stdout is its result, stderr what it has to say"
)]

mod args;
mod run;

use clap::Parser as _;

fn main() -> std::process::ExitCode {
    match run::run(args::Args::parse()) {
        Ok(code) => std::process::ExitCode::from(code),
        Err(error) => {
            eprintln!("{error:#}");
            std::process::ExitCode::from(run::exit_code(&error))
        }
    }
}
