//! What of the mapping is a service's own choice: how large numbers stand in JSON, and types that hold nothing but a list.

use crate::schema::form::ComplexType;
use crate::schema::simple::Builtin;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::SimpleTypes;
use crate::transcode::shape::ContentShape;
use crate::transcode::shape::PropertyKind;
use crate::transcode::shape::Shape;
use crate::transcode::shape::ValueForm;

/// What a service chooses of the mapping.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Options {
    /// xs:long, xs:integer, xs:decimal and what is derived from them, save the types of at most 32 bits, are strings.
    pub numbers_as_text: bool,
    /// A type of one repeated element, without attributes and derived types, is the array itself.
    pub bare_arrays: bool,
}

impl Options {
    /// The form of a simple type's values, where the choice has a say in it.
    pub(super) fn form(self, types: &SimpleTypes, id: SimpleTypeId, form: ValueForm) -> ValueForm {
        if self.numbers_as_text && form == ValueForm::Integer && !is_short(types, id) {
            ValueForm::TextInteger
        } else if self.numbers_as_text && form == ValueForm::Decimal {
            ValueForm::TextDecimal
        } else {
            form
        }
    }

    /// Makes the shape of a type of one repeated element that of an array.
    pub(super) fn unwrap(self, ty: &ComplexType, shape: &mut Shape) {
        if self.bare_arrays && holds_one_list(ty, shape) {
            shape.content = ContentShape::Array;
        }
    }
}

/// Whether a type's built-in one has at most 32 bits: every reader of JSON keeps its numbers.
fn is_short(types: &SimpleTypes, id: SimpleTypeId) -> bool {
    let short = [Builtin::Int, Builtin::Short, Builtin::Byte, Builtin::UnsignedInt, Builtin::UnsignedShort, Builtin::UnsignedByte];
    types.builtin(id).is_some_and(|builtin| short.contains(&builtin))
}

fn holds_one_list(ty: &ComplexType, shape: &Shape) -> bool {
    let alone = ty.attributes.is_empty() && ty.any_attribute.is_none() && ty.derived.is_empty() && !ty.is_abstract;
    if shape.content != ContentShape::Elements || shape.asks_model || !alone {
        return false;
    }
    match shape.records.as_slice() {
        [root] => match root.properties.as_slice() {
            [only] => only.array && only.particles.len() == 1 && matches!(only.kind, PropertyKind::Element(_)),
            [] | [_, _, ..] => false,
        },
        [] | [_, _, ..] => false,
    }
}
