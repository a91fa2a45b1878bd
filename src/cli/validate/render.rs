//! Verdicts as lines for people and as JSON.

use std::fmt::Write;

use serde_json::Value;
use serde_json::json;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Position;
use crate::diagnostic::Severity;
use crate::diagnostic::Sources;
use crate::diagnostic::paint::Paint;
use crate::schema::walk::locate::Located;
use crate::wsdl::report::diagnostic_json;
use crate::xml::encoding::StreamDecoder;
use crate::xml::error::XmlError;

/// What was found about one document.
#[derive(Default)]
pub(super) struct Verdict {
    /// Every fault in document order.
    pub(super) errors: Vec<Located>,
    /// What is odd, but tolerated.
    pub(super) warnings: Vec<String>,
    /// For messages: what it is, `GetCity request`.
    pub(super) message: Option<String>,
}

impl Verdict {
    pub(super) fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// Bytes that cannot be decoded: the place is counted in what stands before them.
    pub(super) fn unreadable(bytes: &[u8], error: &XmlError) -> Self {
        let mut before = Vec::new();
        let _ = StreamDecoder::new(None).push(bytes, &mut before);
        Self::one(error.code, error.offset, error.position(&before), error.message.clone())
    }

    /// A document with one fault, of the whole of it.
    pub(super) fn one(code: &'static str, offset: usize, position: Position, message: String) -> Self {
        Self { errors: vec![Located { code, offset, position, path: String::new(), message, value: None }], ..Self::default() }
    }
}

/// What was found about the schemas.
pub(super) struct Findings {
    /// Each with the line of the schema that it is about.
    lines: Vec<(Severity, String)>,
    json: Vec<Value>,
}

impl Findings {
    pub(super) fn new(sources: &Sources, all: Vec<Diagnostic>) -> Self {
        let json = all.iter().map(|finding| diagnostic_json(finding, sources)).collect();
        Self { lines: all.iter().map(|finding| (finding.severity, sources.explain(finding, Paint::Plain))).collect(), json }
    }

    pub(super) fn are_faults(&self) -> bool {
        self.lines.iter().any(|(severity, _)| *severity == Severity::Error)
    }
}

fn word(valid: bool) -> &'static str {
    if valid { "valid" } else { "invalid" }
}

/// A line per document, its faults behind it; of the schemas where there is no document.
pub(super) fn text(alone: bool, findings: &Findings, verdicts: &[(&str, Verdict)]) -> String {
    let mut out = String::new();
    if alone {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "schema: {}", word(!findings.are_faults()));
        for (_, line) in findings.lines.iter().filter(|(severity, _)| *severity == Severity::Error) {
            let _ = writeln!(out, "{line}");
        }
    }
    for (document, verdict) in verdicts {
        let _ = writeln!(out, "{document}: {}", word(verdict.is_valid()));
        for error in &verdict.errors {
            let _ = writeln!(out, "{document}:{}: {error}", error.position);
        }
    }
    out
}

/// What is no verdict goes to stderr: warnings of documents, findings of the schemas.
pub(super) fn warn(alone: bool, findings: &Findings, verdicts: &[(&str, Verdict)]) {
    for (severity, line) in &findings.lines {
        if !(alone && *severity == Severity::Error) {
            eprintln!("{line}");
        }
    }
    for (document, verdict) in verdicts {
        for warning in &verdict.warnings {
            eprintln!("{document}: warning: {warning}");
        }
    }
}

/// Everything as one object.
pub(super) fn json(findings: &Findings, verdicts: &[(&str, Verdict)]) -> String {
    let documents: Vec<Value> = verdicts
        .iter()
        .map(|(document, verdict)| {
            let errors: Vec<Value> = verdict.errors.iter().map(error).collect();
            let mut value = json!({ "document": document, "valid": verdict.is_valid(), "errors": errors, "warnings": verdict.warnings });
            if let (Some(message), Some(object)) = (&verdict.message, value.as_object_mut()) {
                object.insert("message".into(), message.as_str().into());
            }
            value
        })
        .collect();
    let whole = json!({ "schema": { "valid": !findings.are_faults(), "diagnostics": findings.json }, "documents": documents });
    format!("{whole:#}\n")
}

fn error(error: &Located) -> Value {
    json!({
        "code": error.code,
        "message": error.message,
        "line": error.position.line,
        "column": error.position.column,
        "path": error.path,
        "value": error.value,
    })
}
