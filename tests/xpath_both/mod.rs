//! One expression by both evaluators.

use castile::xml::limits::Limits;
use castile::xpath::Budget;
use castile::xpath::Document;
use castile::xpath::Expression;
use castile::xpath::NodeId;
use castile::xpath::Program;
use castile::xpath::Streamed;
use castile::xpath::Value;

/// By the tree evaluator, with the root node as context node, in the form of the streaming one.
pub(crate) fn by_tree(expression: &Expression, text: &[u8]) -> String {
    let document = Document::read(text, &Limits::default()).unwrap();
    match expression.evaluate(&document, document.root(), &(), &mut Budget::default()).unwrap() {
        Value::Nodes(nodes) => nodes.iter().map(|node| node_line(*node, &document)).collect(),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::Number(number) => format!("{number:?}"),
        Value::Text(text) => format!("{text:?}"),
    }
}

fn node_line(node: NodeId, document: &Document<'_>) -> String {
    let (kind, local, ns) = (document.kind(node), document.local_name(node), document.namespace_uri(node));
    format!("{kind:?} {{{ns}}}{local} {:?} {:?}\n", document.string_value(node), document.span(node))
}

/// By the streaming evaluator; none if the expression needs a tree.
pub(crate) fn by_stream(expression: &Expression, text: &[u8]) -> Option<String> {
    let program = Program::new(&[expression]).ok()?;
    let mut values = program.evaluate(text, &Limits::default(), &(), &mut Budget::default()).unwrap();
    values.pop().map(|value| shown(&value))
}

pub(crate) fn shown(value: &Streamed) -> String {
    match value {
        Streamed::Nodes(nodes) => {
            nodes.iter().map(|node| format!("{:?} {{{}}}{} {:?} {:?}\n", node.kind, node.ns, node.local, node.value, node.span)).collect()
        }
        Streamed::Boolean(boolean) => boolean.to_string(),
        Streamed::Number(number) => format!("{number:?}"),
        Streamed::Text(text) => format!("{text:?}"),
    }
}
