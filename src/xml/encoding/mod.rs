//! From the bytes of a message to UTF-8: byte order mark, HTTP charset, declaration, UTF-8 (RFC 7303, XML 1.0 section 4.3.3).
//!
//! Malformed sequences are refused, never replaced. What is UTF-8 already is handed on as it is: the readers check it. `choose` decides
//! what the encoding is, this file decodes, at once or piece by piece.

mod choose;

use std::borrow::Cow;

use encoding_rs::Decoder;
use encoding_rs::DecoderResult;

use crate::xml::encoding::choose::Charset;
use crate::xml::encoding::choose::HEAD;
use crate::xml::encoding::choose::choose;
use crate::xml::error::XmlError;

/// A document in UTF-8. What was UTF-8 before is not checked here: the readers do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decoded<'b> {
    /// The text, without byte order mark; borrowed where the bytes were UTF-8.
    pub text: Cow<'b, [u8]>,
    /// The encoding that it came in.
    pub encoding: &'static str,
    /// How many bytes of byte order mark stood before the text.
    pub mark: usize,
    /// What is odd, but tolerated.
    pub warning: Option<String>,
}

/// Decodes a document; `http_charset` is the charset parameter of its content type.
///
/// ```
/// use castile::xml::encoding::decode;
///
/// let decoded = decode(b"<?xml version='1.0' encoding='iso-8859-1'?><a>Z\xFCrich</a>", None)?;
/// assert!(decoded.text.ends_with("<a>Zürich</a>".as_bytes()));
/// # Ok::<(), castile::xml::error::XmlError>(())
/// ```
pub fn decode<'b>(bytes: &'b [u8], http_charset: Option<&str>) -> Result<Decoded<'b>, XmlError> {
    let choice = choose(bytes.get(..HEAD).unwrap_or(bytes), http_charset)?;
    let rest = bytes.get(choice.mark..).unwrap_or_default();
    let text = if choice.charset == Charset::Utf8 {
        Cow::Borrowed(rest)
    } else {
        let mut out = Vec::with_capacity(rest.len() + rest.len() / 8);
        let mut converter = Converter::new(choice.charset);
        converter.convert(rest, true, &mut out)?;
        Cow::Owned(out)
    };
    Ok(Decoded { text, encoding: choice.charset.name(), mark: choice.mark, warning: choice.warning })
}

/// Decodes a document as its pieces arrive; what comes out goes into a [`crate::xml::reader::ChunkReader`].
pub struct StreamDecoder {
    http_charset: Option<String>,
    /// The beginning, until it tells the encoding.
    head: Vec<u8>,
    converter: Option<Converter>,
    warning: Option<String>,
}

impl StreamDecoder {
    /// A decoder at the beginning of a document; `http_charset` is the charset parameter of its content type.
    #[must_use]
    pub fn new(http_charset: Option<&str>) -> Self {
        Self { http_charset: http_charset.map(str::to_owned), head: Vec::new(), converter: None, warning: None }
    }

    /// Appends the next piece to `out`, in UTF-8.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), XmlError> {
        if let Some(converter) = &mut self.converter {
            return converter.convert(bytes, false, out);
        }
        self.head.extend_from_slice(bytes);
        if choose::is_telling(&self.head) { self.begin(false, out) } else { Ok(()) }
    }

    /// Appends what is left once the document ended.
    pub fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), XmlError> {
        match &mut self.converter {
            Some(converter) => converter.convert(b"", true, out),
            None => self.begin(true, out),
        }
    }

    /// What is odd, but tolerated; known once something came out.
    #[must_use]
    pub fn warning(&self) -> Option<&str> {
        self.warning.as_deref()
    }

    fn begin(&mut self, last: bool, out: &mut Vec<u8>) -> Result<(), XmlError> {
        let head = std::mem::take(&mut self.head);
        let choice = choose(head.get(..HEAD).unwrap_or(&head), self.http_charset.as_deref())?;
        self.warning = choice.warning;
        let converter = self.converter.insert(Converter::new(choice.charset));
        converter.convert(head.get(choice.mark..).unwrap_or_default(), last, out)
    }
}

/// The state between two pieces.
struct Converter {
    charset: Charset,
    decoder: Option<Decoder>,
    /// Bytes of text that came out.
    written: usize,
}

impl Converter {
    fn new(charset: Charset) -> Self {
        let decoder = match charset {
            Charset::Utf8 | Charset::Ascii | Charset::Latin1 => None,
            Charset::Other(encoding) => Some(encoding.new_decoder_without_bom_handling()),
        };
        Self { charset, decoder, written: 0 }
    }

    fn convert(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>) -> Result<(), XmlError> {
        let before = out.len();
        let result = match &mut self.decoder {
            Some(decoder) => convert_other(decoder, bytes, last, out),
            None if self.charset == Charset::Latin1 => {
                out.extend_from_slice(encoding_rs::mem::decode_latin1(bytes).as_bytes());
                Ok(())
            }
            None => {
                let good = if self.charset == Charset::Ascii { bytes.iter().position(|b| *b >= 0x80) } else { None };
                out.extend_from_slice(bytes.get(..good.unwrap_or(bytes.len())).unwrap_or_default());
                if good.is_none() { Ok(()) } else { Err(()) }
            }
        };
        self.written += out.len() - before;
        result.map_err(|()| {
            let message = format!("bytes that are not {}, which the document says it is in", self.charset.name());
            XmlError::new("encoding", self.written, message)
        })
    }
}

fn convert_other(decoder: &mut Decoder, bytes: &[u8], last: bool, out: &mut Vec<u8>) -> Result<(), ()> {
    let mut rest = bytes;
    loop {
        let room = decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len() * 3 + 16);
        let before = out.len();
        out.resize(before + room, 0);
        let space = out.get_mut(before..).unwrap_or_default();
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, space, last);
        out.truncate(before + written);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return Ok(()),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(_, _) => return Err(()),
        }
    }
}

#[cfg(test)]
mod tests;
