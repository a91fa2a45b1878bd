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

/// A page of the documentation, with the text of its YAML blocks.
fn page(name: &str) -> (std::path::PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let text = fs::read_to_string(&path).expect("a page");
    (path, text)
}

/// An environment in which every variable is set and every file is there.
struct All;

impl Surroundings for All {
    fn variable(&self, _: &str) -> Option<String> {
        Some(String::from("secret"))
    }

    fn secret(&self, _: &str) -> Result<String, String> {
        Ok(String::from("secret"))
    }
}

#[test]
fn every_configuration_in_the_documentation_is_good() {
    let mut count = 0;
    for name in ["docs/config.md", "README.md"] {
        let (_, text) = page(name);
        for block in text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            let mut sources = Sources::default();
            let source = sources.add(name, block);
            if let Err(faults) = Config::read(source, block, &All) {
                panic!("{name}:\n{}", faults.iter().map(|fault| sources.render(fault) + "\n").collect::<String>());
            }
            count += 1;
        }
    }
    assert!(count >= 1);
}

#[test]
fn the_table_of_limits_is_that_of_the_program() {
    let (path, text) = page("docs/config.md");
    let (head, rest) = text.split_once("<!-- limits -->\n").expect("the place of the table");
    let mut table = String::from("\n| limit | default | meaning |\n| --- | --- | --- |\n");
    for (name, default, meaning) in castile::config::limits::table() {
        table.push_str(&format!("| `{name}` | {default} | {meaning} |\n"));
    }
    if std::env::var_os("CASTILE_ACCEPT").is_some() {
        fs::write(&path, format!("{head}<!-- limits -->\n{table}")).expect("written");
    } else {
        assert_eq!(rest, table, "docs/config.md is not current: CASTILE_ACCEPT=1 cargo test --test config");
    }
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
