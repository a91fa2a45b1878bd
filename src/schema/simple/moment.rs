//! Dates and times (XML Schema Part 2, sections 3.2.7 to 3.2.14): lexical spaces and the partial order of 3.2.7.4.
//!
//! A value is a second on the time line, with or without time zone. There is no year 0000; years have up to
//! [`YEAR_DIGITS`] digits (section 5.4 allows a limit). Knows no clock.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::schema::simple::builtin::Builtin;
use crate::schema::simple::decimal::leading_digits;
use crate::schema::simple::decimal::without_trailing_zeros;

/// Digits of a year at most, so that seconds fit 64 bits.
pub(crate) const YEAR_DIGITS: usize = 11;

/// A zone is at most 14 hours off UTC.
const FOURTEEN_HOURS: i64 = 14 * 3600;

/// A date or time: where it starts on the time line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Moment<'a> {
    /// Seconds; of UTC with a zone, else of an unknown local time.
    pub(crate) seconds: i64,
    /// Digits of the fraction, without trailing zeros.
    pub(crate) fraction: Cow<'a, [u8]>,
    /// It has a time zone.
    pub(crate) zoned: bool,
}

impl<'a> Moment<'a> {
    /// Reads a text of the lexical space of one of the eight types.
    pub(crate) fn parse(text: &'a str, ty: Builtin) -> Option<Self> {
        let mut cursor = Cursor { rest: text.as_bytes() };
        let mut fields = Fields::default();
        cursor.fields(ty, &mut fields)?;
        let zone = cursor.zone()?;
        if !cursor.rest.is_empty() || !fields.are_possible() {
            return None;
        }
        let seconds = fields.seconds() - zone.unwrap_or(0);
        Some(Self { seconds, fraction: Cow::Borrowed(fields.fraction), zoned: zone.is_some() })
    }

    /// The same value, owning its digits.
    pub(crate) fn into_owned(self) -> Moment<'static> {
        Moment { seconds: self.seconds, fraction: Cow::Owned(self.fraction.into_owned()), zoned: self.zoned }
    }

    /// Appends a form that equal values of one type share.
    pub(crate) fn write_canonical(&self, out: &mut String) {
        out.push_str(&self.seconds.to_string());
        out.push('.');
        out.extend(self.fraction.iter().map(|digit| char::from(*digit)));
        if self.zoned {
            out.push('Z');
        }
    }

    fn cmp_shifted(&self, other: &Self, shift: i64) -> Ordering {
        self.seconds.cmp(&(other.seconds + shift)).then_with(|| self.fraction.cmp(&other.fraction))
    }
}

impl PartialOrd for Moment<'_> {
    /// None where a zone is missing on one side and 14 hours leave the order open.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        if self.zoned == other.zoned {
            return Some(self.cmp_shifted(other, 0));
        }
        if self.cmp_shifted(other, -FOURTEEN_HOURS).is_lt() {
            return Some(Ordering::Less);
        }
        self.cmp_shifted(other, FOURTEEN_HOURS).is_gt().then_some(Ordering::Greater)
    }
}

/// The parts of a date and time; those that a type lacks stay at a day in a leap year.
struct Fields<'a> {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    fraction: &'a [u8],
    /// The type has a date, to which 24:00:00 may add a day.
    dated: bool,
}

impl Default for Fields<'_> {
    fn default() -> Self {
        Self { year: 1972, month: 1, day: 1, hour: 0, minute: 0, second: 0, fraction: b"", dated: false }
    }
}

impl Fields<'_> {
    fn are_possible(&self) -> bool {
        let end_of_day = self.hour == 24 && self.minute == 0 && self.second == 0 && self.fraction.is_empty();
        (1..=12).contains(&self.month)
            && (1..=days_in_month(self.year, self.month)).contains(&self.day)
            && (self.hour <= 23 || end_of_day)
            && self.minute <= 59
            && self.second <= 59
    }

    fn seconds(&self) -> i64 {
        let days = days_before(self.year, self.month) + self.day - 1;
        let hour = if self.dated { self.hour } else { self.hour % 24 };
        days * 86400 + hour * 3600 + self.minute * 60 + self.second
    }
}

/// Whether a year is a leap year, counted as written (appendix E).
pub(crate) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days of a month (appendix E).
pub(crate) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from the start of year 1 to the start of a month. The year before 1 is -1.
pub(crate) fn days_before(year: i64, month: i64) -> i64 {
    let leaps = |years: i64| years / 4 - years / 100 + years / 400;
    let years = if year > 0 { (year - 1) * 365 + leaps(year - 1) } else { year * 365 - leaps(-year) };
    years + (1..month).map(|one| days_in_month(year, one)).sum::<i64>()
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn fields(&mut self, ty: Builtin, fields: &mut Fields<'a>) -> Option<()> {
        use Builtin as B;
        if matches!(ty, B::DateTime | B::Date | B::GYearMonth | B::GYear) {
            fields.year = self.year()?;
            fields.dated = true;
        } else if matches!(ty, B::GMonthDay | B::GMonth | B::GDay) {
            self.literal(b'-')?;
        }
        if matches!(ty, B::DateTime | B::Date | B::GYearMonth | B::GMonthDay | B::GMonth) {
            self.literal(b'-')?;
            fields.month = self.two_digits()?;
        } else if ty == B::GDay {
            self.literal(b'-')?;
        }
        if matches!(ty, B::DateTime | B::Date | B::GMonthDay | B::GDay) {
            self.literal(b'-')?;
            fields.day = self.two_digits()?;
        }
        if ty == B::DateTime {
            self.literal(b'T')?;
        }
        if matches!(ty, B::DateTime | B::Time) {
            self.time(fields)?;
        }
        Some(())
    }

    fn time(&mut self, fields: &mut Fields<'a>) -> Option<()> {
        fields.hour = self.two_digits()?;
        self.literal(b':')?;
        fields.minute = self.two_digits()?;
        self.literal(b':')?;
        fields.second = self.two_digits()?;
        if let [b'.', after @ ..] = self.rest {
            let digits = leading_digits(after);
            if digits == 0 {
                return None;
            }
            fields.fraction = without_trailing_zeros(&after[..digits]);
            self.rest = &after[digits..];
        }
        Some(())
    }

    /// Four digits or more, without leading zeros beyond four; not 0000.
    fn year(&mut self) -> Option<i64> {
        let negative = self.literal(b'-').is_some();
        let digits = leading_digits(self.rest);
        if !(4..=YEAR_DIGITS).contains(&digits) || (digits > 4 && self.rest[0] == b'0') {
            return None;
        }
        let (year, rest) = self.rest.split_at(digits);
        self.rest = rest;
        let year = year.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        (year != 0).then_some(if negative { -year } else { year })
    }

    /// `Z`, `+hh:mm`, `-hh:mm` up to 14:00, or nothing: seconds off UTC.
    fn zone(&mut self) -> Option<Option<i64>> {
        let sign = match self.rest {
            [] => return Some(None),
            [b'Z'] => {
                self.rest = b"";
                return Some(Some(0));
            }
            [b'+', ..] => 1,
            [b'-', ..] => -1,
            _ => return None,
        };
        self.rest = &self.rest[1..];
        let hours = self.two_digits()?;
        self.literal(b':')?;
        let minutes = self.two_digits()?;
        let off = hours * 3600 + minutes * 60;
        (minutes <= 59 && off <= FOURTEEN_HOURS).then_some(Some(sign * off))
    }

    fn literal(&mut self, byte: u8) -> Option<()> {
        self.rest = self.rest.strip_prefix(&[byte])?;
        Some(())
    }

    fn two_digits(&mut self) -> Option<i64> {
        let [tens, ones, rest @ ..] = self.rest else { return None };
        if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
            return None;
        }
        self.rest = rest;
        Some(i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment<'_> {
        Moment::parse(text, Builtin::DateTime).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn lexical_spaces() {
        use Builtin as B;
        let good = [
            (B::DateTime, "2024-02-29T24:00:00"),
            (B::DateTime, "-0001-01-01T00:00:00.000Z"),
            (B::DateTime, "12024-01-01T00:00:00-14:00"),
            (B::Date, "2024-12-31+13:59"),
            (B::Time, "23:59:59.999"),
            (B::Time, "24:00:00Z"),
            (B::GYearMonth, "2024-12Z"),
            (B::GYear, "-2024"),
            (B::GMonthDay, "--02-29"),
            (B::GDay, "---31+01:00"),
            (B::GMonth, "--12Z"),
        ];
        for (ty, text) in good {
            assert!(Moment::parse(text, ty).is_some(), "{text}");
        }
        let bad = [
            (B::DateTime, "2023-02-29T00:00:00"),
            (B::DateTime, "0000-01-01T00:00:00"),
            (B::DateTime, "02024-01-01T00:00:00"),
            (B::DateTime, "2024-01-01T24:00:01"),
            (B::DateTime, "2024-01-01T00:00:60"),
            (B::DateTime, "2024-01-01"),
            (B::DateTime, "2024-01-01T00:00:00."),
            (B::DateTime, "2024-01-01T00:00:00+14:01"),
            (B::DateTime, "2024-01-01t00:00:00"),
            (B::DateTime, "+2024-01-01T00:00:00"),
            (B::Date, "2024-1-1"),
            (B::Date, "24-01-01"),
            (B::Date, "2024-04-31"),
            (B::Date, "2024-01-01z"),
            (B::Time, "1:00:00"),
            (B::Time, "24:00:00.1"),
            (B::GMonthDay, "--02-30"),
            (B::GDay, "---32"),
            (B::GMonth, "--13"),
            (B::GMonth, "--12--"),
            (B::GYear, "999"),
            (B::GYear, ""),
        ];
        for (ty, text) in bad {
            assert!(Moment::parse(text, ty).is_none(), "{text}");
        }
    }

    #[test]
    fn zoned_values_compare_as_instants() {
        assert_eq!(moment("2024-01-01T12:00:00+02:00"), moment("2024-01-01T10:00:00Z"));
        assert_eq!(moment("2024-01-31T24:00:00"), moment("2024-02-01T00:00:00.0"));
        assert!(moment("2024-01-01T00:00:00.1Z") < moment("2024-01-01T00:00:00.11Z"));
        assert!(moment("-0001-12-31T23:59:59Z") < moment("0001-01-01T00:00:00Z"));
        assert!(moment("-0002-12-31T23:59:59Z") < moment("-0001-01-01T00:00:00Z"));
        assert!(moment("-12024-01-01T00:00:00Z") < moment("-2024-01-01T00:00:00Z"));
    }

    #[test]
    fn the_year_before_one_is_minus_one() {
        assert_eq!(moment("-0001-12-31T24:00:00Z"), moment("0001-01-01T00:00:00Z"));
        assert_eq!(moment("-0005-12-31T24:00:00Z"), moment("-0004-01-01T00:00:00Z"));
    }

    #[test]
    fn order_is_open_within_fourteen_hours_of_an_unknown_zone() {
        let noon = moment("2024-01-01T12:00:00");
        assert_eq!(noon.partial_cmp(&moment("2024-01-01T12:00:00Z")), None);
        assert_eq!(noon.partial_cmp(&moment("2024-01-02T02:00:00Z")), None);
        assert!(noon < moment("2024-01-02T02:00:01Z"));
        assert!(moment("2023-12-31T21:59:59Z") < noon);
        assert_eq!(moment("2023-12-31T22:00:00Z").partial_cmp(&noon), None);
    }
}
