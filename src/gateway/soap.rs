//! The SOAP route: a message finds its operation by its body, is guarded whole, and goes on byte for byte.
//!
//! Actions are checked against the body, never believed instead of it: what the body does not name is not called.

use std::borrow::Cow;

use http::HeaderMap;
use http::HeaderValue;
use http::StatusCode;
use http::header;

use crate::diagnostic::Position;
use crate::exchange::body::Guard;
use crate::exchange::body::Source;
use crate::exchange::call::Call;
use crate::exchange::call::Caller;
use crate::exchange::call::RequestId;
use crate::exchange::call::Target;
use crate::exchange::failure::Failure;
use crate::exchange::failure::Kind;
use crate::exchange::media;
use crate::exchange::media::Media;
use crate::exchange::parts::Parts;
use crate::exchange::stage::Answered;
use crate::exchange::stage::Prepared;
use crate::exchange::stage::Received;
use crate::exchange::stage::Reply;
use crate::exchange::stage::Routed;
use crate::gateway::coding;
use crate::gateway::contractual;
use crate::gateway::guard;
use crate::gateway::guard::View;
use crate::gateway::guard::ViewError;
use crate::gateway::passing;
use crate::gateway::plan::Plan;
use crate::gateway::plan::PortPlan;
use crate::gateway::plan::ServicePlan;
use crate::gateway::upstream;
use crate::soap::head::Head;
use crate::soap::version::rules;
use crate::wsdl::contract::SoapVersion;
use crate::xml::name::QName;

const SOAP_ACTION: http::HeaderName = http::HeaderName::from_static("soapaction");

/// Guards a message and finds its operation. `caller` becomes what the envelope says.
pub(crate) fn route(plan: &Plan, service: &ServicePlan, received: Box<Received>, caller: &mut Caller) -> Result<Routed, Failure> {
    let Received { headers, facts, mut body, .. } = *received;
    if !guard::is_xml(&body.media) {
        let found = guard::shown(&body.media.essence);
        return Err(Failure::new(
            Kind::Media,
            format!("the content type '{found}' is no SOAP message; send text/xml for SOAP 1.1 or application/soap+xml for SOAP 1.2"),
        ));
    }
    let View { text, parts, warning } =
        guard::open(&body, &headers, &plan.limits).map_err(|error| guard::refuse_view(error, &plan.limits))?;
    let head = guard::whole(&text, &service.codec.contract.schema.symbols, &plan.limits).map_err(|fault| {
        let (failure, version) = guard::refuse_head(&fault, &text);
        if let Some(version) = version {
            *caller = Caller::Soap(version);
        }
        failure
    })?;
    *caller = Caller::Soap(head.version);
    if let Some(why) = warning {
        tracing::warn!(id = facts.id.as_str(), why, "a message in a doubtful encoding passes");
    }
    if body.media.soap_version().is_some_and(|named| named != head.version) {
        tracing::warn!(id = facts.id.as_str(), "a content type of the other SOAP version than the envelope's passes");
    }
    let ports = ports(service, head.version).inspect_err(|_| {
        if let Some(served) = service.soap.first() {
            *caller = Caller::Soap(served.version);
        }
    })?;
    let target = operation(&ports, &head, &actions(&headers, &body.media, parts.as_ref(), &head)?, &facts.id)?;
    contractual::request(service, &target, &facts, &text).map_err(|failure| failure.about(&target))?;
    drop(text);
    body.parts = parts.map(Box::new);
    body.guard = Guard::Whole;
    let call = Box::new(Call { facts, caller: *caller, target, body });
    Ok(Routed { headers, call, values: None })
}

/// The message goes on as it came.
pub(crate) fn request(routed: Routed) -> Prepared {
    let Routed { mut headers, call, .. } = routed;
    // A reply in a coding that cannot be read here could not be checked either.
    let coding = if coding::accepts_gzip(&headers) { "gzip" } else { "identity" };
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(coding));
    Prepared { headers, call }
}

/// The reply goes on as it came, if it is SOAP at all; what is too large to be held is checked while it passes.
pub(crate) fn reply(plan: &Plan, service: &ServicePlan, answered: Answered) -> Result<Reply, Failure> {
    let Answered { status, mut headers, mut call } = answered;
    let one_way = call.target.operation().is_some_and(|operation| operation.one_way);
    let parts = match judge_reply(plan, service, status, &headers, &call, one_way) {
        Ok(parts) => parts,
        Err(failure) => return Err(upstream::passed_on(status, &headers, &call.facts, call.caller).unwrap_or(failure)),
    };
    let media = std::mem::take(&mut call.body.media);
    let body = match call.body.into_source() {
        Source::Stream(stream) => {
            let checked = passing::checked(stream, &media, parts.as_ref(), &headers, &plan.limits);
            Source::Stream(checked.map_err(|fault| no_soap(fault.to_string()))?)
        }
        source @ (Source::Empty | Source::Whole(_)) => source,
    };
    headers.remove(header::CONTENT_LENGTH);
    Ok(Reply { status, headers, body, close: false })
}

/// Where the root part of a good reply stands, if it is multipart.
fn judge_reply(
    plan: &Plan,
    service: &ServicePlan,
    status: StatusCode,
    headers: &HeaderMap,
    call: &Call,
    one_way: bool,
) -> Result<Option<Parts>, Failure> {
    if call.body.root.is_empty() {
        // WS-I Basic Profile 1.1, R2714 and R2727: a one-way call is answered by 2xx without an envelope.
        return if one_way && status.is_success() {
            Ok(None)
        } else {
            Err(no_soap(format!("status {} and an empty body", status.as_u16())))
        };
    }
    if status.is_redirection() {
        return Err(no_soap(format!("a redirect, status {}", status.as_u16())));
    }
    let view = guard::open(&call.body, headers, &plan.limits).map_err(|error| no_soap(view_cause(&error)))?;
    let symbols = &service.codec.contract.schema.symbols;
    let head = match &call.body.root {
        Source::Stream(_) => guard::beginning(&view.text, symbols, &plan.limits),
        Source::Empty | Source::Whole(_) => guard::whole(&view.text, symbols, &plan.limits),
    };
    let head = head.map_err(|fault| {
        let place = Position::of(&view.text, fault.offset());
        let (status, media, why) = (status.as_u16(), guard::shown(&call.body.media.essence), fault.for_log());
        no_soap(format!("status {status}, media type '{media}', line {}, column {}: {why}", place.line, place.column))
    })?;
    if Caller::Soap(head.version) != call.caller && !head.is_fault {
        return Err(no_soap(format!("an envelope of SOAP {}", rules(head.version).number)));
    }
    if !matches!(call.body.root, Source::Stream(_)) {
        contractual::reply(service, call, &view.text)?;
    }
    Ok(view.parts)
}

fn no_soap(cause: String) -> Failure {
    Failure::new(Kind::NotSoap, "the service behind the gateway sent no SOAP message").because(cause)
}

/// What is wrong with a reply's wrapping, for the log.
pub(crate) fn view_cause(error: &ViewError) -> String {
    match error {
        ViewError::Coding(error) => format!("content coding: {error:?}"),
        ViewError::Parts(error) => error.to_string(),
        ViewError::Media(found) => format!("a root part of the media type '{}'", guard::shown(found)),
        ViewError::Text(error) => error.code.to_owned(),
    }
}

/// The ports that speak the version of the message.
fn ports(service: &ServicePlan, version: SoapVersion) -> Result<Vec<&PortPlan>, Failure> {
    let ports: Vec<&PortPlan> = service.soap.iter().filter(|port| port.version == version).collect();
    if ports.is_empty() {
        let served = service.soap.first().map_or(SoapVersion::V1_1, |port| port.version);
        let (found, served) = (rules(version).number, rules(served));
        return Err(Failure::new(
            Kind::Version,
            format!(
                "the message is SOAP {found}, the service speaks SOAP {} only; send an envelope of the namespace {}",
                served.number, served.envelope
            ),
        ));
    }
    Ok(ports)
}

/// An action that came with a message, and where it stood.
struct Action<'m> {
    text: Cow<'m, str>,
    place: &'static str,
}

impl<'m> Action<'m> {
    /// White space round it says nothing; of an empty one there is nothing left.
    fn new(text: impl Into<Cow<'m, str>>, place: &'static str) -> Option<Self> {
        let text = match text.into() {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
        (!text.is_empty()).then_some(Self { text, place })
    }
}

/// All actions that a message names: of SOAPAction, of the content types, of WS-Addressing. Empty ones count as none.
fn actions<'m>(headers: &HeaderMap, media: &'m Media, parts: Option<&'m Parts>, head: &'m Head) -> Result<Vec<Action<'m>>, Failure> {
    let mut found = Vec::new();
    let mut sent = headers.get_all(SOAP_ACTION).iter();
    if let Some(value) = sent.next() {
        let text = String::from_utf8_lossy(value.as_bytes());
        found.extend(Action::new(media::unquote(text.trim()), "the SOAPAction header"));
    }
    if sent.next().is_some() {
        return Err(Failure::new(Kind::Message, "the request has more than one SOAPAction header"));
    }
    for media in [Some(media), parts.map(|parts| &parts.media)].into_iter().flatten() {
        if let Some(name) = media.doubtful() {
            let name = guard::shown(name);
            return Err(Failure::new(
                Kind::Message,
                format!("the content type has the parameter '{name}' more than once or in a form that may be read in several ways"),
            ));
        }
        found.extend(media.parameter("action").and_then(|text| Action::new(text, "the action of the content type")));
        if parts.is_none() {
            continue;
        }
        // A multipart body and an XOP part wrap the content type of the envelope (XOP section 4.1).
        for name in ["start-info", "type"] {
            let inner = media.parameter(name).map(Media::parse);
            let text = inner.as_ref().and_then(|inner| inner.parameter("action")).map(str::to_owned);
            found.extend(text.and_then(|text| Action::new(text, "the action of the wrapped content type")));
        }
    }
    found.extend(head.actions.iter().filter_map(|text| Action::new(text.as_str(), "wsa:Action")));
    Ok(found)
}

/// The operation that the body names, if no action names another.
fn operation(ports: &[&PortPlan], head: &Head, actions: &[Action<'_>], id: &RequestId) -> Result<Target, Failure> {
    let candidates = candidates(ports, head, actions)?;
    let named =
        |action: &Action<'_>| -> Vec<&Target> { ports.iter().filter_map(|port| port.by_action.get(&*action.text)).flatten().collect() };
    let chosen = actions
        .iter()
        .find_map(|action| candidates.iter().find(|candidate| named(action).iter().any(|target| same(target, candidate))))
        .or_else(|| candidates.first())
        .ok_or_else(|| unknown_body(ports, head.child.as_ref().map(|child| &child.name)))?;
    for action in actions {
        let named = named(action);
        if named.is_empty() {
            tracing::warn!(id = id.as_str(), place = action.place, "an action of no operation passes");
        } else if !named.iter().any(|target| same(target, chosen)) {
            let name = chosen.operation().map_or("?", |operation| &operation.name);
            return Err(Failure::new(
                Kind::Message,
                format!("{} is that of another operation than the body's, which is '{name}'", action.place),
            )
            .about(chosen));
        }
    }
    Ok((*chosen).clone())
}

/// The operations that the body may be for, in document order.
fn candidates<'p>(ports: &[&'p PortPlan], head: &Head, actions: &[Action<'_>]) -> Result<Vec<&'p Target>, Failure> {
    let Some(child) = &head.child else {
        let empty: Vec<&Target> = ports.iter().flat_map(|port| &port.empty).collect();
        return if empty.is_empty() {
            Err(Failure::new(Kind::Message, "the Body is empty, and no operation takes an empty one"))
        } else {
            Ok(empty)
        };
    };
    let by_element: Vec<&Target> = ports.iter().filter_map(|port| port.by_element.get(&child.name)).flatten().collect();
    if by_element.is_empty() {
        // Bodies that are declared by type have no element of their own: there the action tells, or nothing does.
        let by_type = |target: &&Target| {
            target
                .operation()
                .and_then(|operation| operation.input.as_ref())
                .is_some_and(|input| input.element.is_none() && !matches!(input.body, crate::wsdl::contract::Body::Empty))
        };
        return Ok(actions
            .iter()
            .flat_map(|action| ports.iter().filter_map(|port| port.by_action.get(&*action.text)).flatten())
            .filter(by_type)
            .collect());
    }
    let children = head.children.unwrap_or(1);
    let fits: Vec<&Target> = by_element.iter().copied().filter(|target| children <= 1 || several(target)).collect();
    if fits.is_empty() {
        return Err(Failure::new(Kind::Message, format!("the Body has {children} children, expected one")));
    }
    Ok(fits)
}

/// The operation's request may have several children of Body.
fn several(target: &Target) -> bool {
    use crate::wsdl::contract::Body;
    use crate::wsdl::contract::Status;
    let Some(operation) = target.operation() else { return false };
    match operation.input.as_ref().map(|input| &input.body) {
        Some(Body::Elements(_) | Body::Content(_)) => true,
        // SOAP encoding may put further objects beside the wrapper (SOAP 1.1 section 5.1).
        Some(Body::Empty | Body::Element(_) | Body::Wrapper { .. }) | None => operation.verdict.status == Status::Refused,
    }
}

/// The same operation of the same portType, perhaps through another port.
fn same(one: &Target, other: &Target) -> bool {
    match (one.operation(), other.operation()) {
        (Some(one), Some(other)) => one.name == other.name && one.place == other.place,
        _ => false,
    }
}

fn unknown_body(ports: &[&PortPlan], name: Option<&QName>) -> Failure {
    let mut known: Vec<String> = ports.iter().flat_map(|port| port.by_element.keys()).map(ToString::to_string).collect();
    known.sort_unstable();
    known.dedup();
    let more = if known.len() > 20 { ", …" } else { "" };
    known.truncate(20);
    let found = name.map_or_else(String::new, |name| guard::shown(&name.to_string()));
    Failure::new(Kind::Message, format!("the Body's element '{found}' is that of no operation; available: [{}{more}]", known.join(", ")))
}
