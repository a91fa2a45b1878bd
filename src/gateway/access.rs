//! One line a request in the log: what was called, how it ended, how long it took. Never a body, a header or a query.

use std::net::SocketAddr;
use std::time::Duration;
use std::time::Instant;

use http::Method;
use http::Request;
use http::StatusCode;
use hyper::body::Incoming;

use crate::exchange::call::Caller;
use crate::exchange::call::RequestId;
use crate::exchange::call::Target;
use crate::exchange::failure::Blame;
use crate::exchange::failure::Failure;
use crate::exchange::stage::Answered;
use crate::exchange::stage::Received;
use crate::exchange::stage::Reply;
use crate::gateway::connection::Peer;
use crate::gateway::plan::Plan;
use crate::wsdl::contract::SoapVersion;

/// What is noted of a request on its way; empty where nobody would read it.
pub(crate) struct Record(Option<Box<Notes>>);

struct Notes {
    id: RequestId,
    peer: SocketAddr,
    method: Method,
    path: String,
    begun: Instant,
    service: String,
    operation: String,
    received: usize,
    upstream_status: Option<StatusCode>,
    sent: Option<Instant>,
    upstream: Option<Duration>,
    failure: Option<Failure>,
}

impl Record {
    /// Begins, if access lines are wanted.
    pub(crate) fn begin(request: &Request<Incoming>, peer: &Peer, id: &RequestId, begun: Instant) -> Self {
        if !tracing::enabled!(target: "castile::access", tracing::Level::INFO) {
            return Self(None);
        }
        Self(Some(Box::new(Notes {
            id: id.clone(),
            peer: peer.address,
            method: request.method().clone(),
            path: request.uri().path().chars().take(200).collect(),
            begun,
            service: String::new(),
            operation: String::new(),
            received: 0,
            upstream_status: None,
            sent: None,
            upstream: None,
            failure: None,
        })))
    }

    pub(crate) fn received(&mut self, received: &Received) {
        if let Some(notes) = &mut self.0 {
            notes.received = received.body.root.len().unwrap_or(0);
        }
    }

    /// What is called, by the names that the operator knows.
    pub(crate) fn routed(&mut self, plan: &Plan, target: &Target) {
        if let Some(notes) = &mut self.0 {
            notes.service = plan.service(target.place).map(|service| service.name.to_string()).unwrap_or_default();
            notes.operation = target.operation().map(|operation| operation.route.to_string()).unwrap_or_default();
        }
    }

    pub(crate) fn sending(&mut self) {
        if let Some(notes) = &mut self.0 {
            notes.sent = Some(Instant::now());
        }
    }

    pub(crate) fn answered(&mut self, answered: &Result<Answered, Failure>) {
        if let Some(notes) = &mut self.0 {
            notes.upstream = notes.sent.map(|sent| sent.elapsed());
            notes.upstream_status = answered.as_ref().ok().map(|answered| answered.status);
        }
    }

    pub(crate) fn failed(&mut self, plan: &Plan, failure: &Failure) {
        if let Some(target) = &failure.target {
            self.routed(plan, target);
        }
        if let Some(notes) = &mut self.0 {
            notes.failure = Some(failure.clone());
        }
    }

    /// Writes the line.
    pub(crate) fn end(self, reply: &Reply, caller: Caller) {
        let Some(notes) = self.0 else { return };
        let failure = notes.failure.as_ref();
        tracing::info!(
            target: "castile::access",
            id = notes.id.as_str(),
            peer = %notes.peer.ip(),
            method = notes.method.as_str(),
            path = notes.path,
            face = face(caller),
            service = notes.service,
            operation = notes.operation,
            status = reply.status.as_u16(),
            upstream_status = notes.upstream_status.map(|status| status.as_u16()),
            bytes_in = notes.received,
            bytes_out = reply.body.len(),
            ms = milliseconds(notes.begun.elapsed()),
            upstream_ms = notes.upstream.map(milliseconds),
            blame = failure.map(|failure| match failure.blame() {
                Blame::Client => "client",
                Blame::Upstream => "upstream",
                Blame::Gateway => "gateway",
            }),
            why = failure.map(ToString::to_string),
            "request"
        );
    }
}

fn face(caller: Caller) -> &'static str {
    match caller {
        Caller::Rest => "rest",
        Caller::Soap(SoapVersion::V1_1) => "soap 1.1",
        Caller::Soap(SoapVersion::V1_2) => "soap 1.2",
    }
}

/// With microseconds, and no more digits than that.
fn milliseconds(time: Duration) -> f64 {
    f64::from(u32::try_from(time.as_micros()).unwrap_or(u32::MAX)) / 1000.0
}
