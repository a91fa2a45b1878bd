//! The demo's curl lines work when pasted, and say what they promise.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod support;

use std::process::Command;

use serde_json::Value;
use serde_json::json;

use support::process::Running;

/// The curl lines that the demo prints, and what each answered when pasted into a shell.
fn pasted() -> Vec<(String, String)> {
    let mut demo = Running::start(&["demo"]);
    let mut lines = Vec::new();
    while let Some(line) = demo.line() {
        let last = line.contains("?wsdl");
        if line.starts_with("curl ") {
            lines.push(line);
        }
        if last && lines.last().is_some_and(|line| line.contains("?wsdl")) {
            break;
        }
    }
    assert!(lines.len() >= 5, "the demo printed {lines:#?}");
    let answers = lines.iter().map(|line| {
        let output = Command::new("sh").args(["-c", line]).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    });
    let answers: Vec<_> = answers.collect();
    lines.into_iter().zip(answers).collect()
}

fn answer<'a>(pasted: &'a [(String, String)], part: &str) -> &'a str {
    let found = pasted.iter().find(|(line, _)| line.contains(part));
    &found.unwrap_or_else(|| panic!("no curl line has {part}")).1
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn every_printed_curl_line_answers_as_promised() {
    let pasted = pasted();

    let city = parsed(answer(&pasted, "\"Segovia\""));
    assert_eq!(city["city"]["name"], "Segovia");
    assert_eq!(city["city"]["river"], json!(["Eresma", "Clamores"]));

    let list = parsed(answer(&pasted, "minPopulation"));
    assert_eq!(list["city"].as_array().map(Vec::len), Some(1), "one city is a list of one: {list}");
    assert_eq!(list["city"][0]["name"], "Madrid");

    let fault = parsed(answer(&pasted, "Nowhere"));
    assert_eq!(fault["status"], 422);
    assert_eq!(fault["type"], "https://castile.example/cities#UnknownCity");
    assert_eq!(fault["fault"]["UnknownCity"]["name"], "Nowhere");
    assert_eq!(fault["fault"]["UnknownCity"]["known"].as_array().map(Vec::len), Some(12));

    let refused = parsed(answer(&pasted, "\"too\""));
    assert_eq!(refused["status"], 400);
    let mut pointers: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["#/from", "#/to", "#/too"]);

    let soap = answer(&pasted, "e:Envelope");
    let document = roxmltree::Document::parse(soap).unwrap();
    let kilometres = document.descendants().find(|node| node.tag_name().name() == "kilometres").and_then(|node| node.text());
    assert_eq!(kilometres, Some("67.5"), "{soap}");

    let wsdl = answer(&pasted, "?wsdl");
    assert!(wsdl.contains("</wsdl:definitions>") && wsdl.contains("location=\"http://127.0.0.1:"), "{wsdl}");
}

#[test]
fn the_demo_that_runs_once_shows_every_call_and_stops() {
    let output = Command::new(env!("CARGO_BIN_EXE_castile")).args(["demo", "--once"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.matches("$ curl ").count() >= 5, "{said}");
    assert!(said.contains("\"Castilla y León\""), "{said}");
}
