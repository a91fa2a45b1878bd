//! Writes multipart/related (RFC 2387): a SOAP message as root, its attachments behind it (SOAP Messages with Attachments).

use memchr::memmem;

use crate::transcode::attachments::Attachment;

/// A body of several parts with its Content-Type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Multipart {
    /// With boundary, type and start.
    pub content_type: String,
    /// The parts between their delimiters.
    pub body: Vec<u8>,
}

/// Packs an envelope of a media type with its attachments. The boundary is one that nothing in them holds.
#[must_use]
pub fn write(envelope_type: &str, envelope: &[u8], attachments: &[Attachment]) -> Multipart {
    let boundary = boundary(envelope, attachments);
    let size: usize = attachments.iter().map(|attachment| attachment.content.len() + 256).sum();
    let mut body = Vec::with_capacity(envelope.len() + size + 512);
    part(&mut body, &boundary, envelope_type, "8bit", "envelope", envelope);
    for attachment in attachments {
        let id = format!("{}=part", percent_encoded(&attachment.part));
        part(&mut body, &boundary, &attachment.media, "binary", &id, &attachment.content);
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let essence = envelope_type.split(';').next().unwrap_or_default().trim();
    let content_type = format!("multipart/related; type=\"{essence}\"; start=\"<envelope@castile>\"; boundary=\"{boundary}\"");
    Multipart { content_type, body }
}

fn part(out: &mut Vec<u8>, boundary: &str, media: &str, encoding: &str, id: &str, content: &[u8]) {
    let head =
        format!("--{boundary}\r\nContent-Type: {media}\r\nContent-Transfer-Encoding: {encoding}\r\nContent-ID: <{id}@castile>\r\n\r\n");
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(content);
    out.extend_from_slice(b"\r\n");
}

/// A delimiter that occurs in no part: numbers are tried in turn, and of so many some are free in any content.
fn boundary(envelope: &[u8], attachments: &[Attachment]) -> String {
    const STEM: &str = "castile-part-";
    let contents = || std::iter::once(envelope).chain(attachments.iter().map(|attachment| attachment.content.as_slice()));
    if !contents().any(|content| memmem::find(content, STEM.as_bytes()).is_some()) {
        return format!("{STEM}1");
    }
    // One pass collects the numbers that are taken.
    let mut taken = std::collections::HashSet::new();
    for content in contents() {
        for at in memmem::find_iter(content, STEM.as_bytes()) {
            let digits = content.get(at + STEM.len()..).unwrap_or_default();
            let number = digits.iter().take(18).take_while(|byte| byte.is_ascii_digit());
            taken.insert(number.fold(0u64, |number, digit| number * 10 + u64::from(digit - b'0')));
        }
    }
    // A number is taken by its own digits and by those of longer ones that begin with it: all have as many as the longest.
    let mut number = 100_000_000_000_000_000u64;
    while taken.contains(&number) {
        number += 1;
    }
    format!("{STEM}{number}")
}

/// A part's name as it may stand in a Content-ID (RFC 2392, RFC 5322 section 3.2.3).
fn percent_encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::media::Media;
    use crate::exchange::parts::Parts;

    #[test]
    fn what_is_written_is_read_back() {
        let content = b"\x00\r\n--castile-part-1\r\n--castile-part-100000000000000000\r\n".to_vec();
        let attachment = Attachment { part: "lo go".into(), media: "image/png".into(), content: content.clone() };
        let made = write("text/xml; charset=utf-8", b"<e/>", &[attachment]);
        let parts = Parts::find(&made.body, &Media::parse(&made.content_type)).expect("parts");
        assert_eq!(&made.body[parts.root.clone()], b"<e/>");
        assert_eq!(parts.media.essence, "text/xml");
        let [other] = parts.others.as_slice() else { panic!("one other part") };
        assert_eq!(other.id.as_deref(), Some("lo%20go=part@castile"));
        assert_eq!(other.bytes(&made.body).expect("binary"), content);
    }
}
