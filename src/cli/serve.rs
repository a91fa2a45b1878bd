//! `castile serve`: the gateway.

use std::process::ExitCode;

use super::UNUSABLE;

/// Options of `castile serve`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The WSDL, a file or a URL; may be given several times
    #[arg(long, value_name = "FILE_OR_URL", required = true)]
    pub(crate) wsdl: Vec<String>,

    /// Where the SOAP service is, instead of the address in the WSDL
    #[arg(long, value_name = "URL")]
    pub(crate) upstream: Option<String>,

    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,

    /// Certificates (PEM) to trust for https upstreams, instead of the public ones
    #[arg(long, value_name = "FILE")]
    pub(crate) roots: Option<String>,

    /// Print the JSON and SOAP of each call on stderr (loopback listeners only)
    #[arg(long)]
    pub(crate) trace: bool,
}

const EXAMPLES: &str = "\
Examples:
  castile serve --wsdl orders.wsdl
  castile serve --wsdl https://erp.example/orders?wsdl --listen 0.0.0.0:8080
  castile serve --wsdl orders.wsdl --upstream http://10.0.0.5/orders --trace";

/// Runs the command.
pub(crate) fn run(_args: &Args) -> ExitCode {
    eprintln!("castile serve cannot be used yet: it is still being built");
    ExitCode::from(UNUSABLE)
}
