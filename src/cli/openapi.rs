//! `castile openapi`: the contract for REST callers.

use std::process::ExitCode;
use std::sync::Arc;

use super::BAD;
use super::UNUSABLE;
use super::config;
use super::paint;
use super::print;
use crate::gateway::documents;
use crate::json::pretty::indent;
use crate::transcode::Codec;
use crate::transcode::openapi;
use crate::transcode::openapi::Face;

/// Options of `castile openapi`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A configuration: the document is that of its services, with their verbs, paths and options
    #[arg(short, long, value_name = "FILE", conflicts_with = "wsdl")]
    pub(crate) config: Option<String>,

    /// The WSDL, a file or a URL; may be given several times
    #[arg(long, value_name = "FILE_OR_URL", required_unless_present = "config")]
    pub(crate) wsdl: Vec<String>,

    /// This service only; may be given several times
    #[arg(long, value_name = "S")]
    pub(crate) service: Vec<String>,

    /// The URL of the gateway, for `servers`
    #[arg(long, value_name = "URL", default_value = "/")]
    pub(crate) server: String,

    /// Without line breaks and indentation
    #[arg(long)]
    pub(crate) compact: bool,
}

const EXAMPLES: &str = "\
Examples:
  castile openapi --wsdl orders.wsdl > openapi.json
  castile openapi --wsdl orders.wsdl --service Orders --server https://api.example.com
  castile openapi -c castile.yaml --service orders
A running gateway has the same document at /openapi.json, and each service's at /{Service}/openapi.json.";

/// Runs the command: 0 and the document on stdout, 1 if no operation has a REST face, 2 for what cannot be used.
pub(crate) fn run(args: &Args) -> ExitCode {
    match made(args) {
        Ok(document) => print(document.as_bytes()).err().unwrap_or(ExitCode::SUCCESS),
        Err((status, words)) => {
            eprintln!("{words}");
            ExitCode::from(status)
        }
    }
}

fn made(args: &Args) -> Result<String, (u8, String)> {
    let document = match &args.config {
        Some(path) => configured(args, path)?,
        None => of_wsdls(args)?,
    };
    let text = String::from_utf8(document).map_err(|error| (UNUSABLE, error.to_string()))?;
    Ok(if args.compact { text + "\n" } else { indent(&text) + "\n" })
}

fn configured(args: &Args, path: &str) -> Result<Vec<u8>, (u8, String)> {
    let plan = config::load(path).map_err(|why| (UNUSABLE, why.words()))?.plan;
    let names: Vec<&str> = plan.all().iter().map(|service| &*service.name).collect();
    if let Some(unknown) = args.service.iter().find(|name| !names.contains(&name.as_str())) {
        return Err((UNUSABLE, format!("no service of {path} is named '{unknown}'; there is {}", names.join(", "))));
    }
    Ok(plan.openapi(&args.service, &args.server))
}

fn of_wsdls(args: &Args) -> Result<Vec<u8>, (u8, String)> {
    let mut codecs = Vec::new();
    for location in &args.wsdl {
        let contract = documents::contract(location).map_err(|failure| (UNUSABLE, failure.explain(paint(&std::io::stderr()))))?;
        codecs.push(Codec::new(Arc::new(contract)));
    }
    let mut faces: Vec<Face<'_>> = codecs.iter().flat_map(Face::all).collect();
    if let Some(unknown) = args.service.iter().find(|name| faces.iter().all(|face| *face.service.name != ***name)) {
        let names: Vec<&str> = faces.iter().map(|face| &*face.service.name).collect();
        return Err((UNUSABLE, format!("no SOAP service is named '{unknown}'; there is {}", names.join(", "))));
    }
    if !args.service.is_empty() {
        faces.retain(|face| args.service.iter().any(|name| *face.service.name == **name));
    }
    if faces.iter().all(|face| face.operations.is_empty()) {
        let wsdl = args.wsdl.first().map_or("", String::as_str);
        return Err((BAD, format!("no operation has a REST face; 'castile check --wsdl {wsdl}' says why")));
    }
    Ok(openapi::document(&faces, &args.server))
}
