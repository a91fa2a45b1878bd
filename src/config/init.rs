//! A first `castile.yaml` for a WSDL: all that can be said of it, and suggestions for a person to review.
//!
//! Verbs and paths are guessed from names and therefore commented out: as it is written, the file serves what `--wsdl` alone would.

use std::fmt::Write;

use crate::config::names;
use crate::config::rest::Rest;
use crate::schema::form::TypeId;
use crate::transcode::Codec;
use crate::transcode::shape::ContentShape;
use crate::transcode::shape::PropertyKind;
use crate::wsdl::contract::Body;
use crate::wsdl::contract::Contract;
use crate::wsdl::contract::Message;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Port;
use crate::wsdl::contract::Service;
use crate::wsdl::contract::Status;

/// Words that a name begins with, and the verb they suggest.
const READING: [&str; 14] =
    ["Get", "Find", "List", "Search", "Read", "Lookup", "Query", "Fetch", "Retrieve", "Check", "Is", "Has", "Count", "Describe"];
const MAKING: [&str; 10] = ["Create", "Add", "Place", "Submit", "Register", "Insert", "New", "Send", "Post", "Open"];
const CHANGING: [&str; 6] = ["Update", "Set", "Change", "Modify", "Edit", "Replace"];
const REMOVING: [&str; 3] = ["Delete", "Remove", "Drop"];

/// The text of a configuration for a contract; `location` is its file or URL. None if the contract has no SOAP service.
#[must_use]
pub fn draft(location: &str, codec: &Codec) -> Option<String> {
    let contract = &*codec.contract;
    let mut out = String::from(
        "# What castile serves. Check this file with: castile check -c castile.yaml\n\
         # and run it with:                        castile serve -c castile.yaml\n\
         version: 1\n\
         \n\
         listeners:\n  local: { address: \"127.0.0.1:8080\" }   # 0.0.0.0:8080 for callers from elsewhere\n\
         \n\
         # limits: { message: 10MiB }              # docs/config.md lists all of them with their defaults\n\
         \n\
         services:\n",
    );
    let several = served(contract).nth(1).is_some();
    let mut names: Vec<&str> = Vec::new();
    for service in served(contract) {
        if names.contains(&&*service.name) {
            let text = format!("another service, binding or portType is called '{}' too: it is left out", service.name);
            comment(&mut out, 2, Some(&text));
            continue;
        }
        names.push(&service.name);
        one(&mut out, location, codec, service, several);
    }
    (!names.is_empty()).then_some(out)
}

fn served(contract: &Contract) -> impl Iterator<Item = &Service> {
    contract.services.iter().filter(|service| service.ports.iter().any(|port| port.soap.is_some()))
}

fn one(out: &mut String, location: &str, codec: &Codec, service: &Service, several: bool) {
    let source = if location.starts_with("http://") || location.starts_with("https://") { "url" } else { "file" };
    let _ = writeln!(out, "  {}:", scalar(&service.name));
    comment(out, 4, service.documentation.as_deref());
    if !names::is_segment(&service.name) {
        let path: String = service.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let _ = writeln!(out, "    path: /{path}   # the name is no path");
    }
    let _ = write!(out, "    wsdl: {{ {source}: {}", quoted(location));
    if several {
        let _ = write!(out, ", service: {}", scalar(&service.name));
    }
    out.push_str(" }\n");
    let ports: Vec<&Port> = service.ports.iter().filter(|port| port.soap.is_some()).collect();
    if ports.is_empty() {
        return;
    }
    let known = ports.iter().find_map(|port| port.address.as_deref().filter(|url| is_url(url)));
    let url = quoted(known.unwrap_or("http://localhost/"));
    let lost = ports.iter().find(|port| !port.address.as_deref().is_some_and(is_url));
    let _ = match lost.map(|port| (scalar(&port.name), &port.address)) {
        None => writeln!(out, "    # upstream: {{ endpoints: [{{ url: {url} }}] }}   # as the WSDL says"),
        Some((port, None)) => writeln!(
            out,
            "    upstream: {{ endpoints: [{{ url: {url} }}] }}   # the WSDL names no address for port {port}: put the real one here"
        ),
        Some((port, Some(_))) => writeln!(
            out,
            "    upstream: {{ endpoints: [{{ url: {url} }}] }}   # the WSDL's address of port {port} leads nowhere: put the real one here"
        ),
    };
    out.push_str("    # validate: { request: enforce, reply: report }   # SOAP callers too; enforce, report or off\n");
    // The ports of a service have the same operations, or those of several portTypes.
    let mut operations: Vec<&Operation> = Vec::new();
    for operation in ports.iter().flat_map(|port| &port.operations) {
        if operations.iter().all(|known| known.route != operation.route) {
            operations.push(operation);
        }
    }
    let names: Vec<String> = operations.iter().map(|operation| scalar(&operation.route)).collect();
    let _ = writeln!(out, "    # expose: [{}]   # default: all", names.join(", "));
    let empty = operations.iter().all(|operation| operation.verdict.status == Status::Refused);
    out.push_str(if empty { "    operations: {}\n" } else { "    operations:\n" });
    let mut routes: Vec<Rest> = Vec::new();
    for operation in operations {
        entry(out, codec, operation, &mut routes);
    }
}

/// Whether an address of a WSDL is one: some have a name in its place, or variables of somebody's build.
fn is_url(address: &str) -> bool {
    let Ok(uri) = address.trim().parse::<http::Uri>() else { return false };
    let port = uri.authority().and_then(|authority| authority.as_str().strip_prefix(authority.host()));
    let port = port.map(|rest| rest.strip_prefix(':').unwrap_or(rest));
    matches!(uri.scheme_str(), Some("http" | "https"))
        && port.is_some_and(|port| port.is_empty() || port.parse::<u16>().is_ok_and(|port| port > 0))
}

/// An operation with its suggestion.
fn entry(out: &mut String, codec: &Codec, operation: &Operation, routes: &mut Vec<Rest>) {
    let name = scalar(&operation.route);
    comment(out, 6, operation.documentation.as_deref());
    match operation.verdict.status {
        Status::Served => {}
        Status::Degraded | Status::Refused => {
            let word = if operation.verdict.status == Status::Refused { "refused" } else { "degraded" };
            for reason in &operation.verdict.reasons {
                comment(out, 6, Some(&format!("{word}: {}", reason.message)));
            }
        }
    }
    if operation.verdict.status == Status::Refused {
        let _ = writeln!(out, "      # {name}: as SOAP only");
        return;
    }
    let _ = write!(out, "      {name}: {{}}");
    if let Some(suggested) = suggest(codec, operation)
        && let Ok(rest) = Rest::parse(&suggested)
        && !routes.iter().any(|other| other.clashes(&rest))
    {
        routes.push(rest);
        let faults: Vec<String> = operation.faults.iter().map(|fault| format!("{}: 422", scalar(&fault.name))).collect();
        let faults = if faults.is_empty() { String::new() } else { format!(", faults: {{ {} }}", faults.join(", ")) };
        let _ = write!(out, "   # {{ rest: {}{faults} }}", quoted(&suggested));
    }
    out.push('\n');
}

/// A verb and path that the operation's name and its request suggest.
fn suggest(codec: &Codec, operation: &Operation) -> Option<String> {
    let name = operation.name.as_ref();
    let after = |words: &[&str]| words.iter().find_map(|word| noun(name, word));
    let scalars = operation.input.as_ref().and_then(|input| scalars(codec, input));
    let key = |scalars: &Scalars| scalars.all.iter().find(|(name, required)| *required && is_key(name)).map(|(name, _)| name.clone());
    if let (Some(noun), Some(scalars)) = (after(&READING), &scalars)
        && !scalars.more
    {
        let key = key(scalars);
        let path = key.as_ref().map_or_else(|| format!("/{noun}"), |key| format!("/{noun}/{{{key}}}"));
        let query: Vec<String> = scalars
            .all
            .iter()
            .filter(|(name, _)| Some(name) != key.as_ref())
            .map(|(name, _)| format!("{}={{{name}}}", name.trim_start_matches('@')))
            .collect();
        let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
        return Some(format!("GET {path}{query}"));
    }
    if let (Some(noun), Some(scalars)) = (after(&REMOVING), &scalars)
        && !scalars.more
        && let Some(key) = key(scalars)
        && scalars.all.len() == 1
    {
        return Some(format!("DELETE /{noun}/{{{key}}}"));
    }
    if let Some(noun) = after(&CHANGING) {
        return Some(match scalars.as_ref().and_then(key) {
            Some(key) => format!("PUT /{noun}/{{{key}}}"),
            None => format!("PUT /{noun}"),
        });
    }
    after(&MAKING).map(|noun| format!("POST /{noun}"))
}

/// What a name says after its first word: `Order` of `GetOrder`, `order` of `get_order`.
fn noun(name: &str, word: &str) -> Option<String> {
    let (first, rest) = name.split_at_checked(word.len())?;
    let rest = rest.trim_start_matches('_');
    let begins = rest.starts_with(|c: char| c.is_ascii_uppercase()) || name.contains('_');
    (first.eq_ignore_ascii_case(word) && begins && !rest.is_empty()).then(|| rest.to_owned())
}

fn is_key(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["id", "key", "code", "number", "no", "name", "isbn", "uuid"].iter().any(|end| lower.ends_with(end))
}

/// The scalars in the root of a request.
struct Scalars {
    /// Their keys, and whether they are always there.
    all: Vec<(String, bool)>,
    /// There is something else in it, which a URL cannot hold.
    more: bool,
}

fn scalars(codec: &Codec, message: &Message) -> Option<Scalars> {
    let schema = &codec.contract.schema;
    let id = match &message.body {
        Body::Element(id) | Body::Wrapper { element: id, .. } => match schema.element(*id).ty {
            TypeId::Complex(id) => id,
            TypeId::Simple(_) => return None,
        },
        Body::Elements(id) => *id,
        Body::Empty => return Some(Scalars { all: Vec::new(), more: false }),
        Body::Content(_) => return None,
    };
    let shape = codec.shapes.of(id);
    let mut found = Scalars { all: Vec::new(), more: !matches!(shape.content, ContentShape::Elements) };
    let keys = shape.root().properties.iter().map(|property| (property.key.to_string(), matches!(property.kind, PropertyKind::Element(_))));
    let attributes = shape.attributes.iter().map(|attribute| (attribute.key.to_string(), true));
    for (key, simple) in keys.chain(attributes) {
        match codec.place(message, std::slice::from_ref(&key)) {
            Ok(place) if simple && Rest::parse(&format!("GET /{{{key}}}")).is_ok() => found.all.push((key, place.required)),
            Ok(_) | Err(_) => found.more = true,
        }
    }
    Some(found)
}

/// Text as a comment, its first lines.
fn comment(out: &mut String, indent: usize, text: Option<&str>) {
    const LINES: usize = 4;
    for line in text.unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES) {
        let line: String = line.chars().filter(|c| !c.is_control()).take(140).collect();
        let _ = writeln!(out, "{:indent$}# {line}", "");
    }
}

/// A name as a YAML scalar: plain where nothing could be taken for something else.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
        && !matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n");
    if plain { text.to_owned() } else { quoted(text) }
}

/// A YAML string in double quotes: what JSON writes is such a string.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_are_what_stands_after_the_first_word() {
        assert_eq!(noun("GetOrder", "Get").as_deref(), Some("Order"));
        assert_eq!(noun("get_order", "Get").as_deref(), Some("order"));
        assert_eq!(noun("getOrder", "Get").as_deref(), Some("Order"));
        assert_eq!(noun("Gettysburg", "Get"), None);
        assert_eq!(noun("Get", "Get"), None);
    }

    #[test]
    fn an_address_that_is_no_url_is_known() {
        for good in ["http://a/", "https://[::1]:8443/x?y", " http://a "] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "REPLACE_ME",
            "https://{{url}}/x",
            "http://localhost:${port}/",
            "https://host:port/x",
            "http://a:99999/",
            "ftp://a/",
            "",
            "http://me:x@a/",
        ] {
            assert!(!is_url(bad), "{bad}");
        }
    }

    #[test]
    fn names_that_yaml_would_take_for_something_else_are_quoted() {
        assert_eq!(scalar("Orders"), "Orders");
        for text in ["no", "Größe", "1st", "a b", "x: y", "#"] {
            assert!(scalar(text).starts_with('"'), "{text}");
        }
    }
}
