//! Operations at verbs and paths of the operator's choice, with values of the request in path and query.

use std::borrow::Cow;

use http::Method;

use crate::config::rest::Rest;
use crate::config::rest::Segment;
use crate::exchange::call::Target;
use crate::exchange::failure::Failure;
use crate::exchange::failure::Kind;
use crate::exchange::stage::Values;
use crate::gateway::fetch::unescaped;
use crate::transcode::Codec;
use crate::transcode::parameter::Place;
use crate::wsdl::contract::Message;

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
    /// In words: which value belongs nowhere.
    pub(crate) fn new(rest: &Rest, shown: &str, codec: &Codec, message: &Message, target: Target) -> Result<Self, String> {
        let places = rest.parameters().map(|parameter| codec.place(message, &parameter.0)).collect::<Result<Vec<_>, _>>()?;
        let path = rest
            .path
            .iter()
            .map(|segment| match segment {
                Segment::Literal(text) => Part::Literal(text.clone()),
                Segment::Parameter(_) => Part::Value,
            })
            .collect();
        let method = Method::from_bytes(rest.method.as_bytes()).map_err(|error| error.to_string())?;
        let query = rest.query.iter().map(|(name, _)| name.clone()).collect();
        Ok(Self { method, shown: shown.to_owned(), path, query, places, target })
    }

    /// The path as the operator wrote it, with its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.shown.trim().split_once(' ').map_or("", |(_, path)| path.trim())
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

/// A name or value of a query, its escapes undone; a plus sign is a space (the `application/x-www-form-urlencoded` of the URL standard).
fn form(text: &str) -> Cow<'_, str> {
    if text.contains('+') { Cow::Owned(unescaped(&text.replace('+', " ")).into_owned()) } else { unescaped(text) }
}

fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(60).collect()
}
