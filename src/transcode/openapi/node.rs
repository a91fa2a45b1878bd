//! A JSON document in the making: numbers and examples verbatim, references to components by number.
//!
//! Members stand in the order in which they were added. What a component is called is settled when the document is
//! written, for names depend on all of them.

use std::borrow::Cow;

use crate::json::writer::write_string;

/// A component of the document, by its number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct ComponentId(pub(super) u32);

/// A value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Node {
    Bool(bool),
    /// JSON text as it stands: a number that no float may touch, an example.
    Verbatim(Box<str>),
    Text(Cow<'static, str>),
    /// `#/components/schemas/` and the name of a component.
    Pointer(ComponentId),
    List(Vec<Node>),
    Object(Object),
}

/// An object.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Object {
    members: Vec<(Key, Node)>,
}

/// The name of a member.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Key {
    Text(Cow<'static, str>),
    Component(ComponentId),
}

impl Node {
    /// Text that is made.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(Cow::Owned(text.into()))
    }

    /// Text that stands in the program.
    pub(super) const fn word(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// A whole number.
    pub(super) fn number(number: u64) -> Self {
        Self::Verbatim(number.to_string().into())
    }

    /// `{"$ref": …}` of a component.
    pub(super) fn reference(id: ComponentId) -> Self {
        Object::default().with("$ref", Self::Pointer(id)).into()
    }

    /// A list of texts.
    pub(super) fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(|text| Self::text(text.as_ref())).collect())
    }

    /// Appends the value as compact JSON.
    pub(super) fn write(&self, out: &mut Vec<u8>, names: &[String]) {
        let name = |id: &ComponentId| names.get(id.0 as usize).map_or("", String::as_str);
        match self {
            Self::Bool(true) => out.extend_from_slice(b"true"),
            Self::Bool(false) => out.extend_from_slice(b"false"),
            Self::Verbatim(text) => out.extend_from_slice(text.as_bytes()),
            Self::Text(text) => write_string(out, text),
            Self::Pointer(id) => write_string(out, &format!("#/components/schemas/{}", name(id))),
            Self::List(items) => {
                out.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    item.write(out, names);
                }
                out.push(b']');
            }
            Self::Object(object) => {
                out.push(b'{');
                for (at, (key, value)) in object.members.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    match key {
                        Key::Text(text) => write_string(out, text),
                        Key::Component(id) => write_string(out, name(id)),
                    }
                    out.push(b':');
                    value.write(out, names);
                }
                out.push(b'}');
            }
        }
    }
}

impl From<Object> for Node {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl Object {
    /// With one more member.
    #[must_use]
    pub(super) fn with(mut self, key: &'static str, value: impl Into<Node>) -> Self {
        self.members.push((Key::Text(Cow::Borrowed(key)), value.into()));
        self
    }

    /// With one more member, if there is a value.
    #[must_use]
    pub(super) fn with_some(self, key: &'static str, value: Option<Node>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Adds a member of any name.
    pub(super) fn push(&mut self, key: impl Into<String>, value: impl Into<Node>) {
        self.members.push((Key::Text(Cow::Owned(key.into())), value.into()));
    }

    /// Adds a member with the name of a component.
    pub(super) fn push_component(&mut self, id: ComponentId, value: impl Into<Node>) {
        self.members.push((Key::Component(id), value.into()));
    }

    /// Without members.
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Says more of what the value is: documentation before what was said already.
    pub(super) fn describe(&mut self, text: &str) {
        let at = self.members.iter().position(|(key, _)| *key == Key::Text(Cow::Borrowed("description")));
        match at.and_then(|at| self.members.get_mut(at)) {
            Some((_, Node::Text(known))) => *known = Cow::Owned(format!("{text}\n\n{known}")),
            Some(_) | None => self.push("description", Node::text(text)),
        }
    }

    /// Lets `null` stand too, if the object is the schema of one type without an enumeration, or a list of alternatives.
    pub(super) fn admit_null(&mut self) -> bool {
        let is_enum = self.members.iter().any(|(key, _)| *key == Key::Text(Cow::Borrowed("enum")));
        match self.members.first_mut() {
            Some((Key::Text(key), Node::Text(word))) if key == "type" && !is_enum => {
                let word = Node::Text(word.clone());
                if let Some((_, value)) = self.members.first_mut() {
                    *value = Node::List(vec![word, Node::word("null")]);
                }
                true
            }
            Some((Key::Text(key), Node::List(list))) if key == "anyOf" => {
                list.push(null().into());
                true
            }
            Some(_) | None => false,
        }
    }
}

/// The schema of `null`.
pub(super) fn null() -> Object {
    Object::default().with("type", Node::word("null"))
}
