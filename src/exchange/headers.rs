//! Which header fields go on and which end here.
//!
//! Hop-by-hop fields (RFC 9110 section 7.6.1) never go on. What describes the XML of the upstream says nothing of
//! the JSON made from it, and the other way round.

use http::HeaderMap;
use http::HeaderName;
use http::header;

const HOP_BY_HOP: [HeaderName; 9] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// What a peer that is not trusted may not claim of the way that a request took, besides all of `X-Forwarded-*`.
const CLAIMS: [HeaderName; 2] = [header::FORWARDED, HeaderName::from_static("x-real-ip")];

/// Fields of a REST request that describe its JSON, or ask for a form of the reply.
const OF_THE_REQUEST: [HeaderName; 20] = [
    header::ACCEPT,
    header::ACCEPT_CHARSET,
    header::ACCEPT_ENCODING,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LENGTH,
    header::CONTENT_LOCATION,
    header::CONTENT_RANGE,
    header::CONTENT_TYPE,
    header::EXPECT,
    header::IF_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("soapaction"),
];

/// Fields of a reply that describe the upstream's XML or the upstream itself.
const OF_THE_REPLY: [HeaderName; 23] = [
    header::ACCEPT_RANGES,
    header::CONTENT_DISPOSITION,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LENGTH,
    header::CONTENT_LOCATION,
    header::CONTENT_RANGE,
    header::CONTENT_TYPE,
    header::DATE,
    header::ETAG,
    header::LAST_MODIFIED,
    header::LOCATION,
    header::REFRESH,
    header::SERVER,
    header::VIA,
    header::WWW_AUTHENTICATE,
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("x-powered-by"),
    HeaderName::from_static("x-aspnet-version"),
    HeaderName::from_static("x-aspnetmvc-version"),
    HeaderName::from_static("soapaction"),
];

/// Removes the hop-by-hop fields and those that Connection names.
pub fn end_hop(headers: &mut HeaderMap) {
    if headers.contains_key(header::CONNECTION) {
        for name in named(headers) {
            headers.remove(name);
        }
    }
    remove(headers, &HOP_BY_HOP);
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

/// Removes those of the fields that are there: a message has few, the lists are long.
pub fn remove(headers: &mut HeaderMap, names: &[HeaderName]) {
    let found: Vec<HeaderName> = headers.keys().filter(|name| names.contains(name)).cloned().collect();
    for name in found {
        headers.remove(name);
    }
}

/// Removes what the caller claims of the way that its request took.
pub fn drop_claims(headers: &mut HeaderMap) {
    let forwarded: Vec<HeaderName> = headers.keys().filter(|name| name.as_str().starts_with("x-forwarded-")).cloned().collect();
    for name in CLAIMS.iter().chain(&forwarded) {
        headers.remove(name);
    }
}

/// Removes what describes the JSON of a REST request.
pub fn drop_json_request(headers: &mut HeaderMap) {
    remove(headers, &OF_THE_REQUEST);
}

/// Removes what describes the XML of a reply and the server that sent it.
pub fn drop_xml_reply(headers: &mut HeaderMap) {
    remove(headers, &OF_THE_REPLY);
}

/// A header's value as text; empty where it is missing or no text.
#[must_use]
pub fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

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
