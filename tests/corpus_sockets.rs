//! Real messages through a gateway over sockets, with an echoing backend: requests become JSON, go in as REST and come out as
//! SOAP that equals the original by the law; replies come in as SOAP, go out as JSON and lead back to the original; SOAP
//! passes byte for byte.
//!
//! The corpus is found by the variable `CASTILE_CORPUS`; without it the test says that it was left out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod corpus;
mod law;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;

use castile::exchange::answer::media_type;
use castile::instance::Generator;
use castile::instance::Style;
use castile::soap::head;
use castile::soap::sample;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::transcode::decode::Mode;
use castile::wsdl::contract::SoapVersion;
use castile::wsdl::contract::Status;
use castile::xml::encoding;
use corpus::Place;
use corpus::Row;
use wire::Act;
use wire::Backend;
use wire::Gateway;

/// What became of the messages of a contract.
#[derive(Default)]
struct Tally {
    rest_requests: usize,
    rest_replies: usize,
    soap: usize,
    skipped: usize,
    wrong: Vec<String>,
}

/// What the backend is to answer; none to echo.
type Told = Option<(SoapVersion, Vec<u8>)>;

/// A contract behind a gateway, in front of a backend that echoes unless it was told an answer.
struct Bench {
    codec: Codec,
    gateway: Gateway,
    backend: Backend,
    answer: Arc<Mutex<Told>>,
}

impl Bench {
    fn new(path: &str) -> Self {
        let answer: Arc<Mutex<Told>> = Arc::default();
        let told = Arc::clone(&answer);
        let backend = Backend::start(move |request| {
            let media = |version| vec![("Content-Type", media_type(version).split(';').next().unwrap().to_owned())];
            match told.lock().unwrap().clone() {
                Some((version, bytes)) => Act::Answer(200, media(version), bytes),
                None => Act::Answer(
                    200,
                    vec![("Content-Type", request.header("content-type").unwrap_or_default().to_owned())],
                    request.body.clone(),
                ),
            }
        });
        let gateway = Gateway::start(&[path], &backend.url());
        Self { codec: Codec::new(Arc::new(wire::contract(path))), gateway, backend, answer }
    }

    fn judge(&self, bytes: &[u8], row: &Row, tally: &mut Tally) -> Result<(), String> {
        let decoded = encoding::decode(bytes, None).map_err(|error| error.message)?;
        let text = std::str::from_utf8(&decoded.text).map_err(|error| error.to_string())?;
        let head =
            head::whole(text.as_bytes(), &self.codec.contract.schema.symbols, &self.codec.limits).map_err(|fault| fault.to_string())?;
        let place = corpus::find(&self.codec, &head).filter(|place| place.operation.verdict.status != Status::Refused);
        let Some(place) = place.filter(|_| row.valid == Some(true)) else {
            tally.skipped += 1;
            return Ok(());
        };
        match place.direction {
            Direction::Request => {
                self.rest_request(&place, text)?;
                tally.rest_requests += 1;
                if place.service.ports.iter().any(|port| port.soap == Some(head.version)) {
                    self.soap(&place, head.version, bytes)?;
                    tally.soap += 1;
                }
            }
            Direction::Reply if head.is_fault || place.port.soap != Some(head.version) => tally.skipped += 1,
            Direction::Reply => {
                self.rest_reply(&place, head.version, bytes, text)?;
                tally.rest_replies += 1;
            }
        }
        Ok(())
    }

    fn path(place: &Place<'_>) -> String {
        format!("/{}/{}", place.service.name, place.operation.route)
    }

    /// JSON in, SOAP at the backend.
    fn rest_request(&self, place: &Place<'_>, text: &str) -> Result<(), String> {
        let json = self.json(place, Direction::Request, text)?;
        *self.answer.lock().unwrap() = None;
        self.backend.take();
        let reply = self.gateway.json(&Self::path(place), &json);
        let seen = self.backend.take();
        let [seen] = seen.as_slice() else { return Err(format!("the backend saw {} messages, the caller {}", seen.len(), reply.text())) };
        law::equal(&self.codec.contract.schema, place.operation, Direction::Request, text, &seen.text())
    }

    /// SOAP at the backend, JSON out.
    fn rest_reply(&self, place: &Place<'_>, version: SoapVersion, bytes: &[u8], text: &str) -> Result<(), String> {
        let schema = &self.codec.contract.schema;
        let input = place.operation.input.as_ref().ok_or("no input")?;
        let request =
            sample::message(schema, input, version, &mut Generator::new(schema, Style::Minimal, 1)).ok_or("no request can be made up")?;
        let json = self.json(place, Direction::Request, &request)?;
        *self.answer.lock().unwrap() = Some((version, bytes.to_vec()));
        let reply = self.gateway.json(&Self::path(place), &json);
        if reply.status() != 200 {
            return Err(format!("status {}: {}", reply.status(), reply.text()));
        }
        let back = self
            .codec
            .to_xml(place.operation, Direction::Reply, &reply.body, version)
            .map_err(|faults| format!("{:?}", faults.faults.first()))?;
        law::equal(schema, place.operation, Direction::Reply, text, &String::from_utf8_lossy(&back))
    }

    /// SOAP in, the same bytes at the backend and back.
    fn soap(&self, place: &Place<'_>, version: SoapVersion, bytes: &[u8]) -> Result<(), String> {
        *self.answer.lock().unwrap() = None;
        self.backend.take();
        let media = media_type(version).split(';').next().unwrap();
        let reply = self.gateway.call("POST", &format!("/{}", place.service.name), &[("Content-Type", media)], bytes);
        let seen = self.backend.take();
        let [seen] = seen.as_slice() else {
            return Err(format!("as SOAP: the backend saw {} messages, the caller {}", seen.len(), reply.text()));
        };
        if seen.body != bytes || reply.body != bytes || reply.status() != 200 {
            return Err(format!("as SOAP it did not pass byte for byte: {}", reply.text()));
        }
        Ok(())
    }

    fn json(&self, place: &Place<'_>, direction: Direction, text: &str) -> Result<String, String> {
        let decoded = self.codec.to_json(place.operation, direction, text.as_bytes(), Mode::Enforce);
        let decoded = decoded.map_err(|refusal| format!("refused: {:?}", refusal.faults.first().map(|fault| &fault.message)))?;
        String::from_utf8(decoded.json).map_err(|error| error.to_string())
    }
}

#[test]
fn real_messages_keep_the_law_through_sockets() {
    let Some(folder) = corpus::folder() else { return };
    let mut groups: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in corpus::rows(&folder).into_iter().filter(|row| !row.wsdl.is_empty() && row.valid == Some(true)) {
        groups.entry(row.wsdl.clone()).or_default().push(row);
    }
    let mut all = Tally::default();
    for (wsdl, rows) in groups {
        let bench = Bench::new(&folder.join(&wsdl).to_string_lossy());
        let mut tally = Tally::default();
        for row in rows {
            let bytes = std::fs::read(folder.join(&row.message)).expect("a message of the list");
            if let Err(why) = bench.judge(&bytes, &row, &mut tally) {
                tally.wrong.push(format!("{}: {why}", row.message));
            }
        }
        println!(
            "{wsdl}: {} requests as REST, {} replies as REST, {} as SOAP, {} left out, {} wrong",
            tally.rest_requests,
            tally.rest_replies,
            tally.soap,
            tally.skipped,
            tally.wrong.len()
        );
        all.rest_requests += tally.rest_requests;
        all.rest_replies += tally.rest_replies;
        all.soap += tally.soap;
        all.wrong.extend(tally.wrong);
        bench.gateway.shutdown();
    }
    println!("all: {} requests, {} replies, {} as SOAP", all.rest_requests, all.rest_replies, all.soap);
    assert!(all.rest_requests > 100 && all.rest_replies > 100 && all.soap > 100, "the corpus was not read");
    assert!(all.wrong.is_empty(), "{}", all.wrong.join("\n"));
}
