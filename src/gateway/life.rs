//! The life of a request: receive → route → policies → translate → request steps → upstream → reply steps → translate →
//! policies, back up → reply.
//!
//! [`steps`] is that list, one line a step; no step calls the next. Policies and the steps on messages come from
//! configuration, and without one there are none: a call then goes from its route straight to the translation.

use std::sync::Arc;
use std::time::Instant;

use http::HeaderValue;
use http::Method;
use http::Request;
use http::Response;
use http::StatusCode;
use http::header;
use hyper::body::Incoming;

use crate::exchange::answer::answer;
use crate::exchange::body::Source;
use crate::exchange::call::Call;
use crate::exchange::call::Caller;
use crate::exchange::call::RequestId;
use crate::exchange::failure::Failure;
use crate::exchange::failure::Kind;
use crate::exchange::headers;
use crate::exchange::media::Media;
use crate::exchange::stage::Answered;
use crate::exchange::stage::Prepared;
use crate::exchange::stage::Received;
use crate::exchange::stage::Reply;
use crate::exchange::stage::Routed;
use crate::gateway::access::Record;
use crate::gateway::aside::aside;
use crate::gateway::connection::Peer;
use crate::gateway::outgoing::Outgoing;
use crate::gateway::plan::Plan;
use crate::gateway::plan::ServicePlan;
use crate::gateway::receive::REQUEST_ID;
use crate::gateway::receive::receive;
use crate::gateway::receive::request_id;
use crate::gateway::rest;
use crate::gateway::room::Share;
use crate::gateway::route::Routing;
use crate::gateway::route::first_guess;
use crate::gateway::route::route;
use crate::gateway::site;
use crate::gateway::soap;
use crate::gateway::trace;
use crate::gateway::upstream;
use crate::gateway::worker::Worker;

/// Answers a request, whatever becomes of it; with the answer comes the name of the request.
pub(crate) async fn live(worker: &Worker, peer: &Peer, share: &Share, request: Request<Incoming>) -> (Response<Outgoing>, RequestId) {
    let begun = Instant::now();
    let plan = worker.plan();
    let id = request_id(request.headers());
    let bodiless = request.method() == Method::HEAD;
    let media = Media::parse(headers::text(request.headers(), &header::CONTENT_TYPE));
    let mut caller = first_guess(&plan, peer.listener, request.method(), request.uri().path(), &media);
    let mut record = Record::begin(&request, peer, &id, begun);
    let outcome = steps(worker, &plan, peer, share, begun, media, request, &id, &mut caller, &mut record).await;
    let reply = outcome.unwrap_or_else(|failure| {
        record.failed(&plan, &failure);
        answer(&failure, caller, id.as_str())
    });
    record.end(&reply, caller);
    if plan.trace {
        trace::reply(&id, &reply);
    }
    (response(reply, &id, bodiless), id)
}

/// The steps of a request, in their order.
#[expect(clippy::too_many_arguments, reason = "what a request needs on its way, named rather than bundled")]
async fn steps(
    worker: &Worker,
    plan: &Arc<Plan>,
    peer: &Peer,
    share: &Share,
    begun: Instant,
    media: Media,
    request: Request<Incoming>,
    id: &RequestId,
    caller: &mut Caller,
    record: &mut Record,
) -> Result<Reply, Failure> {
    let received = receive(plan, peer, share, id.clone(), begun, media, request).await?;
    record.received(&received);
    let routed = match find(plan, peer.listener, received, caller).await? {
        Routing::Own(ask) => return site::answer(plan, ask).await,
        Routing::Call(routed) => routed,
    };
    record.routed(plan, &routed.call.target);
    let prepared = aside(plan, routed.call.body.root.held(), |plan| translate_request(plan, routed)).await??;
    record.sending();
    let answered = upstream::call(worker.pool(), plan, share, prepared).await;
    record.answered(&answered);
    let answered = answered?;
    aside(plan, answered.call.body.root.held(), |plan| translate_reply(plan, answered)).await?
}

/// What the request is for. `caller` is corrected as soon as the message says which SOAP version it is.
async fn find(plan: &Arc<Plan>, listener: usize, received: Box<Received>, caller: &mut Caller) -> Result<Routing, Failure> {
    let (size, mut found) = (received.body.root.held(), *caller);
    let work = move |plan: &Plan| (route(plan, listener, received, &mut found), found);
    let (outcome, found) = aside(plan, size, work).await?;
    *caller = found;
    outcome
}

/// The message of the caller becomes that of the contract.
fn translate_request(plan: &Plan, routed: Routed) -> Result<Prepared, Failure> {
    let service = service_of(plan, &routed.call)?;
    if plan.trace {
        trace::message(&routed.call, "from the caller");
    }
    let prepared = match routed.call.caller {
        Caller::Rest => rest::request(plan, service, routed)?,
        Caller::Soap(_) => soap::request(routed),
    };
    if plan.trace {
        trace::message(&prepared.call, "to the service");
    }
    Ok(prepared)
}

/// The message of the contract becomes what the caller expects.
fn translate_reply(plan: &Plan, answered: Answered) -> Result<Reply, Failure> {
    let service = service_of(plan, &answered.call)?;
    if plan.trace {
        trace::message(&answered.call, "from the service");
    }
    match answered.call.caller {
        Caller::Rest => rest::reply(plan, service, answered),
        Caller::Soap(_) => soap::reply(plan, service, answered),
    }
}

fn service_of<'p>(plan: &'p Plan, call: &Call) -> Result<&'p ServicePlan, Failure> {
    let lost = || Failure::new(Kind::Internal, "the service cannot be found").because("a route leads to a service that the plan lacks");
    plan.service(call.target.place).ok_or_else(lost)
}

/// `bodiless`: the reply to HEAD says how long the body would be and has none (RFC 9110 section 9.3.2); over HTTP/2 nobody
/// else takes it away.
fn response(reply: Reply, id: &RequestId, bodiless: bool) -> Response<Outgoing> {
    let Reply { status, mut headers, mut body, close } = reply;
    if bodiless {
        if let Some(length) = body.len().filter(|_| status != StatusCode::NO_CONTENT) {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        body = Source::Empty;
    }
    let mut response = Response::new(Outgoing::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.headers_mut().insert(REQUEST_ID, id.value());
    if close {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
