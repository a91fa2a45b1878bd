//! The guarded readers on the W3C conformance data: documents without DOCTYPE are judged as the recommendation says, documents
//! with one are refused for that reason; a document in chunks of any size gives the same events as the whole.
//!
//! Data: the folders named by CASTILE_CONFORMANCE and CASTILE_CORPUS.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod xml_events;

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use castile::xml::encoding::decode;
use castile::xml::error::XmlError;
use castile::xml::limits::Limits;
use castile::xml::name::Symbols;
use castile::xml::reader::ChunkReader;
use castile::xml::reader::check;
use xml_events::read_chunks;
use xml_events::read_slice;

/// The folder that an environment variable names; without it the test says that it was left out.
fn data(variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable);
    if folder.is_none() {
        println!("left out: {variable} is not set");
    }
    folder.map(PathBuf::from)
}

struct Case {
    id: String,
    expected: String,
    bytes: Vec<u8>,
}

fn cases(index: &str) -> Option<Vec<Case>> {
    let folder = data("CASTILE_CONFORMANCE")?.join("xml");
    let table = fs::read_to_string(folder.join(index)).expect("the index of the conformance data");
    let rows = table.lines().skip(1).map(|row| {
        let columns: Vec<&str> = row.split('\t').collect();
        let bytes = fs::read(folder.join(columns[2])).expect(columns[2]);
        Case { id: columns[0].to_owned(), expected: columns[1].to_owned(), bytes }
    });
    Some(rows.collect())
}

fn judge(bytes: &[u8]) -> Result<(), XmlError> {
    check(&decode(bytes, None)?.text, &Limits::default())
}

#[test]
fn documents_without_doctype_are_judged_right() {
    let Some(cases) = cases("INDEX.tsv") else { return };
    assert_eq!(cases.len(), 197);
    let mut wrong = Vec::new();
    for case in cases {
        let verdict = judge(&case.bytes);
        if verdict.is_ok() != (case.expected == "wf") {
            wrong.push(format!("{}: expected {}, got {verdict:?}", case.id, case.expected));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn documents_with_doctype_are_refused_for_that_reason() {
    let Some(cases) = cases("with-dtd.tsv") else { return };
    assert_eq!(cases.len(), 976);
    let mut wrong = Vec::new();
    for case in cases {
        match judge(&case.bytes) {
            Err(error) if error.code == "doctype" || case.expected == "dtd-or-not-wf" => {}
            other => wrong.push(format!("{}: expected {}, got {other:?}", case.id, case.expected)),
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn assert_same_in_chunks(text: &[u8], sizes: std::ops::RangeInclusive<usize>, what: &str) {
    let whole = read_slice(text, &Limits::default());
    for size in sizes {
        let chunked = read_chunks(text, &Limits::default(), || size);
        assert_eq!(chunked.settled(), whole.settled(), "{what} in chunks of {size}");
        let (a, b) = (chunked.fault.map(|fault| fault.code), whole.fault.as_ref().map(|fault| fault.code));
        assert_eq!(a, b, "{what} in chunks of {size}");
    }
}

#[test]
fn conformance_documents_in_chunks_of_any_size_give_the_events_of_the_whole() {
    for index in ["INDEX.tsv", "with-dtd.tsv"] {
        let Some(cases) = cases(index) else { return };
        for case in cases {
            let Ok(decoded) = decode(&case.bytes, None) else { continue };
            assert_same_in_chunks(&decoded.text, 1..=8, &case.id);
        }
    }
}

#[test]
fn corpus_documents_in_chunks_of_any_size_give_the_events_of_the_whole() {
    let Some(folder) = data("CASTILE_CORPUS") else { return };
    let mut read = 0;
    for (path, bytes) in files(&folder, &["xml", "wsdl", "xsd"]) {
        let Ok(decoded) = decode(&bytes, None) else { continue };
        // the large ones, which bring nothing new, in one size
        let sizes = if bytes.len() < 20_000 { 1..=8 } else { 7..=7 };
        assert_same_in_chunks(&decoded.text, sizes, &path.display().to_string());
        read += 1;
    }
    assert!(read > 1000, "{read} documents");
}

#[test]
fn attack_files_of_the_corpus_are_refused_for_their_doctype() {
    let Some(folder) = data("CASTILE_CORPUS") else { return };
    for (name, at_least) in
        [("tiran+defusedxml", 8), ("swisskyrepo+PayloadsAllTheThings", 20), ("payloadbox+xxe-injection-payload-list", 10)]
    {
        let mut refused = 0;
        for (path, bytes) in files(&folder.join(name), &["xml", "xsl", "txt", ""]) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            // lists hold one attack a line or a paragraph
            let listed = path.extension().is_some_and(|extension| extension == "txt");
            let attacks: Vec<&str> =
                if listed { text.split("\n<?xml").flat_map(|part| part.lines().chain([part])).collect() } else { vec![&text] };
            for attack in attacks.iter().map(|attack| attack.trim()).filter(|attack| attack.contains("<!DOCTYPE")) {
                let attack = if attack.starts_with(' ') { format!("<?xml{attack}") } else { (*attack).to_owned() };
                let verdict = judge(attack.as_bytes());
                assert!(verdict.is_err(), "{}: {attack} was accepted", path.display());
                refused += usize::from(verdict.is_err_and(|error| error.code == "doctype"));
            }
        }
        assert!(refused >= at_least, "{name}: {refused} were refused for their DOCTYPE");
    }
}

fn files(folder: &Path, extensions: &[&str]) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of the corpus") {
        let path = entry.expect("an entry of the corpus").path();
        let extension = path.extension().map(|extension| extension.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            found.extend(files(&path, extensions));
        } else if extensions.contains(&&*extension) {
            let bytes = fs::read(&path).expect("a document of the corpus");
            found.push((path, bytes));
        }
    }
    found
}

/// Documents that break naive readers: what, text, code of the refusal.
fn attacks() -> Vec<(&'static str, String, &'static str)> {
    let many = |count: usize, make: &dyn Fn(usize) -> String| (0..count).map(make).collect::<String>();
    vec![
        ("10^5 attributes", format!("<a{}/>", many(100_000, &|i| format!(" a{i}='x'"))), "limit-attributes"),
        ("10^5 namespaces on one element", format!("<a{}/>", many(100_000, &|i| format!(" xmlns:a{i}='u{i}'"))), "limit-namespaces"),
        ("10^5 namespaces on nested elements", many(100_000, &|i| format!("<a xmlns:a{i}='u{i}'>")), "limit-depth"),
        ("10^6 depth", "<a>".repeat(1_000_000), "limit-depth"),
        ("an endless name", format!("<{}", "a".repeat(1_000_000)), "limit-name"),
        ("an endless attribute name", format!("<a {}", "a".repeat(1_000_000)), "limit-name"),
        ("a document over the limit", format!("<a>{}</a>", " ".repeat(11 << 20)), "limit-bytes"),
    ]
}

#[test]
fn attacks_on_limits_are_refused_at_once() {
    let start = Instant::now();
    let honest = format!("<a>{}</a>", "<b c='d'>text</b>".repeat(100_000));
    assert_eq!(judge(honest.as_bytes()), Ok(()));
    let scale = start.elapsed().max(Duration::from_millis(20));
    for (what, text, code) in attacks() {
        let start = Instant::now();
        assert_eq!(judge(text.as_bytes()).err().map(|error| error.code), Some(code), "{what}");
        assert!(start.elapsed() < scale * 5, "{what} took {:?}, an honest document {scale:?}", start.elapsed());
        let start = Instant::now();
        let chunked = in_chunks(text.as_bytes(), 4096);
        assert_eq!(chunked, Err(code), "{what} in chunks");
        assert!(start.elapsed() < scale * 5, "{what} in chunks took {:?}, an honest document {scale:?}", start.elapsed());
    }
}

fn in_chunks(text: &[u8], size: usize) -> Result<(), &'static str> {
    let symbols = Symbols::default();
    let mut reader = ChunkReader::new(&symbols, &Limits::default());
    for chunk in text.chunks(size) {
        reader.push(chunk);
        while reader.next().map_err(|error| error.code)?.is_some() {}
    }
    Ok(())
}

/// Well-formed documents that make a reader quadratic if it is careless.
fn heavy() -> Vec<(&'static str, String)> {
    let many = |count: usize, make: &dyn Fn(usize) -> String| (0..count).map(make).collect::<String>();
    vec![
        ("a tag over the whole document", format!("<a b='{}'/>", "x".repeat(4 << 20))),
        ("a tag of white space", format!("<a{}/>", " ".repeat(4 << 20))),
        ("a comment over the whole document", format!("<a><!--{}--></a>", "- x".repeat(1 << 20))),
        ("an instruction over the whole document", format!("<a><?p {}?></a>", "? x".repeat(1 << 20))),
        ("a CDATA section of almost-ends", format!("<a><![CDATA[{}]]></a>", "]] ".repeat(1 << 20))),
        ("text of almost-ends", format!("<a>{}</a>", "]] ".repeat(1 << 20))),
        ("text of references", format!("<a>{}</a>", "&#x0000000000000000000000000000020;".repeat(100_000))),
        ("an end tag of white space", format!("<a></a{}>", " ".repeat(4 << 20))),
        ("distinct names", format!("<a>{}</a>", many(150_000, &|i| format!("<b{i} c{i}=''/>")))),
        ("distinct namespaces", format!("<a>{}</a>", many(100_000, &|i| format!("<p:b xmlns:p='urn:{i}'/>")))),
        ("distinct prefixes below 255 others", {
            let declared = many(255, &|i| format!(" xmlns:p{i}='urn:{i}'"));
            format!("<a{declared}>{}</a>", many(100_000, &|i| format!("<p0:b{i}/>")))
        }),
        ("256 attributes on each element", format!("<a>{}</a>", format!("<b{}/>", many(256, &|i| format!(" c{i}=''"))).repeat(1000))),
        ("text in one carriage return after the other", format!("<a>{}</a>", "\r".repeat(4 << 20))),
    ]
}

#[test]
fn careless_spots_are_linear_whole_and_in_chunks() {
    let start = Instant::now();
    let honest = format!("<a>{}</a>", "<b c='d'>text</b>".repeat(200_000));
    assert_eq!(judge(honest.as_bytes()), Ok(()));
    let scale = start.elapsed().max(Duration::from_millis(40));
    for (what, text) in heavy() {
        let start = Instant::now();
        assert_eq!(judge(text.as_bytes()), Ok(()), "{what}");
        assert!(start.elapsed() < scale * 20, "{what} took {:?}, an honest document {scale:?}", start.elapsed());
        let start = Instant::now();
        assert_eq!(in_chunks(text.as_bytes(), 512), Ok(()), "{what}");
        assert!(start.elapsed() < scale * 20, "{what} in chunks took {:?}, an honest document {scale:?}", start.elapsed());
        println!("{what}: {:?} in chunks, honest {scale:?}", start.elapsed());
    }
}
