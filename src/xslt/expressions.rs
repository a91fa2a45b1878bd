//! A sheet's expressions, judged by castile's own parser: libxml2 lets some slips pass until they are run, and tells no column.
//!
//! The grammar, and the names of functions; which variables there are is libxslt's to say. Patterns and attribute value templates are left to it.

use roxmltree::Attribute;
use roxmltree::Node;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::SourceId;
use crate::diagnostic::nearest;
use crate::xpath::Environment;
use crate::xpath::Expression;
use crate::xpath::Fault;

/// The attributes of instructions that hold an expression.
const HOLDERS: [&str; 4] = ["select", "test", "use", "value"];

/// What XSLT 1.0 adds to the functions of XPath (section 12).
const XSLT_FUNCTIONS: [&str; 9] = [
    "current",
    "document",
    "element-available",
    "format-number",
    "function-available",
    "generate-id",
    "key",
    "system-property",
    "unparsed-entity-uri",
];
/// Those that are most often misspelt, of both.
const FUNCTIONS: [&str; 14] = [
    "concat",
    "contains",
    "count",
    "document",
    "format-number",
    "generate-id",
    "local-name",
    "namespace-uri",
    "normalize-space",
    "starts-with",
    "string-length",
    "substring-after",
    "substring-before",
    "translate",
];

/// What is wrong with the expressions of one instruction.
pub(super) fn check(source: SourceId, instruction: Node<'_, '_>) -> Vec<Diagnostic> {
    let attributes = instruction.attributes();
    let held = attributes.filter(|attribute| attribute.namespace().is_none() && HOLDERS.contains(&attribute.name()));
    held.filter_map(|attribute| fault(source, attribute)).collect()
}

fn fault(source: SourceId, attribute: Attribute<'_, '_>) -> Option<Diagnostic> {
    let written = attribute.value();
    let faults = Expression::compile(written, &Environment::default()).err()?;
    let malformed = |fault: &Fault| matches!(fault.code, "syntax" | "unclosed-literal" | "unknown-axis");
    let unknown = |fault: &Fault| fault.code == "unknown-function" && written.get(fault.span.clone()).is_some_and(is_nobodys);
    let fault = faults.into_iter().find(|fault| malformed(fault) || unknown(fault))?;
    let value = attribute.range_value();
    // With references in it, the value is shorter than its source.
    let within = if value.len() == written.len() { fault.span.start } else { 0 };
    let at = Place { source, offset: u32::try_from(value.start + within).unwrap_or(u32::MAX) };
    if fault.code == "unknown-function" {
        // An error only where it is called (XSLT 1.0 section 14.2): the sheet may have asked `function-available()`.
        let name = written.get(fault.span).unwrap_or_default();
        let found =
            Diagnostic::warning("unknown-function", at, format!("XSLT 1.0 has no function `{name}`; the sheet fails where it is called"));
        return Some(match nearest(name, &FUNCTIONS) {
            Some(near) => found.with_help(format!("did you mean `{near}`?")),
            None => found,
        });
    }
    let message = format!("the expression in {} is malformed: {}", attribute.name(), fault.message);
    let found = Diagnostic::error("sheet-expression", at, message);
    Some(match fault.help {
        Some(help) => found.with_help(help),
        None => found,
    })
}

/// Whether a function that is not XPath's is neither XSLT's nor an extension's.
fn is_nobodys(name: &str) -> bool {
    !name.contains(':') && !XSLT_FUNCTIONS.contains(&name)
}
