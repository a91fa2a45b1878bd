//! Limits and times, with their defaults. One table; nothing else in the gateway has numbers of its own for them.

use std::time::Duration;

use crate::json;
use crate::xml;

/// How much of anything is accepted.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of a message, request or reply, also after decompression.
    pub message: usize,
    /// Bytes of a SOAP reply that are held before it is passed on while it still arrives.
    pub buffer: usize,
    /// Bytes of a SOAP reply that is passed on while it still arrives, also after decompression.
    pub stream: u64,
    /// Bytes of all bodies that are held at one time, over all cores; beyond it a request is answered 503.
    pub memory: usize,
    /// Bytes of all header fields together.
    pub header_bytes: usize,
    /// Number of header fields.
    pub headers: usize,
    /// Connections of callers at one time, over all cores.
    pub connections: usize,
    /// What the reader of JSON accepts.
    pub json: json::limits::Limits,
    /// What the readers of XML accept.
    pub xml: xml::limits::Limits,
    /// Idle upstream connections that one core keeps for an origin.
    pub idle_upstream: usize,
}

/// How long anything may take.
#[derive(Clone, Debug)]
pub struct Times {
    /// From the first byte of a request's head to its last.
    pub header: Duration,
    /// A request's body.
    pub body: Duration,
    /// A connection of a caller without a request.
    pub idle: Duration,
    /// Connecting to an upstream, TLS included.
    pub connect: Duration,
    /// From the sent request to the first byte of the reply.
    pub first_byte: Duration,
    /// From the request to the reply's last byte.
    pub total: Duration,
    /// An upstream connection without a request. Shorter than the 5 s after which common servers close theirs: a request
    /// must not meet a connection that is being closed.
    pub idle_upstream: Duration,
    /// Calls under way when the gateway stops.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message: 10 << 20,
            buffer: 1 << 20,
            stream: 4 << 30,
            memory: 512 << 20,
            header_bytes: 64 << 10,
            headers: 100,
            connections: 10_000,
            json: json::limits::Limits::default(),
            xml: xml::limits::Limits::default(),
            idle_upstream: 64,
        }
    }
}

impl Default for Times {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(5),
            body: Duration::from_secs(60),
            idle: Duration::from_secs(75),
            connect: Duration::from_secs(5),
            first_byte: Duration::from_secs(30),
            total: Duration::from_secs(60),
            idle_upstream: Duration::from_secs(4),
            drain: Duration::from_secs(10),
        }
    }
}
