//! How values of simple types stand in JSON, and numbers on their way there and back.
//!
//! Digits are kept; only what JSON's grammar forbids is mended, and only what XML Schema's forbids on the way in.

use std::borrow::Cow;
use std::fmt;

use crate::schema::pattern::Pattern;
use crate::schema::pattern::all_within;
use crate::schema::simple::SimpleType;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::SimpleTypes;
use crate::schema::simple::Variety;
use crate::schema::simple::builtin::Builtin;
use crate::schema::simple::decimal::leading_digits;
use crate::schema::simple::facet::Facets;

/// Digits that an exponent may be written out to, at most.
const MOST_DIGITS: usize = 400;

/// How a value stands in JSON.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JsonForm<'s> {
    /// A number without fraction.
    Integer,
    /// A number; no exponent in XML.
    Decimal,
    /// A number, or one of the strings INF, -INF and NaN.
    Float,
    /// A string that holds the number as written: its pattern admits forms that are no JSON number.
    VerbatimNumber,
    /// true or false.
    Boolean {
        /// What is written for true.
        true_form: &'static str,
        /// What is written for false.
        false_form: &'static str,
    },
    /// A string.
    Text,
    /// A string of base64 without white space.
    Base64,
    /// A string `{uri}local`.
    QName,
    /// An array of items of a type.
    List(SimpleTypeId),
    /// As the first of these that accepts it.
    Union(&'s [SimpleTypeId]),
}

/// Why a JSON number is none of the type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NumberFault {
    /// It has a fraction, and the type has none.
    Fraction,
    /// Its exponent is too large to write out.
    Exponent,
}

impl fmt::Display for NumberFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fraction => f.write_str("expected a whole number"),
            Self::Exponent => write!(f, "expected a number of at most {MOST_DIGITS} digits when written without exponent"),
        }
    }
}

impl SimpleTypes {
    /// How values of a type stand in JSON.
    #[must_use]
    pub fn json_form(&self, id: SimpleTypeId) -> JsonForm<'_> {
        let ty = self.get(id);
        match &ty.variety {
            Variety::List(item) => JsonForm::List(*item),
            Variety::Union(members) => JsonForm::Union(members),
            Variety::Atomic(builtin) => *ty.form.get_or_init(|| ty.atomic_form(*builtin)),
        }
    }
}

impl SimpleType {
    /// Compares automata where a numeric type has a pattern.
    fn atomic_form(&self, builtin: Builtin) -> JsonForm<'static> {
        let primitive = builtin.primitive();
        let number = |lexical, json, form| if is_number(&self.facets, lexical, json) { form } else { JsonForm::VerbatimNumber };
        if builtin.is_integer() {
            number("[+\\-]?[0-9]+", "-?(0|[1-9][0-9]*)", JsonForm::Integer)
        } else if primitive == Builtin::Decimal {
            number("[+\\-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)", "-?(0|[1-9][0-9]*)(\\.[0-9]+)?", JsonForm::Decimal)
        } else if matches!(primitive, Builtin::Float | Builtin::Double) {
            number(
                "[+\\-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+\\-]?[0-9]+)?|-?INF|NaN",
                "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+\\-]?[0-9]+)?|-?INF|NaN",
                JsonForm::Float,
            )
        } else if primitive == Builtin::Boolean {
            boolean(&self.facets)
        } else if primitive == Builtin::Base64Binary {
            JsonForm::Base64
        } else if matches!(primitive, Builtin::QName | Builtin::Notation) {
            JsonForm::QName
        } else {
            JsonForm::Text
        }
    }
}

/// Whether all that the patterns of a numeric type admit are JSON numbers.
fn is_number(facets: &Facets, lexical: &str, json: &str) -> bool {
    if facets.patterns.is_empty() {
        return true;
    }
    let (Ok(lexical), Ok(json)) = (Pattern::compile(lexical), Pattern::compile(json)) else { return false };
    let steps: Vec<&[Pattern]> = facets.patterns.iter().map(|step| &**step).collect();
    all_within(&steps, &lexical, &json, "0123456789+-.eEINFa")
}

/// The forms that the patterns admit, the words first.
fn boolean(facets: &Facets) -> JsonForm<'static> {
    let admits = |text: &str| facets.patterns.iter().all(|step| step.iter().any(|one| one.matches(text)));
    let first = |word: &'static str, digit: &'static str| if !admits(word) && admits(digit) { digit } else { word };
    JsonForm::Boolean { true_form: first("true", "1"), false_form: first("false", "0") }
}

/// A valid number of XML Schema in JSON's grammar; none for INF, -INF and NaN, which are strings there.
#[must_use]
pub fn number_to_json(text: &str) -> Option<Cow<'_, str>> {
    let bytes = text.as_bytes();
    let (sign, rest) = match bytes {
        [b'-', rest @ ..] => ("-", rest),
        [b'+', rest @ ..] => ("", rest),
        all => ("", all),
    };
    let whole = leading_digits(rest);
    let zeros = rest[..whole].iter().take_while(|digit| **digit == b'0').count().min(whole.saturating_sub(1));
    let (fraction, exponent) = match &rest[whole..] {
        [] => (0, 0),
        [b'.', after @ ..] => (leading_digits(after), whole + 1 + leading_digits(after)),
        [b'e' | b'E', ..] => (0, whole),
        _ => return None,
    };
    let pointless = rest.get(whole) == Some(&b'.') && fraction == 0;
    let plus = bytes.first() == Some(&b'+');
    if !plus && zeros == 0 && whole > 0 && !pointless {
        return Some(Cow::Borrowed(text));
    }
    let digits = &text[text.len() - rest.len()..];
    let mut out = String::with_capacity(text.len() + 1);
    out.push_str(sign);
    out.push_str(if whole == 0 { "0" } else { &digits[zeros..whole] });
    if fraction > 0 {
        out.push_str(&digits[whole..=whole + fraction]);
    }
    if exponent > 0 {
        out.push_str(&digits[exponent..]);
    }
    Some(Cow::Owned(out))
}

/// A number of JSON's grammar as a type of this form takes it: integers without point, decimals without exponent.
///
/// # Errors
/// It has a fraction where the type has none, or would be too long without its exponent.
pub fn number_from_json<'t>(form: JsonForm<'_>, text: &'t str) -> Result<Cow<'t, str>, NumberFault> {
    let exponent_at = text.find(['e', 'E']);
    let point_at = text.find('.');
    match form {
        JsonForm::Integer if exponent_at.is_none() && point_at.is_none() => Ok(Cow::Borrowed(text)),
        JsonForm::Decimal if exponent_at.is_none() => Ok(Cow::Borrowed(text)),
        JsonForm::Integer => {
            let plain = write_out(text, exponent_at, point_at)?;
            match plain.split_once('.') {
                Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => Ok(Cow::Owned(whole.to_owned())),
                Some(_) => Err(NumberFault::Fraction),
                None => Ok(Cow::Owned(plain)),
            }
        }
        JsonForm::Decimal => write_out(text, exponent_at, point_at).map(Cow::Owned),
        JsonForm::Float
        | JsonForm::VerbatimNumber
        | JsonForm::Boolean { .. }
        | JsonForm::Text
        | JsonForm::Base64
        | JsonForm::QName
        | JsonForm::List(_)
        | JsonForm::Union(_) => Ok(Cow::Borrowed(text)),
    }
}

/// The number without its exponent.
fn write_out(text: &str, exponent_at: Option<usize>, point_at: Option<usize>) -> Result<String, NumberFault> {
    let Some(exponent_at) = exponent_at else { return Ok(text.to_owned()) };
    let (mantissa, exponent) = (&text[..exponent_at], &text[exponent_at + 1..]);
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let whole_length = point_at.map_or(mantissa.len(), |at| at - sign.len());
    let digits = mantissa.replace('.', "");
    if digits.bytes().all(|digit| digit == b'0') {
        return Ok(format!("{sign}0"));
    }
    let exponent: i64 = exponent.parse().map_err(|_| NumberFault::Exponent)?;
    // where the point goes, counted from the first digit
    let point = exponent.saturating_add(i64::try_from(whole_length).unwrap_or(i64::MAX));
    let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    let written = if point > length {
        point
    } else if point <= 0 {
        length.saturating_sub(point)
    } else {
        length
    };
    let most = i64::try_from(MOST_DIGITS.max(digits.len())).unwrap_or(i64::MAX);
    if written > most {
        return Err(NumberFault::Exponent);
    }
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
    let (whole, fraction) = if point <= 0 {
        ("0".to_owned(), format!("{}{digits}", zeros(-point)))
    } else if point >= length {
        (format!("{digits}{}", zeros(point - length)), String::new())
    } else {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
        (whole.to_owned(), fraction.to_owned())
    };
    let trimmed = whole.trim_start_matches('0');
    let whole = if trimmed.is_empty() { "0" } else { trimmed };
    if fraction.is_empty() { Ok(format!("{sign}{whole}")) } else { Ok(format!("{sign}{whole}.{fraction}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_of_json_is_restored_and_no_digit_lost() {
        let rows = [
            ("+1", "1"),
            (".5", "0.5"),
            ("-.25", "-0.25"),
            ("5.", "5"),
            ("00.50", "0.50"),
            ("007", "7"),
            ("-00", "-0"),
            ("0", "0"),
            ("10.10", "10.10"),
            ("1.E5", "1E5"),
            (".5e-3", "0.5e-3"),
            ("+01.50E+07", "1.50E+07"),
            ("1267650600228229401496703205376", "1267650600228229401496703205376"),
            ("12345678901234567890.123456789000", "12345678901234567890.123456789000"),
        ];
        for (xml, json) in rows {
            assert_eq!(number_to_json(xml).as_deref(), Some(json), "{xml}");
        }
        for special in ["INF", "-INF", "NaN"] {
            assert_eq!(number_to_json(special), None);
        }
    }

    #[test]
    fn exponents_are_written_out_for_decimals() {
        let rows = [
            ("1e21", "1000000000000000000000"),
            ("2.5e-7", "0.00000025"),
            ("-1.25E3", "-1250"),
            ("1.5e0", "1.5"),
            ("12.50e1", "125.0"),
            ("10.10", "10.10"),
            ("0.5e1", "5"),
            ("0.05e1", "0.5"),
            ("-0e9", "-0"),
            ("0e999999999999999999999", "0"),
            ("1e+2", "100"),
        ];
        for (json, xml) in rows {
            assert_eq!(number_from_json(JsonForm::Decimal, json).as_deref(), Ok(xml), "{json}");
        }
        for huge in ["1e400", "1e-401", "1e99999999999999999999"] {
            assert_eq!(number_from_json(JsonForm::Decimal, huge), Err(NumberFault::Exponent), "{huge}");
        }
        assert_eq!(number_from_json(JsonForm::Decimal, "1e399").map(|text| text.len()), Ok(400));
        assert_eq!(number_from_json(JsonForm::Float, "1e999").as_deref(), Ok("1e999"));
    }

    #[test]
    fn integral_forms_are_integers() {
        for (json, xml) in [("1.0", "1"), ("1e3", "1000"), ("-2.50e1", "-25"), ("100e-2", "1"), ("7", "7"), ("0.0", "0")] {
            assert_eq!(number_from_json(JsonForm::Integer, json).as_deref(), Ok(xml), "{json}");
        }
        for json in ["1.5", "1e-1", "12.34e1"] {
            assert_eq!(number_from_json(JsonForm::Integer, json), Err(NumberFault::Fraction), "{json}");
        }
    }
}
