//! Documents are OpenAPI 3.1 to the letter. The judge is openapi-spec-validator, through the Python of `CASTILE_PYTHON`;
//! without it the test is left out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;

use castile::transcode::Codec;
use castile::transcode::openapi;
use castile::transcode::openapi::Face;

const OWN: [&str; 4] = ["wsdl/cities.wsdl", "wsdl/orders.wsdl", "wsdl/ledger.wsdl", "wsdl/library/library.wsdl"];

#[test]
fn documents_of_our_own_contracts_are_openapi() {
    let Some(python) = python() else { return };
    let wsdls: Vec<_> = OWN.iter().map(|wsdl| Path::new(env!("CARGO_MANIFEST_DIR")).join(wsdl)).collect();
    assert_eq!(judge(&python, "own", &wsdls), OWN.len());
}

#[test]
fn documents_of_real_contracts_are_openapi() {
    let (Some(python), Some(corpus)) = (python(), support::corpus_wsdls()) else { return };
    let judged = judge(&python, "corpus", &corpus);
    assert!(judged >= 116, "only {judged} documents");
}

#[test]
fn a_document_that_is_none_is_told() {
    let Some(python) = python() else { return };
    let folder = folder("none");
    for (name, text) in [
        ("path.json", r#"{"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {"a": {}}}"#),
        ("twice.json", r#"{"openapi": "3.1.0", "info": {"title": "a", "title": "b", "version": "1"}, "paths": {}}"#),
        ("id.json", &one_id_for_two()),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let faults = validated(&python, &folder);
    assert_eq!(faults.values().filter(|faults| !faults.is_empty()).count(), 3, "{faults:?}");
    std::fs::remove_dir_all(folder).unwrap();
}

fn one_id_for_two() -> String {
    let one = r#"{"get": {"operationId": "a", "responses": {"200": {"description": "b"}}}}"#;
    format!(r#"{{"openapi": "3.1.0", "info": {{"title": "a", "version": "1"}}, "paths": {{"/a": {one}, "/b": {one}}}}}"#)
}

/// How many contracts have a document; fails where one of them is faulty.
fn judge(python: &Path, name: &str, wsdls: &[PathBuf]) -> usize {
    let folder = folder(name);
    let mut written = 0;
    for (number, wsdl) in wsdls.iter().enumerate() {
        let Ok(contract) = support::load(wsdl) else { continue };
        let codec = Codec::new(Arc::new(contract));
        let document = openapi::document(&Face::all(&codec), "https://api.example.com");
        let stem = wsdl.file_stem().unwrap().to_string_lossy();
        std::fs::write(folder.join(format!("{number:03}-{stem}.json")), document).unwrap();
        written += 1;
    }
    let faults = validated(python, &folder);
    assert_eq!(faults.len(), written);
    let wrong: Vec<_> = faults.iter().filter(|(_, faults)| !faults.is_empty()).collect();
    println!("{written} documents, {} with faults", wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    std::fs::remove_dir_all(folder).unwrap();
    written
}

/// The faults of each document of a folder.
fn validated(python: &Path, folder: &Path) -> BTreeMap<String, Vec<String>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/openapi_spec.py");
    let output = Command::new(python).arg(script).arg(folder).stderr(Stdio::inherit()).output().expect("CASTILE_PYTHON runs");
    serde_json::from_slice(&output.stdout).expect("what the script writes")
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("openapi-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn python() -> Option<PathBuf> {
    let python = std::env::var_os("CASTILE_PYTHON").map(PathBuf::from);
    if python.is_none() {
        println!("left out: CASTILE_PYTHON is not set");
    }
    python
}
