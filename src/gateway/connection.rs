//! One connection of a caller: HTTP/1.1, or HTTP/2 by prior knowledge.
//!
//! What ends a connection that is idle, slow or to be finished stands in [`activity`](crate::gateway::activity).

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;
use std::time::Instant;

use http::HeaderValue;
use http_body::Frame;
use http_body::SizeHint;
use hyper::server::conn::http1;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;
use tokio::net::TcpStream;

use crate::exchange::body::Abort;
use crate::exchange::call::RequestId;
use crate::gateway::activity::Activity;
use crate::gateway::activity::InFlight;
use crate::gateway::life::live;
use crate::gateway::outgoing::Outgoing;
use crate::gateway::room::Share;
use crate::gateway::wording::worded;
use crate::gateway::worker::Worker;

/// What is known of a connection.
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    /// Number of the listener that it came by.
    pub(crate) listener: usize,
    pub(crate) scheme: &'static str,
    /// The address, as it is told to upstreams.
    pub(crate) forwarded_for: HeaderValue,
    /// Our own end: what a request without Host is taken to be for.
    pub(crate) local_authority: HeaderValue,
}

/// Serves a connection to its end.
pub(crate) async fn serve(worker: Rc<Worker>, stream: TcpStream, address: SocketAddr, listener: usize) {
    let plan = worker.plan();
    let times = plan.times.clone();
    let limits = plan.limits.clone();
    drop(plan);
    let _ = stream.set_nodelay(true);
    let Ok(local) = stream.local_addr() else { return };
    let Ok(local_authority) = HeaderValue::from_str(&local.to_string()) else { return };
    let Ok(forwarded_for) = HeaderValue::from_str(&address.ip().to_canonical().to_string()) else { return };
    let mut stopping = worker.stopping();
    let opening = tokio::select! {
        opening = tokio::time::timeout(times.idle, speaks_http2(&stream, times.header)) => opening,
        _ = stopping.wait_for(|stop| *stop) => return,
    };
    let Ok(Ok(preface)) = opening else { return };
    let watched = worker.watch().begin(preface);
    let activity = &watched.activity;
    let io = TokioIo::new(Noted { stream, activity: Rc::clone(activity), words: None });
    let peer = Rc::new(Peer { address, listener, scheme: "http", forwarded_for, local_authority });
    let service = {
        let (worker, activity) = (Rc::clone(&worker), Rc::clone(activity));
        service_fn(move |request| {
            let (worker, peer, in_flight) = (Rc::clone(&worker), Rc::clone(&peer), InFlight::begin(&activity));
            async move {
                let share = Share::of(worker.room());
                let (response, id) = live(&worker, &peer, &share, request).await;
                Ok::<_, Infallible>(response.map(|body| Tracked { body, id, _share: share, _in_flight: in_flight }))
            }
        })
    };
    if preface {
        let mut builder = http2::Builder::new(OnThisCore);
        builder
            .max_concurrent_streams(200)
            .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
            .initial_stream_window_size(1 << 20)
            .initial_connection_window_size(4 << 20);
        let connection = std::pin::pin!(builder.serve_connection(io, service));
        activity.drive(connection, |connection| connection.graceful_shutdown()).await;
    } else {
        let mut builder = http1::Builder::new();
        builder.max_headers(limits.headers).header_read_timeout(None).half_close(true);
        let connection = std::pin::pin!(builder.serve_connection(io, service));
        activity.drive(connection, |connection| connection.graceful_shutdown()).await;
    }
}

/// Whether the client begins with HTTP/2's preface; its bytes stay unread.
async fn speaks_http2(stream: &TcpStream, patience: Duration) -> io::Result<bool> {
    const PREFACE: &[u8] = b"PRI * HTTP/2.0";
    let mut begun: Option<Instant> = None;
    loop {
        let mut start = [0; PREFACE.len()];
        let read = stream.peek(&mut start).await?;
        let start = start.get(..read).unwrap_or_default();
        if start.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if !PREFACE.starts_with(start) {
            return Ok(false);
        }
        if read == PREFACE.len() {
            return Ok(true);
        }
        if begun.get_or_insert_with(Instant::now).elapsed() > patience {
            return Err(io::ErrorKind::TimedOut.into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A reply's body; the request is under way until it has been sent.
struct Tracked {
    body: Outgoing,
    /// What the request is called.
    id: RequestId,
    _share: Share,
    _in_flight: InFlight,
}

impl http_body::Body for Tracked {
    type Data = bytes::Bytes;
    type Error = Abort;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<bytes::Bytes>, Abort>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        if let Poll::Ready(Some(Err(abort))) = &polled {
            tracing::warn!(id = this.id.as_str(), blame = %abort.blame, why = abort.cause, "a reply broke off while it was passed on");
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that notes when bytes move.
struct Noted {
    stream: TcpStream,
    activity: Rc<Activity>,
    /// What goes out instead of an empty refusal of the library, and how much of it has gone.
    words: Option<(Vec<u8>, usize)>,
}

impl AsyncRead for Noted {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            this.activity.came();
        }
        polled
    }
}

impl Noted {
    fn wrote(&self, polled: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(polled, Poll::Ready(Ok(1..))) {
            self.activity.went();
        }
        polled
    }

    /// Puts words to an empty refusal of the library that is about to go out; none if it is something else. To the library, its
    /// own `data` are written when the words have been.
    fn speak(&mut self, cx: &mut Context<'_>, data: &[u8]) -> Option<Poll<io::Result<usize>>> {
        if self.words.is_none() && self.activity.is_settled() {
            self.words = worded(data).map(|words| (words, 0));
        }
        let (words, gone) = self.words.as_mut()?;
        while let Some(rest) = words.get(*gone..).filter(|rest| !rest.is_empty()) {
            match Pin::new(&mut self.stream).poll_write(cx, rest) {
                Poll::Ready(Ok(written @ 1..)) => *gone += written,
                Poll::Ready(Ok(0)) => return Some(Poll::Ready(Err(io::ErrorKind::WriteZero.into()))),
                Poll::Ready(Err(error)) => return Some(Poll::Ready(Err(error))),
                Poll::Pending => return Some(Poll::Pending),
            }
        }
        self.words = None;
        Some(Poll::Ready(Ok(data.len())))
    }
}

impl AsyncWrite for Noted {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = match this.speak(cx, data) {
            Some(spoken) => spoken,
            None => Pin::new(&mut this.stream).poll_write(cx, data),
        };
        this.wrote(polled)
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let first = data.iter().find(|slice| !slice.is_empty()).filter(|_| data.len() == 1);
        let polled = match first.and_then(|first| this.speak(cx, first)) {
            Some(spoken) => spoken,
            None => Pin::new(&mut this.stream).poll_write_vectored(cx, data),
        };
        this.wrote(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_flush(cx);
        if matches!(polled, Poll::Ready(Ok(()))) {
            this.activity.flushed();
        }
        polled
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

/// Runs what HTTP/2 spawns on the core of its connection.
#[derive(Clone, Copy)]
struct OnThisCore;

impl<F: Future<Output = ()> + 'static> hyper::rt::Executor<F> for OnThisCore {
    fn execute(&self, future: F) {
        tokio::task::spawn_local(future);
    }
}
