//! The guard at the gateway's door for XML: content codings, multipart, charset, then the scanner over the whole message.
//!
//! What is forwarded are the original bytes; what is read here is a decoded view of them.

use std::borrow::Cow;

use http::HeaderMap;

use crate::diagnostic::Position;
use crate::exchange::body::Body;
use crate::exchange::body::Source;
use crate::exchange::failure::Failure;
use crate::exchange::failure::Kind;
use crate::exchange::media;
use crate::exchange::media::Media;
use crate::exchange::parts::Parts;
use crate::exchange::parts::PartsError;
use crate::gateway::coding;
use crate::gateway::coding::CodingError;
use crate::gateway::coding::Extent;
use crate::gateway::settings::Limits;
use crate::soap::envelope::Blame;
use crate::soap::envelope::EnvelopeFault;
use crate::soap::head;
use crate::soap::head::Head;
use crate::soap::head::HeadFault;
use crate::wsdl::contract::SoapVersion;
use crate::xml;
use crate::xml::encoding;
use crate::xml::name::Symbols;

/// A message as the scanner reads it: its root part, without codings, in UTF-8.
pub(crate) struct View<'b> {
    pub(crate) text: Cow<'b, [u8]>,
    /// Where the root part stands, if the body is multipart.
    pub(crate) parts: Option<Parts>,
    /// What is odd about its encoding, but tolerated.
    pub(crate) warning: Option<String>,
}

/// Why a body has no readable text.
pub(crate) enum ViewError {
    Coding(CodingError),
    Parts(PartsError),
    /// The root part, or the whole body, is of a type that is no XML.
    Media(String),
    Text(xml::error::XmlError),
}

/// Opens a body: content codings undone, the root part found, the text decoded.
pub(crate) fn open<'b>(body: &'b Body, headers: &HeaderMap, limits: &Limits) -> Result<View<'b>, ViewError> {
    let (bytes, extent): (&[u8], _) = match &body.root {
        Source::Empty => (&[], Extent::Whole),
        Source::Whole(bytes) => (bytes, Extent::Whole),
        Source::Stream(stream) => (&stream.read, Extent::Beginning),
    };
    let plain = coding::decode(bytes, headers, limits.message, extent).map_err(ViewError::Coding)?;
    if body.media.kind() != media::Kind::Multipart {
        let (text, warning) = decode(plain, body.media.parameter("charset"))?;
        return Ok(View { text, parts: None, warning });
    }
    let parts = match extent {
        Extent::Whole => Parts::find(&plain, &body.media),
        Extent::Beginning => Parts::begin(&plain, &body.media),
    };
    let parts = parts.map_err(ViewError::Parts)?;
    if !is_xml(&parts.media) {
        return Err(ViewError::Media(parts.media.essence.into_owned()));
    }
    let root = match plain {
        Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(parts.root.clone()).unwrap_or_default()),
        Cow::Owned(bytes) => Cow::Owned(bytes.get(parts.root.clone()).unwrap_or_default().to_vec()),
    };
    let (text, warning) = decode(root, parts.media.parameter("charset"))?;
    Ok(View { text, parts: Some(parts), warning })
}

/// The text in UTF-8, and what is odd about its encoding.
fn decode<'b>(bytes: Cow<'b, [u8]>, charset: Option<&str>) -> Result<(Cow<'b, [u8]>, Option<String>), ViewError> {
    match bytes {
        Cow::Borrowed(bytes) => encoding::decode(bytes, charset).map(|decoded| (decoded.text, decoded.warning)).map_err(ViewError::Text),
        Cow::Owned(bytes) => encoding::decode(&bytes, charset)
            .map(|decoded| (Cow::Owned(decoded.text.into_owned()), decoded.warning))
            .map_err(ViewError::Text),
    }
}

/// A media type under which an envelope may come.
pub(crate) fn is_xml(media: &Media) -> bool {
    match media.kind() {
        media::Kind::Missing | media::Kind::Soap(_) | media::Kind::Xml | media::Kind::Multipart => true,
        media::Kind::Json | media::Kind::Other => false,
    }
}

/// Reads a whole message; the scanner's limits are those of messages.
pub(crate) fn whole(text: &[u8], symbols: &Symbols, limits: &Limits) -> Result<Head, HeadFault> {
    head::whole(text, symbols, &scanner_limits(limits))
}

/// Reads the head of a message whose rest is still arriving.
pub(crate) fn beginning(text: &[u8], symbols: &Symbols, limits: &Limits) -> Result<Head, HeadFault> {
    head::read(text, symbols, &scanner_limits(limits))
}

pub(crate) fn scanner_limits(limits: &Limits) -> xml::limits::Limits {
    xml::limits::Limits { bytes: limits.message, ..limits.xml.clone() }
}

/// A request that cannot be opened, as its sender is told.
pub(crate) fn refuse_view(error: ViewError, limits: &Limits) -> Failure {
    match error {
        ViewError::Coding(CodingError::TooLarge) => Failure::new(
            Kind::TooLarge { unread: false },
            format!("the request is larger than the limit of {} bytes after decompression", limits.message),
        ),
        ViewError::Coding(CodingError::Unknown(name)) => {
            Failure::new(Kind::Media, format!("the content coding '{}' is not supported; send gzip, deflate or none", shown(&name)))
        }
        ViewError::Coding(CodingError::Broken(why)) => {
            Failure::new(Kind::Message, "the body of the request is not what its Content-Encoding says").because(why)
        }
        ViewError::Parts(error) => Failure::new(Kind::Message, error.to_string()),
        ViewError::Media(found) => Failure::new(Kind::Media, format!("the root part has the media type '{}', expected XML", shown(&found))),
        ViewError::Text(error) => Failure::new(Kind::Message, error.message),
    }
}

/// A message of a caller that is no proper envelope: the failure, and the version that was recognised.
pub(crate) fn refuse_head(fault: &HeadFault, text: &[u8]) -> (Failure, Option<SoapVersion>) {
    let place = Position::of(text, fault.offset());
    let kind = match fault {
        HeadFault::Envelope(EnvelopeFault { blame: Blame::Version, .. }) => Kind::Version,
        HeadFault::Envelope(EnvelopeFault { blame: Blame::Client, .. }) | HeadFault::Xml { .. } => Kind::Message,
    };
    let words = |why: &str| format!("the message cannot be read: line {}, column {}: {why}", place.line, place.column);
    let failure = Failure::new(kind, words(&fault.to_string()));
    (failure.logged_as(words(fault.for_log())), fault.version())
}

/// What a caller sent, cut to a length fit for an error text.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}
