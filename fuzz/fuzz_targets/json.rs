//! The JSON tape against serde_json: the same documents are accepted, with the same values.

#![no_main]

use castile::json::limits::Limits;
use castile::json::tape::Kind;
use castile::json::tape::Tape;
use castile::json::tape::Value;
use castile::json::writer::write_string;
use libfuzzer_sys::fuzz_target;

fn convert(value: Value<'_>) -> serde_json::Value {
    match value.kind() {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool(value) => serde_json::Value::Bool(value),
        Kind::Number => serde_json::from_str(value.raw()).expect("a number"),
        Kind::String => {
            let text = value.as_str().expect("a string").into_owned();
            let mut written = Vec::new();
            write_string(&mut written, &text);
            assert_eq!(serde_json::from_slice::<String>(&written).expect("a string"), text);
            serde_json::Value::String(text)
        }
        Kind::Array => serde_json::Value::Array(value.items().map(convert).collect()),
        Kind::Object => {
            let members: serde_json::Map<_, _> = value.members().map(|m| (m.key().into_owned(), convert(m.value))).collect();
            assert_eq!(members.len() + value.duplicates().len(), value.len());
            serde_json::Value::Object(members)
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let own = Tape::parse(data, &Limits { depth: 120, ..Limits::default() });
    match (serde_json::from_slice::<serde_json::Value>(data), own) {
        (Ok(expected), Ok(tape)) => assert_eq!(convert(tape.root()), expected),
        (Ok(_), Err(error)) => assert!(error.is_limit(), "only the tape refuses: {error}"),
        (Err(error), Ok(_)) => {
            // numbers that no double holds, and the byte order mark
            let known = error.to_string().contains("out of range") || data.starts_with(b"\xEF\xBB\xBF");
            assert!(known, "only serde_json refuses: {error}");
        }
        (Err(_), Err(_)) => {}
    }
});
