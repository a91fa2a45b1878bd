//! Types chosen at run time: `$type` and xsi:type (XML Schema Part 1, section 3.3.4, cvc-elt.4).

use crate::json::tape::Value;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Derivation;
use crate::schema::form::DerivationSet;
use crate::schema::form::Schema;
use crate::schema::form::TypeId;
use crate::transcode::encode::encoder::Declared;
use crate::transcode::encode::encoder::Encoder;
use crate::transcode::encode::report::listed;
use crate::transcode::encode::report::shown;
use crate::transcode::shape::ContentShape;
use crate::transcode::shape::Shapes;
use crate::xml::name::ExpandedName;

impl<'c, 'd> Encoder<'c, 'd> {
    /// The type of an object: the declared one, or that of its `$type`. None if it names none that may stand here.
    pub(super) fn run_time_type(&mut self, declared: Declared<'c>, object: Value<'d>) -> Option<TypeId> {
        if !self.may_be_tagged(declared.ty) {
            return Some(declared.ty);
        }
        let Some(tag) = object.member("$type").filter(|tag| !tag.is_null()) else {
            if let TypeId::Complex(id) = declared.ty
                && self.schema.complex(id).is_abstract
            {
                let (schema, shapes) = (self.schema, self.shapes);
                self.report.missing_with(object, "$type", || {
                    format!("missing; expected one of {}: the declared type is abstract", concrete_types(schema, shapes, id))
                });
                return None;
            }
            return Some(declared.ty);
        };
        self.tagged(declared, tag)
    }

    /// Judges a `$type` of an object whose type has none derived from it, or was looked up before.
    pub(super) fn repeated_tag(&mut self, declared: Declared<'c>, tag: Value<'d>) {
        if !self.may_be_tagged(declared.ty) && !tag.is_null() {
            self.tagged(declared, tag);
        }
    }

    /// The type that a `$type` names.
    fn tagged(&mut self, declared: Declared<'c>, tag: Value<'d>) -> Option<TypeId> {
        let (schema, shapes) = (self.schema, self.shapes);
        let Some(name) = tag.as_str() else {
            self.report.at(tag, "expected the name of a type as a string");
            return None;
        };
        let Some(ty) = shapes.names.find(&name) else {
            self.report.at_with(tag, || format!("unknown type {}; expected {}", shown(tag), allowed_types(schema, shapes, declared)));
            return None;
        };
        if ty != declared.ty && !may_stand_for(schema, declared.ty, ty, declared.block) {
            self.report.at_with(tag, || {
                let wanted = allowed_types(schema, shapes, declared);
                format!("type {} is not derived from the declared type; expected {wanted}", shown(tag))
            });
            return None;
        }
        if let TypeId::Complex(id) = ty
            && schema.complex(id).is_abstract
        {
            self.report.at_with(tag, || format!("type {} is abstract; expected {}", shown(tag), concrete_types(schema, shapes, id)));
            return None;
        }
        Some(ty)
    }

    /// Whether `$type` has to be looked for before the other members: else it is met among them.
    pub(super) fn may_be_tagged(&self, ty: TypeId) -> bool {
        match ty {
            TypeId::Simple(_) => true,
            TypeId::Complex(id) => {
                let complex = self.schema.complex(id);
                !complex.derived.is_empty() || complex.is_abstract || self.shapes.of(id).content == ContentShape::Open
            }
        }
    }

    /// ` xsi:type="p:Name"`.
    pub(super) fn type_attribute(&mut self, ty: TypeId, object: Value<'d>) {
        let Some(symbol) = self.shapes.names.symbol(ty) else {
            self.report.at(object, "its type has no name");
            return;
        };
        let schema = self.schema;
        self.type_name(schema.symbols.name(symbol).expanded());
    }

    /// ` xsi:type` of any name.
    pub(super) fn type_name(&mut self, name: ExpandedName<'_>) {
        let prefix = self.scope.prefix(name.ns, &mut self.out);
        let mut text = Vec::new();
        self.scope.write(&prefix, &mut text);
        text.extend_from_slice(name.local.as_bytes());
        self.xsi("type", &String::from_utf8_lossy(&text));
    }
}

fn allowed_types(schema: &Schema, shapes: &Shapes, declared: Declared<'_>) -> String {
    match declared.ty {
        TypeId::Complex(ComplexTypeId::ANY) => "the name of a type".to_owned(),
        TypeId::Complex(id) => concrete_types(schema, shapes, id),
        TypeId::Simple(_) => "a type derived from the declared one".to_owned(),
    }
}

/// The names of all types that may stand for a complex type.
pub(super) fn concrete_types(schema: &Schema, shapes: &Shapes, id: ComplexTypeId) -> String {
    let derived = &schema.complex(id).derived;
    let all = std::iter::once(&id).chain(derived).filter(|id| !schema.complex(**id).is_abstract);
    listed(all.filter_map(|id| shapes.names.name(TypeId::Complex(*id))).map(|name| &**name))
}

/// Whether a type may stand where another is declared: it is derived from it, and by no way that is blocked.
pub(crate) fn may_stand_for(schema: &Schema, declared: TypeId, actual: TypeId, block: DerivationSet) -> bool {
    if declared == TypeId::ANY {
        return true;
    }
    let blocked = match declared {
        TypeId::Complex(id) => {
            let own = schema.complex(id).block;
            DerivationSet { extension: block.extension || own.extension, restriction: block.restriction || own.restriction, ..block }
        }
        TypeId::Simple(_) => block,
    };
    let mut at = actual;
    for _ in 0..=schema.complex.len() {
        if at == declared {
            return true;
        }
        match (at, declared) {
            (TypeId::Simple(derived), TypeId::Simple(base)) => return !blocked.restriction && schema.simple.derives_from(derived, base),
            (TypeId::Simple(_), TypeId::Complex(_)) => return false,
            (TypeId::Complex(id), _) => {
                let complex = schema.complex(id);
                let closed = match complex.derivation {
                    Derivation::Extension => blocked.extension,
                    Derivation::Restriction => blocked.restriction,
                };
                let Some(base) = complex.base.filter(|_| !closed) else { return false };
                at = base;
            }
        }
    }
    false
}
