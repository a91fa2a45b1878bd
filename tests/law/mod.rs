//! The mapping law as a comparison: whether a message that went to JSON and back equals the one it came from.
//!
//! Names, order and texts are read by another parser (roxmltree); the schema only tells which allowance holds where: the
//! type of a value (equal values may differ in form), mixed or element-only content, members of an xs:all.

use std::collections::BTreeMap;
use std::collections::HashMap;

use castile::schema::form::Content;
use castile::schema::form::ElementId;
use castile::schema::form::ParticleId;
use castile::schema::form::Schema;
use castile::schema::form::Term;
use castile::schema::form::TypeId;
use castile::schema::form::ValueConstraint;
use castile::schema::simple::SimpleTypeId;
use castile::schema::simple::Variety;
use castile::schema::walk::Declared;
use castile::schema::walk::Opened;
use castile::schema::walk::SeenAttribute;
use castile::schema::walk::Typing;
use castile::schema::walk::Value;
use castile::schema::walk::Visitor;
use castile::schema::walk::Walker;
use castile::schema::walk::fault::WalkFault;
use castile::schema::walk::outline::Outline;
use castile::soap::envelope::Spot;
use castile::soap::envelope::Tracker;
use castile::transcode::Direction;
use castile::wsdl::contract::Body;
use castile::wsdl::contract::Message;
use castile::wsdl::contract::Operation;
use castile::xml::event::Event;
use castile::xml::event::Scope;
use castile::xml::limits::Limits;
use castile::xml::name::XSI_NS;
use castile::xml::reader::SliceReader;
use roxmltree::Document;
use roxmltree::Node;

const XMIME: &str = "http://www.w3.org/2005/05/xmlmime";
const XMIME_OLD: &str = "http://www.w3.org/2004/11/xmlmime";

/// Whether `back` equals `original` by the law; else where and how it differs.
pub(crate) fn equal(schema: &Schema, operation: &Operation, direction: Direction, original: &str, back: &str) -> Result<(), String> {
    let message = match direction {
        Direction::Request => operation.input.as_ref(),
        Direction::Reply => operation.output.as_ref(),
    };
    let message = message.ok_or("the operation has no such message")?;
    let a = Document::parse(original).map_err(|error| format!("the original: {error}"))?;
    let b = Document::parse(back).map_err(|error| format!("what came back: {error}"))?;
    let law = Law { schema, types: Types::of(schema, message, original) };
    let (body_a, body_b) = (part(&a, "Body").ok_or("the original has no Body")?, part(&b, "Body").ok_or("no Body came back")?);
    match &message.body {
        Body::Content(_) => law.content(body_a, body_b, "Body")?,
        Body::Empty | Body::Element(_) | Body::Elements(_) => law.children(&elements(body_a), &elements(body_b), "Body")?,
        // Any wrapper is taken in a reply, the right one is written.
        Body::Wrapper { .. } => match (elements(body_a).as_slice(), elements(body_b).as_slice()) {
            ([one], [two]) => law.inside(*one, *two, "Body/wrapper")?,
            (one, two) => return Err(format!("Body: {} elements, {} came back", one.len(), two.len())),
        },
    }
    law.headers(message, &a, &b)
}

/// A child of the Envelope.
fn part<'a, 'i>(document: &'a Document<'i>, name: &str) -> Option<Node<'a, 'i>> {
    document.root_element().children().find(|node| node.is_element() && node.tag_name().name() == name)
}

fn elements<'a, 'i>(node: Node<'a, 'i>) -> Vec<Node<'a, 'i>> {
    node.children().filter(Node::is_element).collect()
}

fn name_of(node: Node<'_, '_>) -> (String, String) {
    (node.tag_name().namespace().unwrap_or_default().to_owned(), node.tag_name().name().to_owned())
}

/// Resolves a QName by the prefixes in scope of a node.
fn resolve(node: Node<'_, '_>, text: &str) -> (String, String) {
    let text = text.trim();
    let (prefix, local) = text.split_once(':').map_or((None, text), |(prefix, local)| (Some(prefix), local));
    (node.lookup_namespace_uri(prefix).unwrap_or_default().to_owned(), local.to_owned())
}

struct Law<'s> {
    schema: &'s Schema,
    types: Types,
}

impl Law<'_> {
    fn headers(&self, message: &Message, a: &Document<'_>, b: &Document<'_>) -> Result<(), String> {
        for header in &message.headers {
            let name = self.schema.symbols.name(self.schema.element(header.element).name);
            let is = |node: &Node<'_, '_>| {
                node.tag_name().name() == name.local.as_str() && node.tag_name().namespace().unwrap_or_default() == name.ns.as_str()
            };
            let first = part(a, "Header").and_then(|header| elements(header).into_iter().find(is));
            let second = part(b, "Header").and_then(|header| elements(header).into_iter().find(is));
            match (first, second) {
                (Some(one), Some(two)) => self.element(one, two, &format!("Header/{}", name.local.as_str()))?,
                (None, None) => {}
                // One that breaks its schema is no part of the law.
                (Some(_), None) if self.types.broken.contains(&header.element) => {}
                (one, _) => return Err(format!("Header/{}: {}", name.local.as_str(), if one.is_some() { "lost" } else { "invented" })),
            }
        }
        Ok(())
    }

    fn children(&self, a: &[Node<'_, '_>], b: &[Node<'_, '_>], at: &str) -> Result<(), String> {
        if a.len() != b.len() {
            let names = |list: &[Node<'_, '_>]| list.iter().map(|node| node.tag_name().name().to_owned()).collect::<Vec<_>>().join(" ");
            return Err(format!("{at}: children [{}], [{}] came back", names(a), names(b)));
        }
        for (number, (one, two)) in a.iter().zip(b).enumerate() {
            let position = a[..number].iter().filter(|node| node.tag_name() == one.tag_name()).count() + 1;
            self.element(*one, *two, &format!("{at}/{}[{position}]", one.tag_name().name()))?;
        }
        Ok(())
    }

    fn element(&self, a: Node<'_, '_>, b: Node<'_, '_>, at: &str) -> Result<(), String> {
        if name_of(a) != name_of(b) {
            return Err(format!("{at}: {:?}, {:?} came back", name_of(a), name_of(b)));
        }
        self.inside(a, b, at)
    }

    fn inside(&self, a: Node<'_, '_>, b: Node<'_, '_>, at: &str) -> Result<(), String> {
        let info = self.types.by_offset.get(&a.range().start);
        let (left, right) = (self.attributes(a, info), self.attributes(b, info));
        if left.keys().ne(right.keys()) {
            return Err(format!(
                "{at}: attributes {:?}, {:?} came back",
                left.keys().collect::<Vec<_>>(),
                right.keys().collect::<Vec<_>>()
            ));
        }
        for (key, one) in &left {
            let two = &right[key];
            let same = match info.and_then(|info| info.attributes.get(key)) {
                Some(ty) => self.values(*ty, (a, one), (b, two)),
                None => one == two,
            };
            if !same {
                return Err(format!("{at}/@{}: {one:?}, {two:?} came back", key.1));
            }
        }
        self.content(a, b, at)
    }

    /// Attributes that count, by name; xsi:type as a resolved name.
    fn attributes(&self, node: Node<'_, '_>, info: Option<&Info>) -> BTreeMap<(String, String), String> {
        let mut found = BTreeMap::new();
        for attribute in node.attributes() {
            let (ns, local) = (attribute.namespace().unwrap_or_default(), attribute.name());
            let value = match (ns, local) {
                (XSI_NS, "schemaLocation" | "noNamespaceSchemaLocation") | (XMIME | XMIME_OLD, "contentType") => continue,
                (XSI_NS, "nil") if matches!(attribute.value().trim(), "false" | "0") => continue,
                (XSI_NS, "nil") => "true".to_owned(),
                (XSI_NS, "type") => {
                    let (ns, local) = resolve(node, attribute.value());
                    if info.is_some_and(|info| self.type_is_implied(info, &ns, &local)) {
                        continue;
                    }
                    format!("{{{ns}}}{local}")
                }
                _ if info.is_some_and(|info| info.header) && ns.contains("envelope") => continue,
                _ => attribute.value().to_owned(),
            };
            found.insert((ns.to_owned(), local.to_owned()), value);
        }
        found
    }

    /// Whether an xsi:type says nothing: the declared type, or a restriction of a simple one.
    fn type_is_implied(&self, info: &Info, ns: &str, local: &str) -> bool {
        let Some(declared) = info.declared else { return false };
        match declared {
            TypeId::Simple(id) if id != SimpleTypeId::ANY && !matches!(self.schema.simple.get(id).variety, Variety::Union(_)) => true,
            TypeId::Simple(_) | TypeId::Complex(_) => self.schema.find_type(ns, local) == Some(declared),
        }
    }

    fn values(&self, ty: SimpleTypeId, a: (Node<'_, '_>, &str), b: (Node<'_, '_>, &str)) -> bool {
        let prefixes = |node: Node<'_, '_>| -> Vec<(String, String)> {
            let bound = node.namespaces().map(|one| (one.name().unwrap_or_default().to_owned(), one.uri().to_owned()));
            bound.chain([(String::new(), String::new())]).collect()
        };
        self.schema.simple.equal(ty, (a.1, &prefixes(a.0)), (b.1, &prefixes(b.0)))
    }

    fn content(&self, a: Node<'_, '_>, b: Node<'_, '_>, at: &str) -> Result<(), String> {
        let info = self.types.by_offset.get(&a.range().start);
        let (mut left, mut right) = (elements(a), elements(b));
        match info.map_or(Kind::Mixed, |info| info.kind) {
            Kind::Value(ty) => {
                let default = info.and_then(|info| info.default.clone());
                let text =
                    |node: Node<'_, '_>| -> String { node.children().filter(Node::is_text).filter_map(|node| node.text()).collect() };
                let nil = a.attribute((XSI_NS, "nil")).is_some_and(|nil| matches!(nil.trim(), "true" | "1"));
                let fill = |text: String| if text.is_empty() { default.clone().unwrap_or(text) } else { text };
                let (one, two) = (fill(text(a)), fill(text(b)));
                let nothing = nil && one.is_empty() && two.is_empty();
                if !nothing && !self.values(ty, (a, &one), (b, &two)) {
                    return Err(format!("{at}: value {one:?}, {two:?} came back"));
                }
            }
            Kind::Elements { all } => {
                if all {
                    left.sort_by_key(|node| name_of(*node));
                    right.sort_by_key(|node| name_of(*node));
                }
            }
            Kind::Mixed => {
                let (one, two) = (runs(a), runs(b));
                if one != two {
                    return Err(format!("{at}: text {one:?}, {two:?} came back"));
                }
                prefixes_hold(a, b, &one, at)?;
            }
        }
        self.children(&left, &right, at)
    }
}

/// Texts before, between and after the child elements.
fn runs(node: Node<'_, '_>) -> Vec<String> {
    let mut runs = vec![String::new()];
    for child in node.children() {
        if child.is_element() {
            runs.push(String::new());
        } else if child.is_text()
            && let Some(last) = runs.last_mut()
        {
            last.push_str(child.text().unwrap_or_default());
        }
    }
    runs
}

/// Prefixes that a text names mean the same afterwards.
fn prefixes_hold(a: Node<'_, '_>, b: Node<'_, '_>, runs: &[String], at: &str) -> Result<(), String> {
    for namespace in a.namespaces() {
        let Some(prefix) = namespace.name() else { continue };
        let named = runs.iter().any(|text| {
            text.split(&format!("{prefix}:")).skip(1).count() > 0
                && text
                    .match_indices(&format!("{prefix}:"))
                    .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
        });
        if named && b.lookup_namespace_uri(Some(prefix)) != Some(namespace.uri()) {
            return Err(format!("{at}: its text names the prefix {prefix}, which came back as {:?}", b.lookup_namespace_uri(Some(prefix))));
        }
    }
    Ok(())
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Value(SimpleTypeId),
    Elements { all: bool },
    Mixed,
}

/// What the schema says of one element of the original.
struct Info {
    kind: Kind,
    declared: Option<TypeId>,
    default: Option<String>,
    attributes: HashMap<(String, String), SimpleTypeId>,
    header: bool,
}

/// The types of the elements of a message, by where their start tags begin.
#[derive(Default)]
struct Types {
    by_offset: HashMap<usize, Info>,
    /// Header declarations whose blocks are not valid.
    broken: Vec<ElementId>,
}

struct Recorder<'s> {
    schema: &'s Schema,
    types: Types,
    open: Vec<usize>,
    in_header: Option<ElementId>,
}

impl Visitor for Recorder<'_> {
    fn open(&mut self, element: &Opened<'_>) {
        let declared = element.declaration.map(|id| self.schema.element(id).ty);
        let (kind, declared) = match element.typing {
            Typing::Declared(ty) => (self.kind(ty), Some(ty)),
            // A restriction of a declared simple type is judged by that type.
            Typing::Chosen(ty) => (self.kind(ty), declared),
            Typing::Any | Typing::Skipped => (Kind::Mixed, None),
        };
        let default = element.declaration.and_then(|id| default_of(self.schema, id));
        let header = self.in_header.is_some() && self.open.is_empty();
        self.types.by_offset.insert(element.offset(), Info { kind, declared, default, attributes: HashMap::new(), header });
        self.open.push(element.offset());
    }

    fn attribute(&mut self, attribute: &SeenAttribute<'_>) {
        let info = self.open.last().and_then(|offset| self.types.by_offset.get_mut(offset));
        if let (Some(info), Some(ty)) = (info, attribute.value.ty) {
            info.attributes.insert((attribute.name.ns.to_owned(), attribute.name.local.to_owned()), ty);
        }
    }

    fn value(&mut self, _value: &Value<'_>) {}

    fn text(&mut self, _text: &str) {}

    fn close(&mut self, _scope: Scope<'_>) {
        self.open.pop();
    }

    fn fault(&mut self, _fault: WalkFault) {
        self.types.broken.extend(self.in_header);
    }
}

fn default_of(schema: &Schema, id: ElementId) -> Option<String> {
    schema.element(id).value.as_ref().map(|value| match value {
        ValueConstraint::Default(text) | ValueConstraint::Fixed(text) => text.to_string(),
    })
}

impl Recorder<'_> {
    fn kind(&self, ty: TypeId) -> Kind {
        let complex = match ty {
            TypeId::Simple(id) => return Kind::Value(id),
            TypeId::ANY => return Kind::Mixed,
            TypeId::Complex(id) => self.schema.complex(id),
        };
        match &complex.content {
            Content::Simple(id) => Kind::Value(*id),
            _ if complex.mixed => Kind::Mixed,
            Content::Empty => Kind::Elements { all: false },
            Content::Elements(model) => Kind::Elements { all: matches!(model.particle(ParticleId::ROOT).term, Term::All(_)) },
        }
    }
}

impl Types {
    fn of(schema: &Schema, message: &Message, text: &str) -> Self {
        let run = |outline: Option<Outline>| {
            let mut recorder = Recorder { schema, types: Types::default(), open: Vec::new(), in_header: None };
            let mut walker = Walker::new(schema);
            if let Some(outline) = outline {
                walker.set_outline(outline);
            }
            record(schema, message, text, &mut walker, &mut recorder);
            (walker.diverged(), recorder.types)
        };
        let (diverged, types) = run(None);
        if !diverged {
            return types;
        }
        let outline = Outline::read(text.as_bytes(), &schema.symbols, &Limits::default()).expect("it was read before");
        run(Some(outline)).1
    }
}

/// Walks the declared headers and the body.
fn record(schema: &Schema, message: &Message, text: &str, walker: &mut Walker<'_>, recorder: &mut Recorder<'_>) {
    let limits = Limits::default();
    let mut reader = SliceReader::new(text.as_bytes(), &schema.symbols, &limits);
    let mut tracker = Tracker::new();
    let mut seen = std::collections::HashSet::new();
    loop {
        match reader.next().expect("the original is well-formed") {
            Event::Start(start) if walker.depth() > 0 => walker.start(&start, recorder),
            Event::Start(start) => match tracker.start(start.name(), start.offset()).expect("the original is an envelope") {
                Spot::Block => {
                    let header = message.headers.iter().find(|one| schema.element(one.element).name == start.symbol);
                    if let Some(header) = header
                        && seen.insert(header.element)
                    {
                        recorder.in_header = Some(header.element);
                        walker.begin(&start, Declared::Element(header.element), recorder);
                    }
                }
                Spot::Body => {
                    recorder.in_header = None;
                    match &message.body {
                        Body::Elements(id) => walker.begin_content(&start, TypeId::Complex(*id), recorder),
                        Body::Content(ty) => walker.begin_content(&start, *ty, recorder),
                        Body::Empty | Body::Element(_) | Body::Wrapper { .. } => {}
                    }
                }
                Spot::Child(0) => {
                    if let Body::Element(id) | Body::Wrapper { element: id, .. } = &message.body {
                        walker.begin(&start, Declared::Element(*id), recorder);
                    }
                }
                Spot::Envelope(_) | Spot::Header | Spot::Child(_) | Spot::Trailer | Spot::Inside => {}
            },
            Event::Text(text) if walker.depth() > 0 => walker.text(&text, recorder),
            Event::End(end) if walker.depth() > 0 => {
                walker.end(&end, recorder);
                if walker.depth() == 0 {
                    tracker.end();
                }
            }
            Event::End(_) => {
                tracker.end();
            }
            Event::Eof => return,
            Event::Text(_) | Event::Comment { .. } | Event::Instruction { .. } => {}
        }
    }
}
