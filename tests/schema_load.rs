//! Sets of schema documents: includes, imports, redefinitions, circles, and what is lost where something is missing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use std::collections::HashMap;

use castile::diagnostic::Diagnostic;
use castile::diagnostic::Severity;
use castile::diagnostic::Sources;
use castile::schema::form::Content;
use castile::schema::form::ElementId;
use castile::schema::form::Schema;
use castile::schema::form::Term;
use castile::schema::form::TypeId;
use castile::schema::load::Fetched;
use castile::schema::load::PartContent;
use castile::schema::load::ResolveError;
use castile::schema::load::Resolver;
use castile::schema::load::SchemaSet;
use castile::schema::load::SyntheticElement;
use castile::schema::load::SyntheticPart;
use castile::xml::name::QName;

/// Documents in memory; `./x` and `x` are one.
#[derive(Default)]
struct Documents {
    texts: HashMap<&'static str, String>,
    asked: Vec<String>,
}

impl Resolver for Documents {
    fn fetch(&mut self, _base: &str, location: &str, namespace: Option<&str>) -> Result<Fetched, ResolveError> {
        self.asked.push(location.to_owned());
        let name = if location.is_empty() { namespace.unwrap_or("") } else { location.trim_start_matches("./") };
        match self.texts.get(name) {
            Some(text) => Ok(Fetched { location: name.to_owned(), text: text.clone() }),
            None => Err(ResolveError { message: "no such file".to_owned() }),
        }
    }
}

struct Loaded {
    schema: Schema,
    diagnostics: Vec<Diagnostic>,
    sources: Sources,
    asked: Vec<String>,
}

/// Loads the first document with the others at hand; each is a name, attributes of its root, and its components.
fn load(documents: &[(&'static str, &str, &str)]) -> Loaded {
    let mut resolver = Documents::default();
    for (name, attributes, components) in documents {
        resolver.texts.insert(name, document(attributes, components));
    }
    let (first, attributes, components) = documents[0];
    let mut set = SchemaSet::new();
    let mut sources = Sources::default();
    set.add_document(first, &document(attributes, components), &mut sources, &mut resolver);
    set.complete(&mut sources, &mut resolver);
    let (schema, _, diagnostics) = set.compile(&[]);
    Loaded { schema, diagnostics, sources, asked: resolver.asked }
}

fn document(attributes: &str, components: &str) -> String {
    format!("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' {attributes}>{components}</xs:schema>")
        .replace("<element", "<xs:element")
        .replace("</element", "</xs:element")
        .replace("<type", "<xs:complexType")
        .replace("</type", "</xs:complexType")
}

const TNS: &str = "targetNamespace='urn:t' xmlns:t='urn:t' elementFormDefault='qualified'";

impl Loaded {
    fn codes(&self) -> Vec<&str> {
        self.diagnostics.iter().map(|one| one.code).collect()
    }

    fn element(&self, ns: &str, local: &str) -> ElementId {
        self.schema.find_element(ns, local).unwrap_or_else(|| panic!("no element {local}"))
    }

    fn faults(&self, ns: &str, local: &str) -> Vec<&'static str> {
        self.schema.faults_below(self.element(ns, local)).iter().map(|fault| fault.code).collect()
    }

    /// The content model of a type as text: `(a, b?)*`.
    fn content(&self, ns: &str, local: &str) -> String {
        let Some(TypeId::Complex(id)) = self.schema.find_type(ns, local) else { return "no type".to_owned() };
        self.content_of(TypeId::Complex(id))
    }

    fn content_of(&self, id: TypeId) -> String {
        let TypeId::Complex(id) = id else { return "simple type".to_owned() };
        match &self.schema.complex(id).content {
            Content::Empty => "empty".to_owned(),
            Content::Simple(_) => "simple".to_owned(),
            Content::Elements(model) => self.particle(model, 0),
        }
    }

    fn particle(&self, model: &castile::schema::form::Model, at: usize) -> String {
        let particle = &model.particles[at];
        let join = |members: &[castile::schema::form::ParticleId], with: &str| {
            let list: Vec<_> = members.iter().map(|id| self.particle(model, id.0 as usize)).collect();
            format!("({})", list.join(with))
        };
        let body = match &particle.term {
            Term::Element(id) => self.schema.symbols.name(self.schema.element(*id).name).local.as_str().to_owned(),
            Term::Wildcard(_) => "any".to_owned(),
            Term::Sequence(members) => join(members, ", "),
            Term::Choice(members) => join(members, " | "),
            Term::All(members) => join(members, " & "),
        };
        match (particle.min, particle.max) {
            (1, Some(1)) => body,
            (0, Some(1)) => body + "?",
            (0, None) => body + "*",
            (1, None) => body + "+",
            (min, max) => format!("{body}{{{min},{}}}", max.map_or(String::new(), |max| max.to_string())),
        }
    }

    fn attributes(&self, ns: &str, local: &str) -> String {
        let Some(TypeId::Complex(id)) = self.schema.find_type(ns, local) else { return "no type".to_owned() };
        let ty = self.schema.complex(id);
        let list: Vec<_> = ty
            .attributes
            .iter()
            .map(|used| {
                let name = self.schema.symbols.name(used.name).to_string();
                if used.required { name + "!" } else { name }
            })
            .collect();
        list.join(" ")
    }
}

fn ty(name: &str, members: &str) -> String {
    let members: String = members.split_whitespace().map(|name| format!("<element name='{name}' type='xs:int'/>")).collect();
    format!("<type name='{name}'><xs:sequence>{members}</xs:sequence></type>")
}

#[test]
fn include_without_namespace_takes_that_of_the_includer() {
    let parts = ty("T", "a") + "<element name='e' type='T'/>";
    let loaded = load(&[
        ("main.xsd", TNS, "<xs:include schemaLocation='parts.xsd'/><xs:import namespace='urn:o' schemaLocation='other.xsd'/>"),
        ("other.xsd", "targetNamespace='urn:o'", "<xs:include schemaLocation='parts.xsd'/>"),
        ("parts.xsd", "", &parts),
    ]);
    assert_eq!(loaded.codes(), [""; 0]);
    assert_eq!(loaded.content("urn:t", "T"), "(a)");
    assert_eq!(loaded.content("urn:o", "T"), "(a)");
    assert_eq!(loaded.content_of(loaded.schema.element(loaded.element("urn:o", "e")).ty), "(a)");
    assert!(loaded.schema.find_type("", "T").is_none());
}

#[test]
fn documents_in_circles_are_read_once() {
    let a = "<xs:include schemaLocation='b.xsd'/>".to_owned() + &ty("A", "x");
    let b = "<xs:include schemaLocation='./a.xsd'/><xs:include schemaLocation='./b.xsd'/>".to_owned() + &ty("B", "y");
    let loaded = load(&[("a.xsd", TNS, &a), ("b.xsd", TNS, &b)]);
    assert_eq!(loaded.codes(), [""; 0]);
    assert_eq!((loaded.content("urn:t", "A"), loaded.content("urn:t", "B")), ("(x)".into(), "(y)".into()));
    assert!(loaded.sources.get(castile::diagnostic::SourceId(2)).is_none());
}

#[test]
fn a_location_is_asked_for_once() {
    let twice = "<xs:import namespace='urn:o' schemaLocation='o.xsd'/><xs:import namespace='urn:o' schemaLocation='o.xsd'/>";
    let loaded = load(&[("a.xsd", TNS, twice), ("o.xsd", "targetNamespace='urn:o'", "")]);
    assert_eq!(loaded.asked, ["o.xsd"]);
}

#[test]
fn several_documents_of_one_namespace_add_up() {
    let imports = "<xs:import namespace='urn:o' schemaLocation='o1.xsd'/><xs:import namespace='urn:o' schemaLocation='o2.xsd'/>";
    let loaded = load(&[
        ("a.xsd", TNS, imports),
        ("o1.xsd", "targetNamespace='urn:o'", &ty("A", "x")),
        ("o2.xsd", "targetNamespace='urn:o'", &ty("B", "y")),
    ]);
    assert_eq!((loaded.content("urn:o", "A"), loaded.content("urn:o", "B")), ("(x)".into(), "(y)".into()));
}

#[test]
fn missing_document_costs_only_what_depends_on_it() {
    let body = "<xs:import namespace='urn:gone' schemaLocation='gone.xsd'/>\
                <element name='lost' type='g:T'/><element name='kept' type='xs:int'/>";
    let loaded = load(&[("a.xsd", "targetNamespace='urn:t' xmlns:g='urn:gone'", body)]);
    assert_eq!(loaded.codes(), ["missing-document"]);
    assert_eq!(loaded.diagnostics[0].severity, Severity::Warning);
    assert_eq!(loaded.faults("urn:t", "lost"), ["unknown-type"]);
    assert_eq!(loaded.faults("urn:t", "kept"), [""; 0]);
    let fault = &loaded.schema.faults_below(loaded.element("urn:t", "lost"))[0];
    let text = &loaded.sources.get(fault.at.unwrap().source).unwrap().text;
    assert!(text[fault.at.unwrap().offset as usize..].starts_with("type='g:T'"));
    assert_eq!(loaded.schema.element(loaded.element("urn:t", "lost")).ty, TypeId::ANY);
}

#[test]
fn imported_namespace_that_differs_is_known_under_its_own() {
    let body = "<xs:import namespace='urn:o' schemaLocation='o.xsd'/>";
    let loaded = load(&[("a.xsd", TNS, body), ("o.xsd", "targetNamespace='urn:other'", &ty("A", "x"))]);
    assert_eq!(loaded.codes(), ["namespace-differs"]);
    assert_eq!(loaded.content("urn:other", "A"), "(x)");
}

#[test]
fn namespace_without_location_is_asked_of_the_resolver_by_name() {
    let body = "<xs:import namespace='urn:known'/><element name='e' type='k:A'/><element name='f' type='n:A'/>";
    let attributes = "targetNamespace='urn:t' xmlns:k='urn:known' xmlns:n='urn:never-imported'";
    let loaded = load(&[
        ("a.xsd", attributes, body),
        ("urn:known", "targetNamespace='urn:known'", &ty("A", "x")),
        ("urn:never-imported", "targetNamespace='urn:never-imported'", &ty("A", "y")),
    ]);
    assert_eq!(loaded.codes(), ["not-imported"]);
    assert_eq!(loaded.faults("urn:t", "e"), [""; 0]);
    assert_eq!(loaded.faults("urn:t", "f"), [""; 0]);
}

#[test]
fn same_component_twice_counts_once_if_equal_and_is_an_error_if_not() {
    let include = |rest: &str| format!("<xs:include schemaLocation='b.xsd'/>{}{rest}", ty("A", "x"));
    let equal = load(&[("a.xsd", TNS, &include("")), ("b.xsd", TNS, &ty("A", "x"))]);
    assert_eq!(equal.codes(), [""; 0]);
    let different = load(&[("a.xsd", TNS, &include("")), ("b.xsd", TNS, &ty("A", "y"))]);
    assert_eq!(different.codes(), ["duplicate-component", "duplicate-component"]);
    let places: Vec<_> = different.diagnostics.iter().map(|one| one.at.unwrap().source.0).collect();
    assert_eq!(places, [0, 1]);
    assert_eq!(different.content("urn:t", "A"), "(x)");
}

#[test]
fn redefined_type_extends_the_original() {
    let redefine = "<xs:redefine schemaLocation='b.xsd'><type name='A'><xs:complexContent><xs:extension base='t:A'>\
                    <xs:sequence><element name='more' type='xs:int'/></xs:sequence></xs:extension></xs:complexContent></type>\
                    <xs:group name='g'><xs:sequence><xs:group ref='t:g'/><element name='h' type='xs:int'/></xs:sequence></xs:group>\
                    <xs:attributeGroup name='ag'><xs:attributeGroup ref='t:ag'/><xs:attribute name='two'/></xs:attributeGroup>\
                    <xs:simpleType name='S'><xs:restriction base='t:S'/></xs:simpleType></xs:redefine>";
    let original = ty("A", "x")
        + "<xs:group name='g'><xs:sequence><element name='g' type='xs:int'/></xs:sequence></xs:group>\
           <xs:attributeGroup name='ag'><xs:attribute name='one'/></xs:attributeGroup>\
           <xs:simpleType name='S'><xs:restriction base='xs:string'/></xs:simpleType>\
           <type name='U'><xs:group ref='t:g'/><xs:attributeGroup ref='t:ag'/></type>";
    let loaded = load(&[("a.xsd", TNS, redefine), ("b.xsd", TNS, &original)]);
    assert_eq!(loaded.codes(), [""; 0]);
    assert_eq!(loaded.content("urn:t", "A"), "((x), (more))");
    assert_eq!(loaded.content("urn:t", "U"), "((g), h)");
    assert_eq!(loaded.attributes("urn:t", "U"), "one two");
    let named: Vec<_> = loaded.schema.global_types.keys().map(|name| loaded.schema.symbols.name(*name).to_string()).collect();
    assert!(!named.iter().any(|name| name.contains(' ')), "{named:?}");
}

#[test]
fn circular_definitions_are_faults_and_end() {
    let body = "<type name='A'><xs:complexContent><xs:extension base='t:B'/></xs:complexContent></type>\
                <type name='B'><xs:complexContent><xs:extension base='t:A'/></xs:complexContent></type>\
                <xs:group name='g'><xs:sequence><element name='x' type='xs:int'/><xs:group ref='t:g'/></xs:sequence></xs:group>\
                <type name='G'><xs:group ref='t:g'/></type>\
                <xs:simpleType name='L'><xs:union memberTypes='t:M xs:int'/></xs:simpleType>\
                <xs:simpleType name='M'><xs:restriction base='t:L'/></xs:simpleType>\
                <xs:attributeGroup name='p'><xs:attributeGroup ref='t:p'/></xs:attributeGroup>\
                <type name='P'><xs:attributeGroup ref='t:p'/></type>\
                <element name='a' type='t:A'/><element name='g' type='t:G'/><element name='l' type='t:L'/>\
                <element name='s1' substitutionGroup='t:s2'/><element name='s2' substitutionGroup='t:s1'/>\
                <element name='ok' type='xs:int'/>";
    let loaded = load(&[("a.xsd", TNS, body)]);
    assert_eq!(loaded.faults("urn:t", "a"), ["circular-type"]);
    assert_eq!(loaded.faults("urn:t", "g"), ["circular-group"]);
    assert_eq!(loaded.faults("urn:t", "l"), ["circular-type"]);
    assert_eq!(loaded.faults("urn:t", "ok"), [""; 0]);
    assert_eq!(loaded.content("urn:t", "G"), "(x)");
    assert!(!loaded.faults("urn:t", "s1").is_empty());
}

#[test]
fn groups_that_double_each_other_are_refused_not_unfolded() {
    let mut body = "<xs:group name='g0'><xs:sequence><element name='x' type='xs:int'/></xs:sequence></xs:group>".to_owned();
    for n in 1..40 {
        let below = format!("<xs:group ref='t:g{}'/>", n - 1);
        body += &format!("<xs:group name='g{n}'><xs:sequence>{below}{below}</xs:sequence></xs:group>");
    }
    body += "<type name='T'><xs:group ref='t:g39'/></type><element name='e' type='t:T'/>";
    let loaded = load(&[("a.xsd", TNS, &body)]);
    assert!(loaded.faults("urn:t", "e").contains(&"content-too-large"));
}

#[test]
fn long_chains_of_derivation_need_no_stack() {
    let mut body = ty("T0", "x");
    for n in 1..5000 {
        body += &format!(
            "<type name='T{n}'><xs:complexContent><xs:extension base='t:T{}'>\
             <xs:sequence><element name='e{n}' type='xs:int'/></xs:sequence></xs:extension></xs:complexContent></type>",
            n - 1
        );
    }
    let loaded = load(&[("a.xsd", TNS, &body)]);
    assert_eq!(loaded.content("urn:t", "T2"), "(((x), (e1)), (e2))");
}

#[test]
fn extension_puts_the_base_first_and_restriction_stands_alone() {
    let body = ty("Base", "a b")
        + "<type name='Ext'><xs:complexContent><xs:extension base='t:Base'><xs:choice maxOccurs='unbounded'>\
           <element name='c' type='xs:int'/><element name='d' type='xs:int'/></xs:choice></xs:extension></xs:complexContent></type>\
           <type name='Same'><xs:complexContent><xs:extension base='t:Base'/></xs:complexContent></type>\
           <type name='Less'><xs:complexContent><xs:restriction base='t:Base'><xs:sequence><element name='a' type='xs:int'/>\
           </xs:sequence></xs:restriction></xs:complexContent></type>\
           <type name='None'><xs:complexContent><xs:restriction base='t:Base'/></xs:complexContent></type>";
    let loaded = load(&[("a.xsd", TNS, &body)]);
    assert_eq!(loaded.content("urn:t", "Ext"), "((a, b), (c | d)+)");
    assert_eq!(loaded.content("urn:t", "Same"), "(a, b)");
    assert_eq!(loaded.content("urn:t", "Less"), "(a)");
    assert_eq!(loaded.content("urn:t", "None"), "empty");
    let Some(TypeId::Complex(base)) = loaded.schema.find_type("urn:t", "Base") else { panic!() };
    assert_eq!(loaded.schema.complex(base).derived.len(), 4);
}

#[test]
fn attributes_are_inherited_overridden_and_prohibited() {
    let body = "<type name='Base'><xs:attribute name='a'/><xs:attribute name='b'/><xs:attribute name='c'/></type>\
                <type name='Less'><xs:complexContent><xs:restriction base='t:Base'><xs:attribute name='a' use='prohibited'/>\
                <xs:attribute name='b' use='required'/></xs:restriction></xs:complexContent></type>\
                <type name='More'><xs:complexContent><xs:extension base='t:Base'><xs:attribute name='d' form='qualified'/>\
                <xs:attribute ref='xml:lang'/></xs:extension></xs:complexContent></type>";
    let loaded = load(&[("a.xsd", TNS, body)]);
    assert_eq!(loaded.codes(), [""; 0]);
    assert_eq!(loaded.attributes("urn:t", "Less"), "b! c");
    assert_eq!(loaded.attributes("urn:t", "More"), "a b c {urn:t}d {http://www.w3.org/XML/1998/namespace}lang");
}

#[test]
fn forms_decide_on_the_namespace_of_local_names() {
    let body = "<type name='T'><xs:sequence><element name='a' type='xs:int'/>\
                <element name='b' type='xs:int' form='unqualified'/></xs:sequence></type>";
    let loaded = load(&[("a.xsd", TNS, body)]);
    assert!(loaded.schema.symbols.find("urn:t", "a").is_some());
    assert!(loaded.schema.symbols.find("", "b").is_some() && loaded.schema.symbols.find("urn:t", "b").is_none());
}

#[test]
fn substitution_groups_are_transitive_and_respect_abstract_and_block() {
    let body = "<element name='head' type='t:B' abstract='true'/><element name='shut' type='t:B' block='extension'/>\
                <element name='m1' substitutionGroup='t:head' abstract='true'/><element name='m2' substitutionGroup='t:m1' type='t:D'/>\
                <element name='m3' substitutionGroup='t:shut' type='t:D'/><element name='m4' substitutionGroup='t:shut'/>\
                <element name='none' type='t:B' block='substitution'/><element name='m5' substitutionGroup='t:none'/>\
                <type name='D'><xs:complexContent><xs:extension base='t:B'/></xs:complexContent></type>"
        .to_owned()
        + &ty("B", "x");
    let loaded = load(&[("a.xsd", TNS, &body)]);
    let members = |name: &str| {
        let list = &loaded.schema.element(loaded.element("urn:t", name)).members;
        list.iter().map(|id| loaded.schema.symbols.name(loaded.schema.element(*id).name).local.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(members("head"), ["m2"]);
    assert_eq!(members("shut"), ["m4"]);
    assert_eq!(members("none"), [""; 0]);
    assert_eq!(loaded.schema.element(loaded.element("urn:t", "m1")).ty, loaded.schema.find_type("urn:t", "B").unwrap());
}

#[test]
fn simple_content_keeps_text_and_adds_attributes() {
    let body = "<type name='Price'><xs:simpleContent><xs:extension base='xs:decimal'><xs:attribute name='currency'/>\
                </xs:extension></xs:simpleContent></type>\
                <type name='Low'><xs:simpleContent><xs:restriction base='t:Price'><xs:maxInclusive value='9'/></xs:restriction>\
                </xs:simpleContent></type>";
    let loaded = load(&[("a.xsd", TNS, body)]);
    assert_eq!((loaded.content("urn:t", "Price"), loaded.content("urn:t", "Low")), ("simple".into(), "simple".into()));
    assert_eq!(loaded.attributes("urn:t", "Low"), "currency");
}

#[test]
fn reference_to_xs_schema_itself_is_known() {
    let body = "<element name='DataSet'><type><xs:sequence><element ref='xs:schema'/><xs:any/></xs:sequence></type></element>";
    let loaded = load(&[("a.xsd", TNS, body)]);
    assert_eq!(loaded.faults("urn:t", "DataSet"), [""; 0]);
}

#[test]
fn particles_that_may_not_occur_are_left_out() {
    let body = "<type name='T'><xs:sequence><element name='a' type='xs:int' minOccurs='0' maxOccurs='0'/>\
                <element name='b' type='xs:int' minOccurs='2' maxOccurs='5'/></xs:sequence></type>";
    assert_eq!(load(&[("a.xsd", TNS, body)]).content("urn:t", "T"), "(b{2,5})");
}

#[test]
fn schema_with_a_dtd_is_read_without_loading_anything() {
    let text = "<!DOCTYPE xs:schema PUBLIC 'x' 'http://example.invalid/x.dtd' [<!ENTITY t 'xs:int'>]>".to_owned()
        + &document(TNS, "<element name='e' type='&t;'/>");
    let mut set = SchemaSet::new();
    let mut resolver = Documents::default();
    set.add_document("a.xsd", &text, &mut Sources::default(), &mut resolver);
    let (schema, _, diagnostics) = set.compile(&[]);
    assert!(diagnostics.is_empty() && resolver.asked.is_empty());
    assert!(matches!(schema.element(schema.find_element("urn:t", "e").unwrap()).ty, TypeId::Simple(_)));
}

#[test]
fn inline_schemas_of_one_document_import_each_other_by_namespace() {
    let text = format!(
        "<types xmlns:root='urn:t'>{}{}</types>",
        document("targetNamespace='urn:t' xmlns:o='urn:o'", "<xs:import namespace='urn:o'/><element name='e' type='o:A'/>"),
        document("targetNamespace='urn:o'", &ty("A", "x"))
    );
    let tree = roxmltree::Document::parse(&text).unwrap();
    let mut sources = Sources::default();
    let source = sources.add("w.wsdl", text.as_str());
    let mut set = SchemaSet::new();
    let mut resolver = Documents::default();
    set.declare_prefixes(tree.root_element());
    for node in tree.root_element().children() {
        set.add_inline(node, source, "w.wsdl", &mut sources, &mut resolver);
    }
    set.complete(&mut sources, &mut resolver);
    let part = |local: &str, content| SyntheticPart {
        name: QName::new("", local),
        content,
        min: 1,
        max: Some(1),
        nillable: false,
        place: castile::diagnostic::Place { source, offset: 1 },
    };
    let wrapper = SyntheticElement {
        name: QName::new("urn:t", "Op"),
        parts: vec![
            part("p", PartContent::Type(QName::new("urn:o", "A"))),
            part("q", PartContent::ElementRef(QName::new("urn:t", "e"))),
            part("r", PartContent::Type(QName::new("urn:o", "Gone"))),
        ],
        place: castile::diagnostic::Place { source, offset: 0 },
        documentation: None,
    };
    let (schema, ids, diagnostics) = set.compile(&[wrapper]);
    assert!(resolver.asked.is_empty() && diagnostics.is_empty(), "{diagnostics:?}");
    let faults = schema.faults_below(ids[0]);
    assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["unknown-type"]);
    assert_eq!(faults[0].at.unwrap().offset, 1);
    let loaded = Loaded { schema, diagnostics, sources, asked: Vec::new() };
    assert_eq!(loaded.content_of(loaded.schema.element(ids[0]).ty), "(p, e, r)");
    assert_eq!(loaded.schema.prefix("urn:t"), Some("root"));
    assert_eq!(loaded.schema.prefix("urn:o"), Some("o"));
}

#[test]
fn prefixes_are_the_first_bound_and_numbered_where_taken_or_missing() {
    let import = "<xs:import namespace='urn:b' schemaLocation='b.xsd'/><xs:import namespace='urn:c' schemaLocation='c.xsd'/>";
    let loaded = load(&[
        ("a.xsd", "targetNamespace='urn:a' xmlns:t='urn:a'", &(import.to_owned() + &ty("A", "x"))),
        ("b.xsd", "targetNamespace='urn:b' xmlns:t='urn:b'", &ty("B", "x")),
        ("c.xsd", "targetNamespace='urn:c'", &ty("C", "x")),
    ]);
    assert_eq!(loaded.schema.prefix("urn:a"), Some("t"));
    assert_eq!(loaded.schema.prefix("urn:b"), Some("ns1"));
    assert_eq!(loaded.schema.prefix("urn:c"), Some("ns2"));
    assert_eq!(loaded.schema.prefix("http://www.w3.org/XML/1998/namespace"), Some("xml"));
}
