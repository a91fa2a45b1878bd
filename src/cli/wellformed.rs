//! `castile wellformed`: the verdict of the guarded reader.

use std::process::ExitCode;

use super::UNUSABLE;

/// Options of `castile wellformed`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The documents; `-` is the standard input
    #[arg(value_name = "DOC", required = true)]
    pub(crate) documents: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  castile wellformed message.xml reply.xml";

/// Runs the command.
pub(crate) fn run(_args: &Args) -> ExitCode {
    eprintln!("castile wellformed cannot be used yet: it is still being built");
    ExitCode::from(UNUSABLE)
}
