//! Reads an xs:schema element: its head, its links to other documents, its components.
//!
//! A [`Reader`] holds what the document fixes for everything in it, expands names, and collects warnings.

use std::collections::BTreeSet;
use std::sync::Arc;

use roxmltree::Node;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::SourceId;
use crate::schema::form::DerivationSet;
use crate::schema::syntax::Components;
use crate::schema::syntax::Link;
use crate::schema::syntax::LinkKind;
use crate::schema::syntax::Ref;
use crate::schema::syntax::Top;
use crate::schema::syntax::vocabulary;
use crate::schema::syntax::vocabulary::is_xsd;
use crate::schema::syntax::vocabulary::xsd_name;
use crate::xml::name::Symbol;
use crate::xml::name::Symbols;
use crate::xml::name::XML_NS;
use crate::xml::name::XSD_NS;
use crate::xml::tree::Plain;

/// How deep components may stand inside one another.
const DEPTH: u32 = 200;

/// What the root of a schema document says before any component.
pub(crate) struct SchemaHead {
    /// `targetNamespace`; none where it is absent.
    pub(crate) target: Option<String>,
}

impl SchemaHead {
    /// Reads the attributes of an xs:schema element.
    pub(crate) fn of(node: Node<'_, '_>) -> Self {
        Self { target: node.plain("targetNamespace").filter(|ns| !ns.is_empty()).map(String::from) }
    }
}

/// Reads one document.
pub(crate) struct Reader<'s> {
    pub(crate) symbols: &'s mut Symbols,
    pub(crate) diagnostics: &'s mut Vec<Diagnostic>,
    pub(crate) bindings: &'s mut Vec<(Arc<str>, Arc<str>)>,
    source: SourceId,
    /// The namespace of what is declared; that of the including document for a chameleon.
    pub(crate) target: Arc<str>,
    chameleon: bool,
    pub(crate) qualified_elements: bool,
    pub(crate) qualified_attributes: bool,
    pub(crate) block_default: DerivationSet,
    imported: BTreeSet<String>,
    /// Names of the components at the top of the document.
    own: BTreeSet<String>,
    /// Namespaces that are referred to without an import, with the first place.
    pub(crate) strangers: Vec<(String, Place)>,
    depth: u32,
}

impl<'s> Reader<'s> {
    /// A reader for the xs:schema element `node`, whose components go to `target`.
    pub(crate) fn new(
        symbols: &'s mut Symbols,
        diagnostics: &'s mut Vec<Diagnostic>,
        bindings: &'s mut Vec<(Arc<str>, Arc<str>)>,
        node: Node<'_, '_>,
        source: SourceId,
        target: &str,
    ) -> Self {
        let own = SchemaHead::of(node).target;
        let mut imported: BTreeSet<String> = node
            .children()
            .filter(|child| is_xsd(*child, "import"))
            .map(|child| child.plain("namespace").unwrap_or("").to_owned())
            .collect();
        imported.extend([target.to_owned(), String::from(XSD_NS), String::from(XML_NS)]);
        let mut reader = Self {
            symbols,
            diagnostics,
            bindings,
            source,
            target: target.into(),
            chameleon: own.is_none() && !target.is_empty(),
            qualified_elements: node.plain("elementFormDefault").map(str::trim) == Some("qualified"),
            qualified_attributes: node.plain("attributeFormDefault").map(str::trim) == Some("qualified"),
            block_default: DerivationSet::default(),
            imported,
            own: node.children().filter_map(|child| child.plain("name")).map(|name| name.trim().to_owned()).collect(),
            strangers: Vec::new(),
            depth: 0,
        };
        reader.block_default = reader.derivation_set(node, "blockDefault", DerivationSet::default());
        reader
    }

    /// The links and components of the document.
    pub(crate) fn read(&mut self, node: Node<'_, '_>) -> (Vec<Link>, Components) {
        self.check_attributes(
            node,
            &["targetNamespace", "elementFormDefault", "attributeFormDefault", "blockDefault", "finalDefault", "version", "id"],
        );
        self.note_prefixes(node);
        self.warn_of_foreign_names(node);
        let mut links = Vec::new();
        let mut components = Components::default();
        for child in node.children() {
            if child.is_text() && child.text().is_some_and(|text| !text.trim().is_empty()) {
                self.warn("text-in-schema", child, "text beside the components of a schema is ignored".into());
            }
            if !child.is_element() {
                continue;
            }
            match xsd_name(child) {
                Some("include") => links.push(self.link(child, LinkKind::Include)),
                Some("import") => {
                    let ns = child.plain("namespace").map(Into::into);
                    links.push(self.link(child, LinkKind::Import(ns)));
                }
                Some("redefine") => {
                    let mut inner = Components::default();
                    for part in child.children().filter(Node::is_element) {
                        if xsd_name(part) != Some("annotation") {
                            self.component(part, &mut inner);
                        }
                    }
                    links.push(self.link(child, LinkKind::Redefine(inner)));
                }
                Some("annotation" | "notation") => {}
                Some(_) | None => self.component(child, &mut components),
            }
        }
        (links, components)
    }

    /// One warning for all elements of a namespace that is taken for XML Schema's.
    fn warn_of_foreign_names(&mut self, node: Node<'_, '_>) {
        for (ns, first) in vocabulary::foreign(node) {
            let text = format!("{ns:?} is not the namespace of XML Schema; what stands in it here is read as XML Schema all the same");
            self.warn("foreign-schema-namespace", first, text);
        }
    }

    fn link(&mut self, node: Node<'_, '_>, kind: LinkKind) -> Link {
        let place = self.attribute_place(node, "schemaLocation");
        Link { kind, location: node.plain("schemaLocation").map(|text| text.trim().to_owned()), place }
    }

    fn component(&mut self, node: Node<'_, '_>, into: &mut Components) {
        let Some(kind) = xsd_name(node) else {
            self.unknown_element(node);
            return;
        };
        match kind {
            "element" | "complexType" | "simpleType" | "attribute" | "group" | "attributeGroup" => {}
            _ => {
                self.unknown_element(node);
                return;
            }
        }
        let Some(local) = node.plain("name").map(str::trim).filter(|name| !name.is_empty()) else {
            self.warn("unnamed-component", node, format!("a global xs:{kind} without a name is ignored"));
            return;
        };
        let target = self.target.clone();
        let name = self.symbols.intern(&target, local);
        match kind {
            "element" => {
                let decl = self.global_element(node, name);
                into.elements.push(self.top(node, name, decl));
            }
            "complexType" => {
                let decl = crate::schema::syntax::TypeDecl::Complex(self.complex_type(node));
                into.types.push(self.top(node, name, decl));
            }
            "simpleType" => {
                let decl = crate::schema::syntax::TypeDecl::Simple(self.simple_type(node));
                into.types.push(self.top(node, name, decl));
            }
            "attribute" => {
                let decl = self.attribute_declaration(node, name);
                into.attributes.push(self.top(node, name, decl));
            }
            "group" => {
                let decl = self.named_group(node);
                into.groups.push(self.top(node, name, decl));
            }
            _ => {
                let decl = self.attribute_group(node);
                into.attribute_groups.push(self.top(node, name, decl));
            }
        }
    }

    fn top<T>(&self, node: Node<'_, '_>, name: Symbol, decl: T) -> Top<T> {
        let end = u32::try_from(node.range().end).unwrap_or(u32::MAX);
        Top { name, place: self.place(node), end, decl: Arc::new(decl), rival: None }
    }

    /// Runs `inside` one level deeper, unless that is too deep.
    pub(crate) fn deeper<T>(&mut self, node: Node<'_, '_>, inside: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEPTH {
            self.warn("nested-too-deep", node, format!("components stand more than {DEPTH} deep; this one is left out"));
            return None;
        }
        self.depth += 1;
        let result = inside(self);
        self.depth -= 1;
        Some(result)
    }

    /// The place of an element.
    pub(crate) fn place(&self, node: Node<'_, '_>) -> Place {
        self.at(node.range().start)
    }

    /// The place of an attribute, or of its element where it is absent.
    pub(crate) fn attribute_place(&self, node: Node<'_, '_>, name: &str) -> Place {
        let start = node.plain_node(name).map_or(node.range().start, |attribute| attribute.range().start);
        self.at(start)
    }

    fn at(&self, offset: usize) -> Place {
        Place { source: self.source, offset: u32::try_from(offset).unwrap_or(u32::MAX) }
    }

    /// A warning at an element.
    pub(crate) fn warn(&mut self, code: &'static str, node: Node<'_, '_>, message: String) {
        let place = self.place(node);
        self.diagnostics.push(Diagnostic::warning(code, place, message));
    }

    /// A warning about an element that has no meaning where it stands.
    pub(crate) fn unknown_element(&mut self, node: Node<'_, '_>) {
        let parent = node.parent_element().map_or("schema", |parent| parent.tag_name().name());
        let found = node.tag_name().name();
        self.warn("unknown-element", node, format!("{found} has no meaning inside {parent} and is ignored"));
    }

    /// Warns of attributes without namespace that are not among `known`.
    pub(crate) fn check_attributes(&mut self, node: Node<'_, '_>, known: &[&str]) {
        for attribute in node.attributes() {
            let name = attribute.name();
            if attribute.namespace().is_none() && !known.contains(&name) {
                let place = self.at(attribute.range().start);
                let message = format!("attribute {name} has no meaning on xs:{} and is ignored", node.tag_name().name());
                self.diagnostics.push(Diagnostic::warning("unknown-attribute", place, message));
            }
        }
    }

    /// Remembers the prefixes bound on this element.
    pub(crate) fn note_prefixes(&mut self, node: Node<'_, '_>) {
        note_prefixes(self.bindings, node);
    }

    /// The reference that an attribute makes, if it is there.
    pub(crate) fn reference(&mut self, node: Node<'_, '_>, attribute: &str) -> Option<Ref> {
        let text = node.plain(attribute)?.trim();
        if text.is_empty() {
            return None;
        }
        self.note_prefixes(node);
        let place = self.attribute_place(node, attribute);
        Some(Ref { name: self.expand(node, text, place), place })
    }

    /// Expands a name by the prefixes in scope at `node`. One with an unbound prefix becomes a name that nothing can have.
    pub(crate) fn expand(&mut self, node: Node<'_, '_>, text: &str, place: Place) -> Symbol {
        let (prefix, local) = match text.split_once(':') {
            Some((prefix, local)) => (Some(prefix), local),
            None => (None, text),
        };
        let ns = match (prefix, node.lookup_namespace_uri(prefix)) {
            (None, None | Some("")) if self.chameleon => {
                let target = self.target.clone();
                return self.symbols.intern(&target, local);
            }
            (None, ns) if self.forgot_its_prefix(ns, local) => {
                let message = format!("{text:?} has no prefix and is not known in the default namespace; the targetNamespace is taken");
                self.diagnostics.push(Diagnostic::warning("unprefixed-reference", place, message));
                let target = self.target.clone();
                return self.symbols.intern(&target, local);
            }
            (_, Some(ns)) => match vocabulary::meant(prefix, ns, local) {
                Some(local) => {
                    return self.symbols.intern(XSD_NS, local);
                }
                None => ns,
            },
            (Some("xml"), None) => XML_NS,
            (None, None) => "",
            (Some("xs" | "xsd"), None) if vocabulary::is_built_in(local) => {
                let message = format!("the prefix of {text} is not bound; taken for the type of XML Schema");
                self.diagnostics.push(Diagnostic::warning("unbound-prefix", place, message));
                return self.symbols.intern(XSD_NS, local);
            }
            (Some(prefix), None) => {
                let message = format!("the prefix {prefix} of {text} is not bound");
                self.diagnostics.push(Diagnostic::warning("unbound-prefix", place, message));
                return self.symbols.intern("", text);
            }
        };
        if !self.imported.contains(ns) {
            self.imported.insert(ns.to_owned());
            self.strangers.push((ns.to_owned(), place));
        }
        self.symbols.intern(ns, local)
    }

    /// Whether a name without prefix can only be that of a component of this very document: the default namespace is WSDL's, or
    /// there is none and none is imported.
    fn forgot_its_prefix(&self, ns: Option<&str>, local: &str) -> bool {
        let ns = ns.unwrap_or_default();
        let nothing = vocabulary::is_wsdl(ns) || (ns.is_empty() && !self.imported.contains(""));
        nothing && !self.target.is_empty() && self.own.contains(local)
    }

    /// A boolean attribute; anything but the four forms of xs:boolean is false with a warning.
    pub(crate) fn flag(&mut self, node: Node<'_, '_>, attribute: &str) -> Option<bool> {
        match node.plain(attribute)?.trim() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            other => {
                let message = format!("{attribute} is {other:?}, expected true or false; taken as false");
                self.warn("not-a-boolean", node, message);
                Some(false)
            }
        }
    }

    /// A `block` attribute and its kin.
    pub(crate) fn derivation_set(&mut self, node: Node<'_, '_>, attribute: &str, default: DerivationSet) -> DerivationSet {
        let Some(text) = node.plain(attribute) else {
            return default;
        };
        let mut set = DerivationSet::default();
        for word in text.split_ascii_whitespace() {
            match word {
                "#all" => set = DerivationSet { extension: true, restriction: true, substitution: true },
                "extension" => set.extension = true,
                "restriction" => set.restriction = true,
                "substitution" => set.substitution = true,
                _ => self.warn("unknown-derivation", node, format!("{attribute} names {word:?}, which is ignored")),
            }
        }
        set
    }
}

/// Remembers the prefixes bound on an element itself, in document order.
pub(crate) fn note_prefixes(bindings: &mut Vec<(Arc<str>, Arc<str>)>, node: Node<'_, '_>) {
    let scope = node.namespaces();
    let inherited = node.parent_element().map(|parent| parent.namespaces());
    if let Some(mut above) = inherited.clone()
        && above.len() == scope.len()
        && match (above.next(), scope.clone().next()) {
            (Some(a), Some(b)) => std::ptr::eq(a, b),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    {
        return;
    }
    for binding in scope {
        if let Some(prefix) = binding.name()
            && !bindings.iter().any(|(uri, _)| &**uri == binding.uri())
        {
            bindings.push((binding.uri().into(), prefix.into()));
        }
    }
}

/// The text of xs:annotation/xs:documentation, in whole.
pub(crate) fn documentation(node: Node<'_, '_>) -> Option<Arc<str>> {
    let annotation = node.children().find(|child| is_xsd(*child, "annotation"))?;
    let mut text = String::new();
    for part in annotation.children().filter(|child| is_xsd(*child, "documentation")) {
        for piece in part.descendants().filter(Node::is_text) {
            text.push_str(piece.text().unwrap_or(""));
        }
        text.push('\n');
    }
    let text = text.trim();
    (!text.is_empty()).then(|| text.into())
}
