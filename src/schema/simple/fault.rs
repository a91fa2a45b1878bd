//! What is wrong with a value, in words. The value itself stands apart, so that callers can leave it out.

use std::fmt;

use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::SimpleTypes;
use crate::schema::simple::Variety;
use crate::schema::simple::builtin::Builtin;
use crate::schema::simple::facet::FacetKind;
use crate::schema::simple::facet::Facets;
use crate::schema::simple::space::items;

/// How much of a value a message quotes.
const QUOTED: usize = 60;
/// How many values of an enumeration a message lists.
const LISTED: usize = 8;

/// Why a text is not valid for a type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ValueFault {
    /// The facet that does not hold; none if the text is not of the type's grammar at all.
    pub facet: Option<FacetKind>,
    /// The type that refused it: an item's or member's type, or the type itself.
    pub ty: SimpleTypeId,
    /// What was expected; lowercase, no final dot. Does not hold the value.
    pub message: String,
    /// The text, or the item of a list, that was refused.
    pub found: String,
}

impl fmt::Display for ValueFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, found {}", self.message, quoted(&self.found))
    }
}

/// A text in quotation marks, cut if it is long.
pub(crate) fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// A fault before it is put into words: made without allocation, since members of unions fail all the time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cause {
    pub(crate) ty: SimpleTypeId,
    pub(crate) what: What,
    /// The item of a list.
    pub(crate) item: Option<usize>,
}

/// What does not hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum What {
    Grammar(Builtin),
    Prefix,
    Member,
    Facet(FacetKind),
    /// Lists and unions nest too deep, or in a circle.
    Nesting,
}

impl SimpleTypes {
    /// Puts a fault into words.
    #[cold]
    pub(crate) fn explain(&self, cause: Cause, text: &str) -> ValueFault {
        let found = match cause.item {
            Some(at) => items(text).nth(at).unwrap_or_default(),
            None => text,
        };
        let message = match cause.what {
            What::Grammar(builtin) => format!("expected xs:{}{}", builtin.name(), example(builtin)),
            What::Prefix => "expected a name whose prefix is bound to a namespace".to_owned(),
            What::Member => self.members_in_words(cause.ty),
            What::Facet(kind) => self.facet_in_words(cause.ty, kind),
            What::Nesting => "expected a value of a type that is not made of itself".to_owned(),
        };
        let facet = if let What::Facet(kind) = cause.what { Some(kind) } else { None };
        ValueFault { facet, ty: cause.ty, message, found: found.to_owned() }
    }

    /// What a value of a type looks like, in a few words.
    #[must_use]
    pub fn in_words(&self, id: SimpleTypeId) -> String {
        let ty = self.get(id);
        if let Some(enumeration) = &ty.facets.enumeration {
            return one_of(enumeration.values.iter().map(|value| format!("{value:?}")).collect());
        }
        match &ty.variety {
            Variety::Atomic(builtin) => format!("xs:{}", builtin.name()),
            Variety::List(item) if *item == id => "list".to_owned(),
            Variety::List(item) => format!("list of {}", self.item_in_words(*item)),
            Variety::Union(members) => format!("union of {} types", members.len()),
        }
    }

    fn item_in_words(&self, id: SimpleTypeId) -> String {
        match self.builtin(id) {
            Some(builtin) => format!("xs:{}", builtin.name()),
            None => "values".to_owned(),
        }
    }

    fn members_in_words(&self, id: SimpleTypeId) -> String {
        let Variety::Union(members) = &self.get(id).variety else { return "expected another value".to_owned() };
        let words: Vec<String> = members.iter().map(|one| self.in_words(*one)).collect();
        format!("expected a value of one of the member types of the union: {}", words.join("; "))
    }

    fn facet_in_words(&self, id: SimpleTypeId, kind: FacetKind) -> String {
        let ty = self.get(id);
        let facets = &ty.facets;
        let unit = match &ty.variety {
            Variety::List(_) => "items",
            Variety::Atomic(Builtin::HexBinary | Builtin::Base64Binary) => "octets",
            Variety::Atomic(_) | Variety::Union(_) => "characters",
        };
        let number = |value: Option<u64>| value.unwrap_or_default();
        let expected = match kind {
            FacetKind::Length => format!("exactly {} {unit}", number(facets.length)),
            FacetKind::MinLength => format!("at least {} {unit}", number(facets.min_length)),
            FacetKind::MaxLength => format!("at most {} {unit}", number(facets.max_length)),
            FacetKind::TotalDigits => format!("at most {} digits", number(facets.total_digits)),
            FacetKind::FractionDigits => format!("at most {} digits after the point", number(facets.fraction_digits)),
            FacetKind::MinInclusive | FacetKind::MinExclusive => bound_in_words(facets, true),
            FacetKind::MaxInclusive | FacetKind::MaxExclusive => bound_in_words(facets, false),
            FacetKind::Pattern => patterns_in_words(facets),
            FacetKind::Enumeration => self.in_words(id),
            FacetKind::WhiteSpace => "normal white space".to_owned(),
        };
        format!("expected {expected} ({kind})")
    }
}

fn bound_in_words(facets: &Facets, lower: bool) -> String {
    let bound = if lower { &facets.min } else { &facets.max };
    let Some(bound) = bound else { return "another value".to_owned() };
    let relation = match (lower, bound.inclusive) {
        (true, true) => "at least",
        (true, false) => "more than",
        (false, true) => "at most",
        (false, false) => "less than",
    };
    format!("{relation} {}", bound.text)
}

fn patterns_in_words(facets: &Facets) -> String {
    let steps = facets.patterns.iter().map(|step| step.iter().map(|one| quoted(one.source())).collect::<Vec<_>>().join(" or "));
    format!("a value that matches {}", steps.collect::<Vec<_>>().join(" and "))
}

fn one_of(mut values: Vec<String>) -> String {
    let more = values.len().saturating_sub(LISTED);
    values.truncate(LISTED);
    let listed = values.join(", ");
    if more > 0 { format!("one of {listed} and {more} more") } else { format!("one of {listed}") }
}

/// A form that the type takes, where its name alone may not tell.
fn example(ty: Builtin) -> &'static str {
    use Builtin as B;
    match ty {
        B::Boolean => " (true, false, 1 or 0)",
        B::Decimal => " (digits with an optional sign and point, no exponent)",
        B::Float | B::Double => " (such as 1.5, -2E10, INF, -INF or NaN)",
        B::Duration => " (such as P1Y2M3DT4H5M6S)",
        B::DateTime => " (such as 2024-05-01T12:00:00, optionally with Z or an offset)",
        B::Time => " (such as 12:00:00, optionally with Z or an offset)",
        B::Date => " (such as 2024-05-01, optionally with Z or an offset)",
        B::GYearMonth => " (such as 2024-05)",
        B::GYear => " (such as 2024)",
        B::GMonthDay => " (such as --05-01)",
        B::GDay => " (such as ---01)",
        B::GMonth => " (such as --05)",
        B::HexBinary => " (two hexadecimal digits an octet)",
        B::Base64Binary => " (base64 with padding)",
        B::QName | B::Notation => " (a name, optionally with a prefix)",
        B::Language => " (such as en or de-CH)",
        B::Integer
        | B::NonPositiveInteger
        | B::NegativeInteger
        | B::Long
        | B::Int
        | B::Short
        | B::Byte
        | B::NonNegativeInteger
        | B::UnsignedLong
        | B::UnsignedInt
        | B::UnsignedShort
        | B::UnsignedByte
        | B::PositiveInteger => " (digits with an optional sign)",
        B::AnySimpleType
        | B::String
        | B::NormalizedString
        | B::Token
        | B::AnyUri
        | B::NmToken
        | B::NmTokens
        | B::Name
        | B::NcName
        | B::Id
        | B::IdRef
        | B::IdRefs
        | B::Entity
        | B::Entities => "",
    }
}
