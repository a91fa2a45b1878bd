//! Tags and prefixes as they are written: one prefix a namespace in a whole contract, each element's tags once.
//!
//! All elements with a namespace are written with a prefix, so that those without one never fall into a default
//! namespace. Prefixes are those of the schema's table; the envelope's and XML Schema's own are chosen free of it.

use crate::schema::form::ElementId;
use crate::schema::form::Schema;
use crate::xml::name::XML_NS;
use crate::xml::name::XSD_NS;
use crate::xml::name::XSI_NS;

/// A namespace of the prefix table, by its number there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NamespaceId(pub u32);

/// Tags of all elements of a schema, and the prefixes they use.
#[derive(Debug, Default)]
pub struct Tags {
    text: Vec<u8>,
    tags: Vec<Tag>,
    /// Namespace and prefix, by number.
    namespaces: Vec<(Box<str>, Box<str>)>,
    /// Where the envelope's namespaces are not in the schema's table.
    soap_prefix: Box<str>,
}

/// The tags of one element in [`Tags`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tag {
    start: u32,
    /// Bytes of the name with its prefix.
    name: u32,
    /// The namespace that must be declared; none for an element in no namespace.
    pub namespace: Option<NamespaceId>,
}

impl Tags {
    /// The tags of a schema's elements.
    #[must_use]
    pub fn new(schema: &Schema) -> Self {
        let mut made = Self::default();
        for (uri, prefix) in &schema.prefixes {
            if !uri.is_empty() && !prefix.is_empty() && &**uri != XML_NS {
                made.namespaces.push((uri.as_ref().into(), prefix.as_ref().into()));
            }
        }
        made.ensure(XSI_NS, "xsi");
        made.ensure(XSD_NS, "xs");
        for element in &schema.elements {
            let name = schema.symbols.name(element.name);
            let namespace = (!name.ns.as_str().is_empty()).then(|| made.ensure(name.ns.as_str(), "ns"));
            made.push(namespace, name.local.as_str());
        }
        for attribute in &schema.attributes {
            let ns = schema.symbols.name(attribute.name).ns.as_str();
            if !ns.is_empty() && ns != XML_NS {
                made.ensure(ns, "ns");
            }
        }
        made.soap_prefix = made.free("soap").into();
        made
    }

    fn push(&mut self, namespace: Option<NamespaceId>, local: &str) {
        let start = self.text.len();
        self.text.extend_from_slice(b"</");
        if let Some(id) = namespace {
            self.text.extend_from_slice(self.namespaces[id.0 as usize].1.as_bytes());
            self.text.push(b':');
        }
        self.text.extend_from_slice(local.as_bytes());
        let name = self.text.len() - start - 2;
        self.text.push(b'>');
        self.text.push(b'<');
        self.text.extend_from_within(start + 2..start + 2 + name);
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.tags.push(Tag { start: narrow(start), name: narrow(name), namespace });
    }

    /// The number of a namespace, with this prefix (or one made of it) if it is new.
    fn ensure(&mut self, uri: &str, prefix: &str) -> NamespaceId {
        if let Some(id) = self.find(uri) {
            return id;
        }
        let prefix = self.free(prefix);
        self.namespaces.push((uri.into(), prefix.into()));
        NamespaceId(u32::try_from(self.namespaces.len() - 1).unwrap_or(u32::MAX))
    }

    /// A prefix that no namespace has: this, or with a number.
    fn free(&self, wanted: &str) -> String {
        let taken = |prefix: &str| self.namespaces.iter().any(|(_, one)| &**one == prefix);
        if !taken(wanted) {
            return wanted.to_owned();
        }
        (1_u32..).map(|n| format!("{wanted}{n}")).find(|one| !taken(one)).unwrap_or_default()
    }

    /// The number of a namespace.
    #[must_use]
    pub fn find(&self, uri: &str) -> Option<NamespaceId> {
        let at = self.namespaces.iter().position(|(one, _)| &**one == uri)?;
        u32::try_from(at).ok().map(NamespaceId)
    }

    /// The number of the namespace that has this prefix.
    #[must_use]
    pub fn find_prefix(&self, prefix: &str) -> Option<NamespaceId> {
        let at = self.namespaces.iter().position(|(_, one)| &**one == prefix)?;
        u32::try_from(at).ok().map(NamespaceId)
    }

    /// The namespace and prefix with this number.
    #[must_use]
    pub fn namespace(&self, id: NamespaceId) -> (&str, &str) {
        self.namespaces.get(id.0 as usize).map_or(("", ""), |(uri, prefix)| (uri, prefix))
    }

    /// Writes ` xmlns:prefix="uri"`.
    pub(crate) fn declare(&self, id: NamespaceId, out: &mut Vec<u8>) {
        let (uri, prefix) = self.namespace(id);
        out.extend_from_slice(b" xmlns:");
        out.extend_from_slice(prefix.as_bytes());
        out.extend_from_slice(b"=\"");
        crate::xml::writer::escape_attribute(out, uri);
        out.push(b'"');
    }

    /// How many namespaces there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.namespaces.len()
    }

    /// The prefix of the envelope's namespace.
    #[must_use]
    pub fn soap_prefix(&self) -> &str {
        &self.soap_prefix
    }

    /// The tags of an element.
    #[must_use]
    pub fn tag(&self, id: ElementId) -> Tag {
        self.tags.get(id.0 as usize).copied().unwrap_or(Tag { start: 0, name: 0, namespace: None })
    }

    /// `<p:Name`, without the bracket that closes it.
    #[must_use]
    pub fn open(&self, tag: Tag) -> &[u8] {
        let from = tag.start as usize + 2 + tag.name as usize + 1;
        self.text.get(from..from + 1 + tag.name as usize).unwrap_or_default()
    }

    /// `</p:Name>`.
    #[must_use]
    pub fn close(&self, tag: Tag) -> &[u8] {
        let from = tag.start as usize;
        self.text.get(from..from + tag.name as usize + 3).unwrap_or_default()
    }
}
