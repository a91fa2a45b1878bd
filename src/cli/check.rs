//! `castile check`: the load report.

use std::process::ExitCode;

use super::UNUSABLE;

/// Options of `castile check`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The WSDL, a file; may be given several times
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) wsdl: Vec<String>,

    /// Report as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  castile check --wsdl orders.wsdl
  castile check --wsdl orders.wsdl --wsdl cities.wsdl --json";

/// Runs the command.
pub(crate) fn run(_args: &Args) -> ExitCode {
    eprintln!("castile check cannot be used yet: it is still being built");
    ExitCode::from(UNUSABLE)
}
