//! XML-binary Optimized Packaging: the references of an MTOM message replaced by the base64 that they stand for (XOP 1.0 section 3.2).
//!
//! Knows the message and a way to find bytes by Content-ID; nothing of multipart bodies.

use std::borrow::Cow;
use std::fmt;

use crate::schema::simple::base64;
use crate::xml::error::XmlError;
use crate::xml::event::Event;
use crate::xml::limits::Limits;
use crate::xml::name::Symbols;
use crate::xml::reader::SliceReader;

/// The namespace of `xop:Include`.
pub const XOP_NS: &str = "http://www.w3.org/2004/08/xop/include";

/// Why the references of a message cannot be replaced.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum XopError {
    /// The message is not well-formed.
    Xml(XmlError),
    /// A reference leads to no part.
    Dangling(String),
    /// With all of them replaced the message is larger than allowed.
    TooLarge,
}

impl XopError {
    /// What the log may say: the words for the sender quote the message.
    #[must_use]
    pub fn for_log(&self) -> &'static str {
        match self {
            Self::Xml(error) => error.code,
            Self::Dangling(_) => "an xop:Include refers to no part of the message",
            Self::TooLarge => "the message is too large with its xop:Include elements replaced",
        }
    }
}

impl fmt::Display for XopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Xml(error) => error.fmt(f),
            Self::Dangling(id) => write!(f, "an xop:Include refers to \"{id}\", which is no part of the message"),
            Self::TooLarge => f.write_str("the message is too large with its xop:Include elements replaced"),
        }
    }
}

/// Whether a message may have references at all.
#[must_use]
pub fn is_mentioned(text: &[u8]) -> bool {
    memchr::memmem::find(text, XOP_NS.as_bytes()).is_some()
}

/// The message with each `xop:Include` replaced by the base64 of the part that its `href` names (`cid:` and the Content-ID).
///
/// # Errors
/// If it is not well-formed, a reference leads nowhere, or the result is larger than `limit` bytes.
pub fn inline<'p>(text: &[u8], limits: &Limits, limit: usize, part: impl Fn(&str) -> Option<&'p [u8]>) -> Result<Vec<u8>, XopError> {
    let symbols = Symbols::default();
    let mut reader = SliceReader::new(text, &symbols, limits);
    let mut out = Vec::with_capacity(text.len());
    let mut copied = 0;
    // How deep inside a reference: what it holds counts as nothing.
    let mut inside = 0usize;
    loop {
        match reader.next().map_err(XopError::Xml)? {
            Event::Start(_) if inside > 0 => inside += 1,
            Event::Start(start) if start.name().ns == XOP_NS && start.name().local == "Include" => {
                inside = 1;
                let href = start.attribute_by_name("", "href").map_or("", |href| href.value);
                let id = percent_decoded(href.strip_prefix("cid:").unwrap_or(href));
                let Some(content) = part(&id) else { return Err(XopError::Dangling(id.chars().take(80).collect())) };
                out.extend_from_slice(text.get(copied..start.offset()).unwrap_or_default());
                if out.len() + content.len().div_ceil(3) * 4 > limit {
                    return Err(XopError::TooLarge);
                }
                base64::encode(content, &mut out);
            }
            Event::End(end) if inside > 0 => {
                inside -= 1;
                copied = end.end();
            }
            Event::Eof => break,
            Event::Start(_) | Event::End(_) | Event::Text(_) | Event::Comment { .. } | Event::Instruction { .. } => {}
        }
    }
    out.extend_from_slice(text.get(copied..).unwrap_or_default());
    Ok(out)
}

/// Text with its `%XX` resolved (RFC 2392: a Content-ID in a `cid:` URL is percent-encoded).
#[must_use]
pub fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    Cow::into_owned(String::from_utf8_lossy(&out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inlined(text: &str, limit: usize) -> Result<String, XopError> {
        let part = |id: &str| if id == "a@h" { Some(&b"foobar"[..]) } else { None };
        inline(text.as_bytes(), &Limits::default(), limit, part).map(|out| String::from_utf8(out).unwrap())
    }

    #[test]
    fn references_become_base64_and_the_rest_stays_as_it_was() {
        let text = "<e xmlns:x='http://www.w3.org/2004/08/xop/include'><d ><x:Include href='cid:a%40h'/></d><d><x:Include href='cid:a@h'> <!-- --></x:Include></d></e>";
        let expected = "<e xmlns:x='http://www.w3.org/2004/08/xop/include'><d >Zm9vYmFy</d><d>Zm9vYmFy</d></e>";
        assert_eq!(inlined(text, 1000).as_deref(), Ok(expected));
        assert_eq!(inlined(text, 60), Err(XopError::TooLarge));
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_refused() {
        let text = "<e><Include xmlns='http://www.w3.org/2004/08/xop/include' href='cid:b'/></e>";
        assert_eq!(inlined(text, 1000), Err(XopError::Dangling("b".to_owned())));
        assert_eq!(inlined("<e><Include href='cid:b'/></e>", 1000).as_deref(), Ok("<e><Include href='cid:b'/></e>"));
    }
}
