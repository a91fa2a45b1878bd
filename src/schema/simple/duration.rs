//! Durations (XML Schema Part 2, section 3.2.6): months and seconds, and their partial order.
//!
//! Two durations are ordered if adding them to each of four dates gives the same order (section 3.2.6.2).

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::schema::simple::decimal::leading_digits;
use crate::schema::simple::decimal::without_leading_zeros;
use crate::schema::simple::decimal::without_trailing_zeros;
use crate::schema::simple::moment::days_before;

/// Digits of a component at most (leading zeros aside), so that sums fit.
const COMPONENT_DIGITS: usize = 11;

/// The four dates: 1696-09, 1697-02, 1903-03, 1903-07.
const REFERENCES: [(i64, i64); 4] = [(1696, 9), (1697, 2), (1903, 3), (1903, 7)];

/// A duration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Duration<'a> {
    pub(crate) negative: bool,
    /// Years and months.
    pub(crate) months: i64,
    /// Days, hours, minutes and seconds.
    pub(crate) seconds: i64,
    /// Digits of the fraction of a second, without trailing zeros.
    pub(crate) fraction: Cow<'a, [u8]>,
}

impl<'a> Duration<'a> {
    /// Reads `-?PnYnMnDTnHnMn.nS`.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            all => (false, all),
        };
        let mut reader = Reader { rest: rest.strip_prefix(b"P")?, fraction: b"" };
        let [years, months, days] = reader.components([b'Y', b'M', b'D'])?;
        let dated = years.is_some() || months.is_some() || days.is_some();
        let mut time = [None; 3];
        if let [b'T', rest @ ..] = reader.rest {
            reader.rest = rest;
            time = reader.components([b'H', b'M', b'S'])?;
            if time == [None; 3] {
                return None;
            }
        }
        let [hours, minutes, seconds] = time;
        if !reader.rest.is_empty() || !(dated || time != [None; 3]) {
            return None;
        }
        let days = days.unwrap_or(0) * 86400;
        let seconds = days + hours.unwrap_or(0) * 3600 + minutes.unwrap_or(0) * 60 + seconds.unwrap_or(0);
        let months = years.unwrap_or(0) * 12 + months.unwrap_or(0);
        let zero = months == 0 && seconds == 0 && reader.fraction.is_empty();
        Some(Self { negative: negative && !zero, months, seconds, fraction: Cow::Borrowed(reader.fraction) })
    }

    /// The same value, owning its digits.
    pub(crate) fn into_owned(self) -> Duration<'static> {
        let Self { negative, months, seconds, .. } = self;
        Duration { negative, months, seconds, fraction: Cow::Owned(self.fraction.into_owned()) }
    }

    /// Appends the one form that equal values share.
    pub(crate) fn write_canonical(&self, out: &mut String) {
        let sign = if self.negative { "-" } else { "" };
        out.push_str(&format!("{sign}P{}M{}.", self.months, self.seconds));
        out.extend(self.fraction.iter().map(|digit| char::from(*digit)));
    }

    /// The end of the duration, counted from a month's start: whole seconds and the sign and digits of the rest.
    fn end(&self, (year, month): (i64, i64)) -> (i64, i8, &[u8]) {
        let sign = if self.negative { -1 } else { 1 };
        let months = year * 12 + month - 1 + sign * self.months;
        let (mut year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        if year <= 0 {
            year -= 1;
        }
        let seconds = days_before(year, month) * 86400 + sign * self.seconds;
        let part = if self.fraction.is_empty() {
            0
        } else if self.negative {
            -1
        } else {
            1
        };
        (seconds, part, &self.fraction)
    }
}

impl PartialOrd for Duration<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let mut orders = REFERENCES.iter().map(|reference| compare_ends(self.end(*reference), other.end(*reference)));
        let first = orders.next()?;
        orders.all(|order| order == first).then_some(first)
    }
}

/// Compares sums of whole seconds and a signed fraction.
fn compare_ends(a: (i64, i8, &[u8]), b: (i64, i8, &[u8])) -> Ordering {
    let floor = |(whole, sign, _): (i64, i8, &[u8])| if sign < 0 { whole - 1 } else { whole };
    floor(a).cmp(&floor(b)).then_with(|| match (a.1 < 0, b.1 < 0) {
        (false, false) => a.2.cmp(b.2),
        (true, true) => b.2.cmp(a.2),
        (true, false) => compare_to_complement(b.2, a.2).reverse(),
        (false, true) => compare_to_complement(a.2, b.2),
    })
}

/// Compares the fraction `0.a` with `1 - 0.b`.
fn compare_to_complement(a: &[u8], b: &[u8]) -> Ordering {
    let last = b.len().saturating_sub(1);
    let complement: Vec<u8> =
        b.iter().enumerate().map(|(at, digit)| if at == last { b':' - (digit - b'0') } else { b'9' - (digit - b'0') }).collect();
    a.cmp(without_trailing_zeros(&complement))
}

struct Reader<'a> {
    rest: &'a [u8],
    fraction: &'a [u8],
}

impl Reader<'_> {
    /// Numbers with these designators, in this order, each optional. Only `S` takes a fraction.
    fn components(&mut self, designators: [u8; 3]) -> Option<[Option<i64>; 3]> {
        let mut values = [None; 3];
        for (value, designator) in values.iter_mut().zip(designators) {
            let digits = leading_digits(self.rest);
            let (number, mut rest) = self.rest.split_at(digits);
            let mut fraction = &rest[..0];
            if let ([b'.', after @ ..], b'S') = (rest, designator) {
                let length = leading_digits(after);
                if length == 0 || digits == 0 {
                    return None;
                }
                (fraction, rest) = after.split_at(length);
            }
            if digits > 0 && rest.first() == Some(&designator) {
                *value = Some(number_of(number)?);
                self.fraction = without_trailing_zeros(fraction);
                self.rest = &rest[1..];
            }
        }
        Some(values)
    }
}

fn number_of(digits: &[u8]) -> Option<i64> {
    let digits = without_leading_zeros(digits);
    (digits.len() <= COMPONENT_DIGITS).then(|| digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duration(text: &str) -> Duration<'_> {
        Duration::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn lexical_space() {
        for good in ["P1Y", "-P1Y2M3DT4H5M6.7S", "PT0S", "P0D", "PT1.50S", "P00012M", "PT1H", "P1DT1M"] {
            assert!(Duration::parse(good).is_some(), "{good}");
        }
        for bad in
            ["", "P", "PT", "P1", "1Y", "P1YT", "P1S", "PT1D", "P1M1Y", "PT1.S", "PT.5S", "P1.5Y", "+P1Y", "P-1Y", "p1y", "P1Y ", "PT1.5M"]
        {
            assert!(Duration::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn equal_values_in_other_forms() {
        assert_eq!(duration("P1Y"), duration("P12M"));
        assert_eq!(duration("PT36H"), duration("P1DT12H0M0.0S"));
        assert_eq!(duration("-PT0S"), duration("P0Y"));
        assert_ne!(duration("P1M"), duration("P30D"));
    }

    #[test]
    fn order_of_the_specification() {
        assert!(duration("P1Y") > duration("P364D"));
        assert_eq!(duration("P1Y").partial_cmp(&duration("P365D")), None);
        assert_eq!(duration("P1Y").partial_cmp(&duration("P366D")), None);
        assert!(duration("P1Y") < duration("P367D"));
        assert!(duration("P1M") > duration("P27D"));
        assert_eq!(duration("P1M").partial_cmp(&duration("P30D")), None);
        assert!(duration("P1M") < duration("P32D"));
        assert!(duration("P5M") > duration("P149D"));
        assert_eq!(duration("P5M").partial_cmp(&duration("P150D")), None);
        assert_eq!(duration("P5M").partial_cmp(&duration("P153D")), None);
        assert!(duration("P5M") < duration("P154D"));
        assert!(duration("-P1M") < duration("P1M"));
    }

    #[test]
    fn fractions_keep_their_sign() {
        assert!(duration("-PT0.5S") < duration("-PT0.25S"));
        assert!(duration("-PT0.5S") < duration("PT0.5S"));
        assert!(duration("-PT0.5S") < duration("PT0S"));
        assert!(duration("-PT1S") < duration("-PT0.999S"));
        assert!(duration("-PT1.5S") < duration("-PT1S"));
        assert!(duration("PT1.05S") < duration("PT1.5S"));
    }
}
