//! Every schema of the corpus compiles, in time, and what is lost is lost with a reason.
//!
//! Needs the corpus in `CASTILE_CORPUS`; without it, it says so and passes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;
use std::collections::HashSet;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use castile::diagnostic::Diagnostic;
use castile::diagnostic::Sources;
use castile::schema::form::Schema;
use castile::schema::load::Fetched;
use castile::schema::load::ResolveError;
use castile::schema::load::Resolver;
use castile::schema::load::SchemaSet;
use castile::wsdl::catalogue;
use castile::xml::encoding;
use castile::xml::name::XSD_NS;

const WSDL_NS: &str = "http://schemas.xmlsoap.org/wsdl/";

/// Files beside one another, and the built-in catalogue.
struct Files;

impl Resolver for Files {
    fn fetch(&mut self, base: &str, location: &str, namespace: Option<&str>) -> Result<Fetched, ResolveError> {
        let missing = || ResolveError { message: "not here".to_owned() };
        let entry = match location {
            "" => catalogue::by_namespace(namespace.unwrap_or("")),
            location => catalogue::resolve(base, location),
        };
        if let Some(entry) = entry {
            return Ok(Fetched { location: format!("{}{}", catalogue::BUILT_IN, entry.location), text: entry.text.to_owned() });
        }
        if location.is_empty() {
            return Err(missing());
        }
        let path = Path::new(base).parent().unwrap_or(Path::new("")).join(location);
        let path = std::fs::canonicalize(path).map_err(|_| missing())?;
        let text = read(&path).ok_or_else(missing)?;
        Ok(Fetched { location: path.to_string_lossy().into_owned(), text })
    }
}

fn read(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    let text = String::from_utf8(encoding::decode(&bytes, None).ok()?.text.into_owned()).ok()?;
    Some(text.trim_start().to_owned())
}

struct Loaded {
    schema: Schema,
    diagnostics: Vec<Diagnostic>,
    sources: Sources,
    took: Duration,
}

/// All schemas that a WSDL holds or reaches by imports.
fn load(path: &Path) -> Option<Loaded> {
    let mut set = SchemaSet::new();
    let mut sources = Sources::default();
    let mut todo = vec![std::fs::canonicalize(path).ok()?];
    let mut seen = HashSet::new();
    let mut took = Duration::ZERO;
    while let Some(path) = todo.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let Some(text) = read(&path) else { continue };
        let begin = Instant::now();
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let Ok(document) = roxmltree::Document::parse_with_options(&text, options) else { continue };
        let base = path.to_string_lossy().into_owned();
        let source = sources.add(base.as_str(), text.as_str());
        set.declare_prefixes(document.root_element());
        for node in document.descendants().filter(|node| node.has_tag_name((XSD_NS, "schema"))) {
            set.add_inline(node, source, &base, &mut sources, &mut Files);
        }
        for node in document.descendants().filter(|node| node.has_tag_name((WSDL_NS, "import"))) {
            let target = path.parent()?.join(node.attribute("location").unwrap_or(""));
            todo.extend(std::fs::canonicalize(target).ok().filter(|target| target.is_file()));
        }
        took += begin.elapsed();
    }
    let begin = Instant::now();
    set.complete(&mut sources, &mut Files);
    let (schema, _, diagnostics) = set.compile(&[]);
    took += begin.elapsed();
    Some(Loaded { schema, diagnostics, sources, took })
}

/// A row of the index.
struct Row {
    path: PathBuf,
    /// Types and elements that zeep counts, where it loads the file.
    zeep: Option<(usize, usize)>,
}

fn corpus(kind: &str) -> Option<Vec<Row>> {
    let Some(root) = std::env::var_os("CASTILE_CORPUS").map(PathBuf::from) else {
        println!("left out: CASTILE_CORPUS is not set");
        return None;
    };
    let index = std::fs::read_to_string(root.join("INDEX.tsv")).expect("INDEX.tsv of the corpus");
    let mut lines = index.lines();
    let head: Vec<&str> = lines.next()?.split('\t').collect();
    let column = |name: &str| head.iter().position(|column| *column == name).expect("a column of INDEX.tsv");
    let (types, elements) = (column("zeep_types"), column("zeep_elements"));
    let rows = lines.map(|line| line.split('\t').collect::<Vec<_>>()).filter(|row| row[0] == kind);
    let count = |text: &str| text.parse::<usize>().ok();
    Some(rows.map(|row| Row { path: root.join(row[1]), zeep: count(row[types]).zip(count(row[elements])) }).collect())
}

#[test]
fn every_schema_of_the_corpus_compiles_in_time() {
    let Some(rows) = corpus("wsdl") else { return };
    assert_eq!(rows.len(), 116);
    let verbose = std::env::var_os("CASTILE_VERBOSE").is_some();
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut broken = 0;
    let (mut counted, mut equal) = (0, 0);
    for Row { path, zeep } in &rows {
        let loaded = load(path).expect("a file of the corpus");
        assert!(loaded.took < Duration::from_secs(2), "{} took {:?}", path.display(), loaded.took);
        for diagnostic in &loaded.diagnostics {
            *codes.entry(diagnostic.code).or_default() += 1;
            if verbose {
                println!("{} [{}]", loaded.sources.render(diagnostic), diagnostic.code);
            }
        }
        let schema = &loaded.schema;
        let faults: Vec<_> = schema
            .elements
            .iter()
            .flat_map(|element| &element.broken)
            .chain(schema.complex.iter().flat_map(|ty| &ty.broken))
            .chain(schema.simple_faults.values().flatten())
            .collect();
        broken += usize::from(!faults.is_empty());
        for fault in faults {
            let at = fault.at.map_or(String::new(), |place| loaded.sources.locate(place));
            println!("BROKEN {at}: {} [{}]", fault.message, fault.code);
        }
        if let Some(zeep) = zeep {
            let ours = (schema.global_types.len(), schema.global_elements.len());
            counted += 1;
            equal += usize::from(ours == *zeep);
            if ours != *zeep {
                println!("{} has types and elements {ours:?}, zeep counts {zeep:?}", path.display());
            }
        }
        if verbose {
            println!("{:?} {} types {} elements {}", loaded.took, path.display(), schema.global_types.len(), schema.elements.len());
        }
    }
    println!("types and elements as zeep counts them: {equal} of {counted}");
    // zeep leaves unions out, and this test does not follow wsdl:import to URLs
    assert!(equal >= 93, "{equal} of {counted}");
    assert!(broken <= 2, "only two files refer to what is nowhere");
    println!("{broken} files with faults; diagnostics by code: {codes:?}");
}

/// Elements taken out, doubled, swapped and replaced by others.
fn damage(text: &str, seed: &mut u64) -> String {
    let mut next = |most: usize| {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        usize::try_from(*seed % 1_000_003).expect("small") % most.max(1)
    };
    let mut lines: Vec<&str> = text.split_inclusive('>').collect();
    for _ in 0..4 {
        // mostly empty elements, so that the document stays well-formed
        let whole: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].ends_with("/>")).collect();
        if whole.len() < 4 {
            break;
        }
        let (from, to) = (whole[next(whole.len())], whole[next(whole.len())]);
        match next(4) {
            0 => drop(lines.remove(from)),
            1 => lines.insert(to, lines[from]),
            2 => lines.swap(from, to),
            _ => lines[from] = lines[to],
        }
    }
    lines.concat()
}

#[test]
fn damaged_schemas_of_the_corpus_do_no_harm() {
    let Some(rows) = corpus("wsdl") else { return };
    let mut seed = 0x9E37_79B9_7F4A_7C15;
    let mut loaded = 0;
    for Row { path, .. } in &rows {
        let text = read(path).expect("a file of the corpus");
        let Ok(tree) = roxmltree::Document::parse(&text) else { continue };
        let schemas: Vec<_> = tree.descendants().filter(|node| node.has_tag_name((XSD_NS, "schema"))).collect();
        for node in schemas.iter().filter(|node| node.range().len() < 60_000).take(3) {
            let bindings: String = node
                .namespaces()
                .filter_map(|binding| binding.name().map(|prefix| format!(" xmlns:{prefix}='{}'", binding.uri())))
                .collect();
            for _ in 0..10 {
                let damaged = format!("<types{bindings}>{}</types>", damage(&text[node.range()], &mut seed));
                let mut sources = Sources::default();
                let mut set = SchemaSet::new();
                set.add_document(&path.to_string_lossy(), &damaged, &mut sources, &mut Files);
                set.complete(&mut sources, &mut Files);
                let (schema, _, diagnostics) = set.compile(&[]);
                loaded += usize::from(!diagnostics.iter().any(|one| one.code == "not-well-formed"));
                for id in schema.global_elements.values() {
                    let _ = schema.faults_below(*id);
                }
            }
        }
    }
    assert!(loaded > 100, "{loaded} damaged schemas were still well-formed");
}
