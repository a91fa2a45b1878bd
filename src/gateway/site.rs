//! What the gateway answers by itself: pages, published documents, OPTIONS.

use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::StatusCode;
use http::header;

use crate::exchange::body::Source;
use crate::exchange::failure::Failure;
use crate::exchange::failure::Kind;
use crate::exchange::stage::Received;
use crate::exchange::stage::Reply;
use crate::gateway::pages::PAGE_HEADERS;
use crate::gateway::plan::Plan;
use crate::gateway::plan::ServicePlan;
use crate::wsdl::publish;

/// The answer to OPTIONS.
pub(crate) fn options(allow: &'static str) -> Reply {
    let mut headers = HeaderMap::new();
    headers.insert(header::ALLOW, HeaderValue::from_static(allow));
    Reply { status: StatusCode::NO_CONTENT, headers, ..Reply::default() }
}

/// `/`.
pub(crate) fn index(plan: &Plan, received: &Received) -> Reply {
    page((plan.pages.index)(&received.facts.origin.to_string(), &plan.codecs))
}

/// `/{Service}`, with or without a query that asks for a document.
pub(crate) fn service(plan: &Plan, name: &str, service: &ServicePlan, received: &Received) -> Result<Reply, Failure> {
    let base = received.facts.origin.to_string();
    match asked(received.path.query().unwrap_or_default()) {
        Some(number) => document(service, number?, &format!("{base}/{name}")),
        None => match service.service() {
            Some(found) => Ok(page((plan.pages.service)(&base, &service.codec, found))),
            None => Err(Failure::new(Kind::Internal, "the page cannot be shown")),
        },
    }
}

/// The number of the document that a query asks for: `wsdl` is 0, `wsdl=N` and `xsd=N` are N; any letter case.
fn asked(query: &str) -> Option<Result<u32, Failure>> {
    query.split('&').find_map(|part| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let wsdl = key.eq_ignore_ascii_case("wsdl");
        if wsdl && value.is_empty() {
            return Some(Ok(0));
        }
        (wsdl || key.eq_ignore_ascii_case("xsd")).then(|| value.parse().map_err(|_| no_document()))
    })
}

fn document(service: &ServicePlan, number: u32, url: &str) -> Result<Reply, Failure> {
    let bytes = publish::document(&service.codec.contract, number, url).ok_or_else(no_document)?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"));
    Ok(Reply { headers, body: Source::of(bytes.into()), ..Reply::default() })
}

fn no_document() -> Failure {
    Failure::new(Kind::NotFound, "no such document; the contract is at ?wsdl and names the others")
}

fn page(html: String) -> Reply {
    let headers = PAGE_HEADERS.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
    Reply { headers, body: Source::of(html.into()), ..Reply::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(query: &str) -> Option<Option<u32>> {
        asked(query).map(Result::ok)
    }

    #[test]
    fn documents_are_asked_for_in_any_letter_case() {
        assert_eq!(number("WSDL"), Some(Some(0)));
        assert_eq!(number("wsdl=2"), Some(Some(2)));
        assert_eq!(number("Xsd=3"), Some(Some(3)));
        assert_eq!(number("a=1&singleWsdl"), Some(Some(0)));
        assert_eq!(number("xsd=../../etc/passwd"), Some(None));
        assert_eq!(number("lang=en"), None);
        assert_eq!(number(""), None);
    }
}
