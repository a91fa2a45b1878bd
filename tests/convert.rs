//! `castile convert` judges strictly what the gateway forgives, and finds the operation of whatever it is given.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

const CONTRACT: &str = r#"<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:x="urn:x" targetNamespace="urn:x">
<w:types><xs:schema targetNamespace="urn:x"><xs:element name="Key" type="xs:int"/></xs:schema></w:types>
<w:message name="In"><w:part name="n" type="xs:int"/></w:message>
<w:message name="Out"><w:part name="r" type="xs:int"/></w:message>
<w:message name="Head"><w:part name="key" element="x:Key"/></w:message>
<w:portType name="P"><w:operation name="Do"><w:input message="x:In"/><w:output message="x:Out"/></w:operation></w:portType>
<w:binding name="B" type="x:P"><s:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
<w:operation name="Do"><s:operation soapAction=""/>
<w:input><s:header message="x:Head" part="key" use="literal"/><s:body use="literal" namespace="urn:calls"/></w:input>
<w:output><s:body use="literal" namespace="urn:calls"/></w:output></w:operation></w:binding>
<w:service name="S"><w:port name="P" binding="x:B"><s:address location="http://localhost/"/></w:port></w:service>
</w:definitions>"#;

fn envelope(head: &str, body: &str) -> String {
    format!(
        r#"<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:x="urn:x" xmlns:c="urn:calls"><e:Header>{head}</e:Header><e:Body>{body}</e:Body></e:Envelope>"#
    )
}

/// Exit status, stdout and stderr.
fn convert(name: &str, options: &[&str], document: &[u8]) -> (Option<i32>, String, String) {
    convert_by(CONTRACT, name, options, document)
}

fn convert_by(wsdl: &str, name: &str, options: &[&str], document: &[u8]) -> (Option<i32>, String, String) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("convert");
    fs::create_dir_all(&folder).unwrap();
    let (contract, message) = (folder.join(format!("{name}.wsdl")), folder.join(format!("{name}.in")));
    fs::write(&contract, wsdl).unwrap();
    fs::write(&message, document).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_castile"));
    let output = command.arg("convert").args(options).arg("--wsdl").arg(&contract).arg(&message).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_declared_header_that_breaks_its_schema_is_refused_and_left_out_leniently() {
    let message = envelope("<x:Key>seven</x:Key>", "<c:Do><n>1</n></c:Do>");
    let (code, out, words) = convert("header", &[], message.as_bytes());
    assert_eq!((code, &*out), (Some(1), ""), "{words}");
    assert!(words.contains("e:Header/x:Key: expected xs:int") && !words.contains("warning"), "{words}");
    let (code, out, words) = convert("lenient-header", &["--lenient"], message.as_bytes());
    assert_eq!(code, Some(0), "{words}");
    assert!(out.contains(r#""n":1"#), "{out}");
}

#[test]
fn the_reply_of_the_only_operation_may_have_any_wrapper() {
    let message = envelope("", r#"<z:Whatever xmlns:z="urn:z"><r>7</r></z:Whatever>"#);
    let (code, out, words) = convert("wrapper", &["--reply"], message.as_bytes());
    assert_eq!((code, out.trim()), (Some(0), r#"{"r":7}"#), "{words}");
    let (code, _, _) = convert("request-wrapper", &[], message.as_bytes());
    assert_eq!(code, Some(1));
}

#[test]
fn xml_whose_encoding_is_contradicted_is_not_taken_for_json() {
    let text = format!("<?xml version='1.0' encoding='iso-8859-1'?>{}", envelope("", "<c:Do><n>1</n></c:Do>"));
    let (code, _, words) = convert("mark", &[], &[b"\xEF\xBB\xBF", text.as_bytes()].concat());
    assert_eq!(code, Some(1));
    assert!(words.contains("mark.in:1:1: the document declares the encoding iso-8859-1"), "{words}");
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let (code, _, words) = convert("wide-mark", &[], &[b"\xFE\xFF", &*wide].concat());
    assert_eq!(code, Some(1));
    assert!(words.contains("encoding iso-8859-1"), "{words}");
}

#[test]
fn attachments_go_to_a_mime_entity_and_back() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("convert");
    fs::create_dir_all(&folder).unwrap();
    let json = r#"{"title":"Sea","image":"AAEC","title$part":"YQ=="}"#;
    let (given, made) = (folder.join("album.json"), folder.join("album.mime"));
    fs::write(&given, json).unwrap();
    let run = |document: &PathBuf| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_castile"));
        command.args(["convert", "--wsdl", "tests/gateway/albums.wsdl", "--operation", "Store"]).arg(document).output().unwrap()
    };
    let entity = run(&given);
    assert!(entity.stdout.starts_with(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; "), "{entity:?}");
    fs::write(&made, &entity.stdout).unwrap();
    let back = run(&made);
    assert_eq!(String::from_utf8(back.stdout).unwrap().trim(), json, "{}", String::from_utf8_lossy(&back.stderr));
}

/// A body that is given by type before one that has an element of its own.
const TYPED: &str = r#"<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:x="urn:x" targetNamespace="urn:x">
<w:types><xs:schema targetNamespace="urn:x" elementFormDefault="qualified"><xs:element name="Other" type="xs:int"/>
<xs:complexType name="T"><xs:sequence><xs:element name="v" type="xs:int"/></xs:sequence><xs:attribute name="w" type="xs:int"/></xs:complexType></xs:schema></w:types>
<w:message name="A"><w:part name="p" type="x:T"/></w:message><w:message name="B"><w:part name="p" element="x:Other"/></w:message>
<w:portType name="P"><w:operation name="Typed"><w:input message="x:A"/></w:operation><w:operation name="Named"><w:input message="x:B"/></w:operation></w:portType>
<w:binding name="B" type="x:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<w:operation name="Typed"><s:operation soapAction="urn:1"/><w:input><s:body use="literal"/></w:input></w:operation>
<w:operation name="Named"><s:operation soapAction="urn:2"/><w:input><s:body use="literal"/></w:input></w:operation></w:binding>
<w:service name="S"><w:port name="P" binding="x:B"><s:address location="http://localhost/"/></w:port></w:service>
</w:definitions>"#;

#[test]
fn an_element_of_its_own_comes_before_a_body_by_type_and_attributes_of_such_a_body_are_kept() {
    let (code, out, words) = convert_by(TYPED, "named", &[], envelope("", "<x:Other>7</x:Other>").as_bytes());
    assert_eq!((code, out.trim(), words.trim()), (Some(0), r#"{"$value":7}"#, "operation: Named request"));
    let typed = envelope("", "<x:v>1</x:v>").replace("<e:Body>", "<e:Body w=\"5\" id=\"signed\">");
    let (code, out, words) = convert_by(TYPED, "typed", &[], typed.as_bytes());
    assert_eq!((code, out.trim(), words.trim()), (Some(0), r#"{"@w":5,"v":1}"#, "operation: Typed request"));
}

#[test]
fn a_part_by_element_in_rpc_style_is_that_element_and_has_the_parts_name_in_json() {
    let wsdl = CONTRACT.replace("<w:part name=\"n\" type=\"xs:int\"/>", "<w:part name=\"n\" element=\"x:Key\"/>");
    let message = envelope("", "<c:Do><x:Key>7</x:Key></c:Do>");
    let (code, out, words) = convert_by(&wsdl, "element-part", &[], message.as_bytes());
    assert_eq!((code, out.trim()), (Some(0), r#"{"n":7}"#), "{words}");
    let (code, out, words) = convert_by(&wsdl, "element-part-json", &[], br#"{"n": 7}"#);
    assert!(code == Some(0) && out.contains(":Key>7</") && out.contains(":Do"), "{out}{words}");
}
