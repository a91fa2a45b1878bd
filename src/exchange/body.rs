//! A message on its way: its bytes or a stream of them, what is known of it, and what is to change in it.
//!
//! A body that nobody edits leaves as it came, byte for byte. Where the rest of a stream comes from is the gateway's affair.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;

use crate::exchange::edits::Edits;
use crate::exchange::failure::Blame;
use crate::exchange::media::Media;
use crate::exchange::parts::Parts;
use crate::soap::head::Head;

/// A message with what is known of it.
#[derive(Debug, Default)]
pub struct Body {
    /// The bytes as they came (or as they were made).
    pub root: Source,
    /// The root part and the others, where the body is multipart.
    pub parts: Option<Box<Parts>>,
    /// Its Content-Type.
    pub media: Media,
    /// How far it has been read and found good.
    pub guard: Guard,
    /// What is to change in it when it is next read or sent.
    pub edits: Edits,
}

/// Where the bytes of a body are.
#[derive(Debug, Default)]
pub enum Source {
    /// There are none.
    #[default]
    Empty,
    /// All of them, in memory.
    Whole(Bytes),
    /// A beginning in memory, the rest still to come.
    Stream(Stream),
}

/// A body that is still arriving.
pub struct Stream {
    /// What has been read already.
    pub read: Bytes,
    /// What is still to come. Dropping it aborts the transfer at its source.
    pub rest: Rest,
    /// How many more bytes may come before it counts as too large.
    pub budget: u64,
}

/// The rest of a stream.
pub type Rest = Pin<Box<dyn http_body::Body<Data = Bytes, Error = Abort> + Send>>;

/// The end of a stream that is no end: the receiver must be able to tell that something is missing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Abort {
    /// Who is to blame.
    pub blame: Blame,
    /// What happened; for the log.
    pub cause: String,
}

/// How far a message has been read and found good.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Guard {
    /// Not at all.
    #[default]
    No,
    /// The envelope up to the body's first child.
    Head(Box<Head>),
    /// To its end.
    Whole,
}

impl Body {
    /// A whole body of a media type that is known to be good because it was made here.
    #[must_use]
    pub fn made(bytes: impl Into<Bytes>, media: Media) -> Self {
        Self { root: Source::Whole(bytes.into()), media, guard: Guard::Whole, ..Self::default() }
    }

    /// The bytes, where all of them are in memory; nothing of a stream.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.root {
            Source::Whole(bytes) => bytes,
            Source::Empty | Source::Stream(_) => &[],
        }
    }

    /// The bytes of the message itself: the root part of a multipart body, else the whole.
    #[must_use]
    pub fn message(&self) -> &[u8] {
        let bytes = self.bytes();
        match &self.parts {
            Some(parts) => bytes.get(parts.root.clone()).unwrap_or_default(),
            None => bytes,
        }
    }

    /// What is sent: the source with the edits applied.
    #[must_use]
    pub fn into_source(self) -> Source {
        match self.root {
            Source::Whole(bytes) if !self.edits.is_empty() => Source::Whole(self.edits.apply(&bytes)),
            root @ (Source::Empty | Source::Whole(_) | Source::Stream(_)) => root,
        }
    }
}

impl Source {
    /// Whole bytes, or [`Source::Empty`] where there are none.
    #[must_use]
    pub fn of(bytes: Bytes) -> Self {
        if bytes.is_empty() { Self::Empty } else { Self::Whole(bytes) }
    }

    /// How many bytes it has, where that is known.
    #[must_use]
    pub fn len(&self) -> Option<usize> {
        match self {
            Self::Empty => Some(0),
            Self::Whole(bytes) => Some(bytes.len()),
            Self::Stream(_) => None,
        }
    }

    /// There are certainly no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// How many bytes are in memory.
    #[must_use]
    pub fn held(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Whole(bytes) => bytes.len(),
            Self::Stream(stream) => stream.read.len(),
        }
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("read", &self.read.len()).field("budget", &self.budget).finish_non_exhaustive()
    }
}

impl fmt::Display for Abort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl std::error::Error for Abort {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unedited_body_leaves_as_it_came_without_a_copy() {
        let bytes = Bytes::from_static(b"<a/>");
        let body = Body { root: Source::Whole(bytes.clone()), ..Body::default() };
        let Source::Whole(sent) = body.into_source() else { panic!("whole") };
        assert_eq!(sent.as_ptr(), bytes.as_ptr());
    }

    #[test]
    fn edits_are_applied_when_it_is_sent() {
        let mut body = Body::made("<a>1</a>", Media::default());
        body.edits.replace(3..4, "2").expect("free");
        let Source::Whole(sent) = body.into_source() else { panic!("whole") };
        assert_eq!(sent.as_ref(), b"<a>2</a>");
    }
}
