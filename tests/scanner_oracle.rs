//! The scanner against quick-xml with the missing checks on top, event for event: on all documents of the corpus and on mutations of
//! them, whole and in chunks of random sizes.
//!
//! Data: the folder named by CASTILE_CORPUS. CASTILE_SEED repeats a run with random mutations.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod xml_events;

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use castile::xml::encoding::decode;
use xml_events::oracle;
use xml_events::read_chunks;
use xml_events::read_slice;
use xml_events::wide;

fn documents() -> Option<Vec<(PathBuf, Vec<u8>)>> {
    let Some(folder) = std::env::var_os("CASTILE_CORPUS") else {
        println!("left out: CASTILE_CORPUS is not set");
        return None;
    };
    let mut documents = Vec::new();
    collect(Path::new(&folder), &mut documents);
    documents.sort();
    assert!(documents.len() > 1000, "the corpus holds {} XML documents", documents.len());
    Some(documents)
}

fn collect(folder: &Path, documents: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a folder of the corpus") {
        let path = entry.expect("an entry of the corpus").path();
        if path.is_dir() {
            collect(&path, documents);
        } else if path.extension().is_some_and(|e| ["xml", "wsdl", "xsd", "xsl", "xslt"].iter().any(|known| e == *known)) {
            let bytes = fs::read(&path).expect("a document of the corpus");
            documents.push((path, bytes));
        }
    }
}

/// Whether the document is well-formed by both; panics where they differ.
fn compare(text: &[u8], sizes: &mut Random, what: &dyn Fn() -> String) -> bool {
    let own = read_slice(text, &wide());
    let expected = oracle::read(text);
    match (&expected, &own.fault) {
        (Ok(events), None) => {
            let differing = events.iter().zip(&own.events).position(|(a, b)| a != b);
            if let Some(at) = differing {
                panic!("{}: event {at}: the oracle has {:?}, the scanner {:?}", what(), events[at], own.events[at]);
            }
            assert_eq!(events.len(), own.events.len(), "{}", what());
        }
        (Err(_), Some(_)) => {}
        (Ok(_), Some(fault)) => panic!("{}: only the scanner refuses: {fault:?}", what()),
        (Err(reason), None) => panic!("{}: only the oracle refuses: {reason}", what()),
    }
    let chunked = read_chunks(text, &wide(), || 1 + sizes.below(40));
    assert_eq!(chunked.settled(), own.settled(), "{}: in chunks", what());
    assert_eq!(chunked.fault.is_some(), own.fault.is_some(), "{}: in chunks {:?}, whole {:?}", what(), chunked.fault, own.fault);
    own.fault.is_none()
}

#[test]
fn every_document_of_the_corpus_gives_the_events_of_the_oracle() {
    let Some(documents) = documents() else { return };
    let mut sizes = Random(1);
    let mut good = 0;
    for (path, bytes) in &documents {
        let Ok(decoded) = decode(bytes, None) else { continue };
        good += usize::from(compare(&decoded.text, &mut sizes, &|| path.display().to_string()));
    }
    println!("{good} of {} documents are well-formed and free of DOCTYPE", documents.len());
    assert!(good * 10 > documents.len() * 9, "only {good} of {} were accepted", documents.len());
}

#[test]
fn mutated_documents_are_judged_as_by_the_oracle() {
    let Some(documents) = documents() else { return };
    let small: Vec<_> = documents.iter().filter(|(_, bytes)| bytes.len() < 6_000).collect();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock past 1970");
    let chosen = std::env::var("CASTILE_SEED").ok().and_then(|seed| seed.parse().ok());
    for seed in [1, chosen.unwrap_or(now.as_nanos() as u64 | 1)] {
        let mut random = Random(seed);
        let mut good = 0;
        const RUNS: usize = 3_000;
        for run in 0..RUNS {
            let (path, bytes) = small[random.below(small.len())];
            let Ok(decoded) = decode(bytes, None) else { continue };
            let mut text = decoded.text.into_owned();
            for _ in 0..1 + random.below(3) {
                mutate(&mut text, &mut random);
            }
            let mut sizes = Random(random.next());
            let what = || format!("CASTILE_SEED={seed}, run {run}, {}: {}", path.display(), String::from_utf8_lossy(&text));
            good += usize::from(compare(&text, &mut sizes, &what));
        }
        println!("seed {seed}: {good} of {RUNS} mutations are well-formed");
        assert!(good > RUNS / 20 && good < RUNS * 9 / 10, "the mutations do not tell good from bad");
    }
}

#[test]
fn characters_beside_the_surrogates_are_judged_as_by_the_oracle() {
    for c in ["\u{D7FE}", "\u{D7FF}", "\u{E000}", "\u{F900}", "\u{FFFD}", "\u{10000}"] {
        let text = format!("<a b=\"{c}\">{c}<![CDATA[{c}]]><!--{c}--></a>");
        assert!(compare(text.as_bytes(), &mut Random(1), &|| text.clone()), "{text}");
    }
    for c in ["\u{FFFE}", "\u{FFFF}", "\u{B}"] {
        let text = format!("<a>{c}</a>");
        assert!(!compare(text.as_bytes(), &mut Random(1), &|| text.clone()), "{text}");
    }
}

const FRAGMENTS: &[&str] = &[
    "\u{D7FF}",
    "\u{E000}",
    "<",
    ">",
    "&",
    "]]>",
    "]]",
    "]",
    "--",
    "->",
    "\"",
    "'",
    "=",
    "/",
    "/>",
    "</",
    "<a>",
    "</a>",
    "<a/>",
    "<!",
    "<!--",
    "-->",
    "<!-- x -->",
    "<![CDATA[",
    "<![CDATA[ <x> ]] ]]>",
    "<?",
    "?>",
    "<?x y?>",
    "<?xml version='1.0'?>",
    "<?XML x?>",
    "<!DOCTYPE a>",
    "&lt;",
    "&#0;",
    "&#13;",
    "&#x1F600;",
    "&#xFFFE;",
    "&nbsp;",
    "&#",
    "&;",
    "\r\n",
    "\r",
    "\t",
    "\n",
    " ",
    " a=''",
    " a='1' a=\"2\"",
    " xmlns:p='urn:p'",
    " p:a='1'",
    " xmlns:q='urn:p' q:a=''",
    " xmlns=''",
    " xmlns:p=''",
    " xmlns:xml='urn:x'",
    " xmlns:xmlns='urn:x'",
    " xml:lang='en'",
    "p:",
    ":",
    "\u{FFFE}",
    "\u{FFFF}",
    "\u{FEFF}",
    "\u{85}",
    "\u{300}",
    "é",
    "😀",
    "\u{0}",
    "\u{7F}",
    "\u{B}",
    "xmlns",
    "xml:",
    "encoding='x'",
    "standalone='no'",
];

fn mutate(text: &mut Vec<u8>, random: &mut Random) {
    let from = random.below(text.len() + 1);
    let length = random.below(12).min(text.len() - from);
    match random.below(10) {
        0 => drop(text.drain(from..from + length)),
        1 => {
            let piece = text[from..from + length].to_vec();
            let to = random.below(text.len() + 1);
            drop(text.splice(to..to, piece));
        }
        2 if from < text.len() => text[from] = random.next() as u8,
        3 if random.below(4) == 0 => text.truncate(from),
        4 => {
            // at the edge of a token
            let edges: Vec<usize> = text.iter().enumerate().filter(|(_, b)| b"<>\"' ".contains(b)).map(|(at, _)| at).collect();
            let at = edges.get(random.below(edges.len().max(1))).map_or(0, |at| at + random.below(2));
            drop(text.splice(at..at, random.fragment().bytes()));
        }
        5 => drop(text.splice(from..from + length, random.fragment().bytes())),
        _ => drop(text.splice(from..from, random.fragment().bytes())),
    }
}

/// xorshift64*
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, bound: usize) -> usize {
        ((self.next() >> 33) as usize) % bound.max(1)
    }

    fn fragment(&mut self) -> &'static str {
        FRAGMENTS[self.below(FRAGMENTS.len())]
    }
}
