//! The try-it page: over sockets, and in a real browser.
//!
//! The browser is the program of `CASTILE_CHROMIUM`, driven by a script of Python's standard library; without it that test
//! is left out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod support;
mod wire;

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use flate2::read::GzDecoder;
use serde_json::Value;
use support::process::Running;
use wire::Act;
use wire::Backend;
use wire::Caller;
use wire::Gateway;

fn gateway() -> (Backend, Gateway) {
    let backend = Backend::start(|_| Act::xml(wire::envelope("")));
    let gateway = Gateway::start(&["wsdl/cities.wsdl"], &backend.url());
    (backend, gateway)
}

/// What a page names in `src` and `href`.
fn addresses(page: &str) -> Vec<&str> {
    let named = |attribute: &'static str| page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next());
    named("src=\"").chain(named("href=\"")).collect()
}

#[test]
fn the_service_page_leads_to_a_page_that_loads_nothing_from_elsewhere() {
    let (_backend, gateway) = gateway();
    let mut caller = Caller::connect(gateway.address);
    let service = caller.call("GET", "/Cities", &[], b"");
    assert!(service.text().contains("<a href=\"http://gateway.example/Cities/try\">"), "{}", service.text());

    let page = caller.call("GET", "/Cities/try", &[], b"");
    assert_eq!((page.status(), page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").expect("a policy");
    for directive in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"] {
        assert!(policy.split("; ").any(|one| one == directive), "{directive} is not in {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    assert_eq!((page.header("x-content-type-options"), page.header("referrer-policy")), (Some("nosniff"), Some("no-referrer")));
    let page = page.text();
    assert!(!page.contains("<script>") && !page.contains("style=") && !page.contains("onload"), "the policy would forbid it: {page}");
    let named = addresses(&page);
    assert!(named.len() >= 6, "{named:?}");
    for address in named.into_iter().filter(|address| *address != "data:,") {
        assert!(!address.contains(':') && !address.starts_with('/'), "{address}");
        let path = address.strip_prefix("..").map_or_else(|| format!("/Cities/{address}"), str::to_owned);
        assert_eq!(caller.call("GET", &path, &[], b"").status(), 200, "{path}");
    }
}

#[test]
fn assets_come_packed_to_those_who_take_that_and_plain_to_others() {
    let (_backend, gateway) = gateway();
    let mut caller = Caller::connect(gateway.address);
    for (name, media, part) in [
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8", "SwaggerUIBundle"),
        ("swagger-ui.css", "text/css; charset=utf-8", ".swagger-ui"),
        ("start.js", "text/javascript; charset=utf-8", "SwaggerUIBundle"),
        ("page.css", "text/css; charset=utf-8", "body"),
    ] {
        let path = format!("/Cities/try/{name}");
        let plain = caller.call("GET", &path, &[("Accept-Encoding", "br, gzip;q=0")], b"");
        assert_eq!((plain.status(), plain.header("content-type")), (200, Some(media)), "{name}");
        assert_eq!((plain.header("content-encoding"), plain.header("vary")), (None, Some("accept-encoding")), "{name}");
        assert!(plain.text().contains(part), "{name}");

        let packed = caller.call("GET", &path, &[("Accept-Encoding", "gzip, deflate, br")], b"");
        if name.starts_with("swagger") {
            assert_eq!(packed.header("content-encoding"), Some("gzip"), "{name}");
            assert!(packed.body.len() * 3 < plain.body.len(), "{name}: {} of {}", packed.body.len(), plain.body.len());
            let mut unpacked = Vec::new();
            GzDecoder::new(&*packed.body).read_to_end(&mut unpacked).unwrap();
            assert_eq!(unpacked, plain.body, "{name}");
        } else {
            assert_eq!((packed.header("content-encoding"), &packed.body), (None, &plain.body), "{name}");
        }
        caller.send("HEAD", &path, &[], b"");
        assert_eq!(caller.read(true).map(|reply| reply.status()), Some(200), "{name}");
    }
}

#[test]
fn only_what_the_page_loads_is_there() {
    let (_backend, gateway) = gateway();
    let mut caller = Caller::connect(gateway.address);
    for path in ["/Cities/try/", "/Cities/try/NOTICE", "/Cities/try/../try_it.rs", "/Cities/tryst", "/try"] {
        assert_eq!(caller.call("GET", path, &[], b"").status(), 404, "{path}");
    }
    for path in ["/Cities/try", "/Cities/try/start.js"] {
        let posted = caller.call("POST", path, &[("Content-Type", "application/json")], b"{}");
        assert_eq!((posted.status(), posted.header("allow")), (405, Some("GET, HEAD, OPTIONS")), "{path}");
    }
}

#[test]
fn the_page_sends_a_call_and_shows_its_answer_in_a_browser() {
    let Some(browser) = std::env::var_os("CASTILE_CHROMIUM") else {
        println!("left out: CASTILE_CHROMIUM is not set");
        return;
    };
    let mut demo = Running::start(&["demo"]);
    let line = demo.line().expect("where the demo is");
    let gateway = line.rsplit("http://").next().unwrap().trim_end_matches('/').to_owned();
    let seen = |request: &str| -> Value {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/browser.py");
        let mut command = Command::new("python3");
        command.arg(script).arg(&browser).arg(format!("http://{gateway}/Cities/try")).args(["GetCity", request]);
        let output = command.stderr(Stdio::inherit()).output().expect("python3 runs");
        assert!(output.status.success(), "the page could not be tried");
        serde_json::from_slice(&output.stdout).unwrap()
    };

    let seen_city = seen(r#"{"name": "Segovia"}"#);
    let example: Value = serde_json::from_str(seen_city["example"].as_str().unwrap()).unwrap();
    assert_eq!(example["name"], "name", "{example}");
    assert_eq!(seen_city["status"], "200", "{seen_city}");
    let body: Value = serde_json::from_str(seen_city["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["city"]["river"], serde_json::json!(["Eresma", "Clamores"]));

    let seen_fault = seen(r#"{"name": "Nowhere"}"#);
    assert_eq!(seen_fault["status"], "422", "{seen_fault}");
    assert!(seen_fault["body"].as_str().unwrap().contains("https://castile.example/cities#UnknownCity"), "{seen_fault}");

    for (seen, refused) in [(&seen_city, 0), (&seen_fault, 1)] {
        let requests = seen["requests"].as_array().unwrap();
        let hosts: BTreeSet<&str> = requests.iter().filter_map(|url| url.as_str()?.strip_prefix("http")?.split('/').nth(2)).collect();
        assert_eq!(hosts, BTreeSet::from([gateway.as_str()]), "{requests:?}");
        assert!(requests.iter().all(|url| url.as_str().is_some_and(|url| url.starts_with("http://") || url.starts_with("data:"))));
        // An answer that is no success is told on the console by the browser itself.
        let complaints: Vec<_> = seen["complaints"].as_array().unwrap().iter().collect();
        assert_eq!(complaints.len(), refused, "{complaints:?}");
        assert!(complaints.iter().all(|one| one.as_str().is_some_and(|one| one.contains("status of 422"))), "{complaints:?}");
    }
}
