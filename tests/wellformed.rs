//! The guarded readers on the W3C conformance data: documents without DOCTYPE are judged as the recommendation says, documents
//! with one are refused for that reason; a document in chunks of any size gives the same events as the whole.
//!
//! Data: the folder named by CASTILE_CONFORMANCE.

use std::fs;
use std::path::PathBuf;

use castile::xml::encoding::decode;
use castile::xml::error::XmlError;
use castile::xml::event::Event;
use castile::xml::limits::Limits;
use castile::xml::name::Symbols;
use castile::xml::reader::SliceReader;

struct Case {
    id: String,
    expected: String,
    bytes: Vec<u8>,
}

fn cases(index: &str) -> Option<Vec<Case>> {
    let Some(folder) = std::env::var_os("CASTILE_CONFORMANCE") else {
        println!("left out: CASTILE_CONFORMANCE is not set");
        return None;
    };
    let folder = PathBuf::from(folder).join("xml");
    let table = fs::read_to_string(folder.join(index)).expect("the index of the conformance data");
    let rows = table.lines().skip(1).map(|row| {
        let columns: Vec<&str> = row.split('\t').collect();
        let bytes = fs::read(folder.join(columns[2])).expect(columns[2]);
        Case { id: columns[0].to_owned(), expected: columns[1].to_owned(), bytes }
    });
    Some(rows.collect())
}

fn judge(bytes: &[u8]) -> Result<(), XmlError> {
    let decoded = decode(bytes, None)?;
    let symbols = Symbols::default();
    let mut reader = SliceReader::new(&decoded.text, &symbols, &Limits::default());
    loop {
        if let Event::Eof = reader.next()? {
            return Ok(());
        }
    }
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
