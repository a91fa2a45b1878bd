//! What the documents say of the repository is so: dependencies have their reasons, files that are named are there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use std::fs;
use std::path::PathBuf;

const DOCUMENTS: [&str; 7] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "docs/mapping.md",
    "docs/performance.md",
    "docs/transform.md",
    "transforms/README.md",
];

#[test]
fn every_dependency_has_its_reason() {
    let manifest = read("Cargo.toml");
    let architecture = read("ARCHITECTURE.md");
    let rows: Vec<&str> = architecture.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()).collect();
    let told: Vec<&str> = rows.iter().flat_map(|row| row.split(", ")).collect();
    let mut section = "";
    let mut without = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section.ends_with("dependencies]")
            && let Some((name, _)) = line.split_once(" = ")
            && !told.contains(&name)
        {
            without.push(name);
        }
    }
    assert!(without.is_empty(), "no row in ARCHITECTURE.md for {without:?}");
}

#[test]
fn every_file_that_a_document_names_is_there() {
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let text = read(document);
        let folder = root().join(document).parent().unwrap().to_owned();
        let quoted = text.split('`').skip(1).step_by(2);
        let linked = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for name in quoted.filter(|name| is_path(name)).chain(linked.filter(|link| !link.contains("://"))) {
            let name = name.trim_end_matches('*').trim_start_matches("./");
            let found = root().join(name).exists() || folder.join(name).exists();
            // `decode*` stands for a file and a folder of that name.
            if !found && !root().join(format!("{name}.rs")).exists() {
                missing.push(format!("{document}: {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "named, but not there: {missing:#?}");
}

/// A path of the repository, as the documents write them: `src/xml/scan.rs`, `fuzz/`, `./run`.
fn is_path(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "._-/*".contains(c));
    let named =
        text.starts_with("src/") || text.starts_with("tests/") || text.starts_with("./") || text.ends_with('/') || text.starts_with(".ci/");
    plain && named && text != "/" && !text.starts_with('/')
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
