//! One connection of a caller: HTTP/1.1, or HTTP/2 by prior knowledge, watched for idleness and slow heads.
//!
//! The watching costs a request a few looks at the clock: times are noted where bytes move and replies end, and one timer a
//! connection looks at them now and then.

use std::cell::Cell;
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
use crate::gateway::life::live;
use crate::gateway::outgoing::Outgoing;
use crate::gateway::receive::REQUEST_ID;
use crate::gateway::settings::Times;
use crate::gateway::worker::Worker;

/// What is known of a connection.
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    pub(crate) scheme: &'static str,
    /// The address, as it is told to upstreams.
    pub(crate) forwarded_for: HeaderValue,
    /// Our own end: what a request without Host is taken to be for.
    pub(crate) local: SocketAddr,
}

/// Serves a connection to its end.
pub(crate) async fn serve(worker: Rc<Worker>, stream: TcpStream, address: SocketAddr) {
    let plan = worker.plan();
    let times = plan.times.clone();
    let limits = plan.limits.clone();
    drop(plan);
    let _ = stream.set_nodelay(true);
    let Ok(local) = stream.local_addr() else { return };
    let Ok(forwarded_for) = HeaderValue::from_str(&address.ip().to_canonical().to_string()) else { return };
    let mut stopping = worker.stopping();
    let opening = tokio::select! {
        opening = tokio::time::timeout(times.idle, speaks_http2(&stream, times.header)) => opening,
        _ = stopping.wait_for(|stop| *stop) => return,
    };
    let Ok(Ok(preface)) = opening else { return };
    let activity = Rc::new(Activity::new(preface));
    let io = TokioIo::new(Watched { stream, activity: Rc::clone(&activity) });
    let peer = Rc::new(Peer { address, scheme: "http", forwarded_for, local });
    let service = {
        let (worker, activity) = (Rc::clone(&worker), Rc::clone(&activity));
        service_fn(move |request| {
            let (worker, peer, in_flight) = (Rc::clone(&worker), Rc::clone(&peer), InFlight::begin(&activity));
            async move {
                let response = live(&worker, &peer, request).await;
                let id = response.headers().get(REQUEST_ID).cloned();
                Ok::<_, Infallible>(response.map(|body| Tracked { body, id, _in_flight: in_flight }))
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
        watch(connection, |connection| connection.graceful_shutdown(), &activity, &times, worker.stopping()).await;
    } else {
        let mut builder = http1::Builder::new();
        builder.max_headers(limits.headers).header_read_timeout(None).half_close(true);
        let connection = std::pin::pin!(builder.serve_connection(io, service));
        watch(connection, |connection| connection.graceful_shutdown(), &activity, &times, worker.stopping()).await;
    }
}

/// Drives a connection until it ends, is idle or slow for too long, or has finished what was under way when the gateway stops.
async fn watch<C: Future>(
    mut connection: Pin<&mut C>,
    finish: impl Fn(Pin<&mut C>),
    activity: &Activity,
    times: &Times,
    mut stopping: tokio::sync::watch::Receiver<bool>,
) {
    loop {
        tokio::select! {
            biased;
            _ = connection.as_mut() => return,
            _ = tokio::time::sleep(times.header) => {
                if activity.overdue(times) {
                    return;
                }
            }
            _ = stopping.wait_for(|stop| *stop) => break,
        }
    }
    finish(connection.as_mut());
    let _ = tokio::time::timeout(times.drain, connection).await;
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

/// What a connection was last seen doing.
struct Activity {
    http2: bool,
    in_flight: Cell<usize>,
    head_since: Cell<Option<Instant>>,
    /// When bytes last came or went, or a request ended.
    moved: Cell<Instant>,
}

impl Activity {
    fn new(http2: bool) -> Self {
        Self { http2, in_flight: Cell::new(0), head_since: Cell::new(None), moved: Cell::new(Instant::now()) }
    }

    fn wrote(&self, polled: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(polled, Poll::Ready(Ok(1..))) {
            self.moved.set(Instant::now());
        }
        polled
    }

    fn overdue(&self, times: &Times) -> bool {
        let still = self.moved.get().elapsed();
        match self.head_since.get() {
            // Longer than any call takes: the caller does not read its reply.
            _ if self.in_flight.get() > 0 => still >= times.body + times.total,
            Some(since) if !self.http2 => since.elapsed() >= times.header,
            Some(_) | None => still >= times.idle,
        }
    }
}

/// A request under way.
struct InFlight {
    activity: Rc<Activity>,
}

impl InFlight {
    fn begin(activity: &Rc<Activity>) -> Self {
        activity.in_flight.set(activity.in_flight.get() + 1);
        activity.head_since.set(None);
        Self { activity: Rc::clone(activity) }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.activity.in_flight.set(self.activity.in_flight.get().saturating_sub(1));
        self.activity.moved.set(Instant::now());
    }
}

/// A reply's body; the request is under way until it has been sent.
struct Tracked {
    body: Outgoing,
    /// What the request is called.
    id: Option<HeaderValue>,
    _in_flight: InFlight,
}

impl http_body::Body for Tracked {
    type Data = bytes::Bytes;
    type Error = Abort;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<bytes::Bytes>, Abort>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        if let Poll::Ready(Some(Err(abort))) = &polled {
            let id = this.id.as_ref().and_then(|id| id.to_str().ok());
            tracing::warn!(id, blame = %abort.blame, why = abort.cause, "a reply broke off while it was passed on");
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

/// A stream that notes when a head begins to arrive.
struct Watched {
    stream: TcpStream,
    activity: Rc<Activity>,
}

impl AsyncRead for Watched {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            let now = Instant::now();
            this.activity.moved.set(now);
            if this.activity.in_flight.get() == 0 && this.activity.head_since.get().is_none() {
                this.activity.head_since.set(Some(now));
            }
        }
        polled
    }
}

impl AsyncWrite for Watched {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.activity.wrote(Pin::new(&mut this.stream).poll_write(cx, data))
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.activity.wrote(Pin::new(&mut this.stream).poll_write_vectored(cx, data))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
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
