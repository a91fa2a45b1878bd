//! Plans against the content model: both write the same message, or find the same faults.

use std::fmt::Write;
use std::sync::Arc;

use crate::schema::load::NoResolver;
use crate::transcode::Codec;
use crate::transcode::Direction;
use crate::wsdl::contract::SoapVersion;

const SCHEMA: &str = r###"
<xs:element name="R"><xs:complexType><xs:sequence>
  <xs:element name="a" type="xs:string"/><xs:element name="b" type="t:Kind" minOccurs="0"/>
  <xs:sequence minOccurs="0"><xs:element name="c" type="xs:int"/><xs:element name="d" type="xs:decimal" minOccurs="0"/>
    <xs:choice><xs:element name="e" type="xs:boolean"/><xs:element name="f" type="xs:date"/></xs:choice></xs:sequence>
  <xs:choice minOccurs="0"><xs:element name="g" type="xs:token"/>
    <xs:sequence><xs:element name="h" type="xs:string" nillable="true"/><xs:element name="i" type="xs:double"/></xs:sequence></xs:choice>
  <xs:choice><xs:element name="j" type="xs:string" minOccurs="0"/><xs:element name="k" type="t:Kind"/></xs:choice>
  <xs:element name="l" type="xs:int" minOccurs="2" maxOccurs="3"/><xs:element name="m" type="t:Inner" minOccurs="0" maxOccurs="unbounded"/>
  <xs:element name="n" type="xs:string" fixed="one" minOccurs="0"/><xs:element name="o" type="xs:QName" minOccurs="0"/>
  <xs:element name="p" type="t:Empty" minOccurs="0"/><xs:element name="q" type="t:Amount" minOccurs="0"/>
</xs:sequence><xs:attribute name="x" type="xs:int" use="required"/><xs:attribute name="y" type="xs:string"/>
<xs:attribute name="z" type="xs:string" fixed="two"/></xs:complexType></xs:element>
<xs:complexType name="Inner"><xs:sequence minOccurs="0"><xs:element name="a" type="xs:string" minOccurs="0"/>
  <xs:element name="m" type="t:Inner" minOccurs="0" maxOccurs="unbounded" nillable="true"/><xs:element name="u" type="t:More" minOccurs="0"/></xs:sequence>
  <xs:attribute name="x" type="t:Kind"/><xs:anyAttribute processContents="lax" namespace="##other"/></xs:complexType>
<xs:complexType name="More"><xs:complexContent><xs:extension base="t:Inner"><xs:sequence><xs:element name="v" type="xs:string"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
<xs:complexType name="Empty"/>
<xs:complexType name="Amount"><xs:simpleContent><xs:extension base="xs:decimal"><xs:attribute name="unit" type="xs:string"/></xs:extension></xs:simpleContent></xs:complexType>
<xs:simpleType name="Kind"><xs:restriction base="xs:token"><xs:enumeration value="one"/><xs:enumeration value="&lt;two&gt;"/></xs:restriction></xs:simpleType>"###;

/// Members of objects, and what may stand for them: mostly good values.
const MEMBERS: [(&str, &[&str]); 26] = [
    ("@x", &["1", "2", "null", "\"one\""]),
    ("@y", &["\"t\\u0065xt\"", "\"a & \\\"b\\\" <\u{e9}>\"", "\"\"", "null"]),
    ("@z", &["\"two\"", "\"three\""]),
    ("@{urn:other}w", &["\"w\""]),
    ("a", &["\"text\"", "\"\"", "\"a & b < c > d\"", "\"\u{fffe}\"", "\"z\\r\\n\"", "\"\u{1F600}\"", "\"]]>\""]),
    ("b", &["\"one\"", "\"<two>\"", "\" one \"", "\"three\""]),
    ("c", &["1", "-7", "99999999999", "1.0", "1e2", "\"1\""]),
    ("d", &["1.50", "123456789012345678901234567890.123", "1E3", "-0"]),
    ("e", &["true", "false", "\"true\""]),
    ("f", &["\"2024-02-29\"", "\"2023-02-29\""]),
    ("g", &["\"tok\"", "\" tok  en \"", "\"\""]),
    ("h", &["null", "\"text\"", "{\"$nil\":true}"]),
    ("i", &["1e5", "\"INF\"", "\"inf\"", "1.5"]),
    ("j", &["\"j\"", "null"]),
    ("k", &["\"one\"", "\"\u{e9}\""]),
    ("l", &["[1,2]", "[1,2,3]", "[1]", "[]", "[1,2,3,4]", "1", "null", "[1,null]", "[[1],2]"]),
    (
        "m",
        &[
            "[@]",
            "[@,@]",
            "[]",
            "@",
            "[null]",
            "[1,@]",
            r#"[{"$type":"More","v":"w"},@]"#,
            r#"[{"v":"w","$type":"More","a":"b"}]"#,
            r#"[{"$type":"More"}]"#,
            r#"[{"$type":"More","v":"w","$type":"More"}]"#,
            r#"[{"$type":"Inner","a":"b"}]"#,
            r#"[{"$type":"None","a":"b"}]"#,
            r#"[{"$type":null,"a":"b"}]"#,
        ],
    ),
    ("n", &["\"one\"", "\"two\""]),
    ("o", &["\"{urn:t}name\"", "\"{urn:other}name\"", "\"{x\""]),
    ("p", &["{}", "{\"r\":1}", "\"\"", "null"]),
    (
        "q",
        &[
            r#"{"$value":1.5,"@unit":"kg"}"#,
            r#"{"@unit":"k & g","$value":1e2}"#,
            r#"{"@unit":"kg","$value":null}"#,
            r#"{"@unit":"kg","$value":{}}"#,
            r#"{"@unit":"kg","$value":"1"}"#,
            r#"{"@unit":1,"$value":[1]}"#,
            r#"{"@unit":"kg","$value":1,"$value":1}"#,
            r#"{"@unit":"kg","$value":1,"$nil":true}"#,
            r#"{"@unit":"kg","$value":1,"$type":"Amount"}"#,
            r#"{"@unit":"kg","$value":1,"$type":"Inner"}"#,
            r#"{"$value":1}"#,
            r#"{"@unit":"kg"}"#,
            "1.5",
            "{}",
        ],
    ),
    ("u", &["@", r#"{"$type":"More","v":"w"}"#, "{\"v\":\"w\"}", "{\"v\":\"w\",\"a\":\"b\"}"]),
    ("v", &["\"v\""]),
    ("$type", &["\"Inner\"", "\"More\"", "\"None\""]),
    ("$nil", &["true", "false"]),
    ("$headers", &["{}", "null", "{\"H\":1}"]),
];

/// A generator that needs no crate and always gives the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    /// The members of a good root.
    fn members(&mut self) -> Vec<usize> {
        let mut keys = vec![0, 4, 15];
        let keys_hold_c = self.below(2) == 0;
        if keys_hold_c {
            keys.extend([6, 8 + self.below(2)]);
        }
        match self.below(3) {
            0 => keys.push(10),
            1 => keys.extend([11, 12]),
            _ => {}
        }
        if self.below(2) == 0 {
            keys.push(13 + self.below(2));
        }
        keys.extend([1, 2, 5, 7, 16, 17, 18, 19, 20].into_iter().filter(|_| self.below(3) == 0));
        keys.sort_unstable();
        keys.retain(|key| *key != 7 || keys_hold_c);
        keys
    }

    fn object(&mut self, root: bool, depth: u32, out: &mut String) {
        let mut keys: Vec<usize> = if root { self.members() } else { [3, 4, 16, 21].into_iter().filter(|_| self.below(3) == 0).collect() };
        match self.below(40) {
            0 => keys.push(self.below(MEMBERS.len())),
            1 => keys.push(keys.first().copied().unwrap_or(0)),
            2 => keys.retain(|_| self.below(5) > 0),
            3 => keys.extend((0..21).filter(|_| self.below(5) == 0)),
            _ => {}
        }
        match self.below(3) {
            0 => keys.reverse(),
            1 => (0..keys.len()).for_each(|at| keys.swap(at, self.below(at + 1))),
            _ => {}
        }
        out.push('{');
        for (at, key) in keys.into_iter().enumerate() {
            let (name, values) = MEMBERS[key];
            let name = if self.below(200) == 0 { "m\\u0061" } else { name };
            let value = if self.below(40) > 0 { values[0] } else { values[self.below(values.len())] };
            write!(out, "{}\"{name}\":", if at == 0 { "" } else { "," }).unwrap();
            for piece in value.split_inclusive('@') {
                match piece.strip_suffix('@') {
                    Some(before) if !value.contains("@unit") => {
                        out.push_str(before);
                        if depth == 0 { out.push_str("{}") } else { self.object(false, depth - 1, out) }
                    }
                    _ => out.push_str(piece),
                }
            }
        }
        out.push('}');
    }
}

#[test]
fn plans_and_the_content_model_write_the_same_and_find_the_same_faults() {
    let wsdl = format!(
        r#"<wsdl:definitions targetNamespace="urn:t" xmlns:t="urn:t" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<wsdl:types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">{SCHEMA}</xs:schema></wsdl:types>
<wsdl:message name="M"><wsdl:part name="p" element="t:R"/></wsdl:message>
<wsdl:portType name="P"><wsdl:operation name="Place"><wsdl:input message="t:M"/></wsdl:operation></wsdl:portType>
<wsdl:binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="Place"><soap:operation soapAction=""/><wsdl:input><soap:body use="literal"/></wsdl:input></wsdl:operation></wsdl:binding>
<wsdl:service name="S"><wsdl:port name="Q" binding="t:B"><soap:address location="http://backend.example/"/></wsdl:port></wsdl:service></wsdl:definitions>"#
    );
    let contract = Arc::new(crate::wsdl::load("t.wsdl", &wsdl, &mut NoResolver).unwrap());
    let by_plan = Codec::new(contract.clone());
    let mut by_model = Codec::new(contract);
    assert!(by_plan.shapes.plans() >= 4, "the schema has plans");
    by_model.shapes.forget_plans();
    let operation = &by_plan.contract.services[0].ports[0].operations[0];
    let mut dice = Dice(1);
    let (mut good, mut bad) = (0, 0);
    for _ in 0..20_000 {
        let mut json = String::new();
        dice.object(true, 4, &mut json);
        let write = |codec: &Codec| codec.to_xml(operation, Direction::Request, json.as_bytes(), SoapVersion::V1_1);
        let (one, other) = (write(&by_plan), write(&by_model));
        assert!(one == other, "{json}\n{one:?}\n{other:?}");
        *if one.is_ok() { &mut good } else { &mut bad } += 1;
    }
    assert!(good > 1000 && bad > 1000, "{good} good, {bad} bad");
}
