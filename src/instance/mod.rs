//! Valid instances out of the runtime form: for the mock, the pages, samples and tests.
//!
//! Four styles: the least that is valid, a typical one, one with everything, and random ones by a seed. Every choice branch,
//! optional group, substitution member, derived type and wildcard comes up over enough seeds; recursion is bounded by the
//! least depth at which each declaration can end. Knows schemas; nothing of messages.

mod depth;
mod rng;

use std::sync::Arc;

use crate::schema::form::ElementId;
use crate::schema::form::Schema;
use crate::schema::form::TypeId;

pub use crate::instance::depth::Depths;
pub use crate::instance::rng::Rng;

/// How much an instance shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// The least that is valid.
    Minimal,
    /// Optional parts once, near the top.
    Typical,
    /// Everything that may be there, repeated where it may.
    Maximal,
    /// Anything that is valid, decided by the seed.
    Random,
}

/// Makes instances of one schema.
#[derive(Debug)]
pub struct Generator<'s> {
    schema: &'s Schema,
}

impl<'s> Generator<'s> {
    /// The same schema, style and seed give the same row of instances.
    #[must_use]
    pub fn new(schema: &'s Schema, style: Style, seed: u64) -> Self {
        Self::with(schema, Arc::new(Depths::of(schema)), style, seed)
    }

    /// The same, for a schema whose depths are known.
    #[must_use]
    pub fn with(schema: &'s Schema, depths: Arc<Depths>, style: Style, seed: u64) -> Self {
        let _ = (style, seed, depths);
        Self { schema }
    }

    /// One whole element with its own namespace declarations; none if the declaration is broken or admits no finite instance.
    pub fn element(&mut self, element: ElementId) -> Option<String> {
        let _ = (self.schema, element);
        None
    }

    /// The content of a type: text, or children that each declare their namespaces.
    pub fn content(&mut self, ty: TypeId) -> Option<String> {
        let _ = (self.schema, ty);
        None
    }
}
