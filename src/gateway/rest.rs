//! The REST route: JSON becomes the operation's SOAP message, the reply becomes JSON, faults become problems.

use std::borrow::Cow;
use std::collections::HashMap;

use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::StatusCode;
use http::header;

use crate::config::file::Mode;
use crate::exchange::answer::media_type;
use crate::exchange::body::Body;
use crate::exchange::body::Source;
use crate::exchange::call::Call;
use crate::exchange::call::Caller;
use crate::exchange::call::Facts;
use crate::exchange::failure::Failure;
use crate::exchange::failure::Kind;
use crate::exchange::failure::Pointed;
use crate::exchange::headers;
use crate::exchange::media;
use crate::exchange::media::Media;
use crate::exchange::multipart;
use crate::exchange::multipart::Multipart;
use crate::exchange::parts::Part;
use crate::exchange::problem;
use crate::exchange::stage::Answered;
use crate::exchange::stage::Prepared;
use crate::exchange::stage::Reply;
use crate::exchange::stage::Routed;
use crate::exchange::stage::Values;
use crate::gateway::coding;
use crate::gateway::coding::CodingError;
use crate::gateway::coding::Extent;
use crate::gateway::contractual;
use crate::gateway::guard;
use crate::gateway::plan::Plan;
use crate::gateway::plan::ServicePlan;
use crate::gateway::settings::Limits;
use crate::gateway::soap::view_cause;
use crate::gateway::upstream;
use crate::soap::version::rules;
use crate::soap::xop;
use crate::transcode::Direction;
use crate::transcode::attachments;
use crate::transcode::attachments::Received;
use crate::transcode::attachments::Written;
use crate::transcode::decode;
use crate::transcode::decode::Decoded;
use crate::transcode::decode::MessageFault;
use crate::transcode::decode::Reason;
use crate::transcode::decode::Refusal;
use crate::transcode::encode;
use crate::transcode::encode::JsonFaultKind;
use crate::transcode::encode::JsonFaults;
use crate::transcode::parameter;
use crate::transcode::parameter::LayError;
use crate::wsdl::contract::Message;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::SoapVersion;

/// JSON to SOAP.
pub(crate) fn request(plan: &Plan, service: &ServicePlan, routed: Routed) -> Result<Prepared, Failure> {
    let Routed { mut headers, mut call, values } = routed;
    let operation = call.target.operation().ok_or_else(lost)?;
    let version = call.target.port().and_then(|port| port.soap).ok_or_else(lost)?;
    check_media(&call.body)?;
    let json =
        coding::decode(call.body.bytes(), &headers, plan.limits.message, Extent::Whole).map_err(|error| refuse_coding(error, plan))?;
    let json = match &values {
        None => json,
        Some(values) => Cow::Owned(lay(service, values, &json, plan)?),
    };
    let message = operation.input.as_ref().ok_or_else(lost)?;
    let written = service.codec.to_message(message, &json, version, &plan.limits.json).map_err(|faults| refuse_json(faults, plan))?;
    drop(json);
    let Packed { content_type, bytes } = packed(written, content_type(version, &operation.action));
    headers::drop_json_request(&mut headers);
    if version == SoapVersion::V1_1 {
        insert(&mut headers, HeaderName::from_static("soapaction"), &format!("\"{}\"", operation.action));
    }
    insert(&mut headers, header::CONTENT_TYPE, &content_type);
    let accepted = media_type(version).split(';').next().unwrap_or_default();
    if operation.output.as_ref().is_some_and(|output| !output.attachments.is_empty()) {
        insert(&mut headers, header::ACCEPT, &format!("{accepted}, multipart/related"));
    } else {
        insert(&mut headers, header::ACCEPT, accepted);
    }
    insert(&mut headers, header::ACCEPT_ENCODING, "identity");
    call.body = Body::made(bytes, Media::parse(&content_type));
    Ok(Prepared { headers, call })
}

/// Lays the values of path and query into the request's JSON.
fn lay(service: &ServicePlan, values: &Values, json: &[u8], plan: &Plan) -> Result<Vec<u8>, Failure> {
    let route = service.routes.get(values.route).ok_or_else(lost)?;
    if !route.has_body() && !json.is_empty() {
        return Err(Failure::new(
            Kind::Message,
            format!("a {} request has no body here: what it takes stands in path and query", route.method),
        ));
    }
    let placed: Vec<_> = values.texts.iter().filter_map(|(place, text)| Some((route.places.get(*place)?, text.as_str()))).collect();
    let refused = |detail: String, pointer| {
        let errors = vec![Pointed { detail, pointer: Some(pointer) }];
        Failure::new(Kind::Message, "the request is not what the operation takes").with_errors(errors)
    };
    parameter::lay(json, &placed, &plan.limits.json).map_err(|error| match error {
        LayError::Json(error) => refuse_json(encode::malformed(&error, json), plan),
        LayError::Taken(pointer) => refused(String::from("stands in the path or query of this route, expected nothing here"), pointer),
        LayError::NoObject(pointer, found) => refused(format!("expected an object, found {found}"), pointer),
    })
}

/// A message as it is sent.
struct Packed {
    content_type: String,
    bytes: Vec<u8>,
}

/// The envelope alone, or as the root of a multipart body with its attachments.
fn packed(written: Written, content_type: String) -> Packed {
    if written.attachments.is_empty() {
        return Packed { content_type, bytes: written.envelope };
    }
    let Multipart { content_type, body } = multipart::write(&content_type, &written.envelope, &written.attachments);
    Packed { content_type, bytes: body }
}

/// SOAP to JSON.
pub(crate) fn reply(plan: &Plan, service: &ServicePlan, answered: Answered) -> Result<Reply, Failure> {
    let Answered { status, mut headers, call } = answered;
    let operation = call.target.operation().ok_or_else(lost)?;
    let decoded = read(plan, service, operation, &headers, &call).and_then(|decoded| {
        let expected = call.target.port().and_then(|port| port.soap);
        match decoded.kind {
            decode::Kind::Message if Some(decoded.version) != expected => {
                Err(no_soap(format!("an envelope of SOAP {}", rules(decoded.version).number)))
            }
            decode::Kind::Message if !status.is_success() => {
                Err(no_soap(format!("a message that is no fault with status {}", status.as_u16())))
            }
            decode::Kind::Message | decode::Kind::Fault(_) => Ok(decoded),
        }
    });
    if let Ok(decoded) = &decoded
        && service.modes.rest_reply != Mode::Off
    {
        contractual::tell("a reply breaks its schema", &decoded.faults, &call.facts, service, &call.target);
        if decoded.dropped_headers > 0 {
            tracing::debug!(id = call.facts.id.as_str(), headers = decoded.dropped_headers, "header blocks of a reply are left out");
        }
    }
    let (status, media, json) = match decoded {
        Ok(decoded) => match decoded.kind {
            decode::Kind::Fault(mut fault) => {
                let own = service.own(&call.target).map(|own| &own.faults);
                if let Some(status) = fault.declared.as_ref().zip(own).and_then(|(key, faults)| faults.get(key)) {
                    fault.status = *status;
                }
                let languages = Some(call.facts.languages.as_str()).filter(|languages| !languages.is_empty());
                (
                    StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                    problem::MEDIA_TYPE,
                    fault.json(languages),
                )
            }
            decode::Kind::Message if operation.one_way => return Ok(taken(headers)),
            decode::Kind::Message => (StatusCode::OK, "application/json", decoded.json),
        },
        // An operation without output has nothing to say: any 2xx means no more than taken.
        Err(_) if operation.one_way && status.is_success() => return Ok(taken(headers)),
        Err(failure) => return Err(upstream::passed_on(status, &headers, &call.facts, Caller::Rest).unwrap_or(failure)),
    };
    headers::drop_xml_reply(&mut headers);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    Ok(Reply { status, headers, body: Source::of(json.into()), close: false })
}

fn taken(mut headers: HeaderMap) -> Reply {
    headers::drop_xml_reply(&mut headers);
    Reply { status: StatusCode::ACCEPTED, headers, ..Reply::default() }
}

fn read(plan: &Plan, service: &ServicePlan, operation: &Operation, headers: &HeaderMap, call: &Call) -> Result<Decoded, Failure> {
    let body = &call.body;
    if body.root.is_empty() {
        return Err(no_soap(String::from("an empty body")));
    }
    let view = guard::open(body, headers, &plan.limits).map_err(|error| no_soap(view_cause(&error)))?;
    let mode = match service.modes.rest_reply {
        Mode::Enforce => decode::Mode::Enforce,
        Mode::Report | Mode::Off => decode::Mode::Report,
    };
    let others = view.parts.as_ref().map_or(&[][..], |parts| &parts.others);
    let output = operation.output.as_ref().filter(|output| !output.attachments.is_empty());
    if output.is_none() && others.is_empty() {
        return service
            .codec
            .to_json(operation, Direction::Reply, &view.text, mode)
            .map_err(|refusal| refuse_reply(&refusal, service.modes.values));
    }
    let plain = coding::decode(body.bytes(), headers, plan.limits.message, Extent::Whole)
        .map_err(|error| no_soap(view_cause(&guard::ViewError::Coding(error))))?;
    let received = received(&plain, others)?;
    let text = inlined(&view.text, &received, &plan.limits)?;
    let mut decoded =
        service.codec.to_json(operation, Direction::Reply, &text, mode).map_err(|refusal| refuse_reply(&refusal, service.modes.values))?;
    if let Some(output) = output
        && decoded.kind == decode::Kind::Message
    {
        put_attachments(output, &received, &mut decoded.json, &call.facts);
    }
    Ok(decoded)
}

/// The parts beside the envelope.
fn received<'b>(plain: &'b [u8], others: &'b [Part]) -> Result<Vec<Received<'b>>, Failure> {
    let mut received = Vec::with_capacity(others.len());
    for part in others {
        let content = part.bytes(plain).map_err(|error| no_soap(error.to_string()))?;
        received.push(Received { id: part.id.as_deref().map(Cow::Borrowed), content });
    }
    Ok(received)
}

/// The message with its XOP references replaced by what they stand for.
fn inlined<'t>(text: &'t [u8], received: &[Received<'_>], limits: &Limits) -> Result<Cow<'t, [u8]>, Failure> {
    if received.is_empty() || !xop::is_mentioned(text) {
        return Ok(Cow::Borrowed(text));
    }
    let mut by_id = HashMap::new();
    for one in received {
        if let Some(id) = &one.id {
            by_id.entry(&**id).or_insert(&*one.content);
        }
    }
    let inlined = xop::inline(text, &guard::scanner_limits(limits), limits.message, |id| by_id.get(id).copied());
    inlined.map(Cow::Owned).map_err(|error| no_soap(error.for_log().to_owned()))
}

/// The parts that the binding names become properties. One that is missing is told in the log: services leave empty ones out.
fn put_attachments(output: &Message, received: &[Received<'_>], json: &mut Vec<u8>, facts: &Facts) {
    let missing = attachments::put(output, received, json);
    if !missing.is_empty() {
        tracing::warn!(id = facts.id.as_str(), parts = missing.join(", "), "attachments of a reply are missing");
    }
}

fn no_soap(cause: String) -> Failure {
    Failure::new(Kind::NotSoap, "the service behind the gateway sent no SOAP message").because(cause)
}

/// A reply that cannot become JSON. What it says is not told, only what is wrong with its form.
fn refuse_reply(refusal: &Refusal, values: bool) -> Failure {
    let said = |fault: &MessageFault, words: &str| format!("{}: {words}", fault.position);
    let last = refusal.faults.iter().max_by_key(|fault| fault.offset);
    match refusal.reason {
        // The reader's words quote the message, which the log must not hold.
        Reason::NotXml => no_soap(last.map_or_else(String::new, |fault| said(fault, fault.code))),
        Reason::NotSoap => no_soap(refusal.faults.iter().map(|fault| said(fault, &fault.message)).collect::<Vec<_>>().join("; ")),
        Reason::Invalid => contractual::broken_reply(&refusal.faults, values),
    }
}

/// JSON must say that it is JSON; an empty body need not.
fn check_media(body: &Body) -> Result<(), Failure> {
    let advice = "send JSON with -H 'Content-Type: application/json'";
    let refused = |what: String| Err(Failure::new(Kind::Media, format!("{what}; {advice}")));
    match body.media.kind() {
        media::Kind::Json => match body.media.parameter("charset") {
            Some(charset) if !charset.eq_ignore_ascii_case("utf-8") && !charset.eq_ignore_ascii_case("us-ascii") => {
                Err(Failure::new(Kind::Media, format!("the charset '{}' is not supported for JSON; send UTF-8", guard::shown(charset))))
            }
            Some(_) | None => Ok(()),
        },
        _ if body.root.is_empty() => Ok(()),
        media::Kind::Missing => refused(String::from("the request has no content type")),
        media::Kind::Soap(_) | media::Kind::Xml | media::Kind::Multipart => refused(format!(
            "the content type is '{}', but this is the REST route: SOAP goes to the service's own path",
            guard::shown(&body.media.essence)
        )),
        media::Kind::Other if body.media.essence == "application/x-www-form-urlencoded" => {
            refused(String::from("the content type is 'application/x-www-form-urlencoded', which curl's -d sends by default"))
        }
        media::Kind::Other => refused(format!("the content type is '{}'", guard::shown(&body.media.essence))),
    }
}

fn refuse_coding(error: CodingError, plan: &Plan) -> Failure {
    guard::refuse_view(guard::ViewError::Coding(error), &plan.limits)
}

fn refuse_json(faults: JsonFaults, plan: &Plan) -> Failure {
    let errors: Vec<Pointed> =
        faults.faults.into_iter().map(|fault| Pointed { detail: fault.detail, pointer: Some(fault.pointer) }).collect();
    match faults.kind {
        JsonFaultKind::Malformed => Failure::new(Kind::Message, "the body of the request is not JSON").with_errors(errors),
        JsonFaultKind::Invalid => Failure::new(Kind::Message, "the request is not what the operation takes").with_errors(errors),
        JsonFaultKind::TooLarge => {
            Failure::new(Kind::TooLarge { unread: false }, format!("the request is larger than the limit of {} bytes", plan.limits.message))
                .with_errors(errors)
        }
    }
}

/// The Content-Type of a request (SOAP 1.1 section 6, SOAP 1.2 part 2 section 7.1.4 and RFC 3902).
fn content_type(version: SoapVersion, action: &str) -> String {
    let media = media_type(version);
    match version {
        SoapVersion::V1_2 if !action.is_empty() => format!("{media}; action=\"{}\"", action.replace('\\', "\\\\").replace('"', "\\\"")),
        SoapVersion::V1_1 | SoapVersion::V1_2 => media.to_owned(),
    }
}

/// Sets a header; a value that may not stand in one (an action with a line break) is left out.
fn insert(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    headers.remove(&name);
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

fn lost() -> Failure {
    Failure::new(Kind::Internal, "the operation cannot be served").because("a route leads to an operation that the contract lacks")
}
