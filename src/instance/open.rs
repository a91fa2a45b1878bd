//! Open content: what wildcards admit, declared or not.

use crate::instance::Generator;
use crate::instance::Style;
use crate::schema::form::ElementId;
use crate::schema::form::NamespaceConstraint;
use crate::schema::form::ProcessContents;
use crate::schema::form::Schema;
use crate::schema::form::Wildcard;
use crate::xml::name::Symbol;
use crate::xml::name::XSD_NS;

/// A namespace that no contract declares.
const FOREIGN: &str = "urn:example:open";

/// Whether a wildcard admits a global declaration. What is declared of XML Schema itself is there for references to it, and no
/// other validator knows it.
pub(super) fn admits(schema: &Schema, wildcard: &Wildcard, name: Symbol) -> bool {
    let ns = schema.symbols.name(name).ns.as_str();
    ns != XSD_NS && wildcard.namespaces.admits(ns)
}

impl<'s> Generator<'s> {
    /// An element that a wildcard admits.
    pub(super) fn open_element(&mut self, wildcard: &Wildcard) -> Option<()> {
        let declared = match wildcard.process {
            ProcessContents::Strict => true,
            ProcessContents::Lax => self.is_random() && !self.is_shallow() && self.rng.chance(50),
            ProcessContents::Skip => false,
        };
        if declared {
            match self.declared_element(wildcard) {
                Some(element) => return self.write_element(element),
                None if wildcard.process == ProcessContents::Strict => return None,
                None => {}
            }
        }
        let ns = self.open_namespace(&wildcard.namespaces);
        self.undeclared_element(&ns, 0)
    }

    /// A global element that a wildcard admits and that can end: any of the shallow ones.
    fn declared_element(&mut self, wildcard: &Wildcard) -> Option<ElementId> {
        let mut usable: Vec<(u32, ElementId)> = Vec::new();
        for (name, element) in &self.schema.global_elements {
            if admits(self.schema, wildcard, *name)
                && let Some(depth) = self.depths.element(self.schema, *element)
            {
                usable.push((depth, *element));
            }
        }
        // The map has no order of its own.
        usable.sort_unstable();
        if self.style == Style::Random && !self.is_shallow() {
            usable.retain(|(depth, _)| *depth <= 4);
            self.rng.pick(&usable).map(|(_, element)| *element)
        } else {
            usable.first().map(|(_, element)| *element)
        }
    }

    fn open_namespace(&mut self, admitted: &NamespaceConstraint) -> String {
        match admitted {
            NamespaceConstraint::Any if self.is_random() && self.rng.chance(30) => String::new(),
            NamespaceConstraint::Any | NamespaceConstraint::Not(_) => FOREIGN.to_owned(),
            NamespaceConstraint::OneOf(list) if self.is_random() => self.rng.pick(list).map_or_else(String::new, |ns| ns.to_string()),
            NamespaceConstraint::OneOf(list) => list.first().map_or_else(String::new, |ns| ns.to_string()),
        }
    }

    /// An element that no schema declares, with anything inside.
    fn undeclared_element(&mut self, ns: &str, nested: u32) -> Option<()> {
        let local = self.undeclared_name(ns);
        self.open(ns, &local, |this| {
            let rich = this.is_random() && nested < 2;
            if rich && this.rng.chance(30) {
                this.attribute("", "mark", "1 < 2");
            }
            if rich && this.rng.chance(15) {
                this.attribute(FOREIGN, "mark", "two");
            }
            this.end_tag_of_start();
            match if rich { this.rng.below(5) } else { 0 } {
                0 => this.push_text("open"),
                1 => {}
                2 => {
                    this.push_text("a ");
                    this.undeclared_element(FOREIGN, nested + 1)?;
                    this.undeclared_element("", nested + 1)?;
                    this.push_text(" b");
                }
                3 => {
                    let name = this.names.qualified(FOREIGN, "Topic//.");
                    this.push_text(&name);
                }
                _ => this.undeclared_element(ns, nested + 1)?,
            }
            Some(())
        })
    }

    /// A local name that no global declaration of the namespace has.
    fn undeclared_name(&self, ns: &str) -> String {
        let mut name = String::from("open");
        while self.schema.find_element(ns, &name).is_some() {
            name.push('_');
        }
        name
    }

    /// An attribute that a wildcard admits, other than those taken.
    pub(super) fn open_attribute(&mut self, wildcard: &Wildcard, taken: &[Symbol]) {
        let declared = wildcard.process == ProcessContents::Strict || (wildcard.process == ProcessContents::Lax && self.rng.chance(30));
        if declared {
            let mut usable: Vec<_> = self.schema.global_attributes.iter().map(|(name, attribute)| (*name, *attribute)).collect();
            usable.retain(|(name, _)| wildcard.namespaces.admits(self.schema.symbols.name(*name).ns.as_str()) && !taken.contains(name));
            usable.sort_unstable();
            if let Some((name, attribute)) = self.rng.pick(&usable).copied() {
                let name = self.schema.symbols.name(name).clone();
                let declaration = self.schema.attribute(attribute);
                let value = match &declaration.value {
                    Some(crate::schema::form::ValueConstraint::Fixed(value)) => Some(value.to_string()),
                    Some(crate::schema::form::ValueConstraint::Default(_)) | None => self.value(declaration.ty, name.local.as_str()),
                };
                if let Some(value) = value {
                    self.attribute(name.ns.as_str(), name.local.as_str(), &value);
                }
                return;
            }
        }
        if wildcard.process == ProcessContents::Strict {
            return;
        }
        let ns = self.open_namespace(&wildcard.namespaces);
        let mut local = String::from("open");
        let is_declared = |local: &str| {
            self.schema
                .symbols
                .find(&ns, local)
                .is_some_and(|symbol| taken.contains(&symbol) || self.schema.global_attributes.contains_key(&symbol))
        };
        while is_declared(&local) {
            local.push('_');
        }
        self.attribute(&ns, &local, "open & free");
    }
}
