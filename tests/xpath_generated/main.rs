//! Generated expressions on generated documents: the two evaluators agree with each other, and with libxml2.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

#[path = "../xpath_both/mod.rs"]
mod both;
mod make;

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use serde_json::Value as Json;
use serde_json::json;

use castile::xml::limits::Limits;
use castile::xpath::Budget;
use castile::xpath::Document;
use castile::xpath::Environment;
use castile::xpath::Expression;
use castile::xpath::Program;
use castile::xpath::Value;

use crate::make::Chance;

const PAIRS: u64 = 20_000;

fn environment() -> Environment {
    Environment::default().with_namespace("u", "urn:u")
}

#[test]
fn twenty_thousand_pairs_have_one_result_in_both_evaluators() {
    let (mut streamed, mut seed, mut faults) = (0, 0, Vec::new());
    while streamed < PAIRS {
        seed += 1;
        let mut chance = Chance::new(seed);
        let (document, text) = (make::document(&mut chance), make::expression(&mut chance));
        let expression = Expression::compile(&text, &environment()).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
        let Some(found) = both::by_stream(&expression, document.as_bytes()) else { continue };
        streamed += 1;
        let expected = both::by_tree(&expression, document.as_bytes());
        if found != expected {
            faults.push(format!("{seed}: {text} on {document}\n  streamed: {found}\n  in the tree: {expected}"));
        }
    }
    assert!(faults.is_empty(), "{} differ:\n{}", faults.len(), faults[..faults.len().min(8)].join("\n"));
    assert!(seed < 4 * PAIRS, "{seed} expressions for {PAIRS} that stream");
}

#[test]
fn several_expressions_in_one_pass_have_the_results_that_each_has_alone() {
    for seed in 0..PAIRS / 10 {
        let mut chance = Chance::new(seed + 1_000_000);
        let document = make::document(&mut chance);
        let compiled = (0..10).map(|_| Expression::compile(&make::expression(&mut chance), &environment()).unwrap());
        let expressions: Vec<_> = compiled.filter(|expression| expression.needs_tree().is_none()).collect();
        let program = Program::new(&expressions.iter().collect::<Vec<_>>()).unwrap();
        let values = program.evaluate(document.as_bytes(), &Limits::default(), &(), &mut Budget::default()).unwrap();
        assert_eq!(values.len(), expressions.len());
        for (expression, value) in expressions.iter().zip(&values) {
            let alone = both::by_stream(expression, document.as_bytes()).unwrap();
            assert_eq!(both::shown(value), alone, "{seed}: {} on {document}", expression.text());
        }
    }
}

/// `CASTILE_PYTHON` is a Python with lxml.
#[test]
fn libxml2_has_the_same_results() {
    let Some(python) = std::env::var_os("CASTILE_PYTHON") else {
        println!("left out: CASTILE_PYTHON is not set");
        return;
    };
    let mut questions = Vec::new();
    let mut answers = Vec::new();
    for seed in 0..PAIRS {
        let mut chance = Chance::new(seed);
        let (document, text) = (make::document(&mut chance), make::expression(&mut chance));
        let expression = Expression::compile(&text, &environment()).unwrap();
        answers.push(answer(&expression, &document));
        questions.push(json!({ "document": document, "expression": text }));
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/libxml2_xpath.py");
    let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("CASTILE_PYTHON runs");
    let asked = serde_json::to_vec(&questions).unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(&asked).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let judged: Vec<Json> = serde_json::from_slice(&output.stdout).expect("an answer of libxml2");
    assert_eq!(judged.len(), answers.len());
    let differ = answers.iter().zip(&judged).zip(&questions).filter(|((ours, theirs), _)| ours != theirs);
    let faults: Vec<_> = differ
        .map(|((ours, theirs), question)| {
            format!("{} on {}\n  castile {ours}\n  libxml2 {theirs}", question["expression"], question["document"])
        })
        .collect();
    assert!(faults.is_empty(), "{} differ:\n{}", faults.len(), faults[..faults.len().min(12)].join("\n"));
}

/// The tree evaluator's result in a form that libxml2 can give too: of nodes the string-values.
fn answer(expression: &Expression, text: &str) -> Json {
    let document = Document::read(text.as_bytes(), &Limits::default()).unwrap();
    match expression.evaluate(&document, document.document_element(), &(), &mut Budget::default()).unwrap() {
        Value::Nodes(nodes) => nodes.iter().map(|node| document.string_value(*node).into_owned()).collect(),
        Value::Boolean(boolean) => json!(boolean),
        Value::Number(number) => json!(format!("{number:?}").replace(".0", "")),
        Value::Text(text) => json!(text),
    }
}
