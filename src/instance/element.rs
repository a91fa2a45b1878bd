//! Elements with their types, attributes and nil.

use crate::instance::Generator;
use crate::instance::Style;
use crate::schema::form::AttributeUse;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Content;
use crate::schema::form::Element;
use crate::schema::form::ElementId;
use crate::schema::form::ParticleId;
use crate::schema::form::Schema;
use crate::schema::form::TypeId;
use crate::schema::form::ValueConstraint;
use crate::schema::simple::Builtin;
use crate::schema::simple::SimpleTypeId;
use crate::xml::name::Symbol;
use crate::xml::name::XSD_NS;
use crate::xml::name::XSI_NS;
use crate::xml::writer::escape_attribute;
use crate::xml::writer::escape_text;

impl<'s> Generator<'s> {
    /// One element by its declaration, which is not abstract.
    pub(super) fn write_element(&mut self, id: ElementId) -> Option<()> {
        let schema: &'s Schema = self.schema;
        let element = schema.element(id);
        let name = schema.symbols.name(element.name);
        let local = name.local.as_str();
        self.open(name.ns.as_str(), local, |this| {
            let ty = this.choose_type(element)?;
            if this.choose_nil(element, ty) {
                this.attribute(XSI_NS, "nil", "true");
                return if let TypeId::Complex(ty) = ty { this.attributes(ty) } else { Some(()) };
            }
            if let TypeId::Complex(ty) = ty {
                this.attributes(ty)?;
            }
            this.end_tag_of_start();
            this.typed_content(element, ty, local)
        })
    }

    /// Writes a start tag as far as its attributes, then what `inside` writes (attributes first, then
    /// [`Self::end_tag_of_start`] and content), then the end tag. The outermost element gets the declarations.
    pub(super) fn open(&mut self, ns: &str, local: &str, inside: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        if self.level == 0 {
            self.names.clear();
        }
        let name = self.names.qualified(ns, local);
        self.out.push('<');
        self.out.push_str(&name);
        let declarations_at = self.out.len();
        self.level += 1;
        self.budget = self.budget.saturating_sub(1);
        let before = self.out.len();
        inside(self)?;
        self.level -= 1;
        match self.out.get(before..).and_then(end_of_start_tag) {
            None => self.out.push_str("/>"),
            Some(end) if before + end + 1 == self.out.len() && !(self.is_random() && self.rng.chance(50)) => {
                self.out.pop();
                self.out.push_str("/>");
            }
            Some(_) => self.out.push_str(&format!("</{name}>")),
        }
        if self.level == 0 {
            let declarations = self.names.declarations();
            self.out.insert_str(declarations_at, &declarations);
        }
        Some(())
    }

    /// Ends the start tag: content follows.
    pub(super) fn end_tag_of_start(&mut self) {
        self.out.push('>');
    }

    /// An attribute of the start tag that is open.
    pub(super) fn attribute(&mut self, ns: &str, local: &str, value: &str) {
        let name = self.names.qualified(ns, local);
        let mut escaped = Vec::with_capacity(value.len());
        escape_attribute(&mut escaped, value);
        self.out.push_str(&format!(" {name}=\"{}\"", String::from_utf8_lossy(&escaped)));
    }

    /// Text.
    pub(super) fn push_text(&mut self, text: &str) {
        let mut escaped = Vec::with_capacity(text.len());
        escape_text(&mut escaped, text);
        self.out.push_str(&String::from_utf8_lossy(&escaped));
    }

    /// The content of a complex type.
    pub(super) fn write_content(&mut self, ty: ComplexTypeId, hint: &str) -> Option<()> {
        let schema: &'s Schema = self.schema;
        let ty = schema.complex(ty);
        match &ty.content {
            Content::Empty => {
                if ty.mixed {
                    self.mixed_text();
                }
            }
            Content::Simple(simple) => {
                let value = self.value(*simple, hint)?;
                self.push_text(&value);
            }
            Content::Elements(model) => {
                if ty.mixed {
                    self.mixed_text();
                }
                self.particle(model, ParticleId::ROOT, ty.mixed)?;
            }
        }
        Some(())
    }

    fn typed_content(&mut self, element: &Element, ty: TypeId, local: &str) -> Option<()> {
        let takes_value = match ty {
            TypeId::Simple(_) => true,
            TypeId::Complex(ty) => matches!(self.schema.complex(ty).content, Content::Simple(_)) || self.schema.complex(ty).mixed,
        };
        match &element.value {
            Some(ValueConstraint::Fixed(value)) if takes_value => {
                // An empty element has the fixed value, too.
                if !(self.is_random() && self.rng.chance(30)) {
                    self.push_text(value);
                }
                Some(())
            }
            Some(ValueConstraint::Default(_)) if takes_value && self.is_random() && self.rng.chance(30) => Some(()),
            Some(ValueConstraint::Fixed(_) | ValueConstraint::Default(_)) | None => match ty {
                TypeId::Simple(ty) => {
                    let value = self.value(ty, local)?;
                    self.push_text(&value);
                    Some(())
                }
                TypeId::Complex(ty) => self.write_content(ty, local),
            },
        }
    }

    /// The type, with xsi:type where it is not the declared one.
    fn choose_type(&mut self, element: &Element) -> Option<TypeId> {
        match element.ty {
            TypeId::Simple(SimpleTypeId::ANY) if !element.block.restriction => Some(self.built_in_type(60).unwrap_or(element.ty)),
            TypeId::Simple(_) => Some(element.ty),
            TypeId::Complex(declared) => {
                if declared == ComplexTypeId::ANY
                    && element.value.is_none()
                    && !element.block.restriction
                    && let Some(ty) = self.built_in_type(30)
                {
                    return Some(ty);
                }
                let ty = self.choose_complex(element, declared)?;
                if ty != declared {
                    let name = self.schema.symbols.name(self.schema.complex(ty).name?);
                    self.type_attribute(name.ns.as_str(), name.local.as_str());
                }
                Some(TypeId::Complex(ty))
            }
        }
    }

    fn choose_complex(&mut self, element: &Element, declared: ComplexTypeId) -> Option<ComplexTypeId> {
        let mut usable = self.depths.usable(self.schema, element, declared);
        // Types derived from xs:anyType are all there are: rarely one of them.
        let share = if declared == ComplexTypeId::ANY { 10 } else { 50 };
        if self.is_shallow() || !self.is_random() || !self.rng.chance(share) {
            if usable.first() == Some(&declared) && (!self.is_shallow() || self.depths.complex(declared) == Some(0)) {
                return Some(declared);
            }
            let depths = std::sync::Arc::clone(&self.depths);
            usable.sort_by_key(|ty| depths.complex(*ty));
            return usable.first().copied().or_else(|| element.nillable.then_some(declared));
        }
        self.rng.pick(&usable).copied().or_else(|| element.nillable.then_some(declared))
    }

    /// In so many of a hundred random cases, xsi:type with a built-in type.
    fn built_in_type(&mut self, percent: usize) -> Option<TypeId> {
        const TYPES: [Builtin; 6] = [Builtin::Int, Builtin::String, Builtin::Decimal, Builtin::Boolean, Builtin::Date, Builtin::DateTime];
        if !(self.is_random() && self.rng.chance(percent)) {
            return None;
        }
        let builtin = *self.rng.pick(&TYPES)?;
        self.type_attribute(XSD_NS, builtin.name());
        Some(TypeId::Simple(builtin.id()))
    }

    fn type_attribute(&mut self, ns: &str, local: &str) {
        let name = self.names.qualified(ns, local);
        self.attribute(XSI_NS, "type", &name);
    }

    fn choose_nil(&mut self, element: &Element, ty: TypeId) -> bool {
        if !element.nillable || matches!(element.value, Some(ValueConstraint::Fixed(_))) {
            return false;
        }
        let endless = matches!(ty, TypeId::Complex(ty) if self.depths.complex(ty).is_none() || self.schema.complex(ty).is_abstract);
        let least = self.style != Style::Typical && self.is_shallow() && matches!(ty, TypeId::Complex(_));
        endless || least || (self.is_random() && self.rng.chance(20))
    }

    fn attributes(&mut self, ty: ComplexTypeId) -> Option<()> {
        let schema: &'s Schema = self.schema;
        let ty = schema.complex(ty);
        for one in &ty.attributes {
            if one.required || self.wants_optional() {
                self.attribute_use(one)?;
            }
        }
        if let Some(wildcard) = &ty.any_attribute
            && self.wants_open()
        {
            let taken: Vec<Symbol> = ty.attributes.iter().map(|one| one.name).collect();
            self.open_attribute(wildcard, &taken);
        }
        Some(())
    }

    fn attribute_use(&mut self, one: &AttributeUse) -> Option<()> {
        let name = self.schema.symbols.name(one.name).clone();
        let value = match &one.value {
            Some(ValueConstraint::Fixed(value)) => value.to_string(),
            Some(ValueConstraint::Default(_)) | None => self.value(self.schema.attribute(one.attribute).ty, name.local.as_str())?,
        };
        self.attribute(name.ns.as_str(), name.local.as_str(), &value);
        Some(())
    }

    fn wants_optional(&mut self) -> bool {
        match self.style {
            Style::Minimal => false,
            Style::Typical => self.level <= 3,
            Style::Maximal => true,
            Style::Random => self.rng.chance(50),
        }
    }

    /// Whether open content is to be shown.
    pub(super) fn wants_open(&mut self) -> bool {
        match self.style {
            Style::Minimal | Style::Typical => false,
            Style::Maximal => !self.is_shallow(),
            Style::Random => self.rng.chance(30),
        }
    }
}

/// Where a start tag ends in what was written after its name: the first `>` outside of attribute values.
fn end_of_start_tag(written: &str) -> Option<usize> {
    let mut in_value = false;
    written.bytes().position(|byte| {
        in_value ^= byte == b'"';
        byte == b'>' && !in_value
    })
}
