//! SOAP to JSON on small contracts of our own: each rule of the mapping, what is refused and why, and what is made of
//! replies that break their schema.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use std::sync::Arc;

use castile::schema::load::NoResolver;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::transcode::decode::Kind;
use castile::transcode::decode::Mode;
use castile::transcode::decode::Reason;
use castile::transcode::shape::Options;
use castile::wsdl::contract::Operation;
use serde_json::Value;
use serde_json::json;

/// A contract whose one operation takes and gives the element `Root`, declared in a schema of `urn:t` with this content.
fn codec(schema: &str) -> Codec {
    let wsdl = format!(
        r#"<wsdl:definitions targetNamespace="urn:t" xmlns:t="urn:t" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<wsdl:types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">{schema}</xs:schema></wsdl:types>
<wsdl:message name="M"><wsdl:part name="p" element="t:Root"/></wsdl:message>
<wsdl:portType name="P"><wsdl:operation name="Do"><wsdl:input message="t:M"/><wsdl:output message="t:M"/></wsdl:operation></wsdl:portType>
<wsdl:binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<wsdl:operation name="Do"><soap:operation soapAction=""/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation></wsdl:binding>
<wsdl:service name="S"><wsdl:port name="Q" binding="t:B"><soap:address location="http://t.example/"/></wsdl:port></wsdl:service>
</wsdl:definitions>"#
    );
    let contract = castile::wsdl::load("t.wsdl", &wsdl, &mut NoResolver).expect("a WSDL");
    Codec::new(Arc::new(contract))
}

fn operation(codec: &Codec) -> &Operation {
    &codec.contract.services[0].ports[0].operations[0]
}

fn envelope(body: &str) -> String {
    format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:t" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema"><s:Body>{body}</s:Body></s:Envelope>"#
    )
}

/// The JSON of a valid message.
fn json_of(codec: &Codec, body: &str) -> Value {
    match codec.to_json(operation(codec), Direction::Request, envelope(body).as_bytes(), Mode::Enforce) {
        Ok(decoded) => serde_json::from_slice(&decoded.json).expect("JSON"),
        Err(refusal) => panic!("refused: {:#?}", refusal.faults),
    }
}

/// Code and path of each fault of an invalid message.
fn faults_of(codec: &Codec, body: &str) -> Vec<String> {
    let refusal = codec.to_json(operation(codec), Direction::Request, envelope(body).as_bytes(), Mode::Enforce).expect_err("refused");
    assert_eq!(refusal.reason, Reason::Invalid);
    refusal.faults.iter().map(|fault| format!("{} {}", fault.code, fault.path.trim_start_matches("/s:Envelope/s:Body"))).collect()
}

/// What is made of a reply in report mode, and how many faults were reported.
fn reported(codec: &Codec, body: &str) -> (Value, usize) {
    let decoded = codec.to_json(operation(codec), Direction::Reply, envelope(body).as_bytes(), Mode::Report).expect("reported");
    (serde_json::from_slice(&decoded.json).expect("JSON"), decoded.faults.len())
}

fn root(content: &str) -> Codec {
    codec(&format!(r#"<xs:element name="Root"><xs:complexType>{content}</xs:complexType></xs:element>"#))
}

#[test]
fn a_body_of_simple_type_is_an_object_with_its_value() {
    let codec = codec(r#"<xs:element name="Root" type="xs:int" nillable="true"/>"#);
    assert_eq!(json_of(&codec, "<t:Root> 7 </t:Root>"), json!({"$value": 7}));
    assert_eq!(json_of(&codec, "<t:Root xsi:nil='true'/>"), json!({"$nil": true}));
}

#[test]
fn entries_of_nested_repeated_sequences_open_and_close() {
    let codec = root(
        r#"<xs:sequence maxOccurs="unbounded"><xs:element name="h" type="xs:string"/>
        <xs:sequence minOccurs="0" maxOccurs="unbounded"><xs:element name="k" type="xs:string"/><xs:element name="v" type="xs:int" minOccurs="0"/></xs:sequence></xs:sequence>"#,
    );
    let body = "<t:Root><t:h>a</t:h><t:k>1</t:k><t:k>2</t:k><t:v>2</t:v><t:h>b</t:h><t:h>c</t:h><t:k>3</t:k></t:Root>";
    assert_eq!(
        json_of(&codec, body),
        json!({"$items": [{"h": "a", "$items": [{"k": "1"}, {"k": "2", "v": 2}]}, {"h": "b"}, {"h": "c", "$items": [{"k": "3"}]}]})
    );
}

#[test]
fn absent_arrays_are_empty_and_stand_at_their_place() {
    let codec = root(
        r#"<xs:sequence><xs:element name="a" type="xs:int" minOccurs="0" maxOccurs="3"/><xs:element name="b" type="xs:int"/>
        <xs:element name="c" type="xs:int" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>"#,
    );
    let text = codec.to_json(operation(&codec), Direction::Request, envelope("<t:Root><t:b>1</t:b></t:Root>").as_bytes(), Mode::Enforce);
    assert_eq!(String::from_utf8(text.expect("valid").json).expect("UTF-8"), r#"{"a":[],"b":1,"c":[]}"#);
}

#[test]
fn undeclared_content_is_a_string_or_an_object_with_its_prefixes() {
    let codec = root(r###"<xs:sequence><xs:any namespace="##other" processContents="lax" maxOccurs="unbounded"/></xs:sequence>"###);
    let body = r#"<t:Root><x:a xmlns:x="urn:x"/><x:b xmlns:x="urn:x" k="1">t:c <y/>12:30</x:b><x:c xmlns:x="urn:x">x:d</x:c><x:n xmlns:x="urn:x" xsi:nil="true"/></t:Root>"#;
    assert_eq!(
        json_of(&codec, body),
        json!({"$any": [
            {"{urn:x}a": ""},
            {"{urn:x}b": {"@k": "1", "$mixed": ["t:c ", {"y": ""}, "12:30"], "$xmlns": {"t": "urn:t"}}},
            {"{urn:x}c": {"$xmlns": {"x": "urn:x"}, "$mixed": ["x:d"]}},
            {"{urn:x}n": {"$nil": true}}
        ]})
    );
}

#[test]
fn anything_may_choose_its_type() {
    let codec = root(r#"<xs:sequence><xs:element name="a" type="xs:anyType" nillable="true" maxOccurs="unbounded"/></xs:sequence>"#);
    let body = r#"<t:Root><t:a>x</t:a><t:a xsi:type="xs:int">7</t:a><t:a><b>1</b></t:a><t:a xsi:nil="1"/><t:a/></t:Root>"#;
    let wanted = json!({"a": ["x", {"$type": "xs.int", "$value": 7}, {"$mixed": [{"b": "1"}]}, null, ""]});
    assert_eq!(json_of(&codec, body), wanted);
    assert_eq!(faults_of(&codec, r#"<t:Root><t:a xsi:type="xs:int">y</t:a></t:Root>"#), ["bad-value /t:Root/t:a"]);
    assert_eq!(faults_of(&codec, r#"<t:Root><t:a xsi:type="t:no"/></t:Root>"#), ["unknown-type /t:Root/t:a/@xsi:type"]);
}

#[test]
fn a_refused_type_is_one_fault_though_the_declared_one_is_abstract() {
    let codec = codec(
        r#"<xs:complexType name="A" abstract="true"/><xs:complexType name="Other"/>
        <xs:element name="Root"><xs:complexType><xs:sequence><xs:element name="a" type="t:A" maxOccurs="9"/></xs:sequence></xs:complexType></xs:element>"#,
    );
    let body = r#"<t:Root><t:a/><t:a xsi:type="t:A"/><t:a xsi:type="t:Other"/><t:a xsi:type="t:no"/></t:Root>"#;
    let wanted = [
        "abstract-type /t:Root/t:a",
        "abstract-type /t:Root/t:a[2]",
        "type-not-derived /t:Root/t:a[3]/@xsi:type",
        "unknown-type /t:Root/t:a[4]/@xsi:type",
    ];
    assert_eq!(faults_of(&codec, body), wanted);
}

#[test]
fn a_fault_of_an_empty_element_tag_is_told_at_that_element() {
    let codec = root(r#"<xs:sequence><xs:element name="a" type="xs:int" maxOccurs="9"/></xs:sequence>"#);
    assert_eq!(
        faults_of(&codec, "<t:Root><t:a>1</t:a><t:a/><t:a>x</t:a></t:Root>"),
        ["bad-value /t:Root/t:a[2]", "bad-value /t:Root/t:a[3]"]
    );
    assert_eq!(faults_of(&codec, "<t:Root/>"), ["incomplete-content /t:Root"]);
}

#[test]
fn a_restriction_of_a_simple_type_needs_no_tag() {
    let codec = root(r#"<xs:sequence><xs:element name="a" type="xs:decimal"/></xs:sequence>"#);
    assert_eq!(json_of(&codec, r#"<t:Root><t:a xsi:type="xs:int">7</t:a></t:Root>"#), json!({"a": 7}));
    assert_eq!(faults_of(&codec, r#"<t:Root><t:a xsi:type="xs:string">7</t:a></t:Root>"#), ["type-not-derived /t:Root/t:a/@xsi:type"]);
}

#[test]
fn nil_with_attributes_is_an_object() {
    let codec = codec(
        r#"<xs:complexType name="T"><xs:sequence><xs:element name="x" type="xs:int"/></xs:sequence><xs:attribute name="k" type="xs:int"/></xs:complexType>
        <xs:element name="Root"><xs:complexType><xs:sequence><xs:element name="a" type="t:T" nillable="true" maxOccurs="3"/></xs:sequence></xs:complexType></xs:element>"#,
    );
    let body = "<t:Root><t:a xsi:nil='true' k='1'/><t:a xsi:nil='true'/><t:a k='2'><t:x>3</t:x></t:a></t:Root>";
    assert_eq!(json_of(&codec, body), json!({"a": [{"$nil": true, "@k": 1}, null, {"@k": 2, "x": 3}]}));
    assert_eq!(faults_of(&codec, "<t:Root><t:a xsi:nil='true'><t:x>3</t:x></t:a></t:Root>"), ["nil-not-empty /t:Root/t:a/t:x"]);
}

#[test]
fn an_empty_element_with_a_default_is_that_default() {
    let codec = root(r#"<xs:sequence><xs:element name="a" type="xs:int" default="5"/></xs:sequence>"#);
    assert_eq!(json_of(&codec, "<t:Root><t:a/></t:Root>"), json!({"a": 5}));
}

#[test]
fn every_fault_is_found_and_none_follows_from_another() {
    let codec = root(
        r#"<xs:sequence><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/><xs:element name="c" type="xs:int" maxOccurs="2"/></xs:sequence>
        <xs:attribute name="k" use="required"/>"#,
    );
    let body = "<t:Root j='1'><t:a>x</t:a><t:z><t:a>y</t:a></t:z><t:c>1</t:c><t:c>z</t:c></t:Root>";
    assert_eq!(
        faults_of(&codec, body),
        [
            "missing-attribute /t:Root",
            "unexpected-attribute /t:Root/@j",
            "bad-value /t:Root/t:a",
            "unexpected-element /t:Root/t:z",
            "unexpected-element /t:Root/t:c",
            "bad-value /t:Root/t:c[2]"
        ]
    );
    assert_eq!(faults_of(&codec, "<t:Root k=''><t:a>1</t:a></t:Root>"), ["incomplete-content /t:Root"]);
    assert_eq!(faults_of(&codec, "<t:Root k=''><t:b>1</t:b><t:a>1</t:a><t:c>1</t:c></t:Root>"), ["unexpected-element /t:Root/t:b"]);
}

#[test]
fn the_message_of_a_fault_names_what_was_expected() {
    let codec =
        root(r#"<xs:sequence><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:date" minOccurs="0"/></xs:sequence>"#);
    let refusal = codec
        .to_json(operation(&codec), Direction::Request, envelope("<t:Root><t:a>1</t:a><t:x>9</t:x></t:Root>").as_bytes(), Mode::Enforce)
        .expect_err("refused");
    assert_eq!(refusal.faults[0].message, "found t:x, expected t:b or the end of t:Root");
    let refusal = codec
        .to_json(operation(&codec), Direction::Request, envelope("<t:Root><t:a>seven</t:a></t:Root>").as_bytes(), Mode::Enforce)
        .expect_err("refused");
    assert!(!refusal.faults[0].message.contains("seven") && refusal.faults[0].message.contains("int"), "{}", refusal.faults[0].message);
    assert_eq!(refusal.faults[0].value.as_deref(), Some("seven"));
}

#[test]
fn another_body_element_is_refused_by_name() {
    let codec = root("");
    assert_eq!(faults_of(&codec, "<t:Other/>"), ["unexpected-body-element /t:Other"]);
    assert_eq!(faults_of(&codec, ""), ["empty-body "]);
    assert_eq!(faults_of(&codec, "<t:Root/><t:Root/>"), ["second-body-element /t:Root[2]"]);
}

#[test]
fn a_broken_document_is_no_xml() {
    let codec = root("");
    let judge =
        |text: &str| codec.to_json(operation(&codec), Direction::Request, text.as_bytes(), Mode::Report).expect_err("refused").reason;
    assert_eq!(judge(&envelope("<t:Root><b></t:Root>")), Reason::NotXml);
    assert_eq!(judge(&envelope("<t:Root/>").replace("</s:Envelope>", "")), Reason::NotXml);
    assert_eq!(judge("<html/>"), Reason::NotSoap);
}

#[test]
fn an_ambiguous_model_is_assigned_as_a_whole() {
    let codec = root(
        r###"<xs:sequence><xs:element name="a" type="xs:int" minOccurs="0" maxOccurs="unbounded"/><xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="b" type="xs:int"/></xs:sequence>"###,
    );
    assert_eq!(json_of(&codec, "<t:Root><t:b>1</t:b></t:Root>"), json!({"a": [], "$any": [], "b": 1}));
    assert_eq!(
        json_of(&codec, "<t:Root><t:a>1</t:a><t:b>2</t:b><z/><t:b>3</t:b></t:Root>"),
        json!({"a": [1], "$any": [{"{urn:t}b": "2"}, {"z": ""}], "b": 3})
    );
    assert_eq!(faults_of(&codec, "<t:Root><t:a>1</t:a></t:Root>"), ["incomplete-content /t:Root"]);
}

#[test]
fn in_report_mode_wrong_values_become_strings() {
    let codec = root(
        r#"<xs:sequence><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:boolean"/></xs:sequence><xs:attribute name="k" type="xs:int"/>"#,
    );
    let (json, faults) = reported(&codec, "<t:Root k='one'><t:a>seven</t:a><t:b>yes</t:b></t:Root>");
    assert_eq!((json, faults), (json!({"@k": "one", "a": "seven", "b": "yes"}), 3));
}

#[test]
fn in_report_mode_unexpected_elements_go_to_any_and_misplaced_ones_join_their_property() {
    let codec = root(
        r#"<xs:sequence><xs:element name="a" type="xs:int" minOccurs="0" maxOccurs="unbounded"/><xs:element name="b" type="xs:int"/><xs:element name="c" type="xs:int" minOccurs="0"/></xs:sequence>"#,
    );
    let (json, faults) = reported(&codec, "<t:Root><t:a>1</t:a><t:new>x</t:new><t:c>3</t:c><t:b>2</t:b><t:a>4</t:a><t:c>5</t:c></t:Root>");
    assert_eq!(json, json!({"a": [1, 4], "c": 3, "b": 2, "$any": [{"{urn:t}new": "x"}, {"{urn:t}c": 5}]}));
    assert_eq!(faults, 4);
    let (json, faults) = reported(&codec, "<t:Root/>");
    assert_eq!((json, faults), (json!({"a": []}), 1));
}

#[test]
fn in_report_mode_a_misplaced_element_of_a_repeated_group_is_an_entry() {
    let codec = root(
        r#"<xs:sequence><xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/></xs:choice><xs:element name="c" type="xs:int"/></xs:sequence>"#,
    );
    let (json, _) = reported(&codec, "<t:Root><t:a>1</t:a><t:c>2</t:c><t:b>3</t:b></t:Root>");
    assert_eq!(json, json!({"$items": [{"a": 1}, {"b": 3}], "c": 2}));
}

#[test]
fn in_report_mode_another_element_than_the_replys_is_shown_beside_nothing() {
    let codec = root("");
    assert_eq!(reported(&codec, "<t:Other/>"), (json!({"$any": [{"{urn:t}Other": ""}]}), 1));
    assert_eq!(reported(&codec, ""), (json!({}), 1));
}

#[test]
fn a_soap_fault_is_a_problem_in_replies_only() {
    let codec = root("");
    let body = "<s:Fault><faultcode>s:Client</faultcode><faultstring>no</faultstring></s:Fault>";
    let decoded = codec.to_json(operation(&codec), Direction::Reply, envelope(body).as_bytes(), Mode::Enforce).expect("a fault");
    let Kind::Fault(problem) = decoded.kind else { panic!("not a fault") };
    assert_eq!((problem.status, problem.reason(None)), (400, "no"));
    assert_eq!(faults_of(&codec, body), ["unexpected-body-element /s:Fault"]);
}

/// The `fault` of the problem that a fault with this detail becomes.
fn shown_detail(codec: &Codec, detail: &str) -> Value {
    let body = format!("<s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring>{detail}</s:Fault>");
    let decoded = codec.to_json(operation(codec), Direction::Reply, envelope(&body).as_bytes(), Mode::Enforce).expect("a fault");
    let problem: Value = serde_json::from_slice(&decoded.json).expect("JSON");
    assert_eq!((&problem["type"], &problem["status"]), (&json!("about:blank"), &json!(500)));
    problem["fault"].clone()
}

#[test]
fn undeclared_detail_is_shown_where_the_operator_wants_it() {
    let detail = "<detail><e:Trace xmlns:e='urn:e' code='7'><e:line>a &lt; b</e:line></e:Trace><t:Root>5</t:Root><plain>x</plain><plain>y</plain></detail>";
    let mut codec = codec(r#"<xs:element name="Root" type="xs:int"/>"#);
    assert_eq!(shown_detail(&codec, detail), Value::Null);
    codec.undeclared_detail = true;
    let trace = json!({"@code": "7", "$mixed": [{"{urn:e}line": "a < b"}]});
    assert_eq!(shown_detail(&codec, detail), json!({"{urn:e}Trace": trace, "{urn:t}Root": 5, "plain": "x", "plain$2": "y"}));
    assert_eq!(shown_detail(&codec, "<detail> stack trace </detail>"), json!({"$value": "stack trace"}));
    assert_eq!(shown_detail(&codec, "<detail/>"), Value::Null);
    // What the schemas know and what breaks them is left out.
    assert_eq!(shown_detail(&codec, "<detail><t:Root>five</t:Root><a/></detail>"), json!({"a": ""}));
}

#[test]
fn a_judged_message_has_the_faults_of_a_reported_one() {
    let codec = codec(
        r#"<xs:element name="Root"><xs:complexType><xs:sequence><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int" maxOccurs="2"/></xs:sequence></xs:complexType></xs:element>"#,
    );
    for body in
        ["<t:Root><t:a>1</t:a><t:b>2</t:b></t:Root>", "<t:Root><t:a>x</t:a><t:c/><t:b>y</t:b><t:b/><t:b/></t:Root>", "<t:Other/>", ""]
    {
        let text = envelope(body);
        let reported = codec.to_json(operation(&codec), Direction::Request, text.as_bytes(), Mode::Report).expect("reported");
        assert_eq!(codec.judge(operation(&codec), Direction::Request, text.as_bytes()), reported.faults, "{body}");
        let judged = codec.to_json(operation(&codec), Direction::Request, text.as_bytes(), Mode::Judge).expect("judged");
        assert!(judged.json.len() <= 2, "{}", String::from_utf8_lossy(&judged.json));
    }
    let broken = codec.judge(operation(&codec), Direction::Request, b"<a>");
    assert_eq!(broken.len(), 1, "{broken:?}");
}

#[test]
fn in_report_mode_an_array_itself_becomes_an_object_only_for_what_has_no_place_in_it() {
    let contract = Arc::clone(
        &codec(
            r#"<xs:complexType name="List"><xs:sequence><xs:element name="n" type="xs:int" maxOccurs="2"/></xs:sequence></xs:complexType>
        <xs:element name="Root"><xs:complexType><xs:sequence><xs:element name="list" type="t:List" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>"#,
        )
        .contract,
    );
    let codec = Codec::with(contract, Options { bare_arrays: true, ..Options::default() });
    let list = |content: &str| reported(&codec, &format!("<t:Root><t:list{content}</t:list></t:Root>")).0["list"][0].clone();
    assert_eq!(list("><t:n>1</t:n>"), json!([1]));
    assert_eq!(list("><t:n>1</t:n><t:n>x</t:n><t:n>3</t:n>"), json!([1, "x", 3]));
    assert_eq!(list("><t:n>1</t:n><t:m>2</t:m><t:n>3</t:n>"), json!({"n": [1, 3], "$any": [{"{urn:t}m": "2"}]}));
    assert_eq!(list(" a='1' t:b='2'><t:n>1</t:n>"), json!({"n": [1], "@a": "1", "@{urn:t}b": "2"}));
    assert_eq!(list(" xsi:nil='true'>"), json!(null));
    assert_eq!(list(">"), json!([]));
}

#[test]
fn depth_is_bounded_by_the_reader() {
    let codec = root(r#"<xs:sequence><xs:any processContents="skip"/></xs:sequence>"#);
    let body = format!("<t:Root>{}{}</t:Root>", "<a>".repeat(200), "</a>".repeat(200));
    let refusal = codec.to_json(operation(&codec), Direction::Request, envelope(&body).as_bytes(), Mode::Enforce).expect_err("refused");
    assert_eq!(refusal.reason, Reason::NotXml);
}

#[test]
fn a_fixed_value_holds_for_mixed_and_open_content_too() {
    let codec = codec(
        r#"<xs:complexType name="Text" mixed="true"/><xs:element name="Root"><xs:complexType><xs:sequence>
        <xs:element name="a" fixed="x y"/><xs:element name="b" type="t:Text" fixed="z"/></xs:sequence></xs:complexType></xs:element>"#,
    );
    assert_eq!(json_of(&codec, "<t:Root><t:a>x y</t:a><t:b/></t:Root>"), json!({"a": "x y", "b": {"$mixed": ["z"]}}));
    assert_eq!(
        faults_of(&codec, "<t:Root><t:a>x</t:a><t:b>y</t:b></t:Root>"),
        ["not-fixed-value /t:Root/t:a", "not-fixed-value /t:Root/t:b"]
    );
    assert_eq!(json_of(&codec, r#"<t:Root><t:a xsi:type="t:Text">x y</t:a><t:b>z</t:b></t:Root>"#)["b"], json!({"$mixed": ["z"]}));
}

#[test]
fn a_blocked_derivation_may_not_be_chosen() {
    let codec = codec(
        r#"<xs:complexType name="T"><xs:sequence><xs:element name="x" type="xs:int"/></xs:sequence></xs:complexType>
        <xs:complexType name="U"><xs:complexContent><xs:extension base="t:T"/></xs:complexContent></xs:complexType>
        <xs:element name="Root"><xs:complexType><xs:sequence><xs:element name="a" type="t:T" block="extension"/><xs:element name="b" block="restriction"/></xs:sequence></xs:complexType></xs:element>"#,
    );
    let body = r#"<t:Root><t:a xsi:type="t:U"><t:x>1</t:x></t:a><t:b xsi:type="xs:int">1</t:b></t:Root>"#;
    assert_eq!(faults_of(&codec, body), ["type-not-derived /t:Root/t:a/@xsi:type", "type-not-derived /t:Root/t:b/@xsi:type"]);
}
