//! The content of derived types (section 3.4.2).

use crate::diagnostic::Diagnostic;
use crate::schema::compile::Compiler;
use crate::schema::compile::fault;
use crate::schema::compile::tree::Branch;
use crate::schema::compile::tree::Tree;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Content;
use crate::schema::form::Derivation;
use crate::schema::form::TypeId;
use crate::schema::simple::SimpleTypeId;
use crate::schema::syntax::ComplexDecl;
use crate::schema::syntax::SimpleRestriction;

impl<'r> Compiler<'r> {
    /// Complex content by extension: the base's, then the type's own.
    pub(super) fn extend_content(&mut self, id: ComplexTypeId, base: TypeId) {
        let index = id.0 as usize;
        let place = self.complex[index].place;
        let own = self.drafts[index].tree.take();
        let (inherited, simple) = match base {
            TypeId::Simple(simple) => (None, Some(simple)),
            TypeId::Complex(base) => {
                let base = base.0 as usize;
                if self.complex[base].mixed {
                    self.complex[index].mixed = true;
                }
                let simple = match self.complex[base].content {
                    Content::Simple(simple) => Some(simple),
                    Content::Empty | Content::Elements(_) => None,
                };
                (self.drafts[base].tree.clone(), simple)
            }
        };
        self.drafts[index].tree = match (inherited, own) {
            (Some(inherited), Some(own)) => {
                let tree = Tree::new(1, Some(1), Branch::Sequence(vec![inherited.clone(), own]), place);
                if tree.is_none() {
                    let message = "the content model is too large or too deep";
                    self.complex[index].broken.push(fault("content-too-large", place, message));
                }
                tree.or(Some(inherited))
            }
            (inherited, own) => inherited.or(own),
        };
        if let Some(simple) = simple {
            if self.drafts[index].tree.is_some() {
                let message = "elements are added to a base of simple content";
                self.complex[index].broken.push(fault("simple-base", place, message));
            } else {
                let message = "xs:complexContent extends a base of simple content; taken as xs:simpleContent";
                self.diagnostics.push(Diagnostic::warning("simple-base", place, message));
                self.complex[index].content = Content::Simple(simple);
            }
        }
    }

    /// Simple content, by extension or restriction.
    pub(super) fn simple_content(&mut self, id: ComplexTypeId, base: TypeId, decl: &'r ComplexDecl, restriction: &'r SimpleRestriction) {
        let index = id.0 as usize;
        let inherited = match base {
            TypeId::Simple(simple) => Some(simple),
            TypeId::Complex(base) => match &self.complex[base.0 as usize].content {
                Content::Simple(simple) => Some(*simple),
                Content::Empty | Content::Elements(_) => None,
            },
        };
        let simple = match (decl.derivation, inherited) {
            (Derivation::Extension, Some(simple)) => simple,
            (Derivation::Restriction, inherited) if inherited.is_some() || restriction.base.is_some() => {
                self.restricted_content(index, inherited, restriction)
            }
            (Derivation::Extension | Derivation::Restriction, _) => {
                if self.complex[index].broken.is_empty() {
                    let place = decl.base.map_or(decl.place, |base| base.place);
                    let message = "xs:simpleContent needs a base of simple content";
                    self.complex[index].broken.push(fault("not-simple-base", place, message));
                }
                SimpleTypeId::ANY
            }
        };
        self.complex[index].mixed = false;
        self.complex[index].content = Content::Simple(simple);
    }

    fn restricted_content(&mut self, index: usize, inherited: Option<SimpleTypeId>, restriction: &'r SimpleRestriction) -> SimpleTypeId {
        let base = match &restriction.base {
            None => inherited.unwrap_or(SimpleTypeId::ANY),
            Some(inner) => {
                let (id, broken) = self.simple_use(inner);
                self.complex[index].broken.extend(broken);
                self.define_simple_types();
                id
            }
        };
        if restriction.facets.is_empty() { base } else { self.restrict(base, restriction) }
    }
}
