//! `castile serve`: the gateway.

use std::net::SocketAddr;
use std::net::ToSocketAddrs;
use std::process::ExitCode;
use std::sync::Arc;

use super::Stop;
use super::UNUSABLE;
use super::config;
use super::config::Unusable;
use super::print;
use crate::console::PAGES;
use crate::gateway::configured::Configured;
use crate::gateway::documents::Documents;
use crate::gateway::log;
use crate::gateway::log::Format;
use crate::gateway::planner::Planner;
use crate::gateway::server;
use crate::gateway::server::Listen;
use crate::gateway::server::Running;
use crate::wsdl::contract::Contract;
use crate::wsdl::report::Counts;

/// Options of `castile serve`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The configuration; castile.yaml where neither this nor --wsdl is given
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["wsdl", "upstream", "listen", "roots"])]
    pub(crate) config: Option<String>,

    /// A WSDL to serve with all the defaults, a file or a URL; may be given several times
    #[arg(long, value_name = "FILE_OR_URL")]
    pub(crate) wsdl: Vec<String>,

    /// Where the SOAP service is, instead of the address in the WSDL
    #[arg(long, value_name = "URL")]
    pub(crate) upstream: Option<String>,

    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,

    /// Certificates (PEM) to trust for https, besides the public ones
    #[arg(long, value_name = "FILE")]
    pub(crate) roots: Option<String>,

    /// Print the JSON and SOAP of each call on stderr (loopback listeners only)
    #[arg(long)]
    pub(crate) trace: bool,

    /// How log lines on stderr look: text on a terminal, else json, unless said here; CASTILE_LOG=warn leaves out the line for each request
    #[arg(long, value_name = "FORMAT", value_parser = ["text", "json"])]
    pub(crate) log: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  castile serve --wsdl orders.wsdl
  castile serve -c castile.yaml
  castile serve --wsdl https://erp.example/orders?wsdl --listen 0.0.0.0:8080
  castile serve --wsdl orders.wsdl --upstream http://10.0.0.5/orders --trace";

/// Runs the command.
pub(crate) fn run(args: &Args) -> ExitCode {
    let stop = match Stop::prepare() {
        Ok(stop) => stop,
        Err(failed) => return failed,
    };
    let prepared = if args.wsdl.is_empty() { configured(args) } else { prepare(args).map_err(Unusable::Unreadable) };
    let running = match prepared {
        Ok(running) => running,
        Err(unusable) => {
            eprintln!("{}", unusable.words());
            return ExitCode::from(UNUSABLE);
        }
    };
    // Where nobody reads the addresses, it listens all the same.
    for address in &running.addresses {
        let _ = print(format!("listening on http://{address}\n").as_bytes());
    }
    let status = stop.wait();
    running.shutdown();
    log::flush();
    status
}

/// The same from a configuration.
fn configured(args: &Args) -> Result<Running, Unusable> {
    let path = match &args.config {
        Some(path) => path.as_str(),
        None if std::path::Path::new(config::DEFAULT).exists() => config::DEFAULT,
        None => {
            let message = "nothing to serve: say --wsdl FILE for a WSDL with all the defaults, or -c FILE for a configuration";
            return Err(Unusable::Unreadable(String::from(message)));
        }
    };
    let Configured { plan, addresses, contracts } = config::load(path)?;
    if let Some(address) = addresses.iter().find(|address| args.trace && !address.ip().is_loopback()) {
        let message = format!("--trace shows all messages and works on loopback only; {path} listens on {address}");
        return Err(Unusable::Unreadable(message));
    }
    for (location, contract) in &contracts {
        announce(location, Counts::of(contract));
    }
    begin_log(args);
    let listen = Listen { addresses, cores: None, roots: None };
    server::start(plan.traced(args.trace), &listen).map_err(|error| Unusable::Unreadable(error.to_string()))
}

fn begin_log(args: &Args) {
    log::begin(args.log.as_deref().map(|format| if format == "json" { Format::Json } else { Format::Text }));
}

/// Everything up to the moment when it listens; what prevents that, in words.
fn prepare(args: &Args) -> Result<Running, String> {
    let address = address(&args.listen)?;
    if args.trace && !address.ip().is_loopback() {
        return Err(format!("--trace shows all messages and works on loopback only; listen on 127.0.0.1 instead of {}", address.ip()));
    }
    let roots =
        args.roots.as_deref().map(|path| std::fs::read(path).map_err(|error| format!("{path}: cannot read: {error}"))).transpose()?;
    let mut planner = Planner::new(PAGES, args.upstream.as_deref()).map_err(|error| format!("--upstream: {error}"))?;
    for location in &args.wsdl {
        let contract = load(location, roots.clone())?;
        announce(location, Counts::of(&contract));
        planner.add(Arc::new(contract)).map_err(|error| format!("{location}: {error}"))?;
    }
    for note in &planner.notes {
        eprintln!("note: {note}");
    }
    let plan = planner.finish().map_err(|error| error.to_string())?.traced(args.trace);
    begin_log(args);
    server::start(plan, &Listen { addresses: vec![address], cores: None, roots }).map_err(|error| error.to_string())
}

/// Says if some operations have no REST face, or one with a loss; nothing where all is well.
fn announce(location: &str, counts: Counts) {
    let Counts { served, degraded, refused } = counts;
    if degraded + refused > 0 {
        eprintln!(
            "note: {location}: {served} operations served, {degraded} with a loss, {refused} not as REST; 'castile check --wsdl {location}' says why"
        );
    }
}

/// The address to listen on; `localhost` and bare ports are understood.
fn address(text: &str) -> Result<SocketAddr, String> {
    let whole = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("127.0.0.1:{text}")
    } else {
        text.strip_prefix(':').map_or_else(|| text.to_owned(), |port| format!("0.0.0.0:{port}"))
    };
    whole
        .to_socket_addrs()
        .ok()
        .and_then(|mut found| found.next())
        .ok_or_else(|| format!("--listen: '{text}' is no address and port, expected something like 127.0.0.1:8080"))
}

fn load(location: &str, roots: Option<Vec<u8>>) -> Result<Contract, String> {
    Documents::new(location).with_roots(roots).contract(location).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_understood_in_their_short_forms() {
        for (text, address) in
            [("127.0.0.1:0", "127.0.0.1:0"), ("8080", "127.0.0.1:8080"), (":8080", "0.0.0.0:8080"), ("[::1]:80", "[::1]:80")]
        {
            assert_eq!(super::address(text).map(|found| found.to_string()).as_deref(), Ok(address));
        }
        assert!(super::address("nowhere").is_err_and(|error| error.contains("127.0.0.1:8080")));
    }

    #[test]
    fn tracing_is_refused_where_others_could_read_along() {
        let args = Args { config: None, wsdl: vec![], upstream: None, listen: "0.0.0.0:0".into(), roots: None, trace: true, log: None };
        assert!(prepare(&args).is_err_and(|error| error.contains("loopback")));
    }
}
