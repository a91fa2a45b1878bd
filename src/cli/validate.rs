//! `castile validate`: documents by schemas, SOAP messages by a WSDL, or the schemas themselves.

mod message;
mod render;

use std::process::ExitCode;
use std::sync::Arc;

use super::BAD;
use super::UNUSABLE;
use super::paint;
use super::print;
use crate::cli::validate::render::Findings;
use crate::cli::validate::render::Verdict;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Severity;
use crate::diagnostic::Sources;
use crate::gateway::documents;
use crate::gateway::documents::Documents;
use crate::schema::form::Schema;
use crate::schema::validate::validate;
use crate::transcode::Codec;
use crate::wsdl::schemas::Schemas;
use crate::xml::encoding;
use crate::xml::limits::Limits;

/// Options of `castile validate`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
#[command(group = clap::ArgGroup::new("contract").required(true))]
pub(crate) struct Args {
    /// A schema; may be given several times
    #[arg(long, value_name = "FILE", group = "contract")]
    pub(crate) schema: Vec<String>,

    /// A WSDL: the documents are SOAP messages of its operations
    #[arg(long, value_name = "FILE_OR_URL", group = "contract", conflicts_with = "schema")]
    pub(crate) wsdl: Option<String>,

    /// Judge the schemas strictly: what is tolerated with a warning counts as a fault, ambiguous content models too (not all rules
    /// of the specification about derived types and values in schemas are judged yet)
    #[arg(long)]
    pub(crate) strict: bool,

    /// Print one JSON object instead of lines
    #[arg(long)]
    pub(crate) json: bool,

    /// The documents; `-` is the standard input. Without any, the schemas themselves are judged
    #[arg(value_name = "DOC")]
    pub(crate) documents: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  castile validate --schema order.xsd order.xml      valid, or invalid with every fault
  castile validate --wsdl orders.wsdl request.xml reply.xml
  castile validate --strict --schema order.xsd       the schema itself";

/// Warnings about what the specification allows: a `$` in a pattern, an import that cannot be had …
const ADVICE: [&str; 5] = ["odd-facet", "encoding", "namespace-not-found", "missing-document", "built-in-schema"];

/// What documents are judged by.
enum Judge {
    Schemas(Box<Schemas>),
    Messages(Box<Codec>),
}

impl Judge {
    fn load(args: &Args) -> Result<Self, String> {
        match &args.wsdl {
            Some(wsdl) => {
                let contract = documents::contract(wsdl).map_err(|failure| failure.explain(paint(&std::io::stderr())))?;
                Ok(Self::Messages(Box::new(Codec::new(Arc::new(contract)))))
            }
            None => Documents::schemas(&args.schema).map(|schemas| Self::Schemas(Box::new(schemas))).map_err(|failure| failure.to_string()),
        }
    }

    fn parts(&self) -> (&Schema, &Sources, &[Diagnostic]) {
        match self {
            Self::Schemas(schemas) => (&schemas.schema, &schemas.sources, &schemas.diagnostics),
            Self::Messages(codec) => (&codec.contract.schema, &codec.contract.sources, &codec.contract.diagnostics),
        }
    }

    /// What is wrong with the schemas: findings, and faults of their components.
    fn findings(&self, strict: bool) -> Findings {
        let (schema, sources, diagnostics) = self.parts();
        let faults = schema.all_faults();
        let faults = faults.iter().map(|fault| Diagnostic::error(fault.code, fault.at, fault.message.to_string()));
        let mut all: Vec<Diagnostic> = diagnostics.iter().cloned().chain(faults).collect();
        for finding in &mut all {
            if strict && finding.severity == Severity::Warning && !ADVICE.contains(&finding.code) {
                finding.severity = Severity::Error;
            }
        }
        all.sort_by_key(|finding| finding.at);
        all.dedup();
        Findings::new(sources, all)
    }

    fn document(&self, bytes: &[u8], strict: bool) -> Verdict {
        let limits = Limits::default();
        let decoded = match encoding::decode(bytes, None) {
            Ok(decoded) => decoded,
            Err(error) => return Verdict::unreadable(bytes, &error),
        };
        let mut verdict = match self {
            Self::Schemas(schemas) => Verdict { errors: validate(&schemas.schema, &decoded.text, &limits), ..Verdict::default() },
            Self::Messages(codec) => message::judge(codec, &decoded.text, strict),
        };
        verdict.warnings.extend(decoded.warning);
        verdict
    }
}

/// Runs the command: 0 if all is valid, 1 if something is not, 2 for what cannot be read.
pub(crate) fn run(args: &Args) -> ExitCode {
    let judge = match Judge::load(args) {
        Ok(judge) => judge,
        Err(words) => {
            eprintln!("{words}");
            return ExitCode::from(UNUSABLE);
        }
    };
    let findings = judge.findings(args.strict);
    let mut unreadable = None;
    let mut verdicts = Vec::new();
    for document in &args.documents {
        match super::read(document) {
            Ok(bytes) => verdicts.push((document.as_str(), judge.document(&bytes, args.strict))),
            Err(status) => unreadable = Some(status),
        }
    }
    // A lenient load serves a faulty schema as far as it goes: its documents are judged by what there is.
    let of_schema = args.documents.is_empty() || args.strict;
    let shown = match args.json {
        true => render::json(&findings, &verdicts),
        false => render::text(args.documents.is_empty(), &findings, &verdicts),
    };
    if !args.json {
        render::warn(args.documents.is_empty(), &findings, &verdicts);
    }
    if let Err(status) = print(shown.as_bytes()) {
        return status;
    }
    let bad = (of_schema && findings.are_faults()) || verdicts.iter().any(|(_, verdict)| !verdict.is_valid());
    unreadable.unwrap_or(if bad { ExitCode::from(BAD) } else { ExitCode::SUCCESS })
}
