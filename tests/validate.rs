//! `castile validate`: documents by schemas, messages by a WSDL, schemas by themselves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod corpus;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

const ORDER: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:o" targetNamespace="urn:o" elementFormDefault="qualified">
<xs:element name="Order"><xs:complexType><xs:sequence>
 <xs:element name="Line" maxOccurs="9"><xs:complexType><xs:sequence>
  <xs:element name="Qty"><xs:simpleType><xs:restriction base="xs:int"><xs:maxInclusive value="99"/></xs:restriction></xs:simpleType></xs:element>
 </xs:sequence></xs:complexType></xs:element>
 <xs:element name="Date" type="xs:date" minOccurs="0"/>
</xs:sequence></xs:complexType></xs:element></xs:schema>"#;

const AMBIGUOUS: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" nonsense="1">
<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="b" minOccurs="0"/><xs:any minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
</xs:schema>"#;

const DANGLING: &str =
    r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="lost"/><xs:element name="b"/></xs:schema>"#;

/// Writes files and runs the command in their folder: exit status, stdout, stderr.
fn run(name: &str, files: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String, String) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("validate").join(name);
    fs::create_dir_all(&folder).unwrap();
    for (file, text) in files {
        fs::write(folder.join(file), text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_castile")).arg("validate").args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn every_fault_is_told_with_line_column_path_expectation_and_facet() {
    let bad = "<o:Order xmlns:o='urn:o'>\n <o:Line><o:Qty>1</o:Qty></o:Line>\n <o:Line><o:Qty>100</o:Qty></o:Line>\n <o:Late/>\n</o:Order>";
    let good = "<Order xmlns='urn:o'><Line><Qty>1</Qty></Line></Order>";
    let files = [("o.xsd", ORDER), ("bad.xml", bad), ("good.xml", good)];
    let (code, out, _) = run("faults", &files, &["--schema", "o.xsd", "good.xml", "bad.xml"]);
    assert_eq!(code, Some(1));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[..2], ["good.xml: valid", "bad.xml: invalid"], "{out}");
    assert!(lines[2].starts_with("bad.xml:3:17: /o:Order/o:Line[2]/o:Qty: ") && lines[2].contains("99"), "{out}");
    assert!(lines[2].ends_with("found \"100\""), "{out}");
    assert_eq!(lines[3..], ["bad.xml:4:2: /o:Order/o:Late: found o:Late, expected o:Line, o:Date or the end of o:Order"], "{out}");
}

#[test]
fn a_root_that_is_not_declared_is_told_with_what_may_be_the_root() {
    let (code, out, _) = run("root", &[("o.xsd", ORDER), ("d.xml", "<Order/>")], &["--schema", "o.xsd", "d.xml"]);
    assert_eq!(
        (code, out.contains("d.xml:1:1: /Order: found Order, which no schema declares; expected {urn:o}Order")),
        (Some(1), true),
        "{out}"
    );
}

#[test]
fn what_is_not_well_formed_is_invalid_with_its_place() {
    let (code, out, _) =
        run("broken", &[("o.xsd", ORDER), ("d.xml", "<Order xmlns='urn:o'>\n<Line></Order>")], &["--schema", "o.xsd", "d.xml"]);
    assert_eq!((code, out.contains("d.xml:2:7: ")), (Some(1), true), "{out}");
}

#[test]
fn a_schema_is_judged_alone_and_slips_count_under_strict_only() {
    let files = [("a.xsd", AMBIGUOUS), ("d.xsd", DANGLING), ("o.xsd", ORDER), ("a.xml", "<a><b/></a>"), ("b.xml", "<b/>")];
    let (code, out, err) = run("schema", &files, &["--schema", "a.xsd"]);
    assert_eq!((code, out.as_str()), (Some(0), "schema: valid\n"));
    assert!(err.contains("a.xsd:1:") && err.contains("warning: ambiguous content"), "{err}");
    let (code, out, _) = run("schema", &files, &["--strict", "--schema", "a.xsd"]);
    assert!(code == Some(1) && out.starts_with("schema: invalid\n") && out.contains("ambiguous content"), "{out}");
    assert_eq!(run("schema", &files, &["--strict", "--schema", "a.xsd", "a.xml"]).0, Some(1));
    let (code, out, err) = run("schema", &files, &["--schema", "a.xsd", "a.xml"]);
    assert!(code == Some(0) && out == "a.xml: valid\n" && err.contains("warning"), "{out}{err}");
    let (code, out, _) = run("schema", &files, &["--schema", "d.xsd"]);
    assert!(code == Some(1) && out.contains("d.xsd:1:") && out.contains("unknown type lost"), "{out}");
    assert_eq!(run("schema", &files, &["--schema", "d.xsd", "--schema", "o.xsd", "b.xml"]).0, Some(0));
    assert_eq!(run("schema", &files, &["--strict", "--schema", "o.xsd"]).0, Some(0));
}

#[test]
fn what_cannot_be_read_and_a_wrong_command_line_are_2() {
    assert_eq!(run("usage", &[], &["--schema", "none.xsd"]).0, Some(2));
    assert_eq!(run("usage", &[("o.xsd", ORDER)], &["--schema", "o.xsd", "none.xml"]).0, Some(2));
    assert_eq!(run("usage", &[("o.xsd", ORDER)], &["o.xml"]).0, Some(2));
    assert_eq!(run("usage", &[("o.xsd", ORDER)], &["--schema", "o.xsd", "--wsdl", "o.wsdl"]).0, Some(2));
}

#[test]
fn json_holds_the_same() {
    let (code, out, _) = run("json", &[("o.xsd", ORDER), ("d.xml", "<Order xmlns='urn:o'/>")], &["--json", "--schema", "o.xsd", "d.xml"]);
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    let error = &value["documents"][0]["errors"][0];
    assert_eq!((code, &value["schema"]["valid"], &value["documents"][0]["valid"]), (Some(1), &true.into(), &false.into()));
    assert_eq!((&error["code"], &error["line"], &error["path"]), (&"incomplete-content".into(), &1.into(), &"/Order".into()));
}

const CONTRACT: &str = r#"<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:x="urn:x" targetNamespace="urn:x">
<w:types><xs:schema targetNamespace="urn:x"><xs:element name="Key" type="xs:int"/><xs:element name="Bad" type="xs:int"/></xs:schema></w:types>
<w:message name="In"><w:part name="n" type="xs:int"/></w:message><w:message name="Out"><w:part name="r" type="xs:int"/></w:message>
<w:message name="Head"><w:part name="key" element="x:Key"/></w:message><w:message name="Bad"><w:part name="bad" element="x:Bad"/></w:message>
<w:portType name="P"><w:operation name="Do"><w:input message="x:In"/><w:output message="x:Out"/><w:fault name="f" message="x:Bad"/></w:operation></w:portType>
<w:binding name="B" type="x:P"><s:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
<w:operation name="Do"><s:operation soapAction=""/>
<w:input><s:header message="x:Head" part="key" use="literal"/><s:body use="literal" namespace="urn:x"/></w:input>
<w:output><s:body use="literal" namespace="urn:x"/></w:output></w:operation></w:binding>
<w:service name="S"><w:port name="P" binding="x:B"><s:address location="http://localhost/"/></w:port></w:service></w:definitions>"#;

fn message(version: u8, head: &str, body: &str) -> String {
    let ns = if version == 1 { "http://schemas.xmlsoap.org/soap/envelope/" } else { "http://www.w3.org/2003/05/soap-envelope" };
    format!("<e:Envelope xmlns:e=\"{ns}\" xmlns:x=\"urn:x\"><e:Header>{head}</e:Header><e:Body>{body}</e:Body></e:Envelope>")
}

#[test]
fn messages_are_requests_replies_and_declared_faults_with_their_headers() {
    let fault =
        |detail: &str| message(1, "", &format!("<e:Fault><faultcode>e:Server</faultcode><faultstring>x</faultstring>{detail}</e:Fault>"));
    let call = "<x:Do><n>1</n></x:Do>";
    let cases: &[(&str, String, bool, &str)] = &[
        ("a request", message(1, "", call), true, ""),
        ("a reply", message(1, "", "<x:DoResponse><r>1</r></x:DoResponse>"), true, ""),
        ("the wrong wrapper of a reply", message(1, "", "<x:DoReply><r>1</r></x:DoReply>"), false, "no operation"),
        ("a body of no operation", message(1, "", "<x:Other/>"), false, "no operation; available: Do"),
        ("a part that breaks its type", message(1, "", "<x:Do><n>one</n></x:Do>"), false, "/e:Envelope/e:Body/x:Do/n"),
        ("a declared header", message(1, "<x:Key>7</x:Key><x:Own/>", call), true, ""),
        ("a declared header that breaks its type", message(1, "<x:Key>k</x:Key>", call), false, "/e:Envelope/e:Header/x:Key"),
        ("a declared fault", fault("<detail><x:Bad>1</x:Bad></detail>"), true, ""),
        ("a declared fault that breaks its type", fault("<detail><x:Bad>b</x:Bad></detail>"), false, "x:Bad"),
        ("an undeclared fault", fault("<detail><x:Worse/></detail>"), false, "declared fault of no operation"),
        ("a fault without detail", fault(""), true, ""),
        ("no envelope", "<x/>".to_owned(), false, ""),
        ("a version that no port has", message(2, "", call), true, "SOAP 1.2, which no port has"),
    ];
    for (what, text, valid, mentions) in cases {
        let (code, out, err) = run("messages", &[("c.wsdl", CONTRACT), ("m.xml", text)], &["--wsdl", "c.wsdl", "m.xml"]);
        assert_eq!(code, Some(i32::from(!valid)), "{what}: {out}{err}");
        assert!(format!("{out}{err}").contains(mentions), "{what}: {out}{err}");
    }
    let other = message(2, "", call);
    assert_eq!(run("messages", &[("v.xml", &other)], &["--strict", "--wsdl", "c.wsdl", "v.xml"]).0, Some(1));
}

/// The corpus' messages on which libxml2 and Xerces agree. They judged bodies by the schemas; castile judges messages.
#[test]
fn messages_of_the_corpus_are_judged_as_two_other_validators_judge_their_bodies() {
    let Some(folder) = corpus::folder() else { return };
    let mut by_contract: std::collections::BTreeMap<String, Vec<corpus::Row>> = std::collections::BTreeMap::new();
    for row in corpus::rows(&folder).into_iter().filter(|row| row.valid.is_some() && !row.wsdl.is_empty()) {
        by_contract.entry(row.wsdl.clone()).or_default().push(row);
    }
    let (mut equal, mut headers, mut foreign, mut wrong) = (0, 0, 0, Vec::new());
    for (wsdl, rows) in &by_contract {
        let mut command = Command::new(env!("CARGO_BIN_EXE_castile"));
        command.args(["validate", "--json", "--wsdl"]).arg(folder.join(wsdl)).args(rows.iter().map(|row| folder.join(&row.message)));
        let value: serde_json::Value = serde_json::from_slice(&command.output().unwrap().stdout).expect(wsdl);
        for (row, found) in rows.iter().zip(value["documents"].as_array().unwrap()) {
            let errors = found["errors"].as_array().unwrap();
            let in_header =
                |error: &serde_json::Value| error["path"].as_str().unwrap().split('/').nth(2).is_some_and(|part| part.ends_with(":Header"));
            let valid_body = errors.iter().all(in_header);
            if errors.iter().any(|error| error["code"] == "no-operation") {
                foreign += 1;
            } else if Some(valid_body) == row.valid {
                equal += 1;
                headers += usize::from(valid_body && !errors.is_empty());
            } else {
                wrong.push(format!("{}: {errors:?}", row.message));
            }
        }
    }
    println!("{equal} verdicts equal, of {headers} a declared header is invalid; {foreign} bodies of no operation");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(equal >= 620 && foreign <= 10, "{equal} equal, {foreign} of no operation");
}

const SHOP: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:s="urn:s" targetNamespace="urn:s" elementFormDefault="qualified">
<xs:element name="shop"><xs:complexType><xs:sequence>
 <xs:element name="item" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence><xs:element name="code" type="xs:decimal" minOccurs="0"/></xs:sequence>
  <xs:attribute name="lang" type="xs:string" default="en"/></xs:complexType></xs:element>
 <xs:element name="order" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:attribute name="code" type="xs:decimal"/><xs:attribute name="lang" type="xs:string"/></xs:complexType></xs:element>
</xs:sequence></xs:complexType>
 <xs:key name="items"><xs:selector xpath="s:item"/><xs:field xpath="s:code"/><xs:field xpath="@lang"/></xs:key>
 <xs:keyref name="orders" refer="s:items"><xs:selector xpath=".//s:order"/><xs:field xpath="@code"/><xs:field xpath="@lang"/></xs:keyref>
</xs:element></xs:schema>"#;

#[test]
fn keys_are_compared_as_values_with_defaults_and_told_once_at_their_element() {
    let item = |code: &str, lang: &str| format!("<item{lang}><code>{code}</code></item>");
    let (german, english) = (" lang='de'", " lang='en'");
    let cases: &[(&str, String, &[&str])] = &[
        ("several fields", format!("{}{}{}", item("1", ""), item("1", german), item("2", "")), &[]),
        (
            "an equal value in another form",
            format!("\n{}\n{}", item("1.0", ""), item("01", english)),
            &["d.xml:3:1: /shop/item[2]: key items: ", "found \"01, en\""],
        ),
        ("a field that is not there", "<item lang='x'/>".to_owned(), &["/shop/item: key items: field 1 has no value"]),
        ("a reference by value and default", format!("{}<order code='+1' lang='en'/><order code='1'/>", item("1", "")), &[]),
        (
            "a reference that dangles",
            format!("{}<order code='2' lang='en'/>", item("1", "")),
            &["/shop/order: keyref orders: no items has this value, found \"2, en\""],
        ),
        // The bad value is told; that its order then dangles, or that its key is missing, is no second fault.
        ("a value that is none", format!("{}<order code='1' lang='en'/>", item("x", "")), &["/shop/item/code: "]),
        ("an element that is missing anyway", "<item><other/></item>".to_owned(), &["/shop/item/other: found other"]),
    ];
    for (what, inside, mentions) in cases {
        let text = format!("<shop xmlns='urn:s'>{inside}</shop>");
        let (code, out, err) = run("keys", &[("s.xsd", SHOP), ("d.xml", &text)], &["--schema", "s.xsd", "d.xml"]);
        assert_eq!(
            (code, out.lines().count()),
            (Some(i32::from(!mentions.is_empty())), 1 + usize::from(!mentions.is_empty())),
            "{what}: {out}{err}"
        );
        assert!(mentions.iter().all(|part| out.contains(part)), "{what}: {out}");
    }
}

#[test]
fn a_wrong_attribute_hides_no_key_that_is_missing_and_is_named_in_its_path() {
    let lang = "<xs:attribute name=\"lang\" type=\"xs:string\" default=\"en\"/>";
    let shop = SHOP.replace(lang, &format!("{lang}<xs:attribute name=\"size\" type=\"xs:int\"/>"));
    let text = "<shop xmlns='urn:s'><item size='big'/></shop>";
    let (code, out, _) = run("hidden", &[("s.xsd", &shop), ("d.xml", text)], &["--schema", "s.xsd", "d.xml"]);
    assert_eq!((code, out.lines().count()), (Some(1), 3), "{out}");
    assert!(out.contains("/shop/item/@size: expected xs:int") && out.contains("/shop/item: key items: field 1 has no value"), "{out}");
}

const TYPED: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" elementFormDefault="qualified">
<xs:complexType name="Base"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence><xs:anyAttribute/></xs:complexType>
<xs:complexType name="Other"><xs:sequence><xs:element name="b" type="xs:int"/></xs:sequence></xs:complexType>
<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="e" type="t:Base" maxOccurs="9"/></xs:sequence></xs:complexType></xs:element>
</xs:schema>"#;

#[test]
fn a_type_that_may_not_stand_there_is_one_fault_whatever_the_content() {
    let text = "<r xmlns='urn:t' xmlns:t='urn:t' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>\
                <e i:type='t:Other'><b>x</b><c/></e><e><a>x</a></e></r>";
    let (_, out, _) = run("mistyped", &[("t.xsd", TYPED), ("d.xml", text)], &["--schema", "t.xsd", "d.xml"]);
    let lines: Vec<&str> = out.lines().skip(1).collect();
    assert_eq!(lines.len(), 2, "{out}");
    assert!(lines[0].contains("/r/e/@i:type: ") && lines[1].contains("/r/e[2]/a: expected xs:int"), "{out}");
}

#[test]
fn attributes_of_the_xml_namespace_are_declared_where_it_is_imported() {
    let text = "<r xmlns='urn:t'><e xml:lang='en'><a>1</a></e></r>";
    let (code, out, _) = run("xml", &[("t.xsd", TYPED), ("d.xml", text)], &["--schema", "t.xsd", "d.xml"]);
    assert_eq!((code, out.contains("/r/e/@xml:lang: found attribute xml:lang, which no schema declares")), (Some(1), true), "{out}");
    let importing = TYPED.replace(
        "<xs:complexType name=\"Base\">",
        "<xs:import namespace=\"http://www.w3.org/XML/1998/namespace\"/><xs:complexType name=\"Base\">",
    );
    let (code, out, _) = run("xml", &[("t.xsd", &importing), ("d.xml", text)], &["--schema", "t.xsd", "d.xml"]);
    assert_eq!((code, out.as_str()), (Some(0), "d.xml: valid\n"));
}

#[test]
fn a_hundred_thousand_keys_take_no_more_than_their_share_of_time() {
    let items: String = (0..100_000).map(|code| format!("<item><code>{code}</code></item>")).collect();
    let orders: String = (0..10_000).map(|code| format!("<order code='{code}' lang='en'/>")).collect();
    let text = format!("<shop xmlns='urn:s'>{items}{orders}</shop>");
    let begin = std::time::Instant::now();
    let (code, out, _) = run("many", &[("s.xsd", SHOP), ("d.xml", &text)], &["--schema", "s.xsd", "d.xml"]);
    assert_eq!((code, out.as_str()), (Some(0), "d.xml: valid\n"));
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
}

#[test]
fn a_faulty_constraint_is_ignored_with_a_warning_and_a_fault_of_a_strict_schema() {
    let faulty = SHOP.replace("xpath=\"s:item\"", "xpath=\"s:item[1]\"");
    let files = [("f.xsd", faulty.as_str()), ("d.xml", "<shop xmlns='urn:s'><item/></shop>")];
    let (code, _, err) = run("faulty", &files, &["--schema", "f.xsd", "d.xml"]);
    assert!(code == Some(0) && err.contains("the constraint is ignored") && err.contains("no such key"), "{err}");
    assert_eq!(run("faulty", &files, &["--strict", "--schema", "f.xsd"]).0, Some(1));
}

/// What .NET publishes for a DataSet: the schema stands in the message, its content behind it.
#[test]
fn content_beside_a_schema_in_the_message_needs_no_declaration() {
    let schema = r#"<s:schema xmlns:s="http://www.w3.org/2001/XMLSchema"><s:element name="r"><s:complexType><s:sequence><s:element ref="s:schema"/><s:any/></s:sequence></s:complexType></s:element></s:schema>"#;
    let document = |inner: &str| {
        format!("<r>{inner}<d:diffgram xmlns:d='urn:schemas-microsoft-com:xml-diffgram-v1'><Set><Row>1</Row></Set></d:diffgram></r>")
    };
    let own = "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema'><s:element name='Set'/></s:schema>";
    let (good, bad) = (document(own), document(""));
    let files = [("s.xsd", schema), ("good.xml", good.as_str()), ("bad.xml", bad.as_str())];
    let (code, out, err) = run("dataset", &files, &["--schema", "s.xsd", "good.xml", "bad.xml"]);
    assert!(code == Some(1) && out.starts_with("good.xml: valid\nbad.xml: invalid\n"), "{out}{err}");
}

#[test]
fn each_id_stands_once_and_each_reference_has_one() {
    let schema = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType><xs:sequence>
 <xs:element name="p" maxOccurs="9"><xs:complexType><xs:attribute name="id" type="own"/><xs:attribute name="to" type="xs:IDREFS"/></xs:complexType></xs:element>
 <xs:element name="i" minOccurs="0"><xs:simpleType><xs:union memberTypes="xs:int xs:ID"/></xs:simpleType></xs:element>
</xs:sequence></xs:complexType></xs:element><xs:simpleType name="own"><xs:restriction base="xs:ID"><xs:maxLength value="3"/></xs:restriction></xs:simpleType></xs:schema>"#;
    let good = "<r><p to='b a c'/><p id='a'/><p id='b'/><i>c</i></r>";
    let twice = "<r><p id='a'/>\n<p id=' a '/></r>";
    let dangling = "<r>\n<p to='a x y'/>\n<p id='a'/></r>";
    let files = [("s.xsd", schema), ("good.xml", good), ("twice.xml", twice), ("dangling.xml", dangling)];
    let (code, out, _) = run("ids", &files, &["--schema", "s.xsd", "good.xml", "twice.xml", "dangling.xml"]);
    assert_eq!(code, Some(1));
    for part in [
        "good.xml: valid",
        "twice.xml:2:1: /r/p[2]: the same ID stands before, expected each once, found \"a\"",
        "dangling.xml:2:1: /r/p: no ID of the document has this value, found \"x\"",
        "dangling.xml:2:1: /r/p: no ID of the document has this value, found \"y\"",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
}

#[test]
fn a_message_of_a_refused_operation_is_told_why_that_is_refused() {
    let wsdl = r#"<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t" targetNamespace="urn:t">
<message name="In"/><message name="Out"/>
<portType name="P"><operation name="Ask"><input message="t:In"/><output message="t:Out"/></operation></portType>
<binding name="B" type="t:P"><s:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/><operation name="Ask">
<input><s:body use="encoded" namespace="urn:t"/></input><output><s:body use="encoded" namespace="urn:t"/></output></operation></binding>
<service name="S"><port name="Q" binding="t:B"><s:address location="http://inside.example/"/></port></service></definitions>"#;
    let soap = |name: &str| {
        format!(
            r#"<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><t:{name} xmlns:t="urn:t"/></e:Body></e:Envelope>"#
        )
    };
    let (ask, answer, other) = (soap("Ask"), soap("AskResponse"), soap("Other"));
    let files = [("t.wsdl", wsdl), ("ask.xml", &ask), ("answer.xml", &answer), ("other.xml", &other)];
    for (file, expected) in [
        ("ask.xml", "operation Ask is refused: the body uses SOAP encoding"),
        ("answer.xml", "operation Ask is refused: the body uses SOAP encoding"),
        ("other.xml", "the body's element {urn:t}Other is the message of no operation; available: Ask"),
    ] {
        let (code, out, _) = run("refused", &files, &["--wsdl", "t.wsdl", file]);
        assert_eq!((code, out.contains(expected)), (Some(1), true), "{out}");
    }
}
