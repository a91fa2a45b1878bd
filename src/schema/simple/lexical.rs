//! Reading a text of an atomic type: whether it is in the lexical space, and its value as far as facets ask for it.

use crate::schema::simple::binary;
use crate::schema::simple::builtin::Builtin;
use crate::schema::simple::check::Prefixes;
use crate::schema::simple::decimal;
use crate::schema::simple::decimal::Decimal;
use crate::schema::simple::duration::Duration;
use crate::schema::simple::moment::Moment;
use crate::schema::simple::names;
use crate::schema::simple::ordered::Ordered;

/// A value of an atomic type, borrowed from its text.
pub(crate) enum Value<'t> {
    /// The text itself.
    Text,
    /// true or false.
    Boolean(bool),
    /// A value of an ordered type.
    Ordered(Ordered<'t>),
    /// As many octets.
    Octets(u64),
    /// A QName or NOTATION.
    Name {
        /// Namespace.
        ns: &'t str,
        /// Local part.
        local: &'t str,
    },
}

/// Why a text is not in a lexical space.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Misread {
    /// It is not of the grammar.
    Grammar,
    /// The prefix is not bound.
    Prefix,
}

/// Reads a text with its white space normalised.
pub(crate) fn read<'t>(ty: Builtin, text: &'t str, prefixes: &'t dyn Prefixes) -> Result<Value<'t>, Misread> {
    use Builtin as B;
    let value = match ty {
        B::AnySimpleType | B::String | B::NormalizedString | B::Token => Some(Value::Text),
        B::Boolean => boolean(text).map(Value::Boolean),
        B::Decimal => Decimal::parse(text, false).map(|value| Value::Ordered(Ordered::Decimal(value))),
        B::Float => decimal::is_float(text).then(|| Value::Ordered(Ordered::Float(decimal::to_f32(text)))),
        B::Double => decimal::is_float(text).then(|| Value::Ordered(Ordered::Double(decimal::to_f64(text)))),
        B::Duration => Duration::parse(text).map(|value| Value::Ordered(Ordered::Duration(value))),
        B::DateTime | B::Time | B::Date | B::GYearMonth | B::GYear | B::GMonthDay | B::GDay | B::GMonth => {
            Moment::parse(text, ty).map(|value| Value::Ordered(Ordered::Moment(value)))
        }
        B::HexBinary => binary::hex_length(text).map(Value::Octets),
        B::Base64Binary => binary::base64_length(text).map(Value::Octets),
        B::AnyUri => is_uri(text).then_some(Value::Text),
        B::QName | B::Notation => return name(text, prefixes),
        B::Language => is_language(text).then_some(Value::Text),
        B::NmToken | B::NmTokens => names::is_nmtoken(text).then_some(Value::Text),
        B::Name => names::is_name(text).then_some(Value::Text),
        B::NcName | B::Id | B::IdRef | B::IdRefs | B::Entity | B::Entities => names::is_ncname(text).then_some(Value::Text),
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
        | B::PositiveInteger => Decimal::parse(text, true).map(|value| Value::Ordered(Ordered::Decimal(value))),
    };
    value.ok_or(Misread::Grammar)
}

/// Whether a text is of a type's lexical space, white space normalised.
pub(crate) fn accepts(ty: Builtin, text: &str, prefixes: &dyn Prefixes) -> Result<(), Misread> {
    use Builtin as B;
    let good = match ty {
        B::AnySimpleType | B::String | B::NormalizedString | B::Token => true,
        B::Boolean => boolean(text).is_some(),
        B::Decimal => Decimal::parse(text, false).is_some(),
        B::Integer => Decimal::parse(text, true).is_some(),
        B::Float | B::Double => decimal::is_float(text),
        B::DateTime | B::Time | B::Date | B::GYearMonth | B::GYear | B::GMonthDay | B::GDay | B::GMonth => {
            Moment::parse(text, ty).is_some()
        }
        B::Duration
        | B::HexBinary
        | B::Base64Binary
        | B::AnyUri
        | B::QName
        | B::Notation
        | B::Language
        | B::NmToken
        | B::NmTokens
        | B::Name
        | B::NcName
        | B::Id
        | B::IdRef
        | B::IdRefs
        | B::Entity
        | B::Entities
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
        | B::PositiveInteger => return read(ty, text, prefixes).map(|_| ()),
    };
    if good { Ok(()) } else { Err(Misread::Grammar) }
}

/// The lexical space of xs:boolean (section 3.2.2.1).
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

fn name<'t>(text: &'t str, prefixes: &'t dyn Prefixes) -> Result<Value<'t>, Misread> {
    let (prefix, local) = names::split_qname(text).ok_or(Misread::Grammar)?;
    match prefixes.resolve(prefix) {
        Some(ns) => Ok(Value::Name { ns, local }),
        None if prefix.is_empty() => Ok(Value::Name { ns: "", local }),
        None => Err(Misread::Prefix),
    }
}

/// RFC 3066 as the specification has it (section 3.3.3).
fn is_language(text: &str) -> bool {
    text.split('-').enumerate().all(|(at, part)| {
        let good = |byte: u8| byte.is_ascii_alphabetic() || (at > 0 && byte.is_ascii_digit());
        (1..=8).contains(&part.len()) && part.bytes().all(good)
    })
}

/// Nearly anything, for section 3.2.17 escapes what a URI may not hold. Refused is what no processor takes: broken
/// escapes, a second `#`, a colon after something that is no scheme, brackets in an absolute path.
fn is_uri(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut colon = None;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'%' if !matches!(bytes.get(at + 1..at + 3), Some([a, b]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit()) => return false,
            b':' if colon.is_none() => colon = Some(at),
            b'/' | b'?' if colon.is_none() => colon = Some(usize::MAX),
            b'#' => return bytes[at + 1..].iter().all(|byte| *byte != b'#') && is_located(&text[..at], colon),
            _ => {}
        }
    }
    is_located(text, colon)
}

/// A URI without fragment; `colon` is where the first colon stands if neither `/` nor `?` stands before it.
fn is_located(text: &str, colon: Option<usize>) -> bool {
    let rest = match colon.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?))) {
        Some((scheme, _)) if !is_scheme(scheme) => return false,
        Some((_, rest)) => rest,
        None => text,
    };
    let path = match rest.strip_prefix("//") {
        Some(rest) => rest.find(['/', '?']).map_or("", |at| &rest[at..]),
        None => rest,
    };
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    !path.starts_with('/') || !path.contains(['[', ']'])
}

/// RFC 2396, section 3.1.
fn is_scheme(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic()) && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages() {
        for good in ["en", "de-CH-1996", "x-klingon", "abcdefgh-12345678"] {
            assert!(is_language(good), "{good}");
        }
        for bad in ["", "-", "en-", "e1", "abcdefghi", "en_US", "en--us", "12"] {
            assert!(!is_language(bad), "{bad}");
        }
    }

    #[test]
    fn uris_are_read_leniently() {
        for good in [
            "",
            "http://a.example/b?c#d",
            "urn:a:b",
            "../x y",
            "\u{e9}",
            "%41",
            "a[1]",
            "http://[::1]:80/a",
            "/a?b[1]",
            "a/b:c",
            "?a:b",
            "#a:b",
            "a:",
            "http://",
            "mailto:a@b",
            "{template}",
        ] {
            assert!(is_uri(good), "{good}");
        }
        for bad in ["%", "%4", "%zz", "a#b#c", ":a", "1:a", "http ://a", "http://a/b[1]", "/a[1]", "192.168.0.1:80", "%41:b"] {
            assert!(!is_uri(bad), "{bad}");
        }
    }
}
