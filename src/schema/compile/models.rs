//! Lays content trees out as models and builds their automata.

use std::rc::Rc;

use crate::diagnostic::Diagnostic;
use crate::schema::automaton::Ambiguity;
use crate::schema::automaton::Automaton;
use crate::schema::compile::Compiler;
use crate::schema::compile::fault;
use crate::schema::compile::number;
use crate::schema::compile::tree::Branch;
use crate::schema::compile::tree::Tree;
use crate::schema::form::Content;
use crate::schema::form::Model;
use crate::schema::form::Particle;
use crate::schema::form::ParticleId;
use crate::schema::form::Term;
use crate::xml::name::Symbol;

/// How many particles all models together may have.
const PARTICLES: usize = 500_000;

impl Compiler<'_> {
    /// Builds the model of every complex type with elements.
    pub(super) fn build_models(&mut self) {
        let mut total = 0;
        for at in 0..self.complex.len() {
            let Some(tree) = self.drafts[at].tree.take() else {
                continue;
            };
            total += tree.size as usize;
            if total > PARTICLES {
                let place = self.complex[at].place;
                let message = "the content models of all types together are too large";
                self.complex[at].broken.push(fault("content-too-large", place, message));
                continue;
            }
            let particles = lay_out(tree);
            match Automaton::build(&particles, &self.elements) {
                Some(mut automaton) => {
                    if let Some(ambiguity) = automaton.judge(&particles, &self.symbols) {
                        self.report_ambiguity(at, &particles, ambiguity);
                    }
                    self.complex[at].content = Content::Elements(Model { particles, automaton });
                }
                None => {
                    let message = "the content model has too many names, substitution groups counted";
                    let place = self.complex[at].place;
                    self.complex[at].broken.push(fault("content-too-large", place, message));
                }
            }
        }
    }

    fn report_ambiguity(&mut self, at: usize, particles: &[Particle], ambiguity: Ambiguity) {
        let Some((first, second)) = ambiguity.particles else {
            return;
        };
        let describe = |id: ParticleId| match particles.get(id.0 as usize).map(|particle| &particle.term) {
            Some(Term::Element(element)) => {
                let name = self.elements.get(element.0 as usize).map_or(Symbol::UNKNOWN, |element| element.name);
                format!("element {}", self.symbols.name(name))
            }
            Some(Term::Wildcard(_) | Term::Sequence(_) | Term::Choice(_) | Term::All(_)) | None => "a wildcard".to_owned(),
        };
        let message = format!(
            "ambiguous content: a child may stand at {} or at {}; declarations go before wildcards, then the first counts",
            describe(first),
            describe(second)
        );
        let place = particles.get(second.0 as usize).and_then(|particle| particle.place).or(self.complex[at].place);
        self.diagnostics.push(Diagnostic::warning("ambiguous-content", place, message));
    }
}

/// The particles of a tree in document order of a walk from the root.
fn lay_out(root: Rc<Tree>) -> Vec<Particle> {
    let mut particles: Vec<Particle> = Vec::with_capacity(root.size as usize);
    let mut stack: Vec<(Rc<Tree>, Option<ParticleId>)> = vec![(root, None)];
    while let Some((tree, parent)) = stack.pop() {
        let id = ParticleId(number(particles.len()));
        let (term, members) = match &tree.term {
            Branch::Element(element) => (Term::Element(*element), None),
            Branch::Wildcard(wildcard) => (Term::Wildcard(wildcard.clone()), None),
            Branch::Sequence(members) => (Term::Sequence(Vec::with_capacity(members.len())), Some(members)),
            Branch::Choice(members) => (Term::Choice(Vec::with_capacity(members.len())), Some(members)),
            Branch::All(members) => (Term::All(Vec::with_capacity(members.len())), Some(members)),
        };
        particles.push(Particle { parent, min: tree.min, max: tree.max, term, place: tree.place });
        if let Some(group) = parent.and_then(|parent| particles.get_mut(parent.0 as usize)) {
            match &mut group.term {
                Term::Sequence(list) | Term::Choice(list) | Term::All(list) => list.push(id),
                Term::Element(_) | Term::Wildcard(_) => {}
            }
        }
        for member in members.into_iter().flatten().rev() {
            stack.push((member.clone(), Some(id)));
        }
    }
    particles
}
