//! What RFC 9110 and RFC 9112 ask of a gateway.

use std::time::Duration;

use castile::gateway::settings::Limits;
use castile::gateway::settings::Times;

use crate::CITIES;
use crate::CITY;
use crate::GET_CITY;
use crate::cities;
use crate::wire::Act;
use crate::wire::Backend;
use crate::wire::Gateway;
use crate::wire::envelope;
use crate::with;

/// A SOAP request with these header lines, each ended by CRLF.
fn raw(lines: &str, body: &str) -> Vec<u8> {
    format!("POST /Cities HTTP/1.1\r\n{lines}Content-Type: text/xml\r\nSOAPAction: \"\"\r\n\r\n{body}").into_bytes()
}

#[test]
fn ambiguous_framing_and_hosts_are_refused_with_400_and_the_connection_closed() {
    let (backend, gateway) = cities();
    let body = envelope(GET_CITY);
    let length = body.len();
    for (what, lines) in [
        ("no host", format!("Content-Length: {length}\r\n")),
        ("two hosts", format!("Host: a.example\r\nHost: b.example\r\nContent-Length: {length}\r\n")),
        ("a host with quotes", format!("Host: a\"b<c\r\nContent-Length: {length}\r\n")),
        ("a host with a user", format!("Host: user@a.example\r\nContent-Length: {length}\r\n")),
        ("an empty host", format!("Host:\r\nContent-Length: {length}\r\n")),
        ("differing lengths", format!("Host: a.example\r\nContent-Length: {length}\r\nContent-Length: 7\r\n")),
        ("listed lengths", format!("Host: a.example\r\nContent-Length: {length}, {length}\r\n")),
        ("a signed length", format!("Host: a.example\r\nContent-Length: +{length}\r\n")),
        ("a negative length", String::from("Host: a.example\r\nContent-Length: -1\r\n")),
        ("a space before the colon", format!("Host: a.example\r\nContent-Length : {length}\r\n")),
        ("a folded header", format!("Host: a.example\r\nX-A: b\r\n c\r\nContent-Length: {length}\r\n")),
        ("a coding that is not chunked", String::from("Host: a.example\r\nTransfer-Encoding: gzip\r\n")),
        ("chunked that is not last", String::from("Host: a.example\r\nTransfer-Encoding: chunked, gzip\r\n")),
        ("a coding before chunked", String::from("Host: a.example\r\nTransfer-Encoding: gzip, chunked\r\n")),
        ("chunked twice", String::from("Host: a.example\r\nTransfer-Encoding: chunked, chunked\r\n")),
        ("two codings", String::from("Host: a.example\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n")),
        ("two content types", format!("Host: a.example\r\nContent-Type: application/soap+xml\r\nContent-Length: {length}\r\n")),
        ("a bare chunk size", String::from("Host: a.example\r\nTransfer-Encoding: chunked\r\n")),
    ] {
        let mut caller = gateway.connect();
        caller.raw(&raw(&lines, &body));
        let reply = caller.read(false).unwrap_or_else(|| panic!("{what}: no answer"));
        assert_eq!(reply.status(), 400, "{what}: {}", reply.text());
        assert!(caller.is_closed(), "{what}: the connection stays open");
        assert!(backend.take().is_empty(), "{what}: reached the backend");
    }
    let mut caller = gateway.connect();
    caller.raw(b"GET Cities HTTP/1.1\r\nHost: a.example\r\n\r\n");
    assert_eq!(caller.read(false).expect("an answer").status(), 400, "a target without a path");
    assert_eq!(gateway.soap("/Cities", &body).status(), 200);
}

#[test]
fn equal_lengths_count_once_and_a_length_beside_chunked_is_not_forwarded() {
    let (backend, gateway) = cities();
    let body = envelope(GET_CITY);
    let length = body.len();
    let mut caller = gateway.connect();
    caller.raw(&raw(&format!("Host: a.example\r\nContent-Length: {length}\r\nContent-Length: {length}\r\n"), &body));
    assert_eq!(caller.read(false).expect("an answer").status(), 200);
    assert_eq!(backend.take()[0].headers.iter().filter(|(name, _)| name == "content-length").count(), 1);

    let chunked = format!("{length:x}\r\n{body}\r\n0\r\n\r\n");
    let mut caller = gateway.connect();
    caller.raw(&raw("Host: a.example\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n", &chunked));
    let status = caller.read(false).expect("an answer").status();
    let seen = backend.take();
    assert!(status == 200 && seen.len() == 1 || status == 400 && seen.is_empty(), "{status}");
    if let Some(request) = seen.first() {
        assert_eq!(request.header("content-length"), Some(length.to_string().as_str()));
        assert_eq!((request.header("transfer-encoding"), request.text()), (None, body));
    }
}

#[test]
fn a_connection_stays_open_after_refused_messages() {
    let (backend, gateway) = cities();
    let mut caller = gateway.connect();
    let xml = ("Content-Type", "text/xml");
    assert_eq!(caller.call("POST", "/Nowhere", &[], b"x=1").status(), 404);
    assert_eq!(caller.call("PUT", "/Cities", &[xml], b"<a/>").status(), 405);
    assert_eq!(caller.call("POST", "/Cities", &[("Content-Type", "text/html")], b"<p>").status(), 415);
    assert_eq!(caller.call("POST", "/Cities", &[xml], b"<a><b></a>").status(), 500);
    assert_eq!(caller.call("POST", "/Cities/GetCity", &[], b"name=Soria").status(), 415);
    assert!(backend.take().is_empty());
    assert_eq!(caller.call("POST", "/Cities", &[xml], envelope(GET_CITY).as_bytes()).status(), 200);
}

#[test]
fn fields_of_one_hop_stay_on_it_in_both_directions() {
    let (backend, gateway) = with(|_| {
        let headers = [("Content-Type", "text/xml"), ("Connection", "X-Node-Hop"), ("X-Node-Hop", "a7"), ("X-Site", "north")];
        Act::Answer(200, headers.map(|(name, value)| (name, value.to_owned())).to_vec(), envelope(CITY).into())
    });
    let reply = gateway.call(
        "POST",
        "/Cities",
        &[
            ("Content-Type", "text/xml"),
            ("Connection", "X-Trace-Hop"),
            ("X-Trace-Hop", "1"),
            ("Keep-Alive", "timeout=5"),
            ("Proxy-Connection", "keep-alive"),
            ("TE", "trailers"),
            ("X-Forwarded-For", "6.6.6.6"),
            ("X-Forwarded-Server", "evil"),
            ("X-Forwarded-Prefix", "/evil"),
            ("X-Request-Id", "r-1"),
            ("X-Own", "kept"),
        ],
        envelope(GET_CITY).as_bytes(),
    );
    assert_eq!((reply.status(), reply.header("x-node-hop"), reply.header("x-site")), (200, None, Some("north")));
    assert_eq!(reply.header("x-request-id"), Some("r-1"));
    let seen = backend.take().remove(0);
    for gone in ["x-trace-hop", "keep-alive", "proxy-connection", "te", "transfer-encoding", "x-forwarded-server", "x-forwarded-prefix"] {
        assert_eq!(seen.header(gone), None, "{gone}");
    }
    assert_eq!((seen.header("x-own"), seen.header("x-request-id")), (Some("kept"), Some("r-1")));
    assert_eq!(seen.header("x-forwarded-for"), Some("127.0.0.1"));
    assert_eq!(seen.header("host"), Some(backend.address.to_string().as_str()));
    assert_eq!(seen.path(), "/backend");
}

#[test]
fn wrong_methods_are_405_with_allow_and_head_and_options_answer() {
    let (backend, gateway) = cities();
    for (method, path, allow) in [
        ("PUT", "/Cities", "GET, HEAD, OPTIONS, POST"),
        ("DELETE", "/Cities", "GET, HEAD, OPTIONS, POST"),
        ("GET", "/Cities/GetCity", "OPTIONS, POST"),
        ("TRACE", "/Cities/GetCity", "OPTIONS, POST"),
        ("POST", "/", "GET, HEAD, OPTIONS"),
    ] {
        let reply = gateway.call(method, path, &[], b"");
        assert_eq!((reply.status(), reply.header("allow")), (405, Some(allow)), "{method} {path}");
    }
    for path in ["/Cities/GetCity", "/Cities", "/", "*"] {
        let reply = gateway.call("OPTIONS", path, &[], b"");
        assert_eq!(reply.status(), 204, "{path}");
        assert!(reply.header("allow").is_some());
    }
    for path in ["/", "/Cities", "/Cities/", "/Cities?wsdl", "/Cities?WSDL"] {
        let get = gateway.call("GET", path, &[], b"");
        let head = gateway.call("HEAD", path, &[], b"");
        assert_eq!((get.status(), head.status()), (200, 200), "{path}");
        assert_eq!(head.header("content-length"), Some(get.body.len().to_string().as_str()), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"));
        assert!(!get.body.is_empty());
    }
    assert!(backend.take().is_empty());
}

#[test]
fn unknown_paths_are_404_and_list_what_there_is() {
    let (_backend, gateway) = cities();
    let reply = gateway.call("GET", "/Nowhere", &[], b"");
    assert_eq!((reply.status(), reply.header("content-type")), (404, Some("application/problem+json")));
    assert!(reply.text().contains("[Cities, Ledger]"), "{}", reply.text());
    let reply = gateway.json("/Cities/GetTown", "{}");
    assert_eq!(reply.status(), 404);
    assert!(reply.text().contains("GetCity"), "{}", reply.text());
    assert_eq!(gateway.call("GET", "/Cities?xsd=99", &[], b"").status(), 404);
    assert_eq!(gateway.call("GET", "/Cities?wsdl=../../etc/passwd", &[], b"").status(), 404);
}

#[test]
fn published_documents_name_the_host_of_the_request() {
    let (_backend, gateway) = cities();
    let mut caller = gateway.connect();
    caller.raw(b"GET /Cities?wsdl HTTP/1.1\r\nHost: soap.public.example:8443\r\n\r\n");
    let text = caller.read(false).expect("an answer").text();
    assert!(text.contains("location=\"http://soap.public.example:8443/Cities\""), "{text}");
    assert!(!text.contains("localhost:"), "{text}");
}

#[test]
fn chunked_expecting_and_http_1_0_callers_are_served() {
    let (backend, gateway) = cities();
    let body = envelope(GET_CITY);
    let (first, second) = body.split_at(20);
    let chunks = format!("{:x};part=\"1;2\"\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\nX-Sum: 9\r\n\r\n", first.len(), second.len());
    let mut caller = gateway.connect();
    caller.raw(&raw("Host: a.example\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n", &chunks));
    assert_eq!(caller.read(false).expect("an answer").text(), envelope(CITY));
    assert_eq!(backend.take()[0].text(), body);

    let mut caller = gateway.connect();
    caller.raw(&raw(&format!("Host: a.example\r\nContent-Length: {}\r\nExpect: 100-continue\r\n", body.len()), ""));
    assert_eq!(caller.read(false).expect("leave to send").status(), 100);
    caller.raw(body.as_bytes());
    assert_eq!(caller.read(false).expect("an answer").status(), 200);
    assert_eq!(backend.take()[0].header("expect"), None);

    let mut caller = gateway.connect();
    caller.raw(format!("POST /Cities HTTP/1.0\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    let reply = caller.read(false).expect("an answer");
    assert_eq!((reply.status(), reply.header("transfer-encoding"), reply.text()), (200, None, envelope(CITY)));
}

#[test]
fn http_2_by_prior_knowledge_is_served() {
    let (backend, gateway) = cities();
    let body = envelope(GET_CITY);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let text = runtime.block_on(async {
        let stream = tokio::net::TcpStream::connect(gateway.address).await.expect("a connection");
        let io = hyper_util::rt::TokioIo::new(stream);
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(hyper_util::rt::TokioExecutor::new(), io).await.expect("a handshake");
        tokio::spawn(connection);
        let request = http::Request::post(format!("http://{}/Cities", gateway.address))
            .header("content-type", "text/xml")
            .body(http_body_util::Full::new(bytes::Bytes::from(body.clone())))
            .expect("a request");
        let reply = sender.send_request(request).await.expect("a reply");
        assert_eq!((reply.status().as_u16(), reply.version()), (200, http::Version::HTTP_2));
        let text = http_body_util::BodyExt::collect(reply.into_body()).await.expect("a body").to_bytes();
        // Its body is nobody's to cut off but ours there.
        for (path, status) in [("Cities", 200), ("Cities?wsdl", 200), ("Nowhere", 404)] {
            let request = http::Request::head(format!("http://{}/{path}", gateway.address)).body(http_body_util::Full::default());
            let reply = sender.send_request(request.expect("a request")).await.expect("a reply");
            assert_eq!(reply.status().as_u16(), status, "{path}");
            let length = reply.headers().get("content-length").and_then(|value| value.to_str().ok()).map(str::to_owned);
            assert!(length.is_some_and(|length| length != "0"), "{path}");
            let body = http_body_util::BodyExt::collect(reply.into_body()).await.expect("the end of the stream").to_bytes();
            assert!(body.is_empty(), "{path}");
        }
        text
    });
    assert_eq!(text, envelope(CITY));
    assert_eq!(backend.take()[0].text(), body);
}

#[test]
fn slow_heads_are_cut_off_and_slow_bodies_get_408() {
    let backend = Backend::start(|_| Act::xml(envelope(CITY)));
    let times = Times { header: Duration::from_millis(200), body: Duration::from_millis(200), ..Times::default() };
    let gateway = Gateway::with(&[CITIES], &backend.url(), Limits::default(), times);
    let mut slow_head = gateway.connect();
    slow_head.raw(b"POST /Cities HTTP/1.1\r\nHost: a");
    let mut slow_body = gateway.connect();
    slow_body.raw(&raw("Host: a.example\r\nContent-Length: 100\r\n", "<"));
    assert_eq!(slow_body.read(false).expect("an answer").status(), 408);
    assert!(slow_body.is_closed());
    assert!(slow_head.is_closed());
    // Idle connections are not slow ones.
    let mut idle = gateway.connect();
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(idle.call("POST", "/Cities", &[("Content-Type", "text/xml")], envelope(GET_CITY).as_bytes()).status(), 200);
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(idle.call("POST", "/Cities", &[("Content-Type", "text/xml")], envelope(GET_CITY).as_bytes()).status(), 200);
}

#[test]
fn a_stopping_gateway_finishes_the_call_under_way() {
    let (_backend, gateway) = with(|_| Act::Wait(Duration::from_millis(400), Box::new(Act::xml(envelope(CITY)))));
    let address = gateway.address;
    let mut caller = gateway.connect();
    let idle = gateway.connect();
    caller.send("POST", "/Cities", &[("Content-Type", "text/xml")], envelope(GET_CITY).as_bytes());
    std::thread::sleep(Duration::from_millis(100));
    let begun = std::time::Instant::now();
    let stopper = std::thread::spawn(move || gateway.shutdown());
    assert_eq!(caller.read(false).expect("an answer").text(), envelope(CITY));
    stopper.join().expect("stopped");
    assert!(begun.elapsed() < Duration::from_secs(5), "it waits for idle connections");
    assert!(std::net::TcpStream::connect(address).is_err());
    drop(idle);
}

#[test]
fn a_port_in_use_is_told_with_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address");
    let mut planner = castile::gateway::planner::Planner::new(castile::console::PAGES, Some("http://127.0.0.1:9/")).expect("a URL");
    planner.add(std::sync::Arc::new(crate::wire::contract(CITIES))).expect("no clash");
    let listen = castile::gateway::server::Listen { addresses: vec![address], cores: Some(1), roots: None };
    let error = castile::gateway::server::start(planner.finish().expect("services"), &listen).expect_err("taken").to_string();
    assert!(error.contains(&address.to_string()) && error.contains("--listen"), "{error}");
}

#[test]
fn what_is_no_http_is_refused_in_words() {
    let (_backend, gateway) = cities();
    let many: String = (0..150).map(|n| format!("X-{n}: 1\r\n")).collect();
    for (text, status, word) in [
        (String::from("POST /Cities HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"), 400, "framing"),
        (String::from("nonsense\r\n\r\n"), 400, "first line"),
        (format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(70_000)), 414, "target"),
        (format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n"), 431, "header fields"),
    ] {
        let mut caller = gateway.connect();
        caller.raw(text.as_bytes());
        let reply = caller.read(false).expect("an answer");
        assert_eq!((reply.status(), reply.header("content-type")), (status, Some("application/problem+json")), "{}", reply.text());
        assert!(reply.json()["detail"].as_str().is_some_and(|detail| detail.contains(word)), "{}", reply.text());
        assert!(caller.is_closed());
    }
}
