//! SOAP callers: bytes pass, operations are found by their body, everything else is a fault in the caller's version.

use std::io::Write;

use crate::CITY;
use crate::GET_CITY;
use crate::cities;
use crate::wire::Act;
use crate::wire::Backend;
use crate::wire::Gateway;
use crate::wire::envelope;
use crate::wire::envelope12;
use crate::with;

const V11: &[(&str, &str)] = &[("Content-Type", "text/xml; charset=utf-8"), ("SOAPAction", "\"\"")];
const V12: &[(&str, &str)] = &[("Content-Type", "application/soap+xml; charset=utf-8")];

#[test]
fn messages_and_replies_pass_byte_for_byte() {
    let odd = format!(
        "\u{feff}<?xml version='1.0'?><!-- c --><S:Envelope  xmlns:S='http://schemas.xmlsoap.org/soap/envelope/'>\n<S:Header><h:Security xmlns:h='urn:h' S:mustUnderstand='1'><![CDATA[<x>]]></h:Security></S:Header><S:Body >{GET_CITY}</S:Body></S:Envelope><!-- d -->\n"
    );
    let (backend, gateway) = with(|request| Act::xml(request.body.clone()));
    let reply = gateway.soap("/Cities", &odd);
    assert_eq!((reply.status(), reply.body.as_slice()), (200, odd.as_bytes()));
    assert_eq!(backend.take()[0].body, odd.as_bytes());
}

#[test]
fn messages_in_other_encodings_are_read_and_pass_as_they_came() {
    let text = format!("<?xml version='1.0' encoding='utf-16'?>{}", envelope(GET_CITY));
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let mut latin = b"<?xml version='1.0' encoding='iso-8859-1'?>".to_vec();
    latin.extend_from_slice(envelope(&GET_CITY.replace("Soria", "Le\u{1}n")).replace('\u{1}', "?").as_bytes());
    let at = latin.iter().rposition(|byte| *byte == b'?').expect("the letter");
    latin[at] = 0xf3;
    let (backend, gateway) = with(|request| Act::Answer(200, vec![("Content-Type", "text/xml".into())], request.body.clone()));
    for body in [utf16, latin] {
        let reply = gateway.call("POST", "/Cities", &[("Content-Type", "text/xml"), ("SOAPAction", "")], &body);
        assert_eq!((reply.status(), &reply.body), (200, &body), "{}", reply.text());
        assert_eq!(backend.take()[0].body, body);
    }
}

#[test]
fn a_compressed_message_is_read_and_passes_compressed() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(envelope(GET_CITY).as_bytes()).expect("memory");
    let body = encoder.finish().expect("memory");
    let (backend, gateway) = cities();
    let reply = gateway.call("POST", "/Cities", &[("Content-Type", "text/xml"), ("Content-Encoding", "gzip")], &body);
    assert_eq!(reply.status(), 200);
    let seen = backend.take().remove(0);
    assert_eq!((seen.header("content-encoding"), &seen.body), (Some("gzip"), &body));
    for (coding, bytes, status) in [("br", &body[..], 415), ("gzip", &body[..body.len() - 9], 500), ("gzip", b"no gzip", 500)] {
        let reply = gateway.call("POST", "/Cities", &[("Content-Type", "text/xml"), ("Content-Encoding", coding)], bytes);
        assert_eq!(reply.status(), status, "{coding}: {}", reply.text());
        assert!(reply.text().contains("Fault>"));
    }
    assert!(backend.take().is_empty());
}

#[test]
fn a_compressed_reply_is_read_and_passes_compressed() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(envelope(CITY).as_bytes()).expect("memory");
    let body = encoder.finish().expect("memory");
    let sent = body.clone();
    let (backend, gateway) =
        with(move |_| Act::Answer(200, vec![("Content-Type", "text/xml".into()), ("Content-Encoding", "gzip".into())], sent.clone()));
    let reply = gateway.call(
        "POST",
        "/Cities",
        &[("Content-Type", "text/xml"), ("Accept-Encoding", "br, gzip;q=0.5")],
        envelope(GET_CITY).as_bytes(),
    );
    assert_eq!((reply.status(), reply.header("content-encoding"), &reply.body), (200, Some("gzip"), &body));
    assert_eq!(backend.take()[0].header("accept-encoding"), Some("gzip"));
}

#[test]
fn the_action_must_not_name_another_operation() {
    let (backend, gateway) = cities();
    let (own, other) = ("https://castile.example/cities/GetCity", "https://castile.example/cities/FindCities");
    for action in [format!("\"{own}\""), own.to_owned(), "\"\"".into(), String::new(), "\"urn:of-nothing\"".into()] {
        let reply =
            gateway.call("POST", "/Cities", &[("Content-Type", "text/xml"), ("SOAPAction", &action)], envelope(GET_CITY).as_bytes());
        assert_eq!(reply.status(), 200, "{action}: {}", reply.text());
    }
    assert_eq!(backend.take().len(), 5);
    for action in [format!("\"{other}\""), other.to_owned(), format!(" \"{other}\" ")] {
        let reply =
            gateway.call("POST", "/Cities", &[("Content-Type", "text/xml"), ("SOAPAction", &action)], envelope(GET_CITY).as_bytes());
        assert_eq!(reply.status(), 500, "{action}");
        assert!(reply.text().contains(":Client<"), "{}", reply.text());
    }
    let typed = format!("application/soap+xml; action=\"{other}\"");
    let reply = gateway.call("POST", "/Cities", &[("Content-Type", &typed)], envelope12(GET_CITY).as_bytes());
    assert_eq!(reply.status(), 400);
    assert!(reply.text().contains(":Sender<"), "{}", reply.text());
    let addressed = envelope(GET_CITY).replace(
        "<s:Body>",
        &format!("<s:Header><a:Action xmlns:a=\"http://www.w3.org/2005/08/addressing\">{other}</a:Action></s:Header><s:Body>"),
    );
    assert_eq!(gateway.soap("/Cities", &addressed).status(), 500);
    assert!(backend.take().is_empty());
}

#[test]
fn a_parameter_of_the_content_type_that_stands_twice_is_refused() {
    let (backend, gateway) = cities();
    let (own, other) = ("https://castile.example/cities/GetCity", "https://castile.example/cities/FindCities");
    for (one, two) in [(own, other), (other, own), (own, own)] {
        let typed = format!("application/soap+xml; action=\"{one}\"; action=\"{two}\"");
        let reply = gateway.call("POST", "/Cities", &[("Content-Type", &typed)], envelope12(GET_CITY).as_bytes());
        assert_eq!(reply.status(), 400, "{}", reply.text());
        assert!(reply.text().contains("the parameter 'action' more than once"), "{}", reply.text());
    }
    assert!(backend.take().is_empty());
}

#[test]
fn what_is_no_request_of_the_service_is_a_client_fault() {
    let (backend, gateway) = cities();
    for (what, body, mention) in [
        ("an unknown body", envelope("<x xmlns=\"urn:x\"/>"), "{urn:x}x"),
        ("an empty Body", envelope(""), "empty"),
        ("two children", envelope(&GET_CITY.repeat(2)), "2 children"),
        ("no envelope", String::from("<a/>"), ""),
        ("nothing", String::new(), ""),
        ("two bodies", envelope(&format!("{GET_CITY}</s:Body><s:Body>{GET_CITY}")), ""),
        ("a fault", envelope("<s:Fault><faultcode>s:Client</faultcode><faultstring>x</faultstring></s:Fault>"), ""),
    ] {
        let reply = gateway.soap("/Cities", &body);
        assert_eq!((reply.status(), reply.header("content-type")), (500, Some("text/xml; charset=utf-8")), "{what}");
        assert!(reply.text().contains("Client<") || reply.text().contains("VersionMismatch<"), "{what}: {}", reply.text());
        assert!(reply.text().contains(mention), "{what}: {}", reply.text());
    }
    assert!(backend.take().is_empty());
}

#[test]
fn versions_that_are_not_served_are_a_mismatch_in_the_served_one() {
    let (backend, gateway) = cities();
    let close = "<l:Close xmlns:l=\"https://castile.example/ledger\"><month>2024-05</month></l:Close>";
    let reply = gateway.call("POST", "/Ledger", V12, envelope12(close).as_bytes());
    assert_eq!((reply.status(), reply.header("content-type")), (500, Some("text/xml; charset=utf-8")));
    assert!(reply.text().contains("VersionMismatch") && reply.text().contains("SOAP 1.1"), "{}", reply.text());
    let draft = envelope12(GET_CITY).replace("2003/05", "2001/12");
    let reply = gateway.call("POST", "/Cities", V11, draft.as_bytes());
    assert_eq!((reply.status(), reply.header("content-type")), (500, Some("text/xml; charset=utf-8")));
    assert!(reply.text().contains("VersionMismatch"), "{}", reply.text());
    assert!(backend.take().is_empty());
}

#[test]
fn content_types_are_judged_and_the_envelope_decides_the_version() {
    let (backend, gateway) = with(|request| Act::xml(request.body.clone()));
    for media in ["application/xml", "TEXT/XML; Charset=\"utf-8\"", "text/xml", "application/soap+xml"] {
        let reply = gateway.call("POST", "/Cities", &[("Content-Type", media)], envelope(GET_CITY).as_bytes());
        assert_eq!(reply.status(), 200, "{media}: {}", reply.text());
    }
    assert_eq!(gateway.call("POST", "/Cities", &[], envelope(GET_CITY).as_bytes()).status(), 200);
    assert_eq!(backend.take().len(), 5);
    for media in ["application/json", "application/x-www-form-urlencoded", "text/plain", "image/png"] {
        let reply = gateway.call("POST", "/Cities", &[("Content-Type", media)], envelope(GET_CITY).as_bytes());
        assert_eq!(reply.status(), 415, "{media}");
        assert!(reply.text().contains("Fault>") && reply.text().contains("text/xml"), "{}", reply.text());
    }
    assert!(backend.take().is_empty());
}

#[test]
fn a_multipart_message_is_judged_by_its_root_and_passes_as_it_came() {
    let (backend, gateway) = cities();
    let root = envelope(GET_CITY);
    let body = format!(
        "--b=_1\r\nContent-Type: image/png\r\nContent-ID: <p>\r\n\r\n\u{1}<broken\r\n--b=_1\r\nContent-Type: application/xop+xml; type=\"text/xml\"\r\nContent-ID: <r>\r\n\r\n{root}\r\n--b=_1--\r\n"
    );
    let media = |start: &str| {
        format!("multipart/related; boundary=\"b=_1\"; type=\"application/xop+xml\"; start-info=\"text/xml\"; start=\"<{start}>\"")
    };
    let reply = gateway.call("POST", "/Cities", &[("Content-Type", &media("r"))], body.as_bytes());
    assert_eq!(reply.status(), 200, "{}", reply.text());
    let seen = backend.take().remove(0);
    assert_eq!((seen.text(), seen.header("content-type")), (body.clone(), Some(media("r").as_str())));
    for (start, status) in [("p", 415), ("gone", 500)] {
        let reply = gateway.call("POST", "/Cities", &[("Content-Type", &media(start))], body.as_bytes());
        assert_eq!(reply.status(), status, "{start}: {}", reply.text());
    }
    assert!(backend.take().is_empty());
}

#[test]
fn a_root_that_readers_could_see_differently_is_refused() {
    let (backend, gateway) = cities();
    let part = format!("--b\r\nContent-Type: text/xml\r\nContent-ID: <r>\r\n\r\n{}\r\n", envelope(GET_CITY));
    let media = "multipart/related; boundary=b; type=\"text/xml\"; start=\"<r>\"";
    let reply = gateway.call("POST", "/Cities", &[("Content-Type", media)], format!("{part}{part}--b--\r\n").as_bytes());
    assert_eq!(reply.status(), 500, "{}", reply.text());
    assert!(reply.text().contains("several parts"), "{}", reply.text());
    assert!(backend.take().is_empty());
}

#[test]
fn an_action_is_found_wherever_it_can_be_hidden() {
    let (backend, gateway) = cities();
    let (own, other) = ("https://castile.example/cities/GetCity", "https://castile.example/cities/FindCities");
    let pattern = "https://castile.example/cities/CitiesPortType";
    let refused = |what: &str, headers: &[(&str, &str)], body: &str| {
        let reply = gateway.call("POST", "/Cities", headers, body.as_bytes());
        assert!(matches!(reply.status(), 400 | 500), "{what}: {}", reply.text());
        assert!(reply.text().contains("another operation"), "{what}: {}", reply.text());
        assert!(backend.take().is_empty(), "{what}");
    };
    refused("white space in quotes", &[("Content-Type", "text/xml"), ("SOAPAction", &format!("\" {other} \""))], &envelope(GET_CITY));
    let addressed = |actions: &[&str]| {
        let blocks: String =
            actions.iter().map(|action| format!("<a:Action xmlns:a='http://www.w3.org/2005/08/addressing'>{action}</a:Action>")).collect();
        envelope(GET_CITY).replace("<s:Body>", &format!("<s:Header>{blocks}</s:Header><s:Body>"))
    };
    refused("a second wsa:Action", V11, &addressed(&[own, other]));
    refused("the default action", V11, &addressed(&[&format!("{pattern}/FindCitiesRequest")]));
    let (escaped, root) = (format!("application/soap+xml; action=\\\"{other}\\\""), envelope12(GET_CITY));
    let multipart = |media: &str| format!("--b\r\nContent-Type: {media}\r\n\r\n{root}\r\n--b--\r\n");
    let outer = "multipart/related; boundary=b; type=\"application/xop+xml\"; start-info=\"application/soap+xml\"";
    let wrapped = outer.replace("application/soap+xml", &escaped);
    refused("start-info", &[("Content-Type", &wrapped)], &multipart("application/xop+xml"));
    let inner = format!("application/xop+xml; type=\"{escaped}\"");
    refused("the type of the root part", &[("Content-Type", outer)], &multipart(&inner));
    let plain = format!("application/soap+xml; action=\"{other}\"");
    refused("the root part", &[("Content-Type", outer)], &multipart(&plain));

    let body = addressed(&[&format!("{pattern}/GetCityRequest")]);
    assert_eq!(gateway.soap("/Cities", &body).status(), 200, "the default action of its own");
    let odd = [("Content-Type", "text/xml"), ("SOAPAction", "\"urn:de-nada-ñ\"")];
    let reply = gateway.call("POST", "/Cities", &odd, envelope(GET_CITY).as_bytes());
    assert_eq!(reply.status(), 200, "an action of no operation: {}", reply.text());
    assert_eq!(backend.take().len(), 2);
}

#[test]
fn faults_of_the_backend_pass_with_their_status_also_with_200() {
    let fault = envelope("<s:Fault><faultcode>s:Server</faultcode><faultstring>no lorry today</faultstring></s:Fault>");
    for status in [200, 500, 400] {
        let body = fault.clone();
        let (_backend, gateway) = with(move |_| Act::xml(body.clone()).with_status(status));
        let reply = gateway.soap("/Cities", &envelope(GET_CITY));
        assert_eq!((reply.status(), reply.text()), (status, fault.clone()));
    }
}

#[test]
fn a_large_reply_passes_while_it_arrives() {
    let filler = "x".repeat(3 << 20);
    let body = envelope(&CITY.replace("Duero", &filler));
    let sent = body.clone();
    let (backend, gateway) = with(move |_| Act::xml(sent.clone()));
    for _ in 0..3 {
        let reply = gateway.soap("/Cities", &envelope(GET_CITY));
        assert_eq!((reply.status(), reply.body.len()), (200, body.len()));
        assert!(reply.body == body.as_bytes());
    }
    assert_eq!(backend.take().len(), 3);
}

#[test]
fn a_large_reply_that_breaks_off_is_seen_to_be_incomplete() {
    let (_backend, gateway) = with(|_| {
        let mut bytes = format!("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n", 4 << 20).into_bytes();
        bytes.extend_from_slice(envelope(&CITY.replace("Duero", &"x".repeat(2 << 20))).as_bytes());
        Act::Raw(bytes)
    });
    let mut caller = gateway.connect();
    caller.send("POST", "/Cities", V11, envelope(GET_CITY).as_bytes());
    assert!(caller.read(false).is_none(), "a torso was passed off as whole");
}

#[test]
fn soap_encoded_operations_pass_unvalidated_and_have_no_rest_route() {
    let backend = Backend::start(|request| Act::xml(request.body.clone()));
    let gateway = Gateway::start(&["tests/gateway/encoded.wsdl"], &backend.url());
    let body = envelope("<t:Weigh xmlns:t='urn:castile:scales'><cart href='#1'/></t:Weigh><multiRef id='1'>anything</multiRef>");
    let reply = gateway.soap("/Scales", &body);
    assert_eq!((reply.status(), reply.text()), (200, body), "passes with its multi-reference");
    assert_eq!(gateway.json("/Scales/Weigh", "{}").status(), 404);
    assert_eq!(backend.take().len(), 1);
}

#[test]
fn a_wrapper_whose_namespace_the_contract_leaves_open_may_have_none() {
    let backend = Backend::start(|request| Act::xml(request.body.clone()));
    let gateway = Gateway::start(&["tests/gateway/encoded.wsdl"], &backend.url());
    for wrapper in ["<Tare><cart>a</cart></Tare>", "<t:Tare xmlns:t='urn:castile:scales'><cart>a</cart></t:Tare>"] {
        let reply = gateway.soap("/Scales", &envelope(wrapper));
        assert_eq!(reply.status(), 200, "{wrapper}: {}", reply.text());
    }
    assert_eq!(gateway.soap("/Scales", &envelope("<Weigh/>")).status(), 500, "the other operation's namespace is declared");
}
