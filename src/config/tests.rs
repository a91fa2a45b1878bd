use super::*;
use crate::diagnostic::Sources;

/// An environment of one variable and one file.
struct Given;

impl Surroundings for Given {
    fn variable(&self, name: &str) -> Option<String> {
        (name == "PASSWORD").then(|| String::from("hunter2"))
    }

    fn secret(&self, path: &str) -> Result<String, String> {
        if path == "secrets/erp" { Ok(String::from("s3cret\n")) } else { Err(format!("{path}: cannot read: no such file")) }
    }
}

fn read(text: &str) -> Result<Config, String> {
    let mut sources = Sources::default();
    let source = sources.add("castile.yaml", text);
    Config::read(source, text, &Given).good().map_err(|faults| faults.iter().map(|fault| sources.render(fault) + "\n").collect())
}

#[test]
fn a_small_file_has_all_the_defaults() {
    let config = read("version: 1\nservices:\n  orders:\n    wsdl: { file: orders.wsdl }\n").expect("good");
    let service = &config.file.services["orders"];
    assert_eq!(names::path("orders", service), "/orders");
    assert_eq!(service.json.big_numbers, file::BigNumbers::Number);
    assert_eq!(config.file.limits.message, units::Size(10 << 20));
}

#[test]
fn secrets_come_from_the_surroundings_and_are_not_shown() {
    let text = r#"
version: 1
upstreams:
  erp:
    endpoints: [{ url: "http://erp.local/ws" }]
    headers: { X-Key: "${file:secrets/erp}" }
    auth: { basic: { user: castile, password: "${env:PASSWORD}" } }
services:
  orders: { wsdl: { file: orders.wsdl }, upstream: { use: erp } }
"#;
    let config = read(text).expect("good");
    let erp = &config.file.upstreams["erp"];
    assert_eq!(erp.auth.as_ref().and_then(|auth| auth.basic.as_ref()).map(|basic| basic.password.reveal()), Some("hunter2"));
    assert_eq!(erp.headers["X-Key"].reveal(), "s3cret");
    let shown = format!("{config:?}");
    assert!(!shown.contains("hunter2") && !shown.contains("s3cret"), "{shown}");
}

#[test]
fn a_wrong_secret_is_not_shown_in_the_fault() {
    let said = read("version: 1\nservices:\n  a: { wsdl: { url: \"${env:PASSWORD}\" } }\n").expect_err("bad");
    assert!(said.contains("found the value that is referred to") && !said.contains("hunter2"), "{said}");
}

#[test]
fn all_faults_of_a_file_are_told_in_order_with_their_places() {
    let text = "version: 2\nlisteners:\n  outside: { adress: \"0.0.0.0:8080\" }\nservices:\n  orders:\n    wsdl: { file: a.wsdl }\n    validate: { request: enforced }\n    upstream: { use: erp }\n    operations:\n      Get: { timeout: 5 }\n";
    let said = read(text).expect_err("bad");
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 5, "{said}");
    for (line, words) in lines.iter().zip([
        "castile.yaml:1:10: found 2, expected 1",
        "castile.yaml:3:14: unknown key 'adress', did you mean 'address'?",
        "castile.yaml:7:26: found 'enforced', expected one of enforce, report, off",
        "castile.yaml:8:22: unknown upstream 'erp'",
        "castile.yaml:10:23: found 5, expected something like \"5s\"",
    ]) {
        assert!(line.contains(words), "{line}\nexpected {words}\n{said}");
    }
}

#[test]
fn what_comes_later_is_refused_as_such() {
    let said = read("version: 1\nservices:\n  a:\n    wsdl: { file: a.wsdl }\n    request: [{ transform: { sheet: x.xsl } }]\n    upstream: { endpoints: [{ url: \"http://a\", weight: 2 }], breaker: {} }\n")
        .expect_err("bad");
    for key in ["transform", "weight", "breaker"] {
        assert!(said.contains(&format!("'{key}' is not supported yet")), "{said}");
    }
}

#[test]
fn broken_yaml_is_told_with_its_place() {
    let said = read("version: 1\nservices: { a: [ }\n").expect_err("bad");
    assert!(said.starts_with("castile.yaml:2:"), "{said}");
}

#[test]
fn places_count_characters_of_any_size() {
    let said = read("version: 1\nservices:\n  'größe': { wsdl: { file: a.wsdl }, paht: /x }\n").expect_err("bad");
    assert!(said.starts_with("castile.yaml:3:38: unknown key 'paht', did you mean 'path'?"), "{said}");
}

#[test]
fn nested_aliases_do_not_grow_without_bound() {
    let mut text = String::from("version: 1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let again = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{again}]\n"));
    }
    let said = read(&text).expect_err("bad");
    assert!(said.contains("too large"), "{said}");
}
