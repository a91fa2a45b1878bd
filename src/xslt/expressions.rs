//! The grammar of a sheet's expressions, by castile's own parser: libxml2 lets some slips pass until they are run, and tells no column.
//!
//! Only the grammar: which functions and variables there are is libxslt's to say. Patterns and attribute value templates are left to it.

use roxmltree::Attribute;
use roxmltree::Node;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::SourceId;
use crate::xpath::Environment;
use crate::xpath::Expression;

/// The attributes of instructions that hold an expression.
const HOLDERS: [&str; 4] = ["select", "test", "use", "value"];

/// What is wrong with the expressions of one instruction.
pub(super) fn check(source: SourceId, instruction: Node<'_, '_>) -> Vec<Diagnostic> {
    let attributes = instruction.attributes();
    let held = attributes.filter(|attribute| attribute.namespace().is_none() && HOLDERS.contains(&attribute.name()));
    held.filter_map(|attribute| fault(source, attribute)).collect()
}

fn fault(source: SourceId, attribute: Attribute<'_, '_>) -> Option<Diagnostic> {
    let written = attribute.value();
    let faults = Expression::compile(written, &Environment::default()).err()?;
    let fault = faults.into_iter().find(|fault| matches!(fault.code, "syntax" | "unclosed-literal" | "unknown-axis"))?;
    let value = attribute.range_value();
    // With references in it, the value is shorter than its source.
    let within = if value.len() == written.len() { fault.span.start } else { 0 };
    let at = Place { source, offset: u32::try_from(value.start + within).unwrap_or(u32::MAX) };
    let message = format!("the expression in {} is malformed: {}", attribute.name(), fault.message);
    let found = Diagnostic::error("sheet-expression", at, message);
    Some(match fault.help {
        Some(help) => found.with_help(help),
        None => found,
    })
}
