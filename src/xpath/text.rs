//! The string functions (section 4.2) on plain strings. Characters are Unicode's, not UTF-16 units.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::xml::char::is_space;
use crate::xpath::number::round;

pub(super) fn before(text: &str, mark: &str) -> usize {
    text.find(mark).unwrap_or(0)
}

pub(super) fn after(text: &str, mark: &str) -> usize {
    text.find(mark).map_or(text.len(), |at| at + mark.len())
}

/// The bytes of the characters whose position is not less than `from` rounded and less than that plus `length` rounded.
pub(super) fn substring(text: &str, from: f64, length: Option<f64>) -> (usize, usize) {
    let first = round(from);
    let end = length.map_or(f64::INFINITY, |length| first + round(length));
    let mut range = (text.len(), text.len());
    let mut position = 0.0;
    for (at, _) in text.char_indices() {
        position += 1.0;
        if position >= first && position < end {
            range.0 = range.0.min(at);
        } else if range.0 <= at {
            // Behind the last one, or there will be none.
            range.1 = at;
            break;
        }
    }
    range
}

pub(super) fn length(text: &str) -> f64 {
    // No text is so long that its length is not exact.
    text.chars().count() as f64
}

pub(super) fn normalize(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for word in text.split(|c: char| u8::try_from(c).is_ok_and(is_space)).filter(|word| !word.is_empty()) {
        if !normal.is_empty() {
            normal.push(' ');
        }
        normal.push_str(word);
    }
    normal
}

/// Each character of `from` becomes the one at its place in `to`, or goes where `to` is shorter; its first place counts.
pub(super) fn translate<'t>(text: &'t str, from: &str, to: &str) -> Cow<'t, str> {
    let mut targets = to.chars();
    let mut table = HashMap::new();
    for source in from.chars() {
        let target = targets.next();
        table.entry(source).or_insert(target);
    }
    if !text.chars().any(|c| table.contains_key(&c)) {
        return Cow::Borrowed(text);
    }
    text.chars().filter_map(|c| table.get(&c).copied().unwrap_or(Some(c))).collect()
}

/// `lang()`: whether a language is the wanted one or a kind of it.
pub(super) fn is_language(found: &str, wanted: &str) -> bool {
    let head = found.get(..wanted.len());
    let rest = found.get(wanted.len()..).unwrap_or_default();
    head.is_some_and(|head| head.eq_ignore_ascii_case(wanted)) && (rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn substring_follows_the_examples_of_the_recommendation() {
        let cut = |from, length| {
            let (from, to) = substring("12345", from, length);
            &"12345"[from..to]
        };
        assert_eq!(cut(2.0, Some(3.0)), "234");
        assert_eq!(cut(2.0, None), "2345");
        assert_eq!(cut(1.5, Some(2.6)), "234");
        assert_eq!(cut(0.0, Some(3.0)), "12");
        assert_eq!(cut(f64::NAN, Some(3.0)), "");
        assert_eq!(cut(1.0, Some(f64::NAN)), "");
        assert_eq!(cut(-42.0, Some(f64::INFINITY)), "12345");
        assert_eq!(cut(f64::NEG_INFINITY, Some(f64::INFINITY)), "");
        assert_eq!(cut(6.0, None), "");
        assert_eq!(cut(3.0, Some(-1.0)), "");
    }

    #[test]
    fn substring_counts_characters() {
        let text = "a€😀b";
        let (from, to) = substring(text, 2.0, Some(2.0));
        assert_eq!(&text[from..to], "€😀");
        assert_eq!(length(text), 4.0);
    }

    #[test]
    fn translate_takes_the_first_place_and_removes_what_has_no_counterpart() {
        assert_eq!(translate("bar", "abc", "ABC"), "BAr");
        assert_eq!(translate("--aaa--", "abc-", "ABC"), "AAA");
        assert_eq!(translate("aba", "aa", "xy"), "xbx");
    }

    #[test]
    fn a_language_fits_its_kinds_only() {
        assert!(is_language("EN-us", "en"));
        assert!(is_language("en", "EN"));
        assert!(!is_language("english", "en"));
        assert!(!is_language("en", "en-us"));
        assert!(!is_language("en", ""));
    }
}
