//! The calls that clients make: requests and answers of a contract, made up by the rules of its schemas.

use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use castile::instance::Depths;
use castile::instance::Style;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::transcode::decode::Kind;
use castile::transcode::decode::Mode;
use castile::transcode::openapi;
use castile::transcode::openapi::Exposed;
use castile::transcode::openapi::Face;
use castile::wsdl::contract::Message;
use serde_json::Map;
use serde_json::Number;
use serde_json::Value;

use crate::generated::Case;
use crate::generated::envelope;
use crate::support;

/// Instances of each message beside the minimal and the maximal one.
const RANDOM: u64 = 6;

/// A contract with its calls.
pub(crate) struct Contract {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) document: Vec<u8>,
    pub(crate) calls: Vec<Call>,
}

/// One call.
#[derive(Clone)]
pub(crate) struct Call {
    /// The operationId.
    pub(crate) operation: String,
    /// The path below the gateway.
    pub(crate) route: String,
    pub(crate) request: Value,
    /// What the backend is to receive.
    pub(crate) sent: Vec<String>,
    /// What it answers.
    pub(crate) answer: String,
    /// The same as JSON.
    pub(crate) reply: Value,
    /// The contract has simple values whose type an object may name.
    pub(crate) has_typed_union: bool,
}

impl Contract {
    pub(crate) fn load(path: &Path) -> Self {
        let codec = Codec::new(Arc::new(support::load(path).unwrap()));
        let faces = Face::all(&codec);
        let document = openapi::document(&faces, "/");
        let read: Value = serde_json::from_slice(&document).unwrap();
        let depths = Arc::new(Depths::of(&codec.contract.schema));
        let has_typed_union = read["components"]["schemas"].get("xs.string").is_some();
        let mut calls: Vec<Call> = Vec::new();
        let operations = faces.iter().flat_map(|face| &face.operations);
        for ((route, methods), exposed) in read["paths"].as_object().unwrap().iter().zip(operations) {
            let (Some(input), Some(output)) = (&exposed.operation.input, &exposed.operation.output) else { continue };
            if !input.attachments.is_empty() || !output.attachments.is_empty() {
                continue;
            }
            let replies = instances(&codec, exposed, Direction::Reply, output, &depths);
            for (at, (_, request)) in instances(&codec, exposed, Direction::Request, input, &depths).into_iter().enumerate() {
                let Ok(sent) = codec.to_xml(exposed.operation, Direction::Request, request.to_string().as_bytes(), exposed.version) else {
                    continue;
                };
                let Some((answer, reply)) = replies.get(at % replies.len().max(1)).cloned() else { continue };
                let sent = likeness(&String::from_utf8(sent).unwrap());
                if calls.iter().all(|known| known.sent != sent) {
                    let operation = methods["post"]["operationId"].as_str().unwrap().to_owned();
                    calls.push(Call { operation, route: route.clone(), request, sent, answer, reply, has_typed_union });
                }
            }
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        Self { path: path.to_owned(), name, document, calls }
    }

    pub(crate) fn operations(&self, calls: &[Call]) -> usize {
        calls.iter().map(|call| &call.operation).collect::<BTreeSet<_>>().len()
    }
}

/// Messages as SOAP and as JSON, as far as languages without exact numbers can say them.
fn instances(codec: &Codec, exposed: &Exposed<'_>, direction: Direction, message: &Message, depths: &Arc<Depths>) -> Vec<(String, Value)> {
    let (operation, version) = (exposed.operation, exposed.version);
    let case = Case { operation, direction, message, version };
    let styles = [(Style::Minimal, 0), (Style::Maximal, 0)].into_iter().chain((0..RANDOM).map(|seed| (Style::Random, seed)));
    let mut all = Vec::new();
    for (style, seed) in styles {
        let soap = envelope(codec, &case, depths, style, seed).unwrap();
        let Some(decoded) = codec.to_json(operation, direction, soap.as_bytes(), Mode::Enforce).ok() else { continue };
        let value = (decoded.kind == Kind::Message).then(|| serde_json::from_slice(&decoded.json).unwrap());
        if let Some(value) = value.and_then(plain) {
            all.push((soap, value));
        }
    }
    all
}

/// The value with whole numbers as integers; none if some number is more than a float can say.
fn plain(value: Value) -> Option<Value> {
    Some(match value {
        Value::Number(number) => {
            let float = number.as_f64().filter(|float| float.abs() < 1e15 && (*float == 0.0 || float.abs() > 1e-5))?;
            #[allow(clippy::cast_possible_truncation, reason = "it has no fraction and is small")]
            Value::Number(if float.fract() == 0.0 { Number::from(float as i64) } else { number })
        }
        Value::Array(all) => Value::Array(all.into_iter().map(plain).collect::<Option<_>>()?),
        Value::Object(all) => Value::Object(all.into_iter().map(|(key, value)| Some((key, plain(value)?))).collect::<Option<Map<_, _>>>()?),
        other => other,
    })
}

/// A message as lines without prefixes; what is no XML as its text.
pub(crate) fn likeness(xml: &str) -> Vec<String> {
    support::infoset(xml).map_or_else(|error| vec![error], |lines| lines.lines().map(str::to_owned).collect())
}

/// Whether two messages are equal; numbers count by value. The members of xs:all stand in the order of the request, which classes
/// do not keep: their order does not count.
pub(crate) fn same(one: &[String], other: &[String]) -> bool {
    let equal = |one: &[String], other: &[String]| one.iter().zip(other).all(|(one, other)| one == other || same_words(one, other));
    let sorted = |lines: &[String]| {
        let mut lines = lines.to_vec();
        lines.sort_unstable();
        lines
    };
    one.len() == other.len() && (equal(one, other) || equal(&sorted(one), &sorted(other)))
}

fn same_words(one: &str, other: &str) -> bool {
    let words = |line: &str| -> Vec<String> { line.split(['"', ' ', '=']).map(str::to_owned).collect() };
    let (one, other) = (words(one), words(other));
    let equal =
        |one: &str, other: &str| one == other || matches!((one.parse::<f64>(), other.parse::<f64>()), (Ok(one), Ok(other)) if one == other);
    one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| equal(one, other))
}

/// Where two values differ; numbers count by value, an empty array as absent.
pub(crate) fn difference(wanted: &Value, found: &Value, at: &str) -> Option<String> {
    match (wanted, found) {
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => None,
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            one.iter().zip(other).enumerate().find_map(|(number, (one, other))| difference(one, other, &format!("{at}/{number}")))
        }
        (Value::Object(one), Value::Object(other)) => {
            let missing = one.iter().find_map(|(key, value)| match other.get(key) {
                Some(found) => difference(value, found, &format!("{at}/{key}")),
                None => Some(format!("{at}/{key} of the reply is lost: {value}")),
            });
            missing.or_else(|| {
                other
                    .iter()
                    .find(|(key, value)| !one.contains_key(*key) && *value != &Value::Array(Vec::new()))
                    .map(|(key, value)| format!("{at}/{key} is new: {value}"))
            })
        }
        (one, other) if one == other => None,
        (one, other) => Some(format!("{at} of the reply is {other}, expected {one}")),
    }
}
