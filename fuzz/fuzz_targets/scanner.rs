//! The guarded scanner, whole and in chunks, against quick-xml with the missing checks on top. The first byte chooses the size of the chunks.

#![no_main]

#[path = "../../tests/xml_events/mod.rs"]
mod xml_events;

use castile::xml::encoding::decode;
use castile::xml::limits::Limits;
use castile::xml::reader::check;
use libfuzzer_sys::fuzz_target;
use xml_events::oracle;
use xml_events::read_chunks;
use xml_events::read_slice;
use xml_events::wide;

fuzz_target!(|data: &[u8]| {
    let Some((size, text)) = data.split_first() else { return };
    if let Ok(decoded) = decode(text, None) {
        let _ = check(&decoded.text, &Limits::default());
    }
    let whole = read_slice(text, &wide());
    let chunked = read_chunks(text, &wide(), || 1 + usize::from(*size));
    assert_eq!(chunked.settled(), whole.settled());
    assert_eq!(chunked.fault.is_some(), whole.fault.is_some(), "{:?} {:?}", chunked.fault, whole.fault);
    match (oracle::read(text), &whole.fault) {
        (Ok(events), None) => assert_eq!(events, whole.events),
        (Err(_), Some(_)) => {}
        // the oracle has no limits
        (Ok(_), Some(fault)) => assert!(fault.is_limit() || fault.code == "bad-reference", "only the scanner refuses: {fault:?}"),
        (Err(reason), None) => panic!("only the oracle refuses: {reason}"),
    }
});
