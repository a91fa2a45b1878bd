//! Replies that break their schema, as old services send them: each comes through to REST callers in a usable form, and the log
//! names the place. `tests/cases/broken-replies/CASE.json` is what the caller gets and the log says.
//!
//! `CASTILE_ACCEPT=1 cargo test --test broken_replies` writes the expectations anew, for a person to read in the diff.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm, clippy::type_complexity)]

mod wire;

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

use wire::Act;
use wire::Backend;
use wire::Caller;
use wire::envelope;

const GOOD: &str = r#"<o:GetOrderResponse xmlns:o="https://castile.example/orders" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><o:order currency="EUR"><o:customer id="7"><o:name>Ana</o:name><o:address xsi:type="o:SpanishAddress"><o:street>Calle Real 1</o:street><o:town>Segovia</o:town><o:codigoPostal>40001</o:codigoPostal></o:address></o:customer><o:line><o:article>AB-1234</o:article><o:quantity>2</o:quantity><o:price currency="EUR">1.50</o:price><o:discount>0.1</o:discount></o:line><o:card lastDigits="1234"><o:holder>Ana</o:holder><o:expires>2027-01</o:expires></o:card><o:remark>none</o:remark><o:tags>a b</o:tags></o:order><o:history><o:paid>2026-01-01T00:00:00</o:paid><o:sent>2026-01-02T00:00:00</o:sent></o:history></o:GetOrderResponse>"#;

/// What is broken, and how: the first text is replaced by the second.
const CASES: [(&str, &str, &str); 42] = [
    ("required-element-missing", "<o:name>Ana</o:name>", ""),
    ("required-attribute-missing", "<o:order currency=\"EUR\">", "<o:order>"),
    (
        "array-of-at-least-one-empty",
        "<o:line><o:article>AB-1234</o:article><o:quantity>2</o:quantity><o:price currency=\"EUR\">1.50</o:price><o:discount>0.1</o:discount></o:line>",
        "",
    ),
    ("no-branch-of-a-choice", "<o:card lastDigits=\"1234\"><o:holder>Ana</o:holder><o:expires>2027-01</o:expires></o:card>", ""),
    ("two-branches-of-a-choice", "<o:remark>", "<o:transfer><o:iban>ES1</o:iban></o:transfer><o:remark>"),
    ("unknown-element-at-the-end", "</o:tags>", "</o:tags><o:extra>new</o:extra>"),
    ("unknown-element-in-the-middle", "<o:quantity>", "<o:colour>red</o:colour><o:quantity>"),
    (
        "unknown-element-with-children",
        "<o:remark>none</o:remark>",
        "<o:remark>none</o:remark><o:audit when=\"now\"><o:by>x</o:by></o:audit>",
    ),
    ("unknown-element-without-namespace", "</o:tags>", "</o:tags><extra>new</extra>"),
    (
        "elements-without-the-namespace",
        "<o:holder>Ana</o:holder><o:expires>2027-01</o:expires>",
        "<holder>Ana</holder><expires>2027-01</expires>",
    ),
    (
        "elements-of-another-namespace-in-another-order",
        "<o:article>AB-1234</o:article><o:quantity>2</o:quantity>",
        "<p:quantity xmlns:p=\"urn:p\">2</p:quantity><p:article xmlns:p=\"urn:p\">AB-1234</p:article>",
    ),
    ("unknown-attribute", "<o:customer id=\"7\">", "<o:customer id=\"7\" vip=\"yes\">"),
    (
        "elements-in-another-order",
        "<o:article>AB-1234</o:article><o:quantity>2</o:quantity>",
        "<o:quantity>2</o:quantity><o:article>AB-1234</o:article>",
    ),
    ("last-element-first", "<o:customer id=\"7\">", "<o:tags>z</o:tags><o:customer id=\"7\">"),
    ("single-element-twice", "<o:remark>none</o:remark>", "<o:remark>none</o:remark><o:remark>again</o:remark>"),
    (
        "more-than-the-maximum",
        "</o:address></o:customer>",
        "</o:address><o:address xsi:type=\"o:ForeignAddress\"><o:street>s</o:street><o:town>t</o:town><o:country>fr</o:country></o:address><o:address xsi:type=\"o:ForeignAddress\"><o:street>u</o:street><o:town>v</o:town><o:country>de</o:country></o:address></o:customer>",
    ),
    ("text-for-a-number", "<o:quantity>2</o:quantity>", "<o:quantity>two</o:quantity>"),
    ("comma-in-a-decimal", "1.50</o:price>", "1,50</o:price>"),
    ("too-many-digits", "1.50</o:price>", "1.505</o:price>"),
    ("number-out-of-range", "<o:quantity>2</o:quantity>", "<o:quantity>0</o:quantity>"),
    ("empty-number", "<o:quantity>2</o:quantity>", "<o:quantity/>"),
    ("empty-element-for-nil", "<o:discount>0.1</o:discount>", "<o:discount></o:discount>"),
    ("number-of-another-notation", "<o:discount>0.1</o:discount>", "<o:discount>1E-1</o:discount>"),
    ("date-of-another-form", "<o:paid>2026-01-01T00:00:00</o:paid>", "<o:paid>01/01/2026</o:paid>"),
    ("pattern-not-met", "AB-1234", "ab_1"),
    ("pattern-of-an-attribute-not-met", "lastDigits=\"1234\"", "lastDigits=\"12\""),
    (
        "fixed-value-differs",
        "<o:card lastDigits=\"1234\"><o:holder>Ana</o:holder><o:expires>2027-01</o:expires></o:card>",
        "<o:invoice>false</o:invoice>",
    ),
    (
        "boolean-in-words",
        "<o:card lastDigits=\"1234\"><o:holder>Ana</o:holder><o:expires>2027-01</o:expires></o:card>",
        "<o:invoice>yes</o:invoice>",
    ),
    ("item-of-a-list-not-valid", "<o:tags>a b</o:tags>", "<o:tags>a 1b</o:tags>"),
    ("nil-where-it-may-not-be", "<o:remark>none</o:remark>", "<o:remark xsi:nil=\"true\"/>"),
    ("nil-with-content", "<o:discount>0.1</o:discount>", "<o:discount xsi:nil=\"true\">0.1</o:discount>"),
    ("abstract-type-without-a-choice", "<o:address xsi:type=\"o:SpanishAddress\">", "<o:address>"),
    ("unknown-type-named", "xsi:type=\"o:SpanishAddress\"", "xsi:type=\"o:RomanAddress\""),
    ("type-that-is-not-derived", "xsi:type=\"o:SpanishAddress\"", "xsi:type=\"o:Money\""),
    ("text-between-elements", "<o:remark>", "stray<o:remark>"),
    ("elements-in-a-simple-value", "<o:remark>none</o:remark>", "<o:remark>no<b>ne</b></o:remark>"),
    ("text-where-elements-belong", "<o:holder>Ana</o:holder><o:expires>2027-01</o:expires></o:card>", "Ana</o:card>"),
    ("unknown-event-in-a-repeated-choice", "<o:sent>", "<o:lost>2026</o:lost><o:sent>"),
    (
        "body-element-without-namespace",
        GOOD,
        "<GetOrderResponse><order currency=\"EUR\"><tags>a b</tags></order><history><paid>2026-01-01T00:00:00</paid></history></GetOrderResponse>",
    ),
    (
        "body-element-of-another-namespace",
        GOOD,
        "<x:GetOrderResponse xmlns:x=\"urn:x\" xmlns:o=\"https://castile.example/orders\"><o:order currency=\"EUR\"><o:tags>a b</o:tags></o:order></x:GetOrderResponse>",
    ),
    (
        "body-element-of-another-name",
        GOOD,
        "<o:GetOrderReturn xmlns:o=\"https://castile.example/orders\"><o:order currency=\"EUR\"><o:tags>a b</o:tags></o:order></o:GetOrderReturn>",
    ),
    ("second-body-element", "</o:GetOrderResponse>", "</o:GetOrderResponse><audit when=\"now\">seen</audit>"),
];

#[test]
fn every_kind_of_broken_reply_is_usable_and_told_by_its_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/broken-replies");
    let accept = std::env::var_os("CASTILE_ACCEPT").is_some();
    let backend = Backend::start(|request| {
        let number: usize = request.header("x-request-id").and_then(|id| id.strip_prefix("case-")?.parse().ok()).expect("a number");
        let (name, from, to) = CASES[number];
        assert_eq!(GOOD.matches(from).count(), 1, "{name}");
        Act::xml(envelope(&GOOD.replace(from, to)))
    });
    let mut child = Command::new(env!("CARGO_BIN_EXE_castile"))
        .args(["serve", "--wsdl", "wsdl/orders.wsdl", "--listen", "127.0.0.1:0", "--log", "json", "--upstream", &backend.url()])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("CASTILE_LOG")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("castile runs");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let address = line.trim().strip_prefix("listening on http://").expect("an address").parse().expect("an address");
    let mut replies = Vec::new();
    for (number, (name, _, _)) in CASES.iter().enumerate() {
        let id = format!("case-{number}");
        let headers = [("Content-Type", "application/json"), ("X-Request-Id", id.as_str())];
        let reply = Caller::connect(address).call("POST", "/Orders/GetOrder", &headers, b"{\"number\": 1}");
        assert_eq!(reply.status(), 200, "{name}: {}", reply.text());
        replies.push(reply.json());
        // The log is told of some broken messages a second; all of these are to be seen.
        std::thread::sleep(Duration::from_millis(210));
    }
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs").success());
    let mut log = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut log).expect("text");
    child.wait().expect("it ends");
    let lines: Vec<serde_json::Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let mut differ = Vec::new();
    for (number, ((name, _, _), reply)) in CASES.iter().zip(replies).enumerate() {
        let id = format!("case-{number}");
        let told = lines.iter().find(|line| line["id"] == *id && line["message"] == "a reply breaks its schema");
        let told = told.unwrap_or_else(|| panic!("{name}: the log says nothing"));
        let found = serde_json::json!({
            "log": { "at": told["at"], "path": told["path"], "why": told["why"], "faults": told["faults"] },
            "reply": reply,
        });
        let file = folder.join(format!("{name}.json"));
        if accept {
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(&file, format!("{found:#}\n")).expect("written");
        }
        let wanted = std::fs::read_to_string(&file).ok().and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
        if wanted.as_ref() != Some(&found) {
            differ.push(format!("{name}: {found:#}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}
