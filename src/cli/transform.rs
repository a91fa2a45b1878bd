//! `castile transform`: one document through one sheet.

use std::path::Path;
use std::process::ExitCode;

use crate::gateway::folder::LocalFolder;
use crate::xml::encoding::decode;
use crate::xml::limits::Limits as XmlLimits;
use crate::xslt;
use crate::xslt::Call;
use crate::xslt::Failure;
use crate::xslt::Limits;
use crate::xslt::Reason;
use crate::xslt::Sheet;

use super::BAD;
use super::UNUSABLE;

/// Options of `castile transform`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A parameter of the sheet; its value is a string, whatever it holds
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter, allow_hyphen_values = true)]
    pub(crate) parameters: Vec<(String, String)>,

    /// The sheet, XSLT 1.0; it imports from its own folder and below
    #[arg(value_name = "SHEET")]
    pub(crate) sheet: String,

    /// The document; `-` is the standard input
    #[arg(value_name = "DOC")]
    pub(crate) document: String,
}

const EXAMPLES: &str = "\
Examples:
  castile transform order-v1-to-v2.xsl order.xml
  castile transform list.xsl orders.xml --param caller=acme --param title=\"it's\"";

/// Runs the command: 0 and the result's bytes on stdout, 1 if the sheet or the document is bad or the sheet stops.
pub(crate) fn run(args: &Args) -> ExitCode {
    match transform(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(status) => status,
    }
}

fn transform(args: &Args) -> Result<(), ExitCode> {
    let sheet = load(&args.sheet)?;
    let document = super::read(&args.document)?;
    // A person waits and watches: more than a gateway would give to one message.
    let limits = Limits { operations: 500_000_000, memory: 1 << 30, output: 1 << 30, ..Limits::default() };
    let guard = XmlLimits { bytes: 64 << 20, ..XmlLimits::default() };
    let call = Call { parameters: &args.parameters, documents: &[], limits: &limits, guard: &guard, stop: None };
    match sheet.run(&document, &call) {
        Ok(done) => {
            say(&done.messages);
            for warning in &done.warnings {
                eprintln!("{}: warning: {warning}", args.sheet);
            }
            super::print(&done.bytes)
        }
        Err(failure) => Err(tell(args, &document, &failure)),
    }
}

fn load(path: &str) -> Result<Sheet, ExitCode> {
    if xslt::AVAILABLE && !Path::new(path).is_file() {
        // The words for a file that is not there are the same for every command.
        super::read(path)?;
    }
    let whole = Path::new(path);
    let name = whole.file_name().and_then(|name| name.to_str()).ok_or_else(|| {
        eprintln!("{path}: the sheet's name is no text; expected a path of a file");
        ExitCode::from(UNUSABLE)
    })?;
    let mut folder = LocalFolder::new(whole.parent().unwrap_or(Path::new("")));
    let sheet = Sheet::load(name, &mut folder).map_err(|refused| {
        eprintln!("{refused}");
        ExitCode::from(BAD)
    })?;
    for warning in sheet.warnings() {
        eprintln!("{warning}");
    }
    Ok(sheet)
}

fn tell(args: &Args, document: &[u8], failure: &Failure) -> ExitCode {
    match &failure.reason {
        Reason::Document(error) => {
            let text = decode(document, None).map(|decoded| decoded.text.into_owned()).unwrap_or_default();
            eprintln!("{}:{}: {error}", args.document, error.position(&text));
        }
        Reason::Faults(faults) => {
            say(&failure.messages);
            for fault in faults {
                eprintln!("{fault}");
            }
        }
        Reason::Terminated(_) => {
            // The text is the last of the messages.
            say(failure.messages.split_last().map_or(&[], |(_, before)| before));
            eprintln!("{}: {failure}", args.sheet);
        }
        Reason::Limit(_) | Reason::Stopped | Reason::Parameter(_) => {
            say(&failure.messages);
            eprintln!("{}: {failure}", args.sheet);
        }
    }
    ExitCode::from(BAD)
}

fn say(messages: &[String]) {
    for message in messages {
        eprintln!("{message}");
    }
}

fn parameter(text: &str) -> Result<(String, String), String> {
    // The name may be `{urn:x=y}local`.
    let from = if text.starts_with('{') { text.find('}').unwrap_or(0) } else { 0 };
    let at = text.get(from..).and_then(|rest| rest.find('=')).map(|at| from + at);
    match at.map(|at| text.split_at(at)) {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.strip_prefix('=').unwrap_or(value).to_owned())),
        Some(_) | None => Err(String::from("expected NAME=VALUE")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_split_at_its_first_equals_sign_outside_of_a_namespace() {
        assert_eq!(parameter("a=b=c"), Ok((String::from("a"), String::from("b=c"))));
        assert_eq!(parameter("{urn:x=y}a=b"), Ok((String::from("{urn:x=y}a"), String::from("b"))));
        assert_eq!(parameter("a="), Ok((String::from("a"), String::new())));
        assert!(parameter("a").is_err() && parameter("=b").is_err());
    }
}
