//! Valid instances out of the runtime form: for the mock, the pages, samples and tests.
//!
//! Four styles: the least that is valid, a typical one, one with everything, and random ones by a seed. Every choice branch,
//! optional group, substitution member, derived type and wildcard comes up over enough seeds; recursion is bounded by the
//! least depth at which each declaration can end. Knows schemas; nothing of messages.

mod content;
mod depth;
mod element;
mod names;
mod open;
mod rng;
mod value;

use std::sync::Arc;

use crate::instance::names::Names;
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
    depths: Arc<Depths>,
    style: Style,
    rng: Rng,
    /// What was written so far.
    out: String,
    names: Names,
    /// Elements that may still be written before everything is kept to the least.
    budget: u32,
    /// Elements that are open.
    level: u32,
    /// Values of type ID given so far.
    ids: u32,
    /// Particles that may still be written.
    left: u32,
}

/// Particles of one instance: a contract may ask for billions of elements, which nobody sends.
const MOST_PARTICLES: u32 = 200_000;

impl Style {
    /// Beyond this depth everything is kept to the least.
    fn depth(self) -> u32 {
        match self {
            Self::Minimal => 0,
            Self::Typical => 5,
            Self::Maximal => 5,
            Self::Random => 8,
        }
    }

    /// Beyond so many elements everything is kept to the least.
    fn budget(self) -> u32 {
        match self {
            Self::Minimal => 0,
            Self::Typical => 100,
            Self::Maximal => 300,
            Self::Random => 150,
        }
    }
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
        let (rng, out, names) = (Rng::new(seed), String::new(), Names::default());
        Self { schema, depths, style, rng, out, names, budget: style.budget(), level: 0, ids: 0, left: MOST_PARTICLES }
    }

    /// Goes on with another style and seed.
    pub fn restart(&mut self, style: Style, seed: u64) {
        (self.style, self.rng, self.ids) = (style, Rng::new(seed), 0);
    }

    /// One whole element with its own namespace declarations; none if the declaration is broken or admits no finite instance, or
    /// none of a size that anybody sends.
    pub fn element(&mut self, element: ElementId) -> Option<String> {
        self.begin();
        self.write_element(element)?;
        Some(std::mem::take(&mut self.out))
    }

    /// The content of a type: text, or children that each declare their namespaces. Only types whose values need no
    /// namespaces themselves come out whole.
    pub fn content(&mut self, ty: TypeId) -> Option<String> {
        self.begin();
        match ty {
            TypeId::Simple(ty) => {
                let value = self.value(ty, "value")?;
                self.push_text(&value);
            }
            TypeId::Complex(ty) => self.write_content(ty, "value")?,
        }
        Some(std::mem::take(&mut self.out))
    }

    fn begin(&mut self) {
        self.out.clear();
        self.names.clear();
        (self.budget, self.level, self.left) = (self.style.budget(), 0, MOST_PARTICLES);
    }

    /// Everything is kept to the least from here on.
    fn is_shallow(&self) -> bool {
        self.budget == 0 || self.level > self.style.depth()
    }

    fn is_random(&self) -> bool {
        self.style == Style::Random
    }
}
