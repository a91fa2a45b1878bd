//! What encoding a document is in, told by its first bytes, its transport and itself.

use std::borrow::Cow;

use encoding_rs::Encoding;
use encoding_rs::REPLACEMENT;
use encoding_rs::UTF_8;
use encoding_rs::UTF_16BE;
use encoding_rs::UTF_16LE;
use encoding_rs::WINDOWS_1252;
use encoding_rs::X_USER_DEFINED;

use crate::xml::declaration::declared_encoding;
use crate::xml::declaration::usual;
use crate::xml::error::XmlError;

/// How many bytes are looked at: a declaration is shorter.
pub(super) const HEAD: usize = 1024;

/// An encoding. Unlike the labels of browsers, US-ASCII and ISO-8859-1 are what their names say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Charset {
    Utf8,
    Ascii,
    Latin1,
    Other(&'static Encoding),
}

impl Charset {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Ascii => "US-ASCII",
            Self::Latin1 => "ISO-8859-1",
            Self::Other(encoding) => encoding.name(),
        }
    }

    fn is_utf16(self) -> bool {
        self == Self::Other(UTF_16BE) || self == Self::Other(UTF_16LE)
    }

    fn from_label(label: &str) -> Option<Self> {
        let encoding = Encoding::for_label(label.as_bytes())?;
        let label = label.trim().to_ascii_lowercase();
        if encoding == UTF_8 {
            Some(Self::Utf8)
        } else if encoding == REPLACEMENT || encoding == X_USER_DEFINED {
            None
        } else if encoding != WINDOWS_1252 || label.contains("1252") {
            Some(Self::Other(encoding))
        } else if label.contains("ascii") || label == "ansi_x3.4-1968" {
            Some(Self::Ascii)
        } else {
            Some(Self::Latin1)
        }
    }

    /// Whether a document in this encoding may declare `label`.
    fn may_be_called(self, label: &str) -> bool {
        let Some(declared) = Self::from_label(label) else { return false };
        // UTF-16 leaves the order of bytes open
        let open = declared.is_utf16() && !label.to_ascii_lowercase().contains("16le");
        declared == self || (open && declared == Self::Other(UTF_16LE) && self.is_utf16())
    }
}

/// What was decided.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) charset: Charset,
    /// Bytes of byte order mark.
    pub(super) mark: usize,
    pub(super) warning: Option<String>,
}

/// Whether the beginning of a document suffices to [`choose`].
pub(super) fn is_telling(head: &[u8]) -> bool {
    let text = without_zeros(head);
    let whole: &[u8] = b"<?xml";
    let other = head.len() >= 4 && text.get(..whole.len().min(text.len())).is_some_and(|begin| !whole.starts_with(begin));
    head.len() >= HEAD || other || memchr::memmem::find(&text, b"?>").is_some()
}

/// Decides by the first [`HEAD`] bytes, or fewer if there are no more.
pub(super) fn choose(head: &[u8], http_charset: Option<&str>) -> Result<Choice, XmlError> {
    if is_usual(head, http_charset) {
        return Ok(Choice { charset: Charset::Utf8, mark: 0, warning: None });
    }
    if let Some((charset, mark)) = marked(head)? {
        return with_mark(head, charset, mark, http_charset);
    }
    let unmarked = unmarked_utf16(head);
    if let Some(label) = http_charset.map(|label| label.trim().trim_matches('"')).filter(|label| !label.is_empty()) {
        return by_transport(head, label, unmarked);
    }
    if let Some(charset) = unmarked {
        return agreed(head, charset, "first bytes");
    }
    by_declaration(head)
}

/// UTF-8 at the first look, as nearly all messages are: transport and declaration say so, or nothing.
fn is_usual(head: &[u8], http_charset: Option<&str>) -> bool {
    let by_transport = http_charset.is_none_or(|label| label.eq_ignore_ascii_case("utf-8"));
    // An element's name right behind the first `<`: neither a declaration nor UTF-16.
    let undeclared = matches!(head, [b'<', second, ..] if second.is_ascii_alphabetic());
    by_transport && (undeclared || usual(head).is_some())
}

/// A byte order mark, or the first bytes of an encoding that is not read.
fn marked(head: &[u8]) -> Result<Option<(Charset, usize)>, XmlError> {
    let unreadable = |name: &str| {
        let message = format!("the document is in {name}, which is not read; send UTF-8");
        Err(XmlError::new("encoding", 0, message))
    };
    match head {
        [0xEF, 0xBB, 0xBF, ..] => Ok(Some((Charset::Utf8, 3))),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [b'<', 0, 0, 0, ..] | [0, 0, 0, b'<', ..] => unreadable("UTF-32"),
        [0xFE, 0xFF, ..] => Ok(Some((Charset::Other(UTF_16BE), 2))),
        [0xFF, 0xFE, ..] => Ok(Some((Charset::Other(UTF_16LE), 2))),
        [0x4C, 0x6F, 0xA7, 0x94, ..] => unreadable("EBCDIC"),
        _ => Ok(None),
    }
}

/// UTF-16 without a mark: `<` or white space, and a zero beside it.
fn unmarked_utf16(head: &[u8]) -> Option<Charset> {
    match head {
        [b'<' | b' ' | b'\t' | b'\r' | b'\n', 0, ..] => Some(Charset::Other(UTF_16LE)),
        [0, b'<' | b' ' | b'\t' | b'\r' | b'\n', ..] => Some(Charset::Other(UTF_16BE)),
        _ => None,
    }
}

fn with_mark(head: &[u8], charset: Charset, mark: usize, http_charset: Option<&str>) -> Result<Choice, XmlError> {
    let mut choice = Choice { mark, ..agreed(head, charset, "byte order mark")? };
    if let Some(label) = http_charset
        && !charset.may_be_called(label.trim().trim_matches('"'))
    {
        choice.warning = Some(format!("the byte order mark says {}, the charset of the transport says {label}", charset.name()));
    }
    Ok(choice)
}

fn by_transport(head: &[u8], label: &str, unmarked: Option<Charset>) -> Result<Choice, XmlError> {
    let Some(mut charset) = Charset::from_label(label) else { return Err(unknown(label, "the charset of the transport")) };
    if charset.is_utf16()
        && let Some(told) = unmarked.filter(|told| told.may_be_called(label))
    {
        charset = told;
    }
    let text = without_zeros(head);
    let declared = declared_encoding(&text).filter(|declared| !charset.may_be_called(declared));
    let warning = declared.map(|declared| {
        format!("the document declares the encoding {declared}, the charset of the transport says {label}, which was followed")
    });
    Ok(Choice { charset, mark: 0, warning })
}

/// The first bytes tell the encoding; the declaration must not say otherwise (XML 1.0, section 4.3.3).
fn agreed(head: &[u8], charset: Charset, by: &str) -> Result<Choice, XmlError> {
    let text = without_zeros(head);
    match declared_encoding(&text).filter(|declared| !charset.may_be_called(declared)) {
        None => Ok(Choice { charset, mark: 0, warning: None }),
        Some(declared) => {
            let message = format!(
                "the document declares the encoding {}, but its {by} says {}; correct the declaration",
                shown(declared),
                charset.name()
            );
            Err(XmlError::new("encoding", 0, message))
        }
    }
}

fn by_declaration(head: &[u8]) -> Result<Choice, XmlError> {
    let Some(label) = declared_encoding(head) else {
        return Ok(Choice { charset: Charset::Utf8, mark: 0, warning: None });
    };
    let charset = match Charset::from_label(label) {
        Some(charset) if charset.is_utf16() => {
            let message = format!(
                "the document declares the encoding {}, but is in one of 8 bits; correct the declaration, or name the charset in the content type",
                shown(label)
            );
            return Err(XmlError::new("encoding", 0, message));
        }
        Some(charset) => charset,
        None => return Err(unknown(label, "the encoding that the document declares")),
    };
    Ok(Choice { charset, mark: 0, warning: None })
}

fn unknown(label: &str, what: &str) -> XmlError {
    XmlError::new("encoding", 0, format!("{what}, {}, is not known; send UTF-8", shown(label)))
}

fn shown(label: &str) -> String {
    label.chars().take(40).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

/// The beginning with marks and the zeros of UTF-16 left out: enough to read a declaration, which is ASCII.
fn without_zeros(head: &[u8]) -> Cow<'_, [u8]> {
    let rest = match head {
        [0xEF, 0xBB, 0xBF, rest @ ..] | [0xFE, 0xFF, rest @ ..] | [0xFF, 0xFE, rest @ ..] => rest,
        _ => head,
    };
    match memchr::memchr(0, rest) {
        None => Cow::Borrowed(rest),
        Some(_) => rest.iter().copied().filter(|b| *b != 0).collect(),
    }
}
