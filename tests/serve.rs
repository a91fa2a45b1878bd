//! `castile serve` as its users start it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm, clippy::type_complexity)]

mod wire;

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::net::SocketAddr;
use std::process::Child;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

use wire::Act;
use wire::Backend;
use wire::Caller;
use wire::envelope;

const REPLY: &str =
    "<c:GetDistanceResponse xmlns:c=\"https://castile.example/cities\"><c:kilometres>70.50</c:kilometres></c:GetDistanceResponse>";

fn castile(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_castile"));
    command.arg("serve").args(args).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("CASTILE_LOG");
    command
}

/// Runs to its end: for commands that cannot start.
fn refused(args: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = castile(args).output().expect("castile runs");
    assert!(stdout.is_empty(), "{}", String::from_utf8_lossy(&stdout));
    (status.code(), String::from_utf8_lossy(&stderr).into_owned())
}

struct Served {
    child: Child,
    address: SocketAddr,
}

impl Served {
    fn start(args: &[&str]) -> Self {
        let mut child = castile(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("castile runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line:?}"));
        Self { address: address.parse().expect("an address"), child }
    }

    /// Asks it to stop; its status and what it wrote on stderr.
    fn stop(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
        let status = self.child.wait().expect("it ends");
        let mut text = String::new();
        self.child.stderr.take().expect("piped").read_to_string(&mut text).expect("text");
        (status.code(), text)
    }
}

#[test]
fn it_says_where_it_listens_serves_and_stops_when_told() {
    let backend = Backend::start(|_| Act::xml(envelope(REPLY)));
    let served = Served::start(&[
        "--wsdl",
        "wsdl/cities.wsdl",
        "--wsdl",
        "wsdl/ledger.wsdl",
        "--upstream",
        &backend.url(),
        "--listen",
        "127.0.0.1:0",
    ]);
    let json = [("Content-Type", "application/json"), ("Authorization", "Basic c2VjcmV0"), ("X-Request-Id", "r-1")];
    let reply =
        Caller::connect(served.address).call("POST", "/Cities/GetDistance?token=secret", &json, b"{\"from\":\"Private\",\"to\":\"B\"}");
    assert_eq!((reply.status(), reply.text()), (200, String::from("{\"kilometres\":70.50}")));
    let (status, log) = served.stop();
    assert_eq!(status, Some(0), "{log}");
    let line: serde_json::Value = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .find(|line: &serde_json::Value| line["id"] == "r-1")
        .expect("an access line");
    assert_eq!((&line["service"], &line["operation"], &line["status"]), (&"Cities".into(), &"GetDistance".into(), &200.into()), "{line}");
    for secret in ["Private", "c2VjcmV0", "token", "70.50"] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}

#[test]
fn a_header_of_a_reply_that_breaks_its_schema_is_told_by_its_place_without_its_value() {
    let reply = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:c=\"https://castile.example/cities\"><s:Header>\
                 <c:RequestId><c:inner>confidential</c:inner></c:RequestId></s:Header><s:Body><c:GetCityResponse><c:city>\
                 <c:name>Soria</c:name><c:region>Castilla y León</c:region><c:population>39821</c:population>\
                 <c:river>Duero</c:river><c:place latitude=\"41.7\" longitude=\"-2.4\"/></c:city></c:GetCityResponse></s:Body></s:Envelope>";
    let backend = Backend::start(move |_| Act::xml(reply.to_owned()));
    let served = Served::start(&["--wsdl", "wsdl/cities.wsdl", "--upstream", &backend.url(), "--listen", "127.0.0.1:0"]);
    let json = [("Content-Type", "application/json"), ("X-Request-Id", "r-7")];
    let answer = Caller::connect(served.address).call("POST", "/Cities/GetCity", &json, b"{\"name\":\"Soria\"}");
    assert_eq!(answer.status(), 200, "{}", answer.text());
    let (_, log) = served.stop();
    let told = log.lines().find(|line| line.contains("breaks its schema")).unwrap_or_else(|| panic!("nothing is told: {log}"));
    for part in ["WARN", "r-7", "/s:Envelope/s:Header/c:RequestId", "1:"] {
        assert!(told.contains(part), "{part} is missing: {told}");
    }
    assert!(!log.contains("confidential"), "{log}");
}

#[test]
fn no_piece_of_a_broken_message_is_in_the_log() {
    let broken = envelope("<a>my&hunter2secret;pass</a>");
    let backend = Backend::start(move |_| Act::xml(broken.clone()));
    let served = Served::start(&["--wsdl", "wsdl/cities.wsdl", "--upstream", &backend.url(), "--listen", "127.0.0.1:0"]);
    let good = envelope("<c:GetCity xmlns:c=\"https://castile.example/cities\"><c:name>Soria</c:name></c:GetCity>");
    let bad = good.replace("Soria", "&hunter2secret;");
    let caller = || Caller::connect(served.address);
    let json = [("Content-Type", "application/json"), ("X-Request-Id", "rest-reply")];
    assert_eq!(caller().call("POST", "/Cities/GetCity", &json, b"{\"name\":\"Soria\"}").status(), 502);
    for (id, message) in [("soap-reply", &good), ("soap-request", &bad)] {
        let headers = [("Content-Type", "text/xml"), ("X-Request-Id", id)];
        assert_eq!(caller().call("POST", "/Cities", &headers, message.as_bytes()).status(), 500, "{id}");
    }
    let (_, log) = served.stop();
    for id in ["rest-reply", "soap-reply", "soap-request"] {
        let line = log.lines().find(|line| line.contains(id)).unwrap_or_else(|| panic!("no line of {id}: {log}"));
        assert!(line.contains("undefined-entity"), "{line}");
    }
    assert!(!log.contains("hunter2"), "{log}");
}

#[test]
fn traces_show_the_messages_of_each_call() {
    let backend = Backend::start(|_| Act::xml(envelope(REPLY)));
    let served = Served::start(&["--wsdl", "wsdl/cities.wsdl", "--upstream", &backend.url(), "--listen", "127.0.0.1:0", "--trace"]);
    let json = [("Content-Type", "application/json")];
    Caller::connect(served.address).call("POST", "/Cities/GetDistance", &json, b"{\"from\":\"A\",\"to\":\"B\"}");
    let (_, log) = served.stop();
    for part in ["{\"from\":\"A\",\"to\":\"B\"}", "GetDistance>", "kilometres>70.50<", "{\"kilometres\":70.50}"] {
        assert!(log.contains(part), "{part} is missing: {log}");
    }
}

#[test]
fn what_prevents_serving_is_told_with_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = taken.local_addr().expect("an address").to_string();
    let cities = "wsdl/cities.wsdl";
    for (what, args, mentions) in [
        ("a port in use", &["--wsdl", cities, "--listen", &taken][..], &[taken.as_str(), "--listen"][..]),
        ("a missing WSDL", &["--wsdl", "no/such.wsdl"], &["no/such.wsdl", "no such file"]),
        ("no WSDL", &["--wsdl", "README.md"], &["README.md"]),
        ("a WSDL that cannot be fetched", &["--wsdl", "http://127.0.0.1:9/a?wsdl"], &["http://127.0.0.1:9/a?wsdl", "cannot connect"]),
        ("an upstream that is no URL", &["--wsdl", cities, "--upstream", "erp:80"], &["--upstream", "http"]),
        ("an address that is none", &["--wsdl", cities, "--listen", "nowhere"], &["--listen", "127.0.0.1:8080"]),
        ("a trace for all to read", &["--wsdl", cities, "--listen", "0.0.0.0:0", "--trace"], &["--trace", "loopback"]),
        ("one service twice", &["--wsdl", cities, "--wsdl", cities], &["Cities"]),
        ("missing roots", &["--wsdl", cities, "--roots", "no.pem"], &["no.pem"]),
    ] {
        let (status, said) = refused(args);
        assert_eq!(status, Some(2), "{what}: {said}");
        for word in mentions {
            assert!(said.contains(word), "{what} does not mention {word}: {said}");
        }
        assert!(said.lines().count() <= 2, "{what}: {said}");
    }
}
