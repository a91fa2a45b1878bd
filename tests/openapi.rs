//! The document says what the codec does: every JSON that the codec makes is valid under it, and what is valid under it the
//! codec takes, save what JSON Schema cannot say. The judge is the crate `jsonschema`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod changed;
mod corpus;
mod generated;
mod support;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use castile::instance::Depths;
use castile::instance::Style;
use castile::json::limits::Limits;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::transcode::attachments;
use castile::transcode::attachments::Received;
use castile::transcode::decode::Kind;
use castile::transcode::decode::Mode;
use castile::transcode::decode::Refusal;
use castile::transcode::encode::JsonFault;
use castile::transcode::openapi;
use castile::transcode::openapi::Exposed;
use castile::transcode::openapi::Face;
use castile::transcode::parameter;
use castile::transcode::parameter::Place;
use castile::transcode::shape::Options;
use castile::wsdl::contract::Message;
use castile::wsdl::contract::Operation;
use castile::wsdl::contract::Service;
use changed::Dice;
use changed::mutate;
use generated::Case;
use generated::cases;
use generated::envelope;
use jsonschema::Validator;
use serde_json::Value;
use serde_json::json;

const OWN: [&str; 3] = ["wsdl/cities.wsdl", "wsdl/orders.wsdl", "wsdl/library/library.wsdl"];

/// Why the codec may refuse what is valid under the document; docs/openapi.md has the list with reasons.
fn unsaid(fault: &JsonFault, value: &Value) -> Option<&'static str> {
    let pointer = fault.pointer.strip_prefix('#').unwrap_or_default();
    let above = |up: usize| pointer.rmatch_indices('/').nth(up).and_then(|(at, _)| value.pointer(&pointer[..at]));
    let named = |object: Option<&Value>| object.and_then(|object| object.get("$type")).and_then(Value::as_str).map(str::to_owned);
    if pointer.is_empty() && fault.detail.starts_with('/') && ["key ", "keyref ", "unique "].iter().any(|kind| fault.detail.contains(kind))
    {
        return Some("keys, references and uniqueness");
    }
    if pointer.contains("/$any/") || pointer.contains("/$mixed/") || pointer.contains("/{") {
        return Some("inside an element that a wildcard admits");
    }
    if named(above(0)).or_else(|| named(value.pointer(pointer))).is_some_and(|name| name.starts_with("xs.")) {
        return Some("a value of xs:anyType whose type is named");
    }
    WORDS.iter().find(|words| fault.detail.contains(**words)).copied()
}

/// Parts of the codec's words.
const WORDS: &[&str] = &["base64"];

#[test]
fn json_of_our_own_contracts_is_valid_and_valid_json_is_taken() {
    let mut tally = Tally::default();
    for wsdl in OWN {
        judge(&Path::new(env!("CARGO_MANIFEST_DIR")).join(wsdl), 100, 100, &mut tally);
    }
    tally.judge(1_000, 1_000);
}

#[test]
fn json_of_real_contracts_is_valid_and_valid_json_is_taken() {
    let Some(corpus) = support::corpus_wsdls() else { return };
    let mut tally = Tally::default();
    for wsdl in corpus {
        judge(&wsdl, 17, 2, &mut tally);
    }
    tally.judge(50_000, 5_000);
}

/// Both choices of a service, one by one and together.
const CHOICES: [Options; 3] = [
    Options { numbers_as_text: true, bare_arrays: false },
    Options { numbers_as_text: false, bare_arrays: true },
    Options { numbers_as_text: true, bare_arrays: true },
];

#[test]
fn json_of_our_own_contracts_is_valid_and_taken_whatever_the_service_chooses() {
    for options in CHOICES {
        let mut tally = Tally::default();
        for wsdl in OWN {
            judge_with(&Path::new(env!("CARGO_MANIFEST_DIR")).join(wsdl), options, 30, 60, &mut tally);
        }
        tally.judge(300, 500);
    }
}

#[test]
fn json_of_real_contracts_is_valid_and_taken_whatever_the_service_chooses() {
    let Some(corpus) = support::corpus_wsdls() else { return };
    let mut tally = Tally::default();
    for (number, wsdl) in corpus.iter().enumerate() {
        judge_with(wsdl, CHOICES[number % CHOICES.len()], 2, 2, &mut tally);
    }
    tally.judge(10_000, 5_000);
}

/// Repeated groups with least and greatest numbers.
const COUNTED: &str = r#"<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:x="urn:x" targetNamespace="urn:x">
<w:types><xs:schema targetNamespace="urn:x" elementFormDefault="qualified"><xs:element name="Do"><xs:complexType><xs:sequence>
 <xs:choice minOccurs="2" maxOccurs="4"><xs:element name="a" type="xs:int"/><xs:sequence><xs:element name="b" type="xs:int"/><xs:element name="c" type="xs:int"/></xs:sequence></xs:choice>
 <xs:sequence minOccurs="0" maxOccurs="3"><xs:element name="d" type="xs:int"/><xs:element name="e" type="xs:int"/></xs:sequence>
</xs:sequence></xs:complexType></xs:element></xs:schema></w:types>
<w:message name="In"><w:part name="p" element="x:Do"/></w:message>
<w:portType name="P"><w:operation name="Do"><w:input message="x:In"/></w:operation></w:portType>
<w:binding name="B" type="x:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<w:operation name="Do"><s:operation soapAction=""/><w:input><s:body use="literal"/></w:input></w:operation></w:binding>
<w:service name="S"><w:port name="P" binding="x:B"><s:address location="http://localhost/"/></w:port></w:service></w:definitions>"#;

#[test]
fn how_many_entries_items_may_have_is_said_and_the_server_ends_in_no_slash() {
    let contract = castile::wsdl::load("s.wsdl", COUNTED, &mut castile::schema::load::NoResolver).unwrap();
    let codec = Codec::new(Arc::new(contract));
    let document: Value = serde_json::from_slice(&openapi::document(&Face::all(&codec), "https://api.example/base/")).unwrap();
    assert_eq!(document["servers"][0]["url"], "https://api.example/base");
    let body = &document["components"]["schemas"]["Do"]["properties"];
    assert_eq!((&body["$items"]["minItems"], &body["$items"]["maxItems"]), (&json!(2), &json!(8)), "{body}");
    assert_eq!((&body["$items$2"]["minItems"], &body["$items$2"]["maxItems"]), (&Value::Null, &json!(3)), "{body}");
}

#[test]
fn a_contract_that_asks_for_billions_of_elements_has_a_document_without_example() {
    let billions = COUNTED.replace("minOccurs=\"2\" maxOccurs=\"4\"", "minOccurs=\"4000000000\" maxOccurs=\"unbounded\"");
    let contract = castile::wsdl::load("s.wsdl", &billions, &mut castile::schema::load::NoResolver).unwrap();
    let codec = Codec::new(Arc::new(contract));
    let begun = std::time::Instant::now();
    let document: Value = serde_json::from_slice(&openapi::document(&Face::all(&codec), "/")).unwrap();
    assert_eq!(document["components"]["schemas"]["Do"]["properties"]["$items"]["minItems"], json!(4_000_000_000_u32));
    assert!(!document["paths"].to_string().contains("\"example"), "{}", document["paths"]);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[test]
fn json_of_real_messages_is_valid() {
    let Some(folder) = corpus::folder() else { return };
    let mut by_wsdl: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for row in corpus::rows(&folder).into_iter().filter(|row| !row.wsdl.is_empty() && row.valid == Some(true)) {
        by_wsdl.entry(row.wsdl).or_default().push(folder.join(&row.message));
    }
    let mut tally = Tally::default();
    for (wsdl, messages) in by_wsdl {
        let Ok(contract) = support::load(&folder.join(&wsdl)) else { continue };
        let codec = Codec::new(Arc::new(contract));
        let schemas = Schemas::of(&codec);
        for message in messages {
            let bytes = std::fs::read(&message).unwrap();
            let Ok(decoded) = castile::xml::encoding::decode(&bytes, None) else { continue };
            let Ok(head) = castile::soap::head::whole(&decoded.text, &codec.contract.schema.symbols, &codec.limits) else { continue };
            let Some(place) = corpus::find(&codec, &head) else { continue };
            let made = codec.to_json(place.operation, place.direction, &decoded.text, Mode::Enforce);
            let Some(decoded) = made.ok().filter(|made| made.kind == Kind::Message) else { continue };
            let mut json = decoded.json;
            let form = match place.direction {
                Direction::Request => place.operation.input.as_ref(),
                Direction::Reply => place.operation.output.as_ref(),
            };
            attach(form.unwrap(), &mut json);
            let value = serde_json::from_slice(&json).unwrap();
            if let Some(why) = schemas.refuses(&codec, place.operation, place.direction, &value) {
                tally.wrong.push(format!("{}: {why}", message.display()));
            }
            tally.valid += 1;
        }
    }
    tally.judge(400, 0);
}

#[test]
fn the_body_of_a_route_is_what_path_and_query_leave_of_the_message() {
    let mut tally = Tally::default();
    for wsdl in OWN {
        leave_out(&Path::new(env!("CARGO_MANIFEST_DIR")).join(wsdl), 30, &mut tally);
    }
    tally.judge(400, 500);
}

#[test]
fn the_body_of_a_route_of_real_contracts_is_what_path_and_query_leave() {
    let Some(corpus) = support::corpus_wsdls() else { return };
    let mut tally = Tally::default();
    for wsdl in corpus {
        leave_out(&wsdl, 1, &mut tally);
    }
    tally.judge(2_000, 1_000);
}

/// The pointers of scalars in a message, as names, none through an array.
fn scalars(value: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let Value::Object(members) = value else { return };
    for (key, value) in members {
        path.push(key.clone());
        match value {
            Value::String(_) | Value::Number(_) | Value::Bool(_) => found.push(path.clone()),
            Value::Object(_) => scalars(value, path, found),
            Value::Null | Value::Array(_) => {}
        }
        path.pop();
    }
}

/// Takes a value out; the objects that are empty then too, if `prune`.
fn take(value: &mut Value, path: &[String], prune: bool) -> Value {
    let Value::Object(members) = value else { panic!("no object") };
    let [name, rest @ ..] = path else { panic!("no name") };
    if rest.is_empty() {
        return members.shift_remove(name).expect("a value");
    }
    let inner = members.get_mut(name).expect("an object");
    let taken = take(inner, rest, prune);
    if prune && inner.as_object().is_some_and(serde_json::Map::is_empty) {
        members.shift_remove(name);
    }
    taken
}

/// Routes with values of a request in their path: what is left of each message is valid, and what is valid is taken.
fn leave_out(wsdl: &Path, each: u64, tally: &mut Tally) {
    let Ok(contract) = support::load(wsdl) else { return };
    let codec = Codec::new(Arc::new(contract));
    let contract = Arc::clone(&codec.contract);
    let depths = Arc::new(Depths::of(&contract.schema));
    for (number, case) in (0_u64..).zip(&cases(&contract)).filter(|(_, case)| case.direction == Direction::Request) {
        for seed in 0..each {
            let mut dice = Dice::new(number.wrapping_mul(each).wrapping_add(seed));
            let json = instance(&codec, case, &depths, Style::Random, seed);
            let message: Value = serde_json::from_slice(&json).unwrap();
            let mut paths = Vec::new();
            scalars(&message, &mut Vec::new(), &mut paths);
            let mut places: Vec<Place> = paths.iter().filter_map(|path| codec.place(case.message, path).ok()).collect();
            let mut chosen: Vec<Place> = Vec::new();
            while chosen.len() < 2 && !places.is_empty() {
                chosen.push(places.swap_remove(dice.below(places.len())));
            }
            if !chosen.is_empty() {
                left_out(wsdl, &codec, case, (&message, &chosen), &mut dice, tally);
            }
        }
    }
}

fn left_out(wsdl: &Path, codec: &Codec, case: &Case<'_>, (message, places): (&Value, &[Place]), dice: &mut Dice, tally: &mut Tally) {
    let shown: Vec<String> = places.iter().map(|place| place.path.join("/")).collect();
    let says = |why: String| format!("{}: {} without {}: {why}", wsdl.display(), case.operation.route, shown.join(" and "));
    let in_path = places.iter().collect();
    let path = places.iter().map(|_| "/{x}").collect();
    let exposed = Exposed { method: "POST", path, in_path, ..Exposed::by_name(case.operation, case.version) };
    let face = Face { operations: vec![exposed], ..Face::all(codec).into_iter().next().unwrap() };
    let document: Value = serde_json::from_slice(&openapi::document(&[face], "/")).unwrap();
    let operation = &document["paths"].as_object().unwrap().values().next().unwrap()["post"];
    let validator = |schema: &Value| {
        let root = json!({ "components": document["components"], "allOf": [schema] });
        jsonschema::options().with_draft(jsonschema::Draft::Draft202012).build(&root).unwrap()
    };
    let body = validator(&operation["requestBody"]["content"]["application/json"]["schema"]);
    let mut values = Vec::new();
    for prune in [false, true] {
        let mut rest = message.clone();
        values = places.iter().map(|place| take(&mut rest, &place.path, prune)).collect();
        if let Err(error) = body.validate(&rest) {
            tally.wrong.push(says(format!("not valid: {error}\n{}", cut(&rest.to_string()))));
            return;
        }
        tally.valid += 1;
    }
    for (parameter, value) in operation["parameters"].as_array().unwrap().iter().zip(&values) {
        if let Err(error) = validator(&parameter["schema"]).validate(value) {
            tally.wrong.push(says(format!("a parameter is not valid: {error}")));
        }
    }
    let texts: Vec<String> = values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
    let laid: Vec<(&Place, &str)> = places.iter().zip(&texts).map(|(place, text)| (place, text.as_str())).collect();
    let mut rest = message.clone();
    for place in places {
        take(&mut rest, &place.path, false);
    }
    for _ in 0..3 {
        let mut changed = rest.clone();
        mutate(&mut changed, dice);
        tally.changed += 1;
        if body.validate(&changed).is_err() {
            continue;
        }
        let whole = parameter::lay(changed.to_string().as_bytes(), &laid, &Limits::default());
        let faults = match &whole {
            Ok(whole) => match codec.to_message(case.message, whole, case.version, &Limits::default()) {
                Ok(_) => Vec::new(),
                Err(refusal) => refusal.faults,
            },
            Err(error) => panic!("{}", says(format!("{error:?} {changed}"))),
        };
        match faults.iter().find(|fault| unsaid(fault, &changed).is_none()) {
            None if faults.is_empty() => tally.taken += 1,
            None => {}
            Some(fault) => {
                tally.wrong.push(says(format!("valid, but {}: {}\n{}", fault.pointer, fault.detail, cut(&changed.to_string()))));
            }
        }
    }
}

#[derive(Default)]
struct Tally {
    valid: usize,
    changed: usize,
    taken: usize,
    unsaid: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
}

impl Tally {
    fn judge(&self, valid: usize, changed: usize) {
        println!("{} documents are valid; of {} changed ones {} are valid and taken", self.valid, self.changed, self.taken);
        println!("valid, but refused for what JSON Schema does not say: {:?}", self.unsaid);
        for wrong in self.wrong.iter().take(400) {
            println!("{wrong}\n");
        }
        assert!(self.wrong.is_empty(), "{} documents are judged differently", self.wrong.len());
        assert!(self.valid >= valid && self.changed >= changed, "{} documents, {} changed", self.valid, self.changed);
        assert!(changed == 0 || self.taken * 20 > self.changed, "hardly any changed document is valid: {}", self.taken);
    }
}

/// The schemas of all messages of a contract, as one validator.
struct Schemas {
    validator: Validator,
}

impl Schemas {
    fn of(codec: &Codec) -> Self {
        let faces = Face::all(codec);
        let document: Value = serde_json::from_slice(&openapi::document(&faces, "/")).unwrap();
        let operations = faces.iter().flat_map(|face| face.operations.iter().map(|one| (&*face.service.name, one.operation)));
        let mut properties = serde_json::Map::new();
        for (path, (service, operation)) in document["paths"].as_object().unwrap().values().zip(operations) {
            let post = &path["post"];
            let schema = |body: &Value| body["content"]["application/json"]["schema"].clone();
            properties.insert(key(service, operation, Direction::Request), schema(&post["requestBody"]));
            properties.insert(key(service, operation, Direction::Reply), schema(&post["responses"]["200"]));
        }
        properties.retain(|_, schema| !schema.is_null());
        let root = json!({ "components": document["components"], "properties": properties, "additionalProperties": false });
        let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).build(&root).unwrap();
        Self { validator }
    }

    /// Why a document is no message; none if it is one.
    fn refuses(&self, codec: &Codec, operation: &Operation, direction: Direction, value: &Value) -> Option<String> {
        let holds = |service: &&Service| service.ports.iter().flat_map(|port| &port.operations).any(|one| std::ptr::eq(one, operation));
        let service = codec.contract.services.iter().find(holds).unwrap();
        let whole = json!({ key(&service.name, operation, direction): value });
        let error = self.validator.validate(&whole).err()?;
        Some(format!("{}: {error}", error.instance_path()))
    }
}

fn key(service: &str, operation: &Operation, direction: Direction) -> String {
    format!("{service} {} {direction:?}", operation.route)
}

fn judge(wsdl: &Path, instances: u64, changes: u64, tally: &mut Tally) {
    judge_with(wsdl, Options::default(), instances, changes, tally);
}

fn judge_with(wsdl: &Path, options: Options, instances: u64, changes: u64, tally: &mut Tally) {
    let Ok(contract) = support::load(wsdl) else { return };
    let codec = Codec::with(Arc::new(contract), options);
    let contract = Arc::clone(&codec.contract);
    let depths = Arc::new(Depths::of(&contract.schema));
    let schemas = Schemas::of(&codec);
    for (number, case) in (0_u64..).zip(&cases(&contract)) {
        let shown = |why: String| format!("{}: {} {:?}: {why}", wsdl.display(), case.operation.route, case.direction);
        let styles = [Style::Minimal, Style::Typical, Style::Maximal].map(|style| (style, 0));
        let mut sources = Vec::new();
        for (style, seed) in styles.into_iter().chain((0..instances).map(|seed| (Style::Random, seed))) {
            let json = instance(&codec, case, &depths, style, seed);
            let value: Value = serde_json::from_slice(&json).unwrap();
            if let Some(why) = schemas.refuses(&codec, case.operation, case.direction, &value) {
                tally.wrong.push(shown(format!("not valid: {}\n{}", cut(&why), cut(&String::from_utf8_lossy(&json)))));
                break;
            }
            tally.valid += 1;
            sources.push(value);
        }
        for change in 0..changes {
            let mut dice = Dice::new(number.wrapping_mul(changes).wrapping_add(change));
            let Some(mut changed) = sources.get(dice.below(sources.len())).cloned() else { break };
            mutate(&mut changed, &mut dice);
            tally.changed += 1;
            if schemas.refuses(&codec, case.operation, case.direction, &changed).is_some() {
                continue;
            }
            match refused(&codec, case, &changed) {
                None => tally.taken += 1,
                Some(faults) => match faults.iter().find(|fault| unsaid(fault, &changed).is_none()) {
                    None => faults.iter().take(1).filter_map(|fault| unsaid(fault, &changed)).for_each(|why| {
                        *tally.unsaid.entry(why).or_default() += 1;
                    }),
                    Some(fault) => {
                        let why = format!("valid, but {}: {}\n{}", fault.pointer, fault.detail, cut(&changed.to_string()));
                        tally.wrong.push(shown(why));
                    }
                },
            }
        }
    }
}

/// The JSON that the codec makes of an instance, with its attachments.
fn instance(codec: &Codec, case: &Case<'_>, depths: &Arc<Depths>, style: Style, seed: u64) -> Vec<u8> {
    let soap = envelope(codec, case, depths, style, seed).unwrap();
    let read = |mode| codec.to_json(case.operation, case.direction, soap.as_bytes(), mode);
    // The generator knows no keys: what breaks nothing but them is JSON all the same.
    let keys = ["duplicate-key", "missing-key-field", "dangling-keyref"];
    let only_keys = |refusal: &Refusal| refusal.faults.iter().all(|fault| keys.contains(&fault.code));
    let decoded = read(Mode::Enforce).or_else(|refusal| if only_keys(&refusal) { read(Mode::Report) } else { Err(refusal) }).unwrap();
    let mut json = decoded.json;
    attach(case.message, &mut json);
    json
}

fn attach(message: &Message, json: &mut Vec<u8>) {
    let given: Vec<Received<'_>> =
        message.attachments.iter().map(|part| Received { id: Some(Cow::Borrowed(&*part.part)), content: Cow::Borrowed(b"x") }).collect();
    attachments::put(message, &given, json);
}

/// Why the codec refuses a document; none if it takes it.
fn refused(codec: &Codec, case: &Case<'_>, value: &Value) -> Option<Vec<JsonFault>> {
    codec.to_message(case.message, value.to_string().as_bytes(), case.version, &Limits::default()).err().map(|refusal| refusal.faults)
}

fn cut(text: &str) -> String {
    text.chars().take(1500).collect()
}
