//! Upstreams over https: own roots are trusted when they are given, and nobody else's.
//!
//! The certificates beside this file are for `localhost`, made for these tests and good for nothing else.

use std::io::BufReader;
use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;

use castile::gateway::documents::Documents;
use castile::gateway::settings::Limits;
use castile::gateway::settings::Times;
use castile::schema::load::Resolver;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;

use crate::CITIES;
use crate::CITY;
use crate::GET_CITY;
use crate::wire::Gateway;
use crate::wire::Message;
use crate::wire::envelope;

const ROOTS: &[u8] = include_bytes!("tls/roots.pem");

/// An https server that answers every request with these bytes; its port.
fn server(body: impl Fn(&Message) -> String + Send + Sync + 'static) -> u16 {
    let chain = CertificateDer::pem_slice_iter(include_bytes!("tls/server.pem")).collect::<Result<Vec<_>, _>>().expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/server.key")).expect("a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a pair");
    let (config, body) = (Arc::new(config), Arc::new(body));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (config, body) = (Arc::clone(&config), Arc::clone(&body));
            std::thread::spawn(move || {
                let connection = rustls::ServerConnection::new(config).expect("a connection");
                let mut reader = BufReader::new(rustls::StreamOwned::new(connection, stream));
                while let Ok(Some(request)) = Message::read(&mut reader, false) {
                    let body = body(&request);
                    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n", body.len());
                    let stream = reader.get_mut();
                    if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).is_err() {
                        return;
                    }
                }
            });
        }
    });
    port
}

fn gateway(url: &str, roots: Option<&[u8]>) -> Gateway {
    Gateway::trusting(roots.map(<[u8]>::to_vec), &[CITIES], url, Limits::default(), Times::default())
}

#[test]
fn an_upstream_over_https_is_reached_with_its_own_root() {
    let port = server(|_| envelope(CITY));
    let gateway = gateway(&format!("https://localhost:{port}/ws"), Some(ROOTS));
    for _ in 0..3 {
        let reply = gateway.soap("/Cities", &envelope(GET_CITY));
        assert_eq!((reply.status(), reply.text()), (200, envelope(CITY)));
    }
}

#[test]
fn an_upstream_whose_certificate_nobody_vouches_for_is_not_used() {
    let port = server(|_| envelope(CITY));
    let reply = gateway(&format!("https://localhost:{port}/ws"), None).soap("/Cities", &envelope(GET_CITY));
    assert_eq!(reply.status(), 500);
    assert!(!reply.text().contains("certificate"), "{}", reply.text());
    // A name that the certificate does not hold.
    let gateway = gateway(&format!("https://127.0.0.2:{port}/ws"), Some(ROOTS));
    assert_eq!(gateway.json("/Cities/GetCity", "{\"name\":\"Soria\"}").status(), 502);
}

#[test]
fn roots_that_are_none_are_refused_at_the_start() {
    let listen = castile::gateway::server::Listen {
        addresses: vec!["127.0.0.1:0".parse().expect("an address")],
        cores: Some(1),
        roots: Some(b"no PEM".to_vec()),
    };
    let mut planner = castile::gateway::planner::Planner::new(castile::console::PAGES, Some("https://localhost/")).expect("a URL");
    planner.add(Arc::new(crate::wire::contract(CITIES))).expect("no clash");
    let error = castile::gateway::server::start(planner.finish().expect("services"), &listen).expect_err("no roots").to_string();
    assert!(error.contains("BEGIN CERTIFICATE"), "{error}");
}

#[test]
fn a_contract_and_its_imports_are_fetched_from_their_url() {
    let port = server(|request| match request.path() {
        "/ws/a.wsdl?v=1" => String::from("<a/>"),
        "/ws/types/b.xsd" => String::from("<b/>"),
        other => format!("<unexpected>{other}</unexpected>"),
    });
    let url = format!("https://localhost:{port}/ws/a.wsdl?v=1");
    let mut documents = Documents::new(&url).with_roots(Some(ROOTS.to_vec()));
    let root = documents.root(&url).expect("fetched");
    assert_eq!(root.text, "<a/>");
    assert_eq!(documents.fetch(&root.location, "types/b.xsd", None).expect("fetched").text, "<b/>");
    assert!(documents.fetch(&root.location, "https://127.0.0.1/b.xsd", None).is_err());
    assert!(Documents::new(&url).root(&url).is_err_and(|error| error.message.contains("cannot connect")));
}
