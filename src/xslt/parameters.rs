//! Parameters from outside: matched with those that a sheet declares, and always strings.

use std::ffi::CString;

use crate::diagnostic::nearest;
use crate::xslt::inspect::Parameter;

/// Names and values as libxslt takes them.
type Passed = Vec<(CString, CString)>;

/// The parameters to pass, the last of each name, and warnings of those that the sheet does not declare.
///
/// # Errors
/// A value holds what no XML can.
pub(super) fn choose(declared: &[Parameter], given: &[(String, String)]) -> Result<(Passed, Vec<String>), String> {
    let mut passed: Passed = Vec::with_capacity(given.len());
    let mut warnings = Vec::new();
    for (at, (name, value)) in given.iter().enumerate() {
        let Some(parameter) = declared.iter().find(|one| one.written == *name || one.expanded == *name) else {
            warnings.push(undeclared(declared, name));
            continue;
        };
        let is_same = |other: &str| other == parameter.written || other == parameter.expanded;
        if given.iter().skip(at + 1).any(|(later, _)| is_same(later)) {
            continue;
        }
        if let Some(bad) = value.chars().find(|c| !is_xml(*c)) {
            return Err(format!("the value of parameter `{name}` holds the character U+{:04X}, which XML does not allow", u32::from(bad)));
        }
        if let (Ok(name), Ok(value)) = (CString::new(parameter.expanded.as_str()), CString::new(value.as_str())) {
            passed.push((name, value));
        }
    }
    Ok((passed, warnings))
}

fn undeclared(declared: &[Parameter], name: &str) -> String {
    let mut known: Vec<&str> = declared.iter().map(|one| one.written.as_str()).collect();
    known.dedup();
    match nearest(name, &known) {
        Some(near) => format!("the sheet declares no parameter `{name}`, did you mean `{near}`?"),
        None if known.is_empty() => format!("the sheet declares no parameter `{name}`; it declares none"),
        None => format!("the sheet declares no parameter `{name}`; it declares {}", known.join(", ")),
    }
}

/// XML 1.0 production 2.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared() -> Vec<Parameter> {
        let one = |written: &str, expanded: &str| Parameter { written: written.to_owned(), expanded: expanded.to_owned() };
        vec![one("caller", "caller"), one("p:x", "{urn:p}x")]
    }

    fn given(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn of_one_name_the_last_counts() {
        let (passed, warnings) = choose(&declared(), &given(&[("caller", "a"), ("p:x", "1"), ("caller", "b"), ("{urn:p}x", "2")])).unwrap();
        let passed: Vec<_> = passed.iter().map(|(name, value)| (name.to_str().unwrap(), value.to_str().unwrap())).collect();
        assert_eq!(passed, [("caller", "b"), ("{urn:p}x", "2")]);
        assert!(warnings.is_empty());
    }

    #[test]
    fn an_undeclared_name_is_a_warning_with_the_nearest() {
        let (passed, warnings) = choose(&declared(), &given(&[("calller", "a"), ("other", "b")])).unwrap();
        assert!(passed.is_empty());
        assert!(warnings[0].ends_with("did you mean `caller`?") && warnings[1].ends_with("it declares caller, p:x"), "{warnings:?}");
    }

    #[test]
    fn a_value_that_no_xml_can_hold_is_refused() {
        assert!(choose(&declared(), &given(&[("caller", "a\u{0}b")])).is_err());
        assert!(choose(&declared(), &given(&[("caller", "\u{1}")])).unwrap_err().contains("U+0001"));
        assert!(choose(&declared(), &given(&[("caller", "tab\tand 'both\" quotes")])).is_ok());
    }
}
