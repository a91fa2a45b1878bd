//! The W3C's XML Schema tests: every schema loads, and instances are judged by the walker.
//!
//! Needs the tests in `CASTILE_CONFORMANCE`; without it, it says so and passes. Strict judging of schemas is not asked here:
//! a schema test only has to load. The scores stand in docs/conformance.md; `CASTILE_ACCEPT=1 cargo test --test conformance_xsd`
//! writes them anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;
use std::rc::Rc;

use castile::diagnostic::Sources;
use castile::schema::form::Schema;
use castile::schema::load::Fetched;
use castile::schema::load::ResolveError;
use castile::schema::load::Resolver;
use castile::schema::load::SchemaSet;
use castile::schema::validate::validate;
use castile::xml::encoding;
use castile::xml::limits::Limits;

/// Files beside one another.
struct Files;

impl Resolver for Files {
    fn fetch(&mut self, base: &str, location: &str, _namespace: Option<&str>) -> Result<Fetched, ResolveError> {
        let path = Path::new(base).parent().unwrap_or(Path::new("")).join(location);
        let missing = |_| ResolveError { message: "no such file".to_owned() };
        let path = std::fs::canonicalize(path).map_err(missing)?;
        let text = read(&path).ok_or(ResolveError { message: "no text".to_owned() })?;
        Ok(Fetched { location: path.to_string_lossy().into_owned(), text })
    }
}

fn read(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    String::from_utf8(encoding::decode(&bytes, None).ok()?.text.into_owned()).ok()
}

/// Why an instance is not valid; none if it is.
fn judge(schema: &Schema, text: &[u8]) -> Option<String> {
    let limits = Limits { depth: 2000, attributes: 2000, ..Limits::default() };
    validate(schema, text, &limits).into_iter().next().map(|fault| format!("{}: {fault}", fault.code))
}

struct Suite {
    root: PathBuf,
    schemas: HashMap<String, Rc<Schema>>,
}

impl Suite {
    fn open() -> Option<Self> {
        let Some(root) = std::env::var_os("CASTILE_CONFORMANCE") else {
            println!("left out: CASTILE_CONFORMANCE is not set");
            return None;
        };
        Some(Self { root: PathBuf::from(root).join("xsd"), schemas: HashMap::new() })
    }

    fn table(&self, name: &str) -> Vec<Vec<String>> {
        let text = std::fs::read_to_string(self.root.join(name)).expect("a table of the tests");
        text.lines().skip(1).map(|line| line.split('\t').map(String::from).collect()).collect()
    }

    fn schema(&mut self, documents: &str) -> Rc<Schema> {
        if let Some(known) = self.schemas.get(documents) {
            return known.clone();
        }
        let mut set = SchemaSet::new();
        let mut sources = Sources::default();
        for document in documents.split(';').filter(|name| !name.is_empty()) {
            let path = std::fs::canonicalize(self.root.join(document)).expect("a schema of the tests");
            if let Some(text) = read(&path) {
                set.add_document(&path.to_string_lossy(), &text, &mut sources, &mut Files);
            }
        }
        set.complete(&mut sources, &mut Files);
        let schema = Rc::new(set.compile(&[]).0);
        self.schemas.insert(documents.to_owned(), schema.clone());
        schema
    }
}

#[test]
fn every_schema_of_the_w3c_loads() {
    let Some(mut suite) = Suite::open() else { return };
    let tests = suite.table("INDEX.tsv");
    let schemas: Vec<_> = tests.iter().filter(|row| row[1] == "schema").collect();
    assert_eq!(schemas.len(), 6545);
    for row in schemas {
        let begin = std::time::Instant::now();
        suite.schema(&row[3]);
        suite.schemas.clear();
        assert!(begin.elapsed().as_secs() < 5, "{} took {:?}", row[0], begin.elapsed());
    }
}

#[test]
fn instances_of_the_w3c_are_judged_right() {
    let Some(mut suite) = Suite::open() else { return };
    let extra: HashMap<String, String> =
        suite.table("FLAGS.tsv").into_iter().filter(|row| !row[2].is_empty()).map(|mut row| (row.remove(0), row.remove(1))).collect();
    let tests = suite.table("INDEX.tsv");
    let mut scores: BTreeMap<String, [usize; 4]> = BTreeMap::new();
    let mut wrong: Vec<String> = Vec::new();
    for row in tests.iter().filter(|row| row[1] == "instance") {
        let mut documents = row[3].clone();
        if let Some(more) = extra.get(&row[0]) {
            documents = format!("{documents};{more}");
        }
        let schema = suite.schema(&documents);
        let bytes = std::fs::read(suite.root.join(&row[4])).expect("an instance of the tests");
        let fault = match encoding::decode(&bytes, None) {
            Ok(decoded) => judge(&schema, &decoded.text),
            Err(_) => Some("no text".to_owned()),
        };
        let expected = row[2] == "valid";
        for key in [row[5].as_str(), "all"] {
            let score = scores.entry(key.to_owned()).or_default();
            score[0] += 1;
            match (expected, &fault) {
                (true, None) | (false, Some(_)) => score[1] += 1,
                (false, None) => score[2] += 1,
                (true, Some(_)) => score[3] += 1,
            }
        }
        if expected != fault.is_none() {
            wrong.push(format!("- `{}`: {} ({})", row[0], if expected { "valid, refused" } else { "invalid, accepted" }, row[5]));
            if std::env::var_os("CASTILE_VERBOSE").is_some() {
                println!("WRONG {} expected {} {} {documents}: {}", row[0], row[2], row[4], fault.unwrap_or_default());
            }
        }
    }
    for (key, [count, right, accepted, refused]) in &scores {
        println!("{key}: {right} of {count} right; wrongly accepted {accepted}, refused {refused}");
    }
    let [count, right, ..] = scores["all"];
    assert_eq!(count, 5667);
    assert!(right >= 5640, "{right} of {count}");
    wrong.sort();
    keep_document_current(&scores, &wrong);
}

/// Compares the table of docs/conformance.md with the scores, or writes it anew if `CASTILE_ACCEPT` is set.
fn keep_document_current(scores: &BTreeMap<String, [usize; 4]>, wrong: &[String]) {
    const MARK: &str = "<!-- from here on written by the test -->\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/conformance.md");
    let text = std::fs::read_to_string(&path).expect("docs/conformance.md");
    let (head, written) = text.split_once(MARK).expect("the mark in docs/conformance.md");
    let mut table = String::from(
        "\n| contributor | instances | judged right | wrongly accepted | wrongly refused |\n| --- | ---: | ---: | ---: | ---: |\n",
    );
    for (key, [count, right, accepted, refused]) in scores {
        table.push_str(&format!(
            "| {key} | {count} | {right} ({:.1} %) | {accepted} | {refused} |\n",
            100.0 * *right as f64 / *count as f64
        ));
    }
    table.push_str(&format!("\nJudged differently:\n\n{}\n", wrong.join("\n")));
    if std::env::var_os("CASTILE_ACCEPT").is_some() {
        std::fs::write(&path, format!("{head}{MARK}{table}")).expect("docs/conformance.md is written");
    } else {
        assert_eq!(written, table, "docs/conformance.md is not current: CASTILE_ACCEPT=1 cargo test --test conformance_xsd");
    }
}
