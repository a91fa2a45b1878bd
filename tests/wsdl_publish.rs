//! Published documents: addresses and imports lead to the gateway, everything else is as it was.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use castile::schema::load::Fetched;
use castile::schema::load::ResolveError;
use castile::schema::load::Resolver;
use castile::wsdl;
use castile::wsdl::contract::Contract;
use castile::wsdl::publish;

const ROOT: &str = r#"
<?xml version="1.0" encoding="ISO-8859-1"?>
<!-- kept -->
<w:definitions targetNamespace="urn:t" xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t" xmlns:xs="http://www.w3.org/2001/XMLSchema"
   xmlns:soap = "http://schemas.xmlsoap.org/wsdl/soap/" xmlns:http="http://schemas.xmlsoap.org/wsdl/http/">
  <w:import namespace="urn:p" location='parts.wsdl' />
  <w:types>
    <xs:schema><xs:import namespace="urn:x" schemaLocation="x.xsd"/>
      <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="http://www.w3.org/2001/xml.xsd"/>
      <xs:import namespace="urn:gone" schemaLocation="gone.xsd"/></xs:schema>
  </w:types>
  <w:binding name="B" type="t:P"><soap:binding/></w:binding>
  <w:service name="One"><w:port name="A" binding="t:B"><soap:address location="http://inside.example:81/a?x=1&amp;y=2"/></w:port>
    <w:port name="G" binding="t:G"><http:address location='http://inside.example/g'/></w:port></w:service>
  <w:service name="Two"><w:port name="A" binding="t:B"><soap:address
     location="http://inside.example:81/b"/><r:EndpointReference xmlns:r="http://www.w3.org/2005/08/addressing"><r:Address>http://inside.example/b</r:Address></r:EndpointReference></w:port></w:service>
</w:definitions>
"#;
const PARTS: &str = r#"<definitions targetNamespace="urn:p" xmlns="http://schemas.xmlsoap.org/wsdl/"><import namespace="urn:t" location="t.wsdl"/></definitions>"#;
const SCHEMA: &str =
    r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x"><xs:element name="E" type="xs:string"/></xs:schema>"#;

struct Memory;

impl Resolver for Memory {
    fn fetch(&mut self, _base: &str, location: &str, _namespace: Option<&str>) -> Result<Fetched, ResolveError> {
        let text = match location {
            "t.wsdl" => ROOT,
            "parts.wsdl" => PARTS,
            "x.xsd" => SCHEMA,
            _ => return Err(ResolveError { message: String::from("no such document") }),
        };
        Ok(Fetched { location: location.to_owned(), text: text.to_owned() })
    }
}

fn contract() -> Contract {
    wsdl::load("t.wsdl", ROOT, &mut Memory).expect("a contract")
}

fn published(contract: &Contract, number: u32) -> String {
    String::from_utf8(publish::document(contract, number, "https://gate.example/One").expect("a document")).expect("UTF-8")
}

/// The numbers of the documents that a published one links to.
fn links(text: &str) -> Vec<u32> {
    let parts = text.split("https://gate.example/One?").skip(1);
    parts
        .map(|part| {
            let link = part.split(['"', '\'']).next().unwrap_or_default();
            let number = link.trim_start_matches(|c: char| !c.is_ascii_digit());
            if link == "wsdl" { 0 } else { number.parse().unwrap_or_else(|_| panic!("a link to {link}")) }
        })
        .collect()
}

#[test]
fn every_link_resolves_and_leads_back() {
    let contract = contract();
    let root = published(&contract, 0);
    assert_eq!(links(&root).len(), 3, "{root}");
    for number in links(&root) {
        assert_ne!(number, 0);
        roxmltree::Document::parse(&published(&contract, number)).expect("well-formed");
    }
    let parts = links(&root).into_iter().find(|number| publish::is_wsdl(&contract, *number)).expect("the imported WSDL");
    assert!(root.contains(&format!("location='https://gate.example/One?wsdl={parts}' />")), "{root}");
    assert_eq!(links(&published(&contract, parts)), [0]);
}

#[test]
fn every_address_is_that_of_its_service_at_the_gateway() {
    let root = published(&contract(), 0);
    assert!(!root.contains("inside.example"), "{root}");
    assert!(root.contains(r#"<w:port name="A" binding="t:B"><soap:address location="https://gate.example/One"/></w:port>"#));
    assert!(root.contains("<http:address location='https://gate.example/One'/>"));
    assert!(root.contains("location=\"https://gate.example/Two\"/>") && root.contains("<r:Address>https://gate.example/Two</r:Address>"));
}

#[test]
fn the_rest_is_as_it_was() {
    let root = published(&contract(), 0);
    assert!(root.contains("<!-- kept -->") && root.contains("xmlns:soap = ") && root.contains("schemaLocation=\"gone.xsd\""));
    assert_eq!(published(&contract(), links(&root)[1]), SCHEMA);
    roxmltree::Document::parse(&root).expect("well-formed");
}

#[test]
fn what_an_address_may_not_hold_is_escaped() {
    let bytes = publish::document(&contract(), 0, "http://h/One?a=\"<&'").expect("a document");
    roxmltree::Document::parse(std::str::from_utf8(&bytes).expect("UTF-8")).expect("well-formed");
}

#[test]
fn a_number_beyond_the_documents_gives_none() {
    assert!(publish::document(&contract(), 99, "http://h/One").is_none());
}
