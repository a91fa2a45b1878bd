//! What an expression may name beside the document: prefixes and variables.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// The prefixes and variables that expressions are compiled with. `xml` is always declared.
#[derive(Clone, Default, Debug)]
pub struct Environment {
    namespaces: BTreeMap<String, String>,
    variables: BTreeSet<String>,
    families: BTreeSet<String>,
}

impl Environment {
    /// Declares a prefix.
    #[must_use]
    pub fn with_namespace(mut self, prefix: &str, uri: &str) -> Self {
        self.namespaces.insert(prefix.to_owned(), uri.to_owned());
        self
    }

    /// Declares a variable, by its name without `$`.
    #[must_use]
    pub fn with_variable(mut self, name: &str) -> Self {
        self.variables.insert(name.to_owned());
        self
    }

    /// Declares all variables `$family.NAME`, whatever the name.
    #[must_use]
    pub fn with_family(mut self, family: &str) -> Self {
        self.families.insert(family.to_owned());
        self
    }

    pub(super) fn namespace(&self, prefix: &str) -> Option<&str> {
        self.namespaces.get(prefix).map(String::as_str)
    }

    pub(super) fn prefixes(&self) -> Vec<&str> {
        self.namespaces.keys().map(String::as_str).collect()
    }

    pub(super) fn has_variable(&self, name: &str) -> bool {
        let in_family = name.split_once('.').is_some_and(|(family, rest)| !rest.is_empty() && self.families.contains(family));
        in_family || self.variables.contains(name)
    }

    pub(super) fn variables(&self) -> Vec<&str> {
        self.variables.iter().chain(&self.families).map(String::as_str).collect()
    }
}

/// The values of variables at run time, all strings.
pub trait Variables {
    /// The value of a variable, by its name without `$`; one that has none is the empty string to an expression.
    fn value(&self, name: &str) -> Option<&str>;
}

/// No variables.
impl Variables for () {
    fn value(&self, _: &str) -> Option<&str> {
        None
    }
}

impl Variables for BTreeMap<String, String> {
    fn value(&self, name: &str) -> Option<&str> {
        self.get(name).map(String::as_str)
    }
}
