//! The W3C's XML Schema tests: every schema loads, and instances are judged by the walker.
//!
//! Needs the tests in `CASTILE_CONFORMANCE`; without it, it says so and passes. Strict judging of schemas is not asked here:
//! a schema test only has to load. Identity constraints are not judged yet, which costs some instances.

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
use castile::schema::walk::Declared;
use castile::schema::walk::Opened;
use castile::schema::walk::SeenAttribute;
use castile::schema::walk::Standing;
use castile::schema::walk::Typing;
use castile::schema::walk::Value;
use castile::schema::walk::Visitor;
use castile::schema::walk::Walker;
use castile::schema::walk::fault::WalkFault;
use castile::schema::walk::outline::Outline;
use castile::xml::encoding;
use castile::xml::event::Event;
use castile::xml::event::Scope;
use castile::xml::limits::Limits;
use castile::xml::reader::SliceReader;

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

/// Faults found, and what the root was judged by.
#[derive(Default)]
struct Judge {
    faults: Vec<String>,
    rootless: bool,
}

impl Visitor for Judge {
    fn open(&mut self, element: &Opened<'_>) {
        if element.standing == Standing::Root && element.declaration.is_none() && element.typing == Typing::Any {
            self.rootless = true;
        }
    }
    fn attribute(&mut self, _: &SeenAttribute<'_>) {}
    fn value(&mut self, _: &Value<'_>) {}
    fn text(&mut self, _: &str) {}
    fn close(&mut self, _: Scope<'_>) {}
    fn fault(&mut self, fault: WalkFault) {
        self.faults.push(format!("{}: {}", fault.code, fault.message));
    }
}

/// Why an instance is not valid; none if it is.
fn judge(schema: &Schema, text: &[u8]) -> Option<String> {
    let mut walker = Walker::new(schema);
    match walk(schema, text, &mut walker) {
        Some(None) => {
            let outline = Outline::read(text, &schema.symbols, &limits()).ok()?;
            walker.set_outline(outline);
            walk(schema, text, &mut walker).unwrap_or(None).unwrap_or_else(|| Some("diverged twice".to_owned()))
        }
        Some(Some(verdict)) => verdict,
        None => Some("not well-formed".to_owned()),
    }
}

fn limits() -> Limits {
    Limits { depth: 2000, attributes: 2000, ..Limits::default() }
}

/// None: not well-formed. `Some(None)`: the walk diverged. Else the verdict.
#[expect(clippy::option_option, reason = "three outcomes, told apart at one place")]
fn walk(schema: &Schema, text: &[u8], walker: &mut Walker<'_>) -> Option<Option<Option<String>>> {
    let limits = limits();
    let mut reader = SliceReader::new(text, &schema.symbols, &limits);
    let mut judge = Judge::default();
    let mut begun = false;
    loop {
        match reader.next().ok()? {
            Event::Start(start) if begun => walker.start(&start, &mut judge),
            Event::Start(start) => {
                begun = true;
                let declared = schema.global_elements.get(&start.symbol).map_or(Declared::Lax, |id| Declared::Element(*id));
                walker.begin(&start, declared, &mut judge);
            }
            Event::End(end) => walker.end(&end, &mut judge),
            Event::Text(text) => walker.text(&text, &mut judge),
            Event::Comment { .. } | Event::Instruction { .. } => {}
            Event::Eof => break,
        }
        if walker.diverged() {
            return Some(None);
        }
    }
    if judge.rootless {
        judge.faults.push("no declaration of the root".to_owned());
    }
    Some(Some(judge.faults.into_iter().next()))
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
        if expected != fault.is_none() && std::env::var_os("CASTILE_VERBOSE").is_some() {
            println!("WRONG {} expected {} {} {documents}: {}", row[0], row[2], row[4], fault.unwrap_or_default());
        }
    }
    for (key, [count, right, accepted, refused]) in &scores {
        println!("{key}: {right} of {count} right; wrongly accepted {accepted}, refused {refused}");
    }
    let [count, right, ..] = scores["all"];
    assert_eq!(count, 5667);
    assert!(right >= 5570, "{right} of {count}");
}
