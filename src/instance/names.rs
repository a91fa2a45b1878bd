//! Prefixes of the instance that is being written: handed out as namespaces come up, declared on the outermost element.

use std::fmt::Write;

use crate::schema::simple::Prefixes;
use crate::xml::name::XML_NS;
use crate::xml::name::XSI_NS;
use crate::xml::writer::escape_attribute;

/// The prefixes in use.
#[derive(Clone, Default, Debug)]
pub(super) struct Names {
    bound: Vec<(String, String)>,
}

impl Names {
    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.bound.clear();
    }

    /// The prefix of a namespace that is not empty.
    pub(super) fn prefix(&mut self, ns: &str) -> &str {
        if ns == XML_NS {
            return "xml";
        }
        let at = self.bound.iter().position(|(bound, _)| bound == ns).unwrap_or_else(|| {
            let prefix = if ns == XSI_NS { String::from("xsi") } else { format!("n{}", self.bound.len() + 1) };
            self.bound.push((ns.to_owned(), prefix));
            self.bound.len() - 1
        });
        self.bound.get(at).map_or("xml", |(_, prefix)| prefix)
    }

    /// The name as it is written.
    pub(super) fn qualified(&mut self, ns: &str, local: &str) -> String {
        if ns.is_empty() { local.to_owned() } else { format!("{}:{local}", self.prefix(ns)) }
    }

    /// The declarations of all of them, each with a space before it.
    pub(super) fn declarations(&self) -> String {
        let mut out = String::new();
        for (ns, prefix) in &self.bound {
            let mut value = Vec::with_capacity(ns.len());
            escape_attribute(&mut value, ns);
            let _ = write!(out, " xmlns:{prefix}=\"{}\"", String::from_utf8_lossy(&value));
        }
        out
    }
}

impl Prefixes for Names {
    fn resolve(&self, prefix: &str) -> Option<&str> {
        if prefix.is_empty() {
            return Some("");
        }
        self.bound.iter().find(|(_, bound)| bound == prefix).map(|(ns, _)| ns.as_str())
    }
}
