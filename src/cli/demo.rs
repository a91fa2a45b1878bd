//! `castile demo`: a SOAP service and a gateway in front of it, on free ports, with curl lines to paste.

use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::process::Command;
use std::process::ExitCode;
use std::sync::Arc;

use super::BAD;
use super::Stop;
use super::UNUSABLE;
use super::contract;
use super::print;
use crate::console::PAGES;
use crate::gateway::mock::Mock;
use crate::gateway::mock::cities;
use crate::gateway::mock::cities::Cities;
use crate::gateway::mock::server as mock_server;
use crate::gateway::planner::Planner;
use crate::gateway::server as gateway_server;
use crate::gateway::server::Listen;
use crate::transcode::Codec;

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

/// What is printed: why one would make a call, and the line to paste.
struct Line {
    title: &'static str,
    curl: String,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> ExitCode {
    match start() {
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(UNUSABLE)
        }
        Ok(running) => {
            let lines = lines(running.gateway.address);
            if args.once { once(&lines) } else { show(&lines, running.service.address, running.gateway.address) }
        }
    }
}

/// The demo's two servers.
struct Running {
    service: mock_server::Running,
    gateway: gateway_server::Running,
}

/// Starts the service and the gateway in front of it, each on a free port.
fn start() -> Result<Running, String> {
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let contract = contract::parse("cities.wsdl", cities::WSDL)?;
    let mock = Mock::new(Codec::new(Arc::clone(&contract)), Box::new(Cities));
    let service = mock_server::start(mock, free).map_err(|error| format!("cannot start the service: {error}"))?;
    let upstream = format!("http://{}/Cities", service.address);
    let mut planner = Planner::new(PAGES, Some(&upstream)).map_err(|error| error.message)?;
    planner.add(contract).map_err(|error| error.message)?;
    let plan = planner.finish().map_err(|error| error.message)?;
    let listen = Listen { addresses: vec![free], cores: None, roots: None };
    let gateway = gateway_server::start(plan, &listen).map_err(|error| error.to_string())?;
    Ok(Running { service, gateway })
}

fn show(lines: &[Line], service: SocketAddr, gateway: SocketAddr) -> ExitCode {
    let mut text = format!(
        "A SOAP service runs at http://{service}/Cities, and castile in front of it at http://{gateway}/\n\
         Open that page in a browser, or paste these lines into another terminal. Ctrl-C stops both.\n"
    );
    for line in lines {
        text.push_str(&format!("\n# {}\n{}\n", line.title, line.curl));
    }
    let stop = match Stop::prepare() {
        Ok(stop) => stop,
        Err(status) => return status,
    };
    match print(text.as_bytes()) {
        Ok(()) => stop.wait(),
        Err(status) => status,
    }
}

/// Makes the calls through the shell, exactly as one who pastes them.
fn once(lines: &[Line]) -> ExitCode {
    for line in lines {
        let output = match Command::new("sh").args(["-c", &line.curl]).output() {
            Ok(output) => output,
            Err(error) => {
                eprintln!("cannot run sh: {error}");
                return ExitCode::from(UNUSABLE);
            }
        };
        let mut text = format!("# {}\n$ {}\n", line.title, line.curl).into_bytes();
        text.extend_from_slice(&output.stdout);
        text.extend_from_slice(b"\n\n");
        if let Err(status) = print(&text) {
            return status;
        }
        if !output.status.success() {
            eprintln!("the call failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
            return ExitCode::from(BAD);
        }
    }
    ExitCode::SUCCESS
}

/// The calls: a plain one, a list, a declared fault, a request that is refused, SOAP as before, the published WSDL.
fn lines(gateway: SocketAddr) -> Vec<Line> {
    let rest = |title, operation: &str, json: &str| Line {
        title,
        curl: format!("curl -s 'http://{gateway}/Cities/{operation}' -H 'Content-Type: application/json' -d '{json}'"),
    };
    vec![
        rest("One city, as JSON", "GetCity", r#"{"name": "Segovia"}"#),
        rest("All cities of a size: a list is a list, whatever its length", "FindCities", r#"{"minPopulation": 1000000}"#),
        rest("A fault that the WSDL declares, as application/problem+json", "GetCity", r#"{"name": "Nowhere"}"#),
        rest("A request that breaks the schema never reaches the service", "GetDistance", r#"{"from": 7, "too": "Toledo"}"#),
        Line {
            title: "The same service for SOAP callers, as before",
            curl: format!(
                "curl -s 'http://{gateway}/Cities' -H 'Content-Type: text/xml' \
                 -H 'SOAPAction: \"https://castile.example/cities/GetDistance\"' \
                 -d '<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>\
                 <GetDistance xmlns=\"https://castile.example/cities\"><from>Madrid</from><to>Toledo</to></GetDistance>\
                 </e:Body></e:Envelope>'"
            ),
        },
        Line { title: "Its WSDL, with the gateway's address", curl: format!("curl -s 'http://{gateway}/Cities?wsdl' | tail -n 12") },
    ]
}
