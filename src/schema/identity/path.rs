//! The XPath subset of selectors and fields (section 3.11.6), read into steps.

use crate::schema::identity::NameTest;
use crate::schema::identity::Path;

/// Steps of one path: their states are the bits of a word.
const MOST_STEPS: usize = 60;

/// Reads `path | path …`; attributes are for fields only. `test` makes a name test of `prefix:local`, `prefix:*`, `local` or `*`.
///
/// # Errors
/// Says what is not of the subset.
pub(crate) fn parse(text: &str, is_field: bool, test: &mut dyn FnMut(&str) -> Result<NameTest, String>) -> Result<Vec<Path>, String> {
    text.split('|').map(|path| one(path, is_field, test)).collect()
}

fn one(text: &str, is_field: bool, test: &mut dyn FnMut(&str) -> Result<NameTest, String>) -> Result<Path, String> {
    // White space may stand between any two tokens.
    let bare: String = text.split_ascii_whitespace().collect();
    if bare.is_empty() {
        return Err("a path is empty".to_owned());
    }
    let (anywhere, rest) = match bare.strip_prefix(".//") {
        Some(rest) => (true, rest),
        None => (false, bare.as_str()),
    };
    let mut path = Path { anywhere, steps: Vec::new(), attribute: None };
    for step in rest.split('/') {
        if path.attribute.is_some() {
            return Err(format!("an attribute ends a path, but in {bare:?} more follows"));
        }
        let attribute = step.strip_prefix('@').or_else(|| step.strip_prefix("attribute::"));
        match (step, attribute) {
            (".", _) => {}
            ("", _) => return Err(format!("{bare:?} is no path of the subset: child steps, `.//` at the beginning only")),
            (_, Some(_)) if !is_field => return Err(format!("a selector takes elements, {step:?} is an attribute")),
            (_, Some(name)) => path.attribute = Some(test(name)?),
            (_, None) => path.steps.push(test(step.strip_prefix("child::").unwrap_or(step))?),
        }
    }
    if path.steps.len() > MOST_STEPS {
        return Err(format!("a path has more than {MOST_STEPS} steps"));
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, is_field: bool) -> Result<Vec<Path>, String> {
        parse(text, is_field, &mut |name| match name {
            "*" => Ok(NameTest::Any),
            name if name.chars().all(|c| c.is_alphanumeric() || c == ':') => Ok(NameTest::Namespace(name.to_owned())),
            name => Err(format!("{name} is no name")),
        })
    }

    fn name(text: &str) -> NameTest {
        NameTest::Namespace(text.to_owned())
    }

    #[test]
    fn paths_of_the_subset_are_read_with_white_space_anywhere() {
        let expected = vec![
            Path { anywhere: true, steps: vec![name("p:a"), NameTest::Any], attribute: None },
            Path { anywhere: false, steps: vec![name("b")], attribute: Some(name("c")) },
            Path { anywhere: false, steps: vec![], attribute: None },
        ];
        assert_eq!(read(" .// p:a / * | ./child::b/ @c | .", true), Ok(expected));
    }

    #[test]
    fn what_is_not_of_the_subset_is_refused() {
        for text in ["", "a//b", "/a", "a[1]", "@a/b", "a/", "..", "a|"] {
            assert!(read(text, true).is_err(), "{text}");
        }
        assert!(read("@a", false).is_err());
    }
}
