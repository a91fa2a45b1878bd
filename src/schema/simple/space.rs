//! White space normalisation (XML Schema Part 2, section 4.3.6). Borrows wherever the text is already normal.

use std::borrow::Cow;

use crate::schema::simple::facet::WhiteSpace;

/// The text with its white space as the facet says.
#[must_use]
pub fn normalise(text: &str, how: WhiteSpace) -> Cow<'_, str> {
    match how {
        WhiteSpace::Preserve => Cow::Borrowed(text),
        WhiteSpace::Replace => replace(text),
        WhiteSpace::Collapse => collapse(text),
    }
}

/// Whether [`normalise`] would leave the text as it is.
pub(crate) fn is_normal(text: &str, how: WhiteSpace) -> bool {
    match how {
        WhiteSpace::Preserve => true,
        WhiteSpace::Replace => !text.bytes().any(|byte| byte < b' '),
        WhiteSpace::Collapse => {
            let bytes = text.as_bytes();
            !matches!(bytes.first(), Some(byte) if is_space(*byte))
                && !matches!(bytes.last(), Some(byte) if is_space(*byte))
                && is_collapsed(bytes)
        }
    }
}

/// What XML calls white space.
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The pieces between runs of white space.
pub(crate) fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\t', '\n', '\r']).filter(|item| !item.is_empty())
}

fn replace(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte < b' ') { Cow::Owned(text.replace(['\t', '\n', '\r'], " ")) } else { Cow::Borrowed(text) }
}

fn collapse(text: &str) -> Cow<'_, str> {
    let trimmed = trim(text);
    if is_collapsed(trimmed.as_bytes()) {
        return Cow::Borrowed(trimmed);
    }
    let mut out = String::with_capacity(trimmed.len());
    for item in items(trimmed) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(item);
    }
    Cow::Owned(out)
}

fn trim(text: &str) -> &str {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) if is_space(*first) || is_space(*last) => text.trim_matches([' ', '\t', '\n', '\r']),
        _ => text,
    }
}

/// Only single spaces inside.
fn is_collapsed(bytes: &[u8]) -> bool {
    let mut before = 0;
    for byte in bytes {
        if *byte <= b' ' && (*byte != b' ' || before == b' ') {
            return false;
        }
        before = *byte;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_text_is_borrowed() {
        for (how, text) in [(WhiteSpace::Preserve, " a\n"), (WhiteSpace::Replace, "  a "), (WhiteSpace::Collapse, "a b")] {
            assert!(matches!(normalise(text, how), Cow::Borrowed(same) if same == text));
        }
        assert!(matches!(normalise(" \ta b\n", WhiteSpace::Collapse), Cow::Borrowed("a b")));
    }

    #[test]
    fn white_space_is_replaced_and_collapsed() {
        assert_eq!(normalise("a\tb\r\n", WhiteSpace::Replace), "a b  ");
        assert_eq!(normalise(" a \n\t b  c ", WhiteSpace::Collapse), "a b c");
        assert_eq!(normalise("a\tb", WhiteSpace::Collapse), "a b");
        assert_eq!(normalise(" \n ", WhiteSpace::Collapse), "");
    }
}
