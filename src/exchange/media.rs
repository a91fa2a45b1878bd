//! Content-Type as RFC 9110 section 8.3.1 writes it: type and parameters, quoted or not, any case, any order.
//!
//! Knows the media types of SOAP (1.1: `text/xml`, 1.2: `application/soap+xml`), of MTOM roots and of JSON.

use std::borrow::Cow;

use crate::wsdl::contract::SoapVersion;

/// A parsed Content-Type.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Media {
    /// `type/subtype`, lowercase; empty if there was none.
    pub essence: Cow<'static, str>,
    parameters: Vec<(Cow<'static, str>, Cow<'static, str>)>,
}

/// What is met all the time, and then not copied.
const TYPES: [&str; 5] = ["text/xml", "application/soap+xml", "application/json", "application/xml", "multipart/related"];
const PARAMETERS: [&str; 6] = ["charset", "action", "boundary", "start", "type", "start-info"];
const CHARSETS: [&str; 2] = ["utf-8", "UTF-8"];

/// What a content type says about the body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// No Content-Type.
    Missing,
    /// The media type of a SOAP version.
    Soap(SoapVersion),
    /// XML of no stated version: `application/xml`, `application/xop+xml`, `*+xml`.
    Xml,
    /// `multipart/related`: the root part decides.
    Multipart,
    /// `application/json` or `*+json`.
    Json,
    /// Anything else.
    Other,
}

impl Media {
    /// Reads a Content-Type. What cannot be read as one has an empty essence's rest: it is [`Kind::Other`].
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (essence, mut rest) = split_at_semicolon(text);
        let mut media = Self { essence: lower(essence.trim(), &TYPES), parameters: Vec::new() };
        while !rest.is_empty() {
            let (parameter, next) = split_at_semicolon(rest);
            rest = next;
            if let Some((name, value)) = parameter.split_once('=') {
                let value = value.trim();
                let value = match CHARSETS.iter().find(|known| **known == value) {
                    Some(known) => Cow::Borrowed(*known),
                    None => Cow::Owned(unquote(value)),
                };
                media.parameters.push((lower(name.trim(), &PARAMETERS), value));
            }
        }
        media
    }

    /// A parameter that others may read otherwise: one that stands twice, which none may (RFC 2045, section 5.1), one in the form
    /// of RFC 2231 (`action*`, `action*0`), one that is no token with a value.
    #[must_use]
    pub fn doubtful(&self) -> Option<&str> {
        let names = || self.parameters.iter().map(|(name, _)| &**name);
        let plain =
            |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&+-.^_`|~".contains(&byte));
        // A content type within one has quotes of its own.
        let torn = |name: &str, value: &str| value.contains('"') && !matches!(name, "start-info" | "type");
        let mut all = self.parameters.iter().enumerate();
        all.find(|(at, (name, value))| !plain(name) || torn(name, value) || names().take(*at).any(|before| before == name))
            .map(|(_, (name, _))| &**name)
    }

    /// The value of a parameter, unquoted; the first counts.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| &**value)
    }

    /// What it says about the body.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match &*self.essence {
            "" => Kind::Missing,
            "text/xml" => Kind::Soap(SoapVersion::V1_1),
            "application/soap+xml" => Kind::Soap(SoapVersion::V1_2),
            "application/xml" => Kind::Xml,
            "multipart/related" => Kind::Multipart,
            "application/json" | "text/json" => Kind::Json,
            other if other.ends_with("+xml") => Kind::Xml,
            other if other.ends_with("+json") => Kind::Json,
            _ => Kind::Other,
        }
    }

    /// The SOAP version that the type names, for multipart by `start-info` or `type`.
    #[must_use]
    pub fn soap_version(&self) -> Option<SoapVersion> {
        match self.kind() {
            Kind::Soap(version) => Some(version),
            Kind::Multipart => ["start-info", "type"].iter().find_map(|name| match Self::parse(self.parameter(name)?).kind() {
                Kind::Soap(version) => Some(version),
                Kind::Missing | Kind::Xml | Kind::Multipart | Kind::Json | Kind::Other => None,
            }),
            Kind::Xml => self.parameter("type").map(Self::parse).and_then(|inner| match inner.kind() {
                Kind::Soap(version) => Some(version),
                Kind::Missing | Kind::Xml | Kind::Multipart | Kind::Json | Kind::Other => None,
            }),
            Kind::Missing | Kind::Json | Kind::Other => None,
        }
    }
}

/// In lower case, as one of the known words where it is one.
fn lower(text: &str, known: &[&'static str]) -> Cow<'static, str> {
    match known.iter().find(|word| **word == text).or_else(|| known.iter().find(|word| word.eq_ignore_ascii_case(text))) {
        Some(word) => Cow::Borrowed(word),
        None => Cow::Owned(text.to_ascii_lowercase()),
    }
}

/// The text up to the next semicolon outside quotes, and what follows it.
fn split_at_semicolon(text: &str) -> (&str, &str) {
    if !text.contains('"') {
        return text.split_once(';').unwrap_or((text, ""));
    }
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' if !quoted => return (&text[..at], &text[at + 1..]),
            _ => {}
        }
    }
    (text, "")
}

/// The value of a token or quoted-string (RFC 9110 section 5.6.4).
#[must_use]
pub fn unquote(text: &str) -> String {
    let Some(inner) = text.strip_prefix('"').map(|rest| rest.strip_suffix('"').unwrap_or(rest)) else {
        return text.to_owned();
    };
    let mut out = String::with_capacity(inner.len());
    let mut escaped = false;
    for c in inner.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            out.push(c);
            escaped = false;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_in_any_spelling() {
        let media = Media::parse("Application/SOAP+XML; Action=\"urn:a;b\\\"c\"; charset = utf-8 ;odd");
        assert_eq!(media.kind(), Kind::Soap(SoapVersion::V1_2));
        assert_eq!(media.parameter("action"), Some("urn:a;b\"c"));
        assert_eq!(media.parameter("charset"), Some("utf-8"));
        assert_eq!(media.parameter("odd"), None);
        for text in ["a/b; action=\"urn:a;b\"; charset=utf-8", "a/b; start-info=\"c/d; action=\\\"x\\\"\"; type=\"c/d\""] {
            assert_eq!(Media::parse(text).doubtful(), None, "{text}");
        }
        for (text, name) in [
            ("a/b; action=x; charset=y; ACTION=\"z\"", "action"),
            ("a/b; action=x; action*=utf-8''z", "action*"),
            ("a/b; action*0=z", "action*0"),
            ("a/b; x=\"a\" action=\"z\"", "x"),
            ("a/b; \"action\"=z", "\"action\""),
        ] {
            assert_eq!(Media::parse(text).doubtful(), Some(name), "{text}");
        }
    }

    #[test]
    fn a_multipart_names_its_soap_version() {
        let media = Media::parse("Multipart/Related;start-info=\"text/xml\";type=\"application/xop+xml\";boundary=first");
        assert_eq!((media.kind(), media.soap_version()), (Kind::Multipart, Some(SoapVersion::V1_1)));
    }

    #[test]
    fn kinds_of_bodies_are_told() {
        for (text, kind) in [
            ("", Kind::Missing),
            ("application/x-www-form-urlencoded", Kind::Other),
            ("text/html; charset=utf-8", Kind::Other),
            ("application/problem+json", Kind::Json),
            ("image/svg+xml", Kind::Xml),
        ] {
            assert_eq!(Media::parse(text).kind(), kind, "{text}");
        }
    }
}
