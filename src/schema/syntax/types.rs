//! Complex type definitions as written (section 3.4.2).

use roxmltree::Node;

use crate::schema::form::Derivation;
use crate::schema::syntax::AttributesDecl;
use crate::schema::syntax::ComplexDecl;
use crate::schema::syntax::ContentDecl;
use crate::schema::syntax::ParticleDecl;
use crate::schema::syntax::Reader;
use crate::schema::syntax::SimpleRestriction;
use crate::schema::syntax::TermDecl;
use crate::schema::syntax::reader::documentation;
use crate::schema::syntax::vocabulary::xsd_name;
use crate::xml::tree::Plain;

impl Reader<'_> {
    /// A complex type definition, named or not.
    pub(crate) fn complex_type(&mut self, node: Node<'_, '_>) -> ComplexDecl {
        self.check_attributes(node, &["name", "mixed", "abstract", "block", "final", "id"]);
        let mut decl = ComplexDecl {
            is_abstract: self.flag(node, "abstract").unwrap_or(false),
            block: self.derivation_set(node, "block", self.block_default),
            mixed: self.flag(node, "mixed").unwrap_or(false),
            derivation: Derivation::Restriction,
            base: None,
            content: ContentDecl::Complex(None),
            attributes: AttributesDecl::default(),
            place: self.place(node),
            documentation: documentation(node),
        };
        let mut particle = None;
        for child in node.children().filter(Node::is_element) {
            match xsd_name(child) {
                Some("annotation") => {}
                Some("simpleContent") => return self.simple_content(child, decl),
                Some("complexContent") => {
                    self.check_attributes(child, &["mixed", "id"]);
                    return self.complex_content(child, decl);
                }
                Some("extension" | "restriction") if child.plain("base").is_some() => {
                    self.warn_of_short_form(child, "xs:complexContent");
                    return self.complex_content(node, decl);
                }
                Some(_) | None => self.content_part(child, &mut particle, &mut decl.attributes),
            }
        }
        decl.content = ContentDecl::Complex(particle);
        decl
    }

    /// A child of a type, extension or restriction that is a particle or about attributes.
    fn content_part(&mut self, node: Node<'_, '_>, particle: &mut Option<ParticleDecl>, attributes: &mut AttributesDecl) {
        match xsd_name(node) {
            Some("sequence" | "choice" | "all" | "group") => {
                if particle.is_some() {
                    self.warn("two-groups", node, "a type has one group of elements; this further one is ignored".into());
                } else {
                    *particle = self.particle(node);
                }
            }
            Some("element" | "any") => self.bare_particle(node, particle),
            Some(_) | None => {
                if !self.attribute_item(node, attributes) {
                    self.unknown_element(node);
                }
            }
        }
    }

    /// An element without a group round it, as drafts allowed: those of a type make a sequence.
    fn bare_particle(&mut self, node: Node<'_, '_>, group: &mut Option<ParticleDecl>) {
        let place = self.place(node);
        let particle = self.particle(node);
        match group {
            None => {
                self.warn_of_short_form(node, "xs:sequence");
                *group =
                    Some(ParticleDecl { min: 1, max: Some(1), odd: None, term: TermDecl::Sequence(particle.into_iter().collect()), place });
            }
            Some(ParticleDecl { term: TermDecl::Sequence(members), .. }) => members.extend(particle),
            Some(_) => self.unknown_element(node),
        }
    }

    fn complex_content(&mut self, node: Node<'_, '_>, mut decl: ComplexDecl) -> ComplexDecl {
        if let Some(mixed) = self.flag(node, "mixed") {
            decl.mixed = mixed;
        }
        let mut particle = None;
        if let Some(group) = node.children().find(|child| matches!(xsd_name(*child), Some("sequence" | "choice" | "all" | "group"))) {
            self.warn_of_short_form(group, "xs:restriction of xs:anyType");
            for child in node.children().filter(|child| child.is_element() && xsd_name(*child) != Some("annotation")) {
                self.content_part(child, &mut particle, &mut decl.attributes);
            }
            decl.content = ContentDecl::Complex(particle);
            return decl;
        }
        let Some(derivation) = self.derivation(node, &mut decl) else {
            return decl;
        };
        for child in derivation.children().filter(Node::is_element) {
            if xsd_name(child) != Some("annotation") {
                self.content_part(child, &mut particle, &mut decl.attributes);
            }
        }
        decl.content = ContentDecl::Complex(particle);
        decl
    }

    fn simple_content(&mut self, node: Node<'_, '_>, mut decl: ComplexDecl) -> ComplexDecl {
        self.check_attributes(node, &["id"]);
        let mut restriction = SimpleRestriction { base: None, facets: Vec::new(), prefixes: Vec::new() };
        if let Some(derivation) = self.derivation(node, &mut decl) {
            for child in derivation.children().filter(Node::is_element) {
                if !self.attribute_item(child, &mut decl.attributes) && !self.restriction_part(child, &mut restriction) {
                    self.unknown_element(child);
                }
            }
        }
        decl.content = ContentDecl::Simple(restriction);
        decl
    }

    fn warn_of_short_form(&mut self, node: Node<'_, '_>, left_out: &str) {
        let found = node.tag_name().name();
        self.warn("left-out-element", node, format!("{found} stands here without the {left_out} round it, which is taken for granted"));
    }

    /// The extension or restriction inside simple or complex content.
    fn derivation<'a, 'i>(&mut self, node: Node<'a, 'i>, decl: &mut ComplexDecl) -> Option<Node<'a, 'i>> {
        let mut found = None;
        for child in node.children().filter(Node::is_element) {
            match xsd_name(child) {
                Some("annotation") => {}
                Some("extension") => {
                    decl.derivation = Derivation::Extension;
                    found = Some(child);
                }
                Some("restriction") => found = Some(child),
                Some(_) | None => self.unknown_element(child),
            }
        }
        let Some(derivation) = found else {
            self.warn("no-derivation", node, "neither extension nor restriction stands here".into());
            return None;
        };
        self.check_attributes(derivation, &["base", "id"]);
        decl.base = self.reference(derivation, "base");
        if decl.base.is_none() {
            self.warn("no-base", derivation, "a derivation without base derives from xs:anyType".into());
        }
        Some(derivation)
    }
}
