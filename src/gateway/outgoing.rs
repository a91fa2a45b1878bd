//! A body on its way out, to a caller or to an upstream, and how bodies that come in are read.

use std::pin::Pin;
use std::task::Context;
use std::task::Poll;

use bytes::Bytes;
use bytes::BytesMut;
use http_body::Body;
use http_body::Frame;
use http_body::SizeHint;
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::exchange::body::Abort;
use crate::exchange::body::Rest;
use crate::exchange::body::Source;
use crate::exchange::failure::Blame;
use crate::gateway::room::Share;

/// A body on its way out. Its length is known unless it is a stream.
pub(crate) enum Outgoing {
    Whole(Option<Bytes>),
    Stream { read: Option<Bytes>, rest: Rest, budget: u64 },
}

impl From<Source> for Outgoing {
    fn from(source: Source) -> Self {
        match source {
            Source::Empty => Self::Whole(None),
            Source::Whole(bytes) => Self::Whole(Some(bytes).filter(|bytes| !bytes.is_empty())),
            Source::Stream(stream) => {
                Self::Stream { read: Some(stream.read).filter(|bytes| !bytes.is_empty()), rest: stream.rest, budget: stream.budget }
            }
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Abort;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Abort>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Stream { read, rest, budget } => {
                if let Some(bytes) = read.take() {
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                let frame = std::task::ready!(rest.as_mut().poll_frame(cx));
                if let Some(Ok(frame)) = &frame
                    && let Some(data) = frame.data_ref()
                {
                    let Some(left) = budget.checked_sub(data.len() as u64) else {
                        return Poll::Ready(Some(Err(Abort {
                            blame: Blame::Upstream,
                            cause: String::from("the message is larger than the limit"),
                        })));
                    };
                    *budget = left;
                }
                Poll::Ready(frame)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Self::Stream { read, rest, .. } => {
                let held = read.as_ref().map_or(0, |bytes| bytes.len() as u64);
                rest.size_hint().exact().map_or_else(SizeHint::default, |more| SizeHint::with_exact(held + more))
            }
        }
    }
}

/// What was read of a body.
pub(crate) enum Collected {
    /// All of it.
    Whole(Bytes),
    /// More than the limit: what was read so far.
    Beyond(Bytes),
    /// Part of it; all requests together hold too much for more.
    NoRoom,
}

/// How much of a body may be held.
#[derive(Clone, Copy)]
pub(crate) struct Allowance<'s> {
    /// Bytes of this body.
    pub(crate) limit: usize,
    /// What its request holds.
    pub(crate) share: &'s Share,
    /// Bytes that all requests hold together.
    pub(crate) most: usize,
}

/// Reads a body to its end or until more than the limit has come.
pub(crate) async fn collect(body: &mut Incoming, allowance: Allowance<'_>) -> Result<Collected, hyper::Error> {
    let Allowance { limit, share, most } = allowance;
    let expected = body.size_hint().exact().and_then(|length| usize::try_from(length).ok()).unwrap_or(0).min(limit);
    let Some(first) = next(body).await? else { return Ok(Collected::Whole(Bytes::new())) };
    if !share.take(first.len(), first.len(), most) {
        return Ok(Collected::NoRoom);
    }
    if first.len() > limit {
        return Ok(Collected::Beyond(first));
    }
    // The usual small body comes in one piece and is not copied.
    if body.is_end_stream() {
        return Ok(Collected::Whole(first));
    }
    let Some(second) = next(body).await? else { return Ok(Collected::Whole(first)) };
    let mut whole = BytesMut::with_capacity(expected.max(first.len() + second.len()));
    whole.extend_from_slice(&first);
    let mut data = second;
    loop {
        if !share.take(data.len(), whole.len() + data.len(), most) {
            return Ok(Collected::NoRoom);
        }
        whole.extend_from_slice(&data);
        if whole.len() > limit {
            return Ok(Collected::Beyond(whole.freeze()));
        }
        match next(body).await? {
            Some(more) => data = more,
            None => return Ok(Collected::Whole(whole.freeze())),
        }
    }
}

/// Reads on and throws away, so that the peer can finish sending and read the answer. True if the end came.
pub(crate) async fn discard(body: &mut Incoming, most: usize) -> bool {
    let mut left = most;
    loop {
        match next(body).await {
            Ok(None) => return true,
            Err(_) => return false,
            Ok(Some(data)) => match left.checked_sub(data.len()) {
                Some(rest) => left = rest,
                None => return false,
            },
        }
    }
}

/// The next piece of data; trailers are passed over.
async fn next(body: &mut Incoming) -> Result<Option<Bytes>, hyper::Error> {
    loop {
        match body.frame().await {
            None => return Ok(None),
            Some(frame) => {
                if let Ok(data) = frame?.into_data()
                    && !data.is_empty()
                {
                    return Ok(Some(data));
                }
            }
        }
    }
}
