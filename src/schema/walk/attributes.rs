//! Attributes in the walk: uses and wildcards, required ones, fixed values (XML Schema Part 1, section 3.4.4).

use crate::schema::form::ComplexType;
use crate::schema::form::ProcessContents;
use crate::schema::form::ValueConstraint;
use crate::schema::form::Wildcard;
use crate::schema::simple::SimpleTypeId;
use crate::schema::walk::AttributeKind;
use crate::schema::walk::SeenAttribute;
use crate::schema::walk::Value;
use crate::schema::walk::Visitor;
use crate::schema::walk::Walker;
use crate::schema::walk::fault::Namer;
use crate::xml::event::Attribute;
use crate::xml::event::Start;
use crate::xml::name::Symbol;

impl Walker<'_> {
    /// The attributes of an element of complex type.
    #[inline(never)]
    pub(super) fn attributes<V: Visitor>(&mut self, start: &Start<'_>, complex: &ComplexType, root: bool, visitor: &mut V) {
        for attribute in start.attributes() {
            if self.is_passed_over(&attribute, root) {
                continue;
            }
            let found = complex.attributes.iter().position(|one| one.name == attribute.symbol && one.name != Symbol::UNKNOWN);
            if let Some(at) = found
                && let Some(of) = complex.attributes.get(at)
            {
                let ty = self.schema.attribute(of.attribute).ty;
                self.typed_attribute(start, &attribute, ty, of.value.as_ref(), AttributeKind::Use(at), visitor);
                continue;
            }
            match &complex.any_attribute {
                Some(wildcard) if wildcard.namespaces.admits(attribute.name().ns) => {
                    self.wild_attribute(start, &attribute, wildcard, visitor);
                }
                Some(_) | None => self.unexpected_attribute(start, &attribute, complex, visitor),
            }
        }
        for (at, of) in complex.attributes.iter().enumerate() {
            if of.required && start.attribute_by_symbol(of.name).is_none() {
                self.missing_attribute(start, complex, at, visitor);
            }
        }
    }

    /// The attributes that a type declares, on an element that has others too: the Body of an envelope.
    pub(super) fn declared_attributes<V: Visitor>(&mut self, start: &Start<'_>, complex: &ComplexType, visitor: &mut V) {
        let schema = self.schema;
        for (at, of) in complex.attributes.iter().enumerate() {
            match start.attribute_by_symbol(of.name) {
                Some(attribute) => {
                    let ty = schema.attribute(of.attribute).ty;
                    self.typed_attribute(start, &attribute, ty, of.value.as_ref(), AttributeKind::Use(at), visitor);
                }
                None if of.required => self.missing_attribute(start, complex, at, visitor),
                None => {}
            }
        }
    }

    /// The attributes of an element of simple type, which has none of its own, or of the ur-type, which takes any.
    #[inline(never)]
    pub(super) fn plain_attributes<V: Visitor>(&mut self, start: &Start<'_>, any: bool, root: bool, visitor: &mut V) {
        for attribute in start.attributes() {
            if self.is_passed_over(&attribute, root) {
                continue;
            }
            if any {
                self.lax_attribute(start, &attribute, visitor);
            } else {
                let name = Namer::new(self.schema, start.scope()).attribute_name(attribute.name());
                let message = format!("found attribute {name}, expected none: the element's type is simple");
                self.tell(visitor, "unexpected-attribute", attribute.offset(), message, None);
                Self::free_attribute(start, &attribute, visitor);
            }
        }
    }

    /// The attributes of an element without a declaration.
    #[inline(never)]
    pub(super) fn free_attributes<V: Visitor>(&mut self, start: &Start<'_>, lax: bool, visitor: &mut V) {
        for attribute in start.attributes() {
            if self.xsi(&attribute).is_some() {
                continue;
            }
            if lax { self.lax_attribute(start, &attribute, visitor) } else { Self::free_attribute(start, &attribute, visitor) }
        }
    }

    /// Attributes of XML Schema itself, and those of the envelope on the element that the walk began with.
    fn is_passed_over(&self, attribute: &Attribute<'_>, root: bool) -> bool {
        self.xsi(attribute).is_some() || (root && self.passed.is_some_and(|namespace| attribute.name().ns == namespace))
    }

    fn typed_attribute<V: Visitor>(
        &mut self,
        start: &Start<'_>,
        attribute: &Attribute<'_>,
        ty: SimpleTypeId,
        constraint: Option<&ValueConstraint>,
        kind: AttributeKind,
        visitor: &mut V,
    ) {
        let (name, raw, scope) = (attribute.name(), attribute.value, start.scope());
        let schema = self.schema;
        if !matches!(constraint, Some(ValueConstraint::Fixed(_))) && schema.simple.is_plain(ty, raw, &scope) {
            let value = Value { ty: Some(ty), member: Some(ty), text: raw, valid: true, scope };
            visitor.attribute(&SeenAttribute { name, kind, value });
            return;
        }
        match schema.simple.check(ty, raw, &scope) {
            Ok(checked) => {
                if let Some(ValueConstraint::Fixed(fixed)) = constraint
                    && !schema.simple.equal(ty, (raw, &scope), (fixed, &scope))
                {
                    self.not_fixed(visitor, attribute.offset(), fixed, raw);
                }
                let value = Value { ty: Some(ty), member: Some(checked.member), text: &checked.text, valid: true, scope };
                visitor.attribute(&SeenAttribute { name, kind, value });
            }
            Err(fault) => {
                self.bad_value(visitor, attribute.offset(), &fault);
                let value = Value { ty: Some(ty), member: None, text: raw, valid: false, scope };
                visitor.attribute(&SeenAttribute { name, kind, value });
            }
        }
    }

    fn wild_attribute<V: Visitor>(&mut self, start: &Start<'_>, attribute: &Attribute<'_>, wildcard: &Wildcard, visitor: &mut V) {
        match wildcard.process {
            ProcessContents::Skip => {
                let value = Value { ty: None, member: None, text: attribute.value, valid: true, scope: start.scope() };
                visitor.attribute(&SeenAttribute { name: attribute.name(), kind: AttributeKind::Wild(None), value });
            }
            ProcessContents::Lax => self.lax_attribute(start, attribute, visitor),
            ProcessContents::Strict => {
                if !self.schema.global_attributes.contains_key(&attribute.symbol) {
                    let name = Namer::new(self.schema, start.scope()).attribute_name(attribute.name());
                    let message = format!("found attribute {name}, which no schema declares; expected a declared attribute");
                    self.tell(visitor, "undeclared-attribute", attribute.offset(), message, None);
                }
                self.lax_attribute(start, attribute, visitor);
            }
        }
    }

    /// An attribute that is judged by its global declaration if there is one.
    fn lax_attribute<V: Visitor>(&mut self, start: &Start<'_>, attribute: &Attribute<'_>, visitor: &mut V) {
        let schema = self.schema;
        let id = schema.global_attributes.get(&attribute.symbol).copied().filter(|_| attribute.symbol != Symbol::UNKNOWN);
        match id {
            Some(id) => {
                let declared = schema.attribute(id);
                let kind = AttributeKind::Wild(Some(id));
                self.typed_attribute(start, attribute, declared.ty, declared.value.as_ref(), kind, visitor);
            }
            None => {
                let value = Value { ty: None, member: None, text: attribute.value, valid: true, scope: start.scope() };
                visitor.attribute(&SeenAttribute { name: attribute.name(), kind: AttributeKind::Wild(None), value });
            }
        }
    }

    fn free_attribute<V: Visitor>(start: &Start<'_>, attribute: &Attribute<'_>, visitor: &mut V) {
        let value = Value { ty: None, member: None, text: attribute.value, valid: true, scope: start.scope() };
        visitor.attribute(&SeenAttribute { name: attribute.name(), kind: AttributeKind::Free, value });
    }

    #[cold]
    fn unexpected_attribute<V: Visitor>(&mut self, start: &Start<'_>, attribute: &Attribute<'_>, complex: &ComplexType, visitor: &mut V) {
        let namer = Namer::new(self.schema, start.scope());
        let known: Vec<String> = complex.attributes.iter().take(8).map(|of| namer.attribute(of.name)).collect();
        let expected = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        let message = format!("found attribute {}, expected {expected}", namer.attribute_name(attribute.name()));
        self.tell(visitor, "unexpected-attribute", attribute.offset(), message, None);
        Self::free_attribute(start, attribute, visitor);
    }

    #[cold]
    fn missing_attribute<V: Visitor>(&mut self, start: &Start<'_>, complex: &ComplexType, at: usize, visitor: &mut V) {
        let Some(of) = complex.attributes.get(at) else { return };
        let name = Namer::new(self.schema, start.scope()).attribute(of.name);
        let message = format!("attribute {name} of {} is missing; it is required", start.raw_name());
        self.tell(visitor, "missing-attribute", start.offset(), message, None);
    }
}
