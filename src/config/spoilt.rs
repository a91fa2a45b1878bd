//! The values of a configuration of which something wrong has been told already.
//!
//! What follows from a fault is no fault of its own: whoever finds something at, around or by a spoilt value asks here first.

use std::collections::BTreeSet;

/// Pointers of spoilt values.
#[derive(Clone, Debug, Default)]
pub struct Spoilt(BTreeSet<String>);

impl Spoilt {
    /// Notes a value.
    pub(crate) fn add(&mut self, pointer: impl Into<String>) {
        self.0.insert(pointer.into());
    }

    /// Whether this value or one around it is spoilt.
    #[must_use]
    pub fn at(&self, pointer: &str) -> bool {
        let mut at = pointer;
        loop {
            if self.0.contains(at) {
                return true;
            }
            let Some((around, _)) = at.rsplit_once('/') else { return false };
            at = around;
        }
    }

    /// Whether this value, one around it or one in it is spoilt.
    #[must_use]
    pub fn within(&self, pointer: &str) -> bool {
        let inner = format!("{pointer}/");
        self.at(pointer) || self.0.range(inner.clone()..).next().is_some_and(|next| next.starts_with(&inner))
    }

    /// The keys in this value at or below which something is spoilt.
    pub(super) fn inside(&self, pointer: &str) -> impl Iterator<Item = &str> {
        let inner = format!("{pointer}/");
        let rests = self.0.range(inner.clone()..).map_while(move |next| next.strip_prefix(&inner));
        rests.map(|rest| rest.split('/').next().unwrap_or_default())
    }

    /// All of them, what stands around others before these.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_spoilt_with_what_is_around_it_and_touched_by_what_is_in_it() {
        let mut spoilt = Spoilt::default();
        spoilt.add("/services/a/wsdl");
        assert!(spoilt.at("/services/a/wsdl") && spoilt.at("/services/a/wsdl/file"));
        assert!(!spoilt.at("/services/a") && spoilt.within("/services/a") && spoilt.within(""));
        assert!(!spoilt.within("/services/a/wsdl2") && !spoilt.within("/services/ab"));
        spoilt.add("");
        assert!(spoilt.at("/version"));
    }
}
