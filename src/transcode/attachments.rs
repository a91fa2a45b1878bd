//! Parts that travel beside the envelope, in JSON: properties of the root object by part name, base64.
//!
//! The message itself knows nothing of them: taken out of the JSON on the way in, put behind its last property on the way out.
//! How they are packed on the wire is the affair of those who have a wire.

use std::borrow::Cow;
use std::sync::Arc;

use crate::json::tape::Kind;
use crate::json::tape::Value;
use crate::json::writer::write_string;
use crate::schema::simple::base64;
use crate::soap::xop::percent_decoded;
use crate::transcode::encode::report::Report;
use crate::transcode::encode::report::kind_in_words;
use crate::wsdl::contract::Message;

/// A message with what travels beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// The SOAP message.
    pub envelope: Vec<u8>,
    /// Its attachments in the order of the binding.
    pub attachments: Vec<Attachment>,
}

/// An attachment to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attachment {
    /// Name of the part.
    pub part: Arc<str>,
    /// Its media type.
    pub media: Arc<str>,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// An attachment that was received.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Received<'a> {
    /// Its Content-ID without angle brackets.
    pub id: Option<Cow<'a, str>>,
    /// Its bytes, transfer encodings undone.
    pub content: Cow<'a, [u8]>,
}

/// The attachments that the root object gives: every one that the binding names must be there.
pub(super) fn take(message: &Message, root: Value<'_>, report: &mut Report) -> Vec<Attachment> {
    let mut taken = Vec::new();
    if root.kind() != Kind::Object {
        return taken;
    }
    for declared in &message.attachments {
        let Some(value) = root.member(&declared.key) else {
            report.missing(root, &declared.key, "missing: the attachment, as a string of base64");
            continue;
        };
        let content = match value.as_str() {
            Some(text) => base64::decode(&text),
            None => {
                report.at(value, format!("expected a string of base64, found {}", kind_in_words(value)));
                continue;
            }
        };
        match content {
            Some(content) => {
                taken.push(Attachment { part: Arc::clone(&declared.part), media: Arc::clone(&declared.media), content });
            }
            None => report.at(value, "expected a string of base64"),
        }
    }
    taken
}

/// Puts the attachments of a message into its JSON. Which is which is told by the Content-ID, which begins with the part's name
/// (WS-I Attachments Profile 1.0, R2933) or is it; what is not told goes by order. Gives the names of the parts that are missing.
pub fn put<'m>(message: &'m Message, received: &[Received<'_>], json: &mut Vec<u8>) -> Vec<&'m str> {
    let mut taken = vec![false; received.len()];
    let mut found: Vec<Option<usize>> = vec![None; message.attachments.len()];
    for (declared, slot) in message.attachments.iter().zip(&mut found) {
        *slot =
            received.iter().zip(&taken).position(|(one, taken)| !taken && one.id.as_deref().is_some_and(|id| names(id, &declared.part)));
        if let Some(taken) = slot.and_then(|at| taken.get_mut(at)) {
            *taken = true;
        }
    }
    let mut missing = Vec::new();
    for (declared, slot) in message.attachments.iter().zip(found) {
        let at = slot.or_else(|| taken.iter().position(|taken| !taken));
        if let Some(taken) = at.and_then(|at| taken.get_mut(at)) {
            *taken = true;
        }
        match at.and_then(|at| received.get(at)) {
            Some(one) => append(json, &declared.key, &one.content),
            None => missing.push(&*declared.part),
        }
    }
    missing
}

/// Adds a property to an object.
fn append(json: &mut Vec<u8>, key: &str, content: &[u8]) {
    if json.last() != Some(&b'}') {
        return;
    }
    json.pop();
    if json.last() != Some(&b'{') {
        json.push(b',');
    }
    write_string(json, key);
    json.extend_from_slice(b":\"");
    base64::encode(content, json);
    json.extend_from_slice(b"\"}");
}

/// Whether a Content-ID names a part: `part=anything@host` or the name itself; characters may be percent-encoded.
fn names(id: &str, part: &str) -> bool {
    let name = id.rfind('=').map_or(id, |at| &id[..at]);
    percent_decoded(name) == part
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wsdl::contract::Attachment as Declared;
    use crate::wsdl::contract::Body;

    fn message(parts: &[&str]) -> Message {
        let declared = |part: &&str| Declared { key: (*part).into(), part: (*part).into(), media: "image/png".into() };
        Message { body: Body::Empty, headers: Vec::new(), element: None, attachments: parts.iter().map(declared).collect() }
    }

    fn received<'a>(id: Option<&'a str>, content: &'a [u8]) -> Received<'a> {
        Received { id: id.map(Cow::Borrowed), content: Cow::Borrowed(content) }
    }

    fn json(parts: &[&str], given: &[Received<'_>]) -> (String, usize) {
        let message = message(parts);
        let mut json = b"{\"a\":1}".to_vec();
        let missing = put(&message, given, &mut json).len();
        (String::from_utf8(json).unwrap(), missing)
    }

    #[test]
    fn a_content_id_tells_the_part_whatever_the_order() {
        let given = [received(Some("two=1@h"), b"b"), received(Some("o%6Ee=2@h"), b"a")];
        assert_eq!(json(&["one", "two"], &given), (r#"{"a":1,"one":"YQ==","two":"Yg=="}"#.to_owned(), 0));
    }

    #[test]
    fn parts_without_a_telling_id_go_by_order() {
        let given = [received(None, b"a"), received(Some("two"), b"b"), received(Some("x@h"), b"c")];
        assert_eq!(json(&["one", "two", "three"], &given), (r#"{"a":1,"one":"YQ==","two":"Yg==","three":"Yw=="}"#.to_owned(), 0));
    }

    #[test]
    fn a_missing_part_is_absent_and_told() {
        assert_eq!(json(&["one", "two"], &[received(Some("two"), b"")]), (r#"{"a":1,"two":""}"#.to_owned(), 1));
    }
}
