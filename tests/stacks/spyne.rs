//! spyne (Python) behind castile, over SOAP 1.1 and 1.2: called with JSON, and by zeep.

use std::process::Command;

use crate::programs::Call;
use crate::programs::Gateway;
use crate::programs::Server;
use crate::programs::beside;
use crate::programs::check_client;
use crate::programs::stack;

/// The faces of the library: their names as services of the gateway.
const FACES: [&str; 2] = ["soap11", "soap12"];

/// The library of spyne and a castile in front of it; none without a Python that has them.
fn library(name: &str) -> Option<(Server, Gateway)> {
    let mut command = Command::new(stack("CASTILE_STACK_PYTHON")?);
    command.arg(beside("python/spyne_server.py"));
    let server = Server::start(command);
    let service = |face| {
        let wsdl = format!("{}/{face}/?wsdl", server.url);
        format!("  {face}:\n    wsdl: {{ url: \"{wsdl}\" }}\n    validate: {{ request: enforce, reply: report }}\n")
    };
    let gateway = Gateway::start(name, &FACES.map(service).concat());
    Some((server, gateway))
}

#[test]
fn json_calls_reach_spyne_and_come_back() {
    let Some((_server, gateway)) = library("spyne-json") else { return };
    for face in FACES {
        gateway.check(face, CALLS);
    }
    gateway.check("soap11", FAULTS_11);
    gateway.check("soap12", FAULTS_12);
}

#[test]
fn zeep_calls_spyne_by_the_wsdl_of_castile() {
    let Some((_server, gateway)) = library("spyne-zeep") else { return };
    for (face, faults) in FACES.into_iter().zip([ZEEP_FAULTS_11, ZEEP_FAULTS_12]) {
        let mut command = Command::new(stack("CASTILE_STACK_PYTHON").unwrap());
        command.args([beside("python/zeep_library.py"), gateway.wsdl(face)]);
        check_client(command, &[ZEEP, faults].concat());
    }
}

#[rustfmt::skip]
const CALLS: &[Call] = &[
    ("a string with markup and four-byte characters", "echo_text", r#"{"text":"a <b> & \"c\" ß 中 😀  two"}"#, 200, r#"{"echo_textResult":"a <b> & \"c\" ß 中 😀  two"}"#),
    ("an empty string", "echo_text", r#"{"text":""}"#, 200, r#"{"echo_textResult":""}"#),
    ("nil for an optional string", "echo_text", r#"{"text":null}"#, 200, r#"{}"#),
    ("no string", "echo_text", r#"{}"#, 200, r#"{}"#),
    ("decimals of 30 digits", "add", r#"{"a":123456789012345678901234567890,"b":0.000000000000000000000000000001}"#, 200, r#"{"addResult":123456789012345678901234567890.000000000000000000000000000001}"#),
    ("an integer of 31 digits", "square", r#"{"n":1000000000000001}"#, 200, r#"{"squareResult":1000000000000002000000000000001}"#),
    ("a date, a time, a moment, a duration", "extend_loan", r#"{"loan":{"on":"2024-02-28","at":"23:59:59.5","until":"2024-12-31T12:00:00","period":"P3DT4H"},"days":2}"#, 200, r#"{"extend_loanResult":{"on":"2024-03-01","at":"23:59:59.500000","until":"2025-01-02T12:00:00","period":"P5DT4H"}}"#),
    ("an array of none back", "numbers", r#"{"count":0}"#, 200, r#"{"numbersResult":{"integer":[]}}"#),
    ("an array of one back", "numbers", r#"{"count":1}"#, 200, r#"{"numbersResult":{"integer":[1]}}"#),
    ("an array of three back", "numbers", r#"{"count":3}"#, 200, r#"{"numbersResult":{"integer":[1,2,3]}}"#),
    ("an array of none there", "count_words", r#"{"words":{"string":[]}}"#, 200, r#"{"count_wordsResult":0}"#),
    ("an array of one there", "count_words", r#"{"words":{"string":["one"]}}"#, 200, r#"{"count_wordsResult":1}"#),
    ("an array with nil in it", "count_words", r#"{"words":{"string":["one",null,""]}}"#, 200, r#"{"count_wordsResult":3}"#),
    ("nil for an array", "count_words", r#"{"words":null}"#, 200, r#"{"count_wordsResult":-1}"#),
    ("an absent result", "find_author", r#"{"name":"nobody"}"#, 200, r#"{}"#),
    ("an optional element left out", "find_author", r#"{"name":"Lem"}"#, 200, r#"{"find_authorResult":{"name":"Lem"}}"#),
    ("nested types, attributes, text with an attribute", "store_book", r#"{"book":{"@isbn":"1","title":"T","genre":"novel","authors":{"Author":[{"name":"A","born":"1921-09-12"},{"name":"B"}]},"keyword":["x","y"],"price":{"@currency":"EUR","$value":12.50}}}"#, 200, r#"{"store_bookResult":{"@isbn":"1","title":"T","genre":"novel","authors":{"Author":[{"name":"A","born":"1921-09-12"},{"name":"B"}]},"keyword":["x","y"],"price":{"@currency":"EUR","$value":12.50}}}"#),
    ("an enumeration", "other_genres", r#"{"genre":"poetry"}"#, 200, r#"{"other_genresResult":{"Genre":["novel","atlas"]}}"#),
    ("a recursive type", "shelves", r#"{"depth":2}"#, 200, r#"{"shelvesResult":{"label":"level 2","shelf":{"Shelf":[{"label":"level 1","shelf":{"Shelf":[{"label":"level 0"},{"label":"level 0"}]}},{"label":"level 1","shelf":{"Shelf":[{"label":"level 0"},{"label":"level 0"}]}}]}}}"#),
    ("a header there and back", "reserve", r#"{"isbn":"7","$headers":{"Session":{"token":"abc","retries":2}}}"#, 200, r#"{"$headers":{"Receipt":{"number":100000000000000000000000000001}},"reserveResult":"7 for abc"}"#),
    ("a header only back", "reserve", r#"{"isbn":"7"}"#, 200, r#"{"$headers":{"Receipt":{"number":100000000000000000000000000001}},"reserveResult":"7 for no token"}"#),
    ("bytes and a boolean", "reverse", r#"{"data":"AQID","twice":false}"#, 200, r#"{"reverseResult":"AwIB"}"#),
    ("infinity as Python writes it", "around", r#"{"x":1.5}"#, 200, r#"{"aroundResult":{"double":[1.5,"inf"]}}"#),
    ("a derived type", "media", r#"{}"#, 200, r#"{"mediaResult":{"Medium":[{"title":"Map"},{"$type":"Film","title":"Solaris","minutes":167}]}}"#),
    ("a bare body", "price_of", r#"{"@isbn":"1","title":"T","genre":"novel","price":{"@currency":"EUR","$value":12.50}}"#, 200, r#"{"@currency":"EUR","$value":12.50}"#),
    ("open content", "wrap", r#"{"content":{"$mixed":[{"{urn:x}a":"text"}]}}"#, 200, r#"{"wrapResult":{"$mixed":[{"{urn:stacks:other}outer":{"$mixed":[{"{urn:x}a":"text"}]}}]}}"#),
    ("records with attributes", "books", r#"{"count":2}"#, 200, r#"{"booksResult":{"Book":[{"@isbn":"0","title":"Book 0","genre":"atlas","authors":{"Author":[]},"keyword":[]},{"@isbn":"1","title":"Book 1","genre":"atlas","authors":{"Author":[]},"keyword":[]}]}}"#),
    ("nothing there", "ping", r#"{}"#, 200, r#"{"pingResult":"pong"}"#),
    ("nothing back", "forget", r#"{"isbn":"1"}"#, 200, r#"{}"#),
    ("several results", "split", r#"{"text":"hello"}"#, 200, r#"{"splitResult0":"h","splitResult1":5}"#),
];

#[rustfmt::skip]
const FAULTS_11: &[Call] = &[
    ("a declared fault", "get_book", r#"{"isbn":"7"}"#, 422, r#"{"type":"urn:stacks:library#UnknownBook","title":"UnknownBook","status":422,"detail":"no book has the number 7","code":"Client.UnknownBook","fault":{"UnknownBook":{}}}"#),
    ("an undeclared fault", "get_book", r#"{"isbn":"broken"}"#, 500, r#"{"type":"about:blank","title":"the service failed","status":500,"detail":"the shelf fell","code":"Server.Shelf.Fallen"}"#),
];

#[rustfmt::skip]
const FAULTS_12: &[Call] = &[
    ("a declared fault", "get_book", r#"{"isbn":"7"}"#, 422, r#"{"type":"urn:stacks:library#UnknownBook","title":"UnknownBook","status":422,"detail":"no book has the number 7","code":"Sender","subcodes":["UnknownBook"],"fault":{"UnknownBook":{}}}"#),
    ("an undeclared fault", "get_book", r#"{"isbn":"broken"}"#, 500, r#"{"type":"about:blank","title":"the service failed","status":500,"detail":"the shelf fell","code":"Receiver","subcodes":["Shelf","Fallen"]}"#),
];

#[rustfmt::skip]
const ZEEP: &[(&str, &str)] = &[
    ("text", r#""a <b> & \"c\" ß 中 😀""#),
    ("decimals", r#""123456789012345678901234567890.000000000000000000000000000001""#),
    ("integer", r#""1000000000000002000000000000001""#),
    ("dates", r#"{"on":"2024-03-01","at":"23:59:59","until":"2025-01-02T12:00:00","period":"P5DT4H"}"#),
    ("array of 0 back", r#"null"#),
    ("array of 1 back", r#"[1]"#),
    ("array of 3 back", r#"[1,2,3]"#),
    ("array of 0 there", r#"0"#),
    ("array of 1 there", r#"1"#),
    ("nil array there", r#"-1"#),
    ("absent result", r#"null"#),
    ("absent element", r#"{"name":"Lem"}"#),
    ("nested types", r#"{"title":"T","genre":"novel","authors":{"Author":[{"name":"A","born":"1921-09-12"},{"name":"B"}]},"keyword":["x","y"],"price":{"_value_1":"12.50","currency":"EUR"},"isbn":"1"}"#),
    ("enumeration", r#"["novel","atlas"]"#),
    ("recursive type", r#"{"label":"level 2","shelf":{"Shelf":[{"label":"level 1","shelf":{"Shelf":[{"label":"level 0"},{"label":"level 0"}]}},{"label":"level 1","shelf":{"Shelf":[{"label":"level 0"},{"label":"level 0"}]}}]}}"#),
    ("headers", r#"{"header":{"Receipt":{"number":"100000000000000000000000000001"}},"body":{"reserveResult":"7 for abc"}}"#),
    ("bytes", r#""AwIB""#),
    ("derived type", r#"[{"title":"Map"},{"title":"Solaris","minutes":167}]"#),
    ("bare body", r#"{"_value_1":"12.50","currency":"EUR"}"#),
    ("records", r#"[{"title":"Book 0","genre":"atlas","keyword":[],"isbn":"0"}]"#),
    ("nothing there", r#""pong""#),
    ("nothing back", r#"null"#),
    ("several results", r#"{"splitResult0":"h","splitResult1":5}"#),
];

#[rustfmt::skip]
const ZEEP_FAULTS_11: &[(&str, &str)] = &[
    ("declared fault", r#"{"fault":"soap11env:Client.UnknownBook","subcodes":[],"message":"no book has the number 7","detail":["{urn:stacks:library}UnknownBook"]}"#),
    ("undeclared fault", r#"{"fault":"soap11env:Server.Shelf.Fallen","subcodes":[],"message":"the shelf fell","detail":[]}"#),
];

#[rustfmt::skip]
const ZEEP_FAULTS_12: &[(&str, &str)] = &[
    ("declared fault", r#"{"fault":"soap12env:Sender","subcodes":["UnknownBook"],"message":"no book has the number 7","detail":["{urn:stacks:library}UnknownBook"]}"#),
    ("undeclared fault", r#"{"fault":"soap12env:Receiver","subcodes":["Shelf","Fallen"],"message":"the shelf fell","detail":[]}"#),
];
