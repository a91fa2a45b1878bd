//! `castile check`: the load report.

use std::process::ExitCode;
use std::sync::Arc;

use super::BAD;
use super::UNUSABLE;
use super::config;
use super::config::Unusable;
use super::paint;
use super::print;
use crate::gateway::documents;
use crate::gateway::documents::LoadFailure;
use crate::wsdl::contract::Contract;
use crate::wsdl::report;
use crate::wsdl::report::Counts;

/// Options of `castile check`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A configuration: it is checked with all that it names; castile.yaml where neither this nor --wsdl is given
    #[arg(short, long, value_name = "FILE")]
    pub(crate) config: Option<String>,

    /// A WSDL, a file or a URL; may be given several times
    #[arg(long, value_name = "FILE_OR_URL")]
    pub(crate) wsdl: Vec<String>,

    /// Report as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  castile check --wsdl orders.wsdl
  castile check --wsdl orders.wsdl --wsdl cities.wsdl --json
  castile check -c castile.yaml";

/// Runs the command: 0 if every operation of every SOAP port is served or degraded, 1 if one is refused or none can be served,
/// 2 if a WSDL cannot be read or is none.
pub(crate) fn run(args: &Args) -> ExitCode {
    let mut contracts = Vec::new();
    let mut failures = Vec::new();
    let mut wrong = false;
    let default = args.wsdl.is_empty().then(|| String::from(config::DEFAULT));
    if let Some(path) = args.config.clone().or(default) {
        match config::load(&path) {
            Ok(configured) => {
                eprintln!("{path}: good");
                contracts.extend(configured.contracts.into_iter().map(|(_, contract)| contract));
            }
            Err(Unusable::Unreadable(_)) if args.config.is_none() => {
                eprintln!("nothing to check: say --wsdl FILE for a WSDL, or -c FILE for a configuration");
                return ExitCode::from(UNUSABLE);
            }
            Err(unusable @ Unusable::Unreadable(_)) => {
                eprintln!("{}", unusable.words());
                return ExitCode::from(UNUSABLE);
            }
            Err(unusable @ Unusable::Wrong { .. }) => {
                eprintln!("{}", unusable.words());
                wrong = true;
            }
        }
    }
    for location in &args.wsdl {
        match documents::contract(location) {
            Ok(contract) => contracts.push(Arc::new(contract)),
            Err(failure) => failures.push(failure),
        }
    }
    for failure in &failures {
        eprintln!("{}", failure.explain(paint(&std::io::stderr())));
    }
    let shown = if args.json { json(&contracts, &failures) } else { text(&contracts) };
    if let Err(code) = print(shown.as_bytes()) {
        return code;
    }
    if !failures.is_empty() {
        ExitCode::from(UNUSABLE)
    } else if !wrong && contracts.iter().all(|contract| Counts::of(contract).is_good()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(BAD)
    }
}

/// One report on all of them; what could not be loaded stands among the diagnostics.
fn json(contracts: &[Arc<Contract>], failures: &[LoadFailure]) -> String {
    let mut value = report::json(&contracts.iter().map(Arc::as_ref).collect::<Vec<_>>());
    if let Some(diagnostics) = value.get_mut("diagnostics").and_then(serde_json::Value::as_array_mut) {
        diagnostics.extend(failures.iter().map(|failure| match failure {
            LoadFailure::NotWsdl(error) => report::diagnostic_json(&error.diagnostic, &error.sources),
            LoadFailure::Unreadable(words) => {
                serde_json::json!({ "code": "unreadable", "severity": "error", "message": words, "at": null })
            }
        }));
    }
    format!("{value:#}\n")
}

fn text(contracts: &[Arc<Contract>]) -> String {
    let paint = paint(&std::io::stdout());
    contracts.iter().map(|contract| report::text(contract, paint)).collect::<Vec<_>>().join("\n")
}
