//! Content models while they are put together: trees whose parts are shared between types.
//!
//! References to groups are resolved here; a group that contains itself is cut where it would begin again.

use std::rc::Rc;
use std::sync::Arc;

use crate::diagnostic::Place;
use crate::schema::compile::Compiler;
use crate::schema::compile::add_faults;
use crate::schema::compile::fault;
use crate::schema::compile::rivalry;
use crate::schema::form::ElementId;
use crate::schema::form::Fault;
use crate::schema::form::Wildcard;
use crate::schema::syntax::ParticleDecl;
use crate::schema::syntax::Ref;
use crate::schema::syntax::TermDecl;

/// How deep groups may stand inside one another, base types included.
const DEPTH: u32 = 300;
/// How many particles one content model may have.
pub(super) const PARTICLES: u32 = 50_000;

/// A particle with all below it.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    pub(super) term: Branch,
    pub(super) place: Option<Place>,
    /// The longest way down.
    pub(super) depth: u32,
    /// How many particles it stands for.
    pub(super) size: u32,
}

/// The term of a tree's particle.
#[derive(Clone, Debug)]
pub(super) enum Branch {
    Element(ElementId),
    Wildcard(Arc<Wildcard>),
    Sequence(Vec<Rc<Tree>>),
    Choice(Vec<Rc<Tree>>),
    All(Vec<Rc<Tree>>),
}

/// A named group that was asked for.
pub(super) enum GroupState {
    /// Being built: a reference to it now would be circular.
    Underway,
    /// Built, with the faults that whoever refers to it has.
    Built(Option<Rc<Tree>>, Rc<[Fault]>),
}

impl Tree {
    /// A particle; none if it became too deep or too large.
    pub(super) fn new(min: u32, max: Option<u32>, term: Branch, place: Option<Place>) -> Option<Rc<Self>> {
        let (depth, size) = match &term {
            Branch::Element(_) | Branch::Wildcard(_) => (0, 0),
            Branch::Sequence(members) | Branch::Choice(members) | Branch::All(members) => (
                members.iter().map(|member| member.depth).max().unwrap_or(0),
                members.iter().fold(0u32, |sum, member| sum.saturating_add(member.size)),
            ),
        };
        (depth < DEPTH && size < PARTICLES).then(|| Rc::new(Self { min, max, term, place, depth: depth + 1, size: size + 1 }))
    }

    /// Content that admits nothing and asks for nothing (section 3.4.2, "empty").
    pub(super) fn is_empty(&self) -> bool {
        match &self.term {
            Branch::Sequence(members) | Branch::All(members) => members.is_empty(),
            Branch::Choice(members) => members.is_empty() && self.min == 0,
            Branch::Element(_) | Branch::Wildcard(_) => false,
        }
    }
}

impl<'r> Compiler<'r> {
    /// Builds a particle as written; what is wrong in it goes to `faults`.
    pub(super) fn tree(&mut self, decl: &'r ParticleDecl, level: u32, faults: &mut Vec<Fault>) -> Option<Rc<Tree>> {
        if let Some(words) = &decl.odd {
            faults.push(fault("illegal-occurrence", decl.place, Arc::clone(words)));
        }
        let term = match &decl.term {
            TermDecl::Element(element) => Branch::Element(self.local_element(element)),
            TermDecl::ElementRef(reference) => Branch::Element(self.element_reference(*reference)),
            TermDecl::Wildcard(wildcard) => Branch::Wildcard(wildcard.clone()),
            TermDecl::GroupRef(reference) => {
                let group = self.group(*reference, level, faults)?;
                group.term.clone()
            }
            TermDecl::Sequence(members) => Branch::Sequence(self.trees(members, level, faults)),
            TermDecl::Choice(members) => Branch::Choice(self.trees(members, level, faults)),
            TermDecl::All(members) => Branch::All(self.trees(members, level, faults)),
        };
        let tree = Tree::new(decl.min, decl.max, term, Some(decl.place));
        if tree.is_none() {
            faults.push(fault("content-too-large", decl.place, "the content model is too large or too deep"));
        }
        tree
    }

    fn trees(&mut self, members: &'r [ParticleDecl], level: u32, faults: &mut Vec<Fault>) -> Vec<Rc<Tree>> {
        members.iter().filter_map(|member| self.tree(member, level, faults)).collect()
    }

    /// The tree of a named group.
    fn group(&mut self, reference: Ref, level: u32, faults: &mut Vec<Fault>) -> Option<Rc<Tree>> {
        match self.groups.get(&reference.name) {
            Some(GroupState::Built(tree, inner)) => {
                add_faults(faults, inner);
                return tree.clone();
            }
            Some(GroupState::Underway) => {
                let message = format!("the group {} contains itself", self.symbols.name(reference.name));
                faults.push(fault("circular-group", reference.place, message));
                return None;
            }
            None => {}
        }
        let Some(top) = self.registry.groups.find(reference.name) else {
            faults.push(self.unknown("unknown-group", "group", reference));
            return None;
        };
        if level >= 64 {
            faults.push(fault("content-too-large", reference.place, "groups refer to one another too deeply"));
            return None;
        }
        self.groups.insert(reference.name, GroupState::Underway);
        let mut inner: Vec<Fault> = rivalry(top).into_iter().collect();
        let decl: &'r crate::schema::syntax::GroupDecl = &top.decl;
        let tree = decl.particle.as_ref().and_then(|particle| self.tree(particle, level + 1, &mut inner));
        add_faults(faults, &inner);
        self.groups.insert(reference.name, GroupState::Built(tree.clone(), inner.into()));
        tree
    }
}
