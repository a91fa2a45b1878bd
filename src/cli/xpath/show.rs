//! The answer of `castile xpath`: lines for people, an object for machines.

use serde_json::json;

use crate::xpath::Document;
use crate::xpath::Found;
use crate::xpath::NodeId;
use crate::xpath::NodeKind;
use crate::xpath::Streamed;
use crate::xpath::Value;
use crate::xpath::number_to_string;

pub(super) struct Answer {
    value: Shown,
    evaluator: &'static str,
}

enum Shown {
    Nodes(Vec<ShownNode>),
    Boolean(bool),
    Number(f64),
    Text(String),
}

struct ShownNode {
    kind: NodeKind,
    local: String,
    ns: String,
    value: String,
    /// As the document has it.
    written: String,
}

impl Answer {
    pub(super) fn of_tree(value: &Value, document: &Document<'_>) -> Self {
        let value = match value {
            Value::Nodes(nodes) => Shown::Nodes(nodes.iter().map(|node| shown(*node, document)).collect()),
            Value::Boolean(boolean) => Shown::Boolean(*boolean),
            Value::Number(number) => Shown::Number(*number),
            Value::Text(text) => Shown::Text(text.clone()),
        };
        Self { value, evaluator: "tree" }
    }

    /// Of the only expression of a pass.
    pub(super) fn of_stream(mut values: Vec<Streamed>, text: &[u8]) -> Self {
        let value = match values.pop() {
            Some(Streamed::Nodes(nodes)) => Shown::Nodes(nodes.into_iter().map(|node| found(node, text)).collect()),
            Some(Streamed::Boolean(boolean)) => Shown::Boolean(boolean),
            Some(Streamed::Number(number)) => Shown::Number(number),
            Some(Streamed::Text(text)) => Shown::Text(text),
            None => Shown::Nodes(Vec::new()),
        };
        Self { value, evaluator: "stream" }
    }

    /// The value, of a node-set each node on a line of its own.
    pub(super) fn lines(&self) -> String {
        match &self.value {
            Shown::Nodes(nodes) => nodes.iter().map(|node| format!("{}\n", on_one_line(&node.written))).collect(),
            Shown::Boolean(boolean) => format!("{boolean}\n"),
            Shown::Number(number) => format!("{}\n", number_to_string(*number)),
            Shown::Text(text) => format!("{text}\n"),
        }
    }

    pub(super) fn json(&self) -> String {
        let evaluator = self.evaluator;
        let object = match &self.value {
            Shown::Nodes(nodes) => {
                let all: Vec<_> = nodes.iter().map(ShownNode::json).collect();
                let first = nodes.first().map_or("", |node| &node.value);
                json!({ "type": "nodeset", "value": first, "count": nodes.len(), "nodes": all, "evaluator": evaluator })
            }
            Shown::Boolean(boolean) => json!({ "type": "boolean", "value": boolean, "evaluator": evaluator }),
            Shown::Number(number) => {
                let mut object = json!({ "type": "number", "value": number_to_string(*number), "evaluator": evaluator });
                if *number == 0.0 && number.is_sign_negative() {
                    object["negative_zero"] = json!(true);
                }
                object
            }
            Shown::Text(text) => json!({ "type": "string", "value": text, "evaluator": evaluator }),
        };
        format!("{object:#}\n")
    }
}

impl ShownNode {
    fn json(&self) -> serde_json::Value {
        let mut object = json!({ "kind": kind(self.kind) });
        if !self.local.is_empty() || self.kind == NodeKind::Namespace {
            object["local"] = json!(self.local);
        }
        if !self.ns.is_empty() {
            object["ns"] = json!(self.ns);
        }
        object["value"] = json!(self.value);
        object
    }
}

fn shown(node: NodeId, document: &Document<'_>) -> ShownNode {
    let value = document.string_value(node).into_owned();
    let local = document.local_name(node);
    let written = match document.kind(node) {
        NodeKind::Root => String::from("/"),
        NodeKind::Namespace if local.is_empty() => format!("xmlns=\"{value}\""),
        NodeKind::Namespace => format!("xmlns:{local}=\"{value}\""),
        NodeKind::Element | NodeKind::Attribute | NodeKind::Text | NodeKind::Comment | NodeKind::Instruction => {
            document.text().get(document.span(node)).unwrap_or_default().to_owned()
        }
    };
    ShownNode { kind: document.kind(node), local: local.to_owned(), ns: document.namespace_uri(node).to_owned(), value, written }
}

fn found(node: Found, text: &[u8]) -> ShownNode {
    let written = match node.kind {
        NodeKind::Root => String::from("/"),
        NodeKind::Element | NodeKind::Attribute | NodeKind::Namespace | NodeKind::Text | NodeKind::Comment | NodeKind::Instruction => {
            String::from_utf8_lossy(text.get(node.span).unwrap_or_default()).into_owned()
        }
    };
    ShownNode { kind: node.kind, local: node.local, ns: node.ns, value: node.value, written }
}

fn kind(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Root => "root",
        NodeKind::Element => "element",
        NodeKind::Attribute => "attribute",
        NodeKind::Namespace => "namespace",
        NodeKind::Text => "text",
        NodeKind::Comment => "comment",
        NodeKind::Instruction => "pi",
    }
}

/// A node of several lines on one: white space that holds a line end becomes one space.
fn on_one_line(written: &str) -> String {
    let lines: Vec<&str> = written.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() < 2 && !written.contains('\n') { written.to_owned() } else { lines.join(" ") }
}
