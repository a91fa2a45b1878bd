//! Declarations that stand in no schema: rpc wrappers and bodies of several parts.

use crate::schema::compile::Compiler;
use crate::schema::compile::Draft;
use crate::schema::compile::Stage;
use crate::schema::compile::elements::blank;
use crate::schema::compile::next_complex;
use crate::schema::compile::tree::Branch;
use crate::schema::compile::tree::Tree;
use crate::schema::form::ComplexType;
use crate::schema::form::Content;
use crate::schema::form::Derivation;
use crate::schema::form::DerivationSet;
use crate::schema::form::Element;
use crate::schema::form::ElementId;
use crate::schema::form::TypeId;
use crate::schema::load::PartContent;
use crate::schema::load::SyntheticElement;
use crate::schema::load::SyntheticPart;
use crate::schema::syntax::Ref;

impl Compiler<'_> {
    /// Declares the elements and gives their numbers back in order.
    pub(super) fn declare_synthetic(&mut self, list: &[SyntheticElement]) -> Vec<ElementId> {
        list.iter().map(|element| self.synthetic_element(element)).collect()
    }

    fn synthetic_element(&mut self, wanted: &SyntheticElement) -> ElementId {
        let name = self.symbols.intern(wanted.name.ns.as_str(), wanted.name.local.as_str());
        let id = self.push_element(Element { place: Some(wanted.place), documentation: wanted.documentation.clone(), ..blank(name) });
        let ty = next_complex(&self.complex);
        let members = wanted.parts.iter().filter(|part| part.max != Some(0)).filter_map(|part| {
            let element = self.synthetic_part(part);
            Tree::new(part.min, part.max, Branch::Element(element), Some(part.place))
        });
        let members = members.collect();
        self.part_names.insert(ty, wanted.parts.iter().map(|part| part.name.local.as_str().into()).collect());
        let tree = Tree::new(1, Some(1), Branch::Sequence(members), Some(wanted.place));
        self.complex.push(ComplexType {
            name: None,
            owner: Some(id),
            base: Some(TypeId::ANY),
            derivation: Derivation::Restriction,
            is_abstract: false,
            block: DerivationSet::default(),
            mixed: false,
            content: Content::Empty,
            attributes: Vec::new(),
            any_attribute: None,
            derived: Vec::new(),
            place: Some(wanted.place),
            documentation: None,
            broken: Vec::new(),
        });
        self.drafts.push(Draft { decl: None, tree: tree.filter(|tree| !tree.is_empty()), stage: Stage::Resolved });
        self.elements[id.0 as usize].ty = TypeId::Complex(ty);
        id
    }

    fn synthetic_part(&mut self, part: &SyntheticPart) -> ElementId {
        match &part.content {
            PartContent::ElementRef(target) => {
                let name = self.symbols.intern(target.ns.as_str(), target.local.as_str());
                self.element_reference(Ref { name, place: part.place })
            }
            PartContent::Type(target) => {
                let name = self.symbols.intern(part.name.ns.as_str(), part.name.local.as_str());
                let target = self.symbols.intern(target.ns.as_str(), target.local.as_str());
                let (ty, broken) = match self.find_type(Ref { name: target, place: part.place }) {
                    Ok(ty) => (ty, None),
                    Err(fault) => (TypeId::ANY, Some(fault)),
                };
                self.push_element(Element {
                    ty,
                    nillable: part.nillable,
                    place: Some(part.place),
                    broken: broken.into_iter().collect(),
                    ..blank(name)
                })
            }
        }
    }
}
