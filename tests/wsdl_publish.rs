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

/// A binding without a port, in a document of its own, and an import without location that the catalogue answers.
const UNUSED: &str = r#"<definitions targetNamespace="urn:t" xmlns="http://schemas.xmlsoap.org/wsdl/">
  <import namespace="urn:b" location="binding.wsdl"/>
  <types><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
    <xs:import namespace='http://www.w3.org/XML/1998/namespace' id="a"/>
    <xs:import namespace="http://schemas.xmlsoap.org/soap/encoding/"/>
    <xs:element name="E"><xs:complexType><xs:attribute ref="xml:lang"/></xs:complexType></xs:element></xs:schema></types>
</definitions>"#;
const BINDING: &str = r#"<definitions targetNamespace="urn:b" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:b="urn:b" xmlns:t="urn:t">
  <message name="M"><part name="m" element="t:E"/></message>
  <portType name="P"><operation name="O"><input message="b:M"/></operation></portType>
  <binding name="B" type="b:P"><s:binding xmlns:s="http://schemas.xmlsoap.org/wsdl/soap12/" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="O"><input><s:body xmlns:s="http://schemas.xmlsoap.org/wsdl/soap12/" use="literal"/></input></operation></binding>
</definitions>"#;

struct Memory;

impl Resolver for Memory {
    fn fetch(&mut self, _base: &str, location: &str, _namespace: Option<&str>) -> Result<Fetched, ResolveError> {
        let text = match location {
            "t.wsdl" => ROOT,
            "parts.wsdl" => PARTS,
            "binding.wsdl" => BINDING,
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

#[test]
fn a_binding_without_a_port_gets_the_service_that_it_is_served_as() {
    let contract = wsdl::load("unused.wsdl", UNUSED, &mut Memory).expect("a contract");
    let root = String::from_utf8(publish::document(&contract, 0, "https://gate.example/B").expect("a document")).expect("UTF-8");
    let document = roxmltree::Document::parse(&root).expect("well-formed");
    let port = document.descendants().find(|node| node.has_tag_name("port")).expect("a port");
    let service = port.parent().expect("a service");
    assert_eq!((service.attribute("name"), service.parent()), (Some("B"), Some(document.root_element())));
    let (prefix, local) = port.attribute("binding").and_then(|name| name.split_once(':')).expect("a binding");
    assert_eq!((port.lookup_namespace_uri(Some(prefix)), local), (Some("urn:b"), "B"));
    let address = port.first_element_child().expect("an address");
    assert!(address.has_tag_name(("http://schemas.xmlsoap.org/wsdl/soap12/", "address")), "{root}");
    assert_eq!(address.attribute("location"), Some("https://gate.example/B"));
    // and whoever loads what was published finds the same service
    struct Published<'c>(&'c Contract);
    impl Resolver for Published<'_> {
        fn fetch(&mut self, _base: &str, location: &str, _namespace: Option<&str>) -> Result<Fetched, ResolveError> {
            let number = location.split_once('=').and_then(|(_, number)| number.parse().ok()).unwrap_or_default();
            let text = String::from_utf8(publish::document(self.0, number, "https://gate.example/B").expect("a document")).expect("UTF-8");
            Ok(Fetched { location: location.to_owned(), text })
        }
    }
    let again = wsdl::load("https://gate.example/B?wsdl", &root, &mut Published(&contract)).expect("a contract");
    let services =
        |contract: &Contract| contract.services.iter().map(|service| (service.name.to_string(), service.ports.len())).collect::<Vec<_>>();
    assert_eq!(services(&again), services(&contract));
    assert!(!again.services[0].synthetic && contract.services[0].synthetic);
}

#[test]
fn an_import_without_location_leads_to_what_the_catalogue_answered() {
    let contract = wsdl::load("unused.wsdl", UNUSED, &mut Memory).expect("a contract");
    let root = String::from_utf8(publish::document(&contract, 0, "https://gate.example/B").expect("a document")).expect("UTF-8");
    let import = root.split("<xs:import ").nth(1).and_then(|rest| rest.split("/>").next()).expect("an import");
    let number: u32 = import
        .strip_prefix("namespace='http://www.w3.org/XML/1998/namespace' schemaLocation=\"https://gate.example/B?xsd=")
        .and_then(|rest| rest.strip_suffix("\" id=\"a\""))
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("{import}"));
    let schema = String::from_utf8(publish::document(&contract, number, "https://gate.example/B").expect("a document")).expect("UTF-8");
    assert!(schema.contains("targetNamespace=\"http://www.w3.org/XML/1998/namespace\""));
    // clients know the schema of SOAP encoding
    assert!(root.contains(r#"<xs:import namespace="http://schemas.xmlsoap.org/soap/encoding/"/>"#), "{root}");
}
