//! Open content: what wildcards admit and what xs:anyType holds, one level deep.
//!
//! What stands further in has no declaration, or one of any element of the contract: to describe that would draw every
//! element into every document. The codec judges it all the same.

use crate::schema::form::NamespaceConstraint;
use crate::schema::form::ProcessContents;
use crate::schema::form::TypeId;
use crate::schema::form::Wildcard;
use crate::schema::simple::SimpleTypeId;
use crate::transcode::openapi::maker::Maker;
use crate::transcode::openapi::node::Node;
use crate::transcode::openapi::node::Object;
use crate::transcode::openapi::simple::typed;
use crate::transcode::shape::ContentShape;
use crate::transcode::shape::ValueForm;
use crate::xml::name::XML_NS;

/// A local name, as far as a pattern needs to say.
const LOCAL: &str = r"[^\s{}:@$]+";

/// Kinds of JSON values, as [`kinds`] counts them.
const NUMBER: u8 = 1;
const BOOLEAN: u8 = 2;
const ARRAY: u8 = 4;

/// The keys of attributes that a wildcard admits, beside these.
fn attribute_keys<'k>(namespaces: &NamespaceConstraint, others: impl Iterator<Item = &'k str>) -> String {
    let known: Vec<String> = others.filter_map(|key| key.strip_prefix('@')).map(escaped).collect();
    let not = if known.is_empty() { String::new() } else { format!("(?!(?:{})$)", known.join("|")) };
    let xml = if namespaces.admits(XML_NS) { "xml:" } else { "" };
    format!("^@{not}{}{LOCAL}$", spaces(namespaces, xml))
}

/// The names of the namespaces that a wildcard admits, as they stand before a local name; `more` too, if it says something.
fn spaces(namespaces: &NamespaceConstraint, more: &str) -> String {
    let mut all: Vec<String> = match namespaces {
        NamespaceConstraint::Any => vec![r"\{[^{}]+\}".to_owned()],
        NamespaceConstraint::Not(other) if other.is_empty() => vec![r"\{[^{}]+\}".to_owned()],
        NamespaceConstraint::Not(other) => vec![format!(r"\{{(?!{}\}})[^{{}}]+\}}", escaped(other))],
        NamespaceConstraint::OneOf(list) => list.iter().filter(|ns| !ns.is_empty()).map(|ns| format!(r"\{{{}\}}", escaped(ns))).collect(),
    };
    if !more.is_empty() {
        all.push(more.to_owned());
    }
    let optional = if namespaces.admits("") { "?" } else { "" };
    if all.is_empty() { String::new() } else { format!("(?:{}){optional}", all.join("|")) }
}

/// A text as a pattern for itself.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if r"^$\.*+?()[]{}|".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

impl Maker<'_> {
    /// Attributes that a wildcard admits, as patterns of keys with their values: text, or what a declaration of the contract
    /// says. `uses` are the keys that have a meaning of their own.
    pub(super) fn open_attributes<'k>(&self, wildcard: &Wildcard, uses: impl Iterator<Item = &'k str>) -> Object {
        let mut others: Vec<String> = uses.map(str::to_owned).collect();
        let mut patterns = Object::default();
        if wildcard.process != ProcessContents::Skip {
            let mut declared: Vec<_> = self.schema.global_attributes.values().copied().collect();
            declared.sort_unstable();
            for declared in declared.into_iter().map(|id| self.schema.attribute(id)) {
                let name = self.schema.symbols.name(declared.name);
                let kinds = self.kinds(declared.ty);
                if kinds != 0 && wildcard.namespaces.admits(name.ns.as_str()) {
                    let key = format!("@{name}");
                    patterns.push(format!("^{}$", escaped(&key)), only(kinds));
                    others.push(key);
                }
            }
        }
        // A string, said by what it is not: generators for TypeScript make of a type here one that all properties must have.
        let others_than_text = Node::texts(["null", "boolean", "number", "array", "object"]);
        let text = Object::default().with("not", Object::default().with("type", others_than_text));
        patterns.push(attribute_keys(&wildcard.namespaces, others.iter().map(String::as_str)), text);
        patterns
    }

    /// Values of elements that a wildcard admits.
    fn open_element(&self, process: ProcessContents) -> Object {
        let kinds = match process {
            ProcessContents::Skip => 0,
            ProcessContents::Lax | ProcessContents::Strict => {
                let elements = self.schema.global_elements.values();
                elements.fold(0, |kinds, id| kinds | self.content_kinds(self.schema.element(*id).ty))
            }
        };
        // Said aloud, for generators take an object of which nothing is said for one that holds nothing.
        either_kind(&["string", "object", "null"], kinds).with("additionalProperties", Node::Bool(true))
    }

    fn content_kinds(&self, ty: TypeId) -> u8 {
        match self.codec.shapes.content(ty) {
            ContentShape::Plain(id) => self.kinds(id),
            ContentShape::Array => ARRAY,
            ContentShape::Value(_) | ContentShape::Elements | ContentShape::Mixed | ContentShape::Open => 0,
        }
    }

    /// What a simple type's values are beside strings.
    fn kinds(&self, id: SimpleTypeId) -> u8 {
        match self.codec.shapes.form(id) {
            ValueForm::Integer | ValueForm::Decimal | ValueForm::Float => NUMBER,
            ValueForm::Boolean { .. } => BOOLEAN,
            ValueForm::List(_) => ARRAY,
            ValueForm::Union => NUMBER | BOOLEAN | ARRAY,
            ValueForm::VerbatimNumber
            | ValueForm::TextInteger
            | ValueForm::TextDecimal
            | ValueForm::AnyText
            | ValueForm::Text
            | ValueForm::Base64
            | ValueForm::QName => 0,
        }
    }

    /// An element that a wildcard admits, as an object.
    pub(super) fn any(&self, namespaces: &NamespaceConstraint, process: ProcessContents) -> Object {
        let names = Object::default().with("pattern", Node::text(format!("^{}{LOCAL}$", spaces(namespaces, ""))));
        typed("object")
            .with(
                "description",
                Node::word("An element that is not declared here: its only property is named {uri}local, or local in no namespace."),
            )
            .with("minProperties", Node::number(1))
            .with("maxProperties", Node::number(1))
            .with("propertyNames", names)
            .with("additionalProperties", self.open_element(process))
    }

    /// Anything.
    pub(super) fn any_type(&self) -> Object {
        let schema = Object::default()
            .with("type", Node::List(vec![Node::word("string"), Node::word("object")]))
            .with("description", Node::word(ANYTHING))
            .with("additionalProperties", Node::Bool(true));
        self.open_object(schema, &[])
    }

    /// What an object of xs:anyType may hold, and these properties.
    pub(super) fn open_object(&self, schema: Object, more: &[&str]) -> Object {
        let entry = typed("object")
            .with("minProperties", Node::number(1))
            .with("maxProperties", Node::number(1))
            .with("propertyNames", Object::default().with("pattern", Node::text(format!(r"^(?:\{{[^{{}}]+\}})?{LOCAL}$"))))
            .with("additionalProperties", self.open_element(ProcessContents::Lax));
        let item = Object::default().with("anyOf", Node::List(vec![typed("string").into(), entry.into()]));
        let prefixes = typed("object").with("additionalProperties", typed("string").with("minLength", Node::number(1)));
        let mut properties = Object::default();
        properties.push("$mixed", typed("array").with("items", item));
        properties.push("$xmlns", prefixes);
        let wildcard = Wildcard { namespaces: NamespaceConstraint::Any, process: ProcessContents::Lax };
        let attributes = self.open_attributes(&wildcard, std::iter::empty());
        let mut others = Object::default();
        for key in more {
            others.push(*key, Object::default());
            properties.push(*key, Object::default());
        }
        let untyped = Object::default()
            .with("properties", properties)
            .with("patternProperties", attributes)
            .with("additionalProperties", Node::Bool(false));
        others.push("$type", typed("string"));
        schema
            .with("if", Object::default().with("required", Node::texts(["$type"])))
            .with("then", Object::default().with("properties", others))
            .with("else", untyped)
    }

    /// Text, or a value of a simple type that is named.
    pub(super) fn any_simple_type(&self) -> Object {
        let mut properties = Object::default();
        properties.push("$type", typed("string"));
        properties.push("$value", either_kind(&["string"], NUMBER | BOOLEAN | ARRAY));
        Object::default()
            .with("type", Node::List(vec![Node::word("string"), Node::word("object")]))
            .with("description", Node::word("Text, or a value of a simple type that $type names."))
            .with("properties", properties)
            .with("required", Node::texts(["$type", "$value"]))
            .with("additionalProperties", Node::Bool(false))
    }
}

const ANYTHING: &str = "Anything. A string if it is only text; else an object of attributes (@name or @{uri}name), $mixed (texts and \
                        one-property objects named {uri}local, in order) and $xmlns (prefixes that the text uses); or an object of a \
                        known type that $type names.";

/// Values of these kinds; a union's may be strings too.
fn only(kinds: u8) -> Object {
    let union = kinds.count_ones() > 1;
    either_kind(if union { &["string"] } else { &[] }, kinds)
}

fn either_kind(base: &[&'static str], kinds: u8) -> Object {
    let more = [(NUMBER, "number"), (BOOLEAN, "boolean"), (ARRAY, "array")].into_iter().filter(|(kind, _)| kinds & kind != 0);
    let mut all: Vec<Node> = base.iter().copied().chain(more.map(|(_, word)| word)).map(Node::word).collect();
    match all.pop() {
        Some(only) if all.is_empty() => Object::default().with("type", only),
        Some(last) => {
            all.push(last);
            Object::default().with("type", Node::List(all))
        }
        None => Object::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_attributes_follow_the_namespaces_that_are_admitted() {
        let any = attribute_keys(&NamespaceConstraint::Any, ["@id", "@x:y"].into_iter());
        assert_eq!(any, r"^@(?!(?:id|x:y)$)(?:\{[^{}]+\}|xml:)?[^\s{}:@$]+$");
        let other = attribute_keys(&NamespaceConstraint::Not("urn:a.b".into()), std::iter::empty());
        assert_eq!(other, r"^@(?:\{(?!urn:a\.b\})[^{}]+\}|xml:)[^\s{}:@$]+$");
        let local = attribute_keys(&NamespaceConstraint::OneOf(vec!["".into()]), std::iter::empty());
        assert_eq!(local, r"^@[^\s{}:@$]+$");
    }
}
