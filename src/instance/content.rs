//! Particles: how often, which branch, which member, in which order.

use std::sync::Arc;

use crate::instance::Generator;
use crate::instance::Style;
use crate::schema::form::ElementId;
use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::form::Term;

/// How often something occurs at most where the style is free to choose.
const MANY: u32 = 3;

impl<'s> Generator<'s> {
    /// A particle, as often as the style has it.
    pub(super) fn particle(&mut self, model: &'s Model, id: ParticleId, mixed: bool) -> Option<()> {
        for _ in 0..self.occurrence(model, id) {
            self.term(model, id, mixed)?;
        }
        Some(())
    }

    fn term(&mut self, model: &'s Model, id: ParticleId, mixed: bool) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        match &model.particle(id).term {
            Term::Element(element) => {
                let element = self.choose_member(*element)?;
                self.write_element(element)?;
                if mixed {
                    self.mixed_text();
                }
                Some(())
            }
            Term::Wildcard(wildcard) => {
                self.open_element(wildcard)?;
                if mixed {
                    self.mixed_text();
                }
                Some(())
            }
            Term::Sequence(children) => {
                for child in children {
                    self.particle(model, *child, mixed)?;
                }
                Some(())
            }
            Term::All(children) => {
                let mut children = children.clone();
                if self.is_random() {
                    self.rng.shuffle(&mut children);
                }
                for child in children {
                    self.particle(model, child, mixed)?;
                }
                Some(())
            }
            Term::Choice(children) => {
                let branch = self.choose_branch(model, children)?;
                self.particle(model, branch, mixed)
            }
        }
    }

    fn occurrence(&mut self, model: &Model, id: ParticleId) -> u32 {
        let particle = model.particle(id);
        let Some(depth) = self.depths.term(self.schema, model, id) else { return particle.min };
        let most = particle.max.unwrap_or(u32::MAX);
        if self.is_shallow() || self.level + depth > 100 {
            return particle.min;
        }
        let wanted = match self.style {
            Style::Minimal => particle.min,
            Style::Typical => u32::from(self.level <= 4),
            Style::Maximal => MANY,
            Style::Random => {
                if particle.min == 0 && self.rng.chance(40) {
                    0
                } else {
                    let mut wanted = 1;
                    while wanted < 4 && self.rng.chance(35) {
                        wanted += 1;
                    }
                    wanted
                }
            }
        };
        wanted.max(particle.min).min(most)
    }

    fn choose_branch(&mut self, model: &Model, children: &[ParticleId]) -> Option<ParticleId> {
        let depths = Arc::clone(&self.depths);
        let mut usable: Vec<(u32, ParticleId)> = Vec::with_capacity(children.len());
        for child in children {
            if let Some(depth) = depths.particle(self.schema, model, *child) {
                usable.push((depth, *child));
            }
        }
        if self.is_shallow() {
            return usable.iter().min_by_key(|(depth, _)| *depth).map(|(_, child)| *child);
        }
        match self.style {
            Style::Minimal | Style::Typical => usable.first().map(|(_, child)| *child),
            Style::Maximal | Style::Random => self.rng.pick(&usable).map(|(_, child)| *child),
        }
    }

    /// The element itself or a member of its substitution group.
    fn choose_member(&mut self, head: ElementId) -> Option<ElementId> {
        let all = std::iter::once(head).chain(self.schema.element(head).members.iter().copied());
        let mut usable: Vec<(u32, ElementId)> = Vec::new();
        for element in all {
            if let Some(depth) = self.depths.element(self.schema, element) {
                usable.push((depth, element));
            }
        }
        if self.is_shallow() {
            return usable.iter().min_by_key(|(depth, _)| *depth).map(|(_, element)| *element);
        }
        match self.style {
            Style::Minimal | Style::Typical => usable.first().map(|(_, element)| *element),
            Style::Maximal | Style::Random => self.rng.pick(&usable).map(|(_, element)| *element),
        }
    }

    /// Text beside elements, now and then.
    pub(super) fn mixed_text(&mut self) {
        const TEXTS: [&str; 6] = ["text", " a < b & c ", "\n  ", "ñandú €", "]]>", "\u{1F3F0}"];
        let text = match self.style {
            Style::Minimal => None,
            Style::Typical | Style::Maximal => Some("text"),
            Style::Random => self.rng.chance(50).then(|| self.rng.pick(&TEXTS).copied()).flatten(),
        };
        if let Some(text) = text {
            self.push_text(text);
        }
    }
}
