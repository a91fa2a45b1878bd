//! A SOAP reply too large to be held, checked on its way past.
//!
//! What was passed on before a fault is gone, but the caller must not take it for a whole message: the transfer is aborted.
//! Where the length was announced, the last piece goes out only after the end was found good; else the end of the transfer
//! itself tells.

use std::pin::Pin;
use std::task::Context;
use std::task::Poll;

use bytes::Bytes;
use http::HeaderMap;
use http_body::Body;
use http_body::Frame;
use http_body::SizeHint;

use crate::exchange::body::Abort;
use crate::exchange::body::Rest;
use crate::exchange::body::Stream;
use crate::exchange::failure::Blame;
use crate::exchange::media::Media;
use crate::exchange::parts::Parts;
use crate::exchange::root::RootStream;
use crate::gateway::coding::CodingError;
use crate::gateway::settings::Limits;
use crate::gateway::unpacking::Unpacking;
use crate::soap::head::HeadFault;
use crate::soap::streamed::Streamed;
use crate::xml;
use crate::xml::encoding::StreamDecoder;
use crate::xml::error::XmlError;

/// The same stream, which ends in an abort where the message turns out to be no good; what has been read already is judged here.
pub(crate) fn checked(stream: Stream, media: &Media, parts: Option<&Parts>, headers: &HeaderMap, limits: &Limits) -> Result<Stream, Fault> {
    let mut check = Check::new(media, parts, headers, limits)?;
    check.push(&stream.read)?;
    let complete = stream.rest.size_hint().exact() == Some(0);
    if complete {
        check.finish()?;
    }
    let rest = Passing { rest: stream.rest, check: Some(check).filter(|_| !complete), failed: false };
    Ok(Stream { read: stream.read, rest: Box::pin(rest), budget: limits.stream })
}

/// Why a reply is not passed on to its end; in words, for the log.
#[derive(Debug)]
pub(crate) struct Fault(String);

struct Passing {
    rest: Rest,
    /// None once the message has been found good to its end.
    check: Option<Check>,
    failed: bool,
}

impl Passing {
    /// Judges a piece; `last` if no other will follow.
    fn judge(&mut self, piece: &[u8], last: bool) -> Result<(), Abort> {
        let Some(check) = &mut self.check else { return Ok(()) };
        let outcome = check.push(piece).and_then(|()| if last { check.finish() } else { Ok(()) });
        if last {
            self.check = None;
        }
        outcome.map_err(|Fault(cause)| {
            self.failed = true;
            Abort { blame: Blame::Upstream, cause }
        })
    }
}

impl Body for Passing {
    type Data = Bytes;
    type Error = Abort;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Abort>>> {
        let this = self.get_mut();
        if this.failed {
            return Poll::Ready(None);
        }
        let frame = std::task::ready!(this.rest.as_mut().poll_frame(cx));
        let outcome = match &frame {
            Some(Ok(frame)) => match frame.data_ref() {
                Some(data) => {
                    let last = this.rest.size_hint().exact() == Some(0);
                    this.judge(data, last)
                }
                None => Ok(()),
            },
            None => this.judge(b"", true),
            Some(Err(_)) => Ok(()),
        };
        Poll::Ready(match outcome {
            Ok(()) => frame,
            Err(abort) => Some(Err(abort)),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.check.is_none() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.rest.size_hint()
    }
}

/// What a body goes through to be read: codings undone, the root part found, the text decoded, scanned.
struct Check {
    unpacking: Unpacking,
    reading: Reading,
}

struct Reading {
    root: Option<RootStream>,
    decoder: StreamDecoder,
    text: Vec<u8>,
    message: Streamed,
    /// How many more bytes may come out of the codings.
    budget: u64,
}

impl Check {
    fn new(media: &Media, parts: Option<&Parts>, headers: &HeaderMap, limits: &Limits) -> Result<Self, Fault> {
        let root = parts.map(|parts| RootStream::new(parts.root.start, media.parameter("boundary").unwrap_or_default()));
        let charset = parts.map_or(media, |parts| &parts.media).parameter("charset");
        let scanner = xml::limits::Limits { bytes: usize::MAX, run: usize::MAX, ..limits.xml.clone() };
        let reading = Reading {
            root,
            decoder: StreamDecoder::new(charset),
            text: Vec::new(),
            message: Streamed::new(&scanner),
            budget: limits.stream,
        };
        Ok(Self { unpacking: Unpacking::new(headers)?, reading })
    }

    fn push(&mut self, piece: &[u8]) -> Result<(), Fault> {
        let Self { unpacking, reading } = self;
        unpacking.push(piece, |part| reading.push(part))
    }

    fn finish(&mut self) -> Result<(), Fault> {
        let Self { unpacking, reading } = self;
        unpacking.finish(|part| reading.push(part))?;
        reading.finish()
    }
}

impl Reading {
    fn push(&mut self, plain: &[u8]) -> Result<(), Fault> {
        self.budget =
            self.budget.checked_sub(plain.len() as u64).ok_or_else(|| Fault(String::from("the message is larger than the limit")))?;
        match &mut self.root {
            None => self.read(plain),
            Some(root) => {
                let content = root.push(plain);
                self.read(&content)
            }
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.text.clear();
        self.decoder.push(bytes, &mut self.text)?;
        Ok(self.message.push(&self.text)?)
    }

    fn finish(&mut self) -> Result<(), Fault> {
        if let Some(root) = &mut self.root {
            let content = root.finish().ok_or_else(|| Fault(String::from("the root part of the multipart body does not end")))?;
            self.read(&content)?;
        }
        self.text.clear();
        self.decoder.finish(&mut self.text)?;
        self.message.push(&self.text)?;
        Ok(self.message.finish()?)
    }
}

impl From<CodingError> for Fault {
    fn from(error: CodingError) -> Self {
        Self(format!("content coding: {error:?}"))
    }
}

impl From<XmlError> for Fault {
    fn from(error: XmlError) -> Self {
        Self(format!("at byte {} of the message: {}", error.offset, error.code))
    }
}

impl From<HeadFault> for Fault {
    fn from(fault: HeadFault) -> Self {
        Self(format!("at byte {} of the message: {}", fault.offset(), fault.for_log()))
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
