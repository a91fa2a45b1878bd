//! Receiving a request: its framing, Host and size are judged before anything else looks at it.
//!
//! The HTTP library refuses differing, listed and signed lengths, folded headers and spaces before colons by itself
//! (400, connection closed); here comes what it lets through (RFC 9112 sections 3.2 and 6.3).

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Instant;

use http::HeaderMap;
use http::HeaderName;
use http::Method;
use http::Request;
use http::Version;
use http::header;
use http::request::Parts;
use http::uri::Authority;
use http::uri::PathAndQuery;
use hyper::body::Incoming;

use crate::exchange::body::Body;
use crate::exchange::body::Source;
use crate::exchange::call::Facts;
use crate::exchange::call::Origin;
use crate::exchange::call::RequestId;
use crate::exchange::failure::Failure;
use crate::exchange::failure::Kind;
use crate::exchange::headers;
use crate::exchange::media::Media;
use crate::exchange::stage::Received;
use crate::gateway::connection::Peer;
use crate::gateway::outgoing::Collected;
use crate::gateway::outgoing::collect;
use crate::gateway::outgoing::discard;
use crate::gateway::plan::Plan;
use crate::gateway::settings::Limits;

/// The header that names a request.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Judges the head of a request and reads its body, at most as large as the limit.
pub(crate) async fn receive(
    plan: &Plan,
    peer: &Peer,
    id: RequestId,
    at: Instant,
    media: Media,
    request: Request<Incoming>,
) -> Result<Received, Failure> {
    let (mut parts, mut incoming) = request.into_parts();
    let origin = Origin { scheme: peer.scheme, authority: authority(&parts, peer)? };
    check_headers(&parts.headers, &plan.limits)?;
    check_transfer_coding(&parts.headers)?;
    check_content_type(&parts.headers)?;
    let bytes = read(&parts, &mut incoming, plan).await?;
    let facts = Facts {
        id,
        peer: peer.address,
        forwarded_for: peer.forwarded_for.clone(),
        origin,
        received: at,
        authorized: parts.headers.contains_key(header::AUTHORIZATION),
        languages: headers::text(&parts.headers, &header::ACCEPT_LANGUAGE).to_owned(),
    };
    headers::end_hop(&mut parts.headers);
    headers::drop_replaced(&mut parts.headers);
    let path = parts.uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    let body = Body { root: Source::of(bytes), media, ..Body::default() };
    Ok(Received { method: parts.method, path, headers: parts.headers, facts, body })
}

/// What the request is called: the caller's own name for it if that is short and plain, else a new one.
pub(crate) fn request_id(headers: &HeaderMap) -> RequestId {
    if let Some(given) = RequestId::new(headers::text(headers, &REQUEST_ID)) {
        return given;
    }
    thread_local! {
        static NEXT: Cell<(u64, u64)> = Cell::new((RandomState::new().hash_one("request"), 0));
    }
    let (core, number) = NEXT.get();
    NEXT.set((core, number + 1));
    let made = format!("{:08x}-{number:x}", core & 0xffff_ffff);
    RequestId::new(&made).unwrap_or_default()
}

/// Host and port that the request is for. An absolute target overrides Host, which must still be there and good.
fn authority(parts: &Parts, peer: &Peer) -> Result<String, Failure> {
    let path_missing = parts.version < Version::HTTP_2 && parts.uri.scheme().is_none() && parts.uri.authority().is_some();
    if path_missing && parts.method != Method::CONNECT {
        return Err(framing("the target of the request is no path; it begins with '/'"));
    }
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (None, _) if parts.version == Version::HTTP_11 => return Err(framing("the request has no Host header")),
        (Some(_), Some(_)) => return Err(framing("the request has more than one Host header")),
        (None, _) => None,
        (Some(value), None) => Some(
            value.to_str().ok().filter(|text| is_authority(text)).ok_or_else(|| framing("the Host header is not a host name and port"))?,
        ),
    };
    match (parts.uri.authority(), host) {
        (Some(target), _) if !is_authority(target.as_str()) => Err(framing("the target of the request does not name a host and port")),
        (Some(target), _) => Ok(target.to_string()),
        (None, Some(host)) => Ok(host.to_owned()),
        (None, None) => Ok(peer.local.to_string()),
    }
}

fn is_authority(text: &str) -> bool {
    // A plain name, perhaps with a port, as nearly all are.
    let (name, port) = text.split_once(':').unwrap_or((text, "0"));
    let plain_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    if plain_name && port.len() <= 4 && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let Ok(authority) = text.parse::<Authority>() else { return false };
    let host = authority.host();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%[]:".contains(&byte) || byte >= 0x80;
    let Some(port) = text.strip_prefix(host) else { return false };
    !host.is_empty()
        && host.bytes().all(plain)
        && (port.is_empty() || (port.starts_with(':') && authority.port_u16().is_some()) || port == ":")
}

fn framing(detail: &'static str) -> Failure {
    Failure::new(Kind::Framing, detail)
}

/// There is one Content-Type: of several, each reader would take its own (RFC 9110 section 5.3).
fn check_content_type(headers: &HeaderMap) -> Result<(), Failure> {
    match headers.get_all(header::CONTENT_TYPE).iter().nth(1) {
        None => Ok(()),
        Some(_) => Err(framing("the request has more than one Content-Type header")),
    }
}

/// `chunked`, once, is the only transfer coding that is undone here; others would be taken for part of the message, and a
/// peer that reads them differently would find another end of it (RFC 9112 sections 6.1 and 11.2).
fn check_transfer_coding(headers: &HeaderMap) -> Result<(), Failure> {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => Ok(()),
        (Some(coding), None) if coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked") => Ok(()),
        (Some(_), _) => Err(framing("the request has a Transfer-Encoding other than a single 'chunked'")),
    }
}

fn check_headers(headers: &HeaderMap, limits: &Limits) -> Result<(), Failure> {
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if size > limits.header_bytes || headers.len() > limits.headers {
        let (most, bytes) = (limits.headers, limits.header_bytes);
        return Err(Failure::new(
            Kind::Headers,
            format!("the header fields of the request are too many or too large: at most {most} of together {bytes} bytes are read"),
        ));
    }
    Ok(())
}

async fn read(parts: &Parts, incoming: &mut Incoming, plan: &Plan) -> Result<bytes::Bytes, Failure> {
    let limit = plan.limits.message;
    if http_body::Body::is_end_stream(incoming) {
        return Ok(bytes::Bytes::new());
    }
    let announced = http_body::Body::size_hint(incoming).exact().unwrap_or(0);
    let outcome = if announced > limit as u64 {
        Ok(Ok(Collected::Beyond(bytes::Bytes::new())))
    } else {
        tokio::time::timeout(plan.times.body, collect(incoming, limit)).await
    };
    match outcome {
        Ok(Ok(Collected::Whole(bytes))) => Ok(bytes),
        Ok(Ok(Collected::Beyond(_))) => {
            // A caller that waits for leave to send is told at once; one that is sending would not read an answer before it is done.
            let waits = parts.headers.get(header::EXPECT).is_some() && announced > 0;
            let unread = waits || !tokio::time::timeout(PATIENCE, discard(incoming, limit.saturating_mul(4))).await.unwrap_or(false);
            Err(Failure::new(Kind::TooLarge { unread }, format!("the request is larger than the limit of {limit} bytes")))
        }
        Ok(Err(error)) => Err(framing("the body of the request broke off or is not framed properly").because(error)),
        Err(_) => Err(Failure::new(Kind::Late, "the body of the request did not arrive in time")),
    }
}

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_what_is_none() {
        for good in ["gateway.example", "gateway.example:8080", "127.0.0.1:1", "[::1]:8080", "my_host"] {
            assert!(is_authority(good), "{good}");
        }
        for bad in ["", "a\"b<c", "user@host", "a b", "host:port", "host:99999", ":80", "a/b", "http://a"] {
            assert!(!is_authority(bad), "{bad}");
        }
    }

    #[test]
    fn a_sane_request_id_is_kept_and_another_replaced() {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, http::HeaderValue::from_static("r-1"));
        assert_eq!(request_id(&headers).as_str(), "r-1");
        headers.insert(REQUEST_ID, http::HeaderValue::from_static("a b{\"x\":1}"));
        let first = request_id(&headers);
        assert_ne!(first.as_str(), "a b{\"x\":1}");
        assert_ne!(first, request_id(&headers));
    }
}
