//! Content without a declaration: xs:anyType, and elements that a wildcard admits but no schema knows.
//!
//! A string if it is only text, else an object with attributes, `$xmlns` and `$mixed`. What the schemas declare is
//! followed wherever the wildcard does not say skip.

use crate::json::tape::Kind;
use crate::json::tape::Value;
use crate::schema::form::DerivationSet;
use crate::schema::form::ElementId;
use crate::schema::form::ProcessContents;
use crate::schema::form::TypeId;
use crate::transcode::encode::encoder::Declared;
use crate::transcode::encode::encoder::Encoder;
use crate::transcode::encode::object::Admits;
use crate::transcode::encode::object::Extra;
use crate::transcode::encode::object::Special;
use crate::transcode::encode::object::TWICE;
use crate::transcode::encode::report::kind_in_words;
use crate::xml::char::is_ncname;
use crate::xml::name::QName;
use crate::xml::name::XML_NS;
use crate::xml::name::XMLNS_NS;
use crate::xml::writer;

/// Prefixes that an element may bind.
const MOST_BINDINGS: usize = 64;

impl<'c, 'd> Encoder<'c, 'd> {
    /// An element that a wildcard admits.
    pub(super) fn open_element(&mut self, name: &QName, process: ProcessContents, value: Value<'d>) {
        if process != ProcessContents::Skip
            && let Some(id) = self.global_element(name)
        {
            if self.schema.element(id).is_abstract {
                self.report.at(value, "the element is abstract: only members of its substitution group may stand");
            } else {
                self.element(id, value);
            }
            return;
        }
        if process == ProcessContents::Strict {
            self.report.at(value, "unknown element: the schemas do not declare it");
            return;
        }
        let depth = self.scope.depth();
        let made = self.open_name(name.ns.as_str(), name.local.as_str());
        self.untyped(process, value);
        self.close(&made);
        self.scope.leave(depth);
    }

    fn global_element(&self, name: &QName) -> Option<ElementId> {
        self.schema.find_element(name.ns.as_str(), name.local.as_str())
    }

    /// What follows `<name` of an element without declaration.
    fn untyped(&mut self, process: ProcessContents, value: Value<'d>) {
        match value.kind() {
            Kind::Null => {
                self.xsi("nil", "true");
                self.end_start_tag();
            }
            Kind::Object => {
                let declared =
                    Declared { ty: TypeId::ANY, nillable: true, value: None, block: DerivationSet::default(), root: false, open: true };
                if process == ProcessContents::Skip {
                    self.open_members(declared, process, value);
                } else {
                    self.content(declared, value);
                }
            }
            Kind::Bool(_) | Kind::Number | Kind::String | Kind::Array => self.open_text(value),
        }
    }

    /// A value of xs:anyType that is no object.
    pub(super) fn open_text(&mut self, value: Value<'d>) {
        self.end_start_tag();
        match value.kind() {
            Kind::String => self.text(value),
            Kind::Number => self.report.at(value, "a number needs a type here: {\"$type\": \"xs.decimal\", \"$value\": ..}"),
            Kind::Bool(_) => self.report.at(value, "a boolean needs a type here: {\"$type\": \"xs.boolean\", \"$value\": ..}"),
            Kind::Null | Kind::Array | Kind::Object => {
                self.report.at(value, format!("expected a string or an object, found {}", kind_in_words(value)));
            }
        }
    }

    /// An object of xs:anyType.
    pub(super) fn open_object(&mut self, declared: Declared<'c>, object: Value<'d>) {
        self.open_members(declared, ProcessContents::Lax, object);
    }

    fn open_members(&mut self, declared: Declared<'c>, process: ProcessContents, object: Value<'d>) {
        let admits = Admits { attributes: true, value: false, headers: declared.root, open: true };
        let shapes = self.shapes;
        let members = self.collect(object, None, shapes.no_record(), admits);
        if let Some(bindings) = members.special.xmlns {
            self.bindings(bindings);
        }
        if process == ProcessContents::Skip {
            self.raw_type(&members.special);
        }
        self.tag_and_nil(declared, &members);
        let extras: Vec<Extra<'d>> = self.extras.get(members.extras..).unwrap_or_default().to_vec();
        for extra in extras {
            if let Some(name) = self.attribute_name(&extra) {
                self.open_attribute(&name, process, extra.value);
            }
        }
        self.end_start_tag();
        if let Some(mixed) = members.special.mixed {
            if members.special.nil && !declared.open {
                self.report.at(mixed, "cannot stand beside \"$nil\"");
            } else {
                self.open_mixed(process, mixed);
            }
        }
        self.release(&members);
    }

    /// xsi:type of an element that nobody judges.
    fn raw_type(&mut self, special: &Special<'d>) {
        let Some(tag) = special.tag.filter(|tag| !tag.is_null()) else { return };
        let Some(text) = tag.as_str() else {
            self.report.at(tag, "expected the name of a type as a string");
            return;
        };
        if let Some(name) = self.element_name(&text, tag) {
            self.type_name(name.expanded());
        }
    }

    /// `$xmlns`: bindings of prefixes that the text uses.
    fn bindings(&mut self, bindings: Value<'d>) {
        if bindings.kind() != Kind::Object {
            self.report.at(bindings, format!("expected an object of prefixes, found {}", kind_in_words(bindings)));
            return;
        }
        for double in bindings.duplicates() {
            self.report.at(double.value, TWICE);
        }
        if bindings.len() > MOST_BINDINGS {
            self.report.at(bindings, format!("more than {MOST_BINDINGS} prefixes"));
            return;
        }
        for member in bindings.members() {
            let prefix = member.key();
            let Some(uri) = member.value.as_str().filter(|uri| !uri.is_empty()) else {
                self.report.at(member.value, "expected a namespace as a string");
                continue;
            };
            let reserved =
                prefix.eq_ignore_ascii_case("xml") || prefix.eq_ignore_ascii_case("xmlns") || *uri == *XML_NS || *uri == *XMLNS_NS;
            if !is_ncname(&prefix) || reserved {
                self.report.at(member.value, "expected a prefix that may be bound");
                continue;
            }
            if self.characters(member.value).is_none() {
                continue;
            }
            self.out.extend_from_slice(b" xmlns:");
            self.out.extend_from_slice(prefix.as_bytes());
            self.out.extend_from_slice(b"=\"");
            writer::escape_attribute(&mut self.out, &uri);
            self.out.push(b'"');
            self.scope.declare(&prefix, &uri);
        }
    }

    fn open_mixed(&mut self, process: ProcessContents, mixed: Value<'d>) {
        if mixed.kind() != Kind::Array {
            self.report.at(mixed, format!("expected an array of texts and elements, found {}", kind_in_words(mixed)));
            return;
        }
        for item in mixed.items() {
            if item.kind() == Kind::String {
                self.text(item);
            } else if let Some((key, value)) = self.only_member(item)
                && let Some(name) = self.element_name(&key, value)
            {
                self.open_element(&name, process, value);
            }
        }
    }
}
