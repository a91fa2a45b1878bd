//! Faulty configurations and everything that is said of them: `tests/cases/config/CASE/{castile.yaml,expected.txt}`.
//!
//! `CASTILE_ACCEPT=1 cargo test --test config` writes the expectations anew, for a person to read in the diff.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use std::fs;
use std::path::Path;

use castile::config::Config;
use castile::config::Reading;
use castile::config::Surroundings;
use castile::console::PAGES;
use castile::diagnostic::Sources;
use castile::gateway::configured;

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

/// All that is said of a file in the folder of this repository's contracts.
fn said(text: &str) -> String {
    let mut sources = Sources::default();
    let source = sources.add("castile.yaml", text);
    let Reading { config, mut faults } = Config::read(source, text, &Given);
    let built = config.map(|config| configured::build(&config, Path::new("wsdl"), PAGES, &mut |_, _, _| {}));
    faults.extend(built.and_then(Result::err).into_iter().flatten());
    faults.sort_by_key(|fault| fault.at);
    if faults.is_empty() { String::from("good\n") } else { faults.iter().map(|fault| sources.render(fault) + "\n").collect() }
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
fn what_is_unusual_and_sound_is_good() {
    for text in [
        // Names beyond ASCII, other names with a path.
        "services:\n  größe: { wsdl: { file: cities.wsdl } }\n  a b: { path: /ab, wsdl: { file: cities.wsdl } }\n",
        // What may be nothing.
        "limits: { buffer: 0B, stream: 0B, drain_time: 0s }\nservices: { c: { wsdl: { file: cities.wsdl } } }\n",
        // The name of an operation that has another route itself.
        "services: { c: { wsdl: { file: cities.wsdl }, operations: { FindCities: { rest: \"POST /GetCity\" }, GetCity: { rest: \"GET /{name}\" } } } }\n",
        // Required in the query, or optional and nowhere.
        "services: { c: { wsdl: { file: cities.wsdl }, operations: { GetDistance: { rest: \"GET /d?from={from}&to={to}\" }, FindCities: { rest: \"GET /{region}\" } } } }\n",
        // Paths side by side, one below another, on other listeners.
        "listeners: { a: { address: \"127.0.0.1:1\" }, b: { address: \"127.0.0.1:2\" } }\nservices:\n  c: { listeners: [a], wsdl: { file: cities.wsdl } }\n  d: { path: /c/GetCit, wsdl: { file: cities.wsdl } }\n  e: { path: /c/GetCity/x, wsdl: { file: cities.wsdl } }\n  f: { path: /c/GetCity, listeners: [b], wsdl: { file: cities.wsdl } }\n",
        // Text that only looks like a reference, and whole ones.
        "upstreams: { u: { endpoints: [{ url: \"http://a/\" }], headers: { X-A: \"$${x} {env:y}\", X-B: \"${env:PASSWORD}\" } } }\nservices: { c: { wsdl: { file: cities.wsdl }, upstream: { use: u } } }\n",
    ] {
        assert_eq!(said(&format!("version: 1\n{text}")), "good\n", "{text}");
    }
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
            if let Err(faults) = Config::read(source, block, &All).good() {
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
