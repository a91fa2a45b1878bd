//! Many callers at once, REST and SOAP mixed, over four contracts: every message that the backend receives and every answer
//! must be the right one, by content.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod support;
mod wire;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use support::infoset;
use support::squeeze;
use wire::Act;
use wire::Backend;
use wire::Gateway;
use wire::Message;

const CONNECTIONS: usize = 32;
const CALLS: usize = 100_000;

/// An operation: both faces of its request and its reply, with marks that each call fills with values of its own.
struct Operation {
    service: &'static str,
    name: &'static str,
    ns: &'static str,
    request_json: &'static str,
    request_xml: &'static str,
    reply_json: &'static str,
    reply_xml: &'static str,
}

const CITIES: &str = "https://castile.example/cities";
const LEDGER: &str = "https://castile.example/ledger";
const LIBRARY: &str = "https://castile.example/library/messages";
const ORDERS: &str = "https://castile.example/orders";

const OPERATIONS: [Operation; 10] = [
    Operation {
        service: "Cities",
        name: "GetCity",
        ns: CITIES,
        request_json: r#"{"name":"City NUM"}"#,
        request_xml: "<m:GetCity><m:name>City NUM</m:name></m:GetCity>",
        reply_json: r#"{"city":{"name":"City NUM","region":"Comunidad de Madrid","population":NUM,"river":["TEXT","Tajo"],"place":{"@latitude":40.50,"@longitude":-3}}}"#,
        reply_xml: "<m:GetCityResponse><m:city><m:name>City NUM</m:name><m:region>Comunidad de Madrid</m:region><m:population>NUM</m:population><m:river>TEXT</m:river><m:river>Tajo</m:river><m:place latitude='40.50' longitude='-3'/></m:city></m:GetCityResponse>",
    },
    Operation {
        service: "Cities",
        name: "FindCities",
        ns: CITIES,
        request_json: r#"{"minPopulation":NUM}"#,
        request_xml: "<m:FindCities><m:minPopulation>NUM</m:minPopulation></m:FindCities>",
        reply_json: r#"{"city":[{"name":"A NUM","region":"Castilla y León","population":1,"river":[],"place":{"@latitude":1,"@longitude":2}},{"name":"B NUM","region":"Castilla y León","population":NUM,"river":["TEXT"],"place":{"@latitude":1,"@longitude":2}}]}"#,
        reply_xml: "<m:FindCitiesResponse><m:city><m:name>A NUM</m:name><m:region>Castilla y León</m:region><m:population>1</m:population><m:place latitude='1' longitude='2'/></m:city><m:city><m:name>B NUM</m:name><m:region>Castilla y León</m:region><m:population>NUM</m:population><m:river>TEXT</m:river><m:place latitude='1' longitude='2'/></m:city></m:FindCitiesResponse>",
    },
    Operation {
        service: "Cities",
        name: "GetDistance",
        ns: CITIES,
        request_json: r#"{"to":"To NUM","from":"From NUM"}"#,
        request_xml: "<m:GetDistance><m:from>From NUM</m:from><m:to>To NUM</m:to></m:GetDistance>",
        reply_json: r#"{"kilometres":NUM.50}"#,
        reply_xml: "<m:GetDistanceResponse><m:kilometres>NUM.50</m:kilometres></m:GetDistanceResponse>",
    },
    Operation {
        service: "Orders",
        name: "PlaceOrder",
        ns: ORDERS,
        request_json: r#"{"order":{"line":[{"article":"AB-1234","quantity":NUM,"price":{"$value":NUM.10}}],"@currency":"EUR","customer":{"name":"TEXT","address":[{"$type":"SpanishAddress","street":"S NUM","town":"T","codigoPostal":"40001"}],"@id":NUM},"transfer":{"iban":"ES NUM"},"remark":"TEXT"}}"#,
        request_xml: "<m:PlaceOrder><m:order currency='EUR'><m:customer id='NUM'><m:name>TEXT</m:name><m:address xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='m:SpanishAddress'><m:street>S NUM</m:street><m:town>T</m:town><m:codigoPostal>40001</m:codigoPostal></m:address></m:customer><m:line><m:article>AB-1234</m:article><m:quantity>NUM</m:quantity><m:price>NUM.10</m:price></m:line><m:transfer><m:iban>ES NUM</m:iban></m:transfer><m:remark>TEXT</m:remark></m:order></m:PlaceOrder>",
        reply_json: r#"{"number":NUM,"total":{"@currency":"EUR","$value":NUM.99},"promised":null}"#,
        reply_xml: "<m:PlaceOrderResponse><m:number>NUM</m:number><m:total currency='EUR'>NUM.99</m:total><m:promised xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='true'/></m:PlaceOrderResponse>",
    },
    Operation {
        service: "Orders",
        name: "GetOrder",
        ns: ORDERS,
        request_json: r#"{"number":NUM}"#,
        request_xml: "<m:GetOrder><m:number>NUM</m:number></m:GetOrder>",
        reply_json: r#"{"order":{"@currency":"EUR","customer":{"name":"TEXT","address":[{"$type":"ForeignAddress","street":"S","town":"NUM","country":"pt"}]},"line":[{"article":"AB-0001","quantity":NUM,"price":{"$value":1}}],"invoice":true},"history":{"$items":[{"paid":"2026-05-01T12:00:00"},{"packed":{"@by":"P NUM","parcel":[{"@kilograms":NUM.5}]}},{"sent":"2026-05-02T08:30:00Z"}]}}"#,
        reply_xml: "<m:GetOrderResponse><m:order currency='EUR'><m:customer><m:name>TEXT</m:name><m:address xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='m:ForeignAddress'><m:street>S</m:street><m:town>NUM</m:town><m:country>pt</m:country></m:address></m:customer><m:line><m:article>AB-0001</m:article><m:quantity>NUM</m:quantity><m:price>1</m:price></m:line><m:invoice>true</m:invoice></m:order><m:history><m:paid>2026-05-01T12:00:00</m:paid><m:packed by='P NUM'><m:parcel kilograms='NUM.5'/></m:packed><m:sent>2026-05-02T08:30:00Z</m:sent></m:history></m:GetOrderResponse>",
    },
    Operation {
        service: "Ledger",
        name: "Post",
        ns: LEDGER,
        request_json: r#"{"entries":{"entry":[{"debit":NUM.10,"account":"4300.01"},{"account":"7000","credit":NUM.10,"text":"TEXT"}]},"date":"2026-03-31"}"#,
        request_xml: "<m:Post><date>2026-03-31</date><entries><entry><account>4300.01</account><debit>NUM.10</debit></entry><entry><account>7000</account><credit>NUM.10</credit><text>TEXT</text></entry></entries></m:Post>",
        reply_json: r#"{"voucher":98765432109876543210NUM}"#,
        reply_xml: "<m:PostResponse><voucher>98765432109876543210NUM</voucher></m:PostResponse>",
    },
    Operation {
        service: "Ledger",
        name: "Balance",
        ns: LEDGER,
        request_json: r#"{"account":"ACCT"}"#,
        request_xml: "<m:Balance><account>ACCT</account></m:Balance>",
        reply_json: r#"{"balance":-NUM.05,"entries":{"entry":[{"account":"ACCT","debit":NUM.05,"text":"TEXT"}]}}"#,
        reply_xml: "<m:BalanceResponse><balance>-NUM.05</balance><entries><entry><account>ACCT</account><debit>NUM.05</debit><text>TEXT</text></entry></entries></m:BalanceResponse>",
    },
    Operation {
        service: "Ledger",
        name: "Close",
        ns: LEDGER,
        request_json: r#"{"month":"2ACCT-07"}"#,
        request_xml: "<m:Close><month>2ACCT-07</month></m:Close>",
        reply_json: "",
        reply_xml: "",
    },
    Operation {
        service: "Library",
        name: "Find",
        ns: LIBRARY,
        request_json: r#"{"published":{"@to":"1936"},"words":"TEXT"}"#,
        request_xml: "<m:Find><m:words>TEXT</m:words><m:published to='1936'/></m:Find>",
        reply_json: r#"{"$items":[{"book":{"@id":NUM,"title":"TEXT","author":["A NUM"],"isbn":"9788437609973"}},{"map":{"@id":7,"title":"NUM","scale":NUM}}]}"#,
        reply_xml: "<m:FindResponse xmlns:w='https://castile.example/library/works'><w:book id='NUM'><w:title>TEXT</w:title><w:author>A NUM</w:author><w:isbn>9788437609973</w:isbn></w:book><w:map id='7'><w:title>NUM</w:title><w:scale>NUM</w:scale></w:map></m:FindResponse>",
    },
    Operation {
        service: "Library",
        name: "Lend",
        ns: LIBRARY,
        request_json: r#"{"reader":NUM,"$items":[{"copy":NUM,"days":14},{"days":7,"copy":8}]}"#,
        request_xml: "<m:Lend><m:reader>NUM</m:reader><m:copy>NUM</m:copy><m:days>14</m:days><m:copy>8</m:copy><m:days>7</m:days></m:Lend>",
        reply_json: r#"{"due":["2026-06-14"],"note":{"$mixed":["TEXT ",{"em":"NUM"}," end"]}}"#,
        reply_xml: "<m:LendResponse><m:due>2026-06-14</m:due><m:note>TEXT <m:em>NUM</m:em> end</m:note></m:LendResponse>",
    },
];

/// The marks filled for call `n`: sizes differ, values belong to no other call.
fn fill(template: &str, n: usize) -> String {
    let text = format!("t{n}-{}", "abcdefghij".repeat(n % 97));
    template.replace("NUM", &(n + 1).to_string()).replace("ACCT", &format!("{:04}", n % 10_000)).replace("TEXT", &text)
}

fn envelope(operation: &Operation, body: &str) -> String {
    wire::envelope(body).replacen("<s:Envelope", &format!("<s:Envelope xmlns:m=\"{}\"", operation.ns), 1)
}

/// What the backend received for call `n` is what it should.
fn judge_request(request: &Message) -> Result<(usize, &'static Operation), String> {
    let id = request.header("x-request-id").ok_or("no request id")?;
    let mut parts = id.split('-');
    let (Some(face), Some(n)) = (parts.next(), parts.next().and_then(|n| n.parse::<usize>().ok())) else {
        return Err(format!("the id '{id}'"));
    };
    let operation = &OPERATIONS[n % OPERATIONS.len()];
    let expected = envelope(operation, &fill(operation.request_xml, n));
    if face == "soap" {
        return if request.body == expected.as_bytes() { Ok((n, operation)) } else { Err(format!("{id}: {}", request.text())) };
    }
    let (found, expected) = (infoset(&request.text())?, infoset(&expected)?);
    if found == expected { Ok((n, operation)) } else { Err(format!("{id}: {found} instead of {expected}")) }
}

/// One call and its answer.
fn call(caller: &mut wire::Caller, n: usize) -> Result<(), String> {
    let operation = &OPERATIONS[n % OPERATIONS.len()];
    let rest = (n / OPERATIONS.len()).is_multiple_of(2);
    let id = format!("{}-{n}", if rest { "rest" } else { "soap" });
    let reply = if rest {
        let path = format!("/{}/{}", operation.service, operation.name);
        caller.call(
            "POST",
            &path,
            &[("Content-Type", "application/json"), ("X-Request-Id", &id)],
            fill(operation.request_json, n).as_bytes(),
        )
    } else {
        let body = envelope(operation, &fill(operation.request_xml, n));
        caller.call("POST", &format!("/{}", operation.service), &[("Content-Type", "text/xml"), ("X-Request-Id", &id)], body.as_bytes())
    };
    let one_way = operation.reply_xml.is_empty();
    let expected = match (one_way, rest) {
        (true, _) => String::new(),
        (false, true) => fill(operation.reply_json, n),
        (false, false) => envelope(operation, &fill(operation.reply_xml, n)),
    };
    let found = if rest { squeeze(&reply.text()) } else { reply.text() };
    let right = if rest { squeeze(&expected) } else { expected };
    let status = if one_way { 202 } else { 200 };
    if reply.status() == status && found == right && reply.header("x-request-id") == Some(&id) {
        return Ok(());
    }
    Err(format!("{id}: status {}, {found} instead of {right}", reply.status()))
}

#[test]
fn no_message_is_mixed_up_with_another() {
    let faults = Arc::new(Mutex::new(Vec::new()));
    let received = Arc::new(AtomicUsize::new(0));
    let backend = {
        let (faults, received) = (Arc::clone(&faults), Arc::clone(&received));
        Backend::forgetful(move |request| {
            received.fetch_add(1, Ordering::Relaxed);
            match judge_request(request) {
                Ok((_, operation)) if operation.reply_xml.is_empty() => Act::Answer(202, vec![], vec![]),
                Ok((n, operation)) => Act::xml(envelope(operation, &fill(operation.reply_xml, n))),
                Err(fault) => {
                    faults.lock().unwrap().push(fault);
                    Act::Close
                }
            }
        })
    };
    let wsdls = ["wsdl/cities.wsdl", "wsdl/ledger.wsdl", "wsdl/library/library.wsdl", "wsdl/orders.wsdl"];
    let gateway = Gateway::start(&wsdls, &backend.url());
    let next = Arc::new(AtomicUsize::new(0));
    let callers: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (next, faults, mut caller) = (Arc::clone(&next), Arc::clone(&faults), gateway.connect());
            std::thread::spawn(move || {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= CALLS || faults.lock().unwrap().len() > 10 {
                        return;
                    }
                    if let Err(fault) = call(&mut caller, n) {
                        faults.lock().unwrap().push(fault);
                    }
                }
            })
        })
        .collect();
    for caller in callers {
        caller.join().unwrap();
    }
    let faults = faults.lock().unwrap();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(received.load(Ordering::Relaxed), CALLS, "the backend received each message once");
}
