//! Faulty configurations and everything that is said of them: `tests/cases/config/CASE/{castile.yaml,expected.txt}`.
//!
//! `CASTILE_ACCEPT=1 cargo test --test config` writes the expectations anew, for a person to read in the diff.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use std::fs;
use std::path::Path;

use castile::config::Config;
use castile::config::Surroundings;
use castile::diagnostic::Sources;

/// An environment in which PASSWORD is set, and no file.
struct Given;

impl Surroundings for Given {
    fn variable(&self, name: &str) -> Option<String> {
        (name == "PASSWORD").then(|| String::from("hunter2"))
    }

    fn secret(&self, path: &str) -> Result<String, String> {
        Err(format!("{path}: cannot read: no such file"))
    }
}

fn said(text: &str) -> String {
    let mut sources = Sources::default();
    let source = sources.add("castile.yaml", text);
    match Config::read(source, text, &Given) {
        Ok(_) => String::from("good\n"),
        Err(faults) => faults.iter().map(|fault| sources.render(fault) + "\n").collect(),
    }
}

#[test]
fn every_faulty_configuration_is_refused_with_all_its_faults() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/config");
    let accept = std::env::var_os("CASTILE_ACCEPT").is_some();
    let mut differ = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the cases") {
        let case = entry.expect("an entry").path();
        let text = fs::read_to_string(case.join("castile.yaml")).expect("a configuration");
        let found = said(&text);
        let expected = case.join("expected.txt");
        if accept {
            fs::write(&expected, &found).expect("write");
        }
        let wanted = fs::read_to_string(&expected).unwrap_or_default();
        if found != wanted || found == "good\n" || found.contains("hunter2") {
            differ.push(format!("{}:\nexpected:\n{wanted}found:\n{found}", case.display()));
        }
        count += 1;
    }
    assert!(count >= 40, "only {count} cases");
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn the_schema_for_editors_is_that_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/castile.schema.json");
    let schema = format!("{:#}\n", castile::config::schema());
    if std::env::var_os("CASTILE_ACCEPT").is_some() {
        fs::write(&path, &schema).expect("write");
    }
    assert!(
        fs::read_to_string(&path).is_ok_and(|text| text == schema),
        "docs/castile.schema.json is not current: CASTILE_ACCEPT=1 cargo test --test config"
    );
}
