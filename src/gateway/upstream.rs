//! One call of an upstream: sent once, answered within its times, its connection given back when the reply has ended.

use std::pin::Pin;
use std::rc::Rc;
use std::task::Context;
use std::task::Poll;

use bytes::Bytes;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::Method;
use http::Request;
use http::Response;
use http::StatusCode;
use http::Uri;
use http::header;
use http_body::Frame;
use http_body::SizeHint;
use hyper::body::Incoming;
use tokio::time::Instant;
use tokio::time::Sleep;

use crate::config::file::Mode;
use crate::exchange::body::Abort;
use crate::exchange::body::Body;
use crate::exchange::body::Source;
use crate::exchange::body::Stream;
use crate::exchange::call::Caller;
use crate::exchange::call::Facts;
use crate::exchange::failure::Blame;
use crate::exchange::failure::Failure;
use crate::exchange::failure::Kind;
use crate::exchange::headers;
use crate::exchange::media::Media;
use crate::exchange::stage::Answered;
use crate::exchange::stage::Endpoint;
use crate::exchange::stage::Prepared;
use crate::gateway::outgoing::Allowance;
use crate::gateway::outgoing::Collected;
use crate::gateway::outgoing::Outgoing;
use crate::gateway::outgoing::collect;
use crate::gateway::patience::until;
use crate::gateway::plan::Plan;
use crate::gateway::plan::Upstream;
use crate::gateway::pool::FarLease;
use crate::gateway::pool::Lease;
use crate::gateway::pool::Pool;
use crate::gateway::receive::REQUEST_ID;
use crate::gateway::room::Share;

/// Sends a prepared request and reads the reply: whole, or its beginning where a SOAP reply is larger than the buffer.
pub(crate) async fn call(pool: &Rc<Pool>, plan: &Plan, share: &Share, prepared: Prepared) -> Result<Answered, Failure> {
    let Prepared { mut headers, mut call } = prepared;
    let service = plan.service(call.target.place).ok_or_else(lost)?;
    let upstream = &**service.upstream(&call.target).ok_or_else(lost)?;
    let endpoint = &upstream.endpoint;
    let total = service.own(&call.target).and_then(|own| own.total).unwrap_or(upstream.total);
    for (name, value) in &upstream.headers {
        headers.insert(name, value.clone());
    }
    announce(&mut headers, &call.facts);
    let begun = Instant::now();
    let body = std::mem::take(&mut call.body);
    let sending = send(pool, plan, upstream, headers, body.into_source().into(), begun);
    let (response, lease) = match until(begun + upstream.first_byte.min(total), sending).await {
        Some(sent) => sent?,
        None => return Err(slow(endpoint, "no answer", begun)),
    };
    let (mut parts, mut incoming) = response.into_parts();
    headers::end_hop(&mut parts.headers);
    let media = Media::parse(headers::text(&parts.headers, &header::CONTENT_TYPE));
    let limit = match call.caller {
        Caller::Rest => plan.limits.message,
        // A reply that may be refused for its last element is held until it has ended.
        Caller::Soap(_) if service.modes.soap_reply == Mode::Enforce => plan.limits.message,
        Caller::Soap(_) => plan.limits.buffer,
    };
    let deadline = begun + total;
    let root = match until(deadline, collect(&mut incoming, Allowance { limit, share, most: plan.limits.memory })).await {
        None => return Err(slow(endpoint, "half an answer", begun)),
        Some(Err(error)) => return Err(Failure::new(Kind::NotSoap, "the reply of the service behind the gateway broke off").because(error)),
        Some(Ok(Collected::Whole(bytes))) => {
            lease.give_back(plan.limits.idle_upstream);
            Source::of(bytes)
        }
        Some(Ok(Collected::NoRoom)) => return Err(no_room()),
        Some(Ok(Collected::Beyond(read))) => match call.caller {
            Caller::Rest => return Err(too_large(limit)),
            Caller::Soap(_) if service.modes.soap_reply == Mode::Enforce => return Err(too_large(limit)),
            Caller::Soap(_) => {
                let rest = Rest {
                    incoming,
                    lease: Some(lease.far()),
                    idle: plan.limits.idle_upstream,
                    deadline: Box::pin(tokio::time::sleep_until(deadline)),
                };
                Source::Stream(Stream { read, rest: Box::pin(rest), budget: u64::MAX })
            }
        },
    };
    call.body = Body { root, media, ..Body::default() };
    Ok(Answered { status: parts.status, headers: parts.headers, call })
}

fn lost() -> Failure {
    Failure::new(Kind::Internal, "the operation cannot be served").because("no upstream for its port")
}

/// A refusal of the upstream that concerns the caller and keeps its status: 401 and 403 where the credentials were the
/// caller's own, 429 and 503 with the time to wait. SOAP callers, who may send none before they are asked, are asked.
pub(crate) fn passed_on(status: StatusCode, headers: &HeaderMap, facts: &Facts, caller: Caller) -> Option<Failure> {
    let asked = facts.authorized || caller != Caller::Rest;
    let (name, detail) = match status {
        StatusCode::UNAUTHORIZED if asked => (header::WWW_AUTHENTICATE, "the service behind the gateway asks for credentials"),
        StatusCode::FORBIDDEN if asked => (header::WWW_AUTHENTICATE, "the service behind the gateway refuses these credentials"),
        StatusCode::TOO_MANY_REQUESTS => (header::RETRY_AFTER, "the service behind the gateway has had too many requests"),
        StatusCode::SERVICE_UNAVAILABLE => (header::RETRY_AFTER, "the service behind the gateway is unavailable at present"),
        _ => return None,
    };
    let headers = headers.get_all(&name).iter().map(|value| (name.clone(), value.clone())).collect();
    Some(Failure::new(Kind::Passed { status, headers }, detail))
}

/// Tells the upstream for whom the gateway asks.
fn announce(headers: &mut HeaderMap, facts: &Facts) {
    headers.insert(REQUEST_ID, facts.id.value());
    headers.insert(HeaderName::from_static("x-forwarded-for"), facts.forwarded_for.clone());
    headers.insert(HeaderName::from_static("x-forwarded-proto"), HeaderValue::from_static(facts.origin.scheme));
    headers.insert(HeaderName::from_static("x-forwarded-host"), facts.origin.authority.clone());
}

/// Sends on an idle connection, else on a new one. A request is sent again only where nothing of it was sent before.
async fn send(
    pool: &Rc<Pool>,
    plan: &Plan,
    upstream: &Upstream,
    headers: HeaderMap,
    body: Outgoing,
    now: Instant,
) -> Result<(Response<Incoming>, Lease), Failure> {
    let endpoint = &upstream.endpoint;
    let mut request = request(endpoint, headers, body);
    loop {
        let mut lease = match pool.idle(endpoint, plan.times.idle_upstream, now.into_std(), upstream.tls.as_ref()).await {
            Some(lease) => lease,
            None => pool.fresh(endpoint, upstream.connect, upstream.tls.as_ref()).await.map_err(|error| unreachable(endpoint, &error))?,
        };
        match lease.sender.try_send_request(request).await {
            Ok(response) => return Ok((response, lease)),
            Err(mut error) => match error.take_message() {
                Some(unsent) if lease.used => request = unsent,
                Some(_) | None => return Err(no_answer(endpoint, error.error())),
            },
        }
    }
}

fn request(endpoint: &Endpoint, mut headers: HeaderMap, body: Outgoing) -> Request<Outgoing> {
    headers.insert(header::HOST, endpoint.authority.clone());
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::from(endpoint.path.clone());
    *request.headers_mut() = headers;
    request
}

fn unreachable(endpoint: &Endpoint, error: &std::io::Error) -> Failure {
    Failure::new(Kind::Unreachable, "the service behind the gateway cannot be reached")
        .because(format_args!("{}: {error}", endpoint.origin))
}

fn no_answer(endpoint: &Endpoint, error: &hyper::Error) -> Failure {
    let cause = format!("{}: {error}", endpoint.origin);
    if error.is_parse() {
        return Failure::new(Kind::NotSoap, "the service behind the gateway answered in no proper HTTP").because(cause);
    }
    Failure::new(Kind::Unreachable, "the service behind the gateway closed the connection without an answer").because(cause)
}

fn slow(endpoint: &Endpoint, what: &str, begun: Instant) -> Failure {
    Failure::new(Kind::Slow, "the service behind the gateway did not answer in time").because(format_args!(
        "{}: {what} after {} ms",
        endpoint.origin,
        begun.elapsed().as_millis()
    ))
}

/// Bodies take up all the memory that is meant for them.
pub(crate) fn no_room() -> Failure {
    tracing::warn!("a large message is turned away: those that are held take up all the memory meant for them");
    Failure::new(Kind::Unavailable, "the gateway holds too many large messages at present; try again shortly")
        .because("no room for another large body, see the limit on memory")
}

fn too_large(limit: usize) -> Failure {
    Failure::new(Kind::NotSoap, "the reply of the service behind the gateway is larger than the limit")
        .because(format_args!("more than {limit} bytes"))
}

/// What is still to come of a reply: its connection goes back to the pool when it has ended, and is closed when it has not.
struct Rest {
    incoming: Incoming,
    lease: Option<FarLease>,
    idle: usize,
    deadline: Pin<Box<Sleep>>,
}

impl http_body::Body for Rest {
    type Data = Bytes;
    type Error = Abort;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Abort>>> {
        let this = self.get_mut();
        let abort = |cause: String| Poll::Ready(Some(Err(Abort { blame: Blame::Upstream, cause })));
        match Pin::new(&mut this.incoming).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => Poll::Ready(Some(Ok(frame))),
            Poll::Ready(Some(Err(error))) => {
                this.lease = None;
                abort(error.to_string())
            }
            Poll::Ready(None) => {
                if let Some(lease) = this.lease.take() {
                    lease.give_back(this.idle);
                }
                Poll::Ready(None)
            }
            Poll::Pending => match this.deadline.as_mut().poll(cx) {
                Poll::Ready(()) => {
                    this.lease = None;
                    abort(String::from("the reply did not end in time"))
                }
                Poll::Pending => Poll::Pending,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        // Only the end itself gives the connection back.
        self.lease.is_none() && self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}
