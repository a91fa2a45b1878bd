//! How values of simple types stand in JSON, asked once: patterns of numeric types are compared as automata.

use crate::schema::simple::Builtin;
use crate::schema::simple::JsonForm;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::SimpleTypes;
use crate::schema::simple::Variety;
use crate::schema::simple::WhiteSpace;
use crate::transcode::shape::options::Options;

/// The form of a simple type's values in JSON.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ValueForm {
    /// A number without fraction.
    Integer,
    /// A number; no exponent in XML.
    Decimal,
    /// A number, or one of the strings INF, -INF and NaN.
    Float,
    /// A string that holds the number as written.
    VerbatimNumber,
    /// A string that holds a number without fraction; a number is taken too.
    TextInteger,
    /// A string that holds a number without exponent; a number is taken too.
    TextDecimal,
    /// true or false, and what is written for them in XML.
    Boolean {
        /// For true.
        true_form: &'static str,
        /// For false.
        false_form: &'static str,
    },
    /// Any string: there is nothing to judge.
    AnyText,
    /// A string.
    Text,
    /// A string of base64 without white space.
    Base64,
    /// A string `{uri}local`.
    QName,
    /// An array of items of a type.
    List(SimpleTypeId),
    /// As the first of its member types that accepts it.
    Union,
}

/// The forms of all types, by number.
pub(crate) fn all(types: &SimpleTypes, options: Options) -> Vec<ValueForm> {
    types.ids().map(|id| options.form(types, id, one(types, id))).collect()
}

fn one(types: &SimpleTypes, id: SimpleTypeId) -> ValueForm {
    match types.json_form(id) {
        JsonForm::Integer => ValueForm::Integer,
        JsonForm::Decimal => ValueForm::Decimal,
        JsonForm::Float => ValueForm::Float,
        JsonForm::VerbatimNumber => ValueForm::VerbatimNumber,
        JsonForm::Boolean { true_form, false_form } => ValueForm::Boolean { true_form, false_form },
        JsonForm::Text => {
            let ty = types.get(id);
            let free = matches!(ty.variety, Variety::Atomic(Builtin::String | Builtin::AnySimpleType));
            if free && ty.white_space == WhiteSpace::Preserve && ty.facets.is_empty() { ValueForm::AnyText } else { ValueForm::Text }
        }
        JsonForm::Base64 => ValueForm::Base64,
        JsonForm::QName => ValueForm::QName,
        JsonForm::List(item) => ValueForm::List(item),
        JsonForm::Union(_) => ValueForm::Union,
    }
}
