//! Particles, model groups and wildcards as written (sections 3.7 to 3.10).

use std::sync::Arc;

use roxmltree::Node;

use crate::diagnostic::Diagnostic;
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

/// `minOccurs` and `maxOccurs` as taken.
struct Occurrence {
    min: u32,
    max: Option<u32>,
    odd: Option<Arc<str>>,
}

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
        let Occurrence { min, max, odd } = self.occurrence(node);
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
            "all" => TermDecl::All(self.members_of_all(node, max)?),
            _ => {
                self.unknown_element(node);
                return None;
            }
        };
        Some(ParticleDecl { min, max, odd, term, place })
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

    fn occurrence(&mut self, node: Node<'_, '_>) -> Occurrence {
        let mut odd: Option<Arc<str>> = None;
        let min = node.plain("minOccurs").map(str::trim).and_then(|text| {
            let read = count(text);
            if read.is_none() {
                odd = Some(format!("minOccurs {text:?} is no count; taken as 1").into());
            }
            read
        });
        let max = match node.plain("maxOccurs").map(str::trim) {
            None => Some(1),
            Some("unbounded") => None,
            Some(text) => count(text).or_else(|| {
                odd = Some(format!("maxOccurs {text:?} is no count; taken as unbounded").into());
                None
            }),
        };
        let least = min.unwrap_or(1);
        match max {
            Some(0) if least > 0 => {
                if min.is_some() {
                    self.warn("illegal-occurrence", node, format!("minOccurs {least} is more than maxOccurs 0; it may not occur"));
                }
                Occurrence { min: 0, max, odd }
            }
            Some(most) if least > most => {
                let words = format!("minOccurs {least} is more than maxOccurs {most}; exactly {least} are taken");
                Occurrence { min: least, max: Some(least), odd: Some(words.into()) }
            }
            Some(_) | None => Occurrence { min: least, max, odd },
        }
    }

    /// The members of an xs:all; a warning for each that may occur more than once (section 3.8.6, All Group Limited).
    fn members_of_all(&mut self, node: Node<'_, '_>, max: Option<u32>) -> Option<Vec<ParticleDecl>> {
        let members = self.members(node)?;
        let repeated = members.iter().filter(|member| member.max != Some(1)).map(|member| (member.place, "a member of xs:all"));
        let whole = (max != Some(1)).then(|| (self.place(node), "xs:all"));
        for (place, what) in repeated.chain(whole) {
            let message = format!("{what} may occur once at most, here it may more often; it is read as written");
            self.diagnostics.push(Diagnostic::warning("repeated-in-all", place, message));
        }
        Some(members)
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
