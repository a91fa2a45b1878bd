//! The examples of docs/mapping.md are true: each schema, message and JSON is run through the converter in both directions.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod support;

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use support::infoset;
use support::squeeze;

struct Example {
    line: usize,
    schema: String,
    message: String,
    json: String,
}

#[test]
fn every_example_of_the_mapping_page_holds_in_both_directions() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/mapping.md")).unwrap();
    let examples = examples(&page);
    assert!(examples.len() >= 10, "found only {} examples", examples.len());
    let folder = scratch();
    let mut faults = Vec::new();
    for example in &examples {
        if let Err(fault) = judge(&folder, example) {
            faults.push(format!("docs/mapping.md:{}: {fault}", example.line));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

fn scratch() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mapping-examples");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The page's blocks in threes: xsd, xml, json.
fn examples(page: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut blocks: Vec<(usize, String, String)> = Vec::new();
    let mut open: Option<(usize, String, String)> = None;
    for (number, line) in page.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(kind)) => open = Some((number + 1, kind.trim().to_owned(), String::new())),
            (Some((_, _, text)), None) => *text += &format!("{line}\n"),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, None) => {}
        }
    }
    blocks.retain(|(_, kind, _)| !kind.is_empty());
    for three in blocks.chunks(3) {
        let [(line, a, schema), (_, b, message), (_, c, json)] = three else { panic!("an example is not complete") };
        assert_eq!((a.as_str(), b.as_str(), c.as_str()), ("xsd", "xml", "json"), "blocks out of order at line {line}");
        found.push(Example { line: *line, schema: schema.clone(), message: message.trim().to_owned(), json: json.trim().to_owned() });
    }
    found
}

fn judge(folder: &Path, example: &Example) -> Result<(), String> {
    let root = roxmltree::Document::parse(&example.message).map_err(|error| error.to_string())?.root_element().tag_name().name().to_owned();
    let wsdl = folder.join("example.wsdl");
    fs::write(&wsdl, contract(&example.schema, &root)).unwrap();
    let message = folder.join("message.xml");
    fs::write(&message, envelope(&example.message)).unwrap();
    let json = convert(&wsdl, &message)?;
    if squeeze(&json) != squeeze(&example.json) {
        return Err(format!("the page says\n{}\nbut castile gives\n{json}", example.json));
    }
    let document = folder.join("message.json");
    fs::write(&document, &example.json).unwrap();
    let soap = convert(&wsdl, &document)?;
    let (want, got) = (infoset(&envelope(&example.message))?, infoset(&soap)?);
    if want == got { Ok(()) } else { Err(format!("back in XML it is\n{got}\ninstead of\n{want}")) }
}

fn convert(wsdl: &Path, document: &Path) -> Result<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_castile")).args(["convert", "--wsdl"]).arg(wsdl).arg(document).output().unwrap();
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap())
    } else {
        Err(format!("convert refused {}: {}", document.display(), String::from_utf8_lossy(&output.stderr)))
    }
}

fn envelope(body: &str) -> String {
    format!("<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>{body}</e:Body></e:Envelope>")
}

fn contract(schema: &str, root: &str) -> String {
    format!(
        r#"<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:x="urn:example" targetNamespace="urn:example">
<w:types><xs:schema targetNamespace="urn:example" elementFormDefault="qualified">
{schema}
</xs:schema></w:types>
<w:message name="In"><w:part name="p" element="x:{root}"/></w:message>
<w:portType name="P"><w:operation name="Do"><w:input message="x:In"/></w:operation></w:portType>
<w:binding name="B" type="x:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<w:operation name="Do"><s:operation soapAction=""/><w:input><s:body use="literal"/></w:input></w:operation></w:binding>
<w:service name="S"><w:port name="P" binding="x:B"><s:address location="http://localhost/"/></w:port></w:service>
</w:definitions>"#
    )
}
