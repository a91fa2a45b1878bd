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
use http::HeaderValue;
use http::Method;
use http::Request;
use http::Version;
use http::header;
use http::request::Parts;
use http::uri::Authority;
use http::uri::PathAndQuery;
use hyper::body::Incoming;
use tokio::time::Instant as Deadline;

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
use crate::gateway::outgoing::Allowance;
use crate::gateway::outgoing::Collected;
use crate::gateway::outgoing::collect;
use crate::gateway::outgoing::discard;
use crate::gateway::patience::until;
use crate::gateway::plan::Plan;
use crate::gateway::room::Share;
use crate::gateway::settings::Limits;
use crate::gateway::upstream;

/// The header that names a request.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Judges the head of a request and reads its body, at most as large as the limit.
pub(crate) async fn receive(
    plan: &Plan,
    peer: &Peer,
    share: &Share,
    id: RequestId,
    at: Instant,
    media: Media,
    request: Request<Incoming>,
) -> Result<Box<Received>, Failure> {
    let (mut parts, mut incoming) = request.into_parts();
    let seen = look_over(&parts.headers, &plan.limits)?;
    let origin = Origin { scheme: peer.scheme, authority: authority(&parts, seen.host, peer)? };
    let (authorized, languages) = (seen.authorized, seen.languages.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned());
    let bytes = read(&parts, &mut incoming, plan, share, at).await?;
    let facts = Facts { id, peer: peer.address, forwarded_for: peer.forwarded_for.clone(), origin, received: at, authorized, languages };
    headers::end_hop_of_request(&mut parts.headers);
    let path = parts.uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    let body = Body { root: Source::of(bytes), media, ..Body::default() };
    Ok(Box::new(Received { method: parts.method, path, headers: parts.headers, facts, body }))
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
    let mut made = [b'-'; 25];
    write_hexadecimal(made.get_mut(..8).unwrap_or_default(), core);
    let length = (64 - number.leading_zeros()).div_ceil(4).max(1) as usize;
    write_hexadecimal(made.get_mut(9..9 + length).unwrap_or_default(), number);
    let text = made.get(..9 + length).and_then(|made| str::from_utf8(made).ok());
    text.and_then(RequestId::new).unwrap_or_default()
}

/// The low digits of a number, as many as there is room for.
fn write_hexadecimal(room: &mut [u8], number: u64) {
    let mut rest = number;
    for digit in room.iter_mut().rev() {
        *digit = b"0123456789abcdef".get((rest & 15) as usize).copied().unwrap_or(b'0');
        rest >>= 4;
    }
}

/// Host and port that the request is for. An absolute target overrides Host, which must still be there and good.
fn authority(parts: &Parts, host: Option<&HeaderValue>, peer: &Peer) -> Result<HeaderValue, Failure> {
    let path_missing = parts.version < Version::HTTP_2 && parts.uri.scheme().is_none() && parts.uri.authority().is_some();
    if path_missing && parts.method != Method::CONNECT {
        return Err(framing("the target of the request is no path; it begins with '/'"));
    }
    match host {
        None if parts.version == Version::HTTP_11 => return Err(framing("the request has no Host header")),
        Some(value) if !value.to_str().is_ok_and(is_authority) => {
            return Err(framing("the Host header is not a host name and port"));
        }
        Some(_) | None => {}
    }
    match (parts.uri.authority(), host) {
        (Some(target), _) => HeaderValue::from_str(target.as_str())
            .ok()
            .filter(|_| is_authority(target.as_str()))
            .ok_or_else(|| framing("the target of the request does not name a host and port")),
        (None, Some(host)) => Ok(host.clone()),
        (None, None) => Ok(peer.local_authority.clone()),
    }
}

fn is_authority(text: &str) -> bool {
    // A plain name, perhaps with a port, as nearly all are.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let name = text.bytes().take_while(|byte| plain(*byte)).count();
    let port = text.as_bytes().get(name..).unwrap_or_default();
    let is_port = match port {
        [] => true,
        [b':', digits @ ..] => {
            matches!(digits.len(), 1..=5) && digits.iter().all(u8::is_ascii_digit) && (digits.len() < 5 || digits <= &b"65535"[..])
        }
        _ => false,
    };
    if name > 0 && is_port {
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

/// What the header fields say of the request itself.
#[derive(Default)]
struct Seen<'h> {
    host: Option<&'h HeaderValue>,
    coding: Option<&'h HeaderValue>,
    media: Option<&'h HeaderValue>,
    languages: Option<&'h HeaderValue>,
    authorized: bool,
}

/// Reads the header fields once, and refuses what is too much or said twice.
fn look_over<'h>(headers: &'h HeaderMap, limits: &Limits) -> Result<Seen<'h>, Failure> {
    let mut seen = Seen::default();
    let mut size = 0;
    for (name, value) in headers {
        size += name.as_str().len() + value.len() + 4;
        if *name == header::HOST {
            once(&mut seen.host, value, "the request has more than one Host header")?;
        } else if *name == header::CONTENT_TYPE {
            // Of several, each reader would take its own (RFC 9110 section 5.3).
            once(&mut seen.media, value, "the request has more than one Content-Type header")?;
        } else if *name == header::TRANSFER_ENCODING {
            // `chunked`, once, is the only transfer coding that is undone here; others would be taken for part of the message,
            // and a peer that reads them differently would find another end of it (RFC 9112 sections 6.1 and 11.2).
            const OTHER: &str = "the request has a Transfer-Encoding other than a single 'chunked'";
            once(&mut seen.coding, value, OTHER)?;
            if !value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked") {
                return Err(framing(OTHER));
            }
        } else if *name == header::AUTHORIZATION {
            seen.authorized = true;
        } else if *name == header::ACCEPT_LANGUAGE && seen.languages.is_none() {
            seen.languages = Some(value);
        }
    }
    if size > limits.header_bytes || headers.len() > limits.headers {
        let (most, bytes) = (limits.headers, limits.header_bytes);
        return Err(Failure::new(
            Kind::Headers,
            format!("the header fields of the request are too many or too large: at most {most} of together {bytes} bytes are read"),
        ));
    }
    Ok(seen)
}

fn once<'h>(place: &mut Option<&'h HeaderValue>, value: &'h HeaderValue, twice: &'static str) -> Result<(), Failure> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(framing(twice)),
    }
}

async fn read(parts: &Parts, incoming: &mut Incoming, plan: &Plan, share: &Share, at: Instant) -> Result<bytes::Bytes, Failure> {
    let limit = plan.limits.message;
    if http_body::Body::is_end_stream(incoming) {
        return Ok(bytes::Bytes::new());
    }
    let announced = http_body::Body::size_hint(incoming).exact().unwrap_or(0);
    let outcome = if announced > limit as u64 {
        Some(Ok(Collected::Beyond(bytes::Bytes::new())))
    } else {
        until(Deadline::from_std(at) + plan.times.body, collect(incoming, Allowance { limit, share, most: plan.limits.memory })).await
    };
    match outcome {
        Some(Ok(Collected::Whole(bytes))) => Ok(bytes),
        Some(Ok(Collected::Beyond(_))) => {
            // A caller that waits for leave to send is told at once; one that is sending would not read an answer before it is done.
            let waits = parts.headers.get(header::EXPECT).is_some() && announced > 0;
            let unread = waits || !tokio::time::timeout(PATIENCE, discard(incoming, limit.saturating_mul(4))).await.unwrap_or(false);
            Err(Failure::new(Kind::TooLarge { unread }, format!("the request is larger than the limit of {limit} bytes")))
        }
        Some(Ok(Collected::NoRoom)) => {
            // Room that is not there is not taken either by what is read and thrown away.
            let _ = tokio::time::timeout(PATIENCE, discard(incoming, limit)).await;
            Err(upstream::no_room())
        }
        Some(Err(error)) => Err(framing("the body of the request broke off or is not framed properly").because(error)),
        None => Err(Failure::new(Kind::Late, "the body of the request did not arrive in time")),
    }
}

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_what_is_none() {
        for good in ["gateway.example", "gateway.example:8080", "127.0.0.1:65535", "127.0.0.1:1", "[::1]:8080", "my_host"] {
            assert!(is_authority(good), "{good}");
        }
        for bad in ["", "a\"b<c", "user@host", "a b", "host:port", "host:99999", "host:65536", ":80", "a/b", "http://a"] {
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
        assert!(first.as_str().len() >= 10 && first.as_str().bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'), "{first}");
    }
}
