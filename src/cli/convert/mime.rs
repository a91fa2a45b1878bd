//! Messages with attachments as documents: a MIME entity, its header fields before an empty line, as it stands on the wire.

use std::borrow::Cow;

use crate::exchange::media::Media;
use crate::exchange::multipart;
use crate::exchange::multipart::Multipart;
use crate::exchange::parts::Parts;
use crate::transcode::attachments::Received;
use crate::transcode::attachments::Written;

/// A multipart message that was read.
pub(super) struct Entity {
    /// The SOAP message, as it came.
    pub(super) root: Vec<u8>,
    /// What travels beside it.
    pub(super) beside: Vec<Received<'static>>,
}

/// Reads a document that begins with MIME header fields; none if it does not.
pub(super) fn read(bytes: &[u8]) -> Option<Result<Entity, String>> {
    let begins = |name: &str| bytes.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()));
    if !begins("content-type:") && !begins("mime-version:") {
        return None;
    }
    Some(entity(bytes))
}

fn entity(bytes: &[u8]) -> Result<Entity, String> {
    let (head, body) = split(bytes).ok_or("no empty line follows the header fields of the MIME entity")?;
    let unfolded = String::from_utf8_lossy(head).replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    let media = unfolded.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-type").then(|| Media::parse(value.trim()))
    });
    let media = media.filter(|media| media.essence == "multipart/related");
    let media = media.ok_or("the MIME entity is no multipart/related message")?;
    let parts = Parts::find(body, &media).map_err(|error| error.to_string())?;
    let mut beside = Vec::with_capacity(parts.others.len());
    for part in &parts.others {
        let content = part.bytes(body).map_err(|error| error.to_string())?;
        beside.push(Received { id: part.id.clone().map(Cow::Owned), content: Cow::Owned(content.into_owned()) });
    }
    Ok(Entity { root: body.get(parts.root).unwrap_or_default().to_vec(), beside })
}

fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let crlf = memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| (at, 4));
    let lf = memchr::memmem::find(bytes, b"\n\n").map(|at| (at, 2));
    let (at, skip) = [crlf, lf].into_iter().flatten().min()?;
    Some((bytes.get(..at)?, bytes.get(at + skip..)?))
}

/// Writes a message: the envelope alone, or an entity where parts travel beside it.
pub(super) fn write(written: Written, envelope_type: &str) -> Vec<u8> {
    if written.attachments.is_empty() {
        let mut out = written.envelope;
        out.push(b'\n');
        return out;
    }
    let Multipart { content_type, body } = multipart::write(envelope_type, &written.envelope, &written.attachments);
    let mut out = format!("MIME-Version: 1.0\r\nContent-Type: {content_type}\r\n\r\n").into_bytes();
    out.extend_from_slice(&body);
    out
}
