//! `castile serve -c castile.yaml`, as an operator starts it: each key that it understands does what it says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm, clippy::type_complexity)]

#[path = "configured/served.rs"]
mod served;
mod wire;

use std::process::Command;
use std::time::Duration;

use served::Served;
use served::castile;
use served::write;
use wire::Act;
use wire::Backend;
use wire::Caller;
use wire::envelope;

const CITY: &str = "<c:GetCityResponse xmlns:c=\"https://castile.example/cities\"><c:city><c:name>Soria</c:name><c:region>Castilla y León</c:region>\
                    <c:population>39821</c:population><c:river>Duero</c:river><c:place latitude=\"41.7\" longitude=\"-2.4\"/></c:city></c:GetCityResponse>";
const ORDER: &str = "<o:PlaceOrderResponse xmlns:o=\"https://castile.example/orders\"><o:number>7</o:number><o:total>12.50</o:total><o:promised>2026-11-25</o:promised></o:PlaceOrderResponse>";
const UNKNOWN: &str = "<s:Fault xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><faultcode>s:Client</faultcode><faultstring>no such city</faultstring><detail>\
                       <c:UnknownCity xmlns:c=\"https://castile.example/cities\"><c:name>Atlantis</c:name></c:UnknownCity></detail></s:Fault>";
const JSON: [(&str, &str); 1] = [("Content-Type", "application/json")];
const XML: [(&str, &str); 1] = [("Content-Type", "text/xml; charset=utf-8")];

fn soap(body: &str) -> Act {
    Act::xml(envelope(body))
}

const CITIES: &str = "
version: 1
listeners: { local: { address: \"127.0.0.1:0\" } }
services:
  cities:
    wsdl: { file: WSDL/cities.wsdl }
    upstream: { endpoints: [{ url: \"BACKEND\" }] }
";

#[test]
fn values_of_path_and_query_reach_the_backend_at_their_places() {
    let backend = Backend::start(|_| soap(CITY));
    let served = Served::start(
        &format!(
            "{CITIES}    operations:\n      GetCity: {{ rest: \"GET /by-name/{{name}}\" }}\n      GetDistance: {{ rest: \"GET /{{from}}/distance?to={{to}}\" }}\n      FindCities: {{ rest: \"POST /search/{{region}}\" }}\n"
        ),
        &backend,
    );
    let reply = served.get("/cities/by-name/Sor%C3%ADa%2F%3Ca%3E");
    assert_eq!(reply.status(), 200, "{}", reply.text());
    assert_eq!(reply.json()["city"]["population"], 39821);
    let sent = backend.take().pop().expect("a request").text();
    assert!(sent.contains(":name>Soría/&lt;a&gt;</"), "{sent}");
    let reply = served.get("/cities/Soria/distance?to=San+Sebasti%C3%A1n");
    assert_eq!(reply.status(), 200, "{}", reply.text());
    let sent = backend.take().pop().expect("a request").text();
    assert!(sent.contains(":from>Soria</") && sent.contains(":to>San Sebastián</"), "{sent}");
    let reply = served.call("POST", "/cities/search/Castilla%20y%20Le%C3%B3n", &JSON, "{\"minPopulation\": 5000}");
    assert_eq!(reply.status(), 200, "{}", reply.text());
    let sent = backend.take().pop().expect("a request").text();
    assert!(sent.contains(":region>Castilla y León</") && sent.contains(":minPopulation>5000</"), "{sent}");
}

#[test]
fn the_try_it_page_comes_before_a_route_of_one_value() {
    let backend = Backend::start(|_| soap(CITY));
    let served = Served::start(&format!("{CITIES}    operations:\n      GetCity: {{ rest: \"GET /{{name}}\" }}\n"), &backend);
    for page in ["/cities/try", "/cities/try/start.js"] {
        assert_eq!(served.get(page).status(), 200, "{page}");
        assert!(!served.get(page).header("content-type").is_some_and(|media| media.contains("json")), "{page}");
    }
    assert!(backend.take().is_empty());
    assert_eq!(served.get("/cities/tryst").status(), 200);
    assert_eq!(backend.take().len(), 1);
}

#[test]
fn what_does_not_fit_a_route_is_refused_in_words_and_reaches_nobody() {
    let backend = Backend::start(|_| soap(CITY));
    let served = Served::start(
        &format!(
            "{CITIES}    operations:\n      GetCity: {{ rest: \"GET /{{name}}\" }}\n      FindCities: {{ rest: \"POST /search/{{region}}\" }}\n"
        ),
        &backend,
    );
    for (method, path, body, status, words) in [
        ("PUT", "/cities/Soria", "{}", 405, "GET, HEAD, OPTIONS"),
        ("GET", "/cities/Soria?lang=es", "", 400, "no query parameter 'lang'"),
        ("GET", "/cities/Soria", "{}", 400, "no body"),
        ("POST", "/cities/GetCity", "{\"name\":\"Soria\"}", 405, "GET, HEAD, OPTIONS"),
        ("POST", "/cities/search/x", "{\"region\":\"y\"}", 400, "#/region"),
        ("POST", "/cities/search/x", "[]", 400, "\"#\""),
        ("POST", "/cities/search/x", "{", 400, "not JSON"),
        ("GET", "/cities/a/b/c", "", 404, "GET /{name}"),
    ] {
        let headers: &[_] = if body.is_empty() { &[] } else { &JSON };
        let reply = served.call(method, path, headers, body);
        assert_eq!(reply.status(), status, "{method} {path}: {}", reply.text());
        assert!(reply.text().contains(words), "{method} {path}: {}", reply.text());
    }
    assert!(backend.take().is_empty());
    let options = served.call("OPTIONS", "/cities/Soria", &[], "");
    assert_eq!((options.status(), options.header("allow")), (204, Some("GET, HEAD, OPTIONS")));
    let head = Caller::connect(served.addresses[0]);
    let mut head = head;
    head.send("HEAD", "/cities/Soria", &[], b"");
    let reply = head.read(true).expect("a reply");
    assert_eq!(reply.status(), 200);
    assert!(reply.header("content-length").is_some_and(|length| length != "0"));
}

#[test]
fn a_service_lives_at_its_path_and_on_its_listeners_only() {
    let backend = Backend::start(|_| soap(CITY));
    let text = "
version: 1
listeners:
  inside: { address: \"127.0.0.1:0\" }
  outside: { address: \"127.0.0.1:0\" }
services:
  cities: { path: /geo/v1, listeners: [outside], wsdl: { file: WSDL/cities.wsdl }, upstream: { endpoints: [{ url: \"BACKEND\" }] } }
  orders: { wsdl: { file: WSDL/orders.wsdl }, upstream: { endpoints: [{ url: \"BACKEND\" }] } }
";
    let served = Served::start(text, &backend);
    let on = |listener: usize, method: &str, path: &str| {
        Caller::connect(served.addresses[listener]).call(method, path, &JSON, b"{\"name\":\"Soria\"}")
    };
    assert_eq!(on(1, "POST", "/geo/v1/GetCity").status(), 200);
    assert_eq!(on(0, "POST", "/geo/v1/GetCity").status(), 404);
    assert_eq!(on(1, "GET", "/geo").status(), 404);
    assert!(!on(0, "GET", "/").text().contains("geo/v1"));
    assert!(on(1, "GET", "/").text().contains("/geo/v1\""));
    assert_eq!(on(0, "GET", "/orders").status(), 200);
    let wsdl = on(1, "GET", "/geo/v1?wsdl").text();
    assert!(wsdl.contains("location=\"http://gateway.example/geo/v1\""), "{wsdl}");
    let page = on(1, "GET", "/geo/v1").text();
    assert!(page.contains("http://gateway.example/geo/v1/GetCity"), "{page}");
    let call = envelope("<c:GetCity xmlns:c=\"https://castile.example/cities\"><c:name>Soria</c:name></c:GetCity>");
    let reply = Caller::connect(served.addresses[1]).call("POST", "/geo/v1", &XML, call.as_bytes());
    assert_eq!(reply.status(), 200, "{}", reply.text());
}

#[test]
fn what_is_not_exposed_does_not_exist_for_either_kind_of_caller() {
    let backend = Backend::start(|_| soap(CITY));
    let served = Served::start(&format!("{CITIES}    expose: [GetCity]\n"), &backend);
    assert_eq!(served.call("POST", "/cities/GetCity", &JSON, "{\"name\":\"Soria\"}").status(), 200);
    assert_eq!(served.call("POST", "/cities/GetDistance", &JSON, "{\"from\":\"A\",\"to\":\"B\"}").status(), 404);
    let call = envelope("<c:GetDistance xmlns:c=\"https://castile.example/cities\"><c:from>A</c:from><c:to>B</c:to></c:GetDistance>");
    let reply = served.call("POST", "/cities", &XML, &call);
    assert!(
        reply.text().contains("no operation")
            && !reply.text().contains("GetDistance'; available: [{https://castile.example/cities}GetDistance"),
        "{}",
        reply.text()
    );
    assert!(!served.get("/cities").text().contains("GetDistance"));
    assert_eq!(backend.take().len(), 1);
}

#[test]
fn an_upstream_gets_its_credentials_and_headers_and_the_log_does_not() {
    let backend = Backend::start(|_| soap(CITY));
    let text = "
version: 1
listeners: { local: { address: \"127.0.0.1:0\" } }
upstreams:
  erp:
    endpoints: [{ url: \"BACKEND\" }]
    headers: { X-Client: castile, X-Key: \"${env:PASSWORD}\" }
    auth: { basic: { user: castile, password: \"${env:PASSWORD}\" } }
services:
  cities: { wsdl: { file: WSDL/cities.wsdl }, upstream: { use: erp, headers: { X-Client: cities } } }
";
    let served = Served::start(text, &backend);
    assert_eq!(served.call("POST", "/cities/GetCity", &JSON, "{\"name\":\"Soria\"}").status(), 200);
    let sent = backend.take().pop().expect("a request");
    assert_eq!(sent.header("authorization"), Some("Basic Y2FzdGlsZTpodW50ZXIy"));
    assert_eq!((sent.header("x-client"), sent.header("x-key")), (Some("cities"), Some("hunter2")));
    let log = served.stop();
    assert!(!log.contains("hunter2") && !log.contains("Y2FzdGlsZTpodW50ZXIy"), "{log}");
}

#[test]
fn faults_have_the_status_and_operations_the_time_that_is_said() {
    let backend = Backend::start(|request| {
        if request.text().contains("slow") {
            Act::Wait(Duration::from_secs(3), Box::new(soap(CITY)))
        } else {
            soap(UNKNOWN).with_status(500)
        }
    });
    let served =
        Served::start(&format!("{CITIES}    operations:\n      GetCity: {{ timeout: 300ms, faults: {{ UnknownCity: 404 }} }}\n"), &backend);
    let reply = served.call("POST", "/cities/GetCity", &JSON, "{\"name\":\"Atlantis\"}");
    assert_eq!((reply.status(), &reply.json()["status"]), (404, &404.into()), "{}", reply.text());
    assert_eq!(served.call("POST", "/cities/GetDistance", &JSON, "{\"from\":\"Atlantis\",\"to\":\"x\"}").status(), 422);
    let begun = std::time::Instant::now();
    assert_eq!(served.call("POST", "/cities/GetCity", &JSON, "{\"name\":\"slow\"}").status(), 504);
    assert!(begun.elapsed() < Duration::from_secs(2));
}

/// A request of orders with one fault in it: the price has three digits.
fn bad_order() -> String {
    envelope(
        "<o:PlaceOrder xmlns:o=\"https://castile.example/orders\"><o:order currency=\"EUR\"><o:customer><o:name>secret name</o:name>\
         <o:address xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"o:ForeignAddress\"><o:street>s</o:street><o:town>t</o:town><o:country>fr</o:country></o:address></o:customer>\
         <o:line><o:article>AB-1234</o:article><o:quantity>1</o:quantity><o:price>1.234</o:price></o:line><o:invoice>true</o:invoice></o:order></o:PlaceOrder>",
    )
}

fn orders(validate: &str) -> String {
    format!(
        "version: 1\nlisteners: {{ local: {{ address: \"127.0.0.1:0\" }} }}\nservices:\n  orders:\n    wsdl: {{ file: WSDL/orders.wsdl }}\n    upstream: {{ endpoints: [{{ url: \"BACKEND\" }}] }}\n{validate}"
    )
}

#[test]
fn requests_of_soap_callers_are_judged_where_validation_is_enforced() {
    let backend = Backend::start(|_| soap(ORDER));
    let served = Served::start(&orders("    validate: { request: enforce }\n"), &backend);
    let reply = served.call("POST", "/orders", &XML, &bad_order());
    assert_eq!(reply.status(), 500);
    for part in ["Client", "/o:order/o:line/o:price", "fractionDigits"] {
        assert!(reply.text().contains(part), "{part}: {}", reply.text());
    }
    assert!(!reply.text().contains("1.234"), "a value is shown: {}", reply.text());
    assert!(backend.take().is_empty());
    let good = bad_order().replace("1.234", "1.23");
    assert_eq!(served.call("POST", "/orders", &XML, &good).status(), 200);
    assert_eq!(backend.take().pop().expect("a request").text(), good);
}

#[test]
fn values_are_shown_where_the_operator_allows_it() {
    let backend = Backend::start(|_| soap(ORDER));
    let served = Served::start(&orders("    validate: { request: enforce }\n    errors: { values: true }\n"), &backend);
    assert!(served.call("POST", "/orders", &XML, &bad_order()).text().contains("1.234"));
}

#[test]
fn reported_messages_pass_as_they_are_and_the_log_names_the_place() {
    let backend = Backend::start(|_| soap(&ORDER.replace("12.50", "secret")));
    let served = Served::start(&orders("    validate: { request: report, reply: report }\n"), &backend);
    let reply = served.call("POST", "/orders", &XML, &bad_order());
    assert_eq!(reply.status(), 200);
    assert!(reply.text().contains("<o:total>secret</o:total>"));
    assert_eq!(backend.take().pop().expect("a request").text(), bad_order());
    let log = served.stop();
    for part in ["a request breaks its schema", "o:line/o:price", "a reply breaks its schema", "o:total"] {
        assert!(log.contains(part), "{part}: {log}");
    }
    assert!(!log.contains("secret") && !log.contains("1.234"), "{log}");
}

#[test]
fn the_log_names_the_service_of_the_file_and_the_operation_of_a_refused_message() {
    let backend = Backend::start(|_| soap(&ORDER.replace("12.50", "secret")));
    let text = orders("    validate: { request: enforce, reply: report }\n").replace("  orders:\n", "  strict:\n    path: /orders\n");
    let served = Served::start(&text, &backend);
    assert_eq!(served.call("POST", "/orders", &XML, &bad_order()).status(), 500);
    let action = [("Content-Type", "text/xml"), ("SOAPAction", "https://castile.example/orders/GetOrder")];
    let other = served.call("POST", "/orders", &action, &bad_order());
    assert!(other.text().contains("another operation"), "{}", other.text());
    assert_eq!(served.call("POST", "/orders", &XML, &bad_order().replace("1.234", "1.23")).status(), 200);
    let log = served.stop();
    let lines: Vec<serde_json::Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let told: Vec<_> = lines.iter().filter(|line| !line["service"].is_null()).map(|line| (&line["service"], &line["operation"])).collect();
    assert_eq!(told, vec![(&"strict".into(), &"PlaceOrder".into()); 4], "two refused, one told of, one answered\n{log}");
}

#[test]
fn replies_that_break_their_schema_are_refused_where_that_is_enforced() {
    let backend = Backend::start(|_| soap(&ORDER.replace("12.50", "secret")));
    let served = Served::start(&orders("    reply: [{ validate: { mode: enforce } }]\n"), &backend);
    let good = bad_order().replace("1.234", "1.23");
    let reply = served.call("POST", "/orders", &XML, &good);
    assert_eq!(reply.status(), 500);
    assert!(reply.text().contains("Server") && reply.text().contains("o:total") && !reply.text().contains("secret"), "{}", reply.text());
    let json = "{\"order\":{\"@currency\":\"EUR\",\"customer\":{\"name\":\"n\",\"address\":[{\"$type\":\"ForeignAddress\",\"street\":\"s\",\"town\":\"t\",\"country\":\"fr\"}]},\"line\":[{\"article\":\"AB-1234\",\"quantity\":1,\"price\":{\"$value\":1.23}}],\"invoice\":true}}";
    let reply = served.call("POST", "/orders/PlaceOrder", &JSON, json);
    assert_eq!(reply.status(), 502, "{}", reply.text());
    assert!(reply.text().contains("o:total") && !reply.text().contains("secret"), "{}", reply.text());
    let off = Served::start(&orders("    validate: { reply: off }\n"), &backend);
    let reply = off.call("POST", "/orders/PlaceOrder", &JSON, json);
    assert_eq!((reply.status(), &reply.json()["total"]["$value"]), (200, &"secret".into()), "{}", reply.text());
    assert!(!off.stop().contains("breaks its schema"));
}

#[test]
fn limits_are_those_of_the_file() {
    let backend = Backend::start(|_| soap(CITY));
    let served = Served::start(&format!("{CITIES}limits: {{ message: 2KiB, depth: 8 }}\n"), &backend);
    let reply = served.call("POST", "/cities/GetCity", &JSON, &format!("{{\"name\":\"{}\"}}", "x".repeat(3000)));
    assert_eq!(reply.status(), 413);
    let deep =
        envelope(&format!("<c:GetCity xmlns:c=\"https://castile.example/cities\">{}{}</c:GetCity>", "<a>".repeat(9), "</a>".repeat(9)));
    let reply = served.call("POST", "/cities", &XML, &deep);
    assert!(reply.text().contains("8"), "{}", reply.text());
    let served = Served::start(&format!("{CITIES}limits: {{ text: 1KiB }}\n"), &backend);
    let long =
        envelope(&format!("<c:GetCity xmlns:c=\"https://castile.example/cities\"><c:name>{}</c:name></c:GetCity>", "x".repeat(1100)));
    let reply = served.call("POST", "/cities", &XML, &long);
    assert!(reply.text().contains("1024"), "{}", reply.text());
    assert!(backend.take().is_empty());
}

#[test]
fn bodies_that_are_held_together_have_the_room_that_the_file_says() {
    let large = CITY.replace("Duero", &"x".repeat(700 << 10));
    let backend = Backend::start(move |_| soap(&large));
    let request = envelope(&format!(
        "<c:GetCity xmlns:c=\"https://castile.example/cities\"><c:name>Soria</c:name><!--{}--></c:GetCity>",
        "x".repeat(700 << 10)
    ));
    for (limits, status) in [("message: 1MiB, memory: 1MiB", 503), ("message: 1MiB", 200)] {
        let served = Served::start(&format!("{CITIES}limits: {{ {limits} }}\n"), &backend);
        assert_eq!(served.call("POST", "/cities", &XML, &request).status(), status, "{limits}");
    }
}

#[test]
fn what_a_contract_lacks_is_told_with_its_place_in_the_file() {
    let text = "version: 1
services:
  a: { wsdl: { file: WSDL/cities.wsdl, service: City } }
  b: { wsdl: { file: WSDL/cities.wsdl, port: CitiesPort13 } }
  c: { wsdl: { file: WSDL/none.wsdl } }
  d:
    wsdl: { file: WSDL/cities.wsdl }
    expose: [GetCty, FindCities, GetDistance]
    operations:
      FindCities: { rest: \"GET /{regio}\" }
      GetDistance: { rest: \"POST /FindCities\", faults: { UnknwonCity: 404 } }
";
    let file = write(text);
    let found = castile(&["check", "-c", file.to_str().expect("text")]).output().expect("castile runs");
    let said = String::from_utf8(found.stderr).expect("text");
    assert_eq!(found.status.code(), Some(1), "{said}");
    for words in [
        ": unknown service 'City', expected one of Cities",
        ": unknown SOAP port 'CitiesPort13', did you mean 'CitiesPort12'?",
        ":5:22: ",
        ":8:14: unknown operation 'GetCty', did you mean 'GetCity'?",
        ":10:27: there is no 'regio' in the request; expected \"region\" or \"minPopulation\"",
        ":11:58: unknown fault 'UnknwonCity', did you mean 'UnknownCity'?",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    assert_eq!(castile(&["serve", "-c", file.to_str().expect("text")]).output().expect("castile runs").status.code(), Some(2));
    std::fs::remove_file(file).expect("removed");
    let missing = castile(&["check", "-c", "/nowhere/castile.yaml"]).output().expect("castile runs");
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("/nowhere/castile.yaml: cannot read"));
}

#[test]
fn the_openapi_document_has_the_verbs_paths_and_parameters_of_the_file() {
    let backend = Backend::start(|_| soap(CITY));
    let served = Served::start(
        &format!(
            "{CITIES}    path: /geo/v1\n    operations:\n      GetCity: {{ rest: \"GET /{{name}}\", faults: {{ UnknownCity: 404 }} }}\n      GetDistance: {{ rest: \"GET /{{from}}/distance?to={{to}}\" }}\n      FindCities: {{ rest: \"POST /search/{{region}}\" }}\n"
        ),
        &backend,
    );
    let reply = served.get("/openapi.json");
    assert_eq!((reply.status(), reply.header("content-type")), (200, Some("application/json")));
    let document = reply.json();
    assert_eq!(document["servers"][0]["url"], "http://gateway.example");
    let get = &document["paths"]["/geo/v1/{name}"]["get"];
    assert_eq!(get["parameters"][0]["name"], "name");
    assert_eq!((&get["parameters"][0]["in"], &get["parameters"][0]["required"]), (&"path".into(), &true.into()));
    assert!(get.get("requestBody").is_none() && get["responses"].get("404").is_some() && get["responses"].get("422").is_none(), "{get:#}");
    let distance = &document["paths"]["/geo/v1/{from}/distance"]["get"]["parameters"];
    assert_eq!((&distance[1]["name"], &distance[1]["in"]), (&"to".into(), &"query".into()));
    let search = &document["paths"]["/geo/v1/search/{region}"]["post"];
    let body = search["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str().expect("a reference");
    let schema = document.pointer(body.strip_prefix('#').expect("here")).expect("a component");
    assert_eq!(schema["properties"].as_object().expect("properties").keys().collect::<Vec<_>>(), ["minPopulation"], "{schema:#}");
    assert_eq!(served.get("/geo/v1/openapi.json").json()["paths"], document["paths"]);
    assert_eq!(served.call("POST", "/openapi.json", &JSON, "{}").status(), 405);
}

/// Two services of one contract, the second with options.
const CHOSEN: &str = "
version: 1
listeners: { local: { address: \"127.0.0.1:0\" } }
services:
  plain: { wsdl: { file: WSDL/orders.wsdl }, upstream: { endpoints: [{ url: \"BACKEND\" }] } }
  chosen:
    wsdl: { file: WSDL/orders.wsdl }
    upstream: { endpoints: [{ url: \"BACKEND\" }] }
    json: { big_numbers: string, arrays: unwrapped }
    errors: { undeclared_detail: true }
";

const PLACED: &str = r#"{"order":{"@currency":"EUR","customer":{"name":"n","address":[{"$type":"ForeignAddress","street":"s","town":"t","country":"fr"}]},"line":[{"article":"AB-1234","quantity":1,"price":{"$value":"1.23"}}],"invoice":true}}"#;

#[test]
fn each_service_has_numbers_and_arrays_as_it_chooses() {
    let backend = Backend::start(|_| soap(ORDER));
    let served = Served::start(CHOSEN, &backend);
    let reply = served.call("POST", "/chosen/PlaceOrder", &JSON, PLACED);
    assert_eq!((reply.status(), &reply.json()["total"]["$value"]), (200, &"12.50".into()), "{}", reply.text());
    assert!(backend.take().pop().expect("a request").text().contains(">1.23</"));
    assert_eq!(served.call("POST", "/plain/PlaceOrder", &JSON, PLACED).status(), 400);
    let reply = served.call("POST", "/plain/PlaceOrder", &JSON, &PLACED.replace("\"1.23\"", "1.23"));
    assert!(reply.text().contains("\"$value\":12.50"), "{}", reply.text());
    let money = |service: &str| {
        let document = served.get(&format!("/{service}/openapi.json")).json();
        (document["components"]["schemas"]["Money"]["properties"]["$value"].clone(), document)
    };
    let (plain, document) = money("plain");
    assert!(plain.to_string().contains("number") || document.to_string().contains("number"), "{plain}");
    let (chosen, document) = money("chosen");
    let of = chosen["$ref"].as_str().and_then(|name| document.pointer(name.trim_start_matches('#'))).unwrap_or(&chosen);
    assert_eq!(of["type"], "string", "{of}");
}

#[test]
fn the_document_says_exactly_what_a_route_leaves_for_the_body() {
    let backend = Backend::start(|_| soap(ORDER));
    let route = "    operations: { PlaceOrder: { rest: \"POST /{order/customer/name}?currency={order/@currency}\" } }\n";
    let served = Served::start(&orders(route), &backend);
    let document = served.get("/openapi.json").json();
    let operation = &document["paths"]["/orders/{name}"]["post"];
    let follow = |schema: &serde_json::Value| {
        let name = schema["$ref"].as_str().expect("a reference").trim_start_matches('#').to_owned();
        document.pointer(&name).expect("a component").clone()
    };
    let body = follow(&operation["requestBody"]["content"]["application/json"]["schema"]);
    let order = follow(&body["properties"]["order"]);
    let customer = follow(&order["properties"]["customer"]);
    assert_eq!((&body["required"], &operation["requestBody"]["required"]), (&serde_json::json!(["order"]), &true.into()));
    assert!(order["properties"]["@currency"].is_null() && !order["required"].to_string().contains("@currency"), "{order}");
    assert!(customer["properties"]["name"].is_null() && customer["properties"]["address"].is_object(), "{customer}");
    assert_eq!(customer["required"], serde_json::json!(["address"]));
    let json = PLACED.replace("\"1.23\"", "1.23").replace("\"@currency\":\"EUR\",", "").replace("\"name\":\"n\",", "");
    let reply = served.call("POST", "/orders/Ana?currency=EUR", &JSON, &json);
    assert_eq!(reply.status(), 200, "{}", reply.text());
}

#[test]
fn the_detail_of_a_fault_that_is_not_declared_is_shown_where_the_file_says_so() {
    let fault = "<s:Fault xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><faultcode>s:Server</faultcode><faultstring>no</faultstring><detail><why>secret</why></detail></s:Fault>";
    let backend = Backend::start(move |_| soap(fault).with_status(500));
    let served = Served::start(CHOSEN, &backend);
    let reply = served.call("POST", "/chosen/PlaceOrder", &JSON, PLACED);
    assert_eq!((reply.status(), &reply.json()["fault"]), (500, &serde_json::json!({"why": "secret"})), "{}", reply.text());
    let reply = served.call("POST", "/plain/PlaceOrder", &JSON, &PLACED.replace("\"1.23\"", "1.23"));
    assert!(reply.status() == 500 && !reply.text().contains("secret"), "{}", reply.text());
}

#[test]
fn convert_and_openapi_do_as_a_service_of_the_file_does() {
    let file = write(&CHOSEN.replace("BACKEND", "http://127.0.0.1:1/"));
    let message = file.with_extension("xml");
    std::fs::write(&message, envelope(ORDER)).expect("written");
    let (config, message) = (file.to_str().expect("text"), message.to_str().expect("text").to_owned());
    let run = |args: &[&str]| castile(args).output().expect("castile runs");
    let found = run(&["convert", "-c", config, "--service", "chosen", "--reply", &message]);
    let json = String::from_utf8(found.stdout).expect("text");
    assert!(json.contains("\"12.50\""), "{json}{}", String::from_utf8_lossy(&found.stderr));
    let found = run(&["convert", "-c", config, "--reply", &message]);
    assert_eq!(found.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&found.stderr).contains("--service: chosen, plain"));
    let found = run(&["openapi", "-c", config, "--service", "chosen", "--compact"]);
    let document = String::from_utf8(found.stdout).expect("text");
    assert!(document.contains("\"/chosen/PlaceOrder\"") && !document.contains("\"/plain/"), "{document}");
    assert_eq!(run(&["openapi", "-c", config, "--service", "other"]).status.code(), Some(2));
    std::fs::remove_file(message).expect("removed");
    std::fs::remove_file(file).expect("removed");
}

#[test]
fn the_example_is_good() {
    let found =
        castile(&["check", "-c", concat!(env!("CARGO_MANIFEST_DIR"), "/examples/config/castile.yaml")]).output().expect("castile runs");
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
}

#[test]
fn what_init_writes_is_good_and_a_file_that_is_there_stays() {
    for wsdl in ["cities", "orders", "ledger", "library/library"] {
        let wsdl = format!("{}/wsdl/{wsdl}.wsdl", env!("CARGO_MANIFEST_DIR"));
        let written = castile(&["init", "--wsdl", &wsdl, "-o", "-"]).output().expect("castile runs");
        assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
        let text = String::from_utf8(written.stdout).expect("text");
        let file = write(&text);
        let path = file.to_str().expect("text");
        let checked = castile(&["check", "-c", path]).output().expect("castile runs");
        assert!(checked.status.success(), "{text}{}", String::from_utf8_lossy(&checked.stderr));
        // The suggestions are good too.
        let tried: String = text
            .lines()
            .map(|line| match line.split_once(": {}   # {") {
                Some((name, suggested)) => format!("{name}: {{{suggested}\n"),
                None => format!("{line}\n"),
            })
            .collect();
        std::fs::write(&file, &tried).expect("written");
        let checked = castile(&["check", "-c", path]).output().expect("castile runs");
        assert!(checked.status.success(), "{tried}{}", String::from_utf8_lossy(&checked.stderr));
        let again = castile(&["init", "--wsdl", &wsdl, "-o", path]).output().expect("castile runs");
        assert_eq!(again.status.code(), Some(2));
        assert_eq!(std::fs::read_to_string(&file).expect("text"), tried);
        std::fs::remove_file(file).expect("removed");
    }
}

/// Services that are not all alike: one of rpc/encoded only, one whose second port has no address, two of one name.
#[test]
fn what_init_writes_is_good_whatever_the_wsdl_lacks() {
    let wsdl = r#"<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
<w:types><xs:schema targetNamespace="urn:t"><xs:element name="Do" type="xs:string"/></xs:schema></w:types>
<w:message name="In"><w:part name="p" element="t:Do"/></w:message><w:message name="Old"><w:part name="p" type="xs:string"/></w:message>
<w:portType name="P"><w:operation name="Do"><w:input message="t:In"/><w:output message="t:In"/></w:operation></w:portType>
<w:portType name="Q"><w:operation name="Old"><w:input message="t:Old"/></w:operation></w:portType>
<w:binding name="B" type="t:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<w:operation name="Do"><s:operation soapAction=""/><w:input><s:body use="literal"/></w:input><w:output><s:body use="literal"/></w:output></w:operation></w:binding>
<w:binding name="E" type="t:Q"><s:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
<w:operation name="Old"><s:operation soapAction=""/><w:input><s:body use="encoded" namespace="urn:t" encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"/></w:input></w:operation></w:binding>
<w:portType name="R"><w:operation name="More"><w:input message="t:In"/></w:operation></w:portType>
<w:binding name="M" type="t:R"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<w:operation name="More"><s:operation soapAction=""/><w:input><s:body use="literal"/></w:input></w:operation></w:binding>
<w:binding name="One" type="t:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<w:operation name="Do"><s:operation soapAction=""/><w:input><s:body use="literal"/></w:input><w:output><s:body use="literal"/></w:output></w:operation></w:binding>
<w:service name="One"><w:port name="P1" binding="t:B"><s:address location="http://localhost/"/></w:port><w:port name="P2" binding="t:B"/>
<w:port name="P4" binding="t:M"><s:address location="http://localhost/"/></w:port></w:service>
<w:service name="Encoded"><w:port name="P3" binding="t:E"><s:address location="http://localhost/"/></w:port></w:service>
</w:definitions>"#;
    let folder = std::env::temp_dir().join(format!("castile-init-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("all.wsdl"), wsdl).expect("written");
    std::fs::write(folder.join("none.wsdl"), wsdl.replace("soap/http\"", "soap/smtp\"")).expect("written");
    let run = |args: &[&str]| Command::new(env!("CARGO_BIN_EXE_castile")).args(args).current_dir(&folder).output().expect("castile runs");
    std::fs::create_dir_all(folder.join("sub")).expect("a folder");
    for output in ["castile.yaml", "sub/castile.yaml"] {
        let written = run(&["init", "--wsdl", "all.wsdl", "-o", output]);
        assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
        let checked = run(&["check", "-c", output]);
        let text = std::fs::read_to_string(folder.join(output)).expect("text");
        assert_ne!(checked.status.code(), Some(2), "{text}{}", String::from_utf8_lossy(&checked.stderr));
        assert!(text.contains("names no address for port P2") && text.contains("operations: {}"), "{text}");
        assert!(text.contains("# expose: [Do, More]") && text.contains("      More: {}"), "{text}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("validate:")), "{text}");
    }
    let nothing = run(&["init", "--wsdl", "none.wsdl", "-o", "none.yaml"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(!folder.join("none.yaml").exists() && String::from_utf8_lossy(&nothing.stderr).contains("no SOAP service"));
    std::fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn faults_of_passwords_do_not_show_them() {
    let text = "version: 1\nservices:\n  c: { wsdl: { file: WSDL/cities.wsdl }, upstream: { endpoints: [{ url: \"http://me:hunter2@a/\" }], auth: { basic: { user: u, password: 31415926 } } } }\n";
    let file = write(text);
    let found = castile(&["check", "-c", file.to_str().expect("text")]).output().expect("castile runs");
    std::fs::remove_file(file).expect("removed");
    let said = String::from_utf8(found.stderr).expect("text");
    assert!(said.contains("user name or password") && said.contains("found a number, expected text in quotes: the password"), "{said}");
    assert!(!said.contains("hunter2") && !said.contains("31415926"), "{said}");
}

/// One of two elements is enough, whichever stands in the path or query; a third that is required is not left out.
#[test]
fn a_route_that_can_succeed_is_good_and_one_that_cannot_is_told() {
    let wsdl = r#"<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
<w:types><xs:schema targetNamespace="urn:t">
<xs:element name="Either"><xs:complexType><xs:choice><xs:sequence><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:date"/></xs:sequence>
<xs:element name="c" type="xs:token"/></xs:choice></xs:complexType></xs:element>
<xs:element name="More"><xs:complexType><xs:sequence><xs:element name="n" type="xs:int"/><xs:element name="in"><xs:complexType><xs:sequence>
<xs:element name="x" type="xs:int" minOccurs="0"/></xs:sequence><xs:attribute name="y" use="required"/></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
</xs:schema></w:types>
<w:message name="E"><w:part name="p" element="t:Either"/></w:message><w:message name="M"><w:part name="p" element="t:More"/></w:message>
<w:portType name="P"><w:operation name="Either"><w:input message="t:E"/></w:operation><w:operation name="More"><w:input message="t:M"/></w:operation></w:portType>
<w:binding name="B" type="t:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<w:operation name="Either"><s:operation soapAction=""/><w:input><s:body use="literal"/></w:input></w:operation>
<w:operation name="More"><s:operation soapAction=""/><w:input><s:body use="literal"/></w:input></w:operation></w:binding>
<w:service name="S"><w:port name="P1" binding="t:B"><s:address location="http://localhost/"/></w:port></w:service>
</w:definitions>"#;
    let contract = std::env::temp_dir().join(format!("castile-routes-{}.wsdl", std::process::id()));
    std::fs::write(&contract, wsdl).expect("written");
    let checked = |operation: &str, route: &str| {
        let text = format!(
            "version: 1\nservices: {{ s: {{ wsdl: {{ file: '{}' }}, operations: {{ {operation}: {{ rest: '{route}' }} }} }} }}\n",
            contract.display()
        );
        let file = write(&text);
        let found = castile(&["check", "-c", file.to_str().expect("text")]).output().expect("castile runs");
        std::fs::remove_file(file).expect("removed");
        String::from_utf8(found.stderr).expect("text")
    };
    for (operation, route) in [
        ("Either", "GET /x/{c}"),
        ("Either", "GET /x/{a}/{b}"),
        ("Either", "GET /x?a={a}&b={b}&c={c}"),
        ("More", "GET /x/{n}/{in/@y}"),
        ("More", "PUT /x/{in/x}"),
    ] {
        assert!(checked(operation, route).contains(": good"), "{route}: {}", checked(operation, route));
    }
    for (operation, route, lacks) in [
        ("Either", "GET /x/{a}", "'b'"),
        ("Either", "GET /x", "\"c\""),
        ("More", "GET /x/{n}", "'in'"),
        ("More", "DELETE /x/{n}?x={in/x}", "'in/@y'"),
    ] {
        let said = checked(operation, route);
        assert!(said.contains("no request of this route can succeed") && said.contains(lacks), "{route}: {said}");
    }
    std::fs::remove_file(contract).expect("removed");
}
