//! What is to come back, as the files under `expected/` say it, and the comparison with what came.
//!
//! A file of calls has a block for each: what it is about; the operation and its JSON; the status and the exact text of the
//! reply. A file of a client has a line for each call: its name, a tab and the JSON of what the client understood. A name that
//! ends in `(1.1)` or `(1.2)` counts for that version of SOAP only.

use std::process::Command;

use serde_json::Value;

use crate::programs::Gateway;
use crate::programs::beside;
use crate::support::process;

/// Makes the calls of a file with JSON and tells of every reply that differs.
pub(crate) fn check_calls(gateway: &Gateway, service: &str, version: &str, file: &str) {
    let text = read(file);
    let mut wrong = Vec::new();
    let mut made = 0;
    for block in text.trim_end().split("\n\n") {
        let [title, request, reply] = block.lines().collect::<Vec<_>>()[..] else { panic!("{file}: {block}") };
        if name_in(title, version).is_none() {
            continue;
        }
        let (operation, body) = request.split_once(' ').unwrap();
        let answer = process::post(&gateway.address, &format!("/{service}/{operation}"), "application/json", body.as_bytes());
        let found = format!("{} {}", answer.status, String::from_utf8(answer.body).unwrap());
        if found.trim_end() != reply {
            wrong.push(format!("{title}: {request}\n  expected {reply}\n  found    {found}"));
        }
        made += 1;
    }
    assert!(wrong.is_empty(), "{} of {made} calls to {service}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Runs a client to its end and compares the calls that it tells of, in the lines of a file's kind, with the file.
pub(crate) fn check_client(mut command: Command, version: &str, file: &str) {
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let text = read(file);
    let found: Vec<_> = told.lines().map(|line| entry(line, version)).collect();
    let mut wanted = text.lines().map(|line| entry(line, version));
    let mut wrong = Vec::new();
    for (name, json) in found.into_iter().flatten() {
        match wanted.find_map(|entry| entry) {
            Some((wanted_name, wanted_json)) if (name, &json) == (wanted_name, &wanted_json) => {}
            wanted => wrong.push(format!("expected {wanted:?}\nfound    {:?}", (name, json))),
        }
    }
    let missing = wanted.flatten().map(|(name, _)| format!("the client did not tell of {name:?}"));
    wrong.extend(missing);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && wrong.is_empty(), "{command:?}: {}\n{}\n{errors}", output.status, wrong.join("\n"));
}

fn read(file: &str) -> String {
    let path = beside(&format!("expected/{file}"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A line of a client's file, unless it is about the other version.
fn entry<'l>(line: &'l str, version: &str) -> Option<(&'l str, Value)> {
    let (name, json) = line.split_once('\t').unwrap_or_else(|| panic!("{line:?} has no tab"));
    let json = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    Some((name_in(name, version)?, json))
}

/// A name without its version; none if it is about the other version.
fn name_in<'n>(name: &'n str, version: &str) -> Option<&'n str> {
    match name.strip_suffix(')').and_then(|name| name.rsplit_once(" (")) {
        Some((name, suffix @ ("1.1" | "1.2"))) => (suffix == version).then_some(name),
        _ => Some(name),
    }
}
