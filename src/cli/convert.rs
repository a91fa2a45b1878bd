//! `castile convert`: one message from SOAP to JSON or back.

pub(in crate::cli) mod find;
mod mime;

use std::process::ExitCode;
use std::sync::Arc;

use super::BAD;
use super::UNUSABLE;
use super::config;
use super::paint;
use super::print;
use crate::cli::convert::find::Choice;
use crate::cli::convert::find::Chosen;
use crate::cli::convert::mime::Entity;
use crate::diagnostic::Position;
use crate::exchange::answer::media_type;
use crate::gateway::documents;
use crate::json;
use crate::soap::head;
use crate::soap::xop;
use crate::transcode::Codec;
use crate::transcode::Direction;
use crate::transcode::attachments;
use crate::transcode::attachments::Received;
use crate::transcode::decode::Kind;
use crate::transcode::decode::MessageFault;
use crate::transcode::decode::Mode;
use crate::wsdl::contract::Message;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::SoapVersion;
use crate::wsdl::contract::Status;
use crate::xml::encoding;

/// Options of `castile convert`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A configuration: the message is converted as one of its services does
    #[arg(short, long, value_name = "FILE", conflicts_with = "wsdl")]
    pub(crate) config: Option<String>,

    /// The WSDL
    #[arg(long, value_name = "FILE", required_unless_present = "config")]
    pub(crate) wsdl: Option<String>,

    /// The service, where there are several: by its name in the configuration, or in the WSDL
    #[arg(long, value_name = "S")]
    pub(crate) service: Option<String>,

    /// The port; the first SOAP port unless given
    #[arg(long, value_name = "P")]
    pub(crate) port: Option<String>,

    /// The operation, as in the route: `Find`, `Find.ByTitle` (overloads), `Port/Find` (clashes)
    #[arg(long, value_name = "NAME")]
    pub(crate) operation: Option<String>,

    /// The document is a reply, not a request
    #[arg(long)]
    pub(crate) reply: bool,

    /// The SOAP version to write
    #[arg(long, value_name = "VERSION", value_parser = ["1.1", "1.2"])]
    pub(crate) soap: Option<String>,

    /// Show what is made of a message that breaks its schema, instead of refusing it
    #[arg(long)]
    pub(crate) lenient: bool,

    /// The document, XML or JSON; `-` is the standard input
    #[arg(value_name = "DOC")]
    pub(crate) document: String,
}

const EXAMPLES: &str = "\
Examples:
  castile convert --wsdl orders.wsdl request.xml                     SOAP in: JSON out
  castile convert --wsdl orders.wsdl --reply reply.xml
  castile convert --wsdl orders.wsdl --operation PlaceOrder order.json  JSON in: SOAP out
  castile convert -c castile.yaml --service orders request.xml         with the options of a service";

impl Args {
    fn version(&self) -> Option<SoapVersion> {
        self.soap.as_deref().map(|text| if text == "1.2" { SoapVersion::V1_2 } else { SoapVersion::V1_1 })
    }
}

/// Runs the command: 0 and the message on stdout, 1 with every fault if it is refused, 2 for what cannot be used.
pub(crate) fn run(args: &Args) -> ExitCode {
    match convert(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(code) => code,
    }
}

fn convert(args: &Args) -> Result<(), ExitCode> {
    let (codec, service) = codec(args)?;
    let bytes = super::read(&args.document)?;
    let choice = Choice {
        service: service.as_deref(),
        port: args.port.as_deref(),
        operation: args.operation.as_deref(),
        version: args.version(),
        reply: args.reply,
    };
    if let Some(entity) = mime::read(&bytes) {
        let Entity { root, beside } = entity.map_err(|why| bad(&[format!("{}: {why}", args.document)]))?;
        let Some(text) = xml(&args.document, &root)? else {
            return Err(bad(&[format!("{}: the root part is no XML", args.document)]));
        };
        return to_json(args, &codec, &choice, &text, &beside);
    }
    match xml(&args.document, &bytes)? {
        Some(text) => to_json(args, &codec, &choice, &text, &[]),
        None => to_xml(args, &codec, &choice, &bytes),
    }
}

/// The codec of the WSDL or of the configured service, and the service's name in its contract where one is meant.
fn codec(args: &Args) -> Result<(Arc<Codec>, Option<String>), ExitCode> {
    let Some(path) = &args.config else {
        let contract = documents::contract(args.wsdl.as_deref().unwrap_or_default())
            .map_err(|failure| unusable(&failure.explain(paint(&std::io::stderr()))))?;
        return Ok((Arc::new(Codec::new(Arc::new(contract))), args.service.clone()));
    };
    let plan = config::load(path).map_err(|why| {
        eprintln!("{}", why.words());
        ExitCode::from(UNUSABLE)
    })?;
    let services = plan.plan.all();
    let named = |name: &String| services.iter().find(|service| *service.name == **name);
    let chosen = match (&args.service, services) {
        (Some(name), _) => named(name),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    match chosen {
        Some(service) => Ok((Arc::clone(&service.codec), Some(service.contract_name().to_owned()))),
        None => {
            let names: Vec<&str> = services.iter().map(|service| &*service.name).collect();
            Err(unusable(&format!("say which service of {path} with --service: {}", names.join(", "))))
        }
    }
}

/// The decoded text if the document is XML; JSON begins otherwise.
fn xml(document: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>, ExitCode> {
    // In undecoded bytes a mark, and the zeros of UTF-16, may stand before the first `<`.
    let is_markup = |text: &[u8]| {
        let unmarked = text
            .strip_prefix(&[0xEF, 0xBB, 0xBF])
            .or_else(|| text.strip_prefix(&[0xFF, 0xFE]))
            .or_else(|| text.strip_prefix(&[0xFE, 0xFF]));
        unmarked.unwrap_or(text).iter().find(|byte| **byte != 0 && !byte.is_ascii_whitespace()) == Some(&b'<')
    };
    match encoding::decode(bytes, None) {
        Ok(decoded) if is_markup(&decoded.text) => {
            if let Some(warning) = &decoded.warning {
                eprintln!("{document}: warning: {warning}");
            }
            Ok(Some(decoded.text.into_owned()))
        }
        Ok(_) => Ok(None),
        Err(error) if is_markup(bytes) => Err(bad(&[format!("{document}:{}: {error}", Position::of(bytes, error.offset))])),
        Err(_) => Ok(None),
    }
}

fn to_json(args: &Args, codec: &Codec, choice: &Choice<'_>, text: &[u8], beside: &[Received<'_>]) -> Result<(), ExitCode> {
    let contract = &codec.contract;
    let inlined;
    let text = if !beside.is_empty() && xop::is_mentioned(text) {
        let part = |id: &str| beside.iter().find(|one| one.id.as_deref() == Some(id)).map(|one| &*one.content);
        inlined =
            xop::inline(text, &codec.limits, codec.limits.bytes, part).map_err(|error| bad(&[format!("{}: {error}", args.document)]))?;
        &inlined
    } else {
        text
    };
    let head = head::whole(text, &contract.schema.symbols, &codec.limits)
        .map_err(|fault| bad(&[format!("{}:{}: {fault}", args.document, Position::of(text, fault.offset()))]))?;
    let found = find::by_message(contract, choice, &head);
    let Chosen { operation, direction, any, .. } = found.map_err(|failure| match failure {
        find::Failure::Usage(words) => unusable(&words),
        find::Failure::Message(words) => {
            let offset = head.child.as_ref().map_or(0, |child| child.offset);
            bad(&[format!("{}:{}: {words}", args.document, Position::of(text, offset))])
        }
    })?;
    usable(operation, direction, head.is_fault)?;
    let kind = match direction {
        _ if head.is_fault => "fault",
        Direction::Request => "request",
        Direction::Reply => "reply",
    };
    eprintln!("operation: {} {kind}", if any { "any" } else { &operation.route });
    let mode = if args.lenient { Mode::Report } else { Mode::Enforce };
    let shown = |fault: &MessageFault| format!("{}:{}: {fault}", args.document, fault.position);
    let decoded = codec.to_json(operation, direction, text, mode);
    let decoded = decoded.map_err(|refusal| bad(&refusal.faults.iter().map(shown).collect::<Vec<_>>()))?;
    // The gateway leaves out a header block or a detail that breaks its schema; here every fault counts.
    let strict = !args.lenient && !decoded.faults.is_empty();
    for fault in &decoded.faults {
        let mark = if strict { "" } else { "warning: " };
        eprintln!("{}:{}: {mark}{fault}", args.document, fault.position);
    }
    if strict {
        return Err(ExitCode::from(BAD));
    }
    let mut out = decoded.json;
    let message = message(operation, direction).filter(|message| !message.attachments.is_empty());
    if let Some(message) = message.filter(|_| decoded.kind == Kind::Message) {
        for part in attachments::put(message, beside, &mut out) {
            eprintln!("{}: warning: the attachment {part:?} is missing", args.document);
        }
    }
    out.push(b'\n');
    print(&out)
}

fn to_xml(args: &Args, codec: &Codec, choice: &Choice<'_>, bytes: &[u8]) -> Result<(), ExitCode> {
    let found = find::by_name(&codec.contract, choice).map_err(|words| unusable(&words))?;
    usable(found.operation, found.direction, false)?;
    let kind = match found.direction {
        Direction::Request => "request",
        Direction::Reply => "reply",
    };
    eprintln!("operation: {} {kind}", found.operation.route);
    let Some(message) = message(found.operation, found.direction) else {
        return Err(bad(&[format!("operation {} has no such message", found.operation.route)]));
    };
    match codec.to_message(message, bytes, found.version, &json::limits::Limits::default()) {
        Ok(written) => print(&mime::write(written, media_type(found.version))),
        Err(refusal) => {
            let lines: Vec<String> =
                refusal.faults.iter().map(|fault| format!("{}: {}: {}", args.document, fault.pointer, fault.detail)).collect();
            Err(bad(&lines))
        }
    }
}

/// Refuses what no message can be made of: an operation that is refused, a reply of a one-way one.
fn usable(operation: &Operation, direction: Direction, is_fault: bool) -> Result<(), ExitCode> {
    if operation.verdict.status == Status::Refused {
        let reasons: Vec<&str> = operation.verdict.reasons.iter().map(|reason| &*reason.message).collect();
        return Err(bad(&[format!("operation {} is refused: {}", operation.route, reasons.join("; "))]));
    }
    if message(operation, direction).is_none() && !is_fault {
        return Err(bad(&[format!("operation {} is one-way: it has no reply", operation.route)]));
    }
    Ok(())
}

fn message(operation: &Operation, direction: Direction) -> Option<&Message> {
    match direction {
        Direction::Request => operation.input.as_ref(),
        Direction::Reply => operation.output.as_ref(),
    }
}

fn bad(lines: &[String]) -> ExitCode {
    for line in lines {
        eprintln!("{line}");
    }
    ExitCode::from(BAD)
}

fn unusable(words: &str) -> ExitCode {
    eprintln!("{words}");
    ExitCode::from(UNUSABLE)
}
