//! The rules of the JSON mapping, one case a folder of `tests/cases/mapping`: `schema.xsd` holds the declarations of a
//! schema for `urn:example` (prefix `x`), whose element `Do` is the body.
//!
//! Where more than that is needed, `service.wsdl` stands instead, whose first operation is meant.
//!
//! `options.txt` holds what the service chooses: `big_numbers: string`, `arrays: unwrapped`.
//!
//! `NAME.both.xml` and `.json`: each becomes the other. `NAME.in.json`: becomes `NAME.in.xml`. `NAME.out.xml`: becomes
//! `NAME.out.json`. `NAME.refused.json`: is refused with exactly the pointers of `NAME.refused.txt`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod law;
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use castile::schema::load::NoResolver;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::transcode::decode::Mode;
use castile::transcode::shape::Options;
use castile::wsdl::contract::Operation;
use castile::wsdl::contract::SoapVersion;
use castile::wsdl::contract::Status;
use support::infoset;
use support::squeeze;

#[test]
fn every_case_of_the_mapping_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/mapping");
    let mut cases: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() > 30, "only {} cases in {}", cases.len(), folder.display());
    let (mut steps, mut faults) = (0, Vec::new());
    for case in &cases {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        match judge(case) {
            Ok(count) => steps += count,
            Err(found) => faults.extend(found.into_iter().map(|fault| format!("{name}: {fault}"))),
        }
    }
    assert!(faults.is_empty(), "{} faults in {} cases:\n\n{}", faults.len(), cases.len(), faults.join("\n\n"));
    assert!(steps > cases.len(), "cases without steps");
}

fn judge(case: &Path) -> Result<usize, Vec<String>> {
    let files: BTreeMap<String, String> = fs::read_dir(case)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    let text = files.get("service.wsdl").cloned().unwrap_or_else(|| contract(&files["schema.xsd"]));
    let contract = castile::wsdl::load("service.wsdl", &text, &mut NoResolver).map_err(|error| vec![format!("{error:?}")])?;
    let chosen = files.get("options.txt").map(String::as_str).unwrap_or_default();
    let options = Options { numbers_as_text: chosen.contains("big_numbers: string"), bare_arrays: chosen.contains("arrays: unwrapped") };
    let codec = Codec::with(Arc::new(contract), options);
    let contract = Arc::clone(&codec.contract);
    let operation = &contract.services[0].ports[0].operations[0];
    if operation.verdict.status != Status::Served {
        return Err(vec![format!("not served: {:?}", operation.verdict.reasons)]);
    }
    let (mut steps, mut faults) = (0, Vec::new());
    for (file, text) in &files {
        let Some((name, kind)) = file.split_once('.') else { continue };
        let other = |ending: &str| files.get(&format!("{name}.{ending}")).unwrap_or_else(|| panic!("{name}.{ending} is missing"));
        let found = match kind {
            "both.xml" => {
                let json = other("both.json");
                reads(&codec, operation, text, json).and_then(|()| writes(&codec, operation, json, text))
            }
            "out.xml" => reads(&codec, operation, text, other("out.json")),
            "in.json" => writes(&codec, operation, text, other("in.xml")),
            "refused.json" => refuses(&codec, operation, text, other("refused.txt")),
            _ => continue,
        };
        steps += 1;
        if let Err(fault) = found {
            faults.push(format!("{file}: {fault}"));
        }
    }
    if faults.is_empty() { Ok(steps) } else { Err(faults) }
}

fn reads(codec: &Codec, operation: &Operation, message: &str, json: &str) -> Result<(), String> {
    let decoded = codec
        .to_json(operation, Direction::Request, envelope(message).as_bytes(), Mode::Enforce)
        .map_err(|refusal| format!("refused as XML: {:?}", refusal.faults.iter().map(|fault| &fault.message).collect::<Vec<_>>()))?;
    let got = String::from_utf8(decoded.json).map_err(|error| error.to_string())?;
    if squeeze(&got) == squeeze(json) { Ok(()) } else { Err(format!("read as\n{got}\ninstead of\n{json}")) }
}

fn writes(codec: &Codec, operation: &Operation, json: &str, message: &str) -> Result<(), String> {
    let soap = codec
        .to_xml(operation, Direction::Request, json.as_bytes(), SoapVersion::V1_1)
        .map_err(|faults| format!("refused as JSON: {:?}", faults.faults))?;
    let soap = String::from_utf8(soap).map_err(|error| error.to_string())?;
    let (want, got) = (infoset(&envelope(message))?, infoset(&soap)?);
    // Prefixes within values are not compared by the infoset.
    let names =
        want.contains("x:Do") && law::equal(&codec.contract.schema, operation, Direction::Request, &envelope(message), &soap).is_ok();
    if want == got || names { Ok(()) } else { Err(format!("written as\n{soap}\nthat is\n{got}instead of\n{want}")) }
}

fn refuses(codec: &Codec, operation: &Operation, json: &str, pointers: &str) -> Result<(), String> {
    match codec.to_xml(operation, Direction::Request, json.as_bytes(), SoapVersion::V1_1) {
        Ok(soap) => Err(format!("accepted as {}", String::from_utf8_lossy(&soap))),
        Err(faults) => {
            let mut got: Vec<&str> = faults.faults.iter().map(|fault| &*fault.pointer).collect();
            let mut want: Vec<&str> = pointers.lines().collect();
            got.sort_unstable();
            want.sort_unstable();
            if got == want { Ok(()) } else { Err(format!("refused with {:#?}\ninstead of {want:?}", faults.faults)) }
        }
    }
}

fn envelope(body: &str) -> String {
    if body.contains(":Envelope") {
        return body.trim_end().to_owned();
    }
    format!("<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>{}</e:Body></e:Envelope>", body.trim_end())
}

fn contract(schema: &str) -> String {
    format!(
        r#"<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:x="urn:example" targetNamespace="urn:example">
<w:types><xs:schema targetNamespace="urn:example" elementFormDefault="qualified">
{schema}
</xs:schema></w:types>
<w:message name="In"><w:part name="p" element="x:Do"/></w:message>
<w:portType name="P"><w:operation name="Do"><w:input message="x:In"/></w:operation></w:portType>
<w:binding name="B" type="x:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<w:operation name="Do"><s:operation soapAction=""/><w:input><s:body use="literal"/></w:input></w:operation></w:binding>
<w:service name="S"><w:port name="P" binding="x:B"><s:address location="http://localhost/"/></w:port></w:service>
</w:definitions>"#
    )
}
