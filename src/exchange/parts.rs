//! Where the root part of a multipart/related body stands (RFC 2387, RFC 2046 section 5.1).
//!
//! Nothing is copied or decoded: parts are byte ranges of the body, which is forwarded as it came.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use crate::exchange::media::Media;
use crate::schema::simple::base64;

/// The root part of a multipart body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parts {
    /// Where the root's content stands in the body.
    pub root: Range<usize>,
    /// The root's Content-Type.
    pub media: Media,
    /// How many parts there are.
    pub count: usize,
    /// The other parts, in order.
    pub others: Vec<Part>,
}

/// A part that is not the root.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Its Content-ID without angle brackets.
    pub id: Option<String>,
    /// Its Content-Transfer-Encoding in lower case; empty if there is none.
    pub encoding: String,
    /// Where its content stands in the body.
    pub content: Range<usize>,
}

impl Part {
    /// Its bytes, the transfer encoding undone (RFC 2045 section 6).
    ///
    /// # Errors
    /// If they are not what the encoding says, or it is an unknown one.
    pub fn bytes<'b>(&self, body: &'b [u8]) -> Result<Cow<'b, [u8]>, PartsError> {
        let raw = body.get(self.content.clone()).unwrap_or_default();
        match self.encoding.as_str() {
            "" | "7bit" | "8bit" | "binary" => Ok(Cow::Borrowed(raw)),
            "base64" => std::str::from_utf8(raw).ok().and_then(base64::decode).map(Cow::Owned).ok_or(PartsError::PartEncoded),
            "quoted-printable" => quoted_printable(raw).map(Cow::Owned).ok_or(PartsError::PartEncoded),
            _ => Err(PartsError::PartEncoded),
        }
    }
}

/// Quoted-printable (RFC 2045 section 6.7), white space at line ends left as it came.
fn quoted_printable(raw: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(byte) = raw.get(at) {
        match (byte, raw.get(at + 1), raw.get(at + 2)) {
            (b'=', Some(b'\r'), Some(b'\n')) => at += 3,
            (b'=', Some(b'\n'), _) => at += 2,
            (b'=', Some(high), Some(low)) => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                out.push(u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?);
                at += 3;
            }
            (b'=', _, _) => return None,
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    Some(out)
}

/// Why a multipart body cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PartsError {
    /// The Content-Type has no `boundary`.
    NoBoundary,
    /// No part was found, or the last one does not end.
    Broken,
    /// No part has the Content-ID that `start` names.
    NoRoot,
    /// Several parts have it: readers differ in which they take.
    TwoRoots,
    /// The root's content is encoded in a way that is not plain bytes.
    Encoded,
    /// The content of another part is not what its Content-Transfer-Encoding says.
    PartEncoded,
    /// More parts than are looked at.
    TooMany,
}

impl std::fmt::Display for PartsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoBoundary => "the multipart content type has no boundary",
            Self::Broken => "the multipart body does not hold complete parts between its boundaries",
            Self::NoRoot => "no part of the multipart body has the Content-ID that 'start' names",
            Self::TwoRoots => "several parts of the multipart body have the Content-ID that 'start' names",
            Self::Encoded => "the root part has a Content-Transfer-Encoding other than 7bit, 8bit or binary",
            Self::PartEncoded => {
                "a part is not what its Content-Transfer-Encoding says, or that is none of 7bit, 8bit, binary, base64 and quoted-printable"
            }
            Self::TooMany => "the multipart body has more than 1000 parts",
        })
    }
}

const MOST_PARTS: usize = 1000;

impl Parts {
    /// Finds the root part: the one whose Content-ID is `start`, else the first.
    ///
    /// # Errors
    /// If the body is not made of complete parts, or none is the root.
    pub fn find(body: &[u8], media: &Media) -> Result<Self, PartsError> {
        Self::read(body, media, false)
    }

    /// The same in the beginning of a body whose rest is still arriving: its last part may lack its end.
    ///
    /// # Errors
    /// If the beginning is not made of parts, or none of them is the root.
    pub fn begin(body: &[u8], media: &Media) -> Result<Self, PartsError> {
        Self::read(body, media, true)
    }

    fn read(body: &[u8], media: &Media, partial: bool) -> Result<Self, PartsError> {
        let boundary = media.parameter("boundary").filter(|text| !text.is_empty()).ok_or(PartsError::NoBoundary)?;
        let start = media.parameter("start").map(bare_id);
        let mut root = None;
        let mut others = Vec::new();
        let mut count = 0;
        for part in ranges(body, boundary, partial)? {
            count += 1;
            let (headers, content) = split(body, part);
            if (root.is_none() || start.is_some())
                && start.is_none_or(|id| header(headers, "content-id").is_some_and(|found| bare_id(&found) == id))
            {
                if root.is_some() {
                    return Err(PartsError::TwoRoots);
                }
                root = Some((headers, content));
            } else {
                let encoding = header(headers, "content-transfer-encoding").unwrap_or_default().to_ascii_lowercase();
                others.push(Part { id: header(headers, "content-id").map(|id| bare_id(&id).to_owned()), encoding, content });
            }
        }
        let (headers, content) = root.ok_or(PartsError::NoRoot)?;
        match header(headers, "content-transfer-encoding").map(|text| text.to_ascii_lowercase()).as_deref() {
            None | Some("7bit" | "8bit" | "binary" | "") => {}
            Some(_) => return Err(PartsError::Encoded),
        }
        let media = Media::parse(&header(headers, "content-type").unwrap_or_default());
        Ok(Self { root: content, media, count, others })
    }
}

/// A Content-ID without its angle brackets.
fn bare_id(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(text)
}

/// The ranges between the delimiters; what stands before the first and after the closing one is not looked at.
fn ranges(body: &[u8], boundary: &str, partial: bool) -> Result<Vec<Range<usize>>, PartsError> {
    let delimiter = format!("--{boundary}");
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for at in memmem::find_iter(body, delimiter.as_bytes()) {
        let starts_line = at == 0 || body.get(at - 1) == Some(&b'\n');
        let rest = body.get(at + delimiter.len()..).unwrap_or_default();
        let closes = rest.starts_with(b"--");
        let Some(line_end) = delimiter_line_end(if closes { rest.get(2..).unwrap_or_default() } else { rest }, closes) else { continue };
        if !starts_line {
            continue;
        }
        if let Some(from) = open {
            let mut end = at.saturating_sub(1);
            if end > from && body.get(end - 1) == Some(&b'\r') {
                end -= 1;
            }
            found.push(from..end.max(from));
        }
        if closes {
            return if found.is_empty() { Err(PartsError::Broken) } else { Ok(found) };
        }
        if found.len() >= MOST_PARTS {
            return Err(PartsError::TooMany);
        }
        open = Some(at + delimiter.len() + line_end);
    }
    match open.filter(|_| partial) {
        Some(from) => {
            found.push(from.min(body.len())..body.len());
            Ok(found)
        }
        None => Err(PartsError::Broken),
    }
}

/// The length of the white space and line end after a delimiter; none if other text follows: then it is a longer boundary.
fn delimiter_line_end(rest: &[u8], closes: bool) -> Option<usize> {
    let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match rest.get(blank..)? {
        [b'\r', b'\n', ..] => Some(blank + 2),
        [b'\n', ..] => Some(blank + 1),
        [] if closes => Some(blank),
        _ => None,
    }
}

/// The header lines of a part and the range of its content.
fn split(body: &[u8], part: Range<usize>) -> (&[u8], Range<usize>) {
    let text = body.get(part.clone()).unwrap_or_default();
    // A part without headers begins with the empty line.
    for (mark, skip) in [(&b"\r\n"[..], 2), (&b"\n"[..], 1)] {
        if text.starts_with(mark) {
            return (&[], part.start + skip..part.end);
        }
    }
    let crlf = memmem::find(text, b"\r\n\r\n").map(|at| (at, 4));
    let lf = memmem::find(text, b"\n\n").map(|at| (at, 2));
    match [crlf, lf].into_iter().flatten().min() {
        Some((at, skip)) => (text.get(..at).unwrap_or_default(), part.start + at + skip..part.end),
        None => (text, part.end..part.end),
    }
}

/// The value of a header of a part, folded lines joined.
fn header(lines: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(lines);
    let mut value: Option<String> = None;
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some(value) = &mut value {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if value.is_some() {
            break;
        } else if let Some((key, rest)) = line.split_once(':')
            && key.trim().eq_ignore_ascii_case(name)
        {
            value = Some(rest.trim().to_owned());
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"preamble\r\n--b\r\nContent-ID: <att>\r\n\r\n--b is no delimiter\r\n--b\r\nContent-Type: application/xop+xml;\r\n type=\"text/xml\"\r\ncontent-id: <root>\r\n\r\n<a/>\r\n--b--\r\n";

    fn root(content_type: &str) -> Result<&str, PartsError> {
        Parts::find(BODY, &Media::parse(content_type)).map(|parts| std::str::from_utf8(&BODY[parts.root]).expect("text"))
    }

    #[test]
    fn the_root_is_the_one_that_start_names() {
        assert_eq!(root("multipart/related; boundary=b; start=\"<root>\""), Ok("<a/>"));
        assert_eq!(root("multipart/related; boundary=b; start=root"), Ok("<a/>"));
    }

    #[test]
    fn without_start_the_first_part_is_the_root() {
        assert_eq!(root("multipart/related; boundary=b"), Ok("--b is no delimiter"));
    }

    #[test]
    fn a_root_that_is_not_there_is_refused() {
        assert_eq!(root("multipart/related; boundary=b; start=other"), Err(PartsError::NoRoot));
        assert_eq!(root("multipart/related; boundary=c"), Err(PartsError::Broken));
        assert_eq!(root("multipart/related"), Err(PartsError::NoBoundary));
    }

    #[test]
    fn the_other_parts_are_read_with_their_encodings_undone() {
        let body = b"--b\r\n\r\n<a/>\r\n--b\r\nContent-ID: <x=1@h>\r\nContent-Transfer-Encoding: Base64\r\n\r\nZm9v\r\nYg==\r\n--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3Db=\r\nc\r\n--b\r\ncontent-transfer-encoding: base64\r\n\r\n!\r\n--b--";
        let parts = Parts::find(body, &Media::parse("multipart/related; boundary=b")).expect("parts");
        let found: Vec<_> = parts.others.iter().map(|part| (part.id.as_deref(), part.bytes(body))).collect();
        let owned = |text: &str| Ok(Cow::Owned(text.as_bytes().to_vec()));
        assert_eq!(found, [(Some("x=1@h"), owned("foob")), (None, owned("a=bc")), (None, Err(PartsError::PartEncoded))]);
    }

    #[test]
    fn in_a_beginning_the_last_part_may_lack_its_end() {
        let media = Media::parse("multipart/related; boundary=b; start=root");
        let cut = &BODY[..BODY.len() - 8];
        assert_eq!(Parts::find(cut, &media), Err(PartsError::Broken));
        let parts = Parts::begin(cut, &media).expect("parts");
        assert!(cut[parts.root].starts_with(b"<a/>"));
    }

    #[test]
    fn the_type_of_the_root_is_read_over_folded_lines() {
        let parts = Parts::find(BODY, &Media::parse("multipart/related; boundary=b; start=root")).expect("parts");
        assert_eq!(parts.media.parameter("type"), Some("text/xml"));
        assert_eq!(parts.count, 2);
    }
}
