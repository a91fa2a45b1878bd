//! `castile init`: a first castile.yaml for a WSDL.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use super::BAD;
use super::UNUSABLE;
use super::paint;
use super::print;
use crate::config::init;
use crate::gateway::documents;
use crate::transcode::Codec;
use crate::wsdl::report::Counts;

/// Options of `castile init`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The WSDL, a file or a URL
    #[arg(long, value_name = "FILE_OR_URL")]
    pub(crate) wsdl: String,

    /// The file to write; - for standard output
    #[arg(long, short, value_name = "FILE", default_value = "castile.yaml")]
    pub(crate) output: String,
}

const EXAMPLES: &str = "\
Examples:
  castile init --wsdl orders.wsdl
  castile init --wsdl https://erp.example/orders?wsdl --output - | less";

/// The location of the WSDL as the written file must name it: paths in it are relative to its folder.
fn located(wsdl: &str, output: &str) -> String {
    let elsewhere = Path::new(output).parent().is_some_and(|folder| !folder.as_os_str().is_empty());
    match std::path::absolute(wsdl) {
        Ok(path) if elsewhere && Path::new(wsdl).is_file() => path.display().to_string(),
        Ok(_) | Err(_) => wsdl.to_owned(),
    }
}

/// Runs the command. A file that is there already is left alone.
pub(crate) fn run(args: &Args) -> ExitCode {
    let contract = match documents::contract(&args.wsdl) {
        Ok(contract) => Arc::new(contract),
        Err(failure) => {
            eprintln!("{}", failure.explain(paint(&std::io::stderr())));
            return ExitCode::from(UNUSABLE);
        }
    };
    let counts = Counts::of(&contract);
    let Some(text) = init::draft(&located(&args.wsdl, &args.output), &Codec::new(contract)) else {
        eprintln!("{0}: there is no SOAP service to serve; castile check --wsdl {0} says what there is", args.wsdl);
        return ExitCode::from(BAD);
    };
    if args.output == "-" {
        return print(text.as_bytes()).err().unwrap_or(ExitCode::SUCCESS);
    }
    let written =
        std::fs::OpenOptions::new().write(true).create_new(true).open(&args.output).and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            let Counts { served, degraded, refused } = counts;
            eprintln!(
                "wrote {0}: {served} operations served, {degraded} with a loss, {refused} not as REST\nlook through it, then: castile serve -c {0}",
                args.output
            );
            ExitCode::SUCCESS
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            eprintln!("{0}: is there already and was left alone; name another file with --output, or - to see the text", args.output);
            ExitCode::from(UNUSABLE)
        }
        Err(error) => {
            eprintln!("{}: cannot write: {error}", args.output);
            ExitCode::from(UNUSABLE)
        }
    }
}
