//! JSON to SOAP: no document breaks the converter, and what comes out is well-formed and converts back.

#![no_main]

mod contracts;

use castile::transcode::decode::Mode;
use castile::wsdl::contract::SoapVersion;
use castile::xml::limits::Limits;
use castile::xml::reader::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((choice, json)) = data.split_first() else { return };
    let (codec, operation, direction) = contracts::choose(*choice);
    if let Ok(xml) = codec.to_xml(operation, direction, json, SoapVersion::V1_1) {
        if let Err(error) = check(&xml, &Limits { depth: 1000, attributes: 100_000, namespaces: 100_000, ..Limits::default() }) {
            panic!("{error}: {}", String::from_utf8_lossy(&xml));
        }
        let _ = codec.to_json(operation, direction, &xml, Mode::Report);
    }
});
