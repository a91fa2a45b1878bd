//! `castile wellformed`: the verdict of the guarded reader.

use std::process::ExitCode;

use crate::diagnostic::Position;
use crate::xml::encoding::StreamDecoder;
use crate::xml::encoding::decode;
use crate::xml::error::XmlError;
use crate::xml::limits::Limits;
use crate::xml::reader::check;

use super::BAD;

/// Options of `castile wellformed`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Print one JSON object instead of lines
    #[arg(long)]
    pub(crate) json: bool,

    /// The documents; `-` is the standard input
    #[arg(value_name = "DOC", required = true)]
    pub(crate) documents: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  castile wellformed message.xml reply.xml
  castile wellformed --json message.xml";

/// What was found out about one document.
struct Verdict<'a> {
    document: &'a str,
    encoding: Option<&'static str>,
    warning: Option<String>,
    fault: Option<(Position, XmlError)>,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> ExitCode {
    let mut unreadable = None;
    let mut verdicts = Vec::new();
    for document in &args.documents {
        match super::read(document) {
            Ok(bytes) => verdicts.push(judge(document, &bytes)),
            Err(status) => unreadable = Some(status),
        }
    }
    let text = if args.json { render_json(&verdicts) } else { verdicts.iter().map(render_line).collect() };
    for verdict in &verdicts {
        if let Some(warning) = &verdict.warning {
            eprintln!("{}: warning: {warning}", verdict.document);
        }
    }
    if let Err(status) = super::print(text.as_bytes()) {
        return status;
    }
    let bad = verdicts.iter().any(|verdict| verdict.fault.is_some());
    unreadable.unwrap_or(if bad { ExitCode::from(BAD) } else { ExitCode::SUCCESS })
}

fn judge<'a>(document: &'a str, bytes: &[u8]) -> Verdict<'a> {
    let decoded = match decode(bytes, None) {
        Ok(decoded) => decoded,
        Err(error) => {
            let at = place_of_undecodable(bytes, &error);
            return Verdict { document, encoding: None, warning: None, fault: Some((at, error)) };
        }
    };
    let fault = check(&decoded.text, &Limits::default()).err();
    let fault = fault.map(|error| (error.position(&decoded.text), error));
    Verdict { document, encoding: Some(decoded.encoding), warning: decoded.warning, fault }
}

/// Line and column of bytes that could not be decoded: counted in what stands before them.
fn place_of_undecodable(bytes: &[u8], error: &XmlError) -> Position {
    let mut before = Vec::new();
    let _ = StreamDecoder::new(None).push(bytes, &mut before);
    error.position(&before)
}

fn render_line(verdict: &Verdict<'_>) -> String {
    match &verdict.fault {
        None => format!("{}: well-formed\n", verdict.document),
        Some((at, error)) => format!("{}:{at}: {error}\n", verdict.document),
    }
}

fn render_json(verdicts: &[Verdict<'_>]) -> String {
    let documents: Vec<_> = verdicts
        .iter()
        .map(|verdict| {
            let errors: Vec<_> = verdict
                .fault
                .iter()
                .map(|(at, error)| {
                    serde_json::json!({
                        "code": error.code, "message": error.message, "line": at.line, "column": at.column,
                    })
                })
                .collect();
            serde_json::json!({
                "document": verdict.document,
                "wellformed": verdict.fault.is_none(),
                "encoding": verdict.encoding,
                "warning": verdict.warning,
                "errors": errors,
            })
        })
        .collect();
    format!("{:#}\n", serde_json::json!({ "documents": documents }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_told_with_line_and_column() {
        let verdict = judge("m.xml", b"<a>\n  <b></c>\n</a>");
        assert_eq!(render_line(&verdict), "m.xml:2:6: the end tag `</c>` does not match the open element `b`\n");
    }

    #[test]
    fn a_good_document_is_called_well_formed() {
        assert_eq!(render_line(&judge("m.xml", b"<a/>")), "m.xml: well-formed\n");
        assert!(render_json(&[judge("m.xml", b"<a/>")]).contains("\"wellformed\": true"));
    }

    #[test]
    fn undecodable_bytes_are_placed_behind_what_was_decoded() {
        let mut bytes: Vec<u8> = [0xFE, 0xFF].to_vec();
        bytes.extend("<a>\nx".encode_utf16().flat_map(u16::to_be_bytes));
        bytes.extend([0xDC, 0x00, 0x00, 0x3C]);
        assert!(render_line(&judge("m.xml", &bytes)).starts_with("m.xml:2:2: bytes that are not UTF-16BE"));
    }

    #[test]
    fn bytes_of_no_known_encoding_are_a_verdict_not_a_failure() {
        let line = render_line(&judge("m.xml", b"<?xml version='1.0' encoding='x-none'?><a/>"));
        assert!(line.starts_with("m.xml:1:1: ") && line.contains("x-none"), "{line}");
    }
}
