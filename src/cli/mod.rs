//! The command line: one file a command, and the only place that prints.
//!
//! Exit status: 0 good, 1 the input was judged and found bad, 2 usage or unreadable input.
//! What machines read goes to stdout, words for people to stderr. Commands hold no rules of their own:
//! they read files, call the layers below and show the answer.

mod check;
mod completions;
mod config;
mod contract;
mod convert;
mod demo;
mod init;
mod input;
mod mock;
mod openapi;
mod output;
mod progress;
mod serve;
mod stop;
mod transform;
mod validate;
mod wellformed;
mod xpath;

use std::process::ExitCode;

use clap::Parser;
use clap::Subcommand;

pub(crate) use input::read;
pub(crate) use output::paint;
pub(crate) use output::print;
pub(crate) use stop::Stop;

/// The input was judged and found bad.
pub(crate) const BAD: u8 = 1;
/// The command line is wrong, or an input cannot be read.
pub(crate) const UNUSABLE: u8 = 2;

/// A gateway in front of old SOAP services: JSON callers reach them as REST, SOAP callers as before.
#[derive(Parser)]
#[command(name = "castile", version, after_help = AFTER_HELP, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Exit status: 0 good, 1 the input was judged and found bad, 2 usage or unreadable input.

Start with:
  castile demo                       a SOAP service and a gateway in front of it, with curl lines to paste
  castile check --wsdl service.wsdl  what castile makes of your WSDL";

#[derive(Subcommand)]
enum Command {
    /// Start a built-in SOAP service with a gateway in front of it, and print curl lines that work
    Demo(demo::Args),
    /// Run the gateway in front of the SOAP service that a WSDL describes
    Serve(serve::Args),
    /// Load WSDLs and report per operation: served, degraded or refused, and why
    Check(check::Args),
    /// Write a first castile.yaml for a WSDL, with suggestions to review
    Init(init::Args),
    /// Judge documents by schemas, SOAP messages by a WSDL, or the schemas themselves
    Validate(validate::Args),
    /// Say whether XML documents are well-formed and within the limits
    Wellformed(wellformed::Args),
    /// Convert one SOAP message to JSON, or one JSON document to SOAP, by its WSDL
    Convert(convert::Args),
    /// Evaluate an XPath 1.0 expression on a document
    Xpath(xpath::Args),
    /// Transform a document by an XSLT 1.0 sheet
    Transform(transform::Args),
    /// Print the OpenAPI 3.1 document of the REST face that a WSDL gets
    Openapi(openapi::Args),
    /// Run a SOAP server that answers with schema-valid replies made up from the WSDL
    Mock(mock::Args),
    /// Write completions for a shell
    Completions(completions::Args),
    /// Write a manual page
    Man(completions::ManArgs),
}

/// Reads the command line, runs the command and gives the exit status.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are "errors" with status 0 in clap. Printing can fail on a closed pipe: nobody is left to tell.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(UNUSABLE) } else { ExitCode::SUCCESS };
        }
    };
    match &cli.command {
        Command::Demo(args) => demo::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Check(args) => check::run(args),
        Command::Init(args) => init::run(args),
        Command::Wellformed(args) => wellformed::run(args),
        Command::Validate(args) => validate::run(args),
        Command::Convert(args) => convert::run(args),
        Command::Xpath(args) => xpath::run(args),
        Command::Transform(args) => transform::run(args),
        Command::Openapi(args) => openapi::run(args),
        Command::Mock(args) => mock::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => completions::man(args),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example_in_its_help() {
        for mut command in Cli::command().get_subcommands().cloned() {
            let help = command.render_long_help().to_string();
            assert!(help.contains(&format!("  castile {}", command.get_name())), "no example in the help of {}", command.get_name());
        }
    }
}
