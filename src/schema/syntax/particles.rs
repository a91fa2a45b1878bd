//! Particles, model groups and wildcards as written (sections 3.7 to 3.10).

use std::sync::Arc;

use roxmltree::Node;

use crate::schema::form::NamespaceConstraint;
use crate::schema::form::ProcessContents;
use crate::schema::form::Wildcard;
use crate::schema::syntax::GroupDecl;
use crate::schema::syntax::ParticleDecl;
use crate::schema::syntax::Reader;
use crate::schema::syntax::TermDecl;
use crate::schema::syntax::vocabulary::xsd_name;
use crate::xml::name::XSD_NS;
use crate::xml::tree::Plain;

impl Reader<'_> {
    /// A named model group: the one group in it.
    pub(crate) fn named_group(&mut self, node: Node<'_, '_>) -> GroupDecl {
        self.check_attributes(node, &["name", "id", "minOccurs", "maxOccurs"]);
        let mut particle = None;
        for child in node.children().filter(Node::is_element) {
            match xsd_name(child) {
                Some("annotation") => {}
                Some("sequence" | "choice" | "all") if particle.is_none() => particle = self.particle(child),
                Some(_) | None => self.unknown_element(child),
            }
        }
        GroupDecl { particle }
    }

    /// A particle; none if it is of no kind or may not occur.
    pub(crate) fn particle(&mut self, node: Node<'_, '_>) -> Option<ParticleDecl> {
        let kind = xsd_name(node)?;
        let (min, max) = self.occurrence(node);
        if max == Some(0) {
            return None;
        }
        let place = self.place(node);
        let term = match kind {
            "element" => self.element_term(node)?,
            "group" => {
                self.check_attributes(node, &["ref", "minOccurs", "maxOccurs", "id"]);
                match self.reference(node, "ref") {
                    Some(group) => TermDecl::GroupRef(group),
                    None => {
                        self.warn("group-without-ref", node, "a group without ref is ignored".into());
                        return None;
                    }
                }
            }
            "any" => {
                self.check_attributes(node, &["namespace", "processContents", "minOccurs", "maxOccurs", "id"]);
                TermDecl::Wildcard(Arc::new(self.wildcard(node)))
            }
            "sequence" => TermDecl::Sequence(self.members(node).map(|members| self.with_schema(members))?),
            "choice" => TermDecl::Choice(self.members(node)?),
            "all" => TermDecl::All(self.members(node)?),
            _ => {
                self.unknown_element(node);
                return None;
            }
        };
        Some(ParticleDecl { min, max, term, place })
    }

    fn members(&mut self, node: Node<'_, '_>) -> Option<Vec<ParticleDecl>> {
        self.check_attributes(node, &["minOccurs", "maxOccurs", "id"]);
        self.deeper(node, |reader| {
            let mut list = Vec::new();
            for child in node.children().filter(Node::is_element) {
                match xsd_name(child) {
                    Some("annotation") => {}
                    Some("element" | "group" | "any" | "sequence" | "choice" | "all") => {
                        list.extend(reader.particle(child));
                    }
                    Some(_) | None => reader.unknown_element(child),
                }
            }
            list
        })
    }

    /// A sequence that holds `ref="xs:schema"` (a .NET DataSet) brings its own schema in the message: no declaration can be asked
    /// of what its wildcards admit beside it.
    fn with_schema(&self, mut members: Vec<ParticleDecl>) -> Vec<ParticleDecl> {
        let schema = self.symbols.find(XSD_NS, "schema");
        let is_schema = |member: &ParticleDecl| matches!(&member.term, TermDecl::ElementRef(target) if Some(target.name) == schema);
        if members.iter().any(is_schema) {
            for member in &mut members {
                if let TermDecl::Wildcard(wildcard) = &mut member.term
                    && wildcard.process == ProcessContents::Strict
                {
                    *wildcard = Arc::new(Wildcard { process: ProcessContents::Lax, ..(**wildcard).clone() });
                }
            }
        }
        members
    }

    fn element_term(&mut self, node: Node<'_, '_>) -> Option<TermDecl> {
        if let Some(target) = self.reference(node, "ref") {
            self.check_attributes(node, &["ref", "minOccurs", "maxOccurs", "id"]);
            return Some(TermDecl::ElementRef(target));
        }
        let Some(local) = node.plain("name").map(str::trim).filter(|name| !name.is_empty()) else {
            self.warn("unnamed-component", node, "an element with neither name nor ref is ignored".into());
            return None;
        };
        let decl = self.deeper(node, |reader| reader.local_element(node, local))?;
        Some(TermDecl::Element(Arc::new(decl)))
    }

    fn occurrence(&mut self, node: Node<'_, '_>) -> (u32, Option<u32>) {
        let min = match node.plain("minOccurs").map(str::trim) {
            None => None,
            Some(text) => match count(text) {
                Some(count) => Some(count),
                None => {
                    self.warn("illegal-occurrence", node, format!("minOccurs {text:?} is no count; taken as 1"));
                    None
                }
            },
        };
        let max = match node.plain("maxOccurs").map(str::trim) {
            None => Some(1),
            Some("unbounded") => None,
            Some(text) => match count(text) {
                Some(count) => Some(count),
                None => {
                    self.warn("illegal-occurrence", node, format!("maxOccurs {text:?} is no count; taken as unbounded"));
                    None
                }
            },
        };
        let least = min.unwrap_or(1);
        match max {
            Some(0) if least > 0 && min.is_none() => (0, Some(0)),
            Some(most) if least > most => {
                self.warn("illegal-occurrence", node, format!("minOccurs {least} is more than maxOccurs {most}"));
                if most == 0 { (0, Some(0)) } else { (least, Some(least)) }
            }
            Some(_) | None => (least, max),
        }
    }

    /// xs:any or xs:anyAttribute.
    pub(crate) fn wildcard(&mut self, node: Node<'_, '_>) -> Wildcard {
        let target = self.target.clone();
        let namespaces = match node.plain("namespace").map(str::trim) {
            None | Some("##any") => NamespaceConstraint::Any,
            Some("##other") => NamespaceConstraint::Not(target),
            Some(list) => NamespaceConstraint::OneOf(
                list.split_ascii_whitespace()
                    .map(|word| match word {
                        "##targetNamespace" => target.clone(),
                        "##local" => "".into(),
                        uri => uri.into(),
                    })
                    .collect(),
            ),
        };
        let process = match node.plain("processContents").map(str::trim) {
            None | Some("strict") => ProcessContents::Strict,
            Some("lax") => ProcessContents::Lax,
            Some("skip") => ProcessContents::Skip,
            Some(other) => {
                self.warn("unknown-process-contents", node, format!("processContents {other:?} is taken as lax"));
                ProcessContents::Lax
            }
        };
        Wildcard { namespaces, process }
    }
}

/// A count of occurrences; those beyond 32 bits are as good as the largest.
fn count(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u32::MAX))
}
