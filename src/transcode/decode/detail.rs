//! The detail of a SOAP fault that its WSDL does not declare, where the operator wants it shown: elements by their name, each
//! as the schemas know it or as open content, and text of its own.

use std::collections::HashMap;

use crate::json::writer::write_string;
use crate::xml::name::ExpandedName;

/// What was found of it.
#[derive(Default)]
pub(super) struct Undeclared {
    members: Vec<(String, Vec<u8>)>,
    counts: HashMap<String, u32>,
    /// The key of the element that is being read.
    open: String,
}

impl Undeclared {
    /// An element begins.
    pub(super) fn begin(&mut self, name: ExpandedName<'_>) {
        self.open = name.to_string();
    }

    /// It ends; without a value it is left out. Of equal names the second is `name$2`.
    pub(super) fn end(&mut self, value: Option<Vec<u8>>) {
        let name = std::mem::take(&mut self.open);
        let Some(value) = value else { return };
        let count = self.counts.entry(name.clone()).or_default();
        *count += 1;
        let key = if *count == 1 { name } else { format!("{name}${count}") };
        self.members.push((key, value));
    }

    /// All of it as an object; none if there is nothing.
    pub(super) fn json(self, text: Option<&str>) -> Option<Vec<u8>> {
        let mut quoted = Vec::new();
        if let Some(text) = text {
            write_string(&mut quoted, text);
        }
        let text = text.map(|_| ("$value", quoted.as_slice()));
        let members = self.members.iter().map(|(key, value)| (key.as_str(), value.as_slice()));
        (text.is_some() || !self.members.is_empty()).then(|| object(members.chain(text)))
    }
}

/// An object of members whose values are JSON.
pub(super) fn object<'m>(members: impl IntoIterator<Item = (&'m str, &'m [u8])>) -> Vec<u8> {
    let mut out = vec![b'{'];
    for (key, value) in members {
        if out.len() > 1 {
            out.push(b',');
        }
        write_string(&mut out, key);
        out.push(b':');
        out.extend_from_slice(value);
    }
    out.push(b'}');
    out
}
