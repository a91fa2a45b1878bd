//! Reading a document from a URL, once, at load time: redirects, sizes and times are bounded.

use std::borrow::Cow;
use std::rc::Rc;
use std::time::Duration;

use http::Request;
use http::Response;
use http::StatusCode;
use http::Uri;
use http::header;
use hyper::body::Incoming;
use tokio::runtime::LocalOptions;

use crate::exchange::headers;
use crate::exchange::media::Media;
use crate::exchange::stage::Endpoint;
use crate::gateway::coding;
use crate::gateway::coding::Extent;
use crate::gateway::connect::client_tls;
use crate::gateway::connect::connect;
use crate::gateway::outgoing::Allowance;
use crate::gateway::outgoing::Collected;
use crate::gateway::outgoing::Outgoing;
use crate::gateway::outgoing::collect;
use crate::gateway::room::Share;

/// A document as it was fetched.
#[derive(Debug)]
pub(crate) struct Document {
    /// The URL in the end, after redirects.
    pub(crate) url: String,
    pub(crate) bytes: Vec<u8>,
    /// The charset of its content type.
    pub(crate) charset: Option<String>,
}

/// Fetches documents.
#[derive(Clone, Debug, Default)]
pub(crate) struct Client {
    /// PEM text of roots to trust besides the public ones.
    pub(crate) roots: Option<Vec<u8>>,
}

const LARGEST: usize = 64 << 20;
const PATIENCE: Duration = Duration::from_secs(30);
const REDIRECTS: usize = 5;

impl Client {
    /// Gets a document; with `host`, redirects to other hosts are not followed. Blocks; not for use where requests are served.
    pub(crate) fn get(&self, url: &str, host: Option<&str>) -> Result<Document, String> {
        // A thread of its own, so that the caller may itself be inside a runtime.
        let outcome = std::thread::scope(|scope| scope.spawn(|| self.get_here(url, host)).join());
        outcome.unwrap_or_else(|_| Err(String::from("fetching it failed in the gateway itself")))
    }

    fn get_here(&self, url: &str, host: Option<&str>) -> Result<Document, String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build_local(LocalOptions::default())
            .map_err(|error| error.to_string())?;
        let fetched = runtime.block_on(async {
            let late = || Err(format!("no answer within {} s", PATIENCE.as_secs()));
            tokio::time::timeout(PATIENCE, self.follow(url, host)).await.unwrap_or_else(|_| late())
        });
        runtime.shutdown_background();
        fetched
    }

    async fn follow(&self, url: &str, host: Option<&str>) -> Result<Document, String> {
        let mut url = url.to_owned();
        for _ in 0..=REDIRECTS {
            let (response, lease) = self.ask(&url).await?;
            if !response.status().is_redirection() {
                let document = read(url, response).await;
                drop(lease);
                return document;
            }
            let target = headers::text(response.headers(), &header::LOCATION);
            let next = join(&url, target).ok_or_else(|| format!("it redirects to '{target}', which is no http(s) URL"))?;
            if host.is_some_and(|host| self::host(&next).as_deref() != Some(host)) {
                return Err(format!("it redirects to another host: {next}"));
            }
            url = next;
        }
        Err(format!("it redirects more than {REDIRECTS} times"))
    }

    async fn ask(&self, url: &str) -> Result<(Response<Incoming>, Rc<dyn std::any::Any>), String> {
        let endpoint = Endpoint::parse(url)?;
        let tls = client_tls(self.roots.as_deref())?;
        let mut sender =
            connect(&endpoint, &tls, PATIENCE).await.map_err(|error| format!("cannot connect to {}: {error}", endpoint.origin))?;
        let request = Request::get(Uri::from(endpoint.path.clone()))
            .header(header::HOST, &endpoint.authority)
            .header(header::ACCEPT, "text/xml, application/xml, */*;q=0.5")
            .header(header::ACCEPT_ENCODING, "gzip")
            .header(header::USER_AGENT, concat!("castile/", env!("CARGO_PKG_VERSION")))
            .body(Outgoing::Whole(None))
            .map_err(|error| error.to_string())?;
        let response = sender.send_request(request).await.map_err(|error| format!("no answer from {}: {error}", endpoint.origin))?;
        Ok((response, Rc::new(sender)))
    }
}

async fn read(url: String, response: Response<Incoming>) -> Result<Document, String> {
    let (parts, mut incoming) = response.into_parts();
    if parts.status != StatusCode::OK {
        return Err(format!("the server answered {}", parts.status));
    }
    let share = Share::of(&Rc::default());
    let allowance = Allowance { limit: LARGEST, share: &share, most: usize::MAX };
    let bytes = match collect(&mut incoming, allowance).await.map_err(|error| format!("the answer broke off: {error}"))? {
        Collected::Whole(bytes) => bytes,
        Collected::Beyond(_) | Collected::NoRoom => return Err(format!("it is larger than {} MiB", LARGEST >> 20)),
    };
    let bytes = coding::decode(&bytes, &parts.headers, LARGEST, Extent::Whole)
        .map_err(|error| format!("its content coding cannot be undone: {error:?}"))?;
    let media = Media::parse(headers::text(&parts.headers, &header::CONTENT_TYPE));
    Ok(Document { url, bytes: bytes.into_owned(), charset: media.parameter("charset").map(str::to_owned) })
}

/// Begins as an http(s) URL does.
pub(crate) fn is_url(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

/// The host of a URL, in lower case; none for a path.
pub(crate) fn host(url: &str) -> Option<String> {
    if !is_url(url) {
        return None;
    }
    url.parse::<Uri>().ok()?.host().map(str::to_ascii_lowercase)
}

/// Resolves a reference against the http(s) URL that it stands in (RFC 3986 section 5.2); none where that is no http(s) URL.
pub(crate) fn join(base: &str, reference: &str) -> Option<String> {
    let reference = reference.split('#').next().unwrap_or_default().trim();
    if is_url(reference) {
        return Some(reference.to_owned());
    }
    let scheme_end = base.find("://")?;
    let authority_end = base[scheme_end + 3..].find(['/', '?', '#']).map_or(base.len(), |at| scheme_end + 3 + at);
    if let Some(rest) = reference.strip_prefix("//") {
        return Some(format!("{}://{rest}", &base[..scheme_end]));
    }
    let first_segment = reference.split(['/', '?']).next().unwrap_or_default();
    if first_segment.contains(':') {
        return None;
    }
    let base_path = base[authority_end..].split(['?', '#']).next().unwrap_or_default();
    let (path, query) = reference.split_once('?').map_or((reference, None), |(path, query)| (path, Some(query)));
    let merged = match path {
        "" => base_path.to_owned(),
        path if path.starts_with('/') => path.to_owned(),
        path => format!("{}/{path}", base_path.rsplit_once('/').map_or("", |(folder, _)| folder)),
    };
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    Some(format!("{}{}{query}", &base[..authority_end], without_dots(&merged)))
}

/// `/a/./b/../c` is `/a/c` (RFC 3986 section 5.2.4).
fn without_dots(path: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(usize::from(path.starts_with('/'))).peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." => {}
            ".." => {
                out.pop();
            }
            other => {
                out.push(other);
                continue;
            }
        }
        if last {
            out.push("");
        }
    }
    format!("/{}", out.join("/"))
}

/// Percent-encoding undone, where the result is text.
pub(crate) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        rest = more;
        if *first == b'%'
            && let [high, low, after @ ..] = more
            && let (Some(high), Some(low)) = (char::from(*high).to_digit(16), char::from(*low).to_digit(16))
        {
            out.push(u8::try_from(high * 16 + low).unwrap_or_default());
            rest = after;
        } else {
            out.push(*first);
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_against_the_url_they_stand_in() {
        let base = "https://h.example:8443/ws/orders.asmx?WSDL";
        for (reference, url) in [
            ("types.xsd", "https://h.example:8443/ws/types.xsd"),
            ("../x/./types.xsd", "https://h.example:8443/x/types.xsd"),
            ("../../../types.xsd", "https://h.example:8443/types.xsd"),
            ("/a.xsd?x=1#frag", "https://h.example:8443/a.xsd?x=1"),
            ("?xsd=xsd0", "https://h.example:8443/ws/orders.asmx?xsd=xsd0"),
            ("//other.example/a.xsd", "https://other.example/a.xsd"),
            ("http://other.example/a.xsd", "http://other.example/a.xsd"),
        ] {
            assert_eq!(join(base, reference).as_deref(), Some(url), "{reference}");
        }
        assert_eq!(join("http://h.example", "a.xsd").as_deref(), Some("http://h.example/a.xsd"));
        assert_eq!(join(base, "file:///etc/passwd"), None);
        assert_eq!(join(base, "urn:a:b"), None);
    }

    #[test]
    fn percent_encoding_is_undone_where_the_result_is_text() {
        assert_eq!(unescaped("B%C3%BCcher%2fX"), "B\u{fc}cher/X");
        assert_eq!(unescaped("%zz%"), "%zz%");
        assert_eq!(unescaped("%ff"), "%ff");
    }

    #[test]
    fn hosts_are_compared_in_lower_case() {
        assert_eq!(host("HTTP://H.Example:80/a"), Some(String::from("h.example")));
        assert_eq!(host("dir/a.wsdl"), None);
    }
}
