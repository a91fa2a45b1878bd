//! Numbers: from text, to text, and rounded (sections 3.5, 4.2 and 4.4).

use crate::xml::char::is_space;

/// `number()` of a string: white space, a minus sign, digits with or without a point, white space; anything else is NaN.
pub(super) fn parse(text: &str) -> f64 {
    let trimmed = text.trim_matches(|c: char| u8::try_from(c).is_ok_and(is_space));
    let digits = trimmed.strip_prefix('-').unwrap_or(trimmed);
    let mut points = 0;
    let only_digits = digits.bytes().all(|byte| match byte {
        b'.' => {
            points += 1;
            points == 1
        }
        _ => byte.is_ascii_digit(),
    });
    if only_digits && digits.len() > points { trimmed.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

/// `string()` of a number: no exponent, as many digits as tell it from every other double.
pub(super) fn write(number: f64) -> String {
    if number.is_nan() {
        String::from("NaN")
    } else if number.is_infinite() {
        String::from(if number > 0.0 { "Infinity" } else { "-Infinity" })
    } else if number == 0.0 {
        // Negative zero too.
        String::from("0")
    } else if number.fract() == 0.0 {
        // An integer is written with all its digits, where the shortest ones that tell it apart would end in zeros.
        format!("{number:.0}")
    } else {
        format!("{number}")
    }
}

/// `round()`: the nearest integer, the greater of two; what rounds to zero keeps its sign.
pub(super) fn round(number: f64) -> f64 {
    let floor = number.floor();
    // Exact, where adding a half first is not.
    let rounded = if number - floor >= 0.5 { floor + 1.0 } else { floor };
    if rounded == 0.0 { rounded.copysign(number) } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_a_number_only_in_the_form_of_the_recommendation() {
        for (text, number) in [("12", 12.0), (" -1.50\n", -1.5), (".5", 0.5), ("5.", 5.0), ("-.5", -0.5)] {
            assert_eq!(parse(text).to_bits(), f64::to_bits(number), "{text}");
        }
        for text in ["", " ", ".", "-", "-.", "+1", "1e3", "0x1", "1 2", "--1", "1.2.3", "Infinity", "NaN", "١", "\u{a0}1"] {
            assert!(parse(text).is_nan(), "{text}");
        }
        assert!(parse("-0").is_sign_negative());
    }

    #[test]
    fn numbers_are_written_without_exponent() {
        let cases = [
            (0.1 + 0.2, "0.30000000000000004"),
            (1e21, "1000000000000000000000"),
            (1e-7, "0.0000001"),
            (-0.0, "0"),
            (12_345_678_901_234_567_890.0, "12345678901234567168"),
            (-1.5, "-1.5"),
            (f64::NEG_INFINITY, "-Infinity"),
        ];
        for (number, text) in cases {
            assert_eq!(write(number), text);
        }
    }

    #[test]
    fn round_goes_up_at_a_half_and_keeps_the_sign_of_zero() {
        let cases: [(f64, f64); 8] = [
            (2.5, 3.0),
            (-2.5, -2.0),
            (-0.5, -0.0),
            (-0.2, -0.0),
            (-0.0, -0.0),
            (0.2, 0.0),
            (0.499_999_999_999_999_94, 0.0),
            (4_503_599_627_370_497.0, 4_503_599_627_370_497.0),
        ];
        for (number, rounded) in cases {
            assert_eq!(round(number).to_bits(), f64::to_bits(rounded), "{number}");
        }
        assert!(round(f64::NAN).is_nan());
        assert_eq!(round(f64::INFINITY), f64::INFINITY);
    }
}
