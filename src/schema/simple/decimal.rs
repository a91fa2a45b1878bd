//! Decimals of any length as digit strings (XML Schema Part 2, section 3.2.3); and the lexical form of floats.
//!
//! A decimal is never a float here: values compare by their digits.

use std::borrow::Cow;
use std::cmp::Ordering;

/// A decimal value: its digits without leading zeros before the point and without trailing zeros after it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Decimal<'a> {
    pub(crate) negative: bool,
    pub(crate) whole: Cow<'a, [u8]>,
    pub(crate) fraction: Cow<'a, [u8]>,
}

impl<'a> Decimal<'a> {
    /// Reads `[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)`, without the point for integers.
    pub(crate) fn parse(text: &'a str, integer: bool) -> Option<Self> {
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            all => (false, all),
        };
        let (whole, rest) = digits.split_at(leading_digits(digits));
        let fraction = match rest {
            [] => &rest[..0],
            [b'.', after @ ..] if !integer && leading_digits(after) == after.len() => after,
            _ => return None,
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let whole = without_leading_zeros(whole);
        let fraction = without_trailing_zeros(fraction);
        let negative = negative && !(whole.is_empty() && fraction.is_empty());
        Some(Self { negative, whole: Cow::Borrowed(whole), fraction: Cow::Borrowed(fraction) })
    }

    /// The same value, owning its digits.
    pub(crate) fn into_owned(self) -> Decimal<'static> {
        Decimal { negative: self.negative, whole: Cow::Owned(self.whole.into_owned()), fraction: Cow::Owned(self.fraction.into_owned()) }
    }

    /// Digits of the value (section 4.3.11: neither leading zeros nor trailing ones after the point).
    pub(crate) fn total_digits(&self) -> u64 {
        (self.whole.len() + self.fraction.len()) as u64
    }

    /// Digits of the value after the point.
    pub(crate) fn fraction_digits(&self) -> u64 {
        self.fraction.len() as u64
    }

    /// Appends the one form that equal values share.
    pub(crate) fn write_canonical(&self, out: &mut String) {
        if self.negative {
            out.push('-');
        }
        if self.whole.is_empty() {
            out.push('0');
        }
        out.extend(self.whole.iter().map(|digit| char::from(*digit)));
        if !self.fraction.is_empty() {
            out.push('.');
            out.extend(self.fraction.iter().map(|digit| char::from(*digit)));
        }
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let magnitude = || {
            let whole = self.whole.len().cmp(&other.whole.len()).then_with(|| self.whole.cmp(&other.whole));
            whole.then_with(|| self.fraction.cmp(&other.fraction))
        };
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => magnitude(),
            (true, true) => magnitude().reverse(),
        }
    }
}

/// How many digits stand first.
pub(crate) fn leading_digits(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len())
}

pub(crate) fn without_leading_zeros(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().position(|digit| *digit != b'0').unwrap_or(digits.len());
    &digits[zeros..]
}

pub(crate) fn without_trailing_zeros(digits: &[u8]) -> &[u8] {
    let kept = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |at| at + 1);
    &digits[..kept]
}

/// Whether a text is in the lexical space of xs:float and xs:double (sections 3.2.4.1, 3.2.5.1).
pub(crate) fn is_float(text: &str) -> bool {
    if matches!(text, "INF" | "-INF" | "NaN") {
        return true;
    }
    let bytes = text.as_bytes();
    let bytes = bytes.strip_prefix(b"+").or_else(|| bytes.strip_prefix(b"-")).unwrap_or(bytes);
    let whole = leading_digits(bytes);
    let mut rest = &bytes[whole..];
    let mut digits = whole;
    if let [b'.', after @ ..] = rest {
        let fraction = leading_digits(after);
        digits += fraction;
        rest = &after[fraction..];
    }
    let exponent_is_good = match rest {
        [] => true,
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => {
            !exponent.is_empty() && leading_digits(exponent) == exponent.len()
        }
        _ => false,
    };
    digits > 0 && exponent_is_good
}

/// The value of a text that [`is_float`], as the nearest double.
pub(crate) fn to_f64(text: &str) -> f64 {
    match text {
        "INF" => f64::INFINITY,
        "-INF" => f64::NEG_INFINITY,
        _ => text.parse().unwrap_or(f64::NAN),
    }
}

/// The value of a text that [`is_float`], as the nearest float.
pub(crate) fn to_f32(text: &str) -> f32 {
    match text {
        "INF" => f32::INFINITY,
        "-INF" => f32::NEG_INFINITY,
        _ => text.parse().unwrap_or(f32::NAN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lexical_space_of_decimal() {
        for good in ["0", "+1", "-1", "1.", ".5", "-.5", "+00.50", "12345678901234567890.000"] {
            assert!(Decimal::parse(good, false).is_some(), "{good}");
        }
        for bad in ["", "+", "-", ".", "+.", "1e3", "1,0", "--1", "1.2.3", " 1", "\u{661}", "INF"] {
            assert!(Decimal::parse(bad, false).is_none(), "{bad}");
        }
        assert!(Decimal::parse("1.0", true).is_none());
        assert!(Decimal::parse("1.", true).is_none());
    }

    #[test]
    fn values_compare_by_digits() {
        let order = [
            "-100",
            "-99.5",
            "-9",
            "-0.51",
            "-0.5",
            "0",
            "0.05",
            "0.5",
            "1",
            "9",
            "10",
            "12345678901234567890.1",
            "12345678901234567890.11",
        ];
        for (i, a) in order.iter().enumerate() {
            for (j, b) in order.iter().enumerate() {
                let (left, right) = (Decimal::parse(a, false).unwrap(), Decimal::parse(b, false).unwrap());
                assert_eq!(left.cmp(&right), i.cmp(&j), "{a} {b}");
            }
        }
        assert_eq!(Decimal::parse("-0.00", false), Decimal::parse("+000", false));
        assert_eq!(Decimal::parse("00.50", false), Decimal::parse(".5", false));
    }

    #[test]
    fn lexical_space_of_float() {
        for good in ["1", "1.", ".5", "-1.5E10", "+1e-3", "1E+3", "INF", "-INF", "NaN", "0e0"] {
            assert!(is_float(good), "{good}");
        }
        for bad in ["", "+INF", "inf", "nan", "1e", "e3", ".", "1e1.5", "0x1", "1f", "infinity", "-NaN", "1e+"] {
            assert!(!is_float(bad), "{bad}");
        }
    }
}
