//! `castile mock`: a SOAP server that makes up its answers.

use std::process::ExitCode;

use super::UNUSABLE;

/// Options of `castile mock`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The WSDL, a file
    #[arg(long, value_name = "FILE")]
    pub(crate) wsdl: String,

    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8081")]
    pub(crate) listen: String,
}

const EXAMPLES: &str = "\
Examples:
  castile mock --wsdl orders.wsdl
  castile mock --wsdl orders.wsdl --listen 127.0.0.1:9000";

/// Runs the command.
pub(crate) fn run(_args: &Args) -> ExitCode {
    eprintln!("castile mock cannot be used yet: it is still being built");
    ExitCode::from(UNUSABLE)
}
