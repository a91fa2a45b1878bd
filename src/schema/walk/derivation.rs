//! xsi:type and xsi:nil: which type an element is judged by (XML Schema Part 1, section 3.3.4).

use crate::schema::form::ComplexTypeId;
use crate::schema::form::Derivation;
use crate::schema::form::DerivationSet;
use crate::schema::form::Element;
use crate::schema::form::Schema;
use crate::schema::form::TypeId;
use crate::schema::form::ValueConstraint;
use crate::schema::walk::Declared;
use crate::schema::walk::Opened;
use crate::schema::walk::Standing;
use crate::schema::walk::Typing;
use crate::schema::walk::Visitor;
use crate::schema::walk::Walker;
use crate::schema::walk::fault::Namer;
use crate::schema::walk::frame::Content;
use crate::xml::event::Attribute;
use crate::xml::event::Start;
use crate::xml::name::ExpandedName;
use crate::xml::name::Symbol;
use crate::xml::name::XSI_NS;

/// Which of the attributes of XML Schema itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Xsi {
    Type,
    Nil,
    Location,
}

/// Why a type may not stand for another.
enum NotDerived {
    /// It is not derived from it.
    Unrelated,
    /// It is, by a method that is blocked.
    Blocked,
}

impl<'s> Walker<'s> {
    /// Opens an element: finds its type, judges its attributes, enters its content.
    ///
    /// In line with what finds its place, so that neither is handed over through memory: reading in one piece what was just
    /// written in several holds a processor up longer than all the rest.
    #[inline(always)]
    pub(super) fn open<V: Visitor>(&mut self, start: &Start<'_>, standing: Standing, declared: Declared, visitor: &mut V) {
        let schema = self.schema;
        let declaration = match declared {
            Declared::Element(id) => Some(id),
            Declared::Lax => schema.global_elements.get(&start.symbol).copied().filter(|_| start.symbol != Symbol::UNKNOWN),
            Declared::Type(_) | Declared::Skip => None,
        };
        let element = declaration.map(|id| schema.element(id));
        let declared_type = match (element, declared) {
            (Some(element), _) => Some(element.ty),
            (None, Declared::Type(ty)) => Some(ty),
            (None, Declared::Element(_) | Declared::Lax | Declared::Skip) => None,
        };
        let skip = declared == Declared::Skip;
        let has_attributes = start.attributes().len() > 0;
        let plain = match declared_type {
            Some(ty) => Typing::Declared(ty),
            None if skip => Typing::Skipped,
            None => Typing::Any,
        };
        let mut opened = Opened { start, declaration, standing, typing: plain, nil: false, unknown_type: None };
        let mistyped = has_attributes && self.by_xsi(&mut opened, element, declared_type, skip, visitor);
        if mistyped && self.muted == 0 {
            self.muted = self.stack.depth() + 1;
        }
        let Opened { typing, nil, .. } = opened;
        if let Some(element) = element
            && element.is_abstract
        {
            self.abstract_element(start, element, visitor);
        }
        visitor.open(&opened);
        let content = match typing {
            Typing::Declared(ty) | Typing::Chosen(ty) => {
                if let TypeId::Complex(id) = ty
                    && id != ComplexTypeId::ANY
                {
                    let complex = schema.complex(id);
                    if complex.is_abstract && !mistyped {
                        self.abstract_type(start, ty, visitor);
                    }
                    if has_attributes || !complex.attributes.is_empty() {
                        self.attributes(start, complex, standing == Standing::Root, visitor);
                    }
                } else if has_attributes {
                    self.plain_attributes(start, ty == TypeId::ANY, standing == Standing::Root, visitor);
                }
                self.content_of(ty)
            }
            Typing::Any | Typing::Skipped => {
                if has_attributes {
                    self.free_attributes(start, !skip, visitor);
                }
                if skip { Content::Skip } else { Content::Any }
            }
        };
        // Without a declaration there is nothing that could be nillable, and the content stays what it is.
        let content = if nil && !matches!(typing, Typing::Any | Typing::Skipped) { Content::Nil } else { content };
        self.enter(start, declaration, content);
    }

    /// Which of the attributes of XML Schema itself this is.
    pub(super) fn xsi(&self, attribute: &Attribute<'_>) -> Option<Xsi> {
        if attribute.symbol != Symbol::UNKNOWN {
            if attribute.symbol == self.schema.xsi.ty {
                return Some(Xsi::Type);
            }
            if attribute.symbol == self.schema.xsi.nil {
                return Some(Xsi::Nil);
            }
        }
        let name = attribute.name();
        if name.ns != XSI_NS {
            return None;
        }
        match name.local {
            "type" => Some(Xsi::Type),
            "nil" => Some(Xsi::Nil),
            "schemaLocation" | "noNamespaceSchemaLocation" => Some(Xsi::Location),
            _ => None,
        }
    }

    /// The type and nil of an element that has attributes; whether its xsi:type was refused.
    #[inline(never)]
    fn by_xsi<V: Visitor>(
        &mut self,
        opened: &mut Opened<'_>,
        element: Option<&'s Element>,
        declared: Option<TypeId>,
        skip: bool,
        visitor: &mut V,
    ) -> bool {
        let mut mistyped = false;
        for attribute in opened.start.attributes() {
            match self.xsi(&attribute) {
                Some(Xsi::Type) => mistyped = !self.choose(opened, &attribute, element, declared, skip, visitor),
                Some(Xsi::Nil) => opened.nil = self.is_nil(&attribute, element, skip, visitor),
                Some(Xsi::Location) | None => {}
            }
        }
        mistyped
    }

    #[cold]
    fn is_nil<V: Visitor>(&mut self, attribute: &Attribute<'_>, element: Option<&'s Element>, skip: bool, visitor: &mut V) -> bool {
        let nil = match trim(attribute.value) {
            "true" | "1" => true,
            "false" | "0" => false,
            other => {
                let message = "expected true or false in xsi:nil".to_owned();
                self.tell(visitor, "bad-nil", attribute.offset(), message, Some(other));
                return false;
            }
        };
        let Some(element) = element.filter(|_| !skip) else { return nil };
        if !element.nillable {
            let message = "found xsi:nil on an element that is not nillable, expected it without".to_owned();
            self.tell(visitor, "not-nillable", attribute.offset(), message, None);
        } else if nil && matches!(element.value, Some(ValueConstraint::Fixed(_))) {
            let message = "found xsi:nil on an element with a fixed value, expected that value".to_owned();
            self.tell(visitor, "not-nillable", attribute.offset(), message, None);
        }
        nil
    }

    /// Takes the type that an xsi:type chooses; where it must not, a fault is told, the declared type stays, and the answer is no.
    #[cold]
    fn choose<'e, V: Visitor>(
        &mut self,
        opened: &mut Opened<'e>,
        attribute: &Attribute<'e>,
        element: Option<&'s Element>,
        declared: Option<TypeId>,
        skip: bool,
        visitor: &mut V,
    ) -> bool {
        let start = opened.start;
        let text = trim(attribute.value);
        let name = qname(start, text);
        if skip {
            opened.unknown_type = name;
            return true;
        }
        let Some(name) = name else {
            let message = "xsi:type has a prefix that is not declared, expected the name of a type".to_owned();
            self.tell(visitor, "unknown-type", attribute.offset(), message, Some(text));
            return false;
        };
        let Some(ty) = self.schema.find_type(name.ns, name.local) else {
            let message = format!("xsi:type names {name}, which no schema declares");
            self.tell(visitor, "unknown-type", attribute.offset(), message, None);
            opened.unknown_type = Some(name).filter(|_| declared.is_none());
            return false;
        };
        let Some(base) = declared else {
            opened.typing = Typing::Chosen(ty);
            return true;
        };
        if base == ty {
            return true;
        }
        let blocked = blocked(self.schema, element, base);
        let Err(why) = derived(self.schema, ty, base, blocked) else {
            opened.typing = Typing::Chosen(ty);
            return true;
        };
        let expected = Namer::new(self.schema, start.scope()).ty(base);
        let message = match why {
            NotDerived::Unrelated => format!("xsi:type names {name}, expected {expected} or a type derived from it"),
            NotDerived::Blocked => format!("xsi:type names {name}, whose way of derivation from {expected} is blocked here"),
        };
        self.tell(visitor, "type-not-derived", attribute.offset(), message, None);
        false
    }

    /// Whether xsi:type names a type that is known.
    pub(super) fn names_known_type(&self, start: &Start<'_>) -> bool {
        start.attributes().any(|attribute| {
            self.xsi(&attribute) == Some(Xsi::Type)
                && qname(start, trim(attribute.value)).is_some_and(|name| self.schema.find_type(name.ns, name.local).is_some())
        })
    }

    #[cold]
    fn abstract_element<V: Visitor>(&mut self, start: &Start<'_>, element: &Element, visitor: &mut V) {
        let namer = Namer::new(self.schema, start.scope());
        let members = namer.members(element);
        let message = format!("found {}, which is abstract; expected {members}", start.raw_name());
        self.tell(visitor, "abstract-element", start.offset(), message, None);
    }

    #[cold]
    fn abstract_type<V: Visitor>(&mut self, start: &Start<'_>, ty: TypeId, visitor: &mut V) {
        let name = Namer::new(self.schema, start.scope()).ty(ty);
        let message =
            format!("the type of {} is {name}, which is abstract; expected xsi:type with a type derived from it", start.raw_name());
        self.tell(visitor, "abstract-type", start.offset(), message, None);
    }
}

/// XML's own white space at both ends taken off.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

/// Resolves a QName by the prefixes in scope on an element; none if its prefix is not declared.
fn qname<'e>(start: &Start<'e>, text: &'e str) -> Option<ExpandedName<'e>> {
    let (prefix, local) = text.split_once(':').unwrap_or(("", text));
    Some(ExpandedName { ns: start.scope().resolve(prefix)?, local })
}

/// The methods of derivation that xsi:type may not use on an element.
fn blocked(schema: &Schema, element: Option<&Element>, declared: TypeId) -> DerivationSet {
    let mut set = element.map_or_else(DerivationSet::default, |element| element.block);
    if let TypeId::Complex(id) = declared {
        let of_type = schema.complex(id).block;
        set.extension |= of_type.extension;
        set.restriction |= of_type.restriction;
    }
    set
}

/// Whether a type is validly derived from another (sections 3.4.6 and 3.14.6, "Type Derivation OK").
fn derived(schema: &Schema, ty: TypeId, base: TypeId, blocked: DerivationSet) -> Result<(), NotDerived> {
    let mut used = DerivationSet::default();
    let mut at = ty;
    // A chain is no longer than there are complex types; one in a circle never meets its base.
    for _ in 0..=schema.complex.len() {
        if at == base {
            let clash = (used.extension && blocked.extension) || (used.restriction && blocked.restriction);
            return if clash { Err(NotDerived::Blocked) } else { Ok(()) };
        }
        match at {
            TypeId::Complex(id) => {
                let complex = schema.complex(id);
                match complex.derivation {
                    Derivation::Extension => used.extension = true,
                    Derivation::Restriction => used.restriction = true,
                }
                match complex.base {
                    Some(next) => at = next,
                    None if base == TypeId::ANY => at = base,
                    None => return Err(NotDerived::Unrelated),
                }
            }
            TypeId::Simple(id) => {
                let good = match base {
                    TypeId::Simple(base) => schema.simple.derives_from(id, base),
                    TypeId::Complex(_) => base == TypeId::ANY,
                };
                if !good {
                    return Err(NotDerived::Unrelated);
                }
                used.restriction = true;
                at = base;
            }
        }
    }
    Err(NotDerived::Unrelated)
}
