//! REST callers: JSON in, SOAP to the backend, JSON or a problem out.

use std::io::Write;

use crate::CITY;
use crate::cities;
use crate::wire::Act;
use crate::wire::envelope;
use crate::with;

#[test]
fn a_call_becomes_soap_and_its_reply_json() {
    let (backend, gateway) = cities();
    let reply = gateway.call(
        "POST",
        "/Cities/GetCity",
        &[
            ("Content-Type", "application/json; charset=utf-8"),
            ("Accept-Encoding", "gzip"),
            ("Authorization", "Basic eDp5"),
            ("X-Own", "1"),
        ],
        b"{\"name\":\"Soria\"}",
    );
    assert_eq!((reply.status(), reply.header("content-type")), (200, Some("application/json")), "{}", reply.text());
    let city = &reply.json()["city"];
    assert_eq!((&city["population"], &city["river"]), (&serde_json::json!(39821), &serde_json::json!(["Duero"])));
    assert!(reply.text().contains("41.7640"), "digits are lost: {}", reply.text());
    let seen = backend.take().remove(0);
    assert_eq!(seen.header("content-type"), Some("text/xml; charset=utf-8"));
    assert_eq!(seen.header("soapaction"), Some("\"https://castile.example/cities/GetCity\""));
    assert_eq!(
        (seen.header("accept-encoding"), seen.header("authorization"), seen.header("x-own")),
        (Some("identity"), Some("Basic eDp5"), Some("1"))
    );
    assert_eq!(seen.header("content-length"), Some(seen.body.len().to_string().as_str()));
    assert!(seen.text().contains("Soria"));
}

#[test]
fn all_faults_of_the_json_are_listed_and_nothing_is_sent() {
    let (backend, gateway) = cities();
    let reply = gateway.json("/Cities/FindCities", "{\"region\":\"Atlantis\",\"minPopulation\":\"7\",\"extra\":1}");
    assert_eq!((reply.status(), reply.header("content-type")), (400, Some("application/problem+json")));
    let problem = reply.json();
    let mut pointers: Vec<&str> =
        problem["errors"].as_array().expect("a list").iter().filter_map(|error| error["pointer"].as_str()).collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["#/extra", "#/minPopulation", "#/region"], "{}", reply.text());
    assert!(backend.take().is_empty());
}

#[test]
fn the_wrong_content_type_is_415_with_what_to_send() {
    let (backend, gateway) = cities();
    for headers in [
        &[("Content-Type", "application/x-www-form-urlencoded")][..],
        &[],
        &[("Content-Type", "text/xml")],
        &[("Content-Type", "application/json; charset=utf-16")],
    ] {
        let reply = gateway.call("POST", "/Cities/GetCity", headers, b"{\"name\":\"Soria\"}");
        assert_eq!((reply.status(), reply.header("content-type")), (415, Some("application/problem+json")), "{headers:?}");
    }
    let reply = gateway.call("POST", "/Cities/GetCity", &[("Content-Type", "application/x-www-form-urlencoded")], b"{}");
    assert!(reply.json()["detail"].as_str().is_some_and(|text| text.contains("-H 'Content-Type: application/json'")));
    assert!(backend.take().is_empty());
}

#[test]
fn an_empty_body_counts_as_an_empty_object_and_needs_no_content_type() {
    let (backend, gateway) = with(|_| Act::xml(envelope("<c:FindCitiesResponse xmlns:c=\"https://castile.example/cities\"/>")));
    let reply = gateway.call("POST", "/Cities/FindCities", &[], b"");
    assert_eq!((reply.status(), reply.json()), (200, serde_json::json!({"city": []})), "{}", reply.text());
    assert_eq!(backend.take().len(), 1);
}

#[test]
fn compressed_json_is_read() {
    let (backend, gateway) = cities();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(b"{\"name\":\"Soria\"}").expect("memory");
    let body = encoder.finish().expect("memory");
    let headers = [("Content-Type", "application/json"), ("Content-Encoding", "gzip")];
    assert_eq!(gateway.call("POST", "/Cities/GetCity", &headers, &body).status(), 200);
    let seen = backend.take().remove(0);
    assert_eq!(seen.header("content-encoding"), None);
    let headers = [("Content-Type", "application/json"), ("Content-Encoding", "br")];
    assert_eq!(gateway.call("POST", "/Cities/GetCity", &headers, &body).status(), 415);
}

#[test]
fn replies_in_other_encodings_and_codings_become_json() {
    let latin: Vec<u8> = format!("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>{}", envelope(CITY))
        .chars()
        .map(|c| u8::try_from(u32::from(c)).expect("latin"))
        .collect();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&latin).expect("memory");
    let zipped = encoder.finish().expect("memory");
    let multipart =
        format!("--b\r\nContent-Type: application/xop+xml; charset=utf-8; type=\"text/xml\"\r\n\r\n{}\r\n--b--\r\n", envelope(CITY));
    for (what, act) in [
        ("latin", Act::Answer(200, vec![("Content-Type", "text/xml".into())], latin)),
        ("gzip", Act::Answer(200, vec![("Content-Type", "text/xml".into()), ("Content-Encoding", "gzip".into())], zipped)),
        (
            "multipart",
            Act::Answer(
                200,
                vec![("Content-Type", "multipart/related; boundary=b; type=\"application/xop+xml\"".into())],
                multipart.into(),
            ),
        ),
    ] {
        let (_backend, gateway) = with(move |_| act.clone());
        let reply = gateway.json("/Cities/GetCity", "{\"name\":\"Soria\"}");
        assert_eq!(reply.status(), 200, "{what}: {}", reply.text());
        assert_eq!(reply.json()["city"]["region"], "Castilla y León", "{what}");
        assert_eq!(reply.header("content-encoding"), None);
    }
}

#[test]
fn faults_are_problems_whatever_their_status() {
    let declared = "<s:Fault><faultcode>s:Server</faultcode><faultstring>not known here</faultstring><detail><c:UnknownCity xmlns:c=\"https://castile.example/cities\"><c:name>Oz</c:name><c:known>Soria</c:known></c:UnknownCity></detail></s:Fault>";
    for (fault, http, status) in [
        (declared, 500, 422),
        (declared, 200, 422),
        ("<s:Fault><faultcode>s:Client</faultcode><faultstring>no</faultstring></s:Fault>", 200, 400),
        ("<s:Fault><faultcode>s:Client.Authentication</faultcode><faultstring>no</faultstring></s:Fault>", 500, 400),
        ("<s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring></s:Fault>", 500, 500),
        ("<s:Fault><faultcode>s:MustUnderstand</faultcode><faultstring>no</faultstring></s:Fault>", 500, 502),
    ] {
        let body = envelope(fault);
        let (_backend, gateway) = with(move |_| Act::xml(body.clone()).with_status(http));
        let reply = gateway.json("/Cities/GetCity", "{\"name\":\"Oz\"}");
        assert_eq!((reply.status(), reply.header("content-type")), (status, Some("application/problem+json")), "{fault}: {}", reply.text());
        assert_eq!(reply.json()["status"], status);
        if status == 422 {
            let problem = reply.json();
            assert_eq!(problem["type"], "https://castile.example/cities#UnknownCity");
            assert_eq!(problem["fault"], serde_json::json!({"UnknownCity": {"name": "Oz", "known": ["Soria"]}}));
            assert_eq!(problem["detail"], "not known here");
        }
    }
}

#[test]
fn a_reply_that_breaks_its_schema_comes_through_as_far_as_it_can() {
    let body = envelope(&CITY.replace("39821", "many").replace("<c:river>Duero</c:river>", "<c:rivulet>hidden</c:rivulet>"));
    let (_backend, gateway) = with(move |_| Act::xml(body.clone()));
    let reply = gateway.json("/Cities/GetCity", "{\"name\":\"Soria\"}");
    assert_eq!(reply.status(), 200, "{}", reply.text());
    let city = &reply.json()["city"];
    assert_eq!((&city["population"], &city["river"]), (&"many".into(), &serde_json::json!([])), "{}", reply.text());
    assert_eq!(city["$any"], serde_json::json!([{"{https://castile.example/cities}rivulet": "hidden"}]), "{}", reply.text());
}

#[test]
fn the_reason_of_a_fault_comes_in_the_callers_language() {
    let body = crate::wire::envelope12(
        "<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang='en'>no lorry</s:Text><s:Text xml:lang='es'>no hay cami\u{f3}n</s:Text></s:Reason></s:Fault>",
    );
    let (_backend, gateway) = with(move |_| Act::xml(body.clone()).with_status(500));
    let headers = [("Content-Type", "application/json"), ("Accept-Language", "de, es;q=0.9, en;q=0.1")];
    let reply = gateway.call("POST", "/Cities/GetCity", &headers, b"{\"name\":\"Oz\"}");
    assert_eq!((reply.status(), reply.json()["detail"].as_str()), (500, Some("no hay cami\u{f3}n")), "{}", reply.text());
    assert_eq!(gateway.json("/Cities/GetCity", "{\"name\":\"Oz\"}").json()["detail"], "no lorry");
}

#[test]
fn large_and_small_messages_at_once_are_each_answered_right() {
    let rivers = "<c:river>Duero</c:river>".repeat(60_000);
    let large = envelope(&CITY.replace("<c:river>Duero</c:river>", &rivers));
    let (_backend, gateway) = with(move |request| Act::xml(if request.text().contains("Large") { large.clone() } else { envelope(CITY) }));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let reply = gateway.json("/Cities/GetCity", "{\"name\":\"Large\"}");
                assert_eq!((reply.status(), reply.json()["city"]["river"].as_array().map(Vec::len)), (200, Some(60_000)));
            });
            scope.spawn(|| {
                let mut caller = gateway.connect();
                for _ in 0..50 {
                    let reply = caller.call("POST", "/Cities/GetCity", &[("Content-Type", "application/json")], b"{\"name\":\"Soria\"}");
                    assert_eq!((reply.status(), reply.json()["city"]["name"].as_str()), (200, Some("Soria")));
                }
            });
        }
    });
}
