//! The built-in datatypes of XML Schema Part 2 (second edition), section 3.
//!
//! A table of names, bases and primitives; the types themselves stand first in [`SimpleTypes`].
//! Knows nothing of facets beyond white space and the bounds of the integer family.
//!
//! [`SimpleTypes`]: crate::schema::simple::SimpleTypes

use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::facet::WhiteSpace;

/// A built-in simple type: xs:anySimpleType and the 44 datatypes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[allow(missing_docs, reason = "the names are those of the specification")]
#[repr(u8)]
pub enum Builtin {
    AnySimpleType,
    String,
    Boolean,
    Decimal,
    Float,
    Double,
    Duration,
    DateTime,
    Time,
    Date,
    GYearMonth,
    GYear,
    GMonthDay,
    GDay,
    GMonth,
    HexBinary,
    Base64Binary,
    AnyUri,
    QName,
    Notation,
    NormalizedString,
    Token,
    Language,
    NmToken,
    NmTokens,
    Name,
    NcName,
    Id,
    IdRef,
    IdRefs,
    Entity,
    Entities,
    Integer,
    NonPositiveInteger,
    NegativeInteger,
    Long,
    Int,
    Short,
    Byte,
    NonNegativeInteger,
    UnsignedLong,
    UnsignedInt,
    UnsignedShort,
    UnsignedByte,
    PositiveInteger,
}

use Builtin as B;

/// Name, base and primitive of each type, in the order of [`Builtin`].
const TABLE: [(Builtin, &str, Builtin, Builtin); 45] = [
    (B::AnySimpleType, "anySimpleType", B::AnySimpleType, B::AnySimpleType),
    (B::String, "string", B::AnySimpleType, B::String),
    (B::Boolean, "boolean", B::AnySimpleType, B::Boolean),
    (B::Decimal, "decimal", B::AnySimpleType, B::Decimal),
    (B::Float, "float", B::AnySimpleType, B::Float),
    (B::Double, "double", B::AnySimpleType, B::Double),
    (B::Duration, "duration", B::AnySimpleType, B::Duration),
    (B::DateTime, "dateTime", B::AnySimpleType, B::DateTime),
    (B::Time, "time", B::AnySimpleType, B::Time),
    (B::Date, "date", B::AnySimpleType, B::Date),
    (B::GYearMonth, "gYearMonth", B::AnySimpleType, B::GYearMonth),
    (B::GYear, "gYear", B::AnySimpleType, B::GYear),
    (B::GMonthDay, "gMonthDay", B::AnySimpleType, B::GMonthDay),
    (B::GDay, "gDay", B::AnySimpleType, B::GDay),
    (B::GMonth, "gMonth", B::AnySimpleType, B::GMonth),
    (B::HexBinary, "hexBinary", B::AnySimpleType, B::HexBinary),
    (B::Base64Binary, "base64Binary", B::AnySimpleType, B::Base64Binary),
    (B::AnyUri, "anyURI", B::AnySimpleType, B::AnyUri),
    (B::QName, "QName", B::AnySimpleType, B::QName),
    (B::Notation, "NOTATION", B::AnySimpleType, B::Notation),
    (B::NormalizedString, "normalizedString", B::String, B::String),
    (B::Token, "token", B::NormalizedString, B::String),
    (B::Language, "language", B::Token, B::String),
    (B::NmToken, "NMTOKEN", B::Token, B::String),
    (B::NmTokens, "NMTOKENS", B::AnySimpleType, B::String),
    (B::Name, "Name", B::Token, B::String),
    (B::NcName, "NCName", B::Name, B::String),
    (B::Id, "ID", B::NcName, B::String),
    (B::IdRef, "IDREF", B::NcName, B::String),
    (B::IdRefs, "IDREFS", B::AnySimpleType, B::String),
    (B::Entity, "ENTITY", B::NcName, B::String),
    (B::Entities, "ENTITIES", B::AnySimpleType, B::String),
    (B::Integer, "integer", B::Decimal, B::Decimal),
    (B::NonPositiveInteger, "nonPositiveInteger", B::Integer, B::Decimal),
    (B::NegativeInteger, "negativeInteger", B::NonPositiveInteger, B::Decimal),
    (B::Long, "long", B::Integer, B::Decimal),
    (B::Int, "int", B::Long, B::Decimal),
    (B::Short, "short", B::Int, B::Decimal),
    (B::Byte, "byte", B::Short, B::Decimal),
    (B::NonNegativeInteger, "nonNegativeInteger", B::Integer, B::Decimal),
    (B::UnsignedLong, "unsignedLong", B::NonNegativeInteger, B::Decimal),
    (B::UnsignedInt, "unsignedInt", B::UnsignedLong, B::Decimal),
    (B::UnsignedShort, "unsignedShort", B::UnsignedInt, B::Decimal),
    (B::UnsignedByte, "unsignedByte", B::UnsignedShort, B::Decimal),
    (B::PositiveInteger, "positiveInteger", B::NonNegativeInteger, B::Decimal),
];

impl Builtin {
    /// How many there are.
    pub const COUNT: usize = TABLE.len();

    /// All of them, in the order of their numbers: a base stands before what is derived from it.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.0)
    }

    /// The number of the type in every set of schemas.
    #[must_use]
    pub const fn id(self) -> SimpleTypeId {
        SimpleTypeId(self as u32)
    }

    /// The built-in type with this number.
    #[must_use]
    pub fn from_id(id: SimpleTypeId) -> Option<Self> {
        TABLE.get(id.0 as usize).map(|row| row.0)
    }

    /// The built-in type of this local name in the namespace of XML Schema.
    #[must_use]
    pub fn from_name(local: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.1 == local).map(|row| row.0)
    }

    /// Its local name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        TABLE[self as usize].1
    }

    /// The type that it restricts; xs:anySimpleType for primitives, the three list types and itself.
    #[must_use]
    pub const fn base(self) -> Self {
        TABLE[self as usize].2
    }

    /// The primitive type at the root of its derivation (of the items, for the three list types).
    #[must_use]
    pub const fn primitive(self) -> Self {
        TABLE[self as usize].3
    }

    /// xs:integer or derived from it.
    #[must_use]
    pub fn is_integer(self) -> bool {
        self.primitive() == Self::Decimal && self != Self::Decimal
    }

    /// The item type of NMTOKENS, IDREFS and ENTITIES.
    #[must_use]
    pub fn item(self) -> Option<Self> {
        if self == Self::NmTokens {
            Some(Self::NmToken)
        } else if self == Self::IdRefs {
            Some(Self::IdRef)
        } else if self == Self::Entities {
            Some(Self::Entity)
        } else {
            None
        }
    }

    /// Its whiteSpace facet.
    #[must_use]
    pub fn white_space(self) -> WhiteSpace {
        if self == Self::String || self == Self::AnySimpleType {
            WhiteSpace::Preserve
        } else if self == Self::NormalizedString {
            WhiteSpace::Replace
        } else {
            WhiteSpace::Collapse
        }
    }

    /// The least and the greatest value of a type of the integer family.
    #[must_use]
    pub fn bounds(self) -> (Option<&'static str>, Option<&'static str>) {
        const BOUNDS: [(Builtin, Option<&str>, Option<&str>); 12] = [
            (B::NonPositiveInteger, None, Some("0")),
            (B::NegativeInteger, None, Some("-1")),
            (B::Long, Some("-9223372036854775808"), Some("9223372036854775807")),
            (B::Int, Some("-2147483648"), Some("2147483647")),
            (B::Short, Some("-32768"), Some("32767")),
            (B::Byte, Some("-128"), Some("127")),
            (B::NonNegativeInteger, Some("0"), None),
            (B::UnsignedLong, Some("0"), Some("18446744073709551615")),
            (B::UnsignedInt, Some("0"), Some("4294967295")),
            (B::UnsignedShort, Some("0"), Some("65535")),
            (B::UnsignedByte, Some("0"), Some("255")),
            (B::PositiveInteger, Some("1"), None),
        ];
        BOUNDS.iter().find(|row| row.0 == self).map_or((None, None), |row| (row.1, row.2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_the_numbers() {
        for (at, builtin) in Builtin::all().enumerate() {
            assert_eq!(builtin.id(), SimpleTypeId(u32::try_from(at).unwrap()));
            assert_eq!(Builtin::from_name(builtin.name()), Some(builtin));
            assert!(builtin.base().id() <= builtin.id());
        }
        assert_eq!(Builtin::all().count(), 45);
    }
}
