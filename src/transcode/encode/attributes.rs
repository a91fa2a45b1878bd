//! Attributes: those that a type declares, in its order, then those that its wildcard admits.

use crate::json::tape::Kind;
use crate::json::tape::Value;
use crate::schema::form::AttributeId;
use crate::schema::form::AttributeUse;
use crate::schema::form::ProcessContents;
use crate::schema::form::TypeId;
use crate::schema::form::ValueConstraint;
use crate::schema::form::Wildcard;
use crate::schema::simple::SimpleTypeId;
use crate::transcode::encode::encoder::Encoder;
use crate::transcode::encode::object::Extra;
use crate::transcode::encode::object::Members;
use crate::transcode::encode::object::NULLED;
use crate::transcode::encode::report::cut;
use crate::transcode::encode::report::kind_in_words;
use crate::transcode::encode::report::listed;
use crate::xml::char::is_ncname;
use crate::xml::name::QName;
use crate::xml::name::Symbol;
use crate::xml::name::XMLNS_NS;
use crate::xml::name::XSI_NS;
use crate::xml::writer;

impl<'c, 'd> Encoder<'c, 'd> {
    /// The attributes of an element; `plain`: its type's attributes have no properties.
    pub(super) fn attributes(&mut self, ty: TypeId, plain: bool, members: &Members<'d>) {
        let uses = if plain { &[] } else { self.uses(ty) };
        for (at, one) in uses.iter().enumerate() {
            match self.slot(members.attributes + at) {
                Some(value) => self.declared_attribute(one, value),
                None if one.required => self.absent_attribute(ty, at, one, members),
                None => {}
            }
        }
        if self.extras.len() > members.extras {
            let wildcard = match ty {
                TypeId::Complex(id) if !plain => self.schema.complex(id).any_attribute.as_ref(),
                TypeId::Complex(_) | TypeId::Simple(_) => None,
            };
            self.extra_attributes(ty, wildcard, members.extras);
        }
    }

    pub(super) fn declared_attribute(&mut self, one: &'c AttributeUse, value: Value<'d>) {
        let ty = self.schema.attribute(one.attribute).ty;
        let Some(text) = self.lexical(ty, value) else { return };
        if let Some(ValueConstraint::Fixed(fixed)) = &one.value
            && !self.equal(ty, &text, fixed)
        {
            self.report.at(value, format!("expected the fixed value \"{fixed}\""));
        }
        self.attribute_text(one.name, &text);
    }

    #[cold]
    fn absent_attribute(&mut self, ty: TypeId, at: usize, one: &'c AttributeUse, members: &Members<'d>) {
        let nulled = self.slots.get(members.attributes + at) == Some(&NULLED);
        match &one.value {
            Some(ValueConstraint::Fixed(fixed)) if !nulled => self.attribute_text(one.name, fixed),
            Some(_) | None => {
                let TypeId::Complex(id) = ty else { return };
                let shapes = self.shapes;
                let key = shapes.of(id).attributes.get(at).map_or("", |one| &*one.key);
                self.report.missing(members.object, key, if nulled { "must not be null" } else { "missing" });
            }
        }
    }

    /// ` p:name="text"` of a declared attribute.
    pub(super) fn attribute_text(&mut self, name: Symbol, text: &str) {
        let schema = self.schema;
        let name = schema.symbols.name(name);
        self.named_attribute(name.ns.as_str(), name.local.as_str(), text);
    }

    /// ` p:name="text"` of any attribute.
    pub(super) fn named_attribute(&mut self, ns: &str, local: &str, text: &str) {
        let prefix = self.scope.prefix(ns, &mut self.out);
        self.out.push(b' ');
        self.scope.write(&prefix, &mut self.out);
        self.out.extend_from_slice(local.as_bytes());
        self.out.extend_from_slice(b"=\"");
        writer::escape_attribute(&mut self.out, text);
        self.out.push(b'"');
    }

    #[cold]
    fn extra_attributes(&mut self, ty: TypeId, wildcard: Option<&'c Wildcard>, from: usize) {
        let extras: Vec<Extra<'d>> = self.extras.get(from..).unwrap_or_default().to_vec();
        for extra in extras {
            match wildcard {
                Some(wildcard) => self.admitted_attribute(ty, wildcard, &extra),
                None => {
                    let known = match ty {
                        TypeId::Complex(id) => self.shapes.of(id).attributes.as_slice(),
                        TypeId::Simple(_) => &[],
                    };
                    let known = listed(known.iter().map(|one| &*one.key));
                    self.report.at(extra.value, format!("unknown attribute; expected {known}"));
                }
            }
        }
    }

    fn admitted_attribute(&mut self, ty: TypeId, wildcard: &Wildcard, extra: &Extra<'d>) {
        let Some(name) = self.attribute_name(extra) else { return };
        if self.uses(ty).iter().any(|one| *self.schema.symbols.name(one.name) == name) {
            self.report.at(extra.value, "this attribute has a declaration: use its own key");
            return;
        }
        if !wildcard.namespaces.admits(name.ns.as_str()) {
            self.report.at(extra.value, "unknown attribute: its namespace is not admitted here");
            return;
        }
        self.open_attribute(&name, wildcard.process, extra.value);
    }

    /// An attribute without a use in a type: typed if it is declared, else a string.
    pub(super) fn open_attribute(&mut self, name: &QName, process: ProcessContents, value: Value<'d>) {
        if value.is_null() {
            return;
        }
        let declared = self.global_attribute(name).filter(|_| process != ProcessContents::Skip);
        if let Some(id) = declared {
            let attribute = self.schema.attribute(id);
            let Some(text) = self.lexical(attribute.ty, value) else { return };
            if let Some(ValueConstraint::Fixed(fixed)) = &attribute.value
                && !self.equal(attribute.ty, &text, fixed)
            {
                self.report.at(value, format!("expected the fixed value \"{fixed}\""));
            }
            self.named_attribute(name.ns.as_str(), name.local.as_str(), &text);
            return;
        }
        if process == ProcessContents::Strict {
            self.report.at(value, "unknown attribute: the schemas do not declare it");
            return;
        }
        if value.kind() != Kind::String {
            self.report.at(value, format!("expected a string, found {}", kind_in_words(value)));
            return;
        }
        if let Some(text) = self.characters(value) {
            self.named_attribute(name.ns.as_str(), name.local.as_str(), &text);
        }
    }

    fn global_attribute(&self, name: &QName) -> Option<AttributeId> {
        let symbol = self.schema.symbols.find(name.ns.as_str(), name.local.as_str())?;
        self.schema.global_attributes.get(&symbol).copied()
    }

    /// The name in a key `@{uri}local`, `@xml:local`, or `@local` in no namespace.
    pub(super) fn attribute_name(&mut self, extra: &Extra<'d>) -> Option<QName> {
        let key = extra.key.strip_prefix('@').unwrap_or_default();
        let (ns, local) = match key.strip_prefix('{') {
            Some(rest) => rest.split_once('}').unwrap_or(("", "")),
            None => match key.strip_prefix("xml:") {
                Some(local) => (crate::xml::name::XML_NS, local),
                None => ("", key),
            },
        };
        let no_uri = ns.is_empty() && key.starts_with('{');
        if !is_ncname(local) || ns == XMLNS_NS || ns == XSI_NS || no_uri || (ns.is_empty() && local == "xmlns") {
            self.report.at(extra.value, format!("unknown attribute \"{}\"; expected its name as @{{uri}}local", cut(&extra.key)));
            return None;
        }
        Some(QName::new(ns, local))
    }

    /// Whether two texts have the same value in a simple type.
    pub(super) fn equal(&self, ty: SimpleTypeId, text: &str, fixed: &str) -> bool {
        text == fixed || self.schema.simple.equal(ty, (text, &self.scope), (fixed, &self.scope))
    }
}
