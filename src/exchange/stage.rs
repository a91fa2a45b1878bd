//! The stages of a request. A step of the gateway consumes one and returns the next.

use std::sync::Arc;

use http::HeaderMap;
use http::HeaderValue;
use http::Method;
use http::StatusCode;
use http::uri::PathAndQuery;

use crate::exchange::body::Body;
use crate::exchange::body::Source;
use crate::exchange::call::Call;
use crate::exchange::call::Facts;

/// A request whose head and framing were found good.
#[derive(Debug)]
pub struct Received {
    /// The method.
    pub method: Method,
    /// Path and query as they came.
    pub path: PathAndQuery,
    /// The headers of the caller.
    pub headers: HeaderMap,
    /// What is known of it.
    pub facts: Facts,
    /// The message.
    pub body: Body,
}

/// A request whose operation is known.
#[derive(Debug)]
pub struct Routed {
    /// The headers of the caller.
    pub headers: HeaderMap,
    /// The call.
    pub call: Box<Call>,
    /// Values of the request that came outside its body.
    pub values: Option<Values>,
}

/// Values of a request that stand in its path and query.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Values {
    /// Number of the route among those of its service.
    pub route: usize,
    /// Number of the place of each, and its text.
    pub texts: Vec<(usize, String)>,
}

/// A request as the upstream gets it.
#[derive(Debug)]
pub struct Prepared {
    /// The headers to send, Content-Length and Host aside.
    pub headers: HeaderMap,
    /// The call; its body is the XML message of the contract.
    pub call: Box<Call>,
}

/// What the upstream answered.
#[derive(Debug)]
pub struct Answered {
    /// Its status.
    pub status: StatusCode,
    /// Its headers, hop-by-hop ones aside.
    pub headers: HeaderMap,
    /// The call; its body is the reply as it came.
    pub call: Box<Call>,
}

/// What the caller gets.
#[derive(Debug, Default)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers, those of the connection aside.
    pub headers: HeaderMap,
    /// The bytes.
    pub body: Source,
    /// The connection is closed after it: what follows on it cannot be trusted.
    pub close: bool,
}

/// A place that messages are sent to, taken apart once at load.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Endpoint {
    /// Scheme, host and port: connections to equal origins are interchangeable.
    pub origin: Arc<str>,
    /// Over TLS.
    pub tls: bool,
    /// Host name or address, without brackets.
    pub host: Arc<str>,
    /// Port.
    pub port: u16,
    /// What goes into the Host header: the host as written, the port unless it is the scheme's own.
    pub authority: HeaderValue,
    /// Path and query of the request.
    pub path: PathAndQuery,
}

impl Endpoint {
    /// Takes an `http` or `https` URL apart.
    ///
    /// # Errors
    /// In words that say what is wrong with it.
    pub fn parse(url: &str) -> Result<Self, String> {
        let uri: http::Uri = url.trim().parse().map_err(|error| format!("'{url}' is no URL: {error}"))?;
        let tls = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            Some(other) => return Err(format!("'{url}' has the scheme '{other}', expected http or https")),
            None => return Err(format!("'{url}' has no scheme, expected http://… or https://…")),
        };
        let authority = uri.authority().ok_or_else(|| format!("'{url}' names no host"))?;
        if authority.as_str().contains('@') {
            return Err(String::from("an upstream URL must not hold a user name or password"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(format!("'{url}' names no host"));
        }
        let own_port = if tls { 443 } else { 80 };
        let port = match authority.as_str().strip_prefix(authority.host()).and_then(|rest| rest.strip_prefix(':')).unwrap_or_default() {
            "" => own_port,
            text => match text.parse() {
                Ok(port @ 1..) => port,
                Ok(0) | Err(_) => return Err(format!("'{url}' has the port {text}, expected 1 to 65535")),
            },
        };
        let shown = if port == own_port { authority.host().to_owned() } else { format!("{}:{port}", authority.host()) };
        let shown = HeaderValue::from_str(&shown).map_err(|error| format!("'{url}' names no proper host: {error}"))?;
        let path = uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
        let origin = format!("{}://{}:{port}", if tls { "https" } else { "http" }, authority.host().to_ascii_lowercase());
        Ok(Self { origin: origin.into(), tls, host: host.into(), port, authority: shown, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_taken_apart() {
        let end = Endpoint::parse("https://[::1]:8443/ws/orders?v=1").expect("fine");
        assert_eq!(
            (end.tls, &*end.host, end.port, end.authority.as_bytes(), end.path.as_str()),
            (true, "::1", 8443, &b"[::1]:8443"[..], "/ws/orders?v=1")
        );
        let end = Endpoint::parse("http://erp.example:80").expect("fine");
        assert_eq!((end.authority.as_bytes(), end.path.as_str()), (&b"erp.example"[..], "/"));
    }

    #[test]
    fn what_is_no_endpoint_is_refused_in_words() {
        for (url, word) in [
            ("ftp://a/b", "scheme"),
            ("/just/a/path", "scheme"),
            ("http://me:secret@host/", "password"),
            ("", "no URL"),
            ("http://h:99999/", "65535"),
            ("http://[::1]:0/", "65535"),
        ] {
            let said = Endpoint::parse(url).expect_err(url);
            assert!(said.contains(word), "{url}: {said}");
            assert!(!said.contains("secret"));
        }
    }
}
