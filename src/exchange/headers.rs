//! Which header fields go on and which end here.
//!
//! Hop-by-hop fields (RFC 9110 section 7.6.1) never go on. What describes the XML of the upstream says nothing of
//! the JSON made from it, and the other way round. A message has few fields and the lists are long: each field is looked up
//! in them, not each entry in the message.

use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::header;

/// Fields of one hop.
#[rustfmt::skip]
fn is_of_the_hop(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "connection" | "keep-alive" | "proxy-authenticate" | "proxy-authorization" | "proxy-connection" | "te" | "trailer"
            | "transfer-encoding" | "upgrade"
    )
}

/// What a peer that is not trusted may not claim of the way that a request took, and what is said anew upstream.
#[rustfmt::skip]
fn is_replaced(name: &HeaderName) -> bool {
    let name = name.as_str();
    matches!(name, "forwarded" | "x-real-ip" | "content-length" | "expect" | "host") || name.starts_with("x-forwarded-")
}

/// Fields of a REST request that describe its JSON, or ask for a form of the reply.
#[rustfmt::skip]
fn is_of_the_json(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "accept" | "accept-charset" | "accept-encoding" | "content-digest" | "content-encoding" | "content-language"
            | "content-length" | "content-location" | "content-md5" | "content-range" | "content-type" | "digest" | "expect"
            | "if-match" | "if-modified-since" | "if-none-match" | "if-range" | "if-unmodified-since" | "range" | "soapaction"
    )
}

/// Fields of a reply that describe the upstream's XML or the upstream itself.
#[rustfmt::skip]
fn is_of_the_xml(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "accept-ranges" | "content-digest" | "content-disposition" | "content-encoding" | "content-language" | "content-length"
            | "content-location" | "content-md5" | "content-range" | "content-type" | "date" | "digest" | "etag" | "last-modified"
            | "location" | "refresh" | "server" | "soapaction" | "via" | "www-authenticate" | "x-aspnet-version"
            | "x-aspnetmvc-version" | "x-powered-by"
    )
}

/// Removes the hop-by-hop fields and those that Connection names.
pub fn end_hop(headers: &mut HeaderMap) {
    remove_named(headers);
    remove(headers, is_of_the_hop);
}

/// The same for a request, and removes what the caller claims of its way and what the gateway says anew: Host, lengths,
/// expectations.
pub fn end_hop_of_request(headers: &mut HeaderMap) {
    remove_named(headers);
    remove(headers, |name| is_of_the_hop(name) || is_replaced(name));
}

fn remove_named(headers: &mut HeaderMap) {
    let names_fields = |value: &HeaderValue| !matches!(value.as_bytes(), b"keep-alive" | b"close" | b"Keep-Alive");
    if headers.get_all(header::CONNECTION).iter().any(names_fields) {
        for name in named(headers) {
            headers.remove(name);
        }
    }
}

/// The fields that Connection names. What a message cannot do without is not a matter of one hop, whatever Connection says.
fn named(headers: &HeaderMap) -> Vec<HeaderName> {
    let kept = [header::HOST, header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING, header::AUTHORIZATION];
    headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok())
        .filter(|name| !kept.contains(name))
        .collect()
}

/// Removes what describes the JSON of a REST request.
pub fn drop_json_request(headers: &mut HeaderMap) {
    remove(headers, is_of_the_json);
}

/// Removes what describes the XML of a reply and the server that sent it.
pub fn drop_xml_reply(headers: &mut HeaderMap) {
    remove(headers, is_of_the_xml);
}

/// Looks at each field once for every handful that goes.
fn remove(headers: &mut HeaderMap, which: impl Fn(&HeaderName) -> bool) {
    loop {
        let mut found: [Option<HeaderName>; 8] = Default::default();
        let mut names = headers.keys().filter(|name| which(name));
        for (place, name) in found.iter_mut().zip(&mut names) {
            *place = Some(name.clone());
        }
        let all = names.next().is_none();
        for name in found.into_iter().flatten() {
            headers.remove(name);
        }
        if all {
            return;
        }
    }
}

/// A header's value as text; empty where it is missing or no text.
#[must_use]
pub fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_one_hop_end_here_and_those_that_connection_names_too() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Trace-Hop , content-type"),
            ("x-trace-hop", "1"),
            ("keep-alive", "timeout=5"),
            ("te", "trailers"),
            ("content-type", "text/xml"),
            ("x-kept", "1"),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        end_hop(&mut headers);
        let mut left: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["content-type", "x-kept"]);
    }
}
