//! The XML declaration (XML 1.0, section 2.8), and what it says about the encoding.

use crate::xml::char::is_space;

/// Checks what stands between `<?xml` and `?>`: where it is wrong, and how.
pub(super) fn check(content: &str) -> Result<(), (usize, String)> {
    let mut cursor = Cursor { text: content, at: 0 };
    match cursor.pseudo_attribute()? {
        Some(("version", version, at)) => check_version(version, at)?,
        _ => return Err((cursor.at, "the XML declaration does not begin with version=\"1.0\"".to_owned())),
    }
    let mut next = cursor.pseudo_attribute()?;
    if let Some(("encoding", name, at)) = next {
        check_encoding(name, at)?;
        next = cursor.pseudo_attribute()?;
    }
    if let Some(("standalone", value, at)) = next {
        if value != "yes" && value != "no" {
            return Err((at, format!("standalone is `yes` or `no`, not `{value}`")));
        }
        next = cursor.pseudo_attribute()?;
    }
    match next {
        None => Ok(()),
        Some((name, _, at)) => {
            Err((at, format!("`{name}` does not belong here; the XML declaration holds version, encoding and standalone, in this order")))
        }
    }
}

/// The declarations that nearly all messages begin with, or their beginnings up to `?>`: all of them say UTF-8 or nothing.
const USUAL: [&[u8]; 6] = [
    b"<?xml version=\"1.0\" encoding=\"utf-8\"?>",
    b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
    b"<?xml version=\"1.0\"?>",
    b"<?xml version='1.0' encoding='UTF-8'?>",
    b"<?xml version='1.0' encoding='utf-8'?>",
    b"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>",
];

/// The length of the declaration that the document begins with, if it is a usual one, which is good and says UTF-8 or nothing.
pub(super) fn usual(head: &[u8]) -> Option<usize> {
    USUAL.iter().find(|usual| head.starts_with(usual)).map(|usual| usual.len())
}

/// The encoding that a document in an ASCII-compatible encoding declares, if it begins with a declaration. Lenient: the reader judges
/// the declaration.
pub(super) fn declared_encoding(head: &[u8]) -> Option<&str> {
    let content = head.strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(content, b"?>").unwrap_or(content.len());
    let content = content.get(..end)?;
    let at = memchr::memmem::find(content, b"encoding")?;
    let rest = content.get(at + "encoding".len()..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, rest) = rest.split_first()?;
    let length = memchr::memchr(*quote, rest)?;
    str::from_utf8(rest.get(..length)?).ok()
}

fn check_version(version: &str, at: usize) -> Result<(), (usize, String)> {
    let minor = version.strip_prefix("1.").unwrap_or_default();
    if minor.is_empty() || !minor.bytes().all(|b| b.is_ascii_digit()) {
        return Err((at, format!("the XML version is `{version}`; 1.0 is read here")));
    }
    Ok(())
}

fn check_encoding(name: &str, at: usize) -> Result<(), (usize, String)> {
    let legal = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    if legal { Ok(()) } else { Err((at, format!("`{name}` is no legal name of an encoding"))) }
}

struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

/// Name, value, and where the value stands.
type Pseudo<'t> = (&'t str, &'t str, usize);

impl<'t> Cursor<'t> {
    /// The next `name="value"`, with where its value stands.
    fn pseudo_attribute(&mut self) -> Result<Option<Pseudo<'t>>, (usize, String)> {
        let before = self.at;
        self.skip_space();
        if self.at == self.text.len() {
            return Ok(None);
        }
        if self.at == before {
            return Err((self.at, "white space is missing in the XML declaration".to_owned()));
        }
        let rest = self.rest();
        let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let name = rest.get(..length).unwrap_or_default();
        self.at += length;
        self.skip_space();
        if !self.rest().starts_with('=') || name.is_empty() {
            return Err((self.at, "the XML declaration is malformed; it reads <?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned()));
        }
        self.at += 1;
        self.skip_space();
        let rest = self.rest();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let close = quote.and_then(|quote| rest.get(1..)?.find(quote));
        let Some(length) = close else {
            return Err((self.at, format!("the value of `{name}` in the XML declaration is not in quotes")));
        };
        let at = self.at + 1;
        self.at = at + length + 1;
        Ok(Some((name, rest.get(1..=length).unwrap_or_default(), at)))
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        self.at += self.rest().bytes().take_while(|b| is_space(*b)).count();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_judged_by_the_grammar() {
        for good in [
            " version=\"1.0\"",
            " version='1.0' encoding='UTF-8' standalone='no' ",
            "\nversion = \"1.1\"",
            " version='1.0' standalone='yes'",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            " encoding='UTF-8'",
            " version='2.0'",
            " version='1.'",
            " version=1.0",
            " version='1.0'encoding='UTF-8'",
            " version='1.0' encoding=''",
            " version='1.0' encoding='1x'",
            " version='1.0' standalone='maybe'",
            " version='1.0' standalone='yes' encoding='UTF-8'",
            " version='1.0' valid='no'",
            " version='1.0' encoding=\"UTF-8'",
            " VERSION='1.0'",
            " version='1.0' é='1'",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_usual_declarations_are_good_ones_that_say_utf_8() {
        for usual in USUAL {
            assert_eq!(super::usual(&[usual, b"<a/>"].concat()), Some(usual.len()));
            let text = str::from_utf8(usual).expect("text");
            assert_eq!(check(&text[5..text.len() - 2]), Ok(()), "{text}");
            assert!(declared_encoding(usual).is_none_or(|name| name.eq_ignore_ascii_case("utf-8")), "{text}");
        }
        assert_eq!(super::usual(b"<?xml version=\"1.0\" encoding=\"latin1\"?>"), None);
    }

    #[test]
    fn the_declared_encoding_is_found_in_either_quote() {
        assert_eq!(declared_encoding(b"<?xml version='1.0' encoding = 'latin1'?><a/>"), Some("latin1"));
        assert_eq!(declared_encoding(b"<?xml version=\"1.0\"?><a encoding='x'/>"), None);
        assert_eq!(declared_encoding(b"<a encoding='x'/>"), None);
    }
}
