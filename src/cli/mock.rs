//! `castile mock`: a SOAP server that makes up its answers.

use std::net::SocketAddr;
use std::process::ExitCode;

use super::Stop;
use super::UNUSABLE;
use super::contract;
use super::print;
use crate::gateway::mock::Mock;
use crate::gateway::mock::made_up::MadeUp;
use crate::gateway::mock::server;
use crate::transcode::Codec;

/// Options of `castile mock`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The WSDL, a file
    #[arg(long, value_name = "FILE")]
    pub(crate) wsdl: String,

    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8081")]
    pub(crate) listen: SocketAddr,

    /// Begin the made-up answers at another place of the same endless row
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
}

const EXAMPLES: &str = "\
Examples:
  castile mock --wsdl orders.wsdl
  castile mock --wsdl orders.wsdl --listen 127.0.0.1:9000

It answers valid requests on any path with schema-valid replies, others with a SOAP fault that lists what is wrong;
GET ?wsdl gives the WSDL.";

/// Runs the command.
pub(crate) fn run(args: &Args) -> ExitCode {
    let contract = match contract::load(&args.wsdl) {
        Ok(contract) => contract,
        Err(status) => return status,
    };
    let mock = Mock::new(Codec::new(contract), Box::new(MadeUp::new(args.seed)));
    let running = match server::start(mock, args.listen) {
        Ok(running) => running,
        Err(error) => {
            eprintln!("cannot listen on {}: {error}; choose another address with --listen", args.listen);
            return ExitCode::from(UNUSABLE);
        }
    };
    let stop = match Stop::prepare() {
        Ok(stop) => stop,
        Err(status) => return status,
    };
    match print(format!("listening on http://{}\n", running.address).as_bytes()) {
        Ok(()) => stop.wait(),
        Err(status) => status,
    }
}
