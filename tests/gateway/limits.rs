//! Messages made to hurt: each is refused at its limit, nothing of it reaches the backend, the process lives.

use std::io::Write;
use std::time::Duration;
use std::time::Instant;

use castile::gateway::settings::Limits;
use castile::gateway::settings::Times;

use crate::CITIES;
use crate::CITY;
use crate::GET_CITY;
use crate::cities;
use crate::wire::Act;
use crate::wire::Backend;
use crate::wire::Gateway;
use crate::wire::Message;
use crate::wire::envelope;
use crate::wire::envelope12;

const V11: &[(&str, &str)] = &[("Content-Type", "text/xml; charset=utf-8"), ("SOAPAction", "\"\"")];
const V12: &[(&str, &str)] = &[("Content-Type", "application/soap+xml")];

/// Refused as the sender's fault, or as too large, in the version of the caller.
fn assert_refused(what: &str, reply: &Message, version: &str) {
    let allowed: &[u16] = if version == "1.1" { &[500, 413] } else { &[400, 413] };
    assert!(allowed.contains(&reply.status()), "{what}: {} {}", reply.status(), reply.text());
    let (media, code) =
        if version == "1.1" { ("text/xml; charset=utf-8", ":Client<") } else { ("application/soap+xml; charset=utf-8", ":Sender<") };
    assert_eq!(reply.header("content-type"), Some(media), "{what}");
    assert!(reply.text().contains(code), "{what}: {}", reply.text());
    assert!(!reply.text().contains(".rs") && !reply.text().contains("panicked"), "{what}: {}", reply.text());
}

#[test]
fn xml_made_to_hurt_is_refused_in_the_version_of_the_caller() {
    let (backend, gateway) = cities();
    let inner = |content: &str| GET_CITY.replace("Soria", content);
    let attributes: String = (0..100_000).map(|n| format!(" a{n}='1'")).collect();
    let namespaces: String = (0..100_000).map(|n| format!(" xmlns:n{n}='urn:{n}'")).collect();
    let bombs = "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]>";
    type Wrap = fn(&str) -> String;
    for (version, wrap, headers) in [("1.1", envelope as Wrap, V11), ("1.2", envelope12 as Wrap, V12)] {
        for (what, body) in [
            ("a DOCTYPE", format!("<!DOCTYPE x>{}", wrap(GET_CITY))),
            ("an entity bomb", format!("{bombs}{}", wrap(&inner("&c;")))),
            ("an external entity", format!("<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>{}", wrap(&inner("&f;")))),
            ("an undefined entity", wrap(&inner("&unknown;"))),
            ("a million levels", wrap(&inner(&"<a>".repeat(1_000_000)))),
            ("200 levels", wrap(&inner(&format!("{}{}", "<a>".repeat(200), "</a>".repeat(200))))),
            ("100,000 attributes", wrap(&inner(&format!("<a{attributes}/>")))),
            ("100,000 namespaces", wrap(&inner(&format!("<a{namespaces}/>")))),
            ("a torso", wrap(GET_CITY)[..150].to_owned()),
            ("crossed tags", wrap(&inner("<a><b></a></b>"))),
            ("a forbidden character", wrap(&inner("&#0;"))),
            ("an undeclared prefix", wrap(&inner("<p:a/>"))),
            ("two roots", format!("{0}{0}", wrap(GET_CITY))),
            ("a double attribute", wrap(&inner("<a b='1' b='2'/>"))),
        ] {
            let begun = Instant::now();
            let reply = gateway.call("POST", "/Cities", headers, body.as_bytes());
            assert_refused(what, &reply, version);
            assert!(begun.elapsed() < Duration::from_secs(2), "{what} took {:?}", begun.elapsed());
        }
    }
    assert!(backend.take().is_empty());
    assert_eq!(gateway.soap("/Cities", &envelope(GET_CITY)).status(), 200);
}

#[test]
fn json_made_to_hurt_is_refused_with_a_problem() {
    let (backend, gateway) = cities();
    let members: String = (0..100_000).map(|n| format!("\"a{n}\":1,")).collect();
    for (what, body, status) in [
        ("broken JSON", String::from("{\"name\": \"Soria\""), 400),
        ("no JSON", String::from("name=Soria"), 400),
        ("an array", String::from("[]"), 400),
        ("100,000 levels", "[".repeat(100_000), 400),
        ("deep objects", format!("{{\"name\":{}1{}}}", "{\"a\":".repeat(100_000), "}".repeat(100_000)), 400),
        ("100,000 members", format!("{{{members}\"name\":\"Soria\"}}"), 400),
        ("a number too long", format!("{{\"name\":{}}}", "9".repeat(1_000_000)), 400),
        ("a lone surrogate", String::from("{\"name\":\"\\ud800\"}"), 400),
    ] {
        let begun = Instant::now();
        let reply = gateway.json("/Cities/GetCity", &body);
        assert_eq!((reply.status(), reply.header("content-type")), (status, Some("application/problem+json")), "{what}: {}", reply.text());
        assert!(reply.json()["errors"].is_array(), "{what}: {}", reply.text());
        assert!(begun.elapsed() < Duration::from_secs(2), "{what} took {:?}", begun.elapsed());
    }
    let reply = gateway.call("POST", "/Cities/GetCity", &[("Content-Type", "application/json")], b"{\"name\":\"\xff\"}");
    assert_eq!(reply.status(), 400);
    assert!(backend.take().is_empty());
}

#[test]
fn messages_beyond_the_limit_are_413_however_they_come() {
    let backend = Backend::start(|_| panic!("reached the backend"));
    let limits = Limits { message: 1000, ..Limits::default() };
    let gateway = Gateway::with(&[CITIES], &backend.url(), limits, Times::default());
    let large = envelope(&GET_CITY.replace("Soria", &"x".repeat(2000)));
    assert_eq!(gateway.soap("/Cities", &large).status(), 413);
    let reply = gateway.json("/Cities/GetCity", &format!("{{\"name\":\"{}\"}}", "x".repeat(2000)));
    assert_eq!((reply.status(), reply.header("content-type")), (413, Some("application/problem+json")));

    let mut caller = gateway.connect();
    caller.raw(b"POST /Cities HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n");
    caller.raw(format!("{:x}\r\n{large}\r\n0\r\n\r\n", large.len()).as_bytes());
    assert_eq!(caller.read(false).expect("an answer").status(), 413);

    // A caller that waits for leave to send is told at once.
    let mut caller = gateway.connect();
    caller.raw(b"POST /Cities HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nContent-Length: 5000000000\r\nExpect: 100-continue\r\n\r\n");
    assert_eq!(caller.read(false).expect("an answer").status(), 413);
    assert!(caller.is_closed());

    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all(&vec![b' '; 50 << 20]).expect("memory");
    let bomb = bomb.finish().expect("memory");
    let limits = Limits { message: 1 << 20, ..Limits::default() };
    let gateway = Gateway::with(&[CITIES], &backend.url(), limits, Times::default());
    for (path, media) in [("/Cities", "text/xml"), ("/Cities/GetCity", "application/json")] {
        let reply = gateway.call("POST", path, &[("Content-Type", media), ("Content-Encoding", "gzip")], &bomb);
        assert_eq!(reply.status(), 413, "{path}: {}", reply.text());
    }
}

#[test]
fn too_many_or_too_large_headers_are_refused() {
    let (backend, gateway) = cities();
    let many: Vec<(String, String)> = (0..200).map(|n| (format!("X-{n}"), "1".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(gateway.call("GET", "/Cities", &many, b"").status(), 431);
    let large = "x".repeat(70_000);
    assert_eq!(gateway.call("GET", "/Cities", &[("X-Large", &large)], b"").status(), 431);
    assert!(backend.take().is_empty());
}

#[test]
fn connections_beyond_the_limit_wait_their_turn() {
    let (backend, _) = cities();
    let limits = Limits { connections: 4, ..Limits::default() };
    let gateway = Gateway::with(&[CITIES], &backend.url(), limits, Times::default());
    let mut held: Vec<_> = (0..4).map(|_| gateway.connect()).collect();
    for caller in &mut held {
        assert_eq!(caller.call("GET", "/Cities", &[], b"").status(), 200);
    }
    let waiting = std::thread::spawn({
        let address = gateway.address;
        move || crate::wire::Caller::connect(address).call("GET", "/Cities", &[], b"").status()
    });
    std::thread::sleep(Duration::from_millis(200));
    assert!(!waiting.is_finished(), "served beyond the limit");
    drop(held);
    assert_eq!(waiting.join().expect("served at last"), 200);
}

#[test]
fn a_caller_that_does_not_read_its_reply_is_let_go() {
    // More than the buffers of the system hold.
    let size = 60 << 20;
    let rivers = format!("<c:river>{}</c:river>", "x".repeat(1 << 20)).repeat(size >> 20);
    let body = envelope(&CITY.replace("<c:river>Duero</c:river>", &rivers));
    let backend = Backend::start(move |_| Act::xml(body.clone()));
    let limits = Limits { buffer: 80 << 20, message: 80 << 20, ..Limits::default() };
    let brief = Duration::from_millis(400);
    let times =
        Times { header: Duration::from_millis(100), idle: brief, body: brief, total: Duration::from_millis(2500), ..Times::default() };
    let gateway = Gateway::with(&[CITIES], &backend.url(), limits, times);
    let mut caller = gateway.connect();
    caller.send("POST", "/Cities", V11, envelope(GET_CITY).as_bytes());
    std::thread::sleep(Duration::from_millis(5500));
    assert!(caller.read(false).is_none(), "the rest was still waiting");
    // One that reads gets all of it.
    assert!(gateway.soap("/Cities", &envelope(GET_CITY)).body.len() > size);
}

#[test]
fn more_large_bodies_than_there_is_room_for_get_503_and_the_room_comes_back() {
    let backend = Backend::start(|_| Act::Wait(Duration::from_millis(700), Box::new(Act::xml(envelope(CITY)))));
    let limits = Limits { memory: 1 << 20, ..Limits::default() };
    let gateway = Gateway::with(&[CITIES], &backend.url(), limits, Times::default());
    let large = envelope(&GET_CITY.replace("Soria", &"x".repeat(700 << 10)));
    let mut first = gateway.connect();
    first.send("POST", "/Cities", V11, large.as_bytes());
    std::thread::sleep(Duration::from_millis(200));
    let mut second = gateway.connect();
    let refused = second.call("POST", "/Cities", V11, large.as_bytes());
    assert_eq!((refused.status(), refused.header("retry-after")), (503, Some("1")));
    assert!(refused.text().contains("too many large messages") && refused.text().contains("faultcode"), "{}", refused.text());
    // Small ones are not concerned, and the connection is good.
    assert_eq!(second.call("POST", "/Cities", V11, envelope(GET_CITY).as_bytes()).status(), 200);
    assert_eq!(first.read(false).expect("an answer").status(), 200);
    assert_eq!(second.call("POST", "/Cities", V11, large.as_bytes()).status(), 200);
}

#[test]
fn a_reply_that_there_is_no_room_for_gets_503() {
    let large = envelope(&CITY.replace("Duero", &"x".repeat(700 << 10)));
    let backend = Backend::start(move |_| Act::xml(large.clone()));
    let gateway = Gateway::with(&[CITIES], &backend.url(), Limits { memory: 1 << 19, ..Limits::default() }, Times::default());
    assert_eq!(gateway.soap("/Cities", &envelope(GET_CITY)).status(), 503);
    let reply = gateway.json("/Cities/GetCity", "{\"name\":\"Soria\"}");
    assert_eq!((reply.status(), reply.header("retry-after")), (503, Some("1")));
}
