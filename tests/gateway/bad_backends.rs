//! Backends that are down, slow, broken or no SOAP at all: the right status, a clear body, nothing of theirs in it.

use std::time::Duration;
use std::time::Instant;

use castile::gateway::settings::Limits;
use castile::gateway::settings::Times;

use crate::CITIES;
use crate::CITY;
use crate::GET_CITY;
use crate::LEDGER;
use crate::wire::Act;
use crate::wire::Backend;
use crate::wire::Gateway;
use crate::wire::envelope;
use crate::wire::envelope12;

const HTML: &str = "<html><h1>node app17.inside.example</h1><pre>at com.example.Dispatcher.run(Dispatcher.java:88)</pre></html>";

fn quick() -> Times {
    Times {
        first_byte: Duration::from_millis(300),
        total: Duration::from_millis(600),
        connect: Duration::from_millis(500),
        ..Times::default()
    }
}

fn html(status: u16) -> Act {
    Act::Answer(status, vec![("Content-Type", "text/html".into()), ("Server", "inside/1.0".into())], HTML.into())
}

fn raw(length: usize, body: &str) -> Act {
    Act::Raw(format!("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes())
}

/// What may go wrong, and the status that a REST caller gets.
fn troubles() -> Vec<(&'static str, Act, u16)> {
    let whole = envelope(CITY);
    let redirect = Act::Answer(302, vec![("Location", "http://login.inside.example/".into())], Vec::new());
    let slow_body = {
        let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5000\r\n\r\n".to_vec();
        bytes.extend_from_slice(whole.as_bytes());
        Act::Raw(bytes)
    };
    vec![
        ("HTML with 502", html(502), 502),
        ("HTML with 200", html(200), 502),
        ("HTML with 404", html(404), 502),
        ("HTML with 503", html(503), 503),
        ("an empty 200", Act::Answer(200, vec![], vec![]), 502),
        ("an empty 500", Act::Answer(500, vec![], vec![]), 502),
        ("a redirect", redirect, 502),
        ("XML that is no SOAP", Act::xml("<state>inside</state>"), 502),
        ("JSON", Act::Answer(200, vec![("Content-Type", "application/json".into())], b"{\"inside\":1}".to_vec()), 502),
        ("half a message", raw(whole.len(), &whole[..180]), 502),
        ("half a message, well counted", Act::xml(&whole.as_bytes()[..180]), 502),
        ("more promised than sent", slow_body, 502),
        ("a DOCTYPE", Act::xml(format!("<!DOCTYPE inside>{whole}")), 502),
        ("the other version", Act::xml(envelope12(CITY)), 502),
        ("no HTTP", Act::Raw(b"220 inside.example ESMTP\r\n".to_vec()), 502),
        ("silence", Act::Close, 502),
        ("a late answer", Act::Wait(Duration::from_millis(900), Box::new(Act::xml(whole.clone()))), 504),
        ("an unknown coding", Act::Answer(200, vec![("Content-Encoding", "br".into())], whole.into()), 502),
    ]
}

#[test]
fn every_trouble_of_a_backend_becomes_a_clear_answer() {
    for (what, act, status) in troubles() {
        let backend = Backend::start(move |_| act.clone());
        let gateway = Gateway::with(&[CITIES], &backend.url(), Limits::default(), quick());
        let begun = Instant::now();
        let rest = gateway.json("/Cities/GetCity", "{\"name\":\"Soria\"}");
        assert_eq!((rest.status(), rest.header("content-type")), (status, Some("application/problem+json")), "{what}: {}", rest.text());
        assert_eq!(rest.json()["status"], status, "{what}");
        assert!(rest.json()["detail"].as_str().is_some_and(|text| text.contains("service behind the gateway")), "{what}: {}", rest.text());
        assert_eq!(backend.take().len(), 1, "{what}: sent more than once");

        let soap = gateway.soap("/Cities", &envelope(GET_CITY));
        let expected = if status == 503 { 503 } else { 500 };
        assert_eq!((soap.status(), soap.header("content-type")), (expected, Some("text/xml; charset=utf-8")), "{what}: {}", soap.text());
        assert!(soap.text().contains(":Server<") && soap.text().contains("schemas.xmlsoap.org"), "{what}: {}", soap.text());
        let soap12 = gateway.call("POST", "/Cities", &[("Content-Type", "application/soap+xml")], envelope12(GET_CITY).as_bytes());
        if what != "the other version" {
            assert_eq!(soap12.status(), expected, "{what}: {}", soap12.text());
            assert!(soap12.text().contains(":Receiver<"), "{what}: {}", soap12.text());
        }
        for reply in [&rest, &soap] {
            let shown = format!("{:?}{}", reply.headers, reply.text());
            assert!(
                !shown.contains("inside") && !shown.contains("Dispatcher") && !shown.contains(&backend.address.to_string()),
                "{what}: {shown}"
            );
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{what}");
    }
}

#[test]
fn a_backend_that_is_down_is_502_or_a_server_fault() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let gateway = Gateway::with(&[CITIES], &format!("http://{gone}/x"), Limits::default(), quick());
    let rest = gateway.json("/Cities/GetCity", "{\"name\":\"Soria\"}");
    assert_eq!(rest.status(), 502, "{}", rest.text());
    assert!(!rest.text().contains(&gone.to_string()));
    let soap = gateway.soap("/Cities", &envelope(GET_CITY));
    assert_eq!(soap.status(), 500);
    assert!(soap.text().contains(":Server<"));
}

#[test]
fn a_backend_whose_name_is_unknown_is_502() {
    let gateway = Gateway::with(&[CITIES], "http://no-such-host.invalid/x", Limits::default(), quick());
    assert_eq!(gateway.json("/Cities/GetCity", "{\"name\":\"Soria\"}").status(), 502);
}

#[test]
fn a_connection_that_the_backend_closed_meanwhile_is_not_used_again() {
    let backend = Backend::start(|_| {
        let body = envelope(CITY);
        // Closed after the answer, without saying so before.
        Act::Raw(format!("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes())
    });
    let gateway = Gateway::start(&[CITIES], &backend.url());
    for round in 0..20 {
        let reply = gateway.soap("/Cities", &envelope(GET_CITY));
        assert_eq!(reply.status(), 200, "round {round}: {}", reply.text());
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(backend.take().len(), 20, "each request is sent once");
}

#[test]
fn refusals_that_concern_the_caller_keep_their_status() {
    let backend = Backend::start(|request| {
        let status = if request.header("x-want") == Some("429") { 429 } else { 401 };
        let headers = vec![
            ("WWW-Authenticate", "Negotiate".into()),
            ("WWW-Authenticate", "Basic realm=\"erp\"".into()),
            ("Retry-After", "7".into()),
            ("Content-Type", "text/html".into()),
        ];
        Act::Answer(status, headers, HTML.into())
    });
    let gateway = Gateway::start(&[CITIES], &backend.url());
    let call = |more: &[(&str, &str)]| {
        let headers: Vec<_> = [("Content-Type", "application/json")].into_iter().chain(more.iter().copied()).collect();
        gateway.call("POST", "/Cities/GetCity", &headers, b"{\"name\":\"Soria\"}")
    };
    let schemes = |reply: &crate::wire::Message| -> Vec<String> {
        reply.headers.iter().filter(|(name, _)| name == "www-authenticate").map(|(_, value)| value.clone()).collect()
    };
    let both = ["Negotiate", "Basic realm=\"erp\""];
    let own = call(&[("Authorization", "Basic eDp5")]);
    assert_eq!(own.status(), 401);
    assert_eq!(schemes(&own), both);
    let none = call(&[]);
    assert_eq!((none.status(), none.header("www-authenticate")), (502, None));
    let busy = call(&[("X-Want", "429")]);
    assert_eq!((busy.status(), busy.header("retry-after")), (429, Some("7")));
    for reply in [own, none, busy] {
        assert!(!reply.text().contains("inside"), "{}", reply.text());
    }
    let soap = gateway.soap("/Cities", &envelope(GET_CITY));
    assert_eq!(soap.status(), 401);
    assert_eq!(schemes(&soap), both);
    assert!(soap.text().contains("Fault>"));
}

#[test]
fn one_way_operations_are_answered_by_any_success() {
    let close = "<l:Close xmlns:l=\"https://castile.example/ledger\"><month>2024-05</month></l:Close>";
    for (status, body) in [(202, ""), (200, ""), (204, ""), (200, "<html>ok</html>")] {
        let backend = Backend::start(move |_| Act::Answer(status, vec![], body.into()));
        let gateway = Gateway::start(&[LEDGER], &backend.url());
        let rest = gateway.json("/Ledger/Close", "{\"month\":\"2024-05\"}");
        assert_eq!((rest.status(), rest.body.len()), (202, 0), "{status} {body}: {}", rest.text());
        assert_eq!(backend.take().len(), 1);
        if body.is_empty() {
            let soap = gateway.soap("/Ledger", &envelope(close));
            assert_eq!((soap.status(), soap.body.len()), (status, 0));
        }
    }
    let backend = Backend::start(|_| html(500));
    let gateway = Gateway::start(&[LEDGER], &backend.url());
    assert_eq!(gateway.json("/Ledger/Close", "{\"month\":\"2024-05\"}").status(), 502);
}

#[test]
fn nothing_is_left_behind_after_troubles() {
    let backend =
        Backend::start(
            |request| if request.text().contains("Soria") { Act::Wait(Duration::from_secs(2), Box::new(Act::Close)) } else { html(200) },
        );
    let gateway = Gateway::with(&[CITIES], &backend.url(), Limits::default(), quick());
    let open = || std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    let before = open();
    for name in ["Soria", "Avila", "Soria", "Avila"] {
        for _ in 0..5 {
            let reply = gateway.soap("/Cities", &envelope(&GET_CITY.replace("Soria", name)));
            assert_eq!(reply.status(), 500);
        }
    }
    // Ten calls ran into their time; their connections must be gone although the backend has not answered them.
    std::thread::sleep(Duration::from_millis(2500));
    let left = open().saturating_sub(before);
    assert!(left <= 8, "{left} descriptors are left behind");
}
