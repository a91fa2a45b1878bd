//! `castile check` and what else is told of the operator's documents: each fault with the line that has it and a caret.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

const WSDL: &str = r#"<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t" targetNamespace="urn:t">
<types><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
	<xs:element name="Bad" type="t:Nope"/>
	<xs:element name="Good" type="xs:string"/>
</xs:schema></types>
<message name="Bad"><part name="p" element="t:Bad"/></message><message name="Good"><part name="p" element="t:Good"/></message>
<portType name="P"><operation name="Go"><input message="t:Good"/></operation><operation name="Stumble"><input message="t:Bad"/></operation></portType>
<binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<operation name="Go"><soap:operation/><input><soap:body use="literal"/></input></operation>
<operation name="Stumble"><soap:operation/><input><soap:body use="literal"/></input></operation></binding>
<service name="S"><port name="Port" binding="t:B"><soap:address location="http://inside.example/"/></port></service></definitions>"#;

/// Runs castile in a folder of these files: exit status, stdout, stderr.
fn run(name: &str, files: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String, String) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("check").join(name);
    fs::create_dir_all(&folder).unwrap();
    for (file, text) in files {
        fs::write(folder.join(file), text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_castile")).args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_report_is_a_table_with_the_reasons_and_the_lines_they_are_about() {
    let (code, out, err) = run("table", &[("s.wsdl", WSDL)], &["check", "--wsdl", "s.wsdl"]);
    let expected = "\
s.wsdl: 1 served, 1 degraded, 0 refused

service S
  port Port, SOAP 1.1, document style: 1 served, 1 degraded, 0 refused
    operation  status    why
    Go         served
    Stumble    degraded  #1 unknown type {urn:t}Nope

reasons

#1 Stumble
s.wsdl:3:25: unknown type {urn:t}Nope
3 |  <xs:element name=\"Bad\" type=\"t:Nope\"/>
  |                         ^
";
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), expected, ""), "no colours in a pipe\n{out}{err}");
}

#[test]
fn what_is_no_wsdl_is_shown_at_its_place() {
    let page = "<?xml version=\"1.0\"?>\n  <html><body>Log in</body></html>";
    for command in [&["check", "--wsdl", "p.wsdl"][..], &["convert", "--wsdl", "p.wsdl", "p.wsdl"], &["openapi", "--wsdl", "p.wsdl"]] {
        let (code, _, err) = run("page", &[("p.wsdl", page)], command);
        assert_eq!(code, Some(2), "{err}");
        assert!(err.starts_with("p.wsdl:2:3: this is an HTML page"), "{err}");
        assert!(err.ends_with("\n2 |   <html><body>Log in</body></html>\n  |   ^\n"), "{err}");
    }
}

#[test]
fn a_fault_of_the_configuration_is_a_line_with_its_place_and_nothing_of_the_file() {
    let yaml = "version: 1\nservices:\n  s:\n    wsdl: { file: s.wsdl }\n    expose: [Go, Stumbel] # hunter2\n";
    for (command, status) in [("check", 1), ("serve", 2)] {
        let (code, _, err) = run("yaml", &[("s.wsdl", WSDL), ("castile.yaml", yaml)], &[command, "-c", "castile.yaml"]);
        assert_eq!((code, err.as_str()), (Some(status), "castile.yaml:5:18: unknown operation 'Stumbel', did you mean 'Stumble'?\n"));
    }
}

#[test]
fn findings_of_schemas_are_shown_at_their_places() {
    let schema =
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n\t<xs:element name=\"a\" type=\"lost\" typo=\"1\"/>\n</xs:schema>";
    let (code, out, err) = run("schema", &[("a.xsd", schema)], &["validate", "--schema", "a.xsd"]);
    let line = "2 |  <xs:element name=\"a\" type=\"lost\" typo=\"1\"/>\n";
    assert_eq!(code, Some(1));
    assert_eq!(out, format!("schema: invalid\na.xsd:2:23: unknown type lost\n{line}  |                       ^\n"));
    assert!(err.starts_with("a.xsd:2:35: warning: attribute typo has no meaning"), "{err}");
    assert!(err.ends_with(&format!("{line}  |                                   ^\n")), "{err}");
}
