//! What the gateway answers by itself: pages, published documents, OPTIONS.
//!
//! Pages and documents of a large contract take a while to make: that happens on a thread of its own, never where requests
//! are served, and the last few are kept.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use bytes::Bytes;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::StatusCode;
use http::header;
use tokio::sync::Semaphore;

use crate::exchange::body::Source;
use crate::exchange::call::Target;
use crate::exchange::failure::Failure;
use crate::exchange::failure::Kind;
use crate::exchange::stage::Reply;
use crate::gateway::coding;
use crate::gateway::pages::Asset;
use crate::gateway::pages::PAGE_HEADERS;
use crate::gateway::pages::Shown;
use crate::gateway::pages::TRY_HEADERS;
use crate::gateway::plan::Plan;
use crate::gateway::plan::ServicePlan;
use crate::transcode::openapi;
use crate::transcode::openapi::Exposed;
use crate::transcode::openapi::Face;
use crate::wsdl::publish;

/// What is asked of the gateway itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Ask {
    /// OPTIONS, where these methods are possible.
    Options(Cow<'static, str>),
    /// A page or a document, with addresses that begin with this scheme and host.
    Make(Thing, String),
    /// A file that a page loads; whether the caller takes it packed.
    Asset(Asset, bool),
}

/// A page or a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Thing {
    /// The services of a listener.
    Index(usize),
    /// The page of a service, by its number.
    Service(usize),
    /// The page that calls its operations.
    Try(usize),
    /// The OpenAPI document of a listener's services, or of one service.
    Contract(usize, Option<usize>),
    /// A document of a service, as callers of a listener see it.
    Document(usize, u32, usize),
}

/// The pages and documents made last.
#[derive(Debug)]
pub(crate) struct Shelf {
    made: Mutex<VecDeque<(Thing, String, Bytes)>>,
    /// How many are made at one time.
    makers: Semaphore,
}

const KEPT: usize = 16;
const MAKERS: usize = 2;
/// No file of ours is larger.
const UNPACKED: usize = 16 * 1024 * 1024;

impl Default for Shelf {
    fn default() -> Self {
        Self { made: Mutex::default(), makers: Semaphore::new(MAKERS) }
    }
}

/// What a GET of a service's path is for: its page, or the document that the query names.
pub(crate) fn ask(service: usize, listener: usize, query: &str, base: String) -> Result<Ask, Failure> {
    let thing = match asked(query) {
        None => Thing::Service(service),
        Some(number) => Thing::Document(service, number?, listener),
    };
    Ok(Ask::Make(thing, base))
}

/// Answers.
pub(crate) async fn answer(plan: &Arc<Plan>, ask: Ask) -> Result<Reply, Failure> {
    let (thing, base) = match ask {
        Ask::Options(allow) => {
            let allow = HeaderValue::from_str(&allow).unwrap_or(HeaderValue::from_static(""));
            let headers = HeaderMap::from_iter([(header::ALLOW, allow)]);
            return Ok(Reply { status: StatusCode::NO_CONTENT, headers, ..Reply::default() });
        }
        Ask::Asset(asset, packed) => return asset_reply(asset, packed).await,
        Ask::Make(thing, base) => (thing, base),
    };
    let fixed = |headers: &'static [(&str, &str)]| -> HeaderMap {
        headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    };
    let headers = match thing {
        Thing::Document(..) => HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"))]),
        Thing::Contract(..) => HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]),
        Thing::Index(_) | Thing::Service(_) => fixed(&PAGE_HEADERS),
        Thing::Try(_) => fixed(&TRY_HEADERS),
    };
    let bytes = match plan.shelf.find(&thing, &base) {
        Some(bytes) => bytes,
        None => made(plan, thing, base).await?,
    };
    Ok(Reply { headers, body: Source::of(bytes), ..Reply::default() })
}

/// A file as it is, or unpacked for a caller who takes no gzip.
async fn asset_reply(asset: Asset, packed: bool) -> Result<Reply, Failure> {
    let broken = || Failure::new(Kind::Internal, "the file cannot be unpacked");
    let mut headers = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.media)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("max-age=3600")),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ]);
    let mut bytes = Bytes::from_static(asset.bytes);
    if asset.packed && packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    } else if asset.packed {
        let unpacking = tokio::task::spawn_blocking(move || coding::unpacked(asset.bytes, UNPACKED));
        let unpacked = unpacking.await.map_err(|error| broken().because(error))?;
        bytes = unpacked.map_err(|_| broken())?.into();
    }
    Ok(Reply { headers, body: Source::of(bytes), ..Reply::default() })
}

async fn made(plan: &Arc<Plan>, thing: Thing, base: String) -> Result<Bytes, Failure> {
    let broken = || Failure::new(Kind::Internal, "the page cannot be shown");
    let _turn = plan.shelf.makers.acquire().await.map_err(|error| broken().because(error))?;
    let (plan, failed) = (Arc::clone(plan), broken());
    let making = tokio::task::spawn_blocking(move || {
        let bytes = make(&plan, &thing, &base)?;
        plan.shelf.keep(thing, base, bytes.clone());
        Ok(bytes)
    });
    making.await.unwrap_or_else(|error| Err(failed.because(error)))
}

fn make(plan: &Plan, thing: &Thing, base: &str) -> Result<Bytes, Failure> {
    let service = |number: usize| plan.service(number).ok_or_else(no_document);
    match thing {
        Thing::Index(listener) => {
            let shown: Vec<_> = plan.services(*listener).filter_map(Shown::of).collect();
            Ok((plan.pages.index)(base, &shown).into())
        }
        Thing::Service(number) => {
            let shown = Shown::of(service(*number)?).ok_or_else(no_document)?;
            Ok((plan.pages.service)(base, &shown).into())
        }
        Thing::Try(number) => {
            let shown = Shown::of(service(*number)?).ok_or_else(no_document)?;
            Ok((plan.pages.try_it)(&shown).into())
        }
        Thing::Contract(listener, only) => {
            let wanted = |service: &&ServicePlan| only.is_none_or(|number| number == service.number);
            let faces: Vec<_> = plan.services(*listener).filter(wanted).filter_map(face).collect();
            Ok(openapi::document(&faces, base).into())
        }
        Thing::Document(place, number, listener) => {
            let service = service(*place)?;
            let url = |service: &ServicePlan| format!("{base}{}", service.path);
            let mut urls: Vec<(&str, String)> = vec![(service.contract_name(), url(service))];
            let others = plan.services(*listener).filter(|other| Arc::ptr_eq(&other.codec.contract, &service.codec.contract));
            urls.extend(others.map(|other| (other.contract_name(), url(other))));
            let document = publish::document_among(&service.codec.contract, *number, &url(service), &urls);
            document.map(Bytes::from).ok_or_else(no_document)
        }
    }
}

impl Plan {
    /// The OpenAPI document of these services, or of all where none is named; `server` is the URL before the paths.
    #[must_use]
    pub fn openapi(&self, names: &[String], server: &str) -> Vec<u8> {
        let wanted = |service: &&ServicePlan| names.is_empty() || names.iter().any(|name| **name == *service.name);
        let faces: Vec<_> = self.all().iter().filter(wanted).filter_map(face).collect();
        openapi::document(&faces, server)
    }
}

/// A service as its OpenAPI document shows it; the operations stand in the order of the contract.
fn face(service: &ServicePlan) -> Option<Face<'_>> {
    let faults = |target: &Target| service.own(target).map(|own| own.faults.clone()).unwrap_or_default();
    let mut all: Vec<(usize, usize, Exposed<'_>)> = Vec::new();
    for target in service.rest.values() {
        let (operation, version) = (target.operation()?, target.port()?.soap?);
        all.push((target.port, target.operation, Exposed { faults: faults(target), ..Exposed::by_name(operation, version) }));
    }
    for route in &service.routes {
        let (operation, version) = (route.target.operation()?, route.target.port()?.soap?);
        let exposed = Exposed {
            operation,
            version,
            method: route.method.as_str(),
            path: route.path().to_owned(),
            in_path: route.in_path(),
            in_query: route.in_query(),
            faults: faults(&route.target),
        };
        all.push((route.target.port, route.target.operation, exposed));
    }
    all.sort_by_key(|(port, operation, _)| (*port, *operation));
    let operations = all.into_iter().map(|(_, _, exposed)| exposed).collect();
    Some(Face { codec: &service.codec, service: service.service()?, name: &service.name, path: service.path.to_string(), operations })
}

impl Shelf {
    fn find(&self, thing: &Thing, base: &str) -> Option<Bytes> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.iter().find(|(kept, of, _)| kept == thing && of == base).map(|(_, _, bytes)| bytes.clone())
    }

    fn keep(&self, thing: Thing, base: String, bytes: Bytes) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.push_front((thing, base, bytes));
        made.truncate(KEPT);
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

fn no_document() -> Failure {
    Failure::new(Kind::NotFound, "no such document; the contract is at ?wsdl and names the others")
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
        assert_eq!(number("a=1&wsdl="), Some(Some(0)));
        assert_eq!(number("xsd=../../etc/passwd"), Some(None));
        assert_eq!(number("lang=en"), None);
        assert_eq!(number(""), None);
    }
}
