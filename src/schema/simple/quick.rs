//! Texts of the commonest forms of numbers and dates, judged in a few steps.
//!
//! Says only yes for certain: where it does not, the whole rules are asked. What it takes has no white space.

use crate::schema::simple::SimpleType;
use crate::schema::simple::Variety;
use crate::schema::simple::builtin::Builtin;
use crate::schema::simple::facet::Bound;
use crate::schema::simple::facet::Facets;
use crate::schema::simple::moment::days_in_month;

/// Digits behind the point that a small decimal may have.
const FRACTION: usize = 6;
/// Digits before the point, so that all fit 64 bits.
const WHOLE: usize = 12;

/// How the commonest texts of a type are known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Quick {
    /// Not at all.
    Ask,
    /// Integers from the first to the second.
    Integer(i64, i64),
    /// Small decimals.
    Decimal {
        /// From here, in millionths.
        least: i64,
        /// To here, in millionths.
        most: i64,
        /// With so many digits at most.
        digits: u64,
        /// With so many digits at most behind the point.
        fraction: u64,
    },
    /// `2024-02-29`
    Date,
    /// `2024-02-29T12:30:00`, with or without `Z`.
    DateTime,
}

impl Quick {
    /// The way for a type.
    pub(crate) fn of(ty: &SimpleType) -> Self {
        let Variety::Atomic(builtin) = ty.variety else { return Self::Ask };
        let facets = &ty.facets;
        if !facets.patterns.is_empty() || facets.enumeration.is_some() {
            return Self::Ask;
        }
        if builtin.is_integer() {
            return Self::integer(facets);
        }
        if builtin == Builtin::Decimal {
            return Self::decimal(facets);
        }
        if builtin == Builtin::Date && facets.is_empty() {
            return Self::Date;
        }
        if builtin == Builtin::DateTime && facets.is_empty() {
            return Self::DateTime;
        }
        Self::Ask
    }

    fn integer(facets: &Facets) -> Self {
        let limit = |bound: &Option<Bound>, none: i64, step: i64| match bound {
            None => Some(none),
            Some(bound) => bound.text.parse::<i64>().ok()?.checked_add(if bound.inclusive { 0 } else { step }),
        };
        match (limit(&facets.min, i64::MIN, 1), limit(&facets.max, i64::MAX, -1)) {
            (Some(least), Some(most)) if facets.total_digits.is_none() => Self::Integer(least, most),
            _ => Self::Ask,
        }
    }

    fn decimal(facets: &Facets) -> Self {
        let limit = |bound: &Option<Bound>, none: i64, step: i64| match bound {
            None => Some(none),
            Some(bound) => small_decimal(bound.text.as_bytes()).map(|(value, ..)| value + if bound.inclusive { 0 } else { step }),
        };
        match (limit(&facets.min, i64::MIN, 1), limit(&facets.max, i64::MAX, -1)) {
            (Some(least), Some(most)) => {
                let digits = facets.total_digits.unwrap_or(u64::MAX);
                Self::Decimal { least, most, digits, fraction: facets.fraction_digits.unwrap_or(u64::MAX) }
            }
            _ => Self::Ask,
        }
    }

    /// Whether a text is a valid value for certain.
    pub(crate) fn takes(self, text: &[u8]) -> bool {
        match self {
            Self::Ask => false,
            Self::Integer(least, most) => small_integer(text).is_some_and(|value| least <= value && value <= most),
            Self::Decimal { least, most, digits, fraction } => small_decimal(text).is_some_and(|(value, whole, behind)| {
                least <= value && value <= most && behind as u64 <= fraction && (whole + behind) as u64 <= digits
            }),
            Self::Date => date(text),
            Self::DateTime => {
                let Some((day, time)) = text.split_first_chunk::<10>() else { return false };
                let time = time.strip_suffix(b"Z").unwrap_or(time);
                let &[b'T', h1, h2, b':', m1, m2, b':', s1, s2] = time else { return false };
                let below = |pair, end| two(pair).is_some_and(|number| number < end);
                below([h1, h2], 24) && below([m1, m2], 60) && below([s1, s2], 60) && date(day)
            }
        }
    }
}

fn date(text: &[u8]) -> bool {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return false };
    let (Some(century), Some(year), Some(month), Some(day)) = (two([y1, y2]), two([y3, y4]), two([m1, m2]), two([d1, d2])) else {
        return false;
    };
    let year = century * 100 + year;
    let in_all_months = day <= 28;
    year > 0 && (1..=12).contains(&month) && day > 0 && (in_all_months || day <= days_in_month(year, month))
}

#[inline]
fn two([tens, ones]: [u8; 2]) -> Option<i64> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| i64::from(tens * 10 + ones))
}

/// An integer of at most 18 digits.
fn small_integer(text: &[u8]) -> Option<i64> {
    const MOST: usize = 18;
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > MOST {
        return None;
    }
    let mut value = 0_i64;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    Some(if negative { -value } else { value })
}

/// A decimal of few digits in millionths, with its digits before and behind the point as written.
fn small_decimal(text: &[u8]) -> Option<(i64, usize, usize)> {
    const SCALE: [i64; FRACTION + 1] = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let (mut value, mut point) = (0_u64, None);
    if digits.len() > WHOLE + 1 + FRACTION {
        return None;
    }
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => value = value * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let (whole, fraction) = point.map_or((digits.len(), 0), |at| (at, digits.len() - at - 1));
    if whole == 0 || whole > WHOLE || (fraction == 0 && point.is_some()) {
        return None;
    }
    let value = i64::try_from(value).ok()? * SCALE.get(fraction)?;
    Some((if negative { -value } else { value }, whole, fraction))
}

#[cfg(test)]
mod tests {
    use crate::schema::simple::Builtin;
    use crate::schema::simple::lexical;
    use crate::schema::simple::quick::Quick;

    #[test]
    fn what_is_taken_quickly_is_taken_by_the_whole_rules() {
        let pieces =
            ["", "-", "0", "1", "2", "9", "12", "13", "00", "29", "30", "31", "60", ".", ":", "T", "Z", "2023", "2024", "0000", "99999999"];
        let mut texts: Vec<String> = vec![String::new()];
        for month in 0..14 {
            for day in 0..33 {
                for year in ["0000", "0001", "1900", "2000", "2023", "2024"] {
                    let date = format!("{year}-{month:02}-{day:02}");
                    texts.extend(
                        ["", "Z", "T00:00:00", "T23:59:59Z", "T24:00:00", "T12:60:00", "T12:00:60Z", "T1:00:00", "T12:00:00+01:00"]
                            .map(|time| date.clone() + time),
                    );
                }
            }
        }
        for a in pieces {
            for b in pieces {
                texts.extend(pieces.map(|c| format!("{a}{b}{c}")));
            }
        }
        let free = Quick::Decimal { least: i64::MIN, most: i64::MAX, digits: u64::MAX, fraction: u64::MAX };
        let mut taken = 0;
        for text in &texts {
            for (quick, builtin) in [
                (free, Builtin::Decimal),
                (Quick::Integer(i64::MIN, i64::MAX), Builtin::Integer),
                (Quick::Date, Builtin::Date),
                (Quick::DateTime, Builtin::DateTime),
            ] {
                if quick.takes(text.as_bytes()) {
                    taken += 1;
                    assert!(lexical::accepts(builtin, text, &()).is_ok(), "{text} as {builtin:?}");
                }
            }
        }
        assert!(taken > 1000, "{taken}");
    }

    #[test]
    fn small_decimals_are_held_to_bounds_and_digits() {
        let quick = Quick::Decimal { least: -1_500_000, most: 99_990_000, digits: 4, fraction: 2 };
        for (text, good) in
            [("-1.5", true), ("-1.51", false), ("99.99", true), ("100", false), ("1.234", false), ("0.00", true), ("01.50", true)]
        {
            assert_eq!(quick.takes(text.as_bytes()), good, "{text}");
        }
        for text in ["9999999999999999999", "999999999999.9999999", "1.", ".5", "+1", "1e1", ""] {
            assert!(
                !Quick::Decimal { least: i64::MIN, most: i64::MAX, digits: u64::MAX, fraction: u64::MAX }.takes(text.as_bytes()),
                "{text}"
            );
        }
    }
}
