//! Constraining facets (XML Schema Part 2, section 4.3), as written and as they hold for a type.
//!
//! [`Facets`] are the effective ones: those of all steps of the derivation together, bounds and enumerations
//! as values. Knows nothing of how a value is read from text.

use std::fmt;
use std::sync::Arc;

use crate::schema::pattern::Pattern;
use crate::schema::simple::ordered::Ordered;

/// The whiteSpace facet (section 4.3.6).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum WhiteSpace {
    /// As written.
    #[default]
    Preserve,
    /// Tab, line feed and carriage return become spaces.
    Replace,
    /// As `replace`, then runs become one space, and none stands at either end.
    Collapse,
}

/// The name of a constraining facet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[allow(missing_docs, reason = "the names are those of the specification")]
pub enum FacetKind {
    Length,
    MinLength,
    MaxLength,
    Pattern,
    Enumeration,
    WhiteSpace,
    MaxInclusive,
    MaxExclusive,
    MinInclusive,
    MinExclusive,
    TotalDigits,
    FractionDigits,
}

const NAMES: [(FacetKind, &str); 12] = [
    (FacetKind::Length, "length"),
    (FacetKind::MinLength, "minLength"),
    (FacetKind::MaxLength, "maxLength"),
    (FacetKind::Pattern, "pattern"),
    (FacetKind::Enumeration, "enumeration"),
    (FacetKind::WhiteSpace, "whiteSpace"),
    (FacetKind::MaxInclusive, "maxInclusive"),
    (FacetKind::MaxExclusive, "maxExclusive"),
    (FacetKind::MinInclusive, "minInclusive"),
    (FacetKind::MinExclusive, "minExclusive"),
    (FacetKind::TotalDigits, "totalDigits"),
    (FacetKind::FractionDigits, "fractionDigits"),
];

impl FacetKind {
    /// The facet of this name.
    #[must_use]
    pub fn from_name(local: &str) -> Option<Self> {
        NAMES.iter().find(|(_, name)| *name == local).map(|(kind, _)| *kind)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        NAMES[self as usize].1
    }
}

impl fmt::Display for FacetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A facet as written in one step of a derivation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FacetSpec {
    /// Which one.
    pub kind: FacetKind,
    /// The text of `value=`, as written.
    pub value: String,
}

/// What is wrong with a facet of a schema.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FacetFault {
    /// Which of the facets given, by index.
    pub index: usize,
    /// What becomes of the facet.
    pub effect: FacetEffect,
    /// What is wrong; lowercase, no final dot.
    pub message: String,
}

/// What becomes of a facet with a fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FacetEffect {
    /// It holds; this is a warning.
    Holds,
    /// It is left out: it cannot mean anything for the type.
    LeftOut,
    /// It is left out, and with it a rule that its author wanted: values pass that should not.
    Lost,
}

/// The facets that hold for a type: its own and all inherited ones.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// `length`.
    pub length: Option<u64>,
    /// `minLength`.
    pub min_length: Option<u64>,
    /// `maxLength`.
    pub max_length: Option<u64>,
    /// `totalDigits`.
    pub total_digits: Option<u64>,
    /// `fractionDigits`.
    pub fraction_digits: Option<u64>,
    /// `minInclusive` or `minExclusive`: the tightest.
    pub min: Option<Bound>,
    /// `maxInclusive` or `maxExclusive`: the tightest.
    pub max: Option<Bound>,
    /// One entry a step of the derivation: a value matches one pattern of each.
    pub patterns: Vec<Arc<[Pattern]>>,
    /// The values allowed.
    pub enumeration: Option<Arc<Enumeration>>,
}

impl Facets {
    /// None holds.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length.is_none()
            && self.min_length.is_none()
            && self.max_length.is_none()
            && self.has_no_value_facets()
            && self.patterns.is_empty()
    }

    /// None holds that asks for more of the value than its length and its pattern.
    #[must_use]
    pub(crate) fn has_no_value_facets(&self) -> bool {
        self.total_digits.is_none()
            && self.fraction_digits.is_none()
            && self.min.is_none()
            && self.max.is_none()
            && self.enumeration.is_none()
    }

    /// None of the three length facets holds.
    #[must_use]
    pub(crate) fn has_no_length(&self) -> bool {
        self.length.is_none() && self.min_length.is_none() && self.max_length.is_none()
    }
}

/// An end of a range.
#[derive(Clone, PartialEq, Debug)]
pub struct Bound {
    /// The end belongs to the range.
    pub inclusive: bool,
    /// As written, white space normalised.
    pub text: Arc<str>,
    /// Its value.
    pub(crate) value: Ordered<'static>,
}

/// The values of an enumeration.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Enumeration {
    /// As written, white space normalised, in document order.
    pub values: Vec<Arc<str>>,
    /// Their canonical forms: equal values have equal ones.
    pub(crate) keys: Vec<Box<str>>,
    /// Indices of keys by their hash, one more than the index, 0 where there is none; empty for a few keys.
    slots: Vec<u32>,
}

impl Enumeration {
    /// Of values as written and their canonical forms.
    pub(crate) fn new(values: Vec<Arc<str>>, mut keys: Vec<Box<str>>) -> Self {
        keys.sort_unstable();
        keys.dedup();
        let mut slots = Vec::new();
        if keys.len() > 4 {
            slots.resize(keys.len().next_power_of_two() * 2, 0);
            for (key, number) in keys.iter().zip(1..) {
                let mut at = hash(key) & (slots.len() - 1);
                while slots[at] != 0 {
                    at = (at + 1) & (slots.len() - 1);
                }
                slots[at] = number;
            }
        }
        Self { values, keys, slots }
    }

    /// Whether the value of this canonical form is one of them.
    pub(crate) fn holds(&self, key: &str) -> bool {
        if self.slots.is_empty() {
            return self.keys.iter().any(|one| **one == *key);
        }
        let mut at = hash(key) & (self.slots.len() - 1);
        while let Some(index) = self.slots[at].checked_sub(1) {
            if self.keys.get(index as usize).is_some_and(|one| **one == *key) {
                return true;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        false
    }
}

/// Eight bytes at a time; the keys are the operator's, so that nobody can choose them to collide.
fn hash(key: &str) -> usize {
    const FACTOR: u64 = 0x517C_C1B7_2722_0A95;
    let mut sum = key.len() as u64;
    for chunk in key.as_bytes().chunks(8) {
        let word = chunk.iter().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
        sum = (sum.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    }
    usize::try_from(sum >> 32).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_the_order_of_the_kinds() {
        for (kind, name) in NAMES {
            assert_eq!(kind.name(), name);
            assert_eq!(FacetKind::from_name(name), Some(kind));
        }
    }
}
