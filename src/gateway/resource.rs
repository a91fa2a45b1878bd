//! Operations at verbs and paths of the operator's choice, with values of the request in path and query.

use std::borrow::Cow;
use std::fmt::Write;

use http::Method;

use crate::config::rest::Rest;
use crate::config::rest::Segment;
use crate::exchange::call::Target;
use crate::exchange::failure::Failure;
use crate::exchange::failure::Kind;
use crate::exchange::stage::Values;
use crate::gateway::fetch::unescaped;
use crate::json::limits::Limits;
use crate::transcode::Codec;
use crate::transcode::encode::JsonFault;
use crate::transcode::example::Placed;
use crate::transcode::parameter;
use crate::transcode::parameter::Place;
use crate::wsdl::contract::Message;
use crate::wsdl::contract::SoapVersion;

/// The verb and path of an operation.
#[derive(Debug)]
pub struct RestRoute {
    /// The verb.
    pub method: Method,
    /// As the operator wrote it.
    pub shown: String,
    path: Vec<Part>,
    query: Vec<String>,
    /// Where the values belong: those of the path, then those of the query.
    pub places: Vec<Place>,
    /// What is called.
    pub target: Target,
}

#[derive(PartialEq, Eq, Debug)]
enum Part {
    Literal(String),
    Value,
}

impl RestRoute {
    /// Finds where the values of a route belong in the request of its operation.
    ///
    /// # Errors
    /// In words: which values belong nowhere.
    pub(crate) fn new(rest: &Rest, shown: &str, codec: &Codec, message: &Message, target: Target) -> Result<Self, Vec<String>> {
        let mut places = Vec::new();
        let mut faults = Vec::new();
        for parameter in rest.parameters() {
            match codec.place(message, &parameter.0) {
                Ok(place) => places.push(place),
                Err(fault) => faults.push(fault),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let path = rest
            .path
            .iter()
            .map(|segment| match segment {
                Segment::Literal(text) => Part::Literal(text.clone()),
                Segment::Parameter(_) => Part::Value,
            })
            .collect();
        let method = Method::from_bytes(rest.method.as_bytes()).map_err(|error| vec![error.to_string()])?;
        let query = rest.query.iter().map(|(name, _)| name.clone()).collect();
        Ok(Self { method, shown: shown.to_owned(), path, query, places, target })
    }

    /// The path as the operator wrote it, with its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.shown.trim().split_once(' ').map_or("", |(_, path)| path.trim())
    }

    /// Path and query with these values in them, escaped.
    #[must_use]
    pub fn address(&self, placed: &Placed) -> String {
        let mut values = placed.path.iter();
        let mut address = String::new();
        for part in &self.path {
            address.push('/');
            match part {
                Part::Literal(text) => escape(text, &mut address),
                Part::Value => escape(values.next().map_or("", String::as_str), &mut address),
            }
        }
        let pairs = self.query.iter().zip(&placed.query).filter_map(|(name, value)| Some((name, value.as_ref()?)));
        for (number, (name, value)) in pairs.enumerate() {
            address.push(if number == 0 { '?' } else { '&' });
            escape(name, &mut address);
            address.push('=');
            escape(value, &mut address);
        }
        address
    }

    /// Whether its requests have a body.
    #[must_use]
    pub fn has_body(&self) -> bool {
        !matches!(self.method, Method::GET | Method::DELETE)
    }

    /// The places of the values in the path, in its order.
    #[must_use]
    pub fn in_path(&self) -> Vec<&Place> {
        let count = self.path.iter().filter(|part| **part == Part::Value).count();
        self.places.iter().take(count).collect()
    }

    /// The places of the values in the query, by name.
    #[must_use]
    pub fn in_query(&self) -> Vec<(&str, &Place)> {
        let count = self.path.iter().filter(|part| **part == Part::Value).count();
        self.query.iter().map(String::as_str).zip(self.places.iter().skip(count)).collect()
    }

    /// The values that a path holds, if it is of this route. The path begins with a slash.
    pub(crate) fn captures(&self, path: &str) -> Option<Vec<String>> {
        let path = path.strip_prefix('/')?;
        let path = path.strip_suffix('/').unwrap_or(path);
        let mut segments = path.split('/');
        let mut values = Vec::new();
        for part in &self.path {
            let segment = unescaped(segments.next()?);
            match part {
                Part::Literal(text) if *text == segment => {}
                Part::Value if !segment.is_empty() => values.push(segment.into_owned()),
                Part::Literal(_) | Part::Value => return None,
            }
        }
        segments.next().is_none().then_some(values)
    }

    /// Whether every path of this route lies at or below one.
    pub(crate) fn is_below(&self, path: &str) -> bool {
        let segments = path.trim_start_matches('/').split('/');
        let mut parts = self.path.iter();
        segments.into_iter().all(|segment| parts.next().is_some_and(|part| matches!(part, Part::Literal(text) if text == segment)))
    }

    /// What every request without a body lacks, in words: tried with all the values of the query, with none and with each alone.
    pub(crate) fn lack(&self, codec: &Codec, message: &Message, version: SoapVersion, limits: &Limits) -> Option<String> {
        const MOST: usize = 50;
        let fixed = self.in_path().len();
        let (path, query) = self.places.split_at_checked(fixed)?;
        let tried = |query: &[Place]| {
            let places: Vec<&Place> = path.iter().chain(query).collect();
            lacking(codec, message, version, limits, &places)
        };
        let all = tried(query);
        let alone = || query.iter().take(MOST).any(|one| tried(std::slice::from_ref(one)).is_empty());
        if all.is_empty() || tried(&[]).is_empty() || alone() {
            return None;
        }
        Some(all.join("; "))
    }

    /// How many segments are fixed, the first ones counting most: of two routes for a path the more fixed one goes first.
    pub(crate) fn fixedness(&self) -> Vec<bool> {
        self.path.iter().map(|part| *part == Part::Value).collect()
    }

    /// All values of a request: those of the path and those of the query.
    pub(crate) fn values(&self, number: usize, captures: Vec<String>, query: &str) -> Result<Values, Failure> {
        let first = captures.len();
        let mut texts: Vec<(usize, String)> = captures.into_iter().enumerate().collect();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (form(name), form(value));
            let Some(at) = self.query.iter().position(|known| *known == name) else {
                let known =
                    if self.query.is_empty() { String::from("none is known here") } else { format!("known: {}", self.query.join(", ")) };
                return Err(Failure::new(Kind::Message, format!("there is no query parameter '{}'; {known}", shown(&name))));
            };
            if texts.iter().any(|(taken, _)| *taken == first + at) {
                return Err(Failure::new(
                    Kind::Message,
                    format!("the query parameter '{}' is there twice; it has one value", shown(&name)),
                ));
            }
            texts.push((first + at, value.into_owned()));
        }
        Ok(Values { route: number, texts })
    }
}

/// What a request with values at these places only lacks, in words. The values themselves are made up, and not judged.
fn lacking(codec: &Codec, message: &Message, version: SoapVersion, limits: &Limits, places: &[&Place]) -> Vec<String> {
    let values: Vec<_> = places.iter().map(|place| (*place, place.sample())).collect();
    let Ok(json) = parameter::lay(b"", &values, limits) else { return Vec::new() };
    let Err(found) = codec.to_message(message, &json, version, limits) else { return Vec::new() };
    let own: Vec<String> = places.iter().map(|place| place.pointer()).collect();
    let is_lack = |fault: &&JsonFault| {
        ["missing", "expected one of", "expected at least", "its content ends too early"]
            .iter()
            .any(|words| fault.detail.starts_with(words))
            && !own.iter().any(|pointer| *pointer == fault.pointer || pointer.strip_suffix("/$value") == Some(&fault.pointer))
    };
    let told = |fault: &JsonFault| {
        let name = fault.pointer.trim_start_matches(['#', '/']);
        match (fault.detail.starts_with("missing"), name) {
            (true, _) => format!("'{name}' must be there and stands neither in the path nor in the query"),
            (false, "") => format!("in the request {}", fault.detail),
            (false, _) => format!("in '{name}' {}", fault.detail),
        }
    };
    found.faults.iter().filter(is_lack).map(told).collect()
}

/// A name or value of a query, its escapes undone; a plus sign is a space (the `application/x-www-form-urlencoded` of the URL standard).
fn form(text: &str) -> Cow<'_, str> {
    if text.contains('+') { Cow::Owned(unescaped(&text.replace('+', " ")).into_owned()) } else { unescaped(text) }
}

/// Everything but what RFC 3986 calls unreserved is escaped.
fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(60).collect()
}
