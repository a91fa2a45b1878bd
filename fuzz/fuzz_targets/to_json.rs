//! SOAP to JSON: no message breaks the converter, and what comes out is JSON.

#![no_main]

mod contracts;

use castile::json::limits::Limits;
use castile::json::tape::Tape;
use castile::transcode::decode::Mode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((choice, xml)) = data.split_first() else { return };
    let (codec, operation, direction) = contracts::choose(*choice);
    for mode in [Mode::Enforce, Mode::Report] {
        if let Ok(decoded) = codec.to_json(operation, direction, xml, mode) {
            if let Err(error) = Tape::parse(&decoded.json, &Limits { depth: 1000, ..Limits::default() }) {
                panic!("{error}: {}", String::from_utf8_lossy(&decoded.json));
            }
        }
    }
});
