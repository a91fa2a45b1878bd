//! Parts that travel beside the envelope: base64 properties for REST callers, multipart/related on the wire.

use castile::exchange::media::Media;
use castile::exchange::parts::Parts;

use crate::wire::Act;
use crate::wire::Backend;
use crate::wire::Gateway;
use crate::wire::envelope;

const ALBUMS: &str = "tests/gateway/albums.wsdl";

fn albums(reply: Act) -> (Backend, Gateway) {
    let backend = Backend::start(move |_| reply.clone());
    let gateway = Gateway::start(&[ALBUMS], &backend.url());
    (backend, gateway)
}

fn stored(inner: &str) -> String {
    envelope(&format!("<a:Stored xmlns:a=\"https://castile.example/albums\"><a:number>7</a:number>{inner}</a:Stored>"))
}

fn multipart(root: &str, parts: &str) -> Act {
    let body = format!("--b\r\nContent-Type: text/xml\r\nContent-ID: <root>\r\n\r\n{root}\r\n{parts}--b--\r\n");
    Act::Answer(200, vec![("Content-Type", "multipart/related; boundary=b; type=\"text/xml\"".into())], body.into_bytes())
}

#[test]
fn parts_of_a_request_are_sent_beside_the_envelope_with_their_names() {
    let (backend, gateway) = albums(Act::xml(stored("")));
    let reply = gateway.json("/Albums/Store", r#"{"image":"iVBORw0KGgo=","title$part":"w6E=","title":"Sea"}"#);
    assert_eq!((reply.status(), reply.text()), (200, "{\"number\":7}".to_owned()));
    let seen = backend.take().remove(0);
    let media = Media::parse(seen.header("content-type").expect("a type"));
    assert_eq!((&*media.essence, media.parameter("type")), ("multipart/related", Some("text/xml")));
    assert_eq!(seen.header("soapaction"), Some("\"urn:store\""));
    assert_eq!(seen.header("accept"), Some("text/xml, multipart/related"));
    let parts = Parts::find(&seen.body, &media).expect("parts");
    let root = std::str::from_utf8(&seen.body[parts.root.clone()]).expect("text");
    assert!(root.contains("title>Sea</") && !root.contains("image"), "{root}");
    let others: Vec<_> = parts.others.iter().map(|part| (part.id.as_deref(), part.bytes(&seen.body).expect("bytes").to_vec())).collect();
    assert_eq!(
        others,
        [(Some("image=part@castile"), b"\x89PNG\r\n\x1a\n".to_vec()), (Some("title=part@castile"), "á".as_bytes().to_vec())]
    );
    assert!(seen.text().contains("Content-Type: image/png\r\n") && seen.text().contains("Content-Type: application/octet-stream\r\n"));
}

#[test]
fn a_part_that_is_missing_or_no_base64_is_told_with_the_other_faults() {
    let (backend, gateway) = albums(Act::xml(stored("")));
    let reply = gateway.json("/Albums/Store", r#"{"image":"?","title":7}"#);
    assert_eq!(reply.status(), 400);
    let problem = reply.json();
    let mut pointers: Vec<&str> = problem["errors"].as_array().expect("a list").iter().filter_map(|one| one["pointer"].as_str()).collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["#/image", "#/title", "#/title$part"], "{}", reply.text());
    assert!(backend.take().is_empty());
}

const ASK: &str = r#"{"image":"","title$part":"","title":"Sea"}"#;

#[test]
fn parts_of_a_reply_become_properties_and_xop_references_values() {
    let root = stored("<a:thumb><x:Include xmlns:x=\"http://www.w3.org/2004/08/xop/include\" href=\"cid:t%40h\"/></a:thumb>");
    let parts =
        "--b\r\nContent-ID: <t@h>\r\n\r\nfoo\r\n--b\r\nContent-ID: <preview=1@h>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n";
    let (_backend, gateway) = albums(multipart(&root, parts));
    let reply = gateway.json("/Albums/Store", ASK);
    assert_eq!((reply.status(), reply.text()), (200, r#"{"number":7,"thumb":"Zm9v","preview":"AAEC"}"#.to_owned()));
}

#[test]
fn a_reply_whose_parts_are_broken_is_no_soap() {
    for parts in ["--b\r\nContent-Transfer-Encoding: base64\r\n\r\n?\r\n", "--b\r\nContent-Transfer-Encoding: rot13\r\n\r\nx\r\n"] {
        let (_backend, gateway) = albums(multipart(&stored(""), parts));
        assert_eq!(gateway.json("/Albums/Store", ASK).status(), 502, "{parts}");
    }
    let dangling = stored("<a:thumb><Include xmlns=\"http://www.w3.org/2004/08/xop/include\" href=\"cid:no\"/></a:thumb>");
    let (_backend, gateway) = albums(multipart(&dangling, "--b\r\n\r\nx\r\n"));
    assert_eq!(gateway.json("/Albums/Store", ASK).status(), 502);
}
