//! What an expression yields, and its conversions (section 4).

use crate::xpath::document::Document;
use crate::xpath::document::NodeId;
use crate::xpath::number;

/// The value of an expression.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// Nodes, in document order, each once.
    Nodes(Vec<NodeId>),
    /// True or false.
    Boolean(bool),
    /// A double.
    Number(f64),
    /// Text.
    Text(String),
}

impl Value {
    /// `boolean()` of it.
    #[must_use]
    pub fn boolean(&self) -> bool {
        match self {
            Self::Nodes(nodes) => !nodes.is_empty(),
            Self::Boolean(boolean) => *boolean,
            Self::Number(number) => is_true(*number),
            Self::Text(text) => !text.is_empty(),
        }
    }

    /// `number()` of it; of nodes, which are those of `document`, the first counts.
    #[must_use]
    pub fn number(&self, document: &Document<'_>) -> f64 {
        match self {
            Self::Nodes(nodes) => nodes.first().map_or(f64::NAN, |node| number::parse(&document.string_value(*node))),
            Self::Boolean(boolean) => f64::from(u8::from(*boolean)),
            Self::Number(number) => *number,
            Self::Text(text) => number::parse(text),
        }
    }

    /// `string()` of it; of nodes, which are those of `document`, the first counts.
    #[must_use]
    pub fn text(&self, document: &Document<'_>) -> String {
        match self {
            Self::Nodes(nodes) => nodes.first().map_or_else(String::new, |node| document.string_value(*node).into_owned()),
            Self::Boolean(boolean) => boolean.to_string(),
            Self::Number(number) => number::write(*number),
            Self::Text(text) => text.clone(),
        }
    }
}

/// `boolean()` of a number.
pub(super) fn is_true(number: f64) -> bool {
    number != 0.0 && !number.is_nan()
}

/// A number as `string()` writes it.
#[must_use]
pub fn number_to_string(value: f64) -> String {
    number::write(value)
}
