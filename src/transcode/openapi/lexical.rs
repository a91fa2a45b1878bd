//! Lexical forms of built-in types as patterns: each admits all that the type admits, and little more.
//!
//! The days of a month and the like no pattern says; the codec does.

use crate::schema::simple::Builtin;

/// A name as `{uri}local`, or `local` in no namespace.
pub(super) const EXPANDED_NAME: &str = r"^(?:\{[^{}]+\})?[^\s{}:]+$";

/// A whole number as a string, with and without sign.
pub(super) const INTEGER: (&str, &str) = ("^-?(?:0|[1-9][0-9]*)$", "^(?:0|[1-9][0-9]*)$");

/// A number without exponent as a string; even what must not be negative may be -0.
pub(super) const DECIMAL: (&str, &str) = (r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$", r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$");

macro_rules! year {
    () => {
        "-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
    };
}
macro_rules! month {
    () => {
        "(?:0[1-9]|1[0-2])"
    };
}
macro_rules! day {
    () => {
        "(?:0[1-9]|[12][0-9]|3[01])"
    };
}
macro_rules! time {
    () => {
        r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
    };
}
macro_rules! zone {
    () => {
        r"(?:Z|[+\-][0-1][0-9]:[0-5][0-9])?$"
    };
}

/// The patterns, by type.
const PATTERNS: [(Builtin, &str); 17] = [
    (Builtin::DateTime, concat!("^", year!(), "-", month!(), "-", day!(), "T", time!(), zone!())),
    (Builtin::Date, concat!("^", year!(), "-", month!(), "-", day!(), zone!())),
    (Builtin::Time, concat!("^", time!(), zone!())),
    (Builtin::GYearMonth, concat!("^", year!(), "-", month!(), zone!())),
    (Builtin::GYear, concat!("^", year!(), zone!())),
    (Builtin::GMonthDay, concat!("^--", month!(), "-", day!(), zone!())),
    (Builtin::GDay, concat!("^---", day!(), zone!())),
    (Builtin::GMonth, concat!("^--", month!(), zone!())),
    (Builtin::Duration, r"^-?P(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?$"),
    (Builtin::HexBinary, "^(?:[0-9a-fA-F]{2})*$"),
    (Builtin::Language, "^[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*$"),
    (Builtin::NmToken, r"^\S+$"),
    (Builtin::Name, r"^\S+$"),
    (Builtin::NcName, r"^[^\s:]+$"),
    (Builtin::Id, r"^[^\s:]+$"),
    (Builtin::IdRef, r"^[^\s:]+$"),
    (Builtin::Entity, r"^[^\s:]+$"),
];

/// The pattern of a built-in type; none where any text will do, or hardly any will not.
pub(super) fn pattern(builtin: Builtin) -> Option<&'static str> {
    PATTERNS.iter().find(|(known, _)| *known == builtin).map(|(_, pattern)| *pattern)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::pattern::Pattern;

    /// A pattern of this page without its anchors, in the dialect of XML Schema.
    fn admits(builtin: Builtin, text: &str) -> bool {
        let source = pattern(builtin).unwrap().trim_start_matches('^').trim_end_matches('$').replace("(?:", "(");
        Pattern::compile(&source).unwrap().matches(text)
    }

    #[test]
    fn forms_are_admitted_and_others_are_not() {
        let rows = [
            (Builtin::DateTime, "2024-05-01T12:00:00", true),
            (Builtin::DateTime, "-12024-05-01T24:00:00.000+14:00", true),
            (Builtin::DateTime, "2024-05-01", false),
            (Builtin::Date, "2024-02-30Z", true),
            (Builtin::Date, "2024-13-01", false),
            (Builtin::GMonth, "--05", true),
            (Builtin::GDay, "---31-03:00", true),
            (Builtin::Duration, "-P1Y2M3DT4H5M6.7S", true),
            (Builtin::Duration, "1Y", false),
            (Builtin::HexBinary, "0aF", false),
        ];
        for (builtin, text, admitted) in rows {
            assert_eq!(admits(builtin, text), admitted, "{text}");
        }
    }
}
