//! Identity constraints (XML Schema Part 1, section 3.11): unique, key and keyref, compiled to tables of steps and watched
//! while a document is walked.
//!
//! A schema without any costs nothing. Values are compared as values: `01` and `1` are one xs:int. Tables are hash tables
//! under a limit of memory. Knows the walker's events, nothing of how elements are judged.

mod path;
mod progress;
mod table;
pub(crate) mod watch;

use crate::diagnostic::Place;
use crate::xml::name::Symbol;

pub(crate) use path::parse;

/// An identity constraint of an element declaration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Constraint {
    /// Its name; names of constraints are known everywhere.
    pub name: Symbol,
    /// What it asks for.
    pub kind: Kind,
    /// Which nodes inside the element it is about: those that any of the paths selects.
    pub selector: Vec<Path>,
    /// Their fields, each the one node that any of its paths selects.
    pub fields: Vec<Vec<Path>>,
    /// Where it is written.
    pub place: Place,
}

/// What a constraint asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Fields that are all there are not there twice.
    Unique,
    /// Fields are all there, and not twice.
    Key,
    /// Fields that are all there are those of this key or unique.
    KeyRef(Symbol),
}

impl Kind {
    /// As the schema calls it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unique => "unique",
            Self::Key => "key",
            Self::KeyRef(_) => "keyref",
        }
    }
}

/// A path of the subset (section 3.11.6): child steps, perhaps behind `.//`, perhaps an attribute at the end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Path {
    /// It begins anywhere below.
    pub anywhere: bool,
    /// Child steps.
    pub steps: Vec<NameTest>,
    /// The attribute of the element reached (fields only).
    pub attribute: Option<NameTest>,
}

/// Which names a step takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NameTest {
    /// `*`.
    Any,
    /// `prefix:*`.
    Namespace(String),
    /// One name.
    Name(Symbol),
}

impl NameTest {
    /// Whether it takes a name, given as its symbol and its namespace.
    pub(crate) fn takes(&self, symbol: Symbol, ns: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Namespace(own) => own == ns,
            Self::Name(own) => *own == symbol && symbol != Symbol::UNKNOWN,
        }
    }
}
