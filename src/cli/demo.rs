//! `castile demo`: a SOAP service and a gateway in front of it, on free ports.

use std::process::ExitCode;

use super::UNUSABLE;

/// Options of `castile demo`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Make the calls that are printed, show their answers, and stop
    #[arg(long)]
    pub(crate) once: bool,
}

const EXAMPLES: &str = "\
Examples:
  castile demo           keeps running until Ctrl-C; paste the curl lines into another terminal
  castile demo --once    makes the calls itself, shows question and answer, and stops";

/// Runs the command.
pub(crate) fn run(_args: &Args) -> ExitCode {
    eprintln!("castile demo cannot be used yet: it is still being built");
    ExitCode::from(UNUSABLE)
}
