//! A YAML document as a tree in which every key and value knows its place.
//!
//! One document, in YAML 1.2's core schema. Keys are strings, each once in its mapping; tags are refused. Anchors and aliases work
//! within a bound. A value that is `${env:NAME}` or `${file:PATH}` and nothing else, in quotes, is replaced by what the
//! operator's environment or file holds. Knows nothing of what the keys mean.

use std::collections::HashMap;
use std::collections::HashSet;

use saphyr_parser::Event;
use saphyr_parser::Parser;
use saphyr_parser::ScalarStyle;
use saphyr_parser::Span;
use serde_json::Map;
use serde_json::Value;

use crate::config::Surroundings;
use crate::config::units::Secret;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::SourceId;

/// Nodes of a document, aliases expanded.
const MAX_NODES: usize = 100_000;
/// Mappings and lists in one another.
const MAX_DEPTH: usize = 64;

/// Where keys and values stand, by JSON Pointer.
#[derive(Debug, Default)]
pub struct Places {
    keys: HashMap<String, Place>,
    values: HashMap<String, Place>,
    /// Values that came from the environment or a file: never shown.
    secrets: HashMap<String, Secret>,
}

impl Places {
    /// The place of a value.
    #[must_use]
    pub fn value(&self, pointer: &str) -> Option<Place> {
        self.values.get(pointer).copied()
    }

    /// The place of the key that names a value; of an item or the root, that of the value.
    #[must_use]
    pub fn key(&self, pointer: &str) -> Option<Place> {
        self.keys.get(pointer).copied().or_else(|| self.value(pointer))
    }

    /// Whether a value came from the environment or a file.
    #[must_use]
    pub fn is_secret(&self, pointer: &str) -> bool {
        self.secrets.contains_key(pointer)
    }

    /// A message about a value without the value's text, if that came from the environment or a file.
    pub(crate) fn masked(&self, pointer: &str, message: String) -> String {
        match self.secrets.get(pointer).map(Secret::reveal).filter(|text| !text.is_empty()) {
            Some(text) => message.replace(&format!("'{text}'"), "the value that is referred to").replace(text, "…"),
            None => message,
        }
    }
}

/// What a document holds.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) value: Value,
    pub(super) places: Places,
    /// Values that are references to nothing: what is wrong with them has been said.
    pub(super) unresolved: HashSet<String>,
    /// Numbers that are no integers of 64 bits, as they are written.
    pub(super) odd_numbers: HashMap<String, String>,
}

/// Appends a key to a JSON Pointer.
pub(crate) fn join(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Reads a document; what is wrong with it is added to `faults`. Nothing is given where the YAML itself is broken.
pub(super) fn read(source: SourceId, text: &str, surroundings: &dyn Surroundings, faults: &mut Vec<Diagnostic>) -> Option<Tree> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        source,
        offsets: offsets(text),
        surroundings,
        faults,
        anchors: HashMap::new(),
        places: Places::default(),
        nodes: 0,
        unresolved: HashSet::new(),
        odd_numbers: HashMap::new(),
    };
    match reader.document() {
        Ok(value) => Some(Tree { value, places: reader.places, unresolved: reader.unresolved, odd_numbers: reader.odd_numbers }),
        Err(fault) => {
            faults.push(*fault);
            None
        }
    }
}

/// The byte offset of each character; none where all are ASCII.
fn offsets(text: &str) -> Option<Vec<u32>> {
    (!text.is_ascii())
        .then(|| text.char_indices().map(|(at, _)| at).chain([text.len()]).map(|at| u32::try_from(at).unwrap_or(u32::MAX)).collect())
}

type Broken = Box<Diagnostic>;

struct Reader<'t> {
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
    source: SourceId,
    offsets: Option<Vec<u32>>,
    surroundings: &'t dyn Surroundings,
    faults: &'t mut Vec<Diagnostic>,
    /// What anchors name, and its pointer.
    anchors: HashMap<usize, (Value, String)>,
    places: Places,
    nodes: usize,
    unresolved: HashSet<String>,
    odd_numbers: HashMap<String, String>,
}

impl<'t> Reader<'t> {
    fn document(&mut self) -> Result<Value, Broken> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
                Event::Alias(_) | Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) if root.is_some() => {
                    self.faults.push(*self.broken(span, "found a second document, expected one"));
                    break;
                }
                Event::Alias(_)
                | Event::Scalar(..)
                | Event::SequenceStart(..)
                | Event::MappingStart(..)
                | Event::SequenceEnd
                | Event::MappingEnd => root = Some(self.node(event, span, "", 0)?),
            }
        }
        if root.is_none() {
            self.places.values.insert(String::new(), self.place(0));
        }
        Ok(root.unwrap_or(Value::Null))
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), Broken> {
        match self.parser.next_event() {
            Some(Ok(found)) => Ok(found),
            Some(Err(error)) => {
                let place = self.place(error.marker().index());
                Err(Box::new(Diagnostic::error("not-yaml", place, format!("this is no YAML: {}", error.info()))))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event<'t>, span: Span, pointer: &str, depth: usize) -> Result<Value, Broken> {
        self.nodes += 1;
        if self.nodes > MAX_NODES || depth > MAX_DEPTH {
            return Err(self.broken(span, &format!("this is too large: at most {MAX_NODES} values, {MAX_DEPTH} deep, are read")));
        }
        let place = self.place(span.start.index());
        self.places.values.insert(pointer.to_owned(), place);
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                if tag.is_some() {
                    self.tag(span);
                    self.unresolved.insert(pointer.to_owned());
                    (Value::String(text.into_owned()), anchor)
                } else {
                    (self.scalar(&text, style, pointer, place), anchor)
                }
            }
            Event::SequenceStart(anchor, tag) => {
                tag.iter().for_each(|_| self.tag(span));
                (self.sequence(pointer, depth)?, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                tag.iter().for_each(|_| self.tag(span));
                (self.mapping(pointer, depth)?, anchor)
            }
            Event::Alias(id) => {
                let (value, from) = self.anchors.get(&id).cloned().unwrap_or_default();
                self.note_copies(&value, &from, pointer, place);
                if self.nodes > MAX_NODES {
                    return Err(self.broken(span, &format!("this is too large: at most {MAX_NODES} values are read")));
                }
                (value, 0)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => (Value::Null, 0),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, (value.clone(), pointer.to_owned()));
        }
        Ok(value)
    }

    fn sequence(&mut self, pointer: &str, depth: usize) -> Result<Value, Broken> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd | Event::StreamEnd) {
                return Ok(Value::Array(items));
            }
            let item = self.node(event, span, &format!("{pointer}/{}", items.len()), depth + 1)?;
            items.push(item);
        }
    }

    fn mapping(&mut self, pointer: &str, depth: usize) -> Result<Value, Broken> {
        let mut members = Map::new();
        loop {
            let (event, span) = self.next()?;
            let place = self.place(span.start.index());
            let key = match event {
                Event::MappingEnd | Event::StreamEnd => return Ok(Value::Object(members)),
                Event::Scalar(text, _, _, tag) => {
                    tag.iter().for_each(|_| self.tag(span));
                    text.into_owned()
                }
                Event::Nothing
                | Event::StreamStart
                | Event::DocumentStart(_)
                | Event::DocumentEnd
                | Event::Alias(_)
                | Event::SequenceStart(..)
                | Event::SequenceEnd
                | Event::MappingStart(..) => {
                    self.faults.push(*self.broken(span, "expected a name as key"));
                    let nowhere = format!("{pointer}#key");
                    let _ = self.node(event, span, &nowhere, depth + 1)?;
                    let (event, span) = self.next()?;
                    let _ = self.node(event, span, &nowhere, depth + 1)?;
                    continue;
                }
            };
            let inner = join(pointer, &key);
            let known = self.places.keys.get(&inner).copied().filter(|_| members.contains_key(&key));
            let (event, span) = self.next()?;
            if known.is_some() {
                self.faults.push(Diagnostic::error("duplicate-key", place, format!("found '{key}' a second time, expected each key once")));
                let _ = self.node(event, span, &format!("{inner}#again"), depth + 1)?;
                continue;
            }
            self.places.keys.insert(inner.clone(), place);
            let value = self.node(event, span, &inner, depth + 1)?;
            members.insert(key, value);
        }
    }

    /// A scalar by the core schema; a quoted reference to the surroundings is followed.
    fn scalar(&mut self, text: &str, style: ScalarStyle, pointer: &str, place: Place) -> Value {
        let told = match Reference::find(text) {
            Reference::None if style == ScalarStyle::Plain => {
                let value = plain(text);
                if let Value::Number(number) = &value
                    && !number.is_u64()
                    && !number.is_i64()
                {
                    self.odd_numbers.insert(pointer.to_owned(), text.to_owned());
                }
                return value;
            }
            Reference::None => return Value::String(text.to_owned()),
            Reference::Whole(_) if style == ScalarStyle::Plain => {
                Diagnostic::error("unquoted-reference", place, format!("found {text} without quotes, expected \"{text}\""))
            }
            Reference::Whole(inner) => match self.referenced(inner) {
                Ok(found) => {
                    self.places.secrets.insert(pointer.to_owned(), Secret::new(found.clone()));
                    return Value::String(found);
                }
                Err(message) => Diagnostic::error("unresolved-reference", place, message),
            },
            Reference::Part(kind) => {
                let message = format!(
                    "found ${{{kind}:…}} with other text around it or without its end, expected \"${{{kind}:…}}\" as the whole value, in quotes"
                );
                Diagnostic::error("partial-reference", place, message)
            }
        };
        self.faults.push(told);
        self.unresolved.insert(pointer.to_owned());
        Value::String(text.to_owned())
    }

    /// What a reference leads to.
    fn referenced(&self, inner: &str) -> Result<String, String> {
        let (kind, name) = inner.split_once(':').unwrap_or((inner, ""));
        match kind {
            "env" => self
                .surroundings
                .variable(name)
                .ok_or_else(|| format!("the environment variable {name} is not set, expected the value in it")),
            "file" => self.surroundings.secret(name).map(|text| text.trim_end_matches(['\r', '\n']).to_owned()),
            _ => Err(format!("found '${{{inner}}}', expected \"${{env:NAME}}\" or \"${{file:PATH}}\"")),
        }
    }

    fn tag(&mut self, span: Span) {
        let told = self.broken(span, "found a tag, expected a plain value: tags are not supported");
        self.faults.push(*told);
    }

    /// The values of an expanded alias stand where the alias does; what is secret or told of in one is so in the other.
    fn note_copies(&mut self, value: &Value, from: &str, pointer: &str, place: Place) {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return;
        }
        self.places.values.insert(pointer.to_owned(), place);
        match value {
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.note_copies(item, &format!("{from}/{at}"), &format!("{pointer}/{at}"), place);
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    self.note_copies(member, &join(from, key), &join(pointer, key), place);
                }
            }
            Value::String(_) => {
                if let Some(secret) = self.places.secrets.get(from).cloned() {
                    self.places.secrets.insert(pointer.to_owned(), secret);
                }
                if self.unresolved.contains(from) {
                    self.unresolved.insert(pointer.to_owned());
                }
            }
            Value::Number(_) => {
                if let Some(text) = self.odd_numbers.get(from).cloned() {
                    self.odd_numbers.insert(pointer.to_owned(), text);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn place(&self, character: usize) -> Place {
        let offset = match &self.offsets {
            Some(offsets) => offsets.get(character).or(offsets.last()).copied().unwrap_or(0),
            None => u32::try_from(character).unwrap_or(u32::MAX),
        };
        Place { source: self.source, offset }
    }

    fn broken(&self, span: Span, message: &str) -> Broken {
        Box::new(Diagnostic::error("not-config", self.place(span.start.index()), message))
    }
}

/// What of the surroundings a text refers to.
enum Reference<'t> {
    /// Nothing.
    None,
    /// The whole of it is a reference; what is in its braces.
    Whole(&'t str),
    /// A reference of this kind is a part of it, or has no end.
    Part(&'static str),
}

impl<'t> Reference<'t> {
    fn find(text: &'t str) -> Self {
        let whole = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).filter(|inner| !inner.contains(['{', '}']));
        match whole {
            Some(inner) => Self::Whole(inner),
            None if text.contains("${env:") => Self::Part("env"),
            None if text.contains("${file:") => Self::Part("file"),
            None => Self::None,
        }
    }
}

/// A plain scalar by YAML's core schema (section 10.3.2); numbers that JSON cannot hold are strings.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if text.starts_with(|first: char| first.is_ascii_digit() || first == '-') => {
            serde_json::from_str::<serde_json::Number>(text).map_or_else(|_| Value::String(text.to_owned()), Value::Number)
        }
        _ => Value::String(text.to_owned()),
    }
}
