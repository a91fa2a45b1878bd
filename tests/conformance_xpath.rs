//! The XPath 1.0 collection: every expression has the result that the recommendation gives it.
//!
//! The collection comes from outside (`CASTILE_CONFORMANCE` names its folder).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod xpath_both;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use serde_json::Value as Json;
use serde_json::json;

use castile::xml::limits::Limits;
use castile::xpath::Budget;
use castile::xpath::Document;
use castile::xpath::Environment;
use castile::xpath::Expression;
use castile::xpath::NodeId;
use castile::xpath::NodeKind;
use castile::xpath::Value;
use castile::xpath::number_to_string;

/// Documents that declare IDs in a DTD, which castile refuses in messages as every other DTD.
const WITH_DTD: [&str; 3] = ["libxml2/vidbase/01", "libxml2/vidbase/03", "libxml2/vidbase/05"];

#[test]
fn every_expression_has_its_result() {
    let Some(folder) = folder() else { return };
    let soap = prefixes(&folder.join("NAMESPACES.tsv"));
    let rows: Vec<_> = rows(&folder.join("INDEX.tsv")).into_iter().chain(rows(&folder.join("QUIRKS.tsv"))).collect();
    assert!(rows.len() > 340, "only {} rows were found", rows.len());
    let mut faults = Vec::new();
    for row in &rows {
        if WITH_DTD.contains(&&*row["id"]) {
            assert!(Document::read(&fs::read(folder.join(&row["document"])).unwrap(), &Limits::default()).is_err());
            continue;
        }
        let environment = if row["id"].starts_with("soap/") { soap.clone() } else { Environment::default() };
        let expected: Json = serde_json::from_str(&row["expected"]).unwrap();
        let text = if row["document"].is_empty() { b"<none/>".to_vec() } else { fs::read(folder.join(&row["document"])).unwrap() };
        let found = evaluate(&row["expression"], &environment, &text, |document| document.document_element());
        if let Err(why) = agrees(&found, &expected) {
            faults.push(format!("{}: {}: {why}", row["id"], row["expression"]));
        }
    }
    assert!(faults.is_empty(), "{} of {} differ:\n{}", faults.len(), rows.len(), faults.join("\n"));
}

#[test]
fn every_routing_expression_has_its_result() {
    let Some(folder) = folder() else { return };
    let environment = prefixes(&folder.join("routing-namespaces.tsv"));
    let rows = rows(&folder.join("routing.tsv"));
    assert_eq!(rows.len(), 40);
    let mut faults = Vec::new();
    for row in &rows {
        let text = fs::read(folder.join(&row["document"])).unwrap();
        let found = evaluate(&row["expression"], &environment, &text, |document| document.root());
        let mut parts = vec![(found["type"].as_str().unwrap_or_default().to_owned(), row["type"].clone())];
        let value = match &found["value"] {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        parts.push((value, row["value"].clone()));
        if row["type"] == "nodeset" {
            parts.push((found["count"].to_string(), row["count"].clone()));
        }
        if let Some((found, expected)) = parts.iter().find(|(found, expected)| found != expected) {
            faults.push(format!("{}: {}: found {found}, expected {expected}", row["id"], row["expression"]));
        }
    }
    assert!(faults.is_empty(), "{} differ:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn most_routing_expressions_stream_and_all_that_stream_agree_with_the_tree() {
    let Some(folder) = folder() else { return };
    let environment = prefixes(&folder.join("routing-namespaces.tsv"));
    let (mut streamed, mut faults) = (0, Vec::new());
    for row in rows(&folder.join("routing.tsv")) {
        let text = fs::read(folder.join(&row["document"])).unwrap();
        let expression = Expression::compile(&row["expression"], &environment).unwrap();
        match xpath_both::by_stream(&expression, &text) {
            None => println!("{} needs a tree: {}", row["id"], expression.needs_tree().unwrap()),
            Some(found) => {
                streamed += 1;
                let expected = xpath_both::by_tree(&expression, &text);
                if found != expected {
                    faults.push(format!("{}: {}: streamed {found}, in the tree {expected}", row["id"], row["expression"]));
                }
            }
        }
    }
    println!("{streamed} stream");
    assert!(faults.is_empty(), "{} differ:\n{}", faults.len(), faults.join("\n"));
    assert!(streamed >= 32, "only {streamed} stream");
}

#[test]
fn what_streams_of_the_collection_agrees_with_the_tree() {
    let Some(folder) = folder() else { return };
    let soap = prefixes(&folder.join("NAMESPACES.tsv"));
    let (mut streamed, mut faults) = (0, Vec::new());
    for row in rows(&folder.join("INDEX.tsv")) {
        let environment = if row["id"].starts_with("soap/") { soap.clone() } else { Environment::default() };
        let Ok(expression) = Expression::compile(&row["expression"], &environment) else { continue };
        let text = if row["document"].is_empty() { b"<none/>".to_vec() } else { fs::read(folder.join(&row["document"])).unwrap() };
        let Some(found) = xpath_both::by_stream(&expression, &text) else { continue };
        streamed += 1;
        let expected = xpath_both::by_tree(&expression, &text);
        if found != expected {
            faults.push(format!("{}: {}: streamed {found}, in the tree {expected}", row["id"], row["expression"]));
        }
    }
    println!("{streamed} stream");
    assert!(faults.is_empty(), "{} differ:\n{}", faults.len(), faults.join("\n"));
    assert!(streamed > 150, "only {streamed} stream");
}

/// The result in the form of the collection.
fn evaluate(expression: &str, environment: &Environment, text: &[u8], context: fn(&Document<'_>) -> NodeId) -> Json {
    let Ok(expression) = Expression::compile(expression, environment) else { return json!({ "type": "error" }) };
    let document = Document::read(text, &Limits::default()).unwrap();
    let value = expression.evaluate(&document, context(&document), &(), &mut Budget::default()).unwrap();
    match value {
        Value::Boolean(boolean) => json!({ "type": "boolean", "value": boolean }),
        Value::Number(number) if number == 0.0 && number.is_sign_negative() => {
            json!({ "type": "number", "value": "0", "negative_zero": true })
        }
        Value::Number(number) => json!({ "type": "number", "value": number_to_string(number) }),
        Value::Text(text) => json!({ "type": "string", "value": text }),
        Value::Nodes(nodes) => {
            let first = nodes.first().map(|node| document.string_value(*node).into_owned()).unwrap_or_default();
            let all: Vec<Json> = nodes.iter().map(|node| shown(*node, &document)).collect();
            json!({ "type": "nodeset", "value": first, "count": all.len(), "nodes": all })
        }
    }
}

fn shown(node: NodeId, document: &Document<'_>) -> Json {
    let kind = match document.kind(node) {
        NodeKind::Root => "root",
        NodeKind::Element => "element",
        NodeKind::Attribute => "attribute",
        NodeKind::Namespace => "namespace",
        NodeKind::Text => "text",
        NodeKind::Comment => "comment",
        NodeKind::Instruction => "pi",
    };
    json!({ "kind": kind, "local": document.local_name(node), "ns": document.namespace_uri(node), "value": document.string_value(node) })
}

fn agrees(found: &Json, expected: &Json) -> Result<(), String> {
    let differ = |part: &str| format!("{part}: found {}, expected {}", found[part], expected[part]);
    if found["type"] != expected["type"] {
        return Err(differ("type"));
    }
    match expected["type"].as_str().unwrap() {
        "error" => Ok(()),
        "number" => {
            let as_double = |value: &Json| value["value"].as_str().unwrap().replace("Infinity", "inf").parse::<f64>().unwrap();
            let (one, other) = (as_double(found), as_double(expected));
            let same = one == other || one.is_nan() && other.is_nan();
            let same_zero = found["negative_zero"].as_bool().unwrap_or_default() == expected["negative_zero"].as_bool().unwrap_or_default();
            if same && same_zero { Ok(()) } else { Err(format!("found {found}, expected {expected}")) }
        }
        "nodeset" => nodes_agree(found, expected),
        _ if found["value"] == expected["value"] => Ok(()),
        _ => Err(differ("value")),
    }
}

/// Nodes agree one by one; attributes and namespace nodes of one element may stand in any order.
fn nodes_agree(found: &Json, expected: &Json) -> Result<(), String> {
    if found["count"] != expected["count"] {
        return Err(format!("count: found {}, expected {}", found["count"], expected["count"]));
    }
    let keys = |all: &Json| -> Vec<String> {
        let text = |node: &Json, part: &str| node[part].as_str().unwrap_or_default().to_owned();
        all["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| ["kind", "local", "ns", "value"].map(|part| text(node, part)).join("\u{1}"))
            .collect()
    };
    let (found, expected) = (keys(found), keys(expected));
    let unordered = |key: &&String| key.starts_with("attribute") || key.starts_with("namespace");
    let fixed = |keys: &[String]| -> Vec<String> { keys.iter().filter(|key| !unordered(key)).cloned().collect() };
    let free = |keys: &[String]| -> BTreeSet<String> { keys.iter().filter(unordered).cloned().collect() };
    if fixed(&found) == fixed(&expected) && free(&found) == free(&expected) {
        return Ok(());
    }
    Err(format!("found {found:?}, expected {expected:?}"))
}

fn folder() -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("CASTILE_CONFORMANCE").map(PathBuf::from) else {
        println!("left out: CASTILE_CONFORMANCE is not set");
        return None;
    };
    Some(folder.join("xpath"))
}

fn prefixes(path: &Path) -> Environment {
    rows(path).iter().fold(Environment::default(), |environment, row| environment.with_namespace(&row["prefix"], &row["uri"]))
}

/// The rows of a table, by the names of its columns.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let row = |line: &str| columns.iter().zip(line.split('\t')).map(|(column, cell)| ((*column).to_owned(), cell.to_owned())).collect();
    lines.map(row).collect()
}
